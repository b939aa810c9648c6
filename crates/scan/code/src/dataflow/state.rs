//! What is known at one point of a function: variables, and the objects they share.

use super::trace::TraceId;
use super::value::{Key, Object, Origin, PathId, Paths, Root, RuleSet, Taint, TaintSet, Value};
use crate::tree::{NodeId, Symbol};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Variable {
    /// By its definition.
    Defined(NodeId),
    /// One that the file does not define.
    Free(Symbol),
}

/// A part of an object that was written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Part {
    pub(super) value: Value,
    /// Whether it was written on all ways here; else what was there before may be still.
    pub(super) definite: bool,
}

/// What is in an object, as far as it was written here.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Cell {
    pub(super) parts: BTreeMap<Key, Part>,
    /// What was written under keys that are not constant.
    pub(super) rest: Value,
    /// How many elements a list has, where known: they are the parts under [`Key::Index`].
    pub(super) length: Option<u32>,
    /// Whether it may stand for several objects: then nothing written replaces what was there.
    pub(super) many: bool,
    /// Whether another object holds it.
    pub(super) held: bool,
}

/// Variables and objects.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct State {
    variables: Rc<BTreeMap<Variable, Value>>,
    cells: Rc<BTreeMap<Object, Rc<Cell>>>,
    /// What decides that this point is reached.
    pub(super) control: TaintSet,
}

/// What an input holds before anything is written.
pub(super) fn input(root: Root, path: PathId) -> Value {
    let origin = Origin::Input { root, path, deep: false };
    let taint = Taint::new(origin, 0, RuleSet::ALL, TraceId::START);
    Value { taint: TaintSet::one(taint), ..Value::object(Object::Input { root, path }) }
}

fn derived(root: Root, path: PathId) -> Value {
    let origin = Origin::Input { root, path, deep: true };
    let taint = Taint::new(origin, 0, RuleSet::ALL, TraceId::START);
    Value::of(TaintSet::one(taint))
}

impl State {
    /// How much there is to copy or join, for budgets.
    pub(super) fn size(&self) -> usize {
        self.variables.len() + self.cells.len()
    }

    pub(super) fn get(&self, variable: Variable) -> Option<&Value> {
        self.variables.get(&variable)
    }

    pub(super) fn set(&mut self, variable: Variable, value: Value) {
        if self.variables.get(&variable) != Some(&value) {
            Rc::make_mut(&mut self.variables).insert(variable, value);
        }
    }

    pub(super) fn variables(&self) -> impl Iterator<Item = (Variable, &Value)> {
        self.variables.iter().map(|(variable, value)| (*variable, value))
    }

    pub(super) fn cell(&self, object: Object) -> Option<&Cell> {
        self.cells.get(&object).map(AsRef::as_ref)
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = (Object, &Cell)> {
        self.cells.iter().map(|(object, cell)| (*object, cell.as_ref()))
    }

    pub(super) fn cell_mut(&mut self, object: Object) -> &mut Cell {
        Rc::make_mut(Rc::make_mut(&mut self.cells).entry(object).or_default())
    }

    /// Makes an object anew. One that another object still holds stands for several from now on.
    pub(super) fn allocate(&mut self, object: Object, length: Option<u32>) -> Value {
        match self.cells.get(&object) {
            Some(old) if old.held => {
                let cell = self.cell_mut(object);
                cell.many = true;
                cell.length = None;
                for part in cell.parts.values_mut() {
                    part.definite = false;
                }
            }
            _ => {
                let cell = self.cell_mut(object);
                *cell = Cell { length, ..Cell::default() };
            }
        }
        Value::object(object)
    }

    /// Marks what a value holds as reachable from another object.
    pub(super) fn hold(&mut self, value: &Value) {
        for object in value.objects.as_slice() {
            if self.cell(*object).is_some_and(|cell| !cell.held) {
                self.cell_mut(*object).held = true;
            }
        }
    }

    /// A part of a value.
    pub(super) fn read(&self, paths: &mut Paths, value: &Value, key: Key) -> Value {
        let objects = value.objects.as_slice();
        if objects.is_empty() {
            return Value::of(value.taint.clone());
        }
        // An input's own taint is told apart by part; all else covers the parts.
        let inherited = Value::of(value.taint.filter(|taint| match taint.origin() {
            Origin::Input { root, path, deep: false } => {
                objects.binary_search(&Object::Input { root, path }).is_err()
            }
            _ => true,
        }));
        let mut out = Value::default();
        for object in objects {
            let cell = self.cell(*object);
            let part = cell.and_then(|cell| cell.parts.get(&key));
            if let Some(part) = part {
                out.add(&part.value);
                if part.definite && key != Key::Any {
                    continue;
                }
            }
            out.add(&inherited);
            if let Some(cell) = cell {
                out.add(&cell.rest);
                if key == Key::Any {
                    for part in cell.parts.values() {
                        out.add(&part.value);
                    }
                }
            }
            if let Object::Input { root, path } = *object {
                match paths.push(path, key) {
                    Some(path) => out.add(&input(root, path)),
                    None => out.add(&derived(root, path)),
                }
            }
        }
        out
    }

    /// Writes a part of a value, which has objects.
    pub(super) fn write(&mut self, target: &Value, key: Key, value: &Value) {
        self.hold(value);
        let objects = target.objects.as_slice();
        for object in objects {
            let cell = self.cell_mut(*object);
            if key == Key::Any {
                cell.rest.add(value);
                for (key, part) in &mut cell.parts {
                    if matches!(key, Key::Index(_)) || !matches!(key, Key::Name(_)) {
                        part.value.add(value);
                    }
                }
                continue;
            }
            let strong = objects.len() == 1 && !cell.many;
            if let Key::Index(index) = key
                && cell.length.is_some_and(|length| index >= length)
            {
                cell.length = None;
            }
            let full = cell.parts.len() >= 256;
            match cell.parts.get_mut(&key) {
                Some(part) if strong => *part = Part { value: value.clone(), definite: true },
                Some(part) => part.value.add(value),
                // Bounds what a file with generated tables costs.
                None if full => cell.rest.add(value),
                None => {
                    cell.parts.insert(key, Part { value: value.clone(), definite: strong });
                }
            }
        }
    }

    /// All taint of a value and of what it contains.
    pub(super) fn deep(&self, value: &Value) -> TaintSet {
        let mut out = value.taint.clone();
        let mut seen: Vec<Object> = Vec::new();
        let mut queue: Vec<(Object, u8)> =
            value.objects.as_slice().iter().map(|object| (*object, 0)).collect();
        while let Some((object, depth)) = queue.pop() {
            if seen.contains(&object) || seen.len() > 64 {
                continue;
            }
            seen.push(object);
            if let Object::Input { root, path } = object {
                out.add(&derived(root, path).taint);
            }
            let Some(cell) = self.cell(object) else { continue };
            for value in cell.parts.values().map(|part| &part.value).chain([&cell.rest]) {
                out.add(&value.taint);
                if depth < 3 {
                    queue.extend(value.objects.as_slice().iter().map(|object| (*object, depth + 1)));
                }
            }
        }
        out
    }

    /// What either state may hold. `default`: what a variable that a state does not mention holds.
    pub(super) fn join(&mut self, other: &Self, default: impl Fn(Variable) -> Value) {
        self.control.add(&other.control);
        if !Rc::ptr_eq(&self.variables, &other.variables) && self.variables != other.variables {
            let mine = Rc::make_mut(&mut self.variables);
            for (variable, value) in mine.iter_mut() {
                match other.variables.get(variable) {
                    Some(theirs) => value.add(theirs),
                    None => value.add(&default(*variable)),
                }
            }
            for (variable, value) in other.variables.iter() {
                mine.entry(*variable).or_insert_with(|| default(*variable).with(value));
            }
        }
        if !Rc::ptr_eq(&self.cells, &other.cells) && self.cells != other.cells {
            let mine = Rc::make_mut(&mut self.cells);
            for (object, cell) in mine.iter_mut() {
                match other.cells.get(object) {
                    Some(theirs) if Rc::ptr_eq(cell, theirs) => {}
                    Some(theirs) => Rc::make_mut(cell).join(theirs),
                    // Made on one way only; inputs were there before.
                    None => {
                        if matches!(object, Object::Input { .. }) {
                            Rc::make_mut(cell).join(&Cell::default());
                        }
                    }
                }
            }
            for (object, cell) in other.cells.iter() {
                mine.entry(*object).or_insert_with(|| match object {
                    Object::Input { .. } => {
                        let mut joined = Cell::default();
                        joined.join(cell);
                        Rc::new(joined)
                    }
                    Object::Site { .. } => Rc::clone(cell),
                });
            }
        }
    }
}

impl Cell {
    fn join(&mut self, other: &Self) {
        for (key, part) in &mut self.parts {
            match other.parts.get(key) {
                Some(theirs) => {
                    part.value.add(&theirs.value);
                    part.definite &= theirs.definite;
                }
                None => part.definite = false,
            }
        }
        for (key, part) in &other.parts {
            self.parts.entry(*key).or_insert_with(|| Part { value: part.value.clone(), definite: false });
        }
        self.rest.add(&other.rest);
        if self.length != other.length {
            self.length = None;
        }
        self.many |= other.many;
        self.held |= other.held;
    }
}
