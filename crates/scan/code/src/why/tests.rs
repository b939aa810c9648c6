use super::{Explanation, Part, explain};
use crate::analyze::Limits;
use crate::rule::load;
use crate::ruleset::{LoadedRule, RuleSet};

fn explained(lines: &str, path: &str, source: &str) -> Explanation {
    let text = format!("rules:\n- id: a\n  message: m\n  severity: ERROR\n  languages: [python]\n{lines}");
    let loaded = load(&text, "r.yaml");
    assert_eq!(loaded.errors, []);
    let rules = loaded.rules.into_iter();
    let rules = rules.map(|rule| LoadedRule { name: rule.id.clone(), file: "r.yaml".to_owned(), rule });
    let (set, errors) = RuleSet::compile(rules.collect());
    assert_eq!(errors, []);
    explain(&set, path, source.as_bytes(), &Limits::default())
}

/// Of each step: how much it left and took away, and what it said.
fn steps(part: &Part) -> Vec<(String, usize, usize, Vec<String>)> {
    let one = |step: &super::Step| {
        let notes = step.kept.iter().chain(&step.removed).filter(|place| !place.note.is_empty());
        let notes = notes.map(|place| format!("{}: {}", place.line, place.note)).collect();
        (step.what.clone(), step.left, step.gone, notes)
    };
    part.steps.iter().map(one).collect()
}

fn step(what: &str, left: usize, gone: usize, notes: &[&str]) -> (String, usize, usize, Vec<String>) {
    (what.to_owned(), left, gone, notes.iter().map(|note| (*note).to_owned()).collect())
}

#[test]
fn each_part_says_what_it_takes_away() {
    let rule = "  patterns:\n  - pattern: f($X)\n  - pattern-inside: |\n      def g(): ...\n  - pattern-not: f(1)\n  - metavariable-regex: {metavariable: $X, regex: ^a}\n  - focus-metavariable: $X\n";
    let source = "def g():\n    f(1)\n    f(a)\n    f(b)\nf(a)\n";
    let out = explained(rule, "x.py", source);
    let reading = &out.readings[0];
    assert!(reading.admitted && reading.preselected);
    let part = &reading.formulas[0];
    let counts: Vec<(&str, usize)> = part.parts.iter().map(|part| (part.what.as_str(), part.count)).collect();
    assert_eq!(
        counts,
        [("pattern: f($X)", 4), ("pattern-inside: def g(): ...", 1), ("pattern-not: f(1)", 1)]
    );
    assert_eq!(
        steps(part),
        [
            step("pattern: f($X)", 4, 0, &[]),
            step("pattern-inside: def g(): ...", 3, 1, &["5: it matches elsewhere only"]),
            step("pattern-not: f(1)", 2, 1, &["2: line 2: `f(1)` matches"]),
            step("metavariable-regex: ^a", 1, 1, &["3: $X is `a`", "4: $X is `b`"]),
            step("focus-metavariable: $X", 1, 0, &[]),
        ]
    );
    assert_eq!(out.findings.len(), 1);
    assert_eq!((out.findings[0].line, out.findings[0].column), (3, 7));
    assert_eq!(part.parts[0].places[1].bindings, [("$X".to_owned(), "a".to_owned())]);
}

#[test]
fn metavariables_that_disagree_are_named() {
    let rule = "  patterns:\n  - pattern: f($X)\n  - pattern-inside: g($X, ...)\n";
    let out = explained(rule, "x.py", "g(1, f(2))\n");
    let found = steps(&out.readings[0].formulas[0]);
    assert_eq!(found[1].3, ["1: at line 1: `g(1, f(2))` $X is `1`, not `2`"]);
    assert_eq!(out.findings, []);
}

#[test]
fn literals_tell_why_nothing_was_looked_at() {
    let out = explained("  pattern: safe.run($X)\n", "x.py", "safe.walk(1)\n");
    let reading = &out.readings[0];
    assert!(!reading.preselected, "{:?}", reading.literals);
    let missing: Vec<&str> =
        reading.literals.iter().filter(|one| !one.present).map(|one| one.text.as_str()).collect();
    assert_eq!(missing, ["run"]);
    assert_eq!(reading.formulas[0].missing, ["run"]);
    let other = explained("  pattern: f()\n", "x.js", "f()\n");
    assert_eq!(other.readings.len(), 0);
    assert!(other.notes[0].contains("the rule is for Python"), "{:?}", other.notes);
}

const TAINT: &str = "  mode: taint\n  pattern-sources:\n  - pattern: take()\n  pattern-sinks:\n  - pattern: put(...)\n  pattern-sanitizers:\n  - pattern: clean(...)\n";

#[test]
fn flows_are_told_and_where_they_stop() {
    let source = "def a():\n    x = take()\n    put(x)\n\ndef b():\n    y = take()\n    z = clean(y)\n    put(z)\n\ndef c():\n    w = take()\n    v = w\n    put(1)\n";
    let out = explained(TAINT, "x.py", source);
    let flow = out.readings[0].flow.as_ref().unwrap();
    assert_eq!((flow.sources, flow.sanitizers, flow.sinks), (3, 1, 3));
    assert_eq!(flow.ways.len(), 1);
    let lines: Vec<u32> = flow.ways[0].places.iter().map(|place| place.line).collect();
    assert_eq!((lines.first(), lines.last()), (Some(&2), Some(&3)));
    assert_eq!(flow.stops.len(), 2);
    let [b, c] = flow.stops.as_slice() else { panic!() };
    assert_eq!((b.source.line, b.sanitized.len()), (6, 1));
    assert_eq!(b.sanitized[0].line, 7);
    assert_eq!(b.sanitized[0].note, "without it, line 8 is reached: `put(z)`");
    assert_eq!((c.source.line, c.sanitized.len()), (11, 0));
    let reached: Vec<u32> = c.reached.iter().map(|place| place.line).collect();
    assert!(reached.contains(&12) && !reached.contains(&13), "{reached:?}");
    assert_eq!(out.findings.len(), 1);
}

#[test]
fn comments_and_paths_are_told() {
    let out = explained("  pattern: f()\n  paths: {include: [other.py]}\n", "x.py", "f()\n");
    assert!(!out.readings[0].admitted);
    assert_eq!((out.readings[0].formulas[0].count, out.findings.len()), (1, 0));
    let out = explained("  pattern: f()\n", "x.py", "f()  # nosemgrep\n");
    assert_eq!((out.findings.len(), out.suppressed), (1, 1));
}

#[test]
fn the_trace_ends_where_the_evaluation_does() {
    let rule = "  pattern-either:\n  - patterns:\n    - pattern: $A == $B\n    - pattern-not-inside: |\n        def ok(...): ...\n  - patterns:\n    - pattern-inside: 'if $C: ...'\n    - pattern-either:\n      - pattern: f($C)\n      - pattern-regex: 'g\\((?<X>\\w+)\\)'\n";
    let source = "def ok():\n    a == b\nc == d\nif c:\n    f(c)\n    f(d)\n    g(e)\n";
    let out = explained(rule, "x.py", source);
    let lines: Vec<u32> = out.readings[0].formulas[0].places.iter().map(|place| place.line).collect();
    let found: Vec<u32> = out.findings.iter().map(|place| place.line).collect();
    assert_eq!(lines, found);
    assert_eq!(found, [3, 5, 7]);
    let last: usize =
        out.readings[0].formulas[0].parts.iter().map(|part| part.steps.last().unwrap().left).sum();
    assert_eq!(last, 3);
}
