//! RubyGems: `Gem::Version`. Runs of digits are numbers, runs of letters make a prerelease and come before any number;
//! a hyphen stands for `.pre.`; zeros at the end of the numbers, and at the end of the whole, do not count.

use super::key::{Key, is_zero, split_digits, split_while};

// A missing segment counts as zero. So a zero that more follows is judged by what follows: over or under the end.
const TEXT: u8 = 0x01;
const ZEROS_THEN_TEXT: u8 = 0x02;
const END: u8 = 0x03;
const ZEROS_THEN_NUMBER: u8 = 0x04;
const NUMBER: u8 = 0x05;

pub(super) fn read(text: &str, key: &mut Key) -> Option<()> {
    check(text)?;
    key.breaks_at(split_digits(text).0);
    // Zeros that wait for what follows them.
    let mut zeros = 0_usize;
    let mut in_numbers = true;
    for segment in segments(text) {
        if segment.starts_with(|c: char| c.is_ascii_digit()) {
            if is_zero(segment) {
                zeros += 1;
                continue;
            }
            if zeros > 0 {
                key.tag(ZEROS_THEN_NUMBER);
                key.count_down(zeros);
            }
            key.tag(NUMBER);
            key.number(segment);
        } else {
            if in_numbers {
                zeros = 0;
                in_numbers = false;
            }
            if zeros > 0 {
                key.tag(ZEROS_THEN_TEXT);
                key.count(zeros);
            }
            key.tag(TEXT);
            key.text(segment);
        }
        zeros = 0;
    }
    key.tag(END);
    key.prerelease = !in_numbers;
    Some(())
}

/// `Gem::Version::VERSION_PATTERN`.
fn check(text: &str) -> Option<()> {
    let (dotted, rest) = text.split_once('-').map_or((text, None), |(dotted, rest)| (dotted, Some(rest)));
    let mut segments = dotted.split('.');
    let first = segments.next()?;
    let named = |segment: &str, hyphen: bool| {
        !segment.is_empty()
            && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || (hyphen && byte == b'-'))
    };
    let valid = !first.is_empty()
        && first.bytes().all(|byte| byte.is_ascii_digit())
        && segments.all(|segment| named(segment, false))
        && rest.is_none_or(|rest| rest.split('.').all(|segment| named(segment, true)));
    valid.then_some(())
}

/// Runs of digits and runs of letters. A hyphen gives the segment `pre`.
fn segments(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let first = rest.bytes().next()?;
            if first == b'.' || first == b'-' {
                rest = rest.get(1..).unwrap_or_default();
                if first == b'-' {
                    return Some("pre");
                }
                continue;
            }
            let digit = first.is_ascii_digit();
            let (segment, tail) =
                split_while(
                    rest,
                    |byte| {
                        if digit { byte.is_ascii_digit() } else { byte.is_ascii_alphabetic() }
                    },
                );
            rest = tail;
            return Some(segment).filter(|segment| !segment.is_empty());
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::Scheme::RubyGems;
    use super::super::tests::{ascending, equal, prereleases, refused};

    #[test]
    fn segments_are_ordered() {
        ascending(
            RubyGems,
            &["1.0.a", "1.0.b1", "1.0.b2", "1.0.b10", "1.0", "1.0.1.a", "1.0.1", "1.1", "1.9.0.0.1", "1.10"],
        );
        ascending(RubyGems, &["5.a", "5.0.0.rc2", "5.x", "5"]);
        ascending(RubyGems, &["4.25.14p12", "4.25.14"]);
        ascending(RubyGems, &["1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.10", "1.0.0-rc", "1.0.0"]);
        ascending(RubyGems, &["1.A", "1.B", "1.a"]);
    }

    #[test]
    fn missing_segments_are_zeros() {
        equal(RubyGems, &["1", "1.0", "1.0.0", " 1 ", "01"]);
        equal(RubyGems, &["1.a", "1.0.a", "1.0.0.a", "1.a.0", "1.a0"]);
        equal(RubyGems, &["1.0.0-rc.1", "1.0.0.pre.rc.1", "1.pre.rc1"]);
        ascending(RubyGems, &["1.a.b", "1.a.0.b", "1.a.0.0.b", "1.a", "1.a.0.0.1", "1.a.0.1", "1.a.1"]);
        ascending(RubyGems, &["0.a", "0", "0.0.1", "0.1"]);
    }

    #[test]
    fn what_the_pattern_does_not_allow_is_refused() {
        refused(
            RubyGems,
            &["", "a", "v1", "1..2", "1.", "1.2_3", "1.0-", "1.0-a..b", "1.13.0-x86_64-linux", "junk"],
        );
        prereleases(RubyGems, &["1.a", "1-1", "1.0.rc1"], &["1.0", "1"]);
    }
}
