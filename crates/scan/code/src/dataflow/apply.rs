//! A summary put in the place of a call.

use super::call::Call;
use super::state::Variable;
use super::summary::{Effect, Slot, Summary};
use super::trace::StepKind;
use super::value::{Key, Object, Origin, PathId, Root, Sorted, Taint, TaintSet, Value};
use super::walk::Walk;
use crate::tree::NodeId;
use std::collections::BTreeMap;

/// What a function is called with.
pub(super) struct Actuals<'c> {
    pub(super) call: &'c Call,
    pub(super) this: Value,
}

/// Inputs of the callee by what the caller has there.
struct Inputs<'c> {
    actuals: &'c Actuals<'c>,
    function: u32,
    known: BTreeMap<(Root, PathId), Value>,
}

impl Walk<'_, '_> {
    /// What comes of calling a function of this file; `None` where it is not summarised (yet).
    pub(super) fn apply(&mut self, function: u32, actuals: &Actuals<'_>) -> Option<Value> {
        let summary = self.a.summary(function)?;
        self.a.spend(8 + summary.effects.len() as u64 + summary.sinks.len() as u64);
        let node = actuals.call.node;
        let mut inputs = Inputs { actuals, function, known: BTreeMap::new() };
        for (sink, taint) in &summary.sinks {
            let taint = self.substitute(&mut inputs, taint);
            if !taint.is_empty() {
                self.reach(*sink, &taint);
            }
        }
        for (at, taint) in &summary.external {
            let open = taint.filter(|taint| !taint.is_source());
            let taint = self.substitute(&mut inputs, &open);
            self.out.add_external(*at, &taint);
        }
        self.call_back(&mut inputs, &summary);
        let thrown = self.substitute(&mut inputs, &summary.thrown);
        if !thrown.is_empty() {
            self.note_thrown(&Value::of(thrown));
        }
        let mut value = self.result(&mut inputs, &summary, node);
        let control = self.substitute(&mut inputs, &summary.control);
        self.state.control.add(&control);
        for ((root, path, key), effect) in &summary.effects {
            self.effect(&mut inputs, *root, *path, *key, effect);
        }
        for index in &summary.cleans {
            let argument =
                actuals.call.arguments.iter().find(|argument| argument.slot == Slot::Position(*index));
            if let Some(argument) = argument.map(|argument| argument.node) {
                self.clean(argument);
            }
        }
        value.taint = self.step(&value.taint, node, StepKind::Leave);
        if !summary.returns_at_all {
            self.may_throw();
            self.dead = true;
        }
        Some(value)
    }

    fn input_value(&mut self, inputs: &mut Inputs<'_>, root: Root, path: PathId) -> Value {
        if let Some(known) = inputs.known.get(&(root, path)) {
            return known.clone();
        }
        let value = match self.a.paths.pop(path) {
            Some((parent, key)) => {
                let base = self.input_value(inputs, root, parent);
                self.state.read(&mut self.a.paths, &base, key)
            }
            None => self.root_value(inputs, root),
        };
        inputs.known.insert((root, path), value.clone());
        value
    }

    fn root_value(&mut self, inputs: &Inputs<'_>, root: Root) -> Value {
        match root {
            Root::This => inputs.actuals.this.clone(),
            Root::Variable(definition) => self.outer_value(definition),
            Root::Call(_) | Root::Written(..) => super::state::input(root, PathId::EMPTY),
            Root::Parameter(index) => self.parameter_value(inputs, index),
        }
    }

    fn parameter_value(&mut self, inputs: &Inputs<'_>, index: u16) -> Value {
        let graph = std::rc::Rc::clone(&self.a.graph);
        let Some(function) = graph.functions.get(inputs.function as usize) else { return Value::default() };
        let Some(parameter) = function.parameters.get(usize::from(index)) else { return Value::default() };
        let mut out = Value::default();
        let mut packed = Value::default();
        for argument in &inputs.actuals.call.arguments {
            match argument.slot {
                Slot::Position(_) if argument.spread => {
                    // Any of what is spread may land here.
                    let value = argument.value.clone();
                    let element = self.element(&value);
                    out.add(&element);
                    packed.add(&element);
                }
                Slot::Position(position) if position == index && !parameter.rest => out.add(&argument.value),
                Slot::Position(position) if parameter.rest && position >= index => {
                    packed.add(&argument.value)
                }
                Slot::Keyword(name) if name == parameter.label.unwrap_or(parameter.name) => {
                    out.add(&argument.value)
                }
                Slot::Keyword(name)
                    if parameter.rest && function.parameters.iter().all(|other| other.name != name) =>
                {
                    packed.add(&argument.value);
                }
                _ => {}
            }
        }
        if parameter.rest {
            let list = Object::Site { node: parameter.node, path: PathId::EMPTY };
            let list = self.state.allocate(list, None);
            self.state.write(&list, Key::Any, &packed);
            return list;
        }
        out
    }

    /// Taint in terms of the callee's inputs, in terms of the caller.
    fn substitute(&mut self, inputs: &mut Inputs<'_>, taint: &TaintSet) -> TaintSet {
        let node = inputs.actuals.call.node;
        let mut out = TaintSet::default();
        for taint in taint.iter() {
            let Origin::Input { root, path, deep } = taint.origin() else {
                out.add(&TaintSet::one(*taint));
                continue;
            };
            if matches!(root, Root::Call(_) | Root::Written(..)) {
                out.add(&TaintSet::one(*taint));
                continue;
            }
            let value = self.input_value(inputs, root, path);
            let actual = if deep { self.state.deep(&value) } else { value.taint };
            let traces = &mut self.a.traces;
            let entered = actual.map(|own| {
                let start = traces.push(own.trace, node, StepKind::Enter);
                let label = if taint.label() == 0 { own.label() } else { taint.label() };
                let live = own.live.and(taint.live);
                Some(Taint { live, trace: traces.join(start, taint.trace), ..*own }.labelled(label))
            });
            out.add(&entered);
        }
        out
    }

    fn result(&mut self, inputs: &mut Inputs<'_>, summary: &Summary, node: NodeId) -> Value {
        let mut value = Value::default();
        for object in &summary.returned_objects {
            if let Object::Input { root, path } = *object {
                let input = self.input_value(inputs, root, path);
                value.objects.add(&input.objects);
                value.functions.add(&input.functions);
            }
        }
        for function in &summary.returned_functions {
            value.functions.add(&Sorted::one(*function));
        }
        let mut parts: BTreeMap<PathId, TaintSet> = BTreeMap::new();
        for (path, taint) in &summary.returns {
            parts.insert(*path, self.substitute(inputs, taint));
        }
        if let Some(whole) = parts.remove(&PathId::EMPTY) {
            value.taint.add(&whole);
        }
        if parts.is_empty() {
            return value;
        }
        // Paths are numbered parents first: children are written into what their parents made.
        let mut made: BTreeMap<PathId, Value> = BTreeMap::new();
        let root = self.state.allocate(Object::Site { node, path: PathId::EMPTY }, None);
        made.insert(PathId::EMPTY, root.clone());
        let parents: Vec<PathId> =
            parts.keys().filter_map(|path| self.a.paths.pop(*path)).map(|(parent, _)| parent).collect();
        for (path, taint) in &parts {
            let Some((parent, key)) = self.a.paths.pop(*path) else { continue };
            let Some(target) = made.get(&parent).cloned() else { continue };
            let mut part = Value::of(taint.clone());
            if parents.contains(path) {
                let object = self.state.allocate(Object::Site { node, path: *path }, None);
                part.objects = object.objects;
            }
            self.state.write(&target, key, &part);
            made.insert(*path, part);
        }
        value.objects.add(&root.objects);
        value
    }

    fn effect(
        &mut self,
        inputs: &mut Inputs<'_>,
        root: Root,
        path: PathId,
        key: Option<Key>,
        effect: &Effect,
    ) {
        let mut value = Value::of(self.substitute(inputs, &effect.taint));
        for object in &effect.objects {
            if let Object::Input { root, path } = *object {
                let input = self.input_value(inputs, root, path);
                value.objects.add(&input.objects);
                value.functions.add(&input.functions);
            }
        }
        let Some(key) = key else {
            if let Root::Variable(definition) = root {
                let variable = Variable::Defined(definition);
                if !effect.definite {
                    value.add(&self.outer_value(definition));
                }
                self.state.set(variable, value);
            }
            return;
        };
        let mut target = self.input_value(inputs, root, path);
        if target.objects.is_empty() {
            if value.is_empty() {
                return;
            }
            let Some(place) = self.argument_place(inputs, root, path) else { return };
            target = self.object_at(place);
            inputs.known.remove(&(root, path));
        }
        if !effect.definite && key != Key::Any {
            let old = self.state.read(&mut self.a.paths, &target, key);
            value.add(&old);
        }
        self.state.write(&target, key, &value);
    }

    /// The place that was handed over as an input.
    fn argument_place(&self, inputs: &Inputs<'_>, root: Root, path: PathId) -> Option<NodeId> {
        if path != PathId::EMPTY {
            return None;
        }
        let call = inputs.actuals.call;
        let node = match root {
            Root::This => call.receiver?,
            Root::Parameter(index) => {
                call.arguments.iter().find(|argument| argument.slot == Slot::Position(index))?.node
            }
            _ => return None,
        };
        self.is_place(node).then_some(node)
    }

    /// The callee calls functions that it was given.
    fn call_back(&mut self, inputs: &mut Inputs<'_>, summary: &Summary) {
        for ((root, path), arguments) in &summary.callbacks {
            let value = self.input_value(inputs, *root, *path);
            let taints: Vec<TaintSet> =
                arguments.iter().map(|taint| self.substitute(inputs, taint)).collect();
            for object in value.objects.as_slice() {
                if let Object::Input { root, path } = *object
                    && self.out.callbacks.len() < 32
                {
                    self.out.callbacks.entry((root, path)).or_insert_with(|| taints.clone());
                }
            }
            if !value.functions.is_empty() {
                let arguments: Vec<Value> = taints.into_iter().map(Value::of).collect();
                self.callback(&value, &arguments);
            }
        }
    }
}
