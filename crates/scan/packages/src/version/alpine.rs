//! Alpine: `digits{.digits}[letter]{_suffix[digits]}[~hash][-rdigits]`, compared piece by piece as `apk version -t` does
//! (apk-package(5)). Numbers behind a dot that start with zero are compared as decimal places: `1.01` comes before `1.1`.

use super::key::{Key, split_digits, split_while};

// Where two versions have different pieces at one place: a prerelease suffix comes before the end, all else after it.
const END: u8 = 0x10;
const REVISION: u8 = 0x11;
const HASH: u8 = 0x12;
const SUFFIX_NUMBER: u8 = 0x13;
const LETTER: u8 = 0x30;
const DIGITS: u8 = 0x31;

/// Tags below [`END`] are prereleases.
const SUFFIXES: &[(&str, u8)] = &[
    ("alpha", 0x01),
    ("beta", 0x02),
    ("pre", 0x03),
    ("rc", 0x04),
    ("cvs", 0x20),
    ("svn", 0x21),
    ("git", 0x22),
    ("hg", 0x23),
    ("p", 0x24),
];

pub(super) fn read(text: &str, key: &mut Key) -> Option<()> {
    let (first, mut rest) = split_digits(text);
    if first.is_empty() {
        return None;
    }
    key.number(first);
    key.breaks_at(first);
    while let Some(tail) = rest.strip_prefix('.') {
        let (digits, tail) = split_digits(tail);
        key.tag(DIGITS);
        match digits.bytes().next()? {
            b'0' => {
                key.tag(0x01);
                key.text(digits);
            }
            _ => {
                key.tag(0x02);
                key.number(digits);
            }
        }
        rest = tail;
    }
    if let Some(letter) = rest.bytes().next().filter(u8::is_ascii_lowercase) {
        key.tag(LETTER);
        key.tag(letter);
        rest = rest.get(1..).unwrap_or_default();
    }
    while let Some(tail) = rest.strip_prefix('_') {
        let (word, tail) = split_while(tail, |byte| byte.is_ascii_lowercase());
        let (_, tag) = SUFFIXES.iter().find(|(suffix, _)| *suffix == word)?;
        key.tag(*tag);
        key.prerelease |= *tag < END;
        let (digits, tail) = split_digits(tail);
        if !digits.is_empty() {
            key.tag(SUFFIX_NUMBER);
            key.number(digits);
        }
        rest = tail;
    }
    if let Some(tail) = rest.strip_prefix('~') {
        let (hash, tail) = split_while(tail, |byte| byte.is_ascii_hexdigit());
        if hash.is_empty() {
            return None;
        }
        key.tag(HASH);
        key.text(hash);
        rest = tail;
    }
    if let Some(tail) = rest.strip_prefix("-r") {
        let (digits, tail) = split_digits(tail);
        if digits.is_empty() {
            return None;
        }
        key.tag(REVISION);
        key.number(digits);
        rest = tail;
    }
    key.tag(END);
    rest.is_empty().then_some(())
}

#[cfg(test)]
mod tests {
    use super::super::Scheme::Alpine;
    use super::super::tests::{ascending, equal, prereleases, refused};

    #[test]
    fn order_is_that_of_apk() {
        ascending(
            Alpine,
            &[
                "1.0_alpha",
                "1.0_alpha1",
                "1.0_alpha2",
                "1.0_beta",
                "1.0_pre1",
                "1.0_rc1",
                "1.0_rc2_alpha1",
                "1.0_rc2",
                "1.0_rc2_p1",
                "1.0",
                "1.0-r1",
                "1.0-r2",
                "1.0-r10",
                "1.0_cvs",
                "1.0_svn1",
                "1.0_git20200101",
                "1.0_hg",
                "1.0_p1_pre1",
                "1.0_p1",
                "1.0_p1-r1",
                "1.0_p2",
                "1.0a",
                "1.0b",
                "1.0.0",
                "1.0.1",
                "1.1",
            ],
        );
        ascending(Alpine, &["1.0", "1.00", "1.001", "1.01", "1.09", "1.1", "1.9", "1.10"]);
        ascending(Alpine, &["8.2.0", "8.2.0015", "8.2.002", "8.2.1"]);
        ascending(Alpine, &["1.0", "1.0~ab", "1.0~cd"]);
    }

    #[test]
    fn what_the_grammar_does_not_allow_is_refused() {
        equal(Alpine, &["01.2-r01", "1.2-r1"]);
        refused(
            Alpine,
            &[
                "", "a", "v1", "1.", "1..2", "1.a", "1ab", "1A", "1_foo", "1_", "1-1", "1-r", "1-r1-r2",
                "1~", "1~xyz", "1_p1.2",
            ],
        );
        prereleases(Alpine, &["1_rc1-r0", "1_p1_pre2"], &["1_p1-r0", "1_git1"]);
    }
}
