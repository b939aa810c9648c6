//! Rule files on disk: the only place of the engine that opens them.

use std::path::Path;

/// The largest rule file that is read.
const MAX_FILE: u64 = 16 << 20;

/// The text of a rule file.
///
/// # Errors
/// What is no file, is larger than 16 MiB, cannot be read or is not UTF-8: the reason in words.
pub(crate) fn rule_file(path: &Path) -> Result<String, String> {
    let meta = std::fs::metadata(path).map_err(|error| error.to_string())?;
    if !meta.is_file() || meta.len() > MAX_FILE {
        return Err(format!("it is no file of at most {} MiB", MAX_FILE >> 20));
    }
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|_| "is not UTF-8".to_owned())
}
