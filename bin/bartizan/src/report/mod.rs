//! Report formats: each turns one [`Report`] into bytes, and decides nothing about findings.
//!
//! Equal reports give equal bytes, with one exception that its reader demands: GitLab's format carries the times of the
//! scan, which come in through [`Look::times`].

mod common;
mod csv;
mod github;
mod gitlab;
mod html;
mod json;
mod junit;
mod markdown;
mod sarif;
mod text;

pub use common::escape_markup;
pub use json::SCHEMA as JSON_SCHEMA;
pub use sarif::MAX_RESULTS as SARIF_MAX_RESULTS;
pub use text::explain_finding;

use bartizan_model::Report;
use std::io::{self, Write};
use std::str::FromStr;

/// The formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// For people at a terminal.
    Text,
    /// Everything, documented in `docs/schemas/report-1.json`.
    Json,
    /// SARIF 2.1.0, for code hosts and editors.
    Sarif,
    /// A row per place, for spreadsheets.
    Csv,
    /// For comments on pull requests.
    Markdown,
    /// One self-contained page.
    Html,
    /// JUnit XML, for CI test views.
    Junit,
    /// GitLab's secret detection report.
    Gitlab,
    /// GitHub workflow commands, which become annotations.
    Github,
}

impl Format {
    /// All, in the order of the help text.
    pub const ALL: [Self; 9] = [
        Self::Text,
        Self::Json,
        Self::Sarif,
        Self::Csv,
        Self::Markdown,
        Self::Html,
        Self::Junit,
        Self::Gitlab,
        Self::Github,
    ];

    /// The word used in options.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Csv => "csv",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Junit => "junit",
            Self::Gitlab => "gitlab",
            Self::Github => "github",
        }
    }

    /// What a file of that name holds, where its ending tells.
    pub fn from_file_name(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        Some(match extension.to_ascii_lowercase().as_str() {
            "txt" => Self::Text,
            "json" => Self::Json,
            "sarif" => Self::Sarif,
            "csv" => Self::Csv,
            "md" | "markdown" => Self::Markdown,
            "html" | "htm" => Self::Html,
            "xml" => Self::Junit,
            _ => return None,
        })
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|format| format.as_str().eq_ignore_ascii_case(word)).ok_or_else(|| {
            let names = Self::ALL.map(Self::as_str);
            let hint = crate::suggest::nearest(word, &names).map(|near| format!("; did you mean `{near}`?"));
            format!("unknown format `{word}`: expected {}{}", names.join(", "), hint.unwrap_or_default())
        })
    }
}

/// How to show a report.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Whether the text format may use colour.
    pub color: bool,
    /// Columns of the text format.
    pub width: usize,
    /// Whether known and suppressed findings, and all names of what was not done, are shown to people too.
    pub verbose: bool,
    /// When the scan began and ended, seconds since 1970: only GitLab's format carries them.
    pub times: (u64, u64),
}

impl Default for Look {
    fn default() -> Self {
        Self { color: false, width: 80, verbose: false, times: (0, 0) }
    }
}

/// Writes `report` as `format` to `out`.
///
/// # Errors
/// What `out` says.
pub fn write(format: Format, report: &Report, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text => text::write(report, look, out),
        Format::Json => json::write(report, out),
        Format::Sarif => sarif::write(report, out),
        Format::Csv => csv::write(report, out),
        Format::Markdown => markdown::write(report, out),
        Format::Html => html::write(report, out),
        Format::Junit => junit::write(report, out),
        Format::Gitlab => gitlab::write(report, look.times, out),
        Format::Github => github::write(report, out),
    }
}
