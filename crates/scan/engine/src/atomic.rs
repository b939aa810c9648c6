//! Files that are there whole or not at all.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// How the temporary file that becomes the real one is named: `.bartizan-XXXXXX.tmp`.
pub(crate) const TEMPORARY_PREFIX: &str = ".bartizan-";
/// See [`TEMPORARY_PREFIX`].
pub(crate) const TEMPORARY_SUFFIX: &str = ".tmp";

/// Replaces `path` by `bytes`: written beside it, forced to disk, renamed over it. Killed at any moment, the old file
/// is still there, or the new one.
///
/// # Errors
/// The system's, such as a full disk. The old file stays and the temporary one is removed.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY_PREFIX).suffix(TEMPORARY_SUFFIX);
    // As any new file: the user's mask decides, not the private mode of temporary files.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    // The new name is durable once the folder is; file systems that cannot sync a folder do not need it.
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}
