//! Intervals of Maven ("Dependency version requirement specification") and NuGet ("Version ranges"): `[1.0,2.0)`.

use super::{MAX_CONDITIONS, Op};
use crate::version::{Scheme, Version};

/// From and to; a missing bound is no bound.
#[derive(Clone, Debug)]
pub(super) struct Interval {
    from: Option<(Op, Version)>,
    to: Option<(Op, Version)>,
}

impl Interval {
    fn holds(&self, version: &Version) -> bool {
        [&self.from, &self.to].into_iter().flatten().all(|(op, bound)| op.holds(version.cmp(bound)))
    }
}

/// A bare version is only a wish in Maven, but an upgrade leaves it all the same: it holds for itself alone.
pub(super) fn maven(text: &str) -> Option<Vec<Interval>> {
    if !text.starts_with(['[', '(']) {
        let version = Scheme::Maven.parse(text)?;
        return Some(vec![Interval { from: Some((Op::Equal, version)), to: None }]);
    }
    let mut out = Vec::new();
    let mut rest = text;
    loop {
        if out.len() >= MAX_CONDITIONS {
            return None;
        }
        let end = rest.find([']', ')'])?;
        let (interval, tail) = rest.split_at_checked(end + 1)?;
        out.push(bracketed(interval, Scheme::Maven)?);
        let tail = tail.trim_start();
        if tail.is_empty() {
            return Some(out);
        }
        rest = tail.strip_prefix(',')?.trim_start();
    }
}

/// A bare version is the least one; `1.*` floats within its first numbers.
pub(super) fn nuget(text: &str) -> Option<Vec<Interval>> {
    let scheme = Scheme::NuGet;
    let interval = if text.starts_with(['[', '(']) {
        bracketed(text, scheme)?
    } else if text == "*" {
        Interval { from: None, to: None }
    } else if let Some(head) = text.strip_suffix(".*") {
        let (before, last) = head.rsplit_once('.').map_or(("", head), |(before, last)| (before, last));
        let next = last.parse::<u64>().ok()?.checked_add(1)?;
        let dot = if before.is_empty() { "" } else { "." };
        // The least prerelease of the next number: none of its prereleases is within.
        let to = scheme.parse(&format!("{before}{dot}{next}-0"))?;
        Interval { from: Some((Op::GreaterOrEqual, scheme.parse(head)?)), to: Some((Op::Less, to)) }
    } else {
        Interval { from: Some((Op::GreaterOrEqual, scheme.parse(text)?)), to: None }
    };
    Some(vec![interval])
}

fn bracketed(text: &str, scheme: Scheme) -> Option<Interval> {
    let open = text.starts_with('(');
    let ends_open = text.ends_with(')');
    let inner = text.strip_prefix(['[', '('])?.strip_suffix([']', ')'])?;
    let Some((from, to)) = inner.split_once(',') else {
        let version = scheme.parse(inner).filter(|_| !open && !ends_open)?;
        return Some(Interval { from: Some((Op::Equal, version)), to: None });
    };
    let bound = |text: &str, op: Op| match text.trim() {
        "" => Some(None),
        text => scheme.parse(text).map(|version| Some((op, version))),
    };
    Some(Interval {
        from: bound(from, if open { Op::Greater } else { Op::GreaterOrEqual })?,
        to: bound(to, if ends_open { Op::Less } else { Op::LessOrEqual })?,
    })
}

/// NuGet takes a prerelease only where a bound names one; Maven takes what falls in order.
pub(super) fn matches(intervals: &[Interval], version: &Version) -> bool {
    let named = |interval: &Interval| {
        let bounds = [&interval.from, &interval.to];
        bounds.into_iter().flatten().any(|(op, bound)| {
            // The bound of a floating version is not the user's word.
            bound.is_prerelease() && !(*op == Op::Less && bound.as_str().ends_with("-0"))
        })
    };
    intervals.iter().any(|interval| {
        let wanted = version.scheme() == Scheme::Maven || !version.is_prerelease() || named(interval);
        wanted && interval.holds(version)
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use crate::Ecosystem::{Maven, NuGet};

    #[test]
    fn mavens_intervals_hold() {
        check(Maven, "[1.0,2.0)", &["1.0", "1.9", "2.0-rc1"], &["2.0", "0.9"]);
        check(Maven, "(,1.0]", &["0.1", "1.0"], &["1.0.1"]);
        check(Maven, "(1.0,)", &["1.0.1"], &["1.0"]);
        check(Maven, "[1.5]", &["1.5.0"], &["1.5.1"]);
        check(Maven, "(,1.0],[1.2,)", &["0.9", "1.2", "3"], &["1.1"]);
        check(Maven, "1.0", &["1.0.0"], &["1.1"]);
    }

    #[test]
    fn nugets_intervals_hold() {
        check(NuGet, "1.0", &["1.0", "9.0"], &["0.9", "1.0-a", "2.0-a"]);
        check(NuGet, "[1.0,2.0)", &["1.0.0.1", "1.9"], &["2.0", "2.0-beta"]);
        check(NuGet, "[1.0]", &["1.0.0"], &["1.0.1"]);
        check(NuGet, "1.2.*", &["1.2.0", "1.2.9"], &["1.3", "1.3-a", "1.1"]);
        check(NuGet, "*", &["0.0.1"], &["1.0-a"]);
        check(NuGet, "[1.0-beta, 2.0]", &["1.0-beta", "1.5-rc"], &["1.0-alpha"]);
    }
}
