//! `yarn.lock` of yarn 1: its own line grammar. Files of yarn 2 and later are YAML and go to [`super::yarn_berry`].
//!
//! A block begins at the margin with the wishes it answers, comma separated; indented lines tell the version, the address
//! and the wishes of the package itself. The file does not name the project's own wishes.

use super::source::{file_name, guess_direct, integrity, tidy};
use super::{MAX_PACKAGES, note, npm_spec, yarn_berry};
use crate::{Ecosystem, Manifest, Package, ParseError, SourceKind};
use std::collections::HashMap;
use std::ops::Range;

/// Whether a path is yarn's lock file.
pub fn matches(path: &str) -> bool {
    file_name(path) == "yarn.lock"
}

/// Reads it, of either kind.
///
/// # Errors
/// Where it is not UTF-8, or holds text but no block.
pub fn parse(path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let text = super::text(bytes)?;
    if text.lines().any(|line| line.starts_with("__metadata:")) {
        return yarn_berry::parse(path, bytes);
    }
    let mut manifest = Manifest { resolved: true, ..Manifest::default() };
    let mut answers: HashMap<&str, u32> = HashMap::new();
    let mut wishes: Vec<(u32, Wish<'_>)> = Vec::new();
    let mut block: Option<u32> = None;
    let mut section = false;
    let mut offset = bytes.len() - text.len();
    let mut first_bad = None;
    for line in text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        let content = line.trim_end();
        let inner = content.trim_start();
        if inner.is_empty() || inner.starts_with('#') {
            continue;
        }
        let span = start + (content.len() - inner.len())..start + content.len();
        match content.len() - inner.len() {
            0 => match inner.strip_suffix(':') {
                Some(head) => {
                    section = false;
                    block = open(&mut manifest, &mut answers, head, span);
                }
                None => {
                    block = None;
                    first_bad.get_or_insert(start);
                    note(&mut manifest.problems, start, "not a line of yarn's lock file");
                }
            },
            1..=3 => {
                section = matches!(inner, "dependencies:" | "optionalDependencies:");
                if let Some(id) = block
                    && let Some((key, value)) = pair(inner)
                {
                    fact(&mut manifest, id, key, value);
                }
            }
            _ if section => {
                if let (Some(id), Some((name, range))) = (block, pair(inner)) {
                    wishes.push((id, Wish { name, range }));
                }
            }
            _ => {}
        }
    }
    if let (Some(at), true) = (first_bad, manifest.packages.is_empty()) {
        return Err(ParseError::at(bytes, at, "not yarn's lock file"));
    }
    let mut key = String::new();
    for (id, wish) in wishes {
        key.clear();
        key.push_str(wish.name);
        key.push('@');
        key.push_str(wish.range);
        if let (Some(target), Some(package)) =
            (answers.get(key.as_str()), manifest.packages.get_mut(id as usize))
        {
            package.dependencies.push(*target);
        }
    }
    tidy(&mut manifest);
    guess_direct(&mut manifest);
    Ok(manifest)
}

struct Wish<'a> {
    name: &'a str,
    range: &'a str,
}

/// `"key" "value"`, each with or without quotes.
fn pair(line: &str) -> Option<(&str, &str)> {
    let (key, rest) = match line.strip_prefix('"') {
        Some(rest) => rest.split_once('"')?,
        None => line.split_once(' ')?,
    };
    Some((key, rest.trim().trim_matches('"')))
}

fn open<'a>(
    manifest: &mut Manifest,
    answers: &mut HashMap<&'a str, u32>,
    head: &'a str,
    span: Range<usize>,
) -> Option<u32> {
    let id = u32::try_from(manifest.packages.len()).ok()?;
    if manifest.packages.len() >= MAX_PACKAGES {
        note(
            &mut manifest.problems,
            span.start,
            format!("more than {MAX_PACKAGES} packages; the rest is left out"),
        );
        return None;
    }
    let patterns = head.split(", ").map(|pattern| pattern.trim().trim_matches('"'));
    let Some((name, range)) = patterns.clone().find_map(npm_spec::split) else {
        note(&mut manifest.problems, span.start, "a block without a name and a range");
        return None;
    };
    let (name, range) = npm_spec::alias(range).unwrap_or((name, range));
    let mut package = Package::new(Ecosystem::Npm, name, span);
    package.requirement = Some(range.to_owned());
    package.source = npm_spec::source(range);
    manifest.packages.push(package);
    answers.extend(patterns.map(|pattern| (pattern, id)));
    Some(id)
}

fn fact(manifest: &mut Manifest, id: u32, key: &str, value: &str) {
    let Some(package) = manifest.packages.get_mut(id as usize) else { return };
    match key {
        "version" => package.version = Some(value.to_owned()),
        "resolved" => {
            let hash = value.rsplit_once('#').map(|(_, hash)| hash);
            let source = npm_spec::source(value);
            if let Some(hash) =
                hash.filter(|hash| hash.len() == 40 && !matches!(source, SourceKind::Git { .. }))
            {
                package.hashes.extend(super::source::checksum(&format!("sha1:{hash}")));
            }
            package.source = source;
        }
        "integrity" => {
            for hash in integrity(value) {
                if !package.hashes.contains(&hash) {
                    package.hashes.push(hash);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::Relation;

    const LOCK: &str = r#"# yarn lockfile v1


"@s/a@^1.0.0", "@s/a@^1.1.0":
  version "1.1.2"
  resolved "https://registry.yarnpkg.com/@s/a/-/a-1.1.2.tgz#da39a3ee5e6b4b0d3255bfef95601890afd80709"
  dependencies:
    b "2 || 3"
    "@s/c" "npm:real@^4"

"b@2 || 3":
  version "3.0.0"

"@s/c@npm:real@^4":
  version "4.0.1"
<<<<<<< HEAD
"#;

    #[test]
    fn blocks_edges_and_aliases() {
        let manifest = parse("yarn.lock", LOCK.as_bytes()).unwrap();
        let names: Vec<_> = manifest
            .packages
            .iter()
            .map(|package| (package.name.as_str(), package.version.as_deref()))
            .collect();
        assert_eq!(names, [("@s/a", Some("1.1.2")), ("b", Some("3.0.0")), ("real", Some("4.0.1"))]);
        assert_eq!(manifest.packages[0].dependencies, [1, 2]);
        assert_eq!(manifest.packages[0].relation, Relation::Direct);
        assert_eq!(manifest.packages[1].relation, Relation::Unknown);
        assert_eq!(manifest.packages[0].hashes, ["sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709"]);
        assert!(LOCK[manifest.packages[1].span.clone()].starts_with("\"b@2"));
        assert_eq!(manifest.problems.len(), 1);
    }

    #[test]
    fn text_that_is_no_lock_file_is_an_error_with_its_line() {
        assert_eq!(parse("yarn.lock", b"# x\n\n<html>\n").unwrap_err().line, 3);
        assert!(parse("yarn.lock", b"# yarn lockfile v1\n").unwrap().packages.is_empty());
    }
}
