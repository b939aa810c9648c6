//! Literals, attributes and generics of Rust: where they end and what they say.

use super::super::lex::{byte, is_word};
use memchr::memmem;

/// Bytes of generic arguments between two parts of a path.
const MAX_GENERICS: usize = 256;

/// Whether what stands in an attribute's brackets makes its item test code.
pub fn is_test_attribute(content: &[u8]) -> bool {
    let head = content.trim_ascii();
    let name_end = head.iter().position(|b| !is_word(*b) && *b != b':').unwrap_or(head.len());
    let name = &head[..name_end];
    if name == b"test" || name.ends_with(b"::test") || name == b"bench" {
        return true;
    }
    if name != b"cfg" {
        return false;
    }
    let mut from = 0;
    while let Some(n) = content.get(from..).and_then(|rest| memmem::find(rest, b"test")) {
        let at = from + n;
        let goes_on = is_word(byte(content, at + 4));
        let alone = !goes_on && at.checked_sub(1).is_none_or(|before| !is_word(content[before]));
        let quoted = at > 0 && content[at - 1] == b'"';
        let negated = memmem::find(&content[..at], b"not(").is_some();
        // `any(test, feature = "x")` is compiled for others as well.
        let one_of = memmem::find(&content[..at], b"any(").is_some();
        if alone && !quoted && !negated && !one_of {
            return true;
        }
        from = at + 4;
    }
    false
}

/// Past a string whose content starts at `at`; lines are part of it.
pub fn skip_text(text: &[u8], mut at: usize) -> usize {
    while let Some(n) = text.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += n;
        if text[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    text.len()
}

/// Past a raw string at its hashes or its quote.
pub fn skip_raw_text(text: &[u8], at: usize) -> usize {
    let hashes = text[at..].iter().take_while(|b| **b == b'#').count().min(255);
    let mut from = at + hashes + 1;
    while let Some(n) = text.get(from..).and_then(|rest| memchr::memchr(b'"', rest)) {
        from += n + 1;
        let behind = &text[from..];
        if behind.len() >= hashes && behind[..hashes].iter().all(|b| *b == b'#') {
            return from + hashes;
        }
    }
    text.len()
}

/// Past a character, or past the quote of a lifetime.
pub fn skip_char(text: &[u8], at: usize) -> usize {
    match byte(text, at + 1) {
        b'\\' => {
            // The longest is '\u{10ffff}'; underscores may stand between.
            let rest = text.get(at + 3..).unwrap_or_default();
            let rest = &rest[..rest.len().min(24)];
            memchr::memchr(b'\'', rest).map_or(at + 2, |n| at + n + 4)
        }
        0..=0x7f if byte(text, at + 2) == b'\'' => at + 3,
        0x80.. => {
            let rest = text.get(at + 2..).unwrap_or_default();
            let rest = &rest[..rest.len().min(4)];
            memchr::memchr(b'\'', rest).map_or(at + 1, |n| at + n + 3)
        }
        _ => at + 1,
    }
}

/// Past `r#` before a name.
pub fn skip_raw(text: &[u8], at: usize) -> usize {
    if byte(text, at) == b'r' && byte(text, at + 1) == b'#' { at + 2 } else { at }
}

/// Past `<…>`, where it ends soon.
pub fn skip_generics(text: &[u8], at: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (offset, b) in text.get(at..)?.iter().take(MAX_GENERICS).enumerate() {
        match b {
            b'<' => depth += 1,
            b'>' if offset > 0 && text[at + offset - 1] == b'-' => {}
            b'>' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + offset + 1);
                }
            }
            b'"' | b'{' | b'}' => return None,
            _ => {}
        }
    }
    None
}
