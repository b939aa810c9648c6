//! SPDX 2.2 and 2.3 documents in JSON.

use super::Format;
use super::bom::{Bom, hash};
use super::json::{Object, Text, Value, parse_object};
use super::lines::file_name;
use super::spdx::{Element, Facts, manifest, version};
use crate::package::Problem;
use crate::{Manifest, ParseError};
use std::borrow::Cow;

/// The format.
pub(super) const FORMAT: Format = Format { name: "spdx-json", matches, parse };

fn matches(path: &str) -> bool {
    let name = file_name(path).to_ascii_lowercase();
    name.ends_with(".spdx.json") || name == "spdx.json"
}

fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let (document, problems) = parse_object(bytes)?;
    read(&document, problems)
}

/// Reads a document whose JSON was parsed already, with the problems so far.
///
/// # Errors
/// Where it is no SPDX 2 document.
pub(super) fn read(document: &Object<'_>, problems: Vec<Problem>) -> Result<Manifest, ParseError> {
    let Some((key, told)) = document.entry("spdxVersion") else {
        let graph = document.get("@context").is_some() || document.get("@graph").is_some();
        let reason = if graph { "SPDX 3 is not read yet" } else { "no `spdxVersion`" };
        return Err(ParseError { line: 1, reason: reason.to_owned() });
    };
    let mut bom = Bom::new();
    bom.out.manifest.problems = problems;
    version(&mut bom, told.as_str(), key.span.start);
    let mut facts = Facts {
        described: document
            .array("documentDescribes")
            .iter()
            .filter_map(Value::as_str)
            .map(Cow::Borrowed)
            .collect(),
        ..Facts::default()
    };
    for licence in document.array("hasExtractedLicensingInfos").iter().filter_map(Value::as_object) {
        if let (Some(id), Some(name)) = (licence.str("licenseId"), licence.str("name")) {
            facts.extracted.insert(Cow::Borrowed(id), Cow::Borrowed(name));
        }
    }
    let mut last = 0;
    for value in document.array("packages") {
        match value.as_object() {
            Some(package) => {
                let element = element(package, last);
                last = element.span.start;
                facts.elements.push(element);
            }
            None => bom.out.problem(last, "expected an object that describes a package"),
        }
    }
    for relationship in document.array("relationships").iter().filter_map(Value::as_object) {
        let text = |key: &str| relationship.str(key).map(Cow::Borrowed);
        if let (Some(from), Some(kind), Some(to)) =
            (text("spdxElementId"), text("relationshipType"), text("relatedSpdxElement"))
        {
            facts.relationships.push((from, kind, to));
        }
    }
    Ok(manifest(facts, bom))
}

fn element<'a>(package: &'a Object<'_>, near: usize) -> Element<'a> {
    let text = |key: &str| package.str(key).map(Cow::Borrowed);
    let mut line = package.get("name").and_then(Value::as_text);
    let mut purl: Option<&Text<'_>> = None;
    let mut cpe = false;
    for reference in package.array("externalRefs").iter().filter_map(Value::as_object) {
        match reference.str("referenceType") {
            Some("purl") => {
                purl = purl.or_else(|| reference.get("referenceLocator").and_then(Value::as_text));
            }
            Some("cpe22Type" | "cpe23Type") => cpe = true,
            _ => {}
        }
    }
    line = purl.or(line);
    let checksums = package.array("checksums").iter().filter_map(Value::as_object);
    Element {
        id: text("SPDXID").unwrap_or_default(),
        name: text("name").unwrap_or_default(),
        version: text("versionInfo"),
        purl: purl.map(|purl| Cow::Borrowed(purl.text.as_ref())),
        cpe,
        concluded: text("licenseConcluded"),
        declared: text("licenseDeclared"),
        hashes: checksums.filter_map(|sum| hash(sum.str("algorithm")?, sum.str("checksumValue")?)).collect(),
        purpose: text("primaryPackagePurpose"),
        comment: text("comment"),
        span: line.map_or(near..near, |line| line.span.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::{Relation, Scope};

    const FILE: &str = r#"{"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "shop",
  "hasExtractedLicensingInfos": [{"licenseId": "LicenseRef-1", "name": "Own words", "extractedText": "..."}],
  "packages": [
    {"SPDXID": "SPDXRef-root", "name": "shop", "versionInfo": "3", "licenseDeclared": "MIT"},
    {"SPDXID": "SPDXRef-a", "name": "a", "versionInfo": "1.0", "licenseConcluded": "NOASSERTION", "licenseDeclared": "LicenseRef-1",
     "checksums": [{"algorithm": "SHA256", "checksumValue": "AB"}],
     "externalRefs": [{"referenceCategory": "SECURITY", "referenceType": "cpe23Type", "referenceLocator": "cpe:2.3:a:a:a:1"},
       {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:pypi/a@1.0"}]},
    {"SPDXID": "SPDXRef-b", "name": "b",
     "externalRefs": [{"referenceCategory": "PACKAGE_MANAGER", "referenceType": "purl", "referenceLocator": "pkg:pypi/b@2.0"}]},
    {"SPDXID": "SPDXRef-t", "name": "t",
     "externalRefs": [{"referenceCategory": "PACKAGE_MANAGER", "referenceType": "purl", "referenceLocator": "pkg:pypi/t@4"}]},
    {"SPDXID": "SPDXRef-c", "name": "c", "versionInfo": "9"}
  ],
  "relationships": [
    {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-root"},
    {"spdxElementId": "SPDXRef-root", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "SPDXRef-a"},
    {"spdxElementId": "SPDXRef-b", "relationshipType": "DEPENDENCY_OF", "relatedSpdxElement": "SPDXRef-a"},
    {"spdxElementId": "SPDXRef-t", "relationshipType": "TEST_DEPENDENCY_OF", "relatedSpdxElement": "SPDXRef-root"}
  ]}"#;

    #[test]
    fn packages_and_relationships_are_read() {
        let manifest = parse("a.spdx.json", FILE.as_bytes()).unwrap();
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
                ("a", "1.0", Scope::Runtime, Relation::Direct, &[1][..]),
                ("b", "2.0", Scope::Runtime, Relation::Transitive, &[]),
                ("t", "4", Scope::Development, Relation::Direct, &[]),
            ]
        );
        assert_eq!(
            (manifest.packages[0].licences[0].as_str(), manifest.packages[0].hashes[0].as_str()),
            ("Own words", "sha256:ab")
        );
        assert_eq!(&FILE[manifest.packages[0].span.clone()], "pkg:pypi/a@1.0");
        assert_eq!(manifest.root.unwrap().licences, ["MIT"]);
        let reasons: Vec<_> = manifest.problems.iter().map(|problem| problem.reason.as_str()).collect();
        assert_eq!(reasons, ["the package `c 9` has no package url"]);
    }

    #[test]
    fn other_documents_are_refused() {
        assert_eq!(parse("", b"{}").unwrap_err().reason, "no `spdxVersion`");
        assert!(
            parse("", br#"{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"}"#)
                .unwrap_err()
                .reason
                .contains("SPDX 3")
        );
    }
}
