//! Places that can be written: variables, fields, elements, and patterns over them.

use super::spec::SideEffect;
use super::state::Variable;
use super::value::{Key, Object, PathId, RuleSet, TaintSet, Value};
use super::walk::Walk;
use crate::tree::{Kind, NodeId};

impl Walk<'_, '_> {
    /// Whether a node is a place that keeps what is written.
    pub(super) fn is_place(&self, id: NodeId) -> bool {
        let mut at = id;
        loop {
            match self.kind(at) {
                Kind::Name => return true,
                Kind::Field | Kind::Index => match self.a.tree.child(at, 0) {
                    Some(object) => at = object,
                    None => return false,
                },
                _ => return false,
            }
        }
    }

    /// What a place holds, without what rules make of it.
    pub(super) fn read_place(&mut self, id: NodeId) -> Value {
        let tree = self.a.tree;
        match tree.kind(id) {
            Kind::Name => self.expression(id),
            Kind::Field => {
                let (Some(object), Some(name)) = (tree.child(id, 0), tree.child(id, 1)) else {
                    return Value::default();
                };
                if let Some(definition) = self.static_member(object, name) {
                    let variable = Variable::Defined(definition);
                    return self.state.get(variable).cloned().unwrap_or_else(|| self.default_of(variable));
                }
                let value = self.read_place(object);
                self.state.read(&mut self.a.paths, &value, Key::Name(tree.symbol(name)))
            }
            Kind::Index => {
                let [object, rest @ ..] = tree.children(id) else { return Value::default() };
                let value = self.read_place(*object);
                let key = match rest {
                    [index] => self.key_of(*index),
                    _ => Key::Any,
                };
                self.state.read(&mut self.a.paths, &value, key)
            }
            _ => Value::default(),
        }
    }

    /// Writes a place or every place of a pattern, without what rules make of it.
    pub(super) fn write_place(&mut self, id: NodeId, value: &Value) {
        let tree = self.a.tree;
        match tree.kind(id) {
            Kind::Name => {
                let variable = self.variable_of(id);
                if let Variable::Defined(definition) = variable
                    && let Some(key) = self.own_field(definition)
                {
                    let this = self.this();
                    self.state.write(&this, key, value);
                    return;
                }
                if self.is_this(id) {
                    return;
                }
                self.state.set(variable, value.clone());
            }
            Kind::Field => {
                let (Some(object), Some(name)) = (tree.child(id, 0), tree.child(id, 1)) else { return };
                if let Some(definition) = self.static_member(object, name) {
                    self.state.set(Variable::Defined(definition), value.clone());
                    return;
                }
                let base = self.object_at(object);
                self.state.write(&base, Key::Name(tree.symbol(name)), value);
            }
            Kind::Index => {
                let [object, rest @ ..] = tree.children(id) else { return };
                let key = match rest {
                    [index] if tree.kind(*index) != Kind::Slice => self.key_of(*index),
                    _ => Key::Any,
                };
                let base = self.object_at(*object);
                self.state.write(&base, key, value);
            }
            _ => {}
        }
    }

    /// What a place holds, with an object to write into: where it has none, one is made.
    pub(super) fn object_at(&mut self, id: NodeId) -> Value {
        let mut value = self.read_place(id);
        if value.objects.is_empty() {
            let object = Object::Site { node: id, path: PathId::EMPTY };
            self.state.cell_mut(object);
            value.objects = super::value::Sorted::one(object);
            self.write_place(id, &value);
        }
        value
    }

    /// Binds a pattern to a value, as assignments, parameters, loops and handlers do.
    pub(super) fn bind(&mut self, target: NodeId, mut value: Value) {
        let tree = self.a.tree;
        let children = tree.children(target);
        if self.a.matches.nodes.contains_key(&target) {
            value = self.observe_target(target, value);
        }
        match tree.kind(target) {
            Kind::Name => self.write_place(target, &value),
            Kind::Field | Kind::Index => {
                // What stands within the place is read: sinks may look at an index.
                if let Some(object) = children.first() {
                    self.eval(*object);
                }
                if tree.kind(target) == Kind::Index {
                    for index in children.iter().skip(1) {
                        self.eval(*index);
                    }
                }
                self.write_place(target, &value);
            }
            Kind::Tuple | Kind::List | Kind::Arguments => {
                let spread = children.iter().any(|child| tree.kind(*child) == Kind::Spread);
                for (index, child) in children.iter().enumerate() {
                    let part = if spread || tree.kind(*child) == Kind::Spread {
                        self.element(&value)
                    } else {
                        self.state.read(&mut self.a.paths, &value, Key::Index(index as u32))
                    };
                    self.bind(*child, part);
                }
            }
            Kind::Dict | Kind::Construct => {
                let skip = usize::from(tree.kind(target) == Kind::Construct);
                for entry in children.iter().skip(skip) {
                    self.bind_entry(*entry, &value);
                }
            }
            Kind::Assign => {
                let default = children.get(1).map(|default| self.eval(*default)).unwrap_or_default();
                if let Some(inner) = children.first() {
                    self.bind(*inner, value.with(&default));
                }
            }
            Kind::VariableDefinition | Kind::Parameter => {
                if let Some(inner) = tree.present(target, 2) {
                    self.bind(inner, value);
                }
            }
            Kind::Call => {
                if let Some(arguments) = children.get(1) {
                    self.bind(*arguments, value);
                }
            }
            Kind::Spread | Kind::WrappedType | Kind::Unary | Kind::Cast => {
                if let Some(inner) = children.last() {
                    self.bind(*inner, value);
                }
            }
            Kind::KeywordArgument => {
                if let Some(inner) = children.get(1) {
                    let part = self.element(&value);
                    self.bind(*inner, part);
                }
            }
            Kind::Other | Kind::Definitions => {
                let part = self.element(&value);
                for child in children {
                    self.bind(*child, part.clone());
                }
            }
            _ => {}
        }
    }

    fn bind_entry(&mut self, entry: NodeId, value: &Value) {
        let tree = self.a.tree;
        let children = tree.children(entry);
        match tree.kind(entry) {
            Kind::Pair => {
                let [key, target] = children else { return };
                let key = match tree.kind(*key) {
                    Kind::Name => Key::Name(tree.symbol(*key)),
                    _ => self.key_of(*key),
                };
                let part = self.state.read(&mut self.a.paths, value, key);
                self.bind(*target, part);
            }
            Kind::Name => {
                let part = self.state.read(&mut self.a.paths, value, Key::Name(tree.symbol(entry)));
                self.bind(entry, part);
            }
            Kind::Assign => {
                let [name, default] = children else { return };
                let part = self.state.read(&mut self.a.paths, value, Key::Name(tree.symbol(*name)));
                let default = self.eval(*default);
                self.bind(*name, part.with(&default));
            }
            _ => self.bind(entry, value.clone()),
        }
    }

    /// A pattern of a `switch` binds names to what is looked at, which held `value`.
    pub(super) fn bind_case(&mut self, pattern: NodeId, subject: NodeId, value: &Value) {
        let value = if self.is_place(subject) { self.read_place(subject) } else { value.clone() };
        if matches!(self.kind(pattern), Kind::Field | Kind::Index) {
            return;
        }
        // A name that is known elsewhere is compared with, not bound.
        if self.kind(pattern) == Kind::Name && self.a.facts.definitions.get(&pattern) != Some(&pattern) {
            return;
        }
        self.bind(pattern, value);
    }

    /// What the rules make of a place that is written.
    fn observe_target(&mut self, target: NodeId, mut value: Value) -> Value {
        let Some(at) = self.a.matches.nodes.get(&target) else { return value };
        let (sources, sanitizers, given) = (at.sources.clone(), at.sanitizers.clone(), !at.given.is_empty());
        let (sinks, taken) = (at.sinks.clone(), at.taken.clone());
        let lasting: Vec<u32> = sources
            .into_iter()
            .filter(|index| {
                let source = &self.a.matches.sources[*index as usize];
                source.side != SideEffect::No && !source.control
            })
            .collect();
        if !lasting.is_empty() {
            let present = value.taint.clone();
            let all = self.sources_at(target, &present, true);
            let kept = all.filter(|taint| {
                matches!(taint.origin(), super::value::Origin::Source(source) if lasting.contains(&source))
            });
            value.taint.add(&kept);
        }
        if given && let Some(more) = self.given.get(&target) {
            value.taint.add(&more.clone());
        }
        let cleaned = sanitizers.iter().fold(RuleSet::EMPTY, |set, index| {
            let sanitizer = &self.a.matches.sanitizers[*index as usize];
            if sanitizer.side == SideEffect::No { set } else { set.or(sanitizer.rules) }
        });
        if !cleaned.is_empty() {
            let deep = self.state.deep(&value);
            value = Value { taint: deep.without(cleaned), ..Value::default() };
        }
        self.take(&taken, &value);
        for sink in sinks {
            if !self.a.matches.sinks[sink as usize].at_exit {
                let taint: TaintSet = self.state.deep(&value);
                self.reach(sink, &taint);
            }
        }
        value
    }

    /// Takes a variable or element away.
    pub(super) fn delete(&mut self, id: NodeId) {
        match self.kind(id) {
            Kind::Name | Kind::Field | Kind::Index if self.is_place(id) => {
                for child in self.children(id) {
                    if self.kind(id) == Kind::Index {
                        self.eval(*child);
                    }
                }
                self.write_place(id, &Value::default());
            }
            _ => {
                self.eval(id);
            }
        }
    }

    /// A check has shown that a place holds nothing dangerous.
    pub(super) fn clean(&mut self, id: NodeId) {
        let id = self.peeled(id);
        if self.is_place(id) && !self.is_this(id) {
            let old = self.read_place(id);
            if !old.is_empty() {
                let value = Value { functions: old.functions, ..Value::default() };
                self.write_place(id, &value);
            }
        }
    }

    /// The place under calls that change nothing that a comparison with constants would not show.
    fn peeled(&self, id: NodeId) -> NodeId {
        let tree = self.a.tree;
        let mut at = id;
        while tree.kind(at) == Kind::Call {
            let Some(callee) = tree.child(at, 0).filter(|callee| tree.kind(*callee) == Kind::Field) else {
                break;
            };
            let no_arguments = tree.child(at, 1).is_none_or(|arguments| tree.children(arguments).is_empty());
            let Some((object, name)) = tree.child(callee, 0).zip(tree.child(callee, 1)) else { break };
            let keeps = matches!(
                self.a.text(name),
                "lower"
                    | "upper"
                    | "strip"
                    | "trim"
                    | "toLowerCase"
                    | "toUpperCase"
                    | "casefold"
                    | "downcase"
                    | "upcase"
                    | "ToLower"
                    | "ToUpper"
                    | "toString"
                    | "Trim"
            );
            if !keeps || !no_arguments {
                break;
            }
            at = object;
        }
        at
    }
}
