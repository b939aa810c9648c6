//! Code rules from arbitrary text: what loads compiles or is named, and what compiles runs.
#![no_main]

use bartizan_code::analyze::Limits;
use bartizan_code::rule::load;
use bartizan_code::ruleset::{LoadedRule, RuleSet};
use libfuzzer_sys::fuzz_target;
use std::time::Duration;

const SOURCE: &[u8] = b"import os\ndef f(a, b=1):\n    x = a + 'text'\n    os.system(x)\n    return [x, b]\n";

fuzz_target!(|text: &str| {
    let loaded = load(text, "fuzz.yaml");
    for problem in loaded.errors.iter().chain(&loaded.warnings) {
        assert!(!problem.reason.is_empty() && problem.line > 0 && problem.column > 0);
    }
    let rules = loaded.rules.into_iter().map(|rule| {
        let _ = rule.patterns();
        LoadedRule { name: rule.id.clone(), file: "fuzz.yaml".to_owned(), rule }
    });
    let (set, errors) = RuleSet::compile(rules.collect());
    assert!(errors.iter().all(|error| !error.reason.is_empty()));
    let limits = Limits { file_time: Duration::from_secs(2), ..Limits::default() };
    for found in set.scan("fuzz.py", SOURCE, &limits).matches {
        assert!(found.range.start <= found.range.end && found.range.end <= SOURCE.len());
    }
});
