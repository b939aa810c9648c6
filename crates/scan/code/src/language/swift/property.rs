//! Properties: stored, computed, observed, and those that a protocol asks for.

use super::super::Lowerer;
use super::closure::returning_only;
use super::declaration::words;
use super::pattern::definition;
use super::{block_of, statements, told};
use crate::tree::{Kind, NodeId, Symbol};
use tree_sitter::Node;

/// `let a = 1, b: T { … }`: a definition for each name; what runs on change stands beside it.
pub(super) fn property(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.all(node);
    let first = parts.iter().position(|part| part.kind() == "pattern").unwrap_or(parts.len());
    let mut all = Vec::new();
    for list in parts[first..].split(|part| part.kind() == ",") {
        let (Some(name), Some(last)) = (list.first(), list.last()) else { continue };
        let (id, _) = words(l, node, &parts[..first]);
        let start = if all.is_empty() { node.start_byte() } else { name.start_byte() };
        one(l, node, id, list, start..last.end_byte(), &mut all);
    }
    match all.as_slice() {
        [] => l.other(node),
        [only] => *only,
        _ => l.make(Kind::Definitions, node, Symbol::EMPTY, &all),
    }
}

fn one(
    l: &mut Lowerer<'_>,
    node: Node<'_>,
    words: NodeId,
    parts: &[Node<'_>],
    range: std::ops::Range<usize>,
    all: &mut Vec<NodeId>,
) {
    let find = |kind: &str| parts.iter().find(|part| part.kind() == kind).copied();
    let target = l.optional(node, parts.first().copied());
    let type_ = l.optional(node, find("type_annotation"));
    let equal = parts.iter().position(|part| part.kind() == "=");
    let value = equal.and_then(|at| parts.get(at + 1..)?.iter().find(|part| part.is_named()).copied());
    let mut accessors = Vec::new();
    let value = match (value, find("computed_property")) {
        (Some(value), _) => l.lower(value),
        (None, Some(computed)) => computed_value(l, computed, &mut accessors),
        (None, None) => l.missing(node),
    };
    let slots = [words, type_, target, value];
    all.push(l.make_at(Kind::VariableDefinition, node.kind_id(), range, Symbol::EMPTY, &slots));
    if let Some(observed) = find("willset_didset_block") {
        for clause in l.named(observed) {
            let name = if clause.kind() == "didset_clause" { "oldValue" } else { "newValue" };
            accessors.push(accessor(l, clause, Some(name)));
        }
    }
    all.extend(accessors);
}

/// What is read of a computed property: a closure. What writes it goes to `others`.
pub(super) fn computed_value(l: &mut Lowerer<'_>, node: Node<'_>, others: &mut Vec<NodeId>) -> NodeId {
    let mut getter = None;
    let parts = told(l, node);
    for part in &parts {
        match part.kind() {
            "computed_getter" if getter.is_none() && has_body(l, *part) => {
                getter = Some(closure(l, *part, None));
            }
            "computed_setter" | "computed_modify" | "computed_getter" if has_body(l, *part) => {
                let name = (part.kind() == "computed_setter").then_some("newValue");
                others.push(accessor(l, *part, name));
            }
            _ => {}
        }
    }
    let is_accessor = |part: &Node<'_>| part.kind().starts_with("computed_");
    match getter {
        Some(getter) => getter,
        None if parts.iter().any(is_accessor) => l.missing(node),
        None => closure(l, node, None),
    }
}

fn has_body(l: &Lowerer<'_>, node: Node<'_>) -> bool {
    l.child_of_kind(node, "{").is_some()
}

/// `set(v) { … }`, by the rule of the grammar.
fn accessor(l: &mut Lowerer<'_>, node: Node<'_>, parameter: Option<&str>) -> NodeId {
    let closure = closure(l, node, parameter);
    l.make(Kind::Other, node, Symbol::EMPTY, &[closure])
}

fn closure(l: &mut Lowerer<'_>, node: Node<'_>, parameter: Option<&str>) -> NodeId {
    let parts = l.all(node);
    let parameters = match parameter {
        Some(implied) => {
            let target = match l.child_of_kind(node, "simple_identifier") {
                Some(named) => l.lower(named),
                None => {
                    let symbol = l.intern(implied);
                    l.make_at(Kind::Name, 0, node.start_byte()..node.start_byte(), symbol, &[])
                }
            };
            let slots = [l.empty(Kind::Modifiers, node), l.missing(node), target, l.missing(node)];
            let range = l.tree().range(target);
            let parameter = l.make_at(Kind::Parameter, 0, range.clone(), Symbol::EMPTY, &slots);
            l.make_at(Kind::Parameters, 0, range, Symbol::EMPTY, &[parameter])
        }
        None => l.missing(node),
    };
    let block = block_of(l, node, &parts, &[]);
    let block = if parameter.is_none() { returning_only(l, block) } else { block };
    let range = l.tree().range(block);
    l.make_at(Kind::Lambda, node.kind_id(), range, Symbol::EMPTY, &[parameters, block])
}

/// `var x: T { get }` of a protocol.
pub(super) fn requirement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.all(node);
    let Some(pattern) = node.child_by_field_name("name") else { return l.other(node) };
    let inner = l.all(pattern);
    let mut before: Vec<Node<'_>> = parts.iter().copied().filter(|part| part.kind() == "modifiers").collect();
    before.extend(inner.iter().copied().filter(|part| part.kind() == "value_binding_pattern"));
    let (words, _) = words(l, node, &before);
    let bare: Vec<Node<'_>> =
        inner.into_iter().filter(|part| part.kind() != "value_binding_pattern").collect();
    let target = super::pattern::binding(l, pattern, &bare);
    let type_ = l.child_of_kind(node, "type_annotation");
    let slots = [words, l.optional(node, type_), target, l.missing(node)];
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &slots)
}

/// The body of a subscript, with what writes it beside what reads it.
pub(super) fn subscript_body(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = told(l, node);
    if let [only] = parts.as_slice()
        && only.kind() == "statements"
    {
        let inside = told(l, *only);
        let children = statements(l, &inside);
        let block = l.make(Kind::Block, node, Symbol::EMPTY, &children);
        return returning_only(l, block);
    }
    let mut others = Vec::new();
    let value = computed_value(l, node, &mut others);
    let mut children = Vec::new();
    if l.tree().kind(value) != Kind::Missing {
        let target = l.missing(node);
        children.push(definition(l, node, target, value));
    }
    children.extend(others);
    l.make(Kind::Block, node, Symbol::EMPTY, &children)
}
