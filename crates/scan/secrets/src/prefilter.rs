//! Finds which literals stand where, over thousands of literals in one pass.
//!
//! Every literal is represented by one window of three or four bytes, its rarest. A position of the text is a candidate
//! when the hash of its window is in a bit table that stays in the first-level cache; only candidates are compared with
//! literals. Unlike an automaton the look-ups do not depend on each other, so a processor works on several positions at
//! once, and the table is built in microseconds, which matters to a commit hook.
//!
//! Comparison ignores ASCII case in the table and honours it, per literal, in the final test.

/// A literal to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    /// At least [`Prefilter::MIN_LITERAL`] bytes.
    pub bytes: Vec<u8>,
    /// Whether ASCII case is ignored.
    pub ignore_case: bool,
    /// What the caller knows it by.
    pub id: u32,
}

/// The compiled set.
pub struct Prefilter {
    four: Table<17>,
    three: Table<14>,
    literals: Vec<Literal>,
}

/// Positions by hash: a bit table, and behind each set bit a chain of anchors.
struct Table<const BITS: u32> {
    bits: Box<[u64]>,
    /// Start of the bucket's anchors; `buckets[h]..buckets[h + 1]`.
    buckets: Vec<u32>,
    anchors: Vec<Anchor>,
}

/// One literal's window.
#[derive(Clone, Copy)]
struct Anchor {
    literal: u32,
    /// Where the window stands in the literal.
    offset: u32,
}

/// Sets the bit that tells upper from lower case in every byte. It also folds some punctuation, which costs false
/// candidates and loses none.
const FOLD: u32 = 0x2020_2020;

impl Prefilter {
    /// Shorter literals say too little to select by.
    pub const MIN_LITERAL: usize = 3;

    /// Compiles the set. Literals shorter than [`Prefilter::MIN_LITERAL`] are never reported.
    pub fn new(literals: Vec<Literal>) -> Self {
        let mut four = Vec::new();
        let mut three = Vec::new();
        for (index, literal) in literals.iter().enumerate() {
            let width = match literal.bytes.len() {
                0..Self::MIN_LITERAL => continue,
                3 => 3,
                _ => 4,
            };
            let offset = rarest_window(&literal.bytes, width);
            let window = fold_window(&literal.bytes[offset..offset + width]);
            let anchor = Anchor { literal: index as u32, offset: offset as u32 };
            if width == 4 { &mut four } else { &mut three }.push((window, anchor));
        }
        Self { four: Table::new(four), three: Table::new(three), literals }
    }

    /// Calls `hit` with literal id and start position for every occurrence, in no particular order of literals but in
    /// order of the window's position.
    pub fn scan(&self, text: &[u8], mut hit: impl FnMut(u32, usize)) {
        if text.len() < 3 {
            return;
        }
        let last = text.len() - 3;
        let mut at = 0;
        // Sixteen positions at a time: gather candidates as a mask first, so that the common case has no branch.
        while at + 20 <= text.len() {
            let block: &[u8; 20] = match text[at..at + 20].try_into() {
                Ok(block) => block,
                Err(_) => break,
            };
            let mut mask = 0u32;
            for lane in 0..16 {
                let window = u32::from_le_bytes([block[lane], block[lane + 1], block[lane + 2], block[lane + 3]]) | FOLD;
                let found = self.four.has(window) | self.three.has(window & 0x00FF_FFFF);
                mask |= u32::from(found) << lane;
            }
            while mask != 0 {
                let lane = mask.trailing_zeros() as usize;
                mask &= mask - 1;
                self.candidate(text, at + lane, &mut hit);
            }
            at += 16;
        }
        while at <= last {
            self.candidate(text, at, &mut hit);
            at += 1;
        }
    }

    #[cold]
    fn candidate(&self, text: &[u8], at: usize, hit: &mut impl FnMut(u32, usize)) {
        if let Some(window) = text.get(at..at + 4) {
            self.compare(&self.four, fold_window(window), text, at, hit);
        }
        if let Some(window) = text.get(at..at + 3) {
            self.compare(&self.three, fold_window(window), text, at, hit);
        }
    }

    fn compare<const BITS: u32>(
        &self,
        table: &Table<BITS>,
        window: u32,
        text: &[u8],
        at: usize,
        hit: &mut impl FnMut(u32, usize),
    ) {
        for anchor in table.anchors(window) {
            let literal = &self.literals[anchor.literal as usize];
            let Some(start) = at.checked_sub(anchor.offset as usize) else { continue };
            let Some(found) = text.get(start..start + literal.bytes.len()) else { continue };
            let equal = if literal.ignore_case {
                found.eq_ignore_ascii_case(&literal.bytes)
            } else {
                found == literal.bytes
            };
            if equal {
                hit(literal.id, start);
            }
        }
    }
}

impl<const BITS: u32> Table<BITS> {
    const SLOTS: usize = 1 << BITS;

    fn new(windows: Vec<(u32, Anchor)>) -> Self {
        let mut entries: Vec<(usize, Anchor)> =
            windows.into_iter().map(|(window, anchor)| (Self::slot(window), anchor)).collect();
        entries.sort_by_key(|(slot, anchor)| (*slot, anchor.literal));
        let mut bits = vec![0u64; Self::SLOTS / 64].into_boxed_slice();
        let mut buckets = vec![0u32; Self::SLOTS + 1];
        for (slot, _) in &entries {
            bits[slot / 64] |= 1 << (slot % 64);
            buckets[slot + 1] += 1;
        }
        for slot in 0..Self::SLOTS {
            buckets[slot + 1] += buckets[slot];
        }
        Self { bits, buckets, anchors: entries.into_iter().map(|(_, anchor)| anchor).collect() }
    }

    #[inline(always)]
    fn slot(window: u32) -> usize {
        (window.wrapping_mul(0x9E37_79B1) >> (32 - BITS)) as usize
    }

    #[inline(always)]
    fn has(&self, window: u32) -> bool {
        let slot = Self::slot(window);
        self.bits[slot / 64] >> (slot % 64) & 1 != 0
    }

    fn anchors(&self, window: u32) -> &[Anchor] {
        let slot = Self::slot(window);
        &self.anchors[self.buckets[slot] as usize..self.buckets[slot + 1] as usize]
    }
}

fn fold_window(window: &[u8]) -> u32 {
    let mut folded = [0u8; 4];
    for (to, from) in folded.iter_mut().zip(window) {
        *to = from | 0x20;
    }
    u32::from_le_bytes(folded)
}

/// The window whose bytes are together the rarest in source text.
fn rarest_window(literal: &[u8], width: usize) -> usize {
    (0..=literal.len() - width)
        .min_by_key(|&at| literal[at..at + width].iter().map(|&b| commonness(b)).sum::<u32>())
        .unwrap_or(0)
}

/// How common a byte is in source code, 1 to 10; a rough order from the letter frequencies of English and the
/// punctuation of common languages.
fn commonness(byte: u8) -> u32 {
    match byte.to_ascii_lowercase() {
        b' ' | b'e' | b't' => 10,
        b'a' | b'i' | b'n' | b'o' | b'r' | b's' => 9,
        b'c' | b'd' | b'l' | b'p' | b'u' | b'm' => 7,
        b'f' | b'g' | b'h' | b'b' | b'y' | b'_' | b'.' | b'(' | b')' => 6,
        b'"' | b'\'' | b',' | b'=' | b'-' | b'/' | b':' | b';' | b'v' | b'k' | b'w' | b'0' => 5,
        b'x' | b'1' | b'2' => 4,
        b'3'..=b'9' | b'j' | b'q' | b'z' => 3,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn slow(literals: &[Literal], text: &[u8]) -> Vec<(u32, usize)> {
        let mut hits = Vec::new();
        for literal in literals.iter().filter(|l| l.bytes.len() >= Prefilter::MIN_LITERAL) {
            for at in 0..text.len() {
                let Some(found) = text.get(at..at + literal.bytes.len()) else { break };
                let equal =
                    if literal.ignore_case { found.eq_ignore_ascii_case(&literal.bytes) } else { found == literal.bytes };
                if equal {
                    hits.push((literal.id, at));
                }
            }
        }
        hits.sort_unstable();
        hits
    }

    fn fast(literals: &[Literal], text: &[u8]) -> Vec<(u32, usize)> {
        let mut hits = Vec::new();
        Prefilter::new(literals.to_vec()).scan(text, |id, at| hits.push((id, at)));
        hits.sort_unstable();
        hits
    }

    proptest! {
        #[test]
        fn finds_what_the_obvious_search_finds(
            words in prop::collection::vec(("[a-cA-C_@`-]{2,7}", any::<bool>()), 1..12),
            text in "[a-cA-C_@`{-]{0,400}",
        ) {
            let literals: Vec<Literal> = words
                .into_iter()
                .enumerate()
                .map(|(id, (word, ignore_case))| Literal { bytes: word.into_bytes(), ignore_case, id: id as u32 })
                .collect();
            prop_assert_eq!(fast(&literals, text.as_bytes()), slow(&literals, text.as_bytes()));
        }
    }

    #[test]
    fn finds_at_both_ends() {
        let literals = [Literal { bytes: b"abcd".to_vec(), ignore_case: false, id: 7 }];
        for pad in 0..40 {
            let text = [vec![b'.'; pad], b"abcd".to_vec()].concat();
            assert_eq!(fast(&literals, &text), [(7, pad)], "{pad} bytes before");
            let text = [b"abcd".to_vec(), vec![b'.'; pad]].concat();
            assert_eq!(fast(&literals, &text), [(7, 0)], "{pad} bytes after");
        }
    }
}
