//! The analyses of vulnerabilities in a CycloneDX bill of materials.

use super::{MAX_STATEMENTS, Statement, Status};
use serde_json::Value;
use std::collections::HashMap;

pub(super) fn read(bom: &Value) -> Result<Vec<Statement>, String> {
    let Some(list) = bom.get("vulnerabilities").and_then(Value::as_array) else { return Ok(Vec::new()) };
    if list.len() > MAX_STATEMENTS {
        return Err(format!("more than {MAX_STATEMENTS} vulnerabilities"));
    }
    let purls = purls(bom);
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let author = bom.pointer("/metadata/supplier/name").and_then(Value::as_str).map(str::to_owned);
    let written = bom.pointer("/metadata/timestamp").and_then(Value::as_str).map(str::to_owned);
    let mut all = Vec::new();
    for (index, vulnerability) in list.iter().enumerate() {
        let Some(analysis) = vulnerability.get("analysis") else { continue };
        let id = text(vulnerability, "id").ok_or_else(|| format!("vulnerability {}: no `id`", index + 1))?;
        let references = vulnerability.get("references").and_then(Value::as_array);
        let others = references.into_iter().flatten().filter_map(|reference| text(reference, "id"));
        let word = text(analysis, "state").unwrap_or_else(|| "in_triage".to_owned());
        let status = match word.as_str() {
            "not_affected" | "false_positive" => Status::NotAffected,
            "exploitable" => Status::Affected,
            "resolved" | "resolved_with_pedigree" => Status::Fixed,
            "in_triage" => Status::UnderInvestigation,
            _ => return Err(format!("vulnerability {}: unknown analysis state `{word}`", index + 1)),
        };
        let affects = vulnerability.get("affects").and_then(Value::as_array);
        let products = affects.into_iter().flatten().filter_map(|affected| {
            let reference = text(affected, "ref")?;
            // `urn:cdx:serial/version#ref` names a part of another bill of materials.
            let local = reference.rsplit('#').next().unwrap_or(&reference).to_owned();
            Some(purls.get(local.as_str()).map_or(local.clone(), |purl| (*purl).to_owned()))
        });
        all.push(Statement {
            vulnerabilities: std::iter::once(id).chain(others).collect(),
            products: products.collect(),
            components: Vec::new(),
            status,
            justification: text(analysis, "justification"),
            words: text(analysis, "detail").unwrap_or_default(),
            timestamp: text(analysis, "lastUpdated").or_else(|| written.clone()),
            author: author.clone(),
        });
    }
    Ok(all)
}

/// Package URLs by reference, of all components however nested.
fn purls(bom: &Value) -> HashMap<&str, &str> {
    let mut found = HashMap::new();
    let lists = [bom.get("components"), bom.pointer("/metadata/component/components")];
    let mut open: Vec<&Value> = lists.into_iter().flatten().filter_map(Value::as_array).flatten().collect();
    open.extend(bom.pointer("/metadata/component"));
    while let Some(component) = open.pop() {
        let text = |key: &str| component.get(key).and_then(Value::as_str);
        if let (Some(reference), Some(purl)) = (text("bom-ref"), text("purl")) {
            found.insert(reference, purl);
        }
        open.extend(component.get("components").and_then(Value::as_array).into_iter().flatten());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{Statements, Status};

    #[test]
    fn analyses_are_statements_about_package_urls() {
        let text = r#"{"bomFormat": "CycloneDX", "specVersion": "1.5",
            "metadata": {"timestamp": "2026-01-01T00:00:00Z"},
            "components": [{"type": "library", "name": "a", "bom-ref": "x",
                "components": [{"type": "library", "name": "b", "bom-ref": "y", "purl": "pkg:npm/b@2.0.0"}]}],
            "vulnerabilities": [
                {"id": "CVE-2024-1", "analysis": {"state": "not_affected", "justification": "code_not_reachable"},
                 "references": [{"id": "GHSA-x"}], "affects": [{"ref": "urn:cdx:u/1#y"}]},
                {"id": "CVE-2024-2", "affects": [{"ref": "y"}]}]}"#;
        let statements = Statements::parse(text.as_bytes()).unwrap();
        let found = statements.verdict(&["GHSA-x"], "pkg:npm/b@2.0.0").unwrap();
        assert_eq!(found.status, Status::NotAffected);
        assert_eq!(found.excuse().unwrap().1, "not affected: code not reachable");
        assert!(statements.verdict(&["CVE-2024-2"], "pkg:npm/b@2.0.0").is_none(), "nobody analysed it");
    }
}
