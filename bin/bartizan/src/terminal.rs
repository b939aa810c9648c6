//! Standard output and standard error: colour, width, closed pipes.

use crate::failure::Failure;
use crate::report::Look;
use std::io::{self, IsTerminal, Write};

/// Widest text report on a terminal.
const WIDEST: usize = 100;

/// What the outside world looks like, asked once.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    /// Whether standard output is one.
    pub stdout: bool,
    /// Whether standard error is one.
    pub stderr: bool,
    /// Columns of standard output.
    pub width: usize,
    /// Whether the environment forbids colour.
    pub no_color: bool,
}

impl Terminal {
    /// Asks.
    pub fn ask() -> Self {
        let stdout = io::stdout().is_terminal();
        let width = if stdout {
            terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0).min(WIDEST))
        } else {
            80
        };
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        Self {
            stdout,
            stderr: io::stderr().is_terminal(),
            width,
            // https://no-color.org: present and not empty.
            no_color: set("NO_COLOR") || std::env::var_os("TERM").is_some_and(|term| term == "dumb"),
        }
    }

    /// How text goes to standard output.
    pub fn look(&self, color: &str, verbose: bool) -> Look {
        let color = match color {
            "always" => true,
            "never" => false,
            _ => self.stdout && !self.no_color,
        };
        Look { color, width: self.width, verbose, ..Look::default() }
    }
}

/// Writes to standard output by `write`. A reader that went away is no failure: it has seen enough.
///
/// # Errors
/// When standard output cannot be written for another reason, such as a full disk.
pub fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let result = write(&mut out).and_then(|()| out.flush());
    // What is still buffered after an error must not be tried again on drop.
    let _ = out.into_parts();
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::Write { what: "standard output".to_owned(), error })
        }
        _ => Ok(()),
    }
}

/// Says something to the person at the keyboard. A standard error that is gone changes nothing.
pub fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
