//! Flows of data from source file to report, by the program itself: within a file, over files, twice the same, suppressed.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

const VIEWS: &str = r#"from flask import Flask, request
from store import find

app = Flask(__name__)


@app.route("/find")
def search():
    name = request.args.get("name")
    return find(name)


@app.route("/run")
def run():
    import os
    os.system("ping " + request.args["host"])
"#;

const STORE: &str = r#"import sqlite3


def find(name):
    connection = sqlite3.connect("app.db")
    cursor = connection.cursor()
    cursor.execute("SELECT * FROM users WHERE name = '" + name + "'")
    return cursor.fetchall()
"#;

fn scan(folder: &Path, arguments: &[&str]) -> (i32, Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_bartizan"))
        .args(["scan", ".", "--only", "code", "--format", "json", "--quiet"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let report = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code().unwrap(), report)
}

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("views.py"), VIEWS).unwrap();
    fs::write(folder.path().join("store.py"), STORE).unwrap();
    folder
}

fn places(report: &Value) -> Vec<String> {
    let mut out = Vec::new();
    for finding in report["findings"].as_array().unwrap() {
        for place in finding["places"].as_array().unwrap() {
            let rule = finding["rule"].as_str().unwrap();
            out.push(format!("{} {} {rule}", place["path"].as_str().unwrap(), place["region"]["start_line"]));
        }
    }
    out.sort();
    out
}

#[test]
fn flows_are_found_within_and_over_files() {
    let folder = project();
    let (code, report) = scan(folder.path(), &["--no-cache"]);
    assert_eq!(code, 1);
    let found = places(&report);
    assert!(found.contains(&"views.py 16 code/python/command-injection".to_owned()), "{found:?}");
    assert!(found.contains(&"store.py 7 code/python/sql-injection".to_owned()), "{found:?}");
    let findings = report["findings"].as_array().unwrap();
    let crossing = findings.iter().find(|finding| finding["rule"] == "code/python/sql-injection").unwrap();
    let flow = crossing["places"][0]["flow"].as_array().unwrap();
    assert_eq!(flow.first().unwrap()["path"], "views.py");
    assert_eq!(flow.last().unwrap()["path"], "store.py");
}

#[test]
fn threads_and_the_cache_change_nothing() {
    let folder = project();
    let cache = tempfile::tempdir().unwrap();
    let cache = cache.path().display().to_string();
    let (_, first) = scan(folder.path(), &["--cache-dir", &cache, "--threads", "1"]);
    let (_, second) = scan(folder.path(), &["--cache-dir", &cache, "--threads", "2"]);
    let (_, cold) = scan(folder.path(), &["--no-cache", "--threads", "2"]);
    assert_eq!(first["findings"], second["findings"]);
    assert_eq!(first["findings"], cold["findings"]);
}

#[test]
fn comments_of_semgrep_hold() {
    let folder = project();
    fs::write(
        folder.path().join("views.py"),
        VIEWS.replace("[\"host\"])", "[\"host\"])  # nosemgrep: command-injection"),
    )
    .unwrap();
    fs::write(folder.path().join("store.py"), STORE.replace("+ \"'\")", "+ \"'\")  # nosem")).unwrap();
    let (_, report) = scan(folder.path(), &["--no-cache"]);
    let found = places(&report);
    let silent = |rule: &str| !found.iter().any(|place| place.ends_with(rule));
    assert!(silent("command-injection") && silent("sql-injection"), "{found:?}");
}

#[test]
fn rules_of_the_user_run_as_they_are() {
    let folder = project();
    let rule = "rules:\n- {id: any-connect, languages: [python], severity: WARNING, message: connects to $A, pattern: sqlite3.connect($A)}\n- {id: broken, languages: [python], severity: WARNING, message: m, pattern: \"f(\"}\n";
    fs::write(folder.path().join("own.yaml"), rule).unwrap();
    let (code, report) = scan(folder.path(), &["--no-cache", "--rules", "own.yaml", "--no-builtin-rules"]);
    assert_eq!(code, 1, "findings before what is broken");
    assert_eq!(places(&report), ["store.py 5 any-connect"]);
    assert_eq!(report["findings"][0]["message"], "connects to \"app.db\"");
    let not_done = report["coverage"]["not_done"].to_string();
    assert!(not_done.contains("own.yaml:3") && not_done.contains("broken"), "{not_done}");
}
