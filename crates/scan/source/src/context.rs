//! What every part of this crate needs while it visits: limits, the visitor, the stop signal, the memory.

use crate::budget::{Budget, Denied};
use crate::classify::{self, Verdict};
use crate::{Cancel, FileStamp, Options, StopReason, Visitor};
use bartizan_model::{Blob, Language, NotDone, NotDoneKind, Origin};

/// One visit's surroundings, shared by its threads.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) options: &'a Options,
    pub(crate) visitor: &'a dyn Visitor,
    pub(crate) cancel: &'a Cancel,
    pub(crate) memory: &'a Budget,
}

impl Context<'_> {
    /// Tells the visitor what was left out.
    pub(crate) fn not_done(&self, kind: NotDoneKind, path: impl Into<String>, reason: impl Into<String>) {
        self.visitor.not_done(NotDone { kind, path: path.into(), reason: reason.into() });
    }

    /// Hands over content that is no archive, within `--max-file-size`, and whose head is not
    /// [`classify::binary`]; what is generated is reported instead.
    pub(crate) fn deliver(&self, origin: &Origin, bytes: &[u8], stamp: Option<&FileStamp>) {
        let decoded;
        let bytes = match classify::judge(origin.name(), bytes, self.options.include_generated) {
            Verdict::Text => bytes,
            Verdict::Utf16(text) => {
                decoded = text;
                &decoded
            }
            Verdict::Generated(reason) => {
                return self.not_done(NotDoneKind::Generated, origin.display_path(), reason);
            }
        };
        let language = Language::guess(origin.name(), bytes);
        self.visitor.blob(&Blob { bytes, origin, language }, stamp);
    }

    /// Whether content that is no text is to be left out; says so then.
    pub(crate) fn leaves_binary(&self, origin: &Origin, head: &[u8], reason: &str) -> bool {
        let left = !self.visitor.wants_binary(origin, head);
        if left {
            self.not_done(NotDoneKind::Binary, origin.display_path(), reason);
        }
        left
    }

    /// Hands over content that is no text and that the visitor wants, within `--max-file-size`.
    pub(crate) fn deliver_binary(&self, origin: &Origin, bytes: &[u8], stamp: Option<&FileStamp>) {
        self.visitor.binary(&Blob { bytes, origin, language: Language::Unknown }, stamp);
    }

    /// Tells that content was left out for its size.
    pub(crate) fn too_large(&self, path: impl Into<String>) {
        let limit = human(self.options.max_file_size);
        self.not_done(NotDoneKind::TooLarge, path, format!("larger than {limit} (--max-file-size)"));
    }

    /// Tells what was left because the scan was stopped.
    pub(crate) fn stopped(&self, path: &str, left: String) {
        match self.cancel.stop_reason() {
            Some(StopReason::OutOfTime) => {
                self.not_done(NotDoneKind::OutOfTime, path, format!("{left} (--max-time)"));
            }
            Some(StopReason::Interrupted) | None => self.not_done(NotDoneKind::Interrupted, path, left),
        }
    }

    /// Tells that memory was refused; a stop is told once, by whoever drives the visit.
    pub(crate) fn denied(&self, path: impl Into<String>, denied: Denied) -> Outcome {
        let Denied::TooMuch { needed } = denied else { return Outcome::Stopped };
        let (needed, limit) = (human(needed), human(self.options.max_memory));
        let reason = format!("needs {needed}, more than its part of {limit} (--max-memory)");
        self.not_done(NotDoneKind::OutOfMemory, path, reason);
        Outcome::Dealt
    }
}

/// What became of one file or stream.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Scanned, or reported with the reason why not.
    Dealt,
    /// The scan was stopped before all of it was looked at; nobody has told so yet.
    Stopped,
}

/// A size for people: `10 MiB`, `1.5 GiB`, `817 bytes`.
pub(crate) fn human(bytes: u64) -> String {
    const UNITS: [(&str, u32); 4] = [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)];
    for (unit, shift) in UNITS {
        let whole = bytes >> shift;
        if whole > 0 {
            let tenths = ((bytes & ((1 << shift) - 1)) * 10) >> shift;
            return if tenths == 0 { format!("{whole} {unit}") } else { format!("{whole}.{tenths} {unit}") };
        }
    }
    format!("{bytes} bytes")
}

#[cfg(test)]
mod tests {
    use super::human;

    #[test]
    fn sizes_for_people() {
        for (bytes, text) in [
            (0, "0 bytes"),
            (1023, "1023 bytes"),
            (1024, "1 KiB"),
            (10 << 20, "10 MiB"),
            (3 << 29, "1.5 GiB"),
            (u64::MAX, "16777215.9 TiB"),
        ] {
            assert_eq!(human(bytes), text);
        }
    }
}
