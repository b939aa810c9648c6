//! `bartizan scan`.

use super::session::{self, Scanned};
use crate::args::ScanArgs;
use crate::autofix::{self, Plan};
use crate::config::{Layers, Settings};
use crate::failure::{self, Failure};
use crate::outputs::{self, Output};
use crate::plain;
use crate::report::Look;
use crate::terminal::{self, Terminal, say};
use bartizan_engine::{Baseline, exit_code};
use bartizan_source::Target;

pub fn run(args: &ScanArgs) -> Result<u8, Failure> {
    let flags = args.settings.matches();
    let layers = session::layers(&args.config, &args.targets, flags)?;
    let mut settings = layers.settings();
    settings.pattern.clone_from(&args.pattern);
    settings.lang = args.lang.clone().unwrap_or_default();
    let mut outputs = outputs::plan(&layers, flags)?;
    if args.autofix {
        check_targets(&session::targets(&args.targets, &settings)?)?;
    }
    if args.dryrun {
        outputs = beside_diff(outputs, &layers)?;
    }
    let mut scanned = scan(args, &layers, &settings)?;
    let mut refused = 0;
    if args.autofix && scanned.report.coverage.incomplete {
        say("not fixed: the scan ended before everything was seen");
    } else if args.autofix
        && let Some(code) = &scanned.code
    {
        let plan = autofix::plan(&scanned.report, &scanned.targets, code);
        let changed = if args.dryrun { show(&plan)? } else { make(&plan, &mut refused) };
        // The report is about what is there now.
        if changed && !args.dryrun {
            scanned = scan(args, &layers, &settings)?;
        }
    }
    let look = Look { times: scanned.times, ..Terminal::ask().look(&settings.color, settings.verbose) };
    let written = outputs::write(&outputs, &scanned.report, &look, settings.color == "always");
    if !settings.quiet {
        say(&scanned.closing_line());
    }
    written?;
    let code = exit_code(&scanned.report, settings.fail_on);
    Ok(if refused > 0 { failure::UNFINISHED } else { code })
}

fn scan(args: &ScanArgs, layers: &Layers, settings: &Settings) -> Result<Scanned, Failure> {
    let baseline = settings.baseline.as_deref().map(Baseline::load).transpose()?;
    session::run(&args.targets, layers, settings, baseline)
}

/// Only files of a tree can be changed.
fn check_targets(targets: &[Target]) -> Result<(), Failure> {
    if targets.iter().all(|target| matches!(target, Target::Path(_))) {
        return Ok(());
    }
    Err(Failure::Usage("--autofix changes files: it goes with folders and files alone".to_owned()))
}

/// The reports that are written beside the diff, which takes standard output.
fn beside_diff(outputs: Vec<Output>, layers: &Layers) -> Result<Vec<Output>, Failure> {
    let asked = !layers.of("format").is_empty() || !layers.of("output").is_empty();
    let (files, stdout): (Vec<Output>, Vec<Output>) =
        outputs.into_iter().partition(|output| output.file.is_some());
    match stdout.first().filter(|_| asked) {
        Some(output) => Err(Failure::Usage(format!(
            "--dryrun prints a diff: send the report to a file, such as --format {}=FILE",
            output.format.as_str()
        ))),
        None => Ok(files),
    }
}

/// Prints what would be changed; whether anything would.
fn show(plan: &Plan) -> Result<bool, Failure> {
    terminal::print(|out| {
        plan.changes.iter().try_for_each(|change| {
            let name = plain::visible(&change.shown);
            autofix::unified(&name, &change.before, &change.after, out)
        })
    })?;
    tell_refused(plan);
    Ok(!plan.changes.is_empty())
}

/// Makes the changes and says so; whether any was made.
fn make(plan: &Plan, refused: &mut usize) -> bool {
    let mut changed = false;
    for change in &plan.changes {
        let shown = plain::visible(&change.shown);
        match change.write() {
            Ok(()) => {
                changed = true;
                let left = match change.overlapping {
                    0 => String::new(),
                    some => format!("; {} overlapping left for the next run", plain::grouped(some)),
                };
                say(&format!("fixed {shown}: {}{left}", plain::counted(change.places, "place", "places")));
            }
            Err(reason) => {
                *refused += 1;
                say(&format!("not fixed: {shown}: {}", plain::visible(&reason)));
            }
        }
    }
    *refused += plan.refused.len();
    tell_refused(plan);
    changed
}

fn tell_refused(plan: &Plan) {
    for (shown, reason) in &plan.refused {
        say(&format!("not fixed: {}: {}", plain::visible(shown), plain::visible(reason)));
    }
}
