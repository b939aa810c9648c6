//! `nosem` and `nosemgrep` comments.
//!
//! On the line of a finding, or alone on the line before it. `nosemgrep: a, b` covers the rules named, without names all.
//! The engine's own comments (`bartizan:ignore`) are handled there, for all detectors.

use crate::ruleset::LoadedRule;
use memchr::memmem;
use std::collections::BTreeMap;
use std::ops::Range;

/// The comments of one file, by the line that they cover (from 0).
#[derive(Debug, Default)]
pub struct Suppressions {
    lines: BTreeMap<usize, Vec<String>>,
    starts: Vec<usize>,
}

impl Suppressions {
    /// Reads a file's comments.
    pub fn of(source: &[u8]) -> Self {
        if memmem::find(source, b"nosem").is_none() {
            return Self::default();
        }
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', source).map(|at| at + 1));
        let mut lines: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for (number, start) in starts.iter().enumerate() {
            let end = starts.get(number + 1).map_or(source.len(), |next| next - 1);
            let line = String::from_utf8_lossy(source.get(*start..end).unwrap_or_default()).into_owned();
            let Some((before, rules)) = comment(&line) else { continue };
            lines.entry(number).or_default().extend(rules.iter().cloned());
            // Alone on its line it is about the next one.
            if before.trim().is_empty() {
                lines.entry(number + 1).or_default().extend(rules);
            }
        }
        Self { lines, starts }
    }

    /// Whether a comment covers the rule's finding at these bytes.
    pub fn covers(&self, rule: &LoadedRule, range: &Range<usize>) -> bool {
        if self.lines.is_empty() {
            return false;
        }
        let line = self.starts.partition_point(|start| *start <= range.start).saturating_sub(1);
        self.lines.get(&line).is_some_and(|rules| {
            rules.iter().any(|wanted| {
                wanted == "*"
                    || *wanted == rule.rule.id
                    || *wanted == rule.name
                    || wanted.strip_suffix(rule.rule.id.as_str()).is_some_and(|front| front.ends_with('.'))
            })
        })
    }
}

/// What stands before the comment, and the rules that it names; `*` for all.
fn comment(line: &str) -> Option<(&str, Vec<String>)> {
    let at = line.find("nosem")?;
    let before = line[..at].trim_end();
    let marks = ["#", "//", "/*", "<!--", "--", "(*", "{/*", "%", ";", "*"];
    let mark = marks.iter().filter(|mark| before.ends_with(**mark)).max_by_key(|mark| mark.len())?;
    let front = &before[..before.len() - mark.len()];
    let rest = line[at + 5..].strip_prefix("grep").unwrap_or(&line[at + 5..]);
    let named = rest.trim_start().strip_prefix(':').map(|list| {
        list.split([',', ' '])
            .map(str::trim)
            .take_while(|id| !id.starts_with("--") && !id.starts_with("*/"))
            .filter(|id| !id.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    });
    match named {
        Some(rules) if !rules.is_empty() => Some((front, rules)),
        _ if rest.starts_with(|c: char| c.is_alphanumeric()) => None,
        _ => Some((front, vec!["*".to_owned()])),
    }
}

#[cfg(test)]
mod tests {
    use super::comment;

    #[test]
    fn comments_name_rules_or_all() {
        let rules = |line| comment(line).map(|(_, rules)| rules.join(" "));
        assert_eq!(rules("x = 1  # nosem"), Some("*".to_owned()));
        assert_eq!(rules("f() // nosemgrep: a, b.c"), Some("a b.c".to_owned()));
        assert_eq!(rules("/* nosemgrep:a */ f()"), Some("a".to_owned()));
        assert_eq!(rules("x = nosem"), None);
        assert_eq!(rules("# nosemantics"), None);
    }
}
