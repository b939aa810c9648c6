//! What a progress bar wants to know.

/// Told how a scan goes. Called from several threads; must be quick, for `blob` is called for every file.
pub trait Progress: Sync {
    /// A target begins; `target` as reports name it.
    fn started(&self, target: &str) {
        let _ = target;
    }

    /// A blob was taken up (or its result was known).
    fn blob(&self, path: &str, bytes: u64) {
        let _ = (path, bytes);
    }

    /// About how many blobs the current target has.
    fn expected(&self, blobs: u64) {
        let _ = blobs;
    }

    /// All targets are done.
    fn finished(&self) {}
}

/// Nobody is watching.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoProgress;

impl Progress for NoProgress {}
