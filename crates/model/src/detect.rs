//! What a detector is.

use crate::{Blob, Confidence, Cwe, Fingerprint, Secret, Severity, Verification};
use serde::Serialize;
use std::ops::Range;

/// Finds one class of weakness in blobs.
///
/// The engine calls [`Detector::wants`] for every blob and, where it answers yes, [`Detector::inspect`] once, from any
/// thread and in any order. A detector opens no file and keeps no state between blobs: equal bytes, path and rules give
/// equal detections, which is what lets the engine cache them.
pub trait Detector: Send + Sync {
    /// A short stable word such as `secrets`; the cache and `--only` use it.
    fn name(&self) -> &'static str;

    /// The rules in force, sorted by id. Used for reports and to look up the rule of a detection.
    fn rules(&self) -> &[RuleInfo];

    /// A hash over everything but the blob that decides the result: rules, options, algorithm version.
    fn rule_set_hash(&self) -> [u8; 32];

    /// Whether the blob is worth inspecting. Must not look at more than the first kilobyte.
    fn wants(&self, blob: &Blob<'_>) -> bool {
        let _ = blob;
        true
    }

    /// What is in the blob, in order of position. Must end in time linear in the blob's size.
    fn inspect(&self, blob: &Blob<'_>) -> Vec<Detection>;
}

/// What a rule is, as reports show it.
#[derive(Clone, Debug, Serialize)]
pub struct RuleInfo {
    /// `secrets/<provider>/<kind>`, `code/<language>/<weakness>`: for ever.
    pub id: String,
    /// Names what is found: `GitHub personal access token`.
    pub title: String,
    /// What it means when the finding is true, one or two sentences.
    pub description: String,
    /// What to do about it.
    pub remediation: String,
    /// How bad.
    pub severity: Severity,
    /// Where to read more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docs: Option<String>,
    /// The weakness classes.
    pub cwe: Vec<Cwe>,
    /// Words to filter by, such as `secrets` or the provider's category.
    pub tags: Vec<String>,
}

/// One hit in one blob, before consolidation.
#[derive(Clone, Debug)]
pub struct Detection {
    /// [`RuleInfo::id`].
    pub rule: String,
    /// Byte range in the blob that a person should look at.
    pub span: Range<usize>,
    /// For a secret: its value (decoded, where it stood encoded in the blob), and `span` covers all of it. Every
    /// output hides it.
    pub secret: Option<Secret>,
    /// How sure.
    pub confidence: Confidence,
    /// One line on why, without the secret: `checksum holds`, `key "db_password" is assigned a random-looking value`.
    pub reason: String,
    /// Bytes whose fingerprint names this hit inside the file, when there is no secret: normalised source text.
    pub context: Vec<u8>,
    /// Other values that belong to the hit, as name and value, such as an account's name. Never secret.
    pub properties: Vec<(String, String)>,
}

impl Detection {
    /// Names this hit in `path`: by the secret's digest, or by the normalised context.
    pub fn fingerprint(&self, path: &str) -> Fingerprint {
        match &self.secret {
            Some(secret) => Fingerprint::of_exact(&self.rule, path, &secret.digest()),
            None => Fingerprint::of(&self.rule, path, &self.context),
        }
    }
}

/// Asks a provider whether a secret works. The engine calls it once per distinct secret, after consolidation.
pub trait Verifier: Sync {
    /// `companions` are the other secrets of the same blobs, as rule id and value, in order of nearness: an AWS secret
    /// key needs its key id. `None`: this rule's secrets cannot be verified.
    fn verify(&self, rule: &str, secret: &Secret, companions: &[(&str, &Secret)]) -> Option<Verification>;
}
