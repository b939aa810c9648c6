//! From rule files to rules, with a list of what is wrong: one broken rule does not void the others.

use super::compile::Rule;
use super::file::RuleFile;
use super::gitleaks;
use std::fmt;
use std::path::Path;

/// Something wrong with a rule file or a rule in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleProblem {
    /// The file, as the user named it.
    pub file: String,
    /// Line, from 1, where it is known.
    pub line: Option<usize>,
    /// The rule's name, where it is known.
    pub rule: Option<String>,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for RuleProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(rule) = &self.rule {
            write!(f, ": rule `{rule}`")?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// A rule file larger than this is refused.
const MAX_FILE: u64 = 8 << 20;

/// Reads a rule file in our format or gitleaks'.
pub fn load_file(path: &Path) -> (Vec<Rule>, Vec<RuleProblem>) {
    let shown = path.display().to_string();
    let problem = |reason: String| {
        (Vec::new(), vec![RuleProblem { file: shown.clone(), line: None, rule: None, reason }])
    };
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.len() > MAX_FILE => return problem("larger than 8 MiB".to_owned()),
        Ok(_) => {}
        Err(error) => return problem(format!("cannot be read: {error}")),
    }
    match std::fs::read_to_string(path) {
        Ok(text) => {
            let stem = path
                .file_stem()
                .map_or_else(|| "rules".to_owned(), |stem| stem.to_string_lossy().into_owned());
            load_text(&stem, &shown, &text)
        }
        Err(error) => problem(format!("cannot be read: {error}")),
    }
}

/// Reads rules from text; `stem` becomes the middle part of ids, `shown` names the file in problems.
pub fn load_text(stem: &str, shown: &str, text: &str) -> (Vec<Rule>, Vec<RuleProblem>) {
    let mut rules = Vec::new();
    let mut problems = Vec::new();
    if gitleaks::looks_like(text) {
        gitleaks::load(stem, shown, text, &mut rules, &mut problems);
        return (rules, problems);
    }
    match toml::from_str::<RuleFile>(text) {
        Ok(file) => {
            let before = problems.len();
            compile_file(stem, file, shown, &mut rules, &mut problems);
            for problem in &mut problems[before..] {
                problem.line = problem.rule.as_deref().and_then(|name| line_of_rule(text, name));
            }
        }
        Err(error) => problems.push(RuleProblem {
            file: shown.to_owned(),
            line: error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1),
            rule: None,
            reason: error.message().to_owned(),
        }),
    }
    (rules, problems)
}

pub(super) fn compile_file(
    stem: &str,
    file: RuleFile,
    shown: &str,
    rules: &mut Vec<Rule>,
    problems: &mut Vec<RuleProblem>,
) {
    for text in &file.rules {
        match Rule::compile(stem, &file, text) {
            Ok(rule) => rules.push(rule),
            Err(reason) => problems.push(RuleProblem {
                file: shown.to_owned(),
                line: None,
                rule: Some(text.name.clone()),
                reason,
            }),
        }
    }
}

pub(super) fn line_of_rule(text: &str, name: &str) -> Option<usize> {
    text.lines()
        .position(|line| {
            let line = line.trim_start();
            (line.starts_with("name") || line.starts_with("id")) && line.contains(&format!("\"{name}\""))
        })
        .map(|index| index + 1)
}
