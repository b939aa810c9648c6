//! `bartizan rules lint`.

use crate::args::{Answer, RulesLintArgs};
use crate::failure::{self, Failure};
use crate::{plain, terminal};
use bartizan_code::lint::{Level, LintReport, Remark, lint};
use serde_json::{Value, json};
use std::io::{self, Write};

/// Names the form, which gets another number when it changes.
const SCHEMA: &str = "bartizan.rules-lint/1";

pub fn run(args: &RulesLintArgs) -> Result<u8, Failure> {
    if let Some(missing) = args.paths.iter().find(|path| !path.exists()) {
        return Err(Failure::Usage(format!("rule file {}: no such file or folder", missing.display())));
    }
    let report = lint(&args.paths).map_err(|error| Failure::Usage(error.to_string()))?;
    if report.files == 0 {
        return Err(Failure::Usage("no file of code rules (*.yaml) in the folders named".to_owned()));
    }
    let level = if args.strict { Level::Note } else { Level::Warning };
    let passed = report.remarks.iter().all(|remark| remark.level > level);
    terminal::print(|out| match args.format {
        Answer::Text => text(&report, out),
        Answer::Json => {
            serde_json::to_writer_pretty(&mut *out, &document(&report, passed))?;
            writeln!(out)
        }
    })?;
    Ok(if passed { failure::OK } else { failure::FOUND })
}

fn text(report: &LintReport, out: &mut dyn Write) -> io::Result<()> {
    for Remark { file, line, column, level, kind, rule, message } in &report.remarks {
        let rule = rule.as_ref().map(|rule| format!(" rule {rule}:")).unwrap_or_default();
        let level = level.as_str();
        let said = format!("{file}:{line}:{column}: {level}[{}]:{rule} {message}", kind.as_str());
        writeln!(out, "{}", plain::visible(&said))?;
        writeln!(out, "    {}", kind.advice())?;
    }
    let count = |level, one, many| plain::counted(report.count(level) as u64, one, many);
    writeln!(
        out,
        "{} in {}: {}, {}, {}",
        plain::counted(report.rules as u64, "rule", "rules"),
        plain::counted(report.files as u64, "file", "files"),
        count(Level::Error, "error", "errors"),
        count(Level::Warning, "warning", "warnings"),
        count(Level::Note, "note", "notes"),
    )?;
    if report.others > 0 {
        let others = plain::counted(report.others as u64, "YAML file", "YAML files");
        writeln!(out, "{others} without rules passed over")?;
    }
    Ok(())
}

fn document(report: &LintReport, passed: bool) -> Value {
    let remarks: Vec<Value> = report
        .remarks
        .iter()
        .map(|remark| {
            json!({
                "file": remark.file,
                "line": remark.line,
                "column": remark.column,
                "level": remark.level,
                "kind": remark.kind,
                "rule": remark.rule,
                "message": remark.message,
                "advice": remark.kind.advice(),
            })
        })
        .collect();
    json!({
        "schema": SCHEMA,
        "passed": passed,
        "totals": {
            "files": report.files,
            "rules": report.rules,
            "others": report.others,
            "errors": report.count(Level::Error),
            "warnings": report.count(Level::Warning),
            "notes": report.count(Level::Note),
        },
        "remarks": remarks,
    })
}
