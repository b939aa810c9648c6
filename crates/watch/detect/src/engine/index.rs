//! The tests of one field, found by what a value is rather than asked one by one.

use super::compile::Predicate;
use super::matcher::{Matcher, Text, longest};
use super::pieces::{Pieces, Place};
use super::value::Value;
use foldhash::HashMap;

/// The indexed predicates of one field.
#[derive(Debug, Default)]
pub(super) struct FieldIndex {
    whole: HashMap<Box<[u8]>, Vec<u32>>,
    /// Lengths of the texts in `whole`, one bit each; the last bit is for all that are longer.
    lengths: u64,
    whole_cased: HashMap<Box<[u8]>, Vec<u32>>,
    numbers: HashMap<u64, Vec<u32>>,
    pieces: Pieces,
    pieces_cased: Pieces,
}

impl FieldIndex {
    /// An index of the predicates with these numbers.
    pub(super) fn new(numbers: &[u32], predicates: &[Predicate]) -> Self {
        let mut index = Self::default();
        let mut plain: Vec<(&[u8], Place, u32)> = Vec::new();
        let mut cased: Vec<(&[u8], Place, u32)> = Vec::new();
        for &number in numbers {
            let Some(predicate) = predicates.get(number as usize) else { continue };
            match &predicate.matcher {
                Matcher::Number(bits) => index.numbers.entry(normal(*bits)).or_default().push(number),
                Matcher::Text { text, cased: with_case } => {
                    let list = if *with_case { &mut cased } else { &mut plain };
                    match text {
                        Text::Is(text) => {
                            let map = if *with_case { &mut index.whole_cased } else { &mut index.whole };
                            map.entry(text.clone()).or_default().push(number);
                            if !with_case {
                                index.lengths |= 1 << text.len().min(63);
                            }
                        }
                        Text::Starts(text) => list.push((text, Place::Start, number)),
                        Text::Ends(text) => list.push((text, Place::End, number)),
                        Text::Contains(text) => list.push((text, Place::Anywhere, number)),
                        Text::Wild(pieces) => {
                            if let Some(text) = longest(pieces) {
                                list.push((text, Place::Piece, number));
                            }
                        }
                        Text::Anything => {}
                    }
                }
                _ => {}
            }
        }
        index.pieces = Pieces::new(&plain);
        index.pieces_cased = Pieces::new(&cased);
        index
    }

    /// Calls `hit` for each predicate that the value meets; maybe more than once for one.
    pub(super) fn look(&self, value: &mut Value<'_>, predicates: &[Predicate], hit: &mut impl FnMut(u32)) {
        if !value.is_text() {
            return;
        }
        if !self.numbers.is_empty()
            && let Some(number) = value.number()
            && let Some(found) = self.numbers.get(&normal(number.to_bits()))
        {
            found.iter().for_each(|&number| hit(number));
        }
        let pieces = !self.pieces.is_empty()
            && value.outermost().is_none_or(|(first, last)| self.pieces.may_hold(first, last));
        let whole = !self.whole.is_empty()
            && value.length().is_none_or(|length| self.lengths & 1 << length.min(63) != 0);
        if whole || pieces {
            let lower = value.lower();
            if whole && let Some(found) = self.whole.get(lower) {
                found.iter().for_each(|&number| hit(number));
            }
            if pieces {
                look(&self.pieces, lower, predicates, hit);
            }
        }
        if !self.whole_cased.is_empty() || !self.pieces_cased.is_empty() {
            let text = value.text();
            if let Some(found) = self.whole_cased.get(text) {
                found.iter().for_each(|&number| hit(number));
            }
            look(&self.pieces_cased, text, predicates, hit);
        }
    }
}

/// Nought has two forms.
fn normal(bits: u64) -> u64 {
    if f64::from_bits(bits) == 0.0 { 0 } else { bits }
}

fn look(pieces: &Pieces, text: &[u8], predicates: &[Predicate], hit: &mut impl FnMut(u32)) {
    pieces.look(text, &mut |place, number| {
        let holds = place != Place::Piece
            || match predicates.get(number as usize).map(|one| &one.matcher) {
                Some(Matcher::Text { text: whole, .. }) => whole.holds(text),
                _ => false,
            };
        if holds {
            hit(number);
        }
    });
}
