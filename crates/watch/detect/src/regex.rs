//! Regular expressions of rules: linear in time where they can be, bounded where they look around.

use crate::sigma::RegexFlags;
use regex_automata::meta;
use regex_automata::util::syntax;

/// Bytes that one compiled expression may take.
const MAX_COMPILED: usize = 8 << 20;
/// Steps of an expression that looks around.
const MAX_BACKTRACKS: usize = 200_000;

/// A compiled expression.
#[derive(Debug)]
pub(crate) enum Expression {
    Linear(Box<meta::Regex>),
    LooksAround(Box<fancy_regex::Regex>),
}

impl Expression {
    /// Compiles. The reason where it cannot be.
    pub(crate) fn new(pattern: &str, flags: RegexFlags) -> Result<Self, String> {
        let syntax = syntax::Config::new()
            .case_insensitive(flags.ignore_case)
            .multi_line(flags.multi_line)
            .dot_matches_new_line(flags.dot_all)
            .utf8(false);
        let config = meta::Config::new().nfa_size_limit(Some(MAX_COMPILED)).utf8_empty(false);
        match meta::Builder::new().syntax(syntax).configure(config).build(pattern) {
            Ok(regex) => Ok(Self::Linear(Box::new(regex))),
            Err(first) => {
                let mut prefix = String::new();
                for (set, letter) in [(flags.ignore_case, 'i'), (flags.multi_line, 'm'), (flags.dot_all, 's')]
                {
                    prefix.extend(set.then_some(letter));
                }
                let whole =
                    if prefix.is_empty() { pattern.to_owned() } else { format!("(?{prefix}){pattern}") };
                fancy_regex::RegexBuilder::new(&whole)
                    .backtrack_limit(MAX_BACKTRACKS)
                    .delegate_size_limit(MAX_COMPILED)
                    .build()
                    .map(|regex| Self::LooksAround(Box::new(regex)))
                    .map_err(|_| format!("not a regular expression that is read here: {}", reason(&first)))
            }
        }
    }

    /// Whether it matches anywhere. None where the bound on steps was hit.
    pub(crate) fn matches(&self, text: &[u8]) -> Option<bool> {
        match self {
            Self::Linear(regex) => Some(regex.is_match(text)),
            Self::LooksAround(regex) => regex.is_match(String::from_utf8_lossy(text).as_ref()).ok(),
        }
    }
}

fn reason(error: &meta::BuildError) -> String {
    let whole = error.syntax_error().map_or_else(|| error.to_string(), ToString::to_string);
    whole.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}
