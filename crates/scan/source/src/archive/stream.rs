//! Compressed streams: gzip, bzip2, xz, zstandard. One content each, decoded from front to back.
//!
//! Sources: RFC 1952 (gzip), RFC 8878 section 3.1.1 (zstandard frame header), the xz file format 1.2.0 sections 2 and 3.1
//! (block header).

use super::Format;
use super::meter::{Halted, Metered};
use super::opener::Opener;
use crate::classify::HEAD;
use std::io::{self, BufRead, BufReader, Read};

/// Read from below at a time.
const INPUT: usize = 32 << 10;

/// What a bzip2 decoder holds: 900,000 symbols of 4 bytes and its tables.
const BZIP2_MEMORY: u64 = 4 << 20;

/// What the other decoders hold beside their window.
const TABLES: u64 = 256 << 10;

/// The window that is assumed where the header does not tell: what the usual settings of xz and zstd need.
const USUAL_WINDOW: u64 = 8 << 20;

/// Visits what is in the stream. `depth` counts it.
pub(super) fn visit(
    opener: &mut Opener<'_, '_>,
    format: Format,
    reader: &mut dyn Read,
    depth: u32,
) -> Result<(), Halted> {
    let mut input = BufReader::with_capacity(INPUT, reader);
    let memory = match input.fill_buf() {
        Ok(head) => memory_for(format, head),
        Err(error) => return opener.failed(&error),
    };
    if let Err(denied) = opener.chain.reserve(memory) {
        return opener.denied(denied);
    }
    let meter = opener.meter;
    let outcome = match decoder(format, input, memory) {
        Ok(inner) => opener.decompressed(&mut Metered { meter, inner }, depth),
        Err(error) => opener.failed(&error),
    };
    opener.chain.release(memory);
    outcome
}

/// The decoder of a format. It refuses to take more than `memory` bytes, which [`memory_for`] told.
pub(super) fn decoder<'r>(
    format: Format,
    input: impl BufRead + 'r,
    memory: u64,
) -> io::Result<Box<dyn Read + 'r>> {
    Ok(match format {
        Format::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(input)),
        Format::Xz => {
            let limit = u32::try_from(memory / 1024).unwrap_or(u32::MAX - 1);
            Box::new(lzma_rust2::XzReader::new_mem_limit(input, true, limit))
        }
        Format::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(input)?;
            // The smallest power of two that has room for the window; at least what the library allows.
            let window = memory.saturating_sub(TABLES).max(1 << 10);
            decoder.window_log_max(window.next_power_of_two().trailing_zeros().clamp(10, 31))?;
            Box::new(decoder)
        }
        // The other formats have readers of their own.
        Format::Gzip | Format::Zip | Format::SevenZ | Format::Tar => {
            Box::new(flate2::bufread::MultiGzDecoder::new(input))
        }
    })
}

/// Bytes that decoding a stream that starts with `head` takes.
pub(super) fn memory_for(format: Format, head: &[u8]) -> u64 {
    match format {
        Format::Bzip2 => BZIP2_MEMORY,
        Format::Xz => xz_dictionary(head).unwrap_or(USUAL_WINDOW).saturating_add(TABLES),
        Format::Zstd => zstd_window(head).unwrap_or(USUAL_WINDOW).saturating_add(TABLES),
        _ => TABLES,
    }
}

/// How a compressed file's only member is called: the file's name without the last ending.
pub(super) fn inner_name(name: &str) -> &str {
    let base = name.rsplit('/').next().unwrap_or(name);
    match base.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => base,
    }
}

/// Dictionary size of the first block: the property byte of its LZMA2 filter.
fn xz_dictionary(head: &[u8]) -> Option<u64> {
    // Stream header of 12 bytes, then: size of the block header, flags, sizes if flagged, filters.
    let (&flags, mut rest) = head.get(13..head.len().min(HEAD))?.split_first()?;
    for flag in [0x40, 0x80] {
        if flags & flag != 0 {
            rest = variable_length(rest)?.1;
        }
    }
    for _ in 0..=(flags & 3) {
        let (id, after) = variable_length(rest)?;
        let (size, after) = variable_length(after)?;
        let size = usize::try_from(size).ok()?;
        if id == 0x21 {
            let bits = *after.first()?;
            return match bits {
                0..=39 => Some(u64::from(2 | bits & 1) << (bits / 2 + 11)),
                40 => Some(u64::from(u32::MAX)),
                _ => None,
            };
        }
        rest = after.get(size..)?;
    }
    None
}

/// Seven bits per byte, lowest first.
fn variable_length(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (at, &byte) in bytes.iter().take(9).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[at + 1..]));
        }
    }
    None
}

/// Window size of the first frame.
fn zstd_window(head: &[u8]) -> Option<u64> {
    let rest = head.strip_prefix(&[0x28, 0xb5, 0x2f, 0xfd])?;
    let (&descriptor, rest) = rest.split_first()?;
    if descriptor & 0x20 == 0 {
        let &window = rest.first()?;
        let base = 1u64 << (10 + u64::from(window >> 3));
        return Some(base + base / 8 * u64::from(window & 7));
    }
    // A single segment: the window is the content, whose size stands behind the dictionary's id.
    let id = [0, 1, 2, 4][usize::from(descriptor & 3)];
    let size = rest.get(id..)?;
    match descriptor >> 6 {
        0 => size.first().map(|&byte| u64::from(byte)),
        1 => size.first_chunk().map(|&bytes| u64::from(u16::from_le_bytes(bytes)) + 256),
        2 => size.first_chunk().map(|&bytes| u64::from(u32::from_le_bytes(bytes))),
        _ => size.first_chunk().map(|&bytes| u64::from_le_bytes(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_named_after_their_stream() {
        for (name, inner) in [
            ("dump.sql.gz", "dump.sql"),
            ("dir/a.txt.xz", "a.txt"),
            ("plain", "plain"),
            (".gz", ".gz"),
            ("x.tgz", "x"),
            ("", ""),
        ] {
            assert_eq!(inner_name(name), inner);
        }
    }

    #[test]
    fn window_sizes_are_read_from_headers() {
        // Written by `xz -0` and `xz -9`: dictionaries of 256 KiB and 64 MiB.
        let xz =
            |property: u8| [&b"\xfd7zXZ\0\0\x04\xe6\xd6\xb4\x46\x02\0\x21\x01"[..], &[property]].concat();
        assert_eq!(xz_dictionary(&xz(0x0c)), Some(256 << 10));
        assert_eq!(xz_dictionary(&xz(0x1c)), Some(64 << 20));
        assert_eq!(xz_dictionary(&xz(40)), Some(u64::from(u32::MAX)));
        assert_eq!(xz_dictionary(&xz(41)), None);
        assert_eq!(xz_dictionary(b"\xfd7zXZ\0"), None);
        assert_eq!(zstd_window(b"\x28\xb5\x2f\xfd\x00\x58"), Some(2 << 20));
        assert_eq!(zstd_window(b"\x28\xb5\x2f\xfd\x20\x05"), Some(5));
        assert_eq!(zstd_window(b"\x28\xb5\x2f\xfd\xe0\0\0\0\0\0\0\0\x01"), Some(1 << 56));
        assert_eq!(zstd_window(b"\x28\xb5\x2f\xfd"), None);
    }
}
