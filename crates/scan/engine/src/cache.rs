//! Remembers which files and objects are clean, so that an unchanged tree is not read again.
//!
//! Two kinds of fact are kept: "nothing was found here, and nothing was wrong", with what detectors noted for their
//! conclusions; and what a slow detector that quotes no secrets said of some content. What has findings, suppression comments,
//! places for a conclusion to point at, or troubles is read in every scan, so a warm scan and a cold one give the same
//! report. A fact is a hash of what it depends on: path, and stamp or content or object id, under a key made of
//! everything else that decides the result (rules, options, version of this program's matching).
//!
//! One [snapshot](snapshot) per input and key lies in the cache folder. It is read once, and replaced by one rename under a
//! lock, with what other processes added meanwhile taken over; whatever is wrong with it, the scan goes on without it.

mod snapshot;
mod store;

use crate::ledger::lock;
use bartizan_model::Blob;
use bartizan_source::FileStamp;
pub(crate) use snapshot::NoteId;
use snapshot::{Fact, Section, Snapshot};
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) use store::CacheError;

/// A file changed so short before the scan began could change again without its stamp showing it. Nanoseconds; file
/// systems count time in steps of up to two seconds.
const RACY: i128 = 2_000_000_000;

/// The cache of one input.
pub(crate) struct Cache {
    folder: PathBuf,
    file: PathBuf,
    key: [u8; 32],
    loaded: Snapshot,
    /// Which of the loaded facts were of use in this scan.
    used: [Vec<AtomicBool>; Section::COUNT],
    pending: Mutex<Learnt>,
    tainted: Mutex<HashSet<u64>>,
    newest: i128,
}

/// What is remembered of a clean blob.
pub(crate) struct Known<'a> {
    /// Bytes.
    pub(crate) size: u64,
    /// What detectors noted.
    pub(crate) note: Option<(NoteId, &'a [u8])>,
}

/// What a blob is known by.
pub(crate) struct BlobKeys {
    stamp: Option<[u8; 16]>,
    content: Option<[u8; 16]>,
    object: Option<[u8; 16]>,
}

/// What this scan learnt.
#[derive(Default)]
struct Learnt {
    facts: Vec<Pending>,
    notes: BTreeMap<NoteId, Vec<u8>>,
}

struct Pending {
    path: u64,
    section: Section,
    fact: Fact,
}

impl Cache {
    /// The cache of the input with that identity, under the key of everything that decides results. Never fails: what
    /// cannot be used is as if it were not there.
    pub(crate) fn open(folder: &Path, identity: &[u8], key: [u8; 32]) -> Self {
        let name = blake3::keyed_hash(&key, identity).to_hex();
        let file = folder.join(format!("{}{}", &name[..32], store::SNAPSHOT_SUFFIX));
        let loaded = store::load(&file, &key).unwrap_or_default();
        let used = Section::ALL.map(|section| {
            std::iter::repeat_with(|| AtomicBool::new(false)).take(loaded.section(section).len()).collect()
        });
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as i128);
        Self {
            folder: folder.to_owned(),
            file,
            key,
            loaded,
            used,
            pending: Mutex::default(),
            tainted: Mutex::default(),
            newest: now - RACY,
        }
    }

    /// What is known of the file, when it is unchanged since it was found clean.
    pub(crate) fn knows_file(&self, stamp: &FileStamp) -> Option<Known<'_>> {
        if self.loaded.section(Section::Stamps).is_empty() {
            return None;
        }
        self.look_up(Section::Stamps, &self.stamp_key(stamp))
    }

    /// What is known of an object that is clean under this path.
    pub(crate) fn knows_object(&self, id: &[u8], path: &str) -> Option<Known<'_>> {
        if self.loaded.section(Section::Objects).is_empty() {
            return None;
        }
        self.look_up(Section::Objects, &self.object_key(id, path))
    }

    /// What `blob` is known by. Costs a hash of its content, except for objects, whose id is one.
    pub(crate) fn keys(&self, blob: &Blob<'_>, stamp: Option<&FileStamp>) -> BlobKeys {
        let plain = blob.origin.members.is_empty();
        let id = blob.origin.object.as_deref().filter(|_| plain).and_then(parse_hex);
        let object = id.map(|id| self.object_key(&id, &blob.origin.path));
        let content = object.is_none().then(|| {
            let content = blake3::hash(blob.bytes);
            let mut parts = vec![b"content".as_slice(), content.as_bytes(), blob.origin.path.as_bytes()];
            parts.extend(blob.origin.members.iter().map(String::as_bytes));
            self.hash(&parts)
        });
        // A stamp so young that it may hide a change to come is not trusted.
        let settled = stamp.filter(|stamp| stamp.modified < self.newest && stamp.changed < self.newest);
        BlobKeys { stamp: settled.map(|stamp| self.stamp_key(stamp)), content, object }
    }

    /// What a detector's inspection of a blob is known by.
    pub(crate) fn inspection_key(&self, blob: &Blob<'_>, detector: &str) -> [u8; 16] {
        let content = blake3::hash(blob.bytes);
        let mut parts = vec![detector.as_bytes(), content.as_bytes(), blob.origin.path.as_bytes()];
        parts.extend(blob.origin.members.iter().map(String::as_bytes));
        self.hash(&parts)
    }

    /// What a detector said of equal content under the same path.
    pub(crate) fn knows_inspection(&self, key: &[u8; 16]) -> Option<&[u8]> {
        Some(self.look_up(Section::Inspections, key)?.note?.1)
    }

    /// A detector said this.
    pub(crate) fn add_inspection(&self, key: [u8; 16], bytes: Vec<u8>) {
        let note = crate::notes::BlobNotes::id(&bytes);
        let mut learnt = lock(&self.pending);
        learnt.facts.push(Pending {
            path: 0,
            section: Section::Inspections,
            fact: Fact { key, note, size: 0 },
        });
        learnt.notes.entry(note).or_insert(bytes);
    }

    /// What is known of equal content under the same path, when it is clean.
    pub(crate) fn knows_content(&self, keys: &BlobKeys) -> Option<Known<'_>> {
        self.look_up(Section::Contents, &keys.content?)
    }

    /// The blob is clean, and this was noted of it. Kept unless [`Cache::taint`] names its path.
    pub(crate) fn add_clean(&self, path: &str, keys: BlobKeys, size: u64, noted: Option<(NoteId, &[u8])>) {
        let path = path_hash(path);
        let note = noted.map_or(Fact::NO_NOTE, |(id, _)| id);
        let facts = [
            (Section::Stamps, keys.stamp),
            (Section::Contents, keys.content),
            (Section::Objects, keys.object),
        ];
        let mut learnt = lock(&self.pending);
        for (section, key) in facts {
            if let Some(key) = key {
                learnt.facts.push(Pending { path, section, fact: Fact { key, note, size } });
            }
        }
        if let Some((id, bytes)) = noted {
            learnt.notes.entry(id).or_insert_with(|| bytes.to_vec());
        }
    }

    /// Something about this path was not done: nothing about it is kept, so that the next scan says so again.
    pub(crate) fn taint(&self, path: &str) {
        lock(&self.tainted).insert(path_hash(path));
        // What is told of a member is true of its archive.
        if let Some((archive, _)) = path.split_once("!/") {
            lock(&self.tainted).insert(path_hash(archive));
        }
    }

    /// Writes what was learnt. `whole`: the scan saw everything, so stamps that were of no use are of files that are gone.
    ///
    /// # Errors
    /// When it cannot be written; the last snapshot stays.
    pub(crate) fn save(self, whole: bool) -> Result<(), CacheError> {
        let tainted = self.tainted.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let Learnt { facts, notes } =
            self.pending.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut new = Snapshot::default();
        for (id, bytes) in notes {
            new.add_note(id, bytes);
        }
        for Pending { path, section, fact } in facts {
            let known = || self.loaded.find(section, &fact.key).is_some();
            let kept = section == Section::Inspections || !tainted.contains(&path);
            if kept && !known() {
                new.section_mut(section).push(fact);
            }
        }
        new.sort();
        let used: Vec<HashSet<usize>> = Section::ALL
            .iter()
            .map(|section| {
                let flags = self.used[*section as usize].iter().enumerate();
                flags.filter(|(_, flag)| flag.load(Ordering::Relaxed)).map(|(index, _)| index).collect()
            })
            .collect();
        let loaded_stamps = self.loaded.section(Section::Stamps).len();
        let useful_stamps = used[Section::Stamps as usize].len() + new.section(Section::Stamps).len();
        // Some slack, so that one changed file does not cost a write of everything.
        let prune = whole && loaded_stamps > 2 * useful_stamps + 4096;
        if new.is_empty() && !prune {
            store::keep_alive(&self.file);
            return Ok(());
        }
        store::replace(&self.folder, &self.file, &self.key, |there| {
            let is_useful = |section: Section, fact: &Fact| {
                let loaded = self.loaded.find(section, &fact.key);
                loaded.is_none_or(|index| used[section as usize].contains(&index))
            };
            // What lies on disk now and was not loaded is another process's, of this moment.
            let mut all = there.unwrap_or_default();
            all.merge(&self.loaded);
            if prune {
                all.section_mut(Section::Stamps).retain(|fact| is_useful(Section::Stamps, fact));
            }
            all.merge(&new);
            all.fit(is_useful);
            all
        })
    }

    fn look_up(&self, section: Section, key: &[u8; 16]) -> Option<Known<'_>> {
        let index = self.loaded.find(section, key)?;
        if let Some(flag) = self.used[section as usize].get(index) {
            flag.store(true, Ordering::Relaxed);
        }
        let fact = self.loaded.section(section).get(index)?;
        Some(Known { size: fact.size, note: self.loaded.note(fact).map(|note| (fact.note, note)) })
    }

    fn stamp_key(&self, stamp: &FileStamp) -> [u8; 16] {
        let FileStamp { path, size, modified, changed, inode } = stamp;
        self.hash(&[
            b"stamp",
            path.as_bytes(),
            &size.to_le_bytes(),
            &modified.to_le_bytes(),
            &changed.to_le_bytes(),
            &inode.to_le_bytes(),
        ])
    }

    fn object_key(&self, id: &[u8], path: &str) -> [u8; 16] {
        self.hash(&[b"object", id, path.as_bytes()])
    }

    fn hash(&self, parts: &[&[u8]]) -> [u8; 16] {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let mut short = [0; 16];
        short.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        short
    }
}

fn path_hash(path: &str) -> u64 {
    let mut short = [0; 8];
    short.copy_from_slice(&blake3::hash(path.as_bytes()).as_bytes()[..8]);
    u64::from_le_bytes(short)
}

fn parse_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    text.as_bytes()
        .chunks_exact(2)
        .map(|pair| {
            let high = (pair[0] as char).to_digit(16)?;
            let low = (pair[1] as char).to_digit(16)?;
            u8::try_from(high * 16 + low).ok()
        })
        .collect()
}
