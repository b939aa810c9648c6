//! The `bartizand` program. Everything is in the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    bartizand_cli::run(std::env::args_os())
}
