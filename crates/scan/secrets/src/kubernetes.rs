//! Kubernetes Secrets in manifests: `data` is base64, `stringData` is clear
//! (Kubernetes API reference, `core/v1` Secret).

use crate::generic::GenericRule;
use crate::placeholder;
use crate::scanner::{Hit, HitRule, Place};
use crate::structure;
use crate::text;

/// Most values that are reported for one file.
const MAX_VALUES: usize = 500;

/// The values of all Secrets in a manifest (YAML documents or JSON written over lines).
pub fn secrets(manifest: &[u8], place: Place<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut offset = 0;
    for document in split_documents(manifest) {
        let is_secret =
            [&b"kind: Secret"[..], b"\"kind\": \"Secret\"", b"\"kind\":\"Secret\""].iter().any(|kind| {
                memchr::memmem::find_iter(document, kind)
                    .any(|at| document.get(at + kind.len()).is_none_or(|b| !text::is_word(*b)))
            });
        if is_secret {
            values_of(document, offset, place, &mut hits);
        }
        offset += document.len();
    }
    hits
}

/// Splits at lines that start with `---`; the parts together are the whole.
fn split_documents(manifest: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut start = 0;
    for at in memchr::memmem::find_iter(manifest, b"\n---") {
        parts.push(&manifest[start..at + 1]);
        start = at + 1;
    }
    parts.push(&manifest[start..]);
    parts
}

fn values_of(document: &[u8], offset: usize, place: Place<'_>, hits: &mut Vec<Hit>) {
    let mut section: Option<(usize, bool)> = None;
    let mut at = 0;
    for line in document.split_inclusive(|&b| b == b'\n') {
        let start = at;
        at += line.len();
        let indent = line.iter().take_while(|b| **b == b' ' || **b == b'\t').count();
        let body = line[indent..].trim_ascii_end();
        if body.is_empty() || body.starts_with(b"#") {
            continue;
        }
        let Some(colon) = memchr::memchr(b':', body) else { continue };
        let key = body[..colon].trim_ascii().trim_ascii_start();
        let key = key.strip_prefix(b"\"").and_then(|key| key.strip_suffix(b"\"")).unwrap_or(key);
        if let Some((parent, encoded)) = section {
            if indent > parent {
                let value_start = colon
                    + 1
                    + body[colon + 1..]
                        .iter()
                        .take_while(|b| b.is_ascii_whitespace() || **b == b'"' || **b == b'\'')
                        .count();
                let value_end =
                    body.len() - body.iter().rev().take_while(|b| matches!(b, b'"' | b'\'' | b',')).count();
                if value_start < value_end {
                    let span = offset + start + indent + value_start..offset + start + indent + value_end;
                    hits.extend(judge_value(&body[value_start..value_end], key, span, encoded, place));
                }
                if hits.len() >= MAX_VALUES {
                    return;
                }
                continue;
            }
            section = None;
        }
        let opens = body[colon + 1..].trim_ascii();
        if opens.is_empty() || opens == b"{" {
            match key {
                b"data" => section = Some((indent, true)),
                b"stringData" => section = Some((indent, false)),
                _ => {}
            }
        }
    }
}

fn judge_value(
    value: &[u8],
    key: &[u8],
    span: std::ops::Range<usize>,
    encoded: bool,
    place: Place<'_>,
) -> Option<Hit> {
    let decoded = if encoded { structure::decode(value)? } else { value.to_vec() };
    let decoded_text = decoded.trim_ascii();
    if decoded_text.len() < 4
        || placeholder::is_placeholder(decoded_text)
        || placeholder::is_placeholder(value)
    {
        return None;
    }
    let squashed = text::squashed(key);
    // Public halves and plain settings that charts keep beside the secrets.
    if [
        "cacrt",
        "tlscrt",
        "user",
        "username",
        "host",
        "port",
        "database",
        "dbname",
        "type",
        "name",
        "namespace",
        "url",
        "region",
        "email",
    ]
    .contains(&squashed.as_str())
    {
        return None;
    }
    let path = place.path.to_ascii_lowercase();
    let mut confidence = 0.8;
    if ["password", "secret", "admin", "root", "test", "changeme", "user", "value", "foo", "bar"]
        .contains(&text::squashed(decoded_text).as_str())
    {
        confidence -= 0.35;
    }
    if ["test", "example", "sample", "doc"].iter().any(|word| path.contains(word)) {
        confidence -= 0.2;
    }
    Some(Hit {
        rule: HitRule::Generic(GenericRule::KubernetesSecret),
        span,
        decoded: encoded.then_some(decoded),
        confidence,
        reason: format!(
            "the Kubernetes Secret's entry `{}` stands in the manifest",
            String::from_utf8_lossy(key)
        ),
        specificity: 0,
    })
}
