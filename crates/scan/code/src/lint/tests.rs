use super::{Level, lint, lint_text};

/// The remarks on a rule of these lines, as `level kind line`.
fn remarks(lines: &str) -> Vec<String> {
    let rule = format!(
        "rules:\n- id: a\n  message: A sentence about what is wrong.\n  severity: ERROR\n  languages: [python]\n  metadata: {{cwe: CWE-1, confidence: HIGH, references: [x], owasp: A01, category: security, remediation: y}}\n{lines}"
    );
    let all = lint_text("r.yaml", &rule);
    all.iter().map(|one| format!("{} {} {}", one.level.as_str(), one.kind.as_str(), one.line)).collect()
}

fn none() -> Vec<String> {
    Vec::new()
}

#[test]
fn a_sound_rule_has_no_remarks() {
    assert_eq!(remarks("  pattern: f($X)\n  fix: g($X)\n"), none());
    assert_eq!(
        remarks(
            "  patterns:\n  - pattern-either:\n    - pattern: f($X)\n    - pattern: g($X)\n  - pattern-not: f(\"...\")\n  - metavariable-regex: {metavariable: $X, regex: a+}\n  - focus-metavariable: $X\n"
        ),
        none()
    );
}

#[test]
fn alternatives_that_another_covers_are_dead() {
    let either = |list: &[&str]| {
        let list: String = list.iter().map(|one| format!("  - pattern: {one}\n")).collect();
        remarks(&format!("  pattern-either:\n{list}"))
    };
    assert_eq!(either(&["f(...)", "f($X)"]), none());
    assert_eq!(either(&["f($X)", "f($X)"]), ["warning dead-pattern 9"]);
    assert_eq!(either(&["f(...)", "f(1)"]), ["note dead-pattern 9"]);
    assert_eq!(either(&["f(1)", "f(...)"]), ["note dead-pattern 8"]);
    assert_eq!(either(&["f($X)", "f($X.a)"]), none(), "they bind differently");
    assert_eq!(either(&["f($X)", "f(...)"]), none(), "more than one argument");
    assert_eq!(either(&["f($X)"]), ["note single-alternative 8"]);
    assert_eq!(either(&["f($X, ...)", "f($X, $Y)"]), none(), "the second binds more");
    assert_eq!(either(&["f($X, $Y)", "f($Y, $X)"]), none());
}

#[test]
fn negations_that_leave_nothing_are_errors() {
    let patterns = |list: &str| remarks(&format!("  patterns:\n{list}"));
    assert_eq!(patterns("  - pattern: f($X)\n  - pattern-not: f($X)\n"), ["error never-matches 8"]);
    assert_eq!(patterns("  - pattern: f($X)\n  - pattern-not: f(...)\n"), ["error never-matches 8"]);
    assert_eq!(patterns("  - pattern: f(...)\n  - pattern-not: f($X)\n"), none());
    assert_eq!(patterns("  - pattern: f($X)\n  - pattern-not-inside: f($X)\n"), ["error never-matches 8"]);
    assert_eq!(
        patterns(
            "  - pattern: f($X)\n  - pattern-inside: |\n      def g(): ...\n  - pattern-not-inside: |\n      def g(): ...\n"
        ),
        ["error never-matches 12"]
    );
}

#[test]
fn metavariables_have_to_be_bound() {
    assert_eq!(remarks("  pattern: f($X)\n  fix: g($Y)\n"), ["error unbound-metavariable 2"]);
    let patterns = |list: &str| remarks(&format!("  patterns:\n{list}"));
    assert_eq!(
        patterns("  - pattern: f($X)\n  - metavariable-regex: {metavariable: $Y, regex: a}\n"),
        ["error unbound-metavariable 9"]
    );
    assert_eq!(
        patterns("  - pattern: f($X)\n  - pattern-not: f($X, $Y)\n  - focus-metavariable: $Y\n"),
        ["error unbound-metavariable 8"]
    );
    assert_eq!(
        patterns(
            "  - pattern-either:\n    - pattern: f($X)\n    - pattern: g($Y)\n  - metavariable-comparison: {metavariable: $X, comparison: $X > 1}\n"
        ),
        ["warning unbound-metavariable 11"]
    );
    assert_eq!(
        patterns(
            "  - pattern: f($X)\n  - metavariable-pattern:\n      metavariable: $X\n      patterns:\n      - pattern: g($Y)\n      - metavariable-regex: {metavariable: $X, regex: a}\n  - focus-metavariable: $Y\n"
        ),
        none()
    );
    assert_eq!(
        patterns(
            "  - pattern-regex: (?<NAME>word)(b)\n  - metavariable-regex: {metavariable: $NAME, regex: a}\n  - metavariable-regex: {metavariable: $2, regex: b}\n"
        ),
        none()
    );
}

#[test]
fn paths_have_to_leave_something() {
    let with = |paths: &str| remarks(&format!("  pattern: f()\n  paths: {paths}\n"));
    assert_eq!(with("{include: [a.py, b.py], exclude: [b.py]}"), none());
    assert_eq!(with("{include: [b.py], exclude: [a.py, b.py]}"), ["error never-matches 2"]);
}

#[test]
fn regular_expressions_are_judged() {
    assert_eq!(remarks("  pattern-regex: word(a+)+b\n"), ["warning slow-regex 7"]);
    assert_eq!(remarks("  pattern-regex: a*\n"), ["error empty-regex 7"]);
    assert_eq!(remarks("  pattern-regex: ^$\n"), none());
    assert_eq!(
        remarks(
            "  patterns:\n  - pattern: f($X)\n  - metavariable-regex: {metavariable: $X, regex: '^(?!safe)'}\n"
        ),
        none()
    );
    assert_eq!(
        remarks("  patterns:\n  - pattern: f($X)\n  - metavariable-regex: {metavariable: $X, regex: .*}\n"),
        ["warning empty-regex 9"]
    );
}

#[test]
fn flows_that_are_none_are_told() {
    let taint = |sanitizer: &str| {
        remarks(&format!(
            "  mode: taint\n  pattern-sources:\n  - pattern: f(...)\n  pattern-sinks:\n  - pattern: g(...)\n{sanitizer}"
        ))
    };
    assert_eq!(taint(""), none());
    assert_eq!(taint("  pattern-sanitizers:\n  - pattern: g(...)\n"), ["error never-matches 13"]);
    assert_eq!(
        remarks(
            "  mode: taint\n  pattern-sources:\n  - pattern: f(...)\n  pattern-sinks:\n  - pattern: f(...)\n"
        ),
        ["warning source-is-sink 11"]
    );
    assert_eq!(
        taint("  pattern-propagators:\n  - {pattern: h($A), from: $A, to: $B}\n"),
        ["error unbound-metavariable 13"]
    );
}

#[test]
fn what_reports_need_is_missed() {
    let text = "rules:\n- id: a\n  message: Short.\n  severity: ERROR\n  languages: [python]\n  pattern: f(\n- id: b\n  message: ''\n  severity: ERROR\n  languages: [klingon]\n  pattern: f()\n- id: c\n  message: ''\n  severity: ERROR\n  languages: [python]\n  pattern: $F(...)\n  fix: 'f(('\n";
    let kinds: Vec<(Level, &str, u32)> =
        lint_text("r.yaml", text).iter().map(|one| (one.level, one.kind.as_str(), one.line)).collect();
    for expected in [
        (Level::Error, "broken", 6),
        (Level::Warning, "poor-message", 2),
        (Level::Warning, "missing-metadata", 2),
        (Level::Note, "missing-metadata", 2),
        (Level::Error, "broken", 10),
        (Level::Error, "poor-message", 12),
        (Level::Warning, "unreadable-fix", 12),
        (Level::Note, "no-literal", 12),
    ] {
        assert!(kinds.contains(&expected), "{expected:?} in {kinds:?}");
    }
}

#[test]
fn fixtures_and_ids_are_looked_for() {
    let folder = tempfile::tempdir().unwrap();
    let rule = "rules:\n- {id: a, message: m, severity: ERROR, languages: [python], pattern: f()}\n- {id: b, message: m, severity: ERROR, languages: [python], pattern: g()}\n";
    std::fs::write(folder.path().join("one.yaml"), rule).unwrap();
    std::fs::write(folder.path().join("one.py"), "# ruleid: a\nf()\n").unwrap();
    std::fs::write(folder.path().join("two.yaml"), rule).unwrap();
    let report = lint(&[folder.path().to_owned()]).unwrap();
    let of = |file: &str, kind: &str| -> Vec<(Option<String>, Level)> {
        let all = report.remarks.iter().filter(|one| one.file.ends_with(file) && one.kind.as_str() == kind);
        all.map(|one| (one.rule.clone(), one.level)).collect()
    };
    let rule = |id: &str| Some(id.to_owned());
    assert_eq!(of("one.yaml", "no-fixture"), [(rule("a"), Level::Note), (rule("b"), Level::Warning)]);
    assert_eq!(of("two.yaml", "no-fixture"), [(rule("a"), Level::Warning), (rule("b"), Level::Warning)]);
    assert_eq!(of("one.yaml", "duplicate-id"), []);
    assert_eq!(of("two.yaml", "duplicate-id"), [(rule("a"), Level::Warning), (rule("b"), Level::Warning)]);
    assert_eq!((report.files, report.rules), (2, 4));
}
