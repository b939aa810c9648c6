//! What `if`, `guard` and loops ask.

use super::super::Lowerer;
use super::block_of;
use super::pattern::{binding, case};
use crate::tree::{Kind, NodeId, Symbol};
use tree_sitter::Node;

/// The conditions between two tokens of a statement, joined by `&&`.
fn conditions(l: &mut Lowerer<'_>, node: Node<'_>, parts: &[Node<'_>]) -> NodeId {
    let lists = parts.split(|part| part.kind() == "," && part.parent() == Some(node));
    let all: Vec<NodeId> =
        lists.filter(|list| !list.is_empty()).map(|list| condition(l, node, list)).collect();
    joined(l, node, &all)
}

/// Halves are joined with halves: the depth of a list of any length is small.
fn joined(l: &mut Lowerer<'_>, node: Node<'_>, all: &[NodeId]) -> NodeId {
    match all {
        [] => l.missing(node),
        [only] => *only,
        _ => {
            let (left, right) = all.split_at(all.len().div_ceil(2));
            let children = [joined(l, node, left), joined(l, node, right)];
            let range = l.tree().range(children[0]).start..l.tree().range(children[1]).end;
            l.make_at(Kind::Binary, node.kind_id(), range, Symbol::AND, &children)
        }
    }
}

/// An expression, `let x = v`, or `case p = v`. `let x` alone is `let x = x`.
fn condition(l: &mut Lowerer<'_>, node: Node<'_>, parts: &[Node<'_>]) -> NodeId {
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return l.missing(node) };
    if !matches!(first.kind(), "value_binding_pattern" | "case" | "async") {
        let expression = parts.iter().find(|part| part.is_named());
        return l.optional(node, expression.copied());
    }
    let equal = parts.iter().position(|part| part.kind() == "=").unwrap_or(parts.len());
    let (left, right) = (&parts[..equal], parts.get(equal + 1..).unwrap_or_default());
    let annotation = left.iter().find(|part| part.kind() == "type_annotation").copied();
    let target: Vec<Node<'_>> =
        left.iter().copied().filter(|part| part.kind() != "type_annotation").collect();
    let mut words = Vec::new();
    let mut end = first.start_byte();
    for word in &target {
        match word.kind() {
            "value_binding_pattern" | "case" | "async" => words.push(l.leaf(Kind::Token, *word)),
            _ => break,
        }
        end = word.end_byte();
    }
    let target = match first.kind() {
        "case" => case(l, node, &target[1..]),
        _ => binding(l, node, &target[words.len().min(target.len())..]),
    };
    let words = l.make_at(Kind::Modifiers, 0, first.start_byte()..end, Symbol::EMPTY, &words);
    let value = match right.iter().find(|part| part.is_named()) {
        Some(value) => l.lower(*value),
        // The name is said once and means both.
        None => {
            let (symbol, range) = (l.tree().symbol(target), l.tree().range(target));
            l.make_at(l.tree().kind(target), 0, range, symbol, &[])
        }
    };
    let type_ = l.optional(node, annotation);
    let range = first.start_byte()..last.end_byte();
    let slots = [words, type_, target, value];
    l.make_at(Kind::VariableDefinition, node.kind_id(), range, Symbol::EMPTY, &slots)
}

/// Parts of a statement from behind its first token up to the token at which its head ends, and from there on.
fn head<'p, 't>(parts: &'p [Node<'t>], end: &str) -> (&'p [Node<'t>], &'p [Node<'t>]) {
    let at = parts.iter().position(|part| part.kind() == end).unwrap_or(parts.len());
    (parts.get(1..at).unwrap_or_default(), &parts[at..])
}

pub(super) fn if_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.all(node);
    let (asked, rest) = head(&parts, "{");
    let condition = conditions(l, node, asked);
    let then = block_of(l, node, rest, &[]);
    let behind = rest.iter().position(|part| part.kind() == "else");
    let other = match behind.and_then(|at| rest.get(at + 1..)) {
        Some([next, ..]) if next.kind() == "if_statement" => l.lower(*next),
        Some(rest) => block_of(l, node, rest, &[]),
        None => l.missing(node),
    };
    l.make(Kind::If, node, Symbol::EMPTY, &[condition, then, other])
}

pub(super) fn guard(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.all(node);
    let (asked, rest) = head(&parts, "else");
    let condition = conditions(l, node, asked);
    let range = l.tree().range(condition);
    let not = l.make_at(Kind::Unary, node.kind_id(), range, Symbol::NOT, &[condition]);
    let then = block_of(l, node, rest, &[]);
    let other = l.missing(node);
    l.make(Kind::If, node, Symbol::EMPTY, &[not, then, other])
}

pub(super) fn while_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.all(node);
    let (asked, rest) = head(&parts, "{");
    let children = [conditions(l, node, asked), block_of(l, node, rest, &[])];
    l.make(Kind::While, node, Symbol::EMPTY, &children)
}

pub(super) fn repeat_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.all(node);
    let body = block_of(l, node, &parts, &[]);
    let at = parts.iter().rposition(|part| part.kind() == "while");
    let asked = at.and_then(|at| parts.get(at + 1..)).unwrap_or_default();
    let condition = conditions(l, node, asked);
    l.make(Kind::DoWhile, node, Symbol::EMPTY, &[body, condition])
}

/// A `where` at the head of what it guards: the first statement of its body.
pub(super) fn guarded(l: &mut Lowerer<'_>, clause: Option<Node<'_>>) -> Vec<NodeId> {
    let Some(asked) = clause.and_then(|clause| l.named(clause).last().copied()) else { return Vec::new() };
    let condition = l.lower(asked);
    vec![l.make_at(Kind::ExpressionStatement, 0, asked.byte_range(), Symbol::EMPTY, &[condition])]
}

/// A list of nothing where a definition says no word.
pub(super) fn no_words(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    l.empty(Kind::Modifiers, node)
}
