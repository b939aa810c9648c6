//! From byte offsets to lines and columns, in one walk over the blob.

use bartizan_model::Region;
use memchr::{memchr_iter, memrchr};
use std::ops::Range;

/// The regions of `spans` (all within `bytes`). Linear in the blob, whatever the number of spans and the length of
/// lines: offsets are visited in order.
pub(crate) fn regions(bytes: &[u8], spans: &[Range<usize>]) -> Vec<Region> {
    let mut regions: Vec<Region> = spans
        .iter()
        .map(|span| Region {
            start_byte: span.start as u64,
            end_byte: span.end as u64,
            start_line: 1,
            start_column: 1,
            end_line: 1,
            end_column: 1,
        })
        .collect();
    let mut stops: Vec<(usize, bool, usize)> = Vec::with_capacity(spans.len() * 2);
    for (index, span) in spans.iter().enumerate() {
        stops.push((span.start, false, index));
        stops.push((if ends_in_newline(bytes, span) { span.end - 1 } else { span.end }, true, index));
    }
    stops.sort_unstable();

    let mut walk = Walk { bytes, at: 0, line: 1, column: 1 };
    for (offset, is_end, index) in stops {
        walk.advance(offset);
        let region = &mut regions[index];
        if is_end {
            region.end_line = walk.line;
            // A span that takes in the line's end ends after that character, still on its line.
            let newline = u32::from(ends_in_newline(bytes, &spans[index]));
            region.end_column = walk.column.saturating_add(newline);
        } else {
            region.start_line = walk.line;
            region.start_column = walk.column;
        }
    }
    regions
}

fn ends_in_newline(bytes: &[u8], span: &Range<usize>) -> bool {
    span.end > span.start && bytes[span.end - 1] == b'\n'
}

/// Characters of `bytes` once each malformed sequence is replaced by one.
fn characters(bytes: &[u8]) -> u32 {
    let count: usize = bytes
        .utf8_chunks()
        .map(|chunk| chunk.valid().chars().count() + usize::from(!chunk.invalid().is_empty()))
        .sum();
    u32::try_from(count).unwrap_or(u32::MAX)
}

struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u32,
    column: u32,
}

impl Walk<'_> {
    fn advance(&mut self, to: usize) {
        let piece = &self.bytes[self.at..to];
        self.at = to;
        let rest = match memrchr(b'\n', piece) {
            Some(last) => {
                let lines = memchr_iter(b'\n', piece).count();
                self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
                self.column = 1;
                &piece[last + 1..]
            }
            None => piece,
        };
        self.column = self.column.saturating_add(characters(rest));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tuple(text: &[u8], span: Range<usize>) -> (u32, u32, u32, u32) {
        let region = regions(text, &[span])[0];
        (region.start_line, region.start_column, region.end_line, region.end_column)
    }

    #[test]
    fn lines_and_columns_count_from_one_and_columns_count_characters() {
        assert_eq!(tuple(b"abc", 0..3), (1, 1, 1, 4));
        assert_eq!(tuple("äö x".as_bytes(), 5..6), (1, 4, 1, 5));
        assert_eq!(tuple(b"a\xff\xfeb", 3..4), (1, 4, 1, 5), "each stray byte is one character");
        assert_eq!(tuple(b"a\nbc\nd", 2..6), (2, 1, 3, 2));
        assert_eq!(tuple(b"ab\ncd", 0..3), (1, 1, 1, 4), "the newline belongs to its line");
        assert_eq!(tuple(b"ab\n", 3..3), (2, 1, 2, 1));
        assert_eq!(tuple(b"", 0..0), (1, 1, 1, 1));
    }

    proptest! {
        #[test]
        fn equals_counting_from_the_front(text in "[a\u{e9}\u{1F600}\n]{0,60}", cuts in prop::collection::vec((0usize..60, 0usize..60), 0..8)) {
            let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let spans: Vec<Range<usize>> = cuts
                .into_iter()
                .map(|(a, b)| {
                    let (a, b) = (starts[a % starts.len()], starts[b % starts.len()]);
                    a.min(b)..a.max(b)
                })
                .collect();
            for (span, region) in spans.iter().zip(regions(text.as_bytes(), &spans)) {
                let before = &text[..span.start];
                let line = before.matches('\n').count() as u32 + 1;
                let column = before.rsplit('\n').next().unwrap_or("").chars().count() as u32 + 1;
                prop_assert_eq!((region.start_line, region.start_column), (line, column));
                let inside = &text[..span.end];
                let trimmed = if span.is_empty() { inside } else { inside.strip_suffix('\n').unwrap_or(inside) };
                let line = trimmed.matches('\n').count() as u32 + 1;
                let column = trimmed.rsplit('\n').next().unwrap_or("").chars().count() as u32
                    + 1 + u32::from(trimmed.len() < inside.len());
                prop_assert_eq!((region.end_line, region.end_column), (line, column));
            }
        }
    }
}
