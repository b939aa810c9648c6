//! Looking further takes nothing away in silence, equal input gives equal output, and one rule's excess is its own.

use bartizan_code::analyze::{FileResult, Limits};
use bartizan_code::builtin;
use bartizan_code::dataflow::Depth;
use bartizan_code::rule::load;
use bartizan_code::ruleset::{LoadedRule, RuleSet};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
    out.sort();
}

fn set(text: &str) -> RuleSet {
    let loaded = load(text, "rules.yaml");
    assert!(loaded.errors.is_empty(), "{:?}", loaded.errors);
    let rules = loaded.rules.into_iter();
    let rules = rules.map(|rule| LoadedRule { name: rule.id.clone(), file: "rules.yaml".to_owned(), rule });
    let (set, errors) = RuleSet::compile(rules.collect());
    assert!(errors.is_empty(), "{errors:?}");
    set
}

type Place = (usize, usize, usize);

fn flows(result: &FileResult) -> BTreeSet<Place> {
    let flows = result.matches.iter().filter(|found| !found.flow.is_empty());
    flows.map(|found| (found.rule, found.range.start, found.range.end)).collect()
}

/// How many flows looking at functions alone shows, and how many of them were disproved. Panics where one is missing.
fn held(set: &RuleSet, name: &str, source: &[u8]) -> (usize, usize) {
    let shallow = set.scan(name, source, &Limits { depth: Depth::Shallow, ..Limits::default() });
    let deep = set.scan(name, source, &Limits::default());
    let kept = flows(&deep);
    let disproved: BTreeSet<Place> =
        deep.disproved.iter().map(|(rule, range)| (*rule, range.start, range.end)).collect();
    let (shown, mut gone) = (flows(&shallow), 0);
    for place in &shown {
        if kept.contains(place) {
            continue;
        }
        gone += 1;
        let rule = &set.rules[place.0];
        // A rule that reports at its sources has other places than its sinks.
        let is_said = disproved.contains(place)
            || rule.rule.options.taint_match_on_source && disproved.iter().any(|other| other.0 == place.0);
        assert!(is_said, "{name}: {} at {}..{} went in silence", rule.name, place.1, place.2);
    }
    (shown.len(), gone)
}

#[test]
fn every_rule_of_the_pack_keeps_what_it_found() {
    let (set, errors) = RuleSet::compile(builtin().0);
    assert!(errors.is_empty(), "{errors:?}");
    let mut targets = Vec::new();
    files(&here().join("../../../rules/code"), &mut targets);
    files(&here().join("tests/pairs"), &mut targets);
    let mut shown = 0;
    for path in &targets {
        shown += held(&set, &path.to_string_lossy(), &std::fs::read(path).unwrap()).0;
    }
    assert!(shown > 100, "only {shown} flows within functions");
}

#[test]
fn taint_cases_keep_what_they_found() {
    let mut cases = Vec::new();
    files(&here().join("tests/differential"), &mut cases);
    let (mut held_cases, mut shown) = (0, 0);
    for path in cases.iter().filter(|path| path.extension().is_some_and(|extension| extension == "yaml")) {
        let folder = path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        let Some(language) = bartizan_code::language::Language::from_name(&folder) else { continue };
        let Some(extension) = language.extensions().first() else { continue };
        let groups: Vec<serde_json::Value> =
            serde_yaml_ng::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        for group in &groups {
            let name = group["file"].as_str().map_or_else(|| format!("target.{extension}"), str::to_owned);
            for case in group["cases"].as_array().unwrap() {
                if case["rule"]["mode"] != "taint" {
                    continue;
                }
                let mut rule = case["rule"].clone();
                for (key, value) in [("id", "case"), ("message", "found"), ("severity", "WARNING")] {
                    if rule[key].is_null() {
                        rule[key] = value.into();
                    }
                }
                if rule["languages"].is_null() {
                    rule["languages"] = serde_json::json!([folder]);
                }
                let loaded = load(&serde_json::json!({ "rules": [rule] }).to_string(), "case.yaml");
                let rules = loaded.rules.into_iter();
                let rules = rules.map(|rule| LoadedRule { name: rule.id.clone(), file: String::new(), rule });
                let set = RuleSet::new(rules.collect());
                shown += held(&set, &name, group["target"].as_str().unwrap().as_bytes()).0;
                held_cases += 1;
            }
        }
    }
    assert!(held_cases > 20 && shown > 10, "{held_cases} cases, {shown} flows");
}

const FLOW: &str = "rules:\n- id: flow\n  mode: taint\n  languages: [python]\n  severity: ERROR\n  message: m\n  \
    pattern-sources: [{pattern: source()}]\n  pattern-sinks: [{pattern: sink(...)}]\n";

#[test]
fn what_a_known_function_proves_is_said() {
    let source = b"def constant(x):\n    return 1\n\ndef f():\n    sink(constant(source()))\n";
    assert_eq!(held(&set(FLOW), "a.py", source), (1, 1));
    // A function that passes it on keeps the flow.
    let source = b"def same(x):\n    return x\n\ndef f():\n    sink(same(source()))\n";
    assert_eq!(held(&set(FLOW), "a.py", source), (1, 0));
}

#[test]
fn looking_further_finds_more() {
    let set = set(FLOW);
    let source = b"def get():\n    return source()\n\ndef f():\n    sink(get())\n";
    let shallow = set.scan("a.py", source, &Limits { depth: Depth::Shallow, ..Limits::default() });
    assert_eq!((shallow.matches.len(), set.scan("a.py", source, &Limits::default()).matches.len()), (0, 1));
}

#[test]
fn unknown_calls_are_counted() {
    let source = b"def f():\n    sink(mystery(source()))\n";
    let result = set(FLOW).scan("a.py", source, &Limits::default());
    assert_eq!(result.matches.len(), 1);
    assert!(result.flow_counts.unresolved > 0, "{:?}", result.flow_counts);
}

const TWO: &str = "rules:\n- {id: many, languages: [python], severity: INFO, message: m, pattern: '$F($X)'}\n\
    - {id: one, languages: [python], severity: INFO, message: m, pattern: 'only(1)'}\n";

fn calls(count: usize) -> String {
    "f(1)\n".repeat(count) + "only(1)\n"
}

#[test]
fn a_rule_beyond_its_matches_is_named_and_the_others_run() {
    let limits = Limits { matches_per_rule: 5, ..Limits::default() };
    let result = set(TWO).scan("a.py", calls(50).as_bytes(), &limits);
    assert_eq!(result.cut, [0]);
    assert_eq!(result.matches.iter().filter(|found| found.rule == 0).count(), 5);
    assert_eq!(result.matches.iter().filter(|found| found.rule == 1).count(), 1);
    assert!(!result.out_of_time);
}

#[test]
fn a_rule_beyond_its_time_is_named_and_the_others_run() {
    // Every call with every assignment before it: many pairs, though fewer than the bound on those.
    let text = "rules:\n- id: slow\n  languages: [python]\n  severity: INFO\n  message: m\n  patterns:\n  - pattern: '$F($X)'\n  \
        - pattern-inside: \"$A = $B\\n...\\n\"\n  - pattern-not-inside: \"$H = $I\\n...\\nzz()\\n\"\n\
        - {id: one, languages: [regex], severity: INFO, message: m, pattern-regex: 'only'}\n";
    let source = "a = 1\nf(b)\n".repeat(300) + "only(1)\n";
    let set = set(text);
    let in_time = Limits {
        rule_time: Duration::from_secs(300),
        file_time: Duration::from_secs(300),
        ..Limits::default()
    };
    assert_eq!(set.scan("a.py", source.as_bytes(), &in_time).cut, [0; 0], "only time is to cut it short");
    let limits = Limits { rule_time: Duration::from_millis(1), ..in_time };
    let result = set.scan("a.py", source.as_bytes(), &limits);
    assert_eq!(result.cut, [0]);
    assert_eq!(result.matches.iter().filter(|found| found.rule == 1).count(), 1);
    assert!(!result.out_of_time, "the file had time");
}

#[test]
fn a_file_beyond_its_time_is_said() {
    let limits = Limits { file_time: Duration::ZERO, ..Limits::default() };
    assert!(set(TWO).scan("a.py", calls(50).as_bytes(), &limits).out_of_time);
}

#[test]
fn what_the_fuzzer_found_stays_mended() {
    let (set, _) = RuleSet::compile(builtin().0);
    let mut seeds = Vec::new();
    files(&here().join("../../../fuzz/seeds/code_source"), &mut seeds);
    assert!(!seeds.is_empty());
    for path in seeds {
        let bytes = std::fs::read(&path).unwrap();
        let (choice, source) = bytes.split_first().unwrap();
        let all = bartizan_code::language::Language::ALL;
        let language = all[usize::from(choice.wrapping_sub(b'A')) % all.len()];
        let name = format!("fuzz.{}", language.extensions().first().unwrap_or(&"txt"));
        let result = set.scan(&name, source, &Limits::default());
        assert!(result.unread <= source.len(), "{}: {} bytes", path.display(), result.unread);
        assert!(result.matches.iter().all(|found| found.range.end <= source.len()));
    }
}
