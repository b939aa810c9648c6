//! `uv.lock`. It names the project and its members, so relations and scopes follow from it.
//!
//! Packages whose source is `editable`, `virtual` or `directory` lie in the tree: the project's own code, not dependencies.

use super::python_locks::{Names, address, hashes, package, repository, tables};
use super::source::{file_name, spread, tidy};
use super::toml;
use crate::package::{Link, LinkKind, Root};
use crate::{Manifest, ParseError, Scope, SourceKind};
use toml::{DeTable, DeValue};

/// Whether a path is uv's lock file.
pub fn matches(path: &str) -> bool {
    file_name(path) == "uv.lock"
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
        let empty = DeTable::new();
        let source = toml::table(table, "source").unwrap_or(&empty);
        let own = ["editable", "virtual", "directory"].iter().find_map(|key| toml::str(source, key));
        if let Some(path) = own {
            if path == "." {
                let version = package.version.take();
                manifest.root = Some(Root { name: Some(package.name), version, licences: Vec::new() });
            } else {
                let (kind, span) = (LinkKind::Member, package.span);
                manifest.links.push(Link { kind, path: path.to_owned(), coordinates: None, span });
            }
            entries.push((None, table));
            continue;
        }
        package.source = match (toml::str(source, "git"), toml::str(source, "url"), toml::str(source, "path"))
        {
            (Some(url), ..) => repository(url, None),
            (_, Some(url), _) => address(url),
            (.., Some(_)) => SourceKind::Path,
            _ => SourceKind::Registry,
        };
        hashes(table.get("sdist").map(|value| value.get_ref()), &mut package.hashes);
        hashes(table.get("wheels").map(|value| value.get_ref()), &mut package.hashes);
        if let Some(id) = names.add(&mut manifest, package) {
            entries.push((Some(id), table));
        }
    }
    let mut roots = Vec::new();
    for (id, table) in entries {
        let plain = table.get("dependencies").map(|value| value.get_ref());
        let mut wishes = targets(&names, plain, Scope::Runtime);
        for (field, scope) in
            [("optional-dependencies", Scope::Optional), ("dev-dependencies", Scope::Development)]
        {
            for (_, list) in toml::table(table, field).into_iter().flatten() {
                wishes.extend(targets(&names, Some(list.get_ref()), scope));
            }
        }
        match id.and_then(|id| manifest.packages.get_mut(id as usize)) {
            Some(package) => package.dependencies.extend(wishes.into_iter().map(|(id, _)| id)),
            None => roots.extend(wishes),
        }
    }
    tidy(&mut manifest);
    spread(&mut manifest, &roots);
    Ok(manifest)
}

fn targets(names: &Names, list: Option<&DeValue<'_>>, scope: Scope) -> Vec<(u32, Scope)> {
    let items = list.and_then(DeValue::as_array).into_iter().flat_map(|items| items.iter());
    let tables = items.filter_map(|item| item.get_ref().as_table());
    let find = |table| Some(names.find(toml::str(table, "name")?, toml::str(table, "version")));
    tables.filter_map(find).flatten().map(|id| (id, scope)).collect()
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::{Relation, Scope};

    #[test]
    fn the_project_is_no_dependency_and_scopes_spread() {
        let source = br#"version = 1
[[package]]
name = "app"
version = "0.1.0"
source = { editable = "." }
dependencies = [{ name = "a" }]
[package.optional-dependencies]
x = [{ name = "b", version = "2.0" }]
[package.dev-dependencies]
dev = [{ name = "d" }]

[[package]]
name = "a"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
sdist = { url = "https://h.example/a.tar.gz", hash = "sha256:ab", size = 1 }
wheels = [{ url = "https://h.example/a.whl", hash = "sha256:cd" }]

[[package]]
name = "b"
version = "1.0"
[[package]]
name = "b"
version = "2.0"
dependencies = [{ name = "a" }]
[[package]]
name = "d"
version = "1.0"
dependencies = [{ name = "e" }]
[[package]]
name = "e"
version = "1.0"
source = { git = "https://h.example/e.git?rev=v1#abc" }
"#;
        let manifest = parse("uv.lock", source).unwrap();
        let seen: Vec<_> = manifest.packages.iter().map(|p| (p.name.as_str(), p.relation, p.scope)).collect();
        assert_eq!(
            seen,
            [
                ("a", Relation::Direct, Scope::Runtime),
                ("b", Relation::Unknown, Scope::Runtime),
                ("b", Relation::Direct, Scope::Optional),
                ("d", Relation::Direct, Scope::Development),
                ("e", Relation::Transitive, Scope::Development),
            ]
        );
        assert_eq!(manifest.packages[0].hashes, ["sha256:ab", "sha256:cd"]);
        assert_eq!(manifest.root.unwrap().name.as_deref(), Some("app"));
    }
}
