//! The JSON format: everything that the report holds, under a version of its own.
//!
//! `docs/schemas/report-1.json` documents it. Fields may be added under `bartizan.report/1`; one that changes its meaning or
//! goes raises the number.

use super::common;
use bartizan_model::{Component, Finding, NotDone, Report, RuleInfo};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The JSON Schema of the format.
pub const SCHEMA: &str = include_str!("../../../../docs/schemas/report-1.json");

/// Writes `report`.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let (baseline, suppressed) = common::known_counts(report);
    let document = Document {
        schema: "bartizan.report/1",
        tool: Tool { name: "bartizan", version: common::VERSION },
        targets: &report.targets,
        summary: Summary {
            new: common::counts(report)
                .into_iter()
                .map(|(severity, count)| (severity.as_str(), count))
                .collect(),
            baseline,
            suppressed,
        },
        findings: &report.findings,
        components: &report.components,
        coverage: Coverage {
            blobs_scanned: report.coverage.blobs_scanned,
            bytes_scanned: report.coverage.bytes_scanned,
            incomplete: report.coverage.incomplete,
            failed: common::is_failed(report),
            not_done: &report.coverage.not_done,
            not_done_counts: report
                .coverage
                .not_done_counts
                .iter()
                .map(|(kind, count)| Count {
                    kind: common::kind_id(*kind),
                    count: *count,
                    failure: kind.is_failure(),
                })
                .collect(),
        },
        rules: &report.rules,
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    tool: Tool,
    targets: &'a [String],
    summary: Summary,
    findings: &'a [Finding],
    components: &'a [Component],
    coverage: Coverage<'a>,
    rules: &'a [RuleInfo],
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Summary {
    new: BTreeMap<&'static str, u64>,
    baseline: u64,
    suppressed: u64,
}

#[derive(Serialize)]
struct Coverage<'a> {
    blobs_scanned: u64,
    bytes_scanned: u64,
    incomplete: bool,
    failed: bool,
    not_done: &'a [NotDone],
    not_done_counts: Vec<Count>,
}

#[derive(Serialize)]
struct Count {
    kind: String,
    count: u64,
    failure: bool,
}
