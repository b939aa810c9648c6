//! How long a 7z header is, before anybody holds it.
//!
//! Source: 7-Zip's `DOC/7zFormat.txt`: "Signature Header", "Encoded Header", "Pack Info", "Folder", "Coders Info". The
//! header proper is read by the library; this only looks for the one number that decides what that will cost.

use super::super::ReadSeek;
use std::io::{self, SeekFrom};

/// Signature, version, checksum; then offset, size and checksum of the header.
const SIGNATURE: u64 = 32;

/// An encoded header describes one compressed stream; this is more than any needs.
const LONGEST: u64 = 1 << 10;

/// Bytes of the header when decoded; `None` when it is of a shape that is not understood here.
pub(super) fn decoded_size(file: &mut dyn ReadSeek) -> io::Result<Option<u64>> {
    let mut start = [0; SIGNATURE as usize];
    file.seek(SeekFrom::Start(0))?;
    file.read_exact(&mut start)?;
    let number = |at: usize| start[at..].first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
    let (offset, size) = (number(12), number(20));
    let Some(at) = SIGNATURE.checked_add(offset) else { return Ok(None) };
    file.seek(SeekFrom::Start(at))?;
    let mut header = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(file, size.min(LONGEST)), &mut header)?;
    Ok(match header.split_first() {
        // Plain: as long as it is.
        Some((0x01, _)) => Some(size),
        Some((0x17, encoded)) => encoded_size(&mut Fields(encoded)),
        // No members at all.
        None => Some(0),
        Some(_) => None,
    })
}

/// The unpacked size in an encoded header: one packed stream, one folder; the last of its coders' sizes is as good as
/// any, since a header's coders change no lengths but for the compression itself, whose output is the largest.
fn encoded_size(fields: &mut Fields<'_>) -> Option<u64> {
    fields.expect(0x06)?;
    let _position = fields.number()?;
    let streams = fields.number()?;
    loop {
        match fields.byte()? {
            0x00 => break,
            0x09 => (0..streams).try_for_each(|_| fields.number().map(drop))?,
            // Checksums: all defined.
            0x0a => {
                fields.expect(1)?;
                fields.skip(streams.checked_mul(4)?)?;
            }
            _ => return None,
        }
    }
    fields.expect(0x07)?;
    fields.expect(0x0b)?;
    // One folder, described here.
    fields.expect(1)?;
    fields.expect(0)?;
    let coders = fields.number()?;
    for _ in 0..coders {
        let flags = fields.byte()?;
        // Several inputs or outputs: not what headers are packed with.
        if flags & 0xd0 != 0 {
            return None;
        }
        fields.skip(u64::from(flags & 0x0f))?;
        if flags & 0x20 != 0 {
            let properties = fields.number()?;
            fields.skip(properties)?;
        }
    }
    // Each coder but one feeds another.
    for _ in 1..coders {
        fields.number()?;
        fields.number()?;
    }
    fields.expect(0x0c)?;
    (0..coders).map(|_| fields.number()).try_fold(0, |most, size| Some(size?.max(most)))
}

struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.byte()? == byte).then_some(())
    }

    fn skip(&mut self, bytes: u64) -> Option<()> {
        self.0 = self.0.get(usize::try_from(bytes).ok()?..)?;
        Some(())
    }

    /// As many leading ones in the first byte as bytes follow, lowest first; the rest of the first byte is highest.
    fn number(&mut self) -> Option<u64> {
        let first = self.byte()?;
        let mut value = 0;
        let mut mask = 0x80;
        for shift in (0..64).step_by(8) {
            if first & mask == 0 {
                let high = u64::from(first & mask.wrapping_sub(1));
                return Some(value | high.checked_shl(shift).unwrap_or(0));
            }
            value |= u64::from(self.byte()?) << shift;
            mask >>= 1;
        }
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_length() {
        for (bytes, value) in [
            (&[0x05][..], 5),
            (&[0x7f], 127),
            (&[0x80, 0x80], 128),
            (&[0x81, 0x02], 258),
            (&[0xc1, 0x02, 0x03], 0x1_0302),
            (&[0xff, 1, 2, 3, 4, 5, 6, 7, 8], 0x0807_0605_0403_0201),
        ] {
            assert_eq!(Fields(bytes).number(), Some(value), "{bytes:x?}");
        }
        assert_eq!(Fields(&[0xff, 1]).number(), None);
    }

    #[test]
    fn the_library_writes_headers_that_are_understood() {
        for members in [1, 500] {
            let mut writer = sevenz_rust2::ArchiveWriter::new(io::Cursor::new(Vec::new())).unwrap();
            for at in 0..members {
                let entry = sevenz_rust2::ArchiveEntry::new_file(&format!("some/folder/file-{at}"));
                writer.push_archive_entry(entry, Some(&b"x"[..])).unwrap();
            }
            let size = decoded_size(&mut writer.finish().unwrap()).unwrap().unwrap();
            assert!(size > members * 40 && size < members * 200 + 200, "{members}: {size}");
        }
    }

    #[test]
    fn anything_is_survived() {
        for length in 0..200 {
            let mut bytes = b"7z\xbc\xaf\x27\x1c\0\x04".to_vec();
            bytes.extend((0..length).map(|at: u8| at.wrapping_mul(37)));
            let _ = decoded_size(&mut io::Cursor::new(bytes));
        }
    }
}
