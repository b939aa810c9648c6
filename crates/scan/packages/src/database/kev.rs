//! CISA's catalogue of vulnerabilities that are known to be exploited.
//!
//! Source: <https://www.cisa.gov/known-exploited-vulnerabilities-catalog> and its JSON schema
//! (`known_exploited_vulnerabilities_schema.json`).

use super::container::{self, Container, Kind, read_u32, read_u64};
use super::cve;
use super::error::Error;
use super::limits::Limits;
use super::report::{Problem, Report, TableWritten};
use super::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// The index's file name.
pub(crate) const FILE: &str = "kev.index";
const META: usize = 0;
const ROWS: usize = 1;
const ENTRIES: usize = 2;
/// Key (u64), offset and length (u32 each).
const ROW: usize = 16;

/// What the catalogue says of a CVE.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownExploited<'a> {
    /// When it was added: `2021-12-10`.
    pub added: &'a str,
    /// Until when agencies have to act: `2021-12-24`. May be empty.
    pub due: &'a str,
    /// Whether extortionists are known to use it.
    pub ransomware: bool,
    /// What CISA calls it.
    pub name: &'a str,
    /// What CISA asks for.
    pub action: &'a str,
}

#[derive(Deserialize)]
struct Catalogue {
    #[serde(rename = "catalogVersion", default)]
    version: String,
    vulnerabilities: super::bounded::Bounded<serde_json::Value, 500_000>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(rename = "cveID")]
    cve: String,
    date_added: String,
    #[serde(default)]
    due_date: String,
    #[serde(default)]
    known_ransomware_campaign_use: String,
    #[serde(default)]
    vulnerability_name: String,
    #[serde(default)]
    required_action: String,
}

/// Compiles the catalogue.
pub(crate) fn compile(
    name: &str,
    json: &[u8],
    folder: &Path,
    limits: &Limits,
    now: Timestamp,
) -> Result<Report, Error> {
    let catalogue: Catalogue = serde_json::from_slice(json)
        .map_err(|error| Error::input(name, format!("is no KEV catalogue: {error}")))?;
    let mut report = Report::default();
    let mut entries: BTreeMap<u64, Entry> = BTreeMap::new();
    if catalogue.vulnerabilities.dropped > 0 {
        let reason = format!("has too many entries: {} were left out", catalogue.vulnerabilities.dropped);
        report.problem(limits, Problem { at: name.to_owned(), reason });
    }
    for (index, value) in catalogue.vulnerabilities.items.into_iter().enumerate() {
        let mut refuse = |reason: String| {
            report.problem(limits, Problem { at: format!("{name}: entry {}", index + 1), reason })
        };
        match serde_json::from_value::<Entry>(value) {
            Ok(entry) => match cve::key(entry.cve.trim()) {
                Some(key) if Timestamp::parse(&entry.date_added).is_some() => {
                    entries.insert(key, entry);
                }
                Some(_) => refuse("has no date of adding".to_owned()),
                None => refuse("has no CVE number".to_owned()),
            },
            Err(error) => refuse(format!("is no entry of the catalogue: {error}")),
        }
    }
    if entries.is_empty() {
        return Err(Error::Empty { name: name.to_owned() });
    }
    let (mut rows, mut bytes) = (Vec::new(), Vec::new());
    for (key, entry) in &entries {
        let clip = |text: &'_ str| -> String { text.chars().take(1_000).collect() };
        let (name, action) = (clip(&entry.vulnerability_name), clip(&entry.required_action));
        let stored = KnownExploited {
            added: entry.date_added.get(..10).unwrap_or_default(),
            due: entry.due_date.get(..10).unwrap_or_default(),
            ransomware: entry.known_ransomware_campaign_use.eq_ignore_ascii_case("known"),
            name: &name,
            action: &action,
        };
        let encoded = postcard::to_stdvec(&stored).map_err(|error| Error::input(&name, error.to_string()))?;
        rows.extend_from_slice(&key.to_le_bytes());
        rows.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
        rows.extend_from_slice(&(encoded.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&encoded);
    }
    let edition: String = catalogue.version.chars().take(100).collect();
    container::prepare(folder)?;
    container::write(&folder.join(FILE), Kind::Kev, now, &[edition.as_bytes(), &rows, &bytes])?;
    report.kev = Some(TableWritten { rows: entries.len() as u64, edition });
    Ok(report)
}

/// The compiled catalogue.
#[derive(Debug)]
pub(crate) struct Kev(Container);

impl Kev {
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        Container::open(path, Kind::Kev).map(Self)
    }

    pub(crate) fn container(&self) -> &Container {
        &self.0
    }

    pub(crate) fn edition(&self) -> String {
        String::from_utf8_lossy(self.0.section(META)).into_owned()
    }

    pub(crate) fn rows(&self) -> u64 {
        (self.0.section(ROWS).len() / ROW) as u64
    }

    pub(crate) fn find(&self, id: &str) -> Result<Option<KnownExploited<'_>>, Error> {
        let rows = self.0.section(ROWS);
        let Some(row) = cve::key(id).and_then(|key| search(rows, ROW, key)) else { return Ok(None) };
        let lost = || self.0.inconsistent("an entry cannot be decoded");
        let (offset, length) = read_u32(row, 8).zip(read_u32(row, 12)).ok_or_else(lost)?;
        let (start, length) = (offset as usize, length as usize);
        let entries = self.0.section(ENTRIES);
        let entry = start.checked_add(length).and_then(|end| entries.get(start..end)).ok_or_else(lost)?;
        postcard::from_bytes(entry).map(Some).map_err(|_| lost())
    }
}

/// Finds the row that starts with a key, in rows that are sorted by it.
pub(crate) fn search(rows: &[u8], size: usize, key: u64) -> Option<&[u8]> {
    let (mut low, mut high) = (0, rows.len() / size);
    while low < high {
        let middle = low.midpoint(high);
        let row = rows.get(middle * size..(middle + 1) * size)?;
        match read_u64(row, 0)?.cmp(&key) {
            std::cmp::Ordering::Equal => return Some(row),
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}
