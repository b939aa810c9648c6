//! RPM: `[epoch:]version[-release]`, each compared by `rpmvercmp` (rpm-version(7)): runs of digits and runs of letters,
//! digits over letters, whatever stands between does not count; `~` comes before the end, `^` right after it.

use super::key::{Key, is_number, split_digits, split_while};

const TILDE: u8 = 0x01;
const END: u8 = 0x02;
const CARET: u8 = 0x03;
const LETTERS: u8 = 0x04;
const NUMBER: u8 = 0x05;

pub(super) fn read(text: &str, key: &mut Key) -> Option<()> {
    let (epoch, rest) = match text.split_once(':') {
        Some((epoch, rest)) if is_number(epoch) => (epoch, rest),
        Some(_) => return None,
        None => ("", text),
    };
    let (version, release) = match rest.rsplit_once('-') {
        Some((version, release)) => (version, Some(release)),
        None => (rest, None),
    };
    let unusable = |part: &str| part.is_empty() || part.bytes().any(|byte| byte.is_ascii_whitespace());
    if unusable(version) || release.is_some_and(unusable) {
        return None;
    }
    key.number(epoch);
    if !epoch.is_empty() {
        key.breaks_at(epoch);
    }
    key.breaks_at(split_digits(version).0);
    key.prerelease = version.contains('~');
    part(version, key);
    // rpm takes a missing release as equal to any, which is no order: here it comes first.
    if let Some(release) = release {
        part(release, key);
    }
    Some(())
}

fn part(text: &str, key: &mut Key) {
    let mut rest = text;
    while let Some(first) = rest.bytes().next() {
        match first {
            b'~' | b'^' => {
                key.tag(if first == b'~' { TILDE } else { CARET });
                rest = rest.get(1..).unwrap_or_default();
            }
            b'0'..=b'9' => {
                let (digits, tail) = split_digits(rest);
                key.tag(NUMBER);
                key.number(digits);
                rest = tail;
            }
            first if first.is_ascii_alphabetic() => {
                let (letters, tail) = split_while(rest, |byte| byte.is_ascii_alphabetic());
                key.tag(LETTERS);
                key.text(letters);
                rest = tail;
            }
            _ => {
                let end = rest
                    .find(|c: char| c.is_ascii_alphanumeric() || matches!(c, '~' | '^'))
                    .unwrap_or(rest.len());
                rest = rest.get(end..).unwrap_or_default();
            }
        }
    }
    key.tag(END);
}

#[cfg(test)]
mod tests {
    use super::super::Scheme::Rpm;
    use super::super::tests::{ascending, equal, prereleases, refused};

    #[test]
    fn order_is_that_of_rpm() {
        ascending(Rpm, &["1.0", "2.0", "2.0a", "2.0.1", "2.0.1a", "2.0.1.1"]);
        ascending(Rpm, &["5.5p1", "5.5p2", "5.5p10", "10xyz", "10.1xyz"]);
        ascending(Rpm, &["xyz", "xyz.4", "8"]);
        ascending(Rpm, &["6.0", "6.0.rc1"]);
        ascending(
            Rpm,
            &[
                "1.0~rc1~git123",
                "1.0~rc1",
                "1.0~rc1^git1",
                "1.0~rc2",
                "1.0",
                "1.0^",
                "1.0^20160101",
                "1.0^20160101^git1",
                "1.0^20160102",
                "1.0a",
                "1.0.1",
            ],
        );
        ascending(Rpm, &["9:1-1", "10:0-1"]);
        ascending(Rpm, &["1.0", "1.0-1.el8", "1.0-1.el8_4", "1.0-1.el9", "1.0-2", "1.0-10"]);
    }

    #[test]
    fn separators_do_not_count() {
        equal(Rpm, &["2_0", "2.0", "2..0", "2.0.", "2+0", "0:2.0", "02.00", "2é0"]);
        refused(Rpm, &["", "a:1", ":1", "1-", "-1", "1 2"]);
        prereleases(Rpm, &["1.0~rc1-1"], &["1.0-1~bpo1", "1.0^git1-1"]);
    }
}
