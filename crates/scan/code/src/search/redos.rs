//! Regular expressions that take exponential time in a backtracking engine.
//!
//! A repetition without bound is dangerous when the same text can be split among its rounds in more than one way: its body
//! ends or begins with a variable repetition of characters that may also begin the next round (`(a+)+`, `(a|a)*`,
//! `(\w+\s?)*`).

use regex_syntax::hir::{Class, Hir, HirKind};

/// How deep expressions may be nested.
const MAX_DEPTH: u32 = 60;

/// Whether the expression can take exponential time. One that cannot be read is not judged.
pub(crate) fn is_vulnerable(text: &str) -> bool {
    let mut parser = regex_syntax::ParserBuilder::new().nest_limit(MAX_DEPTH).build();
    match parser.parse(text) {
        Ok(hir) => walk(&hir),
        Err(_) => false,
    }
}

fn walk(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Repetition(repetition) => {
            let unbounded = repetition.max.is_none();
            unbounded && ambiguous(&repetition.sub) || walk(&repetition.sub)
        }
        HirKind::Capture(capture) => walk(&capture.sub),
        HirKind::Concat(list) | HirKind::Alternation(list) => list.iter().any(walk),
        _ => false,
    }
}

/// Whether repeating `body` can read the same text in several ways.
fn ambiguous(body: &Hir) -> bool {
    match body.kind() {
        HirKind::Capture(capture) => ambiguous(&capture.sub),
        HirKind::Repetition(inner) => inner.max != Some(inner.min) || ambiguous(&inner.sub),
        HirKind::Alternation(list) => {
            let firsts: Vec<_> = list.iter().map(first).collect();
            let overlap =
                firsts.iter().enumerate().any(|(at, a)| firsts[at + 1..].iter().any(|b| meets(a, b)));
            overlap || list.iter().any(ambiguous)
        }
        HirKind::Concat(list) => {
            // A variable repetition is harmless where something that it cannot read stands after it in each round.
            list.iter().enumerate().any(|(at, part)| {
                let Some(own) = variable(part) else { return false };
                let after = list[at + 1..].iter();
                let mandatory = after.clone().find(|next| next.properties().minimum_len().unwrap_or(0) > 0);
                let before = list[..at].iter().find(|part| part.properties().minimum_len().unwrap_or(0) > 0);
                match (mandatory, before) {
                    (Some(next), _) => {
                        meets(&own, &first(next)) && before.is_none_or(|b| meets(&own, &first(b)))
                    }
                    (None, Some(before)) => meets(&own, &first(before)),
                    (None, None) => true,
                }
            })
        }
        _ => false,
    }
}

/// What a repetition without bound repeats, as ranges of characters.
fn variable(hir: &Hir) -> Option<Vec<(u32, u32)>> {
    match hir.kind() {
        HirKind::Capture(capture) => variable(&capture.sub),
        HirKind::Repetition(repetition) if repetition.max.is_none() => Some(first(&repetition.sub)),
        _ => None,
    }
}

/// The characters that text of an expression can begin with.
fn first(hir: &Hir) -> Vec<(u32, u32)> {
    match hir.kind() {
        HirKind::Literal(literal) => {
            let c = std::str::from_utf8(&literal.0).ok().and_then(|text| text.chars().next());
            c.map(|c| vec![(c as u32, c as u32)]).unwrap_or_default()
        }
        HirKind::Class(Class::Unicode(class)) => {
            class.ranges().iter().map(|range| (range.start() as u32, range.end() as u32)).collect()
        }
        HirKind::Class(Class::Bytes(class)) => {
            class.ranges().iter().map(|range| (u32::from(range.start()), u32::from(range.end()))).collect()
        }
        HirKind::Repetition(repetition) => first(&repetition.sub),
        HirKind::Capture(capture) => first(&capture.sub),
        HirKind::Alternation(list) => list.iter().flat_map(first).collect(),
        HirKind::Concat(list) => {
            let mut out = Vec::new();
            for part in list {
                out.extend(first(part));
                if part.properties().minimum_len().unwrap_or(0) > 0 {
                    break;
                }
            }
            out
        }
        HirKind::Empty | HirKind::Look(_) => Vec::new(),
    }
}

fn meets(a: &[(u32, u32)], b: &[(u32, u32)]) -> bool {
    a.iter().any(|(start, end)| b.iter().any(|(from, to)| start <= to && from <= end))
}

#[cfg(test)]
mod tests {
    use super::is_vulnerable;

    #[test]
    fn exponential_expressions_are_known() {
        for text in ["(a+)+$", r"^(\w+\s?)*$", "(x*)*", "([a-z]+)*!"] {
            assert!(is_vulnerable(text), "{text}");
        }
        for text in ["a+b+", "(ab)+", r"(\w+;)+", "^[a-z]+$", "(a|b)*", "x{1,3}", "("] {
            assert!(!is_vulnerable(text), "{text}");
        }
    }
}
