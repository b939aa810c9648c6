//! `bartizan vex`.

use super::session;
use crate::args::VexArgs;
use crate::failure::{self, Failure};
use crate::terminal::{self, say};
use crate::{clock, outputs};
use bartizan_model::{Finding, Status as FindingStatus};
use bartizan_packages::vex::openvex::{self, Document};
use bartizan_packages::vex::{Statement, Status};
use std::path::Path;

pub fn run(args: &VexArgs) -> Result<u8, Failure> {
    let layers = session::layers(&args.config, &args.targets, args.settings.matches())?;
    // The user's choice of detectors is for scans: this asks for one.
    let mut settings = layers.settings();
    settings.only = vec!["packages".to_owned()];
    let scanned = session::run(&args.targets, &layers, &settings, None)?;
    let timestamp = format!("{}Z", clock::date_time(scanned.times.1));
    let statements: Vec<Statement> =
        scanned.report.findings.iter().filter_map(|finding| statement(finding, args, &timestamp)).collect();
    let document = Document {
        id: args.id.clone().unwrap_or_else(|| format!("{}#{timestamp}", args.product)),
        author: args.author.clone(),
        timestamp: timestamp.clone(),
        tooling: concat!("bartizan ", env!("CARGO_PKG_VERSION")).to_owned(),
    };
    let text = openvex::write(&statements, &document);
    if args.output == Path::new("-") {
        terminal::print(|out| out.write_all(text.as_bytes()))?;
    } else {
        outputs::write_file(&args.output, |out| out.write_all(text.as_bytes()))?;
    }
    if !settings.quiet {
        for entry in scanned.report.coverage.not_done.iter().filter(|entry| entry.kind.is_failure()) {
            say(&format!("{}: {}", entry.path, entry.reason));
        }
        say(&scanned.closing_line());
    }
    let counts = &scanned.report.coverage.not_done_counts;
    let failed = counts.iter().any(|(kind, count)| kind.is_failure() && *count > 0);
    Ok(if failed { failure::UNFINISHED } else { failure::OK })
}

/// What can be said of a finding: what somebody explained away is not affected, in their words; what code imports is affected;
/// the rest is under investigation, for source that does not show a use proves nothing.
fn statement(finding: &Finding, args: &VexArgs, timestamp: &str) -> Option<Statement> {
    let property = |name: &str| finding.evidence.properties.get(name).map(String::as_str);
    // Hints about names and licences are no vulnerabilities: they name no range.
    let (purl, _) = (property("purl")?, property("affected")?);
    let id = finding.title.split(':').next().unwrap_or(&finding.title);
    let aliases = property("aliases").unwrap_or_default().split(", ").filter(|alias| !alias.is_empty());
    let (status, words) = match (&finding.status, property("usage")) {
        (FindingStatus::Suppressed { reason, .. }, _) => (Status::NotAffected, reason.clone()),
        (_, Some("used" | "imported")) => (Status::Affected, finding.remediation.clone()),
        _ => (Status::UnderInvestigation, finding.message.clone()),
    };
    Some(Statement {
        vulnerabilities: std::iter::once(id).chain(aliases).map(str::to_owned).collect(),
        products: vec![args.product.clone()],
        components: vec![purl.to_owned()],
        status,
        justification: None,
        words,
        timestamp: Some(timestamp.to_owned()),
        author: Some(args.author.clone()),
    })
}
