//! NuGet's `packages.lock.json`: per framework the packages with `type`, `resolved`, `contentHash` and `dependencies`.

use super::Format;
use super::collect::Collector;
use super::json::{Object, Value, parse_object};
use super::lines::file_name;
use super::nuget::{Merged, sha512};
use crate::{Ecosystem, Manifest, Package, ParseError, Relation, SourceKind};

/// The format.
pub(super) const FORMAT: Format = Format { name: "nuget-lock", matches, parse };

fn matches(path: &str) -> bool {
    let name = file_name(path);
    name == "packages.lock.json" || (name.starts_with("packages.") && name.ends_with(".lock.json"))
}

fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let (root, problems) = parse_object(bytes)?;
    let mut out = Collector::resolved();
    out.manifest.problems = problems;
    let Some(frameworks) = root.object("dependencies") else {
        return Err(ParseError::at(bytes, 0, "expected `dependencies` with an object per framework"));
    };
    let mut merged = Merged::default();
    for (framework, packages) in &frameworks.entries {
        let Some(packages) = packages.as_object() else {
            out.problem(framework.span.start, "expected an object of packages");
            continue;
        };
        merged.start_graph();
        for (name, entry) in &packages.entries {
            let Some(entry) = entry.as_object() else {
                out.problem(name.span.start, "expected an object that describes a package");
                continue;
            };
            let kind = entry.str("type").unwrap_or_default();
            let mut package = Package::new(Ecosystem::NuGet, &name.text, name.span.clone());
            package.version = entry.str("resolved").map(str::to_owned);
            package.requirement = entry.str("requested").map(str::to_owned);
            package.relation = match kind {
                "Direct" => Relation::Direct,
                "Transitive" | "CentralTransitive" => Relation::Transitive,
                _ => Relation::Unknown,
            };
            if kind.eq_ignore_ascii_case("Project") {
                package.source = SourceKind::Path;
            } else if package.version.is_none() {
                out.problem(name.span.start, format!("package {} has no resolved version", name.text));
            }
            package.hashes.extend(entry.str("contentHash").and_then(sha512));
            merged.add(package, needs(entry), &mut out);
        }
        merged.end_graph(&mut out);
    }
    Ok(out.finish())
}

fn needs<'a>(entry: &'a Object<'_>) -> Vec<&'a str> {
    let list = entry.get("dependencies").and_then(Value::as_object);
    list.map(|list| list.entries.iter().map(|(name, _)| name.text.as_ref()).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::{Relation, SourceKind};

    const LOCK: &str = r#"{
  "version": 1,
  "dependencies": {
    "net6.0": {
      "App.Core": { "type": "Project", "dependencies": { "Serilog": "[2.0.0, )" } },
      "Serilog": {
        "type": "Transitive",
        "resolved": "2.10.0",
        "contentHash": "AAEC/w==",
        "dependencies": { "System.Memory": "4.5.4" }
      },
      "System.Memory": { "type": "Transitive", "resolved": "4.5.4" }
    },
    "net8.0": {
      "serilog": { "type": "Direct", "requested": "[2.10.0, )", "resolved": "2.10.0" },
      "System.Memory": { "type": "Transitive", "resolved": "4.5.5" },
      "Bad": 7
    }
  }
}"#;

    #[test]
    fn frameworks_are_put_together() {
        let manifest = parse("packages.lock.json", LOCK.as_bytes()).unwrap();
        let told: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| (p.name.as_str(), p.version.as_deref(), p.relation, p.dependencies.as_slice()))
            .collect();
        assert_eq!(
            told,
            [
                ("app.core", None, Relation::Unknown, &[1][..]),
                ("serilog", Some("2.10.0"), Relation::Direct, &[2]),
                ("system.memory", Some("4.5.4"), Relation::Transitive, &[]),
                ("system.memory", Some("4.5.5"), Relation::Transitive, &[]),
            ]
        );
        assert_eq!(manifest.packages[0].source, SourceKind::Path);
        assert_eq!(&LOCK[manifest.packages[1].span.clone()], "Serilog");
        assert_eq!(manifest.problems.len(), 1);
        assert_eq!(manifest.problems[0].at, LOCK.find("Bad").unwrap());
        assert_eq!(parse("", b"{\n\"a\": ]").unwrap_err().line, 2);
        assert_eq!(manifest.packages[1].hashes, ["sha512:000102ff"]);
    }
}
