//! What several formats say alike.

use bartizan_model::{
    CommitInfo, Finding, NotDoneKind, Place, Report, Severity, Status, Verification, VerificationState,
};

/// The program's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Number of new findings per severity, worst first.
pub fn counts(report: &Report) -> [(Severity, u64); 5] {
    Severity::WORST_FIRST.map(|severity| {
        let count =
            report.findings.iter().filter(|f| f.severity == severity && f.status == Status::New).count();
        (severity, count as u64)
    })
}

/// Number of findings that the baseline knows, and of those that are suppressed.
pub fn known_counts(report: &Report) -> (u64, u64) {
    let count = |test: fn(&Status) -> bool| report.findings.iter().filter(|f| test(&f.status)).count() as u64;
    (count(|s| *s == Status::Baseline), count(|s| matches!(s, Status::Suppressed { .. })))
}

/// The place to show first: a new one where there is one.
pub fn main_place(finding: &Finding) -> Option<&Place> {
    finding.places.iter().find(|place| place.status == Status::New).or_else(|| finding.places.first())
}

/// The other places, in order.
pub fn other_places(finding: &Finding) -> impl Iterator<Item = &Place> {
    let main = main_place(finding);
    finding.places.iter().filter(move |place| main.is_none_or(|main| !std::ptr::eq(*place, main)))
}

/// `path:line:column`, the path as it is.
pub fn position(place: &Place) -> String {
    format!("{}:{}:{}", place.origin.display_path(), place.region.start_line, place.region.start_column)
}

/// One word for the status.
pub fn status_word(status: &Status) -> &'static str {
    match status {
        Status::New => "new",
        Status::Baseline => "baseline",
        Status::Suppressed { .. } => "suppressed",
    }
}

/// One word for the provider's answer.
pub fn verification_word(state: VerificationState) -> &'static str {
    match state {
        VerificationState::Live => "live",
        VerificationState::Revoked => "revoked",
        VerificationState::Unknown => "unknown",
    }
}

/// A sentence for the provider's answer.
pub fn verification_sentence(verification: &Verification) -> String {
    let state = match verification.state {
        VerificationState::Live => "the secret works",
        VerificationState::Revoked => "the provider refuses the secret",
        VerificationState::Unknown => "the provider's answer does not tell",
    };
    format!("{state}: {}", verification.detail)
}

/// Confidence as a whole percentage: `85%`.
pub fn percent(finding: &Finding) -> String {
    format!("{:.0}%", finding.confidence.get() * 100.0)
}

/// The first ten digits of a commit id.
pub fn short_commit(commit: &CommitInfo) -> &str {
    commit.id.get(..10).unwrap_or(&commit.id)
}

/// The day of a commit.
pub fn day(commit: &CommitInfo) -> &str {
    commit.date.get(..10).unwrap_or(&commit.date)
}

/// Whether `kind` of things not done fails the scan, as word for machines.
pub fn is_failed(report: &Report) -> bool {
    report.coverage.incomplete
        || report.coverage.not_done_counts.iter().any(|(kind, count)| kind.is_failure() && *count > 0)
}

/// The identifier of a kind in machine formats: `too-large`.
pub fn kind_id(kind: NotDoneKind) -> String {
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(word)) => word,
        _ => kind.as_str().replace(' ', "-"),
    }
}

/// How many of `kind` were not done but are not listed by name.
pub fn unlisted(report: &Report, kind: NotDoneKind) -> u64 {
    let listed = report.coverage.not_done.iter().filter(|entry| entry.kind == kind).count() as u64;
    let all = report.coverage.not_done_counts.iter().find(|(k, _)| *k == kind).map_or(0, |(_, count)| *count);
    all.saturating_sub(listed)
}

/// `text` for XML and HTML: markup characters as entities, what acts or is not allowed in XML 1.0 made visible.
pub fn escape_markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in crate::plain::visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // The two non-characters of the basic plane are no XML characters (XML 1.0, section 2.2).
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// `link` when it is a web address without anything that acts; rules of users may name others.
pub fn web_link(link: &str) -> Option<&str> {
    let scheme = link.starts_with("https://") || link.starts_with("http://");
    (scheme && !link.chars().any(|c| c.is_control() || c.is_whitespace() || "\"'<>`\\".contains(c)))
        .then_some(link)
}
