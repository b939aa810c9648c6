//! The wall-clock budget, and the words for a scan that stopped early.

use bartizan_model::{NotDone, NotDoneKind};
use bartizan_source::{Cancel, StopReason};
use std::time::{Duration, Instant};

/// `cancel` with the deadline that `max_time` from now sets. A budget too long for the clock is none.
pub(crate) fn with_budget(cancel: &Cancel, max_time: Option<Duration>) -> Cancel {
    cancel.with_deadline(max_time.and_then(|budget| Instant::now().checked_add(budget)))
}

/// `what` was left because the scan stopped.
pub(crate) fn stopped(reason: StopReason, path: &str, what: &str) -> NotDone {
    let (kind, why) = match reason {
        StopReason::Interrupted => (NotDoneKind::Interrupted, "interrupted"),
        StopReason::OutOfTime => (NotDoneKind::OutOfTime, "--max-time ran out"),
    };
    NotDone { kind, path: path.to_owned(), reason: format!("{why}: {what}") }
}
