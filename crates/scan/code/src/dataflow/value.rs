//! What an expression may hold: taints, objects and functions.

use super::trace::TraceId;
use crate::tree::{NodeId, Symbol};
use std::cell::Cell;
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

impl Origin {
    /// The origin as a number below 2⁸⁵; sources are the smallest.
    fn pack(self) -> u128 {
        match self {
            Self::Source(index) => u128::from(index),
            Self::Input { root, path, deep } => {
                let (kind, node, slot) = match root {
                    Root::Parameter(index) => (1, 0, index),
                    Root::This => (2, 0, 0),
                    Root::Variable(node) => (3, node.0, 0),
                    Root::Call(node) => (4, node.0, 0),
                    Root::Written(node, slot) => (5, node.0, slot),
                };
                let root = u128::from(kind as u8) << 48 | u128::from(node) << 16 | u128::from(slot);
                root << 33 | u128::from(path.0) << 1 | u128::from(deep)
            }
        }
    }

    fn unpack(number: u128) -> Self {
        let root = number >> 33;
        let (node, slot) = (NodeId((root >> 16) as u32), root as u16);
        let root = match root >> 48 {
            1 => Root::Parameter(slot),
            2 => Root::This,
            3 => Root::Variable(node),
            4 => Root::Call(node),
            5 => Root::Written(node, slot),
            _ => return Self::Source(number as u32),
        };
        Self::Input { root, path: PathId((number >> 1) as u32), deep: number & 1 != 0 }
    }
}

/// Something that a value may carry from a source.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taint {
    /// Origin and label as one number: sets are merged by it, which is most of what analysis does.
    pub(super) key: u128,
    /// The rules for which nothing sanitized it.
    pub(super) live: RuleSet,
    /// How it came here.
    pub(super) trace: TraceId,
}

impl Taint {
    /// `label`: the label, as index into [`Matches::labels`](super::matches::Matches); 0 for none, or the input's own.
    pub(super) fn new(origin: Origin, label: u16, live: RuleSet, trace: TraceId) -> Self {
        Self { key: origin.pack() << 16 | u128::from(label), live, trace }
    }

    pub(super) fn origin(&self) -> Origin {
        Origin::unpack(self.key >> 16)
    }

    pub(super) fn is_source(&self) -> bool {
        self.key >> 49 == 0
    }

    pub(super) fn label(&self) -> u16 {
        self.key as u16
    }

    pub(super) fn labelled(self, label: u16) -> Self {
        Self { key: self.key >> 16 << 16 | u128::from(label), ..self }
    }
}

/// Taint is the same whatever way it took: loops end when nothing but ways changes.
impl PartialEq for Taint {
    fn eq(&self, other: &Self) -> bool {
        (self.key, self.live) == (other.key, other.live)
    }
}

/// The most taints that one value carries; more is left out. Sources are kept before inputs.
const MOST: usize = 48;

thread_local! {
    static WORK: Cell<u64> = const { Cell::new(0) };
}

/// Notes work on sets, for the budget of the analysis that this thread does.
fn work(amount: usize) {
    WORK.set(WORK.get() + amount as u64);
}

/// What [`work`] has noted since the last call.
pub(super) fn take_work() -> u64 {
    WORK.replace(0)
}

/// Taints in order of origin and label; those of the same have no rule in common.
#[derive(Clone, Debug, Default)]
pub(super) struct TaintSet(Option<Rc<[Taint]>>);

impl PartialEq for TaintSet {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(mine), Some(theirs)) => Rc::ptr_eq(mine, theirs) || mine == theirs,
            (None, None) => true,
            _ => false,
        }
    }
}

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
        if Rc::ptr_eq(mine, theirs) || covers(mine, theirs) || mine.len() >= MOST {
            return;
        }
        self.0 = Some(merge(mine, theirs).into());
    }

    pub(super) fn map(&self, change: impl FnMut(&Taint) -> Option<Taint>) -> Self {
        if self.is_empty() {
            return Self(None);
        }
        let mut taints: Vec<Taint> =
            self.iter().filter_map(change).filter(|taint| !taint.live.is_empty()).collect();
        work(taints.len());
        if !taints.is_sorted_by_key(|taint| taint.key) {
            taints.sort_by_key(|taint| taint.key);
        }
        Self::of(taints)
    }

    /// What `keep` says yes to.
    pub(super) fn filter(&self, mut keep: impl FnMut(&Taint) -> bool) -> Self {
        if self.iter().all(&mut keep) {
            return self.clone();
        }
        self.map(|taint| keep(taint).then_some(*taint))
    }

    /// Without what these rules see.
    pub(super) fn without(&self, rules: RuleSet) -> Self {
        if rules.is_empty() || self.iter().all(|taint| taint.live.and(rules).is_empty()) {
            return self.clone();
        }
        self.map(|taint| Some(Taint { live: taint.live.without(rules), ..*taint }))
    }
}

/// Whether a sorted list has all that another has.
fn covers(mine: &[Taint], theirs: &[Taint]) -> bool {
    work(theirs.len());
    let mut at = 0;
    for taint in theirs {
        while mine.get(at).is_some_and(|other| other.key < taint.key) {
            at += 1;
        }
        let same = mine[at..].iter().take_while(|other| other.key == taint.key);
        let known = same.fold(RuleSet::EMPTY, |set, other| set.or(other.live));
        if !taint.live.without(known).is_empty() {
            return false;
        }
    }
    true
}

/// Both sorted lists as one; what is in both is as it is in the first.
fn merge(mine: &[Taint], theirs: &[Taint]) -> Vec<Taint> {
    work(mine.len() + theirs.len());
    let mut all = Vec::with_capacity((mine.len() + theirs.len()).min(MOST));
    let (mut own, mut other) = (0, 0);
    while all.len() < MOST {
        let key = match (mine.get(own), theirs.get(other)) {
            (Some(a), Some(b)) => a.key.min(b.key),
            (Some(only), None) | (None, Some(only)) => only.key,
            (None, None) => break,
        };
        let mut known = RuleSet::EMPTY;
        while let Some(taint) = mine.get(own).filter(|taint| taint.key == key) {
            known = known.or(taint.live);
            all.push(*taint);
            own += 1;
        }
        while let Some(taint) = theirs.get(other).filter(|taint| taint.key == key) {
            let live = taint.live.without(known);
            if !live.is_empty() {
                all.push(Taint { live, ..*taint });
            }
            other += 1;
        }
    }
    all.truncate(MOST);
    all
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
