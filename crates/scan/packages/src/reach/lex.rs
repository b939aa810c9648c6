//! What the scanners share: classes of bytes, comments, and a filter that turns most names away in one look-up.

use memchr::{memchr, memchr2, memmem};

/// Bytes that go on in a name. `$` is one in JavaScript and Java and does not occur in the others outside strings.
/// Bytes over 127 count as letters: names may hold them, and no language here gives them another meaning.
const WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        table[byte] = b.is_ascii_alphanumeric() || b == b'_' || b == b'$' || b >= 0x80;
        byte += 1;
    }
    table
};

/// Whether the byte goes on in a name.
#[inline]
pub fn is_word(byte: u8) -> bool {
    WORD[byte as usize]
}

/// Whether a name may start with the byte.
#[inline]
pub fn starts_word(byte: u8) -> bool {
    is_word(byte) && !byte.is_ascii_digit()
}

/// End of the run of name bytes from `at`.
#[inline]
pub fn word_end(text: &[u8], mut at: usize) -> usize {
    while at < text.len() && WORD[text[at] as usize] {
        at += 1;
    }
    at
}

/// The byte at `at`; past the end 0, which no language gives a meaning.
#[inline]
pub fn byte(text: &[u8], at: usize) -> u8 {
    text.get(at).copied().unwrap_or(0)
}

/// The start of the next line, or the end of the text.
#[inline]
pub fn next_line(text: &[u8], at: usize) -> usize {
    rest(text, at).and_then(|rest| memchr(b'\n', rest)).map_or(text.len(), |n| at + n + 1)
}

/// The bytes from `at`; `None` past the end.
#[inline]
pub fn rest(text: &[u8], at: usize) -> Option<&[u8]> {
    text.get(at..)
}

/// Past a string on one line whose content starts at `at`: the byte after its closing quote, or the end of the line where it
/// is not closed. A backslash takes the next byte with it, also a line end.
#[inline]
pub fn skip_string(text: &[u8], mut at: usize, quote: u8) -> usize {
    while at < text.len() {
        match text[at] {
            b if b == quote => return at + 1,
            b'\\' => at += 2,
            b'\n' => return at,
            _ => at += 1,
        }
    }
    text.len()
}

/// Past a string over many lines that a triple of quotes closes, with backslash escapes.
pub fn skip_triple(text: &[u8], mut at: usize, quote: u8, escapes: bool) -> usize {
    while let Some(rest) = rest(text, at) {
        let Some(n) = (if escapes { memchr2(quote, b'\\', rest) } else { memchr(quote, rest) }) else {
            return text.len();
        };
        at += n;
        if text[at] == b'\\' && escapes {
            at += 2;
        } else if text[at..].starts_with(&[quote; 3]) {
            at += 3;
            // Kotlin and Java let more quotes stand before the closing three.
            while !escapes && byte(text, at) == quote {
                at += 1;
            }
            return at;
        } else {
            at += 1;
        }
    }
    text.len()
}

/// Past `*/`, from inside a comment that does not nest; the end of the text where it is not closed.
pub fn skip_block_comment(text: &[u8], at: usize) -> usize {
    rest(text, at).and_then(|rest| memmem::find(rest, b"*/")).map_or(text.len(), |n| at + n + 2)
}

/// Past the comment whose `/*` ends at `at`, with comments inside, as Rust and Kotlin have them.
pub fn skip_nested_comment(text: &[u8], mut at: usize) -> usize {
    let mut depth = 1usize;
    while let Some(n) = rest(text, at).and_then(|rest| memchr2(b'*', b'/', rest)) {
        at += n;
        match (text[at], byte(text, at + 1)) {
            (b'*', b'/') => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            (b'/', b'*') => {
                depth += 1;
                at += 2;
            }
            _ => at += 1,
        }
    }
    text.len()
}

/// Past white space, and comments as C has them. `nested` as Rust and Kotlin do.
pub fn skip_trivia(text: &[u8], mut at: usize, nested: bool) -> usize {
    loop {
        match byte(text, at) {
            b' ' | b'\t' | b'\r' | b'\n' => at += 1,
            b'/' if byte(text, at + 1) == b'/' => at = next_line(text, at),
            b'/' if byte(text, at + 1) == b'*' && nested => at = skip_nested_comment(text, at + 2),
            b'/' if byte(text, at + 1) == b'*' => at = skip_block_comment(text, at + 2),
            _ => return at,
        }
    }
}

/// Past spaces and tabs.
pub fn skip_blanks(text: &[u8], mut at: usize) -> usize {
    while matches!(byte(text, at), b' ' | b'\t') {
        at += 1;
    }
    at
}

/// The content of a plain string that starts with its quote at `at`, and the place after it; `None` where the string holds
/// escapes or is not closed on its line: such a one names no module.
pub fn plain_string(text: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let quote = byte(text, at);
    let rest = rest(text, at + 1)?;
    let rest = &rest[..rest.len().min(512)];
    let end = memchr(quote, rest)?;
    let content = &rest[..end];
    (!content.contains(&b'\\') && !content.contains(&b'\n')).then_some((content, at + end + 2))
}

/// A set of words asked about by first byte and length: a "no" is certain, a "yes" wants a proper look-up.
pub struct WordFilter([u64; 256]);

impl WordFilter {
    /// With these words.
    pub fn new(words: &[&[u8]]) -> Self {
        let mut filter = Self([0; 256]);
        words.iter().for_each(|word| filter.add(word));
        filter
    }

    /// One more.
    pub fn add(&mut self, word: &[u8]) {
        if let Some(first) = word.first() {
            self.0[*first as usize] |= 1 << word.len().min(63);
        }
    }

    /// Whether the word may be in the set.
    #[inline]
    pub fn may_hold(&self, word: &[u8]) -> bool {
        word.first().is_some_and(|first| self.0[*first as usize] >> word.len().min(63) & 1 == 1)
    }
}
