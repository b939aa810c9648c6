//! The program on files: what it finds, what it says of what it cannot read, and its exit codes.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const RULE: &str = "title: Odd program\nid: odd\nlogsource: {product: windows, category: process_creation}\ndetection:\n  \
    selection: {Image|endswith: '\\odd.exe'}\n  condition: selection\nlevel: high\ntags: [attack.t1059.001]\n";
const COUNTED: &str = "---\ntitle: Often odd\nid: often\ncorrelation:\n  type: event_count\n  rules: [odd]\n  group-by: \
    [Computer]\n  timespan: 5m\n  condition: {gte: 3}\ngenerate: true\nlevel: critical\n";

fn run(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bartizand")).args(arguments).current_dir(folder).output().unwrap()
}

fn event(second: u32, image: &str) -> String {
    format!(
        r#"{{"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"host.example","UtcTime":"2026-01-02 03:04:{second:02}.000","Image":"{image}"}}"#
    )
}

fn folder(rule: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rule.yml"), rule).unwrap();
    let events: Vec<String> = (0..4)
        .map(|second| event(second, if second == 0 { "C:\\\\fine.exe" } else { "C:\\\\Odd.exe" }))
        .collect();
    std::fs::write(folder.path().join("events.ndjson"), events.join("\n")).unwrap();
    folder
}

fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn alerts_say_rule_event_and_origin() {
    let folder = folder(RULE);
    let output =
        run(&["detect", "--rules", "rule.yml", "--format", "jsonl", "--", "events.ndjson"], folder.path());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let alerts = lines(&output);
    assert_eq!(alerts.len(), 3);
    assert_eq!(alerts[0]["rule_id"], "odd");
    assert_eq!(alerts[0]["level"], "high");
    assert_eq!(alerts[0]["host"], "host.example");
    assert_eq!(alerts[0]["time"], "2026-01-02T03:04:01.000Z");
    assert_eq!(alerts[0]["origin"], serde_json::json!({"file": "events.ndjson", "record": 2}));
    assert_eq!(alerts[0]["event"]["EventID"], 1);
}

#[test]
fn correlations_are_alerts_with_their_group_and_events() {
    let folder = folder(&format!("{RULE}{COUNTED}"));
    let output = run(&["detect", "-r", "rule.yml", "-f", "jsonl", "--", "events.ndjson"], folder.path());
    let alerts = lines(&output);
    assert_eq!(alerts.len(), 4);
    let last = &alerts[3];
    assert_eq!((&last["rule_id"], &last["correlation"]["value"]), (&"often".into(), &3.0.into()));
    assert_eq!(last["correlation"]["group"]["Computer"], "host.example");
    assert_eq!(last["correlation"]["events"].as_array().unwrap().len(), 3);
}

#[test]
fn exit_codes_follow_the_threshold_and_what_was_left_out() {
    let folder = folder(RULE);
    let code = |more: &[&str]| {
        let mut arguments = vec!["detect", "-r", "rule.yml"];
        arguments.extend(more);
        run(&arguments, folder.path()).status.code()
    };
    assert_eq!(code(&["--fail-on", "high", "--", "events.ndjson"]), Some(1));
    assert_eq!(code(&["--fail-on", "critical", "--", "events.ndjson"]), Some(0));
    assert_eq!(code(&["--", "nowhere.json"]), Some(2));
    assert_eq!(code(&["--fail-on", "huge", "--", "events.ndjson"]), Some(2));
    std::fs::write(folder.path().join("broken.ndjson"), format!("{}\n{{\"a\": \n", event(1, "x"))).unwrap();
    assert_eq!(code(&["--", "broken.ndjson"]), Some(3));
    std::fs::write(folder.path().join("broken.yml"), "title: x\n").unwrap();
    assert_eq!(code(&["-r", "broken.yml", "--", "events.ndjson"]), Some(3));
    std::fs::write(folder.path().join("empty.json"), "").unwrap();
    assert_eq!(code(&["--", "empty.json"]), Some(0));
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let folder = folder(&format!("{RULE}{COUNTED}"));
    let events: Vec<String> = (0..20_000)
        .map(|number| event(number % 60, if number % 7 == 0 { "C:\\\\odd.exe" } else { "C:\\\\x.exe" }))
        .collect();
    std::fs::write(folder.path().join("many.ndjson"), events.join("\n")).unwrap();
    let with = |threads: &str| {
        run(
            &["detect", "-r", "rule.yml", "-f", "jsonl", "--threads", threads, "--", "many.ndjson"],
            folder.path(),
        )
        .stdout
    };
    let one = with("1");
    assert!(one.len() > 100_000);
    assert_eq!(one, with("4"));
}

#[test]
fn sarif_holds_rules_and_results() {
    let folder = folder(RULE);
    let output = run(&["detect", "-r", "rule.yml", "-f", "sarif", "--", "events.ndjson"], folder.path());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["runs"][0]["results"].as_array().unwrap().len(), 3);
    assert_eq!(report["runs"][0]["tool"]["driver"]["rules"][0]["id"], "odd");
    assert_eq!(report["runs"][0]["results"][0]["level"], "error");
}

#[test]
fn rules_are_tested_against_the_events_beside_them() {
    let folder = folder(RULE);
    std::fs::write(folder.path().join("rule.match.ndjson"), event(1, "C:\\\\odd.exe")).unwrap();
    std::fs::write(folder.path().join("rule.ignore.ndjson"), event(1, "C:\\\\even.exe")).unwrap();
    let output = run(&["rules", "test", "rule.yml"], folder.path());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    std::fs::write(folder.path().join("rule.ignore.ndjson"), event(1, "C:\\\\odd.exe")).unwrap();
    let output = run(&["rules", "test", "."], folder.path());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("rule.ignore.ndjson:1: matched"), "{text}");
}

/// The public rules on the event logs for which they were written, as they are; `../shared` is not everywhere.
#[test]
fn public_rules_see_their_event_logs() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/sigma");
    let root =
        std::env::var_os("BARTIZAN_SHARED").map_or(beside, |one| PathBuf::from(one).join("data/sigma"));
    if !root.is_dir() {
        eprintln!("SKIPPED: {} is not there", root.display());
        return;
    }
    let mut cases = Vec::new();
    let mut folders = vec![root.join("regression_data")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|one| one == "evtx") {
                cases.push(path);
            }
        }
    }
    assert!(cases.len() >= 100);
    let rules: Vec<String> = ["rules", "rules-emerging-threats", "rules-threat-hunting", "rules-compliance"]
        .map(|folder| root.join(folder).display().to_string())
        .to_vec();
    let mut arguments = vec!["detect", "-f", "jsonl", "--no-event", "--rules"];
    arguments.extend(rules.iter().map(String::as_str));
    arguments.push("--");
    let names: Vec<String> = cases.iter().map(|case| case.display().to_string()).collect();
    arguments.extend(names.iter().map(String::as_str));
    let output = run(&arguments, &root);
    let alerts = lines(&output);
    let mut wrong = Vec::new();
    for case in &cases {
        let (id, file) = (case.file_stem().unwrap().to_str().unwrap(), case.display().to_string());
        let found = alerts
            .iter()
            .filter(|one| one["rule_id"] == id && one["origin"]["file"] == file.as_str())
            .count();
        let info = std::fs::read_to_string(case.with_file_name("info.yml")).unwrap();
        let count =
            info.lines().find_map(|line| line.trim().strip_prefix("match_count:")?.trim().parse().ok());
        // One log holds three files that the rule means, and its case speaks of one.
        if found < count.unwrap_or(1) {
            wrong.push(format!("{file}: {found} of {count:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong: {wrong:#?}", wrong.len());
}
