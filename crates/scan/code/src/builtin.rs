//! The rules that the program carries.

use crate::rule::{RuleError, load};
use crate::ruleset::LoadedRule;

/// Folder, file and text of each rule file.
const FILES: &[(&str, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// All built-in rules, named `code/<folder>/<id>`, and what is wrong with them: nothing, unless a test failed.
pub fn builtin() -> (Vec<LoadedRule>, Vec<RuleError>) {
    let (mut rules, mut errors) = (Vec::new(), Vec::new());
    for (folder, file, text) in FILES {
        let file = format!("rules/code/{file}");
        let loaded = load(text, &file);
        errors.extend(loaded.errors);
        rules.extend(loaded.rules.into_iter().map(|rule| LoadedRule {
            name: format!("code/{folder}/{}", rule.id),
            file: file.clone(),
            rule,
        }));
    }
    (rules, errors)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ruleset::RuleSet;
    use std::collections::BTreeSet;

    #[test]
    fn all_load_compile_and_have_names_of_their_own() {
        let (rules, mut errors) = builtin();
        let names: BTreeSet<String> = rules.iter().map(|rule| rule.name.clone()).collect();
        assert_eq!(names.len(), rules.len());
        errors.extend(RuleSet::compile(rules).1);
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert!(errors.is_empty(), "{}", errors.join("\n"));
    }
}
