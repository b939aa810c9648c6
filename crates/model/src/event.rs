//! Something that happened, as its source told it.
//!
//! An event travels as one JSON object in text: what arrives as JSON stays byte for byte, every other form is written as JSON
//! by its reader. So the original is kept, and whoever needs a few fields takes them out of the bytes.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The form in which a source tells its events: where fields lie and what they mean follow from it. The names are those of
/// the files in `rules/mappings/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventFormat(pub std::borrow::Cow<'static, str>);

impl EventFormat {
    /// JSON of which nothing more is known.
    pub const JSON: Self = Self(std::borrow::Cow::Borrowed("json"));

    /// A format with a name that the program knows.
    pub const fn named(name: &'static str) -> Self {
        Self(std::borrow::Cow::Borrowed(name))
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EventFormat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// One event as its reader hands it on.
#[derive(Clone, Copy, Debug)]
pub struct EventRef<'a> {
    /// A JSON object, UTF-8, without a line break outside of strings.
    pub json: &'a [u8],
    /// Its form; none where nobody declared one and the line does not show it: whoever needs it looks at the fields.
    pub format: Option<&'a EventFormat>,
    /// The file, address or subject it came from.
    pub source: &'a str,
    /// Its number in that source, from 1: the line, or the record of a binary log.
    pub record: u64,
}
