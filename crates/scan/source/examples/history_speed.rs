//! Reads a whole history and does nothing with it: how fast is that alone?
//!
//! `cargo run --release -p bartizan-source --example history_speed -- REPOSITORY [THREADS [SINCE]]`

use bartizan_model::{Blob, NotDone};
use bartizan_source::{Cancel, FileStamp, Options, Source, Target, Visitor};
use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

#[derive(Default)]
struct Count {
    blobs: AtomicU64,
    bytes: AtomicU64,
    objects: Mutex<BTreeSet<String>>,
    not_done: Mutex<Vec<NotDone>>,
}

impl Visitor for Count {
    fn blob(&self, blob: &Blob<'_>, _stamp: Option<&FileStamp>) {
        // Every thousandth is asked for its commits afterwards.
        if self.blobs.fetch_add(1, Ordering::Relaxed).is_multiple_of(1000)
            && let (Some(object), Ok(mut objects)) = (&blob.origin.object, self.objects.lock())
        {
            objects.insert(object.clone());
        }
        self.bytes.fetch_add(blob.bytes.len() as u64, Ordering::Relaxed);
    }

    fn not_done(&self, entry: NotDone) {
        if let Ok(mut list) = self.not_done.lock() {
            list.push(entry);
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let repository = arguments.next().ok_or("which repository?")?.into();
    let mut options = Options::default();
    if let Some(threads) = arguments.next() {
        options.threads = threads.parse()?;
    }
    let since = arguments.next();
    let target = if since.as_deref() == Some("staged") {
        Target::Staged { repository }
    } else {
        Target::History { repository, since }
    };
    let (count, cancel) = (Count::default(), Cancel::default());
    let start = Instant::now();
    let source = Source::open(&target, &options)?;
    source.visit(&count, &cancel)?;
    let visit = start.elapsed().as_secs_f64();
    let objects = count.objects.into_inner()?;
    let start = Instant::now();
    let carriers = source.carriers(&objects, &cancel)?;
    let asked = start.elapsed().as_secs_f64();
    let (blobs, bytes) = (count.blobs.into_inner(), count.bytes.into_inner());
    let megabytes = bytes as f64 / 1e6;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{blobs} blobs, {megabytes:.1} MB in {visit:.3} s: {:.0} MB/s", megabytes / visit)?;
    writeln!(out, "commits of {} of {} blobs in {asked:.3} s", carriers.len(), objects.len())?;
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        for line in status.lines().filter(|line| line.starts_with("VmHWM")) {
            writeln!(out, "{line}")?;
        }
    }
    let not_done = count.not_done.into_inner()?;
    writeln!(out, "{} not done", not_done.len())?;
    for entry in not_done.iter().take(5) {
        writeln!(out, "  {entry:?}")?;
    }
    Ok(())
}
