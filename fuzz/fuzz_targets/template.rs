//! Fixture templates: any text expands or is refused in words, the same for the same seed.
#![no_main]

use bartizan_secrets::template::{Random, expand};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let first = expand(text, Some("sample"), &mut Random::new(7));
    assert_eq!(first, expand(text, Some("sample"), &mut Random::new(7)));
});
