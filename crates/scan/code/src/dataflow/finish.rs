//! The ends of a function: what it returns, leaves written and has checked.

use super::state::Variable;
use super::summary::Summary;
use super::value::{Key, Object, Origin, PathId, Root, Value};
use super::walk::Walk;
use crate::tree::NodeId;

impl Walk<'_, '_> {
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

    pub(super) fn add_return(&mut self, path: PathId, value: &Value, depth: u32) {
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
    pub(super) fn note_clean(&mut self, expression: Option<NodeId>) {
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

    pub(super) fn clean_parameters(&self) -> Vec<u16> {
        let function = &self.a.graph.functions[self.function as usize];
        let is_clean = |(index, parameter): (usize, &super::graph::Parameter)| {
            let definition = self.a.facts.definitions.get(&parameter.target)?;
            let value = self.state.get(Variable::Defined(*definition))?;
            let root = Root::Parameter(index as u16);
            let dirty = value.taint.iter().any(|taint| {
                taint.is_source() || matches!(taint.origin(), Origin::Input { root: own, .. } if own == root)
            });
            (!dirty && value.objects.is_empty()).then_some(index as u16)
        };
        function.parameters.iter().enumerate().filter_map(is_clean).collect()
    }

    /// The function ends here, with the state as it is.
    pub(super) fn end(&mut self, expression: Option<NodeId>, at: NodeId) {
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

    pub(super) fn finish(mut self) -> Summary {
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
    pub(super) fn effects(&mut self) {
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
}

fn intersect(known: Option<Vec<u16>>, more: Vec<u16>) -> Vec<u16> {
    match known {
        None => more,
        Some(known) => known.into_iter().filter(|index| more.contains(index)).collect(),
    }
}
