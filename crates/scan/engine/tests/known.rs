//! Findings that may stand: inline comments, entries of the configuration, baseline; and what of these is stale.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod common;

use bartizan_engine::{Baseline, BaselineError, EngineError, NoProgress, Suppression, scan_inputs};
use bartizan_model::{Fingerprint, NotDoneKind, Report, Status};
use common::*;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    suppress: Vec<Suppression>,
}

fn suppressions(text: &str) -> Vec<Suppression> {
    toml::from_str::<Config>(text).unwrap().suppress
}

fn stale(report: &Report) -> Vec<String> {
    not_done(report, NotDoneKind::StaleSuppression)
}

fn suppressed(by: &str, reason: &str) -> Status {
    Status::Suppressed { by: by.to_owned(), reason: reason.to_owned() }
}

#[test]
fn inline_comments_suppress_with_a_reason_and_are_reported_when_they_do_nothing() {
    let report = scan_files(vec![
        file("a", "TOKEN-11 # bartizan:ignore test/token for the test\n"),
        file("b", "# bartizan:ignore test the line below\nTOKEN-12\n"),
        file("c", "TOKEN-13 # bartizan:ignore test/token\n"),
        file("d", "TOKEN-14 # bartizan:ignore test/shout wrong rule\n"),
        file("e", "TOKEN-15\nx\n# bartizan:ignore * too late\n"),
    ]);
    let status = |n: usize| report.findings[n].status.clone();
    assert_eq!(status(0), suppressed("inline", "for the test"));
    assert_eq!(status(1), suppressed("inline", "the line below"));
    assert_eq!([status(2), status(3), status(4)], [Status::New, Status::New, Status::New]);
    assert_eq!(
        stale(&report),
        [
            "c: line 1: `bartizan:ignore test/token`: no reason given, so it is not honoured",
            "d: line 1: `bartizan:ignore test/shout`: matches no finding",
            "e: line 3: `bartizan:ignore *`: matches no finding",
        ]
    );
    assert!(!report.coverage.incomplete);
}

#[test]
fn a_finding_counts_while_one_of_its_places_does() {
    let report = scan_files(vec![file("a", "TOKEN-11 # bartizan:ignore * here"), file("b", "TOKEN-11")]);
    assert_eq!(report.findings[0].status, Status::New);
    assert_eq!(report.findings[0].places[0].status, suppressed("inline", "here"));
}

#[test]
fn a_comment_for_what_is_below_the_threshold_is_in_use() {
    let mut request = request();
    request.min_confidence = bartizan_model::Confidence::new(0.5);
    let report =
        scan_with(&request, &[&Memory::new(vec![file("a", "TOKEN-01 # bartizan:ignore test/token unsure")])]);
    assert!(report.findings.is_empty() && stale(&report).is_empty());
}

#[test]
fn entries_of_the_configuration() {
    let fingerprint = scan_files(vec![file("z", "TOKEN-19")]).findings[0].fingerprint;
    let mut request = request();
    request.suppressions = suppressions(&format!(
        r#"
        [[suppress]]
        rule = "test/token"
        path = "fixtures/**"
        owner = "platform"
        reason = "made up"
        expires = "2026-05-17"
        [[suppress]]
        rule = "test"
        path = "old/*"
        owner = "platform"
        reason = "was meant to go"
        expires = "2026-05-16"
        [[suppress]]
        rule = "*"
        fingerprint = "{fingerprint}"
        owner = "me"
        reason = "revoked"
        [[suppress]]
        rule = "test/shout"
        owner = "me"
        reason = "nobody shouts"
        "#
    ));
    let files = vec![file("fixtures/x/a", "TOKEN-17"), file("old/b", "TOKEN-18"), file("c", "TOKEN-19")];
    let input = Memory::new(files.clone());
    let report = scan_with(&request, &[&input]);
    let status: Vec<(String, Status)> =
        (0..3).map(|n| (places(&report, n).concat(), report.findings[n].status.clone())).collect();
    assert_eq!(
        status,
        [
            ("c".to_owned(), suppressed("bartizan.toml (me)", "revoked")),
            ("fixtures/x/a".to_owned(), suppressed("bartizan.toml (platform)", "made up")),
            ("old/b".to_owned(), Status::New),
        ]
    );
    let expired = "old/*: suppression of `test` (owner platform): expired after 2026-05-16";
    assert_eq!(
        stale(&report),
        ["bartizan.toml: suppression of `test/shout` (owner me): matches no finding", expired]
    );

    let part = Memory { whole: false, ..Memory::new(files) };
    assert_eq!(
        stale(&scan_with(&request, &[&part])),
        [expired],
        "a part of a tree does not make entries stale"
    );
}

#[test]
fn entries_that_make_no_sense_are_errors() {
    let good = "[[suppress]]\nrule = \"a/b\"\nowner = \"me\"\nreason = \"r\"\n";
    assert_eq!(suppressions(good).len(), 1);
    for (bad, says) in [
        (
            "expires = \"2026-02-30\"",
            "suppression of `a/b`: expires `2026-02-30` is no date: expected YYYY-MM-DD",
        ),
        (
            "path = \"[\"",
            "suppression of `a/b`: path `[`: error parsing glob '**/[': unclosed character class; missing ']'",
        ),
        ("path = \"\"", "suppression of `a/b`: `path` is empty"),
    ] {
        let mut request = request();
        request.suppressions = suppressions(&format!("{good}{bad}\n"));
        let error = scan_inputs(&request, &[], &TokenDetector::boxed(), &NoProgress).unwrap_err();
        assert_eq!(error.to_string(), says);
    }
    assert!(toml::from_str::<Config>(&format!("{good}expire = \"2026-01-01\"")).is_err(), "unknown keys");
    assert!(
        toml::from_str::<Config>("[[suppress]]\nrule = \"a\"\nowner = \"me\"").is_err(),
        "a reason is required"
    );

    let mut request = request();
    request.today = "today".to_owned();
    let error = scan_inputs(&request, &[], &TokenDetector::boxed(), &NoProgress).unwrap_err();
    assert!(matches!(error, EngineError::Today(_)));
}

#[test]
fn a_baseline_makes_known_findings_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("baseline.json");
    let before = vec![
        file("a", "TOKEN-11\nSHOUT"),
        file("b", "TOKEN-11"),
        file("c", "TOKEN-14 # bartizan:ignore * not in the baseline"),
        file("gone", "TOKEN-12"),
    ];
    let written = Baseline::from_report(&scan_files(before));
    assert_eq!(written.len(), 3);
    written.save(&path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!text.contains("TOKEN"), "{text}");
    assert_eq!(Baseline::load(&path).unwrap(), written);

    let mut request = request();
    request.baseline = Some(Baseline::load(&path).unwrap());
    // Lines moved; one place of a known secret is new; one secret is new; one file is gone.
    let after = vec![
        file("a", "\n\n  TOKEN-11\n\nSHOUT"),
        file("b", "TOKEN-13"),
        file("c", "x"),
        file("d", "TOKEN-11"),
    ];
    let report = scan_with(&request, &[&Memory::new(after)]);
    let seen: Vec<(String, &Status)> = report
        .findings
        .iter()
        .zip(0..)
        .map(|(finding, n)| (places(&report, n).join(","), &finding.status))
        .collect();
    assert_eq!(
        seen,
        [
            ("a,d".to_owned(), &Status::New),
            ("b".to_owned(), &Status::New),
            ("a".to_owned(), &Status::Baseline)
        ]
    );
    assert_eq!(report.findings[0].places[0].status, Status::Baseline);
    assert_eq!(report.findings[0].places[1].status, Status::New);
    let stale = stale(&report);
    assert_eq!(stale.len(), 2, "{stale:?}");
    assert!(stale[0].starts_with("b: baseline entry of `test/token` ("));
    assert!(stale[1].starts_with("gone: baseline entry of `test/token` ("));

    // Writing it anew from a report in which findings are known keeps them known.
    let again = Baseline::from_report(&report);
    request.baseline = Some(again);
    let report = scan_with(
        &request,
        &[&Memory::new(vec![file("a", "TOKEN-11\nSHOUT"), file("b", "TOKEN-13"), file("d", "TOKEN-11")])],
    );
    assert!(report.findings.iter().all(|finding| finding.status == Status::Baseline));
}

#[test]
fn baseline_entries_of_the_history_are_stale_only_after_a_scan_of_it() {
    let history = || Memory::history(vec![object(1, "a", "TOKEN-11")]);
    let mut request = request();
    request.baseline = Some(Baseline::from_report(&scan_with(&request, &[&history()])));
    assert_eq!(stale(&scan_with(&request, &[&Memory::new(vec![])])), Vec::<String>::new());
    assert_eq!(stale(&scan_with(&request, &[&Memory::history(vec![])])).len(), 1);
    assert_eq!(scan_with(&request, &[&history()]).findings[0].status, Status::Baseline);
}

#[test]
fn what_is_no_baseline_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b.json");
    let load = |text: &str| {
        std::fs::write(&path, text).unwrap();
        Baseline::load(&path)
    };
    assert!(matches!(Baseline::load(&folder.path().join("none")), Err(BaselineError::Io { .. })));
    for text in ["", "{", "[]", "{\"version\":1}", "{\"version\":1,\"findings\":[],\"more\":1}"] {
        assert!(matches!(load(text), Err(BaselineError::Format { .. })), "{text}");
    }
    assert!(matches!(load("{\"version\":9,\"entries\":[]}"), Err(BaselineError::Newer { version: 9, .. })));
    assert!(load("{\"version\":1,\"findings\":[]}").unwrap().is_empty());
    // The format of version 1, for ever.
    let fingerprint = Fingerprint::of("a/b", "c", b"d");
    let known = format!(
        "{{\"version\":1,\"findings\":[{{\"rule\":\"a/b\",\"fingerprint\":\"{fingerprint}\",\
         \"places\":[{{\"path\":\"c\",\"fingerprint\":\"{fingerprint}\",\"history\":true}}]}}]}}"
    );
    assert_eq!(load(&known).unwrap().len(), 1);
    assert!(
        load("{\"version\":1,\"findings\":[]}").unwrap().save(&folder.path().join("no/such/b.json")).is_err()
    );
}
