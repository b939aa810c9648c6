//! Where a grammar could not read the source.
//!
//! Lowering meets only the nodes that it asks for; mistakes stand between these too.

use std::ops::Range;
use tree_sitter::Tree;

/// Places that are kept; the first tell enough of a file that has more.
const MAX_ERRORS: usize = 10_000;

/// The bytes of each outermost unreadable part, in order; where a token is missing, an empty range.
pub(super) fn of(parsed: &Tree) -> Vec<Range<u32>> {
    let mut out = Vec::new();
    if !parsed.root_node().has_error() {
        return out;
    }
    let mut cursor = parsed.walk();
    loop {
        let node = cursor.node();
        let is_mistake = node.is_error() || node.is_missing();
        if is_mistake && out.len() < MAX_ERRORS {
            out.push(node.start_byte() as u32..node.end_byte() as u32);
        }
        if !is_mistake && node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return out;
            }
        }
    }
}
