//! `bartizan rules lint`.

use crate::args::{Answer, RulesLintArgs};
use crate::failure::{self, Failure};
use crate::{plain, terminal};
use bartizan_code::lint::{Level, LintReport, lint};

pub fn run(args: &RulesLintArgs) -> Result<u8, Failure> {
    let report = lint(&args.paths).map_err(|error| Failure::Usage(error.to_string()))?;
    if report.files == 0 {
        return Err(Failure::Usage("no rule file (*.yaml) in the folders named".to_owned()));
    }
    match args.format {
        Answer::Json => {
            let text =
                serde_json::to_string_pretty(&report).map_err(|error| Failure::Usage(error.to_string()))?;
            terminal::print(|out| writeln!(out, "{text}"))?;
        }
        Answer::Text => {
            let lines = lines(&report);
            terminal::print(|out| {
                lines.iter().try_for_each(|line| writeln!(out, "{}", plain::visible(line)))
            })?;
        }
    }
    // Notes are for who wants to do more.
    let wrong = report.count(Level::Error) + report.count(Level::Warning);
    Ok(if wrong == 0 { failure::OK } else { failure::FOUND })
}

fn lines(report: &LintReport) -> Vec<String> {
    let mut lines: Vec<String> = report
        .remarks
        .iter()
        .map(|remark| {
            let rule = remark.rule.as_deref().map(|rule| format!("{rule}: ")).unwrap_or_default();
            format!(
                "{}:{}:{}: {}: {rule}{} [{}]",
                remark.file,
                remark.line,
                remark.column,
                remark.level.as_str(),
                remark.message,
                remark.kind
            )
        })
        .collect();
    let count = |level, one: &str, several: &str| plain::counted(report.count(level) as u64, one, several);
    lines.push(format!(
        "{} in {}: {}, {}, {}",
        plain::counted(report.rules as u64, "rule", "rules"),
        plain::counted(report.files as u64, "file", "files"),
        count(Level::Error, "error", "errors"),
        count(Level::Warning, "warning", "warnings"),
        count(Level::Note, "note", "notes")
    ));
    lines
}
