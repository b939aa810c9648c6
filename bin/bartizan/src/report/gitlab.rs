//! GitLab's secret detection report, schema 15 (GitLab, "Security report schemas", `secret-detection-report-format`).
//!
//! One vulnerability per place, as GitLab's view expects. The schema demands the times of the scan, so this is the one
//! format whose bytes depend on the clock; `SOURCE_DATE_EPOCH` fixes it.

use super::common;
use crate::clock;
use bartizan_model::{Finding, Place, Report, Severity, Status};
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// Writes `report`; `times` are seconds since 1970.
pub fn write(report: &Report, times: (u64, u64), out: &mut dyn Write) -> io::Result<()> {
    let program = json!({
        "id": "bartizan",
        "name": "Bartizan",
        "version": common::VERSION,
        "vendor": { "name": "Bartizan" },
    });
    let messages: Vec<Value> = report
        .coverage
        .not_done
        .iter()
        .map(|entry| {
            let level = if entry.kind.is_failure() { "warn" } else { "info" };
            json!({ "level": level, "value": format!("{}: {}: {}", entry.kind.as_str(), entry.path, entry.reason) })
        })
        .collect();
    let vulnerabilities: Vec<Value> = report
        .findings
        .iter()
        .flat_map(|finding| {
            finding
                .places
                .iter()
                .filter(|p| p.status == Status::New)
                .map(|place| vulnerability(finding, place))
        })
        .collect();
    let document = json!({
        "version": "15.2.1",
        "scan": {
            "analyzer": program,
            "scanner": program,
            "type": "secret_detection",
            "start_time": clock::date_time(times.0),
            "end_time": clock::date_time(times.1),
            "status": if common::is_failed(report) { "failure" } else { "success" },
            "messages": messages,
        },
        "vulnerabilities": vulnerabilities,
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

fn vulnerability(finding: &Finding, place: &Place) -> Value {
    let mut out = Map::new();
    out.insert("id".into(), json!(place.fingerprint));
    out.insert("name".into(), json!(cut(&finding.title, 255)));
    out.insert("description".into(), json!(finding.message));
    out.insert("severity".into(), json!(severity(finding.severity)));
    out.insert("solution".into(), json!(cut(&finding.remediation, 7000)));
    out.insert("raw_source_code_extract".into(), json!(place.snippet.text));
    let mut identifiers = vec![json!({
        "type": "bartizan_rule_id",
        "name": format!("Bartizan rule {}", finding.rule),
        "value": finding.rule,
    })];
    identifiers.extend(finding.cwe.iter().map(
        |cwe| json!({ "type": "cwe", "name": cwe.to_string(), "value": cwe.0.to_string(), "url": cwe.url() }),
    ));
    out.insert("identifiers".into(), json!(identifiers));
    if let Some(link) = finding.docs.as_deref().and_then(common::web_link) {
        out.insert("links".into(), json!([{ "name": "Documentation", "url": link }]));
    }
    out.insert(
        "location".into(),
        json!({
            "file": place.origin.display_path(),
            "start_line": place.region.start_line,
            "end_line": place.region.end_line,
            "commit": commit(place),
        }),
    );
    out.insert(
        "tracking".into(),
        json!({
            "type": "source",
            "items": [{
                "file": place.origin.display_path(),
                "start_line": place.region.start_line,
                "end_line": place.region.end_line,
                "signatures": [{ "algorithm": "scope_offset", "value": place.fingerprint }],
            }],
        }),
    );
    Value::Object(out)
}

/// The schema demands a commit; seven zeros stand for a scan without history.
fn commit(place: &Place) -> Value {
    match &place.first_commit {
        Some(commit) => json!({ "author": commit.author, "date": commit.date, "sha": commit.id }),
        None => json!({ "sha": "0000000" }),
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "Critical",
        Severity::High => "High",
        Severity::Medium => "Medium",
        Severity::Low => "Low",
        Severity::Info => "Info",
    }
}

fn cut(text: &str, characters: usize) -> String {
    text.chars().take(characters).collect()
}
