//! Which of the user's rule files are for which detector: secret rules are TOML, code rules are YAML in Semgrep's format.

use crate::failure::Failure;
use std::fs;
use std::path::{Path, PathBuf};

/// Folders inside folders: how deep rule files are looked for.
const MAX_DEPTH: usize = 16;

/// Rule files by detector.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleFiles {
    /// Secret rules.
    pub secrets: Vec<PathBuf>,
    /// Code rules.
    pub code: Vec<PathBuf>,
}

impl RuleFiles {
    /// Sorts files and those in folders by their ending; a file that was named itself may have any, and is for secrets unless
    /// it is YAML.
    ///
    /// # Errors
    /// When something named is not there or cannot be read.
    pub fn find(paths: &[PathBuf]) -> Result<Self, Failure> {
        let mut files = Self::default();
        for path in paths {
            if path.is_dir() {
                files.folder(path, 0)?;
            } else if path.is_file() {
                if is_yaml(path) { files.code.push(path.clone()) } else { files.secrets.push(path.clone()) }
            } else {
                return Err(Failure::Usage(format!("rule file {}: no such file or folder", path.display())));
            }
        }
        Ok(files)
    }

    fn folder(&mut self, path: &Path, depth: usize) -> Result<(), Failure> {
        let unreadable =
            |error| Failure::System { what: format!("{}: cannot be read", path.display()), error };
        let mut entries: Vec<PathBuf> = fs::read_dir(path)
            .map_err(unreadable)?
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .collect();
        entries.sort();
        for entry in entries {
            let is_link = fs::symlink_metadata(&entry).is_ok_and(|metadata| metadata.is_symlink());
            if entry.is_dir() {
                let hidden = entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
                if !is_link && !hidden && depth < MAX_DEPTH {
                    self.folder(&entry, depth + 1)?;
                }
            } else if entry.extension().is_some_and(|extension| extension == "toml") {
                self.secrets.push(entry);
            } else if is_yaml(&entry) && !is_target(&entry) {
                self.code.push(entry);
            }
        }
        Ok(())
    }
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

/// Whether a YAML file is what rules are tested on.
fn is_target(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.contains(".test.") || name.contains(".fixed.")
}
