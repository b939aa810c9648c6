//! Conan 2: `main[-prerelease][+build]`, each a list of items parted by dots ("Semantic versioning in Conan").
//!
//! Numbers compare as numbers, all else as text. Conan compares a number with a text by their letters, which makes
//! cycles (9 < 10 < `1a` < 9). Here an item is a leading number and what follows it, and pure text comes after numbers:
//! `1.1.1` < `1.1.1g` < `1.1.2` < `1.1.10` < `1.1.a`, which is Conan's order wherever that is an order.

use super::key::{Key, is_zero, split_digits};

const END: u8 = 0x01;
const ZERO_OR_EMPTY: u8 = 0x02;
const NUMBER: u8 = 0x03;
const TEXT: u8 = 0x04;
const RELEASE: u8 = 0xff;

pub(super) fn read(text: &str, key: &mut Key) -> Option<()> {
    if text.bytes().any(|byte| byte == b' ' || byte == b'/' || byte == b'@') {
        return None;
    }
    let (rest, build) = match text.rsplit_once('+') {
        Some((rest, build)) => (rest, Some(build)),
        None => (text, None),
    };
    let (main, prerelease) = match rest.split_once('-') {
        Some((main, prerelease)) => (main, Some(prerelease)),
        None => (rest, None),
    };
    let (first, _) = split_digits(main);
    if !first.is_empty() {
        key.breaks_at(first);
    }
    items(main, key);
    match prerelease {
        None => key.tag(RELEASE),
        Some(prerelease) => {
            key.prerelease = true;
            items(prerelease, key);
        }
    }
    if let Some(build) = build {
        items(build, key);
    }
    Some(())
}

/// Zeros at the end do not count.
fn items(dotted: &str, key: &mut Key) {
    let is_nothing = |item: &str| !item.is_empty() && is_zero(item);
    let kept = dotted.split('.').enumerate().filter(|(_, item)| !is_nothing(item)).last();
    for item in dotted.split('.').take(kept.map_or(0, |(last, _)| last + 1)) {
        let (digits, rest) = split_digits(item);
        if item.is_empty() {
            key.tag(ZERO_OR_EMPTY);
        } else if digits.is_empty() {
            key.tag(TEXT);
            key.text(rest);
        } else {
            key.tag(NUMBER);
            key.number(digits);
            key.text(rest);
        }
    }
    key.tag(END);
}

#[cfg(test)]
mod tests {
    use super::super::Scheme::Conan;
    use super::super::tests::{ascending, equal, prereleases, refused};

    #[test]
    fn order_is_that_of_the_documentation() {
        ascending(
            Conan,
            &[
                "1.0-alpha",
                "1.0-alpha.1",
                "1.0-alpha.1.2",
                "1.0-beta",
                "1.0",
                "1.0+b1",
                "1.0+b2",
                "1.0.1",
                "1.0.2",
                "1.1",
                "1.3",
                "1.22",
                "1.a",
                "2",
            ],
        );
        ascending(Conan, &["1.1.1", "1.1.1a", "1.1.1g", "1.1.1w", "1.1.2", "1.1.10", "1.1.a", "1.1.b"]);
        ascending(Conan, &["1.1.1.1.3", "1.1.1.1.22", "a.b.c", "b.c", "cci.20200101", "cci.20210101"]);
    }

    #[test]
    fn zeros_at_the_end_do_not_count() {
        equal(Conan, &["1", "1.0", "1.0.0.0", "01"]);
        equal(Conan, &["1-a", "1.0-a.0"]);
        refused(Conan, &["", "1.0/2", "1 0", "1.0@user"]);
        prereleases(Conan, &["1-rc"], &["1+rc", "1.rc"]);
    }
}
