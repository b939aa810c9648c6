//! Macro calls: their tokens read again as expressions.
//!
//! `f!(a, b)` has the arguments `a` and `b` where `(a, b)` reads as a tuple, `v![a; n]` the argument `a` where `[a; n]` reads as
//! an array, and those of a block its statements. Tokens that read as none of these stay tokens.

use super::super::Lowerer;
use crate::tree::{Kind, NodeId, Symbol};
use tree_sitter::Node;

pub(super) fn invocation(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let name = l.field(node, "macro");
    let Some(tree) = l.child_of_kind(node, "token_tree") else { return l.other(node) };
    let arguments = arguments(l, tree, true);
    l.make(Kind::Macro, node, Symbol::EMPTY, &[name, arguments])
}

/// Tokens that were not read as anything.
pub(super) fn tokens(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    l.other(node)
}

/// The arguments in a token tree. `formats`: a string may name what it captures.
pub(super) fn arguments(l: &mut Lowerer<'_>, tree: Node<'_>, formats: bool) -> NodeId {
    let read = l.reread(tree.range(), |l, root| {
        // What is around the list depends on how the grammar gets over the `;` that is not there.
        let mut list = root.named_child(0)?;
        while matches!(list.kind(), "expression_statement" | "ERROR") {
            list = list.named_child(0)?;
        }
        let whole = list.start_byte() == tree.start_byte() && list.end_byte() == tree.end_byte();
        if list.has_error() || !whole {
            return None;
        }
        let length = list.child_by_field_name("length").map(|length| length.id());
        let parts: Vec<Node<'_>> = match list.kind() {
            "unit_expression" => Vec::new(),
            "tuple_expression" | "parenthesized_expression" | "array_expression" => {
                l.named(list).into_iter().filter(|part| Some(part.id()) != length).collect()
            }
            "block" => return Some(super::item::statements(l, list)),
            _ => return None,
        };
        let mut out = Vec::new();
        for part in parts {
            out.push(argument(l, part, formats));
        }
        Some(out)
    });
    let children = match read {
        Some(children) => children,
        None => l.lower_named(tree),
    };
    l.make(Kind::Arguments, tree, Symbol::EMPTY, &children)
}

/// `name = value` is a named argument.
fn argument(l: &mut Lowerer<'_>, node: Node<'_>, formats: bool) -> NodeId {
    if node.kind() == "string_literal" && formats {
        return captures(l, node);
    }
    if node.kind() == "assignment_expression"
        && let Some(left) = node.child_by_field_name("left")
        && left.kind() == "identifier"
    {
        let children = [l.lower(left), l.field(node, "right")];
        return l.make(Kind::KeywordArgument, node, Symbol::EMPTY, &children);
    }
    l.lower(node)
}

/// `"a {name:?}"` is a template of what it captures; without captures it is a string.
fn captures(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let range = l.inside_quotes(node);
    let text = l.slice(range.start, range.end).into_owned();
    let mut parts = Vec::new();
    let mut plain = 0;
    let mut at = 0;
    while let Some(open) = text[at..].find('{').map(|offset| at + offset) {
        let rest = &text[open + 1..];
        if rest.starts_with('{') {
            at = open + 2;
            continue;
        }
        let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let name = &rest[..length];
        at = open + 1 + length;
        let ends = rest[length..].starts_with(['}', ':']);
        // A number is the place of an argument.
        if !ends || name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let start = range.start + open + 1;
        if plain < open {
            let symbol = l.intern(&text[plain..open]);
            parts.push(l.make_at(Kind::StringPart, 0, range.start + plain..range.start + open, symbol, &[]));
        }
        let symbol = l.intern(name);
        parts.push(l.make_at(Kind::Name, 0, start..start + length, symbol, &[]));
        plain = rest[length..].find('}').map_or(text.len(), |close| at + close + 1);
        at = plain;
    }
    if parts.is_empty() {
        return l.lower(node);
    }
    if plain < text.len() {
        let symbol = l.intern(&text[plain..]);
        parts.push(l.make_at(Kind::StringPart, 0, range.start + plain..range.end, symbol, &[]));
    }
    l.make(Kind::Template, node, Symbol::EMPTY, &parts)
}
