//! What is still to do, shared by the threads of a walk.

use super::folder::{Entry, Folder};
use crate::context::Context;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Listed files that may wait to be read. Up to there all folders are listed first.
const WAITING: usize = 1 << 16;

/// A piece of work.
pub(super) enum Job {
    /// To be listed.
    Folder(Arc<Folder>),
    /// To be read.
    Files(Arc<Folder>, Vec<Entry>),
}

/// All pieces of work that are known.
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    folders: Vec<Arc<Folder>>,
    files: VecDeque<(Arc<Folder>, Vec<Entry>)>,
    waiting: usize,
    /// Folders that are being listed: more work may come from them.
    listing: usize,
    /// Files found so far, known or not; told to the visitor once all folders are listed.
    found: u64,
    told: bool,
    /// Files that were dropped because the scan was stopped.
    left: usize,
    /// A thread panicked: the others go home, and the panic goes up.
    broken: bool,
}

impl Queue {
    pub(super) fn new(root: Folder) -> Self {
        let state = State {
            folders: vec![Arc::new(root)],
            files: VecDeque::new(),
            waiting: 0,
            listing: 0,
            found: 0,
            told: false,
            left: 0,
            broken: false,
        };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    /// The next piece of work; waits while there may be more. `None` when all is done or the scan is stopped.
    pub(super) fn next(&self, context: &Context<'_>) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if state.broken || context.cancel.is_stopped() {
                return None;
            }
            let full = state.waiting >= WAITING;
            if !full && let Some(folder) = state.folders.pop() {
                state.listing += 1;
                return Some(Job::Folder(folder));
            }
            if let Some((folder, files)) = state.files.pop_front() {
                state.waiting -= files.len();
                return Some(Job::Files(folder, files));
            }
            if state.listing == 0 && state.folders.is_empty() {
                return None;
            }
            let pause = std::time::Duration::from_millis(50);
            state = self.changed.wait_timeout(state, pause).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// A folder was found.
    pub(super) fn add_folder(&self, folder: Arc<Folder>) {
        self.lock().folders.push(folder);
        self.changed.notify_one();
    }

    /// Files were found; hands them back when too many are waiting already, for the caller to read at once.
    pub(super) fn add_files(&self, folder: &Arc<Folder>, files: Vec<Entry>) -> Option<Vec<Entry>> {
        let mut state = self.lock();
        if state.waiting >= WAITING {
            return Some(files);
        }
        state.waiting += files.len();
        state.files.push_back((Arc::clone(folder), files));
        drop(state);
        self.changed.notify_one();
        None
    }

    /// That many files were found, including those that need not be read.
    pub(super) fn count_found(&self, files: u64) {
        self.lock().found += files;
    }

    /// A folder that [`Queue::next`] gave out is listed.
    pub(super) fn listed(&self) {
        let mut state = self.lock();
        state.listing -= 1;
        drop(state);
        self.changed.notify_all();
    }

    /// How many files there are in all, once, when it is known.
    pub(super) fn total(&self) -> Option<u64> {
        let mut state = self.lock();
        let known = !state.told && state.listing <= 1 && state.folders.is_empty();
        state.told |= known;
        known.then_some(state.found)
    }

    /// Files that were given out are not read after all.
    pub(super) fn leave(&self, files: usize) {
        self.lock().left += files;
    }

    /// Files and folders that were not looked at.
    pub(super) fn left(&self) -> (usize, usize) {
        let state = self.lock();
        (state.left + state.waiting, state.folders.len())
    }

    /// Tells the other threads to stop when this one panics.
    pub(super) fn guard(&self) -> Guard<'_> {
        Guard(self)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// See [`Queue::guard`].
pub(super) struct Guard<'a>(&'a Queue);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.lock().broken = true;
            self.0.changed.notify_all();
        }
    }
}
