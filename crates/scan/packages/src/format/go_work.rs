//! `go.work`: the modules of a workspace.
//!
//! Source: the Go modules reference, "Workspaces".

use super::collect::Collector;
use super::go_mod::Replacements;
use super::{Format, go_text, lines};
use crate::package::{Link, LinkKind};
use crate::{Manifest, ParseError};

/// `go.work`.
pub const FORMAT: Format = Format { name: "go-work", matches, parse };

fn matches(path: &str) -> bool {
    lines::file_name(path) == "go.work"
}

fn parse(_: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let text = lines::text(bytes)?;
    let mut out = Collector::wishes();
    let directives = go_text::directives(text, &mut out);
    for directive in &directives {
        match directive.verb {
            "use" => match directive.words.as_slice() {
                [path] => out.manifest.links.push(Link {
                    kind: LinkKind::Member,
                    path: path.to_string(),
                    coordinates: None,
                    span: directive.span.clone(),
                }),
                _ => out.problem(directive.span.start, "a `use` without one path"),
            },
            "go" | "toolchain" | "replace" | "godebug" => {}
            _ => out.problem(directive.span.start, "a directive that is not known"),
        }
    }
    out.manifest.managed = Replacements::read(&directives, &mut out).managed();
    if let Some(package) = go_text::standard_library(&directives) {
        out.push(package);
    }
    Ok(out.finish())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn members_and_replacements_are_read() {
        let text =
            b"go 1.22.0\nuse ./a\nuse (\n\t./b // why\n\t\"../c d\"\n)\nreplace x v1.0.0 => y v1.1.0\nuse\n";
        let manifest = parse("go.work", text).unwrap();
        let paths: Vec<_> = manifest.links.iter().map(|link| link.path.as_str()).collect();
        assert_eq!(paths, ["./a", "./b", "../c d"]);
        assert_eq!(manifest.packages[0].version.as_deref(), Some("1.22.0"));
        let managed = &manifest.managed[0];
        assert_eq!((managed.name.as_str(), managed.version.as_deref()), ("x", Some("v1.1.0")));
        assert_eq!(managed.qualifiers, [("replaced-by".to_owned(), "y".to_owned())]);
        assert_eq!(manifest.problems.len(), 1);
    }
}
