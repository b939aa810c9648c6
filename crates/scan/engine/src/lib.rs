//! Runs detectors over the blobs of targets: all cores, one read per file, consolidation, baseline, suppressions, cache.
//!
//! [`scan`] is the door. It opens each [`Target`], lets the source hand every blob once to all detectors, and makes one
//! [`Report`](bartizan_model::Report) of what they say: the same secret in forty files is one finding with forty places, what somebody
//! explained is marked so, and whatever was not done is listed. The report is the same, byte for byte, for any number of
//! threads and with a warm or a cold cache.
//!
//! Limits: at most [`MAX_PLACES`] places in one report; the rest is counted and makes the report incomplete.

mod atomic;
mod baseline;
mod budget;
mod cache;
mod collect;
mod conclude;
mod consolidate;
mod date;
mod gate;
mod gather;
mod inline;
mod input;
mod ledger;
mod notes;
mod overlap;
mod position;
mod progress;
mod redactor;
mod remembered;
mod rules;
mod run;
mod suppress;
mod verify;

pub use baseline::{Baseline, BaselineError};
pub use gate::exit_code;
pub use gather::MAX_PLACES;
pub use input::Input;
pub use progress::{NoProgress, Progress};
pub use run::{scan, scan_inputs};
pub use suppress::{Suppression, SuppressionError};

use bartizan_model::{Confidence, Verifier};
use bartizan_source::{Cancel, Options, SourceError, Target};
use std::path::PathBuf;
use std::time::Duration;

/// What to scan and how.
pub struct Request<'a> {
    /// What to scan.
    pub targets: Vec<Target>,
    /// Limits and exclusions. `threads` and `max_memory` hold for the whole scan.
    pub source: Options,
    /// Wall-clock budget.
    pub max_time: Option<Duration>,
    /// Detections below are dropped (their secrets are still redacted in every snippet).
    pub min_confidence: Confidence,
    /// Known findings.
    pub baseline: Option<Baseline>,
    /// What may stand, from `bartizan.toml`.
    pub suppressions: Vec<Suppression>,
    /// Today as `YYYY-MM-DD`, against which expiry is judged.
    pub today: String,
    /// Folder for the result cache; `None`: no cache.
    pub cache: Option<PathBuf>,
    /// Whether reports carry secrets in clear.
    pub show_secrets: bool,
    /// Asks providers; `None`: nobody is asked.
    pub verifier: Option<&'a dyn Verifier>,
    /// Stops the scan.
    pub cancel: Cancel,
}

impl Request<'_> {
    /// A scan of `targets` with every default: no budget, no baseline, no cache, secrets redacted, nobody asked.
    pub fn new(targets: Vec<Target>, today: impl Into<String>) -> Self {
        Self {
            targets,
            source: Options::default(),
            max_time: None,
            min_confidence: Confidence::new(0.0),
            baseline: None,
            suppressions: Vec::new(),
            today: today.into(),
            cache: None,
            show_secrets: false,
            verifier: None,
            cancel: Cancel::default(),
        }
    }
}

/// Why there is no report at all. What fails inside a target is in the report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// A target cannot be used.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// An entry of the configuration makes no sense.
    #[error(transparent)]
    Suppression(#[from] SuppressionError),
    /// [`Request::today`] is no date.
    #[error("`{0}` is no date: expected YYYY-MM-DD")]
    Today(String),
}
