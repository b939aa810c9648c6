//! What detectors note of blobs for their conclusions: kept in bounded memory, independent of timing.

use crate::cache::NoteId;
use crate::inline::Inline;
use crate::ledger::lock;
use bartizan_model::{NotDoneKind, Origin, Region, Snippet};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Bytes of notes in one scan. What is beyond is reported.
pub(crate) const MAX_BYTES: usize = 256 << 20;
/// A note without anchors that is longer is not cached: its blob is read again.
pub(crate) const MAX_CACHED: usize = 256 << 10;

/// Stands for the number of a detector before what was left out.
const NOT_DONE: u32 = u32::MAX;

/// Which blob a note is of: target, where in it, and a hash of the note, for an archive may hold two members of one name.
pub(crate) type NoteKey = (usize, Origin, NoteId);

/// The notes of one blob.
#[derive(Default)]
pub(crate) struct BlobNotes {
    /// What was left out of the blob, for the cache alone: a scan that finds it unchanged says so again.
    pub(crate) not_done: Vec<(NotDoneKind, String)>,
    /// By number of the detector, in order.
    pub(crate) notes: Vec<HeldNote>,
    /// The blob's suppression comments, where it has any: what they cover is known at the end.
    pub(crate) inline: Option<Inline>,
}

/// One detector's note.
pub(crate) struct HeldNote {
    pub(crate) detector: u32,
    pub(crate) bytes: Vec<u8>,
    /// Where a conclusion may point, and the text to show there.
    pub(crate) anchors: Vec<(Region, Snippet)>,
}

impl BlobNotes {
    /// Encodes notes without anchors, for the cache.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for note in &self.notes {
            out.extend_from_slice(&note.detector.to_le_bytes());
            out.extend_from_slice(&(note.bytes.len() as u64).to_le_bytes());
            out.extend_from_slice(&note.bytes);
        }
        if !self.not_done.is_empty()
            && let Ok(bytes) = postcard::to_stdvec(&self.not_done)
        {
            out.extend_from_slice(&NOT_DONE.to_le_bytes());
            out.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
            out.extend_from_slice(&bytes);
        }
        out
    }

    /// The inverse of [`BlobNotes::encode`].
    pub(crate) fn decode(mut bytes: &[u8]) -> Option<Self> {
        let mut notes = Vec::new();
        let mut not_done = Vec::new();
        while !bytes.is_empty() {
            let (head, rest) = bytes.split_at_checked(12)?;
            let (detector, length) = head.split_at_checked(4)?;
            let length = u64::from_le_bytes(length.try_into().ok()?);
            let (note, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
            let detector = u32::from_le_bytes(detector.try_into().ok()?);
            if detector == NOT_DONE {
                not_done = postcard::from_bytes(note).ok()?;
            } else {
                notes.push(HeldNote { detector, bytes: note.to_vec(), anchors: Vec::new() });
            }
            bytes = rest;
        }
        Some(Self { not_done, notes, inline: None })
    }

    /// Names the notes by their content.
    pub(crate) fn id(encoded: &[u8]) -> NoteId {
        let mut id = [0; 16];
        id.copy_from_slice(&blake3::hash(encoded).as_bytes()[..16]);
        id
    }

    fn size(&self) -> usize {
        let of = |note: &HeldNote| {
            let snippets: usize = note.anchors.iter().map(|(_, snippet)| 64 + snippet.text.len()).sum();
            note.bytes.len() + snippets
        };
        self.notes.iter().map(of).sum()
    }
}

/// All notes of a scan; shared by its threads.
pub(crate) struct Notes {
    held: Mutex<Held>,
}

struct Held {
    blobs: BTreeMap<NoteKey, BlobNotes>,
    bytes: usize,
    dropped: u64,
    limit: usize,
}

impl Notes {
    pub(crate) fn new(limit: usize) -> Self {
        Self { held: Mutex::new(Held { blobs: BTreeMap::new(), bytes: 0, dropped: 0, limit }) }
    }

    /// Adds the notes of a blob. Beyond the limit the blobs that sort last go.
    pub(crate) fn add(&self, key: NoteKey, notes: BlobNotes) {
        let mut held = lock(&self.held);
        let size = notes.size();
        if held.blobs.insert(key, notes).is_none() {
            held.bytes += size;
        }
        while held.bytes > held.limit {
            let Some((_, last)) = held.blobs.pop_last() else { break };
            held.bytes -= last.size().min(held.bytes);
            held.dropped += 1;
        }
    }

    /// The notes in order, and of how many blobs they were dropped.
    pub(crate) fn finish(self) -> (Vec<(NoteKey, BlobNotes)>, u64) {
        let held = self.held.into_inner().unwrap_or_else(PoisonError::into_inner);
        (held.blobs.into_iter().collect(), held.dropped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn notes_survive_the_cache(notes in prop::collection::vec((0u32..4, prop::collection::vec(any::<u8>(), 0..40)), 0..4)) {
            let blob = BlobNotes {
                not_done: vec![(NotDoneKind::Unparsed, "half".to_owned())],
                notes: notes
                    .iter()
                    .map(|(detector, bytes)| HeldNote { detector: *detector, bytes: bytes.clone(), anchors: Vec::new() })
                    .collect(),
                inline: None,
            };
            let back = BlobNotes::decode(&blob.encode()).unwrap();
            prop_assert_eq!(&back.not_done, &blob.not_done);
            let back: Vec<_> = back.notes.into_iter().map(|note| (note.detector, note.bytes)).collect();
            prop_assert_eq!(back, notes);
        }

        #[test]
        fn broken_bytes_are_no_notes(bytes in prop::collection::vec(any::<u8>(), 1..12)) {
            prop_assert!(BlobNotes::decode(&bytes).is_none());
        }
    }

    #[test]
    fn beyond_the_limit_the_last_go_whatever_the_order() {
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            let notes = Notes::new(25);
            for index in order {
                let note = HeldNote { detector: 0, bytes: vec![0; 10], anchors: Vec::new() };
                let blob = BlobNotes { notes: vec![note], ..BlobNotes::default() };
                notes.add((0, Origin::file(index.to_string()), [0; 16]), blob);
            }
            let (held, dropped) = notes.finish();
            let names: Vec<&str> = held.iter().map(|((_, origin, _), _)| origin.path.as_str()).collect();
            assert_eq!((names, dropped), (vec!["0", "1"], 1));
        }
    }
}
