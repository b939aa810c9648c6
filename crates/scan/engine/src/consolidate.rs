//! From hits by blob to findings: one weakness is one finding, wherever and however often it stands.

use crate::gather::{BlobHits, BlobKey, Hit};
use crate::rules::RuleTable;
use bartizan_model::{Evidence, Finding, Fingerprint, Fix, Place, Status};
use bartizan_source::Carriers;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A finding and what is needed to ask its provider.
pub(crate) struct Draft {
    pub(crate) finding: Finding,
    pub(crate) digest: Option<[u8; 32]>,
    /// Where it stands: number of the blob, and first byte.
    pub(crate) sites: Vec<(usize, u64)>,
}

/// The commits of each object, by number of the target.
pub(crate) type Commits = BTreeMap<(usize, String), Carriers>;

/// What makes two hits one finding: for secrets rule and value; for conclusions rule and group; else rule, file and context.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Identity {
    Secret(u32, [u8; 32]),
    Group(u32, Fingerprint),
    Place(u32, Fingerprint),
}

/// One finding per secret (or context), its places in order of file and position. Worst first, then the surest, then by rule
/// and first place.
pub(crate) fn consolidate(
    blobs: &[(BlobKey, BlobHits)],
    rules: &RuleTable<'_>,
    commits: &Commits,
) -> Vec<Draft> {
    let mut groups: BTreeMap<Identity, Vec<(usize, &Hit)>> = BTreeMap::new();
    for (index, (_, blob)) in blobs.iter().enumerate() {
        for hit in &blob.hits {
            let identity = match (&hit.secret, &hit.concluded) {
                (Some(secret), _) => Identity::Secret(hit.rule, secret.digest),
                (None, Some(verdict)) => Identity::Group(hit.rule, verdict.group),
                (None, None) => Identity::Place(hit.rule, hit.fingerprint),
            };
            groups.entry(identity).or_default().push((index, hit));
        }
    }
    let mut drafts: Vec<Draft> = groups
        .into_iter()
        .filter_map(|(identity, hits)| draft(identity, hits, blobs, rules, commits))
        .collect();
    drafts.sort_by(|a, b| order(&a.finding).cmp(&order(&b.finding)));
    drafts
}

fn order(finding: &Finding) -> impl Ord + '_ {
    let first = finding.places.first().map(|place| (&place.origin, place.region));
    (Reverse(finding.severity), Reverse(finding.confidence), &finding.rule, first, finding.fingerprint)
}

fn draft(
    identity: Identity,
    mut hits: Vec<(usize, &Hit)>,
    blobs: &[(BlobKey, BlobHits)],
    rules: &RuleTable<'_>,
    commits: &Commits,
) -> Option<Draft> {
    // By origin before target: what stands in the tree and in the history is told file by file.
    let place_order = |(index, hit): &(usize, &Hit)| {
        let (target, origin, content) = &blobs[*index].0;
        (origin, hit.region, *target, content)
    };
    hits.sort_by(|a, b| place_order(a).cmp(&place_order(b)));

    // The surest place speaks for all; of equals the first.
    let (_, best) = *hits.iter().min_by_key(|(_, hit)| Reverse(hit.confidence))?;
    let rule = rules.get(best.rule);
    let mut properties: BTreeMap<String, String> = best.properties.iter().cloned().collect();
    for (name, value) in hits.iter().flat_map(|(_, hit)| &hit.properties) {
        if !properties.contains_key(name) {
            properties.insert(name.clone(), value.clone());
        }
    }
    // Of several places the worst counts; of several conclusions about one thing the first place's words.
    let verdict = best.concluded.as_deref();
    if let Some(verdict) = verdict {
        properties.clone_from(&verdict.properties);
    }
    let (digest, fingerprint) = match identity {
        Identity::Secret(_, digest) => (Some(digest), Fingerprint::of_exact(&rule.id, "", &digest)),
        Identity::Group(_, name) | Identity::Place(_, name) => (None, name),
    };
    let severities = hits.iter().filter_map(|(_, hit)| Some(hit.concluded.as_deref()?.severity));
    let severity = severities.max().unwrap_or(rule.severity);
    let remediation = verdict.and_then(|verdict| verdict.remediation.clone());
    let finding = Finding {
        rule: rule.id.clone(),
        title: rule.title.clone(),
        message: verdict.map_or(&best.reason, |verdict| &verdict.reason).clone(),
        severity,
        confidence: best.confidence,
        cwe: rule.cwe.clone(),
        remediation: remediation.unwrap_or_else(|| rule.remediation.clone()),
        docs: rule.docs.clone(),
        fingerprint,
        status: Status::New,
        verification: None,
        evidence: Evidence { secret: best.secret.as_ref().map(|secret| secret.shown.clone()), properties },
        fix: fix_of(&hits),
        places: hits.iter().map(|(index, hit)| place(&blobs[*index].0, hit, commits)).collect(),
    };
    let sites = hits.iter().map(|(index, hit)| (*index, hit.region.start_byte)).collect();
    Some(Draft { finding, digest, sites })
}

/// All places' changes together; none unless each place has one, for half a fix is none.
fn fix_of(hits: &[(usize, &Hit)]) -> Option<Fix> {
    if hits.iter().any(|(_, hit)| hit.fix.is_empty()) {
        return None;
    }
    let edits = hits.iter().flat_map(|(_, hit)| hit.fix.iter().cloned()).collect();
    Some(Fix { description: "replace what the rule found".to_owned(), edits })
}

fn place((target, origin, _): &BlobKey, hit: &Hit, commits: &Commits) -> Place {
    let carriers = origin.object.as_ref().and_then(|object| commits.get(&(*target, object.clone())));
    Place {
        origin: origin.clone(),
        region: hit.region,
        snippet: hit.snippet.clone(),
        fingerprint: hit.fingerprint,
        status: match (&hit.inline, hit.concluded.as_ref().and_then(|verdict| verdict.excused.as_ref())) {
            (Some(reason), _) => Status::Suppressed { by: "inline".to_owned(), reason: reason.clone() },
            (None, Some((by, reason))) => Status::Suppressed { by: by.clone(), reason: reason.clone() },
            (None, None) => Status::New,
        },
        flow: hit.flow.clone(),
        first_commit: carriers.map(|carriers| carriers.first.clone()),
        last_commit: carriers.map(|carriers| carriers.last.clone()),
        in_head: carriers.map(|carriers| carriers.in_head),
    }
}

/// A finding counts when one of its places does. Where none does: what they all are, or known when they differ.
pub(crate) fn status_of(places: &[Place]) -> Status {
    if places.iter().any(|place| place.status == Status::New) {
        return Status::New;
    }
    let all_suppressed = places.iter().all(|place| matches!(place.status, Status::Suppressed { .. }));
    match places.first() {
        Some(first) if all_suppressed => first.status.clone(),
        _ => Status::Baseline,
    }
}
