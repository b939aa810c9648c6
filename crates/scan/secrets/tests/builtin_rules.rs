//! Every built-in rule against the fixtures beside it, alone and among all others.

use bartizan_secrets::{SecretsDetector, SecretsOptions, fixture};
use std::collections::BTreeSet;
use std::path::PathBuf;

fn rule_files() -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../rules/secrets");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    paths.sort();
    paths
}

#[test]
fn all_fixtures_hold() {
    let (detector, problems) = SecretsDetector::new(&SecretsOptions::default());
    assert_eq!(problems, []);
    let mut passed = 0;
    let mut failed = Vec::new();
    for path in rule_files() {
        let outcome = fixture::test_file(&path, Some(&detector), 20_261_122);
        passed += outcome.passed.len();
        failed.extend(outcome.problems.iter().map(ToString::to_string));
        failed.extend(outcome.failed.iter().map(|(id, faults)| format!("{id}: {}", faults.join("; "))));
    }
    assert!(failed.is_empty(), "{} rules fail:\n{}", failed.len(), failed.join("\n"));
    assert!(passed >= 900, "only {passed} rules were tested");
}

#[test]
fn there_are_as_many_providers_as_promised() {
    let providers: BTreeSet<_> =
        rule_files().into_iter().filter_map(|path| path.file_stem().map(ToOwned::to_owned)).collect();
    assert!(providers.len() >= 700, "{} providers", providers.len());
}
