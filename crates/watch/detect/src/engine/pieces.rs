//! Finds which of many short texts a value contains, begins with or ends with.
//!
//! A text that may stand anywhere is represented by its rarest window of four bytes (or two, if it is shorter). One look at a
//! bit table per position of the value tells whether a window may begin there; the table is small enough for the first-level
//! cache. Texts at the ends are found by their outermost eight or four bytes. Everything found so is compared in full.

use foldhash::{HashMap, HashMapExt};
use memchr::memmem;

/// Where in a value a text has to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Anywhere,
    Start,
    End,
    /// The text is only a piece of a pattern: the whole test has to be asked.
    Piece,
}

/// Bits of the table of windows, at least and at most.
const TABLE_BITS: std::ops::RangeInclusive<u32> = 10..=19;

/// Many texts, and what each stands for.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    texts: Vec<Piece>,
    four: Windows,
    two: Windows,
    /// Texts of one byte.
    single: HashMap<u8, Vec<u32>>,
    starts: Ends,
    ends: Ends,
    empty: bool,
    /// Some texts may stand anywhere.
    anywhere: bool,
}

#[derive(Debug)]
struct Piece {
    text: Box<[u8]>,
    /// What it stands for where it stands anywhere.
    anywhere: Vec<(Place, u32)>,
    start: Vec<u32>,
    end: Vec<u32>,
}

#[derive(Debug, Default)]
struct Windows {
    shift: u32,
    bits: Vec<u64>,
    /// From the window to the texts: where in the text the window is, and which text.
    texts: HashMap<u32, Vec<(u32, u32)>>,
}

/// A set of bytes.
#[derive(Clone, Copy, Debug, Default)]
struct ByteSet([u64; 4]);

impl ByteSet {
    fn insert(&mut self, byte: u8) {
        self.0[usize::from(byte >> 6)] |= 1 << (byte & 63);
    }

    fn contains(self, byte: u8) -> bool {
        self.0[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1
    }
}

#[derive(Debug, Default)]
struct Ends {
    /// The outermost bytes that texts have.
    outermost: ByteSet,
    eight: HashMap<u64, Vec<u32>>,
    four: HashMap<u32, Vec<u32>>,
    short: Vec<u32>,
}

impl Pieces {
    pub(super) fn new(list: &[(&[u8], Place, u32)]) -> Self {
        let mut pieces = Self { empty: list.is_empty(), ..Self::default() };
        let mut known: HashMap<&[u8], u32> = HashMap::new();
        for &(text, place, number) in list {
            let at = *known.entry(text).or_insert_with(|| {
                pieces.texts.push(Piece {
                    text: text.into(),
                    anywhere: Vec::new(),
                    start: Vec::new(),
                    end: Vec::new(),
                });
                (pieces.texts.len() - 1) as u32
            });
            let Some(piece) = pieces.texts.get_mut(at as usize) else { continue };
            match place {
                Place::Anywhere | Place::Piece => piece.anywhere.push((place, number)),
                Place::Start => piece.start.push(number),
                Place::End => piece.end.push(number),
            }
        }
        let (mut four, mut two) = (Vec::new(), Vec::new());
        for (piece, number) in pieces.texts.iter().zip(0_u32..) {
            if !piece.start.is_empty() {
                pieces.starts.add(&piece.text, number, false);
            }
            if !piece.end.is_empty() {
                pieces.ends.add(&piece.text, number, true);
            }
            if piece.anywhere.is_empty() {
                continue;
            }
            pieces.anywhere = true;
            match &*piece.text {
                [] => {}
                [byte] => pieces.single.entry(*byte).or_default().push(number),
                text if text.len() < 4 => two.push((rarest(text, 2), number)),
                text => four.push((rarest(text, 4), number)),
            }
        }
        pieces.four = Windows::new(&four, window4, &pieces.texts);
        pieces.two = Windows::new(&two, window2, &pieces.texts);
        pieces
    }

    pub(super) fn is_empty(&self) -> bool {
        self.empty
    }

    /// Whether a value may hold a text, told by its outermost bytes alone. Bytes that case may change are not judged.
    pub(super) fn may_hold(&self, first: u8, last: u8) -> bool {
        let judge = |set: ByteSet, byte: u8| !byte.is_ascii() || set.contains(byte.to_ascii_lowercase());
        self.anywhere || judge(self.starts.outermost, first) || judge(self.ends.outermost, last)
    }

    /// Calls `found` for each text that stands where it has to; more than once where it stands in several places.
    pub(super) fn look(&self, value: &[u8], found: &mut impl FnMut(Place, u32)) {
        self.starts.look(value, false, &mut |number| {
            if let Some(piece) = self.texts.get(number as usize)
                && value.starts_with(&piece.text)
            {
                piece.start.iter().for_each(|&one| found(Place::Start, one));
            }
        });
        self.ends.look(value, true, &mut |number| {
            if let Some(piece) = self.texts.get(number as usize)
                && value.ends_with(&piece.text)
            {
                piece.end.iter().for_each(|&one| found(Place::End, one));
            }
        });
        let mut at_window = |windows: &Windows, window: u32, at: usize| {
            for &(offset, number) in windows.texts.get(&window).into_iter().flatten() {
                let Some(piece) = self.texts.get(number as usize) else { continue };
                let start = at.wrapping_sub(offset as usize);
                if value.get(start..).is_some_and(|rest| rest.starts_with(&piece.text)) {
                    piece.anywhere.iter().for_each(|&(place, one)| found(place, one));
                }
            }
        };
        if !self.four.bits.is_empty() {
            for (at, bytes) in value.windows(4).enumerate() {
                let window = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
                if self.four.may_hold(window) {
                    at_window(&self.four, window, at);
                }
            }
        }
        if !self.two.bits.is_empty() {
            for (at, bytes) in value.windows(2).enumerate() {
                let window = u32::from(u16::from_le_bytes([bytes[0], bytes[1]]));
                if self.two.may_hold(window) {
                    at_window(&self.two, window, at);
                }
            }
        }
        if !self.single.is_empty() {
            for (byte, numbers) in &self.single {
                if memchr::memchr(*byte, value).is_some() {
                    let pieces = numbers.iter().filter_map(|&number| self.texts.get(number as usize));
                    pieces.flat_map(|piece| &piece.anywhere).for_each(|&(place, one)| found(place, one));
                }
            }
        }
    }
}

impl Windows {
    fn new(list: &[(usize, u32)], window: impl Fn(&[u8], usize) -> Option<u32>, texts: &[Piece]) -> Self {
        if list.is_empty() {
            return Self::default();
        }
        // A bit in 64 set: few windows pass that begin no text.
        let wanted = usize::BITS - (list.len() * 64).leading_zeros();
        let bits = wanted.clamp(*TABLE_BITS.start(), *TABLE_BITS.end());
        let mut windows = Self { shift: 32 - bits, bits: vec![0; 1 << (bits - 6)], texts: HashMap::new() };
        for &(at, number) in list {
            let Some(found) = texts.get(number as usize).and_then(|piece| window(&piece.text, at)) else {
                continue;
            };
            let slot = windows.slot(found);
            if let Some(word) = windows.bits.get_mut((slot >> 6) as usize) {
                *word |= 1 << (slot & 63);
            }
            windows.texts.entry(found).or_default().push((at as u32, number));
        }
        windows
    }

    fn slot(&self, window: u32) -> u32 {
        window.wrapping_mul(0x9E37_79B1) >> self.shift
    }

    fn may_hold(&self, window: u32) -> bool {
        let slot = self.slot(window);
        self.bits.get((slot >> 6) as usize).is_some_and(|word| word >> (slot & 63) & 1 == 1)
    }
}

impl Ends {
    fn add(&mut self, text: &[u8], number: u32, at_end: bool) {
        if let Some(byte) = if at_end { text.last() } else { text.first() } {
            self.outermost.insert(*byte);
        }
        if let Some(key) = outer8(text, at_end) {
            self.eight.entry(key).or_default().push(number);
        } else if let Some(key) = outer4(text, at_end) {
            self.four.entry(key).or_default().push(number);
        } else {
            self.short.push(number);
        }
    }

    fn look(&self, value: &[u8], at_end: bool, each: &mut impl FnMut(u32)) {
        let outermost = if at_end { value.last() } else { value.first() };
        if !outermost.is_some_and(|byte| self.outermost.contains(*byte)) {
            return;
        }
        if !self.eight.is_empty()
            && let Some(found) = outer8(value, at_end).and_then(|key| self.eight.get(&key))
        {
            found.iter().for_each(|&number| each(number));
        }
        if !self.four.is_empty()
            && let Some(found) = outer4(value, at_end).and_then(|key| self.four.get(&key))
        {
            found.iter().for_each(|&number| each(number));
        }
        self.short.iter().for_each(|&number| each(number));
    }
}

fn outer8(text: &[u8], at_end: bool) -> Option<u64> {
    let bytes = if at_end { text.last_chunk::<8>() } else { text.first_chunk::<8>() };
    bytes.map(|bytes| u64::from_le_bytes(*bytes))
}

fn outer4(text: &[u8], at_end: bool) -> Option<u32> {
    let bytes = if at_end { text.last_chunk::<4>() } else { text.first_chunk::<4>() };
    bytes.map(|bytes| u32::from_le_bytes(*bytes))
}

fn window4(text: &[u8], at: usize) -> Option<u32> {
    text.get(at..)?.first_chunk::<4>().map(|bytes| u32::from_le_bytes(*bytes))
}

fn window2(text: &[u8], at: usize) -> Option<u32> {
    text.get(at..)?.first_chunk::<2>().map(|bytes| u32::from(u16::from_le_bytes(*bytes)))
}

/// What the values of logs are full of: windows of these tell little.
const COMMON: [&[u8]; 16] = [
    br"c:\windows\system32\",
    br"c:\windows\syswow64\",
    br"c:\program files (x86)\microsoft\",
    br"c:\programdata\",
    br"c:\users\public\",
    br"\appdata\local\temp\",
    br"\appdata\roaming\",
    br"nt authority\system",
    br"\powershell.exe",
    br"\cmd.exe /c",
    br"hklm\software\microsoft\windows\currentversion\",
    b"microsoft corporation operating system",
    b"https://www.",
    b"http://",
    b".dll",
    b"sha256=",
];

/// Where the window stands that ordinary values have least.
fn rarest(text: &[u8], size: usize) -> usize {
    let weigh = |window: &[u8]| -> u32 {
        let letters: u32 = window.iter().map(|byte| frequency(*byte)).sum();
        let common = COMMON.iter().any(|text| memmem::find(text, window).is_some());
        letters + if common { 200 } else { 0 }
    };
    let positions = 0..=text.len().saturating_sub(size);
    positions.min_by_key(|&at| weigh(text.get(at..at + size).unwrap_or_default())).unwrap_or(0)
}

/// How common a byte is in the values of logs, roughly, 1 to 20.
fn frequency(byte: u8) -> u32 {
    match byte {
        b'e' | b'\\' | b's' | b't' | b'i' | b'o' => 20,
        b'a' | b'n' | b'r' | b'c' | b'm' | b'd' | b'l' | b' ' | b'.' | b'0' => 16,
        b'p' | b'u' | b'w' | b'f' | b'h' | b'g' | b'-' | b'/' | b'1' | b'2' | b'3' | b'x' => 12,
        b'b' | b'v' | b'y' | b'k' | b'4'..=b'9' | b'_' | b'"' => 8,
        b'j' | b'q' | b'z' | b':' | b'=' | b',' | b';' | b'(' | b')' | b'{' | b'}' => 5,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finds_what_searching_one_by_one_finds(
            texts in prop::collection::vec(("[ab.]{1,10}", 0..3_u8), 1..20),
            value in "[ab.]{0,40}",
        ) {
            let list: Vec<(&[u8], Place, u32)> = texts.iter().zip(0..).map(|((text, place), number)| {
                let place = match place { 0 => Place::Anywhere, 1 => Place::Start, _ => Place::End };
                (text.as_bytes(), place, number)
            }).collect();
            let value = value.as_bytes();
            let mut expected: Vec<u32> = list.iter().filter(|(text, place, _)| match place {
                Place::Anywhere | Place::Piece => memmem::find(value, text).is_some(),
                Place::Start => value.starts_with(text),
                Place::End => value.ends_with(text),
            }).map(|(_, _, number)| *number).collect();
            let mut seen = Vec::new();
            Pieces::new(&list).look(value, &mut |_, number| seen.push(number));
            seen.sort_unstable();
            seen.dedup();
            expected.sort_unstable();
            prop_assert_eq!(seen, expected);
        }
    }
}
