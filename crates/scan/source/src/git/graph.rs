//! The shape of a history in memory: which tree has which entries, which commit has which tree and parents.
//!
//! The versions of one directory share nearly all their entries, so entries are kept in chunks that are stored once.
//! A tree is cut after names whose hash has some bits clear: a change of one entry touches one chunk, wherever the
//! other entries move. This makes the table several times smaller than the trees, and whoever walks the history looks
//! at each chunk once.

use super::fault::Fault;
use super::objects::{CommitHead, next_entry, tag_target};
use super::oids::Oids;
use super::pack::Kind;
use super::store::Receiver;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// No object, commit or list.
pub(super) const NONE: u32 = u32::MAX;
/// In a list of chunks: the last.
const LAST: u32 = 1 << 31;
/// The list of a tree without entries.
const EMPTY: u32 = u32::MAX - 1;
/// In an entry's name: it says that it is a folder.
const FOLDER: u32 = 1 << 31;
const SHARDS: u32 = 64;
const NAME_SHARDS: u32 = 16;

/// A commit, by numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Commit {
    pub(super) object: u32,
    pub(super) tree: u32,
    /// Seconds since 1970.
    pub(super) committed: i64,
    /// Where its parents begin; they end where the next commit's begin.
    parents: u32,
}

/// A line of a tree, by numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) child: u32,
    pub(super) name: u32,
    /// What it says of itself; what the object is may be something else in a damaged repository.
    pub(super) is_folder: bool,
}

/// The finished table. Objects are named by their position in the table of ids; numbers from there on are objects that
/// something refers to but that are not stored.
pub(super) struct Graph {
    /// For a tree where its list begins, for a commit its row, for a tag what it names.
    slots: Vec<u32>,
    kinds: Vec<u8>,
    lists: Vec<u32>,
    chunks: Vec<Chunks>,
    /// Number of chunks in the shards before.
    chunk_bases: Vec<u32>,
    names: Vec<Vec<Box<[u8]>>>,
    commits: Vec<Commit>,
    parents: Vec<u32>,
    missing: Vec<Vec<u8>>,
}

#[derive(Default)]
struct Chunks {
    /// Child, and name with [`FOLDER`].
    entries: Vec<[u32; 2]>,
    ends: Vec<u32>,
}

impl Graph {
    /// How many objects there are to name, with those that are missing.
    pub(super) fn objects(&self) -> usize {
        self.kinds.len() + self.missing.len()
    }

    /// How many objects are stored.
    pub(super) fn stored(&self) -> usize {
        self.kinds.len()
    }

    /// The kind of an object; nothing for missing and broken ones.
    pub(super) fn kind(&self, object: u32) -> Option<Kind> {
        self.kinds.get(object as usize).and_then(|kind| super::forest::kind(*kind))
    }

    /// The id of an object that is referred to but not stored.
    pub(super) fn missing(&self, object: u32) -> Option<&[u8]> {
        self.missing.get((object as usize).checked_sub(self.kinds.len())?).map(Vec::as_slice)
    }

    /// All commits, by object. A commit's row is its place here.
    pub(super) fn commits(&self) -> &[Commit] {
        &self.commits
    }

    /// The row of a commit.
    pub(super) fn commit_row(&self, object: u32) -> Option<u32> {
        self.slot(object, Kind::Commit)
    }

    /// The parents of a commit, as objects.
    pub(super) fn parents(&self, row: u32) -> &[u32] {
        let row = row as usize;
        let start = self.commits.get(row).map_or(0, |commit| commit.parents as usize);
        let end = self.commits.get(row + 1).map_or(self.parents.len(), |commit| commit.parents as usize);
        self.parents.get(start..end).unwrap_or_default()
    }

    /// What a tag names.
    pub(super) fn tag_target(&self, object: u32) -> Option<u32> {
        self.slot(object, Kind::Tag)
    }

    /// The chunks of a tree; nothing for trees that could not be read.
    pub(super) fn chunks(&self, tree: u32) -> impl Iterator<Item = u32> {
        let start = self.slot(tree, Kind::Tree).filter(|start| *start != EMPTY);
        let mut rest = start.and_then(|start| self.lists.get(start as usize..)).unwrap_or_default().iter();
        std::iter::from_fn(move || {
            let chunk = *rest.next()?;
            if chunk & LAST != 0 {
                rest = [].iter();
            }
            Some(chunk & !LAST)
        })
    }

    /// How many chunks there are.
    pub(super) fn chunk_count(&self) -> usize {
        self.chunks.iter().map(|shard| shard.ends.len()).sum()
    }

    /// A number below [`Self::chunk_count`] for a chunk.
    pub(super) fn chunk_number(&self, chunk: u32) -> u32 {
        self.chunk_bases[(chunk % SHARDS) as usize] + chunk / SHARDS
    }

    /// The entries of a chunk.
    pub(super) fn entries(&self, chunk: u32) -> impl Iterator<Item = Entry> {
        let (shard, at) = (&self.chunks[(chunk % SHARDS) as usize], (chunk / SHARDS) as usize);
        let start = at.checked_sub(1).map_or(0, |before| shard.ends[before] as usize);
        shard.entries[start..shard.ends[at] as usize].iter().map(|&[child, name]| Entry {
            child,
            name: name & !FOLDER,
            is_folder: name & FOLDER != 0,
        })
    }

    /// The bytes of a name.
    pub(super) fn name(&self, name: u32) -> &[u8] {
        &self.names[(name % NAME_SHARDS) as usize][(name / NAME_SHARDS) as usize]
    }

    fn slot(&self, object: u32, kind: Kind) -> Option<u32> {
        if self.kind(object) != Some(kind) {
            return None;
        }
        self.slots.get(object as usize).copied().filter(|slot| *slot != NONE)
    }
}

/// Builds a [`Graph`] from decoded objects, on several threads.
pub(super) struct Builder<'a> {
    oids: &'a Oids,
    hasher: RandomState,
    shards: Vec<Mutex<Shard>>,
    names: Vec<Mutex<Names>>,
    missing: Mutex<Missing>,
    /// What each thread has read.
    rows: Vec<Mutex<Rows>>,
    limit: u64,
}

#[derive(Default)]
struct Shard {
    /// By keyed 64-bit hash of the chunk's bytes. Whoever writes the trees does not know the key; that two chunks of a
    /// hundred million meet by chance has a probability of 1 in 3,000.
    known: HashMap<u64, u32>,
    chunks: Chunks,
}

#[derive(Default)]
struct Names {
    known: HashMap<Box<[u8]>, u32>,
    all: Vec<Box<[u8]>>,
}

#[derive(Default)]
struct Missing {
    known: HashMap<Vec<u8>, u32>,
    all: Vec<Vec<u8>>,
}

#[derive(Default)]
struct Rows {
    lists: Vec<u32>,
    /// Tree and start of its list.
    trees: Vec<[u32; 2]>,
    commits: Vec<Commit>,
    parents: Vec<u32>,
    /// Tag and what it names.
    tags: Vec<[u32; 2]>,
    scratch: Vec<[u32; 2]>,
}

const FULL: Fault = Fault::Malformed("the history has more objects than this program can number");

impl<'a> Builder<'a> {
    /// For `threads` threads; objects of more than `limit` bytes are not taken.
    pub(super) fn new(oids: &'a Oids, threads: usize, limit: u64) -> Self {
        Self {
            oids,
            hasher: RandomState::new(),
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            names: (0..NAME_SHARDS).map(|_| Mutex::default()).collect(),
            missing: Mutex::default(),
            rows: (0..threads.max(1)).map(|_| Mutex::default()).collect(),
            limit,
        }
    }

    /// Puts together what the threads have read. `kinds`: of each object.
    pub(super) fn finish(self, kinds: Vec<u8>) -> Graph {
        let mut slots = vec![NONE; kinds.len()];
        let (mut lists, mut commits, mut parents) = (Vec::new(), Vec::new(), Vec::new());
        for rows in self.rows {
            let rows = rows.into_inner().unwrap_or_else(PoisonError::into_inner);
            let (first_list, first_parent) = (lists.len() as u32, parents.len() as u32);
            for [tree, start] in rows.trees {
                slots[tree as usize] = if start == EMPTY { EMPTY } else { first_list + start };
            }
            for [tag, target] in rows.tags {
                slots[tag as usize] = target;
            }
            commits
                .extend(rows.commits.into_iter().map(|c| Commit { parents: first_parent + c.parents, ..c }));
            lists.extend(rows.lists);
            parents.extend(rows.parents);
        }
        let (commits, parents) = by_object(commits, &parents);
        for (row, commit) in commits.iter().enumerate() {
            slots[commit.object as usize] = row as u32;
        }
        let inner = |shard: Mutex<Shard>| shard.into_inner().unwrap_or_else(PoisonError::into_inner).chunks;
        let chunks: Vec<Chunks> = self.shards.into_iter().map(inner).collect();
        let mut count = 0;
        let chunk_bases = chunks
            .iter()
            .map(|shard| {
                count += shard.ends.len() as u32;
                count - shard.ends.len() as u32
            })
            .collect();
        let names =
            self.names.into_iter().map(|n| n.into_inner().unwrap_or_else(PoisonError::into_inner).all);
        let missing = self.missing.into_inner().unwrap_or_else(PoisonError::into_inner).all;
        Graph { slots, kinds, lists, chunks, chunk_bases, names: names.collect(), commits, parents, missing }
    }

    /// The number of an object, stored or not.
    fn object(&self, id: &[u8]) -> Result<u32, Fault> {
        if let Some(object) = self.oids.find(id) {
            return Ok(object);
        }
        let mut missing = lock(&self.missing);
        if let Some(object) = missing.known.get(id) {
            return Ok(*object);
        }
        let object = number(self.oids.len() + missing.all.len(), NONE)?;
        missing.known.insert(id.to_vec(), object);
        missing.all.push(id.to_vec());
        Ok(object)
    }

    fn name(&self, name: &[u8]) -> Result<u32, Fault> {
        let shard = (fnv(name) >> 16) % NAME_SHARDS;
        let mut names = lock(&self.names[shard as usize]);
        if let Some(known) = names.known.get(name) {
            return Ok(*known);
        }
        let new = number(names.all.len(), FOLDER / NAME_SHARDS)? * NAME_SHARDS + shard;
        names.all.push(name.into());
        names.known.insert(name.into(), new);
        Ok(new)
    }

    fn tree(&self, rows: &mut Rows, tree: u32, bytes: &[u8]) -> Result<(), Fault> {
        const MOST: usize = 64;
        let start = rows.lists.len();
        let mut rest = bytes;
        let (mut chunk_start, mut count) = (bytes, 0);
        // A damaged tree counts as far as it can be read.
        let fault = loop {
            let entry = match next_entry(&mut rest, self.oids.id_length()) {
                Ok(Some(entry)) => entry,
                Ok(None) => break None,
                Err(fault) => break Some(fault),
            };
            count += 1;
            if count >= MOST || fnv(entry.name) >> 29 == 0 {
                let chunk = &chunk_start[..chunk_start.len() - rest.len()];
                let chunk = self.chunk(chunk, &mut rows.scratch)?;
                rows.lists.push(chunk);
                (chunk_start, count) = (rest, 0);
            }
        };
        if count > 0 {
            let chunk = self.chunk(&chunk_start[..chunk_start.len() - rest.len()], &mut rows.scratch)?;
            rows.lists.push(chunk);
        }
        let slot =
            if rows.lists.len() == start { EMPTY } else { number(start, EMPTY / self.rows.len() as u32)? };
        if let Some(last) = rows.lists[start..].last_mut() {
            *last |= LAST;
        }
        rows.trees.push([tree, slot]);
        fault.map_or(Ok(()), Err)
    }

    fn chunk(&self, bytes: &[u8], scratch: &mut Vec<[u32; 2]>) -> Result<u32, Fault> {
        let key = self.hasher.hash_one(bytes);
        let shard_number = (key >> 32) as u32 % SHARDS;
        let shard = &self.shards[shard_number as usize];
        if let Some(known) = lock(shard).known.get(&key) {
            return Ok(*known);
        }
        // Not under the lock: another thread may do the same meanwhile, and the first one counts.
        scratch.clear();
        let mut rest = bytes;
        while let Some(entry) = next_entry(&mut rest, self.oids.id_length())? {
            if !entry.is_submodule() {
                let folder = if entry.is_folder() { FOLDER } else { 0 };
                scratch.push([self.object(entry.id)?, self.name(entry.name)? | folder]);
            }
        }
        let mut shard = lock(shard);
        if let Some(known) = shard.known.get(&key) {
            return Ok(*known);
        }
        let new = number(shard.chunks.ends.len(), LAST / SHARDS)? * SHARDS + shard_number;
        shard.chunks.entries.extend_from_slice(scratch);
        let end = number(shard.chunks.entries.len(), NONE)?;
        shard.chunks.ends.push(end);
        shard.known.insert(key, new);
        Ok(new)
    }

    fn commit(&self, rows: &mut Rows, object: u32, bytes: &[u8]) -> Result<(), Fault> {
        let head = CommitHead::parse(bytes)?;
        let tree = self.object(&head.tree)?;
        let ids = head.parents.iter().map(|parent| self.object(parent)).collect::<Result<Vec<_>, _>>()?;
        let parents = number(rows.parents.len(), NONE)?;
        rows.parents.extend(ids);
        rows.commits.push(Commit { object, tree, committed: head.committed, parents });
        Ok(())
    }
}

impl Receiver for Builder<'_> {
    fn wants(&self, _object: u32, kind: Kind) -> bool {
        kind != Kind::Blob
    }

    fn limit(&self) -> u64 {
        self.limit
    }

    fn object(&self, worker: usize, object: u32, kind: Kind, bytes: &[u8]) -> Result<(), Fault> {
        // Each thread has its own rows, so the lock is free; it is there for threads that panic.
        let mut rows = lock(&self.rows[worker % self.rows.len()]);
        match kind {
            Kind::Tree => self.tree(&mut rows, object, bytes),
            Kind::Commit => self.commit(&mut rows, object, bytes),
            Kind::Tag => {
                let target = self.object(&tag_target(bytes)?)?;
                rows.tags.push([object, target]);
                Ok(())
            }
            Kind::Blob => Ok(()),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn number(value: usize, bound: u32) -> Result<u32, Fault> {
    u32::try_from(value).ok().filter(|number| *number < bound).ok_or(FULL)
}

/// Commits in the order of their objects, each once, with their parents in the same order.
fn by_object(mut commits: Vec<Commit>, parents: &[u32]) -> (Vec<Commit>, Vec<u32>) {
    let mut starts: Vec<u32> = commits.iter().map(|commit| commit.parents).collect();
    starts.push(parents.len() as u32);
    let mut order: Vec<u32> = (0..commits.len() as u32).collect();
    order.sort_by_key(|row| commits[*row as usize].object);
    order.dedup_by_key(|row| commits[*row as usize].object);
    let mut sorted = Vec::with_capacity(order.len());
    let mut sorted_parents = Vec::with_capacity(parents.len());
    for row in order {
        let row = row as usize;
        sorted.push(Commit { parents: sorted_parents.len() as u32, ..commits[row] });
        sorted_parents.extend_from_slice(&parents[starts[row] as usize..starts[row + 1] as usize]);
    }
    commits.clear();
    (sorted, sorted_parents)
}

/// The FNV-1a hash, folded; only for cutting and spreading, where a bad hash costs memory and nothing else.
fn fnv(bytes: &[u8]) -> u32 {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash ^ (hash >> 32)) as u32
}
