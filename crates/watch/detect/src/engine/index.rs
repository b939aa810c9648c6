//! The tests of one field, found by what a value is rather than asked one by one.

use super::compile::Predicate;
use super::matcher::{Matcher, Text, longest};
use super::value::Value;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};
use foldhash::HashMap;

/// Patterns up to which the faster, larger automaton is built.
const SMALL: usize = 500;

/// Where in a value a pattern has to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Anywhere,
    Start,
    End,
    /// The pattern is only a piece: the whole test has to be asked.
    Piece,
}

#[derive(Debug, Default)]
struct Automaton {
    automaton: Option<AhoCorasick>,
    /// For each pattern the tests it stands for.
    tests: Vec<Vec<(Place, u32)>>,
}

/// The indexed predicates of one field.
#[derive(Debug, Default)]
pub(super) struct FieldIndex {
    whole: HashMap<Box<[u8]>, Vec<u32>>,
    whole_cased: HashMap<Box<[u8]>, Vec<u32>>,
    numbers: HashMap<u64, Vec<u32>>,
    pieces: Automaton,
    pieces_cased: Automaton,
}

impl FieldIndex {
    /// An index of the predicates with these numbers.
    ///
    /// # Errors
    /// The automaton would be too large.
    pub(super) fn new(numbers: &[u32], predicates: &[Predicate]) -> Result<Self, String> {
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
        index.pieces = Automaton::new(&plain)?;
        index.pieces_cased = Automaton::new(&cased)?;
        Ok(index)
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
        if !self.whole.is_empty() || self.pieces.automaton.is_some() {
            let lower = value.lower();
            if let Some(found) = self.whole.get(lower) {
                found.iter().for_each(|&number| hit(number));
            }
            self.pieces.look(lower, predicates, hit);
        }
        if !self.whole_cased.is_empty() || self.pieces_cased.automaton.is_some() {
            let text = value.text();
            if let Some(found) = self.whole_cased.get(text) {
                found.iter().for_each(|&number| hit(number));
            }
            self.pieces_cased.look(text, predicates, hit);
        }
    }
}

/// Nought has two forms.
fn normal(bits: u64) -> u64 {
    if f64::from_bits(bits) == 0.0 { 0 } else { bits }
}

impl Automaton {
    fn new(list: &[(&[u8], Place, u32)]) -> Result<Self, String> {
        let mut patterns: Vec<&[u8]> = Vec::new();
        let mut tests: Vec<Vec<(Place, u32)>> = Vec::new();
        let mut known: HashMap<&[u8], usize> = HashMap::default();
        for &(text, place, number) in list {
            let at = *known.entry(text).or_insert_with(|| {
                patterns.push(text);
                tests.push(Vec::new());
                patterns.len() - 1
            });
            if let Some(tests) = tests.get_mut(at) {
                tests.push((place, number));
            }
        }
        if patterns.is_empty() {
            return Ok(Self::default());
        }
        let kind =
            if patterns.len() <= SMALL { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
        let automaton = AhoCorasickBuilder::new()
            .match_kind(MatchKind::Standard)
            .kind(Some(kind))
            .build(&patterns)
            .map_err(|error| error.to_string())?;
        Ok(Self { automaton: Some(automaton), tests })
    }

    fn look(&self, text: &[u8], predicates: &[Predicate], hit: &mut impl FnMut(u32)) {
        let Some(automaton) = &self.automaton else { return };
        for found in automaton.find_overlapping_iter(text) {
            for &(place, number) in self.tests.get(found.pattern().as_usize()).into_iter().flatten() {
                let holds = match place {
                    Place::Anywhere => true,
                    Place::Start => found.start() == 0,
                    Place::End => found.end() == text.len(),
                    Place::Piece => match predicates.get(number as usize).map(|one| &one.matcher) {
                        Some(Matcher::Text { text: whole, .. }) => whole.holds(text),
                        _ => false,
                    },
                };
                if holds {
                    hit(number);
                }
            }
        }
    }
}
