//! Conan's `conanfile.txt`: references under `[requires]`, `[tool_requires]` and their kin.

use super::Format;
use super::collect::Collector;
use super::lines::{file_name, lines, text};
use crate::{Ecosystem, Manifest, Package, ParseError, Relation, Scope};

/// The format.
pub(super) const FORMAT: Format = Format { name: "conanfile", matches, parse };

fn matches(path: &str) -> bool {
    file_name(path) == "conanfile.txt"
}

fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let text = text(bytes)?;
    let mut out = Collector::wishes();
    let mut scope = None;
    let mut known = false;
    for line in lines(text) {
        let code = line.text.split(" #").next().unwrap_or(line.text).trim();
        if code.is_empty() || code.starts_with('#') {
            continue;
        }
        if let Some(section) = code.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            known = true;
            scope = match section {
                "requires" => Some(Scope::Runtime),
                "tool_requires" | "build_requires" => Some(Scope::Build),
                "test_requires" => Some(Scope::Development),
                _ => None,
            };
            continue;
        }
        if !known {
            return Err(ParseError::at(bytes, line.start, "expected a section, such as [requires]"));
        }
        let Some(scope) = scope else { continue };
        match reference(code) {
            Some(Reference { name, version }) => {
                let mut package = Package::new(Ecosystem::Conan, name, line.span_of(code));
                package.requirement = Some(version.to_owned());
                // A range stands in brackets.
                package.version = (!version.starts_with('[')).then(|| version.to_owned());
                package.scope = scope;
                package.relation = Relation::Direct;
                out.push(package);
            }
            None => out.problem(line.start, "expected a reference, as in `zlib/1.3.1`"),
        }
    }
    Ok(out.finish())
}

/// A reference `name/version@user/channel#revision%time`.
pub(super) struct Reference<'a> {
    /// The recipe's name.
    pub name: &'a str,
    /// A version, or a range in brackets.
    pub version: &'a str,
}

/// Splits a reference.
pub(super) fn reference(text: &str) -> Option<Reference<'_>> {
    let text = text.trim();
    let (name, rest) = text.split_once('/')?;
    let version_end = match rest.strip_prefix('[') {
        Some(range) => range.find(']')? + 2,
        None => rest.find(['@', '#', '%', ':']).unwrap_or(rest.len()),
    };
    let version = rest.get(..version_end)?;
    let plain = |text: &str| !text.is_empty() && !text.contains(char::is_whitespace);
    (plain(name) && !version.is_empty()).then_some(Reference { name, version })
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::Scope;

    #[test]
    fn references_are_read_by_section() {
        let file = "# note\n[requires]\nzlib/1.3.1\nfmt/[>=9 <11]@acme/stable # why\npoco/1.9.4#rev\n\n[tool_requires]\ncmake/3.27.0\n[generators]\nCMakeDeps\n[requires]\nbroken\n";
        let manifest = parse("conanfile.txt", file.as_bytes()).unwrap();
        let told: Vec<_> =
            manifest.packages.iter().map(|p| (p.name.as_str(), p.version.as_deref(), p.scope)).collect();
        assert_eq!(
            told,
            [
                ("zlib", Some("1.3.1"), Scope::Runtime),
                ("fmt", None, Scope::Runtime),
                ("poco", Some("1.9.4"), Scope::Runtime),
                ("cmake", Some("3.27.0"), Scope::Build)
            ]
        );
        assert_eq!(manifest.packages[1].requirement.as_deref(), Some("[>=9 <11]"));
        assert_eq!(manifest.problems.len(), 1);
        assert_eq!(manifest.problems[0].at, file.find("broken").unwrap());
        assert_eq!(parse("", b"\nzlib/1\n").unwrap_err().line, 2);
    }
}
