//! Makes the changes that findings propose.
//!
//! A report is old the moment it is made, so nothing in it is trusted: the file is read again and the rules run on what it
//! is now. A change is made only where they propose the very same one.

mod diff;
mod file;

pub use diff::unified;

use bartizan_code::CodeDetector;
use bartizan_model::{Blob, Detector, Finding, Language, Origin, Report, Status};
use bartizan_source::{Target, locate};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::PathBuf;

/// A file and what becomes of it.
pub struct Change {
    /// As reports show it.
    pub shown: String,
    /// Where it is.
    pub path: PathBuf,
    /// What it was when it was read.
    pub before: Vec<u8>,
    /// What it becomes.
    pub after: Vec<u8>,
    /// How many places change.
    pub places: u64,
    /// How many overlap another and are left for the next time.
    pub overlapping: u64,
}

/// What is to be done.
#[derive(Default)]
pub struct Plan {
    /// In order of path.
    pub changes: Vec<Change>,
    /// Files that are left as they are, and why.
    pub refused: Vec<(String, String)>,
}

/// One replacement: the rule, the bytes, the text.
type Wanted = (String, Range<usize>, String);

/// What the new findings of `report` propose for files of `targets`.
pub fn plan(report: &Report, targets: &[Target], code: &CodeDetector) -> Plan {
    let mut wanted: BTreeMap<&str, BTreeSet<(usize, usize, &str, &str)>> = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| finding.status == Status::New) {
        for edit in finding.fix.iter().flat_map(|fix| &fix.edits) {
            let (start, end) = (edit.region.start_byte as usize, edit.region.end_byte as usize);
            if counts(finding, &edit.path, start, end) {
                wanted.entry(&edit.path).or_default().insert((start, end, &edit.text, &finding.rule));
            }
        }
    }
    let mut plan = Plan::default();
    for (shown, edits) in wanted {
        let edits = edits
            .into_iter()
            .map(|(start, end, text, rule)| (rule.to_owned(), start..end, text.to_owned()))
            .collect();
        match change(shown, edits, targets, code) {
            Ok(change) => plan.changes.push(change),
            Err(reason) => plan.refused.push((shown.to_owned(), reason)),
        }
    }
    plan
}

/// Whether an edit is not for a place that somebody said may stay.
fn counts(finding: &Finding, path: &str, start: usize, end: usize) -> bool {
    !finding.places.iter().any(|place| {
        let region = place.region;
        place.status != Status::New
            && place.origin.path == path
            && region.start_byte as usize <= start
            && end <= region.end_byte as usize
    })
}

fn change(
    shown: &str,
    edits: Vec<Wanted>,
    targets: &[Target],
    code: &CodeDetector,
) -> Result<Change, String> {
    let mut paths: Vec<PathBuf> = targets
        .iter()
        .filter_map(|target| match target {
            Target::Path(path) => locate(path, shown),
            _ => None,
        })
        .collect();
    paths.sort();
    paths.dedup();
    let path = match paths.len() {
        0 => return Err("it is not there any more, or behind a link".to_owned()),
        1 => paths.remove(0),
        _ => return Err("several targets have a file of that name: scan them one by one".to_owned()),
    };
    let before = file::read(&path)?;
    let now = proposed(shown, &before, code);
    if !edits.iter().all(|edit| now.contains(edit)) {
        return Err("it changed since it was scanned: scan again".to_owned());
    }
    let (after, places, overlapping) = applied(&before, edits);
    if unread(shown, &after, code) > unread(shown, &before, code) {
        return Err("the changed file could not be parsed".to_owned());
    }
    Ok(Change { shown: shown.to_owned(), path, before, after, places, overlapping })
}

/// What the rules propose for these bytes.
fn proposed(shown: &str, bytes: &[u8], code: &CodeDetector) -> Vec<Wanted> {
    let origin = Origin::file(shown);
    let blob = Blob { bytes, origin: &origin, language: Language::guess(shown, bytes) };
    let detections = code.inspect(&blob).detections;
    detections
        .into_iter()
        .flat_map(|found| found.fix.into_iter().map(move |(range, text)| (found.rule.clone(), range, text)))
        .collect()
}

/// Bytes that could not be parsed.
fn unread(shown: &str, bytes: &[u8], code: &CodeDetector) -> usize {
    code.rule_set().scan(shown, bytes, &bartizan_code::analyze::Limits::default()).unread
}

/// The text with changes made, how many, and how many were left out because they overlap one before them.
fn applied(before: &[u8], mut edits: Vec<Wanted>) -> (Vec<u8>, u64, u64) {
    edits.sort_by(|(a_rule, a, a_text), (b_rule, b, b_text)| {
        (a.start, a.end, a_rule, a_text).cmp(&(b.start, b.end, b_rule, b_text))
    });
    let (mut after, mut at) = (Vec::with_capacity(before.len()), 0);
    let (mut places, mut overlapping) = (0, 0);
    let mut last: Option<(Range<usize>, String)> = None;
    for (_, range, text) in edits {
        // Two rules that say the same are one change.
        if last.as_ref().is_some_and(|last| last.0 == range && last.1 == text) {
            continue;
        }
        let touches = last.as_ref().is_some_and(|(last, _)| range.start < last.end || range == *last);
        let Some(kept) = before.get(at..range.start).filter(|_| !touches) else {
            overlapping += 1;
            continue;
        };
        after.extend_from_slice(kept);
        after.extend_from_slice(text.as_bytes());
        at = range.end;
        places += 1;
        last = Some((range, text));
    }
    after.extend_from_slice(before.get(at..).unwrap_or_default());
    (after, places, overlapping)
}

impl Change {
    /// Replaces the file.
    ///
    /// # Errors
    /// Why it stays as it was.
    pub fn write(&self) -> Result<(), String> {
        file::replace(&self.path, &self.before, &self.after)
    }
}

#[cfg(test)]
mod tests {
    use super::applied;

    #[test]
    fn changes_that_overlap_wait() {
        let edit = |rule: &str, start, end, text: &str| (rule.to_owned(), start..end, text.to_owned());
        let edits = vec![
            edit("b", 4, 5, "x"),
            edit("a", 0, 1, "yy"),
            edit("a", 4, 5, "x"),
            edit("c", 4, 7, "z"),
            edit("d", 9, 9, "!"),
        ];
        let (after, places, overlapping) = applied(b"a b c d e", edits);
        assert_eq!((after.as_slice(), places, overlapping), (&b"yy b x d e!"[..], 3, 1));
    }
}
