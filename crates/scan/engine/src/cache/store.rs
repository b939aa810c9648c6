//! The cache folder: who may write when, and what is thrown away.

use super::snapshot::{MAX_BYTES, Snapshot};
use crate::atomic;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// How snapshots are named.
pub(super) const SNAPSHOT_SUFFIX: &str = ".clean";
const LOCK_FILE: &str = "lock";
/// Snapshots in one folder; the one that was of no use for longest goes first.
const MAX_SNAPSHOTS: usize = 20;
/// A scan does not wait longer for another process to finish writing.
const PATIENCE: Duration = Duration::from_secs(3);
/// A snapshot in use is marked so at most this often.
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Why the cache was not written. The scan is none the worse.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CacheError {
    #[error("{}: {error}", path.display())]
    Io { path: PathBuf, error: io::Error },
    #[error("another scan holds it")]
    Busy,
}

/// The snapshot in `file`, if there is a whole one.
pub(super) fn load(file: &Path, key: &[u8; 32]) -> Option<Snapshot> {
    let mut file = File::open(file).ok()?;
    let length = file.metadata().ok().filter(fs::Metadata::is_file)?.len();
    if length > MAX_BYTES {
        return None;
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).ok()?);
    file.by_ref().take(MAX_BYTES).read_to_end(&mut bytes).ok()?;
    Snapshot::from_bytes(&bytes, key)
}

/// Replaces `file` by what `make` makes of its present content, while no other process does the same.
pub(super) fn replace(
    folder: &Path,
    file: &Path,
    key: &[u8; 32],
    make: impl FnOnce(Option<Snapshot>) -> Snapshot,
) -> Result<(), CacheError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |error| CacheError::Io { path, error }
    };
    fs::create_dir_all(folder).map_err(at(folder))?;
    let lock_path = folder.join(LOCK_FILE);
    let lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&lock_path)
        .map_err(at(&lock_path))?;
    wait_for(&lock).map_err(|error| error.unwrap_or_else(at(&lock_path)))?;
    sweep(folder, file);
    let snapshot = make(load(file, key));
    atomic::write(file, &snapshot.to_bytes(key)).map_err(at(file))
    // The lock goes with the file handle, also when the process is killed.
}

/// Marks the snapshot as in use.
pub(super) fn keep_alive(file: &Path) {
    let Ok(handle) = OpenOptions::new().write(true).open(file) else { return };
    let now = SystemTime::now();
    let age =
        handle.metadata().and_then(|data| data.modified()).ok().and_then(|at| now.duration_since(at).ok());
    if age.is_some_and(|age| age > DAY) {
        // Only the order in which snapshots are thrown away hangs on it.
        let _ = handle.set_modified(now);
    }
}

/// What the waiting ended with, when not with the lock.
struct NotLocked(Option<io::Error>);

impl NotLocked {
    fn unwrap_or_else(self, otherwise: impl FnOnce(io::Error) -> CacheError) -> CacheError {
        self.0.map_or(CacheError::Busy, otherwise)
    }
}

fn wait_for(lock: &File) -> Result<(), NotLocked> {
    let start = Instant::now();
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(()),
            // A file system without locks: the rename alone keeps snapshots whole.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(NotLocked(Some(error))),
            Err(TryLockError::WouldBlock) if start.elapsed() > PATIENCE => return Err(NotLocked(None)),
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(5)),
        }
    }
}

/// With the lock held: removes what a killed process left, and the oldest snapshots over the limit. What cannot be removed
/// stays; the next scan tries again.
fn sweep(folder: &Path, current: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut snapshots: Vec<(SystemTime, PathBuf)> = Vec::new();
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(atomic::TEMPORARY_PREFIX) && name.ends_with(atomic::TEMPORARY_SUFFIX) {
            // All writers hold the lock, so nobody is writing this one.
            let _ = fs::remove_file(entry.path());
        } else if name.ends_with(SNAPSHOT_SUFFIX) && entry.path() != current {
            let modified =
                entry.metadata().and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
            snapshots.push((modified, entry.path()));
        }
    }
    snapshots.sort();
    let excess = (snapshots.len() + 1).saturating_sub(MAX_SNAPSHOTS);
    for (_, path) in snapshots.into_iter().take(excess) {
        let _ = fs::remove_file(path);
    }
}
