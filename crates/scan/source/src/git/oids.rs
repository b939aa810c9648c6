//! The sorted table of all object ids of a repository; the rest of this module names objects by their position in it.

use std::cmp::Ordering;

/// Object ids in order, without duplicates, all of one length.
#[derive(Debug, Default)]
pub(super) struct Oids {
    bytes: Vec<u8>,
    length: usize,
    /// For each first two bytes, where their ids begin; one more for the end.
    starts: Vec<u32>,
}

impl Oids {
    /// Sorts ids of `length` (20 or 32) bytes each, which lie one after the other.
    pub(super) fn new(mut bytes: Vec<u8>, length: usize) -> Self {
        if length == 20 {
            sort::<20>(&mut bytes);
        } else {
            sort::<32>(&mut bytes);
        }
        let mut starts = vec![0_u32; 0x1_0001];
        for id in bytes.chunks_exact(length) {
            starts[bucket(id) + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        Self { bytes, length, starts }
    }

    /// How many.
    pub(super) fn len(&self) -> usize {
        self.bytes.len() / self.length.max(1)
    }

    /// Bytes of one id.
    pub(super) fn id_length(&self) -> usize {
        self.length
    }

    /// The id at a position; empty beyond the end.
    pub(super) fn get(&self, object: u32) -> &[u8] {
        let start = object as usize * self.length;
        self.bytes.get(start..start + self.length).unwrap_or(&[])
    }

    /// The id at a position, in hexadecimal.
    pub(super) fn hex(&self, object: u32) -> String {
        hex(self.get(object))
    }

    /// The position of an id.
    pub(super) fn find(&self, id: &[u8]) -> Option<u32> {
        if id.len() != self.length {
            return None;
        }
        let bucket = bucket(id);
        let (mut low, mut high) = (self.starts[bucket], self.starts[bucket + 1]);
        let key = key(id);
        // Ids are evenly spread, so what follows the first two bytes tells about where in the bucket it is; from there
        // in growing steps. A plain binary search looks at five times as many places that are in no cache.
        let fraction = (key << 16) >> 32;
        let mut guess = low + ((u64::from(high - low) * fraction) >> 32) as u32;
        let mut step = 1;
        while low < high {
            let other = self.get(guess);
            // Eight bytes nearly always decide, and compare faster than a slice does.
            match self::key(other).cmp(&key).then_with(|| other.cmp(id)) {
                Ordering::Less => {
                    low = guess + 1;
                    guess = (low + step).min(low + (high - low) / 2);
                }
                Ordering::Greater => {
                    high = guess;
                    guess = high.saturating_sub(step + 1).max(low + (high - low) / 2);
                }
                Ordering::Equal => return Some(guess),
            }
            step *= 2;
        }
        None
    }
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]])
        .map(char::from)
        .collect()
}

/// The bytes that hexadecimal digits of either case stand for.
pub(super) fn unhex(text: &[u8]) -> Option<Vec<u8>> {
    let (pairs, []) = text.as_chunks::<2>() else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|d| d as u8);
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}

fn bucket(id: &[u8]) -> usize {
    usize::from(u16::from_be_bytes([id[0], id[1]]))
}

/// The first eight bytes as a number of the same order.
fn key(id: &[u8]) -> u64 {
    id.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// A stable sort: it merges the sorted runs that pack indexes give us instead of starting over.
fn sort<const N: usize>(bytes: &mut Vec<u8>) {
    let (ids, _) = bytes.as_chunks_mut::<N>();
    if !ids.is_sorted() {
        ids.sort();
    }
    let mut kept = 0;
    for i in 0..ids.len() {
        if kept == 0 || ids[kept - 1] != ids[i] {
            ids[kept] = ids[i];
            kept += 1;
        }
    }
    bytes.truncate(kept * N);
    bytes.shrink_to_fit();
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finds_among_neighbours(ids in prop::collection::btree_set(any::<[u8; 2]>(), 0..300), others: [[u8; 2]; 8]) {
            // All in one bucket, and not evenly spread.
            let long = |id: &[u8; 2]| [&[9, 9, 0][..], id, &[1; 15]].concat();
            let oids = Oids::new(ids.iter().flat_map(long).collect(), 20);
            for (i, id) in ids.iter().enumerate() {
                prop_assert_eq!(oids.find(&long(id)), Some(i as u32));
            }
            for id in others {
                prop_assert_eq!(oids.find(&long(&id)).is_some(), ids.contains(&id));
            }
        }

        #[test]
        fn finds_what_is_there(ids in prop::collection::btree_set(any::<[u8; 20]>(), 0..50), others: [[u8; 20]; 4]) {
            let mut bytes: Vec<u8> = ids.iter().rev().flatten().copied().collect();
            bytes.extend(ids.iter().flatten());
            let oids = Oids::new(bytes, 20);
            prop_assert_eq!(oids.len(), ids.len());
            for (i, id) in ids.iter().enumerate() {
                prop_assert_eq!(oids.find(id), Some(i as u32));
                prop_assert_eq!(unhex(oids.hex(i as u32).as_bytes()), Some(id.to_vec()));
            }
            for id in others {
                prop_assert_eq!(oids.find(&id).is_some(), ids.contains(&id));
            }
        }
    }

    #[test]
    fn only_whole_pairs_of_digits_are_hexadecimal() {
        assert_eq!(unhex(b"0aFf"), Some(vec![0x0a, 0xff]));
        assert_eq!((unhex(b"0a1"), unhex(b"0g"), unhex("é".as_bytes())), (None, None, None));
    }
}
