//! Archives from arbitrary bytes: what is delivered stays within the limits, and nothing that fails is silent.
#![no_main]

use bartizan_model::{Blob, NotDone};
use bartizan_source::{Cancel, FileStamp, Options, Visitor, visit_bytes};
use libfuzzer_sys::fuzz_target;
use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Default)]
struct Count {
    blobs: AtomicU64,
    bytes: AtomicU64,
    largest: AtomicU64,
    deepest: AtomicU64,
    reasons: AtomicU64,
}

impl Visitor for Count {
    fn blob(&self, blob: &Blob<'_>, _: Option<&FileStamp>) {
        self.blobs.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(blob.bytes.len() as u64, Ordering::Relaxed);
        self.largest.fetch_max(blob.bytes.len() as u64, Ordering::Relaxed);
        self.deepest.fetch_max(blob.origin.members.len() as u64, Ordering::Relaxed);
    }

    fn not_done(&self, entry: NotDone) {
        assert!(!entry.reason.is_empty());
        self.reasons.fetch_add(1, Ordering::Relaxed);
    }
}

fuzz_target!(|bytes: &[u8]| {
    let options = Options {
        max_file_size: 64 << 10,
        max_archive_depth: 2,
        max_archive_size: 1 << 20,
        max_archive_members: 200,
        threads: 1,
        max_memory: 8 << 20,
        ..Options::default()
    };
    let count = Count::default();
    visit_bytes("input.bin", bytes, &options, &count, &Cancel::default());
    // UTF-16 is handed on as UTF-8, which takes at most three bytes for two.
    assert!(count.largest.load(Ordering::Relaxed) <= (64 << 10) * 2);
    assert!(count.deepest.load(Ordering::Relaxed) <= 2);
    assert!(count.blobs.load(Ordering::Relaxed) <= 201);
    assert!(count.bytes.load(Ordering::Relaxed) <= (1 << 20) * 2 + bytes.len() as u64);
});
