//! The snapshot file: a sorted list of facts for each section, the notes that facts refer to, and a checksum over all of it.
//!
//! Layout, all numbers little-endian: magic (8 bytes), version (u32), zero (u32), key (32 bytes), a count of facts for each
//! section and one of notes (u64), then the facts of each section (hash, 16 bytes; note, 16 bytes; size, u64), then the notes (hash, 16
//! bytes; length, u32; bytes), then BLAKE3 of everything before (32 bytes).

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

const MAGIC: &[u8; 8] = b"BZTCACHE";
const VERSION: u32 = 3;
const HEADER: usize = 8 + 4 + 4 + 32 + 8 * (Section::COUNT + 1);
const FACT: usize = 40;
const NOTE: usize = 20;
const CHECKSUM: usize = 32;
/// Facts in one snapshot, over all sections: 64 MiB.
const MAX_FACTS: usize = (64 << 20) / FACT;
/// Bytes of notes in one snapshot.
const MAX_NOTES: usize = 64 << 20;
/// A longer file is no snapshot.
pub(super) const MAX_BYTES: u64 = (HEADER + MAX_FACTS * FACT + MAX_NOTES + CHECKSUM) as u64;

/// Names a note: a hash of its bytes.
pub(crate) type NoteId = [u8; 16];

/// "This is clean": the hash of what it is, what detectors noted of it, and its size in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fact {
    pub(crate) key: [u8; 16],
    /// [`Fact::NO_NOTE`] where nothing was noted.
    pub(crate) note: NoteId,
    pub(crate) size: u64,
}

impl Fact {
    pub(crate) const NO_NOTE: NoteId = [0; 16];
}

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// Files by path and stamp.
    Stamps,
    /// Files and archive members by path and content.
    Contents,
    /// Git objects by id and path.
    Objects,
    /// What a slow detector said of content under a path, which need not be clean.
    Inspections,
}

impl Section {
    pub(crate) const COUNT: usize = 4;
    pub(crate) const ALL: [Self; Self::COUNT] =
        [Self::Stamps, Self::Contents, Self::Objects, Self::Inspections];
}

/// The facts; each section sorted by key, no key twice. Every note that a fact refers to is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Snapshot {
    sections: [Vec<Fact>; Section::COUNT],
    notes: BTreeMap<NoteId, Vec<u8>>,
}

impl Snapshot {
    pub(crate) fn section(&self, section: Section) -> &[Fact] {
        &self.sections[section as usize]
    }

    /// Who adds facts calls [`Snapshot::sort`] afterwards.
    pub(crate) fn section_mut(&mut self, section: Section) -> &mut Vec<Fact> {
        &mut self.sections[section as usize]
    }

    /// The note of a fact; `None`: nothing was noted.
    pub(crate) fn note(&self, fact: &Fact) -> Option<&[u8]> {
        self.notes.get(&fact.note).map(Vec::as_slice)
    }

    /// Adds a note for facts to refer to.
    pub(crate) fn add_note(&mut self, id: NoteId, bytes: Vec<u8>) {
        self.notes.insert(id, bytes);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.sections.iter().all(Vec::is_empty)
    }

    pub(crate) fn sort(&mut self) {
        for facts in &mut self.sections {
            facts.sort_unstable();
            facts.dedup_by_key(|fact| fact.key);
        }
    }

    pub(crate) fn find(&self, section: Section, key: &[u8; 16]) -> Option<usize> {
        self.section(section).binary_search_by(|fact| fact.key.cmp(key)).ok()
    }

    /// Takes over what `other` has.
    pub(crate) fn merge(&mut self, other: &Self) {
        for (id, bytes) in &other.notes {
            self.notes.entry(*id).or_insert_with(|| bytes.clone());
        }
        for (mine, theirs) in self.sections.iter_mut().zip(&other.sections) {
            if theirs.is_empty() || mine == theirs {
                continue;
            }
            let mut merged = Vec::with_capacity(mine.len() + theirs.len());
            let (mut left, mut right) = (mine.iter().peekable(), theirs.iter().peekable());
            while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
                let order = a.key.cmp(&b.key);
                merged.push(if order == Ordering::Greater { **b } else { **a });
                if order != Ordering::Greater {
                    left.next();
                }
                if order != Ordering::Less {
                    right.next();
                }
            }
            merged.extend(left);
            merged.extend(right);
            *mine = merged;
        }
    }

    /// Keeps within the size limits: first the facts that are not useful go, then any. Notes go with their facts.
    pub(crate) fn fit(&mut self, is_useful: impl Fn(Section, &Fact) -> bool) {
        self.fit_to(MAX_FACTS, MAX_NOTES, is_useful);
    }

    fn fit_to(&mut self, limit: usize, limit_notes: usize, is_useful: impl Fn(Section, &Fact) -> bool) {
        self.fit_facts(limit, is_useful);
        let used: BTreeSet<NoteId> = self.sections.iter().flatten().map(|fact| fact.note).collect();
        let mut room = limit_notes;
        self.notes.retain(|id, bytes| {
            let size = NOTE + bytes.len();
            let keep = used.contains(id) && size <= room;
            room -= if keep { size } else { 0 };
            keep
        });
        let notes = &self.notes;
        for facts in &mut self.sections {
            facts.retain(|fact| fact.note == Fact::NO_NOTE || notes.contains_key(&fact.note));
        }
    }

    fn fit_facts(&mut self, limit: usize, is_useful: impl Fn(Section, &Fact) -> bool) {
        let total = |this: &Self| this.sections.iter().map(Vec::len).sum::<usize>();
        if total(self) > limit {
            for section in Section::ALL {
                self.section_mut(section).retain(|fact| is_useful(section, fact));
            }
        }
        let share = limit / Section::COUNT;
        for section in Section::ALL {
            if total(self) > limit {
                let excess = total(self) - limit;
                let facts = self.section_mut(section);
                let keep = facts.len().saturating_sub(excess).max(share.min(facts.len()));
                facts.truncate(keep);
            }
        }
    }

    pub(crate) fn to_bytes(&self, key: &[u8; 32]) -> Vec<u8> {
        let facts: usize = self.sections.iter().map(Vec::len).sum();
        let mut bytes = Vec::with_capacity(HEADER + facts * FACT + CHECKSUM);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&[0; 4]);
        bytes.extend_from_slice(key);
        for facts in &self.sections {
            bytes.extend_from_slice(&(facts.len() as u64).to_le_bytes());
        }
        bytes.extend_from_slice(&(self.notes.len() as u64).to_le_bytes());
        for fact in self.sections.iter().flatten() {
            bytes.extend_from_slice(&fact.key);
            bytes.extend_from_slice(&fact.note);
            bytes.extend_from_slice(&fact.size.to_le_bytes());
        }
        for (id, note) in &self.notes {
            bytes.extend_from_slice(id);
            bytes.extend_from_slice(&u32::try_from(note.len()).unwrap_or(u32::MAX).to_le_bytes());
            bytes.extend_from_slice(note);
        }
        let checksum = blake3::hash(&bytes);
        bytes.extend_from_slice(checksum.as_bytes());
        bytes
    }

    /// `None`: not a whole snapshot of this version under this key.
    pub(crate) fn from_bytes(bytes: &[u8], key: &[u8; 32]) -> Option<Self> {
        let (body, checksum) = bytes.split_at_checked(bytes.len().checked_sub(CHECKSUM)?)?;
        let rest = body.strip_prefix(MAGIC)?.strip_prefix(&VERSION.to_le_bytes())?;
        let rest = rest.strip_prefix(&[0; 4])?.strip_prefix(key)?;
        if blake3::hash(body).as_bytes() != checksum {
            return None;
        }
        let (counts, rest) = rest.split_at_checked(8 * Section::COUNT)?;
        let (notes, mut rest) = rest.split_at_checked(8)?;
        let mut snapshot = Self::default();
        for (facts, count) in snapshot.sections.iter_mut().zip(counts.chunks_exact(8)) {
            let count = usize::try_from(number(count)).ok()?;
            let (mine, others) = rest.split_at_checked(count.checked_mul(FACT)?)?;
            rest = others;
            facts.extend(mine.chunks_exact(FACT).map(|chunk| Fact {
                key: hash(chunk),
                note: hash(&chunk[16..]),
                size: number(&chunk[32..]),
            }));
            if !facts.is_sorted_by(|a, b| a.key < b.key) {
                return None;
            }
        }
        for _ in 0..number(notes) {
            let (head, others) = rest.split_at_checked(NOTE)?;
            let (id, length) = head.split_at_checked(16)?;
            let length = u32::from_le_bytes(length.try_into().ok()?);
            let (note, others) = others.split_at_checked(usize::try_from(length).ok()?)?;
            snapshot.notes.insert(hash(id), note.to_vec());
            rest = others;
        }
        rest.is_empty().then_some(snapshot)
    }
}

/// The first sixteen bytes.
fn hash(bytes: &[u8]) -> [u8; 16] {
    let mut hash = [0; 16];
    hash.copy_from_slice(&bytes[..16]);
    hash
}

/// The little-endian number in the first eight bytes.
fn number(bytes: &[u8]) -> u64 {
    let mut eight = [0; 8];
    eight.copy_from_slice(&bytes[..8]);
    u64::from_le_bytes(eight)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(number: u8) -> Fact {
        Fact { key: [number; 16], note: Fact::NO_NOTE, size: u64::from(number) }
    }

    fn snapshot(stamps: &[u8], objects: &[u8]) -> Snapshot {
        let mut snapshot = Snapshot::default();
        snapshot.section_mut(Section::Stamps).extend(stamps.iter().map(|n| fact(*n)));
        snapshot.section_mut(Section::Objects).extend(objects.iter().map(|n| fact(*n)));
        snapshot.sort();
        snapshot
    }

    #[test]
    fn a_snapshot_survives_writing_and_nothing_else_is_one() {
        let (key, mut small) = ([7; 32], snapshot(&[3, 1, 2], &[9]));
        small.section_mut(Section::Stamps)[1].note = [5; 16];
        small.add_note([5; 16], b"noted".to_vec());
        let bytes = small.to_bytes(&key);
        assert_eq!(Snapshot::from_bytes(&bytes, &key), Some(small.clone()));
        assert_eq!(Snapshot::from_bytes(&bytes, &[8; 32]), None, "another key");
        for at in 0..bytes.len() {
            assert_eq!(Snapshot::from_bytes(&bytes[..at], &key), None, "cut at {at}");
            for bit in 0..8 {
                let mut broken = bytes.clone();
                broken[at] ^= 1 << bit;
                assert_eq!(Snapshot::from_bytes(&broken, &key), None, "byte {at} bit {bit}");
            }
        }
        assert_eq!(Snapshot::from_bytes(&[bytes, vec![0]].concat(), &key), None, "too long");
    }

    #[test]
    fn merging_keeps_both_sorted() {
        let mut left = snapshot(&[1, 3, 5], &[]);
        left.merge(&snapshot(&[2, 3, 9], &[4]));
        assert_eq!(left, snapshot(&[1, 2, 3, 5, 9], &[4]));
        assert_eq!(left.find(Section::Stamps, &[3; 16]), Some(2));
        assert_eq!(left.find(Section::Objects, &[3; 16]), None);
    }

    #[test]
    fn the_limit_drops_the_useless_first() {
        let mut all = snapshot(&[1, 2, 3, 4], &[5, 6]);
        all.fit_to(5, 0, |_, fact| fact.size != 2);
        assert_eq!(all, snapshot(&[1, 3, 4], &[5, 6]));
        all.fit_to(3, 0, |_, _| true);
        assert_eq!(all.section(Section::Stamps).len() + all.section(Section::Objects).len(), 3);
    }

    #[test]
    fn a_note_goes_with_its_last_fact_and_a_fact_with_its_note() {
        let mut all = snapshot(&[1, 2, 3], &[]);
        for (fact, note) in all.section_mut(Section::Stamps).iter_mut().zip([[8; 16], [8; 16], [9; 16]]) {
            fact.note = note;
        }
        all.add_note([7; 16], vec![0; 10]);
        all.add_note([8; 16], vec![0; 10]);
        all.add_note([9; 16], vec![0; 11]);
        all.fit_to(9, NOTE * 2 + 20, |_, _| true);
        let keys: Vec<u8> = all.section(Section::Stamps).iter().map(|fact| fact.key[0]).collect();
        assert_eq!(keys, [1, 2], "the third's note did not fit");
        assert_eq!(all.notes.keys().collect::<Vec<_>>(), [&[8; 16]], "the unused one is gone");
    }
}
