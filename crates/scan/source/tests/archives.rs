//! Archives of every kind, whole and damaged.

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
