//! Programs made by Go: the modules they were built from, as the linker writes them in.
//!
//! Nothing is run. The blob starts with a mark of 14 bytes, then the size of a pointer and flags. From Go 1.18 on two strings
//! with a length in front follow at byte 32: Go's version and the modules. Before, two pointers to string headers stand there.
//! Source: the comments of Go's `debug/buildinfo` and `runtime/debug.BuildInfo.String`.

use super::collect::Collector;
use super::executable::{Image, number};
use super::go_text::{self, STANDARD_LIBRARY};
use super::lines;
use crate::package::Root;
use crate::{Ecosystem, Manifest, Package, Relation, SourceKind};
use std::ops::Range;

const MARK: &[u8] = b"\xff Go buildinf:";
const HEADER: usize = 32;
/// Around the list of modules stand two marks of this size, the first followed by the text, the last by nothing.
const SENTINEL: usize = 16;
/// A list of modules larger than this is none.
const MAX_STRING: u64 = 16 << 20;
/// Marks that a program may hold before the rest is not looked at: programs that read build information hold a few.
const MAX_MARKS: usize = 64;

/// The modules of a program; an empty manifest where Go did not make it.
pub(super) fn parse(bytes: &[u8]) -> Manifest {
    let mut out = Collector::resolved();
    // The linker aligns the blob to 16 bytes; a mark elsewhere is somebody's constant.
    let marks = memchr::memmem::find_iter(bytes, MARK).filter(|at| at % 16 == 0).take(MAX_MARKS);
    let mut unread = None;
    for at in marks {
        match info(bytes, at) {
            Some((version, modules)) => {
                read(&version, at, &modules, &mut out);
                return out.finish();
            }
            None => unread = unread.or(Some(at)),
        }
    }
    let Some(at) = unread else { return Manifest::default() };
    out.problem(at, "the build information of this Go program cannot be followed");
    out.finish()
}

/// A string with the bytes of the file that hold it.
struct Text<'a> {
    text: &'a str,
    at: usize,
}

fn info(bytes: &[u8], at: usize) -> Option<(String, Text<'_>)> {
    let blob = bytes.get(at..)?;
    let pointer_size = usize::from(*blob.get(14)?);
    let flags = *blob.get(15)?;
    let (version, modules) = if flags & 2 != 0 {
        let rest = blob.get(HEADER..)?;
        let (version, rest) = prefixed(rest)?;
        (version, prefixed(rest).map(|(modules, _)| modules).unwrap_or_default())
    } else {
        if pointer_size != 4 && pointer_size != 8 {
            return None;
        }
        let big = flags & 1 != 0;
        let image = Image::of(bytes)?;
        let string = |index: usize| -> Option<&[u8]> {
            let header = number(blob, 16 + index * pointer_size, pointer_size, big)?;
            let header = image.at(header, 2 * pointer_size as u64)?;
            let (data, size) =
                (number(header, 0, pointer_size, big)?, number(header, pointer_size, pointer_size, big)?);
            if size > MAX_STRING { None } else { image.at(data, size) }
        };
        (string(0)?, string(1).unwrap_or_default())
    };
    let version =
        std::str::from_utf8(version).ok().filter(|it| it.starts_with("go") || it.starts_with("devel"))?;
    let inner = modules
        .len()
        .checked_sub(SENTINEL)
        .filter(|end| *end > SENTINEL)
        .and_then(|end| modules.get(SENTINEL..end))
        .filter(|inner| inner.ends_with(b"\n"))
        .unwrap_or_default();
    let text = std::str::from_utf8(inner).ok()?;
    let start =
        if inner.is_empty() { at } else { (inner.as_ptr() as usize).wrapping_sub(bytes.as_ptr() as usize) };
    Some((version.to_owned(), Text { text, at: start }))
}

/// A string behind its length, which is a base-128 number, and what follows it.
fn prefixed(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut size = 0u64;
    for (index, byte) in bytes.iter().enumerate().take(9) {
        size |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            let rest = bytes.get(index + 1..)?;
            let size = usize::try_from(size).ok().filter(|size| *size as u64 <= MAX_STRING)?;
            return Some((rest.get(..size)?, rest.get(size..)?));
        }
    }
    None
}

fn read(version: &str, at: usize, modules: &Text<'_>, out: &mut Collector) {
    let mut library = Package::new(Ecosystem::Go, STANDARD_LIBRARY, at..at + MARK.len());
    library.relation = Relation::Direct;
    // "go1.22.1 X:experiment" and "devel go1.23-abc": the word that is a release.
    let release = version.split(' ').find_map(|word| word.strip_prefix("go"));
    library.version = release
        .filter(|_| !version.starts_with("devel"))
        .map(|it| it.split('-').next().unwrap_or(it).to_owned());
    library.requirement = Some(version.to_owned());
    if library.version.is_none() {
        out.problem(at, "built by a Go that is no release: its standard library has no version");
    }
    out.push(library);
    let mut last: Option<u32> = None;
    for line in lines::lines(modules.text) {
        let span = modules.at + line.start..modules.at + line.start + line.text.len();
        let mut words = line.text.split('\t');
        let (kind, name) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let version = words.next().unwrap_or("");
        match kind {
            "mod" => {
                out.manifest.root =
                    Some(Root { name: Some(name.to_owned()), version: known(version), licences: Vec::new() });
            }
            "dep" if !name.is_empty() => last = out.push(module(name, version, span)),
            "=>" => {
                if let Some(package) = last.and_then(|index| out.get(index)) {
                    if go_text::is_path(name) {
                        package.source = SourceKind::Path;
                    } else {
                        package.name = package.ecosystem.normalise_name(name);
                    }
                    package.version = known(version);
                }
            }
            _ => {}
        }
    }
}

fn module(name: &str, version: &str, span: Range<usize>) -> Package {
    let mut package = Package::new(Ecosystem::Go, name, span);
    package.version = known(version);
    package
}

/// Modules outside of any repository have the version `(devel)`.
fn known(version: &str) -> Option<String> {
    (!version.is_empty() && version != "(devel)").then(|| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LIST: &str = "path\texample.com/app\nmod\texample.com/app\t(devel)\t\ndep\ta.example/x\tv1.2.3\th1:aa=\n\
                        dep\ta.example/y\tv0.1.0\n=>\tb.example/y\tv0.2.0\th1:bb=\ndep\ta.example/l\tv0.1.0\n=>\t./l\t(devel)\t\n\
                        build\tCGO_ENABLED=0\n";

    fn framed(list: &str) -> Vec<u8> {
        let mut out = vec![0x30; SENTINEL];
        out.extend_from_slice(list.as_bytes());
        out.extend_from_slice(&[0x31; SENTINEL]);
        out
    }

    fn string(out: &mut Vec<u8>, bytes: &[u8]) {
        let mut size = bytes.len();
        while size >= 0x80 {
            out.push((size & 0x7f) as u8 | 0x80);
            size >>= 7;
        }
        out.push(size as u8);
        out.extend_from_slice(bytes);
    }

    fn inline() -> Vec<u8> {
        let mut out = b"\x7fELF".to_vec();
        out.resize(64, 0);
        out.extend_from_slice(MARK);
        out.extend_from_slice(&[8, 2]);
        out.resize(64 + HEADER, 0);
        string(&mut out, b"go1.22.1");
        string(&mut out, &framed(LIST));
        out
    }

    /// A 64-bit ELF with one segment at 0x400000 that holds a blob with pointers.
    fn pointers() -> Vec<u8> {
        const BASE: u64 = 0x40_0000;
        let mut out = vec![0; 0x400];
        out[..6].copy_from_slice(b"\x7fELF\x02\x01");
        out[32..40].copy_from_slice(&64u64.to_le_bytes());
        out[54..56].copy_from_slice(&56u16.to_le_bytes());
        out[56..58].copy_from_slice(&1u16.to_le_bytes());
        out[64..68].copy_from_slice(&1u32.to_le_bytes());
        out[80..88].copy_from_slice(&BASE.to_le_bytes());
        let list = framed(LIST);
        let end = 0x200 + list.len() + 16;
        out.resize(end.max(0x400), 0);
        let size = out.len() as u64;
        out[96..104].copy_from_slice(&size.to_le_bytes());
        out[0x100..0x10e].copy_from_slice(MARK);
        out[0x10e..0x110].copy_from_slice(&[8, 0]);
        for (at, header, data, bytes) in
            [(0x110, 0x140u64, 0x180u64, b"go1.16.3".as_slice()), (0x118, 0x160, 0x200, list.as_slice())]
        {
            out[at..at + 8].copy_from_slice(&(BASE + header).to_le_bytes());
            let header = header as usize;
            out[header..header + 8].copy_from_slice(&(BASE + data).to_le_bytes());
            out[header + 8..header + 16].copy_from_slice(&(bytes.len() as u64).to_le_bytes());
            out[data as usize..data as usize + bytes.len()].copy_from_slice(bytes);
        }
        out
    }

    #[test]
    fn both_forms_of_build_information_are_read() {
        for (bytes, go) in [(inline(), "1.22.1"), (pointers(), "1.16.3")] {
            let [format] = crate::format::of_head(&bytes) else { panic!("no executable") };
            let manifest = (format.parse)("app", &bytes).unwrap();
            assert_eq!(manifest.problems, []);
            assert_eq!(manifest.root.as_ref().unwrap().name.as_deref(), Some("example.com/app"));
            let all: Vec<_> =
                manifest.packages.iter().map(|it| (it.name.as_str(), it.version.as_deref())).collect();
            assert_eq!(
                all,
                [
                    ("stdlib", Some(go)),
                    ("a.example/x", Some("v1.2.3")),
                    ("b.example/y", Some("v0.2.0")),
                    ("a.example/l", None),
                ]
            );
            assert_eq!(manifest.packages[3].source, SourceKind::Path);
            assert_eq!(&bytes[manifest.packages[1].span.clone()], b"dep\ta.example/x\tv1.2.3\th1:aa=");
        }
    }

    #[test]
    fn other_programs_are_empty_and_broken_blobs_are_told() {
        assert_eq!(parse(b"\x7fELF no go here"), Manifest::default());
        let mut cut = inline();
        cut.truncate(100);
        let manifest = parse(&cut);
        assert_eq!((manifest.packages.len(), manifest.problems.len()), (0, 1));
    }

    proptest! {
        #[test]
        fn mutated_programs_are_read_without_panic(
            old in any::<bool>(),
            changes in proptest::collection::vec((0usize..0x600, any::<u8>()), 0..12),
            cut in 0usize..0x600,
        ) {
            let mut bytes = if old { pointers() } else { inline() };
            for (at, byte) in changes {
                if let Some(slot) = bytes.get_mut(at) {
                    *slot = byte;
                }
            }
            bytes.truncate(bytes.len().saturating_sub(cut / 8));
            let _ = parse(&bytes);
        }
    }
}
