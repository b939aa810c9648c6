//! Expressions.

use super::super::Lowerer;
use super::closure::is_plain;
use crate::tree::{Kind, NodeId, Symbol};
use tree_sitter::Node;

/// Links of a chain that begins with a prefix operator.
const MAX_CHAIN: usize = 500;

/// The prefix operator at the head of a chain: the grammar reads `!a.b()` as `(!a.b)()`.
fn operator_at_head<'t>(l: &Lowerer<'_>, node: Node<'t>) -> Option<Node<'t>> {
    let mut at = node;
    for _ in 0..MAX_CHAIN {
        at = at.named_child(0)?;
        match at.kind() {
            "prefix_expression" => return Some(at).filter(|prefix| !is_member(l, *prefix)),
            kind if is_link(kind) => {}
            _ => return None,
        }
    }
    None
}

fn is_link(kind: &str) -> bool {
    matches!(kind, "navigation_expression" | "call_expression" | "postfix_expression")
}

/// Whether `.a` reads a member of the type that is expected, which is no operator.
fn is_member(l: &Lowerer<'_>, prefix: Node<'_>) -> bool {
    prefix.child_by_field_name("operation").is_some_and(|operation| l.text(operation) == ".")
}

/// Whether a node is what a link of a chain begins with.
fn is_within_chain(node: Node<'_>) -> bool {
    node.parent().is_some_and(|parent| is_link(parent.kind()) && parent.named_child(0) == Some(node))
}

/// One link of a chain; an operator before the chain is applied to all of it.
fn link(
    l: &mut Lowerer<'_>,
    node: Node<'_>,
    make: fn(&mut Lowerer<'_>, Node<'_>, usize) -> NodeId,
) -> NodeId {
    let Some(head) = operator_at_head(l, node) else { return make(l, node, node.start_byte()) };
    let operand = head.child_by_field_name("target").unwrap_or(head);
    let made = make(l, node, operand.start_byte());
    if is_within_chain(node) {
        return made;
    }
    let symbol = match head.child_by_field_name("operation") {
        Some(operator) => l.operator(operator),
        None => Symbol::EMPTY,
    };
    let range = head.start_byte()..node.end_byte();
    l.make_at(Kind::Unary, head.kind_id(), range, symbol, &[made])
}

pub(super) fn navigation(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    link(l, node, |l, node, start| {
        let suffix = node.child_by_field_name("suffix").and_then(|suffix| l.named(suffix).last().copied());
        let (Some(target), Some(name)) = (l.named(node).first().copied(), suffix) else {
            return l.other(node);
        };
        let target = object(l, target);
        let name = if name.kind() == "integer_literal" { l.leaf(Kind::Name, name) } else { l.lower(name) };
        l.make_at(Kind::Field, node.kind_id(), start..node.end_byte(), Symbol::EMPTY, &[target, name])
    })
}

/// `[a].f` is of the array that holds `a`, which the grammar takes for the type of arrays.
fn object(l: &mut Lowerer<'_>, target: Node<'_>) -> NodeId {
    let parts = l.named(target);
    match (target.kind(), parts.as_slice()) {
        ("array_type", [element]) => {
            let element = l.lower(*element);
            l.make(Kind::List, target, Symbol::EMPTY, &[element])
        }
        ("dictionary_type", [key, value]) => {
            let children = [l.lower(*key), l.lower(*value)];
            let range = key.start_byte()..value.end_byte();
            let pair = l.make_at(Kind::Pair, 0, range, Symbol::EMPTY, &children);
            l.make(Kind::Dict, target, Symbol::EMPTY, &[pair])
        }
        _ => l.lower(target),
    }
}

/// A closure behind the parentheses is the last argument. Brackets are an index.
pub(super) fn call(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    link(l, node, |l, node, start| {
        let parts = l.named(node);
        let (Some(callee), Some(suffix)) = (parts.first(), parts.last()) else { return l.other(node) };
        if let Some(list) = l.child_of_kind(*suffix, "value_arguments").filter(|list| is_index(*list)) {
            let mut children = vec![l.lower(*callee)];
            children.extend(l.lower_named(list));
            let range = start..node.end_byte();
            return l.make_at(Kind::Index, node.kind_id(), range, Symbol::EMPTY, &children);
        }
        if let [only] = l.named(*suffix).as_slice()
            && is_plain(l, *only)
            && l.text(*callee) == "defer"
        {
            let inside = l.all(*only);
            let block = super::block_of(l, *only, &inside, &[]);
            return l.make_at(Kind::Defer, node.kind_id(), start..node.end_byte(), Symbol::EMPTY, &[block]);
        }
        let callee = l.lower(*callee);
        let arguments = arguments(l, *suffix);
        let range = start..node.end_byte();
        l.make_at(Kind::Call, node.kind_id(), range, Symbol::EMPTY, &[callee, arguments])
    })
}

fn is_index(list: Node<'_>) -> bool {
    list.child(0).is_some_and(|bracket| bracket.kind() == "[")
}

fn arguments(l: &mut Lowerer<'_>, suffix: Node<'_>) -> NodeId {
    let mut children = Vec::new();
    let mut label: Option<Node<'_>> = None;
    for part in l.named(suffix) {
        match part.kind() {
            "value_arguments" => children.extend(l.lower_named(part)),
            "simple_identifier" => label = Some(part),
            _ => {
                let value = l.lower(part);
                children.push(match label.take() {
                    Some(label) => {
                        let name = l.lower(label);
                        let range = label.start_byte()..part.end_byte();
                        l.make_at(Kind::KeywordArgument, 0, range, Symbol::EMPTY, &[name, value])
                    }
                    None => value,
                });
            }
        }
    }
    l.make(Kind::Arguments, suffix, Symbol::EMPTY, &children)
}

/// `name: value`; `name:` alone names a parameter of a function that is not called.
pub(super) fn argument(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(value) = node.child_by_field_name("value") else {
        let parts = l.named(node);
        return match parts.as_slice() {
            [only] => l.leaf(Kind::Name, *only),
            _ => l.other(node),
        };
    };
    let value = l.lower(value);
    let Some(label) = node.child_by_field_name("name") else { return value };
    let name = l.leaf(Kind::Name, label);
    l.make(Kind::KeywordArgument, node, Symbol::EMPTY, &[name, value])
}

/// `A<T>(…)`, `[T]()`
pub(super) fn constructor(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let callee = l.field(node, "constructed_type");
    let arguments = match l.child_of_kind(node, "constructor_suffix") {
        Some(suffix) => arguments(l, suffix),
        None => l.empty(Kind::Arguments, node),
    };
    l.make(Kind::Call, node, Symbol::EMPTY, &[callee, arguments])
}

/// `#name(…)`
pub(super) fn macro_call(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(name) = l.child_of_kind(node, "simple_identifier") else { return l.other(node) };
    let name = l.lower(name);
    let arguments = match l.child_of_kind(node, "call_suffix") {
        Some(suffix) => arguments(l, suffix),
        None => l.empty(Kind::Arguments, node),
    };
    l.make(Kind::Macro, node, Symbol::EMPTY, &[name, arguments])
}

/// `#selector(f)`
pub(super) fn selector(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(word) = l.child_of_kind(node, "selector") else { return l.other(node) };
    let name = l.leaf(Kind::Name, word);
    let values = l.lower_named(node);
    let range = word.end_byte()..node.end_byte();
    let arguments = l.make_at(Kind::Arguments, 0, range, Symbol::EMPTY, &values);
    l.make(Kind::Macro, node, Symbol::EMPTY, &[name, arguments])
}

/// `.a` is a field of nothing.
pub(super) fn prefix(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(operator) = node.child_by_field_name("operation") else { return l.other(node) };
    let operand = node.child_by_field_name("target");
    if is_member(l, node) {
        let object = l.missing(node);
        let name = l.optional(node, operand);
        return l.make(Kind::Field, node, Symbol::EMPTY, &[object, name]);
    }
    let symbol = l.operator(operator);
    let operand = l.optional(node, operand);
    if is_within_chain(node) {
        return operand;
    }
    l.make(Kind::Unary, node, symbol, &[operand])
}

/// `a!`
pub(super) fn postfix(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    link(l, node, |l, node, start| {
        let operand = l.field(node, "target");
        let operator = node.child_by_field_name("operation");
        let symbol = operator.map_or(Symbol::EMPTY, |operator| l.operator(operator));
        l.make_at(Kind::Postfix, node.kind_id(), start..node.end_byte(), symbol, &[operand])
    })
}

fn operation(l: &mut Lowerer<'_>, node: Node<'_>, fields: [&str; 2]) -> NodeId {
    let children = fields.map(|field| l.field(node, field));
    let operator = match node.child_by_field_name("op") {
        Some(operator) => Some(operator),
        None => l.all(node).into_iter().find(|child| !child.is_named() && child.kind() != "?"),
    };
    let symbol = operator.map_or(Symbol::EMPTY, |operator| l.operator(operator));
    l.make(Kind::Binary, node, symbol, &children)
}

pub(super) fn binary(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    operation(l, node, ["lhs", "rhs"])
}

/// `a...b`, `a..<b`
pub(super) fn range(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    operation(l, node, ["start", "end"])
}

pub(super) fn open_start(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operand = l.field(node, "end");
    let sign = node.child(0).map_or(Symbol::EMPTY, |sign| l.operator(sign));
    l.make(Kind::Unary, node, sign, &[operand])
}

pub(super) fn open_end(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operand = l.field(node, "start");
    l.make(Kind::Postfix, node, Symbol::ELLIPSIS, &[operand])
}

pub(super) fn coalescing(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = ["value", "if_nil"].map(|field| l.field(node, field));
    l.make(Kind::Binary, node, Symbol::COALESCE, &children)
}

pub(super) fn type_test(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    let children = [l.optional(node, parts.first().copied()), l.optional(node, parts.last().copied())];
    l.make(Kind::TypeTest, node, Symbol::EMPTY, &children)
}

/// `as`, `as?` and `as!` alike.
pub(super) fn cast(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    let children = [l.optional(node, parts.last().copied()), l.optional(node, parts.first().copied())];
    l.make(Kind::Cast, node, Symbol::EMPTY, &children)
}

pub(super) fn ternary(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = ["condition", "if_true", "if_false"].map(|field| l.field(node, field));
    l.make(Kind::Ternary, node, Symbol::EMPTY, &children)
}

pub(super) fn assignment(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = ["target", "result"].map(|field| l.field(node, field));
    let operator = node.child_by_field_name("operator").map(|operator| l.text(operator).into_owned());
    match operator.as_deref() {
        None | Some("=") => l.make(Kind::Assign, node, Symbol::EMPTY, &children),
        Some(operator) => {
            let symbol = l.intern(operator.trim_end_matches('='));
            l.make(Kind::AugmentedAssign, node, symbol, &children)
        }
    }
}

/// `try`, `try?` and `try!` alike.
pub(super) fn try_expression(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operand = l.field(node, "expr");
    let symbol = l.intern("try");
    l.make(Kind::Unary, node, symbol, &[operand])
}

pub(super) fn await_expression(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operand = last_expression(l, node);
    l.make(Kind::Await, node, Symbol::EMPTY, &[operand])
}

/// What is behind words that say nothing of the value.
pub(super) fn last_expression(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    match l.named(node).last() {
        Some(last) => l.lower(*last),
        None => l.other(node),
    }
}

/// `(a)` is `a`; of a tuple, parts with a name are named arguments.
pub(super) fn tuple(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = Vec::new();
    let mut label: Option<Node<'_>> = None;
    let mut cursor = node.walk();
    let mut more = cursor.goto_first_child();
    while more {
        let child = cursor.node();
        match cursor.field_name() {
            Some("name") => label = Some(child),
            Some("value") if child.is_named() => {
                let value = l.lower(child);
                children.push(match label.take() {
                    Some(label) => {
                        let name = l.lower(label);
                        let range = label.start_byte()..child.end_byte();
                        l.make_at(Kind::KeywordArgument, 0, range, Symbol::EMPTY, &[name, value])
                    }
                    None => value,
                });
            }
            _ => {}
        }
        more = cursor.goto_next_sibling();
    }
    match children.as_slice() {
        [only] if l.tree().kind(*only) != Kind::KeywordArgument => {
            let inside = l.tree_mut().node_mut(*only);
            (inside.start, inside.end) = (node.start_byte() as u32, node.end_byte() as u32);
            *only
        }
        _ => l.make(Kind::Tuple, node, Symbol::EMPTY, &children),
    }
}
