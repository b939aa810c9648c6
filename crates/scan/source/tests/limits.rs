//! Limits: bombs, giants and lies cost no more than they may, and each limit that was hit is told by its setting.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use bartizan_model::NotDoneKind;
use bartizan_source::{Cancel, Options};
use common::{
    Collector, Seen, bzip2, gzip, options, sevenz, tar, visit, visit_path, xz, zip, zip_stored, zstd,
};
use std::time::{Duration, Instant};

const MIB: usize = 1 << 20;

/// Text that compresses a thousandfold.
fn hollow(size: usize) -> Vec<u8> {
    vec![b' '; size]
}

/// Text that does not compress well.
fn dense(size: usize) -> Vec<u8> {
    let mut state = 1u32;
    (0..size)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            b'!' + u8::try_from((state >> 16) % 90).unwrap()
        })
        .collect()
}

fn check_limit(seen: &Seen, setting: &str, path: &str) {
    let limits: Vec<_> =
        seen.not_done.iter().filter(|entry| entry.kind == NotDoneKind::ArchiveLimit).collect();
    assert_eq!(limits.len(), 1, "{:?}", seen.not_done);
    assert!(limits[0].reason.contains(setting), "{}", limits[0].reason);
    assert_eq!(limits[0].path, path);
}

#[test]
fn files_and_members_up_to_the_limit_are_scanned() {
    let limit = Options { max_file_size: 5000, ..options() };
    for (size, scanned) in
        [(0, true), (4999, true), (5000, true), (5001, false), (9000, false), (100_000, false)]
    {
        let content = dense(size);
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.txt"), &content).unwrap();
        for (place, seen) in [
            ("a.txt", visit_path(folder.path(), &limit)),
            ("a.txt", visit("a.txt", &content, &limit)),
            ("a.zip!/a.txt", visit("a.zip", &zip(&[("a.txt", &content)]), &limit)),
            ("a.tar!/a.txt", visit("a.tar", &tar(&[("a.txt", &content)]), &limit)),
            ("a.txt.gz!/a.txt", visit("a.txt.gz", &gzip(&content), &limit)),
            ("a.7z!/a.txt", visit("a.7z", &sevenz(&[("a.txt", &content)]), &limit)),
        ] {
            if scanned {
                assert_eq!((seen.paths(), seen.left_out()), (vec![place], vec![]), "{size}");
            } else {
                let reason = "larger than 4.8 KiB (--max-file-size)";
                assert_eq!(seen.left_out(), [(NotDoneKind::TooLarge, place, reason)], "{size}");
                assert!(seen.blobs.is_empty());
            }
        }
    }
}

#[test]
fn a_giant_that_is_binary_or_an_archive_is_called_so() {
    let limit = Options { max_file_size: 10_000, ..options() };
    let folder = tempfile::tempdir().unwrap();
    let giant = std::fs::File::create(folder.path().join("disk.img")).unwrap();
    // Sparse: takes no room on the disk.
    giant.set_len(1 << 40).unwrap();
    std::fs::write(
        folder.path().join("many.zip"),
        zip_stored(&[("a.txt", &dense(9000)), ("b.txt", &dense(9000))]),
    )
    .unwrap();
    let begin = Instant::now();
    let seen = visit_path(folder.path(), &limit);
    assert_eq!(seen.left_out(), [(NotDoneKind::Binary, "disk.img", "has NUL bytes")]);
    assert_eq!(seen.paths(), ["many.zip!/a.txt", "many.zip!/b.txt"]);
    assert!(begin.elapsed() < Duration::from_secs(5));
}

#[test]
fn every_format_stops_at_the_expansion_ratio() {
    // Under the size of a file, so that nothing but the ratio stops it.
    let content = hollow(8 * MIB);
    for (name, member, bytes) in [
        (
            "a.zip",
            "a.zip!/x.txt",
            zip(&[("first.txt", b"first"), ("x.txt", &content), ("last.txt", b"last")]),
        ),
        ("a.txt.gz", "a.txt.gz!/a.txt", gzip(&content)),
        ("a.txt.bz2", "a.txt.bz2!/a.txt", bzip2(&content)),
        ("a.txt.xz", "a.txt.xz!/a.txt", xz(&content)),
        ("a.txt.zst", "a.txt.zst!/a.txt", zstd(&content)),
        ("a.7z", "a.7z!/x.txt", sevenz(&[("first.txt", b"first"), ("x.txt", &content)])),
        ("a.tgz", "a.tgz!/x.txt", gzip(&tar(&[("first.txt", b"first"), ("x.txt", &content)]))),
    ] {
        let seen = visit(name, &bytes, &options());
        check_limit(&seen, "--max-archive-ratio", member);
        let expected = [&b"first"[..]].len();
        let firsts = seen.blobs.iter().filter(|(_, bytes)| bytes == b"first").count();
        assert_eq!(firsts, if member.ends_with("x.txt") { expected } else { 0 }, "{name}");
        assert!(!seen.paths().iter().any(|path| path.ends_with("last.txt")));
        // A generous ratio lets it pass.
        let seen = visit(name, &bytes, &Options { max_archive_ratio: u64::MAX, ..options() });
        assert_eq!(seen.left_out(), [], "{name}");
        assert!(seen.blobs.iter().any(|(path, bytes)| path == member && bytes.len() == content.len()));
    }
}

#[test]
fn a_small_archive_may_expand_as_it_likes() {
    let seen = visit("a.log.gz", &gzip(&hollow(900_000)), &options());
    assert_eq!((seen.blobs[0].1.len(), seen.left_out()), (900_000, vec![]));
}

#[test]
fn bytes_that_are_only_passed_over_count_too() {
    // Binary members are not read, but the stream has to be decoded to come to the next member.
    let bomb = gzip(&tar(&[("zeros.bin", &vec![0; 40 * MIB]), ("a.txt", b"x")]));
    check_limit(&visit("a.tgz", &bomb, &options()), "--max-archive-ratio", "a.tgz");
    let bomb = sevenz(&[("zeros.bin", &vec![0; 40 * MIB])]);
    check_limit(&visit("a.7z", &bomb, &options()), "--max-archive-ratio", "a.7z!/zeros.bin");
}

#[test]
fn nested_bombs_count_on_every_level() {
    let mut bomb = gzip(&vec![0; 30 * MIB]);
    for _ in 0..3 {
        let copies: Vec<(String, &[u8])> = (0..200).map(|at| (format!("{at}.gz"), &bomb[..])).collect();
        let members: Vec<(&str, &[u8])> =
            copies.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
        bomb = zip(&members);
    }
    let begin = Instant::now();
    let seen = visit("bomb.zip", &bomb, &Options { max_archive_depth: 10, ..options() });
    assert_eq!(seen.kinds()[&NotDoneKind::ArchiveLimit], 1);
    assert!(begin.elapsed() < Duration::from_secs(60));
}

#[test]
fn the_size_of_what_comes_out_is_limited() {
    let content = dense(60_000);
    let members: Vec<(String, &[u8])> = (0..50).map(|at| (format!("{at:02}.txt"), &content[..])).collect();
    let members: Vec<(&str, &[u8])> = members.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let limit = Options { max_archive_size: MIB as u64, ..options() };
    for (name, bytes) in
        [("a.zip", zip(&members)), ("a.7z", sevenz(&members)), ("a.tgz", gzip(&tar(&members)))]
    {
        // Alone the archive would be refused for its own size: what is under test is what comes out.
        let size = bytes.len() as u64;
        let seen =
            visit(name, &bytes, &Options { max_archive_size: limit.max_archive_size.max(size), ..options() });
        assert_eq!(seen.of(NotDoneKind::ArchiveLimit).len(), 1, "{name}: {:?}", seen.left_out());
        assert!(seen.not_done[0].reason.contains("--max-archive-size"));
        assert!(!seen.blobs.is_empty() && seen.blobs.len() < 50, "{name}: {}", seen.blobs.len());
        let seen = visit(name, &bytes, &limit);
        check_limit(&seen, "--max-archive-size", name);
        assert!(seen.blobs.is_empty());
    }
}

#[test]
fn the_number_of_members_is_limited_on_all_levels_together() {
    let names: Vec<String> = (0..60).map(|at| format!("{at:02}")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    let limit = Options { max_archive_members: 100, ..options() };
    for (name, bytes) in [("a.zip", zip(&members)), ("a.tar", tar(&members)), ("a.7z", sevenz(&members))] {
        let seen = visit(name, &bytes, &limit);
        assert_eq!((seen.blobs.len(), seen.left_out()), (60, vec![]), "{name}");
        let both = zip(&[("one", &bytes), ("two", &bytes)]);
        let seen = visit("both.zip", &both, &limit);
        assert_eq!(seen.blobs.len(), 98, "{name}: two archives and their members are one hundred");
        check_limit(&seen, "--max-archive-members", "both.zip!/two!/38");
    }
}

#[test]
fn overlapping_members_are_counted_each_time() {
    // One member of 1 MiB, named a thousand times by the directory: as the known bombs without nesting do.
    let one = zip_stored(&[("a.txt", &dense(MIB))]);
    let end = one.len() - 22;
    let start = usize::try_from(u32::from_le_bytes(one[end + 16..end + 20].try_into().unwrap())).unwrap();
    let entry = &one[start..end];
    let mut bomb = one[..start].to_vec();
    for _ in 0..1000 {
        bomb.extend_from_slice(entry);
    }
    let mut tail = one[end..].to_vec();
    tail[8..12].copy_from_slice(&[0xe8, 3, 0xe8, 3]);
    tail[12..16].copy_from_slice(&u32::try_from(entry.len() * 1000).unwrap().to_le_bytes());
    bomb.extend_from_slice(&tail);
    let seen = visit("a.zip", &bomb, &options());
    check_limit(&seen, "--max-archive-ratio", "a.zip!/a.txt");
    assert_eq!(seen.blobs.len() as u64 - 1, (bomb.len() as u64 * 200) / MIB as u64);
}

#[test]
fn nesting_beyond_any_depth_does_not_exhaust_the_stack() {
    let mut bytes = b"core".to_vec();
    for at in 0..200 {
        bytes = if at % 2 == 0 { zip_stored(&[("x", &bytes)]) } else { gzip(&bytes) };
    }
    let seen = visit("x", &bytes, &Options { max_archive_depth: u32::MAX, ..options() });
    assert_eq!(seen.of(NotDoneKind::ArchiveLimit).len(), 1);
    assert!(seen.not_done[0].reason.contains("deeper than 32 levels"));
}

#[test]
fn declared_sizes_are_not_believed() {
    // A tar header that claims an exabyte.
    let mut lie = tar(&[("a.txt", b"short")]);
    lie[124..136].copy_from_slice(b"\x80\0\0\0\x10\0\0\0\0\0\0\0");
    lie[148..156].fill(b' ');
    let sum: u32 = lie[..512].iter().map(|&byte| u32::from(byte)).sum();
    lie[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let seen = visit("a.tar", &lie, &options());
    assert_eq!(seen.of(NotDoneKind::Broken), ["a.tar"]);
    assert!(seen.not_done.iter().any(|entry| entry.reason.contains("ends in the middle of a member")));

    // A zip whose headers claim four gigabytes, and one byte.
    for claim in [u32::MAX - 1, 1] {
        let mut lie = zip(&[("a.txt", b"some text that is longer than one byte")]);
        let entry = lie.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
        for at in [22, entry + 24] {
            lie[at..at + 4].copy_from_slice(&claim.to_le_bytes());
        }
        let seen = visit("a.zip", &lie, &options());
        assert_eq!(seen.text("a.zip!/a.txt"), "some text that is longer than one byte");
    }
}

#[test]
fn memory_is_refused_rather_than_exceeded() {
    let content = dense(600_000);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("big.txt"), &content).unwrap();
    std::fs::write(folder.path().join("big.zip"), zip(&[("big.txt", &content), ("small.txt", b"x")]))
        .unwrap();
    std::fs::write(folder.path().join("small.txt"), "x").unwrap();
    for threads in [1, 8] {
        let little = Options { max_memory: 500_000, threads, ..options() };
        let seen = visit_path(folder.path(), &little);
        assert_eq!(seen.paths(), ["big.zip!/small.txt", "small.txt"]);
        assert_eq!(seen.of(NotDoneKind::OutOfMemory), ["big.txt", "big.zip!/big.txt"]);
        assert!(seen.not_done.iter().all(|entry| entry.reason.contains("--max-memory")));
    }
}

#[test]
fn a_decoders_window_is_paid_for() {
    let little = Options { max_memory: 8 << 20, ..options() };
    // `xz -6` has a dictionary of 8 MiB whatever the content.
    let seen = visit("a.xz", &xz(b"text"), &little);
    assert_eq!(seen.of(NotDoneKind::OutOfMemory), ["a.xz"]);
    // A zstandard frame that asks for a window of 2 GiB.
    let seen = visit("a.zst", b"\x28\xb5\x2f\xfd\x00\xa8\x21\x00\x00x", &options());
    assert_eq!(seen.of(NotDoneKind::OutOfMemory), ["a.zst"]);
    // A second frame that asks for more than the first.
    let greedy = [&zstd(b"text")[..], b"\x28\xb5\x2f\xfd\x00\xa8\x21\x00\x00x"].concat();
    let seen = visit("a.zst", &greedy, &options());
    assert_eq!((seen.text("a.zst!/a"), seen.of(NotDoneKind::Broken)), ("text", vec!["a.zst!/a"]));
}

#[test]
fn a_stop_is_obeyed_inside_an_archive() {
    let bytes = zip(&[("a.txt", b"x")]);
    let cancel = Cancel::default();
    cancel.interrupt();
    let collector = Collector::default();
    bartizan_source::visit_bytes("a.zip", &bytes, &options(), &collector, &cancel);
    let seen = collector.seen();
    assert_eq!((seen.blobs.len(), seen.of(NotDoneKind::Interrupted)), (0, vec!["a.zip"]));

    // A zstandard stream of four bytes per 128 KiB: a tar with one binary member of 40 GB, to be passed over.
    let mut endless = b"\x28\xb5\x2f\xfd\x00\x38".to_vec();
    let mut header = tar(&[("zeros.bin", b"")])[..512].to_vec();
    header[124..136].copy_from_slice(b"\x80\0\0\0\0\0\xff\0\0\0\0\0");
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    endless.extend_from_slice(&(512u32 << 3).to_le_bytes()[..3]);
    endless.extend_from_slice(&header);
    for _ in 0..300_000 {
        endless.extend_from_slice(&((128u32 << 10) << 3 | 1 << 1).to_le_bytes()[..3]);
        endless.push(0);
    }
    let open = Options { max_archive_ratio: u64::MAX, max_archive_size: u64::MAX, ..options() };
    let soon = Cancel::default().with_deadline(Some(Instant::now() + Duration::from_millis(200)));
    let collector = Collector::default();
    let begin = Instant::now();
    bartizan_source::visit_bytes("endless.zst", &endless, &open, &collector, &soon);
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    assert_eq!(
        collector.seen().left_out(),
        [
            (NotDoneKind::Binary, "endless.zst!/zeros.bin", "has NUL bytes"),
            (NotDoneKind::OutOfTime, "endless.zst", "not all of it was looked at (--max-time)"),
        ]
    );
}
