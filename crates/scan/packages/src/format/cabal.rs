//! Haskell's `*.cabal`: a package's own name, and the `build-depends` of its parts.
//!
//! Parts begin at the margin (`library`, `test-suite name`), fields stand below with their values on the same line or further
//! in (the Cabal user guide, "Package description").

use super::Format;
use super::collect::Collector;
use super::lines::{Line, file_name, lines, text};
use crate::package::Root;
use crate::{Ecosystem, Manifest, Package, ParseError, Relation, Scope};
use std::ops::Range;

/// The format.
pub(super) const FORMAT: Format = Format { name: "cabal", matches, parse };

fn matches(path: &str) -> bool {
    file_name(path).strip_suffix(".cabal").is_some_and(|stem| !stem.is_empty())
}

/// A field whose value is a list of packages.
struct Open {
    indent: usize,
    scope: Scope,
    value: String,
    /// For each line: where it starts in `value`, and in the file.
    places: Vec<(usize, usize)>,
}

impl Open {
    fn add(&mut self, line: Line<'_>, text: &str) {
        let at = line.span_of(text).start;
        self.places.push((self.value.len(), at));
        self.value.push_str(text);
        self.value.push('\n');
    }

    fn place(&self, at: usize) -> usize {
        let index = self.places.partition_point(|(start, _)| *start <= at);
        match index.checked_sub(1).and_then(|index| self.places.get(index)) {
            Some((start, place)) => place + (at - start),
            None => 0,
        }
    }
}

fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let text = text(bytes)?;
    let mut out = Collector::wishes();
    let mut root = Root::default();
    let mut part = Scope::Runtime;
    let mut open: Option<Open> = None;
    for line in lines(text) {
        let trimmed = line.text.trim();
        if trimmed.is_empty() || trimmed.starts_with("--") {
            continue;
        }
        let indent = line.indent();
        if let Some(field) = open.as_mut() {
            // In a part a field's value stands further in than the field.
            if indent > field.indent {
                field.add(line, trimmed);
                continue;
            }
        }
        if let Some(field) = open.take() {
            wishes(&field, &mut out);
        }
        let field = trimmed.split_once(':').map(|(key, rest)| (key.trim_end(), rest.trim()));
        let Some((key, rest)) = field.filter(|(key, _)| is_field(key)) else {
            if indent == 0 {
                let word = trimmed.split_whitespace().next().unwrap_or_default();
                part = match word.to_ascii_lowercase().as_str() {
                    "test-suite" | "benchmark" => Scope::Development,
                    "custom-setup" => Scope::Build,
                    _ => Scope::Runtime,
                };
            }
            continue;
        };
        let scope = match key.to_ascii_lowercase().as_str() {
            "build-depends" => part,
            "build-tool-depends" if part == Scope::Development => part,
            "setup-depends" | "build-tool-depends" => Scope::Build,
            "name" if indent == 0 => {
                root.name = Some(rest.to_owned());
                continue;
            }
            "version" if indent == 0 => {
                root.version = Some(rest.to_owned());
                continue;
            }
            "license" if indent == 0 => {
                root.licences = vec![rest.to_owned()];
                continue;
            }
            _ => continue,
        };
        let mut field = Open { indent, scope, value: String::new(), places: Vec::new() };
        field.add(line, rest);
        open = Some(field);
    }
    if let Some(field) = open {
        wishes(&field, &mut out);
    }
    // Parts of a package ask for each other by the package's own name.
    if let Some(own) = &root.name {
        out.manifest.packages.retain(|package| package.name != *own);
    }
    if root != Root::default() {
        out.manifest.root = Some(root);
    }
    Ok(out.finish())
}

fn is_field(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|char| char.is_ascii_alphanumeric() || char == '-')
}

/// Splits at commas outside of `{…}`, which lists sublibraries or versions.
fn wishes(field: &Open, out: &mut Collector) {
    let (mut depth, mut start) = (0usize, 0);
    let ends = field.value.bytes().enumerate().chain([(field.value.len(), b',')]);
    for (at, byte) in ends {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 || at == field.value.len() => {
                if let Some(entry) = field.value.get(start..at) {
                    wish(field, entry, start, out);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

fn wish(field: &Open, entry: &str, at: usize, out: &mut Collector) {
    let text = entry.trim();
    if text.is_empty() {
        return;
    }
    let at = at + (entry.len() - entry.trim_start().len());
    let name_end = text.find(|char: char| !(char.is_alphanumeric() || char == '-')).unwrap_or(text.len());
    let (name, rest) = text.split_at(name_end);
    let place = field.place(at);
    if name.is_empty() {
        out.problem(place, "expected the name of a package");
        return;
    }
    let rest = match rest.strip_prefix(':') {
        // `name:sublibrary`, `name:{a, b}`, `name:tool`.
        Some(sub) if sub.starts_with('{') => sub.split_once('}').map_or("", |(_, rest)| rest),
        Some(sub) => {
            let end =
                sub.find(|char: char| char.is_whitespace() || "<>=^".contains(char)).unwrap_or(sub.len());
            sub.get(end..).unwrap_or_default()
        }
        None => rest,
    };
    let requirement = rest.split_whitespace().collect::<Vec<_>>().join(" ");
    let span: Range<usize> = place..place + text.lines().next().map_or(0, |line| line.trim_end().len());
    let mut package = Package::new(Ecosystem::Hackage, name, span);
    package.version = requirement
        .strip_prefix("==")
        .map(str::trim)
        .filter(|version| version.chars().all(|char| char.is_ascii_digit() || char == '.'))
        .map(str::to_owned);
    package.requirement = (!requirement.is_empty()).then_some(requirement);
    package.scope = field.scope;
    package.relation = Relation::Direct;
    out.push(package);
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::Scope;

    #[test]
    fn dependencies_of_each_part_are_wishes() {
        let file = "\
cabal-version: 2.4
name: own
version: 0.1
license: BSD-3-Clause

library
  build-depends: base >=4.14 && <5, aeson ==2.0.3.0
    , text
    -- a comment, with a comma
    , containers ^>= {0.6, 0.7}
  exposed-modules: A, B
  if flag(x)
    build-depends: unix:sub >= 2

test-suite t
  type: exitcode-stdio-1.0
  build-depends:
      own
    , hspec:{a, b} >= 2
  build-tool-depends: hspec-discover:hspec-discover == 2.*
";
        let manifest = parse("own.cabal", file.as_bytes()).unwrap();
        assert!(manifest.problems.is_empty(), "{:?}", manifest.problems);
        assert_eq!(manifest.root.unwrap().name.as_deref(), Some("own"));
        let told: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| (p.name.as_str(), p.requirement.as_deref(), p.version.as_deref(), p.scope))
            .collect();
        assert_eq!(
            told,
            [
                ("base", Some(">=4.14 && <5"), None, Scope::Runtime),
                ("aeson", Some("==2.0.3.0"), Some("2.0.3.0"), Scope::Runtime),
                ("text", None, None, Scope::Runtime),
                ("containers", Some("^>= {0.6, 0.7}"), None, Scope::Runtime),
                ("unix", Some(">= 2"), None, Scope::Runtime),
                ("hspec", Some(">= 2"), None, Scope::Development),
                ("hspec-discover", Some("== 2.*"), None, Scope::Development),
            ]
        );
        assert_eq!(&file[manifest.packages[2].span.clone()], "text");
        assert_eq!(&file[manifest.packages[1].span.clone()], "aeson ==2.0.3.0");
    }
}
