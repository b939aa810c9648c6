//! Real folders, from the target to the report.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod common;

use bartizan_engine::{EngineError, NoProgress, Progress, Request, scan};
use bartizan_model::Report;
use bartizan_source::{SourceError, Target};
use common::{TODAY, TokenDetector, json, places};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A folder with a secret in two files, a clean file, and one that is ignored.
fn folder() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "src/a.py", "key = 'TOKEN-123456'\n");
    write(root.path(), "b.txt", "TOKEN-123456 and TOKEN-777\n");
    write(root.path(), "clean.txt", "nothing\n");
    write(root.path(), ".bartizanignore", "left.txt\n");
    write(root.path(), "left.txt", "TOKEN-9\n");
    root
}

fn scan_paths(paths: &[&Path], change: impl FnOnce(&mut Request<'_>)) -> Report {
    let targets = paths.iter().map(|path| Target::Path(path.to_path_buf())).collect();
    let mut request = Request::new(targets, TODAY);
    change(&mut request);
    scan(&request, &TokenDetector::boxed(), &NoProgress).unwrap()
}

#[test]
fn a_folder_is_scanned_the_same_with_any_number_of_threads() {
    let root = folder();
    let report = scan_paths(&[root.path()], |_| ());
    assert_eq!(report.targets, [root.path().display().to_string()]);
    assert_eq!(report.findings.len(), 2);
    assert_eq!(places(&report, 0), ["b.txt", "src/a.py"]);
    assert!(!report.coverage.incomplete);
    for threads in [1, 2, 8] {
        assert_eq!(
            json(&report),
            json(&scan_paths(&[root.path()], |request| request.source.threads = threads))
        );
    }
}

#[test]
fn a_warm_scan_equals_a_cold_one_also_after_changes() {
    let (root, cache) = (folder(), tempfile::tempdir().unwrap());
    // Long settled, as most files are.
    let old = SystemTime::now() - Duration::from_secs(3600);
    for name in ["clean.txt", "b.txt", "src/a.py"] {
        File::options().write(true).open(root.path().join(name)).unwrap().set_modified(old).unwrap();
    }
    let both = || {
        let cached = scan_paths(&[root.path()], |request| request.cache = Some(cache.path().to_owned()));
        let plain = scan_paths(&[root.path()], |_| ());
        assert_eq!(json(&cached), json(&plain));
        plain.findings.len()
    };
    assert_eq!((both(), both()), (2, 2));
    write(root.path(), "clean.txt", "TOKEN-4\n");
    assert_eq!((both(), both()), (3, 3));
    // Same size, and the time put back: the change of the inode tells.
    write(root.path(), "clean.txt", "nothing\n");
    assert_eq!((both(), both()), (2, 2));
    let before = fs::metadata(root.path().join("clean.txt")).unwrap().modified().unwrap();
    write(root.path(), "clean.txt", "TOKEN-5\n");
    File::options().write(true).open(root.path().join("clean.txt")).unwrap().set_modified(before).unwrap();
    assert_eq!((both(), both()), (3, 3));
    fs::remove_file(root.path().join("b.txt")).unwrap();
    assert_eq!((both(), both()), (2, 2));
}

#[test]
fn a_target_that_is_not_there_is_an_error_before_anything_is_scanned() {
    let root = folder();
    let targets = vec![Target::Path(root.path().to_owned()), Target::Path(PathBuf::from("/no/such/folder"))];
    let watch = Watch::default();
    let error = scan(&Request::new(targets, TODAY), &TokenDetector::boxed(), &watch).unwrap_err();
    assert!(matches!(error, EngineError::Source(SourceError::Missing { .. })), "{error}");
    assert!(watch.seen.lock().unwrap().is_empty());
}

#[derive(Default)]
struct Watch {
    seen: Mutex<Vec<String>>,
}

impl Progress for Watch {
    fn blob(&self, path: &str, bytes: u64) {
        self.seen.lock().unwrap().push(format!("{path} {bytes}"));
    }

    fn finished(&self) {
        self.seen.lock().unwrap().push("~".to_owned());
    }
}

#[test]
fn progress_hears_of_every_file() {
    let root = folder();
    let watch = Watch::default();
    let request = Request::new(vec![Target::Path(root.path().to_owned())], TODAY);
    scan(&request, &TokenDetector::boxed(), &watch).unwrap();
    let mut seen = watch.seen.into_inner().unwrap();
    assert_eq!(seen.pop().as_deref(), Some("~"));
    seen.sort();
    assert!(seen.contains(&"clean.txt 8".to_owned()) && seen.contains(&"src/a.py 21".to_owned()), "{seen:?}");
}

#[test]
fn two_folders_are_one_report() {
    let (one, two) = (folder(), folder());
    let report = scan_paths(&[one.path(), two.path()], |_| ());
    assert_eq!(report.findings.len(), 2);
    assert_eq!(places(&report, 0), ["b.txt", "b.txt", "src/a.py", "src/a.py"]);
    assert_eq!(report.targets.len(), 2);
}
