//! Correlations: what several matches mean together (specification, "Sigma Correlation Rules").

use super::value::Order;
use super::{Condition, Level, Status};
use bartizan_yaml::Span;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a correlation computes over the matches of its rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CorrelationKind {
    /// How many matches.
    EventCount,
    /// How many different values of a field.
    ValueCount,
    /// Matches of several rules, in any order.
    Temporal,
    /// Matches of several rules in the order in which they are named.
    TemporalOrdered,
    /// The sum of a field.
    ValueSum,
    /// Its mean.
    ValueAvg,
    /// A percentile of it.
    ValuePercentile,
    /// Its median.
    ValueMedian,
}

impl CorrelationKind {
    /// The kind by its name in rules.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "event_count" => Self::EventCount,
            "value_count" => Self::ValueCount,
            "temporal" => Self::Temporal,
            "temporal_ordered" => Self::TemporalOrdered,
            "value_sum" => Self::ValueSum,
            "value_avg" => Self::ValueAvg,
            "value_percentile" => Self::ValuePercentile,
            "value_median" => Self::ValueMedian,
            _ => return None,
        })
    }

    /// Whether it computes over the values of a field.
    pub fn needs_field(self) -> bool {
        matches!(
            self,
            Self::ValueCount | Self::ValueSum | Self::ValueAvg | Self::ValuePercentile | Self::ValueMedian
        )
    }

    /// Whether it is about which rules match rather than how much.
    pub fn is_temporal(self) -> bool {
        matches!(self, Self::Temporal | Self::TemporalOrdered)
    }
}

/// When a correlation holds. All comparisons have to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Threshold {
    /// Comparisons with the computed number.
    pub comparisons: Vec<(Order, f64)>,
    /// Fields whose values are computed over; several make one value together.
    pub fields: Vec<String>,
    /// Which percentile, 0 to 100.
    pub percentile: Option<f64>,
    /// Which of the rules have to match, for temporal kinds; all where not given.
    pub rules: Option<Condition>,
}

impl Threshold {
    /// Whether the number is one that counts.
    pub fn holds(&self, number: f64) -> bool {
        self.comparisons.iter().all(|(order, value)| order.holds(number, *value))
    }
}

/// A rule about the matches of other rules.
#[derive(Clone, Debug)]
pub struct Correlation {
    /// Unique identifier, commonly a UUID.
    pub id: Option<String>,
    /// A name by which other correlations refer to it.
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
    /// What it computes.
    pub kind: CorrelationKind,
    /// Ids, names or titles of the rules and correlations whose matches it takes, with the place of each.
    pub rules: Vec<(String, Span)>,
    /// Computed apart for each combination of values of these fields.
    pub group_by: Vec<String>,
    /// How long a time is looked at, in milliseconds.
    pub timespan: i64,
    /// When it holds.
    pub threshold: Threshold,
    /// For a name in `group_by`: the field that it is in each rule.
    pub aliases: BTreeMap<String, BTreeMap<String, String>>,
    /// The rules raise alerts of their own too.
    pub generate: bool,
    /// The file as it was named to the loader.
    pub file: String,
    /// Where it begins in the file.
    pub span: Span,
}

impl Correlation {
    /// How outputs call it: its id, or its name, or its title.
    pub fn key(&self) -> &str {
        self.id.as_deref().or(self.name.as_deref()).unwrap_or(&self.title)
    }
}
