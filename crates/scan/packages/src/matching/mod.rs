//! Whether an advisory speaks of a version: the evaluation of the OSV schema (section "Evaluation"), by each ecosystem's own
//! version order.
//!
//! Three answers, because what cannot be decided must not look like what is safe.

mod intervals;

use crate::Ecosystem;
use crate::SourceKind;
use crate::advisory::{Advisory, Event, EventKind, Range, RangeKind};
use crate::version::{Scheme, Version};
use intervals::{Intervals, Key, Span};
use std::fmt;

/// What an advisory means for one version of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is affected.
    Affected(Affected),
    /// It is not, or the advisory was withdrawn.
    NotAffected,
    /// Nobody can tell from what is there.
    Unknown(Doubt),
}

/// Why and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affected {
    /// For people: `>= 1.0, < 1.2.3`, `all versions`, `listed: 1.2`.
    pub range: String,
    /// Versions above this one that the advisory calls fixed, as written, lowest first. May be empty.
    pub fixed: Vec<String>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Doubt {
    /// The package's version is not known.
    NoVersion,
    /// The ecosystem's rules do not parse the package's version.
    Version(String),
    /// They do not parse a version of the advisory.
    Event(String),
    /// No order of versions is known for the ecosystem.
    NoOrder,
    /// The package comes from a repository, at a commit that the advisory does not name.
    Commit,
    /// The advisory only names commits, and the package comes as a release.
    CommitsOnly,
    /// The advisory names no version at all.
    NoRange,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoVersion => f.write_str("the package's version is not known"),
            Self::Version(text) => write!(f, "the version `{text}` follows no rule of its ecosystem"),
            Self::Event(text) => {
                write!(f, "the advisory names a version `{text}` that follows no rule of the ecosystem")
            }
            Self::NoOrder => f.write_str("no order of versions is known for the ecosystem"),
            Self::Commit => f.write_str("the advisory does not name the commit that the package comes from"),
            Self::CommitsOnly => f.write_str("the advisory names commits only"),
            Self::NoRange => f.write_str("the advisory names no versions"),
        }
    }
}

/// A version of a package that advisories are held against; parsed once.
#[derive(Clone, Debug)]
pub struct Subject<'a> {
    ecosystem: Ecosystem,
    text: Option<&'a str>,
    version: Option<Version>,
    source: &'a SourceKind,
}

impl<'a> Subject<'a> {
    /// `version`: exact, as a lock file writes it; `None` where only a range was asked for.
    pub fn new(ecosystem: Ecosystem, version: Option<&'a str>, source: &'a SourceKind) -> Self {
        let parsed =
            version.zip(Scheme::of(ecosystem)).and_then(|(text, scheme)| parse(ecosystem, scheme, text));
        Self { ecosystem, text: version, version: parsed, source }
    }

    /// A release from the registry.
    pub fn release(ecosystem: Ecosystem, version: &'a str) -> Self {
        Self::new(ecosystem, Some(version), &SourceKind::Registry)
    }

    /// The version, where the ecosystem's rules parse it.
    pub fn version(&self) -> Option<&Version> {
        self.version.as_ref()
    }

    /// Holds one advisory against the version.
    ///
    /// Packages that are the project's own ([`SourceKind::Path`]) are never affected: a registry's advisory speaks of what the registry hands out.
    pub fn judge(&self, advisory: &Advisory<'_>) -> Verdict {
        if advisory.withdrawn.is_some() || *self.source == SourceKind::Path {
            return Verdict::NotAffected;
        }
        let mut commit = None;
        if let SourceKind::Git { revision, .. } = self.source {
            commit = revision.as_deref().and_then(|revision| judge_commit(advisory, revision));
            if let Some(decided) = commit.take_if(|verdict| *verdict == Verdict::NotAffected) {
                return decided;
            }
        }
        match self.judge_version(advisory) {
            affected @ Verdict::Affected(_) => affected,
            // The number in a repository's manifest is that of some release before or after the commit.
            Verdict::Unknown(_) if matches!(self.source, SourceKind::Git { .. }) => {
                commit.unwrap_or(Verdict::Unknown(Doubt::Commit))
            }
            other => commit.unwrap_or(other),
        }
    }

    fn judge_version(&self, advisory: &Advisory<'_>) -> Verdict {
        if let Some(text) = self.text
            && advisory.versions.contains(&text)
        {
            let fixed = self.fixed(advisory);
            return Verdict::Affected(Affected { range: format!("listed: {text}"), fixed });
        }
        let mut doubt = None;
        let mut ordered = false;
        for range in advisory.ranges.iter().filter(|range| range.kind != RangeKind::Git) {
            ordered = true;
            match self.judge_range(range) {
                Ok(Some(range)) => return Verdict::Affected(Affected { range, fixed: self.fixed(advisory) }),
                Ok(None) => {}
                Err(reason) => doubt = doubt.or(Some(reason)),
            }
        }
        if let Some(doubt) = doubt {
            return Verdict::Unknown(doubt);
        }
        if !advisory.versions.is_empty() {
            return self.judge_list(advisory);
        }
        match (ordered || advisory.listed > 0, advisory.ranges.is_empty()) {
            (true, _) => Verdict::NotAffected,
            (false, false) => Verdict::Unknown(Doubt::CommitsOnly),
            (false, true) => Verdict::Unknown(Doubt::NoRange),
        }
    }

    /// Versions that are spelt in another way than the list's, such as `1.0` and `1.0.0` in Python, are equal all the same.
    fn judge_list(&self, advisory: &Advisory<'_>) -> Verdict {
        let Some(text) = self.text else { return Verdict::Unknown(Doubt::NoVersion) };
        let (Some(scheme), Some(version)) = (Scheme::of(self.ecosystem), &self.version) else {
            // Spelling is all there is to go by.
            return match Scheme::of(self.ecosystem) {
                Some(_) => Verdict::Unknown(Doubt::Version(text.to_owned())),
                None => Verdict::NotAffected,
            };
        };
        let listed = advisory
            .versions
            .iter()
            .find(|listed| parse(self.ecosystem, scheme, listed).as_ref() == Some(version));
        match listed {
            Some(listed) => Verdict::Affected(Affected {
                range: format!("listed: {listed}"),
                fixed: self.fixed(advisory),
            }),
            None => Verdict::NotAffected,
        }
    }

    fn judge_range(&self, range: &Range<'_>) -> Result<Option<String>, Doubt> {
        let Some(scheme) = Scheme::of(self.ecosystem) else {
            return match range.events.as_slice() {
                [Event { kind: EventKind::Introduced, version: "0" }] => Ok(Some(ALL.to_owned())),
                _ => Err(Doubt::NoOrder),
            };
        };
        let intervals = intervals(self.ecosystem, scheme, range)?;
        if intervals.is_everything() {
            return Ok(Some(ALL.to_owned()));
        }
        let Some(text) = self.text else { return Err(Doubt::NoVersion) };
        let Some(version) = &self.version else { return Err(Doubt::Version(text.to_owned())) };
        Ok(intervals.find(&Key::Version(version.clone())).map(|span| describe(span, &range.events)))
    }

    /// What the advisory calls fixed, above this version.
    fn fixed(&self, advisory: &Advisory<'_>) -> Vec<String> {
        let Some(scheme) = Scheme::of(self.ecosystem) else { return Vec::new() };
        let mut fixed: Vec<_> = fixed_versions(advisory)
            .filter_map(|text| Some((parse(self.ecosystem, scheme, text)?, text)))
            .filter(|(version, _)| self.version.as_ref().is_none_or(|own| version > own))
            .collect();
        fixed.sort();
        fixed.dedup_by(|a, b| a.0 == b.0);
        fixed.into_iter().map(|(_, text)| text.to_owned()).collect()
    }
}

const ALL: &str = "all versions";

/// Versions that an advisory calls fixed, as written.
pub(crate) fn fixed_versions<'a>(advisory: &Advisory<'a>) -> impl Iterator<Item = &'a str> {
    let ranges = advisory.ranges.iter().filter(|range| range.kind != RangeKind::Git);
    let events = ranges.flat_map(|range| &range.events).filter(|event| event.kind == EventKind::Fixed);
    events.map(|event| event.version).collect::<Vec<_>>().into_iter()
}

/// A version by the ecosystem's rules.
pub(crate) fn parse(ecosystem: Ecosystem, scheme: Scheme, text: &str) -> Option<Version> {
    let text = text.trim();
    scheme.parse(text).or_else(|| match ecosystem {
        // The toolchain and its library call their releases `go1.21.3`.
        Ecosystem::Go => scheme.parse(text.strip_prefix("go")?),
        _ => None,
    })
}

/// Of a list of versions those that no range covers; of versions in no known order, all.
///
/// Compiling keeps only these: what a range covers is affected anyway, whoever asks.
pub(crate) fn uncovered<'v>(
    ecosystem: Ecosystem,
    ranges: &[Range<'_>],
    versions: impl Iterator<Item = &'v str>,
) -> Vec<&'v str> {
    let scheme = Scheme::of(ecosystem);
    let intervals: Vec<_> = scheme
        .into_iter()
        .flat_map(|scheme| {
            let ordered = ranges.iter().filter(|range| range.kind != RangeKind::Git);
            ordered.filter_map(move |range| intervals(ecosystem, scheme, range).ok())
        })
        .collect();
    versions
        .filter(|text| {
            let version = scheme.and_then(|scheme| parse(ecosystem, scheme, text)).map(Key::Version);
            !version.is_some_and(|version| intervals.iter().any(|spans| spans.find(&version).is_some()))
        })
        .collect()
}

fn intervals(ecosystem: Ecosystem, scheme: Scheme, range: &Range<'_>) -> Result<Intervals<Version>, Doubt> {
    let keys = range.events.iter().map(|event| {
        let key = match (event.kind, event.version) {
            (EventKind::Introduced, "0") => Key::Start,
            // The least of all semantic versions (SemVer 2.0.0, section 11), which RUSTSEC writes for "from the first on".
            (EventKind::Introduced, "0.0.0-0") if range.kind == RangeKind::Semver => Key::Start,
            (EventKind::Limit, "*") => Key::End,
            (_, text) => match parse(ecosystem, scheme, text) {
                Some(version) => Key::Version(version),
                None if text == "0" => Key::Start,
                None => return Err(Doubt::Event(text.to_owned())),
            },
        };
        Ok((event.kind, key))
    });
    Ok(Intervals::new(keys.collect::<Result<_, _>>()?))
}

fn describe<V>(span: &Span<V>, events: &[Event<'_>]) -> String {
    let version = |index: usize| events.get(index).map_or("?", |event| event.version);
    let mut parts = Vec::new();
    if !span.is_from_start() {
        parts.push(format!(">= {}", version(span.from_event)));
    }
    if let Some(end) = &span.end {
        parts.push(format!("{} {}", if end.included { "<=" } else { "<" }, version(end.event)));
    }
    if parts.is_empty() { ALL.to_owned() } else { parts.join(", ") }
}

/// Decides by a commit that the advisory itself names. What lies between commits only the repository's history could tell.
fn judge_commit(advisory: &Advisory<'_>, revision: &str) -> Option<Verdict> {
    let same = |event: &&Event<'_>| event.version.len() >= 40 && event.version.eq_ignore_ascii_case(revision);
    let ranges = advisory.ranges.iter().filter(|range| range.kind == RangeKind::Git);
    let event = ranges.flat_map(|range| &range.events).find(same)?;
    Some(match event.kind {
        EventKind::Introduced | EventKind::LastAffected => {
            let range = format!("at commit {}", event.version);
            Verdict::Affected(Affected { range, fixed: Vec::new() })
        }
        EventKind::Fixed | EventKind::Limit => Verdict::NotAffected,
    })
}

#[cfg(test)]
mod tests;
