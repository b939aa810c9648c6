//! Cabal's `cabal.project.freeze`: `constraints: any.name ==version, name +flag, …`.

use super::Format;
use super::collect::Collector;
use super::lines::{CONFLICT, file_name, is_conflict_mark, lines, text};
use crate::{Ecosystem, Manifest, Package, ParseError};

/// The format.
pub(super) const FORMAT: Format = Format { name: "cabal-freeze", matches, parse };

fn matches(path: &str) -> bool {
    file_name(path).ends_with(".project.freeze")
}

fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let text = text(bytes)?;
    let mut out = Collector::resolved();
    let mut inside = false;
    let mut known = false;
    for line in lines(text) {
        let code = line.text.split("--").next().unwrap_or(line.text);
        if code.trim().is_empty() {
            continue;
        }
        if is_conflict_mark(line.text) {
            out.problem(line.start, CONFLICT);
            continue;
        }
        let mut entries = code;
        if !code.starts_with([' ', '\t']) {
            let Some((field, rest)) = code.split_once(':') else {
                let reason = "expected a field, as in `constraints: any.name ==1.0`";
                if !known {
                    return Err(ParseError::at(bytes, line.start, reason));
                }
                out.problem(line.start, reason);
                continue;
            };
            known = true;
            inside = field.trim().eq_ignore_ascii_case("constraints");
            entries = rest;
        }
        if !inside {
            continue;
        }
        for entry in entries.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            // Without `==` it chooses flags, or a range that freezes nothing.
            let Some((name, version)) = entry.split_once("==") else { continue };
            let name = name.trim();
            let name = name.strip_prefix("any.").or_else(|| name.strip_prefix("setup.")).unwrap_or(name);
            let version = version.trim();
            if name.is_empty() || version.is_empty() || version.contains([' ', '|', '&', '*']) {
                out.problem(line.span_of(entry).start, "expected one name with one version");
                continue;
            }
            let mut package = Package::new(Ecosystem::Hackage, name, line.span_of(entry));
            package.version = Some(version.to_owned());
            out.push(package);
        }
    }
    Ok(out.finish())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn frozen_versions_are_read_and_flags_passed_over() {
        let file = "active-repositories: hackage.haskell.org:merge\nconstraints: any.aeson ==2.0.3.0,\n             aeson -cffi +ordered-keymap,\n             any.base ==4.16.3.0 -- note\nindex-state: hackage.haskell.org 2022-01-01T00:00:00Z\n";
        let manifest = parse("cabal.project.freeze", file.as_bytes()).unwrap();
        let told: Vec<_> =
            manifest.packages.iter().map(|p| (p.name.as_str(), p.version.as_deref().unwrap())).collect();
        assert_eq!(told, [("aeson", "2.0.3.0"), ("base", "4.16.3.0")]);
        assert_eq!(&file[manifest.packages[1].span.clone()], "any.base ==4.16.3.0");
        assert!(manifest.problems.is_empty());
        assert_eq!(parse("", b"-- x\nnothing\n").unwrap_err().line, 2);
    }
}
