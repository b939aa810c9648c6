//! An installed Python package: `*.dist-info/METADATA` and `*.egg-info/PKG-INFO`.
//!
//! Facts: the Python Packaging User Guide, "Core metadata specifications". The package itself comes first; the others are
//! its wishes, without versions, so that whoever has the whole inventory can draw the edges.

use super::source::{file_name, folder_name};
use super::{MAX_PACKAGES, note, pep508};
use crate::{Ecosystem, Manifest, Package, ParseError, Relation};

/// Whether a path is such a file.
pub fn matches(path: &str) -> bool {
    let folder = folder_name(path);
    match file_name(path) {
        "METADATA" => folder.ends_with(".dist-info"),
        "PKG-INFO" => folder.ends_with(".egg-info") || folder == "EGG-INFO",
        _ => false,
    }
}

/// Reads it.
///
/// # Errors
/// Where it is not text of headers, or names no package.
pub fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let mut manifest = Manifest { resolved: true, ..Manifest::default() };
    let mut own: Option<Package> = None;
    let mut version = None;
    let mut expression = None;
    let mut licence = None;
    let mut in_licence = false;
    let mut classifiers = Vec::new();
    let mut offset = 0;
    for raw in headers(bytes).split_inclusive(|byte| *byte == b'\n') {
        let start = offset;
        offset += raw.len();
        // Old packages are in any encoding; replacing what is no UTF-8 changes lengths, so spans count the raw bytes.
        let line = String::from_utf8_lossy(raw);
        // A continued header. A licence of several lines is its text, not its name.
        if line.starts_with([' ', '\t']) {
            if in_licence {
                licence = None;
            }
            continue;
        }
        let Some((key, value)) = line.split_once(':') else { continue };
        in_licence = key.eq_ignore_ascii_case("license");
        let span = start..start + raw.trim_ascii_end().len();
        let value = value.trim();
        match key.to_ascii_lowercase().as_str() {
            "name" if own.is_none() => own = Some(Package::new(Ecosystem::PyPi, value, span)),
            "version" if version.is_none() => version = Some(value.to_owned()),
            "license-expression" => expression = Some(value.to_owned()),
            "license" => licence = Some(value.to_owned()),
            "classifier" if classifiers.len() < 20 => {
                let word = value.strip_prefix("License ::").and_then(|rest| rest.rsplit("::").next());
                classifiers
                    .extend(word.map(str::trim).filter(|word| *word != "OSI Approved").map(str::to_owned));
            }
            "requires-dist" if manifest.packages.len() < MAX_PACKAGES => match pep508::parse(value) {
                Ok(wish) => {
                    let mut package = wish.package(span);
                    package.version = None;
                    package.relation = Relation::Transitive;
                    manifest.packages.push(package);
                }
                Err(reason) => note(&mut manifest.problems, start, reason),
            },
            _ => {}
        }
    }
    let Some(mut package) = own.filter(|package| !package.name.is_empty()) else {
        return Err(ParseError { line: 1, reason: "no `Name`: not a package's metadata".to_owned() });
    };
    package.version = version;
    let plain = licence.filter(|text: &String| {
        !text.is_empty() && text.len() <= 200 && !text.eq_ignore_ascii_case("unknown")
    });
    package.licences = match (expression, plain) {
        (Some(expression), _) => vec![expression],
        (None, Some(plain)) => vec![plain],
        (None, None) => classifiers,
    };
    package.dependencies = (1..=u32::try_from(manifest.packages.len()).unwrap_or(0)).collect();
    manifest.packages.insert(0, package);
    Ok(manifest)
}

/// What stands before the first empty line.
fn headers(bytes: &[u8]) -> &[u8] {
    let unix = memchr::memmem::find(bytes, b"\n\n");
    let dos = memchr::memmem::find(bytes, b"\r\n\r\n");
    let end = [unix, dos].into_iter().flatten().min().map_or(bytes.len(), |at| at + 1);
    bytes.get(..end).unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::{matches, parse};
    use crate::Scope;

    #[test]
    fn the_package_comes_first_and_asks_for_the_others() {
        assert!(matches("lib/a-1.0.dist-info/METADATA") && matches("a.egg-info/PKG-INFO"));
        assert!(!matches("PKG-INFO") && !matches("a/METADATA"));
        let source = b"Metadata-Version: 2.1\nName: A.B\nVersion: 1.0\nLicense: UNKNOWN\n\
            Classifier: License :: OSI Approved :: MIT License\nRequires-Dist: c (>=1)\n\
            Requires-Dist: d ; extra == 'x'\n\nName: not this\n";
        let manifest = parse("a.dist-info/METADATA", source).unwrap();
        assert_eq!(
            (manifest.packages[0].name.as_str(), manifest.packages[0].version.as_deref()),
            ("a-b", Some("1.0"))
        );
        assert_eq!(manifest.packages[0].licences, ["MIT License"]);
        assert_eq!(manifest.packages[0].dependencies, [1, 2]);
        assert_eq!(manifest.packages[1].requirement.as_deref(), Some(">=1"));
        assert_eq!(manifest.packages[2].scope, Scope::Optional);
        assert!(source[manifest.packages[0].span.clone()].starts_with(b"Name: A.B"));
        assert!(parse("a.dist-info/METADATA", b"\x00\xff").is_err());
    }

    #[test]
    fn spans_count_bytes_behind_what_is_no_utf8() {
        let source = b"Name: a\nAuthor: \xe4\xe4\xe4\nRequires-Dist: b\n\nJ\xf6rg";
        let manifest = parse("a.dist-info/METADATA", source).unwrap();
        assert_eq!(&source[manifest.packages[1].span.clone()], b"Requires-Dist: b");
    }
}
