//! What a database says about one package: which versions, how bad, where to read more.

use crate::Ecosystem;
use crate::database::{Error, Home, Timestamp};
use bartizan_model::Severity;
use bartizan_model::cvss::Cvss;
use serde::{Deserialize, Serialize};

/// One record of an OSV database, as far as it speaks of one package.
///
/// Borrows from the index that it was found in; what only a person needs is read on demand by [`Advisory::texts`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Advisory<'a> {
    /// `RUSTSEC-2021-0001`, `GHSA-…`.
    pub id: &'a str,
    /// Other names of the very same weakness.
    #[serde(borrow)]
    pub aliases: Vec<&'a str>,
    /// Records that this one repeats for another package set, such as a CVE for a distribution's record.
    #[serde(borrow)]
    pub upstream: Vec<&'a str>,
    /// Records that are close and not the same.
    #[serde(borrow)]
    pub related: Vec<&'a str>,
    /// For distributions: the release that it speaks of, as written after the ecosystem's name: `12`, `v3.18`. For Maven, the
    /// repository.
    pub release: Option<&'a str>,
    /// When it was last changed.
    pub modified: Option<Timestamp>,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// When it was taken back. Then it matches nothing.
    pub withdrawn: Option<Timestamp>,
    /// What is said.
    pub kind: Kind,
    /// Scores with their vectors, as given for this package or, failing that, for the record.
    #[serde(borrow)]
    pub scores: Vec<Score<'a>>,
    /// The publisher's own word, where it gives one.
    pub rating: Option<Severity>,
    /// Whether a person at the database looked at it; `None` where the database does not tell.
    pub reviewed: Option<bool>,
    /// Numbers of the Common Weakness Enumeration.
    pub cwes: Vec<u32>,
    /// Ranges of affected versions.
    #[serde(borrow)]
    pub ranges: Vec<Range<'a>>,
    /// Affected versions that are listed one by one and that no range covers.
    #[serde(borrow)]
    pub versions: Vec<&'a str>,
    /// How many versions the record lists, with those that ranges cover.
    pub listed: u32,
    /// What limits the advisory and cannot be decided by version: platforms, ranges in another numbering.
    #[serde(borrow)]
    pub notes: Vec<&'a str>,
    /// [`Symbols`], encoded: only reachability needs them.
    pub(crate) symbols: &'a [u8],
    #[serde(skip)]
    pub(crate) home: Option<Home<'a>>,
}

impl<'a> Advisory<'a> {
    /// An advisory that says nothing yet.
    pub fn new(id: &'a str) -> Self {
        Self {
            id,
            aliases: Vec::new(),
            upstream: Vec::new(),
            related: Vec::new(),
            release: None,
            modified: None,
            published: None,
            withdrawn: None,
            kind: Kind::Vulnerability,
            scores: Vec::new(),
            rating: None,
            reviewed: None,
            cwes: Vec::new(),
            ranges: Vec::new(),
            versions: Vec::new(),
            listed: 0,
            notes: Vec::new(),
            symbols: &[],
            home: None,
        }
    }

    /// The score to trust: the newest version of CVSS that there is a score of, and of several the highest.
    pub fn score(&self) -> Option<Cvss> {
        let scored = self.scores.iter().filter_map(|score| Some((score, score.score?)));
        let (best, score) = scored.max_by(|(a, x), (b, y)| a.kind.cmp(&b.kind).then(x.total_cmp(y)))?;
        Some(Cvss { score, vector: best.vector.to_owned() })
    }

    /// How bad it is: by [`Advisory::score`], else by the publisher's word. Malicious packages are critical whatever a record
    /// says or leaves out. `None`: nobody rated it.
    pub fn severity(&self) -> Option<Severity> {
        match self.kind {
            Kind::Malicious => Some(Severity::Critical),
            _ => self.score().map(|cvss| cvss.severity()).or(self.rating),
        }
    }

    /// The functions and types that are affected, where the database names them.
    ///
    /// # Errors
    /// When the index is inconsistent.
    pub fn symbols(&self) -> Result<Vec<Symbols<'a>>, Error> {
        if self.symbols.is_empty() {
            return Ok(Vec::new());
        }
        postcard::from_bytes(self.symbols).map_err(|_| match self.home {
            Some(home) => home.inconsistent("symbols cannot be decoded"),
            None => Error::input(self.id, "symbols cannot be decoded"),
        })
    }

    /// What a person reads.
    ///
    /// # Errors
    /// When the index is inconsistent.
    pub fn texts(&self) -> Result<Texts, Error> {
        self.home.map_or_else(|| Ok(Texts::default()), Home::texts)
    }

    /// The ecosystem of the index that it was found in.
    pub fn ecosystem(&self) -> Option<Ecosystem> {
        self.home.map(Home::ecosystem)
    }
}

/// What an advisory says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A hole.
    Vulnerability,
    /// The package, or this version of it, was published to do harm.
    Malicious,
    /// RUSTSEC: code that the language promises to be safe, and is not.
    Unsound,
    /// Nobody mends it any more.
    Unmaintained,
    /// Something worth knowing.
    Notice,
}

/// A CVSS vector with its score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score<'a> {
    /// Of which version.
    pub kind: ScoreKind,
    /// As written; empty where only a number was given.
    pub vector: &'a str,
    /// 0.0 to 10.0; `None` where the vector does not follow its specification.
    pub score: Option<f32>,
}

/// Versions of CVSS, the most trusted last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ScoreKind {
    /// CVSS 2.0.
    V2,
    /// CVSS 3.0 and 3.1.
    V3,
    /// CVSS 4.0.
    V4,
}

/// A set of versions by its borders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range<'a> {
    /// In which order the events stand.
    pub kind: RangeKind,
    /// The repository, for [`RangeKind::Git`].
    pub repository: Option<&'a str>,
    /// In the order of the record.
    #[serde(borrow)]
    pub events: Vec<Event<'a>>,
}

/// What the events of a range are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RangeKind {
    /// Semantic versions 2.0.
    Semver,
    /// Versions in the ecosystem's own order.
    Ecosystem,
    /// Full commit hashes.
    Git,
}

/// A border.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event<'a> {
    /// Which border.
    pub kind: EventKind,
    /// The version or commit as written. `0` for introduced: from the first version on; `*` for limit: no limit.
    pub version: &'a str,
}

/// Kinds of borders (OSV schema, "affected[].ranges[].events").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum EventKind {
    /// Affected from here on.
    Introduced,
    /// Not affected from here on.
    Fixed,
    /// Not affected behind this one.
    LastAffected,
    /// The range says nothing about this version and later ones.
    Limit,
}

/// Functions and types that an advisory is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Symbols<'a> {
    /// What has to be imported: a Go package. Empty where names are full paths.
    pub import: &'a str,
    /// `Parser.Next`, `aes_gcm::AesGcm::decrypt`. Empty: all of the package.
    #[serde(borrow)]
    pub names: Vec<&'a str>,
}

/// What a person reads about an advisory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts {
    /// One line; may be empty.
    pub summary: String,
    /// Markdown, up to 64 KiB; may be empty.
    pub details: String,
    /// Addresses, in the order of the record.
    pub references: Vec<Reference>,
}

/// An address about an advisory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reference {
    /// OSV's word: `ADVISORY`, `FIX`, `WEB`, …
    pub kind: String,
    /// As written. Not checked to be of any form: never to be followed without a look.
    pub url: String,
}
