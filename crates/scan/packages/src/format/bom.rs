//! What all bills of materials have in common: parts with package URLs, and edges between references.
//!
//! A part without a package URL, or with one of a type that is not known here, becomes a problem that names it; edges through
//! such a part still connect the packages on both sides.

use super::collect::Collector;
use crate::package::{Root, SourceKind};
use crate::purl::PackageUrl;
use crate::{Ecosystem, Manifest, Package, Relation, Scope};
use std::collections::HashMap;
use std::ops::Range;

/// Steps through parts that are no packages, over all packages of one file; beyond them edges are left out.
const MAX_STEPS: usize = 8_000_000;
/// References and edges of one file beyond which the rest is left out.
const MAX_REFERENCES: usize = 4_000_000;
/// Longer words of a file are cut in what is said about it.
const MAX_WORDS: usize = 120;

/// A part as a file tells it.
#[derive(Debug, Default)]
pub(super) struct Part<'a> {
    /// By which edges mean it.
    pub reference: Option<&'a str>,
    /// Its name with its group, for people.
    pub name: &'a str,
    pub version: Option<&'a str>,
    pub purl: Option<&'a str>,
    /// It is named by a CPE.
    pub cpe: bool,
    /// `library`, `application`, where the format tells.
    pub kind: Option<&'a str>,
    /// Where the part itself tells.
    pub scope: Option<Scope>,
    pub licences: Vec<String>,
    /// As `algorithm:hex`.
    pub hashes: Vec<String>,
    pub span: Range<usize>,
}

/// A bill of materials in the making.
pub(super) struct Bom {
    pub out: Collector,
    /// Numbers of references, in the order in which they are met.
    nodes: HashMap<String, usize>,
    /// By node: the package it stands for.
    packages: Vec<Option<u32>>,
    /// By node: where its edges lead, and what the edge says of the scope of what it leads to.
    edges: Vec<Vec<(usize, Option<Scope>)>>,
    root: Option<usize>,
    /// Whether a package's own entry tells its scope.
    scoped: Vec<bool>,
    /// The release of the distribution that the file describes, for packages that do not tell theirs.
    release: Option<String>,
    references: usize,
}

impl Bom {
    pub fn new() -> Self {
        Self {
            out: Collector::resolved(),
            nodes: HashMap::new(),
            packages: Vec::new(),
            edges: Vec::new(),
            root: None,
            scoped: Vec::new(),
            release: None,
            references: 0,
        }
    }

    /// The project that the file describes.
    pub fn root(&mut self, part: &Part<'_>) {
        self.root = part.reference.and_then(|reference| self.node(reference));
        let known = part.purl.and_then(|purl| PackageUrl::parse(purl).ok()).and_then(|purl| purl.package());
        let name = known.map_or_else(|| part.name.to_owned(), |(_, _, name)| name);
        self.out.manifest.root = Some(Root {
            name: Some(name).filter(|name| !name.is_empty()),
            version: part.version.filter(|version| !version.is_empty()).map(str::to_owned),
            licences: part.licences.clone(),
        });
    }

    /// A part that is not the project itself.
    pub fn part(&mut self, part: Part<'_>) {
        let node = part.reference.and_then(|reference| self.node(reference));
        let at = part.span.start;
        let Some(text) = part.purl else {
            if part.kind == Some("operating-system") {
                self.release = self.release.take().or_else(|| part.version.map(str::to_owned));
                return;
            }
            let kind = part.kind.unwrap_or("package");
            let only = if part.cpe { "is named by a cpe only" } else { "has no package url" };
            self.out.problem(at, format!("the {} `{}` {only}", cut(kind), described(&part)));
            return;
        };
        let url = match PackageUrl::parse(text) {
            Ok(url) => url,
            Err(error) => {
                self.out.problem(at, format!("the package url `{}` {error}", cut(text)));
                return;
            }
        };
        let Some((ecosystem, release, name)) = url.package() else {
            let place = [Some(url.kind.as_str()), url.namespace.as_deref()];
            let place = place.into_iter().flatten().collect::<Vec<_>>().join("/");
            let words = format!("`{}` is of `{}`, which is not known here", described(&part), cut(&place));
            self.out.problem(at, words);
            return;
        };
        let mut package = Package::new(ecosystem, &name, part.span);
        package.release = release;
        package.version = url.version.clone().or_else(|| part.version.map(str::to_owned));
        package.version = package.version.filter(|version| !version.is_empty());
        package.scope = part.scope.unwrap_or(Scope::Runtime);
        package.licences = part.licences;
        package.hashes = part.hashes;
        qualify(&mut package, &url);
        if let Some(index) = self.out.push(package) {
            self.scoped.push(part.scope.is_some());
            if let Some(slot) = node.and_then(|node| self.packages.get_mut(node)) {
                if slot.is_some() {
                    self.out.problem(at, "its reference stands for another part too");
                } else {
                    *slot = Some(index);
                }
            }
        }
    }

    /// `from` asks for `to`; `scope`: what the edge says it is for.
    pub fn edge(&mut self, from: &str, to: &str, scope: Option<Scope>) {
        let (Some(from), Some(to)) = (self.node(from), self.node(to)) else { return };
        self.references += 1;
        if self.references <= MAX_REFERENCES
            && let Some(edges) = self.edges.get_mut(from)
        {
            edges.push((to, scope));
        }
    }

    fn node(&mut self, reference: &str) -> Option<usize> {
        if let Some(node) = self.nodes.get(reference) {
            return Some(*node);
        }
        self.references += 1;
        if self.references > MAX_REFERENCES {
            return None;
        }
        let node = self.packages.len();
        self.nodes.insert(reference.to_owned(), node);
        self.packages.push(None);
        self.edges.push(Vec::new());
        Some(node)
    }

    /// The manifest, with edges between packages, relations and scopes.
    pub fn finish(mut self) -> Manifest {
        if self.references > MAX_REFERENCES {
            self.out.problem(0, format!("references beyond the first {MAX_REFERENCES} were left out"));
        }
        let mut steps = 0;
        let mut asked = vec![false; self.out.manifest.packages.len()];
        let mut scopes: Vec<Option<Scope>> = vec![None; asked.len()];
        let mut seen = vec![usize::MAX; self.packages.len()];
        for from in 0..self.packages.len() {
            let own = self.packages.get(from).copied().flatten();
            let root = self.root == Some(from);
            if own.is_none() && !root {
                continue;
            }
            for (to, scope) in self.reached(from, &mut seen, &mut steps) {
                let index = to as usize;
                if own == Some(to) {
                    continue;
                }
                if let (Some(scope), Some(slot)) = (scope, scopes.get_mut(index)) {
                    *slot = Some(slot.map_or(scope, |known: Scope| known.min(scope)));
                }
                if root && let Some(package) = self.out.get(to) {
                    package.relation = Relation::Direct;
                }
                if let Some(asked) = asked.get_mut(index) {
                    *asked = true;
                }
                if let Some(package) = own.and_then(|own| self.out.get(own)) {
                    package.dependencies.push(to);
                }
            }
        }
        if steps > MAX_STEPS {
            self.out.problem(0, "the graph of dependencies is too large: some edges were left out");
        }
        let facts = asked.into_iter().zip(scopes).zip(&self.scoped);
        for (package, ((asked, scope), scoped)) in self.out.manifest.packages.iter_mut().zip(facts) {
            if asked && package.relation == Relation::Unknown {
                package.relation = Relation::Transitive;
            }
            if let (Some(scope), false) = (scope, scoped) {
                package.scope = scope;
            }
            if package.release.is_none() && is_distribution(package.ecosystem) {
                package.release.clone_from(&self.release);
            }
        }
        self.out.finish()
    }

    /// The packages that a node leads to: at once, or through parts that are no packages.
    fn reached(&self, from: usize, seen: &mut [usize], steps: &mut usize) -> Vec<(u32, Option<Scope>)> {
        let mut found = Vec::new();
        let mut open = vec![(from, None)];
        while let Some((node, scope)) = open.pop() {
            for (to, said) in self.edges.get(node).into_iter().flatten() {
                *steps += 1;
                if *steps > MAX_STEPS {
                    return found;
                }
                let scope = said.or(scope);
                match self.packages.get(*to).copied().flatten() {
                    Some(package) => found.push((package, scope)),
                    None => {
                        if let Some(slot) = seen.get_mut(*to).filter(|slot| **slot != from) {
                            *slot = from;
                            open.push((*to, scope));
                        }
                    }
                }
            }
        }
        found
    }
}

/// What the qualifiers of a package URL tell.
fn qualify(package: &mut Package, url: &PackageUrl) {
    for (key, value) in &url.qualifiers {
        match key.as_str() {
            // Told by other fields, or about where it is rather than what it is.
            "distro" | "arch" | "package-id" | "checksum" | "repository_url" | "file_name" => {}
            "type" | "goos" | "goarch" if package.ecosystem == Ecosystem::Go => {}
            "type" if package.ecosystem == Ecosystem::Maven && value == "jar" => {}
            "epoch" if package.ecosystem.purl_type() == "rpm" => {
                if let Some(version) = package.version.as_mut().filter(|version| !version.contains(':')) {
                    *version = format!("{value}:{version}");
                }
            }
            "upstream" if is_distribution(package.ecosystem) => {
                // A source rpm is named by its file; its name stands in front of version and release.
                let file = value.strip_suffix(".src.rpm").and_then(|file| {
                    let (front, release) = file.rsplit_once('-')?;
                    let (name, version) = front.rsplit_once('-')?;
                    Some((name.to_owned(), Some(format!("{version}-{release}"))))
                });
                let split = || match value.split_once('@') {
                    Some((name, version)) => (name.to_owned(), Some(version.to_owned())),
                    None => (value.clone(), None),
                };
                let (name, version) = file.unwrap_or_else(split);
                package.source_name = Some(name).filter(|name| *name != package.name);
                package.source_version = version.filter(|version| Some(version) != package.version.as_ref());
            }
            "vcs_url" => {
                let address = value.strip_prefix("git+").unwrap_or(value);
                let (address, revision) = match address.rsplit_once('@') {
                    Some((address, revision)) if !revision.contains('/') => {
                        (address, Some(revision.to_owned()))
                    }
                    _ => (address, None),
                };
                package.source =
                    SourceKind::Git { url: super::address::without_credentials(address), revision };
            }
            "download_url" => {
                if package.source == SourceKind::Registry && !is_distribution(package.ecosystem) {
                    package.source = SourceKind::Url(super::address::without_credentials(value));
                }
            }
            _ => package.qualifiers.push((key.clone(), value.clone())),
        }
    }
}

fn is_distribution(ecosystem: Ecosystem) -> bool {
    matches!(ecosystem.purl_type(), "deb" | "apk" | "rpm")
}

/// Name and version for people.
fn described(part: &Part<'_>) -> String {
    match (part.name, part.version.filter(|version| !version.is_empty())) {
        ("", _) => "(without a name)".to_owned(),
        (name, Some(version)) => format!("{} {}", cut(name), cut(version)),
        (name, None) => cut(name),
    }
}

/// At most so many characters of a text of the file.
pub(super) fn cut(text: &str) -> String {
    match text.char_indices().nth(MAX_WORDS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// `SHA-256` or `SHA256` as `sha256`: letters and digits in lower case, but for the dash inside `sha3-256` and `blake2b-256`.
pub(super) fn hash(algorithm: &str, content: &str) -> Option<String> {
    let content = content.trim();
    if content.is_empty() || content.len() > 256 || !content.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let lower = algorithm.trim().to_ascii_lowercase();
    let name = match lower.strip_prefix("sha-") {
        Some(bits) => format!("sha{bits}"),
        None => lower,
    };
    (!name.is_empty() && name.len() <= 32).then(|| format!("{name}:{}", content.to_ascii_lowercase()))
}

/// Bartizan's own word for a scope, as its writers leave it in a property.
pub(super) fn scope_of(word: &str) -> Option<Scope> {
    Some(match word.trim() {
        "runtime" => Scope::Runtime,
        "optional" => Scope::Optional,
        "build" => Scope::Build,
        "development" => Scope::Development,
        _ => return None,
    })
}
