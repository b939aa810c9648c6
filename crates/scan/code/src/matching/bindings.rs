//! What metavariables took.

use crate::tree::{NodeId, Symbol};
use std::ops::Range;

/// What one metavariable took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// A construct.
    Node(NodeId),
    /// Several in a row: arguments, statements.
    Nodes(Vec<NodeId>),
    /// A piece of the source: the content of a string, part of a name.
    Text(Range<u32>),
    /// A name that an import explains: the last part of its qualified name, and where it is used.
    Qualified(Symbol, NodeId),
}

/// Metavariables and what they took, in order of taking.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bindings {
    list: Vec<(Symbol, Bound)>,
}

impl Bindings {
    /// What a metavariable took.
    pub fn get(&self, name: Symbol) -> Option<&Bound> {
        self.list.iter().find(|(known, _)| *known == name).map(|(_, bound)| bound)
    }

    /// Adds a metavariable that is not bound yet.
    pub fn push(&mut self, name: Symbol, bound: Bound) {
        self.list.push((name, bound));
    }

    /// Takes back the last one added.
    pub fn pop(&mut self) {
        self.list.pop();
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Takes back all but the first `len`.
    pub fn truncate(&mut self, len: usize) {
        self.list.truncate(len);
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (Symbol, &Bound)> {
        self.list.iter().map(|(name, bound)| (*name, bound))
    }

    /// Whether both took the same, in whatever order.
    pub fn equal(&self, other: &Self) -> bool {
        self.list.len() == other.list.len()
            && self.list.iter().all(|(name, bound)| other.get(*name) == Some(bound))
    }
}
