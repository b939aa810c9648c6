//! Elixir's `mix.lock`: a map literal of what Mix and Hex resolved.
//!
//! `"app": {:hex, :package, "version", "inner checksum", [managers], [{:dep, "req", [hex: :name, …]}], "repo", "outer
//! checksum"}` or `{:git, "url", "revision", [options]}` (Hex's `Hex.Utils.lock`, Mix's `Mix.SCM.Git`).

use super::Format;
use super::address::without_credentials;
use super::collect::{Collector, Names};
use super::lines::{CONFLICT, file_name, is_conflict_mark, text};
use super::term::{Dialect, Reader, Term};
use crate::{Ecosystem, Manifest, Package, ParseError, Relation, SourceKind};
use std::collections::HashSet;

/// The format.
pub(super) const FORMAT: Format = Format { name: "mix-lock", matches, parse };

fn matches(path: &str) -> bool {
    file_name(path) == "mix.lock"
}

fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let text = text(bytes)?;
    let mut out = Collector::resolved();
    let mut reader = Reader::new(text, Dialect::Elixir);
    if reader.peek().is_none() {
        return Ok(out.finish());
    }
    if !reader.take("%{") {
        return Err(reader.error("expected the map of a mix.lock, which begins with `%{`"));
    }
    let mut names = Names::of(Ecosystem::Hex);
    let mut edges: Vec<(u32, Option<Vec<String>>)> = Vec::new();
    loop {
        if reader.take("}") {
            break;
        }
        let Some(_) = reader.peek() else {
            out.problem(text.len(), "the map does not end: the file is cut off");
            break;
        };
        let start = reader.at;
        match reader.top_entry() {
            Ok(term) => {
                entry(&term, &mut out, &mut names, &mut edges);
                if !reader.take(",") && reader.peek().is_some_and(|byte| byte != b'}') {
                    let at = reader.at;
                    out.problem(at, problem_at(text, at, "expected a comma between entries"));
                    skip_line(text, &mut reader, at);
                }
            }
            Err(error) => {
                out.problem(reader.at, problem_at(text, reader.at, &error.reason));
                // Each entry has its own line, so the next line is the next chance.
                skip_line(text, &mut reader, start);
            }
        }
    }
    let mut asked_for = HashSet::new();
    // Hex before 0.13 wrote no needs down.
    let told = edges.iter().any(|(_, needs)| needs.is_some());
    for (from, needs) in edges {
        let indices: Vec<u32> = needs.iter().flatten().filter_map(|name| names.get(name)).collect();
        asked_for.extend(indices.iter().copied());
        if let Some(package) = out.get(from) {
            package.dependencies = indices;
        }
    }
    // Whom nobody asks for, the project asks for; whom a package asks for, the project may ask for as well.
    for (index, package) in (0u32..).zip(&mut out.manifest.packages) {
        if told && !asked_for.contains(&index) {
            package.relation = Relation::Direct;
        }
    }
    Ok(out.finish())
}

fn problem_at<'a>(text: &str, at: usize, reason: &'a str) -> &'a str {
    let start = text.get(..at).and_then(|front| front.rfind('\n')).map_or(0, |at| at + 1);
    let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    if is_conflict_mark(line) { CONFLICT } else { reason }
}

fn skip_line(text: &str, reader: &mut Reader<'_>, from: usize) {
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    reader.at = from + memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
}

fn entry(term: &Term, out: &mut Collector, names: &mut Names, edges: &mut Vec<(u32, Option<Vec<String>>)>) {
    let (app, value) = match term.tuple() {
        Some([key, value]) => (key.word(), value),
        _ => (None, term),
    };
    let items = value.tuple().unwrap_or_default();
    let (Some(app), Some(kind)) = (app, items.first().and_then(Term::atom)) else {
        out.problem(term.span.start, "expected a name with a tuple, as in `\"app\": {:hex, …}`");
        return;
    };
    let second = items.get(1);
    let third = items.get(2).and_then(Term::text);
    let mut package = Package::new(Ecosystem::Hex, app, term.span.clone());
    let mut needs = None;
    match (kind, second, third) {
        ("hex" | "package", Some(name), version) => {
            // Before Hex 0.8 the tuple was `{:package, "version"}`.
            let (name, version) = match (kind, version) {
                ("package", None) => (app, name.text()),
                _ => (name.word().unwrap_or(app), version),
            };
            let Some(version) = version else {
                out.problem(term.span.start, format!("package {app} has no version"));
                return;
            };
            package.name = name.to_owned();
            package.version = Some(version.to_owned());
            if let Some(sum) = items.get(7).and_then(Term::text) {
                package.hashes.push(format!("sha256:{}", sum.to_ascii_lowercase()));
            }
            // An organisation's own packages share no names with the public repository.
            if let Some(repository) = items.get(6).and_then(Term::text).filter(|name| *name != "hexpm") {
                package.source = SourceKind::Url(repository.to_owned());
            }
            let list = items.get(5).and_then(Term::list);
            needs = list.map(|list| {
                let names = list.iter().filter_map(|need| need.tuple()?.first()?.word());
                names.map(str::to_owned).collect()
            });
        }
        ("git", Some(url), revision) => {
            package.source = SourceKind::Git {
                url: without_credentials(url.text().unwrap_or_default()),
                revision: revision.map(str::to_owned),
            };
        }
        ("path", ..) => package.source = SourceKind::Path,
        _ => {
            out.problem(term.span.start, format!("{app} comes from a place of an unknown kind"));
            return;
        }
    }
    if let Some(index) = out.push(package) {
        names.insert(app, index);
        edges.push((index, needs));
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::{Relation, SourceKind};

    const LOCK: &str = r#"%{
  "cowboy": {:hex, :cowboy, "2.9.0", "865d", [:make, :rebar3], [{:cowlib, "2.11.0", [hex: :cowlib, repo: "hexpm", optional: false]}, {:nowhere, "~> 1.0", [optional: true]}], "hexpm", "2C72"},
  "cowlib": {:hex, :cowlib, "2.11.0", "0b9f", [:make, :rebar3], [], "hexpm", "2b3e"},
  "app_name": {:hex, :package_name, "1.0.0", "aa", [:mix], [], "hexpm:acme", "bb"},
  "forked": {:git, "https://token@github.com/x/forked.git", "0123456", [branch: "main"]},
}
"#;

    #[test]
    fn a_lock_file_is_read() {
        let manifest = parse("mix.lock", LOCK.as_bytes()).unwrap();
        assert!(manifest.problems.is_empty(), "{:?}", manifest.problems);
        let told: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| (p.name.as_str(), p.version.as_deref(), p.relation, p.dependencies.as_slice()))
            .collect();
        assert_eq!(
            told,
            [
                ("cowboy", Some("2.9.0"), Relation::Direct, &[1][..]),
                ("cowlib", Some("2.11.0"), Relation::Unknown, &[]),
                ("package_name", Some("1.0.0"), Relation::Direct, &[]),
                ("forked", None, Relation::Direct, &[]),
            ]
        );
        assert_eq!(manifest.packages[0].hashes, ["sha256:2c72"]);
        assert_eq!(manifest.packages[2].source, SourceKind::Url("hexpm:acme".into()));
        assert_eq!(
            manifest.packages[3].source,
            SourceKind::Git {
                url: "https://github.com/x/forked.git".into(),
                revision: Some("0123456".into())
            }
        );
        assert!(LOCK[manifest.packages[1].span.clone()].starts_with("\"cowlib\": {"));
    }

    #[test]
    fn a_broken_entry_costs_only_itself() {
        let lock = "%{\n  \"a\": {:hex, :a, \"1.0\"},\n  \"b\": {:hex, @},\n<<<<<<< HEAD\n  \"c\": {:hex, :c, \"2.0\"},\n";
        let manifest = parse("mix.lock", lock.as_bytes()).unwrap();
        let names: Vec<_> = manifest.packages.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names, ["a", "c"]);
        // Without lists of needs nobody can tell who asked.
        assert!(manifest.packages.iter().all(|package| package.relation == Relation::Unknown));
        let reasons: Vec<_> = manifest.problems.iter().map(|p| p.reason.as_str()).collect();
        assert_eq!(
            reasons,
            [
                "expected a literal: a map, tuple, list, text, atom or number",
                "a merge conflict is not resolved here",
                "the map does not end: the file is cut off"
            ]
        );
        assert_eq!(parse("mix.lock", b"\n\n[1]").unwrap_err().line, 3);
    }
}
