//! `bartizan:ignore RULE reason` in the scanned text itself.
//!
//! The comment stands on the line of the finding, or alone on the line above it. `RULE` is a rule's id, the front of one
//! up to a `/`, or `*`. A reason is required. Comments that stand alone one below the other all speak for the first
//! line after them.

use crate::rules::covers;
use bartizan_model::Region;
use memchr::memchr;
use memchr::memmem::Finder;
use std::collections::HashMap;

/// The words that begin a suppression.
pub(crate) const MARKER: &str = "bartizan:ignore";
/// Further comments for one line are not honoured.
const MAX_PER_LINE: usize = 16;
/// Bytes of a comment that are read; a reason is cut there.
const MAX_COMMENT: usize = 1000;
/// What stands before a comment that has its line for itself is not longer.
const MAX_INDENT: usize = 200;

/// The suppressions of one blob.
pub(crate) struct Inline {
    comments: Vec<Comment>,
    by_line: HashMap<u32, Vec<usize>>,
}

struct Comment {
    /// Where it stands, from 1.
    line: u32,
    rule: String,
    reason: String,
    used: bool,
    too_many: bool,
}

impl Inline {
    /// The suppressions in `bytes`; `marker` finds [`MARKER`].
    pub(crate) fn parse(bytes: &[u8], marker: &Finder<'_>) -> Self {
        let mut comments: Vec<Comment> = Vec::new();
        let mut alone: Vec<bool> = Vec::new();
        let (mut line, mut line_start, mut counted) = (1_u32, 0, 0);
        for at in marker.find_iter(bytes) {
            for newline in memchr::memchr_iter(b'\n', &bytes[counted..at]) {
                line = line.saturating_add(1);
                line_start = counted + newline + 1;
            }
            counted = at;
            // Bounded, so that a line of nothing but markers does not cost its length squared.
            let after = &bytes[at + MARKER.len()..];
            let after = &after[..after.len().min(MAX_COMMENT)];
            let after = &after[..memchr(b'\n', after).unwrap_or(after.len())];
            let before = &bytes[line_start..at];
            if let Some((rule, reason)) = words(before, after) {
                comments.push(Comment { line, rule, reason, used: false, too_many: false });
                alone.push(stands_alone(before));
            }
        }

        let mut by_line: HashMap<u32, Vec<usize>> = HashMap::new();
        let mut below = (0, 0);
        for index in (0..comments.len()).rev() {
            let own = comments[index].line;
            // Alone on its line: speaks for the line below, or for whatever the comment there speaks for.
            let target = if !alone[index] {
                own
            } else if below.0 == own.saturating_add(1) {
                below.1
            } else {
                own.saturating_add(1)
            };
            if alone[index] {
                below = (own, target);
            }
            for line in if target == own { vec![own] } else { vec![own, target] } {
                let there = by_line.entry(line).or_default();
                if there.len() < MAX_PER_LINE {
                    there.push(index);
                } else {
                    comments[index].too_many = true;
                }
            }
        }
        for there in by_line.values_mut() {
            there.reverse();
        }
        Self { comments, by_line }
    }

    /// The reason why a hit of `rule` in `region` may stand, if a comment says so. Comments that say so count as used.
    pub(crate) fn reason(&mut self, rule: &str, region: &Region) -> Option<String> {
        let mut reason = None;
        let lines = [region.start_line, region.end_line];
        let lines = if lines[0] == lines[1] { &lines[..1] } else { &lines[..] };
        for index in lines.iter().filter_map(|line| self.by_line.get(line)).flatten() {
            let comment = &mut self.comments[*index];
            if !comment.reason.is_empty() && covers(&comment.rule, rule) {
                comment.used = true;
                reason.get_or_insert_with(|| comment.reason.clone());
            }
        }
        reason
    }

    /// What to report of the comments that did nothing, in order.
    pub(crate) fn stale(&self) -> impl Iterator<Item = String> + '_ {
        self.comments.iter().filter(|comment| !comment.used).map(|comment| {
            let Comment { line, rule, .. } = comment;
            let why = if rule.is_empty() {
                "names no rule"
            } else if comment.reason.is_empty() {
                "no reason given, so it is not honoured"
            } else if comment.too_many {
                "too many for one line, so it is not honoured"
            } else {
                "matches no finding"
            };
            let blank = if rule.is_empty() { "" } else { " " };
            format!("line {line}: `{MARKER}{blank}{rule}`: {why}")
        })
    }
}

/// Rule and reason of the text after the marker. `None`: this is text about suppressions, no suppression.
fn words(before: &[u8], after: &[u8]) -> Option<(String, String)> {
    if before.last().is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'`')) {
        return None;
    }
    let after = String::from_utf8_lossy(after);
    let text = without_comment_end(&after);
    if text.is_empty() {
        return Some((String::new(), String::new()));
    }
    if !after.starts_with([' ', '\t', '\r']) {
        return None;
    }
    let (rule, reason) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let id =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '/' | '-' | '_' | '.' | '*');
    if !rule.starts_with(|c: char| c.is_ascii_lowercase() || c == '*')
        || !rule.chars().all(id)
        || rule.len() > 200
    {
        return None;
    }
    let reason = reason.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | ':' | '–' | '—'));
    let reason = if reason.chars().any(char::is_alphanumeric) { reason.trim() } else { "" };
    Some((rule.to_owned(), reason.to_owned()))
}

/// Without the signs that end a comment or a string.
fn without_comment_end(text: &str) -> &str {
    let mut text = text.trim();
    for end in ["*/", "-->", "--}}", "%>", "#}", "*)", "=#", "-}", "\",", "\""] {
        text = text.strip_suffix(end).unwrap_or(text).trim_end();
    }
    text
}

/// Whether only a comment's opening stands before the marker.
fn stands_alone(before: &[u8]) -> bool {
    if before.len() > MAX_INDENT {
        return false;
    }
    let before = before.trim_ascii();
    let word = before.to_ascii_lowercase();
    matches!(word.as_slice(), b"rem" | b"@rem" | b"dnl")
        || before
            .iter()
            .all(|byte| byte.is_ascii_punctuation() && *byte != b'=' || byte.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(line: u32) -> Region {
        Region {
            start_byte: 0,
            end_byte: 1,
            start_line: line,
            start_column: 1,
            end_line: line,
            end_column: 2,
        }
    }

    fn parse(text: &str) -> Inline {
        Inline::parse(text.as_bytes(), &Finder::new(MARKER))
    }

    fn reason(text: &str, rule: &str, line: u32) -> Option<String> {
        parse(text).reason(rule, &on(line))
    }

    #[test]
    fn same_line_line_above_and_blocks() {
        let yes = Some("a test value".to_owned());
        assert_eq!(reason("x = 1 # bartizan:ignore a/b a test value\ny", "a/b", 1), yes);
        assert_eq!(
            reason("x = 1 # bartizan:ignore a/b a test value\ny", "a/b", 2),
            None,
            "speaks for its own line"
        );
        assert_eq!(reason("q\n// bartizan:ignore a a test value\ny", "a/b", 3), yes);
        assert_eq!(reason("/* bartizan:ignore * -- a test value */\ny", "a/b", 2), yes);
        assert_eq!(
            reason("<!-- bartizan:ignore a/b: a test value -->\r\ny", "a/b", 2),
            None,
            "`a/b:` is another id"
        );
        assert_eq!(reason("<!-- bartizan:ignore a/b : a test value -->\r\ny", "a/b", 2), yes);
        assert_eq!(reason("REM bartizan:ignore a/b a test value\ny", "a/b", 2), yes);
        assert_eq!(reason("\"//\": \"bartizan:ignore a/b a test value\",\ny", "a/b", 2), yes);
        let block = "# bartizan:ignore a/b one\n# bartizan:ignore c/d two\ny = 1";
        assert_eq!(reason(block, "a/b", 3).as_deref(), Some("one"));
        assert_eq!(reason(block, "c/d", 3).as_deref(), Some("two"));
        assert_eq!(reason(block, "a/b", 4), None);
        assert_eq!(reason("# bartizan:ignore a/b one\n\ny", "a/b", 3), None, "an empty line parts them");
    }

    #[test]
    fn without_rule_or_reason_it_is_reported_and_not_honoured() {
        for text in ["x # bartizan:ignore a/b", "x # bartizan:ignore a/b --", "x /* bartizan:ignore a/b */"] {
            assert_eq!(reason(text, "a/b", 1), None, "{text}");
            let stale: Vec<String> = parse(text).stale().collect();
            assert_eq!(stale, ["line 1: `bartizan:ignore a/b`: no reason given, so it is not honoured"]);
        }
        assert_eq!(
            parse("\n# bartizan:ignore\n").stale().collect::<Vec<_>>(),
            ["line 2: `bartizan:ignore`: names no rule"]
        );
    }

    #[test]
    fn text_about_suppressions_is_none() {
        for text in [
            "`bartizan:ignore`",
            "`bartizan:ignore RULE reason`",
            "b\"bartizan:ignore\"x",
            "bartizan:ignored a/b c",
            "// bartizan:ignore RULE reason",
            "xbartizan:ignore a/b c",
        ] {
            assert_eq!(parse(text).stale().count(), 0, "{text}");
        }
    }

    #[test]
    fn what_matched_is_not_stale() {
        let mut inline = parse("x # bartizan:ignore a/b yes\ny # bartizan:ignore a/b no");
        assert!(inline.reason("a/b", &on(1)).is_some());
        assert_eq!(inline.stale().collect::<Vec<_>>(), ["line 2: `bartizan:ignore a/b`: matches no finding"]);
    }

    #[test]
    fn too_many_for_a_line_are_reported() {
        let line = "bartizan:ignore a/b r ".to_owned() + &" bartizan:ignore c/d r".repeat(40);
        let mut inline = parse(&line);
        let _ = inline.reason("c/d", &on(1));
        assert!(inline.stale().any(|text| text.contains("too many")));
    }
}
