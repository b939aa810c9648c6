//! `bartizan baseline write`.

use super::session;
use crate::args::BaselineWriteArgs;
use crate::failure::{self, Failure};
use crate::plain;
use crate::terminal::say;
use bartizan_engine::{Baseline, exit_code};

pub fn write(args: &BaselineWriteArgs) -> Result<u8, Failure> {
    let layers = session::layers(&args.config, &args.targets, args.settings.matches())?;
    let settings = layers.settings();
    let scanned = session::run(&args.targets, &layers, &settings, None)?;
    let baseline = Baseline::from_report(&scanned.report);
    baseline.save(&args.output).map_err(|error| Failure::System {
        what: "nothing was recorded".to_owned(),
        error: std::io::Error::other(error),
    })?;
    if !settings.quiet {
        say(&scanned.closing_line());
        let count = plain::counted(baseline.len() as u64, "finding", "findings");
        say(&plain::visible(&format!("recorded {count} in {}", args.output.display())));
    }
    // Findings are what the file is for; only what could not be seen counts.
    let code = exit_code(&scanned.report, None);
    if code != failure::OK {
        for entry in scanned.report.coverage.not_done.iter().filter(|entry| entry.kind.is_failure()) {
            say(&plain::visible(&format!("not scanned: {}: {}", entry.path, entry.reason)));
        }
    }
    Ok(code)
}
