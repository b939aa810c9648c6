//! What a detection rule is.

use super::{Aggregation, Condition, Detection};
use bartizan_yaml::Span;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How bad it is if the rule is right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth knowing.
    Informational,
    /// Notable, rarely an incident.
    Low,
    /// To be looked at. Rules without a level have this one.
    #[default]
    Medium,
    /// To be looked at soon.
    High,
    /// To be looked at now.
    Critical,
}

impl Level {
    /// As rules write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Informational => "informational",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The level of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Informational, Self::Low, Self::Medium, Self::High, Self::Critical]
            .into_iter()
            .find(|level| level.name().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// How far a rule is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Proven in use.
    Stable,
    /// Nearly so.
    Test,
    /// May be wrong often.
    Experimental,
    /// Replaced.
    Deprecated,
    /// Cannot be used as it is.
    Unsupported,
}

impl Status {
    /// The status of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "stable" => Self::Stable,
            "test" => Self::Test,
            "experimental" => Self::Experimental,
            "deprecated" => Self::Deprecated,
            "unsupported" => Self::Unsupported,
            _ => return None,
        })
    }
}

/// Which logs a rule is about. What is not given is not asked for. Lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LogSource {
    /// A kind of event over products, such as `process_creation`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Such as `windows`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Such as `sysmon`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
}

impl LogSource {
    /// Whether an event of the source `seen` is one that this asks for.
    pub fn covers(&self, seen: &Self) -> bool {
        let holds = |asked: &Option<String>, seen: &Option<String>| asked.is_none() || asked == seen;
        holds(&self.category, &seen.category)
            && holds(&self.product, &seen.product)
            && holds(&self.service, &seen.service)
    }
}

/// A rule about single events.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Unique identifier, commonly a UUID.
    pub id: Option<String>,
    /// A name by which correlations refer to it.
    pub name: Option<String>,
    /// What it sees, in a few words.
    pub title: String,
    /// What it sees and why that matters.
    pub description: Option<String>,
    /// How far it is proven.
    pub status: Option<Status>,
    /// How bad it is.
    pub level: Level,
    /// Whom to thank.
    pub author: Option<String>,
    /// ATT&CK techniques and others.
    pub tags: Vec<String>,
    /// Where to read on.
    pub references: Vec<String>,
    /// When it is wrong.
    pub false_positives: Vec<String>,
    /// Fields that an analyst wants to see.
    pub fields: Vec<String>,
    /// Which logs it is about.
    pub logsource: LogSource,
    /// Parts of the detection by name, in the order of the file.
    pub detections: Vec<(String, Detection)>,
    /// How the parts make a match; several are alternatives.
    pub conditions: Vec<Condition>,
    /// What older rules ask of several matches together.
    pub aggregation: Option<Aggregation>,
    /// Time that [`Rule::aggregation`] looks at, in milliseconds.
    pub timeframe: Option<i64>,
    /// The file as it was named to the loader.
    pub file: String,
    /// Where it begins in the file.
    pub span: Span,
}

impl Rule {
    /// How outputs call it: its id, or its name, or its title.
    pub fn key(&self) -> &str {
        self.id.as_deref().or(self.name.as_deref()).unwrap_or(&self.title)
    }
}

/// Something wrong in a rule file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {}{reason}", .rule.as_ref().map(|rule| format!("rule \"{rule}\": ")).unwrap_or_default())]
pub struct RuleError {
    /// The file as it was named to the loader.
    pub file: String,
    /// The rule's title or id, where one is concerned.
    pub rule: Option<String>,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong.
    pub reason: String,
}
