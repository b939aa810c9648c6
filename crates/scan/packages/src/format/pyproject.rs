//! `pyproject.toml`: the project (PEP 621), dependency groups (PEP 735), what building needs (PEP 518), and the tables of
//! Poetry, PDM and uv.

use super::source::{clean_url, file_name};
use super::{MAX_PACKAGES, note, pep508, pipfile, toml};
use crate::package::{Link, LinkKind, Root};
use crate::{Manifest, Package, ParseError, Relation, Scope, SourceKind};
use std::ops::Range;
use toml::{DeTable, DeValue, Document};

/// Whether a path is `pyproject.toml`.
pub fn matches(path: &str) -> bool {
    file_name(path) == "pyproject.toml"
}

/// Reads it.
///
/// # Errors
/// Where it is not TOML.
pub fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let document = toml::parse(bytes)?;
    let mut manifest = Manifest { problems: document.problems.clone(), ..Manifest::default() };
    let mut reader = Reader { document: &document, manifest: &mut manifest };
    reader.all();
    Ok(manifest)
}

struct Reader<'t, 'a> {
    document: &'t Document<'a>,
    manifest: &'t mut Manifest,
}

impl<'t> Reader<'t, '_> {
    fn all(&mut self) {
        let root = &self.document.root;
        let empty = DeTable::new();
        let tool = toml::table(root, "tool").unwrap_or(&empty);
        let poetry = toml::table(tool, "poetry");
        if let Some(project) = toml::table(root, "project") {
            self.manifest.root = Some(about(project));
            self.wishes(project.get("dependencies"), Scope::Runtime);
            self.groups(toml::table(project, "optional-dependencies"), Scope::Optional);
        }
        self.groups(toml::table(root, "dependency-groups"), Scope::Development);
        if let Some(build) = toml::table(root, "build-system") {
            self.wishes(build.get("requires"), Scope::Build);
        }
        if let Some(poetry) = poetry {
            if self.manifest.root.as_ref().is_none_or(|root| root.name.is_none()) {
                self.manifest.root = Some(about(poetry));
            }
            self.table(toml::table(poetry, "dependencies"), Scope::Runtime);
            self.table(toml::table(poetry, "dev-dependencies"), Scope::Development);
            for (_, group) in toml::table(poetry, "group").map(toml::entries).unwrap_or_default() {
                let group = group.get_ref().as_table();
                self.table(group.and_then(|group| toml::table(group, "dependencies")), Scope::Development);
            }
        }
        if let Some(pdm) = toml::table(tool, "pdm") {
            self.groups(toml::table(pdm, "dev-dependencies"), Scope::Development);
        }
        if let Some(uv) = toml::table(tool, "uv") {
            self.wishes(uv.get("dev-dependencies"), Scope::Development);
            self.sources(toml::table(uv, "sources"));
            let members =
                toml::table(uv, "workspace").and_then(|workspace| toml::array(workspace, "members"));
            for member in members.into_iter().flat_map(|members| members.iter()) {
                let Some(path) = member.get_ref().as_str().map(str::to_owned) else { continue };
                let (kind, span) = (LinkKind::Member, self.document.span(member.span()));
                self.manifest.links.push(Link { kind, path, coordinates: None, span });
            }
        }
    }

    fn groups(&mut self, groups: Option<&DeTable<'_>>, scope: Scope) {
        for (_, list) in groups.map(toml::entries).unwrap_or_default() {
            self.wishes(Some(list), scope);
        }
    }

    /// A list of wishes. Inclusions of another group (PEP 735) add nothing new: that group stands in the file itself.
    fn wishes(&mut self, list: Option<&toml::Item<'_>>, scope: Scope) {
        let Some(list) = list else { return };
        let Some(items) = list.get_ref().as_array() else {
            let at = self.document.span(list.span()).start;
            return note(&mut self.manifest.problems, at, "the wishes are no list");
        };
        for item in items.iter() {
            let span = self.document.span(item.span());
            match item.get_ref() {
                DeValue::String(text) => match pep508::parse(text) {
                    Ok(wish) => {
                        let mut package = wish.package(span.clone());
                        package.scope = scope;
                        self.push(package, span);
                    }
                    Err(reason) => note(&mut self.manifest.problems, span.start, reason),
                },
                DeValue::Table(table) if table.contains_key("include-group") => {}
                _ => note(&mut self.manifest.problems, span.start, "the wish is no text"),
            }
        }
    }

    /// Poetry's table of wishes; several of one name stand in a list.
    fn table(&mut self, table: Option<&DeTable<'_>>, scope: Scope) {
        for (name, value) in table.map(toml::entries).unwrap_or_default() {
            if name.get_ref() == "python" {
                continue;
            }
            let span = self.document.span(name.span());
            let one = std::slice::from_ref(value);
            let several: Vec<&toml::Item<'_>> = match value.get_ref().as_array() {
                Some(items) => items.iter().collect(),
                None => one.iter().collect(),
            };
            for value in several {
                match pipfile::toml_wish(name.get_ref(), value.get_ref(), span.clone()) {
                    Some(mut package) => {
                        // Poetry reads a bare `1.2.3` as exactly that.
                        let bare =
                            package.requirement.as_deref().filter(|text| numbers(text)).map(str::to_owned);
                        package.version = package.version.or(bare);
                        if package.scope == Scope::Runtime || scope == Scope::Development {
                            package.scope = scope;
                        }
                        self.push(package, span.clone());
                    }
                    None => {
                        note(&mut self.manifest.problems, span.start, "the wish is neither text nor table")
                    }
                }
            }
        }
    }

    /// uv says apart where wishes come from.
    fn sources(&mut self, sources: Option<&DeTable<'_>>) {
        let mut found = std::collections::HashMap::new();
        for (name, value) in sources.into_iter().flatten() {
            let Some(table) = value.get_ref().as_table() else { continue };
            let field = |key| toml::str(table, key);
            let source = if let Some(url) = field("git") {
                let revision = ["rev", "tag", "branch"].iter().find_map(|key| field(key)).map(str::to_owned);
                SourceKind::Git { url: clean_url(url), revision }
            } else if let Some(url) = field("url") {
                pep508::source(url)
            } else if field("path").is_some() || table.contains_key("workspace") {
                SourceKind::Path
            } else {
                continue;
            };
            found.insert(crate::Ecosystem::PyPi.normalise_name(name.get_ref()), source);
        }
        for package in &mut self.manifest.packages {
            if let Some(source) = found.get(&package.name) {
                package.source = source.clone();
            }
        }
    }

    fn push(&mut self, mut package: Package, span: Range<usize>) {
        if self.manifest.packages.len() >= MAX_PACKAGES {
            let reason = format!("more than {MAX_PACKAGES} packages; the rest is left out");
            return note(&mut self.manifest.problems, span.start, reason);
        }
        // A project may ask for itself with an extra.
        let own = self.manifest.root.as_ref().and_then(|root| root.name.as_deref());
        if own.is_some_and(|own| crate::Ecosystem::PyPi.normalise_name(own) == package.name) {
            return;
        }
        package.relation = Relation::Direct;
        self.manifest.packages.push(package);
    }
}

fn numbers(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && text.contains('.')
}

fn about(table: &DeTable<'_>) -> Root {
    let licence = toml::str(table, "license").or_else(|| toml::str(toml::table(table, "license")?, "text"));
    let licence =
        licence.map(str::trim).filter(|text| !text.is_empty() && text.len() <= 200 && !text.contains('\n'));
    Root {
        name: toml::str(table, "name").map(str::to_owned),
        version: toml::str(table, "version").map(str::to_owned),
        licences: licence.map(str::to_owned).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::{Scope, SourceKind};

    #[test]
    fn wishes_of_every_table() {
        let source = br#"
[build-system]
requires = ["hatchling>=1"]
[project]
name = "app"
version = "1.0"
license = {text = "MIT"}
dependencies = ["a==1.0", "b>=2; os_name == 'nt'", "c", "-bad"]
[project.optional-dependencies]
x = ["d[e]~=1.0", "app[y]"]
[dependency-groups]
dev = ["f", {include-group = "lint"}]
[tool.uv.sources]
c = { git = "https://h.example/c.git", rev = "v1" }
[tool.uv.workspace]
members = ["packages/*"]
[tool.poetry.dependencies]
python = "^3.9"
g = "1.2.3"
h = {version = "^1", optional = true}
i = [{version = "1.0.0"}, {version = "2.0.0"}]
[tool.poetry.group.test.dependencies]
j = "*"
"#;
        let manifest = parse("pyproject.toml", source).unwrap();
        let seen: Vec<_> =
            manifest.packages.iter().map(|p| (p.name.as_str(), p.version.as_deref(), p.scope)).collect();
        assert_eq!(
            seen,
            [
                ("a", Some("1.0"), Scope::Runtime),
                ("b", None, Scope::Runtime),
                ("c", None, Scope::Runtime),
                ("d", None, Scope::Optional),
                ("f", None, Scope::Development),
                ("hatchling", None, Scope::Build),
                ("g", Some("1.2.3"), Scope::Runtime),
                ("h", None, Scope::Optional),
                ("i", Some("1.0.0"), Scope::Runtime),
                ("i", Some("2.0.0"), Scope::Runtime),
                ("j", None, Scope::Development),
            ]
        );
        assert!(matches!(manifest.packages[2].source, SourceKind::Git { .. }));
        assert_eq!(manifest.problems.len(), 1);
        assert_eq!(manifest.links.len(), 1);
        assert_eq!(manifest.root.unwrap().licences, ["MIT"]);
    }
}
