//! The scan from request to report.

use crate::baseline::Matcher;
use crate::budget;
use crate::cache::Cache;
use crate::collect::{Collector, Settings};
use crate::conclude::conclude;
use crate::consolidate::{Commits, Draft, consolidate, status_of};
use crate::date;
use crate::gather::{BlobHits, BlobKey, Gathered, Harvest, MAX_PLACES};
use crate::input::{Input, Opened};
use crate::ledger::Ledger;
use crate::progress::Progress;
use crate::rules::RuleTable;
use crate::suppress::Suppressions;
use crate::verify;
use crate::{EngineError, Request};
use bartizan_model::{Detector, NotDone, NotDoneKind, Report, RuleInfo, Status};
use bartizan_source::{Cancel, Source};
use std::collections::{BTreeMap, BTreeSet};

/// Raised when engine or source come to other results for equal blobs, between two versions of the program.
const ENGINE_VERSION: u32 = 2;

/// Scans the targets of `request` with `detectors`.
///
/// # Errors
/// When a target cannot be opened or the request makes no sense: nothing was scanned then. Whatever fails later stands in
/// the report's coverage.
pub fn scan(
    request: &Request<'_>,
    detectors: &[Box<dyn Detector>],
    progress: &dyn Progress,
) -> Result<Report, EngineError> {
    let cancel = budget::with_budget(&request.cancel, request.max_time);
    let suppressions = check(request)?;
    let mut opened = Vec::new();
    for target in &request.targets {
        opened.push(Opened { target, source: Source::open(target, &request.source)? });
    }
    let inputs: Vec<&dyn Input> = opened.iter().map(|input| input as &dyn Input).collect();
    Ok(run(request, suppressions, &inputs, detectors, progress, &cancel))
}

/// As [`scan`], of `inputs` instead of the request's targets.
///
/// # Errors
/// When the request makes no sense.
pub fn scan_inputs(
    request: &Request<'_>,
    inputs: &[&dyn Input],
    detectors: &[Box<dyn Detector>],
    progress: &dyn Progress,
) -> Result<Report, EngineError> {
    let cancel = budget::with_budget(&request.cancel, request.max_time);
    let suppressions = check(request)?;
    Ok(run(request, suppressions, inputs, detectors, progress, &cancel))
}

fn check<'a>(request: &'a Request<'_>) -> Result<Suppressions<'a>, EngineError> {
    if !date::is_valid(&request.today) {
        return Err(EngineError::Today(request.today.clone()));
    }
    Ok(Suppressions::new(&request.suppressions, &request.today)?)
}

fn run(
    request: &Request<'_>,
    suppressions: Suppressions<'_>,
    inputs: &[&dyn Input],
    detectors: &[Box<dyn Detector>],
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Report {
    let rules = RuleTable::new(detectors);
    let gathered = Gathered::new(MAX_PLACES);
    collect(request, inputs, detectors, &rules, &gathered, progress, cancel);
    progress.finished();
    let Harvest {
        hits: mut blobs,
        mut beyond,
        notes,
        notes_dropped,
        ledger,
        blobs: blobs_scanned,
        bytes: bytes_scanned,
    } = gathered.finish();
    if notes_dropped > 0 {
        let reason = format!("what was noted of {notes_dropped} files did not fit into memory");
        ledger
            .add_many(NotDone { kind: NotDoneKind::OutOfMemory, path: String::new(), reason }, notes_dropped);
    }
    let mut concluded = conclude(detectors, notes, &ledger);
    let brought = std::mem::take(&mut concluded.rules);
    let rules = rules.with(&brought);
    beyond += concluded.into_hits(&rules, request.min_confidence, &mut blobs, &ledger);
    if beyond > 0 {
        let reason = format!("a report holds {MAX_PLACES} places; {beyond} more are not in it");
        let entry = NotDone { kind: NotDoneKind::TooManyPlaces, path: String::new(), reason };
        ledger.add_many(entry, beyond);
    }

    let commits = carriers(inputs, &blobs, &ledger, cancel);
    let mut drafts = consolidate(&blobs, &rules, &commits);
    let judged = Judged::new(request, suppressions, inputs, &mut drafts);
    if let Some(verifier) = request.verifier {
        let outcome = verify::verify(&mut drafts, &blobs, &rules, verifier, cancel);
        if let Some(reason) = cancel.stop_reason().filter(|_| outcome.left > 0) {
            let what = format!("{} secrets were not verified", outcome.left);
            ledger.add_many(budget::stopped(reason, "", &what), outcome.left);
        }
        for rule in outcome.failed {
            let reason = "the verifier failed on a secret of this rule".to_owned();
            ledger.add(NotDone { kind: NotDoneKind::Broken, path: rule, reason });
        }
    }
    judged.report_stale(&ledger);

    let findings: Vec<_> = drafts.into_iter().map(|draft| draft.finding).collect();
    let used: BTreeSet<&str> = findings.iter().map(|finding| finding.rule.as_str()).collect();
    let used: Vec<RuleInfo> =
        used.into_iter().filter_map(|id| rules.index(id)).map(|index| rules.get(index).clone()).collect();
    Report {
        targets: inputs.iter().map(|input| input.name()).collect(),
        findings,
        components: std::mem::take(&mut concluded.components),
        coverage: ledger.into_coverage(blobs_scanned, bytes_scanned),
        rules: used,
    }
}

/// Lets every input hand its blobs to the detectors, and writes the caches.
fn collect(
    request: &Request<'_>,
    inputs: &[&dyn Input],
    detectors: &[Box<dyn Detector>],
    rules: &RuleTable<'_>,
    gathered: &Gathered,
    progress: &dyn Progress,
    cancel: &Cancel,
) {
    let settings = Settings {
        min_confidence: request.min_confidence,
        show_secrets: request.show_secrets,
        keep_secrets: request.verifier.is_some(),
        max_places: MAX_PLACES,
    };
    let key = request.cache.as_ref().map(|_| result_key(request, detectors));
    for (index, input) in inputs.iter().enumerate() {
        let name = input.name();
        if let Some(reason) = cancel.stop_reason() {
            gathered.ledger.add(budget::stopped(reason, &name, "not scanned"));
            continue;
        }
        progress.started(&name);
        let cache = request
            .cache
            .as_ref()
            .zip(key)
            .and_then(|(folder, key)| Some(Cache::open(folder, &input.identity()?, key)));
        let collector = Collector::new(detectors, rules, settings, gathered, cache.as_ref(), progress, index);
        let outcome = input.visit(&collector, cancel);
        drop(collector);
        let finished = outcome.is_ok() && !cancel.is_stopped();
        if let Err(error) = outcome {
            let reason = format!("the rest was not scanned: {error}");
            gathered.ledger.add(NotDone { kind: NotDoneKind::Broken, path: name.clone(), reason });
        }
        if let Some(Err(error)) = cache.map(|cache| cache.save(finished && input.is_whole())) {
            let reason = format!("the next scan will be slower: {error}");
            gathered.ledger.add(NotDone { kind: NotDoneKind::CacheUnwritten, path: name, reason });
        }
    }
}

/// A hash over all that decides, besides a blob and its path, whether something is found in it or said about it.
fn result_key(request: &Request<'_>, detectors: &[Box<dyn Detector>]) -> [u8; 32] {
    // In the order in which they run: notes name their detector by number.
    let parts = detectors.iter().map(|detector| (detector.name(), detector.rule_set_hash()));
    let mut hasher = blake3::Hasher::new_derive_key("bartizan 2026 result cache");
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    hasher.update(&ENGINE_VERSION.to_le_bytes());
    hasher.update(&request.min_confidence.get().to_le_bytes());
    // These make the source leave out, or not, what a fact in the cache would let pass as clean.
    hasher.update(&request.source.max_file_size.to_le_bytes());
    hasher.update(&[u8::from(request.source.include_generated)]);
    for (name, hash) in parts {
        hasher.update(&(name.len() as u64).to_le_bytes());
        hasher.update(name.as_bytes());
        hasher.update(&hash);
    }
    hasher.finalize().into()
}

/// The commits of the objects that have findings.
fn carriers(
    inputs: &[&dyn Input],
    blobs: &[(BlobKey, BlobHits)],
    ledger: &Ledger,
    cancel: &Cancel,
) -> Commits {
    let mut objects: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for ((target, origin, _), _) in blobs {
        if let Some(object) = origin.object.as_ref().filter(|_| inputs[*target].is_history()) {
            objects.entry(*target).or_default().insert(object.clone());
        }
    }
    let mut commits = Commits::new();
    for (target, objects) in objects {
        let input = inputs[target];
        match input.carriers(&objects, cancel) {
            Ok(found) => {
                let missing = objects.iter().filter(|object| !found.contains_key(*object)).count() as u64;
                if let Some(reason) = cancel.stop_reason().filter(|_| missing > 0) {
                    let what = format!("the commits of {missing} objects with findings were not looked up");
                    ledger.add(budget::stopped(reason, &input.name(), &what));
                }
                commits.extend(found.into_iter().map(|(object, carriers)| ((target, object), carriers)));
            }
            Err(error) => ledger.add(NotDone {
                kind: NotDoneKind::Broken,
                path: input.name(),
                reason: format!("the commits of findings could not be looked up: {error}"),
            }),
        }
    }
    commits
}

/// Suppressions and baseline after they were held against all findings.
struct Judged<'a> {
    suppressions: Suppressions<'a>,
    baseline: Matcher<'a>,
    whole_tree: bool,
    whole_history: bool,
}

impl<'a> Judged<'a> {
    fn new(
        request: &'a Request<'_>,
        mut suppressions: Suppressions<'a>,
        inputs: &[&dyn Input],
        drafts: &mut [Draft],
    ) -> Self {
        let mut baseline = Matcher::new(request.baseline.as_ref());
        for finding in drafts.iter_mut().map(|draft| &mut draft.finding) {
            for place in &mut finding.places {
                // All are asked, so that what an inline comment covers too does not make an entry look stale.
                let by_file =
                    suppressions.status(&finding.rule, &place.origin, finding.fingerprint, place.fingerprint);
                let known = baseline.knows(place.fingerprint);
                if place.status == Status::New {
                    place.status = by_file.unwrap_or(if known { Status::Baseline } else { Status::New });
                }
            }
            finding.status = status_of(&finding.places);
        }
        let whole = |history| inputs.iter().any(|input| input.is_whole() && input.is_history() == history);
        Self { suppressions, baseline, whole_tree: whole(false), whole_history: whole(true) }
    }

    /// What covered nothing, where all that it could have covered was looked at.
    fn report_stale(&self, ledger: &Ledger) {
        let complete = !ledger.is_incomplete();
        let whole = complete && (self.whole_tree || self.whole_history);
        for entry in self.suppressions.stale(whole) {
            ledger.add(entry);
        }
        for entry in self.baseline.stale(complete && self.whole_tree, complete && self.whole_history) {
            ledger.add(entry);
        }
    }
}
