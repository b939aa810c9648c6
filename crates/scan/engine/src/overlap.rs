//! One secret, several rules: which of them speaks for it.

use bartizan_model::Detection;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Of detections whose secrets overlap in the blob only the best stays: the surest, then a provider's rule before a
/// generic one, then the longest, then the first id. Of equal rule and span, one stays. Detections without a secret are
/// left alone. The result is in order of position.
pub(crate) fn resolve<'a>(detections: impl Iterator<Item = &'a Detection>) -> Vec<&'a Detection> {
    let mut kept: Vec<&Detection> = detections.collect();
    kept.sort_by(|a, b| rank(a).cmp(&rank(b)));
    // Kept secrets are disjoint, so the only one that can reach into a span is the last that starts before its end.
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
    kept.retain(|detection| {
        if detection.secret.is_none() {
            return true;
        }
        // An empty span still takes its place.
        let (start, end) = (detection.span.start, detection.span.end.max(detection.span.start + 1));
        if taken.range(..end).next_back().is_some_and(|(_, last)| *last > start) {
            return false;
        }
        taken.insert(start, end);
        true
    });
    kept.sort_by(|a, b| position(a).cmp(&position(b)));
    kept.dedup_by(|a, b| a.rule == b.rule && a.span == b.span && a.secret == b.secret);
    kept
}

fn position(detection: &Detection) -> impl Ord + '_ {
    (
        detection.span.start,
        detection.span.end,
        &detection.rule,
        detection.secret.is_none(),
        &detection.context,
    )
}

fn rank(detection: &Detection) -> impl Ord + '_ {
    (
        Reverse(detection.confidence),
        detection.rule.starts_with("secrets/generic"),
        Reverse(detection.span.len()),
        &detection.rule,
        detection.span.start,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use bartizan_model::{Confidence, Secret};
    use proptest::prelude::*;
    use std::ops::Range;

    fn detection(rule: &str, span: Range<usize>, confidence: f64) -> Detection {
        Detection {
            rule: rule.to_owned(),
            secret: Some(Secret::new(format!("{span:?}").into_bytes())),
            span,
            confidence: Confidence::new(confidence),
            reason: String::new(),
            context: Vec::new(),
            properties: Vec::new(),
            flow: Vec::new(),
            fix: Vec::new(),
        }
    }

    fn kept(detections: Vec<Detection>) -> Vec<String> {
        resolve(detections.iter()).into_iter().map(|d| format!("{} {:?}", d.rule, d.span)).collect()
    }

    #[test]
    fn confidence_then_provider_then_length_then_id() {
        let (generic, provider) = ("secrets/generic/password", "secrets/acme/key");
        assert_eq!(
            kept(vec![detection(generic, 0..9, 0.9), detection(provider, 3..9, 0.8)]),
            ["secrets/generic/password 0..9"]
        );
        assert_eq!(
            kept(vec![detection(generic, 0..9, 0.9), detection(provider, 3..9, 0.9)]),
            ["secrets/acme/key 3..9"]
        );
        assert_eq!(kept(vec![detection("a/b", 0..5, 0.9), detection("c/d", 0..9, 0.9)]), ["c/d 0..9"]);
        assert_eq!(kept(vec![detection("c/d", 0..9, 0.9), detection("a/b", 0..9, 0.9)]), ["a/b 0..9"]);
        assert_eq!(
            kept(vec![detection("a/b", 0..5, 0.9), detection("c/d", 5..9, 0.1)]).len(),
            2,
            "touching is not overlapping"
        );
        assert_eq!(kept(vec![detection("a/b", 0..0, 0.9), detection("c/d", 0..0, 0.1)]).len(), 1);
    }

    #[test]
    fn without_a_secret_all_stay_but_equal_ones() {
        let bare = |rule: &str| Detection { secret: None, ..detection(rule, 0..5, 0.5) };
        assert_eq!(kept(vec![bare("a/b"), bare("c/d"), bare("a/b"), detection("e/f", 0..5, 0.5)]).len(), 3);
    }

    proptest! {
        #[test]
        fn equals_the_obvious_way(spans in prop::collection::vec((0usize..20, 1usize..6, 0u8..3, 0u8..3), 0..12)) {
            let all: Vec<Detection> = spans.iter()
                .map(|(at, len, rule, sure)| detection(&format!("r/{rule}"), *at..at + len, f64::from(*sure) / 4.0))
                .collect();
            let mut order: Vec<&Detection> = all.iter().collect();
            order.sort_by(|a, b| rank(a).cmp(&rank(b)));
            let mut expected: Vec<&Detection> = Vec::new();
            for next in order {
                if expected.iter().all(|had| had.span.end <= next.span.start || next.span.end <= had.span.start) {
                    expected.push(next);
                }
            }
            expected.sort_by_key(|d| d.span.start);
            let expected: Vec<String> = expected.into_iter().map(|d| format!("{} {:?}", d.rule, d.span)).collect();
            prop_assert_eq!(kept(all.clone()), expected);
        }
    }
}
