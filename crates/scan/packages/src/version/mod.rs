//! Version order by each ecosystem's own rules. One file per scheme.
//!
//! A version is turned once into a key: bytes whose lexicographic order is the scheme's order. So comparing costs a
//! `memcmp`, equality and order can never contradict each other, and every order is total even where an ecosystem's
//! own comparison has cycles; the files of such schemes (`maven`, `conan`) say which way a cycle is broken.
//!
//! What no rule of a scheme parses gives `None`: the caller lists it as unknown.

mod alpine;
mod conan;
mod debian;
mod go;
mod key;
mod lists;
mod maven;
mod nuget;
mod packagist;
mod pep440;
pub mod range;
mod rpm;
mod rubygems;
mod semver;

use crate::Ecosystem;
use key::Key;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// Longer texts are refused: the longest real versions have some hundred bytes.
pub const MAX_LENGTH: usize = 1024;

macro_rules! schemes {
    ($($(#[$meta:meta])* $name:ident $word:literal $read:path,)*) => {
        /// A family of version texts with one order.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Scheme { $($(#[$meta])* $name,)* }

        impl Scheme {
            /// All, in order.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// In one lower-case word: `semver`, `pep440`.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            fn read(self, text: &str, key: &mut Key) -> Option<()> {
                match self { $(Self::$name => $read(text, key),)* }
            }
        }
    };
}

schemes! {
    /// Semantic Versioning 2.0.0, with missing parts and a leading `v` or `=` allowed: npm, crates.io, Hex, Swift, Actions.
    SemVer "semver" semver::read,
    /// Python's PEP 440.
    Pep440 "pep440" pep440::read,
    /// Maven's `ComparableVersion`.
    Maven "maven" maven::read,
    /// `Gem::Version`.
    RubyGems "rubygems" rubygems::read,
    /// NuGet's four numbers and case-blind prerelease.
    NuGet "nuget" nuget::read,
    /// Go modules, and Go's own releases such as `go1.21rc1`.
    Go "go" go::read,
    /// Debian policy 5.6.12.
    Debian "debian" debian::read,
    /// RPM's epoch, version and release.
    Rpm "rpm" rpm::read,
    /// Alpine's `apk`.
    Alpine "alpine" alpine::read,
    /// Composer.
    Packagist "packagist" packagist::read,
    /// R's `utils::compareVersion`.
    Cran "cran" lists::read_cran,
    /// Haskell's package versioning policy.
    Hackage "hackage" lists::read_hackage,
    /// Dart: semantic versions whose build part counts.
    Pub "pub" semver::read_pub,
    /// Conan 2.
    Conan "conan" conan::read,
}

impl Scheme {
    /// The scheme of an ecosystem.
    ///
    /// GitHub Actions and Swift packages are named by tags, which follow semantic versioning by custom.
    pub fn of(ecosystem: Ecosystem) -> Option<Self> {
        Some(match ecosystem {
            Ecosystem::CratesIo
            | Ecosystem::Npm
            | Ecosystem::Swift
            | Ecosystem::Hex
            | Ecosystem::GitHubActions => Self::SemVer,
            Ecosystem::PyPi => Self::Pep440,
            Ecosystem::Go => Self::Go,
            Ecosystem::Maven => Self::Maven,
            Ecosystem::RubyGems => Self::RubyGems,
            Ecosystem::Packagist => Self::Packagist,
            Ecosystem::NuGet => Self::NuGet,
            Ecosystem::Pub => Self::Pub,
            Ecosystem::Hackage => Self::Hackage,
            Ecosystem::Conan => Self::Conan,
            Ecosystem::Cran => Self::Cran,
            Ecosystem::Debian | Ecosystem::Ubuntu => Self::Debian,
            Ecosystem::Alpine | Ecosystem::Wolfi | Ecosystem::Chainguard => Self::Alpine,
            Ecosystem::RedHat
            | Ecosystem::RockyLinux
            | Ecosystem::AlmaLinux
            | Ecosystem::Suse
            | Ecosystem::OpenSuse => Self::Rpm,
        })
    }

    /// From its [`Scheme::word`].
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|scheme| scheme.word() == word)
    }

    /// Reads a version; white space around it does not count. `None`: no rule of the scheme parses it, or it is longer
    /// than [`MAX_LENGTH`].
    pub fn parse(self, text: &str) -> Option<Version> {
        Some(Version { scheme: self, key: self.key(text)?, text: text.into() })
    }

    /// The order of two versions. `None`: one of them is not a version of the scheme.
    pub fn compare(self, a: &str, b: &str) -> Option<Ordering> {
        if a == b {
            return self.key(a).map(|_| Ordering::Equal);
        }
        Some(self.key(a)?.bytes().cmp(self.key(b)?.bytes()))
    }

    fn key(self, text: &str) -> Option<Key> {
        let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
        let hostile = text.bytes().any(|byte| byte < b' ' || byte == 0x7f);
        if text.is_empty() || text.len() > MAX_LENGTH || hostile {
            return None;
        }
        let mut key = Key::for_text(text);
        self.read(text, &mut key)?;
        Some(key)
    }
}

/// One version, read by the rules of its scheme.
///
/// Equal means equal in the scheme's order: `1.0` and `1.0.0` in PEP 440. Versions of different schemes are never
/// equal; they sort by scheme, so that a mixed list has an order, but [`Version::compare`] says `None`.
#[derive(Clone)]
pub struct Version {
    scheme: Scheme,
    key: Key,
    text: Box<str>,
}

impl Version {
    /// The rules by which it was read.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it comes before a release: alpha, beta, release candidate, snapshot, development build.
    pub fn is_prerelease(&self) -> bool {
        self.key.prerelease
    }

    /// The numbers whose change means that users may have to change: for semantic versions the major, below 1.0 also
    /// the minor, below 0.1 also the patch; for Haskell the first two; the first number elsewhere, after the epoch
    /// where there is one. Numbers over 64 bits count as the greatest. Empty where a version starts with no number.
    pub fn breaking_part(&self) -> &[u64] {
        self.key.breaking()
    }

    /// Bytes whose order is the version order among versions of one scheme. They may change between releases of this
    /// crate: an index that stores them belongs to the program that wrote it.
    pub fn key(&self) -> &[u8] {
        self.key.bytes()
    }

    /// The order of two versions; `None` where their schemes differ.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        (self.scheme == other.scheme).then(|| self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.scheme.cmp(&other.scheme).then_with(|| self.key.bytes().cmp(other.key.bytes()))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Version {}

impl Hash for Version {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.scheme.hash(state);
        self.key.bytes().hash(state);
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.scheme.word(), self.text)
    }
}

#[cfg(test)]
mod tests;
