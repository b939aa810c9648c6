//! Patterns and rules of `tests/differential/` against their stored matches.
//!
//! What semgrep itself answers is compared by `tools/differential.py`. `DIFFERENTIAL=python/calls` runs one file or folder and
//! prints every disagreement; without it a disagreement that is not in `differential/known.txt` fails, and so does one there
//! that is no more.

use bartizan_code::analyze::Limits;
use bartizan_code::fix;
use bartizan_code::rule::load;
use bartizan_code::ruleset::{LoadedRule, RuleSet};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A case that does not answer as stored.
struct Difference {
    case: String,
    text: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential")
}

fn extension(language: &str) -> &str {
    match language {
        "python" => "py",
        "javascript" => "js",
        "typescript" => "ts",
        "ruby" => "rb",
        "csharp" => "cs",
        "rust" => "rs",
        "kotlin" => "kt",
        "bash" => "sh",
        "terraform" => "tf",
        "solidity" => "sol",
        "generic" | "regex" => "txt",
        same => same,
    }
}

/// `line:column` from 1 of a byte, columns in characters.
fn position(source: &str, byte: usize) -> (usize, usize) {
    let before = &source[..byte];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

/// What our engine answers: `expect`, and the fixes and messages that go with it.
fn answer(language: &str, case: &Map<String, Value>, target: &str, file: &str) -> Value {
    let mut rule = match case.get("rule") {
        Some(Value::Object(rule)) => rule.clone(),
        _ => Map::from_iter([("pattern".to_owned(), case["pattern"].clone())]),
    };
    let mut default = |key: &str, value: Value| {
        if !rule.contains_key(key) {
            rule.insert(key.to_owned(), value);
        }
    };
    default("id", json!("case"));
    default("message", json!("found"));
    default("languages", json!([language]));
    default("severity", json!("WARNING"));
    let text = json!({ "rules": [rule] }).to_string();
    let loaded = load(&text, "case.yaml");
    if !loaded.errors.is_empty() {
        return json!({ "expect": "refused" });
    }
    let rules = loaded
        .rules
        .into_iter()
        .map(|rule| LoadedRule { name: rule.id.clone(), file: "case.yaml".to_owned(), rule })
        .collect();
    let (set, errors) = RuleSet::compile(rules);
    if !errors.is_empty() {
        return json!({ "expect": "refused", "why": errors[0].reason });
    }
    let result = set.scan(file, target.as_bytes(), &Limits::default());
    let mut found: Vec<_> = result
        .matches
        .iter()
        .map(|found| {
            let (start, end) = (position(target, found.range.start), position(target, found.range.end));
            ((start, end), found)
        })
        .collect();
    found.sort_by_key(|(at, _)| *at);
    found.dedup_by_key(|(at, _)| *at);
    let expect: Vec<String> = found.iter().map(|(((a, b), (c, d)), _)| format!("{a}:{b}-{c}:{d}")).collect();
    let fixes: Vec<Value> = found
        .iter()
        .map(|(_, found)| match found.fix.as_slice() {
            [] => Value::Null,
            edits => {
                let whole = found.range.clone();
                let moved = edits
                    .iter()
                    .map(|(range, text)| (range.start - whole.start..range.end - whole.start, text.clone()));
                json!(fix::apply(&target[whole.clone()], moved.collect()))
            }
        })
        .collect();
    let messages: Vec<&str> = found.iter().map(|(_, found)| found.message.as_str()).collect();
    json!({ "expect": expect, "fixes": fixes, "messages": messages })
}

/// What the engine answers to every case, for `tools/differential.py`: by `language/topic/name`.
#[test]
fn answers_are_written_where_asked() {
    let Some(path) = std::env::var_os("DIFFERENTIAL_ANSWERS") else { return };
    let mut answers = Map::new();
    visit(None, &mut |label, language, case, target, name| {
        let mut ours = answer(language, case, target, name);
        if let Some(ours) = ours.as_object_mut() {
            ours.retain(|key, _| matches!(key.as_str(), "expect" | "fixes" | "messages"));
        }
        answers.insert(label.to_owned(), ours);
    });
    assert!(!answers.is_empty());
    std::fs::write(path, Value::Object(answers).to_string()).unwrap();
}

type Visit<'a> = &'a mut dyn FnMut(&str, &str, &Map<String, Value>, &str, &str);

/// Shows every case: label, language, case, target and the target's name.
fn visit(filter: Option<&str>, show: Visit<'_>) {
    let mut languages: Vec<PathBuf> = std::fs::read_dir(folder())
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    languages.sort();
    for language_folder in languages {
        let language = language_folder.file_name().unwrap().to_string_lossy().into_owned();
        if language == "broken" {
            continue;
        }
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(&language_folder).unwrap().flatten().map(|entry| entry.path()).collect();
        files.sort();
        for file in files {
            let topic = format!("{language}/{}", file.file_stem().unwrap().to_string_lossy());
            if filter.is_some_and(|filter| !topic.starts_with(filter)) {
                continue;
            }
            let text = std::fs::read_to_string(&file).unwrap();
            let groups: Vec<Map<String, Value>> = serde_yaml_ng::from_str(&text).unwrap();
            for group in &groups {
                let target = group["target"].as_str().unwrap();
                let default = format!("target.{}", extension(&language));
                let name = group.get("file").and_then(Value::as_str).unwrap_or(&default);
                for case in group["cases"].as_array().unwrap() {
                    let case = case.as_object().unwrap();
                    let label = format!(
                        "{topic}/{}",
                        case["name"].as_str().map_or_else(|| case["name"].to_string(), str::to_owned)
                    );
                    show(&label, &language, case, target, name);
                }
            }
        }
    }
}

fn run(filter: Option<&str>) -> (usize, Vec<Difference>) {
    let (mut count, mut differences) = (0, Vec::new());
    visit(filter, &mut |label, language, case, target, name| {
        let Some(expected) = case.get("expect") else { return };
        count += 1;
        let ours = answer(language, case, target, name);
        let mut text = String::new();
        if &ours["expect"] != expected {
            text = format!("expected {expected}, found {}", ours["expect"]);
        } else {
            for key in ["fixes", "messages"] {
                if let Some(wanted) = case.get(key)
                    && &ours[key] != wanted
                {
                    text = format!("{key}: expected {wanted}, made {}", ours[key]);
                }
            }
        }
        if !text.is_empty() {
            if filter.is_some() {
                let what = case.get("pattern").or(case.get("rule")).unwrap();
                text = format!("{text} {}\n    {what}", ours.get("why").unwrap_or(&Value::Null));
            }
            differences.push(Difference { case: label.to_owned(), text });
        }
    });
    (count, differences)
}

#[test]
fn agrees_with_what_is_stored() {
    let filter = std::env::var("DIFFERENTIAL").ok();
    let (count, differences) = run(filter.as_deref());
    if filter.is_some() {
        for difference in &differences {
            eprintln!("{}: {}", difference.case, difference.text);
        }
        eprintln!("{} of {count} agree", count - differences.len());
        return;
    }
    if std::env::var_os("UPDATE_KNOWN").is_some() {
        let labels: Vec<&str> = differences.iter().map(|difference| difference.case.as_str()).collect();
        std::fs::write(folder().join("known.txt"), labels.join("\n") + "\n").unwrap();
        return;
    }
    let known = std::fs::read_to_string(folder().join("known.txt")).unwrap_or_default();
    let known: BTreeSet<&str> =
        known.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    let now: BTreeSet<&str> = differences.iter().map(|difference| difference.case.as_str()).collect();
    let worse: Vec<String> = differences
        .iter()
        .filter(|difference| !known.contains(difference.case.as_str()))
        .map(|difference| format!("{}: {}", difference.case, difference.text))
        .collect();
    let better: Vec<&&str> = known.difference(&now).collect();
    assert!(worse.is_empty(), "{} cases answer otherwise than stored:\n{}", worse.len(), worse.join("\n"));
    assert!(better.is_empty(), "no longer different, take them out of known.txt: {better:?}");
    eprintln!("{count} cases, {} known to differ", known.len());
}
