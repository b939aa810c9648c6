//! Tells text from what is not worth reading: binary content, and files that a program wrote.
//!
//! **Binary** is decided on the first [`HEAD`] bytes: a known magic number, a NUL byte, or more than one control
//! character in ten. UTF-16 is text: with a byte order mark, or when every other byte is NUL.
//!
//! **Generated** is kept narrow, because secrets do end up in what a program wrote: build tools copy environment
//! variables into bundles. So minified scripts and style sheets are scanned like any other file. Left out are
//! only source maps (a second copy of sources that are scanned where they are kept, escaped into one line), and files
//! beyond [`GENERATED_FROM`] whose header says that a program wrote them: tables and bindings of megabytes that nobody
//! types a password into. Smaller ones cost nothing to scan. Lock files are not generated in this sense.

/// How much of a file decides what it is.
pub(crate) const HEAD: usize = 8 << 10;

/// Files with a "generated" header are left out from this size on.
const GENERATED_FROM: usize = 256 << 10;

/// How far into a file its header reaches.
const HEADER: usize = 1 << 10;

/// What content is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// To be scanned as it is.
    Text,
    /// Was UTF-16; this is the same text as UTF-8.
    Utf16(Vec<u8>),
    /// Left out, for this reason.
    Generated(&'static str),
}

/// Judges a whole file, member or object whose head was found not to be [`binary`].
pub(crate) fn judge(name: &str, bytes: &[u8], include_generated: bool) -> Verdict {
    let head = &bytes[..bytes.len().min(HEAD)];
    if !include_generated && let Some(reason) = generated(name, bytes) {
        return Verdict::Generated(reason);
    }
    match utf16(head) {
        Some((order, mark)) => Verdict::Utf16(decode(&bytes[mark..], order)),
        None => Verdict::Text,
    }
}

/// Why a file that starts with `head` is not text; `None` when it is.
pub(crate) fn binary(head: &[u8]) -> Option<&'static str> {
    if let Some((_, _, what)) =
        MAGIC.iter().find(|(at, magic, _)| head.get(*at..).is_some_and(|rest| rest.starts_with(magic)))
    {
        return Some(what);
    }
    if utf16(head).is_some() {
        return None;
    }
    if head.contains(&0) {
        return Some("has NUL bytes");
    }
    let start = &head[..head.len().min(HEADER)];
    (control_characters(start) * 10 > start.len()).then_some("mostly control characters")
}

/// Written for the compiler to do many at once: each file that is scanned passes here.
fn control_characters(head: &[u8]) -> usize {
    let is_control = |byte: u8| {
        // Tab, line feed, form feed, carriage return, backspace (overstruck manuals), escape (coloured logs).
        let in_text = (byte == b'\t')
            | (byte == b'\n')
            | (byte == 0x0c)
            | (byte == b'\r')
            | (byte == 0x08)
            | (byte == 0x1b);
        (byte < 0x20) & !in_text | (byte == 0x7f)
    };
    // A byte holds the count of one piece.
    head.chunks(255)
        .map(|piece| usize::from(piece.iter().map(|&byte| u8::from(is_control(byte))).sum::<u8>()))
        .sum()
}

/// Bytes in memory that scanning a file of `size` bytes takes: decoding UTF-16 makes a copy of up to one and a half
/// times the size.
pub(crate) fn memory_for(head: &[u8], size: u64) -> u64 {
    if utf16(head).is_some() { size.saturating_add(size / 2).saturating_add(size) } else { size }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Little,
    Big,
}

/// Byte order, and the length of the byte order mark, of UTF-16 text.
fn utf16(head: &[u8]) -> Option<(Order, usize)> {
    match head {
        // UTF-32 in little endian starts alike; two NULs are no UTF-16 text.
        [0xff, 0xfe, 0, 0, ..] => return None,
        [0xff, 0xfe, ..] => return Some((Order::Little, 2)),
        [0xfe, 0xff, ..] => return Some((Order::Big, 2)),
        _ => {}
    }
    let pairs = head.as_chunks::<2>().0;
    if pairs.len() < 8 || !head.contains(&0) {
        return None;
    }
    let high = pairs.iter().filter(|pair| pair[0] == 0).count();
    let low = pairs.iter().filter(|pair| pair[1] == 0).count();
    let printable =
        |at: usize| pairs.iter().all(|pair| matches!(pair[at], b'\t' | b'\n' | b'\r' | 0x20..=0x7e | 0x80..));
    // Mostly Latin text: nearly every high byte is NUL and no low byte is.
    if low * 10 >= pairs.len() * 9 && high == 0 && printable(0) {
        return Some((Order::Little, 0));
    }
    if high * 10 >= pairs.len() * 9 && low == 0 && printable(1) {
        return Some((Order::Big, 0));
    }
    None
}

fn decode(bytes: &[u8], order: Order) -> Vec<u8> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| match order {
        Order::Little => u16::from_le_bytes(*pair),
        Order::Big => u16::from_be_bytes(*pair),
    });
    let mut text = Vec::with_capacity(bytes.len() / 2);
    for unit in char::decode_utf16(units) {
        let mut buffer = [0; 4];
        let char = unit.unwrap_or(char::REPLACEMENT_CHARACTER);
        text.extend_from_slice(char.encode_utf8(&mut buffer).as_bytes());
    }
    if !rest.is_empty() {
        text.extend_from_slice("\u{fffd}".as_bytes());
    }
    text
}

fn generated(name: &str, bytes: &[u8]) -> Option<&'static str> {
    let is_map = name.len() > 4 && name.as_bytes()[name.len() - 4..].eq_ignore_ascii_case(b".map");
    if is_map && bytes.trim_ascii_start().starts_with(b"{") && contains(bytes, b"\"mappings\"") {
        return Some("source map (--include-generated)");
    }
    let header = &bytes[..bytes.len().min(HEADER)];
    let says_so = || contains(header, b"@generated") || contains(header, b"DO NOT EDIT");
    (bytes.len() > GENERATED_FROM && !is_lock_file(name) && says_so())
        .then_some("its header says generated (--include-generated)")
}

/// Lock files say `@generated`, and are what tells which packages a project takes in.
fn is_lock_file(name: &str) -> bool {
    let base = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
    let (stem, extension) = base.rsplit_once('.').unwrap_or((&base, ""));
    matches!(extension, "lock" | "lockfile") || stem.ends_with("lock") || stem.ends_with("-shrinkwrap")
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(bytes, needle).is_some()
}

/// Offset, bytes and name of formats that are not text. Only sequences that no text starts with; the many formats with
/// printable marks (`RIFF`, `ftyp`, `PAR1`) give themselves away by NUL bytes. Archives that are opened are told apart
/// before this is asked.
#[rustfmt::skip]
const MAGIC: &[(usize, &[u8], &str)] = &[
    (0, b"\x89PNG\r\n\x1a\n", "PNG image"),
    (0, b"\xff\xd8\xff", "JPEG image"),
    (0, b"GIF87a", "GIF image"),
    (0, b"GIF89a", "GIF image"),
    (0, b"II*\0", "TIFF image"),
    (0, b"MM\0*", "TIFF image"),
    (0, b"8BPS\0", "Photoshop image"),
    (0, b"\0\0\x01\0", "icon"),
    (0, b"OggS\0", "media file"),
    (0, b"ID3\x02", "media file"),
    (0, b"ID3\x03", "media file"),
    (0, b"ID3\x04", "media file"),
    (0, b"fLaC\0", "media file"),
    (0, b"\x1a\x45\xdf\xa3", "media file"),
    (0, b"\x7fELF", "ELF program"),
    (0, b"MZ\x90\0", "Windows program"),
    (0, b"\xca\xfe\xba\xbe", "Java class or Mach-O program"),
    (0, b"\xfe\xed\xfa\xce", "Mach-O program"),
    (0, b"\xfe\xed\xfa\xcf", "Mach-O program"),
    (0, b"\xce\xfa\xed\xfe", "Mach-O program"),
    (0, b"\xcf\xfa\xed\xfe", "Mach-O program"),
    (0, b"\0asm", "WebAssembly module"),
    (0, b"dex\n03", "Android program"),
    (0, b"BC\xc0\xde", "LLVM bitcode"),
    (2, b"\r\n\0\0\0\0", "Python bytecode"),
    (2, b"\r\n\x01\0\0\0", "Python bytecode"),
    (2, b"\r\n\x03\0\0\0", "Python bytecode"),
    (0, b"SQLite format 3\0", "SQLite database"),
    (0, b"%PDF-", "PDF document"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office document"),
    (0, b"wOFF\0", "font"),
    (0, b"wOF2\0", "font"),
    (0, b"OTTO\0", "font"),
    (0, b"\0\x01\0\0\0", "font"),
    (0, b"Rar!\x1a\x07", "RAR archive, which is not opened"),
    (0, b"MSCF\0\0\0\0", "cabinet archive, which is not opened"),
    (0, b"!<arch>\n", "ar archive, which is not opened"),
    (0, b"\xed\xab\xee\xdb", "RPM package, which is not opened"),
    (0, b"\x1f\x9d", "compress archive, which is not opened"),
    (0, b"\x04\x22\x4d\x18", "LZ4 archive, which is not opened"),
    (0, b"LZIP\x01", "lzip archive, which is not opened"),
    (0, b"ARROW1\0\0", "Arrow table"),
    (0, b"DIRC\0\0\0", "git index"),
    (0, b"PACK\0\0\0", "git pack"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(name: &str, bytes: &[u8], expected: Verdict) {
        assert_eq!(binary(&bytes[..bytes.len().min(HEAD)]), None, "{name}");
        assert_eq!(judge(name, bytes, false), expected, "{name}: {:?}", &bytes[..bytes.len().min(40)]);
    }

    fn check_binary(bytes: &[u8], reason: &str) {
        assert_eq!(binary(bytes), Some(reason), "{bytes:?}");
    }

    #[test]
    fn text_is_text() {
        check("empty", b"", Verdict::Text);
        check("a.txt", b"plain\n", Verdict::Text);
        check("latin1.txt", b"caf\xe9 cr\xe8me\n", Verdict::Text);
        check("sjis.txt", b"\x83p\x83X\x83\x8f\x81[\x83h", Verdict::Text);
        check("colour.log", b"\x1b[31merror\x1b[0m\r\n", Verdict::Text);
        check_binary(b"\x01", "mostly control characters");
        check("late-nul.txt", &[&[b'a'; HEAD][..], b"\0"].concat(), Verdict::Text);
    }

    #[test]
    fn binary_is_left_out_with_its_kind() {
        check_binary(b"\x89PNG\r\n\x1a\n....", "PNG image");
        check_binary(b"\x7fELF\x02", "ELF program");
        check_binary(b"abc\0def", "has NUL bytes");
        check_binary(&[1, 2, 3, 4, b'a', b'b'], "mostly control characters");
        check_binary(b"\xff\xfe\0\0a\0\0\0", "has NUL bytes");
    }

    #[test]
    fn utf16_is_decoded() {
        let wide = |text: &str, big: bool| -> Vec<u8> {
            text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
        };
        let text = "token = \"äöü\"\r\n";
        for big in [false, true] {
            let mark = if big { &b"\xfe\xff"[..] } else { b"\xff\xfe" };
            let marked = [mark, &wide(text, big)].concat();
            check("a.reg", &marked, Verdict::Utf16(text.as_bytes().to_vec()));
            let bare = "password = correct horse\n";
            check("a.txt", &wide(bare, big), Verdict::Utf16(bare.as_bytes().to_vec()));
        }
        check("a.txt", b"\xff\xfea\0\x00\xd8b\0c", Verdict::Utf16("a\u{fffd}b\u{fffd}".as_bytes().to_vec()));
    }

    #[test]
    fn generated_is_narrow() {
        let map = br#"{"version":3,"sources":["a.ts"],"mappings":"AAAA"}"#;
        check("a.js.map", map, Verdict::Generated("source map (--include-generated)"));
        assert_eq!(judge("a.js.map", map, true), Verdict::Text);
        check("world.map", b"key = value", Verdict::Text);
        check("small.pb.go", b"// Code generated by protoc. DO NOT EDIT.\n", Verdict::Text);
        let big = [&b"// Code generated by protoc. DO NOT EDIT.\n"[..], &vec![b'x'; GENERATED_FROM]].concat();
        check("big.pb.go", &big, Verdict::Generated("its header says generated (--include-generated)"));
        let late = [&vec![b' '; HEADER][..], &big].concat();
        check("late.go", &late, Verdict::Text);
        check("Cargo.lock", &big, Verdict::Text);
        check("bundle.min.js", &vec![b'x'; GENERATED_FROM * 2], Verdict::Text);
    }

    proptest! {
        #[test]
        fn any_text_survives_utf16(text in "[a-z =\"\\n]{16,80}\\PC{0,5}", big: bool) {
            let mark: &[u8] = if big { b"\xfe\xff" } else { b"\xff\xfe" };
            let body = text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() });
            let bytes: Vec<u8> = mark.iter().copied().chain(body).collect();
            prop_assert_eq!(judge("a", &bytes, false), Verdict::Utf16(text.into_bytes()));
        }

        #[test]
        fn control_characters_are_counted(bytes in proptest::collection::vec(any::<u8>(), 0..700)) {
            let plainly = |byte: &&u8| match **byte {
                b'\t' | b'\n' | 0x0c | b'\r' | 0x08 | 0x1b => false,
                byte => byte.is_ascii_control(),
            };
            prop_assert_eq!(control_characters(&bytes), bytes.iter().filter(plainly).count());
        }
    }
}
