//! Dart's `pubspec.lock`: `packages` with `dependency`, `description`, `source` and `version`.

use super::Format;
use super::address::without_credentials;
use super::collect::Collector;
use super::lines::file_name;
use super::yaml::{self, Value};
use crate::{Ecosystem, Manifest, Package, ParseError, Relation, Scope, SourceKind};

/// The format.
pub(super) const FORMAT: Format = Format { name: "pubspec-lock", matches, parse };

fn matches(path: &str) -> bool {
    file_name(path) == "pubspec.lock"
}

fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let tree = yaml::parse(bytes)?;
    let mut out = Collector::resolved();
    let Some(root) = tree.root() else { return Ok(out.finish()) };
    if !root.is_mapping() {
        return Err(ParseError::at(bytes, root.span().start, "expected a mapping with `packages`"));
    }
    if let Some(packages) = root.get("packages") {
        for (key, entry) in packages.entries() {
            let Some(name) = key.as_str() else { continue };
            if !entry.is_mapping() {
                out.problem(key.span().start, "expected a mapping that describes a package");
                continue;
            }
            package(name, key, entry, &mut out);
        }
    }
    out.manifest.problems.extend(tree.problems);
    Ok(out.finish())
}

fn package(name: &str, key: Value<'_>, entry: Value<'_>, out: &mut Collector) {
    let description = entry.get("description");
    let told = |key: &str| description.and_then(|description| description.str(key));
    // The name in the repository may differ from the one that code imports.
    let mut package = Package::new(Ecosystem::Pub, told("name").unwrap_or(name), key.span());
    package.version = entry.str("version").map(str::to_owned);
    // "direct main", "direct dev", "direct overridden", "transitive".
    let kind = entry.str("dependency").unwrap_or_default();
    package.relation = match kind.split_whitespace().next() {
        Some("direct") => Relation::Direct,
        Some("transitive") => Relation::Transitive,
        _ => Relation::Unknown,
    };
    if kind == "direct dev" {
        package.scope = Scope::Development;
    }
    match entry.str("source") {
        Some("git") => {
            let revision = told("resolved-ref").or_else(|| told("ref"));
            package.source = SourceKind::Git {
                url: without_credentials(told("url").unwrap_or_default()),
                revision: revision.map(str::to_owned),
            };
        }
        Some("path") => package.source = SourceKind::Path,
        // Comes with the SDK and has the version 0.0.0.
        Some("sdk") => return,
        Some("hosted") | None => {
            package
                .hashes
                .extend(told("sha256").filter(|sum| !sum.is_empty()).map(|sum| format!("sha256:{sum}")));
            if package.version.is_none() {
                out.problem(key.span().start, format!("package {name} has no version"));
            }
        }
        Some(other) => {
            package.source =
                SourceKind::Url(format!("{other}:{}", without_credentials(told("url").unwrap_or_default())));
        }
    }
    out.push(package);
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::{Relation, Scope, SourceKind};

    #[test]
    fn packages_are_listed_with_their_place() {
        let file = r#"packages:
  async:
    dependency: transitive
    description: {name: async, sha256: "947b", url: "https://pub.dev"}
    source: hosted
    version: "2.11.0"
  flutter:
    dependency: "direct main"
    description: flutter
    source: sdk
    version: "0.0.0"
  forked:
    dependency: "direct main"
    description:
      path: "."
      ref: main
      resolved-ref: "0123"
      url: "https://t@github.com/x/forked.git"
    source: git
    version: "1.0.0"
  lints:
    dependency: "direct dev"
    description: {name: lints, url: "https://pub.dev"}
    source: hosted
    version: "3.0.0"
  bad: 1
sdks:
  dart: ">=3.0.0 <4.0.0"
"#;
        let manifest = parse("pubspec.lock", file.as_bytes()).unwrap();
        let told: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| (p.name.as_str(), p.version.as_deref().unwrap(), p.relation, p.scope))
            .collect();
        assert_eq!(
            told,
            [
                ("async", "2.11.0", Relation::Transitive, Scope::Runtime),
                ("forked", "1.0.0", Relation::Direct, Scope::Runtime),
                ("lints", "3.0.0", Relation::Direct, Scope::Development),
            ]
        );
        assert_eq!(manifest.packages[0].hashes, ["sha256:947b"]);
        assert_eq!(
            manifest.packages[1].source,
            SourceKind::Git { url: "https://github.com/x/forked.git".into(), revision: Some("0123".into()) }
        );
        assert_eq!(&file[manifest.packages[2].span.clone()], "lints");
        assert_eq!(manifest.problems.len(), 1);
        assert_eq!(parse("", b"packages:\n  a: [\n").unwrap_err().line, 3);
    }
}
