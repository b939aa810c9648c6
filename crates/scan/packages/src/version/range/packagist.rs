//! Composer's version constraints (`Composer\Semver\VersionParser::parseConstraints`).
//!
//! A lower bound without a stability takes development versions of itself in (`>=1.0` is `>=1.0.0.0-dev`), and an upper
//! one leaves them out, so that whether a prerelease is wanted is decided apart.

use super::super::packagist::{is_modifier, release_numbers};
use super::{MAX_CONDITIONS, Op};
use crate::version::{Scheme, Version};

/// Conditions that all must hold, in alternatives of which one must.
#[derive(Clone, Debug)]
pub(super) struct Constraint {
    alternatives: Vec<Vec<(Op, Version)>>,
    names_prerelease: bool,
}

const OPERATORS: &[(&str, Op)] = &[
    ("<>", Op::NotEqual),
    ("!=", Op::NotEqual),
    (">=", Op::GreaterOrEqual),
    ("<=", Op::LessOrEqual),
    ("==", Op::Equal),
    ("=", Op::Equal),
    (">", Op::Greater),
    ("<", Op::Less),
];

impl Constraint {
    pub(super) fn matches(&self, version: &Version) -> bool {
        (self.names_prerelease || !version.is_prerelease())
            && self
                .alternatives
                .iter()
                .any(|conditions| conditions.iter().all(|(op, bound)| op.holds(version.cmp(bound))))
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut out = Self { alternatives: Vec::new(), names_prerelease: false };
        for alternative in text.replace("||", "|").split('|') {
            if out.alternatives.len() >= MAX_CONDITIONS {
                return None;
            }
            let conditions = out.all_of(alternative.trim())?;
            out.alternatives.push(conditions);
        }
        Some(out)
    }

    fn all_of(&mut self, text: &str) -> Option<Vec<(Op, Version)>> {
        let mut conditions = Vec::new();
        if let Some((from, to)) = text.split_once(" - ") {
            self.hyphen(from.trim(), to.trim(), &mut conditions)?;
            return Some(conditions);
        }
        let mut operator = "";
        for word in text.split([' ', ',']).filter(|word| !word.is_empty()) {
            if conditions.len() >= MAX_CONDITIONS {
                return None;
            }
            // An operator may stand apart from its version.
            if word.bytes().all(|byte| b"<>=!".contains(&byte)) && operator.is_empty() {
                operator = word;
                continue;
            }
            let joined = format!("{operator}{word}");
            operator = "";
            self.one(&joined, &mut conditions)?;
        }
        (operator.is_empty() && !text.is_empty()).then_some(conditions)
    }

    fn one(&mut self, text: &str, out: &mut Vec<(Op, Version)>) -> Option<()> {
        let (text, flag) = match text.rsplit_once('@') {
            Some(("", flag)) => ("*", flag),
            Some((head, flag)) => (head, flag),
            None => (text, "stable"),
        };
        let flag = flag.to_ascii_lowercase();
        match flag.as_str() {
            "stable" => {}
            "rc" | "beta" | "alpha" | "dev" => self.names_prerelease = true,
            _ => return None,
        }
        let bare = text.strip_prefix(['v', 'V']).unwrap_or(text);
        if bare.split('.').all(|part| matches!(part, "x" | "X" | "*")) {
            return Some(());
        }
        if let Some(rest) = text.strip_prefix('^') {
            let bounds = Bounds::parse(rest)?;
            let first = bounds.numbers.iter().take(3).position(|number| *number > 0);
            // A zero that nothing follows is held too.
            let held = first.unwrap_or(2).min(bounds.written - 1);
            return self.between(&bounds, held.min(2), out);
        }
        if let Some(rest) = text.strip_prefix('~') {
            let bounds = Bounds::parse(rest)?;
            return self.between(&bounds, bounds.written.saturating_sub(2), out);
        }
        if let Some(wild) = wildcard(bare) {
            out.push((Op::GreaterOrEqual, dev(wild.numbers)?));
            out.push((Op::Less, dev(wild.next(wild.written - 1)?)?));
            return Some(());
        }
        let (op, rest) = OPERATORS
            .iter()
            .find_map(|(word, op)| Some((*op, text.strip_prefix(word)?)))
            .unwrap_or((Op::Equal, text));
        let version = Scheme::Packagist.parse(rest)?;
        self.names_prerelease |= version.is_prerelease();
        let named = rest.match_indices('-').any(|(at, _)| rest.get(at + 1..).is_some_and(is_modifier));
        let suffix = if op != Op::Equal && flag != "stable" && !version.is_prerelease() {
            flag.as_str()
        } else if matches!(op, Op::Less | Op::GreaterOrEqual) && !named {
            "dev"
        } else {
            ""
        };
        let bound = if suffix.is_empty() {
            version
        } else {
            let plain = rest.split('+').next().unwrap_or_default();
            Scheme::Packagist.parse(&format!("{plain}-{suffix}"))?
        };
        out.push((op, bound));
        Some(())
    }

    /// From a version up to the next that differs in the number at `held`.
    fn between(&mut self, bounds: &Bounds<'_>, held: usize, out: &mut Vec<(Op, Version)>) -> Option<()> {
        self.from(bounds, out)?;
        out.push((Op::Less, dev(bounds.next(held)?)?));
        Some(())
    }

    fn from(&mut self, bounds: &Bounds<'_>, out: &mut Vec<(Op, Version)>) -> Option<()> {
        let low = if bounds.named {
            let version = Scheme::Packagist.parse(bounds.text)?;
            self.names_prerelease |= version.is_prerelease();
            version
        } else {
            dev(bounds.numbers)?
        };
        out.push((Op::GreaterOrEqual, low));
        Some(())
    }

    fn hyphen(&mut self, from: &str, to: &str, out: &mut Vec<(Op, Version)>) -> Option<()> {
        self.from(&Bounds::parse(from)?, out)?;
        let to = Bounds::parse(to)?;
        if to.written >= 3 || to.named {
            let version = Scheme::Packagist.parse(to.text)?;
            self.names_prerelease |= version.is_prerelease();
            out.push((Op::LessOrEqual, version));
        } else {
            out.push((Op::Less, dev(to.next(to.written - 1)?)?));
        }
        Some(())
    }
}

/// A version in a constraint: up to four numbers, and whether a stability is written.
struct Bounds<'a> {
    text: &'a str,
    numbers: [u64; 4],
    written: usize,
    named: bool,
}

impl<'a> Bounds<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let text = text.split('+').next()?;
        let (digits, named) = release_numbers(text)?;
        let mut numbers = [0; 4];
        let mut written = 0;
        for (place, digits) in numbers.iter_mut().zip(digits.into_iter().flatten()) {
            *place = digits.parse().ok()?;
            written += 1;
        }
        Some(Self { text, numbers, written, named })
    }

    fn next(&self, place: usize) -> Option<[u64; 4]> {
        let mut numbers = [0; 4];
        for (at, (to, from)) in numbers.iter_mut().zip(self.numbers).enumerate().take(place + 1) {
            *to = if at == place { from.checked_add(1)? } else { from };
        }
        Some(numbers)
    }
}

/// `1.2.*`: the numbers before the wildcards.
fn wildcard(text: &str) -> Option<Bounds<'_>> {
    let mut head = text;
    while let Some(shorter) = head.strip_suffix(".*").or(head.strip_suffix(".x")).or(head.strip_suffix(".X"))
    {
        head = shorter;
    }
    if head.len() == text.len() {
        return None;
    }
    Bounds::parse(head)
        .filter(|bounds| bounds.written <= 3 && !bounds.named && !head.ends_with(['.', '-', '_']))
}

fn dev([a, b, c, d]: [u64; 4]) -> Option<Version> {
    Scheme::Packagist.parse(&format!("{a}.{b}.{c}.{d}-dev"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use crate::Ecosystem::Packagist;

    #[test]
    fn constraints_hold() {
        check(Packagist, "^1.2.3", &["1.2.3", "1.9", "v1.2.4"], &["1.2.2", "2.0", "1.3-beta", "2.0-dev"]);
        check(Packagist, "^0.3", &["0.3.0", "0.3.9"], &["0.4", "0.2"]);
        check(Packagist, "^0.0.3", &["0.0.3", "0.0.3.5"], &["0.0.4"]);
        check(Packagist, "^0", &["0.9"], &["1.0"]);
        check(Packagist, "~1.2", &["1.2", "1.9"], &["2.0"]);
        check(Packagist, "~1.2.3", &["1.2.9"], &["1.3"]);
        check(Packagist, "~1", &["1.9"], &["2.0"]);
        check(Packagist, "1.2.*", &["1.2.0", "1.2.99"], &["1.3"]);
        check(Packagist, ">=1.0 <1.1 || >= 1.2", &["1.0.5", "1.2", "9"], &["1.1", "0.9"]);
        check(Packagist, ">=1.0,<2.0", &["1.5"], &["2.0", "2.0-beta"]);
        check(Packagist, "1.0 - 2.0", &["1.0", "2.0.99"], &["2.1"]);
        check(Packagist, "1.0.0 - 2.1.0", &["2.1.0"], &["2.1.1"]);
        check(Packagist, "^7.4|^8.0", &["7.4.1", "8.9"], &["7.3", "9.0"]);
        check(Packagist, "1.0", &["1.0.0.0"], &["1.0.1"]);
        check(Packagist, "^1.0@beta", &["1.0-beta", "1.1"], &["2.0"]);
        check(Packagist, ">=1.0-beta2", &["1.0-beta2", "1.0", "2"], &["1.0-beta1"]);
        check(Packagist, "*", &["0.1"], &["1-dev"]);
    }
}
