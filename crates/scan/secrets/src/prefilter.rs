//! Finds which literals stand where, over thousands of literals in one pass.
//!
//! Every literal is represented by one window of three or four bytes, its rarest. A position of the text is a candidate
//! when the hash of its window opens a small table (`Gate`); only candidates are compared with literals. Unlike an automaton the look-ups do not depend on each other, so a processor works on several positions at
//! once, and the table is built in microseconds, which matters to a commit hook.
//!
//! Comparison ignores ASCII case in the table and honours it, per literal, in the final test.

mod frequency;

use crate::judge::value::randomness;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

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
    gate: Gate,
    four: Table<19>,
    three: Table<14>,
    literals: Vec<Literal>,
    number: u64,
    by_line: bool,
}

/// What nearly every position fails: by the hash of three bytes, the set of fourth bytes (in eight classes) that may
/// follow. 64 KiB, so that it stays in the nearer caches; one look-up per position.
struct Gate(Box<[u8; 1 << 16]>);

impl Gate {
    fn new(four: &[(u32, Anchor)], three: &[(u32, Anchor)]) -> Self {
        let mut classes = Box::new([0u8; 1 << 16]);
        for (window, _) in four {
            classes[Self::place(*window)] |= 1 << (window >> 24 & 7);
        }
        for (window, _) in three {
            classes[Self::place(*window)] = u8::MAX;
        }
        Self(classes)
    }

    #[inline(always)]
    fn place(window: u32) -> usize {
        usize::from(((window & 0x00FF_FFFF).wrapping_mul(0x9E37_79B1) >> 16) as u16)
    }

    #[inline(always)]
    fn opens(&self, window: u32) -> bool {
        self.0[Self::place(window)] >> (window >> 24 & 7) & 1 != 0
    }
}

/// Windows by hash: a bit table that nearly every position fails, then the exact windows.
struct Table<const BITS: u32> {
    bits: Box<[u64]>,
    /// Open addressing by the window itself: window, and where its anchors start. Twice as many places as windows.
    windows: Vec<(u32, u32)>,
    /// Anchors of one window stand together; the last is marked.
    anchors: Vec<Anchor>,
}

/// One literal's window.
#[derive(Clone, Copy)]
struct Anchor {
    literal: u32,
    /// Where the window stands in the literal.
    offset: u32,
    /// The literal's first bytes, folded, and which of the eight count: most false candidates end here, without a look at
    /// the literal itself.
    start: u64,
    mask: u64,
    /// Whether the next anchor belongs to another window.
    last: bool,
}

impl Anchor {
    #[inline(always)]
    fn may_stand_at(&self, text: &[u8], start: usize) -> bool {
        let eight = text.get(start..start + 8).and_then(|bytes| <[u8; 8]>::try_from(bytes).ok());
        eight.is_none_or(|bytes| (u64::from_le_bytes(bytes) | FOLD) & self.mask == self.start)
    }
}

/// The first eight bytes of a literal, folded, and a mask of those that it has.
fn folded_start(literal: &[u8]) -> (u64, u64) {
    let (mut bytes, mut mask) = ([0; 8], [0; 8]);
    for (index, byte) in literal.iter().take(8).enumerate() {
        bytes[index] = byte | 0x20;
        mask[index] = u8::MAX;
    }
    (u64::from_le_bytes(bytes), u64::from_le_bytes(mask))
}

/// Marks a free place among the windows.
const FREE: u32 = u32::MAX;

/// Sets the bit that tells upper from lower case in every byte. It also folds some punctuation, which costs false
/// candidates and loses none.
const FOLD: u64 = 0x2020_2020_2020_2020;

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
            let (start, mask) = folded_start(&literal.bytes);
            let anchor = Anchor { literal: index as u32, offset: offset as u32, start, mask, last: false };
            if width == 4 { &mut four } else { &mut three }.push((window, anchor));
        }
        let gate = Gate::new(&four, &three);
        static NUMBER: AtomicU64 = AtomicU64::new(1);
        Self {
            gate,
            four: Table::new(four),
            three: Table::new(three),
            by_line: literals.iter().all(|literal| !literal.bytes.contains(&b'\n')),
            literals,
            number: NUMBER.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// Tells this set from every other of the process.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Whether no literal reaches over a line end.
    pub(crate) fn is_by_line(&self) -> bool {
        self.by_line
    }

    /// Calls `hit` with literal id and start position for every occurrence, in no particular order of literals but in
    /// order of the window's position.
    pub fn scan(&self, text: &[u8], hit: impl FnMut(u32, usize)) {
        self.scan_range(text, 0..text.len(), hit);
    }

    /// As [`Prefilter::scan`], of the literals whose window starts in `range`.
    pub(crate) fn scan_range(&self, text: &[u8], range: Range<usize>, mut hit: impl FnMut(u32, usize)) {
        let end = range.end.min(text.len().saturating_sub(2));
        let mut at = range.start;
        // Sixteen positions at a time: gather candidates as a mask first, so that the common case has no branch. Each
        // eight bytes hold the windows of four positions.
        while at + 16 <= end && at + 20 <= text.len() {
            let mut mask = 0u32;
            for quarter in 0..4 {
                let from = at + quarter * 4;
                let Some(bytes) = text.get(from..from + 8).and_then(|bytes| <[u8; 8]>::try_from(bytes).ok())
                else {
                    break;
                };
                let eight = u64::from_le_bytes(bytes) | FOLD;
                for lane in 0..4 {
                    mask |= u32::from(self.gate.opens((eight >> (lane * 8)) as u32)) << (quarter * 4 + lane);
                }
            }
            while mask != 0 {
                let lane = mask.trailing_zeros() as usize;
                mask &= mask - 1;
                self.candidate(text, at + lane, &mut hit);
            }
            at += 16;
        }
        while at < end {
            self.candidate(text, at, &mut hit);
            at += 1;
        }
    }

    #[inline(never)]
    fn candidate(&self, text: &[u8], at: usize, hit: &mut impl FnMut(u32, usize)) {
        if let Some(window) = text.get(at..at + 4) {
            let window = fold_window(window);
            if self.four.has(window) {
                self.compare(&self.four, window, text, at, hit);
            }
        }
        if let Some(window) = text.get(at..at + 3) {
            let window = fold_window(window);
            if self.three.has(window) {
                self.compare(&self.three, window, text, at, hit);
            }
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
            if let Some(start) = at.checked_sub(anchor.offset as usize)
                && anchor.may_stand_at(text, start)
                && let Some(literal) = self.literals.get(anchor.literal as usize)
                && let Some(found) = text.get(start..start + literal.bytes.len())
                && (found == literal.bytes
                    || literal.ignore_case && found.eq_ignore_ascii_case(&literal.bytes))
            {
                hit(literal.id, start);
            }
            if anchor.last {
                break;
            }
        }
    }
}

impl<const BITS: u32> Table<BITS> {
    fn new(mut entries: Vec<(u32, Anchor)>) -> Self {
        entries.sort_by_key(|(window, anchor)| (*window, anchor.literal));
        let mut bits = vec![0u64; (1 << BITS) / 64].into_boxed_slice();
        let places = (entries.len() * 2).next_power_of_two().max(2);
        let mut windows = vec![(0, FREE); places];
        for (index, (window, _)) in entries.iter().enumerate() {
            if index > 0 && entries[index - 1].0 == *window {
                continue;
            }
            let slot = Self::slot(*window);
            bits[slot / 64] |= 1 << (slot % 64);
            let mut place = Self::place(*window, places);
            while windows[place].1 != FREE {
                place = (place + 1) & (places - 1);
            }
            windows[place] = (*window, index as u32);
        }
        let ends: Vec<bool> = (0..entries.len())
            .map(|i| entries.get(i + 1).is_none_or(|next| next.0 != entries[i].0))
            .collect();
        let anchors =
            entries.into_iter().zip(ends).map(|((_, anchor), last)| Anchor { last, ..anchor }).collect();
        Self { bits, windows, anchors }
    }

    #[inline(always)]
    fn slot(window: u32) -> usize {
        (window.wrapping_mul(0x9E37_79B1) >> (32 - BITS)) as usize
    }

    #[inline(always)]
    fn place(window: u32, places: usize) -> usize {
        ((window ^ (window >> 15)).wrapping_mul(0x85EB_CA6B) >> 8) as usize & (places - 1)
    }

    #[inline(always)]
    fn has(&self, window: u32) -> bool {
        let slot = Self::slot(window);
        self.bits[slot / 64] >> (slot % 64) & 1 != 0
    }

    #[inline]
    fn anchors(&self, window: u32) -> &[Anchor] {
        let places = self.windows.len();
        let mut place = Self::place(window, places);
        loop {
            let (found, start) = self.windows[place];
            if start == FREE {
                return &[];
            }
            if found == window {
                return &self.anchors[start as usize..];
            }
            place = (place + 1) & (places - 1);
        }
    }
}

fn fold_window(window: &[u8]) -> u32 {
    let mut folded = [0u8; 4];
    for (to, from) in folded.iter_mut().zip(window) {
        *to = from | 0x20;
    }
    u32::from_le_bytes(folded)
}

/// The window that source code has least often: by counts where it is frequent, else by the pairs of letters in it.
fn rarest_window(literal: &[u8], width: usize) -> usize {
    (0..=literal.len() - width)
        .min_by(|&a, &b| {
            let window = |at: usize| &literal[at..at + width];
            let by_count = frequency(window(a)).cmp(&frequency(window(b)));
            by_count.then_with(|| rarity(window(b)).total_cmp(&rarity(window(a)))).then(a.cmp(&b))
        })
        .unwrap_or(0)
}

/// Four times the binary logarithm of how often code has the window in a megabyte; 0 where that is not often.
fn frequency(window: &[u8]) -> u8 {
    let table: &[(u32, u8)] = if window.len() == 3 { &frequency::THREE } else { &frequency::FOUR };
    let folded = fold_window(window);
    table.binary_search_by_key(&folded, |entry| entry.0).map_or(0, |place| table[place].1)
}

/// How rare the bytes are in source code, in bits over random text; the bit that folding loses is counted off.
fn rarity(window: &[u8]) -> f64 {
    let lower = window.to_ascii_lowercase();
    randomness(&lower) + if window.iter().any(u8::is_ascii_digit) { 0.5 } else { 0.0 }
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
                let equal = if literal.ignore_case {
                    found.eq_ignore_ascii_case(&literal.bytes)
                } else {
                    found == literal.bytes
                };
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
