//! Remembers which literals stand in a piece of text, for texts that come again in many versions.
//!
//! A history holds a file once per change, and each version repeats nearly all of the last. Text is cut into pieces at line
//! ends that its content chooses, so that a change moves no other cut; a piece that this thread has seen is not searched
//! again. Whether that pays is watched: where little comes again, the memo steps aside.

use crate::prefilter::Prefilter;
use foldhash::quality::RandomState;
use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::ops::Range;

/// Below this a piece is not worth a look-up.
const SHORTEST: usize = 256;
/// A piece ends at the first line end after so many bytes.
const LONGEST: usize = 4096;
/// Of the line ends beyond [`SHORTEST`] one in so many is a cut.
const ONE_IN: u64 = 8;
/// Pieces and hits of one thread; beyond either all is forgotten.
const MAX_PIECES: usize = 1 << 20;
const MAX_HITS: usize = 4 << 20;
/// After so many pieces it is judged whether it pays.
const TRIAL: u32 = 4096;
/// When it does not pay, so many texts go without.
const PAUSE: u32 = 1024;

thread_local! {
    static MEMO: RefCell<Memo> = RefCell::new(Memo::default());
}

/// What one thread remembers.
#[derive(Default)]
struct Memo {
    /// Whose hits they are: [`Prefilter::number`].
    owner: u64,
    hash: RandomState,
    pieces: HashMap<u64, (u32, u32), foldhash::fast::RandomState>,
    /// Literal, and place in the piece.
    hits: Vec<(u32, u32)>,
    looked_up: u32,
    found: u32,
    pause: u32,
}

/// As [`Prefilter::scan`], with what this thread remembers.
pub(crate) fn scan(prefilter: &Prefilter, text: &[u8], mut hit: impl FnMut(u32, usize)) {
    if text.len() < 2 * SHORTEST || !prefilter.is_by_line() {
        return prefilter.scan(text, hit);
    }
    // Taken out, so that the cell is free whatever `hit` does.
    let mut memo = MEMO.take();
    if memo.owner != prefilter.number() {
        memo = Memo { owner: prefilter.number(), ..Memo::default() };
    }
    if memo.pause > 0 {
        memo.pause -= 1;
        prefilter.scan(text, hit);
    } else {
        for piece in pieces(text) {
            if piece.len() > 2 * LONGEST {
                prefilter.scan_range(text, piece, &mut hit);
                continue;
            }
            for index in memo.hits_of(prefilter, text, piece.clone()) {
                if let Some(&(literal, place)) = memo.hits.get(index) {
                    hit(literal, piece.start + place as usize);
                }
            }
        }
        memo.judge();
    }
    MEMO.set(memo);
}

impl Memo {
    /// Where the hits of the piece stand in [`Memo::hits`].
    fn hits_of(&mut self, prefilter: &Prefilter, text: &[u8], piece: Range<usize>) -> Range<usize> {
        if self.pieces.len() >= MAX_PIECES || self.hits.len() >= MAX_HITS {
            self.pieces.clear();
            self.hits.clear();
        }
        let from = self.hits.len();
        self.looked_up += 1;
        let key = self.hash.hash_one(&text[piece.clone()]);
        if let Some(&(start, end)) = self.pieces.get(&key) {
            self.found += 1;
            return start as usize..end as usize;
        }
        prefilter.scan_range(text, piece.clone(), |id, at| self.hits.push((id, (at - piece.start) as u32)));
        self.pieces.insert(key, (from as u32, self.hits.len() as u32));
        from..self.hits.len()
    }

    /// A piece that is looked up in vain costs about a tenth more than one that is only searched.
    fn judge(&mut self) {
        if self.looked_up >= TRIAL {
            if self.found * 8 < self.looked_up {
                self.pause = PAUSE;
            }
            (self.looked_up, self.found) = (0, 0);
        }
    }
}

/// Cuts text at line ends; the pieces together are the text.
fn pieces(text: &[u8]) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut lines = memchr::memchr_iter(b'\n', text);
    let mut start = 0;
    std::iter::from_fn(move || {
        if start == text.len() {
            return None;
        }
        let end = lines
            .by_ref()
            .map(|newline| newline + 1)
            .find(|&end| {
                let length = end - start;
                length >= LONGEST || length >= SHORTEST && is_cut(&text[end - 8..end])
            })
            .unwrap_or(text.len());
        let piece = start..end;
        start = end;
        Some(piece)
    })
}

/// Whether the eight bytes before a cut choose it.
fn is_cut(before: &[u8]) -> bool {
    let word = before.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    word.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32 & (ONE_IN - 1) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prefilter::Literal;
    use proptest::prelude::*;

    fn prefilter() -> Prefilter {
        let words = ["abc", "token", "xyzzy", "b0a"];
        let literals = words.iter().zip(0..).map(|(word, id)| Literal {
            bytes: word.as_bytes().to_vec(),
            ignore_case: id % 2 == 0,
            id,
        });
        Prefilter::new(literals.collect())
    }

    fn all(scan: impl FnOnce(&mut dyn FnMut(u32, usize))) -> Vec<(u32, usize)> {
        let mut hits = Vec::new();
        scan(&mut |id, at| hits.push((id, at)));
        hits.sort_unstable();
        hits
    }

    proptest! {
        /// In every version of a text the memo finds what the plain search finds.
        #[test]
        fn remembers_rightly(
            lines in prop::collection::vec("(abc|token|xyz|zy|b0|a|TOKEN| |;|0123456789){0,30}", 1..120),
            edits in prop::collection::vec((0usize..120, "(abc|token){0,3}"), 0..6),
        ) {
            let prefilter = prefilter();
            let mut lines = lines;
            for (at, new) in std::iter::once((usize::MAX, String::new())).chain(edits) {
                if let Some(line) = lines.get_mut(at) {
                    *line = new;
                }
                let text = lines.join("\n");
                let fast = all(|hit| scan(&prefilter, text.as_bytes(), hit));
                let slow = all(|hit| prefilter.scan(text.as_bytes(), hit));
                prop_assert_eq!(fast, slow);
            }
        }

        #[test]
        fn pieces_are_the_text(text in "[a-c\n]{0,4000}") {
            let cuts: Vec<Range<usize>> = pieces(text.as_bytes()).collect();
            let joined: Vec<u8> = cuts.iter().flat_map(|piece| text.as_bytes()[piece.clone()].to_vec()).collect();
            prop_assert_eq!(joined, text.as_bytes());
        }
    }

    #[test]
    fn two_sets_of_literals_do_not_mix() {
        let text = "token abc\n".repeat(200);
        let (one, two) = (
            prefilter(),
            Prefilter::new(vec![Literal { bytes: b"ken a".to_vec(), ignore_case: false, id: 0 }]),
        );
        for _ in 0..3 {
            assert_eq!(all(|hit| scan(&one, text.as_bytes(), hit)).len(), 400);
            assert_eq!(all(|hit| scan(&two, text.as_bytes(), hit)).len(), 200);
        }
    }
}
