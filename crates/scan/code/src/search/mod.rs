//! Formulas: patterns combined by `patterns`, `pattern-either`, `pattern-inside`, `pattern-not` and conditions.
//!
//! A formula's value in a file is a list of [`Hit`]s: ranges with bindings. Combination follows Semgrep's documentation of
//! rule syntax: of two ranges that must both hold the inner one stays, what metavariables took must agree, negation takes
//! away equal ranges (`pattern-not`), ranges within (`pattern-not-inside`) or ranges that overlap (`pattern-not-regex`).

mod combine;
mod compile;
mod condition;
mod entropy;
pub(crate) mod redos;
mod requirement;

pub use combine::bound_range;
pub use compile::{CompileError, Compiler};
pub use condition::Condition;
pub use requirement::Requirement;

use crate::matching::{Bindings, Bound, File, Matcher, Options};
use crate::pattern::Pattern;
use crate::rule::regex::Regex;
use crate::tree::{NodeId, Symbol};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

/// Hits of one formula in one file.
const MAX_HITS: usize = 100_000;

/// A formula with compiled patterns.
#[derive(Debug)]
pub enum Formula {
    /// A pattern, by its number in the [`PatternSet`].
    Pattern(u32),
    /// A regular expression over the file's text; named groups bind metavariables, numbered ones `$1` and so on.
    Regex(Box<CompiledRegex>),
    /// A pattern for text without a grammar.
    Generic(Box<crate::generic::Pattern>),
    /// All must hold.
    And(Box<And>),
    /// One must hold.
    Or(Vec<Formula>),
    /// The whole of what is looked at: the file, or what a metavariable took.
    Whole,
    /// A range around the finding.
    Inside(Box<Formula>),
    /// Somewhere in the file.
    Anywhere(Box<Formula>),
}

/// See [`Formula::And`].
#[derive(Debug, Default)]
pub struct And {
    /// What must hold.
    pub all: Vec<Formula>,
    /// What must not.
    pub not: Vec<Formula>,
    /// What must hold of bindings.
    pub conditions: Vec<Condition>,
    /// Each narrows the range to what one of its metavariables took; several narrow to what they share.
    pub focus: Vec<Vec<Symbol>>,
}

/// A regular expression and the metavariables of its groups.
#[derive(Debug)]
pub struct CompiledRegex {
    /// The expression.
    pub regex: Regex,
    /// Group number and metavariable.
    pub groups: Vec<(usize, Symbol)>,
}

/// All patterns of one grammar, equal texts once.
#[derive(Debug, Default)]
pub struct PatternSet {
    /// The patterns.
    pub patterns: Vec<Pattern>,
}

/// A range that a formula holds for.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Bytes of the source.
    pub range: Range<u32>,
    /// What metavariables took.
    pub bindings: Bindings,
    /// What kind of range it is.
    pub kind: HitKind,
}

/// How a range behaves when it is combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HitKind {
    /// The finding itself.
    Plain,
    /// Around the finding.
    Inside,
    /// From a regular expression.
    Regex,
    /// Somewhere in the file.
    Anywhere,
}

/// Hits by pattern and by the equivalences that held.
type Known = HashMap<(u32, Options), Rc<Vec<Hit>>, foldhash::fast::RandomState>;

/// Evaluates formulas in one file. Patterns that several formulas share are matched once.
pub struct Search<'a> {
    file: &'a File<'a>,
    patterns: &'a PatternSet,
    hits: RefCell<Known>,
    cut: Cell<bool>,
    proceed: &'a dyn Fn() -> bool,
}

impl<'a> Search<'a> {
    /// A search in `file`. `proceed` says whether there is time left.
    pub fn new(file: &'a File<'a>, patterns: &'a PatternSet, proceed: &'a dyn Fn() -> bool) -> Self {
        Self { file, patterns, hits: RefCell::default(), cut: Cell::new(false), proceed }
    }

    /// The file.
    pub fn file(&self) -> &'a File<'a> {
        self.file
    }

    /// Whether a bound was hit since this was last asked.
    pub fn take_cut(&self) -> bool {
        self.cut.replace(false)
    }

    /// The ranges for which `formula` holds, sorted, equal ones once.
    pub fn evaluate(&self, formula: &Formula, options: Options) -> Vec<Hit> {
        let mut hits = self.hits_of(formula, options, None);
        self.sort(&mut hits);
        hits
    }

    fn sort(&self, hits: &mut Vec<Hit>) {
        hits.sort_by_key(|hit| (hit.range.start, hit.range.end));
        let mut kept: Vec<Hit> = Vec::with_capacity(hits.len());
        for hit in hits.drain(..) {
            let equal = |known: &&Hit| known.range == hit.range && known.bindings.equal(&hit.bindings);
            let known = kept.iter().rev().take_while(|known| known.range == hit.range).find(equal).is_some();
            if !known {
                kept.push(hit);
            }
        }
        *hits = kept;
    }

    /// `within`: only ranges in this one are of interest.
    fn hits_of(&self, formula: &Formula, options: Options, within: Option<&Range<u32>>) -> Vec<Hit> {
        if !(self.proceed)() {
            self.cut.set(true);
            return Vec::new();
        }
        let mut hits = match formula {
            Formula::Pattern(number) => self.pattern(*number, options, within),
            Formula::Whole => {
                let range = within.cloned().unwrap_or(0..self.file.source.len() as u32);
                vec![Hit { range, bindings: Bindings::default(), kind: HitKind::Plain }]
            }
            Formula::Regex(regex) => self.regex(regex),
            Formula::Generic(pattern) => self.generic(pattern),
            Formula::Or(list) => {
                list.iter().flat_map(|formula| self.hits_of(formula, options, within)).collect()
            }
            Formula::Inside(inner) => self.marked(inner, options, HitKind::Inside),
            Formula::Anywhere(inner) => self.marked(inner, options, HitKind::Anywhere),
            Formula::And(and) => self.and(and, options, within),
        };
        if let Some(within) = within {
            hits.retain(|hit| {
                hit.kind != HitKind::Plain && hit.kind != HitKind::Regex
                    || within.start <= hit.range.start && hit.range.end <= within.end
            });
        }
        if hits.len() > MAX_HITS {
            self.cut.set(true);
            hits.truncate(MAX_HITS);
        }
        hits
    }

    fn marked(&self, inner: &Formula, options: Options, kind: HitKind) -> Vec<Hit> {
        let mut hits = self.hits_of(inner, options, None);
        for hit in &mut hits {
            hit.kind = kind;
        }
        hits
    }

    fn pattern(&self, number: u32, options: Options, within: Option<&Range<u32>>) -> Vec<Hit> {
        let key = (number, options);
        let known = self.hits.borrow().get(&key).cloned();
        let all = known.unwrap_or_else(|| {
            let made = Rc::new(self.match_pattern(number, options));
            self.hits.borrow_mut().insert(key, Rc::clone(&made));
            made
        });
        match within {
            None => all.as_ref().clone(),
            Some(within) => all[all.partition_point(|hit| hit.range.start < within.start)..]
                .iter()
                .take_while(|hit| hit.range.start <= within.end)
                .filter(|hit| within.start <= hit.range.start && hit.range.end <= within.end)
                .cloned()
                .collect(),
        }
    }

    fn match_pattern(&self, number: u32, options: Options) -> Vec<Hit> {
        let Some(pattern) = self.patterns.patterns.get(number as usize) else { return Vec::new() };
        if !pattern.required.iter().all(|symbol| self.file.symbols.has(*symbol)) {
            return Vec::new();
        }
        let found = Matcher::new(pattern, self.file, options).find();
        if found.cut {
            self.cut.set(true);
        }
        let hit = |found: crate::matching::Match| Hit {
            range: found.range,
            bindings: found.bindings,
            kind: HitKind::Plain,
        };
        let mut hits: Vec<Hit> = found.matches.into_iter().map(hit).collect();
        hits.sort_by_key(|hit| hit.range.start);
        hits
    }

    fn regex(&self, regex: &CompiledRegex) -> Vec<Hit> {
        let mut hits = Vec::new();
        for found in regex.regex.captures_iter(self.file.source).take(MAX_HITS) {
            // Beyond the bound of backtracking nothing more is known.
            let Ok(found) = found else {
                self.cut.set(true);
                break;
            };
            let mut bindings = Bindings::default();
            for (group, name) in &regex.groups {
                if let Some(range) = found.get(*group) {
                    bindings.push(*name, Bound::Text(range.start as u32..range.end as u32));
                }
            }
            let whole = found.range();
            let range = whole.start as u32..whole.end as u32;
            hits.push(Hit { range, bindings, kind: HitKind::Regex });
        }
        hits
    }

    fn generic(&self, pattern: &crate::generic::Pattern) -> Vec<Hit> {
        let Ok(text) = std::str::from_utf8(self.file.source) else { return Vec::new() };
        let hit = |found: crate::generic::Match| {
            let mut bindings = Bindings::default();
            for (name, range) in found.bindings {
                if let Some(name) = self.file.symbols.get(&name) {
                    bindings.push(name, Bound::Text(range.start as u32..range.end as u32));
                }
            }
            let range = found.range.start as u32..found.range.end as u32;
            Hit { range, bindings, kind: HitKind::Plain }
        };
        pattern.find(text).into_iter().map(hit).collect()
    }
}

/// The node that makes exactly a range: the outermost with these bytes.
pub fn node_of(file: &File<'_>, range: &Range<u32>) -> Option<NodeId> {
    if file.tree.is_empty() {
        return None;
    }
    let tree = file.tree;
    let mut at = tree.root;
    loop {
        let node = tree.node(at);
        if node.start == range.start && node.end == range.end && tree.parent(at).is_some() {
            return Some(at);
        }
        let inner = tree.children(at).iter().find(|child| {
            let child = tree.node(**child);
            child.start < child.end && child.start <= range.start && range.end <= child.end
        });
        match inner {
            Some(inner) => at = *inner,
            None => return None,
        }
    }
}
