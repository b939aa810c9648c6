//! `go.mod`: the modules that a build takes, with the version that minimal version selection starts from.
//!
//! Since Go 1.17 the file of a tidy module lists every module of its build, so that the versions here are those of the build.
//! Source: the Go modules reference, "go.mod files" and "Minimal version selection".

use super::collect::Collector;
use super::go_text::{self, Directive};
use super::{Format, lines};
use crate::package::Root;
use crate::{Ecosystem, Manifest, Package, ParseError, Relation, SourceKind};
use std::collections::{HashMap, HashSet};

/// `go.mod`.
pub const FORMAT: Format = Format { name: "go-mod", matches, parse };

/// Directives that say nothing about packages.
const PASSED_OVER: [&str; 4] = ["godebug", "ignore", "retract", "tool"];

fn matches(path: &str) -> bool {
    lines::file_name(path) == "go.mod"
}

fn parse(_: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let text = lines::text(bytes)?;
    let mut out = Collector::wishes();
    let directives = go_text::directives(text, &mut out);
    if directives.is_empty() && !text.trim().is_empty() && !out.manifest.problems.is_empty() {
        return Err(ParseError::at(bytes, out.manifest.problems.first().map_or(0, |it| it.at), "no go.mod"));
    }
    let replacements = Replacements::read(&directives, &mut out);
    let excluded: HashSet<(&str, &str)> =
        directives.iter().filter(|it| it.verb == "exclude").map(|it| (it.word(0), it.word(1))).collect();
    for directive in &directives {
        match directive.verb {
            "module" => {
                let name = directive.word(0).to_owned();
                out.manifest.root = Some(Root { name: Some(name), ..Root::default() })
                    .filter(|_| !directive.words.is_empty());
            }
            "go" => out.manifest.resolved = lists_all(directive.word(0)),
            "require" => match directive.words.as_slice() {
                [name, version] => {
                    let mut package = Package::new(Ecosystem::Go, name, directive.span.clone());
                    package.requirement = Some(version.to_string());
                    package.relation =
                        if is_indirect(directive.comment) { Relation::Transitive } else { Relation::Direct };
                    if excluded.contains(&(name.as_ref(), version.as_ref())) {
                        let reason = "this version is excluded: the next higher one is taken, which the file does not tell";
                        out.problem(directive.span.start, reason);
                    } else {
                        package.version = Some(version.to_string());
                    }
                    replacements.apply(&mut package);
                    out.push(package);
                }
                _ => out.problem(directive.span.start, "a `require` without module and version"),
            },
            "toolchain" | "exclude" | "replace" => {}
            verb if PASSED_OVER.contains(&verb) => {}
            _ => out.problem(directive.span.start, "a directive that is not known"),
        }
    }
    if let Some(package) = go_text::standard_library(&directives) {
        out.push(package);
    }
    Ok(out.finish())
}

/// `// indirect` alone, or before other words.
fn is_indirect(comment: &str) -> bool {
    comment == "indirect" || comment.starts_with("indirect;")
}

/// Whether a file of this `go` version lists all modules of the build: from 1.17 on.
fn lists_all(version: &str) -> bool {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) >= (1, 17)
}

/// What `replace` puts in the place of modules.
pub(super) struct Replacements {
    by_module: HashMap<(String, Option<String>), (String, Option<String>)>,
}

impl Replacements {
    /// From `replace old [version] => new [version]`.
    pub fn read(directives: &[Directive<'_>], out: &mut Collector) -> Self {
        let mut by_module = HashMap::new();
        for directive in directives.iter().filter(|it| it.verb == "replace") {
            let arrow = directive.words.iter().position(|word| word == "=>");
            let (old, new) = match arrow {
                Some(at) => (directive.words.get(..at), directive.words.get(at + 1..)),
                None => (None, None),
            };
            let (Some([old, old_version @ ..]), Some([new, new_version @ ..])) = (old, new) else {
                out.problem(directive.span.start, "a `replace` without `old => new`");
                continue;
            };
            let old_version = old_version.first().map(|word| word.to_string());
            let new_version = new_version.first().map(|word| word.to_string()).filter(|it| !it.is_empty());
            if new_version.is_none() && !go_text::is_path(new) {
                out.problem(directive.span.start, "a replacement that is neither a path nor has a version");
                continue;
            }
            by_module.insert((old.to_string(), old_version), (new.to_string(), new_version));
        }
        Self { by_module }
    }

    /// Puts the replacement of a package in its place. One for its version goes before one for all versions.
    pub fn apply(&self, package: &mut Package) {
        let versioned = (package.name.clone(), package.requirement.clone());
        let found =
            self.by_module.get(&versioned).or_else(|| self.by_module.get(&(package.name.clone(), None)));
        match found {
            Some((_, None)) => package.source = SourceKind::Path,
            Some((name, version)) => {
                package.name = package.ecosystem.normalise_name(name);
                package.version.clone_from(version);
            }
            None => {}
        }
    }

    /// All, as packages that lay down versions: the old module as name and, as requirement, its version where stated.
    pub fn managed(&self) -> Vec<Package> {
        let mut all: Vec<_> = self
            .by_module
            .iter()
            .map(|((old, old_version), (new, new_version))| {
                let mut package = Package::new(Ecosystem::Go, old, 0..0);
                package.requirement.clone_from(old_version);
                package.version.clone_from(new_version);
                if new_version.is_none() {
                    package.source = SourceKind::Path;
                } else {
                    package.qualifiers.push(("replaced-by".to_owned(), new.clone()));
                }
                package
            })
            .collect();
        all.sort_by(|one, other| (&one.name, &one.requirement).cmp(&(&other.name, &other.requirement)));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Manifest {
        parse("go.mod", text.as_bytes()).unwrap()
    }

    #[test]
    fn modules_come_with_their_relation_and_replacement() {
        let text = "module example.com/app // a comment\n\ngo 1.21.3\ntoolchain go1.22.1\n\nrequire (\n\
            \tgithub.com/a/direct v1.2.3\n\tgithub.com/a/far v0.1.0 // indirect\n\tgithub.com/a/far2 v0.1.0 // indirect; why\n\
            \tgithub.com/a/forked v1.0.0+incompatible\n\tgithub.com/a/local v1.0.0\n\tgithub.com/a/other v1.5.0\n\tgithub.com/a/no v1.1.0\n)\n\
            replace github.com/a/forked => github.com/b/fork v1.0.1\nreplace (\n\tgithub.com/a/local => ../local\n\
            \tgithub.com/a/other v1.4.0 => ./old\n)\nexclude github.com/a/no v1.1.0\nretract [v1.0.0, v1.1.0] // wrong\n";
        let manifest = read(text);
        assert!(manifest.resolved);
        assert_eq!(manifest.root.unwrap().name.as_deref(), Some("example.com/app"));
        let all: Vec<_> = manifest
            .packages
            .iter()
            .map(|it| (it.name.as_str(), it.version.as_deref(), it.relation, it.source == SourceKind::Path))
            .collect();
        use Relation::{Direct, Transitive};
        assert_eq!(
            all,
            [
                ("github.com/a/direct", Some("v1.2.3"), Direct, false),
                ("github.com/a/far", Some("v0.1.0"), Transitive, false),
                ("github.com/a/far2", Some("v0.1.0"), Transitive, false),
                ("github.com/b/fork", Some("v1.0.1"), Direct, false),
                ("github.com/a/local", Some("v1.0.0"), Direct, true),
                ("github.com/a/other", Some("v1.5.0"), Direct, false),
                ("github.com/a/no", None, Direct, false),
                ("stdlib", Some("1.22.1"), Direct, false),
            ]
        );
        assert_eq!(&text[manifest.packages[0].span.clone()], "github.com/a/direct v1.2.3");
        assert_eq!(&text[manifest.packages[7].span.clone()], "toolchain go1.22.1");
        assert_eq!(manifest.problems.len(), 1);
    }

    #[test]
    fn an_old_file_does_not_list_all() {
        let manifest = read("module a\ngo 1.16\nrequire b v1.0.0\n");
        assert!(!manifest.resolved);
        let library = &manifest.packages[1];
        assert_eq!((library.requirement.as_deref(), library.version.as_deref()), (Some("1.16"), None));
    }

    #[test]
    fn broken_lines_are_told_and_the_rest_stands() {
        let manifest = read("module a\nrequire b\nrequire c v1.0.0\nfoo bar\nreplace d\nreplace e => f\n");
        assert_eq!(manifest.packages.len(), 1);
        assert_eq!(manifest.problems.len(), 4);
    }
}
