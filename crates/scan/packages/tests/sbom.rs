//! Bills of materials: what is written is valid, the same for the same input, and reads back as what it was; whatever is read
//! never panics.

use bartizan_model::{Component, ComponentPlace, Origin, Scope, Usage};
use bartizan_packages::sbom::{Analysis, Document, Rating, Source, Vulnerability, cyclonedx, spdx};
use bartizan_packages::vex::{Statements, Status};
use bartizan_packages::{Ecosystem, Manifest, Relation, format};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const SCHEMA: &str = include_str!("schemas/bom-1.6.schema.json");
const LICENCES: &str = include_str!("schemas/spdx.schema.json");
const SIGNATURES: &str = include_str!("schemas/jsf-0.82.schema.json");

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// What the schema of CycloneDX 1.6 says against a document.
fn faults(document: &str) -> Vec<String> {
    let (licences, signatures) = (json(LICENCES), json(SIGNATURES));
    let registry = jsonschema::Registry::new()
        .add("http://cyclonedx.org/schema/spdx.schema.json", &licences)
        .and_then(|registry| registry.add("http://cyclonedx.org/schema/jsf-0.82.schema.json", &signatures))
        .and_then(|registry| registry.prepare())
        .unwrap();
    let schema = json(SCHEMA);
    let validator = jsonschema::options().with_registry(&registry).build(&schema).unwrap();
    validator
        .iter_errors(&json(document))
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

fn document() -> Document {
    Document {
        name: "shop & co".to_owned(),
        version: Some("3.0.1".to_owned()),
        tool_version: "0.1.0".to_owned(),
        timestamp: "2026-01-02T03:04:05Z".to_owned(),
    }
}

fn component(purl: &str, ecosystem: &str, name: &str, version: Option<&str>) -> Component {
    Component {
        purl: purl.to_owned(),
        ecosystem: ecosystem.to_owned(),
        name: name.to_owned(),
        version: version.map(str::to_owned),
        scope: Scope::Runtime,
        direct: None,
        via: Vec::new(),
        dependencies: Vec::new(),
        licences: Vec::new(),
        hashes: Vec::new(),
        usage: Usage::Unknown,
        places: Vec::new(),
    }
}

fn components() -> Vec<Component> {
    let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let mut a = component("pkg:npm/%40s/a@1.0.0", "npm", "@s/a", Some("1.0.0"));
    a.direct = Some(true);
    a.dependencies = texts(&["pkg:npm/b@2.0.0", "pkg:npm/gone@1"]);
    a.licences = texts(&["MIT"]);
    a.hashes = vec![format!("sha512:{}", "ab".repeat(64)), "h1:not-hex".to_owned()];
    a.usage = Usage::Imported;
    a.places = vec![ComponentPlace { origin: Origin::file("package-lock.json"), line: 7 }];
    let mut b = component("pkg:npm/b@2.0.0", "npm", "b", Some("2.0.0"));
    b.direct = Some(false);
    b.scope = Scope::Optional;
    b.licences = texts(&["MIT OR Apache-2.0", "ISC"]);
    let mut c =
        component("pkg:maven/org.example/c@1.0?classifier=tests", "Maven", "org.example:c", Some("1.0"));
    c.direct = Some(true);
    c.scope = Scope::Development;
    c.licences = texts(&["Somebody's own words", "Apache License, Version 2.0"]);
    let mut d =
        component("pkg:deb/debian/libc6@2.36-9?distro=debian-12", "Debian:12", "libc6", Some("2.36-9"));
    d.scope = Scope::Build;
    let e = component("pkg:cargo/e", "crates.io", "e", None);
    let f = component("pkg:golang/golang.org/x/text@v0.3.0", "Go", "golang.org/x/text", Some("v0.3.0"));
    let g = component(
        "pkg:githubactions/actions/cache@v4#save",
        "GitHub Actions",
        "actions/cache/save",
        Some("v4"),
    );
    vec![a, b, c, d, e, f, g]
}

fn vulnerabilities() -> Vec<Vulnerability> {
    vec![
        Vulnerability {
            id: "GHSA-aaaa-bbbb-cccc".to_owned(),
            source: Some(Source {
                name: "GitHub".to_owned(),
                url: Some("https://github.com/advisories".to_owned()),
            }),
            aliases: vec!["CVE-2024-1".to_owned()],
            ratings: vec![Rating {
                score: Some(9.8),
                severity: "critical",
                method: Some("CVSSv31"),
                vector: Some("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".to_owned()),
            }],
            cwes: vec![79, 79, 22],
            description: Some("bad".to_owned()),
            recommendation: Some("upgrade".to_owned()),
            affects: vec!["pkg:npm/b@2.0.0".to_owned()],
            analysis: Some(Analysis {
                state: "not_affected",
                justification: Some("code_not_reachable"),
                detail: Some("never called".to_owned()),
            }),
        },
        Vulnerability {
            id: "CVE-2024-2".to_owned(),
            affects: vec!["pkg:cargo/e".to_owned()],
            ..Vulnerability::default()
        },
    ]
}

fn read(path: &str, text: &str) -> Manifest {
    (format::of(path).unwrap().parse)(path, text.as_bytes()).unwrap()
}

/// Facts of a manifest by name, for comparison with the components that it was written from.
type Facts = BTreeMap<String, (Option<String>, Option<String>, Scope, Relation, BTreeSet<String>)>;

fn facts(manifest: &Manifest) -> Facts {
    let name = |index: u32| manifest.packages[index as usize].name.clone();
    let all = manifest.packages.iter().map(|package| {
        let to = package.dependencies.iter().map(|index| name(*index)).collect();
        let facts = (package.version.clone(), package.release.clone(), package.scope, package.relation, to);
        (package.name.clone(), facts)
    });
    all.collect()
}

fn expected() -> Facts {
    let one = |version: &str, release: Option<&str>, scope, relation, to: &[&str]| {
        let to = to.iter().map(|text| (*text).to_owned()).collect();
        (
            Some(version.to_owned()).filter(|it| !it.is_empty()),
            release.map(str::to_owned),
            scope,
            relation,
            to,
        )
    };
    [
        ("@s/a", one("1.0.0", None, Scope::Runtime, Relation::Direct, &["b"])),
        ("b", one("2.0.0", None, Scope::Optional, Relation::Transitive, &[])),
        ("org.example:c", one("1.0", None, Scope::Development, Relation::Direct, &[])),
        ("libc6", one("2.36-9", Some("12"), Scope::Build, Relation::Unknown, &[])),
        ("e", one("", None, Scope::Runtime, Relation::Unknown, &[])),
        ("golang.org/x/text", one("v0.3.0", None, Scope::Runtime, Relation::Unknown, &[])),
        ("actions/cache/save", one("v4", None, Scope::Runtime, Relation::Unknown, &[])),
    ]
    .into_iter()
    .map(|(name, facts)| (name.to_owned(), facts))
    .collect()
}

#[test]
fn cyclonedx_is_valid_by_its_schema() {
    let text = cyclonedx::write(&document(), &components(), &vulnerabilities());
    assert_eq!(faults(&text), Vec::<String>::new());
    assert_eq!(faults(&cyclonedx::write(&document(), &[], &[])), Vec::<String>::new());
    // The schema is in force: a document that is wrong does not pass.
    assert!(!faults(&text.replace("\"required\"", "\"whatever\"")).is_empty());
    assert!(!faults(&text.replace("\"MIT\"", "\"NotALicence\"")).is_empty());
}

#[test]
fn every_licence_that_counts_as_an_id_is_one_in_the_schema() {
    let known: BTreeSet<String> =
        json(LICENCES)["enum"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
    assert!(known.len() > 500);
    let mut components = Vec::new();
    for (index, licence) in ::spdx::identifiers::LICENSES.iter().enumerate() {
        let mut it = component(&format!("pkg:npm/l{index}@1"), "npm", "l", Some("1"));
        it.licences = vec![licence.name.to_owned()];
        components.push(it);
    }
    let text = json(&cyclonedx::write(&document(), &components, &[]));
    let mut ids = 0;
    let mut unknown = Vec::new();
    for component in text["components"].as_array().unwrap() {
        // One that the schema does not know may only stand as an expression.
        let Some(id) = component["licenses"][0]["license"]["id"].as_str() else { continue };
        ids += 1;
        if !known.contains(id) {
            unknown.push(id);
        }
    }
    assert!(ids > 500, "{ids}");
    assert_eq!(unknown, Vec::<&str>::new());
}

#[test]
fn cyclonedx_reads_back_as_what_it_was() {
    let text = cyclonedx::write(&document(), &components(), &vulnerabilities());
    let manifest = read("app.cdx.json", &text);
    assert_eq!(manifest.problems, []);
    assert_eq!(facts(&manifest), expected());
    let root = manifest.root.unwrap();
    assert_eq!((root.name.as_deref(), root.version.as_deref()), (Some("shop & co"), Some("3.0.1")));
    let a = manifest.packages.iter().find(|package| package.name == "@s/a").unwrap();
    assert_eq!(a.hashes, [format!("sha512:{}", "ab".repeat(64))]);
    assert_eq!(a.licences, ["MIT"]);
    let c = manifest.packages.iter().find(|package| package.ecosystem == Ecosystem::Maven).unwrap();
    assert_eq!(c.qualifiers, [("classifier".to_owned(), "tests".to_owned())]);
    let purls: BTreeSet<String> = manifest.packages.iter().map(bartizan_packages::purl::of).collect();
    assert_eq!(purls, components().into_iter().map(|it| it.purl).collect::<BTreeSet<_>>());
}

#[test]
fn spdx_reads_back_as_what_it_was() {
    let text = spdx::write(&document(), &components());
    let manifest = read("app.spdx.json", &text);
    assert_eq!(manifest.problems, []);
    assert_eq!(facts(&manifest), expected());
    assert_eq!(manifest.root.unwrap().name.as_deref(), Some("shop & co"));
}

/// What SPDX 2.3 asks of a document, as far as the writer makes use of it.
#[test]
fn spdx_has_what_the_specification_asks_for() {
    let text = json(&spdx::write(&document(), &components()));
    for key in ["spdxVersion", "dataLicense", "SPDXID", "name", "documentNamespace", "creationInfo"] {
        assert!(!text[key].is_null(), "{key}");
    }
    let namespace = text["documentNamespace"].as_str().unwrap();
    assert!(namespace.starts_with("https://") && !namespace.contains(['#', ' ', '&']), "{namespace}");
    let mut ids: BTreeSet<&str> = ["SPDXRef-DOCUMENT"].into();
    let extracted = text["hasExtractedLicensingInfos"].as_array().unwrap();
    let own: BTreeSet<&str> = extracted.iter().map(|it| it["licenseId"].as_str().unwrap()).collect();
    for package in text["packages"].as_array().unwrap() {
        let id = package["SPDXID"].as_str().unwrap();
        let tail = id.strip_prefix("SPDXRef-").unwrap();
        assert!(tail.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-'), "{id}");
        assert!(ids.insert(id), "{id} stands twice");
        assert_eq!(package["downloadLocation"], "NOASSERTION");
        assert_eq!(package["filesAnalyzed"], false);
        let licence = package["licenseDeclared"].as_str().unwrap_or("NOASSERTION");
        assert!(licence == "NOASSERTION" || ::spdx::Expression::parse(licence).is_ok(), "{licence}");
        for word in licence.split([' ', '(', ')']).filter(|word| word.starts_with("LicenseRef-")) {
            assert!(own.contains(word), "{word}");
        }
    }
    let mut reached = BTreeSet::new();
    for relationship in text["relationships"].as_array().unwrap() {
        for key in ["spdxElementId", "relatedSpdxElement"] {
            let id = relationship[key].as_str().unwrap();
            assert!(ids.contains(id), "{id}");
            reached.insert(id);
        }
    }
    assert_eq!(reached, ids, "every element stands in a relationship");
}

#[test]
fn equal_input_gives_equal_bytes_in_any_order() {
    let (mut components, mut vulnerabilities) = (components(), vulnerabilities());
    let first = cyclonedx::write(&document(), &components, &vulnerabilities);
    let second = spdx::write(&document(), &components);
    components.reverse();
    vulnerabilities.reverse();
    components.push(components[0].clone());
    assert_eq!(cyclonedx::write(&document(), &components, &vulnerabilities), first);
    assert_eq!(spdx::write(&document(), &components), second);
    let mut other = document();
    other.name.push('x');
    let serial = |text: &str| json(text)["serialNumber"].as_str().unwrap().to_owned();
    assert_ne!(serial(&cyclonedx::write(&other, &components, &vulnerabilities)), serial(&first));
}

#[test]
fn analyses_read_back_as_vex() {
    let text = cyclonedx::write(&document(), &components(), &vulnerabilities());
    let statements = Statements::parse(text.as_bytes()).unwrap();
    let found = statements.verdict(&["CVE-2024-1"], "pkg:npm/b@2.0.0").unwrap();
    assert_eq!((found.status, found.words.as_str()), (Status::NotAffected, "never called"));
    assert_eq!(Analysis::of(found).justification, Some("code_not_reachable"));
    assert!(statements.verdict(&["CVE-2024-2"], "pkg:cargo/e").is_none());
}

/// A chain of parts that are no packages, each asked for by many: no edge is lost and time stays bounded.
#[test]
fn edges_through_other_parts_are_bounded() {
    let count = 3000;
    let mut parts: Vec<String> = Vec::new();
    let mut edges: Vec<String> = Vec::new();
    for index in 0..count {
        parts.push(format!(
            r#"{{"type":"library","name":"p{index}","bom-ref":"p{index}","purl":"pkg:npm/p{index}@1"}}"#
        ));
        edges.push(format!(r#"{{"ref":"p{index}","dependsOn":["hub"]}}"#));
    }
    let all = (0..count).map(|index| format!("\"p{index}\"")).collect::<Vec<_>>().join(",");
    edges.push(format!(r#"{{"ref":"hub","dependsOn":[{all}]}}"#));
    let text = format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{}],"dependencies":[{}]}}"#,
        parts.join(","),
        edges.join(",")
    );
    let manifest = read("a.cdx.json", &text);
    let edges: usize = manifest.packages.iter().map(|package| package.dependencies.len()).sum();
    assert!(edges <= 8_000_000, "{edges}");
    assert!(manifest.problems.iter().any(|problem| problem.reason.contains("too large")));
}

#[test]
fn depth_is_bounded() {
    let deep = format!("{}{}", r#"{"bomFormat":"CycloneDX","components":[{"components":["#, "[".repeat(5000));
    assert!((format::of("a.cdx.json").unwrap().parse)("a.cdx.json", deep.as_bytes()).is_err());
    let deep = format!("<bom xmlns='http://cyclonedx.org/schema/bom/1.4'>{}", "<components>".repeat(5000));
    assert!((format::of("bom.xml").unwrap().parse)("bom.xml", deep.as_bytes()).is_err());
}

const XML: &str = r#"<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.4"><metadata><component bom-ref="r"><name>r</name>
</component></metadata><components><component type="library" bom-ref="a"><name>a</name><version>1</version><scope>optional</scope>
<purl>pkg:npm/a@1</purl></component></components><dependencies><dependency ref="r"><dependency ref="a"/></dependency></dependencies></bom>"#;
const TAGS: &str = "SPDXVersion: SPDX-2.3\nPackageName: a\nSPDXID: SPDXRef-a\nPackageVersion: 1\nPackageDescription: <text>x\ny</text>\n\
    ExternalRef: PACKAGE-MANAGER purl pkg:gem/a@1\nRelationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-a\n";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Files that are nearly right reach further into a reader than noise.
    #[test]
    fn changed_files_are_survived(
        kind in 0..4usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), 0..4u8, any::<u8>(), 1..40usize), 1..6),
    ) {
        let (path, text) = match kind {
            0 => ("a.cdx.json", cyclonedx::write(&document(), &components(), &vulnerabilities())),
            1 => ("a.spdx.json", spdx::write(&document(), &components())),
            2 => ("bom.xml", XML.to_owned()),
            _ => ("a.spdx", TAGS.to_owned()),
        };
        let mut bytes = text.into_bytes();
        for (at, what, byte, length) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            let end = (at + length).min(bytes.len());
            match what {
                0 => bytes[at] = byte,
                1 => { bytes.drain(at..end); }
                2 => {
                    let piece = bytes[at..end].to_vec();
                    bytes.splice(at..at, piece);
                }
                _ => bytes.truncate(at),
            }
        }
        if let Ok(manifest) = (format::of(path).unwrap().parse)(path, &bytes) {
            for package in &manifest.packages {
                prop_assert!(package.span.end <= bytes.len());
                for index in &package.dependencies {
                    prop_assert!((*index as usize) < manifest.packages.len());
                }
            }
        }
        let _ = Statements::parse(&bytes);
    }

    /// Any component can be written, and the package URL comes back.
    #[test]
    fn any_component_is_written_and_valid(
        // One without a visible character is no name, and is told as a problem.
        name in "[a-zA-Zä][a-zA-Zä \"<&#?/@%:]{0,11}",
        version in proptest::option::of("[0-9a-z+~: \"]{1,8}"),
        licence in ".{0,20}",
        hash in "[a-z0-9-]{0,8}:[0-9a-f]{0,70}",
    ) {
        let url = bartizan_packages::purl::PackageUrl {
            kind: "cargo".to_owned(),
            namespace: None,
            name: name.clone(),
            version: version.clone(),
            qualifiers: Vec::new(),
            subpath: None,
        };
        let mut it = component(&url.to_string(), "crates.io", &name, version.as_deref());
        it.licences = vec![licence];
        it.hashes = vec![hash];
        let text = cyclonedx::write(&document(), &[it.clone()], &[]);
        let purl = json(&text)["components"][0]["purl"].clone();
        prop_assert_eq!(purl, it.purl.clone());
        prop_assert_eq!(read("a.cdx.json", &text).packages.len(), 1);
        prop_assert_eq!(read("a.spdx.json", &spdx::write(&document(), &[it])).packages.len(), 1);
    }
}
