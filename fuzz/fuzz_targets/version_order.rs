//! Versions and requirements: any three texts have one total order in every scheme, and any requirement is answered.
#![no_main]

use bartizan_packages::Ecosystem;
use bartizan_packages::version::range::Requirement;
use bartizan_packages::version::{Scheme, Version};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|texts: (&str, &str, &str)| {
    let texts = [texts.0, texts.1, texts.2];
    for scheme in Scheme::ALL {
        let versions: Vec<Version> = texts.iter().filter_map(|text| scheme.parse(text)).collect();
        for a in &versions {
            for b in &versions {
                let order = a.compare(b);
                assert_eq!(order, scheme.compare(a.as_str(), b.as_str()));
                assert_eq!(order.map(|order| order.reverse()), b.compare(a));
                assert_eq!(a == b, order.is_some_and(|order| order.is_eq()));
                for c in &versions {
                    assert!(!(a <= b && b <= c) || a <= c, "{a:?} {b:?} {c:?}");
                }
            }
        }
    }
    for ecosystem in Ecosystem::ALL {
        let Some(requirement) = Requirement::parse(*ecosystem, texts[0]) else { continue };
        if let Some(version) = Scheme::of(*ecosystem).and_then(|scheme| scheme.parse(texts[1])) {
            requirement.matches(&version);
        }
    }
});
