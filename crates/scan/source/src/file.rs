//! Reads one regular file: its head decides whether the rest is wanted.

use crate::archive;
use crate::classify::{self, HEAD};
use crate::context::{Context, Outcome};
use crate::visitor::FileStamp;
use bartizan_model::{NotDoneKind, Origin};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// Read without asking for memory first: what each thread has anyway.
const FIRST_READ: usize = 32 << 10;

/// A buffer above this is given back after use.
const KEPT: usize = 1 << 20;

/// A thread's buffer, kept from file to file.
#[derive(Default)]
pub(crate) struct Buffer {
    /// Always as long as it ever was, so that it is zeroed once and not per file.
    bytes: Vec<u8>,
}

/// Opens for reading, never following a link that took the file's place, never waiting for a pipe that did.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY);
    }
    options.open(path)
}

/// Visits a regular file that was just listed with that stamp. The file may have changed or vanished since.
pub(crate) fn visit(context: &Context<'_>, path: &Path, stamp: &FileStamp, buffer: &mut Buffer) -> Outcome {
    let outcome = open(path).and_then(|mut file| visit_open(context, &mut file, stamp, buffer));
    if buffer.bytes.len() > KEPT {
        *buffer = Buffer::default();
    }
    outcome.unwrap_or_else(|error| {
        context.not_done(NotDoneKind::Unreadable, stamp.path.as_str(), reason(&error));
        Outcome::Dealt
    })
}

/// The system's word, without the number behind it.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.rfind(" (os error") {
        Some(at) => text[..at].to_lowercase(),
        None => text,
    }
}

fn visit_open(
    context: &Context<'_>,
    file: &mut File,
    stamp: &FileStamp,
    buffer: &mut Buffer,
) -> io::Result<Outcome> {
    let most = context.options.max_file_size;
    // One byte more than listed: a full buffer tells that the file has grown.
    let expected = usize::try_from(stamp.size.saturating_add(1)).unwrap_or(usize::MAX);
    let mut have = buffer.fill(file, 0, expected.min(FIRST_READ), stamp.size)?;
    let size = stamp.size.max(have as u64);
    let head = &buffer.bytes[..have.min(HEAD)];
    if let Some(format) = archive::sniff(head).or_else(|| archive::sniff_end(&stamp.path, file, size)) {
        file.seek(SeekFrom::Start(0))?;
        let origin = Origin::file(stamp.path.as_str());
        return Ok(archive::visit_file(context, &origin, file, size, format));
    }
    // Looking for a zip at the end has moved the place to read on from; a file with such a name is worth one more seek.
    if archive::has_archive_name(&stamp.path) {
        file.seek(SeekFrom::Start(have as u64))?;
    }
    let origin = Origin::file(stamp.path.as_str());
    let binary = classify::binary(head);
    if binary.is_some_and(|reason| context.leaves_binary(&origin, head, reason)) {
        return Ok(Outcome::Dealt);
    }
    if stamp.size > most {
        context.too_large(stamp.path.as_str());
        return Ok(Outcome::Dealt);
    }
    let mut permit = match context.memory.take(classify::memory_for(head, stamp.size), context.cancel) {
        Ok(permit) => permit,
        Err(denied) => return Ok(context.denied(stamp.path.as_str(), denied)),
    };
    if have == expected.min(FIRST_READ) {
        have = buffer.fill(file, have, expected, stamp.size)?;
    }
    if have == expected {
        // It is being written to, or a file of the kernel's that does not know its size.
        drop(permit);
        let head = &buffer.bytes[..have.min(HEAD)];
        permit = match context.memory.take(classify::memory_for(head, most), context.cancel) {
            Ok(permit) => permit,
            Err(denied) => return Ok(context.denied(stamp.path.as_str(), denied)),
        };
        let limit = usize::try_from(most.saturating_add(1)).unwrap_or(usize::MAX);
        have = buffer.fill(file, have, limit, stamp.size)?;
    }
    if have as u64 > most {
        context.too_large(stamp.path.as_str());
    } else if binary.is_some() {
        context.deliver_binary(&origin, &buffer.bytes[..have], Some(stamp));
    } else {
        context.deliver(&origin, &buffer.bytes[..have], Some(stamp));
    }
    drop(permit);
    Ok(Outcome::Dealt)
}

impl Buffer {
    /// Reads until `limit` bytes are there or the file ends; returns how many are there.
    fn fill(&mut self, file: &mut File, mut have: usize, limit: usize, listed: u64) -> io::Result<usize> {
        while have < limit {
            // A file that turns out longer than listed is followed in steps, not by its limit at once.
            let want = limit.min(have.saturating_mul(2).max(limit.min(KEPT)));
            if self.bytes.len() < want {
                self.bytes.try_reserve_exact(want - self.bytes.len()).map_err(io::Error::other)?;
                self.bytes.resize(want, 0);
            }
            match file.read(&mut self.bytes[have..want]) {
                Ok(0) => break,
                Ok(count) => {
                    have += count;
                    // Short, and as long as listed: the end, without a second call to learn so.
                    if have < want && have as u64 == listed {
                        break;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(have)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_words() {
        let error = open(Path::new("/nowhere/at/all")).unwrap_err();
        assert_eq!(reason(&error), "no such file or directory");
    }
}
