//! A history, by unique blob: which there are, under which path, and which commits carried them.

use super::bits::Bits;
use super::fault::Fault;
use super::graph::{Builder, Graph};
use super::objects::{Person, rfc3339};
use super::oids::{hex, unhex};
use super::pack::Kind;
use super::reach::{Reach, by_age, commits_from};
use super::repository::Repository;
use super::store::{Lost, Means, Problem, Receiver, Store};
use crate::{Cancel, Carriers, Options, SourceError, StopReason, Visitor};
use bartizan_model::{CommitInfo, NotDone, NotDoneKind, Origin};
use gix::ObjectId;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Which part of a history.
pub(super) enum Range {
    /// All of it.
    All,
    /// What all references lead to, and these do not.
    NotFrom(ObjectId),
    /// What the second leads to, and the first does not.
    Between(ObjectId, ObjectId),
}

impl Range {
    /// Reads `REV`, or `A..B` where a missing side is `HEAD`.
    pub(super) fn parse(repository: &Repository, since: Option<&str>) -> Result<Self, SourceError> {
        let Some(since) = since else { return Ok(Self::All) };
        let or_head = |side: &str| repository.commit(if side.is_empty() { "HEAD" } else { side });
        if since.contains("...") {
            return Err(SourceError::NoRevision { revision: since.to_owned() });
        }
        match since.split_once("..") {
            Some((from, to)) => Ok(Self::Between(or_head(from)?, or_head(to)?)),
            None => Ok(Self::NotFrom(repository.commit(since)?)),
        }
    }
}

/// A history in memory: what is stored, and how it hangs together.
pub(super) struct History {
    store: Store,
    graph: Graph,
    /// Objects that references name, tags resolved.
    tips: Vec<u32>,
    head: Option<u32>,
    /// Commits that a shallow clone ends at.
    shallow: Vec<u32>,
    /// What went wrong while loading, told at the first visit.
    problems: Vec<Problem>,
    lost: BTreeMap<u32, Lost>,
    /// Tips that are not stored.
    unknown_tips: Vec<ObjectId>,
}

impl History {
    /// Reads all commits and trees.
    pub(super) fn load(
        repository: &Repository,
        options: &Options,
        cancel: &Cancel,
    ) -> Result<Self, SourceError> {
        let means = Means::new(options, cancel);
        let mut problems = Vec::new();
        let named = repository.tips(&mut problems)?;
        let shallow = repository.shallow(&mut problems);
        let store = Store::open(&repository.objects(), repository.id_length(), means, &mut problems);
        let builder = Builder::new(&store.oids, means.threads, u64::MAX);
        let lost = store.pass(&builder, means);
        let graph = builder.finish(store.kinds());
        let (mut tips, mut unknown_tips) = (Vec::new(), Vec::new());
        for tip in named {
            let Some(object) = store.oids.find(tip.id.as_slice()) else {
                unknown_tips.push(tip.id);
                continue;
            };
            let resolved = resolve_tag(&graph, object);
            tips.extend(resolved);
            let kind = resolved.and_then(|object| graph.kind(object));
            // Without a kind it is broken, which is told by itself.
            if resolved.is_none() || tip.is_commit && kind.is_some_and(|kind| kind != Kind::Commit) {
                let fault = Fault::Malformed("a reference to it leads to no commit");
                problems.push((format!("object {}", tip.id), fault));
            }
        }
        tips.sort_unstable();
        tips.dedup();
        let find = |id: &ObjectId| store.oids.find(id.as_slice());
        let head = repository.head()?.and_then(|id| find(&id)).and_then(|object| resolve_tag(&graph, object));
        let shallow = shallow.iter().filter_map(find).collect();
        Ok(Self { store, graph, tips, head, shallow, problems, lost, unknown_tips })
    }

    /// Hands every blob of the range to `deliver`, once.
    pub(super) fn visit(
        &self,
        range: &Range,
        options: &Options,
        visitor: &dyn Visitor,
        cancel: &Cancel,
        deliver: &(dyn Fn(&[u8], Origin) + Sync),
    ) {
        self.tell_problems(visitor);
        if let Some(reason) = cancel.stop_reason() {
            let left = "the history was not scanned";
            return visitor.not_done(stopped(reason, left.to_owned()));
        }
        let mut reach = Reach::new(&self.graph);
        let mut blobs = Vec::new();
        let mut absent = Vec::new();
        let mut found = |object: u32| match self.graph.kind(object) {
            Some(Kind::Blob) => blobs.push(object),
            None if object as usize >= self.graph.stored() => absent.push(object),
            _ => {}
        };
        self.walk_range(range, &mut reach, &mut found, visitor);
        self.tell_absent(&absent, &reach, visitor);

        let mut wanted = Bits::new(self.graph.stored());
        for blob in blobs {
            let path = self.path(&reach, blob);
            if !visitor.is_known_object(self.store.oids.get(blob), &path) {
                wanted.add(blob);
            }
        }
        let all = wanted.count();
        visitor.expected(all);
        let blobs = Blobs {
            history: self,
            reach: &reach,
            wanted,
            limit: options.max_file_size,
            deliver,
            done: AtomicU64::new(0),
        };
        let lost = self.store.pass(&blobs, Means::new(options, cancel));
        for (object, Lost { place, fault }) in &lost {
            let reason = match fault {
                Fault::TooLarge { .. } => fault.to_string(),
                _ => format!("object {} in {place}: {fault}", self.store.oids.hex(*object)),
            };
            visitor.not_done(NotDone { kind: fault.kind(), path: self.path(&reach, *object), reason });
        }
        let left = all.saturating_sub(blobs.done.into_inner() + lost.len() as u64);
        if left > 0 {
            let reason = cancel.stop_reason().unwrap_or(StopReason::Interrupted);
            visitor
                .not_done(stopped(reason, format!("{left} of {all} blobs of the history were not scanned")));
        }
    }

    /// First and last commit of each object that a commit carried.
    pub(super) fn carriers(
        &self,
        objects: &BTreeSet<String>,
        options: &Options,
        cancel: &Cancel,
    ) -> BTreeMap<String, Carriers> {
        let mut targets = Bits::new(self.graph.objects());
        for hex in objects {
            if let Some(object) = unhex(hex.as_bytes()).and_then(|id| self.store.oids.find(&id)) {
                targets.add(object);
            }
        }
        let rows = by_age(&self.graph, &commits_from(&self.graph, &self.tips, &mut |_, _| {}));
        let first = self.first_seen(&targets, &mut rows.iter().copied(), cancel);
        let last = self.first_seen(&targets, &mut rows.iter().rev().copied(), cancel);
        let head = self.head.and_then(|head| self.graph.commit_row(head));
        let at_head = self.first_seen(&targets, &mut head.into_iter(), cancel);

        let authors = self.authors(first.values().chain(last.values()).map(|seen| seen.0), options, cancel);
        let info = |(row, path): &(u32, String)| {
            let object = self.graph.commits()[*row as usize].object;
            let (author, date) = authors.get(&object).cloned()?;
            Some(CommitInfo { id: self.store.oids.hex(object), author, date, path: path.clone() })
        };
        first
            .iter()
            .filter_map(|(object, seen)| {
                let (first, last) = (info(seen)?, info(last.get(object)?)?);
                Some((
                    self.store.oids.hex(*object),
                    Carriers { first, last, in_head: at_head.contains_key(object) },
                ))
            })
            .collect()
    }

    /// For each target the first of the commits that has it, and its path there. Whatever a tree brings into reach for
    /// the first time comes with the commit at hand, and so do all folders above it: the path is of that commit.
    fn first_seen(
        &self,
        targets: &Bits,
        rows: &mut dyn Iterator<Item = u32>,
        cancel: &Cancel,
    ) -> BTreeMap<u32, (u32, String)> {
        let mut reach = Reach::new(&self.graph);
        let mut seen = BTreeMap::new();
        let all = targets.count();
        for row in rows {
            if seen.len() as u64 == all || cancel.is_stopped() {
                break;
            }
            let mut new = Vec::new();
            reach.enter_commit(row, &mut |object| {
                if targets.has(object) {
                    new.push(object);
                }
            });
            for object in new {
                seen.insert(object, (row, reach.path(object)));
            }
        }
        seen
    }

    /// Author and date of some commits, which are read again for it: to keep them all would take more memory than the
    /// rest of the history.
    fn authors(
        &self,
        rows: impl Iterator<Item = u32>,
        options: &Options,
        cancel: &Cancel,
    ) -> BTreeMap<u32, (String, String)> {
        let mut wanted = Bits::new(self.graph.stored());
        for row in rows {
            wanted.add(self.graph.commits()[row as usize].object);
        }
        let authors = Authors { wanted, found: Mutex::default() };
        self.store.pass(&authors, Means::new(options, cancel));
        authors.found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Goes down from every commit of the range, oldest first, then from what tags name without a commit.
    fn walk_range(
        &self,
        range: &Range,
        reach: &mut Reach<'_>,
        found: &mut dyn FnMut(u32),
        visitor: &dyn Visitor,
    ) {
        let find = |id: &ObjectId| self.store.oids.find(id.as_slice());
        let (tips, not_from): (Vec<u32>, Option<u32>) = match range {
            Range::All => (self.tips.clone(), None),
            Range::NotFrom(from) => (self.tips.clone(), find(from)),
            Range::Between(from, to) => (find(to).into_iter().collect(), find(from)),
        };
        let excluded = commits_from(&self.graph, not_from.as_slice(), &mut |_, _| {});
        let (mut ends, mut absent, mut mistaken) = (0_u64, BTreeSet::new(), BTreeSet::new());
        let reachable = commits_from(&self.graph, &tips, &mut |row, parent| {
            if excluded.has(row) {
            } else if self.graph.missing(parent).is_none() {
                mistaken.extend(self.graph.kind(parent).filter(|kind| *kind != Kind::Commit).map(|_| parent));
            } else if self.shallow.contains(&self.graph.commits()[row as usize].object) {
                ends += 1;
            } else {
                absent.insert(parent);
            }
        });
        let mut included = Bits::new(self.graph.commits().len());
        for row in
            (0..self.graph.commits().len() as u32).filter(|row| reachable.has(*row) && !excluded.has(*row))
        {
            included.add(row);
        }
        let rows = by_age(&self.graph, &included);
        if not_from.is_some() {
            // What the commits just before the range have did not come in by it.
            for row in
                rows.iter().flat_map(|row| self.graph.parents(*row)).filter_map(|p| self.graph.commit_row(*p))
            {
                if !included.has(row) {
                    reach.enter_commit(row, &mut |_| {});
                }
            }
        }
        for row in rows {
            reach.enter_commit(row, found);
        }
        if matches!(range, Range::All) {
            for tip in self.tips.iter().filter(|tip| self.graph.commit_row(**tip).is_none()) {
                reach.enter(*tip, found);
            }
        }
        for object in mistaken.into_iter().chain(reach.mistaken().iter().copied()) {
            visitor.not_done(self.mistaken(&reach.path(object), object));
        }
        for parent in absent {
            let id = hex(self.graph.missing(parent).unwrap_or_default());
            visitor.not_done(unreadable("history", format!("commit {id} is missing, and all before it")));
        }
        if ends > 0 {
            let reason = format!(
                "a shallow clone: it ends at {ends} commits whose parents are not here (`git fetch --unshallow`)"
            );
            visitor.not_done(unreadable("history", reason));
        }
    }

    /// The report of an object that is of another kind than what names it says.
    fn mistaken(&self, path: &str, object: u32) -> NotDone {
        let path = if path.is_empty() { "history" } else { path };
        let word = match self.graph.kind(object) {
            Some(Kind::Commit) => "commit",
            Some(Kind::Tree) => "tree",
            Some(Kind::Blob) => "blob",
            Some(Kind::Tag) => "tag",
            None => "broken object",
        };
        let reason =
            format!("object {} is a {word}, and not what it should be here", self.store.oids.hex(object));
        NotDone { kind: NotDoneKind::Broken, path: path.to_owned(), reason }
    }

    fn tell_problems(&self, visitor: &dyn Visitor) {
        for (path, fault) in &self.problems {
            visitor.not_done(NotDone { kind: fault.kind(), path: path.clone(), reason: fault.to_string() });
        }
        for (object, Lost { place, fault }) in &self.lost {
            let reason = format!("object {}: {fault}", self.store.oids.hex(*object));
            visitor.not_done(NotDone { kind: fault.kind(), path: place.clone(), reason });
        }
        for id in &self.unknown_tips {
            visitor.not_done(unreadable("refs", format!("object {id}, which a reference names, is missing")));
        }
    }

    fn tell_absent(&self, absent: &[u32], reach: &Reach<'_>, visitor: &dyn Visitor) {
        for object in absent {
            let id = hex(self.graph.missing(*object).unwrap_or_default());
            let reason = format!("object {id} is missing (a partial clone, or a damaged repository)");
            visitor.not_done(unreadable(&reach.path(*object), reason));
        }
    }

    /// The path of a reached object; its id where it is in no tree.
    fn path(&self, reach: &Reach<'_>, object: u32) -> String {
        let path = reach.path(object);
        if path.is_empty() { self.store.oids.hex(object) } else { path }
    }
}

/// Follows annotated tags, and tags of tags, to what they are of.
fn resolve_tag(graph: &Graph, mut object: u32) -> Option<u32> {
    const DEPTH: usize = 64;
    for _ in 0..DEPTH {
        if graph.kind(object) != Some(Kind::Tag) {
            return Some(object);
        }
        object = graph.tag_target(object)?;
    }
    None
}

fn unreadable(path: &str, reason: String) -> NotDone {
    NotDone { kind: NotDoneKind::Unreadable, path: path.to_owned(), reason }
}

/// The report of a stop.
pub(super) fn stopped(reason: StopReason, left: String) -> NotDone {
    let kind = match reason {
        StopReason::Interrupted => NotDoneKind::Interrupted,
        StopReason::OutOfTime => NotDoneKind::OutOfTime,
    };
    NotDone { kind, path: "history".to_owned(), reason: left }
}

/// Takes the blobs of the second pass.
struct Blobs<'a> {
    history: &'a History,
    reach: &'a Reach<'a>,
    wanted: Bits,
    limit: u64,
    deliver: &'a (dyn Fn(&[u8], Origin) + Sync),
    done: AtomicU64,
}

impl Receiver for Blobs<'_> {
    fn wants(&self, object: u32, kind: Kind) -> bool {
        kind == Kind::Blob && self.wanted.has(object)
    }

    fn limit(&self) -> u64 {
        self.limit
    }

    fn object(&self, _worker: usize, object: u32, _kind: Kind, bytes: &[u8]) -> Result<(), Fault> {
        let mut origin = Origin::file(self.history.path(self.reach, object));
        origin.object = Some(self.history.store.oids.hex(object));
        (self.deliver)(bytes, origin);
        self.done.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

/// Takes the authors of some commits.
struct Authors {
    wanted: Bits,
    found: Mutex<BTreeMap<u32, (String, String)>>,
}

impl Receiver for Authors {
    fn wants(&self, object: u32, kind: Kind) -> bool {
        kind == Kind::Commit && self.wanted.has(object)
    }

    fn limit(&self) -> u64 {
        u64::MAX
    }

    fn object(&self, _worker: usize, object: u32, _kind: Kind, bytes: &[u8]) -> Result<(), Fault> {
        let author = Person::author(bytes);
        let mut found = self.found.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        found.insert(object, (author.who, rfc3339(author.seconds)));
        Ok(())
    }
}
