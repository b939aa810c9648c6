//! Whole files: what loads, what it becomes, and what is said of mistakes.

use super::super::{Analyzer, Condition, Formula, Mode, SideEffect, SinkRequires, load};
use crate::language::Language;
use bartizan_model::Severity;
use proptest::prelude::*;

/// A search rule around what is given.
fn rule(body: &str) -> String {
    format!("rules:\n- id: r\n  languages: [python]\n  message: m\n  severity: ERROR\n{body}")
}

fn only(text: &str) -> super::super::Rule {
    let loaded = load(text, "r.yaml");
    assert_eq!(loaded.errors, [], "{text}");
    let [rule] = <[_; 1]>::try_from(loaded.rules).unwrap();
    rule
}

fn and(formula: &Formula) -> &super::super::And {
    match formula {
        Formula::And(and) => and,
        other => panic!("not an and: {other:?}"),
    }
}

fn search(text: &str) -> Formula {
    match only(text).mode {
        Mode::Search(formula) => formula,
        other => panic!("not a search: {other:?}"),
    }
}

#[test]
fn old_and_new_syntax_are_one_formula() {
    let old = rule(
        "  patterns:\n  - pattern: f($X)\n  - pattern-not: f(1)\n  - pattern-inside: 'def g(...): ...'\n  - pattern-not-inside: \
         'class A: ...'\n  - pattern-not-regex: f.2\n  - metavariable-regex: {metavariable: $X, regex: a}\n  - \
         focus-metavariable: [$X, $Y]\n",
    );
    let new = rule(
        "  match:\n    all:\n    - f($X)\n    - not: f(1)\n    - inside: 'def g(...): ...'\n    - not: {inside: 'class A: ...'}\n    \
         - not: {regex: f.2}\n    where:\n    - {metavariable: $X, regex: a}\n    - focus: [$X, $Y]\n",
    );
    for text in [old, new] {
        let formula = search(&text);
        let and = and(&formula);
        let counts = [&and.positives, &and.insides, &and.negatives, &and.not_insides].map(Vec::len);
        assert_eq!(counts, [1, 1, 2, 1], "{text}");
        assert!(matches!(&and.negatives[1], Formula::Regex(leaf) if leaf.regex.as_str() == "f.2"));
        assert!(
            matches!(and.conditions.as_slice(), [Condition::Regex(condition)] if condition.metavariable == "$X")
        );
        assert_eq!(and.focus, [["$X", "$Y"]]);
    }
}

#[test]
fn every_condition_is_read_in_both_syntaxes() {
    let old = rule(
        "  patterns:\n  - pattern: f($X)\n  - metavariable-pattern:\n      metavariable: $X\n      language: js\n      patterns:\n      \
         - pattern-not: '1'\n  - metavariable-comparison: {metavariable: $X, comparison: $X > 1, base: 8, strip: true}\n  - \
         metavariable-analysis: {metavariable: $X, analyzer: {kind: entropy_v2, mode: strict}}\n  - metavariable-type: \
         {metavariable: $X, types: [int, str]}\n  - metavariable-name: {metavariable: $X, modules: [a.b, c]}\n",
    );
    let new = rule(
        "  match:\n    pattern: f($X)\n    where:\n    - metavariable: $X\n      language: js\n      all: ['2', {not: '1'}]\n    - \
         {comparison: $X > 1, base: 8, strip: true}\n    - {metavariable: $X, analyzer: {kind: entropy_v2, mode: strict}}\n    - \
         {metavariable: $X, types: [int, str]}\n    - {metavariable: $X, modules: [a.b, c]}\n",
    );
    for text in [old, new] {
        let formula = search(&text);
        let [pattern, comparison, analysis, types, name] = and(&formula).conditions.as_slice() else {
            panic!("{formula:?}")
        };
        assert!(matches!(pattern, Condition::Pattern(one) if one.language == Some(Language::JavaScript)));
        assert!(
            matches!(comparison, Condition::Comparison(one) if one.base == Some(8) && one.strip && one.metavariable.as_deref() == Some("$X"))
        );
        let strict = Analyzer::EntropyV2(super::super::EntropyMode::Strict);
        assert!(matches!(analysis, Condition::Analysis(one) if one.analyzer == strict));
        assert!(matches!(types, Condition::Type(one) if one.types.len() == 2));
        assert!(matches!(name, Condition::Name(one) if one.modules == ["a.b", "c"]));
    }
}

#[test]
fn taint_is_read_in_both_syntaxes() {
    let old = rule(
        "  mode: taint\n  pattern-sources:\n  - pattern: f($X)\n    by-side-effect: only\n    exact: true\n    control: true\n    label: A\n    \
         requires: B and not C\n  pattern-sinks:\n  - pattern: g($Y)\n    requires: [{$Y: A}]\n    at-exit: true\n    exact: false\n  \
         pattern-sanitizers:\n  - pattern: h(...)\n    not_conflicting: true\n    by-side-effect: true\n  pattern-propagators:\n  - \
         pattern: $A.add($B)\n    from: $B\n    to: $A\n    label: D\n    replace-labels: [A]\n",
    );
    let new = rule(
        "  taint:\n    sources:\n    - pattern: f($X)\n      by-side-effect: only\n      exact: true\n      control: true\n      label: A\n      \
         requires: B and not C\n    sinks:\n    - pattern: g($Y)\n      requires: [{$Y: A}]\n      at-exit: true\n      exact: false\n    \
         sanitizers:\n    - pattern: h(...)\n      not-conflicting: true\n      by-side-effect: true\n    propagators:\n    - pattern: \
         $A.add($B)\n      from: $B\n      to: $A\n      label: D\n      replace-labels: [A]\n",
    );
    for text in [old, new] {
        let Mode::Taint(taint) = only(&text).mode else { panic!("{text}") };
        let (source, sink) = (&taint.sources[0], &taint.sinks[0]);
        assert_eq!((source.by_side_effect, source.exact, source.control), (SideEffect::Only, true, true));
        assert_eq!((source.label.as_str(), source.requires.to_string().as_str()), ("A", "B and not (C)"));
        assert!(
            matches!(&sink.requires, SinkRequires::Metavariables(list) if list.len() == 1 && list[0].0 == "$Y")
        );
        assert!(sink.at_exit && !sink.exact);
        assert!(taint.sanitizers[0].not_conflicting);
        assert_eq!(taint.sanitizers[0].by_side_effect, SideEffect::Yes);
        let propagator = &taint.propagators[0];
        assert_eq!((propagator.from.as_str(), propagator.to.as_str()), ("$B", "$A"));
        assert_eq!(propagator.replace_labels.as_deref(), Some(["A".to_owned()].as_slice()));
        assert_eq!(propagator.by_side_effect, SideEffect::Yes);
    }
}

#[test]
fn the_rest_of_a_rule_is_read() {
    let text = "rules:\n- id: a.b-c\n  languages: [ts, typescript, js, lua]\n  message: says $X\n  severity: MEDIUM\n  pattern: |\n    \
                f($X)\n    g()\n  metadata: {cwe: 'CWE-89: SQL', confidence: low}\n  paths: {include: ['*.ts'], exclude: [test]}\n  \
                options: {symbolic_propagation: true, generic_ellipsis_max_span: 3}\n  fix: g($X)\n  fix-regex: {regex: f, \
                replacement: g, count: 1}\n  min-version: 1.50.0\n  x-own: 1\n";
    let loaded = load(text, "r.yaml");
    assert_eq!(loaded.errors, []);
    assert_eq!(loaded.warnings.len(), 1, "lua: {:?}", loaded.warnings);
    let rule = &loaded.rules[0];
    assert_eq!(rule.languages, [Language::TypeScript, Language::JavaScript]);
    assert_eq!(rule.severity, Severity::Medium);
    assert_eq!(rule.metadata.cwe(), [89]);
    assert!(rule.options.symbolic_propagation && rule.options.constant_propagation);
    assert_eq!(rule.options.generic_ellipsis_max_span, 3);
    assert_eq!(rule.paths.exclude, ["test"]);
    assert_eq!(rule.fix_regex.as_ref().and_then(|fix| fix.count), Some(1));
    let (pattern, language) = rule.patterns()[0];
    assert_eq!((pattern.text.as_str(), pattern.span.line, language), ("f($X)\ng()\n", 7, None));
}

#[test]
fn joins_and_extracts_are_read() {
    let text = "rules:\n- id: j\n  mode: join\n  message: m\n  severity: INFO\n  join:\n    refs:\n    - {rule: a.yaml, as: a, renames: \
                [{from: $A, to: $B}]}\n    rules:\n    - {id: b, languages: [python], pattern: f($X)}\n    on: ['a.$B == b.$X']\n- id: e\n  \
                mode: extract\n  languages: [html]\n  extract: $S\n  dest-language: js\n  reduce: concat\n  pattern: \
                <script>$S</script>\n";
    let loaded = load(text, "r.yaml");
    assert_eq!(loaded.errors, []);
    assert!(
        matches!(&loaded.rules[0].mode, Mode::Join(join) if join.on[0].right == ("b".to_owned(), "$X".to_owned()))
    );
    assert!(matches!(&loaded.rules[1].mode, Mode::Extract(extract) if extract.concatenate));
}

/// What Semgrep 1.182 refuses too, with the place where the mistake is.
#[test]
fn mistakes_have_a_place_and_a_reason() {
    let table: &[(&str, u32, u32, &str)] = &[
        ("  pattern-regex: '(('\n", 6, 18, "regular expression"),
        ("  patterns:\n  - pattern-not: f(1)\n", 7, 5, "has to be something that matches"),
        (
            "  patterns:\n  - metavariable-regex: {metavariable: $X, regex: a}\n",
            7,
            5,
            "has to be something that matches",
        ),
        ("  patterns: []\n", 6, 13, "has to be something that matches"),
        ("  pattern-either:\n  - pattern: f(2)\n  - pattern-not: f(1)\n", 8, 5, "negated in a choice"),
        ("  pattern-either:\n  - pattern-not-regex: f(1)\n", 7, 5, "negated in a choice"),
        ("  match: {not: f(1)}\n", 6, 10, "has to be something that matches"),
        ("  patterns:\n  - pattern: f($X)\n    pattern-not: f(2)\n", 8, 5, "hyphen"),
        ("  pattern: f(1)\n  pattern-either:\n  - pattern: f(2)\n", 7, 3, "only one of"),
        ("  pattern-not: f(1)\n", 2, 3, "one of `pattern`"),
        ("  patterns:\n  - frob: f(2)\n", 7, 5, "`frob`"),
        (
            "  patterns:\n  - pattern: f($X)\n  - metavariable-comparison: {comparison: '$X >'}\n",
            8,
            43,
            "too early",
        ),
        ("  pattern: 1\n", 6, 12, "quotes"),
        ("  pattern: f(1)\n  pattern: f(2)\n", 7, 3, "twice"),
        ("  pattern: f(1)\n  min-version: abc\n", 7, 16, "version"),
        ("  pattern: f(1)\n  min-version: 9.0.0\n", 7, 16, "9.0.0"),
        ("  pattern: f(1)\n  max-version: 1.0.0\n", 7, 16, "1.0.0"),
        ("  pattern: f(1)\n  paths: {include: a}\n", 7, 20, "list"),
        ("  pattern: f(1)\n  paths: {inc: [a]}\n", 7, 11, "alone"),
        ("  pattern: f(1)\n  options: {ac_matching: 'x'}\n", 7, 26, "true or false"),
        ("  pattern: f(1)\n  mode: zork\n", 7, 9, "zork"),
        ("  patterns:\n  - pattern: f($X)\n  - pattern-where-python: 'True'\n", 8, 5, "no longer"),
        ("  mode: taint\n  pattern-sources:\n  - pattern: f(1)\n", 2, 3, "pattern-sinks"),
        (
            "  mode: taint\n  pattern-sources:\n  - f(1)\n  pattern-sinks:\n  - pattern: g()\n",
            8,
            5,
            "mapping",
        ),
        (
            "  mode: taint\n  pattern-sources: [{pattern: f}]\n  pattern-sinks:\n  - pattern: g\n    requires: A and\n",
            10,
            15,
            "ends",
        ),
    ];
    let mut misplaced = Vec::new();
    for (body, line, column, reason) in table {
        let loaded = load(&rule(body), "r.yaml");
        assert!(loaded.rules.is_empty(), "{body}");
        let [error] = loaded.errors.as_slice() else { panic!("{body}: {:?}", loaded.errors) };
        assert!(error.reason.contains(reason), "{body}: {error}");
        assert_eq!(error.rule.as_deref(), Some("r"), "{body}");
        if (error.line, error.column) != (*line, *column) {
            misplaced.push(format!("{body}: not {line}:{column}: {error}"));
        }
    }
    assert!(misplaced.is_empty(), "{}", misplaced.join("\n"));
}

/// What Semgrep 1.182 takes, odd as it may look.
#[test]
fn what_is_odd_but_sound_is_loaded() {
    for body in [
        "  pattern: f(...)\n  options: {frobnicate: true}\n",
        "  pattern: f(...)\n  frobnicate: 3\n",
        "  pattern: f(...)\n  x-own: 3\n",
        "  pattern-either: []\n",
        "  pattern-either:\n  - pattern-inside: f(1)\n  - pattern: f(2)\n",
        "  patterns:\n  - pattern-inside: f(1)\n",
        "  patterns:\n  - pattern: f(1)\n  - focus-metavariable: $X\n",
        "  patterns:\n  - pattern: f($X)\n  - semgrep-internal-pattern-anywhere: f($X)\n",
        "  match: f(1)\n",
        "  match: {inside: f(1)}\n",
        "  pattern: f(1)\n  metadata:\n",
        "  pattern: f(1)\n  fix: ''\n",
    ] {
        only(&rule(body));
    }
    assert_eq!(load(&rule("  pattern: f(...)\n  options: {frobnicate: true}\n"), "r").warnings.len(), 1);
}

#[test]
fn a_wrong_rule_does_not_stop_the_others() {
    let one = |id: &str, pattern: &str| {
        format!(
            "- {{id: {id}, languages: [python], message: m, severity: LOW, pattern-regex: '{pattern}'}}\n"
        )
    };
    let text = ["rules:\n".to_owned(), one("a", "a"), one("b", "("), one("a", "c"), one("d", "d")].concat();
    let loaded = load(&text, "r.yaml");
    assert_eq!(loaded.rules.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>(), ["a", "d"]);
    let errors: Vec<_> = loaded.errors.iter().map(|error| (error.rule.as_deref(), error.line)).collect();
    assert_eq!(errors, [(Some("b"), 3), (Some("a"), 4)]);
    assert!(loaded.errors[0].to_string().starts_with("r.yaml:3:"), "{}", loaded.errors[0]);

    let broken = load(&format!("{text}- id: e\n  message: \"open\n"), "r.yaml");
    assert_eq!(broken.rules.len(), 2, "{:?}", broken.errors);
    assert_eq!(broken.errors.len(), 3);
}

#[test]
fn anchors_and_merged_keys_are_followed() {
    let text = "rules:\n- &base {id: a, languages: [go], message: m, severity: HIGH, pattern: &p f(1)}\n- <<: *base\n  id: b\n- <<: \
                *base\n  id: c\n  pattern: *p\n";
    let loaded = load(text, "r.yaml");
    assert_eq!(loaded.errors, []);
    assert_eq!(loaded.rules.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    assert!(loaded.rules.iter().all(|rule| rule.patterns()[0].0.text == "f(1)"));
}

#[test]
fn files_that_are_no_rules_are_errors() {
    for text in
        ["", "# nothing\n", "a: 1\n", "rules: 1\n", "[1]", "rules:\n- 1\n", "\u{0}", "rules: [{id: a}]"]
    {
        let loaded = load(text, "r.yaml");
        assert!(loaded.rules.is_empty() && loaded.errors.len() == 1, "{text:?}: {:?}", loaded.errors);
        assert!(loaded.errors[0].line >= 1);
    }
    assert!(load("rules: []\n", "r.yaml").errors.is_empty());
}

proptest! {
    #[test]
    fn arbitrary_bytes_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = load(&String::from_utf8_lossy(&bytes), "r.yaml");
    }

    #[test]
    fn damaged_rules_do_not_panic(cut in 0_usize..600, put in "[\\[\\]{}:&*!|>'\"%@`,?#\\- \na-z<]{0,6}") {
        let text = rule("  patterns:\n  - &a {pattern: f($X)}\n  - metavariable-pattern: {metavariable: $X, patterns: [*a, {pattern-not: g}]}\n  - metavariable-comparison: {comparison: len($X) > 1}\n  options: {ac_matching: true}\n  paths: {include: [a]}\n");
        let cut = cut.min(text.len());
        if let (Some(head), Some(tail)) = (text.get(..cut), text.get(cut..)) {
            let _ = load(&format!("{head}{put}{tail}"), "r.yaml");
        }
    }
}
