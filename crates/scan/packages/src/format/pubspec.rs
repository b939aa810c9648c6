//! Dart's `pubspec.yaml`: what a package asks for.

use super::Format;
use super::address::without_credentials;
use super::collect::Collector;
use super::lines::file_name;
use super::yaml::{self, Value};
use crate::package::Root;
use crate::{Ecosystem, Manifest, Package, ParseError, Relation, Scope, SourceKind};

/// The format.
pub(super) const FORMAT: Format = Format { name: "pubspec", matches, parse };

fn matches(path: &str) -> bool {
    matches!(file_name(path), "pubspec.yaml" | "pubspec.yml")
}

fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let tree = yaml::parse(bytes)?;
    let mut out = Collector::wishes();
    let Some(root) = tree.root() else { return Ok(out.finish()) };
    if !root.is_mapping() {
        return Err(ParseError::at(bytes, root.span().start, "expected a mapping"));
    }
    if let Some(name) = root.str("name") {
        out.manifest.root = Some(Root {
            name: Some(name.to_owned()),
            version: root.str("version").map(str::to_owned),
            licences: Vec::new(),
        });
    }
    let sections = [
        ("dependencies", Scope::Runtime),
        ("dev_dependencies", Scope::Development),
        ("dependency_overrides", Scope::Runtime),
    ];
    for (section, scope) in sections {
        for (key, asked) in root.get(section).into_iter().flat_map(Value::entries) {
            if let Some(name) = key.as_str() {
                package(name, key, asked, scope, &mut out);
            }
        }
    }
    out.manifest.problems.extend(tree.problems);
    Ok(out.finish())
}

fn package(name: &str, key: Value<'_>, asked: Value<'_>, scope: Scope, out: &mut Collector) {
    let mut package = Package::new(Ecosystem::Pub, name, key.span());
    package.scope = scope;
    package.relation = Relation::Direct;
    let mut requirement = asked.as_str();
    if asked.is_mapping() {
        if asked.get("sdk").is_some() {
            return;
        }
        requirement = asked.str("version");
        if asked.get("path").is_some() {
            package.source = SourceKind::Path;
        } else if let Some(git) = asked.get("git") {
            let url = git.as_str().or_else(|| git.str("url")).unwrap_or_default();
            package.source = SourceKind::Git {
                url: without_credentials(url),
                revision: git.str("ref").map(str::to_owned),
            };
        } else if let Some(hosted) = asked.get("hosted") {
            // The name there may be another.
            if let Some(name) = hosted.str("name") {
                package.name = name.to_owned();
            }
        }
    } else if asked.is_sequence() {
        out.problem(key.span().start, "expected a version, or a mapping that describes one");
    }
    // A bare version means that one only (Dart documentation, "Version constraints").
    package.version = requirement
        .filter(|text| {
            text.starts_with(|char: char| char.is_ascii_digit()) && !text.contains([' ', '<', '>'])
        })
        .map(str::to_owned);
    package.requirement = requirement.map(str::to_owned);
    out.push(package);
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::{Scope, SourceKind};

    #[test]
    fn wishes_are_read() {
        let file = "name: own\nversion: 1.0.0\nenvironment:\n  sdk: ^3.0.0\ndependencies:\n  flutter:\n    sdk: flutter\n  http: ^1.1.0\n  path: 1.8.0\n  any_one:\n  beside: {path: ../beside}\n  forked:\n    git: {url: 'https://github.com/x/f.git', ref: main}\ndev_dependencies:\n  lints: '>=2.0.0 <4.0.0'\n  bad: [1]\n";
        let manifest = parse("pubspec.yaml", file.as_bytes()).unwrap();
        let told: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| (p.name.as_str(), p.requirement.as_deref(), p.version.as_deref(), p.scope))
            .collect();
        assert_eq!(
            told,
            [
                ("http", Some("^1.1.0"), None, Scope::Runtime),
                ("path", Some("1.8.0"), Some("1.8.0"), Scope::Runtime),
                ("any_one", None, None, Scope::Runtime),
                ("beside", None, None, Scope::Runtime),
                ("forked", None, None, Scope::Runtime),
                ("lints", Some(">=2.0.0 <4.0.0"), None, Scope::Development),
                ("bad", None, None, Scope::Development),
            ]
        );
        assert_eq!(manifest.packages[3].source, SourceKind::Path);
        assert_eq!(manifest.problems.len(), 1);
        assert_eq!(manifest.root.unwrap().name.as_deref(), Some("own"));
    }
}
