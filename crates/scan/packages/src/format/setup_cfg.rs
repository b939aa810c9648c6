//! `setup.cfg`: wishes of `[options]` and `[options.extras_require]`, the project of `[metadata]`.
//!
//! Facts: setuptools' "Configuring setuptools using setup.cfg files"; lines as Python's configparser reads them: an indented
//! line continues the value before it.

use super::source::file_name;
use super::{MAX_PACKAGES, note, pep508};
use crate::package::Root;
use crate::{Manifest, ParseError, Relation, Scope};

/// Whether a path is `setup.cfg`.
pub fn matches(path: &str) -> bool {
    file_name(path) == "setup.cfg"
}

/// Reads it.
///
/// # Errors
/// Where it is not UTF-8.
pub fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let text = super::text(bytes)?;
    let mut manifest = Manifest::default();
    let mut section = "";
    let mut key = "";
    let mut offset = bytes.len() - text.len();
    for line in text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        let content = line.trim_end();
        let inner = content.trim_start();
        if inner.is_empty() || inner.starts_with(['#', ';']) {
            continue;
        }
        let indented = content.len() != inner.len();
        let value = if indented {
            inner
        } else if let Some(name) = inner.strip_prefix('[') {
            section = name.split(']').next().unwrap_or(name).trim();
            key = "";
            continue;
        } else {
            let Some(end) = inner.find(['=', ':']) else { continue };
            key = inner[..end].trim();
            inner[end + 1..].trim()
        };
        let value = value.split(" #").next().unwrap_or(value).trim();
        if value.is_empty() {
            continue;
        }
        let scope = match (section, key) {
            ("metadata", _) => {
                about(&mut manifest, key, value);
                continue;
            }
            ("options", "install_requires") => Scope::Runtime,
            ("options", "setup_requires") => Scope::Build,
            ("options", "tests_require") => Scope::Development,
            ("options.extras_require", _) => Scope::Optional,
            _ => continue,
        };
        if value.starts_with("file:") || value.starts_with("attr:") {
            continue;
        }
        if manifest.packages.len() >= MAX_PACKAGES {
            note(
                &mut manifest.problems,
                start,
                format!("more than {MAX_PACKAGES} packages; the rest is left out"),
            );
            break;
        }
        let at = start + content.find(value).unwrap_or(0);
        // One wish a line; setuptools takes `;`-separated ones only where no marker is meant.
        match pep508::parse(value.trim_end_matches(',')) {
            Ok(wish) => {
                let mut package = wish.package(at..at + value.len());
                package.scope = scope;
                package.relation = Relation::Direct;
                manifest.packages.push(package);
            }
            Err(reason) => note(&mut manifest.problems, at, reason),
        }
    }
    Ok(manifest)
}

fn about(manifest: &mut Manifest, key: &str, value: &str) {
    let root = manifest.root.get_or_insert_with(Root::default);
    let computed = value.starts_with("attr:") || value.starts_with("file:");
    match key {
        "name" => root.name = Some(value.to_owned()),
        "version" if !computed => root.version = Some(value.to_owned()),
        "license" if !computed && root.licences.is_empty() => root.licences.push(value.to_owned()),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::Scope;

    #[test]
    fn wishes_and_project() {
        let source = b"[metadata]\nname = app\nversion = attr: app.v\n\n[options]\ninstall_requires =\n    a>=1\n\
            \x20   # comment\n    b==2.0; python_version < '3'\nsetup_requires = wheel\n[options.extras_require]\ntest =\n    c\n\
            [flake8]\nignore =\n    E1\n";
        let manifest = parse("setup.cfg", source).unwrap();
        let seen: Vec<_> =
            manifest.packages.iter().map(|p| (p.name.as_str(), p.version.as_deref(), p.scope)).collect();
        assert_eq!(
            seen,
            [
                ("a", None, Scope::Runtime),
                ("b", Some("2.0"), Scope::Runtime),
                ("wheel", None, Scope::Build),
                ("c", None, Scope::Optional),
            ]
        );
        assert_eq!(&source[manifest.packages[0].span.clone()], b"a>=1");
        assert_eq!(manifest.root.unwrap().name.as_deref(), Some("app"));
        assert!(manifest.problems.is_empty());
    }
}
