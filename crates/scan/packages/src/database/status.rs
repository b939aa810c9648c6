//! What is in a database's folder, usable or not.

use super::error::Error;
use super::timestamp::Timestamp;
use super::{container::Container, epss, file_name, index::Index, kev};
use crate::Ecosystem;
use std::io;
use std::path::{Path, PathBuf};

/// One index file.
#[derive(Debug)]
pub struct IndexStatus {
    /// The ecosystem's name in OSV's words, or `KEV`, `EPSS`.
    pub name: String,
    /// The file.
    pub path: PathBuf,
    /// What is in it.
    pub state: Result<IndexState, Error>,
}

/// What is in a usable index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexState {
    /// Records, or rows.
    pub records: u64,
    /// Packages that they speak of; 0 for tables by CVE number.
    pub packages: u64,
    /// Records among them about malicious packages.
    pub malicious: u64,
    /// The latest change of a record, where records tell.
    pub newest: Option<Timestamp>,
    /// The publisher's words for this issue of a table.
    pub edition: Option<String>,
    /// When the index was made.
    pub compiled: Timestamp,
    /// Size of the file.
    pub bytes: u64,
}

/// Looks at every index of a folder, each checked from end to end. Damaged ones are listed with their damage; what is not there
/// is not listed.
pub fn status(folder: &Path) -> Vec<IndexStatus> {
    let mut out = Vec::new();
    let mut put = |name: &str, path: PathBuf, state: Result<IndexState, Error>| {
        let missing =
            matches!(&state, Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound);
        if !missing {
            out.push(IndexStatus { name: name.to_owned(), path, state });
        }
    };
    for ecosystem in Ecosystem::ALL {
        let path = folder.join(file_name(*ecosystem));
        let state = Index::open(&path, *ecosystem).map(|index| {
            let meta = index.meta();
            IndexState {
                records: meta.records,
                packages: meta.packages,
                malicious: meta.malicious,
                newest: meta.newest,
                edition: None,
                compiled: index.container().compiled,
                bytes: index.container().len(),
            }
        });
        put(ecosystem.osv(), path, state);
    }
    let path = folder.join(kev::FILE);
    let state = kev::Kev::open(&path).map(|kev| table(kev.rows(), kev.edition(), kev.container()));
    put("KEV", path, state);
    let path = folder.join(epss::FILE);
    let state = epss::Table::open(&path).map(|epss| table(epss.rows(), epss.edition(), epss.container()));
    put("EPSS", path, state);
    out
}

fn table(records: u64, edition: String, container: &Container) -> IndexState {
    IndexState {
        records,
        packages: 0,
        malicious: 0,
        newest: None,
        edition: Some(edition),
        compiled: container.compiled,
        bytes: container.len(),
    }
}
