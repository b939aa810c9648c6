//! One test of one field, ready to be held against values.

use super::value::Value;
use crate::regex::Expression;
use crate::sigma::{Order, Part, Pattern, RegexFlags, Test, TextPosition, TimePart};
use memchr::memmem;
use std::net::IpAddr;

/// Text against which values are held; without case it is in lower case already.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Text {
    Is(Box<[u8]>),
    Starts(Box<[u8]>),
    Ends(Box<[u8]>),
    Contains(Box<[u8]>),
    /// Whatever it is.
    Anything,
    Wild(Box<[Piece]>),
}

/// A piece of a pattern with wildcards.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Piece {
    Text(Box<[u8]>),
    Many,
    One,
}

/// What a test asks of a value. Equal matchers are one predicate, however many rules ask.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Matcher {
    Text {
        text: Text,
        cased: bool,
    },
    Regex {
        pattern: String,
        flags: RegexFlags,
    },
    Network {
        address: IpAddr,
        bits: u8,
    },
    /// Bits of the number.
    Number(u64),
    Bool(bool),
    Compare(Order, u64),
    Time(TimePart, Order, u64),
    Null,
    Exists,
    Field {
        other: u32,
        position: TextPosition,
        cased: bool,
    },
}

impl Matcher {
    /// `other` gives the number of a field by its name. `Exists(false)` is left to the caller to negate.
    pub(super) fn new(test: &Test, mut other: impl FnMut(&str) -> u32) -> Self {
        match test {
            Test::Text { pattern, cased } => Self::Text { text: text(pattern, *cased), cased: *cased },
            Test::Regex { pattern, flags } => Self::Regex { pattern: pattern.clone(), flags: *flags },
            Test::Network { address, bits } => Self::Network { address: *address, bits: *bits },
            Test::Number(number) => Self::Number(number.to_bits()),
            Test::Bool(wanted) => Self::Bool(*wanted),
            Test::Compare(order, number) => Self::Compare(*order, number.to_bits()),
            Test::Time(part, order, number) => Self::Time(*part, *order, number.to_bits()),
            Test::Null => Self::Null,
            Test::Exists(_) => Self::Exists,
            Test::Field { other: name, position, cased } => {
                Self::Field { other: other(name), position: *position, cased: *cased }
            }
        }
    }

    /// Whether hits come from the field's index rather than from asking this matcher.
    pub(super) fn is_indexed(&self) -> bool {
        match self {
            Self::Text { text, .. } => match text {
                Text::Is(_) => true,
                Text::Starts(text) | Text::Ends(text) | Text::Contains(text) => !text.is_empty(),
                Text::Anything => false,
                Text::Wild(pieces) => longest(pieces).is_some(),
            },
            Self::Number(_) => true,
            _ => false,
        }
    }

    /// How likely an ordinary value meets it: a guess, used only to choose which test of a rule to ask first.
    pub(super) fn likelihood(&self) -> f64 {
        let by_length = |length: usize| 0.75_f64.powi(i32::try_from(length.min(60)).unwrap_or(60));
        match self {
            Self::Number(_) => 0.3,
            Self::Text { text, .. } => match text {
                Text::Is(text) => by_length(text.len() + 2).min(0.3),
                Text::Starts(text) | Text::Ends(text) => by_length(text.len()),
                Text::Contains(text) => by_length(text.len()) * 1.5,
                Text::Anything => 1.0,
                Text::Wild(pieces) => longest(pieces).map_or(1.0, |text| by_length(text.len()) * 1.5),
            },
            _ => 1.0,
        }
    }
}

/// The longest piece of text that a value has to contain.
pub(super) fn longest(pieces: &[Piece]) -> Option<&[u8]> {
    let texts = pieces.iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(&**text),
        _ => None,
    });
    texts.max_by_key(|text| text.len())
}

fn text(pattern: &Pattern, cased: bool) -> Text {
    let bytes = |text: &str| -> Box<[u8]> {
        if cased {
            return text.as_bytes().into();
        }
        let mut lower = Vec::new();
        super::value::lower(text.as_bytes(), &mut lower);
        lower.into_boxed_slice()
    };
    match pattern.0.as_slice() {
        [] => Text::Is(Box::default()),
        [Part::Text(text)] => Text::Is(bytes(text)),
        [Part::Many] => Text::Anything,
        [Part::Text(text), Part::Many] => Text::Starts(bytes(text)),
        [Part::Many, Part::Text(text)] => Text::Ends(bytes(text)),
        [Part::Many, Part::Text(text), Part::Many] => Text::Contains(bytes(text)),
        parts => Text::Wild(
            parts
                .iter()
                .map(|part| match part {
                    Part::Text(text) => Piece::Text(bytes(text)),
                    Part::Many => Piece::Many,
                    Part::One => Piece::One,
                    // What no pipeline filled in stands for itself; the compiler refuses such rules before.
                    Part::Placeholder(name) => Piece::Text(bytes(&format!("%{name}%"))),
                })
                .collect(),
        ),
    }
}

impl Text {
    /// Whether the value is so. Both are in lower case where case does not matter.
    pub(super) fn holds(&self, value: &[u8]) -> bool {
        match self {
            Self::Is(text) => value == &**text,
            Self::Starts(text) => value.starts_with(text),
            Self::Ends(text) => value.ends_with(text),
            Self::Contains(text) => memmem::find(value, text).is_some(),
            Self::Anything => true,
            Self::Wild(pieces) => wild(pieces, value),
        }
    }
}

/// Greedy matching with one place to return to: at most pieces times bytes steps.
fn wild(pieces: &[Piece], value: &[u8]) -> bool {
    let (mut piece, mut at) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        let rest = value.get(at..).unwrap_or_default();
        let advanced = match pieces.get(piece) {
            Some(Piece::Many) => {
                if piece + 1 == pieces.len() {
                    return true;
                }
                retry = Some((piece, at));
                piece += 1;
                continue;
            }
            Some(Piece::Text(text)) if rest.starts_with(text) => Some(text.len()),
            Some(Piece::One) if !rest.is_empty() => Some(character(rest)),
            None if rest.is_empty() => return true,
            _ => None,
        };
        match (advanced, retry) {
            (Some(length), _) => {
                at += length;
                piece += 1;
            }
            (None, Some((star, from))) if from < value.len() => {
                // The next place at which the piece behind the star can stand.
                let behind = value.get(from + 1..).unwrap_or_default();
                let skip = match pieces.get(star + 1) {
                    Some(Piece::Text(text)) => match memmem::find(behind, text) {
                        Some(skip) => skip,
                        None => return false,
                    },
                    _ => 0,
                };
                retry = Some((star, from + 1 + skip));
                at = from + 1 + skip;
                piece = star + 1;
            }
            _ => return false,
        }
    }
}

/// Bytes of the first character.
fn character(text: &[u8]) -> usize {
    let more = text.iter().skip(1).take(3).take_while(|byte| **byte & 0xC0 == 0x80).count();
    1 + if text.first().is_some_and(|first| *first >= 0xC0) { more } else { 0 }
}

/// Whether a value without an index meets the matcher. Null, existence and other fields are the evaluator's.
pub(super) fn holds(matcher: &Matcher, regex: Option<&Expression>, value: &mut Value<'_>) -> bool {
    match matcher {
        Matcher::Text { text: Text::Anything, .. } => !value.is_null(),
        Matcher::Text { text, cased } => {
            !value.is_null() && if *cased { text.holds(value.text()) } else { text.holds(value.lower()) }
        }
        Matcher::Regex { .. } => {
            !value.is_null() && regex.is_some_and(|regex| regex.matches(value.text()) == Some(true))
        }
        Matcher::Network { address, bits } => {
            value.address().is_some_and(|seen| within(seen, *address, *bits))
        }
        Matcher::Number(bits) => value.number() == Some(f64::from_bits(*bits)),
        Matcher::Bool(wanted) => value.truth() == Some(*wanted),
        Matcher::Compare(order, bits) => {
            value.number().is_some_and(|number| order.holds(number, f64::from_bits(*bits)))
        }
        Matcher::Time(part, order, bits) => {
            let seen = value.time().map(|time| time.part(*part));
            seen.is_some_and(|number| order.holds(f64::from(number), f64::from_bits(*bits)))
        }
        Matcher::Null | Matcher::Exists | Matcher::Field { .. } => false,
    }
}

fn within(seen: IpAddr, network: IpAddr, bits: u8) -> bool {
    let shift = |most: u8| u32::from(most.saturating_sub(bits));
    match (seen.to_canonical(), network) {
        (IpAddr::V4(seen), IpAddr::V4(network)) => {
            let mask = u32::MAX.checked_shl(shift(32)).unwrap_or(0);
            u32::from(seen) & mask == u32::from(network) & mask
        }
        (IpAddr::V6(seen), IpAddr::V6(network)) => {
            let mask = u128::MAX.checked_shl(shift(128)).unwrap_or(0);
            u128::from(seen) & mask == u128::from(network) & mask
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn wildcard(pattern: &str, value: &str) -> bool {
        text(&Pattern::parse(pattern), true).holds(value.as_bytes())
    }

    #[test]
    fn wildcards_take_characters() {
        assert!(wildcard("a*b*c", "axxbyyc"));
        assert!(!wildcard("a*b*c", "axxbyycd"));
        assert!(wildcard("?b", "éb"));
        assert!(!wildcard("?b", "b"));
        assert!(wildcard("*a?c*", "xxabcabd"));
        assert!(wildcard("*ab*ab", "abab"));
        assert!(!wildcard("*ab*ab", "aab"));
        assert!(wildcard("*", ""));
    }

    #[test]
    fn networks_count_bits() {
        let network = |text: &str| text.parse::<IpAddr>().unwrap();
        assert!(within(network("10.1.2.3"), network("10.0.0.0"), 8));
        assert!(!within(network("11.1.2.3"), network("10.0.0.0"), 8));
        assert!(within(network("11.1.2.3"), network("10.0.0.0"), 0));
        assert!(within(network("::ffff:10.1.2.3"), network("10.0.0.0"), 8));
        assert!(within(network("2001:db8::1"), network("2001:db8::"), 32));
    }

    proptest! {
        #[test]
        fn wildcards_agree_with_an_expression(pattern in "[ab*?]{0,8}", value in "[ab]{0,8}") {
            let mut expression = String::from("^(?s:");
            for one in pattern.chars() {
                match one { '*' => expression.push_str(".*"), '?' => expression.push('.'), one => expression.push(one) }
            }
            let regex = Expression::new(&format!("{expression})$"), RegexFlags::default()).unwrap();
            prop_assert_eq!(wildcard(&pattern, &value), regex.matches(value.as_bytes()).unwrap());
        }
    }
}
