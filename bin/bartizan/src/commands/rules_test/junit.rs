//! JUnit XML: a suite per rule file, a test per rule; what cannot be used is an error.

use super::{Broken, Rule, Tested};
use crate::report::escape_markup as escape;
use std::collections::BTreeMap;
use std::io::{self, Write};

pub(super) fn write(tested: &Tested, out: &mut dyn Write) -> io::Result<()> {
    let mut files: BTreeMap<&str, (Vec<&Rule>, Vec<&Broken>)> = BTreeMap::new();
    for rule in &tested.rules {
        files.entry(&rule.file).or_default().0.push(rule);
    }
    for broken in &tested.broken {
        files.entry(&broken.file).or_default().1.push(broken);
    }
    let tests = tested.rules.len() + tested.broken.len();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"bartizan rules test\" tests=\"{tests}\" failures=\"{}\" errors=\"{}\">",
        tested.failed(),
        tested.broken.len()
    )?;
    for (file, (rules, broken)) in files {
        let failed = rules.iter().filter(|rule| !rule.faults.is_empty()).count();
        writeln!(
            out,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failed}\" errors=\"{}\">",
            escape(file),
            rules.len() + broken.len(),
            broken.len()
        )?;
        for rule in rules {
            case(rule, out)?;
        }
        for broken in broken {
            let rule = broken.rule.as_deref().unwrap_or("file");
            let line = broken.line.unwrap_or(1);
            writeln!(
                out,
                "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{line}\">\n      <error message=\"{}\" type=\"broken\"/>\n    </testcase>",
                escape(file),
                escape(rule),
                escape(file),
                escape(&broken.reason)
            )?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn case(rule: &Rule, out: &mut dyn Write) -> io::Result<()> {
    let line = rule.line.map(|line| format!(" line=\"{line}\"")).unwrap_or_default();
    write!(
        out,
        "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\"{line}",
        escape(&rule.file),
        escape(&rule.id),
        escape(&rule.file)
    )?;
    if rule.faults.is_empty() {
        return writeln!(out, "/>");
    }
    let places = rule.faults.len();
    writeln!(out, ">\n      <failure message=\"{places} otherwise than expected\" type=\"{}\">", kind(rule))?;
    for fault in &rule.faults {
        let at = fault.at.as_ref().map(|(file, line)| format!("{file}:{line}: ")).unwrap_or_default();
        writeln!(out, "{}", escape(&format!("{at}{}", fault.text)))?;
    }
    writeln!(out, "      </failure>\n    </testcase>")
}

fn kind(rule: &Rule) -> &'static str {
    rule.faults.first().map_or("fixture", |fault| fault.kind)
}
