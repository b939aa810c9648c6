//! `Cargo.toml`: what a crate or a workspace asks for.
//!
//! Source: the Cargo book, "The Manifest Format", "Specifying Dependencies" and "Workspaces".

use super::collect::Collector;
use super::toml::{self, DeTable, DeValue, Document, Entry};
use super::{Format, address, lines};
use crate::package::{Link, LinkKind, Root};
use crate::{Ecosystem, Manifest, Package, ParseError, Relation, Scope, SourceKind};
use std::ops::Range;

/// `Cargo.toml`.
pub const FORMAT: Format = Format { name: "cargo-toml", matches, parse };

/// Tables of dependencies, with what is in them is for. Spellings with `_` are old and still read.
const TABLES: [(&str, Scope); 5] = [
    ("dependencies", Scope::Runtime),
    ("build-dependencies", Scope::Build),
    ("build_dependencies", Scope::Build),
    ("dev-dependencies", Scope::Development),
    ("dev_dependencies", Scope::Development),
];

/// Under this qualifier a managed package keeps the key by which it is asked for, where that is not its name.
pub(crate) const KEY: &str = "key";

fn matches(path: &str) -> bool {
    lines::file_name(path) == "Cargo.toml"
}

fn parse(_: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let document = toml::parse(bytes)?;
    let mut out = Collector::wishes();
    for problem in &document.problems {
        out.problem(problem.at, problem.reason.clone());
    }
    let workspace = toml::table(&document.root, "workspace");
    let file =
        File { document: &document, bytes, shared: workspace.and_then(|it| toml::table(it, "dependencies")) };
    if let Some(package) =
        toml::table(&document.root, "package").or_else(|| toml::table(&document.root, "project"))
    {
        file.root(package, workspace.and_then(|it| toml::table(it, "package")), &mut out);
    }
    file.tables(&document.root, &mut out);
    if let Some(targets) = toml::table(&document.root, "target") {
        for (_, target) in toml::entries(targets) {
            if let Some(target) = target.get_ref().as_table() {
                file.tables(target, &mut out);
            }
        }
    }
    if let Some(workspace) = workspace {
        file.workspace(workspace, &mut out);
    }
    file.patches(&mut out);
    Ok(out.finish())
}

struct File<'t> {
    document: &'t Document<'t>,
    bytes: &'t [u8],
    /// `[workspace.dependencies]` of the same file.
    shared: Option<&'t DeTable<'t>>,
}

impl<'t> File<'t> {
    fn root(&self, package: &DeTable<'_>, shared: Option<&DeTable<'_>>, out: &mut Collector) {
        let value = |key: &str| -> Option<String> {
            match package.get(key)?.get_ref() {
                DeValue::String(text) => Some(text.to_string()),
                DeValue::Table(_) => toml::str(shared?, key).map(str::to_owned),
                _ => None,
            }
        };
        out.manifest.root = Some(Root {
            name: value("name"),
            version: value("version"),
            licences: value("license").map(|words| licence(&words)).into_iter().collect(),
        });
        let inherits = package.iter().find(|(_, value)| {
            value.get_ref().get("workspace").is_some_and(|it| it.get_ref().as_bool() == Some(true))
        });
        let stated = package.get("workspace").and_then(|it| Some((it.span(), it.get_ref().as_str()?)));
        let (span, path) = match (stated, inherits) {
            (Some((span, path)), _) => (span, path.to_owned()),
            (None, Some((key, _))) if shared.is_none() => (key.span(), String::new()),
            _ => return,
        };
        out.manifest.links.push(Link {
            kind: LinkKind::Parent,
            path,
            coordinates: None,
            span: self.document.span(span),
        });
    }

    fn tables(&self, holder: &DeTable<'_>, out: &mut Collector) {
        for (name, scope) in TABLES {
            let Some(value) = holder.get(name) else { continue };
            let Some(table) = value.get_ref().as_table() else {
                out.problem(self.document.span(value.span()).start, format!("`{name}` is no table"));
                continue;
            };
            for entry in toml::entries(table) {
                if let Some(package) = self.dependency(entry, scope, out) {
                    out.push(package);
                }
            }
        }
    }

    fn dependency(&self, entry: Entry<'_, '_>, scope: Scope, out: &mut Collector) -> Option<Package> {
        let (key, value) = entry;
        let span = key_span(self.document, self.bytes, entry);
        let start = span.start;
        let mut package = Package::new(Ecosystem::CratesIo, key.get_ref(), span);
        package.scope = scope;
        package.relation = Relation::Direct;
        match value.get_ref() {
            DeValue::String(requirement) => require(&mut package, requirement),
            DeValue::Table(table) => {
                if table.get("workspace").is_some_and(|it| it.get_ref().as_bool() == Some(true)) {
                    package.inherits = true;
                    match self.shared.and_then(|shared| shared.get(key.get_ref().as_ref())) {
                        Some(shared) => match shared.get_ref() {
                            DeValue::String(requirement) => require(&mut package, requirement),
                            DeValue::Table(table) => apply(&mut package, table),
                            _ => {}
                        },
                        None if self.shared.is_some() => {
                            out.problem(start, "`workspace.dependencies` does not hold this package");
                        }
                        None => {}
                    }
                } else {
                    apply(&mut package, table);
                }
                let optional = table.get("optional").and_then(|it| it.get_ref().as_bool()) == Some(true);
                if optional && package.scope == Scope::Runtime {
                    package.scope = Scope::Optional;
                }
            }
            _ => {
                out.problem(start, "a dependency that is neither a version nor a table");
                return None;
            }
        }
        Some(package)
    }

    fn workspace(&self, workspace: &DeTable<'_>, out: &mut Collector) {
        let members = toml::array(workspace, "members").into_iter().flatten();
        for member in members {
            let span = self.document.span(member.span());
            match member.get_ref().as_str() {
                Some(path) => out.manifest.links.push(Link {
                    kind: LinkKind::Member,
                    path: path.to_owned(),
                    coordinates: None,
                    span,
                }),
                None => out.problem(span.start, "a workspace member that is no path"),
            }
        }
        let package = toml::table(workspace, "package");
        for name in ["version", "license"] {
            if let Some(value) = package.and_then(|package| toml::str(package, name)) {
                out.manifest.properties.push((format!("package.{name}"), value.to_owned()));
            }
        }
        if let Some(shared) = self.shared {
            self.manage(shared, out);
        }
    }

    /// `[patch.<registry>]` and `[replace]` put other sources in the place of packages.
    fn patches(&self, out: &mut Collector) {
        if let Some(registries) = toml::table(&self.document.root, "patch") {
            for (_, packages) in toml::entries(registries) {
                if let Some(packages) = packages.get_ref().as_table() {
                    self.manage(packages, out);
                }
            }
        }
    }

    fn manage(&self, table: &DeTable<'_>, out: &mut Collector) {
        for entry in toml::entries(table) {
            if let Some(mut package) = self.dependency(entry, Scope::Runtime, out) {
                package.relation = Relation::Unknown;
                // Members ask by the key, which may be another name for the package.
                if package.name != entry.0.get_ref().as_ref() {
                    package.qualifiers.push((KEY.to_owned(), entry.0.get_ref().to_string()));
                }
                // Bounded as packages are: entries of the file, which is bounded.
                out.manifest.managed.push(package);
            }
        }
    }
}

/// `/` between licences is an old way of writing `OR`.
pub(crate) fn licence(words: &str) -> String {
    words.replace('/', " OR ")
}

/// What a table says of a dependency, without what the member says itself.
fn apply(package: &mut Package, table: &DeTable<'_>) {
    if let Some(name) = toml::str(table, "package") {
        package.name = package.ecosystem.normalise_name(name);
    }
    if let Some(requirement) = toml::str(table, "version") {
        require(package, requirement);
    }
    if let Some(url) = toml::str(table, "git") {
        let revision = ["rev", "tag", "branch"].iter().find_map(|key| toml::str(table, key));
        package.source =
            SourceKind::Git { url: address::without_credentials(url), revision: revision.map(str::to_owned) };
    } else if table.get("path").is_some() {
        package.source = SourceKind::Path;
    } else if let Some(registry) = toml::str(table, "registry-index").or_else(|| toml::str(table, "registry"))
        && registry != "crates-io"
    {
        package.source = SourceKind::Url(address::without_credentials(registry));
    }
}

/// `=1.2.3` is one version, everything else a range.
fn require(package: &mut Package, requirement: &str) {
    package.requirement = Some(requirement.to_owned());
    if let Some(version) = requirement.trim().strip_prefix('=').map(str::trim)
        && version.split('.').count() >= 3
        && !version.contains([',', '*', ' '])
    {
        package.version = Some(version.to_owned());
    }
}

/// The place of a key with its value; the key alone where the value stands elsewhere or over many lines.
pub(super) fn key_span(document: &Document<'_>, bytes: &[u8], entry: Entry<'_, '_>) -> Range<usize> {
    let (key, value) = entry;
    let (key, value) = (document.span(key.span()), document.span(value.span()));
    let one_line = value.start >= key.end
        && bytes.get(key.end..value.end).is_some_and(|between| memchr::memchr(b'\n', between).is_none());
    if one_line { key.start..value.end } else { key }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = r#"
[package]
name = "app"
version.workspace = true
license = "MIT/Apache-2.0"

[workspace]
members = ["crates/*", "tools"]

[workspace.package]
version = "1.2.3"

[workspace.dependencies]
shared = { version = "2", package = "shared-real" }

[dependencies]
plain = "1.0"
exact = "=1.2.3"
shared = { workspace = true, optional = true }
beside = { path = "../beside", version = "0.1" }
fork = { git = "https://user:secret@host.example/fork.git", rev = "abc" }
other = { version = "1", registry = "company" }

[dependencies.long]
version = "3"
features = ["a"]

[dev-dependencies]
checks = "1"

[build-dependencies]
cc = "1"

[target.'cfg(windows)'.dependencies]
winapi = "0.3"
"#;

    fn read(text: &str) -> Manifest {
        parse("Cargo.toml", text.as_bytes()).unwrap()
    }

    #[test]
    fn every_table_of_dependencies_is_read() {
        let manifest = read(MANIFEST);
        assert_eq!(manifest.problems, []);
        let all: Vec<_> = manifest
            .packages
            .iter()
            .map(|it| (it.name.as_str(), it.requirement.as_deref(), it.scope, &MANIFEST[it.span.clone()]))
            .collect();
        assert_eq!(
            all,
            [
                ("plain", Some("1.0"), Scope::Runtime, "plain = \"1.0\""),
                ("exact", Some("=1.2.3"), Scope::Runtime, "exact = \"=1.2.3\""),
                ("shared-real", Some("2"), Scope::Optional, "shared = { workspace = true, optional = true }"),
                (
                    "beside",
                    Some("0.1"),
                    Scope::Runtime,
                    "beside = { path = \"../beside\", version = \"0.1\" }"
                ),
                (
                    "fork",
                    None,
                    Scope::Runtime,
                    "fork = { git = \"https://user:secret@host.example/fork.git\", rev = \"abc\" }"
                ),
                ("other", Some("1"), Scope::Runtime, "other = { version = \"1\", registry = \"company\" }"),
                ("long", Some("3"), Scope::Runtime, "long"),
                ("cc", Some("1"), Scope::Build, "cc = \"1\""),
                ("checks", Some("1"), Scope::Development, "checks = \"1\""),
                ("winapi", Some("0.3"), Scope::Runtime, "winapi = \"0.3\""),
            ]
        );
        assert_eq!(manifest.packages[1].version.as_deref(), Some("1.2.3"));
        assert!(manifest.packages[2].inherits);
        assert_eq!(manifest.packages[3].source, SourceKind::Path);
        assert_eq!(
            manifest.packages[4].source,
            SourceKind::Git {
                url: "https://host.example/fork.git".to_owned(),
                revision: Some("abc".to_owned())
            }
        );
        assert_eq!(manifest.packages[5].source, SourceKind::Url("company".to_owned()));
    }

    #[test]
    fn a_workspace_names_its_members_and_what_it_lays_down() {
        let manifest = read(MANIFEST);
        let root = manifest.root.unwrap();
        assert_eq!((root.name.as_deref(), root.version.as_deref()), (Some("app"), Some("1.2.3")));
        assert_eq!(root.licences, ["MIT OR Apache-2.0"]);
        let paths: Vec<_> = manifest.links.iter().map(|link| (link.kind, link.path.as_str())).collect();
        assert_eq!(paths, [(LinkKind::Member, "crates/*"), (LinkKind::Member, "tools")]);
        assert_eq!(manifest.managed.len(), 1);
        assert_eq!(manifest.managed[0].name, "shared-real");
        assert_eq!(manifest.managed[0].qualifiers, [(KEY.to_owned(), "shared".to_owned())]);
        assert_eq!(manifest.properties, [("package.version".to_owned(), "1.2.3".to_owned())]);
    }

    #[test]
    fn a_member_says_that_it_inherits() {
        let manifest = read(
            "[package]\nname = \"m\"\nversion.workspace = true\n[dependencies]\na.workspace = true\nb = 3\n",
        );
        assert_eq!(manifest.links[0].kind, LinkKind::Parent);
        assert!(manifest.packages[0].inherits && manifest.packages[0].requirement.is_none());
        assert_eq!(manifest.packages.len(), 1);
        assert_eq!(manifest.problems.len(), 1);
    }
}
