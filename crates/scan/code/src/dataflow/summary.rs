//! What a function does with what it is given, for its callers.

use super::value::{Key, Object, PathId, Root, TaintSet};
use crate::tree::NodeId;
use std::collections::BTreeMap;

/// Which argument of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Slot {
    /// By position.
    Position(u16),
    /// By name.
    Keyword(crate::tree::Symbol),
    /// The receiver.
    This,
}

/// Something that a function leaves written in what it was given.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Effect {
    pub(super) taint: TaintSet,
    /// Objects of the caller that are stored there.
    pub(super) objects: Vec<Object>,
    pub(super) definite: bool,
}

/// What a function does with what it is given.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Summary {
    /// What its result carries, by part of the result; the empty path is the whole.
    pub(super) returns: BTreeMap<PathId, TaintSet>,
    /// Which of its inputs the result may be.
    pub(super) returned_objects: Vec<Object>,
    pub(super) returned_functions: Vec<NodeId>,
    /// Whether it ends in another way than by an exception.
    pub(super) returns_at_all: bool,
    /// What its exceptions carry.
    pub(super) thrown: TaintSet,
    /// What it writes into objects (by root, path of the object, key) and variables (by root alone).
    pub(super) effects: BTreeMap<(Root, PathId, Option<Key>), Effect>,
    /// Inputs that reach sinks, by sink.
    pub(super) sinks: BTreeMap<u32, TaintSet>,
    /// Inputs and sources that reach arguments of calls into other files.
    pub(super) external: BTreeMap<(NodeId, Slot, PathId), TaintSet>,
    /// Inputs that it calls as functions, and what it hands to them.
    pub(super) callbacks: BTreeMap<(Root, PathId), Vec<TaintSet>>,
    /// Parameters that are clean when it returns.
    pub(super) cleans: Vec<u16>,
    /// Parameters that are clean when it returns something true.
    pub(super) cleans_if_true: Vec<u16>,
    /// What decides that it returned.
    pub(super) control: TaintSet,
}

/// The most entries of one list of a summary.
pub(super) const MOST: usize = 512;

impl Summary {
    pub(super) fn add_sink(&mut self, sink: u32, taint: &TaintSet) {
        if self.sinks.len() < MOST || self.sinks.contains_key(&sink) {
            self.sinks.entry(sink).or_default().add(taint);
        }
    }

    pub(super) fn add_external(&mut self, at: (NodeId, Slot, PathId), taint: &TaintSet) {
        if !taint.is_empty() && (self.external.len() < MOST || self.external.contains_key(&at)) {
            self.external.entry(at).or_default().add(taint);
        }
    }
}
