//! One round over a file: all functions, callees first, then what is left to conclude.

use super::graph::Graph;
use super::matches::Matches;
use super::spec::TaintMatches;
use super::summary::Summary;
use super::trace::{TraceId, Traces};
use super::value::{Key, Origin, PathId, Paths, Root, RuleSet, Taint, TaintSet};
use super::walk::Walk;
use super::{Counts, Depth};
use crate::facts::{Constant, Facts, Map, Set};
use crate::language::{Language, Spec};
use crate::tree::{Kind, NodeId, Symbol, Symbols, Tree};
use std::collections::BTreeMap;
use std::rc::Rc;

/// How far a round looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Each function alone, with the lambdas within it.
    Shallow,
    /// Through calls to functions of the file.
    Deep,
}

/// A finding before it is told in ranges.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) trace: TraceId,
    pub(super) depth: Depth,
    /// For sinks at exits: where the function ends.
    pub(super) exit: Option<NodeId>,
}

/// How often functions that call each other are read before what still changes is given up (and counted).
const ROUNDS: u32 = 6;
/// Steps that one round may take, beside what it is allowed per node.
const STEPS: u64 = 300_000;

/// Taint that functions leave in fields of a class or in variables of the module.
type Stored = BTreeMap<(Option<u32>, Root, PathId, Option<Key>), TaintSet>;

pub(super) struct Analysis<'a> {
    pub(super) tree: &'a Tree,
    pub(super) symbols: &'a Symbols,
    pub(super) facts: &'a Facts,
    pub(super) spec: &'a Spec,
    pub(super) matches: Matches,
    pub(super) graph: Rc<Graph>,
    pub(super) paths: Paths,
    pub(super) traces: Traces,
    pub(super) summaries: Vec<Option<Rc<Summary>>>,
    pub(super) mode: Mode,
    pub(super) findings: BTreeMap<(u32, u32), Found>,
    pub(super) counts: Counts,
    pub(super) has_exit_sinks: bool,
    pub(super) exit_node: Option<NodeId>,
    /// How often a variable is assigned.
    pub(super) assigned: Rc<Map<NodeId, u32>>,
    external: Rc<Set<NodeId>>,
    pub(super) stopped: bool,
    budget: u64,
    until_check: u64,
    proceed: &'a dyn Fn() -> bool,
    arrow_case: u16,
    classes: Vec<u32>,
}

/// What rounds over one file share.
pub(super) struct Shared<'a> {
    pub(super) tree: &'a Tree,
    pub(super) symbols: &'a Symbols,
    pub(super) facts: &'a Facts,
    pub(super) spec: &'a Spec,
    pub(super) graph: Rc<Graph>,
    pub(super) assigned: Rc<Map<NodeId, u32>>,
    /// Calls that another file may define.
    pub(super) external: Rc<Set<NodeId>>,
    pub(super) proceed: &'a dyn Fn() -> bool,
}

impl<'a> Analysis<'a> {
    pub(super) fn new(shared: &Shared<'a>, matches: &[TaintMatches], mode: Mode) -> Self {
        let Shared { tree, symbols, facts, spec, graph, assigned, external, proceed } = shared;
        // What is left over from another analysis on this thread is not this one's.
        super::value::take_work();
        let matches = Matches::new(tree, matches);
        let arrow_case = (spec.grammar)().id_for_node_kind("switch_rule", true);
        let mut analysis = Self {
            tree,
            symbols,
            facts,
            spec,
            graph: Rc::clone(graph),
            paths: Paths::default(),
            traces: Traces::default(),
            summaries: vec![None; graph.functions.len()],
            mode,
            findings: BTreeMap::new(),
            counts: Counts { lost_matches: matches.lost, ..Counts::default() },
            has_exit_sinks: matches.sinks.iter().any(|sink| sink.at_exit),
            exit_node: None,
            assigned: Rc::clone(assigned),
            external: Rc::clone(external),
            stopped: false,
            budget: STEPS + tree.len() as u64 * 8,
            until_check: 0,
            proceed: *proceed,
            arrow_case,
            classes: Vec::new(),
            matches,
        };
        analysis.classes = analysis.enclosing_classes();
        analysis
    }

    fn enclosing_classes(&self) -> Vec<u32> {
        let mut out = vec![u32::MAX; self.graph.functions.len()];
        for (index, function) in self.graph.functions.iter().enumerate() {
            // Outer functions have smaller numbers.
            out[index] =
                function.class.or_else(|| out.get(function.outer as usize).copied()).unwrap_or(u32::MAX);
            if index == 0 {
                out[index] = u32::MAX;
            }
        }
        out
    }

    /// Takes steps from what is allowed; `false` when there are none left.
    pub(super) fn spend(&mut self, steps: u64) -> bool {
        if self.stopped {
            return false;
        }
        let steps = steps + super::value::take_work() / 4;
        self.budget = self.budget.saturating_sub(steps);
        self.until_check += steps;
        if self.until_check > 20_000 {
            self.until_check = 0;
            if !(self.proceed)() {
                self.counts.out_of_time = true;
                self.stopped = true;
            }
        }
        if self.budget == 0 {
            self.counts.out_of_steps = true;
            self.stopped = true;
        }
        !self.stopped
    }

    /// Reads functions, callees first; those of a group that call each other until nothing changes.
    pub(super) fn run(&mut self, wanted: impl Fn(u32) -> bool) {
        let graph = Rc::clone(&self.graph);
        for group in &graph.order {
            let group: Vec<u32> = group.iter().copied().filter(|function| wanted(*function)).collect();
            let recursive = group.len() > 1
                || group.iter().any(|function| {
                    let name = graph.functions[*function as usize].name;
                    name != Symbol::EMPTY && self.calls_itself(*function)
                });
            for round in 0..ROUNDS {
                let mut changed = false;
                for function in &group {
                    if self.stopped {
                        return;
                    }
                    if recursive && round == 0 && self.mode == Mode::Deep {
                        self.summaries[*function as usize].get_or_insert_with(Default::default);
                    }
                    let summary = Walk::new(self, *function).run();
                    let slot = &mut self.summaries[*function as usize];
                    if slot.as_deref() != Some(&summary) {
                        *slot = Some(Rc::new(summary));
                        changed = true;
                    }
                }
                if !changed || !recursive || self.mode == Mode::Shallow {
                    break;
                }
                if round + 1 == ROUNDS {
                    self.counts.recursion_cut += 1;
                }
            }
        }
    }

    fn calls_itself(&self, function: u32) -> bool {
        let function = &self.graph.functions[function as usize];
        self.tree.descendants(function.body).any(|id| {
            self.tree.kind(id) == Kind::Call
                && self.tree.child(id, 0).is_some_and(|callee| {
                    let name = match self.tree.kind(callee) {
                        Kind::Field => self.tree.child(callee, 1),
                        _ => Some(callee),
                    };
                    name.is_some_and(|name| self.tree.symbol(name) == function.name)
                })
        })
    }

    /// Flows through fields of `this` and variables of the module, from one function to another.
    pub(super) fn conclude_shared(&mut self) {
        let mut stored = Stored::new();
        let summaries = self.summaries.clone();
        for (index, summary) in summaries.iter().enumerate() {
            let Some(summary) = summary else { continue };
            for ((root, path, key), effect) in &summary.effects {
                let sources = effect.taint.filter(Taint::is_source);
                if sources.is_empty() {
                    continue;
                }
                if let Some(owner) = self.owner_of(index as u32, *root) {
                    stored.entry((owner, *root, *path, *key)).or_default().add(&sources);
                }
            }
        }
        if stored.is_empty() {
            return;
        }
        for (index, summary) in summaries.iter().enumerate() {
            let Some(summary) = summary else { continue };
            for (sink, taint) in &summary.sinks {
                for taint in taint.iter() {
                    self.complete(index as u32, *sink, taint, &stored);
                }
            }
        }
    }

    fn owner_of(&self, function: u32, root: Root) -> Option<Option<u32>> {
        match root {
            Root::This => {
                self.classes.get(function as usize).filter(|class| **class != u32::MAX).map(|c| Some(*c))
            }
            Root::Variable(definition) if self.graph.owner(definition) == 0 => Some(None),
            _ => None,
        }
    }

    fn complete(&mut self, function: u32, sink: u32, taint: &Taint, stored: &Stored) {
        let Origin::Input { root, path, .. } = taint.origin() else { return };
        let Some(owner) = self.owner_of(function, root) else { return };
        if self.matches.sinks[sink as usize].requires.is_some() {
            return;
        }
        let at = match root {
            // A field of the receiver: stored under the receiver itself and the field's key.
            Root::This => match self.paths.keys(path).first() {
                Some(key) => (PathId::EMPTY, Some(*key)),
                None => return,
            },
            _ => (PathId::EMPTY, None),
        };
        let mut owners = vec![owner];
        if let Some(class) = owner {
            owners.extend(self.ancestors(class).into_iter().map(Some));
        }
        for owner in owners {
            let Some(sources) = stored.get(&(owner, root, at.0, at.1)).cloned() else { continue };
            let rule = RuleSet::one(self.matches.sinks[sink as usize].rule);
            for source in sources.iter() {
                if let Origin::Source(index) = source.origin()
                    && !source.live.and(taint.live).and(rule).is_empty()
                {
                    let trace = self.traces.join(source.trace, taint.trace);
                    self.found(sink, index, trace);
                }
            }
        }
    }

    pub(super) fn found(&mut self, sink: u32, source: u32, trace: TraceId) {
        let depth = if self.mode == Mode::Shallow { Depth::Shallow } else { Depth::Deep };
        let exit = self.exit_node;
        self.findings.entry((sink, source)).or_insert(Found { trace, depth, exit });
    }

    // ── questions of the walk ──

    pub(super) fn text(&self, id: NodeId) -> &'a str {
        self.symbols.text(self.tree.symbol(id))
    }

    /// The name of the last part of `a.b.c`.
    pub(super) fn text_of_field(&self, id: NodeId) -> &'a str {
        match self.tree.kind(id) {
            Kind::Field => self.tree.child(id, 1).map_or("", |name| self.text(name)),
            _ => self.text(id),
        }
    }

    pub(super) fn all_rules(&self) -> RuleSet {
        match self.matches.rules.len() {
            count if count >= RuleSet::CAPACITY => RuleSet::ALL,
            count => RuleSet((1 << count) - 1),
        }
    }

    /// The rules for which numbers are clean. In C, sizes and offsets are what it is about.
    pub(super) fn number_rules(&self) -> RuleSet {
        match self.spec.language {
            Language::C | Language::Cpp => self.matches.options.safe_numbers,
            _ => RuleSet::ALL,
        }
    }

    pub(super) fn summary(&self, function: u32) -> Option<Rc<Summary>> {
        self.summaries.get(function as usize)?.clone()
    }

    /// Whether calls of a function are looked into in this round.
    pub(super) fn follows(&self, function: u32) -> bool {
        self.mode == Mode::Deep || self.graph.functions[function as usize].name == Symbol::EMPTY
    }

    pub(super) fn truth(&self, condition: NodeId) -> Option<bool> {
        match self.facts.constant(self.tree, condition)? {
            Constant::Bool(value) => Some(value),
            Constant::Null => Some(false),
            Constant::Number(text) if self.spec.language != Language::Ruby => {
                let text = self.symbols.text(text);
                text.parse::<i64>().ok().map(|number| number != 0)
            }
            _ => None,
        }
    }

    /// The case of a variable that is set once, to a member of an enumeration, where all cases are such members.
    pub(super) fn named_case(&self, subject: NodeId, cases: &[NodeId]) -> Option<usize> {
        let tree = self.tree;
        let member = |id: NodeId| match tree.kind(id) {
            Kind::Name => Some(tree.symbol(id)),
            Kind::Field => tree.child(id, 1).map(|name| tree.symbol(name)),
            _ => None,
        };
        let definition = *self.facts.definitions.get(&subject)?;
        let owner = tree.parent(definition).filter(|owner| tree.kind(*owner) == Kind::VariableDefinition)?;
        let value = tree.present(owner, 3).filter(|value| tree.kind(*value) == Kind::Field)?;
        if self.assigned.get(&definition) != Some(&1) {
            return None;
        }
        let value = member(value).filter(|name| {
            self.symbols
                .text(*name)
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || b"_0123456789".contains(&byte))
        })?;
        let mut default = cases.len();
        for (index, case) in cases.iter().enumerate() {
            let (_, patterns) = tree.children(*case).split_last()?;
            if patterns.is_empty() {
                default = index;
            }
            for pattern in patterns {
                let name = member(*pattern)?;
                let text = self.symbols.text(name);
                if name == value {
                    return Some(index);
                }
                if text == "_" {
                    default = index;
                } else if !text.starts_with(|c: char| c.is_ascii_uppercase()) {
                    // It may be a name for whatever is looked at.
                    return None;
                }
            }
        }
        Some(default)
    }

    /// Which of the cases a constant selects: one past the last for none; `None` where that is not known.
    pub(super) fn decided_case(&self, subject: Constant, cases: &[NodeId]) -> Option<usize> {
        let mut default = cases.len();
        let mut found = None;
        for (index, case) in cases.iter().enumerate() {
            let (_, patterns) = self.tree.children(*case).split_last()?;
            if patterns.is_empty() {
                default = index;
            }
            for pattern in patterns {
                if self.tree.kind(*pattern) == Kind::Name
                    && self.symbols.text(self.tree.symbol(*pattern)) == "_"
                {
                    default = index;
                    continue;
                }
                let constant = self.facts.constant(self.tree, *pattern)?;
                let equal = match (constant, subject) {
                    (Constant::SomeString, _) | (_, Constant::SomeString) => return None,
                    (a, b) => a == b,
                };
                if equal && found.is_none() {
                    found = Some(index);
                }
            }
        }
        Some(found.unwrap_or(default))
    }

    /// Whether a pattern admits anything: `_`.
    pub(super) fn is_wildcard(&self, pattern: NodeId) -> bool {
        match self.tree.children(pattern) {
            [] => self.text(pattern) == "_",
            [only] if self.tree.kind(pattern) == Kind::Other => self.is_wildcard(*only),
            _ => false,
        }
    }

    /// Whether a case ends where the next begins.
    pub(super) fn is_arrow_case(&self, case: NodeId) -> bool {
        self.arrow_case != 0 && self.tree.node(case).raw == self.arrow_case
    }

    pub(super) fn is_static(&self, definition: NodeId) -> bool {
        let owner =
            self.tree.ancestors(definition).find(|id| self.tree.kind(*id) == Kind::VariableDefinition);
        let modifiers = owner.and_then(|owner| self.tree.child(owner, 0));
        modifiers.is_some_and(|modifiers| {
            self.tree.children(modifiers).iter().any(|token| matches!(self.text(*token), "static" | "const"))
        })
    }

    pub(super) fn is_number_name(&self, type_: Symbol) -> bool {
        if matches!(self.spec.language, Language::C | Language::Cpp) {
            return false;
        }
        let text = self.symbols.text(type_);
        matches!(
            text.rsplit('.').next().unwrap_or(text),
            "int"
                | "long"
                | "short"
                | "byte"
                | "double"
                | "float"
                | "boolean"
                | "bool"
                | "Integer"
                | "Long"
                | "Short"
                | "Byte"
                | "Double"
                | "Float"
                | "Boolean"
                | "BigDecimal"
                | "BigInteger"
                | "Int"
                | "UInt"
                | "number"
                | "bigint"
                | "int8"
                | "int16"
                | "int32"
                | "int64"
                | "uint"
                | "uint8"
                | "uint16"
                | "uint32"
                | "uint64"
                | "float32"
                | "float64"
                | "i8"
                | "i16"
                | "i32"
                | "i64"
                | "i128"
                | "isize"
                | "u8"
                | "u16"
                | "u32"
                | "u64"
                | "u128"
                | "usize"
                | "f32"
                | "f64"
                | "decimal"
                | "UUID"
                | "Guid"
                | "LocalDate"
                | "Instant"
        )
    }

    pub(super) fn is_number_type(&self, type_: NodeId) -> bool {
        match self.tree.kind(type_) {
            Kind::Name | Kind::Token | Kind::String => self.is_number_name(self.tree.symbol(type_)),
            Kind::Field => {
                self.tree.child(type_, 1).is_some_and(|name| self.is_number_name(self.tree.symbol(name)))
            }
            Kind::Tuple => {
                !self.tree.children(type_).is_empty()
                    && self.tree.children(type_).iter().all(|part| self.is_number_type(*part))
            }
            Kind::Other => match self.tree.children(type_) {
                [] => self.is_number_name(self.tree.symbol(type_)),
                [only] => self.is_number_type(*only),
                _ => false,
            },
            _ => false,
        }
    }

    pub(super) fn is_numeric(&self, id: NodeId) -> bool {
        self.facts.types.get(&id).is_some_and(|type_| self.is_number_name(*type_))
    }

    // ── classes ──

    pub(super) fn class_around(&self, id: NodeId) -> Option<u32> {
        let function = self.graph.owner(id);
        self.classes.get(function as usize).copied().filter(|class| *class != u32::MAX)
    }

    fn ancestors(&self, class: u32) -> Vec<u32> {
        self.closure(class, &self.graph.superclasses)
    }

    fn closure(&self, class: u32, edges: &[Vec<u32>]) -> Vec<u32> {
        let mut out: Vec<u32> = Vec::new();
        let mut queue = vec![class];
        while let Some(at) = queue.pop() {
            for next in edges.get(at as usize).into_iter().flatten() {
                if *next != class && !out.contains(next) && out.len() < 64 {
                    out.push(*next);
                    queue.push(*next);
                }
            }
        }
        out
    }

    pub(super) fn inherits(&self, class: u32, from: u32) -> bool {
        self.ancestors(class).contains(&from)
    }

    fn own_method(&self, class: u32, name: Symbol) -> Option<u32> {
        let methods = &self.facts.classes.get(class as usize)?.methods;
        let (_, node) = methods.iter().find(|(method, node)| *method == name && self.has_body(*node))?;
        self.graph.by_node.get(node).copied()
    }

    fn has_body(&self, function: NodeId) -> bool {
        self.tree.present(function, 4).is_some()
    }

    /// The method of a class or of the nearest class that it inherits it from.
    pub(super) fn inherited(&self, class: u32, name: Symbol) -> Option<u32> {
        self.own_method(class, name)
            .or_else(|| self.ancestors(class).into_iter().find_map(|parent| self.own_method(parent, name)))
    }

    /// The methods that a call on an object of a class may mean: its own, and those that override it.
    pub(super) fn methods(&self, class: u32, name: Symbol) -> Vec<u32> {
        let mut out: Vec<u32> = self.inherited(class, name).into_iter().collect();
        for child in self.closure(class, &self.graph.subclasses) {
            if let Some(method) = self.own_method(child, name)
                && !out.contains(&method)
            {
                out.push(method);
            }
        }
        out
    }

    /// The constructors of a class, or of the nearest class that has some.
    pub(super) fn constructors(&self, class: u32) -> Vec<u32> {
        let own = |class: u32| -> Vec<u32> {
            let Some(class) = self.facts.classes.get(class as usize) else { return Vec::new() };
            let is_constructor = |name: Symbol| {
                name == class.name || super::graph::is_constructor_name(self.symbols.text(name))
            };
            let methods =
                class.methods.iter().filter(|(name, node)| is_constructor(*name) && self.has_body(*node));
            methods.filter_map(|(_, node)| self.graph.by_node.get(node).copied()).collect()
        };
        let mine = own(class);
        if !mine.is_empty() {
            return mine;
        }
        self.ancestors(class).into_iter().map(own).find(|list| !list.is_empty()).unwrap_or_default()
    }

    /// Whether a call may be to a function of another file of the project.
    pub(super) fn is_external(&self, call: NodeId) -> bool {
        self.external.contains(&call)
    }
}
