//! `bartizan rules test`.

use super::rule_files::RuleFiles;
use crate::args::{RulesTestArgs, TestAnswer};
use crate::failure::{self, Failure};
use crate::report::escape_markup as escape;
use crate::{plain, terminal};
use bartizan_code::testing::{Failure as CodeFailure, TestReport};
use bartizan_secrets::fixture::{Outcome, test_file};
use bartizan_secrets::{SecretsDetector, SecretsOptions};
use serde::Serialize;
use std::io::{self, Write};
use std::path::Path;

pub fn run(args: &RulesTestArgs) -> Result<u8, Failure> {
    let files = RuleFiles::find(&args.paths)?;
    if files == RuleFiles::default() {
        return Err(Failure::Usage("no rule file (*.toml, *.yaml) in the folders named".to_owned()));
    }
    let builtin = (!args.alone && !files.secrets.is_empty())
        .then(|| SecretsDetector::new(&SecretsOptions::default()).0);
    let mut results = Results { files: files.secrets.len() + files.code.len(), ..Results::default() };
    for file in &files.secrets {
        // A file of ours stands among the built-in rules only if it is one of them.
        let among = builtin.as_ref().filter(|detector| is_builtin(file, detector));
        results.add_secrets(file, test_file(file, among, args.seed));
    }
    if !files.code.is_empty() {
        for path in &args.paths {
            let tested =
                bartizan_code::testing::run(path).map_err(|error| Failure::Usage(error.to_string()))?;
            results.add_code(&tested);
        }
    }
    terminal::print(|out| match args.format {
        TestAnswer::Text => results.text(out),
        TestAnswer::Json => results.json(out),
        TestAnswer::Junit => results.junit(out),
    })?;
    Ok(if results.failed() == 0 { failure::OK } else { failure::FOUND })
}

/// What became of all rules.
#[derive(Default, Serialize)]
struct Results {
    /// How many rule files there were.
    files: usize,
    rules: Vec<RuleResult>,
    /// Rules that cannot be used: where and why.
    broken: Vec<String>,
    /// Files whose rules nothing tests.
    untested: Vec<String>,
}

#[derive(Serialize)]
struct RuleResult {
    file: String,
    rule: String,
    passed: bool,
    /// Each place or sample where the rule does otherwise.
    failures: Vec<String>,
}

impl Results {
    fn failed(&self) -> usize {
        self.broken.len() + self.rules.iter().filter(|rule| !rule.passed).count()
    }

    fn add_secrets(&mut self, file: &Path, outcome: Outcome) {
        let name = file.display().to_string();
        let Outcome { passed, failed, problems } = outcome;
        if passed.is_empty() && failed.is_empty() && problems.is_empty() {
            self.untested.push(format!("{name}: loads, but has no fixtures to test"));
        }
        let passed = passed.into_iter().map(|rule| (rule, Vec::new()));
        for (rule, failures) in passed.chain(failed) {
            self.rules.push(RuleResult { file: name.clone(), rule, passed: failures.is_empty(), failures });
        }
        self.broken.extend(problems.iter().map(ToString::to_string));
    }

    fn add_code(&mut self, tested: &TestReport) {
        self.broken.extend(tested.errors.iter().map(ToString::to_string));
        for rule in &tested.rules {
            self.rules.push(RuleResult {
                file: rule.file.display().to_string(),
                rule: rule.rule.clone(),
                passed: rule.failures.is_empty(),
                failures: rule.failures.iter().map(words).collect(),
            });
        }
        let untested = tested.untested.iter();
        self.untested.extend(untested.map(|file| format!("{}: no target beside it", file.display())));
    }

    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut line = |text: &str| writeln!(out, "{}", plain::visible(text));
        for problem in &self.broken {
            line(&format!("BROKEN {problem}"))?;
        }
        for rule in self.rules.iter().filter(|rule| !rule.passed) {
            line(&format!("FAILED {}", rule.rule))?;
            for failure in &rule.failures {
                line(&format!("    {failure}"))?;
            }
        }
        for file in &self.untested {
            line(file)?;
        }
        let held = self.rules.iter().filter(|rule| rule.passed).count() as u64;
        line(&format!(
            "{} in {}, {} failed",
            plain::counted(held, "rule holds", "rules hold"),
            plain::counted(self.files as u64, "file", "files"),
            plain::grouped(self.failed() as u64)
        ))
    }

    fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, self).map_err(io::Error::other)?;
        writeln!(out)
    }

    /// One test suite, with the rule file as class of each rule.
    fn junit(&self, out: &mut dyn Write) -> io::Result<()> {
        let (failures, errors) = (self.failed() - self.broken.len(), self.broken.len());
        let tests = self.rules.len() + errors;
        let counts = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"");
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
        writeln!(out, "<testsuites name=\"bartizan\" {counts}>")?;
        writeln!(out, "  <testsuite name=\"bartizan rules test\" {counts}>")?;
        for RuleResult { file, rule, passed, failures } in &self.rules {
            write!(out, "    <testcase classname=\"{}\" name=\"{}\"", escape(file), escape(rule))?;
            if *passed {
                writeln!(out, "/>")?;
                continue;
            }
            writeln!(out, ">")?;
            writeln!(out, "      <failure message=\"{} of the rule's tests fail\">", failures.len())?;
            for failure in failures {
                writeln!(out, "{}", escape(failure))?;
            }
            writeln!(out, "      </failure>\n    </testcase>")?;
        }
        for problem in &self.broken {
            writeln!(out, "    <testcase classname=\"rules\" name=\"{}\">", escape(problem))?;
            writeln!(out, "      <error message=\"the rule cannot be used\"/>\n    </testcase>")?;
        }
        writeln!(out, "  </testsuite>\n</testsuites>")
    }
}

fn words(failure: &CodeFailure) -> String {
    match failure {
        CodeFailure::Missed { file, line, expect } => {
            format!("{}:{line}: nothing found, though `{expect}` says so", file.display())
        }
        CodeFailure::Unexpected { file, line, expect: Some(expect) } => {
            format!("{}:{line}: found, against `{expect}`", file.display())
        }
        CodeFailure::Unexpected { file, line, expect: None } => {
            format!("{}:{line}: found, and no annotation says so", file.display())
        }
        CodeFailure::Fix { file, line } => {
            format!("{}:{line}: the fix makes something else", file.display())
        }
    }
}

/// Whether the program carries the rules of this file.
fn is_builtin(file: &Path, detector: &SecretsDetector) -> bool {
    let Some(stem) = file.file_stem() else { return false };
    let prefix = format!("secrets/{}/", stem.to_string_lossy());
    detector.scanner().rules().iter().any(|rule| rule.info.id.starts_with(&prefix))
}
