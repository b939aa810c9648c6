//! What HTML and XML share: elements, text and quoted values.

use super::Lowerer;
use crate::tree::{Kind, NodeId, Symbol};
use std::ops::Range;
use tree_sitter::Node;

/// Text without the white space around it.
pub(super) fn text(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    text_between(l, node, node.byte_range())
}

/// As [`text`], of a part of the source.
pub(super) fn text_between(l: &mut Lowerer<'_>, node: Node<'_>, range: Range<usize>) -> NodeId {
    // Offsets are counted in the bytes of the source: text that is no UTF-8 grows when it is read.
    let blank = |byte: &&u8| byte.is_ascii_whitespace();
    let bytes = l.bytes(range.clone());
    let front = bytes.iter().take_while(blank).count();
    let back = bytes[front..].iter().rev().take_while(blank).count();
    let range = range.start + front..(range.end - back).max(range.start + front);
    let text = l.slice(range.start, range.end).into_owned();
    let symbol = l.intern(&text);
    l.make_at(Kind::Text, node.kind_id(), range, symbol, &[])
}

/// A value, with or without quotes; references in it stay as written.
pub(super) fn value(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let range = node.byte_range();
    let quoted = range.len() >= 2 && matches!(l.bytes(range.clone()).first(), Some(b'"' | b'\''));
    let cut = usize::from(quoted);
    let text = l.slice(range.start + cut, range.end - cut).into_owned();
    l.leaf_of(Kind::String, node, &text)
}

/// An element from its name, its attributes, and what it holds, which lies in `inside`. The element ends with its end tag
/// or, without one, with what it holds.
pub(super) fn element(
    l: &mut Lowerer<'_>,
    node: Node<'_>,
    name: NodeId,
    attributes: &[NodeId],
    content: Option<(Range<usize>, Vec<NodeId>)>,
    end: usize,
) -> NodeId {
    let mut children = vec![name];
    children.extend_from_slice(attributes);
    if let Some((inside, content)) = content {
        children.push(l.make_at(Kind::Block, 0, inside, Symbol::EMPTY, &content));
    }
    l.make_at(Kind::Element, 0, node.start_byte()..end, Symbol::EMPTY, &children)
}
