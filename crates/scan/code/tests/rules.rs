//! The built-in rules against the targets beside them, and pairs of the same code with and without a weakness.
//!
//! What does otherwise than its annotation says is listed in `tests/known.txt`: a line more or a line less there fails. Writing it
//! anew takes `UPDATE_KNOWN=1`.

#![expect(clippy::print_stderr, reason = "tells what was held and what was skipped")]

use bartizan_code::language::Language;
use bartizan_code::testing::{Failure, TestReport, run, run_programs};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn crate_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rules() -> PathBuf {
    crate_folder().join("../../../rules/code")
}

fn describe(report: &TestReport, root: &Path) -> Vec<String> {
    let mut out: Vec<String> = report.errors.iter().map(ToString::to_string).collect();
    let name = |path: &Path| path.strip_prefix(root).unwrap_or(path).display().to_string();
    for rule in &report.rules {
        for failure in &rule.failures {
            out.push(match failure {
                Failure::Missed { file, line, expect } => {
                    format!("{}:{line} {} missed {expect}", name(file), rule.rule)
                }
                Failure::Unexpected { file, line, expect } => {
                    format!(
                        "{}:{line} {} found against {}",
                        name(file),
                        rule.rule,
                        expect.unwrap_or("nothing said")
                    )
                }
                Failure::Fix { file, line } => format!("{}:{line} {} fix differs", name(file), rule.rule),
            });
        }
    }
    out.sort();
    out
}

/// Languages of the rules that have a grammar.
fn languages() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(rules())
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let has_grammar = Language::from_name(&name).is_some_and(|language| !language.specs().is_empty());
            if !has_grammar {
                eprintln!("skipped: no grammar for {name} yet");
            }
            has_grammar
        })
        .collect();
    folders.sort();
    folders
}

/// Holds what is not as annotated against the list of what is known.
fn hold(section: &str, now: &[String]) {
    let path = crate_folder().join("tests/known.txt");
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let prefix = format!("{section}: ");
    if std::env::var_os("UPDATE_KNOWN").is_some() {
        let mut lines: Vec<String> =
            text.lines().filter(|line| !line.starts_with(&prefix)).map(str::to_owned).collect();
        lines.extend(now.iter().map(|line| format!("{prefix}{line}")));
        lines.sort();
        std::fs::write(&path, lines.join("\n") + "\n").unwrap();
        return;
    }
    let known: BTreeSet<&str> = text.lines().filter_map(|line| line.strip_prefix(&prefix)).collect();
    let now: BTreeSet<&str> = now.iter().map(String::as_str).collect();
    let worse: Vec<&&str> = now.difference(&known).collect();
    let better: Vec<&&str> = known.difference(&now).collect();
    assert!(
        worse.is_empty() && better.is_empty(),
        "otherwise than annotated: {worse:#?}\nno longer so: {better:#?}"
    );
}

// One test, for what it writes is one file.
#[test]
fn rules_and_pairs_are_as_annotated() {
    let mut all = Vec::new();
    for language in languages() {
        let report = run(&language).unwrap();
        let checked: usize = report.rules.iter().map(|rule| rule.checked).sum();
        let failures = describe(&report, &rules());
        eprintln!("{}: {checked} expectations, {} not met", language.display(), failures.len());
        assert!(checked > 0);
        all.extend(failures);
    }
    hold("rules", &all);
    let mut all = Vec::new();
    for language in ["java", "python"] {
        let folder = crate_folder().join("tests/pairs").join(language);
        if !folder.is_dir() {
            continue;
        }
        let report = run_programs(&rules().join(language), &folder).unwrap();
        let checked: usize = report.rules.iter().map(|rule| rule.checked).sum();
        let failures = describe(&report, &crate_folder().join("tests/pairs"));
        eprintln!("pairs of {language}: {checked} halves, {} not as said", failures.len());
        assert!(checked > 100);
        all.extend(failures);
    }
    hold("pairs", &all);
}
