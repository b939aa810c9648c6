//! Runs rules on the targets beside them and holds what they find against the annotations there.
//!
//! For a rule file `NAME.yaml` the targets are all files `NAME.*` beside it, and all files of a folder `NAME`. A target
//! `NAME.fixed.EXT` (or `NAME.EXT.fixed`) is what a fix makes of `NAME.EXT`.

mod annotation;
pub(crate) mod files;
mod run;

pub use annotation::{Annotation, Expect, annotations};
pub use run::{Failure, RuleOutcome, Settled, TestError, TestReport, run, run_all, run_programs};
