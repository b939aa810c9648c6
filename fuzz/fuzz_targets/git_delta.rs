//! A delta on a base: the result is of the declared size and within the limit, or there is an error.
//!
//! Input: one byte, the length of the base in units of 16 bytes; the base; the delta.
#![no_main]

use bartizan_source::git::{apply_delta, delta_sizes};
use libfuzzer_sys::fuzz_target;

const LIMIT: usize = 1 << 20;

fuzz_target!(|input: &[u8]| {
    let Some((&units, rest)) = input.split_first() else { return };
    let (base, delta) = rest.split_at(rest.len().min(usize::from(units) * 16));
    if let Ok(result) = apply_delta(base, delta, LIMIT) {
        let sizes = delta_sizes(delta).expect("an applied delta has sizes");
        assert_eq!(result.len() as u64, sizes.result);
        assert_eq!(base.len() as u64, sizes.base);
        assert!(result.len() <= LIMIT);
        // The same under the tightest limit, and refused under a tighter one.
        assert_eq!(apply_delta(base, delta, result.len()).as_ref(), Ok(&result));
        if let Some(less) = result.len().checked_sub(1) {
            assert!(apply_delta(base, delta, less).is_err());
        }
    }
});
