//! `yarn.lock` of yarn 2 and later: YAML with `__metadata`.
//!
//! Each entry answers wishes (`name@npm:^1, name@npm:^1.2`) by one `resolution`. An entry of `workspace:` is the project or a
//! member of it. The `checksum` is that of yarn's own archive, not of what the registry serves, and is left out.

use super::source::{clean_url, git, spread, tidy};
use super::{MAX_PACKAGES, note, npm_spec, yaml};
use crate::package::{Link, LinkKind, Root};
use crate::{Ecosystem, Manifest, Package, ParseError, Scope, SourceKind};
use std::collections::HashMap;

/// Reads it.
///
/// # Errors
/// Where it is not YAML.
pub fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let tree = yaml::parse(bytes)?;
    let mut manifest = Manifest { resolved: true, problems: tree.problems.clone(), ..Manifest::default() };
    let Some(root) = tree.root() else { return Ok(manifest) };
    let mut answers: HashMap<&str, Option<u32>> = HashMap::new();
    let mut entries = Vec::new();
    for (key, entry) in root.entries() {
        let Some(wishes) = key.as_str().filter(|text| *text != "__metadata") else { continue };
        let resolution = entry.str("resolution").and_then(npm_spec::split);
        let Some((name, reference)) = resolution else {
            note(&mut manifest.problems, key.span().start, "an entry without a resolution");
            continue;
        };
        let id = match reference.strip_prefix("workspace:") {
            Some(".") => {
                manifest.root = Some(Root { name: Some(name.to_owned()), ..Root::default() });
                None
            }
            Some(path) => {
                let path = path.to_owned();
                manifest.links.push(Link {
                    kind: LinkKind::Member,
                    path,
                    coordinates: None,
                    span: key.span(),
                });
                None
            }
            None if manifest.packages.len() >= MAX_PACKAGES => {
                let reason = format!("more than {MAX_PACKAGES} packages; the rest is left out");
                note(&mut manifest.problems, key.span().start, reason);
                break;
            }
            None => {
                let mut package = Package::new(Ecosystem::Npm, name, key.span());
                package.version = entry.str("version").map(str::to_owned);
                package.source = source(reference);
                manifest.packages.push(package);
                u32::try_from(manifest.packages.len() - 1).ok()
            }
        };
        answers.extend(wishes.split(", ").map(|wish| (wish, id)));
        entries.push((id, entry));
    }
    let mut roots = Vec::new();
    for (id, entry) in entries {
        let meta = entry.get("dependenciesMeta");
        let dependencies = entry.get("dependencies").into_iter().flat_map(yaml::Value::entries);
        for (name, range) in dependencies {
            let (Some(name), Some(range)) = (name.as_str(), range.as_str()) else { continue };
            let answer = answers.get(format!("{name}@{range}").as_str());
            let answer = answer.or_else(|| answers.get(format!("{name}@npm:{range}").as_str()));
            let Some(Some(target)) = answer.copied() else { continue };
            match id.and_then(|id| manifest.packages.get_mut(id as usize)) {
                Some(package) => package.dependencies.push(target),
                None => {
                    let optional = meta
                        .and_then(|meta| meta.get(name)?.get("optional"))
                        .is_some_and(yaml::Value::is_true);
                    roots.push((target, if optional { Scope::Optional } else { Scope::Runtime }));
                    if let Some(package) = manifest.packages.get_mut(target as usize) {
                        package.requirement = Some(range.strip_prefix("npm:").unwrap_or(range).to_owned());
                    }
                }
            }
        }
    }
    tidy(&mut manifest);
    spread(&mut manifest, &roots);
    Ok(manifest)
}

/// Where the part behind the name in a resolution leads.
fn source(reference: &str) -> SourceKind {
    // A patch changes what another resolution gives, nearly always the registry's.
    if reference.starts_with("npm:") || reference.starts_with("patch:") {
        return SourceKind::Registry;
    }
    if reference.contains("#commit=") || reference.contains(".git#") {
        return git(reference);
    }
    match npm_spec::source(reference) {
        SourceKind::Url(url) => SourceKind::Url(clean_url(&url)),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::{Relation, SourceKind};

    #[test]
    fn workspaces_are_the_project_and_its_wishes_are_direct() {
        let source = br#"__metadata:
  version: 8

"a@npm:^1.0.0, a@npm:^1.1.0":
  version: 1.1.0
  resolution: "a@npm:1.1.0"
  dependencies:
    b: "npm:^2.0.0"
  linkType: hard

"b@npm:^2.0.0":
  version: 2.0.0
  resolution: "real-b@npm:2.0.0"

"t@patch:t@npm%3A^5#optional!builtin<compat/t>":
  version: 5.0.0
  resolution: "t@patch:t@npm%3A5.0.0#optional!builtin<compat/t>::version=5.0.0&hash=abc"

"g@https://h.example/g.git#commit=abc":
  version: 1.0.0
  resolution: "g@https://h.example/g.git#commit=abc"

"root@workspace:.":
  version: 0.0.0-use.local
  resolution: "root@workspace:."
  dependencies:
    a: ^1.0.0
    m: "workspace:*"

"m@workspace:*, m@workspace:packages/m":
  version: 0.0.0-use.local
  resolution: "m@workspace:packages/m"
  dependencies:
    g: "https://h.example/g.git#commit=abc"
"#;
        let manifest = parse("yarn.lock", source).unwrap();
        let seen: Vec<_> = manifest.packages.iter().map(|p| (p.name.as_str(), p.relation)).collect();
        assert_eq!(
            seen,
            [
                ("a", Relation::Direct),
                ("real-b", Relation::Transitive),
                ("t", Relation::Unknown),
                ("g", Relation::Direct)
            ]
        );
        let git = SourceKind::Git { url: "https://h.example/g.git".into(), revision: Some("abc".into()) };
        assert_eq!(manifest.packages[3].source, git);
        assert_eq!(manifest.links[0].path, "packages/m");
        assert_eq!(manifest.root.unwrap().name.as_deref(), Some("root"));
    }
}
