//! Lets several threads scan the members of one archive while one thread decodes it.
//!
//! A tree keeps all threads busy with its many files. A target that is one archive has only its one decoder, so its
//! members are copied and handed on. Nobody waits: when the others are busy or memory is short, the decoding
//! thread scans the member itself.

use crate::budget::{Budget, Permit};
use crate::context::{Context, Outcome};
use crate::tree::STACK;
use crate::{FileStamp, Visitor};
use bartizan_model::{Blob, Language, NotDone, Origin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

/// Members that wait for each thread.
const WAITING: usize = 16;

/// Runs `work` with a context whose visitor hands members on to [`crate::Options::threads`] threads.
pub(crate) fn visit(context: &Context<'_>, work: impl FnOnce(&Context<'_>) -> Outcome) -> Outcome {
    let others = context.options.threads.saturating_sub(1);
    if others == 0 {
        return work(context);
    }
    let (sender, receiver) = sync_channel(WAITING * others);
    let receiver = Mutex::new(receiver);
    let dropped = AtomicBool::new(false);
    let outcome = std::thread::scope(|scope| {
        for at in 1..=others {
            let thread = std::thread::Builder::new().name(format!("scan-{at}")).stack_size(STACK);
            if thread.spawn_scoped(scope, || scan(context, &receiver, &dropped)).is_err() {
                break;
            }
        }
        let handing = Handing { visitor: context.visitor, memory: context.memory, sender };
        // Dropped at the end of the scope's closure: the threads see the channel closed and end.
        work(&Context { visitor: &handing, ..*context })
    });
    if dropped.into_inner() { Outcome::Stopped } else { outcome }
}

fn scan(context: &Context<'_>, parcels: &Mutex<Receiver<Parcel<'_>>>, dropped: &AtomicBool) {
    loop {
        let next = parcels.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(parcel) = next else { return };
        if context.cancel.is_stopped() {
            dropped.store(true, Ordering::Relaxed);
            continue;
        }
        let Parcel { origin, bytes, language, .. } = &parcel;
        context.visitor.blob(&Blob { bytes, origin, language: *language }, None);
    }
}

/// A member on its way to another thread.
struct Parcel<'a> {
    origin: Origin,
    bytes: Vec<u8>,
    language: Language,
    _permit: Permit<'a>,
}

struct Handing<'a> {
    visitor: &'a dyn Visitor,
    memory: &'a Budget,
    sender: SyncSender<Parcel<'a>>,
}

impl Visitor for Handing<'_> {
    fn is_known_file(&self, stamp: &FileStamp) -> bool {
        self.visitor.is_known_file(stamp)
    }

    fn is_known_object(&self, id: &[u8], path: &str) -> bool {
        self.visitor.is_known_object(id, path)
    }

    fn blob(&self, blob: &Blob<'_>, stamp: Option<&FileStamp>) {
        let handed = stamp.is_none()
            && self.memory.try_take(blob.bytes.len() as u64).is_some_and(|permit| {
                let (origin, bytes) = (blob.origin.clone(), blob.bytes.to_vec());
                let parcel = Parcel { origin, bytes, language: blob.language, _permit: permit };
                self.sender.try_send(parcel).is_ok()
            });
        if !handed {
            self.visitor.blob(blob, stamp);
        }
    }

    fn not_done(&self, entry: NotDone) {
        self.visitor.not_done(entry);
    }

    fn expected(&self, blobs: u64) {
        self.visitor.expected(blobs);
    }
}
