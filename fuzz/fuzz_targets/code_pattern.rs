//! Patterns of every language from arbitrary text: what compiles has a root within its tree; what does not says why.
#![no_main]

use bartizan_code::language::Language;
use bartizan_code::pattern::{MAX_LENGTH, Pattern};
use bartizan_code::tree::Symbols;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, text)) = bytes.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    // Counted from `A`, so that seeds are text.
    let language = Language::ALL[usize::from(choice.wrapping_sub(b'A')) % Language::ALL.len()];
    for spec in language.specs() {
        match Pattern::compile(text, spec, &mut Symbols::default()) {
            Ok(pattern) => {
                assert!(text.len() <= MAX_LENGTH);
                assert!(pattern.roots().iter().all(|root| pattern.tree.ids().any(|id| id == *root)));
                let _ = pattern.target_kinds();
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
});
