//! Turns what a user names into blobs: directories, git history, commit ranges, the staged index, remote
//! repositories, archives and standard input.
//!
//! Every byte is read once and handed to one [`Visitor`]; whatever is left out is told to the same visitor with its
//! reason. No other crate of the scan wing opens a file under scan.

mod cancel;
#[doc(hidden)]
pub mod git;

pub use cancel::{Cancel, StopReason};

use bartizan_model::{Blob, CommitInfo, Language, NotDone, Origin};
use std::collections::{BTreeMap, BTreeSet};
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

/// What is left out, and how much work one input may cause. Each limit that is hit is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Larger files, members and blobs are left out. Bytes; default 10 MiB.
    pub max_file_size: u64,
    /// Archives inside archives: how deep. 0 leaves archives closed; default 3.
    pub max_archive_depth: u32,
    /// Bytes that may come out of an archive per byte in it; default 200.
    pub max_archive_ratio: u64,
    /// Bytes that may come out of one top-level archive in all; default 1 GiB.
    pub max_archive_size: u64,
    /// Members that are looked at in one top-level archive; default 100,000.
    pub max_archive_members: u64,
    /// Whether `.gitignore`, `.ignore` and git's exclude file are disregarded. `.bartizanignore` always holds.
    pub no_ignore: bool,
    /// Further globs to leave out, in `.gitignore` syntax.
    pub exclude: Vec<String>,
    /// Whether generated and minified files are scanned too.
    pub include_generated: bool,
    /// Threads; at least 1.
    pub threads: usize,
    /// Bytes that may be held in memory at one time, over all threads. Default 256 MiB.
    pub max_memory: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_file_size: 10 << 20,
            max_archive_depth: 3,
            max_archive_ratio: 200,
            max_archive_size: 1 << 30,
            max_archive_members: 100_000,
            no_ignore: false,
            exclude: Vec::new(),
            include_generated: false,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            max_memory: 256 << 20,
        }
    }
}

/// What the file system says of a file: equal stamps mean an unchanged file, unless it was changed within the clock's
/// resolution of the last scan, which the visitor has to consider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileStamp {
    /// As in [`bartizan_model::Origin::path`].
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Modification time, nanoseconds since 1970.
    pub modified: i128,
    /// Status change time, nanoseconds since 1970; 0 where the system has none.
    pub changed: i128,
    /// Inode number; 0 where the system has none.
    pub inode: u64,
}

/// Receives blobs. Called from several threads, in any order.
pub trait Visitor: Sync {
    /// A file is about to be read. `true`: its result is known, it is not read. Never asked for archives.
    fn is_known_file(&self, stamp: &FileStamp) -> bool {
        let _ = stamp;
        false
    }

    /// A history object (20 or 32 bytes) is about to be decoded for scanning under this path. `true`: its result is
    /// known.
    fn is_known_object(&self, id: &[u8], path: &str) -> bool {
        let _ = (id, path);
        false
    }

    /// A blob to scan. `stamp` is there for plain files of a directory.
    fn blob(&self, blob: &Blob<'_>, stamp: Option<&FileStamp>);

    /// Something was left out or failed.
    fn not_done(&self, entry: NotDone);

    /// About how much there is in all, once known: blobs, for a progress bar.
    fn expected(&self, blobs: u64) {
        let _ = blobs;
    }
}

/// The commits that carried an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carriers {
    /// The earliest by committer date, then id.
    pub first: CommitInfo,
    /// The latest.
    pub last: CommitInfo,
    /// Whether the commit that `HEAD` names has it.
    pub in_head: bool,
}

/// Why a target could not be opened at all. What fails inside a target goes to [`Visitor::not_done`].
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

/// An opened target. Dropping it removes temporary folders.
pub struct Source {
    git: git::GitSource,
}

impl Source {
    /// Opens `target`.
    ///
    /// # Errors
    /// When the target as a whole cannot be used.
    pub fn open(target: &Target, options: &Options) -> Result<Self, SourceError> {
        Ok(Self { git: git::GitSource::open(target, options)? })
    }

    /// Hands every blob to `visitor`, on [`Options::threads`] threads. Returns early when `cancel` says so, having told
    /// the visitor what was left.
    ///
    /// # Errors
    /// When the target as a whole fails under way.
    pub fn visit(&self, visitor: &dyn Visitor, cancel: &Cancel) -> Result<(), SourceError> {
        self.git.visit(visitor, cancel)
    }

    /// For history: which commits carried these objects (hexadecimal ids). Empty for other targets.
    ///
    /// # Errors
    /// When the repository fails under way.
    pub fn carriers(
        &self,
        objects: &BTreeSet<String>,
        cancel: &Cancel,
    ) -> Result<BTreeMap<String, Carriers>, SourceError> {
        self.git.carriers(objects, cancel)
    }
}

/// Hands a decoded blob on.
fn deliver(bytes: &[u8], origin: Origin, _options: &Options, visitor: &dyn Visitor, _cancel: &Cancel) {
    let language = Language::guess(origin.name(), bytes);
    visitor.blob(&Blob { bytes, origin: &origin, language }, None);
}
