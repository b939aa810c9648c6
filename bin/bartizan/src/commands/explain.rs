//! `bartizan explain`.

use super::{rules, session};
use crate::args::ExplainArgs;
use crate::failure::{self, Failure};
use crate::terminal::{self, Terminal};
use crate::{plain, report};
use bartizan_model::Detector;
use bartizan_model::Finding;
use serde::Deserialize;
use std::fs;
use std::path::Path;

/// Fewer digits name too many findings.
const LEAST_DIGITS: usize = 6;
/// A larger file is no report.
const MAX_REPORT: u64 = 1 << 30;

pub fn run(args: &ExplainArgs) -> Result<u8, Failure> {
    let targets = &args.target;
    let layers = session::layers(&args.config, targets, args.settings.matches())?;
    let settings = layers.settings();
    let (detector, _) = session::detector(&settings)?;
    let (code, _) = session::code(&settings)?;
    let wanted = args.what.to_ascii_lowercase();
    if !is_fingerprint(&wanted) {
        let rule = rules::find(&detector, &code, &args.what)?;
        let verify = rules::can_verify(&detector, &rule.id);
        terminal::print(|out| rules::write_rule(rule, verify, out))?;
        return Ok(failure::OK);
    }
    let findings = match &args.report {
        Some(path) => read(path)?,
        None => session::run(targets, &layers, &settings, None)?.report.findings,
    };
    let found: Vec<&Finding> = findings.iter().filter(|finding| is_named(finding, &wanted)).collect();
    let [finding] = found.as_slice() else {
        let reason = if found.is_empty() {
            "names no finding: it may be fixed, below --min-confidence, or in what was not scanned".to_owned()
        } else {
            format!("names {}: give more digits", plain::counted(found.len() as u64, "finding", "findings"))
        };
        return Err(Failure::Usage(format!("`{}` {reason}", args.what)));
    };
    let look = Terminal::ask().look(&settings.color, true);
    terminal::print(|out| {
        report::explain_finding(finding, &look, out)?;
        match detector.rules().iter().chain(code.rules()).find(|rule| rule.id == finding.rule) {
            Some(rule) => rules::write_rule(rule, rules::can_verify(&detector, &rule.id), out),
            None => Ok(()),
        }
    })?;
    Ok(failure::OK)
}

fn is_fingerprint(text: &str) -> bool {
    (LEAST_DIGITS..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn is_named(finding: &Finding, digits: &str) -> bool {
    let starts = |print: &bartizan_model::Fingerprint| print.to_string().starts_with(digits);
    starts(&finding.fingerprint) || finding.places.iter().any(|place| starts(&place.fingerprint))
}

/// The part of a JSON report that is needed here.
#[derive(Deserialize)]
struct Written {
    schema: String,
    findings: Vec<Finding>,
}

fn read(path: &Path) -> Result<Vec<Finding>, Failure> {
    let shown = path.display();
    let wrong = |reason: String| Failure::Usage(format!("{shown}: {reason}"));
    let size = fs::metadata(path).map_err(|error| wrong(format!("cannot be read: {error}")))?.len();
    if size > MAX_REPORT {
        return Err(wrong("larger than 1 GiB: no report".to_owned()));
    }
    let text = fs::read(path).map_err(|error| wrong(format!("cannot be read: {error}")))?;
    let written: Written = serde_json::from_slice(&text)
        .map_err(|error| wrong(format!("no report of `--format json`: {error}")))?;
    if written.schema != "bartizan.report/1" {
        return Err(wrong(format!("`{}` is a format that this program does not read", written.schema)));
    }
    Ok(written.findings)
}
