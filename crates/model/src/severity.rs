//! How bad and how sure.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How bad it is when the finding is true. Ordered: `Info < Low < Medium < High < Critical`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing, nothing to fix.
    Info,
    /// Little harm, or only with much else going wrong.
    Low,
    /// Harm under conditions that do occur.
    Medium,
    /// Direct harm to one system or account.
    High,
    /// Control over a system, money or all data.
    Critical,
}

impl Severity {
    /// All severities, worst first: the order in which people read a report.
    pub const WORST_FIRST: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Info];

    /// The word used in every output and option.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// SARIF 2.1.0 `level` (section 3.27.10).
    pub fn sarif_level(self) -> &'static str {
        match self {
            Self::Critical | Self::High => "error",
            Self::Medium => "warning",
            Self::Low | Self::Info => "note",
        }
    }

    /// A number for code hosts' `security-severity` rule property, which they read on CVSS's scale of 0 to 10.
    pub fn sarif_security_severity(self) -> &'static str {
        match self {
            Self::Critical => "9.5",
            Self::High => "8.0",
            Self::Medium => "5.5",
            Self::Low => "2.5",
            Self::Info => "0.0",
        }
    }

    /// The qualitative rating of a CVSS base score (CVSS v3.1 and v4.0 specification, "Qualitative Severity Rating
    /// Scale": 9.0–10.0 critical, 7.0–8.9 high, 4.0–6.9 medium, 0.1–3.9 low, 0.0 none, which is `Info` here).
    pub fn from_cvss(score: f32) -> Self {
        match score {
            s if s >= 9.0 => Self::Critical,
            s if s >= 7.0 => Self::High,
            s if s >= 4.0 => Self::Medium,
            s if s > 0.0 => Self::Low,
            _ => Self::Info,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Severity {
    type Err = String;
    fn from_str(word: &str) -> Result<Self, String> {
        Self::WORST_FIRST
            .into_iter()
            .find(|s| s.as_str().eq_ignore_ascii_case(word))
            .ok_or_else(|| format!("unknown severity `{word}`: expected critical, high, medium, low or info"))
    }
}

/// Probability, 0 to 1, that the finding is true. Calibrated: of findings with confidence 0.8, about four in five are.
/// Stored in thousandths, so that it is totally ordered, hashable and prints the same everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Confidence(u16);

impl Confidence {
    /// Certain, as after a checksum held.
    pub const CERTAIN: Self = Self(1000);

    /// Clamps to 0..=1; a NaN is 0.
    pub fn new(probability: f64) -> Self {
        Self((probability.clamp(0.0, 1.0) * 1000.0).round() as u16)
    }

    /// The probability, 0 to 1.
    pub fn get(self) -> f64 {
        f64::from(self.0) / 1000.0
    }
}

impl Serialize for Confidence {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_f64(self.get())
    }
}

impl<'de> Deserialize<'de> for Confidence {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Ok(Self::new(f64::deserialize(d)?))
    }
}
