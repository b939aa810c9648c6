//! The text format: what a person reads in a terminal.
//!
//! Findings worst first, each with its line and a caret; then a summary; then what was not done.

mod finding;
mod summary;

use super::{Look, common};
use crate::plain;
use anstyle::{AnsiColor, Style};
use bartizan_model::{Finding, Report, Severity, Status};
use std::io::{self, Write};

/// Widest line: beyond it the eye loses the next one.
const WIDEST: usize = 120;

/// Writes `report`.
pub fn write(report: &Report, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(look, out);
    for severity in Severity::WORST_FIRST {
        let findings: Vec<&Finding> = report
            .findings
            .iter()
            .filter(|f| f.severity == severity && (look.verbose || f.status == Status::New))
            .collect();
        if findings.is_empty() {
            continue;
        }
        let count = plain::counted(findings.len() as u64, "finding", "findings");
        let head = format!("{} · {count}", severity.as_str().to_uppercase());
        page.line(&[(severity_style(severity).bold(), &head)])?;
        page.rule()?;
        for one in findings {
            finding::write(&mut page, one)?;
        }
    }
    summary::write(&mut page, report)
}

/// Writes one finding of a report with all its places, and the rule's description: for `explain`.
///
/// # Errors
/// What `out` says.
pub fn explain_finding(finding: &Finding, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    finding::write(&mut Page::new(&Look { verbose: true, ..*look }, out), finding)
}

/// Lines of a width, with or without colour.
pub(super) struct Page<'a> {
    out: &'a mut dyn Write,
    color: bool,
    /// Columns.
    pub(super) width: usize,
    /// Whether everything is listed.
    pub(super) verbose: bool,
}

impl<'a> Page<'a> {
    fn new(look: &Look, out: &'a mut dyn Write) -> Self {
        Self { out, color: look.color, width: look.width.clamp(40, WIDEST), verbose: look.verbose }
    }

    /// A line of styled parts, which are already visible text.
    pub(super) fn line(&mut self, parts: &[(Style, &str)]) -> io::Result<()> {
        for (style, text) in parts {
            if self.color && *style != Style::new() {
                write!(self.out, "{style}{text}{style:#}")?;
            } else {
                self.out.write_all(text.as_bytes())?;
            }
        }
        self.out.write_all(b"\n")
    }

    /// An empty line.
    pub(super) fn gap(&mut self) -> io::Result<()> {
        self.out.write_all(b"\n")
    }

    /// A line across.
    pub(super) fn rule(&mut self) -> io::Result<()> {
        let line = "─".repeat(self.width);
        self.line(&[(dim(), &line)])
    }

    /// `text` wrapped, two columns in.
    pub(super) fn indented(&mut self, style: Style, text: &str) -> io::Result<()> {
        for line in plain::wrap(text, self.width.saturating_sub(2)) {
            self.line(&[(plain_style(), "  "), (style, &line)])?;
        }
        Ok(())
    }

    /// `label` in a column of its own, `text` wrapped beside it.
    pub(super) fn labelled(&mut self, label: &str, style: Style, text: &str) -> io::Result<()> {
        let indent = finding::LABEL_WIDTH + 2;
        for (index, line) in plain::wrap(text, self.width.saturating_sub(indent)).iter().enumerate() {
            let head =
                format!("  {:<width$}", if index == 0 { label } else { "" }, width = finding::LABEL_WIDTH);
            self.line(&[(dim(), &head), (style, line)])?;
        }
        Ok(())
    }
}

/// The colour of a severity.
pub(super) fn severity_style(severity: Severity) -> Style {
    let color = match severity {
        Severity::Critical => AnsiColor::BrightRed,
        Severity::High => AnsiColor::Red,
        Severity::Medium => AnsiColor::Yellow,
        Severity::Low => AnsiColor::Cyan,
        Severity::Info => AnsiColor::Blue,
    };
    Style::new().fg_color(Some(color.into()))
}

pub(super) fn dim() -> Style {
    Style::new().dimmed()
}

pub(super) fn plain_style() -> Style {
    Style::new()
}
