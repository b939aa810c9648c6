//! Which form an input has.

use crate::format::{evtx, json};

/// A form of a whole input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Evtx,
    Gzip,
    Zstandard,
    Json,
    /// Nothing that is known.
    Unknown,
}

/// Tells by the first bytes.
pub(crate) fn recognise(begin: &[u8]) -> Form {
    match begin {
        _ if begin.starts_with(evtx::MAGIC) => Form::Evtx,
        [0x1F, 0x8B, ..] => Form::Gzip,
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Form::Zstandard,
        _ if json::looks_so(begin) => Form::Json,
        _ => Form::Unknown,
    }
}
