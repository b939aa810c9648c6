//! Makes hostile text safe to show, and fits it to a width.
//!
//! Paths, lines, authors and reasons come from scanned input. A terminal obeys control characters in them, an editor
//! obeys bidirectional overrides: both are shown as visible escapes instead.

use std::borrow::Cow;
use std::fmt::Write;
use unicode_width::UnicodeWidthChar;

/// `text` with every character that would act rather than be seen written as `\u{…}`; line ends and tabs too.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        push_visible(&mut out, c);
    }
    Cow::Owned(out)
}

/// As [`visible`], but keeps line ends (as `\n`) and turns tabs into blanks: for text of several lines.
pub fn visible_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\n' => out.push('\n'),
            '\t' => out.push_str("    "),
            c => push_visible(&mut out, c),
        }
    }
    out
}

fn push_visible(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if acts(c) => {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        }
        c => out.push(c),
    }
}

/// Control characters (C0, DEL, C1), the ends of lines that Unicode adds, and everything that changes the order or
/// presence of its neighbours: bidirectional marks, embeddings, overrides and isolates, zero-width characters, tags.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c),
            0x061c | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfeff | 0xfff9..=0xfffb | 0xe0000..=0xe0fff)
}

/// Columns that visible `text` takes on a terminal.
pub fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

fn char_width(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// Breaks `text` into lines of at most `limit` columns, at blanks where it can. At least one line.
pub fn wrap(text: &str, limit: usize) -> Vec<String> {
    let limit = limit.max(8);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut used = 0;
        for word in paragraph.split_whitespace() {
            let columns = width(word);
            if used > 0 && used + 1 + columns > limit {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            if columns <= limit {
                line.push_str(word);
                used += columns;
                continue;
            }
            for c in word.chars() {
                if used + char_width(c) > limit {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push(c);
                used += char_width(c);
            }
        }
        lines.push(line);
    }
    lines
}

/// `text` cut to `limit` columns, with `…` where something is missing.
pub fn cut(text: &str, limit: usize) -> Cow<'_, str> {
    if width(text) <= limit {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        if used + char_width(c) + 1 > limit {
            break;
        }
        used += char_width(c);
        out.push(c);
    }
    out.push('…');
    Cow::Owned(out)
}

/// A number with thousands apart: `12,345`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 file`, `2,000 files`.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_acts_gets_through() {
        let hostile = "a\x1b[31mred\x07\u{9b}x\u{202e}txt\u{2066}\r\n\t\u{200b}\u{e0041}z";
        let shown = visible(hostile);
        assert_eq!(shown, "a\\u{1b}[31mred\\u{7}\\u{9b}x\\u{202e}txt\\u{2066}\\r\\n\\t\\u{200b}\\u{e0041}z");
        assert!(matches!(visible("plain ünïcode 漢字"), Cow::Borrowed(_)));
        assert_eq!(visible_lines("a\r\nb\tc\x1b"), "a\nb    c\\u{1b}");
    }

    #[test]
    fn lines_fit() {
        let text = "a sentence of words and averyveryverylongwordthatfitsnowhere and 漢字漢字漢字漢字";
        for limit in [8, 13, 20, 80] {
            let lines = wrap(text, limit);
            assert!(lines.iter().all(|line| width(line) <= limit), "{lines:?}");
            let joined: String = lines.concat().replace(' ', "");
            assert_eq!(joined, text.replace(' ', ""));
        }
        assert_eq!(wrap("", 10), [""]);
    }

    #[test]
    fn cutting_counts_columns() {
        assert_eq!(cut("漢字漢字", 5), "漢字…");
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("abcd", 3), "ab…");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(counted(1, "file", "files"), "1 file");
    }
}
