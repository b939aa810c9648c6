//! A set of small numbers, one bit each.

/// A set of numbers below a fixed bound.
#[derive(Clone, Debug, Default)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// The empty set of numbers below `bound`.
    pub(super) fn new(bound: usize) -> Self {
        Self(vec![0; bound.div_ceil(64)])
    }

    /// Whether `number` is in the set; a number at or over the bound is not.
    pub(super) fn has(&self, number: u32) -> bool {
        self.0.get(number as usize / 64).is_some_and(|word| word & (1 << (number % 64)) != 0)
    }

    /// Adds `number`, which is below the bound; whether it was new.
    pub(super) fn add(&mut self, number: u32) -> bool {
        let (word, bit) = (&mut self.0[number as usize / 64], 1 << (number % 64));
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::Bits;

    #[test]
    fn remembers_what_was_added() {
        let mut bits = Bits::new(130);
        assert!(bits.add(0) && bits.add(64) && bits.add(129) && !bits.add(129));
        let members: Vec<u32> = (0..200).filter(|n| bits.has(*n)).collect();
        assert_eq!((members, bits.count()), (vec![0, 64, 129], 3));
    }
}
