//! What the program prints.

pub(crate) mod jsonl;
pub(crate) mod sarif;
mod summary;
pub(crate) mod text;

use crate::Failure;
use bartizan_detect::sigma::Level;
use bartizan_detect::time::Timestamp;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
pub(crate) use summary::Summary;

/// What is told of one match or correlation.
#[derive(Debug)]
pub(crate) struct Alert<'a> {
    pub(crate) rule_id: &'a str,
    pub(crate) title: &'a str,
    pub(crate) level: Level,
    pub(crate) tags: &'a [String],
    pub(crate) time: Option<Timestamp>,
    pub(crate) host: Option<&'a str>,
    pub(crate) source: &'a str,
    pub(crate) record: u64,
    /// The event as JSON text.
    pub(crate) event: Option<&'a [u8]>,
    /// Of a correlation: its group, its number, when it began, and the events that count.
    pub(crate) group: &'a [(String, String)],
    pub(crate) value: Option<f64>,
    pub(crate) since: Option<Timestamp>,
    pub(crate) events: Vec<(&'a str, u64)>,
}

/// A file or standard output; remembers the first error.
pub(crate) struct Writer {
    inner: BufWriter<Box<dyn Write>>,
    pub(crate) color: bool,
    failed: Option<std::io::Error>,
    name: String,
}

impl Writer {
    pub(crate) fn new(path: Option<&Path>) -> Result<Self, Failure> {
        let (inner, name): (Box<dyn Write>, String) = match path {
            Some(path) => {
                let name = path.display().to_string();
                let file = std::fs::File::create(path)
                    .map_err(|error| Failure::Usage(format!("{name}: {error}")))?;
                (Box::new(file), name)
            }
            None => (Box::new(std::io::stdout()), "standard output".to_owned()),
        };
        let color =
            path.is_none() && std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        Ok(Self { inner: BufWriter::with_capacity(1 << 16, inner), color, failed: None, name })
    }

    pub(crate) fn line(&mut self, line: &str) {
        self.bytes(line.as_bytes());
        self.bytes(b"\n");
    }

    pub(crate) fn json(&mut self, value: &serde_json::Value) {
        match serde_json::to_vec(value) {
            Ok(bytes) => {
                self.bytes(&bytes);
                self.bytes(b"\n");
            }
            Err(error) => self.failed = Some(error.into()),
        }
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        if self.failed.is_none()
            && let Err(error) = self.inner.write_all(bytes)
        {
            self.failed = Some(error);
        }
    }

    pub(crate) fn check(&mut self) -> Result<(), Failure> {
        match self.failed.take() {
            // Whoever read the output has gone: `bartizand … | head`.
            Some(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            Some(error) => Err(Failure::Broken(format!("{}: {error}", self.name))),
            None => Ok(()),
        }
    }

    pub(crate) fn finish(&mut self) -> Result<(), Failure> {
        if self.failed.is_none() {
            self.failed = self.inner.flush().err();
        }
        self.check()
    }
}

/// A line on standard error.
pub(crate) fn warn(line: &str) {
    // Where nobody listens there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// A bar over the bytes of the inputs, where somebody looks.
pub(crate) fn progress(inputs: &[PathBuf]) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let sizes = inputs.iter().filter_map(|path| std::fs::metadata(path).ok()).map(|meta| meta.len());
    let bar = ProgressBar::new(sizes.sum());
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {bytes} of {total_bytes} {bytes_per_sec} {eta}")
    {
        bar.set_style(style);
    }
    bar
}

/// Text from outside without what steers terminals.
pub(crate) fn plain(text: &str) -> String {
    let shown = text.chars().map(|one| if one.is_control() { '\u{fffd}' } else { one });
    shown.collect()
}
