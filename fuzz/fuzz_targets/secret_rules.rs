//! Rule files, ours and gitleaks', from arbitrary text: what loads can be compiled and run; what does not is named.
#![no_main]

use bartizan_model::Language;
use bartizan_secrets::scanner::{Place, Scanner};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (rules, problems) = bartizan_secrets::rule::load_text("fuzz", "fuzz.toml", text);
    assert!(problems.iter().all(|problem| !problem.reason.is_empty()));
    let runnable: Vec<_> = rules.into_iter().filter(|rule| rule.compile_now().is_ok()).collect();
    let scanner = Scanner::new(runnable, false);
    for hit in scanner.scan(text.as_bytes(), Place { path: "fuzz.toml", language: Language::Toml }) {
        assert!(hit.span.end <= text.len());
    }
});
