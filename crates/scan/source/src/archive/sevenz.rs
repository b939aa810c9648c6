//! 7z: blocks of members that are compressed together, described by a header at the end.

use super::ReadSeek;
use super::meter::{Halt, Halted, Metered};
use super::opener::Opener;
use bartizan_model::NotDoneKind;
use sevenz_rust2::{Archive, ArchiveEntry, BlockDecoder, Error, Password};
use std::io::{self, Read};

/// The part of an archive's memory that its header may take.
const HEADER_SHARE: u64 = 24;

/// Writers compress headers with a dictionary of this size.
const LEAST_HEADER: u64 = 2 << 20;

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
    // The library limits the header's bytes, not what it parses out of them: an entry takes two bytes at least and
    // becomes about 150. So headers get little: enough for some 30,000 members with the default budget.
    let limit_kb = usize::try_from((memory / HEADER_SHARE).max(LEAST_HEADER) / 1024).unwrap_or(usize::MAX);
    let dictionary_kb = usize::try_from(memory / 1024 / 4 * 3).unwrap_or(usize::MAX);
    let archive = match Archive::read_with_memory_limit(&mut file, &password, limit_kb) {
        Ok(archive) => archive,
        Err(error) => return report(opener, &error),
    };
    for (block, _) in archive.blocks.iter().enumerate() {
        let mut halted = Ok(());
        let decoder =
            BlockDecoder::new_with_memory_limit(1, dictionary_kb, block, &archive, &password, &mut file);
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
