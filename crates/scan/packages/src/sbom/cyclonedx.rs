//! CycloneDX 1.6 in JSON (ECMA-424), with vulnerabilities and their analyses (VEX) where they are handed in.

use super::{Document, Vulnerability, checksum, expression, scope_word, sorted, uuid};
use crate::purl::PackageUrl;
use bartizan_model::{Component, Scope, Usage};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The reference of the project.
const ROOT: &str = "project";

/// Writes a document.
///
/// The project asks for the components that are direct. What the standard has no word for stands in properties
/// (`bartizan:scope`, `bartizan:hash`, `bartizan:usage`). Edges to package URLs that are not among the components are left out.
pub fn write(document: &Document, components: &[Component], vulnerabilities: &[Vulnerability]) -> String {
    let components = sorted(components);
    let known: HashSet<&str> = components.iter().map(|it| it.purl.as_str()).collect();
    let mut value = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": "",
        "version": 1,
        "metadata": metadata(document),
        "components": components.iter().map(|it| component(it)).collect::<Vec<_>>(),
        "dependencies": dependencies(&components, &known),
    });
    if !vulnerabilities.is_empty() {
        let mut sorted: Vec<&Vulnerability> = vulnerabilities.iter().collect();
        sorted.sort_by(|a, b| (&a.id, &a.affects).cmp(&(&b.id, &b.affects)));
        let mut used = BTreeMap::new();
        value["vulnerabilities"] = sorted.into_iter().map(|it| vulnerability(it, &mut used)).collect();
    }
    let serial = format!("urn:uuid:{}", uuid(value.to_string().as_bytes()));
    value["serialNumber"] = Value::String(serial);
    let mut text = format!("{value:#}");
    text.push('\n');
    text
}

fn metadata(document: &Document) -> Value {
    let mut project = json!({ "type": "application", "bom-ref": ROOT, "name": document.name });
    if let Some(version) = &document.version {
        project["version"] = json!(version);
    }
    json!({
        "timestamp": document.timestamp,
        "tools": { "components": [
            { "type": "application", "name": "bartizan", "version": document.tool_version },
        ] },
        "component": project,
    })
}

fn component(it: &Component) -> Value {
    let url = PackageUrl::parse(&it.purl).ok();
    // A group is what the standard means only where a registry has such names in front.
    let group = url.as_ref().filter(|url| matches!(url.kind.as_str(), "maven" | "npm" | "composer"));
    let (group, name) = match group.and_then(|url| Some((url.namespace.as_deref()?, url.name.as_str()))) {
        Some((group, name)) => (Some(group), name),
        None => (None, it.name.as_str()),
    };
    let mut value = json!({ "type": "library", "bom-ref": it.purl });
    if let Some(group) = group {
        value["group"] = json!(group);
    }
    value["name"] = json!(name);
    if let Some(version) = &it.version {
        value["version"] = json!(version);
    }
    value["scope"] = json!(match it.scope {
        Scope::Runtime => "required",
        Scope::Optional => "optional",
        Scope::Build | Scope::Development => "excluded",
    });
    let mut properties = vec![json!({ "name": "bartizan:scope", "value": scope_word(it.scope) })];
    let mut hashes = BTreeSet::new();
    for hash in &it.hashes {
        match checksum(hash) {
            Some((algorithm, _, digits)) => {
                hashes.insert((algorithm, digits));
            }
            None => properties.push(json!({ "name": "bartizan:hash", "value": hash })),
        }
    }
    if !hashes.is_empty() {
        let hashes =
            hashes.into_iter().map(|(algorithm, content)| json!({ "alg": algorithm, "content": content }));
        value["hashes"] = hashes.collect();
    }
    if let Some(licences) = licences(&it.licences) {
        value["licenses"] = licences;
    }
    value["purl"] = json!(it.purl);
    let usage = match it.usage {
        Usage::Used => Some("used"),
        Usage::Imported => Some("imported"),
        Usage::NotSeen => Some("not-seen"),
        Usage::Unknown => None,
    };
    properties.extend(usage.map(|usage| json!({ "name": "bartizan:usage", "value": usage })));
    value["properties"] = Value::Array(properties);
    let places: BTreeSet<(String, u32)> =
        it.places.iter().map(|place| (place.origin.display_path(), place.line)).collect();
    if !places.is_empty() {
        let places = places.into_iter().map(|(path, line)| json!({ "location": path, "line": line }));
        value["evidence"] = json!({ "occurrences": places.collect::<Vec<_>>() });
    }
    value
}

/// One expression for all, where all are expressions: the standard allows no mixture of both forms.
fn licences(all: &[String]) -> Option<Value> {
    let all: BTreeSet<&str> = super::told(all).collect();
    let expressions: Option<Vec<String>> = all.iter().map(|text| expression(text)).collect();
    match expressions.as_deref() {
        Some([]) => None,
        Some([one]) if is_id(one) => Some(json!([{ "license": { "id": one } }])),
        Some([one]) => Some(json!([{ "expression": one }])),
        Some(many) if many.iter().all(|one| is_id(one)) => {
            let many: BTreeSet<&String> = many.iter().collect();
            Some(many.into_iter().map(|id| json!({ "license": { "id": id } })).collect())
        }
        Some(many) => {
            let many: BTreeSet<String> = many.iter().map(|one| format!("({one})")).collect();
            let joined = many.into_iter().collect::<Vec<_>>().join(" AND ");
            Some(json!([{ "expression": joined }]))
        }
        None => Some(
            all.into_iter()
                .map(|text| match expression(text).filter(|one| is_id(one)) {
                    Some(id) => json!({ "license": { "id": id } }),
                    None => json!({ "license": { "name": text } }),
                })
                .collect(),
        ),
    }
}

/// Whether an expression is one identifier of the SPDX list as it stood when the schema was published.
fn is_id(expression: &str) -> bool {
    spdx::license_id(expression).is_some_and(|id| id.name == expression) && !LATER.contains(&expression)
}

/// Identifiers that the schema's list does not have: they came to the SPDX list later.
const LATER: &[&str] = &[
    "BSD-2-Clause-pos-unchanged",
    "BSD-3-Clause-OpenWebUI",
    "BSD-Source-Code-no-disclaimer",
    "BSD-Source-alt-GPL",
    "BSD-ask-to-endorse",
    "Brian-Gladman-3-Clause-no-conversion",
    "Bugroff",
    "CC-BY-NC-3.0-IGO",
    "FDK-MPEG-H",
    "GFDL-1.1-invariants",
    "GFDL-1.1-no-invariants",
    "GFDL-1.2-invariants",
    "GFDL-1.2-no-invariants",
    "GFDL-1.3-invariants",
    "GFDL-1.3-no-invariants",
    "Hippocratic-3.0-core",
    "Informatica",
    "MVT-1.1",
    "atc-game",
];

fn dependencies(components: &[&Component], known: &HashSet<&str>) -> Value {
    let direct = components.iter().filter(|it| it.direct == Some(true)).map(|it| it.purl.as_str());
    let mut list = vec![entry(ROOT, direct.collect())];
    for it in components {
        let to = it
            .dependencies
            .iter()
            .map(String::as_str)
            .filter(|purl| known.contains(purl) && *purl != it.purl);
        list.push(entry(&it.purl, to.collect()));
    }
    Value::Array(list)
}

fn entry(from: &str, to: BTreeSet<&str>) -> Value {
    let mut value = json!({ "ref": from });
    if !to.is_empty() {
        value["dependsOn"] = json!(to);
    }
    value
}

fn vulnerability(it: &Vulnerability, used: &mut BTreeMap<String, usize>) -> Value {
    let mut value = Map::new();
    let count = used.entry(it.id.clone()).or_insert(0);
    *count += 1;
    let reference = if *count == 1 { it.id.clone() } else { format!("{}#{count}", it.id) };
    value.insert("bom-ref".to_owned(), json!(format!("vulnerability:{reference}")));
    value.insert("id".to_owned(), json!(it.id));
    if let Some(source) = &it.source {
        let mut told = json!({ "name": source.name });
        if let Some(url) = &source.url {
            told["url"] = json!(url);
        }
        value.insert("source".to_owned(), told);
    }
    let aliases: BTreeSet<&String> = it.aliases.iter().filter(|alias| **alias != it.id).collect();
    if !aliases.is_empty() {
        let list =
            aliases.into_iter().map(|alias| json!({ "id": alias, "source": { "name": publisher(alias) } }));
        value.insert("references".to_owned(), list.collect());
    }
    if !it.ratings.is_empty() {
        value.insert("ratings".to_owned(), it.ratings.iter().map(rating).collect());
    }
    let cwes: BTreeSet<u32> = it.cwes.iter().copied().filter(|number| *number > 0).collect();
    if !cwes.is_empty() {
        value.insert("cwes".to_owned(), json!(cwes));
    }
    for (key, text) in [("description", &it.description), ("recommendation", &it.recommendation)] {
        if let Some(text) = text {
            value.insert(key.to_owned(), json!(text));
        }
    }
    if let Some(analysis) = &it.analysis {
        let mut told = json!({ "state": analysis.state });
        if let Some(word) = analysis.justification {
            told["justification"] = json!(word);
        }
        if let Some(words) = &analysis.detail {
            told["detail"] = json!(words);
        }
        value.insert("analysis".to_owned(), told);
    }
    let affects: BTreeSet<&String> = it.affects.iter().collect();
    value.insert("affects".to_owned(), affects.into_iter().map(|purl| json!({ "ref": purl })).collect());
    Value::Object(value)
}

fn rating(rating: &super::Rating) -> Value {
    let mut value = Map::new();
    if let Some(score) = rating.score.filter(|score| score.is_finite()) {
        value.insert("score".to_owned(), json!(score));
    }
    value.insert("severity".to_owned(), json!(rating.severity));
    if let Some(method) = rating.method {
        value.insert("method".to_owned(), json!(method));
    }
    if let Some(vector) = &rating.vector {
        value.insert("vector".to_owned(), json!(vector));
    }
    Value::Object(value)
}

/// Who gives ids of that form.
fn publisher(id: &str) -> &'static str {
    match id.split('-').next() {
        Some("CVE") => "CVE",
        Some("GHSA") => "GitHub",
        Some("RUSTSEC") => "RustSec",
        Some("PYSEC") => "PyPA",
        Some("GO") => "Go",
        _ => "OSV",
    }
}
