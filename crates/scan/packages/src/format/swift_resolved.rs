//! Swift's `Package.resolved`, versions 1 to 3: pins with an address, a revision and a version.
//!
//! Advisories name packages by their address without protocol, such as `github.com/apple/swift-nio`.

use super::Format;
use super::address::{repository, without_credentials};
use super::collect::Collector;
use super::json::{Value, parse_object};
use super::lines::file_name;
use crate::{Ecosystem, Manifest, Package, ParseError, SourceKind};

/// The format.
pub(super) const FORMAT: Format = Format { name: "swift-resolved", matches, parse };

fn matches(path: &str) -> bool {
    matches!(file_name(path), "Package.resolved" | ".package.resolved")
}

fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let (root, problems) = parse_object(bytes)?;
    let mut out = Collector::resolved();
    out.manifest.problems = problems;
    // Version 1 keeps the pins one level deeper, and other words for them.
    let pins = match (root.get("pins"), root.object("object").and_then(|object| object.get("pins"))) {
        (Some(Value::Array(pins)), _) | (None, Some(Value::Array(pins))) => pins,
        _ => return Err(ParseError::at(bytes, 0, "expected `pins`")),
    };
    let mut last = 0;
    for pin in pins {
        let Some(pin) = pin.as_object() else {
            out.problem(last, "expected an object that describes a pin");
            continue;
        };
        last = pin.entries.first().map_or(last, |(key, _)| key.span.start);
        let identity = pin.get("identity").or_else(|| pin.get("package")).and_then(Value::as_text);
        let location = pin.get("location").or_else(|| pin.get("repositoryURL")).and_then(Value::as_text);
        let location = location.filter(|text| !text.text.is_empty());
        let Some(shown) = location.or(identity) else {
            out.problem(last, "a pin without an address");
            continue;
        };
        let kind = pin.str("kind").unwrap_or("remoteSourceControl");
        // A registry's packages have a name of their own: scope.name.
        let name = match kind {
            "registry" => identity.unwrap_or(shown).text.to_string(),
            _ => repository(&shown.text),
        };
        let mut package = Package::new(Ecosystem::Swift, &name, shown.span.clone());
        let state = pin.object("state");
        package.version = state.and_then(|state| state.str("version")).map(str::to_owned);
        let branch = state.and_then(|state| state.str("branch"));
        let revision = state.and_then(|state| state.str("revision"));
        if kind.starts_with("local") {
            package.source = SourceKind::Path;
        } else if package.version.is_none() {
            // On a branch: only the revision tells what it is.
            if revision.or(branch).is_none() {
                out.problem(shown.span.start, "a pin without version and revision");
            }
            package.requirement = branch.map(str::to_owned);
            package.source = SourceKind::Git {
                url: without_credentials(&shown.text),
                revision: revision.map(str::to_owned),
            };
        }
        out.push(package);
    }
    Ok(out.finish())
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::SourceKind;

    #[test]
    fn all_versions_are_read() {
        let one = r#"{"object": {"pins": [{"package": "NIO", "repositoryURL": "https://github.com/Apple/swift-nio.git",
            "state": {"branch": null, "revision": "abc", "version": "2.1.0"}}]}, "version": 1}"#;
        let manifest = parse("Package.resolved", one.as_bytes()).unwrap();
        assert_eq!(manifest.packages[0].name, "github.com/apple/swift-nio");
        assert_eq!(manifest.packages[0].version.as_deref(), Some("2.1.0"));
        let three = r#"{"originHash": "x", "pins": [
            {"identity": "a", "kind": "remoteSourceControl", "location": "git@github.com:x/a.git", "state": {"branch": "main", "revision": "def"}},
            {"identity": "mona.LinkedList", "kind": "registry", "location": "", "state": {"version": "1.0.0"}},
            {"identity": "l", "kind": "localSourceControl", "location": "/tmp/l", "state": {"revision": "1"}},
            {"state": {}}], "version": 3}"#;
        let manifest = parse("Package.resolved", three.as_bytes()).unwrap();
        let told: Vec<_> =
            manifest.packages.iter().map(|p| (p.name.as_str(), p.version.as_deref())).collect();
        assert_eq!(told, [("github.com/x/a", None), ("mona.linkedlist", Some("1.0.0")), ("/tmp/l", None)]);
        assert_eq!(
            manifest.packages[0].source,
            SourceKind::Git { url: "git@github.com:x/a.git".into(), revision: Some("def".into()) }
        );
        assert_eq!(manifest.problems.len(), 1);
        assert!(parse("", b"{}").is_err());
    }
}
