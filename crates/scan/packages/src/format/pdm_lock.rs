//! `pdm.lock`. Edges are written as wishes (PEP 508); a package with extras stands once more, and is joined.

use super::python_locks::{Names, address, hashes, package, repository, tables};
use super::source::{file_name, guess_direct, tidy};
use super::{pep508, toml};
use crate::{Manifest, ParseError, Scope, SourceKind};
use toml::DeTable;

/// Whether a path is PDM's lock file.
pub fn matches(path: &str) -> bool {
    file_name(path) == "pdm.lock"
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
    for table in tables(&document, "package") {
        let Some(mut package) = package(&document, table, &mut manifest) else { continue };
        let field = |key| toml::str(table, key);
        package.source = match (field("git"), field("url"), field("path")) {
            (Some(url), ..) => repository(url, field("revision").or_else(|| field("ref"))),
            (_, Some(url), _) => address(url),
            (.., Some(_)) => SourceKind::Path,
            _ => SourceKind::Registry,
        };
        package.scope = scope(table);
        hashes(table.get("files").map(|value| value.get_ref()), &mut package.hashes);
        if let Some(id) = names.add(&mut manifest, package) {
            entries.push((id, table));
        }
    }
    for (id, table) in entries {
        let list = toml::array(table, "dependencies");
        let wishes = list.into_iter().flat_map(|list| list.iter()).filter_map(|item| item.get_ref().as_str());
        for wish in wishes.filter_map(|wish| pep508::parse(wish).ok()) {
            let targets = names.find(wish.name, pep508::exact(wish.specifier));
            if let Some(package) = manifest.packages.get_mut(id as usize) {
                package.dependencies.extend(targets);
            }
        }
    }
    tidy(&mut manifest);
    guess_direct(&mut manifest);
    Ok(manifest)
}

/// Groups are `default`, the names of extras, and those of development, which the file does not tell apart.
fn scope(table: &DeTable<'_>) -> Scope {
    let Some(groups) = toml::array(table, "groups") else { return Scope::Runtime };
    let words = || groups.iter().filter_map(|group| group.get_ref().as_str());
    let develops = |word: &str| {
        matches!(word, "dev" | "test" | "tests" | "lint" | "doc" | "docs" | "typing" | "release")
    };
    match words().any(|word| word == "default") {
        true => Scope::Runtime,
        false if words().all(develops) => Scope::Development,
        false => Scope::Optional,
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::{Relation, Scope};

    #[test]
    fn extras_are_joined_and_edges_follow_wishes() {
        let source = br#"
[[package]]
name = "requests"
version = "2.0"
groups = ["default"]
dependencies = ["idna<4,>=2.5", "colorama; sys_platform == \"win32\""]
[[package]]
name = "requests"
version = "2.0"
extras = ["socks"]
groups = ["default"]
dependencies = ["pysocks", "requests==2.0"]
[[package]]
name = "idna"
version = "3.0"
groups = ["default", "dev"]
files = [{file = "idna.whl", hash = "sha256:ab"}]
[[package]]
name = "PySocks"
version = "1.0"
groups = ["dev"]
"#;
        let manifest = parse("pdm.lock", source).unwrap();
        assert_eq!(manifest.packages.len(), 3);
        assert_eq!(manifest.packages[0].dependencies, [1, 2]);
        assert_eq!(manifest.packages[0].relation, Relation::Direct);
        assert_eq!(manifest.packages[1].hashes, ["sha256:ab"]);
        assert_eq!(manifest.packages[2].scope, Scope::Development);
    }
}
