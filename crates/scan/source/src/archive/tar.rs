//! tar: 512-byte headers, each followed by its member, read from front to back.
//!
//! Source: POSIX.1-2017 `pax`, "ustar Interchange Format" and "pax Header Block"; for the GNU types (`L`, `K`, `S`, sizes
//! in base 256) the GNU tar manual, "Basic Tar Format".

use super::meter::Halted;
use super::opener::Opener;
use bartizan_model::NotDoneKind;
use std::io::{self, Read};

const BLOCK: usize = 512;

/// How much of a long name or of a pax header is kept; the rest is read over.
const LONGEST_EXTENSION: u64 = 64 << 10;

/// Whether `head` starts with a tar header: its checksum holds. That of a block of zeros, which ends an archive, does not.
pub(super) fn is_header(head: &[u8]) -> bool {
    head.first_chunk::<BLOCK>().is_some_and(checksum_holds)
}

/// Visits all members. `depth` counts this archive.
pub(super) fn visit(opener: &mut Opener<'_, '_>, reader: &mut dyn Read, depth: u32) -> Result<(), Halted> {
    let mut extension = Extension::default();
    loop {
        let mut block = [0; BLOCK];
        match read_block(reader, &mut block) {
            Ok(false) => {
                opener.meter.go_on()?;
                opener.report(NotDoneKind::Broken, "truncated: a tar without its end mark");
                return Ok(());
            }
            Ok(true) => {}
            Err(error) => return opener.failed(&error),
        }
        if block.iter().all(|&byte| byte == 0) {
            return Ok(());
        }
        let Some(header) = Header::parse(&block) else {
            opener.meter.go_on()?;
            opener.report(NotDoneKind::Broken, "corrupt: a tar header does not match its checksum");
            return Ok(());
        };
        let size = extension.size.filter(|_| header.holds_member()).unwrap_or(header.size);
        let mut body = Body { reader, left: size, padding: size.wrapping_neg() % BLOCK as u64 };
        let outcome = match header.kind {
            b'L' | b'x' | b'g' | b'K' => extension.read(header.kind, &mut body),
            // Directories, links and devices: nothing in them.
            b'1'..=b'6' => {
                extension = Extension::default();
                opener.meter.member()?;
                Ok(())
            }
            kind => {
                let path = std::mem::take(&mut extension).path.unwrap_or(header.path);
                let sparse = if kind == b'S' { skip_sparse_map(&block, body.reader) } else { Ok(()) };
                if sparse.is_ok() {
                    opener.member(&path, &mut body, Some(size), depth)?;
                }
                sparse
            }
        };
        if let Err(error) = outcome.and_then(|()| body.skip()) {
            return opener.failed(&error);
        }
    }
}

/// What is read of a header.
struct Header {
    path: Vec<u8>,
    size: u64,
    kind: u8,
}

impl Header {
    fn parse(block: &[u8; BLOCK]) -> Option<Self> {
        if !checksum_holds(block) {
            return None;
        }
        let mut path = Vec::new();
        // The prefix field is POSIX's; GNU's own format keeps times there.
        if block[257..].starts_with(b"ustar\0") {
            path.extend_from_slice(text(&block[345..500]));
            if !path.is_empty() {
                path.push(b'/');
            }
        }
        path.extend_from_slice(text(&block[..100]));
        // In the oldest format a directory is a file whose name ends so.
        let kind = if block[156] == 0 && path.ends_with(b"/") { b'5' } else { block[156] };
        Some(Self { path, size: number(&block[124..136])?, kind })
    }

    /// Whether a pax size may replace the header's: extension headers have their own.
    fn holds_member(&self) -> bool {
        !matches!(self.kind, b'L' | b'K' | b'x' | b'g')
    }
}

/// What extension headers say about the member behind them.
#[derive(Default)]
struct Extension {
    path: Option<Vec<u8>>,
    size: Option<u64>,
}

impl Extension {
    fn read(&mut self, kind: u8, body: &mut Body<'_>) -> io::Result<()> {
        let mut bytes = Vec::new();
        body.take(LONGEST_EXTENSION).read_to_end(&mut bytes)?;
        match kind {
            b'L' => self.path = Some(text(&bytes).to_vec()),
            b'x' => self.parse_pax(&bytes),
            // Link targets, and defaults for all members (in practice only a comment).
            _ => {}
        }
        Ok(())
    }

    /// Records `LENGTH KEY=VALUE\n`, where the length counts the whole record.
    fn parse_pax(&mut self, mut bytes: &[u8]) {
        while let Some(blank) = bytes.iter().position(|&byte| byte == b' ') {
            let length =
                std::str::from_utf8(&bytes[..blank]).ok().and_then(|text| text.parse::<usize>().ok());
            let Some(record) = length.filter(|&length| length > blank).and_then(|length| bytes.get(..length))
            else {
                return;
            };
            let record_body = record[blank + 1..].strip_suffix(b"\n").unwrap_or(&record[blank + 1..]);
            if let Some(path) = record_body.strip_prefix(b"path=") {
                self.path = Some(path.to_vec());
            } else if let Some(size) = record_body.strip_prefix(b"size=") {
                self.size = std::str::from_utf8(size).ok().and_then(|text| text.parse().ok());
            }
            bytes = &bytes[record.len()..];
        }
    }
}

/// A member's bytes; what is left of them is read over before the next header.
struct Body<'r> {
    reader: &'r mut dyn Read,
    left: u64,
    padding: u64,
}

impl Body<'_> {
    fn skip(&mut self) -> io::Result<()> {
        let mut waste = [0; 16 << 10];
        let all = self.left.saturating_add(self.padding);
        let mut left = all;
        while left > 0 {
            let want = usize::try_from(left).unwrap_or(usize::MAX).min(waste.len());
            match self.reader.read(&mut waste[..want]) {
                // Many writers leave out the padding of the last member.
                Ok(0) if left <= self.padding => break,
                Ok(0) => return Err(ends_early()),
                Ok(count) => left -= count as u64,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.left = 0;
        self.padding = 0;
        Ok(())
    }
}

impl Read for Body<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let want = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if want == 0 {
            return Ok(0);
        }
        let count = self.reader.read(&mut buffer[..want])?;
        if count == 0 {
            return Err(ends_early());
        }
        self.left -= count as u64;
        Ok(count)
    }
}

fn ends_early() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "it ends in the middle of a member")
}

/// GNU sparse files carry more of their map in blocks of its own, in front of the data; the data are scanned as
/// they are stored.
fn skip_sparse_map(header: &[u8; BLOCK], reader: &mut dyn Read) -> io::Result<()> {
    let mut more = header[482] != 0;
    while more {
        let mut block = [0; BLOCK];
        reader.read_exact(&mut block)?;
        more = block[504] != 0;
    }
    Ok(())
}

/// Fills a block; `false` when the reader was at its end.
fn read_block(reader: &mut dyn Read, block: &mut [u8; BLOCK]) -> io::Result<bool> {
    let mut have = 0;
    while have < BLOCK {
        match reader.read(&mut block[have..]) {
            Ok(0) if have == 0 => return Ok(false),
            Ok(0) => return Err(ends_early()),
            Ok(count) => have += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// The checksum is the sum of all bytes, its own field counted as blanks; some old writers summed signed bytes.
fn checksum_holds(block: &[u8; BLOCK]) -> bool {
    let Some(expected) = number(&block[148..156]) else { return false };
    let (mut unsigned, mut signed) = (0i64, 0i64);
    for (at, &byte) in block.iter().enumerate() {
        let byte = if (148..156).contains(&at) { b' ' } else { byte };
        unsigned += i64::from(byte);
        signed += i64::from(byte.cast_signed());
    }
    let expected = i64::try_from(expected).unwrap_or(-1);
    expected == unsigned || expected == signed
}

/// A number in octal, or in base 256 when the first bit is set.
fn number(field: &[u8]) -> Option<u64> {
    let (&first, rest) = field.split_first()?;
    if first & 0x80 != 0 {
        // Sizes are not negative.
        if first & 0x40 != 0 {
            return None;
        }
        return rest.iter().try_fold(u64::from(first & 0x3f), |value, &byte| {
            value.checked_mul(256).and_then(|value| value.checked_add(u64::from(byte)))
        });
    }
    let digits = text(field).trim_ascii();
    if digits.is_empty() {
        return Some(0);
    }
    digits.iter().try_fold(0u64, |value, &byte| match byte {
        b'0'..=b'7' => value.checked_mul(8)?.checked_add(u64::from(byte - b'0')),
        _ => None,
    })
}

/// A field up to its first NUL.
fn text(field: &[u8]) -> &[u8] {
    field.split(|&byte| byte == 0).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_both_forms() {
        assert_eq!(number(b"0000644\0"), Some(0o644));
        assert_eq!(number(b"   644 \0"), Some(0o644));
        assert_eq!(number(b"\0\0\0\0"), Some(0));
        assert_eq!(number(b"\x80\0\0\x01\0"), Some(256));
        assert_eq!(number(b"\x80\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"), None, "beyond 64 bits");
        assert_eq!(number(b"\xff\xff\xff\xff"), None, "negative");
        assert_eq!(number(b"12x4"), None);
    }

    #[test]
    fn pax_records_with_wrong_lengths_are_left() {
        let mut extension = Extension::default();
        extension.parse_pax(b"12 path=a/b\n14 size=12345\n");
        assert_eq!((extension.path.as_deref(), extension.size), (Some(&b"a/b"[..]), Some(12345)));
        for bad in
            [&b"0 path=x\n"[..], b"99999999999999999999 path=x\n", b"2 path=x\n", b"50 path=x\n", b" \n"]
        {
            let mut extension = Extension::default();
            extension.parse_pax(bad);
            assert!(extension.size.is_none());
        }
    }

    #[test]
    fn a_header_is_known_by_its_checksum() {
        assert!(!is_header(&[0; BLOCK]));
        assert!(!is_header(b"short"));
        let mut block = [0; BLOCK];
        block[..5].copy_from_slice(b"a.txt");
        let sum: u32 = block.iter().map(|&b| u32::from(b)).sum::<u32>() + 8 * 32;
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        assert!(is_header(&block));
        block[0] = b'b';
        assert!(!is_header(&block));
    }
}
