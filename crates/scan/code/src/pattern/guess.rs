//! What `...` stands for in languages whose form tells: the number of the language's text for it, at each place.

use super::complete::Piece;

/// In the tags of XML, `...` is an attribute with a value (1), in its declarations a reference (2), else text (0).
pub(super) fn in_tags(pieces: &[Piece<'_>]) -> Vec<usize> {
    let mut choice = Vec::new();
    let (mut tag, mut declaration, mut bracket, mut quote) = (false, false, false, None);
    for piece in pieces {
        match piece {
            Piece::Text(text) => {
                let mut before = ' ';
                for letter in text.chars() {
                    match (quote, letter) {
                        (Some(mark), _) if mark == letter => quote = None,
                        (Some(_), _) => {}
                        (None, '"' | '\'') if tag => quote = Some(letter),
                        (None, '<') => tag = true,
                        (None, '>') => (tag, declaration) = (false, declaration && bracket),
                        (None, '!') if before == '<' => declaration = true,
                        (None, '[' | ']') if declaration => bracket = letter == '[',
                        _ => {}
                    }
                    before = letter;
                }
            }
            Piece::Ellipsis | Piece::MetavariableEllipsis(_) => choice.push(match (tag, quote) {
                (true, None) if declaration => 2,
                (true, None) => 1,
                _ => 0,
            }),
            _ => {}
        }
    }
    choice
}

/// For each place, whether it is within double quotes.
pub(super) fn quoted(pieces: &[Piece<'_>]) -> Vec<bool> {
    let mut inside = false;
    let mut quoted = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => {
                let mut escaped = false;
                for letter in text.chars() {
                    inside ^= letter == '"' && !escaped;
                    escaped = letter == '\\' && !escaped;
                }
            }
            Piece::Ellipsis | Piece::MetavariableEllipsis(_) => quoted.push(inside),
            _ => {}
        }
    }
    quoted
}

/// Stands for `...` while the lines are looked at.
const HOLE: char = '\u{1}';

/// In YAML, `...` among entries of a mapping is one (1), among items of a list an item (2), else a value (0).
pub(super) fn in_lines(pieces: &[Piece<'_>]) -> Vec<usize> {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(part) => text.push_str(part),
            Piece::Ellipsis | Piece::MetavariableEllipsis(_) => text.push(HOLE),
            _ => text.push('x'),
        }
    }
    let lines: Vec<&str> = text.split('\n').collect();
    let entries: Vec<Vec<(usize, Entry)>> = lines.iter().map(|line| entries(line)).collect();
    let quoted = quoted(pieces);
    let mut choice = Vec::new();
    let mut brackets = Vec::new();
    let mut before = ' ';
    for (number, line) in lines.iter().enumerate() {
        for (at, letter) in line.char_indices() {
            let is_quoted = quoted.get(choice.len()).copied().unwrap_or_default();
            match letter {
                '{' | '[' => brackets.push(letter),
                '}' | ']' => drop(brackets.pop()),
                HOLE if is_quoted => choice.push(0),
                HOLE => choice.push(match brackets.last() {
                    Some('{') => usize::from(matches!(before, '{' | ',')),
                    Some(_) => 0,
                    None if entries[number].contains(&(at, Entry::Hole)) => among(&entries, number, at),
                    None => 0,
                }),
                _ => {}
            }
            if !letter.is_whitespace() {
                before = letter;
            }
        }
    }
    choice
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Entry {
    Item,
    Key,
    Hole,
    Other,
}

/// What begins on a line, with the column of each: `- a: b` is an item and a key.
fn entries(line: &str) -> Vec<(usize, Entry)> {
    let mut found = Vec::new();
    let mut rest = line.trim_end();
    loop {
        rest = rest.trim_start();
        let column = line.trim_end().len() - rest.len();
        if rest.is_empty() {
            return found;
        }
        if let Some(after) = rest.strip_prefix('-').filter(|after| after.is_empty() || after.starts_with(' '))
        {
            found.push((column, Entry::Item));
            rest = after;
            continue;
        }
        let is_key = rest.ends_with(':') || rest.contains(": ");
        let entry = match rest {
            _ if rest.chars().eq([HOLE]) => Entry::Hole,
            _ if is_key => Entry::Key,
            _ => Entry::Other,
        };
        found.push((column, entry));
        return found;
    }
}

/// What stands in the same column above or below, as long as nothing further left comes between.
fn among(entries: &[Vec<(usize, Entry)>], number: usize, column: usize) -> usize {
    let tells = |line: &Vec<(usize, Entry)>| {
        line.iter().find_map(|(at, entry)| match entry {
            Entry::Key if *at == column => Some(1),
            Entry::Item if *at == column => Some(2),
            _ => None,
        })
    };
    let left = |line: &Vec<(usize, Entry)>| line.first().is_some_and(|(at, _)| *at < column);
    let above = || {
        for line in entries[..number].iter().rev() {
            if let Some(found) = tells(line) {
                return Some(found);
            }
            if left(line) {
                return None;
            }
        }
        None
    };
    // Behind the mark of an item, nothing above is of the same list of entries.
    let begins = left(&entries[number]);
    let below = || entries[number + 1..].iter().take_while(|line| !left(line)).find_map(tells);
    let found = if begins { below() } else { above().or_else(below) };
    found.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<usize> {
        let mut pieces = Vec::new();
        for (number, part) in text.split("...").enumerate() {
            if number > 0 {
                pieces.push(Piece::Ellipsis);
            }
            pieces.push(Piece::Text(part));
        }
        in_lines(&pieces)
    }

    #[test]
    fn lines_tell_entries_from_items_and_values() {
        assert_eq!(lines("on:\n  ...\n  a: ...\n  ..."), [1, 0, 1]);
        assert_eq!(lines("a:\n  - ...\n  - x\n  ..."), [0, 2]);
        assert_eq!(lines("- name: x\n  ...\n  b: \"...\""), [1, 0]);
        assert_eq!(lines("- ...\n  b: c\n- ..."), [1, 0]);
        assert_eq!(lines("a:\n  ..."), [0]);
        assert_eq!(lines("{..., a: ..., ...}"), [1, 0, 1]);
        assert_eq!(lines("a: [..., {b: [...]}, ...]"), [0, 0, 0]);
        assert_eq!(lines("a:\n  b:\n    c: d\n  ...\n..."), [1, 1]);
    }
}
