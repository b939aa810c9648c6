//! What dpkg has installed: `var/lib/dpkg/status`, and `status.d/*` of images without a package manager.
//!
//! Fields are those of deb-control(5) and of Debian's policy, chapter 5. Advisories speak of source packages, so `Source` is
//! kept: its name and, where it differs from the binary's, its version. Which distribution and release it is stands in
//! another file: all are read as Debian's without a release.

use super::Format;
use super::collect::{Collector, Names};
use super::control::{BadLine, Field, records};
use crate::{Ecosystem, Manifest, Package, ParseError};

/// The format.
pub(super) const FORMAT: Format = Format { name: "dpkg-status", matches, parse };

fn matches(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let ends = |end: &str| folder == end || folder.ends_with(&format!("/{end}"));
    (name == "status" && ends("var/lib/dpkg"))
        || (ends("var/lib/dpkg/status.d") && !name.ends_with(".md5sums") && !name.ends_with(".preinst"))
}

const KEYS: [&[u8]; 8] =
    [b"Package", b"Status", b"Version", b"Source", b"Depends", b"Pre-Depends", b"Provides", b"Architecture"];

fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let mut out = Collector::resolved();
    let mut bad = Vec::new();
    let mut names = Names::of(Ecosystem::Debian);
    let mut provided: Vec<(String, u32)> = Vec::new();
    let mut needs: Vec<(u32, String)> = Vec::new();
    let mut any = false;
    records(
        bytes,
        |key| KEYS.contains(&key),
        |fields| {
            any = true;
            record(fields, &mut out, &mut names, &mut provided, &mut needs);
        },
        |BadLine(at)| {
            if bad.len() < 100 {
                bad.push(at);
            }
        },
    );
    if !any && let Some(first) = bad.first() {
        return Err(ParseError::at(bytes, *first, "expected a record of `Field: value` lines"));
    }
    for at in bad {
        out.problem(at, "expected `Field: value`");
    }
    // A package of the name goes before one that provides it.
    for (name, index) in provided {
        names.insert(&name, index);
    }
    for (from, list) in needs {
        let indices: Vec<u32> = list.split(',').filter_map(|need| first_present(need, &names)).collect();
        if let Some(package) = out.get(from) {
            package.dependencies.extend(indices.into_iter().filter(|to| *to != from));
        }
    }
    Ok(out.finish())
}

fn record(
    fields: &[Field<'_>],
    out: &mut Collector,
    names: &mut Names,
    provided: &mut Vec<(String, u32)>,
    needs: &mut Vec<(u32, String)>,
) {
    let field = |key: &str| fields.iter().find(|field| field.key.eq_ignore_ascii_case(key.as_bytes()));
    let Some(name) = field("Package") else {
        let at = fields.first().map_or(0, |field| field.span.start);
        out.problem(at, "a record without `Package`");
        return;
    };
    // "want flag state"; in status.d there is none. Removed packages leave records behind.
    if let Some(status) = field("Status") {
        let state = status.value.split_whitespace().nth(2);
        if matches!(state, Some("not-installed" | "config-files")) {
            return;
        }
    }
    let Some(version) = field("Version").filter(|version| !version.value.is_empty()) else {
        out.problem(name.span.start, format!("package {} has no version", name.value));
        return;
    };
    let mut package = Package::new(Ecosystem::Debian, &name.value, name.span.clone());
    package.version = Some(version.value.to_string());
    if let Some(source) = field("Source") {
        // `name` or `name (version)`.
        let (source, version) = match source.value.split_once('(') {
            Some((source, version)) => (source.trim(), Some(version.trim_end_matches(')').trim())),
            None => (source.value.trim(), None),
        };
        package.source_name = Some(source.to_owned());
        package.source_version = version.map(str::to_owned);
    }
    let Some(index) = out.push(package) else { return };
    names.insert(&name.value, index);
    if let Some(list) = field("Provides") {
        for entry in list.value.split(',') {
            provided.push((bare(entry).to_owned(), index));
        }
    }
    for key in ["Depends", "Pre-Depends"] {
        if let Some(list) = field(key) {
            needs.push((index, list.value.to_string()));
        }
    }
}

/// Of `a (>= 1) | b:any` the first alternative that is installed.
fn first_present(need: &str, names: &Names) -> Option<u32> {
    need.split('|').find_map(|alternative| names.get(bare(alternative)))
}

/// A name without version, architecture and profile.
fn bare(entry: &str) -> &str {
    let entry = entry.trim();
    entry.split([' ', '(', ':', '[']).next().unwrap_or(entry)
}

#[cfg(test)]
mod tests {
    use super::{matches, parse};

    const STATUS: &str = "\
Package: libc6
Status: install ok installed
Architecture: amd64
Source: glibc
Version: 2.36-9+deb12u4
Depends: libgcc-s1, libcrypt1 (>= 1:4.4.10-10~)
Description: caf\u{e9}
 Depends: not a field

Package: gone
Status: deinstall ok config-files
Version: 1

Package: libgcc-s1
Status: install ok installed
Source: gcc-12 (12.2.0-14)
Version: 12.2.0-14+b1
Provides: libgcc1 (= 1:12.2.0-14)

Package: user
Status: install ok installed
Version: 1.0
Depends: nowhere | libgcc1,
 libc6:any
";

    #[test]
    fn installed_packages_are_listed_with_their_source() {
        let manifest = parse("var/lib/dpkg/status", STATUS.as_bytes()).unwrap();
        assert!(manifest.problems.is_empty());
        let told: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| {
                (
                    p.name.as_str(),
                    p.version.as_deref().unwrap(),
                    p.source_name.as_deref(),
                    p.source_version.as_deref(),
                    p.dependencies.as_slice(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("libc6", "2.36-9+deb12u4", Some("glibc"), None, &[1][..]),
                ("libgcc-s1", "12.2.0-14+b1", Some("gcc-12"), Some("12.2.0-14"), &[]),
                ("user", "1.0", None, None, &[0, 1]),
            ]
        );
        assert_eq!(&STATUS[manifest.packages[2].span.clone()], "Package: user");
    }

    #[test]
    fn paths_and_broken_files() {
        assert!(matches("rootfs/var/lib/dpkg/status") && matches("var/lib/dpkg/status.d/base"));
        assert!(!matches("var/lib/dpkg/status.d/base.md5sums") && !matches("src/status"));
        assert_eq!(parse("", b"\nno field here\n").unwrap_err().line, 2);
        let manifest = parse("", b"Package: a\nVersion: 1\nbroken\n\nPackage: b\n").unwrap();
        assert_eq!((manifest.packages.len(), manifest.problems.len()), (1, 2));
    }
}
