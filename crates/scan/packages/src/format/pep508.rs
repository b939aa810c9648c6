//! Python's way to ask for a package: `name[extra]>=1,<2; marker` and `name @ address; marker`.
//!
//! Grammar: the Python Packaging User Guide, "Dependency specifiers" (PEP 508), with version specifiers of PEP 440.

use super::source::{clean_url, git};
use crate::{Ecosystem, Package, Scope, SourceKind};
use std::ops::Range;

/// A parsed wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement<'a> {
    /// As written.
    pub name: &'a str,
    /// Text between the brackets, as written.
    pub extras: &'a str,
    /// Version specifiers as written, without brackets around them: `>=1,<2`. Empty: any version.
    pub specifier: &'a str,
    /// The address behind `@`.
    pub url: Option<&'a str>,
    /// The environment it is for, as written.
    pub marker: Option<&'a str>,
}

/// Parses one wish.
///
/// # Errors
/// Says in words what is wrong.
pub fn parse(text: &str) -> Result<Requirement<'_>, &'static str> {
    let text = text.trim();
    let end =
        text.bytes().position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')));
    let (name, rest) = text.split_at(end.unwrap_or(text.len()));
    if !valid_name(name) {
        return Err("no package name");
    }
    let mut rest = rest.trim_start();
    let mut extras = "";
    if let Some(inner) = rest.strip_prefix('[') {
        let (list, behind) = inner.split_once(']').ok_or("the extras are not closed")?;
        extras = list.trim();
        rest = behind.trim_start();
    }
    if let Some(address) = rest.strip_prefix('@') {
        // A `;` belongs to the address unless space stands before it.
        let address = address.trim_start();
        let (url, marker) = match address.find(" ;").or_else(|| address.find("\t;")) {
            Some(at) => (&address[..at], Some(address[at + 2..].trim())),
            None => (address, None),
        };
        let url = url.trim();
        if url.is_empty() {
            return Err("no address behind `@`");
        }
        return Ok(Requirement { name, extras, specifier: "", url: Some(url), marker });
    }
    let (specifier, marker) = match rest.split_once(';') {
        Some((specifier, marker)) => (specifier, Some(marker.trim())),
        None => (rest, None),
    };
    let specifier = specifier.trim();
    let specifier =
        specifier.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(specifier).trim();
    if !specifier.is_empty() && !specifier.trim_end_matches(',').split(',').all(valid_clause) {
        return Err("the version specifier is not understood");
    }
    Ok(Requirement { name, extras, specifier, url: None, marker: marker.filter(|marker| !marker.is_empty()) })
}

/// The version, where a specifier allows exactly one: `==1.2`, `===1.2`; `==1.*` allows many.
pub fn exact(specifier: &str) -> Option<&str> {
    specifier.split(',').find_map(|clause| {
        let clause = clause.trim();
        let version = clause.strip_prefix("===").or_else(|| clause.strip_prefix("=="))?.trim();
        (!version.is_empty() && !version.contains('*')).then_some(version)
    })
}

impl Requirement<'_> {
    /// A package that asks for this, shown at a place.
    pub fn package(&self, span: Range<usize>) -> Package {
        let mut package = Package::new(Ecosystem::PyPi, self.name, span);
        package.version = exact(self.specifier).map(str::to_owned);
        package.requirement = match (self.specifier, self.marker) {
            ("", None) => None,
            (specifier, None) => Some(specifier.to_owned()),
            (specifier, Some(marker)) => Some(format!("{specifier}; {marker}").trim_start().to_owned()),
        };
        if let Some(url) = self.url {
            package.source = source(url);
            package.version = from_file_name(url).map(|(_, version)| version);
        }
        if self.marker.is_some_and(|marker| marker.contains("extra")) {
            package.scope = Scope::Optional;
        }
        package
    }
}

/// Where an address leads.
pub fn source(url: &str) -> SourceKind {
    if ["git+", "git:", "git@"].iter().any(|prefix| url.starts_with(prefix)) {
        return git(url);
    }
    match url.split_once("://") {
        Some(("file", _)) | None => SourceKind::Path,
        Some((scheme, _)) if ["hg+", "svn+", "bzr+"].iter().any(|prefix| scheme.starts_with(prefix)) => {
            match git(url) {
                SourceKind::Git { url, .. } => SourceKind::Url(url),
                other => other,
            }
        }
        Some(_) => SourceKind::Url(clean_url(url)),
    }
}

/// Name and version that the file name of a wheel (PEP 427) or source archive (PEP 625) tells.
pub fn from_file_name(url: &str) -> Option<(String, String)> {
    let path = url.split(['#', '?']).next()?;
    let file = path.rsplit('/').next()?;
    if let Some(stem) = file.strip_suffix(".whl") {
        let mut parts = stem.split('-');
        let (name, version) = (parts.next()?, parts.next()?);
        return (parts.count() >= 3 && valid_name(name))
            .then(|| (name.to_owned(), version.replace("%2B", "+")));
    }
    let stem = [".tar.gz", ".zip", ".tar.bz2"].iter().find_map(|end| file.strip_suffix(end))?;
    let (name, version) = stem.rsplit_once('-')?;
    let numbered = version.starts_with(|char: char| char.is_ascii_digit());
    (numbered && valid_name(name)).then(|| (name.to_owned(), version.to_owned()))
}

fn valid_name(name: &str) -> bool {
    let edge = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    let good = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    good && edge(name.bytes().next()) && edge(name.bytes().last())
}

fn valid_clause(clause: &str) -> bool {
    let clause = clause.trim();
    let version = clause.trim_start_matches(['=', '<', '>', '!', '~']);
    let operator = &clause[..clause.len() - version.len()];
    let version = version.trim();
    let good = |char: char| char.is_ascii_alphanumeric() || matches!(char, '.' | '*' | '+' | '!' | '-' | '_');
    matches!(operator, "==" | "===" | "<=" | ">=" | "!=" | "~=" | "<" | ">")
        && !version.is_empty()
        && version.chars().all(good)
}

#[cfg(test)]
mod tests {
    use super::{exact, from_file_name, parse};
    use crate::SourceKind;
    use proptest::prelude::*;

    #[test]
    fn wishes_of_the_specification() {
        for (text, name, extras, specifier, marker) in [
            ("A", "A", "", "", None),
            ("A.B-C_D", "A.B-C_D", "", "", None),
            ("name>=3", "name", "", ">=3", None),
            ("name >= 3 , < 2", "name", "", ">= 3 , < 2", None),
            ("name[fred,bar] (>=1)", "name", "fred,bar", ">=1", None),
            ("name~=1.0;os_name=='b'", "name", "", "~=1.0", Some("os_name=='b'")),
            ("name==1.*,!=1.5", "name", "", "==1.*,!=1.5", None),
        ] {
            let parsed = parse(text).unwrap();
            assert_eq!(
                (parsed.name, parsed.extras, parsed.specifier, parsed.marker),
                (name, extras, specifier, marker)
            );
        }
        let at = parse("pip @ https://h.example/1.3.1.zip;a ; python_version < '3'").unwrap();
        assert_eq!(
            (at.url, at.marker),
            (Some("https://h.example/1.3.1.zip;a"), Some("python_version < '3'"))
        );
        for bad in ["", "-a", "a[b", "a => 1", "a @ ", "${NAME}==1", "a b", "a-"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_one_version_is_exact() {
        assert_eq!(exact("==1.0"), Some("1.0"));
        assert_eq!(exact(">0, === 1.0+x"), Some("1.0+x"));
        assert_eq!(exact("==1.*"), None);
        assert_eq!(exact("~=1.0"), None);
    }

    #[test]
    fn addresses_and_file_names() {
        let pair = |name: &str, version: &str| Some((name.to_owned(), version.to_owned()));
        assert_eq!(from_file_name("https://h/a_b-1.0-py3-none-any.whl#sha256=x"), pair("a_b", "1.0"));
        assert_eq!(from_file_name("https://h/a-b-1.0.tar.gz"), pair("a-b", "1.0"));
        assert_eq!(from_file_name("https://h/archive/main.zip"), None);
        let package = parse("a @ git+https://u:p@h.example/a.git@v1").unwrap().package(0..1);
        let git = SourceKind::Git { url: "https://h.example/a.git".into(), revision: Some("v1".into()) };
        assert_eq!(package.source, git);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in ".{0,60}") {
            if let Ok(requirement) = parse(&text) {
                let _ = requirement.package(0..0);
            }
            let _ = from_file_name(&text);
        }

        #[test]
        fn any_wish_like_text_is_read_without_panic(text in "[a-c\\[\\](),;@=<>~!.*0-9 äé/:#-]{0,40}") {
            if let Ok(requirement) = parse(&text) {
                prop_assert!(text.contains(requirement.name));
                let _ = requirement.package(0..0);
            }
        }
    }
}
