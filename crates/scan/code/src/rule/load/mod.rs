//! From YAML to rules.

mod formula;
mod rule;
mod taint;

use super::{Loaded, RuleError, Span};
use bartizan_yaml::{self as yaml, Value};
use std::collections::HashSet;

/// Rules of one file beyond which the rest is refused.
const MAX_RULES: usize = 100_000;

/// Reads a rule file. `file` is only named in errors.
///
/// Every rule stands alone: one that is wrong is an error, the others are loaded. Where the YAML itself breaks off, the rules
/// before are kept.
pub fn load(text: &str, file: &str) -> Loaded {
    let mut tree = yaml::parse(text.strip_prefix('\u{feff}').unwrap_or(text));
    tree.duplicates.sort_by_key(|(_, at)| (at.line, at.column));
    let mut loader = Loader { file, rule: None, loaded: Loaded::default(), duplicates: &tree.duplicates };
    let mut ids = HashSet::new();
    let mut documents = 0;
    for document in tree.documents().filter(|document| !document.is_null()) {
        documents += 1;
        loader.document(document, &mut ids);
    }
    if let Some((reason, span)) = &tree.broken {
        loader.error(*span, reason.clone());
    } else if documents == 0 {
        loader.error(
            Span { line: 1, column: 1, end_line: 1, end_column: 1 },
            "the file is empty: `rules:` is expected".to_owned(),
        );
    }
    let mut loaded = loader.loaded;
    loaded.errors.sort_by_key(|error| (error.line, error.column));
    loaded.warnings.sort_by_key(|error| (error.line, error.column));
    loaded
}

/// Something wrong with the rule that is being read.
struct Wrong {
    span: Span,
    reason: String,
}

fn wrong<T>(value: Value<'_>, reason: impl Into<String>) -> Result<T, Wrong> {
    Err(Wrong { span: value.span(), reason: reason.into() })
}

struct Loader<'a> {
    file: &'a str,
    rule: Option<String>,
    loaded: Loaded,
    duplicates: &'a [(String, Span)],
}

impl Loader<'_> {
    fn document<'t>(&mut self, document: Value<'t>, ids: &mut HashSet<&'t str>) {
        self.rule = None;
        let Some(rules) = document.get("rules") else {
            return self.error(document.span(), "`rules:` is expected at the top".to_owned());
        };
        if !rules.is_sequence() {
            return self.error(rules.span(), format!("`rules` has to be a list, it is {}", rules.describe()));
        }
        for (key, _) in document.entries() {
            let name = key.as_str().unwrap_or_default();
            if name != "rules" && !name.starts_with("x-") && !matches!(name, "missed" | "version") {
                self.warn(key.span(), format!("the key `{name}` beside `rules` means nothing"));
            }
        }
        for value in rules.items() {
            if self.loaded.rules.len() >= MAX_RULES {
                return self.error(value.span(), format!("more than {MAX_RULES} rules in one file"));
            }
            self.rule = value.get("id").and_then(Value::as_str).map(str::to_owned);
            let span = value.span();
            let first =
                self.duplicates.partition_point(|(_, at)| (at.line, at.column) < (span.line, span.column));
            let before_end = |at: &Span| (at.line, at.column) <= (span.end_line, span.end_column);
            let duplicate = self.duplicates.get(first).filter(|(_, at)| before_end(at));
            if let Some((key, at)) = duplicate {
                self.error(*at, format!("the key `{key}` is given twice"));
                continue;
            }
            let id = value.get("id");
            if let Some(id) = id
                && let Some(text) = id.as_str()
                && !ids.insert(text)
            {
                self.error(id.span(), "the id is that of another rule of this file".to_owned());
                continue;
            }
            match self.read_rule(value, false) {
                Ok(rule) => self.loaded.rules.push(rule),
                Err(Wrong { span, reason }) => self.error(span, reason),
            }
        }
    }

    fn problem(&self, span: Span, reason: String) -> RuleError {
        RuleError {
            file: self.file.to_owned(),
            rule: self.rule.clone(),
            line: span.line,
            column: span.column,
            reason,
        }
    }

    fn error(&mut self, span: Span, reason: String) {
        let problem = self.problem(span, reason);
        self.loaded.errors.push(problem);
    }

    fn warn(&mut self, span: Span, reason: String) {
        let problem = self.problem(span, reason);
        self.loaded.warnings.push(problem);
    }
}

fn mapping<'t>(value: Value<'t>, what: &str) -> Result<Vec<(Value<'t>, Value<'t>)>, Wrong> {
    if value.is_mapping() {
        return Ok(value.entries());
    }
    wrong(value, format!("`{what}` has to be a mapping, it is {}", value.describe()))
}

fn list<'t>(value: Value<'t>, what: &str) -> Result<Vec<Value<'t>>, Wrong> {
    if value.is_sequence() {
        return Ok(value.items().collect());
    }
    wrong(value, format!("`{what}` has to be a list, it is {}", value.describe()))
}

fn string<'t>(value: Value<'t>, what: &str) -> Result<&'t str, Wrong> {
    match value.as_str() {
        Some(text) => Ok(text),
        None => wrong(value, format!("`{what}` has to be a string, it is {}", value.describe())),
    }
}

fn strings(value: Value<'_>, what: &str) -> Result<Vec<String>, Wrong> {
    list(value, what)?.into_iter().map(|item| string(item, what).map(str::to_owned)).collect()
}

fn boolean(value: Value<'_>, what: &str) -> Result<bool, Wrong> {
    match value.as_bool() {
        Some(truth) => Ok(truth),
        None => wrong(value, format!("`{what}` has to be true or false")),
    }
}

fn required<'t>(value: Value<'t>, key: &str) -> Result<Value<'t>, Wrong> {
    match value.get(key) {
        Some(found) if !found.is_null() => Ok(found),
        _ => wrong(value, format!("`{key}` is missing")),
    }
}

fn metavariable(value: Value<'_>, what: &str) -> Result<String, Wrong> {
    let text = string(value, what)?;
    let name = text.strip_prefix("$...").or_else(|| text.strip_prefix('$')).unwrap_or_default();
    if !name.is_empty() && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
    {
        return Ok(text.to_owned());
    }
    wrong(value, format!("`{what}` has to be a metavariable such as $X, it is `{text}`"))
}

#[cfg(test)]
mod tests;
