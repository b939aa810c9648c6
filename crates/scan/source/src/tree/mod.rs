//! A directory and everything below it.
//!
//! Folders are listed and files are read by the same threads, folders first, so that what is to be expected is known
//! early. `ignore`'s matchers decide what is left out; the walk is our own because theirs keeps silent about what
//! it leaves out, and a report has to say so: an ignored folder is one entry, whatever is in it.
//!
//! Hidden files are part of a tree (`.env`, `.npmrc`); `.git` folders are not. Links are not followed: what they lead
//! to is scanned in its own place, or reported when that is outside of the root or nowhere.

mod folder;
mod queue;
mod rules;

use crate::context::{Context, Outcome};
use crate::file::{self, Buffer};
use crate::{Options, SourceError};
use folder::Folder;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use queue::{Job, Queue};
use rules::Rules;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// Stack of a scanning thread, bytes: detectors recurse over nested content.
pub(crate) const STACK: usize = 8 << 20;

/// Whether the path that the user named is a folder.
pub(crate) fn is_folder(path: &Path) -> Result<bool, SourceError> {
    std::fs::metadata(path).map(|metadata| metadata.is_dir()).map_err(|error| SourceError::of(path, error))
}

/// A directory to scan.
pub(crate) struct Tree {
    /// As the user named it.
    named: String,
    /// Without links.
    root: PathBuf,
    /// What stands before every path in the report.
    shown: String,
    exclude: Gitignore,
}

impl Tree {
    pub(crate) fn open(path: &Path, options: &Options) -> Result<Self, SourceError> {
        let root = path.canonicalize().map_err(|error| SourceError::of(path, error))?;
        std::fs::read_dir(&root).map_err(|error| SourceError::of(path, error))?;
        Ok(Self {
            named: path.display().to_string(),
            root,
            shown: shown_folder(path),
            exclude: exclusions(&options.exclude)?,
        })
    }

    pub(crate) fn visit(&self, context: &Context<'_>) -> Result<(), SourceError> {
        let rules = Rules::above(&self.root, context);
        let queue = Queue::new(Folder::root(self.root.clone(), self.shown.clone(), rules));
        let threads = context.options.threads.max(1);
        if threads == 1 {
            self.work(context, &queue);
        } else {
            std::thread::scope(|scope| {
                for at in 1..threads {
                    let thread = std::thread::Builder::new().name(format!("scan-{at}")).stack_size(STACK);
                    // Fewer threads than asked for still do all the work.
                    if thread.spawn_scoped(scope, || self.work(context, &queue)).is_err() {
                        break;
                    }
                }
                self.work(context, &queue);
            });
        }
        let left = match queue.left() {
            (0, 0) => return Ok(()),
            (files, 0) => format!("{files} files were not looked at"),
            (files, folders) => {
                format!("at least {files} files were not looked at, and {folders} folders not listed")
            }
        };
        context.stopped(&self.named, left);
        Ok(())
    }

    /// What each thread does until nothing is left.
    fn work(&self, context: &Context<'_>, queue: &Queue) {
        let _guard = queue.guard();
        let mut buffer = Buffer::default();
        while let Some(job) = queue.next(context) {
            match job {
                Job::Folder(folder) => {
                    folder.list(context, self, queue, &mut buffer);
                    queue.listed();
                }
                Job::Files(folder, files) => read_files(context, queue, &folder, &files, &mut buffer),
            }
        }
    }
}

/// Reads files of one folder, unless the scan is stopped.
fn read_files(
    context: &Context<'_>,
    queue: &Queue,
    folder: &Arc<Folder>,
    files: &[folder::Entry],
    buffer: &mut Buffer,
) {
    for (at, entry) in files.iter().enumerate() {
        if context.cancel.is_stopped() {
            queue.leave(files.len() - at);
            return;
        }
        if file::visit(context, &folder.path_of(entry), &entry.stamp, buffer) == Outcome::Stopped {
            queue.leave(1);
        }
    }
}

/// What stands before the paths in a folder that the user named: `src/lib` shows `src/lib/a.py`, as a terminal, an editor
/// and a code host find it, and as a scan of `.` names it, so that baselines hold for both. Nothing for a folder that is not
/// below the working folder (absolute, or through `..`): its paths begin at its root and are the same on every machine.
pub(crate) fn shown_folder(path: &Path) -> String {
    let mut shown = String::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => {
                shown.push_str(&name.to_string_lossy());
                shown.push('/');
            }
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return String::new(),
        }
    }
    shown
}

/// The matcher for `--exclude`.
fn exclusions(globs: &[String]) -> Result<Gitignore, SourceError> {
    let mut builder = GitignoreBuilder::new(".");
    let bad = |glob: &str, error: ignore::Error| SourceError::Glob {
        glob: glob.to_owned(),
        reason: match error {
            ignore::Error::Glob { err, .. } => err,
            error => error.to_string(),
        },
    };
    for glob in globs {
        builder.add_line(None, glob).map_err(|error| bad(glob, error))?;
    }
    builder.build().map_err(|error| bad(&globs.join(" "), error))
}

#[cfg(test)]
mod tests {
    use super::shown_folder;
    use std::path::Path;

    #[test]
    fn folders_below_the_working_folder_are_shown() {
        for (named, shown) in [
            (".", ""),
            ("", ""),
            ("src", "src/"),
            ("./src/lib/", "src/lib/"),
            ("/src", ""),
            ("../src", ""),
            ("src/../lib", ""),
        ] {
            assert_eq!(shown_folder(Path::new(named)), shown, "{named}");
        }
    }
}
