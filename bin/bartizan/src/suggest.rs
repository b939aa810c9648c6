//! "Did you mean": the nearest of a set of words.

/// The word of `known` that `typed` was most likely meant to be, if any is near.
pub fn nearest<'a>(typed: &str, known: &[&'a str]) -> Option<&'a str> {
    let folded = typed.to_ascii_lowercase().replace('_', "-");
    known
        .iter()
        .map(|word| (strsim::jaro_winkler(&folded, word), *word))
        .filter(|(score, _)| *score >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn only_near_words_are_suggested() {
        let known = ["max-file-size", "max-time", "threads"];
        assert_eq!(nearest("max_filesize", &known), Some("max-file-size"));
        assert_eq!(nearest("thread", &known), Some("threads"));
        assert_eq!(nearest("colour", &known), None);
    }
}
