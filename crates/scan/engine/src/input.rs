//! Where blobs come from, as the engine sees it: a target, or whatever a caller has instead.

use bartizan_source::{Cancel, Carriers, Source, SourceError, Target, Visitor};
use std::collections::{BTreeMap, BTreeSet};

/// Hands blobs to the engine. [`scan`](crate::scan) makes one of each target; a caller with blobs of its own (an image's
/// layers, documents in memory) implements it and calls [`scan_inputs`](crate::scan_inputs).
pub trait Input {
    /// As the user named it; stands in the report, so no credentials.
    fn name(&self) -> String;

    /// Bytes that name this input on this machine, so that the cache finds its last result. `None`: not cached.
    fn identity(&self) -> Option<Vec<u8>> {
        None
    }

    /// Whether this is a whole tree or history. Suppressions and baseline entries that match nothing are only reported
    /// when all was looked at, not when a commit or one file was.
    fn is_whole(&self) -> bool {
        true
    }

    /// Whether blobs are objects of a git history.
    fn is_history(&self) -> bool {
        false
    }

    /// Called once: hands every blob to `visitor`, from any number of threads, and ends early when `cancel` says so, having told
    /// the visitor what was left.
    ///
    /// # Errors
    /// When the input as a whole fails under way. The report keeps what was found, and is incomplete.
    fn visit(&self, visitor: &dyn Visitor, cancel: &Cancel) -> Result<(), SourceError>;

    /// For a history: the commits that carried these objects (hexadecimal ids).
    ///
    /// # Errors
    /// When the repository fails under way; findings then stand without commits.
    fn carriers(
        &self,
        objects: &BTreeSet<String>,
        cancel: &Cancel,
    ) -> Result<BTreeMap<String, Carriers>, SourceError> {
        let _ = (objects, cancel);
        Ok(BTreeMap::new())
    }
}

/// A target that was opened.
pub(crate) struct Opened<'a> {
    pub(crate) target: &'a Target,
    pub(crate) source: Source,
}

impl Input for Opened<'_> {
    fn name(&self) -> String {
        match self.target {
            Target::Path(path) => path.display().to_string(),
            Target::History { repository, since: None } => format!("{} (history)", repository.display()),
            Target::History { repository, since: Some(since) } => {
                format!("{} (history since {since})", repository.display())
            }
            Target::Staged { repository } => format!("{} (staged)", repository.display()),
            Target::Remote { url } => without_credentials(url),
            Target::Stdin { .. } => "-".to_owned(),
        }
    }

    fn identity(&self) -> Option<Vec<u8>> {
        let (kind, name) = match self.target {
            Target::Path(path) => ("path", path.canonicalize().ok()?.into_os_string().into_encoded_bytes()),
            // Facts about objects hold for each way into a repository.
            Target::History { repository, .. } | Target::Staged { repository } => {
                ("objects", repository.canonicalize().ok()?.into_os_string().into_encoded_bytes())
            }
            Target::Remote { url } => ("remote", url.clone().into_bytes()),
            Target::Stdin { .. } => return None,
        };
        Some([kind.as_bytes(), b"\0", &name].concat())
    }

    fn is_whole(&self) -> bool {
        match self.target {
            Target::Path(path) => path.is_dir(),
            Target::History { since, .. } => since.is_none(),
            Target::Remote { .. } => true,
            Target::Staged { .. } | Target::Stdin { .. } => false,
        }
    }

    fn is_history(&self) -> bool {
        matches!(self.target, Target::History { .. } | Target::Remote { .. })
    }

    fn visit(&self, visitor: &dyn Visitor, cancel: &Cancel) -> Result<(), SourceError> {
        self.source.visit(visitor, cancel)
    }

    fn carriers(
        &self,
        objects: &BTreeSet<String>,
        cancel: &Cancel,
    ) -> Result<BTreeMap<String, Carriers>, SourceError> {
        self.source.carriers(objects, cancel)
    }
}

/// `https://user:token@host/x` as `https://host/x`.
fn without_credentials(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    match authority.rfind('@') {
        Some(at) => format!("{scheme}://{}", &rest[at + 1..]),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::without_credentials;

    #[test]
    fn names_carry_no_credentials() {
        assert_eq!(without_credentials("https://me:tok@host.example/a@b"), "https://host.example/a@b");
        assert_eq!(without_credentials("https://a@b@host.example"), "https://host.example");
        assert_eq!(without_credentials("git@host.example:x/y"), "git@host.example:x/y");
        assert_eq!(without_credentials("https://host.example/x@y"), "https://host.example/x@y");
    }
}
