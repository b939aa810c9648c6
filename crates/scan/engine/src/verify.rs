//! Asks providers whether the secrets that were found work.

use crate::consolidate::Draft;
use crate::gather::{BlobHits, BlobKey, Held};
use crate::ledger::lock;
use crate::rules::RuleTable;
use bartizan_model::{Secret, Status, Verification, Verifier};
use bartizan_source::Cancel;
use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Questions under way at one time: they wait for the network, not for a core.
const WORKERS: usize = 8;
/// Places of a finding around which companions are looked for.
const MAX_SITES: usize = 16;
/// Other secrets that go along with a question.
const MAX_COMPANIONS: usize = 32;

/// What came of it.
pub(crate) struct Outcome {
    /// Findings that were not asked about because the scan was stopped.
    pub(crate) left: u64,
    /// Rules on whose secrets the verifier failed.
    pub(crate) failed: Vec<String>,
}

/// What the verifier said; an error: it panicked.
type Answer = Result<Option<Verification>, ()>;

/// Asks about each new finding with a secret and notes the answer in it. Not about what is suppressed or in the
/// baseline: no provider needs to see what somebody already explained.
pub(crate) fn verify(
    drafts: &mut [Draft],
    blobs: &[(BlobKey, BlobHits)],
    rules: &RuleTable<'_>,
    verifier: &dyn Verifier,
    cancel: &Cancel,
) -> Outcome {
    let secrets: HashMap<(u32, [u8; 32]), &Secret> = blobs
        .iter()
        .flat_map(|(_, blob)| &blob.held)
        .map(|held| ((held.rule, held.digest), &held.secret))
        .collect();
    let questions: Vec<(usize, &Secret)> = drafts
        .iter()
        .enumerate()
        .filter(|(_, draft)| draft.finding.status == Status::New)
        .filter_map(|(index, draft)| {
            let key = (rules.index(&draft.finding.rule)?, draft.digest?);
            Some((index, *secrets.get(&key)?))
        })
        .collect();

    let next = AtomicUsize::new(0);
    let answers: Mutex<Vec<(usize, Answer)>> = Mutex::default();
    let asked = &*drafts;
    std::thread::scope(|scope| {
        for _ in 0..WORKERS.min(questions.len()) {
            scope.spawn(|| {
                while !cancel.is_stopped()
                    && let Some((index, secret)) = questions.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    let draft = &asked[*index];
                    let companions = companions(draft, blobs, rules);
                    let ask = || verifier.verify(&draft.finding.rule, secret, &companions);
                    let answer = catch_unwind(AssertUnwindSafe(ask)).map_err(std::mem::forget);
                    lock(&answers).push((*index, answer));
                }
            });
        }
    });

    let answers = answers.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let left = (questions.len() - answers.len()) as u64;
    let mut failed = Vec::new();
    for (index, answer) in answers {
        let finding = &mut drafts[index].finding;
        match answer {
            Ok(verification) => finding.verification = verification,
            Err(()) => failed.push(finding.rule.clone()),
        }
    }
    failed.sort();
    Outcome { left, failed }
}

/// The other secrets of the same blobs, the nearest first.
fn companions<'a>(
    draft: &Draft,
    blobs: &'a [(BlobKey, BlobHits)],
    rules: &RuleTable<'a>,
) -> Vec<(&'a str, &'a Secret)> {
    let mut nearest: BTreeMap<(u32, [u8; 32]), (u64, &Held)> = BTreeMap::new();
    for (blob, start) in draft.sites.iter().take(MAX_SITES) {
        for held in blobs[*blob].1.held.iter().filter(|held| Some(held.digest) != draft.digest) {
            let distance = held.start.abs_diff(*start);
            let known = nearest.entry((held.rule, held.digest)).or_insert((distance, held));
            known.0 = known.0.min(distance);
        }
    }
    let mut nearest: Vec<_> =
        nearest.into_iter().map(|(key, (distance, held))| (distance, key, held)).collect();
    nearest.sort_by_key(|(distance, key, _)| (*distance, *key));
    nearest.truncate(MAX_COMPANIONS);
    nearest.into_iter().map(|(_, key, held)| (rules.get(key.0).id.as_str(), &held.secret)).collect()
}
