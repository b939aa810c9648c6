//! Reads an assignment as code and configuration write it: a key, an operator, a value.
//!
//! [`forward`] starts at a key word and looks for the value; [`before`] starts at a value and looks for its key.

use crate::text::{is_word, line_around};
use std::ops::Range;

/// A key and the value that it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Where the key stands.
    pub key: Range<usize>,
    /// Where the value stands, without quotes.
    pub value: Range<usize>,
    /// Whether the value stands in quotes.
    pub quoted: bool,
    /// How they are joined.
    pub operator: Operator,
}

/// How key and value are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `=`, `:`, `:=`, `=>`.
    Assign,
    /// `==`, `!=`, `.equals(…)`.
    Compare,
    /// `key(value)` or `"key", value`.
    Call,
    /// `<key>value</key>`.
    Element,
    /// `--key value`.
    Option,
    /// `IDENTIFIED BY 'value'`, `PASSWORD 'value'`.
    Sql,
    /// `x || value`, `x or value`, `${x:-value}`.
    Default,
}

const MAX_KEY: usize = 80;
const MAX_VALUE: usize = 512;

fn is_key_byte(byte: u8) -> bool {
    is_word(byte) || matches!(byte, b'-' | b'.' | b'$')
}

/// The identifier around `at`.
pub fn key_around(text: &[u8], at: Range<usize>) -> Range<usize> {
    let mut start = at.start;
    while start > 0 && at.start - start < MAX_KEY && is_key_byte(text[start - 1]) {
        start -= 1;
    }
    let mut end = at.end;
    while end < text.len() && end - at.end < MAX_KEY && is_key_byte(text[end]) {
        end += 1;
    }
    // `obj.` in front of the key is no part of a bare key that ends in a full stop.
    while end > at.end && matches!(text[end - 1], b'.' | b'-' | b'$') {
        end -= 1;
    }
    start..end
}

fn skip(text: &[u8], mut at: usize, accept: impl Fn(u8) -> bool) -> usize {
    while at < text.len() && accept(text[at]) {
        at += 1;
    }
    at
}

fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

fn quote_at(text: &[u8], at: usize) -> Option<(usize, u8)> {
    match text.get(at..)? {
        [b'\\', quote @ (b'"' | b'\''), ..] => Some((at + 2, *quote)),
        [quote @ (b'"' | b'\'' | b'`'), ..] => Some((at + 1, *quote)),
        _ => None,
    }
}

/// Reads on from the key word at `word`. `bare_values`: whether the language has values without quotes.
pub fn forward(text: &[u8], word: Range<usize>, bare_values: bool) -> Option<Assignment> {
    let key = key_around(text, word);
    let mut at = key.end;
    let quoted_key = quote_at(text, at).map(|(next, _)| at = next).is_some();
    at = skip(text, at, |b| b == b']' || b == b')');
    let after_key = at;
    at = skip(text, at, is_blank);
    let operator = match text.get(at..)? {
        [b'=', b'=', ..] | [b'!', b'=', ..] => {
            at = skip(text, at, |b| matches!(b, b'=' | b'!'));
            Operator::Compare
        }
        [b'=', b'>', ..] | [b':', b'=', ..] | [b'-', b'>', ..] | [b'<', b'-', ..] => {
            at += 2;
            Operator::Assign
        }
        [b'=', ..] => {
            at += 1;
            Operator::Assign
        }
        [b':', b'-', ..] => {
            at += 2;
            Operator::Default
        }
        [b':', ..] => {
            at += 1;
            // `key: Type = value`
            let after = skip(text, at, is_blank);
            let annotation = skip(text, after, |b| {
                is_word(b) || matches!(b, b'<' | b'>' | b'[' | b']' | b'&' | b'\'' | b'.' | b'|' | b'?')
            });
            let equals = skip(text, annotation, is_blank);
            if annotation > after
                && annotation - after < 40
                && text.get(equals) == Some(&b'=')
                && !matches!(text.get(equals + 1), Some(b'=' | b'>'))
                && quote_at(text, after).is_none()
            {
                at = equals + 1;
            }
            Operator::Assign
        }
        [b',', ..] if quoted_key => {
            at += 1;
            Operator::Call
        }
        [b'(', ..] if !quoted_key => {
            at += 1;
            Operator::Call
        }
        [b'>', ..] if text.get(key.start.wrapping_sub(1)) == Some(&b'<') => {
            at += 1;
            Operator::Element
        }
        [b'|', b'|', ..] | [b'?', b'?', ..] | [b'?', b':', ..] => {
            at += 2;
            Operator::Default
        }
        [b'o', b'r', b' ', ..] if at > after_key => {
            at += 3;
            Operator::Default
        }
        [b'[', b']', ..] => {
            let equals = skip(text, at + 2, is_blank);
            if text.get(equals) != Some(&b'=') {
                return None;
            }
            at = equals + 1;
            Operator::Assign
        }
        [next, ..] if at > after_key && !quoted_key => {
            let dashed = text[key.clone()].starts_with(b"--") || text[key.clone()].starts_with(b"-");
            if dashed {
                Operator::Option
            } else if *next == b'\'' && text[key.clone()].iter().all(|b| b.is_ascii_uppercase() || *b == b'_')
            {
                Operator::Sql
            } else if let Some(equals) = go_type(text, at) {
                at = equals;
                Operator::Assign
            } else if text[key.clone()].eq_ignore_ascii_case(b"identified")
                && starts_with_word(text, at, b"by")
            {
                at += 2;
                Operator::Sql
            } else {
                return None;
            }
        }
        [b'.', ..] => return None,
        _ => return None,
    };
    at = skip(text, at, is_blank);
    // `.equals("…")`, `String::from("…")`, `b"…"`: at most one wrapper or prefix before a quote.
    at = skip_wrapper(text, at);
    value_at(text, at, key, operator, bare_values)
}

fn starts_with_word(text: &[u8], at: usize, word: &[u8]) -> bool {
    text.get(at..at + word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word))
        && text.get(at + word.len()).is_none_or(|b| !is_word(*b))
}

/// After `key string = `: the byte after the operator.
fn go_type(text: &[u8], at: usize) -> Option<usize> {
    let end = skip(text, at, |b| is_word(b) || b == b'*' || b == b'.');
    let equals = skip(text, end, is_blank);
    (end > at && end - at < 30 && text.get(equals) == Some(&b'=') && text.get(equals + 1) != Some(&b'='))
        .then_some(equals + 1)
}

/// Functions that give back the text that they are given, or nearly.
const WRAPPERS: &[&str] = &[
    "from",
    "string",
    "str",
    "bytes",
    "bytearray",
    "decode",
    "encode",
    "b64decode",
    "base64decode",
    "secretstr",
    "some",
    "ok",
    "new",
    "wrap",
    "quote",
    "text",
    "stringvalue",
    "literal",
    "securestring",
    "asplaintext",
    "of",
    "valueof",
    "buffer",
    "byte",
    "char",
];

fn skip_wrapper(text: &[u8], at: usize) -> usize {
    let name = skip(text, at, |b| is_word(b) || matches!(b, b'.' | b':' | b'[' | b']' | b'&' | b'@' | b'$'));
    if name == at || name - at > 40 {
        return at;
    }
    if quote_at(text, name).is_some() && name - at <= 3 && !text[at..name].contains(&b'.') {
        return name;
    }
    if text.get(name) == Some(&b'(') && quote_at(text, name + 1).is_some() {
        let squashed = crate::text::squashed(
            text[at..name].rsplit(|b| matches!(b, b'.' | b':')).next().unwrap_or_default(),
        );
        if WRAPPERS.contains(&squashed.as_str()) {
            return name + 1;
        }
    }
    at
}

fn value_at(
    text: &[u8],
    at: usize,
    key: Range<usize>,
    operator: Operator,
    bare_values: bool,
) -> Option<Assignment> {
    // An opening escape tells that the whole text is a string in a string, as in JSON in JSON.
    if let Some((start, quote)) = quote_at(text, at) {
        let escaped = text[at] == b'\\';
        let mut end = start;
        let limit = text.len().min(start + MAX_VALUE);
        while end < limit {
            match text[end] {
                b'\\' if escaped && text.get(end + 1) == Some(&quote) => break,
                b'\\' => end += 1,
                b'\n' => return None,
                b if b == quote => break,
                _ => {}
            }
            end += 1;
        }
        if end >= limit {
            return None;
        }
        return Some(Assignment { key, value: start..end, quoted: true, operator });
    }
    let stop_at: fn(u8) -> bool = match operator {
        Operator::Element => |b| b == b'<' || b == b'\n',
        Operator::Default => |b| b == b'}' || b == b'\n' || b == b' ',
        _ if bare_values => |b| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'\'' | b'`' | b'<' | b'>'),
        _ => return None,
    };
    let limit = text.len().min(at + MAX_VALUE);
    let mut end = at;
    while end < limit && !stop_at(text[end]) {
        end += 1;
    }
    if end == at || end == at + MAX_VALUE {
        return None;
    }
    // More words on the line: a sentence, not a value, unless a comment or another pair follows.
    if matches!(operator, Operator::Assign) {
        let rest = &text[end..line_around(text, end, MAX_VALUE).end];
        let next = rest.iter().find(|b| !b.is_ascii_whitespace());
        let sentence = next.is_some_and(|b| b.is_ascii_alphanumeric())
            && !rest.iter().any(|b| matches!(b, b'=' | b'|'))
            && text.get(key.end) == Some(&b':');
        if sentence {
            return None;
        }
    }
    while end > at && matches!(text[end - 1], b',' | b';') {
        end -= 1;
    }
    (end > at).then_some(Assignment { key, value: at..end, quoted: false, operator })
}

/// What stands before a value: its key, if any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    /// Where the key stands.
    pub key: Range<usize>,
}

/// Words between operator and value in authorization headers.
const SCHEMES: &[&str] = &[
    "bearer", "basic", "token", "apikey", "key", "ssws", "genie", "geniekey", "digest", "bot", "oauth",
    "secret", "api", "app", "apitoken",
];

/// Reads back from the value that starts at `value`.
pub fn before(text: &[u8], value: usize) -> Option<Before> {
    let line = line_around(text, value, 300);
    let mut at = value;
    let step_quotes = |mut at: usize| {
        while at > line.start && matches!(text[at - 1], b'"' | b'\'' | b'`' | b'\\') {
            at -= 1;
        }
        at
    };
    let step_blanks = |mut at: usize| {
        while at > line.start && is_blank(text[at - 1]) {
            at -= 1;
        }
        at
    };
    at = step_quotes(at);
    // A scheme word such as `Bearer` or `Api-Key`.
    let blank = step_blanks(at);
    if blank < at {
        let mut start = blank;
        while start > line.start && (text[start - 1].is_ascii_alphabetic() || text[start - 1] == b'-') {
            start -= 1;
        }
        let opener = step_blanks(start);
        let opened = opener > line.start
            && (matches!(text[opener - 1], b':' | b'=' | b',' | b'(')
                || opener == start && matches!(text[opener - 1], b'"' | b'\'' | b'`'));
        if opened && SCHEMES.contains(&crate::text::squashed(&text[start..blank]).as_str()) {
            at = step_quotes(start);
        }
    }
    // String prefixes: b"…", r"…", f"…", L"…", @"…".
    let mut prefix = at;
    while prefix > line.start
        && at - prefix < 2
        && (text[prefix - 1].is_ascii_alphabetic() || text[prefix - 1] == b'@')
    {
        prefix -= 1;
    }
    if prefix < at && at < value && (prefix == line.start || !is_key_byte(text[prefix - 1])) {
        at = prefix;
    }
    // Operators, opening brackets and wrappers' names.
    let mut operators = 0;
    for _ in 0..4 {
        let from = at;
        at = step_blanks(at);
        while at > line.start
            && matches!(
                text[at - 1],
                b'=' | b':' | b'>' | b',' | b'(' | b'[' | b'{' | b'!' | b'?' | b'|' | b'-' | b'%'
            )
        {
            at -= 1;
            operators += 1;
        }
        if at == from {
            break;
        }
    }
    let spaced_option = operators == 0 && at < value;
    if operators == 0 && !spaced_option {
        return None;
    }
    at = step_blanks(at);
    while at > line.start && matches!(text[at - 1], b'"' | b'\'' | b'`' | b'\\' | b']' | b')' | b'$') {
        at -= 1;
    }
    let end = at;
    while at > line.start && end - at < MAX_KEY && is_key_byte(text[at - 1]) {
        at -= 1;
    }
    if at == end {
        return None;
    }
    let key = at..end;
    if is_value_word(&text[key.clone()]) {
        return Some(Before { key: named_key(text, &line, key.start).unwrap_or(key) });
    }
    Some(Before { key })
}

fn is_value_word(key: &[u8]) -> bool {
    ["value", "val", "content", "default", "data", "string", "literal", "defaultvalue"]
        .contains(&crate::text::squashed(key).as_str())
}

/// For `name="KEY" value="…"` and `- name: KEY` on the line above `value: …`: where KEY stands.
pub fn named_key(text: &[u8], line: &Range<usize>, before: usize) -> Option<Range<usize>> {
    let above = if line.start > 0 { line_around(text, line.start - 1, 200) } else { 0..0 };
    for range in [line.start..before, above] {
        let part = &text[range.clone()];
        for name in [&b"name"[..], b"key", b"id", b"Name", b"Key"] {
            let Some(found) = memchr::memmem::rfind(part, name) else { continue };
            let mut at = range.start + found + name.len();
            at = skip(text, at, |b| is_blank(b) || matches!(b, b'=' | b':' | b'"' | b'\'' | b'>' | b'\\'));
            let end = skip(text, at, is_key_byte);
            if end > at && end <= range.end && end - at <= MAX_KEY {
                return Some(at..end);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str, word: &str, bare: bool) -> Option<(String, String)> {
        let at = text.find(word)?;
        let found = forward(text.as_bytes(), at..at + word.len(), bare)?;
        Some((text[found.key].to_owned(), text[found.value].to_owned()))
    }

    #[test]
    fn values_are_read_as_languages_write_them() {
        let check = |text: &str, key: &str, expected: &str| {
            assert_eq!(value(text, "assword", true), Some((key.to_owned(), expected.to_owned())), "{text}");
        };
        check("db_password = 'a b'", "db_password", "a b");
        check("\"password\": \"x1\",", "password", "x1");
        check("password: str = \"x1\"", "password", "x1");
        check("let password: &str = \"x1\";", "password", "x1");
        check("var password string = \"x1\"", "password", "x1");
        check("cfg['password'] = 'x1'", "password", "x1");
        check("put(\"password\", \"x1\")", "password", "x1");
        check("setPassword(\"x1\")", "setPassword", "x1");
        check("<password>x1</password>", "password", "x1");
        check("--password x1 --user u", "--password", "x1");
        check("os.getenv('PASSWORD') or password or 'x1'", "password", "x1");
        check("if password == \"x1\":", "password", "x1");
        check("PGPASSWORD=x1 psql; password=x1;", "password", "x1");
        check("password => 'x1'", "password", "x1");
        check("password = b'x1'", "password", "x1");
        check("password = String::from(\"x1\");", "password", "x1");
        check("{\\\"password\\\": \\\"x1\\\"}", "password", "x1");
    }

    #[test]
    fn what_is_no_value_is_not_read() {
        assert_eq!(value("password = getpass()", "password", false), None);
        assert_eq!(value("the password is required", "password", true), None);
        assert_eq!(value("password = config.get(\"db\")", "password", false), None);
        assert_eq!(value("password: must be long enough to be safe", "password", true), None);
    }

    #[test]
    fn keys_are_read_back() {
        let check = |text: &str, expected: &str| {
            let at = text.find("VALUE").unwrap();
            let key = before(text.as_bytes(), at).map(|b| text[b.key].to_owned());
            assert_eq!(key.as_deref(), Some(expected), "{text}");
        };
        check("api_key = \"VALUE\"", "api_key");
        check("Authorization: Bearer VALUE", "Authorization");
        check("'X-Api-Key': 'VALUE'", "X-Api-Key");
        check("<add key=\"ApiKey\" value=\"VALUE\"/>", "ApiKey");
        check("- name: DB_KEY\n  value: VALUE", "DB_KEY");
        check("https://x.example/v1?api_key=VALUE", "api_key");
        check("init(api_key=b'VALUE')", "api_key");
        check("client.login('VALUE')", "client.login");
    }
}
