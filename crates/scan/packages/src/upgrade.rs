//! The smallest step out of the holes of a package.

use crate::Ecosystem;
use crate::advisory::Advisory;
use crate::matching::{Subject, Verdict, fixed_versions, parse};
use crate::version::{Scheme, Version};

/// What to move to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upgrade {
    /// The smallest version that leaves the fewest advisories open; `None` when no known version is better.
    pub smallest: Option<Step>,
    /// The same among versions that do not cross a breaking boundary; equal to `smallest` where that does not cross one. Better
    /// than staying, though it may leave more open.
    pub compatible: Option<Step>,
}

/// A version to move to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// As the advisory or the caller writes it.
    pub version: String,
    /// Whether it crosses a boundary behind which the ecosystem allows incompatible changes: another major version, or
    /// another minor one before 1.0.
    pub breaking: bool,
    /// Whether it is a pre-release.
    pub prerelease: bool,
    /// Advisories, by id and sorted, that speak of it still, or newly.
    pub left: Vec<String>,
}

/// Looks for the smallest step from a version.
///
/// `advisories`: all of the package, not only those that match, so that no step leads into another hole. Candidates
/// are the versions that advisories call fixed and those in `known`. Pre-releases are only proposed where the version itself is one
/// or nothing else is as good. What a version is affected by "perhaps" counts as a hole.
pub fn advise(ecosystem: Ecosystem, version: &str, advisories: &[Advisory<'_>], known: &[&str]) -> Upgrade {
    let Some(scheme) = Scheme::of(ecosystem) else { return Upgrade::default() };
    let Some(current) = parse(ecosystem, scheme, version) else { return Upgrade::default() };
    let open = open_at(ecosystem, version, advisories);
    if open.is_empty() {
        return Upgrade::default();
    }
    let mut candidates: Vec<(Version, &str)> = advisories
        .iter()
        .filter(|advisory| advisory.withdrawn.is_none())
        .flat_map(fixed_versions)
        .chain(known.iter().copied())
        .filter_map(|text| Some((parse(ecosystem, scheme, text)?, text)))
        .filter(|(candidate, _)| *candidate > current)
        .collect();
    candidates.sort();
    candidates.dedup_by(|a, b| a.0 == b.0);

    if let Some(step) = clean_step(ecosystem, scheme, version, &current, &candidates, advisories) {
        return Upgrade { compatible: Some(step.clone()), smallest: Some(step) };
    }
    let wants_prerelease = current.is_prerelease();
    let mut smallest: Option<Step> = None;
    let mut compatible: Option<Step> = None;
    for (candidate, text) in candidates {
        let step = Step {
            version: text.to_owned(),
            breaking: candidate.breaking_part() != current.breaking_part(),
            prerelease: candidate.is_prerelease(),
            left: open_at(ecosystem, text, advisories),
        };
        if step.left.len() >= open.len() {
            continue;
        }
        let worth = |step: &Step| (step.left.len(), step.prerelease && !wants_prerelease);
        // Candidates come in order: only a better one replaces a smaller one.
        let better = |than: &Option<Step>| than.as_ref().is_none_or(|old| worth(&step) < worth(old));
        if !step.breaking && better(&compatible) {
            compatible = Some(step.clone());
        }
        let breaking = step.breaking;
        if better(&smallest) {
            smallest = Some(step);
        }
        // Nothing that comes later can be better than a release that leaves nothing open.
        let best = |step: &Option<Step>| step.as_ref().is_some_and(|step| worth(step) == (0, false));
        if best(&smallest) && (breaking || best(&compatible)) {
            break;
        }
    }
    Upgrade { smallest, compatible }
}

/// The smallest step that leaves nothing open, when it is a release that breaks nothing: then there is no better one, and no need
/// to try what lies below. Nothing below the lowest fix of any open advisory can leave nothing open.
fn clean_step(
    ecosystem: Ecosystem,
    scheme: Scheme,
    version: &str,
    current: &Version,
    candidates: &[(Version, &str)],
    advisories: &[Advisory<'_>],
) -> Option<Step> {
    let subject = Subject::release(ecosystem, version);
    let mut lowest = current.clone();
    for advisory in advisories {
        match subject.judge(advisory) {
            Verdict::Affected(affected) => {
                let fixed = affected.fixed.first()?;
                lowest = lowest.max(parse(ecosystem, scheme, fixed)?);
            }
            Verdict::NotAffected => {}
            Verdict::Unknown(_) => return None,
        }
    }
    let from = candidates.partition_point(|(candidate, _)| *candidate < lowest);
    for (candidate, text) in &candidates[from..] {
        if candidate.breaking_part() != current.breaking_part() {
            return None;
        }
        if candidate.is_prerelease() && !current.is_prerelease() {
            continue;
        }
        if open_at(ecosystem, text, advisories).is_empty() {
            let prerelease = candidate.is_prerelease();
            return Some(Step { version: (*text).to_owned(), breaking: false, prerelease, left: Vec::new() });
        }
    }
    None
}

fn open_at(ecosystem: Ecosystem, version: &str, advisories: &[Advisory<'_>]) -> Vec<String> {
    let subject = Subject::release(ecosystem, version);
    let mut open: Vec<String> = advisories
        .iter()
        .filter(|advisory| subject.judge(advisory) != Verdict::NotAffected)
        .map(|advisory| advisory.id.to_owned())
        .collect();
    open.sort();
    open.dedup();
    open
}

#[cfg(test)]
mod tests;
