//! For programs: each rule with pass or fail.

use super::{Fault, Tested};
use serde_json::{Value, json};
use std::io::{self, Write};

/// Names the form, which gets another number when it changes.
const SCHEMA: &str = "bartizan.rules-test/1";

pub(super) fn write(tested: &Tested, out: &mut dyn Write) -> io::Result<()> {
    let rules: Vec<Value> = tested
        .rules
        .iter()
        .map(|rule| {
            let told = |fault: &Fault| {
                let (file, line) = fault.at.as_ref().map(|(file, line)| (file, line)).unzip();
                json!({ "kind": fault.kind, "file": file, "line": line, "message": fault.text })
            };
            let failures: Vec<Value> = rule.faults.iter().map(told).collect();
            let settled: Vec<Value> = rule.settled.iter().map(told).collect();
            json!({
                "rule": rule.id,
                "file": rule.file,
                "line": rule.line,
                "checked": rule.checked,
                "passed": rule.faults.is_empty(),
                "failures": failures,
                "settled": settled,
            })
        })
        .collect();
    let errors: Vec<Value> = tested
        .broken
        .iter()
        .map(|broken| {
            json!({ "file": broken.file, "line": broken.line, "rule": broken.rule, "message": broken.reason })
        })
        .collect();
    let document = json!({
        "schema": SCHEMA,
        "passed": tested.passed(),
        "totals": {
            "files": tested.files,
            "passed": tested.held(),
            "failed": tested.failed(),
            "errors": tested.broken.len(),
        },
        "rules": rules,
        "errors": errors,
        "untested": tested.untested,
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}
