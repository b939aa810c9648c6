//! Ruby's `Gem::Requirement`: conditions parted by commas, all of which hold.

use super::{MAX_CONDITIONS, Op};
use crate::version::{Scheme, Version};

/// One comparison, or `~>`, which holds all but the last number.
#[derive(Clone, Debug)]
pub(super) enum Condition {
    Compare(Op, Version),
    /// From the first on, as long as the release is under the second.
    Pessimistic(Version, Version),
}

const OPERATORS: &[(&str, Op)] = &[
    ("!=", Op::NotEqual),
    (">=", Op::GreaterOrEqual),
    ("<=", Op::LessOrEqual),
    ("=", Op::Equal),
    (">", Op::Greater),
    ("<", Op::Less),
];

pub(super) fn conditions(text: &str) -> Option<Vec<Condition>> {
    let mut out = Vec::new();
    if text.is_empty() {
        return Some(out);
    }
    for part in text.split(',').map(str::trim) {
        if out.len() >= MAX_CONDITIONS {
            return None;
        }
        out.push(match part.strip_prefix("~>") {
            Some(rest) => {
                let rest = rest.trim();
                Condition::Pessimistic(Scheme::RubyGems.parse(rest)?, bump(rest)?)
            }
            None => {
                let found = OPERATORS.iter().find_map(|(word, op)| Some((*op, part.strip_prefix(word)?)));
                let (op, rest) = found.unwrap_or((Op::Equal, part));
                Condition::Compare(op, Scheme::RubyGems.parse(rest.trim())?)
            }
        });
    }
    Some(out)
}

pub(super) fn matches(conditions: &[Condition], version: &Version) -> bool {
    let named = conditions.iter().any(|condition| match condition {
        Condition::Compare(_, bound) | Condition::Pessimistic(bound, _) => bound.is_prerelease(),
    });
    (named || !version.is_prerelease())
        && conditions.iter().all(|condition| match condition {
            Condition::Compare(op, bound) => op.holds(version.cmp(bound)),
            Condition::Pessimistic(from, under) => {
                version >= from
                    && Scheme::RubyGems
                        .parse(&numbers(version.as_str().trim()).join("."))
                        .is_some_and(|release| release < *under)
            }
        })
}

/// The numbers before the first letter.
fn numbers(text: &str) -> Vec<&str> {
    let end = text.find(|c: char| c.is_ascii_alphabetic() || c == '-').unwrap_or(text.len());
    text.get(..end).unwrap_or_default().split('.').filter(|number| !number.is_empty()).collect()
}

/// `Gem::Version#bump`: without the last number, the one before it up by one.
fn bump(text: &str) -> Option<Version> {
    let mut numbers = numbers(text);
    if numbers.len() > 1 {
        numbers.pop();
    }
    let raised = numbers.pop()?.parse::<u64>().ok()?.checked_add(1)?.to_string();
    numbers.push(&raised);
    Scheme::RubyGems.parse(&numbers.join("."))
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use crate::Ecosystem::RubyGems;

    #[test]
    fn conditions_hold() {
        check(RubyGems, "~> 1.2", &["1.2", "1.9.9"], &["2.0", "1.1", "2.0.a", "1.5.rc1"]);
        check(RubyGems, "~> 1.2.3", &["1.2.3", "1.2.9"], &["1.3", "1.2.2"]);
        check(RubyGems, "~> 1", &["1.0", "1.9"], &["2.0"]);
        check(RubyGems, "~> 1.2.rc1", &["1.2.rc2", "1.2", "1.9"], &["2.0", "1.2.beta"]);
        check(RubyGems, ">= 1.0, < 2, != 1.5", &["1.0", "1.5.1"], &["1.5", "2", "0.9"]);
        check(RubyGems, "1.0", &["1.0.0"], &["1.0.1"]);
        check(RubyGems, "", &["1"], &["1.a"]);
    }
}
