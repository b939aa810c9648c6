//! One finding as an article of the page.

use super::common::{self, escape_markup as escape};
use crate::plain;
use bartizan_model::{CommitInfo, Finding, Place, Snippet, Status, VerificationState};
use std::io::{self, Write};

/// More places than this are folded away.
const PLACES_OPEN: usize = 4;

pub(super) fn write(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let status = common::status_word(&finding.status);
    writeln!(
        out,
        "<article class=\"finding {severity}\" id=\"f-{id}\" data-severity=\"{severity}\" data-rule=\"{rule}\" \
         data-status=\"{status}\" aria-labelledby=\"t-{id}\">",
        severity = finding.severity,
        id = finding.fingerprint,
        rule = escape(&finding.rule),
    )?;
    heading(finding, out)?;
    if let Some(place) = common::main_place(finding) {
        code(place, out)?;
    }
    others(finding, out)?;
    facts(finding, out)?;
    writeln!(out, "</article>")
}

fn heading(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<header><h4 id=\"t-{id}\"><span class=\"badge {severity}\">{severity}</span> {}</h4><p class=\"meta\">",
        escape(&finding.title),
        id = finding.fingerprint,
        severity = finding.severity,
    )?;
    let percent = common::percent(finding);
    writeln!(
        out,
        "<code class=\"rule\">{}</code> <span class=\"confidence\"><svg class=\"meter\" width=\"48\" height=\"6\" \
         viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"track\" width=\"100\" \
         height=\"10\" rx=\"5\"/><rect class=\"value\" width=\"{:.0}\" height=\"10\" rx=\"5\"/></svg> {percent} sure</span>",
        escape(&finding.rule),
        finding.confidence.get() * 100.0,
    )?;
    if let Some(verification) = &finding.verification {
        let word = common::verification_word(verification.state);
        writeln!(out, "<span class=\"chip {word}\">{word}</span>")?;
    }
    if finding.status != Status::New {
        writeln!(out, "<span class=\"chip\">{}</span>", common::status_word(&finding.status))?;
    }
    writeln!(
        out,
        "<a class=\"anchor\" href=\"#f-{id}\" aria-label=\"Link to this finding\">#</a></p></header>",
        id = finding.fingerprint
    )
}

fn code(place: &Place, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<figure class=\"code\"><figcaption>{}</figcaption><pre><code><span class=\"number\">{}</span>{}</code></pre></figure>",
        path(place),
        place.region.start_line,
        marked(&place.snippet)
    )
}

/// The position, breakable after each `/`.
fn path(place: &Place) -> String {
    escape(&common::position(place)).replace('/', "/<wbr>")
}

/// The snippet with the hit in `mark`.
fn marked(snippet: &Snippet) -> String {
    let (start, end) = (snippet.highlight.0 as usize, snippet.highlight.1 as usize);
    let part = |from: usize, to: usize| -> String {
        let text: String = snippet.text.chars().skip(from).take(to.saturating_sub(from)).collect();
        escape(&text.replace('\t', "    "))
    };
    let hit = part(start, end);
    let mark = if hit.is_empty() { String::new() } else { format!("<mark>{hit}</mark>") };
    format!("{}{mark}{}", part(0, start), part(end.max(start), usize::MAX))
}

fn others(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let others: Vec<&Place> = common::other_places(finding).collect();
    if others.is_empty() {
        return Ok(());
    }
    let count = plain::counted(others.len() as u64, "more place", "more places");
    let open = if others.len() <= PLACES_OPEN { " open" } else { "" };
    writeln!(out, "<details class=\"places\"{open}><summary>{count}</summary><ul>")?;
    for place in others {
        let note = match &place.status {
            Status::New => String::new(),
            status => format!(" <span class=\"chip\">{}</span>", common::status_word(status)),
        };
        writeln!(
            out,
            "<li><span class=\"path\">{}</span>{note} <code>{}</code></li>",
            path(place),
            marked(&place.snippet)
        )?;
    }
    writeln!(out, "</ul></details>")
}

fn facts(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<dl>")?;
    fact(out, "Why", &escape(&finding.message))?;
    if let Some(verification) = &finding.verification {
        let name = match verification.state {
            VerificationState::Live => "It works",
            VerificationState::Revoked => "Revoked",
            VerificationState::Unknown => "Not known",
        };
        fact(out, name, &escape(&common::verification_sentence(verification)))?;
    }
    for (name, value) in &finding.evidence.properties {
        fact(out, &escape(name), &escape(value))?;
    }
    if let Some(place) = common::main_place(finding) {
        history(place, out)?;
    }
    fact(out, "What to do", &escape(&finding.remediation))?;
    if let Some(fix) = &finding.fix {
        fact(out, "Fix", &escape(&fix.description))?;
    }
    if let Status::Suppressed { by, reason } = &finding.status {
        fact(out, "Suppressed", &escape(&format!("{by}: {reason}")))?;
    }
    let mut links: Vec<String> = Vec::new();
    if let Some(docs) = &finding.docs {
        links.push(match common::web_link(docs) {
            Some(link) => {
                format!("<a href=\"{}\" rel=\"noreferrer noopener\">Documentation</a>", escape(link))
            }
            None => escape(docs),
        });
    }
    links.extend(
        finding
            .cwe
            .iter()
            .map(|cwe| format!("<a href=\"{}\" rel=\"noreferrer noopener\">{cwe}</a>", escape(&cwe.url()))),
    );
    if !links.is_empty() {
        fact(out, "More", &links.join(" · "))?;
    }
    fact(out, "Fingerprint", &format!("<code>{}</code>", finding.fingerprint))?;
    writeln!(out, "</dl>")
}

fn history(place: &Place, out: &mut dyn Write) -> io::Result<()> {
    if let Some(first) = &place.first_commit {
        fact(out, "First commit", &commit(first))?;
    }
    if let Some(last) = &place.last_commit {
        fact(out, "Last commit", &commit(last))?;
    }
    match place.in_head {
        Some(true) => fact(out, "Now", "still in HEAD"),
        Some(false) => fact(out, "Now", "gone from HEAD, still in the history"),
        None => Ok(()),
    }
}

fn commit(commit: &CommitInfo) -> String {
    format!(
        "<code>{}</code> {} {}",
        escape(common::short_commit(commit)),
        escape(common::day(commit)),
        escape(&commit.author)
    )
}

/// `value` is markup.
fn fact(out: &mut dyn Write, name: &str, value: &str) -> io::Result<()> {
    writeln!(out, "<div><dt>{name}</dt><dd>{value}</dd></div>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_are_marked_and_everything_is_escaped() {
        let snippet = Snippet { text: "<b>=\"鍵\"&x".to_owned(), highlight: (5, 6) };
        assert_eq!(marked(&snippet), "&lt;b&gt;=&quot;<mark>鍵</mark>&quot;&amp;x");
        let odd = Snippet { text: "abc".to_owned(), highlight: (2, 1) };
        assert_eq!(marked(&odd), "abc");
        let beyond = Snippet { text: "abc".to_owned(), highlight: (9, 12) };
        assert_eq!(marked(&beyond), "abc");
    }
}
