//! `bun.lock`: JSON with comments and trailing commas. The older binary `bun.lockb` is not read, and says what to do.
//!
//! `packages` maps a place (`name`, or `outer/name` where another version lies inside `outer`) to a list: first
//! `name@version`, then by kind an address, an object with the package's own wishes, a checksum.

use super::json::{self, Object, Value};
use super::source::{file_name, integrity, spread, tidy};
use super::{MAX_PACKAGES, note, npm_spec};
use crate::package::{Link, LinkKind, Root};
use crate::{Ecosystem, Manifest, Package, ParseError, Scope, SourceKind};
use std::collections::HashMap;

/// Whether a path is bun's lock file.
pub fn matches(path: &str) -> bool {
    matches!(file_name(path), "bun.lock" | "bun.lockb")
}

/// Reads it.
///
/// # Errors
/// Where it is the binary kind, not JSON, or has no `lockfileVersion`.
pub fn parse(path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    if file_name(path) == "bun.lockb" {
        let reason = "binary lock file: `bun install --save-text-lockfile --frozen-lockfile --lockfile-only` writes bun.lock";
        return Err(ParseError { line: 1, reason: reason.to_owned() });
    }
    let plain = json::plain(bytes);
    let (root, problems) = json::parse_object(&plain)?;
    if root.get("lockfileVersion").is_none() {
        return Err(ParseError { line: 1, reason: "no `lockfileVersion`: not bun's lock file".into() });
    }
    let mut manifest = Manifest { resolved: true, problems, ..Manifest::default() };
    let mut places: HashMap<&str, Option<u32>> = HashMap::new();
    let mut wishes: Vec<(&str, u32, &Object<'_>)> = Vec::new();
    for (key, value) in root.object("packages").into_iter().flat_map(|object| &object.entries) {
        let items = value.as_array().unwrap_or_default();
        let Some((name, version)) = items.first().and_then(Value::as_str).and_then(npm_spec::split) else {
            note(&mut manifest.problems, key.span.start, "a package without name and version");
            continue;
        };
        if version.starts_with("workspace:") {
            places.insert(&key.text, None);
            continue;
        }
        if manifest.packages.len() >= MAX_PACKAGES {
            let reason = format!("more than {MAX_PACKAGES} packages; the rest is left out");
            note(&mut manifest.problems, key.span.start, reason);
            break;
        }
        let mut package = Package::new(Ecosystem::Npm, name, key.span.clone());
        package.source = npm_spec::source(version);
        package.version = (package.source == SourceKind::Registry).then(|| version.to_owned());
        let hash = items.iter().skip(1).filter_map(Value::as_str).rfind(|text| text.starts_with("sha"));
        package.hashes = hash.map(integrity).unwrap_or_default();
        let id = u32::try_from(manifest.packages.len()).unwrap_or(u32::MAX);
        manifest.packages.push(package);
        places.insert(&key.text, Some(id));
        if let Some(own) = items.iter().find_map(Value::as_object) {
            wishes.push((&key.text, id, own));
        }
    }
    for (place, id, own) in wishes {
        for field in ["dependencies", "optionalDependencies", "peerDependencies"] {
            for (name, _) in own.object(field).into_iter().flat_map(|object| &object.entries) {
                let target = find(&places, place, &name.text);
                if let (Some(target), Some(package)) = (target, manifest.packages.get_mut(id as usize)) {
                    package.dependencies.push(target);
                }
            }
        }
    }
    let roots = importers(&root, &places, &mut manifest);
    tidy(&mut manifest);
    spread(&mut manifest, &roots);
    Ok(manifest)
}

fn importers(
    root: &Object<'_>,
    places: &HashMap<&str, Option<u32>>,
    manifest: &mut Manifest,
) -> Vec<(u32, Scope)> {
    let mut roots = Vec::new();
    for (path, importer) in root.object("workspaces").into_iter().flat_map(|object| &object.entries) {
        let Some(importer) = importer.as_object() else { continue };
        let name = importer.str("name");
        if path.text.is_empty() {
            let version = importer.str("version").map(str::to_owned);
            manifest.root = Some(Root { name: name.map(str::to_owned), version, licences: Vec::new() });
        } else {
            let (kind, span) = (LinkKind::Member, path.span.clone());
            manifest.links.push(Link { kind, path: path.text.clone().into_owned(), coordinates: None, span });
        }
        let fields = [
            ("dependencies", Scope::Runtime),
            ("optionalDependencies", Scope::Optional),
            ("peerDependencies", Scope::Runtime),
            ("devDependencies", Scope::Development),
        ];
        for (field, scope) in fields {
            for (wish, range) in importer.object(field).into_iter().flat_map(|object| &object.entries) {
                let Some(id) = find(places, name.unwrap_or(""), &wish.text) else { continue };
                roots.push((id, scope));
                if let Some(package) = manifest.packages.get_mut(id as usize) {
                    package.requirement = range.as_str().map(str::to_owned);
                }
            }
        }
    }
    roots
}

/// The package that a name means from a place: inside it first, then outwards.
fn find(places: &HashMap<&str, Option<u32>>, place: &str, name: &str) -> Option<u32> {
    // Deeper nesting than folders allow is no real file.
    const LEVELS: usize = 64;
    let mut place = place;
    for _ in 0..LEVELS {
        if place.is_empty() {
            break;
        }
        if let Some(found) = places.get(format!("{place}/{name}").as_str()) {
            return *found;
        }
        place = match place.rfind('/') {
            Some(at) => &place[..at],
            None => "",
        };
        // A scope alone is no package.
        let last = place.rfind('/').map_or(0, |at| at + 1);
        if place[last..].starts_with('@') {
            place = place[..last].trim_end_matches('/');
        }
    }
    places.get(name).copied().flatten()
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::{Relation, Scope};

    #[test]
    fn nested_places_and_members() {
        let source = br#"{
  "lockfileVersion": 1,
  "workspaces": {
    "": { "name": "root", "dependencies": { "a": "^1", "@s/m": "workspace:*", }, "devDependencies": { "d": "1", }, },
    "packages/m": { "name": "@s/m", "dependencies": { "b": "^1", }, },
  },
  "packages": {
    "@s/m": ["@s/m@workspace:packages/m"],
    "a": ["a@1.0.0", "", { "dependencies": { "b": "^2" } }, "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="],
    "a/b": ["b@2.0.0", "", {}, "sha512-x"],
    "b": ["b@1.0.0", "", {}, "sha512-x"],
    "d": ["d@github:u/r#abc", {}, "u-r-abc"],
  }
}"#;
        let manifest = parse("bun.lock", source).unwrap();
        let seen: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| (p.name.as_str(), p.version.as_deref(), p.relation, p.scope))
            .collect();
        assert_eq!(
            seen,
            [
                ("a", Some("1.0.0"), Relation::Direct, Scope::Runtime),
                ("b", Some("2.0.0"), Relation::Transitive, Scope::Runtime),
                ("b", Some("1.0.0"), Relation::Direct, Scope::Runtime),
                ("d", None, Relation::Direct, Scope::Development),
            ]
        );
        assert_eq!(manifest.packages[0].dependencies, [1]);
        assert_eq!(manifest.links[0].path, "packages/m");
    }

    #[test]
    fn the_binary_kind_says_what_to_do() {
        assert!(parse("bun.lockb", b"\x00\x01").unwrap_err().reason.contains("bun.lock"));
        assert_eq!(parse("bun.lock", b"{\n\"lockfileVersion\": 1,\n\"packages\": {]}").unwrap_err().line, 3);
    }
}
