//! How to ask, and how to read the answer, from a rule's `[rule.verify]`.

use crate::rule::file::{AnswerText, VerifyText};
use bartizan_http::{Request, Response};
use bartizan_model::VerificationState;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A rule's way to verify.
pub struct Spec {
    text: VerifyText,
}

impl Spec {
    pub(super) fn new(text: &VerifyText) -> Self {
        Self { text: text.clone() }
    }

    pub(super) fn is_aws(&self) -> bool {
        self.text.kind.as_deref() == Some("aws-sts")
    }

    /// The URL as written, with `${secret}` not filled in.
    pub(super) fn shown_url(&self) -> &str {
        if self.is_aws() {
            "https://sts.amazonaws.com/"
        } else {
            self.text.url.as_deref().unwrap_or_default()
        }
    }

    /// `None` when the secret is no text or would change the request's shape (a line end in a header).
    pub(super) fn request(&self, secret: &[u8], groups: &[(String, String)]) -> Option<Request> {
        let secret = std::str::from_utf8(secret).ok()?;
        if secret.chars().any(char::is_control) {
            return None;
        }
        let fill_with = |template: &str, write: &dyn Fn(&str) -> String| {
            groups.iter().fold(template.replace("${secret}", &write(secret)), |text, (name, value)| {
                text.replace(&format!("${{{name}}}"), &write(value))
            })
        };
        let fill = |template: &str| fill_with(template, &str::to_owned);
        let mut headers: Vec<(String, String)> =
            self.text.headers.iter().map(|(name, value)| (name.clone(), fill(value))).collect();
        if let Some(basic) = &self.text.basic {
            headers.push(("Authorization".to_owned(), format!("Basic {}", STANDARD.encode(fill(basic)))));
        }
        Some(Request {
            method: self.text.method.clone().unwrap_or_else(|| "GET".to_owned()),
            url: fill_with(self.text.url.as_deref()?, &percent_encoded),
            headers,
            body: self.text.body.as_deref().map(fill).unwrap_or_default().into_bytes(),
        })
    }

    /// The state, and the account's name where the answer has it.
    pub(super) fn judge(&self, answer: &Response) -> (VerificationState, Option<String>) {
        if self.is_aws() {
            return super::aws::judge(answer);
        }
        let json: Option<serde_json::Value> = serde_json::from_slice(&answer.body).ok();
        let any = |conditions: &[AnswerText]| conditions.iter().any(|c| holds(c, answer, json.as_ref()));
        let state = if any(&self.text.live) {
            VerificationState::Live
        } else if any(&self.text.revoked) {
            VerificationState::Revoked
        } else {
            VerificationState::Unknown
        };
        let identity = (state == VerificationState::Live)
            .then(|| self.text.identity.iter().find_map(|pointer| as_text(json.as_ref()?.pointer(pointer)?)))
            .flatten()
            .map(|name| name.chars().filter(|c| !c.is_control()).take(80).collect());
        (state, identity)
    }
}

fn holds(condition: &AnswerText, answer: &Response, json: Option<&serde_json::Value>) -> bool {
    let status = condition.status.is_empty() || condition.status.contains(&answer.status);
    let pointer = condition.json.as_ref().is_none_or(|pointer| {
        let found = json.and_then(|json| json.pointer(pointer));
        match (&condition.equals, found) {
            (Some(expected), Some(found)) => as_text(found).as_deref() == Some(expected),
            (None, Some(found)) => !found.is_null(),
            (_, None) => false,
        }
    });
    let contains = condition
        .contains
        .as_ref()
        .is_none_or(|text| memchr::memmem::find(&answer.body, text.as_bytes()).is_some());
    let says_something =
        !condition.status.is_empty() || condition.json.is_some() || condition.contains.is_some();
    says_something && status && pointer && contains
}

fn as_text(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Bool(_) | serde_json::Value::Number(_) => Some(value.to_string()),
        _ => None,
    }
}

/// Everything but unreserved characters (RFC 3986, section 2.3) and the colon, which path parts may hold, escaped.
fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~' | b':') => {
                (b as char).to_string()
            }
            b => format!("%{b:02X}"),
        })
        .collect()
}
