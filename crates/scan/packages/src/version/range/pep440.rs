//! Python's version specifiers (PEP 440, "Version specifiers").

use super::super::key::is_zero;
use super::super::pep440::{Parts, Phase, split};
use super::{MAX_CONDITIONS, Op};
use crate::version::{Scheme, Version};

/// One clause: an operator and what it is held against.
#[derive(Clone, Debug)]
pub(super) enum Specifier {
    /// `<`, `<=`, `>=`, `>`, and `==`, `!=` without a star.
    Compare(Op, Version),
    /// `==1.2.*`, `!=1.2.*`: epoch and release start so.
    Starts { epoch: String, release: Vec<String>, wanted: bool },
    /// `===`: the same text as the version has in normal form, whatever it means.
    Text(String),
}

const OPERATORS: &[(&str, Op)] = &[
    ("==", Op::Equal),
    ("!=", Op::NotEqual),
    ("<=", Op::LessOrEqual),
    (">=", Op::GreaterOrEqual),
    ("<", Op::Less),
    (">", Op::Greater),
];

pub(super) fn specifiers(text: &str) -> Option<Vec<Specifier>> {
    let text = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text);
    let mut out = Vec::new();
    for clause in text.split(',').map(str::trim).filter(|clause| !clause.is_empty()) {
        if out.len() >= MAX_CONDITIONS {
            return None;
        }
        // Poetry's and PDM's star for anything.
        if clause == "*" {
            continue;
        }
        if let Some(exact) = clause.strip_prefix("===") {
            out.push(Specifier::Text(exact.trim().to_owned()));
        } else if let Some(rest) = clause.strip_prefix("~=") {
            compatible(rest.trim(), &mut out)?;
        } else {
            let (op, rest) =
                OPERATORS.iter().find_map(|(word, op)| Some((*op, clause.strip_prefix(word)?)))?;
            let rest = rest.trim();
            match rest.strip_suffix(".*") {
                Some(head) if matches!(op, Op::Equal | Op::NotEqual) => {
                    out.push(starts(&split(head)?, usize::MAX, op == Op::Equal)?);
                }
                Some(_) => return None,
                None => {
                    let local = split(rest)?.local.is_some();
                    if local && !matches!(op, Op::Equal | Op::NotEqual) {
                        return None;
                    }
                    out.push(Specifier::Compare(op, Scheme::Pep440.parse(rest)?));
                }
            }
        }
    }
    Some(out)
}

/// `~=1.4.2` means `>=1.4.2, ==1.4.*`.
fn compatible(text: &str, out: &mut Vec<Specifier>) -> Option<()> {
    let parts = split(text)?;
    let numbers = parts.release.split('.').count();
    if numbers < 2 || parts.local.is_some() {
        return None;
    }
    let bare = Parts { pre: None, post: None, dev: None, ..split(text)? };
    out.push(Specifier::Compare(Op::GreaterOrEqual, Scheme::Pep440.parse(text)?));
    out.push(starts(&bare, numbers - 1, true)?);
    Some(())
}

fn starts(parts: &Parts<'_>, take: usize, wanted: bool) -> Option<Specifier> {
    if parts.pre.is_some() || parts.post.is_some() || parts.dev.is_some() || parts.local.is_some() {
        return None;
    }
    let plain = |digits: &str| digits.trim_start_matches('0').to_owned();
    Some(Specifier::Starts {
        epoch: plain(parts.epoch),
        release: parts.release.split('.').take(take).map(plain).collect(),
        wanted,
    })
}

pub(super) fn matches(specifiers: &[Specifier], version: &Version) -> bool {
    let text = version.as_str().trim();
    let Some(parts) = split(text) else { return false };
    let names_prerelease = specifiers.iter().any(|specifier| match specifier {
        Specifier::Compare(op, bound) => bound.is_prerelease() && *op != Op::NotEqual,
        Specifier::Starts { .. } => false,
        Specifier::Text(text) => Scheme::Pep440.parse(text).is_some_and(|v| v.is_prerelease()),
    });
    (names_prerelease || !version.is_prerelease())
        && specifiers.iter().all(|specifier| holds(specifier, version, &parts, text))
}

fn holds(specifier: &Specifier, version: &Version, parts: &Parts<'_>, text: &str) -> bool {
    match specifier {
        Specifier::Text(exact) => exact.eq_ignore_ascii_case(&parts.normalised()),
        Specifier::Starts { epoch, release, wanted } => {
            let mut numbers = parts.release.split('.').map(|digits| digits.trim_start_matches('0'));
            let same_epoch = parts.epoch.trim_start_matches('0') == epoch;
            let same =
                same_epoch && release.iter().all(|wanted| numbers.next().unwrap_or_default() == wanted);
            same == *wanted
        }
        Specifier::Compare(op, bound) => {
            let Some(bound_parts) = split(bound.as_str().trim()) else { return false };
            // A local part only counts where the specifier has one.
            let public = match (parts.local, bound_parts.local) {
                (Some(_), None) => text.split('+').next().and_then(|text| Scheme::Pep440.parse(text)),
                _ => Some(version.clone()),
            };
            let Some(public) = public else { return false };
            if !op.holds(public.cmp(bound)) {
                return false;
            }
            match op {
                // `<1.0` takes no prerelease of 1.0, and `>1.0` no post-release or local build of it.
                Op::Less if version.is_prerelease() && !bound.is_prerelease() => {
                    let plain = |digits: &str| digits.trim_start_matches('0').to_owned();
                    let of_bound =
                        bound_parts.post.is_none() || bound_parts.post.map(plain) == parts.post.map(plain);
                    !(of_bound && same_base(parts, &bound_parts))
                }
                Op::Greater if parts.post.is_some() && bound_parts.post.is_none() => {
                    !(same_base(parts, &bound_parts) && same_phase(parts.pre, bound_parts.pre))
                }
                _ => true,
            }
        }
    }
}

/// Whether both are the same prerelease, or none.
fn same_phase(a: Option<(Phase, &str)>, b: Option<(Phase, &str)>) -> bool {
    let plain = |(phase, number): (Phase, &str)| (phase as u8, number.trim_start_matches('0').to_owned());
    a.map(plain) == b.map(plain)
}

/// Whether epoch and release are equal.
fn same_base(a: &Parts<'_>, b: &Parts<'_>) -> bool {
    let numbers = |parts: &Parts<'_>| {
        let plain = |digits: &str| digits.trim_start_matches('0').to_owned();
        let mut numbers: Vec<String> = parts.release.split('.').map(plain).collect();
        while numbers.last().is_some_and(|number| is_zero(number)) {
            numbers.pop();
        }
        (plain(parts.epoch), numbers)
    };
    numbers(a) == numbers(b)
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use crate::Ecosystem::PyPi;

    #[test]
    fn specifiers_hold() {
        check(PyPi, "~=2.2", &["2.2", "2.9", "2.2.post3"], &["3.0", "2.1", "2.3a1"]);
        check(PyPi, "~=1.4.5a4", &["1.4.5a4", "1.4.5", "1.4.9"], &["1.5", "1.4.5a3"]);
        check(PyPi, "==1.1", &["1.1", "1.1.0", "1.1+local"], &["1.1.post1", "1.1.1", "1.1a1"]);
        check(PyPi, "==1.1+b", &["1.1+b"], &["1.1", "1.1+c"]);
        check(PyPi, "==1.1.*", &["1.1", "1.1.2.post1", "1.1.0"], &["1.2", "1.10", "11.1", "1!1.1"]);
        check(PyPi, "!=1.1.*", &["1.2", "1!1.1"], &["1.1", "1.1.5"]);
        check(PyPi, ">1.7", &["1.7.1", "1.8"], &["1.7", "1.7.0.post1", "1.7+a", "1.6"]);
        check(PyPi, ">1.7.post2", &["1.7.1", "1.7.post3"], &["1.7.post2", "1.7"]);
        check(PyPi, ">3.0b2", &["3.0rc1.post1", "3.0"], &["3.0b2.post1", "3.0b2"]);
        check(PyPi, "<3", &["2.9"], &["3", "3.0a1", "3.dev0"]);
        check(PyPi, ">=3a1,<3.post1", &["3a1", "3.post0"], &["3.post1", "3.post1.dev0"]);
        check(PyPi, "<=2.0", &["2.0", "2.0+x"], &["2.0.post1", "2.1"]);
        check(PyPi, ">= 1.0, != 1.3.4.*, < 2.0", &["1.0", "1.3.5"], &["1.3.4.1", "2.0", "0.9"]);
        check(PyPi, "", &["0", "99"], &["1a1"]);
        check(PyPi, ">=1.0rc1", &["1.0rc2", "1.1a1", "1.0"], &["1.0rc0", "1.0b9"]);
        check(PyPi, "===1.0", &["1.0", "v1.00"], &["1.0.0"]);
        check(PyPi, "===1.0rc1", &["1.0-RC.1"], &["1.0"]);
    }
}
