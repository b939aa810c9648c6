//! Archives of every kind, whole and damaged.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use bartizan_model::NotDoneKind;
use bartizan_source::Options;
use common::{bzip2, gzip, options, sevenz, tar, visit, visit_path, xz, zip, zip_stored, zstd};

const TEXT: &[u8] = b"key = value\n";

fn check(name: &str, bytes: &[u8], expected: &[&str]) {
    let seen = visit(name, bytes, &options());
    assert_eq!(seen.left_out(), [], "{name}");
    assert_eq!(seen.paths(), expected, "{name}");
    for (path, content) in &seen.blobs {
        assert_eq!(content, TEXT, "{path}");
    }
}

#[test]
fn every_format_is_opened_whatever_its_name() {
    let members: &[(&str, &[u8])] = &[("a.txt", TEXT), ("dir/b.txt", TEXT)];
    for name in ["app.zip", "nothing-telling"] {
        let expected = [format!("{name}!/a.txt"), format!("{name}!/dir/b.txt")];
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        check(name, &zip(members), &expected);
        check(name, &zip_stored(members), &expected);
        check(name, &tar(members), &expected);
        check(name, &sevenz(members), &expected);
    }
    for (ending, compress) in
        [("gz", gzip as fn(&[u8]) -> Vec<u8>), ("bz2", bzip2), ("zst", zstd), ("xz", xz)]
    {
        let name = format!("dump.sql.{ending}");
        check(&name, &compress(TEXT), &[&format!("{name}!/dump.sql")]);
        let name = format!("app.tar.{ending}");
        check(&name, &compress(&tar(members)), &[&format!("{name}!/a.txt"), &format!("{name}!/dir/b.txt")]);
        let twice = [compress(TEXT), compress(b"")].concat();
        check(&format!("two.{ending}"), &twice, &[&format!("two.{ending}!/two")]);
    }
}

#[test]
fn nesting_is_followed_to_the_limit() {
    let one = zip(&[("deep.txt", TEXT)]);
    let two = gzip(&tar(&[("lib/one.jar", &one)]));
    let three = zip(&[("two.tgz", &two), ("top.txt", TEXT)]);
    check("three.zip", &three, &["three.zip!/top.txt", "three.zip!/two.tgz!/lib/one.jar!/deep.txt"]);

    for (depth, left) in [(0, "three.zip"), (1, "three.zip!/two.tgz"), (2, "three.zip!/two.tgz!/lib/one.jar")]
    {
        let seen = visit("three.zip", &three, &Options { max_archive_depth: depth, ..options() });
        let reason = format!("an archive deeper than {depth} levels (--max-archive-depth)");
        assert_eq!(seen.left_out(), [(NotDoneKind::ArchiveLimit, left, reason.as_str())]);
        assert_eq!(seen.blobs.len(), usize::from(depth > 0));
    }
}

#[test]
fn an_archive_file_is_read_from_its_place() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [
        ("a.zip", zip(&[("x.txt", TEXT)])),
        ("b.tar.gz", gzip(&tar(&[("x.txt", TEXT)]))),
        ("c.7z", sevenz(&[("x.txt", TEXT)])),
    ] {
        std::fs::write(folder.path().join(name), bytes).unwrap();
        let seen = visit_path(&folder.path().join(name), &options());
        assert_eq!((seen.paths(), seen.left_out()), (vec![format!("{name}!/x.txt").as_str()], vec![]));
    }
    // Larger than any file may be, all the same: only its members count.
    let seen = visit_path(folder.path(), &Options { max_file_size: 20, ..options() });
    assert_eq!(seen.paths(), ["a.zip!/x.txt", "b.tar.gz!/x.txt", "c.7z!/x.txt"]);
}

#[test]
fn members_are_judged_like_files() {
    let wide: Vec<u8> =
        [0xff, 0xfe].into_iter().chain("a = \"ü\"".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let members: &[(&str, &[u8])] =
        &[("logo.png", b"\x89PNG\r\n\x1a\n\0\0"), ("wide.reg", &wide), ("empty", b"")];
    for (name, bytes) in [("a.zip", zip(members)), ("a.tar", tar(members)), ("a.7z", sevenz(members))] {
        let seen = visit(name, &bytes, &options());
        let (empty, wide, logo) =
            (format!("{name}!/empty"), format!("{name}!/wide.reg"), format!("{name}!/logo.png"));
        assert_eq!(seen.paths(), [&empty, &wide]);
        assert_eq!(seen.text(&wide), "a = \"ü\"");
        assert_eq!(seen.left_out(), [(NotDoneKind::Binary, logo.as_str(), "PNG image")]);
    }
}

#[test]
fn paths_that_climb_are_shown_as_they_would_land() {
    // `tar` refuses to write such names, so they take the place of harmless ones.
    let swap = |mut bytes: Vec<u8>, from: &[u8], to: &[u8]| {
        while let Some(at) = bytes.windows(from.len()).position(|window| window == from) {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
        bytes
    };
    let climbing = swap(zip(&[("xx/xx/etc/passwd", TEXT)]), b"xx/xx/etc/passwd", b"../../etc/passwd");
    check("a.zip", &climbing, &["a.zip!/etc/passwd"]);
    let absolute = swap(zip(&[("xetc/passwd", TEXT)]), b"xetc/passwd", b"/etc/passwd");
    check("a.zip", &absolute, &["a.zip!/etc/passwd"]);
}

#[test]
fn members_of_one_name_are_all_read() {
    let bytes = tar(&[("a.txt", b"first"), ("a.txt", b"second")]);
    let seen = visit("a.tar", &bytes, &options());
    let texts: Vec<&[u8]> = seen.blobs.iter().map(|(_, bytes)| &bytes[..]).collect();
    assert_eq!(texts, [&b"first"[..], b"second"]);
}

#[test]
fn long_names_and_odd_members_of_a_tar() {
    let long = format!("{}/file.txt", ["a-rather-long-folder-name"; 12].join("/"));
    let mut writer = tar_writer();
    append(&mut writer, tar::Header::new_gnu(), &long, TEXT);
    let mut pax = tar::Builder::new(Vec::new());
    pax.append_pax_extensions([("path", long.as_bytes()), ("comment", b"nothing")]).unwrap();
    append(&mut pax, tar::Header::new_ustar(), "short", TEXT);
    let mut link = tar::Header::new_gnu();
    link.set_entry_type(tar::EntryType::Symlink);
    link.set_size(0);
    writer.append_link(&mut link, "link", "/etc/passwd").unwrap();
    let mut folder = tar::Header::new_gnu();
    folder.set_entry_type(tar::EntryType::Directory);
    append(&mut writer, folder, "folder/", b"");
    append(&mut writer, tar::Header::new_old(), "last.txt", TEXT);
    check("a.tar", &writer.into_inner().unwrap(), &[&format!("a.tar!/{long}"), "a.tar!/last.txt"]);
    check("a.tar", &pax.into_inner().unwrap(), &[&format!("a.tar!/{long}")]);
}

fn tar_writer() -> tar::Builder<Vec<u8>> {
    tar::Builder::new(Vec::new())
}

fn append(writer: &mut tar::Builder<Vec<u8>>, mut header: tar::Header, name: &str, content: &[u8]) {
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    writer.append_data(&mut header, name, content).unwrap();
}

#[test]
fn a_zip_behind_a_program_is_found() {
    let zip = zip(&[("config.ini", TEXT)]);
    for program in
        [&b"#!/usr/bin/env python3\n"[..], b"#!/bin/sh\nexec java -jar $0\nexit\n", b"MZ\x90\0..\0\0"]
    {
        let name = "tool.pyz";
        let bytes = [program, &zip].concat();
        check(name, &bytes, &["tool.pyz!/config.ini"]);
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), &bytes).unwrap();
        assert_eq!(visit_path(folder.path(), &options()).paths(), ["tool.pyz!/config.ini"]);
    }
    // A name alone does not make an archive.
    let folder = tempfile::tempdir().unwrap();
    let text = "not a zip\n".repeat(10_000);
    std::fs::write(folder.path().join("notes.exe"), &text).unwrap();
    assert_eq!(visit_path(folder.path(), &options()).text("notes.exe"), text);
}

#[test]
fn a_zip_that_was_written_as_a_stream_is_read_with_and_without_its_directory() {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new_stream(Vec::new());
    let plain = zip::write::SimpleFileOptions::default();
    for name in ["a.txt", "dir/b.txt"] {
        writer.start_file(name, plain.compression_method(zip::CompressionMethod::Deflated)).unwrap();
        writer.write_all(TEXT).unwrap();
    }
    let bytes = writer.finish().unwrap().into_inner();
    check("a.zip", &bytes, &["a.zip!/a.txt", "a.zip!/dir/b.txt"]);
    let end = bytes.windows(4).rposition(|window| window == b"PK\x05\x06").unwrap();
    let seen = visit("a.zip", &bytes[..end], &options());
    assert_eq!(seen.paths(), ["a.zip!/a.txt", "a.zip!/dir/b.txt"]);
    assert_eq!(seen.of(NotDoneKind::Broken), ["a.zip"]);
}

#[test]
fn a_nested_zip_beyond_the_file_size_is_read_as_a_stream() {
    let text: Vec<u8> =
        (0..3000u32).flat_map(|at| format!("{:x}\n", at.wrapping_mul(2_654_435_761)).into_bytes()).collect();
    let names: Vec<String> = (0..20).map(|at| format!("{at:02}.txt")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &text[..])).collect();
    let small = Options { max_file_size: 30_000, ..options() };
    for inner in [zip(&members), zip_stored(&members)] {
        assert!(inner.len() > 100_000);
        let seen = visit("outer.tar", &tar(&[("inner.jar", &inner), ("after.txt", TEXT)]), &small);
        assert_eq!((seen.blobs.len(), seen.left_out()), (21, vec![]));
        assert!(
            seen.blobs.iter().filter(|(path, _)| path.contains("inner")).all(|(_, bytes)| *bytes == text)
        );
    }
    let seen = visit("outer.tar", &tar(&[("inner.7z", &sevenz(&members)), ("after.txt", TEXT)]), &small);
    assert_eq!(seen.paths(), ["outer.tar!/after.txt"]);
    assert_eq!(seen.of(NotDoneKind::TooLarge), ["outer.tar!/inner.7z"]);
}

/// Sets a field of every local header and directory entry of a zip.
fn patch(mut bytes: Vec<u8>, local: usize, entry: usize, value: u16) -> Vec<u8> {
    for (mark, at) in [(b"PK\x03\x04", local), (b"PK\x01\x02", entry)] {
        let places: Vec<usize> =
            (0..bytes.len() - 4).filter(|&place| bytes[place..].starts_with(mark)).collect();
        for place in places {
            bytes[place + at..place + at + 2].copy_from_slice(&value.to_le_bytes());
        }
    }
    bytes
}

#[test]
fn what_cannot_be_decoded_is_told_with_its_member() {
    let plain = || zip_stored(&[("a.txt", TEXT)]);
    for (bytes, path, reason) in [
        (patch(plain(), 6, 8, 1), "a.zip!/a.txt", "encrypted"),
        (patch(plain(), 8, 10, 9), "a.zip!/a.txt", "compressed by a method that is not supported (9)"),
        (patch(plain(), 14, 16, 7), "a.zip!/a.txt", "corrupt or truncated: its checksum does not match"),
        (
            patch(plain(), 0, 42, 9),
            "a.zip!/a.txt",
            "corrupt or truncated: the directory names a place where no member is",
        ),
    ] {
        let seen = visit("a.zip", &bytes, &options());
        assert_eq!(seen.left_out(), [(NotDoneKind::Broken, path, reason)]);
        // Scanned all the same where there was something to scan.
        assert_eq!(seen.blobs.len(), usize::from(reason.contains("checksum")));
    }
}

#[test]
fn what_comes_before_the_damage_is_scanned() {
    let lines: String =
        (0..100_000u32).map(|at| format!("line {at} {:x}\n", at.wrapping_mul(2_654_435_761))).collect();
    let text = lines.as_bytes();
    let members: &[(&str, &[u8])] = &[("first.txt", TEXT), ("long.txt", text)];
    for (name, bytes) in [
        ("a.txt.gz", gzip(text)),
        ("a.txt.bz2", bzip2(text)),
        ("a.txt.zst", zstd(text)),
        ("a.txt.xz", xz(text)),
        ("a.zip", zip(members)),
        ("a.tar", tar(members)),
        ("a.tgz", gzip(&tar(members))),
        ("a.7z", sevenz(members)),
    ] {
        let half = &bytes[..bytes.len() / 2];
        let seen = visit(name, half, &options());
        assert!(seen.kinds().contains_key(&NotDoneKind::Broken), "{name}");
        // A 7z keeps its table of contents at the end: without it nothing can be found.
        assert_eq!(seen.blobs.is_empty(), name == "a.7z", "{name}: {:?}", seen.left_out());
        for (path, content) in &seen.blobs {
            assert!(text.starts_with(content) || content == TEXT, "{path}");
        }
    }
}

fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let text: String = (0..300).map(|at| format!("key-{at} = value-{}\n", at * at)).collect();
    let members: &[(&str, &[u8])] = &[("a.txt", text.as_bytes()), ("b/c.txt", TEXT), ("d.gz", &gzip(TEXT))];
    vec![
        ("a.zip", zip(members)),
        ("b.zip", zip_stored(members)),
        ("a.tar", tar(members)),
        ("a.tgz", gzip(&tar(members))),
        ("a.txt.bz2", bzip2(text.as_bytes())),
        ("a.txt.xz", xz(text.as_bytes())),
        ("a.tar.zst", zstd(&tar(members))),
        ("a.7z", sevenz(members)),
    ]
}

#[test]
fn an_archive_cut_anywhere_yields_what_is_there_or_is_told() {
    for (name, bytes) in samples() {
        let whole = visit(name, &bytes, &options());
        assert_eq!(whole.left_out(), [], "{name}");
        for end in (0..bytes.len()).step_by(7) {
            let seen = visit(name, &bytes[..end], &options());
            for (path, content) in &seen.blobs {
                let all = whole.blobs.iter().find(|(known, _)| known == path);
                // Without its magic number it is a file like another.
                let is_raw = path == name && bytes.starts_with(content);
                assert!(
                    is_raw || all.is_some_and(|(_, all)| all.starts_with(content)),
                    "{name} to {end}: {path}"
                );
            }
            let complete = seen.blobs == whole.blobs;
            assert!(
                complete || !seen.not_done.is_empty() || seen.paths() == [name],
                "{name} to {end} is lost in silence"
            );
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

    #[test]
    fn damage_is_survived_within_the_limits(
        which in 0usize..8,
        flips in proptest::collection::vec((proptest::prelude::any::<proptest::sample::Index>(), proptest::prelude::any::<u8>()), 1..6),
    ) {
        let (name, mut bytes) = samples().swap_remove(which);
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        let seen = visit(name, &bytes, &Options { max_file_size: 20_000, max_memory: 64 << 20, ..options() });
        proptest::prop_assert!(seen.blobs.iter().all(|(_, content)| content.len() <= 20_000));
        proptest::prop_assert!(!seen.blobs.is_empty() || !seen.not_done.is_empty());
    }
}

#[test]
fn one_archive_is_shared_among_threads_and_gives_the_same() {
    let text = "some text of some length\n".repeat(100);
    let names: Vec<String> = (0..1500).map(|at| format!("{at}.txt")).collect();
    let mut members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), text.as_bytes())).collect();
    let nested = zip(&members[..50]);
    members.push(("nested.zip", &nested));
    members.push(("image.png", b"\x89PNG\r\n\x1a\n"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.tar");
    std::fs::write(&path, tar(&members)).unwrap();
    let one = visit_path(&path, &options());
    assert_eq!((one.blobs.len(), one.not_done.len()), (1550, 1));
    let little = Options { max_memory: 100_000, ..options() };
    let one_of_little = visit_path(&path, &little);
    for threads in [2, 8] {
        assert!(one == visit_path(&path, &Options { threads, ..options() }));
        assert!(one_of_little == visit_path(&path, &Options { threads, ..little.clone() }));
    }
}
