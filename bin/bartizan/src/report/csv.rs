//! CSV after RFC 4180: one row per place, lines end in CRLF, every text field in quotes.
//!
//! Spreadsheets run a cell that begins with `=`, `+`, `-`, `@` or a control character as a formula. Such a cell gets an
//! apostrophe in front, which they show as text.

use super::common;
use crate::plain;
use bartizan_model::{Place, Report, Status};
use std::io::{self, Write};

const COLUMNS: [&str; 23] = [
    "severity",
    "confidence",
    "rule",
    "title",
    "status",
    "path",
    "line",
    "column",
    "end_line",
    "end_column",
    "message",
    "snippet",
    "verification",
    "remediation",
    "docs",
    "first_commit",
    "first_author",
    "first_date",
    "last_commit",
    "in_head",
    "status_reason",
    "finding_fingerprint",
    "place_fingerprint",
];

/// Writes `report`.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    row(out, &COLUMNS.map(str::to_owned))?;
    for finding in &report.findings {
        for place in &finding.places {
            let first = place.first_commit.as_ref();
            row(
                out,
                &[
                    finding.severity.as_str().to_owned(),
                    finding.confidence.get().to_string(),
                    finding.rule.clone(),
                    finding.title.clone(),
                    common::status_word(&place.status).to_owned(),
                    place.origin.display_path(),
                    place.region.start_line.to_string(),
                    place.region.start_column.to_string(),
                    place.region.end_line.to_string(),
                    place.region.end_column.to_string(),
                    finding.message.clone(),
                    place.snippet.text.clone(),
                    finding
                        .verification
                        .as_ref()
                        .map_or("", |v| common::verification_word(v.state))
                        .to_owned(),
                    finding.remediation.clone(),
                    finding.docs.clone().unwrap_or_default(),
                    first.map(|c| c.id.clone()).unwrap_or_default(),
                    first.map(|c| c.author.clone()).unwrap_or_default(),
                    first.map(|c| c.date.clone()).unwrap_or_default(),
                    place.last_commit.as_ref().map(|c| c.id.clone()).unwrap_or_default(),
                    place.in_head.map(|there| there.to_string()).unwrap_or_default(),
                    reason(place),
                    finding.fingerprint.to_string(),
                    place.fingerprint.to_string(),
                ],
            )?;
        }
    }
    Ok(())
}

fn reason(place: &Place) -> String {
    match &place.status {
        Status::Suppressed { by, reason } => format!("{by}: {reason}"),
        Status::New | Status::Baseline => String::new(),
    }
}

fn row(out: &mut dyn Write, cells: &[String; COLUMNS.len()]) -> io::Result<()> {
    for (index, text) in cells.iter().enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        out.write_all(cell(text).as_bytes())?;
    }
    out.write_all(b"\r\n")
}

fn cell(text: &str) -> String {
    // Blanks before a formula do not stop every spreadsheet.
    let formula = text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
        || text.starts_with(|c: char| c.is_control());
    let shown = plain::visible(text).replace('"', "\"\"");
    format!("\"{}{shown}\"", if formula { "'" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn cells_are_text() {
        assert_eq!(cell("a \"b\", c"), "\"a \"\"b\"\", c\"");
        assert_eq!(cell("=HYPERLINK(1)"), "\"'=HYPERLINK(1)\"");
        assert_eq!(cell("  @x"), "\"'  @x\"");
        assert_eq!(cell("\t=1"), "\"'\\t=1\"");
        assert_eq!(cell("two\nlines"), "\"two\\nlines\"");
        assert_eq!(cell("0.5"), "\"0.5\"");
    }
}
