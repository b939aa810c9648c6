//! Advisories: compiled from OSV archives into one memory-mapped index per ecosystem.
//!
//! A database is a folder: `crates.io.index`, `npm.index`, … and, by CVE number, `kev.index` and `epss.index`. [`import()`] makes
//! them from what the publishers hand out; [`Database::open`] checks and maps them; a look-up decodes only what it finds. Nothing here
//! uses the network.
//!
//! An import replaces whole ecosystems. Which ones is told by the name of the archive or its folder (`PyPI/all.zip`, as the
//! public OSV bucket has it); else by folders inside the archive; else it is the ecosystem that every record speaks of, and where there is
//! no such, all that occur.

mod bounded;
mod compile;
mod container;
mod cve;
mod epss;
mod error;
#[cfg(test)]
mod hostile;
mod import;
mod index;
mod kev;
mod limits;
mod osv;
mod release;
mod report;
mod score;
mod shape;
mod status;
mod store;
mod timestamp;
mod zip;

pub use epss::Epss;
pub use error::{Damage, Error};
pub use import::{import, import_bytes};
pub(crate) use index::Home;
pub use kev::KnownExploited;
pub use limits::Limits;
pub use report::{Compiled, Problem, Report, TableWritten};
pub use status::{IndexState, IndexStatus, status};
pub use timestamp::Timestamp;

use crate::advisory::Advisory;
use crate::matching::{Subject, Verdict};
use crate::{Ecosystem, SourceKind};
use index::Index;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// An open database. Cheap to share between threads; look-ups lock nothing.
///
/// It keeps answering from the indexes that it opened, whatever is imported meanwhile.
pub struct Database {
    folder: PathBuf,
    indexes: BTreeMap<Ecosystem, Index>,
    kev: Option<kev::Kev>,
    epss: Option<epss::Table>,
}

impl Database {
    /// Opens and checks all indexes of a folder. A folder that does not exist is a database without ecosystems.
    ///
    /// # Errors
    /// When an index cannot be read, was changed, or was written by another release of the program.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        Self::open_some(folder, |_| true)
    }

    /// Opens the indexes of some ecosystems only, with KEV and EPSS: checking costs a pass over every byte of an index.
    ///
    /// # Errors
    /// As [`Database::open`], for the indexes that are wanted.
    pub fn open_some(folder: &Path, wanted: impl Fn(Ecosystem) -> bool) -> Result<Self, Error> {
        let mut indexes = BTreeMap::new();
        for ecosystem in Ecosystem::ALL.iter().copied().filter(|ecosystem| wanted(*ecosystem)) {
            if let Some(index) = present(Index::open(&folder.join(file_name(ecosystem)), ecosystem))? {
                indexes.insert(ecosystem, index);
            }
        }
        Ok(Self {
            folder: folder.to_owned(),
            indexes,
            kev: present(kev::Kev::open(&folder.join(kev::FILE)))?,
            epss: present(epss::Table::open(&folder.join(epss::FILE)))?,
        })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether there are advisories of an ecosystem.
    pub fn covers(&self, ecosystem: Ecosystem) -> bool {
        self.indexes.contains_key(&ecosystem)
    }

    /// The ecosystems that there are advisories of.
    pub fn ecosystems(&self) -> impl Iterator<Item = Coverage> {
        self.indexes.iter().map(|(ecosystem, index)| {
            let meta = index.meta();
            Coverage {
                ecosystem: *ecosystem,
                records: meta.records,
                packages: meta.packages,
                newest: meta.newest,
                compiled: index.container().compiled,
            }
        })
    }

    /// All that is said about a package, withdrawn records too, sorted by id. `name` is normalised here. `release`: of a distribution, `12`,
    /// `v3.18`; `None` takes all releases.
    ///
    /// # Errors
    /// [`Error::Absent`] without an index of the ecosystem, so that nobody takes "not known" for "nothing known against it";
    /// [`Error::Unusable`] when the index is inconsistent.
    pub fn advisories(
        &self,
        ecosystem: Ecosystem,
        release: Option<&str>,
        name: &str,
    ) -> Result<Vec<Advisory<'_>>, Error> {
        let index = self.indexes.get(&ecosystem).ok_or(Error::Absent(ecosystem))?;
        let mut found = index.find(&ecosystem.normalise_name(name))?;
        if let Some(wanted) = release {
            found.retain(|advisory| advisory.release.is_none_or(|of| release::same(ecosystem, of, wanted)));
        }
        Ok(found)
    }

    /// All that is said about a package, held against one version. What is not affected is there too: [`crate::merge::merge`] needs it to
    /// see where databases disagree.
    ///
    /// # Errors
    /// As [`Database::advisories`].
    pub fn judge(
        &self,
        ecosystem: Ecosystem,
        release: Option<&str>,
        name: &str,
        version: Option<&str>,
        source: &SourceKind,
    ) -> Result<Vec<(Advisory<'_>, Verdict)>, Error> {
        let found = self.advisories(ecosystem, release, name)?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let subject = Subject::new(ecosystem, version, source);
        Ok(found
            .into_iter()
            .map(|advisory| {
                let verdict = subject.judge(&advisory);
                (advisory, verdict)
            })
            .collect())
    }

    /// The names of all packages of an ecosystem that there are advisories about, in no order that means anything.
    pub fn packages(&self, ecosystem: Ecosystem) -> impl Iterator<Item = &str> {
        self.indexes.get(&ecosystem).into_iter().flat_map(Index::names)
    }

    /// Whether a CVE is known to be exploited. `None`, too, without the catalogue: see [`Database::has_kev`].
    ///
    /// # Errors
    /// When the index is inconsistent.
    pub fn known_exploited(&self, cve: &str) -> Result<Option<KnownExploited<'_>>, Error> {
        self.kev.as_ref().map_or(Ok(None), |kev| kev.find(cve))
    }

    /// Whether the KEV catalogue is there.
    pub fn has_kev(&self) -> bool {
        self.kev.is_some()
    }

    /// How probable it is that a CVE is exploited. `None`, too, without the table: see [`Database::has_epss`].
    pub fn epss(&self, cve: &str) -> Option<Epss> {
        self.epss.as_ref()?.find(cve)
    }

    /// Whether the EPSS table is there.
    pub fn has_epss(&self) -> bool {
        self.epss.is_some()
    }

    /// A hash over all that was opened: equal data, equal hash, whenever it was compiled. For keys of caches.
    pub fn content_hash(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        for (ecosystem, index) in &self.indexes {
            hasher.update(ecosystem.osv().as_bytes());
            hasher.update(&index.container().hash);
        }
        let tables = [
            ("kev", self.kev.as_ref().map(kev::Kev::container)),
            ("epss", self.epss.as_ref().map(epss::Table::container)),
        ];
        for (name, table) in tables {
            if let Some(table) = table {
                hasher.update(name.as_bytes());
                hasher.update(&table.hash);
            }
        }
        *hasher.finalize().as_bytes()
    }
}

/// What an open database knows of an ecosystem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// Which.
    pub ecosystem: Ecosystem,
    /// Records.
    pub records: u64,
    /// Packages that they speak of.
    pub packages: u64,
    /// The latest change of a record: how old the data is.
    pub newest: Option<Timestamp>,
    /// When the index was made.
    pub compiled: Timestamp,
}

/// The file of an ecosystem's index: OSV's name with everything but letters, digits, `.` and `-` as `_`.
pub(crate) fn file_name(ecosystem: Ecosystem) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '_' };
    let stem: String = ecosystem.osv().chars().map(safe).collect();
    format!("{stem}.index")
}

/// `None` for a file that is not there.
fn present<T>(opened: Result<T, Error>) -> Result<Option<T>, Error> {
    match opened {
        Ok(opened) => Ok(Some(opened)),
        Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
