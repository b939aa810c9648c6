//! Semantic Versioning 2.0.0, section 11, read leniently, and Dart's variant in which the build part counts.
//!
//! Lenient as advisories and tags need it: a leading `v` or `=`, missing minor and patch (`0`, `1.2`), leading zeros,
//! and a prerelease without its hyphen after three numbers (`1.7.0alpha2`), all of which npm's loose mode reads alike.

use super::key::{Key, is_number, is_zero, split_while};

const END: u8 = 0x01;
const NUMBER: u8 = 0x02;
const TEXT: u8 = 0x03;
const RELEASE: u8 = 0xff;

/// The pieces of a version, each as written.
pub(super) struct Parts<'a> {
    pub(super) major: &'a str,
    pub(super) minor: &'a str,
    pub(super) patch: &'a str,
    pub(super) prerelease: Option<&'a str>,
    pub(super) build: Option<&'a str>,
}

pub(super) fn read(text: &str, key: &mut Key) -> Option<()> {
    order(&split(text)?, key);
    Some(())
}

/// pub.dev orders versions that differ only in build metadata: none first, then as prereleases are ordered.
pub(super) fn read_pub(text: &str, key: &mut Key) -> Option<()> {
    let parts = split(text)?;
    order(&parts, key);
    if let Some(build) = parts.build {
        key.tag(TEXT);
        identifiers(build, key);
    }
    Some(())
}

/// Writes numbers and prerelease, and learns the breaking part.
pub(super) fn order(parts: &Parts<'_>, key: &mut Key) {
    let numbers = [parts.major, parts.minor, parts.patch];
    for number in numbers {
        key.number(number);
    }
    for number in numbers {
        key.breaks_at(number);
        if !is_zero(number) {
            break;
        }
    }
    match parts.prerelease {
        None => key.tag(RELEASE),
        Some(prerelease) => {
            key.prerelease = true;
            identifiers(prerelease, key);
        }
    }
}

fn identifiers(dotted: &str, key: &mut Key) {
    for identifier in dotted.split('.') {
        if is_number(identifier) {
            key.tag(NUMBER);
            key.number(identifier);
        } else {
            key.tag(TEXT);
            key.text(identifier);
        }
    }
    key.tag(END);
}

/// Takes a version apart.
pub(super) fn split(text: &str) -> Option<Parts<'_>> {
    let text = text.trim_start_matches(['=', ' ']);
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let (rest, build) = match text.split_once('+') {
        Some((rest, build)) => (rest, Some(build)),
        None => (text, None),
    };
    let (core, tail) = split_while(rest, |byte| byte.is_ascii_digit() || byte == b'.');
    let mut numbers = core.split('.');
    let major = numbers.next()?;
    let minor = numbers.next();
    let patch = numbers.next();
    let written = 1 + usize::from(minor.is_some()) + usize::from(patch.is_some());
    let all = [Some(major), minor, patch];
    if numbers.next().is_some() || !all.iter().flatten().all(|number| is_number(number)) {
        return None;
    }
    let prerelease = match tail.strip_prefix('-') {
        Some(prerelease) => Some(prerelease),
        None if tail.is_empty() => None,
        None if written == 3 => Some(tail),
        None => return None,
    };
    if ![prerelease, build].iter().flatten().all(|dotted| are_identifiers(dotted)) {
        return None;
    }
    Some(Parts {
        major,
        minor: minor.unwrap_or_default(),
        patch: patch.unwrap_or_default(),
        prerelease,
        build,
    })
}

fn are_identifiers(dotted: &str) -> bool {
    dotted.split('.').all(|identifier| {
        !identifier.is_empty() && identifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

#[cfg(test)]
mod tests {
    use super::super::Scheme::{Pub, SemVer};
    use super::super::tests::{ascending, equal, prereleases, refused};

    #[test]
    fn precedence_is_that_of_section_11() {
        ascending(SemVer, &["1.0.0", "2.0.0", "2.1.0", "2.1.1"]);
        ascending(
            SemVer,
            &[
                "1.0.0-alpha",
                "1.0.0-alpha.1",
                "1.0.0-alpha.beta",
                "1.0.0-beta",
                "1.0.0-beta.2",
                "1.0.0-beta.11",
                "1.0.0-rc.1",
                "1.0.0",
            ],
        );
        ascending(
            SemVer,
            &["1.0.0-1", "1.0.0--1", "1.0.0-A", "1.0.0-a", "1.0.0-a.1", "1.0.0-a-", "1.0.0-a0"],
        );
        ascending(SemVer, &["0.0.0-0", "0.0.0", "99999999999999999999.0.0", "100000000000000000000.0.0"]);
    }

    #[test]
    fn build_and_spelling_do_not_count() {
        equal(SemVer, &["1.0.0", "1.0.0+20130313144700", "v1.0.0", "=1.0.0", "= v1", " 1.0 ", "01.0.0+a.b"]);
        equal(SemVer, &["0", "0.0", "0.0.0"]);
        equal(SemVer, &["1.7.0alpha2", "1.7.0-alpha2"]);
    }

    #[test]
    fn what_is_no_version_is_refused() {
        refused(
            SemVer,
            &[
                "",
                "main",
                "x",
                "1.x",
                "1.2.3.4",
                "1..2",
                "1.2.3-",
                "1.2.3-a..b",
                "1.2.3+",
                "1.2.3-a_b",
                "1.2b",
                "-1",
            ],
        );
    }

    #[test]
    fn breaking_part_is_what_a_caret_keeps() {
        for (text, breaking) in
            [("1.2.3", &[1][..]), ("0.3.1", &[0, 3]), ("0.0.7", &[0, 0, 7]), ("0", &[0, 0, 0])]
        {
            assert_eq!(
                SemVer.parse(text).map(|v| v.breaking_part().to_vec()),
                Some(breaking.to_vec()),
                "{text}"
            );
        }
        prereleases(SemVer, &["1.0.0-0", "1.0.0-alpha+b"], &["1.0.0", "1.0.0+alpha"]);
    }

    #[test]
    fn darts_build_part_counts() {
        ascending(
            Pub,
            &[
                "1.0.0-a",
                "1.0.0-a+b",
                "1.0.0",
                "1.0.0+1",
                "1.0.0+2",
                "1.0.0+10",
                "1.0.0+a",
                "1.0.0+a.1",
                "1.0.1",
            ],
        );
    }
}
