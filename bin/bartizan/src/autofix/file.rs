//! Reads and replaces one file.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;

/// A larger source file is none that somebody wrote.
const MAX_LENGTH: u64 = 64 << 20;

/// All of a file.
///
/// # Errors
/// Why it cannot be had.
pub fn read(path: &Path) -> Result<Vec<u8>, String> {
    let wrong = |error: std::io::Error| format!("cannot be read: {error}");
    let metadata = fs::symlink_metadata(path).map_err(wrong)?;
    if !metadata.is_file() {
        return Err("it is not a plain file".to_owned());
    }
    if metadata.len() > MAX_LENGTH {
        return Err("it is larger than 64 MiB".to_owned());
    }
    let mut bytes = Vec::new();
    File::open(path).map_err(wrong)?.take(MAX_LENGTH).read_to_end(&mut bytes).map_err(wrong)?;
    Ok(bytes)
}

/// Puts `after` in the place of `before`, whole or not at all: written beside it with the same permissions, forced to disk,
/// renamed over it.
///
/// # Errors
/// Why the file stays as it was; also when it is not `before` any more.
pub fn replace(path: &Path, before: &[u8], after: &[u8]) -> Result<(), String> {
    let wrong = |error: std::io::Error| format!("cannot be written: {error}");
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let metadata = fs::symlink_metadata(path).map_err(wrong)?;
    if metadata.permissions().readonly() {
        return Err("it is write-protected".to_owned());
    }
    let mut file = tempfile::Builder::new()
        .prefix(".bartizan-")
        .suffix(".tmp")
        .tempfile_in(folder)
        .map_err(|error| wrong(error.kind().into()))?;
    file.write_all(after).map_err(wrong)?;
    file.as_file().set_permissions(metadata.permissions()).map_err(wrong)?;
    file.as_file().sync_all().map_err(wrong)?;
    // As late as can be: an editor may have saved meanwhile.
    if read(path)? != before {
        return Err("it changed while it was worked on".to_owned());
    }
    file.persist(path).map_err(|error| wrong(error.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_only_while_it_is_what_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.py");
        fs::write(&path, "one").unwrap();
        assert!(replace(&path, b"other", b"two").unwrap_err().contains("changed"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o750)).unwrap();
        }
        replace(&path, b"one", b"two").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o750);
            let link = folder.path().join("link.py");
            std::os::unix::fs::symlink(&path, &link).unwrap();
            assert!(read(&link).is_err());
        }
        assert!(
            fs::read_dir(folder.path())
                .unwrap()
                .all(|entry| { !entry.unwrap().file_name().to_string_lossy().ends_with(".tmp") })
        );
    }
}
