//! Takes the values of a few fields out of JSON text in one pass, without reading the rest.
//!
//! What is asked for is a tree of keys; at every other key the value is skipped by looking for quotes and brackets only. Arrays
//! are transparent: each element stands where the array stands. Text is not checked further than what is taken needs.

use foldhash::HashMap;
use memchr::{memchr2, memchr3};

/// Levels of nesting beyond which a text is refused.
const MAX_DEPTH: u32 = 128;
/// Values taken from one event; more are left out and counted.
const MAX_VALUES: usize = 65_536;

/// Why a text is no event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// It is not an object.
    #[error("not a JSON object")]
    NotAnObject,
    /// It breaks off or is malformed.
    #[error("malformed JSON at byte {0}")]
    Malformed(usize),
    /// Nested too deeply.
    #[error("nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
}

/// What kind of value a field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text without escapes: the range is what it says.
    Plain,
    /// Text with escapes.
    Escaped,
    Number,
    Bool(bool),
    Null,
    /// An object or array: it is there, and has no text.
    Nested,
}

/// One value of a field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) kind: Kind,
    /// Range in the text, without quotes.
    pub(crate) start: u32,
    pub(crate) end: u32,
    next: u32,
}

const NONE: u32 = u32::MAX;

impl Found {
    /// A value that stands alone.
    pub(crate) fn at(kind: Kind, start: usize, end: usize) -> Self {
        Self { kind, start: start as u32, end: end as u32, next: NONE }
    }
}

/// The tree of keys that are asked for.
#[derive(Debug, Default)]
pub(crate) struct Projection {
    nodes: Vec<Node>,
}

#[derive(Debug, Default)]
struct Node {
    children: HashMap<Box<[u8]>, u32>,
    /// Where any key leads.
    any: Option<u32>,
    /// Fields whose value this is.
    fields: Vec<u32>,
}

impl Projection {
    /// Asks for the value at the path, as a value of the field. `*` stands for any key.
    pub(crate) fn add<'a>(&mut self, path: impl Iterator<Item = &'a str>, field: u32) {
        if self.nodes.is_empty() {
            self.nodes.push(Node::default());
        }
        let mut at = 0_usize;
        for key in path {
            let fresh = u32::try_from(self.nodes.len()).unwrap_or(NONE);
            let Some(node) = self.nodes.get_mut(at) else { return };
            let next = if key == "*" {
                *node.any.get_or_insert(fresh)
            } else {
                *node.children.entry(key.as_bytes().into()).or_insert(fresh)
            };
            if next == fresh {
                self.nodes.push(Node::default());
            }
            at = next as usize;
        }
        if let Some(node) = self.nodes.get_mut(at)
            && !node.fields.contains(&field)
        {
            node.fields.push(field);
        }
    }
}

/// The values of one event, and room for those of the next.
#[derive(Debug, Default)]
pub(crate) struct Extract {
    epoch: u32,
    heads: Vec<(u32, u32)>,
    found: Vec<Found>,
    /// Values that were left out because there were too many.
    pub(crate) left_out: u64,
}

impl Extract {
    /// The values of a field, the last one first.
    pub(crate) fn values(&self, field: u32) -> impl Iterator<Item = Found> + '_ {
        let mut at = self.head(field);
        std::iter::from_fn(move || {
            let found = *self.found.get(at as usize)?;
            at = found.next;
            Some(found)
        })
    }

    fn head(&self, field: u32) -> u32 {
        match self.heads.get(field as usize) {
            Some(&(epoch, head)) if epoch == self.epoch => head,
            _ => NONE,
        }
    }

    /// Whether the field is there.
    pub(crate) fn has(&self, field: u32) -> bool {
        self.head(field) != NONE
    }

    /// Takes the fields out of a text. `fields`: how many there are.
    pub(crate) fn read(
        &mut self,
        json: &[u8],
        projection: &Projection,
        fields: usize,
    ) -> Result<(), JsonError> {
        self.begin(fields);
        let mut scanner = Scanner { json, at: 0, depth: 0 };
        scanner.space();
        if scanner.peek() != Some(b'{') {
            return Err(JsonError::NotAnObject);
        }
        if u32::try_from(json.len()).is_err() {
            return Err(JsonError::Malformed(u32::MAX as usize));
        }
        let root = projection.nodes.first();
        scanner.value(&mut Taker { extract: self, projection }, root)?;
        scanner.space();
        if scanner.at < json.len() { Err(JsonError::Malformed(scanner.at)) } else { Ok(()) }
    }

    fn begin(&mut self, fields: usize) {
        self.epoch = self.epoch.wrapping_add(1);
        if self.epoch == 0 {
            self.heads.clear();
            self.epoch = 1;
        }
        self.heads.resize(fields.max(self.heads.len()), (0, NONE));
        self.found.clear();
    }

    fn put(&mut self, node: &Node, kind: Kind, start: usize, end: usize) {
        for &field in &node.fields {
            let Some(head) = self.heads.get_mut(field as usize) else { continue };
            if self.found.len() >= MAX_VALUES {
                self.left_out += 1;
                return;
            }
            let next = if head.0 == self.epoch { head.1 } else { NONE };
            *head = (self.epoch, self.found.len() as u32);
            self.found.push(Found { kind, start: start as u32, end: end as u32, next });
        }
    }
}

/// Calls `each` for every text, number and truth value of an event, with what kind it is and its range.
///
/// # Errors
/// What is no JSON object.
pub(crate) fn leaves(json: &[u8], each: &mut dyn FnMut(Kind, usize, usize)) -> Result<(), JsonError> {
    let mut scanner = Scanner { json, at: 0, depth: 0 };
    scanner.space();
    if scanner.peek() != Some(b'{') {
        return Err(JsonError::NotAnObject);
    }
    scanner.value(&mut Leaves { each }, Some(&()))
}

/// Who wants values, and where.
trait Visitor<P: Copy> {
    fn child(&mut self, at: P, key: &[u8], escaped: bool) -> Option<P>;
    fn value(&mut self, at: P, kind: Kind, start: usize, end: usize);
}

struct Taker<'a, 'p> {
    extract: &'a mut Extract,
    projection: &'p Projection,
}

impl<'p> Visitor<&'p Node> for Taker<'_, 'p> {
    fn child(&mut self, at: &'p Node, key: &[u8], escaped: bool) -> Option<&'p Node> {
        let named = if escaped {
            let mut plain = Vec::new();
            unescape(key, &mut plain);
            at.children.get(plain.as_slice())
        } else {
            at.children.get(key)
        };
        self.projection.nodes.get(named.copied().or(at.any)? as usize)
    }

    fn value(&mut self, at: &'p Node, kind: Kind, start: usize, end: usize) {
        if !at.fields.is_empty() {
            self.extract.put(at, kind, start, end);
        }
    }
}

struct Leaves<'a> {
    each: &'a mut dyn FnMut(Kind, usize, usize),
}

impl<'p> Visitor<&'p ()> for Leaves<'_> {
    fn child(&mut self, at: &'p (), _: &[u8], _: bool) -> Option<&'p ()> {
        Some(at)
    }

    fn value(&mut self, _: &'p (), kind: Kind, start: usize, end: usize) {
        (self.each)(kind, start, end);
    }
}

struct Scanner<'a> {
    json: &'a [u8],
    at: usize,
    depth: u32,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.json.get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    fn wrong(&self) -> JsonError {
        JsonError::Malformed(self.at)
    }

    /// Behind the opening quote: the end of the text, and whether there are escapes in it. Goes behind the closing quote.
    fn string(&mut self) -> Result<(usize, bool), JsonError> {
        let mut escaped = false;
        loop {
            let rest = self.json.get(self.at..).unwrap_or_default();
            let found = memchr2(b'"', b'\\', rest).ok_or(JsonError::Malformed(self.json.len()))?;
            self.at += found;
            if rest.get(found) == Some(&b'"') {
                self.at += 1;
                return Ok((self.at - 1, escaped));
            }
            escaped = true;
            self.at += 2;
        }
    }

    /// Behind a number or a word.
    fn word(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        while let Some(byte) = self.peek() {
            if !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')) {
                break;
            }
            self.at += 1;
        }
        if self.at == start { Err(self.wrong()) } else { Ok(()) }
    }

    fn value<P: Copy>(&mut self, visitor: &mut dyn Visitor<P>, place: Option<P>) -> Result<(), JsonError> {
        let Some(place) = place else { return self.skip() };
        let start = self.at;
        match self.peek().ok_or_else(|| self.wrong())? {
            b'"' => {
                self.at += 1;
                let (end, escaped) = self.string()?;
                visitor.value(place, if escaped { Kind::Escaped } else { Kind::Plain }, start + 1, end);
            }
            b'{' => {
                visitor.value(place, Kind::Nested, start, start);
                self.object(visitor, place)?;
            }
            b'[' => self.array(visitor, place)?,
            first => {
                self.word()?;
                let kind = match first {
                    b't' => Kind::Bool(true),
                    b'f' => Kind::Bool(false),
                    b'n' => Kind::Null,
                    _ => Kind::Number,
                };
                visitor.value(place, kind, start, self.at);
            }
        }
        Ok(())
    }

    fn deeper(&mut self) -> Result<(), JsonError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(JsonError::TooDeep) } else { Ok(()) }
    }

    fn object<P: Copy>(&mut self, visitor: &mut dyn Visitor<P>, place: P) -> Result<(), JsonError> {
        self.deeper()?;
        self.at += 1;
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            self.depth -= 1;
            return Ok(());
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.wrong());
            }
            self.at += 1;
            let start = self.at;
            let (end, escaped) = self.string()?;
            let key = self.json.get(start..end).unwrap_or_default();
            let child = visitor.child(place, key, escaped);
            self.space();
            if self.peek() != Some(b':') {
                return Err(self.wrong());
            }
            self.at += 1;
            self.space();
            self.value(visitor, child)?;
            self.space();
            match self.peek() {
                Some(b',') => {
                    self.at += 1;
                    self.space();
                }
                Some(b'}') => {
                    self.at += 1;
                    self.depth -= 1;
                    return Ok(());
                }
                _ => return Err(self.wrong()),
            }
        }
    }

    fn array<P: Copy>(&mut self, visitor: &mut dyn Visitor<P>, place: P) -> Result<(), JsonError> {
        self.deeper()?;
        let start = self.at;
        self.at += 1;
        self.space();
        if self.peek() == Some(b']') {
            visitor.value(place, Kind::Nested, start, start);
            self.at += 1;
            self.depth -= 1;
            return Ok(());
        }
        loop {
            self.value(visitor, Some(place))?;
            self.space();
            match self.peek() {
                Some(b',') => {
                    self.at += 1;
                    self.space();
                }
                Some(b']') => {
                    self.at += 1;
                    self.depth -= 1;
                    return Ok(());
                }
                _ => return Err(self.wrong()),
            }
        }
    }

    /// Over a value that nobody asked for.
    fn skip(&mut self) -> Result<(), JsonError> {
        match self.peek().ok_or_else(|| self.wrong())? {
            b'"' => {
                self.at += 1;
                self.string().map(|_| ())
            }
            b'{' | b'[' => {
                let mut depth = 0_u32;
                loop {
                    match self.peek() {
                        Some(b'"') => {
                            self.at += 1;
                            self.string()?;
                        }
                        Some(b'{' | b'[') => {
                            depth += 1;
                            if depth + self.depth > MAX_DEPTH {
                                return Err(JsonError::TooDeep);
                            }
                            self.at += 1;
                        }
                        Some(b'}' | b']') => {
                            depth -= 1;
                            self.at += 1;
                            if depth == 0 {
                                return Ok(());
                            }
                        }
                        Some(_) => {
                            let rest = self.json.get(self.at..).unwrap_or_default();
                            let next = memchr3(b'"', b'{', b'[', rest).unwrap_or(rest.len());
                            let close = memchr2(b'}', b']', rest.get(..next).unwrap_or_default());
                            self.at += close.unwrap_or(next);
                        }
                        None => return Err(self.wrong()),
                    }
                }
            }
            _ => self.word(),
        }
    }
}

/// Appends what JSON text with escapes says. What is no escape stays as it is; a surrogate alone becomes the replacement character.
pub(crate) fn unescape(text: &[u8], into: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        let (before, behind) = rest.split_at(at);
        into.extend_from_slice(before);
        rest = behind.get(2..).unwrap_or_default();
        match behind.get(1) {
            Some(b'n') => into.push(b'\n'),
            Some(b't') => into.push(b'\t'),
            Some(b'r') => into.push(b'\r'),
            Some(b'b') => into.push(8),
            Some(b'f') => into.push(12),
            Some(b'u') => {
                let character = match hex(rest) {
                    Some(high @ 0xD800..=0xDBFF) => {
                        let low =
                            rest.get(4..6).filter(|next| next == b"\\u").and_then(|_| hex(rest.get(6..)?));
                        match low {
                            Some(low @ 0xDC00..=0xDFFF) => {
                                rest = rest.get(6..).unwrap_or_default();
                                char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
                            }
                            _ => None,
                        }
                    }
                    Some(unit) => char::from_u32(unit),
                    None => None,
                };
                rest = rest.get(4..).unwrap_or_default();
                let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
                into.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            Some(&other) => into.push(other),
            None => {}
        }
    }
    into.extend_from_slice(rest);
}

fn hex(text: &[u8]) -> Option<u32> {
    let digits = std::str::from_utf8(text.get(..4)?).ok()?;
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn values(json: &str, path: &str) -> Vec<String> {
        let mut projection = Projection::default();
        projection.add(path.split('/'), 3);
        let mut extract = Extract::default();
        extract.read(json.as_bytes(), &projection, 4).unwrap();
        let mut all: Vec<String> = extract
            .values(3)
            .map(|found| {
                let raw = &json.as_bytes()[found.start as usize..found.end as usize];
                let mut text = Vec::new();
                if found.kind == Kind::Escaped {
                    unescape(raw, &mut text)
                } else {
                    text.extend_from_slice(raw)
                }
                String::from_utf8(text).unwrap()
            })
            .collect();
        all.reverse();
        all
    }

    #[test]
    fn values_are_taken_and_the_rest_is_skipped() {
        let json = r#" {"x": {"y": [1, {"z": "]}"}], "q": "a\\"}, "a": {"b": "v", "c": true}, "n": null} "#;
        assert_eq!(values(json, "a/b"), ["v"]);
        assert_eq!(values(json, "a/c"), ["true"]);
        assert_eq!(values(json, "x/y"), ["1", ""]);
        assert_eq!(values(json, "x/y/z"), ["]}"]);
        assert_eq!(values(json, "x/*"), ["1", "", r"a\"]);
        assert_eq!(values(json, "a/none"), Vec::<String>::new());
        assert_eq!(values(json, "n"), ["null"]);
    }

    #[test]
    fn escapes_are_undone_in_keys_and_values() {
        let json = r#"{"\u0061": "C:\\x\n\u00e9\ud83d\ude00\ud800", "a.b": "é"}"#;
        assert_eq!(values(json, "a"), ["C:\\x\né😀\u{fffd}"]);
        assert_eq!(values(json, "a.b"), ["é"]);
    }

    #[test]
    fn malformed_text_is_told() {
        let mut extract = Extract::default();
        let mut projection = Projection::default();
        projection.add(["a"].into_iter(), 0);
        for wrong in [
            "",
            "[]",
            "{",
            "{\"a",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":1}x",
            "{\"a\" 1}",
            "{\"b\":{\"c\":1}",
            "{\"a\":}",
        ] {
            assert!(extract.read(wrong.as_bytes(), &projection, 1).is_err(), "{wrong}");
        }
        let deep = format!("{{\"a\":{}", "[".repeat(100_000));
        assert_eq!(extract.read(deep.as_bytes(), &projection, 1), Err(JsonError::TooDeep));
        let deep = format!("{{\"b\":{}", "{\"x\":".repeat(100_000));
        assert_eq!(extract.read(deep.as_bytes(), &projection, 1), Err(JsonError::TooDeep));
    }

    fn json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i32>().prop_map(Into::into),
            ".{0,12}".prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
                prop::collection::hash_map("[ab\\\\\"é]{0,2}", inner, 0..5)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn takes_what_a_whole_parser_takes(value in prop::collection::hash_map("[ab]{1,2}", json(), 1..5), pretty: bool) {
            let value = serde_json::Value::Object(value.into_iter().collect());
            let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
            fn collect(value: &serde_json::Value, into: &mut Vec<String>) {
                match value {
                    serde_json::Value::Array(items) if items.is_empty() => into.push(String::new()),
                    serde_json::Value::Array(items) => items.iter().for_each(|one| collect(one, into)),
                    serde_json::Value::Object(_) => into.push(String::new()),
                    serde_json::Value::String(text) => into.push(text.clone()),
                    other => into.push(other.to_string()),
                }
            }
            for key in ["a", "ab", "b"] {
                let mut expected = Vec::new();
                if let Some(value) = value.get(key) {
                    collect(value, &mut expected);
                }
                prop_assert_eq!(values(&text, key), expected);
            }
        }

        #[test]
        fn arbitrary_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut projection = Projection::default();
            projection.add(["a", "*"].into_iter(), 0);
            let _ = Extract::default().read(&bytes, &projection, 1);
            let _ = leaves(&bytes, &mut |_, _, _| {});
        }
    }
}
