//! A value of an event in the shapes that tests ask for, each made once.

use crate::json::{Found, Kind, unescape};
use crate::sigma::TimePart;
use crate::time::Timestamp;
use std::borrow::Cow;
use std::net::IpAddr;

/// One value and room for its shapes.
#[derive(Debug)]
pub(super) struct Value<'a> {
    raw: &'a [u8],
    kind: Kind,
    buffers: &'a mut Buffers,
    text_ready: bool,
    lower_ready: bool,
}

/// Room that is used again for each value.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    text: Vec<u8>,
    lower: Vec<u8>,
}

impl Buffers {
    /// The text of a value, as long as the buffers are not used again.
    pub(super) fn keep<'s>(&'s mut self, json: &[u8], found: Found) -> Option<Cow<'s, str>> {
        self.text.clear();
        let raw = json.get(found.start as usize..found.end as usize)?;
        if found.kind == Kind::Escaped {
            unescape(raw, &mut self.text);
        } else {
            self.text.extend_from_slice(raw);
        }
        Some(String::from_utf8_lossy(&self.text))
    }
}

impl<'a> Value<'a> {
    pub(super) fn new(json: &'a [u8], found: Found, buffers: &'a mut Buffers) -> Self {
        let raw = json.get(found.start as usize..found.end as usize).unwrap_or_default();
        Self { raw, kind: found.kind, buffers, text_ready: false, lower_ready: false }
    }

    pub(super) fn is_null(&self) -> bool {
        self.kind == Kind::Null
    }

    /// Whether it has a text at all.
    pub(super) fn is_text(&self) -> bool {
        !matches!(self.kind, Kind::Null | Kind::Nested)
    }

    /// First and last byte, where that is known without undoing escapes.
    pub(super) fn outermost(&self) -> Option<(u8, u8)> {
        let known = self.kind != Kind::Escaped;
        known.then(|| Some((*self.raw.first()?, *self.raw.last()?))).flatten()
    }

    /// Bytes in lower case, where that is known without making it.
    pub(super) fn length(&self) -> Option<usize> {
        (self.kind != Kind::Escaped && self.raw.is_ascii()).then_some(self.raw.len())
    }

    /// As it is.
    pub(super) fn text(&mut self) -> &[u8] {
        if self.kind != Kind::Escaped {
            return self.raw;
        }
        if !self.text_ready {
            self.buffers.text.clear();
            unescape(self.raw, &mut self.buffers.text);
            self.text_ready = true;
        }
        &self.buffers.text
    }

    /// In lower case.
    pub(super) fn lower(&mut self) -> &[u8] {
        if !self.lower_ready {
            if self.kind == Kind::Escaped {
                self.text();
                let Buffers { text, lower: into } = &mut *self.buffers;
                lower(text, into);
            } else {
                lower(self.raw, &mut self.buffers.lower);
            }
            self.lower_ready = true;
        }
        &self.buffers.lower
    }

    fn as_str(&mut self) -> Option<&str> {
        if !self.is_text() {
            return None;
        }
        std::str::from_utf8(self.text()).ok().map(str::trim)
    }

    pub(super) fn number(&mut self) -> Option<f64> {
        let text = self.as_str()?;
        let first = text.as_bytes().first()?;
        // `inf` and `nan` are no numbers here.
        if !(first.is_ascii_digit() || matches!(first, b'-' | b'+' | b'.')) {
            return None;
        }
        text.parse().ok()
    }

    pub(super) fn truth(&mut self) -> Option<bool> {
        match self.kind {
            Kind::Bool(truth) => Some(truth),
            _ => match self.as_str()? {
                text if text.eq_ignore_ascii_case("true") => Some(true),
                text if text.eq_ignore_ascii_case("false") => Some(false),
                _ => None,
            },
        }
    }

    pub(super) fn address(&mut self) -> Option<IpAddr> {
        self.as_str()?.parse().ok()
    }

    pub(super) fn time(&mut self) -> Option<Timestamp> {
        Timestamp::parse(self.as_str()?)
    }
}

impl Timestamp {
    /// The part that a rule asks for.
    pub(super) fn part(self, part: TimePart) -> i32 {
        let fields = self.fields();
        match part {
            TimePart::Minute => fields.minute,
            TimePart::Hour => fields.hour,
            TimePart::Day => fields.day,
            TimePart::Week => self.iso_week(),
            TimePart::Month => fields.month,
            TimePart::Year => fields.year,
        }
    }
}

/// Text in lower case, by Unicode where it is not ASCII.
pub(super) fn lower(text: &[u8], into: &mut Vec<u8>) {
    into.clear();
    if text.is_ascii() {
        into.extend_from_slice(text);
        into.make_ascii_lowercase();
        return;
    }
    match std::str::from_utf8(text) {
        Ok(text) => into.extend_from_slice(text.to_lowercase().as_bytes()),
        Err(_) => {
            into.extend_from_slice(text);
            into.make_ascii_lowercase();
        }
    }
}
