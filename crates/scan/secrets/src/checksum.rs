//! Checksums that tokens carry of themselves.

use base64::Engine as _;
use sha2::{Digest, Sha256};

/// A compiled checksum: what is hashed, and how the sum is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checksum {
    /// How.
    pub algorithm: Algorithm,
    /// Named group that is hashed.
    pub of: String,
    /// Named group that holds the sum; empty for check digits, which stand inside `of`.
    pub within: String,
    /// How the sum is written.
    pub encoding: Encoding,
}

/// How a sum is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// CRC-32 (ISO 3309; the one of zlib).
    Crc32,
    /// CRC-32C (RFC 3720, section B.4).
    Crc32c,
    /// Adler-32 (RFC 1950, section 9).
    Adler32,
    /// Check digit of ISO/IEC 7812-1, annex B.
    Luhn,
    /// Remainder 1 modulo 97 (ISO/IEC 7064).
    Mod97,
    /// The first bytes of SHA-256.
    Sha256Prefix,
}

/// How a sum is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Digits, upper case, lower case.
    Base62,
    /// Digits, lower case.
    Base36,
    /// Either case.
    Hex,
    /// Standard alphabet, big-endian, padding optional.
    Base64,
    /// URL alphabet, big-endian, padding optional.
    Base64Url,
    /// Standard alphabet, little-endian.
    Base64LittleEndian,
}

impl Algorithm {
    /// By its word in rule files.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "crc32" => Self::Crc32,
            "crc32c" => Self::Crc32c,
            "adler32" => Self::Adler32,
            "luhn" => Self::Luhn,
            "mod97" => Self::Mod97,
            "sha256-prefix" => Self::Sha256Prefix,
            _ => return None,
        })
    }

    fn sum(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Crc32 => crc32fast::hash(bytes).to_be_bytes().to_vec(),
            Self::Crc32c => crc32c(bytes).to_be_bytes().to_vec(),
            Self::Adler32 => adler32(bytes).to_be_bytes().to_vec(),
            Self::Sha256Prefix => Sha256::digest(bytes).to_vec(),
            Self::Luhn | Self::Mod97 => Vec::new(),
        }
    }
}

impl Encoding {
    /// By its word in rule files.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "base62" | "base62-padded" => Self::Base62,
            "base36" => Self::Base36,
            "hex" => Self::Hex,
            "base64" => Self::Base64,
            "base64url" => Self::Base64Url,
            "base64-le" => Self::Base64LittleEndian,
            _ => return None,
        })
    }
}

/// Whether `written` is the sum of `body`.
pub fn holds(algorithm: Algorithm, encoding: Encoding, body: &[u8], written: &[u8]) -> bool {
    match algorithm {
        Algorithm::Luhn => return luhn(body),
        Algorithm::Mod97 => return mod97(body),
        _ => {}
    }
    let mut sum = algorithm.sum(body);
    match encoding {
        Encoding::Base62 | Encoding::Base36 => {
            let [a, b, c, d, ..] = sum[..] else { return false };
            let number = u32::from_be_bytes([a, b, c, d]);
            written_number(number, encoding, written.len()) == written
        }
        Encoding::Hex => {
            sum.truncate(written.len() / 2);
            let hex: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
            written.eq_ignore_ascii_case(hex.as_bytes())
        }
        Encoding::Base64 | Encoding::Base64Url | Encoding::Base64LittleEndian => {
            let engine = if encoding == Encoding::Base64Url {
                base64::engine::general_purpose::URL_SAFE_NO_PAD
            } else {
                base64::engine::general_purpose::STANDARD_NO_PAD
            };
            let bare = written.strip_suffix(b"==").or(written.strip_suffix(b"=")).unwrap_or(written);
            let Ok(mut decoded) = engine.decode(bare) else { return false };
            if encoding == Encoding::Base64LittleEndian {
                decoded.reverse();
            }
            !decoded.is_empty() && sum.starts_with(&decoded)
        }
    }
}

/// `number` in base 62 or 36, left-padded with zeros to `width`.
pub fn written_number(mut number: u32, encoding: Encoding, width: usize) -> Vec<u8> {
    let alphabet: &[u8] = match encoding {
        Encoding::Base36 => b"0123456789abcdefghijklmnopqrstuvwxyz",
        _ => b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    };
    let mut out = Vec::new();
    while number > 0 {
        out.push(alphabet[number as usize % alphabet.len()]);
        number /= alphabet.len() as u32;
    }
    out.resize(out.len().max(width), b'0');
    out.reverse();
    out
}

/// Whether the digits in `text` end in their check digit (ISO/IEC 7812-1, annex B). Other bytes are skipped.
pub fn luhn(text: &[u8]) -> bool {
    let digits: Vec<u32> = text.iter().filter(|b| b.is_ascii_digit()).map(|b| u32::from(b - b'0')).collect();
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| if place % 2 == 1 { digit * 2 / 10 + digit * 2 % 10 } else { digit })
        .sum();
    digits.len() > 1 && sum.is_multiple_of(10)
}

fn mod97(text: &[u8]) -> bool {
    let mut rest = 0u32;
    for &byte in text {
        rest = match byte {
            b'0'..=b'9' => rest * 10 + u32::from(byte - b'0'),
            b'A'..=b'Z' | b'a'..=b'z' => rest * 100 + u32::from(byte.to_ascii_lowercase() - b'a') + 10,
            _ => continue,
        } % 97;
    }
    rest == 1
}

fn crc32c(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |s, _| if s & 1 == 1 { s >> 1 ^ 0x82F6_3B78 } else { s >> 1 })
    })
}

fn adler32(bytes: &[u8]) -> u32 {
    let (a, b) = bytes.iter().fold((1u32, 0u32), |(a, b), &byte| {
        let a = (a + u32::from(byte)) % 65521;
        (a, (b + a) % 65521)
    });
    b << 16 | a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_sums() {
        // The check value that every CRC catalogue gives for "123456789".
        assert_eq!(crc32fast::hash(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32c(b"123456789"), 0xE306_9283);
        assert_eq!(adler32(b"Wikipedia"), 0x11E6_0398);
        assert!(luhn(b"4111 1111 1111 1111"));
        assert!(!luhn(b"4111 1111 1111 1112"));
        assert!(mod97(b"3214282912345698765432161182"));
    }

    #[test]
    fn base62_is_padded() {
        let sum = written_number(61, Encoding::Base62, 6);
        assert_eq!(sum, b"00000z");
        assert!(holds(Algorithm::Crc32, Encoding::Hex, b"123456789", b"cbf43926"));
        assert!(!holds(Algorithm::Crc32, Encoding::Hex, b"123456788", b"cbf43926"));
    }
}
