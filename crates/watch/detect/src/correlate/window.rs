//! What one group of a correlation keeps.

use super::holds;
use crate::sigma::{Correlation, CorrelationKind};
use crate::time::Timestamp;
use foldhash::{HashMap, HashMapExt};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Events that an alert lists.
const MAX_EVENTS: usize = 100;

/// One match.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) time: Timestamp,
    pub(super) event: u64,
    /// Which of the correlation's rules matched.
    pub(super) place: u32,
    /// The value that is computed over.
    pub(super) value: Option<Box<str>>,
}

/// The matches of the last timespan.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Window {
    entries: VecDeque<Entry>,
    /// For ordered kinds: when the chain began of which the rule at this place is the last; the newest such time.
    chains: Vec<Option<Timestamp>>,
    /// How often each value is among the entries.
    values: HashMap<Box<str>, u32>,
    sum: f64,
    /// When it was raised, while the condition has held since.
    raised: Option<Timestamp>,
}

/// A condition that begins to hold.
pub(super) struct Held {
    pub(super) since: Timestamp,
    pub(super) value: f64,
    pub(super) events: Vec<u64>,
}

impl Window {
    pub(super) fn new(correlation: &Correlation) -> Self {
        let ordered = correlation.kind == CorrelationKind::TemporalOrdered;
        Self {
            entries: VecDeque::new(),
            chains: if ordered { vec![None; correlation.rules.len()] } else { Vec::new() },
            values: HashMap::new(),
            sum: 0.0,
            raised: None,
        }
    }

    /// The time of its newest match.
    pub(super) fn newest(&self) -> Timestamp {
        self.entries.back().map_or(Timestamp(i64::MIN), |entry| entry.time)
    }

    /// Takes a match that is no older than those before, and tells whether the condition begins to hold.
    pub(super) fn add(
        &mut self,
        entry: Entry,
        correlation: &Correlation,
        most: usize,
        dropped: &mut u64,
    ) -> Option<Held> {
        let now = entry.time;
        let oldest = Timestamp(now.0.saturating_sub(correlation.timespan));
        while self.entries.front().is_some_and(|first| first.time < oldest) {
            self.forget_first();
        }
        if self.entries.len() >= most.max(1) {
            self.forget_first();
            *dropped += 1;
        }
        if let Some(value) = &entry.value {
            match correlation.kind {
                CorrelationKind::ValueCount => *self.values.entry(value.clone()).or_default() += 1,
                CorrelationKind::ValueSum | CorrelationKind::ValueAvg => self.sum += number(&entry)?,
                _ => {
                    number(&entry)?;
                }
            }
        }
        let place = entry.place as usize;
        self.entries.push_back(entry);
        if correlation.kind == CorrelationKind::TemporalOrdered {
            return self.ordered(place, now, oldest, correlation);
        }
        let (value, holds) = self.measure(correlation);
        if !holds {
            self.raised = None;
            return None;
        }
        if self.raised.is_some_and(|raised| now.0.saturating_sub(raised.0) < correlation.timespan) {
            return None;
        }
        self.raised = Some(now);
        Some(self.held(value, self.entries.front().map_or(now, |first| first.time)))
    }

    fn forget_first(&mut self) {
        let Some(first) = self.entries.pop_front() else { return };
        let Some(value) = &first.value else { return };
        if let Some(count) = self.values.get_mut(value) {
            *count -= 1;
            if *count == 0 {
                self.values.remove(value);
            }
        } else if self.entries.is_empty() {
            // Rounding errors do not outlive the window.
            self.sum = 0.0;
        } else {
            self.sum -= number(&first).unwrap_or_default();
        }
    }

    fn held(&self, value: f64, since: Timestamp) -> Held {
        let counted = self.entries.iter().filter(|entry| entry.time >= since).map(|entry| entry.event);
        let all: Vec<u64> = counted.collect();
        let from = all.len().saturating_sub(MAX_EVENTS);
        Held { since, value, events: all.get(from..).unwrap_or_default().to_vec() }
    }

    fn measure(&self, correlation: &Correlation) -> (f64, bool) {
        let threshold = &correlation.threshold;
        let count = self.entries.len() as f64;
        let value = match correlation.kind {
            CorrelationKind::EventCount => count,
            CorrelationKind::ValueCount => self.values.len() as f64,
            CorrelationKind::ValueSum => self.sum,
            CorrelationKind::ValueAvg => self.sum / count,
            CorrelationKind::ValuePercentile => self.percentile(threshold.percentile.unwrap_or(50.0)),
            CorrelationKind::ValueMedian => self.percentile(50.0),
            CorrelationKind::Temporal | CorrelationKind::TemporalOrdered => {
                let seen = |at: usize| self.entries.iter().any(|entry| entry.place as usize == at);
                let matched = (0..correlation.rules.len()).filter(|&at| seen(at)).count();
                let all = match &threshold.rules {
                    Some(condition) => holds(condition, &correlation.rules, &seen),
                    None => matched == correlation.rules.len(),
                };
                return (
                    matched as f64,
                    all && (threshold.comparisons.is_empty() || threshold.holds(matched as f64)),
                );
            }
        };
        (value, threshold.holds(value))
    }

    /// By linear interpolation between the closest ranks.
    fn percentile(&self, percentile: f64) -> f64 {
        let mut all: Vec<f64> = self.entries.iter().filter_map(number).collect();
        all.sort_by(f64::total_cmp);
        let rank = percentile / 100.0 * (all.len().saturating_sub(1)) as f64;
        let below = all.get(rank.floor() as usize).copied().unwrap_or_default();
        let above = all.get(rank.ceil() as usize).copied().unwrap_or(below);
        below + (above - below) * rank.fract()
    }

    fn ordered(
        &mut self,
        place: usize,
        now: Timestamp,
        oldest: Timestamp,
        correlation: &Correlation,
    ) -> Option<Held> {
        // The same rule may stand at several places: its matches arrive once for each, the first place first.
        let began = match place.checked_sub(1) {
            None => Some(now),
            Some(before) => self.chains.get(before).copied().flatten().filter(|began| *began >= oldest),
        };
        let chain = self.chains.get_mut(place)?;
        *chain = began.max(*chain);
        let since = began.filter(|_| place + 1 == correlation.rules.len())?;
        // A chain is told once: the next begins behind it.
        self.chains.iter_mut().for_each(|chain| *chain = None);
        Some(self.held(correlation.rules.len() as f64, since))
    }
}

fn number(entry: &Entry) -> Option<f64> {
    entry.value.as_ref()?.trim().parse::<f64>().ok().filter(|number| number.is_finite())
}
