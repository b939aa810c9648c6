//! Small questions about bytes of source text, asked in many places.

use std::ops::Range;

/// A byte that can stand in an identifier.
pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The line around `at`, without its end, at most `limit` bytes to either side.
pub fn line_around(text: &[u8], at: usize, limit: usize) -> Range<usize> {
    let floor = at.saturating_sub(limit);
    let ceiling = text.len().min(at.saturating_add(limit));
    let start = memchr::memrchr(b'\n', &text[floor..at]).map_or(floor, |found| floor + found + 1);
    let end = memchr::memchr(b'\n', &text[at..ceiling]).map_or(ceiling, |found| at + found);
    start..end
}

/// Splits a key such as `AWS_secretAccess-key2` into lower-case words: aws, secret, access, key.
pub fn words_of(key: &[u8]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (index, &byte) in key.iter().enumerate() {
        if !byte.is_ascii_alphabetic() {
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            continue;
        }
        let before = index.checked_sub(1).map(|i| key[i]);
        let camel = byte.is_ascii_uppercase()
            && (before.is_some_and(|b| b.is_ascii_lowercase())
                || (before.is_some_and(|b| b.is_ascii_uppercase())
                    && key.get(index + 1).is_some_and(u8::is_ascii_lowercase)));
        if camel && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        word.push(byte.to_ascii_lowercase() as char);
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// The key without separators, lower case: what words are looked up in.
pub fn squashed(key: &[u8]) -> String {
    key.iter().filter(|b| b.is_ascii_alphanumeric()).map(|b| b.to_ascii_lowercase() as char).collect()
}

/// Shannon entropy of the bytes, in bits per byte: 0 for one repeated byte, at most log2 of the length.
///
/// Shannon, "A Mathematical Theory of Communication" (1948), section 6. Random hexadecimal text of 32 digits has about
/// 3.6, random base64 text of 40 about 4.7, English words about 3.
pub fn entropy(bytes: &[u8]) -> f64 {
    let mut counts = [0u32; 256];
    for &byte in bytes {
        counts[usize::from(byte)] += 1;
    }
    let total = bytes.len() as f64;
    counts
        .iter()
        .filter(|&&count| count > 0)
        .map(|&count| {
            let share = f64::from(count) / total;
            -share * share.log2()
        })
        .sum()
}

/// Whether `needle` stands in `hay`, ASCII case ignored.
pub fn contains_ignore_case(hay: &[u8], needle: &[u8]) -> bool {
    !needle.is_empty() && hay.windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_split_into_words() {
        let check = |key: &str, words: &[&str]| assert_eq!(words_of(key.as_bytes()), words, "{key}");
        check("AWS_secretAccess-key2", &["aws", "secret", "access", "key"]);
        check("APIKey", &["api", "key"]);
        check("dbPassword", &["db", "password"]);
        check("", &[]);
    }

    #[test]
    fn entropy_has_the_right_scale() {
        assert!(entropy(b"aaaaaaaa").abs() < 1e-9);
        assert!((entropy(b"abcdefgh") - 3.0).abs() < 1e-9);
    }
}
