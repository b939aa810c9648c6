//! Rules as they are written: the types of `rules/secrets/*.toml`.
//!
//! `docs/secret-rules.md` is their description. The build script reads the same types, so that the program carries the
//! rules in a compact form and a broken rule file stops the build.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One provider's file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RuleFile {
    /// The provider's name.
    pub provider: String,
    /// One of the categories in `docs/secret-rules.md`.
    pub category: String,
    /// The provider's site.
    #[serde(default)]
    pub url: Option<String>,
    /// The page that describes the credential.
    #[serde(default)]
    pub docs: Option<String>,
    /// How to revoke it.
    #[serde(default)]
    pub revoke: Option<String>,
    /// Words that name the provider.
    #[serde(default)]
    pub words: Vec<String>,
    /// The rules.
    #[serde(default, rename = "rule")]
    pub rules: Vec<RuleText>,
}

/// One rule, as written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RuleText {
    /// Last part of the id.
    pub name: String,
    /// Names what is found.
    pub title: String,
    /// What the secret opens.
    #[serde(default)]
    pub opens: Option<String>,
    /// `critical`, `high`, `medium`, `low` or `info`.
    pub severity: String,
    /// Every match contains one of these.
    #[serde(default)]
    pub literals: Vec<String>,
    /// Whether literals are compared without case.
    #[serde(default)]
    pub ignore_case: bool,
    /// Words of which one must stand near by.
    #[serde(default)]
    pub near: Vec<String>,
    /// Words of which one must be in the key.
    #[serde(default)]
    pub keys: Vec<String>,
    /// The expression.
    pub pattern: String,
    /// Whether the match must stand alone.
    #[serde(default = "yes")]
    pub boundary: bool,
    /// Checksum inside the token.
    #[serde(default)]
    pub checksum: Option<ChecksumText>,
    /// What the secret decodes to.
    #[serde(default)]
    pub structure: Option<String>,
    /// Least Shannon entropy, bits per character.
    #[serde(default)]
    pub entropy: Option<f64>,
    /// Whether obvious placeholders are dropped.
    #[serde(default = "yes")]
    pub placeholders: bool,
    /// Globs: only there.
    #[serde(default)]
    pub paths: Vec<String>,
    /// Globs: not there.
    #[serde(default)]
    pub skip_paths: Vec<String>,
    /// 0 to 1.
    #[serde(default)]
    pub confidence: Option<f64>,
    /// Overrides the file's.
    #[serde(default)]
    pub docs: Option<String>,
    /// Overrides the file's.
    #[serde(default)]
    pub revoke: Option<String>,
    /// How to ask the provider.
    #[serde(default)]
    pub verify: Option<VerifyText>,
    /// Template of a valid secret.
    #[serde(default)]
    pub sample: String,
    /// Texts in which the rule finds the sample.
    #[serde(default, rename = "match")]
    pub matches: Vec<String>,
    /// Texts in which it finds nothing.
    #[serde(default)]
    pub miss: Vec<String>,
    /// File name for the texts.
    #[serde(default)]
    pub path: Option<String>,
}

/// Where a token carries a checksum of itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ChecksumText {
    /// `crc32`, `crc32c`, `adler32`, `luhn`, `mod97`, `sha256-prefix`.
    pub algorithm: String,
    /// Named group that is hashed.
    pub of: String,
    /// Named group that holds the sum; not for `luhn` and `mod97`.
    #[serde(default, rename = "in")]
    pub within: Option<String>,
    /// How the sum is written.
    #[serde(default)]
    pub encoding: Option<String>,
}

/// How to ask a provider.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct VerifyText {
    /// `http` (default) or `aws-sts`.
    #[serde(default)]
    pub kind: Option<String>,
    /// Template.
    #[serde(default)]
    pub url: Option<String>,
    /// Default `GET`.
    #[serde(default)]
    pub method: Option<String>,
    /// Templates.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Template of `user:password` for HTTP basic authentication.
    #[serde(default)]
    pub basic: Option<String>,
    /// Template.
    #[serde(default)]
    pub body: Option<String>,
    /// Any that holds: it works.
    #[serde(default)]
    pub live: Vec<AnswerText>,
    /// Any that holds: it does not.
    #[serde(default)]
    pub revoked: Vec<AnswerText>,
    /// JSON pointers that name the account.
    #[serde(default)]
    pub identity: Vec<String>,
}

/// A condition on an answer; all parts must hold.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AnswerText {
    /// HTTP status is one of these; empty: any.
    #[serde(default)]
    pub status: Vec<u16>,
    /// JSON pointer into the body.
    #[serde(default)]
    pub json: Option<String>,
    /// What stands there, as text; without it, that something stands there.
    #[serde(default)]
    pub equals: Option<String>,
    /// The body has this text.
    #[serde(default)]
    pub contains: Option<String>,
}

fn yes() -> bool {
    true
}
