//! Everything that a repository stores: its packs, its loose objects, and those of the repositories it borrows from.

use super::bits::Bits;
use super::fault::Fault;
use super::forest::{Forest, kind};
use super::inflate::Inflater;
use super::loose::{self, Head};
use super::oids::Oids;
use super::pack::{Kind, Pack};
use super::walk::{Sink, Walk};
use crate::{Cancel, Options};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// The objects of a repository. Each is owned by one pack or file: further copies are only read when that one is
/// damaged.
pub(super) struct Store {
    pub(super) oids: Oids,
    packs: Vec<PackPart>,
    loose: Vec<LoosePart>,
    folders: Vec<PathBuf>,
}

struct PackPart {
    pack: Pack,
    forest: Forest,
    owned: Bits,
}

struct LoosePart {
    object: u32,
    folder: usize,
    owned: bool,
    /// [`Kind`] as a number; 0 until the file was opened.
    kind: AtomicU8,
}

/// A part of a repository that is of no use: which, and why.
pub(super) type Problem = (String, Fault);

/// An object that could not be had: where it lies, and why.
#[derive(Clone, Debug)]
pub(super) struct Lost {
    pub(super) place: String,
    pub(super) fault: Fault,
}

/// Takes decoded objects. Called from several threads.
pub(super) trait Receiver: Sync {
    /// Whether it wants this object, of this kind.
    fn wants(&self, object: u32, kind: Kind) -> bool;
    /// The most bytes of an object that it wants.
    fn limit(&self) -> u64;
    /// An object. An error says that its content is damaged.
    fn object(&self, worker: usize, object: u32, kind: Kind, bytes: &[u8]) -> Result<(), Fault>;
}

/// How much of the machine a pass may take.
#[derive(Clone, Copy)]
pub(super) struct Means<'a> {
    pub(super) threads: usize,
    pub(super) memory: u64,
    pub(super) cancel: &'a Cancel,
}

impl<'a> Means<'a> {
    pub(super) fn new(options: &Options, cancel: &'a Cancel) -> Self {
        Self { threads: options.threads.max(1), memory: options.max_memory, cancel }
    }
}

impl Store {
    /// Opens what lies in the folder `objects` and in its alternates. What is of no use is told in `problems`.
    pub(super) fn open(
        objects: &Path,
        id_length: usize,
        means: Means<'_>,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let folders = with_alternates(objects, problems);
        let (mut packs, mut ids, mut loose) = (Vec::new(), Vec::new(), Vec::new());
        for (number, folder) in folders.iter().enumerate() {
            for path in pack_paths(folder, problems) {
                match Pack::open(&path, id_length) {
                    Ok((pack, index)) => {
                        ids.extend_from_slice(&index.ids);
                        packs.push((pack, index));
                    }
                    Err(fault) => {
                        let name =
                            path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
                        problems.push((format!("objects/pack/{name}"), fault));
                    }
                }
            }
            for id in loose::list(folder, id_length, problems) {
                ids.extend_from_slice(&id);
                loose.push((number, id));
            }
        }
        let oids = Oids::new(ids, id_length);
        let mut claimed = Bits::new(oids.len());
        let packs = packs
            .into_iter()
            .map(|(pack, index)| {
                let entries = positions(&oids, &index.ids, index.offsets);
                let (forest, faults) = Forest::build(&pack, &oids, entries, means.threads);
                problems.extend(
                    faults
                        .into_iter()
                        .map(|(object, fault)| (format!("{} in {}", oids.hex(object), pack.name), fault)),
                );
                let mut owned = Bits::new(forest.len() as usize);
                for entry in (0..forest.len()).filter(|entry| forest.kind(*entry).is_some()) {
                    if claimed.add(forest.object(entry)) {
                        owned.add(entry);
                    }
                }
                PackPart { pack, forest, owned }
            })
            .collect();
        let loose = loose
            .into_iter()
            .filter_map(|(folder, id)| {
                let object = oids.find(&id)?;
                Some(LoosePart { object, folder, owned: claimed.add(object), kind: AtomicU8::new(0) })
            })
            .collect();
        Self { oids, packs, loose, folders }
    }

    /// The kind of each object, as a number; 0 where it is not known. Loose objects are known after the first pass.
    pub(super) fn kinds(&self) -> Vec<u8> {
        let mut kinds = vec![0; self.oids.len()];
        for part in &self.packs {
            for entry in 0..part.forest.len() {
                if let Some(kind) = part.forest.kind(entry) {
                    kinds[part.forest.object(entry) as usize] = kind as u8;
                }
            }
        }
        for part in &self.loose {
            let slot = &mut kinds[part.object as usize];
            if *slot == 0 {
                *slot = part.kind.load(Ordering::Relaxed);
            }
        }
        kinds
    }

    /// Decodes every object that `receiver` wants, once. The result: those that could not be had. Ends early when
    /// `means.cancel` stops.
    pub(super) fn pass(&self, receiver: &dyn Receiver, means: Means<'_>) -> BTreeMap<u32, Lost> {
        let lost = Mutex::new(BTreeMap::new());
        self.round(receiver, means, &lost, None);
        // A damaged object may have a sound copy in another pack or file.
        let again: BTreeSet<u32> = {
            let lost = lost.lock().unwrap_or_else(PoisonError::into_inner);
            lost.iter().filter(|(_, l): &(_, &Lost)| !is_limit(&l.fault)).map(|(object, _)| *object).collect()
        };
        if !again.is_empty() {
            self.round(receiver, means, &lost, Some(&again));
        }
        lost.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// One round: over what each part owns, or over further copies of the objects in `again`.
    fn round(
        &self,
        receiver: &dyn Receiver,
        means: Means<'_>,
        lost: &Mutex<BTreeMap<u32, Lost>>,
        again: Option<&BTreeSet<u32>>,
    ) {
        for part in &self.packs {
            let mut wanted = Bits::new(part.forest.len() as usize);
            let mut any = false;
            for entry in 0..part.forest.len() {
                let object = part.forest.object(entry);
                let turn = again
                    .map_or(part.owned.has(entry), |again| !part.owned.has(entry) && again.contains(&object));
                if turn && part.forest.kind(entry).is_some_and(|kind| receiver.wants(object, kind)) {
                    wanted.add(entry);
                    any = true;
                }
            }
            if any && !means.cancel.is_stopped() {
                let needed = part.forest.needed(&wanted);
                let sink = PackSink { part, wanted, receiver, lost };
                let Means { threads, memory, cancel } = means;
                Walk { pack: &part.pack, forest: &part.forest, needed: &needed, threads, memory, cancel }
                    .run(&sink);
            }
        }
        let turn: Vec<&LoosePart> = self
            .loose
            .iter()
            .filter(|part| again.map_or(part.owned, |again| !part.owned && again.contains(&part.object)))
            .filter(|part| {
                kind(part.kind.load(Ordering::Relaxed)).is_none_or(|kind| receiver.wants(part.object, kind))
            })
            .collect();
        self.read_loose(&turn, receiver, means, lost);
    }

    fn read_loose(
        &self,
        parts: &[&LoosePart],
        receiver: &dyn Receiver,
        means: Means<'_>,
        lost: &Mutex<BTreeMap<u32, Lost>>,
    ) {
        let next = AtomicUsize::new(0);
        let work = |worker: usize| {
            let (mut inflater, mut buffers) = (Inflater::new(), (Vec::new(), Vec::new()));
            while let Some(part) = parts.get(next.fetch_add(1, Ordering::Relaxed)) {
                if means.cancel.is_stopped() {
                    break;
                }
                let hex = self.oids.hex(part.object);
                let path = loose::path(&self.folders[part.folder], &hex);
                let wanted = |head: Head| {
                    part.kind.store(head.kind as u8, Ordering::Relaxed);
                    if !receiver.wants(part.object, head.kind) {
                        return Ok(false);
                    }
                    if head.size > receiver.limit() {
                        return Err(Fault::TooLarge { size: head.size });
                    }
                    let needed = head.size.saturating_mul(2);
                    if needed > means.memory / 2 { Err(Fault::Memory { needed }) } else { Ok(true) }
                };
                let outcome =
                    loose::read(&path, &mut inflater, &mut buffers, &wanted).and_then(|(head, content)| {
                        content.map_or(Ok(()), |range| {
                            receiver.object(
                                worker,
                                part.object,
                                head.kind,
                                buffers.1.get(range).unwrap_or_default(),
                            )
                        })
                    });
                let place = || format!("objects/{}/{}", &hex[..2], &hex[2..]);
                note(lost, part.object, place, outcome);
            }
        };
        let threads = means.threads.min(parts.len().div_ceil(16)).max(1);
        std::thread::scope(|scope| {
            let work = &work;
            for worker in 1..threads {
                scope.spawn(move || work(worker));
            }
            work(0);
        });
    }
}

/// Whether a fault lies in the user's limits and not in this copy of the object.
fn is_limit(fault: &Fault) -> bool {
    !fault.kind().is_failure() || matches!(fault, Fault::Memory { .. })
}

fn note(
    lost: &Mutex<BTreeMap<u32, Lost>>,
    object: u32,
    place: impl FnOnce() -> String,
    outcome: Result<(), Fault>,
) {
    let lost = || lost.lock().unwrap_or_else(PoisonError::into_inner);
    match outcome {
        Err(fault) => {
            lost().entry(object).or_insert(Lost { place: place(), fault });
        }
        // Nearly always nothing was lost, and the lock is free.
        Ok(()) => {
            lost().remove(&object);
        }
    }
}

struct PackSink<'a> {
    part: &'a PackPart,
    wanted: Bits,
    receiver: &'a dyn Receiver,
    lost: &'a Mutex<BTreeMap<u32, Lost>>,
}

impl Sink for PackSink<'_> {
    fn wants(&self, entry: u32) -> bool {
        self.wanted.has(entry)
    }

    fn limit(&self) -> u64 {
        self.receiver.limit()
    }

    fn object(&self, worker: usize, entry: u32, bytes: &[u8]) {
        let Some(kind) = self.part.forest.kind(entry) else { return };
        let object = self.part.forest.object(entry);
        let outcome = self.receiver.object(worker, object, kind, bytes);
        note(self.lost, object, || self.part.pack.name.clone(), outcome);
    }

    fn failed(&self, entry: u32, fault: Fault) {
        note(self.lost, self.part.forest.object(entry), || self.part.pack.name.clone(), Err(fault));
    }
}

/// Offset and object of each entry. Packs list their ids in the table's order, so the next is tried first.
fn positions(oids: &Oids, ids: &[u8], offsets: Vec<u64>) -> Vec<(u64, u32)> {
    let mut expected = 0;
    ids.chunks_exact(oids.id_length())
        .zip(offsets)
        .filter_map(|(id, offset)| {
            let object = if oids.get(expected) == id { expected } else { oids.find(id)? };
            expected = object + 1;
            Some((offset, object))
        })
        .collect()
}

fn pack_paths(objects: &Path, problems: &mut Vec<Problem>) -> Vec<PathBuf> {
    let files = match std::fs::read_dir(objects.join("pack")) {
        Ok(files) => files,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => {
            problems.push(("objects/pack".to_owned(), error.into()));
            return Vec::new();
        }
    };
    let mut paths = Vec::new();
    for file in files {
        match file {
            Ok(file) => paths.push(file.path()),
            Err(error) => problems.push(("objects/pack".to_owned(), error.into())),
        }
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "pack"));
    paths.sort();
    paths
}

/// The folder itself and, as git does, those that its `info/alternates` name, and theirs, five deep.
fn with_alternates(objects: &Path, problems: &mut Vec<Problem>) -> Vec<PathBuf> {
    const DEPTH: usize = 5;
    const MOST: usize = 100;
    const NAME: &str = "objects/info/alternates";
    let mut folders = vec![objects.to_owned()];
    let mut level = folders.clone();
    for depth in 0..=DEPTH {
        let mut below = Vec::new();
        for folder in level {
            let list = match std::fs::metadata(folder.join("info/alternates")) {
                Ok(metadata) if metadata.is_file() && metadata.len() <= 1 << 20 => {
                    std::fs::read(folder.join("info/alternates"))
                }
                Ok(_) => Err(std::io::Error::other("not a small regular file")),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => Err(error),
            };
            match list {
                Ok(list) => below
                    .extend(list.split(|byte| *byte == b'\n').filter_map(|line| alternate(&folder, line))),
                Err(error) => problems.push((NAME.to_owned(), error.into())),
            }
        }
        below.retain(|folder| !folders.contains(folder));
        below.dedup();
        if !below.is_empty() && (depth == DEPTH || folders.len() + below.len() > MOST) {
            problems
                .push((NAME.to_owned(), Fault::Malformed("more alternates than git itself would follow")));
            break;
        }
        for folder in &below {
            if !folder.is_dir() {
                problems.push((NAME.to_owned(), Fault::Malformed("names a folder that is not there")));
            }
        }
        folders.extend(below.iter().cloned());
        level = below;
    }
    folders
}

fn alternate(objects: &Path, line: &[u8]) -> Option<PathBuf> {
    let line = std::str::from_utf8(line.strip_suffix(b"\r").unwrap_or(line)).ok()?;
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let path = objects.join(line);
    Some(path.canonicalize().unwrap_or(path))
}
