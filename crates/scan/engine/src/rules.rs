//! All rules of all detectors, by id.

use bartizan_model::{Detector, RuleInfo};
use std::collections::HashMap;

/// Looks rules up; a rule is a small number from then on. Two detectors with the same rule id: the first one's words.
pub(crate) struct RuleTable<'a> {
    rules: Vec<&'a RuleInfo>,
    by_id: HashMap<&'a str, u32>,
}

impl<'a> RuleTable<'a> {
    pub(crate) fn new(detectors: &'a [Box<dyn Detector>]) -> Self {
        let mut rules: Vec<&RuleInfo> = detectors.iter().flat_map(|detector| detector.rules()).collect();
        // Stable: of equal ids the first detector's stays in front and is the one that is kept.
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        rules.dedup_by(|later, earlier| later.id == earlier.id);
        Self::numbered(rules)
    }

    /// The same rules under the same numbers, and after them those that conclusions brought.
    pub(crate) fn with(&self, more: &'a [RuleInfo]) -> Self {
        let mut rules = self.rules.clone();
        let mut more: Vec<&RuleInfo> = more.iter().filter(|rule| self.index(&rule.id).is_none()).collect();
        more.sort_by(|a, b| a.id.cmp(&b.id));
        more.dedup_by(|later, earlier| later.id == earlier.id);
        rules.extend(more);
        Self::numbered(rules)
    }

    fn numbered(rules: Vec<&'a RuleInfo>) -> Self {
        let by_id = rules.iter().zip(0..).map(|(rule, index)| (rule.id.as_str(), index)).collect();
        Self { rules, by_id }
    }

    /// The number of a rule.
    pub(crate) fn index(&self, id: &str) -> Option<u32> {
        self.by_id.get(id).copied()
    }

    /// The rule of a number that [`RuleTable::index`] gave.
    pub(crate) fn get(&self, index: u32) -> &'a RuleInfo {
        self.rules[index as usize]
    }
}

/// Whether what a suppression names covers `rule`: the id itself, the front of it up to a `/` (with or without `/*`
/// after it), or `*` for all.
pub(crate) fn covers(pattern: &str, rule: &str) -> bool {
    let pattern = pattern.strip_suffix("/*").unwrap_or(pattern);
    pattern == "*" || rule.strip_prefix(pattern).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn ids_prefixes_and_all() {
        for pattern in ["secrets/github/pat", "secrets/github", "secrets/github/*", "secrets", "*"] {
            assert!(covers(pattern, "secrets/github/pat"), "{pattern}");
        }
        for pattern in
            ["secrets/git", "secrets/github/pa", "secrets/gitlab", "", "code", "secrets/github/pat/x"]
        {
            assert!(!covers(pattern, "secrets/github/pat"), "{pattern}");
        }
    }
}
