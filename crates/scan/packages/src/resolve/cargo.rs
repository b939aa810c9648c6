//! What packages of a `Cargo.lock` are for, told by the `Cargo.toml` files of the workspace.
//!
//! A lock file has edges without kinds. The manifests state kinds of the project's own edges; behind those, all edges count as
//! part of what they hang on: a build script of a far package makes its dependencies look like part of what runs, never the
//! other way around.

use crate::{Manifest, Package, Scope, SourceKind};
use std::collections::{BTreeSet, HashMap};

/// Sets the scope of every package of `lock` to the one nearest to what runs, over all ways that lead to it from the manifests
/// of the project's own packages. What no manifest reaches keeps the scope it has.
///
/// `manifests` are those of the workspace, in any order; one whose root is not in the lock file is passed over. Packages that
/// are asked for only by paths (`path = …`) outside the manifests given are taken as runtime. Linear in edges.
pub fn assign_scopes(lock: &mut Manifest, manifests: &[&Manifest]) {
    let mut kinds: HashMap<&str, HashMap<&str, BTreeSet<Scope>>> = HashMap::new();
    for manifest in manifests {
        let Some(name) = manifest.root.as_ref().and_then(|root| root.name.as_deref()) else { continue };
        let asked = kinds.entry(name).or_default();
        for package in &manifest.packages {
            asked.entry(&package.name).or_default().insert(package.scope);
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
    use super::assign_scopes;
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
}
