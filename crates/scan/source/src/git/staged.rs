//! The staged index: what the next commit would bring in.
//!
//! This runs before every commit, so nothing is read that need not be: folders whose tree the index has recorded as
//! that of `HEAD` are skipped whole, of the others only the tree itself is read.

use super::fault::Fault;
use super::history::stopped;
use super::repository::{Repository, one_line};
use crate::{Cancel, Options, SourceError, Visitor};
use bartizan_model::{NotDone, NotDoneKind, Origin};
use gix::ObjectId;
use gix::index::entry::{Flags, Mode};
use gix::index::extension::Tree as CachedTree;
use gix::index::{Entry, State};
use std::collections::HashMap;
use std::path::PathBuf;

/// Hands every staged blob that `HEAD` does not have at its path to `deliver`.
pub(super) fn visit(
    repository: &Repository,
    options: &Options,
    visitor: &dyn Visitor,
    cancel: &Cancel,
    deliver: &dyn Fn(&[u8], Origin),
) -> Result<(), SourceError> {
    let Some(index) = open_index(repository)? else { return Ok(()) };
    let mut staged = Staged { repository, index: &index, visitor, found: Vec::new() };
    let head = match repository.head()? {
        Some(head) => Some(staged.root_tree(head)?),
        None => None,
    };
    staged.compare(index.entries(), 0, head, index.tree());
    let found = std::mem::take(&mut staged.found);
    visitor.expected(found.len() as u64);
    for (done, entry) in found.iter().enumerate() {
        if let Some(reason) = cancel.stop_reason() {
            let left = found.len() - done;
            visitor.not_done(stopped(
                reason,
                format!("{left} of {} staged files were not scanned", found.len()),
            ));
            break;
        }
        let path = String::from_utf8_lossy(entry.path(&index)).into_owned();
        if visitor.is_known_object(entry.id.as_slice(), &path) {
            continue;
        }
        match read(repository, entry.id, options.max_file_size) {
            Ok(bytes) => deliver(&bytes, Origin::file(path)),
            Err(fault) => visitor.not_done(NotDone { kind: fault.kind(), path, reason: fault.to_string() }),
        }
    }
    Ok(())
}

/// The index; nothing when there is none yet.
fn open_index(repository: &Repository) -> Result<Option<gix::index::File>, SourceError> {
    let broken = |reason: String| SourceError::Repository { path: repository.shown.clone(), reason };
    let path = index_path(repository);
    match std::fs::metadata(&path) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => return Err(broken("its index is not a regular file".to_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(SourceError::Unreadable { path: repository.shown.clone(), error }),
    }
    // The index's own checksum is not computed: it takes longer than everything else here, and git leaves it out, too,
    // where it writes for speed.
    let index = gix::index::File::at(
        &path,
        repository.gix.object_hash(),
        true,
        gix::index::decode::Options::default(),
    )
    .map_err(|error| broken(format!("its index is damaged: {}", one_line(&error))))?;
    Ok(Some(index))
}

/// Git runs hooks with `GIT_INDEX_FILE` naming the index that will be committed, which for `git commit --all` and
/// `git commit FILE` is another than usual. It counts only when it lies in this repository.
fn index_path(repository: &Repository) -> PathBuf {
    let usual = repository.gix.index_path();
    let Some(named) = std::env::var_os("GIT_INDEX_FILE").map(PathBuf::from) else { return usual };
    let named = match repository.gix.workdir() {
        Some(root) if named.is_relative() => root.join(named),
        _ => named,
    };
    let folder = |path: &std::path::Path| path.parent().and_then(|folder| folder.canonicalize().ok());
    if folder(&named).is_some() && folder(&named) == folder(&usual) { named } else { usual }
}

fn read(repository: &Repository, id: ObjectId, limit: u64) -> Result<Vec<u8>, Fault> {
    let broken = |error: gix::Error| Fault::Read(format!("object {id}: {}", one_line(&error)));
    let header = repository.gix.find_header(id).map_err(broken)?;
    if header.size() > limit {
        return Err(Fault::TooLarge { size: header.size() });
    }
    Ok(repository.gix.find_object(id).map_err(broken)?.detach().data)
}

struct Staged<'a> {
    repository: &'a Repository,
    index: &'a State,
    visitor: &'a dyn Visitor,
    found: Vec<&'a Entry>,
}

impl<'a> Staged<'a> {
    fn root_tree(&self, head: ObjectId) -> Result<ObjectId, SourceError> {
        let tree = self
            .repository
            .gix
            .find_object(head)
            .and_then(|object| object.peel_to_kind(gix::object::Kind::Tree));
        tree.map(|tree| tree.id).map_err(|error| SourceError::Repository {
            path: self.repository.shown.clone(),
            reason: format!("`HEAD` cannot be read: {}", one_line(&error)),
        })
    }

    /// Compares the entries of one folder, whose paths have it as their first `prefix` bytes, with its tree in `HEAD`.
    fn compare(
        &mut self,
        entries: &'a [Entry],
        prefix: usize,
        head: Option<ObjectId>,
        cached: Option<&'a CachedTree>,
    ) {
        // More folders inside each other than git itself would read.
        const DEPTH: usize = 4096;
        let same = |cached: &CachedTree| cached.num_entries.is_some() && Some(cached.id) == head;
        if cached.is_some_and(same) {
            return;
        }
        let index = self.index;
        let tree = head.map(|head| self.tree(head)).unwrap_or_default();
        let rest = |entry: &'a Entry| entry.path(index).get(prefix..).unwrap_or_default();
        let mut at = 0;
        while let Some(entry) = entries.get(at) {
            let name = rest(entry);
            let Some(slash) = name.iter().position(|byte| *byte == b'/').filter(|_| prefix < DEPTH * 2)
            else {
                at += 1;
                self.judge(entry, tree.get(name));
                continue;
            };
            let name = &name[..slash];
            // The index is sorted, so a folder's entries stand together.
            let inside = |entry: &Entry| {
                let path = entry.path(index).get(prefix..).unwrap_or_default();
                path.get(..slash) == Some(name) && path.get(slash) == Some(&b'/')
            };
            let count = entries[at..].partition_point(inside).max(1);
            let below = tree.get(name).filter(|(mode, _)| *mode & 0o170_000 == 0o040_000).map(|(_, id)| *id);
            let cached =
                cached.and_then(|cached| cached.children.iter().find(|child| child.name.as_slice() == name));
            self.compare(&entries[at..at + count], prefix + slash + 1, below, cached);
            at += count;
        }
    }

    /// Takes an entry that differs from `HEAD`.
    fn judge(&mut self, entry: &'a Entry, head: Option<&(u32, ObjectId)>) {
        // Submodules, whole folders of a sparse index (which are as in `HEAD`), and files that are promised but whose
        // content is not staged.
        let other = entry.mode == Mode::COMMIT || entry.mode == Mode::DIR;
        if other || entry.flags.contains(Flags::INTENT_TO_ADD) {
            return;
        }
        if head.is_none_or(|(_, id)| *id != entry.id) {
            self.found.push(entry);
        }
    }

    /// Mode and id of each name in a tree of `HEAD`. A tree that cannot be read is reported; all of its folder then
    /// counts as new.
    fn tree(&self, id: ObjectId) -> HashMap<Vec<u8>, (u32, ObjectId)> {
        let mut names = HashMap::new();
        let fault = match self.repository.gix.find_object(id) {
            Ok(object) => {
                let mut rest = object.data.as_slice();
                loop {
                    match super::objects::next_entry(&mut rest, self.repository.id_length()) {
                        Ok(Some(entry)) => {
                            if let Ok(id) = ObjectId::try_from(entry.id) {
                                names.insert(entry.name.to_vec(), (entry.mode, id));
                            }
                        }
                        Ok(None) => return names,
                        Err(fault) => break fault.to_string(),
                    }
                }
            }
            Err(error) => one_line(&error),
        };
        let reason = format!("tree {id} of `HEAD`: {fault}");
        self.visitor.not_done(NotDone { kind: NotDoneKind::Unreadable, path: "HEAD".to_owned(), reason });
        names
    }
}
