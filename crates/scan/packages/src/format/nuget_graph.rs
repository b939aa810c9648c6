//! What a .NET build leaves behind: `project.assets.json` beside the project and `*.deps.json` beside the program.
//!
//! Both hold `targets`, which list `name/version` with `dependencies`, and `libraries`, which tell `type` and `sha512`. Assets
//! tell by `projectFileDependencyGroups` what the project asks for; in deps.json the program itself is the first library.

use super::Format;
use super::collect::{Collector, Names};
use super::json::{Object, parse_object};
use super::lines::file_name;
use super::nuget::{Merged, sha512};
use crate::package::Root;
use crate::{Ecosystem, Manifest, Package, ParseError, Relation, SourceKind};
use std::collections::HashMap;

/// What restore resolved.
pub(super) const ASSETS: Format = Format { name: "nuget-assets", matches: matches_assets, parse };
/// What a built program needs.
pub(super) const DEPS: Format = Format { name: "dotnet-deps", matches: matches_deps, parse };

fn matches_assets(path: &str) -> bool {
    file_name(path) == "project.assets.json"
}

fn matches_deps(path: &str) -> bool {
    file_name(path).strip_suffix(".deps.json").is_some_and(|stem| !stem.is_empty())
}

fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let (root, problems) = parse_object(bytes)?;
    let mut out = Collector::resolved();
    out.manifest.problems = problems;
    let (Some(targets), Some(libraries)) = (root.object("targets"), root.object("libraries")) else {
        return Err(ParseError::at(bytes, 0, "expected `targets` and `libraries`"));
    };
    let told: HashMap<&str, &Object<'_>> = libraries
        .entries
        .iter()
        .filter_map(|(name, value)| Some((name.text.as_ref(), value.as_object()?)))
        .collect();
    let assets = root.object("project").is_some();
    let mut asked = Names::of(Ecosystem::NuGet);
    if let Some(groups) = root.object("projectFileDependencyGroups") {
        for item in groups.entries.iter().flat_map(|(_, list)| list.as_array().unwrap_or_default()) {
            // "Name >= 1.0.0".
            let name = item.as_str().and_then(|text| text.split_whitespace().next());
            asked.insert(name.unwrap_or_default(), 0);
        }
    }
    let mut merged = Merged::default();
    for (target, entries) in &targets.entries {
        let Some(entries) = entries.as_object() else {
            out.problem(target.span.start, "expected an object of libraries");
            continue;
        };
        merged.start_graph();
        for (key, entry) in &entries.entries {
            let Some((name, version)) = key.text.split_once('/') else {
                out.problem(key.span.start, "expected `name/version`");
                continue;
            };
            let library = told.get(key.text.as_ref());
            let kind = library.and_then(|library| library.str("type")).unwrap_or("package");
            let needs: Vec<&str> = entry
                .as_object()
                .and_then(|entry| entry.object("dependencies"))
                .map(|list| list.entries.iter().map(|(name, _)| name.text.as_ref()).collect())
                .unwrap_or_default();
            if kind == "project" && !assets && out.manifest.root.is_none() {
                out.manifest.root = Some(Root {
                    name: Some(name.to_owned()),
                    version: Some(version.to_owned()),
                    licences: Vec::new(),
                });
                needs.iter().for_each(|name| asked.insert(name, 0));
                continue;
            }
            // In other targets the program appears again.
            let own = out.manifest.root.as_ref().and_then(|root| root.name.as_deref()) == Some(name);
            if kind == "project" && own || kind == "reference" {
                continue;
            }
            let mut package = Package::new(Ecosystem::NuGet, name, key.span.clone());
            package.version = Some(version.to_owned());
            if kind == "project" {
                package.source = SourceKind::Path;
            }
            package.hashes.extend(library.and_then(|library| library.str("sha512")).and_then(sha512));
            merged.add(package, needs, &mut out);
        }
        merged.end_graph(&mut out);
    }
    let told = assets || out.manifest.root.is_some();
    for package in &mut out.manifest.packages {
        package.relation = match (told, asked.get(&package.name)) {
            (false, _) => Relation::Unknown,
            (true, Some(_)) => Relation::Direct,
            (true, None) => Relation::Transitive,
        };
        // The runtime that a self-contained program carries is named after itself, with this word in front.
        if let Some(name) = package.name.strip_prefix("runtimepack.") {
            package.name = name.to_owned();
        }
    }
    if let Some(project) = root.object("project") {
        let name = project.object("restore").and_then(|restore| restore.str("projectName"));
        let version = project.str("version");
        out.manifest.root = Some(Root {
            name: name.map(str::to_owned),
            version: version.map(str::to_owned),
            licences: Vec::new(),
        });
    }
    Ok(out.finish())
}

#[cfg(test)]
mod tests {
    use super::{matches_deps, parse};
    use crate::{Relation, SourceKind};

    #[test]
    fn the_needs_of_a_program_are_read() {
        let deps = r#"{
  "runtimeTarget": {"name": ".NETCoreApp,Version=v8.0"},
  "targets": {".NETCoreApp,Version=v8.0": {
    "App/1.2.0": {"dependencies": {"Lib": "1.0.0", "Newtonsoft.Json": "13.0.1"}},
    "Newtonsoft.Json/13.0.1": {"runtime": {}},
    "Serilog/2.0.0": {},
    "Lib/1.0.0": {"dependencies": {"Serilog": "2.0.0"}}
  }},
  "libraries": {
    "App/1.2.0": {"type": "project"},
    "Newtonsoft.Json/13.0.1": {"type": "package", "sha512": "sha512-AAEC"},
    "Serilog/2.0.0": {"type": "package"},
    "Lib/1.0.0": {"type": "project"}
  }
}"#;
        let manifest = parse("App.deps.json", deps.as_bytes()).unwrap();
        assert_eq!(manifest.root.unwrap().version.as_deref(), Some("1.2.0"));
        let told: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| (p.name.as_str(), p.relation, p.dependencies.as_slice()))
            .collect();
        assert_eq!(
            told,
            [
                ("newtonsoft.json", Relation::Direct, &[][..]),
                ("serilog", Relation::Transitive, &[]),
                ("lib", Relation::Direct, &[1]),
            ]
        );
        assert_eq!(manifest.packages[0].hashes, ["sha512:000102"]);
        assert_eq!(manifest.packages[2].source, SourceKind::Path);
        assert!(matches_deps("bin/App.deps.json") && !matches_deps(".deps.json"));
    }

    #[test]
    fn assets_tell_what_was_asked_for() {
        let assets = r#"{"version": 3,
 "targets": {"net8.0": {"A/1.0": {"type": "package", "dependencies": {"B": "1"}}, "B/2.0": {"type": "package"}},
             "net8.0/linux-x64": {"A/1.0": {}, "B/2.0": {}, "odd": {}}},
 "libraries": {"A/1.0": {"type": "package"}, "B/2.0": {"type": "package"}},
 "projectFileDependencyGroups": {"net8.0": ["A >= 1.0.0"]},
 "project": {"version": "1.0.0", "restore": {"projectName": "Own"}}}"#;
        let manifest = parse("obj/project.assets.json", assets.as_bytes()).unwrap();
        let told: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| (p.name.as_str(), p.relation, p.dependencies.as_slice()))
            .collect();
        assert_eq!(told, [("a", Relation::Direct, &[1][..]), ("b", Relation::Transitive, &[])]);
        assert_eq!(manifest.problems.len(), 1);
        assert_eq!(manifest.root.unwrap().name.as_deref(), Some("Own"));
        assert!(parse("", b"{}").is_err());
    }
}
