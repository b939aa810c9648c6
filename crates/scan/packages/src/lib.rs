//! Dependencies: which packages a project takes in, by which way, which of them have known holes, and the smallest step
//! out.
//!
//! A manifest, lock file, SBOM or installed package is read by one [`mod@format`] into [`Package`]s; [`version`] orders
//! versions by each ecosystem's own rules; [`database`] answers which advisories speak of a package.

pub mod advisory;
pub mod database;
mod detector;
pub mod ecosystem;
mod findings;
pub mod format;
mod inventory;
pub mod licence;
pub mod matching;
pub mod merge;
pub mod package;
mod project;
pub mod purl;
pub mod reach;
pub mod resolve;
pub mod sbom;
pub mod typosquat;
pub mod upgrade;
pub mod version;
pub mod vex;

pub use detector::{Options, PackagesDetector};
pub use ecosystem::Ecosystem;
pub use package::{Manifest, Package, ParseError, Relation, Scope, SourceKind};
