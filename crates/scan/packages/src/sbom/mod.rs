//! Bills of materials, written from an inventory: CycloneDX 1.6 and SPDX 2.3, as JSON.
//!
//! Equal components and facts give equal bytes, whatever the order in which they are handed in: lists are sorted, and a document's
//! identity is a hash of what it says.

pub mod cyclonedx;
pub mod spdx;

use bartizan_model::Component;

/// What a document says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The name of the project that the components belong to.
    pub name: String,
    /// Its version, where it has one.
    pub version: Option<String>,
    /// The version of Bartizan.
    pub tool_version: String,
    /// When it is written: RFC 3339 in UTC with whole seconds, as in `2026-01-02T03:04:05Z`. Given by the caller, so that equal input can give
    /// equal bytes.
    pub timestamp: String,
}

/// A vulnerability of components, with what is known of its effect.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vulnerability {
    /// Such as `CVE-2024-1` or `GHSA-...`.
    pub id: String,
    /// Who names it so.
    pub source: Option<Source>,
    /// Other names of the same.
    pub aliases: Vec<String>,
    /// Scores and severities.
    pub ratings: Vec<Rating>,
    /// Numbers of the Common Weakness Enumeration.
    pub cwes: Vec<u32>,
    /// In short.
    pub description: Option<String>,
    /// What to do.
    pub recommendation: Option<String>,
    /// Package URLs of the components that have it.
    pub affects: Vec<String>,
    /// What somebody found out about it, as VEX.
    pub analysis: Option<Analysis>,
}

/// Who publishes a vulnerability.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// `NVD`, `GitHub`, `OSV`.
    pub name: String,
    /// Its page.
    pub url: Option<String>,
}

/// How bad a vulnerability is, by one method.
#[derive(Clone, Debug, PartialEq)]
pub struct Rating {
    /// 0 to 10.
    pub score: Option<f64>,
    /// CycloneDX's word: `critical`, `high`, `medium`, `low`, `info`, `none`, `unknown`.
    pub severity: &'static str,
    /// CycloneDX's word: `CVSSv2`, `CVSSv3`, `CVSSv31`, `CVSSv4`, `other`.
    pub method: Option<&'static str>,
    /// As published: `CVSS:3.1/AV:N/...`.
    pub vector: Option<String>,
}

/// A VEX analysis in CycloneDX's words (1.6, "vulnerabilities[].analysis").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analysis {
    /// `resolved`, `exploitable`, `in_triage`, `false_positive`, `not_affected`.
    pub state: &'static str,
    /// `code_not_present`, `code_not_reachable` and the like.
    pub justification: Option<&'static str>,
    /// In the author's words.
    pub detail: Option<String>,
}

impl Analysis {
    /// A statement in CycloneDX's words. OpenVEX's justifications have near, not equal, words there.
    pub fn of(statement: &crate::vex::Statement) -> Self {
        use crate::vex::Status;
        let justification = statement.justification.as_deref().and_then(|word| {
            Some(match word {
                "component_not_present" | "vulnerable_code_not_present" | "code_not_present" => {
                    "code_not_present"
                }
                "vulnerable_code_not_in_execute_path" | "code_not_reachable" => "code_not_reachable",
                "vulnerable_code_cannot_be_controlled_by_adversary" | "requires_environment" => {
                    "requires_environment"
                }
                "inline_mitigations_already_exist" | "protected_by_mitigating_control" => {
                    "protected_by_mitigating_control"
                }
                "requires_configuration" => "requires_configuration",
                "requires_dependency" => "requires_dependency",
                "protected_by_compiler" => "protected_by_compiler",
                "protected_at_runtime" => "protected_at_runtime",
                "protected_at_perimeter" => "protected_at_perimeter",
                _ => return None,
            })
        });
        let state = match statement.status {
            Status::NotAffected => "not_affected",
            Status::Affected => "exploitable",
            Status::Fixed => "resolved",
            Status::UnderInvestigation => "in_triage",
        };
        Self { state, justification, detail: Some(statement.words.clone()).filter(|words| !words.is_empty()) }
    }
}

/// Components sorted by package URL, each once: of equal package URLs the first after sorting by all else.
fn sorted(components: &[Component]) -> Vec<&Component> {
    let mut all: Vec<&Component> = components.iter().collect();
    let key = |it: &Component| {
        (it.purl.clone(), it.ecosystem.clone(), it.name.clone(), it.version.clone(), it.scope)
    };
    all.sort_by_cached_key(|it| key(it));
    all.dedup_by(|later, earlier| later.purl == earlier.purl);
    all
}

/// A UUID of the content: version 8 of RFC 9562, section 5.8, whose bits are free.
fn uuid(content: &[u8]) -> String {
    let hash = blake3::hash(content);
    let mut bytes = [0u8; 16];
    bytes.iter_mut().zip(hash.as_bytes()).for_each(|(to, from)| *to = *from);
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

/// Checksum algorithms as Bartizan, CycloneDX and SPDX write them, with the number of hexadecimal digits.
#[rustfmt::skip]
const ALGORITHMS: &[(&str, &str, &str, usize)] = &[
    ("md5", "MD5", "MD5", 32),
    ("sha1", "SHA-1", "SHA1", 40),
    ("sha256", "SHA-256", "SHA256", 64),
    ("sha384", "SHA-384", "SHA384", 96),
    ("sha512", "SHA-512", "SHA512", 128),
    ("sha3-256", "SHA3-256", "SHA3-256", 64),
    ("sha3-384", "SHA3-384", "SHA3-384", 96),
    ("sha3-512", "SHA3-512", "SHA3-512", 128),
    ("blake2b-256", "BLAKE2b-256", "BLAKE2b-256", 64),
    ("blake2b-384", "BLAKE2b-384", "BLAKE2b-384", 96),
    ("blake2b-512", "BLAKE2b-512", "BLAKE2b-512", 128),
    ("blake3", "BLAKE3", "BLAKE3", 64),
];

/// A checksum that both standards can hold: CycloneDX's word, SPDX's word, the digits.
fn checksum(hash: &str) -> Option<(&'static str, &'static str, &str)> {
    let (algorithm, digits) = hash.split_once(':')?;
    let (_, cyclonedx, spdx, length) = ALGORITHMS.iter().find(|known| known.0 == algorithm)?;
    let good = digits.len() == *length && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    good.then_some((cyclonedx, spdx, digits))
}

/// The licence as an SPDX expression in its standard form, where it is one or a name that is known for one.
fn expression(licence: &str) -> Option<String> {
    crate::licence::expression(licence).map(|expression| expression.to_string())
}

/// Licences that say something: not empty, and none of SPDX's two words for nothing.
fn told(licences: &[String]) -> impl Iterator<Item = &str> {
    licences.iter().map(|text| text.trim()).filter(|text| !matches!(*text, "" | "NOASSERTION" | "NONE"))
}

/// Bartizan's word for a scope.
fn scope_word(scope: bartizan_model::Scope) -> &'static str {
    use bartizan_model::Scope;
    match scope {
        Scope::Runtime => "runtime",
        Scope::Optional => "optional",
        Scope::Build => "build",
        Scope::Development => "development",
    }
}

#[cfg(test)]
mod tests {
    use super::{checksum, uuid};

    #[test]
    fn a_uuid_has_its_version_and_variant() {
        let text = uuid(b"x");
        assert_eq!(text.len(), 36);
        assert_eq!(text.as_bytes()[14], b'8');
        assert!(matches!(text.as_bytes()[19], b'8' | b'9' | b'a' | b'b'));
        assert_ne!(text, uuid(b"y"));
    }

    #[test]
    fn checksums_of_the_wrong_length_are_none() {
        assert!(checksum(&format!("sha1:{}", "0".repeat(40))).is_some());
        assert!(checksum("sha1:00").is_none());
        assert!(checksum("h1:00").is_none());
    }
}
