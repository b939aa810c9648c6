//! The built-in rules against the targets beside them, and the pairs.

use bartizan_code::testing::{Failure, TestReport, run};
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
