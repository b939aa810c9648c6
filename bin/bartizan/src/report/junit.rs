//! JUnit XML: each finding is a failed test of its rule's class, what failed to be scanned an error, what is known or
//! suppressed a skipped test. A clean scan is one passed test, for many CI servers refuse a suite without any.

use super::common::{self, escape_markup as escape};
use bartizan_model::{Finding, Report, Status};
use std::io::{self, Write};

/// Writes `report`.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let (baseline, suppressed) = common::known_counts(report);
    let skipped = baseline + suppressed;
    let failures = report.findings.len() as u64 - skipped;
    let failed: Vec<_> = report
        .coverage
        .not_done_counts
        .iter()
        .filter(|(kind, count)| kind.is_failure() && *count > 0)
        .collect();
    let interrupted = u64::from(report.coverage.incomplete && failed.is_empty());
    let errors = failed.len() as u64 + interrupted;
    let tests = report.findings.len() as u64 + errors.max(1);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"bartizan\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\">"
    )?;
    writeln!(
        out,
        "  <testsuite name=\"bartizan scan {}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\">",
        escape(&report.targets.join(" "))
    )?;
    for finding in &report.findings {
        case(finding, out)?;
    }
    for (kind, count) in failed {
        writeln!(out, "    <testcase classname=\"scan\" name=\"{}\">", escape(kind.as_str()))?;
        writeln!(out, "      <error message=\"{count} not scanned\" type=\"{}\">", common::kind_id(*kind))?;
        for entry in report.coverage.not_done.iter().filter(|entry| entry.kind == *kind) {
            writeln!(out, "{}: {}", escape(&entry.path), escape(&entry.reason))?;
        }
        writeln!(out, "      </error>\n    </testcase>")?;
    }
    if interrupted > 0 {
        writeln!(out, "    <testcase classname=\"scan\" name=\"complete\">")?;
        writeln!(
            out,
            "      <error message=\"the scan ended before everything was seen\" type=\"incomplete\"/>"
        )?;
        writeln!(out, "    </testcase>")?;
    } else if errors == 0 {
        writeln!(out, "    <testcase classname=\"scan\" name=\"complete\"/>")?;
    }
    writeln!(out, "  </testsuite>\n</testsuites>")
}

fn case(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let at = common::main_place(finding).map(common::position).unwrap_or_default();
    let file = common::main_place(finding).map(|place| place.origin.display_path()).unwrap_or_default();
    let line = common::main_place(finding).map_or(1, |place| place.region.start_line);
    writeln!(
        out,
        "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{line}\">",
        escape(&finding.rule.replace('/', ".")),
        escape(&format!("{} at {at}", finding.title)),
        escape(&file)
    )?;
    match &finding.status {
        Status::New => {
            writeln!(
                out,
                "      <failure type=\"{}\" message=\"{}\">",
                finding.severity,
                escape(&finding.message)
            )?;
            for place in &finding.places {
                writeln!(out, "{}: {}", escape(&common::position(place)), escape(&place.snippet.text))?;
            }
            writeln!(out, "{}", escape(&finding.remediation))?;
            if let Some(docs) = &finding.docs {
                writeln!(out, "{}", escape(docs))?;
            }
            writeln!(out, "confidence {}, id {}", common::percent(finding), finding.fingerprint)?;
            writeln!(out, "      </failure>")?;
        }
        Status::Baseline => writeln!(out, "      <skipped message=\"known by the baseline\"/>")?,
        Status::Suppressed { by, reason } => {
            writeln!(
                out,
                "      <skipped message=\"{}\"/>",
                escape(&format!("suppressed by {by}: {reason}"))
            )?;
        }
    }
    writeln!(out, "    </testcase>")
}
