//! `match` and patterns: what they bind and compare with.

use super::super::{ELLIPSIS_NAME, Lowerer};
use super::is_statement;
use crate::tree::{Kind, NodeId, Symbol};
use tree_sitter::Node;

pub(super) fn match_expression(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = vec![l.field(node, "value")];
    if let Some(body) = node.child_by_field_name("body") {
        let arms: Vec<Node<'_>> =
            l.named(body).into_iter().filter(|child| !child.kind().ends_with("attribute_item")).collect();
        children.extend(l.lower_list(&arms));
    }
    l.make(Kind::Switch, node, Symbol::EMPTY, &children)
}

pub(super) fn arm(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = Vec::new();
    if let Some(head) = node.child_by_field_name("pattern") {
        let condition = head.child_by_field_name("condition");
        let pattern = l.all(head).into_iter().find(|child| child.is_named() || child.kind() == "_");
        let mut alternatives = Vec::new();
        if let Some(pattern) = pattern {
            split_or(l, pattern, &mut alternatives);
        }
        let patterns: Vec<NodeId> = alternatives.iter().map(|one| pattern_of(l, *one)).collect();
        match condition {
            Some(condition) => {
                let mut parts = patterns;
                parts.push(l.lower(condition));
                children.push(l.make(Kind::Other, head, Symbol::EMPTY, &parts));
            }
            None => children.extend(patterns),
        }
    }
    // `...` of a pattern stands for arms.
    if let [only] = children.as_slice()
        && l.symbol_text(l.tree().symbol(*only)).starts_with(ELLIPSIS_NAME)
    {
        return *only;
    }
    let value = l.field(node, "value");
    let body = match l.tree().kind(value) {
        Kind::Block => value,
        kind => {
            let range = l.tree().range(value);
            let statement = if is_statement(kind) {
                value
            } else {
                l.make_at(Kind::ExpressionStatement, 0, range.clone(), Symbol::EMPTY, &[value])
            };
            l.make_at(Kind::Block, 0, range, Symbol::EMPTY, &[statement])
        }
    };
    children.push(body);
    l.make(Kind::Case, node, Symbol::EMPTY, &children)
}

/// `A | B` reads from the left: its parts in order.
fn split_or<'t>(l: &Lowerer<'_>, node: Node<'t>, out: &mut Vec<Node<'t>>) {
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        if node.kind() == "or_pattern" {
            let parts = l.all(node).into_iter().filter(|child| child.is_named() || child.kind() == "_");
            stack.extend(parts.collect::<Vec<_>>().into_iter().rev());
        } else {
            out.push(node);
        }
    }
}

/// A pattern in a field; `_` is a name.
pub(super) fn field(l: &mut Lowerer<'_>, node: Node<'_>, field: &str) -> NodeId {
    match node.child_by_field_name(field) {
        Some(child) => pattern_of(l, child),
        None => l.missing(node),
    }
}

fn pattern_of(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    if node.kind() == "_" { l.leaf(Kind::Name, node) } else { l.lower(node) }
}

/// `Some(x)` as a pattern is no call.
pub(super) fn tuple_struct(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let callee = l.field(node, "type");
    let inside: Vec<Node<'_>> =
        l.all(node).into_iter().skip(1).filter(|child| child.is_named() || child.kind() == "_").collect();
    let parts: Vec<NodeId> = inside.into_iter().map(|child| pattern_of(l, child)).collect();
    let range = l.tree().range(callee).end..node.end_byte();
    let parts = l.make_at(Kind::Tuple, 0, range, Symbol::EMPTY, &parts);
    l.make(Kind::Construct, node, Symbol::EMPTY, &[callee, parts])
}

pub(super) fn struct_pattern(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    l.make(Kind::Construct, node, Symbol::EMPTY, &children)
}

pub(super) fn field_pattern(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let name = l.field(node, "name");
    if node.child_by_field_name("pattern").is_none() {
        return name;
    }
    let pattern = field(l, node, "pattern");
    l.make(Kind::Pair, node, Symbol::EMPTY, &[name, pattern])
}
