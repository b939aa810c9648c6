//! EPSS: how probable it is that a CVE is exploited within 30 days.
//!
//! Source: <https://www.first.org/epss/data_stats>: a CSV `cve,epss,percentile`, before it a comment line such as
//! `#model_version:v2025.03.14,score_date:2025-08-25T12:55:00Z`.

use super::container::{self, Container, Kind, read_u32};
use super::cve;
use super::error::Error;
use super::kev::search;
use super::limits::Limits;
use super::report::{Problem, Report, TableWritten};
use super::timestamp::Timestamp;
use std::collections::BTreeMap;
use std::path::Path;

/// The index's file name.
pub(crate) const FILE: &str = "epss.index";
const META: usize = 0;
const ROWS: usize = 1;
/// Key (u64), probability and percentile (f32 each).
const ROW: usize = 16;
/// Far above the number of CVEs that there are.
const MOST_ROWS: usize = 5_000_000;

/// A CVE's score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Epss {
    /// Probability of exploitation within 30 days, 0 to 1.
    pub probability: f32,
    /// Share of all CVEs with the same or a lower probability, 0 to 1.
    pub percentile: f32,
}

/// Compiles the table.
pub(crate) fn compile(
    name: &str,
    csv: &[u8],
    folder: &Path,
    limits: &Limits,
    now: Timestamp,
) -> Result<Report, Error> {
    let mut report = Report::default();
    let mut edition = String::new();
    let mut rows: BTreeMap<u64, Epss> = BTreeMap::new();
    for (index, line) in csv.split(|byte| *byte == b'\n').enumerate() {
        let line = line.trim_ascii();
        let Ok(line) = std::str::from_utf8(line) else {
            report.problem(limits, problem(name, index, "is not UTF-8"));
            continue;
        };
        if let Some(comment) = line.strip_prefix('#') {
            edition = comment.trim().chars().take(200).collect();
            continue;
        }
        if line.is_empty() || line.starts_with("cve,") {
            continue;
        }
        match row(line) {
            Some(_) if rows.len() >= MOST_ROWS => {
                let reason =
                    format!("and all behind it are left out: the table has more than {MOST_ROWS} rows");
                report.problem(limits, problem(name, index, &reason));
                break;
            }
            Some((key, epss)) => {
                rows.insert(key, epss);
            }
            None => report.problem(limits, problem(name, index, "is not `CVE-…,probability,percentile`")),
        }
    }
    if rows.is_empty() {
        return Err(Error::Empty { name: name.to_owned() });
    }
    let mut bytes = Vec::with_capacity(rows.len() * ROW);
    for (key, epss) in &rows {
        bytes.extend_from_slice(&key.to_le_bytes());
        bytes.extend_from_slice(&epss.probability.to_le_bytes());
        bytes.extend_from_slice(&epss.percentile.to_le_bytes());
    }
    container::prepare(folder)?;
    container::write(&folder.join(FILE), Kind::Epss, now, &[edition.as_bytes(), &bytes])?;
    report.epss = Some(TableWritten { rows: rows.len() as u64, edition });
    Ok(report)
}

fn problem(name: &str, index: usize, reason: &str) -> Problem {
    Problem { at: format!("{name}: line {}", index + 1), reason: reason.to_owned() }
}

fn row(line: &str) -> Option<(u64, Epss)> {
    let mut cells = line.split(',').map(|cell| cell.trim().trim_matches('"'));
    let key = cve::key(cells.next()?)?;
    let mut share = || cells.next()?.parse().ok().filter(|value| (0.0..=1.0).contains(value));
    Some((key, Epss { probability: share()?, percentile: share()? }))
}

/// The compiled table.
#[derive(Debug)]
pub(crate) struct Table(Container);

impl Table {
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        Container::open(path, Kind::Epss).map(Self)
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

    pub(crate) fn find(&self, id: &str) -> Option<Epss> {
        let row = search(self.0.section(ROWS), ROW, cve::key(id)?)?;
        let share = |at| Some(f32::from_bits(read_u32(row, at)?));
        Some(Epss { probability: share(8)?, percentile: share(12)? })
    }
}
