//! Where events go.

use bartizan_model::EventRef;

/// Takes what readers read.
pub trait Sink {
    /// An event. False where no more is wanted: reading ends.
    fn event(&mut self, event: EventRef<'_>) -> bool;

    /// A piece that is no event of the form that was expected.
    fn failed(&mut self, failure: Failure<'_>);
}

/// Why a piece of input became no event.
#[derive(Clone, Debug)]
pub struct Failure<'a> {
    /// The file, address or subject it came from.
    pub source: &'a str,
    /// Its number there, from 1.
    pub record: u64,
    /// The piece, or its first 64 KiB.
    pub raw: &'a [u8],
    /// What is wrong with it.
    pub reason: String,
}

/// The largest piece that a [`Failure`] carries.
pub(crate) const MAX_RAW: usize = 64 * 1024;

/// What became of the pieces of an input. `received` is the sum of the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Lines, records or objects that were there.
    pub received: u64,
    /// Those that became events.
    pub parsed: u64,
    /// Those that did not, and were told as failures.
    pub failed: u64,
}
