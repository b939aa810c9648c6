//! The built-in rules against the targets beside them, and the pairs.

use bartizan_code::testing::{Failure, TestReport, run, run_programs};
use std::path::{Path, PathBuf};

fn rules() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../rules/code")
}

fn describe(report: &TestReport) -> Vec<String> {
    let mut out: Vec<String> = report.errors.iter().map(ToString::to_string).collect();
    for rule in &report.rules {
        for failure in &rule.failures {
            let (file, line, what) = match failure {
                Failure::Missed { file, line, expect } => (file, *line, format!("missed {expect}")),
                Failure::Unexpected { file, line, expect } => {
                    (file, *line, format!("found against {}", expect.unwrap_or("nothing said")))
                }
                Failure::Fix { file, line } => (file, *line, "fix differs".to_owned()),
            };
            let file = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            out.push(format!("{} {file}:{line}: {what}", rule.rule));
        }
    }
    out
}

#[test]
fn built_in_rules_find_what_their_targets_say() {
    let mut all = Vec::new();
    for language in std::env::var("RULES").map_or_else(
        |_| {
            let mut folders: Vec<PathBuf> =
                std::fs::read_dir(rules()).unwrap().flatten().map(|entry| entry.path()).collect();
            folders.sort();
            folders
        },
        |name| vec![rules().join(name)],
    ) {
        let report = run(&language).unwrap();
        let checked: usize = report.rules.iter().map(|rule| rule.checked).sum();
        let failures = describe(&report);
        eprintln!("{}: {checked} expectations, {} not met", language.display(), failures.len());
        all.extend(failures);
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}

/// Each pair is the same code with and without a weakness; `tests/pairs/README.md` says how they are written.
fn pairs_of(language: &str) -> (usize, Vec<String>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pairs").join(language);
    let report = run_programs(&rules().join(language), &folder).unwrap();
    let checked = report.rules.iter().map(|rule| rule.checked).sum();
    (checked, describe(&report))
}

#[test]
fn pairs_of_java_are_told_apart() {
    let (checked, failures) = pairs_of("java");
    eprintln!("java: {checked} halves, {} not as said", failures.len());
    assert!(checked > 400 && failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn pairs_of_python_are_told_apart() {
    let (checked, failures) = pairs_of("python");
    eprintln!("python: {checked} halves, {} not as said", failures.len());
    assert!(checked > 400 && failures.is_empty(), "{}", failures.join("\n"));
}
