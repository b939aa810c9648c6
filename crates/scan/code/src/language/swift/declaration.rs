//! Functions, classes, imports, attributes.

use super::super::{ELLIPSIS_NAME, Lowerer};
use super::closure::returning_only;
use super::property::subscript_body;
use super::{is_type_word, statement, told, type_behind, type_within};
use crate::tree::{Kind, NodeId, Symbol};
use tree_sitter::Node;

/// `import M`, also with the kind of what is imported out of it.
pub(super) fn import(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(path) = l.child_of_kind(node, "identifier") else { return l.other(node) };
    let module = l.lower(path);
    let alias = l.missing(node);
    l.make(Kind::Import, node, Symbol::EMPTY, &[module, alias])
}

/// `@A(…)`; arguments may be no expressions (`iOS 13`), and stand as they are.
pub(super) fn attribute(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.all(node);
    let Some(type_) = parts.iter().find(|part| part.kind() == "user_type").copied() else {
        return l.other(node);
    };
    let callee = l.lower(type_);
    let Some(open) = parts.iter().position(|part| part.kind() == "(") else {
        return l.make(Kind::Decorator, node, Symbol::EMPTY, &[callee]);
    };
    let mut arguments = Vec::new();
    for list in parts[open + 1..].split(|part| part.kind() == ",") {
        let label = matches!(list, [name, colon, ..] if name.is_named() && colon.kind() == ":");
        let values: Vec<Node<'_>> =
            list.iter().skip(if label { 2 } else { 0 }).copied().filter(Node::is_named).collect();
        let (Some(first), Some(last)) = (list.first(), values.last()) else { continue };
        let values = l.lower_list(&values);
        let range = first.start_byte()..last.end_byte();
        let value = match values.as_slice() {
            [only] => *only,
            _ => l.make_at(Kind::Other, node.kind_id(), range.clone(), Symbol::EMPTY, &values),
        };
        arguments.push(if label {
            let name = l.lower(*first);
            l.make_at(Kind::KeywordArgument, 0, range, Symbol::EMPTY, &[name, value])
        } else {
            value
        });
    }
    let range = parts[open].start_byte()..node.end_byte();
    let arguments = l.make_at(Kind::Arguments, 0, range, Symbol::EMPTY, &arguments);
    let range = type_.start_byte()..node.end_byte();
    let call = l.make_at(Kind::Call, 0, range, Symbol::EMPTY, &[callee, arguments]);
    l.make(Kind::Decorator, node, Symbol::EMPTY, &[call])
}

/// Attributes and words among `parts`, and where the first begins.
pub(super) fn words(l: &mut Lowerer<'_>, node: Node<'_>, parts: &[Node<'_>]) -> (NodeId, Option<usize>) {
    let mut list = Vec::new();
    let mut range: Option<std::ops::Range<usize>> = None;
    for part in parts {
        let entries = if part.kind() == "modifiers" { l.all(*part) } else { vec![*part] };
        for entry in entries {
            match entry.kind() {
                "attribute" => list.push(l.lower(entry)),
                kind if kind.ends_with("_modifier") || is_word(kind) => {
                    list.push(l.leaf(Kind::Token, entry));
                }
                _ => continue,
            }
            let start = range.as_ref().map_or(entry.start_byte(), |range| range.start);
            range = Some(start..entry.end_byte());
        }
    }
    let start = range.as_ref().map(|range| range.start);
    let range = range.unwrap_or(node.start_byte()..node.start_byte());
    (l.make_at(Kind::Modifiers, 0, range, Symbol::EMPTY, &list), start)
}

fn is_word(kind: &str) -> bool {
    matches!(kind, "value_binding_pattern" | "async" | "class" | "indirect" | "enum")
}

/// The words of a function: those before it, and `async` and `throws` behind its parameters.
fn function_words(l: &mut Lowerer<'_>, node: Node<'_>, parts: &[Node<'_>]) -> (NodeId, Option<usize>) {
    let open = parts.iter().position(|part| part.kind() == "(").unwrap_or(parts.len());
    let (before, start) = words(l, node, &parts[..open]);
    let mut list = l.tree().children(before).to_vec();
    for part in &parts[open..] {
        let text = match part.kind() {
            "async" => "async",
            "throws" | "throws_clause" if l.text(*part).starts_with("rethrows") => "rethrows",
            "throws" | "throws_clause" => "throws",
            _ => continue,
        };
        list.push(l.leaf_of(Kind::Token, *part, text));
    }
    // Not up to the last word: the parameters stand between.
    let range = l.tree().range(before);
    l.discard(before);
    (l.make_at(Kind::Modifiers, 0, range, Symbol::EMPTY, &list), start)
}

pub(super) fn function(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let name = node.child_by_field_name("name");
    let body = node.child_by_field_name("body");
    make(l, node, name, |l, returns| match body {
        // What does not return a value does not return its last.
        Some(body) if returns => {
            let block = braces(l, body);
            returning_only(l, block)
        }
        Some(body) => braces(l, body),
        None => l.missing(node),
    })
}

fn braces(l: &mut Lowerer<'_>, body: Node<'_>) -> NodeId {
    let parts = l.all(body);
    super::block_of(l, body, &parts, &[])
}

/// `init` and `deinit`
pub(super) fn initializer(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let name = l.child_of_kind(node, "init").or_else(|| l.child_of_kind(node, "deinit"));
    let body = node.child_by_field_name("body");
    make(l, node, name, |l, _| match body {
        Some(body) => braces(l, body),
        None => l.missing(node),
    })
}

pub(super) fn subscript(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let name = l.child_of_kind(node, "subscript");
    let body = l.child_of_kind(node, "computed_property");
    make(l, node, name, |l, _| match body {
        Some(body) => subscript_body(l, body),
        None => l.missing(node),
    })
}

fn make(
    l: &mut Lowerer<'_>,
    node: Node<'_>,
    name: Option<Node<'_>>,
    body: impl FnOnce(&mut Lowerer<'_>, bool) -> NodeId,
) -> NodeId {
    let parts = l.all(node);
    let (words, start) = function_words(l, node, &parts);
    let start = start.or(name.map(|name| name.start_byte())).unwrap_or(node.start_byte());
    let type_ = type_behind(&parts, "->").filter(|type_| type_.kind() != "function_body");
    let returns = l.optional(node, type_);
    let parameters = parameters(l, node, &parts);
    let name = match name {
        Some(name) if name.kind() == "simple_identifier" => l.lower(name),
        Some(name) => l.leaf(Kind::Name, name),
        None => l.missing(node),
    };
    let body = body(l, type_.is_some());
    let slots = [words, returns, name, parameters, body];
    l.make_at(Kind::Function, node.kind_id(), start..node.end_byte(), Symbol::EMPTY, &slots)
}

/// The parameters of all lists; a default stands behind its parameter, attributes before.
fn parameters(l: &mut Lowerer<'_>, node: Node<'_>, parts: &[Node<'_>]) -> NodeId {
    let open = parts.iter().position(|part| part.kind() == "(");
    let close = parts.iter().rposition(|part| part.kind() == ")");
    let (Some(open), Some(close)) = (open, close) else { return l.empty(Kind::Parameters, node) };
    let inside = parts.get(open + 1..close).unwrap_or_default();
    let mut list = Vec::new();
    for (at, part) in inside.iter().enumerate() {
        if part.kind() != "parameter" {
            continue;
        }
        let before = at.checked_sub(1).and_then(|at| inside.get(at)).copied();
        let attribute = before.filter(|before| before.kind() == "attribute");
        let default = match inside.get(at + 1..) {
            Some([equal, rest @ ..]) if equal.kind() == "=" => {
                rest.iter().take_while(|part| part.kind() != ",").find(|part| part.is_named()).copied()
            }
            _ => None,
        };
        list.push(parameter(l, *part, attribute, default));
    }
    let range = parts[open].start_byte()..parts[close].end_byte();
    l.make_at(Kind::Parameters, 0, range, Symbol::EMPTY, &list)
}

fn parameter(
    l: &mut Lowerer<'_>,
    node: Node<'_>,
    attribute: Option<Node<'_>>,
    default: Option<Node<'_>>,
) -> NodeId {
    let parts = l.all(node);
    let mut words = l.lower_list(attribute.as_slice());
    let label = node.child_by_field_name("external_name");
    if let Some(label) = label {
        words.push(l.lower(label));
    }
    for word in parts.iter().filter(|part| is_type_word(**part)) {
        for one in l.named(*word) {
            words.push(if one.kind() == "attribute" { l.lower(one) } else { l.leaf(Kind::Token, one) });
        }
    }
    let start = attribute.unwrap_or(node).start_byte();
    let end = label.map_or(start, |label| label.end_byte());
    let words = l.make_at(Kind::Modifiers, 0, start..end, Symbol::EMPTY, &words);
    let name = node.child_by_field_name("name");
    let type_ = type_behind(&parts, ":");
    let slots = [words, l.optional(node, type_), l.optional(node, name), l.optional(node, default)];
    let rest = parts.iter().any(|part| part.kind() == "...");
    let symbol = if rest { Symbol::ELLIPSIS } else { Symbol::EMPTY };
    let end = default.unwrap_or(node).end_byte();
    l.make_at(Kind::Parameter, node.kind_id(), start..end, symbol, &slots)
}

pub(super) fn class(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.all(node);
    let kind = node.child_by_field_name("declaration_kind");
    let at = parts.iter().position(|part| Some(*part) == kind).unwrap_or_default();
    let is_enum = kind.is_some_and(|kind| kind.kind() == "enum");
    let (words, _) = words(l, node, &parts[..at + usize::from(is_enum)]);
    let name = l.field(node, "name");
    let mut supers = Vec::new();
    let list: Vec<Node<'_>> =
        parts.iter().copied().filter(|part| part.kind() == "inheritance_specifier").collect();
    for specifier in &list {
        if let Some(inherited) = type_within(l, *specifier) {
            supers.push(l.lower(inherited));
        }
    }
    let range = match (list.first(), list.last()) {
        (Some(first), Some(last)) => first.start_byte()..last.end_byte(),
        _ => node.start_byte()..node.start_byte(),
    };
    let supers = l.make_at(Kind::Supers, 0, range, Symbol::EMPTY, &supers);
    let body = match node.child_by_field_name("body") {
        Some(body) => {
            let members = told(l, body);
            let members: Vec<NodeId> = members.into_iter().map(|member| statement(l, member)).collect();
            l.make(Kind::Block, body, Symbol::EMPTY, &members)
        }
        None => l.missing(node),
    };
    let symbol = l.intern(if node.kind() == "protocol_declaration" { "protocol" } else { "class" });
    l.make(Kind::Class, node, symbol, &[words, name, supers, body])
}

/// `case a = 1, b(T)`: fields, of which each may have a value or the types of what it holds.
pub(super) fn enum_entry(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.all(node);
    let first = parts.iter().position(|part| part.kind() == "case").unwrap_or_default();
    let mut all = Vec::new();
    for list in parts.get(first + 1..).unwrap_or_default().split(|part| part.kind() == ",") {
        let (Some(name), Some(last)) = (list.first(), list.iter().rfind(|part| part.kind() != ";")) else {
            continue;
        };
        let holds = list.iter().find(|part| part.kind() == "enum_type_parameters").copied();
        let equal = list.iter().position(|part| part.kind() == "=");
        let value = equal.and_then(|at| list.get(at + 1..)?.iter().find(|part| part.is_named()).copied());
        let start = if all.is_empty() { node.start_byte() } else { name.start_byte() };
        let (before, _) = words(l, node, &parts[..first]);
        let mut said = l.tree().children(before).to_vec();
        l.discard(before);
        if !l.text(*name).starts_with(ELLIPSIS_NAME) {
            said.push(l.leaf(Kind::Token, parts[first]));
        }
        let words = l.make_at(Kind::Modifiers, 0, start..name.start_byte(), Symbol::EMPTY, &said);
        let slots = [words, l.optional(node, holds), l.lower(*name), l.optional(node, value)];
        let range = start..last.end_byte();
        all.push(l.make_at(Kind::VariableDefinition, node.kind_id(), range, Symbol::EMPTY, &slots));
    }
    match all.as_slice() {
        [] => l.other(node),
        [only] => *only,
        _ => l.make(Kind::Definitions, node, Symbol::EMPTY, &all),
    }
}
