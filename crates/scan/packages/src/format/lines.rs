//! Text by lines, each with the byte at which it starts.

use crate::ParseError;
use std::ops::Range;

/// A line without its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// Byte of the file at which it starts.
    pub start: usize,
    /// Without `\n` or `\r\n`.
    pub text: &'a str,
}

impl Line<'_> {
    /// Blanks at its front.
    pub fn indent(&self) -> usize {
        self.text.len() - self.text.trim_start_matches([' ', '\t']).len()
    }

    /// Bytes of the file from its first to its last visible character.
    pub fn span(&self) -> Range<usize> {
        let front = self.text.len() - self.text.trim_start().len();
        let start = self.start + front;
        start..start + self.text.trim().len()
    }

    /// Bytes of the file at which a part of this line stands.
    pub fn span_of(&self, part: &str) -> Range<usize> {
        let at = (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        if at <= self.text.len() { self.start + at..self.start + at + part.len() } else { self.span() }
    }
}

/// The file as text.
///
/// # Errors
/// Where it is not UTF-8, with the line of the first such byte.
pub(super) fn text(bytes: &[u8]) -> Result<&str, ParseError> {
    std::str::from_utf8(bytes).map_err(|error| ParseError::at(bytes, error.valid_up_to(), "not UTF-8"))
}

/// Lines of a text; a byte order mark in front is passed over.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut start = text.len() - rest.len();
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (line, next) = rest.split_once('\n').unwrap_or((rest, ""));
        let found = Line { start, text: line.strip_suffix('\r').unwrap_or(line) };
        start += rest.len() - next.len();
        rest = next;
        Some(found)
    })
}

/// Lines of bytes that need not be text.
pub(super) fn byte_lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let (start, line) = (at, rest.get(..end)?);
        at += end + 1;
        Some((start, line.strip_suffix(b"\r").unwrap_or(line)))
    })
}

/// Whether a line is a mark that a merge left behind.
pub(super) fn is_conflict_mark(line: &str) -> bool {
    ["<<<<<<< ", ">>>>>>> ", "||||||| "].iter().any(|mark| line.starts_with(mark)) || line == "======="
}

/// What is said of a mark that a merge left behind.
pub(super) const CONFLICT: &str = "a merge conflict is not resolved here";

/// The last part of a path.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::{byte_lines, lines};

    #[test]
    fn lines_know_where_they_stand() {
        let text = "\u{feff}a\r\n\n  bc \nd";
        let all: Vec<_> = lines(text).map(|line| (line.start, line.text, line.span())).collect();
        assert_eq!(all, [(3, "a", 3..4), (6, "", 6..6), (7, "  bc ", 9..11), (13, "d", 13..14)]);
        let line = lines("ab: cd").next().unwrap();
        assert_eq!(line.span_of(&line.text[4..]), 4..6);
    }

    #[test]
    fn byte_lines_agree_with_lines_of_text() {
        for text in ["", "a", "a\n", "a\r\nb\n\nc", "\n"] {
            let bytes: Vec<_> = byte_lines(text.as_bytes()).map(|(at, line)| (at, line.to_vec())).collect();
            let texts: Vec<_> = lines(text).map(|line| (line.start, line.text.as_bytes().to_vec())).collect();
            assert_eq!(bytes, texts);
        }
    }
}
