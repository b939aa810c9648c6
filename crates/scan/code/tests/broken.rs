//! Rule files that must be refused: the error names file, rule, line and reason, and the other rules run.

use bartizan_code::rule::{RuleError, load};
use bartizan_code::ruleset::{LoadedRule, RuleSet};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// An entry of `index.yaml`; see the README there.
#[derive(Deserialize)]
struct Entry {
    file: String,
    lines: (u32, u32),
    why: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential/broken")
}

fn index() -> Vec<Entry> {
    serde_yaml_ng::from_str(&fs::read_to_string(folder().join("index.yaml")).unwrap()).unwrap()
}

/// Ids of the rules that can be used, and what is wrong with the others.
fn usable(text: &str, file: &str) -> (Vec<String>, Vec<RuleError>) {
    let loaded = load(text, file);
    let mut errors = loaded.errors;
    let rules: Vec<LoadedRule> = loaded
        .rules
        .into_iter()
        .map(|rule| LoadedRule { name: rule.id.clone(), file: file.to_owned(), rule })
        .collect();
    let ids = rules.iter().map(|rule| rule.rule.id.clone());
    let ids: Vec<String> = ids.collect();
    errors.extend(RuleSet::compile(rules).1);
    let wrong: BTreeSet<&str> = errors.iter().filter_map(|error| error.rule.as_deref()).collect();
    let ids = ids.iter().filter(|id| !wrong.contains(id.as_str())).cloned().collect();
    (ids, errors)
}

#[test]
fn each_broken_file_is_refused_where_it_is_wrong() {
    let index = index();
    assert!(index.len() >= 50, "only {} files", index.len());
    let mut wrong = Vec::new();
    for Entry { file, lines: (first, last), why } in &index {
        let text = fs::read_to_string(folder().join(file)).unwrap();
        let (_, errors) = usable(&text, file);
        let at: Vec<u32> = errors.iter().map(|error| error.line).collect();
        if !at.iter().any(|line| (first..=last).contains(&line)) {
            wrong.push(format!("{file} ({why}): lines {first} to {last}, but {errors:?}"));
        }
        for error in &errors {
            if error.file != *file || error.reason.trim().is_empty() || error.column == 0 {
                wrong.push(format!("{file}: {error:?} lacks file, place or reason"));
            }
            if error.reason.chars().next().is_some_and(char::is_uppercase) || error.reason.ends_with('.') {
                wrong.push(format!("{file}: `{}` is not in the form of errors", error.reason));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_file_of_the_folder_is_in_the_index() {
    let mut listed: Vec<String> = index().into_iter().map(|entry| entry.file).collect();
    listed.push("index.yaml".to_owned());
    listed.sort();
    let entries = fs::read_dir(folder()).unwrap();
    let mut there: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    there.sort();
    assert_eq!(listed, there);
}

/// A sound rule stands before and behind the broken one of each file whose YAML is sound.
#[test]
fn the_other_rules_of_the_file_are_used() {
    let sound = |id: &str| {
        format!("- id: {id}\n  message: m\n  severity: ERROR\n  languages: [python]\n  pattern: f()\n")
    };
    let mut tried = 0;
    for Entry { file, .. } in index() {
        let text = fs::read_to_string(folder().join(&file)).unwrap();
        let Ok(document) = serde_yaml_ng::from_str::<serde_yaml_ng::Value>(&text) else { continue };
        let is_list = document.get("rules").is_some_and(serde_yaml_ng::Value::is_sequence);
        let Some((head, rules)) = text.split_once("rules:\n").filter(|_| is_list) else { continue };
        let indent = rules.len() - rules.trim_start_matches(' ').len();
        let indented = |text: String| -> String {
            text.lines().map(|line| format!("{}{line}\n", " ".repeat(indent))).collect()
        };
        let (before, behind) = (indented(sound("before")), indented(sound("behind")));
        let whole = format!("{head}rules:\n{before}{}\n{behind}", rules.trim_end_matches('\n'));
        let (ids, errors) = usable(&whole, &file);
        assert!(!errors.is_empty(), "{file} is not refused");
        assert!(ids.contains(&"before".to_owned()), "{file}: {ids:?}, {errors:?}");
        assert!(ids.contains(&"behind".to_owned()), "{file}: {ids:?}, {errors:?}");
        for error in errors.iter().filter(|error| error.rule.is_some()) {
            assert!(!["before", "behind"].contains(&error.rule.as_deref().unwrap()), "{error}");
        }
        tried += 1;
    }
    assert!(tried >= 40, "only {tried} files have a list of rules");
}
