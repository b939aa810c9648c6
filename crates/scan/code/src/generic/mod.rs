//! The `generic` mode: patterns over text without a grammar.
//!
//! Text is a row of words, numbers and signs; white space only parts them. A pattern is such a row with `$X` (one word),
//! `$...X` and `...` (any number of tokens over at most so many lines, brackets in pairs). Follows the documentation of Semgrep,
//! "Generic pattern matching".

use crate::rule;
use std::collections::BTreeMap;
use std::ops::Range;

/// Tokens of one text that are looked at.
const MAX_TOKENS: usize = 4_000_000;
/// Tokens of one pattern.
const MAX_PATTERN: usize = 2000;
/// Steps that one pattern may take in one text.
const MAX_STEPS: u64 = 20_000_000;

/// How text is read.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many lines `...` may go on.
    pub max_span: u32,
    /// Letters compare without regard to case.
    pub caseless: bool,
    /// What is left out as comment.
    pub comments: Comments,
    /// A metavariable takes a word with these signs in it too.
    pub extra_word: Vec<char>,
}

impl Default for Options {
    fn default() -> Self {
        Self { max_span: 10, caseless: false, comments: Comments::None, extra_word: Vec::new() }
    }
}

impl From<&rule::Options> for Options {
    fn from(options: &rule::Options) -> Self {
        Self {
            max_span: options.generic_ellipsis_max_span,
            caseless: options.generic_caseless,
            comments: match options.generic_comment_style {
                rule::CommentStyle::None => Comments::None,
                rule::CommentStyle::C => Comments::C,
                rule::CommentStyle::Cpp => Comments::Cpp,
                rule::CommentStyle::Shell => Comments::Shell,
            },
            extra_word: options.generic_extra_word_characters.clone(),
        }
    }
}

/// What is left out as comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comments {
    /// Nothing.
    None,
    /// `/* … */`
    C,
    /// `/* … */` and `//`
    Cpp,
    /// `#`
    Shell,
}

/// A pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    parts: Vec<Part>,
    options: Options,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Token(String),
    Metavariable(String),
    /// `$_`
    Any,
    Ellipsis,
    MetavariableEllipsis(String),
}

/// A place that a pattern matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Metavariables, with `$`, and the bytes that they took.
    pub bindings: BTreeMap<String, Range<usize>>,
}

/// Why a pattern cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GenericError {
    /// Nothing in it.
    #[error("the pattern is empty")]
    Empty,
    /// Too many tokens.
    #[error("the pattern has more than {MAX_PATTERN} words and signs")]
    TooLong,
}

#[derive(Clone, Copy, Debug)]
struct Token<'t> {
    text: &'t str,
    start: usize,
    line: u32,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// See [`GenericError`].
    pub fn parse(text: &str, options: &Options) -> Result<Self, GenericError> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let name = |tail: &str| -> usize {
                tail.bytes()
                    .take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_')
                    .count()
            };
            let length = if first.is_whitespace() {
                first.len_utf8()
            } else if let Some(tail) = rest.strip_prefix("$...").filter(|tail| name(tail) > 0) {
                let length = name(tail);
                parts.push(Part::MetavariableEllipsis(format!("$...{}", &tail[..length])));
                4 + length
            } else if let Some(tail) = rest.strip_prefix('$').filter(|tail| name(tail) > 0) {
                let length = name(tail);
                parts.push(if &tail[..length] == "_" {
                    Part::Any
                } else {
                    Part::Metavariable(format!("${}", &tail[..length]))
                });
                1 + length
            } else if rest.starts_with("...") {
                parts.push(Part::Ellipsis);
                3
            } else {
                let length = token_length(rest, &[]);
                parts.push(Part::Token(rest[..length].to_owned()));
                length
            };
            rest = &rest[length..];
            if parts.len() > MAX_PATTERN {
                return Err(GenericError::TooLong);
            }
        }
        if parts.is_empty() {
            return Err(GenericError::Empty);
        }
        Ok(Self { parts, options: options.clone() })
    }

    /// The metavariables, with `$`.
    pub fn metavariables(&self) -> Vec<String> {
        let name = |part: &Part| match part {
            Part::Metavariable(name) | Part::MetavariableEllipsis(name) => Some(name.clone()),
            _ => None,
        };
        self.parts.iter().filter_map(name).collect()
    }

    /// All matches that do not overlap, from left to right.
    pub fn find(&self, text: &str) -> Vec<Match> {
        let tokens = tokens(text, &self.options);
        let mut search = Search { pattern: self, text, tokens: &tokens, steps: 0 };
        let mut found = Vec::new();
        let mut at = 0;
        while at < tokens.len() && search.steps < MAX_STEPS {
            let mut bindings = BTreeMap::new();
            match search.from(0, at, at, &mut bindings) {
                Some(end) => {
                    let last = &tokens[end.saturating_sub(1).max(at)];
                    found.push(Match { range: tokens[at].start..last.start + last.text.len(), bindings });
                    at = end.max(at + 1);
                }
                None => at += 1,
            }
        }
        found
    }
}

struct Search<'a> {
    pattern: &'a Pattern,
    text: &'a str,
    tokens: &'a [Token<'a>],
    steps: u64,
}

impl Search<'_> {
    /// Where the parts from `part` on end when they start at token `at`.
    fn from(
        &mut self,
        part: usize,
        at: usize,
        start: usize,
        bindings: &mut BTreeMap<String, Range<usize>>,
    ) -> Option<usize> {
        self.steps += 1;
        if self.steps >= MAX_STEPS {
            return None;
        }
        let Some(wanted) = self.pattern.parts.get(part) else { return Some(at) };
        let span = |token: &Token<'_>| token.start..token.start + token.text.len();
        match wanted {
            Part::Token(text) => {
                let token = self.tokens.get(at)?;
                self.equal(text, token.text).then(|| self.from(part + 1, at + 1, start, bindings)).flatten()
            }
            Part::Any => {
                let token = self.tokens.get(at)?;
                is_word(token.text).then(|| self.from(part + 1, at + 1, start, bindings)).flatten()
            }
            Part::Metavariable(name) => {
                let token = self.tokens.get(at)?;
                if !is_word(token.text) {
                    return None;
                }
                let range = span(token);
                if let Some(known) = bindings.get(name) {
                    let same = self.equal(&self.text[known.clone()], token.text);
                    return same.then(|| self.from(part + 1, at + 1, start, bindings)).flatten();
                }
                bindings.insert(name.clone(), range);
                let end = self.from(part + 1, at + 1, start, bindings);
                if end.is_none() {
                    bindings.remove(name);
                }
                end
            }
            Part::Ellipsis | Part::MetavariableEllipsis(_) => {
                let line = match at.checked_sub(1).and_then(|before| self.tokens.get(before)) {
                    Some(before) if at > start => before.line,
                    _ => self.tokens.get(at)?.line,
                };
                let mut depth = 0i64;
                let mut to = at;
                loop {
                    // Brackets that open within the gap close within it.
                    if depth == 0 {
                        if let Part::MetavariableEllipsis(name) = wanted {
                            let range = match (
                                self.tokens.get(at),
                                to.checked_sub(1).and_then(|last| self.tokens.get(last)),
                            ) {
                                (Some(first), Some(last)) if to > at => first.start..span(last).end,
                                (Some(first), _) => first.start..first.start,
                                _ => self.text.len()..self.text.len(),
                            };
                            bindings.insert(name.clone(), range);
                        }
                        if let Some(end) = self.from(part + 1, to, start, bindings) {
                            // At the end of a pattern the gap goes on to the end of its lines.
                            return Some(if part + 1 == self.pattern.parts.len() {
                                self.gap_end(at, line)
                            } else {
                                end
                            });
                        }
                    }
                    let Some(token) = self.tokens.get(to) else { break };
                    if token.line > line + self.pattern.options.max_span || self.steps >= MAX_STEPS {
                        break;
                    }
                    match token.text {
                        "(" | "[" | "{" => depth += 1,
                        ")" | "]" | "}" if depth == 0 => break,
                        ")" | "]" | "}" => depth -= 1,
                        _ => {}
                    }
                    to += 1;
                }
                if let Part::MetavariableEllipsis(name) = wanted {
                    bindings.remove(name);
                }
                None
            }
        }
    }

    fn gap_end(&self, at: usize, line: u32) -> usize {
        let mut depth = 0i64;
        let mut to = at;
        while let Some(token) = self.tokens.get(to) {
            if token.line > line + self.pattern.options.max_span {
                break;
            }
            match token.text {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" if depth == 0 => break,
                ")" | "]" | "}" => depth -= 1,
                _ => {}
            }
            to += 1;
        }
        to
    }

    fn equal(&self, a: &str, b: &str) -> bool {
        if self.pattern.options.caseless { a.eq_ignore_ascii_case(b) } else { a == b }
    }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphanumeric() || c == '_') || text.chars().count() > 1
}

fn token_length(text: &str, extra: &[char]) -> usize {
    let word = |c: char| c.is_alphanumeric() || c == '_' || extra.contains(&c);
    let length: usize = text.chars().take_while(|c| word(*c)).map(char::len_utf8).sum();
    if length > 0 { length } else { text.chars().next().map_or(1, char::len_utf8) }
}

fn tokens<'t>(text: &'t str, options: &Options) -> Vec<Token<'t>> {
    let mut out = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let (block, to_end) = match options.comments {
            Comments::None => (false, false),
            Comments::C => (rest.starts_with("/*"), false),
            Comments::Cpp => (rest.starts_with("/*"), rest.starts_with("//")),
            Comments::Shell => (false, c == '#'),
        };
        let skipped = if block {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if to_end {
            rest.find('\n').unwrap_or(rest.len())
        } else if c.is_whitespace() {
            c.len_utf8()
        } else {
            0
        };
        if skipped > 0 {
            line += rest[..skipped].bytes().filter(|byte| *byte == b'\n').count() as u32;
            at += skipped;
            continue;
        }
        let length = token_length(rest, &options.extra_word);
        out.push(Token { text: &rest[..length], start: at, line });
        at += length;
        if out.len() >= MAX_TOKENS {
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(pattern: &str, text: &str) -> Vec<String> {
        let pattern = Pattern::parse(pattern, &Options::default()).unwrap();
        pattern.find(text).into_iter().map(|found| text[found.range].to_owned()).collect()
    }

    #[test]
    fn words_signs_and_gaps() {
        let text = "server {\n  listen 80;\n  location / { proxy_pass http://a; }\n}\nlisten 443;";
        assert_eq!(found("listen $PORT;", text), ["listen 80;", "listen 443;"]);
        assert_eq!(found("server { ... }", text).len(), 1);
        assert_eq!(
            found("listen 80; ... proxy_pass", text),
            Vec::<String>::new(),
            "the bracket is not closed"
        );
        assert_eq!(found("$A $A", "x x y"), ["x x"]);
        assert_eq!(found("location $_", text), Vec::<String>::new());
        assert_eq!(found("proxy_pass $...URL;", text), ["proxy_pass http://a;"]);
    }

    #[test]
    fn gaps_end_after_some_lines() {
        let far = format!("a\n{}b", "x\n".repeat(20));
        assert_eq!(found("a ... b", &far), Vec::<String>::new());
        assert_eq!(found("a ... b", "a\nx\nb").len(), 1);
    }

    proptest! {
        #[test]
        fn ends_on_anything(pattern in "[a(){}$X. \n]{1,20}", text in "[a(){}X. \n]{0,60}") {
            if let Ok(pattern) = Pattern::parse(&pattern, &Options::default()) {
                for found in pattern.find(&text) {
                    prop_assert!(text.get(found.range).is_some());
                }
            }
        }
    }
}
