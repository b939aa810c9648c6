//! Maven: `org.apache.maven.artifact.versioning.ComparableVersion` of Maven 3.9 and 4, and the "version order
//! specification" of the POM reference.
//!
//! A version is a row of tokens parted by dots, hyphens and every change between digits and letters. At one place
//! qualifiers come before numbers behind a hyphen, those before numbers behind a dot; the end of a version stands where
//! a release qualifier stands: after `snapshot`, before `sp`. A qualifier and the number right behind it are one token.
//!
//! Maven compares nested lists, and has cycles where lists and words meet at unusual places (`1.foo.2`). The flat row
//! here gives its order for versions that people use, and a total order for all.

use super::key::{Key, is_zero, split_digits};

// Qualifiers with a rest under or over the end; see `sign`.
const QUALIFIERS: &[&str] = &["alpha", "beta", "milestone", "rc", "snapshot"];
const RELEASE_THEN_LESS: u8 = 0x10;
const END: u8 = 0x11;
const RELEASE_THEN_MORE: u8 = 0x12;
const SERVICE_PACK: u8 = 0x13;
const OTHER: u8 = 0x14;
const HYPHEN_NUMBER: u8 = 0x20;
const DOT_NUMBER: u8 = 0x21;

const PLAIN: u8 = 0x01;
const NUMBERED: u8 = 0x02;

#[derive(Clone, Copy)]
enum Token<'a> {
    Number { digits: &'a str, hyphen: bool },
    Word { word: &'a str, rank: Rank, digits: Option<&'a str> },
}

#[derive(Clone, Copy, PartialEq)]
enum Rank {
    Before(u8),
    Release,
    ServicePack,
    Other,
}

pub(super) fn read(text: &str, key: &mut Key) -> Option<()> {
    if text.bytes().any(|byte| matches!(byte, b' ' | b',' | b'[' | b']' | b'(' | b')' | b'{' | b'}' | b'$')) {
        // Ranges and properties that were not filled in.
        return None;
    }
    let (first, _) = split_digits(text);
    if !first.is_empty() {
        key.breaks_at(first);
    }
    let lower;
    let text = if text.bytes().any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii()) {
        lower = text.to_lowercase();
        lower.as_str()
    } else {
        text
    };
    let tokens = trim(tokens(text));
    for (at, token) in tokens.iter().enumerate() {
        match *token {
            Token::Number { digits, hyphen } => {
                key.tag(if hyphen { HYPHEN_NUMBER } else { DOT_NUMBER });
                key.number(digits);
            }
            Token::Word { word, rank, digits } => {
                match rank {
                    Rank::Before(index) => {
                        key.prerelease = true;
                        key.tag(index + 1);
                    }
                    Rank::Release => {
                        let less = sign(tokens.get(at..).unwrap_or_default()) < 0;
                        key.tag(if less { RELEASE_THEN_LESS } else { RELEASE_THEN_MORE });
                    }
                    Rank::ServicePack => key.tag(SERVICE_PACK),
                    Rank::Other => {
                        key.tag(OTHER);
                        key.text(word);
                    }
                }
                match digits {
                    None => key.tag(PLAIN),
                    Some(digits) => {
                        key.tag(NUMBERED);
                        key.number(digits);
                    }
                }
            }
        }
    }
    key.tag(END);
    Some(())
}

/// How a row compares with nothing. It is never empty of meaning: `trim` cut what equals nothing.
fn sign(tokens: &[Token<'_>]) -> i8 {
    for token in tokens {
        match token {
            Token::Number { digits, .. } if is_zero(digits) => {}
            Token::Number { .. } => return 1,
            Token::Word { rank: Rank::Before(_), .. } => return -1,
            Token::Word { rank: Rank::Release, digits, .. } => {
                if digits.is_some_and(|digits| !is_zero(digits)) {
                    return 1;
                }
            }
            Token::Word { .. } => return 1,
        }
    }
    0
}

fn rank(word: &str) -> Rank {
    let word = if word == "cr" { "rc" } else { word };
    if let Some(index) = QUALIFIERS.iter().position(|qualifier| *qualifier == word) {
        return Rank::Before(u8::try_from(index).unwrap_or_default());
    }
    match word {
        "ga" | "final" | "release" => Rank::Release,
        "sp" => Rank::ServicePack,
        _ => Rank::Other,
    }
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    // The first token counts as behind a dot, as does what follows a word in the same list.
    let mut hyphen = false;
    loop {
        let digits;
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            (digits, rest) = split_digits(rest);
            tokens.push(Token::Number { digits, hyphen });
        } else {
            let end = rest.find(|c: char| c.is_ascii_digit() || c == '.' || c == '-').unwrap_or(rest.len());
            let (word, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
            rest = tail;
            if word.is_empty() {
                tokens.push(Token::Number { digits: "", hyphen });
            } else {
                // `rc1` and `rc-1` are one.
                let (number, tail) = split_digits(rest.strip_prefix('-').unwrap_or(rest));
                let numbered = (!number.is_empty()).then_some(number);
                if numbered.is_some() {
                    rest = tail;
                }
                let word = match (word, numbered) {
                    ("a", Some(_)) => "alpha",
                    ("b", Some(_)) => "beta",
                    ("m", Some(_)) => "milestone",
                    _ => word,
                };
                let rank = rank(word);
                // A release word numbered zero is a release word.
                let digits = numbered.filter(|digits| rank != Rank::Release || !is_zero(digits));
                tokens.push(Token::Word { word, rank, digits });
            }
        }
        match rest.bytes().next() {
            None => return tokens,
            Some(b'.') => hyphen = false,
            Some(b'-') => hyphen = true,
            // Digits to letters, or a numbered word to letters: as if a hyphen stood there.
            Some(_) => {
                hyphen = true;
                continue;
            }
        }
        rest = rest.get(1..).unwrap_or_default();
        if rest.is_empty() {
            return tokens;
        }
    }
}

/// Cuts zeros at the end and before words, and release words with nothing behind them.
fn trim(mut tokens: Vec<Token<'_>>) -> Vec<Token<'_>> {
    let mut kept: Vec<Token<'_>> = Vec::with_capacity(tokens.len());
    while let Some(token) = tokens.pop() {
        let counts = match token {
            Token::Number { digits, .. } if is_zero(digits) => {
                matches!(kept.last(), Some(Token::Number { .. }))
            }
            Token::Word { rank: Rank::Release, digits: None, .. } => !kept.is_empty(),
            _ => true,
        };
        if counts {
            kept.push(token);
        }
    }
    kept.reverse();
    kept
}

#[cfg(test)]
mod tests {
    use super::super::Scheme::Maven;
    use super::super::tests::{ascending, equal, prereleases, refused};

    #[test]
    fn qualifiers_are_ordered() {
        ascending(
            Maven,
            &[
                "1-alpha2snapshot",
                "1-alpha2",
                "1-alpha-123",
                "1-beta-2",
                "1-beta123",
                "1-m2",
                "1-m11",
                "1-rc",
                "1-cr2",
                "1-rc123",
                "1-SNAPSHOT",
                "1",
                "1-sp",
                "1-sp2",
                "1-sp123",
                "1-abc",
                "1-def",
                "1-pom-1",
                "1-1-snapshot",
                "1-1",
                "1-2",
                "1-123",
            ],
        );
        ascending(
            Maven,
            &[
                "2.0", "2.0.a", "2-1", "2.0.2", "2.0.123", "2.1.0", "2.1-a", "2.1b", "2.1-c", "2.1-1",
                "2.1.0.1", "2.2", "2.123", "11.a2", "11.a11",
            ],
        );
        ascending(Maven, &["1", "1-foo2", "1-foo10", "1-1", "1.1"]);
        ascending(Maven, &["1-snapshot", "1", "1-sp"]);
        ascending(Maven, &["1.0.RC2", "1.0-RC3", "1.0.1"]);
        ascending(Maven, &["4.0.0.Beta1-SNAPSHOT", "4.0.0.Beta1", "4.0.0.Beta2", "4.0.0.Final"]);
        ascending(Maven, &["30.0-android", "30.0-jre", "30.1-android", "31.0.1-jre"]);
        ascending(
            Maven,
            &["20190722.2852", "20190722.3852", "100000000000000000000", "100000000000000000001"],
        );
    }

    #[test]
    fn nulls_are_trimmed() {
        equal(
            Maven,
            &[
                "1",
                "1.0",
                "1.0.0",
                "1-0",
                "1.ga",
                "1-final",
                "1.0.Final",
                "1-release",
                "1.",
                "1-",
                "1.0-0.0",
                "01",
                "1-ga-0",
            ],
        );
        equal(Maven, &["1.0.0-foo.0.0", "1-foo", "1.foo", "1foo", "1-FOO"]);
        equal(Maven, &["1-a1", "1-alpha-1", "1.alpha1", "1alpha1", "1.0.0-ALPHA1"]);
        equal(Maven, &["1-rc1", "1-cr1", "1.0.RC-1"]);
        ascending(Maven, &["1-ga-alpha", "1", "1-ga1", "1-ga-2", "1-sp"]);
        ascending(Maven, &["1", "1-0.1", "1-1", "1.0.1"]);
    }

    #[test]
    fn ranges_and_properties_are_refused() {
        refused(Maven, &["", "[1,2)", "${project.version}", "1, 2", "1 2"]);
        prereleases(
            Maven,
            &["1-SNAPSHOT", "1.0.M1", "1-b2", "1.0.Beta1"],
            &["1", "1.Final", "1-jre", "1-sp1", "1-a"],
        );
    }
}
