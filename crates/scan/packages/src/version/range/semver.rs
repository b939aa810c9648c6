//! Requirements over semantic versions: npm (node-semver's range grammar), Cargo ("Specifying dependencies"), Hex
//! (Elixir's `Version` requirements) and Dart (pub's version constraints).
//!
//! Every form becomes plain comparisons. An upper bound is written `<2.0.0-0`, so that no prerelease of it slips in.

use super::super::key::is_number;
use super::super::semver::{Parts, split};
use super::{MAX_CONDITIONS, Op};
use crate::version::{Scheme, Version};

/// Conditions that all must hold.
#[derive(Clone, Debug)]
pub(super) struct Set {
    conditions: Vec<Condition>,
    /// Whether prereleases match without being named, as in Dart's ordered ranges.
    prereleases: Prereleases,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Prereleases {
    /// Only of the three numbers with which the requirement names one: npm, Cargo.
    SameNumbers,
    /// Wherever they fall in order, if the requirement names any: Hex, pub.
    IfNamed,
}

#[derive(Clone, Debug)]
struct Condition {
    op: Op,
    numbers: [u64; 3],
    /// Written by the user, not the `-0` of a bound.
    names_prerelease: bool,
    version: Version,
}

impl Set {
    pub(super) fn matches(&self, version: &Version) -> bool {
        if !self.conditions.iter().all(|condition| condition.op.holds(version.cmp(&condition.version))) {
            return false;
        }
        if !version.is_prerelease() {
            return true;
        }
        let named = self.conditions.iter().filter(|condition| condition.names_prerelease);
        match self.prereleases {
            Prereleases::SameNumbers => {
                let numbers = split(version.as_str().trim()).and_then(|parts| numbers_of(&parts));
                named.map(|condition| Some(condition.numbers)).any(|named| named == numbers)
            }
            Prereleases::IfNamed => named.count() > 0,
        }
    }
}

fn numbers_of(parts: &Parts<'_>) -> Option<[u64; 3]> {
    let number = |digits: &str| if digits.is_empty() { Some(0) } else { digits.parse().ok() };
    Some([number(parts.major)?, number(parts.minor)?, number(parts.patch)?])
}

/// A version of which trailing numbers may be missing or wild.
struct Partial<'a> {
    numbers: [u64; 3],
    /// How many numbers are given.
    given: usize,
    prerelease: Option<&'a str>,
}

impl<'a> Partial<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
        let (core, prerelease) = match text.split_once('-') {
            Some((core, prerelease)) => (core, Some(prerelease)),
            None => (text, None),
        };
        let identifiers = |dotted: &str| {
            dotted.split('.').all(|identifier| {
                !identifier.is_empty()
                    && identifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            })
        };
        if ![prerelease, build].iter().flatten().all(|dotted| identifiers(dotted)) {
            return None;
        }
        let mut numbers = [0; 3];
        let mut given = 0;
        for (written, part) in core.split('.').enumerate() {
            let place = numbers.get_mut(written)?;
            if matches!(part, "x" | "X" | "*") {
                // What stands behind a wild number is wild.
            } else if is_number(part) && (part == "0" || !part.starts_with('0')) {
                if given == written {
                    *place = part.parse().ok()?;
                    given += 1;
                }
            } else {
                return None;
            }
        }
        Some(Self { numbers, given, prerelease: prerelease.filter(|_| given == 3) })
    }

    fn condition(&self, op: Op, scheme: Scheme) -> Option<Condition> {
        condition(op, self.numbers, self.prerelease, scheme)
    }

    /// Under the next version that differs in the number at `place`.
    fn below_next(&self, place: usize, scheme: Scheme) -> Option<Condition> {
        bound(Op::Less, self.next(place)?, scheme)
    }

    fn next(&self, place: usize) -> Option<[u64; 3]> {
        let mut numbers = [0; 3];
        for (at, (to, from)) in numbers.iter_mut().zip(self.numbers).enumerate() {
            *to = match at.cmp(&place) {
                std::cmp::Ordering::Less => from,
                std::cmp::Ordering::Equal => from.checked_add(1)?,
                std::cmp::Ordering::Greater => 0,
            };
        }
        Some(numbers)
    }

    /// The place that a caret holds: the first number that is not zero.
    fn caret(&self) -> usize {
        let first = self.numbers.iter().take(self.given).position(|number| *number > 0);
        first.unwrap_or(self.given.saturating_sub(1))
    }
}

fn condition(op: Op, numbers: [u64; 3], prerelease: Option<&str>, scheme: Scheme) -> Option<Condition> {
    let [major, minor, patch] = numbers;
    let text = match prerelease {
        Some(prerelease) => format!("{major}.{minor}.{patch}-{prerelease}"),
        None => format!("{major}.{minor}.{patch}"),
    };
    Some(Condition { op, numbers, names_prerelease: prerelease.is_some(), version: scheme.parse(&text)? })
}

fn bound(op: Op, numbers: [u64; 3], scheme: Scheme) -> Option<Condition> {
    Some(Condition { names_prerelease: false, ..condition(op, numbers, Some("0"), scheme)? })
}

const OPERATORS: &[(&str, Op)] = &[
    (">=", Op::GreaterOrEqual),
    ("<=", Op::LessOrEqual),
    (">", Op::Greater),
    ("<", Op::Less),
    ("=", Op::Equal),
];

/// A comparison with a partial version: `>1.2` means from 1.3 on, `<=1` up to the end of 1, `=1.2` all of 1.2.
fn compare(op: Op, partial: &Partial<'_>, scheme: Scheme, out: &mut Vec<Condition>) -> Option<()> {
    let last = partial.given.saturating_sub(1);
    match (op, partial.given) {
        (_, 3) => out.push(partial.condition(op, scheme)?),
        // Over or under everything: nothing.
        (Op::Less | Op::Greater, 0) => out.push(bound(Op::Less, [0; 3], scheme)?),
        (_, 0) => {}
        (Op::Less, _) => out.push(bound(Op::Less, partial.numbers, scheme)?),
        (Op::LessOrEqual, _) => out.push(partial.below_next(last, scheme)?),
        (Op::Greater, _) => out.push(condition(Op::GreaterOrEqual, partial.next(last)?, None, scheme)?),
        (Op::GreaterOrEqual, _) => out.push(partial.condition(op, scheme)?),
        (Op::Equal | Op::NotEqual, _) => {
            out.push(partial.condition(Op::GreaterOrEqual, scheme)?);
            out.push(partial.below_next(last, scheme)?);
        }
    }
    Some(())
}

fn caret(partial: &Partial<'_>, out: &mut Vec<Condition>) -> Option<()> {
    if partial.given > 0 {
        out.push(partial.condition(Op::GreaterOrEqual, Scheme::SemVer)?);
        out.push(partial.below_next(partial.caret(), Scheme::SemVer)?);
    }
    Some(())
}

fn tilde(partial: &Partial<'_>, out: &mut Vec<Condition>) -> Option<()> {
    if partial.given > 0 {
        out.push(partial.condition(Op::GreaterOrEqual, Scheme::SemVer)?);
        out.push(partial.below_next(usize::from(partial.given > 1), Scheme::SemVer)?);
    }
    Some(())
}

fn set(conditions: Vec<Condition>, prereleases: Prereleases) -> Set {
    Set { conditions, prereleases }
}

pub(super) fn npm(text: &str) -> Option<Vec<Set>> {
    let mut sets = Vec::new();
    for alternative in text.split("||") {
        if sets.len() >= MAX_CONDITIONS {
            return None;
        }
        sets.push(set(npm_set(alternative.trim())?, Prereleases::SameNumbers));
    }
    Some(sets)
}

fn npm_set(text: &str) -> Option<Vec<Condition>> {
    fn partial(text: &str) -> Option<Partial<'_>> {
        Partial::parse(text.trim_start_matches(['v', '=', ' ']))
    }
    let mut out = Vec::new();
    if let Some((from, to)) = text.split_once(" - ") {
        compare(Op::GreaterOrEqual, &partial(from.trim())?, Scheme::SemVer, &mut out)?;
        compare(Op::LessOrEqual, &partial(to.trim())?, Scheme::SemVer, &mut out)?;
        return Some(out);
    }
    let mut rest = text;
    while !rest.is_empty() {
        if out.len() >= MAX_CONDITIONS {
            return None;
        }
        let operator_end =
            rest.find(|c: char| !matches!(c, '<' | '>' | '=' | '~' | '^')).unwrap_or(rest.len());
        let (operator, tail) = rest.split_at_checked(operator_end)?;
        let tail = tail.trim_start();
        let end = tail.find(char::is_whitespace).unwrap_or(tail.len());
        let (word, tail) = tail.split_at_checked(end)?;
        // An operator without a version is nothing that npm reads.
        if word.is_empty() {
            return None;
        }
        let version = partial(word)?;
        match operator {
            "" => compare(Op::Equal, &version, Scheme::SemVer, &mut out)?,
            "^" => caret(&version, &mut out)?,
            "~" | "~>" => tilde(&version, &mut out)?,
            _ => {
                let (_, op) = OPERATORS.iter().find(|(word, _)| *word == operator)?;
                compare(*op, &version, Scheme::SemVer, &mut out)?;
            }
        }
        rest = tail.trim_start();
    }
    Some(out)
}

pub(super) fn cargo(text: &str) -> Option<Vec<Set>> {
    let mut out = Vec::new();
    for part in text.split(',') {
        let part = part.trim();
        if out.len() >= MAX_CONDITIONS || part.is_empty() {
            return None;
        }
        let operator = OPERATORS.iter().find_map(|(word, op)| Some((*op, part.strip_prefix(word)?)));
        if let Some((op, rest)) = operator {
            compare(op, &cargo_partial(rest)?, Scheme::SemVer, &mut out)?;
        } else if let Some(rest) = part.strip_prefix('~') {
            tilde(&cargo_partial(rest)?, &mut out)?;
        } else if let Some(rest) = part.strip_prefix('^') {
            caret(&cargo_partial(rest)?, &mut out)?;
        } else {
            let partial = cargo_partial(part)?;
            // A written wildcard asks for exactly what stands before it.
            if part.contains(['*', 'x', 'X']) && partial.prerelease.is_none() {
                compare(Op::Equal, &partial, Scheme::SemVer, &mut out)?;
            } else {
                caret(&partial, &mut out)?;
            }
        }
    }
    Some(vec![set(out, Prereleases::SameNumbers)])
}

/// Cargo takes numbers behind a wildcard for a mistake.
fn cargo_partial(text: &str) -> Option<Partial<'_>> {
    let text = text.trim();
    let core = text.split(['-', '+']).next().unwrap_or_default();
    let mut wild = false;
    for part in core.split('.') {
        if wild && is_number(part) {
            return None;
        }
        wild |= !is_number(part);
    }
    Partial::parse(text)
}

pub(super) fn hex(text: &str) -> Option<Vec<Set>> {
    let mut sets = Vec::new();
    for alternative in text.split(" or ") {
        let mut out = Vec::new();
        for part in alternative.split(" and ") {
            let part = part.trim();
            if out.len() + sets.len() >= MAX_CONDITIONS {
                return None;
            }
            if let Some(rest) = part.strip_prefix("~>") {
                let partial = Partial::parse(rest.trim())?;
                let given = rest.split(['-', '+']).next()?.split('.').count();
                // `~> 2.1` holds the first number, `~> 2.1.3` the second.
                let held = given.checked_sub(2)?;
                out.push(partial.condition(Op::GreaterOrEqual, Scheme::SemVer)?);
                out.push(partial.below_next(held, Scheme::SemVer)?);
                continue;
            }
            let words: &[(&str, Op)] = &[("==", Op::Equal), ("!=", Op::NotEqual)];
            let (op, rest) = words
                .iter()
                .chain(OPERATORS)
                .filter(|(word, _)| *word != "=")
                .find_map(|(word, op)| Some((*op, part.strip_prefix(word)?)))
                .unwrap_or((Op::Equal, part));
            let partial = Partial::parse(rest.trim()).filter(|partial| partial.given == 3)?;
            out.push(partial.condition(op, Scheme::SemVer)?);
        }
        sets.push(set(out, Prereleases::IfNamed));
    }
    Some(sets)
}

pub(super) fn dart(text: &str) -> Option<Vec<Set>> {
    let mut out = Vec::new();
    if let Some(rest) = text.strip_prefix('^') {
        let partial = Partial::parse(rest).filter(|partial| partial.given == 3)?;
        out.push(partial.condition(Op::GreaterOrEqual, Scheme::Pub)?);
        // Unlike npm's, the caret lets the patch of 0.0 move.
        out.push(partial.below_next(usize::from(partial.numbers[0] == 0), Scheme::Pub)?);
    } else if text != "any" && !text.is_empty() {
        let mut rest = text;
        while !rest.is_empty() {
            if out.len() >= MAX_CONDITIONS {
                return None;
            }
            let (op, tail) = OPERATORS
                .iter()
                .filter(|(word, _)| *word != "=")
                .find_map(|(word, op)| Some((*op, rest.strip_prefix(word)?)))
                .unwrap_or((Op::Equal, rest));
            let tail = tail.trim_start();
            let end = tail.find([' ', '<', '>', '=']).unwrap_or(tail.len());
            let (word, tail) = tail.split_at_checked(end)?;
            let version = Scheme::Pub.parse(word)?;
            let partial = Partial::parse(word).filter(|partial| partial.given == 3)?;
            let mut condition = Condition { version, ..partial.condition(op, Scheme::Pub)? };
            if op == Op::Less && partial.prerelease.is_none() {
                // pub takes no prerelease of an upper bound.
                condition = bound(op, partial.numbers, Scheme::Pub)?;
            }
            out.push(condition);
            rest = tail.trim_start();
        }
    }
    Some(vec![set(out, Prereleases::IfNamed)])
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use crate::Ecosystem::{CratesIo, Hex, Npm, Pub};

    #[test]
    fn npm_ranges() {
        check(Npm, "^1.2.3", &["1.2.3", "1.9.0"], &["1.2.2", "2.0.0", "2.0.0-a", "1.3.0-a", "1.2.3-a"]);
        check(Npm, "^0.2.3", &["0.2.3", "0.2.9"], &["0.3.0", "1.0.0"]);
        check(Npm, "^0.0.3", &["0.0.3"], &["0.0.4"]);
        check(Npm, "^0.0", &["0.0.9"], &["0.1.0"]);
        check(Npm, "^0.x", &["0.9.0"], &["1.0.0"]);
        check(Npm, "~1.2", &["1.2.0", "1.2.9"], &["1.3.0"]);
        check(Npm, "~> 1", &["1.9.9"], &["2.0.0"]);
        check(Npm, "1.2 - 2.3", &["1.2.0", "2.3.9"], &["1.1.9", "2.4.0", "2.4.0-0"]);
        check(Npm, "1.2.3 - 2.3.4", &["1.2.3", "2.3.4"], &["2.3.5"]);
        check(Npm, ">1.2", &["1.3.0"], &["1.2.9"]);
        check(Npm, "<=1", &["1.9.9"], &["2.0.0", "2.0.0-a"]);
        check(Npm, ">= 1.2.3 < 2 || 3.x", &["1.2.3", "3.4.5"], &["2.0.0", "4.0.0"]);
        check(Npm, "", &["0.0.0", "9.9.9"], &["1.0.0-a"]);
        check(Npm, ">=1.2.3-beta.2", &["1.2.3-beta.2", "1.2.3-rc", "1.2.4"], &["1.2.3-beta.1", "1.2.4-a"]);
        check(Npm, "<*", &[], &["0.0.0", "1.0.0"]);
    }

    #[test]
    fn cargo_requirements() {
        check(CratesIo, "1.2", &["1.2.0", "1.9.0"], &["2.0.0", "1.1.0"]);
        check(CratesIo, "=1.2", &["1.2.0", "1.2.9"], &["1.3.0"]);
        check(CratesIo, "0.3", &["0.3.9"], &["0.4.0"]);
        check(CratesIo, "0", &["0.9.0"], &["1.0.0"]);
        check(CratesIo, "1.*", &["1.9.0"], &["2.0.0"]);
        check(CratesIo, "*", &["0.0.1"], &["1.0.0-a"]);
        check(CratesIo, ">=1.2, <1.5", &["1.4.9"], &["1.5.0", "1.5.0-a"]);
        check(CratesIo, "~1.2.3", &["1.2.9"], &["1.3.0"]);
        check(CratesIo, "1.0.0-rc.1", &["1.0.0-rc.2", "1.0.0", "1.5.0"], &["1.1.0-rc.1", "1.0.0-beta"]);
    }

    #[test]
    fn hex_and_dart_requirements() {
        check(Hex, "~> 2.1", &["2.1.0", "2.9.0"], &["3.0.0", "2.0.9"]);
        check(Hex, "~> 2.1.3", &["2.1.9"], &["2.2.0"]);
        check(Hex, ">= 1.0.0 and < 1.5.0 or == 2.0.0", &["1.4.0", "2.0.0"], &["1.5.0", "2.0.1"]);
        check(Hex, "!= 1.0.0", &["1.0.1"], &["1.0.0", "1.0.1-a"]);
        check(Pub, "^1.2.3", &["1.9.0", "1.2.3+1"], &["2.0.0", "1.2.2"]);
        check(Pub, "^0.0.3", &["0.0.9"], &["0.1.0"]);
        check(Pub, ">=1.2.3 <2.0.0", &["1.9.9"], &["2.0.0", "2.0.0-dev"]);
        check(Pub, "any", &["0.0.1"], &[]);
        check(Pub, "1.2.3+4", &["1.2.3+4"], &["1.2.3", "1.2.3+5"]);
    }
}
