//! Runs a rule file on a file: `cargo run -p bartizan-code --example match -- RULES FILE`.

use bartizan_code::analyze::Limits;
use bartizan_code::rule::load;
use bartizan_code::ruleset::{LoadedRule, RuleSet};
use std::io::Write as _;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (rules, path) = (arguments.next().ok_or("name rules")?, arguments.next().ok_or("name a file")?);
    let loaded = load(&std::fs::read_to_string(&rules)?, &rules);
    let mut out = std::io::stdout().lock();
    for error in &loaded.errors {
        writeln!(out, "{error}")?;
    }
    let list =
        loaded.rules.into_iter().map(|rule| LoadedRule { name: rule.id.clone(), file: rules.clone(), rule });
    let (set, errors) = RuleSet::compile(list.collect());
    for error in &errors {
        writeln!(out, "{error}")?;
    }
    let source = std::fs::read(&path)?;
    let result = set.scan(&path, &source, &Limits::default());
    for found in &result.matches {
        let line = source[..found.range.start].iter().filter(|byte| **byte == b'\n').count() + 1;
        let text = String::from_utf8_lossy(&source[found.range.clone()]).into_owned();
        writeln!(out, "{line}: {} {text:?} {}", set.rules[found.rule].name, found.message)?;
        for (range, what) in &found.flow {
            let line = source[..range.start].iter().filter(|byte| **byte == b'\n').count() + 1;
            writeln!(out, "    {line}: {what}: {:?}", String::from_utf8_lossy(&source[range.clone()]))?;
        }
    }
    writeln!(out, "unread {} cut {:?} {:?}", result.unread, result.cut, result.failed)?;
    Ok(())
}
