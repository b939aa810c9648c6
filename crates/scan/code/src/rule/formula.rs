//! What a rule asks of code: patterns, and how they combine.

use super::Span;
use super::comparison::Expr;
use super::regex::Regex;
use crate::language::Language;

/// A pattern as it is written, to be parsed in the rule's language.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PatternText {
    /// The text.
    pub text: String,
    /// Where it stands in the rule file. In a block scalar, it begins with the text, not with `|`.
    pub span: Span,
}

/// Ranges of code with what metavariables stand for.
///
/// Old and new syntax give the same formula; `pattern-not-regex` is a [`Formula::Regex`] among the negatives.
#[derive(Clone, Debug)]
pub enum Formula {
    /// Code that a pattern matches.
    Leaf(PatternText),
    /// Text that a regular expression matches.
    Regex(RegexLeaf),
    /// All of several.
    And(Box<And>),
    /// Any of several.
    Or(Vec<Self>),
    /// What stands within a match. Among other formulas: they have to be within it, and the range is theirs.
    Inside(Box<Self>),
    /// What no match is. Only where there is something to take away from: within [`Formula::Or`] and at the top of
    /// [`PatternCondition`] it stands for the whole of the text that is looked at.
    Not(Box<Self>),
    /// A match anywhere in the file: it has to agree in metavariables, its range is of no account.
    Anywhere(Box<Self>),
}

/// A regular expression as a pattern. Its groups bind `$1`, `$2`, … and, if named, `$NAME`.
#[derive(Clone, Debug)]
pub struct RegexLeaf {
    /// Compiled for many lines.
    pub regex: Regex,
    /// Where it stands.
    pub span: Span,
}

/// All of several formulas and conditions. Each list is in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct And {
    /// What has to match at the same range: neither `Not` nor `Inside`.
    pub positives: Vec<Formula>,
    /// What the match has to be within. If there are no positives, the first of them gives the range.
    pub insides: Vec<Formula>,
    /// What the match must not be.
    pub negatives: Vec<Formula>,
    /// What the match must not be within.
    pub not_insides: Vec<Formula>,
    /// What must hold of the metavariables.
    pub conditions: Vec<Condition>,
    /// What the range shrinks to: each entry is one `focus-metavariable`; the entries of a list are alternatives, and several
    /// lists intersect.
    pub focus: Vec<Vec<String>>,
    /// Where it stands.
    pub span: Span,
}

/// What has to hold of a match's metavariables. Names are with their `$`.
#[derive(Clone, Debug)]
pub enum Condition {
    /// Its text matches.
    Regex(RegexCondition),
    /// A formula matches within what it stands for.
    Pattern(PatternCondition),
    /// An expression is true.
    Comparison(ComparisonCondition),
    /// An analysis of it is positive.
    Analysis(Analysis),
    /// It has a type.
    Type(TypeCondition),
    /// Its name resolves to something.
    Name(NameCondition),
}

/// `metavariable-regex`.
#[derive(Clone, Debug)]
pub struct RegexCondition {
    /// The metavariable.
    pub metavariable: String,
    /// Compiled to match from the start of the text.
    pub regex: Regex,
    /// Whether the value of a constant counts instead of the text.
    pub constant_propagation: bool,
    /// Where it stands.
    pub span: Span,
}

/// `metavariable-pattern`.
#[derive(Clone, Debug)]
pub struct PatternCondition {
    /// The metavariable.
    pub metavariable: String,
    /// If given, its text (the content of a string) is parsed in this language.
    pub language: Option<Language>,
    /// What has to match.
    pub formula: Formula,
    /// Where it stands.
    pub span: Span,
}

/// `metavariable-comparison`.
#[derive(Clone, Debug)]
pub struct ComparisonCondition {
    /// The metavariable that `base` and `strip` apply to.
    pub metavariable: Option<String>,
    /// What has to be true.
    pub expression: Expr,
    /// Base that the metavariable's digits are read in.
    pub base: Option<u32>,
    /// Whether quotes around the metavariable's text go before it is read as a number.
    pub strip: bool,
    /// Where it stands.
    pub span: Span,
}

/// `metavariable-analysis`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analysis {
    /// The metavariable.
    pub metavariable: String,
    /// Which analysis.
    pub analyzer: Analyzer,
    /// Where it stands.
    pub span: Span,
}

/// An analysis of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Analyzer {
    /// Random-looking.
    Entropy,
    /// Random-looking, the second measure.
    EntropyV2(EntropyMode),
    /// A regular expression that can take exponential time.
    Redos,
}

/// How sure [`Analyzer::EntropyV2`] has to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EntropyMode {
    /// Little.
    Lax,
    /// Usually so.
    #[default]
    Default,
    /// Very.
    Strict,
}

/// `metavariable-type`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeCondition {
    /// The metavariable.
    pub metavariable: String,
    /// The types, any of which it may have, as text of the language.
    pub types: Vec<PatternText>,
    /// If given, the language of the types.
    pub language: Option<Language>,
    /// Where it stands.
    pub span: Span,
}

/// `metavariable-name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameCondition {
    /// The metavariable.
    pub metavariable: String,
    /// A kind of thing, such as `django-view`.
    pub kind: Option<String>,
    /// Modules, any of which the name may come from; empty: of no account.
    pub modules: Vec<String>,
    /// Qualified names, any of which it may be; empty: of no account.
    pub names: Vec<String>,
    /// Where it stands.
    pub span: Span,
}

impl Formula {
    /// Collects every pattern within; `language` is that of the nearest condition that names one.
    pub fn patterns<'a>(
        &'a self,
        language: Option<Language>,
        into: &mut Vec<(&'a PatternText, Option<Language>)>,
    ) {
        match self {
            Self::Leaf(text) => into.push((text, language)),
            Self::Regex(_) => {}
            Self::Or(several) => several.iter().for_each(|one| one.patterns(language, into)),
            Self::Inside(one) | Self::Not(one) | Self::Anywhere(one) => one.patterns(language, into),
            Self::And(and) => {
                let lists = [&and.positives, &and.insides, &and.negatives, &and.not_insides];
                lists.into_iter().flatten().for_each(|one| one.patterns(language, into));
                for condition in &and.conditions {
                    if let Condition::Pattern(condition) = condition {
                        condition.formula.patterns(condition.language.or(language), into);
                    }
                }
            }
        }
    }
}
