//! Rules compiled together, and events held against them.
//!
//! Equal tests of all rules are one predicate. An event's log sources choose a plan: the rules that it can meet, with an index
//! per field that finds the predicates that hold (hash tables for whole values and numbers, automata for pieces). Each rule
//! has a set of predicates, its anchors, of which one has to hold; only rules with an anchor hit are evaluated, and what has
//! no index (expressions, networks, comparisons) is asked only then, once per event.

mod compile;
mod evaluate;
mod index;
mod matcher;
mod pieces;
mod plan;
mod value;

use crate::json::{Extract, Projection};
use crate::mapping::Mapping;
use crate::sigma::{Filter, LogSource, Rule, RuleError};
use compile::{Compiled, Program};
pub use evaluate::Evaluator;
use foldhash::{HashMap, HashSet};
use plan::Plan;
use std::sync::{Arc, PoisonError, RwLock};

/// Compiled rules. Does not change; threads share it.
#[derive(Debug)]
pub struct Engine {
    rules: Vec<Rule>,
    compiled: Vec<Compiled>,
    program: Program,
    shapes: Vec<Shape>,
    recogniser: Projection,
    /// Plans by form and log sources.
    plans: RwLock<Plans>,
}

type Plans = HashMap<(usize, Vec<u32>), Option<Arc<Plan>>>;

/// Fields, and the values of which each has to have one, in lower case.
type Conditions = Vec<(u32, HashSet<Box<[u8]>>)>;

/// A mapping made ready.
#[derive(Debug)]
struct Shape {
    mapping: Mapping,
    projection: Projection,
    /// Alternatives of fields that all have to be there.
    recognise: Vec<Vec<u32>>,
    /// Fields that tell the log source.
    route: Vec<u32>,
    /// For each source of the mapping its conditions.
    sources: Vec<Conditions>,
    time: Vec<u32>,
    host: Vec<u32>,
}

impl Shape {
    fn is_recognised(&self, extract: &Extract) -> bool {
        self.recognise.is_empty()
            || self.recognise.iter().any(|all| all.iter().all(|&field| extract.has(field)))
    }
}

impl Engine {
    /// Compiles rules, with the filters that change them, for events of these forms. Returns the rules that cannot be used too.
    pub fn new(rules: Vec<Rule>, filters: &[Filter], mappings: Vec<Mapping>) -> (Self, Vec<RuleError>) {
        Self::with_fields(rules, filters, mappings, &[])
    }

    /// As [`Engine::new`]; `fields` are further ones that [`Evaluator::field`] has to know.
    pub fn with_fields(
        rules: Vec<Rule>,
        filters: &[Filter],
        mappings: Vec<Mapping>,
        fields: &[String],
    ) -> (Self, Vec<RuleError>) {
        let mut program = Program::new();
        let (mut compiled, mut kept, mut errors) = (Vec::new(), Vec::new(), Vec::new());
        for rule in rules {
            let names = [rule.id.as_deref(), rule.name.as_deref(), Some(rule.title.as_str())];
            let applying: Vec<&Filter> =
                filters.iter().filter(|filter| filter.applies(names, &rule.logsource)).collect();
            match program.add(&rule, &applying) {
                Ok(one) => {
                    compiled.push(one);
                    kept.push(rule);
                }
                Err(reason) => errors.push(RuleError {
                    file: rule.file.clone(),
                    rule: Some(rule.title.clone()),
                    line: rule.span.line,
                    column: rule.span.column,
                    reason,
                }),
            }
        }
        for field in fields {
            program.field(field);
        }
        let mut recogniser = Projection::default();
        let named: Vec<Named> =
            mappings.into_iter().map(|mapping| Named::new(mapping, &mut program, &mut recogniser)).collect();
        let shapes = named.into_iter().map(|one| one.into_shape(&program)).collect();
        let engine = Self { rules: kept, compiled, program, shapes, recogniser, plans: RwLock::default() };
        (engine, errors)
    }

    /// The rules, in the order in which evaluators number them.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The number of a field, for [`Evaluator::field`].
    pub fn field(&self, name: &str) -> Option<u32> {
        self.program.fields.iter().position(|known| known == name).map(|number| number as u32)
    }

    /// The rules for events of a form that belong to these of its sources. None where there are no rules.
    fn plan(&self, shape: usize, sources: &[u32]) -> Option<Arc<Plan>> {
        let key = (shape, sources.to_vec());
        if let Some(plan) = self.plans.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return plan.clone();
        }
        let logsources: Vec<&LogSource> = self
            .shapes
            .get(shape)
            .into_iter()
            .flat_map(|shape| sources.iter().filter_map(|&source| shape.mapping.sources.get(source as usize)))
            .map(|source| &source.logsource)
            .collect();
        let rules: Vec<u32> = (0_u32..)
            .zip(&self.rules)
            .filter(|(_, rule)| {
                let asks_nothing = rule.logsource == LogSource::default();
                asks_nothing || logsources.iter().any(|seen| rule.logsource.covers(seen))
            })
            .map(|(number, _)| number)
            .collect();
        let plan = (!rules.is_empty()).then(|| Arc::new(Plan::new(&rules, &self.compiled, &self.program)));
        self.plans.write().unwrap_or_else(PoisonError::into_inner).insert(key, plan.clone());
        plan
    }
}

/// A mapping whose fields have numbers; paths are added once all fields of all mappings are known.
struct Named {
    mapping: Mapping,
    own: Vec<(Vec<String>, u32)>,
    recognise: Vec<Vec<u32>>,
    route: Vec<u32>,
    sources: Vec<Conditions>,
    time: Vec<u32>,
    host: Vec<u32>,
}

impl Named {
    fn new(mapping: Mapping, program: &mut Program, recogniser: &mut Projection) -> Self {
        let mut own: Vec<(Vec<String>, u32)> = Vec::new();
        let mut at = |path: &str, program: &mut Program| {
            let field = program.field(&format!("\0{path}"));
            own.push((crate::mapping::split(path), field));
            field
        };
        let mut recognise = Vec::new();
        for all in &mapping.recognise {
            recognise.push(all.iter().map(|path| at(path, program)).collect());
        }
        let time = mapping.time.iter().map(|path| at(path, program)).collect();
        let host = mapping.host.iter().map(|path| at(path, program)).collect();
        for (path, field) in &own {
            recogniser.add(path.iter().map(String::as_str), *field);
        }
        let (mut route, mut sources) = (Vec::new(), Vec::new());
        for source in &mapping.sources {
            let mut conditions = Vec::new();
            for (name, values) in &source.when {
                let field = program.field(name);
                if !route.contains(&field) {
                    route.push(field);
                }
                let values = values.iter().map(|value| value.to_lowercase().into_bytes().into_boxed_slice());
                conditions.push((field, values.collect()));
            }
            sources.push(conditions);
        }
        Self { mapping, own, recognise, route, sources, time, host }
    }

    fn into_shape(self, program: &Program) -> Shape {
        let mut projection = Projection::default();
        for (name, number) in program.fields.iter().zip(0_u32..) {
            if name.starts_with('\0') {
                continue;
            }
            for path in self.mapping.paths(name) {
                projection.add(path.iter().map(String::as_str), number);
            }
        }
        for (path, field) in &self.own {
            projection.add(path.iter().map(String::as_str), *field);
        }
        let Self { mapping, recognise, route, sources, time, host, .. } = self;
        Shape { mapping, projection, recognise, route, sources, time, host }
    }
}
