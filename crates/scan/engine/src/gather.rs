//! What all threads and targets add to: hits by blob, in bounded memory and independent of timing.

use crate::ledger::{Ledger, lock};
use crate::notes::{self, BlobNotes, NoteKey, Notes};
use bartizan_model::{Confidence, Edit, Fingerprint, FlowStep, Origin, Region, Secret, Severity, Snippet};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Places in one report, over all findings. What is beyond is counted, reported, and makes the report incomplete.
pub const MAX_PLACES: usize = 100_000;

/// One detection, ready for the report: nothing of the secret is in it.
pub(crate) struct Hit {
    /// Number in the rule table.
    pub(crate) rule: u32,
    pub(crate) region: Region,
    pub(crate) snippet: Snippet,
    pub(crate) confidence: Confidence,
    pub(crate) reason: String,
    pub(crate) properties: Vec<(String, String)>,
    pub(crate) secret: Option<Seen>,
    /// Where data comes from and passes, and what happens there.
    pub(crate) flow: Vec<FlowStep>,
    /// What would remove it.
    pub(crate) fix: Vec<Edit>,
    /// What a conclusion says beyond its rule; shared by all places of it.
    pub(crate) concluded: Option<Arc<Verdict>>,
    pub(crate) fingerprint: Fingerprint,
    /// Why it may stand, in the words of a comment beside it.
    pub(crate) inline: Option<String>,
}

/// What a conclusion says beyond its rule.
pub(crate) struct Verdict {
    pub(crate) reason: String,
    pub(crate) properties: BTreeMap<String, String>,
    /// A hash of [`bartizan_model::Concluded::group`].
    pub(crate) group: Fingerprint,
    pub(crate) severity: Severity,
    pub(crate) remediation: Option<String>,
    /// By whom it may stand, and why.
    pub(crate) excused: Option<(String, String)>,
}

/// What is kept of a secret.
pub(crate) struct Seen {
    pub(crate) digest: [u8; 32],
    /// As the report shows it.
    pub(crate) shown: String,
}

/// A secret that is kept until the provider was asked.
pub(crate) struct Held {
    pub(crate) rule: u32,
    pub(crate) start: u64,
    pub(crate) digest: [u8; 32],
    pub(crate) secret: Secret,
}

/// All hits of one blob, in order of position; at least one.
pub(crate) struct BlobHits {
    pub(crate) hits: Vec<Hit>,
    /// Every secret in the blob, where a verifier will want them.
    pub(crate) held: Vec<Held>,
}

/// Which blob: number of the target, where in it, and a hash of the content, for an archive may hold two members of one
/// name.
pub(crate) type BlobKey = (usize, Origin, [u8; 16]);

/// Shared by all threads of a scan.
pub(crate) struct Gathered {
    hits: Mutex<Hits>,
    pub(crate) notes: Notes,
    pub(crate) ledger: Ledger,
    blobs: AtomicU64,
    bytes: AtomicU64,
}

struct Hits {
    blobs: BTreeMap<BlobKey, BlobHits>,
    held: usize,
    seen: u64,
    limit: usize,
}

impl Gathered {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            hits: Mutex::new(Hits { blobs: BTreeMap::new(), held: 0, seen: 0, limit }),
            notes: Notes::new(notes::MAX_BYTES),
            ledger: Ledger::default(),
            blobs: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
        }
    }

    /// One more blob is covered.
    pub(crate) fn count(&self, bytes: u64) {
        self.blobs.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Adds the hits of a blob, of which there were `seen` before they were cut to the limit. Beyond the limit the
    /// blobs that sort last go: what stays is the front of the sorted whole, however the threads took turns.
    pub(crate) fn add(&self, key: BlobKey, found: BlobHits, seen: usize) {
        let mut hits = lock(&self.hits);
        if hits.blobs.contains_key(&key) {
            return;
        }
        hits.seen += seen as u64;
        hits.held += found.hits.len();
        hits.blobs.insert(key, found);
        while let Some(last) = hits.blobs.last_entry() {
            let size = last.get().hits.len();
            if hits.held - size < hits.limit {
                break;
            }
            hits.blobs.pop_last();
            hits.held -= size;
        }
    }

    /// Everything, in order.
    pub(crate) fn finish(self) -> Harvest {
        let mut hits = self.hits.into_inner().unwrap_or_else(PoisonError::into_inner);
        let excess = hits.held.saturating_sub(hits.limit);
        if let Some(mut last) = hits.blobs.last_entry() {
            let keep = last.get().hits.len().saturating_sub(excess);
            last.get_mut().hits.truncate(keep);
        }
        let (notes, notes_dropped) = self.notes.finish();
        Harvest {
            beyond: hits.seen.saturating_sub(hits.limit as u64),
            hits: hits.blobs.into_iter().collect(),
            notes,
            notes_dropped,
            ledger: self.ledger,
            blobs: self.blobs.into_inner(),
            bytes: self.bytes.into_inner(),
        }
    }
}

/// What a scan gathered.
pub(crate) struct Harvest {
    /// At most as many hits as the limit says.
    pub(crate) hits: Vec<(BlobKey, BlobHits)>,
    /// How many more there were.
    pub(crate) beyond: u64,
    pub(crate) notes: Vec<(NoteKey, BlobNotes)>,
    /// Blobs whose notes were beyond the limit.
    pub(crate) notes_dropped: u64,
    pub(crate) ledger: Ledger,
    pub(crate) blobs: u64,
    pub(crate) bytes: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use bartizan_model::Fingerprint;
    use proptest::prelude::*;

    fn hit(number: u32) -> Hit {
        Hit {
            rule: number,
            region: Region {
                start_byte: 0,
                end_byte: 0,
                start_line: 1,
                start_column: 1,
                end_line: 1,
                end_column: 1,
            },
            snippet: Snippet::default(),
            confidence: Confidence::CERTAIN,
            reason: String::new(),
            properties: Vec::new(),
            secret: None,
            flow: Vec::new(),
            fix: Vec::new(),
            concluded: None,
            fingerprint: Fingerprint::of("", "", b""),
            inline: None,
        }
    }

    proptest! {
        /// Whatever the order in which blobs come, the first hits of the sorted whole stay.
        #[test]
        fn keeps_the_front_of_the_sorted_whole(
            sizes in prop::collection::vec(1usize..6, 1..12),
            order in Just((0usize..12).collect::<Vec<_>>()).prop_shuffle(),
            limit in 1usize..30,
        ) {
            let gathered = Gathered::new(limit);
            for index in order.into_iter().filter(|index| *index < sizes.len()) {
                let hits: Vec<Hit> = (0..sizes[index]).take(limit).map(|n| hit(n as u32)).collect();
                let key = (0, Origin::file(format!("{index:02}")), [0; 16]);
                gathered.add(key, BlobHits { hits, held: Vec::new() }, sizes[index]);
            }
            let Harvest { hits: blobs, beyond, .. } = gathered.finish();
            let kept: Vec<(String, u32)> = blobs
                .iter()
                .flat_map(|((_, origin, _), blob)| blob.hits.iter().map(|hit| (origin.path.clone(), hit.rule)))
                .collect();
            let all: Vec<(String, u32)> = sizes
                .iter()
                .enumerate()
                .flat_map(|(index, size)| (0..*size).map(move |n| (format!("{index:02}"), n as u32)))
                .collect();
            prop_assert_eq!(&kept[..], &all[..limit.min(all.len())]);
            prop_assert_eq!(beyond as usize, all.len() - kept.len());
        }
    }
}
