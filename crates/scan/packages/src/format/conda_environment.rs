//! A conda environment, `environment.yml`: the part under `pip:` only. conda's own packages belong to no registry that
//! advisories speak of.

use super::source::file_name;
use super::{note, pep508, yaml};
use crate::package::Root;
use crate::{Manifest, ParseError, Relation};

/// Whether a path is a conda environment.
pub fn matches(path: &str) -> bool {
    let file = file_name(path);
    let stem = file.strip_suffix(".yml").or_else(|| file.strip_suffix(".yaml"));
    stem.is_some_and(|stem| {
        stem == "environment"
            || stem.strip_prefix("environment").is_some_and(|rest| rest.starts_with(['-', '_', '.']))
    })
}

/// Reads it. Angular and others use the name too: a file without a `dependencies` list is empty, not broken.
///
/// # Errors
/// Where it is not YAML.
pub fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let tree = yaml::parse(bytes)?;
    let mut manifest = Manifest { problems: tree.problems.clone(), ..Manifest::default() };
    let Some(root) = tree.root() else { return Ok(manifest) };
    let name = root.str("name").map(str::to_owned);
    manifest.root = name.map(|name| Root { name: Some(name), ..Root::default() });
    let groups = root.get("dependencies").into_iter().flat_map(yaml::Value::items);
    for wish in groups.filter_map(|group| group.get("pip")).flat_map(yaml::Value::items) {
        let Some(text) = wish.as_str() else { continue };
        let span = wish.span();
        match pep508::parse(text) {
            Ok(parsed) => {
                let mut package = parsed.package(span);
                package.relation = Relation::Direct;
                manifest.packages.push(package);
            }
            // Options of pip and folders of one's own.
            Err(_) if text.starts_with(['-', '.', '/']) => {}
            Err(reason) => note(&mut manifest.problems, span.start, reason),
        }
    }
    Ok(manifest)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn only_the_pip_part_is_read() {
        let source =
            b"name: e\ndependencies:\n  - python=3.9\n  - pip:\n    - a==1.0\n    - -r x.txt\n    - b c\n";
        let manifest = parse("environment.yml", source).unwrap();
        assert_eq!(manifest.packages.len(), 1);
        assert_eq!(manifest.packages[0].version.as_deref(), Some("1.0"));
        assert_eq!(&source[manifest.packages[0].span.clone()], b"a==1.0");
        assert_eq!(manifest.problems.len(), 1);
    }
}
