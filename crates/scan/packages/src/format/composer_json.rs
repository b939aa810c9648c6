//! Composer's `composer.json`: `require` and `require-dev`, without what PHP itself provides.

use super::Format;
use super::collect::Collector;
use super::composer_lock::{is_platform, licences};
use super::json::parse_object;
use super::lines::file_name;
use crate::package::Root;
use crate::{Ecosystem, Manifest, Package, ParseError, Relation, Scope};

/// The format.
pub(super) const FORMAT: Format = Format { name: "composer-json", matches, parse };

fn matches(path: &str) -> bool {
    file_name(path) == "composer.json"
}

fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let (root, problems) = parse_object(bytes)?;
    let mut out = Collector::wishes();
    out.manifest.problems = problems;
    let name = root.str("name").map(str::to_owned);
    let version = root.str("version").map(str::to_owned);
    let licences = licences(root.get("license"));
    if name.is_some() || version.is_some() || !licences.is_empty() {
        out.manifest.root = Some(Root { name, version, licences });
    }
    for (section, scope) in [("require", Scope::Runtime), ("require-dev", Scope::Development)] {
        let Some((key, value)) = root.entry(section) else { continue };
        let Some(list) = value.as_object() else {
            // PHP writes an empty object as a list.
            if value.as_array().is_none_or(|list| !list.is_empty()) {
                out.problem(key.span.start, "expected an object of names and versions");
            }
            continue;
        };
        for (name, asked) in list.entries.iter().filter(|(name, _)| !is_platform(&name.text)) {
            let mut package = Package::new(Ecosystem::Packagist, &name.text, name.span.clone());
            match asked.as_str() {
                Some(asked) => {
                    package.version = exact(asked);
                    package.requirement = Some(asked.to_owned());
                }
                None => out.problem(name.span.start, "expected a version as text"),
            }
            package.scope = scope;
            package.relation = Relation::Direct;
            out.push(package);
        }
    }
    Ok(out.finish())
}

/// A bare version means that one only (Composer documentation, "Exact version constraint").
fn exact(asked: &str) -> Option<String> {
    let bare = asked.strip_prefix("==").or_else(|| asked.strip_prefix('=')).unwrap_or(asked).trim();
    let digits = bare.strip_prefix('v').unwrap_or(bare);
    let plain = digits.starts_with(|char: char| char.is_ascii_digit())
        && !bare.contains([' ', ',', '|', '*', '@', '^', '~', '<', '>', '#'])
        && !bare.split('.').any(|part| part.eq_ignore_ascii_case("x"));
    plain.then(|| bare.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{exact, parse};
    use crate::Scope;

    #[test]
    fn wishes_are_read_without_the_platform() {
        let file = "{\n \"name\": \"acme/app\", \"license\": \"MIT\",\n \"require\": {\"php\": \">=8.1\", \"ext-json\": \"*\", \"monolog/monolog\": \"^2.0\"},\n \"require-dev\": {\"phpunit/phpunit\": \"9.5.1\", \"a/b\": 1}}";
        let manifest = parse("composer.json", file.as_bytes()).unwrap();
        let told: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| (p.name.as_str(), p.requirement.as_deref(), p.version.as_deref(), p.scope))
            .collect();
        assert_eq!(
            told,
            [
                ("monolog/monolog", Some("^2.0"), None, Scope::Runtime),
                ("phpunit/phpunit", Some("9.5.1"), Some("9.5.1"), Scope::Development),
                ("a/b", None, None, Scope::Development),
            ]
        );
        assert_eq!(manifest.problems.len(), 1);
        assert_eq!(manifest.root.unwrap().licences, ["MIT"]);
    }

    #[test]
    fn only_a_bare_version_is_exact() {
        assert_eq!(exact("v1.2.3").as_deref(), Some("v1.2.3"));
        for asked in ["^1.2", "1.2.*", "1.0 - 2.0", "1.2.x", "dev-main", "1.0@dev", "1.0||2.0"] {
            assert_eq!(exact(asked), None, "{asked}");
        }
    }
}
