//! SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format"), shaped so that code hosts show it well.
//!
//! One run; one result per finding, its further places as related locations. What was not done stands in
//! `invocations[0].toolExecutionNotifications`, so that nobody takes a partial scan for a clean one. Built as plain JSON
//! values, not with a typed SARIF crate: those generate several hundred types at build time for the thirty used here, and
//! the official schema in the tests holds this output to the standard.

mod notification;
mod result;
mod rule;

use super::common;
use bartizan_model::{Report, Status};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{self, Write};

/// Code hosts refuse runs with more results (GitHub, "SARIF support for code scanning", limits). The worst are kept; a
/// notification says how many are not there.
pub const MAX_RESULTS: usize = 25_000;

/// Writes `report`.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &document(report, MAX_RESULTS))?;
    out.write_all(b"\n")
}

fn document(report: &Report, max_results: usize) -> Value {
    let index: HashMap<&str, usize> =
        report.rules.iter().enumerate().map(|(index, rule)| (rule.id.as_str(), index)).collect();
    // `baselineState` stands on every result of a run or on none (section 3.27.24).
    let has_baseline = report.findings.iter().any(|f| f.status == Status::Baseline);
    let results: Vec<Value> = report
        .findings
        .iter()
        .take(max_results)
        .map(|finding| result::value(finding, index.get(finding.rule.as_str()).copied(), has_baseline))
        .collect();
    let left_out = report.findings.len().saturating_sub(max_results);
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Bartizan",
                "semanticVersion": common::VERSION,
                "rules": report.rules.iter().map(rule::value).collect::<Vec<_>>(),
                "notifications": notification::descriptors(report, left_out),
            }},
            "invocations": [notification::invocation(report, left_out)],
            "columnKind": "unicodeCodePoints",
            "results": results,
            "properties": {
                "targets": report.targets,
                "filesScanned": report.coverage.blobs_scanned,
                "bytesScanned": report.coverage.bytes_scanned,
                "incomplete": report.coverage.incomplete,
            },
        }],
    })
}

/// A path as URI reference (RFC 3986): every byte that may not stand in a path segment is percent-encoded; the colon too,
/// for a first segment with one would read as a scheme.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Where an artifact is. A relative path hangs on the root that the code host knows; an absolute one stands alone.
fn artifact(path: &str) -> Value {
    if path.starts_with('/') {
        json!({ "uri": format!("file://{}", uri(path)) })
    } else {
        json!({ "uri": uri(path), "uriBaseId": "%SRCROOT%" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uri_references() {
        assert_eq!(uri("src/a b#c%?.py"), "src/a%20b%23c%25%3F.py");
        assert_eq!(uri("c:/x"), "c%3A/x");
        assert_eq!(uri("lib/a.jar!/é.txt"), "lib/a.jar!/%C3%A9.txt");
        assert_eq!(artifact("/etc/x y")["uri"], "file:///etc/x%20y");
    }
}
