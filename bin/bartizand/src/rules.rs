//! Rule files from disk.

use crate::Failure;
use bartizan_detect::sigma::{Loaded, load};
use std::path::{Path, PathBuf};

/// Levels of folders.
const MAX_DEPTH: usize = 32;
/// The largest rule file that is read.
const MAX_BYTES: u64 = 16 << 20;

/// Rule files at and under these paths, in order, each once.
pub(crate) fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        let meta = std::fs::metadata(path)
            .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
        if meta.is_dir() {
            collect(path, 0, &mut found)?;
        } else {
            found.push(path.clone());
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn collect(folder: &Path, depth: usize, into: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let wrong = |error: std::io::Error| Failure::Broken(format!("{}: {error}", folder.display()));
    if depth > MAX_DEPTH {
        return Err(Failure::Broken(format!("{}: nested deeper than {MAX_DEPTH} folders", folder.display())));
    }
    for entry in std::fs::read_dir(folder).map_err(wrong)? {
        let entry = entry.map_err(wrong)?;
        let kind = entry.file_type().map_err(wrong)?;
        let path = entry.path();
        if kind.is_dir() {
            collect(&path, depth + 1, into)?;
        } else if kind.is_file() && path.extension().is_some_and(|one| one == "yml" || one == "yaml") {
            into.push(path);
        }
    }
    Ok(())
}

/// Reads rule files; what cannot be read is an error among the others.
pub(crate) fn read(files: &[PathBuf]) -> Loaded {
    let mut loaded = Loaded::default();
    for file in files {
        let name = file.display().to_string();
        match text(file) {
            Ok(text) => loaded.append(load(&text, &name)),
            Err(reason) => loaded.errors.push(bartizan_detect::sigma::RuleError {
                file: name,
                rule: None,
                line: 1,
                column: 1,
                reason,
            }),
        }
    }
    loaded
}

fn text(file: &Path) -> Result<String, String> {
    let size = std::fs::metadata(file).map_err(|error| error.to_string())?.len();
    if size > MAX_BYTES {
        return Err(format!("larger than {} MiB", MAX_BYTES >> 20));
    }
    let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|_| "is not UTF-8".to_owned())
}
