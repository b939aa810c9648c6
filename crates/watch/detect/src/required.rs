//! Texts of which a regular expression needs at least one.

use crate::sigma::RegexFlags;
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

/// Texts shorter than this tell too little.
const MIN_LENGTH: usize = 3;
/// Alternatives beyond which the expression is simply tried.
const MAX_TEXTS: usize = 64;

/// Texts in lower case: whatever the expression matches contains one of them, case left aside. None where none are known.
pub(crate) fn required_texts(pattern: &str, flags: RegexFlags) -> Option<Vec<String>> {
    let hir = ParserBuilder::new()
        .case_insensitive(flags.ignore_case)
        .multi_line(flags.multi_line)
        .dot_matches_new_line(flags.dot_all)
        .utf8(false)
        .build()
        .parse(pattern)
        .ok()?;
    let texts = needed(&hir)?;
    let useful =
        !texts.is_empty() && texts.len() <= MAX_TEXTS && texts.iter().all(|text| text.len() >= MIN_LENGTH);
    useful.then_some(texts)
}

fn needed(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Literal(_) | HirKind::Class(_) => exact(hir).map(|text| vec![text]),
        HirKind::Capture(capture) => needed(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min >= 1 => needed(&repetition.sub),
        HirKind::Alternation(all) => {
            let mut texts = Vec::new();
            for one in all {
                texts.append(&mut needed(one)?);
                if texts.len() > MAX_TEXTS {
                    return None;
                }
            }
            Some(texts)
        }
        HirKind::Concat(all) => {
            let mut best: Option<Vec<String>> = None;
            let mut offer = |texts: Vec<String>| {
                let worth = |texts: &[String]| texts.iter().map(String::len).min().unwrap_or(0);
                if best.as_ref().is_none_or(|best| worth(&texts) > worth(best)) {
                    best = Some(texts);
                }
            };
            let mut run = String::new();
            for one in all {
                if let Some(text) = exact(one) {
                    run.push_str(&text);
                    continue;
                }
                if !run.is_empty() {
                    offer(vec![std::mem::take(&mut run)]);
                }
                if let Some(texts) = needed(one) {
                    offer(texts);
                }
            }
            if !run.is_empty() {
                offer(vec![run]);
            }
            best
        }
        _ => None,
    }
}

/// The one text that the expression matches, case left aside. ASCII only: other letters may change length with their case.
fn exact(hir: &Hir) -> Option<String> {
    match hir.kind() {
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok().filter(|text| text.is_ascii())?;
            Some(text.to_ascii_lowercase())
        }
        HirKind::Class(Class::Unicode(class)) => {
            // `(?i)k` takes the Kelvin sign too, which becomes `k` in lower case; `(?i)s` takes the long s, which does not.
            let mut letters = class.iter().flat_map(|range| [range.start(), range.end()]);
            let first = letters.next()?.to_lowercase().next()?;
            let single = class.iter().all(|range| range.start() == range.end());
            let same = letters.all(|letter| letter.to_lowercase().eq(std::iter::once(first)));
            (single && same && first.is_ascii()).then(|| first.to_string())
        }
        HirKind::Capture(capture) => exact(&capture.sub),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::regex::Expression;
    use proptest::prelude::*;

    fn of(pattern: &str) -> Option<Vec<String>> {
        required_texts(pattern, RegexFlags::default())
    }

    #[test]
    fn the_longest_piece_is_needed() {
        assert_eq!(of(r"ab\d+Cdef.*"), Some(vec!["cdef".to_owned()]));
        assert_eq!(of("(foo|barr)x?"), Some(vec!["foo".to_owned(), "barr".to_owned()]));
        assert_eq!(of("(?i)PoWer"), Some(vec!["power".to_owned()]));
        assert_eq!(of("(?i)kind"), Some(vec!["kind".to_owned()]));
        assert_eq!(of("(abc)+"), Some(vec!["abc".to_owned()]));
        for without in ["(abc)*", "ab", r"\w+", "abc|.", "(?=abc)d", "[ab]cd"] {
            assert_eq!(of(without), None, "{without}");
        }
    }

    proptest! {
        #[test]
        fn what_matches_contains_one(pattern in "([abAB]|\\(|\\)|\\||\\*|\\+|\\.|k){0,10}", text in "[abABk]{0,12}", ignore_case: bool) {
            let flags = RegexFlags { ignore_case, ..RegexFlags::default() };
            let Ok(regex) = Expression::new(&pattern, flags) else { return Ok(()) };
            if regex.matches(text.as_bytes()) == Some(true)
                && let Some(texts) = required_texts(&pattern, flags)
            {
                let lower = text.to_lowercase();
                prop_assert!(texts.iter().any(|one| lower.contains(one.as_str())), "{:?}", texts);
            }
        }
    }
}
