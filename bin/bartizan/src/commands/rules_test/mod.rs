//! `bartizan rules test`.

mod json;
mod junit;
mod text;

use super::rule_files::RuleFiles;
use crate::args::{RulesTestArgs, TestFormat};
use crate::failure::{self, Failure};
use crate::terminal;
use bartizan_code::testing::{Failure as CodeFailure, Settled, TestReport};
use bartizan_secrets::fixture::{Outcome, test_file};
use bartizan_secrets::{SecretsDetector, SecretsOptions};
use std::path::Path;

/// What became of all rules, whatever they are for.
#[derive(Debug, Default)]
struct Tested {
    /// In order of file and rule.
    rules: Vec<Rule>,
    /// What could not be used.
    broken: Vec<Broken>,
    /// Files of rules that nothing tests.
    untested: Vec<String>,
    /// How many rule files were read.
    files: u64,
}

/// What became of one rule.
#[derive(Debug)]
struct Rule {
    id: String,
    file: String,
    /// Where it begins in the file, where that is known.
    line: Option<u32>,
    /// Against how many annotations it was held, where those are counted.
    checked: Option<usize>,
    faults: Vec<Fault>,
    /// `todo` annotations that are done.
    settled: Vec<Fault>,
}

/// Something that a rule did otherwise than it was said to.
#[derive(Debug)]
struct Fault {
    /// `missed`, `unexpected`, `fix` or `fixture`; `settled` for what is no fault.
    kind: &'static str,
    /// File and line.
    at: Option<(String, u32)>,
    /// In words.
    text: String,
}

/// A rule or file that could not be used.
#[derive(Debug)]
struct Broken {
    file: String,
    line: Option<u64>,
    rule: Option<String>,
    reason: String,
}

impl Tested {
    fn held(&self) -> u64 {
        self.rules.iter().filter(|rule| rule.faults.is_empty()).count() as u64
    }

    fn failed(&self) -> u64 {
        self.rules.len() as u64 - self.held()
    }

    fn passed(&self) -> bool {
        self.broken.is_empty() && self.failed() == 0
    }
}

pub fn run(args: &RulesTestArgs) -> Result<u8, Failure> {
    let files = RuleFiles::find(&args.paths)?;
    if files == RuleFiles::default() {
        return Err(Failure::Usage("no rule file (*.toml, *.yaml) in the folders named".to_owned()));
    }
    let mut tested = Tested { files: (files.secrets.len() + files.code.len()) as u64, ..Tested::default() };
    let builtin = (!args.alone && !files.secrets.is_empty())
        .then(|| SecretsDetector::new(&SecretsOptions::default()).0);
    for file in &files.secrets {
        // A file of ours stands among the built-in rules only if it is one of them.
        let among = builtin.as_ref().filter(|detector| is_builtin(file, detector));
        add_secrets(file, test_file(file, among, args.seed), &mut tested);
    }
    if !files.code.is_empty() {
        let report = bartizan_code::testing::run_all(&args.paths)
            .map_err(|error| Failure::Usage(error.to_string()))?;
        add_code(report, &mut tested);
    }
    terminal::print(|out| match args.format {
        TestFormat::Text => text::write(&tested, out),
        TestFormat::Json => json::write(&tested, out),
        TestFormat::Junit => junit::write(&tested, out),
    })?;
    Ok(if tested.passed() { failure::OK } else { failure::FOUND })
}

fn add_secrets(file: &Path, outcome: Outcome, tested: &mut Tested) {
    let shown = file.display().to_string();
    if outcome.passed.is_empty() && outcome.failed.is_empty() && outcome.problems.is_empty() {
        tested.untested.push(shown.clone());
    }
    let rule = |id: String, faults: Vec<String>| Rule {
        id,
        file: shown.clone(),
        line: None,
        checked: None,
        faults: faults.into_iter().map(|text| Fault { kind: "fixture", at: None, text }).collect(),
        settled: Vec::new(),
    };
    tested.rules.extend(outcome.passed.into_iter().map(|id| rule(id, Vec::new())));
    tested.rules.extend(outcome.failed.into_iter().map(|(id, faults)| rule(id, faults)));
    tested.broken.extend(outcome.problems.into_iter().map(|problem| Broken {
        file: problem.file,
        line: problem.line.map(|line| line as u64),
        rule: problem.rule,
        reason: problem.reason,
    }));
}

fn add_code(report: TestReport, tested: &mut Tested) {
    tested.rules.extend(report.rules.into_iter().map(|rule| Rule {
        id: rule.rule,
        file: rule.file.display().to_string(),
        line: Some(rule.line),
        checked: Some(rule.checked),
        faults: rule.failures.into_iter().map(fault).collect(),
        settled: rule.settled.into_iter().map(settled).collect(),
    }));
    tested.broken.extend(report.errors.into_iter().map(|error| Broken {
        file: error.file,
        line: Some(u64::from(error.line)),
        rule: error.rule,
        reason: error.reason,
    }));
    tested.untested.extend(report.untested.iter().map(|file| file.display().to_string()));
}

fn settled(Settled { file, line, expect }: Settled) -> Fault {
    let text = format!("`{expect}` holds already: take the `todo` away");
    Fault { kind: "settled", at: Some((file.display().to_string(), line)), text }
}

fn fault(failure: CodeFailure) -> Fault {
    let (kind, file, line, text) = match failure {
        CodeFailure::Missed { file, line, expect } => {
            ("missed", file, line, format!("nothing found, though `{expect}` says so"))
        }
        CodeFailure::Unexpected { file, line, expect: Some(expect) } => {
            ("unexpected", file, line, format!("found, against `{expect}`"))
        }
        CodeFailure::Unexpected { file, line, expect: None } => {
            ("unexpected", file, line, "found, and no annotation says so".to_owned())
        }
        CodeFailure::Fix { file, line } => ("fix", file, line, "the fix makes something else".to_owned()),
    };
    Fault { kind, at: Some((file.display().to_string(), line)), text }
}

/// Whether the program carries the rules of this file.
fn is_builtin(file: &Path, detector: &SecretsDetector) -> bool {
    let Some(stem) = file.file_stem() else { return false };
    let prefix = format!("secrets/{}/", stem.to_string_lossy());
    detector.scanner().rules().iter().any(|rule| rule.info.id.starts_with(&prefix))
}
