//! npm's lock files: `package-lock.json` of lockfile versions 1, 2 and 3, `npm-shrinkwrap.json`, and the hidden lock file
//! `node_modules/.package-lock.json`.
//!
//! Facts: npm's documentation of package-lock.json. Versions 2 and 3 list `packages` by folder; version 1 nests
//! `dependencies`, which is brought into the same shape. Edges are resolved as Node does: from the package's own
//! `node_modules` outwards.

use super::json::{self, Object, Text, Value};
use super::source::{file_name, guess_direct, integrity, spread, tidy};
use super::{MAX_PACKAGES, note, npm_spec};
use crate::package::{Link, LinkKind, Root};
use crate::{Ecosystem, Manifest, Package, ParseError, Scope, SourceKind};
use std::collections::HashMap;

/// Longest folder path that is looked at. Looking outwards costs its length times [`MAX_LEVELS`] for each edge.
const MAX_PATH: usize = 2048;

/// Folders outwards that an edge is looked for.
const MAX_LEVELS: usize = 64;

/// Whether a path is npm's lock file.
pub fn matches(path: &str) -> bool {
    matches!(file_name(path), "package-lock.json" | "npm-shrinkwrap.json" | ".package-lock.json")
}

/// Reads it.
///
/// # Errors
/// Where it is not a JSON object, or has neither `packages` nor `dependencies` nor a lockfile version.
pub fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let (root, problems) = json::parse_object(bytes)?;
    let mut manifest = Manifest { resolved: true, problems, ..Manifest::default() };
    let mut folders = Vec::new();
    let nested = root.object("packages").is_none();
    match (root.object("packages"), root.get("dependencies")) {
        (Some(packages), _) => collect_flat(packages, &mut folders, &mut manifest),
        (None, Some(Value::Object(dependencies))) => {
            collect_nested("", dependencies, &mut folders, &mut manifest)
        }
        _ if root.get("lockfileVersion").is_some() => {}
        _ => {
            return Err(ParseError {
                line: 1,
                reason: "no `packages` and no `dependencies`: not npm's lock file".into(),
            });
        }
    }
    let own = root.object("packages").and_then(|packages| packages.object("")).unwrap_or(&root);
    manifest.root = Some(Root {
        name: own.str("name").or_else(|| root.str("name")).map(str::to_owned),
        version: own.str("version").or_else(|| root.str("version")).map(str::to_owned),
        licences: npm_spec::licences(own),
    });
    connect(&folders, nested, &mut manifest);
    Ok(manifest)
}

/// A folder of the tree that npm lays out.
struct Folder<'a> {
    path: String,
    entry: &'a Object<'a>,
    /// The package that lies there; `None` for the project, its members, and links.
    package: Option<u32>,
    /// Where a link leads.
    link: Option<&'a str>,
}

fn collect_flat<'a>(packages: &'a Object<'a>, folders: &mut Vec<Folder<'a>>, manifest: &mut Manifest) {
    for (key, value) in &packages.entries {
        let Some(entry) = value.as_object() else {
            note(&mut manifest.problems, key.span.start, "the package is no object");
            continue;
        };
        if key.text.len() > MAX_PATH {
            note(&mut manifest.problems, key.span.start, "the path is too long");
            continue;
        }
        let path = key.text.clone().into_owned();
        let name = path.rfind("node_modules/").and_then(|at| path.get(at + "node_modules/".len()..));
        let mut folder = Folder { path: path.clone(), entry, package: None, link: None };
        match name {
            _ if entry.flag("link") => folder.link = entry.str("resolved"),
            Some(name) => {
                let name = entry.str("name").unwrap_or(name);
                folder.package = add(manifest, name, entry.str("version"), entry.str("resolved"), entry, key);
            }
            None if !path.is_empty() => manifest.links.push(Link {
                kind: LinkKind::Member,
                path,
                coordinates: None,
                span: key.span.clone(),
            }),
            None => {}
        }
        folders.push(folder);
    }
}

/// Version 1. Nesting is bounded by the JSON reader's depth.
fn collect_nested<'a>(
    parent: &str,
    dependencies: &'a Object<'a>,
    folders: &mut Vec<Folder<'a>>,
    manifest: &mut Manifest,
) {
    for (key, value) in &dependencies.entries {
        let Some(entry) = value.as_object() else {
            note(&mut manifest.problems, key.span.start, "the package is no object");
            continue;
        };
        let slash = if parent.is_empty() { "" } else { "/" };
        let path = format!("{parent}{slash}node_modules/{}", key.text);
        if path.len() > MAX_PATH {
            note(&mut manifest.problems, key.span.start, "the path is too long");
            continue;
        }
        let written = entry.str("version");
        let (name, version, resolved) = match written.map(|text| (text, npm_spec::alias(text))) {
            Some((_, Some((name, version)))) => (name, Some(version), entry.str("resolved")),
            Some((text, None)) if npm_spec::source(text) != SourceKind::Registry => {
                (key.text.as_ref(), None, Some(text))
            }
            _ => (key.text.as_ref(), written, entry.str("resolved")),
        };
        let package = add(manifest, name, version, resolved, entry, key);
        folders.push(Folder { path: path.clone(), entry, package, link: None });
        if let Some(inner) = entry.object("dependencies") {
            collect_nested(&path, inner, folders, manifest);
        }
    }
}

fn add(
    manifest: &mut Manifest,
    name: &str,
    version: Option<&str>,
    resolved: Option<&str>,
    entry: &Object<'_>,
    key: &Text<'_>,
) -> Option<u32> {
    let id = manifest.packages.len();
    if id >= MAX_PACKAGES {
        note(
            &mut manifest.problems,
            key.span.start,
            format!("more than {MAX_PACKAGES} packages; the rest is left out"),
        );
        return None;
    }
    let mut package = Package::new(Ecosystem::Npm, name, key.span.clone());
    package.version = version.map(str::to_owned);
    package.source = npm_spec::source(resolved.unwrap_or(""));
    // Both flags: optional for something that only developers need. `devOptional`: needed by both worlds.
    package.scope = match (entry.flag("dev"), entry.flag("optional") || entry.flag("devOptional")) {
        (true, _) => Scope::Development,
        (false, true) => Scope::Optional,
        (false, false) => Scope::Runtime,
    };
    package.licences = npm_spec::licences(entry);
    package.hashes = entry.str("integrity").map(integrity).unwrap_or_default();
    package.deprecated = entry.str("deprecated").map(str::to_owned);
    manifest.packages.push(package);
    u32::try_from(id).ok()
}

/// Fills in edges and relations.
fn connect(folders: &[Folder<'_>], nested: bool, manifest: &mut Manifest) {
    let by_path: HashMap<&str, usize> =
        folders.iter().enumerate().map(|(index, folder)| (folder.path.as_str(), index)).collect();
    let mut roots = Vec::new();
    let mut has_project = false;
    for folder in folders {
        let project = folder.package.is_none() && folder.link.is_none();
        has_project |= project;
        let flat = ["dependencies", "optionalDependencies", "peerDependencies", "devDependencies"];
        let fields: &[&str] = match (nested, project) {
            (true, _) => &["requires"],
            (false, true) => &flat,
            (false, false) => &flat[..3],
        };
        for &field in fields {
            let Some(wishes) = folder.entry.object(field) else { continue };
            for (name, wish) in &wishes.entries {
                let Some(target) = resolve(&by_path, folders, &folder.path, &name.text) else { continue };
                match folder.package.and_then(|id| manifest.packages.get_mut(id as usize)) {
                    Some(package) => package.dependencies.push(target),
                    None => {
                        roots.push((target, Scope::Runtime));
                        if let Some(package) = manifest.packages.get_mut(target as usize) {
                            package.requirement = wish.as_str().map(str::to_owned);
                        }
                    }
                }
            }
        }
    }
    tidy(manifest);
    if has_project {
        // npm computed the scopes already; only who is asked for directly is wanted.
        let scopes: Vec<Scope> = manifest.packages.iter().map(|package| package.scope).collect();
        spread(manifest, &roots);
        for (package, scope) in manifest.packages.iter_mut().zip(scopes) {
            package.scope = scope;
        }
    } else {
        guess_direct(manifest);
    }
}

/// The package that Node finds under a name from a folder, links followed.
fn resolve(by_path: &HashMap<&str, usize>, folders: &[Folder<'_>], from: &str, name: &str) -> Option<u32> {
    let mut place = from;
    let mut candidate = String::with_capacity(place.len() + name.len() + 16);
    for _ in 0..MAX_LEVELS {
        candidate.clear();
        candidate.push_str(place);
        if !place.is_empty() {
            candidate.push('/');
        }
        candidate.push_str("node_modules/");
        candidate.push_str(name);
        if let Some(folder) = by_path.get(candidate.as_str()).and_then(|index| folders.get(*index)) {
            let end = match folder.link {
                Some(target) => by_path.get(target).and_then(|index| folders.get(*index))?,
                None => folder,
            };
            return end.package;
        }
        if place.is_empty() {
            return None;
        }
        // Outwards to the next folder that may hold a `node_modules`: not one of that name, nor a scope in it.
        place = match place.rfind('/') {
            Some(at) => &place[..at],
            None => "",
        };
        if let Some(at) = place.rfind("node_modules") {
            let rest = &place[at + "node_modules".len()..];
            if rest.is_empty() || (rest.starts_with("/@") && !rest[1..].contains('/')) {
                place = place[..at].trim_end_matches('/');
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::{Relation, Scope, SourceKind};

    const FLAT: &str = r#"{"name": "r", "version": "1.0.0", "lockfileVersion": 3, "packages": {
  "": {"name": "r", "version": "1.0.0", "license": "MIT", "workspaces": ["m"],
    "dependencies": {"a": "^1", "al": "npm:real@^2"}, "devDependencies": {"d": "1"}},
  "m": {"name": "m", "version": "0.1.0", "dependencies": {"b": "^2"}},
  "m/node_modules/b": {"version": "2.0.0", "resolved": "https://registry.npmjs.org/b/-/b-2.0.0.tgz"},
  "node_modules/m": {"resolved": "m", "link": true},
  "node_modules/a": {"version": "1.0.0", "license": "ISC", "integrity": "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
    "dependencies": {"b": "^1", "@s/c": "1", "m": "*"}, "deprecated": "use z"},
  "node_modules/a/node_modules/@s/c": {"version": "1.0.0", "dependencies": {"b": "^1"}},
  "node_modules/b": {"version": "1.0.0"},
  "node_modules/al": {"name": "real", "version": "2.0.0"},
  "node_modules/d": {"version": "1.0.0", "resolved": "git+ssh://git@h.example/d.git#abc", "dev": true}
}}"#;

    #[test]
    fn folders_are_resolved_as_node_does() {
        let manifest = parse("package-lock.json", FLAT.as_bytes()).unwrap();
        let seen: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| {
                (p.name.as_str(), p.version.as_deref().unwrap_or(""), p.relation, p.dependencies.as_slice())
            })
            .collect();
        let (direct, transitive) = (Relation::Direct, Relation::Transitive);
        let expected: [(&str, &str, Relation, &[u32]); 6] = [
            ("b", "2.0.0", direct, &[]),
            ("a", "1.0.0", direct, &[2, 3]),
            ("@s/c", "1.0.0", transitive, &[3]),
            ("b", "1.0.0", transitive, &[]),
            ("real", "2.0.0", direct, &[]),
            ("d", "1.0.0", direct, &[]),
        ];
        assert_eq!(seen, expected);
        assert_eq!(manifest.packages[5].scope, Scope::Development);
        assert!(matches!(manifest.packages[5].source, SourceKind::Git { .. }));
        assert_eq!(manifest.packages[1].deprecated.as_deref(), Some("use z"));
        assert_eq!(manifest.packages[1].hashes, ["sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709"]);
        assert_eq!(manifest.links.len(), 1);
        assert_eq!(&FLAT[manifest.packages[2].span.clone()], "node_modules/a/node_modules/@s/c");
    }

    #[test]
    fn version_1_nests_and_gives_the_same_edges() {
        let source = br#"{"name": "r", "lockfileVersion": 1, "requires": true, "dependencies": {
  "a": {"version": "1.0.0", "requires": {"b": "^2", "c": "1"}, "dependencies": {
    "b": {"version": "2.0.0", "requires": {"c": "1"}}}},
  "b": {"version": "1.0.0", "optional": true},
  "c": {"version": "npm:real@1.0.0"},
  "g": {"version": "git+https://h.example/g.git#abc", "from": "g"}
}}"#;
        let manifest = parse("package-lock.json", source).unwrap();
        let seen: Vec<_> =
            manifest.packages.iter().map(|p| (p.name.as_str(), p.dependencies.as_slice())).collect();
        let expected: [(&str, &[u32]); 5] =
            [("a", &[1, 3]), ("b", &[3]), ("b", &[]), ("real", &[]), ("g", &[])];
        assert_eq!(seen, expected);
        assert_eq!(manifest.packages[0].relation, Relation::Direct);
        assert_eq!(manifest.packages[3].relation, Relation::Unknown);
        assert_eq!(manifest.packages[3].version.as_deref(), Some("1.0.0"));
        assert_eq!(manifest.packages[4].version, None);
    }

    #[test]
    fn broken_files_are_errors_and_broken_entries_are_problems() {
        assert_eq!(parse("p", b"{\n\"packages\": {\n").unwrap_err().line, 3);
        assert!(parse("p", b"{}").is_err());
        let manifest =
            parse("p", br#"{"packages": {"node_modules/a": 1, "node_modules/b": {"version": "1.0.0"}}}"#);
        let manifest = manifest.unwrap();
        assert_eq!((manifest.packages.len(), manifest.problems.len()), (1, 1));
    }
}
