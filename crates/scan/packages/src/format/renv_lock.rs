//! R's `renv.lock`: `Packages` by name with `Version`, `Source`, `Requirements` and the remote they came from.

use super::Format;
use super::collect::{Collector, Names};
use super::json::{Object, Value, parse_object};
use super::lines::file_name;
use crate::{Ecosystem, Manifest, Package, ParseError, SourceKind};

/// The format.
pub(super) const FORMAT: Format = Format { name: "renv-lock", matches, parse };

fn matches(path: &str) -> bool {
    file_name(path) == "renv.lock"
}

fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let (root, problems) = parse_object(bytes)?;
    let mut out = Collector::resolved();
    out.manifest.problems = problems;
    let Some(packages) = root.object("Packages") else {
        return Err(ParseError::at(bytes, 0, "expected `Packages`"));
    };
    let mut names = Names::of(Ecosystem::Cran);
    let mut needs: Vec<(u32, Vec<&str>)> = Vec::new();
    for (key, entry) in &packages.entries {
        let Some(entry) = entry.as_object() else {
            out.problem(key.span.start, "expected an object that describes a package");
            continue;
        };
        let name = entry.str("Package").unwrap_or(&key.text);
        let mut package = Package::new(Ecosystem::Cran, name, key.span.clone());
        package.version = entry.str("Version").map(str::to_owned);
        if package.version.is_none() {
            out.problem(key.span.start, format!("package {name} has no version"));
        }
        package.source = source(entry);
        package.licences.extend(entry.str("License").map(str::to_owned));
        let Some(index) = out.push(package) else { continue };
        names.insert(name, index);
        // Older files know only `Requirements`; newer ones keep the fields of DESCRIPTION.
        let lists = ["Requirements", "Depends", "Imports", "LinkingTo"];
        let asked = lists.iter().flat_map(|list| entry.array(list)).filter_map(Value::as_str).map(bare);
        needs.push((index, asked.collect()));
    }
    for (from, asked) in needs {
        if let Some(package) = out.get(from) {
            let found = asked.iter().filter_map(|name| names.get(name));
            package.dependencies.extend(found.filter(|to| *to != from));
        }
    }
    Ok(out.finish())
}

/// `rlang (>= 1.0)` without the version.
fn bare(text: &str) -> &str {
    text.split(['(', ' ']).next().unwrap_or(text).trim()
}

fn source(entry: &Object<'_>) -> SourceKind {
    let remote = |key: &str| entry.str(key).unwrap_or_default();
    let revision = || entry.str("RemoteSha").or_else(|| entry.str("RemoteRef")).map(str::to_owned);
    let hosted = |host: &str| SourceKind::Git {
        url: format!("https://{host}/{}/{}", remote("RemoteUsername"), remote("RemoteRepo")),
        revision: revision(),
    };
    match remote("Source").to_ascii_lowercase().as_str() {
        "github" => hosted("github.com"),
        "gitlab" => hosted("gitlab.com"),
        "bitbucket" => hosted("bitbucket.org"),
        "git" | "git2r" | "xgit" => SourceKind::Git {
            url: super::address::without_credentials(remote("RemoteUrl")),
            revision: revision(),
        },
        "local" => SourceKind::Path,
        // A repository beside CRAN, with packages that CRAN does not have.
        "bioconductor" => SourceKind::Url("https://bioconductor.org".to_owned()),
        "url" => SourceKind::Url(super::address::without_credentials(remote("RemoteUrl"))),
        _ => SourceKind::Registry,
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::SourceKind;

    #[test]
    fn packages_are_read_with_edges_and_sources() {
        let file = r#"{"R": {"Version": "4.2.3"}, "Packages": {
  "markdown": {"Package": "markdown", "Version": "1.0", "Source": "Repository", "Repository": "CRAN",
    "Hash": "4584a57f565dd7987d59dda3a02cfb41", "Requirements": ["mime", "R"]},
  "mime": {"Package": "mime", "Version": "0.12.1", "Source": "Repository"},
  "own": {"Package": "own", "Version": "0.1", "Source": "GitHub", "RemoteUsername": "x", "RemoteRepo": "own",
    "RemoteSha": "0123", "Imports": ["mime (>= 0.1)"]},
  "odd": 1, "none": {}}}"#;
        let manifest = parse("renv.lock", file.as_bytes()).unwrap();
        let told: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| (p.name.as_str(), p.version.as_deref(), p.dependencies.as_slice()))
            .collect();
        assert_eq!(
            told,
            [
                ("markdown", Some("1.0"), &[1][..]),
                ("mime", Some("0.12.1"), &[]),
                ("own", Some("0.1"), &[1]),
                ("none", None, &[]),
            ]
        );
        assert_eq!(
            manifest.packages[2].source,
            SourceKind::Git { url: "https://github.com/x/own".into(), revision: Some("0123".into()) }
        );
        assert_eq!(manifest.problems.len(), 2);
        assert!(parse("", b"{}").is_err());
    }
}
