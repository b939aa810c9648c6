//! What apk has installed: `lib/apk/db/installed` of Alpine and its kin.
//!
//! Records of one-letter fields: `P` name, `V` version, `o` origin (the package it was built from, which advisories speak
//! of), `L` licence, `D` dependencies, `p` what it provides (apk-tools' package index format). Which distribution and release
//! it is stands in another file: all are read as Alpine's without a release.

use super::Format;
use super::collect::Collector;
use super::lines::byte_lines;
use crate::{Ecosystem, Manifest, Package, ParseError};
use std::collections::HashMap;

/// The format.
pub(super) const FORMAT: Format = Format { name: "apk-installed", matches, parse };

fn matches(path: &str) -> bool {
    path.strip_suffix("lib/apk/db/installed").is_some_and(|front| front.is_empty() || front.ends_with('/'))
}

#[derive(Default)]
struct Record<'a> {
    start: usize,
    package: Option<Package>,
    version: Option<String>,
    origin: Option<String>,
    licence: Option<String>,
    provides: &'a str,
    depends: &'a str,
}

fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let mut out = Collector::resolved();
    let mut names: HashMap<&str, u32> = HashMap::new();
    let mut provided: Vec<(&str, u32)> = Vec::new();
    let mut needs: Vec<(u32, &str)> = Vec::new();
    let mut record = Record::default();
    let mut named: &str = "";
    let mut known = false;
    // One blank line more ends the last record.
    for (start, line) in byte_lines(bytes).chain([(bytes.len(), b"".as_slice())]) {
        if line.is_empty() {
            let done = std::mem::take(&mut record);
            if let Some((mut package, version)) = done.package.zip(done.version) {
                package.version = Some(version);
                package.source_name = done.origin.filter(|origin| *origin != package.name);
                package.licences.extend(done.licence);
                if let Some(index) = out.push(package) {
                    names.entry(named).or_insert(index);
                    provided.extend(done.provides.split_whitespace().map(|name| (bare(name), index)));
                    needs.push((index, done.depends));
                }
            } else if !named.is_empty() {
                out.problem(done.start, format!("package {named} has no version"));
            }
            named = "";
            continue;
        }
        let [letter, b':', value @ ..] = line else {
            if !known {
                return Err(ParseError::at(bytes, start, "expected a field of one letter, as in `P:name`"));
            }
            out.problem(start, "expected a field of one letter, as in `P:name`");
            continue;
        };
        known = true;
        let Ok(value) = std::str::from_utf8(value) else {
            if letter.is_ascii_alphabetic() && b"PVoLDp".contains(letter) {
                out.problem(start, "not UTF-8");
            }
            continue;
        };
        match letter {
            b'P' => {
                record.start = start;
                named = value;
                record.package = Some(Package::new(Ecosystem::Alpine, value, start..start + line.len()));
            }
            b'V' => record.version = Some(value.to_owned()),
            b'o' => record.origin = Some(value.to_owned()),
            b'L' if !value.is_empty() => record.licence = Some(value.to_owned()),
            b'D' => record.depends = value,
            b'p' => record.provides = value,
            _ => {}
        }
    }
    for (name, index) in provided {
        names.entry(name).or_insert(index);
    }
    for (from, list) in needs {
        // `!name` is a conflict.
        let found = list.split_whitespace().filter(|need| !need.starts_with('!'));
        let found: Vec<u32> = found.filter_map(|need| names.get(bare(need)).copied()).collect();
        if let Some(package) = out.get(from) {
            package.dependencies.extend(found.into_iter().filter(|to| *to != from));
        }
    }
    Ok(out.finish())
}

/// `so:libc.so.1=1.2`, `musl>=1.2`, `a~3` without the version.
fn bare(entry: &str) -> &str {
    entry.split(['=', '<', '>', '~', '@']).next().unwrap_or(entry)
}

#[cfg(test)]
mod tests {
    use super::{matches, parse};

    const DB: &str = "\
C:Q1qKcZ+j23xssAXmgQhkOO8dHnbWw=
P:musl
V:1.2.4-r1
o:musl
L:MIT
p:so:libc.musl-x86_64.so.1=1
F:lib
R:ld-musl-x86_64.so.1

P:musl-utils
V:1.2.4-r1
L:MIT AND BSD-2-Clause
o:musl
D:scanelf so:libc.musl-x86_64.so.1 !conflict musl>=1.2

P:late
V:1-r0
";

    #[test]
    fn installed_packages_are_listed_with_their_origin() {
        let manifest = parse("lib/apk/db/installed", DB.as_bytes()).unwrap();
        let told: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| {
                (
                    p.name.as_str(),
                    p.version.as_deref().unwrap(),
                    p.source_name.as_deref(),
                    p.dependencies.as_slice(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("musl", "1.2.4-r1", None, &[][..]),
                ("musl-utils", "1.2.4-r1", Some("musl"), &[0]),
                ("late", "1-r0", None, &[]),
            ]
        );
        assert_eq!(manifest.packages[1].licences, ["MIT AND BSD-2-Clause"]);
        assert_eq!(&DB[manifest.packages[1].span.clone()], "P:musl-utils");
    }

    #[test]
    fn paths_and_broken_files() {
        assert!(matches("lib/apk/db/installed") && matches("x/usr/lib/apk/db/installed"));
        assert!(!matches("mylib/apk/db/installed") && !matches("installed"));
        assert_eq!(parse("", b"\nhello\n").unwrap_err().line, 2);
        let manifest = parse("", b"P:a\nV:1\nhello\n\nP:b\n").unwrap();
        assert_eq!((manifest.packages.len(), manifest.problems.len()), (1, 2));
    }
}
