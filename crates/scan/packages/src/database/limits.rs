//! How much of an import is taken in. What passes a limit is reported.

/// Bounds on what one import may cost.
///
/// The defaults leave room above the largest public archives (some 250,000 records and 1 GB unpacked for npm, single
/// records of 10 MB for Linux kernels).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Files in one archive or folder.
    pub members: u64,
    /// Bytes of one file after unpacking.
    pub member_bytes: u64,
    /// Bytes of all files of one import after unpacking.
    pub total_bytes: u64,
    /// Folders inside folders.
    pub depth: usize,
    /// Problems that are listed one by one; more are counted.
    pub problems: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { members: 2_000_000, member_bytes: 32 << 20, total_bytes: 8 << 30, depth: 4, problems: 1_000 }
    }
}

/// Parts of a record that are kept; what is beyond is cut and reported.
pub(crate) mod record {
    pub(crate) const AFFECTED: usize = 20_000;
    pub(crate) const RANGES: usize = 1_000;
    pub(crate) const EVENTS: usize = 10_000;
    pub(crate) const VERSIONS: usize = 50_000;
    pub(crate) const ALIASES: usize = 500;
    pub(crate) const SEVERITIES: usize = 16;
    pub(crate) const REFERENCES: usize = 200;
    pub(crate) const IMPORTS: usize = 1_000;
    pub(crate) const SYMBOLS: usize = 5_000;
    /// Bytes.
    pub(crate) const SUMMARY: usize = 1_000;
    /// Bytes.
    pub(crate) const DETAILS: usize = 64 << 10;
    /// Bytes of a name, version, id or address; a longer one voids the part.
    pub(crate) const WORD: usize = 2_000;
}
