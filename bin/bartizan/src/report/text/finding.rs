//! One finding for people.

use super::{Page, common, dim, plain_style, severity_style};
use crate::plain;
use anstyle::{AnsiColor, Style};
use bartizan_model::{CommitInfo, Finding, Place, Snippet, Status, VerificationState};
use std::io;

/// Columns of the labels on the left.
pub(super) const LABEL_WIDTH: usize = 9;
/// How many further places are named unless all are asked for.
const PLACES_SHOWN: usize = 3;
/// Columns kept free behind a hit in a long line.
const CONTEXT: usize = 12;
/// What stands for a tab.
const TAB: &str = "    ";

pub(super) fn write(page: &mut Page<'_>, finding: &Finding) -> io::Result<()> {
    let severity = severity_style(finding.severity);
    heading(page, finding, severity.bold())?;
    if let Some(place) = common::main_place(finding) {
        let at = plain::visible(&common::position(place)).into_owned();
        page.line(&[(plain_style(), "  "), (Style::new().underline(), &at)])?;
        code(page, place, severity)?;
        flow(page, place)?;
    }
    other_places(page, finding)?;
    if let Some(place) = common::main_place(finding) {
        history(page, place)?;
    }
    page.labelled("why", plain_style(), &plain::visible(&finding.message))?;
    if let Some(verification) = &finding.verification {
        let style = match verification.state {
            VerificationState::Live => severity.bold(),
            VerificationState::Revoked => Style::new().fg_color(Some(AnsiColor::Green.into())),
            VerificationState::Unknown => plain_style(),
        };
        let sentence = common::verification_sentence(verification);
        page.labelled(common::verification_word(verification.state), style, &plain::visible(&sentence))?;
    }
    for (name, value) in &finding.evidence.properties {
        page.labelled("fact", plain_style(), &plain::visible(&format!("{name}: {value}")))?;
    }
    page.labelled("do", plain_style(), &plain::visible(&finding.remediation))?;
    if let Some(fix) = &finding.fix {
        page.labelled("fix", plain_style(), &plain::visible(&fix.description))?;
    }
    if let Some(docs) = &finding.docs {
        page.labelled("docs", plain_style(), &plain::visible(docs))?;
    }
    match &finding.status {
        Status::New => {}
        Status::Baseline => page.labelled("status", dim(), "known by the baseline")?,
        Status::Suppressed { by, reason } => {
            page.labelled("status", dim(), &plain::visible(&format!("suppressed by {by}: {reason}")))?;
        }
    }
    page.labelled("id", dim(), &finding.fingerprint.to_string())?;
    page.gap()
}

/// Title on the left, rule and confidence on the right; on a line of their own where both do not fit.
fn heading(page: &mut Page<'_>, finding: &Finding, style: Style) -> io::Result<()> {
    let title = plain::visible(&finding.title).into_owned();
    let rule = format!("{} {}", plain::visible(&finding.rule), common::percent(finding));
    let used = plain::width(&title) + plain::width(&rule);
    if used + 2 <= page.width {
        let gap = " ".repeat(page.width - used);
        return page.line(&[(style, &title), (plain_style(), &gap), (dim(), &rule)]);
    }
    for line in plain::wrap(&title, page.width) {
        page.line(&[(style, &line)])?;
    }
    page.line(&[(plain_style(), "  "), (dim(), &rule)])
}

/// The line with its number, and a caret under the hit.
fn code(page: &mut Page<'_>, place: &Place, style: Style) -> io::Result<()> {
    let number = place.region.start_line.to_string();
    let gutter = format!("  {:>width$} │ ", number, width = LABEL_WIDTH - 3);
    let blank = format!("  {:>width$} │ ", "", width = (LABEL_WIDTH - 3).max(number.len()));
    let room = page.width.saturating_sub(plain::width(&gutter));
    let (line, before, marked) = fit(&place.snippet, room);
    page.line(&[(dim(), &gutter), (plain_style(), &line)])?;
    if marked > 0 {
        let carets = format!("{}{}", " ".repeat(before), "^".repeat(marked));
        page.line(&[(dim(), &blank), (style.bold(), &carets)])?;
    }
    Ok(())
}

/// Where data comes from, what it passes, where it arrives.
fn flow(page: &mut Page<'_>, place: &Place) -> io::Result<()> {
    for (number, step) in place.flow.iter().enumerate() {
        let at = if step.origin == place.origin {
            format!("line {}", step.region.start_line)
        } else {
            format!("{}:{}", step.origin.display_path(), step.region.start_line)
        };
        let label = if number == 0 { "flow" } else { "" };
        let text = format!("{}. {at}: {}: {}", number + 1, step.message, step.snippet.text.trim());
        page.labelled(label, plain_style(), &plain::visible(&text))?;
    }
    Ok(())
}

/// The snippet made visible and cut to `room` columns around the highlight, with the columns before the highlight and
/// those of it.
fn fit(snippet: &Snippet, room: usize) -> (String, usize, usize) {
    let (start, end) = (snippet.highlight.0 as usize, snippet.highlight.1 as usize);
    let cells: Vec<(String, usize, bool)> = snippet
        .text
        .chars()
        .enumerate()
        .map(|(index, c)| {
            let shown = match c {
                '\t' => TAB.to_owned(),
                c => plain::visible(c.encode_utf8(&mut [0; 4])).into_owned(),
            };
            let columns = plain::width(&shown);
            (shown, columns, index >= start && index < end)
        })
        .collect();
    let total: usize = cells.iter().map(|(_, columns, _)| columns).sum();
    let mut first = 0;
    if total > room {
        // Leave a quarter of the room before the highlight.
        let mut lead: usize = cells.iter().take(start).map(|(_, columns, _)| columns).sum();
        let marked: usize = cells.iter().filter(|cell| cell.2).map(|cell| cell.1).sum();
        while first < cells.len() && lead > room / 4 && lead + marked + CONTEXT > room {
            lead -= cells[first].1;
            first += 1;
        }
    }
    let mut line = String::new();
    let (mut used, mut before, mut marked) = (0, 0, 0);
    if first > 0 {
        line.push('…');
        used = 1;
        before = 1;
    }
    for (index, (shown, columns, is_marked)) in cells.iter().enumerate().skip(first) {
        let reserve = usize::from(index + 1 < cells.len());
        if used + columns + reserve > room {
            line.push('…');
            break;
        }
        line.push_str(shown);
        used += columns;
        if *is_marked {
            marked += columns;
        } else if marked == 0 && index < start {
            before += columns;
        }
    }
    (line, before, marked)
}

fn other_places(page: &mut Page<'_>, finding: &Finding) -> io::Result<()> {
    let others: Vec<&Place> = common::other_places(finding).collect();
    if others.is_empty() {
        return Ok(());
    }
    let shown = if page.verbose { others.len() } else { PLACES_SHOWN };
    let count = plain::counted(others.len() as u64, "more place", "more places");
    page.labelled("also", plain_style(), &format!("+ {count}"))?;
    for place in others.iter().take(shown) {
        let note = match &place.status {
            Status::New => String::new(),
            status => format!(" ({})", common::status_word(status)),
        };
        page.labelled("", plain_style(), &format!("{}{note}", plain::visible(&common::position(place))))?;
    }
    if others.len() > shown {
        let rest = plain::grouped((others.len() - shown) as u64);
        page.labelled("", dim(), &format!("and {rest} more; --verbose lists all"))?;
    }
    Ok(())
}

fn history(page: &mut Page<'_>, place: &Place) -> io::Result<()> {
    if let Some(first) = &place.first_commit {
        page.labelled("first", plain_style(), &commit(first))?;
    }
    if let Some(last) = &place.last_commit
        && place.first_commit.as_ref() != Some(last)
    {
        page.labelled("last", plain_style(), &commit(last))?;
    }
    match place.in_head {
        Some(true) => page.labelled("head", plain_style(), "still in HEAD"),
        Some(false) => page.labelled("head", plain_style(), "gone from HEAD, still in the history"),
        None => Ok(()),
    }
}

fn commit(commit: &CommitInfo) -> String {
    let text = format!("{} {} {}", common::short_commit(commit), common::day(commit), commit.author);
    plain::visible(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snippet(text: &str, highlight: (u32, u32)) -> Snippet {
        Snippet { text: text.to_owned(), highlight }
    }

    #[test]
    fn carets_stand_under_wide_characters_and_tabs() {
        let (line, before, marked) = fit(&snippet("\t鍵 = ********", (5, 13)), 60);
        assert_eq!(line, "    鍵 = ********");
        assert_eq!((before, marked), (9, 8));
    }

    #[test]
    fn long_lines_are_cut_around_the_hit() {
        let text = format!("{}SECRET{}", "a".repeat(300), "b".repeat(300));
        let (line, before, marked) = fit(&snippet(&text, (300, 306)), 40);
        assert!(plain::width(&line) <= 40, "{line}");
        assert_eq!(marked, 6);
        let at: String = line.chars().skip(before).take(marked).collect();
        assert_eq!(at, "SECRET");
        assert!(line.starts_with('…') && line.ends_with('…'));
    }

    #[test]
    fn a_highlight_outside_the_text_does_no_harm() {
        let (line, _, marked) = fit(&snippet("abc", (7, 90)), 40);
        assert_eq!((line.as_str(), marked), ("abc", 0));
        assert_eq!(fit(&snippet("", (0, 0)), 40).2, 0);
    }
}
