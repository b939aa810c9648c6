//! Histories, staged files and remotes, on repositories that the system's git makes. What a scan of a history must see
//! is what `git rev-list --objects --all` lists: slow, obvious, and somebody else's code.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use bartizan_model::{Blob, NotDone, NotDoneKind};
use bartizan_source::{Cancel, Carriers, FileStamp, Options, Source, SourceError, Target, Visitor};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use tempfile::TempDir;

/// A repository in a temporary folder.
struct Repo {
    folder: TempDir,
    clock: u64,
}

impl Repo {
    fn new() -> Self {
        Self::with(&["init", "-q", "-b", "main"])
    }

    fn with(init: &[&str]) -> Self {
        let repo = Self { folder: tempfile::tempdir().unwrap(), clock: 1_700_000_000 };
        repo.git(init);
        repo
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn git(&self, arguments: &[&str]) -> String {
        self.git_in(self.path(), arguments, b"")
    }

    fn git_in(&self, folder: &Path, arguments: &[&str], input: &[u8]) -> String {
        let output = self.try_git(folder, arguments, input);
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn try_git(&self, folder: &Path, arguments: &[&str], input: &[u8]) -> std::process::Output {
        use std::io::Write;
        let mut command = Command::new("git");
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
            command.env_remove(name);
        }
        let date = format!("{} +0100", self.clock);
        let mut child = command
            .args(["-c", "protocol.file.allow=always"])
            .args(arguments)
            .current_dir(folder)
            .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")])
            .envs([("GIT_AUTHOR_NAME", "Ann Author"), ("GIT_AUTHOR_EMAIL", "ann@example.com")])
            .envs([("GIT_COMMITTER_NAME", "Com"), ("GIT_COMMITTER_EMAIL", "com@example.com")])
            .envs([("GIT_AUTHOR_DATE", &date), ("GIT_COMMITTER_DATE", &date)])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        child.wait_with_output().unwrap()
    }

    fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// Commits everything, a minute after the last commit. The commit's id.
    fn commit(&mut self, message: &str) -> String {
        self.clock += 60;
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    fn blob(&self, spec: &str) -> String {
        self.git(&["rev-parse", spec])
    }

    /// Packs everything into one pack with deltas.
    fn pack(&self) {
        self.git(&["repack", "-adfq", "--depth=50", "--window=50"]);
        self.git(&["prune-packed"]);
        self.git(&["pack-refs", "--all"]);
    }

    /// Id and content of the blobs that git finds from these revisions.
    fn blobs(&self, revisions: &[&str]) -> BTreeMap<String, Vec<u8>> {
        let list = self.git(&[&["rev-list", "--objects"], revisions].concat());
        let ids: BTreeSet<&str> = list.lines().filter_map(|line| line.split(' ').next()).collect();
        ids.into_iter()
            .filter(|id| self.git(&["cat-file", "-t", id]) == "blob")
            .map(|id| (id.to_owned(), self.try_git(self.path(), &["cat-file", "blob", id], b"").stdout))
            .collect()
    }

    fn history(&self) -> Target {
        Target::History { repository: self.path().to_owned(), since: None }
    }

    fn since(&self, since: &str) -> Target {
        Target::History { repository: self.path().to_owned(), since: Some(since.to_owned()) }
    }

    fn staged(&self) -> Target {
        Target::Staged { repository: self.path().to_owned() }
    }

    /// A history that has what histories have: folders, renames, merges, deletions, tags, notes, a stash.
    fn lively() -> Self {
        let mut repo = Self::new();
        let text =
            |seed: usize| (0..200).map(|i| format!("line {} of {seed}\n", i * i % 97)).collect::<String>();
        for round in 0..12 {
            repo.write("README.md", format!("round {round}\n{}", text(1)));
            repo.write(
                &format!("src/module{}/file.rs", round % 5),
                format!("{}// {round}\n", text(round % 3)),
            );
            repo.write("src/deep/er/still/big.txt", text(2).repeat(20) + &round.to_string());
            if round == 3 {
                repo.write("secret.env", "TOKEN=once\n");
            }
            if round == 4 {
                std::fs::remove_file(repo.path().join("secret.env")).unwrap();
                repo.git(&["tag", "light"]);
            }
            if round == 6 {
                repo.git(&["mv", "src/module1", "src/renamed"]);
                repo.git(&["tag", "-a", "v1", "-m", "one"]);
                repo.git(&["tag", "-a", "v1-again", "-m", "a tag of a tag", "v1"]);
            }
            repo.commit(&format!("round {round}"));
        }
        repo.git(&["checkout", "-q", "-b", "side", "HEAD~6"]);
        repo.write("only-on-side.txt", "side\n");
        repo.write("empty", "");
        repo.commit("side");
        repo.git(&["checkout", "-q", "main"]);
        repo.clock += 60;
        repo.git(&["merge", "-q", "--no-ff", "-m", "merge", "side"]);
        repo.git(&["notes", "add", "-m", "a note", "HEAD"]);
        let tagged = repo.git_in(repo.path(), &["hash-object", "-w", "--stdin"], b"only a tag names me\n");
        repo.git(&["tag", "blob-tag", &tagged]);
        repo.write("README.md", "stashed\n");
        repo.git(&["stash", "-q"]);
        repo
    }
}

/// Keeps all it is told.
#[derive(Default)]
struct Seen {
    blobs: Mutex<BTreeMap<String, (String, Vec<u8>)>>,
    twice: Mutex<Vec<String>>,
    not_done: Mutex<Vec<NotDone>>,
    expected: Mutex<u64>,
    known: BTreeSet<String>,
}

impl Visitor for Seen {
    fn is_known_object(&self, id: &[u8], path: &str) -> bool {
        assert!(!path.is_empty());
        let hex: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
        self.known.contains(&hex)
    }

    fn blob(&self, blob: &Blob<'_>, stamp: Option<&FileStamp>) {
        assert!(stamp.is_none());
        let key = blob.origin.object.clone().unwrap_or_else(|| blob.origin.path.clone());
        let value = (blob.origin.path.clone(), blob.bytes.to_vec());
        if self.blobs.lock().unwrap().insert(key.clone(), value).is_some() {
            self.twice.lock().unwrap().push(key);
        }
    }

    fn not_done(&self, entry: NotDone) {
        self.not_done.lock().unwrap().push(entry);
    }

    fn expected(&self, blobs: u64) {
        *self.expected.lock().unwrap() = blobs;
    }
}

impl Seen {
    fn contents(&self) -> BTreeMap<String, Vec<u8>> {
        self.blobs.lock().unwrap().iter().map(|(id, (_, bytes))| (id.clone(), bytes.clone())).collect()
    }

    fn paths(&self) -> BTreeSet<String> {
        self.blobs.lock().unwrap().values().map(|(path, _)| path.clone()).collect()
    }

    fn reasons(&self) -> Vec<String> {
        self.not_done
            .lock()
            .unwrap()
            .iter()
            .map(|entry| format!("{:?} {}: {}", entry.kind, entry.path, entry.reason))
            .collect()
    }
}

fn visit_with(target: &Target, options: &Options, seen: Seen) -> (Source, Seen) {
    let source = Source::open(target, options).unwrap();
    source.visit(&seen, &Cancel::default()).unwrap();
    assert_eq!(*seen.twice.lock().unwrap(), Vec::<String>::new());
    (source, seen)
}

fn visit(target: &Target) -> Seen {
    visit_with(target, &Options { threads: 3, ..Options::default() }, Seen::default()).1
}

fn carriers(target: &Target, objects: &[&str]) -> BTreeMap<String, Carriers> {
    let objects = objects.iter().map(|object| (*object).to_owned()).collect();
    Source::open(target, &Options::default()).unwrap().carriers(&objects, &Cancel::default()).unwrap()
}

fn assert_whole(repo: &Repo) -> Seen {
    let seen = visit(&repo.history());
    assert_eq!(seen.reasons(), Vec::<String>::new());
    let expected = repo.blobs(&["--all"]);
    assert!(!expected.is_empty());
    assert_eq!(seen.contents(), expected);
    assert_eq!(*seen.expected.lock().unwrap(), expected.len() as u64);
    seen
}

#[test]
fn every_blob_of_the_history_is_seen_once_however_it_is_stored() {
    let mut repo = Repo::lively();
    let loose = assert_whole(&repo).blobs.into_inner().unwrap();
    repo.pack();
    assert!(!repo.path().join(".git/objects/pack").read_dir().unwrap().collect::<Vec<_>>().is_empty());
    let packed = assert_whole(&repo).blobs.into_inner().unwrap();
    assert_eq!(loose, packed, "paths are the same, too");

    // Both, in several packs, with copies.
    repo.write("later.txt", "later\n");
    repo.commit("later");
    repo.git(&["repack", "-q"]);
    repo.write("latest.txt", "latest\n");
    repo.commit("latest");
    let all = repo.git(&["rev-list", "--objects", "HEAD~3"]);
    let ids: String =
        all.lines().filter_map(|line| line.split(' ').next()).map(|id| format!("{id}\n")).collect();
    repo.git_in(repo.path(), &["pack-objects", "-q", ".git/objects/pack/pack"], ids.as_bytes());
    assert_whole(&repo);
    // Deltas that name their base by id instead of offset.
    repo.git(&["-c", "repack.useDeltaBaseOffset=false", "repack", "-adfq"]);
    assert_whole(&repo);
    // An index of the first version.
    for pack in packs(&repo) {
        repo.git(&[
            "index-pack",
            "--index-version=1",
            "-o",
            path_text(&pack.with_extension("v1.idx")),
            path_text(&pack),
        ]);
        let index = pack.with_extension("idx");
        std::fs::remove_file(&index).unwrap();
        std::fs::rename(pack.with_extension("v1.idx"), &index).unwrap();
    }
    assert_whole(&repo);
}

fn packs(repo: &Repo) -> Vec<PathBuf> {
    let folder = repo.path().join(".git/objects/pack");
    let files = folder.read_dir().unwrap().map(|file| file.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "pack")).collect()
}

fn path_text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn blobs_have_the_path_of_the_oldest_commit() {
    let mut repo = Repo::new();
    repo.write("z/old name.txt", "content\n");
    repo.commit("first");
    repo.git(&["mv", "z/old name.txt", "a.txt"]);
    repo.commit("second");
    let seen = assert_whole(&repo);
    assert_eq!(seen.paths(), BTreeSet::from(["z/old name.txt".to_owned()]));
}

#[test]
fn older_entries_of_the_stash_are_seen() {
    let mut repo = Repo::new();
    repo.write("a", "committed\n");
    repo.commit("first");
    for text in ["stash one\n", "stash two\n"] {
        repo.write("a", text);
        repo.git(&["stash", "-q"]);
    }
    let contents: BTreeSet<Vec<u8>> = visit(&repo.history()).contents().into_values().collect();
    let expected = ["committed\n", "stash one\n", "stash two\n"].map(|text| text.as_bytes().to_vec());
    assert_eq!(contents, BTreeSet::from(expected));
}

#[test]
fn unreachable_blobs_and_the_index_are_not_history() {
    let mut repo = Repo::new();
    repo.write("a", "committed\n");
    repo.commit("first");
    repo.git_in(repo.path(), &["hash-object", "-w", "--stdin"], b"dangling\n");
    repo.write("b", "staged\n");
    repo.git(&["add", "b"]);
    assert_eq!(visit(&repo.history()).paths(), BTreeSet::from(["a".to_owned()]));
}

#[test]
fn an_empty_repository_has_no_blobs() {
    let repo = Repo::new();
    for target in [repo.history(), repo.staged()] {
        let seen = visit(&target);
        assert_eq!((seen.contents().len(), seen.reasons()), (0, vec![]));
    }
}

#[test]
fn since_leaves_out_what_was_there_before() {
    let repo = Repo::lively();
    repo.pack();
    for (since, revisions) in [
        ("main~3", vec!["--all", "--not", "main~3"]),
        ("light", vec!["--all", "--not", "light"]),
        ("v1", vec!["--all", "--not", "v1"]),
        ("side~2..side", vec!["side", "--not", "side~2"]),
        ("main~2..", vec!["HEAD", "--not", "main~2"]),
        ("main..main", vec!["main", "--not", "main"]),
    ] {
        let mut expected = repo.blobs(&revisions);
        if !since.contains("..") || since.is_empty() {
            // What only a tag names came in by no commit.
            expected.remove(&repo.blob("blob-tag"));
        }
        let seen = visit(&repo.since(since));
        assert_eq!(seen.contents(), expected, "{since}");
        assert_eq!(seen.reasons(), Vec::<String>::new());
    }
    assert!(!visit(&repo.since("main~3")).contents().is_empty());
    for wrong in ["nonsense", "main...side", "main..nonsense", ":/nothing like it"] {
        let outcome = Source::open(&repo.since(wrong), &Options::default());
        assert!(matches!(outcome, Err(SourceError::NoRevision { .. })), "{wrong}");
    }
}

#[test]
fn carriers_are_the_first_and_the_last_commit() {
    let mut repo = Repo::new();
    repo.write("folder/key", "k1\n");
    let first = repo.commit("first");
    repo.write("other", "o\n");
    let second = repo.commit("second");
    repo.git(&["mv", "folder/key", "key"]);
    let third = repo.commit("third");
    repo.write("key", "k2\n");
    let fourth = repo.commit("fourth");
    let (k1, k2) = (repo.blob(&format!("{first}:folder/key")), repo.blob("HEAD:key"));
    for packed in [false, true] {
        if packed {
            repo.pack();
        }
        let found = carriers(&repo.history(), &[&k1, &k2, &"0".repeat(40), "no id"]);
        assert_eq!(found.keys().cloned().collect::<BTreeSet<_>>(), BTreeSet::from([k1.clone(), k2.clone()]));
        let old = &found[&k1];
        assert_eq!((&old.first.id, old.first.path.as_str()), (&first, "folder/key"));
        assert_eq!((&old.last.id, old.last.path.as_str(), old.in_head), (&third, "key", false));
        assert_eq!(
            (old.first.author.as_str(), old.first.date.as_str()),
            ("Ann Author <ann@example.com>", "2023-11-14T22:14:20Z")
        );
        let new = &found[&k2];
        assert_eq!((&new.first.id, &new.last.id, new.in_head), (&fourth, &fourth, true));
    }
    let other = repo.blob("HEAD:other");
    let found = &carriers(&repo.history(), &[&other])[&other];
    assert_eq!((&found.first.id, &found.last.id, found.in_head), (&second, &fourth, true));
    assert!(carriers(&repo.staged(), &[&other]).is_empty());
}

#[test]
fn carriers_agree_with_a_look_into_every_commit() {
    let repo = Repo::lively();
    repo.pack();
    let (source, seen) = visit_with(&repo.history(), &Options::default(), Seen::default());
    let objects: BTreeSet<String> = seen.contents().into_keys().collect();
    let found = source.carriers(&objects, &Cancel::default()).unwrap();
    // Oldest first; of one second by id.
    let log = repo.git(&["log", "--all", "--format=%ct %H"]);
    let mut commits: Vec<(&str, &str)> = log.lines().filter_map(|line| line.split_once(' ')).collect();
    commits.sort_unstable();
    let mut expected: BTreeMap<String, (String, String)> = BTreeMap::new();
    for (_, commit) in commits {
        for line in repo.git(&["ls-tree", "-r", commit]).lines() {
            let blob = line.split_whitespace().nth(2).unwrap().to_owned();
            let entry = expected.entry(blob).or_insert_with(|| (commit.to_owned(), commit.to_owned()));
            entry.1 = commit.to_owned();
        }
    }
    assert!(expected.len() > 30);
    let found: BTreeMap<_, _> = found.into_iter().map(|(id, c)| (id, (c.first.id, c.last.id))).collect();
    assert_eq!(found, expected);
}

#[test]
fn known_objects_are_left_out_but_still_serve_as_bases() {
    let repo = Repo::lively();
    repo.pack();
    let mut expected = repo.blobs(&["--all"]);
    let known: BTreeSet<String> = expected.keys().step_by(2).cloned().collect();
    expected.retain(|id, _| !known.contains(id));
    let (_, seen) = visit_with(&repo.history(), &Options::default(), Seen { known, ..Seen::default() });
    assert_eq!(seen.contents(), expected);
}

#[test]
fn too_large_blobs_are_reported_and_what_builds_on_them_is_not() {
    let mut repo = Repo::new();
    let lines: Vec<String> =
        (0..4000_u32).map(|i| format!("{:08x}\n", i.wrapping_mul(2_654_435_761))).collect();
    for kept in [4000, 3900, 500, 3800, 400, 3700, 300] {
        repo.write("file", lines[..kept].concat());
        repo.commit("a version");
    }
    repo.pack();
    let deltas = repo.git(&[
        "cat-file",
        "--batch-all-objects",
        "--batch-check=%(deltabase) %(objecttype) %(objectsize)",
    ]);
    let of_large = deltas.lines().filter(|line| !line.starts_with("0000") && line.contains("blob")).count();
    assert!(of_large >= 5, "{deltas}");
    let options = Options { max_file_size: 10_000, ..Options::default() };
    let (_, seen) = visit_with(&repo.history(), &options, Seen::default());
    let sizes: BTreeSet<usize> = seen.contents().values().map(Vec::len).collect();
    assert_eq!(sizes, BTreeSet::from([300 * 9, 400 * 9, 500 * 9]));
    let kinds: Vec<NotDoneKind> = seen.not_done.lock().unwrap().iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [NotDoneKind::TooLarge; 4]);
    assert!(seen.not_done.lock().unwrap().iter().all(|entry| entry.path == "file"));

    // With so little memory the large bases cannot be had: that is told, and nothing else is lost.
    let options = Options { max_file_size: 10_000, max_memory: 30_000, ..Options::default() };
    let (_, seen) = visit_with(&repo.history(), &options, Seen::default());
    let not_done = seen.not_done.lock().unwrap();
    assert_eq!(seen.contents().len() + not_done.len(), 7, "{not_done:?}");
    assert!(not_done.iter().any(|entry| entry.kind == NotDoneKind::OutOfMemory), "{not_done:?}");
}

#[test]
fn staged_files_are_read_as_staged() {
    let mut repo = Repo::new();
    for folder in ["a", "a/b", "c", "c.d"] {
        for file in ["one", "two"] {
            repo.write(&format!("{folder}/{file}"), format!("{folder} {file}\n"));
        }
    }
    repo.commit("first");
    assert_eq!(visit(&repo.staged()).contents().len(), 0);
    repo.write("a/b/one", "staged\n");
    repo.write("new/file", "new\n");
    repo.write("c/two", "not staged\n");
    repo.git(&["add", "a/b/one", "new/file"]);
    repo.git(&["rm", "-q", "c.d/one"]);
    repo.git(&["mv", "a/one", "moved"]);
    repo.write("a/b/one", "changed again after staging\n");
    repo.write("intended", "later\n");
    repo.git(&["add", "-N", "intended"]);
    let expected: BTreeMap<String, Vec<u8>> =
        [("a/b/one", "staged\n"), ("moved", "a one\n"), ("new/file", "new\n")]
            .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
            .into();
    let seen = visit(&repo.staged());
    assert_eq!((seen.contents(), seen.reasons()), (expected.clone(), vec![]));
    // The same without what the index remembers of trees.
    repo.git(&["read-tree", "--empty"]);
    repo.git(&["add", "a", "c", "moved", "new"]);
    let seen = visit(&repo.staged());
    assert!(seen.paths().contains("c/two") && seen.paths().contains("a/b/one"));
    // And from a folder inside.
    let inside = Target::Staged { repository: repo.path().join("a/b") };
    assert_eq!(visit(&inside).contents(), seen.contents());
}

#[test]
fn before_the_first_commit_everything_staged_is_new() {
    let repo = Repo::new();
    repo.write("a/b", "first\n");
    repo.git(&["add", "-A"]);
    assert_eq!(visit(&repo.staged()).contents(), BTreeMap::from([("a/b".to_owned(), b"first\n".to_vec())]));
    assert_eq!(visit(&repo.history()).contents().len(), 0);
}

#[test]
fn conflicts_and_large_files_are_handled_in_the_index() {
    let mut repo = Repo::new();
    repo.write("file", "base\n");
    repo.commit("base");
    repo.git(&["checkout", "-q", "-b", "other"]);
    repo.write("file", "theirs\n");
    repo.commit("theirs");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("file", "ours\n");
    repo.commit("ours");
    let merge = repo.try_git(repo.path(), &["merge", "-q", "other"], b"");
    assert!(!merge.status.success());
    let source = Source::open(&repo.staged(), &Options::default()).unwrap();
    let seen = Seen::default();
    source.visit(&seen, &Cancel::default()).unwrap();
    assert!(seen.contents().contains_key("file"));
    repo.git(&["reset", "-q", "--hard"]);
    repo.write("large", vec![b'x'; 5000]);
    repo.git(&["add", "large"]);
    let options = Options { max_file_size: 4999, ..Options::default() };
    let (_, seen) = visit_with(&repo.staged(), &options, Seen::default());
    assert_eq!(seen.contents().len(), 0);
    assert_eq!(seen.not_done.lock().unwrap()[0].kind, NotDoneKind::TooLarge);
}

#[test]
fn remotes_are_cloned_whole_and_removed() {
    let repo = Repo::lively();
    let target = Target::Remote { url: format!("file://{}", path_text(repo.path())) };
    let (source, seen) = visit_with(&target, &Options::default(), Seen::default());
    // A clone has no log of the stash, but its reference.
    assert_eq!(seen.contents(), repo.blobs(&["--all"]));
    let object = repo.blob("main:README.md");
    let found = source.carriers(&BTreeSet::from([object.clone()]), &Cancel::default()).unwrap();
    assert!(found[&object].in_head);
    drop(source);

    let gone = Target::Remote { url: format!("file://{}/nothing", path_text(repo.path())) };
    let outcome =
        Source::open(&gone, &Options::default()).unwrap().visit(&Seen::default(), &Cancel::default());
    assert!(matches!(outcome, Err(SourceError::Clone { .. })), "{outcome:?}");
    let hostile = Target::Remote { url: "ext::sh -c touch% /tmp/x".to_owned() };
    assert!(matches!(Source::open(&hostile, &Options::default()), Err(SourceError::Clone { .. })));
}

#[test]
fn a_clone_stops_when_told() {
    // Something that accepts and never answers.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://user:hunter2@{}/repository", listener.local_addr().unwrap());
    let cancel = Cancel::default()
        .with_deadline(Some(std::time::Instant::now() + std::time::Duration::from_millis(300)));
    let source = Source::open(&Target::Remote { url }, &Options::default()).unwrap();
    let error = source.visit(&Seen::default(), &cancel).unwrap_err().to_string();
    assert!(!error.contains("hunter2") && error.contains("stopped"), "{error}");
}

#[test]
fn a_stop_is_told_with_what_was_left() {
    let repo = Repo::lively();
    let cancel = Cancel::default();
    cancel.interrupt();
    let seen = Seen::default();
    Source::open(&repo.history(), &Options::default()).unwrap().visit(&seen, &cancel).unwrap();
    assert_eq!(seen.contents().len(), 0);
    assert!(seen.not_done.lock().unwrap().iter().any(|entry| entry.kind == NotDoneKind::Interrupted));
}

#[test]
fn shallow_and_partial_clones_say_what_is_missing() {
    let repo = Repo::lively();
    let url = format!("file://{}", path_text(repo.path()));
    let folder = tempfile::tempdir().unwrap();
    let shallow = folder.path().join("shallow");
    repo.git(&["clone", "-q", "--depth=2", &url, path_text(&shallow)]);
    let seen = visit(&Target::History { repository: shallow, since: None });
    assert!(!seen.contents().is_empty());
    let reasons = seen.reasons();
    assert!(reasons.len() == 1 && reasons[0].contains("shallow clone"), "{reasons:?}");

    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let partial = folder.path().join("partial");
    repo.git(&["clone", "-q", "--bare", "--filter=blob:none", &url, path_text(&partial)]);
    let seen = visit(&Target::History { repository: partial, since: None });
    let missing = seen.reasons().iter().filter(|reason| reason.contains("missing")).count();
    // The filter does not hold back what a reference names.
    assert_eq!((seen.contents().len(), missing), (1, seen.reasons().len()));
    assert!(missing > 20, "{missing}");
}

#[test]
fn borrowed_objects_and_worktrees_are_read() {
    let mut repo = Repo::lively();
    let folder = tempfile::tempdir().unwrap();
    let borrower = folder.path().join("borrower");
    repo.git(&["clone", "-q", "--shared", path_text(repo.path()), path_text(&borrower)]);
    let seen = visit(&Target::History { repository: borrower, since: None });
    assert_eq!(seen.reasons(), Vec::<String>::new());
    assert!(seen.paths().contains("only-on-side.txt"));

    let worktree = folder.path().join("worktree");
    repo.git(&["worktree", "add", "-q", "--detach", path_text(&worktree)]);
    std::fs::write(worktree.join("detached.txt"), "only in the worktree\n").unwrap();
    repo.git_in(&worktree, &["add", "-A"], b"");
    repo.clock += 60;
    repo.git_in(&worktree, &["commit", "-q", "-m", "detached"], b"");
    assert!(visit(&repo.history()).paths().contains("detached.txt"));
    assert!(visit(&Target::History { repository: worktree, since: None }).paths().contains("secret.env"));
}

#[test]
fn submodules_symlinks_and_odd_names_do_no_harm() {
    let mut repo = Repo::new();
    repo.write("a", "a\n");
    let first = repo.commit("first");
    repo.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{first},module")]);
    let link = repo.git_in(repo.path(), &["hash-object", "-w", "--stdin"], b"../../etc/passwd");
    repo.git(&["update-index", "--add", "--cacheinfo", &format!("120000,{link},link")]);
    repo.git(&["commit", "-q", "-m", "odd"]);
    let seen = visit(&repo.history());
    assert_eq!(seen.reasons(), Vec::<String>::new());
    assert_eq!(seen.paths(), BTreeSet::from(["a".to_owned(), "link".to_owned()]));
}

#[test]
fn sha256_repositories_are_read() {
    let mut repo = Repo::with(&["init", "-q", "-b", "main", "--object-format=sha256"]);
    for round in 0..5 {
        repo.write("folder/file", format!("{}{round}\n", "the same\n".repeat(100)));
        repo.commit("a version");
    }
    assert_whole(&repo);
    repo.pack();
    assert_whole(&repo);
    let object = repo.blob("HEAD:folder/file");
    assert!(carriers(&repo.history(), &[&object])[&object].in_head);
}

#[test]
fn what_is_no_usable_repository_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let open = |path: &Path| {
        Source::open(&Target::History { repository: path.to_owned(), since: None }, &Options::default()).err()
    };
    assert!(matches!(open(folder.path()), Some(SourceError::NoRepository { .. })));
    assert!(matches!(open(&folder.path().join("nothing")), Some(SourceError::Missing { .. })));
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    assert!(matches!(open(folder.path()), Some(SourceError::Repository { .. })));

    let repo = Repo::with(&["init", "-q", "--ref-format=reftable"]);
    assert!(matches!(open(repo.path()), Some(SourceError::Repository { .. })));
}

#[test]
fn nothing_that_a_repository_configures_is_run() {
    let mut repo = Repo::new();
    repo.write(".gitattributes", "* filter=evil diff=evil\n");
    repo.write("a", "a\n");
    repo.commit("first");
    let trace = repo.path().join("evil-was-here");
    let evil = format!("touch {}", path_text(&trace));
    for name in [
        "filter.evil.smudge",
        "filter.evil.clean",
        "diff.evil.textconv",
        "core.fsmonitor",
        "core.sshCommand",
        "core.pager",
    ] {
        repo.git(&["config", name, &evil]);
    }
    repo.write("b", "b\n");
    repo.git(&["-c", "core.fsmonitor=false", "-c", "filter.evil.clean=cat", "add", "b"]);
    let _ = std::fs::remove_file(&trace);
    assert_eq!(visit(&repo.staged()).paths(), BTreeSet::from(["b".to_owned()]));
    assert_eq!(visit(&repo.history()).paths(), BTreeSet::from(["a".to_owned(), ".gitattributes".to_owned()]));
    assert!(!trace.exists());
}

/// Damages a pack byte by byte. Each time the visit ends, blobs that are handed over are right (zlib's checksum sees to
/// that, except for names and for the offsets of bases, which it does not cover), and what is not is reported.
#[test]
fn damaged_packs_lose_what_is_damaged_and_say_so() {
    let repo = Repo::lively();
    repo.pack();
    let sound = visit(&repo.history()).contents();
    let pack = packs(&repo).pop().unwrap();
    for file in [pack.clone(), pack.with_extension("idx")] {
        let bytes = std::fs::read(&file).unwrap();
        let mut permissions = std::fs::metadata(&file).unwrap().permissions();
        #[expect(clippy::permissions_set_readonly_false, reason = "a file in a temporary folder")]
        permissions.set_readonly(false);
        std::fs::set_permissions(&file, permissions).unwrap();
        let mut reported = 0;
        let step = bytes.len() / 150;
        for at in (0..bytes.len()).step_by(step.max(1)).chain(0..24) {
            for flip in [0xff, 0x10] {
                let mut damaged = bytes.clone();
                damaged[at] ^= flip;
                std::fs::write(&file, &damaged).unwrap();
                let seen = visit(&repo.history());
                let lost = sound.keys().filter(|id| !seen.contents().contains_key(*id)).count();
                assert!(
                    lost == 0 || !seen.reasons().is_empty(),
                    "{lost} lost in silence, byte {at} of {file:?}"
                );
                reported += usize::from(!seen.reasons().is_empty());
            }
        }
        assert!(reported > 20, "{reported} of the damages were noticed");
        for length in [0, 1, 11, 12, 31, 1000, bytes.len() / 2, bytes.len() - 1] {
            std::fs::write(&file, &bytes[..length]).unwrap();
            let seen = visit(&repo.history());
            let lost = sound.keys().any(|id| !seen.contents().contains_key(id));
            assert!(!lost || !seen.reasons().is_empty(), "cut to {length} bytes");
        }
        std::fs::write(&file, &bytes).unwrap();
    }
    assert_eq!(visit(&repo.history()).contents(), sound);
}

#[test]
fn a_sound_copy_replaces_a_damaged_one() {
    let repo = Repo::lively();
    repo.pack();
    let sound = visit(&repo.history()).contents();
    let copy = tempfile::tempdir().unwrap();
    let pack = packs(&repo).pop().unwrap();
    // The same objects in another pack, without deltas: of another name, so beside the first.
    let ids: String = repo.git(&["cat-file", "--batch-all-objects", "--batch-check=%(objectname)"]);
    let base = copy.path().join("pack");
    repo.git_in(
        repo.path(),
        &["pack-objects", "-q", "--window=0", path_text(&base)],
        format!("{ids}\n").as_bytes(),
    );
    for file in copy.path().read_dir().unwrap() {
        let file = file.unwrap().path();
        std::fs::copy(&file, pack.with_file_name(file.file_name().unwrap())).unwrap();
    }
    assert_eq!(packs(&repo).len(), 2);
    let bytes = std::fs::read(&pack).unwrap();
    let mut damaged = bytes.clone();
    for at in (bytes.len() / 4..bytes.len() - 40).step_by(97) {
        damaged[at] ^= 0x55;
    }
    std::fs::remove_file(&pack).unwrap();
    std::fs::write(&pack, damaged).unwrap();
    assert_eq!(visit(&repo.history()).contents(), sound);
}

#[test]
fn loose_objects_that_are_damaged_are_reported() {
    let mut repo = Repo::new();
    repo.write("a", "good\n");
    repo.write("b", "bad\n");
    repo.commit("first");
    let id = repo.blob("HEAD:b");
    let file = repo.path().join(".git/objects").join(&id[..2]).join(&id[2..]);
    std::fs::remove_file(&file).unwrap();
    for content in [&b""[..], b"junk", &[0x78, 0x9c, 1, 2, 3]] {
        std::fs::write(&file, content).unwrap();
        let seen = visit(&repo.history());
        assert_eq!(seen.paths(), BTreeSet::from(["a".to_owned()]));
        assert!(seen.reasons().iter().any(|reason| reason.contains(&id)), "{:?}", seen.reasons());
    }
}
