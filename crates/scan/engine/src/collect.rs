//! Receives blobs, runs the detectors over them, and keeps of their detections what the report needs.

use crate::cache::Cache;
use crate::gather::{BlobHits, Gathered, Held, Hit, Seen};
use crate::inline::{Inline, MARKER};
use crate::overlap;
use crate::position;
use crate::progress::Progress;
use crate::redactor::{Redactor, clean_text};
use crate::rules::RuleTable;
use bartizan_model::{Blob, Confidence, Detection, Detector, NotDone, NotDoneKind, Region, Secret};
use bartizan_source::{FileStamp, Visitor};
use memchr::memmem::Finder;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Secrets of one blob that are kept to go along with a question to a provider.
const MAX_HELD_PER_BLOB: usize = 1000;
/// Further facts of one hit.
const MAX_PROPERTIES: usize = 16;

/// What of the request the collector needs.
#[derive(Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) min_confidence: Confidence,
    pub(crate) show_secrets: bool,
    pub(crate) keep_secrets: bool,
    pub(crate) max_places: usize,
}

/// The visitor of one target.
pub(crate) struct Collector<'a> {
    detectors: &'a [Box<dyn Detector>],
    rules: &'a RuleTable<'a>,
    settings: Settings,
    gathered: &'a Gathered,
    cache: Option<&'a Cache>,
    progress: &'a dyn Progress,
    target: usize,
    marker: Finder<'static>,
}

impl<'a> Collector<'a> {
    /// For the target of that number.
    pub(crate) fn new(
        detectors: &'a [Box<dyn Detector>],
        rules: &'a RuleTable<'a>,
        settings: Settings,
        gathered: &'a Gathered,
        cache: Option<&'a Cache>,
        progress: &'a dyn Progress,
        target: usize,
    ) -> Self {
        Self { detectors, rules, settings, gathered, cache, progress, target, marker: Finder::new(MARKER) }
    }
}

impl Visitor for Collector<'_> {
    fn is_known_file(&self, stamp: &FileStamp) -> bool {
        let known = self.cache.is_some_and(|cache| cache.knows_file(stamp));
        if known {
            self.gathered.count(stamp.size);
            self.progress.blob(&stamp.path, stamp.size);
        }
        known
    }

    fn is_known_object(&self, id: &[u8], path: &str) -> bool {
        let Some(size) = self.cache.and_then(|cache| cache.knows_object(id, path)) else { return false };
        self.gathered.count(size);
        self.progress.blob(path, size);
        true
    }

    fn blob(&self, blob: &Blob<'_>, stamp: Option<&FileStamp>) {
        let size = blob.bytes.len() as u64;
        self.gathered.count(size);
        self.progress.blob(&blob.origin.path, size);

        let marked = self.marker.find(blob.bytes).is_some();
        // A comment that matches nothing is reported in each scan, so a blob that has one is looked at in each scan.
        let keys = if marked { None } else { self.cache.map(|cache| (cache, cache.keys(blob, stamp))) };
        let known = keys.as_ref().is_some_and(|(cache, keys)| cache.knows_content(keys));
        if !known {
            let (detections, sound) = self.inspect(blob);
            let found = self.keep(blob, &detections, marked);
            if found || !sound {
                return;
            }
        }
        if let Some((cache, keys)) = keys {
            cache.add_clean(&blob.origin.path, keys, size);
        }
    }

    fn not_done(&self, entry: NotDone) {
        if let Some(cache) = self.cache {
            cache.taint(&entry.path);
        }
        self.gathered.ledger.add(entry);
    }

    fn expected(&self, blobs: u64) {
        self.progress.expected(blobs);
    }
}

impl Collector<'_> {
    /// All detections of all detectors, and whether every detector did its work.
    fn inspect(&self, blob: &Blob<'_>) -> (Vec<Detection>, bool) {
        let mut all = Vec::new();
        let mut sound = true;
        for detector in self.detectors {
            let run = || if detector.wants(blob) { detector.inspect(blob) } else { Vec::new() };
            // A detector keeps no state between blobs, so one that panicked is as good as new for the next.
            match catch_unwind(AssertUnwindSafe(run)) {
                Ok(detections) => {
                    for detection in detections {
                        sound &= self.admit(blob, detector.name(), detection, &mut all);
                    }
                }
                Err(panic) => {
                    // Its message may quote the file; and a payload that panics on drop must not get out.
                    std::mem::forget(panic);
                    sound = false;
                    self.broken(blob, format!("the detector `{}` failed on it", detector.name()));
                }
            }
        }
        (all, sound)
    }

    /// Takes a detection that is as it should be; says so where it is not, and takes what can be taken.
    fn admit(&self, blob: &Blob<'_>, name: &str, mut detection: Detection, all: &mut Vec<Detection>) -> bool {
        if self.rules.index(&detection.rule).is_none() {
            let rule = &detection.rule;
            self.broken(
                blob,
                format!("the detector `{name}` reported a rule that it does not list: `{rule}`"),
            );
            return false;
        }
        let Range { start, end } = detection.span;
        let sound = start <= end && end <= blob.bytes.len();
        if !sound {
            self.broken(blob, format!("the detector `{name}` reported a place outside of it"));
            detection.span.end = end.min(blob.bytes.len());
            detection.span.start = start.min(detection.span.end);
        }
        all.push(detection);
        sound
    }

    fn broken(&self, blob: &Blob<'_>, reason: String) {
        self.gathered.ledger.add(NotDone {
            kind: NotDoneKind::Broken,
            path: blob.origin.display_path(),
            reason,
        });
    }

    /// Keeps the detections that count; whether there are any. Reports comments that did nothing.
    fn keep(&self, blob: &Blob<'_>, detections: &[Detection], marked: bool) -> bool {
        if detections.is_empty() && !marked {
            return false;
        }
        let sure = detections.iter().filter(|detection| detection.confidence >= self.settings.min_confidence);
        let mut kept = overlap::resolve(sure);
        let seen = kept.len();
        kept.truncate(self.settings.max_places);

        let mut inline = marked.then(|| Inline::parse(blob.bytes, &self.marker));
        if let Some(inline) = &mut inline {
            // A comment is in use also for what is below the threshold or lost to a better rule.
            for (detection, region) in detections.iter().zip(regions(blob, detections.iter())) {
                let _ = inline.reason(&detection.rule, &region);
            }
        }
        if !kept.is_empty() {
            let path = blob.origin.display_path();
            let secrets: Vec<(Range<usize>, &Secret)> =
                detections.iter().filter_map(|d| Some((d.span.clone(), d.secret.as_ref()?))).collect();
            let redactor = Redactor::new(blob.bytes, &secrets, self.settings.show_secrets);
            let hits = kept
                .iter()
                .zip(regions(blob, kept.iter().copied()))
                .filter_map(|(detection, region)| {
                    let reason = inline.as_mut().and_then(|inline| inline.reason(&detection.rule, &region));
                    self.hit(&path, detection, region, reason, &redactor)
                })
                .collect();
            let found = BlobHits { hits, held: self.held(detections) };
            let mut content = [0; 16];
            content.copy_from_slice(&blake3::hash(blob.bytes).as_bytes()[..16]);
            self.gathered.add((self.target, blob.origin.clone(), content), found, seen);
        }
        // Nobody can edit history or the inside of an archive to please this list.
        if let Some(inline) =
            inline.filter(|_| blob.origin.object.is_none() && blob.origin.members.is_empty())
        {
            for reason in inline.stale() {
                let path = blob.origin.path.clone();
                self.gathered.ledger.add(NotDone { kind: NotDoneKind::StaleSuppression, path, reason });
            }
        }
        seen > 0
    }

    fn hit(
        &self,
        path: &str,
        detection: &Detection,
        region: Region,
        inline: Option<String>,
        redactor: &Redactor<'_>,
    ) -> Option<Hit> {
        let secret = detection.secret.as_ref().map(|secret| Seen {
            digest: secret.digest(),
            shown: if self.settings.show_secrets {
                clean_text(&String::from_utf8_lossy(secret.expose()))
            } else {
                clean_text(&secret.redacted())
            },
        });
        Some(Hit {
            rule: self.rules.index(&detection.rule)?,
            region,
            snippet: redactor.snippet(&detection.span),
            confidence: detection.confidence,
            reason: redactor.scrub(&detection.reason),
            properties: detection
                .properties
                .iter()
                .take(MAX_PROPERTIES)
                .map(|(name, value)| (redactor.scrub(name), redactor.scrub(value)))
                .collect(),
            secret,
            fingerprint: detection.fingerprint(path),
            inline: inline.map(|reason| redactor.scrub(&reason)),
        })
    }

    /// The blob's secrets, for a verifier; also those that are no finding by themselves, for one of them may be the other
    /// half of one that is.
    fn held(&self, detections: &[Detection]) -> Vec<Held> {
        if !self.settings.keep_secrets {
            return Vec::new();
        }
        let mut held: Vec<Held> = detections
            .iter()
            .filter_map(|detection| {
                let secret = detection.secret.clone()?;
                let rule = self.rules.index(&detection.rule)?;
                Some(Held { rule, start: detection.span.start as u64, digest: secret.digest(), secret })
            })
            .collect();
        held.sort_by_key(|held| (held.start, held.rule, held.digest));
        held.truncate(MAX_HELD_PER_BLOB);
        held
    }
}

fn regions<'a>(blob: &Blob<'_>, detections: impl Iterator<Item = &'a Detection>) -> Vec<Region> {
    let spans: Vec<Range<usize>> = detections.map(|detection| detection.span.clone()).collect();
    position::regions(blob.bytes, &spans)
}
