//! Literals of Erlang and Elixir, as `mix.lock` and `rebar.lock` hold them: maps, tuples, lists, strings, atoms, numbers.
//!
//! Nothing but literals is understood, so nothing is run.

use crate::ParseError;
use std::ops::Range;

/// Whose literals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `<<"text">>`, `%` starts a comment.
    Erlang,
    /// `"text"`, `:atom`, `key: value`, `%{}`, `#` starts a comment.
    Elixir,
}

/// A literal and where it stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Term {
    /// What it is.
    pub kind: Kind,
    /// Bytes of the file.
    pub span: Range<usize>,
}

/// Kinds of literals.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A string or binary.
    Text(String),
    /// An atom, without its colon or quotes; also `true`, `nil` and module names.
    Atom(String),
    /// A number as written.
    Number(String),
    /// `[…]`; pairs `key: value` inside are tuples of two.
    List(Vec<Term>),
    /// `{…}`.
    Tuple(Vec<Term>),
    /// `%{…}`, as tuples of two.
    Map(Vec<Term>),
}

impl Term {
    /// The text of a string.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The name of an atom.
    pub fn atom(&self) -> Option<&str> {
        match &self.kind {
            Kind::Atom(name) => Some(name),
            _ => None,
        }
    }

    /// The text of a string or the name of an atom.
    pub fn word(&self) -> Option<&str> {
        self.text().or_else(|| self.atom())
    }

    /// What a tuple holds.
    pub fn tuple(&self) -> Option<&[Term]> {
        match &self.kind {
            Kind::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// What a list holds.
    pub fn list(&self) -> Option<&[Term]> {
        match &self.kind {
            Kind::List(items) => Some(items),
            _ => None,
        }
    }

    /// The value of a key in a list of pairs.
    pub fn value(&self, key: &str) -> Option<&Term> {
        self.list()?.iter().find_map(|item| match item.tuple()? {
            [name, value] if name.word() == Some(key) => Some(value),
            _ => None,
        })
    }
}

/// Terms within terms beyond which a file is refused.
const MAX_DEPTH: usize = 64;
/// Terms in one file beyond which it is refused: a package takes about twenty.
const MAX_TERMS: usize = 4_000_000;

/// Reads terms one after the other.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    text: &'a str,
    dialect: Dialect,
    /// Byte that is read next.
    pub at: usize,
    left: usize,
}

impl<'a> Reader<'a> {
    /// From the front of a text.
    pub fn new(text: &'a str, dialect: Dialect) -> Self {
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Self { bytes: text.as_bytes(), text, dialect, at, left: MAX_TERMS }
    }

    /// The next byte behind blanks and comments.
    pub fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            let comment = match self.dialect {
                Dialect::Erlang => byte == b'%',
                Dialect::Elixir => byte == b'#',
            };
            if comment {
                let rest = self.bytes.get(self.at..).unwrap_or_default();
                self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            } else if byte.is_ascii_whitespace() {
                self.at += 1;
            } else {
                return Some(byte);
            }
        }
    }

    /// Takes a mark, if it comes next.
    pub fn take(&mut self, mark: &str) -> bool {
        self.peek();
        let found = self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(mark.as_bytes()));
        if found {
            self.at += mark.len();
        }
        found
    }

    /// An error at the byte that is read next.
    pub fn error(&self, reason: &str) -> ParseError {
        ParseError::at(self.bytes, self.at, reason)
    }

    /// One term.
    ///
    /// # Errors
    /// Where something else than a literal stands; [`Reader::at`] is then the place.
    pub fn term(&mut self) -> Result<Term, ParseError> {
        self.nested(MAX_DEPTH)
    }

    /// A key and its value, as maps and lists hold them: `"key": value`, `key: value`, `key => value`. A term without a
    /// value is given as it is.
    ///
    /// # Errors
    /// As for [`Reader::term`].
    pub fn entry(&mut self, depth: usize) -> Result<Term, ParseError> {
        let key = self.nested(depth)?;
        // `key:` was read as an atom or a text; its colon is still there.
        let paired = self.dialect == Dialect::Elixir
            && (self.bytes.get(self.at) == Some(&b':') && self.take(":") || self.take("=>"));
        if !paired {
            return Ok(key);
        }
        let value = self.nested(depth)?;
        let span = key.span.start..value.span.end;
        Ok(Term { kind: Kind::Tuple(vec![key, value]), span })
    }

    /// An entry at the top of a map.
    ///
    /// # Errors
    /// As for [`Reader::term`].
    pub fn top_entry(&mut self) -> Result<Term, ParseError> {
        self.entry(MAX_DEPTH)
    }

    fn nested(&mut self, depth: usize) -> Result<Term, ParseError> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(self.error("terms are nested too deep"));
        };
        let Some(left) = self.left.checked_sub(1) else {
            return Err(self.error("too many terms in one file"));
        };
        self.left = left;
        let Some(byte) = self.peek() else {
            return Err(self.error("the file ends inside a term"));
        };
        let start = self.at;
        let kind = match byte {
            b'[' => {
                self.at += 1;
                Kind::List(self.items("]", depth)?)
            }
            b'{' => {
                self.at += 1;
                Kind::Tuple(self.items("}", depth)?)
            }
            b'%' if self.take("%{") => Kind::Map(self.items("}", depth)?),
            b'"' => Kind::Text(self.string(b'"')?),
            b'\'' => Kind::Atom(self.string(b'\'')?),
            b'<' if self.take("<<") => {
                let text = match self.peek() {
                    Some(b'"') => self.string(b'"')?,
                    _ => String::new(),
                };
                self.take("/utf8");
                if !self.take(">>") {
                    return Err(self.error("expected `>>` behind a text"));
                }
                Kind::Text(text)
            }
            b':' if self.dialect == Dialect::Elixir => {
                self.at += 1;
                match self.bytes.get(self.at) {
                    Some(b'"') => Kind::Atom(self.string(b'"')?),
                    _ => Kind::Atom(self.word()?.to_owned()),
                }
            }
            b'0'..=b'9' | b'-' => {
                self.at += 1;
                self.skip_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_'));
                Kind::Number(
                    self.text.get(start..self.at).unwrap_or_default().trim_end_matches('.').to_owned(),
                )
            }
            byte if byte.is_ascii_alphabetic() || byte == b'_' => Kind::Atom(self.word()?.to_owned()),
            _ => return Err(self.error("expected a literal: a map, tuple, list, text, atom or number")),
        };
        Ok(Term { kind, span: start..self.at })
    }

    fn items(&mut self, close: &str, depth: usize) -> Result<Vec<Term>, ParseError> {
        let mut items = Vec::new();
        loop {
            if self.take(close) {
                return Ok(items);
            }
            if self.peek().is_none() {
                return Err(self.error("the file ends inside a term"));
            }
            items.push(self.entry(depth)?);
            if !self.take(",") && self.peek().is_some_and(|byte| !close.as_bytes().contains(&byte)) {
                return Err(self.error("expected a comma between terms"));
            }
        }
    }

    fn skip_while(&mut self, wanted: impl Fn(u8) -> bool) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += rest.iter().position(|byte| !wanted(*byte)).unwrap_or(rest.len());
    }

    fn word(&mut self) -> Result<&'a str, ParseError> {
        let start = self.at;
        self.skip_while(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'@' | b'.' | b'?' | b'!') || byte >= 0x80
        });
        match self.text.get(start..self.at) {
            Some(word) if !word.is_empty() => Ok(word),
            _ => Err(self.error("expected a name")),
        }
    }

    /// A text in quotes. Escapes stand for the character behind them, except for those of line ends and tabs.
    fn string(&mut self, quote: u8) -> Result<String, ParseError> {
        let open = self.at;
        self.at += 1;
        let mut out = Vec::new();
        loop {
            match self.bytes.get(self.at) {
                None => {
                    self.at = open;
                    return Err(self.error("a text that begins here does not end"));
                }
                Some(byte) if *byte == quote => {
                    self.at += 1;
                    // Cut only at quotes and backslashes, which are ASCII: it is still UTF-8.
                    return Ok(String::from_utf8(out).unwrap_or_default());
                }
                Some(b'\\') => {
                    match self.bytes.get(self.at + 1) {
                        Some(b'n') => out.push(b'\n'),
                        Some(b't') => out.push(b'\t'),
                        Some(b'r') => out.push(b'\r'),
                        Some(other) => out.push(*other),
                        None => {}
                    }
                    self.at += 2;
                }
                Some(byte) => {
                    out.push(*byte);
                    self.at += 1;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Dialect, Kind, MAX_DEPTH, Reader};

    #[test]
    fn elixir_literals_are_read() {
        let mut reader = Reader::new(
            "# note\n%{\"a\": {:hex, :a, \"1.0\", [:mix], [{:b, \">= 1\", [hex: :b, repo: \"hexpm\"]}]}, c => -1.5}",
            Dialect::Elixir,
        );
        let term = reader.term().unwrap();
        let Kind::Map(entries) = &term.kind else { panic!("{term:?}") };
        let [key, value] = entries[0].tuple().unwrap() else { panic!() };
        assert_eq!(key.text(), Some("a"));
        let items = value.tuple().unwrap();
        assert_eq!(items[1].atom(), Some("a"));
        let needs = items[4].list().unwrap()[0].tuple().unwrap();
        assert_eq!(needs[2].value("repo").and_then(|term| term.text()), Some("hexpm"));
        assert_eq!(entries[1].tuple().unwrap()[1].kind, Kind::Number("-1.5".into()));
    }

    #[test]
    fn erlang_literals_are_read() {
        let mut reader = Reader::new(
            "% note\n{\"1.2.0\",[{<<\"a\">>,{pkg,<<\"b\">>,<<\"1\\\"0\">>},0}]}.",
            Dialect::Erlang,
        );
        let term = reader.term().unwrap();
        let items = term.tuple().unwrap();
        assert_eq!(items[0].text(), Some("1.2.0"));
        let package = items[1].list().unwrap()[0].tuple().unwrap()[1].tuple().unwrap();
        assert_eq!(package[2].text(), Some("1\"0"));
        assert!(reader.take("."));
    }

    #[test]
    fn errors_name_the_line_and_depth_is_bounded() {
        let error = Reader::new("{:a,\n  \"b", Dialect::Elixir).term().unwrap_err();
        assert_eq!((error.line, error.reason.as_str()), (2, "a text that begins here does not end"));
        assert_eq!(Reader::new("[1,\n\n@]", Dialect::Elixir).term().unwrap_err().line, 3);
        let deep = "[".repeat(MAX_DEPTH + 1);
        assert_eq!(
            Reader::new(&deep, Dialect::Erlang).term().unwrap_err().reason,
            "terms are nested too deep"
        );
    }
}
