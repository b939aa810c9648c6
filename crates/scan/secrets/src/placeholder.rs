//! Values that stand where a secret will be, or that everybody knows.

use crate::text::contains_ignore_case;

/// Words that people write for "put yours here", squashed and lower case. Each is long enough not to occur in random
/// text by chance.
const WORDS: &[&str] = &[
    "example",
    "changeme",
    "change_me",
    "change-me",
    "placeholder",
    "replaceme",
    "replace_me",
    "replace-me",
    "replace_with",
    "insert_",
    "your_",
    "your-",
    "yourapi",
    "yourkey",
    "yoursecret",
    "yourtoken",
    "yourpass",
    "my_api",
    "my-api",
    "myapikey",
    "redacted",
    "removed",
    "masked",
    "censored",
    "obfuscated",
    "xxxxx",
    "dummy",
    "foobar",
    "foo_bar",
    "sample_",
    "fake_",
    "fake-",
    "fakekey",
    "faketoken",
    "not_a_real",
    "notreal",
    "not-real",
    "todo",
    "fixme",
    "enter_",
    "_here",
    "-here",
    "<your",
    "undefined",
    "deadbeef",
    "0000000000",
    "1234567890",
    "0123456789",
    "abcdefghij",
    "qwertyuiop",
    "lorem",
    "testtest",
    "secret_key_here",
];

/// Whether `value` is plainly no secret: a word for a placeholder, a run, a count, a template variable.
pub fn is_placeholder(value: &[u8]) -> bool {
    WORDS.iter().any(|word| contains_ignore_case(value, word.as_bytes()))
        || is_reference(value)
        || is_monotonous(value)
}

/// Whether `value` is no value but a reference to one: `${X}`, `$X`, `{{ x }}`, `<x>`, `%(x)s`, `%X%`, `#{x}`, `@x@`.
pub fn is_reference(value: &[u8]) -> bool {
    let has = |needle: &[u8]| memchr::memmem::find(value, needle).is_some();
    has(b"${")
        || has(b"{{")
        || has(b"#{")
        || has(b"$(")
        || has(b"%(")
        || has(b"<%")
        || (value.starts_with(b"$")
            && value[1..].iter().all(|b| crate::text::is_word(*b))
            && !value.starts_with(b"$2"))
        || (value.starts_with(b"<") && value.ends_with(b">"))
        || (value.starts_with(b"{") && value.ends_with(b"}"))
        || (value.starts_with(b"[") && value.ends_with(b"]"))
        || (value.starts_with(b"%") && value.ends_with(b"%") && value.len() > 2)
        || (value.starts_with(b"@") && value.ends_with(b"@") && value.len() > 2)
        || (value.starts_with(b"__") && value.ends_with(b"__"))
}

/// Whether `value` is one byte or short piece repeated, or counts up or down, for most of its length.
pub fn is_monotonous(value: &[u8]) -> bool {
    if value.len() < 4 {
        return false;
    }
    let distinct = {
        let mut seen = [false; 256];
        value.iter().for_each(|&b| seen[usize::from(b)] = true);
        seen.iter().filter(|&&s| s).count()
    };
    if distinct <= 2 || (value.len() >= 16 && distinct <= 4) {
        return true;
    }
    let mut longest_same = 1;
    let mut longest_step = 1;
    let (mut same, mut up, mut down) = (1, 1, 1);
    for pair in value.windows(2) {
        same = if pair[0] == pair[1] { same + 1 } else { 1 };
        up = if pair[1] == pair[0].wrapping_add(1) { up + 1 } else { 1 };
        down = if pair[0] == pair[1].wrapping_add(1) { down + 1 } else { 1 };
        longest_same = longest_same.max(same);
        longest_step = longest_step.max(up).max(down);
    }
    if longest_same * 2 >= value.len()
        || longest_same >= 8
        || longest_step * 2 > value.len()
        || longest_step >= 9
    {
        return true;
    }
    (2..=8).any(|period| {
        value.len() >= (period * 2).max(8) && value.iter().zip(&value[period..]).all(|(a, b)| a == b)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_from_random_values() {
        for value in [
            "xxxxxxxxxxxxxxxx",
            "YOUR_API_KEY",
            "${TOKEN}",
            "<token>",
            "AKIAIOSFODNN7EXAMPLE",
            "abcabcabcabc",
            "1234567812345678",
        ] {
            assert!(is_placeholder(value.as_bytes()), "{value}");
        }
        for value in ["k9Qm2Zr7Lp4Wx8Tn", "5f3a9c1e7b2d4086", "hunter2"] {
            assert!(!is_placeholder(value.as_bytes()), "{value}");
        }
    }
}
