//! Reads on one thread, judges on all, and gives verdicts back in the order of the input.

use bartizan_detect::{Detection, Verdict};
use bartizan_ingest::{Failure, Sink};
use bartizan_model::{EventFormat, EventRef};
use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

/// Events of one batch, and bytes after which a batch is full.
const BATCH_EVENTS: usize = 512;
const BATCH_BYTES: usize = 1 << 20;

/// Events that are judged together.
#[derive(Debug, Default)]
struct Batch {
    number: u64,
    json: Vec<u8>,
    events: Vec<Queued>,
    sources: Vec<Arc<str>>,
    failures: Vec<Failed>,
}

#[derive(Debug)]
struct Queued {
    end: usize,
    source: usize,
    record: u64,
    format: Option<EventFormat>,
}

/// A piece of input that is no event.
#[derive(Clone, Debug)]
pub(crate) struct Failed {
    pub(crate) source: Arc<str>,
    pub(crate) record: u64,
    pub(crate) reason: String,
}

/// An event that met rules.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) source: Arc<str>,
    pub(crate) record: u64,
    pub(crate) json: Box<[u8]>,
    pub(crate) verdict: Verdict,
}

/// What came of one batch.
#[derive(Debug, Default)]
pub(crate) struct Results {
    pub(crate) events: u64,
    pub(crate) bytes: u64,
    pub(crate) judged: Vec<Judged>,
    pub(crate) failures: Vec<Failed>,
}

/// Runs `read` with a sink, judges what it hands over, and gives `each` the results in order.
pub(crate) fn run<T>(
    detection: &Arc<Detection>,
    threads: usize,
    read: impl FnOnce(&mut dyn Sink) -> T + Send,
    mut each: impl FnMut(Results),
) -> T
where
    T: Send,
{
    let threads = threads.max(1);
    let (to_judges, batches) = sync_channel::<Batch>(threads * 2);
    let (to_caller, results) = sync_channel::<(u64, Results)>(threads * 2);
    let batches = Mutex::new(batches);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let to_caller = to_caller.clone();
            let batches = &batches;
            scope.spawn(move || judge(detection, batches, &to_caller));
        }
        drop(to_caller);
        let reader = scope.spawn(move || {
            let mut batcher = Batcher { to_judges, batch: Batch::default(), closed: false };
            let value = read(&mut batcher);
            batcher.send();
            value
        });
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        for (number, result) in results {
            waiting.insert(number, result);
            while let Some(result) = waiting.remove(&next) {
                each(result);
                next += 1;
            }
        }
        match reader.join() {
            Ok(value) => value,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn judge(
    detection: &Arc<Detection>,
    batches: &Mutex<Receiver<Batch>>,
    to_caller: &SyncSender<(u64, Results)>,
) {
    let mut judge = detection.judge();
    loop {
        let received = batches.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(batch) = received else { return };
        let mut results = Results { failures: batch.failures, ..Results::default() };
        let mut start = 0;
        for queued in &batch.events {
            let Some(json) = batch.json.get(start..queued.end) else { break };
            start = queued.end;
            let Some(source) = batch.sources.get(queued.source) else { break };
            results.events += 1;
            results.bytes += json.len() as u64;
            let event = EventRef { json, format: queued.format.as_ref(), source, record: queued.record };
            match judge.judge(event) {
                Ok(None) => {}
                Ok(Some(verdict)) => results.judged.push(Judged {
                    source: Arc::clone(source),
                    record: queued.record,
                    json: json.into(),
                    verdict,
                }),
                Err(error) => results.failures.push(Failed {
                    source: Arc::clone(source),
                    record: queued.record,
                    reason: error.to_string(),
                }),
            }
        }
        if to_caller.send((batch.number, results)).is_err() {
            return;
        }
    }
}

struct Batcher {
    to_judges: SyncSender<Batch>,
    batch: Batch,
    closed: bool,
}

impl Batcher {
    fn source(&mut self, name: &str) -> usize {
        match self.batch.sources.last() {
            Some(last) if **last == *name => {}
            _ => self.batch.sources.push(name.into()),
        }
        self.batch.sources.len() - 1
    }

    fn send(&mut self) {
        if self.batch.events.is_empty() && self.batch.failures.is_empty() {
            return;
        }
        let next = Batch { number: self.batch.number + 1, ..Batch::default() };
        let full = std::mem::replace(&mut self.batch, next);
        self.closed |= self.to_judges.send(full).is_err();
    }
}

impl Sink for Batcher {
    fn event(&mut self, event: EventRef<'_>) -> bool {
        let source = self.source(event.source);
        self.batch.json.extend_from_slice(event.json);
        let end = self.batch.json.len();
        self.batch.events.push(Queued { end, source, record: event.record, format: event.format.cloned() });
        if self.batch.events.len() >= BATCH_EVENTS || end >= BATCH_BYTES {
            self.send();
        }
        !self.closed
    }

    fn failed(&mut self, failure: Failure<'_>) {
        let source = self.source(failure.source);
        let Some(source) = self.batch.sources.get(source).cloned() else { return };
        self.batch.failures.push(Failed { source, record: failure.record, reason: failure.reason });
        if self.batch.failures.len() >= BATCH_EVENTS {
            self.send();
        }
    }
}
