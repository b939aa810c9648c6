//! One function, followed along its statements.
//!
//! This is abstract interpretation over the structured tree. It is the same as iterating over a control-flow graph: a
//! [`State`] runs through the statements; branches copy it and their ends join; a loop is repeated from the join of its
//! start and its end until that no longer changes; what leaves early (`break`, `continue`, `return`, `throw`) is kept at
//! the construct that it leaves for and joined there.

use super::analysis::Analysis;
use super::state::{State, Variable, input};
use super::summary::Summary;
use super::trace::StepKind;
use super::value::{Key, Object, Origin, PathId, Root, RuleSet, TaintSet, Value};
use crate::facts::{Map, Set};
use crate::language::Language;
use crate::tree::{Kind, NodeId, Symbol};

/// How often a loop is read before what it still changes is given up (and counted).
const ROUNDS: u32 = 12;

/// What `break` and `continue` leave for.
struct Target {
    label: Option<Symbol>,
    /// A `switch` takes `break` but no `continue`.
    is_loop: bool,
    breaks: Option<State>,
    continues: Option<State>,
}

/// What exceptions leave for.
struct Handler {
    state: Option<State>,
    thrown: Value,
}

pub(super) struct Walk<'r, 'a> {
    pub(super) a: &'r mut Analysis<'a>,
    pub(super) function: u32,
    pub(super) state: State,
    /// Whether this point is not reached.
    pub(super) dead: bool,
    pub(super) out: Summary,
    /// The state at the ends of the function.
    exit: Option<State>,
    targets: Vec<Target>,
    handlers: Vec<Handler>,
    /// States that pass a `finally` on their way out.
    finals: Vec<Option<State>>,
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
    clean: Option<Vec<u16>>,
    clean_if_true: Option<Vec<u16>>,
    /// The value of `yield`s.
    pub(super) yielded: Value,
    depth: u32,
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
            depth: 0,
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
                // What a jump skips is read as if it were not skipped.
                self.a.counts.skipped += 1;
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

    fn label_of(&self, id: NodeId) -> Option<Symbol> {
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

    fn if_statement(&mut self, id: NodeId) {
        let tree = self.a.tree;
        let Some(condition) = tree.child(id, 0) else { return };
        let (holds, fails) = self.branch(condition);
        if self.dead {
            return;
        }
        self.dead = true;
        if let Some(state) = holds {
            self.state = state;
            self.dead = false;
            if let Some(then) = tree.present(id, 1) {
                self.exec(then);
            }
        }
        let after = (!self.dead).then(|| std::mem::take(&mut self.state));
        self.dead = true;
        if let Some(state) = fails {
            self.state = state;
            self.dead = false;
            if let Some(other) = tree.present(id, 2) {
                self.exec(other);
            }
        }
        self.merge(after);
    }

    fn run_loop(&mut self, parts: Loop) {
        self.targets.push(Target { label: parts.label, is_loop: true, breaks: None, continues: None });
        let mut head = self.state.clone();
        let mut exit;
        let mut round = 0;
        loop {
            self.state = head.clone();
            self.dead = false;
            exit = None;
            let skip_condition = parts.first && round == 0;
            if let Some((target, iterable)) = &parts.target {
                exit = Some(self.state.clone());
                let mut element = self.element(iterable);
                element.taint = element.taint.without(self.a.matches.options.only_assignments);
                self.bind(*target, element);
            } else if let Some(condition) = parts.condition.filter(|_| !skip_condition) {
                let (holds, fails) = self.branch(condition);
                let (stay, leave) = if parts.until { (fails, holds) } else { (holds, fails) };
                exit = leave;
                match stay {
                    Some(state) => self.state = state,
                    None => self.dead = true,
                }
            }
            if let Some(body) = parts.body.filter(|_| !self.dead) {
                self.exec(body);
            }
            let continues = self.targets.last_mut().and_then(|target| target.continues.take());
            self.merge(continues);
            if let Some(update) = parts.update.filter(|_| !self.dead) {
                self.exec(update);
            }
            if self.dead && !skip_condition {
                break;
            }
            let mut next = Some(head.clone());
            if !self.dead {
                let state = std::mem::take(&mut self.state);
                // The first condition of `do … while` is read after the body.
                if skip_condition {
                    next = Some(state);
                } else {
                    self.join_into(&mut next, &state);
                }
            } else if skip_condition {
                break;
            }
            let next = next.unwrap_or_default();
            round += 1;
            if next == head && !skip_condition || self.a.stopped {
                break;
            }
            if round >= ROUNDS {
                self.a.counts.loops_cut += 1;
                break;
            }
            head = next;
        }
        let breaks = self.targets.pop().and_then(|target| target.breaks);
        self.dead = true;
        self.merge(exit);
        self.merge(breaks);
    }

    /// `break` or `continue`: keeps the state for what is left.
    fn jump(&mut self, label: Option<Symbol>, is_break: bool) {
        let wanted = |target: &Target| match label {
            Some(label) => target.label == Some(label),
            None => target.is_loop || is_break && target.label.is_none(),
        };
        let index = self.targets.iter().rposition(wanted);
        let state = std::mem::take(&mut self.state);
        self.pass_finals(&state);
        if let Some(index) = index {
            let slot =
                |target: &mut Target| if is_break { target.breaks.take() } else { target.continues.take() };
            let mut kept = self.targets.get_mut(index).and_then(slot);
            self.join_into(&mut kept, &state);
            if let Some(target) = self.targets.get_mut(index) {
                *(if is_break { &mut target.breaks } else { &mut target.continues }) = kept;
            }
        }
        self.dead = true;
    }

    fn pass_finals(&mut self, state: &State) {
        if let Some(mut last) = self.finals.pop() {
            self.join_into(&mut last, state);
            self.finals.push(last);
        }
    }

    pub(super) fn throw(&mut self, value: &Value) {
        let state = std::mem::take(&mut self.state);
        match self.handlers.pop() {
            Some(mut handler) => {
                self.join_into(&mut handler.state, &state);
                handler.thrown.add(value);
                self.handlers.push(handler);
            }
            None => {
                self.pass_finals(&state);
                self.out.thrown.add(&state.deep(value));
            }
        }
        self.dead = true;
    }

    fn switch(&mut self, id: NodeId) {
        let tree = self.a.tree;
        let Some((subject, cases)) = tree.children(id).split_first() else { return };
        self.eval(*subject);
        let known = self.a.facts.constant(tree, *subject);
        let before = self.state.clone();
        self.targets.push(Target { label: self.label_of(id), is_loop: false, breaks: None, continues: None });
        let falls = matches!(
            self.a.spec.language,
            Language::Java
                | Language::C
                | Language::Cpp
                | Language::JavaScript
                | Language::TypeScript
                | Language::Php
        );
        let is_default = |case: &NodeId| {
            let patterns = tree.children(*case).split_last().map_or(&[][..], |(_, patterns)| patterns);
            patterns.is_empty() || patterns.iter().any(|pattern| self.a.is_wildcard(*pattern))
        };
        let has_default = cases.iter().any(is_default);
        let decided = known.and_then(|known| self.a.decided_case(known, cases));
        let mut after: Option<State> = None;
        self.dead = true;
        for (index, case) in cases.iter().enumerate() {
            if tree.kind(*case) != Kind::Case {
                continue;
            }
            let Some((body, patterns)) = tree.children(*case).split_last() else { continue };
            let enters = match decided {
                Some(decided) => decided == index,
                None => true,
            };
            if !falls || self.a.is_arrow_case(*case) {
                let state = (!self.dead).then(|| std::mem::take(&mut self.state));
                if let Some(state) = state {
                    self.join_into(&mut after, &state);
                }
                self.dead = true;
            }
            if enters {
                let fallen = (!self.dead).then(|| std::mem::take(&mut self.state));
                self.state = before.clone();
                self.dead = false;
                for pattern in patterns {
                    if !tree.kind(*pattern).is_literal() {
                        self.bind_case(*pattern, *subject);
                    }
                }
                let all_constant = !patterns.is_empty()
                    && patterns.iter().all(|p| self.a.facts.constant(tree, *p).is_some());
                if all_constant {
                    self.clean(*subject);
                }
                self.merge(fallen);
            }
            if !self.dead {
                self.exec(*body);
            }
        }

        self.merge(after);
        if !has_default && decided.is_none_or(|case| case >= cases.len()) {
            self.merge(Some(before));
        }
        let breaks = self.targets.pop().and_then(|target| target.breaks);
        self.merge(breaks);
    }

    fn try_statement(&mut self, id: NodeId) {
        let tree = self.a.tree;
        let children = tree.children(id);
        let [body, catches @ .., finally, otherwise] = children else { return };
        let has_finally = tree.kind(*finally) != Kind::Missing;
        if has_finally {
            self.finals.push(None);
        }
        self.handlers.push(Handler { state: None, thrown: Value::default() });
        self.exec(*body);
        let handler = self.handlers.pop();
        if tree.kind(*otherwise) != Kind::Missing && !self.dead {
            self.exec(*otherwise);
        }
        let mut after = (!self.dead).then(|| std::mem::take(&mut self.state));
        let handler = handler.unwrap_or(Handler { state: None, thrown: Value::default() });
        let caught = catches.iter().filter(|catch| tree.kind(**catch) == Kind::Catch);
        let mut any = false;
        for catch in caught {
            any = true;
            let Some(state) = handler.state.clone() else { break };
            self.state = state;
            self.dead = false;
            if let Some(target) = tree.present(*catch, 1) {
                self.bind(target, handler.thrown.clone());
            }
            if let Some(body) = tree.child(*catch, 2) {
                self.exec(body);
            }
            if !self.dead {
                let state = std::mem::take(&mut self.state);
                self.join_into(&mut after, &state);
            }
        }
        let mut leaving = if has_finally { self.finals.pop().flatten() } else { None };
        if !any && let Some(state) = handler.state {
            self.join_into(&mut leaving, &state);
            // Goes on to the next handler outside.
            let normal = (std::mem::replace(&mut self.state, state), self.dead);
            if !handler.thrown.is_empty() || !self.handlers.is_empty() {
                self.throw(&handler.thrown);
            }
            (self.state, self.dead) = normal;
        }
        if has_finally {
            if let Some(state) = leaving {
                self.state = state;
                self.dead = false;
                self.exec(*finally);
                if !self.dead {
                    let state = std::mem::take(&mut self.state);
                    self.pass_finals(&state);
                }
            }
            self.dead = after.is_none();
            self.state = after.unwrap_or_default();
            if !self.dead {
                self.exec(*finally);
            }
            return;
        }
        self.dead = after.is_none();
        self.state = after.unwrap_or_default();
    }

    /// Adds to what the function returns.
    pub(super) fn returned(&mut self, expression: Option<NodeId>, value: Value) {
        let value = value.with(&self.yielded.clone());
        let control = self.state.control.clone();
        self.out.control.add(&control);
        self.add_return(PathId::EMPTY, &value, 0);
        for object in value.objects.as_slice() {
            if matches!(object, Object::Input { .. }) && !self.out.returned_objects.contains(object) {
                self.out.returned_objects.push(*object);
            }
        }
        for function in value.functions.as_slice() {
            if !self.out.returned_functions.contains(function) {
                self.out.returned_functions.push(*function);
            }
        }
        self.note_clean(expression);
    }

    fn add_return(&mut self, path: PathId, value: &Value, depth: u32) {
        self.out.returns.entry(path).or_default().add(&value.taint);
        if depth > 3 || self.out.returns.len() > 256 {
            let deep = self.state.deep(value);
            self.out.returns.entry(path).or_default().add(&deep);
            return;
        }
        for object in value.objects.as_slice() {
            if matches!(object, Object::Input { .. }) && depth > 0 {
                let deep = self.state.deep(&Value::object(*object));
                self.out.returns.entry(path).or_default().add(&deep);
                continue;
            }
            if matches!(object, Object::Input { .. }) {
                continue;
            }
            let Some(cell) = self.state.cell(*object).cloned() else { continue };
            let parts =
                cell.parts.iter().map(|(key, part)| (*key, &part.value)).chain([(Key::Any, &cell.rest)]);
            for (key, part) in parts {
                match self.a.paths.push(path, key) {
                    Some(path) => {
                        // Noted also when clean: then the part is known not to be what the rest is.
                        self.add_return(path, part, depth + 1);
                    }
                    None => {
                        let deep = self.state.deep(part);
                        self.out.returns.entry(path).or_default().add(&deep);
                    }
                }
            }
        }
    }

    /// Which parameters a check has made clean here.
    fn note_clean(&mut self, expression: Option<NodeId>) {
        let clean = self.clean_parameters();
        self.clean = Some(intersect(self.clean.take(), clean.clone()));
        let truth = expression.and_then(|expression| self.truth(expression));
        if truth == Some(false) {
            return;
        }
        let Some(expression) = expression else {
            return;
        };
        let before = self.state.clone();
        self.refine(expression, true);
        let clean = self.clean_parameters();
        self.state = before;
        self.clean_if_true = Some(intersect(self.clean_if_true.take(), clean));
    }

    fn clean_parameters(&self) -> Vec<u16> {
        let function = &self.a.graph.functions[self.function as usize];
        let is_clean = |(index, parameter): (usize, &super::graph::Parameter)| {
            let definition = self.a.facts.definitions.get(&parameter.target)?;
            let value = self.state.get(Variable::Defined(*definition))?;
            let root = Root::Parameter(index as u16);
            let dirty = value.taint.iter().any(|taint| {
                matches!(taint.origin, Origin::Input { root: own, .. } if own == root)
                    || matches!(taint.origin, Origin::Source(_))
            });
            (!dirty && value.objects.is_empty()).then_some(index as u16)
        };
        function.parameters.iter().enumerate().filter_map(is_clean).collect()
    }

    /// The function ends here, with the state as it is.
    fn end(&mut self, expression: Option<NodeId>, at: NodeId) {
        self.out.returns_at_all = true;
        if expression.is_none() {
            self.note_clean(None);
        }
        self.sinks_at_exit(at);
        let state = std::mem::take(&mut self.state);
        self.pass_finals(&state);
        let mut exit = self.exit.take();
        self.join_into(&mut exit, &state);
        self.exit = exit;
        self.dead = true;
    }

    fn finish(mut self) -> Summary {
        if let Some(state) = self.exit.take() {
            self.state = state;
            self.dead = false;
            self.follow_nested();
            self.effects();
        }
        if !self.yielded.is_empty() {
            let value = self.yielded.clone();
            self.add_return(PathId::EMPTY, &value, 0);
        }
        self.out.cleans = self.clean.take().unwrap_or_default();
        self.out.cleans_if_true = self.clean_if_true.take().unwrap_or_default();
        if self.out.control.is_empty() {
            self.out.control = self.state.control.clone();
        }
        self.out
    }

    /// What the function leaves written in what it was given.
    fn effects(&mut self) {
        let mut effects = Vec::new();
        for (object, cell) in self.state.cells() {
            let Object::Input { root, path } = object else { continue };
            let parts = cell.parts.iter().map(|(key, part)| (*key, &part.value, part.definite));
            let rest = (!cell.rest.is_empty()).then_some((Key::Any, &cell.rest, false));
            for (key, value, definite) in parts.chain(rest) {
                effects.push((root, path, Some(key), value.clone(), definite));
            }
        }
        for (variable, value) in self.state.variables() {
            if let Variable::Defined(definition) = variable
                && self.a.graph.owner(definition) != self.function
            {
                effects.push((Root::Variable(definition), PathId::EMPTY, None, value.clone(), true));
            }
        }
        for (root, path, key, value, definite) in effects.into_iter().take(super::summary::MOST) {
            let inputs = |object: &&Object| matches!(object, Object::Input { .. });
            let objects = value.objects.as_slice().iter().filter(inputs).copied().collect();
            let taint = self.state.deep(&value);
            let effect = super::summary::Effect { taint, objects, definite };
            self.out.effects.insert((root, path, key), effect);
        }
    }

    pub(super) fn step(&mut self, taint: &TaintSet, node: NodeId, kind: StepKind) -> TaintSet {
        if taint.is_empty() {
            return TaintSet::default();
        }
        let traces = &mut self.a.traces;
        taint.map(|taint| Some(super::value::Taint { trace: traces.push(taint.trace, node, kind), ..*taint }))
    }
}

fn intersect(known: Option<Vec<u16>>, more: Vec<u16>) -> Vec<u16> {
    match known {
        None => more,
        Some(known) => known.into_iter().filter(|index| more.contains(index)).collect(),
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

/// The parts of a loop.
struct Loop {
    label: Option<Symbol>,
    condition: Option<NodeId>,
    until: bool,
    body: Option<NodeId>,
    update: Option<NodeId>,
    target: Option<(NodeId, Value)>,
    /// Whether the body runs before the condition is read.
    first: bool,
}

impl Loop {
    fn of(label: Option<Symbol>) -> Self {
        Self { label, condition: None, until: false, body: None, update: None, target: None, first: false }
    }
}
