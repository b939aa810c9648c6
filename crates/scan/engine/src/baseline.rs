//! Findings that are known: a file that says which, so that a scan gates on new ones only.

use crate::atomic;
use bartizan_model::{Fingerprint, NotDone, NotDoneKind, Report, Status};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The version that is written; older ones are read.
const VERSION: u32 = 1;
/// A larger file is no baseline.
const MAX_BYTES: u64 = 256 << 20;

/// The known findings, as in the file. Holds names for people and fingerprints; no secret, no text of one.
///
/// ```json
/// {
///   "version": 1,
///   "findings": [
///     {
///       "rule": "secrets/example/token",
///       "fingerprint": "0123456789abcdef0123456789abcdef",
///       "places": [{ "path": "src/a.py", "fingerprint": "00112233445566778899aabbccddeeff" }]
///     }
///   ]
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    version: u32,
    findings: Vec<Known>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    rule: String,
    fingerprint: Fingerprint,
    places: Vec<KnownPlace>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KnownPlace {
    path: String,
    fingerprint: Fingerprint,
    /// It stands in the git history and in no file: only a scan of the history can miss it.
    #[serde(default, skip_serializing_if = "is_false")]
    history: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// Why a baseline could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// The system's word.
    #[error("baseline {}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What failed.
        error: io::Error,
    },
    /// No baseline.
    #[error("baseline {}: {error}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// Where and what.
        error: serde_json::Error,
    },
    /// Written by a newer version.
    #[error("baseline {}: version {version} is newer than this program, which reads up to {VERSION}", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: u64,
    },
    /// Too large to be one.
    #[error("baseline {}: larger than {MAX_BYTES} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
}

impl Baseline {
    /// Everything in `report` that is not suppressed: new findings, and those that were known already.
    pub fn from_report(report: &Report) -> Self {
        let mut findings: Vec<Known> = Vec::new();
        for finding in &report.findings {
            let mut places: BTreeMap<(&Fingerprint, String), bool> = BTreeMap::new();
            for place in finding.places.iter().filter(|p| !matches!(p.status, Status::Suppressed { .. })) {
                let only_history =
                    places.entry((&place.fingerprint, place.origin.display_path())).or_insert(true);
                *only_history &= place.origin.object.is_some();
            }
            let mut places: Vec<KnownPlace> = places
                .into_iter()
                .map(|((fingerprint, path), history)| KnownPlace { path, fingerprint: *fingerprint, history })
                .collect();
            places.sort();
            if !places.is_empty() {
                findings.push(Known { rule: finding.rule.clone(), fingerprint: finding.fingerprint, places });
            }
        }
        findings.sort();
        Self { version: VERSION, findings }
    }

    /// Reads `path`.
    ///
    /// # Errors
    /// When it cannot be read, is no baseline, or a newer one.
    pub fn load(path: &Path) -> Result<Self, BaselineError> {
        let io_error = |error| BaselineError::Io { path: path.to_owned(), error };
        let format = |error| BaselineError::Format { path: path.to_owned(), error };
        let mut text = Vec::new();
        File::open(path).map_err(io_error)?.take(MAX_BYTES + 1).read_to_end(&mut text).map_err(io_error)?;
        if text.len() as u64 > MAX_BYTES {
            return Err(BaselineError::TooLarge { path: path.to_owned() });
        }
        let version = serde_json::from_slice::<Version>(&text).map_err(format)?.version;
        if version > u64::from(VERSION) {
            return Err(BaselineError::Newer { path: path.to_owned(), version });
        }
        serde_json::from_slice(&text).map_err(format)
    }

    /// Writes `path`, whole or not at all; a folder that is missing is not made.
    ///
    /// # Errors
    /// When it cannot be written. A file that was there stays.
    pub fn save(&self, path: &Path) -> Result<(), BaselineError> {
        let io_error = |error| BaselineError::Io { path: path.to_owned(), error };
        let mut text = serde_json::to_vec_pretty(self).map_err(|error| io_error(error.into()))?;
        text.push(b'\n');
        atomic::write(path, &text).map_err(io_error)
    }

    /// How many findings are known.
    pub fn len(&self) -> usize {
        self.findings.len()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }
}

/// The one field that every version has.
#[derive(Deserialize)]
struct Version {
    version: u64,
}

/// A baseline at work.
pub(crate) struct Matcher<'a> {
    baseline: Option<&'a Baseline>,
    known: HashSet<Fingerprint>,
    used: HashSet<Fingerprint>,
}

impl<'a> Matcher<'a> {
    pub(crate) fn new(baseline: Option<&'a Baseline>) -> Self {
        let places = baseline.iter().flat_map(|baseline| &baseline.findings).flat_map(|known| &known.places);
        Self { baseline, known: places.map(|place| place.fingerprint).collect(), used: HashSet::new() }
    }

    /// Whether the place is known. A known secret in a file that it was not in before is news.
    pub(crate) fn knows(&mut self, place: Fingerprint) -> bool {
        let known = self.known.contains(&place);
        if known {
            self.used.insert(place);
        }
        known
    }

    /// Entries that matched nothing, of those that a whole tree (or a whole history) would have shown.
    pub(crate) fn stale(&self, tree: bool, history: bool) -> impl Iterator<Item = NotDone> + '_ {
        self.baseline.into_iter().flat_map(|baseline| &baseline.findings).flat_map(move |known| {
            let looked = move |place: &&KnownPlace| if place.history { history } else { tree };
            let places = known.places.iter().filter(looked);
            places.filter(|place| !self.used.contains(&place.fingerprint)).map(|place| NotDone {
                kind: NotDoneKind::StaleSuppression,
                path: place.path.clone(),
                reason: format!(
                    "baseline entry of `{}` ({}): matches no finding",
                    known.rule, place.fingerprint
                ),
            })
        })
    }
}
