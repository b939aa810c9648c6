//! Limits and exclusions.

/// What is left out, and how much work one input may cause. Each limit that is hit is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Larger files, members and blobs are left out. Bytes; default 10 MiB.
    pub max_file_size: u64,
    /// Archives inside archives: how deep. 0 leaves archives closed; default 3.
    pub max_archive_depth: u32,
    /// Bytes that may come out of an archive per byte in it; default 200.
    pub max_archive_ratio: u64,
    /// Bytes that may come out of one top-level archive in all; default 1 GiB.
    pub max_archive_size: u64,
    /// Members that are looked at in one top-level archive; default 100,000.
    pub max_archive_members: u64,
    /// Whether `.gitignore`, `.ignore` and git's exclude file are disregarded. `.bartizanignore` always holds.
    pub no_ignore: bool,
    /// Further globs to leave out, in `.gitignore` syntax.
    pub exclude: Vec<String>,
    /// Whether generated and minified files are scanned too.
    pub include_generated: bool,
    /// Threads; at least 1.
    pub threads: usize,
    /// Bytes that may be held in memory at one time, over all threads. Default 256 MiB.
    pub max_memory: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_file_size: 10 << 20,
            max_archive_depth: 3,
            max_archive_ratio: 200,
            max_archive_size: 1 << 30,
            max_archive_members: 100_000,
            no_ignore: false,
            exclude: Vec::new(),
            include_generated: false,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            max_memory: 256 << 20,
        }
    }
}
