//! Credentials in URLs: `scheme://user:password@host` (RFC 3986, section 3.2.1).

use crate::generic::GenericRule;
use crate::judge::value::Shape;
use crate::placeholder;
use crate::scanner::{Hit, HitRule, Place};
use crate::text;

/// Passwords that documentation and local set-ups use, parted by blanks.
const KNOWN: &str = "\
    password passwd pass pwd secret user username admin root guest test token postgres mysql redis mongo \
    mongodb rabbitmq changeme example mypassword yourpassword dbpassword userpass password123 pw key foo \
    bar baz abc abcd xyz 1234 12345 123456 oauth2 xoauthbasic credentials apikey hunter2 letmein docker \
    local dev me you b p passw0rd dbpass s3cr3t secretpassword anonymous";

/// The credentials of the URL whose `://` stands at `at`.
pub fn credentials_at(text: &[u8], at: usize, place: Place<'_>) -> Option<Hit> {
    let mut start = at;
    while start > 0
        && at - start < 32
        && (text[start - 1].is_ascii_alphanumeric() || matches!(text[start - 1], b'+' | b'-' | b'.'))
    {
        start -= 1;
    }
    if start == at {
        return None;
    }
    let authority = at + 3;
    let limit = text.len().min(authority + 400);
    let stop = |b: u8| {
        b.is_ascii_whitespace()
            || matches!(
                b,
                b'/' | b'"' | b'\'' | b'<' | b'>' | b'`' | b'\\' | b'?' | b'#' | b'|' | b',' | b';'
            )
    };
    let end = (authority..limit).find(|&i| stop(text[i])).unwrap_or(limit);
    let sign = memchr::memrchr(b'@', &text[authority..end])? + authority;
    let colon = memchr::memchr(b':', &text[authority..sign])? + authority;
    let password = colon + 1..sign;
    let host = text.get(sign + 1)?;
    if !(host.is_ascii_alphanumeric() || matches!(host, b'[' | b'$' | b'{' | b'%')) || password.len() < 3 {
        return None;
    }
    let secret = &text[password.clone()];
    let user = &text[authority..colon];
    if placeholder::is_placeholder(secret)
        || placeholder::is_reference(user)
        || secret
            .iter()
            .any(|b| matches!(b, b'{' | b'}' | b'$' | b'(' | b')' | b'[' | b']' | b'*') || *b >= 0x7F)
        || secret.starts_with(b"%") && secret.len() <= 3
    {
        return None;
    }
    let squashed = text::squashed(secret);
    let shape = Shape::of(secret);
    let mut confidence: f64 = 0.72;
    if KNOWN.split(' ').any(|known| known == squashed)
        || secret.eq_ignore_ascii_case(user)
        || squashed.is_empty()
    {
        confidence = 0.25;
    } else {
        if shape.randomness > 0.8 || shape.classes >= 3 || shape.hex {
            confidence += 0.15;
        } else if shape.classes == 1 || shape.known_word {
            confidence -= 0.2;
        }
        let host_text = &text[sign + 1..end];
        if [&b"example."[..], b"localhost", b"127.0.0.1", b"host", b"foo", b"0.0.0.0", b"myserver", b"server"]
            .iter()
            .any(|word| host_text.len() >= word.len() && host_text[..word.len()].eq_ignore_ascii_case(word))
            || memchr::memmem::find(host_text, b"example.").is_some()
        {
            confidence -= 0.3;
        }
        let path = place.path.to_ascii_lowercase();
        if ["test", "doc", "example", "readme", "sample", "spec", "fixture"]
            .iter()
            .any(|word| path.contains(word))
        {
            confidence -= 0.25;
        }
    }
    Some(Hit {
        rule: HitRule::Generic(GenericRule::UrlCredentials),
        span: password,
        decoded: None,
        confidence: confidence.clamp(0.05, 0.95),
        reason: format!(
            "a URL with scheme `{}` carries a password",
            String::from_utf8_lossy(&text[start..at])
        ),
        specificity: 0,
    })
}
