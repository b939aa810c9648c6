//! Folders: what is in a scan, what is not, and what is said about it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use bartizan_model::{Blob, NotDone, NotDoneKind};
use bartizan_source::{Cancel, FileStamp, Options, Source, SourceError, Target, Visitor};
use common::{Collector, options, visit_path, write};
use proptest::prelude::*;
use std::path::Path;
use std::time::{Duration, Instant};

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), files);
    folder
}

#[test]
fn hidden_files_belong_to_a_tree_and_git_folders_do_not() {
    let tree = folder(&[
        (".env", "A=1"),
        (".config/app.toml", "a = 1"),
        ("src/.npmrc", ""),
        ("src/main.rs", "fn main() {}"),
        (".git/config", "[core]"),
        ("vendor/lib/.git/HEAD", "ref"),
        ("sub/.git", "gitdir: ../.git/modules/sub"),
    ]);
    let seen = visit_path(tree.path(), &options());
    assert_eq!(seen.paths(), [".config/app.toml", ".env", "src/.npmrc", "src/main.rs", "sub/.git"]);
    assert_eq!(seen.left_out(), []);
    assert_eq!(seen.text(".env"), "A=1");
}

#[test]
fn files_come_with_their_stamp_and_their_number() {
    let tree = folder(&[("a.txt", "one"), ("b/c.txt", "three")]);
    let collector = Collector::default();
    let source = Source::open(&Target::Path(tree.path().to_owned()), &options()).unwrap();
    source.visit(&collector, &Cancel::default()).unwrap();
    let mut stamps = std::mem::take(&mut *collector.stamps.lock().unwrap());
    stamps.sort_by(|a, b| a.path.cmp(&b.path));
    let stamp = &stamps[1];
    assert_eq!((stamp.path.as_str(), stamp.size), ("b/c.txt", 5));
    let modified = std::fs::metadata(tree.path().join("b/c.txt")).unwrap().modified().unwrap();
    let since = modified.duration_since(std::time::UNIX_EPOCH).unwrap();
    assert_eq!(stamp.modified, i128::try_from(since.as_nanos()).unwrap());
    assert_eq!(*collector.expected.lock().unwrap(), [2]);
}

#[test]
fn known_files_are_not_read() {
    let tree = folder(&[("known.txt", "x"), ("new.txt", "x"), ("big.txt", "xxxxxxxx"), ("a.zip", "no zip")]);
    let collector = Collector { known: vec!["known.txt".to_owned()], ..Collector::default() };
    let small = Options { max_file_size: 7, ..options() };
    let source = Source::open(&Target::Path(tree.path().to_owned()), &small).unwrap();
    source.visit(&collector, &Cancel::default()).unwrap();
    let mut asked: Vec<String> = collector.asked.lock().unwrap().iter().map(|s| s.path.clone()).collect();
    asked.sort();
    assert_eq!(asked, ["known.txt", "new.txt"], "neither archives nor what is too large anyway");
    assert_eq!(*collector.expected.lock().unwrap(), [4]);
    assert_eq!(collector.seen().paths(), ["a.zip", "new.txt"]);
}

fn check_ignored(files: &[(&str, &str)], options: &Options, kept: &[&str], ignored: &[(&str, &str)]) {
    let tree = folder(files);
    let seen = visit_path(tree.path(), options);
    let ignored: Vec<_> =
        ignored.iter().map(|&(path, reason)| (NotDoneKind::Ignored, path, reason)).collect();
    assert_eq!(seen.left_out(), ignored);
    let paths: Vec<&str> = seen.paths().into_iter().filter(|path| !path.ends_with("ignore")).collect();
    assert_eq!(paths, kept);
}

#[test]
fn ignore_files_hold_and_are_told() {
    let files = [
        (".gitignore", "*.log\n/build/\n!keep.log\n"),
        ("a.log", ""),
        ("keep.log", ""),
        ("build/out.txt", ""),
        ("build/deep/out.txt", ""),
        ("src/build/kept.txt", ""),
        ("src/.gitignore", "*.txt\n!kept.txt\n"),
        ("src/gone.txt", ""),
    ];
    check_ignored(
        &files,
        &options(),
        &["keep.log", "src/build/kept.txt"],
        &[("a.log", "by .gitignore"), ("build/", "by .gitignore"), ("src/gone.txt", "by .gitignore")],
    );
    check_ignored(
        &files,
        &Options { no_ignore: true, ..options() },
        &["a.log", "build/deep/out.txt", "build/out.txt", "keep.log", "src/build/kept.txt", "src/gone.txt"],
        &[],
    );
}

#[test]
fn our_own_ignore_file_always_holds_and_comes_first() {
    let files = [
        (".gitignore", "*.env\n"),
        (".ignore", "docs\n"),
        (".bartizanignore", "!live.env\nfixtures/\n"),
        ("live.env", ""),
        ("other.env", ""),
        ("docs/a.md", ""),
        ("fixtures/token.txt", ""),
    ];
    check_ignored(
        &files,
        &options(),
        &["live.env"],
        &[("docs/", "by .ignore"), ("fixtures/", "by .bartizanignore"), ("other.env", "by .gitignore")],
    );
    check_ignored(
        &files,
        &Options { no_ignore: true, ..options() },
        &["docs/a.md", "live.env", "other.env"],
        &[("fixtures/", "by .bartizanignore")],
    );
}

#[test]
fn rules_reach_down_into_a_part_of_a_repository_and_stop_at_the_next() {
    let tree = folder(&[
        (".git/HEAD", ""),
        (".git/info/exclude", "mine.txt\n"),
        (".gitignore", "/app/secret.txt\n*.tmp\n"),
        ("app/secret.txt", ""),
        ("app/mine.txt", ""),
        ("app/a.tmp", ""),
        ("app/b.txt", ""),
        ("app/module/.git", "gitdir: elsewhere"),
        ("app/module/c.tmp", ""),
    ]);
    let seen = visit_path(&tree.path().join("app"), &options());
    assert_eq!(
        seen.left_out(),
        [
            (NotDoneKind::Ignored, "a.tmp", "by .gitignore"),
            (NotDoneKind::Ignored, "mine.txt", "by .git/info/exclude"),
            (NotDoneKind::Ignored, "secret.txt", "by .gitignore"),
        ]
    );
    assert_eq!(seen.paths(), ["b.txt", "module/.git", "module/c.tmp"]);
}

#[test]
fn exclusions_are_told_with_their_glob() {
    let exclude = vec!["*.min.js".to_owned(), "/vendor/".to_owned()];
    check_ignored(
        &[("a.js", ""), ("a.min.js", ""), ("vendor/x", ""), ("src/vendor/y", "")],
        &Options { exclude, no_ignore: true, ..options() },
        &["a.js", "src/vendor/y"],
        &[("a.min.js", "--exclude *.min.js"), ("vendor/", "--exclude /vendor/")],
    );
    let bad = Options { exclude: vec!["[z-a]".to_owned()], ..options() };
    match Source::open(&Target::Path("/".into()), &bad).map(|_| ()) {
        Err(SourceError::Glob { glob, reason }) => {
            assert_eq!(glob, "[z-a]");
            assert!(!reason.is_empty());
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_ignore_file_that_cannot_be_used_ignores_nothing_and_is_told() {
    let long = "x\n".repeat(300 << 10);
    let tree = folder(&[(".gitignore", &long), (".bartizanignore", "[z-a]\nb\n"), ("x", ""), ("b", "")]);
    let seen = visit_path(tree.path(), &options());
    assert_eq!(seen.of(NotDoneKind::Broken), [".bartizanignore", ".gitignore"]);
    assert!(seen.not_done.iter().any(|entry| entry.reason.starts_with("line 1:")));
    assert!(seen.paths().contains(&"x"));
    assert_eq!(seen.of(NotDoneKind::Ignored), ["b"]);
}

/// The walk of the `ignore` crate: slow here, and silent about what it leaves out, but the reference for what that is.
fn reference(root: &Path, no_ignore: bool) -> Vec<String> {
    let mut walk = ignore::WalkBuilder::new(root);
    walk.hidden(false).parents(false).require_git(false).git_global(false);
    walk.ignore(!no_ignore).git_ignore(!no_ignore).git_exclude(!no_ignore);
    walk.add_custom_ignore_filename(".bartizanignore");
    walk.filter_entry(|entry| entry.file_name() != ".git");
    let mut paths: Vec<String> = walk
        .build()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .map(|entry| entry.path().strip_prefix(root).unwrap().to_string_lossy().into_owned())
        .collect();
    paths.sort();
    paths
}

fn a_name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "b", "c.txt", "d.log", ".e", "f"])
}

fn a_pattern() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec!["a", "b", "*.txt", "*.log", ".e", "f", "*", "**", "?"]);
    (any::<bool>(), any::<bool>(), prop::collection::vec(piece, 1..3), any::<bool>()).prop_map(
        |(negated, rooted, pieces, folder)| {
            let (negated, rooted) = (if negated { "!" } else { "" }, if rooted { "/" } else { "" });
            format!("{negated}{rooted}{}{}", pieces.join("/"), if folder { "/" } else { "" })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_walk_agrees_with_the_reference(
        files in prop::collection::vec(prop::collection::vec(a_name(), 1..4), 1..12),
        rules in prop::collection::vec(
            (
                prop::collection::vec(prop::sample::select(vec!["a", "b"]), 0..2),
                prop::sample::select(vec![".gitignore", ".ignore", ".bartizanignore"]),
                prop::collection::vec(a_pattern(), 1..4),
            ),
            0..4,
        ),
        no_ignore: bool,
        threads in 1usize..4,
    ) {
        let tree = tempfile::tempdir().unwrap();
        for parts in &files {
            let path = tree.path().join(parts.join("/"));
            // One name may be wanted as file and as folder; the first wins.
            if std::fs::create_dir_all(path.parent().unwrap()).is_ok() && !path.exists() {
                std::fs::write(path, "x").unwrap();
            }
        }
        for (parts, name, patterns) in &rules {
            let folder = tree.path().join(parts.join("/"));
            if folder.is_dir() {
                std::fs::write(folder.join(name), patterns.join("\n")).unwrap();
            }
        }
        let seen = visit_path(tree.path(), &Options { no_ignore, threads, ..Options::default() });
        prop_assert_eq!(seen.paths(), reference(tree.path(), no_ignore));
        // Every file is either seen or below something that was told.
        let told = seen.of(NotDoneKind::Ignored);
        for entry in ignore::WalkBuilder::new(tree.path()).standard_filters(false).build().map(Result::unwrap) {
            let path = entry.path().strip_prefix(tree.path()).unwrap().to_string_lossy().into_owned();
            let is_told = told.iter().any(|t| path == *t || path.starts_with(t) && t.ends_with('/'));
            prop_assert!(
                !entry.file_type().unwrap().is_file() || seen.paths().contains(&path.as_str()) || is_told,
                "{} is neither scanned nor told", path
            );
        }
    }
}

#[test]
fn a_missing_target_is_an_error() {
    let open = |path: &str| Source::open(&Target::Path(path.into()), &options()).map(|_| ());
    assert!(matches!(open("/no/such/thing"), Err(SourceError::Missing { path }) if path == "/no/such/thing"));
}

#[test]
fn one_file_is_a_target_under_its_own_name() {
    let tree = folder(&[(".gitignore", "*\n"), ("dir/app.env", "A=1")]);
    let seen =
        visit_path(&tree.path().join("dir/app.env"), &Options { exclude: vec!["*".into()], ..options() });
    assert_eq!((seen.paths(), seen.left_out()), (vec!["app.env"], vec![]));
    let empty = folder(&[]);
    let seen = visit_path(empty.path(), &options());
    assert_eq!((seen.paths(), seen.left_out()), (vec![], vec![]));
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_are_not_followed_and_told_when_they_lead_away() {
        let outside = folder(&[("secret.txt", "out")]);
        let tree = folder(&[("real/a.txt", "in"), (".git/config", "x")]);
        let at = |name: &str| tree.path().join(name);
        symlink(outside.path().join("secret.txt"), at("out.txt")).unwrap();
        symlink(outside.path(), at("out")).unwrap();
        symlink("real/a.txt", at("inside.txt")).unwrap();
        symlink("..", at("real/up")).unwrap();
        symlink("loop", at("loop")).unwrap();
        symlink("nowhere", at("dangling")).unwrap();
        symlink(".git/config", at("config")).unwrap();
        let seen = visit_path(tree.path(), &options());
        assert_eq!(seen.paths(), ["real/a.txt"]);
        let away = "a link out of the scanned folder, which is not followed";
        assert_eq!(
            seen.left_out(),
            [
                (NotDoneKind::Special, "config", "a link into a .git folder, which is not followed"),
                (NotDoneKind::Special, "dangling", "a link that leads nowhere"),
                (NotDoneKind::Special, "loop", "a link that leads nowhere"),
                (NotDoneKind::Special, "out", away),
                (NotDoneKind::Special, "out.txt", away),
            ]
        );
    }

    #[test]
    fn a_target_may_be_a_link() {
        let tree = folder(&[("real/a.txt", "in")]);
        symlink("real", tree.path().join("folder")).unwrap();
        symlink("real/a.txt", tree.path().join("file.env")).unwrap();
        assert_eq!(visit_path(&tree.path().join("folder"), &options()).paths(), ["a.txt"]);
        assert_eq!(visit_path(&tree.path().join("file.env"), &options()).paths(), ["file.env"]);
    }

    #[test]
    fn pipes_and_sockets_are_told_and_never_waited_for() {
        let tree = folder(&[("a.txt", "x")]);
        let status = std::process::Command::new("mkfifo").arg(tree.path().join("pipe")).status().unwrap();
        assert!(status.success());
        let _socket = std::os::unix::net::UnixListener::bind(tree.path().join("socket")).unwrap();
        let seen = visit_path(tree.path(), &options());
        assert_eq!(seen.paths(), ["a.txt"]);
        assert_eq!(
            seen.left_out(),
            [(NotDoneKind::Special, "pipe", "a named pipe"), (NotDoneKind::Special, "socket", "a socket")]
        );
    }

    #[test]
    fn a_pipe_may_be_a_target() {
        let tree = folder(&[]);
        let pipe = tree.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let writer = std::thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::write(pipe, "through the pipe").unwrap()
        });
        let seen = visit_path(&pipe, &Options { threads: 3, ..options() });
        writer.join().unwrap();
        assert_eq!((seen.text("pipe"), seen.left_out()), ("through the pipe", vec![]));
    }

    #[test]
    fn names_and_content_need_not_be_utf8() {
        let tree = folder(&[]);
        std::fs::write(tree.path().join(OsStr::from_bytes(b"caf\xe9.txt")), b"na\xefve").unwrap();
        std::fs::create_dir(tree.path().join(OsStr::from_bytes(b"\xff"))).unwrap();
        std::fs::write(tree.path().join(OsStr::from_bytes(b"\xff/\xfe")), b"deep").unwrap();
        std::fs::write(tree.path().join(".gitignore"), b"ignored\xe9\n").unwrap();
        let seen = visit_path(tree.path(), &options());
        assert_eq!(seen.paths(), [".gitignore", "caf\u{fffd}.txt", "\u{fffd}/\u{fffd}"]);
        assert_eq!(seen.blobs[1].1, b"na\xefve");
        assert_eq!(seen.left_out(), []);
    }

    #[test]
    fn paths_beyond_what_the_system_takes_are_told() {
        // Two towers of folders, each within the limit; one put on top of the other is beyond it.
        let tree = folder(&[]);
        let tower = |name: &str| {
            let path = tree.path().join(name).join("dddddddddd/".repeat(250));
            std::fs::create_dir_all(&path).unwrap();
            path
        };
        let (_, below) = (tower("a"), tower("b"));
        std::fs::write(below.join("reached.txt"), "x").unwrap();
        std::fs::write(tree.path().join("a").join("dddddddddd/".repeat(250)).join("deep.txt"), "x").unwrap();
        std::fs::rename(tree.path().join("a"), below.join("a")).unwrap();
        let seen = visit_path(tree.path(), &options());
        assert_eq!(seen.blobs.len(), 1);
        let unreadable = seen.of(NotDoneKind::Unreadable);
        assert_eq!(unreadable.len(), 1, "the first folder beyond the limit");
        assert!(seen.not_done[0].reason.contains("too long"), "{}", seen.not_done[0].reason);
    }

    #[test]
    fn no_permission_is_told() {
        use std::os::unix::fs::PermissionsExt;
        let tree = folder(&[("open.txt", "x"), ("closed.txt", "x"), ("closed/a.txt", "x")]);
        for name in ["closed.txt", "closed"] {
            let none = std::fs::Permissions::from_mode(0o000);
            std::fs::set_permissions(tree.path().join(name), none).unwrap();
        }
        if std::fs::read(tree.path().join("closed.txt")).is_ok() {
            eprintln!("SKIPPED no_permission_is_told: this user may read everything");
            return;
        }
        let seen = visit_path(tree.path(), &options());
        assert_eq!(seen.paths(), ["open.txt"]);
        assert_eq!(
            seen.left_out(),
            [
                (NotDoneKind::Unreadable, "closed.txt", "permission denied"),
                (NotDoneKind::Unreadable, "closed/", "permission denied"),
            ]
        );
        std::fs::set_permissions(tree.path().join("closed"), std::fs::Permissions::from_mode(0o700)).unwrap();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_kernels_files_are_read_though_they_claim_to_be_empty() {
        let seen = visit_path(Path::new("/proc/self/status"), &options());
        assert!(seen.text("status").contains("VmRSS"));
        // Readable by its mode, and fails when read: what a broken disk does.
        let seen = visit_path(Path::new("/proc/self/mem"), &options());
        assert_eq!(seen.left_out(), [(NotDoneKind::Unreadable, "mem", "input/output error")]);
    }
}

type Meddling<'a> = Box<dyn FnOnce(&str) + Send + 'a>;

/// Does something to the tree when the first blob arrives.
struct Meddler<'a> {
    inner: Collector,
    meddle: std::sync::Mutex<Option<Meddling<'a>>>,
}

impl Visitor for Meddler<'_> {
    fn blob(&self, blob: &Blob<'_>, stamp: Option<&FileStamp>) {
        self.inner.blob(blob, stamp);
        if let Some(meddle) = self.meddle.lock().unwrap().take() {
            meddle(&blob.origin.path);
        }
    }

    fn not_done(&self, entry: NotDone) {
        self.inner.not_done(entry);
    }
}

fn visit_while<'a>(root: &Path, cancel: &Cancel, meddle: impl FnOnce(&str) + Send + 'a) -> common::Seen {
    let meddler =
        Meddler { inner: Collector::default(), meddle: std::sync::Mutex::new(Some(Box::new(meddle))) };
    let source = Source::open(&Target::Path(root.to_owned()), &options()).unwrap();
    source.visit(&meddler, cancel).unwrap();
    meddler.inner.seen()
}

#[test]
fn files_that_change_under_the_scan_do_no_harm() {
    let names = ["a.txt", "b.txt", "c.txt"];
    let text = "0123456789";
    let files: Vec<(&str, &str)> = names.iter().map(|name| (*name, text)).collect();
    let others = |root: &Path, first: &str, change: &dyn Fn(&Path)| {
        names.iter().filter(|name| **name != first).for_each(|name| change(&root.join(name)));
    };
    let check = |change: &(dyn Fn(&Path) + Sync), content: Option<&str>| {
        let tree = folder(&files);
        let seen = visit_while(tree.path(), &Cancel::default(), |first| others(tree.path(), first, change));
        match content {
            Some(content) => {
                assert_eq!(seen.left_out(), []);
                let changed = seen.blobs.iter().filter(|(_, bytes)| bytes == content.as_bytes()).count();
                assert_eq!((seen.blobs.len(), changed), (3, 2));
            }
            None => {
                assert_eq!((seen.blobs.len(), seen.kinds()[&NotDoneKind::Unreadable]), (1, 2));
            }
        }
    };
    let longer = "x".repeat(100_000);
    check(&|path| std::fs::remove_file(path).unwrap(), None);
    check(&|path| std::fs::write(path, "0").unwrap(), Some("0"));
    check(&|path| std::fs::write(path, "").unwrap(), Some(""));
    check(&|path| std::fs::write(path, &longer).unwrap(), Some(&longer));
    #[cfg(unix)]
    check(
        &|path| {
            // A link that takes a file's place is not followed.
            std::fs::remove_file(path).unwrap();
            std::os::unix::fs::symlink("/etc/passwd", path).unwrap();
        },
        None,
    );
}

#[test]
fn an_interrupt_ends_the_visit_and_says_what_was_left() {
    let names: Vec<String> = (0..500).map(|at| format!("{}/{at}.txt", at % 7)).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "x")).collect();
    let tree = folder(&files);
    let cancel = Cancel::default();
    let seen = visit_while(tree.path(), &cancel, |_| cancel.interrupt());
    assert_eq!(seen.blobs.len(), 1);
    let named = tree.path().display().to_string();
    assert_eq!(seen.left_out(), [(NotDoneKind::Interrupted, named.as_str(), "499 files were not looked at")]);

    let collector = Collector::default();
    let past = Cancel::default().with_deadline(Some(Instant::now()));
    let source =
        Source::open(&Target::Path(tree.path().to_owned()), &Options { threads: 4, ..options() }).unwrap();
    source.visit(&collector, &past).unwrap();
    let seen = collector.seen();
    assert_eq!((seen.blobs.len(), seen.of(NotDoneKind::OutOfTime)), (0, vec![named.as_str()]));
    assert!(seen.not_done[0].reason.contains("--max-time"));
}

#[test]
fn a_deadline_that_is_met_is_not_reported() {
    let tree = folder(&[("a.txt", "x")]);
    let cancel = Cancel::default().with_deadline(Some(Instant::now() + Duration::from_secs(3600)));
    let seen = visit_while(tree.path(), &cancel, |_| {});
    assert_eq!((seen.blobs.len(), seen.left_out()), (1, vec![]));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let tree = folder(&[(".gitignore", "*.tmp\n")]);
    for at in 0..400 {
        let folder = format!("{}/{}", at % 13, at % 5);
        let mut files = vec![(format!("{folder}/{at}.txt"), format!("text {at}").into_bytes())];
        match at % 10 {
            0 => files.push((format!("{folder}/{at}.tmp"), b"x".to_vec())),
            1 => files.push((format!("{folder}/{at}.bin"), b"\0".to_vec())),
            2 => files.push((format!("{folder}/{at}.big"), vec![b'x'; 70_000])),
            3 => {
                let inner = common::zip(&[("c.txt", b"inner"), ("long.txt", &[b'y'; 30_000])]);
                let outer = common::tar(&[("a.txt", b"outer"), ("b.jar", &inner)]);
                files.push((format!("{folder}/{at}.tgz"), common::gzip(&outer)));
            }
            4 => files.push((format!("{folder}/{at}.xz"), common::xz(&[b'z'; 50_000]))),
            _ => {}
        }
        for (name, bytes) in files {
            let path = tree.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
    // So little memory that some is refused: the same everywhere.
    for max_memory in [256 << 20, 200_000] {
        let visit = |threads| {
            let options = Options { threads, max_memory, max_file_size: 60_000, ..Options::default() };
            visit_path(tree.path(), &options)
        };
        let one = visit(1);
        assert!(one.kinds()[&NotDoneKind::Ignored] == 40 && one.kinds()[&NotDoneKind::TooLarge] == 40);
        assert_eq!(one.kinds().contains_key(&NotDoneKind::OutOfMemory), max_memory < 1 << 20);
        for threads in [2, 8] {
            assert!(one == visit(threads), "{threads} threads, {max_memory} bytes");
        }
    }
}

/// Panics on one blob, as a detector with a bug does.
struct Panicking;

impl Visitor for Panicking {
    fn blob(&self, blob: &Blob<'_>, _: Option<&FileStamp>) {
        assert!(!blob.origin.display_path().contains("37"), "a bug in the visitor");
    }
    fn not_done(&self, _: NotDone) {}
}

#[test]
fn a_visitors_panic_is_not_hidden_and_nobody_waits_for_it() {
    let names: Vec<String> = (0..200).map(|at| format!("{at}.txt")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "x")).collect();
    let tree = folder(&files);
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    let padding = vec![b' '; 2 << 20];
    let archive = common::tar(&[&members[..], &[("padding", &padding)]].concat());
    std::fs::write(tree.path().join("all.tar"), archive).unwrap();
    for target in [tree.path().to_owned(), tree.path().join("all.tar")] {
        for threads in [1, 4] {
            let source =
                Source::open(&Target::Path(target.clone()), &Options { threads, ..options() }).unwrap();
            let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                source.visit(&Panicking, &Cancel::default())
            }));
            assert!(outcome.is_err(), "{target:?}, {threads} threads");
        }
    }
}
