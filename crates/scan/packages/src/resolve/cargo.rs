//! What packages of a `Cargo.lock` are for, told by the `Cargo.toml` files of the workspace.
//!
//! A lock file has edges without kinds. The manifests state kinds of the project's own edges; behind those, all edges count as
//! part of what they hang on: a build script of a far package makes its dependencies look like part of what runs, never the
//! other way around.

use crate::format::cargo_toml;
use crate::package::LinkKind;
use crate::{Manifest, Package, Scope, SourceKind};
use std::collections::{BTreeSet, HashMap};

/// Gives a member of a workspace what it leaves to the workspace's own manifest: the packages behind `workspace = true`, with
/// their real names, and the version and licence of the member itself. What the workspace does not lay down stays open.
///
/// A manifest that holds the workspace itself needs this not. Linear in both.
pub fn inherit(member: &mut Manifest, workspace: &Manifest) {
    let shared: HashMap<&str, &Package> = workspace.managed.iter().map(|it| (key_of(it), it)).collect();
    for package in member.packages.iter_mut().filter(|it| it.inherits && it.requirement.is_none()) {
        let Some(found) = shared.get(package.name.as_str()) else { continue };
        // Code imports it under the name by which it was asked for.
        if package.name != found.name {
            package.qualifiers.push((cargo_toml::KEY.to_owned(), package.name.clone()));
        }
        package.name.clone_from(&found.name);
        package.version.clone_from(&found.version);
        package.requirement.clone_from(&found.requirement);
        package.source.clone_from(&found.source);
    }
    if let Some(root) =
        member.root.as_mut().filter(|_| member.links.iter().any(|it| it.kind == LinkKind::Parent))
    {
        let property =
            |name: &str| workspace.properties.iter().find(|(key, _)| key == name).map(|(_, value)| value);
        if root.version.is_none() {
            root.version = property("package.version").cloned();
        }
        if root.licences.is_empty() {
            root.licences.extend(property("package.license").map(|words| cargo_toml::licence(words)));
        }
    }
}

/// The key by which members ask for a package of the workspace.
fn key_of(package: &Package) -> &str {
    let stated = package.qualifiers.iter().find(|(name, _)| name == cargo_toml::KEY);
    stated.map_or(package.name.as_str(), |(_, key)| key)
}

/// Sets the scope of every package of `lock` to the one nearest to what runs, over all ways that lead to it from the manifests
/// of the project's own packages. What no manifest reaches keeps the scope it has.
///
/// `manifests` are those of the workspace, in any order; one whose root is not in the lock file is passed over. Packages that
/// are asked for only by paths (`path = …`) outside the manifests given are taken as runtime. Linear in edges.
pub fn assign_scopes(lock: &mut Manifest, manifests: &[&Manifest]) {
    let renamed: HashMap<&str, &str> = manifests
        .iter()
        .flat_map(|manifest| &manifest.managed)
        .map(|package| (key_of(package), package.name.as_str()))
        .filter(|(key, name)| key != name)
        .collect();
    let mut kinds: HashMap<&str, HashMap<&str, BTreeSet<Scope>>> = HashMap::new();
    for manifest in manifests {
        let Some(name) = manifest.root.as_ref().and_then(|root| root.name.as_deref()) else { continue };
        let asked = kinds.entry(name).or_default();
        for package in &manifest.packages {
            let name = renamed.get(package.name.as_str()).filter(|_| package.inherits);
            asked.entry(name.unwrap_or(&package.name.as_str())).or_default().insert(package.scope);
        }
    }
    if kinds.is_empty() {
        return;
    }
    let is_own =
        |package: &Package| package.source == SourceKind::Path && kinds.contains_key(package.name.as_str());
    // Roots: the project's own packages that none of the others asks for except in tests.
    let mut asked = vec![false; lock.packages.len()];
    for package in lock.packages.iter().filter(|package| is_own(package)) {
        for &index in &package.dependencies {
            let Some(other) = lock.packages.get(index as usize) else { continue };
            let only_tests = edge(&kinds, package, other) == Scope::Development;
            if let Some(seen) = asked.get_mut(index as usize).filter(|_| !only_tests) {
                *seen = true;
            }
        }
    }
    let mut best: Vec<Option<Scope>> = vec![None; lock.packages.len()];
    let mut queue: [Vec<usize>; 4] = Default::default();
    for (index, package) in lock.packages.iter().enumerate() {
        if is_own(package) && !asked.get(index).copied().unwrap_or(false) {
            queue[0].push(index);
        }
    }
    // Nearest to what runs first, so that each package is settled once.
    let order = [Scope::Runtime, Scope::Optional, Scope::Build, Scope::Development];
    for level in 0..order.len() {
        while let Some(index) = queue[level].pop() {
            let Some(package) = lock.packages.get(index) else { continue };
            let Some(slot) = best.get_mut(index).filter(|slot| slot.is_none()) else { continue };
            *slot = Some(order[level]);
            for &next in &package.dependencies {
                let Some(other) = lock.packages.get(next as usize) else { continue };
                let scope = edge(&kinds, package, other).max(order[level]);
                let at = order.iter().position(|it| *it == scope).unwrap_or(0);
                queue[at].push(next as usize);
            }
        }
    }
    for (package, scope) in lock.packages.iter_mut().zip(best) {
        if let Some(scope) = scope {
            package.scope = scope;
        }
    }
}

/// What one package needs another for: stated for the project's own, runtime for the rest.
fn edge(kinds: &HashMap<&str, HashMap<&str, BTreeSet<Scope>>>, from: &Package, to: &Package) -> Scope {
    if from.source != SourceKind::Path {
        return Scope::Runtime;
    }
    let stated = kinds.get(from.name.as_str()).and_then(|asked| asked.get(to.name.as_str()));
    stated.and_then(|scopes| scopes.first().copied()).unwrap_or(Scope::Runtime)
}

#[cfg(test)]
mod tests {
    use super::{assign_scopes, inherit};
    use crate::{Scope, format};

    fn read(path: &str, text: &str) -> crate::Manifest {
        (format::of(path).unwrap().parse)(path, text.as_bytes()).unwrap()
    }

    #[test]
    fn the_way_nearest_to_what_runs_counts() {
        let mut text = String::from("version = 4\n");
        for (name, dependencies, own) in [
            ("app", "\"run\", \"made\", \"tested\", \"maybe\"", true),
            ("run", "\"both\"", false),
            ("made", "\"deep\", \"both\"", false),
            ("deep", "", false),
            ("both", "", false),
            ("tested", "\"made\", \"only\"", false),
            ("only", "", false),
            ("maybe", "", false),
        ] {
            let source =
                if own { "" } else { "source = \"registry+https://github.com/rust-lang/crates.io-index\"\n" };
            text.push_str(&format!(
                "[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\n{source}dependencies = [{dependencies}]\n"
            ));
        }
        let mut lock = read("Cargo.lock", &text);
        let manifest = read(
            "Cargo.toml",
            "[package]\nname = \"app\"\n[dependencies]\nrun = \"1\"\nmaybe = { version = \"1\", optional = true }\n\
             [build-dependencies]\nmade = \"1\"\n[dev-dependencies]\ntested = \"1\"\nrun = \"1\"\n",
        );
        assign_scopes(&mut lock, &[&manifest]);
        let scopes: Vec<_> = lock.packages.iter().map(|it| (it.name.as_str(), it.scope)).collect();
        assert_eq!(
            scopes,
            [
                ("app", Scope::Runtime),
                ("run", Scope::Runtime),
                ("made", Scope::Build),
                ("deep", Scope::Build),
                ("both", Scope::Runtime),
                ("tested", Scope::Development),
                ("only", Scope::Development),
                ("maybe", Scope::Optional),
            ]
        );
    }

    #[test]
    fn members_inherit_from_their_workspace() {
        let workspace = read(
            "Cargo.toml",
            "[workspace]\nmembers = [\"m\"]\n[workspace.package]\nversion = \"2.0.0\"\nlicense = \"MIT/ISC\"\n\
             [workspace.dependencies]\nshort = { version = \"=1.0.0\", package = \"long\" }\nplain = \"3\"\n",
        );
        let mut member = read(
            "m/Cargo.toml",
            "[package]\nname = \"m\"\nversion.workspace = true\nlicense.workspace = true\n\
             [dev-dependencies]\nshort.workspace = true\nplain = { workspace = true }\ngone.workspace = true\n",
        );
        let mut lock = read(
            "Cargo.lock",
            "version = 4\n[[package]]\nname = \"m\"\nversion = \"2.0.0\"\ndependencies = [\"long\"]\n[[package]]\nname = \"long\"\n\
             version = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n",
        );
        assign_scopes(&mut lock, &[&workspace, &member]);
        assert_eq!(lock.packages[1].scope, Scope::Development);
        inherit(&mut member, &workspace);
        let all: Vec<_> =
            member.packages.iter().map(|it| (it.name.as_str(), it.requirement.as_deref())).collect();
        assert_eq!(all, [("long", Some("=1.0.0")), ("plain", Some("3")), ("gone", None)]);
        let root = member.root.unwrap();
        assert_eq!(
            (root.version.as_deref(), root.licences.as_slice()),
            (Some("2.0.0"), ["MIT OR ISC".to_owned()].as_slice())
        );
    }
}
