//! The generic tree: one shape for the source of every language, on which matching and dataflow are written once.
//!
//! Nodes lie in one arena in the order in which they were lowered (children before parents). A [`NodeId`] is only
//! meaningful with its [`Tree`].

mod kind;
mod symbol;

pub use kind::Kind;
pub use symbol::{Frozen, Symbol, Symbols};

use std::ops::Range;

/// A node of a [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

impl NodeId {
    /// No node.
    pub const NONE: Self = Self(u32::MAX);

    fn index(self) -> usize {
        self.0 as usize
    }
}

/// What one node is.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// The grammar's number for it, which tells apart nodes of [`Kind::Other`].
    pub raw: u16,
    /// Its text, for kinds that have one.
    pub symbol: Symbol,
    /// First byte in the source.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
    /// The node that this is a child of; [`NodeId::NONE`] for the root.
    pub parent: NodeId,
    first: u32,
    count: u32,
}

/// A source text as generic tree.
#[derive(Debug)]
pub struct Tree {
    nodes: Vec<Node>,
    children: Vec<NodeId>,
    /// The root.
    pub root: NodeId,
    /// Bytes that the grammar could not read, as ranges of the source.
    pub errors: Vec<Range<u32>>,
    /// How many constructs were left out because they are nested too deeply.
    pub too_deep: u32,
}

impl Default for Tree {
    fn default() -> Self {
        Self { nodes: Vec::new(), children: Vec::new(), root: NodeId::NONE, errors: Vec::new(), too_deep: 0 }
    }
}

/// A node to be added.
#[derive(Clone, Copy, Debug)]
pub struct NewNode {
    /// What it is.
    pub kind: Kind,
    /// The grammar's number, 0 for none.
    pub raw: u16,
    /// Its text.
    pub symbol: Symbol,
    /// First byte.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
}

impl Tree {
    /// Adds a node over children that exist already.
    pub fn add(&mut self, node: NewNode, children: &[NodeId]) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX - 1));
        let first = self.children.len() as u32;
        self.children.extend_from_slice(children);
        for child in children {
            self.nodes[child.index()].parent = id;
        }
        let NewNode { kind, raw, symbol, start, end } = node;
        self.nodes.push(Node {
            kind,
            raw,
            symbol,
            start,
            end,
            parent: NodeId::NONE,
            first,
            count: children.len() as u32,
        });
        id
    }

    /// A node.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// To change a node in place; its children stay.
    pub fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.index()]
    }

    /// A node's kind.
    pub fn kind(&self, id: NodeId) -> Kind {
        self.nodes[id.index()].kind
    }

    /// A node's text.
    pub fn symbol(&self, id: NodeId) -> Symbol {
        self.nodes[id.index()].symbol
    }

    /// A node's children, in order of slots.
    pub fn children(&self, id: NodeId) -> &[NodeId] {
        let node = &self.nodes[id.index()];
        &self.children[node.first as usize..(node.first + node.count) as usize]
    }

    /// One child by slot; `None` where there are fewer.
    pub fn child(&self, id: NodeId, slot: usize) -> Option<NodeId> {
        self.children(id).get(slot).copied()
    }

    /// One child by slot, `None` also where it is [`Kind::Missing`].
    pub fn present(&self, id: NodeId, slot: usize) -> Option<NodeId> {
        self.child(id, slot).filter(|child| self.kind(*child) != Kind::Missing)
    }

    /// A node's bytes in the source.
    pub fn range(&self, id: NodeId) -> Range<usize> {
        let node = &self.nodes[id.index()];
        node.start as usize..node.end as usize
    }

    /// The node above.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        Some(self.nodes[id.index()].parent).filter(|parent| *parent != NodeId::NONE)
    }

    /// All nodes, children before parents.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = NodeId> + use<> {
        (0..self.nodes.len() as u32).map(NodeId)
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The nodes above `id`, nearest first.
    pub fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.parent(id), |id| self.parent(*id))
    }

    /// `id` and all below it, parents before children, in order of the source.
    pub fn descendants(&self, id: NodeId) -> Descendants<'_> {
        Descendants { tree: self, stack: vec![id] }
    }

    /// For tests and `rules explain`: the tree as an S-expression.
    pub fn to_sexp(&self, id: NodeId, symbols: &Symbols) -> String {
        let mut out = String::new();
        self.write_sexp(id, symbols, &mut out, 0);
        out
    }

    fn write_sexp(&self, id: NodeId, symbols: &Symbols, out: &mut String, depth: usize) {
        use std::fmt::Write as _;
        let node = self.node(id);
        if node.kind == Kind::Missing {
            out.push('_');
            return;
        }
        out.push('(');
        let _ = write!(out, "{:?}", node.kind);
        if node.symbol != Symbol::EMPTY {
            let _ = write!(out, " {:?}", symbols.text(node.symbol));
        }
        for child in self.children(id) {
            out.push(' ');
            if depth < 200 {
                self.write_sexp(*child, symbols, out, depth + 1);
            }
        }
        out.push(')');
    }
}

/// See [`Tree::descendants`].
pub struct Descendants<'a> {
    tree: &'a Tree,
    stack: Vec<NodeId>,
}

impl Iterator for Descendants<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        let id = self.stack.pop()?;
        self.stack.extend(self.tree.children(id).iter().rev());
        Some(id)
    }
}
