//! Flows of data as findings of taint rules.

use crate::analyze::{FileResult, RuleMatch};
use crate::nosem::Suppressions;
use crate::ruleset::RuleSet;
use bartizan_model::{Conclusion, Confidence, Note, Noted};

/// What a file tells other files of its flows.
pub(crate) type Summary = ();

impl RuleSet {
    /// Flows over several files, by number of the file in which they arrive.
    pub(crate) fn conclude(&self, summaries: &[(usize, Summary)]) -> Vec<(usize, RuleMatch)> {
        let _ = summaries;
        Vec::new()
    }

    /// What is kept of a file until all were seen.
    pub(crate) fn note(
        &self,
        result: FileResult,
        source: &[u8],
        suppressions: &Suppressions,
    ) -> Option<Note> {
        let _ = (result, source, suppressions);
        None
    }

    /// Flows over several files, as the engine wants them.
    pub(crate) fn conclude_notes(&self, noted: &[Noted<'_>], confidences: &[Confidence]) -> Conclusion {
        let _ = (noted, confidences);
        Conclusion::default()
    }
}
