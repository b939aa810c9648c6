//! The cache: a warm scan gives what a cold one gives, whatever happened to the files or to the cache meanwhile.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod common;

use bartizan_engine::{Input, NoProgress, Request, scan_inputs};
use bartizan_model::{Confidence, NotDoneKind, Report};
use common::*;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

fn cached(folder: &Path) -> Request<'static> {
    let mut request = request();
    request.cache = Some(folder.to_owned());
    request
}

/// The report, and how many files were read for it.
fn run(folder: &Path, files: Vec<File>) -> (Report, usize) {
    let input = Memory::new(files);
    let report = scan_with(&cached(folder), &[&input]);
    (report, input.reads())
}

/// Ten clean files, two with a finding, one with a comment, one with trouble, one on which the detector fails.
fn tree() -> Vec<File> {
    let mut files: Vec<File> = (0..10).map(|n| file(&format!("clean{n}"), "nothing here")).collect();
    files.push(file("hit1", "TOKEN-11"));
    files.push(file("hit2", "TOKEN-11"));
    files.push(file("comment", "# bartizan:ignore test/token stale"));
    files.push(File { trouble: true, ..file("trouble", "nothing") });
    files.push(file("panic", "PANIC"));
    files
}

/// What is read of [`tree`] with a warm cache.
const NEVER_CACHED: usize = 5;

fn snapshot(folder: &Path) -> PathBuf {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "clean"))
        .collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn warm_equals_cold_and_reads_no_clean_file() {
    let folder = tempfile::tempdir().unwrap();
    let plain = json(&scan_files(tree()));
    let (cold, cold_reads) = run(folder.path(), tree());
    let (warm, warm_reads) = run(folder.path(), tree());
    assert_eq!(json(&cold), plain);
    assert_eq!(json(&warm), plain);
    assert_eq!((cold_reads, warm_reads), (15, NEVER_CACHED));
}

#[test]
fn a_warm_scan_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), tree());
    let path = snapshot(folder.path());
    let inode = |path: &Path| std::os::unix::fs::MetadataExt::ino(&std::fs::metadata(path).unwrap());
    let before = inode(&path);
    run(folder.path(), tree());
    assert_eq!(inode(&path), before);
}

#[test]
fn a_changed_file_is_read_again_whatever_part_of_its_stamp_tells() {
    type Change = fn(&mut bartizan_source::FileStamp);
    let changes: [Change; 4] = [|s| s.size += 1, |s| s.modified += 1, |s| s.changed += 1, |s| s.inode += 1];
    for change in changes {
        let folder = tempfile::tempdir().unwrap();
        run(folder.path(), tree());
        let mut files = tree();
        files[3].bytes = b"TOKEN-99 now".to_vec();
        change(files[3].stamp.as_mut().unwrap());
        let (report, reads) = run(folder.path(), files.clone());
        assert_eq!(reads, NEVER_CACHED + 1);
        assert_eq!(json(&report), json(&scan_files(files)));
    }
}

#[test]
fn touched_files_are_read_but_known_by_content() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), tree());
    let mut files = tree();
    for file in &mut files {
        file.stamp.as_mut().unwrap().inode += 100;
    }
    let input = Memory::new(files.clone());
    let report = scan_with(&cached(folder.path()), &[&input]);
    assert_eq!(input.reads(), 15);
    assert_eq!(json(&report), json(&scan_files(tree())));
    assert_eq!(run(folder.path(), files).1, NEVER_CACHED, "the new stamps are known now");
}

#[test]
fn young_files_are_not_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as i128;
    let with = |modified: i128, changed: i128| {
        let mut young = file("young", "nothing");
        let stamp = young.stamp.as_mut().unwrap();
        (stamp.modified, stamp.changed) = (modified, changed);
        vec![young]
    };
    let second = 1_000_000_000;
    for (modified, changed, reads) in [
        (now, 1, 1),
        (1, now, 1),
        (now + 1000 * second, 1, 1),
        (now - second, 1, 1),
        (now - 60 * second, now - 60 * second, 0),
    ] {
        run(folder.path(), with(modified, changed));
        assert_eq!(run(folder.path(), with(modified, changed)).1, reads, "{modified} {changed}");
    }
}

#[test]
fn history_objects_are_known_with_their_sizes() {
    let folder = tempfile::tempdir().unwrap();
    let objects = || {
        let mut objects: Vec<File> = (1..50).map(|n| object(n, "a", &"x".repeat(usize::from(n)))).collect();
        objects.push(object(60, "a", "TOKEN-11"));
        let mut member = object(61, "a.zip", "nothing");
        member.origin.members.push("inside".to_owned());
        objects.push(member);
        objects
    };
    let scan = || {
        let input = Memory::history(objects());
        let report = scan_with(&cached(folder.path()), &[&input]);
        (json(&report), input.reads())
    };
    let (cold, warm) = (scan(), scan());
    assert_eq!(cold.0, warm.0);
    assert_eq!((cold.1, warm.1), (51, 2), "a member is never known by its archive's id");
    let moved = Memory::history(vec![object(1, "b", "x")]);
    scan_with(&cached(folder.path()), &[&moved]);
    assert_eq!(moved.reads(), 1, "detections depend on the path");
}

#[test]
fn other_rules_or_options_know_nothing_and_do_not_disturb() {
    let folder = tempfile::tempdir().unwrap();
    let reads = |request: &Request<'_>, version: u8| {
        let input = Memory::new(tree());
        let inputs: [&dyn Input; 1] = [&input];
        scan_inputs(request, &inputs, &TokenDetector::version(version), &NoProgress).unwrap();
        input.reads()
    };
    let base = cached(folder.path());
    let mut unsure = cached(folder.path());
    unsure.min_confidence = Confidence::new(0.95);
    let mut generated = cached(folder.path());
    generated.source.include_generated = true;
    assert_eq!(reads(&base, 1), 15);
    assert_eq!(reads(&base, 2), 15);
    assert_eq!(reads(&unsure, 1), 15);
    assert_eq!(reads(&generated, 1), 15);
    assert_eq!(reads(&base, 1), NEVER_CACHED);
    assert_eq!(reads(&unsure, 1), NEVER_CACHED - 2, "below the threshold there is nothing");
}

#[test]
fn a_broken_cache_is_as_good_as_none() {
    let small = || vec![file("clean", "nothing here"), file("hit", "TOKEN-11")];
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), small());
    let path = snapshot(folder.path());
    let good = std::fs::read(&path).unwrap();
    let expected = json(&scan_files(small()));
    for at in 0..good.len() {
        let mut broken = good.clone();
        broken[at] ^= 0x41;
        for bytes in [&broken[..], &good[..at]] {
            std::fs::write(&path, bytes).unwrap();
            let (report, reads) = run(folder.path(), small());
            assert_eq!((json(&report), reads), (expected.clone(), 2), "byte {at}, {} bytes", bytes.len());
        }
    }
    assert_eq!(run(folder.path(), small()).1, 1, "it was rebuilt");
}

#[test]
fn a_cache_that_cannot_be_written_is_a_note() {
    let folder = tempfile::tempdir().unwrap();
    let occupied = folder.path().join("file");
    std::fs::write(&occupied, "not a folder").unwrap();
    let (report, _) = run(&occupied, vec![file("a", "nothing")]);
    let notes = not_done(&report, NotDoneKind::CacheUnwritten);
    assert_eq!(notes.len(), 1);
    assert!(notes[0].starts_with("memory: the next scan will be slower: "), "{notes:?}");
    assert!(!report.coverage.incomplete);
    assert_eq!(bartizan_engine::exit_code(&report, None), 0);
}

#[test]
fn what_a_killed_process_left_is_swept_and_old_snapshots_go() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), tree());
    let left = folder.path().join(".bartizan-AbC123.tmp");
    std::fs::write(&left, "half a snapsh").unwrap();
    let foreign = folder.path().join("notes.txt");
    std::fs::write(&foreign, "not ours").unwrap();
    let old = SystemTime::now() - Duration::from_secs(1000);
    for n in 0..30 {
        let path = folder.path().join(format!("{n:02}.clean"));
        std::fs::write(&path, "old").unwrap();
        let file = std::fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(old - Duration::from_secs(n)).unwrap();
    }
    let mut files = tree();
    files.push(file("new", "nothing"));
    assert_eq!(run(folder.path(), files).1, NEVER_CACHED + 1);
    assert!(!left.exists());
    assert!(foreign.exists());
    assert!(folder.path().join("00.clean").exists() && !folder.path().join("29.clean").exists());
    let snapshots = std::fs::read_dir(folder.path()).unwrap().filter(|entry| {
        entry.as_ref().unwrap().path().extension().is_some_and(|extension| extension == "clean")
    });
    assert_eq!(snapshots.count(), 20);
}

#[test]
fn an_interrupted_scan_keeps_what_it_learnt() {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<File> = (0..100).map(|n| file(&format!("f{n}"), "nothing")).collect();
    let first = Memory { threads: 1, interrupt_after: 30, ..Memory::new(files.clone()) };
    scan_with(&cached(folder.path()), &[&first]);
    assert_eq!(run(folder.path(), files).1, 70);
}

#[test]
fn stamps_of_files_that_are_gone_are_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let many: Vec<File> = (0..10_000).map(|n| file(&format!("f{n}"), "nothing")).collect();
    run(folder.path(), many);
    let large = std::fs::metadata(snapshot(folder.path())).unwrap().len();
    run(folder.path(), tree());
    let small = std::fs::metadata(snapshot(folder.path())).unwrap().len();
    assert!(small < large - 9_000 * 24, "{small} {large}");
    assert_eq!(run(folder.path(), tree()).1, NEVER_CACHED);
}

/// Files `from..to`, all clean.
fn slice(from: usize, to: usize) -> Vec<File> {
    (from..to).map(|n| file(&format!("s{n}"), "nothing")).collect()
}

#[test]
fn scans_at_the_same_time_keep_what_each_learnt() {
    let folder = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for worker in 0..8 {
            let folder = folder.path();
            scope.spawn(move || {
                let part = Memory { whole: false, ..Memory::new(slice(worker * 100, worker * 100 + 100)) };
                let report = scan_with(&cached(folder), &[&part]);
                assert!(report.coverage.not_done.is_empty(), "{:?}", report.coverage);
            });
        }
    });
    assert_eq!(run(folder.path(), slice(0, 800)).1, 0);
}

/// The other process of the tests below: scans more and more files with the cache in the folder that the environment names.
#[test]
#[ignore = "started by other tests"]
fn child() {
    let folder = PathBuf::from(std::env::var_os("BARTIZAN_TEST_CACHE").unwrap());
    let from: usize = std::env::var("BARTIZAN_TEST_FROM").unwrap().parse().unwrap();
    for n in 1..=50 {
        let part = Memory { whole: false, ..Memory::new(slice(from, from + n * 20)) };
        scan_with(&cached(&folder), &[&part]);
    }
}

fn start_child(folder: &Path, from: usize) -> std::process::Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--ignored"])
        .env("BARTIZAN_TEST_CACHE", folder)
        .env("BARTIZAN_TEST_FROM", from.to_string())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn two_processes_keep_what_each_learnt() {
    let folder = tempfile::tempdir().unwrap();
    let mut children = [start_child(folder.path(), 0), start_child(folder.path(), 1000)];
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(run(folder.path(), slice(0, 2000)).1, 0);
}

#[test]
fn a_process_killed_at_any_moment_leaves_a_whole_cache() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), slice(0, 500));
    for round in 0..25 {
        let mut child = start_child(folder.path(), 500 + round * 1000);
        std::thread::sleep(Duration::from_millis(3 + 2 * round as u64));
        child.kill().unwrap();
        child.wait().unwrap();
        let (report, reads) = run(folder.path(), slice(0, 500));
        assert_eq!(reads, 0, "round {round}: what was known is known");
        assert!(report.coverage.not_done.is_empty());
    }
    let (_, reads) = run(folder.path(), slice(500, 25_500));
    assert!(reads < 25_000, "some of the killed got to write");
    let left = std::fs::read_dir(folder.path()).unwrap().filter(|entry| {
        entry.as_ref().unwrap().path().extension().is_some_and(|extension| extension == "tmp")
    });
    assert_eq!(left.count(), 0, "the last scan wrote, and swept");
}
