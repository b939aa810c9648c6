//! `bartizan rules test`.

use crate::args::RulesTestArgs;
use crate::failure::{self, Failure};
use crate::{plain, terminal};
use bartizan_secrets::fixture::{Outcome, test_file};
use bartizan_secrets::{SecretsDetector, SecretsOptions};
use std::fs;
use std::path::{Path, PathBuf};

/// Folders inside folders: how deep rule files are looked for.
const MAX_DEPTH: usize = 16;

pub fn run(args: &RulesTestArgs) -> Result<u8, Failure> {
    let mut files = Vec::new();
    for path in &args.paths {
        collect(path, 0, &mut files)?;
    }
    if files.is_empty() {
        return Err(Failure::Usage("no rule file (*.toml) in the folders named".to_owned()));
    }
    let builtin = (!args.alone).then(|| SecretsDetector::new(&SecretsOptions::default()).0);
    let mut totals = (0_u64, 0_u64);
    let mut lines = Vec::new();
    for file in &files {
        // A file of ours stands among the built-in rules only if it is one of them.
        let among = builtin.as_ref().filter(|detector| is_builtin(file, detector));
        let outcome = test_file(file, among, args.seed);
        totals.0 += outcome.passed.len() as u64;
        totals.1 += (outcome.failed.len() + outcome.problems.len()) as u64;
        report(file, &outcome, &mut lines);
    }
    lines.push(format!(
        "{} in {}, {} failed",
        plain::counted(totals.0, "rule holds", "rules hold"),
        plain::counted(files.len() as u64, "file", "files"),
        plain::grouped(totals.1)
    ));
    terminal::print(|out| lines.iter().try_for_each(|line| writeln!(out, "{}", plain::visible(line))))?;
    Ok(if totals.1 == 0 { failure::OK } else { failure::FOUND })
}

fn report(file: &Path, outcome: &Outcome, lines: &mut Vec<String>) {
    for (id, faults) in &outcome.failed {
        lines.push(format!("FAILED {id}"));
        lines.extend(faults.iter().map(|fault| format!("    {fault}")));
    }
    lines.extend(outcome.problems.iter().map(|problem| format!("BROKEN {problem}")));
    if outcome.passed.is_empty() && outcome.failed.is_empty() && outcome.problems.is_empty() {
        lines.push(format!("{}: loads, but has no fixtures to test", file.display()));
    }
}

/// Whether the program carries the rules of this file.
fn is_builtin(file: &Path, detector: &SecretsDetector) -> bool {
    let Some(stem) = file.file_stem() else { return false };
    let prefix = format!("secrets/{}/", stem.to_string_lossy());
    detector.scanner().rules().iter().any(|rule| rule.info.id.starts_with(&prefix))
}

fn collect(path: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let unreadable = |error| Failure::System { what: format!("{}: cannot be read", path.display()), error };
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Failure::Usage(format!("{}: no such file or folder", path.display())));
        }
        Err(error) => return Err(unreadable(error)),
    };
    if !metadata.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut entries: Vec<PathBuf> =
        fs::read_dir(path).map_err(unreadable)?.filter_map(Result::ok).map(|entry| entry.path()).collect();
    entries.sort();
    for entry in entries {
        let is_link = fs::symlink_metadata(&entry).is_ok_and(|metadata| metadata.is_symlink());
        if entry.extension().is_some_and(|extension| extension == "toml") {
            files.push(entry);
        } else if entry.is_dir() && !is_link && depth < MAX_DEPTH {
            collect(&entry, depth + 1, files)?;
        }
    }
    Ok(())
}
