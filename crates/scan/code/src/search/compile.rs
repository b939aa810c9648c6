//! From a rule's formula to one with compiled patterns.

use super::{And, CompiledRegex, Condition, Formula, PatternSet};
use crate::generic;
use crate::language::{Language, Spec};
use crate::pattern::{Pattern, PatternError};
use crate::rule::{self, PatternText, Span};
use crate::tree::{Symbol, Symbols};
use std::collections::HashMap;

/// Compiles formulas of many rules for one grammar; equal pattern texts become one pattern.
pub struct Compiler<'s> {
    spec: Option<&'static Spec>,
    symbols: &'s mut Symbols,
    set: PatternSet,
    known: HashMap<String, u32>,
    generic: generic::Options,
}

/// A pattern that cannot be used, and where it stands.
#[derive(Debug)]
pub struct CompileError {
    /// Where the pattern stands in the rule file.
    pub span: Span,
    /// What is wrong.
    pub reason: String,
}

impl<'s> Compiler<'s> {
    /// For a grammar; `None`: for text without one.
    pub fn new(spec: Option<&'static Spec>, symbols: &'s mut Symbols) -> Self {
        Self {
            spec,
            symbols,
            set: PatternSet::default(),
            known: HashMap::new(),
            generic: generic::Options::default(),
        }
    }

    /// How `generic` patterns of the next formulas read text.
    pub fn set_generic(&mut self, options: generic::Options) {
        self.generic = options;
    }

    /// The patterns of all formulas compiled so far.
    pub fn finish(self) -> PatternSet {
        self.set
    }

    /// Numbers a metavariable.
    pub fn symbol(&mut self, name: &str) -> Symbol {
        self.symbols.intern(name)
    }

    /// Compiles a formula.
    ///
    /// # Errors
    /// The first pattern that cannot be used.
    pub fn formula(&mut self, formula: &rule::Formula) -> Result<Formula, CompileError> {
        Ok(match formula {
            rule::Formula::Leaf(text) => self.leaf(text)?,
            rule::Formula::Regex(leaf) => {
                let mut groups = Vec::new();
                for (group, name) in leaf.regex.group_names().iter().enumerate().skip(1) {
                    groups.push((group, self.symbols.intern(&format!("${group}"))));
                    if let Some(name) = name {
                        groups.push((group, self.symbols.intern(&format!("${name}"))));
                    }
                }
                Formula::Regex(Box::new(CompiledRegex { regex: leaf.regex.clone(), groups }))
            }
            rule::Formula::Or(list) => Formula::Or(self.formulas(list)?),
            rule::Formula::Inside(inner) => Formula::Inside(Box::new(self.formula(inner)?)),
            rule::Formula::Anywhere(inner) => Formula::Anywhere(Box::new(self.formula(inner)?)),
            // Alone it is what remains of the whole.
            rule::Formula::Not(inner) => {
                let not = vec![self.formula(inner)?];
                Formula::And(Box::new(And { all: vec![Formula::Whole], not, ..And::default() }))
            }
            rule::Formula::And(and) => Formula::And(Box::new(self.and(and)?)),
        })
    }

    fn formulas(&mut self, list: &[rule::Formula]) -> Result<Vec<Formula>, CompileError> {
        list.iter().map(|formula| self.formula(formula)).collect()
    }

    fn and(&mut self, and: &rule::And) -> Result<And, CompileError> {
        let mut all = self.formulas(&and.positives)?;
        for inside in self.formulas(&and.insides)? {
            all.push(Formula::Inside(Box::new(inside)));
        }
        let mut not = self.formulas(&and.negatives)?;
        for inside in self.formulas(&and.not_insides)? {
            not.push(Formula::Inside(Box::new(inside)));
        }
        if all.is_empty() {
            all.push(Formula::Whole);
        }
        let conditions =
            and.conditions.iter().map(|condition| self.condition(condition)).collect::<Result<_, _>>()?;
        let focus = and
            .focus
            .iter()
            .map(|names| names.iter().map(|name| self.symbols.intern(name)).collect())
            .collect();
        Ok(And { all, not, conditions, focus })
    }

    fn condition(&mut self, condition: &rule::Condition) -> Result<Condition, CompileError> {
        Ok(match condition {
            rule::Condition::Regex(condition) => Condition::Regex {
                metavariable: self.symbols.intern(&condition.metavariable),
                regex: condition.regex.clone(),
                constant_propagation: condition.constant_propagation,
            },
            rule::Condition::Comparison(condition) => Condition::Comparison(Box::new(condition.clone())),
            rule::Condition::Analysis(analysis) => Condition::Analysis {
                metavariable: self.symbols.intern(&analysis.metavariable),
                analyzer: analysis.analyzer,
            },
            rule::Condition::Type(condition) => Condition::Type {
                metavariable: self.symbols.intern(&condition.metavariable),
                types: condition.types.iter().map(|text| text.text.trim().to_owned()).collect(),
            },
            rule::Condition::Name(condition) => Condition::Name {
                metavariable: self.symbols.intern(&condition.metavariable),
                modules: condition.modules.clone(),
                names: condition.names.clone(),
            },
            rule::Condition::Pattern(condition) => {
                let metavariable = self.symbols.intern(&condition.metavariable);
                let own = self.spec.map(|spec| spec.language);
                match condition.language.filter(|language| Some(*language) != own) {
                    None => Condition::Pattern { metavariable, formula: self.formula(&condition.formula)? },
                    Some(language) => self.foreign(metavariable, language, &condition.formula)?,
                }
            }
        })
    }

    /// A formula of another language, with patterns of its own.
    fn foreign(
        &mut self,
        metavariable: Symbol,
        language: Language,
        formula: &rule::Formula,
    ) -> Result<Condition, CompileError> {
        let spec = language.specs().first().copied();
        let mut compiler = Compiler::new(spec, self.symbols);
        compiler.generic.clone_from(&self.generic);
        let formula = compiler.formula(formula)?;
        let patterns = compiler.finish();
        Ok(Condition::Foreign { metavariable, spec, formula, patterns })
    }

    fn leaf(&mut self, text: &PatternText) -> Result<Formula, CompileError> {
        let error = |reason: String| CompileError { span: text.span, reason };
        let Some(spec) = self.spec else {
            let pattern = generic::Pattern::parse(&text.text, &self.generic)
                .map_err(|wrong| error(format!("the pattern cannot be read: {wrong}")))?;
            for name in pattern.metavariables() {
                self.symbols.intern(&name);
            }
            return Ok(Formula::Generic(Box::new(pattern)));
        };
        if let Some(known) = self.known.get(&text.text) {
            return Ok(Formula::Pattern(*known));
        }
        let pattern = Pattern::compile(&text.text, spec, self.symbols)
            .map_err(|wrong: PatternError| error(wrong.to_string()))?;
        let number = self.set.patterns.len() as u32;
        self.set.patterns.push(pattern);
        self.known.insert(text.text.clone(), number);
        Ok(Formula::Pattern(number))
    }
}
