//! One event held against the rules of its log sources.

use super::compile::{KEYWORDS, Node, Program};
use super::matcher::{Matcher, holds};
use super::plan::Plan;
use super::value::{Buffers, Value};
use super::{Engine, Shape};
use crate::json::{Extract, Found, JsonError, Kind, leaves};
use crate::sigma::TextPosition;
use crate::time::Timestamp;
use bartizan_model::EventFormat;
use foldhash::{HashMap, HashMapExt};
use memchr::memmem;
use std::borrow::Cow;
use std::sync::Arc;

/// Kinds of events whose plan is remembered; a source that makes up kinds cannot fill memory.
const MAX_ROUTES: usize = 4096;

/// Holds events against the rules of an engine, one at a time. Each thread has its own.
#[derive(Debug)]
pub struct Evaluator {
    engine: Arc<Engine>,
    extract: Extract,
    buffers: Buffers,
    /// For each predicate twice the event's number, and one more where it holds.
    answers: Vec<u32>,
    /// For each field the event for which its index was asked.
    asked: Vec<u32>,
    /// For each rule the event for which it was looked at.
    looked: Vec<u32>,
    epoch: u32,
    candidates: Vec<u32>,
    matches: Vec<u32>,
    routes: HashMap<Vec<u8>, Option<Arc<Plan>>>,
    key: Vec<u8>,
    shape: usize,
}

impl Evaluator {
    /// An evaluator over the rules of an engine.
    pub fn new(engine: Arc<Engine>) -> Self {
        let program = &engine.program;
        Self {
            answers: vec![0; program.predicates.len()],
            asked: vec![0; program.fields.len()],
            looked: vec![0; engine.rules.len()],
            extract: Extract::default(),
            buffers: Buffers::default(),
            epoch: 0,
            candidates: Vec::new(),
            matches: Vec::new(),
            routes: HashMap::new(),
            key: Vec::new(),
            shape: 0,
            engine,
        }
    }

    /// The rules' engine.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// Numbers of the rules that the event meets, in the order of the rules. Fields of the event can be asked for until the
    /// next one is evaluated.
    ///
    /// # Errors
    /// What is no JSON object.
    pub fn evaluate(&mut self, json: &[u8], format: Option<&EventFormat>) -> Result<&[u32], JsonError> {
        self.matches.clear();
        let engine = Arc::clone(&self.engine);
        self.recognise(&engine, json, format)?;
        let Some(shape) = engine.shapes.get(self.shape) else { return Ok(&self.matches) };
        let Some(plan) = self.route(&engine, shape, json) else { return Ok(&self.matches) };
        self.epoch += 1;
        if self.epoch >= u32::MAX / 2 {
            self.answers.fill(0);
            self.asked.fill(0);
            self.looked.fill(0);
            self.epoch = 1;
        }
        let mut run = Run {
            json,
            program: &engine.program,
            plan: &plan,
            extract: &self.extract,
            buffers: &mut self.buffers,
            answers: &mut self.answers,
            asked: &mut self.asked,
            looked: &mut self.looked,
            epoch: self.epoch,
            candidates: &mut self.candidates,
        };
        run.candidates.clear();
        for position in 0..plan.eager {
            run.ask(position);
        }
        run.candidates.extend_from_slice(&plan.always);
        for at in 0..run.candidates.len() {
            let Some(&rule) = run.candidates.get(at) else { break };
            let Some(compiled) = engine.compiled.get(rule as usize) else { continue };
            if run.node(compiled.root) {
                self.matches.push(rule);
            }
        }
        self.matches.sort_unstable();
        Ok(&self.matches)
    }

    fn recognise(
        &mut self,
        engine: &Engine,
        json: &[u8],
        format: Option<&EventFormat>,
    ) -> Result<(), JsonError> {
        let fields = engine.program.fields.len();
        if let Some(format) = format
            && let Some(at) = engine.shapes.iter().position(|shape| shape.mapping.name == format.name())
        {
            self.shape = at;
        } else {
            if let Some(shape) = engine.shapes.get(self.shape).filter(|shape| !shape.recognise.is_empty()) {
                self.extract.read(json, &shape.projection, fields)?;
                if shape.is_recognised(&self.extract) {
                    return Ok(());
                }
            }
            self.extract.read(json, &engine.recogniser, fields)?;
            let found = engine.shapes.iter().position(|shape| shape.is_recognised(&self.extract));
            self.shape = found.unwrap_or(engine.shapes.len());
        }
        match engine.shapes.get(self.shape) {
            Some(shape) => self.extract.read(json, &shape.projection, fields),
            None => Ok(()),
        }
    }

    /// The plan for events of this kind.
    fn route(&mut self, engine: &Engine, shape: &Shape, json: &[u8]) -> Option<Arc<Plan>> {
        let Self { key, extract, buffers, routes, .. } = self;
        key.clear();
        key.extend_from_slice(&(self.shape as u32).to_le_bytes());
        for &field in &shape.route {
            for found in extract.values(field) {
                key.extend_from_slice(Value::new(json, found, buffers).lower());
                key.push(0xFE);
            }
            key.push(0xFF);
        }
        if let Some(plan) = routes.get(key) {
            return plan.clone();
        }
        let mut sources = Vec::new();
        for (number, source) in shape.sources.iter().enumerate() {
            let meets = source.iter().all(|(field, wanted)| {
                extract.values(*field).any(|found| wanted.contains(Value::new(json, found, buffers).lower()))
            });
            if meets {
                sources.push(number as u32);
            }
        }
        let plan = engine.plan(self.shape, &sources);
        if routes.len() >= MAX_ROUTES {
            routes.clear();
        }
        routes.insert(key.clone(), plan.clone());
        plan
    }

    /// The name of the form that the last event had.
    pub fn format(&self) -> Option<&str> {
        self.engine.shapes.get(self.shape).map(|shape| shape.mapping.name.as_str())
    }

    /// When the last event happened, as it says itself.
    pub fn time(&mut self, json: &[u8]) -> Option<Timestamp> {
        let Self { engine, extract, buffers, .. } = self;
        let shape = engine.shapes.get(self.shape)?;
        shape.time.iter().find_map(|&field| {
            extract.values(field).find_map(|found| Value::new(json, found, buffers).time())
        })
    }

    /// The host that the last event names.
    pub fn host(&mut self, json: &[u8]) -> Option<String> {
        let Self { engine, extract, buffers, .. } = self;
        let shape = engine.shapes.get(self.shape)?;
        shape.host.iter().find_map(|&field| {
            extract.values(field).find_map(|found| {
                let mut value = Value::new(json, found, buffers);
                value.is_text().then(|| String::from_utf8_lossy(value.text()).into_owned())
            })
        })
    }

    /// The text of a field of the last event; a field that no rule names is not there.
    pub fn field(&mut self, json: &[u8], number: u32) -> Option<Cow<'_, str>> {
        let found =
            self.extract.values(number).find(|found| !matches!(found.kind, Kind::Null | Kind::Nested))?;
        self.buffers.keep(json, found)
    }
}

struct Run<'a> {
    json: &'a [u8],
    program: &'a Program,
    plan: &'a Plan,
    extract: &'a Extract,
    buffers: &'a mut Buffers,
    answers: &'a mut [u32],
    asked: &'a mut [u32],
    looked: &'a mut [u32],
    epoch: u32,
    candidates: &'a mut Vec<u32>,
}

impl Run<'_> {
    /// Asks the index of a field, unless that was done.
    fn ask(&mut self, position: usize) {
        let Some((field, index)) = self.plan.fields.get(position) else { return };
        match self.asked.get_mut(*field as usize) {
            Some(asked) if *asked != self.epoch => *asked = self.epoch,
            _ => return,
        }
        let Self { json, program, plan, extract, buffers, answers, looked, epoch, candidates, .. } = self;
        let epoch = *epoch;
        let mut hit = |number: u32| {
            let Some(answer) = answers.get_mut(number as usize) else { return };
            if *answer == epoch * 2 + 1 {
                return;
            }
            *answer = epoch * 2 + 1;
            for &rule in plan.anchored.get(&number).into_iter().flatten() {
                if let Some(looked) = looked.get_mut(rule as usize)
                    && *looked != epoch
                {
                    *looked = epoch;
                    candidates.push(rule);
                }
            }
        };
        if *field == KEYWORDS {
            let _ = leaves(json, &mut |kind, start, end| {
                let found = Found::at(kind, start, end);
                index.look(&mut Value::new(json, found, buffers), &program.predicates, &mut hit);
            });
            return;
        }
        for found in extract.values(*field) {
            index.look(&mut Value::new(json, found, buffers), &program.predicates, &mut hit);
        }
    }

    fn node(&mut self, number: u32) -> bool {
        let children = |start: u32, end: u32| start as usize..end as usize;
        match self.program.nodes.get(number as usize) {
            Some(Node::Predicate(number)) => self.predicate(*number),
            Some(Node::Not(inner)) => !self.node(*inner),
            Some(&Node::And(start, end)) => {
                let list = self.program.children.get(children(start, end)).unwrap_or_default();
                list.iter().all(|&child| self.node(child))
            }
            Some(&Node::Or(start, end)) => {
                let list = self.program.children.get(children(start, end)).unwrap_or_default();
                list.iter().any(|&child| self.node(child))
            }
            Some(&Node::AtLeast(count, start, end)) => {
                let list = self.program.children.get(children(start, end)).unwrap_or_default();
                let mut left = count;
                for &child in list {
                    if self.node(child) {
                        left -= 1;
                        if left == 0 {
                            return true;
                        }
                    }
                }
                false
            }
            None => false,
        }
    }

    fn predicate(&mut self, number: u32) -> bool {
        let Some(predicate) = self.program.predicates.get(number as usize) else { return false };
        let answer = self.answers.get(number as usize).copied().unwrap_or_default();
        if answer == self.epoch * 2 + 1 {
            return true;
        }
        if predicate.indexed {
            if self.asked.get(predicate.field as usize) == Some(&self.epoch) {
                return false;
            }
            let Some(&position) = self.plan.positions.get(&predicate.field) else { return false };
            self.ask(position as usize);
            return self.answers.get(number as usize) == Some(&(self.epoch * 2 + 1));
        }
        if answer == self.epoch * 2 {
            return false;
        }
        let truth = self.judge(number);
        if let Some(answer) = self.answers.get_mut(number as usize) {
            *answer = self.epoch * 2 + u32::from(truth);
        }
        truth
    }

    fn judge(&mut self, number: u32) -> bool {
        let Self { json, program, extract, buffers, .. } = self;
        let Some(predicate) = program.predicates.get(number as usize) else { return false };
        let (field, regex) = (predicate.field, predicate.regex.as_ref());
        if field == KEYWORDS {
            let mut truth = false;
            let _ = leaves(json, &mut |kind, start, end| {
                let mut value = Value::new(json, Found::at(kind, start, end), buffers);
                truth = truth || (value.is_text() && holds(&predicate.matcher, regex, &mut value));
            });
            return truth;
        }
        match &predicate.matcher {
            Matcher::Null => extract.values(field).all(|found| found.kind == Kind::Null),
            Matcher::Exists => extract.has(field),
            Matcher::Field { other, position, cased } => extract.values(field).any(|found| {
                let mut value = Value::new(json, found, buffers);
                if !value.is_text() {
                    return false;
                }
                let whole = if *cased { value.text() } else { value.lower() }.to_vec();
                extract.values(*other).any(|found| {
                    let mut value = Value::new(json, found, buffers);
                    if !value.is_text() {
                        return false;
                    }
                    let piece = if *cased { value.text() } else { value.lower() };
                    match position {
                        TextPosition::Whole => whole == piece,
                        TextPosition::Start => whole.starts_with(piece),
                        TextPosition::End => whole.ends_with(piece),
                        TextPosition::Anywhere => memmem::find(&whole, piece).is_some(),
                    }
                })
            }),
            matcher => extract
                .values(field)
                .any(|found| holds(matcher, regex, &mut Value::new(json, found, buffers))),
        }
    }
}
