//! The database through its public face: import, open, look-up, damage, replacement under readers.

use bartizan_model::Severity;
use bartizan_packages::advisory::Kind;
use bartizan_packages::database::{Damage, Database, Error, Limits, Report, import, import_bytes, status};
use bartizan_packages::matching::{Doubt, Verdict};
use bartizan_packages::merge::{Vulnerability, merge};
use bartizan_packages::{Ecosystem, SourceKind};
use serde_json::{Value, json};
use std::io::{Cursor, Write};
use std::path::Path;
use tempfile::TempDir;
use zip::write::{SimpleFileOptions, ZipWriter};

fn record(id: &str, ecosystem: &str, name: &str, events: Value) -> Value {
    json!({
        "id": id,
        "modified": "2024-05-06T07:08:09Z",
        "published": "2024-01-02T03:04:05Z",
        "summary": format!("summary of {id}"),
        "details": format!("details of {id}"),
        "affected": [{ "package": { "ecosystem": ecosystem, "name": name }, "ranges": [{ "type": "ECOSYSTEM", "events": events }] }],
        "references": [{ "type": "WEB", "url": format!("https://example.org/{id}") }],
    })
}

fn archive(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn zipped(records: &[Value]) -> Vec<u8> {
    let members: Vec<_> = records
        .iter()
        .enumerate()
        .map(|(n, record)| (format!("{n}.json"), record.to_string().into_bytes()))
        .collect();
    let members: Vec<_> = members.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    archive(&members)
}

fn take(folder: &TempDir, name: &str, bytes: &[u8]) -> Result<Report, Error> {
    import_bytes(name, &mut Cursor::new(bytes), folder.path(), &Limits::default())
}

fn compiled(records: &[Value]) -> (TempDir, Database) {
    let folder = tempfile::tempdir().unwrap();
    take(&folder, "archive.zip", &zipped(records)).unwrap();
    let database = Database::open(folder.path()).unwrap();
    (folder, database)
}

fn found(database: &Database, ecosystem: Ecosystem, name: &str, version: &str) -> Vec<Vulnerability> {
    let judged = database.judge(ecosystem, None, name, Some(version), &SourceKind::Registry).unwrap();
    merge(ecosystem, judged).unwrap()
}

fn ids(found: &[Vulnerability]) -> Vec<&str> {
    found.iter().map(|one| one.id.as_str()).collect()
}

#[test]
fn a_record_comes_back_as_it_went_in() {
    let mut full =
        record("GHSA-aaaa-bbbb-cccc", "npm", "left", json!([{ "introduced": "0" }, { "fixed": "1.2.3" }]));
    full["aliases"] = json!(["CVE-2024-0001"]);
    full["upstream"] = json!(["CVE-2024-0009"]);
    full["related"] = json!(["CVE-2023-0001"]);
    full["severity"] = json!([
        { "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N" },
        { "type": "CVSS_V4", "score": "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N" },
    ]);
    full["database_specific"] =
        json!({ "severity": "MODERATE", "cwe_ids": ["CWE-79", "CWE-20"], "github_reviewed": true });
    full["affected"][0]["ecosystem_specific"] =
        json!({ "imports": [{ "path": "a/b", "symbols": ["f", "T.g"] }] });
    full["affected"][0]["database_specific"] = json!({ "last_known_affected_version_range": "<= 1.2.2" });
    let (_folder, database) = compiled(&[full]);
    let advisories = database.advisories(Ecosystem::Npm, None, "left").unwrap();
    let [advisory] = advisories.as_slice() else { panic!("{advisories:?}") };
    assert_eq!(advisory.id, "GHSA-aaaa-bbbb-cccc");
    assert_eq!(advisory.aliases, ["CVE-2024-0001"]);
    assert_eq!(advisory.upstream, ["CVE-2024-0009"]);
    assert_eq!(advisory.related, ["CVE-2023-0001"]);
    assert_eq!(advisory.modified.unwrap().to_string(), "2024-05-06T07:08:09Z");
    assert_eq!(advisory.published.unwrap().to_string(), "2024-01-02T03:04:05Z");
    assert_eq!(advisory.withdrawn, None);
    assert_eq!(advisory.kind, Kind::Vulnerability);
    assert_eq!(advisory.scores.iter().map(|score| score.score).collect::<Vec<_>>(), [Some(7.5), Some(8.8)]);
    assert_eq!(advisory.score().unwrap().score, 8.8, "the newest version of CVSS is trusted most");
    assert_eq!(advisory.severity(), Some(Severity::High));
    assert_eq!(advisory.rating, Some(Severity::Medium));
    assert_eq!(advisory.reviewed, Some(true));
    assert_eq!(advisory.cwes, [20, 79]);
    assert_eq!(advisory.notes, ["last known to be affected: <= 1.2.2"]);
    let symbols = advisory.symbols().unwrap();
    assert_eq!((symbols[0].import, symbols[0].names.as_slice()), ("a/b", ["f", "T.g"].as_slice()));
    let texts = advisory.texts().unwrap();
    assert_eq!(texts.summary, "summary of GHSA-aaaa-bbbb-cccc");
    assert_eq!(texts.details, "details of GHSA-aaaa-bbbb-cccc");
    assert_eq!(texts.references[0].url, "https://example.org/GHSA-aaaa-bbbb-cccc");
    assert_eq!(advisory.ecosystem(), Some(Ecosystem::Npm));
}

#[test]
fn rustsec_informs_of_more_than_holes() {
    let informational = |id: &str, word: Value| {
        let mut record = record(id, "crates.io", "old", json!([{ "introduced": "0.0.0-0" }]));
        record["affected"][0]["database_specific"] = json!({ "informational": word });
        record["affected"][0]["ecosystem_specific"] = json!({ "affects": { "os": ["windows"], "arch": [], "functions": { "old::f": ["< 2"], "old::g": [] } } });
        record
    };
    let (_folder, database) = compiled(&[
        informational("RUSTSEC-2024-0001", json!("unmaintained")),
        informational("RUSTSEC-2024-0002", json!("unsound")),
        informational("RUSTSEC-2024-0003", json!("notice")),
        informational("RUSTSEC-2024-0004", Value::Null),
        informational("MAL-2024-0005", Value::Null),
    ]);
    let advisories = database.advisories(Ecosystem::CratesIo, None, "old").unwrap();
    let kinds: Vec<_> = advisories.iter().map(|advisory| (advisory.id, advisory.kind)).collect();
    let expected = [
        ("MAL-2024-0005", Kind::Malicious),
        ("RUSTSEC-2024-0001", Kind::Unmaintained),
        ("RUSTSEC-2024-0002", Kind::Unsound),
        ("RUSTSEC-2024-0003", Kind::Notice),
        ("RUSTSEC-2024-0004", Kind::Vulnerability),
    ];
    assert_eq!(kinds, expected);
    assert_eq!(advisories[0].severity(), Some(Severity::Critical));
    assert_eq!(advisories[1].notes, ["only on the operating systems windows"]);
    assert_eq!(advisories[1].symbols().unwrap()[0].names, ["old::f", "old::g"]);
}

#[test]
fn names_are_found_as_each_registry_compares_them() {
    let range = || json!([{ "introduced": "0" }]);
    let (_folder, database) = compiled(&[
        record("PYSEC-1", "PyPI", "Zope.Interface", range()),
        record("GHSA-1", "npm", "Upper", range()),
        record("GHSA-2", "npm", "upper", range()),
    ]);
    assert_eq!(database.advisories(Ecosystem::PyPi, None, "zope_interface").unwrap().len(), 1);
    assert_eq!(database.advisories(Ecosystem::Npm, None, "upper").unwrap()[0].id, "GHSA-2");
    assert!(database.advisories(Ecosystem::Npm, None, "other").unwrap().is_empty());
    assert!(matches!(database.advisories(Ecosystem::Go, None, "x"), Err(Error::Absent(Ecosystem::Go))));
    assert!(!database.covers(Ecosystem::Go));
    let mut names: Vec<_> = database.packages(Ecosystem::Npm).collect();
    names.sort_unstable();
    assert_eq!(names, ["Upper", "upper"]);
}

#[test]
fn releases_of_distributions_are_kept_apart() {
    let fixed = |version: &str| json!([{ "introduced": "0" }, { "fixed": version }]);
    let mut both = record("DEBIAN-CVE-2024-1", "Debian:11", "tar", fixed("1.34-1"));
    let other = record("x", "Debian:12", "tar", fixed("1.35-1"))["affected"][0].clone();
    both["affected"].as_array_mut().unwrap().push(other);
    let (_folder, database) =
        compiled(&[both, record("ALPINE-CVE-1", "Alpine:v3.18", "tar", fixed("1.2-r0"))]);
    let found = |ecosystem, release| database.advisories(ecosystem, release, "tar").unwrap();
    assert_eq!(found(Ecosystem::Debian, None).len(), 2);
    assert_eq!(found(Ecosystem::Debian, Some("12")).len(), 1);
    assert_eq!(found(Ecosystem::Debian, Some("12"))[0].ranges[0].events[1].version, "1.35-1");
    assert_eq!(found(Ecosystem::Debian, Some("10")).len(), 0);
    assert_eq!(found(Ecosystem::Alpine, Some("3.18")).len(), 1);
}

#[test]
fn a_database_is_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&compiled(&[record("GHSA-1", "npm", "a", json!([{ "introduced": "0" }]))]).1);
}

#[test]
fn withdrawn_records_match_nothing() {
    let mut taken_back = record("GHSA-1", "npm", "a", json!([{ "introduced": "0" }]));
    taken_back["withdrawn"] = json!("2024-06-01T00:00:00Z");
    let mut odd = record("GHSA-2", "npm", "a", json!([{ "introduced": "0" }]));
    odd["withdrawn"] = json!("some day");
    let (_folder, database) = compiled(&[taken_back, odd]);
    assert!(found(&database, Ecosystem::Npm, "a", "1.0.0").is_empty());
    assert_eq!(database.advisories(Ecosystem::Npm, None, "a").unwrap().len(), 2);
}

#[test]
fn a_bad_record_is_named_and_the_rest_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let good = record("GHSA-1", "npm", "a", json!([{ "introduced": "0" }, { "fixed": "2.0.0" }]));
    let mut odd_parts = record("GHSA-2", "npm", "a", json!([{ "introduced": "0" }, { "fixed": "3.0.0" }]));
    odd_parts["database_specific"] = json!(["not", "an", "object"]);
    odd_parts["affected"][0]["ecosystem_specific"] = json!(7);
    odd_parts["aliases"] = Value::Null;
    let bytes = archive(&[
        ("a.json", good.to_string().into_bytes()),
        ("cut.json", b"{\"id\": \"GHSA-9\", ".to_vec()),
        ("list.json", b"[]".to_vec()),
        ("nameless.json", b"{\"id\": \"\", \"affected\": []}".to_vec()),
        ("wrong.json", b"{\"id\": \"GHSA-8\", \"affected\": 7}".to_vec()),
        ("b.json", odd_parts.to_string().into_bytes()),
        ("readme.txt", b"skipped".to_vec()),
    ]);
    let report = take(&folder, "npm/all.zip", &bytes).unwrap();
    assert_eq!(report.compiled[0].records, 2);
    let at: Vec<_> = report.problems.iter().map(|problem| problem.at.as_str()).collect();
    assert_eq!(at, ["cut.json", "list.json", "nameless.json", "wrong.json"]);
    assert!(report.problems.iter().all(|problem| !problem.reason.is_empty()));
    let database = Database::open(folder.path()).unwrap();
    assert_eq!(ids(&found(&database, Ecosystem::Npm, "a", "1.0.0")), ["GHSA-1", "GHSA-2"]);
    assert_eq!(ids(&found(&database, Ecosystem::Npm, "a", "2.0.0")), ["GHSA-2"]);
}

#[test]
fn an_absurd_record_is_cut_and_reported() {
    let folder = tempfile::tempdir().unwrap();
    let mut versions = record("GHSA-1", "npm", "a", json!([{ "introduced": "9.0.0" }]));
    versions["affected"][0]["versions"] =
        (0..1_000_000).map(|n| format!("0.0.{n}")).collect::<Vec<_>>().into();
    let mut ranges = record("GHSA-2", "npm", "b", json!([]));
    let range = json!({ "type": "SEMVER", "events": [{ "introduced": "1.0.0" }, { "fixed": "1.1.0" }] });
    ranges["affected"][0]["ranges"] = vec![range; 20_000].into();
    let events: Vec<Value> = (0..30_000)
        .rev()
        .map(|n| json!({ "introduced": format!("1.{n}.0"), "fixed": format!("1.{n}.5") }))
        .collect();
    let events = record("GHSA-3", "npm", "c", events.into());
    let mut details = record("GHSA-4", "npm", "d", json!([{ "introduced": "0" }]));
    details["details"] = "ä".repeat(500_000).into();
    let start = std::time::Instant::now();
    let report = take(&folder, "npm.zip", &zipped(&[versions, ranges, events, details])).unwrap();
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
    let text = format!("{:?}", report.problems);
    assert!(text.contains("too many versions: 950000 were left out"), "{text}");
    assert!(text.contains("too many ranges: 19000 were left out"), "{text}");
    assert!(text.contains("too many events: 20000 were left out"), "{text}");
    let database = Database::open(folder.path()).unwrap();
    assert_eq!(ids(&found(&database, Ecosystem::Npm, "a", "0.0.777")), ["GHSA-1"]);
    assert!(found(&database, Ecosystem::Npm, "a", "8.0.0").is_empty());
    assert_eq!(ids(&found(&database, Ecosystem::Npm, "b", "1.0.9")), ["GHSA-2"]);
    assert_eq!(ids(&found(&database, Ecosystem::Npm, "c", "1.29999.4")), ["GHSA-3"]);
    assert!(found(&database, Ecosystem::Npm, "c", "1.29999.5").is_empty());
    let details = database.advisories(Ecosystem::Npm, None, "d").unwrap()[0].texts().unwrap().details;
    assert_eq!(details.len(), 64 << 10);
}

#[test]
fn of_records_with_one_id_the_latest_counts() {
    let folder = tempfile::tempdir().unwrap();
    let old = record("GHSA-1", "npm", "old-name", json!([{ "introduced": "0" }]));
    let mut new = record("GHSA-1", "npm", "new-name", json!([{ "introduced": "0" }]));
    new["modified"] = json!("2025-01-01T00:00:00Z");
    for records in [[old.clone(), new.clone()], [new, old]] {
        let report = take(&folder, "a.zip", &zipped(&records)).unwrap();
        assert!(report.problems[0].reason.contains("more than once"));
        assert_eq!(report.compiled[0].records, 1);
        let database = Database::open(folder.path()).unwrap();
        assert_eq!(database.advisories(Ecosystem::Npm, None, "new-name").unwrap().len(), 1);
        assert!(database.advisories(Ecosystem::Npm, None, "old-name").unwrap().is_empty());
    }
}

#[test]
fn an_archive_of_one_ecosystem_leaves_the_others_alone() {
    let folder = tempfile::tempdir().unwrap();
    let range = || json!([{ "introduced": "0" }]);
    let npm: Vec<_> =
        (0..5).map(|n| record(&format!("GHSA-{n}"), "npm", &format!("p{n}"), range())).collect();
    take(&folder, "whatever.zip", &zipped(&npm)).unwrap();
    let mut both = record("GHSA-5", "PyPI", "q", range());
    let other = record("x", "npm", "q", range())["affected"][0].clone();
    both["affected"].as_array_mut().unwrap().push(other);
    let python = [record("PYSEC-1", "PyPI", "r", range()), both];
    for name in ["unnamed.zip", "https://host.example/bucket/PyPI/all.zip", "pypi.zip"] {
        let report = take(&folder, name, &zipped(&python)).unwrap();
        assert_eq!(
            report.compiled.iter().map(|one| one.ecosystem).collect::<Vec<_>>(),
            [Ecosystem::PyPi],
            "{name}"
        );
        let database = Database::open(folder.path()).unwrap();
        assert_eq!(database.ecosystems().map(|one| one.records).collect::<Vec<_>>(), [5, 2]);
    }
    // An archive without a common ecosystem is of all.
    let mixed = [
        record("GHSA-7", "npm", "a", range()),
        record("PYSEC-7", "PyPI", "b", range()),
        record("X-1", "Bitnami", "c", range()),
    ];
    let report = take(&folder, "osv.zip", &zipped(&mixed)).unwrap();
    let replaced: Vec<_> =
        report.compiled.iter().map(|one| (one.ecosystem, one.records, one.replaced)).collect();
    assert_eq!(replaced, [(Ecosystem::Npm, 1, Some(5)), (Ecosystem::PyPi, 1, Some(2))]);
    assert_eq!(report.unknown.get("Bitnami"), Some(&1));
    // One archive with a folder per ecosystem.
    let bytes = archive(&[
        ("npm/GHSA-5.json", python[1].to_string().into()),
        ("PyPI/GHSA-5b.json", python[0].to_string().into()),
    ]);
    let report = take(&folder, "osv.zip", &bytes).unwrap();
    assert_eq!(
        report.compiled.iter().map(|one| (one.ecosystem, one.records)).collect::<Vec<_>>(),
        [(Ecosystem::Npm, 1), (Ecosystem::PyPi, 1)]
    );
}

#[test]
fn nothing_usable_replaces_nothing() {
    let folder = tempfile::tempdir().unwrap();
    take(&folder, "a.zip", &zipped(&[record("GHSA-1", "npm", "a", json!([{ "introduced": "0" }]))])).unwrap();
    assert!(matches!(take(&folder, "npm/all.zip", &zipped(&[])), Err(Error::Empty { .. })));
    assert!(matches!(take(&folder, "npm/all.zip", b"{}"), Err(Error::NotRecognised { .. })));
    let single = record("GHSA-2", "npm", "b", json!([{ "introduced": "0" }])).to_string();
    assert!(
        take(&folder, "npm/GHSA-2.json", single.as_bytes())
            .unwrap_err()
            .to_string()
            .contains("a single OSV record")
    );
    assert!(matches!(take(&folder, "x", b""), Err(Error::NotRecognised { .. })));
    assert!(matches!(take(&folder, "x.zip", b"PK\x03\x04 cut"), Err(Error::Input { .. })));
    assert!(matches!(take(&folder, "x.gz", b"\x1f\x8b\x08 cut"), Err(Error::Input { .. })));
    assert_eq!(Database::open(folder.path()).unwrap().ecosystems().next().unwrap().records, 1);
}

#[test]
fn folders_are_taken_in_with_all_that_is_in_them() {
    let (source, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let put = |name: &str, bytes: &[u8]| {
        let path = source.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    let range = || json!([{ "introduced": "0" }]);
    put("PyPI/all.zip", &zipped(&[record("PYSEC-1", "PyPI", "a", range())]));
    put("npm/GHSA-1.json", record("GHSA-1", "npm", "a", range()).to_string().as_bytes());
    put("npm/GHSA-2.json", record("GHSA-2", "npm", "b", range()).to_string().as_bytes());
    put("kev.json", KEV.as_bytes());
    put("epss.csv", EPSS.as_bytes());
    put("notes.md", b"words");
    put("broken.zip", b"PK\x03\x04");
    let report = import(source.path(), folder.path(), &Limits::default()).unwrap();
    let mut counts: Vec<_> = report.compiled.iter().map(|one| (one.ecosystem, one.records)).collect();
    counts.sort_unstable();
    assert_eq!(counts, [(Ecosystem::Npm, 2), (Ecosystem::PyPi, 1)]);
    assert_eq!(report.kev.unwrap().rows, 2);
    assert_eq!(report.epss.unwrap().rows, 2);
    assert_eq!(report.problems.len(), 3, "{:?}", report.problems);
    assert!(matches!(
        import(&source.path().join("none"), folder.path(), &Limits::default()),
        Err(Error::Io { .. })
    ));
}

const KEV: &str = r#"{ "title": "t", "catalogVersion": "2025.08.25", "count": 3, "vulnerabilities": [
    { "cveID": "CVE-2021-44228", "dateAdded": "2021-12-10", "dueDate": "2021-12-24", "knownRansomwareCampaignUse": "Known",
      "vulnerabilityName": "Log", "requiredAction": "Update" },
    { "cveID": "CVE-2022-0001", "dateAdded": "2022-01-01", "knownRansomwareCampaignUse": "Unknown" },
    { "cveID": "nonsense", "dateAdded": "2022-01-01" } ] }"#;
const EPSS: &str = "#model_version:v2025.03.14,score_date:2025-08-25T12:55:00Z\ncve,epss,percentile\nCVE-2021-44228,0.94358,0.99957\nCVE-1999-0001,0.01297,0.78521\n";

#[test]
fn exploitation_is_looked_up_by_cve() {
    let folder = tempfile::tempdir().unwrap();
    let report = take(&folder, "kev.json", KEV.as_bytes()).unwrap();
    assert_eq!(report.problems.len(), 1);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(EPSS.as_bytes()).unwrap();
    let report = take(&folder, "epss.csv.gz", &packed.finish().unwrap()).unwrap();
    assert!(report.epss.unwrap().edition.starts_with("model_version:v2025.03.14"));
    let database = Database::open(folder.path()).unwrap();
    let known = database.known_exploited("CVE-2021-44228").unwrap().unwrap();
    assert_eq!(
        (known.added, known.due, known.ransomware, known.name),
        ("2021-12-10", "2021-12-24", true, "Log")
    );
    assert!(!database.known_exploited("CVE-2022-0001").unwrap().unwrap().ransomware);
    assert_eq!(database.known_exploited("CVE-2022-0002").unwrap(), None);
    assert_eq!(database.known_exploited("GHSA-x").unwrap(), None);
    let score = database.epss("CVE-2021-44228").unwrap();
    assert_eq!((score.probability, score.percentile), (0.94358, 0.99957));
    assert_eq!(database.epss("CVE-1999-0001").unwrap().probability, 0.01297);
    assert_eq!(database.epss("CVE-1999-0002"), None);
    assert!(database.has_kev() && database.has_epss());
    assert!(matches!(
        take(&folder, "epss.csv", b"cve,epss,percentile\nCVE-2024-0001,7,1\n"),
        Err(Error::Empty { .. })
    ));
}

#[test]
fn damage_is_told_with_the_way_out() {
    let (folder, database) = compiled(&[record("GHSA-1", "npm", "a", json!([{ "introduced": "0" }]))]);
    let hash = database.content_hash();
    let path = folder.path().join("npm.index");
    let good = std::fs::read(&path).unwrap();
    let mut tampered = good.clone();
    *tampered.last_mut().unwrap() ^= 1;
    let mut other_version = good.clone();
    other_version[8] ^= 0x70;
    type Expected = fn(&Damage) -> bool;
    let cases: [(&[u8], Expected); 4] = [
        (&tampered, |damage| *damage == Damage::Checksum),
        (&good[..good.len() - 1], |damage| matches!(damage, Damage::Length { .. })),
        (&good[..10], |damage| *damage == Damage::Foreign),
        (&other_version, |damage| matches!(damage, Damage::Version { .. })),
    ];
    // Written beside and renamed, as nobody may change a mapped file.
    let put = |bytes: &[u8]| {
        let beside = folder.path().join("beside");
        std::fs::write(&beside, bytes).unwrap();
        std::fs::rename(&beside, &path).unwrap();
    };
    for (bytes, expected) in cases {
        put(bytes);
        let Err(error @ Error::Unusable { .. }) = Database::open(folder.path()) else { panic!("opened") };
        let text = error.to_string();
        assert!(text.contains("bartizan db update") && text.contains("npm.index"), "{text}");
        let Error::Unusable { damage, .. } = error else { unreachable!() };
        assert!(expected(&damage), "{damage:?}");
        let status = status(folder.path());
        assert!(matches!(&status[0].state, Err(Error::Unusable { .. })) && status[0].name == "npm");
        assert!(Database::open_some(folder.path(), |ecosystem| ecosystem != Ecosystem::Npm).is_ok());
    }
    put(&good);
    assert_eq!(Database::open(folder.path()).unwrap().content_hash(), hash);
    assert_eq!(ids(&found(&database, Ecosystem::Npm, "a", "1.0.0")), ["GHSA-1"], "the old map still answers");
    assert_eq!(status(folder.path())[0].state.as_ref().unwrap().records, 1);
}

#[test]
fn readers_see_the_old_or_the_new_while_it_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let edition = |n: usize| {
        let records: Vec<_> = (0..=n * 40)
            .map(|r| record(&format!("GHSA-{n}-{r}"), "npm", "a", json!([{ "introduced": "0" }])))
            .collect();
        zipped(&records)
    };
    let editions: Vec<_> = (0..4).map(edition).collect();
    take(&folder, "npm.zip", &editions[0]).unwrap();
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let mut seen = 0;
                    while !done.load(std::sync::atomic::Ordering::Acquire) || seen == 0 {
                        let database = Database::open(folder.path()).unwrap();
                        let advisories = database.advisories(Ecosystem::Npm, None, "a").unwrap();
                        let edition = advisories[0].id.split('-').nth(1).unwrap().to_owned();
                        let n: usize = edition.parse().unwrap();
                        assert_eq!(advisories.len(), n * 40 + 1, "one edition, whole");
                        for advisory in &advisories {
                            assert_eq!(
                                advisory.texts().unwrap().summary,
                                format!("summary of {}", advisory.id)
                            );
                        }
                        seen += 1;
                    }
                    seen
                })
            })
            .collect();
        for round in 0..30 {
            take(&folder, "npm.zip", &editions[round % 4]).unwrap();
        }
        done.store(true, std::sync::atomic::Ordering::Release);
        assert!(readers.into_iter().all(|reader| reader.join().unwrap() > 0));
    });
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["npm.index"], "no temporary file is left");
}

/// Runs itself again as a writer that never stops, and kills it at some moment.
#[test]
fn a_killed_writer_leaves_a_whole_index() {
    const VARIABLE: &str = "BARTIZAN_TEST_ENDLESS_WRITER";
    let records: Vec<_> = (0..300)
        .map(|n| record(&format!("GHSA-{n}"), "npm", &format!("p{n}"), json!([{ "introduced": "0" }])))
        .collect();
    if let Some(folder) = std::env::var_os(VARIABLE) {
        let bytes = zipped(&records);
        loop {
            import_bytes("npm.zip", &mut Cursor::new(&bytes), Path::new(&folder), &Limits::default())
                .unwrap();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    take(&folder, "npm.zip", &zipped(&records)).unwrap();
    for pause in [40_u64, 90, 130, 170] {
        let mut writer = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "a_killed_writer_leaves_a_whole_index", "--nocapture"])
            .env(VARIABLE, folder.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        // The moment is meant to be any.
        std::thread::sleep(std::time::Duration::from_millis(pause));
        writer.kill().unwrap();
        writer.wait().unwrap();
        let database = Database::open(folder.path()).unwrap();
        assert_eq!(database.ecosystems().next().unwrap().records, 300);
        assert_eq!(database.advisories(Ecosystem::Npm, None, "p299").unwrap().len(), 1);
    }
}

#[test]
fn versions_that_no_rule_parses_are_listed() {
    let mut listed = record("GHSA-1", "npm", "a", json!([{ "introduced": "1.0.0" }, { "fixed": "2.0.0" }]));
    listed["affected"][0]["versions"] = json!(["not a version", "1.5.0", "3.0.0"]);
    let (_folder, database) =
        compiled(&[listed, record("MAL-1", "npm", "evil", json!([{ "introduced": "0" }]))]);
    let advisories = database.advisories(Ecosystem::Npm, None, "a").unwrap();
    assert_eq!(advisories[0].versions, ["3.0.0", "not a version"], "what the range covers is not kept twice");
    assert_eq!(advisories[0].listed, 3);
    let verdict = |name, version| {
        let judged = database.judge(Ecosystem::Npm, None, name, version, &SourceKind::Registry).unwrap();
        judged.into_iter().next().unwrap().1
    };
    assert!(
        matches!(verdict("a", Some("not a version")), Verdict::Affected(found) if found.range == "listed: not a version")
    );
    assert!(matches!(verdict("a", Some("3.0.0")), Verdict::Affected(_)));
    assert!(matches!(verdict("a", Some("1.5.0")), Verdict::Affected(found) if found.fixed == ["2.0.0"]));
    assert_eq!(verdict("a", Some("?!")), Verdict::Unknown(Doubt::Version("?!".into())));
    assert_eq!(verdict("a", None), Verdict::Unknown(Doubt::NoVersion));
    assert_eq!(verdict("a", Some("2.0.0")), Verdict::NotAffected);
    assert!(matches!(verdict("evil", None), Verdict::Affected(_)), "all versions are affected, known or not");
    assert!(matches!(verdict("evil", Some("?!")), Verdict::Affected(_)));
}
