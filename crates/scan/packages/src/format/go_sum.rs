//! `go.sum`: hashes of every module that was looked at, and so of more than a build takes.
//!
//! Of use only where `go.mod` is not there. Lines of `/go.mod` files were read to choose versions; the other lines are of modules
//! whose code was fetched. Of several versions of one module the highest is the one that was chosen last. Source: the Go modules
//! reference, "go.sum files".

use super::collect::Collector;
use super::{Format, lines};
use crate::version::Scheme;
use crate::{Ecosystem, Manifest, Package, ParseError};
use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;

/// `go.sum`.
pub const FORMAT: Format = Format { name: "go-sum", matches, parse };

fn matches(path: &str) -> bool {
    matches!(lines::file_name(path), "go.sum" | "go.work.sum")
}

fn parse(_: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let text = lines::text(bytes)?;
    let mut out = Collector::resolved();
    let mut highest: HashMap<&str, (&str, Range<usize>)> = HashMap::new();
    let mut understood = false;
    for line in lines::lines(text) {
        let mut words = line.text.split_ascii_whitespace();
        let Some(name) = words.next() else { continue };
        let (Some(version), Some(hash), None) = (words.next(), words.next(), words.next()) else {
            let conflict = lines::is_conflict_mark(line.text);
            out.problem(
                line.span().start,
                if conflict { lines::CONFLICT } else { "not `module version hash`" },
            );
            continue;
        };
        if !version.starts_with('v') || !hash.contains(':') {
            out.problem(line.span().start, "not `module version hash`");
            continue;
        }
        understood = true;
        if version.ends_with("/go.mod") {
            continue;
        }
        let entry = highest.entry(name).or_insert_with(|| (version, line.span()));
        // What has no order stays behind what came first.
        if Scheme::Go.compare(version, entry.0) == Some(Ordering::Greater) {
            *entry = (version, line.span());
        }
    }
    if !understood && let Some(problem) = out.manifest.problems.first() {
        return Err(ParseError::at(bytes, problem.at, problem.reason.clone()));
    }
    let mut found: Vec<_> = highest.into_iter().collect();
    found.sort_by_key(|(_, (_, span))| span.start);
    for (name, (version, span)) in found {
        let mut package = Package::new(Ecosystem::Go, name, span);
        package.version = Some(version.to_owned());
        out.push(package);
    }
    Ok(out.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_fetched_version_counts() {
        let text = "a.example/x v1.9.0 h1:AA=\na.example/x v1.9.0/go.mod h1:AA=\na.example/x v1.10.0 h1:AA=\n\
                    a.example/x v1.11.0/go.mod h1:AA=\na.example/y v0.0.0-20200101000000-abcdefabcdef h1:AA=\n\
                    a.example/z v1.0.0/go.mod h1:AA=\n";
        let manifest = parse("go.sum", text.as_bytes()).unwrap();
        let all: Vec<_> =
            manifest.packages.iter().map(|it| (it.name.as_str(), it.version.as_deref().unwrap())).collect();
        assert_eq!(all, [("a.example/x", "v1.10.0"), ("a.example/y", "v0.0.0-20200101000000-abcdefabcdef")]);
        assert_eq!(&text[manifest.packages[0].span.clone()], "a.example/x v1.10.0 h1:AA=");
    }

    #[test]
    fn broken_lines_are_told_with_their_line() {
        assert_eq!(parse("go.sum", b"\nnothing here\n").unwrap_err().line, 2);
        let manifest = parse("go.sum", b"a v1.0.0 h1:x\n<<<<<<< HEAD\nb v1.0.0 h1:x\n").unwrap();
        assert_eq!((manifest.packages.len(), manifest.problems.len()), (2, 1));
    }
}
