//! Compares a member with the checksum that its archive keeps for it.

use flate2::Crc;
use std::io::{self, Read};

/// Passes bytes on; fails at the end when they do not have the expected CRC-32, if one is. Everything was passed on by then.
pub(super) struct Checked<R> {
    inner: R,
    crc: Crc,
    expected: Option<u32>,
    told: bool,
}

impl<R> Checked<R> {
    pub(super) fn new(inner: R, expected: Option<u32>) -> Self {
        Self { inner, crc: Crc::new(), expected, told: false }
    }
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        if count > 0 {
            self.crc.update(&buffer[..count]);
        } else if !buffer.is_empty() && !self.told && self.expected.is_some_and(|crc| crc != self.crc.sum()) {
            self.told = true;
            return Err(io::Error::new(io::ErrorKind::InvalidData, "its checksum does not match"));
        }
        Ok(count)
    }
}
