//! Receives blobs, runs the detectors over them, and keeps of their detections what the report needs.

use crate::cache::{Cache, Known, NoteId};
use crate::gather::{BlobHits, Gathered, Held, Hit, Seen};
use crate::inline::{Inline, MARKER};
use crate::notes::{self, BlobNotes, HeldNote};
use crate::overlap;
use crate::position;
use crate::progress::Progress;
use crate::redactor::{Redactor, clean_text};
use crate::remembered;
use crate::rules::RuleTable;
use bartizan_model::{
    Blob, Confidence, Detection, Detector, Edit, FlowStep, Inspection, NotDone, NotDoneKind, Note, Origin,
    Region, Secret,
};
use bartizan_source::{FileStamp, Visitor};
use memchr::memmem::Finder;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Secrets of one blob that are kept to go along with a question to a provider.
const MAX_HELD_PER_BLOB: usize = 1000;
/// What a detector sees of content that is no text before it says whether it wants it.
const BINARY_HEAD: usize = 8 << 10;
/// Places of one flow.
const MAX_STEPS: usize = 64;
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
        let Some(known) = self.cache.and_then(|cache| cache.knows_file(stamp)) else { return false };
        self.covered(&stamp.path, known.size);
        self.recall(&known, || Origin::file(stamp.path.as_str()));
        true
    }

    fn is_known_object(&self, id: &[u8], path: &str) -> bool {
        let Some(known) = self.cache.and_then(|cache| cache.knows_object(id, path)) else { return false };
        self.covered(path, known.size);
        self.recall(&known, || Origin { object: Some(hexadecimal(id)), ..Origin::file(path) });
        true
    }

    fn wants_binary(&self, origin: &Origin, head: &[u8]) -> bool {
        self.detectors.iter().any(|detector| detector.wants_binary(origin, head))
    }

    fn binary(&self, blob: &Blob<'_>, stamp: Option<&FileStamp>) {
        self.take(blob, stamp, false);
    }

    fn blob(&self, blob: &Blob<'_>, stamp: Option<&FileStamp>) {
        self.take(blob, stamp, true);
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

/// What the detectors said of one blob.
struct Inspected {
    detections: Vec<Detection>,
    /// By number of the detector.
    notes: Vec<(u32, Note)>,
    /// What was left out, for the cache: kind and reason.
    not_done: Vec<(NotDoneKind, String)>,
    /// Whether another look would say the same.
    sound: bool,
}

/// What became of one blob.
struct Kept {
    /// Nothing was found, nothing went wrong, and what was noted fits the cache.
    is_clean: bool,
    note: Option<(NoteId, Vec<u8>)>,
}

impl Collector<'_> {
    /// Looks at a blob, unless it is known.
    fn take(&self, blob: &Blob<'_>, stamp: Option<&FileStamp>, is_text: bool) {
        self.covered(&blob.origin.path, blob.bytes.len() as u64);

        let marked = is_text && self.marker.find(blob.bytes).is_some();
        // A comment that matches nothing is reported in each scan, so a blob that has one is looked at in each scan.
        let keys = if marked { None } else { self.cache.map(|cache| (cache, cache.keys(blob, stamp))) };
        let known = keys.as_ref().and_then(|(cache, keys)| cache.knows_content(keys));
        let size = blob.bytes.len() as u64;
        if let Some(known) = known {
            self.recall(&known, || blob.origin.clone());
            if let Some((cache, keys)) = keys {
                cache.add_clean(&blob.origin.path, keys, size, known.note);
            }
            return;
        }
        let inspected = self.inspect(blob, is_text);
        let kept = self.keep(blob, inspected, marked);
        if let (true, Some((cache, keys))) = (kept.is_clean, keys) {
            let note = kept.note.as_ref().map(|(id, bytes)| (*id, bytes.as_slice()));
            cache.add_clean(&blob.origin.path, keys, size, note);
        }
    }

    fn covered(&self, path: &str, size: u64) {
        self.gathered.count(size);
        self.progress.blob(path, size);
    }

    /// Takes up what was noted of a blob when it was looked at.
    fn recall(&self, known: &Known<'_>, origin: impl FnOnce() -> Origin) {
        let Some((id, bytes)) = known.note else { return };
        let Some(mut notes) = BlobNotes::decode(bytes) else { return };
        let origin = origin();
        for (kind, reason) in std::mem::take(&mut notes.not_done) {
            self.gathered.ledger.add(NotDone { kind, path: origin.display_path(), reason });
        }
        if !notes.notes.is_empty() {
            self.gathered.notes.add((self.target, origin, id), notes);
        }
    }

    fn inspect(&self, blob: &Blob<'_>, is_text: bool) -> Inspected {
        let mut all =
            Inspected { detections: Vec::new(), notes: Vec::new(), not_done: Vec::new(), sound: true };
        for (number, detector) in (0..).zip(self.detectors) {
            let head = &blob.bytes[..blob.bytes.len().min(BINARY_HEAD)];
            let wants = || {
                if is_text { detector.wants(blob) } else { detector.wants_binary(blob.origin, head) }
            };
            let secrets = all.detections.iter().any(|detection| detection.secret.is_some());
            let run =
                || if wants() { self.ask(detector.as_ref(), blob, secrets) } else { Inspection::default() };
            // A detector keeps no state between blobs, so one that panicked is as good as new for the next.
            match catch_unwind(AssertUnwindSafe(run)) {
                Ok(Inspection { detections, note, not_done, fleeting }) => {
                    all.sound &= !fleeting;
                    for entry in not_done {
                        // What cannot be told again from the blob alone is looked at again.
                        all.sound &= entry.path == blob.origin.display_path();
                        all.not_done.push((entry.kind, entry.reason.clone()));
                        self.gathered.ledger.add(entry);
                    }
                    for detection in detections {
                        all.sound &= self.admit(blob, detector.name(), detection, &mut all.detections);
                    }
                    if let Some(mut note) = note {
                        let whole = note.anchors.len();
                        note.anchors.retain(|span| span.start <= span.end && span.end <= blob.bytes.len());
                        if note.anchors.len() == whole {
                            all.notes.push((number, note));
                        } else {
                            all.sound = false;
                            let name = detector.name();
                            self.broken(blob, format!("the detector `{name}` noted a place outside of it"));
                        }
                    }
                }
                Err(panic) => {
                    // Its message may quote the file; and a payload that panics on drop must not get out.
                    std::mem::forget(panic);
                    all.sound = false;
                    self.broken(blob, format!("the detector `{}` failed on it", detector.name()));
                }
            }
        }
        all
    }

    /// What a detector says of a blob, from the cache where it was said before. `secrets`: others found secrets in it, which
    /// what is said might quote.
    fn ask(&self, detector: &dyn Detector, blob: &Blob<'_>, secrets: bool) -> Inspection {
        let Some(cache) = self.cache.filter(|_| detector.may_be_remembered() && !secrets) else {
            return detector.inspect(blob);
        };
        let key = cache.inspection_key(blob, detector.name());
        if let Some(known) = cache.knows_inspection(&key).and_then(|bytes| remembered::decode(bytes, blob)) {
            return known;
        }
        let inspection = detector.inspect(blob);
        let anchored = inspection.note.as_ref().is_some_and(|note| !note.anchors.is_empty());
        // The rest is remembered as clean.
        if !inspection.fleeting
            && (anchored || !inspection.detections.is_empty())
            && let Some(bytes) = remembered::encode(&inspection, blob)
            && bytes.len() <= notes::MAX_CACHED
        {
            cache.add_inspection(key, bytes);
        }
        inspection
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

    /// Keeps the detections that count, and the notes. Reports comments that did nothing.
    fn keep(&self, blob: &Blob<'_>, inspected: Inspected, marked: bool) -> Kept {
        let Inspected { detections, notes, not_done, sound } = inspected;
        if detections.is_empty() && notes.is_empty() && not_done.is_empty() && !marked {
            return Kept { is_clean: sound, note: None };
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
        let anchored = notes.iter().any(|(_, note)| !note.anchors.is_empty());
        let secrets: Vec<(Range<usize>, &Secret)> =
            detections.iter().filter_map(|d| Some((d.span.clone(), d.secret.as_ref()?))).collect();
        let redactor = (!kept.is_empty() || anchored)
            .then(|| Redactor::new(blob.bytes, &secrets, self.settings.show_secrets));
        if let Some(redactor) = redactor.as_ref().filter(|_| !kept.is_empty()) {
            let path = blob.origin.display_path();
            let hits = kept
                .iter()
                .zip(regions(blob, kept.iter().copied()))
                .filter_map(|(detection, region)| {
                    let reason = inline.as_mut().and_then(|inline| inline.reason(&detection.rule, &region));
                    self.hit(blob, &path, detection, region, reason, redactor)
                })
                .collect();
            let found = BlobHits { hits, held: self.held(&detections) };
            let mut content = [0; 16];
            content.copy_from_slice(&blake3::hash(blob.bytes).as_bytes()[..16]);
            self.gathered.add((self.target, blob.origin.clone(), content), found, seen);
        }
        // Nobody can edit history or the inside of an archive to please the list of stale comments.
        let mut inline = inline.filter(|_| blob.origin.object.is_none() && blob.origin.members.is_empty());
        let mut is_clean = sound && seen == 0 && !marked && !anchored;
        let mut note = None;
        if !notes.is_empty() || !not_done.is_empty() {
            let held = notes.into_iter().map(|(detector, Note { bytes, anchors })| {
                let regions = position::regions(blob.bytes, &anchors);
                let snippet =
                    |span| redactor.as_ref().map(|redactor| redactor.snippet(span)).unwrap_or_default();
                let anchors = regions.into_iter().zip(anchors.iter().map(snippet)).collect();
                HeldNote { detector, bytes, anchors }
            });
            // Whether a comment did something is known only once the notes are concluded.
            let inline = inline.take_if(|_| anchored);
            let mut notes = BlobNotes { not_done, notes: held.collect(), inline };
            let encoded = notes.encode();
            let id = BlobNotes::id(&encoded);
            notes.not_done = Vec::new();
            if !notes.notes.is_empty() {
                self.gathered.notes.add((self.target, blob.origin.clone(), id), notes);
            }
            is_clean &= encoded.len() <= notes::MAX_CACHED;
            note = Some((id, encoded));
        }
        if let Some(inline) = inline {
            self.gathered.ledger.add_stale(&blob.origin.path, &inline);
        }
        Kept { is_clean, note }
    }

    fn hit(
        &self,
        blob: &Blob<'_>,
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
            flow: self.flow(blob, detection, redactor),
            fix: self.fix(blob, detection, redactor),
            concluded: None,
            fingerprint: detection.fingerprint(path),
            inline: inline.map(|reason| redactor.scrub(&reason)),
        })
    }

    fn flow(&self, blob: &Blob<'_>, detection: &Detection, redactor: &Redactor<'_>) -> Vec<FlowStep> {
        let within =
            |(span, _): &&(Range<usize>, String)| span.start <= span.end && span.end <= blob.bytes.len();
        let steps: Vec<&(Range<usize>, String)> =
            detection.flow.iter().filter(within).take(MAX_STEPS).collect();
        let spans: Vec<Range<usize>> = steps.iter().map(|(span, _)| span.clone()).collect();
        position::regions(blob.bytes, &spans)
            .into_iter()
            .zip(steps)
            .map(|(region, (span, message))| FlowStep {
                origin: blob.origin.clone(),
                region,
                snippet: redactor.snippet(span),
                message: redactor.scrub(message),
            })
            .collect()
    }

    /// A fix that would carry a hidden secret, or that is for what nobody can edit, is none.
    fn fix(&self, blob: &Blob<'_>, detection: &Detection, redactor: &Redactor<'_>) -> Vec<Edit> {
        let plain = blob.origin.object.is_none() && blob.origin.members.is_empty();
        let sound = detection.fix.iter().all(|(span, text)| {
            span.start <= span.end && span.end <= blob.bytes.len() && redactor.scrub(text) == clean_text(text)
        });
        if !plain || !sound {
            return Vec::new();
        }
        let spans: Vec<Range<usize>> = detection.fix.iter().map(|(span, _)| span.clone()).collect();
        position::regions(blob.bytes, &spans)
            .into_iter()
            .zip(&detection.fix)
            .map(|(region, (_, text))| Edit { path: blob.origin.path.clone(), region, text: text.clone() })
            .collect()
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

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn regions<'a>(blob: &Blob<'_>, detections: impl Iterator<Item = &'a Detection>) -> Vec<Region> {
    let spans: Vec<Range<usize>> = detections.map(|detection| detection.span.clone()).collect();
    position::regions(blob.bytes, &spans)
}
