//! SPDX 2.3 in JSON (ISO/IEC 5962 is its 2.2.1; field numbers are those of the 2.3 specification).

use super::{Document, checksum, expression, scope_word, sorted, uuid};
use bartizan_model::{Component, Scope};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The project's element.
const ROOT: &str = "SPDXRef-Project";

/// Writes a document.
///
/// The project depends on the components that are direct; what is for developers, for the build or optional is told by the kind of
/// the relationship (11.1). A scope that no relationship can tell, since nothing is known to ask for the component, stands in the
/// comment (7.20) as `bartizan:scope=...`. Edges to package URLs that are not among the components are left out.
pub fn write(document: &Document, components: &[Component]) -> String {
    let components = sorted(components);
    let ids: HashMap<&str, (String, Scope)> =
        components.iter().map(|it| (it.purl.as_str(), (id(it), it.scope))).collect();
    let mut extracted = BTreeMap::new();
    let asked: BTreeSet<&str> = components
        .iter()
        .flat_map(|it| it.dependencies.iter().filter(|to| **to != it.purl).map(String::as_str))
        .chain(components.iter().filter(|it| it.direct == Some(true)).map(|it| it.purl.as_str()))
        .collect();
    let mut root = json!({ "SPDXID": ROOT, "name": document.name });
    if let Some(version) = &document.version {
        root["versionInfo"] = json!(version);
    }
    for (key, told) in [
        ("downloadLocation", json!("NOASSERTION")),
        ("filesAnalyzed", json!(false)),
        ("primaryPackagePurpose", json!("APPLICATION")),
    ] {
        root[key] = told;
    }
    let mut packages = vec![root];
    for it in &components {
        packages.push(package(it, asked.contains(it.purl.as_str()), &mut extracted));
    }
    let mut relationships = vec![relationship("SPDXRef-DOCUMENT", "DESCRIBES", ROOT)];
    for it in &components {
        let own = id(it);
        if it.direct == Some(true) {
            relationships.push(dependency(ROOT, &own, it.scope));
        }
        let to: BTreeSet<&String> = it.dependencies.iter().filter(|to| **to != it.purl).collect();
        for (to, scope) in to.into_iter().filter_map(|to| ids.get(to.as_str())) {
            relationships.push(dependency(&own, to, *scope));
        }
        if !asked.contains(it.purl.as_str()) {
            relationships.push(relationship(ROOT, "CONTAINS", &own));
        }
    }
    let mut value = json!({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": document.name,
        "documentNamespace": "",
        "creationInfo": {
            "created": document.timestamp,
            "creators": [format!("Tool: bartizan-{}", document.tool_version)],
        },
        "packages": packages,
        "relationships": relationships,
    });
    if !extracted.is_empty() {
        let list = extracted.into_iter().map(
            |(id, text): (String, String)| json!({ "licenseId": id, "name": text, "extractedText": text }),
        );
        value["hasExtractedLicensingInfos"] = list.collect();
    }
    let name: String =
        document.name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(64).collect();
    let namespace = format!("https://spdx.org/spdxdocs/{name}-{}", uuid(value.to_string().as_bytes()));
    value["documentNamespace"] = Value::String(namespace);
    let mut text = format!("{value:#}");
    text.push('\n');
    text
}

fn package(it: &Component, asked: bool, extracted: &mut BTreeMap<String, String>) -> Value {
    let mut value = json!({ "SPDXID": id(it), "name": it.name });
    if let Some(version) = &it.version {
        value["versionInfo"] = json!(version);
    }
    value["downloadLocation"] = json!("NOASSERTION");
    value["filesAnalyzed"] = json!(false);
    let sums: BTreeSet<(&str, String)> = it
        .hashes
        .iter()
        .filter_map(|hash| checksum(hash))
        .map(|(_, algorithm, digits)| (algorithm, digits.to_ascii_lowercase()))
        .collect();
    if !sums.is_empty() {
        let sums =
            sums.into_iter().map(|(algorithm, sum)| json!({ "algorithm": algorithm, "checksumValue": sum }));
        value["checksums"] = sums.collect();
    }
    value["licenseConcluded"] = json!("NOASSERTION");
    value["licenseDeclared"] = json!(declared(&it.licences, extracted));
    value["copyrightText"] = json!("NOASSERTION");
    value["externalRefs"] = json!([{
        "referenceCategory": "PACKAGE-MANAGER",
        "referenceType": "purl",
        "referenceLocator": it.purl,
    }]);
    if !asked && it.scope != Scope::Runtime {
        value["comment"] = json!(format!("bartizan:scope={}", scope_word(it.scope)));
    }
    value["primaryPackagePurpose"] = json!("LIBRARY");
    value
}

/// An expression that holds all licences; free words become licences of the document's own (chapter 10).
fn declared(licences: &[String], extracted: &mut BTreeMap<String, String>) -> String {
    let mut all = BTreeSet::new();
    for text in super::told(licences) {
        all.insert(expression(text).filter(|it| !it.contains("LicenseRef-")).unwrap_or_else(|| {
            let hash = blake3::hash(text.as_bytes()).to_hex();
            let id = format!("LicenseRef-bartizan-{}", hash.get(..16).unwrap_or_default());
            extracted.insert(id.clone(), text.to_owned());
            id
        }));
    }
    match all.len() {
        0 => "NOASSERTION".to_owned(),
        1 => all.into_iter().next().unwrap_or_default(),
        _ => {
            let parts = all.into_iter().map(|it| if it.contains(' ') { format!("({it})") } else { it });
            parts.collect::<Vec<_>>().join(" AND ")
        }
    }
}

fn dependency(from: &str, to: &str, scope: Scope) -> Value {
    match scope {
        Scope::Runtime => relationship(from, "DEPENDS_ON", to),
        Scope::Optional => relationship(to, "OPTIONAL_DEPENDENCY_OF", from),
        Scope::Build => relationship(to, "BUILD_DEPENDENCY_OF", from),
        Scope::Development => relationship(to, "DEV_DEPENDENCY_OF", from),
    }
}

fn relationship(from: &str, kind: &str, to: &str) -> Value {
    json!({ "spdxElementId": from, "relationshipType": kind, "relatedSpdxElement": to })
}

/// An element's id: letters, digits, `.` and `-` only (3.2), and no two alike.
fn id(it: &Component) -> String {
    let plain = |text: &str| -> String {
        text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).take(80).collect()
    };
    let hash = blake3::hash(it.purl.as_bytes()).to_hex();
    let hash = hash.get(..16).unwrap_or_default();
    format!("SPDXRef-{}-{}-{hash}", plain(&it.name), plain(it.version.as_deref().unwrap_or("any")))
}
