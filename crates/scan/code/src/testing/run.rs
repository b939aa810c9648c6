//! Finds rule files and their targets, runs them, compares.

use super::annotation::{Annotation, Expect, annotations};
use super::files::{MAX_FILES, Targets, collect, fixed_file, is_rule_file, read};
use crate::analyze::{Limits, RuleMatch};
use crate::join::{FileRow, read_references};
use crate::rule::{RuleError, load};
use crate::ruleset::{LoadedRule, RuleSet};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// What became of all rules.
#[derive(Debug, Default)]
pub struct TestReport {
    /// By rule, in order of file and rule.
    pub rules: Vec<RuleOutcome>,
    /// Rules that cannot be used.
    pub errors: Vec<RuleError>,
    /// Rule files without a target.
    pub untested: Vec<PathBuf>,
}

impl TestReport {
    /// Whether all rules do as annotated and all can be used.
    pub fn passed(&self) -> bool {
        self.errors.is_empty() && self.rules.iter().all(|rule| rule.failures.is_empty())
    }
}

/// What became of one rule.
#[derive(Debug)]
pub struct RuleOutcome {
    /// The rule file.
    pub file: PathBuf,
    /// The rule's id.
    pub rule: String,
    /// The line of the rule file where it begins, from 1.
    pub line: u32,
    /// How many annotations it was held against.
    pub checked: usize,
    /// Where it did otherwise.
    pub failures: Vec<Failure>,
    /// Annotations of what is still to be done (`todoruleid`, `todook`) that hold already: they can lose their `todo`.
    pub settled: Vec<Settled>,
}

/// A `todo` that is done.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Settled {
    /// The target.
    pub file: PathBuf,
    /// The line that the annotation is about, from 1.
    pub line: u32,
    /// The annotation.
    pub expect: &'static str,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Failure {
    /// Nothing was found where the annotation says so.
    Missed {
        /// The target.
        file: PathBuf,
        /// The line, from 1.
        line: u32,
        /// What was expected.
        expect: &'static str,
    },
    /// Something was found that no annotation expects.
    Unexpected {
        /// The target.
        file: PathBuf,
        /// The line, from 1.
        line: u32,
        /// What was expected, where anything was.
        expect: Option<&'static str>,
    },
    /// The fix makes something else of the target.
    Fix {
        /// The file that says what it should make.
        file: PathBuf,
        /// The first line that differs, from 1.
        line: u32,
    },
}

/// Why nothing could be tested.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TestError {
    /// A folder or file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// More than `MAX_FILES`.
    #[error("more than {MAX_FILES} files")]
    TooMany,
}

/// Bytes of stack of a testing thread: patterns and trees are read by recursion.
const STACK: usize = 8 << 20;

/// A rule file and its targets.
struct Suite {
    file: PathBuf,
    targets: Vec<Vec<PathBuf>>,
}

/// Tests all rule files at or below `path`.
///
/// # Errors
/// When something cannot be read. Wrong rules are in the report.
pub fn run(path: &Path) -> Result<TestReport, TestError> {
    run_all(&[path.to_owned()])
}

/// Tests all rule files at or below `paths`, each once, on as many threads as there are processors. The report is the same
/// whatever the threads do.
///
/// # Errors
/// When something cannot be read. Wrong rules are in the report.
pub fn run_all(paths: &[PathBuf]) -> Result<TestReport, TestError> {
    let mut files = Vec::new();
    for path in paths {
        collect(path, &mut files)?;
    }
    files.retain(|file| is_rule_file(file));
    files.sort();
    files.dedup();
    let mut targets = Targets::default();
    let mut suites = Vec::with_capacity(files.len());
    for file in files {
        suites.push(Suite { targets: targets.of(&file)?, file });
    }
    let next = AtomicUsize::new(0);
    let done = Mutex::new(BTreeMap::new());
    let work = || {
        while let Some((number, suite)) = {
            let number = next.fetch_add(1, Ordering::Relaxed);
            suites.get(number).map(|suite| (number, suite))
        } {
            let outcome = suite.run();
            done.lock().unwrap_or_else(PoisonError::into_inner).insert(number, outcome);
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(suites.len());
    std::thread::scope(|scope| {
        for _ in 1..threads {
            // Fewer threads than asked for still do all the work.
            if std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
    let mut report = TestReport::default();
    for outcome in done.into_inner().unwrap_or_else(PoisonError::into_inner).into_values() {
        let TestReport { rules, errors, untested } = outcome?;
        report.rules.extend(rules);
        report.errors.extend(errors);
        report.untested.extend(untested);
    }
    Ok(report)
}

/// Tests all rules below `rules` on programs below `targets`: `FOLDER/FILE` is a program of one file, `FOLDER/NAME/…` one of
/// several. What no annotation speaks of is not held against a rule.
///
/// # Errors
/// When something cannot be read. Wrong rules are in the report.
pub fn run_programs(rules: &Path, targets: &Path) -> Result<TestReport, TestError> {
    let mut files = Vec::new();
    collect(rules, &mut files)?;
    files.sort();
    let mut report = TestReport::default();
    let mut loaded = Vec::new();
    for file in files.iter().filter(|file| is_rule_file(file)) {
        let name = file.display().to_string();
        let result = load(&read(file)?, &name);
        report.errors.extend(result.errors);
        let rule = |rule: crate::rule::Rule| LoadedRule { name: rule.id.clone(), file: name.clone(), rule };
        loaded.extend(result.rules.into_iter().map(rule));
    }
    let mut programs: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    let mut sources = Vec::new();
    collect(targets, &mut sources)?;
    sources.sort();
    for file in sources {
        let inside = file.strip_prefix(targets).unwrap_or(&file);
        let depth = inside.components().count();
        let program = if depth > 2 { inside.components().take(2).collect() } else { inside.to_owned() };
        programs.entry(program).or_default().push(file);
    }
    report.errors.extend(read_references(&mut loaded));
    let (set, errors) = RuleSet::compile(loaded);
    report.errors.extend(errors);
    let suite = Suite { file: rules.to_owned(), targets: programs.into_values().collect() };
    suite.check(&set, &mut report)?;
    for rule in &mut report.rules {
        rule.failures.retain(|failure| !matches!(failure, Failure::Unexpected { expect: None, .. }));
    }
    Ok(report)
}

impl Suite {
    /// Tests the rules of one file: a target meets no others.
    fn run(&self) -> Result<TestReport, TestError> {
        let mut report = TestReport::default();
        let name = self.file.display().to_string();
        let loaded = load(&read(&self.file)?, &name);
        report.errors.extend(loaded.errors);
        if loaded.rules.is_empty() {
            return Ok(report);
        }
        if self.targets.is_empty() {
            report.untested.push(self.file.clone());
        }
        let rules = loaded.rules.into_iter().map(|rule| LoadedRule {
            name: rule.id.clone(),
            file: name.clone(),
            // Where a test lies says nothing of where the rule is meant for.
            rule: crate::rule::Rule { paths: crate::rule::Paths::default(), ..rule },
        });
        let mut rules: Vec<LoadedRule> = rules.collect();
        report.errors.extend(read_references(&mut rules));
        let (set, errors) = RuleSet::compile(rules);
        report.errors.extend(errors);
        self.check(&set, &mut report)?;
        Ok(report)
    }

    fn check(&self, set: &RuleSet, report: &mut TestReport) -> Result<(), TestError> {
        let mut outcomes: BTreeMap<&str, RuleOutcome> = BTreeMap::new();
        // What cannot be used is an error, and neither passes nor fails.
        let broken = |id: &str| report.errors.iter().any(|error| error.rule.as_deref() == Some(id));
        for rule in set.given().iter().filter(|rule| !broken(&rule.rule.id)) {
            outcomes.insert(
                &rule.rule.id,
                RuleOutcome {
                    file: self.file.clone(),
                    rule: rule.rule.id.clone(),
                    line: rule.rule.span.line,
                    checked: 0,
                    failures: Vec::new(),
                    settled: Vec::new(),
                },
            );
        }
        for group in &self.targets {
            let mut sources = Vec::new();
            for path in group {
                sources.push((path, read(path)?));
            }
            let found = scan_group(set, &sources);
            for (index, (path, source)) in sources.iter().enumerate() {
                let matches: Vec<&RuleMatch> =
                    found.iter().filter(|(file, _)| *file == index).map(|(_, found)| found).collect();
                compare(set, path, source, &matches, &mut outcomes);
                self.check_fix(set, path, source, &matches, &mut outcomes)?;
            }
        }
        let mut outcomes: Vec<RuleOutcome> = outcomes.into_values().collect();
        outcomes.sort_by(|a, b| (a.line, &a.rule).cmp(&(b.line, &b.rule)));
        report.rules.extend(outcomes);
        Ok(())
    }

    fn check_fix(
        &self,
        set: &RuleSet,
        path: &Path,
        source: &str,
        matches: &[&RuleMatch],
        outcomes: &mut BTreeMap<&str, RuleOutcome>,
    ) -> Result<(), TestError> {
        let Some(expected_file) = fixed_file(path) else { return Ok(()) };
        let expected = read(&expected_file)?;
        let made =
            crate::fix::apply(source, matches.iter().flat_map(|found| found.fix.iter().cloned()).collect());
        if made == expected {
            return Ok(());
        }
        let differs = made.lines().zip(expected.lines()).take_while(|(a, b)| a == b).count() as u32 + 1;
        let fixing = matches.iter().find(|found| !found.fix.is_empty()).map(|found| found.rule);
        let name = fixing.and_then(|rule| set.rules.get(rule)).or(set.rules.first());
        if let Some(outcome) = name.and_then(|rule| outcomes.get_mut(rule.rule.id.as_str())) {
            outcome.failures.push(Failure::Fix { file: expected_file, line: differs });
        }
        Ok(())
    }
}

/// What rules find in files that belong together, by number of the file.
pub(crate) fn scan_group(set: &RuleSet, sources: &[(&PathBuf, String)]) -> Vec<(usize, RuleMatch)> {
    let limits = Limits::default();
    let (mut all, mut rows) = (Vec::new(), Vec::new());
    let mut summaries: Vec<(usize, String, _)> = Vec::new();
    for (index, (path, source)) in sources.iter().enumerate() {
        let name = path.to_string_lossy().replace('\\', "/");
        let result = set.scan(&name, source.as_bytes(), &limits);
        all.extend(result.matches.into_iter().map(|found| (index, found)));
        rows.extend(result.rows.into_iter().map(|row| (index, name.clone(), row)));
        if let Some(summary) = result.summary {
            summaries.push((index, name, summary));
        }
    }
    let rows: Vec<FileRow<'_>> =
        rows.iter().map(|(file, path, row)| FileRow { file: *file, path, row }).collect();
    all.extend(set.joined(&rows).0.into_iter().map(|joined| {
        let range = joined.range.0 as usize..joined.range.1 as usize;
        (joined.file, RuleMatch { rule: joined.rule, range, message: joined.message, ..RuleMatch::default() })
    }));
    if summaries.len() > 1 {
        let summaries: Vec<_> =
            summaries.iter().map(|(index, name, summary)| (*index, name.as_str(), summary.clone())).collect();
        for found in set.conclude(&summaries) {
            let known = |(file, known): &(usize, RuleMatch)| {
                *file == found.0 && known.rule == found.1.rule && known.range == found.1.range
            };
            if !all.iter().any(known) {
                all.push(found);
            }
        }
    }
    all
}

fn compare(
    set: &RuleSet,
    path: &Path,
    source: &str,
    matches: &[&RuleMatch],
    outcomes: &mut BTreeMap<&str, RuleOutcome>,
) {
    let line_of = |byte: usize| {
        source.as_bytes()[..byte.min(source.len())].iter().filter(|b| **b == b'\n').count() as u32 + 1
    };
    let mut found: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for one in matches {
        if let Some(rule) = set.rules.get(one.rule) {
            found.entry(&rule.rule.id).or_default().insert(line_of(one.range.start));
        }
    }
    let mut expected: BTreeMap<(&str, u32), Expect> = BTreeMap::new();
    let annotations = annotations(source);
    for Annotation { line, expect, rule } in &annotations {
        // A rule may be named with the folder in front, as other tools print it.
        let id =
            set.given().iter().map(|rule| rule.rule.id.as_str()).find(|id| {
                rule == id || rule.strip_suffix(id).is_some_and(|front| front.ends_with(['.', '/']))
            });
        if let Some(id) = id {
            expected.insert((id, *line), *expect);
        }
    }
    for ((id, line), expect) in &expected {
        let Some(outcome) = outcomes.get_mut(*id) else { continue };
        outcome.checked += 1;
        let here = found.get(*id).is_some_and(|lines| lines.contains(line));
        let file = path.to_owned();
        match (expect, here) {
            (Expect::Found | Expect::DeepFound, false) => {
                outcome.failures.push(Failure::Missed { file, line: *line, expect: expect.word() });
            }
            (Expect::Clean | Expect::DeepClean, true) => {
                outcome.failures.push(Failure::Unexpected { file, line: *line, expect: Some(expect.word()) });
            }
            (Expect::TodoFound, true) | (Expect::TodoClean, false) => {
                outcome.settled.push(Settled { file, line: *line, expect: expect.word() });
            }
            _ => {}
        }
    }
    for (id, lines) in found {
        let Some(outcome) = outcomes.get_mut(id) else { continue };
        for line in lines {
            if !expected.contains_key(&(id, line)) {
                outcome.failures.push(Failure::Unexpected { file: path.to_owned(), line, expect: None });
            }
        }
    }
}
