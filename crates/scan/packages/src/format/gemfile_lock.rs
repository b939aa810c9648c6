//! Bundler's `Gemfile.lock` and `gems.locked`.
//!
//! Sections begin at the margin; below `specs:` a gem stands four blanks in and what it asks for six blanks in, as
//! `name (version-platform)` and `name (requirement)`. Written by Bundler's `LockfileGenerator`.

use super::Format;
use super::address::without_credentials;
use super::collect::{Collector, Names, direct_if};
use super::lines::{CONFLICT, Line, file_name, is_conflict_mark, lines, text};
use crate::package::Root;
use crate::{Ecosystem, Manifest, Package, ParseError, SourceKind};
use std::collections::{HashMap, HashSet};

/// The format.
pub(super) const FORMAT: Format = Format { name: "gemfile-lock", matches, parse };

fn matches(path: &str) -> bool {
    let name = file_name(path);
    name == "gems.locked" || name.strip_suffix(".lock").is_some_and(|stem| stem.ends_with("Gemfile"))
}

/// Bytes of an address or revision: every gem of its section gets a copy.
const MAX_PLACE: usize = 2048;

#[derive(Clone, Copy, PartialEq)]
enum Section {
    Gem,
    Git,
    Path,
    Dependencies,
    Checksums,
    /// Platforms, versions of Ruby and Bundler, and what later versions add.
    Other,
}

#[derive(Default)]
struct State<'a> {
    /// The line of the project's own gem.
    project: Option<&'a str>,
    remote: Option<String>,
    revision: Option<String>,
    in_specs: bool,
    /// The gem that the next edges belong to; `None` inside the project's own gem.
    current: Option<u32>,
    own: bool,
    seen: HashMap<(&'a str, &'a str), u32>,
    edges: Vec<(u32, &'a str)>,
    asked: HashSet<&'a str>,
}

fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let text = text(bytes)?;
    let mut out = Collector::resolved();
    let mut state = State { project: project(text), ..State::default() };
    let mut section = None;
    for line in lines(text) {
        if line.text.trim().is_empty() {
            continue;
        }
        if is_conflict_mark(line.text) {
            out.problem(line.start, CONFLICT);
            continue;
        }
        if line.indent() == 0 {
            section = Some(match line.text.trim_end() {
                "GEM" => Section::Gem,
                "GIT" => Section::Git,
                "PATH" => Section::Path,
                "DEPENDENCIES" => Section::Dependencies,
                "CHECKSUMS" => Section::Checksums,
                // Another place of gems, which has remote and specs as well.
                "PLUGIN SOURCE" => Section::Gem,
                word if word.chars().all(|char| char.is_ascii_uppercase() || char == ' ') => Section::Other,
                _ => {
                    let reason = "expected a section of a Gemfile.lock, such as GEM or DEPENDENCIES";
                    if section.is_none() {
                        return Err(ParseError::at(bytes, line.start, reason));
                    }
                    out.problem(line.start, reason);
                    Section::Other
                }
            });
            state.remote = None;
            state.revision = None;
            state.in_specs = false;
            state.current = None;
            state.own = false;
            continue;
        }
        match section {
            None => {
                let reason = "expected a section of a Gemfile.lock, such as GEM or DEPENDENCIES";
                return Err(ParseError::at(bytes, line.start, reason));
            }
            Some(Section::Dependencies) => {
                let entry = line.text.trim().trim_end_matches('!');
                let name = entry.split(" (").next().unwrap_or(entry).trim_end();
                state.asked.insert(name.trim_end_matches('!'));
            }
            Some(Section::Checksums) => checksum(line, &mut state, &mut out),
            Some(Section::Other) => {}
            Some(kind) => source_line(line, kind, &mut state, &mut out),
        }
    }
    let mut names = Names::of(Ecosystem::RubyGems);
    for (index, package) in (0u32..).zip(&out.manifest.packages) {
        names.insert(&package.name, index);
    }
    for (from, name) in state.edges {
        if let (Some(to), Some(package)) = (names.get(name), out.get(from)) {
            package.dependencies.push(to);
        }
    }
    for package in &mut out.manifest.packages {
        package.relation = direct_if(state.asked.contains(package.name.as_str()));
    }
    Ok(out.finish())
}

/// The gem that the project itself is: the only one in its own folder. Of several, none is the project.
fn project(text: &str) -> Option<&str> {
    let mut found = None;
    let (mut path, mut own) = (false, false);
    for line in lines(text) {
        match (line.indent(), line.text.trim()) {
            (0, word) => (path, own) = (word == "PATH", false),
            (2, "remote: .") => own = path,
            (4, gem) if own => match found {
                None => found = Some(gem),
                Some(_) => return None,
            },
            _ => {}
        }
    }
    found
}

/// A line of GEM, GIT or PATH.
fn source_line<'a>(line: Line<'a>, section: Section, state: &mut State<'a>, out: &mut Collector) {
    let content = line.text.trim();
    match line.indent() {
        2 => {
            state.in_specs = content == "specs:";
            if let Some(remote) = content.strip_prefix("remote:") {
                state.remote = Some(remote.trim().to_owned()).filter(|text| text.len() <= MAX_PLACE);
            } else if let Some(revision) = content.strip_prefix("revision:") {
                state.revision = Some(revision.trim().to_owned()).filter(|text| text.len() <= MAX_PLACE);
            }
        }
        4 if state.in_specs => {
            state.current = None;
            state.own = false;
            let Some((name, version)) = name_and_version(content) else {
                out.problem(line.start, "expected a gem with its version, as in `rake (13.0.6)`");
                return;
            };
            if section == Section::Path && state.project == Some(content) && out.manifest.root.is_none() {
                out.manifest.root = Some(Root {
                    name: Some(name.to_owned()),
                    version: Some(version.to_owned()),
                    licences: Vec::new(),
                });
                state.own = true;
                return;
            }
            // Builds for several platforms are one version of one gem.
            let index = state.seen.get(&(name, version)).copied().or_else(|| {
                let mut package = Package::new(Ecosystem::RubyGems, name, line.span());
                package.version = Some(version.to_owned());
                package.source = match section {
                    Section::Git => SourceKind::Git {
                        url: without_credentials(state.remote.as_deref().unwrap_or_default()),
                        revision: state.revision.clone(),
                    },
                    Section::Path => SourceKind::Path,
                    _ => SourceKind::Registry,
                };
                out.push(package)
            });
            if let Some(index) = index {
                state.seen.insert((name, version), index);
            }
            state.current = index;
        }
        6 if state.in_specs => {
            let name = content.split(" (").next().unwrap_or(content).trim_end_matches('!');
            if state.own {
                state.asked.insert(name);
            } else if let Some(from) = state.current {
                state.edges.push((from, name));
            }
        }
        _ if state.in_specs => out.problem(line.start, "unexpected indentation between gems"),
        _ => {}
    }
}

/// `name (version-platform) sha256=…,sha512=…`.
fn checksum<'a>(line: Line<'a>, state: &mut State<'a>, out: &mut Collector) {
    let content = line.text.trim();
    let Some((gem, sums)) = content.split_once(") ") else { return };
    let Some((name, version)) = gem.split_once(" (") else { return };
    let version = version.split('-').next().unwrap_or(version);
    let Some(package) = state.seen.get(&(name, version)).and_then(|index| out.get(*index)) else { return };
    for sum in sums.split(',') {
        if let Some((algorithm, hex)) = sum.trim().split_once('=') {
            package.hashes.push(format!("{algorithm}:{hex}"));
        }
    }
}

/// Splits `nokogiri (1.15.0-x86_64-linux)`; what follows the first `-` is the platform, for a gem's version has none.
fn name_and_version(content: &str) -> Option<(&str, &str)> {
    let (name, rest) = content.trim_end_matches('!').split_once(" (")?;
    let version = rest.strip_suffix(')')?;
    let version = version.split('-').next()?;
    (!name.is_empty() && !version.is_empty() && !version.contains(' ')).then_some((name, version))
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::{Relation, SourceKind};

    const LOCK: &str = "\
GIT
  remote: https://token@github.com/rails/rails.git
  revision: 7a1b2c
  branch: main
  specs:
    actionpack (7.1.0.alpha)
      rack (>= 2.2.4)

PATH
  remote: .
  specs:
    own (0.1.0)
      nokogiri (~> 1.15)

PATH
  remote: engines/shop
  specs:
    shop (0.2.0)

GEM
  remote: https://rubygems.org/
  specs:
    nokogiri (1.15.0)
      racc (~> 1.4)
    nokogiri (1.15.0-x86_64-linux)
      racc (~> 1.4)
    racc (1.6.2)
    rack (2.2.7)

PLATFORMS
  ruby
  x86_64-linux

DEPENDENCIES
  actionpack!
  own!
  rack (~> 2.2)
  shop!

CHECKSUMS
  rack (2.2.7) sha256=abcd
  nokogiri (1.15.0-x86_64-linux) sha256=ef01

BUNDLED WITH
   2.4.10
";

    #[test]
    fn a_lock_file_is_read_with_edges_and_sources() {
        let manifest = parse("Gemfile.lock", LOCK.as_bytes()).unwrap();
        assert!(manifest.problems.is_empty(), "{:?}", manifest.problems);
        let told: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| (p.name.as_str(), p.version.as_deref().unwrap(), p.relation, p.dependencies.clone()))
            .collect();
        assert_eq!(
            told,
            [
                ("actionpack", "7.1.0.alpha", Relation::Direct, vec![4]),
                ("shop", "0.2.0", Relation::Direct, vec![]),
                ("nokogiri", "1.15.0", Relation::Direct, vec![3]),
                ("racc", "1.6.2", Relation::Transitive, vec![]),
                ("rack", "2.2.7", Relation::Direct, vec![]),
            ]
        );
        assert_eq!(
            manifest.packages[0].source,
            SourceKind::Git {
                url: "https://github.com/rails/rails.git".into(),
                revision: Some("7a1b2c".into())
            }
        );
        assert_eq!(manifest.packages[1].source, SourceKind::Path);
        assert_eq!(manifest.packages[2].hashes, ["sha256:ef01"]);
        assert_eq!(&LOCK[manifest.packages[4].span.clone()], "rack (2.2.7)");
        assert_eq!(manifest.root.unwrap().name.as_deref(), Some("own"));
    }

    #[test]
    fn of_several_gems_in_one_folder_none_is_the_project() {
        let lock = "PATH\n  remote: .\n  specs:\n    a (1.0)\n      b (= 1.0)\n    b (1.0)\n";
        let manifest = parse("Gemfile.lock", lock.as_bytes()).unwrap();
        assert!(manifest.root.is_none());
        assert_eq!(manifest.packages[0].dependencies, [1]);
        assert!(manifest.packages.iter().all(|package| package.source == SourceKind::Path));
    }

    #[test]
    fn another_file_is_refused_and_a_broken_line_is_named() {
        let error = parse("Gemfile.lock", b"\n\n{\"a\": 1}\n").unwrap_err();
        assert_eq!(error.line, 3);
        let broken = "GEM\n  specs:\n    rake 13\n<<<<<<< HEAD\n    rack (2.0.0)\n";
        let manifest = parse("Gemfile.lock", broken.as_bytes()).unwrap();
        assert_eq!(manifest.packages.len(), 1);
        let at: Vec<_> = manifest.problems.iter().map(|p| p.at).collect();
        assert_eq!(at, [13, 25]);
    }
}
