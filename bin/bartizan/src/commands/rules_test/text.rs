//! For people: what fails, then a summary.

use super::{Broken, Fault, Tested};
use crate::plain;
use std::io::{self, Write};

pub(super) fn write(tested: &Tested, out: &mut dyn Write) -> io::Result<()> {
    for Broken { file, line, rule, reason } in &tested.broken {
        let line = line.map(|line| format!(":{line}")).unwrap_or_default();
        let rule = rule.as_ref().map(|rule| format!("rule {rule}: ")).unwrap_or_default();
        writeln!(out, "BROKEN {}", plain::visible(&format!("{file}{line}: {rule}{reason}")))?;
    }
    for rule in tested.rules.iter().filter(|rule| !rule.faults.is_empty()) {
        let at = rule.line.map(|line| format!(" ({}:{line})", rule.file)).unwrap_or_default();
        writeln!(out, "FAILED {}", plain::visible(&format!("{}{at}", rule.id)))?;
        for Fault { at, text, .. } in &rule.faults {
            let at = at.as_ref().map(|(file, line)| format!("{file}:{line}: ")).unwrap_or_default();
            writeln!(out, "    {}", plain::visible(&format!("{at}{text}")))?;
        }
    }
    for rule in &tested.rules {
        for Fault { at, text, .. } in &rule.settled {
            let at = at.as_ref().map(|(file, line)| format!("{file}:{line}: ")).unwrap_or_default();
            writeln!(out, "note: {}", plain::visible(&format!("{at}{}: {text}", rule.id)))?;
        }
    }
    for file in &tested.untested {
        writeln!(out, "{}: loads, but nothing tests it", plain::visible(file))?;
    }
    writeln!(
        out,
        "{} in {}, {} failed",
        plain::counted(tested.held(), "rule holds", "rules hold"),
        plain::counted(tested.files, "file", "files"),
        plain::grouped(tested.failed() + tested.broken.len() as u64)
    )
}
