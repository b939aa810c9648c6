//! What files say about packages. One file per format; a format reads one file and opens no other.

use crate::{Manifest, ParseError};

/// A kind of file that names packages.
pub struct Format {
    /// A short stable word: `package-lock`, `requirements`.
    pub name: &'static str,
    /// Whether a file of this path (with `/` as separator; inside an archive the innermost path) is of this kind.
    pub matches: fn(path: &str) -> bool,
    /// Reads it. The path is for formats whose file name tells something.
    pub parse: fn(path: &str, bytes: &[u8]) -> Result<Manifest, ParseError>,
}

/// Packages of one file beyond which the rest is left out, with a [`crate::package::Problem`] that says so.
pub const MAX_PACKAGES: usize = 500_000;

/// All formats. The first that matches reads the file.
pub const FORMATS: &[Format] = &[];

/// The format of a file, by its path.
pub fn of(path: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| (format.matches)(path))
}
