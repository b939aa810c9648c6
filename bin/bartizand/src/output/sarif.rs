//! Alerts as SARIF 2.1.0, for those who keep all findings in one place.

use super::Alert;
use bartizan_detect::sigma::Level;
use serde_json::{Value, json};

fn level(level: Level) -> &'static str {
    match level {
        Level::Critical | Level::High => "error",
        Level::Medium => "warning",
        Level::Low | Level::Informational => "note",
    }
}

/// One result.
pub(crate) fn result(alert: &Alert<'_>) -> Value {
    let mut properties = json!({"level": alert.level.name(), "tags": alert.tags});
    if let Some(time) = alert.time {
        properties["time"] = time.to_rfc3339().into();
    }
    if let Some(host) = alert.host {
        properties["host"] = host.into();
    }
    let mut result = json!({
        "ruleId": alert.rule_id,
        "level": level(alert.level),
        "message": {"text": alert.title},
        "properties": properties,
    });
    if !alert.source.is_empty() {
        result["locations"] = json!([{"physicalLocation": {
            "artifactLocation": {"uri": uri(alert.source)},
            "region": {"startLine": alert.record.max(1)},
        }}]);
    }
    result
}

/// A path as a relative reference (RFC 3986).
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'\\' => uri.push('/'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte.into())
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

/// The whole report. `rules`: id, title and level of each rule that was met.
pub(crate) fn report(rules: &[(String, String, Level)], results: Vec<Value>) -> Value {
    let rules: Vec<Value> = rules
        .iter()
        .map(|(id, title, severity)| {
            json!({
                "id": id,
                "shortDescription": {"text": title},
                "defaultConfiguration": {"level": level(*severity)},
            })
        })
        .collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "bartizand", "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "results": results,
        }],
    })
}
