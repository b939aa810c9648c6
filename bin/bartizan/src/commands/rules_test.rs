//! `bartizan rules test`.

use super::rule_files::RuleFiles;
use crate::args::RulesTestArgs;
use crate::failure::{self, Failure};
use crate::{plain, terminal};
use bartizan_code::testing::{Failure as CodeFailure, TestReport};
use bartizan_secrets::fixture::{Outcome, test_file};
use bartizan_secrets::{SecretsDetector, SecretsOptions};
use std::path::Path;

pub fn run(args: &RulesTestArgs) -> Result<u8, Failure> {
    let files = RuleFiles::find(&args.paths)?;
    if files == RuleFiles::default() {
        return Err(Failure::Usage("no rule file (*.toml, *.yaml) in the folders named".to_owned()));
    }
    let builtin = (!args.alone && !files.secrets.is_empty())
        .then(|| SecretsDetector::new(&SecretsOptions::default()).0);
    let mut totals = (0_u64, 0_u64);
    let mut lines = Vec::new();
    for file in &files.secrets {
        // A file of ours stands among the built-in rules only if it is one of them.
        let among = builtin.as_ref().filter(|detector| is_builtin(file, detector));
        let outcome = test_file(file, among, args.seed);
        totals.0 += outcome.passed.len() as u64;
        totals.1 += (outcome.failed.len() + outcome.problems.len()) as u64;
        report(file, &outcome, &mut lines);
    }
    if !files.code.is_empty() {
        for path in &args.paths {
            let tested =
                bartizan_code::testing::run(path).map_err(|error| Failure::Usage(error.to_string()))?;
            let (held, failed) = report_code(&tested, &mut lines);
            totals.0 += held;
            totals.1 += failed;
        }
    }
    lines.push(format!(
        "{} in {}, {} failed",
        plain::counted(totals.0, "rule holds", "rules hold"),
        plain::counted((files.secrets.len() + files.code.len()) as u64, "file", "files"),
        plain::grouped(totals.1)
    ));
    terminal::print(|out| lines.iter().try_for_each(|line| writeln!(out, "{}", plain::visible(line))))?;
    Ok(if totals.1 == 0 { failure::OK } else { failure::FOUND })
}

/// Tells what code rules did; how many held and how many did not.
fn report_code(tested: &TestReport, lines: &mut Vec<String>) -> (u64, u64) {
    lines.extend(tested.errors.iter().map(|error| format!("BROKEN {error}")));
    let mut held = 0;
    let mut failed = tested.errors.len() as u64;
    for rule in &tested.rules {
        if rule.failures.is_empty() {
            held += 1;
            continue;
        }
        failed += 1;
        lines.push(format!("FAILED {}", rule.rule));
        lines.extend(rule.failures.iter().map(|failure| match failure {
            CodeFailure::Missed { file, line, expect } => {
                format!("    {}:{line}: nothing found, though `{expect}` says so", file.display())
            }
            CodeFailure::Unexpected { file, line, expect: Some(expect) } => {
                format!("    {}:{line}: found, against `{expect}`", file.display())
            }
            CodeFailure::Unexpected { file, line, expect: None } => {
                format!("    {}:{line}: found, and no annotation says so", file.display())
            }
            CodeFailure::Fix { file, line } => {
                format!("    {}:{line}: the fix makes something else", file.display())
            }
        }));
    }
    lines.extend(tested.untested.iter().map(|file| format!("{}: no target beside it", file.display())));
    (held, failed)
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
