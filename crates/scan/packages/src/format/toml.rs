//! TOML with places, read past errors.
//!
//! Keys and values of `toml`'s spanned tree carry byte ranges. A file with a syntax error is read as far as it goes: the
//! error becomes a problem, and the file fails only where nothing could be read.

use super::note;
use crate::ParseError;
use crate::package::Problem;
use std::ops::Range;
use toml::Spanned;
pub use toml::de::{DeArray, DeString, DeTable, DeValue};

/// A key with its place.
pub type Key<'a> = Spanned<DeString<'a>>;

/// A value with its place.
pub type Item<'a> = Spanned<DeValue<'a>>;

/// A parsed file.
#[derive(Debug)]
pub struct Document<'a> {
    /// The outermost table.
    pub root: DeTable<'a>,
    /// Syntax errors that were read past.
    pub problems: Vec<Problem>,
    shift: usize,
}

impl Document<'_> {
    /// Bytes of the file for a range of the tree: differs from it where a byte order mark stands before the text.
    pub fn span(&self, range: Range<usize>) -> Range<usize> {
        range.start + self.shift..range.end + self.shift
    }
}

/// Parses TOML 1.1.
///
/// # Errors
/// Where the text is not UTF-8, or has errors and nothing else.
pub fn parse(bytes: &[u8]) -> Result<Document<'_>, ParseError> {
    let text = super::text(bytes)?;
    let shift = bytes.len() - text.len();
    let (root, errors) = DeTable::parse_recoverable(text);
    let root = root.into_inner();
    let mut problems = Vec::new();
    for error in &errors {
        let at = error.span().map_or(0, |span| span.start) + shift;
        let reason = error.message().lines().next().unwrap_or("not TOML").to_lowercase();
        if root.is_empty() {
            return Err(ParseError::at(bytes, at, reason));
        }
        note(&mut problems, at, reason);
    }
    Ok(Document { root, problems, shift })
}

/// The table at a key.
pub fn table<'t, 'a>(table: &'t DeTable<'a>, key: &str) -> Option<&'t DeTable<'a>> {
    table.get(key)?.get_ref().as_table()
}

/// The list at a key.
pub fn array<'t, 'a>(table: &'t DeTable<'a>, key: &str) -> Option<&'t DeArray<'a>> {
    table.get(key)?.get_ref().as_array()
}

/// The string at a key.
pub fn str<'t>(table: &'t DeTable<'_>, key: &str) -> Option<&'t str> {
    table.get(key)?.get_ref().as_str()
}

/// The entries of a table in the order of the file; the tree itself orders by key.
pub fn entries<'t, 'a>(table: &'t DeTable<'a>) -> Vec<(&'t Key<'a>, &'t Item<'a>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

#[cfg(test)]
mod tests {
    use super::{entries, parse, str, table};
    use proptest::prelude::*;

    #[test]
    fn entries_come_in_the_order_of_the_file_with_their_place() {
        let source = "\u{feff}[b]\nx = 'ä'\n[a]\ny = 1\n".as_bytes();
        let document = parse(source).unwrap();
        let names: Vec<_> =
            entries(&document.root).iter().map(|(key, _)| key.get_ref().to_string()).collect();
        assert_eq!(names, ["b", "a"]);
        let b = table(&document.root, "b").unwrap();
        assert_eq!(str(b, "x"), Some("ä"));
        let span = document.span(b.get("x").unwrap().span());
        assert_eq!(&source[span], "'ä'".as_bytes());
    }

    #[test]
    fn an_error_leaves_the_rest_standing() {
        let document = parse(b"a = 1\nb = = 2\n[c]\nd = 'x'\n").unwrap();
        assert_eq!(str(table(&document.root, "c").unwrap(), "d"), Some("x"));
        assert_eq!(document.problems[0].at, 10);
        assert_eq!(parse(b"\n\n<html>\n").unwrap_err().line, 3);
        assert_eq!(parse(b"a = 1\nb = '\xff'").unwrap_err().line, 2);
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_crash() {
        let deep = format!("a = {}", "[".repeat(100_000));
        assert!(parse(deep.as_bytes()).is_err_and(|error| error.line == 1) || parse(deep.as_bytes()).is_ok());
        let keys = format!("{}a = 1", "a.".repeat(100_000));
        let _ = parse(keys.as_bytes());
        let inline = format!("a = {}", "{a=".repeat(100_000));
        let _ = parse(inline.as_bytes());
    }

    proptest! {
        #[test]
        fn any_toml_like_text_is_read_without_panic(text in "[a-c=\\[\\]{}'\",.# \\n0-9-]{0,60}") {
            let _ = parse(text.as_bytes());
        }
    }
}
