//! When two pieces of a file are the same code.

use super::{Bound, File, Matcher};
use crate::tree::{Kind, NodeId};

/// Whether two constructs are the same code, whatever their layout.
pub fn same(file: &File<'_>, a: NodeId, b: NodeId) -> bool {
    if a == b {
        return true;
    }
    let (a, b) = (unwrapped(file, a), unwrapped(file, b));
    let (left, right) = (file.tree.node(a), file.tree.node(b));
    let (x, y) = (file.tree.children(a), file.tree.children(b));
    let raw_tells = left.kind == Kind::Other;
    left.kind == right.kind
        && left.symbol == right.symbol
        && (!raw_tells || left.raw == right.raw)
        && x.len() == y.len()
        && x.iter().zip(y).all(|(a, b)| same(file, *a, *b))
}

/// A statement that is but an expression is the expression.
fn unwrapped(file: &File<'_>, id: NodeId) -> NodeId {
    match file.tree.kind(id) {
        Kind::ExpressionStatement => file.tree.child(id, 0).unwrap_or(id),
        _ => id,
    }
}

impl Matcher<'_> {
    /// Whether two bindings of one metavariable say the same.
    pub(crate) fn same_bound(&self, a: &Bound, b: &Bound) -> bool {
        same_bound(self.file, a, b)
    }
}

/// Whether two bindings of one metavariable say the same.
pub fn same_bound(file: &File<'_>, a: &Bound, b: &Bound) -> bool {
    match (a, b) {
        (Bound::Node(a), Bound::Node(b)) => same(file, *a, *b),
        (Bound::Nodes(a), Bound::Nodes(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(file, *a, *b))
        }
        _ => bound_text(file, a) == bound_text(file, b),
    }
}

/// The text that a binding took, as the source has it; for a string its content.
pub fn bound_text<'f>(file: &'f File<'_>, bound: &Bound) -> std::borrow::Cow<'f, str> {
    let slice = |start: u32, end: u32| {
        String::from_utf8_lossy(file.source.get(start as usize..end as usize).unwrap_or_default())
    };
    match bound {
        Bound::Node(id) => {
            let node = file.tree.node(*id);
            match node.kind {
                Kind::String | Kind::Char => std::borrow::Cow::Borrowed(file.symbols.text(node.symbol)),
                _ => slice(node.start, node.end),
            }
        }
        Bound::Nodes(list) => match (list.first(), list.last()) {
            (Some(first), Some(last)) => slice(file.tree.node(*first).start, file.tree.node(*last).end),
            _ => std::borrow::Cow::Borrowed(""),
        },
        Bound::Text(range) => slice(range.start, range.end),
        Bound::Qualified(name, _) => std::borrow::Cow::Borrowed(file.symbols.text(*name)),
    }
}
