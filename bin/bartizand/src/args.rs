//! What the command line takes.

use bartizan_detect::sigma::Level;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Watches telemetry for attacks.
#[derive(Debug, Parser)]
#[command(
    name = "bartizand",
    version,
    max_term_width = 100,
    after_help = "Exit codes: 0 nothing at or over --fail-on; 1 alerts; 2 wrong use or configuration; 3 could not finish."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Hold the events of files against Sigma rules
    Detect(Detect),
    /// Work on rules
    #[command(subcommand)]
    Rules(Rules),
}

/// Work on rules.
#[derive(Debug, Subcommand)]
pub(crate) enum Rules {
    /// Hold rules against the events beside them (NAME.match.*, NAME.ignore.*)
    Test(RulesTest),
}

/// Options of `detect`.
#[derive(Debug, Args)]
pub(crate) struct Detect {
    /// Files with events, or folders of them; - is standard input
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Sigma rules: files or folders
    #[arg(long, short, required = true, num_args = 1..)]
    pub(crate) rules: Vec<PathBuf>,
    /// Form of the output
    #[arg(long, short, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Write the alerts to a file
    #[arg(long, short)]
    pub(crate) output: Option<PathBuf>,
    /// Rules below this level do not run
    #[arg(long, value_parser = level, default_value = "informational")]
    pub(crate) min_level: Level,
    /// Alerts at or over this level make the exit code 1
    #[arg(long, value_parser = level)]
    pub(crate) fail_on: Option<Level>,
    /// The form of the events, where it is not recognised: the name of a mapping
    #[arg(long)]
    pub(crate) input_format: Option<String>,
    /// Threads; one per processor by default
    #[arg(long)]
    pub(crate) threads: Option<usize>,
    /// Leave the event itself out of the alerts
    #[arg(long)]
    pub(crate) no_event: bool,
}

/// Options of `rules test`.
#[derive(Debug, Args)]
pub(crate) struct RulesTest {
    /// Rule files or folders
    #[arg(required = true)]
    pub(crate) rules: Vec<PathBuf>,
}

/// Form of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// A JSON object per alert
    Jsonl,
    /// SARIF 2.1.0
    Sarif,
}

fn level(text: &str) -> Result<Level, String> {
    Level::from_name(text).ok_or_else(|| "one of informational, low, medium, high, critical".to_owned())
}
