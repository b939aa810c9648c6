//! The secrets scanner on arbitrary text: spans lie in the text, do not overlap, and a second scan finds the same.
#![no_main]

use bartizan_model::Language;
use bartizan_secrets::scanner::Place;
use bartizan_secrets::{SecretsDetector, SecretsOptions};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static DETECTOR: LazyLock<SecretsDetector> = LazyLock::new(|| SecretsDetector::new(&SecretsOptions::default()).0);

fuzz_target!(|bytes: &[u8]| {
    let languages = [Language::Yaml, Language::Python, Language::Json, Language::Unknown];
    let language = languages[bytes.first().map_or(0, |b| usize::from(*b) % languages.len())];
    let place = Place { path: "config/app.yaml", language };
    let hits = DETECTOR.scanner().scan(bytes, place);
    for hit in &hits {
        assert!(hit.span.start < hit.span.end && hit.span.end <= bytes.len());
        assert!((0.0..=1.0).contains(&hit.confidence));
    }
    for pair in hits.windows(2) {
        assert!(pair[0].span.end <= pair[1].span.start || pair[0].span == pair[1].span);
    }
    assert_eq!(hits, DETECTOR.scanner().scan(bytes, place));
});
