//! Source files: what any bytes use in any language is told within bounds, and travels.
#![no_main]

use bartizan_model::Language;
use bartizan_packages::reach::{FileUse, MAX_ENCODED, file_use};
use libfuzzer_sys::fuzz_target;

const FILES: &[(&str, Language)] = &[
    ("a.py", Language::Python),
    ("a.js", Language::JavaScript),
    ("a.ts", Language::TypeScript),
    ("a.vue", Language::Html),
    ("a.go", Language::Go),
    ("a.rs", Language::Rust),
    ("a.java", Language::Java),
    ("a.kt", Language::Kotlin),
];

fuzz_target!(|input: (u8, &[u8])| {
    let (choice, bytes) = input;
    let (path, language) = FILES[usize::from(choice) % FILES.len()];
    let used = file_use(path, language, bytes).unwrap();
    let encoded = postcard::to_stdvec(&used).unwrap();
    assert!(encoded.len() <= MAX_ENCODED, "{} bytes", encoded.len());
    assert_eq!(postcard::from_bytes::<FileUse>(&encoded).unwrap(), used);
    assert!(used.imports.is_sorted_by(|a, b| a.module <= b.module));
});
