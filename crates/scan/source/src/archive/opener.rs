//! Decides what a member is: an archive to open, text to hand over, or something to leave out with its reason.

use super::held::{Filled, Held};
use super::meter::{Halt, Halted, Meter};
use super::{DEEPEST, Format, ReadSeek, sevenz, sniff, stream, tar, zip};
use crate::budget::{Chain, Denied};
use crate::classify::{self, HEAD};
use crate::context::{Context, Outcome};
use bartizan_model::{NotDoneKind, Origin};
use std::io::{self, Cursor, Read};

/// Longest path that is shown; a member may call itself anything.
const LONGEST_NAME: usize = 4 << 10;

/// Works through one top-level archive.
pub(super) struct Opener<'s, 'a> {
    pub(super) context: &'s Context<'a>,
    pub(super) meter: &'s Meter<'s>,
    pub(super) chain: &'s Chain<'s>,
    origin: Origin,
    in_visitor: bool,
    /// Where the archive was left.
    left_at: Option<String>,
}

impl<'s, 'a> Opener<'s, 'a> {
    pub(super) fn new(
        context: &'s Context<'a>,
        meter: &'s Meter<'s>,
        chain: &'s Chain<'s>,
        origin: Origin,
    ) -> Self {
        Self { context, meter, chain, origin, in_visitor: false, left_at: None }
    }

    /// Whether the visitor is being called.
    pub(super) fn in_visitor(&self) -> bool {
        self.in_visitor
    }

    /// The path of the innermost member that was being looked at when the archive was left.
    pub(super) fn place(&self) -> String {
        self.left_at.clone().unwrap_or_else(|| self.origin.display_path())
    }

    /// Reports about the member that is being looked at.
    pub(super) fn report(&self, kind: NotDoneKind, reason: impl Into<String>) {
        self.context.not_done(kind, self.origin.display_path(), reason);
    }

    /// Reports a failed read, or unwinds when it failed because the archive was stopped.
    pub(super) fn failed(&self, error: &io::Error) -> Result<(), Halted> {
        self.meter.go_on()?;
        if error.kind() == io::ErrorKind::OutOfMemory {
            let limit = crate::context::human(self.context.options.max_memory);
            let reason = format!("decompressing needs more than its part of {limit} (--max-memory)");
            self.report(NotDoneKind::OutOfMemory, reason);
        } else if error.raw_os_error().is_some() {
            // The system refused to read the archive itself.
            self.report(NotDoneKind::Unreadable, crate::file::reason(error));
        } else {
            self.report(NotDoneKind::Broken, format!("corrupt or truncated: {error}"));
        }
        Ok(())
    }

    /// Reports refused memory, or unwinds when the scan was stopped.
    pub(super) fn denied(&self, denied: Denied) -> Result<(), Halted> {
        match self.context.denied(self.origin.display_path(), denied) {
            Outcome::Dealt => Ok(()),
            Outcome::Stopped => Err(self.meter.stop(Halt::Stopped)),
        }
    }

    /// Visits a member: `declared` is the size that the archive claims for it, `depth` how many archives are open
    /// around it.
    pub(super) fn member(
        &mut self,
        name: &[u8],
        reader: &mut dyn Read,
        declared: Option<u64>,
        depth: u32,
    ) -> Result<(), Halted> {
        self.within(name, |opener| opener.content(reader, declared, depth))
    }

    /// Does something about a member under its name.
    pub(super) fn within(
        &mut self,
        name: &[u8],
        work: impl FnOnce(&mut Self) -> Result<(), Halted>,
    ) -> Result<(), Halted> {
        self.origin.members.push(tidy(name));
        let outcome = self.meter.member().and_then(|()| work(self));
        if outcome.is_err() && self.left_at.is_none() {
            self.left_at = Some(self.origin.display_path());
        }
        self.origin.members.pop();
        outcome
    }

    /// Visits content of unknown kind.
    pub(super) fn content(
        &mut self,
        reader: &mut dyn Read,
        declared: Option<u64>,
        depth: u32,
    ) -> Result<(), Halted> {
        let mut held = Held::new(self.chain);
        let start = held.fill(reader, HEAD);
        if let Some(format) = sniff(held.bytes()) {
            if let Filled::Denied(denied) = start {
                return self.denied(denied);
            }
            // A failure shows again, in its place, when the format's own reader comes to it.
            let rest: &mut dyn Read = match start {
                Filled::Failed(error) => &mut Failing(Some(error)),
                _ => reader,
            };
            return self.open(format, held, rest, depth);
        }
        self.text(held, start, reader, declared)
    }

    /// Opens an archive whose first bytes are already held.
    fn open(
        &mut self,
        format: Format,
        mut held: Held<'_, '_>,
        rest: &mut dyn Read,
        depth: u32,
    ) -> Result<(), Halted> {
        if depth >= self.context.options.max_archive_depth.min(DEEPEST) {
            report_depth(self.context, &self.origin);
            return Ok(());
        }
        if !matches!(format, Format::Zip | Format::SevenZ) {
            let mut whole = held.bytes().chain(rest);
            return self.open_stream(format, &mut whole, depth + 1);
        }
        // These two keep their table of contents at the end: they have to be held in whole.
        match held.fill(rest, self.longest()) {
            Filled::End => {
                let size = held.bytes().len() as u64;
                self.open_seekable(format, &mut Cursor::new(held.bytes()), size, depth + 1)
            }
            Filled::Denied(denied) => self.denied(denied),
            Filled::Full if format == Format::Zip => {
                zip::stream(self, &mut held.bytes().chain(rest), depth + 1)
            }
            Filled::Failed(error) => {
                self.failed(&error)?;
                match format {
                    Format::Zip => zip::stream(self, &mut Cursor::new(held.bytes()), depth + 1),
                    _ => Ok(()),
                }
            }
            Filled::Full => {
                self.context.too_large(self.origin.display_path());
                Ok(())
            }
        }
    }

    /// Opens a format that is read from front to back. `depth` counts this archive.
    pub(super) fn open_stream(
        &mut self,
        format: Format,
        reader: &mut dyn Read,
        depth: u32,
    ) -> Result<(), Halted> {
        match format {
            Format::Tar => tar::visit(self, reader, depth),
            Format::Zip => zip::stream(self, reader, depth),
            // Only ever opened from a place where it can seek.
            Format::SevenZ => Ok(()),
            Format::Gzip | Format::Bzip2 | Format::Xz | Format::Zstd => {
                stream::visit(self, format, reader, depth)
            }
        }
    }

    /// Opens a format that is read at any place. `depth` counts this archive.
    pub(super) fn open_seekable(
        &mut self,
        format: Format,
        file: &mut dyn ReadSeek,
        size: u64,
        depth: u32,
    ) -> Result<(), Halted> {
        match format {
            Format::Zip => zip::visit(self, file, size, depth),
            Format::SevenZ => sevenz::visit(self, file, depth),
            _ => self.open_stream(format, file, depth),
        }
    }

    /// What a compressed stream yields: a tar belongs to the stream and is no level of its own; anything else is
    /// its only member. `depth` counts the stream.
    pub(super) fn decompressed(&mut self, reader: &mut dyn Read, depth: u32) -> Result<(), Halted> {
        let mut held = Held::new(self.chain);
        let start = held.fill(reader, HEAD);
        if sniff(held.bytes()) == Some(Format::Tar) {
            let rest: &mut dyn Read = match start {
                Filled::Failed(error) => &mut Failing(Some(error)),
                _ => reader,
            };
            return tar::visit(self, &mut held.bytes().chain(rest), depth);
        }
        let name = stream::inner_name(self.origin.name()).to_owned();
        let rest: &mut dyn Read = match start {
            Filled::Failed(error) => &mut Failing(Some(error)),
            Filled::Denied(denied) => return self.denied(denied),
            _ => reader,
        };
        self.member(name.as_bytes(), &mut held.bytes().chain(rest), None, depth)
    }

    /// Hands over content that is no archive.
    fn text(
        &mut self,
        mut held: Held<'_, '_>,
        mut filled: Filled,
        reader: &mut dyn Read,
        declared: Option<u64>,
    ) -> Result<(), Halted> {
        let binary = classify::binary(held.bytes());
        if let Some(reason) = binary {
            self.meter.go_on()?;
            if self.context.leaves_binary(&self.origin, held.bytes(), reason) {
                return Ok(());
            }
        }
        if matches!(filled, Filled::Full) {
            if declared.is_some_and(|size| size > self.context.options.max_file_size) {
                self.context.too_large(self.origin.display_path());
                return Ok(());
            }
            filled = held.fill(reader, self.longest());
        }
        let mut outcome = Ok(());
        match filled {
            Filled::End if (held.bytes().len() as u64) <= self.context.options.max_file_size => {}
            Filled::End | Filled::Full => {
                self.context.too_large(self.origin.display_path());
                return Ok(());
            }
            Filled::Denied(denied) => return self.denied(denied),
            // What came before the damage is scanned all the same.
            Filled::Failed(error) => {
                outcome = self.failed(&error);
                if self.meter.halt() == Some(Halt::Stopped) || held.bytes().is_empty() {
                    return outcome;
                }
            }
        }
        let copy = classify::memory_for(held.bytes(), held.bytes().len() as u64) - held.bytes().len() as u64;
        if let Err(denied) = self.chain.reserve(copy) {
            return self.denied(denied);
        }
        self.in_visitor = true;
        if binary.is_some() {
            self.context.deliver_binary(&self.origin, held.bytes(), None);
        } else {
            self.context.deliver(&self.origin, held.bytes(), None);
        }
        self.in_visitor = false;
        self.chain.release(copy);
        outcome
    }

    /// One byte more than may be scanned: whoever fills it is too large.
    fn longest(&self) -> usize {
        usize::try_from(self.context.options.max_file_size.saturating_add(1)).unwrap_or(usize::MAX)
    }
}

/// Tells that an archive stays closed.
pub(super) fn report_depth(context: &Context<'_>, origin: &Origin) {
    let limit = context.options.max_archive_depth.min(DEEPEST);
    let reason = format!("an archive deeper than {limit} levels (--max-archive-depth)");
    context.not_done(NotDoneKind::ArchiveLimit, origin.display_path(), reason);
}

/// Fails once with an error that was met before.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(self.0.take().unwrap_or_else(|| io::ErrorKind::UnexpectedEof.into()))
    }
}

/// A member's path for people: relative, with `/`, without `.` and `..`, without control characters that a
/// terminal would obey. Nothing is ever written there, so this is about looks only.
fn tidy(name: &[u8]) -> String {
    let cut = &name[..name.len().min(LONGEST_NAME)];
    let text: String = String::from_utf8_lossy(cut)
        .chars()
        .map(|char| if char.is_control() { char::REPLACEMENT_CHARACTER } else { char })
        .collect();
    let parts: Vec<&str> = text.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | "..")).collect();
    if parts.is_empty() { "-".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::tidy;
    use proptest::prelude::*;

    #[test]
    fn names_are_tidied() {
        for (raw, shown) in [
            (&b"a/b.txt"[..], "a/b.txt"),
            (b"../../etc/passwd", "etc/passwd"),
            (b"/abs/./x", "abs/x"),
            (b"C:\\dir\\..\\file", "C:/dir/file"),
            (b"", "-"),
            (b"..", "-"),
            (b"a\x1b[2Jb\n", "a\u{fffd}[2Jb\u{fffd}"),
            (b"caf\xe9", "caf\u{fffd}"),
        ] {
            assert_eq!(tidy(raw), shown);
        }
    }

    proptest! {
        #[test]
        fn no_name_climbs_or_commands(name in proptest::collection::vec(any::<u8>(), 0..200)) {
            let shown = tidy(&name);
            prop_assert!(!shown.starts_with('/') && !shown.chars().any(char::is_control));
            prop_assert!(shown.split('/').all(|part| !part.is_empty() && part != ".." && part != "."));
            prop_assert_eq!(tidy(shown.as_bytes()), shown);
        }
    }
}
