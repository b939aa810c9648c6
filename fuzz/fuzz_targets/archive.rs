//! Any bytes as an archive: no panic, no limit exceeded, nothing lost in silence, the same twice.
#![no_main]

use bartizan_model::{Blob, NotDone, NotDoneKind};
use bartizan_source::{Cancel, FileStamp, Options, Visitor, visit_bytes};
use libfuzzer_sys::fuzz_target;
use std::sync::Mutex;

const MAX_FILE: u64 = 64 << 10;
const MAX_OUT: u64 = 4 << 20;
const MAX_MEMBERS: u64 = 500;

#[derive(Default)]
struct Seen {
    blobs: Mutex<Vec<(String, Vec<u8>)>>,
    not_done: Mutex<Vec<NotDone>>,
}

impl Visitor for Seen {
    fn blob(&self, blob: &Blob<'_>, _: Option<&FileStamp>) {
        let path = blob.origin.display_path();
        assert!(blob.origin.members.iter().all(|member| !member.is_empty() && !member.contains("..//")));
        assert!(!path.chars().any(char::is_control), "a member's name reaches the terminal: {path:?}");
        self.blobs.lock().unwrap().push((path, blob.bytes.to_vec()));
    }

    fn not_done(&self, entry: NotDone) {
        assert!(!entry.reason.is_empty());
        assert_ne!(entry.reason, "its decoder failed; the archive was left here", "a decoder panicked");
        self.not_done.lock().unwrap().push(entry);
    }
}

fn visit(bytes: &[u8]) -> (Vec<(String, Vec<u8>)>, Vec<NotDone>) {
    let options = Options {
        max_file_size: MAX_FILE,
        max_archive_size: MAX_OUT,
        max_archive_members: MAX_MEMBERS,
        max_memory: 32 << 20,
        threads: 1,
        ..Options::default()
    };
    let seen = Seen::default();
    visit_bytes("input", bytes, &options, &seen, &Cancel::default());
    (seen.blobs.into_inner().unwrap(), seen.not_done.into_inner().unwrap())
}

fuzz_target!(|bytes: &[u8]| {
    let (blobs, not_done) = visit(bytes);
    let out: u64 = blobs.iter().map(|(_, bytes)| bytes.len() as u64).sum();
    // UTF-16 grows by up to a half when it is decoded; a tar's members are its own bytes.
    assert!(out <= MAX_OUT / 2 * 3 + bytes.len() as u64 * 2, "{out} bytes came out");
    assert!(blobs.iter().all(|(_, bytes)| bytes.len() as u64 <= MAX_FILE / 2 * 3));
    assert!(blobs.len() as u64 <= MAX_MEMBERS + 1);
    if blobs.is_empty() && not_done.is_empty() {
        // An archive without members is the only thing of which there is nothing to say.
        assert!(bytes.len() >= 4);
    }
    let stopped = |kind| matches!(kind, NotDoneKind::Interrupted | NotDoneKind::OutOfTime);
    assert!(!not_done.iter().any(|entry| stopped(entry.kind)));
    assert!((blobs, not_done) == visit(bytes), "not the same twice");
});
