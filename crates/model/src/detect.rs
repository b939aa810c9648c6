//! What a detector is.

use crate::{
    Blob, Component, Confidence, Cwe, Fingerprint, NotDone, Origin, Region, Secret, Severity, Verification,
};
use serde::Serialize;
use std::ops::Range;

/// Finds one class of weakness in blobs.
///
/// The engine calls [`Detector::wants`] for every blob and, where it answers yes, [`Detector::inspect`] once, from any
/// thread and in any order. A detector opens no file and keeps no state between blobs: equal bytes, path and rules give
/// equal detections, which is what lets the engine cache them. What takes more than one blob to know goes into a
/// [`Note`] per blob; once all were seen, [`Detector::conclude`] gets the notes back.
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

    /// Whether a file that is no text is wanted nevertheless. `head` is its first kilobytes.
    fn wants_binary(&self, origin: &Origin, head: &[u8]) -> bool {
        let _ = (origin, head);
        false
    }

    /// Whether the engine may keep what [`Detector::inspect`] says on disk instead of asking again of equal bytes under an equal
    /// path: for detectors that take long and quote no secrets.
    fn may_be_remembered(&self) -> bool {
        false
    }

    /// What is in the blob, in order of position. Must end in time linear in the blob's size.
    fn inspect(&self, blob: &Blob<'_>) -> Inspection;

    /// What the notes of all blobs say together. Called once, on one thread, with the notes in order of target and origin;
    /// those of blobs known by the cache are among them. `complete`: nothing was left out by a failure or an interruption.
    fn conclude(&self, noted: &[Noted<'_>], complete: bool) -> Conclusion {
        let _ = (noted, complete);
        Conclusion::default()
    }
}

/// What a detector says of one blob.
#[derive(Clone, Debug, Default)]
pub struct Inspection {
    /// The hits, in order of position.
    pub detections: Vec<Detection>,
    /// What the detector wants to know again when it concludes.
    pub note: Option<Note>,
    /// What was left out of this blob; said again in each scan, without another look at an unchanged blob.
    pub not_done: Vec<NotDone>,
    /// Whether looking again may show more, because time ran out: never remembered.
    pub fleeting: bool,
}

impl From<Vec<Detection>> for Inspection {
    fn from(detections: Vec<Detection>) -> Self {
        Self { detections, ..Self::default() }
    }
}

/// What a detector keeps of a blob until all were seen. Without secrets: a note without anchors may lie in the cache.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// The detector's own encoding.
    pub bytes: Vec<u8>,
    /// Byte ranges of the blob at which a conclusion may point. A blob with anchors is read again in each scan.
    pub anchors: Vec<Range<usize>>,
}

/// A note as a conclusion gets it back.
#[derive(Clone, Copy, Debug)]
pub struct Noted<'a> {
    /// Number of the target that the blob is of, from 0.
    pub target: usize,
    /// Where the blob came from.
    pub origin: &'a Origin,
    /// [`Note::bytes`].
    pub bytes: &'a [u8],
    /// The lines and columns of [`Note::anchors`].
    pub anchors: &'a [Region],
}

/// What the notes of all blobs say together.
#[derive(Clone, Debug, Default)]
pub struct Conclusion {
    /// Rules of these detections that [`Detector::rules`] does not list, such as one per advisory.
    pub rules: Vec<RuleInfo>,
    /// The hits.
    pub detections: Vec<Concluded>,
    /// Parts that others made.
    pub components: Vec<Component>,
    /// What could not be concluded.
    pub not_done: Vec<NotDone>,
}

/// A place at which a conclusion points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Anchor {
    /// Which note, as an index into what [`Detector::conclude`] was given.
    pub noted: usize,
    /// Which of its anchors.
    pub anchor: usize,
}

/// One finding of a conclusion. All of one rule and group are one, in however many files they stand.
#[derive(Clone, Debug)]
pub struct Concluded {
    /// Where it stands; at least one.
    pub places: Vec<Anchor>,
    /// [`RuleInfo::id`].
    pub rule: String,
    /// Bytes that name what was found, wherever it stands: package and version.
    pub group: Vec<u8>,
    /// How bad here; may differ from the rule's.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// One or two sentences on what was found and why it is believed.
    pub reason: String,
    /// What to do here, where it is more than the rule says.
    pub remediation: Option<String>,
    /// For a flow of data over several blobs: its places in order, each with one line on what happens there.
    pub flow: Vec<(Anchor, String)>,
    /// Other facts, as name and value.
    pub properties: Vec<(String, String)>,
    /// Who says that it may stand, and why: a VEX statement.
    pub excused: Option<(String, String)>,
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
    /// For a flow of data: where it comes from, what it passes, where it arrives. Byte ranges of the blob, each with one
    /// line on what happens there.
    pub flow: Vec<(Range<usize>, String)>,
    /// A change that removes the hit, where one is certain: byte ranges that do not overlap, and what stands there then.
    pub fix: Vec<(Range<usize>, String)>,
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
