//! From what a record says to what is stored about one package.

use super::limits::record as limit;
use super::osv;
use super::score;
use crate::Ecosystem;
use crate::advisory::{Advisory, Event, EventKind, Kind, Range, RangeKind, ScoreKind, Symbols};
use crate::database::Timestamp;
use crate::matching::uncovered;
use serde_json::Value;

/// The parts of a record about one package in one release of its ecosystem.
pub(crate) struct Group<'r> {
    pub(crate) ecosystem: Ecosystem,
    pub(crate) release: Option<&'r str>,
    pub(crate) affected: Vec<&'r osv::Affected>,
}

/// Encodes what is stored. Parts that cannot be used are named in `reasons`. `None`: nothing can be stored.
pub(crate) fn encode(
    record: &osv::Record,
    id: &str,
    group: &Group<'_>,
    reasons: &mut Vec<String>,
) -> Option<(Kind, Vec<u8>)> {
    let mut advisory = Advisory::new(id);
    let names =
        |list: &'_ [String]| -> Vec<String> { list.iter().map(|name| name.trim().to_owned()).collect() };
    let (aliases, upstream, related) =
        (names(&record.aliases.items), names(&record.upstream.items), names(&record.related.items));
    advisory.aliases = words(&aliases, reasons);
    advisory.aliases.retain(|alias| *alias != id);
    advisory.upstream = words(&upstream, reasons);
    advisory.related = words(&related, reasons);
    advisory.release = group.release.filter(|release| release.len() <= limit::WORD);
    advisory.modified = record.modified.as_deref().and_then(Timestamp::parse);
    advisory.published = record.published.as_deref().and_then(Timestamp::parse);
    // A date that cannot be read is a withdrawal all the same.
    let withdrawn = record.withdrawn.as_deref().filter(|text| !text.trim().is_empty());
    advisory.withdrawn = withdrawn.map(|text| Timestamp::parse(text).unwrap_or(Timestamp(0)));
    advisory.kind = kind(record, group, id);
    scores(record, group, &mut advisory);
    if let Some(bad) = advisory.scores.iter().find(|score| score.score.is_none()) {
        reasons.push(format!("has a score that follows no specification: `{}`", bad.vector));
    }
    advisory.rating = rating(record, group);
    advisory.reviewed = reviewed(&record.database_specific);
    advisory.cwes = cwes(&record.database_specific.cwe_ids);
    ranges(group, &mut advisory, reasons);
    let listed =
        group.affected.iter().flat_map(|affected| affected.versions.items.iter().map(String::as_str));
    let listed: Vec<&str> = listed.filter(|version| version.len() <= limit::WORD).collect();
    advisory.listed = u32::try_from(listed.len()).unwrap_or(u32::MAX);
    advisory.versions = uncovered(group.ecosystem, &advisory.ranges, listed.into_iter());
    advisory.versions.sort_unstable();
    advisory.versions.dedup();
    let notes = notes(group);
    advisory.notes = notes.iter().map(String::as_str).collect();
    let symbols = symbols(group);
    let symbols = if symbols.is_empty() { Vec::new() } else { postcard::to_stdvec(&symbols).ok()? };
    advisory.symbols = &symbols;
    let kind = advisory.kind;
    match postcard::to_stdvec(&advisory) {
        Ok(bytes) => Some((kind, bytes)),
        Err(error) => {
            reasons.push(format!("cannot be stored: {error}"));
            None
        }
    }
}

/// Ids that are worth keeping.
fn words<'r>(list: &'r [String], reasons: &mut Vec<String>) -> Vec<&'r str> {
    let (short, long): (Vec<&str>, Vec<&str>) =
        list.iter().map(String::as_str).partition(|word| word.len() <= 200);
    if !long.is_empty() {
        reasons.push(format!("{} ids are too long and were left out", long.len()));
    }
    short.into_iter().filter(|word| !word.is_empty()).collect()
}

/// The databases' own words, from the record and from its parts about the package.
fn specifics<'r>(
    record: &'r osv::Record,
    group: &Group<'r>,
) -> impl Iterator<Item = &'r osv::DatabaseSpecific> {
    let affected: Vec<_> = group.affected.iter().map(|affected| &affected.database_specific).collect();
    std::iter::once(&record.database_specific).chain(affected)
}

fn kind(record: &osv::Record, group: &Group<'_>, id: &str) -> Kind {
    if id.starts_with("MAL-") || specifics(record, group).any(|specific| !specific.malicious.is_null()) {
        return Kind::Malicious;
    }
    let word = specifics(record, group).find_map(|specific| specific.informational.as_str());
    match word {
        Some("unmaintained") => Kind::Unmaintained,
        Some("unsound") => Kind::Unsound,
        Some("notice") => Kind::Notice,
        _ => Kind::Vulnerability,
    }
}

fn scores<'r>(record: &'r osv::Record, group: &Group<'r>, advisory: &mut Advisory<'r>) {
    let read = |severity: &'r osv::Severity| score::read(&severity.kind, &severity.score);
    let own = group.affected.iter().flat_map(|affected| affected.severity.items.iter().filter_map(read));
    advisory.scores = own.collect();
    if advisory.scores.is_empty() {
        advisory.scores = record.severity.items.iter().filter_map(read).collect();
    }
    if advisory.scores.is_empty() {
        let vectors = specifics(record, group).filter_map(|specific| specific.cvss.as_str());
        advisory.scores = vectors.filter_map(|vector| score::of_vector(ScoreKind::V3, vector)).collect();
    }
    advisory.scores.truncate(limit::SEVERITIES);
}

/// The word for the package, else the one for the record.
fn rating(record: &osv::Record, group: &Group<'_>) -> Option<bartizan_model::Severity> {
    let severities =
        group.affected.iter().flat_map(|affected| &affected.severity.items).chain(&record.severity.items);
    let of_type = severities
        .filter(|severity| !severity.kind.starts_with("CVSS_"))
        .map(|severity| severity.score.as_str());
    let of_package = group.affected.iter().flat_map(|affected| {
        let specific = &affected.ecosystem_specific;
        [specific.severity.as_str(), specific.urgency.as_str(), affected.database_specific.severity.as_str()]
    });
    let of_record = record.database_specific.severity.as_str();
    of_package.flatten().chain(of_type).chain(of_record).find_map(score::word)
}

fn reviewed(specific: &osv::DatabaseSpecific) -> Option<bool> {
    specific.github_reviewed.as_bool().or_else(|| match specific.review_status.as_str()? {
        "REVIEWED" => Some(true),
        "UNREVIEWED" => Some(false),
        _ => None,
    })
}

fn cwes(value: &Value) -> Vec<u32> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut cwes: Vec<u32> =
        list.iter().take(50).filter_map(|id| id.as_str()?.strip_prefix("CWE-")?.parse().ok()).collect();
    cwes.sort_unstable();
    cwes.dedup();
    cwes
}

fn ranges<'r>(group: &Group<'r>, advisory: &mut Advisory<'r>, reasons: &mut Vec<String>) {
    for range in group.affected.iter().flat_map(|affected| &affected.ranges.items) {
        let kind = match range.kind.as_str() {
            "SEMVER" => RangeKind::Semver,
            "ECOSYSTEM" => RangeKind::Ecosystem,
            "GIT" => RangeKind::Git,
            _ => {
                reasons.push("has a range of a type that the schema does not know".to_owned());
                continue;
            }
        };
        let events: Vec<_> = range.events.items.iter().flat_map(events).collect();
        if events.iter().any(|event| event.version.len() > limit::WORD) {
            reasons.push("has a range with a version that is too long; the range was left out".to_owned());
            continue;
        }
        if !events.iter().any(|event| event.kind == EventKind::Introduced) {
            reasons.push("has a range that nothing introduces: it affects no version".to_owned());
        }
        let repository = range.repo.as_deref().filter(|repo| repo.len() <= limit::WORD);
        let range = Range { kind, repository, events };
        if !advisory.ranges.contains(&range) {
            advisory.ranges.push(range);
        }
        if advisory.ranges.len() >= limit::RANGES {
            reasons.push(format!("has more than {} ranges; the rest was left out", limit::RANGES));
            return;
        }
    }
}

fn events(event: &osv::Event) -> impl Iterator<Item = Event<'_>> {
    let parts = [
        (EventKind::Introduced, &event.introduced),
        (EventKind::Fixed, &event.fixed),
        (EventKind::LastAffected, &event.last_affected),
        (EventKind::Limit, &event.limit),
    ];
    parts.into_iter().filter_map(|(kind, text)| Some(Event { kind, version: text.as_deref()?.trim() }))
}

fn notes(group: &Group<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    let mut note = |text: String| {
        if notes.len() < 20 && text.len() <= 1_000 && !notes.contains(&text) {
            notes.push(text);
        }
    };
    for affected in &group.affected {
        let platforms = &affected.ecosystem_specific.affects;
        for (what, list) in
            [("operating systems", &platforms.os.items), ("architectures", &platforms.arch.items)]
        {
            if !list.is_empty() {
                note(format!("only on the {what} {}", list.join(", ")));
            }
        }
        let imports = &affected.ecosystem_specific.imports.items;
        // Where one of the packages is affected everywhere, the module is.
        if !imports.is_empty() && imports.iter().all(|import| !import.goos.items.is_empty()) {
            let mut systems: Vec<&str> =
                imports.iter().flat_map(|import| &import.goos.items).map(String::as_str).collect();
            systems.sort_unstable();
            systems.dedup();
            note(format!("only on the operating systems {}", systems.join(", ")));
        }
        if !imports.is_empty() && imports.iter().all(|import| !import.goarch.items.is_empty()) {
            let mut machines: Vec<&str> =
                imports.iter().flat_map(|import| &import.goarch.items).map(String::as_str).collect();
            machines.sort_unstable();
            machines.dedup();
            note(format!("only on the architectures {}", machines.join(", ")));
        }
        for range in &affected.ecosystem_specific.custom_ranges.items {
            let events: Vec<String> =
                range.events.items.iter().flat_map(events).map(|event| event_words(&event)).collect();
            if !events.is_empty() {
                note(format!("by the publisher's own numbering: {}", events.join(", ")));
            }
        }
        let specifics = std::iter::once(&affected.database_specific);
        let specifics = specifics.chain(affected.ranges.items.iter().map(|range| &range.database_specific));
        for last in specifics.filter_map(|specific| specific.last_known_affected_version_range.as_str()) {
            note(format!("last known to be affected: {last}"));
        }
    }
    notes
}

fn event_words(event: &Event<'_>) -> String {
    match (event.kind, event.version) {
        (EventKind::Introduced, "0") => "from the first version".to_owned(),
        (EventKind::Introduced, version) => format!("from {version}"),
        (EventKind::Fixed | EventKind::Limit, version) => format!("before {version}"),
        (EventKind::LastAffected, version) => format!("up to {version}"),
    }
}

fn symbols<'r>(group: &Group<'r>) -> Vec<Symbols<'r>> {
    let mut out: Vec<Symbols<'r>> = Vec::new();
    let short = |word: &&str| word.len() <= limit::WORD;
    for specific in group.affected.iter().map(|affected| &affected.ecosystem_specific) {
        for import in specific.imports.items.iter().filter(|import| import.path.len() <= limit::WORD) {
            let names = import.symbols.items.iter().map(String::as_str).filter(short).collect();
            out.push(Symbols { import: &import.path, names });
        }
        let names: Vec<_> = specific.affects.functions.names().into_iter().filter(short).collect();
        if !names.is_empty() {
            out.push(Symbols { import: "", names });
        }
    }
    out
}
