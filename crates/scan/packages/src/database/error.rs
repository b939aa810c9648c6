//! What can be wrong with the database, and what to do then.

use crate::Ecosystem;
use std::io;
use std::path::{Path, PathBuf};

/// Why the database cannot answer or could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The system refused.
    #[error("cannot {doing} `{}`", path.display())]
    Io {
        /// What was tried: `read`, `write`, `map`.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        #[source]
        source: io::Error,
    },
    /// The file is no index of ours, or one that was changed, cut or made by another release.
    #[error("`{}` {damage}; get a new one with `bartizan db update` or `bartizan db import PATH`", path.display())]
    Unusable {
        /// The index file.
        path: PathBuf,
        /// What is wrong.
        damage: Damage,
    },
    /// No index of this ecosystem is there: nothing can be said about its packages.
    #[error(
        "no advisories of {0} in the database; get them with `bartizan db update` or `bartizan db import PATH`"
    )]
    Absent(Ecosystem),
    /// What was to be imported is none of the known kinds.
    #[error("`{name}` is not an OSV archive, a KEV catalogue or an EPSS table: {reason}")]
    NotRecognised {
        /// The name of the input.
        name: String,
        /// What was seen instead.
        reason: String,
    },
    /// What was to be imported is of a known kind, and broken or hostile as a whole.
    #[error("`{name}`: {reason}")]
    Input {
        /// The name of the input.
        name: String,
        /// Why it was given up.
        reason: String,
    },
    /// Nothing usable was in the import; what was there before stays.
    #[error("`{name}` holds no usable record; the database was left as it is")]
    Empty {
        /// The name of the input.
        name: String,
    },
}

impl Error {
    pub(crate) fn io(doing: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io { doing, path: path.to_owned(), source }
    }

    pub(crate) fn unusable(path: &Path, damage: Damage) -> Self {
        Self::Unusable { path: path.to_owned(), damage }
    }

    pub(crate) fn input(name: &str, reason: impl Into<String>) -> Self {
        Self::Input { name: name.to_owned(), reason: reason.into() }
    }
}

/// What is wrong with an index file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    /// It does not start as an index does.
    #[error("is not a database index")]
    Foreign,
    /// Another release of the program wrote it.
    #[error("has format {found}, this program reads {expected}")]
    Version {
        /// In the file.
        found: u32,
        /// Understood here.
        expected: u32,
    },
    /// It holds another kind of data than its name says.
    #[error("holds another kind of data than its name says")]
    Kind,
    /// Shorter or longer than its header says.
    #[error("is {actual} bytes long where its header says {expected}")]
    Length {
        /// In the header.
        expected: u64,
        /// Of the file.
        actual: u64,
    },
    /// The checksum does not match the content.
    #[error("was changed after it was written: its checksum does not match")]
    Checksum,
    /// The checksum holds, and yet a part leads nowhere: made by another hand.
    #[error("is inconsistent: {0}")]
    Inconsistent(&'static str),
}
