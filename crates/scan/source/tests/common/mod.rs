//! What the tests of this crate share: a visitor that remembers, and writers of archives.

#![allow(dead_code, reason = "each test binary uses its part")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use bartizan_model::{Blob, NotDone, NotDoneKind};
use bartizan_source::{Cancel, FileStamp, Options, Source, Target, Visitor, visit_bytes};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;

/// Remembers everything it is told.
#[derive(Default)]
pub struct Collector {
    pub blobs: Mutex<Vec<(String, Vec<u8>)>>,
    pub not_done: Mutex<Vec<NotDone>>,
    pub stamps: Mutex<Vec<FileStamp>>,
    pub asked: Mutex<Vec<FileStamp>>,
    pub expected: Mutex<Vec<u64>>,
    /// Paths that [`Visitor::is_known_file`] claims to know.
    pub known: Vec<String>,
}

impl Visitor for Collector {
    fn is_known_file(&self, stamp: &FileStamp) -> bool {
        self.asked.lock().unwrap().push(stamp.clone());
        self.known.contains(&stamp.path)
    }

    fn blob(&self, blob: &Blob<'_>, stamp: Option<&FileStamp>) {
        self.blobs.lock().unwrap().push((blob.origin.display_path(), blob.bytes.to_vec()));
        self.stamps.lock().unwrap().extend(stamp.cloned());
    }

    fn not_done(&self, entry: NotDone) {
        self.not_done.lock().unwrap().push(entry);
    }

    fn expected(&self, blobs: u64) {
        self.expected.lock().unwrap().push(blobs);
    }
}

/// What a visit told, sorted.
#[derive(Debug, PartialEq, Eq)]
pub struct Seen {
    pub blobs: Vec<(String, Vec<u8>)>,
    pub not_done: Vec<NotDone>,
}

impl Collector {
    pub fn seen(self) -> Seen {
        let mut blobs = self.blobs.into_inner().unwrap();
        let mut not_done = self.not_done.into_inner().unwrap();
        blobs.sort();
        not_done.sort();
        Seen { blobs, not_done }
    }
}

impl Seen {
    pub fn paths(&self) -> Vec<&str> {
        self.blobs.iter().map(|(path, _)| path.as_str()).collect()
    }

    /// Kind, path and reason of all that was left out.
    pub fn left_out(&self) -> Vec<(NotDoneKind, &str, &str)> {
        self.not_done.iter().map(|e| (e.kind, e.path.as_str(), e.reason.as_str())).collect()
    }

    pub fn kinds(&self) -> BTreeMap<NotDoneKind, usize> {
        let mut kinds = BTreeMap::new();
        for entry in &self.not_done {
            *kinds.entry(entry.kind).or_default() += 1;
        }
        kinds
    }

    /// The paths that were left out for this kind of reason.
    pub fn of(&self, kind: NotDoneKind) -> Vec<&str> {
        self.not_done.iter().filter(|entry| entry.kind == kind).map(|entry| entry.path.as_str()).collect()
    }

    pub fn text(&self, path: &str) -> &str {
        let found = self.blobs.iter().find(|(p, _)| p == path);
        let (_, bytes) = found.unwrap_or_else(|| panic!("{path} is not among {:?}", self.paths()));
        std::str::from_utf8(bytes).unwrap()
    }
}

/// One thread, so that order is as written.
pub fn options() -> Options {
    Options { threads: 1, ..Options::default() }
}

pub fn visit_path(path: &Path, options: &Options) -> Seen {
    let collector = Collector::default();
    let source = Source::open(&Target::Path(path.to_owned()), options).unwrap();
    source.visit(&collector, &Cancel::default()).unwrap();
    collector.seen()
}

pub fn visit(name: &str, bytes: &[u8], options: &Options) -> Seen {
    let collector = Collector::default();
    visit_bytes(name, bytes, options, &collector, &Cancel::default());
    collector.seen()
}

pub fn write(root: &Path, files: &[(&str, &str)]) {
    for (name, content) in files {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
}

pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in members {
        let method = zip::CompressionMethod::Deflated;
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Members without compression.
pub fn zip_stored(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in members {
        let method = zip::CompressionMethod::Stored;
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = tar::Builder::new(Vec::new());
    for (name, content) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        writer.append_data(&mut header, name, *content).unwrap();
    }
    writer.into_inner().unwrap()
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

pub fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut writer = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 3).unwrap()
}

pub fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::with_preset(6)).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

/// Members compressed together.
pub fn sevenz(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = sevenz_rust2::ArchiveWriter::new(std::io::Cursor::new(Vec::new())).unwrap();
    for (name, content) in members {
        let entry = sevenz_rust2::ArchiveEntry::new_file(name);
        writer.push_archive_entry(entry, Some(*content)).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
