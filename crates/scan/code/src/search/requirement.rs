//! What a file must have for a formula to hold, known before the file is parsed.

use super::{Formula, PatternSet};
use crate::tree::Symbol;

/// Text that a file must have as a name or literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// Nothing is known.
    Nothing,
    /// All of these.
    Symbols(Vec<Symbol>),
    /// All of these.
    All(Vec<Requirement>),
    /// One of these.
    Any(Vec<Requirement>),
}

impl Requirement {
    /// What `formula` requires.
    pub fn of(formula: &Formula, patterns: &PatternSet) -> Self {
        match formula {
            Formula::Pattern(number) => match patterns.patterns.get(*number as usize) {
                Some(pattern) if !pattern.required.is_empty() => Self::Symbols(pattern.required.clone()),
                _ => Self::Nothing,
            },
            Formula::Regex(_) | Formula::Generic(_) | Formula::Whole => Self::Nothing,
            Formula::Or(list) => Self::any(list.iter().map(|formula| Self::of(formula, patterns)).collect()),
            Formula::Inside(inner) | Formula::Anywhere(inner) => Self::of(inner, patterns),
            Formula::And(and) => {
                Self::all(and.all.iter().map(|formula| Self::of(formula, patterns)).collect())
            }
        }
    }

    /// All of several.
    pub fn all(list: Vec<Self>) -> Self {
        let mut list: Vec<Self> = list.into_iter().filter(|one| *one != Self::Nothing).collect();
        match list.len() {
            0 => Self::Nothing,
            1 => list.remove(0),
            _ => Self::All(list),
        }
    }

    /// One of several.
    pub fn any(list: Vec<Self>) -> Self {
        if list.is_empty() || list.contains(&Self::Nothing) { Self::Nothing } else { Self::Any(list) }
    }

    /// Whether it holds where `has` tells which text is there.
    pub fn holds(&self, has: &dyn Fn(Symbol) -> bool) -> bool {
        match self {
            Self::Nothing => true,
            Self::Symbols(list) => list.iter().all(|symbol| has(*symbol)),
            Self::All(list) => list.iter().all(|one| one.holds(has)),
            Self::Any(list) => list.iter().any(|one| one.holds(has)),
        }
    }

    /// Calls `each` for all text that it names.
    pub fn symbols(&self, each: &mut dyn FnMut(Symbol)) {
        match self {
            Self::Nothing => {}
            Self::Symbols(list) => list.iter().for_each(|symbol| each(*symbol)),
            Self::All(list) | Self::Any(list) => list.iter().for_each(|one| one.symbols(each)),
        }
    }
}
