//! Declarations: what C says of a type around a name is put around the type.

use super::super::Lowerer;
use super::{block, items};
use crate::language::{ELLIPSIS_NAME, Language};
use crate::tree::{Kind, NodeId, Symbol};
use tree_sitter::Node;

/// How many parts of one declarator are looked at; bounds the nesting of types.
const MAX_PARTS: usize = 100;

/// A declarator taken apart.
struct Declared<'t> {
    /// The type with all that stands around the name.
    type_: NodeId,
    /// What holds the name; `None` for an abstract declarator.
    name: Option<Node<'t>>,
    /// The parameters, of a function.
    parameters: Option<Node<'t>>,
    /// The initial value.
    value: Option<Node<'t>>,
}

fn unwind<'t>(l: &mut Lowerer<'_>, base: NodeId, declarator: Option<Node<'t>>) -> Declared<'t> {
    let mut declared = Declared { type_: base, name: None, parameters: None, value: None };
    let mut at = declarator;
    for _ in 0..MAX_PARTS {
        let Some(node) = at else { return declared };
        let kind = node.kind();
        let inner = node.child_by_field_name("declarator");
        at = match kind {
            "init_declarator" => {
                declared.value = node.child_by_field_name("value");
                inner
            }
            "pointer_declarator" | "abstract_pointer_declarator" | "pointer_type_declarator" => {
                declared.type_ = wrap(l, "*", node, inner, declared.type_, None);
                inner
            }
            "reference_declarator" | "abstract_reference_declarator" => {
                let sign = if node.child(0).is_some_and(|token| token.kind() == "&&") { "&&" } else { "&" };
                let inner = l.named(node).first().copied();
                declared.type_ = wrap(l, sign, node, inner, declared.type_, None);
                inner
            }
            "array_declarator" | "abstract_array_declarator" => {
                let size = node.child_by_field_name("size");
                declared.type_ = wrap(l, "[]", node, None, declared.type_, size);
                inner
            }
            "function_declarator" | "abstract_function_declarator" => {
                let pointer = inner.filter(|inner| inner.kind().contains("parenthesized"));
                if pointer.is_some() || kind.starts_with("abstract") {
                    let parameters = parameters(l, node);
                    let range = l.tree().range(declared.type_).start..node.end_byte();
                    let children = [declared.type_, parameters];
                    declared.type_ = l.make_at(Kind::Other, node.kind_id(), range, Symbol::EMPTY, &children);
                } else {
                    declared.parameters = Some(node);
                    trailing_type(l, node, &mut declared);
                }
                inner
            }
            "parenthesized_declarator" | "abstract_parenthesized_declarator" | "attributed_declarator" => {
                l.named(node).into_iter().find(|child| !child.kind().starts_with("ms_"))
            }
            "variadic_declarator" => l.named(node).first().copied(),
            _ => {
                declared.name = Some(node);
                return declared;
            }
        };
    }
    declared
}

/// `auto f() -> T`.
fn trailing_type(l: &mut Lowerer<'_>, node: Node<'_>, declared: &mut Declared<'_>) {
    let trailing = l.child_of_kind(node, "trailing_return_type");
    if let Some(type_) = trailing.and_then(|trailing| l.named(trailing).first().copied()) {
        declared.type_ = l.lower(type_);
    }
}

/// A type around `type_`; its range goes from the type to the sign where that stands right behind.
fn wrap(
    l: &mut Lowerer<'_>,
    sign: &str,
    node: Node<'_>,
    inner: Option<Node<'_>>,
    type_: NodeId,
    size: Option<Node<'_>>,
) -> NodeId {
    let mut range = l.tree().range(type_);
    if sign != "[]" {
        let text_end = inner.map_or(node.end_byte(), |inner| inner.start_byte());
        let blank = l.slice(node.start_byte(), text_end);
        range.end = range.end.max(node.start_byte() + blank.trim_end().len());
    }
    let mut children = vec![type_];
    if let Some(size) = size.filter(|size| size.is_named()) {
        children.push(l.lower(size));
    }
    let symbol = l.intern(sign);
    l.make_at(Kind::WrappedType, node.kind_id(), range, symbol, &children)
}

/// Words and attributes of a declaration: all that is neither type nor declarator, value or body.
pub(super) fn modifiers(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = modifier_list(l, node);
    modifiers_of(l, node, &words)
}

fn modifiers_of(l: &mut Lowerer<'_>, node: Node<'_>, words: &[NodeId]) -> NodeId {
    let end = words.last().map_or(node.start_byte(), |last| l.tree().range(*last).end);
    l.make_at(Kind::Modifiers, 0, node.start_byte()..end, Symbol::EMPTY, words)
}

fn modifier_list(l: &mut Lowerer<'_>, node: Node<'_>) -> Vec<NodeId> {
    let mut words = Vec::new();
    for (index, child) in (0..node.child_count()).filter_map(|i| Some((i, node.child(i)?))) {
        if node.field_name_for_child(index).is_some() {
            continue;
        }
        match child.kind() {
            "attribute_specifier" | "attribute_declaration" => {
                let attributes = l.lower_named(child);
                words.push(l.make(Kind::Decorator, child, Symbol::EMPTY, &attributes));
            }
            "storage_class_specifier"
            | "type_qualifier"
            | "ms_declspec_modifier"
            | "ms_call_modifier"
            | "virtual"
            | "virtual_specifier"
            | "explicit_function_specifier"
            | "typedef"
            | "inline" => {
                words.push(l.leaf(Kind::Token, child));
            }
            _ => {}
        }
    }
    words
}

pub(super) fn declaration(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let declarators = l.fields(node, "declarator");
    if declarators.is_empty() {
        // `struct s { … };` and an unnamed bit field are their type.
        return match node.child_by_field_name("type") {
            Some(type_) => {
                let id = l.lower(type_);
                if matches!(l.tree().kind(id), Kind::Class | Kind::Name) {
                    return id;
                }
                l.make(Kind::Other, node, Symbol::EMPTY, &[id])
            }
            None => l.other(node),
        };
    }
    let mut definitions = Vec::new();
    for declarator in &declarators {
        // Each of several begins at their type; the last one has the `;`.
        let is_last = declarators.last().is_some_and(|last| last.id() == declarator.id());
        let end = if is_last { node.end_byte() } else { declarator.end_byte() };
        definitions.push(one(l, node, *declarator, node.start_byte()..end));
    }
    match definitions.as_slice() {
        [only] => *only,
        _ => l.make(Kind::Definitions, node, Symbol::EMPTY, &definitions),
    }
}

/// One name of a declaration: a variable, or a function without its body.
fn one(l: &mut Lowerer<'_>, node: Node<'_>, declarator: Node<'_>, range: std::ops::Range<usize>) -> NodeId {
    let base = l.field(node, "type");
    let declared = unwind(l, base, Some(declarator));
    if let Some(function) = declared.parameters {
        return match constructor_arguments(l, node, function) {
            Some(arguments) => {
                let value = constructed(l, declared.type_, arguments, function);
                variable(l, node, &declared, value, range)
            }
            None => {
                let body = l.missing(node);
                finish_function(l, node, &declared, function, body, range)
            }
        };
    }
    let value = declared
        .value
        .or_else(|| node.child_by_field_name("default_value"))
        .or_else(|| node.child_by_field_name("value"));
    let value = match value {
        Some(list) if list.kind() == "argument_list" => {
            let arguments = l.lower_named(list);
            constructed(l, declared.type_, arguments, list)
        }
        value => l.optional(node, value),
    };
    variable(l, node, &declared, value, range)
}

fn variable(
    l: &mut Lowerer<'_>,
    node: Node<'_>,
    declared: &Declared<'_>,
    value: NodeId,
    range: std::ops::Range<usize>,
) -> NodeId {
    let words = modifiers(l, node);
    let target = l.optional(node, declared.name);
    let children = [words, declared.type_, target, value];
    l.make_at(Kind::VariableDefinition, node.kind_id(), range, Symbol::EMPTY, &children)
}

/// The value of `T x(a)` is `a`, that of `T x(a, b)` an object made of both.
fn constructed(l: &mut Lowerer<'_>, type_: NodeId, arguments: Vec<NodeId>, node: Node<'_>) -> NodeId {
    if let [only] = arguments.as_slice() {
        return *only;
    }
    let (symbol, range) = (l.tree().symbol(type_), l.tree().range(type_));
    let type_ = l.make_at(Kind::Name, 0, range, symbol, &[]);
    let list = l.make(Kind::Arguments, node, Symbol::EMPTY, &arguments);
    let body = l.missing(node);
    l.make(Kind::New, node, Symbol::EMPTY, &[type_, list, body])
}

/// `T x(a);` within a function of C++ reads like a function with an unnamed parameter, but makes an object.
fn constructor_arguments(l: &mut Lowerer<'_>, node: Node<'_>, function: Node<'_>) -> Option<Vec<NodeId>> {
    let inside = node.parent().is_some_and(|parent| parent.kind() == "compound_statement");
    if l.spec().language != Language::Cpp || !inside {
        return None;
    }
    let list = function.child_by_field_name("parameters")?;
    let parameters = l.named(list);
    let plain = |parameter: &Node<'_>| {
        parameter.kind() == "parameter_declaration"
            // `f(...);` of a pattern declares a function.
            && l.text(*parameter) != ELLIPSIS_NAME
            && parameter.named_child_count() == 1
            && parameter
                .child_by_field_name("type")
                .is_some_and(|type_| matches!(type_.kind(), "type_identifier" | "qualified_identifier"))
    };
    if parameters.is_empty() || !parameters.iter().all(plain) {
        return None;
    }
    Some(parameters.iter().map(|parameter| l.field(*parameter, "type")).collect())
}

pub(super) fn type_descriptor(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let base = l.field(node, "type");
    unwind(l, base, node.child_by_field_name("declarator")).type_
}

pub(super) fn parameter(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let base = l.field(node, "type");
    let declarator = node.child_by_field_name("declarator");
    let symbol = if node.kind().starts_with("variadic") { Symbol::ELLIPSIS } else { Symbol::EMPTY };
    let declared = unwind(l, base, declarator);
    let words = modifiers(l, node);
    let target = l.optional(node, declared.name);
    let default = l.field(node, "default_value");
    l.make(Kind::Parameter, node, symbol, &[words, declared.type_, target, default])
}

/// The parameters of a function's declarator; `(void)` is none.
pub(super) fn parameters(l: &mut Lowerer<'_>, function: Node<'_>) -> NodeId {
    let Some(list) = function.child_by_field_name("parameters") else {
        return l.empty(Kind::Parameters, function);
    };
    let mut out = Vec::new();
    for child in l.all(list) {
        if child.kind() == "..." || child.kind() == "variadic_parameter" {
            let words = l.empty(Kind::Modifiers, child);
            let slots = [words, l.missing(child), l.missing(child), l.missing(child)];
            out.push(l.make(Kind::Parameter, child, Symbol::ELLIPSIS, &slots));
        } else if child.is_named() {
            out.push(if child.kind() == "identifier" { old_style(l, child) } else { l.lower(child) });
        }
    }
    if l.text(list).trim_matches(['(', ')']).trim() == "void" {
        out.clear();
    }
    l.make(Kind::Parameters, list, Symbol::EMPTY, &out)
}

/// A parameter that is only named in the head, as before ISO C.
fn old_style(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = l.empty(Kind::Modifiers, node);
    let children = [words, l.missing(node), l.lower(node), l.missing(node)];
    l.make(Kind::Parameter, node, Symbol::EMPTY, &children)
}

pub(super) fn function(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let base = l.field(node, "type");
    let declared = unwind(l, base, node.child_by_field_name("declarator"));
    let body = match node.child_by_field_name("body") {
        Some(body) => body_of(l, node, body),
        None => l.missing(node),
    };
    let Some(function) = declared.parameters else {
        // A macro before the braces, or a conversion operator.
        let words = modifiers(l, node);
        let name = l.optional(node, declared.name);
        let parameters = l.empty(Kind::Parameters, node);
        let children = [words, declared.type_, name, parameters, body];
        return l.make(Kind::Function, node, Symbol::EMPTY, &children);
    };
    finish_function(l, node, &declared, function, body, node.byte_range())
}

/// The body, after what a constructor sets before it.
fn body_of(l: &mut Lowerer<'_>, node: Node<'_>, body: Node<'_>) -> NodeId {
    let Some(list) = l.child_of_kind(node, "field_initializer_list") else { return l.lower(body) };
    let mut all = Vec::new();
    for initializer in l.named(list) {
        let parts = l.named(initializer);
        if let [field, value] = parts.as_slice() {
            let target = l.lower(*field);
            let values = l.lower_named(*value);
            let value = constructed(l, target, values, *value);
            let assign = l.make(Kind::Assign, initializer, Symbol::EMPTY, &[target, value]);
            all.push(l.make(Kind::ExpressionStatement, initializer, Symbol::EMPTY, &[assign]));
        }
    }
    all.extend(super::statements(l, body));
    l.make(Kind::Block, body, Symbol::EMPTY, &all)
}

fn finish_function(
    l: &mut Lowerer<'_>,
    node: Node<'_>,
    declared: &Declared<'_>,
    function: Node<'_>,
    body: NodeId,
    range: std::ops::Range<usize>,
) -> NodeId {
    let mut words = modifier_list(l, node);
    words.extend(modifier_list(l, function));
    let mut name = declared.name;
    // The class of a method that stands outside of it is among the modifiers, as a receiver.
    if let Some(qualified) = name.filter(|name| name.kind() == "qualified_identifier")
        && let Some(scope) = qualified.child_by_field_name("scope")
    {
        let type_ = l.lower(scope);
        let none = l.empty(Kind::Modifiers, scope);
        let slots = [none, type_, l.missing(scope), l.missing(scope)];
        let receiver = l.make(Kind::Parameter, scope, Symbol::EMPTY, &slots);
        words.push(l.make(Kind::Parameters, scope, Symbol::EMPTY, &[receiver]));
        name = qualified.child_by_field_name("name");
    }
    let words = modifiers_of(l, node, &words);
    let name = match name {
        Some(name) if name.kind() == "template_function" => l.field(name, "name"),
        name => l.optional(node, name),
    };
    // A constructor makes an object of the class that it is named after.
    let type_ = match (l.tree().kind(declared.type_), l.tree().kind(name)) {
        (Kind::Missing, Kind::Name) => {
            let (range, named) = (l.tree().range(name), l.tree().symbol(name));
            let void = l.symbol_text(named).starts_with('~');
            let symbol = if void { l.intern("void") } else { named };
            l.make_at(Kind::Name, 0, range, symbol, &[])
        }
        _ => declared.type_,
    };
    let parameters = parameters(l, function);
    let children = [words, type_, name, parameters, body];
    l.make_at(Kind::Function, node.kind_id(), range, Symbol::EMPTY, &children)
}

/// A struct, union or class; without a body it is its name.
pub(super) fn class(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(body) = node.child_by_field_name("body") else {
        let name = l.field(node, "name");
        let range = node.byte_range();
        let inside = l.tree_mut().node_mut(name);
        (inside.start, inside.end) = (range.start as u32, range.end as u32);
        return name;
    };
    let words = modifiers(l, node);
    let name = l.field(node, "name");
    let supers = match l.child_of_kind(node, "base_class_clause") {
        Some(clause) => {
            let types: Vec<Node<'_>> = l
                .named(clause)
                .into_iter()
                .filter(|child| !matches!(child.kind(), "access_specifier" | "attribute_declaration"))
                .collect();
            let types = l.lower_list(&types);
            l.make(Kind::Supers, clause, Symbol::EMPTY, &types)
        }
        None => l.empty(Kind::Supers, node),
    };
    let body = block(l, body);
    let keyword = node.kind().trim_end_matches("_specifier");
    let symbol = l.intern(keyword);
    l.make(Kind::Class, node, symbol, &[words, name, supers, body])
}

pub(super) fn enumeration(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(body) = node.child_by_field_name("body") else { return class(l, node) };
    let words = modifiers(l, node);
    let name = l.field(node, "name");
    let supers = l.empty(Kind::Supers, node);
    let members = items(l, body);
    let members = l.lower_list(&members);
    let body = l.make(Kind::Block, body, Symbol::EMPTY, &members);
    let symbol = l.intern("enum");
    l.make(Kind::Class, node, symbol, &[words, name, supers, body])
}

pub(super) fn enumerator(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = l.empty(Kind::Modifiers, node);
    let (type_, name, value) = (l.missing(node), l.field(node, "name"), l.field(node, "value"));
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &[words, type_, name, value])
}
