//! Looks over rules: what can never match, what is said twice, what is missing.
//!
//! A rule that loads may still be of no use. [`lint`] says what its author would want to know before it runs on code: patterns
//! that another one covers, metavariables that nothing binds, regular expressions that are slow or hold for everything,
//! metadata that reports need, fixtures that are not there.

mod dead;
mod description;
mod kind;
mod metavariables;
mod regexes;
mod subsume;

pub use kind::Kind;

use crate::rule::{Formula, Mode, Rule, RuleError, Span, load};
use crate::ruleset::{Body, LoadedRule, RuleSet};
use crate::search::Requirement;
use crate::testing::files::{Targets, collect, is_rule_file, read};
use crate::testing::{Expect, TestError, annotations};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// How much a remark weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The rule, or a part of it, can do nothing.
    Error,
    /// Most likely not what was meant.
    Warning,
    /// Could be better.
    Note,
}

impl Level {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// Something about a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Remark {
    /// The rule file.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// How much it weighs.
    pub level: Level,
    /// What it is about.
    pub kind: Kind,
    /// The rule's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// One sentence.
    pub message: String,
}

/// Remarks on rule files.
#[derive(Debug, Default, Serialize)]
pub struct LintReport {
    /// In order of file and place.
    pub remarks: Vec<Remark>,
    /// How many files were read.
    pub files: usize,
    /// How many rules in them were sound enough to be looked over.
    pub rules: usize,
    /// How many YAML files met in folders hold no rules at all, and were passed over.
    pub others: usize,
}

impl LintReport {
    /// How many remarks are of a level.
    pub fn count(&self, level: Level) -> usize {
        self.remarks.iter().filter(|remark| remark.level == level).count()
    }
}

/// Looks over all rule files at or below `paths`, with the fixtures beside them.
///
/// # Errors
/// When something cannot be read.
pub fn lint(paths: &[PathBuf]) -> Result<LintReport, TestError> {
    let mut files = Vec::new();
    for path in paths {
        collect(path, &mut files)?;
    }
    files.retain(|file| is_rule_file(file) || paths.contains(file));
    files.sort();
    files.dedup();
    let mut targets = Targets::default();
    let mut report = LintReport::default();
    // Ids of rules for the same language, and where they were first met.
    let mut ids: BTreeMap<(String, &'static str), String> = BTreeMap::new();
    for file in files {
        let text = read(&file)?;
        if !paths.contains(&file) && !has_rules(&text) {
            report.others += 1;
            continue;
        }
        let fixtures = Fixtures::of(&mut targets, &file)?;
        let name = file.display().to_string();
        let mut linter = Linter { file: &name, rule: None, remarks: &mut report.remarks };
        let rules = linter.text(&text, &fixtures);
        report.files += 1;
        report.rules += rules.len();
        for rule in &rules {
            let mut linter =
                Linter { file: &name, rule: Some(rule.id.clone()), remarks: &mut report.remarks };
            for language in &rule.languages {
                match ids.entry((rule.id.clone(), language.name())) {
                    std::collections::btree_map::Entry::Vacant(new) => {
                        new.insert(name.clone());
                    }
                    std::collections::btree_map::Entry::Occupied(first) => {
                        let reason =
                            format!("{} has a rule of this id for {} too", first.get(), language.title());
                        linter.say(rule.span, Level::Warning, Kind::DuplicateId, reason);
                        break;
                    }
                }
            }
        }
    }
    report.remarks = in_order(report.remarks);
    Ok(report)
}

/// Looks over the rules of one text, without fixtures. `file` is only named in remarks.
pub fn lint_text(file: &str, text: &str) -> Vec<Remark> {
    let mut remarks = Vec::new();
    Linter { file, rule: None, remarks: &mut remarks }.text(text, &Fixtures::Unknown);
    in_order(remarks)
}

/// Whether YAML has the key that a rule file begins with: folders of code have much other YAML.
fn has_rules(text: &str) -> bool {
    text.lines().any(|line| line.trim_start_matches(['\u{feff}', '{', '"', '\'', ' ']).starts_with("rules"))
}

/// Sorts remarks. What an anchor repeats in several rules is said once, of the first.
fn in_order(mut remarks: Vec<Remark>) -> Vec<Remark> {
    remarks.sort();
    let mut known = BTreeSet::new();
    let place = |one: &Remark| (one.file.clone(), one.line, one.column, one.kind, one.message.clone());
    remarks.retain(|one| known.insert(place(one)));
    remarks
}

/// What the targets beside a rule file expect.
enum Fixtures {
    /// Nobody looked.
    Unknown,
    /// Rules that some line expects to find something, and rules that some line expects to find nothing.
    Known { found: BTreeSet<String>, clean: BTreeSet<String> },
}

impl Fixtures {
    fn of(targets: &mut Targets, rule_file: &Path) -> Result<Self, TestError> {
        let (mut found, mut clean) = (BTreeSet::new(), BTreeSet::new());
        for target in targets.of(rule_file)?.into_iter().flatten() {
            for annotation in annotations(&read(&target)?) {
                let id = annotation.rule.rsplit('/').next().unwrap_or_default().to_owned();
                match annotation.expect {
                    Expect::Found | Expect::DeepFound | Expect::TodoFound => found.insert(id),
                    Expect::Clean | Expect::DeepClean | Expect::TodoClean => clean.insert(id),
                };
            }
        }
        Ok(Self::Known { found, clean })
    }
}

/// Collects remarks on one file.
struct Linter<'a> {
    file: &'a str,
    rule: Option<String>,
    remarks: &'a mut Vec<Remark>,
}

impl Linter<'_> {
    fn say(&mut self, span: Span, level: Level, kind: Kind, message: impl Into<String>) {
        self.remarks.push(Remark {
            file: self.file.to_owned(),
            line: span.line,
            column: span.column,
            level,
            kind,
            rule: self.rule.clone(),
            message: message.into(),
        });
    }

    fn repeat(&mut self, error: RuleError, level: Level, kind: Kind) {
        let RuleError { rule, line, column, reason, .. } = error;
        let file = self.file.to_owned();
        self.remarks.push(Remark { file, line, column, level, kind, rule, message: reason });
    }

    fn text(&mut self, text: &str, fixtures: &Fixtures) -> Vec<Rule> {
        let loaded = load(text, self.file);
        for error in loaded.errors {
            self.repeat(error, Level::Error, Kind::Broken);
        }
        for warning in loaded.warnings {
            self.repeat(warning, Level::Warning, Kind::Odd);
        }
        for rule in &loaded.rules {
            self.rule = Some(rule.id.clone());
            self.one(rule);
            self.fixtures(rule, fixtures);
        }
        self.rule = None;
        loaded.rules
    }

    fn one(&mut self, rule: &Rule) {
        description::check(self, rule);
        self.paths(rule);
        metavariables::check(self, rule);
        let spec = rule.languages.iter().find_map(|language| language.specs().first().copied());
        for formula in formulas(rule) {
            regexes::check(self, formula);
            dead::check(self, formula, spec);
        }
        dead::check_flow(self, rule);
        self.compiled(rule);
    }

    /// Paths that leave nothing.
    fn paths(&mut self, rule: &Rule) {
        let (include, exclude) = (&rule.paths.include, &rule.paths.exclude);
        if !include.is_empty() && include.iter().all(|glob| exclude.contains(glob)) {
            let reason = "`paths` leaves out all that it takes in: the rule runs on no file";
            self.say(rule.span, Level::Error, Kind::NeverMatches, reason);
        }
    }

    /// What compiling tells.
    fn compiled(&mut self, rule: &Rule) {
        let loaded = LoadedRule { rule: rule.clone(), name: rule.id.clone(), file: self.file.to_owned() };
        let (set, errors) = RuleSet::compile(vec![loaded]);
        // Of regular expressions nobody asks for a literal: the regex engine looks for it itself.
        let judged = errors.is_empty() && formulas(rule).into_iter().any(has_leaf);
        for error in errors {
            self.repeat(error, Level::Error, Kind::Broken);
        }
        let everywhere =
            set.grammars(|_, spec| spec.is_some()).into_iter().flat_map(|grammar| &grammar.rules);
        let mut wordless = everywhere.filter(|rule| rule.requirement == Requirement::Nothing);
        if judged && let Some(one) = wordless.next() {
            let what = match one.body {
                Body::Search(_) => "no word has to be in a file for the rule to match",
                Body::Taint(_) => "no word has to be in a file for a source or sink to match",
                Body::Extract(_, _) => "no word has to be in a file for there to be code to extract",
            };
            self.say(rule.span, Level::Note, Kind::NoLiteral, format!("{what}: it is tried on every file"));
        }
    }

    fn fixtures(&mut self, rule: &Rule, fixtures: &Fixtures) {
        let Fixtures::Known { found, clean } = fixtures else { return };
        if !found.contains(&rule.id) {
            let reason = format!("no file beside the rule has a line with `ruleid: {}`", rule.id);
            self.say(rule.span, Level::Warning, Kind::NoFixture, reason);
        } else if !clean.contains(&rule.id) {
            let reason = format!("no file beside the rule has a line with `ok: {}`", rule.id);
            self.say(rule.span, Level::Note, Kind::NoFixture, reason);
        }
    }
}

/// The formulas of a rule; those of a join's rules too.
fn formulas(rule: &Rule) -> Vec<&Formula> {
    match &rule.mode {
        Mode::Search(formula) => vec![formula],
        Mode::Extract(extract) => vec![&extract.formula],
        Mode::Taint(taint) => taint.formulas().collect(),
        Mode::Join(join) => join.rules.iter().flat_map(formulas).collect(),
    }
}

fn has_leaf(formula: &Formula) -> bool {
    match formula {
        Formula::Leaf(_) => true,
        Formula::Regex(_) => false,
        Formula::Or(several) => several.iter().any(has_leaf),
        Formula::Inside(inner) | Formula::Not(inner) | Formula::Anywhere(inner) => has_leaf(inner),
        Formula::And(and) => and.positives.iter().chain(&and.insides).any(has_leaf),
    }
}

#[cfg(test)]
mod tests;
