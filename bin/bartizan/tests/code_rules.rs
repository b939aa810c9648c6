//! `rules test` on code rules: every annotation, fixes, JSON, JUnit.

#[path = "common/program.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod program;

use program::Home;
use serde_json::Value;

fn rule(id: &str, pattern: &str, more: &str) -> String {
    format!(
        "- id: {id}\n  message: m\n  severity: ERROR\n  languages: [python]\n{more}  pattern: {pattern}\n"
    )
}

fn run(home: &Home, format: &str) -> (i32, String) {
    let ran = home.run(&["rules", "test", "rules", "-f", format]);
    assert_eq!(ran.err, "");
    (ran.code, ran.out)
}

fn tested(home: &Home) -> (i32, Value) {
    let (code, out) = run(home, "json");
    (code, serde_json::from_str(&out).unwrap())
}

/// What JSON says of a rule: whether it passed, how often it was held to something, and each failure by kind and line.
fn of<'a>(report: &'a Value, id: &str) -> (bool, u64, Vec<(&'a str, u64)>) {
    let all = report["rules"].as_array().unwrap();
    let rule = all.iter().find(|rule| rule["rule"] == id).unwrap();
    let list = |key: &str| -> Vec<(&'a str, u64)> {
        let list = rule[key].as_array().unwrap().iter();
        list.map(|one| (one["kind"].as_str().unwrap(), one["line"].as_u64().unwrap())).collect()
    };
    let failures = [list("failures"), list("settled")].concat();
    (rule["passed"].as_bool().unwrap(), rule["checked"].as_u64().unwrap(), failures)
}

#[test]
fn every_annotation_counts() {
    let home = Home::new();
    let names = ["found", "clean", "missed", "unwanted", "unexpected", "todo", "settled", "several"];
    let rules: String = names.iter().map(|name| rule(name, &format!("{name}(...)"), "")).collect();
    let deep = "- id: deep\n  mode: taint\n  message: m\n  severity: ERROR\n  languages: [python]\n  pattern-sources:\n  - pattern: take()\n  pattern-sinks:\n  - pattern: put(...)\n";
    home.write("rules/all.yaml", &format!("rules:\n{rules}{deep}"));
    let target = "# ruleid: found\nfound()\n# ok: clean\nnothing()\n# ruleid: missed\nnothing()\n# ok: unwanted\nunwanted()\n\
        unexpected()\n# todoruleid: todo\nnothing()\n# todook: todo\ntodo()\n# todoruleid: settled\nsettled()\n\
        # todook: settled\nnothing()\n# ruleid: several, found\nseveral(found())\n\
        def through(x):\n    # deepruleid: deep\n    put(x)\ndef none(x):\n    # deepok: deep\n    put(x)\nthrough(take())\nnone(1)\n";
    home.write("rules/all.py", target);
    let (code, report) = tested(&home);
    assert_eq!(code, 1);
    assert_eq!(report["passed"], false);
    assert_eq!(of(&report, "found"), (true, 2, vec![]));
    assert_eq!(of(&report, "clean"), (true, 1, vec![]));
    assert_eq!(of(&report, "missed"), (false, 1, vec![("missed", 6)]));
    assert_eq!(of(&report, "unwanted"), (false, 1, vec![("unexpected", 8)]));
    assert_eq!(of(&report, "unexpected"), (false, 0, vec![("unexpected", 9)]));
    assert_eq!(of(&report, "todo"), (true, 2, vec![]));
    assert_eq!(of(&report, "settled"), (true, 2, vec![("settled", 15), ("settled", 17)]));
    assert_eq!(of(&report, "several"), (true, 1, vec![]));
    assert_eq!(of(&report, "deep"), (true, 2, vec![]));
    assert_eq!(report["totals"]["failed"], 3);
    let (_, text) = run(&home, "text");
    assert!(text.contains("FAILED missed (rules/all.yaml:"), "{text}");
    assert!(text.contains("    rules/all.py:6: nothing found, though `ruleid` says so"), "{text}");
    assert!(text.contains("note: rules/all.py:15: settled: `todoruleid` holds already"), "{text}");
    assert!(text.ends_with("6 rules hold in 1 file, 3 failed\n"), "{text}");
}

#[test]
fn fixes_are_held_to_the_file_beside() {
    let home = Home::new();
    home.write("rules/a.yaml", &format!("rules:\n{}", rule("a", "old($X)", "  fix: new($X)\n")));
    home.write("rules/a.py", "# ruleid: a\nold(1)\n");
    home.write("rules/a.fixed.py", "# ruleid: a\nnew(1)\n");
    assert_eq!(tested(&home).0, 0);
    home.write("rules/a.fixed.py", "# ruleid: a\nnew(2)\n");
    let (code, report) = tested(&home);
    assert_eq!((code, of(&report, "a")), (1, (false, 1, vec![("fix", 2)])));
}

#[test]
fn what_cannot_be_used_is_an_error_and_the_rest_runs() {
    let home = Home::new();
    let rules = format!("rules:\n{}{}", rule("fine", "f()", ""), rule("broken", "'f('", ""));
    home.write("rules/a.yaml", &rules);
    home.write("rules/a.py", "# ruleid: fine\nf()\n");
    home.write("rules/untested.yaml", &format!("rules:\n{}", rule("alone", "g()", "")));
    let (code, report) = tested(&home);
    assert_eq!(code, 1);
    assert_eq!(of(&report, "fine"), (true, 1, vec![]));
    let error = &report["errors"][0];
    assert_eq!(
        (&error["file"], &error["rule"], &error["line"]),
        (&"rules/a.yaml".into(), &"broken".into(), &11.into())
    );
    assert_eq!(report["untested"][0], "rules/untested.yaml");
    let (code, xml) = run(&home, "junit");
    assert_eq!(code, 1);
    for line in [
        "<testsuites name=\"bartizan rules test\" tests=\"3\" failures=\"0\" errors=\"1\">",
        "  <testsuite name=\"rules/a.yaml\" tests=\"2\" failures=\"0\" errors=\"1\">",
        "    <testcase classname=\"rules/a.yaml\" name=\"fine\" file=\"rules/a.yaml\" line=\"2\"/>",
        "    <testcase classname=\"rules/a.yaml\" name=\"broken\" file=\"rules/a.yaml\" line=\"11\">",
    ] {
        assert!(xml.lines().any(|own| own == line), "{line}\n{xml}");
    }
}

#[test]
fn hundreds_of_files_are_tested_in_order_whatever_the_threads_do() {
    let home = Home::new();
    for number in 0..300 {
        let id = format!("r{number:03}");
        home.write(&format!("rules/{id}.yaml"), &format!("rules:\n{}", rule(&id, &format!("{id}()"), "")));
        home.write(&format!("rules/{id}.py"), &format!("# ruleid: {id}\n{id}()\n"));
    }
    let (code, first) = run(&home, "json");
    assert_eq!(code, 0);
    assert_eq!(first, run(&home, "json").1);
    let report: Value = serde_json::from_str(&first).unwrap();
    let ids: Vec<&str> =
        report["rules"].as_array().unwrap().iter().map(|rule| rule["rule"].as_str().unwrap()).collect();
    assert!(ids.len() == 300 && ids.is_sorted());
}
