//! Objects that lie in files of their own.

use super::fault::Fault;
use super::inflate::{Inflater, inflate_prefix};
use super::oids::unhex;
use super::pack::{Kind, open_regular};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Ids of the loose objects in a folder of objects. Errors name the part that could not be listed.
pub(super) fn list(objects: &Path, id_length: usize, errors: &mut Vec<(String, Fault)>) -> Vec<Vec<u8>> {
    let mut ids = Vec::new();
    for first in 0..=255_u8 {
        let name = format!("{first:02x}");
        let files = match std::fs::read_dir(objects.join(&name)) {
            Ok(files) => files,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => {
                errors.push((format!("objects/{name}"), error.into()));
                continue;
            }
        };
        for file in files {
            match file {
                Ok(file) => {
                    let rest = file.file_name();
                    let id = unhex(rest.as_encoded_bytes()).filter(|rest| rest.len() == id_length - 1);
                    ids.extend(id.map(|rest| [vec![first], rest].concat()));
                }
                Err(error) => errors.push((format!("objects/{name}"), error.into())),
            }
        }
    }
    ids
}

/// Where a loose object lies, of this id in hexadecimal.
pub(super) fn path(objects: &Path, hex: &str) -> PathBuf {
    let (first, rest) = hex.split_at_checked(2).unwrap_or((hex, ""));
    objects.join(first).join(rest)
}

/// Beginning of a loose object's content: what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) kind: Kind,
    pub(super) size: u64,
    /// Bytes of the beginning itself.
    length: usize,
}

impl Head {
    /// Reads `blob 123` and a zero byte.
    fn parse(bytes: &[u8]) -> Result<Self, Fault> {
        const BROKEN: Fault = Fault::Malformed("not a loose object");
        let end = bytes.iter().position(|byte| *byte == 0).ok_or(BROKEN)?;
        let text = std::str::from_utf8(&bytes[..end]).map_err(|_| BROKEN)?;
        let (kind, size) = text.split_once(' ').ok_or(BROKEN)?;
        let kind = match kind {
            "commit" => Kind::Commit,
            "tree" => Kind::Tree,
            "blob" => Kind::Blob,
            "tag" => Kind::Tag,
            _ => return Err(BROKEN),
        };
        Ok(Self { kind, size: size.parse().map_err(|_| BROKEN)?, length: end + 1 })
    }
}

/// The file of a loose object: what it is, and its content when `wanted` says so.
pub(super) fn read(
    path: &Path,
    inflater: &mut Inflater,
    buffers: &mut (Vec<u8>, Vec<u8>),
    wanted: &dyn Fn(Head) -> Result<bool, Fault>,
) -> Result<(Head, Option<std::ops::Range<usize>>), Fault> {
    const FIRST_READ: u64 = 4096;
    let (packed, out) = buffers;
    let (mut file, length) = open_regular(path)?;
    packed.clear();
    (&mut file).take(FIRST_READ).read_to_end(packed)?;
    let mut start = [0; 40];
    let known = inflate_prefix(packed, &mut start)?;
    let head = Head::parse(&start[..known])?;
    if !wanted(head)? {
        return Ok((head, None));
    }
    // Stored without compression a block of 64 KiB grows by five bytes; what is longer has something else in it.
    let most = head.size.saturating_add(head.size / 1000).saturating_add(1024);
    if length > most {
        return Err(Fault::Size { declared: head.size });
    }
    file.take(most).read_to_end(packed)?;
    let total = head.size.checked_add(head.length as u64).ok_or(Fault::Size { declared: head.size })?;
    inflater.exact(packed, total, out)?;
    Ok((head, Some(head.length..out.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read_strictly() {
        let head = Head::parse(b"blob 12\0hello").unwrap();
        assert_eq!((head.kind, head.size, head.length), (Kind::Blob, 12, 8));
        for bad in [&b"blob 12"[..], b"blob x\0", b"blub 1\0", b"blob\0", b"blob -1\0", b"\0", b""] {
            assert!(Head::parse(bad).is_err(), "{bad:?}");
        }
    }
}
