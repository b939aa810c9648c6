//! One folder: what is in it, and what becomes of each entry.

use super::queue::Queue;
use super::rules::{IGNORE_FILES, Rules};
use super::{Tree, read_files};
use crate::archive::has_archive_name;
use crate::context::Context;
use crate::file::{self, Buffer};
use crate::visitor::FileStamp;
use bartizan_model::NotDoneKind;
use std::ffi::{OsStr, OsString};
use std::fs::{DirEntry, FileType, ReadDir};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Entries that are looked through for ignore files before any is decided on. In a larger folder the ignore files are
/// asked for by name.
const LOOKED_THROUGH: usize = 4096;

/// Files that are read in one piece of work: that many, or that many bytes.
const PIECE_FILES: usize = 64;
const PIECE_BYTES: u64 = 4 << 20;

/// A folder of the tree.
pub(super) struct Folder {
    path: PathBuf,
    /// From the root, in the system's own bytes; empty for the root.
    relative: PathBuf,
    /// As shown, with `/` at the end; for the root what [`super::shown_folder`] says.
    shown: String,
    /// Rules of the folder above.
    rules: Option<Arc<Rules>>,
}

/// A file to read.
pub(super) struct Entry {
    name: OsString,
    pub(super) stamp: FileStamp,
}

impl Folder {
    pub(super) fn root(path: PathBuf, shown: String, rules: Option<Arc<Rules>>) -> Self {
        Self { path, relative: PathBuf::new(), shown, rules }
    }

    pub(super) fn path_of(&self, entry: &Entry) -> PathBuf {
        self.path.join(&entry.name)
    }

    /// Lists the folder: files and folders go to the queue, what is left out to the visitor.
    pub(super) fn list(
        self: &Arc<Self>,
        context: &Context<'_>,
        tree: &Tree,
        queue: &Queue,
        buffer: &mut Buffer,
    ) {
        let mut rest = match std::fs::read_dir(&self.path) {
            Ok(rest) => rest,
            Err(error) => {
                return context.not_done(NotDoneKind::Unreadable, self.shown.as_str(), file::reason(&error));
            }
        };
        let first: Vec<DirEntry> = self.entries(context, &mut rest).take(LOOKED_THROUGH).collect();
        let has = |name: &str| {
            if first.len() < LOOKED_THROUGH {
                first.iter().any(|entry| entry.file_name() == name)
            } else {
                std::fs::symlink_metadata(self.path.join(name)).is_ok()
            }
        };
        let wanted: Vec<&str> = IGNORE_FILES.into_iter().filter(|name| has(name)).collect();
        let rules = Rules::of(self.rules.clone(), &self.path, &self.relative, &self.shown, &wanted, context);
        let mut batch =
            Batch { folder: self, rules, context, tree, queue, buffer, files: Vec::new(), bytes: 0 };
        let mut found = 0;
        for entry in first {
            found += u64::from(batch.take(&entry));
        }
        // The iterator borrows nothing of the batch: the folder's own name is what it reports under.
        for entry in self.entries(context, &mut rest) {
            if context.cancel.is_stopped() {
                break;
            }
            found += u64::from(batch.take(&entry));
        }
        batch.flush();
        queue.count_found(found);
        if let Some(total) = queue.total() {
            context.visitor.expected(total);
        }
    }

    /// The entries that can be told; a folder that breaks off under way is reported.
    fn entries<'e>(
        &'e self,
        context: &'e Context<'_>,
        rest: &'e mut ReadDir,
    ) -> impl Iterator<Item = DirEntry> + 'e {
        rest.map_while(move |entry| match entry {
            Ok(entry) => Some(entry),
            Err(error) => {
                context.not_done(NotDoneKind::Unreadable, self.shown.as_str(), file::reason(&error));
                None
            }
        })
    }
}

/// Decides on entries and collects the files among them.
struct Batch<'b, 'c> {
    folder: &'b Arc<Folder>,
    rules: Option<Arc<Rules>>,
    context: &'b Context<'c>,
    tree: &'b Tree,
    queue: &'b Queue,
    buffer: &'b mut Buffer,
    files: Vec<Entry>,
    bytes: u64,
}

impl Batch<'_, '_> {
    /// Decides on one entry; `true` when it is a file that belongs to the scan.
    fn take(&mut self, entry: &DirEntry) -> bool {
        let name = entry.file_name();
        let kind = match entry.file_type() {
            Ok(kind) => kind,
            Err(error) => {
                let path = self.shown(&name, false);
                self.context.not_done(NotDoneKind::Unreadable, path, file::reason(&error));
                return false;
            }
        };
        let is_dir = kind.is_dir();
        if is_dir && name == ".git" {
            return false;
        }
        let relative = self.folder.relative.join(&name);
        if let Some(reason) = self.ignored(&relative, is_dir) {
            let path = self.shown(&name, is_dir);
            self.context.not_done(NotDoneKind::Ignored, path, reason);
            return false;
        }
        if is_dir {
            let shown = self.shown(&name, true);
            let path = self.folder.path.join(&name);
            let folder = Folder { path, relative, shown, rules: self.rules.clone() };
            self.queue.add_folder(Arc::new(folder));
            return false;
        }
        if !kind.is_file() {
            self.special(&name, kind);
            return false;
        }
        self.file(entry, name)
    }

    fn ignored(&self, relative: &Path, is_dir: bool) -> Option<String> {
        if let ignore::Match::Ignore(glob) = self.tree.exclude.matched(relative, is_dir) {
            return Some(format!("--exclude {}", glob.original()));
        }
        self.rules.as_ref()?.ignored(relative, is_dir).map(|file| format!("by {file}"))
    }

    fn file(&mut self, entry: &DirEntry, name: OsString) -> bool {
        let shown = self.shown(&name, false);
        let stamp = match entry.metadata() {
            Ok(metadata) => FileStamp::new(shown, &metadata),
            Err(error) => {
                self.context.not_done(NotDoneKind::Unreadable, shown, file::reason(&error));
                return false;
            }
        };
        let askable = stamp.size <= self.context.options.max_file_size && !has_archive_name(&stamp.path);
        if askable && self.context.visitor.is_known_file(&stamp) {
            return true;
        }
        self.bytes = self.bytes.saturating_add(stamp.size);
        self.files.push(Entry { name, stamp });
        if self.files.len() >= PIECE_FILES || self.bytes >= PIECE_BYTES {
            self.flush();
        }
        true
    }

    fn flush(&mut self) {
        self.bytes = 0;
        let files = std::mem::take(&mut self.files);
        if files.is_empty() {
            return;
        }
        if let Some(files) = self.queue.add_files(self.folder, files) {
            read_files(self.context, self.queue, self.folder, &files, self.buffer);
        }
    }

    /// Reports what is neither file nor folder. A link to a place inside the tree needs no word: that place is scanned
    /// itself.
    fn special(&self, name: &OsStr, kind: FileType) {
        let reason = if kind.is_symlink() {
            match self.folder.path.join(name).canonicalize() {
                Ok(target) => match target.strip_prefix(&self.tree.root) {
                    Ok(inside) if inside.components().all(|part| part.as_os_str() != ".git") => return,
                    Ok(_) => "a link into a .git folder, which is not followed",
                    Err(_) => "a link out of the scanned folder, which is not followed",
                },
                Err(_) => "a link that leads nowhere",
            }
        } else {
            kind_of_special(kind)
        };
        self.context.not_done(NotDoneKind::Special, self.shown(name, false), reason);
    }

    fn shown(&self, name: &OsStr, is_dir: bool) -> String {
        let name = name.to_string_lossy();
        let mut shown = String::with_capacity(self.folder.shown.len() + name.len() + 1);
        shown.push_str(&self.folder.shown);
        shown.push_str(&name);
        if is_dir {
            shown.push('/');
        }
        shown
    }
}

#[cfg(unix)]
fn kind_of_special(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "a named pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn kind_of_special(_: FileType) -> &'static str {
    "a special file"
}
