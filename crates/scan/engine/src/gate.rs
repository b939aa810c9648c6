//! What the findings mean for the exit code.

use bartizan_model::{Report, Severity, Status};

/// 1: a new finding at `fail_on` or worse. 3: none, but the scan could not be finished. 0: neither. Findings that are
/// suppressed or in the baseline do not count; with no `fail_on` no finding does.
pub fn exit_code(report: &Report, fail_on: Option<Severity>) -> u8 {
    let counts =
        |threshold| report.findings.iter().any(|f| f.severity >= threshold && f.status == Status::New);
    let failed = report.coverage.incomplete
        || report.coverage.not_done_counts.iter().any(|(kind, count)| kind.is_failure() && *count > 0);
    if fail_on.is_some_and(counts) {
        1
    } else if failed {
        3
    } else {
        0
    }
}
