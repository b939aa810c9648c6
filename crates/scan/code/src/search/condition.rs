//! Conditions on what metavariables took.

use super::{Formula, Hit, HitKind, PatternSet, Search, combine::bound_range, entropy, redos};
use crate::facts::{Constant, Facts};
use crate::language::{Spec, parse};
use crate::matching::{Bindings, Bound, ByKind, File, Options, bound_text, is_type};
use crate::rule::comparison::{Reading, Value, Values};
use crate::rule::regex::Regex;
use crate::rule::{Analyzer, ComparisonCondition, EntropyMode};
use crate::tree::{Kind, Symbol, Symbols, Tree};
use std::borrow::Cow;
use std::ops::Range;

/// What must hold of a hit's bindings.
#[derive(Debug)]
pub enum Condition {
    /// `metavariable-regex`
    Regex {
        /// The metavariable.
        metavariable: Symbol,
        /// Anchored at the start.
        regex: Regex,
        /// Whether a constant's value counts instead of the text.
        constant_propagation: bool,
    },
    /// `metavariable-pattern` in the rule's language.
    Pattern {
        /// The metavariable.
        metavariable: Symbol,
        /// What must hold somewhere within.
        formula: Formula,
    },
    /// `metavariable-pattern` in another language.
    Foreign {
        /// The metavariable.
        metavariable: Symbol,
        /// The other language's grammar; `None`: text.
        spec: Option<&'static Spec>,
        /// What must hold somewhere within.
        formula: Formula,
        /// Its patterns.
        patterns: PatternSet,
    },
    /// `metavariable-comparison`
    Comparison(Box<ComparisonCondition>),
    /// `metavariable-analysis`
    Analysis {
        /// The metavariable.
        metavariable: Symbol,
        /// Which analysis.
        analyzer: Analyzer,
    },
    /// `metavariable-type`
    Type {
        /// The metavariable.
        metavariable: Symbol,
        /// One of these.
        types: Vec<String>,
    },
    /// `metavariable-name`
    Name {
        /// The metavariable.
        metavariable: Symbol,
        /// One of these modules, where any.
        modules: Vec<String>,
        /// One of these qualified names, where any.
        names: Vec<String>,
    },
}

impl Search<'_> {
    pub(super) fn satisfying(&self, hits: Vec<Hit>, condition: &Condition, options: Options) -> Vec<Hit> {
        match condition {
            Condition::Pattern { metavariable, formula } => {
                hits.into_iter().flat_map(|hit| self.within(hit, *metavariable, formula, options)).collect()
            }
            Condition::Foreign { metavariable, spec, formula, patterns } => hits
                .into_iter()
                .filter(|hit| self.within_foreign(hit, *metavariable, *spec, formula, patterns, options))
                .collect(),
            _ => hits.into_iter().filter(|hit| self.satisfies(&hit.bindings, condition)).collect(),
        }
    }

    fn satisfies(&self, bindings: &Bindings, condition: &Condition) -> bool {
        match condition {
            Condition::Regex { metavariable, regex, constant_propagation } => {
                let Some(bound) = bindings.get(*metavariable) else { return false };
                let text = match self.constant(bound).filter(|_| *constant_propagation) {
                    Some(text) => Cow::Owned(text),
                    None => self.source_text(bound),
                };
                // Beyond the bound of backtracking nothing is known.
                regex.is_match(text.as_bytes()).unwrap_or_else(|_| {
                    self.cut.set(true);
                    false
                })
            }
            Condition::Comparison(comparison) => {
                let values = BoundValues { search: self, bindings };
                let reading = Reading {
                    metavariable: comparison.metavariable.as_deref(),
                    base: comparison.base,
                    strip: comparison.strip,
                };
                // What has no value does not hold, as the rule language has it.
                comparison.expression.holds(&values, reading).unwrap_or(false)
            }
            Condition::Analysis { metavariable, analyzer } => {
                let Some(bound) = bindings.get(*metavariable) else { return false };
                let Some(text) = self.content(bound) else { return false };
                match analyzer {
                    Analyzer::Entropy => entropy::is_random(&text, EntropyMode::Default),
                    Analyzer::EntropyV2(mode) => entropy::is_random(&text, *mode),
                    Analyzer::Redos => redos::is_vulnerable(&text),
                }
            }
            Condition::Type { metavariable, types } => {
                let Some(Bound::Node(id)) = bindings.get(*metavariable) else { return false };
                types.iter().any(|wanted| is_type(self.file, *id, wanted))
            }
            Condition::Name { metavariable, modules, names } => {
                let id = match bindings.get(*metavariable) {
                    Some(Bound::Node(id) | Bound::Qualified(_, id)) => *id,
                    _ => return false,
                };
                let Some(qualified) = self.file.facts.qualified.get(&id) else { return false };
                let qualified = self.file.symbols.text(*qualified);
                let in_module = |module: &String| {
                    qualified
                        .strip_prefix(module.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                };
                (modules.is_empty() || modules.iter().any(in_module))
                    && (names.is_empty() || names.iter().any(|name| name == qualified))
            }
            Condition::Pattern { .. } | Condition::Foreign { .. } => true,
        }
    }

    /// The hit once for each way in which `formula` holds within what the metavariable took.
    fn within(&self, hit: Hit, metavariable: Symbol, formula: &Formula, options: Options) -> Vec<Hit> {
        let Some(range) = hit.bindings.get(metavariable).and_then(|bound| bound_range(self.file, bound))
        else {
            return Vec::new();
        };
        let found = self.hits_of(formula, options, Some(&range));
        let mut out: Vec<Hit> = Vec::new();
        for inner in found.into_iter().filter(|inner| inner.kind != HitKind::Inside || inner.range == range) {
            let Some(bindings) = self.join(&hit.bindings, &inner.bindings) else { continue };
            if !out.iter().any(|known| known.bindings.equal(&bindings)) {
                out.push(Hit { bindings, ..hit.clone() });
            }
        }
        out
    }

    fn within_foreign(
        &self,
        hit: &Hit,
        metavariable: Symbol,
        spec: Option<&'static Spec>,
        formula: &Formula,
        patterns: &PatternSet,
        options: Options,
    ) -> bool {
        let Some(bound) = hit.bindings.get(metavariable) else { return false };
        let text = self.content(bound).map_or_else(|| self.source_text(bound), Cow::Owned).into_owned();
        let mut symbols = Symbols::over(self.file.symbols.frozen());
        let tree = match spec {
            Some(spec) => match parse(spec, text.as_bytes(), &mut symbols, || (self.proceed)()) {
                Ok(tree) => tree,
                Err(_) => {
                    self.cut.set(true);
                    return false;
                }
            },
            None => Tree::default(),
        };
        let facts = match spec {
            Some(spec) if !tree.is_empty() => Facts::of(&tree, &mut symbols, spec),
            _ => Facts::default(),
        };
        let by_kind = ByKind::new(&tree);
        let file = File {
            source: text.as_bytes(),
            tree: &tree,
            symbols: &symbols,
            facts: &facts,
            by_kind: &by_kind,
        };
        let search = Search::new(&file, patterns, self.proceed);
        let found = !search.evaluate(formula, options).is_empty();
        if search.take_cut() {
            self.cut.set(true);
        }
        found
    }

    /// The source that a binding took, quotes and all.
    pub(crate) fn source_text(&self, bound: &Bound) -> Cow<'_, str> {
        if let Bound::Qualified(..) = bound {
            return bound_text(self.file, bound);
        }
        match bound_range(self.file, bound) {
            Some(range) => self.slice(&range),
            None => Cow::Borrowed(""),
        }
    }

    pub(crate) fn slice(&self, range: &Range<u32>) -> Cow<'_, str> {
        String::from_utf8_lossy(
            self.file.source.get(range.start as usize..range.end as usize).unwrap_or_default(),
        )
    }

    /// The value of a string: of a literal, a constant, or a piece of text.
    pub(crate) fn content(&self, bound: &Bound) -> Option<String> {
        match bound {
            Bound::Node(id)
                if matches!(self.file.tree.kind(*id), Kind::String | Kind::Char | Kind::Regex) =>
            {
                Some(self.file.symbols.text(self.file.tree.symbol(*id)).to_owned())
            }
            Bound::Text(range) => Some(self.slice(range).into_owned()),
            _ => self.constant(bound),
        }
    }

    /// The value of a name that stands for a constant.
    fn constant(&self, bound: &Bound) -> Option<String> {
        let (Bound::Node(id) | Bound::Qualified(_, id)) = bound else { return None };
        match self.file.facts.constants.get(id)? {
            Constant::String(symbol) | Constant::Number(symbol) => {
                Some(self.file.symbols.text(*symbol).to_owned())
            }
            Constant::Bool(value) => Some(value.to_string()),
            Constant::Null | Constant::SomeString => None,
        }
    }
}

/// What metavariables are worth in a comparison.
struct BoundValues<'a> {
    search: &'a Search<'a>,
    bindings: &'a Bindings,
}

impl BoundValues<'_> {
    fn bound(&self, metavariable: &str) -> Option<&Bound> {
        self.bindings.get(self.search.file.symbols.get(metavariable)?)
    }
}

impl Values for BoundValues<'_> {
    fn text(&self, metavariable: &str) -> Option<Cow<'_, str>> {
        self.bound(metavariable).map(|bound| self.search.source_text(bound))
    }

    fn constant(&self, metavariable: &str) -> Option<Value> {
        let bound = self.bound(metavariable)?;
        let file = self.search.file;
        let (Bound::Node(id) | Bound::Qualified(_, id)) = bound else {
            return Some(Value::String(self.search.content(bound)?));
        };
        let text = |symbol: Symbol| file.symbols.text(symbol);
        match file.tree.kind(*id) {
            Kind::String | Kind::Char => Some(Value::String(text(file.tree.symbol(*id)).to_owned())),
            Kind::Number => number(text(file.tree.symbol(*id))),
            Kind::Bool => Some(Value::Bool(file.tree.symbol(*id) == Symbol::TRUE)),
            Kind::Null => Some(Value::None),
            Kind::Unary if file.tree.symbol(*id) == Symbol::SUB => {
                let operand = file.tree.child(*id, 0)?;
                match number(text(file.tree.symbol(operand)))? {
                    Value::Int(value) => Some(Value::Int(value.checked_neg()?)),
                    Value::Float(value) => Some(Value::Float(-value)),
                    _ => None,
                }
            }
            _ => match file.facts.constants.get(id)? {
                Constant::String(symbol) => Some(Value::String(text(*symbol).to_owned())),
                Constant::Number(symbol) => number(text(*symbol)),
                Constant::Bool(value) => Some(Value::Bool(*value)),
                Constant::Null => Some(Value::None),
                Constant::SomeString => None,
            },
        }
    }
}

/// A number as source writes it: digits with separators, a base by prefix, suffixes of type.
fn number(text: &str) -> Option<Value> {
    let plain: String =
        text.chars().filter(|c| *c != '_' && *c != '\'').collect::<String>().to_ascii_lowercase();
    let (base, digits) = match plain.get(..2) {
        Some("0x") => (16, &plain[2..]),
        Some("0o") => (8, &plain[2..]),
        Some("0b") => (2, &plain[2..]),
        // An octal number of older languages.
        Some(start) if start.starts_with('0') && plain.bytes().all(|byte| byte.is_ascii_digit()) => {
            (8, &plain[1..])
        }
        _ => (10, plain.as_str()),
    };
    let whole = digits.trim_end_matches(if base == 16 { &['l', 'u'][..] } else { &['l', 'u', 'n'][..] });
    if let Ok(value) = i64::from_str_radix(whole, base) {
        return Some(Value::Int(value));
    }
    if base != 10 {
        return None;
    }
    plain.trim_end_matches(['f', 'd', 'm']).parse().ok().map(Value::Float)
}
