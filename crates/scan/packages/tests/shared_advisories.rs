//! Real archives, where they are beside the checkout: everything that goes in is found again, and what records list
//! one by one agrees with what they say by ranges.

use bartizan_packages::advisory::Kind;
use bartizan_packages::database::{Database, Limits, import};
use bartizan_packages::matching::{Subject, Verdict};
use bartizan_packages::merge::merge;
use bartizan_packages::{Ecosystem, SourceKind};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// `../shared/data/osv` seen from the checkout.
fn archives() -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../..").canonicalize().ok()?;
    let from_environment =
        std::env::var_os("BARTIZAN_SHARED_DATA").map(|data| PathBuf::from(data).join("osv"));
    let found = from_environment.or_else(|| Some(root.parent()?.join("shared/data/osv")))?;
    if found.is_dir() {
        return Some(found);
    }
    // Past the capture of tests that succeed: a skip has to be seen.
    let line = format!(
        "SKIPPED: no archives in {}; BARTIZAN_SHARED_DATA names the folder that holds `osv`\n",
        found.display()
    );
    let _ = std::io::stderr().write_all(line.as_bytes());
    None
}

fn records(archives: &Path, ecosystem: Ecosystem) -> Vec<Value> {
    let file = std::fs::File::open(archives.join(ecosystem.osv()).join("all.zip")).unwrap();
    let mut zip = zip::ZipArchive::new(file).unwrap();
    let read = |at: usize, zip: &mut zip::ZipArchive<_>| {
        let mut bytes = Vec::new();
        zip.by_index(at).unwrap().read_to_end(&mut bytes).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    };
    (0..zip.len()).map(|at| read(at, &mut zip)).collect()
}

/// A database that the tests share.
fn compiled(archives: &Path) -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        // Nothing drops a static: a folder of its own would be left behind by every run.
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shared-advisories");
        import(archives, &folder, &Limits::default()).unwrap();
        folder
    })
}

const SHARED: [Ecosystem; 5] =
    [Ecosystem::CratesIo, Ecosystem::Npm, Ecosystem::PyPi, Ecosystem::Go, Ecosystem::RubyGems];

#[test]
fn everything_is_found_again() {
    let Some(archives) = archives() else { return };
    let again = tempfile::tempdir().unwrap();
    let start = std::time::Instant::now();
    let report = import(&archives, again.path(), &Limits::default()).unwrap();
    println!("compiled in {:?}", start.elapsed());
    let misspelt = |reason: &str| reason.contains("has a score that follows no specification");
    let others: Vec<_> = report.problems.iter().filter(|problem| !misspelt(&problem.reason)).collect();
    assert!(others.is_empty(), "real records are all understood: {others:?}");
    let database = Database::open(compiled(&archives)).unwrap();
    assert_eq!(
        database.content_hash(),
        Database::open(again.path()).unwrap().content_hash(),
        "same data, same hash"
    );

    for ecosystem in SHARED {
        let records = records(&archives, ecosystem);
        let counted = report.compiled.iter().find(|one| one.ecosystem == ecosystem).unwrap();
        assert_eq!(counted.records, records.len() as u64, "{ecosystem}");
        for record in &records {
            let id = record["id"].as_str().unwrap();
            let names: BTreeSet<_> = record["affected"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["package"]["name"].as_str().unwrap())
                .collect();
            for name in names {
                let found = database.advisories(ecosystem, None, name).unwrap();
                let advisory = found
                    .iter()
                    .find(|advisory| advisory.id == id)
                    .unwrap_or_else(|| panic!("{id} of {name}"));
                let aliases: Vec<_> = record["aliases"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|alias| alias.as_str().unwrap())
                    .collect();
                assert_eq!(advisory.aliases, aliases, "{id}");
                assert_eq!(advisory.withdrawn.is_some(), record.get("withdrawn").is_some(), "{id}");
                let texts = advisory.texts().unwrap();
                assert_eq!(texts.summary, record["summary"].as_str().unwrap_or_default().trim(), "{id}");
                assert_eq!(texts.details, record["details"].as_str().unwrap_or_default().trim(), "{id}");
                assert_eq!(
                    texts.references.len(),
                    record["references"].as_array().map_or(0, Vec::len),
                    "{id}"
                );
                let unscored = advisory.scores.iter().filter(|score| score.score.is_none()).count();
                assert_eq!(unscored > 0, report.problems.iter().any(|problem| problem.at == id), "{id}");
            }
        }
    }
    let informational = database.advisories(Ecosystem::CratesIo, None, "net2").unwrap();
    assert!(informational.iter().any(|advisory| advisory.kind == Kind::Unmaintained));
}

/// What a record lists is affected, by its ranges or by the list. Where both are there, ranges that miss a listed version, and versions known
/// from other records that ranges take in and the list does not, are counted: those are the publisher's differences.
#[test]
fn listed_versions_and_ranges_agree() {
    let Some(archives) = archives() else { return };
    let database = Database::open(compiled(&archives)).unwrap();
    let mut listed_in_all = 0;
    for ecosystem in SHARED {
        let records = records(&archives, ecosystem);
        let affected = || {
            records.iter().flat_map(|record| {
                record["affected"].as_array().unwrap().iter().map(move |one| (record, one))
            })
        };
        let strings = |value: &Value| -> Vec<String> {
            value.as_array().into_iter().flatten().map(|text| text.as_str().unwrap().to_owned()).collect()
        };
        let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (_, one) in affected() {
            let name = ecosystem.normalise_name(one["package"]["name"].as_str().unwrap());
            known.entry(name).or_default().extend(strings(&one["versions"]));
        }
        let (mut listed, mut outside, mut unlisted, mut doubtful, mut with_list) = (0, 0, 0, 0, 0);
        for (record, one) in affected().filter(|(record, _)| record.get("withdrawn").is_none()) {
            let id = record["id"].as_str().unwrap();
            let name = ecosystem.normalise_name(one["package"]["name"].as_str().unwrap());
            let versions = strings(&one["versions"]);
            let found = database.advisories(ecosystem, None, &name).unwrap();
            let advisory = found.iter().find(|advisory| advisory.id == id).unwrap();
            for version in &versions {
                listed += 1;
                let verdict = Subject::release(ecosystem, version).judge(advisory);
                assert!(matches!(verdict, Verdict::Affected(_)), "{id} lists {name} {version}: {verdict:?}");
                outside += usize::from(advisory.versions.contains(&version.as_str()));
            }
            if versions.is_empty() {
                continue;
            }
            with_list += 1;
            for version in
                known.get(&name).into_iter().flatten().filter(|version| !versions.contains(version))
            {
                match Subject::release(ecosystem, version).judge(advisory) {
                    Verdict::Affected(_) => unlisted += 1,
                    Verdict::Unknown(_) => doubtful += 1,
                    Verdict::NotAffected => {}
                }
            }
        }
        listed_in_all += listed;
        println!(
            "{ecosystem}: {} records, {with_list} with lists of {listed} versions in all; listed and outside the ranges: \
             {outside}; of versions other records know, inside the ranges and not listed: {unlisted}, undecided: {doubtful}",
            records.len()
        );
    }
    assert!(listed_in_all > 100_000, "{listed_in_all}");
}

#[test]
fn aliases_of_real_records_become_one() {
    let Some(archives) = archives() else { return };
    let database = Database::open(compiled(&archives)).unwrap();
    let judged =
        database.judge(Ecosystem::PyPi, None, "Django", Some("3.2.1"), &SourceKind::Registry).unwrap();
    let matching = judged.iter().filter(|(_, verdict)| *verdict != Verdict::NotAffected).count();
    let merged = merge(Ecosystem::PyPi, judged).unwrap();
    assert!(!merged.is_empty() && merged.len() <= matching);
    let mut names = BTreeSet::new();
    for vulnerability in &merged {
        for id in &vulnerability.ids {
            assert!(names.insert(id), "{id} stands in two groups");
        }
    }
    assert!(merged.iter().any(|one| one.ids.iter().any(|id| id == "CVE-2021-44420")), "fixed in 3.2.10");
}
