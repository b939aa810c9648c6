//! What values look like.

use super::bigrams::{BIGRAMS, SIZE};
use crate::text;

/// Measurements of a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// Bytes.
    pub length: usize,
    /// Digits.
    pub digits: usize,
    /// Letters.
    pub letters: usize,
    /// How many of lower case, upper case, digit, other occur: 0 to 4.
    pub classes: u32,
    /// Bits per byte.
    pub entropy: f64,
    /// Mean over neighbouring characters of how much likelier random text has them than source code, in bits. Words are
    /// at -2 to -1, random base-62 text around 2, and 0 is undecided.
    pub randomness: f64,
    /// Hexadecimal with both digits and letters, one case.
    pub hex: bool,
    /// A UUID.
    pub uuid: bool,
    /// Words joined by `_`, `-`, `.` or capitals.
    pub identifier_like: bool,
    /// Contains a word that people use as a stand-in password.
    pub known_word: bool,
}

impl Shape {
    /// Measures `value`.
    pub fn of(value: &[u8]) -> Self {
        let count = |test: fn(&u8) -> bool| value.iter().filter(|b| test(b)).count();
        let lower = count(u8::is_ascii_lowercase);
        let upper = count(u8::is_ascii_uppercase);
        let digits = count(u8::is_ascii_digit);
        let letters = lower + upper;
        let other = value.len() - letters - digits;
        let uuid = is_uuid(value);
        let hex_digits = value.iter().all(u8::is_ascii_hexdigit);
        let randomness = randomness(value);
        Self {
            length: value.len(),
            digits,
            letters,
            classes: [lower, upper, digits, other].iter().filter(|&&n| n > 0).count() as u32,
            entropy: text::entropy(value),
            randomness,
            hex: hex_digits && digits > 0 && letters > 0 && (lower == 0 || upper == 0) && value.len() >= 8,
            uuid,
            identifier_like: is_identifier_like(value) && randomness < 0.9,
            known_word: [
                "password", "passw0rd", "secret", "qwerty", "letmein", "admin", "default", "test", "demo",
                "guest", "token", "hello", "welcome", "value", "string", "user",
            ]
            .iter()
            .any(|word| text::contains_ignore_case(value, word.as_bytes())),
        }
    }

    /// In words, for reasons.
    pub fn describe(&self) -> &'static str {
        if self.hex {
            "hexadecimal value"
        } else if self.uuid {
            "UUID"
        } else if self.randomness > 0.8 {
            "random-looking value"
        } else {
            "fixed value"
        }
    }
}

/// See [`Shape::randomness`]. 0 for fewer than two bytes.
pub fn randomness(value: &[u8]) -> f64 {
    if value.len() < 2 {
        return 0.0;
    }
    let sum: i32 =
        value.windows(2).map(|pair| i32::from(BIGRAMS[class(pair[0]) * SIZE + class(pair[1])])).sum();
    f64::from(sum) / 8.0 / (value.len() - 1) as f64
}

fn class(byte: u8) -> usize {
    match byte {
        b'a'..=b'z' => usize::from(byte - b'a'),
        b'A'..=b'Z' => usize::from(byte - b'A') + 26,
        b'0'..=b'9' => 52,
        b'_' | b'-' | b'.' => 53,
        _ => 54,
    }
}

/// Whether `value` is a UUID in its usual form (RFC 9562, section 4).
pub fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Words joined by separators or capitals: `my_secret_name`, `some-key`, `SomeThing`, `a.b.c`.
fn is_identifier_like(value: &[u8]) -> bool {
    let letters_and_joiners =
        value.iter().all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-' | b'.' | b':' | b'/' | b'$'));
    if !letters_and_joiners {
        // One number at the end of words: `secret_key_1`.
        let end = value.iter().rposition(|b| !b.is_ascii_digit()).map_or(0, |at| at + 1);
        return end > 0
            && value.len() - end <= 3
            && value[..end].iter().all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-' | b'.'))
            && randomness(&value[..end]) < 0.3;
    }
    true
}

/// Values that are none: expressions, paths, addresses, types, sentences, the key itself.
pub fn is_no_value(value: &[u8], key: &[u8]) -> bool {
    if value.len() < 4 {
        return true;
    }
    let lower = value.to_ascii_lowercase();
    let has = |needle: &[u8]| memchr::memmem::find(&lower, needle).is_some();
    let squashed = text::squashed(value);
    let squashed_key = text::squashed(key);
    if squashed.is_empty()
        || squashed == squashed_key
        || squashed_key.ends_with(&squashed) && squashed.len() > 3
    {
        return true;
    }
    if value.iter().any(|b| *b < b' ' || *b >= 0x7F) {
        // Control bytes, and text that is not ASCII: labels in other languages far more often than secrets.
        return true;
    }
    // Escaped letters of other scripts, as JSON writes them.
    if has(b"\\u") && !has(b"\\u00")
        || memchr::memmem::find_iter(&lower, b"\\u00").any(|at| lower.get(at + 4).is_some_and(|b| *b > b'7'))
    {
        return true;
    }
    if value.iter().filter(|b| **b == b' ').count() >= 1
        && text::words_of(value).len() >= 2
        && randomness(value) < 1.2
    {
        return true;
    }
    if has(b"://")
        || lower.starts_with(b"/")
            && lower.iter().filter(|b| **b == b'/').count() >= 2
            && randomness(value) < 1.5
        || lower.starts_with(b"./")
        || lower.starts_with(b"../")
        || lower.starts_with(b"~/")
        || has(b":\\")
    {
        return true;
    }
    if has(b"(") && has(b")")
        || has(b"()")
        || has(b"->")
        || has(b"=>")
        || has(b"::")
        || has(b"&&")
        || has(b"||")
        || has(b"%s")
        || has(b"%d")
        || has(b"%v")
        || has(b"{}")
        || has(b"{0}")
        || has(b"\\n")
        || has(b"</")
        || has(b"/>")
        || has(b"...")
        || has(b"***")
        || has(b"===")
        || has(b"\xe2\x80\xa6")
    {
        return true;
    }
    let brackets =
        value.iter().any(|b| matches!(b, b'[' | b']')) || value.ends_with(b")") || value.starts_with(b"@");
    if brackets && randomness(value) < 0.8 {
        return true;
    }
    if [
        &b"process.env"[..],
        b"os.environ",
        b"getenv",
        b"env.",
        b"env[",
        b"secrets.",
        b"vault:",
        b"ssm:",
        b"ref:",
        b"file:",
        b"secretsmanager",
        b"arn:",
        b"import ",
        b"config.",
        b"self.",
        b"this.",
        b"data:",
        b"urn:",
        b"application/",
        b"text/",
        b"ssh-rsa ",
        b"var.",
        b"local.",
        b"module.",
        b"sha256:",
        b"sha512",
        b"sha1-",
        b"sha384",
        b"base64:",
        b"enc(",
    ]
    .iter()
    .any(|word| has(word))
    {
        return true;
    }
    if [
        ".com", ".org", ".net", ".io", ".html", ".json", ".yaml", ".yml", ".xml", ".py", ".js", ".ts", ".go",
        ".java", ".key", ".pem", ".crt", ".txt", ".php", ".png", ".svg", ".toml", ".env", ".md", ".log",
        ".db", ".local",
    ]
    .iter()
    .any(|ending| lower.ends_with(ending.as_bytes()))
    {
        return true;
    }
    if [
        "null",
        "none",
        "true",
        "false",
        "string",
        "undefined",
        "required",
        "optional",
        "disabled",
        "enabled",
        "unknown",
        "default",
        "empty",
        "integer",
        "number",
        "object",
        "boolean",
        "varchar",
        "bytes",
        "auto",
        "secret",
        "password",
        "passwd",
        "token",
        "bearer",
        "basic",
        "plain",
        "admin",
        "root",
        "user",
        "guest",
        "invalid",
        "wrong",
        "test",
        "optionalstring",
    ]
    .contains(&squashed.as_str())
    {
        return true;
    }
    // Snake, kebab or dotted names of which a word is one of the key's: `password_field`, `auth.token`.
    let value_words = text::words_of(value);
    let key_words = text::words_of(key);
    value.iter().all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-' | b'.' | b' ' | b':'))
        && value_words.iter().any(|word| {
            word.len() > 2
                && (key_words.contains(word)
                    || ["key", "token", "secret", "password", "pass"].contains(&word.as_str()))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_text_is_told_from_words() {
        for word in
            ["authenticationManager", "refresh_token", "PasswordField", "connection-timeout", "correcthorse"]
        {
            assert!(randomness(word.as_bytes()) < 0.3, "{word}: {}", randomness(word.as_bytes()));
        }
        for random in ["k9QmZr7Lp4Wx8TnVb2", "xK7vQz2mWp9LrTn4", "Zq8xWv3jKp5mRt7y"] {
            assert!(randomness(random.as_bytes()) > 1.0, "{random}: {}", randomness(random.as_bytes()));
        }
    }

    #[test]
    fn expressions_are_no_values() {
        for value in [
            "process.env.TOKEN",
            "/etc/ssl/private/key.pem",
            "getToken()",
            "Enter your password",
            "api_token",
            "http://x.example/",
        ] {
            assert!(is_no_value(value.as_bytes(), b"api_token"), "{value}");
        }
        assert!(!is_no_value(b"hunter2!x9", b"password"));
    }
}
