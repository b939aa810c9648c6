//! Counts what comes out of one top-level archive, and stops it at the limits.
//!
//! Everything that a decompressor or a zip or 7z member yields is counted, on every level of nesting: bytes that pass
//! two levels count twice, as they cost twice. Members of a tar are not counted, they are the tar's own bytes.

use crate::context::{Context, human};
use bartizan_model::NotDoneKind;
use std::cell::Cell;
use std::io::{self, Read};

/// The expansion ratio is not looked at below this many bytes: a log of one repeated line compresses a
/// thousandfold, and does no harm.
pub(super) const RATIO_FROM: u64 = 1 << 20;

/// Why an archive as a whole is not looked at any further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Halt {
    /// The scan was stopped.
    Stopped,
    /// `--max-archive-size`.
    Size,
    /// `--max-archive-ratio`.
    Ratio,
    /// `--max-archive-members`.
    Members,
}

/// The marker that unwinds from wherever a limit was hit; [`Meter::halt`] has the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Halted;

/// The counters of one top-level archive.
pub(super) struct Meter<'a> {
    context: &'a Context<'a>,
    /// Bytes of the archive itself: its size, or what was read so far where the size is not known.
    input: Cell<u64>,
    output: Cell<u64>,
    members: Cell<u64>,
    halt: Cell<Option<Halt>>,
}

impl<'a> Meter<'a> {
    pub(super) fn new(context: &'a Context<'a>, input: u64) -> Self {
        Self {
            context,
            input: Cell::new(input),
            output: Cell::new(0),
            members: Cell::new(0),
            halt: Cell::new(None),
        }
    }

    /// Why the archive was stopped, if it was.
    pub(super) fn halt(&self) -> Option<Halt> {
        self.halt.get()
    }

    /// Stops the archive; the first reason holds.
    pub(super) fn stop(&self, halt: Halt) -> Halted {
        if self.halt.get().is_none() {
            self.halt.set(Some(halt));
        }
        Halted
    }

    /// One more member is about to be looked at.
    pub(super) fn member(&self) -> Result<(), Halted> {
        let members = self.members.get() + 1;
        self.members.set(members);
        if members > self.context.options.max_archive_members {
            return Err(self.stop(Halt::Members));
        }
        self.go_on()
    }

    /// Whether to go on at all.
    pub(super) fn go_on(&self) -> Result<(), Halted> {
        if self.halt.get().is_some() {
            return Err(Halted);
        }
        if self.context.cancel.is_stopped() {
            return Err(self.stop(Halt::Stopped));
        }
        Ok(())
    }

    /// `bytes` came out of a decompressor.
    fn charge(&self, bytes: usize) -> Result<(), Halted> {
        let output = self.output.get().saturating_add(bytes as u64);
        self.output.set(output);
        let options = self.context.options;
        if output > options.max_archive_size {
            return Err(self.stop(Halt::Size));
        }
        if output > RATIO_FROM.max(self.input.get().saturating_mul(options.max_archive_ratio)) {
            return Err(self.stop(Halt::Ratio));
        }
        Ok(())
    }

    /// What to report for a halt; `None` when somebody else does.
    pub(super) fn describe(&self) -> Option<(NotDoneKind, String)> {
        let options = self.context.options;
        let what = match self.halt.get()? {
            Halt::Stopped => return None,
            Halt::Size => {
                format!("expands to more than {} (--max-archive-size)", human(options.max_archive_size))
            }
            Halt::Ratio => {
                format!(
                    "expands to more than {} times its size (--max-archive-ratio)",
                    options.max_archive_ratio
                )
            }
            Halt::Members => {
                format!("more than {} members (--max-archive-members)", options.max_archive_members)
            }
        };
        Some((NotDoneKind::ArchiveLimit, format!("{what}; the archive was left here")))
    }
}

/// A reader that counts its bytes as output of the archive.
pub(super) struct Metered<'m, 'a, R> {
    pub(super) meter: &'m Meter<'a>,
    pub(super) inner: R,
}

impl<R: Read> Read for Metered<'_, '_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.meter.go_on().map_err(halted)?;
        let count = self.inner.read(buffer)?;
        self.meter.charge(count).map_err(halted)?;
        Ok(count)
    }
}

/// A reader that counts its bytes as input: for archives whose size is not known beforehand.
pub(super) struct Counted<'m, 'a, R> {
    pub(super) meter: &'m Meter<'a>,
    pub(super) inner: R,
}

impl<R: Read> Read for Counted<'_, '_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.meter.go_on().map_err(halted)?;
        let count = self.inner.read(buffer)?;
        self.meter.input.set(self.meter.input.get().saturating_add(count as u64));
        Ok(count)
    }
}

/// The words are never shown: whoever meets an error asks the meter first.
fn halted(_: Halted) -> io::Error {
    io::Error::other("stopped")
}
