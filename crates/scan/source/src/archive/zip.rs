//! zip: members in any order, found through a directory at the end.
//!
//! Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3 (structure), 4.4.4 (flags), 4.4.5 (methods), 4.5.3 (zip64).
//!
//! The directory is read in batches, so that a zip of entries only costs no more memory than any other. Sizes and
//! offsets are claims: a member ends where its compressed bytes end, an offset that leads nowhere is reported, overlapping
//! members are read as often as they are named and counted each time. Where the directory is missing, as in a truncated
//! download, members are read from front to back by their local headers.

mod directory;
mod member;
mod scan;

pub(super) use scan::visit as stream;

use super::ReadSeek;
use super::meter::Halted;
use super::opener::Opener;
use bartizan_model::NotDoneKind;
use directory::Directory;
use std::io::SeekFrom;

/// Visits all members of a zip of `size` bytes. `depth` counts this archive.
pub(super) fn visit(
    opener: &mut Opener<'_, '_>,
    file: &mut dyn ReadSeek,
    size: u64,
    depth: u32,
) -> Result<(), Halted> {
    let mut directory = match Directory::find(file, size) {
        Ok(Some(directory)) => directory,
        Ok(None) => {
            opener.meter.go_on()?;
            opener.report(
                NotDoneKind::Broken,
                "truncated: a zip without its directory; members are read up to there",
            );
            if let Err(error) = file.seek(SeekFrom::Start(0)) {
                return opener.failed(&error);
            }
            return scan::visit(opener, file, depth);
        }
        Err(error) => return opener.failed(&error),
    };
    loop {
        let batch = match directory.next_batch(file) {
            Ok(batch) => batch,
            Err(error) => return opener.failed(&error),
        };
        if batch.is_empty() {
            return Ok(());
        }
        for entry in &batch {
            member::visit(opener, file, entry, depth)?;
        }
    }
}

/// Whether a zip with members stands at the end of a file of `size` bytes, behind whatever it starts with.
pub(super) fn is_behind(file: &mut dyn ReadSeek, size: u64) -> bool {
    matches!(Directory::find(file, size), Ok(Some(directory)) if directory.has_members())
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |bytes| u16::from_le_bytes(*bytes))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |bytes| u64::from_le_bytes(*bytes))
}
