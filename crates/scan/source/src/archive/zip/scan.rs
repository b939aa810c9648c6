//! A zip from front to back, by its local headers: when it cannot be held in whole, or has lost its directory.

use super::super::meter::{Halted, Metered};
use super::super::opener::Opener;
use super::directory::Claim;
use super::member::{self, LOCAL};
use super::{u16_at, u32_at};
use bartizan_model::NotDoneKind;
use std::io::{self, BufRead, BufReader, Read};

/// Read from below at a time.
const INPUT: usize = 32 << 10;

/// Flag of a member whose checksum and sizes stand behind its data.
const DESCRIBED: u16 = 8;

/// Visits all members up to the directory. `depth` counts this archive.
pub(in super::super) fn visit(
    opener: &mut Opener<'_, '_>,
    reader: &mut dyn Read,
    depth: u32,
) -> Result<(), Halted> {
    let mut input = BufReader::with_capacity(INPUT, reader);
    loop {
        match next_member(&mut input) {
            Ok(Some((name, claim))) => {
                if !one(opener, &mut input, &name, claim, depth)? {
                    return Ok(());
                }
            }
            Ok(None) => return Ok(()),
            Err(error) => return opener.failed(&error),
        }
    }
}

/// Visits one member; `false` when what comes after it cannot be found.
fn one(
    opener: &mut Opener<'_, '_>,
    input: &mut BufReader<&mut dyn Read>,
    name: &[u8],
    claim: Claim,
    depth: u32,
) -> Result<bool, Halted> {
    let described = claim.flags & DESCRIBED != 0;
    let is_folder = name.ends_with(b"/") && claim.size == 0;
    let refusal = member::refusal(claim);
    if described && claim.compressed == 0 && !is_folder {
        // Only deflated data tell themselves where they end.
        if refusal.is_none() && claim.method == 8 {
            return unsized_member(opener, input, name, depth);
        }
        opener.within(name, |opener| {
            let unknown = || "its length is only told by the directory, which is not there".to_owned();
            opener.report(NotDoneKind::Broken, refusal.unwrap_or_else(unknown));
            Ok(())
        })?;
        return Ok(false);
    }
    let mut data = input.take(claim.compressed);
    if is_folder {
        opener.meter.member()?;
    } else {
        opener.within(name, |opener| match refusal {
            None => member::content(opener, &mut data, claim, depth),
            Some(reason) => {
                opener.report(NotDoneKind::Broken, reason);
                Ok(())
            }
        })?;
    }
    Ok(skip(opener, &mut data)? && (!described || skip_descriptor(opener, input)?))
}

/// A deflated member that ends where its data say so, with a descriptor behind it.
fn unsized_member(
    opener: &mut Opener<'_, '_>,
    input: &mut BufReader<&mut dyn Read>,
    name: &[u8],
    depth: u32,
) -> Result<bool, Halted> {
    let meter = opener.meter;
    let mut data = Metered { meter, inner: flate2::bufread::DeflateDecoder::new(&mut *input) };
    opener.within(name, |opener| opener.content(&mut data, None, depth))?;
    // The visit ends early at what is not text.
    Ok(skip(opener, &mut data)? && skip_descriptor(opener, input)?)
}

fn skip(opener: &mut Opener<'_, '_>, data: &mut dyn Read) -> Result<bool, Halted> {
    match io::copy(data, &mut io::sink()) {
        Ok(_) => opener.meter.go_on().map(|()| true),
        Err(error) => opener.failed(&error).map(|()| false),
    }
}

/// The next local header's name and claim; `None` where members end.
fn next_member(input: &mut BufReader<&mut dyn Read>) -> io::Result<Option<(Vec<u8>, Claim)>> {
    let mut header = [0; LOCAL];
    if input.fill_buf()?.is_empty() {
        return Ok(None);
    }
    input.read_exact(&mut header[..4])?;
    // A marker of archives in several parts, in front of the first member.
    if matches!(&header[..4], b"PK\x07\x08" | b"PK00") {
        input.read_exact(&mut header[..4])?;
    }
    if &header[..4] != b"PK\x03\x04" {
        let at_directory =
            matches!(&header[..4], b"PK\x01\x02" | b"PK\x05\x06" | b"PK\x06\x06" | b"PK\x06\x08");
        return if at_directory {
            Ok(None)
        } else {
            Err(io::Error::new(io::ErrorKind::InvalidData, "no member where one should start"))
        };
    }
    input.read_exact(&mut header[4..])?;
    let mut name = vec![0; usize::from(u16_at(&header, 26))];
    input.read_exact(&mut name)?;
    let mut extra = vec![0; usize::from(u16_at(&header, 28))];
    input.read_exact(&mut extra)?;
    let mut claim = Claim {
        flags: u16_at(&header, 6),
        method: u16_at(&header, 8),
        crc: (u16_at(&header, 6) & DESCRIBED == 0).then(|| u32_at(&header, 14)),
        compressed: u64::from(u32_at(&header, 18)),
        size: u64::from(u32_at(&header, 22)),
    };
    claim.widen(None, &extra);
    Ok(Some((name, claim)))
}

/// Passes the descriptor behind a member: an optional mark, the checksum, two sizes of four or eight bytes.
fn skip_descriptor(
    opener: &mut Opener<'_, '_>,
    input: &mut BufReader<&mut dyn Read>,
) -> Result<bool, Halted> {
    match read_descriptor(input) {
        Ok(()) => Ok(true),
        Err(error) => opener.failed(&error).map(|()| false),
    }
}

fn read_descriptor(input: &mut BufReader<&mut dyn Read>) -> io::Result<()> {
    let mut bytes = [0; 12];
    input.read_exact(&mut bytes)?;
    if bytes.starts_with(b"PK\x07\x08") {
        input.read_exact(&mut [0; 4])?;
    }
    // With sizes of eight bytes the next mark is eight bytes further.
    if !next_starts(input)? {
        input.read_exact(&mut [0; 8])?;
    }
    Ok(())
}

fn next_starts(input: &mut BufReader<&mut dyn Read>) -> io::Result<bool> {
    let next = input.fill_buf()?;
    Ok(next.is_empty() || next.starts_with(b"P"))
}
