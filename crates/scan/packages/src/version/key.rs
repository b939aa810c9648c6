//! Keys: bytes whose lexicographic order is a version order.
//!
//! Each piece that is written ends itself: a number carries its length, a text ends with a zero byte, which no version
//! may hold. So two keys differ first where the versions differ first.

/// A key in the making, and what else a reader learns on the way.
#[derive(Clone)]
pub(super) struct Key {
    bytes: Vec<u8>,
    /// See [`super::Version::is_prerelease`].
    pub(super) prerelease: bool,
    breaking: [u64; 3],
    breaking_len: u8,
}

impl Key {
    pub(super) fn for_text(text: &str) -> Self {
        Self {
            bytes: Vec::with_capacity(text.len() * 2 + 8),
            prerelease: false,
            breaking: [0; 3],
            breaking_len: 0,
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn breaking(&self) -> &[u64] {
        self.breaking.get(..usize::from(self.breaking_len)).unwrap_or_default()
    }

    /// One byte that orders kinds of pieces.
    pub(super) fn tag(&mut self, tag: u8) {
        self.bytes.push(tag);
    }

    /// Digits of any length, as a number. No digits count as zero.
    pub(super) fn number(&mut self, digits: &str) {
        let digits = digits.trim_start_matches('0').as_bytes();
        // A longer number is greater, so the length goes first: one byte, or three from 255 digits on.
        match u8::try_from(digits.len()) {
            Ok(len) if len < u8::MAX => self.bytes.push(len),
            _ => {
                let len = u16::try_from(digits.len()).unwrap_or(u16::MAX);
                self.bytes.push(u8::MAX);
                self.bytes.extend(len.to_be_bytes());
            }
        }
        self.bytes.extend(digits);
    }

    /// How many of something: more is greater.
    pub(super) fn count(&mut self, count: usize) {
        self.bytes.extend(u16::try_from(count).unwrap_or(u16::MAX).to_be_bytes());
    }

    /// How many of something: more is less.
    pub(super) fn count_down(&mut self, count: usize) {
        self.bytes.extend((u16::MAX - u16::try_from(count).unwrap_or(u16::MAX)).to_be_bytes());
    }

    /// Text by its bytes; a beginning of another text comes before it.
    pub(super) fn text(&mut self, text: &str) {
        self.bytes.extend(text.as_bytes());
        self.bytes.push(0);
    }

    /// As [`Key::text`], blind to ASCII case.
    pub(super) fn text_lower(&mut self, text: &str) {
        self.bytes.extend(text.bytes().map(|byte| byte.to_ascii_lowercase()));
        self.bytes.push(0);
    }

    /// As [`Key::text`], blind to ASCII case, letters as upper case.
    pub(super) fn text_upper(&mut self, text: &str) {
        self.bytes.extend(text.bytes().map(|byte| byte.to_ascii_uppercase()));
        self.bytes.push(0);
    }

    /// A further number of the breaking part.
    pub(super) fn breaks_at(&mut self, digits: &str) {
        if let Some(place) = self.breaking.get_mut(usize::from(self.breaking_len)) {
            *place = if digits.is_empty() { 0 } else { digits.parse().unwrap_or(u64::MAX) };
            self.breaking_len += 1;
        }
    }
}

/// Whether a text is digits and nothing else.
pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a number is zero.
pub(super) fn is_zero(digits: &str) -> bool {
    digits.bytes().all(|byte| byte == b'0')
}

/// The digits that a text starts with, and the rest.
pub(super) fn split_digits(text: &str) -> (&str, &str) {
    split_while(text, |byte| byte.is_ascii_digit())
}

/// What a text starts with, as long as ASCII bytes pass, and the rest.
pub(super) fn split_while(text: &str, pass: impl Fn(u8) -> bool) -> (&str, &str) {
    let end = text.bytes().position(|byte| !byte.is_ascii() || !pass(byte)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// A text without a prefix in any case of ASCII.
pub(super) fn strip_prefix_any_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, tail) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(tail)
}
