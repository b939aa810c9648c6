//! Keeps account of what was not done, in bounded memory.

use crate::inline::Inline;
use bartizan_model::{Coverage, NotDone, NotDoneKind};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks, also after a panic in another thread: what the mutexes of this crate guard is whole between statements.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counts every entry and holds the first [`NotDone::LISTED_PER_KIND`] of each kind in sorted order, so that neither
/// the number of threads nor their timing shows.
#[derive(Default)]
pub(crate) struct Ledger {
    kinds: Mutex<BTreeMap<NotDoneKind, Kind>>,
}

#[derive(Default)]
struct Kind {
    count: u64,
    listed: BTreeSet<NotDone>,
}

impl Ledger {
    pub(crate) fn add(&self, entry: NotDone) {
        self.add_many(entry, 1);
    }

    /// One entry that stands for `count` things.
    pub(crate) fn add_many(&self, entry: NotDone, count: u64) {
        let mut kinds = lock(&self.kinds);
        let kind = kinds.entry(entry.kind).or_default();
        kind.count = kind.count.saturating_add(count);
        kind.listed.insert(entry);
        if kind.listed.len() > NotDone::LISTED_PER_KIND {
            kind.listed.pop_last();
        }
    }

    /// Reports the suppression comments of a file that did nothing.
    pub(crate) fn add_stale(&self, path: &str, inline: &Inline) {
        for reason in inline.stale() {
            self.add(NotDone { kind: NotDoneKind::StaleSuppression, path: path.to_owned(), reason });
        }
    }

    /// Whether a failure was noted.
    pub(crate) fn is_incomplete(&self) -> bool {
        lock(&self.kinds).keys().any(|kind| kind.is_failure())
    }

    pub(crate) fn into_coverage(self, blobs_scanned: u64, bytes_scanned: u64) -> Coverage {
        let kinds = self.kinds.into_inner().unwrap_or_else(PoisonError::into_inner);
        Coverage {
            blobs_scanned,
            bytes_scanned,
            incomplete: kinds.keys().any(|kind| kind.is_failure()),
            not_done_counts: kinds.iter().map(|(kind, entries)| (*kind, entries.count)).collect(),
            not_done: kinds.into_values().flat_map(|entries| entries.listed).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(kind: NotDoneKind, number: usize) -> NotDone {
        NotDone { kind, path: format!("{number:05}"), reason: "x".to_owned() }
    }

    #[test]
    fn lists_the_first_of_each_kind_whatever_the_order_and_counts_all() {
        let (up, down) = (Ledger::default(), Ledger::default());
        for number in 0..1000 {
            up.add(entry(NotDoneKind::Binary, number));
            down.add(entry(NotDoneKind::Binary, 999 - number));
        }
        up.add(entry(NotDoneKind::TooLarge, 1));
        down.add(entry(NotDoneKind::TooLarge, 1));
        let (up, down) = (up.into_coverage(1, 2), down.into_coverage(1, 2));
        assert_eq!(up, down);
        assert_eq!(up.not_done.len(), NotDone::LISTED_PER_KIND + 1);
        assert_eq!(up.not_done[199].path, "00199");
        assert_eq!(up.not_done_counts, [(NotDoneKind::Binary, 1000), (NotDoneKind::TooLarge, 1)]);
        assert!(!up.incomplete, "limits are no failure");
    }

    #[test]
    fn a_failure_makes_it_incomplete() {
        let ledger = Ledger::default();
        ledger.add(entry(NotDoneKind::Unreadable, 1));
        assert!(ledger.into_coverage(0, 0).incomplete);
    }
}
