//! A detector for `TOKEN-` and digits, and an input that lives in memory.

#![allow(dead_code, reason = "each test file uses its part")]

use bartizan_engine::{Input, NoProgress, Request, scan_inputs};
use bartizan_model::{
    Anchor, Blob, CommitInfo, Concluded, Conclusion, Confidence, Cwe, Detection, Detector, Inspection,
    Language, NotDone, NotDoneKind, Note, Noted, Origin, Report, RuleInfo, Secret, Severity,
};
use bartizan_source::{Cancel, Carriers, FileStamp, SourceError, StopReason, Visitor};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

pub const TODAY: &str = "2026-05-17";

/// Finds, as rule `test/token`, `TOKEN-` and digits; sure, unless the digits begin with 0. As rule `test/shout`, without
/// a secret, lines that have `SHOUT`. Concludes, as rule `test/need`, what `NEED word` asks for and no file says to
/// `HAVE`. Panics on `PANIC`, and on `WRONG` reports nonsense.
pub struct TokenDetector {
    rules: Vec<RuleInfo>,
    pub version: u8,
}

pub fn rule(id: &str, severity: Severity) -> RuleInfo {
    RuleInfo {
        id: id.to_owned(),
        title: format!("A {id}"),
        description: String::new(),
        remediation: "Take it out".to_owned(),
        severity,
        docs: None,
        cwe: vec![Cwe::HARD_CODED_CREDENTIALS],
        tags: Vec::new(),
    }
}

impl TokenDetector {
    pub fn boxed() -> Vec<Box<dyn Detector>> {
        Self::version(1)
    }

    pub fn version(version: u8) -> Vec<Box<dyn Detector>> {
        let rules = vec![
            rule("test/shout", Severity::Low),
            rule("test/token", Severity::High),
            rule("test/unused", Severity::Info),
        ];
        vec![Box::new(Self { rules, version })]
    }
}

fn find_all<'a>(text: &'a [u8], what: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    (0..text.len().saturating_sub(what.len() - 1)).filter(move |at| text[*at..].starts_with(what))
}

impl Detector for TokenDetector {
    fn name(&self) -> &'static str {
        "test"
    }

    fn rules(&self) -> &[RuleInfo] {
        &self.rules
    }

    fn rule_set_hash(&self) -> [u8; 32] {
        [self.version; 32]
    }

    fn wants(&self, blob: &Blob<'_>) -> bool {
        !blob.origin.path.ends_with(".unwanted")
    }

    fn inspect(&self, blob: &Blob<'_>) -> Inspection {
        let text = blob.bytes;
        assert!(!text.starts_with(b"PANIC"), "asked to");
        let mut found = Vec::new();
        let mut add = |rule: &str, span: std::ops::Range<usize>, secret: Option<Secret>, sure: f64| {
            let context = text.get(span.clone()).unwrap_or_default().to_vec();
            let reason = match &secret {
                // A detector that breaks its promise: the engine hides it nevertheless.
                Some(secret) => format!("it is {}", String::from_utf8_lossy(secret.expose())),
                None => "loud".to_owned(),
            };
            found.push(Detection {
                rule: rule.to_owned(),
                span,
                secret,
                confidence: Confidence::new(sure),
                reason,
                context,
                properties: vec![("path".to_owned(), blob.origin.path.clone())],
                flow: Vec::new(),
                fix: Vec::new(),
            });
        };
        for at in find_all(text, b"TOKEN-") {
            let digits = text[at + 6..].iter().take_while(|b| b.is_ascii_digit()).count();
            if digits > 0 {
                let span = at..at + 6 + digits;
                let sure = if text[at + 6] == b'0' { 0.2 } else { 0.9 };
                let secret = Secret::with_public_prefix(text[span.clone()].to_vec(), 3);
                add("test/token", span, Some(secret), sure);
            }
        }
        for at in find_all(text, b"SHOUT") {
            add("test/shout", at..at + 5, None, 0.5);
        }
        if text.starts_with(b"WRONG") {
            add("test/token", 1000..2000, None, 0.9);
            add("test/nobody", 0..1, None, 0.9);
        }
        Inspection { detections: found, note: note_of(text), ..Inspection::default() }
    }

    fn conclude(&self, noted: &[Noted<'_>], _complete: bool) -> Conclusion {
        conclude(noted)
    }
}

/// `NEED x` asks for a file that says `HAVE x`.
fn note_of(text: &[u8]) -> Option<Note> {
    let word = |at: usize| text[at + 5..].iter().take_while(|b| b.is_ascii_lowercase()).count();
    let needs = find_all(text, b"NEED ").map(|at| at..at + 5 + word(at)).collect::<Vec<_>>();
    let has = find_all(text, b"HAVE ").map(|at| &text[at + 5..at + 5 + word(at)]).collect::<Vec<_>>();
    let words = needs.iter().map(|span| &text[span.start + 5..span.end]);
    (!needs.is_empty() || !has.is_empty()).then(|| Note {
        bytes: [words.collect::<Vec<_>>().join(&b','), has.join(&b',')].join(&b'|'),
        anchors: needs.clone(),
    })
}

/// A finding per file that needs what no file has.
fn conclude(noted: &[Noted<'_>]) -> Conclusion {
    let halves = |note: &Noted<'_>| {
        let text = String::from_utf8(note.bytes.to_vec()).unwrap();
        let (needs, has) = text.split_once('|').unwrap();
        let words =
            |half: &str| half.split(',').filter(|w| !w.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        (words(needs), words(has))
    };
    let had: Vec<String> = noted.iter().flat_map(|note| halves(note).1).collect();
    let mut detections = Vec::new();
    for (number, note) in noted.iter().enumerate() {
        for (anchor, need) in halves(note).0.into_iter().enumerate().filter(|(_, need)| !had.contains(need)) {
            detections.push(Concluded {
                places: vec![Anchor { noted: number, anchor }],
                rule: "test/need".to_owned(),
                group: need.clone().into_bytes(),
                severity: if note.origin.path.starts_with("app") {
                    Severity::Critical
                } else {
                    Severity::Low
                },
                confidence: Confidence::new(0.9),
                reason: format!("nobody has {need}"),
                remediation: Some(format!("write HAVE {need}")),
                properties: Vec::new(),
                flow: Vec::new(),
                excused: None,
            });
        }
    }
    let rules = if detections.is_empty() { Vec::new() } else { vec![rule("test/need", Severity::Medium)] };
    Conclusion { rules, detections, components: Vec::new(), not_done: Vec::new() }
}

#[derive(Clone)]
pub struct File {
    pub origin: Origin,
    pub bytes: Vec<u8>,
    pub stamp: Option<FileStamp>,
    pub trouble: bool,
}

/// A file as a walk over a folder gives it, unchanged for long.
pub fn file(path: &str, text: &str) -> File {
    let stamp =
        FileStamp { path: path.to_owned(), size: text.len() as u64, modified: 1, changed: 2, inode: 3 };
    File { origin: Origin::file(path), bytes: text.as_bytes().to_vec(), stamp: Some(stamp), trouble: false }
}

/// A blob of a history; its id is 20 bytes of `id`.
pub fn object(id: u8, path: &str, text: &str) -> File {
    let origin = Origin { object: Some(format!("{id:02x}").repeat(20)), ..Origin::file(path) };
    File { origin, bytes: text.as_bytes().to_vec(), stamp: None, trouble: false }
}

/// Hands out its files on so many threads, as a source does.
pub struct Memory {
    pub files: Vec<File>,
    pub threads: usize,
    pub whole: bool,
    pub history: bool,
    pub identity: &'static [u8],
    /// Files that were handed out rather than known.
    pub read: AtomicUsize,
    /// Interrupts after so many.
    pub interrupt_after: usize,
}

impl Memory {
    pub fn new(files: Vec<File>) -> Self {
        Self {
            files,
            threads: 2,
            whole: true,
            history: false,
            identity: b"memory",
            read: AtomicUsize::new(0),
            interrupt_after: usize::MAX,
        }
    }

    pub fn history(files: Vec<File>) -> Self {
        Self { history: true, identity: b"history", ..Self::new(files) }
    }

    pub fn reads(&self) -> usize {
        self.read.load(Ordering::Relaxed)
    }

    fn hand_out(&self, file: &File, visitor: &dyn Visitor) {
        if let Some(stamp) = &file.stamp
            && visitor.is_known_file(stamp)
        {
            return;
        }
        if let Some(id) = &file.origin.object {
            let id: Vec<u8> =
                (0..20).map(|at| u8::from_str_radix(&id[at * 2..at * 2 + 2], 16).unwrap()).collect();
            if visitor.is_known_object(&id, &file.origin.path) {
                return;
            }
        }
        self.read.fetch_add(1, Ordering::Relaxed);
        let language = Language::guess(file.origin.name(), &file.bytes);
        visitor.blob(&Blob { bytes: &file.bytes, origin: &file.origin, language }, file.stamp.as_ref());
        if file.trouble {
            let path = file.origin.display_path();
            visitor.not_done(NotDone { kind: NotDoneKind::TooLarge, path, reason: "cut".to_owned() });
        }
    }
}

impl Input for Memory {
    fn name(&self) -> String {
        String::from_utf8_lossy(self.identity).into_owned()
    }

    fn identity(&self) -> Option<Vec<u8>> {
        Some(self.identity.to_vec())
    }

    fn is_whole(&self) -> bool {
        self.whole
    }

    fn is_history(&self) -> bool {
        self.history
    }

    fn visit(&self, visitor: &dyn Visitor, cancel: &Cancel) -> Result<(), SourceError> {
        visitor.expected(self.files.len() as u64);
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..self.threads {
                scope.spawn(|| {
                    while !cancel.is_stopped()
                        && let Some(file) = self.files.get(next.fetch_add(1, Ordering::Relaxed))
                    {
                        self.hand_out(file, visitor);
                        if self.reads() >= self.interrupt_after {
                            cancel.interrupt();
                        }
                    }
                });
            }
        });
        if let Some(reason) = cancel.stop_reason() {
            let kind = match reason {
                StopReason::Interrupted => NotDoneKind::Interrupted,
                StopReason::OutOfTime => NotDoneKind::OutOfTime,
            };
            visitor.not_done(NotDone { kind, path: "the rest".to_owned(), reason: "stopped".to_owned() });
        }
        Ok(())
    }

    fn carriers(
        &self,
        objects: &BTreeSet<String>,
        _cancel: &Cancel,
    ) -> Result<BTreeMap<String, Carriers>, SourceError> {
        let commit = |object: &str, when: &str| CommitInfo {
            id: format!("{when}-{}", &object[..2]),
            author: "A <a@example.com>".to_owned(),
            date: "2026-01-01T00:00:00Z".to_owned(),
            path: "then.txt".to_owned(),
        };
        let of = |object: &String| {
            let carriers = Carriers {
                first: commit(object, "first"),
                last: commit(object, "last"),
                in_head: object.starts_with("01"),
            };
            (object.clone(), carriers)
        };
        Ok(objects.iter().map(of).collect())
    }
}

pub fn request() -> Request<'static> {
    Request::new(Vec::new(), TODAY)
}

pub fn scan_with(request: &Request<'_>, inputs: &[&dyn Input]) -> Report {
    scan_inputs(request, inputs, &TokenDetector::boxed(), &NoProgress).unwrap()
}

/// Scans `files` with every default.
pub fn scan_files(files: Vec<File>) -> Report {
    scan_with(&request(), &[&Memory::new(files)])
}

pub fn json(report: &Report) -> String {
    serde_json::to_string_pretty(report).unwrap()
}

/// Path, and for history the first digits of the object, of each place.
pub fn places(report: &Report, finding: usize) -> Vec<String> {
    let name = |origin: &Origin| match &origin.object {
        Some(object) => format!("{}@{}", origin.display_path(), &object[..2]),
        None => origin.display_path(),
    };
    report.findings[finding].places.iter().map(|place| name(&place.origin)).collect()
}

/// The entries of one kind as `path: reason`.
pub fn not_done(report: &Report, kind: NotDoneKind) -> Vec<String> {
    let entries = report.coverage.not_done.iter().filter(|entry| entry.kind == kind);
    entries.map(|entry| format!("{}: {}", entry.path, entry.reason)).collect()
}
