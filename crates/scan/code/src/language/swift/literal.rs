//! Literals and types.

use super::super::Lowerer;
use super::type_within;
use crate::tree::{Kind, NodeId, Symbol};
use tree_sitter::Node;

pub(super) fn boolean(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let symbol = if l.text(node) == "true" { Symbol::TRUE } else { Symbol::FALSE };
    l.make(Kind::Bool, node, symbol, &[])
}

/// `/…/` and `#/…/#`.
pub(super) fn regex(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let text = l.text(node);
    let bare = text.trim_matches('#');
    let source = bare.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')).unwrap_or(bare);
    l.leaf_of(Kind::Regex, node, source)
}

/// `"a\(b)"`, in one line or several, and with `#` around.
pub(super) fn string(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let range = l.inside_quotes(node);
    let mut parts = Vec::new();
    let mut at = range.start;
    for child in l.all(node) {
        match child.kind() {
            "\\(" => {
                text(l, node, at..child.start_byte(), &mut parts);
                at = child.end_byte();
            }
            ")" => at = child.end_byte(),
            "interpolated_expression" => {
                parts.push(l.lower(child));
                at = child.end_byte();
            }
            "raw_str_interpolation" => {
                text(l, node, at..child.start_byte(), &mut parts);
                for inner in l.named(child) {
                    if inner.kind() == "interpolated_expression" {
                        parts.push(l.lower(inner));
                    }
                }
                at = child.end_byte();
            }
            _ => {}
        }
    }
    if parts.is_empty() {
        let symbol = if range.start < range.end {
            let text = l.slice(range.start, range.end).into_owned();
            l.intern(&text)
        } else {
            Symbol::EMPTY
        };
        return l.make(Kind::String, node, symbol, &[]);
    }
    text(l, node, at..range.end, &mut parts);
    l.make(Kind::Template, node, Symbol::EMPTY, &parts)
}

fn text(l: &mut Lowerer<'_>, node: Node<'_>, range: std::ops::Range<usize>, parts: &mut Vec<NodeId>) {
    if range.start < range.end {
        let text = l.slice(range.start, range.end).into_owned();
        let symbol = l.intern(&text);
        parts.push(l.make_at(Kind::StringPart, node.kind_id(), range, symbol, &[]));
    }
}

/// `[k: v, …]`
pub(super) fn dictionary(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let (keys, values) = (l.fields(node, "key"), l.fields(node, "value"));
    let mut pairs = Vec::new();
    for (key, value) in
        keys.iter().filter(|key| key.is_named()).zip(values.iter().filter(|value| value.is_named()))
    {
        let children = [l.lower(*key), l.lower(*value)];
        let range = key.start_byte()..value.end_byte();
        pairs.push(l.make_at(Kind::Pair, 0, range, Symbol::EMPTY, &children));
    }
    l.make(Kind::Dict, node, Symbol::EMPTY, &pairs)
}

/// `a.B<C>.D`
pub(super) fn user_type(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut made: Option<NodeId> = None;
    for part in l.named(node) {
        let lowered = l.lower(part);
        made = Some(match made {
            None => lowered,
            Some(before) => {
                let kind = if part.kind() == "type_arguments" { Kind::GenericType } else { Kind::Field };
                let range = l.tree().range(before).start..part.end_byte();
                l.make_at(kind, 0, range, Symbol::EMPTY, &[before, lowered])
            }
        });
    }
    match made {
        Some(made) => made,
        None => l.other(node),
    }
}

/// `[T]`
pub(super) fn array_type(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(element) = type_within(l, node) else { return l.other(node) };
    let element = l.lower(element);
    let symbol = l.intern("[]");
    l.make(Kind::WrappedType, node, symbol, &[element])
}

/// `(T)` is `T`.
pub(super) fn tuple_type(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    match l.named(node).as_slice() {
        [only] => l.lower(*only),
        parts => {
            let children = l.lower_list(parts);
            l.make(Kind::Tuple, node, Symbol::EMPTY, &children)
        }
    }
}
