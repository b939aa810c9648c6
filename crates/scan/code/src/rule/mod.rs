//! Semgrep's rule files as typed, validated rules.
//!
//! [`load`] reads YAML (or JSON, which is YAML) and gives the rules that are sound and, for each that is not, an error with
//! its place. Nothing here matches code: patterns stay text ([`PatternText`]), because each language parses its own.
//! The old syntax (`patterns`, `pattern-either`, …) and the new one (`match`, `taint`) become the same [`Formula`].

pub mod comparison;
mod file;
mod formula;
pub mod interpolate;
mod labels;
mod load;
mod metadata;
mod options;
pub mod regex;
mod taint;
mod version;

pub(crate) use file::rule_file;
pub use formula::{
    Analysis, Analyzer, And, ComparisonCondition, Condition, EntropyMode, Formula, NameCondition,
    PatternCondition, PatternText, RegexCondition, RegexLeaf, TypeCondition,
};
pub use labels::{LabelError, LabelExpr};
pub use load::load;
pub use metadata::Metadata;
pub use options::{CommentStyle, CppPreference, GenericEngine, Options};
pub use taint::{Propagator, Sanitizer, SideEffect, Sink, SinkRequires, Source, TaintSpec};
pub use version::{COMPATIBLE_WITH, Version};

pub use bartizan_yaml::Span;

use crate::language::Language;
use bartizan_model::Severity;
use regex::Regex;

/// What a rule file holds.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The sound rules, in the order of the file.
    pub rules: Vec<Rule>,
    /// What is wrong, in the order of the file. A rule with an error is not among the rules.
    pub errors: Vec<RuleError>,
    /// What is odd but stops nothing: unknown keys, languages that this engine does not read.
    pub warnings: Vec<RuleError>,
}

/// Something wrong in a rule file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {}{reason}", .rule.as_ref().map(|id| format!("rule {id}: ")).unwrap_or_default())]
pub struct RuleError {
    /// The file as it was named to [`load`].
    pub file: String,
    /// The rule, where one with an id is concerned.
    pub rule: Option<String>,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong.
    pub reason: String,
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name: letters, digits, `.`, `_` and `-`.
    pub id: String,
    /// The languages it is for, without repetition; at least one, but for [`Mode::Join`].
    pub languages: Vec<Language>,
    /// What a finding says; see [`interpolate`]. Empty for [`Mode::Extract`].
    pub message: String,
    /// How bad it is.
    pub severity: Severity,
    /// Free data.
    pub metadata: Metadata,
    /// Files it is for.
    pub paths: Paths,
    /// How it matches.
    pub options: Options,
    /// What replaces the match.
    pub fix: Option<String>,
    /// What is replaced within the match.
    pub fix_regex: Option<FixRegex>,
    /// What it looks for.
    pub mode: Mode,
    /// Where it stands.
    pub span: Span,
}

impl Rule {
    /// Every pattern of the rule, those of conditions with the language they name.
    pub fn patterns(&self) -> Vec<(&PatternText, Option<Language>)> {
        let mut found = Vec::new();
        match &self.mode {
            Mode::Search(formula) => formula.patterns(None, &mut found),
            Mode::Extract(extract) => extract.formula.patterns(None, &mut found),
            Mode::Taint(taint) => taint.formulas().for_each(|formula| formula.patterns(None, &mut found)),
            Mode::Join(join) => return join.rules.iter().flat_map(|rule| rule.patterns()).collect(),
        }
        found
    }
}

/// What a rule looks for.
#[derive(Clone, Debug)]
pub enum Mode {
    /// Code of a shape.
    Search(Formula),
    /// A flow of data.
    Taint(TaintSpec),
    /// Code of another language within.
    Extract(ExtractSpec),
    /// Findings of several rules that agree.
    Join(JoinSpec),
}

/// Files a rule is for, as globs in Semgrep's manner: a glob with a `/` other than at its end is tied to the scan's root,
/// any other matches at any depth; either also covers everything below a folder that it names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paths {
    /// If there are any, a file has to match one.
    pub include: Vec<String>,
    /// A file must match none.
    pub exclude: Vec<String>,
}

/// A replacement within the match by regular expression.
#[derive(Clone, Debug)]
pub struct FixRegex {
    /// What to find.
    pub regex: Regex,
    /// What to put there; `\1` and `\g<1>` are groups.
    pub replacement: String,
    /// How often at most; none is always.
    pub count: Option<u32>,
}

/// How code of another language is taken out of a match.
#[derive(Clone, Debug)]
pub struct ExtractSpec {
    /// Where it is found.
    pub formula: Formula,
    /// The metavariable bound to it.
    pub metavariable: String,
    /// Its language.
    pub language: Language,
    /// What is done to the text.
    pub transform: Transform,
    /// Whether all extracts of a file are one text.
    pub concatenate: bool,
    /// Ids of the rules that are run on it; empty: all.
    pub include_rules: Vec<String>,
    /// Ids of the rules that are not.
    pub exclude_rules: Vec<String>,
}

/// What is done to extracted text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transform {
    /// Nothing.
    #[default]
    None,
    /// Quotes around it go.
    UnquoteString,
    /// A JSON list of strings is joined.
    ConcatJsonStrings,
}

/// Findings of several rules that have to agree.
#[derive(Clone, Debug)]
pub struct JoinSpec {
    /// Rules of other files.
    pub refs: Vec<JoinRef>,
    /// Rules given in place.
    pub rules: Vec<Rule>,
    /// Number in `refs` and the rule that was read for it; empty until files are read.
    pub referred: Vec<(usize, Rule)>,
    /// What has to agree; all of them.
    pub on: Vec<JoinOn>,
}

/// A rule of another file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinRef {
    /// The file as written.
    pub rule: String,
    /// Metavariables that get another name: from, to.
    pub renames: Vec<(String, String)>,
    /// The name in [`JoinOn`].
    pub alias: Option<String>,
}

/// One condition of a join: `left.$X OP right.$Y`, where `path` may stand for a metavariable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinOn {
    /// Rule and metavariable.
    pub left: (String, String),
    /// How they compare.
    pub operator: JoinOperator,
    /// Rule and metavariable.
    pub right: (String, String),
}

/// How two metavariables compare in a join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinOperator {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<` or `~`: the left is within the right.
    Within,
    /// `>`: the right is within the left.
    Contains,
    /// `-->`: the right is reached from the left, over any number of steps.
    Reaches,
}
