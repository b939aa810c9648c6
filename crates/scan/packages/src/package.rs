//! What one file says about packages, before files are put together.

use crate::Ecosystem;
pub use bartizan_model::Scope;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What one manifest, lock file, SBOM or installed package says.
///
/// Plain data that serialises: it travels from the pass over files to the conclusion over all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The project that the file describes, where it says so: not a dependency itself.
    pub root: Option<Root>,
    /// Whether versions are resolved: a lock file or an inventory, rather than a list of wishes.
    pub resolved: bool,
    /// The packages, in the order of the file.
    pub packages: Vec<Package>,
    /// Packages that the file does not ask for but lays down versions and scopes of, for itself and files that belong to it:
    /// Maven's `dependencyManagement`, Cargo's `workspace.dependencies`, replacements of `go.work`.
    #[serde(default)]
    pub managed: Vec<Package>,
    /// Other files that belong to this one: `-r` includes and `-c` constraints of requirements, a pom's parent, modules of
    /// a workspace.
    pub links: Vec<Link>,
    /// Named values that other files may use: properties of a pom, a catalog.
    pub properties: Vec<(String, String)>,
    /// What could not be understood; the rest stands.
    pub problems: Vec<Problem>,
}

/// The project that a manifest describes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Root {
    /// Its name, where it has one; for Maven `group:artifact`.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// SPDX licence expressions or free words.
    pub licences: Vec<String>,
}

/// A package as one file names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// Where it comes from.
    pub ecosystem: Ecosystem,
    /// For distributions: the release, such as `12` or `v3.18`.
    pub release: Option<String>,
    /// Normalised by [`Ecosystem::normalise_name`]. Maven: `group:artifact`.
    pub name: String,
    /// The exact version; `None` where the file only asks for a range.
    pub version: Option<String>,
    /// What was asked for, as written: `^1.2`, `>=2,<3`.
    pub requirement: Option<String>,
    /// What tells artifacts of one version apart, as package URL qualifiers: Maven's `type` and `classifier`.
    #[serde(default)]
    pub qualifiers: Vec<(String, String)>,
    /// What is not stated here is laid down in [`Manifest::managed`] of this or another file: `workspace = true` of Cargo, a
    /// dependency without a scope of Maven.
    #[serde(default)]
    pub inherits: bool,
    /// Bytes of the file that name it: what a person should look at.
    pub span: Range<usize>,
    /// What it is for.
    pub scope: Scope,
    /// Whether the project asks for it.
    pub relation: Relation,
    /// The packages that it asks for itself: indices into [`Manifest::packages`].
    pub dependencies: Vec<u32>,
    /// Where its bytes come from.
    pub source: SourceKind,
    /// SPDX licence expressions or free words, where the file tells.
    pub licences: Vec<String>,
    /// Checksums as `algorithm:hex`, where the file tells.
    pub hashes: Vec<String>,
    /// The file says that it was withdrawn or deprecated by its publisher, in these words.
    pub deprecated: Option<String>,
    /// Distributions: the source package it was built from, where it is named differently; advisories speak of that one.
    pub source_name: Option<String>,
    /// Distributions: the source package's version, where it is another than the package's own.
    pub source_version: Option<String>,
}

impl Package {
    /// A runtime dependency from the registry, with its name normalised and everything else unknown.
    pub fn new(ecosystem: Ecosystem, name: &str, span: Range<usize>) -> Self {
        Self {
            ecosystem,
            release: None,
            name: ecosystem.normalise_name(name),
            version: None,
            requirement: None,
            qualifiers: Vec::new(),
            inherits: false,
            span,
            scope: Scope::Runtime,
            relation: Relation::Unknown,
            dependencies: Vec::new(),
            source: SourceKind::Registry,
            licences: Vec::new(),
            hashes: Vec::new(),
            deprecated: None,
            source_name: None,
            source_version: None,
        }
    }
}

/// Whether the project itself asks for a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// The project asks for it.
    Direct,
    /// Another package asks for it.
    Transitive,
    /// The file does not tell.
    Unknown,
}

/// Where a package's bytes come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// The ecosystem's registry, or a mirror of it.
    Registry,
    /// A repository, at a revision where the file tells one.
    Git {
        /// Without credentials.
        url: String,
        /// Commit, tag or branch.
        revision: Option<String>,
    },
    /// A file or folder beside the project: the project's own code, which no advisory of a registry speaks of.
    Path,
    /// An address, without credentials.
    Url(String),
}

/// Another file that belongs to a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What for.
    pub kind: LinkKind,
    /// As written, relative to the file's folder. For a parent without a path: empty.
    pub path: String,
    /// For Maven: `group:artifact:version`.
    pub coordinates: Option<String>,
    /// Bytes of the file that name it.
    pub span: Range<usize>,
}

/// What a linked file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkKind {
    /// Its packages count as if they stood here.
    Include,
    /// It limits versions and adds no package.
    Constraint,
    /// It hands down properties, versions and packages: a Maven parent.
    Parent,
    /// It hands down versions: an imported bill of materials.
    Import,
    /// A member of the workspace.
    Member,
}

/// Something in a file that was not understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Byte where it stands.
    pub at: usize,
    /// Why, in lower case, without secrets.
    pub reason: String,
}

/// Why a file as a whole could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct ParseError {
    /// From 1; 1 where no place is known.
    pub line: u32,
    /// In lower case.
    pub reason: String,
}

impl ParseError {
    /// At a byte of the file.
    pub fn at(bytes: &[u8], offset: usize, reason: impl Into<String>) -> Self {
        let before = &bytes[..offset.min(bytes.len())];
        let lines = memchr::memchr_iter(b'\n', before).count();
        Self { line: u32::try_from(lines).unwrap_or(u32::MAX).saturating_add(1), reason: reason.into() }
    }
}
