//! Rules whose format says too little: the provider's name must stand near by, and the key must speak of a secret.

use crate::assignment;
use crate::judge::value::Shape;
use crate::rule::Near;
use crate::scanner::Place;
use crate::text::{self, is_word, line_around};
use bartizan_model::Language;
use std::ops::Range;

/// Lines below the provider's name in which its values are looked for.
const LINES: usize = 5;
/// Bytes below it, at most.
const BYTES: usize = 600;
/// Bytes to either side that count as the same line.
const SAME_LINE: usize = 160;

/// Keys that name a number of the same shape as a token.
const NO_SECRET: &[&str] = &[
    "sha",
    "sha1",
    "sha256",
    "sha512",
    "md5",
    "hash",
    "digest",
    "checksum",
    "commit",
    "revision",
    "rev",
    "etag",
    "integrity",
    "fingerprint",
    "thumbprint",
    "uuid",
    "guid",
    "build",
    "version",
    "blob",
    "tree",
    "image",
    "layer",
    "trace",
    "span",
    "request",
    "correlation",
    "nonce",
    "color",
    "colour",
    "resolved",
    "sum",
    "crc",
];

/// Whether what starts at `start` is (the rest of) a digest that says so: `sha256=…`, `sha512-…`.
fn is_digest(text: &[u8], start: usize) -> bool {
    const LONGEST: usize = 90;
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    let run = text[..start].iter().rev().take(LONGEST).take_while(|byte| part(byte)).count();
    // `sha512-` is a part of the run, `sha256=` stands before it.
    let from = (start - run).saturating_sub(8);
    let before = text[from..start].to_ascii_lowercase();
    [&b"sha1"[..], b"sha224", b"sha256", b"sha384", b"sha512", b"md5"].iter().any(|name| {
        memchr::memmem::find_iter(&before, name)
            .any(|at| matches!(before.get(at + name.len()), Some(b'=' | b'-' | b':')))
    })
}

/// Whether the literal at `at` is a word of its own: no letter goes on there, unless capitals tell a new word. Long
/// words are distinctive enough inside others.
pub fn is_word_at(text: &[u8], at: usize, length: usize) -> bool {
    if length >= 6 {
        return true;
    }
    let before = at.checked_sub(1).map(|i| text[i]);
    let first = text[at];
    let starts = before
        .is_none_or(|b| !b.is_ascii_alphabetic() || (b.is_ascii_lowercase() && first.is_ascii_uppercase()));
    let last = text[at + length - 1];
    let ends = text.get(at + length).is_none_or(|&b| {
        !b.is_ascii_alphabetic()
            || (last.is_ascii_lowercase() && b.is_ascii_uppercase())
            || !last.is_ascii_alphabetic()
    });
    starts && ends
}

/// What is near the word at `at`: its line and some below.
pub fn region(text: &[u8], at: usize) -> Range<usize> {
    let line = line_around(text, at, BYTES);
    let mut end = line.end;
    for _ in 0..LINES {
        if end >= text.len() || end - line.start > BYTES {
            break;
        }
        end = line_around(text, end + 1, BYTES).end.max(end + 1).min(text.len());
    }
    line.start..end.max(line.end)
}

/// Whether a file is one in which a path's provider name vouches for the values: configuration, not code.
pub fn is_configuration(place: Place<'_>) -> bool {
    matches!(
        place.language,
        Language::Ini
            | Language::Yaml
            | Language::Json
            | Language::Toml
            | Language::Xml
            | Language::Hcl
            | Language::Unknown
            | Language::Bash
    )
}

/// Whether a machine made the value, or a part of it between separators: hexadecimal, a number, digits strewn among
/// letters, or unlike the words of source code.
fn looks_made(value: &[u8]) -> bool {
    let made = |part: &[u8]| {
        let shape = Shape::of(part);
        let changes =
            part.windows(2).filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit()).count();
        shape.hex
            || shape.digits >= 8
            || (shape.letters == 0 && shape.digits >= 6)
            || changes >= 3
            || (shape.length <= 10 && changes >= 2)
            || (shape.length >= 8 && shape.randomness > 0.6)
    };
    let bare: Vec<u8> = value.iter().copied().filter(u8::is_ascii_alphanumeric).collect();
    made(&bare) || value.split(|b| !b.is_ascii_alphanumeric()).any(made)
}

/// How sure a token-shaped value at `secret` in the match `span` is, `base` being the rule's confidence when the name is in the key; `None`:
/// it is something else.
pub fn weigh(
    text: &[u8],
    place: Place<'_>,
    near: &Near,
    span: &Range<usize>,
    secret: &Range<usize>,
    base: f64,
) -> Option<(f64, String)> {
    if !looks_made(&text[secret.clone()]) {
        return None;
    }
    // A minified file is one line: what stands further away than a long statement is not on the same one.
    let line = line_around(text, span.start, SAME_LINE).start..line_around(text, span.end, SAME_LINE).end;
    let before = assignment::before(text, span.start);
    let key: &[u8] = before.as_ref().map_or(&[], |before| &text[before.key.clone()]);
    let words = text::words_of(key);
    let squashed = text::squashed(key);
    // `curl -u user:VALUE` names no key and means one.
    let credentials =
        matches!(key, b"-u" | b"--user" | b"u" | b"--header" | b"-H") || squashed == "authorization";
    let named_key = credentials || near.keys.iter().any(|wanted| squashed.contains(wanted.as_str()));
    let other_thing = words.iter().any(|word| NO_SECRET.contains(&word.as_str()))
        && !near.keys.iter().any(|wanted| squashed.ends_with(wanted.as_str()));
    if other_thing || is_part_of_path(text, span) || is_digest(text, secret.start) {
        return None;
    }
    let shown = String::from_utf8_lossy(key).into_owned();
    let key_has_word = near.words.iter().any(|word| {
        text::contains_ignore_case(key, word.as_bytes())
            || squashed.contains(&text::squashed(word.as_bytes()))
    });
    // The provider's name alone before it is a sentence as often as a key.
    let has_digit = text[secret.clone()].iter().any(u8::is_ascii_digit);
    if key_has_word && near.own_keys && !named_key && !has_digit {
        return None;
    }
    if key_has_word {
        let confidence = match (near.own_keys, named_key) {
            (true, true) => base.max(0.85) + 0.05,
            (true, false) => base - 0.1,
            (false, _) => base.max(0.85),
        };
        return Some((confidence, format!("key `{shown}` names the provider")));
    }
    let line_before = &text[line.start..span.start];
    let line_after = &text[span.end..line.end];
    let has_word =
        |part: &[u8]| near.words.iter().any(|word| text::contains_ignore_case(part, word.as_bytes()));
    if has_word(line_before) || has_word(line_after) {
        let line_words = text::words_of(&[line_before, b" ", line_after].concat());
        return if named_key {
            Some((base, format!("key `{shown}` on a line that names the provider")))
        } else if near.keys.iter().any(|wanted| line_words.contains(wanted)) {
            Some((base - 0.15, "on a line that names the provider and a credential".to_owned()))
        } else if line_before.contains(&b'(') && has_word(line_before) && is_quoted(text, span) {
            Some((base - 0.2, "given to a call on a line that names the provider".to_owned()))
        } else if is_user_information(text, span) {
            Some((base - 0.1, "given as user information on a line that names the provider".to_owned()))
        } else if key.is_empty() {
            Some(((base - 0.35).min(0.45), "on a line that names the provider".to_owned()))
        } else {
            Some(((base - 0.4).min(0.4), format!("key `{shown}` on a line that names the provider")))
        };
    }
    if !named_key {
        return None;
    }
    let above = text[..line.start].len().saturating_sub(BYTES);
    if has_word(&text[above..line.start]) {
        return Some((base - 0.1, format!("key `{shown}` below a line that names the provider")));
    }
    let path = place.path.as_bytes();
    has_word(path).then(|| (base - 0.15, format!("key `{shown}` in a file that is named after the provider")))
}

fn is_quoted(text: &[u8], span: &Range<usize>) -> bool {
    let quote = span.start.checked_sub(1).map(|i| text[i]);
    quote.is_some_and(|b| matches!(b, b'"' | b'\'' | b'`')) && text.get(span.end).copied() == quote
}

/// `user:VALUE` or `VALUE:` in the argument of `-u`, and `user:VALUE@host`.
fn is_user_information(text: &[u8], span: &Range<usize>) -> bool {
    let line = line_around(text, span.start, 200);
    let before = &text[line.start..span.start];
    let option = [&b"-u "[..], b"-u\"", b"--user ", b"-u '", b"--digest "]
        .iter()
        .any(|option| memchr::memmem::find(before, option).is_some());
    let at_host = text.get(span.end) == Some(&b'@') && before.ends_with(b":");
    option || at_host
}

/// Part of a file name, a URL's path or a longer dotted name: no value.
fn is_part_of_path(text: &[u8], span: &Range<usize>) -> bool {
    let before = span.start.checked_sub(1).map(|i| text[i]);
    let after = text.get(span.end).copied();
    let extension = after == Some(b'.') && text.get(span.end + 1).is_some_and(|b| is_word(*b));
    matches!(before, Some(b'/' | b'#'))
        && text.get(span.start.wrapping_sub(2)).is_some_and(|b| is_word(*b) || *b == b'/')
        || extension && !matches!(before, Some(b'"' | b'\'' | b'='))
}
