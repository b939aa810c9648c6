//! Opening a repository, and what it names: revisions, references, the commits that a shallow clone ends at.
//!
//! The scanned repository is not trusted. Only its own configuration is read, and nothing that it names is run: no
//! hook, filter, text conversion, monitor or helper.

use super::fault::Fault;
use super::oids::unhex;
use super::store::Problem;
use crate::SourceError;
use gix::ObjectId;
use std::path::{Path, PathBuf};

/// An opened repository.
pub(super) struct Repository {
    pub(super) gix: gix::Repository,
    /// As the user named it.
    pub(super) shown: String,
}

/// What a reference names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tip {
    pub(super) id: ObjectId,
    /// A branch and the like; tags may name anything.
    pub(super) is_commit: bool,
}

impl Tip {
    fn commit(id: ObjectId) -> Self {
        Self { id, is_commit: true }
    }
}

impl Repository {
    /// Opens the repository at `path`, or the one that the folder `path` is in.
    pub(super) fn open(path: &Path) -> Result<Self, SourceError> {
        let shown = path.display().to_string();
        if let Err(error) = std::fs::metadata(path) {
            return Err(if error.kind() == std::io::ErrorKind::NotFound {
                SourceError::Missing { path: shown }
            } else {
                SourceError::Unreadable { path: shown, error }
            });
        }
        // Whom a repository belongs to makes no difference to somebody who only reads it. Discovery goes up from a
        // folder, so a file stands for the one it is in.
        let start = if path.is_file() { path.parent().unwrap_or(path) } else { path };
        let isolated = || gix::open::Options::isolated().bail_if_untrusted(false);
        let gix = gix::discover_opts(start, gix::discover::upwards::Options::default(), isolated()).map_err(
            |error| {
                if looks_like_repository(start) {
                    SourceError::Repository { path: shown.clone(), reason: one_line(&error) }
                } else {
                    SourceError::NoRepository { path: shown.clone() }
                }
            },
        )?;
        let storage = gix.config_snapshot().string("extensions.refStorage").map(|value| value.to_string());
        match storage.as_deref() {
            None | Some("files") => Ok(Self { gix, shown }),
            Some(other) => Err(SourceError::Repository {
                path: shown,
                reason: format!("its references are stored as `{other}`, only `files` is supported"),
            }),
        }
    }

    /// Bytes of an object id.
    pub(super) fn id_length(&self) -> usize {
        self.gix.object_hash().len_in_bytes()
    }

    /// The folder of objects.
    pub(super) fn objects(&self) -> PathBuf {
        self.gix.common_dir().join("objects")
    }

    /// The commit that a revision names.
    pub(super) fn commit(&self, revision: &str) -> Result<ObjectId, SourceError> {
        let unknown = || SourceError::NoRevision { revision: revision.to_owned() };
        let id = self.gix.rev_parse_single(revision).map_err(|_| unknown())?;
        let object = id.object().map_err(|_| unknown())?;
        Ok(object.peel_to_kind(gix::object::Kind::Commit).map_err(|_| unknown())?.id)
    }

    /// What `HEAD` names; nothing before the first commit.
    pub(super) fn head(&self) -> Result<Option<ObjectId>, SourceError> {
        let broken = |reason: String| SourceError::Repository { path: self.shown.clone(), reason };
        let head = self.gix.head().map_err(|error| broken(one_line(&error)))?;
        if head.is_unborn() {
            return Ok(None);
        }
        // Resolved but not peeled: what it names may be missing, which is for others to tell.
        match head.id() {
            Some(id) => Ok(Some(id.detach())),
            None => Err(broken("`HEAD` names nothing".to_owned())),
        }
    }

    /// What all references name, with `HEAD`, the `HEAD`s of other worktrees, and the older entries of the stash, which
    /// only its log names.
    pub(super) fn tips(&self, problems: &mut Vec<Problem>) -> Result<Vec<Tip>, SourceError> {
        let mut tips: Vec<Tip> = self.head()?.into_iter().map(Tip::commit).collect();
        let broken = |error: &gix::Error| ("refs".to_owned(), Fault::Read(one_line(error)));
        match self.gix.references() {
            Ok(platform) => match platform.all() {
                Ok(references) => {
                    for reference in references {
                        match reference {
                            // A symbolic one names another reference, which is listed too.
                            Ok(reference) => {
                                let name = reference.name().as_bstr();
                                let is_commit =
                                    name.starts_with(b"refs/heads/") || name.starts_with(b"refs/remotes/");
                                tips.extend(reference.try_id().map(|id| Tip { id: id.detach(), is_commit }));
                            }
                            Err(error) => problems.push(("refs".to_owned(), Fault::Read(error.to_string()))),
                        }
                    }
                }
                Err(error) => problems.push(broken(&error)),
            },
            Err(error) => problems.push(broken(&error)),
        }
        let common = self.gix.common_dir();
        if let Some(log) = small_file(&common.join("logs/refs/stash"), "logs/refs/stash", problems) {
            tips.extend(log.split(|byte| *byte == b'\n').filter_map(|line| {
                // The second word: what the entry changed the reference to.
                object_id(line.split(|byte| *byte == b' ').nth(1)?).map(Tip::commit)
            }));
        }
        for worktree in std::fs::read_dir(common.join("worktrees")).into_iter().flatten().flatten() {
            let head = small_file(&worktree.path().join("HEAD"), "worktrees", problems);
            tips.extend(head.and_then(|head| object_id(head.trim_ascii())).map(Tip::commit));
        }
        tips.sort_unstable_by_key(|tip| (tip.id, tip.is_commit));
        tips.dedup();
        Ok(tips)
    }

    /// The commits whose parents a shallow clone does not have.
    pub(super) fn shallow(&self, problems: &mut Vec<Problem>) -> Vec<ObjectId> {
        let list =
            small_file(&self.gix.common_dir().join("shallow"), "shallow", problems).unwrap_or_default();
        list.split(|byte| *byte == b'\n').filter_map(|line| object_id(line.trim_ascii())).collect()
    }
}

/// An error and its causes on one line.
pub(super) fn one_line(error: &dyn std::fmt::Display) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn object_id(hex: &[u8]) -> Option<ObjectId> {
    unhex(hex).and_then(|id| ObjectId::try_from(id.as_slice()).ok()).filter(|id| !id.is_null())
}

/// A regular file of at most 64 MiB; nothing when it is not there.
fn small_file(path: &Path, name: &str, problems: &mut Vec<Problem>) -> Option<Vec<u8>> {
    const MOST: u64 = 64 << 20;
    let content = std::fs::metadata(path).and_then(|metadata| {
        if metadata.is_file() && metadata.len() <= MOST {
            std::fs::read(path)
        } else {
            Err(std::io::Error::other("not a regular file of at most 64 MiB"))
        }
    });
    match content {
        Ok(content) => Some(content),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            problems.push((name.to_owned(), error.into()));
            None
        }
    }
}

/// Whether something at `start` or above is meant to be a repository, however broken.
fn looks_like_repository(start: &Path) -> bool {
    let start = start.canonicalize().unwrap_or_else(|_| start.to_owned());
    start.ancestors().any(|folder| {
        folder.join(".git").exists()
            || ["HEAD", "objects", "refs"].iter().all(|part| folder.join(part).exists())
    })
}
