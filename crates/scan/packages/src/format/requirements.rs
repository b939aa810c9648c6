//! pip's requirements files: `requirements*.txt`, `requirements*.in`, and files of a folder `requirements`.
//!
//! Facts: pip's "Requirements File Format". One wish per logical line; a backslash at the end joins lines. A file whose name
//! speaks of tests or development is taken as that.

use super::source::{checksum, file_name, folder_name};
use super::{MAX_PACKAGES, note, pep508};
use crate::package::{Link, LinkKind};
use crate::{Ecosystem, Manifest, Package, ParseError, Relation, Scope};
use std::ops::Range;

/// Whether a path is a requirements file.
pub fn matches(path: &str) -> bool {
    let file = file_name(path).to_ascii_lowercase();
    let Some(stem) = file.strip_suffix(".txt").or_else(|| file.strip_suffix(".in")) else { return false };
    stem.starts_with("requirements") || stem.ends_with("requirements") || folder_name(path) == "requirements"
}

/// Reads it.
///
/// # Errors
/// Where it is not UTF-8, or nothing in it is a wish though there are lines.
pub fn parse(path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let text = super::text(bytes)?;
    let scope = scope(path);
    let mut manifest = Manifest::default();
    let shift = bytes.len() - text.len();
    let mut logical = String::new();
    let mut start = None;
    let mut offset = shift;
    let mut understood = false;
    for line in text.split_inclusive('\n') {
        let at = offset;
        offset += line.len();
        let content = line.trim_end_matches(['\n', '\r']);
        // A comment line within a continued wish does not end it.
        let comment = content.trim_start().starts_with('#');
        let joined = content.strip_suffix('\\').filter(|_| !comment);
        if !comment {
            let lead = content.len() - content.trim_start().len();
            start.get_or_insert(at + lead..at + content.trim_end().len().max(lead));
            logical.push_str(joined.unwrap_or(content));
            logical.push(' ');
        }
        if joined.is_some() && offset < bytes.len() {
            continue;
        }
        if let Some(span) = start.take() {
            understood |= wish(&logical, span, scope, &mut manifest);
        }
        logical.clear();
    }
    match manifest.problems.first() {
        Some(problem) if !understood => Err(ParseError::at(bytes, problem.at, problem.reason.clone())),
        _ => {
            let pinned = |package: &Package| package.version.is_some() && !package.hashes.is_empty();
            manifest.resolved = !manifest.packages.is_empty() && manifest.packages.iter().all(pinned);
            Ok(manifest)
        }
    }
}

/// Words of the path's last two parts that speak of development.
fn scope(path: &str) -> Scope {
    let file = file_name(path).to_ascii_lowercase();
    let develops = |word: &str| {
        let words = [
            "dev",
            "develop",
            "development",
            "test",
            "tests",
            "testing",
            "lint",
            "docs",
            "doc",
            "ci",
            "typing",
        ];
        words.contains(&word)
    };
    let stem = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem);
    let found = stem.split(|char: char| !char.is_ascii_alphanumeric()).any(develops);
    if found { Scope::Development } else { Scope::Runtime }
}

/// One logical line; whether it was understood.
fn wish(line: &str, span: Range<usize>, scope: Scope, manifest: &mut Manifest) -> bool {
    let line = without_comment(line).trim();
    if line.is_empty() {
        return false;
    }
    if line.starts_with('-') {
        return option(line, span, scope, manifest);
    }
    // Options of a single wish stand behind it.
    let end = [" --", "\t--"].iter().filter_map(|mark| line.find(mark)).min().unwrap_or(line.len());
    let (line, options) = line.split_at(end);
    let hashes: Vec<String> = options
        .split_whitespace()
        .filter_map(|word| {
            checksum(word.strip_prefix("--hash=").unwrap_or(word).trim_start_matches("--hash"))
        })
        .collect();
    if manifest.packages.len() >= MAX_PACKAGES {
        note(
            &mut manifest.problems,
            span.start,
            format!("more than {MAX_PACKAGES} packages; the rest is left out"),
        );
        return false;
    }
    match package(line.trim(), span.clone()) {
        Ok(Some(mut package)) => {
            package.hashes = hashes;
            package.relation = Relation::Direct;
            if package.scope == Scope::Runtime {
                package.scope = scope;
            }
            manifest.packages.push(package);
            true
        }
        Ok(None) => {
            let path = line.trim().to_owned();
            manifest.links.push(Link { kind: LinkKind::Member, path, coordinates: None, span });
            true
        }
        Err(reason) => {
            note(&mut manifest.problems, span.start, reason);
            false
        }
    }
}

/// The package of a wish; `None` for a folder of the project's own.
fn package(line: &str, span: Range<usize>) -> Result<Option<Package>, &'static str> {
    if let Ok(requirement) = pep508::parse(line) {
        return Ok(Some(requirement.package(span)));
    }
    let address = line.split([' ', ';']).next().unwrap_or(line);
    if address.contains("://") || address.starts_with("git@") {
        let egg = address.split(['#', '&']).find_map(|part| part.strip_prefix("egg="));
        let egg = egg.map(|egg| egg.split('[').next().unwrap_or(egg).to_owned());
        let file = pep508::from_file_name(address);
        let name = egg.or_else(|| file.as_ref().map(|(name, _)| name.clone()));
        let name = match name {
            Some(name) => name,
            None => repository(address).ok_or("an address that does not tell the package's name")?,
        };
        let mut package = Package::new(Ecosystem::PyPi, &name, span);
        package.source = pep508::source(address);
        package.version = file.map(|(_, version)| version);
        return Ok(Some(package));
    }
    if line.contains("${") {
        return Err("a wish that depends on an environment variable");
    }
    let local = line.starts_with(['.', '/', '~']) || line.contains('/');
    if local || [".whl", ".tar.gz", ".zip"].iter().any(|end| address.ends_with(end)) {
        return Ok(None);
    }
    match pep508::parse(line) {
        Err(reason) => Err(reason),
        Ok(_) => Err("not a requirement"),
    }
}

/// The last part of a repository's address, which most packages are named by.
fn repository(address: &str) -> Option<String> {
    if !address.starts_with("git+") {
        return None;
    }
    let path = address.split(['#', '?']).next()?;
    let last = path.trim_end_matches('/').rsplit('/').next()?;
    let last = last.split('@').next()?;
    let name = last.strip_suffix(".git").unwrap_or(last);
    (!name.is_empty()).then(|| name.to_owned())
}

fn option(line: &str, span: Range<usize>, scope: Scope, manifest: &mut Manifest) -> bool {
    let end = line.find([' ', '\t', '=']).unwrap_or(line.len());
    let (name, value) = line.split_at(end);
    let value = value.trim_start_matches(['=', ' ', '\t']).trim().trim_matches(['"', '\'']);
    // pip takes `-rfile` as well.
    let (name, value) = match (name.starts_with("--"), name.get(..2), name.get(2..)) {
        (false, Some(short @ ("-r" | "-c" | "-e")), Some(rest)) if !rest.is_empty() => (short, rest),
        _ => (name, value),
    };
    let kind = match name {
        "-r" | "--requirement" => LinkKind::Include,
        "-c" | "--constraint" => LinkKind::Constraint,
        "-e" | "--editable" => return wish(&format!("{value} "), span, scope, manifest),
        "-i"
        | "--index-url"
        | "--extra-index-url"
        | "--no-index"
        | "-f"
        | "--find-links"
        | "--no-binary"
        | "--only-binary"
        | "--prefer-binary"
        | "--require-hashes"
        | "--pre"
        | "--trusted-host"
        | "--use-feature"
        | "--process-dependency-links"
        | "--pypi-url"
        | "--no-build-isolation"
        | "-U"
        | "--upgrade" => return true,
        _ => {
            note(&mut manifest.problems, span.start, "an option that pip does not know");
            return false;
        }
    };
    if value.is_empty() || value.contains("://") || value.contains("${") {
        note(&mut manifest.problems, span.start, "an include that is no file of this tree");
        return false;
    }
    manifest.links.push(Link { kind, path: value.to_owned(), coordinates: None, span });
    true
}

/// A `#` begins a comment at the start of a line or behind space.
fn without_comment(line: &str) -> &str {
    let mut before = b' ';
    for (at, byte) in line.bytes().enumerate() {
        if byte == b'#' && before.is_ascii_whitespace() {
            return &line[..at];
        }
        before = byte;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::{matches, parse};
    use crate::package::LinkKind;
    use crate::{Scope, SourceKind};
    use proptest::prelude::*;

    #[test]
    fn names_of_files() {
        for path in [
            "requirements.txt",
            "a/requirements-dev.txt",
            "requirements/base.in",
            "dev-requirements.txt",
            "requirements_test.txt",
        ] {
            assert!(matches(path), "{path}");
        }
        for path in ["MANIFEST.in", "readme.txt", "requirements.md"] {
            assert!(!matches(path), "{path}");
        }
    }

    #[test]
    fn lines_of_every_kind() {
        let source = "# pinned\n-r base.txt\n-c constraints.txt\n--index-url https://u:p@h.example/simple\n\
            Flask[async]==2.0.1 \\\n    --hash=sha256:ab \\\n    --hash=sha256:cd  # why\n\
            b>=1,<2 ; python_version < \"3.8\"\nc===1.0\nd==1.*\n-e git+https://h.example/e.git@v1#egg=e\n\
            ./local\nf @ https://h.example/f-1.0-py3-none-any.whl\nhttps://h.example/g-2.0.tar.gz\n${X}==1\n--nonsense\n";
        let manifest = parse("requirements-dev.txt", source.as_bytes()).unwrap();
        let seen: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| (p.name.as_str(), p.version.as_deref(), p.requirement.as_deref()))
            .collect();
        assert_eq!(
            seen,
            [
                ("flask", Some("2.0.1"), Some("==2.0.1")),
                ("b", None, Some(">=1,<2; python_version < \"3.8\"")),
                ("c", Some("1.0"), Some("===1.0")),
                ("d", None, Some("==1.*")),
                ("e", None, None),
                ("f", Some("1.0"), None),
                ("g", Some("2.0"), None),
            ]
        );
        assert_eq!(manifest.packages[0].hashes, ["sha256:ab", "sha256:cd"]);
        assert!(source[manifest.packages[0].span.clone()].starts_with("Flask"));
        assert!(manifest.packages.iter().all(|package| package.scope == Scope::Development));
        let SourceKind::Git { revision, .. } = &manifest.packages[4].source else { panic!() };
        assert_eq!(revision.as_deref(), Some("v1"));
        let links: Vec<_> = manifest.links.iter().map(|link| (link.kind, link.path.as_str())).collect();
        let (include, constraint, member) = (LinkKind::Include, LinkKind::Constraint, LinkKind::Member);
        assert_eq!(links, [(include, "base.txt"), (constraint, "constraints.txt"), (member, "./local")]);
        assert_eq!(manifest.problems.len(), 2);
    }

    #[test]
    fn a_file_of_other_text_is_an_error_with_its_line() {
        assert_eq!(parse("requirements.txt", b"# x\n<html> y\n").unwrap_err().line, 2);
        assert!(parse("requirements.txt", b"").unwrap().packages.is_empty());
    }

    proptest! {
        #[test]
        fn any_lines_are_read_without_panic(text in "[a-c\\[\\](),;@=<>~!.*0-9 ä/:#\\\\\\n\\-r]{0,80}") {
            let _ = parse("requirements.txt", text.as_bytes());
        }
    }
}
