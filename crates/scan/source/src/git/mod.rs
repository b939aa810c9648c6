//! Git targets: history, the staged index, remote repositories.
//!
//! Placeholder until the git part is merged: says so instead of scanning nothing.

use crate::{Cancel, Carriers, Options, SourceError, Target, Visitor};
use std::collections::{BTreeMap, BTreeSet};

/// An opened git target.
pub(crate) struct GitSource {}

impl GitSource {
    /// Opens [`Target::History`], [`Target::Staged`] or [`Target::Remote`].
    pub(crate) fn open(target: &Target, _options: &Options) -> Result<Self, SourceError> {
        let path = match target {
            Target::History { repository, .. } | Target::Staged { repository } => {
                repository.display().to_string()
            }
            Target::Remote { url } => url.clone(),
            Target::Path(path) => path.display().to_string(),
            Target::Stdin { name } => name.clone(),
        };
        Err(SourceError::Repository { path, reason: "git targets are not part of this build".to_owned() })
    }

    /// As [`crate::Source::visit`].
    pub(crate) fn visit(&self, _visitor: &dyn Visitor, _cancel: &Cancel) -> Result<(), SourceError> {
        Ok(())
    }

    /// As [`crate::Source::carriers`].
    pub(crate) fn carriers(
        &self,
        _objects: &BTreeSet<String>,
        _cancel: &Cancel,
    ) -> Result<BTreeMap<String, Carriers>, SourceError> {
        Ok(BTreeMap::new())
    }
}
