//! The result of a scan: what was found, and what was not done.

use crate::{Component, Finding, RuleInfo};
use serde::{Deserialize, Serialize};

/// The result of a scan.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// What was scanned, as the user named it.
    pub targets: Vec<String>,
    /// Worst first, then by rule and place: the same input gives the same order.
    pub findings: Vec<Finding>,
    /// The parts that others made, sorted by package URL.
    pub components: Vec<Component>,
    /// What was covered and what was not.
    pub coverage: Coverage,
    /// The rules that findings refer to, sorted by id.
    pub rules: Vec<RuleInfo>,
}

/// What was covered and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Blobs that detectors saw (or whose result came from the cache).
    pub blobs_scanned: u64,
    /// Their bytes.
    pub bytes_scanned: u64,
    /// The scan ended before everything was seen: interrupted, out of time or memory, or a part failed.
    pub incomplete: bool,
    /// What was not done, sorted by kind and path. Where many share kind and reason, only the first
    /// [`NotDone::LISTED_PER_KIND`] are listed; `not_done_counts` has all.
    pub not_done: Vec<NotDone>,
    /// How many of each kind, in all.
    pub not_done_counts: Vec<(NotDoneKind, u64)>,
}

/// One thing that was not done.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NotDone {
    /// Which sort.
    pub kind: NotDoneKind,
    /// File, archive member, rule or repository part concerned.
    pub path: String,
    /// Why, with the setting that changes it, if there is one.
    pub reason: String,
}

impl NotDone {
    /// How many entries of one kind a report lists by name.
    pub const LISTED_PER_KIND: usize = 200;
}

/// Sorts of things not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotDoneKind {
    /// Left out: not text.
    Binary,
    /// Left out: generated or minified.
    Generated,
    /// Left out by `.gitignore`, `.bartizanignore` or an exclusion.
    Ignored,
    /// Left out: larger than `--max-file-size`.
    TooLarge,
    /// Left out: an archive beyond depth, member or expansion limits.
    ArchiveLimit,
    /// Left out: a symbolic link, device, socket or other special file, or a link out of the root.
    Special,
    /// A suppression or baseline entry that matched nothing, or that has expired.
    StaleSuppression,
    /// The result cache could not be written: the next scan is slower, this one is whole.
    CacheUnwritten,
    /// More places than one report holds.
    TooManyPlaces,
    /// Something that a file refers to was not scanned, or is not known: versions or packages may be missing.
    Unresolved,
    /// No advisories were at hand to hold packages against.
    NoAdvisories,
    /// A part of a source file could not be parsed; the rest was analysed.
    Unparsed,
    /// Code analysis reached a bound of its own: there may be more.
    AnalysisLimit,
    /// Code analysis met calls or constructs that it does not know and took the safe guess, or showed flows to be impossible.
    Approximated,
    /// Could not be read.
    Unreadable,
    /// Broken: a corrupt archive, pack, rule file or the like.
    Broken,
    /// `--max-time` ran out.
    OutOfTime,
    /// `--max-memory` did not allow it.
    OutOfMemory,
    /// The user interrupted.
    Interrupted,
}

impl NotDoneKind {
    /// Whether this is a failure (exit code 3) rather than a limit or rule that the user can see and set.
    pub fn is_failure(self) -> bool {
        matches!(
            self,
            Self::TooManyPlaces
                | Self::Unreadable
                | Self::Broken
                | Self::OutOfTime
                | Self::OutOfMemory
                | Self::Interrupted
        )
    }

    /// Words for people: `too large`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Binary => "binary",
            Self::Generated => "generated",
            Self::Ignored => "ignored",
            Self::TooLarge => "too large",
            Self::ArchiveLimit => "archive limit",
            Self::Special => "special file",
            Self::StaleSuppression => "stale suppression",
            Self::CacheUnwritten => "cache not written",
            Self::TooManyPlaces => "too many places",
            Self::Unresolved => "not resolved",
            Self::NoAdvisories => "no advisories",
            Self::Unparsed => "partly not parsed",
            Self::AnalysisLimit => "analysis limit",
            Self::Approximated => "analysis approximated",
            Self::Unreadable => "unreadable",
            Self::Broken => "broken",
            Self::OutOfTime => "out of time",
            Self::OutOfMemory => "out of memory",
            Self::Interrupted => "interrupted",
        }
    }
}
