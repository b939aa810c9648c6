//! CycloneDX bills of materials in JSON, 1.2 to 1.7 (ECMA-424, the BOM schema): components however nested, their scopes,
//! licences and checksums, and the graph of dependencies.
//!
//! Names such as `sbom.json` are used for SPDX too: what the content says counts.

use super::Format;
use super::bom::{Bom, Part, cut, hash, scope_of};
use super::json::{Object, Value, parse_object};
use super::lines::file_name;
use crate::{Manifest, ParseError, Scope};

/// The format.
pub(super) const FORMAT: Format = Format { name: "cyclonedx", matches, parse };

/// Versions of the specification that this reader was written for.
const VERSIONS: &[&str] = &["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"];

fn matches(path: &str) -> bool {
    let name = file_name(path).to_ascii_lowercase();
    // A `bom.json` may be anything; only its content tells.
    name.ends_with(".cdx.json")
        || matches!(name.as_str(), "bom.json" | "cyclonedx.json")
        || name.ends_with("-bom.json")
        || name.ends_with(".bom.json")
        || (name.contains("sbom") && name.ends_with(".json") && !name.ends_with(".spdx.json"))
}

fn parse(path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let (document, problems) = parse_object(bytes)?;
    if document.get("spdxVersion").is_some() {
        return super::spdx_json::read(&document, problems);
    }
    let mut bom = Bom::new();
    bom.out.manifest.problems = problems;
    if document.str("bomFormat") != Some("CycloneDX") {
        let name = file_name(path).to_ascii_lowercase();
        if name.ends_with(".cdx.json") || name == "cyclonedx.json" {
            return Err(ParseError { line: 1, reason: "no `bomFormat` of CycloneDX".to_owned() });
        }
        bom.out.problem(
            0,
            "the name is that of a bill of materials, but the file is neither CycloneDX nor SPDX",
        );
        return Ok(bom.finish());
    }
    version(&mut bom, document.entry("specVersion").map(|(key, value)| (key.span.start, value.as_str())));
    if let Some(project) = document.object("metadata").and_then(|metadata| metadata.object("component")) {
        bom.root(&part(project, 0));
        components(project.get("components"), &mut bom);
    }
    components(document.get("components"), &mut bom);
    for dependency in document.array("dependencies").iter().filter_map(Value::as_object) {
        let Some(from) = dependency.str("ref") else { continue };
        for to in dependency.array("dependsOn").iter().filter_map(Value::as_str) {
            bom.edge(from, to, None);
        }
    }
    Ok(bom.finish())
}

/// Notes a version of the specification that is not known.
pub(super) fn version(bom: &mut Bom, told: Option<(usize, Option<&str>)>) {
    match told {
        Some((_, Some(version))) if VERSIONS.contains(&version) => {}
        Some((at, version)) => {
            let version = cut(version.unwrap_or("(no text)"));
            bom.out.problem(at, format!("version {version} of CycloneDX is not known: read as 1.6"));
        }
        None => bom.out.problem(0, "does not tell the version of CycloneDX: read as 1.6"),
    }
}

/// The components of a list, and those inside them. The depth is bounded by the JSON reader.
fn components(list: Option<&Value<'_>>, bom: &mut Bom) {
    let mut open: Vec<&Value<'_>> = list.and_then(Value::as_array).into_iter().flatten().rev().collect();
    let mut last = 0;
    while let Some(value) = open.pop() {
        let Some(component) = value.as_object() else {
            bom.out.problem(last, "expected an object that describes a component");
            continue;
        };
        let part = part(component, last);
        last = part.span.start;
        bom.part(part);
        open.extend(component.array("components").iter().rev());
    }
}

/// A component; `near`: where the last one stood, for one without any text.
fn part<'a>(component: &'a Object<'_>, near: usize) -> Part<'a> {
    let text = |key: &str| component.get(key).and_then(Value::as_text);
    let told = text("purl").or_else(|| text("name")).map(|text| text.span.clone());
    let excluded = match component.str("scope") {
        Some("optional") => Some(Scope::Optional),
        Some("excluded") => Some(Scope::Development),
        Some("required") => Some(Scope::Runtime),
        _ => None,
    };
    Part {
        reference: component.str("bom-ref"),
        name: component.str("name").unwrap_or_default(),
        version: component.str("version"),
        purl: component.str("purl"),
        cpe: component.get("cpe").is_some(),
        kind: component.str("type"),
        scope: properties(component).or(excluded),
        licences: licences(component),
        hashes: component
            .array("hashes")
            .iter()
            .filter_map(Value::as_object)
            .filter_map(|entry| hash(entry.str("alg")?, entry.str("content")?))
            .collect(),
        span: told.unwrap_or(near..near),
    }
}

/// The scope that a writer left in a property: Bartizan's own words, or npm's flag of what is for developers only.
fn properties(component: &Object<'_>) -> Option<Scope> {
    component
        .array("properties")
        .iter()
        .filter_map(Value::as_object)
        .find_map(|property| property_scope(property.str("name")?, property.str("value")?))
}

/// The scope that a property tells.
pub(super) fn property_scope(name: &str, value: &str) -> Option<Scope> {
    match name {
        "bartizan:scope" => scope_of(value),
        "cdx:npm:package:development" => (value == "true").then_some(Scope::Development),
        _ => None,
    }
}

fn licences(component: &Object<'_>) -> Vec<String> {
    let list = component.array("licenses").iter().filter_map(Value::as_object);
    list.filter_map(|choice| {
        let licence = choice.object("license");
        let told = licence.and_then(|licence| licence.str("id").or_else(|| licence.str("name")));
        told.or_else(|| choice.str("expression")).map(str::to_owned)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::{matches, parse};
    use crate::{Ecosystem, Relation, Scope, SourceKind};

    const FILE: &str = r#"{"bomFormat": "CycloneDX", "specVersion": "1.5",
  "metadata": {"component": {"type": "application", "bom-ref": "app", "name": "shop", "version": "3.0"}},
  "components": [
    {"type": "application", "bom-ref": "lock", "name": "package-lock.json"},
    {"type": "library", "bom-ref": "a", "group": "@s", "name": "a", "version": "1.0.0", "purl": "pkg:npm/%40s/a@1.0.0",
     "licenses": [{"license": {"id": "MIT"}}, {"license": {"name": "mine"}}],
     "hashes": [{"alg": "SHA-512", "content": "AB01"}, {"alg": "SHA-256", "content": "no hex"}],
     "components": [{"type": "library", "bom-ref": "b", "name": "b", "version": "2", "purl": "pkg:npm/b@2.0.0", "scope": "optional"}]},
    {"type": "library", "bom-ref": "c", "name": "c", "purl": "pkg:npm/c@3.0.0",
     "properties": [{"name": "cdx:npm:package:development", "value": "true"}], "licenses": [{"expression": "MIT OR ISC"}]},
    {"type": "operating-system", "name": "debian", "version": "12"},
    {"type": "library", "bom-ref": "d", "name": "libc6", "purl": "pkg:deb/debian/libc6@2.36-9?upstream=glibc%402.36&arch=amd64"},
    {"type": "library", "name": "old", "version": "1", "cpe": "cpe:2.3:a:x:old:1:*:*:*:*:*:*:*"},
    {"type": "library", "name": "strange", "purl": "pkg:swid/strange@1"},
    {"type": "library", "name": "broken", "purl": "npm/broken"}, 7,
    {"type": "library", "name": "g", "purl": "pkg:npm/g@1?vcs_url=git%2Bhttps://u:p@host.example/g.git%40abc"}
  ],
  "dependencies": [{"ref": "app", "dependsOn": ["lock"]}, {"ref": "lock", "dependsOn": ["a"]},
    {"ref": "a", "dependsOn": ["c", "a", "nowhere"]}]}"#;

    #[test]
    fn components_scopes_and_edges_are_read() {
        let manifest = parse("bom.json", FILE.as_bytes()).unwrap();
        let root = manifest.root.unwrap();
        assert_eq!((root.name.as_deref(), root.version.as_deref()), (Some("shop"), Some("3.0")));
        let told: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| {
                (
                    p.name.as_str(),
                    p.version.as_deref().unwrap(),
                    p.scope,
                    p.relation,
                    p.dependencies.as_slice(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("@s/a", "1.0.0", Scope::Runtime, Relation::Direct, &[2][..]),
                ("b", "2.0.0", Scope::Optional, Relation::Unknown, &[]),
                ("c", "3.0.0", Scope::Development, Relation::Transitive, &[]),
                ("libc6", "2.36-9", Scope::Runtime, Relation::Unknown, &[]),
                ("g", "1", Scope::Runtime, Relation::Unknown, &[]),
            ]
        );
        assert_eq!(manifest.packages[0].licences, ["MIT", "mine"]);
        assert_eq!(manifest.packages[0].hashes, ["sha512:ab01"]);
        assert_eq!(&FILE[manifest.packages[0].span.clone()], "pkg:npm/%40s/a@1.0.0");
        assert_eq!(manifest.packages[2].licences, ["MIT OR ISC"]);
        let system = &manifest.packages[3];
        assert_eq!((system.ecosystem, system.release.as_deref()), (Ecosystem::Debian, Some("12")));
        assert_eq!(
            (system.source_name.as_deref(), system.source_version.as_deref()),
            (Some("glibc"), Some("2.36"))
        );
        let git = SourceKind::Git {
            url: "https://host.example/g.git".to_owned(),
            revision: Some("abc".to_owned()),
        };
        assert_eq!(manifest.packages[4].source, git);
    }

    #[test]
    fn what_is_no_known_package_is_told_by_name() {
        let manifest = parse("bom.json", FILE.as_bytes()).unwrap();
        let reasons: Vec<_> = manifest.problems.iter().map(|problem| problem.reason.as_str()).collect();
        assert_eq!(
            reasons,
            [
                "the application `package-lock.json` has no package url",
                "the library `old 1` is named by a cpe only",
                "`strange` is of `swid`, which is not known here",
                "the package url `npm/broken` does not begin with `pkg:`",
                "expected an object that describes a component",
            ]
        );
    }

    #[test]
    fn names_and_content_tell_what_a_file_is() {
        for name in
            ["bom.json", "x/app.cdx.json", "sbom.json", "sbom-prod.json", "cyclonedx.json", "app-bom.json"]
        {
            assert!(matches(name), "{name}");
        }
        for name in ["package.json", "app.spdx.json", "sbom.spdx.json", "bom.xml", "bombs.json"] {
            assert!(!matches(name), "{name}");
        }
        assert!(parse("a.cdx.json", b"{}").is_err());
        assert_eq!(parse("bom.json", b"{}").unwrap().problems.len(), 1);
        let newer = parse("bom.json", br#"{"bomFormat": "CycloneDX", "specVersion": "1.9"}"#).unwrap();
        assert!(newer.problems[0].reason.contains("1.9"), "{:?}", newer.problems);
    }
}
