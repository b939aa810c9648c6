//! What reports need beside the pattern: a message, metadata, a fix that is code.

use super::{Kind, Level, Linter};
use crate::pattern::Pattern;
use crate::rule::{Mode, Rule};
use crate::tree::Symbols;

/// A message of fewer words names something but says nothing of it.
const LEAST_WORDS: usize = 4;

pub(super) fn check(linter: &mut Linter<'_>, rule: &Rule) {
    if !matches!(rule.mode, Mode::Extract(_)) {
        message(linter, rule);
        metadata(linter, rule);
    }
    fix(linter, rule);
}

fn message(linter: &mut Linter<'_>, rule: &Rule) {
    let text = rule.message.trim();
    if text.is_empty() {
        linter.say(rule.span, Level::Error, Kind::PoorMessage, "the message is empty");
    } else if text.split_whitespace().count() < LEAST_WORDS {
        let reason = "the message is no sentence: say what is wrong and why it matters";
        linter.say(rule.span, Level::Warning, Kind::PoorMessage, reason);
    } else if !text.ends_with(['.', '!', '?', ')', '`', '"', '\'']) && !text.contains("://") {
        linter.say(rule.span, Level::Note, Kind::PoorMessage, "the message does not end as a sentence does");
    }
}

fn metadata(linter: &mut Linter<'_>, rule: &Rule) {
    let metadata = &rule.metadata;
    let has = |key: &str| metadata.0.get(key).is_some_and(|value| !value.is_null());
    let missing = |keys: &[(&'static str, bool)]| {
        keys.iter().filter(|(_, there)| !there).map(|(key, _)| *key).collect::<Vec<_>>().join(", ")
    };
    let needed = missing(&[
        ("cwe", !metadata.cwe().is_empty()),
        ("confidence", metadata.confidence().is_some()),
        ("references", !metadata.references().is_empty()),
    ]);
    if !needed.is_empty() {
        let reason = format!("reports need what the metadata lacks: {needed}");
        linter.say(rule.span, Level::Warning, Kind::MissingMetadata, reason);
    }
    let useful = missing(&[
        ("owasp", has("owasp")),
        ("category", has("category")),
        ("remediation", metadata.remediation().is_some()),
    ]);
    if !useful.is_empty() {
        linter.say(rule.span, Level::Note, Kind::MissingMetadata, format!("the metadata lacks: {useful}"));
    }
    if let Some(confidence) = metadata.confidence()
        && !matches!(confidence.as_str(), "HIGH" | "MEDIUM" | "LOW")
    {
        let reason = format!("confidence is HIGH, MEDIUM or LOW, not `{confidence}`");
        linter.say(rule.span, Level::Warning, Kind::MissingMetadata, reason);
    }
}

fn fix(linter: &mut Linter<'_>, rule: &Rule) {
    let Some(fix) = rule.fix.as_deref().filter(|fix| !fix.trim().is_empty()) else { return };
    for language in &rule.languages {
        let Some(spec) = language.specs().first().copied() else { continue };
        if let Err(error) = Pattern::compile(fix, spec, &mut Symbols::default()) {
            let reason = format!("the fix cannot be read as {}: {error}", language.title());
            return linter.say(rule.span, Level::Warning, Kind::UnreadableFix, reason);
        }
    }
}
