//! Code analysis as users meet it: which rules run, what suppresses, what is told of what was not done.

#[path = "common/program.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod program;

use program::{Home, password_line};
use serde_json::Value;
use std::fs;

const RULES: &str = "rules:\n\
    - {id: shell, message: a shell runs $X, severity: ERROR, languages: [python], pattern: os.system($X)}\n\
    - {id: eval-js, message: text is run, severity: WARNING, languages: [javascript], pattern: eval(...)}\n";

/// Exit code and report of a scan of `src` for code.
fn scan(home: &Home, more: &[&str]) -> (i32, Value) {
    let args = [&["scan", "src", "--only", "code", "--no-cache", "--quiet", "-f", "json"], more].concat();
    let ran = home.run(&args);
    let report = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}\n{}", ran.out, ran.err));
    (ran.code, report)
}

/// As [`scan`], with the rules above and no others.
fn own(home: &Home, more: &[&str]) -> (i32, Value) {
    home.write("rules.yaml", RULES);
    scan(home, &[&["--rules", "rules.yaml", "--no-builtin-rules"], more].concat())
}

/// Each place found as `rule file:line`, sorted.
fn found(report: &Value) -> Vec<String> {
    let mut out = Vec::new();
    for finding in report["findings"].as_array().unwrap() {
        for place in finding["places"].as_array().unwrap() {
            let path = place["path"].as_str().unwrap().replace('\\', "/");
            let path = path.trim_start_matches("src/");
            let rule = finding["rule"].as_str().unwrap();
            out.push(format!("{rule} {path}:{}", place["region"]["start_line"]));
        }
    }
    out.sort();
    out
}

/// What was not done, as `kind file: reason`, sorted; guesses of the dataflow left out.
fn not_done(report: &Value) -> Vec<String> {
    let list = report["coverage"]["not_done"].as_array().unwrap().iter();
    let mut out: Vec<String> = list
        .filter(|one| one["kind"] != "approximated")
        .map(|one| {
            let path = one["path"].as_str().unwrap().rsplit(['/', '\\']).next().unwrap();
            format!("{} {path}: {}", one["kind"].as_str().unwrap(), one["reason"].as_str().unwrap())
        })
        .collect();
    out.sort();
    out
}

const DIGEST: &str = "import hashlib\nhashlib.md5(data)\n";

#[test]
fn only_code_leaves_secrets_out_and_the_default_has_both() {
    let home = Home::new();
    home.write("src/a.py", &format!("{DIGEST}{}", password_line()));
    let (code, report) = scan(&home, &[]);
    assert_eq!((code, found(&report)), (1, vec!["code/python/weak-hash-md5 a.py:2".to_owned()]));
    let ran = home.run(&["scan", "src", "--no-cache", "--quiet", "-f", "json"]);
    let all = found(&serde_json::from_str(&ran.out).unwrap());
    assert!(all.contains(&"code/python/weak-hash-md5 a.py:2".to_owned()), "{all:?}");
    assert!(all.iter().any(|one| one.starts_with("secrets/")), "{all:?}");
}

#[test]
fn rules_come_from_files_and_folders_with_or_without_ours() {
    let home = Home::new();
    home.write("src/a.py", &format!("{DIGEST}import os\nos.system(x)\n"));
    home.write("src/b.js", "eval(x)\n");
    assert_eq!(found(&own(&home, &[]).1), ["eval-js b.js:1", "shell a.py:4"]);
    let both = found(&scan(&home, &["--rules", "rules.yaml"]).1);
    assert!(both.contains(&"shell a.py:4".to_owned()), "{both:?}");
    assert!(both.contains(&"code/python/weak-hash-md5 a.py:2".to_owned()), "{both:?}");
    home.write("pack/python/shell.yaml", RULES);
    home.write("pack/python/shell.test.yaml", "- what rules are tested on\n");
    let folder = scan(&home, &["--rules", "pack", "--no-builtin-rules"]);
    assert_eq!(
        (folder.0, found(&folder.1)),
        (1, vec!["eval-js b.js:1".to_owned(), "shell a.py:4".to_owned()])
    );
    let missing = home.run(&["scan", "src", "--rules", "nowhere.yaml"]);
    assert!(missing.code == 2 && missing.err.contains("nowhere.yaml"), "{}", missing.err);
}

#[test]
fn a_rule_that_cannot_be_used_is_told_and_the_others_run() {
    let home = Home::new();
    home.write("src/a.py", "os.system(x)\n");
    let broken = "- {id: broken, message: m, severity: ERROR, languages: [python], pattern: 'f(('}\n\
        - {id: incomplete, message: m, languages: [python], pattern: f()}\n";
    home.write("mixed.yaml", &format!("{RULES}{broken}"));
    let with =
        |fail_on: &str| scan(&home, &["--rules", "mixed.yaml", "--no-builtin-rules", "--fail-on", fail_on]);
    assert_eq!(with("high").0, 1, "findings win");
    let (code, report) = with("critical");
    assert_eq!((code, found(&report)), (3, vec!["shell a.py:1".to_owned()]));
    let told = not_done(&report);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("broken mixed.yaml:4: rule `broken`: the pattern is no Python"), "{told:?}");
    assert_eq!(told[1], "broken mixed.yaml:5: rule `incomplete`: `severity` is missing");
}

#[test]
fn rules_are_left_out_by_name_prefix_and_bare_id() {
    let home = Home::new();
    home.write("src/a.py", &format!("{DIGEST}import os\nos.system(x)\n"));
    let md5 = "code/python/weak-hash-md5 a.py:2";
    for gone in ["code/python/weak-hash-md5", "weak-hash-md5", "code/python", "code"] {
        let left = found(&scan(&home, &["--exclude-rule", gone]).1);
        assert!(!left.contains(&md5.to_owned()), "{gone}: {left:?}");
    }
    assert_eq!(found(&scan(&home, &["--exclude-rule", "code/py"]).1), [md5], "no name ends there");
    assert_eq!(found(&own(&home, &["--exclude-rule", "shell"]).1), Vec::<String>::new());
}

#[test]
fn one_pattern_is_searched_for() {
    let home = Home::new();
    home.write("src/a.py", &format!("{DIGEST}run(a, b)\nrun(a)\n"));
    home.write("src/b.js", "run(a, b)\n");
    let (code, report) = scan(&home, &["-e", "run($A, $B)", "--lang", "python"]);
    let places = found(&report);
    assert_eq!((code, places.len()), (0, 1), "what is searched for is no weakness: {places:?}");
    assert!(places[0].ends_with(" a.py:3"), "{places:?}");
    for (arguments, reason) in [
        (vec!["-e", "run("], "--lang"),
        (vec!["--lang", "python"], "--pattern"),
        (vec!["-e", "run(", "--lang", "python"], "the pattern is no Python"),
        (vec!["-e", "run()", "--lang", "klingon"], "the language `klingon` is not known"),
    ] {
        let ran = home.run(&[&["scan", "src"], arguments.as_slice()].concat());
        assert!(ran.code == 2 && ran.err.contains(reason), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn comments_suppress_what_they_name() {
    let home = Home::new();
    let lines = [
        ("os.system(a)", true),
        ("os.system(b)  # nosem", false),
        ("os.system(c)  # nosemgrep", false),
        ("os.system(d)  # nosemgrep: shell", false),
        ("os.system(e)  # nosemgrep: other", true),
        ("os.system(f)  # nosemgrep: other, shell", false),
        ("os.system(g)  # nosem: pack.python.shell", false),
        ("# nosemgrep: shell", false),
        ("os.system(h)", false),
        ("x = 1  # nosemgrep", false),
        ("os.system(i)", true),
        ("os.system(j)  # nosemantics", true),
        ("os.system('nosemgrep')", true),
        ("os.system(k)  # bartizan:ignore shell it is a constant", false),
    ];
    let source: String = lines.iter().map(|(line, _)| format!("{line}\n")).collect();
    home.write("src/a.py", &source);
    home.write("src/b.js", "eval(a) // nosemgrep: eval-js\n/* nosem */\neval(b)\neval(c)\n");
    let mut expected = vec!["eval-js b.js:4".to_owned()];
    let open = lines.iter().enumerate().filter(|(_, (_, found))| *found);
    expected.extend(open.map(|(index, _)| format!("shell a.py:{}", index + 1)));
    expected.sort();
    let (_, report) = own(&home, &[]);
    let mut new: Vec<String> = found(&report);
    let ignored = format!("shell a.py:{}", lines.len());
    // What the engine's own comments cover stays in the report, as suppressed.
    new.retain(|one| *one != ignored);
    assert_eq!(new, expected);
    assert_eq!(report["summary"]["suppressed"], 1);
}

#[test]
fn broken_source_is_told_with_its_share_and_the_rest_is_matched() {
    let home = Home::new();
    home.write("src/a.py", "os.system(x)\n)))) ??? ((\ndef f():\n    os.system(y)\n");
    home.write("src/b.js", "function f() {\n  eval(x);\n}\nvar = = 3;\n");
    home.write("src/c.py", "def f(:\n    pass\nos.system(x)\n");
    let (code, report) = own(&home, &[]);
    assert_eq!(code, 1, "mistakes in source are no failure of the scan");
    let places = found(&report);
    for place in ["eval-js b.js:2", "shell a.py:1", "shell a.py:4", "shell c.py:3"] {
        assert!(places.contains(&place.to_owned()), "{place} is not in {places:?}");
    }
    let told = not_done(&report);
    assert_eq!(told.len(), 3, "{told:?}");
    for (one, file) in told.iter().zip(["a.py", "b.js", "c.py"]) {
        let reason = one.strip_prefix(&format!("unparsed {file}: ")).unwrap_or_else(|| panic!("{one}"));
        let (share, rest) = reason.split_once(" % of the source could not be parsed").unwrap();
        let share: f64 = share.parse().unwrap();
        assert!((0.0..60.0).contains(&share), "{one}");
        assert!(share > 0.0 || rest.contains("missing in line 1"), "{one}");
    }
}

#[test]
fn limits_are_told() {
    let home = Home::new();
    home.write("src/many.py", &"os.system(x)\n".repeat(1200));
    home.write("src/deep.py", &format!("os.system(x)\ny = {}1{}\n", "[".repeat(3000), "]".repeat(3000)));
    home.write("src/large.py", &format!("os.system(x)\n{}", "# comment\n".repeat(30_000)));
    let (code, report) = own(&home, &["--max-file-size", "100KiB"]);
    assert_eq!(code, 1);
    let places = found(&report);
    let of = |file: &str| places.iter().filter(|one| one.contains(file)).count();
    assert_eq!((of("many.py"), of("deep.py"), of("large.py")), (1000, 1, 0));
    let told = not_done(&report);
    let has = |start: &str| told.iter().any(|one| one.starts_with(start));
    assert!(has("analysis-limit many.py: rule shell reached a limit"), "{told:?}");
    assert!(has("analysis-limit deep.py: ") && has("too-large large.py: "), "{told:?}");
    assert_eq!(told.len(), 3, "{told:?}");
}

#[test]
fn files_of_all_sorts_are_read_or_listed() {
    let home = Home::new();
    fs::create_dir_all(home.path().join("src")).unwrap();
    // Latin-1.
    let latin = b"# caf\xe9\nname = 'na\xefve'\nos.system(name)\n";
    fs::write(home.path().join("src/latin.py"), latin).unwrap();
    fs::write(home.path().join("src/bom.py"), b"\xef\xbb\xbfos.system(x)\r\n").unwrap();
    home.write("src/empty.py", "");
    home.write("src/blank.py", "\n\n \n");
    home.write("src/unended.py", "os.system(x)");
    home.write("src/tool", "#!/usr/bin/env python3\nos.system(x)\n");
    home.write("src/bundle.js", &format!("{};eval(x)", "var a=b(c);if(d){e=f(g)}".repeat(200)));
    let header = "# Code generated by a tool. DO NOT EDIT.\n";
    home.write("src/made.py", &format!("{header}os.system(x)\n{}", "y = f(z)\n".repeat(400)));
    let (code, report) = own(&home, &[]);
    assert_eq!(code, 1);
    let places = ["shell bom.py:1", "shell latin.py:3", "shell tool:2", "shell unended.py:1"];
    assert_eq!(found(&report), places);
    let told = not_done(&report);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("generated bundle.js: minified"), "{told:?}");
    assert!(told[1].starts_with("generated made.py: its header says generated"), "{told:?}");
    let all = found(&own(&home, &["--include-generated"]).1);
    assert!(all.contains(&"shell made.py:2".to_owned()) && all.len() == 6, "{all:?}");
}
