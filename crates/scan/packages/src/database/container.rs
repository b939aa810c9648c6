//! The file that every index is kept in: a checked header and numbered sections, read through a memory map.
//!
//! Little-endian throughout:
//!
//! | bytes | what |
//! |---|---|
//! | 0..8 | [`MAGIC`] |
//! | 8..12 | [`FORMAT`] |
//! | 12..16 | kind of content |
//! | 16..24 | length of the file |
//! | 24..32 | time of compiling, seconds since 1970 |
//! | 32..64 | BLAKE3 of everything from byte 96 |
//! | 64..96 | BLAKE3 of bytes 0..64 |
//! | 96.. | number of sections (u32), then offset and length (u64 each) of every section, then the sections |
//!
//! The checksums find accidents and careless editing. They are no signature: who can write the file can also write a new
//! checksum, so readers check every offset as well.

use super::error::{Damage, Error};
use super::timestamp::Timestamp;
use memmap2::Mmap;
use std::fs::File;
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

const MAGIC: [u8; 8] = *b"BARTZDB\n";
/// Raised with every change of layout, of what is stored, or of a version order that compiling relied on.
pub(crate) const FORMAT: u32 = 1;
const HEADER: usize = 96;
/// How temporary files beside the indexes are named; leftovers of a killed writer are swept by it.
const TEMPORARY_PREFIX: &str = ".bartizan-db-";

/// What an index file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Kind {
    Advisories = 1,
    Kev = 2,
    Epss = 3,
}

/// An open index file whose checksums held.
#[derive(Debug)]
pub(crate) struct Container {
    map: Mmap,
    path: PathBuf,
    sections: Vec<Range<usize>>,
    pub(crate) compiled: Timestamp,
    /// BLAKE3 of the content without the time of compiling: equal data, equal hash.
    pub(crate) hash: [u8; 32],
}

impl Container {
    /// Maps a file and checks it from end to end.
    pub(crate) fn open(path: &Path, kind: Kind) -> Result<Self, Error> {
        let file = File::open(path).map_err(|error| Error::io("open", path, error))?;
        // An empty file cannot be mapped everywhere.
        if file.metadata().map_err(|error| Error::io("read", path, error))?.len() < HEADER as u64 {
            return Err(Error::unusable(path, Damage::Foreign));
        }
        #[expect(
            unsafe_code,
            reason = "there is no safe memory map; reading whole indexes into memory would cost more than the scan"
        )]
        // SAFETY: writers of indexes never change a file in place; they rename a new one over it, and this map keeps the old
        // one. Somebody else changing the bytes meanwhile would break what the compiler assumes about `&[u8]`; the database's
        // folder belongs to the user, and nothing that is scanned can write there. No bytes are trusted: text is checked
        // as UTF-8 and offsets against lengths at each use.
        let map = unsafe { Mmap::map(&file) }.map_err(|error| Error::io("map", path, error))?;
        Self::check(map, path, kind)
    }

    fn check(map: Mmap, path: &Path, kind: Kind) -> Result<Self, Error> {
        let fail = |damage| Err(Error::unusable(path, damage));
        let Some((header, body)) = map.split_at_checked(HEADER) else { return fail(Damage::Foreign) };
        if header.get(..8) != Some(&MAGIC[..]) {
            return fail(Damage::Foreign);
        }
        let number = |at: usize| read_u32(header, at).unwrap_or_default();
        let long = |at: usize| read_u64(header, at).unwrap_or_default();
        if number(8) != FORMAT {
            return fail(Damage::Version { found: number(8), expected: FORMAT });
        }
        let length = map.len() as u64;
        if long(16) != length {
            return fail(Damage::Length { expected: long(16), actual: length });
        }
        let stored = |at: Range<usize>| header.get(at).and_then(|hash| <[u8; 32]>::try_from(hash).ok());
        let (Some(hash), Some(header_hash)) = (stored(32..64), stored(64..96)) else {
            return fail(Damage::Foreign);
        };
        let fields = header.get(..64).unwrap_or_default();
        if *blake3::hash(fields).as_bytes() != header_hash || *blake3::hash(body).as_bytes() != hash {
            return fail(Damage::Checksum);
        }
        if number(12) != kind as u32 {
            return fail(Damage::Kind);
        }
        let Some(sections) = table(&map) else {
            return fail(Damage::Inconsistent("a section lies outside the file"));
        };
        let compiled = Timestamp(i64::try_from(long(24)).unwrap_or(i64::MAX));
        Ok(Self { path: path.to_owned(), sections, compiled, hash, map })
    }

    /// The bytes of a section; empty where there is none of this number.
    pub(crate) fn section(&self, number: usize) -> &[u8] {
        self.sections.get(number).and_then(|range| self.map.get(range.clone())).unwrap_or_default()
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn len(&self) -> u64 {
        self.map.len() as u64
    }

    /// An error about a part that leads nowhere.
    pub(crate) fn inconsistent(&self, what: &'static str) -> Error {
        Error::unusable(&self.path, Damage::Inconsistent(what))
    }
}

fn table(bytes: &[u8]) -> Option<Vec<Range<usize>>> {
    let count = read_u32(bytes, HEADER)? as usize;
    if count > 64 {
        return None;
    }
    (0..count)
        .map(|section| {
            let at = HEADER + 4 + section * 16;
            let start = usize::try_from(read_u64(bytes, at)?).ok()?;
            let end = start.checked_add(usize::try_from(read_u64(bytes, at + 8)?).ok()?)?;
            (end <= bytes.len()).then_some(start..end)
        })
        .collect()
}

/// Writes an index and puts it in place of the old one: written beside it, forced to disk, renamed over it. Killed at
/// any moment, the old file is still there, or the new one. Who has the old one open keeps it.
pub(crate) fn write(path: &Path, kind: Kind, compiled: Timestamp, sections: &[&[u8]]) -> Result<(), Error> {
    let (header, table) = head(kind, compiled, sections);
    let failed = |error| Error::io("write", path, error);
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY_PREFIX).suffix(".tmp");
    // As any new file: the user's mask decides, not the private mode of temporary files.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder).map_err(failed)?;
    let mut all = vec![&header[..], &table[..]];
    all.extend_from_slice(sections);
    for part in all {
        file.write_all(part).map_err(failed)?;
    }
    file.as_file().sync_all().map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    // The new name is durable once the folder is; file systems that cannot sync a folder do not need it.
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

fn head(kind: Kind, compiled: Timestamp, sections: &[&[u8]]) -> (Vec<u8>, Vec<u8>) {
    let mut table = (sections.len() as u32).to_le_bytes().to_vec();
    let mut offset = (HEADER + 4 + sections.len() * 16) as u64;
    for section in sections {
        table.extend_from_slice(&offset.to_le_bytes());
        table.extend_from_slice(&(section.len() as u64).to_le_bytes());
        offset += section.len() as u64;
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update(&table);
    for section in sections {
        hasher.update(section);
    }
    let mut header = MAGIC.to_vec();
    header.extend_from_slice(&FORMAT.to_le_bytes());
    header.extend_from_slice(&(kind as u32).to_le_bytes());
    header.extend_from_slice(&offset.to_le_bytes());
    header.extend_from_slice(&compiled.0.to_le_bytes());
    header.extend_from_slice(hasher.finalize().as_bytes());
    let own = blake3::hash(&header);
    header.extend_from_slice(own.as_bytes());
    (header, table)
}

/// Makes the folder and removes temporary files that a killed writer left more than an hour ago.
pub(crate) fn prepare(folder: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(folder).map_err(|error| Error::io("make", folder, error))?;
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(()) };
    for entry in entries.flatten() {
        let stale = || -> io::Result<bool> {
            let age = entry.metadata()?.modified()?.elapsed().unwrap_or_default();
            Ok(age.as_secs() > 3_600)
        };
        if entry.file_name().to_string_lossy().starts_with(TEMPORARY_PREFIX) && stale().unwrap_or(false) {
            // Somebody else may have swept it meanwhile.
            let _ = std::fs::remove_file(entry.path());
        }
    }
    Ok(())
}

/// A number at a byte, if the bytes reach that far.
pub(crate) fn read_u32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}

/// A number at a byte, if the bytes reach that far.
pub(crate) fn read_u64(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at.checked_add(8)?)?.try_into().ok().map(u64::from_le_bytes)
}

/// Makes the checksums of changed bytes hold, as a forger would.
#[cfg(test)]
pub(crate) fn reseal(bytes: &mut [u8]) {
    let length = (bytes.len() as u64).to_le_bytes();
    bytes[16..24].copy_from_slice(&length);
    let body = *blake3::hash(&bytes[HEADER..]).as_bytes();
    bytes[32..64].copy_from_slice(&body);
    let head = *blake3::hash(&bytes[..64]).as_bytes();
    bytes[64..96].copy_from_slice(&head);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.index");
        write(&path, Kind::Kev, Timestamp(7), &[b"one", b"", b"three"]).unwrap();
        (folder, path)
    }

    fn damage(path: &Path) -> Damage {
        match Container::open(path, Kind::Kev) {
            Err(error @ Error::Unusable { .. }) => {
                let text = error.to_string();
                assert!(text.contains("bartizan db update") && text.contains("bartizan db import"), "{text}");
                let Error::Unusable { damage, .. } = error else { unreachable!() };
                damage
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn gives_back_what_was_written() {
        let (_folder, path) = written();
        let container = Container::open(&path, Kind::Kev).unwrap();
        assert_eq!(container.section(0), b"one");
        assert_eq!(container.section(1), b"");
        assert_eq!(container.section(2), b"three");
        assert_eq!(container.section(3), b"");
        assert_eq!(container.compiled, Timestamp(7));
        assert_eq!(damage_of_kind(&path), Damage::Kind);
    }

    fn damage_of_kind(path: &Path) -> Damage {
        match Container::open(path, Kind::Epss) {
            Err(Error::Unusable { damage, .. }) => damage,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_hash_of_the_content_does_not_depend_on_the_time() {
        let (folder, path) = written();
        let later = folder.path().join("b.index");
        write(&later, Kind::Kev, Timestamp(8), &[b"one", b"", b"three"]).unwrap();
        let other = folder.path().join("c.index");
        write(&other, Kind::Kev, Timestamp(7), &[b"one", b"t", b"hree"]).unwrap();
        let hash = |path: &Path| Container::open(path, Kind::Kev).unwrap().hash;
        assert_eq!(hash(&path), hash(&later));
        assert_ne!(hash(&path), hash(&other), "where one section ends matters");
    }

    #[test]
    fn every_changed_byte_is_found() {
        let (_folder, path) = written();
        let good = std::fs::read(&path).unwrap();
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0x40;
            std::fs::write(&path, &bad).unwrap();
            let damage = damage(&path);
            let expected = match at {
                0..8 => Damage::Foreign,
                8..12 => continue,
                16..24 => continue,
                _ => Damage::Checksum,
            };
            assert_eq!(damage, expected, "byte {at}");
        }
    }

    #[test]
    fn every_truncation_is_found() {
        let (_folder, path) = written();
        let good = std::fs::read(&path).unwrap();
        for length in 0..good.len() {
            std::fs::write(&path, &good[..length]).unwrap();
            let expected = if length < HEADER {
                Damage::Foreign
            } else {
                Damage::Length { expected: good.len() as u64, actual: length as u64 }
            };
            assert_eq!(damage(&path), expected);
        }
    }

    #[test]
    fn another_format_is_told_apart() {
        let (_folder, path) = written();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[8] = 200;
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(damage(&path), Damage::Version { found: 200, expected: FORMAT });
    }

    #[test]
    fn a_section_outside_the_file_is_refused_though_the_checksum_holds() {
        let (_folder, path) = written();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[HEADER + 4 + 8..HEADER + 4 + 16].copy_from_slice(&u64::MAX.to_le_bytes());
        reseal(&mut bytes);
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(damage(&path), Damage::Inconsistent("a section lies outside the file"));
    }

    #[test]
    fn leftovers_of_a_killed_writer_do_not_disturb() {
        let (folder, path) = written();
        let leftover = folder.path().join(".bartizan-db-abc.tmp");
        std::fs::write(&leftover, b"half").unwrap();
        prepare(folder.path()).unwrap();
        assert!(leftover.exists(), "another writer may be at work on it");
        let old = std::time::SystemTime::now() - std::time::Duration::from_secs(7_200);
        File::options().write(true).open(&leftover).unwrap().set_modified(old).unwrap();
        prepare(folder.path()).unwrap();
        assert!(!leftover.exists());
        assert!(Container::open(&path, Kind::Kev).is_ok());
    }
}
