//! What detectors conclude from their notes, turned into hits like any other.

use crate::gather::{BlobHits, BlobKey, Hit, MAX_PLACES, Verdict};
use crate::inline::Inline;
use crate::ledger::Ledger;
use crate::notes::{BlobNotes, NoteKey};
use crate::redactor::clean_text;
use crate::rules::RuleTable;
use bartizan_model::{
    Anchor, Component, Concluded, Confidence, Detector, Fingerprint, FlowStep, NotDone, NotDoneKind, Noted,
    Region, RuleInfo,
};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Characters of one message.
const MAX_TEXT: usize = 1000;

/// All conclusions of a scan.
pub(crate) struct Conclusions {
    pub(crate) rules: Vec<RuleInfo>,
    pub(crate) components: Vec<Component>,
    /// Number of the detector, and its hit.
    detections: Vec<(u32, Concluded)>,
    notes: Vec<(NoteKey, BlobNotes)>,
    /// By detector: number of the blob and of the note in it, as the detector counts notes.
    order: BTreeMap<u32, Vec<(usize, usize)>>,
}

/// Lets every detector conclude.
pub(crate) fn conclude(
    detectors: &[Box<dyn Detector>],
    notes: Vec<(NoteKey, BlobNotes)>,
    ledger: &Ledger,
) -> Conclusions {
    let mut order: BTreeMap<u32, Vec<(usize, usize)>> = BTreeMap::new();
    for (blob, (_, held)) in notes.iter().enumerate() {
        for (note, held) in held.notes.iter().enumerate() {
            order.entry(held.detector).or_default().push((blob, note));
        }
    }
    let complete = !ledger.is_incomplete();
    let mut all =
        Conclusions { rules: Vec::new(), components: Vec::new(), detections: Vec::new(), notes, order };
    for (number, detector) in (0..).zip(detectors) {
        let places = all.order.get(&number).map(Vec::as_slice).unwrap_or_default();
        let anchors: Vec<Vec<Region>> = places
            .iter()
            .map(|(blob, note)| {
                all.notes[*blob].1.notes[*note].anchors.iter().map(|(region, _)| *region).collect()
            })
            .collect();
        let noted: Vec<Noted<'_>> = places
            .iter()
            .zip(&anchors)
            .map(|((blob, note), anchors)| {
                let ((target, origin, _), held) = &all.notes[*blob];
                Noted { target: *target, origin, bytes: &held.notes[*note].bytes, anchors }
            })
            .collect();
        match catch_unwind(AssertUnwindSafe(|| detector.conclude(&noted, complete))) {
            Ok(conclusion) => {
                all.rules.extend(conclusion.rules);
                all.components.extend(conclusion.components);
                all.detections.extend(conclusion.detections.into_iter().map(|hit| (number, hit)));
                for entry in conclusion.not_done {
                    ledger.add(entry);
                }
            }
            Err(panic) => {
                std::mem::forget(panic);
                let name = detector.name();
                let reason = format!("the detector `{name}` failed while it concluded");
                ledger.add(NotDone { kind: NotDoneKind::Broken, path: String::new(), reason });
            }
        }
    }
    all.components.sort_by(|a, b| (&a.purl, &a.places).cmp(&(&b.purl, &b.places)));
    all
}

impl Conclusions {
    /// Adds the hits to those of blobs, as far as a report has room; returns how many are beyond. Reports the suppression
    /// comments that did nothing.
    pub(crate) fn take_hits(
        &mut self,
        rules: &RuleTable<'_>,
        min_confidence: Confidence,
        blobs: &mut Vec<(BlobKey, BlobHits)>,
        ledger: &Ledger,
    ) -> u64 {
        let mut found: BTreeMap<usize, Vec<Hit>> = BTreeMap::new();
        for (detector, concluded) in std::mem::take(&mut self.detections) {
            if concluded.confidence < min_confidence {
                continue;
            }
            let verdict = Arc::new(verdict(&concluded));
            for anchor in &concluded.places {
                let place = self.order.get(&detector).and_then(|places| places.get(anchor.noted)).copied();
                let hit = place.and_then(|(blob, note)| {
                    Some((blob, self.hit(detector, (blob, note), *anchor, &concluded, &verdict, rules)?))
                });
                if let Some((blob, hit)) = hit {
                    found.entry(blob).or_default().push(hit);
                } else {
                    let reason =
                        "a detector concluded about a rule or place that it does not list".to_owned();
                    ledger.add(NotDone { kind: NotDoneKind::Broken, path: String::new(), reason });
                }
            }
        }
        for ((_, origin, _), notes) in &self.notes {
            if let Some(inline) = &notes.inline {
                ledger.add_stale(&origin.path, inline);
            }
        }
        let mut room = MAX_PLACES.saturating_sub(blobs.iter().map(|(_, blob)| blob.hits.len()).sum());
        let mut beyond = 0;
        for (blob, mut hits) in found {
            hits.sort_by_key(|hit| (hit.region, hit.rule, hit.fingerprint));
            let excess = hits.len().saturating_sub(room);
            hits.truncate(room);
            room -= hits.len();
            beyond += excess as u64;
            if !hits.is_empty() {
                blobs.push((self.notes[blob].0.clone(), BlobHits { hits, held: Vec::new() }));
            }
        }
        blobs.sort_by(|(a, _), (b, _)| a.cmp(b));
        beyond
    }

    fn step(&self, detector: u32, anchor: Anchor, message: &str) -> Option<FlowStep> {
        let (blob, note) = self.order.get(&detector)?.get(anchor.noted).copied()?;
        let ((_, origin, _), held) = self.notes.get(blob)?;
        let (region, snippet) = held.notes.get(note)?.anchors.get(anchor.anchor)?.clone();
        Some(FlowStep { origin: origin.clone(), region, snippet, message: shown(message) })
    }

    fn hit(
        &mut self,
        detector: u32,
        (blob, note): (usize, usize),
        anchor: Anchor,
        concluded: &Concluded,
        verdict: &Arc<Verdict>,
        rules: &RuleTable<'_>,
    ) -> Option<Hit> {
        let rule = rules.index(&concluded.rule)?;
        let flow = concluded
            .flow
            .iter()
            .filter_map(|(anchor, message)| self.step(detector, *anchor, message))
            .collect();
        let ((_, origin, _), held) = self.notes.get_mut(blob)?;
        let (region, snippet) = held.notes.get(note)?.anchors.get(anchor.anchor)?.clone();
        let reason_to_stand = |inline: &mut Inline| inline.reason(&concluded.rule, &region);
        let inline = held.inline.as_mut().and_then(reason_to_stand);
        Some(Hit {
            rule,
            region,
            snippet,
            confidence: concluded.confidence,
            reason: String::new(),
            properties: Vec::new(),
            secret: None,
            flow,
            fix: Vec::new(),
            fingerprint: Fingerprint::of_exact(&concluded.rule, &origin.display_path(), &concluded.group),
            concluded: Some(Arc::clone(verdict)),
            inline,
        })
    }
}

fn verdict(concluded: &Concluded) -> Verdict {
    let properties = concluded.properties.iter().map(|(key, value)| (shown(key), shown(value)));
    Verdict {
        reason: shown(&concluded.reason),
        properties: properties.collect(),
        group: Fingerprint::of_exact(&concluded.rule, "", &concluded.group),
        severity: concluded.severity,
        remediation: concluded.remediation.as_deref().map(shown),
        excused: concluded.excused.as_ref().map(|(by, reason)| (shown(by), shown(reason))),
    }
}

fn shown(text: &str) -> String {
    if text.len() <= MAX_TEXT && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    clean_text(text).chars().take(MAX_TEXT).collect()
}
