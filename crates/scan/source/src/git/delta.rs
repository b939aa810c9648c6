//! Git's delta format: a list of "copy from the base" and "insert these bytes" instructions.
//!
//! Source of facts: git's `Documentation/gitformat-pack.adoc`, section "Deltified representation".

/// Why a delta cannot be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeltaError {
    /// The instructions end in the middle of one.
    #[error("the delta is cut short")]
    Truncated,
    /// A size takes more than 63 bits.
    #[error("the delta declares an impossible size")]
    Size,
    /// Made for a base of another size.
    #[error("the delta is for a base of {declared} bytes, the base has {actual}")]
    WrongBase {
        /// What the delta says.
        declared: u64,
        /// What there is.
        actual: u64,
    },
    /// A copy reaches outside the base.
    #[error("the delta copies from outside its base")]
    OutsideBase,
    /// Instruction 0, which is reserved.
    #[error("the delta has a reserved instruction")]
    Reserved,
    /// The instructions yield more or fewer bytes than declared.
    #[error("the delta yields another size than the {declared} bytes it declares")]
    WrongResult {
        /// What the delta says.
        declared: u64,
    },
    /// The result would be larger than allowed.
    #[error("the delta's result of {declared} bytes is over the limit of {limit}")]
    OverLimit {
        /// What the delta says.
        declared: u64,
        /// What the caller allows.
        limit: u64,
    },
}

/// The two sizes at a delta's beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeltaSizes {
    /// Bytes of the base it was made for.
    pub base: u64,
    /// Bytes of the result.
    pub result: u64,
    /// Where the instructions begin.
    pub instructions: usize,
}

/// Applies `delta` to `base`; a result of more than `limit` bytes is refused before anything is allocated.
///
/// # Errors
/// When the delta is malformed, was made for another base, or exceeds the limit.
pub fn apply_delta(base: &[u8], delta: &[u8], limit: usize) -> Result<Vec<u8>, DeltaError> {
    let mut out = Vec::new();
    apply_into(base, delta, &mut out, limit)?;
    Ok(out)
}

/// Reads the sizes at the beginning of `delta`.
///
/// # Errors
/// When they are cut short or too large.
pub fn delta_sizes(delta: &[u8]) -> Result<DeltaSizes, DeltaError> {
    let mut at = 0;
    let base = size(delta, &mut at)?;
    let result = size(delta, &mut at)?;
    Ok(DeltaSizes { base, result, instructions: at })
}

/// As [`apply_delta`], into a buffer that is used again.
pub(super) fn apply_into(
    base: &[u8],
    delta: &[u8],
    out: &mut Vec<u8>,
    limit: usize,
) -> Result<(), DeltaError> {
    let sizes = delta_sizes(delta)?;
    let actual = base.len() as u64;
    if sizes.base != actual {
        return Err(DeltaError::WrongBase { declared: sizes.base, actual });
    }
    let declared = sizes.result;
    let over = DeltaError::OverLimit { declared, limit: limit as u64 };
    let total = usize::try_from(declared).ok().filter(|total| *total <= limit).ok_or(over)?;
    out.clear();
    out.try_reserve_exact(total).map_err(|_| over)?;

    let mut rest = &delta[sizes.instructions..];
    while let Some((&instruction, after)) = rest.split_first() {
        rest = after;
        let piece = if instruction & 0x80 != 0 {
            let (offset, length) = copy_operands(instruction, &mut rest)?;
            base.get(offset..).and_then(|tail| tail.get(..length)).ok_or(DeltaError::OutsideBase)?
        } else if instruction != 0 {
            let (piece, after) =
                rest.split_at_checked(usize::from(instruction)).ok_or(DeltaError::Truncated)?;
            rest = after;
            piece
        } else {
            return Err(DeltaError::Reserved);
        };
        if piece.len() > total - out.len() {
            return Err(DeltaError::WrongResult { declared });
        }
        out.extend_from_slice(piece);
    }
    if out.len() == total { Ok(()) } else { Err(DeltaError::WrongResult { declared }) }
}

/// Bits 0 to 3 of a copy instruction say which of four offset bytes follow, bits 4 to 6 which of three length bytes.
fn copy_operands(instruction: u8, rest: &mut &[u8]) -> Result<(usize, usize), DeltaError> {
    let mut value = [0_u8; 7];
    for (bit, slot) in value.iter_mut().enumerate() {
        if instruction & (1 << bit) != 0 {
            let (&byte, after) = rest.split_first().ok_or(DeltaError::Truncated)?;
            *slot = byte;
            *rest = after;
        }
    }
    let [o0, o1, o2, o3, l0, l1, l2] = value;
    let offset = u32::from_le_bytes([o0, o1, o2, o3]) as usize;
    let length = u32::from_le_bytes([l0, l1, l2, 0]) as usize;
    Ok((offset, if length == 0 { 0x10000 } else { length }))
}

/// Seven bits per byte, least significant first.
fn size(delta: &[u8], at: &mut usize) -> Result<u64, DeltaError> {
    let mut value = 0_u64;
    for shift in (0..63).step_by(7) {
        let byte = *delta.get(*at).ok_or(DeltaError::Truncated)?;
        *at += 1;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(DeltaError::Size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn put_size(out: &mut Vec<u8>, mut value: usize) {
        while value >= 0x80 {
            out.push(value as u8 | 0x80);
            value >>= 7;
        }
        out.push(value as u8);
    }

    fn put_copy(out: &mut Vec<u8>, offset: usize, length: usize) {
        let operands = [
            offset as u8,
            (offset >> 8) as u8,
            (offset >> 16) as u8,
            (offset >> 24) as u8,
            length as u8,
            (length >> 8) as u8,
            (length >> 16) as u8,
        ];
        let mask = operands.iter().enumerate().fold(0_u8, |mask, (i, b)| mask | (u8::from(*b != 0) << i));
        out.push(0x80 | mask);
        out.extend(operands.into_iter().filter(|b| *b != 0));
    }

    #[derive(Clone, Debug)]
    enum Op {
        Copy(prop::sample::Index, prop::sample::Index),
        Insert(Vec<u8>),
    }

    fn op() -> impl Strategy<Value = Op> {
        prop_oneof![
            any::<(prop::sample::Index, prop::sample::Index)>().prop_map(|(a, b)| Op::Copy(a, b)),
            prop::collection::vec(any::<u8>(), 1..127).prop_map(Op::Insert),
        ]
    }

    proptest! {
        #[test]
        fn instructions_do_what_they_say(
            base in prop::collection::vec(any::<u8>(), 1..70_000),
            ops in prop::collection::vec(op(), 0..40),
        ) {
            let (mut expected, mut body) = (Vec::new(), Vec::new());
            for op in ops {
                match op {
                    Op::Copy(a, b) => {
                        let from = a.index(base.len());
                        let length = 1 + b.index(base.len() - from);
                        put_copy(&mut body, from, length);
                        expected.extend_from_slice(&base[from..from + length]);
                    }
                    Op::Insert(bytes) => {
                        body.push(bytes.len() as u8);
                        body.extend_from_slice(&bytes);
                        expected.extend_from_slice(&bytes);
                    }
                }
            }
            let mut delta = Vec::new();
            put_size(&mut delta, base.len());
            put_size(&mut delta, expected.len());
            delta.extend_from_slice(&body);
            prop_assert_eq!(apply_delta(&base, &delta, expected.len()), Ok(expected.clone()));
            if !expected.is_empty() {
                let limit = expected.len() - 1;
                let over = DeltaError::OverLimit { declared: expected.len() as u64, limit: limit as u64 };
                prop_assert_eq!(apply_delta(&base, &delta, limit), Err(over));
                let cut = apply_delta(&base, &delta[..delta.len() - 1], expected.len());
                prop_assert!(cut.is_err());
            }
        }

        #[test]
        fn junk_never_yields_more_than_allowed(
            base in prop::collection::vec(any::<u8>(), 0..300),
            delta in prop::collection::vec(any::<u8>(), 0..60),
        ) {
            if let Ok(out) = apply_delta(&base, &delta, 4096) {
                prop_assert!(out.len() <= 4096);
            }
        }
    }

    #[test]
    fn a_copy_of_length_zero_means_64_kib() {
        let base = vec![7; 0x10000];
        let mut delta = Vec::new();
        put_size(&mut delta, base.len());
        put_size(&mut delta, base.len());
        delta.push(0x80);
        assert_eq!(apply_delta(&base, &delta, 1 << 20), Ok(base));
    }

    #[test]
    fn each_fault_has_its_error() {
        let base = b"0123456789";
        let cases: [(&[u8], DeltaError); 8] = [
            (&[], DeltaError::Truncated),
            (&[0xff; 12], DeltaError::Size),
            (&[9, 1, 1, b'a'], DeltaError::WrongBase { declared: 9, actual: 10 }),
            (&[10, 4, 0x91, 8, 4], DeltaError::OutsideBase),
            (&[10, 4, 0x91, 8], DeltaError::Truncated),
            (&[10, 1, 0], DeltaError::Reserved),
            (&[10, 2, 1, b'a'], DeltaError::WrongResult { declared: 2 }),
            (&[10, 1, 2, b'a', b'b'], DeltaError::WrongResult { declared: 1 }),
        ];
        for (delta, error) in cases {
            assert_eq!(apply_delta(base, delta, 100), Err(error), "{delta:?}");
        }
    }
}
