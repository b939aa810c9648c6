//! A range of the OSV schema as disjoint intervals.
//!
//! The schema gives an evaluation that walks all events for every version. Sweeping them once gives sorted intervals in which a
//! version is found by bisection, so that a record with thousands of events and versions costs no more than sorting it.

use crate::advisory::EventKind;

/// A version, or what stands before or behind all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key<V> {
    /// `0`: before all versions.
    Start,
    Version(V),
    /// `*`: behind all versions.
    End,
}

/// Versions that follow each other and are all affected. Indices lead to the events that opened and closed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span<V> {
    /// Belongs to the span.
    from: Key<V>,
    pub(crate) from_event: usize,
    pub(crate) end: Option<End<V>>,
}

/// Where a span ends; one without an end goes on for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct End<V> {
    to: Key<V>,
    /// Whether the last version belongs to the span.
    pub(crate) included: bool,
    pub(crate) event: usize,
}

/// Sorted and disjoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Intervals<V>(Vec<Span<V>>);

impl<V: Ord + Clone> Intervals<V> {
    /// From events in the order of the record, which decides between events at the same version: of `fixed` and `introduced` at
    /// one version the later written holds.
    pub(crate) fn new(events: Vec<(EventKind, Key<V>)>) -> Self {
        let limit = events.iter().enumerate().filter(|(_, (kind, _))| *kind == EventKind::Limit);
        // A version has to be before any one of the limits: before the greatest.
        let limit = limit.map(|(index, (_, key))| (key.clone(), index)).max_by(|a, b| a.0.cmp(&b.0));
        let mut borders: Vec<_> =
            events.into_iter().enumerate().filter(|(_, (kind, _))| *kind != EventKind::Limit).collect();
        borders.sort_by(|(_, (_, a)), (_, (_, b))| a.cmp(b));

        let mut spans = Vec::new();
        let mut open: Option<(Key<V>, usize)> = None;
        for group in borders.chunk_by(|(_, (_, a)), (_, (_, b))| a == b) {
            let Some((_, (_, key))) = group.first() else { continue };
            // Whether the version of the group itself is affected, and whether those right behind it are.
            let (mut at, mut after) = (open.is_some(), open.is_some());
            let (mut opener, mut closer) = (None, None);
            for (index, (kind, _)) in group {
                match kind {
                    EventKind::Introduced => (at, after, opener) = (true, true, Some(*index)),
                    EventKind::Fixed => (at, after, closer) = (false, false, Some(*index)),
                    EventKind::LastAffected => (after, closer) = (false, Some(*index)),
                    EventKind::Limit => {}
                }
            }
            if at && open.is_none() {
                open = Some((key.clone(), opener.unwrap_or_default()));
            }
            if !after && let Some((from, from_event)) = open.take() {
                let end = End { to: key.clone(), included: at, event: closer.unwrap_or_default() };
                spans.push(Span { from, from_event, end: Some(end) });
            }
        }
        if let Some((from, from_event)) = open {
            spans.push(Span { from, from_event, end: None });
        }
        if let Some((limit, event)) = limit.filter(|(key, _)| *key != Key::End) {
            spans.retain(|span| span.from < limit);
            for span in &mut spans {
                if span.end.as_ref().is_none_or(|end| end.to > limit || (end.to == limit && end.included)) {
                    span.end = Some(End { to: limit.clone(), included: false, event });
                }
            }
        }
        Self(spans)
    }

    /// The span that a version lies in.
    pub(crate) fn find(&self, version: &Key<V>) -> Option<&Span<V>> {
        let after = self.0.partition_point(|span| span.from <= *version);
        let span = self.0.get(after.checked_sub(1)?)?;
        let inside = match &span.end {
            None => true,
            Some(end) if end.included => *version <= end.to,
            Some(end) => *version < end.to,
        };
        inside.then_some(span)
    }

    /// Whether every version lies inside.
    pub(crate) fn is_everything(&self) -> bool {
        matches!(self.0.as_slice(), [Span { from: Key::Start, end: None, .. }])
    }
}

impl<V> Span<V> {
    /// Whether it starts before all versions.
    pub(crate) fn is_from_start(&self) -> bool {
        matches!(self.from, Key::Start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use EventKind::{Fixed, Introduced, LastAffected, Limit};
    use proptest::prelude::*;

    /// The evaluation as the schema writes it.
    fn slow(events: &[(EventKind, Key<u8>)], version: &Key<u8>) -> bool {
        let limits: Vec<_> = events.iter().filter(|(kind, _)| *kind == Limit).collect();
        if !limits.is_empty() && !limits.iter().any(|(_, limit)| *limit == Key::End || version < limit) {
            return false;
        }
        let mut sorted: Vec<_> = events.iter().collect();
        sorted.sort_by_key(|(_, key)| key.clone());
        let mut vulnerable = false;
        for (kind, key) in sorted {
            match kind {
                Introduced if version >= key => vulnerable = true,
                Fixed if version >= key => vulnerable = false,
                LastAffected if version > key => vulnerable = false,
                _ => {}
            }
        }
        vulnerable
    }

    fn inside(events: &[(EventKind, u8)]) -> String {
        let events = events.iter().map(|(kind, version)| (*kind, key(*version))).collect();
        let intervals = Intervals::new(events);
        (1..10).filter(|v| intervals.find(&Key::Version(*v)).is_some()).map(|v| v.to_string()).collect()
    }

    fn key(number: u8) -> Key<u8> {
        match number {
            0 => Key::Start,
            u8::MAX => Key::End,
            other => Key::Version(other),
        }
    }

    #[test]
    fn ranges_as_they_should_be_written() {
        assert_eq!(inside(&[(Introduced, 0), (Fixed, 4)]), "123");
        assert_eq!(inside(&[(Introduced, 3), (LastAffected, 5)]), "345");
        assert_eq!(inside(&[(Introduced, 0)]), "123456789");
        assert_eq!(inside(&[(Introduced, 1), (Fixed, 3), (Introduced, 5), (Fixed, 7)]), "1256");
        assert_eq!(inside(&[(Introduced, 0), (Limit, 4)]), "123");
        assert_eq!(inside(&[(Introduced, 0), (Limit, 4), (Limit, 255)]), "123456789");
        assert_eq!(inside(&[(Introduced, 0), (Limit, 3), (Limit, 5)]), "1234");
        assert_eq!(inside(&[(Introduced, 0), (Fixed, 4), (Introduced, 4), (Fixed, 6)]), "12345");
    }

    #[test]
    fn absurd_ranges() {
        assert_eq!(inside(&[]), "");
        assert_eq!(inside(&[(Fixed, 4)]), "");
        assert_eq!(inside(&[(LastAffected, 4)]), "");
        assert_eq!(inside(&[(Limit, 4)]), "");
        assert_eq!(inside(&[(Fixed, 5), (Introduced, 3)]), "34");
        assert_eq!(
            inside(&[(Introduced, 5), (Fixed, 3)]),
            "56789",
            "what is fixed before it came was never fixed"
        );
        assert_eq!(inside(&[(Introduced, 4), (Fixed, 4)]), "");
        assert_eq!(inside(&[(Introduced, 4), (LastAffected, 4)]), "4");
        assert_eq!(inside(&[(Introduced, 0), (Fixed, 4), (Fixed, 6)]), "123");
        assert_eq!(inside(&[(Introduced, 2), (Introduced, 4), (Fixed, 6)]), "2345");
        assert_eq!(inside(&[(Introduced, 0), (LastAffected, 3), (Introduced, 3), (Fixed, 5)]), "1234");
        assert_eq!(inside(&[(Introduced, 0), (Fixed, 0)]), "");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn agrees_with_the_schemas_own_evaluation(
            events in proptest::collection::vec((prop::sample::select(vec![Introduced, Introduced, Fixed, Fixed, LastAffected, Limit]),
                prop::sample::select(vec![0_u8, 1, 2, 3, 4, 5, 6, 7, 8, 255])), 0..9),
        ) {
            let events: Vec<_> = events.into_iter().map(|(kind, version)| (kind, key(version))).collect();
            let intervals = Intervals::new(events.clone());
            for version in 1..10 {
                let version = Key::Version(version);
                prop_assert_eq!(intervals.find(&version).is_some(), slow(&events, &version), "{:?} {:?}", events, version);
            }
            if intervals.is_everything() {
                prop_assert!((1..10).all(|v| slow(&events, &Key::Version(v))));
            }
        }
    }
}
