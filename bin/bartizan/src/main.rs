//! The `bartizan` program. Everything is in the library beside it.

use std::process::ExitCode;

/// Trees and summaries are many small pieces made on all threads: see `docs/benchmarks.md`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    bartizan_cli::run(std::env::args_os())
}
