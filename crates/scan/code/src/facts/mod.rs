//! What a tree alone does not say: what names mean.
//!
//! [`Facts`] are computed once per file, from its tree, and asked by matching and dataflow alike.

use crate::tree::{NodeId, Symbol};
use std::collections::HashMap;

/// A value known without running the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constant {
    /// A string, by its content.
    String(Symbol),
    /// A number, as written.
    Number(Symbol),
    /// A truth value.
    Bool(bool),
    /// `None`, `null`, `nil`.
    Null,
    /// Some string that is not computed but holds nothing that comes from outside (`"a" + CONST * n`).
    SomeString,
}

/// What names of one file mean.
#[derive(Debug, Default)]
pub struct Facts {
    /// Of a `Name` or `Field` node that an import explains: the qualified name as its dotted text (`os.system`).
    pub qualified: HashMap<NodeId, Symbol, foldhash::fast::RandomState>,
    /// Of an expression that is no literal: its constant value.
    pub constants: HashMap<NodeId, Constant, foldhash::fast::RandomState>,
    /// Of an expression: its type as dotted text, qualified where an import explains it.
    pub types: HashMap<NodeId, Symbol, foldhash::fast::RandomState>,
    /// Of a use of a local variable, parameter or function of this file: the `Name` node of its definition.
    pub definitions: HashMap<NodeId, NodeId, foldhash::fast::RandomState>,
}
