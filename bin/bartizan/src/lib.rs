//! The `bartizan` program: reads arguments and configuration, starts a scan, renders its report.
//!
//! Nothing in here decides about a finding: what is found, known, suppressed or fatal is the engine's word. This crate
//! alone knows the terminal.

pub mod args;
pub mod autofix;
pub mod clock;
mod commands;
pub mod config;
pub mod failure;
mod folders;
mod interrupt;
pub mod outputs;
pub mod plain;
mod progress;
pub mod report;
pub mod suggest;
pub mod terminal;
pub mod units;

use args::{BaselineCommand, Cli, Command, ConfigCommand, DbCommand, RulesCommand};
use clap::Parser;
use failure::Failure;
use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the program with these arguments, the first being its name.
pub fn run(args: impl Iterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too, with their own code. A closed pipe changes nothing.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(failure::USAGE));
        }
    };
    match dispatch(&cli.command) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            terminal::say(&format!("error: {}", failure.message()));
            if let Some(hint) = failure.hint() {
                terminal::say(&format!("  {hint}"));
            }
            ExitCode::from(failure.code())
        }
    }
}

fn dispatch(command: &Command) -> Result<u8, Failure> {
    match command {
        Command::Scan(args) => commands::scan::run(args),
        Command::Baseline(BaselineCommand::Write(args)) => commands::baseline::write(args),
        Command::Db(DbCommand::Update(args)) => commands::db::update(args),
        Command::Db(DbCommand::Import(args)) => commands::db::import(args),
        Command::Db(DbCommand::Status(args)) => commands::db::status(args),
        Command::Sbom(args) => commands::sbom::run(args),
        Command::Vex(args) => commands::vex::run(args),
        Command::Rules(RulesCommand::List(args)) => commands::rules::list(args),
        Command::Rules(RulesCommand::Show(args)) => commands::rules::show(args),
        Command::Rules(RulesCommand::Test(args)) => commands::rules_test::run(args),
        Command::Rules(RulesCommand::Explain(args)) => commands::rules_explain::run(args),
        Command::Rules(RulesCommand::Lint(args)) => commands::rules_lint::run(args),
        Command::Rules(RulesCommand::New(args)) => commands::rules_new::run(args),
        Command::Explain(args) => commands::explain::run(args),
        Command::Init(args) => commands::init::run(args),
        Command::Config(ConfigCommand::Show(args)) => commands::config::show(args),
        Command::Generate(what) => commands::generate::run(what),
    }
}
