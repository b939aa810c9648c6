//! OpenVEX 0.2: read and written.

use super::{MAX_STATEMENTS, Statement, Status};
use serde_json::{Value, json};

/// The context that a document of this version names.
const CONTEXT: &str = "https://openvex.dev/ns/v0.2.0";

/// What a document says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// An IRI that names it.
    pub id: String,
    /// Who says it all.
    pub author: String,
    /// RFC 3339; given by the caller, so that equal statements give equal bytes.
    pub timestamp: String,
    /// The program that wrote it.
    pub tooling: String,
}

pub(super) fn read(value: &Value) -> Result<Vec<Statement>, String> {
    let context = value.get("@context").and_then(Value::as_str).unwrap_or_default();
    if !context.starts_with("https://openvex.dev/ns") {
        return Err("neither OpenVEX (`@context`) nor CycloneDX (`bomFormat`)".to_owned());
    }
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let author = text(value, "author");
    let at = text(value, "timestamp");
    let list = value.get("statements").and_then(Value::as_array).ok_or("no `statements`")?;
    if list.len() > MAX_STATEMENTS {
        return Err(format!("more than {MAX_STATEMENTS} statements"));
    }
    let mut all = Vec::with_capacity(list.len());
    for (index, statement) in list.iter().enumerate() {
        let wrong = |what: &str| format!("statement {}: {what}", index + 1);
        let vulnerability = statement.get("vulnerability").ok_or_else(|| wrong("no `vulnerability`"))?;
        let mut names: Vec<String> = Vec::new();
        // Version 0.0.1 has a text in place of the object.
        names.extend(vulnerability.as_str().map(str::to_owned));
        names.extend(text(vulnerability, "name"));
        names.extend(strings(vulnerability.get("aliases")));
        names.extend(text(vulnerability, "@id").and_then(|id| Some(id.rsplit('/').next()?.to_owned())));
        if names.is_empty() {
            return Err(wrong("the vulnerability has no name"));
        }
        let mut products = Vec::new();
        let mut components = Vec::new();
        for product in statement.get("products").and_then(Value::as_array).into_iter().flatten() {
            products.extend(identifiers(product));
            let parts = product.get("subcomponents").and_then(Value::as_array);
            components.extend(parts.into_iter().flatten().flat_map(identifiers));
        }
        let word = text(statement, "status").ok_or_else(|| wrong("no `status`"))?;
        let status = [Status::NotAffected, Status::Affected, Status::Fixed, Status::UnderInvestigation]
            .into_iter()
            .find(|status| status.as_str() == word)
            .ok_or_else(|| wrong(&format!("unknown status `{word}`")))?;
        let words = ["impact_statement", "action_statement", "status_notes"].iter();
        all.push(Statement {
            vulnerabilities: names,
            products,
            components,
            status,
            justification: text(statement, "justification"),
            words: words.filter_map(|key| text(statement, key)).collect::<Vec<_>>().join("; "),
            timestamp: text(statement, "timestamp").or_else(|| at.clone()),
            author: author.clone(),
        });
    }
    Ok(all)
}

fn strings(value: Option<&Value>) -> impl Iterator<Item = String> + '_ {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned)
}

/// The names of a product or part: its id, and its package URL.
fn identifiers(value: &Value) -> Vec<String> {
    let purl = value.get("identifiers").and_then(|names| names.get("purl"));
    let all = [value.as_str(), value.get("@id").and_then(Value::as_str), purl.and_then(Value::as_str)];
    all.into_iter().flatten().map(str::to_owned).collect()
}

/// Writes a document. Equal statements give equal bytes.
pub fn write(statements: &[Statement], document: &Document) -> String {
    let list: Vec<Value> = statements.iter().map(one).collect();
    let value = json!({
        "@context": CONTEXT,
        "@id": document.id,
        "author": document.author,
        "timestamp": document.timestamp,
        "version": 1,
        "tooling": document.tooling,
        "statements": list,
    });
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}

fn one(statement: &Statement) -> Value {
    let mut names = statement.vulnerabilities.iter();
    let mut value = json!({
        "vulnerability": { "name": names.next().cloned().unwrap_or_default() },
        "products": statement.products.iter().map(|product| {
            let mut value = json!({ "@id": product });
            if !statement.components.is_empty() {
                let parts = statement.components.iter().map(|part| json!({ "@id": part }));
                value["subcomponents"] = Value::Array(parts.collect());
            }
            value
        }).collect::<Vec<_>>(),
        "status": statement.status.as_str(),
    });
    let aliases: Vec<&String> = names.collect();
    if !aliases.is_empty() {
        value["vulnerability"]["aliases"] = json!(aliases);
    }
    if let Some(justification) = &statement.justification {
        value["justification"] = json!(justification);
    }
    if !statement.words.is_empty() {
        let key = match statement.status {
            Status::NotAffected => "impact_statement",
            Status::Affected => "action_statement",
            Status::Fixed | Status::UnderInvestigation => "status_notes",
        };
        value[key] = json!(statement.words);
    }
    if let Some(timestamp) = &statement.timestamp {
        value["timestamp"] = json!(timestamp);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::super::Statements;
    use super::*;

    fn document() -> Document {
        Document {
            id: "https://example.com/vex/1".to_owned(),
            author: "Example".to_owned(),
            timestamp: "2026-01-02T03:04:05Z".to_owned(),
            tooling: "bartizan".to_owned(),
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        let statements = vec![
            Statement {
                vulnerabilities: vec!["CVE-2024-1".to_owned(), "GHSA-x".to_owned()],
                products: vec!["pkg:generic/app@1".to_owned()],
                components: vec!["pkg:npm/a@1".to_owned()],
                status: Status::NotAffected,
                justification: Some("vulnerable_code_not_in_execute_path".to_owned()),
                words: "never called".to_owned(),
                timestamp: Some("2026-01-02T03:04:05Z".to_owned()),
                author: Some("Example".to_owned()),
            },
            Statement {
                vulnerabilities: vec!["CVE-2024-2".to_owned()],
                products: vec!["pkg:npm/b".to_owned()],
                components: Vec::new(),
                status: Status::UnderInvestigation,
                justification: None,
                words: String::new(),
                timestamp: Some("2026-01-03T03:04:05Z".to_owned()),
                author: Some("Example".to_owned()),
            },
        ];
        let text = write(&statements, &document());
        assert_eq!(Statements::parse(text.as_bytes()).unwrap().all(), statements);
        assert_eq!(text, write(&statements, &document()));
    }

    #[test]
    fn broken_documents_say_what_is_wrong() {
        for (text, wrong) in [
            ("", "line 1: no JSON"),
            ("{\n\"a\": ]", "line 2: no JSON"),
            ("{}", "line 1: neither OpenVEX"),
            (r#"{"@context": "https://openvex.dev/ns/v0.2.0"}"#, "line 1: no `statements`"),
            (
                r#"{"@context": "https://openvex.dev/ns/v0.2.0", "statements": [{"vulnerability": {"name": "CVE-1"}, "status": "fine"}]}"#,
                "line 1: statement 1: unknown status `fine`",
            ),
        ] {
            let error = Statements::parse(text.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with(wrong), "{error}");
        }
    }
}
