//! Rules of `mode: extract` and `mode: join`, equal runs, and what was guessed, by the program itself.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

fn scan(folder: &Path, arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_bartizan"))
        .args(["scan", "src", "--only", "code", "--format", "json", "--quiet", "--no-builtin-rules"])
        .args(arguments)
        .current_dir(folder)
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

fn found(report: &Value) -> Vec<String> {
    let mut out = Vec::new();
    for finding in report["findings"].as_array().unwrap() {
        for place in finding["places"].as_array().unwrap() {
            let name = Path::new(place["path"].as_str().unwrap())
                .file_name()
                .unwrap()
                .to_string_lossy()
                .into_owned();
            out.push(format!(
                "{} {name}:{}",
                finding["rule"].as_str().unwrap(),
                place["region"]["start_line"]
            ));
        }
    }
    out.sort();
    out
}

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

#[test]
fn extracted_code_is_found_in_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let rules = "rules:\n- id: shell-in-python\n  mode: extract\n  languages: [python]\n  pattern: run(\"$CODE\")\n  \
                 extract: $CODE\n  dest-language: bash\n- id: eval-in-shell\n  languages: [bash]\n  severity: ERROR\n  \
                 message: evaluates text\n  pattern: eval ...\n";
    let source = "x = 1\nrun(\"echo safe\")\nrun(\"eval $input\")\n";
    write(folder.path(), &[("rules.yaml", rules), ("src/a.py", source)]);
    assert_eq!(found(&scan(folder.path(), &["--rules", "rules.yaml"])), ["eval-in-shell a.py:3"]);
}

const JOIN: &str = "rules:\n- id: unescaped\n  mode: join\n  message: \"$NAME is rendered raw\"\n  severity: ERROR\n  join:\n    \
    refs:\n    - {rule: parts/input.yaml, as: input}\n    \
    - {rule: parts/output.yaml, as: output, renames: [{from: $OUT, to: $NAME}]}\n    on: ['input.$NAME == output.$NAME']\n";

fn join(folder: &Path) {
    let input =
        "rules:\n- {id: in, languages: [python], severity: INFO, message: m, pattern: 'take($NAME)'}\n";
    let output =
        "rules:\n- {id: out, languages: [javascript], severity: INFO, message: m, pattern: 'show($OUT)'}\n";
    write(
        folder,
        &[
            ("rules.yaml", JOIN),
            ("parts/input.yaml", input),
            ("parts/output.yaml", output),
            ("src/a.py", "take('user')\ntake('id')\n"),
            ("src/b.js", "show('user');\nshow('other');\n"),
        ],
    );
}

#[test]
fn rules_of_other_files_are_joined_over_files() {
    let folder = tempfile::tempdir().unwrap();
    join(folder.path());
    let first = scan(folder.path(), &["--rules", "rules.yaml"]);
    assert_eq!(found(&first), ["unescaped b.js:1"]);
    assert!(first["findings"][0].to_string().contains("is rendered raw"));
    // From the cache as from the files.
    assert_eq!(scan(folder.path(), &["--rules", "rules.yaml"])["findings"], first["findings"]);
    fs::write(folder.path().join("src/b.js"), "show('user'); // nosemgrep: unescaped\n").unwrap();
    assert_eq!(found(&scan(folder.path(), &["--rules", "rules.yaml"])), [""; 0]);
}

#[test]
fn a_join_without_its_rules_is_said() {
    let folder = tempfile::tempdir().unwrap();
    join(folder.path());
    fs::remove_file(folder.path().join("parts/output.yaml")).unwrap();
    let report = scan(folder.path(), &["--rules", "rules.yaml"]);
    assert!(report["coverage"]["not_done"].to_string().contains("parts/output.yaml"), "{report}");
}

#[test]
fn two_runs_and_any_number_of_threads_say_the_same() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/code/python");
    let run = |threads: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_bartizan"))
            .args([
                "scan",
                ".",
                "--only",
                "code",
                "--format",
                "json",
                "--quiet",
                "--no-cache",
                "--threads",
                threads,
            ])
            .current_dir(&rules)
            .output()
            .unwrap();
        output.stdout
    };
    let one = run("1");
    let report: Value = serde_json::from_slice(&one).unwrap();
    assert!(report["findings"].as_array().unwrap().len() > 50);
    assert!(run("1") == one && run("2") == one, "the reports differ");
}

#[test]
fn what_was_guessed_is_counted_and_shown_to_who_asks() {
    let folder = tempfile::tempdir().unwrap();
    let rules = "rules:\n- id: flow\n  mode: taint\n  languages: [python]\n  severity: ERROR\n  message: m\n  \
                 pattern-sources: [{pattern: source()}]\n  pattern-sinks: [{pattern: sink(...)}]\n";
    let source = "def constant(x):\n    return 1\n\ndef f():\n    sink(constant(source()))\n    sink(mystery(source()))\n";
    write(folder.path(), &[("rules.yaml", rules), ("src/a.py", source)]);
    let report = scan(folder.path(), &["--rules", "rules.yaml"]);
    let said = report["coverage"]["not_done"].to_string();
    assert!(
        said.contains("rule flow: 1 flows are impossible") && said.contains("not known pass data on"),
        "{said}"
    );
    let text = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_bartizan"))
            .args([
                "scan",
                "src",
                "--only",
                "code",
                "--no-builtin-rules",
                "--rules",
                "rules.yaml",
                "--no-cache",
            ])
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(text(&["-v"]).contains("analysis approximated"));
    assert!(!text(&[]).contains("analysis approximated"));
}
