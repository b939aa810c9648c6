//! The directory at the end of a zip.

use super::super::ReadSeek;
use super::{u16_at, u32_at, u64_at};
use std::io::{self, BufReader, Read, SeekFrom};

/// End of the directory: fixed part, and the longest comment behind it.
const END: usize = 22;
const LONGEST_COMMENT: usize = 65535;

/// Fixed part of an entry.
const ENTRY: usize = 46;

/// Entries read at a time, and bytes of names after which a batch ends early.
const BATCH: usize = 512;
const BATCH_NAMES: usize = 256 << 10;

/// One member, as the directory tells.
pub(super) struct Entry {
    pub(super) name: Vec<u8>,
    /// Where its local header starts.
    pub(super) offset: u64,
    pub(super) claim: Claim,
}

/// What a header says of a member.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim {
    pub(super) flags: u16,
    pub(super) method: u16,
    /// Unknown where it stands behind the data.
    pub(super) crc: Option<u32>,
    pub(super) compressed: u64,
    pub(super) size: u64,
}

impl Claim {
    pub(super) fn is_encrypted(self) -> bool {
        self.flags & 1 != 0
    }

    /// Sizes of a member beyond 4 GiB stand in an extra field; `extra` are all of them.
    pub(super) fn widen(&mut self, offset: Option<&mut u64>, mut extra: &[u8]) {
        while extra.len() >= 4 {
            let (id, length) = (u16_at(extra, 0), usize::from(u16_at(extra, 2)));
            let Some(mut field) = extra.get(4..4 + length) else { return };
            extra = &extra[4 + length..];
            if id != 1 {
                continue;
            }
            for value in [Some(&mut self.size), Some(&mut self.compressed), offset].into_iter().flatten() {
                if *value == u64::from(u32::MAX) && field.len() >= 8 {
                    *value = u64_at(field, 0);
                    field = &field[8..];
                }
            }
            return;
        }
    }
}

/// Where the directory is, and how far it was read.
pub(super) struct Directory {
    at: u64,
    end: u64,
    /// Bytes in front of the zip, such as the program of a self-extracting one: offsets do not count them.
    lead: u64,
}

impl Directory {
    /// Whether there is any member in it.
    pub(super) fn has_members(&self) -> bool {
        self.at < self.end
    }

    /// Finds the directory; `None` when there is none.
    pub(super) fn find(file: &mut dyn ReadSeek, size: u64) -> io::Result<Option<Self>> {
        let length = size.min((END + LONGEST_COMMENT) as u64);
        let start = size - length;
        file.seek(SeekFrom::Start(start))?;
        let mut tail = Vec::new();
        file.take(length).read_to_end(&mut tail)?;
        for at in (0..=tail.len().saturating_sub(END)).rev() {
            if !tail[at..].starts_with(b"PK\x05\x06") || tail.len() < at + END {
                continue;
            }
            let place = start + at as u64;
            for candidate in Self::candidates(file, &tail[at..], place)?.into_iter().flatten() {
                if candidate.holds(file)? {
                    return Ok(Some(candidate));
                }
            }
        }
        Ok(None)
    }

    /// The directories that an end record may speak of: by zip64, by its own numbers, or right in front of it.
    fn candidates(file: &mut dyn ReadSeek, end: &[u8], place: u64) -> io::Result<[Option<Self>; 3]> {
        let (size, offset) = (u64::from(u32_at(end, 12)), u64::from(u32_at(end, 16)));
        let wide = Self::wide(file, place)?;
        let before = place.checked_sub(size).and_then(|at| {
            let lead = at.checked_sub(offset)?;
            Some(Self { at, end: place, lead })
        });
        let own =
            offset.checked_add(size).filter(|&end| end <= place).map(|end| Self { at: offset, end, lead: 0 });
        Ok([wide, before, own])
    }

    /// The directory of a zip64, whose end record stands in front of the usual one.
    fn wide(file: &mut dyn ReadSeek, place: u64) -> io::Result<Option<Self>> {
        let Some(locator_at) = place.checked_sub(20) else { return Ok(None) };
        let mut locator = [0; 20];
        if !read_at(file, locator_at, &mut locator)? || !locator.starts_with(b"PK\x06\x07") {
            return Ok(None);
        }
        let claimed = u64_at(&locator, 8);
        for at in [Some(claimed), locator_at.checked_sub(56)].into_iter().flatten() {
            let mut record = [0; 56];
            if at < locator_at && read_at(file, at, &mut record)? && record.starts_with(b"PK\x06\x06") {
                let (size, offset) = (u64_at(&record, 40), u64_at(&record, 48));
                let directory = at.checked_sub(size).and_then(|start| {
                    let lead = start.checked_sub(offset)?;
                    Some(Self { at: start, end: at, lead })
                });
                return Ok(directory);
            }
        }
        Ok(None)
    }

    /// Whether an entry starts there, or none is claimed.
    fn holds(&self, file: &mut dyn ReadSeek) -> io::Result<bool> {
        if self.at == self.end {
            return Ok(self.at == self.lead);
        }
        let mut head = [0; 4];
        Ok(read_at(file, self.at, &mut head)? && head == *b"PK\x01\x02")
    }

    /// The next entries; none at the end.
    pub(super) fn next_batch(&mut self, file: &mut dyn ReadSeek) -> io::Result<Vec<Entry>> {
        let mut batch = Vec::new();
        if self.at >= self.end {
            return Ok(batch);
        }
        file.seek(SeekFrom::Start(self.at))?;
        let mut reader = BufReader::with_capacity(64 << 10, file.take(self.end - self.at));
        let mut names = 0;
        while self.at < self.end && batch.len() < BATCH && names < BATCH_NAMES {
            match read_entry(&mut reader, self.lead) {
                Ok((entry, length)) => {
                    self.at += length;
                    names += entry.name.len();
                    batch.push(entry);
                }
                // What was read so far is visited; the next call meets the same error with nothing in front of it.
                Err(_) if !batch.is_empty() => break,
                Err(error) => return Err(error),
            }
        }
        Ok(batch)
    }
}

fn read_entry(reader: &mut dyn Read, lead: u64) -> io::Result<(Entry, u64)> {
    let mut fixed = [0; ENTRY];
    reader.read_exact(&mut fixed)?;
    if !fixed.starts_with(b"PK\x01\x02") {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "its directory has an entry that is none"));
    }
    let length = |at| usize::from(u16_at(&fixed, at));
    let mut name = vec![0; length(28)];
    reader.read_exact(&mut name)?;
    let mut rest = vec![0; length(30) + length(32)];
    reader.read_exact(&mut rest)?;
    let mut claim = Claim {
        flags: u16_at(&fixed, 8),
        method: u16_at(&fixed, 10),
        crc: Some(u32_at(&fixed, 16)),
        compressed: u64::from(u32_at(&fixed, 20)),
        size: u64::from(u32_at(&fixed, 24)),
    };
    let mut offset = u64::from(u32_at(&fixed, 42));
    claim.widen(Some(&mut offset), &rest[..length(30)]);
    let total = (ENTRY + name.len() + rest.len()) as u64;
    Ok((Entry { name, offset: offset.saturating_add(lead), claim }, total))
}

/// Reads exactly there; `false` when the file ends before.
pub(super) fn read_at(file: &mut dyn ReadSeek, at: u64, buffer: &mut [u8]) -> io::Result<bool> {
    file.seek(SeekFrom::Start(at))?;
    match file.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}
