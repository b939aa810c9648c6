//! A secret's bytes, wrapped so that printing them takes an explicit word.

use sha2::{Digest, Sha256};
use std::fmt;

/// A secret found in scanned input.
///
/// `Debug` and `Display` give the redacted form, there is no `Serialize`, and the memory is overwritten on drop.
/// Only [`Secret::expose`] gives the bytes: search for that word to see every place that touches them.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    bytes: Vec<u8>,
    public_prefix: usize,
}

impl Secret {
    /// Wraps `bytes`; nothing of them is public.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, public_prefix: 0 }
    }

    /// Wraps `bytes` of which the first `public_prefix` (at most 12, and at most a third) only tell the kind, such as
    /// `ghp_`, and may be shown.
    pub fn with_public_prefix(bytes: Vec<u8>, public_prefix: usize) -> Self {
        let public_prefix = public_prefix.min(12).min(bytes.len() / 3);
        Self { bytes, public_prefix }
    }

    /// The secret itself. Never for output, logs or errors.
    pub fn expose(&self) -> &[u8] {
        &self.bytes
    }

    /// Number of bytes.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// What may be shown: the public prefix, then stars that do not tell the length.
    pub fn redacted(&self) -> String {
        format!("{}{}", String::from_utf8_lossy(&self.bytes[..self.public_prefix]), Self::STARS)
    }

    /// What stands for hidden bytes in every output.
    pub const STARS: &'static str = "********";

    /// SHA-256 of the bytes: tells equal secrets without holding them.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(&self.bytes).into()
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.redacted())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({})", self.redacted())
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.bytes.fill(0);
        std::hint::black_box(&self.bytes);
    }
}
