//! One function, followed along its statements.
//!
//! This is abstract interpretation over the structured tree. It is the same as iterating over a control-flow graph: a
//! [`State`] runs through the statements; branches copy it and their ends join; a loop is repeated from the join of its
//! start and its end until that no longer changes; what leaves early (`break`, `continue`, `return`, `throw`) is kept at
//! the construct that it leaves for and joined there.

use super::analysis::Analysis;
use super::control::Loop;
use super::state::{State, Variable, input};
use super::summary::Summary;
use super::trace::StepKind;
use super::value::{PathId, Root, RuleSet, TaintSet, Value};
use crate::facts::{Map, Set};
use crate::tree::{Kind, NodeId, Symbol};
use std::collections::BTreeMap;

/// What `break` and `continue` leave for.
pub(super) struct Target {
    pub(super) label: Option<Symbol>,
    /// A `switch` takes `break` but no `continue`.
    pub(super) is_loop: bool,
    pub(super) breaks: Option<State>,
    pub(super) continues: Option<State>,
}

/// What exceptions leave for.
pub(super) struct Handler {
    pub(super) state: Option<State>,
    pub(super) thrown: Value,
}

pub(super) struct Walk<'r, 'a> {
    pub(super) a: &'r mut Analysis<'a>,
    pub(super) function: u32,
    pub(super) state: State,
    /// Whether this point is not reached.
    pub(super) dead: bool,
    pub(super) out: Summary,
    /// The state at the ends of the function.
    pub(super) exit: Option<State>,
    pub(super) targets: Vec<Target>,
    pub(super) handlers: Vec<Handler>,
    /// States that pass a `finally` on their way out.
    pub(super) finals: Vec<Option<State>>,
    /// Rules of sanitizers that cover what is read now.
    pub(super) cleaned: RuleSet,
    /// Sources and sinks that cover what is read now.
    pub(super) active_sources: Vec<u32>,
    pub(super) active_sinks: Vec<u32>,
    /// What propagators give to nodes that are yet to be read.
    pub(super) given: Map<NodeId, TaintSet>,
    /// Receiver and arguments of the call read last.
    pub(super) inputs: Vec<Value>,
    /// Functions defined in this one, and those of them that were followed.
    pub(super) nested: Vec<NodeId>,
    pub(super) applied: Set<NodeId>,
    /// Parameters clean at all ends so far.
    pub(super) clean: Option<Vec<u16>>,
    pub(super) clean_if_true: Option<Vec<u16>>,
    /// The value of `yield`s.
    pub(super) yielded: Value,
    /// States that jump to labels further on.
    pub(super) gotos: BTreeMap<Symbol, Option<State>>,
    /// Statements in the place of expressions: the expressions that they may end with, and what these held.
    pub(super) wanted: Vec<(Vec<NodeId>, Value)>,
    pub(super) depth: u32,
    /// How many functions that call back are within each other.
    pub(super) calling_back: u32,
    /// How many variables that hold checks are being looked through.
    pub(super) checks: u32,
}

/// Expressions nested deeper are not read. Trees are bounded too; this bounds the stack of one function.
const MAX_DEPTH: u32 = 600;

impl<'r, 'a> Walk<'r, 'a> {
    pub(super) fn new(a: &'r mut Analysis<'a>, function: u32) -> Self {
        Self {
            a,
            function,
            state: State::default(),
            dead: false,
            out: Summary::default(),
            exit: None,
            targets: Vec::new(),
            handlers: Vec::new(),
            finals: Vec::new(),
            cleaned: RuleSet::EMPTY,
            active_sources: Vec::new(),
            active_sinks: Vec::new(),
            given: Map::default(),
            inputs: Vec::new(),
            nested: Vec::new(),
            applied: Set::default(),
            clean: None,
            clean_if_true: None,
            yielded: Value::default(),
            gotos: BTreeMap::new(),
            wanted: Vec::new(),
            depth: 0,
            calling_back: 0,
            checks: 0,
        }
    }

    pub(super) fn kind(&self, id: NodeId) -> Kind {
        self.a.tree.kind(id)
    }

    pub(super) fn children(&self, id: NodeId) -> &'a [NodeId] {
        self.a.tree.children(id)
    }

    /// Follows the function from its start to its ends.
    pub(super) fn run(mut self) -> Summary {
        let function = self.a.graph.functions[self.function as usize].node;
        self.bind_parameters();
        let body = self.a.graph.functions[self.function as usize].body;
        self.enter_covering(function);
        match self.kind(body) {
            Kind::Missing => {}
            Kind::Program | Kind::Block => self.block(body),
            // A lambda's body is what it returns.
            _ => {
                let value = self.eval(body);
                self.returned(Some(body), value);
            }
        }
        if !self.dead {
            let last = self.children(body).last().copied().unwrap_or(function);
            self.end(None, last);
        }
        self.finish()
    }

    /// What covers the function as a whole (a sink or sanitizer of a rule that names the function) covers its body.
    fn enter_covering(&mut self, function: NodeId) {
        let mut around = Some(function);
        while let Some(id) = around {
            if let Some(at) = self.a.matches.nodes.get(&id) {
                for index in &at.sanitizers {
                    let sanitizer = &self.a.matches.sanitizers[*index as usize];
                    if !sanitizer.exact {
                        self.cleaned = self.cleaned.or(sanitizer.rules);
                    }
                }
                for index in &at.sources {
                    if !self.a.matches.sources[*index as usize].exact {
                        self.active_sources.push(*index);
                    }
                }
                for index in &at.sinks {
                    let sink = &self.a.matches.sinks[*index as usize];
                    if !sink.exact && !sink.at_exit {
                        self.active_sinks.push(*index);
                    }
                }
            }
            around = self.a.tree.parent(id);
        }
    }

    fn bind_parameters(&mut self) {
        let graph = std::rc::Rc::clone(&self.a.graph);
        let function = &graph.functions[self.function as usize];
        if let Some(receiver) = function.receiver {
            self.bind(receiver, input(Root::This, PathId::EMPTY));
        }
        for (index, parameter) in function.parameters.iter().enumerate() {
            let mut value = input(Root::Parameter(index as u16), PathId::EMPTY);
            if let Some(default) = self.a.tree.present(parameter.node, 3)
                && self.kind(parameter.node) == Kind::Parameter
            {
                value.add(&self.eval(default));
            }
            for node in [parameter.node, parameter.target] {
                value.taint.add(&self.sources_at(node, &value.taint, true));
                value.taint = value.taint.without(self.sanitizers_at(node));
            }
            if self.is_safe_type(parameter.node, 1) {
                value = Value::of(self.only_sources(&value.taint));
            }
            self.bind(parameter.target, value);
        }
    }

    /// What holds before a variable is written here.
    pub(super) fn default_of(&self, variable: Variable) -> Value {
        default_of(self.a, self.function, variable)
    }

    pub(super) fn join_into(&mut self, target: &mut Option<State>, state: &State) {
        self.a.spend(1 + state.size() as u64 / 4);
        match target {
            None => *target = Some(state.clone()),
            Some(target) => {
                let (a, function) = (&*self.a, self.function);
                target.join(state, |variable| default_of(a, function, variable));
            }
        }
    }

    /// Joins the current state with another way that ends here.
    pub(super) fn merge(&mut self, other: Option<State>) {
        let Some(other) = other else { return };
        if self.dead {
            self.state = other;
            self.dead = false;
            return;
        }
        let mut mine = Some(std::mem::take(&mut self.state));
        self.join_into(&mut mine, &other);
        self.state = mine.unwrap_or_default();
    }

    pub(super) fn block(&mut self, id: NodeId) {
        for statement in self.children(id) {
            if self.dead {
                // Labels may be reached by jumps; declarations of functions hold anywhere.
                if !matches!(self.kind(*statement), Kind::Function | Kind::Labeled) {
                    continue;
                }
            }
            self.exec(*statement);
        }
    }

    /// Follows one statement.
    pub(super) fn exec(&mut self, id: NodeId) {
        if !self.a.spend(1) {
            self.dead = true;
            return;
        }
        if self.depth >= MAX_DEPTH {
            self.a.counts.skipped += 1;
            return;
        }
        self.depth += 1;
        let covering = self.begin_statement(id);
        let throws = !self.handlers.is_empty() && self.can_throw(id);
        if throws && !self.dead {
            self.may_throw();
        }
        self.statement(id);
        if let Some(covering) = covering {
            self.end_covering(covering);
        }
        if throws && !self.dead {
            self.may_throw();
        }
        self.depth -= 1;
    }

    /// Whether a statement may end in an exception: all but assignments of literals and names do.
    fn can_throw(&self, id: NodeId) -> bool {
        let tree = self.a.tree;
        let plain = |id: NodeId| tree.kind(id).is_literal() || tree.kind(id) == Kind::Name;
        let (target, value) = match tree.kind(id) {
            Kind::Empty | Kind::Function | Kind::Break | Kind::Continue | Kind::Block | Kind::Global => {
                return false;
            }
            Kind::ExpressionStatement | Kind::Assign => {
                let inner = if tree.kind(id) == Kind::Assign { Some(id) } else { tree.child(id, 0) };
                let Some(inner) = inner.filter(|inner| tree.kind(*inner) == Kind::Assign) else {
                    return true;
                };
                (tree.child(inner, 0), tree.child(inner, 1))
            }
            Kind::VariableDefinition => (tree.child(id, 2), tree.present(id, 3)),
            _ => return true,
        };
        !(target.is_none_or(plain) && value.is_none_or(plain))
    }

    /// The state here may be that of an exception.
    pub(super) fn may_throw(&mut self) {
        let Some(mut handler) = self.handlers.pop() else { return };
        let state = std::mem::take(&mut self.state);
        self.join_into(&mut handler.state, &state);
        self.state = state;
        self.handlers.push(handler);
    }

    fn statement(&mut self, id: NodeId) {
        let tree = self.a.tree;
        let children = tree.children(id);
        match tree.kind(id) {
            Kind::Block | Kind::Program | Kind::Definitions => self.block(id),
            Kind::ExpressionStatement => {
                for child in children {
                    self.eval(*child);
                }
            }
            Kind::If => self.if_statement(id),
            Kind::While => {
                let until = tree.symbol(id) == Symbol::NOT;
                self.run_loop(Loop {
                    condition: tree.present(id, 0),
                    until,
                    body: tree.child(id, 1),
                    ..Loop::of(self.label_of(id))
                });
                // `while … else`
                if let Some(other) = tree.present(id, 2).filter(|_| !self.dead) {
                    self.exec(other);
                }
            }
            Kind::DoWhile => self.run_loop(Loop {
                condition: tree.present(id, 1),
                body: tree.child(id, 0),
                first: true,
                ..Loop::of(self.label_of(id))
            }),
            Kind::For => {
                if let Some(initial) = tree.present(id, 0) {
                    self.exec(initial);
                }
                self.run_loop(Loop {
                    condition: tree.present(id, 1),
                    body: tree.child(id, 3),
                    update: tree.present(id, 2),
                    ..Loop::of(self.label_of(id))
                });
            }
            Kind::ForEach => {
                let iterable = tree.child(id, 1).map(|iterable| self.eval(iterable)).unwrap_or_default();
                self.run_loop(Loop {
                    target: tree.child(id, 0).map(|target| (target, iterable)),
                    body: tree.child(id, 2),
                    ..Loop::of(self.label_of(id))
                });
                if let Some(other) = tree.present(id, 3).filter(|_| !self.dead) {
                    self.exec(other);
                }
            }
            Kind::Switch => self.switch(id),
            Kind::Try => self.try_statement(id),
            Kind::With => {
                let Some((body, items)) = children.split_last() else { return };
                for item in items {
                    self.exec(*item);
                }
                self.exec(*body);
            }
            Kind::Return => {
                let expression = tree.present(id, 0);
                let value = expression.map(|expression| self.eval(expression)).unwrap_or_default();
                self.sink_statement(id, &value);
                self.returned(expression, value);
                self.end(expression, id);
            }
            Kind::Throw => {
                let value = tree.present(id, 0).map(|thrown| self.eval(thrown)).unwrap_or_default();
                self.sink_statement(id, &value);
                self.throw(&value);
            }
            Kind::Break | Kind::Continue => {
                let label = tree.present(id, 0).map(|label| tree.symbol(label));
                self.jump(label, tree.kind(id) == Kind::Break);
            }
            Kind::Labeled => {
                // A jump back to it changes nothing here.
                if let Some(label) = tree.child(id, 0) {
                    let jumped = self.gotos.remove(&tree.symbol(label)).flatten();
                    self.merge(jumped);
                }
                if let Some(statement) = tree.child(id, 1) {
                    let is_loop = matches!(
                        tree.kind(statement),
                        Kind::While | Kind::DoWhile | Kind::For | Kind::ForEach | Kind::Switch
                    );
                    if is_loop {
                        self.exec(statement);
                    } else {
                        let label = tree.child(id, 0).map(|label| tree.symbol(label));
                        self.targets.push(Target { label, is_loop: false, breaks: None, continues: None });
                        self.exec(statement);
                        let target = self.targets.pop();
                        self.merge(target.and_then(|target| target.breaks));
                    }
                }
            }
            Kind::Goto => {
                let label = tree.child(id, 0).map_or(Symbol::EMPTY, |label| tree.symbol(label));
                let state = std::mem::take(&mut self.state);
                let mut kept = self.gotos.remove(&label).flatten();
                self.join_into(&mut kept, &state);
                self.gotos.insert(label, kept);
                self.dead = true;
            }
            Kind::Assert => {
                for child in children {
                    self.eval(*child);
                }
                if let Some(condition) = children.first() {
                    self.refine(*condition, true);
                }
            }
            Kind::Delete => {
                for child in children {
                    self.delete(*child);
                }
            }
            Kind::Function => {
                if let Some(modifiers) = tree.child(id, 0) {
                    for modifier in tree.children(modifiers) {
                        if tree.kind(*modifier) == Kind::Decorator
                            && let Some(expression) = tree.child(*modifier, 0)
                        {
                            self.eval(expression);
                        }
                    }
                }
                self.nested.push(id);
            }
            Kind::Class => {
                if let Some(body) = tree.present(id, 3) {
                    self.block(body);
                }
            }
            Kind::Import
            | Kind::ImportFrom
            | Kind::Package
            | Kind::Global
            | Kind::Empty
            | Kind::Missing
            | Kind::Comment
            | Kind::Modifiers => {}
            _ => {
                self.eval(id);
            }
        }
    }

    pub(super) fn label_of(&self, id: NodeId) -> Option<Symbol> {
        let parent = self.a.tree.parent(id).filter(|parent| self.kind(*parent) == Kind::Labeled)?;
        self.a.tree.child(parent, 0).map(|label| self.a.tree.symbol(label))
    }

    /// Whether a condition is known: then the other branch is dead.
    pub(super) fn truth(&self, condition: NodeId) -> Option<bool> {
        self.a.truth(condition)
    }

    /// Reads a condition; the states in which it holds and does not.
    pub(super) fn branch(&mut self, condition: NodeId) -> (Option<State>, Option<State>) {
        self.eval(condition);
        let truth = self.truth(condition);
        let before = self.state.clone();
        let mut ends = [None, None];
        for (end, holds) in ends.iter_mut().zip([true, false]) {
            if truth.is_some_and(|truth| truth != holds) || self.dead {
                continue;
            }
            self.state = before.clone();
            self.refine(condition, holds);
            *end = Some(std::mem::take(&mut self.state));
        }
        self.state = before;
        let [holds, fails] = ends;
        (holds, fails)
    }

    pub(super) fn step(&mut self, taint: &TaintSet, node: NodeId, kind: StepKind) -> TaintSet {
        if taint.is_empty() {
            return TaintSet::default();
        }
        let traces = &mut self.a.traces;
        taint.map(|taint| Some(super::value::Taint { trace: traces.push(taint.trace, node, kind), ..*taint }))
    }
}

fn default_of(a: &Analysis<'_>, function: u32, variable: Variable) -> Value {
    match variable {
        Variable::Defined(definition) if a.graph.owner(definition) != function => {
            input(Root::Variable(definition), PathId::EMPTY)
        }
        _ => Value::default(),
    }
}
