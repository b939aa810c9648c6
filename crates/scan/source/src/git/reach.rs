//! What is reachable: commits from tips, files from commits, each under the path it was first seen at.

use super::bits::Bits;
use super::graph::{Entry, Graph, NONE};
use super::pack::Kind;

/// Instead of the tree that an object is in: it is in none, a commit or tag names it.
const ROOT: u32 = NONE - 1;

/// Objects reached from the trees entered so far. Each is reached once, so the whole costs as much as the table is
/// long, however many commits there are.
pub(super) struct Reach<'a> {
    graph: &'a Graph,
    /// Asked for every line of every tree, so it is small enough to stay in a cache.
    seen: Bits,
    /// The tree that each object was first seen in.
    parents: Vec<u32>,
    /// The name it had there.
    names: Vec<u32>,
    chunks: Bits,
    stack: Vec<u32>,
    /// Objects that are something else than what first named them says.
    mistaken: Vec<u32>,
}

impl<'a> Reach<'a> {
    pub(super) fn new(graph: &'a Graph) -> Self {
        Self {
            graph,
            seen: Bits::new(graph.objects()),
            parents: vec![NONE; graph.objects()],
            names: vec![NONE; graph.objects()],
            chunks: Bits::new(graph.chunk_count()),
            stack: Vec::new(),
            mistaken: Vec::new(),
        }
    }

    /// Goes down from a commit's tree. `found` is told each object that was not reached before.
    ///
    /// What an entry claims to be does not count, what the object is does; [`Self::mistaken`] lists where they differ.
    pub(super) fn enter_commit(&mut self, row: u32, found: &mut dyn FnMut(u32)) {
        let tree = self.graph.commits()[row as usize].tree;
        if !self.has(tree) {
            self.expect(tree, true);
        }
        self.enter(tree, found);
    }

    /// As [`Self::enter_commit`], from a tree or a blob that a tag names.
    pub(super) fn enter(&mut self, root: u32, found: &mut dyn FnMut(u32)) {
        if !self.seen.add(root) {
            return;
        }
        self.parents[root as usize] = ROOT;
        found(root);
        self.stack.push(root);
        while let Some(tree) = self.stack.pop() {
            let below = self.stack.len();
            for chunk in self.graph.chunks(tree) {
                if !self.chunks.add(self.graph.chunk_number(chunk)) {
                    continue;
                }
                for Entry { child, name, is_folder } in self.graph.entries(chunk) {
                    if !self.seen.add(child) {
                        continue;
                    }
                    self.parents[child as usize] = tree;
                    self.names[child as usize] = name;
                    self.expect(child, is_folder);
                    found(child);
                    if self.graph.kind(child) == Some(Kind::Tree) {
                        self.stack.push(child);
                    }
                }
            }
            self.stack[below..].reverse();
        }
    }

    fn expect(&mut self, object: u32, folder: bool) {
        let expected = if folder { Kind::Tree } else { Kind::Blob };
        if self.graph.kind(object).is_some_and(|kind| kind != expected) {
            self.mistaken.push(object);
        }
    }

    /// Reached objects that are something else than what first named them says.
    pub(super) fn mistaken(&self) -> &[u32] {
        &self.mistaken
    }

    /// Whether an object was reached.
    pub(super) fn has(&self, object: u32) -> bool {
        self.seen.has(object)
    }

    /// Where an object was first seen; empty for those that are in no tree. Like git, which does not go deeper into
    /// trees than this, it names at most 2,048 folders.
    pub(super) fn path(&self, object: u32) -> String {
        const DEPTH: usize = 2048;
        let mut names = Vec::new();
        let mut at = object;
        while let Some(&parent) = self.parents.get(at as usize).filter(|parent| **parent < ROOT) {
            if names.len() == DEPTH {
                names.push("…".into());
                break;
            }
            names.push(String::from_utf8_lossy(self.graph.name(self.names[at as usize])));
            at = parent;
        }
        names.reverse();
        names.join("/")
    }
}

/// Rows of the commits that the given objects, commits, lead to. `told` hears of parents that are not stored: the
/// commit's row and the parent. Also of parents that are no commits.
pub(super) fn commits_from(graph: &Graph, tips: &[u32], told: &mut dyn FnMut(u32, u32)) -> Bits {
    let mut seen = Bits::new(graph.commits().len());
    let mut stack: Vec<u32> = tips.iter().filter_map(|tip| graph.commit_row(*tip)).collect();
    while let Some(row) = stack.pop() {
        if !seen.add(row) {
            continue;
        }
        for &parent in graph.parents(row) {
            match graph.commit_row(parent) {
                Some(parent) => stack.push(parent),
                None => told(row, parent),
            }
        }
    }
    seen
}

/// Rows of the commits in the set, oldest first; those of one second by id.
pub(super) fn by_age(graph: &Graph, commits: &Bits) -> Vec<u32> {
    let mut rows: Vec<u32> = (0..graph.commits().len() as u32).filter(|row| commits.has(*row)).collect();
    // Rows are in the order of their ids, and the sort is stable.
    rows.sort_by_key(|row| graph.commits()[*row as usize].committed);
    rows
}
