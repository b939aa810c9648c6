//! Stack's `stack.yaml.lock`: packages that are not of the snapshot, as they were completed.

use super::Format;
use super::address::without_credentials;
use super::collect::Collector;
use super::lines::file_name;
use super::yaml::{self, Value};
use crate::{Ecosystem, Manifest, Package, ParseError, SourceKind};

/// The format.
pub(super) const FORMAT: Format = Format { name: "stack-lock", matches, parse };

fn matches(path: &str) -> bool {
    file_name(path) == "stack.yaml.lock"
}

fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let tree = yaml::parse(bytes)?;
    let mut out = Collector::resolved();
    let Some(root) = tree.root() else { return Ok(out.finish()) };
    if !root.is_mapping() {
        return Err(ParseError::at(bytes, root.span().start, "expected a mapping with `packages`"));
    }
    for entry in root.get("packages").into_iter().flat_map(Value::items) {
        let Some(done) = entry.get("completed").or_else(|| entry.get("original")) else {
            out.problem(entry.span().start, "expected `completed`");
            continue;
        };
        if let Some(hackage) = done.get("hackage") {
            let text = hackage.as_str().unwrap_or_default();
            let Some((name, version)) = identifier(text) else {
                out.problem(hackage.span().start, "expected `name-version@sha256:…`");
                continue;
            };
            let mut package = Package::new(Ecosystem::Hackage, name, hackage.span());
            package.version = Some(version.to_owned());
            out.push(package);
            continue;
        }
        let Some((key, name)) = done.entry("name") else {
            out.problem(done.span().start, "a package without a name");
            continue;
        };
        let mut package = Package::new(Ecosystem::Hackage, name.as_str().unwrap_or_default(), key.span());
        package.version = done.str("version").map(str::to_owned);
        package.source = match (done.str("git"), done.str("url").or_else(|| done.str("archive"))) {
            (Some(url), _) => SourceKind::Git {
                url: without_credentials(url),
                revision: done.str("commit").map(str::to_owned),
            },
            (None, Some(url)) => SourceKind::Url(without_credentials(url)),
            (None, None) => SourceKind::Registry,
        };
        out.push(package);
    }
    out.manifest.problems.extend(tree.problems);
    Ok(out.finish())
}

/// Splits `name-1.0@sha256:hex,size`. The hash is left out: it is that of a revision of the description.
fn identifier(text: &str) -> Option<(&str, &str)> {
    let id = text.split('@').next()?;
    let (name, version) = id.rsplit_once('-')?;
    let digits = !version.is_empty() && version.chars().all(|char| char.is_ascii_digit() || char == '.');
    (digits && !name.is_empty()).then_some((name, version))
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::SourceKind;

    #[test]
    fn completed_packages_are_read() {
        let file = "packages:\n- completed:\n    hackage: acme-missiles-0.3@sha256:2ba6,613\n    pantry-tree: {size: 1}\n  original:\n    hackage: acme-missiles-0.3\n- completed:\n    commit: '0123'\n    git: https://github.com/x/y.git\n    name: y\n    version: 1.0.0\n  original: {}\n- completed:\n    hackage: broken\nsnapshots: []\n";
        let manifest = parse("stack.yaml.lock", file.as_bytes()).unwrap();
        let told: Vec<_> =
            manifest.packages.iter().map(|p| (p.name.as_str(), p.version.as_deref())).collect();
        assert_eq!(told, [("acme-missiles", Some("0.3")), ("y", Some("1.0.0"))]);
        assert!(
            matches!(&manifest.packages[1].source, SourceKind::Git { revision: Some(r), .. } if r == "0123")
        );
        assert_eq!(manifest.problems.len(), 1);
    }
}
