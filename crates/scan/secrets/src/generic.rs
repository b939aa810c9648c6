//! The generic rules: what reports say of a secret that no provider rule names.

use crate::judge::key::KeyKind;
use crate::scanner::HitRule;
use bartizan_model::{Cwe, RuleInfo, Severity};

/// A generic rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GenericRule {
    /// By the judge.
    Judge(KeyKind),
    /// By [`crate::url`].
    UrlCredentials,
    /// By [`crate::kubernetes`].
    KubernetesSecret,
}

impl GenericRule {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        KeyKind::ALL.into_iter().map(Self::Judge).chain([Self::UrlCredentials, Self::KubernetesSecret])
    }

    /// The rule's id.
    pub fn id(self) -> &'static str {
        match self {
            Self::Judge(KeyKind::Password) => "secrets/generic/password",
            Self::Judge(KeyKind::Secret) => "secrets/generic/secret",
            Self::Judge(KeyKind::Authorization) => "secrets/generic/authorization-header",
            Self::Judge(KeyKind::Salt) => "secrets/generic/salt",
            Self::Judge(KeyKind::Key) => "secrets/generic/key",
            Self::UrlCredentials => "secrets/generic/url-credentials",
            Self::KubernetesSecret => "secrets/generic/kubernetes-secret",
        }
    }

    /// What reports show.
    pub fn info(self) -> RuleInfo {
        let (title, description, severity) = match self {
            Self::Judge(KeyKind::Password) => {
                ("Hard-coded password", "A key that names a password is given a fixed value.", Severity::High)
            }
            Self::Judge(KeyKind::Secret) => (
                "Hard-coded secret or token",
                "A key that names a secret, token or credential is given a fixed, machine-made value.",
                Severity::High,
            ),
            Self::Judge(KeyKind::Authorization) => (
                "Hard-coded authorization header",
                "An Authorization header carries a fixed credential.",
                Severity::High,
            ),
            Self::Judge(KeyKind::Salt) => (
                "Fixed salt or nonce",
                "A salt or nonce that should be fresh for each use is a constant.",
                Severity::Medium,
            ),
            Self::Judge(KeyKind::Key) => (
                "Hard-coded key",
                "A key is given a fixed, random-looking value; whether it opens anything the name does not tell.",
                Severity::Medium,
            ),
            Self::UrlCredentials => {
                ("Password in a URL", "A connection URL carries the password of an account.", Severity::High)
            }
            Self::KubernetesSecret => (
                "Kubernetes Secret in a manifest",
                "A Secret's values stand in the manifest; base64 is an encoding, not encryption.",
                Severity::High,
            ),
        };
        let cwe = match self {
            Self::Judge(KeyKind::Password) | Self::UrlCredentials => vec![Cwe(798), Cwe(259)],
            Self::Judge(KeyKind::Salt) => vec![Cwe(760)],
            Self::Judge(KeyKind::Key) => vec![Cwe(798), Cwe(321)],
            _ => vec![Cwe::HARD_CODED_CREDENTIALS],
        };
        RuleInfo {
            id: self.id().to_owned(),
            title: title.to_owned(),
            description: description.to_owned(),
            remediation: match self {
                Self::Judge(KeyKind::Salt) => "Make a fresh random value for each use and store it beside the result.".to_owned(),
                Self::KubernetesSecret => "Replace the values, and bring Secrets in by an external secret store, sealed or encrypted manifests.".to_owned(),
                _ => "Change it where it is in use, then read the new one from the environment or a secret store; history keeps the old one.".to_owned(),
            },
            severity,
            docs: cwe.first().map(|class: &Cwe| class.url()),
            cwe,
            tags: vec!["secrets".to_owned(), "generic".to_owned()],
        }
    }
}

/// An order over rules for ties.
pub fn order(rule: HitRule) -> (usize, &'static str) {
    match rule {
        HitRule::Provider(index) => (index, ""),
        HitRule::Generic(rule) => (usize::MAX, rule.id()),
    }
}
