//! Finds secrets: provider rules as data, and a judge for what no rule names.
//!
//! One literal pass over a blob ([`prefilter`]) selects rules; a selected rule's expression is tried only where its
//! literal stands; what it matches must stand alone and pass checksum, structure, entropy and placeholder tests. Where
//! the format alone says too little, the provider's name must be near by ([`near`]). The [`judge`] reads assignments whose
//! key speaks of a secret. Nothing here opens a scanned file.
//!
//! ```
//! use bartizan_model::{Blob, Detector, Language, Origin};
//! use bartizan_secrets::{SecretsDetector, SecretsOptions};
//!
//! let (detector, problems) = SecretsDetector::new(&SecretsOptions::default());
//! assert!(problems.is_empty());
//! let origin = Origin::file("settings.py");
//! let line = format!("DB_PASSWORD = '{}'\n", ["vT7#qz", "Lm2!w9X"].concat());
//! let blob = Blob { bytes: line.as_bytes(), origin: &origin, language: Language::Python };
//! let found = detector.inspect(&blob).detections;
//! assert_eq!(found.len(), 1);
//! assert_eq!(found[0].rule, "secrets/generic/password");
//! ```

pub mod assignment;
pub mod checksum;
mod detector;
pub mod encoded;
pub mod fixture;
pub mod generic;
pub mod judge;
pub mod kubernetes;
mod memo;
pub mod near;
pub mod placeholder;
pub mod prefilter;
pub mod rule;
pub mod scanner;
pub mod structure;
pub mod template;
pub mod text;
pub mod url;
pub mod verify;

pub use detector::{SecretsDetector, SecretsOptions};
pub use rule::{Rule, RuleProblem};
