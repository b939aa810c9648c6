//! Indexes that somebody made by hand, with checksums that hold: nothing in them may do harm.

use super::container::reseal;
use super::{Database, Limits, file_name, import_bytes};
use crate::{Ecosystem, SourceKind};
use proptest::prelude::*;
use serde_json::json;
use std::io::Cursor;

fn record(n: usize) -> Vec<u8> {
    json!({
        "id": format!("GHSA-{n}"), "modified": "2024-01-01T00:00:00Z", "aliases": [format!("CVE-2024-{n:04}")],
        "summary": "s", "details": "d ".repeat(40),
        "severity": [{ "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N" }],
        "affected": [{ "package": { "ecosystem": "npm", "name": format!("p{}", n % 3) },
            "versions": ["1.0.0", "7.0.0"],
            "ecosystem_specific": { "imports": [{ "path": "a", "symbols": ["b"] }] },
            "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }, { "fixed": "2.0.0" }] }] }],
    })
    .to_string()
    .into_bytes()
}

/// Uses everything that can be reached.
fn use_all(folder: &std::path::Path) {
    let Ok(database) = Database::open(folder) else { return };
    let names: Vec<String> = database.packages(Ecosystem::Npm).map(str::to_owned).collect();
    for name in names.iter().map(String::as_str).chain(["p0", "p1", "p2", "other"]) {
        let Ok(judged) = database.judge(Ecosystem::Npm, None, name, Some("1.2.3"), &SourceKind::Registry)
        else {
            continue;
        };
        for (advisory, _) in &judged {
            let _ = (advisory.symbols(), advisory.texts(), advisory.severity());
        }
        let _ = crate::merge::merge(Ecosystem::Npm, judged);
    }
    let _ = database.known_exploited("CVE-2024-0001");
    let _ = database.epss("CVE-2024-0001");
}

fn good() -> Vec<(String, Vec<u8>)> {
    let folder = tempfile::tempdir().unwrap();
    let mut zip = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
    for n in 0..6 {
        zip.start_file(format!("{n}.json"), ::zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, &record(n)).unwrap();
    }
    let zip = zip.finish().unwrap().into_inner();
    let kev = r#"{"vulnerabilities":[{"cveID":"CVE-2024-0001","dateAdded":"2024-01-01"}]}"#;
    let epss = "cve,epss,percentile\nCVE-2024-0001,0.5,0.6\n";
    for bytes in [zip.as_slice(), kev.as_bytes(), epss.as_bytes()] {
        import_bytes("x", &mut Cursor::new(bytes), folder.path(), &Limits::default()).unwrap();
    }
    let names = [file_name(Ecosystem::Npm), super::kev::FILE.to_owned(), super::epss::FILE.to_owned()];
    names
        .map(|name| {
            let bytes = std::fs::read(folder.path().join(&name)).unwrap();
            (name, bytes)
        })
        .into()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_forged_index_does_no_harm(
        which in 0_usize..3,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), prop_oneof![any::<u8>(), Just(0), Just(255)]), 1..6),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        thread_local!(static GOOD: Vec<(String, Vec<u8>)> = good());
        let (name, mut bytes) = GOOD.with(|good| good[which].clone());
        for (at, value) in changes {
            let at = 96 + at.index(bytes.len() - 96);
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            let length = 96 + cut.index(bytes.len() - 96);
            bytes.truncate(length);
        }
        reseal(&mut bytes);
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), bytes).unwrap();
        use_all(folder.path());
    }

    #[test]
    fn mutated_records_do_no_harm(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..5),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = record(1);
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            let length = cut.index(bytes.len());
            bytes.truncate(length);
        }
        let (folder, source) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::write(source.path().join("x.json"), bytes).unwrap();
        let _ = super::import(source.path(), folder.path(), &Limits::default());
        use_all(folder.path());
    }
}
