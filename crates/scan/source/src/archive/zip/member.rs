//! One member of a zip: from its header to its bytes.

use super::super::checked::Checked;
use super::super::meter::{Halted, Metered};
use super::super::opener::Opener;
use super::super::stream;
use super::super::{Format, ReadSeek};
use super::directory::{Claim, Entry, read_at};
use super::u16_at;
use bartizan_model::NotDoneKind;
use std::io::{self, BufRead, BufReader, Read};

/// Fixed part of a local header.
pub(super) const LOCAL: usize = 30;

/// What a decoder of deflated data holds: its window and tables.
const INFLATE: u64 = 64 << 10;

/// Read from below at a time.
const INPUT: usize = 16 << 10;

/// Visits the member of an entry.
pub(super) fn visit(
    opener: &mut Opener<'_, '_>,
    file: &mut dyn ReadSeek,
    entry: &Entry,
    depth: u32,
) -> Result<(), Halted> {
    if entry.name.ends_with(b"/") && entry.claim.size == 0 {
        return opener.meter.member();
    }
    opener.within(&entry.name, |opener| {
        if let Some(reason) = refusal(entry.claim) {
            opener.report(NotDoneKind::Broken, reason);
            return Ok(());
        }
        let mut header = [0; LOCAL];
        match read_at(file, entry.offset, &mut header) {
            Ok(true) if header.starts_with(b"PK\x03\x04") => {}
            Ok(_) => {
                opener.report(
                    NotDoneKind::Broken,
                    "corrupt or truncated: the directory names a place where no member is",
                );
                return Ok(());
            }
            Err(error) => return opener.failed(&error),
        }
        let names = u64::from(u16_at(&header, 26)) + u64::from(u16_at(&header, 28));
        let start = entry.offset.saturating_add(LOCAL as u64).saturating_add(names);
        if let Err(error) = file.seek(io::SeekFrom::Start(start)) {
            return opener.failed(&error);
        }
        let data = BufReader::with_capacity(INPUT, file.take(entry.claim.compressed));
        content(opener, data, entry.claim, depth)
    })
}

/// Why a member cannot be read at all.
pub(super) fn refusal(claim: Claim) -> Option<String> {
    if claim.is_encrypted() {
        return Some("encrypted".to_owned());
    }
    (!matches!(claim.method, 0 | 8 | 12 | 14 | 93 | 95))
        .then(|| format!("compressed by a method that is not supported ({})", claim.method))
}

/// Visits what `data` holds, which may be followed by other members' bytes when the method knows its own end.
pub(super) fn content(
    opener: &mut Opener<'_, '_>,
    mut data: impl BufRead,
    claim: Claim,
    depth: u32,
) -> Result<(), Halted> {
    let memory = match data.fill_buf() {
        Ok(head) => memory_for(claim.method, head),
        Err(error) => return opener.failed(&error),
    };
    if let Err(denied) = opener.chain.reserve(memory) {
        return opener.denied(denied);
    }
    let meter = opener.meter;
    let outcome = match decoder(&mut data, claim, memory) {
        Ok(inner) => {
            let mut checked = Checked::new(Metered { meter, inner }, claim.crc);
            opener.content(&mut checked, Some(claim.size), depth)
        }
        Err(error) => opener.failed(&error),
    };
    opener.chain.release(memory);
    outcome
}

fn memory_for(method: u16, head: &[u8]) -> u64 {
    match method {
        12 => stream::memory_for(Format::Bzip2, head),
        93 => stream::memory_for(Format::Zstd, head),
        95 => stream::memory_for(Format::Xz, head),
        // Four bytes of version and length, one of properties, then the dictionary's size.
        14 => INFLATE + u64::from(super::u32_at(head, 5)),
        _ => INFLATE,
    }
}

/// The decoder of a method that [`refusal`] let pass.
pub(super) fn decoder<'r>(
    data: &'r mut (dyn BufRead + 'r),
    claim: Claim,
    memory: u64,
) -> io::Result<Box<dyn Read + 'r>> {
    Ok(match claim.method {
        8 => Box::new(flate2::bufread::DeflateDecoder::new(data)),
        12 => stream::decoder(Format::Bzip2, data, memory)?,
        93 => stream::decoder(Format::Zstd, data, memory)?,
        95 => stream::decoder(Format::Xz, data, memory)?,
        14 => {
            let mut head = [0; 9];
            data.read_exact(&mut head)?;
            // With an end mark (flag bit 1) the size need not be known.
            let size = if claim.flags & 2 != 0 { u64::MAX } else { claim.size };
            let dictionary = super::u32_at(&head, 5);
            Box::new(lzma_rust2::LzmaReader::new_with_props(data, size, head[4], dictionary, None)?)
        }
        _ => Box::new(data),
    })
}
