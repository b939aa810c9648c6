//! What a token must decode to.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// A structure that a secret must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Structure {
    /// JSON Web Token (RFC 7519): the first part is a JSON object with `alg`.
    Jwt,
    /// Base64 of a JSON object.
    JsonBase64,
    /// A PEM body (RFC 7468): base64 lines, no sentence.
    Pem,
    /// Base64 of exactly so many bytes.
    Base64(usize),
    /// A UUID (RFC 9562) of version 1 to 8.
    Uuid,
}

impl Structure {
    /// By its word in rule files.
    ///
    /// # Errors
    /// When there is no such structure.
    pub fn parse(word: &str) -> Result<Self, String> {
        Ok(match word {
            "jwt" => Self::Jwt,
            "json-base64" => Self::JsonBase64,
            "pem" => Self::Pem,
            "uuid" => Self::Uuid,
            _ => match word.strip_prefix("base64:").and_then(|n| n.parse().ok()) {
                Some(length) => Self::Base64(length),
                None => return Err(format!("unknown structure `{word}`")),
            },
        })
    }

    /// Whether `secret` has it.
    pub fn holds(self, secret: &[u8]) -> bool {
        match self {
            Self::Jwt => {
                let Some(head) = secret.split(|&b| b == b'.').next() else { return false };
                json_object(head)
                    .is_some_and(|object| object.contains_key("alg") || object.contains_key("enc"))
            }
            Self::JsonBase64 => json_object(secret).is_some(),
            Self::Base64(length) => decode(secret).is_some_and(|bytes| bytes.len() == length),
            Self::Uuid => secret.len() == 36 && matches!(secret[14], b'1'..=b'8'),
            Self::Pem => {
                let text = String::from_utf8_lossy(secret);
                let body = text.split("KEY").nth(1).unwrap_or(&text);
                let dense =
                    body.bytes().filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')).count();
                let longest = body
                    .split(|c: char| !(c.is_ascii_alphanumeric() || c == '+' || c == '/'))
                    .map(str::len)
                    .max()
                    .unwrap_or(0);
                dense >= 40 && longest >= 32
            }
        }
    }
}

/// Decodes standard or URL-safe base64, padded or not.
pub fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let end = text.iter().rposition(|&b| b != b'=').map_or(0, |last| last + 1);
    let bare = &text[..end];
    if bare.iter().any(|b| matches!(b, b'-' | b'_')) {
        URL_SAFE_NO_PAD.decode(bare).ok()
    } else {
        STANDARD_NO_PAD.decode(bare).ok()
    }
}

fn json_object(text: &[u8]) -> Option<serde_json::Map<String, serde_json::Value>> {
    if text.len() > 64 << 10 {
        return None;
    }
    match serde_json::from_slice(&decode(text)?).ok()? {
        serde_json::Value::Object(object) => Some(object),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structures_hold_only_for_what_they_name() {
        let head = URL_SAFE_NO_PAD.encode(br#"{"alg":"HS256","typ":"JWT"}"#);
        assert!(Structure::Jwt.holds(format!("{head}.e30.c2ln").as_bytes()));
        assert!(!Structure::Jwt.holds(b"eyJub3Qi.e30.c2ln"));
        assert!(Structure::Base64(3).holds(b"AAAA"));
        assert!(!Structure::Base64(3).holds(b"AAA"));
        assert_eq!(Structure::parse("base65").unwrap_err(), "unknown structure `base65`");
    }
}
