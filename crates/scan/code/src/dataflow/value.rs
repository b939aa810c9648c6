//! What an expression may hold: taints, objects and functions.

use super::trace::TraceId;
use crate::tree::{NodeId, Symbol};
use std::rc::Rc;

/// Rules of one round of analysis, as bits. A file with more taint rules is analysed in several rounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct RuleSet(pub(super) u128);

impl RuleSet {
    /// How many rules fit.
    pub(super) const CAPACITY: usize = 128;
    pub(super) const EMPTY: Self = Self(0);
    pub(super) const ALL: Self = Self(u128::MAX);

    pub(super) fn one(rule: u8) -> Self {
        Self(1 << u32::from(rule & 127))
    }

    pub(super) fn has(self, rule: u8) -> bool {
        self.0 & Self::one(rule).0 != 0
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn rules(self) -> impl Iterator<Item = u8> {
        (0..128u8).filter(move |rule| self.has(*rule))
    }
}

/// One part of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Key {
    /// A field, or the entry of a constant string key.
    Name(Symbol),
    /// The element at a constant index.
    Index(u32),
    /// Some element.
    Any,
}

/// A sequence of at most [`Paths::DEPTH`] keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PathId(pub(super) u32);

impl PathId {
    /// No keys.
    pub(super) const EMPTY: Self = Self(0);
}

/// All paths of one file.
#[derive(Debug)]
pub(super) struct Paths {
    cells: Vec<(PathId, Option<Key>, u8)>,
    children: std::collections::BTreeMap<(PathId, Key), PathId>,
}

impl Default for Paths {
    fn default() -> Self {
        Self { cells: vec![(PathId::EMPTY, None, 0)], children: Default::default() }
    }
}

impl Paths {
    /// How many keys a path has at most.
    pub(super) const DEPTH: u8 = 3;

    /// The path with one more key; `None` where it would be too long.
    pub(super) fn push(&mut self, path: PathId, key: Key) -> Option<PathId> {
        let depth = self.cells[path.0 as usize].2;
        if depth >= Self::DEPTH {
            return None;
        }
        let next = PathId(self.cells.len() as u32);
        let child = *self.children.entry((path, key)).or_insert(next);
        if child == next {
            self.cells.push((path, Some(key), depth + 1));
        }
        Some(child)
    }

    /// The path without its last key, and that.
    pub(super) fn pop(&self, path: PathId) -> Option<(PathId, Key)> {
        let (parent, key, _) = self.cells[path.0 as usize];
        key.map(|key| (parent, key))
    }

    /// The keys, first to last.
    pub(super) fn keys(&self, path: PathId) -> Vec<Key> {
        let mut out = Vec::new();
        let mut at = path;
        while let Some((parent, key)) = self.pop(at) {
            out.push(key);
            at = parent;
        }
        out.reverse();
        out
    }
}

/// Where a function takes something from that it did not make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Root {
    /// A parameter, by position; the receiver not counted.
    Parameter(u16),
    /// The receiver.
    This,
    /// A variable of an enclosing function or of the module, by its definition.
    Variable(NodeId),
    /// The result of a call to a function of another file.
    Call(NodeId),
    /// What such a call has written into what it was given: 0 the receiver, then arguments by position.
    Written(NodeId, u16),
}

/// Where taint comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Origin {
    /// A source, as index into [`Matches::sources`](super::matches::Matches).
    Source(u32),
    /// Whatever the caller puts there. `deep`: including all that it contains.
    Input { root: Root, path: PathId, deep: bool },
}

/// Something that a value may carry from a source.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taint {
    pub(super) origin: Origin,
    /// The label, as index into [`Matches::labels`](super::matches::Matches); 0 for none, or the input's own.
    pub(super) label: u16,
    /// The rules for which nothing sanitized it.
    pub(super) live: RuleSet,
    /// How it came here.
    pub(super) trace: TraceId,
}

/// Taint is the same whatever way it took: loops end when nothing but ways changes.
impl PartialEq for Taint {
    fn eq(&self, other: &Self) -> bool {
        (self.origin, self.label, self.live) == (other.origin, other.label, other.live)
    }
}

/// The most taints that one value carries; more is counted and left out.
const MOST: usize = 48;

/// Taints in order of origin and label; those of the same have no rule in common.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct TaintSet(Option<Rc<[Taint]>>);

impl TaintSet {
    pub(super) fn of(taints: Vec<Taint>) -> Self {
        if taints.is_empty() { Self(None) } else { Self(Some(taints.into())) }
    }

    pub(super) fn one(taint: Taint) -> Self {
        if taint.live.is_empty() { Self(None) } else { Self(Some(Rc::new([taint]))) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, Taint> {
        self.0.as_deref().unwrap_or_default().iter()
    }

    /// Adds what is not there yet.
    pub(super) fn add(&mut self, other: &Self) {
        let (Some(mine), Some(theirs)) = (&self.0, &other.0) else {
            if self.0.is_none() {
                self.0.clone_from(&other.0);
            }
            return;
        };
        if Rc::ptr_eq(mine, theirs) || mine.len() >= MOST {
            return;
        }
        let key = |taint: &Taint| (taint.origin, taint.label);
        let mut fresh: Vec<Taint> = Vec::new();
        for taint in theirs.iter() {
            let from = mine.partition_point(|other| key(other) < key(taint));
            let known = mine[from..].iter().take_while(|other| key(other) == key(taint));
            let known = known.fold(RuleSet::EMPTY, |set, other| set.or(other.live));
            let live = taint.live.without(known);
            if !live.is_empty() {
                fresh.push(Taint { live, ..*taint });
            }
        }
        if fresh.is_empty() || mine.len() >= MOST {
            return;
        }
        let mut all: Vec<Taint> = mine.iter().copied().chain(fresh).collect();
        // Stable: what was there first stays first.
        all.sort_by_key(key);
        all.truncate(MOST);
        self.0 = Some(all.into());
    }

    pub(super) fn map(&self, change: impl FnMut(&Taint) -> Option<Taint>) -> Self {
        if self.is_empty() {
            return Self(None);
        }
        let mut taints: Vec<Taint> =
            self.iter().filter_map(change).filter(|taint| !taint.live.is_empty()).collect();
        taints.sort_by_key(|taint| (taint.origin, taint.label));
        Self::of(taints)
    }

    /// Without what these rules see.
    pub(super) fn without(&self, rules: RuleSet) -> Self {
        if rules.is_empty() || self.is_empty() {
            return self.clone();
        }
        self.map(|taint| Some(Taint { live: taint.live.without(rules), ..*taint }))
    }
}

/// An object made at a place, or handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Object {
    /// Made by a node; `path` tells parts of what a call made.
    Site { node: NodeId, path: PathId },
    /// What the caller has there.
    Input { root: Root, path: PathId },
}

/// A sorted list without repetition, cheap to copy.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sorted<T>(Option<Rc<[T]>>);

impl<T> Default for Sorted<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Copy + Ord> Sorted<T> {
    pub(super) fn one(item: T) -> Self {
        Self(Some(Rc::new([item])))
    }

    pub(super) fn as_slice(&self) -> &[T] {
        self.0.as_deref().unwrap_or_default()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(super) fn add(&mut self, other: &Self) {
        if self.0.is_none() {
            self.0.clone_from(&other.0);
            return;
        }
        if other.as_slice().iter().all(|item| self.as_slice().binary_search(item).is_ok()) {
            return;
        }
        let mut all: Vec<T> = self.as_slice().iter().chain(other.as_slice()).copied().collect();
        all.sort_unstable();
        all.dedup();
        // Beyond this, precision is lost anyway.
        all.truncate(16);
        self.0 = Some(all.into());
    }
}

/// What an expression may hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Value {
    /// Taint of the whole.
    pub(super) taint: TaintSet,
    /// The objects it may be.
    pub(super) objects: Sorted<Object>,
    /// The functions it may be: `Function` and `Lambda` nodes.
    pub(super) functions: Sorted<NodeId>,
}

impl Value {
    pub(super) fn of(taint: TaintSet) -> Self {
        Self { taint, ..Self::default() }
    }

    pub(super) fn object(object: Object) -> Self {
        Self { objects: Sorted::one(object), ..Self::default() }
    }

    pub(super) fn function(node: NodeId) -> Self {
        Self { functions: Sorted::one(node), ..Self::default() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.taint.is_empty() && self.objects.is_empty() && self.functions.is_empty()
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.taint.add(&other.taint);
        self.objects.add(&other.objects);
        self.functions.add(&other.functions);
    }

    pub(super) fn with(mut self, other: &Self) -> Self {
        self.add(other);
        self
    }
}
