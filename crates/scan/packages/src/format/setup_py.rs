//! `setup.py`: only the literal texts in a list behind `install_requires=`. Nothing is run; what is computed is told as a
//! problem.

use super::source::file_name;
use super::{note, pep508};
use crate::{Manifest, ParseError, Relation};

/// Whether a path is `setup.py`.
pub fn matches(path: &str) -> bool {
    file_name(path) == "setup.py"
}

/// Reads it.
///
/// # Errors
/// Where it is not UTF-8.
pub fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let text = super::text(bytes)?;
    let shift = bytes.len() - text.len();
    let mut manifest = Manifest::default();
    const KEY: &str = "install_requires";
    let mut from = 0;
    while let Some(found) =
        text.get(from..).and_then(|rest| memchr::memmem::find(rest.as_bytes(), KEY.as_bytes()))
    {
        let at = from + found;
        from = at + KEY.len();
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        if text[line..at].contains('#') {
            continue;
        }
        let rest = text[from..].trim_start().trim_start_matches(['"', '\'']).trim_start();
        let Some(value) = rest.strip_prefix(['=', ':']).filter(|value| !value.starts_with('=')) else {
            continue;
        };
        let value = value.trim_start();
        match value.strip_prefix('[').or_else(|| value.strip_prefix('(')) {
            Some(list) => {
                let start = text.len() - list.len();
                from = literals(list, start, shift, &mut manifest);
            }
            None => note(
                &mut manifest.problems,
                at + shift,
                "`install_requires` is computed; only literal lists are read",
            ),
        }
    }
    Ok(manifest)
}

/// Reads text literals up to the closing bracket; where the list ends.
fn literals(list: &str, start: usize, shift: usize, manifest: &mut Manifest) -> usize {
    let bytes = list.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b']' | b')' => return start + at + 1,
            b'#' => at += memchr::memchr(b'\n', &bytes[at..]).unwrap_or(bytes.len() - at),
            b'"' | b'\'' => {
                let open = at + 1;
                let Some(length) = memchr::memchr2(byte, b'\n', &bytes[open..]) else {
                    note(&mut manifest.problems, start + at + shift, "a text that is not closed");
                    return start + list.len();
                };
                let (literal, place) = (&list[open..open + length], start + open + shift);
                match pep508::parse(literal) {
                    Ok(wish) => {
                        let mut package = wish.package(place..place + length);
                        package.relation = Relation::Direct;
                        manifest.packages.push(package);
                    }
                    Err(reason) => note(&mut manifest.problems, place, reason),
                }
                at = open + length + 1;
            }
            b',' => at += 1,
            byte if byte.is_ascii_whitespace() => at += 1,
            _ => {
                note(
                    &mut manifest.problems,
                    start + at + shift,
                    "a computed wish; only literal texts are read",
                );
                // On to the next element or the end.
                at += memchr::memchr3(b',', b']', b'\n', &bytes[at..]).unwrap_or(bytes.len() - at);
            }
        }
    }
    start + list.len()
}

#[cfg(test)]
mod tests {
    use super::parse;
    use proptest::prelude::*;

    #[test]
    fn literal_wishes_are_read_and_others_told() {
        let source = b"from setuptools import setup\n# install_requires=['no']\nsetup(\n  install_requires=[\n    'a>=1',  # why\n\
            \x20   \"b==2.0\", extra,\n  ],\n)\nsetup(install_requires=read('x'))\n";
        let manifest = parse("setup.py", source).unwrap();
        let names: Vec<_> =
            manifest.packages.iter().map(|p| (p.name.as_str(), p.version.as_deref())).collect();
        assert_eq!(names, [("a", None), ("b", Some("2.0"))]);
        assert_eq!(&source[manifest.packages[1].span.clone()], b"b==2.0");
        assert_eq!(manifest.problems.len(), 2);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "(install_requires|=|:|\\[|\\]|'|\"|#|\\n|a>=1|ä|,| ){0,30}") {
            let _ = parse("setup.py", text.as_bytes());
        }
    }
}
