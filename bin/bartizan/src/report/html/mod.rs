//! The HTML format: one self-contained page.
//!
//! Everything is in the page and readable without JavaScript; the script only filters. A strict content security policy
//! admits nothing but this page's own style and script, by their hashes, so that even text which got through escaping
//! could load and run nothing.

mod finding;
mod parts;

use super::common::{self, escape_markup as escape};
use bartizan_model::{Finding, Report, Severity};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::io::{self, Write};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// Writes `report`.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let title = match report.targets.as_slice() {
        [one] => format!("Bartizan: {one}"),
        _ => "Bartizan report".to_owned(),
    };
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{}'; script-src '{}'; \
         base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"generator\" content=\"Bartizan {}\">\n<title>{}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#findings\">Skip to findings</a>",
        hash(STYLE),
        hash(SCRIPT),
        common::VERSION,
        escape(&title)
    )?;
    parts::header(report, out)?;
    writeln!(out, "<main>")?;
    parts::filters(report, out)?;
    findings(report, out)?;
    parts::not_done(report, out)?;
    parts::rules(report, out)?;
    writeln!(
        out,
        "</main>\n<footer><p>Made by Bartizan {}. Secrets are shown redacted unless asked for.</p></footer>",
        common::VERSION
    )?;
    writeln!(out, "<script>{SCRIPT}</script>\n</body>\n</html>")
}

fn findings(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section id=\"findings\" aria-labelledby=\"findings-title\">")?;
    writeln!(
        out,
        "<h2 id=\"findings-title\">Findings <span id=\"shown\" class=\"shown\" role=\"status\"></span></h2>"
    )?;
    if report.findings.is_empty() {
        let (sign, text) = if common::is_failed(report) {
            ("!", "Nothing was found in what could be scanned. The scan was not complete: see below.")
        } else {
            ("✓", "Nothing was found.")
        };
        writeln!(out, "<p class=\"empty\"><span aria-hidden=\"true\">{sign}</span> {text}</p>")?;
    }
    for severity in Severity::WORST_FIRST {
        let group: Vec<&Finding> = report.findings.iter().filter(|f| f.severity == severity).collect();
        if group.is_empty() {
            continue;
        }
        writeln!(out, "<section class=\"group\" aria-labelledby=\"group-{severity}\">")?;
        writeln!(
            out,
            "<h3 id=\"group-{severity}\" class=\"{severity}\">{}</h3>",
            parts::capital(severity.as_str())
        )?;
        for one in group {
            finding::write(one, out)?;
        }
        writeln!(out, "</section>")?;
    }
    writeln!(out, "<p id=\"none\" class=\"empty\" hidden>No finding passes the filters.</p>\n</section>")
}

/// A source expression of the content security policy (W3C, "Content Security Policy Level 3", section 2.3.1).
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}
