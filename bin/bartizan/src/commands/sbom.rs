//! `bartizan sbom`.

use super::session;
use crate::args::{SbomArgs, SbomFormat};
use crate::failure::{self, Failure};
use crate::terminal::{self, say};
use crate::{clock, outputs};
use bartizan_model::{Finding, Report, Severity, Status};
use bartizan_packages::sbom::{self, Analysis, Document, Rating, Source, Vulnerability};
use std::path::Path;

pub fn run(args: &SbomArgs) -> Result<u8, Failure> {
    let layers = session::layers(&args.config, &args.targets, args.settings.matches())?;
    // The user's choice of detectors is for scans: this asks for one.
    let mut settings = layers.settings();
    settings.only = vec!["packages".to_owned()];
    let scanned = session::run(&args.targets, &layers, &settings, None)?;
    let report = &scanned.report;
    let document = Document {
        name: args.name.clone().unwrap_or_else(|| name_of(&args.targets)),
        version: args.described_version.clone(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        timestamp: format!("{}Z", clock::date_time(scanned.times.1)),
    };
    let text = match args.format {
        SbomFormat::Cyclonedx => {
            sbom::cyclonedx::write(&document, &report.components, &vulnerabilities(report))
        }
        SbomFormat::Spdx => sbom::spdx::write(&document, &report.components),
    };
    if args.output == Path::new("-") {
        terminal::print(|out| out.write_all(text.as_bytes()))?;
    } else {
        outputs::write_file(&args.output, |out| out.write_all(text.as_bytes()))?;
    }
    if !settings.quiet {
        for entry in report.coverage.not_done.iter().filter(|entry| entry.kind.is_failure()) {
            say(&format!("{}: {}", entry.path, entry.reason));
        }
        say(&scanned.closing_line());
    }
    let failed = report.coverage.not_done_counts.iter().any(|(kind, count)| kind.is_failure() && *count > 0);
    Ok(if failed { failure::UNFINISHED } else { failure::OK })
}

/// The name of the first target's folder or file.
fn name_of(targets: &[String]) -> String {
    let first = targets.first().map_or(".", String::as_str);
    let path = Path::new(first).canonicalize();
    let name = path.ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    name.unwrap_or_else(|| first.to_owned())
}

/// Known holes as CycloneDX lists them. What somebody explained is told as their analysis.
fn vulnerabilities(report: &Report) -> Vec<Vulnerability> {
    let mut all: Vec<Vulnerability> = Vec::new();
    for finding in &report.findings {
        let property = |name: &str| finding.evidence.properties.get(name).cloned();
        // Hints about names and licences are no vulnerabilities: they name no range.
        let (Some(purl), Some(_)) = (property("purl"), property("affected")) else { continue };
        let id = finding.title.split(':').next().unwrap_or(&finding.title).to_owned();
        if let Some(known) =
            all.iter_mut().find(|known| known.id == id && known.analysis == analysis(finding))
        {
            known.affects.push(purl);
            continue;
        }
        let aliases = property("aliases").unwrap_or_default();
        let cvss = property("cvss").unwrap_or_default();
        let (score, vector) = cvss.split_once(' ').unwrap_or((&cvss, ""));
        all.push(Vulnerability {
            source: Some(Source { name: "OSV".to_owned(), url: finding.docs.clone() }),
            aliases: aliases.split(", ").filter(|alias| !alias.is_empty()).map(str::to_owned).collect(),
            ratings: vec![Rating {
                score: score.parse().ok(),
                severity: match finding.severity {
                    Severity::Critical => "critical",
                    Severity::High => "high",
                    Severity::Medium => "medium",
                    Severity::Low => "low",
                    Severity::Info => "info",
                },
                method: method(vector),
                vector: Some(vector.to_owned()).filter(|vector| !vector.is_empty()),
            }],
            cwes: finding.cwe.iter().map(|cwe| cwe.0).collect(),
            description: Some(finding.title.clone()),
            recommendation: Some(finding.remediation.clone()),
            affects: vec![purl],
            analysis: analysis(finding),
            id,
        });
    }
    all
}

fn method(vector: &str) -> Option<&'static str> {
    Some(match vector.split('/').next()? {
        "CVSS:4.0" => "CVSSv4",
        "CVSS:3.1" => "CVSSv31",
        "CVSS:3.0" => "CVSSv3",
        front if front.starts_with("AV:") => "CVSSv2",
        _ => return None,
    })
}

fn analysis(finding: &Finding) -> Option<Analysis> {
    match &finding.status {
        Status::Suppressed { reason, .. } => {
            Some(Analysis { state: "not_affected", justification: None, detail: Some(reason.clone()) })
        }
        Status::New | Status::Baseline => None,
    }
}
