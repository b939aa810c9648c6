//! Archives: recognised by their bytes, opened in memory or as a stream, never written anywhere.
//!
//! zip (with its many names: jar, whl, apk, docx, nupkg), tar, gzip, bzip2, xz, zstandard and 7z; nested up to
//! `--max-archive-depth`. A compressed tar is one archive: the members of `a.tar.gz` are `a.tar.gz!/x`, and it
//! counts as one level. Another compressed file has one member, named like the file without its last ending.
//!
//! zip and tar are read by code of our own rather than by the usual crates, because what is hostile here is the
//! archive: those crates hold the whole table of contents in memory (gigabytes for a zip of a gigabyte made of entries
//! only) or a member's long name without a bound, and give up on a truncated zip where its members can still be
//! read from their local headers. The decompressors underneath are libraries.
//!
//! Limits that stop an archive as a whole live in [`meter`]; memory in [`held`] and [`crate::budget`]; the decision what
//! a member is, in [`opener`].

mod checked;
mod held;
mod meter;
mod opener;
mod sevenz;
mod stream;
mod tar;
mod zip;

use crate::classify::{self, HEAD};
use crate::context::{Context, Outcome};
use bartizan_model::{NotDoneKind, Origin};
use meter::{Counted, Halted, Meter};
use opener::Opener;
use std::io::{Cursor, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Nesting beyond this is not followed, whatever the options say: each level is a level of recursion.
const DEEPEST: u32 = 32;

/// Formats that are opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// zip and its relatives.
    Zip,
    /// 7z.
    SevenZ,
    /// ustar, GNU, pax and the old one.
    Tar,
    /// gzip.
    Gzip,
    /// bzip2.
    Bzip2,
    /// xz.
    Xz,
    /// zstandard.
    Zstd,
}

/// What kind of archive starts with these bytes. 512 of them are needed to tell a tar.
pub(crate) fn sniff(head: &[u8]) -> Option<Format> {
    match head {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, ..] => Some(Format::Zip),
        [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => Some(Format::SevenZ),
        [0x1f, 0x8b, 8, ..] => Some(Format::Gzip),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Format::Xz),
        // A frame, or a skippable frame in front of one.
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Format::Zstd),
        // Followed by the start of a block, or by the end of an empty stream.
        [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..]
            if rest.starts_with(b"1AY&SY") || rest.starts_with(&[0x17, 0x72, 0x45, 0x38, 0x50, 0x90]) =>
        {
            Some(Format::Bzip2)
        }
        _ => tar::is_header(head).then_some(Format::Tar),
    }
}

/// Whether a file name promises an archive, so that nobody need be asked whether the file's text is known.
pub(crate) fn has_archive_name(name: &str) -> bool {
    const ENDINGS: [&str; 10] = ["tar", "tgz", "gz", "bz2", "tbz", "xz", "txz", "zst", "7z", "crate"];
    has_ending(name, &ENDINGS) || has_ending(name, &ZIP_ENDINGS)
}

/// Endings of zip files, some of which start with a program that unpacks or runs the rest.
const ZIP_ENDINGS: [&str; 21] = [
    "zip", "jar", "war", "ear", "aar", "whl", "egg", "pyz", "pex", "apk", "ipa", "nupkg", "vsix", "xpi",
    "docx", "xlsx", "pptx", "odt", "ods", "epub", "exe",
];

fn has_ending(name: &str, endings: &[&str]) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    endings.iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// The zip behind a program, in a file whose bytes do not start like an archive: an executable jar, a `.pyz`, a
/// self-extracting zip. Only looked for where the name says so.
pub(crate) fn sniff_end(name: &str, file: &mut dyn ReadSeek, size: u64) -> Option<Format> {
    (has_ending(name, &ZIP_ENDINGS) && zip::is_behind(file, size)).then_some(Format::Zip)
}

/// Something that can be read at any place.
pub(crate) trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

/// Visits an archive that is a file of `size` bytes.
pub(crate) fn visit_file(
    context: &Context<'_>,
    origin: &Origin,
    file: &mut dyn ReadSeek,
    size: u64,
    format: Format,
) -> Outcome {
    if context.options.max_archive_depth == 0 {
        opener::report_depth(context, origin);
        return Outcome::Dealt;
    }
    if size > context.options.max_archive_size {
        let limit = crate::context::human(context.options.max_archive_size);
        let reason = format!("larger than {limit} (--max-archive-size)");
        context.not_done(NotDoneKind::ArchiveLimit, origin.display_path(), reason);
        return Outcome::Dealt;
    }
    run(context, origin, size, |opener| match format {
        Format::Zip | Format::SevenZ => opener.open_seekable(format, file, size, 1),
        _ => opener.open_stream(format, file, 1),
    })
}

/// Visits bytes that may be an archive.
pub(crate) fn visit_bytes(context: &Context<'_>, origin: &Origin, bytes: &[u8]) -> Outcome {
    let size = bytes.len() as u64;
    let format = sniff(bytes).or_else(|| sniff_end(origin.name(), &mut Cursor::new(bytes), size));
    if let Some(format) = format {
        return visit_file(context, origin, &mut Cursor::new(bytes), size, format);
    }
    let head = &bytes[..bytes.len().min(HEAD)];
    let binary = classify::binary(head);
    if binary.is_some_and(|reason| context.leaves_binary(origin, head, reason)) {
    } else if size > context.options.max_file_size {
        context.too_large(origin.display_path());
    } else if binary.is_some() {
        context.deliver_binary(origin, bytes, None);
    } else {
        context.deliver(origin, bytes, None);
    }
    Outcome::Dealt
}

/// Visits a stream of unknown length that may be an archive.
pub(crate) fn visit_stream(context: &Context<'_>, origin: &Origin, reader: &mut dyn Read) -> Outcome {
    run(context, origin, 0, |opener| {
        let mut counted = Counted { meter: opener.meter, inner: reader };
        opener.content(&mut counted, None, 0)
    })
}

/// Runs one top-level archive: its counters, its memory, and the report of why it was left, if it was.
fn run(
    context: &Context<'_>,
    origin: &Origin,
    input: u64,
    work: impl FnOnce(&mut Opener<'_, '_>) -> Result<(), Halted>,
) -> Outcome {
    let chain = match context.memory.chain(context.cancel) {
        Ok(chain) => chain,
        Err(denied) => return context.denied(origin.display_path(), denied),
    };
    let meter = Meter::new(context, input);
    let mut opener = Opener::new(context, &meter, &chain, origin.clone());
    // Decompressors are other people's code on hostile input. Should one panic, this archive is broken and the rest of
    // the scan goes on. A panic of the visitor is not ours to hide.
    match catch_unwind(AssertUnwindSafe(|| work(&mut opener))) {
        Ok(Ok(())) => return Outcome::Dealt,
        Ok(Err(Halted)) => {
            let Some((kind, reason)) = meter.describe() else { return Outcome::Stopped };
            context.not_done(kind, opener.place(), reason);
        }
        Err(panic) if opener.in_visitor() => resume_unwind(panic),
        Err(_) => {
            let reason = "its decoder failed; the archive was left here";
            context.not_done(NotDoneKind::Broken, opener.place(), reason);
        }
    }
    Outcome::Dealt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_their_bytes() {
        for (head, format) in [
            (&b"PK\x03\x04rest"[..], Some(Format::Zip)),
            (b"PK\x05\x06", Some(Format::Zip)),
            (b"PK\x01\x02", None),
            (b"\x1f\x8b\x08\0", Some(Format::Gzip)),
            (b"\x1f\x8b\x00\0", None),
            (b"BZh91AY&SY", Some(Format::Bzip2)),
            (b"BZh9\x17\x72\x45\x38\x50\x90", Some(Format::Bzip2)),
            (b"BZhello world", None),
            (b"\xfd7zXZ\0", Some(Format::Xz)),
            (b"\x28\xb5\x2f\xfd", Some(Format::Zstd)),
            (b"\x50\x2a\x4d\x18", Some(Format::Zstd)),
            (b"7z\xbc\xaf\x27\x1c", Some(Format::SevenZ)),
            (b"", None),
            (&[0; 512], None),
            (&[b'a'; 512], None),
        ] {
            assert_eq!(sniff(head), format, "{head:?}");
        }
    }
}
