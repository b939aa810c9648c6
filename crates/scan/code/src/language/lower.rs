//! From a grammar's tree to the generic tree.

use super::{Spec, registry};
use crate::tree::{Kind, NewNode, NodeId, Symbol, Symbols, Tree};
use std::borrow::Cow;
use tree_sitter::Node;

/// How deep constructs may be nested; what is deeper is left out and counted. Bounds the stack of everything that recurses
/// over a tree.
const MAX_DEPTH: u32 = 400;

/// What a grammar rule becomes.
#[derive(Clone, Copy)]
pub enum Lower {
    /// A leaf with the node's text.
    Leaf(Kind),
    /// A leaf with this text.
    Fixed(Kind, Symbol),
    /// Children are these fields of the grammar rule, [`Kind::Missing`] where it has none.
    Fields(Kind, &'static [&'static str]),
    /// As `Fields`, and the text of the field `operator` is the symbol.
    Operator(Kind, &'static [&'static str]),
    /// Children are all named children.
    All(Kind),
    /// The only named child, or [`Kind::Other`] over several, stands in the node's place (parentheses, wrappers).
    Inner,
    /// As `Inner`, and the node's bytes are those with the parentheses.
    Parenthesized,
    /// A string: pieces of text and interpolations. See [`Lowerer::string`].
    String(Kind),
    /// Whatever the function makes.
    With(fn(&mut Lowerer<'_>, Node<'_>) -> NodeId),
}

/// Lowers one source text.
pub struct Lowerer<'s> {
    spec: &'static Spec,
    table: &'static registry::Table,
    source: &'s [u8],
    symbols: &'s mut Symbols,
    tree: Tree,
    depth: u32,
    /// How many parts being read again are within each other.
    rereads: u32,
}

/// How many parts that are read again may be within each other; each reads its text once more.
const MAX_REREADS: u32 = 6;

pub(super) fn lower(
    spec: &'static Spec,
    source: &[u8],
    parsed: &tree_sitter::Tree,
    symbols: &mut Symbols,
) -> Tree {
    let table = registry::table(spec);
    let mut lowerer = Lowerer { spec, table, source, symbols, tree: Tree::default(), depth: 0, rereads: 0 };
    let root = lowerer.lower(parsed.root_node());
    lowerer.tree.root = root;
    lowerer.tree.errors.extend(super::errors::of(parsed));
    lowerer.tree.errors.sort_unstable_by_key(|range| (range.start, range.end));
    lowerer.tree.errors.dedup();
    lowerer.tree
}

impl<'s> Lowerer<'s> {
    /// Lowers a node by the language's table.
    pub fn lower(&mut self, node: Node<'_>) -> NodeId {
        if self.depth >= MAX_DEPTH {
            self.tree.too_deep += 1;
            return self.make(Kind::Error, node, Symbol::EMPTY, &[]);
        }
        self.depth += 1;
        let id = self.by_table(node);
        self.depth -= 1;
        id
    }

    fn by_table(&mut self, node: Node<'_>) -> NodeId {
        if node.is_error() {
            self.tree.errors.push(node.start_byte() as u32..node.end_byte() as u32);
            let children = self.lower_named(node);
            return self.make(Kind::Error, node, Symbol::EMPTY, &children);
        }
        if node.is_missing() {
            self.tree.errors.push(node.start_byte() as u32..node.end_byte() as u32);
            return self.missing(node);
        }
        match self.table.get(node.kind_id()) {
            Some(Lower::Leaf(kind)) => {
                // Some grammars' scanners make names of nothing to go on after a mistake.
                if kind == Kind::Name && node.start_byte() == node.end_byte() {
                    self.tree.errors.push(node.start_byte() as u32..node.end_byte() as u32);
                }
                self.leaf(kind, node)
            }
            Some(Lower::Fixed(kind, symbol)) => self.make(kind, node, symbol, &[]),
            Some(Lower::Fields(kind, fields)) => {
                let children: Vec<NodeId> = fields.iter().map(|field| self.field(node, field)).collect();
                self.make(kind, node, Symbol::EMPTY, &children)
            }
            Some(Lower::Operator(kind, fields)) => {
                let children: Vec<NodeId> = fields.iter().map(|field| self.field(node, field)).collect();
                let operator = node.child_by_field_name("operator");
                let symbol = operator.map_or(Symbol::EMPTY, |operator| self.operator(operator));
                self.make(kind, node, symbol, &children)
            }
            Some(Lower::All(kind)) => {
                let children = self.lower_named(node);
                self.make(kind, node, Symbol::EMPTY, &children)
            }
            Some(Lower::Inner) => self.inner(node),
            Some(Lower::Parenthesized) => {
                let inner = self.inner(node);
                let range = node.byte_range();
                let inside = self.tree.node_mut(inner);
                (inside.start, inside.end) = (range.start as u32, range.end as u32);
                inner
            }
            Some(Lower::String(kind)) => self.string(node, kind),
            Some(Lower::With(make)) => make(self, node),
            None => self.other(node),
        }
    }

    /// Reads a part of the source again as if it were a file of its own, and makes of its root what `make` does. `None` where
    /// that makes nothing of it, where the grammar gives up, and within too many of the kind.
    pub fn reread<T>(
        &mut self,
        part: tree_sitter::Range,
        make: impl FnOnce(&mut Self, Node<'_>) -> Option<T>,
    ) -> Option<T> {
        if self.rereads >= MAX_REREADS || self.depth >= MAX_DEPTH {
            return None;
        }
        let mut parser = tree_sitter::Parser::new();
        parser.set_language(&self.table.language).ok()?;
        parser.set_included_ranges(&[part]).ok()?;
        let parsed = parser.parse(self.source, None)?;
        self.rereads += 1;
        let made = make(self, parsed.root_node());
        self.rereads -= 1;
        made
    }

    /// The language.
    pub fn spec(&self) -> &'static Spec {
        self.spec
    }

    /// A node's text.
    pub fn text(&self, node: Node<'_>) -> Cow<'s, str> {
        String::from_utf8_lossy(self.source.get(node.byte_range()).unwrap_or_default())
    }

    /// The source between two offsets.
    pub fn slice(&self, start: usize, end: usize) -> Cow<'s, str> {
        String::from_utf8_lossy(self.source.get(start..end).unwrap_or_default())
    }

    /// The bytes of a part of the source; none where it lies outside.
    pub fn bytes(&self, range: std::ops::Range<usize>) -> &'s [u8] {
        self.source.get(range).unwrap_or_default()
    }

    /// Numbers text.
    pub fn intern(&mut self, text: &str) -> Symbol {
        self.symbols.intern(text)
    }

    /// The text of a number.
    pub fn symbol_text(&self, symbol: Symbol) -> &str {
        self.symbols.text(symbol)
    }

    /// The tree so far.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The tree so far, to change nodes in place.
    pub fn tree_mut(&mut self) -> &mut Tree {
        &mut self.tree
    }

    /// A node over lowered children, with the range of a node of the grammar.
    pub fn make(&mut self, kind: Kind, node: Node<'_>, symbol: Symbol, children: &[NodeId]) -> NodeId {
        self.make_at(kind, node.kind_id(), node.start_byte()..node.end_byte(), symbol, children)
    }

    /// A node over lowered children, with a range of its own.
    pub fn make_at(
        &mut self,
        kind: Kind,
        raw: u16,
        range: std::ops::Range<usize>,
        symbol: Symbol,
        children: &[NodeId],
    ) -> NodeId {
        let (start, end) = (range.start as u32, range.end as u32);
        // Of those known beforehand, nobody asked for the number.
        self.symbols.see(symbol);
        self.tree.add(NewNode { kind, raw, symbol, start, end }, children)
    }

    /// Takes a node that was made but has no place in the tree out of what is searched; its children may have found a place.
    pub fn discard(&mut self, id: NodeId) {
        self.tree.node_mut(id).kind = Kind::Missing;
    }

    /// A leaf whose symbol is the node's text.
    pub fn leaf(&mut self, kind: Kind, node: Node<'_>) -> NodeId {
        let text = self.text(node);
        let symbol = self.symbols.intern(&text);
        self.make(kind, node, symbol, &[])
    }

    /// A leaf with a text of its own.
    pub fn leaf_of(&mut self, kind: Kind, node: Node<'_>, text: &str) -> NodeId {
        let symbol = self.symbols.intern(text);
        self.make(kind, node, symbol, &[])
    }

    /// An empty slot, at the node's start.
    pub fn missing(&mut self, node: Node<'_>) -> NodeId {
        self.empty(Kind::Missing, node)
    }

    /// A list of nothing at the node's start.
    pub fn empty(&mut self, kind: Kind, node: Node<'_>) -> NodeId {
        self.make_at(kind, 0, node.start_byte()..node.start_byte(), Symbol::EMPTY, &[])
    }

    /// The bytes of a node without the `;` that ends it.
    pub fn unterminated(&self, node: Node<'_>) -> std::ops::Range<usize> {
        let text = self.source.get(node.byte_range()).unwrap_or_default();
        let kept = text.iter().rev().skip_while(|byte| byte.is_ascii_whitespace() || **byte == b';').count();
        node.start_byte()..node.start_byte() + kept
    }

    /// Takes the `;` off the end of a node.
    pub fn cut_terminator(&mut self, id: NodeId, node: Node<'_>) {
        let end = self.unterminated(node).end as u32;
        let made = self.tree.node_mut(id);
        made.end = made.end.min(end.max(made.start));
    }

    /// A field, lowered; an empty slot where the node has none.
    pub fn field(&mut self, node: Node<'_>, field: &str) -> NodeId {
        match node.child_by_field_name(field) {
            Some(child) => self.lower(child),
            None => self.missing(node),
        }
    }

    /// A child, lowered; an empty slot for `None`.
    pub fn optional(&mut self, parent: Node<'_>, child: Option<Node<'_>>) -> NodeId {
        match child {
            Some(child) => self.lower(child),
            None => self.missing(parent),
        }
    }

    /// Named children without comments, in order.
    pub fn named<'t>(&self, node: Node<'t>) -> Vec<Node<'t>> {
        let mut cursor = node.walk();
        node.named_children(&mut cursor).filter(|child| !self.is_comment(*child)).collect()
    }

    /// All children without comments, in order, tokens too.
    pub fn all<'t>(&self, node: Node<'t>) -> Vec<Node<'t>> {
        let mut cursor = node.walk();
        node.children(&mut cursor).filter(|child| !self.is_comment(*child)).collect()
    }

    /// The first child (named or token) of this grammar rule.
    pub fn child_of_kind<'t>(&self, node: Node<'t>, kind: &str) -> Option<Node<'t>> {
        let mut cursor = node.walk();
        node.children(&mut cursor).find(|child| child.kind() == kind)
    }

    /// All children in a field of the grammar.
    pub fn fields<'t>(&self, node: Node<'t>, field: &str) -> Vec<Node<'t>> {
        let mut cursor = node.walk();
        node.children_by_field_name(field, &mut cursor).collect()
    }

    /// Whether the node is a comment or another extra that stands anywhere.
    pub fn is_comment(&self, node: Node<'_>) -> bool {
        node.is_extra() && !node.is_error()
    }

    /// All named children, lowered.
    pub fn lower_named(&mut self, node: Node<'_>) -> Vec<NodeId> {
        self.named(node).into_iter().map(|child| self.lower(child)).collect()
    }

    /// Nodes, lowered.
    pub fn lower_list(&mut self, nodes: &[Node<'_>]) -> Vec<NodeId> {
        nodes.iter().map(|child| self.lower(*child)).collect()
    }

    /// The only named child in the node's place.
    pub fn inner(&mut self, node: Node<'_>) -> NodeId {
        let children = self.named(node);
        match children.as_slice() {
            [only] => self.lower(*only),
            _ => self.other(node),
        }
    }

    /// A construct without a lowering: named children, and tokens that tell.
    pub fn other(&mut self, node: Node<'_>) -> NodeId {
        if node.child_count() == 0 {
            let kind = if node.is_named() { Kind::Other } else { Kind::Token };
            return self.leaf(kind, node);
        }
        let mut children = Vec::new();
        for child in self.all(node) {
            if child.is_named() || child.is_error() {
                children.push(self.lower(child));
            } else if self.tells(child) {
                children.push(self.leaf(Kind::Token, child));
            }
        }
        self.make(Kind::Other, node, Symbol::EMPTY, &children)
    }

    fn tells(&self, token: Node<'_>) -> bool {
        let kind = token.kind();
        !kind.bytes().all(|byte| b"()[]{},;:\"'`\n".contains(&byte))
            && !self.spec.ignored_tokens.contains(&kind)
    }

    /// The symbol of an operator, with words written as signs.
    pub fn operator(&mut self, node: Node<'_>) -> Symbol {
        let text = self.text(node);
        match text.as_ref() {
            "and" => Symbol::AND,
            "or" => Symbol::OR,
            "not" => Symbol::NOT,
            text => {
                let words: Vec<&str> = text.split_whitespace().collect();
                self.symbols.intern(&words.join(" "))
            }
        }
    }

    /// A string: without named children that are interpolations, a leaf of `kind` with what is between the delimiters; else
    /// a [`Kind::Template`].
    ///
    /// Children named `*content*`, `*fragment*`, `*escape*` or `*start*`/`*end*` are text; all other named children are
    /// interpolated expressions.
    pub fn string(&mut self, node: Node<'_>, kind: Kind) -> NodeId {
        let is_text = |child: &Node<'_>| {
            let name = child.kind();
            ["content", "fragment", "escape", "start", "end", "delimiter", "text", "prefix"]
                .iter()
                .any(|part| name.contains(part))
        };
        let children = self.named(node);
        let range = self.inside_quotes(node);
        if children.iter().all(is_text) {
            let text = self.slice(range.start, range.end);
            let symbol = self.symbols.intern(&text);
            return self.make(kind, node, symbol, &[]);
        }
        let mut parts = Vec::new();
        let mut at = range.start;
        for child in children.iter().filter(|child| !is_text(child)) {
            self.string_part(node, at, child.start_byte(), &mut parts);
            parts.push(self.interpolation(*child));
            at = child.end_byte();
        }
        self.string_part(node, at, range.end, &mut parts);
        self.make(Kind::Template, node, Symbol::EMPTY, &parts)
    }

    fn string_part(&mut self, node: Node<'_>, start: usize, end: usize, parts: &mut Vec<NodeId>) {
        if start < end {
            let text = self.slice(start, end);
            let symbol = self.symbols.intern(&text);
            parts.push(self.make_at(Kind::StringPart, node.kind_id(), start..end, symbol, &[]));
        }
    }

    /// The expression of an interpolation such as `${x}` or `{x:>8}`: the first named child, or the node itself.
    fn interpolation(&mut self, node: Node<'_>) -> NodeId {
        match node.named_child(0) {
            Some(first) if node.child_count() > 1 && !node.child(0).is_some_and(|token| token.is_named()) => {
                self.lower(first)
            }
            _ => self.lower(node),
        }
    }

    /// The range between a literal's delimiters: after its prefix letters and opening quotes, before the closing ones.
    pub fn inside_quotes(&self, node: Node<'_>) -> std::ops::Range<usize> {
        let range = node.byte_range();
        let bytes = self.source.get(range.clone()).unwrap_or_default();
        let prefix =
            bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"@$#".contains(byte)).count();
        let Some(quote) = bytes.get(prefix).copied().filter(|byte| b"\"'`/".contains(byte)) else {
            return range;
        };
        let opening = bytes[prefix..].iter().take_while(|byte| **byte == quote).count();
        let count = match opening {
            // An empty string is two quotes.
            2 => 1,
            n if n >= 6 => 3,
            n => n,
        };
        let body = bytes.len().saturating_sub(prefix + count);
        let tail =
            bytes.iter().rev().skip_while(|byte| **byte == b'#').take_while(|byte| **byte == quote).count();
        let hashes = bytes.iter().rev().take_while(|byte| **byte == b'#').count();
        let closing = tail.min(count);
        if closing + hashes > body {
            return range.start + prefix + count.min(bytes.len() - prefix)..range.end;
        }
        range.start + prefix + count..range.end - closing - hashes
    }
}
