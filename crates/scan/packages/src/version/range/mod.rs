//! Requirements as manifests write them: whether a version is within what is asked for.
//!
//! Read for npm, crates.io, Hex, Pub, PyPI, RubyGems, Packagist, Maven and NuGet. Where requirements of an ecosystem are not read, or a text is
//! none (a tag, an address, a path), [`Requirement::parse`] gives `None`, which means unknown and not "no".

mod interval;
mod packagist;
mod pep440;
mod rubygems;
mod semver;

use super::{Scheme, Version};
use crate::Ecosystem;
use std::cmp::Ordering;

/// Longer requirements are refused.
pub const MAX_LENGTH: usize = 4096;

/// More alternatives or conditions than this are refused.
const MAX_CONDITIONS: usize = 256;

/// What a manifest asks for.
#[derive(Clone, Debug)]
pub struct Requirement {
    scheme: Scheme,
    rules: Rules,
}

#[derive(Clone, Debug)]
enum Rules {
    /// Any of these sets, of which all conditions hold.
    SemVer(Vec<semver::Set>),
    /// All of these.
    Pep440(Vec<pep440::Specifier>),
    /// All of these.
    RubyGems(Vec<rubygems::Condition>),
    /// Alternatives inside.
    Packagist(packagist::Constraint),
    /// Any of these.
    Intervals(Vec<interval::Interval>),
}

impl Requirement {
    /// Reads a requirement by the rules of an ecosystem: `^1.2 || 2.x` for npm, `>=1.2, <2` for crates.io, `~=1.4` for
    /// PyPI, `~> 1.4` for RubyGems. `None`: no rule reads it.
    pub fn parse(ecosystem: Ecosystem, text: &str) -> Option<Self> {
        if text.len() > MAX_LENGTH || text.bytes().any(|byte| byte < b' ' && !byte.is_ascii_whitespace()) {
            return None;
        }
        let text = text.trim();
        let rules = match ecosystem {
            Ecosystem::Npm => Rules::SemVer(semver::npm(text)?),
            Ecosystem::CratesIo => Rules::SemVer(semver::cargo(text)?),
            Ecosystem::Hex => Rules::SemVer(semver::hex(text)?),
            Ecosystem::Pub => Rules::SemVer(semver::dart(text)?),
            Ecosystem::PyPi => Rules::Pep440(pep440::specifiers(text)?),
            Ecosystem::RubyGems => Rules::RubyGems(rubygems::conditions(text)?),
            Ecosystem::Packagist => Rules::Packagist(packagist::Constraint::parse(text)?),
            Ecosystem::Maven => Rules::Intervals(interval::maven(text)?),
            Ecosystem::NuGet => Rules::Intervals(interval::nuget(text)?),
            _ => return None,
        };
        Some(Self { scheme: Scheme::of(ecosystem)?, rules })
    }

    /// Whether a version is within what is asked for, as the ecosystem's tool would decide when it resolves anew: a
    /// prerelease is only where the requirement names one. `false` for a version of another scheme.
    pub fn matches(&self, version: &Version) -> bool {
        if version.scheme() != self.scheme {
            return false;
        }
        match &self.rules {
            Rules::SemVer(sets) => sets.iter().any(|set| set.matches(version)),
            Rules::Pep440(specifiers) => pep440::matches(specifiers, version),
            Rules::RubyGems(conditions) => rubygems::matches(conditions, version),
            Rules::Packagist(constraint) => constraint.matches(version),
            Rules::Intervals(intervals) => interval::matches(intervals, version),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Op {
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    GreaterOrEqual,
    Greater,
}

impl Op {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::GreaterOrEqual => order.is_ge(),
            Self::Greater => order.is_gt(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_LENGTH, Requirement};
    use crate::Ecosystem::{self, CratesIo, Go, Hex, Maven, Npm, NuGet, Packagist, Pub, PyPi, RubyGems};
    use crate::version::Scheme;
    use proptest::prelude::*;

    /// Which versions are within a requirement, and which are not.
    #[track_caller]
    pub(super) fn check(ecosystem: Ecosystem, requirement: &str, within: &[&str], outside: &[&str]) {
        let Some(read) = Requirement::parse(ecosystem, requirement) else {
            panic!("{requirement:?} was not read");
        };
        for (row, expected) in [(within, true), (outside, false)] {
            for text in row {
                let version = Scheme::of(ecosystem).and_then(|scheme| scheme.parse(text));
                assert_eq!(version.map(|v| read.matches(&v)), Some(expected), "{requirement:?}: {text}");
            }
        }
    }

    #[test]
    fn what_is_no_requirement_is_unknown() {
        for (ecosystem, texts) in [
            (
                Npm,
                &[
                    "latest",
                    "git+ssh://host.example/x",
                    "file:../x",
                    "1.2.3.4",
                    "^",
                    ">=",
                    "workspace:*",
                    "1 - ",
                ][..],
            ),
            (CratesIo, &["", "latest", "1.2.3.4", "1,,2", "^", "1.*.3", "01.2"]),
            (PyPi, &["1.2", "~=1", ">=1.*", "== x", ">=1;<2", "@ https://host.example/x"]),
            (RubyGems, &["~>", "> a", ">= 1 < 2", "\"1\""]),
            (Hex, &["", "~> 1", "and", ">= 1.0.0 and", "x"]),
            (Pub, &["^1", "^", "1.2", "sdk"]),
            (Packagist, &["", "dev-main", "^ 1", ">=", "1.0.0.0.0", "^x", "1 as 2", "1@foo", "~"]),
            (Maven, &["", "[1,2", "[1,2)x", "(1)", "[]", "${v}", "[1,2),"]),
            (NuGet, &["", "[1,2", "(1)", "1.0-*", "[a,b]", "x.*"]),
            (Go, &["1.0.0"]),
        ] {
            for text in texts {
                assert!(Requirement::parse(ecosystem, text).is_none(), "{ecosystem}: {text:?}");
            }
            assert!(Requirement::parse(ecosystem, &"1 ".repeat(MAX_LENGTH)).is_none());
        }
    }

    proptest! {
        #[test]
        fn reading_never_panics(
            text in any::<String>(),
            near in "(\\^|~|~>|~=|>=|<=|==|!=|=|>|<|)? ?v?[0-9x*]{1,3}(\\.[0-9x*]{1,20}){0,3}(-[a-z0-9.]{0,4})?( ?(\\|\\||,| - | )? ?[<>=~^]{0,2}[0-9.x*]{1,4}){0,3}",
            version in "[0-9]{1,2}(\\.[0-9]{1,20}){0,3}(-?[a-z]{1,3}[0-9]?)?",
        ) {
            for ecosystem in Ecosystem::ALL {
                for text in [&text, &near] {
                    let version = Scheme::of(*ecosystem).and_then(|scheme| scheme.parse(&version));
                    if let (Some(read), Some(version)) = (Requirement::parse(*ecosystem, text), version) {
                        read.matches(&version);
                    }
                }
            }
        }
    }
}
