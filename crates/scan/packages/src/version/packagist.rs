//! Composer: `Composer\Semver\VersionParser::normalize`, then PHP's `version_compare`.
//!
//! Four numbers, or a date, and a stability: `dev`, `alpha`, `beta`, `RC`, none, `patch`. A branch without numbers
//! (`dev-main`) has no order and is refused; `1.x-dev` is the greatest development version of 1.

use super::key::{Key, is_number, split_digits, split_while, strip_prefix_any_case};

const DEV: u8 = 0x01;
const ALPHA: u8 = 0x02;
const BETA: u8 = 0x03;
const CANDIDATE: u8 = 0x04;
const END: u8 = 0x05;
const NUMBER: u8 = 0x06;
const PATCH: u8 = 0x07;

/// Longest words first.
const STABILITIES: &[(&str, u8)] = &[
    ("stable", END),
    ("alpha", ALPHA),
    ("patch", PATCH),
    ("beta", BETA),
    ("rc", CANDIDATE),
    ("pl", PATCH),
    ("a", ALPHA),
    ("b", BETA),
    ("p", PATCH),
];

/// What Composer puts for the wildcard of a branch.
const BRANCH_END: &str = "9999999";

pub(super) fn read(text: &str, key: &mut Key) -> Option<()> {
    let text = match text.rsplit_once('@') {
        Some((head, flag)) if is_stability_flag(flag) => head,
        Some(_) => return None,
        None => text,
    };
    if strip_prefix_any_case(text, "dev-").is_some() {
        return None;
    }
    let text = match text.split_once('+') {
        Some((head, tail)) if !tail.is_empty() && !tail.contains(' ') => head,
        Some(_) => return None,
        None => text,
    };
    let bare = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let (digits, _) = split_digits(bare);
    if digits.is_empty() {
        return None;
    }
    key.breaks_at(digits);
    if let Some((numbers, modifier)) = classical(bare) {
        for number in numbers {
            key.tag(NUMBER);
            key.number(number.unwrap_or_default());
        }
        return stability(modifier, key);
    }
    if let Some((numbers, modifier)) = date(bare) {
        for number in numbers.split(['.', ':', '-']) {
            key.tag(NUMBER);
            key.number(number);
        }
        return stability(modifier, key);
    }
    branch(bare, key)
}

fn is_stability_flag(flag: &str) -> bool {
    ["stable", "rc", "beta", "alpha", "dev"].iter().any(|word| flag.eq_ignore_ascii_case(word))
}

/// One to four numbers, the first of at most five digits, and what stands behind them.
fn classical(text: &str) -> Option<([Option<&str>; 4], &str)> {
    let mut numbers = [None; 4];
    let (first, mut rest) = split_digits(text);
    if first.len() > 5 {
        return None;
    }
    numbers[0] = Some(first);
    for place in &mut numbers[1..] {
        let Some(tail) = rest.strip_prefix('.') else { break };
        let (digits, tail) = split_digits(tail);
        if digits.is_empty() {
            break;
        }
        *place = Some(digits);
        rest = tail;
    }
    is_modifier(rest).then_some((numbers, rest))
}

/// One to four numbers, and whether a stability is written behind them; no dates and no branches.
pub(super) fn release_numbers(text: &str) -> Option<([Option<&str>; 4], bool)> {
    let (numbers, rest) = classical(text.strip_prefix(['v', 'V']).unwrap_or(text))?;
    let modifier = modifier(rest)?;
    numbers[0].filter(|first| !first.is_empty())?;
    Some((numbers, modifier.stability.is_some() || modifier.dev))
}

/// A date, perhaps with a time, in pairs of digits behind the year, and up to two counters.
fn date(text: &str) -> Option<(&str, &str)> {
    let (run, _) = split_while(text, |byte| byte.is_ascii_digit() || b".:-".contains(&byte));
    let numbers = run.strip_suffix(['.', '-']).unwrap_or(run);
    let modifier = text.get(numbers.len()..)?;
    let (year, rest) = numbers.split_at_checked(4)?;
    (is_number(year) && is_modifier(modifier) && pairs(rest, 6, true)).then_some((numbers, modifier))
}

/// Up to `left` pairs of digits, then counters. Tries at most a few dozen ways, since both are few.
fn pairs(text: &str, left: usize, first: bool) -> bool {
    let rest = text.strip_prefix(['.', ':', '-']).unwrap_or(text);
    let pair = rest.split_at_checked(2).filter(|(pair, _)| left > 0 && is_number(pair));
    pair.is_some_and(|(_, tail)| pairs(tail, left - 1, false)) || (!first && counters(text, 2))
}

fn counters(text: &str, left: usize) -> bool {
    if text.is_empty() {
        return true;
    }
    let rest = text.strip_prefix(['.', ':', '-']).unwrap_or(text);
    left > 0
        && (1..=3).any(|width| {
            rest.split_at_checked(width)
                .is_some_and(|(digits, tail)| is_number(digits) && counters(tail, left - 1))
        })
}

/// A stability word with its numbers, and whether `dev` follows.
struct Modifier<'a> {
    stability: Option<u8>,
    numbers: &'a str,
    dev: bool,
}

fn modifier(text: &str) -> Option<Modifier<'_>> {
    let bare = text.strip_prefix(['.', '_', '-']).unwrap_or(text);
    let word = STABILITIES.iter().find_map(|(word, tag)| Some((*tag, strip_prefix_any_case(bare, word)?)));
    let (stability, numbers, rest) = match word {
        Some((tag, tail)) => {
            let mut end = 0;
            loop {
                let more = tail.get(end..).unwrap_or_default();
                let skipped = usize::from(more.starts_with(['.', '-']));
                let (digits, _) = split_digits(more.get(skipped..).unwrap_or_default());
                if digits.is_empty() {
                    break;
                }
                end += skipped + digits.len();
            }
            let (numbers, rest) = tail.split_at_checked(end)?;
            (Some(tag), numbers, rest)
        }
        None => (None, "", bare),
    };
    // Without a word the separator may be `dev`'s own, and `dev` may have a second one.
    let rest = rest.strip_prefix(['.', '-']).filter(|tail| !tail.is_empty()).unwrap_or(rest);
    let dev = rest.eq_ignore_ascii_case("dev");
    (dev || rest.is_empty()).then_some(Modifier { stability, numbers, dev })
}

/// Whether a text is what may stand behind the numbers: a stability, or nothing.
pub(super) fn is_modifier(text: &str) -> bool {
    modifier(text).is_some()
}

fn stability(text: &str, key: &mut Key) -> Option<()> {
    let modifier = modifier(text)?;
    match modifier.stability {
        // `stable` cuts off what follows it.
        Some(END) => {
            key.tag(END);
            return Some(());
        }
        Some(tag) => {
            key.prerelease = tag < END;
            key.tag(tag);
            for number in modifier.numbers.split(['.', '-']).filter(|number| !number.is_empty()) {
                key.tag(NUMBER);
                key.number(number);
            }
        }
        None => {}
    }
    if modifier.dev {
        key.prerelease = true;
        key.tag(DEV);
    }
    key.tag(END);
    Some(())
}

/// `1.x-dev`, `1.2.*-dev`: the missing numbers are as great as can be.
fn branch(text: &str, key: &mut Key) -> Option<()> {
    let (head, tail) = text.split_at_checked(text.len().checked_sub(3)?)?;
    let head = head.strip_suffix(['.', '-']).unwrap_or(head);
    if !tail.eq_ignore_ascii_case("dev") {
        return None;
    }
    let mut written = 0;
    for number in head.split('.') {
        written += 1;
        let wild = written > 1 && matches!(number, "x" | "X" | "*");
        if written > 4 || !(wild || is_number(number)) {
            return None;
        }
        key.tag(NUMBER);
        key.number(if wild { BRANCH_END } else { number });
    }
    for _ in written..4 {
        key.tag(NUMBER);
        key.number(BRANCH_END);
    }
    key.prerelease = true;
    key.tag(DEV);
    key.tag(END);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::super::Scheme::Packagist;
    use super::super::tests::{ascending, equal, prereleases, refused};

    #[test]
    fn stabilities_are_ordered() {
        ascending(
            Packagist,
            &[
                "1.0.0-dev",
                "1.0.0-alpha-dev",
                "1.0.0-alpha",
                "1.0.0-alpha1",
                "1.0.0-a2",
                "1.0.0-beta",
                "1.0.0-b3",
                "1.0.0-beta10",
                "1.0.0-RC1-dev",
                "1.0.0-RC1",
                "1.0.0-RC1.1",
                "1.0.0-rc2",
                "1.0.0",
                "1.0.0-patch1",
                "1.0.0-pl2",
                "1.0.0-p10",
                "1.0.0.1",
                "1.0.1",
                "1.0.x-dev",
                "1.1",
                "1.x-dev",
                "2",
                "20100102",
                "20100103",
            ],
        );
        ascending(Packagist, &["2010-01-02", "2010.01.02", "2010-01-03"]);
    }

    #[test]
    fn spellings_are_normalised() {
        equal(
            Packagist,
            &["1", "v1", "1.0", "1.0.0.0", "1.0.0+meta", "1.0.0@dev", "1.0-stable", "1.00", "1."],
        );
        equal(Packagist, &["1.0.0-beta.5", "1.0b5", "1.0.0BETA5", "1.0_beta-5", "V1.0.0.beta5"]);
        equal(Packagist, &["1.x-dev", "1.X.x-dev", "v1.*-dev", "1.x.dev"]);
        equal(Packagist, &["2010-01-02", "2010:01.02"]);
    }

    #[test]
    fn what_composer_throws_at_is_refused() {
        refused(
            Packagist,
            &[
                "",
                "dev-main",
                "DEV-1.0",
                "master",
                "main-dev",
                "1.0.0.0.0",
                "1.0-foo",
                "1.0.0-5",
                "1.0 beta",
                "x",
                "1+",
                "1@foo",
            ],
        );
        prereleases(
            Packagist,
            &["1.0-dev", "1.0a1", "1.x-dev", "1.0-p1-dev"],
            &["1.0", "1.0-p1", "1.0-stable"],
        );
    }
}
