//! Contracts and what is declared in them.

use super::super::Lowerer;
use super::{arguments, nothing};
use crate::tree::{Kind, NodeId, Symbol};
use tree_sitter::Node;

/// `a.b.c` of a type or a modifier.
pub(super) fn path(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let names: Vec<Node<'_>> =
        l.named(node).into_iter().filter(|child| child.kind().ends_with("identifier")).collect();
    dotted(l, node, &names)
}

fn dotted(l: &mut Lowerer<'_>, node: Node<'_>, names: &[Node<'_>]) -> NodeId {
    let Some((first, rest)) = names.split_first() else { return l.leaf(Kind::Name, node) };
    let mut path = l.lower(*first);
    for name in rest {
        let range = first.start_byte()..name.end_byte();
        let name = l.lower(*name);
        path = l.make_at(Kind::Field, 0, range, Symbol::EMPTY, &[path, name]);
    }
    path
}

/// `mapping(a => b)` has both as arguments; arrays wrap their element.
pub(super) fn type_name(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.all(node);
    let has = |token: &str| children.iter().any(|child| child.kind() == token);
    if has("mapping") {
        let word = l.leaf_of(Kind::Name, node, "mapping");
        let parts = [l.field(node, "key_type"), l.field(node, "value_type")];
        let list = l.make(Kind::TypeArguments, node, Symbol::EMPTY, &parts);
        return l.make(Kind::GenericType, node, Symbol::EMPTY, &[word, list]);
    }
    if has("[")
        && let Some(element) = children.first()
    {
        let element = l.lower(*element);
        let symbol = l.intern("[]");
        return l.make(Kind::WrappedType, node, symbol, &[element]);
    }
    l.inner(node)
}

/// `f as +` of `using`.
pub(super) fn using_alias(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    match l.named(node).first() {
        Some(name) => l.lower(*name),
        None => l.other(node),
    }
}

/// Words and invoked modifiers, in order.
fn modifiers(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut list = Vec::new();
    let mut span: Option<(usize, usize)> = None;
    for child in l.all(node) {
        let modifier = match child.kind() {
            "modifier_invocation" => invocation(l, child),
            "visibility" | "state_mutability" | "virtual" | "immutable" | "state_location"
            | "override_specifier" => l.leaf(Kind::Token, child),
            "abstract" | "constant" | "payable" | "internal" | "public" | "anonymous" | "indexed"
            | "memory" | "storage" | "calldata" | "modifier" => l.leaf(Kind::Token, child),
            // A function without a body is only declared: patterns with and without one are told apart.
            ";" if node.kind().ends_with("_definition") => l.leaf(Kind::Token, child),
            _ => continue,
        };
        let (start, _) = *span.get_or_insert((child.start_byte(), 0));
        span = Some((start, child.end_byte()));
        list.push(modifier);
    }
    let (start, end) = span.unwrap_or((node.start_byte(), node.start_byte()));
    l.make_at(Kind::Modifiers, 0, start..end, Symbol::EMPTY, &list)
}

/// A modifier that a function invokes.
fn invocation(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let name = path(l, node);
    let inner = if l.child_of_kind(node, "(").is_some() {
        let arguments = arguments(l, node);
        l.make(Kind::Call, node, Symbol::EMPTY, &[name, arguments])
    } else {
        name
    };
    l.make(Kind::Decorator, node, Symbol::EMPTY, &[inner])
}

/// Functions, and what is like one.
pub(super) fn function(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = modifiers(l, node);
    let returns = if node.kind() == "fallback_receive_definition" {
        l.missing(node)
    } else {
        l.field(node, "return_type")
    };
    let name = match (node.child_by_field_name("name"), node.child(0)) {
        (Some(name), _) => l.lower(name),
        // `constructor`, `fallback` and `receive` are their names.
        (None, Some(word)) => l.leaf(Kind::Name, word),
        (None, None) => l.missing(node),
    };
    let behind = l.all(node).into_iter().take_while(|child| child.kind() != "returns");
    let list: Vec<Node<'_>> = behind.filter(|child| child.kind() == "parameter").collect();
    let open = l.child_of_kind(node, "(").map_or(node.start_byte(), |open| open.start_byte());
    let close = l.child_of_kind(node, ")").map_or(open, |close| close.end_byte());
    let list = l.lower_list(&list);
    let parameters = l.make_at(Kind::Parameters, 0, open..close.max(open), Symbol::EMPTY, &list);
    let body = l.field(node, "body");
    l.make(Kind::Function, node, Symbol::EMPTY, &[words, returns, name, parameters, body])
}

/// One unnamed type is itself; several, or named ones, are parameters.
pub(super) fn returned(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parameters: Vec<Node<'_>> =
        l.named(node).into_iter().filter(|child| child.kind() == "parameter").collect();
    if let [only] = parameters.as_slice()
        && only.child_by_field_name("name").is_none()
    {
        return l.field(*only, "type");
    }
    let list = l.lower_list(&parameters);
    l.make(Kind::Parameters, node, Symbol::EMPTY, &list)
}

/// A parameter of a function, an event or an error. One that is only a type has no name.
pub(super) fn parameter(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [modifiers(l, node), l.field(node, "type"), l.field(node, "name"), l.missing(node)];
    l.make(Kind::Parameter, node, Symbol::EMPTY, &children)
}

/// A variable of a function, or several at once.
pub(super) fn variable(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let range = l.unterminated(node);
    let value = l.field(node, "value");
    let children = if let Some(one) = l.child_of_kind(node, "variable_declaration") {
        [modifiers(l, one), l.field(one, "type"), l.field(one, "name"), value]
    } else if let Some(list) = l.child_of_kind(node, "variable_declaration_tuple") {
        let mut names = Vec::new();
        let mut empty = true;
        for child in l.all(list) {
            match child.kind() {
                "," | ")" => {
                    if empty && (child.kind() == "," || !names.is_empty()) {
                        names.push(nothing(l, child));
                    }
                    empty = true;
                }
                "variable_declaration" => {
                    names.push(l.field(child, "name"));
                    empty = false;
                }
                "identifier" => {
                    names.push(l.lower(child));
                    empty = false;
                }
                _ => {}
            }
        }
        let tuple = l.make(Kind::Tuple, list, Symbol::EMPTY, &names);
        {
            // No assignment is one of these.
            let type_ = l.empty(Kind::Token, list);
            [modifiers(l, node), type_, tuple, value]
        }
    } else {
        return l.other(node);
    };
    l.make_at(Kind::VariableDefinition, node.kind_id(), range, Symbol::EMPTY, &children)
}

/// A variable of a contract, a constant of a file, a field of a struct.
pub(super) fn definition(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [modifiers(l, node), l.field(node, "type"), l.field(node, "name"), l.field(node, "value")];
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &children)
}

/// Contracts, interfaces, libraries, structs and enums.
pub(super) fn class(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = modifiers(l, node);
    let name = l.field(node, "name");
    let mut supers = Vec::new();
    for child in l.named(node) {
        if child.kind() == "inheritance_specifier" {
            let ancestor = l.field(child, "ancestor");
            supers.push(if l.child_of_kind(child, "(").is_some() {
                let arguments = arguments(l, child);
                l.make(Kind::Call, child, Symbol::EMPTY, &[ancestor, arguments])
            } else {
                ancestor
            });
        }
    }
    let supers = l.make_at(Kind::Supers, 0, node.start_byte()..node.start_byte(), Symbol::EMPTY, &supers);
    let body = l.field(node, "body");
    let keyword = node.kind().split('_').next().unwrap_or_default();
    let symbol = l.intern(keyword);
    l.make(Kind::Class, node, symbol, &[words, name, supers, body])
}

/// The values of an enum.
pub(super) fn enum_body(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let values = l.lower_named(node);
    l.make(Kind::Block, node, Symbol::EMPTY, &values)
}

/// One of them.
pub(super) fn enum_value(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = modifiers(l, node);
    let type_ = l.missing(node);
    let name = l.leaf(Kind::Name, node);
    let value = l.missing(node);
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &[words, type_, name, value])
}

/// `import "a"`, `import * as A from "a"`, `import {A as B} from "a"`.
pub(super) fn import(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let module = l.field(node, "source");
    let star = l.child_of_kind(node, "*").is_some();
    let mut names: Vec<NodeId> = Vec::new();
    let mut last: Option<(Node<'_>, Option<Node<'_>>)> = None;
    let mut alone = None;
    let mut behind_as = false;
    for child in l.all(node) {
        match child.kind() {
            "as" => behind_as = true,
            "identifier" if behind_as => {
                behind_as = false;
                match &mut last {
                    Some((_, alias)) => *alias = Some(child),
                    None => alone = Some(child),
                }
            }
            "identifier" => {
                if let Some((name, alias)) = last.replace((child, None)) {
                    names.push(imported(l, name, alias));
                }
            }
            _ => {}
        }
    }
    if let Some((name, alias)) = last {
        names.push(imported(l, name, alias));
    }
    let id = if names.is_empty() || star {
        let alias = l.optional(node, alone);
        l.make(Kind::Import, node, Symbol::EMPTY, &[module, alias])
    } else {
        let mut children = vec![module];
        children.append(&mut names);
        l.make(Kind::ImportFrom, node, Symbol::EMPTY, &children)
    };
    l.cut_terminator(id, node);
    id
}

fn imported(l: &mut Lowerer<'_>, name: Node<'_>, alias: Option<Node<'_>>) -> NodeId {
    let end = alias.map_or(name.end_byte(), |alias| alias.end_byte());
    let children = [l.lower(name), l.optional(name, alias)];
    l.make_at(Kind::ImportedName, 0, name.start_byte()..end, Symbol::EMPTY, &children)
}
