//! All rules of a scan, compiled together.
//!
//! Per grammar there is one set of patterns (equal texts once) and, for each rule, what a file must have for it to match:
//! the words of a file, read in one pass, choose the rules before anything is parsed.

mod paths;
pub(crate) mod taint;

use self::paths::PathFilter;
use self::taint::CompiledTaint;
use crate::generic;
use crate::join::{self, Join};
use crate::language::{Language, Spec};
use crate::matching::Options;

use crate::rule::{Mode, Rule, RuleError};
use crate::search::{CompileError, Compiler, Formula, PatternSet, Requirement};
use crate::tree::{Frozen, Symbol, Symbols};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// Rules, compiled per grammar when a file of its language is met.
pub struct RuleSet {
    /// The rules, as they were loaded; then the parts of joins, named as their join.
    pub rules: Vec<LoadedRule>,
    /// How many of them were given; behind them are the parts of joins.
    pub(crate) given: usize,
    pub(crate) joins: Vec<Join>,
    join_errors: Vec<RuleError>,
    grammars: Vec<Slot>,
}

/// A grammar and its rules, compiled once.
struct Slot {
    language: Language,
    spec: Option<&'static Spec>,
    /// Numbers of its rules.
    rules: Vec<usize>,
    made: OnceLock<(Grammar, Vec<RuleError>)>,
}

/// A rule and where it is from.
#[derive(Clone, Debug)]
pub struct LoadedRule {
    /// The rule.
    pub rule: Rule,
    /// What reports call it: for built-in rules `code/<language>/<id>`, else its own id.
    pub name: String,
    /// The file that it was loaded from.
    pub file: String,
}

/// The rules of one grammar.
pub(crate) struct Grammar {
    /// `None`: text without a grammar.
    pub(crate) spec: Option<&'static Spec>,
    pub(crate) patterns: PatternSet,
    pub(crate) rules: Vec<GrammarRule>,
    pub(crate) frozen: Arc<Frozen>,
    /// Words that rules ask for, and their symbols.
    words: HashMap<Box<str>, Vec<Symbol>, foldhash::fast::RandomState>,
    /// By symbol, whether no word tells if a file has it.
    wordless: Vec<bool>,
}

impl Grammar {
    /// Whether any rule follows data.
    pub(crate) fn has_flows(&self) -> bool {
        self.rules.iter().any(|rule| matches!(rule.body, Body::Taint(_)))
    }
}

/// A rule as one grammar runs it.
pub(crate) struct GrammarRule {
    /// Number in [`RuleSet::rules`].
    pub(crate) rule: usize,
    pub(crate) body: Body,
    pub(crate) requirement: Requirement,
    pub(crate) options: Options,
    pub(crate) paths: PathFilter,
}

/// What a rule looks for.
pub(crate) enum Body {
    Search(Formula),
    Taint(Box<CompiledTaint>),
    /// Where code of another language is, and the metavariable bound to it.
    Extract(Formula, Symbol),
}

impl RuleSet {
    /// Takes rules; see [`RuleSet::compile_all`] for what is wrong with their patterns.
    pub fn new(mut rules: Vec<LoadedRule>) -> Self {
        let given = rules.len();
        let (joins, join_errors) = join::expand(&mut rules);
        let mut grammars = Vec::new();
        for language in Language::ALL {
            let of_language: Vec<usize> =
                (0..rules.len()).filter(|index| rules[*index].rule.languages.contains(language)).collect();
            if of_language.is_empty() {
                continue;
            }
            let specs: Vec<Option<&'static Spec>> = match language.specs() {
                [] if matches!(language, Language::Generic | Language::Regex) => vec![None],
                specs => specs.iter().copied().map(Some).collect(),
            };
            for spec in specs {
                let rules = of_language.clone();
                grammars.push(Slot { language: *language, spec, rules, made: OnceLock::new() });
            }
        }
        Self { rules, given, joins, join_errors, grammars }
    }

    /// As [`RuleSet::new`], with all rules compiled at once.
    pub fn compile(rules: Vec<LoadedRule>) -> (Self, Vec<RuleError>) {
        let set = Self::new(rules);
        let errors = set.compile_all();
        (set, errors)
    }

    /// Compiles the rules of all languages. A rule that has a pattern that cannot be read is left out and listed.
    pub fn compile_all(&self) -> Vec<RuleError> {
        let mut errors = self.join_errors.clone();
        for slot in &self.grammars {
            let (_, wrong) = slot.get(&self.rules);
            for error in wrong {
                // Dialects of one language say the same twice.
                if !errors.contains(error) {
                    errors.push(error.clone());
                }
            }
        }
        errors
    }

    /// The rules that were given, without the parts of joins.
    pub fn given(&self) -> &[LoadedRule] {
        self.rules.get(..self.given).unwrap_or_default()
    }

    /// The compiled rules of those languages for which `wants` says yes.
    pub(crate) fn grammars(&self, wants: impl Fn(Language, Option<&'static Spec>) -> bool) -> Vec<&Grammar> {
        let wanted = self.grammars.iter().filter(|slot| wants(slot.language, slot.spec));
        wanted.map(|slot| &slot.get(&self.rules).0).collect()
    }

    /// Whether any rule is for one of those languages.
    pub(crate) fn any(&self, wants: impl Fn(Language, Option<&'static Spec>) -> bool) -> bool {
        self.grammars.iter().any(|slot| wants(slot.language, slot.spec))
    }
}

impl Slot {
    fn get(&self, rules: &[LoadedRule]) -> &(Grammar, Vec<RuleError>) {
        self.made.get_or_init(|| self.make(rules))
    }

    fn make(&self, rules: &[LoadedRule]) -> (Grammar, Vec<RuleError>) {
        let mut symbols = Symbols::default();
        let mut errors = Vec::new();
        let mut compiler = Compiler::new(self.spec, &mut symbols);
        let mut compiled = Vec::new();
        for index in &self.rules {
            let LoadedRule { rule, file, .. } = &rules[*index];
            compiler.set_generic(generic::Options::from(&rule.options));
            match body(rule, &mut compiler) {
                Ok(Some(body)) => compiled.push((*index, body)),
                Ok(None) => {}
                Err(CompileError { span, reason }) => errors.push(RuleError {
                    file: file.clone(),
                    rule: Some(rule.id.clone()),
                    line: span.line,
                    column: span.column,
                    reason,
                }),
            }
        }
        let patterns = compiler.finish();
        let rules: Vec<GrammarRule> = compiled
            .into_iter()
            .map(|(index, body)| GrammarRule {
                rule: index,
                requirement: requirement(&body, &patterns),
                options: matching_options(&rules[index].rule),
                paths: PathFilter::new(&rules[index].rule.paths),
                body,
            })
            .collect();
        let words = words(&rules, &symbols);
        let frozen = symbols.freeze();
        let mut wordless = vec![true; frozen.len()];
        for symbol in words.values().flatten() {
            wordless[symbol.0 as usize] = false;
        }
        (Grammar { spec: self.spec, patterns, rules, frozen, words, wordless }, errors)
    }
}

impl Grammar {
    /// Which symbols of rules a file's text has, by its words.
    pub(crate) fn present(&self, source: &[u8]) -> Vec<bool> {
        let mut present = self.wordless.clone();
        let mut at = 0;
        while at < source.len() {
            let rest = &source[at..];
            let length = rest.iter().take_while(|byte| is_word(**byte)).count();
            if length == 0 {
                at += 1;
                continue;
            }
            if let Ok(word) = std::str::from_utf8(&rest[..length])
                && let Some(symbols) = self.words.get(word)
            {
                for symbol in symbols {
                    if let Some(present) = present.get_mut(symbol.0 as usize) {
                        *present = true;
                    }
                }
            }
            at += length;
        }
        present
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn body(rule: &Rule, compiler: &mut Compiler<'_>) -> Result<Option<Body>, CompileError> {
    Ok(match &rule.mode {
        Mode::Search(formula) => Some(Body::Search(compiler.formula(formula)?)),
        Mode::Taint(spec) => Some(Body::Taint(Box::new(CompiledTaint::new(spec, rule, compiler)?))),
        Mode::Extract(spec) => {
            Some(Body::Extract(compiler.formula(&spec.formula)?, compiler.symbol(&spec.metavariable)))
        }
        // Its parts are rules of their own; see `join`.
        Mode::Join(_) => None,
    })
}

fn requirement(body: &Body, patterns: &PatternSet) -> Requirement {
    match body {
        Body::Search(formula) | Body::Extract(formula, _) => Requirement::of(formula, patterns),
        // A source or a sink alone is half a flow, whose other half may be in another file.
        Body::Taint(taint) => {
            let sources = taint.sources.iter().map(|source| Requirement::of(&source.formula, patterns));
            let sinks = taint.sinks.iter().map(|sink| Requirement::of(&sink.formula, patterns));
            // What lies between may be made harmless in a third file.
            let sanitizers = taint.sanitizers.iter().map(|(formula, _)| Requirement::of(formula, patterns));
            Requirement::any(sources.chain(sinks).chain(sanitizers).collect())
        }
    }
}

fn matching_options(rule: &Rule) -> Options {
    let options = &rule.options;
    Options {
        constant_propagation: options.constant_propagation,
        vardef_assign: options.vardef_assign,
        ac_matching: options.ac_matching,
        commutative_boolop: options.commutative_boolop,
        implicit_deep_exprstmt: options.implicit_deep_exprstmt,
        arrow_is_function: options.arrow_is_function,
        let_is_var: options.let_is_var,
        attr_expr: options.attr_expr,
        symbolic_propagation: options.symbolic_propagation,
    }
}

/// The longest word of each text that rules ask for.
fn words(
    rules: &[GrammarRule],
    symbols: &Symbols,
) -> HashMap<Box<str>, Vec<Symbol>, foldhash::fast::RandomState> {
    let mut words: HashMap<Box<str>, Vec<Symbol>, foldhash::fast::RandomState> = HashMap::default();
    for rule in rules {
        rule.requirement.symbols(&mut |symbol| {
            let text = symbols.text(symbol);
            let parts = text.split(|c: char| c.is_ascii() && !is_word(c as u8));
            if let Some(word) = parts.max_by_key(|part| part.len()).filter(|word| !word.is_empty()) {
                let list = words.entry(word.into()).or_default();
                if !list.contains(&symbol) {
                    list.push(symbol);
                }
            }
        });
    }
    words
}
