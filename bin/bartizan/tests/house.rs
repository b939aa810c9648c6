//! House rules that would decay if nobody looked: which crate may know which, and what stays out of the program.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Workspace crates, and the workspace crates that each may depend on.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("bartizan-model", &[]),
    ("bartizan-http", &[]),
    ("bartizan-source", &["bartizan-model"]),
    ("bartizan-secrets", &["bartizan-model", "bartizan-http"]),
    ("bartizan-packages", &["bartizan-model"]),
    ("bartizan-yaml", &[]),
    ("bartizan-code", &["bartizan-model", "bartizan-yaml"]),
    ("bartizan-ingest", &["bartizan-model"]),
    ("bartizan-detect", &["bartizan-model", "bartizan-yaml"]),
    ("bartizand", &["bartizan-model", "bartizan-ingest", "bartizan-detect"]),
    ("bartizan-engine", &["bartizan-model", "bartizan-source"]),
    (
        "bartizan",
        &[
            "bartizan-model",
            "bartizan-http",
            "bartizan-source",
            "bartizan-secrets",
            "bartizan-packages",
            "bartizan-code",
            "bartizan-engine",
        ],
    ),
];

/// Trees that take minutes to build, and TLS libraries besides the one.
const KEPT_OUT: &[&str] = &["datafusion", "pingora", "kube", "openssl-sys", "native-tls", "tokio"];

fn metadata(arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--locked"])
        .args(arguments)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn wings_know_only_what_they_may() {
    let metadata = metadata(&["--no-deps"]);
    let mut seen = BTreeMap::new();
    for package in metadata["packages"].as_array().unwrap() {
        let known: BTreeSet<String> = package["dependencies"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|dependency| dependency["kind"].is_null())
            .filter_map(|dependency| dependency["name"].as_str())
            .filter(|name| name.starts_with("bartizan"))
            .map(str::to_owned)
            .collect();
        seen.insert(package["name"].as_str().unwrap().to_owned(), known);
    }
    let named: BTreeSet<&str> = MAY_KNOW.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        seen.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        named,
        "a crate joined or left: say what it may know"
    );
    for (name, allowed) in MAY_KNOW {
        for known in &seen[*name] {
            assert!(allowed.contains(&known.as_str()), "{name} must not know {known}");
        }
    }
}

#[test]
fn heavy_trees_stay_out() {
    let metadata = metadata(&["--filter-platform", "x86_64-unknown-linux-gnu"]);
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let names: BTreeSet<&str> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|package| package["name"].as_str())
        .collect();
    assert!(nodes.len() > 100, "{} packages", nodes.len());
    for name in KEPT_OUT {
        assert!(!names.contains(name), "{name} is in the dependency tree");
    }
}

#[test]
fn only_the_source_opens_scanned_files() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../crates");
    // Where files of our own are read: rules, advisories, baseline, cache, reports.
    let own_files = [
        "scan/source/",
        "scan/secrets/src/rule/load.rs",
        "scan/secrets/src/fixture.rs",
        "scan/secrets/build.rs",
        "scan/packages/src/database/",
        "scan/code/build.rs",
        "scan/code/src/rule/file.rs",
        "scan/code/src/testing/",
        "watch/ingest/src/file.rs",
        "scan/engine/src/baseline.rs",
        "scan/engine/src/cache",
        "scan/engine/src/atomic.rs",
    ];
    let mut looked = 0;
    let mut folders = vec![std::path::PathBuf::from(root)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let shown = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                if !matches!(path.file_name().and_then(|name| name.to_str()), Some("tests" | "examples")) {
                    folders.push(path);
                }
            } else if shown.ends_with(".rs")
                && !shown.ends_with("/tests.rs")
                && !own_files.iter().any(|own| shown.starts_with(own))
            {
                looked += 1;
                let text = std::fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]").next().unwrap();
                for word in ["std::fs", "fs::read", "File::open", "TcpStream", "Command::new"] {
                    assert!(!code.contains(word), "{shown} uses {word}");
                }
            }
        }
    }
    assert!(looked > 30, "{looked} files");
}
