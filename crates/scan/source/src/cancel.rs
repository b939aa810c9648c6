//! One flag and one deadline that every long loop looks at.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Tells loops to stop: because the user interrupted, or because time ran out. Cheap to clone and to ask.
#[derive(Clone, Debug, Default)]
pub struct Cancel {
    interrupted: Arc<AtomicBool>,
    deadline: Option<Instant>,
}

/// Why to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// The user asked.
    Interrupted,
    /// `--max-time` ran out.
    OutOfTime,
}

impl Cancel {
    /// Stops at `deadline` at the latest.
    #[must_use]
    pub fn with_deadline(&self, deadline: Option<Instant>) -> Self {
        Self { interrupted: Arc::clone(&self.interrupted), deadline }
    }

    /// Asks all loops that hold a clone to stop. Safe in a signal handler's thread.
    pub fn interrupt(&self) {
        self.interrupted.store(true, Ordering::Relaxed);
    }

    /// Why to stop now, if so.
    pub fn stop_reason(&self) -> Option<StopReason> {
        if self.interrupted.load(Ordering::Relaxed) {
            return Some(StopReason::Interrupted);
        }
        self.deadline.filter(|deadline| Instant::now() >= *deadline).map(|_| StopReason::OutOfTime)
    }

    /// Whether to stop now.
    pub fn is_stopped(&self) -> bool {
        self.stop_reason().is_some()
    }
}
