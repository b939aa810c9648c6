//! Why a command could not do its work, and with which code the program then ends.

use crate::config::file::FileError;
use crate::config::resolve::EnvError;
use crate::plain;
use bartizan_engine::{BaselineError, EngineError};
use bartizan_packages::database::Error as DatabaseError;
use bartizan_source::SourceError;
use std::io;

/// Nothing at or over the threshold.
pub const OK: u8 = 0;
/// Findings, or tests of rules that failed.
pub const FOUND: u8 = 1;
/// Wrong use or configuration.
pub const USAGE: u8 = 2;
/// Could not finish.
pub const UNFINISHED: u8 = 3;

/// A failure as the user reads it. Lower case, no full stop: what, where, what to do.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The user asked for something that makes no sense.
    #[error("{0}")]
    Usage(String),
    /// The configuration file is wrong.
    #[error(transparent)]
    Config(#[from] FileError),
    /// A variable is wrong.
    #[error(transparent)]
    Env(#[from] EnvError),
    /// The baseline is unusable.
    #[error(transparent)]
    Baseline(#[from] BaselineError),
    /// The advisory database is unusable, or could not be made.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// An address gave nothing.
    #[error("{url}: {reason}")]
    Fetch {
        /// Without credentials.
        url: String,
        /// Why.
        reason: String,
    },
    /// The scan did not begin, or broke off as a whole.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Something could not be written.
    #[error("cannot write {what}: {error}")]
    Write {
        /// The file, or standard output.
        what: String,
        /// The system's word.
        error: io::Error,
    },
    /// Something else that the system refused.
    #[error("{what}: {error}")]
    System {
        /// What was tried.
        what: String,
        /// The system's word.
        error: io::Error,
    },
}

impl Failure {
    /// The exit code.
    pub fn code(&self) -> u8 {
        match self {
            Self::Usage(_) | Self::Config(_) | Self::Env(_) | Self::Baseline(_) => USAGE,
            Self::Engine(EngineError::Source(error)) => match error {
                SourceError::Missing { .. }
                | SourceError::NoRepository { .. }
                | SourceError::NoRevision { .. }
                | SourceError::Glob { .. } => USAGE,
                _ => UNFINISHED,
            },
            Self::Engine(_) => USAGE,
            Self::Database(_) | Self::Fetch { .. } | Self::Write { .. } | Self::System { .. } => UNFINISHED,
        }
    }

    /// What to do about it, where that is not said already.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Engine(EngineError::Source(SourceError::NoRepository { .. })) => {
                Some("scan it without --history, --since and --staged, or name a folder of a git repository")
            }
            Self::Engine(EngineError::Source(SourceError::NoRevision { .. })) => {
                Some("a shallow clone lacks old commits: fetch more with `git fetch --unshallow`")
            }
            Self::Baseline(_) => Some("write a baseline with `bartizan baseline write`"),
            Self::Write { error, .. } if error.kind() == io::ErrorKind::StorageFull => {
                Some("free some space, or write elsewhere; a file that was there before is unchanged")
            }
            _ => None,
        }
    }

    /// The message with hostile text made visible; line ends stay.
    pub fn message(&self) -> String {
        plain::visible_lines(&self.to_string())
    }
}
