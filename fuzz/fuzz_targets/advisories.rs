//! Advisories: any bytes are imported or refused in words, and an index that somebody forged does no harm.
//!
//! The first byte chooses: a record in an archive, a whole download, or an honest index of one kind with changes of which
//! the checksums hold (bytes of any kind would not get past them).
#![no_main]

use bartizan_packages::database::{Database, Limits, import_bytes};
use bartizan_packages::{Ecosystem, SourceKind};
use libfuzzer_sys::fuzz_target;
use std::io::{Cursor, Write};
use std::path::Path;
use std::sync::LazyLock;

/// Checksums and lengths stand in this many bytes at the front of every index.
const HEADER: usize = 96;
const INDEXES: [&str; 3] = ["npm.index", "kev.index", "epss.index"];

static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());
static HONEST: LazyLock<[Vec<u8>; 3]> = LazyLock::new(honest);

fuzz_target!(|bytes: &[u8]| {
    let Some((&choice, bytes)) = bytes.split_first() else { return };
    let folder = FOLDER.path();
    for entry in std::fs::read_dir(folder).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    match usize::from(choice) % (2 + INDEXES.len()) {
        0 => {
            let _ = import_bytes("all.zip", &mut Cursor::new(archive(&[bytes])), folder, &Limits::default());
        }
        1 => {
            let _ = import_bytes("other", &mut Cursor::new(bytes), folder, &Limits::default());
        }
        kind => {
            let forged = forge(&HONEST[kind - 2], bytes);
            std::fs::write(folder.join(INDEXES[kind - 2]), forged).unwrap();
        }
    }
    use_all(folder);
});

/// Uses everything that can be reached.
fn use_all(folder: &Path) {
    let Ok(database) = Database::open(folder) else { return };
    for ecosystem in Ecosystem::ALL.iter().copied().filter(|ecosystem| database.covers(*ecosystem)) {
        let names: Vec<String> = database.packages(ecosystem).take(4).map(str::to_owned).collect();
        for name in names.iter().map(String::as_str).chain(["p0", "p1"]) {
            let judged = database.judge(ecosystem, None, name, Some("1.2.3"), &SourceKind::Registry);
            for (advisory, _) in judged.iter().flatten() {
                let _ = (advisory.symbols(), advisory.texts(), advisory.severity());
            }
            if let Ok(judged) = judged {
                let _ = bartizan_packages::merge::merge(ecosystem, judged);
            }
        }
    }
    let _ = (database.known_exploited("CVE-2024-0001"), database.epss("CVE-2024-0001"));
}

/// One index of each kind, as an import makes them.
fn honest() -> [Vec<u8>; 3] {
    let record = |n: usize| {
        format!(
            r#"{{"id":"GHSA-{n}","modified":"2024-01-01T00:00:00Z","aliases":["CVE-2024-{n:04}"],"summary":"s","details":"some words",
            "severity":[{{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"}}],
            "affected":[{{"package":{{"ecosystem":"npm","name":"p{}"}},"versions":["1.0.0"],
            "ecosystem_specific":{{"imports":[{{"path":"a","symbols":["b"]}}]}},
            "ranges":[{{"type":"SEMVER","events":[{{"introduced":"0"}},{{"fixed":"2.0.0"}}]}}]}}]}}"#,
            n % 2
        )
    };
    let folder = tempfile::tempdir().unwrap();
    let records: Vec<String> = (0..3).map(record).collect();
    let records: Vec<&[u8]> = records.iter().map(String::as_bytes).collect();
    let kev = br#"{"vulnerabilities":[{"cveID":"CVE-2024-0001","dateAdded":"2024-01-01"}]}"#;
    let epss = b"cve,epss,percentile\nCVE-2024-0001,0.5,0.6\n";
    for bytes in [archive(&records), kev.to_vec(), epss.to_vec()] {
        import_bytes("x", &mut Cursor::new(bytes), folder.path(), &Limits::default()).unwrap();
    }
    // A forged index without changes is read: otherwise nothing here would reach what reads indexes.
    let honest = INDEXES.map(|name| std::fs::read(folder.path().join(name)).unwrap());
    for (name, bytes) in INDEXES.iter().zip(&honest) {
        std::fs::write(folder.path().join(name), forge(bytes, &[])).unwrap();
    }
    let database = Database::open(folder.path()).unwrap();
    assert!(database.covers(Ecosystem::Npm) && database.has_kev() && database.has_epss());
    honest
}

fn archive(records: &[&[u8]]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (number, record) in records.iter().enumerate() {
        archive.start_file(format!("{number}.json"), zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(record).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// Three bytes are a change: where, and what stands there then; one or two at the end cut the file.
fn forge(honest: &[u8], changes: &[u8]) -> Vec<u8> {
    let mut bytes = honest.to_vec();
    let (changes, cut) = changes.as_chunks::<3>();
    for [low, high, value] in changes {
        let body = &mut bytes[HEADER..];
        let at = usize::from(u16::from_le_bytes([*low, *high])) % body.len();
        body[at] = *value;
    }
    if let Some((low, high)) = cut.first().map(|low| (*low, cut.get(1).copied().unwrap_or(0))) {
        let at = usize::from(u16::from_le_bytes([low, high])) % (bytes.len() - HEADER);
        bytes.truncate(HEADER + at);
    }
    let length = (bytes.len() as u64).to_le_bytes();
    bytes[16..24].copy_from_slice(&length);
    let body = *blake3::hash(&bytes[HEADER..]).as_bytes();
    bytes[32..64].copy_from_slice(&body);
    let head = *blake3::hash(&bytes[..64]).as_bytes();
    bytes[64..96].copy_from_slice(&head);
    bytes
}
