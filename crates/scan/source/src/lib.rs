//! Turns what a user names into blobs: directories, git history, commit ranges, the staged index, remote
//! repositories, archives and standard input.
//!
//! Every byte is read once and handed to one [`Visitor`]; whatever is left out is told to the same visitor with its
//! reason. No other crate of the scan wing opens a file under scan.
//!
//! ```
//! use bartizan_model::{Blob, NotDone};
//! use bartizan_source::{Cancel, FileStamp, Options, Visitor, visit_bytes};
//! use std::sync::Mutex;
//!
//! #[derive(Default)]
//! struct Names(Mutex<Vec<String>>);
//!
//! impl Visitor for Names {
//!     fn blob(&self, blob: &Blob<'_>, _stamp: Option<&FileStamp>) {
//!         self.0.lock().unwrap().push(format!("{}: {} bytes", blob.origin.display_path(), blob.bytes.len()));
//!     }
//!     fn not_done(&self, entry: NotDone) {
//!         self.0.lock().unwrap().push(format!("{}: {}", entry.path, entry.reason));
//!     }
//! }
//!
//! let names = Names::default();
//! visit_bytes("config.yaml", b"key: value\n", &Options::default(), &names, &Cancel::default());
//! visit_bytes("photo", b"GIF89a...", &Options::default(), &names, &Cancel::default());
//! assert_eq!(*names.0.lock().unwrap(), ["config.yaml: 11 bytes", "photo: GIF image"]);
//! ```
//!
//! Limits: content is decided on by its first 8 KiB ([`NotDoneKind::Binary`](bartizan_model::NotDoneKind)), files
//! above [`Options::max_file_size`] are left out, archives are opened as far as [`Options`] allows and no further than
//! 32 levels. `.git` folders are not part of a tree; their content is what [`Target::History`] and
//! [`Target::Staged`] are for.

mod archive;
mod budget;
mod cancel;
mod classify;
mod context;
mod error;
mod file;
#[doc(hidden)]
pub mod git;
mod input;
mod locate;
mod options;
mod parallel;
mod target;
mod tree;
mod visitor;

pub use cancel::{Cancel, StopReason};
pub use error::SourceError;
pub use locate::locate;
pub use options::Options;
pub use target::Target;
pub use visitor::{Carriers, FileStamp, Visitor};

use budget::Budget;
use context::{Context, Outcome};
use std::collections::{BTreeMap, BTreeSet};

/// An opened target. Dropping it removes temporary folders.
pub struct Source {
    options: Options,
    kind: Kind,
}

enum Kind {
    Tree(tree::Tree),
    File(input::File),
    Stdin { name: String },
    Git(git::GitSource),
}

impl Source {
    /// Opens `target`.
    ///
    /// # Errors
    /// When the target as a whole cannot be used.
    pub fn open(target: &Target, options: &Options) -> Result<Self, SourceError> {
        let kind = match target {
            Target::Path(path) if tree::is_folder(path)? => Kind::Tree(tree::Tree::open(path, options)?),
            Target::Path(path) => Kind::File(input::File::open(path)?),
            Target::Stdin { name } => Kind::Stdin { name: name.clone() },
            Target::History { .. } | Target::Staged { .. } | Target::Remote { .. } => {
                Kind::Git(git::GitSource::open(target, options)?)
            }
        };
        Ok(Self { options: options.clone(), kind })
    }

    /// Hands every blob to `visitor`, on [`Options::threads`] threads. Returns early when `cancel` says so, having told
    /// the visitor what was left.
    ///
    /// # Errors
    /// When the target as a whole fails under way.
    pub fn visit(&self, visitor: &dyn Visitor, cancel: &Cancel) -> Result<(), SourceError> {
        let memory = Budget::new(self.options.max_memory, self.options.threads);
        let context = Context { options: &self.options, visitor, cancel, memory: &memory };
        match &self.kind {
            Kind::Tree(tree) => tree.visit(&context),
            Kind::File(file) => file.visit(&context),
            Kind::Stdin { name } => {
                input::visit_stdin(name, &context);
                Ok(())
            }
            Kind::Git(git) => git.visit(visitor, cancel),
        }
    }

    /// For history: which commits carried these objects (hexadecimal ids). Empty for other targets.
    ///
    /// # Errors
    /// When the repository fails under way.
    pub fn carriers(
        &self,
        objects: &BTreeSet<String>,
        cancel: &Cancel,
    ) -> Result<BTreeMap<String, Carriers>, SourceError> {
        match &self.kind {
            Kind::Git(git) => git.carriers(objects, cancel),
            Kind::Tree(_) | Kind::File(_) | Kind::Stdin { .. } => Ok(BTreeMap::new()),
        }
    }
}

/// Visits bytes as if they had come from standard input under that name: text, or an archive.
pub fn visit_bytes(name: &str, bytes: &[u8], options: &Options, visitor: &dyn Visitor, cancel: &Cancel) {
    let memory = Budget::new(options.max_memory, options.threads);
    let context = Context { options, visitor, cancel, memory: &memory };
    if archive::visit_bytes(&context, &bartizan_model::Origin::file(name), bytes) == Outcome::Stopped {
        context.stopped(name, "not all of it was looked at".to_owned());
    }
}

/// Hands over one object of a repository: text, or an archive.
pub(crate) fn deliver(
    bytes: &[u8],
    origin: bartizan_model::Origin,
    options: &Options,
    visitor: &dyn Visitor,
    cancel: &Cancel,
) {
    let memory = Budget::new(options.max_memory, options.threads);
    let context = Context { options, visitor, cancel, memory: &memory };
    // A stop is told once, by the walk that drives the visit.
    let _ = archive::visit_bytes(&context, &origin, bytes);
}
