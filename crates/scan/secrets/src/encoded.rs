//! Secrets that stand encoded: base64 and percent-encoding, one level.

use crate::structure;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use std::ops::Range;

/// Longest run that is decoded, in bytes. Longer ones are images and archives.
const MAX_RUN: usize = 32 << 10;

/// What base64 (RFC 4648, section 4) makes of `literal` at each of the three alignments, less the characters that its
/// neighbours decide: a text that holds one of these may hold the literal encoded.
pub fn base64_forms(literal: &[u8]) -> Vec<Vec<u8>> {
    (0..3usize)
        .filter_map(|alignment| {
            let mut padded = vec![0; alignment];
            padded.extend_from_slice(literal);
            let text = STANDARD_NO_PAD.encode(&padded);
            let start = (alignment * 8).div_ceil(6);
            let end = padded.len() * 8 / 6;
            text.as_bytes().get(start..end).filter(|form| form.len() >= 4).map(<[u8]>::to_vec)
        })
        .collect()
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// The base64 run around `at`, decoded, if it decodes to text.
pub fn base64_run(text: &[u8], at: usize) -> Option<(Range<usize>, Vec<u8>)> {
    let mut start = at;
    while start > 0 && at - start < MAX_RUN && is_base64(text[start - 1]) {
        start -= 1;
    }
    let mut end = at;
    while end < text.len() && end - at < MAX_RUN && is_base64(text[end]) {
        end += 1;
    }
    // A path or key in front is no part of the run: decoding starts on the last multiple of four that works.
    let padding = text[end..].iter().take(2).take_while(|b| **b == b'=').count();
    if end - start < 12 || end - start >= MAX_RUN {
        return None;
    }
    let decoded = structure::decode(&text[start..end])?;
    is_text(&decoded).then_some((start..end + padding, decoded))
}

/// Whether nearly all bytes are printable ASCII or line ends.
pub fn is_text(bytes: &[u8]) -> bool {
    let printable = bytes.iter().filter(|b| matches!(b, b'\t' | b'\n' | b'\r' | b' '..=b'~')).count();
    !bytes.is_empty() && printable * 100 >= bytes.len() * 97
}

/// The run without blanks or quotes around `at`, percent-decoded (RFC 3986, section 2.1).
pub fn percent_run(text: &[u8], at: usize) -> Option<(Range<usize>, Vec<u8>)> {
    const MAX: usize = 2048;
    let stop = |b: u8| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'<' | b'>' | b'`');
    let mut start = at;
    while start > 0 && at - start < MAX && !stop(text[start - 1]) {
        start -= 1;
    }
    let mut end = at;
    while end < text.len() && end - at < MAX && !stop(text[end]) {
        end += 1;
    }
    let run = &text[start..end];
    let mut decoded = Vec::with_capacity(run.len());
    let mut index = 0;
    while index < run.len() {
        let pair = run
            .get(index + 1..index + 3)
            .and_then(|pair| Some((pair[0] as char).to_digit(16)? * 16 + (pair[1] as char).to_digit(16)?));
        match (run[index], pair) {
            (b'%', Some(value)) => {
                decoded.push(value as u8);
                index += 3;
            }
            (byte, _) => {
                decoded.push(byte);
                index += 1;
            }
        }
    }
    is_text(&decoded).then_some((start..end, decoded))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_form_stands_in_every_encoding(before in "[a-z]{0,7}", after in "[a-z]{0,7}") {
            let whole = STANDARD_NO_PAD.encode(format!("{before}ghp_{after}"));
            let forms = base64_forms(b"ghp_");
            prop_assert!(forms.iter().any(|form| memchr::memmem::find(whole.as_bytes(), form).is_some()), "{}", whole);
        }
    }

    #[test]
    fn runs_are_decoded() {
        let text = format!("auth: {}== next", STANDARD_NO_PAD.encode("user:s3cr3t-value-1"));
        let (span, decoded) = base64_run(text.as_bytes(), 10).unwrap();
        assert_eq!(decoded, b"user:s3cr3t-value-1");
        assert!(text[span].ends_with("=="));
        let (_, decoded) = percent_run(b"x?k=a%3Db%26c d", 6).unwrap();
        assert_eq!(decoded, b"x?k=a=b&c");
    }
}
