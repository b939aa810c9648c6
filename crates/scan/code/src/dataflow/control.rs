//! Branches, loops, jumps and handlers: where ways part and meet.

use super::state::State;
use super::value::Value;
use super::walk::{Handler, Target, Walk};
use crate::language::Language;
use crate::tree::{Kind, NodeId, Symbol};

/// How often a loop is read before what it still changes is given up (and counted).
const ROUNDS: u32 = 12;

impl Walk<'_, '_> {
    pub(super) fn if_statement(&mut self, id: NodeId) {
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

    pub(super) fn run_loop(&mut self, parts: Loop) {
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
    pub(super) fn jump(&mut self, label: Option<Symbol>, is_break: bool) {
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

    pub(super) fn pass_finals(&mut self, state: &State) {
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

    pub(super) fn switch(&mut self, id: NodeId) {
        let tree = self.a.tree;
        let Some((subject, cases)) = tree.children(id).split_first() else { return };
        let value = self.eval(*subject);
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
        let decided = match known {
            Some(known) => self.a.decided_case(known, cases),
            None => self.a.named_case(*subject, cases),
        };
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
                        self.bind_case(*pattern, *subject, &value);
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

    pub(super) fn try_statement(&mut self, id: NodeId) {
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
}

/// The parts of a loop.
pub(super) struct Loop {
    pub(super) label: Option<Symbol>,
    pub(super) condition: Option<NodeId>,
    pub(super) until: bool,
    pub(super) body: Option<NodeId>,
    pub(super) update: Option<NodeId>,
    pub(super) target: Option<(NodeId, Value)>,
    /// Whether the body runs before the condition is read.
    pub(super) first: bool,
}

impl Loop {
    pub(super) fn of(label: Option<Symbol>) -> Self {
        Self { label, condition: None, until: false, body: None, update: None, target: None, first: false }
    }
}
