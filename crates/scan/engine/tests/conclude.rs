//! Conclusions: what takes more than one file to know.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod common;

use bartizan_engine::{Input, NoProgress, Request, scan_inputs};
use bartizan_model::{Confidence, NotDoneKind, Report, Severity, Status};
use common::*;
use std::path::Path;

fn tree() -> Vec<File> {
    vec![
        file("lib/one", "a\nNEED water\nHAVE fire"),
        file("app/two", "x\n\nNEED water and NEED fire"),
        file("three", "HAVE earth"),
        file("four", "nothing"),
    ]
}

fn cached(folder: &Path) -> Request<'static> {
    Request { cache: Some(folder.to_owned()), ..request() }
}

#[test]
fn one_finding_over_all_files_as_bad_as_its_worst_place() {
    let report = scan_files(tree());
    assert_eq!(report.findings.len(), 1);
    let finding = &report.findings[0];
    assert_eq!((finding.rule.as_str(), finding.severity), ("test/need", Severity::Critical));
    assert_eq!(finding.remediation, "write HAVE water");
    let places: Vec<_> = finding
        .places
        .iter()
        .map(|place| (place.origin.path.as_str(), place.region.start_line, place.snippet.text.as_str()))
        .collect();
    assert_eq!(places, [("app/two", 3, "NEED water and NEED fire"), ("lib/one", 2, "NEED water")]);
    assert_ne!(finding.places[0].fingerprint, finding.places[1].fingerprint);
    assert_eq!(report.rules.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>(), ["test/need"]);
}

#[test]
fn notes_of_unchanged_files_come_from_the_cache() {
    let folder = tempfile::tempdir().unwrap();
    let run = || {
        let input = Memory::new(tree());
        let report = scan_with(&cached(folder.path()), &[&input]);
        (json(&report), input.reads())
    };
    let (cold, cold_reads) = run();
    let (warm, warm_reads) = run();
    assert_eq!(cold, json(&scan_files(tree())));
    assert_eq!(warm, cold);
    assert_eq!((cold_reads, warm_reads), (4, 2), "those that a conclusion may point at are read again");

    // The file that had what was needed goes: what was known of the others is still there.
    let mut without = tree();
    without[0] = file("lib/one", "a\n");
    let input = Memory::new(without.clone());
    let report = scan_with(&cached(folder.path()), &[&input]);
    assert_eq!(json(&report), json(&scan_files(without)));
    assert_eq!(report.findings.len(), 2, "fire is missing now, too");
}

#[test]
fn comments_and_entries_cover_conclusions_and_stale_ones_are_told() {
    let files = vec![
        file("a", "NEED water # bartizan:ignore test/need it rains\nNEED fire"),
        file("b", "NEED wood # bartizan:ignore test/other no\n"),
        file("c", "HAVE wood"),
    ];
    let report = scan_files(files);
    let states: Vec<(&str, &Status)> =
        report.findings.iter().map(|finding| (finding.message.as_str(), &finding.status)).collect();
    let by_comment = Status::Suppressed { by: "inline".to_owned(), reason: "it rains".to_owned() };
    assert_eq!(states.len(), 2);
    assert!(states.contains(&("nobody has water", &by_comment)));
    assert!(states.contains(&("nobody has fire", &Status::New)));
    assert_eq!(
        not_done(&report, NotDoneKind::StaleSuppression),
        ["b: line 1: `bartizan:ignore test/other`: matches no finding"]
    );
}

#[test]
fn snippets_of_conclusions_hide_the_secrets_of_the_file() {
    let report = scan_files(vec![file("a", "NEED water with TOKEN-123456")]);
    let text = json(&report);
    assert!(text.contains("nobody has water"));
    assert!(!text.contains("TOKEN-123456"), "{text}");
}

#[test]
fn conclusions_below_the_asked_confidence_are_dropped() {
    let input = Memory::new(tree());
    let inputs: [&dyn Input; 1] = [&input];
    let strict = Request { min_confidence: Confidence::new(0.95), ..request() };
    let report: Report = scan_inputs(&strict, &inputs, &TokenDetector::boxed(), &NoProgress).unwrap();
    assert!(report.findings.is_empty());
}
