//! `poetry.lock`, lock versions 1 and 2.
//!
//! The project's own wishes stand in `pyproject.toml`; here a package that nobody asks for must be one of them. Lock version
//! 1 tells `category`, 2.1 tells `groups`; 2.0 tells neither.

use super::python_locks::{Names, address, hashes, package, repository, tables};
use super::source::{checksum, file_name, guess_direct, tidy};
use super::toml;
use crate::{Ecosystem, Manifest, ParseError, Scope, SourceKind};
use std::collections::HashMap;
use toml::DeTable;

/// Whether a path is Poetry's lock file.
pub fn matches(path: &str) -> bool {
    file_name(path) == "poetry.lock"
}

/// Reads it.
///
/// # Errors
/// Where it is not TOML.
pub fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let document = toml::parse(bytes)?;
    let mut manifest =
        Manifest { resolved: true, problems: document.problems.clone(), ..Manifest::default() };
    let mut names = Names::default();
    let mut entries = Vec::new();
    let files = old_files(&document.root);
    for table in tables(&document, "package") {
        let Some(mut package) = package(&document, table, &mut manifest) else { continue };
        package.source = source(table);
        package.scope = scope(table);
        hashes(table.get("files").map(|value| value.get_ref()), &mut package.hashes);
        if let Some(older) = files.get(&package.name) {
            package.hashes.extend(older.iter().cloned());
        }
        if let Some(id) = names.add(&mut manifest, package) {
            entries.push((id, table));
        }
    }
    for (id, table) in entries {
        for (name, _) in toml::table(table, "dependencies").into_iter().flatten() {
            let targets = names.find(name.get_ref(), None);
            if let Some(package) = manifest.packages.get_mut(id as usize) {
                package.dependencies.extend(targets);
            }
        }
    }
    tidy(&mut manifest);
    guess_direct(&mut manifest);
    Ok(manifest)
}

/// Before lock version 1.1's successor, checksums stand apart by package name.
fn old_files(root: &DeTable<'_>) -> HashMap<String, Vec<String>> {
    let metadata = toml::table(root, "metadata");
    let files = metadata.and_then(|metadata| toml::table(metadata, "files"));
    let entry = |(name, value): (&toml::Key<'_>, &toml::Item<'_>)| {
        let mut out = Vec::new();
        hashes(Some(value.get_ref()), &mut out);
        (Ecosystem::PyPi.normalise_name(name.get_ref()), out)
    };
    let mut out: HashMap<String, Vec<String>> = files.into_iter().flatten().map(entry).collect();
    // Lock version 1.0 lists bare SHA-256 checksums.
    let bare = metadata.and_then(|metadata| toml::table(metadata, "hashes"));
    for (name, value) in bare.into_iter().flatten() {
        let items = value.get_ref().as_array().into_iter().flat_map(|items| items.iter());
        let texts = items.filter_map(|item| item.get_ref().as_str());
        let name = Ecosystem::PyPi.normalise_name(name.get_ref());
        out.entry(name).or_default().extend(texts.filter_map(|hash| checksum(&format!("sha256:{hash}"))));
    }
    out
}

fn source(table: &DeTable<'_>) -> SourceKind {
    let Some(source) = toml::table(table, "source") else { return SourceKind::Registry };
    let url = toml::str(source, "url").unwrap_or_default();
    match toml::str(source, "type").unwrap_or_default() {
        "git" => repository(
            url,
            toml::str(source, "resolved_reference").or_else(|| toml::str(source, "reference")),
        ),
        "directory" | "file" => SourceKind::Path,
        "url" => address(url),
        // `legacy` is an index of one's own.
        _ => SourceKind::Registry,
    }
}

fn scope(table: &DeTable<'_>) -> Scope {
    let groups = toml::array(table, "groups");
    let main = groups.map(|groups| groups.iter().any(|group| group.get_ref().as_str() == Some("main")));
    let optional = table.get("optional").and_then(|value| value.get_ref().as_bool()).unwrap_or(false);
    match (main, toml::str(table, "category")) {
        (Some(false), _) | (None, Some("dev")) => Scope::Development,
        _ if optional => Scope::Optional,
        _ => Scope::Runtime,
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::{Relation, Scope, SourceKind};

    #[test]
    fn packages_edges_groups_and_sources() {
        let source = br#"
[[package]]
name = "Flask"
version = "2.0.1"
groups = ["main"]
files = [{file = "Flask-2.0.1.tar.gz", hash = "sha256:ab"}]

[package.dependencies]
werkzeug = {version = ">=2", optional = true}
missing = "*"

[[package]]
name = "werkzeug"
version = "2.0.0"
groups = ["main", "dev"]

[[package]]
name = "pytest"
version = "7.0.0"
groups = ["dev"]
[package.source]
type = "git"
url = "https://h.example/p.git"
resolved_reference = "abc"

[[package]]
version = "1"
"#;
        let manifest = parse("poetry.lock", source).unwrap();
        assert_eq!(manifest.packages.len(), 3);
        assert_eq!(manifest.packages[0].dependencies, [1]);
        assert_eq!(manifest.packages[0].relation, Relation::Direct);
        assert_eq!(manifest.packages[0].hashes, ["sha256:ab"]);
        assert_eq!(manifest.packages[1].relation, Relation::Unknown);
        assert_eq!(
            (manifest.packages[1].scope, manifest.packages[2].scope),
            (Scope::Runtime, Scope::Development)
        );
        assert!(
            matches!(&manifest.packages[2].source, SourceKind::Git { revision: Some(r), .. } if r == "abc")
        );
        assert_eq!(manifest.problems.len(), 1);
    }
}
