//! zip archives, read member by member under hard limits.
//!
//! Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3 (structure), 4.4.5 (methods), 4.5.3 (zip64).
//!
//! The directory is streamed, not loaded: an archive of nothing but members costs no memory. Sizes that an archive states are
//! never believed, only what comes out is counted.

use super::container::{read_u32, read_u64};
use super::error::Error;
use super::limits::Limits;
use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

const END: [u8; 4] = *b"PK\x05\x06";
const END_SIZE: usize = 22;
const ENTRY: [u8; 4] = *b"PK\x01\x02";
const LOCAL: [u8; 4] = *b"PK\x03\x04";
/// Directory entries that are held at once.
const BATCH: usize = 1_024;

/// Anything that a zip can be read from.
pub(crate) trait Input: Read + Seek {}
impl<T: Read + Seek> Input for T {}

/// One member: its name, and its bytes or why they cannot be had.
pub(crate) type Visit<'a> = dyn FnMut(&str, Result<&[u8], String>) + 'a;

/// Whether bytes start as a zip does.
pub(crate) fn is_zip(start: &[u8]) -> bool {
    start.starts_with(&LOCAL) || start.starts_with(&END)
}

/// Visits all members that `wanted` by name, in the order of the directory.
///
/// # Errors
/// When there is no directory, or a limit on the whole archive is passed. Members that were visited before remain visited.
pub(crate) fn visit(
    name: &str,
    input: &mut dyn Input,
    limits: &Limits,
    wanted: &dyn Fn(&str) -> bool,
    visit: &mut Visit<'_>,
) -> Result<(), Error> {
    let failed = |error: std::io::Error| Error::input(name, format!("cannot be read: {error}"));
    let directory = Directory::find(input).map_err(failed)?;
    let Some(directory) = directory else {
        return Err(Error::input(name, "a zip without a directory: cut off, or no zip"));
    };
    if directory.members > limits.members {
        let reason = format!("holds {} files, more than {}", directory.members, limits.members);
        return Err(Error::input(name, reason));
    }
    let mut reader = Reader { input: BufReader::with_capacity(64 << 10, input), buffer: Vec::new() };
    let mut left = limits.total_bytes;
    let mut seen = 0;
    let mut next = directory.offset;
    let mut batch = Vec::with_capacity(BATCH);
    while seen < directory.members {
        next = reader.batch(next, directory.end, directory.members - seen, &mut batch).map_err(failed)?;
        if batch.is_empty() {
            return Err(Error::input(
                name,
                format!("the directory ends after {seen} of {} files", directory.members),
            ));
        }
        seen += batch.len() as u64;
        for member in batch.drain(..) {
            if member.name.ends_with('/') || !wanted(&member.name) {
                continue;
            }
            let bytes = reader.member(&member, limits.member_bytes, left);
            match bytes {
                Ok(bytes) => {
                    left -= bytes.len() as u64;
                    visit(&member.name, Ok(bytes));
                }
                Err(Refusal::Total) => {
                    let reason = format!("unpacks to more than {} bytes", limits.total_bytes);
                    return Err(Error::input(name, reason));
                }
                Err(Refusal::Member { reason, cost }) => {
                    left = left.saturating_sub(cost);
                    visit(&member.name, Err(reason));
                }
            }
        }
    }
    Ok(())
}

/// Where the list of members stands.
struct Directory {
    offset: u64,
    end: u64,
    members: u64,
}

impl Directory {
    /// The last end record whose comment reaches the end of the file.
    fn find(input: &mut dyn Input) -> std::io::Result<Option<Self>> {
        let size = input.seek(SeekFrom::End(0))?;
        let tail_size = size.min((END_SIZE + usize::from(u16::MAX)) as u64);
        input.seek(SeekFrom::Start(size - tail_size))?;
        let mut tail = Vec::new();
        input.take(tail_size).read_to_end(&mut tail)?;
        let position = memchr::memmem::rfind_iter(&tail, &END).find(|&at| {
            let comment = read_u16(&tail, at + 20).map(usize::from);
            comment.is_some_and(|comment| at + END_SIZE + comment == tail.len())
        });
        let Some(at) = position else { return Ok(None) };
        let position = size - tail_size + at as u64;
        let (Some(members), Some(length), Some(offset)) =
            (read_u16(&tail, at + 10), read_u32(&tail, at + 12), read_u32(&tail, at + 16))
        else {
            return Ok(None);
        };
        let mut found = Self { offset: offset.into(), end: position, members: members.into() };
        if (members == u16::MAX || length == u32::MAX || offset == u32::MAX)
            && let Some(large) = Self::zip64(input, position)?
        {
            found = large;
        }
        Ok((found.offset <= found.end).then_some(found))
    }

    fn zip64(input: &mut dyn Input, end: u64) -> std::io::Result<Option<Self>> {
        let Some(locator) = end.checked_sub(20) else { return Ok(None) };
        let mut bytes = [0; 56];
        input.seek(SeekFrom::Start(locator))?;
        let Some(head) = bytes.get_mut(..20) else { return Ok(None) };
        input.read_exact(head)?;
        let Some(position) =
            read_u64(&bytes, 8).filter(|at| bytes.starts_with(b"PK\x06\x07") && *at < locator)
        else {
            return Ok(None);
        };
        input.seek(SeekFrom::Start(position))?;
        input.read_exact(&mut bytes)?;
        let (Some(members), Some(offset)) = (read_u64(&bytes, 32), read_u64(&bytes, 48)) else {
            return Ok(None);
        };
        Ok(bytes.starts_with(b"PK\x06\x06").then_some(Self { offset, end: position, members }))
    }
}

struct Member {
    name: String,
    encrypted: bool,
    method: u16,
    crc: u32,
    packed: u64,
    offset: u64,
}

/// Why a member's bytes cannot be had.
enum Refusal {
    /// Only this one. `cost`: bytes that were unpacked before.
    Member { reason: String, cost: u64 },
    /// The archive as a whole unpacks to too much.
    Total,
}

impl Refusal {
    fn member(reason: impl Into<String>) -> Self {
        Self::Member { reason: reason.into(), cost: 0 }
    }
}

struct Reader<'a> {
    input: BufReader<&'a mut dyn Input>,
    /// The bytes of one member.
    buffer: Vec<u8>,
}

impl Reader<'_> {
    /// Reads directory entries from `at`; gives where the next stand.
    fn batch(&mut self, at: u64, end: u64, most: u64, out: &mut Vec<Member>) -> std::io::Result<u64> {
        self.input.seek(SeekFrom::Start(at))?;
        let mut at = at;
        let mut head = [0; 46];
        let mut rest = Vec::new();
        while out.len() < BATCH && (out.len() as u64) < most && at + head.len() as u64 <= end {
            self.input.read_exact(&mut head)?;
            if !head.starts_with(&ENTRY) {
                break;
            }
            let half = |at| read_u16(&head, at).unwrap_or_default();
            let word = |at| read_u32(&head, at).unwrap_or_default();
            let (name, extra, comment) =
                (usize::from(half(28)), usize::from(half(30)), usize::from(half(32)));
            rest.clear();
            let variable = (name + extra + comment) as u64;
            if (&mut self.input).take(variable).read_to_end(&mut rest)? as u64 != variable {
                break;
            }
            at += head.len() as u64 + variable;
            let mut member = Member {
                name: String::from_utf8_lossy(rest.get(..name).unwrap_or_default()).into_owned(),
                encrypted: half(8) & 1 != 0,
                method: half(10),
                crc: word(16),
                packed: word(20).into(),
                offset: word(42).into(),
            };
            member.enlarge(word(24), rest.get(name..name + extra).unwrap_or_default());
            out.push(member);
        }
        Ok(at)
    }

    fn member(&mut self, member: &Member, limit: u64, left: u64) -> Result<&[u8], Refusal> {
        if member.encrypted {
            return Err(Refusal::member("is encrypted"));
        }
        let failed = |error: std::io::Error| Refusal::member(format!("cannot be unpacked: {error}"));
        self.input.seek(SeekFrom::Start(member.offset)).map_err(failed)?;
        let mut head = [0; 30];
        self.input.read_exact(&mut head).map_err(failed)?;
        if !head.starts_with(&LOCAL) {
            return Err(Refusal::member("does not stand where the directory says"));
        }
        let skip = i64::from(read_u16(&head, 26).unwrap_or_default())
            + i64::from(read_u16(&head, 28).unwrap_or_default());
        self.input.seek_relative(skip).map_err(failed)?;
        let packed = (&mut self.input).take(member.packed);
        self.buffer.clear();
        match member.method {
            0 => unpack(packed, &mut self.buffer, limit.min(left))?,
            8 => unpack(DeflateDecoder::new(packed), &mut self.buffer, limit.min(left))?,
            other => {
                return Err(Refusal::member(format!("is packed by method {other}, which is not supported")));
            }
        }
        let size = self.buffer.len() as u64;
        if size > left {
            return Err(Refusal::Total);
        }
        if size > limit {
            return Err(Refusal::Member {
                reason: format!("unpacks to more than {limit} bytes"),
                cost: limit,
            });
        }
        let mut crc = Crc::new();
        crc.update(&self.buffer);
        if crc.sum() != member.crc {
            return Err(Refusal::Member {
                reason: "is damaged: its checksum does not match".into(),
                cost: size,
            });
        }
        Ok(&self.buffer)
    }
}

/// Reads one byte more than `most`, so that the caller sees when there is more.
fn unpack(input: impl Read, out: &mut Vec<u8>, most: u64) -> Result<(), Refusal> {
    let result = input.take(most.saturating_add(1)).read_to_end(out);
    let cost = out.len() as u64;
    result.map_err(|error| Refusal::Member { reason: format!("cannot be unpacked: {error}"), cost })?;
    Ok(())
}

impl Member {
    /// Takes over sizes and offset of the zip64 field (4.5.3): only those are there that do not fit the entry.
    fn enlarge(&mut self, unpacked: u32, extra: &[u8]) {
        let mut at = 0;
        while let (Some(id), Some(size)) = (read_u16(extra, at), read_u16(extra, at + 2)) {
            let end = at + 4 + usize::from(size);
            if id == 1 {
                let field = extra.get(..end.min(extra.len())).unwrap_or_default();
                let mut value_at = at + 4;
                let mut value = || {
                    let value = read_u64(field, value_at);
                    value_at += 8;
                    value
                };
                if unpacked == u32::MAX {
                    value();
                }
                if self.packed == u64::from(u32::MAX) {
                    self.packed = value().unwrap_or(self.packed);
                }
                if self.offset == u64::from(u32::MAX) {
                    self.offset = value().unwrap_or(self.offset);
                }
                return;
            }
            at = end;
        }
    }
}

fn read_u16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

/// Unpacks gzip up to a limit.
///
/// # Errors
/// A reason, when it is damaged or passes the limit.
pub(crate) fn gunzip(input: &mut dyn BufRead, limit: u64) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let decoder = flate2::bufread::MultiGzDecoder::new(input);
    decoder
        .take(limit.saturating_add(1))
        .read_to_end(&mut out)
        .map_err(|error| format!("cannot be unpacked: {error}"))?;
    if out.len() as u64 > limit {
        return Err(format!("unpacks to more than {limit} bytes"));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::zip::write::{SimpleFileOptions, ZipWriter};
    use proptest::prelude::*;
    use std::io::{Cursor, Write};

    fn archive(members: &[(&str, &[u8])], options: SimpleFileOptions) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            writer.start_file(*name, options).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    type Seen = Vec<(String, Result<Vec<u8>, String>)>;

    fn read(bytes: &[u8], limits: &Limits) -> (Seen, Result<(), Error>) {
        let mut seen = Vec::new();
        let result = visit("a.zip", &mut Cursor::new(bytes), limits, &|_| true, &mut |name, bytes| {
            seen.push((name.to_owned(), bytes.map(<[u8]>::to_vec)));
        });
        (seen, result)
    }

    fn text(result: Result<(), Error>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn members_come_in_order_packed_or_not_and_with_large_fields() {
        let members: &[(&str, &[u8])] = &[("a.json", b"one"), ("b/", b""), ("c.json", &[7; 5_000])];
        let options = SimpleFileOptions::default();
        for options in
            [options, options.compression_method(::zip::CompressionMethod::Stored), options.large_file(true)]
        {
            let (seen, result) = read(&archive(members, options), &Limits::default());
            result.unwrap();
            let expected =
                vec![("a.json".to_owned(), Ok(b"one".to_vec())), ("c.json".into(), Ok(vec![7; 5_000]))];
            assert_eq!(seen, expected);
        }
    }

    #[test]
    fn a_bomb_costs_no_more_than_its_limit() {
        let zeros = vec![0; 3_000_000];
        let bytes = archive(&[("bomb", &zeros), ("good", b"x")], SimpleFileOptions::default());
        assert!(bytes.len() < 10_000);
        let (seen, result) = read(&bytes, &Limits { member_bytes: 1_000_000, ..Limits::default() });
        result.unwrap();
        assert_eq!(seen[0], ("bomb".into(), Err("unpacks to more than 1000000 bytes".into())));
        assert_eq!(seen[1], ("good".into(), Ok(b"x".to_vec())));

        let (seen, result) = read(&bytes, &Limits { total_bytes: 1_000_000, ..Limits::default() });
        assert!(text(result).contains("unpacks to more than 1000000 bytes"));
        assert!(seen.is_empty());

        let (_, result) = read(&bytes, &Limits { members: 1, ..Limits::default() });
        assert!(text(result).contains("holds 2 files, more than 1"));
    }

    #[test]
    fn a_damaged_member_is_named_and_the_rest_is_read() {
        let options = SimpleFileOptions::default().compression_method(::zip::CompressionMethod::Stored);
        let mut bytes = archive(&[("a", b"first"), ("b", b"second")], options);
        let at = memchr::memmem::find(&bytes, b"first").unwrap();
        bytes[at] = b'F';
        let (seen, result) = read(&bytes, &Limits::default());
        result.unwrap();
        assert_eq!(seen[0].1, Err("is damaged: its checksum does not match".into()));
        assert_eq!(seen[1].1, Ok(b"second".to_vec()));
    }

    #[test]
    fn a_cut_archive_is_an_error() {
        let bytes = archive(&[("a", b"first"), ("b", b"second")], SimpleFileOptions::default());
        for length in 0..bytes.len() {
            let (_, result) = read(&bytes[..length], &Limits::default());
            assert!(result.is_err(), "{length}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn changed_bytes_never_panic(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
            let mut bytes = archive(&[("a", b"first"), ("b", &[9; 900])], SimpleFileOptions::default());
            for (at, value) in changes {
                let at = at.index(bytes.len());
                bytes[at] = value;
            }
            let _ = read(&bytes, &Limits::default());
        }
    }
}
