//! Composer's `composer.lock` and the `vendor/composer/installed.json` that an installation leaves.
//!
//! Both list packages as the repository describes them: `name`, `version`, `require`, `license`, `abandoned`, `dist`. The
//! lock file keeps what developers need apart in `packages-dev`; installed.json (a plain list before Composer 2) names it in
//! `dev-package-names`.

use super::Format;
use super::collect::{Collector, Names};
use super::json::{Object, Value, parse};
use super::lines::file_name;
use crate::{Ecosystem, Manifest, Package, ParseError, Relation, Scope, SourceKind};
use std::collections::HashSet;

/// The lock file.
pub(super) const LOCK: Format = Format { name: "composer-lock", matches: matches_lock, parse: parse_lock };
/// The inventory.
pub(super) const INSTALLED: Format =
    Format { name: "composer-installed", matches: matches_installed, parse: parse_installed };

fn matches_lock(path: &str) -> bool {
    file_name(path) == "composer.lock"
}

fn matches_installed(path: &str) -> bool {
    path == "composer/installed.json" || path.ends_with("/composer/installed.json")
}

fn parse_lock(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let document = parse(bytes)?;
    let Some(root) = document.root.as_object().filter(|root| root.get("packages").is_some()) else {
        return Err(ParseError::at(bytes, 0, "expected an object with `packages`"));
    };
    let mut reader = Reader::new(document.problems);
    reader.list(root.array("packages"), |_| Scope::Runtime);
    reader.list(root.array("packages-dev"), |_| Scope::Development);
    Ok(reader.finish())
}

fn parse_installed(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let document = parse(bytes)?;
    let mut reader = Reader::new(document.problems);
    match &document.root {
        Value::Array(packages) => reader.list(packages, |_| Scope::Runtime),
        Value::Object(root) if root.get("packages").is_some() => {
            let names: HashSet<&str> =
                root.array("dev-package-names").iter().filter_map(Value::as_str).collect();
            let scope = |name: &str| if names.contains(name) { Scope::Development } else { Scope::Runtime };
            reader.list(root.array("packages"), scope);
        }
        _ => return Err(ParseError::at(bytes, 0, "expected a list, or an object with `packages`")),
    }
    Ok(reader.finish())
}

struct Reader {
    out: Collector,
    names: Names,
    /// Names that a package replaces or provides; packages of the name itself go first.
    provided: Vec<(String, u32)>,
    needs: Vec<(u32, Vec<String>)>,
}

impl Reader {
    fn new(problems: Vec<crate::package::Problem>) -> Self {
        let mut out = Collector::resolved();
        out.manifest.problems = problems;
        Self { out, names: Names::of(Ecosystem::Packagist), provided: Vec::new(), needs: Vec::new() }
    }

    fn list(&mut self, packages: &[Value<'_>], scope: impl Fn(&str) -> Scope) {
        let mut last = 0;
        for entry in packages {
            let Some(entry) = entry.as_object() else {
                self.out.problem(last, "expected an object that describes a package");
                continue;
            };
            last = entry.entries.first().map_or(last, |(key, _)| key.span.start);
            let (Some(name), Some(version)) =
                (entry.get("name").and_then(Value::as_text), entry.str("version"))
            else {
                self.out.problem(last, "a package without name or version");
                continue;
            };
            let mut package = Package::new(Ecosystem::Packagist, &name.text, name.span.clone());
            package.version = Some(version.to_owned());
            package.scope = scope(&name.text);
            package.licences = licences(entry.get("license"));
            package.deprecated = match entry.get("abandoned") {
                Some(Value::Bool(true)) => Some("abandoned by its author".to_owned()),
                Some(Value::String(other)) if !other.text.is_empty() => {
                    Some(format!("abandoned by its author, who suggests {}", other.text))
                }
                _ => None,
            };
            let dist = entry.object("dist");
            if dist.and_then(|dist| dist.str("type")) == Some("path") {
                package.source = SourceKind::Path;
            }
            if let Some(sum) = dist.and_then(|dist| dist.str("shasum")).filter(|sum| !sum.is_empty()) {
                package.hashes.push(format!("sha1:{}", sum.to_ascii_lowercase()));
            }
            let Some(index) = self.out.push(package) else { continue };
            self.names.insert(&name.text, index);
            for key in ["replace", "provide"] {
                self.provided.extend(keys(entry.object(key)).map(|name| (name.to_owned(), index)));
            }
            self.needs.push((index, keys(entry.object("require")).map(str::to_owned).collect()));
        }
    }

    fn finish(mut self) -> Manifest {
        for (name, index) in self.provided {
            self.names.insert(&name, index);
        }
        let mut asked_for = HashSet::new();
        for (from, needs) in self.needs {
            let Some(package) = self.out.get(from) else { continue };
            for to in needs.iter().filter_map(|name| self.names.get(name)).filter(|to| *to != from) {
                asked_for.insert(to);
                package.dependencies.push(to);
            }
        }
        // Whom nobody asks for, the project asks for; the others it may ask for as well.
        for (index, package) in (0u32..).zip(&mut self.out.manifest.packages) {
            if !asked_for.contains(&index) {
                package.relation = Relation::Direct;
            }
        }
        self.out.finish()
    }
}

fn keys<'a>(object: Option<&'a Object<'_>>) -> impl Iterator<Item = &'a str> {
    object.into_iter().flat_map(|object| object.entries.iter().map(|(key, _)| key.text.as_ref()))
}

/// One licence, or several to choose from.
pub(super) fn licences(value: Option<&Value<'_>>) -> Vec<String> {
    match value {
        Some(Value::String(one)) => vec![one.text.to_string()],
        Some(Value::Array(all)) => {
            let all: Vec<&str> = all.iter().filter_map(Value::as_str).collect();
            if all.is_empty() { Vec::new() } else { vec![all.join(" OR ")] }
        }
        _ => Vec::new(),
    }
}

/// Whether a name is PHP's or Composer's own: those have no `/` (Composer documentation, "Platform packages").
pub(super) fn is_platform(name: &str) -> bool {
    !name.contains('/')
}

#[cfg(test)]
mod tests {
    use super::{matches_installed, parse_installed, parse_lock};
    use crate::{Relation, Scope};

    const LOCK: &str = r#"{
  "packages": [
    {"name": "Acme/App", "version": "v1.2.0", "require": {"php": ">=8", "psr/log-implementation": "1"},
     "license": ["MIT", "GPL-2.0-only"], "abandoned": "acme/new"},
    {"name": "monolog/monolog", "version": "2.0.0", "provide": {"psr/log-implementation": "1"},
     "license": "MIT", "dist": {"type": "zip", "shasum": "ABCD"}},
    {"version": "1"}
  ],
  "packages-dev": [{"name": "phpunit/phpunit", "version": "dev-main", "abandoned": true}]
}"#;

    #[test]
    fn a_lock_file_is_read() {
        let manifest = parse_lock("composer.lock", LOCK.as_bytes()).unwrap();
        let told: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| {
                (p.name.as_str(), p.version.as_deref().unwrap(), p.scope, p.relation, p.dependencies.len())
            })
            .collect();
        assert_eq!(
            told,
            [
                ("acme/app", "v1.2.0", Scope::Runtime, Relation::Direct, 1),
                ("monolog/monolog", "2.0.0", Scope::Runtime, Relation::Unknown, 0),
                ("phpunit/phpunit", "dev-main", Scope::Development, Relation::Direct, 0),
            ]
        );
        assert_eq!(manifest.packages[0].licences, ["MIT OR GPL-2.0-only"]);
        assert!(manifest.packages[0].deprecated.as_deref().unwrap().contains("acme/new"));
        assert!(manifest.packages[2].deprecated.is_some());
        assert_eq!(manifest.packages[1].hashes, ["sha1:abcd"]);
        assert_eq!(manifest.problems.len(), 1);
        assert_eq!(&LOCK[manifest.packages[1].span.clone()], "monolog/monolog");
    }

    #[test]
    fn both_shapes_of_the_inventory_are_read() {
        let two = br#"{"packages": [{"name": "a/b", "version": "1.0"}], "dev": true, "dev-package-names": ["a/b"]}"#;
        assert_eq!(parse_installed("", two).unwrap().packages[0].scope, Scope::Development);
        let one = br#"[{"name": "a/b", "version": "1.0"}]"#;
        assert_eq!(parse_installed("", one).unwrap().packages[0].scope, Scope::Runtime);
        assert!(parse_installed("", b"{}").is_err() && parse_lock("", b"[]").is_err());
        assert!(matches_installed("vendor/composer/installed.json") && !matches_installed("installed.json"));
    }
}
