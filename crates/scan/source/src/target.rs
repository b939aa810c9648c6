//! What a user may name.

use std::path::PathBuf;

/// What to scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A directory, a file or an archive.
    Path(PathBuf),
    /// Every unique blob of a git repository's history, all refs; with `since`, only blobs that came in by commits
    /// reachable from any ref (or from `HEAD` alone, for a range `A..B` from `B`) and not from that revision.
    History {
        /// The repository or a folder inside it.
        repository: PathBuf,
        /// A revision such as `main` or `HEAD~3`, or a range `A..B`.
        since: Option<String>,
    },
    /// The staged index of a git repository: files that differ from `HEAD`, as staged.
    Staged {
        /// The repository or a folder inside it.
        repository: PathBuf,
    },
    /// A git URL, cloned bare to a temporary folder that is removed afterwards; then as [`Target::History`].
    Remote {
        /// `https://…`, `ssh://…`, `git@…` or `file://…`.
        url: String,
    },
    /// Standard input, as one file of that name.
    Stdin {
        /// Name that tells the language, such as `config.yaml`.
        name: String,
    },
}
