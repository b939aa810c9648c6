//! Holes within a name or a string.

use crate::tree::{Symbol, Symbols};

/// Text with holes: `"SELECT $COLUMN FROM ..."`, `get_$NAME`, `=~/expression/`.
#[derive(Debug)]
pub enum TextPattern {
    /// `"..."`: any string.
    Any,
    /// The whole text is bound.
    Whole(Symbol),
    /// Pieces in order; a hole takes as little as makes the rest match.
    Pieces(Vec<Piece>),
    /// `"=~/expression/"`.
    Regex(Box<fancy_regex::Regex>),
}

/// One piece of a text with holes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// This text.
    Text(String),
    /// A metavariable.
    Hole(Symbol),
}

impl TextPattern {
    /// Reads text; `None` where it has no hole.
    pub fn parse(text: &str, in_string: bool, symbols: &mut Symbols) -> Option<Self> {
        if in_string && text == "..." {
            return Some(Self::Any);
        }
        if in_string
            && let Some(expression) = text.strip_prefix("=~/").and_then(|rest| rest.strip_suffix('/'))
            && let Ok(regex) = fancy_regex::Regex::new(expression)
        {
            return Some(Self::Regex(Box::new(regex)));
        }
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            let tail = &rest[at + 1..];
            let length = tail
                .bytes()
                .take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_')
                .count();
            if length == 0 || tail.as_bytes()[0].is_ascii_digit() {
                plain.push_str(&rest[..=at]);
                rest = tail;
                continue;
            }
            plain.push_str(&rest[..at]);
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            pieces.push(Piece::Hole(symbols.intern(&rest[at..=at + length])));
            rest = &tail[length..];
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        match pieces.as_slice() {
            [Piece::Hole(name)] => Some(Self::Whole(*name)),
            pieces if pieces.iter().any(|piece| matches!(piece, Piece::Hole(_))) => {
                Some(Self::Pieces(pieces.to_vec()))
            }
            _ => None,
        }
    }

    /// The holes.
    pub fn holes(&self) -> Vec<Symbol> {
        match self {
            Self::Whole(name) => vec![*name],
            Self::Pieces(pieces) => pieces
                .iter()
                .filter_map(|piece| match piece {
                    Piece::Hole(name) => Some(*name),
                    Piece::Text(_) => None,
                })
                .collect(),
            Self::Any | Self::Regex(_) => Vec::new(),
        }
    }

    /// What each hole takes of `text`, as byte ranges; `None` where it does not match.
    pub fn find(&self, text: &str) -> Option<Vec<(Symbol, std::ops::Range<usize>)>> {
        match self {
            Self::Any => Some(Vec::new()),
            Self::Whole(name) => Some(vec![(*name, 0..text.len())]),
            // Backtracking beyond its bound is no match.
            Self::Regex(regex) => regex.is_match(text).unwrap_or(false).then(Vec::new),
            Self::Pieces(pieces) => fill(pieces, text),
        }
    }
}

/// Leftmost filling: each hole ends at the first place where the text after it occurs, a hole at the end takes the rest.
fn fill(pieces: &[Piece], text: &str) -> Option<Vec<(Symbol, std::ops::Range<usize>)>> {
    let mut holes: Vec<(Symbol, std::ops::Range<usize>)> = Vec::new();
    let mut at = 0;
    let mut open: Option<Symbol> = None;
    for (number, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Hole(name) => {
                if let Some(previous) = open.replace(*name) {
                    holes.push((previous, at..at));
                }
            }
            Piece::Text(wanted) => {
                let last = number + 1 == pieces.len();
                let found = match open {
                    None => text[at..].starts_with(wanted.as_str()).then_some(0),
                    Some(_) if last => {
                        text[at..].ends_with(wanted.as_str()).then(|| text.len() - at - wanted.len())
                    }
                    Some(_) => text[at..].find(wanted.as_str()),
                }?;
                if let Some(name) = open.take() {
                    holes.push((name, at..at + found));
                }
                at += found + wanted.len();
            }
        }
    }
    match open {
        Some(name) => holes.push((name, at..text.len())),
        None if at < text.len() => return None,
        None => {}
    }
    Some(holes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Option<Vec<String>> {
        let mut symbols = Symbols::default();
        let pattern = TextPattern::parse(text, true, &mut symbols)?;
        let found = pattern.find("select a from b")?;
        Some(found.into_iter().map(|(name, range)| format!("{}={range:?}", symbols.text(name))).collect())
    }

    #[test]
    fn holes_take_text() {
        assert_eq!(parsed("..."), Some(vec![]));
        assert_eq!(parsed("$X"), Some(vec!["$X=0..15".to_owned()]));
        assert_eq!(parsed("select $A from $B"), Some(vec!["$A=7..8".to_owned(), "$B=14..15".to_owned()]));
        assert_eq!(parsed("$A from b"), Some(vec!["$A=0..8".to_owned()]));
        assert_eq!(parsed("insert $A"), None);
        assert_eq!(parsed("=~/from/"), Some(vec![]));
        assert_eq!(parsed("plain"), None);
    }
}
