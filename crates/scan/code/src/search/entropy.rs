//! Whether a string looks random: keys and tokens do, words and identifiers do not.

use crate::rule::EntropyMode;

/// Shannon entropy in bits per character, for strings long enough to tell, without the marks of prose and of names.
///
/// The thresholds follow from the alphabet: 20 random characters of base 64 have about 4.1 bits each, of hexadecimal
/// digits 3.3; English words joined have under 3.5 but use letters alone.
pub(super) fn is_random(text: &str, mode: EntropyMode) -> bool {
    let text = text.trim();
    let length = text.chars().count();
    let (least, bits, hexadecimal_bits) = match mode {
        EntropyMode::Lax => (12, 3.0, 2.6),
        EntropyMode::Default => (16, 3.4, 3.0),
        EntropyMode::Strict => (20, 3.9, 3.3),
    };
    if length < least || length > 4096 || text.contains(char::is_whitespace) {
        return false;
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let upper = text.chars().filter(char::is_ascii_uppercase).count();
    let lower = text.chars().filter(char::is_ascii_lowercase).count();
    let hexadecimal = text.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    // Letters of one case and no digit are words.
    if digits == 0 && (upper == 0 || lower == 0) {
        return false;
    }
    // Where case changes at word starts only, it is a name.
    if digits == 0 && changes(text) * 3 < length {
        return false;
    }
    entropy(text) >= if hexadecimal { hexadecimal_bits } else { bits }
}

fn changes(text: &str) -> usize {
    let class = |c: char| (c.is_ascii_uppercase(), c.is_ascii_lowercase(), c.is_ascii_digit());
    text.chars().zip(text.chars().skip(1)).filter(|(a, b)| class(*a) != class(*b)).count()
}

fn entropy(text: &str) -> f64 {
    let mut counts = std::collections::BTreeMap::new();
    let mut total = 0u32;
    for c in text.chars() {
        *counts.entry(c).or_insert(0u32) += 1;
        total += 1;
    }
    let total = f64::from(total.max(1));
    counts.values().map(|count| f64::from(*count) / total).map(|share| -share * share.log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_random_and_words_are_not() {
        for text in ["Zx81kQp3Lm0Vt7Rb2Ny5", "9f86d081884c7d659a2feaa0c55ad015", "aG9sYSBtdW5kbyBxdWUgdGFs"] {
            assert!(is_random(text, EntropyMode::Default), "{text}");
        }
        for text in [
            "password",
            "this is a sentence of words",
            "someLongCamelCaseIdentifier",
            "aaaaaaaaaaaaaaaaaaaa1",
            "",
        ] {
            assert!(!is_random(text, EntropyMode::Default), "{text}");
        }
    }
}
