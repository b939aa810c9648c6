//! CVSS base scores, as far as a finding carries one.

use crate::Severity;
use serde::{Deserialize, Serialize};

/// A score that an advisory or a rule gives, with the vector that it was computed from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cvss {
    /// 0.0 to 10.0.
    pub score: f32,
    /// `CVSS:3.1/AV:N/…`, `CVSS:4.0/…` or a v2 vector.
    pub vector: String,
}

impl Cvss {
    /// The rating of the score.
    pub fn severity(&self) -> Severity {
        Severity::from_cvss(self.score)
    }
}
