//! The `bartizan` program. Everything is in the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    bartizan_cli::run(std::env::args_os())
}
