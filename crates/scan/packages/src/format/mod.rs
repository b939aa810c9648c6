//! What files say about packages. One file per format; a format reads one file and opens no other.

pub mod bun_lock;
pub mod conda_environment;
pub mod json;
pub mod npm_spec;
pub mod package_json;
pub mod package_lock;
pub mod pdm_lock;
pub mod pep508;
pub mod pipfile;
pub mod pnpm_lock;
pub mod poetry_lock;
pub mod pylock;
pub mod pyproject;
pub mod python_locks;
pub mod python_metadata;
pub mod requirements;
pub mod setup_cfg;
pub mod setup_py;
pub mod source;
pub mod toml;
pub mod uv_lock;
pub mod yaml;
pub mod yarn_berry;
pub mod yarn_lock;

use crate::package::Problem;
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
pub const FORMATS: &[Format] = &[
    Format { name: "bun-lock", matches: bun_lock::matches, parse: bun_lock::parse },
    Format {
        name: "conda-environment",
        matches: conda_environment::matches,
        parse: conda_environment::parse,
    },
    Format { name: "package-json", matches: package_json::matches, parse: package_json::parse },
    Format { name: "package-lock", matches: package_lock::matches, parse: package_lock::parse },
    Format { name: "pdm-lock", matches: pdm_lock::matches, parse: pdm_lock::parse },
    Format { name: "pipfile", matches: pipfile::matches, parse: pipfile::parse },
    Format { name: "pipfile-lock", matches: pipfile::matches_lock, parse: pipfile::parse_lock },
    Format { name: "pnpm-lock", matches: pnpm_lock::matches, parse: pnpm_lock::parse },
    Format { name: "poetry-lock", matches: poetry_lock::matches, parse: poetry_lock::parse },
    Format { name: "pylock", matches: pylock::matches, parse: pylock::parse },
    Format { name: "pyproject", matches: pyproject::matches, parse: pyproject::parse },
    Format { name: "python-metadata", matches: python_metadata::matches, parse: python_metadata::parse },
    Format { name: "requirements", matches: requirements::matches, parse: requirements::parse },
    Format { name: "setup-cfg", matches: setup_cfg::matches, parse: setup_cfg::parse },
    Format { name: "setup-py", matches: setup_py::matches, parse: setup_py::parse },
    Format { name: "uv-lock", matches: uv_lock::matches, parse: uv_lock::parse },
    Format { name: "yarn-lock", matches: yarn_lock::matches, parse: yarn_lock::parse },
];

/// The format of a file, by its path.
pub fn of(path: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| (format.matches)(path))
}

/// Problems of one file beyond which they are counted no more.
pub const MAX_PROBLEMS: usize = 100;

/// Notes a problem, unless there are too many already; the last one says so.
pub fn note(problems: &mut Vec<Problem>, at: usize, reason: impl Into<String>) {
    match problems.len() {
        MAX_PROBLEMS => {}
        count if count + 1 == MAX_PROBLEMS => {
            problems.push(Problem { at, reason: "more was not understood from here on".to_owned() });
        }
        _ => problems.push(Problem { at, reason: reason.into() }),
    }
}

/// The text of a file, without a byte order mark.
///
/// # Errors
/// Where it is not UTF-8.
pub fn text(bytes: &[u8]) -> Result<&str, ParseError> {
    let rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(rest).map_err(|error| {
        let shift = bytes.len() - rest.len();
        ParseError::at(bytes, shift + error.valid_up_to(), "not UTF-8")
    })
}
