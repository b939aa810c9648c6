//! JSON and JSONC as a tree that knows where things stand.
//!
//! One pass of `serde_json` builds the tree. Places come from strings that are borrowed from the input: a key or string
//! without escapes lies in the file itself, so its offset is the distance to the file's start. What has no place of its own
//! (numbers, containers, escaped strings) is shown at the nearest key before it.

use super::note;
use crate::ParseError;
use crate::package::Problem;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::fmt;
use std::ops::Range;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number; integers beyond 64 bits lose precision, as they do in JavaScript.
    Number(f64),
    /// A string, with its place.
    String(Text<'a>),
    /// A list.
    Array(Vec<Value<'a>>),
    /// An object.
    Object(Object<'a>),
}

/// A string with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Text<'a> {
    /// Unescaped.
    pub text: Cow<'a, str>,
    /// Bytes of the file between the quotes; for a string with escapes the place of the text before it.
    pub span: Range<usize>,
}

/// An object: its entries in the order of the file, each key once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object<'a> {
    /// Key and value. Of equal keys the last value counts, as in JavaScript.
    pub entries: Vec<(Text<'a>, Value<'a>)>,
}

/// A parsed file.
#[derive(Debug)]
pub struct Document<'a> {
    /// The outermost value.
    pub root: Value<'a>,
    /// Duplicate keys.
    pub problems: Vec<Problem>,
}

impl<'a> Object<'a> {
    /// The entry of a key. Looks at every entry: for many look-ups in a large object make a map of your own.
    pub fn entry(&self, key: &str) -> Option<(&Text<'a>, &Value<'a>)> {
        self.entries.iter().find(|(name, _)| name.text == key).map(|(name, value)| (name, value))
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The string at a key.
    pub fn str(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    /// The object at a key.
    pub fn object(&self, key: &str) -> Option<&Object<'a>> {
        self.get(key)?.as_object()
    }

    /// The list at a key; empty where there is none.
    pub fn array(&self, key: &str) -> &[Value<'a>] {
        self.get(key).and_then(Value::as_array).unwrap_or_default()
    }

    /// Whether `true` stands at a key.
    pub fn flag(&self, key: &str) -> bool {
        matches!(self.get(key), Some(Value::Bool(true)))
    }
}

impl<'a> Value<'a> {
    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        self.as_text().map(|text| text.text.as_ref())
    }

    /// The string with its place, if it is one.
    pub fn as_text(&self) -> Option<&Text<'a>> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The object, if it is one.
    pub fn as_object(&self) -> Option<&Object<'a>> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The list, if it is one.
    pub fn as_array(&self) -> Option<&[Value<'a>]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }
}

/// Parses JSON (RFC 8259). A byte order mark before it is passed over.
///
/// # Errors
/// Where the text is not UTF-8, not JSON, or deeper than 127 levels.
pub fn parse(bytes: &[u8]) -> Result<Document<'_>, ParseError> {
    let text = super::text(bytes)?;
    let reader = Reader { start: bytes.as_ptr() as usize, last: 0..0, notes: RefCell::default() };
    let shared = RefCell::new(reader);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let root = Seed(&shared)
        .deserialize(&mut deserializer)
        .and_then(|root| deserializer.end().map(|()| root))
        .map_err(|error| ParseError {
            line: u32::try_from(error.line()).unwrap_or(u32::MAX).max(1),
            reason: reason(&error),
        })?;
    let problems = shared.into_inner().notes.into_inner();
    Ok(Document { root, problems })
}

/// Parses JSON whose outermost value is an object.
///
/// # Errors
/// As [`parse`], and where it is something else.
pub fn parse_object(bytes: &[u8]) -> Result<(Object<'_>, Vec<Problem>), ParseError> {
    let document = parse(bytes)?;
    match document.root {
        Value::Object(object) => Ok((object, document.problems)),
        _ => Err(ParseError { line: 1, reason: "expected an object".to_owned() }),
    }
}

/// JSON with comments and trailing commas, made plain by spaces in their place, so that every byte keeps its place.
pub fn plain(bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let mut at = 0;
    // The comma after which nothing but space and comments came.
    let mut comma = None;
    while let Some(&byte) = bytes.get(at) {
        match (byte, bytes.get(at + 1)) {
            (b'"', _) => {
                comma = None;
                at = string_end(bytes, at);
            }
            (b'/', Some(b'/')) => {
                let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length);
                out[at..end].fill(b' ');
                at = end;
            }
            (b'/', Some(b'*')) => {
                let end = memchr::memmem::find(&bytes[at + 2..], b"*/")
                    .map_or(bytes.len(), |length| at + length + 4);
                for byte in &mut out[at..end] {
                    if *byte != b'\n' {
                        *byte = b' ';
                    }
                }
                at = end;
            }
            (b',', _) => {
                comma = Some(at);
                at += 1;
            }
            (b'}' | b']', _) => {
                if let Some(comma) = comma.take() {
                    out[comma] = b' ';
                }
                at += 1;
            }
            (byte, _) => {
                if !byte.is_ascii_whitespace() {
                    comma = None;
                }
                at += 1;
            }
        }
    }
    out
}

/// Behind the quote that closes the string which opens at `at`.
fn string_end(bytes: &[u8], mut at: usize) -> usize {
    at += 1;
    while let Some(length) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += length;
        if bytes[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

/// The library's words without its own place, which the error carries apart.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

/// What is known while the tree grows.
struct Reader {
    /// Address of the file's first byte.
    start: usize,
    /// The last string with a place.
    last: Range<usize>,
    notes: RefCell<Vec<Problem>>,
}

impl Reader {
    fn borrowed<'a>(&mut self, text: &'a str) -> Text<'a> {
        let at = (text.as_ptr() as usize).saturating_sub(self.start);
        self.last = at..at + text.len();
        Text { text: Cow::Borrowed(text), span: self.last.clone() }
    }

    fn owned<'a>(&self, text: String) -> Text<'a> {
        Text { text: Cow::Owned(text), span: self.last.clone() }
    }
}

#[derive(Clone, Copy)]
struct Seed<'r>(&'r RefCell<Reader>);

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Value::Number(value))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Value::String(self.0.borrow_mut().borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Value::String(self.0.borrow().owned(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(Value::String(self.0.borrow().owned(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut object = Object::default();
        // Small objects are compared entry by entry; a table pays from here on.
        const SMALL: usize = 16;
        let mut table: HashMap<Cow<'de, str>, usize> = HashMap::new();
        while let Some(key) = map.next_key_seed(self)? {
            let Value::String(key) = key else {
                return Err(A::Error::custom("expected a string as key"));
            };
            let count = object.entries.len();
            let known = if count < SMALL {
                object.entries.iter().position(|(name, _)| name.text == key.text)
            } else {
                if table.is_empty() {
                    let names = object.entries.iter().enumerate();
                    table.extend(names.map(|(index, (name, _))| (name.text.clone(), index)));
                }
                match table.entry(key.text.clone()) {
                    Slot::Occupied(slot) => Some(*slot.get()),
                    Slot::Vacant(slot) => {
                        slot.insert(count);
                        None
                    }
                }
            };
            let value = map.next_value_seed(self)?;
            match known {
                Some(index) => {
                    let reader = self.0.borrow();
                    note(
                        &mut reader.notes.borrow_mut(),
                        key.span.start,
                        "the key stands twice; the last one counts",
                    );
                    object.entries[index] = (key, value);
                }
                None => object.entries.push((key, value)),
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, parse, parse_object, plain};
    use proptest::prelude::*;

    #[test]
    fn keys_and_strings_know_their_place() {
        let source = b"\xef\xbb\xbf{\n  \"a\": {\"b\": \"c\\n\", \"d\": \"\xc3\xa4\"}\n}";
        let (root, problems) = parse_object(source).unwrap();
        assert!(problems.is_empty());
        let (key, value) = root.entry("a").unwrap();
        assert_eq!(&source[key.span.clone()], b"a");
        let inner = value.as_object().unwrap();
        let text = inner.get("d").unwrap().as_text().unwrap();
        assert_eq!(&source[text.span.clone()], "ä".as_bytes());
        // A string with an escape is shown at the key before it.
        let escaped = inner.get("b").unwrap().as_text().unwrap();
        assert_eq!((escaped.text.as_ref(), &source[escaped.span.clone()]), ("c\n", b"b".as_slice()));
    }

    #[test]
    fn of_equal_keys_the_last_counts_and_is_told() {
        let (root, problems) = parse_object(br#"{"a":1,"b":2,"a":3}"#).unwrap();
        assert_eq!(root.entries.len(), 2);
        assert_eq!(root.get("a").unwrap().as_number(), Some(3.0));
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].at, 14);
        let many: String = (0..100).map(|index| format!("\"k{index}\":{index},")).collect();
        let source = format!("{{{many}\"k50\":7}}");
        let (root, problems) = parse_object(source.as_bytes()).unwrap();
        assert_eq!((root.entries.len(), problems.len()), (100, 1));
        assert_eq!(root.get("k50").unwrap().as_number(), Some(7.0));
    }

    #[test]
    fn errors_name_the_line() {
        let error = parse(b"{\n\"a\": 1,\n\"b\": }").unwrap_err();
        assert_eq!((error.line, error.reason.as_str()), (3, "expected value"));
        assert_eq!(parse(b"{\"a\":\n\"\xff\"}").unwrap_err().line, 2);
        assert_eq!(parse(b"{\n}\n}").unwrap_err().line, 3);
        assert!(parse("[".repeat(100_000).as_bytes()).is_err());
    }

    #[test]
    fn comments_and_trailing_commas_become_space() {
        let source = b"{ // one, \n \"a\": [1, /* two */ ], \"b\": \"//,]\", }";
        let plain = plain(source);
        assert_eq!(plain.len(), source.len());
        let (root, _) = parse_object(&plain).unwrap();
        assert_eq!(root.array("a"), &[Value::Number(1.0)]);
        assert_eq!(root.str("b"), Some("//,]"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&bytes);
            prop_assert_eq!(plain(&bytes).len(), bytes.len());
        }

        #[test]
        fn any_json_like_text_is_read_without_panic(text in "[\\[\\]{}\",:/*a\\\\ \\n0-9-]{0,60}") {
            let _ = parse(text.as_bytes());
            let plain = plain(text.as_bytes());
            prop_assert_eq!(plain.len(), text.len());
            let _ = parse(&plain);
        }
    }
}
