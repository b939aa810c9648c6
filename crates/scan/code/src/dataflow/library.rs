//! What well-known methods do with their receiver: lists, maps, builders of text, and functions that call back.
//!
//! By name alone, as receivers are often of unknown type; so each entry must be true of whatever has a method of that name,
//! or err to the side of more taint.

use super::call::Call;
use super::state::Part;
use super::summary::Slot;
use super::trace::StepKind;
use super::value::{Key, Object, PathId, Value};
use super::walk::Walk;
use crate::language::Language;
use crate::tree::{Kind, NodeId};

/// Whether a method of this name is modelled here, and so too common to mean the one method of a file.
pub(super) fn is_known(name: &str) -> bool {
    ADDERS.contains(&name)
        || CLEARERS.contains(&name)
        || MAPPERS.contains(&name)
        || KEEPERS.contains(&name)
        || matches!(
            name,
            "get"
                | "put"
                | "set"
                | "remove"
                | "pop"
                | "insert"
                | "update"
                | "setdefault"
                | "toString"
                | "execute"
                | "run"
                | "close"
                | "read"
                | "write"
                | "open"
                | "start"
                | "join"
                | "send"
                | "format"
                | "replace"
                | "equals"
                | "contains"
                | "size"
                | "length"
                | "next"
                | "query"
                | "call"
                | "apply"
                | "render"
        )
}

/// Methods that add their argument to the receiver, and return it or nothing of use.
const ADDERS: &[&str] = &[
    "add",
    "append",
    "push",
    "addLast",
    "addElement",
    "offer",
    "offerLast",
    "offerFirst",
    "enqueue",
    "Add",
    "Append",
    "appendChild",
    "push_back",
    "emplace_back",
    "push_str",
    "concat!",
    "<<",
    "WriteString",
    "AppendLine",
    "AppendFormat",
    "unshift",
    "addFirst",
    "appendleft",
    "extend",
    "addAll",
    "AddRange",
    "write",
    "println",
    "print",
    "putAll",
    "update",
    "merge!",
    "store",
];

/// Methods after which the receiver is empty.
const CLEARERS: &[&str] = &["clear", "removeAll", "Clear", "Reset", "truncate", "removeAllElements"];

/// Functions that call their argument with each element, and return what that returns.
const MAPPERS: &[&str] = &[
    "map",
    "flatMap",
    "flat_map",
    "mapToObj",
    "then",
    "thenApply",
    "thenCompose",
    "collect",
    "reduce",
    "fold",
    "Select",
    "SelectMany",
    "mapNotNull",
    "let",
    "run",
    "transform",
    "computeIfAbsent",
    "array_map",
    "mapValues",
    "and_then",
    "catch",
    "map_err",
    "reduceRight",
    "foldLeft",
    "foldRight",
    "apply_async",
    "submit",
];

/// Functions that call their argument with each element, and return elements or nothing of use.
const KEEPERS: &[&str] = &[
    "forEach",
    "filter",
    "each",
    "find",
    "sort",
    "sorted",
    "some",
    "every",
    "findIndex",
    "Where",
    "First",
    "FirstOrDefault",
    "ifPresent",
    "peek",
    "also",
    "apply",
    "takeWhile",
    "dropWhile",
    "each_with_index",
    "select",
    "reject",
    "any",
    "all",
    "sort_by",
    "max_by",
    "min_by",
    "for_each",
    "foreach",
    "Any",
    "All",
    "OrderBy",
    "thenAccept",
    "anyMatch",
    "allMatch",
    "noneMatch",
    "findFirst",
    "array_filter",
    "array_walk",
    "usort",
    "tap",
    "forEachOrdered",
    "inspect",
    "retain",
];

/// Conversions whose result is a number or truth value whatever they are given.
const NUMBERS: &[&str] = &[
    "int",
    "float",
    "bool",
    "len",
    "parseInt",
    "parseFloat",
    "Number",
    "Boolean",
    "intval",
    "floatval",
    "count",
    "strlen",
    "Atoi",
    "ParseInt",
    "ParseFloat",
    "ParseBool",
    "ParseUint",
    "parseLong",
    "parseDouble",
    "parseBoolean",
    "parseShort",
    "to_i",
    "to_f",
    "toInt",
    "toLong",
    "toDouble",
    "toFloat",
    "toBoolean",
    "ToInt32",
    "ToInt64",
    "ToDouble",
    "ToBoolean",
    "isdigit",
    "hashCode",
    "ord",
    "isinstance",
    "hasattr",
    "callable",
    "isNaN",
    "isInteger",
    "compareTo",
    "indexOf",
    "lastIndexOf",
    "startsWith",
    "endsWith",
    "startswith",
    "endswith",
    "isEmpty",
    "equals",
    "equalsIgnoreCase",
    "containsKey",
    "boolval",
    "is_numeric",
    "size",
    "length",
    "isBlank",
    "isPresent",
    "matches",
    "contains",
    "codePointAt",
    "intValue",
    "longValue",
    "doubleValue",
    "booleanValue",
];

/// Whether a method of this name, of a value that is a function, is a call of it.
pub(super) fn calls_its_receiver(name: &str) -> bool {
    matches!(
        name,
        "apply"
            | "get"
            | "accept"
            | "test"
            | "run"
            | "call"
            | "invoke"
            | "Invoke"
            | "applyAsInt"
            | "applyAsLong"
            | "applyAsDouble"
            | "getAsInt"
            | "getAsLong"
            | "getAsDouble"
            | "getAsBoolean"
            | "compare"
            | "__call__"
            | "yield"
    )
}

impl Walk<'_, '_> {
    /// Whether a name is that of a class, to go by how it is written, which this file does not define.
    fn is_unknown_class(&self, id: NodeId) -> bool {
        self.kind(id) == Kind::Name
            && self.a.text(id).starts_with(|c: char| c.is_ascii_uppercase())
            && !self.a.facts.definitions.contains_key(&id)
    }

    /// What a call of a well-known method comes to; `None` where nothing is known of it.
    pub(super) fn library(&mut self, call: &Call) -> Option<Value> {
        let name = self.a.symbols.text(call.name).to_owned();
        let name = name.as_str();
        if NUMBERS.contains(&name) && self.is_conversion(call, name) {
            let value = self.unknown_result(call);
            return Some(Value::of(value.taint.without(self.a.number_rules())));
        }
        if call.arguments.iter().any(|argument| !argument.value.functions.is_empty())
            && let Some(value) = self.higher_order(call, name)
        {
            return Some(value);
        }
        let receiver = call.receiver?;
        // `File.write(…)` puts nothing into a class.
        if self.is_unknown_class(receiver) && (ADDERS.contains(&name) || name == "insert") {
            return None;
        }
        match name {
            _ if ADDERS.contains(&name) && !call.arguments.is_empty() => {
                Some(self.add_to(call, receiver, name))
            }
            "put" | "set" | "setAttribute" | "setdefault" | "putIfAbsent" | "setItem" | "Set"
            | "setProperty" | "insert" | "addElementAt" | "replace!" | "putString" | "store!"
            | "addAttribute" | "addObject" | "header"
                if call.arguments.len() == 2 =>
            {
                Some(self.put(call, receiver, name))
            }
            "get" | "getOrDefault" | "getAttribute" | "elementAt" | "getItem" | "fetch" | "Get" | "at"
            | "getProperty" | "dig" | "getString" | "item"
                if (1..=2).contains(&call.arguments.len()) =>
            {
                self.get(call)
            }
            "remove" | "pop" | "delete" | "removeAt" | "del" | "Remove" | "RemoveAt" | "poll" | "shift"
            | "popleft" | "removeFirst" | "removeLast" | "pollFirst" | "popitem" | "dequeue" | "popFirst" => {
                Some(self.remove(call, receiver, name))
            }
            _ if CLEARERS.contains(&name) || name == "setLength" && self.is_zero(call) => {
                self.clear(receiver, &call.this);
                Some(Value::default())
            }
            "getFirst" | "first" | "peekFirst" if call.arguments.is_empty() => self.first(call),
            "getLast" | "last" | "peekLast" if call.arguments.is_empty() => self.last(call),
            "values" | "items" | "entrySet" | "entries" | "iterator" | "stream" | "elements"
            | "listIterator" | "copy" | "clone" | "parallelStream" | "iter" | "into_iter" | "toList"
            | "toArray" | "to_a" | "sequence" | "asSequence" | "subList" | "toSet" | "collect"
                if !call.this.objects.is_empty() =>
            {
                let element = self.element(&call.this);
                let copy = self.state.allocate(Object::Site { node: call.node, path: PathId::EMPTY }, None);
                self.state.write(&copy, Key::Any, &element);
                Some(copy)
            }
            _ => self.property(call, receiver, name),
        }
    }

    /// Methods that are conversions on any receiver, and functions that are where nothing else has that name.
    fn is_conversion(&self, call: &Call, name: &str) -> bool {
        match name {
            // Of a collection, a query or a cursor it may be anything but a number.
            "count" | "size" | "len" => call.arguments.len() <= 1,
            "Number" | "Boolean" | "int" | "float" | "bool" | "ord" => call.receiver.is_none(),
            _ => true,
        }
    }

    fn is_zero(&self, call: &Call) -> bool {
        call.argument(0).is_some_and(|argument| self.key_of(argument.node) == Key::Index(0))
    }

    /// The receiver as something that can be written into.
    fn writable(&mut self, call: &Call, receiver: NodeId) -> Value {
        if call.this.objects.is_empty() && self.is_place(receiver) {
            let mut value = self.object_at(receiver);
            value.taint.add(&call.this.taint);
            return value;
        }
        call.this.clone()
    }

    fn add_to(&mut self, call: &Call, receiver: NodeId, name: &str) -> Value {
        let target = self.writable(call, receiver);
        let unpacks = matches!(name, "extend" | "addAll" | "AddRange" | "putAll" | "update" | "merge!");
        let fronts = matches!(name, "unshift" | "addFirst" | "appendleft" | "offerFirst")
            || name == "push" && self.a.spec.language == Language::Java && !self.is_stack(receiver);
        for argument in &call.arguments {
            let mut value = argument.value.clone();
            value.taint = value.taint.without(self.a.matches.options.only_assignments);
            if argument.spread || unpacks && !value.objects.is_empty() {
                if name == "update" || name == "putAll" || name == "merge!" {
                    self.copy_parts(&target, &value);
                    continue;
                }
                value = self.element(&value);
                value.taint = self.step(&value.taint, call.node, StepKind::Through);
                self.unordered(&target, &value);
                continue;
            }
            value.taint = self.step(&value.taint, call.node, StepKind::Through);
            if let Slot::Keyword(key) = argument.slot {
                self.state.write(&target, Key::Name(key), &value);
                continue;
            }
            // `list.add(index, x)`
            if name == "add" && call.arguments.len() == 2 {
                if argument.slot == Slot::Position(1) {
                    self.unordered(&target, &value);
                }
                continue;
            }
            match (self.single(&target), fronts) {
                (Some(object), false) => {
                    let length = self.state.cell(object).and_then(|cell| cell.length);
                    match length {
                        Some(length) if length < 64 => {
                            self.state.hold(&value);
                            let cell = self.state.cell_mut(object);
                            cell.parts.insert(Key::Index(length), Part { value, definite: true });
                            cell.length = Some(length + 1);
                        }
                        _ => self.unordered(&target, &value),
                    }
                }
                (Some(object), true) if call.arguments.len() == 1 => {
                    let length = self.state.cell(object).and_then(|cell| cell.length);
                    match length {
                        Some(length) if length < 64 => {
                            self.state.hold(&value);
                            let cell = self.state.cell_mut(object);
                            for at in (0..length).rev() {
                                if let Some(part) = cell.parts.remove(&Key::Index(at)) {
                                    cell.parts.insert(Key::Index(at + 1), part);
                                }
                            }
                            cell.parts.insert(Key::Index(0), Part { value, definite: true });
                            cell.length = Some(length + 1);
                        }
                        _ => self.unordered(&target, &value),
                    }
                }
                _ => self.unordered(&target, &value),
            }
        }
        call.this.clone().with(&target)
    }

    /// Whether a place is declared as a `Stack`, which pushes to its end and pops from there.
    fn is_stack(&self, place: NodeId) -> bool {
        let type_ = self.a.facts.types.get(&place).map(|type_| self.a.symbols.text(*type_));
        type_.is_some_and(|type_| type_ == "Stack" || type_.ends_with(".Stack"))
    }

    /// The one object that a value is, where what is written replaces what was there.
    fn single(&self, value: &Value) -> Option<Object> {
        match value.objects.as_slice() {
            [only] if self.state.cell(*only).is_some_and(|cell| !cell.many) => Some(*only),
            _ => None,
        }
    }

    /// Adds an element at some place of a list; then indices say nothing any more.
    fn unordered(&mut self, target: &Value, value: &Value) {
        if value.is_empty() {
            for object in target.objects.as_slice() {
                if self.state.cell(*object).is_some_and(|cell| cell.length.is_some()) {
                    self.state.cell_mut(*object).length = None;
                }
            }
            return;
        }
        self.state.write(target, Key::Any, value);
        for object in target.objects.as_slice() {
            self.state.cell_mut(*object).length = None;
        }
    }

    fn copy_parts(&mut self, target: &Value, from: &Value) {
        for object in from.objects.as_slice() {
            let Some(cell) = self.state.cell(*object).cloned() else { continue };
            for (key, part) in &cell.parts {
                self.state.write(target, *key, &part.value);
            }
            if !cell.rest.is_empty() {
                self.state.write(target, Key::Any, &cell.rest);
            }
        }
        let whole = Value::of(from.taint.clone());
        if !whole.is_empty() {
            self.state.write(target, Key::Any, &whole);
        }
    }

    fn put(&mut self, call: &Call, receiver: NodeId, name: &str) -> Value {
        let target = self.writable(call, receiver);
        let [key, value] = call.arguments.as_slice() else { return Value::default() };
        let mut stored = value.value.clone();
        stored.taint = self.step(&stored.taint, call.node, StepKind::Through);
        let by = self.key_of(key.node);
        if name == "insert" && matches!(by, Key::Index(_) | Key::Any) {
            // Into a list, what comes after moves; into text, all is one.
            self.unordered(&target, &stored);
            return call.this.clone().with(&target);
        }
        if by == Key::Any {
            stored.taint.add(&self.state.deep(&key.value));
        }
        let old = self.state.read(&mut self.a.paths, &target, by);
        if matches!(name, "setdefault" | "putIfAbsent") {
            stored.add(&old);
            self.state.write(&target, by, &stored);
            return stored;
        }
        self.state.write(&target, by, &stored);
        Value::default()
    }

    fn get(&mut self, call: &Call) -> Option<Value> {
        if self.a.facts.tables.contains(&call.receiver?) {
            return Some(call.arguments.get(1).map(|default| default.value.clone()).unwrap_or_default());
        }
        if call.this.objects.is_empty() {
            return None;
        }
        let key = call.arguments.first()?;
        let by = self.key_of(key.node);
        let mut value = self.state.read(&mut self.a.paths, &call.this, by);
        if by == Key::Any {
            let taint = self.through_call(&key.value).without(self.a.matches.options.safe_indexes);
            value.taint.add(&taint);
        }
        if let Some(default) = call.arguments.get(1) {
            value.add(&default.value);
        }
        Some(value)
    }

    fn first(&mut self, call: &Call) -> Option<Value> {
        let object = self.single(&call.this)?;
        self.state.cell(object)?.length?;
        Some(self.state.read(&mut self.a.paths, &call.this, Key::Index(0)))
    }

    fn last(&mut self, call: &Call) -> Option<Value> {
        let object = self.single(&call.this)?;
        let last = self.state.cell(object)?.length?.checked_sub(1)?;
        Some(self.state.read(&mut self.a.paths, &call.this, Key::Index(last)))
    }

    fn remove(&mut self, call: &Call, receiver: NodeId, name: &str) -> Value {
        let target = call.this.clone();
        let taken = self.element(&target);
        let Some(object) = self.single(&target) else { return taken };
        let length = self.state.cell(object).and_then(|cell| cell.length);
        let by = call.arguments.first().map(|argument| self.key_of(argument.node));
        let index = match (by, length) {
            (Some(Key::Index(index)), Some(_)) => Some(index),
            (None, Some(length)) => match name {
                "pop" if self.a.spec.language == Language::Java && !self.is_stack(receiver) => Some(0),
                "pop" | "removeLast" => length.checked_sub(1),
                _ => Some(0),
            },
            (Some(key @ Key::Name(_)), None) => {
                let value = self.state.read(&mut self.a.paths, &target, key);
                self.state.write(&target, key, &Value::default());
                return value;
            }
            _ => None,
        };
        let (Some(index), Some(length)) = (index, length) else {
            if length.is_some() {
                let cell = self.state.cell_mut(object);
                cell.length = None;
                for part in cell.parts.values_mut() {
                    part.definite = false;
                }
                cell.rest.add(&taken);
            }
            return taken;
        };
        let cell = self.state.cell_mut(object);
        let removed = cell.parts.remove(&Key::Index(index)).map(|part| part.value).unwrap_or_default();
        for at in index + 1..length {
            if let Some(part) = cell.parts.remove(&Key::Index(at)) {
                cell.parts.insert(Key::Index(at - 1), part);
            }
        }
        cell.length = Some(length.saturating_sub(u32::from(index < length)));
        removed
    }

    fn clear(&mut self, receiver: NodeId, this: &Value) {
        if let Some(object) = self.single(this) {
            let cell = self.state.cell_mut(object);
            cell.parts.clear();
            cell.rest = Value::default();
            cell.length = Some(0);
            if self.is_place(receiver) && !this.taint.is_empty() {
                let value = Value { taint: Default::default(), ..this.clone() };
                self.write_place(receiver, &value);
            }
        }
    }

    /// `o.setName(x)` and `o.getName()` of an unknown class are a field of it.
    fn property(&mut self, call: &Call, receiver: NodeId, name: &str) -> Option<Value> {
        let of = |prefix: &str| {
            let rest = name.strip_prefix(prefix)?;
            rest.starts_with(|c: char| c.is_ascii_uppercase()).then(|| {
                let mut letters = rest.chars();
                let first = letters.next().map(|c| c.to_ascii_lowercase());
                first.into_iter().chain(letters).collect::<String>()
            })
        };
        if let (Some(field), [value]) = (of("set"), call.arguments.as_slice()) {
            let key = Key::Name(self.a.symbols.get(&field).unwrap_or(call.name));
            let key = if self.a.symbols.get(&field).is_none() { Key::Any } else { key };
            let mut stored = value.value.clone();
            stored.taint = self.step(&stored.taint, call.node, StepKind::Through);
            // Writes into inputs are left out where nothing would come of it.
            if stored.is_empty() && key == Key::Any {
                return None;
            }
            let target = self.writable(call, receiver);
            self.state.write(&target, key, &stored);
            return Some(call.this.clone().with(&target));
        }
        if let (Some(field), []) = (of("get"), call.arguments.as_slice())
            && let Some(symbol) = self.a.symbols.get(&field)
            && let [object @ Object::Site { .. }] = call.this.objects.as_slice()
            && self.state.cell(*object).is_some_and(|cell| cell.parts.contains_key(&Key::Name(symbol)))
        {
            return Some(self.state.read(&mut self.a.paths, &call.this, Key::Name(symbol)));
        }
        None
    }

    /// Functions that call their argument.
    fn higher_order(&mut self, call: &Call, name: &str) -> Option<Value> {
        let maps = MAPPERS.contains(&name);
        if !maps && !KEEPERS.contains(&name) {
            return None;
        }
        let mut given = Value::default();
        if call.receiver.is_some() {
            given.add(&self.element(&call.this));
        }
        for argument in &call.arguments {
            if argument.value.functions.is_empty() {
                given.add(&self.element(&argument.value));
            }
        }
        given.taint = self.step(&given.taint, call.node, StepKind::Through);
        let mut returned = Value::default();
        for argument in &call.arguments {
            if !argument.value.functions.is_empty() {
                let arguments = [given.clone(), given.clone(), given.clone()];
                returned.add(&self.callback(&argument.value, &arguments));
            }
        }
        let elements = if maps { returned } else { given };
        let elements = Value { taint: self.through_operator(&elements), ..elements };
        let result = self.state.allocate(Object::Site { node: call.node, path: PathId::EMPTY }, None);
        self.state.write(&result, Key::Any, &elements);
        Some(result)
    }

    pub(super) fn note_thrown(&mut self, value: &Value) {
        let state = std::mem::take(&mut self.state);
        let was_dead = self.dead;
        self.state = state.clone();
        self.throw(value);
        self.state = state;
        self.dead = was_dead;
    }
}
