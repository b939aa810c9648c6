//! Fixture templates: `ghp_${body=base62:30}${crc32:body:base62:6}` becomes a fresh sample each time.
//!
//! So no file of the project holds anything that looks like a token. The language is described in
//! `docs/secret-rules.md`.

use crate::checksum::{self, Encoding};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use std::collections::HashMap;

/// A small random generator (SplitMix64; Steele, Lea, Flood 2014): fixtures must be the same for the same seed on every
/// machine, and need no secrecy.
pub struct Random(u64);

impl Random {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    fn pick(&mut self, alphabet: &[u8], count: usize) -> String {
        (0..count).map(|_| alphabet[self.below(alphabet.len())] as char).collect()
    }
}

const DIGITS: &[u8] = b"0123456789";
const LOWER: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
const UPPER: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const MAX_COUNT: usize = 20_000;

/// Expands `template`. `sample` is what `${sample}` stands for.
///
/// # Errors
/// In words for the rule's author.
pub fn expand(template: &str, sample: Option<&str>, random: &mut Random) -> Result<String, String> {
    expand_with(template, sample, random, &mut HashMap::new(), 0)
}

fn expand_with(
    template: &str,
    sample: Option<&str>,
    random: &mut Random,
    names: &mut HashMap<String, String>,
    depth: u32,
) -> Result<String, String> {
    if depth > 4 {
        return Err("templates nest too deep".to_owned());
    }
    let mut out = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if rest.starts_with('{') {
            let end = closing(rest).ok_or_else(|| format!("`${{` is not closed in `{template}`"))?;
            let value = one(&rest[1..end], sample, random, names, depth)?;
            out.push_str(&value);
            rest = &rest[end + 1..];
        } else {
            out.push('$');
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// Where the brace that opens `text` closes.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

fn one(
    body: &str,
    sample: Option<&str>,
    random: &mut Random,
    names: &mut HashMap<String, String>,
    depth: u32,
) -> Result<String, String> {
    if let Some((name, rest)) = body.split_once('=')
        && !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    {
        let value = one(rest, sample, random, names, depth)?;
        names.insert(name.to_owned(), value.clone());
        return Ok(value);
    }
    if body == "sample" {
        return sample.map(str::to_owned).ok_or_else(|| "`${sample}` has no meaning here".to_owned());
    }
    if let Some(value) = names.get(body) {
        return Ok(value.clone());
    }
    let (kind, rest) = body.split_once(':').unwrap_or((body, ""));
    let alphabet: Option<Vec<u8>> = match kind {
        "digits" => Some(DIGITS.to_vec()),
        "hex" => Some(b"0123456789abcdef".to_vec()),
        "HEX" => Some(b"0123456789ABCDEF".to_vec()),
        "lower" => Some(LOWER.to_vec()),
        "upper" => Some(UPPER.to_vec()),
        "base62" => Some([DIGITS, UPPER, LOWER].concat()),
        "base36" => Some([DIGITS, LOWER].concat()),
        "BASE36" => Some([DIGITS, UPPER].concat()),
        "base32" => Some([UPPER, b"234567"].concat()),
        "base64" => Some([DIGITS, UPPER, LOWER, b"+/"].concat()),
        "base64url" => Some([DIGITS, UPPER, LOWER, b"-_"].concat()),
        _ => None,
    };
    if let Some(alphabet) = alphabet {
        return Ok(random.pick(&alphabet, count(rest)?));
    }
    match kind {
        "set" => {
            let (set, n) = rest.rsplit_once(':').ok_or("`set` is written `${set:CHARS:n}`")?;
            let set = set.replace("\\:", ":");
            if set.is_empty() || !set.is_ascii() {
                return Err("`set` needs ASCII characters".to_owned());
            }
            Ok(random.pick(set.as_bytes(), count(n)?))
        }
        "repeat" => {
            let (piece, n) = rest.rsplit_once(':').ok_or("`repeat` is written `${repeat:x:n}`")?;
            let times = count(n)?;
            if piece.len().saturating_mul(times) > MAX_COUNT * 8 {
                return Err(format!("`repeat` gives more than {} characters", MAX_COUNT * 8));
            }
            Ok(piece.repeat(times))
        }
        "one" => {
            let choices: Vec<&str> = rest.split('|').collect();
            Ok(choices[random.below(choices.len())].to_owned())
        }
        "uuid" => Ok(format!(
            "{}-{}-4{}-{}{}-{}",
            random.pick(b"0123456789abcdef", 8),
            random.pick(b"0123456789abcdef", 4),
            random.pick(b"0123456789abcdef", 3),
            random.pick(b"89ab", 1),
            random.pick(b"0123456789abcdef", 3),
            random.pick(b"0123456789abcdef", 12)
        )),
        "jwt" => {
            let subject = random.pick(DIGITS, 10);
            let signature = random.pick(&[DIGITS, UPPER, LOWER, b"-_"].concat(), 43);
            Ok(format!(
                "{}.{}.{signature}",
                URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#),
                URL_SAFE_NO_PAD
                    .encode(format!(r#"{{"sub":"{subject}","iat":17{}}}"#, random.pick(DIGITS, 8)))
            ))
        }
        "pem" => {
            let mut lines = String::new();
            for _ in 0..12 {
                lines.push_str(&random.pick(&[DIGITS, UPPER, LOWER, b"+/"].concat(), 64));
                lines.push('\n');
            }
            Ok(format!("-----BEGIN {rest}-----\n{lines}-----END {rest}-----"))
        }
        "b64" => Ok(STANDARD.encode(expand_with(rest, sample, random, names, depth + 1)?)),
        "b64nopad" => Ok(STANDARD_NO_PAD.encode(expand_with(rest, sample, random, names, depth + 1)?)),
        "b64url" => Ok(URL_SAFE_NO_PAD.encode(expand_with(rest, sample, random, names, depth + 1)?)),
        "percent" => {
            let text = expand_with(rest, sample, random, names, depth + 1)?;
            Ok(text
                .bytes()
                .map(
                    |b| if b.is_ascii_alphanumeric() { (b as char).to_string() } else { format!("%{b:02X}") },
                )
                .collect())
        }
        "crc32" => {
            let parts: Vec<&str> = rest.split(':').collect();
            let [name, encoding, width] = parts[..] else {
                return Err("`crc32` is written `${crc32:name:encoding:width}`".to_owned());
            };
            let body = names.get(name).ok_or_else(|| format!("`crc32`: nothing is named `{name}`"))?;
            let sum = crc32fast::hash(body.as_bytes());
            let width = count(width)?;
            match encoding {
                "hex" => Ok(format!("{sum:0width$x}")),
                _ => {
                    let encoding = Encoding::parse(encoding)
                        .ok_or_else(|| format!("`crc32`: unknown encoding `{encoding}`"))?;
                    String::from_utf8(checksum::written_number(sum, encoding, width))
                        .map_err(|e| e.to_string())
                }
            }
        }
        "luhn" => {
            let body = names.get(rest).ok_or_else(|| format!("`luhn`: nothing is named `{rest}`"))?;
            (0..10)
                .map(|digit| digit.to_string())
                .find(|digit| checksum::luhn(format!("{body}{digit}").as_bytes()))
                .ok_or_else(|| "`luhn`: no digits".to_owned())
        }
        _ => Err(format!("unknown template `${{{body}}}`")),
    }
}

fn count(text: &str) -> Result<usize, String> {
    let n: usize = text.parse().map_err(|_| format!("`{text}` is no count"))?;
    if n > MAX_COUNT { Err(format!("{n} is more than {MAX_COUNT}")) } else { Ok(n) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_expand_as_described() {
        let mut random = Random::new(1);
        let mut text = |template: &str| expand(template, Some("S"), &mut random).unwrap();
        assert_eq!(text("a$$b ${sample} ${repeat:x:3} $HOME"), "a$b S xxx $HOME");
        assert_eq!(text("${hex:8}").len(), 8);
        assert_eq!(text("${b64:user:${sample}}"), "dXNlcjpT");
        assert_eq!(text("${percent:a=b}"), "a%3Db");
        let twice = text("${x=base62:9}-${x}");
        assert_eq!(twice[..9], twice[10..]);
        let token = text("${body=base62:30}${crc32:body:base62:6}");
        assert!(checksum::holds(
            checksum::Algorithm::Crc32,
            Encoding::Base62,
            &token.as_bytes()[..30],
            &token.as_bytes()[30..]
        ));
        assert!(expand("${nonsense:3}", None, &mut Random::new(1)).is_err());
        assert!(expand("${hex:3", None, &mut Random::new(1)).is_err());
    }
}
