//! Inline assembly (Yul).

use super::super::Lowerer;
use crate::tree::{Kind, NodeId, Symbol};
use tree_sitter::Node;

/// `assembly { … }`: a block within the word.
pub(super) fn statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let word = node.child(0).unwrap_or(node);
    let name = l.leaf(Kind::Name, word);
    let statements: Vec<Node<'_>> =
        l.named(node).into_iter().filter(|child| child.kind() != "assembly_flags").collect();
    let children: Vec<NodeId> = statements.into_iter().map(|child| wrapped(l, child)).collect();
    let open = l.all(node).into_iter().find(|child| child.kind() == "{");
    let start = open.map_or(word.end_byte(), |open| open.start_byte());
    let block = l.make_at(Kind::Block, 0, start..node.end_byte(), Symbol::EMPTY, &children);
    l.make(Kind::With, node, Symbol::EMPTY, &[name, block])
}

/// A call that stands as a statement is wrapped as one.
fn wrapped(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let id = l.lower(node);
    if l.tree().kind(id) != Kind::Call {
        return id;
    }
    l.make_at(Kind::ExpressionStatement, 0, node.byte_range(), Symbol::EMPTY, &[id])
}

/// An instruction with its operands.
pub(super) fn call(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(function) = node.child_by_field_name("function") else { return l.other(node) };
    let callee = l.lower(function);
    let operands: Vec<Node<'_>> = l.named(node).into_iter().filter(|child| *child != function).collect();
    let operands = l.lower_list(&operands);
    let range = function.end_byte()..node.end_byte();
    let arguments = l.make_at(Kind::Arguments, 0, range, Symbol::EMPTY, &operands);
    l.make(Kind::Call, node, Symbol::EMPTY, &[callee, arguments])
}

/// `a, b := f()`.
pub(super) fn assignment(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    match children.as_slice() {
        [target, value] => l.make(Kind::Assign, node, Symbol::EMPTY, &[*target, *value]),
        [targets @ .., value] if targets.len() > 1 => {
            let range = l.tree().range(*targets.first().unwrap_or(value)).start..l.tree().range(*value).start;
            let tuple = l.make_at(Kind::Tuple, 0, range, Symbol::EMPTY, targets);
            l.make(Kind::Assign, node, Symbol::EMPTY, &[tuple, *value])
        }
        _ => l.other(node),
    }
}

/// `let a := f()`.
pub(super) fn variable(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let names: Vec<Node<'_>> = l.fields(node, "left").into_iter().filter(Node::is_named).collect();
    let value = l.field(node, "right");
    let names = l.lower_list(&names);
    let target = match names.as_slice() {
        [only] => *only,
        several => l.make_at(Kind::Tuple, 0, node.byte_range(), Symbol::EMPTY, several),
    };
    let words = l.empty(Kind::Modifiers, node);
    let type_ = l.missing(node);
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &[words, type_, target, value])
}

/// `if c { … }`, which has no other branch.
pub(super) fn condition(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    let [condition, body] = children.as_slice() else { return l.other(node) };
    let other = l.missing(node);
    l.make(Kind::If, node, Symbol::EMPTY, &[*condition, *body, other])
}
