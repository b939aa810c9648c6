//! Markdown for comments on pull requests.
//!
//! Code hosts refuse comments beyond 65,536 characters, so the text stops before and says what is left out. Everything that
//! comes from scanned input stands in code spans, where neither mentions nor links work.

use super::common;
use crate::{plain, units};
use bartizan_model::{Finding, Report, Severity, Status};
use std::io::{self, Write};

/// Characters of a comment, with room for what a bot puts around it.
const BUDGET: usize = 60_000;
/// Places named per finding.
const PLACES_SHOWN: usize = 5;
/// Entries of what was not done.
const NOT_DONE_SHOWN: usize = 20;

/// Writes `report`.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let tail = tail(report);
    let mut text = head(report);
    let news: Vec<&Finding> = report.findings.iter().filter(|f| f.status == Status::New).collect();
    if !news.is_empty() {
        text.push_str("\n| | Finding | Where | Confidence |\n|---|---|---|---|\n");
    }
    let mut used = text.chars().count() + tail.chars().count();
    let mut details = String::new();
    let mut shown = 0;
    for finding in &news {
        let (row, detail) = (row(finding), detail(finding));
        let cost = row.chars().count() + detail.chars().count();
        if used + cost + 200 > BUDGET {
            break;
        }
        used += cost;
        text.push_str(&row);
        details.push_str(&detail);
        shown += 1;
    }
    if shown < news.len() {
        let rest = plain::counted((news.len() - shown) as u64, "more finding is", "more findings are");
        text.push_str(&format!("\n{rest} left out here: a comment holds no more. Other formats list all.\n"));
    }
    if !details.is_empty() {
        text.push_str("\n<details>\n<summary>What to do about each</summary>\n");
        text.push_str(&details);
        text.push_str("\n</details>\n");
    }
    text.push_str(&tail);
    out.write_all(text.as_bytes())
}

fn head(report: &Report) -> String {
    let counts = common::counts(report);
    let total: u64 = counts.iter().map(|(_, count)| count).sum();
    let mut text = if total == 0 {
        "## Bartizan: no findings\n\n".to_owned()
    } else {
        format!("## Bartizan: {}\n\n", plain::counted(total, "finding", "findings"))
    };
    let mut parts: Vec<String> = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| format!("**{} {severity}**", plain::grouped(*count)))
        .collect();
    let (baseline, suppressed) = common::known_counts(report);
    for (count, word) in [(baseline, "known by the baseline"), (suppressed, "suppressed")] {
        if count > 0 {
            parts.push(format!("{} {word}", plain::grouped(count)));
        }
    }
    parts.push(format!(
        "{} scanned ({})",
        plain::counted(report.coverage.blobs_scanned, "file", "files"),
        units::show_size(report.coverage.bytes_scanned)
    ));
    text.push_str(&parts.join(" · "));
    text.push('\n');
    if report.coverage.incomplete {
        text.push_str("\n> **Incomplete:** the scan ended before everything was seen.\n");
    }
    text
}

fn row(finding: &Finding) -> String {
    let others = finding.places.len().saturating_sub(1);
    let more =
        if others > 0 { format!(" and {} more", plain::grouped(others as u64)) } else { String::new() };
    let at = common::main_place(finding).map(common::position).unwrap_or_default();
    let live = finding.verification.as_ref().map_or(String::new(), |verification| {
        format!(" · {}", common::verification_word(verification.state))
    });
    format!(
        "| {} | {}<br>{}{live} | {}{more} | {} |\n",
        mark(finding.severity),
        literal(&finding.title),
        code(&finding.rule),
        code(&at),
        common::percent(finding)
    )
}

fn detail(finding: &Finding) -> String {
    let mut text = format!("\n#### {} {}\n\n", mark(finding.severity), literal(&finding.title));
    for place in
        common::main_place(finding).into_iter().chain(common::other_places(finding)).take(PLACES_SHOWN)
    {
        text.push_str(&format!("- {}: {}", code(&common::position(place)), code(&place.snippet.text)));
        if let Some(commit) = &place.first_commit {
            let head = match place.in_head {
                Some(true) => ", still in `HEAD`",
                Some(false) => ", gone from `HEAD`",
                None => "",
            };
            text.push_str(&format!(
                " (since {} of {}, {}{head})",
                code(common::short_commit(commit)),
                code(common::day(commit)),
                code(&commit.author)
            ));
        }
        text.push('\n');
    }
    if finding.places.len() > PLACES_SHOWN {
        text.push_str(&format!(
            "- and {} more\n",
            plain::grouped((finding.places.len() - PLACES_SHOWN) as u64)
        ));
    }
    text.push_str(&format!("\nWhy: {}\n", literal(&finding.message)));
    if let Some(verification) = &finding.verification {
        text.push_str(&format!(
            "\nVerification: {}\n",
            literal(&common::verification_sentence(verification))
        ));
    }
    text.push_str(&format!("\nWhat to do: {}", literal(&finding.remediation)));
    if let Some(link) = finding.docs.as_deref().and_then(common::web_link) {
        text.push_str(&format!(" ([documentation](<{link}>))"));
    }
    text.push_str(&format!("\n\nFingerprint {}\n", code(&finding.fingerprint.to_string())));
    text
}

fn tail(report: &Report) -> String {
    let coverage = &report.coverage;
    if coverage.not_done_counts.iter().all(|(_, count)| *count == 0) {
        return String::new();
    }
    let mut text =
        "\n<details>\n<summary>What was not done</summary>\n\n| What | How many |\n|---|---|\n".to_owned();
    for (kind, count) in coverage.not_done_counts.iter().filter(|(_, count)| *count > 0) {
        let failed = if kind.is_failure() { " (failed)" } else { "" };
        text.push_str(&format!("| {}{failed} | {} |\n", kind.as_str(), plain::grouped(*count)));
    }
    text.push('\n');
    // What failed matters most, so it is named first.
    let failures = coverage.not_done.iter().filter(|entry| entry.kind.is_failure());
    let others = coverage.not_done.iter().filter(|entry| !entry.kind.is_failure());
    for entry in failures.chain(others).take(NOT_DONE_SHOWN) {
        text.push_str(&format!("- {}: {}\n", code(&entry.path), literal(&entry.reason)));
    }
    text.push_str("\n</details>\n");
    text
}

fn mark(severity: Severity) -> String {
    let sign = match severity {
        Severity::Critical => "🔴",
        Severity::High => "🟠",
        Severity::Medium => "🟡",
        Severity::Low => "🔵",
        Severity::Info => "⚪",
    };
    format!("{sign} {severity}")
}

/// A code span that no content can close: its fence is longer than any run of backticks in it (CommonMark 0.31, section
/// 6.1). A bar would end a table's cell even in code, so it becomes its escape.
fn code(text: &str) -> String {
    let shown = plain::cut(&plain::visible(text), 200).replace('|', "\\|");
    let (mut longest, mut run) = (0, 0);
    for c in shown.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    if longest > 0 || shown.is_empty() {
        format!("{fence} {shown} {fence}")
    } else {
        format!("{fence}{shown}{fence}")
    }
}

/// Text without Markdown's or HTML's meaning; mentions and issue numbers are cut from their sign by a zero-width entity.
fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in plain::visible(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' | '#' => {
                out.push(c);
                out.push_str("&#8203;");
            }
            c if "\\`*_{}[]|~!".contains(c) => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{code, literal};

    #[test]
    fn code_spans_cannot_be_left() {
        assert_eq!(code("a`b``c"), "``` a`b``c ```");
        assert_eq!(code("a|b\nc"), "`a\\|b\\nc`");
        assert_eq!(code(""), "`  `");
    }

    #[test]
    fn text_has_no_meaning() {
        assert_eq!(literal("@x <img> *a* [b](c) #1"), "@&#8203;x &lt;img&gt; \\*a\\* \\[b\\](c) #&#8203;1");
    }
}
