//! Functions, classes, properties, imports.

use super::super::Lowerer;
use super::{after, is_type, last};
use crate::tree::{Kind, NodeId, Symbol};
use tree_sitter::Node;

pub(super) fn parameter_of(l: &mut Lowerer<'_>, node: Node<'_>, slots: [Option<NodeId>; 4]) -> NodeId {
    let [modifiers, type_, target, default] = slots;
    let modifiers = match modifiers {
        Some(modifiers) => modifiers,
        None => l.empty(Kind::Modifiers, node),
    };
    let rest = [type_, target, default].map(|slot| match slot {
        Some(slot) => slot,
        None => l.missing(node),
    });
    l.make(Kind::Parameter, node, Symbol::EMPTY, &[modifiers, rest[0], rest[1], rest[2]])
}

/// The block of a function, or the expression behind `=`.
pub(super) fn body(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    match l.child_of_kind(node, "function_body").or_else(|| l.child_of_kind(node, "block")) {
        Some(body) if body.kind() == "block" => l.lower(body),
        Some(body) => last(l, body),
        None => l.missing(node),
    }
}

pub(super) fn qualified(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut parts = l.named(node).into_iter();
    let Some(first) = parts.next() else { return l.leaf(Kind::Name, node) };
    let mut object = l.leaf(Kind::Name, first);
    for part in parts {
        let name = l.leaf(Kind::Name, part);
        let range = node.start_byte()..part.end_byte();
        object = l.make_at(Kind::Field, 0, range, Symbol::EMPTY, &[object, name]);
    }
    object
}

pub(super) fn import(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    let Some(module) = parts.first() else { return l.other(node) };
    let module = l.lower(*module);
    if let Some(star) = l.child_of_kind(node, "*") {
        let all = l.leaf(Kind::Name, star);
        let alias = l.missing(star);
        let name = l.make(Kind::ImportedName, star, Symbol::EMPTY, &[all, alias]);
        return l.make(Kind::ImportFrom, node, Symbol::EMPTY, &[module, name]);
    }
    let alias = l.optional(node, parts.get(1).copied());
    l.make(Kind::Import, node, Symbol::EMPTY, &[module, alias])
}

/// `@A(…)`; of several in brackets the first.
pub(super) fn annotation(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let named = l.named(node).into_iter().find(|child| child.kind() != "use_site_target");
    let Some(named) = named else { return l.other(node) };
    let expression = l.lower(named);
    l.make(Kind::Decorator, node, Symbol::EMPTY, &[expression])
}

/// The annotations and words before a declaration, and those of `words` behind them.
pub(super) fn modifiers(l: &mut Lowerer<'_>, node: Node<'_>, words: &[Node<'_>]) -> NodeId {
    let mut list = Vec::new();
    let mut end = node.start_byte();
    for part in l.named(node) {
        if !matches!(part.kind(), "modifiers" | "parameter_modifiers" | "annotation") {
            continue;
        }
        let entries = if part.kind() == "annotation" { vec![part] } else { l.all(part) };
        for entry in entries {
            if entry.kind() != "annotation" {
                list.push(l.leaf(Kind::Token, entry));
                continue;
            }
            let several = l.named(entry).into_iter().filter(|child| child.kind() != "use_site_target");
            let several: Vec<Node<'_>> = several.collect();
            if several.len() < 2 {
                list.push(l.lower(entry));
                continue;
            }
            for one in several {
                let expression = l.lower(one);
                list.push(l.make(Kind::Decorator, one, Symbol::EMPTY, &[expression]));
            }
        }
        end = end.max(part.end_byte());
    }
    for word in words {
        list.push(l.leaf(Kind::Token, *word));
        end = end.max(word.end_byte());
    }
    l.make_at(Kind::Modifiers, 0, node.start_byte()..end, Symbol::EMPTY, &list)
}

/// A function, method or constructor. What it extends stands among its modifiers, as a parameter `this`.
pub(super) fn function(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut words = modifiers(l, node, &[]);
    let list = l.child_of_kind(node, "function_value_parameters");
    let name = match node.child_by_field_name("name") {
        Some(name) => l.leaf(Kind::Name, name),
        None => match l.child_of_kind(node, "constructor") {
            Some(word) => l.make(Kind::Name, word, Symbol::CONSTRUCTOR, &[]),
            None => l.missing(node),
        },
    };
    let head = list.map_or(node.end_byte(), |list| list.start_byte());
    let types: Vec<Node<'_>> = l.all(node).into_iter().filter(|child| is_type(*child)).collect();
    if let Some(receiver) = types.iter().find(|type_| type_.end_byte() <= head) {
        let type_ = l.lower(*receiver);
        let this = l.make(Kind::Name, *receiver, Symbol::THIS, &[]);
        let parameter = parameter_of(l, *receiver, [None, Some(type_), Some(this), None]);
        let parameters = l.make(Kind::Parameters, *receiver, Symbol::EMPTY, &[parameter]);
        let mut list = l.tree().children(words).to_vec();
        list.push(parameters);
        let range = l.tree().range(words).start..receiver.end_byte();
        l.discard(words);
        words = l.make_at(Kind::Modifiers, 0, range, Symbol::EMPTY, &list);
    }
    let returns = types.iter().find(|type_| type_.start_byte() >= head).copied();
    let returns = l.optional(node, returns);
    let parameters = match list {
        Some(list) => l.lower(list),
        None => l.empty(Kind::Parameters, node),
    };
    let mut body = body(l, node);
    let symbol = body_symbol(l, body);
    // `: super(x)` runs before the body.
    if let Some(before) = l.child_of_kind(node, "constructor_delegation_call") {
        let word = l.all(before).into_iter().find(|child| matches!(child.kind(), "this" | "super"));
        let symbol =
            if word.is_some_and(|word| word.kind() == "this") { Symbol::THIS } else { Symbol::SUPER };
        let callee = l.make(Kind::Name, word.unwrap_or(before), symbol, &[]);
        let arguments = match l.child_of_kind(before, "value_arguments") {
            Some(list) => l.lower(list),
            None => l.empty(Kind::Arguments, before),
        };
        let call = l.make(Kind::Call, before, Symbol::EMPTY, &[callee, arguments]);
        let mut statements = vec![l.make(Kind::ExpressionStatement, before, Symbol::EMPTY, &[call])];
        let range = l.tree().range(body);
        statements.extend_from_slice(l.tree().children(body));
        l.discard(body);
        body = l.make_at(Kind::Block, 0, range, Symbol::EMPTY, &statements);
    }
    l.make(Kind::Function, node, symbol, &[words, returns, name, parameters, body])
}

/// `=` of a function whose body is an expression.
fn body_symbol(l: &mut Lowerer<'_>, body: NodeId) -> Symbol {
    match l.tree().kind(body) {
        Kind::Block | Kind::Missing => Symbol::EMPTY,
        _ => l.intern("="),
    }
}

/// Modifiers stand before a parameter, its default behind it.
pub(super) fn parameters(l: &mut Lowerer<'_>, list: Node<'_>) -> NodeId {
    let mut children = Vec::new();
    let parts = l.named(list);
    for (at, part) in parts.iter().enumerate() {
        if part.kind() != "parameter" {
            continue;
        }
        let before = at.checked_sub(1).and_then(|at| parts.get(at)).copied();
        let before = before.filter(|part| part.kind() == "parameter_modifiers");
        let behind = parts.get(at + 1).copied();
        let behind = behind.filter(|part| !matches!(part.kind(), "parameter" | "parameter_modifiers"));
        let mut words = Vec::new();
        let mut rest = false;
        if let Some(before) = before {
            for word in l.all(before) {
                rest |= l.text(word) == "vararg";
                words.push(if word.kind() == "annotation" {
                    l.lower(word)
                } else {
                    l.leaf(Kind::Token, word)
                });
            }
        }
        let start = before.unwrap_or(*part).start_byte();
        let end = before.map_or(start, |before| before.end_byte());
        let words = l.make_at(Kind::Modifiers, 0, start..end, Symbol::EMPTY, &words);
        let type_ = l.all(*part).into_iter().find(|child| is_type(*child));
        let name = l.child_of_kind(*part, "identifier");
        let slots = [words, l.optional(*part, type_), l.optional(*part, name), l.optional(*part, behind)];
        let symbol = if rest { Symbol::ELLIPSIS } else { Symbol::EMPTY };
        let end = behind.unwrap_or(*part).end_byte();
        children.push(l.make_at(Kind::Parameter, part.kind_id(), start..end, symbol, &slots));
    }
    l.make(Kind::Parameters, list, Symbol::EMPTY, &children)
}

pub(super) fn class(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let companion = l.child_of_kind(node, "companion");
    let words = modifiers(l, node, companion.as_slice());
    let name = l.field(node, "name");
    let mut supers = Vec::new();
    let list = l.child_of_kind(node, "delegation_specifiers");
    for specifier in list.map(|list| l.named(list)).unwrap_or_default() {
        let inherited = l.named(specifier).into_iter().find(|child| child.kind() != "annotation");
        if let Some(inherited) = inherited {
            let first = l.named(inherited).first().copied();
            let delegated = first.filter(|_| inherited.kind() == "explicit_delegation");
            supers.push(l.lower(delegated.unwrap_or(inherited)));
        }
    }
    let range = list.map_or(node.start_byte()..node.start_byte(), |list| list.start_byte()..list.end_byte());
    let supers = l.make_at(Kind::Supers, 0, range, Symbol::EMPTY, &supers);
    let body = l.child_of_kind(node, "class_body").or_else(|| l.child_of_kind(node, "enum_class_body"));
    let fields = l
        .child_of_kind(node, "primary_constructor")
        .and_then(|constructor| l.child_of_kind(constructor, "class_parameters"));
    let mut members = Vec::new();
    for field in fields.map(|list| l.named(list)).unwrap_or_default() {
        members.push(class_parameter(l, field));
    }
    let range = match body {
        Some(body) => {
            members.extend(l.lower_named(body));
            body.byte_range()
        }
        None => fields.map_or(node.end_byte()..node.end_byte(), |list| list.byte_range()),
    };
    let body = l.make_at(Kind::Block, 0, range, Symbol::EMPTY, &members);
    let keyword = match node.kind() {
        "class_declaration" if l.child_of_kind(node, "interface").is_some() => "interface",
        "class_declaration" => "class",
        _ => "object",
    };
    let symbol = l.intern(keyword);
    l.make(Kind::Class, node, symbol, &[words, name, supers, body])
}

fn class_parameter(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let word = l.all(node).into_iter().find(|child| matches!(child.kind(), "val" | "var"));
    let words = modifiers(l, node, word.as_slice());
    let type_ = l.all(node).into_iter().find(|child| is_type(*child));
    let name = l.child_of_kind(node, "identifier");
    let value = after(l, node, "=");
    let slots = [words, l.optional(node, type_), l.optional(node, name), l.optional(node, value)];
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &slots)
}

/// `A(1) { … }` is a field whose value is made.
pub(super) fn enum_entry(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = modifiers(l, node, &[]);
    let name = l.child_of_kind(node, "identifier");
    let (arguments, body) = (l.child_of_kind(node, "value_arguments"), l.child_of_kind(node, "class_body"));
    let value = if arguments.is_some() || body.is_some() {
        let type_ = l.missing(node);
        let arguments = match arguments {
            Some(arguments) => l.lower(arguments),
            None => l.empty(Kind::Arguments, node),
        };
        let body = l.optional(node, body);
        l.make(Kind::New, node, Symbol::EMPTY, &[type_, arguments, body])
    } else {
        l.missing(node)
    };
    let slots = [words, l.missing(node), l.optional(node, name), value];
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &slots)
}

/// The name of a variable; its type has a slot elsewhere.
pub(super) fn variable(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let name = l.child_of_kind(node, "identifier");
    match name {
        Some(name) => l.lower(name),
        None => l.other(node),
    }
}

/// A definition of `declared` within `node`.
pub(super) fn definition(
    l: &mut Lowerer<'_>,
    node: Node<'_>,
    declared: Node<'_>,
    value: Option<Node<'_>>,
) -> NodeId {
    let word = l.all(node).into_iter().find(|child| matches!(child.kind(), "val" | "var"));
    let words = modifiers(l, node, word.as_slice());
    let type_ = l.all(declared).into_iter().find(|child| is_type(*child));
    let slots = [words, l.optional(node, type_), l.lower(declared), l.optional(node, value)];
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &slots)
}

/// Functions that read and write a property are defined with it.
pub(super) fn property(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let declared = l.named(node).into_iter().find(|child| child.kind().ends_with("variable_declaration"));
    let Some(declared) = declared else { return l.other(node) };
    let value = after(l, node, "=")
        .or_else(|| l.child_of_kind(node, "property_delegate").and_then(|by| l.named(by).last().copied()));
    let definition = definition(l, node, declared, value);
    let mut all = vec![definition];
    for accessor in l.named(node) {
        if !matches!(accessor.kind(), "getter" | "setter")
            || l.child_of_kind(accessor, "function_body").is_none()
        {
            continue;
        }
        let words = modifiers(l, accessor, &[]);
        let word = l.all(accessor).into_iter().find(|child| matches!(child.kind(), "get" | "set"));
        let name = match word {
            Some(word) => l.leaf(Kind::Name, word),
            None => l.missing(accessor),
        };
        let parameters = match l.child_of_kind(accessor, "identifier") {
            Some(taken) => {
                let target = l.lower(taken);
                let parameter = parameter_of(l, taken, [None, None, Some(target), None]);
                l.make(Kind::Parameters, taken, Symbol::EMPTY, &[parameter])
            }
            None => l.empty(Kind::Parameters, accessor),
        };
        let (returns, body) = (l.missing(accessor), body(l, accessor));
        let symbol = body_symbol(l, body);
        all.push(l.make(Kind::Function, accessor, symbol, &[words, returns, name, parameters, body]));
    }
    match all.as_slice() {
        [only] => *only,
        _ => l.make(Kind::Definitions, node, Symbol::EMPTY, &all),
    }
}
