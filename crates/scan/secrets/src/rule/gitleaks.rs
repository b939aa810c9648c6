//! Rules in gitleaks' TOML: `[[rules]]` with `id`, `regex`, `keywords`, `entropy`, `secretGroup`, `path` and allow lists.

use super::compile::{Allow, AllowTarget, Rule, Selector, build};
use super::file::{RuleFile, RuleText};
use super::load::{RuleProblem, line_of_rule};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    #[serde(default)]
    rules: Vec<GitleaksRule>,
    #[serde(default)]
    allowlist: Option<Allowlist>,
    #[serde(default)]
    allowlists: Vec<Allowlist>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GitleaksRule {
    id: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    regex: Option<String>,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    entropy: Option<f64>,
    #[serde(default)]
    secret_group: Option<usize>,
    #[serde(default)]
    allowlist: Option<Allowlist>,
    #[serde(default)]
    allowlists: Vec<Allowlist>,
}

#[derive(Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
struct Allowlist {
    #[serde(default)]
    regexes: Vec<String>,
    #[serde(default)]
    regex_target: Option<String>,
    #[serde(default)]
    stopwords: Vec<String>,
    #[serde(default)]
    condition: Option<String>,
    #[serde(default)]
    paths: Vec<String>,
}

/// Whether a TOML text is a gitleaks configuration: `[[rules]]` where ours have `[[rule]]`.
pub fn looks_like(text: &str) -> bool {
    text.lines().any(|line| line.trim() == "[[rules]]") && !text.lines().any(|line| line.trim() == "[[rule]]")
}

pub(super) fn load(
    stem: &str,
    shown: &str,
    text: &str,
    rules: &mut Vec<Rule>,
    problems: &mut Vec<RuleProblem>,
) {
    let config: Config = match toml::from_str(text) {
        Ok(config) => config,
        Err(error) => {
            problems.push(RuleProblem {
                file: shown.to_owned(),
                line: error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1),
                rule: None,
                reason: error.message().to_owned(),
            });
            return;
        }
    };
    let global: Vec<Allowlist> = config.allowlist.into_iter().chain(config.allowlists).collect();
    for written in config.rules {
        let id = written.id.clone();
        if let Err(reason) = compile(stem, written, &global).map(|rule| rules.push(rule)) {
            problems.push(RuleProblem {
                file: shown.to_owned(),
                line: line_of_rule(text, &id),
                rule: Some(id),
                reason,
            });
        }
    }
}

fn compile(stem: &str, written: GitleaksRule, global: &[Allowlist]) -> Result<Rule, String> {
    let Some(pattern) = written.regex.clone() else {
        return Err("has no `regex`: rules on paths alone are not supported".to_owned());
    };
    if written.path.is_some() {
        return Err(
            "`path` expressions are not supported: use `paths` with globs in our own format".to_owned()
        );
    }
    let title = written.description.clone().unwrap_or_else(|| written.id.clone());
    let text = RuleText {
        name: written.id.clone(),
        title,
        opens: None,
        severity: "high".to_owned(),
        // Stands in for the selector, which is replaced below.
        literals: vec!["---".to_owned()],
        ignore_case: false,
        near: Vec::new(),
        keys: Vec::new(),
        pattern,
        boundary: false,
        checksum: None,
        structure: None,
        entropy: Some(written.entropy.unwrap_or(0.0)),
        placeholders: false,
        paths: Vec::new(),
        skip_paths: Vec::new(),
        confidence: Some(0.8),
        docs: None,
        revoke: None,
        verify: None,
        sample: String::new(),
        matches: Vec::new(),
        miss: Vec::new(),
        path: None,
    };
    let file = RuleFile {
        provider: stem.to_owned(),
        category: "imported".to_owned(),
        url: None,
        docs: None,
        revoke: None,
        words: Vec::new(),
        rules: Vec::new(),
    };
    let mut rule = Rule::compile(stem, &file, &text)?;
    rule.compile_now()?;
    rule.selector =
        Selector::Anywhere(written.keywords.iter().map(|word| word.to_ascii_lowercase()).collect());
    rule.secret_group = match written.secret_group {
        Some(0) => None,
        Some(group) => Some(group),
        None => rule.regex().filter(|regex| regex.captures_len() == 2).map(|_| 1),
    };
    if rule.secret_group.is_some_and(|group| rule.regex().is_some_and(|regex| group >= regex.captures_len()))
    {
        return Err("`secretGroup`: the expression has no such group".to_owned());
    }
    for list in written.allowlist.iter().chain(&written.allowlists).chain(global) {
        if list.condition.as_deref().is_some_and(|c| c.eq_ignore_ascii_case("and")) {
            return Err("allow lists with condition AND are not supported".to_owned());
        }
        if !list.paths.is_empty() && list.regexes.is_empty() && list.stopwords.is_empty() {
            // Path exceptions are the scan's matter: `.bartizanignore` and `--exclude`.
            continue;
        }
        rule.canonical.push_str(&format!("{:?}{:?}{:?}", list.regexes, list.stopwords, list.regex_target));
        rule.allow.push(Allow {
            target: match list.regex_target.as_deref() {
                Some("match") => AllowTarget::Match,
                Some("line") => AllowTarget::Line,
                _ => AllowTarget::Secret,
            },
            regexes: list.regexes.iter().map(|regex| build(regex)).collect::<Result<_, _>>()?,
            stopwords: list.stopwords.iter().map(|word| word.to_ascii_lowercase()).collect(),
        });
    }
    Ok(rule)
}
