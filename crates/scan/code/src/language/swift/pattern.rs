//! Patterns of the language: what `let`, `case`, `catch` and `for` take apart.

use super::super::Lowerer;
use super::condition::no_words;
use crate::tree::{Kind, NodeId, Symbol};
use tree_sitter::Node;

pub(super) fn pattern(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.all(node);
    match parts.first().map(Node::kind) {
        Some("case") => case(l, node, &parts[1..]),
        _ => case(l, node, &parts),
    }
}

/// Any pattern, by its parts.
pub(super) fn case(l: &mut Lowerer<'_>, node: Node<'_>, parts: &[Node<'_>]) -> NodeId {
    let Some(first) = parts.first().copied() else { return l.missing(node) };
    let range = first.start_byte()..parts.last().unwrap_or(&first).end_byte();
    let token = |kind: &str| parts.iter().position(|part| part.kind() == kind);
    if first.kind() == "value_binding_pattern" {
        // `let x as T`: what is bound is `x`.
        let at = token("as").unwrap_or(parts.len());
        let end = parts[..at].last().unwrap_or(&first).end_byte();
        let made = bound(l, node, first, &parts[1..at], range.start..end);
        let Some(type_) = parts.get(at + 1) else { return made };
        let type_ = l.lower(*type_);
        return l.make_at(Kind::Cast, node.kind_id(), range, Symbol::EMPTY, &[type_, made]);
    }
    // `is T`
    if first.kind() == "is" {
        let type_ = l.optional(node, parts.get(1).copied());
        let value = l.missing(node);
        return l.make_at(Kind::TypeTest, node.kind_id(), range, Symbol::EMPTY, &[value, type_]);
    }
    // `p as T`
    if let Some(at) = token("as") {
        let children = [l.optional(node, parts.get(at + 1).copied()), l.lower(first)];
        return l.make_at(Kind::Cast, node.kind_id(), range, Symbol::EMPTY, &children);
    }
    // `T.name(p, …)`
    let open = token("(").unwrap_or(parts.len());
    if let Some(dot) = parts[..open].iter().rposition(|part| part.kind() == ".") {
        let name = parts.get(dot + 1).copied();
        let object = parts[..dot].iter().find(|part| part.is_named()).copied();
        let end = name.unwrap_or(first).end_byte();
        let children = [l.optional(node, object), l.optional(node, name)];
        let field = range.start..end;
        let callee = l.make_at(Kind::Field, 0, field, Symbol::EMPTY, &children);
        if open == parts.len() {
            return callee;
        }
        let list = elements(l, &parts[open..]);
        let inside = parts[open].start_byte()..range.end;
        let arguments = l.make_at(Kind::Arguments, 0, inside, Symbol::EMPTY, &list);
        return l.make_at(Kind::Call, node.kind_id(), range, Symbol::EMPTY, &[callee, arguments]);
    }
    binding(l, node, parts)
}

/// A name, `_`, or several in parentheses.
pub(super) fn binding(l: &mut Lowerer<'_>, node: Node<'_>, parts: &[Node<'_>]) -> NodeId {
    let Some(first) = parts.first().copied() else { return l.missing(node) };
    if first.kind() != "(" {
        let said = parts.iter().find(|part| part.is_named()).copied();
        return l.optional(node, said);
    }
    let list = elements(l, parts);
    let range = first.start_byte()..parts.last().unwrap_or(&first).end_byte();
    l.make_at(Kind::Tuple, node.kind_id(), range, Symbol::EMPTY, &list)
}

/// `p, name: p`
fn elements(l: &mut Lowerer<'_>, parts: &[Node<'_>]) -> Vec<NodeId> {
    let mut list = Vec::new();
    let mut label: Option<Node<'_>> = None;
    for part in parts.iter().filter(|part| part.is_named()) {
        if part.kind() == "simple_identifier" {
            label = Some(*part);
            continue;
        }
        let value = l.lower(*part);
        list.push(match label.take() {
            Some(label) => {
                let name = l.lower(label);
                let range = label.start_byte()..part.end_byte();
                l.make_at(Kind::KeywordArgument, 0, range, Symbol::EMPTY, &[name, value])
            }
            None => value,
        });
    }
    list
}

/// `let p` binds all names of `p`.
fn bound(
    l: &mut Lowerer<'_>,
    node: Node<'_>,
    word: Node<'_>,
    parts: &[Node<'_>],
    range: std::ops::Range<usize>,
) -> NodeId {
    let target = case(l, node, parts);
    let token = l.leaf(Kind::Token, word);
    let words = l.make_at(Kind::Modifiers, 0, word.byte_range(), Symbol::EMPTY, &[token]);
    let slots = [words, l.missing(node), target, l.missing(node)];
    l.make_at(Kind::VariableDefinition, node.kind_id(), range, Symbol::EMPTY, &slots)
}

/// What a `catch` takes: its type and the name, or a pattern in the name's place.
pub(super) fn caught(l: &mut Lowerer<'_>, node: Node<'_>) -> (NodeId, NodeId) {
    let parts = l.all(node);
    let as_ = parts.iter().position(|part| part.kind() == "as");
    let type_ = match (as_, parts.first().map(Node::kind)) {
        (Some(at), _) => parts.get(at + 1),
        (None, Some("is")) => parts.get(1),
        _ => None,
    };
    let type_ = l.optional(node, type_.copied());
    let target = match as_ {
        Some(_) => parts.first().copied().map(|inner| l.all(inner)).unwrap_or_default(),
        None if l.tree().kind(type_) != Kind::Missing => Vec::new(),
        None => parts,
    };
    let bare = match target.first().map(Node::kind) {
        Some("value_binding_pattern") => &target[1..],
        _ => &target[..],
    };
    let target = case(l, node, bare);
    (type_, target)
}

/// The slots of a definition without words or a type.
pub(super) fn definition(l: &mut Lowerer<'_>, node: Node<'_>, target: NodeId, value: NodeId) -> NodeId {
    let slots = [no_words(l, node), l.missing(node), target, value];
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &slots)
}
