//! OSV records as they are written: <https://ossf.github.io/osv-schema/>, version 1.7, and the additions of the databases
//! that publish in it.
//!
//! Only what is used is read. Lists are bounded while they are read, so that a hostile record costs no more than its bytes.

use super::bounded::Bounded;
use super::limits::record as limit;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::collections::BTreeMap;

/// One record.
#[derive(Debug, Deserialize)]
pub(crate) struct Record {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) modified: Option<String>,
    #[serde(default)]
    pub(crate) published: Option<String>,
    #[serde(default)]
    pub(crate) withdrawn: Option<String>,
    #[serde(default)]
    pub(crate) aliases: Bounded<String, { limit::ALIASES }>,
    #[serde(default)]
    pub(crate) upstream: Bounded<String, { limit::ALIASES }>,
    #[serde(default)]
    pub(crate) related: Bounded<String, { limit::ALIASES }>,
    #[serde(default)]
    pub(crate) summary: Option<String>,
    #[serde(default)]
    pub(crate) details: Option<String>,
    #[serde(default)]
    pub(crate) severity: Bounded<Severity, { limit::SEVERITIES }>,
    #[serde(default)]
    pub(crate) affected: Bounded<Affected, { limit::AFFECTED }>,
    #[serde(default)]
    pub(crate) references: Bounded<Reference, { limit::REFERENCES }>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) database_specific: DatabaseSpecific,
}

/// A score by some scheme.
#[derive(Debug, Deserialize)]
pub(crate) struct Severity {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) score: String,
}

/// An address about the record.
#[derive(Debug, Deserialize)]
pub(crate) struct Reference {
    #[serde(rename = "type", default)]
    pub(crate) kind: String,
    pub(crate) url: String,
}

/// A package and which of its versions.
#[derive(Debug, Deserialize)]
pub(crate) struct Affected {
    #[serde(default)]
    pub(crate) package: Option<Package>,
    #[serde(default)]
    pub(crate) severity: Bounded<Severity, { limit::SEVERITIES }>,
    #[serde(default)]
    pub(crate) ranges: Bounded<Range, { limit::RANGES }>,
    #[serde(default)]
    pub(crate) versions: Bounded<String, { limit::VERSIONS }>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) ecosystem_specific: EcosystemSpecific,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) database_specific: DatabaseSpecific,
}

/// What is affected.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) ecosystem: String,
    pub(crate) name: String,
}

/// Versions from here to there.
#[derive(Debug, Deserialize)]
pub(crate) struct Range {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) repo: Option<String>,
    #[serde(default)]
    pub(crate) events: Bounded<Event, { limit::EVENTS }>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) database_specific: DatabaseSpecific,
}

/// A point in a range. The schema asks for exactly one of the four; older records have two.
#[derive(Debug, Deserialize)]
pub(crate) struct Event {
    #[serde(default)]
    pub(crate) introduced: Option<String>,
    #[serde(default)]
    pub(crate) fixed: Option<String>,
    #[serde(default)]
    pub(crate) last_affected: Option<String>,
    #[serde(default)]
    pub(crate) limit: Option<String>,
}

/// What databases add in their own words, as far as it is understood here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DatabaseSpecific {
    /// GitHub: `CRITICAL`, `HIGH`, `MODERATE`, `LOW`.
    pub(crate) severity: Value,
    /// GitHub: `CWE-79`.
    pub(crate) cwe_ids: Value,
    /// GitHub.
    pub(crate) github_reviewed: Value,
    /// Go: `REVIEWED`, `UNREVIEWED`.
    pub(crate) review_status: Value,
    /// RUSTSEC: `unmaintained`, `unsound`, `notice`.
    pub(crate) informational: Value,
    /// RUSTSEC: a vector.
    pub(crate) cvss: Value,
    /// GitHub: `<= 1.2.3`, where the events have no end.
    pub(crate) last_known_affected_version_range: Value,
    /// The malicious-packages database.
    #[serde(rename = "malicious-packages-origins")]
    pub(crate) malicious: Value,
}

/// What is only meant for one ecosystem.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct EcosystemSpecific {
    /// Go: packages and their symbols.
    #[serde(deserialize_with = "lenient")]
    pub(crate) imports: Bounded<Import, { limit::IMPORTS }>,
    /// Go: ranges in versions that the module system does not know.
    #[serde(deserialize_with = "lenient")]
    pub(crate) custom_ranges: Bounded<Range, { limit::RANGES }>,
    /// RUSTSEC.
    #[serde(deserialize_with = "lenient")]
    pub(crate) affects: Affects,
    /// Linux distributions: `low`, `negligible`.
    pub(crate) severity: Value,
    /// Debian: `unimportant`, `not yet assigned`.
    pub(crate) urgency: Value,
}

/// A package of a Go module.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Import {
    pub(crate) path: String,
    pub(crate) symbols: Bounded<String, { limit::SYMBOLS }>,
    pub(crate) goos: Bounded<String, 64>,
    pub(crate) goarch: Bounded<String, 64>,
}

/// What of a crate, and where.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Affects {
    #[serde(deserialize_with = "lenient")]
    pub(crate) arch: Bounded<String, 64>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) os: Bounded<String, 64>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) functions: Functions,
}

/// Paths of functions: a list, or an object from path to version requirements.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Functions {
    List(Bounded<String, { limit::SYMBOLS }>),
    Object(BTreeMap<String, serde::de::IgnoredAny>),
}

impl Default for Functions {
    fn default() -> Self {
        Self::List(Bounded::default())
    }
}

impl Functions {
    pub(crate) fn names(&self) -> Vec<&str> {
        match self {
            Self::List(list) => list.items.iter().map(String::as_str).collect(),
            Self::Object(map) => map.keys().take(limit::SYMBOLS).map(String::as_str).collect(),
        }
    }
}

/// The schema leaves the form of these parts to each database: another form than the known ones says nothing, and is no error.
fn lenient<'de, T: serde::de::DeserializeOwned + Default, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let raw = Box::<serde_json::value::RawValue>::deserialize(deserializer)?;
    Ok(serde_json::from_str(raw.get()).unwrap_or_default())
}
