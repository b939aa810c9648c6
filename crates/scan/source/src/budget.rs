//! Memory permits: what all threads hold together stays under `--max-memory`.
//!
//! Two kinds of holders, so that nobody can wait for somebody who waits for him:
//!
//! - A **plain file** takes its whole size in one [`Permit`] and holds nothing else.
//! - An **archive** does not know beforehand what it needs: members, members of members, decoder windows. It starts
//!   with a fixed share (half of the budget over the number of threads); beyond that it grows, and only one
//!   archive grows at a time. All others hold no more than their shares, half of the budget in all, and plain files
//!   wait for nobody, so the growing one always gets up to half of the budget.
//!
//! Half of the budget is therefore what one archive may hold, whatever the number of threads and whatever else is
//! running: the same input is refused or accepted on every machine.

use crate::Cancel;
use std::cell::Cell;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How often a waiting thread looks whether it should stop.
const GLANCE: Duration = Duration::from_millis(20);

/// Bytes that may be held, over all threads.
pub(crate) struct Budget {
    total: u64,
    share: u64,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    free: u64,
    growing: bool,
}

/// Why bytes may not be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Denied {
    /// More than the budget allows to one holder: waiting would not help.
    TooMuch {
        /// What was asked for in all.
        needed: u64,
    },
    /// The scan was stopped while waiting.
    Stopped,
}

impl Budget {
    pub(crate) fn new(total: u64, threads: usize) -> Self {
        let share = total / 2 / u64::try_from(threads.max(1)).unwrap_or(u64::MAX);
        Self {
            total,
            share,
            state: Mutex::new(State { free: total, growing: false }),
            changed: Condvar::new(),
        }
    }

    /// Waits for `bytes`. The caller holds no other permit.
    pub(crate) fn take(&self, bytes: u64, cancel: &Cancel) -> Result<Permit<'_>, Denied> {
        if bytes > self.total {
            return Err(Denied::TooMuch { needed: bytes });
        }
        self.wait(cancel, |state| state.free >= bytes)?.free -= bytes;
        Ok(Permit { budget: self, bytes })
    }

    /// Takes `bytes` if they are free now.
    pub(crate) fn try_take(&self, bytes: u64) -> Option<Permit<'_>> {
        let mut state = self.lock();
        state.free = state.free.checked_sub(bytes)?;
        Some(Permit { budget: self, bytes })
    }

    /// Waits for an archive's share. The caller holds no other permit.
    pub(crate) fn chain<'a>(&'a self, cancel: &'a Cancel) -> Result<Chain<'a>, Denied> {
        let share = self.take(self.share, cancel)?;
        Ok(Chain { share, cancel, used: Cell::new(0), grown: Cell::new(0) })
    }

    /// What one archive may hold at most.
    fn most_of_chain(&self) -> u64 {
        self.total / 2
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(
        &self,
        cancel: &Cancel,
        mut ready: impl FnMut(&State) -> bool,
    ) -> Result<MutexGuard<'_, State>, Denied> {
        let mut state = self.lock();
        while !ready(&state) {
            if cancel.is_stopped() {
                return Err(Denied::Stopped);
            }
            state = self.changed.wait_timeout(state, GLANCE).unwrap_or_else(PoisonError::into_inner).0;
        }
        Ok(state)
    }
}

/// Bytes held until it is dropped.
pub(crate) struct Permit<'a> {
    budget: &'a Budget,
    bytes: u64,
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.budget.lock().free += self.bytes;
        self.budget.changed.notify_all();
    }
}

/// What one top-level archive holds, with everything nested in it.
pub(crate) struct Chain<'a> {
    share: Permit<'a>,
    cancel: &'a Cancel,
    used: Cell<u64>,
    /// Held beyond the share; while it is not 0 this chain is the one that grows.
    grown: Cell<u64>,
}

impl Chain<'_> {
    /// Holds `bytes` more.
    pub(crate) fn reserve(&self, bytes: u64) -> Result<(), Denied> {
        let needed = self.used.get().saturating_add(bytes);
        let budget = self.share.budget;
        if needed > budget.most_of_chain() {
            return Err(Denied::TooMuch { needed });
        }
        let missing = needed.saturating_sub(self.share.bytes.saturating_add(self.grown.get()));
        if missing > 0 {
            let mine = self.grown.get() > 0;
            let mut state =
                budget.wait(self.cancel, |state| (mine || !state.growing) && state.free >= missing)?;
            state.free -= missing;
            state.growing = true;
            drop(state);
            self.grown.set(self.grown.get() + missing);
        }
        self.used.set(needed);
        Ok(())
    }

    /// Gives `bytes` back. What lies beyond the share is kept until the share suffices again: an archive that needed
    /// much for one member is likely to need it for the next level up as well.
    pub(crate) fn release(&self, bytes: u64) {
        self.used.set(self.used.get().saturating_sub(bytes));
        if self.used.get() <= self.share.bytes {
            self.shrink();
        }
    }

    /// What may still be reserved.
    pub(crate) fn left(&self) -> u64 {
        self.share.budget.most_of_chain().saturating_sub(self.used.get())
    }

    fn shrink(&self) {
        let grown = self.grown.replace(0);
        if grown > 0 {
            let mut state = self.share.budget.lock();
            state.free += grown;
            state.growing = false;
            drop(state);
            self.share.budget.changed.notify_all();
        }
    }
}

impl Drop for Chain<'_> {
    fn drop(&mut self) {
        self.shrink();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[test]
    fn a_holder_that_can_never_be_served_is_refused_at_once() {
        let (budget, cancel) = (Budget::new(1000, 4), Cancel::default());
        assert!(matches!(budget.take(1001, &cancel), Err(Denied::TooMuch { needed: 1001 })));
        let chain = budget.chain(&cancel).unwrap();
        assert_eq!(chain.reserve(400), Ok(()));
        assert_eq!(chain.reserve(101), Err(Denied::TooMuch { needed: 501 }));
        assert_eq!(chain.reserve(100), Ok(()), "half of the budget is there for one archive");
    }

    #[test]
    fn everything_comes_back() {
        let (budget, cancel) = (Budget::new(1000, 4), Cancel::default());
        {
            let _plain = budget.take(300, &cancel).unwrap();
            let chain = budget.chain(&cancel).unwrap();
            chain.reserve(500).unwrap();
            assert_eq!(budget.lock().free, 200);
            chain.release(500);
            assert_eq!(budget.lock().free, 575);
        }
        let state = budget.lock();
        assert_eq!((state.free, state.growing), (1000, false));
    }

    #[test]
    fn a_stopped_scan_does_not_wait() {
        let (budget, cancel) = (Budget::new(100, 1), Cancel::default());
        let _all = budget.take(100, &cancel).unwrap();
        cancel.interrupt();
        assert!(matches!(budget.take(1, &cancel), Err(Denied::Stopped)));
    }

    #[test]
    fn many_growing_archives_and_files_finish_within_the_budget() {
        const TOTAL: u64 = 1000;
        let (budget, cancel, held, most) =
            (Budget::new(TOTAL, 8), Cancel::default(), AtomicU64::new(0), AtomicU64::new(0));
        let hold = |bytes: u64| {
            let now = held.fetch_add(bytes, Ordering::SeqCst) + bytes;
            most.fetch_max(now, Ordering::SeqCst);
        };
        std::thread::scope(|scope| {
            for thread in 0..8u64 {
                let (budget, cancel, held, hold) = (&budget, &cancel, &held, &hold);
                scope.spawn(move || {
                    for round in 0..200 {
                        if (thread + round) % 2 == 0 {
                            let _permit = budget.take(TOTAL, cancel).unwrap();
                            hold(TOTAL);
                            held.fetch_sub(TOTAL, Ordering::SeqCst);
                        } else {
                            let chain = budget.chain(cancel).unwrap();
                            for _ in 0..5 {
                                chain.reserve(TOTAL / 10).unwrap();
                                hold(TOTAL / 10);
                            }
                            held.fetch_sub(TOTAL / 2, Ordering::SeqCst);
                            chain.release(TOTAL / 2);
                        }
                    }
                });
            }
        });
        assert!(most.load(Ordering::SeqCst) <= TOTAL);
        assert_eq!(budget.lock().free, TOTAL);
    }
}
