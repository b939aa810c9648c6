//! JSON objects one after another: a line each, over several lines, in an array, or in an envelope (`{"Records": [...]}`).
//!
//! Only the extent of each object is found here; whether it is sound shows when somebody takes fields out of it. After a
//! broken object reading goes on at the next line that begins one.

use memchr::{memchr, memchr3};
use std::io::Read;

/// Keys of envelopes whose array holds the events: CloudTrail files, Azure exports, lists of Kubernetes.
const ENVELOPES: [&[u8]; 4] = [b"Records", b"records", b"value", b"items"];

/// One piece of the input.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// The bytes from `{` to its `}`.
    Object(&'a mut [u8]),
    /// What is no object, and why.
    Broken(&'a [u8], &'static str),
}

/// Cuts a stream into objects.
#[derive(Debug)]
pub(crate) struct Objects<R> {
    reader: R,
    buffer: Vec<u8>,
    /// What of the buffer was handed out.
    start: usize,
    end_of_input: bool,
    limit: usize,
    /// What is open around the objects.
    around: Around,
}

/// What objects stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Around {
    Nothing,
    Array,
    Envelope,
}

/// What comes next, with its length.
enum Step {
    Object(usize),
    Envelope(usize),
    Broken(&'static str),
    End,
}

/// Bytes that are read at once.
const CHUNK: usize = 256 * 1024;

impl<R: Read> Objects<R> {
    /// Objects of at most `limit` bytes; `begin` was read already.
    pub(crate) fn new(reader: R, begin: Vec<u8>, limit: usize) -> Self {
        Self { reader, buffer: begin, start: 0, end_of_input: false, limit, around: Around::Nothing }
    }

    /// Reads more. False at the end.
    fn fill(&mut self) -> std::io::Result<bool> {
        if self.end_of_input {
            return Ok(false);
        }
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        let length = self.buffer.len();
        self.buffer.resize(length + CHUNK, 0);
        let read = loop {
            match self.reader.read(self.buffer.get_mut(length..).unwrap_or_default()) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        self.buffer.truncate(length + *read.as_ref().unwrap_or(&0));
        let read = read?;
        self.end_of_input = read == 0;
        Ok(read > 0)
    }

    /// The next piece; none at the end.
    pub(crate) fn next(&mut self) -> std::io::Result<Option<Piece<'_>>> {
        loop {
            match self.step()? {
                Step::Envelope(length) => {
                    self.start += length;
                    self.around = Around::Envelope;
                }
                Step::Object(length) => {
                    let begin = self.start;
                    self.start += length;
                    let object = self.buffer.get_mut(begin..begin + length).unwrap_or_default();
                    // Line breaks stand only between values: escaped ones are no bytes of this kind.
                    object
                        .iter_mut()
                        .filter(|byte| matches!(byte, b'\n' | b'\r'))
                        .for_each(|byte| *byte = b' ');
                    return Ok(Some(Piece::Object(object)));
                }
                Step::Broken(reason) => return self.broken(reason),
                Step::End => return Ok(None),
            }
        }
    }

    /// Goes to the next object and finds its extent.
    fn step(&mut self) -> std::io::Result<Step> {
        loop {
            while let Some(b' ' | b'\t' | b'\r' | b'\n' | b',') = self.buffer.get(self.start) {
                self.start += 1;
            }
            match (self.buffer.get(self.start), self.around) {
                (None, _) => {
                    if !self.fill()? {
                        return Ok(Step::End);
                    }
                }
                (Some(b'{'), _) => break,
                (Some(b'['), Around::Nothing) => {
                    self.start += 1;
                    self.around = Around::Array;
                }
                (Some(b']'), Around::Array) | (Some(b'}'), Around::Envelope) => {
                    self.start += 1;
                    self.around = Around::Nothing;
                }
                (Some(b']'), Around::Envelope) => self.start += 1,
                // What stands beside the array of an envelope is no event.
                (Some(b'"'), Around::Envelope) => match self.member()? {
                    Some(length) => self.start += length,
                    None => return Ok(Step::Broken("not a JSON object")),
                },
                (Some(_), _) => return Ok(Step::Broken("not a JSON object")),
            }
        }
        let mut scanned = Scan::default();
        loop {
            let rest = self.buffer.get(self.start..).unwrap_or_default();
            // One envelope is opened, not those within it: each is looked at as a whole once.
            let opens = |object: &[u8]| if self.around == Around::Nothing { envelope(object) } else { None };
            match scanned.run(rest) {
                Some(Err(reason)) => return Ok(Step::Broken(reason)),
                Some(Ok(length)) => {
                    let inner = opens(rest.get(..length).unwrap_or_default());
                    return Ok(inner.map_or(Step::Object(length), Step::Envelope));
                }
                None if rest.len() > self.limit => {
                    return Ok(opens(rest).map_or(Step::Broken("larger than the limit"), Step::Envelope));
                }
                None => {
                    if !self.fill()? {
                        return Ok(Step::Broken("breaks off"));
                    }
                }
            }
        }
    }

    /// Bytes of `"key": value` of an envelope, with the bracket of an array that may hold events left to come.
    fn member(&mut self) -> std::io::Result<Option<usize>> {
        loop {
            let rest = self.buffer.get(self.start..).unwrap_or_default();
            if let Some(length) = member(rest) {
                return Ok(Some(length));
            }
            if rest.len() > self.limit || !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// Gives what stands up to the end of the line as broken.
    fn broken(&mut self, reason: &'static str) -> std::io::Result<Option<Piece<'_>>> {
        let mut length = loop {
            let rest = self.buffer.get(self.start..).unwrap_or_default();
            match memchr(b'\n', rest) {
                Some(at) => break at,
                None if rest.len() > self.limit => break rest.len(),
                None => {
                    if !self.fill()? {
                        break self.buffer.len() - self.start;
                    }
                }
            }
        };
        length = length.max(1).min(self.buffer.len() - self.start);
        let begin = self.start;
        self.start += length;
        Ok(Some(Piece::Broken(self.buffer.get(begin..begin + length).unwrap_or_default(), reason)))
    }
}

/// Where the scan of an object stands, so that no byte is looked at twice while more is read.
#[derive(Debug, Default)]
struct Scan {
    at: usize,
    depth: u32,
    /// One bit per level: set for `{`.
    braces: u128,
    in_text: bool,
}

/// Levels of nesting beyond which an object is broken.
const MAX_DEPTH: u32 = 128;

impl Scan {
    /// The length of the object at the beginning of the bytes, once its end is there.
    fn run(&mut self, bytes: &[u8]) -> Option<Result<usize, &'static str>> {
        loop {
            let rest = bytes.get(self.at..)?;
            if self.in_text {
                let found = memchr3(b'"', b'\\', b'\n', rest)?;
                match rest.get(found) {
                    Some(b'\\') => {
                        rest.get(found + 1)?;
                        self.at += found + 2;
                    }
                    // What goes on behind it is looked at afresh: one broken line costs no other.
                    Some(b'\n') => return Some(Err("a text breaks off at the end of its line")),
                    _ => {
                        self.in_text = false;
                        self.at += found + 1;
                    }
                }
                continue;
            }
            let found = rest.iter().position(|byte| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']'))?;
            self.at += found + 1;
            match rest.get(found)? {
                b'"' => self.in_text = true,
                open @ (b'{' | b'[') => {
                    if self.depth == MAX_DEPTH {
                        return Some(Err("nested deeper than 128 levels"));
                    }
                    self.depth += 1;
                    self.braces = self.braces << 1 | u128::from(*open == b'{');
                }
                close => {
                    if (self.braces & 1 == 1) != (*close == b'}') || self.depth == 0 {
                        return Some(Err("its brackets do not fit"));
                    }
                    self.depth -= 1;
                    self.braces >>= 1;
                    if self.depth == 0 {
                        return Some(Ok(self.at));
                    }
                }
            }
        }
    }
}

/// For an object that is only an envelope: behind the bracket that opens its array.
fn envelope(object: &[u8]) -> Option<usize> {
    let inner = object.get(1..)?;
    let space = inner.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let (length, is_array) = key(inner.get(space..)?)?;
    is_array.then_some(1 + space + length)
}

/// Bytes of a key of an envelope up to and with the bracket of its array; of another key with its value.
fn member(bytes: &[u8]) -> Option<usize> {
    if let Some((length, true)) = key(bytes) {
        return Some(length);
    }
    let end = memchr(b'"', bytes.get(1..)?)? + 2;
    let colon = memchr(b':', bytes.get(end..)?)? + end + 1;
    let space = bytes.get(colon..)?.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let value = bytes.get(colon + space..)?;
    let length = match value.first()? {
        b'{' | b'[' => Scan::default().run(value)?.ok()?,
        b'"' => {
            let mut at = 1;
            loop {
                let found = memchr::memchr2(b'"', b'\\', value.get(at..)?)?;
                if value.get(at + found) == Some(&b'"') {
                    break at + found + 1;
                }
                at += found + 2;
            }
        }
        _ => value.iter().position(|byte| matches!(byte, b',' | b'}' | b'\n'))?,
    };
    Some(colon + space + length)
}

/// For `"Records": [` the length, and whether the key is one of an envelope and an array of objects follows.
fn key(bytes: &[u8]) -> Option<(usize, bool)> {
    let text = bytes.strip_prefix(b"\"")?;
    let end = memchr(b'"', text)?;
    let known = ENVELOPES.contains(&text.get(..end)?);
    let behind = text.get(end + 1..)?;
    let skip = |bytes: &[u8]| bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let colon = skip(behind);
    if behind.get(colon) != Some(&b':') {
        return None;
    }
    let open = colon + 1 + skip(behind.get(colon + 1..)?);
    let first = open + 1 + skip(behind.get(open + 1..).unwrap_or_default());
    let is_array = behind.get(open) == Some(&b'[') && matches!(behind.get(first), Some(b'{' | b']'));
    Some((1 + end + 1 + open + 1, known && is_array))
}

/// Whether the first lines look like objects or arrays of them.
pub(crate) fn looks_so(begin: &[u8]) -> bool {
    let text = begin.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(begin);
    let mut bytes = text.iter().filter(|byte| !byte.is_ascii_whitespace());
    match bytes.next() {
        Some(b'{') => matches!(bytes.next(), Some(b'"' | b'}') | None),
        Some(b'[') => matches!(bytes.next(), Some(b'{' | b']') | None),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pieces(text: &[u8], limit: usize) -> Vec<Result<String, &'static str>> {
        let mut objects = Objects::new(text, Vec::new(), limit);
        let mut found = Vec::new();
        while let Some(piece) = objects.next().unwrap() {
            found.push(match piece {
                Piece::Object(bytes) => Ok(String::from_utf8_lossy(bytes).into_owned()),
                Piece::Broken(_, reason) => Err(reason),
            });
        }
        found
    }

    #[test]
    fn objects_come_as_lines_arrays_documents_and_in_envelopes() {
        let expected = vec![Ok("{\"a\":1}".to_owned()), Ok("{\"b\":\"}\"}".to_owned())];
        for text in [
            "{\"a\":1}\n{\"b\":\"}\"}\n",
            "{\"a\":1}{\"b\":\"}\"}",
            "[{\"a\":1},\n{\"b\":\"}\"}]",
            "{\"Records\":[{\"a\":1},{\"b\":\"}\"}]}",
            "{ \"records\" : [ {\"a\":1} , {\"b\":\"}\"} ], \"next\": \"x]\", \"n\": 3, \"o\": {\"x\": [1]} }",
            "\r\n{\"a\":1}\r\n\r\n{\"b\":\"}\"}",
        ] {
            assert_eq!(pieces(text.as_bytes(), 1000), expected, "{text}");
        }
        assert_eq!(pieces(b"{\n \"a\": 1\n}", 100), [Ok("{  \"a\": 1 }".to_owned())]);
        assert_eq!(pieces(b"{\"value\": [1, 2]}", 100), [Ok("{\"value\": [1, 2]}".to_owned())]);
    }

    #[test]
    fn reading_goes_on_behind_what_is_broken() {
        let found = pieces(b"{\"a\":1}\nnonsense\n{\"b\": \"x\n{\"c\":2}\n", 1000);
        assert_eq!(found[0], Ok("{\"a\":1}".to_owned()));
        assert_eq!(found[1], Err("not a JSON object"));
        assert_eq!(found[2], Err("a text breaks off at the end of its line"));
        assert_eq!(found[3], Ok("{\"c\":2}".to_owned()));
        assert_eq!(
            pieces(b"{\"a\": [1}\n{\"b\": 1", 1000),
            [Err("its brackets do not fit"), Err("breaks off")]
        );
        let long = format!("{{\"a\":\"{}\"}}\n{{\"b\":1}}\n", "x".repeat(600_000));
        let found = pieces(long.as_bytes(), 1000);
        assert_eq!(found.last().unwrap(), &Ok("{\"b\":1}".to_owned()));
        assert_eq!(found[0], Err("larger than the limit"));
    }

    proptest! {
        #[test]
        fn objects_are_found_whatever_stands_in_them(values in prop::collection::vec("[a\"\\\\{}\\[\\], é]{0,12}", 1..6), pretty: bool) {
            let objects: Vec<serde_json::Value> =
                values.iter().map(|value| serde_json::json!({"k": value, "l": [value, {"m": value}]})).collect();
            let texts: Vec<String> = objects.iter().map(|one| {
                if pretty { serde_json::to_string_pretty(one) } else { serde_json::to_string(one) }.unwrap()
            }).collect();
            let found = pieces(texts.join("\n").as_bytes(), 100_000);
            let read: Vec<serde_json::Value> =
                found.into_iter().map(|one| serde_json::from_str(&one.unwrap()).unwrap()).collect();
            prop_assert_eq!(read, objects);
        }

        #[test]
        fn arbitrary_bytes_end(bytes in prop::collection::vec(prop_oneof![Just(b'{'), Just(b'}'), Just(b'"'), Just(b'['), Just(b'\n'), any::<u8>()], 0..300)) {
            let _ = pieces(&bytes, 64);
        }
    }
}
