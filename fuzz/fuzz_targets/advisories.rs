//! Advisories: any bytes are imported or refused in words, and any bytes are an index or none.
#![no_main]

use bartizan_packages::database::{Database, Limits, import_bytes};
use bartizan_packages::{Ecosystem, SourceKind};
use libfuzzer_sys::fuzz_target;
use std::io::Cursor;
use std::sync::LazyLock;

static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());

fuzz_target!(|input: (bool, &[u8])| {
    let (as_index, bytes) = input;
    let folder = FOLDER.path();
    for entry in std::fs::read_dir(folder).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    if as_index {
        std::fs::write(folder.join("npm.index"), bytes).unwrap();
    } else {
        // One record, as an archive holds it: most inputs would not even be a zip.
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file("a.json", zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut archive, bytes).unwrap();
        let archive = archive.finish().unwrap().into_inner();
        let _ = import_bytes("all.zip", &mut Cursor::new(archive), folder, &Limits::default());
        let _ = import_bytes("other", &mut Cursor::new(bytes), folder, &Limits::default());
    }
    let Ok(database) = Database::open(folder) else { return };
    for ecosystem in Ecosystem::ALL.iter().copied().filter(|ecosystem| database.covers(*ecosystem)) {
        let names: Vec<String> = database.packages(ecosystem).take(4).map(str::to_owned).collect();
        for name in &names {
            let judged = database.judge(ecosystem, None, name, Some("1.2.3"), &SourceKind::Registry);
            for (advisory, _) in judged.iter().flatten() {
                let _ = (advisory.symbols(), advisory.texts(), advisory.severity());
            }
            if let Ok(judged) = judged {
                let _ = bartizan_packages::merge::merge(ecosystem, judged);
            }
        }
    }
});
