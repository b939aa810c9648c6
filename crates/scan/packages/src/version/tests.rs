//! What holds for every scheme, and helpers for the tables of each.

use super::{MAX_LENGTH, Scheme, Version};
use crate::Ecosystem;
use proptest::prelude::*;
use std::cmp::Ordering;
use std::collections::HashSet;

/// Every version of the row is less than every later one.
#[track_caller]
pub(super) fn ascending(scheme: Scheme, row: &[&str]) {
    for (at, a) in row.iter().enumerate() {
        for b in row.iter().skip(at + 1) {
            assert_eq!(scheme.compare(a, b), Some(Ordering::Less), "{scheme:?}: {a} < {b}");
            assert_eq!(scheme.compare(b, a), Some(Ordering::Greater), "{scheme:?}: {b} > {a}");
        }
    }
}

/// All versions of the row are equal.
#[track_caller]
pub(super) fn equal(scheme: Scheme, row: &[&str]) {
    for a in row {
        for b in row {
            assert_eq!(scheme.compare(a, b), Some(Ordering::Equal), "{scheme:?}: {a} = {b}");
        }
    }
}

/// No rule parses any of these.
#[track_caller]
pub(super) fn refused(scheme: Scheme, row: &[&str]) {
    for text in row {
        assert!(scheme.parse(text).is_none(), "{scheme:?}: {text:?} was read");
    }
}

/// Which are prereleases and which are not.
#[track_caller]
pub(super) fn prereleases(scheme: Scheme, yes: &[&str], no: &[&str]) {
    for (row, expected) in [(yes, true), (no, false)] {
        for text in row {
            assert_eq!(scheme.parse(text).map(|v| v.is_prerelease()), Some(expected), "{scheme:?}: {text}");
        }
    }
}

#[test]
fn every_ecosystem_has_a_scheme() {
    for ecosystem in Ecosystem::ALL {
        assert!(Scheme::of(*ecosystem).is_some(), "{ecosystem}");
    }
    for scheme in Scheme::ALL {
        assert_eq!(Scheme::from_word(scheme.word()), Some(*scheme));
    }
}

#[test]
fn long_and_hostile_texts_are_refused_and_long_numbers_kept() {
    for scheme in Scheme::ALL {
        let long = |digits: usize| format!("1.{}", "9".repeat(digits));
        assert!(scheme.parse(&long(MAX_LENGTH)).is_none(), "{scheme:?}");
        assert_eq!(scheme.compare(&long(300), &long(301)), Some(Ordering::Less), "{scheme:?}");
        assert_eq!(scheme.compare(&long(254), &long(255)), Some(Ordering::Less), "{scheme:?}");
        assert_eq!(scheme.compare("9.1", &long(1000)), Some(Ordering::Greater), "{scheme:?}");
        assert!(scheme.parse("1.0\0").is_none(), "{scheme:?}");
        assert!(scheme.parse("1.0\u{7}-1").is_none(), "{scheme:?}");
        assert!(scheme.parse("").is_none(), "{scheme:?}");
    }
}

#[test]
fn versions_of_different_schemes_are_not_comparable() {
    let (Some(a), Some(b)) = (Scheme::SemVer.parse("1.0.0"), Scheme::Pep440.parse("1.0.0")) else {
        panic!("both parse");
    };
    assert_eq!(a.compare(&b), None);
    assert_ne!(a, b);
}

#[test]
fn text_is_kept_as_written() {
    for text in [" v1.0 ", "1.00"] {
        assert_eq!(Scheme::Packagist.parse(text).map(|v| v.to_string()).as_deref(), Some(text));
    }
}

/// Texts near to versions: pieces that the schemes know, in any order.
fn near_version() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec!["0", "1", "2", "10", "00", "01", "007", "99999999999999999999"]),
        4 => prop::sample::select(vec![".", "-", "_", "+", "~", "^", ":", "!"]),
        3 => prop::sample::select(vec![
            "a", "alpha", "b", "beta", "rc", "RC", "cr", "pre", "dev", "post", "p", "pl", "patch", "sp", "ga", "Final",
            "SNAPSHOT", "git", "r", "x", "foo", "A", "milestone", "m", "hg",
        ]),
        1 => prop::sample::select(vec!["v", "go", "é", " ", "*", "@", "=", "-r1", "-dev", "+incompatible"]),
    ];
    ("[0-9]{0,2}", prop::collection::vec(piece, 0..7)).prop_map(|(head, tail)| head + &tail.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn parsing_never_panics(text in any::<String>(), near in near_version()) {
        for scheme in Scheme::ALL {
            for text in [&text, &near] {
                if let Some(version) = scheme.parse(text) {
                    prop_assert_eq!(version.as_str(), text.as_str());
                    prop_assert_eq!(scheme.compare(text, text), Some(Ordering::Equal));
                }
            }
        }
    }

    #[test]
    fn order_is_total(texts in prop::collection::vec(near_version(), 3..8)) {
        for scheme in Scheme::ALL {
            let mut versions: Vec<Version> = texts.iter().filter_map(|text| scheme.parse(text)).collect();
            for a in &versions {
                for b in &versions {
                    let order = scheme.compare(a.as_str(), b.as_str());
                    prop_assert_eq!(order, Some(a.cmp(b)));
                    prop_assert_eq!(order.map(Ordering::reverse), scheme.compare(b.as_str(), a.as_str()));
                    prop_assert_eq!(a == b, order == Some(Ordering::Equal));
                    for c in &versions {
                        if a <= b && b <= c {
                            prop_assert!(a <= c, "{:?} <= {:?} <= {:?}", a, b, c);
                        }
                    }
                }
            }
            versions.sort();
            let distinct = versions.iter().collect::<HashSet<_>>().len();
            versions.dedup();
            prop_assert_eq!(distinct, versions.len());
        }
    }

    /// A key is self-delimiting: what comes after equal beginnings decides alone, so no key may be the beginning of
    /// another version's.
    #[test]
    fn no_key_begins_another(a in near_version(), b in near_version()) {
        // Build parts and releases may be missing altogether in these, which is less than any.
        let open = [Scheme::Pub, Scheme::Rpm, Scheme::Conan, Scheme::SemVer, Scheme::Go, Scheme::NuGet];
        for scheme in Scheme::ALL.iter().filter(|scheme| !open.contains(scheme)) {
            if let (Some(a), Some(b)) = (scheme.parse(&a), scheme.parse(&b)) {
                prop_assert!(a == b || !b.key().starts_with(a.key()), "{:?} {:?}", a, b);
            }
        }
    }
}
