//! `gradle/libs.versions.toml`: a catalog that Gradle builds take libraries from.
//!
//! The build scripts say which entries are used and what for; the file does not. Source: the Gradle user manual, "Version
//! Catalogs".

use super::cargo_toml::key_span;
use super::collect::Collector;
use super::toml::{self, DeTable, DeValue, Document};
use super::{Format, lines, pom};
use crate::{Ecosystem, Manifest, Package, ParseError, Scope};

/// A version catalog.
pub const FORMAT: Format = Format { name: "gradle-catalog", matches, parse };

fn matches(path: &str) -> bool {
    lines::file_name(path).ends_with(".versions.toml")
}

fn parse(_: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let document = toml::parse(bytes)?;
    let mut out = Collector::wishes();
    for problem in &document.problems {
        out.problem(problem.at, problem.reason.clone());
    }
    let versions = toml::table(&document.root, "versions");
    for (key, value) in versions.into_iter().flat_map(toml::entries) {
        if let Some(version) = version_of(value.get_ref()) {
            out.manifest.properties.push((key.get_ref().to_string(), version));
        }
    }
    for (section, scope) in [("libraries", Scope::Runtime), ("plugins", Scope::Build)] {
        for entry in toml::table(&document.root, section).into_iter().flat_map(toml::entries) {
            let span = key_span(&document, bytes, entry);
            let at = span.start;
            let Some((name, requirement)) =
                coordinates(&document, section, entry.1.get_ref(), versions, &mut out)
            else {
                out.problem(at, "an entry without group and name, or id");
                continue;
            };
            let mut package = Package::new(Ecosystem::Maven, &name, span);
            package.scope = scope;
            package.version = requirement.as_deref().and_then(exact);
            package.requirement = requirement;
            out.push(package);
        }
    }
    Ok(out.finish())
}

/// Name and version of an entry, as text (`group:name:version`) or as a table.
fn coordinates(
    document: &Document<'_>,
    section: &str,
    value: &DeValue<'_>,
    versions: Option<&DeTable<'_>>,
    out: &mut Collector,
) -> Option<(String, Option<String>)> {
    let plugin = section == "plugins";
    let table = match value {
        DeValue::String(text) => {
            let (name, version) = text.rsplit_once(':')?;
            if plugin {
                return Some((marker(name), Some(version.to_owned())));
            }
            // `group:name` alone: a bill of materials states the version.
            if !name.contains(':') {
                return Some((text.to_string(), None));
            }
            return Some((name.to_owned(), Some(version.to_owned())));
        }
        DeValue::Table(table) => table,
        _ => return None,
    };
    let name = match (plugin, toml::str(table, "module")) {
        (true, _) => marker(toml::str(table, "id")?),
        (false, Some(module)) => module.to_owned(),
        (false, None) => format!("{}:{}", toml::str(table, "group")?, toml::str(table, "name")?),
    };
    let Some(stated) = table.get("version") else { return Some((name, None)) };
    let reference = stated.get_ref().get("ref").and_then(|it| it.get_ref().as_str());
    let version = match reference {
        Some(reference) => {
            let found =
                versions.and_then(|versions| versions.get(reference)).and_then(|it| version_of(it.get_ref()));
            if found.is_none() {
                out.problem(
                    document.span(stated.span()).start,
                    "the version it refers to is not in `versions`",
                );
            }
            found
        }
        None => version_of(stated.get_ref()),
    };
    Some((name, version))
}

/// The artifact under which a plugin's id is found in a repository.
fn marker(id: &str) -> String {
    format!("{id}:{id}.gradle.plugin")
}

/// A plain version, or of a rich one what decides: strictly, then required, then preferred.
fn version_of(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Table(table) => {
            ["strictly", "require", "prefer"].iter().find_map(|key| toml::str(table, key)).map(str::to_owned)
        }
        _ => None,
    }
}

/// Ranges as Maven writes them, and prefixes such as `1.+`, are no versions.
pub(super) fn exact(requirement: &str) -> Option<String> {
    let open =
        requirement.ends_with('+') || requirement.starts_with("latest.") || requirement.starts_with(']');
    // `1.2!!` is short for strictly.
    let requirement = requirement.split("!!").next().unwrap_or(requirement);
    if open { None } else { pom::exact(requirement) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_with_their_version() {
        let text = r#"
[versions]
kotlin = "1.9.0"
rich = { strictly = "[1,2)", prefer = "1.5" }
firm = { strictly = "3.1" }
[libraries]
plain = "com.a:plain:1.0"
table = { module = "com.a:table", version.ref = "kotlin" }
parts = { group = "com.a", name = "parts", version = "2.+" }
ranged = { module = "com.a:ranged", version.ref = "rich" }
firm = { module = "com.a:firm", version.ref = "firm" }
bare = { module = "com.a:bare" }
lost = { module = "com.a:lost", version.ref = "nowhere" }
wrong = { version = "1" }
[plugins]
kotlin = { id = "org.jetbrains.kotlin.jvm", version.ref = "kotlin" }
"#;
        let manifest = parse("gradle/libs.versions.toml", text.as_bytes()).unwrap();
        let all: Vec<_> =
            manifest.packages.iter().map(|it| (it.name.as_str(), it.version.as_deref(), it.scope)).collect();
        assert_eq!(
            all,
            [
                ("com.a:plain", Some("1.0"), Scope::Runtime),
                ("com.a:table", Some("1.9.0"), Scope::Runtime),
                ("com.a:parts", None, Scope::Runtime),
                ("com.a:ranged", None, Scope::Runtime),
                ("com.a:firm", Some("3.1"), Scope::Runtime),
                ("com.a:bare", None, Scope::Runtime),
                ("com.a:lost", None, Scope::Runtime),
                (
                    "org.jetbrains.kotlin.jvm:org.jetbrains.kotlin.jvm.gradle.plugin",
                    Some("1.9.0"),
                    Scope::Build
                ),
            ]
        );
        assert_eq!(manifest.problems.len(), 2);
        assert_eq!(&text[manifest.packages[0].span.clone()], "plain = \"com.a:plain:1.0\"");
    }
}
