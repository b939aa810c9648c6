//! What files say about packages. One file per format; a format reads one file and opens no other.

mod address;
mod apk;
mod bom;
pub mod bun_lock;
mod cabal;
mod cabal_freeze;
mod cargo_lock;
pub(crate) mod cargo_toml;
mod collect;
mod composer_json;
mod composer_lock;
mod conan_lock;
mod conanfile;
pub mod conda_environment;
mod control;
mod cyclonedx;
mod cyclonedx_xml;
mod dpkg;
mod executable;
mod gemfile;
mod gemfile_lock;
mod gemspec;
mod github_actions;
mod go_binary;
mod go_mod;
mod go_sum;
mod go_text;
mod go_work;
mod gradle_catalog;
mod gradle_lock;
mod gradle_script;
mod gradle_verification;
mod jar_manifest;
pub mod json;
mod lines;
mod markup;
mod mix_lock;
mod msbuild;
pub mod npm_spec;
mod nuget;
mod nuget_graph;
mod nuget_lock;
pub(crate) mod os_release;
pub mod package_json;
pub mod package_lock;
mod packages_config;
pub mod pdm_lock;
pub mod pep508;
pub mod pipfile;
pub mod pnpm_lock;
pub mod poetry_lock;
mod pom;
mod pom_properties;
mod pubspec;
mod pubspec_lock;
pub mod pylock;
pub mod pyproject;
pub mod python_locks;
pub mod python_metadata;
mod rebar_lock;
mod renv_lock;
pub mod requirements;
mod ruby;
mod rust_binary;
pub mod setup_cfg;
pub mod setup_py;
pub mod source;
mod spdx;
mod spdx_json;
mod spdx_tag;
mod stack_lock;
mod swift_resolved;
mod term;
pub mod toml;
pub mod uv_lock;
mod vendor_modules;
pub mod xml;
pub mod yaml;
pub mod yarn_berry;
pub mod yarn_lock;

use crate::package::Problem;
use crate::{Manifest, Package, ParseError};

/// A kind of file that names packages.
pub struct Format {
    /// A short stable word: `package-lock`, `requirements`.
    pub name: &'static str,
    /// Whether a file of this path (with `/` as separator; inside an archive the innermost path) is of this kind.
    pub matches: fn(path: &str) -> bool,
    /// Reads it. The path is for formats whose file name tells something.
    pub parse: fn(path: &str, bytes: &[u8]) -> Result<Manifest, ParseError>,
}

impl Format {
    /// Reads a file. A package without a name is no package, whatever format lets it through: it is told and left out. Places
    /// are within the file.
    ///
    /// # Errors
    /// Where the file as a whole cannot be read.
    pub fn read(&self, path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
        let mut manifest = (self.parse)(path, bytes)?;
        let is_named = |package: &Package| !package.name.trim().is_empty();
        if !manifest.packages.iter().all(is_named) {
            let mut next = 0;
            let numbers: Vec<Option<u32>> = manifest
                .packages
                .iter()
                .map(|package| {
                    let number = next;
                    is_named(package).then(|| {
                        next += 1;
                        number
                    })
                })
                .collect();
            for package in manifest.packages.iter().filter(|package| !is_named(package)) {
                note(&mut manifest.problems, package.span.start, "a package without a name");
            }
            manifest.packages.retain(is_named);
            for package in &mut manifest.packages {
                let kept = package.dependencies.iter().filter_map(|to| *numbers.get(*to as usize)?);
                package.dependencies = kept.collect();
            }
        }
        manifest.managed.retain(is_named);
        // Text that had to be made valid UTF-8 first is longer than the file.
        let within = |at: usize| at.min(bytes.len());
        for package in manifest.packages.iter_mut().chain(&mut manifest.managed) {
            package.span = within(package.span.start)..within(package.span.end.max(package.span.start));
        }
        for problem in &mut manifest.problems {
            problem.at = within(problem.at);
        }
        Ok(manifest)
    }
}

/// What stands before `end` in a path, without the slash between; `end` counts in whole parts.
pub(crate) fn above<'a>(path: &'a str, end: &str) -> Option<&'a str> {
    let rest = path.strip_suffix(end)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_suffix('/') }
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
    apk::FORMAT,
    cabal::FORMAT,
    cabal_freeze::FORMAT,
    cargo_lock::FORMAT,
    cargo_toml::FORMAT,
    composer_json::FORMAT,
    composer_lock::INSTALLED,
    composer_lock::LOCK,
    conan_lock::FORMAT,
    conanfile::FORMAT,
    cyclonedx::FORMAT,
    cyclonedx_xml::FORMAT,
    dpkg::FORMAT,
    gemfile::FORMAT,
    gemfile_lock::FORMAT,
    gemspec::FORMAT,
    github_actions::FORMAT,
    go_mod::FORMAT,
    go_sum::FORMAT,
    go_work::FORMAT,
    gradle_catalog::FORMAT,
    gradle_lock::FORMAT,
    gradle_script::FORMAT,
    gradle_verification::FORMAT,
    jar_manifest::FORMAT,
    mix_lock::FORMAT,
    msbuild::FORMAT,
    nuget_graph::ASSETS,
    nuget_graph::DEPS,
    nuget_lock::FORMAT,
    os_release::FORMAT,
    packages_config::FORMAT,
    pom::FORMAT,
    pom_properties::FORMAT,
    pubspec::FORMAT,
    pubspec_lock::FORMAT,
    rebar_lock::FORMAT,
    renv_lock::FORMAT,
    spdx_json::FORMAT,
    spdx_tag::FORMAT,
    stack_lock::FORMAT,
    swift_resolved::FORMAT,
    vendor_modules::FORMAT,
];

/// Formats without a name of their own, told by their first bytes: programs that carry a list of what they were built from.
pub const BINARY_FORMATS: &[Format] =
    &[Format { name: "program", matches: |_| false, parse: executable::parse }];

/// The format of a file, by its path.
pub fn of(path: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| (format.matches)(path))
}

/// The formats that may read a file of no known name, by its first bytes (the first KiB is plenty).
///
/// Only a cheap test for the kinds of file that can hold a list: an executable that holds none parses to an empty
/// [`Manifest`].
pub fn of_head(head: &[u8]) -> &'static [Format] {
    if executable::is_executable(head) { BINARY_FORMATS } else { &[] }
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

/// The version that a requirement of Maven means where it is no range.
pub(crate) fn maven_exact(requirement: &str) -> Option<String> {
    pom::exact(requirement)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Ecosystem;

    #[test]
    fn packages_without_a_name_are_told_and_edges_and_places_stay_right() {
        fn parse(_: &str, _: &[u8]) -> Result<Manifest, ParseError> {
            let package = |name: &str, to: &[u32]| Package {
                dependencies: to.to_vec(),
                ..Package::new(Ecosystem::Npm, name, 0..0)
            };
            let mut packages = vec![package("a", &[1, 2]), package(" ", &[2]), package("c", &[0, 1])];
            packages[0].span = 1..9;
            Ok(Manifest { packages, ..Manifest::default() })
        }
        let read = Format { name: "test", matches: |_| true, parse }.read("x", b"").unwrap();
        let told: Vec<_> =
            read.packages.iter().map(|it| (it.name.as_str(), it.dependencies.clone())).collect();
        assert_eq!(told, [("a", vec![1]), ("c", vec![0])]);
        assert_eq!(read.problems.len(), 1);
        assert_eq!(read.packages[0].span, 0..0, "within the file");
    }
}
