//! Regular expressions as rules write them: PCRE2, without its Unicode classes.
//!
//! What has no look-around, back-reference or atomic group runs in linear time (`regex-automata`); the rest backtracks
//! within a bound (`fancy-regex`). `translate` turns PCRE syntax into theirs. `\d`, `\w`, `\s` are ASCII, as in PCRE
//! without `UCP`. One difference remains: without many-lines mode `$` is the very end, not also the place before a last
//! line feed.

mod translate;

use regex_automata::meta;
use regex_automata::util::syntax;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// Bytes beyond which an expression is refused.
const MAX_LENGTH: usize = 256 * 1024;
/// Memory of a compiled expression.
const MAX_COMPILED: usize = 16 * 1024 * 1024;
/// Steps of backtracking in one search.
const MAX_STEPS: usize = 1_000_000;
/// Bytes up to which an expression without counted repetition is compiled when it is first used.
const LATER: usize = 4096;
/// Nesting of groups.
const MAX_NESTING: u32 = 200;

/// Why an expression cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegexError {
    /// Too long.
    #[error("the regular expression is longer than {} KiB", MAX_LENGTH >> 10)]
    TooLong,
    /// Syntax that is wrong or not supported; `at` is a byte of the expression.
    #[error("invalid regular expression at byte {at}: {reason}")]
    Syntax {
        /// Byte of the expression.
        at: usize,
        /// What is wrong.
        reason: String,
    },
    /// The engine does not take it.
    #[error("invalid regular expression: {0}")]
    Invalid(String),
    /// The search took too many steps; the text is not known to match or not.
    #[error("the regular expression takes too many steps")]
    TooManySteps,
}

/// How an expression is compiled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags {
    /// `^` and `$` match at lines, as for `pattern-regex`.
    pub multi_line: bool,
    /// Matches start where the text does, as for `metavariable-regex`.
    pub anchored: bool,
}

/// An expression. Cheap to clone.
#[derive(Clone)]
pub struct Regex {
    source: Arc<str>,
    flags: Flags,
    backtracks: bool,
    compiled: Arc<Lazy>,
}

/// Most rules meet no file that they fit, so their expressions are compiled when they are first used.
struct Lazy {
    text: String,
    engine: OnceLock<Result<Engine, RegexError>>,
}

enum Engine {
    Linear(meta::Regex, Box<[Option<String>]>),
    Backtracking(fancy_regex::Regex, Box<[Option<String>]>),
}

impl fmt::Debug for Regex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Regex").field(&self.source).field(&self.flags).finish()
    }
}

impl PartialEq for Regex {
    fn eq(&self, other: &Self) -> bool {
        (&self.source, self.flags) == (&other.source, other.flags)
    }
}

impl Eq for Regex {}

/// Where a match and its groups are, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groups(Vec<Option<Range<usize>>>);

impl Groups {
    /// The whole match.
    pub fn range(&self) -> Range<usize> {
        self.get(0).unwrap_or(0..0)
    }

    /// A group by number, if it took part.
    pub fn get(&self, group: usize) -> Option<Range<usize>> {
        self.0.get(group).cloned().flatten()
    }

    /// How many groups there are, the whole match included.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

impl Regex {
    /// Compiles an expression.
    ///
    /// # Errors
    /// See [`RegexError`].
    pub fn new(source: &str, flags: Flags) -> Result<Self, RegexError> {
        if source.len() > MAX_LENGTH {
            return Err(RegexError::TooLong);
        }
        let translated = translate::translate(source)?;
        let prefix = match (flags.multi_line, flags.anchored) {
            (true, true) => r"(?m)\A",
            (true, false) => "(?m)",
            (false, true) => r"\A",
            (false, false) => "",
        };
        let text = match prefix {
            "" => translated.text,
            // The line feed ends a comment that an expression in extended mode may end with.
            _ if translated.extended => format!("{prefix}(?:{}\n)", translated.text),
            _ => format!("{prefix}(?:{})", translated.text),
        };
        let backtracks = translated.backtracks || !is_plain(&text);
        // What has no counted repetition is small when it is compiled, and nothing can go wrong with it then.
        let later = !backtracks && text.len() <= LATER && !text.contains('{');
        let compiled = Lazy { text, engine: OnceLock::new() };
        if !later {
            compiled.engine(backtracks)?;
        }
        Ok(Self { source: source.into(), flags, backtracks, compiled: Arc::new(compiled) })
    }

    fn engine(&self) -> Result<&Engine, RegexError> {
        self.compiled.engine(self.backtracks)
    }

    /// The expression as written.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// How it was compiled.
    pub fn flags(&self) -> Flags {
        self.flags
    }

    /// Whether its time is linear in the text; else it is bounded, and may end in [`RegexError::TooManySteps`].
    pub fn is_linear(&self) -> bool {
        !self.backtracks
    }

    /// Names of the groups by number; the first is the whole match and has none.
    pub fn group_names(&self) -> &[Option<String>] {
        match self.engine() {
            Ok(Engine::Linear(_, names) | Engine::Backtracking(_, names)) => names,
            Err(_) => &[],
        }
    }

    /// Whether it matches anywhere.
    ///
    /// # Errors
    /// [`RegexError::TooManySteps`].
    pub fn is_match(&self, text: &[u8]) -> Result<bool, RegexError> {
        match self.engine()? {
            Engine::Linear(regex, _) => Ok(regex.is_match(text)),
            Engine::Backtracking(regex, _) => regex.is_match(text).map_err(|_| RegexError::TooManySteps),
        }
    }

    /// The first match at or behind a byte.
    ///
    /// # Errors
    /// [`RegexError::TooManySteps`].
    pub fn captures_at(&self, text: &[u8], from: usize) -> Result<Option<Groups>, RegexError> {
        if from > text.len() {
            return Ok(None);
        }
        match self.engine()? {
            Engine::Linear(regex, _) => {
                let mut captures = regex.create_captures();
                let input = regex_automata::Input::new(text).range(from..);
                regex.search_captures(&input, &mut captures);
                let range = |span: Option<regex_automata::Span>| span.map(|span| span.start..span.end);
                Ok(captures.is_match().then(|| Groups(captures.iter().map(range).collect())))
            }
            Engine::Backtracking(regex, _) => {
                let found = regex.captures_from_pos(text, from).map_err(|_| RegexError::TooManySteps)?;
                let groups = |captures: &fancy_regex::Captures<'_, [u8]>| {
                    (0..captures.len()).map(|group| captures.get(group).map(|found| found.range())).collect()
                };
                Ok(found.as_ref().map(|captures| Groups(groups(captures))))
            }
        }
    }

    /// All matches that do not overlap, from left to right, with groups. Ends with the first error.
    pub fn captures_iter<'r, 't>(&'r self, text: &'t [u8]) -> Matches<'r, 't> {
        Matches { regex: self, text, next: 0, last_end: None }
    }

    /// As [`Regex::captures_iter`], the whole match alone.
    pub fn find_iter<'r, 't>(
        &'r self,
        text: &'t [u8],
    ) -> impl Iterator<Item = Result<Range<usize>, RegexError>> + use<'r, 't> {
        self.captures_iter(text).map(|found| found.map(|groups| groups.range()))
    }
}

/// The matches in a text; see [`Regex::captures_iter`].
#[derive(Debug)]
pub struct Matches<'r, 't> {
    regex: &'r Regex,
    text: &'t [u8],
    next: usize,
    last_end: Option<usize>,
}

impl Iterator for Matches<'_, '_> {
    type Item = Result<Groups, RegexError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.next > self.text.len() {
                return None;
            }
            let found = match self.regex.captures_at(self.text, self.next) {
                Ok(found) => found?,
                Err(error) => {
                    self.next = usize::MAX;
                    return Some(Err(error));
                }
            };
            let range = found.range();
            self.next = range.end;
            if range.is_empty() {
                self.next = after(self.text, range.end);
                // As in Perl: nothing directly behind a match is no match of its own.
                if self.last_end == Some(range.end) {
                    continue;
                }
            }
            self.last_end = Some(range.end);
            return Some(Ok(found));
        }
    }
}

/// The start of the next character.
fn after(text: &[u8], at: usize) -> usize {
    let mut next = at.saturating_add(1);
    while text.get(next).is_some_and(|byte| byte & 0xC0 == 0x80) {
        next += 1;
    }
    next
}

impl Lazy {
    fn engine(&self, backtracks: bool) -> Result<&Engine, RegexError> {
        let make = || if backtracks { backtracking(&self.text) } else { linear(&self.text) };
        self.engine.get_or_init(make).as_ref().map_err(Clone::clone)
    }
}

fn linear_syntax() -> syntax::Config {
    syntax::Config::new().utf8(false).nest_limit(MAX_NESTING)
}

/// Whether the engine that does not backtrack takes it.
fn is_plain(text: &str) -> bool {
    syntax::parse_with(text, &linear_syntax()).is_ok()
}

fn linear(text: &str) -> Result<Engine, RegexError> {
    let config = meta::Config::new().utf8_empty(true).nfa_size_limit(Some(MAX_COMPILED));
    let regex = meta::Builder::new().syntax(linear_syntax()).configure(config).build(text);
    let regex = regex.map_err(|error| match error.size_limit() {
        Some(_) => RegexError::Invalid("compiled, it takes too much memory".to_owned()),
        None => RegexError::Invalid(error.to_string().to_lowercase()),
    })?;
    let names = regex.group_info().pattern_names(regex_automata::PatternID::ZERO);
    let names = names.map(|name| name.map(str::to_owned)).collect();
    Ok(Engine::Linear(regex, names))
}

fn backtracking(text: &str) -> Result<Engine, RegexError> {
    let mut builder = fancy_regex::RegexBuilder::new(text);
    builder
        .bytes_mode(fancy_regex::BytesMode::UnicodeBytes)
        .backtrack_limit(MAX_STEPS)
        .delegate_size_limit(MAX_COMPILED)
        .max_prog_size(MAX_COMPILED / 64);
    let regex = builder.build().map_err(|error| RegexError::Invalid(error.to_string().to_lowercase()))?;
    let names = regex.capture_names().map(|name| name.map(str::to_owned)).collect();
    Ok(Engine::Backtracking(regex, names))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(source: &str, text: &str) -> Vec<String> {
        let regex = Regex::new(source, Flags { multi_line: true, anchored: false }).unwrap();
        regex.find_iter(text.as_bytes()).map(|range| text[range.unwrap()].to_owned()).collect()
    }

    #[test]
    fn perl_syntax_means_what_perl_means() {
        let table: &[(&str, &str, &[&str])] = &[
            (r"a\hb", "a b a\tb a\nb", &["a b", "a\tb"]),
            (r"(?<n>a)\k<n>", "aab", &["aa"]),
            (r"(?P<n>a)(?P=n)", "aab", &["aa"]),
            (r"(a)\1", "aab", &["aa"]),
            (r"(a)\g{-1}", "aab", &["aa"]),
            (r"a++a", "aaa", &[]),
            (r"a++b", "aaab", &["aaab"]),
            (r"(?>a+)ab", "aaab", &[]),
            (r"\Qa.b\E+", "a.bb axb", &["a.bb"]),
            (r"a{,2}", "a{,2}", &["a{,2}"]),
            (r"{x}", "{x}", &["{x}"]),
            (r"[[]a]", "[a]", &["[a]"]),
            (r"[a&&b]+", "a&b", &["a&b"]),
            (r"[]a]+", "]a]", &["]a]"]),
            (r"[^]a]+", "]b]", &["b"]),
            (r"\<a\>", "<a>", &["<a>"]),
            (r"(?i)AB(?#note)c", "abC", &["abC"]),
            (r"(?x) a  b # note (", "ab", &["ab"]),
            (r"(?x) a [ #]b", "a b a#b", &["a b", "a#b"]),
            (r"^b$", "a\nb\nc", &["b"]),
            (r"c\Z", "c\nc\n", &["c"]),
            (r"c\z", "c\nc", &["c"]),
            (r"(?<!x)a", "xa a", &["a"]),
            (r"a(?=b)", "ab ac", &["a"]),
            (r"a\Kb", "ab b", &["b"]),
            (r"\d+", "12\u{663}", &["12"]),
            (r"[[:alpha:]_]+", "a_1", &["a_"]),
            (r"[\d\-x]+", "1-x", &["1-x"]),
            (r"[\w.-]+", "a.b-c", &["a.b-c"]),
            (r"\x41\x{42}\103", "ABC", &["ABC"]),
            (r"a\R", "a\r\na\n", &["a\r\n", "a\n"]),
            (r"\N+", "ab\ncd", &["ab", "cd"]),
            (r"x\/y\-z\_", "x/y-z_", &["x/y-z_"]),
            (r"(*UTF8)é", "é", &["é"]),
            (r"(?'q'a)b", "ab", &["ab"]),
        ];
        for (source, text, expected) in table {
            assert_eq!(found(source, text), *expected, "{source}");
        }
    }

    #[test]
    fn flags_tie_to_lines_and_to_the_start() {
        let regex = |anchored, multi_line| Regex::new("b|^c", Flags { anchored, multi_line }).unwrap();
        assert!(regex(false, false).is_match(b"ab").unwrap());
        assert!(!regex(true, false).is_match(b"ab").unwrap());
        assert!(regex(false, true).is_match(b"a\nc").unwrap());
        assert!(!regex(false, false).is_match(b"a\nc").unwrap());
    }

    #[test]
    fn groups_have_numbers_and_names() {
        for source in [r"(?<key>\w+)=(\d+)?", r"(?<key>\w++)=(\d+)?"] {
            let regex = Regex::new(source, Flags::default()).unwrap();
            assert_eq!(regex.group_names(), [None, Some("key".to_owned()), None]);
            let groups = regex.captures_at(b" a=1 b=", 4).unwrap().unwrap();
            assert_eq!(
                (groups.range(), groups.get(1), groups.get(2), groups.count()),
                (5..7, Some(5..6), None, 3)
            );
        }
    }

    #[test]
    fn backtracking_is_bounded() {
        let regex = Regex::new(r"(?:(a+)+\1)+b(?!x)", Flags::default()).unwrap();
        assert!(!regex.is_linear());
        assert_eq!(regex.is_match("a".repeat(5000).as_bytes()), Err(RegexError::TooManySteps));
    }

    #[test]
    fn empty_matches_do_not_split_characters() {
        assert_eq!(found("x*", "é").len(), 2);
        assert_eq!(found("b*", "abb").len(), 2);
    }

    #[test]
    fn mistakes_are_errors() {
        for source in ["((", "[a", r"a\", "*a", "(?<n", "(?|a|b)", "a**"] {
            assert!(Regex::new(source, Flags::default()).is_err(), "{source}");
        }
        assert!(Regex::new(&"(".repeat(100_000), Flags::default()).is_err());
        assert!(Regex::new("(?:(?:a{1000}){1000}){1000}", Flags::default()).is_err());
    }

    proptest! {
        #[test]
        fn nothing_panics(source in r"[\x00-\x7f]{0,30}", text in ".{0,30}") {
            if let Ok(regex) = Regex::new(&source, Flags::default()) {
                for range in regex.find_iter(text.as_bytes()).flatten().take(100) {
                    prop_assert!(text.get(range).is_some());
                }
            }
        }

        #[test]
        fn expressions_of_pieces_do_not_panic(pieces in prop::collection::vec(prop::sample::select(vec![
            "a", "(", ")", "[", "]", "^", "-", r"\d", r"\h", "{1,2}", "+", "*", "?", "(?=", "(?<n>", r"\1", "|", "(?x)",
            " ", "#", r"\Q", r"\E", "[:alpha:]", r"\", "{", "}", ",", "é",
        ]), 0..12)) {
            if let Ok(regex) = Regex::new(&pieces.concat(), Flags { multi_line: true, anchored: true }) {
                let _ = regex.is_match("aab é1".as_bytes());
            }
        }
    }
}
