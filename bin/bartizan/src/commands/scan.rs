//! `bartizan scan`.

use super::session;
use crate::args::ScanArgs;
use crate::failure::Failure;
use crate::outputs;
use crate::report::Look;
use crate::terminal::{Terminal, say};
use bartizan_engine::{Baseline, exit_code};

pub fn run(args: &ScanArgs) -> Result<u8, Failure> {
    let flags = args.settings.matches();
    let layers = session::layers(&args.config, &args.targets, flags)?;
    let mut settings = layers.settings();
    settings.pattern.clone_from(&args.pattern);
    settings.lang = args.lang.clone().unwrap_or_default();
    let outputs = outputs::plan(&layers, flags)?;
    let baseline = settings.baseline.as_deref().map(Baseline::load).transpose()?;
    let scanned = session::run(&args.targets, &layers, &settings, baseline)?;
    let look = Look { times: scanned.times, ..Terminal::ask().look(&settings.color, settings.verbose) };
    let written = outputs::write(&outputs, &scanned.report, &look, settings.color == "always");
    if !settings.quiet {
        say(&scanned.closing_line());
    }
    written?;
    Ok(exit_code(&scanned.report, settings.fail_on))
}
