//! `vendor/modules.txt`: the modules whose code lies in a Go project's `vendor` folder.
//!
//! Source: the Go modules reference, "Vendoring", and comments of `cmd/go/internal/modload/vendor.go`.

use super::collect::Collector;
use super::{Format, go_text, lines};
use crate::{Ecosystem, Manifest, Package, ParseError, Relation, SourceKind};

/// `vendor/modules.txt`.
pub const FORMAT: Format = Format { name: "go-vendor-modules", matches, parse };

fn matches(path: &str) -> bool {
    path == "vendor/modules.txt" || path.ends_with("/vendor/modules.txt")
}

/// Modules without a package line below them are not vendored: `go.mod` names them, nothing of theirs is built.
fn parse(_: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let text = lines::text(bytes)?;
    let mut out = Collector::resolved();
    let mut current: Option<Package> = None;
    let mut understood = text.trim().is_empty();
    for line in lines::lines(text) {
        if let Some(notes) = line.text.strip_prefix("## ") {
            understood = true;
            // Explicit modules are those of go.mod, which lists far ones too: it alone tells which are direct.
            let explicit = notes.split(';').any(|note| note.trim() == "explicit");
            if let Some(package) = current.as_mut().filter(|_| explicit) {
                package.relation = Relation::Unknown;
            }
        } else if let Some(module) = line.text.strip_prefix("# ") {
            understood = true;
            current = module_of(module, line);
            if current.is_none() && !module.contains("=>") {
                out.problem(line.span().start, "a module without a version");
            }
        } else if lines::is_conflict_mark(line.text) {
            out.problem(line.span().start, lines::CONFLICT);
        } else if !line.text.trim().is_empty() {
            // The first package of a module; the ones after it add nothing.
            if let Some(package) = current.take() {
                out.push(package);
            }
        }
    }
    if !understood {
        return Err(ParseError::at(bytes, 0, "no list of vendored modules"));
    }
    Ok(out.finish())
}

fn module_of(text: &str, line: lines::Line<'_>) -> Option<Package> {
    let (module, replacement) = match text.split_once("=>") {
        Some((module, replacement)) => (module, Some(replacement)),
        None => (text, None),
    };
    let mut words = module.split_ascii_whitespace();
    let (name, version) = (words.next()?, words.next()?);
    let mut package = Package::new(Ecosystem::Go, name, line.span());
    package.version = Some(version.to_owned());
    package.requirement = Some(version.to_owned());
    package.relation = Relation::Transitive;
    if let Some(replacement) = replacement {
        let mut words = replacement.split_ascii_whitespace();
        let name = words.next()?;
        match words.next() {
            Some(version) => {
                package.name = package.ecosystem.normalise_name(name);
                package.version = Some(version.to_owned());
            }
            None if go_text::is_path(name) => package.source = SourceKind::Path,
            None => return None,
        }
    }
    Some(package)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_with_code_are_listed() {
        let text = "# a.example/x v1.2.3\n## explicit; go 1.17\na.example/x\na.example/x/sub\n# a.example/none v1.0.0\n## explicit\n\
                    # a.example/y v0.1.0 => b.example/y v0.2.0\nb.example/y\n# a.example/l v0.1.0 => ../l\n## explicit\na.example/l\n\
                    # a.example/y => b.example/y v0.2.0\n";
        let manifest = parse("vendor/modules.txt", text.as_bytes()).unwrap();
        let all: Vec<_> = manifest
            .packages
            .iter()
            .map(|it| {
                (it.name.as_str(), it.version.as_deref().unwrap(), it.relation, it.source == SourceKind::Path)
            })
            .collect();
        assert_eq!(
            all,
            [
                ("a.example/x", "v1.2.3", Relation::Unknown, false),
                ("b.example/y", "v0.2.0", Relation::Transitive, false),
                ("a.example/l", "v0.1.0", Relation::Unknown, true),
            ]
        );
        assert_eq!(manifest.problems, []);
        assert!(matches("a/vendor/modules.txt") && !matches("a/modules.txt"));
    }
}
