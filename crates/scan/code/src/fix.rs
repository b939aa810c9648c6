//! Applies changes to text.

use std::ops::Range;

/// `source` with all changes made, back to front. Of changes that overlap the first stays; one outside of the text or not on
/// character borders is left out.
pub fn apply(source: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by(|a, b| (a.0.start, a.0.end, &a.1).cmp(&(b.0.start, b.0.end, &b.1)));
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    for (range, text) in edits {
        let Some(before) = source.get(at..range.start) else { continue };
        if source.get(range.clone()).is_none() {
            continue;
        }
        out.push_str(before);
        out.push_str(&text);
        at = range.end;
    }
    out.push_str(source.get(at..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::apply;

    #[test]
    fn changes_are_made_in_place() {
        let edits = vec![(4..5, "x".to_owned()), (0..1, "yy".to_owned())];
        assert_eq!(apply("a b c d", edits), "yy b x d");
        let overlapping = vec![(0..3, "1".to_owned()), (2..4, "2".to_owned()), (90..91, "3".to_owned())];
        assert_eq!(apply("abcdef", overlapping), "1def");
    }
}
