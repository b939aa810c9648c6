//! Calls: what is called, and what comes of it.

use super::analysis::Mode;
use super::apply::Actuals;
use super::state::Variable;
use super::summary::Slot;
use super::trace::StepKind;
use super::value::{Key, Object, PathId, Root, TaintSet, Value};
use super::walk::Walk;
use crate::language::Language;
use crate::tree::{Kind, NodeId, Symbol};

/// An argument of a call.
pub(super) struct Argument {
    pub(super) node: NodeId,
    pub(super) slot: Slot,
    pub(super) spread: bool,
    pub(super) value: Value,
}

/// A call, with all of its parts read.
pub(super) struct Call {
    pub(super) node: NodeId,
    pub(super) receiver: Option<NodeId>,
    pub(super) name: Symbol,
    pub(super) this: Value,
    pub(super) arguments: Vec<Argument>,
}

/// How deep functions that call back are followed within each other.
const MAX_CALLBACKS: u32 = 4;

impl Call {
    pub(super) fn argument(&self, index: usize) -> Option<&Argument> {
        self.arguments
            .get(index)
            .filter(|argument| matches!(argument.slot, Slot::Position(_)) && !argument.spread)
    }
}

impl Walk<'_, '_> {
    /// Reads a call or the making of an object.
    pub(super) fn call(&mut self, id: NodeId) -> Value {
        let tree = self.a.tree;
        let Some(callee) = tree.child(id, 0) else { return Value::default() };
        let is_new = tree.kind(id) == Kind::New;
        let mut call = Call {
            node: id,
            receiver: None,
            name: Symbol::EMPTY,
            this: Value::default(),
            arguments: Vec::new(),
        };
        let mut functions = Value::default();
        match tree.kind(callee) {
            Kind::Field if !is_new => {
                if let (Some(object), Some(name)) = (tree.child(callee, 0), tree.child(callee, 1)) {
                    call.receiver = Some(object);
                    call.name = tree.symbol(name);
                    call.this = self.eval(object);
                    if self.a.matches.nodes.contains_key(&callee) {
                        let more = self.sources_at(callee, &call.this.taint, false);
                        call.this.taint.add(&more);
                    }
                    functions = self.state.read(&mut self.a.paths, &call.this, Key::Name(call.name));
                    if super::library::calls_its_receiver(self.a.symbols.text(call.name)) {
                        functions.functions.add(&call.this.functions);
                    }
                }
            }
            Kind::Name => {
                call.name = tree.symbol(callee);
                if !is_new {
                    functions = self.eval(callee);
                }
            }
            _ if is_new => {}
            _ => functions = self.eval(callee),
        }
        self.read_arguments(&mut call);
        let body = tree.present(id, 2).filter(|_| is_new);
        // `new String[] { a, b }` is the list of its elements.
        if let Some(list) =
            body.filter(|body| matches!(tree.kind(*body), Kind::List | Kind::Dict | Kind::Tuple))
        {
            return self.eval(list);
        }
        let value = match self.class_made(id, callee) {
            Some(class) => self.construct(&call, class),
            None if is_new => self.make_unknown(&call),
            None => self.invoke(&call, callee, &functions),
        };
        if let Some(body) = body {
            self.anonymous_class(body);
        }
        let receiver = call.receiver.is_some().then_some(call.this);
        self.inputs =
            receiver.into_iter().chain(call.arguments.into_iter().map(|argument| argument.value)).collect();
        value
    }

    fn read_arguments(&mut self, call: &mut Call) {
        let tree = self.a.tree;
        let list = tree.child(call.node, 1).map_or(&[][..], |arguments| tree.children(arguments));
        let mut position = 0;
        for node in list {
            let (slot, spread) = match tree.kind(*node) {
                Kind::KeywordArgument => (
                    Slot::Keyword(tree.child(*node, 0).map_or(Symbol::EMPTY, |name| tree.symbol(name))),
                    false,
                ),
                Kind::Spread => (Slot::Position(position), true),
                _ => (Slot::Position(position), false),
            };
            // Arguments of Swift stand in the order of the parameters, named or not.
            if matches!(slot, Slot::Position(_)) || self.a.spec.language == Language::Swift {
                position = position.saturating_add(1);
            }
            let value = self.eval(*node);
            let node = match tree.kind(*node) {
                Kind::KeywordArgument => tree.child(*node, 1).unwrap_or(*node),
                _ => *node,
            };
            call.arguments.push(Argument { node, slot, spread, value });
        }
    }

    /// The class of this file of which a call makes an object.
    fn class_made(&self, id: NodeId, callee: NodeId) -> Option<u32> {
        if self.a.mode == Mode::Shallow {
            return None;
        }
        let facts = self.a.facts;
        if let Some(definition) = facts.definitions.get(&callee) {
            return facts.class_defined(*definition);
        }
        if self.kind(id) == Kind::New {
            let type_ = facts.types.get(&id)?;
            return facts.class_named(self.a.symbols, *type_);
        }
        // `Class.new(x)`
        let tree = self.a.tree;
        if tree.kind(callee) == Kind::Field && self.a.text(tree.child(callee, 1)?) == "new" {
            let object = tree.child(callee, 0)?;
            return facts.class_defined(*facts.definitions.get(&object)?);
        }
        None
    }

    /// An object of a class of this file.
    fn construct(&mut self, call: &Call, class: u32) -> Value {
        let object = self.state.allocate(Object::Site { node: call.node, path: PathId::EMPTY }, None);
        let constructors = self.a.constructors(class);
        if constructors.is_empty() {
            // Fields are set by name, as for data classes; what is not named may be any field.
            for argument in &call.arguments {
                let key = match argument.slot {
                    Slot::Keyword(name) => Key::Name(name),
                    _ => Key::Any,
                };
                self.state.write(&object, key, &argument.value);
            }
            return object;
        }
        let mut known = false;
        for constructor in constructors {
            let actuals = Actuals { call, this: object.clone() };
            known |= self.apply(constructor, &actuals).is_some();
        }
        if !known {
            for argument in &call.arguments {
                self.state.write(&object, Key::Any, &argument.value);
            }
        }
        object
    }

    /// An object of a class that is not known: it holds what it is made of.
    fn make_unknown(&mut self, call: &Call) -> Value {
        let made = self.made_by(call);
        let object = self.state.allocate(made, None);
        let mut taint = TaintSet::default();
        for argument in &call.arguments {
            taint.add(&self.through_call(&argument.value));
            self.callback(&argument.value, &[]);
        }
        self.run_later(call);
        let numeric = self.a.facts.types.get(&call.node).is_some_and(|type_| self.a.is_number_name(*type_));
        if numeric {
            return Value::default();
        }
        let taint = self.step(&taint, call.node, StepKind::Through);
        // A copy of a list has the list's elements.
        let mut elements = Value::of(taint);
        for argument in &call.arguments {
            if !argument.value.objects.is_empty() {
                let element = self.element(&argument.value);
                elements.objects.add(&element.objects);
            }
        }
        if !elements.is_empty() {
            self.state.write(&object, Key::Any, &elements);
        } else if call.arguments.is_empty() {
            self.state.cell_mut(made).length = Some(0);
        }
        self.external(call, &object)
    }

    /// What is handed to a thread or a pool is run by it: `run` and `call` of objects of classes of this file.
    fn run_later(&mut self, call: &Call) {
        if self.a.mode == Mode::Shallow {
            return;
        }
        let handed: Vec<Value> = call.arguments.iter().map(|argument| argument.value.clone()).collect();
        for value in handed {
            for object in value.objects.as_slice() {
                let Object::Site { node, .. } = *object else { continue };
                let class = self.a.facts.types.get(&node);
                let class = class.and_then(|type_| self.a.facts.class_named(self.a.symbols, *type_));
                for name in ["run", "call"] {
                    let Some((class, name)) = class.zip(self.a.symbols.get(name)) else { continue };
                    for method in self.a.methods(class, name) {
                        let this = Value::object(*object);
                        let made = Call {
                            node: call.node,
                            receiver: None,
                            name,
                            this: this.clone(),
                            arguments: Vec::new(),
                        };
                        self.apply(method, &Actuals { call: &made, this });
                    }
                }
            }
        }
    }

    /// Methods of an anonymous class may run at any time from now on.
    fn anonymous_class(&mut self, body: NodeId) {
        for member in self.children(body) {
            if self.kind(*member) == Kind::Function {
                self.nested.push(*member);
                self.callback(&Value::function(*member), &[]);
            }
        }
    }

    fn invoke(&mut self, call: &Call, callee: NodeId, functions: &Value) -> Value {
        let targets = self.targets(call, callee, functions);
        if targets.functions.is_empty() {
            // A parameter that is called: the caller knows what it is.
            self.note_callback(call, functions);
            if let Some(value) = self.library(call) {
                return value;
            }
            return self.unknown(call);
        }
        let before = self.state.clone();
        let mut value = Value::default();
        let mut after = None;
        let mut known = false;
        let count = targets.functions.len();
        for (function, this) in targets.functions {
            if count > 1 {
                self.state = before.clone();
                self.dead = false;
            }
            let actuals = Actuals { call, this };
            match self.apply(function, &actuals) {
                Some(result) => {
                    known = true;
                    value.add(&result);
                }
                None => {
                    self.a.counts.unresolved += 1;
                    value.add(&self.unknown_result(call));
                }
            }
            if count > 1 && !self.dead {
                let state = std::mem::take(&mut self.state);
                self.join_into(&mut after, &state);
            }
        }
        if count > 1 {
            self.dead = after.is_none();
            self.state = after.unwrap_or(before);
        }
        if targets.guessed || !known {
            if self.dead {
                self.dead = false;
            }
            value.add(&self.unknown_result(call));
        }
        value
    }

    /// Taint that an unknown call passes on from a value.
    pub(super) fn through_call(&self, value: &Value) -> TaintSet {
        let options = &self.a.matches.options;
        self.state.deep(value).without(options.safe_functions.or(options.only_assignments))
    }

    /// The result of a call to something that is not known.
    fn unknown(&mut self, call: &Call) -> Value {
        self.a.counts.unresolved += 1;
        for argument in &call.arguments {
            if !argument.value.functions.is_empty() {
                self.callback(&argument.value, &[]);
            }
        }
        self.run_later(call);
        let value = self.unknown_result(call);
        self.external(call, &value)
    }

    pub(super) fn unknown_result(&mut self, call: &Call) -> Value {
        let mut taint = self.through_call(&call.this);
        for argument in &call.arguments {
            taint.add(&self.through_call(&argument.value));
        }
        Value::of(self.step(&taint, call.node, StepKind::Through))
    }

    /// The object that a call to something unknown makes: one that another file may define is an input.
    fn made_by(&self, call: &Call) -> Object {
        if self.a.mode == Mode::Deep && self.a.is_external(call.node) {
            Object::Input { root: Root::Call(call.node), path: PathId::EMPTY }
        } else {
            Object::Site { node: call.node, path: PathId::EMPTY }
        }
    }

    /// A call that another file may define: notes what goes in, and that something may come out.
    fn external(&mut self, call: &Call, value: &Value) -> Value {
        if self.a.mode == Mode::Shallow || !self.a.is_external(call.node) {
            return value.clone();
        }
        if call.receiver.is_some() {
            let this = call.this.clone();
            self.note_external(call.node, Slot::This, PathId::EMPTY, &this, 0);
        }
        for argument in &call.arguments {
            self.note_external(call.node, argument.slot, PathId::EMPTY, &argument.value, 0);
        }
        self.note_written(call);
        let result = super::state::input(Root::Call(call.node), PathId::EMPTY);
        value.clone().with(&result)
    }

    /// What the call was given may hold more afterwards.
    fn note_written(&mut self, call: &Call) {
        let this = (0, &call.this);
        let arguments = call.arguments.iter().filter_map(|argument| match argument.slot {
            Slot::Position(index) => Some((index.saturating_add(1), &argument.value)),
            _ => None,
        });
        let mut given: Vec<(u16, Value)> = Vec::new();
        for (slot, value) in arguments.chain([this]) {
            if !value.objects.is_empty() {
                given.push((slot, value.clone()));
            }
        }
        for (slot, value) in given {
            let more = super::state::input(Root::Written(call.node, slot), PathId::EMPTY);
            self.state.write(&value, Key::Any, &Value::of(more.taint));
        }
    }

    fn note_external(&mut self, node: NodeId, slot: Slot, path: PathId, value: &Value, depth: u32) {
        self.out.add_external((node, slot, path), &value.taint);
        if depth >= 3 {
            return;
        }
        for object in value.objects.as_slice() {
            let Some(cell) = self.state.cell(*object).cloned() else { continue };
            let parts =
                cell.parts.iter().map(|(key, part)| (*key, &part.value)).chain([(Key::Any, &cell.rest)]);
            for (key, part) in parts {
                if let Some(path) = self.a.paths.push(path, key) {
                    self.note_external(node, slot, path, part, depth + 1);
                }
            }
        }
    }

    fn note_callback(&mut self, call: &Call, functions: &Value) {
        for object in functions.objects.as_slice() {
            let Object::Input { root, path } = *object else { continue };
            if self.out.callbacks.len() >= 32 {
                return;
            }
            let taints: Vec<TaintSet> =
                call.arguments.iter().map(|argument| self.state.deep(&argument.value)).collect();
            let known = self.out.callbacks.entry((root, path)).or_default();
            for (index, taint) in taints.into_iter().enumerate() {
                match known.get_mut(index) {
                    Some(known) => known.add(&taint),
                    None => known.push(taint),
                }
            }
        }
    }

    /// Follows functions that a value may be, as something that calls them back would.
    pub(super) fn callback(&mut self, value: &Value, arguments: &[Value]) -> Value {
        let mut out = Value::default();
        // A function that is handed itself would be called back for ever.
        if self.calling_back >= MAX_CALLBACKS {
            return out;
        }
        for function in value.functions.as_slice() {
            let Some(index) = self.a.graph.by_node.get(function).copied() else { continue };
            if !self.a.follows(index) {
                continue;
            }
            self.applied.insert(*function);
            let call = Call {
                node: *function,
                receiver: None,
                name: Symbol::EMPTY,
                this: self.this(),
                arguments: arguments
                    .iter()
                    .enumerate()
                    .map(|(index, value)| Argument {
                        node: *function,
                        slot: Slot::Position(index as u16),
                        spread: false,
                        value: value.clone(),
                    })
                    .collect(),
            };
            let this = self.this();
            let before = self.state.clone();
            let was_dead = self.dead;
            self.calling_back += 1;
            let result = self.apply(index, &Actuals { call: &call, this });
            self.calling_back -= 1;
            if let Some(result) = result {
                out.add(&result);
            }
            // It may run any number of times, also none.
            self.dead = was_dead;
            self.merge(Some(before));
        }
        out
    }

    /// Functions of this function that nothing here has called: they may still run, with what it leaves.
    pub(super) fn follow_nested(&mut self) {
        let nested = std::mem::take(&mut self.nested);
        for node in nested {
            if self.applied.contains(&node) {
                continue;
            }
            self.callback(&Value::function(node), &[]);
        }
    }

    /// The one function that a call means.
    pub(super) fn only_target(&self, call: NodeId, callee: NodeId) -> Option<(u32, NodeId)> {
        if self.a.mode == Mode::Shallow {
            return None;
        }
        let tree = self.a.tree;
        let definition = match tree.kind(callee) {
            Kind::Name => self.a.facts.definitions.get(&callee).copied(),
            Kind::Field => {
                let (object, name) = (tree.child(callee, 0)?, tree.child(callee, 1)?);
                let class = self.class_of(object, call)?;
                return match self.a.methods(class, tree.symbol(name)).as_slice() {
                    [only] => Some((*only, callee)),
                    _ => None,
                };
            }
            _ => None,
        }?;
        let owner = tree.parent(definition).filter(|owner| tree.kind(*owner) == Kind::Function)?;
        self.a.graph.by_node.get(&owner).map(|index| (*index, owner))
    }

    /// The class of this file that an expression is an object of, or names.
    pub(super) fn class_of(&self, object: NodeId, near: NodeId) -> Option<u32> {
        let facts = self.a.facts;
        if let Some(class) =
            facts.definitions.get(&object).and_then(|definition| facts.class_defined(*definition))
        {
            return Some(class);
        }
        if let Some(type_) = facts.types.get(&object)
            && let Some(class) = facts.class_named(self.a.symbols, *type_)
        {
            return Some(class);
        }
        let text = if self.kind(object) == Kind::Name { self.a.text(object) } else { "" };
        if self.is_this(object) || matches!(text, "self" | "cls" | "this" | "super") || self.is_super(object)
        {
            return self.a.class_around(near);
        }
        None
    }

    pub(super) fn is_super(&self, object: NodeId) -> bool {
        let tree = self.a.tree;
        match tree.kind(object) {
            Kind::Name => matches!(self.a.text(object), "super" | "base" | "parent"),
            Kind::Call => tree
                .child(object, 0)
                .is_some_and(|callee| tree.kind(callee) == Kind::Name && self.a.text(callee) == "super"),
            _ => false,
        }
    }

    /// The functions of this file that a call may mean, with their receivers.
    fn targets(&mut self, call: &Call, callee: NodeId, functions: &Value) -> Targets {
        let tree = self.a.tree;
        let mut out = Targets { functions: Vec::new(), guessed: false };
        for node in functions.functions.as_slice() {
            self.applied.insert(*node);
            if let Some(index) = self.a.graph.by_node.get(node).copied()
                && self.a.follows(index)
            {
                let this = if call.receiver.is_some() { call.this.clone() } else { self.this() };
                out.add(index, this);
            }
        }
        if self.a.mode == Mode::Shallow {
            return out;
        }
        // A method called by its bare name within its class: whatever overrides it.
        if tree.kind(callee) == Kind::Name
            && let Some(function) = out.functions.first().map(|(function, _)| *function)
            && let Some(class) = self.a.graph.functions[function as usize].class
        {
            for method in self.a.methods(class, call.name) {
                let this = self.this();
                out.add(method, this);
            }
        }
        let Some(object) = call.receiver.filter(|_| out.functions.is_empty()) else { return out };
        let mut classes: Vec<u32> = Vec::new();
        if self.is_super(object) {
            let class = self.a.class_around(call.node);
            let this = self.this();
            for parent in
                class.into_iter().flat_map(|class| self.a.graph.superclasses[class as usize].clone())
            {
                if let Some(method) = self.a.inherited(parent, call.name) {
                    out.add(method, this.clone());
                }
            }
            return out;
        }
        classes.extend(self.class_of(object, call.node));
        for object in call.this.objects.as_slice() {
            if let Object::Site { node, .. } = *object
                && let Some(type_) = self.a.facts.types.get(&node)
                && let Some(class) = self.a.facts.class_named(self.a.symbols, *type_)
                && !classes.contains(&class)
                // What the object was made as is nearer than what it was declared as.
                && self.kind(node) != Kind::Name
            {
                classes.retain(|known| !self.a.inherits(class, *known));
                classes.push(class);
            }
        }
        for class in classes.iter().copied() {
            for method in self.a.methods(class, call.name) {
                out.add(method, call.this.clone());
            }
        }
        let known = !classes.is_empty()
            || self.a.facts.types.contains_key(&object)
            || self.a.facts.qualified.contains_key(&object)
            || call.this.objects.as_slice().iter().any(|object| matches!(object, Object::Site { .. }));
        if !known
            && let [only] = self.a.graph.named(call.name)
            && self.a.graph.functions[*only as usize].class.is_some()
            && !super::library::is_known(self.a.symbols.text(call.name))
        {
            out.guessed = true;
            out.add(*only, call.this.clone());
        }
        out
    }

    /// The variable that a node's definition is, for closures.
    pub(super) fn outer_value(&self, definition: NodeId) -> Value {
        let variable = Variable::Defined(definition);
        self.state.get(variable).cloned().unwrap_or_else(|| self.default_of(variable))
    }
}

struct Targets {
    functions: Vec<(u32, Value)>,
    /// Whether the receiver is not known: then it may be something else too.
    guessed: bool,
}

impl Targets {
    fn add(&mut self, function: u32, this: Value) {
        if self.functions.len() < 16 && self.functions.iter().all(|(known, _)| *known != function) {
            self.functions.push((function, this));
        }
    }
}
