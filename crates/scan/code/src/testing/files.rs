//! Which files are rules, and which are their targets.

use super::run::TestError;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Files below a test folder.
pub(super) const MAX_FILES: usize = 200_000;
/// Folders inside folders.
const MAX_DEPTH: usize = 64;
/// Bytes of one rule file or target.
const MAX_LENGTH: u64 = 16 << 20;

/// All files at or below `path`, hidden ones left out; links are not followed.
pub(crate) fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), TestError> {
    collect_in(path, 0, files)
}

fn collect_in(path: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), TestError> {
    let wrong = |source| TestError::Read { path: path.to_owned(), source };
    let meta = std::fs::symlink_metadata(path).map_err(wrong)?;
    if meta.is_file() {
        files.push(path.to_owned());
        return Ok(());
    }
    if !meta.is_dir() || depth > MAX_DEPTH {
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
        collect_in(&entry.path(), depth + 1, files)?;
    }
    Ok(())
}

/// The files that rules are tested on, looked up by rule file. Each folder is listed once.
#[derive(Default)]
pub(crate) struct Targets {
    /// By folder and by what stands before the first dot of the name.
    beside: HashMap<PathBuf, HashMap<String, Vec<PathBuf>>>,
}

impl Targets {
    /// The targets of a rule file: one group per file beside it, and one of all files in the folder of its name.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub(crate) fn of(&mut self, rule_file: &Path) -> Result<Vec<Vec<PathBuf>>, TestError> {
        let stem = rule_file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let folder = rule_file.parent().unwrap_or(Path::new(""));
        let beside = match self.beside.entry(folder.to_owned()) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(new) => new.insert(list(folder)?),
        };
        let head = stem.split('.').next().unwrap_or_default();
        let of_stem = beside.get(head).map(Vec::as_slice).unwrap_or_default();
        let is_own = |path: &&PathBuf| {
            let name = name(path);
            let own = name.strip_prefix(&stem).is_some_and(|rest| rest.starts_with('.'));
            own && *path != rule_file && !is_rule_file(path) && !is_fixed(&name)
        };
        let mut groups: Vec<Vec<PathBuf>> =
            of_stem.iter().filter(is_own).map(|path| vec![path.clone()]).collect();
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

/// The files of one folder, sorted.
fn list(folder: &Path) -> Result<HashMap<String, Vec<PathBuf>>, TestError> {
    let wrong = |source| TestError::Read { path: folder.to_owned(), source };
    let real = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut out: HashMap<String, Vec<PathBuf>> = HashMap::new();
    for entry in std::fs::read_dir(real).map_err(wrong)? {
        let entry = entry.map_err(wrong)?;
        let path = folder.join(entry.file_name());
        if path.is_file() {
            let name = name(&path);
            out.entry(name.split('.').next().unwrap_or_default().to_owned()).or_default().push(path);
        }
    }
    out.values_mut().for_each(|files| files.sort());
    Ok(out)
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Whether a file is YAML that nobody calls a target.
pub(crate) fn is_rule_file(path: &Path) -> bool {
    let name = name(path);
    let yaml = name.ends_with(".yaml") || name.ends_with(".yml");
    yaml && !name.contains(".test.") && !name.contains(".fixed.")
}

fn is_fixed(name: &str) -> bool {
    name.contains(".fixed.") || name.ends_with(".fixed")
}

/// The file that says what a fix makes of `path`.
pub(super) fn fixed_file(path: &Path) -> Option<PathBuf> {
    let extension = path.extension()?.to_string_lossy().into_owned();
    let inserted = path.with_extension(format!("fixed.{extension}"));
    let appended = PathBuf::from(format!("{}.fixed", path.display()));
    [inserted, appended].into_iter().find(|candidate| candidate.is_file())
}

/// A rule file or target as text.
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
