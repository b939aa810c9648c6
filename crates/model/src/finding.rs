//! A weakness at rest.

use crate::{CommitInfo, Confidence, Fingerprint, Origin, Severity};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// A weakness, with every place where it stands.
///
/// Plain data: a secret's value is not in it. Serialises to the JSON report format.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule that found it.
    pub rule: String,
    /// Names it in one line.
    pub title: String,
    /// What was found and why it is believed, for this finding. No secret in it.
    pub message: String,
    /// How bad when true.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// Weakness classes.
    pub cwe: Vec<Cwe>,
    /// What to do.
    pub remediation: String,
    /// Where to read more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub docs: Option<String>,
    /// Names the finding wherever it stands: for a secret rule and value, else the first place's fingerprint.
    pub fingerprint: Fingerprint,
    /// New, known by baseline, or suppressed.
    pub status: Status,
    /// For a secret: what the provider says of it, where it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification: Option<Verification>,
    /// What supports it.
    pub evidence: Evidence,
    /// A change that removes it, where one is certain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// Where it stands; at least one, sorted.
    pub places: Vec<Place>,
}

/// What supports a finding. Secrets are redacted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The secret in redacted form, where the finding is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// Further facts by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, String>,
}

/// One place where a finding stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// File, archive member or history object.
    #[serde(flatten)]
    pub origin: Origin,
    /// Where in it.
    pub region: Region,
    /// The line around it, redacted.
    pub snippet: Snippet,
    /// Names this place; survives moved lines and reformatting.
    pub fingerprint: Fingerprint,
    /// New, known by baseline, or suppressed.
    pub status: Status,
    /// For a flow of data: from where it comes to where it arrives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flow: Vec<FlowStep>,
    /// First commit that carried it, for history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_commit: Option<CommitInfo>,
    /// Last commit that carried it, for history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_commit: Option<CommitInfo>,
    /// For history: whether the checked-out commit still has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_head: Option<bool>,
}

/// One place that data passes on its way to a finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FlowStep {
    /// File, archive member or history object.
    #[serde(flatten)]
    pub origin: Origin,
    /// Where in it.
    pub region: Region,
    /// The line around it, redacted.
    pub snippet: Snippet,
    /// What happens there: `the request's parameter is read`.
    pub message: String,
}

/// A range in a blob. Lines and columns count from 1; columns count characters; ends are exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Region {
    /// First byte, from 0.
    pub start_byte: u64,
    /// Byte after the last.
    pub end_byte: u64,
    /// Line of the first byte.
    pub start_line: u32,
    /// Column of the first character.
    pub start_column: u32,
    /// Line of the last byte.
    pub end_line: u32,
    /// Column after the last character.
    pub end_column: u32,
}

/// Text to show: the finding's first line, cut to a readable length, secrets replaced by stars.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    /// The text, one line, without its end.
    pub text: String,
    /// Where the caret goes: characters `start..end` of `text`.
    pub highlight: (u32, u32),
}

/// A change that removes the finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    /// What it does.
    pub description: String,
    /// Replacements, applied back to front.
    pub edits: Vec<Edit>,
}

/// One replacement of a fix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edit {
    /// File, relative to the target's root.
    pub path: String,
    /// What is replaced.
    pub region: Region,
    /// By what.
    pub text: String,
}

/// Whether a finding or place counts towards the exit code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Status {
    /// It counts.
    New,
    /// The baseline has it.
    Baseline,
    /// Somebody said why it may stand.
    Suppressed {
        /// `inline` or the configuration entry.
        by: String,
        /// In their words.
        reason: String,
    },
}

/// What the provider said when asked whether the secret works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// The answer.
    pub state: VerificationState,
    /// One line on why: `GET https://api.example.com/user answered 401`. Never the secret.
    pub detail: String,
}

/// The answer of a verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VerificationState {
    /// It opens what it is made for.
    Live,
    /// The provider refused it.
    Revoked,
    /// No answer that tells.
    Unknown,
}

/// A weakness class of the Common Weakness Enumeration, such as CWE-798.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Cwe(pub u32);

impl Cwe {
    /// Use of hard-coded credentials.
    pub const HARD_CODED_CREDENTIALS: Self = Self(798);

    /// The class's page.
    pub fn url(self) -> String {
        format!("https://cwe.mitre.org/data/definitions/{}.html", self.0)
    }
}

impl fmt::Display for Cwe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CWE-{}", self.0)
    }
}
