//! Code analysis: Semgrep-compatible rules and dataflow over one generic tree.
//!
//! Source is parsed by tree-sitter and lowered to the [`tree`] that all languages share ([`language`]).

pub mod analyze;
mod builtin;
pub mod dataflow;
mod detector;
mod extract;
pub mod facts;
pub mod fix;
mod flows;
pub mod generic;
mod join;
pub mod language;
pub mod lint;
pub mod matching;
mod nosem;
pub mod pattern;
pub mod rule;
pub mod ruleset;
pub mod search;
pub mod testing;
pub mod tree;
pub mod why;
mod written;

pub use builtin::builtin;
pub use detector::{CodeDetector, CodeOptions, info};
