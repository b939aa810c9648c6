//! Source of every language from arbitrary bytes: lowering, facts, matching and dataflow end, and what they find lies in
//! the source.
#![no_main]

use bartizan_code::analyze::Limits;
use bartizan_code::language::Language;
use bartizan_code::rule::load;
use bartizan_code::ruleset::{LoadedRule, RuleSet};
use bartizan_code::builtin;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use std::time::Duration;

/// The pack, and rules that have matches in nearly any source: words as sources and sinks, so that data flows.
static SET: LazyLock<RuleSet> = LazyLock::new(|| {
    let (mut rules, _) = builtin();
    let languages: Vec<&str> = Language::ALL.iter().map(|language| language.name()).collect();
    for language in languages {
        let head = format!("  languages: [{language}]\n  severity: INFO\n  message: $X\n");
        let text = format!(
            "rules:\n- id: wide-flow-{language}\n{head}  mode: taint\n  \
             pattern-sources: [{{pattern-regex: '\\bs\\w*'}}]\n  \
             pattern-sinks: [{{pattern-regex: '\\b[t-z]\\w*'}}]\n  \
             pattern-sanitizers: [{{pattern-regex: '\\bc\\w*'}}]\n\
             - id: call-{language}\n{head}  pattern: $F(..., $X, ...)\n\
             - id: assign-{language}\n{head}  pattern: $X = $Y\n\
             - id: word-{language}\n{head}  pattern-regex: '(?<X>\\b[a-c]\\w*)'\n"
        );
        // A pattern that is none in its language is left out by the compiler.
        rules.extend(load(&text, "fuzz.yaml").rules.into_iter().map(|rule| LoadedRule {
            name: rule.id.clone(),
            file: "fuzz.yaml".to_owned(),
            rule,
        }));
    }
    RuleSet::compile(rules).0
});

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, source)) = bytes.split_first() else { return };
    // Counted from `A`, so that seeds are text.
    let language = Language::ALL[usize::from(choice.wrapping_sub(b'A')) % Language::ALL.len()];
    let path = format!("fuzz.{}", language.extensions().first().unwrap_or(&"txt"));
    let limits = Limits { file_time: Duration::from_secs(5), ..Limits::default() };
    let result = SET.scan(&path, source, &limits);
    assert!(result.unread <= source.len());
    for found in &result.matches {
        assert!(found.range.start <= found.range.end && found.range.end <= source.len());
        for (range, _) in found.fix.iter().chain(&found.flow) {
            assert!(range.start <= range.end && range.end <= source.len());
        }
    }
});
