//! Executables as bytes: what kind a file is, and which bytes lie at an address of the running program.
//!
//! Only what is needed to follow a pointer: program headers of ELF, sections of PE, segments of Mach-O (one architecture).
//! Sources: System V ABI chapter 5, Microsoft PE format, Mach-O `loader.h`.

use super::{go_binary, rust_binary};
use crate::{Manifest, ParseError};
use std::ops::Range;

/// Segments of one program beyond which the rest is not looked at.
const MAX_SEGMENTS: usize = 1024;

/// Whether a file starts as an ELF, PE or Mach-O program does. Eight bytes are enough.
pub fn is_executable(head: &[u8]) -> bool {
    if head.starts_with(b"\x7fELF") || head.starts_with(b"MZ") {
        return true;
    }
    match head.get(..4) {
        Some([0xfe, 0xed, 0xfa, 0xce | 0xcf] | [0xce | 0xcf, 0xfa, 0xed, 0xfe]) => true,
        // Java classes start alike; what follows is a version of 45 and more there, a count of architectures here.
        Some([0xca, 0xfe, 0xba, 0xbe | 0xbf]) => number(head, 4, 4, true).is_some_and(|count| count < 40),
        _ => false,
    }
}

/// Reads the list that a program carries: Go's of its modules, or that of a Rust program built with `cargo auditable`. A program
/// with neither gives an empty manifest.
///
/// # Errors
/// None; the signature is that of formats.
pub(super) fn parse(_: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let found = go_binary::parse(bytes);
    if found != Manifest::default() {
        return Ok(found);
    }
    Ok(section(bytes, rust_binary::SECTION).map(|range| rust_binary::parse(bytes, range)).unwrap_or_default())
}

/// Where parts of a file lie in memory.
pub(super) struct Image<'a> {
    bytes: &'a [u8],
    segments: Vec<Segment>,
}

struct Segment {
    address: u64,
    offset: u64,
    size: u64,
}

impl<'a> Image<'a> {
    /// `None` where the headers are of no known kind. Headers that point outside the file give no segment.
    pub fn of(bytes: &'a [u8]) -> Option<Self> {
        let segments = elf(bytes).or_else(|| pe(bytes)).or_else(|| mach_o(bytes))?;
        Some(Self { bytes, segments })
    }

    /// The bytes of the file that are at an address of the program.
    pub fn at(&self, address: u64, size: u64) -> Option<&'a [u8]> {
        let segment = self
            .segments
            .iter()
            .find(|it| address.checked_sub(it.address).is_some_and(|inside| inside < it.size))?;
        let inside = address - segment.address;
        if size > segment.size - inside {
            return None;
        }
        let start = usize::try_from(segment.offset.checked_add(inside)?).ok()?;
        let end = start.checked_add(usize::try_from(size).ok()?)?;
        self.bytes.get(start..end)
    }
}

/// A number of 2, 4 or 8 bytes.
pub(super) fn number(bytes: &[u8], at: usize, size: usize, big_endian: bool) -> Option<u64> {
    let field = bytes.get(at..at.checked_add(size)?)?;
    let push = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
    Some(if big_endian { field.iter().fold(0, push) } else { field.iter().rev().fold(0, push) })
}

fn elf(bytes: &[u8]) -> Option<Vec<Segment>> {
    if !bytes.starts_with(b"\x7fELF") {
        return None;
    }
    let wide = bytes.get(4)? == &2;
    let big = bytes.get(5)? == &2;
    let word = if wide { 8 } else { 4 };
    let (table, entry, count) = if wide { (32, 54, 56) } else { (28, 42, 44) };
    let table = usize::try_from(number(bytes, table, word, big)?).ok()?;
    let entry = usize::try_from(number(bytes, entry, 2, big)?).ok()?;
    let count = usize::try_from(number(bytes, count, 2, big)?).ok()?;
    let (offset, address, size) = if wide { (8, 16, 32) } else { (4, 8, 16) };
    let mut segments = Vec::new();
    for index in 0..count.min(MAX_SEGMENTS) {
        let Some(at) = index.checked_mul(entry).and_then(|it| it.checked_add(table)) else { break };
        let field = |inside: usize, size: usize| number(bytes, at.checked_add(inside)?, size, big);
        // PT_LOAD.
        if field(0, 4) != Some(1) {
            continue;
        }
        if let (Some(address), Some(offset), Some(size)) =
            (field(address, word), field(offset, word), field(size, word))
        {
            segments.push(Segment { address, offset, size });
        }
    }
    Some(segments)
}

fn pe(bytes: &[u8]) -> Option<Vec<Segment>> {
    if !bytes.starts_with(b"MZ") {
        return None;
    }
    let header = usize::try_from(number(bytes, 0x3c, 4, false)?).ok()?;
    if bytes.get(header..header.checked_add(4)?)? != b"PE\0\0" {
        return None;
    }
    let count = usize::try_from(number(bytes, header.checked_add(6)?, 2, false)?).ok()?;
    let optional = header.checked_add(24)?;
    let optional_size = usize::try_from(number(bytes, header.checked_add(20)?, 2, false)?).ok()?;
    let base = match number(bytes, optional, 2, false)? {
        0x20b => number(bytes, optional.checked_add(24)?, 8, false)?,
        _ => number(bytes, optional.checked_add(28)?, 4, false)?,
    };
    let table = optional.checked_add(optional_size)?;
    let mut segments = Vec::new();
    for index in 0..count.min(MAX_SEGMENTS) {
        let Some(at) = index.checked_mul(40).and_then(|it| it.checked_add(table)) else { break };
        let field = |inside: usize| number(bytes, at.checked_add(inside)?, 4, false);
        if let (Some(address), Some(size), Some(offset)) = (field(12), field(16), field(20)) {
            segments.push(Segment { address: base.saturating_add(address), offset, size });
        }
    }
    Some(segments)
}

/// Whether a program of one architecture has words of 8 bytes, and the high byte first.
fn mach_o_kind(bytes: &[u8]) -> Option<(bool, bool)> {
    match bytes.get(..4)? {
        [0xfe, 0xed, 0xfa, 0xce] => Some((false, true)),
        [0xfe, 0xed, 0xfa, 0xcf] => Some((true, true)),
        [0xce, 0xfa, 0xed, 0xfe] => Some((false, false)),
        [0xcf, 0xfa, 0xed, 0xfe] => Some((true, false)),
        _ => None,
    }
}

fn mach_o(bytes: &[u8]) -> Option<Vec<Segment>> {
    let (wide, big) = mach_o_kind(bytes)?;
    let count = usize::try_from(number(bytes, 16, 4, big)?).ok()?;
    let mut at = if wide { 32 } else { 28 };
    let mut segments = Vec::new();
    for _ in 0..count.min(MAX_SEGMENTS) {
        let (Some(command), Some(size)) = (number(bytes, at, 4, big), number(bytes, at + 4, 4, big)) else {
            break;
        };
        let word = if wide { 8 } else { 4 };
        // LC_SEGMENT and LC_SEGMENT_64: address, memory size, file offset, file size after a name of 16 bytes.
        if command == if wide { 0x19 } else { 1 } {
            let field = |index: usize| number(bytes, at.checked_add(24 + index * word)?, word, big);
            if let (Some(address), Some(offset), Some(size)) = (field(0), field(2), field(3)) {
                segments.push(Segment { address, offset, size });
            }
        }
        let Some(next) =
            usize::try_from(size).ok().filter(|size| *size > 0).and_then(|it| at.checked_add(it))
        else {
            break;
        };
        at = next;
    }
    Some(segments)
}

/// Bytes of the section of a name: of ELF, PE, or Mach-O (where it is in any segment).
pub(super) fn section(bytes: &[u8], name: &str) -> Option<Range<usize>> {
    let range = elf_section(bytes, name)
        .or_else(|| pe_section(bytes, name))
        .or_else(|| mach_o_section(bytes, name))?;
    (range.start < range.end && range.end <= bytes.len()).then_some(range)
}

fn range(start: u64, size: u64) -> Option<Range<usize>> {
    let start = usize::try_from(start).ok()?;
    Some(start..start.checked_add(usize::try_from(size).ok()?)?)
}

/// Whether bytes that end with the field or with a zero are the name.
fn is_name(field: &[u8], name: &str) -> bool {
    field.split(|byte| *byte == 0).next() == Some(name.as_bytes())
}

fn elf_section(bytes: &[u8], name: &str) -> Option<Range<usize>> {
    if !bytes.starts_with(b"\x7fELF") {
        return None;
    }
    let wide = bytes.get(4)? == &2;
    let big = bytes.get(5)? == &2;
    let word = if wide { 8 } else { 4 };
    let (table, entry, count, names) = if wide { (40, 58, 60, 62) } else { (32, 46, 48, 50) };
    let table = usize::try_from(number(bytes, table, word, big)?).ok()?;
    let [entry, count, names] =
        [entry, count, names].map(|at| number(bytes, at, 2, big).and_then(|it| usize::try_from(it).ok()));
    let (entry, count) = (entry?, count?.min(MAX_SEGMENTS));
    let (offset, size) = if wide { (24, 32) } else { (16, 20) };
    let field = |index: usize, inside: usize, size: usize| {
        number(bytes, index.checked_mul(entry)?.checked_add(table)?.checked_add(inside)?, size, big)
    };
    let place = |index: usize| range(field(index, offset, word)?, field(index, size, word)?);
    let names = bytes.get(place(names?)?)?;
    (0..count)
        .find(|index| {
            let at = field(*index, 0, 4).and_then(|at| usize::try_from(at).ok());
            at.and_then(|at| names.get(at..at.saturating_add(name.len() + 1).min(names.len())))
                .is_some_and(|field| is_name(field, name))
        })
        .and_then(place)
}

/// Names in PE are of 8 bytes at most.
fn pe_section(bytes: &[u8], name: &str) -> Option<Range<usize>> {
    if !bytes.starts_with(b"MZ") {
        return None;
    }
    let header = usize::try_from(number(bytes, 0x3c, 4, false)?).ok()?;
    let count = usize::try_from(number(bytes, header.checked_add(6)?, 2, false)?).ok()?;
    let optional = usize::try_from(number(bytes, header.checked_add(20)?, 2, false)?).ok()?;
    let table = header.checked_add(24)?.checked_add(optional)?;
    (0..count.min(MAX_SEGMENTS)).find_map(|index| {
        let at = index.checked_mul(40)?.checked_add(table)?;
        let field = bytes.get(at..at.checked_add(8)?)?;
        // Padded to the file's alignment: what is behind the virtual size is no part of it.
        let size = number(bytes, at + 16, 4, false)?.min(number(bytes, at + 8, 4, false)?.max(1));
        is_name(field, name).then(|| range(number(bytes, at + 20, 4, false)?, size))?
    })
}

fn mach_o_section(bytes: &[u8], name: &str) -> Option<Range<usize>> {
    let (wide, big) = mach_o_kind(bytes)?;
    let count = usize::try_from(number(bytes, 16, 4, big)?).ok()?;
    let mut at = if wide { 32usize } else { 28 };
    let (first, entry, size, offset) = if wide { (72, 80, 40, 48) } else { (56, 68, 36, 40) };
    let word = if wide { 8 } else { 4 };
    for _ in 0..count.min(MAX_SEGMENTS) {
        let command = number(bytes, at, 4, big)?;
        let length = usize::try_from(number(bytes, at.checked_add(4)?, 4, big)?).ok().filter(|it| *it > 0)?;
        if command == if wide { 0x19 } else { 1 } {
            let sections =
                usize::try_from(number(bytes, at.checked_add(if wide { 64 } else { 48 })?, 4, big)?).ok()?;
            for index in 0..sections.min(MAX_SEGMENTS) {
                let section = at.checked_add(first)?.checked_add(index.checked_mul(entry)?)?;
                let field = bytes.get(section..section.checked_add(16)?)?;
                if is_name(field, name) {
                    let size = number(bytes, section.checked_add(size)?, word, big)?;
                    return range(number(bytes, section.checked_add(offset)?, 4, big)?, size);
                }
            }
        }
        at = at.checked_add(length)?;
    }
    None
}
