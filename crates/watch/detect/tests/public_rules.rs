//! The public Sigma rules and their regression cases, from `../shared`, which not everybody has.
#![expect(clippy::print_stderr, reason = "a skipped test says so")]

use bartizan_detect::engine::{Engine, Evaluator};
use bartizan_detect::mapping;
use bartizan_detect::sigma::{Loaded, load};
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn shared() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data/sigma");
    let found =
        std::env::var_os("BARTIZAN_SHARED").map(|one| PathBuf::from(one).join("data/sigma")).unwrap_or(path);
    if found.is_dir() {
        return Some(found);
    }
    eprintln!("SKIPPED: {} is not there", found.display());
    None
}

fn files(folder: &Path, extension: &str, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, extension, into);
        } else if path.extension().is_some_and(|one| one == extension) {
            into.push(path);
        }
    }
}

fn public_rules(root: &Path) -> Loaded {
    let mut all = Vec::new();
    for folder in ["rules", "rules-emerging-threats", "rules-threat-hunting", "rules-compliance"] {
        files(&root.join(folder), "yml", &mut all);
    }
    all.sort();
    assert!(all.len() > 3500, "{} files", all.len());
    let mut loaded = Loaded::default();
    for path in all {
        loaded.append(load(&std::fs::read_to_string(&path).unwrap(), &path.display().to_string()));
    }
    loaded
}

#[test]
fn all_public_rules_load_and_their_cases_match() {
    let Some(root) = shared() else { return };
    let started = std::time::Instant::now();
    let loaded = public_rules(&root);
    let read = started.elapsed();
    assert_eq!(loaded.errors, []);
    let count = loaded.rules.len();
    assert!(count > 3700, "{count} rules");
    let (engine, errors) = Engine::new(loaded.rules, &loaded.filters, mapping::builtin().unwrap());
    println!("{count} rules: read in {read:?}, compiled after {:?}", started.elapsed());
    let missing: Vec<_> = errors.iter().filter(|one| !one.reason.contains("placeholder")).collect();
    assert!(missing.is_empty(), "{missing:?}");
    println!("{} rules need placeholders", errors.len());

    let engine = Arc::new(engine);
    let mut evaluator = Evaluator::new(Arc::clone(&engine));
    let mut cases = Vec::new();
    files(&root.join("regression_data"), "json", &mut cases);
    assert!(cases.len() >= 100);
    let (mut wrong, mut others) = (Vec::new(), 0);
    for case in cases {
        let id = case.file_stem().unwrap().to_str().unwrap();
        let text = std::fs::read_to_string(&case).unwrap();
        let mut keys: Vec<&str> = Vec::new();
        // Some files hold several events, none a list.
        for event in serde_json::Deserializer::from_str(&text).into_iter::<Box<serde_json::value::RawValue>>()
        {
            let event = event.unwrap();
            let matches = evaluator.evaluate(event.get().as_bytes(), None).unwrap();
            keys.extend(matches.iter().map(|&rule| engine.rules()[rule as usize].key()));
        }
        others += keys.len();
        if !keys.contains(&id) {
            wrong.push(format!("{}: matched {keys:?}, format {:?}", case.display(), evaluator.format()));
        }
    }
    println!("{others} matches");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
