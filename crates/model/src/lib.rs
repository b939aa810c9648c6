//! The nouns that every part of Bartizan shares.
//!
//! A detector looks at a [`Blob`] and reports [`Detection`]s; the engine consolidates them into [`Finding`]s and
//! collects them, with everything that was not done, in a [`Report`]. This crate does no I/O: it neither opens a
//! file nor prints.
//!
//! ```
//! use bartizan_model::{Fingerprint, Secret, Severity};
//!
//! let secret = Secret::new(b"correct horse battery staple".to_vec());
//! assert!(!format!("{secret:?} {secret}").contains("horse"), "a secret does not print itself");
//! assert!(Severity::Critical > Severity::Low);
//!
//! let before = Fingerprint::of("secrets/example", "src/a.py", b"password = \"x y\"");
//! let after = Fingerprint::of("secrets/example", "src/a.py", b"password='x y'\n");
//! assert_eq!(before, after, "spacing and quoting style do not matter");
//! ```

pub mod blob;
pub mod component;
pub mod cvss;
pub mod detect;
pub mod event;
pub mod finding;
pub mod fingerprint;
pub mod redact;
pub mod report;
pub mod severity;

pub use blob::{Blob, CommitInfo, Language, Origin};
pub use component::{Component, ComponentPlace, Scope, Usage};
pub use detect::{
    Anchor, Concluded, Conclusion, Detection, Detector, Inspection, Note, Noted, RuleInfo, Verifier,
};
pub use event::{EventFormat, EventRef};
pub use finding::{
    Cwe, Edit, Evidence, Finding, Fix, FlowStep, Place, Region, Snippet, Status, Verification,
    VerificationState,
};
pub use fingerprint::Fingerprint;
pub use redact::Secret;
pub use report::{Coverage, NotDone, NotDoneKind, Report};
pub use severity::{Confidence, Severity};
