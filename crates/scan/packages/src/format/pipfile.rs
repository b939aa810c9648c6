//! Pipenv: `Pipfile` (TOML, wishes) and `Pipfile.lock` (JSON, resolved, without edges).

use super::json::{self, Object};
use super::source::{checksum, clean_url, file_name};
use super::{MAX_PACKAGES, note, pep508, toml};
use crate::{Ecosystem, Manifest, Package, ParseError, Relation, Scope, SourceKind};

/// Whether a path is `Pipfile`.
pub fn matches(path: &str) -> bool {
    file_name(path) == "Pipfile"
}

/// Whether a path is `Pipfile.lock`.
pub fn matches_lock(path: &str) -> bool {
    file_name(path) == "Pipfile.lock"
}

/// Reads a `Pipfile`.
///
/// # Errors
/// Where it is not TOML.
pub fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let document = toml::parse(bytes)?;
    let mut manifest = Manifest { problems: document.problems.clone(), ..Manifest::default() };
    for (category, value) in toml::entries(&document.root) {
        let scope = match category.get_ref().as_ref() {
            "packages" => Scope::Runtime,
            "source" | "requires" | "scripts" | "pipenv" => continue,
            // `dev-packages`, and categories that a project names itself.
            _ => Scope::Development,
        };
        let Some(table) = value.get_ref().as_table() else { continue };
        for (name, value) in toml::entries(table) {
            let span = document.span(name.span());
            if let Some(package) = toml_wish(name.get_ref(), value.get_ref(), span.clone()) {
                let mut package = package;
                package.scope = scope;
                manifest.packages.push(package);
            } else {
                note(&mut manifest.problems, span.start, "the wish is neither text nor table");
            }
        }
    }
    Ok(manifest)
}

/// A wish as Pipenv and Poetry write it: a version text, or a table with `version`, `git`, `path`, `url`.
pub fn toml_wish(name: &str, value: &toml::DeValue<'_>, span: std::ops::Range<usize>) -> Option<Package> {
    let mut package = Package::new(Ecosystem::PyPi, name, span);
    package.relation = Relation::Direct;
    let (version, table) = match (value.as_str(), value.as_table()) {
        (Some(version), _) => (Some(version), None),
        (None, Some(table)) => (toml::str(table, "version"), Some(table)),
        (None, None) => return None,
    };
    if let Some(version) = version.filter(|version| *version != "*") {
        package.requirement = Some(version.to_owned());
        package.version = pep508::exact(version).map(str::to_owned);
    }
    if let Some(table) = table {
        let field = |key| toml::str(table, key);
        if let Some(url) = field("git") {
            let revision =
                ["rev", "ref", "tag", "branch"].iter().find_map(|key| field(key)).map(str::to_owned);
            package.source = SourceKind::Git { url: clean_url(url), revision };
        } else if field("path").is_some() {
            package.source = SourceKind::Path;
        } else if let Some(url) = field("url").or_else(|| field("file")) {
            package.source = pep508::source(url);
        }
        let marker = field("markers");
        if let Some(marker) = marker {
            let version = package.requirement.take().unwrap_or_default();
            package.requirement = Some(format!("{version}; {marker}").trim_start().to_owned());
        }
        if matches!(table.get("optional").map(|value| value.get_ref().as_bool()), Some(Some(true))) {
            package.scope = Scope::Optional;
        }
    }
    Some(package)
}

/// Reads a `Pipfile.lock`. It does not tell who asks for what.
///
/// # Errors
/// Where it is not a JSON object, or has none of Pipenv's sections.
pub fn parse_lock(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let (root, problems) = json::parse_object(bytes)?;
    if root.get("_meta").is_none() && root.get("default").is_none() {
        return Err(ParseError {
            line: 1,
            reason: "no `_meta` and no `default`: not Pipenv's lock file".into(),
        });
    }
    let mut manifest = Manifest { resolved: true, problems, ..Manifest::default() };
    for (category, value) in &root.entries {
        let scope = match category.text.as_ref() {
            "_meta" => continue,
            "default" => Scope::Runtime,
            _ => Scope::Development,
        };
        for (name, value) in value.as_object().into_iter().flat_map(|object| &object.entries) {
            let Some(entry) = value.as_object() else {
                note(&mut manifest.problems, name.span.start, "the package is no object");
                continue;
            };
            if manifest.packages.len() >= MAX_PACKAGES {
                let reason = format!("more than {MAX_PACKAGES} packages; the rest is left out");
                note(&mut manifest.problems, name.span.start, reason);
                return Ok(manifest);
            }
            let mut package = locked(entry, Package::new(Ecosystem::PyPi, &name.text, name.span.clone()));
            package.scope = scope;
            manifest.packages.push(package);
        }
    }
    Ok(manifest)
}

fn locked(entry: &Object<'_>, mut package: Package) -> Package {
    package.version = entry.str("version").and_then(pep508::exact).map(str::to_owned);
    let hashes = entry.array("hashes").iter().filter_map(json::Value::as_str);
    package.hashes = hashes.filter_map(checksum).collect();
    if let Some(url) = entry.str("git") {
        package.source =
            SourceKind::Git { url: clean_url(url), revision: entry.str("ref").map(str::to_owned) };
    } else if entry.str("path").is_some() {
        package.source = SourceKind::Path;
    } else if let Some(url) = entry.str("file") {
        package.source = pep508::source(url);
        package.version = package.version.or_else(|| pep508::from_file_name(url).map(|(_, version)| version));
    }
    package
}

#[cfg(test)]
mod tests {
    use super::{parse, parse_lock};
    use crate::{Scope, SourceKind};

    #[test]
    fn wishes_and_locked_versions() {
        let source = b"[[source]]\nurl = 'https://pypi.org/simple'\n[packages]\nFlask = '*'\n\
            b = {version = '==1.0', markers = \"os_name == 'nt'\"}\nc = {git = 'https://h.example/c.git', ref = 'v1'}\n\
            [dev-packages]\npytest = '>=7'\n";
        let manifest = parse("Pipfile", source).unwrap();
        let seen: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| (p.name.as_str(), p.version.as_deref(), p.requirement.as_deref()))
            .collect();
        assert_eq!(
            seen,
            [
                ("flask", None, None),
                ("b", Some("1.0"), Some("==1.0; os_name == 'nt'")),
                ("c", None, None),
                ("pytest", None, Some(">=7")),
            ]
        );
        assert_eq!(manifest.packages[3].scope, Scope::Development);
        let lock = br#"{"_meta": {}, "default": {"flask": {"version": "==2.0.1", "hashes": ["sha256:ab"]},
            "c": {"git": "https://h.example/c.git", "ref": "abc"}}, "develop": {"pytest": {"version": "==7.0"}}}"#;
        let manifest = parse_lock("Pipfile.lock", lock).unwrap();
        assert_eq!(manifest.packages[0].version.as_deref(), Some("2.0.1"));
        assert_eq!(manifest.packages[0].hashes, ["sha256:ab"]);
        assert!(matches!(&manifest.packages[1].source, SourceKind::Git { revision: Some(_), .. }));
        assert_eq!(manifest.packages[2].scope, Scope::Development);
    }
}
