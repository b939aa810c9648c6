//! `pnpm-lock.yaml` of lockfile versions 5, 6 and 9.
//!
//! Keys of packages: `/name/1.2.3_peers` (5), `/name@1.2.3(peer@1)` (6), `name@1.2.3` with edges apart under `snapshots` (9).
//! What stands behind a version says which peers it was linked with: one package, so those entries are joined. Facts: the
//! lockfile specifications that pnpm publishes.

use super::source::{clean_url, file_name, integrity, spread, tidy};
use super::{MAX_PACKAGES, note, npm_spec, yaml};
use crate::package::{Link, LinkKind};
use crate::{Ecosystem, Manifest, Package, ParseError, Scope, SourceKind};
use std::collections::HashMap;
use yaml::Value;

/// Whether a path is pnpm's lock file, at the project's root or in its store.
pub fn matches(path: &str) -> bool {
    file_name(path) == "pnpm-lock.yaml"
        || path == "node_modules/.pnpm/lock.yaml"
        || path.ends_with("/node_modules/.pnpm/lock.yaml")
}

/// Reads it.
///
/// # Errors
/// Where it is not YAML, or has no `lockfileVersion`.
pub fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let tree = yaml::parse(bytes)?;
    let mut manifest = Manifest { resolved: true, problems: tree.problems.clone(), ..Manifest::default() };
    let mut any = false;
    let mut reader = Reader::default();
    for document in tree.documents() {
        let version = document.str("lockfileVersion");
        any |= version.is_some();
        reader.old = version.is_some_and(|version| version.starts_with(['3', '4', '5']));
        for field in ["packages", "snapshots"] {
            for (key, entry) in document.get(field).into_iter().flat_map(Value::entries) {
                reader.package(&mut manifest, key, entry);
            }
        }
    }
    if !any {
        return Err(ParseError { line: 1, reason: "no `lockfileVersion`: not pnpm's lock file".into() });
    }
    for document in tree.documents() {
        match document.get("importers") {
            Some(importers) => {
                for (path, importer) in importers.entries() {
                    if let Some(text) = path.as_str().filter(|text| *text != ".") {
                        let (kind, path, span) = (LinkKind::Member, text.to_owned(), path.span());
                        manifest.links.push(Link { kind, path, coordinates: None, span });
                    }
                    reader.importer(&mut manifest, importer);
                }
            }
            None => reader.importer(&mut manifest, document),
        }
    }
    reader.edges(&mut manifest);
    tidy(&mut manifest);
    spread(&mut manifest, &reader.roots);
    Ok(manifest)
}

#[derive(Default)]
struct Reader<'t> {
    /// Before lockfile version 6.
    old: bool,
    /// By key as written, and by key without peers.
    keys: HashMap<&'t str, u32>,
    entries: Vec<(u32, Value<'t>)>,
    roots: Vec<(u32, Scope)>,
}

impl<'t> Reader<'t> {
    fn package(&mut self, manifest: &mut Manifest, key: Value<'t>, entry: Value<'t>) {
        let Some(text) = key.as_str() else { return };
        let base = without_peers(text, self.old);
        if let Some(&id) = self.keys.get(base) {
            self.keys.insert(text, id);
            self.entries.push((id, entry));
            return;
        }
        if manifest.packages.len() >= MAX_PACKAGES {
            let reason = format!("more than {MAX_PACKAGES} packages; the rest is left out");
            return note(&mut manifest.problems, key.span().start, reason);
        }
        let parts = name_and_version(base, self.old);
        let Some(name) = entry.str("name").or(parts.map(|(name, _)| name)) else {
            return note(&mut manifest.problems, key.span().start, "a package key without name and version");
        };
        let mut package = Package::new(Ecosystem::Npm, name, key.span());
        let version = entry.str("version").or(parts.map(|(_, version)| version));
        let resolution = entry.get("resolution");
        let field = |name| resolution.and_then(|resolution| resolution.str(name));
        package.source = match (field("type"), field("repo"), field("tarball")) {
            (Some("directory"), ..) => SourceKind::Path,
            (_, Some(repository), _) => {
                SourceKind::Git { url: clean_url(repository), revision: field("commit").map(str::to_owned) }
            }
            (_, _, Some(tarball)) => npm_spec::source(tarball),
            _ => parts.map_or(SourceKind::Registry, |(_, version)| npm_spec::source(version)),
        };
        package.version = version.filter(|text| npm_spec::version(text).is_some()).map(str::to_owned);
        package.hashes = field("integrity").map(integrity).unwrap_or_default();
        package.deprecated = entry.str("deprecated").map(str::to_owned);
        let id = u32::try_from(manifest.packages.len()).unwrap_or(u32::MAX);
        manifest.packages.push(package);
        self.keys.insert(base, id);
        self.keys.insert(text, id);
        self.entries.push((id, entry));
    }

    fn importer(&mut self, manifest: &mut Manifest, importer: Value<'t>) {
        let fields = [
            ("dependencies", Scope::Runtime),
            ("optionalDependencies", Scope::Optional),
            ("devDependencies", Scope::Development),
        ];
        let specifiers: HashMap<&str, &str> = importer
            .get("specifiers")
            .into_iter()
            .flat_map(Value::entries)
            .filter_map(|(name, range)| Some((name.as_str()?, range.as_str()?)))
            .collect();
        for (field, scope) in fields {
            for (name, wish) in importer.get(field).into_iter().flat_map(Value::entries) {
                let Some(name) = name.as_str() else { continue };
                let Some(reference) = wish.str("version").or(wish.as_str()) else { continue };
                let Some(id) = self.find(name, reference) else { continue };
                let requirement = wish.str("specifier").or_else(|| specifiers.get(name).copied());
                if let Some(package) = manifest.packages.get_mut(id as usize) {
                    package.requirement = requirement.map(str::to_owned);
                }
                self.roots.push((id, scope));
            }
        }
    }

    fn edges(&self, manifest: &mut Manifest) {
        for (id, entry) in &self.entries {
            for field in ["dependencies", "optionalDependencies"] {
                for (name, reference) in entry.get(field).into_iter().flat_map(Value::entries) {
                    let (Some(name), Some(reference)) = (name.as_str(), reference.as_str()) else { continue };
                    let target = self.find(name, reference);
                    if let (Some(target), Some(package)) = (target, manifest.packages.get_mut(*id as usize)) {
                        package.dependencies.push(target);
                    }
                }
            }
        }
    }

    /// The package that a name and a reference mean; none for a link to a member.
    fn find(&self, name: &str, reference: &str) -> Option<u32> {
        if reference.starts_with("link:") {
            return None;
        }
        let reference = without_peers(reference, self.old);
        let get = |key: &str| self.keys.get(key).copied();
        get(&format!("{name}@{reference}"))
            .or_else(|| get(&format!("/{name}@{reference}")))
            .or_else(|| get(&format!("/{name}/{reference}")))
            .or_else(|| get(reference))
            .or_else(|| get(&format!("/{reference}")))
    }
}

/// A key or reference without what says which peers it was linked with: `(peer@1)`, before version 6 `_peer@1`.
fn without_peers(key: &str, old: bool) -> &str {
    if !old {
        return match key.find('(') {
            Some(at) if at > 0 => &key[..at],
            _ => key,
        };
    }
    // The peers may hold slashes, so the version is the part right behind the name. Addresses are left as they stand.
    let skip = match key.as_bytes() {
        [b'/', b'@', ..] => 3,
        [b'/', ..] => 2,
        [b'0'..=b'9', ..] => 0,
        _ => return key,
    };
    let start = match skip {
        0 => Some(0),
        skip => key.match_indices('/').nth(skip - 1).map(|(at, _)| at + 1),
    };
    let end = start.and_then(|start| key.get(start..)?.find('_').map(|at| start + at));
    end.and_then(|end| key.get(..end)).unwrap_or(key)
}

/// Name and version of a key without peers.
fn name_and_version(key: &str, old: bool) -> Option<(&str, &str)> {
    let rest = key.strip_prefix('/').unwrap_or(key);
    if !old {
        return npm_spec::split(rest);
    }
    // Perhaps behind a registry's host.
    let (name, version) = rest.rsplit_once('/')?;
    npm_spec::version(version)?;
    let name = match name.split_once('/') {
        Some((host, inner)) if !host.starts_with('@') && host.contains('.') => inner,
        _ => name,
    };
    Some((name, version))
}

#[cfg(test)]
mod tests {
    use super::{name_and_version, parse, without_peers};
    use crate::{Relation, Scope};

    #[test]
    fn keys_of_all_versions_give_name_and_version() {
        let old = [
            ("/a/1.2.3", "a", "1.2.3"),
            ("/a/1.2.3_react@17.0.2", "a", "1.2.3"),
            ("/@s/a/1.2.3_x@1+@t/y@2", "@s/a", "1.2.3"),
            ("/a_b/1.2.3", "a_b", "1.2.3"),
            ("registry.npmjs.org/a/1.2.3", "a", "1.2.3"),
        ];
        let new = [
            ("/a@1.2.3(react@18.0.0)(@s/x@1.0.0)", "a", "1.2.3"),
            ("/@s/a_b@1.2.3", "@s/a_b", "1.2.3"),
            ("@s/a@1.2.3", "@s/a", "1.2.3"),
            ("a@1.2.3-rc.1", "a", "1.2.3-rc.1"),
        ];
        for (cases, before_6) in [(old.as_slice(), true), (&new, false)] {
            for (key, name, version) in cases {
                let base = without_peers(key, before_6);
                assert_eq!(name_and_version(base, before_6), Some((*name, *version)), "{key}");
            }
        }
        assert_eq!(without_peers("1.2.3_react@17.0.2", true), "1.2.3");
    }

    #[test]
    fn version_9_joins_snapshots_and_spreads_scopes() {
        let source = br#"lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a:
        specifier: ^1.0.0
        version: 1.0.0(p@2.0.0)
      m:
        specifier: workspace:*
        version: link:packages/m
    devDependencies:
      al:
        specifier: npm:real@^3
        version: real@3.0.0
  packages/m:
    dependencies:
      p: {specifier: '2', version: 2.0.0}
packages:
  a@1.0.0:
    resolution: {integrity: sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=}
    deprecated: use b
  p@2.0.0:
    resolution: {integrity: sha512-x}
  real@3.0.0:
    resolution: {integrity: sha512-x}
  leaf@4.0.0:
    resolution: {integrity: sha512-x}
snapshots:
  a@1.0.0(p@2.0.0):
    dependencies:
      p: 2.0.0
  p@2.0.0: {}
  real@3.0.0:
    dependencies:
      leaf: 4.0.0
  leaf@4.0.0: {}
"#;
        let manifest = parse("pnpm-lock.yaml", source).unwrap();
        let seen: Vec<_> = manifest.packages.iter().map(|p| (p.name.as_str(), p.relation, p.scope)).collect();
        assert_eq!(
            seen,
            [
                ("a", Relation::Direct, Scope::Runtime),
                ("p", Relation::Direct, Scope::Runtime),
                ("real", Relation::Direct, Scope::Development),
                ("leaf", Relation::Transitive, Scope::Development),
            ]
        );
        assert_eq!(manifest.packages[0].dependencies, [1]);
        assert_eq!(manifest.packages[0].deprecated.as_deref(), Some("use b"));
        assert_eq!(manifest.packages[0].hashes.len(), 1);
        assert_eq!(manifest.links.len(), 1);
    }
}
