//! Records of several databases about one weakness, put together.
//!
//! The same hole is published as CVE, GHSA and PYSEC, RUSTSEC or GO. A person wants to hear of it once, under one name, with
//! the best of each record.

use crate::Ecosystem;
use crate::advisory::{Advisory, Kind, Reference, Texts};
use crate::database::{Error, Timestamp};
use crate::matching::{Affected, Verdict};
use bartizan_model::Severity;
use bartizan_model::cvss::Cvss;
use std::collections::{BTreeMap, BTreeSet};

/// One weakness of one version of a package.
#[derive(Clone, Debug, PartialEq)]
pub struct Vulnerability {
    /// The name to call it by: the [`preferred`] one of the records that affirm or doubt.
    pub id: String,
    /// All names, sorted, with [`Vulnerability::id`].
    pub ids: Vec<String>,
    /// Whether and why the version is affected: the answer of the first record, in order of preference, that affirms; else a
    /// doubt. Never [`Verdict::NotAffected`]. Fixed versions are those of all records that affirm.
    pub verdict: Verdict,
    /// Records that say that the version is not affected, though another says it is.
    pub disputed_by: Vec<String>,
    /// The gravest thing that a record calls it.
    pub kind: Kind,
    /// The highest that any record gives; see [`Advisory::severity`]. `None`: nobody rated it.
    pub severity: Option<Severity>,
    /// The highest score among the records' most trusted ones.
    pub cvss: Option<Cvss>,
    /// Earliest publication.
    pub published: Option<Timestamp>,
    /// Latest change.
    pub modified: Option<Timestamp>,
    /// Weakness classes of all records, sorted.
    pub cwes: Vec<u32>,
    /// What limits it and cannot be decided by version, of all records.
    pub notes: Vec<String>,
    /// One line, of the first record that has one.
    pub summary: String,
    /// Markdown, of the first record that has it.
    pub details: String,
    /// Of all records, each address once, sorted by kind and address.
    pub references: Vec<Reference>,
}

impl Vulnerability {
    /// The CVE numbers among its names.
    pub fn cves(&self) -> impl Iterator<Item = &str> {
        self.ids.iter().map(String::as_str).filter(|id| id.starts_with("CVE-"))
    }
}

/// Joins advisories about one version of one package that are, over any number of steps, aliases of each other.
///
/// Groups in which no record affirms or doubts are left out. Sorted by worst severity, then by name.
///
/// # Errors
/// When texts cannot be read from the index.
pub fn merge(
    ecosystem: Ecosystem,
    judged: Vec<(Advisory<'_>, Verdict)>,
) -> Result<Vec<Vulnerability>, Error> {
    let mut out = Vec::new();
    for mut group in groups(judged) {
        if group.iter().all(|(_, verdict)| *verdict == Verdict::NotAffected) {
            continue;
        }
        group.sort_by(|(a, _), (b, _)| {
            rank(ecosystem, a.id).cmp(&rank(ecosystem, b.id)).then_with(|| a.id.cmp(b.id))
        });
        out.extend(join(&group)?);
    }
    out.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.id.cmp(&b.id)));
    Ok(out)
}

/// The name to call a weakness by, of those that a record of the database stands under.
///
/// Malware first (`MAL-`). Then the ecosystem's own database, because its record is the one that speaks of packages and
/// functions rather than products, and mostly the first; then GitHub's, which covers all ecosystems; then CVE, which is known best but comes
/// late or never, so that a finding would change its name under way; then anything else. CVE numbers stay among the names.
pub fn preferred<'a>(ecosystem: Ecosystem, ids: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    ids.into_iter().min_by_key(|id| (rank(ecosystem, id), *id))
}

fn rank(ecosystem: Ecosystem, id: &str) -> u8 {
    let own = match ecosystem {
        Ecosystem::CratesIo => "RUSTSEC",
        Ecosystem::Go => "GO",
        Ecosystem::PyPi => "PYSEC",
        Ecosystem::Hackage => "HSEC",
        Ecosystem::Hex => "EEF",
        Ecosystem::Cran => "RSEC",
        Ecosystem::Debian => "DSA",
        Ecosystem::Ubuntu => "USN",
        Ecosystem::RedHat => "RHSA",
        Ecosystem::RockyLinux => "RLSA",
        Ecosystem::AlmaLinux => "ALSA",
        _ => "GHSA",
    };
    match id.split_once('-').map_or(id, |(prefix, _)| prefix) {
        "MAL" => 0,
        prefix if prefix == own => 1,
        "GHSA" => 2,
        "CVE" => 3,
        _ => 4,
    }
}

type Judged<'a> = (Advisory<'a>, Verdict);

/// Splits by the transitive closure of ids and aliases.
fn groups(judged: Vec<Judged<'_>>) -> Vec<Vec<Judged<'_>>> {
    let mut parent: Vec<usize> = (0..judged.len()).collect();
    fn root(parent: &mut [usize], mut at: usize) -> usize {
        while let Some(&up) = parent.get(at)
            && up != at
        {
            // Halving the path keeps look-ups short without recursion.
            let above = parent.get(up).copied().unwrap_or(up);
            if let Some(slot) = parent.get_mut(at) {
                *slot = above;
            }
            at = above;
        }
        at
    }
    let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, (advisory, _)) in judged.iter().enumerate() {
        for name in std::iter::once(advisory.id).chain(advisory.aliases.iter().copied()) {
            let other = *owners.entry(name).or_insert(index);
            let (a, b) = (root(&mut parent, index), root(&mut parent, other));
            // The smaller index leads, so that groups keep the order of their first records.
            if let Some(slot) = parent.get_mut(a.max(b)) {
                *slot = a.min(b);
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<Judged<'_>>> = BTreeMap::new();
    for (index, one) in judged.into_iter().enumerate() {
        groups.entry(root(&mut parent, index)).or_default().push(one);
    }
    groups.into_values().collect()
}

/// One out of a group that is sorted by preference.
fn join(group: &[Judged<'_>]) -> Result<Option<Vulnerability>, Error> {
    let Some((first, _)) = group.first() else { return Ok(None) };
    let mut ids: BTreeSet<&str> = BTreeSet::new();
    let (mut cwes, mut notes, mut references) = (BTreeSet::new(), Vec::new(), BTreeMap::new());
    let (mut affirmed, mut doubt, mut disputed_by): (Option<Affected>, Option<&Verdict>, _) =
        (None, None, Vec::new());
    let mut texts = Texts::default();
    for (advisory, verdict) in group {
        ids.insert(advisory.id);
        ids.extend(&advisory.aliases);
        match verdict {
            Verdict::Affected(found) => {
                let affected = affirmed
                    .get_or_insert_with(|| Affected { range: found.range.clone(), fixed: Vec::new() });
                for fixed in &found.fixed {
                    if !affected.fixed.contains(fixed) {
                        affected.fixed.push(fixed.clone());
                    }
                }
            }
            Verdict::Unknown(_) => doubt = doubt.or(Some(verdict)),
            Verdict::NotAffected if advisory.withdrawn.is_some() => continue,
            Verdict::NotAffected => disputed_by.push(advisory.id.to_owned()),
        }
        cwes.extend(&advisory.cwes);
        for note in &advisory.notes {
            if !notes.iter().any(|known| known == note) {
                notes.push((*note).to_owned());
            }
        }
        let own = advisory.texts()?;
        if texts.summary.is_empty() {
            texts.summary = own.summary;
        }
        if texts.details.is_empty() {
            texts.details = own.details;
        }
        for reference in own.references {
            references.entry(reference.url).or_insert(reference.kind);
        }
    }
    let valid = || group.iter().map(|(advisory, _)| advisory).filter(|advisory| advisory.withdrawn.is_none());
    let verdict = match (affirmed, doubt) {
        (Some(affected), _) => Verdict::Affected(affected),
        (None, Some(doubt)) => doubt.clone(),
        (None, None) => return Ok(None),
    };
    let mut references: Vec<_> = references.into_iter().map(|(url, kind)| Reference { kind, url }).collect();
    references.sort();
    let lead = group
        .iter()
        .find(|(_, verdict)| *verdict != Verdict::NotAffected)
        .map_or(first, |(advisory, _)| advisory);
    Ok(Some(Vulnerability {
        id: lead.id.to_owned(),
        ids: ids.into_iter().map(str::to_owned).collect(),
        verdict,
        disputed_by,
        kind: valid().map(|advisory| advisory.kind).min_by_key(|kind| gravity(*kind)).unwrap_or(first.kind),
        severity: valid().filter_map(Advisory::severity).max(),
        cvss: valid().filter_map(Advisory::score).max_by(|a, b| a.score.total_cmp(&b.score)),
        published: valid().filter_map(|advisory| advisory.published).min(),
        modified: valid().filter_map(|advisory| advisory.modified).max(),
        cwes: cwes.into_iter().collect(),
        notes,
        summary: texts.summary,
        details: texts.details,
        references,
    }))
}

/// The gravest first.
fn gravity(kind: Kind) -> u8 {
    match kind {
        Kind::Malicious => 0,
        Kind::Vulnerability => 1,
        Kind::Unsound => 2,
        Kind::Unmaintained => 3,
        Kind::Notice => 4,
    }
}

#[cfg(test)]
mod tests;
