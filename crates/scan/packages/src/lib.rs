//! Dependencies: which packages a project takes in, by which way, which of them have known holes, and the smallest step
//! out.
//!
//! A manifest, lock file, SBOM or installed package is read by one [`format`] into [`Package`]s; [`version`] orders
//! versions by each ecosystem's own rules; [`database`] answers which advisories speak of a package.

pub mod database;
pub mod ecosystem;
pub mod format;
pub mod package;
pub mod reach;
pub mod sbom;
pub mod typosquat;
pub mod version;
pub mod vex;

pub use ecosystem::Ecosystem;
pub use package::{Manifest, Package, ParseError, Relation, Scope, SourceKind};
