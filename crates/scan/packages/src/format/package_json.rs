//! `package.json`: what a project asks for, or, inside `node_modules`, one installed package.
//!
//! Which of both is decided by the path. An installed package is the first entry of an inventory; the others are its own
//! wishes, without versions, so that whoever has the whole inventory can draw the edges.

use super::cargo_toml::KEY;
use super::json::{self, Object, Value};
use super::source::file_name;
use super::{MAX_PACKAGES, note, npm_spec};
use crate::package::{Link, LinkKind, Root};
use crate::{Ecosystem, Manifest, Package, ParseError, Relation, Scope, SourceKind};

/// Whether a path is a project's or an installed package's file; files deeper inside an installed package are not.
pub fn matches(path: &str) -> bool {
    if file_name(path) != "package.json" {
        return false;
    }
    match inside(path) {
        None => true,
        Some(rest) => {
            let parts = rest.split('/').count();
            let scoped = rest.starts_with('@');
            parts == if scoped { 3 } else { 2 }
        }
    }
}

/// What follows the last `node_modules/`.
fn inside(path: &str) -> Option<&str> {
    match path.rfind("/node_modules/") {
        Some(at) => path.get(at + "/node_modules/".len()..),
        None => path.strip_prefix("node_modules/"),
    }
}

/// Reads it.
///
/// # Errors
/// Where it is not a JSON object.
pub fn parse(path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let (root, problems) = json::parse_object(bytes)?;
    let mut manifest = Manifest { problems, ..Manifest::default() };
    match inside(path) {
        Some(rest) => installed(&root, rest, &mut manifest),
        None => project(&root, &mut manifest),
    }
    Ok(manifest)
}

fn project(root: &Object<'_>, manifest: &mut Manifest) {
    manifest.root = Some(Root {
        name: root.str("name").map(str::to_owned),
        version: root.str("version").map(str::to_owned),
        licences: npm_spec::licences(root),
    });
    let fields = [
        ("dependencies", Scope::Runtime),
        ("optionalDependencies", Scope::Optional),
        ("peerDependencies", Scope::Runtime),
        ("devDependencies", Scope::Development),
    ];
    for (field, scope) in fields {
        wishes(root, field, scope, Relation::Direct, manifest);
    }
    let members = match root.get("workspaces") {
        Some(Value::Array(items)) => items,
        Some(Value::Object(object)) => object.array("packages"),
        _ => &[],
    };
    for member in members.iter().filter_map(Value::as_text) {
        let (kind, span) = (LinkKind::Member, member.span.clone());
        manifest.links.push(Link { kind, path: member.text.clone().into_owned(), coordinates: None, span });
    }
}

fn installed(root: &Object<'_>, rest: &str, manifest: &mut Manifest) {
    manifest.resolved = true;
    let folder = rest.strip_suffix("/package.json").unwrap_or(rest);
    let (name, span) = match root.entry("name").map(|(key, value)| (key, value.as_text())) {
        Some((_, Some(text))) => (text.text.as_ref(), text.span.clone()),
        _ => (folder, 0..0),
    };
    let mut package = Package::new(Ecosystem::Npm, name, span);
    package.version = root.str("version").map(str::to_owned);
    if package.version.is_none() {
        note(&mut manifest.problems, package.span.start, "an installed package without a version");
    }
    package.licences = npm_spec::licences(root);
    package.deprecated = root.str("deprecated").map(str::to_owned);
    manifest.packages.push(package);
    let fields = [
        ("dependencies", Scope::Runtime),
        ("optionalDependencies", Scope::Optional),
        ("peerDependencies", Scope::Runtime),
    ];
    for (field, scope) in fields {
        wishes(root, field, scope, Relation::Transitive, manifest);
    }
    for wish in manifest.packages.iter_mut().skip(1) {
        wish.version = None;
    }
    let edges = 1..u32::try_from(manifest.packages.len()).unwrap_or(u32::MAX);
    if let Some(package) = manifest.packages.first_mut() {
        package.dependencies = edges.collect();
    }
}

fn wishes(root: &Object<'_>, field: &str, scope: Scope, relation: Relation, manifest: &mut Manifest) {
    let optional = root.object("peerDependenciesMeta").filter(|_| field == "peerDependencies");
    let entries = match root.entry(field) {
        Some((_, Value::Object(object))) => &object.entries,
        Some((_, Value::Null)) | None => return,
        Some((_, Value::Array(items))) if items.is_empty() => return,
        Some((key, _)) => {
            return note(&mut manifest.problems, key.span.start, format!("`{field}` is no object"));
        }
    };
    for (name, value) in entries {
        let Some(spec) = value.as_str() else {
            note(&mut manifest.problems, name.span.start, "the wish is no text");
            continue;
        };
        // Members of the workspace are the project's own.
        if spec.starts_with("workspace:") {
            continue;
        }
        if manifest.packages.len() >= MAX_PACKAGES {
            let reason = format!("more than {MAX_PACKAGES} packages; the rest is left out");
            return note(&mut manifest.problems, name.span.start, reason);
        }
        let (real, range) = npm_spec::alias(spec).unwrap_or((&name.text, spec));
        let mut package = Package::new(Ecosystem::Npm, real, name.span.clone());
        // Code imports a package that was renamed under the name it has here.
        if relation == Relation::Direct && real != name.text {
            package.qualifiers.push((KEY.to_owned(), name.text.clone().into_owned()));
        }
        package.source = npm_spec::source(range);
        if package.source == SourceKind::Registry {
            package.version = npm_spec::version(range).map(str::to_owned);
            package.requirement = Some(range.to_owned());
        }
        let spared =
            optional.and_then(|meta| meta.object(&name.text)).is_some_and(|meta| meta.flag("optional"));
        package.scope = if spared { Scope::Optional } else { scope };
        package.relation = relation;
        manifest.packages.push(package);
    }
}

#[cfg(test)]
mod tests {
    use super::{matches, parse};
    use crate::{Relation, Scope, SourceKind};

    #[test]
    fn a_project_states_wishes() {
        let source = br#"{"name": "r", "version": "1.0.0", "license": "MIT", "workspaces": ["packages/*"],
  "dependencies": {"a": "1.2.3", "b": "^2", "al": "npm:@s/real@~3.0.0", "w": "workspace:*", "f": "file:../f", "bad": 1},
  "devDependencies": {"d": "u/r"}, "peerDependencies": {"p": ">=1"}, "peerDependenciesMeta": {"p": {"optional": true}},
  "overrides": {"a": "9"}}"#;
        let manifest = parse("package.json", source).unwrap();
        assert!(!manifest.resolved);
        let seen: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| (p.name.as_str(), p.version.as_deref(), p.requirement.as_deref(), p.scope))
            .collect();
        assert_eq!(
            seen,
            [
                ("a", Some("1.2.3"), Some("1.2.3"), Scope::Runtime),
                ("b", None, Some("^2"), Scope::Runtime),
                ("@s/real", None, Some("~3.0.0"), Scope::Runtime),
                ("f", None, None, Scope::Runtime),
                ("p", None, Some(">=1"), Scope::Optional),
                ("d", None, None, Scope::Development),
            ]
        );
        assert_eq!(manifest.packages[2].qualifiers, [("key".to_owned(), "al".to_owned())]);
        assert_eq!(manifest.packages[3].source, SourceKind::Path);
        assert_eq!(manifest.problems.len(), 1);
        assert_eq!(manifest.links[0].path, "packages/*");
        assert_eq!(manifest.root.unwrap().licences, ["MIT"]);
    }

    #[test]
    fn an_installed_package_is_told_by_its_path() {
        assert!(matches("a/node_modules/@s/b/package.json"));
        assert!(matches("node_modules/b/package.json"));
        assert!(!matches("node_modules/b/dist/package.json"));
        let source = br#"{"name": "b", "version": "1.0.0", "license": {"type": "ISC"}, "dependencies": {"c": "1.0.0"}}"#;
        let manifest = parse("node_modules/b/package.json", source).unwrap();
        assert!(manifest.resolved && manifest.root.is_none());
        assert_eq!(manifest.packages[0].version.as_deref(), Some("1.0.0"));
        assert_eq!(manifest.packages[0].licences, ["ISC"]);
        assert_eq!(manifest.packages[0].dependencies, [1]);
        assert_eq!(manifest.packages[1].version, None);
        assert_eq!(manifest.packages[1].relation, Relation::Transitive);
    }
}
