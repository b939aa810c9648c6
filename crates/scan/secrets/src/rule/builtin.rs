//! The rules that the program carries.

use super::compile::Rule;
use super::file::RuleFile;
use super::load::RuleProblem;

/// What the build script packed: file stem and content, sorted by stem.
static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.bin"));

/// The built-in rules, and what is wrong with them (nothing, as the tests see to).
pub fn builtin() -> (Vec<Rule>, Vec<RuleProblem>) {
    let mut rules = Vec::new();
    let mut problems = Vec::new();
    match postcard::from_bytes::<Vec<(String, RuleFile)>>(PACKED) {
        Ok(files) => {
            for (stem, file) in files {
                super::load::compile_file(&stem, file, &format!("{stem}.toml"), &mut rules, &mut problems);
            }
        }
        Err(error) => problems.push(RuleProblem {
            file: "built-in rules".to_owned(),
            line: None,
            rule: None,
            reason: format!("cannot be unpacked: {error}"),
        }),
    }
    (rules, problems)
}
