//! What the TOML lock files of Python share: packages by name and version, edges by name, sources and checksums.

use super::source::{checksum, clean_url};
use super::{MAX_PACKAGES, note, pep508, toml};
use crate::{Ecosystem, Manifest, Package, SourceKind};
use std::collections::HashMap;
use toml::{DeTable, DeValue, Document};

/// Candidates of one name that an edge without a version may mean; more are no real file.
const MAX_CANDIDATES: usize = 16;

/// The packages of a lock file by name.
#[derive(Default)]
pub struct Names {
    by_name: HashMap<String, Vec<u32>>,
    by_version: HashMap<(String, String), u32>,
}

impl Names {
    /// Adds a package to the manifest and to the names; of the same name and version there is one.
    pub fn add(&mut self, manifest: &mut Manifest, package: Package) -> Option<u32> {
        let key = (package.name.clone(), package.version.clone().unwrap_or_default());
        if let Some(id) = self.by_version.get(&key) {
            return Some(*id);
        }
        if manifest.packages.len() >= MAX_PACKAGES {
            let reason = format!("more than {MAX_PACKAGES} packages; the rest is left out");
            note(&mut manifest.problems, package.span.start, reason);
            return None;
        }
        let id = u32::try_from(manifest.packages.len()).ok()?;
        self.by_name.entry(package.name.clone()).or_default().push(id);
        self.by_version.insert(key, id);
        manifest.packages.push(package);
        Some(id)
    }

    /// The packages that a name means, at a version if the file tells one.
    pub fn find(&self, name: &str, version: Option<&str>) -> Vec<u32> {
        let name = Ecosystem::PyPi.normalise_name(name);
        if let Some(version) = version {
            return self.by_version.get(&(name, version.to_owned())).copied().into_iter().collect();
        }
        self.by_name.get(&name).into_iter().flatten().copied().take(MAX_CANDIDATES).collect()
    }
}

/// The tables of an array of tables.
pub fn tables<'t, 'a>(document: &'t Document<'a>, key: &str) -> Vec<&'t DeTable<'a>> {
    let items = toml::array(&document.root, key);
    items.into_iter().flat_map(|items| items.iter()).filter_map(|item| item.get_ref().as_table()).collect()
}

/// The package of a table with `name` and `version`; a problem where the name is missing.
pub fn package(document: &Document<'_>, table: &DeTable<'_>, manifest: &mut Manifest) -> Option<Package> {
    let Some((name, value)) = table.get("name").and_then(|value| Some((value.get_ref().as_str()?, value)))
    else {
        let at = table.iter().map(|(key, _)| key.span().start).min().unwrap_or(0);
        note(&mut manifest.problems, document.span(at..at).start, "a package without a name");
        return None;
    };
    let mut package = Package::new(Ecosystem::PyPi, name, document.span(value.span()));
    package.version = toml::str(table, "version").map(str::to_owned);
    Some(package)
}

/// Checksums of files: a list of tables with `hash = "sha256:…"`, or one such table.
pub fn hashes(value: Option<&DeValue<'_>>, out: &mut Vec<String>) {
    let one = |table: &DeTable<'_>, out: &mut Vec<String>| {
        out.extend(toml::str(table, "hash").and_then(checksum));
        for (algorithm, hash) in toml::table(table, "hashes").into_iter().flatten() {
            let hash = hash.get_ref().as_str().unwrap_or_default();
            out.extend(checksum(&format!("{}:{hash}", algorithm.get_ref())));
        }
    };
    match value {
        Some(DeValue::Array(items)) => {
            for table in items.iter().filter_map(|item| item.get_ref().as_table()) {
                one(table, out);
            }
        }
        Some(DeValue::Table(table)) => one(table, out),
        _ => {}
    }
}

/// A source that is a repository, at a revision.
pub fn repository(url: &str, revision: Option<&str>) -> SourceKind {
    match super::source::git(url) {
        SourceKind::Git { url, revision: written } => {
            SourceKind::Git { url, revision: revision.map(str::to_owned).or(written) }
        }
        other => other,
    }
}

/// A source that is an address or a file.
pub fn address(url: &str) -> SourceKind {
    match pep508::source(url) {
        SourceKind::Url(url) => SourceKind::Url(clean_url(&url)),
        other => other,
    }
}
