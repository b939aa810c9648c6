//! Versions of Semgrep, as `min-version` and `max-version` name them.

use std::str::FromStr;

/// A version of Semgrep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Incompatible changes.
    pub major: u32,
    /// Additions.
    pub minor: u32,
    /// Corrections.
    pub patch: u32,
}

/// The version whose rules this engine reads.
pub const COMPATIBLE_WITH: Version = Version { major: 1, minor: 182, patch: 0 };

/// Not three numbers with dots between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a version is three numbers with dots between, such as 1.2.3")]
pub struct VersionError;

impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let mut parts = text.trim().split('.').map(|part| part.parse::<u32>().map_err(|_| VersionError));
        let mut next = || parts.next().unwrap_or(Err(VersionError));
        let version = Self { major: next()?, minor: next()?, patch: next()? };
        if parts.next().is_some() { Err(VersionError) } else { Ok(version) }
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}
