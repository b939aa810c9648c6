//! Decodes the entries of a pack, each exactly once: down from every whole object through the deltas on it, over
//! several threads. A base is kept only while something that builds on it is still to come.

use super::bits::Bits;
use super::fault::Fault;
use super::forest::Forest;
use super::inflate::Inflater;
use super::pack::{Pack, Stored, parse_entry_header};
use super::{delta, delta::delta_sizes};
use crate::Cancel;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Larger buffers are given back after use.
const KEPT_BYTES: usize = 256 << 10;

/// Takes what is decoded. Called from several threads.
pub(super) trait Sink: Sync {
    /// Whether this entry is wanted for itself, and not only for what builds on it.
    fn wants(&self, entry: u32) -> bool;
    /// The most bytes of an entry that are wanted.
    fn limit(&self) -> u64;
    /// A wanted entry.
    fn object(&self, worker: usize, entry: u32, bytes: &[u8]);
    /// A wanted entry that cannot be had.
    fn failed(&self, entry: u32, fault: Fault);
}

/// What to decode, and with how much of the machine.
pub(super) struct Walk<'a> {
    pub(super) pack: &'a Pack,
    pub(super) forest: &'a Forest,
    /// The wanted entries and all that they build on.
    pub(super) needed: &'a Bits,
    pub(super) threads: usize,
    /// Bytes of objects that all threads together may hold.
    pub(super) memory: u64,
    pub(super) cancel: &'a Cancel,
}

impl Walk<'_> {
    /// Decodes until all is done or `cancel` stops it.
    pub(super) fn run(&self, sink: &dyn Sink) {
        let roots: Vec<u32> = (0..self.forest.len())
            .filter(|entry| self.needed.has(*entry) && self.forest.is_root(*entry))
            .collect();
        let threads = self.threads.clamp(1, roots.len().max(1) * 8);
        let shared = Shared {
            roots: &roots,
            next_root: AtomicUsize::new(0),
            idle: AtomicU32::new(0),
            threads: threads as u32,
            jobs: Mutex::default(),
            news: Condvar::new(),
            large: Mutex::default(),
        };
        std::thread::scope(|scope| {
            for number in 1..threads {
                let shared = &shared;
                scope.spawn(move || Worker::new(self, sink, shared, number).run());
            }
            Worker::new(self, sink, &shared, 0).run();
        });
    }
}

/// What the threads of one walk share.
struct Shared<'a> {
    roots: &'a [u32],
    next_root: AtomicUsize,
    /// Threads that wait for a job.
    idle: AtomicU32,
    threads: u32,
    jobs: Mutex<Vec<Job>>,
    news: Condvar,
    /// Held by the one thread that is allowed more than its share.
    large: Mutex<()>,
}

/// A part of a tree of deltas that a busy thread gives to an idle one.
struct Job {
    entry: u32,
    base: Arc<Vec<u8>>,
}

impl Shared<'_> {
    fn jobs(&self) -> MutexGuard<'_, Vec<Job>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a job until every thread waits for one.
    fn wait(&self) -> Option<Job> {
        let mut jobs = self.jobs();
        self.idle.fetch_add(1, Ordering::Relaxed);
        loop {
            if let Some(job) = jobs.pop() {
                self.idle.fetch_sub(1, Ordering::Relaxed);
                return Some(job);
            }
            if self.idle.load(Ordering::Relaxed) >= self.threads {
                self.news.notify_all();
                return None;
            }
            jobs = self.news.wait(jobs).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// An entry on the path from a root to where a thread is.
struct Frame {
    /// The entry; nothing for the base that came with a job.
    entry: Option<u32>,
    state: State,
    /// The children that are still to come, as positions for [`Forest::child`].
    next: u32,
    end: u32,
}

enum State {
    /// Decoded.
    Ready(Arc<Vec<u8>>),
    /// Too large to be wanted; decoded when a child turns out to need it.
    Later,
    /// Decoded once, let go of: the last child has it now.
    Gone,
    Failed(Fault),
}

struct Worker<'a> {
    walk: &'a Walk<'a>,
    sink: &'a dyn Sink,
    shared: &'a Shared<'a>,
    number: usize,
    inflater: Inflater,
    /// Compressed bytes of the entry at hand.
    packed: Vec<u8>,
    /// Where in them its zlib stream begins.
    body: usize,
    /// Its inflated delta.
    delta: Vec<u8>,
    path: Vec<Frame>,
    /// Bytes of the objects on the path.
    held: u64,
    /// While more than the thread's share is held.
    large: Option<MutexGuard<'a, ()>>,
    /// Buffers to use again.
    spare: Vec<Vec<u8>>,
}

impl<'a> Worker<'a> {
    fn new(walk: &'a Walk<'a>, sink: &'a dyn Sink, shared: &'a Shared<'a>, number: usize) -> Self {
        Self {
            walk,
            sink,
            shared,
            number,
            inflater: Inflater::new(),
            packed: Vec::new(),
            body: 0,
            delta: Vec::new(),
            path: Vec::new(),
            held: 0,
            large: None,
            spare: Vec::new(),
        }
    }

    fn run(mut self) {
        // A panic of the visitor must not leave the others waiting for ever: the scope ends only when all do.
        let leave = Leave(self.shared);
        // So many at a time that they lie in one place of the pack, so few that all threads end at about one time.
        let share = (self.shared.roots.len() / (self.walk.threads * 16)).clamp(1, 256);
        loop {
            let start = self.shared.next_root.fetch_add(share, Ordering::Relaxed);
            let Some(roots) = self.shared.roots.get(start..) else { break };
            if roots.is_empty() {
                break;
            }
            for &root in &roots[..share.min(roots.len())] {
                self.enter(root);
                self.descend();
            }
        }
        while let Some(job) = self.shared.wait() {
            self.held += job.base.len() as u64;
            self.path.push(Frame { entry: None, state: State::Ready(job.base), next: 0, end: 0 });
            self.enter(job.entry);
            self.descend();
        }
        std::mem::forget(leave);
    }

    /// Goes through everything below the path until it is empty.
    fn descend(&mut self) {
        while let Some(top) = self.path.last_mut() {
            if top.next >= top.end || self.walk.cancel.is_stopped() {
                self.leave();
                continue;
            }
            let child = self.walk.forest.child(top.next);
            top.next += 1;
            if !self.walk.needed.has(child) {
                continue;
            }
            let more = top.next < top.end;
            if more && self.shared.idle.load(Ordering::Relaxed) > 0 && self.offer(child) {
                continue;
            }
            self.enter(child);
        }
    }

    /// Gives a child of the top to an idle thread; whether there was something to give.
    fn offer(&mut self, entry: u32) -> bool {
        let Some(Frame { state: State::Ready(base), .. }) = self.path.last() else { return false };
        let mut jobs = self.shared.jobs();
        // What is offered is held, so no more of it than there are takers.
        if jobs.len() >= self.shared.idle.load(Ordering::Relaxed) as usize {
            return false;
        }
        jobs.push(Job { entry, base: Arc::clone(base) });
        self.shared.news.notify_one();
        true
    }

    /// Decodes an entry whose base is the top of the path, hands it on if it is wanted, and makes it the top.
    fn enter(&mut self, entry: u32) {
        let wanted = self.sink.wants(entry);
        let base_fault = match self.path.last() {
            Some(Frame { state: State::Failed(fault), .. }) => Some(fault.of_child()),
            _ => None,
        };
        let outcome = match base_fault {
            Some(fault) => Err(fault),
            None => self.load(entry),
        };
        let children = self.walk.forest.children(entry);
        let state = match outcome {
            Ok(size) if size > self.sink.limit() => {
                if wanted {
                    self.sink.failed(entry, Fault::TooLarge { size });
                }
                State::Later
            }
            Ok(size) => match self.decode(entry, size) {
                Ok(bytes) => {
                    if wanted {
                        self.sink.object(self.number, entry, &bytes);
                    }
                    self.held += bytes.len() as u64;
                    State::Ready(Arc::new(bytes))
                }
                Err(fault) => self.fail(entry, wanted, fault),
            },
            Err(fault) => self.fail(entry, wanted, fault),
        };
        let (mut next, end) = (children.start, children.end);
        while next < end && !self.walk.needed.has(self.walk.forest.child(next)) {
            next += 1;
        }
        let frame = Frame { entry: Some(entry), state, next, end };
        self.path.push(frame);
        self.release_under(self.path.len() - 1);
        if next >= end {
            self.leave();
        }
    }

    fn fail(&self, entry: u32, wanted: bool, fault: Fault) -> State {
        if wanted {
            self.sink.failed(entry, fault.clone());
        }
        State::Failed(fault)
    }

    /// Lets go of the buffer under a frame when that frame is the last child and has its own.
    fn release_under(&mut self, at: usize) {
        if at == 0 || matches!(self.path[at].state, State::Later) {
            return;
        }
        let base = &mut self.path[at - 1];
        if base.next >= base.end && matches!(base.state, State::Ready(_)) {
            let state = std::mem::replace(&mut base.state, State::Gone);
            self.recycle(state);
        }
    }

    fn leave(&mut self) {
        if let Some(frame) = self.path.pop() {
            self.recycle(frame.state);
        }
        if self.path.is_empty() {
            self.large = None;
        }
        if let [Frame { entry: None, .. }] = self.path.as_slice() {
            self.leave();
        }
    }

    fn recycle(&mut self, state: State) {
        const KEPT: usize = 8;
        let State::Ready(bytes) = state else { return };
        self.held = self.held.saturating_sub(bytes.len() as u64);
        if self.large.is_some() && self.held <= self.share() {
            self.packed.shrink_to(KEPT_BYTES);
            self.delta.shrink_to(KEPT_BYTES);
            self.large = None;
        }
        if let Some(bytes) = Arc::into_inner(bytes)
            && self.spare.len() < KEPT
            && bytes.capacity() <= KEPT_BYTES
        {
            self.spare.push(bytes);
        }
    }

    /// Reads an entry; a delta is inflated into `self.delta`. The size of the object it stands for.
    fn load(&mut self, entry: u32) -> Result<u64, Fault> {
        let (start, end) = self.walk.forest.span(entry);
        self.afford(end.saturating_sub(start))?;
        self.walk.pack.read(start, end, &mut self.packed)?;
        let header = parse_entry_header(&self.packed, self.walk.pack.id_length())?;
        self.body = header.length;
        if matches!(header.stored, Stored::Whole(_)) {
            return Ok(header.size);
        }
        self.afford(header.size)?;
        self.inflater.exact(&self.packed[self.body..], header.size, &mut self.delta)?;
        Ok(delta_sizes(&self.delta)?.result)
    }

    /// Half of the memory is divided among the threads, the other half goes to one thread at a time. So whether an
    /// object can be had does not depend on the number of threads.
    fn afford(&mut self, more: u64) -> Result<(), Fault> {
        let needed = self.held.saturating_add(more);
        if needed > self.share() && self.large.is_none() {
            if needed > self.walk.memory / 2 {
                return Err(Fault::Memory { needed });
            }
            self.large = Some(self.shared.large.lock().unwrap_or_else(PoisonError::into_inner));
        }
        if needed > self.walk.memory / 2 { Err(Fault::Memory { needed }) } else { Ok(()) }
    }

    fn share(&self) -> u64 {
        self.walk.memory / 2 / u64::from(self.shared.threads)
    }

    /// The object of the entry that was loaded last, which builds on the top of the path.
    fn decode(&mut self, entry: u32, size: u64) -> Result<Vec<u8>, Fault> {
        if !self.walk.forest.is_root(entry)
            && matches!(self.path.last(), Some(Frame { state: State::Later, .. }))
        {
            self.catch_up().map_err(|fault| fault.of_child())?;
            self.load(entry)?;
        }
        self.build(entry, size, self.path.len())
    }

    /// Decodes what was put off at the end of the path.
    fn catch_up(&mut self) -> Result<(), Fault> {
        let done =
            self.path.iter().rposition(|frame| !matches!(frame.state, State::Later)).map_or(0, |i| i + 1);
        for at in done..self.path.len() {
            let Some(entry) = self.path[at].entry else { continue };
            let built = self.load(entry).and_then(|size| self.build(entry, size, at));
            match built {
                Ok(bytes) => {
                    self.held += bytes.len() as u64;
                    self.path[at].state = State::Ready(Arc::new(bytes));
                    self.release_under(at);
                }
                Err(fault) => {
                    for frame in &mut self.path[at..] {
                        frame.state = State::Failed(fault.of_child());
                    }
                    self.path[at].state = State::Failed(fault.clone());
                    return Err(fault);
                }
            }
        }
        Ok(())
    }

    /// The object of the entry that was loaded last, which builds on the frame under `depth`.
    fn build(&mut self, entry: u32, size: u64, depth: usize) -> Result<Vec<u8>, Fault> {
        self.afford(size)?;
        let mut out = self.spare.pop().unwrap_or_default();
        if self.walk.forest.is_root(entry) {
            self.inflater.exact(&self.packed[self.body..], size, &mut out)?;
        } else {
            match depth.checked_sub(1).and_then(|under| self.path.get(under)).map(|frame| &frame.state) {
                Some(State::Ready(base)) => delta::apply_into(base, &self.delta, &mut out, size as usize)?,
                Some(State::Failed(fault)) => return Err(fault.of_child()),
                Some(State::Later | State::Gone) | None => return Err(Fault::NoBase),
            }
        }
        Ok(out)
    }
}

/// Counts a thread that ends in a panic as idle, so that the others do not wait for it.
struct Leave<'a>(&'a Shared<'a>);

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        let jobs = self.0.jobs();
        self.0.idle.fetch_add(1, Ordering::Relaxed);
        self.0.news.notify_all();
        drop(jobs);
    }
}
