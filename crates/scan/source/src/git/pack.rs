//! Pack files and their indexes: where each object lies, of which sort it is, what it builds on.
//!
//! Source of facts: git's `Documentation/gitformat-pack.adoc`. A pack is read by positioned reads, never mapped into
//! memory: the page cache serves both alike, and a pack that is truncated while it is read gives an error instead of
//! a bus error.

use super::fault::Fault;
use std::fs::File;
use std::path::Path;

/// The sort of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// A commit.
    Commit = 1,
    /// A directory.
    Tree = 2,
    /// A file's content.
    Blob = 3,
    /// An annotated tag.
    Tag = 4,
}

/// What an entry is stored as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    /// As it is.
    Whole(Kind),
    /// As a delta on the entry that begins so many bytes before this one.
    OffsetDelta(u64),
    /// As a delta on the object of this id.
    RefDelta(Vec<u8>),
}

/// What stands before an entry's zlib stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryHeader {
    /// What the stream holds.
    pub stored: Stored,
    /// Bytes that the stream gives: of the object, or of the delta.
    pub size: u64,
    /// Bytes of the header itself.
    pub length: usize,
}

/// The most bytes that an entry's header takes: 10 of size, then 10 of offset or 32 of id.
pub(super) const MAX_HEADER: usize = 42;

/// Reads the header at the beginning of `bytes`; ids have `id_length` bytes.
///
/// # Errors
/// When it is cut short, or its type or sizes are impossible.
pub fn parse_entry_header(bytes: &[u8], id_length: usize) -> Result<EntryHeader, Fault> {
    let mut rest = bytes.iter().copied();
    let mut next = || rest.next().ok_or(Fault::Truncated);
    let first = next()?;
    let kind = (first >> 4) & 7;
    let mut size = u64::from(first & 15);
    let (mut byte, mut shift, mut length) = (first, 4, 1);
    while byte & 0x80 != 0 {
        byte = next()?;
        length += 1;
        if shift > 56 {
            return Err(Fault::Malformed("the size in its header is impossible"));
        }
        size |= u64::from(byte & 0x7f) << shift;
        shift += 7;
    }
    let stored = match kind {
        1 => Stored::Whole(Kind::Commit),
        2 => Stored::Whole(Kind::Tree),
        3 => Stored::Whole(Kind::Blob),
        4 => Stored::Whole(Kind::Tag),
        6 => {
            let mut byte = next()?;
            length += 1;
            let mut back = u64::from(byte & 0x7f);
            while byte & 0x80 != 0 {
                byte = next()?;
                length += 1;
                if back >= 1 << 55 {
                    return Err(Fault::Malformed("the offset of its base is impossible"));
                }
                back = ((back + 1) << 7) | u64::from(byte & 0x7f);
            }
            Stored::OffsetDelta(back)
        }
        7 => {
            let id = bytes.get(length..length + id_length).ok_or(Fault::Truncated)?;
            length += id_length;
            Stored::RefDelta(id.to_vec())
        }
        other => return Err(Fault::Kind(other)),
    };
    Ok(EntryHeader { stored, size, length })
}

/// Fills a buffer from an offset.
pub type ReadAt<'a> = dyn Fn(u64, &mut [u8]) -> Result<(), Fault> + 'a;

/// What an index says: the ids of a pack's objects, one after the other, and where each entry begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackIndex {
    /// The ids, `id_length` bytes each.
    pub ids: Vec<u8>,
    /// For each id the entry's offset in the pack.
    pub offsets: Vec<u64>,
}

impl PackIndex {
    /// Reads an index of version 1 or 2 through `read`, which fills a buffer from an offset, for a pack of at most
    /// `most` objects.
    ///
    /// # Errors
    /// When it is cut short, of another version, or lists more objects than the pack can hold.
    pub fn parse(read: &ReadAt<'_>, id_length: usize, most: u64) -> Result<Self, Fault> {
        let mut head = [0; 8];
        read(0, &mut head)?;
        let second = head.starts_with(b"\xfftOc");
        if second && head[4..] != [0, 0, 0, 2] {
            return Err(Fault::Malformed("an index version that is neither 1 nor 2"));
        }
        let fan = if second { 8 } else { 0 };
        let mut last = [0; 4];
        read(fan + 255 * 4, &mut last)?;
        let count = u64::from(u32::from_be_bytes(last));
        if count > most {
            return Err(Fault::Malformed("the index lists more objects than the pack can hold"));
        }
        let (count, table) = (count as usize, fan + 1024);
        if second {
            Self::second(read, id_length, count, table)
        } else {
            Self::first(read, id_length, count, table)
        }
    }

    fn first(read: &ReadAt<'_>, id_length: usize, count: usize, table: u64) -> Result<Self, Fault> {
        let rows = section(read, table, count, 4 + id_length)?;
        let mut ids = Vec::with_capacity(count * id_length);
        let mut offsets = Vec::with_capacity(count);
        for row in rows.chunks_exact(4 + id_length) {
            offsets.push(be32(row));
            ids.extend_from_slice(&row[4..]);
        }
        Ok(Self { ids, offsets })
    }

    fn second(read: &ReadAt<'_>, id_length: usize, count: usize, table: u64) -> Result<Self, Fault> {
        let ids = section(read, table, count, id_length)?;
        // After the ids come their CRC-32s, which nothing here needs.
        let small = table + (count * (id_length + 4)) as u64;
        let mut offsets: Vec<u64> = section(read, small, count, 4)?.chunks_exact(4).map(be32).collect();
        // An offset with the highest bit set is a row number in a table of 64-bit offsets.
        let rows = offsets.iter().filter(|o| **o & 0x8000_0000 != 0).map(|o| (*o & 0x7fff_ffff) + 1).max();
        if let Some(rows) = rows {
            if rows > count as u64 {
                return Err(Fault::Malformed("an offset points outside the index"));
            }
            let large = section(read, small + (count * 4) as u64, rows as usize, 8)?;
            for offset in offsets.iter_mut().filter(|o| **o & 0x8000_0000 != 0) {
                let row = (*offset & 0x7fff_ffff) as usize * 8;
                *offset = be32(&large[row..]) << 32 | be32(&large[row + 4..]);
            }
        }
        Ok(Self { ids, offsets })
    }
}

fn section(read: &ReadAt<'_>, at: u64, count: usize, width: usize) -> Result<Vec<u8>, Fault> {
    let mut bytes = vec![0; count * width];
    read(at, &mut bytes)?;
    Ok(bytes)
}

/// The first four bytes as a number. Callers hand in at least four.
fn be32(bytes: &[u8]) -> u64 {
    bytes.iter().take(4).fold(0, |value, byte| value << 8 | u64::from(*byte))
}

/// Where a pack's bytes are.
#[derive(Debug)]
enum Bytes {
    File(File),
    Memory(Vec<u8>),
}

impl Bytes {
    fn read_at(&self, at: u64, buffer: &mut [u8]) -> Result<(), Fault> {
        match self {
            Self::File(file) => read_at(file, at, buffer),
            Self::Memory(bytes) => copy_at(bytes, at, buffer),
        }
    }
}

/// An opened pack.
#[derive(Debug)]
pub struct Pack {
    bytes: Bytes,
    /// Bytes in all.
    length: u64,
    id_length: usize,
    /// Relative to the repository's folder of objects.
    pub(super) name: String,
}

impl Pack {
    /// Opens the pack at `path` and reads the index beside it.
    ///
    /// # Errors
    /// When either cannot be read, is no regular file, or is not in git's format.
    pub fn open(path: &Path, id_length: usize) -> Result<(Self, PackIndex), Fault> {
        let (file, length) = open_regular(path)?;
        let (index, index_length) = open_regular(&path.with_extension("idx"))?;
        let read = |at: u64, buffer: &mut [u8]| {
            // Checked before the read, so that a lie about the count costs no memory.
            if at.saturating_add(buffer.len() as u64) > index_length {
                return Err(Fault::Truncated);
            }
            read_at(&index, at, buffer)
        };
        let name =
            path.file_name().map(|n| format!("objects/pack/{}", n.to_string_lossy())).unwrap_or_default();
        Self::with(Bytes::File(file), length, &read, index_length, id_length, name)
    }

    /// A pack and its index that are in memory.
    ///
    /// # Errors
    /// When either is not in git's format.
    pub fn parse(pack: Vec<u8>, index: &[u8], id_length: usize) -> Result<(Self, PackIndex), Fault> {
        let (length, index_length) = (pack.len() as u64, index.len() as u64);
        let read = |at: u64, buffer: &mut [u8]| copy_at(index, at, buffer);
        Self::with(Bytes::Memory(pack), length, &read, index_length, id_length, String::new())
    }

    fn with(
        bytes: Bytes,
        length: u64,
        index: &ReadAt<'_>,
        index_length: u64,
        id_length: usize,
        name: String,
    ) -> Result<(Self, PackIndex), Fault> {
        let mut head = [0; 12];
        bytes.read_at(0, &mut head)?;
        if !head.starts_with(b"PACK") || !matches!(head[4..8], [0, 0, 0, 2 | 3]) {
            return Err(Fault::Malformed("not a pack of version 2 or 3"));
        }
        // The shortest entry is a byte of header and eight of zlib; the index needs room for each id, too.
        let most = (length / 9).min(index_length / id_length as u64).min(u64::from(u32::MAX / 2));
        let table = PackIndex::parse(index, id_length, most)?;
        if be32(&head[8..]) != table.offsets.len() as u64 {
            return Err(Fault::Malformed("the index lists another number of objects than the pack has"));
        }
        Ok((Self { bytes, length, id_length, name }, table))
    }

    /// Bytes of one object id.
    pub(super) fn id_length(&self) -> usize {
        self.id_length
    }

    /// Where the entries end and the trailing checksum begins.
    pub(super) fn end(&self) -> u64 {
        self.length.saturating_sub(self.id_length as u64)
    }

    /// Reads `start..end` into `buffer`, which is replaced.
    pub(super) fn read(&self, start: u64, end: u64, buffer: &mut Vec<u8>) -> Result<(), Fault> {
        let length = usize::try_from(end.saturating_sub(start)).map_err(|_| Fault::Truncated)?;
        if end > self.end() {
            return Err(Fault::Truncated);
        }
        buffer.resize(length, 0);
        self.bytes.read_at(start, buffer)
    }
}

fn copy_at(bytes: &[u8], at: u64, buffer: &mut [u8]) -> Result<(), Fault> {
    let start = usize::try_from(at).map_err(|_| Fault::Truncated)?;
    let from = bytes.get(start..).and_then(|rest| rest.get(..buffer.len())).ok_or(Fault::Truncated)?;
    buffer.copy_from_slice(from);
    Ok(())
}

/// Opens what is a regular file: a named pipe in the place of a pack would block for ever.
pub(super) fn open_regular(path: &Path) -> Result<(File, u64), Fault> {
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(Fault::Malformed("not a regular file"));
    }
    Ok((File::open(path)?, metadata.len()))
}

#[cfg(unix)]
fn read_at(file: &File, at: u64, buffer: &mut [u8]) -> Result<(), Fault> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, at).map_err(Fault::from)
}

#[cfg(windows)]
fn read_at(file: &File, mut at: u64, mut buffer: &mut [u8]) -> Result<(), Fault> {
    while !buffer.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, buffer, at)? {
            0 => return Err(Fault::Truncated),
            read => {
                buffer = &mut buffer[read..];
                at += read as u64;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn put_header(stored: &Stored, mut size: u64) -> Vec<u8> {
        let kind = match stored {
            Stored::Whole(kind) => *kind as u8,
            Stored::OffsetDelta(_) => 6,
            Stored::RefDelta(_) => 7,
        };
        let mut out = vec![kind << 4 | (size & 15) as u8];
        size >>= 4;
        while size > 0 {
            if let Some(last) = out.last_mut() {
                *last |= 0x80;
            }
            out.push((size & 0x7f) as u8);
            size >>= 7;
        }
        match stored {
            Stored::Whole(_) => {}
            Stored::OffsetDelta(back) => {
                let mut back = *back;
                let mut bytes = vec![(back & 0x7f) as u8];
                while back >= 0x80 {
                    back = (back >> 7) - 1;
                    bytes.push(0x80 | (back & 0x7f) as u8);
                }
                out.extend(bytes.iter().rev());
            }
            Stored::RefDelta(id) => out.extend_from_slice(id),
        }
        out
    }

    fn stored() -> impl Strategy<Value = Stored> {
        prop_oneof![
            prop::sample::select(vec![Kind::Commit, Kind::Tree, Kind::Blob, Kind::Tag])
                .prop_map(Stored::Whole),
            (0..1_u64 << 54).prop_map(Stored::OffsetDelta),
            any::<[u8; 20]>().prop_map(|id| Stored::RefDelta(id.to_vec())),
        ]
    }

    proptest! {
        #[test]
        fn headers_survive_the_round_trip(stored in stored(), size in 0..1_u64 << 60) {
            let mut bytes = put_header(&stored, size);
            let length = bytes.len();
            prop_assert!(length <= MAX_HEADER);
            bytes.extend_from_slice(&[0xff; 3]);
            prop_assert_eq!(parse_entry_header(&bytes, 20), Ok(EntryHeader { stored, size, length }));
            for cut in 0..length {
                prop_assert_eq!(parse_entry_header(&bytes[..cut], 20), Err(Fault::Truncated));
            }
        }

        #[test]
        fn any_bytes_give_a_header_within_them_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(header) = parse_entry_header(&bytes, 32) {
                prop_assert!(header.length <= bytes.len());
            }
        }

        #[test]
        fn any_bytes_give_an_index_or_an_error(mut bytes in prop::collection::vec(any::<u8>(), 1032..1400), second: bool) {
            if second {
                bytes[..8].copy_from_slice(b"\xfftOc\0\0\0\x02");
            }
            let count_at = if second { 8 + 1020 } else { 1020 };
            bytes[count_at..count_at + 3].fill(0);
            let read = |at: u64, buffer: &mut [u8]| copy_at(&bytes, at, buffer);
            if let Ok(index) = PackIndex::parse(&read, 20, 1000) {
                prop_assert_eq!(index.ids.len(), index.offsets.len() * 20);
            }
        }
    }

    #[test]
    fn reserved_types_and_endless_sizes_are_errors() {
        assert_eq!(parse_entry_header(&[0x00], 20), Err(Fault::Kind(0)));
        assert_eq!(parse_entry_header(&[0x51], 20), Err(Fault::Kind(5)));
        assert!(matches!(parse_entry_header(&[0xff; 40], 20), Err(Fault::Malformed(_))));
        let mut endless = vec![0x61];
        endless.extend([0xff; 40]);
        assert!(matches!(parse_entry_header(&endless, 20), Err(Fault::Malformed(_))));
    }
}
