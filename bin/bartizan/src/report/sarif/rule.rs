//! A rule as `reportingDescriptor`.

use crate::report::common;
use bartizan_model::RuleInfo;
use serde_json::{Map, Value, json};

pub(super) fn value(rule: &RuleInfo) -> Value {
    let mut help = format!("{}\n\nWhat to do: {}", rule.description, rule.remediation);
    let mut markdown =
        format!("{}\n\n**What to do:** {}", literal(&rule.description), literal(&rule.remediation));
    for cwe in &rule.cwe {
        markdown.push_str(&format!("\n\n[{cwe}]({})", cwe.url()));
    }
    let link = rule.docs.as_deref().and_then(common::web_link);
    if let Some(link) = link {
        help.push_str(&format!("\n\n{link}"));
        markdown.push_str(&format!("\n\n[Documentation](<{link}>)"));
    }
    let mut tags: Vec<String> = vec!["security".to_owned()];
    tags.extend(rule.tags.iter().filter(|tag| *tag != "security").cloned());
    // The form that GitHub and Azure DevOps read CWE numbers from.
    tags.extend(rule.cwe.iter().map(|cwe| format!("external/cwe/cwe-{:03}", cwe.0)));
    let mut out = Map::new();
    out.insert("id".into(), json!(rule.id));
    out.insert("name".into(), json!(name(&rule.id)));
    out.insert("shortDescription".into(), json!({ "text": rule.title }));
    out.insert("fullDescription".into(), json!({ "text": rule.description }));
    out.insert("help".into(), json!({ "text": help, "markdown": markdown }));
    if let Some(link) = link {
        out.insert("helpUri".into(), json!(link));
    }
    out.insert("defaultConfiguration".into(), json!({ "level": rule.severity.sarif_level() }));
    out.insert(
        "properties".into(),
        json!({
            "security-severity": rule.severity.sarif_security_severity(),
            "problem.severity": problem_severity(rule),
            "severity": rule.severity,
            "tags": tags,
        }),
    );
    Value::Object(out)
}

/// The last two parts of the id in Pascal case, as section 3.49.7 recommends: `GithubPersonalAccessToken`.
fn name(id: &str) -> String {
    let parts: Vec<&str> = id.split('/').collect();
    parts[parts.len().saturating_sub(2)..]
        .iter()
        .flat_map(|part| part.split(['-', '_', '.']))
        .map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
                .unwrap_or_default()
        })
        .collect()
}

fn problem_severity(rule: &RuleInfo) -> &'static str {
    match rule.severity.sarif_level() {
        "error" => "error",
        "warning" => "warning",
        _ => "recommendation",
    }
}

/// Text without Markdown's meaning.
fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\`*_{}[]<>#|~!".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_pascal_case() {
        assert_eq!(name("secrets/github/personal-access-token"), "GithubPersonalAccessToken");
        assert_eq!(name("x"), "X");
        assert_eq!(name(""), "");
    }

    #[test]
    fn markdown_is_literal() {
        assert_eq!(literal("<b>[x](y)"), "\\<b\\>\\[x\\](y)");
    }
}
