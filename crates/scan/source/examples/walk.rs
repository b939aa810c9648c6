//! Visits a path and tells how long that takes: the cost of a scan without any detector.
//!
//! `cargo run --release -p bartizan-source --example walk -- PATH [known]`; with `known` no file is read, as in a second
//! scan of an unchanged tree.
#![expect(clippy::print_stdout, reason = "a program for people")]

use bartizan_model::{Blob, NotDone};
use bartizan_source::{Cancel, FileStamp, Options, Source, SourceError, Target, Visitor};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

#[derive(Default)]
struct Counts {
    all_known: bool,
    known: AtomicU64,
    blobs: AtomicU64,
    bytes: AtomicU64,
    not_done: AtomicU64,
}

impl Visitor for Counts {
    fn is_known_file(&self, _: &FileStamp) -> bool {
        self.known.fetch_add(u64::from(self.all_known), Ordering::Relaxed);
        self.all_known
    }

    fn blob(&self, blob: &Blob<'_>, _: Option<&FileStamp>) {
        self.blobs.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(blob.bytes.len() as u64, Ordering::Relaxed);
    }

    fn not_done(&self, _: NotDone) {
        self.not_done.fetch_add(1, Ordering::Relaxed);
    }
}

fn main() -> Result<(), SourceError> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().unwrap_or_else(|| ".".to_owned());
    let counts =
        Counts { all_known: arguments.next().is_some_and(|word| word == "known"), ..Counts::default() };
    let begin = Instant::now();
    let source = Source::open(&Target::Path(path.into()), &Options::default())?;
    source.visit(&counts, &Cancel::default())?;
    let (known, blobs, bytes) =
        (counts.known.into_inner(), counts.blobs.into_inner(), counts.bytes.into_inner());
    let left_out = counts.not_done.into_inner();
    println!(
        "{blobs} blobs, {:.1} MB, {known} known files, {left_out} left out, in {:.3} s",
        bytes as f64 / 1e6,
        begin.elapsed().as_secs_f64()
    );
    Ok(())
}
