//! The progress bar: on standard error, only on a terminal, redrawn twice a second.

use crate::{plain, units};
use bartizan_engine::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Between two drawings.
const PERIOD: Duration = Duration::from_millis(500);

/// A bar that scanning threads feed by counters, so that they never wait for the terminal.
pub struct Bar {
    shared: Arc<Shared>,
    painter: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    blobs: AtomicU64,
    bytes: AtomicU64,
    expected: AtomicU64,
    done: AtomicBool,
    /// The painter wants a path: the next thread that passes gives one.
    wants_path: AtomicBool,
    path: Mutex<String>,
}

impl Bar {
    /// Starts drawing.
    pub fn start() -> Self {
        let shared = Arc::new(Shared { wants_path: AtomicBool::new(true), ..Shared::default() });
        let theirs = Arc::clone(&shared);
        // Without a painter there is no bar, and no harm.
        let painter = thread::Builder::new().name("progress".to_owned()).spawn(move || paint(&theirs)).ok();
        Self { shared, painter }
    }
}

impl Progress for Bar {
    fn started(&self, target: &str) {
        self.shared.set_path(target);
    }

    fn blob(&self, path: &str, bytes: u64) {
        self.shared.blobs.fetch_add(1, Ordering::Relaxed);
        self.shared.bytes.fetch_add(bytes, Ordering::Relaxed);
        if self.shared.wants_path.swap(false, Ordering::Relaxed) {
            self.shared.set_path(path);
        }
    }

    fn expected(&self, blobs: u64) {
        // Targets are scanned one after the other: what is to come adds to what is done.
        let done = self.shared.blobs.load(Ordering::Relaxed);
        self.shared.expected.fetch_max(done + blobs, Ordering::Relaxed);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.shared.done.store(true, Ordering::Relaxed);
        if let Some(painter) = self.painter.take() {
            painter.thread().unpark();
            // A painter that panicked has nothing to tell.
            let _ = painter.join();
        }
    }
}

impl Shared {
    fn set_path(&self, path: &str) {
        let mut held = self.path.lock().unwrap_or_else(PoisonError::into_inner);
        held.clear();
        held.push_str(path);
    }
}

fn paint(shared: &Shared) {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(2));
    // The template is fixed; were it wrong, the default style would do.
    if let Ok(style) = ProgressStyle::with_template("{spinner} {bar:24} {prefix}  {wide_msg}") {
        bar.set_style(style);
    }
    while !shared.done.load(Ordering::Relaxed) {
        let blobs = shared.blobs.load(Ordering::Relaxed);
        let expected = shared.expected.load(Ordering::Relaxed);
        if expected > 0 {
            bar.set_length(expected.max(blobs));
            bar.set_position(blobs);
        }
        let size = units::show_size(shared.bytes.load(Ordering::Relaxed));
        bar.set_prefix(format!("{}, {size}", plain::counted(blobs, "file", "files")));
        let path = shared.path.lock().unwrap_or_else(PoisonError::into_inner).clone();
        bar.set_message(plain::visible(&path).into_owned());
        shared.wants_path.store(true, Ordering::Relaxed);
        bar.tick();
        thread::park_timeout(PERIOD);
    }
    bar.finish_and_clear();
}
