//! `Cargo.lock`, versions 1 to 4: every package of a workspace with its edges.
//!
//! The file does not tell what a package is for (normal, build, development): see [`crate::resolve::cargo`].
//! Source: the Cargo book, "Cargo.toml vs Cargo.lock", and `cargo::core::resolver::encode`, which describes the versions.

use super::collect::Collector;
use super::toml::{self, DeTable, DeValue, Document};
use super::{Format, address, lines};
use crate::package::Root;
use crate::{Ecosystem, Manifest, Package, ParseError, Relation, SourceKind};
use std::collections::HashMap;

/// `Cargo.lock`.
pub const FORMAT: Format = Format { name: "cargo-lock", matches, parse };

/// The newest version whose layout is known.
const NEWEST: i128 = 4;

fn matches(path: &str) -> bool {
    lines::file_name(path) == "Cargo.lock"
}

fn parse(_: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let document = toml::parse(bytes)?;
    let mut out = Collector::resolved();
    for problem in &document.problems {
        out.problem(problem.at, problem.reason.clone());
    }
    if let Some(version) = document.root.get("version") {
        let number = version.get_ref().as_integer().and_then(|number| number.as_str().parse::<i128>().ok());
        if number.is_none_or(|number| number > NEWEST) {
            let at = document.span(version.span()).start;
            out.problem(at, format!("this version of the lock file is not known; read as version {NEWEST}"));
        }
    }
    let mut entries = Vec::new();
    // Up to 2018 the package itself stood in a table of its own.
    if let Some(root) = document.root.get("root").and_then(|root| root.get_ref().as_table()) {
        read(&document, root, &mut entries, &mut out);
    }
    match document.root.get("package").map(|list| (list.span(), list.get_ref())) {
        Some((_, DeValue::Array(list))) => {
            for item in list {
                match item.get_ref() {
                    DeValue::Table(table) => read(&document, table, &mut entries, &mut out),
                    _ => out.problem(document.span(item.span()).start, "a package that is no table"),
                }
            }
        }
        Some((span, _)) => out.problem(document.span(span).start, "`package` is no list of tables"),
        None => {}
    }
    link(&document, &entries, &mut out);
    hashes_of_version_1(&document, &entries, &mut out);
    relate(&mut out.manifest);
    Ok(out.finish())
}

/// A package as it stands in the file, beside its place in the manifest.
struct Entry<'t> {
    index: u32,
    name: &'t str,
    version: &'t str,
    source: Option<&'t str>,
    table: &'t DeTable<'t>,
}

fn read<'t>(
    document: &Document<'t>,
    table: &'t DeTable<'t>,
    entries: &mut Vec<Entry<'t>>,
    out: &mut Collector,
) {
    let Some(key) = table.get("name") else {
        let at = table.iter().map(|(key, _)| key.span().start).min().unwrap_or(0);
        out.problem(document.span(at..at).start, "a package without a name");
        return;
    };
    let span = document.span(key.span());
    let (Some(name), Some(version)) = (key.get_ref().as_str(), toml::str(table, "version")) else {
        out.problem(span.start, "a package whose name or version is no string");
        return;
    };
    let source = toml::str(table, "source");
    let mut package = Package::new(Ecosystem::CratesIo, name, span);
    package.version = Some(version.to_owned());
    package.source = source_kind(source);
    if let Some(checksum) = toml::str(table, "checksum").filter(|sum| is_hex(sum)) {
        package.hashes.push(format!("sha256:{checksum}"));
    }
    if let Some(index) = out.push(package) {
        entries.push(Entry { index, name, version, source, table });
    }
}

/// Where a package comes from. Without a source it lies beside the project.
fn source_kind(source: Option<&str>) -> SourceKind {
    let Some(source) = source else { return SourceKind::Path };
    match source.split_once('+') {
        Some(("registry" | "sparse", url)) if is_crates_io(url) => SourceKind::Registry,
        Some(("registry" | "sparse" | "local-registry" | "directory", url)) => {
            SourceKind::Url(address::without_credentials(url))
        }
        Some(("git", url)) => SourceKind::Git {
            url: address::without_credentials(url),
            revision: url
                .split_once('#')
                .map(|(_, commit)| commit.to_owned())
                .or_else(|| asked_revision(url)),
        },
        Some(("path", _)) => SourceKind::Path,
        _ => SourceKind::Url(address::without_credentials(source)),
    }
}

fn asked_revision(url: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    ["rev=", "tag=", "branch="].iter().find_map(|key| query.strip_prefix(key)).map(str::to_owned)
}

/// Whether an index is that of crates.io, by git or over HTTP.
fn is_crates_io(url: &str) -> bool {
    let url = url.trim_end_matches('/');
    url == "https://github.com/rust-lang/crates.io-index" || url == "https://index.crates.io"
}

/// Finds a package by as much of `name version (source)` as an edge states.
#[derive(Default)]
struct Lookup<'t> {
    // Per key the first holder, and whether there is another.
    by_name: HashMap<&'t str, (u32, bool)>,
    by_version: HashMap<(&'t str, &'t str), (u32, bool)>,
    by_source: HashMap<(&'t str, &'t str, &'t str), (u32, bool)>,
}

impl<'t> Lookup<'t> {
    fn new(entries: &[Entry<'t>]) -> Self {
        let mut lookup = Self::default();
        for entry in entries {
            let first = (entry.index, false);
            lookup.by_name.entry(entry.name).and_modify(|found| found.1 = true).or_insert(first);
            let key = (entry.name, entry.version);
            lookup.by_version.entry(key).and_modify(|found| found.1 = true).or_insert(first);
            if let Some(source) = entry.source {
                let key = (entry.name, entry.version, without_commit(source));
                lookup.by_source.entry(key).and_modify(|found| found.1 = true).or_insert(first);
            }
        }
        lookup
    }

    /// The package that an edge means, and whether it could be another one as well.
    fn get(&self, edge: &str) -> Option<(u32, bool)> {
        let mut words = edge.splitn(3, ' ');
        let name = words.next()?;
        let Some(version) = words.next() else { return self.by_name.get(name).copied() };
        if let Some(source) = words.next() {
            let source = source.strip_prefix('(').and_then(|source| source.strip_suffix(')'))?;
            if let Some(found) = self.by_source.get(&(name, version, without_commit(source))) {
                return Some(*found);
            }
        }
        self.by_version.get(&(name, version)).copied()
    }
}

/// Edges name a git source without its commit in some versions and with it in others.
fn without_commit(source: &str) -> &str {
    source.split('#').next().unwrap_or(source)
}

fn link(document: &Document<'_>, entries: &[Entry<'_>], out: &mut Collector) {
    let lookup = Lookup::new(entries);
    for entry in entries {
        let Some(list) = toml::array(entry.table, "dependencies") else { continue };
        for item in list {
            let at = document.span(item.span()).start;
            let Some(edge) = item.get_ref().as_str() else {
                out.problem(at, "a dependency that is no string");
                continue;
            };
            match lookup.get(edge) {
                Some((index, false)) => {
                    if let Some(package) = out.get(entry.index) {
                        package.dependencies.push(index);
                    }
                }
                Some((_, true)) => out.problem(at, "a dependency that could be several packages"),
                None => out.problem(at, "a dependency that is not in the file"),
            }
        }
    }
}

/// Version 1 keeps checksums in `[metadata]`, by `checksum name version (source)`.
fn hashes_of_version_1(document: &Document<'_>, entries: &[Entry<'_>], out: &mut Collector) {
    let Some(metadata) = toml::table(&document.root, "metadata") else { return };
    let lookup = Lookup::new(entries);
    for (key, value) in metadata {
        let Some(edge) = key.get_ref().strip_prefix("checksum ") else { continue };
        let Some(sum) = value.get_ref().as_str().filter(|sum| is_hex(sum)) else { continue };
        if let Some((index, false)) = lookup.get(edge)
            && let Some(package) = out.get(index)
        {
            package.hashes.push(format!("sha256:{sum}"));
        }
    }
}

fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What the project's own packages ask for is direct. The file has a root where just one of those is asked for by none.
fn relate(manifest: &mut Manifest) {
    let own = |package: &Package| package.source == SourceKind::Path;
    let mut direct = vec![false; manifest.packages.len()];
    let mut asked = vec![false; manifest.packages.len()];
    for (at, package) in manifest.packages.iter().enumerate().filter(|(_, package)| own(package)) {
        for &index in &package.dependencies {
            let index = index as usize;
            if let Some(seen) = direct.get_mut(index) {
                *seen = true;
            }
            // A crate may ask for itself, in tests.
            if let Some(seen) = asked.get_mut(index).filter(|_| index != at) {
                *seen = true;
            }
        }
    }
    let mut roots = Vec::new();
    for ((package, direct), asked) in manifest.packages.iter_mut().zip(direct).zip(asked) {
        let is_own = own(package);
        package.relation = if direct || is_own { Relation::Direct } else { Relation::Transitive };
        if is_own && !asked {
            roots.push((package.name.clone(), package.version.clone()));
        }
    }
    if let [(name, version)] = roots.as_slice() {
        manifest.root =
            Some(Root { name: Some(name.clone()), version: version.clone(), licences: Vec::new() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const V3: &str = r#"
version = 3

[[package]]
name = "app"
version = "0.1.0"
dependencies = [
 "log",
 "rand 0.7.3",
 "rand 0.8.5 (registry+https://github.com/rust-lang/crates.io-index)",
 "rand 0.8.5 (git+https://host.example/rand?branch=main)",
]

[[package]]
name = "log"
version = "0.4.20"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "b5e6163cb8c49088c2c36f57875e58ccd8c87c7427f7fbd50ea6710b2f3f2e8f"

[[package]]
name = "rand"
version = "0.7.3"
source = "registry+https://github.com/rust-lang/crates.io-index"
dependencies = ["log"]

[[package]]
name = "rand"
version = "0.8.5"
source = "registry+https://github.com/rust-lang/crates.io-index"
dependencies = ["inner"]

[[package]]
name = "rand"
version = "0.8.5"
source = "git+https://user:secret@host.example/rand?branch=main#0123abcd"

[[package]]
name = "inner"
version = "1.0.0"
source = "registry+https://crates.intranet.example/index"
"#;

    fn read(text: &str) -> Manifest {
        parse("Cargo.lock", text.as_bytes()).unwrap()
    }

    #[test]
    fn edges_find_the_package_they_name() {
        let manifest = read(V3);
        // The git source of the edge has no credentials, so that one is not found by source and is ambiguous by version.
        assert_eq!(manifest.packages[0].dependencies, [1, 2, 3]);
        assert_eq!(manifest.problems.len(), 1);
        assert_eq!(manifest.root.as_ref().unwrap().name.as_deref(), Some("app"));
        let relations: Vec<_> = manifest.packages.iter().map(|package| package.relation).collect();
        use Relation::{Direct, Transitive};
        assert_eq!(relations, [Direct, Direct, Direct, Direct, Transitive, Transitive]);
        let log = &manifest.packages[1];
        assert_eq!(&V3[log.span.clone()], "\"log\"");
        assert_eq!(log.hashes, ["sha256:b5e6163cb8c49088c2c36f57875e58ccd8c87c7427f7fbd50ea6710b2f3f2e8f"]);
    }

    #[test]
    fn sources_are_told_apart_and_shown_without_credentials() {
        let manifest = read(V3);
        assert_eq!(manifest.packages[0].source, SourceKind::Path);
        assert_eq!(manifest.packages[1].source, SourceKind::Registry);
        assert_eq!(
            manifest.packages[4].source,
            SourceKind::Git {
                url: "https://host.example/rand".to_owned(),
                revision: Some("0123abcd".to_owned())
            }
        );
        assert_eq!(
            manifest.packages[5].source,
            SourceKind::Url("https://crates.intranet.example/index".to_owned())
        );
    }

    #[test]
    fn version_1_keeps_checksums_apart() {
        let manifest = read(
            "[root]\nname = \"app\"\nversion = \"1.0.0\"\ndependencies = [\n \"log 0.3.0 (registry+https://github.com/rust-lang/crates.io-index)\",\n]\n\n\
             [[package]]\nname = \"log\"\nversion = \"0.3.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n\n\
             [metadata]\n\"checksum log 0.3.0 (registry+https://github.com/rust-lang/crates.io-index)\" = \"00ff\"\n",
        );
        assert_eq!(manifest.problems, []);
        assert_eq!(manifest.packages[0].dependencies, [1]);
        assert_eq!(manifest.packages[1].hashes, ["sha256:00ff"]);
    }

    #[test]
    fn a_broken_package_leaves_the_rest() {
        let manifest = read(
            "version = 9\n[[package]]\nversion = \"1\"\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [\"gone\", 1]\n",
        );
        assert_eq!(manifest.packages.len(), 1);
        let reasons: Vec<_> = manifest.problems.iter().map(|problem| problem.reason.as_str()).collect();
        assert_eq!(
            reasons,
            [
                "this version of the lock file is not known; read as version 4",
                "a package without a name",
                "a dependency that is not in the file",
                "a dependency that is no string",
            ]
        );
    }

    #[test]
    fn a_file_of_another_kind_is_an_error_with_its_line() {
        assert_eq!(parse("Cargo.lock", b"\n<html>\n").unwrap_err().line, 2);
    }
}
