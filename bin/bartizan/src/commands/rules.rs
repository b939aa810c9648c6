//! `bartizan rules list` and `rules show`.

use super::session;
use crate::args::{Answer, RulesListArgs, RulesShowArgs};
use crate::config::Settings;
use crate::failure::{self, Failure};
use crate::terminal::{self, Terminal};
use crate::{plain, suggest};
use bartizan_code::CodeDetector;
use bartizan_code::rule::RuleError;
use bartizan_model::{Detector, RuleInfo};
use bartizan_secrets::{RuleProblem, SecretsDetector};
use std::io::{self, Write};
use std::sync::Arc;

/// Ids named in an error.
const MOST_NAMED: usize = 8;

pub fn list(args: &RulesListArgs) -> Result<u8, Failure> {
    let layers = session::layers(&args.config, &[], args.settings.matches())?;
    let settings = layers.settings();
    let (detector, problems) = session::detector(&settings)?;
    let (code, errors) = session::code(&settings)?;
    let wanted = args.filter.as_deref().unwrap_or_default().to_lowercase();
    let mut rules: Vec<&RuleInfo> = code
        .rules()
        .iter()
        .chain(detector.rules())
        .filter(|rule| {
            let texts = [&rule.id, &rule.title].into_iter().chain(&rule.tags);
            texts.into_iter().any(|text| text.to_lowercase().contains(&wanted))
        })
        .collect();
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    terminal::print(|out| match args.format {
        Answer::Json => {
            serde_json::to_writer_pretty(&mut *out, &rules)?;
            writeln!(out)
        }
        Answer::Text => {
            let widest = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0).min(52);
            for rule in &rules {
                writeln!(
                    out,
                    "{:<widest$}  {:<8}  {}",
                    plain::visible(&rule.id),
                    rule.severity,
                    plain::visible(&rule.title)
                )?;
            }
            writeln!(out, "{}", plain::counted(rules.len() as u64, "rule", "rules"))
        }
    })?;
    Ok(tell(&problems, &errors))
}

pub fn show(args: &RulesShowArgs) -> Result<u8, Failure> {
    let layers = session::layers(&args.config, &[], args.settings.matches())?;
    show_rule(&layers.settings(), &args.id, args.format)
}

/// Tells what there is to know of a rule.
///
/// # Errors
/// When there is none of that id.
pub fn show_rule(settings: &Settings, id: &str, format: Answer) -> Result<u8, Failure> {
    let (detector, problems) = session::detector(settings)?;
    let (code, errors) = session::code(settings)?;
    let rule = find(&detector, &code, id)?;
    let can_verify = can_verify(&detector, &rule.id);
    terminal::print(|out| match format {
        Answer::Json => {
            serde_json::to_writer_pretty(&mut *out, rule)?;
            writeln!(out)
        }
        Answer::Text => write_rule(rule, can_verify, out),
    })?;
    Ok(tell(&problems, &errors))
}

/// Whether `id` stands under `parent`, which is more than the detector's name.
fn is_in(id: &str, parent: &str) -> bool {
    parent.contains('/') && id.strip_prefix(parent).is_some_and(|rest| rest.starts_with('/'))
}

/// The first few ids as a list.
fn names(ids: &[&str]) -> String {
    let more = if ids.len() > MOST_NAMED { " and more" } else { "" };
    format!("{}{more}", ids.iter().take(MOST_NAMED).copied().collect::<Vec<_>>().join(", "))
}

/// The rule of that id.
///
/// # Errors
/// When there is none, with the nearest.
pub fn find<'a>(
    detector: &'a Arc<SecretsDetector>,
    code: &'a CodeDetector,
    id: &str,
) -> Result<&'a RuleInfo, Failure> {
    let mut all = detector.rules().iter().chain(code.rules());
    if let Some(rule) = all.find(|rule| rule.id == id) {
        return Ok(rule);
    }
    let ids: Vec<&str> = detector.rules().iter().chain(code.rules()).map(|rule| rule.id.as_str()).collect();
    let under: Vec<&str> = ids.iter().copied().filter(|known| is_in(known, id)).collect();
    let parent = id.rsplit_once('/').map_or("", |(parent, _)| parent);
    let siblings: Vec<&str> = ids.iter().copied().filter(|known| is_in(known, parent)).collect();
    let hint = match (under.as_slice(), siblings.as_slice()) {
        ([], []) => suggest::nearest(id, &ids).map(|near| format!("; did you mean `{near}`?")),
        ([], some) => Some(format!("; under {parent} are {}", names(some))),
        (some, _) => Some(format!("; under it are {}", names(some))),
    };
    let hint = hint.unwrap_or_else(|| "; `bartizan rules list` has all".to_owned());
    Err(Failure::Usage(format!("no rule `{id}`{hint}")))
}

/// Whether `--verify` can ask about the rule's secrets.
pub fn can_verify(detector: &SecretsDetector, id: &str) -> bool {
    detector.scanner().rules().iter().any(|rule| rule.info.id == id && rule.verify.is_some())
}

/// A rule for people.
///
/// # Errors
/// What `out` says.
pub fn write_rule(rule: &RuleInfo, can_verify: bool, out: &mut dyn Write) -> io::Result<()> {
    let width = Terminal::ask().width;
    let cwe: Vec<String> = rule.cwe.iter().map(|cwe| format!("{cwe} ({})", cwe.url())).collect();
    let verify = if can_verify { "yes, with --verify" } else { "no: no request tells" };
    let facts = [
        ("id", rule.id.clone()),
        ("severity", rule.severity.to_string()),
        ("means", rule.description.clone()),
        ("do", rule.remediation.clone()),
        ("docs", rule.docs.clone().unwrap_or_default()),
        ("weakness", cwe.join(", ")),
        ("tags", rule.tags.join(", ")),
        ("verified", verify.to_owned()),
        (
            "ignore",
            format!(
                "put `bartizan:ignore {} REASON` on the line, or a [[suppress]] entry in bartizan.toml",
                rule.id
            ),
        ),
    ];
    writeln!(out, "{}", plain::visible(&rule.title))?;
    for (name, text) in facts.iter().filter(|(_, text)| !text.is_empty()) {
        for (index, line) in plain::wrap(&plain::visible(text), width.saturating_sub(13)).iter().enumerate() {
            writeln!(out, "  {:<9}  {line}", if index == 0 { name } else { "" })?;
        }
    }
    Ok(())
}

/// Tells what is wrong with rule files, and the exit code that follows.
pub fn tell(problems: &[RuleProblem], errors: &[RuleError]) -> u8 {
    let all = problems.iter().map(ToString::to_string).chain(errors.iter().map(ToString::to_string));
    for problem in all {
        terminal::say(&format!("error: {}", plain::visible(&problem)));
    }
    if problems.is_empty() && errors.is_empty() { failure::OK } else { failure::UNFINISHED }
}
