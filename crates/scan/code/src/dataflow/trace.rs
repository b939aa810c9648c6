//! The ways that taint took, as linked cells shared by all values.

use crate::facts::Map;
use crate::tree::NodeId;

/// A way: its last step. [`TraceId::START`] has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct TraceId(u32);

impl TraceId {
    pub(super) const START: Self = Self(0);
}

/// What happened to a tainted value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub enum StepKind {
    /// It was assigned.
    Assign,
    /// It went through a call whose inside is not known.
    Through,
    /// It was handed to a function that was looked into.
    Enter,
    /// It came back from a function.
    Leave,
}

#[derive(Clone, Copy, Debug)]
struct Cell {
    before: TraceId,
    node: NodeId,
    kind: StepKind,
    length: u16,
}

/// The most steps that are kept of a way; those after it are left out.
const LONGEST: u16 = 64;
/// The most cells of one analysis; later ways lose their steps.
const MOST: usize = 400_000;

#[derive(Debug, Default)]
pub(super) struct Traces {
    cells: Vec<Cell>,
    known: Map<(TraceId, NodeId, StepKind), TraceId>,
    joined: Map<(TraceId, TraceId), TraceId>,
}

impl Traces {
    pub(super) fn push(&mut self, before: TraceId, node: NodeId, kind: StepKind) -> TraceId {
        let length = self.length(before);
        if length >= LONGEST || self.cells.len() >= MOST {
            return before;
        }
        if let Some(known) = self.known.get(&(before, node, kind)) {
            return *known;
        }
        self.cells.push(Cell { before, node, kind, length: length + 1 });
        let id = TraceId(self.cells.len() as u32);
        self.known.insert((before, node, kind), id);
        id
    }

    fn cell(&self, id: TraceId) -> Option<&Cell> {
        self.cells.get((id.0 as usize).checked_sub(1)?)
    }

    fn length(&self, id: TraceId) -> u16 {
        self.cell(id).map_or(0, |cell| cell.length)
    }

    /// The steps, first to last.
    pub(super) fn steps(&self, id: TraceId) -> Vec<(NodeId, StepKind)> {
        let mut out = Vec::new();
        let mut at = id;
        while let Some(cell) = self.cell(at) {
            out.push((cell.node, cell.kind));
            at = cell.before;
        }
        out.reverse();
        out
    }

    /// The steps of `rest` after those of `start`.
    pub(super) fn join(&mut self, start: TraceId, rest: TraceId) -> TraceId {
        if rest == TraceId::START || start == TraceId::START {
            return if rest == TraceId::START { start } else { rest };
        }
        if let Some(known) = self.joined.get(&(start, rest)) {
            return *known;
        }
        let mut at = start;
        for (node, kind) in self.steps(rest) {
            at = self.push(at, node, kind);
        }
        self.joined.insert((start, rest), at);
        at
    }
}
