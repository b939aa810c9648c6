//! GitHub workflow commands: lines that the runner turns into annotations on the changed files.
//!
//! Format and escapes: GitHub, "Workflow commands for GitHub Actions", "Setting an error message". The runner shows at
//! most ten of each level per step, in order, so the worst come first and a last line has the totals.

use super::common;
use crate::plain;
use bartizan_model::{Report, Severity, Status};
use std::io::{self, Write};

/// Writes `report`.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for severity in Severity::WORST_FIRST {
        for finding in report.findings.iter().filter(|f| f.severity == severity && f.status == Status::New) {
            for place in finding.places.iter().filter(|place| place.status == Status::New) {
                let region = place.region;
                // Columns of a range over lines mean nothing to the viewer.
                let columns = if region.end_line == region.start_line {
                    format!(",col={},endColumn={}", region.start_column, region.end_column)
                } else {
                    String::new()
                };
                let mut message =
                    format!("{}\n{}\nrule {}", finding.message, finding.remediation, finding.rule);
                if let Some(docs) = &finding.docs {
                    message.push_str("\nsee ");
                    message.push_str(docs);
                }
                writeln!(
                    out,
                    "::{} file={},line={},endLine={}{columns},title={}::{}",
                    level(severity),
                    property(&place.origin.display_path()),
                    region.start_line,
                    region.end_line,
                    property(&format!("{}: {}", severity.as_str(), finding.title)),
                    data(&message)
                )?;
            }
        }
    }
    for (kind, count) in
        report.coverage.not_done_counts.iter().filter(|(kind, count)| kind.is_failure() && *count > 0)
    {
        let first = report.coverage.not_done.iter().find(|entry| entry.kind == *kind);
        let example =
            first.map(|entry| format!(", first {}: {}", entry.path, entry.reason)).unwrap_or_default();
        let text = format!("{}: {}{example}", kind.as_str(), plain::grouped(*count));
        writeln!(out, "::warning title={}::{}", property("not scanned"), data(&text))?;
    }
    let totals =
        common::counts(report).map(|(severity, count)| format!("{} {}", plain::grouped(count), severity));
    writeln!(out, "bartizan: {}", totals.join(", "))
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "notice",
    }
}

/// The message part: only `%` and line ends are special.
fn data(text: &str) -> String {
    plain::visible_lines(text).replace('%', "%25").replace('\n', "%0A")
}

/// A property's value: `:` and `,` too.
fn property(text: &str) -> String {
    plain::visible(text).replace('%', "%25").replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn text_cannot_become_a_command() {
        assert_eq!(data("50%\n::error::x\r\ny"), "50%25%0A::error::x%0Ay");
        assert_eq!(property("a:b,c%\n::stop-commands::x"), "a%3Ab%2Cc%25\\n%3A%3Astop-commands%3A%3Ax");
    }
}
