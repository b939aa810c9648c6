//! What expressions hold.

use super::state::Variable;
use super::trace::StepKind;
use super::value::{Key, Object, Origin, PathId, Root, Taint, TaintSet, Value};
use super::walk::Walk;
use crate::facts::Constant;
use crate::language::Language;
use crate::tree::{Kind, NodeId, Symbol};

impl Walk<'_, '_> {
    /// Reads an expression, without what rules make of it.
    pub(super) fn expression(&mut self, id: NodeId) -> Value {
        let tree = self.a.tree;
        let children = tree.children(id);
        let child = |slot: usize| children.get(slot).copied();
        match tree.kind(id) {
            Kind::Name => self.name(id),
            Kind::Field => self.field(id),
            Kind::Index => self.index(id),
            Kind::Call | Kind::New => self.call(id),
            Kind::Macro => {
                let arguments = child(1).map_or(&[][..], |arguments| tree.children(arguments));
                let values: Vec<Value> = arguments.iter().map(|argument| self.eval(*argument)).collect();
                let value = self.mix(id, &values);
                self.inputs = values;
                value
            }
            Kind::Assign => {
                let value = child(1).map(|value| self.eval(value)).unwrap_or_default();
                if let Some(target) = child(0) {
                    self.assign(target, child(1), value.clone());
                }
                value
            }
            Kind::VariableDefinition => {
                let Some(node) = tree.present(id, 3) else {
                    if let Some(target) = tree.present(id, 2) {
                        self.bind(target, Value::default());
                    }
                    return Value::default();
                };
                let mut value = self.eval(node);
                if self.is_safe_type(id, 1) {
                    value = Value::of(self.direct_sources(node, &value.taint));
                }
                if let Some(target) = tree.present(id, 2) {
                    self.assign(target, Some(node), value.clone());
                }
                value
            }
            Kind::AugmentedAssign => self.augmented(id),
            Kind::Binary => self.binary(id),
            Kind::Unary | Kind::Postfix => {
                let value = child(0).map(|operand| self.eval(operand)).unwrap_or_default();
                match tree.symbol(id) {
                    Symbol::NOT => {
                        Value::of(self.through_operator(&value).without(self.a.matches.options.safe_booleans))
                    }
                    Symbol::INCREMENT | Symbol::DECREMENT => value,
                    // Reference and dereference are the same thing here; signs compute.
                    Symbol::SUB | Symbol::ADD => Value::of(self.through_operator(&value)),
                    _ => value,
                }
            }
            Kind::Ternary => self.ternary(id),
            Kind::Lambda => {
                self.nested.push(id);
                Value::function(id)
            }
            Kind::Function => {
                self.nested.push(id);
                Value::function(id)
            }
            Kind::Template => {
                let values: Vec<Value> = children
                    .iter()
                    .filter(|part| tree.kind(**part) != Kind::StringPart)
                    .map(|part| self.eval(*part))
                    .collect();
                self.mix(id, &values)
            }
            Kind::List | Kind::Tuple | Kind::Set => self.list(id, children),
            Kind::Dict | Kind::Construct => {
                let entries = if tree.kind(id) == Kind::Construct {
                    children.get(1..).unwrap_or_default()
                } else {
                    children
                };
                self.dict(id, entries)
            }
            Kind::Pair | Kind::KeywordArgument | Kind::Attribute => {
                child(1).map(|value| self.eval(value)).unwrap_or_default()
            }
            Kind::Comprehension => self.comprehension(id),
            Kind::Await | Kind::Spread | Kind::Spawn | Kind::Defer | Kind::ExpressionStatement => {
                child(0).map(|value| self.eval(value)).unwrap_or_default()
            }
            Kind::Yield => {
                let value = child(0).map(|value| self.eval(value)).unwrap_or_default();
                let taint = self.state.deep(&value);
                self.yielded.add(&Value::of(taint));
                Value::default()
            }
            Kind::Cast => {
                let value = child(1).map(|value| self.eval(value)).unwrap_or_default();
                if self.is_safe_type(id, 0) {
                    return child(1)
                        .map(|node| Value::of(self.direct_sources(node, &value.taint)))
                        .unwrap_or_default();
                }
                value
            }
            Kind::TypeTest => {
                let value = child(0).map(|value| self.eval(value)).unwrap_or_default();
                Value::of(self.through_operator(&value).without(self.a.matches.options.safe_booleans))
            }
            Kind::Missing
            | Kind::Comment
            | Kind::String
            | Kind::Number
            | Kind::Char
            | Kind::Regex
            | Kind::Bool
            | Kind::Null
            | Kind::Atom
            | Kind::Token
            | Kind::Text
            | Kind::StringPart
            | Kind::GenericType
            | Kind::TypeArguments
            | Kind::WrappedType
            | Kind::Error
            | Kind::Modifiers => Value::default(),
            Kind::Block | Kind::If | Kind::Switch | Kind::Try => self.statement_value(id),
            kind if is_statement(kind) => {
                self.exec(id);
                Value::default()
            }
            kind => {
                if kind == Kind::Other {
                    self.a.counts.skipped += 1;
                }
                let mut values = Vec::new();
                for part in children {
                    values.push(self.eval(*part));
                }
                self.mix(id, &values)
            }
        }
    }

    /// What a statement in the place of an expression is worth: what its branches end with.
    fn statement_value(&mut self, id: NodeId) -> Value {
        let mut tails = Vec::new();
        self.tails(id, 0, &mut tails);
        self.wanted.push((tails, Value::default()));
        self.exec(id);
        self.wanted.pop().map(|(_, value)| value).unwrap_or_default()
    }

    fn tails(&self, id: NodeId, depth: u32, out: &mut Vec<NodeId>) {
        let children = self.children(id);
        if depth > 40 || out.len() >= 64 {
            return;
        }
        let parts: &[NodeId] = match self.kind(id) {
            Kind::Block | Kind::Case | Kind::Catch => children.last().map_or(&[], std::slice::from_ref),
            Kind::If | Kind::Switch => children.get(1..).unwrap_or_default(),
            Kind::Try => children,
            // In Rust a `;` takes the value away; an arm's bare expression has no node of the grammar around it.
            Kind::ExpressionStatement
                if self.a.spec.language != Language::Rust || self.a.tree.node(id).raw == 0 =>
            {
                children
            }
            // An arm of a `switch` that is an expression.
            Kind::Yield if self.a.spec.language == Language::Java => children,
            Kind::Missing => &[],
            kind if is_statement(kind) || kind == Kind::ExpressionStatement => &[],
            _ => {
                out.push(id);
                &[]
            }
        };
        for part in parts {
            self.tails(*part, depth + 1, out);
        }
    }

    /// The taint of operands in the result of an operator.
    pub(super) fn through_operator(&self, value: &Value) -> TaintSet {
        self.state.deep(value).without(self.a.matches.options.only_assignments)
    }

    /// A new value made of others.
    pub(super) fn mix(&mut self, _id: NodeId, values: &[Value]) -> Value {
        let mut out = TaintSet::default();
        for value in values {
            out.add(&self.through_operator(value));
        }
        Value::of(out)
    }

    pub(super) fn variable_of(&self, id: NodeId) -> Variable {
        match self.a.facts.definitions.get(&id) {
            Some(definition) => Variable::Defined(*definition),
            None => Variable::Free(self.a.tree.symbol(id)),
        }
    }

    /// Whether a name is the receiver.
    pub(super) fn is_this(&self, id: NodeId) -> bool {
        self.kind(id) == Kind::Name
            && !self.a.facts.definitions.contains_key(&id)
            && (self.a.spec.traits.receivers.contains(&self.a.text(id)) || self.a.text(id) == "this")
    }

    /// Whether a name without receiver means a field of the receiver.
    pub(super) fn own_field(&self, definition: NodeId) -> Option<Key> {
        if matches!(self.a.spec.language, Language::Python | Language::JavaScript | Language::TypeScript) {
            return None;
        }
        if !self.a.facts.members.contains_key(&definition) || self.a.is_static(definition) {
            return None;
        }
        let owner =
            self.a.tree.ancestors(definition).find(|id| self.kind(*id) == Kind::VariableDefinition)?;
        // At the level of the class itself the initializer is read like a variable's.
        let _ = owner;
        (self.function != 0).then_some(Key::Name(self.a.tree.symbol(definition)))
    }

    pub(super) fn this(&self) -> Value {
        super::state::input(Root::This, PathId::EMPTY)
    }

    fn name(&mut self, id: NodeId) -> Value {
        if self.is_this(id) {
            return self.this();
        }
        let variable = self.variable_of(id);
        if let Variable::Defined(definition) = variable {
            if let Some(key) = self.own_field(definition) {
                let this = self.this();
                return self.state.read(&mut self.a.paths, &this, key);
            }
            if let Some(owner) = self.a.tree.parent(definition)
                && self.kind(owner) == Kind::Function
                && self.a.tree.child(owner, 2) == Some(definition)
            {
                let mut value = self.state.get(variable).cloned().unwrap_or_default();
                value.add(&Value::function(owner));
                return value;
            }
        }
        let value = match self.state.get(variable) {
            Some(value) => value.clone(),
            None => self.default_of(variable),
        };
        match self.only_function(variable) {
            Some(function) if value.functions.is_empty() => value.with(&Value::function(function)),
            _ => value,
        }
    }

    /// The function that a variable of an outer scope holds, where it is assigned once: `const f = (x) => …`.
    fn only_function(&self, variable: Variable) -> Option<NodeId> {
        let Variable::Defined(definition) = variable else { return None };
        let tree = self.a.tree;
        if self.a.mode == super::analysis::Mode::Shallow
            || self.a.graph.owner(definition) == self.function
            || self.a.assigned.get(&definition) != Some(&1)
        {
            return None;
        }
        let owner = tree.parent(definition)?;
        let value = match tree.kind(owner) {
            Kind::VariableDefinition => tree.present(owner, 3)?,
            Kind::Assign => tree.child(owner, 1)?,
            _ => return None,
        };
        tree.kind(value).is_function().then_some(value)
    }

    fn field(&mut self, id: NodeId) -> Value {
        let tree = self.a.tree;
        let (Some(object), Some(name)) = (tree.child(id, 0), tree.child(id, 1)) else {
            return Value::default();
        };
        let value = self.eval(object);
        if tree.kind(name) != Kind::Name {
            let key = self.eval(name);
            return self.mix(id, &[value, key]);
        }
        if let Some(definition) = self.static_member(object, name) {
            let variable = Variable::Defined(definition);
            return self.state.get(variable).cloned().unwrap_or_else(|| self.default_of(variable));
        }
        let text = self.a.text(name);
        if matches!(text, "length" | "size" | "count") && self.a.spec.language != Language::Python {
            return Value::of(self.through_operator(&value).without(self.a.number_rules()));
        }
        self.state.read(&mut self.a.paths, &value, Key::Name(tree.symbol(name)))
    }

    /// `Class.field`: the definition of a static field of this file.
    pub(super) fn static_member(&self, object: NodeId, name: NodeId) -> Option<NodeId> {
        let definition = self.a.facts.definitions.get(&object)?;
        let class = self.a.facts.class_defined(*definition)?;
        let class = self.a.facts.classes.get(class as usize)?;
        class.fields.get(&self.a.tree.symbol(name)).copied()
    }

    /// The key that an index expression means.
    pub(super) fn key_of(&self, index: NodeId) -> Key {
        match self.a.facts.constant(self.a.tree, index) {
            Some(Constant::String(symbol)) => Key::Name(symbol),
            Some(Constant::Number(text)) => {
                self.a.symbols.text(text).parse().map(Key::Index).unwrap_or(Key::Any)
            }
            _ => match self.kind(index) {
                Kind::Atom => Key::Name(self.a.tree.symbol(index)),
                _ => Key::Any,
            },
        }
    }

    fn index(&mut self, id: NodeId) -> Value {
        let tree = self.a.tree;
        let children = tree.children(id);
        let Some((object, indices)) = children.split_first() else { return Value::default() };
        let value = self.eval(*object);
        let mut by_index = TaintSet::default();
        for index in indices {
            if tree.kind(*index) == Kind::Slice {
                for part in tree.children(*index) {
                    self.eval(*part);
                }
                continue;
            }
            let index = self.eval(*index);
            by_index.add(&self.state.deep(&index));
        }
        let out = match indices {
            [index] if tree.kind(*index) == Kind::Slice => {
                let element = self.element(&value);
                let mut copy = self.state.allocate(Object::Site { node: id, path: PathId::EMPTY }, None);
                copy.taint = value.taint.clone();
                self.state.write(&copy, Key::Any, &element);
                return if value.objects.is_empty() { value } else { copy };
            }
            [index] => {
                let key = self.key_of(*index);
                let negative = key == Key::Any && self.a.facts.constant(tree, *index).is_some();
                if negative { self.element(&value) } else { self.state.read(&mut self.a.paths, &value, key) }
            }
            _ => self.state.read(&mut self.a.paths, &value, Key::Any),
        };
        // What a collection of constants holds is constant, whatever picks from it.
        if self.a.facts.tables.contains(object) {
            return Value::default();
        }
        let options = &self.a.matches.options;
        let by_index = by_index.without(options.safe_indexes.or(options.only_assignments));
        out.with(&Value::of(by_index))
    }

    /// What iterating over a value yields.
    pub(super) fn element(&mut self, value: &Value) -> Value {
        self.state.read(&mut self.a.paths, value, Key::Any)
    }

    fn augmented(&mut self, id: NodeId) -> Value {
        let tree = self.a.tree;
        let (Some(target), Some(node)) = (tree.child(id, 0), tree.child(id, 1)) else {
            return Value::default();
        };
        let old = self.eval(target);
        let added = self.eval(node);
        if tree.symbol(id) == Symbol::COALESCE || tree.symbol(id) == Symbol::OR {
            let value = old.with(&added);
            self.assign(target, Some(node), value.clone());
            return value;
        }
        // `list += other` keeps the list.
        if !old.objects.is_empty() && tree.symbol(id) == Symbol::ADD && !self.is_text(target) {
            let element = self.element(&added);
            self.state.write(&old, Key::Any, &element.with(&Value::of(added.taint)));
            return old;
        }
        let value = self.mix(id, &[old, added]);
        self.assign(target, Some(node), value.clone());
        value
    }

    fn is_text(&self, id: NodeId) -> bool {
        let type_ = self.a.facts.types.get(&id).map(|type_| self.a.symbols.text(*type_));
        matches!(type_, Some("str" | "String" | "string" | "java.lang.String"))
    }

    fn binary(&mut self, id: NodeId) -> Value {
        let tree = self.a.tree;
        let (Some(left), Some(right)) = (tree.child(id, 0), tree.child(id, 1)) else {
            return Value::default();
        };
        let operator = tree.symbol(id);
        if matches!(operator, Symbol::AND | Symbol::OR | Symbol::COALESCE) {
            let first = self.eval(left);
            let known = self.truth(left);
            let before = self.state.clone();
            if operator != Symbol::COALESCE {
                self.refine(left, operator == Symbol::AND);
            }
            let skips = known.is_some_and(|truth| truth == (operator == Symbol::OR));
            let second =
                if skips && operator != Symbol::COALESCE { Value::default() } else { self.eval(right) };
            self.merge(Some(before));
            // `a and b` is `a` only where that counts as false; nothing of use is.
            let constant_left = self.a.facts.constant(tree, left).is_some();
            let first = if operator == Symbol::AND && constant_left { Value::default() } else { first };
            return first.with(&second);
        }
        let (first, second) = (self.eval(left), self.eval(right));
        let options = &self.a.matches.options;
        let compares = is_comparison(self.a.symbols.text(operator));
        let safe = if compares {
            options.safe_comparisons.or(options.safe_booleans)
        } else {
            super::value::RuleSet::EMPTY
        };
        let numeric = !compares && self.a.is_numeric(id);
        let value = self.mix(id, &[first, second]);
        let safe = if numeric { safe.or(self.a.number_rules()) } else { safe };
        Value::of(value.taint.without(safe))
    }

    fn ternary(&mut self, id: NodeId) -> Value {
        let tree = self.a.tree;
        let (Some(condition), Some(then), Some(other)) =
            (tree.child(id, 0), tree.child(id, 1), tree.child(id, 2))
        else {
            return Value::default();
        };
        let (holds, fails) = self.branch(condition);
        let mut value = Value::default();
        let mut after = None;
        for (state, branch) in [(holds, then), (fails, other)] {
            let Some(state) = state else { continue };
            self.state = state;
            value.add(&self.eval(branch));
            let state = std::mem::take(&mut self.state);
            self.join_into(&mut after, &state);
        }
        self.state = after.unwrap_or_default();
        value
    }

    fn list(&mut self, id: NodeId, elements: &[NodeId]) -> Value {
        let tree = self.a.tree;
        let mut values = Vec::new();
        for element in elements {
            values.push((tree.kind(*element) == Kind::Spread, self.eval(*element)));
        }
        let spreads = values.iter().any(|(spread, _)| *spread);
        let length =
            if spreads || tree.kind(id) == Kind::Set { None } else { u32::try_from(values.len()).ok() };
        let list = self.state.allocate(Object::Site { node: id, path: PathId::EMPTY }, length);
        let mut taint = TaintSet::default();
        for (index, (spread, value)) in values.into_iter().enumerate() {
            if spread {
                let element = self.element(&value);
                taint.add(&value.taint);
                self.state.write(&list, Key::Any, &element);
            } else if length.is_some() {
                if !value.is_empty() || index < 16 {
                    self.state.write(&list, Key::Index(index as u32), &value);
                }
            } else {
                self.state.write(&list, Key::Any, &value);
            }
        }
        list
    }

    fn dict(&mut self, id: NodeId, entries: &[NodeId]) -> Value {
        let tree = self.a.tree;
        let mut written = Vec::new();
        for entry in entries {
            match tree.kind(*entry) {
                Kind::Pair => {
                    let (Some(key), Some(value)) = (tree.child(*entry, 0), tree.child(*entry, 1)) else {
                        continue;
                    };
                    let is_field = tree.kind(key) == Kind::Name
                        && (tree.kind(id) == Kind::Construct
                            || matches!(self.a.spec.language, Language::JavaScript | Language::TypeScript));
                    let by = if is_field { Key::Name(tree.symbol(key)) } else { self.key_of(key) };
                    let mut value = self.eval(value);
                    if by == Key::Any {
                        let key = self.eval(key);
                        value.taint.add(&self.state.deep(&key));
                    }
                    written.push((by, value));
                }
                Kind::Spread => {
                    let value = self.eval(*entry);
                    let element = self.element(&value);
                    written.push((Key::Any, element.with(&Value::of(value.taint))));
                }
                Kind::Name => written.push((Key::Name(tree.symbol(*entry)), self.eval(*entry))),
                Kind::Function => {
                    let name = tree.present(*entry, 2).map_or(Symbol::EMPTY, |name| tree.symbol(name));
                    self.nested.push(*entry);
                    written.push((Key::Name(name), Value::function(*entry)));
                }
                _ => written.push((Key::Any, self.eval(*entry))),
            }
        }
        let dict = self.state.allocate(Object::Site { node: id, path: PathId::EMPTY }, None);
        for (key, value) in written {
            self.state.write(&dict, key, &value);
        }
        dict
    }

    fn comprehension(&mut self, id: NodeId) -> Value {
        let tree = self.a.tree;
        let Some((element, clauses)) = tree.children(id).split_first() else { return Value::default() };
        let before = self.state.clone();
        for clause in clauses {
            match tree.kind(*clause) {
                Kind::Generator => {
                    let iterable =
                        tree.child(*clause, 1).map(|iterable| self.eval(iterable)).unwrap_or_default();
                    let mut value = self.element(&iterable);
                    value.taint = value.taint.without(self.a.matches.options.only_assignments);
                    if let Some(target) = tree.child(*clause, 0) {
                        self.bind(target, value);
                    }
                }
                _ => {
                    self.eval(*clause);
                    self.refine(*clause, true);
                }
            }
        }
        let value = match tree.kind(*element) {
            Kind::Pair => {
                let key = tree.child(*element, 0).map(|key| self.eval(key)).unwrap_or_default();
                let value = self.eval(*element);
                let taint = self.state.deep(&key);
                value.with(&Value::of(taint))
            }
            _ => self.eval(*element),
        };
        self.merge(Some(before));
        let list = self.state.allocate(Object::Site { node: id, path: PathId::EMPTY }, None);
        self.state.write(&list, Key::Any, &value);
        list
    }

    /// Of the taint of a value that becomes a number: what is a number at its source already.
    pub(super) fn direct_sources(&self, node: NodeId, taint: &TaintSet) -> TaintSet {
        taint.filter(|taint| {
            matches!(taint.origin(), Origin::Source(source) if self.a.matches.sources[source as usize].node == node)
        })
    }

    pub(super) fn only_sources(&self, taint: &TaintSet) -> TaintSet {
        taint.filter(Taint::is_source)
    }

    /// Whether the type in a slot of a node cannot carry text.
    pub(super) fn is_safe_type(&self, id: NodeId, slot: usize) -> bool {
        let Some(type_) = self.a.tree.present(id, slot) else { return false };
        self.kind(type_) != Kind::Modifiers && self.a.is_number_type(type_)
    }

    pub(super) fn assign(&mut self, target: NodeId, source: Option<NodeId>, value: Value) {
        let taint = self.step(&value.taint, target, StepKind::Assign);
        let _ = source;
        self.bind(target, Value { taint, ..value });
    }
}

pub(super) fn is_comparison(operator: &str) -> bool {
    matches!(
        operator,
        "==" | "!="
            | "<"
            | ">"
            | "<="
            | ">="
            | "==="
            | "!=="
            | "is"
            | "is not"
            | "in"
            | "not in"
            | "<>"
            | "instanceof"
    )
}

fn is_statement(kind: Kind) -> bool {
    use Kind::*;
    matches!(
        kind,
        Block
            | Program
            | If
            | While
            | DoWhile
            | For
            | ForEach
            | Switch
            | Try
            | With
            | Return
            | Throw
            | Break
            | Continue
            | Labeled
            | Goto
            | Assert
            | Delete
            | Global
            | Empty
            | Import
            | ImportFrom
            | Package
            | Class
            | Definitions
    )
}
