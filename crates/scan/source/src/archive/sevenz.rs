//! 7z: blocks of members that are compressed together, described by a header at the end.

mod header;

use super::ReadSeek;
use super::meter::{Halt, Halted, Metered};
use super::opener::Opener;
use crate::budget::Denied;
use bartizan_model::NotDoneKind;
use sevenz_rust2::{Archive, ArchiveEntry, BlockDecoder, Error, Password};
use std::io::{self, Read};

/// What is made of a header takes this many times its bytes, for common ones ten times less: a member takes a hundred
/// bytes there, and two hundred in memory. One made to hurt (members without names) may take five times more than
/// is reserved for it here.
const HEADER_SHARE: u64 = 32;

/// What members need beside their content: heads of files, windows of small decoders.
const SMALL_NEEDS: u64 = 1 << 20;

/// Visits all members. `depth` counts this archive.
pub(super) fn visit(opener: &mut Opener<'_, '_>, file: &mut dyn ReadSeek, depth: u32) -> Result<(), Halted> {
    // The header and the dictionaries are the library's to hold, within what it is told: all that is left for
    // this archive, but for two members on their way (one of them an archive itself).
    let members = opener.context.options.max_file_size.saturating_mul(2).saturating_add(SMALL_NEEDS);
    let left = opener.chain.left();
    let memory = left.saturating_sub(members).max(left / 2);
    if let Err(denied) = opener.chain.reserve(memory) {
        return opener.denied(denied);
    }
    let outcome = blocks(opener, file, memory, depth);
    opener.chain.release(memory);
    outcome
}

fn blocks(
    opener: &mut Opener<'_, '_>,
    mut file: &mut dyn ReadSeek,
    memory: u64,
    depth: u32,
) -> Result<(), Halted> {
    let password = Password::empty();
    let limit_kb = usize::try_from(memory / 1024 / 4 * 3).unwrap_or(usize::MAX);
    let header_kb = match header::decoded_size(file) {
        Ok(Some(size)) if size <= memory / HEADER_SHARE => limit_kb,
        // Not understood: the library may have a small one.
        Ok(None) => usize::try_from(memory / HEADER_SHARE / 1024).unwrap_or(usize::MAX),
        Ok(Some(size)) => {
            return opener.denied(Denied::TooMuch { needed: size.saturating_mul(HEADER_SHARE) });
        }
        Err(error) => return opener.failed(&error),
    };
    let archive = match Archive::read_with_memory_limit(&mut file, &password, header_kb) {
        Ok(archive) => archive,
        Err(error) => return report(opener, &error),
    };
    for (block, _) in archive.blocks.iter().enumerate() {
        let mut halted = Ok(());
        let decoder = BlockDecoder::new_with_memory_limit(1, limit_kb, block, &archive, &password, &mut file);
        let outcome = decoder.for_each_entries(&mut |entry: &ArchiveEntry, reader: &mut dyn Read| {
            halted = member(opener, entry, reader, depth);
            Ok(halted.is_ok())
        });
        halted?;
        if let Err(error) = outcome {
            report(opener, &error)?;
        }
    }
    let empty = archive.files.iter().filter(|file| !file.has_stream() && !file.is_directory());
    for entry in empty {
        member(opener, entry, &mut io::empty(), depth)?;
    }
    Ok(())
}

fn member(
    opener: &mut Opener<'_, '_>,
    entry: &ArchiveEntry,
    reader: &mut dyn Read,
    depth: u32,
) -> Result<(), Halted> {
    let meter = opener.meter;
    let mut metered = Metered { meter, inner: reader };
    opener.within(entry.name().as_bytes(), |opener| {
        opener.content(&mut metered, Some(entry.size()), depth)?;
        // The members behind this one need it decoded to its end; here it is counted, in the library it would not be.
        // An error shows again when the library comes to it.
        let _ = io::copy(&mut metered, &mut io::sink());
        meter.go_on()
    })
}

fn report(opener: &mut Opener<'_, '_>, error: &Error) -> Result<(), Halted> {
    if opener.context.cancel.is_stopped() {
        return Err(opener.meter.stop(Halt::Stopped));
    }
    opener.meter.go_on()?;
    match error {
        Error::MaxMemLimited { actaul_kb, .. } => {
            let needed = crate::context::human((*actaul_kb as u64).saturating_mul(1024));
            let limit = crate::context::human(opener.context.options.max_memory);
            let reason =
                format!("decompressing needs {needed}, more than its part of {limit} (--max-memory)");
            opener.report(NotDoneKind::OutOfMemory, reason);
        }
        Error::PasswordRequired | Error::MaybeBadPassword(_) => {
            opener.report(NotDoneKind::Broken, "encrypted");
        }
        Error::UnsupportedCompressionMethod(method) if method.contains("AES") => {
            opener.report(NotDoneKind::Broken, "encrypted");
        }
        Error::UnsupportedCompressionMethod(method) => {
            let reason = format!("compressed by a method that is not supported ({method})");
            opener.report(NotDoneKind::Broken, reason);
        }
        error => opener.report(NotDoneKind::Broken, format!("corrupt or truncated: {error}")),
    }
    Ok(())
}
