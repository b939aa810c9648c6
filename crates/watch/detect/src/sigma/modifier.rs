//! What stands behind a field's name: `field|modifier|modifier`.
//!
//! Modifiers change the values in the order in which they stand (specification, appendix "Modifiers").

use super::value::Order;
use super::{Part, Pattern, RegexFlags, Test, TextPosition};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use std::net::IpAddr;

/// Values that one value may grow into: dashes in several places, base64 at three offsets.
const MAX_VARIANTS: usize = 4096;

/// A part of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimePart {
    /// 0 to 59.
    Minute,
    /// 0 to 23.
    Hour,
    /// Of the month, from 1.
    Day,
    /// Of the year, ISO 8601.
    Week,
    /// From 1.
    Month,
    /// With the century.
    Year,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Utf16 {
    Little,
    Big,
    Marked,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Modifier {
    Contains,
    StartsWith,
    EndsWith,
    All,
    Cased,
    Negated,
    Regex,
    IgnoreCase,
    MultiLine,
    DotAll,
    Cidr,
    Base64,
    Base64Offset,
    Utf16(Utf16),
    Windash,
    Exists,
    Expand,
    FieldRef,
    Compare(Order),
    Time(TimePart),
}

impl Modifier {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "contains" => Self::Contains,
            "startswith" => Self::StartsWith,
            "endswith" => Self::EndsWith,
            "all" => Self::All,
            "cased" => Self::Cased,
            "neq" => Self::Negated,
            "re" => Self::Regex,
            "i" | "ignorecase" => Self::IgnoreCase,
            "m" | "multiline" => Self::MultiLine,
            "s" | "dotall" => Self::DotAll,
            "cidr" => Self::Cidr,
            "base64" => Self::Base64,
            "base64offset" => Self::Base64Offset,
            "wide" | "utf16le" => Self::Utf16(Utf16::Little),
            "utf16be" => Self::Utf16(Utf16::Big),
            "utf16" => Self::Utf16(Utf16::Marked),
            "windash" => Self::Windash,
            "exists" => Self::Exists,
            "expand" => Self::Expand,
            "fieldref" => Self::FieldRef,
            "minute" => Self::Time(TimePart::Minute),
            "hour" => Self::Time(TimePart::Hour),
            "day" => Self::Time(TimePart::Day),
            "week" => Self::Time(TimePart::Week),
            "month" => Self::Time(TimePart::Month),
            "year" => Self::Time(TimePart::Year),
            other => Self::Compare(Order::from_name(other).filter(|_| other.is_ascii())?),
        })
    }
}

/// A value as the file writes it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Written {
    /// Text, quoted or not.
    Text(String),
    /// A plain number, and how it is written.
    Number(f64, String),
    /// A plain `true` or `false`.
    Bool(bool),
    /// A plain `null` or nothing.
    Null,
}

/// The modifiers of one field, checked against each other.
#[derive(Clone, Debug, Default)]
pub(super) struct Modifiers {
    list: Vec<Modifier>,
    pub(super) all: bool,
    pub(super) negated: bool,
}

impl Modifiers {
    /// Reads the names behind a field.
    pub(super) fn parse<'a>(names: impl Iterator<Item = &'a str>) -> Result<Self, String> {
        let mut modifiers = Self::default();
        for name in names {
            match Modifier::from_name(name).ok_or_else(|| format!("`{name}` is no modifier"))? {
                Modifier::All => modifiers.all = true,
                Modifier::Negated => modifiers.negated = true,
                modifier => modifiers.list.push(modifier),
            }
        }
        modifiers.check()?;
        Ok(modifiers)
    }

    fn has(&self, modifier: Modifier) -> bool {
        self.list.contains(&modifier)
    }

    fn check(&self) -> Result<(), String> {
        let regex = self.has(Modifier::Regex);
        for modifier in &self.list {
            match modifier {
                Modifier::IgnoreCase | Modifier::MultiLine | Modifier::DotAll if !regex => {
                    return Err("`i`, `m` and `s` belong to `re`".to_owned());
                }
                Modifier::Exists | Modifier::Cidr if self.list.len() > 1 => {
                    return Err("`exists` and `cidr` stand alone".to_owned());
                }
                _ => {}
            }
        }
        let wide = self.list.iter().position(|one| matches!(one, Modifier::Utf16(_)));
        let encoded =
            self.list.iter().position(|one| matches!(one, Modifier::Base64 | Modifier::Base64Offset));
        match (wide, encoded) {
            (Some(wide), Some(encoded)) if wide < encoded => Ok(()),
            (Some(_), _) => Err("`wide` and `utf16` stand before `base64` or `base64offset`".to_owned()),
            _ => Ok(()),
        }
    }

    /// What a written value asks; several tests are alternatives.
    pub(super) fn tests(&self, value: &Written) -> Result<Vec<Test>, String> {
        if self.has(Modifier::Exists) {
            return match value {
                Written::Bool(wanted) => Ok(vec![Test::Exists(*wanted)]),
                _ => Err("`exists` takes true or false".to_owned()),
            };
        }
        if let Some(time) = self.list.iter().find_map(|one| match one {
            Modifier::Time(part) => Some(*part),
            _ => None,
        }) {
            let order = self.order().unwrap_or(Order::Equal);
            return Ok(vec![Test::Time(time, order, number(value)?)]);
        }
        if let Some(order) = self.order() {
            return Ok(vec![Test::Compare(order, number(value)?)]);
        }
        if self.list.is_empty() {
            return Ok(vec![match value {
                Written::Text(text) => Test::Text { pattern: Pattern::parse(text), cased: false },
                Written::Number(number, _) => Test::Number(*number),
                Written::Bool(wanted) => Test::Bool(*wanted),
                Written::Null => Test::Null,
            }]);
        }
        let text = match value {
            Written::Text(text) | Written::Number(_, text) => text.clone(),
            Written::Bool(wanted) => wanted.to_string(),
            Written::Null => return Err("null takes no modifier".to_owned()),
        };
        if self.has(Modifier::Regex) {
            return self.regex(text).map(|test| vec![test]);
        }
        if self.has(Modifier::Cidr) {
            let (address, bits) = network(&text)?;
            return Ok(vec![Test::Network { address, bits }]);
        }
        if self.has(Modifier::FieldRef) {
            return Ok(vec![Test::Field {
                other: text,
                position: self.position(),
                cased: self.has(Modifier::Cased),
            }]);
        }
        self.texts(&text)
    }

    fn order(&self) -> Option<Order> {
        self.list.iter().find_map(|one| match one {
            Modifier::Compare(order) => Some(*order),
            _ => None,
        })
    }

    fn position(&self) -> TextPosition {
        if self.has(Modifier::Contains) {
            TextPosition::Anywhere
        } else if self.has(Modifier::StartsWith) {
            TextPosition::Start
        } else if self.has(Modifier::EndsWith) {
            TextPosition::End
        } else {
            TextPosition::Whole
        }
    }

    fn regex(&self, pattern: String) -> Result<Test, String> {
        let flags = RegexFlags {
            ignore_case: self.has(Modifier::IgnoreCase),
            multi_line: self.has(Modifier::MultiLine),
            dot_all: self.has(Modifier::DotAll),
        };
        crate::regex::Expression::new(&pattern, flags)?;
        Ok(Test::Regex { pattern, flags })
    }

    fn texts(&self, text: &str) -> Result<Vec<Test>, String> {
        let mut patterns = vec![Pattern::parse(text)];
        let mut cased = false;
        for modifier in &self.list {
            patterns = match modifier {
                Modifier::Contains => surround(patterns, true, true),
                Modifier::StartsWith => surround(patterns, false, true),
                Modifier::EndsWith => surround(patterns, true, false),
                Modifier::Cased => {
                    cased = true;
                    patterns
                }
                Modifier::Windash => patterns.iter().flat_map(dashes).collect(),
                Modifier::Expand => patterns.iter().map(placeholders).collect(),
                Modifier::Utf16(form) => patterns.into_iter().map(|one| wide(&one, *form)).collect(),
                Modifier::Base64 => {
                    cased = true;
                    let encode = |one: &Pattern| Ok(Pattern::literal(&STANDARD_NO_PAD.encode(bytes(one)?)));
                    patterns.iter().map(encode).collect::<Result<_, String>>()?
                }
                Modifier::Base64Offset => {
                    cased = true;
                    let encode = |one: &Pattern| Ok(base64_offsets(&bytes(one)?));
                    patterns.iter().map(encode).collect::<Result<Vec<_>, String>>()?.concat()
                }
                _ => patterns,
            };
            if patterns.len() > MAX_VARIANTS {
                return Err(format!("the modifiers make more than {MAX_VARIANTS} values of one"));
            }
        }
        Ok(patterns.into_iter().map(|pattern| Test::Text { pattern, cased }).collect())
    }
}

fn surround(patterns: Vec<Pattern>, before: bool, behind: bool) -> Vec<Pattern> {
    patterns.into_iter().map(|pattern| pattern.surrounded(before, behind)).collect()
}

fn number(value: &Written) -> Result<f64, String> {
    match value {
        Written::Number(number, _) => Ok(*number),
        Written::Text(text) => text.trim().parse().map_err(|_| format!("`{text}` is no number")),
        _ => Err("a comparison takes a number".to_owned()),
    }
}

/// Address and bits of `10.0.0.0/8`; an address alone is a network of one.
fn network(text: &str) -> Result<(IpAddr, u8), String> {
    let wrong = || format!("`{text}` is no network, such as 192.0.2.0/24");
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (text, None),
    };
    let address: IpAddr = address.trim().parse().map_err(|_| wrong())?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.map_or(Ok(most), |bits| bits.trim().parse::<u8>().map_err(|_| wrong()))?;
    if bits > most {
        return Err(wrong());
    }
    Ok((address, bits))
}

/// All ways to write the dashes and slashes that begin options: `-`, `/`, en dash, em dash, horizontal bar.
fn dashes(pattern: &Pattern) -> Vec<Pattern> {
    const DASHES: [char; 5] = ['-', '/', '\u{2013}', '\u{2014}', '\u{2015}'];
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let mut all = vec![Pattern::default()];
    for part in &pattern.0 {
        let Part::Text(text) = part else {
            all.iter_mut().for_each(|one| one.push(part.clone()));
            continue;
        };
        let mut before: Option<char> = None;
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            let starts = !before.is_some_and(is_word) && characters.peek().copied().is_some_and(is_word);
            if matches!(character, '-' | '/') && starts && all.len() <= MAX_VARIANTS {
                all = all
                    .into_iter()
                    .flat_map(|one| {
                        DASHES.map(|dash| {
                            let mut longer = one.clone();
                            longer.push_text(dash.encode_utf8(&mut [0; 4]));
                            longer
                        })
                    })
                    .collect();
            } else {
                let mut buffer = [0; 4];
                let text = character.encode_utf8(&mut buffer);
                all.iter_mut().for_each(|one| one.push_text(text));
            }
            before = Some(character);
        }
    }
    all
}

/// `%name%` in text as a placeholder.
fn placeholders(pattern: &Pattern) -> Pattern {
    let mut found = Pattern::default();
    for part in &pattern.0 {
        let Part::Text(text) = part else {
            found.push(part.clone());
            continue;
        };
        let mut rest = text.as_str();
        while let Some((before, behind)) = rest.split_once('%') {
            let Some((name, after)) = behind.split_once('%') else { break };
            let is_name = |name: &str| {
                !name.is_empty()
                    && name.chars().all(|one| one.is_alphanumeric() || matches!(one, '_' | '-' | '.'))
            };
            if is_name(name) {
                found.push_text(before);
                found.push(Part::Placeholder(name.to_owned()));
                rest = after;
            } else {
                found.push_text(before);
                found.push_text("%");
                rest = behind;
            }
        }
        found.push_text(rest);
    }
    found
}

/// UTF-16 as text of which each character is one byte.
fn wide(pattern: &Pattern, form: Utf16) -> Pattern {
    let mut first = form == Utf16::Marked;
    pattern.map_text(|text| {
        let mut units: Vec<u16> = text.encode_utf16().collect();
        if std::mem::take(&mut first) {
            units.insert(0, 0xFEFF);
        }
        let pairs = units.iter().flat_map(|unit| match form {
            Utf16::Big => unit.to_be_bytes(),
            Utf16::Little | Utf16::Marked => unit.to_le_bytes(),
        });
        pairs.map(char::from).collect()
    })
}

/// The bytes that an encoder takes: what `wide` made are bytes already.
fn bytes(pattern: &Pattern) -> Result<Vec<u8>, String> {
    let text = pattern.as_literal().ok_or("base64 takes text without wildcards")?;
    let is_wide = text.contains('\0') || text.starts_with('\u{ff}');
    if is_wide && text.chars().all(|one| u32::from(one) < 256) {
        return Ok(text.chars().map(|one| one as u8).collect());
    }
    Ok(text.as_bytes().to_vec())
}

/// The characters that stand for the bytes alone, wherever the bytes begin within a group of three.
fn base64_offsets(bytes: &[u8]) -> Vec<Pattern> {
    let offset = |before: usize| {
        let mut padded = vec![0; before];
        padded.extend_from_slice(bytes);
        let encoded = STANDARD_NO_PAD.encode(&padded);
        // Characters that the bytes before, or those behind, have a share in are left out.
        let start = (before * 8).div_ceil(6);
        let end = padded.len() * 8 / 6;
        Pattern::literal(encoded.get(start..end).unwrap_or_default())
    };
    (0..3).map(offset).filter(|pattern| pattern.as_literal() != Some("")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(modifiers: &str, value: &str) -> Vec<String> {
        let modifiers = Modifiers::parse(modifiers.split('|')).unwrap();
        let tests = modifiers.tests(&Written::Text(value.to_owned())).unwrap();
        tests.into_iter().map(|test| format!("{test:?}")).collect()
    }

    #[test]
    fn base64_at_each_offset_is_found_in_encoded_text() {
        let needle = "http://example";
        let modifiers = Modifiers::parse(["base64offset", "contains"].into_iter()).unwrap();
        let tests = modifiers.tests(&Written::Text(needle.to_owned())).unwrap();
        let wanted: Vec<String> = tests
            .iter()
            .filter_map(|test| match test {
                Test::Text { pattern, cased: true } => pattern.0.iter().find_map(|part| match part {
                    Part::Text(text) => Some(text.clone()),
                    _ => None,
                }),
                _ => None,
            })
            .collect();
        assert_eq!(wanted.len(), 3);
        for before in ["", "a", "ab", "abc", "abcd"] {
            let encoded = STANDARD_NO_PAD.encode(format!("{before}{needle}/x"));
            assert!(wanted.iter().any(|one| encoded.contains(one.as_str())), "{encoded}");
        }
    }

    #[test]
    fn dashes_vary_only_where_options_begin() {
        assert_eq!(texts("windash|contains", " -f").len(), 5);
        assert_eq!(texts("windash|contains", "a-b").len(), 1);
        assert_eq!(texts("windash|contains", " -a -b").len(), 25);
        assert_eq!(texts("windash|contains", " /s").len(), 5);
    }

    #[test]
    fn contradictions_are_refused() {
        for wrong in ["nonsense", "i", "exists|contains", "wide", "base64|wide", "cidr|contains"] {
            assert!(Modifiers::parse(wrong.split('|')).is_err(), "{wrong}");
        }
        let compare = Modifiers::parse(["gt"].into_iter()).unwrap();
        assert!(compare.tests(&Written::Text("x".to_owned())).is_err());
        let network = Modifiers::parse(["cidr"].into_iter()).unwrap();
        assert!(network.tests(&Written::Text("192.0.2.0/33".to_owned())).is_err());
        assert!(network.tests(&Written::Text("2001:db8::/32".to_owned())).is_ok());
    }

    #[test]
    fn placeholders_need_a_name() {
        let found = placeholders(&Pattern::literal("a %user% 100% %b c%"));
        assert_eq!(found.placeholder(), Some("user"));
        assert_eq!(found.0.len(), 3);
    }
}
