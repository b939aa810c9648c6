//! What becomes of detections: one finding per secret, redacted everywhere, the same for any number of threads.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod common;

use bartizan_engine::{Input, MAX_PLACES, NoProgress, exit_code, scan_inputs};
use bartizan_model::{
    Confidence, Detector, NotDoneKind, Origin, Secret, Severity, Status, Verification, VerificationState,
    Verifier,
};
use common::*;
use std::sync::Mutex;
use std::time::Duration;

#[test]
fn the_same_secret_in_forty_files_and_in_history_is_one_finding() {
    let files = (0..40).rev().map(|n| file(&format!("f{n:02}.txt"), "x = TOKEN-123456\n")).collect();
    let tree = Memory::new(files);
    let history = Memory::history(vec![
        object(2, "f01.txt", "TOKEN-123456"),
        object(1, "f01.txt", "y TOKEN-123456"),
        object(3, "gone.txt", "TOKEN-999"),
    ]);
    let report = scan_with(&request(), &[&tree, &history]);
    assert_eq!(report.findings.len(), 2);
    let places = places(&report, 0);
    assert_eq!(places.len(), 42);
    assert_eq!(places[..5], ["f00.txt", "f01.txt", "f01.txt@01", "f01.txt@02", "f02.txt"]);
    let finding = &report.findings[0];
    assert_eq!(finding.places[1].fingerprint, finding.places[2].fingerprint, "the same place, then and now");
    assert_eq!(finding.places[2].in_head, Some(true));
    assert_eq!(finding.places[3].in_head, Some(false));
    assert_eq!(finding.places[3].first_commit.as_ref().unwrap().id, "first-02");
    assert_eq!(finding.places[0].first_commit, None);
    assert_eq!(finding.title, "A test/token");
    assert_eq!(finding.severity, Severity::High);
    assert_eq!(report.rules.len(), 1, "only the rules that findings refer to");
    assert_eq!(report.coverage.blobs_scanned, 43);
}

#[test]
fn without_a_secret_a_place_is_a_finding() {
    let report = scan_files(vec![file("a", "SHOUT\nSHOUT"), file("b", "SHOUT")]);
    assert_eq!(report.findings.len(), 2);
    assert_eq!(places(&report, 0), ["a", "a"]);
    assert_eq!(report.findings[0].fingerprint, report.findings[0].places[0].fingerprint);
}

#[test]
fn worst_first_then_surest_then_by_rule_and_place() {
    let report = scan_files(vec![
        file("a", "SHOUT"),
        file("b", "TOKEN-0123"),
        file("c", "TOKEN-7"),
        file("d", "TOKEN-8"),
    ]);
    let order: Vec<String> = (0..4).map(|n| places(&report, n).concat()).collect();
    assert_eq!(order, ["c", "d", "b", "a"]);
}

#[test]
fn no_secret_is_in_the_report_wherever_it_stands() {
    // Sure, unsure, twice on a line, undetected (glued to a word before it), and beside another finding.
    let text = "a TOKEN-4711 TOKEN-08150815\nSHOUT xTOKEN-4711x TOKEN-08150815 # bartizan:ignore test/shout not TOKEN-4711\n";
    let mut request = request();
    request.min_confidence = Confidence::new(0.4);
    let report = scan_with(&request, &[&Memory::new(vec![file("a.txt", text)])]);
    assert_eq!(report.findings.len(), 2, "the unsure one is no finding");
    let out = json(&report);
    assert!(!out.contains("4711") && !out.contains("0815"), "{out}");
    assert_eq!(report.findings[0].places[0].snippet.text, "a TOK******** TOK********");
    assert_eq!(report.findings[0].message, "it is ********");
    assert_eq!(report.findings[0].evidence.secret.as_deref(), Some("TOK********"));

    request.show_secrets = true;
    let report = scan_with(&request, &[&Memory::new(vec![file("a.txt", text)])]);
    assert_eq!(report.findings[0].places[0].snippet.text, "a TOKEN-4711 TOKEN-08150815");
    assert_eq!(report.findings[0].evidence.secret.as_deref(), Some("TOKEN-4711"));
}

#[test]
fn regions_count_lines_and_characters() {
    let report = scan_files(vec![file("a", "\nä TOKEN-1234\n")]);
    let region = report.findings[0].places[0].region;
    assert_eq!((region.start_byte, region.end_byte), (4, 14));
    assert_eq!((region.start_line, region.start_column, region.end_line, region.end_column), (2, 3, 2, 13));
}

/// A tree with everything in it.
fn mixture() -> Vec<File> {
    let mut files: Vec<File> = (0..300)
        .map(|n| {
            file(
                &format!("dir{}/f{n}.txt", n % 7),
                &format!("SHOUT TOKEN-{}\nTOKEN-0{n} TOKEN-55\n", n % 13 + 10),
            )
        })
        .collect();
    for n in 0..250 {
        files.push(File { trouble: true, ..file(&format!("t{n}"), "nothing") });
        files.push(file(&format!("s{n}"), "# bartizan:ignore test/token because\n\nx"));
    }
    files.push(file("p", "PANIC"));
    for text in ["TOKEN-77 a", "TOKEN-77 b"] {
        let origin = Origin { members: vec!["in.txt".to_owned()], ..Origin::file("a.zip") };
        files.push(File { origin, bytes: text.as_bytes().to_vec(), stamp: None, trouble: false });
    }
    files
}

#[test]
fn the_report_is_the_same_for_any_number_of_threads() {
    let run = |threads, reversed: bool| {
        let mut files = mixture();
        if reversed {
            files.reverse();
        }
        json(&scan_with(&request(), &[&Memory { threads, ..Memory::new(files) }]))
    };
    let expected = run(1, false);
    for threads in [1, 2, 8] {
        for reversed in [false, true] {
            assert!(run(threads, reversed) == expected, "{threads} threads, reversed {reversed}");
        }
    }
}

#[test]
fn too_many_places_are_cut_and_reported() {
    let files =
        (0..11).rev().map(|number| file(&format!("f{number:02}"), &"SHOUT\n".repeat(10_000))).collect();
    let report = scan_with(&request(), &[&Memory::new(files)]);
    let count: usize = report.findings.iter().map(|finding| finding.places.len()).sum();
    assert_eq!(count, MAX_PLACES);
    assert_eq!(places(&report, 9).last().unwrap(), "f09", "in order of path");
    assert!(report.coverage.incomplete);
    assert_eq!(report.coverage.not_done_counts, [(NotDoneKind::TooManyPlaces, 10_000)]);
    assert_eq!(
        not_done(&report, NotDoneKind::TooManyPlaces),
        [": a report holds 100000 places; 10000 more are not in it"]
    );
}

#[test]
fn a_detector_that_fails_on_one_file_costs_that_file_only() {
    let report =
        scan_files(vec![file("a", "PANIC TOKEN-12"), file("b", "TOKEN-12"), file("c", "WRONG TOKEN-12")]);
    assert_eq!(places(&report, 0), ["b", "c"]);
    assert_eq!(
        not_done(&report, NotDoneKind::Broken),
        [
            "a: the detector `test` failed on it",
            "c: the detector `test` reported a place outside of it",
            "c: the detector `test` reported a rule that it does not list: `test/nobody`",
        ]
    );
    assert_eq!(exit_code(&report, None), 3);
}

#[test]
fn blobs_that_no_detector_wants_are_still_covered() {
    let report = scan_files(vec![file("a.unwanted", "TOKEN-12")]);
    assert!(report.findings.is_empty());
    assert_eq!((report.coverage.blobs_scanned, report.coverage.bytes_scanned), (1, 8));
}

#[test]
fn exit_codes() {
    let found = scan_files(vec![file("a", "TOKEN-12")]);
    assert_eq!(exit_code(&found, Some(Severity::High)), 1);
    assert_eq!(exit_code(&found, Some(Severity::Info)), 1);
    assert_eq!(exit_code(&found, Some(Severity::Critical)), 0);
    assert_eq!(exit_code(&found, None), 0);
    let suppressed = scan_files(vec![file("a", "TOKEN-12 # bartizan:ignore * a test")]);
    assert_eq!(suppressed.findings.len(), 1);
    assert_eq!(exit_code(&suppressed, Some(Severity::Info)), 0);
    let limited = scan_files(vec![File { trouble: true, ..file("a", "x") }]);
    assert_eq!(exit_code(&limited, Some(Severity::Info)), 0, "a limit is no failure");
    let broken = scan_files(vec![file("a", "PANIC")]);
    assert_eq!(exit_code(&broken, Some(Severity::Info)), 3);
    let both = scan_files(vec![file("a", "PANIC"), file("b", "TOKEN-12")]);
    assert_eq!(exit_code(&both, Some(Severity::High)), 1, "findings win");
    assert_eq!(exit_code(&both, Some(Severity::Critical)), 3);
}

#[test]
fn an_interrupted_scan_keeps_what_it_found() {
    let files = (0..1000).map(|n| file(&format!("f{n:03}"), "TOKEN-12")).collect();
    let first = Memory { threads: 1, interrupt_after: 10, ..Memory::new(files) };
    let second = Memory { identity: b"second", ..Memory::new(vec![file("z", "TOKEN-13")]) };
    let report = scan_with(&request(), &[&first, &second]);
    assert_eq!(report.findings.len(), 1);
    assert_eq!(report.findings[0].places.len(), 10);
    assert!(report.coverage.incomplete);
    assert_eq!(
        not_done(&report, NotDoneKind::Interrupted),
        ["second: interrupted: not scanned", "the rest: stopped"]
    );
    assert_eq!(exit_code(&report, None), 3);
}

#[test]
fn the_time_budget_is_kept() {
    let mut request = request();
    request.max_time = Some(Duration::ZERO);
    let report = scan_with(&request, &[&Memory::new(vec![file("a", "TOKEN-12")])]);
    assert_eq!(not_done(&report, NotDoneKind::OutOfTime), ["memory: --max-time ran out: not scanned"]);
    assert_eq!(exit_code(&report, None), 3);
    request.max_time = Some(Duration::MAX);
    assert!(!scan_with(&request, &[&Memory::new(vec![file("a", "TOKEN-12")])]).coverage.incomplete);
}

#[derive(Default)]
struct Provider {
    asked: Mutex<Vec<(String, String, Vec<String>)>>,
}

impl Verifier for Provider {
    fn verify(&self, rule: &str, secret: &Secret, companions: &[(&str, &Secret)]) -> Option<Verification> {
        let text = |secret: &Secret| String::from_utf8_lossy(secret.expose()).into_owned();
        let companions = companions.iter().map(|(_, secret)| text(secret)).collect();
        self.asked.lock().unwrap().push((rule.to_owned(), text(secret), companions));
        assert_ne!(secret.expose(), b"TOKEN-666", "asked to");
        let state = VerificationState::Live;
        (secret.expose() != b"TOKEN-13").then(|| Verification { state, detail: "200".to_owned() })
    }
}

#[test]
fn each_new_secret_is_verified_once_with_its_neighbours() {
    let provider = Provider::default();
    let mut request = request();
    request.verifier = Some(&provider);
    request.min_confidence = Confidence::new(0.4);
    let text = "TOKEN-0777\n.....................\nTOKEN-12\nTOKEN-13\nTOKEN-12\n";
    let files = vec![
        file("a", text),
        file("b", "TOKEN-12"),
        file("c", "TOKEN-99 # bartizan:ignore * known"),
        file("d", "SHOUT"),
        file("e", "TOKEN-666"),
    ];
    let report = scan_with(&request, &[&Memory::new(files)]);
    let mut asked = provider.asked.lock().unwrap().clone();
    asked.sort();
    let entry = |secret: &str, others: &[&str]| {
        (
            "test/token".to_owned(),
            secret.to_owned(),
            others.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>(),
        )
    };
    assert_eq!(
        asked,
        [
            entry("TOKEN-12", &["TOKEN-13", "TOKEN-0777"]),
            entry("TOKEN-13", &["TOKEN-12", "TOKEN-0777"]),
            entry("TOKEN-666", &[])
        ]
    );
    let verified = report.findings.iter().filter(|finding| finding.verification.is_some()).count();
    assert_eq!(verified, 1);
    assert_eq!(
        not_done(&report, NotDoneKind::Broken),
        ["test/token: the verifier failed on a secret of this rule"]
    );
}

#[test]
fn of_two_rules_for_one_secret_the_surer_stays() {
    struct Generic(Vec<bartizan_model::RuleInfo>);
    impl Detector for Generic {
        fn name(&self) -> &'static str {
            "generic"
        }
        fn rules(&self) -> &[bartizan_model::RuleInfo] {
            &self.0
        }
        fn rule_set_hash(&self) -> [u8; 32] {
            [0; 32]
        }
        fn inspect(&self, blob: &bartizan_model::Blob<'_>) -> bartizan_model::Inspection {
            vec![bartizan_model::Detection {
                rule: "secrets/generic/word".to_owned(),
                span: 0..blob.bytes.len(),
                secret: Some(Secret::new(blob.bytes.to_vec())),
                confidence: Confidence::new(0.5),
                reason: String::new(),
                context: Vec::new(),
                properties: Vec::new(),
                flow: Vec::new(),
                fix: Vec::new(),
            }]
            .into()
        }
    }
    let mut detectors = TokenDetector::boxed();
    detectors.push(Box::new(Generic(vec![rule("secrets/generic/word", Severity::Critical)])));
    let input = Memory::new(vec![file("a", "x TOKEN-12"), file("b", "x TOKEN-012")]);
    let inputs: [&dyn Input; 1] = [&input];
    let report = scan_inputs(&request(), &inputs, &detectors, &NoProgress).unwrap();
    let rules: Vec<(&str, String)> = report
        .findings
        .iter()
        .zip(0..)
        .map(|(finding, n)| (finding.rule.as_str(), places(&report, n).concat()))
        .collect();
    assert_eq!(rules, [("secrets/generic/word", "b".to_owned()), ("test/token", "a".to_owned())]);
    assert_eq!(report.findings[0].status, Status::New);
}
