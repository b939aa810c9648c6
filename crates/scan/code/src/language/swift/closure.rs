//! Closures, and bodies of functions.

use super::super::Lowerer;
use super::super::tail::{is_value, returning};
use super::{statements, told, type_behind};
use crate::tree::{Kind, NodeId, Symbol};
use tree_sitter::Node;

/// Words of one closure that are looked at for `$0`.
const MAX_WORDS: usize = 4_000;

/// The parameters of a closure that only `$0` names.
const MAX_IMPLICIT: usize = 10;

/// Whether a closure has no head.
pub(super) fn is_plain(l: &Lowerer<'_>, node: Node<'_>) -> bool {
    node.kind() == "lambda_literal" && l.child_of_kind(node, "in").is_none()
}

/// What a closure names of what is around it with a value stands first in it, as a definition.
pub(super) fn lambda(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.all(node);
    let type_ = parts.iter().find(|part| part.kind() == "lambda_function_type").copied();
    let list = type_.and_then(|type_| l.child_of_kind(type_, "lambda_function_type_parameters"));
    let parameters = match (list, type_) {
        (Some(list), _) => {
            let taken = l.named(list);
            let children: Vec<NodeId> = taken.into_iter().map(|taken| parameter(l, taken)).collect();
            l.make(Kind::Parameters, list, Symbol::EMPTY, &children)
        }
        (None, Some(type_)) => l.empty(Kind::Parameters, type_),
        (None, None) => implicit(l, node),
    };
    let mut children = Vec::new();
    let captures = l.child_of_kind(node, "capture_list");
    for capture in captures.map(|list| l.named(list)).unwrap_or_default() {
        if capture.child_by_field_name("value").is_some() {
            children.push(captured(l, capture));
        }
    }
    let list = l.child_of_kind(node, "statements").map(|list| told(l, list)).unwrap_or_default();
    children.extend(statements(l, &list));
    let range = match (list.first(), list.last()) {
        (Some(first), Some(last)) => first.start_byte()..last.end_byte(),
        _ => node.end_byte().saturating_sub(1)..node.end_byte(),
    };
    let block = l.make_at(Kind::Block, 0, range, Symbol::EMPTY, &children);
    let block = returning_only(l, block);
    l.make(Kind::Lambda, node, Symbol::EMPTY, &[parameters, block])
}

/// `[x = v]`
fn captured(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = l.empty(Kind::Modifiers, node);
    let slots = [words, l.missing(node), l.field(node, "name"), l.field(node, "value")];
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &slots)
}

fn parameter(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.all(node);
    let type_ = type_behind(&parts, ":");
    let names = node.child_by_field_name("name").or_else(|| node.named_child(0));
    let words = l.empty(Kind::Modifiers, node);
    let slots = [words, l.optional(node, type_), l.optional(node, names), l.missing(node)];
    l.make(Kind::Parameter, node, Symbol::EMPTY, &slots)
}

/// `$0`, `$1` of a closure without a head.
fn implicit(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(highest) = highest_implicit(l, node) else { return l.missing(node) };
    let at = node.start_byte()..node.start_byte();
    let mut list = Vec::new();
    for number in 0..=highest {
        let symbol = l.intern(&format!("${number}"));
        let target = l.make_at(Kind::Name, 0, at.clone(), symbol, &[]);
        let slots = [l.empty(Kind::Modifiers, node), l.missing(node), target, l.missing(node)];
        list.push(l.make_at(Kind::Parameter, 0, at.clone(), Symbol::EMPTY, &slots));
    }
    l.make_at(Kind::Parameters, 0, at, Symbol::EMPTY, &list)
}

fn highest_implicit(l: &Lowerer<'_>, node: Node<'_>) -> Option<usize> {
    let mut stack = l.named(node);
    let mut seen = 0;
    let mut highest = None;
    while let Some(node) = stack.pop() {
        seen += 1;
        if seen > MAX_WORDS {
            break;
        }
        match node.kind() {
            "simple_identifier" => {
                let number = l.text(node).strip_prefix('$').and_then(|number| number.parse().ok());
                highest = highest.max(number.filter(|number| *number < MAX_IMPLICIT));
            }
            // Its `$0` is its own.
            "lambda_literal" => {}
            _ => stack.extend(l.named(node)),
        }
    }
    highest
}

/// A body that is one expression, or one statement that is an expression in each branch, is what it returns.
pub(super) fn returning_only(l: &mut Lowerer<'_>, block: NodeId) -> NodeId {
    let [only] = l.tree().children(block)[..] else { return block };
    let kind = l.tree().kind(only);
    if is_value(kind) || matches!(kind, Kind::ExpressionStatement | Kind::If | Kind::Switch) {
        return returning(l, block);
    }
    block
}
