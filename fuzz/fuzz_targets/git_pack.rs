//! Packs and indexes. Half of the inputs are raw; the other half describe entries that are wrapped into valid zlib
//! streams and a valid index first, so that damage reaches headers, offsets and deltas.
//!
//! Whatever it is, decoding ends, each listed object is told once, within the limits, and two threads find what one
//! finds.
#![no_main]

use bartizan_source::git::{PackIndex, decode_pack, parse_entry_header};
use libfuzzer_sys::fuzz_target;

const LIMIT: u64 = 1 << 16;
const MEMORY: u64 = 1 << 22;

fuzz_target!(|input: &[u8]| {
    let Some((&mode, rest)) = input.split_first() else { return };
    if let Ok(header) = parse_entry_header(rest, 20) {
        assert!(header.length <= rest.len());
    }
    let (pack, index) = if mode & 1 == 0 {
        let Some((&cut, rest)) = rest.split_first() else { return };
        let (pack, index) = rest.split_at(rest.len() * usize::from(cut) / 255);
        (pack.to_vec(), index.to_vec())
    } else {
        wrap(rest)
    };
    let read = |at: u64, buffer: &mut [u8]| {
        let from = usize::try_from(at).ok().and_then(|at| index.get(at..)?.get(..buffer.len()));
        buffer.copy_from_slice(from.ok_or(bartizan_source::git::Fault::Truncated)?);
        Ok(())
    };
    if let Ok(index) = PackIndex::parse(&read, 20, 10_000) {
        assert_eq!(index.ids.len(), index.offsets.len() * 20);
    }
    let one = decode_pack(pack.clone(), &index, 20, 1, LIMIT, MEMORY);
    if let Ok(objects) = &one {
        for (_, bytes) in objects.values().flatten() {
            assert!(bytes.len() as u64 <= LIMIT);
        }
    }
    if mode & 2 != 0 {
        assert_eq!(decode_pack(pack, &index, 20, 2, LIMIT, MEMORY), one);
    }
});

/// Entries: a byte of header, a byte of length, what stands between header and stream as the header asks, the content.
fn wrap(mut rest: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut pack = b"PACK\0\0\0\x02\0\0\0\0".to_vec();
    let mut offsets = Vec::new();
    while let Some((&[kind, length], after)) = rest.split_first_chunk::<2>() {
        rest = after;
        offsets.push(pack.len() as u32);
        let length = usize::from(length).min(rest.len());
        let (content, after) = rest.split_at(length);
        rest = after;
        pack.extend([0x80 | kind & 0x70 | (length & 15) as u8, (length >> 4) as u8]);
        match kind >> 4 & 7 {
            // One entry back, or as far as the low bits say.
            6 => {
                let start = pack.len() as u32 - 2;
                let back = offsets.iter().rev().nth(1 + usize::from(kind & 7)).map_or(1, |base| start - base);
                let back = back.clamp(1, 0x407f);
                if back >= 0x80 {
                    let high = (back >> 7) - 1;
                    pack.extend([0x80 | (high & 0x7f) as u8, (back & 0x7f) as u8]);
                } else {
                    pack.push(back as u8);
                }
            }
            7 => pack.extend(id(usize::from(kind & 15))),
            _ => {}
        }
        // A zlib stream of one stored block.
        pack.extend([0x78, 0x01, 0x01, length as u8, 0, !(length as u8), 0xff]);
        pack.extend_from_slice(content);
        pack.extend(adler32(content).to_be_bytes());
        if offsets.len() == 200 {
            break;
        }
    }
    let count = offsets.len() as u32;
    pack[8..12].copy_from_slice(&count.to_be_bytes());
    pack.extend([0; 20]);
    let mut index = b"\xfftOc\0\0\0\x02".to_vec();
    for first in 0..256 {
        index.extend(count.min(first + 1).to_be_bytes());
    }
    (0..offsets.len()).for_each(|entry| index.extend(id(entry)));
    index.extend(vec![0; offsets.len() * 4]);
    offsets.iter().for_each(|offset| index.extend(offset.to_be_bytes()));
    index.extend([0; 40]);
    (pack, index)
}

fn id(entry: usize) -> [u8; 20] {
    [entry as u8; 20]
}

fn adler32(bytes: &[u8]) -> u32 {
    let (a, b) = bytes.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    b << 16 | a
}
