//! Loops over collections, `switch`, `do`, jumps.

use super::super::{ELLIPSIS_NAME, Lowerer};
use super::condition::guarded;
use super::pattern::caught;
use super::{block_of, statements, told};
use crate::tree::{Kind, NodeId, Symbol};
use tree_sitter::Node;

pub(super) fn for_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.all(node);
    let clause = parts.iter().find(|part| part.kind() == "where_clause").copied();
    let before = guarded(l, clause);
    let target = l.field(node, "item");
    let iterable = l.field(node, "collection");
    // The collection may be a closure's call: the body's braces are children of the statement itself.
    let body = block_of(l, node, &parts, &before);
    let otherwise = l.missing(node);
    l.make(Kind::ForEach, node, Symbol::EMPTY, &[target, iterable, body, otherwise])
}

pub(super) fn switch(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = vec![l.field(node, "expr")];
    for part in told(l, node) {
        if matches!(part.kind(), "switch_entry" | "ERROR") {
            children.push(l.lower(part));
        }
    }
    l.make(Kind::Switch, node, Symbol::EMPTY, &children)
}

/// A `where` behind a pattern is the first statement of the branch.
pub(super) fn entry(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.all(node);
    let mut children = Vec::new();
    let mut inside = Vec::new();
    let mut body: Vec<Node<'_>> = Vec::new();
    let mut asks = false;
    for part in &parts {
        match part.kind() {
            "switch_pattern" => children.push(l.lower(*part)),
            "where_keyword" => asks = true,
            "statements" => body = told(l, *part),
            "modifiers" => {}
            _ if asks && part.is_named() => {
                let condition = l.lower(*part);
                let range = part.byte_range();
                inside.push(l.make_at(Kind::ExpressionStatement, 0, range, Symbol::EMPTY, &[condition]));
                asks = false;
            }
            _ => {}
        }
    }
    // A branch that stands for any in a pattern has a body only because there must be one.
    let hole = matches!((children.as_slice(), body.as_slice()), ([only], [said])
        if l.tree().kind(*only) == Kind::Name
            && l.symbol_text(l.tree().symbol(*only)).starts_with(ELLIPSIS_NAME)
            && l.text(*said) == l.symbol_text(l.tree().symbol(*only)));
    if !hole {
        inside.extend(statements(l, &body));
    }
    let range = match (body.first(), body.last()) {
        (Some(first), Some(last)) => first.start_byte()..last.end_byte(),
        _ => node.end_byte()..node.end_byte(),
    };
    let end = range.end;
    children.push(l.make_at(Kind::Block, 0, range, Symbol::EMPTY, &inside));
    l.make_at(Kind::Case, node.kind_id(), node.start_byte()..end, Symbol::EMPTY, &children)
}

/// `do`, with or without handlers.
pub(super) fn do_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.all(node);
    let mut children = vec![block_of(l, node, &parts, &[])];
    for handler in parts.iter().filter(|part| part.kind() == "catch_block") {
        children.push(catch(l, *handler));
    }
    children.extend([l.missing(node), l.missing(node)]);
    l.make(Kind::Try, node, Symbol::EMPTY, &children)
}

fn catch(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.all(node);
    let (type_, target) = match node.child_by_field_name("error") {
        Some(error) => caught(l, error),
        None => (l.missing(node), l.missing(node)),
    };
    let clause = parts.iter().find(|part| part.kind() == "where_clause").copied();
    let before = guarded(l, clause);
    let body = block_of(l, node, &parts, &before);
    l.make(Kind::Catch, node, Symbol::EMPTY, &[type_, target, body])
}

/// `return`, `break`, `continue`, `yield`, `throw`.
pub(super) fn throw_or_jump(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.all(node);
    let value = parts.get(1..).unwrap_or_default().iter().find(|part| part.is_named());
    let kind = match parts.first().map(Node::kind) {
        Some("return") => Kind::Return,
        Some("break") => Kind::Break,
        Some("continue") => Kind::Continue,
        Some("yield") => Kind::Yield,
        Some("throw_keyword") => Kind::Throw,
        _ => return l.other(node),
    };
    let value = l.optional(node, value.copied());
    l.make(kind, node, Symbol::EMPTY, &[value])
}
