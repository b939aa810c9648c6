//! The name of a finding that survives moved lines and reformatting.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// 128 bits that name a finding or a place of one, written as 32 hexadecimal digits.
///
/// It hashes rule, path and normalised context; never line numbers. Normalising drops white space, folds the three
/// quote characters into one, and drops the punctuation that formatters add and remove (`,` and `;` before a closing
/// bracket or the end).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// The fingerprint of `context` under `rule` in `path`.
    pub fn of(rule: &str, path: &str, context: &[u8]) -> Self {
        Self::of_exact(rule, path, &normalise(context))
    }

    /// As [`Fingerprint::of`], but for a context in which every byte counts, such as a digest.
    pub fn of_exact(rule: &str, path: &str, context: &[u8]) -> Self {
        let mut hash = Sha256::new();
        for part in [rule.as_bytes(), path.as_bytes(), context] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let mut short = [0; 16];
        short.copy_from_slice(&hash.finalize()[..16]);
        Self(short)
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// From 32 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.as_bytes();
        if text.len() != 32 {
            return None;
        }
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
            let high = (pair[0] as char).to_digit(16)?;
            let low = (pair[1] as char).to_digit(16)?;
            *byte = (high * 16 + low) as u8;
        }
        Some(Self(bytes))
    }
}

fn normalise(context: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(context.len());
    for &byte in context {
        match byte {
            b if b.is_ascii_whitespace() => {}
            b'\'' | b'`' => out.push(b'"'),
            b')' | b']' | b'}' => {
                while matches!(out.last(), Some(b',' | b';')) {
                    out.pop();
                }
                out.push(byte);
            }
            _ => out.push(byte),
        }
    }
    while matches!(out.last(), Some(b',' | b';')) {
        out.pop();
    }
    out
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a fingerprint has 32 hexadecimal digits"))
    }
}
