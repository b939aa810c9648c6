//! Filters: what is added to rules that somebody else keeps (specification, "Sigma Filters").

use super::{Condition, Detection, LogSource};
use bartizan_yaml::Span;

/// Which rules a filter changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilterRules {
    /// All of the log source.
    Any,
    /// These ids, names or titles.
    Named(Vec<String>),
}

/// A further condition of rules.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Unique identifier, commonly a UUID.
    pub id: Option<String>,
    /// What it lets pass, in a few words.
    pub title: String,
    /// Only rules of this log source are changed.
    pub logsource: LogSource,
    /// Which rules it changes.
    pub rules: FilterRules,
    /// Its parts by name.
    pub detections: Vec<(String, Detection)>,
    /// What has to hold besides the rule's own condition.
    pub condition: Condition,
    /// The file as it was named to the loader.
    pub file: String,
    /// Where it begins in the file.
    pub span: Span,
}

impl Filter {
    /// Whether it changes a rule with these names and that log source.
    pub fn applies(&self, names: [Option<&str>; 3], logsource: &LogSource) -> bool {
        let named = match &self.rules {
            FilterRules::Any => true,
            FilterRules::Named(list) => list.iter().any(|one| names.contains(&Some(one.as_str()))),
        };
        named && self.logsource.covers(logsource)
    }
}
