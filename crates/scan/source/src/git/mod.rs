//! Git targets: histories, the staged index, remote repositories.
//!
//! A history is read in two passes over its packs. The first inflates commits and trees and keeps their shape in
//! memory (`graph`); from that follow the reachable blobs and their paths (`reach`). The second inflates those
//! blobs. In both, an object that many deltas build on is decoded once (`walk`), which is what makes a scan of a
//! history fast: the usual way, object by object, decodes the beginning of each chain of deltas over and over.
//!
//! Opening repositories, references, revisions and the index are `gix`'s. Nothing of a scanned repository is run.

mod bits;
mod delta;
mod fault;
mod forest;
mod graph;
mod history;
mod inflate;
mod loose;
mod objects;
mod oids;
mod pack;
mod reach;
mod remote;
mod repository;
mod staged;
mod store;
mod walk;
mod whole;

#[doc(hidden)]
pub use delta::{DeltaError, DeltaSizes, apply_delta, delta_sizes};
#[doc(hidden)]
pub use fault::Fault;
#[doc(hidden)]
pub use pack::{EntryHeader, Kind, PackIndex, ReadAt, Stored, parse_entry_header};
#[doc(hidden)]
pub use whole::{Outcome, decode_pack};

use crate::{Cancel, Carriers, Options, SourceError, Target, Visitor};
use history::{History, Range};
use remote::Url;
use repository::Repository;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tempfile::TempDir;

/// An opened git target.
pub(crate) struct GitSource {
    options: Options,
    what: What,
    /// A history that was loaded for a visit, kept for [`Self::carriers`].
    loaded: Mutex<Option<Arc<History>>>,
}

enum What {
    History { path: PathBuf, since: Option<String> },
    Staged { path: PathBuf },
    Remote { url: Url, clone: Mutex<Option<Arc<TempDir>>> },
}

impl GitSource {
    /// Opens a history, a staged index or a remote repository; a remote one is cloned at the first visit, which knows
    /// when to stop.
    ///
    /// # Errors
    /// When there is no usable repository, or a revision does not resolve.
    pub(crate) fn open(target: &Target, options: &Options) -> Result<Self, SourceError> {
        let what = match target {
            Target::History { repository, since } => {
                Range::parse(&Repository::open(repository)?, since.as_deref())?;
                What::History { path: repository.clone(), since: since.clone() }
            }
            Target::Staged { repository } => {
                Repository::open(repository)?;
                What::Staged { path: repository.clone() }
            }
            Target::Remote { url } => What::Remote { url: Url::parse(url)?, clone: Mutex::default() },
            Target::Path(path) => return Err(SourceError::NoRepository { path: path.display().to_string() }),
            Target::Stdin { name } => return Err(SourceError::NoRepository { path: name.clone() }),
        };
        Ok(Self { options: options.clone(), what, loaded: Mutex::default() })
    }

    /// As [`crate::Source::visit`].
    pub(crate) fn visit(&self, visitor: &dyn Visitor, cancel: &Cancel) -> Result<(), SourceError> {
        let deliver = |bytes: &[u8], origin| crate::deliver(bytes, origin, &self.options, visitor, cancel);
        if let What::Staged { path } = &self.what {
            return staged::visit(&Repository::open(path)?, &self.options, visitor, cancel, &deliver);
        }
        let repository = self.repository(cancel)?;
        let range = match &self.what {
            What::History { since, .. } => Range::parse(&repository, since.as_deref())?,
            What::Staged { .. } | What::Remote { .. } => Range::All,
        };
        let history = Arc::new(History::load(&repository, &self.options, cancel)?);
        // Incomplete when it was stopped, and then of no use to anybody else.
        if !cancel.is_stopped() {
            *lock(&self.loaded) = Some(Arc::clone(&history));
        }
        history.visit(&range, &self.options, visitor, cancel, &deliver);
        Ok(())
    }

    /// As [`crate::Source::carriers`].
    pub(crate) fn carriers(
        &self,
        objects: &BTreeSet<String>,
        cancel: &Cancel,
    ) -> Result<BTreeMap<String, Carriers>, SourceError> {
        if objects.is_empty() || matches!(self.what, What::Staged { .. }) {
            return Ok(BTreeMap::new());
        }
        let loaded = lock(&self.loaded).clone();
        let history = match loaded {
            Some(history) => history,
            None => Arc::new(History::load(&self.repository(cancel)?, &self.options, cancel)?),
        };
        Ok(history.carriers(objects, &self.options, cancel))
    }

    /// The repository on disk; a remote one is cloned first.
    fn repository(&self, cancel: &Cancel) -> Result<Repository, SourceError> {
        match &self.what {
            What::History { path, .. } | What::Staged { path } => Repository::open(path),
            What::Remote { url, clone } => {
                let mut clone = lock(clone);
                let folder = match &*clone {
                    Some(folder) => Arc::clone(folder),
                    None => Arc::clone(clone.insert(Arc::new(url.clone_bare(cancel)?))),
                };
                let repository = Repository::open(Path::new(folder.path()))?;
                Ok(Repository { shown: url.shown(), ..repository })
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
