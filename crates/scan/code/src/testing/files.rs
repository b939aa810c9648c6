//! Rule files and the targets that lie beside them.

use super::TestError;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Files below a test folder.
pub(crate) const MAX_FILES: usize = 200_000;
/// Bytes of one rule file or target.
const MAX_LENGTH: u64 = 16 << 20;

/// A file's text; what is no UTF-8 is replaced.
pub(crate) fn read(path: &Path) -> Result<String, TestError> {
    let wrong = |source| TestError::Read { path: path.to_owned(), source };
    let length = std::fs::metadata(path).map_err(wrong)?.len();
    if length > MAX_LENGTH {
        let source = std::io::Error::new(std::io::ErrorKind::FileTooLarge, "the file is larger than 16 MiB");
        return Err(TestError::Read { path: path.to_owned(), source });
    }
    let bytes = std::fs::read(path).map_err(wrong)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// All files at or below a path, hidden ones left out.
pub(crate) fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), TestError> {
    let wrong = |source| TestError::Read { path: path.to_owned(), source };
    let meta = std::fs::symlink_metadata(path).map_err(wrong)?;
    if meta.is_file() {
        files.push(path.to_owned());
        // Targets lie beside a rule file that is named alone.
        return Ok(());
    }
    if !meta.is_dir() {
        return Ok(());
    }
    for entry in std::fs::read_dir(path).map_err(wrong)? {
        let entry = entry.map_err(wrong)?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if files.len() >= MAX_FILES {
            return Err(TestError::TooMany);
        }
        collect(&entry.path(), files)?;
    }
    Ok(())
}

/// Whether a file holds rules, to go by its name.
pub(crate) fn is_rule_file(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let yaml = name.ends_with(".yaml") || name.ends_with(".yml");
    yaml && !name.contains(".test.") && !name.contains(".fixed.")
}

/// Finds the targets of rule files; folders are listed once.
#[derive(Default)]
pub(crate) struct Targets {
    listed: HashMap<PathBuf, Vec<PathBuf>>,
}

impl Targets {
    /// The targets of a rule file: one group per file beside it, and one of all files in the folder of its name.
    ///
    /// # Errors
    /// When that folder cannot be read.
    pub(crate) fn of(&mut self, rule_file: &Path) -> Result<Vec<Vec<PathBuf>>, TestError> {
        let stem = rule_file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let folder = rule_file.parent().unwrap_or(Path::new(""));
        let beside = self.listed.entry(folder.to_owned()).or_insert_with(|| list(folder));
        let mut single: Vec<PathBuf> = beside
            .iter()
            .filter(|path| path.as_path() != rule_file)
            .filter(|path| {
                let name =
                    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                let own = name.strip_prefix(&stem).is_some_and(|rest| rest.starts_with('.'));
                own && !is_rule_file(path) && !is_fixed(&name)
            })
            .cloned()
            .collect();
        single.sort();
        let mut groups: Vec<Vec<PathBuf>> = single.into_iter().map(|path| vec![path]).collect();
        let own_folder = folder.join(&stem);
        if own_folder.is_dir() {
            let mut inside = Vec::new();
            collect(&own_folder, &mut inside)?;
            inside.retain(|file| !is_rule_file(file));
            inside.sort();
            if !inside.is_empty() {
                groups.push(inside);
            }
        }
        Ok(groups)
    }
}

/// The files of a folder.
fn list(folder: &Path) -> Vec<PathBuf> {
    let place = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = std::fs::read_dir(place).into_iter().flatten().flatten();
    entries.map(|entry| folder.join(entry.file_name())).filter(|path| path.is_file()).collect()
}

fn is_fixed(name: &str) -> bool {
    name.contains(".fixed.") || name.ends_with(".fixed")
}

/// The file that says what a fix makes of `path`.
pub(crate) fn fixed_file(path: &Path) -> Option<PathBuf> {
    let extension = path.extension()?.to_string_lossy().into_owned();
    let inserted = path.with_extension(format!("fixed.{extension}"));
    let appended = PathBuf::from(format!("{}.fixed", path.display()));
    [inserted, appended].into_iter().find(|candidate| candidate.is_file())
}
