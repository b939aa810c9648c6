//! zlib streams whose decompressed size is declared beforehand.

use super::fault::Fault;
use flate2::{Decompress, FlushDecompress, Status};
use libdeflater::{DecompressionError, Decompressor};

/// DEFLATE turns one byte into at most 1032 (258 bytes per 2 bits of a one-bit-per-code block); whoever declares more
/// lies, and nothing is allocated for him.
const MAX_RATIO: u64 = 1032;

/// One thread's decompressor.
pub(super) struct Inflater(Decompressor);

impl Inflater {
    pub(super) fn new() -> Self {
        Self(Decompressor::new())
    }

    /// Inflates the zlib stream at the beginning of `input`, which must give exactly `size` bytes; its Adler-32 is
    /// checked. `out` is replaced.
    pub(super) fn exact(&mut self, input: &[u8], size: u64, out: &mut Vec<u8>) -> Result<(), Fault> {
        let wanted = usize::try_from(size).map_err(|_| Fault::Memory { needed: size })?;
        if size > (input.len() as u64).saturating_mul(MAX_RATIO) {
            return Err(Fault::Size { declared: size });
        }
        if out.len() < wanted {
            out.try_reserve_exact(wanted - out.len()).map_err(|_| Fault::Memory { needed: size })?;
            out.resize(wanted, 0);
        } else {
            out.truncate(wanted);
        }
        match self.0.zlib_decompress(input, out) {
            Ok(got) if got == wanted => Ok(()),
            Ok(_) | Err(DecompressionError::InsufficientSpace) => Err(Fault::Size { declared: size }),
            Err(DecompressionError::BadData) => Err(Fault::Compression),
        }
    }
}

/// At most the first `out.len()` bytes of the zlib stream at the beginning of `input`; how many there are.
pub(super) fn inflate_prefix(input: &[u8], out: &mut [u8]) -> Result<usize, Fault> {
    let mut stream = Decompress::new(true);
    loop {
        let (read, written) = (stream.total_in() as usize, stream.total_out() as usize);
        let status = stream
            .decompress(&input[read..], &mut out[written..], FlushDecompress::None)
            .map_err(|_| Fault::Compression)?;
        let done = stream.total_out() as usize;
        let stuck = stream.total_in() as usize == read && done == written;
        if done == out.len() || status == Status::StreamEnd || stuck {
            return Ok(done);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::ZlibEncoder};
    use std::io::Write;

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn size_must_be_the_declared_one() {
        let text = b"one two three one two three".repeat(20);
        let mut packed = zlib(&text);
        packed.extend_from_slice(b"next entry");
        let mut out = vec![1, 2, 3];
        let mut inflater = Inflater::new();
        inflater.exact(&packed, text.len() as u64, &mut out).unwrap();
        assert_eq!(out, text);
        for wrong in [0, 1, text.len() as u64 - 1, text.len() as u64 + 1] {
            assert_eq!(inflater.exact(&packed, wrong, &mut out), Err(Fault::Size { declared: wrong }));
        }
        let huge = 1 << 40;
        assert_eq!(inflater.exact(&packed, huge, &mut out), Err(Fault::Size { declared: huge }));
        packed[10] ^= 0x40;
        assert!(inflater.exact(&packed, text.len() as u64, &mut out).is_err());
    }

    #[test]
    fn a_prefix_needs_no_size() {
        let text = b"blob 12345\0 and much more of it".repeat(100);
        let packed = zlib(&text);
        let mut out = [0; 32];
        assert_eq!(inflate_prefix(&packed, &mut out), Ok(32));
        assert_eq!(out, text[..32]);
        assert_eq!(inflate_prefix(&zlib(b"tree 0\0"), &mut out), Ok(7));
        assert_eq!(inflate_prefix(&[], &mut out), Ok(0));
        assert_eq!(inflate_prefix(b"no zlib at all", &mut out), Err(Fault::Compression));
    }
}
