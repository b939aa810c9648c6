//! What was not done, as notifications of the run's invocation.

use super::artifact;
use crate::plain;
use crate::report::common;
use bartizan_model::{NotDone, NotDoneKind, Report};
use serde_json::{Value, json};

const TRUNCATED: &str = "results-left-out";

/// One descriptor per kind that occurs.
pub(super) fn descriptors(report: &Report, left_out: usize) -> Vec<Value> {
    let mut out: Vec<Value> = report
        .coverage
        .not_done_counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(kind, _)| {
            json!({
                "id": common::kind_id(*kind),
                "shortDescription": { "text": kind.as_str() },
                "defaultConfiguration": { "level": level(*kind) },
            })
        })
        .collect();
    if left_out > 0 {
        out.push(json!({
            "id": TRUNCATED,
            "shortDescription": { "text": "more results than a code host takes" },
            "defaultConfiguration": { "level": "warning" },
        }));
    }
    out
}

pub(super) fn invocation(report: &Report, left_out: usize) -> Value {
    let coverage = &report.coverage;
    // A stale suppression is a matter of configuration, the rest of execution (sections 3.20.20 and 3.20.21).
    let (configuration, execution): (Vec<&NotDone>, Vec<&NotDone>) =
        coverage.not_done.iter().partition(|entry| entry.kind == NotDoneKind::StaleSuppression);
    let mut notifications: Vec<Value> = execution.into_iter().map(entry).collect();
    for (kind, _) in &coverage.not_done_counts {
        let rest = common::unlisted(report, *kind);
        if rest > 0 {
            notifications.push(json!({
                "descriptor": { "id": common::kind_id(*kind) },
                "level": level(*kind),
                "message": { "text": format!("{}: {} more, not listed by name", kind.as_str(), plain::grouped(rest)) },
            }));
        }
    }
    if coverage.incomplete {
        notifications.push(json!({
            "level": "error",
            "message": { "text": "the scan ended before everything was seen" },
        }));
    }
    if left_out > 0 {
        let text = format!(
            "{} less severe results are left out: code hosts take no more than {} per run; other formats have all",
            plain::grouped(left_out as u64),
            plain::grouped(super::MAX_RESULTS as u64)
        );
        notifications.push(json!({
            "descriptor": { "id": TRUNCATED },
            "level": "warning",
            "message": { "text": text },
        }));
    }
    json!({
        "executionSuccessful": !common::is_failed(report),
        "toolExecutionNotifications": notifications,
        "toolConfigurationNotifications": configuration.into_iter().map(entry).collect::<Vec<_>>(),
    })
}

fn entry(entry: &NotDone) -> Value {
    json!({
        "descriptor": { "id": common::kind_id(entry.kind) },
        "level": level(entry.kind),
        "message": { "text": format!("{}: {}", entry.kind.as_str(), entry.reason) },
        "locations": [{ "physicalLocation": { "artifactLocation": artifact(&entry.path) } }],
    })
}

fn level(kind: NotDoneKind) -> &'static str {
    match kind {
        kind if kind.is_failure() => "error",
        NotDoneKind::StaleSuppression => "warning",
        _ => "note",
    }
}
