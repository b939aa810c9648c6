//! Runs detectors over the blobs of targets: all cores, one read per file, consolidation, baseline, suppressions, cache.

use bartizan_model::{Confidence, Detector, Report, Verifier};
use bartizan_source::{Cancel, Options, Target};
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
