//! The page around the findings: header, filters, what was not done, rules.

use super::common::{self, escape_markup as escape};
use crate::{plain, units};
use bartizan_model::{Report, Status};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// A turret on a wall, drawn for this page.
const LOGO: &str = "<svg class=\"logo\" viewBox=\"0 0 32 32\" width=\"32\" height=\"32\" aria-hidden=\"true\">\
    <path d=\"M3 29V15h3v3h3v-3h3M3 29h26V15h-3v3h-3v-3h-3M9 12V3h3v3h2.5V3h3v3H20V3h3v9l-3 3v8l-4 4-4-4v-8z\" fill=\"none\" \
    stroke=\"currentColor\" stroke-width=\"2\" stroke-linejoin=\"round\" stroke-linecap=\"round\"/></svg>";

pub(super) fn header(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<header class=\"top\"><div class=\"brand\">{LOGO}<div><h1>Bartizan report</h1>")?;
    let targets: Vec<String> = report.targets.iter().map(|t| format!("<code>{}</code>", escape(t))).collect();
    writeln!(
        out,
        "<p>{} · {} scanned · {}</p></div></div>",
        targets.join(" "),
        plain::counted(report.coverage.blobs_scanned, "file", "files"),
        units::show_size(report.coverage.bytes_scanned)
    )?;
    let counts = common::counts(report);
    writeln!(out, "<ul class=\"counts\" aria-label=\"New findings by severity\">")?;
    for (severity, count) in counts {
        let zero = if count == 0 { " zero" } else { "" };
        writeln!(
            out,
            "<li class=\"{severity}{zero}\"><strong>{}</strong> <span>{severity}</span></li>",
            plain::grouped(count)
        )?;
    }
    writeln!(out, "</ul>")?;
    bar(&counts.map(|(severity, count)| (severity.as_str(), count)), out)?;
    let (baseline, suppressed) = common::known_counts(report);
    if baseline + suppressed > 0 {
        writeln!(
            out,
            "<p class=\"known\">Not counted: {} known by the baseline, {} suppressed.</p>",
            plain::grouped(baseline),
            plain::grouped(suppressed)
        )?;
    }
    if common::is_failed(report) {
        writeln!(
            out,
            "<p class=\"warning\" role=\"alert\">This scan is not complete. <a href=\"#not-done\">See what was not done.</a></p>"
        )?;
    }
    writeln!(out, "</header>")
}

/// The shares of severities as one bar.
fn bar(counts: &[(&str, u64); 5], out: &mut dyn Write) -> io::Result<()> {
    let total: u64 = counts.iter().map(|(_, count)| count).sum();
    if total == 0 {
        return Ok(());
    }
    write!(
        out,
        "<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" width=\"100%\" height=\"6\" aria-hidden=\"true\">"
    )?;
    let mut at = 0.0;
    for (severity, count) in counts.iter().filter(|(_, count)| *count > 0) {
        let part = *count as f64 * 1000.0 / total as f64;
        write!(out, "<rect class=\"{severity}\" x=\"{at:.2}\" width=\"{part:.2}\" height=\"10\"/>")?;
        at += part;
    }
    writeln!(out, "</svg>")
}

/// Hidden until the script shows it: without JavaScript it would do nothing.
pub(super) fn filters(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    if report.findings.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<form id=\"filters\" class=\"filters\" role=\"search\" aria-label=\"Filter findings\" hidden>"
    )?;
    writeln!(
        out,
        "<label class=\"search\"><span>Search</span><input id=\"text\" type=\"search\" autocomplete=\"off\" \
         placeholder=\"path, title, author …\"></label>"
    )?;
    writeln!(out, "<fieldset><legend>Severity</legend>")?;
    for (severity, _) in common::counts(report) {
        let all = report.findings.iter().filter(|f| f.severity == severity).count() as u64;
        if all > 0 {
            writeln!(
                out,
                "<label class=\"check {severity}\"><input type=\"checkbox\" name=\"severity\" value=\"{severity}\" checked> \
                 {severity} <span class=\"count\">{}</span></label>",
                plain::grouped(all)
            )?;
        }
    }
    writeln!(out, "</fieldset>")?;
    let mut by_rule: BTreeMap<&str, u64> = BTreeMap::new();
    let mut by_status: BTreeMap<&str, u64> = BTreeMap::new();
    for finding in &report.findings {
        *by_rule.entry(&finding.rule).or_default() += 1;
        *by_status.entry(common::status_word(&finding.status)).or_default() += 1;
    }
    select("rule", "Rule", &by_rule, out)?;
    if by_status.len() > 1 || report.findings.iter().any(|f| f.status != Status::New) {
        select("status", "Status", &by_status, out)?;
    }
    writeln!(out, "<button type=\"reset\">Reset</button>\n</form>")
}

fn select(id: &str, label: &str, counts: &BTreeMap<&str, u64>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<label class=\"select\"><span>{label}</span><select id=\"{id}\"><option value=\"\">all</option>"
    )?;
    for (value, count) in counts {
        let value = escape(value);
        writeln!(out, "<option value=\"{value}\">{value} ({})</option>", plain::grouped(*count))?;
    }
    writeln!(out, "</select></label>")
}

pub(super) fn not_done(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let coverage = &report.coverage;
    if coverage.not_done_counts.iter().all(|(_, count)| *count == 0) && !coverage.incomplete {
        return Ok(());
    }
    writeln!(out, "<section id=\"not-done\" aria-labelledby=\"not-done-title\">")?;
    writeln!(out, "<h2 id=\"not-done-title\">What was not done</h2>")?;
    if coverage.incomplete {
        writeln!(out, "<p class=\"warning\">The scan ended before everything was seen.</p>")?;
    }
    for (kind, count) in coverage.not_done_counts.iter().filter(|(_, count)| *count > 0) {
        let (class, word) = if kind.is_failure() {
            (" failure", " <span class=\"chip live\">failed</span>")
        } else {
            ("", "")
        };
        let open = if kind.is_failure() { " open" } else { "" };
        writeln!(
            out,
            "<details class=\"skipped{class}\"{open}><summary>{} <span class=\"count\">{}</span>{word}</summary><ul>",
            capital(kind.as_str()),
            plain::grouped(*count)
        )?;
        for entry in coverage.not_done.iter().filter(|entry| entry.kind == *kind) {
            writeln!(
                out,
                "<li><span class=\"path\">{}</span> {}</li>",
                escape(&entry.path).replace('/', "/<wbr>"),
                escape(&entry.reason)
            )?;
        }
        let rest = common::unlisted(report, *kind);
        if rest > 0 {
            writeln!(out, "<li>and {} more, not listed by name</li>", plain::grouped(rest))?;
        }
        writeln!(out, "</ul></details>")?;
    }
    writeln!(out, "</section>")
}

pub(super) fn rules(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    if report.rules.is_empty() {
        return Ok(());
    }
    writeln!(out, "<section id=\"rules\" aria-labelledby=\"rules-title\"><h2 id=\"rules-title\">Rules</h2>")?;
    for rule in &report.rules {
        writeln!(
            out,
            "<details class=\"skipped\"><summary>{} <code class=\"rule\">{}</code></summary><p>{}</p><p>{}</p></details>",
            escape(&rule.title),
            escape(&rule.id),
            escape(&rule.description),
            escape(&rule.remediation)
        )?;
    }
    writeln!(out, "</section>")
}

/// With a capital first letter.
pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}
