//! Who receives blobs, and what it is told about them.

use bartizan_model::{Blob, CommitInfo, NotDone, Origin};

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

impl FileStamp {
    /// The stamp of a file as the system describes it.
    pub(crate) fn new(path: String, metadata: &std::fs::Metadata) -> Self {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let nanos = |seconds: i64, nanos: i64| i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
            Self {
                path,
                size: metadata.len(),
                modified: nanos(metadata.mtime(), metadata.mtime_nsec()),
                changed: nanos(metadata.ctime(), metadata.ctime_nsec()),
                inode: metadata.ino(),
            }
        }
        #[cfg(not(unix))]
        {
            let modified = metadata.modified().ok();
            let since = modified.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
            let modified = since.map_or(0, |since| i128::try_from(since.as_nanos()).unwrap_or(i128::MAX));
            Self { path, size: metadata.len(), modified, changed: 0, inode: 0 }
        }
    }
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

    /// Content is no text, by its first kilobytes. `true`: [`Visitor::binary`] wants it nevertheless.
    fn wants_binary(&self, origin: &Origin, head: &[u8]) -> bool {
        let _ = (origin, head);
        false
    }

    /// A blob that is no text and was wanted.
    fn binary(&self, blob: &Blob<'_>, stamp: Option<&FileStamp>) {
        let _ = (blob, stamp);
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
