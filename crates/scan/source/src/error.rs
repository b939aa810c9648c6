//! Why a target as a whole cannot be used.

/// Why a target could not be opened at all. What fails inside a target goes to [`crate::Visitor::not_done`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// No such file or folder.
    #[error("{path}: no such file or folder")]
    Missing {
        /// As the user named it.
        path: String,
    },
    /// It is there but cannot be read.
    #[error("{path}: cannot be read: {error}")]
    Unreadable {
        /// As the user named it.
        path: String,
        /// The system's word.
        error: std::io::Error,
    },
    /// No git repository there.
    #[error("{path}: no git repository here or above")]
    NoRepository {
        /// As the user named it.
        path: String,
    },
    /// The revision does not resolve.
    #[error("`{revision}`: no such revision in this repository")]
    NoRevision {
        /// As the user typed it.
        revision: String,
    },
    /// The repository cannot be used.
    #[error("{path}: {reason}")]
    Repository {
        /// As the user named it.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// Cloning failed.
    #[error("{url}: cannot be cloned: {reason}")]
    Clone {
        /// The URL, without credentials.
        url: String,
        /// git's last words.
        reason: String,
    },
    /// An exclusion is no valid glob.
    #[error("exclusion `{glob}`: {reason}")]
    Glob {
        /// As written.
        glob: String,
        /// What is wrong.
        reason: String,
    },
}

impl SourceError {
    /// A path that the user named and the system refused.
    pub(crate) fn of(path: &std::path::Path, error: std::io::Error) -> Self {
        let path = path.display().to_string();
        match error.kind() {
            std::io::ErrorKind::NotFound => Self::Missing { path },
            _ => Self::Unreadable { path, error },
        }
    }
}
