//! A finding as `result`.

use super::artifact;
use crate::report::common;
use bartizan_model::{CommitInfo, Finding, FlowStep, Place, Region, Status};
use serde_json::{Map, Value, json};

/// Related locations per result: code hosts show a hundred.
const MAX_RELATED: usize = 100;

pub(super) fn value(finding: &Finding, rule_index: Option<usize>, has_baseline: bool) -> Value {
    let mut out = Map::new();
    out.insert("ruleId".into(), json!(finding.rule));
    if let Some(index) = rule_index {
        out.insert("ruleIndex".into(), json!(index));
    }
    out.insert("level".into(), json!(finding.severity.sarif_level()));
    // Section 3.27.25: 0.0 to 100.0, higher is more important; confidence is what sets equal severities apart.
    out.insert("rank".into(), json!(finding.confidence.get() * 100.0));
    let others: Vec<&Place> = common::other_places(finding).collect();
    out.insert("message".into(), json!({ "text": message(finding, others.len()) }));
    let main = common::main_place(finding);
    if let Some(place) = main {
        out.insert("locations".into(), json!([location(place, None)]));
        let mut prints = Map::new();
        prints.insert("bartizanPlace/v1".into(), json!(place.fingerprint));
        // What GitHub tells alerts apart by; it would else hash the line's text.
        prints.insert("primaryLocationLineHash".into(), json!(format!("{}:1", place.fingerprint)));
        out.insert("partialFingerprints".into(), Value::Object(prints));
    }
    if let Some(flow) = main.map(|place| &place.flow).filter(|flow| !flow.is_empty()) {
        out.insert("codeFlows".into(), json!([code_flow(flow)]));
    }
    if !others.is_empty() {
        let related: Vec<Value> = others
            .iter()
            .take(MAX_RELATED)
            .enumerate()
            .map(|(index, place)| location(place, Some(index + 1)))
            .collect();
        out.insert("relatedLocations".into(), json!(related));
    }
    out.insert("fingerprints".into(), json!({ "bartizan/v1": finding.fingerprint }));
    if has_baseline {
        let state = if finding.status == Status::Baseline { "unchanged" } else { "new" };
        out.insert("baselineState".into(), json!(state));
    }
    if let Status::Suppressed { by, reason } = &finding.status {
        let kind = if by == "inline" { "inSource" } else { "external" };
        let text = if kind == "external" { format!("{by}: {reason}") } else { reason.clone() };
        out.insert(
            "suppressions".into(),
            json!([{ "kind": kind, "status": "accepted", "justification": text }]),
        );
    }
    if let Some(fix) = &finding.fix {
        out.insert("fixes".into(), json!([fix_value(fix)]));
    }
    out.insert("properties".into(), properties(finding, main, others.len()));
    Value::Object(out)
}

fn message(finding: &Finding, others: usize) -> String {
    let mut text = format!("{}: {}", finding.title, finding.message);
    if others > 0 {
        text.push_str(&format!(
            " (also in {})",
            crate::plain::counted(others as u64, "more place", "more places")
        ));
    }
    if let Some(verification) = &finding.verification {
        text.push_str(&format!("\nVerification: {}", common::verification_sentence(verification)));
    }
    text.push_str(&format!("\nWhat to do: {}", finding.remediation));
    text
}

fn location(place: &Place, id: Option<usize>) -> Value {
    let region = region(place.region);
    let mut out = Map::new();
    if let Some(id) = id {
        out.insert("id".into(), json!(id));
    }
    out.insert(
        "physicalLocation".into(),
        json!({
            "artifactLocation": artifact(&place.origin.display_path()),
            "region": region,
            "contextRegion": {
                "startLine": place.region.start_line,
                "snippet": { "text": place.snippet.text },
            },
        }),
    );
    if id.is_some() {
        out.insert("message".into(), json!({ "text": "also here" }));
    }
    let mut properties = Map::new();
    properties.insert("fingerprint".into(), json!(place.fingerprint));
    properties.insert("status".into(), json!(common::status_word(&place.status)));
    if let Some(object) = &place.origin.object {
        properties.insert("object".into(), json!(object));
    }
    for (name, commit) in [("firstCommit", &place.first_commit), ("lastCommit", &place.last_commit)] {
        if let Some(commit) = commit {
            properties.insert(name.into(), commit_value(commit));
        }
    }
    if let Some(in_head) = place.in_head {
        properties.insert("inHead".into(), json!(in_head));
    }
    out.insert("properties".into(), Value::Object(properties));
    Value::Object(out)
}

/// A flow of data as one thread (sections 3.36 to 3.38).
fn code_flow(flow: &[FlowStep]) -> Value {
    let last = flow.len().saturating_sub(1);
    let steps: Vec<Value> = flow
        .iter()
        .enumerate()
        .map(|(number, step)| {
            json!({
                "location": {
                    "physicalLocation": {
                        "artifactLocation": artifact(&step.origin.display_path()),
                        "region": region(step.region),
                        "contextRegion": {
                            "startLine": step.region.start_line,
                            "snippet": { "text": step.snippet.text },
                        },
                    },
                    "message": { "text": step.message },
                },
                "executionOrder": number + 1,
                "importance": if number == 0 || number == last { "essential" } else { "important" },
            })
        })
        .collect();
    json!({ "threadFlows": [{ "locations": steps }] })
}

/// Lines, columns and bytes; ends are exclusive in both models (section 3.30).
fn region(region: Region) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("startLine".into(), json!(region.start_line.max(1)));
    out.insert("startColumn".into(), json!(region.start_column.max(1)));
    out.insert("endLine".into(), json!(region.end_line.max(1)));
    out.insert("endColumn".into(), json!(region.end_column.max(1)));
    out.insert("byteOffset".into(), json!(region.start_byte));
    out.insert("byteLength".into(), json!(region.end_byte.saturating_sub(region.start_byte)));
    out
}

fn commit_value(commit: &CommitInfo) -> Value {
    json!({ "id": commit.id, "author": commit.author, "date": commit.date, "path": commit.path })
}

fn fix_value(fix: &bartizan_model::Fix) -> Value {
    let changes: Vec<Value> = fix
        .edits
        .iter()
        .map(|edit| {
            json!({
                "artifactLocation": artifact(&edit.path),
                "replacements": [{
                    "deletedRegion": region(edit.region),
                    "insertedContent": { "text": edit.text },
                }],
            })
        })
        .collect();
    json!({ "description": { "text": fix.description }, "artifactChanges": changes })
}

fn properties(finding: &Finding, main: Option<&Place>, others: usize) -> Value {
    let mut out = Map::new();
    out.insert("severity".into(), json!(finding.severity));
    out.insert("confidence".into(), json!(finding.confidence));
    out.insert("placesInAll".into(), json!(others + usize::from(main.is_some())));
    if let Some(secret) = &finding.evidence.secret {
        out.insert("secret".into(), json!(secret));
    }
    for (name, value) in &finding.evidence.properties {
        out.insert(format!("fact/{name}"), json!(value));
    }
    if let Some(verification) = &finding.verification {
        out.insert("verification".into(), json!(verification));
    }
    Value::Object(out)
}
