//! `pylock.toml` and `pylock.NAME.toml`: the lock file of the Python Packaging User Guide (PEP 751).

use super::python_locks::{Names, address, hashes, package, repository, tables};
use super::source::{file_name, guess_direct, tidy};
use super::{pep508, toml};
use crate::{Manifest, ParseError, SourceKind};
use toml::DeTable;

/// Whether a path is such a lock file.
pub fn matches(path: &str) -> bool {
    let file = file_name(path);
    file == "pylock.toml" || (file.starts_with("pylock.") && file.ends_with(".toml"))
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
    for table in tables(&document, "packages") {
        let Some(mut package) = package(&document, table, &mut manifest) else { continue };
        package.source = source(table);
        for field in ["archive", "sdist", "wheels"] {
            hashes(table.get(field).map(|value| value.get_ref()), &mut package.hashes);
        }
        if package.version.is_none() {
            let url = toml::table(table, "archive").and_then(|archive| toml::str(archive, "url"));
            package.version = url.and_then(pep508::from_file_name).map(|(_, version)| version);
        }
        if let Some(id) = names.add(&mut manifest, package) {
            entries.push((id, table));
        }
    }
    let mut told = false;
    for (id, table) in entries {
        let list = toml::array(table, "dependencies");
        told |= list.is_some();
        let tables =
            list.into_iter().flat_map(|list| list.iter()).filter_map(|item| item.get_ref().as_table());
        for wish in tables {
            let Some(name) = toml::str(wish, "name") else { continue };
            let targets = names.find(name, toml::str(wish, "version"));
            if let Some(package) = manifest.packages.get_mut(id as usize) {
                package.dependencies.extend(targets);
            }
        }
    }
    tidy(&mut manifest);
    // Edges may be left out of the file; then nothing follows from their absence.
    if told {
        guess_direct(&mut manifest);
    }
    Ok(manifest)
}

fn source(table: &DeTable<'_>) -> SourceKind {
    if let Some(vcs) = toml::table(table, "vcs") {
        return match toml::str(vcs, "url") {
            Some(url) => repository(url, toml::str(vcs, "commit-id")),
            None => SourceKind::Path,
        };
    }
    if toml::table(table, "directory").is_some() {
        return SourceKind::Path;
    }
    match toml::table(table, "archive") {
        Some(archive) => toml::str(archive, "url").map_or(SourceKind::Path, address),
        None => SourceKind::Registry,
    }
}

#[cfg(test)]
mod tests {
    use super::{matches, parse};
    use crate::{Relation, SourceKind};

    #[test]
    fn packages_sources_and_edges() {
        assert!(matches("a/pylock.dev.toml") && matches("pylock.toml"));
        let source = br#"lock-version = "1.0"
[[packages]]
name = "attrs"
version = "25.1.0"
dependencies = [{name = "b"}]
wheels = [{name = "attrs.whl", url = "https://h.example/attrs.whl", hashes = {sha256 = "ab"}}]
[[packages]]
name = "b"
archive = {url = "https://h.example/b-2.0.tar.gz", hashes = {sha256 = "cd"}}
[[packages]]
name = "c"
vcs = {type = "git", url = "https://h.example/c.git", commit-id = "abc"}
"#;
        let manifest = parse("pylock.toml", source).unwrap();
        assert_eq!(manifest.packages[0].hashes, ["sha256:ab"]);
        assert_eq!(manifest.packages[0].dependencies, [1]);
        assert_eq!(manifest.packages[1].version.as_deref(), Some("2.0"));
        assert_eq!(manifest.packages[1].relation, Relation::Unknown);
        assert!(matches!(&manifest.packages[2].source, SourceKind::Git { revision: Some(_), .. }));
    }
}
