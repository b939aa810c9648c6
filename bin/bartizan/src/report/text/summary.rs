//! The end of the text report: counts, coverage, and what was not done.

use super::{Page, common, dim, plain_style, severity_style};
use crate::{plain, units};
use anstyle::{AnsiColor, Style};
use bartizan_model::{NotDone, NotDoneKind, Report, Severity};
use std::collections::BTreeMap;
use std::io;

/// How many names are listed per reason unless all are asked for.
const NAMES_SHOWN: usize = 3;

pub(super) fn write(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    page.line(&[(Style::new().bold(), "Summary")])?;
    page.rule()?;
    table(page, report)?;
    let (baseline, suppressed) = common::known_counts(report);
    if baseline + suppressed > 0 {
        let mut parts = Vec::new();
        if baseline > 0 {
            parts.push(format!("{} known by the baseline", plain::grouped(baseline)));
        }
        if suppressed > 0 {
            parts.push(format!("{} suppressed", plain::grouped(suppressed)));
        }
        let hint = if page.verbose { "" } else { " (--verbose shows them)" };
        page.indented(plain_style(), &format!("not counted: {}{hint}", parts.join(", ")))?;
    }
    let coverage = &report.coverage;
    let seen = format!(
        "scanned: {}, {}",
        plain::counted(coverage.blobs_scanned, "file", "files"),
        units::show_size(coverage.bytes_scanned)
    );
    page.indented(plain_style(), &seen)?;
    if let Some(packages) = packages(report) {
        page.indented(plain_style(), &packages)?;
    }
    if coverage.incomplete {
        let style = Style::new().bold().fg_color(Some(AnsiColor::Yellow.into()));
        page.indented(style, "incomplete: the scan ended before everything was seen")?;
    }
    not_done(page, report)
}

/// How many packages there are, by ecosystem.
fn packages(report: &Report) -> Option<String> {
    if report.components.is_empty() {
        return None;
    }
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for component in &report.components {
        *counts.entry(&component.ecosystem).or_default() += 1;
    }
    let mut counts: Vec<(&str, u64)> = counts.into_iter().collect();
    counts.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
    let total = plain::counted(report.components.len() as u64, "package", "packages");
    let most: Vec<String> = counts
        .iter()
        .take(4)
        .map(|(name, count)| format!("{} {}", plain::grouped(*count), plain::visible(name)))
        .collect();
    let more =
        if counts.len() > 4 { format!(", {} more ecosystems", counts.len() - 4) } else { String::new() };
    Some(format!("{total}: {}{more}", most.join(", ")))
}

fn table(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    let counts = common::counts(report);
    if counts.iter().all(|(_, count)| *count == 0) {
        // Who has no advisories must not read this as "no holes".
        if report.coverage.not_done_counts.iter().any(|(kind, _)| *kind == NotDoneKind::NoAdvisories) {
            return page
                .indented(plain_style(), "no findings, but not all packages were held against advisories");
        }
        let style = Style::new().fg_color(Some(AnsiColor::Green.into()));
        return page.line(&[(style, "  no findings")]);
    }
    let mut heads = Vec::new();
    let mut numbers = Vec::new();
    for (severity, count) in counts {
        let number = plain::grouped(count);
        let columns = severity.as_str().len().max(number.len()) + 2;
        let style = if count > 0 { severity_style(severity).bold() } else { dim() };
        heads.push((style, format!("{:>columns$}", severity.as_str())));
        numbers.push((style, format!("{number:>columns$}")));
    }
    for row in [heads, numbers] {
        let parts: Vec<(Style, &str)> = row.iter().map(|(style, text)| (*style, text.as_str())).collect();
        page.line(&parts)?;
    }
    Ok(())
}

fn not_done(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    let coverage = &report.coverage;
    // What was guessed is in most files that have flows: for who asks.
    let is_shown = |(kind, count): &&(NotDoneKind, u64)| {
        *count > 0 && (page.verbose || *kind != NotDoneKind::Approximated)
    };
    let shown: Vec<(NotDoneKind, u64)> = coverage.not_done_counts.iter().filter(is_shown).copied().collect();
    if shown.is_empty() {
        return Ok(());
    }
    page.gap()?;
    page.line(&[(Style::new().bold(), "What was not done")])?;
    page.rule()?;
    for (kind, count) in &shown {
        let style =
            if kind.is_failure() { severity_style(Severity::High).bold() } else { Style::new().bold() };
        let failed = if kind.is_failure() { " (failed)" } else { "" };
        page.line(&[(style, &format!("  {}: {}{failed}", kind.as_str(), plain::grouped(*count)))])?;
        names(page, report, *kind)?;
    }
    Ok(())
}

/// The names of one kind, together where they share a reason.
fn names(page: &mut Page<'_>, report: &Report, kind: NotDoneKind) -> io::Result<()> {
    let mut by_reason: BTreeMap<&str, Vec<&NotDone>> = BTreeMap::new();
    for entry in report.coverage.not_done.iter().filter(|entry| entry.kind == kind) {
        by_reason.entry(&entry.reason).or_default().push(entry);
    }
    // Reasons that differ for every file (sizes, positions) would make a list as long as the tree.
    let reasons_shown = if page.verbose { usize::MAX } else { NAMES_SHOWN };
    let mut hidden = 0;
    for (index, (reason, entries)) in by_reason.iter().enumerate() {
        if index >= reasons_shown {
            hidden += entries.len() as u64;
            continue;
        }
        let shown = if page.verbose { entries.len() } else { NAMES_SHOWN };
        let mut paths: Vec<String> =
            entries.iter().take(shown).map(|e| plain::visible(&e.path).into_owned()).collect();
        hidden += entries.len().saturating_sub(shown) as u64;
        let last = paths.pop().unwrap_or_default();
        let list = if paths.is_empty() { last } else { format!("{}, {last}", paths.join(", ")) };
        let text = format!("{list}: {}", plain::visible(reason));
        for (index, line) in plain::wrap(&text, page.width.saturating_sub(6)).iter().enumerate() {
            let indent = if index == 0 { "    " } else { "      " };
            page.line(&[(plain_style(), indent), (plain_style(), line)])?;
        }
    }
    hidden += common::unlisted(report, kind);
    if hidden > 0 {
        let hint = if page.verbose { "" } else { "; --verbose lists more" };
        page.line(&[(dim(), &format!("    and {} more{hint}", plain::grouped(hidden)))])?;
    }
    Ok(())
}
