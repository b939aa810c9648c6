//! A part that somebody else made: what inventories and bills of materials list.

use crate::Origin;
use serde::{Deserialize, Serialize};

/// One version of one package, wherever a project names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// Package URL, the component's identity: `pkg:npm/%40scope/name@1.2.3`.
    pub purl: String,
    /// The ecosystem in OSV's words: `npm`, `PyPI`, `Debian:12`.
    pub ecosystem: String,
    /// The name inside the ecosystem; for Maven `group:artifact`.
    pub name: String,
    /// The exact version; `None` where files only ask for a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What it is for; of several uses the one nearest to what runs.
    pub scope: Scope,
    /// Whether a project asks for it itself. `None`: no file tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direct: Option<bool>,
    /// The shortest way from a project to it, as package URLs, itself last. One entry: asked for directly. Empty: not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<String>,
    /// Package URLs of what it asks for itself, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dependencies: Vec<String>,
    /// SPDX licence expressions or free words, as files tell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub licences: Vec<String>,
    /// Checksums as `algorithm:hex`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hashes: Vec<String>,
    /// Whether the project's code uses it, as far as source shows.
    pub usage: Usage,
    /// Files that name it, sorted, with the line from 1.
    pub places: Vec<ComponentPlace>,
}

/// Where a component is named.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ComponentPlace {
    /// The file.
    #[serde(flatten)]
    pub origin: Origin,
    /// Line, from 1.
    pub line: u32,
}

/// What a component is for, nearest to what runs first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Part of what runs.
    Runtime,
    /// Part of what runs, if somebody asks for it: optional features, extras.
    Optional,
    /// Provided by the platform, or only needed to build.
    Build,
    /// Only for tests and developers.
    Development,
}

/// Whether code uses a component, as far as source shows. Moves priority; hides nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Usage {
    /// A function that an advisory names is used.
    Used,
    /// Code that is not a test imports it.
    Imported,
    /// No import of it was seen, though the language's files were read.
    NotSeen,
    /// Not known: the language is not analysed, or another package brings it in.
    Unknown,
}
