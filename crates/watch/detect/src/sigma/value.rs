//! What a field is held against.

use super::TimePart;
use std::net::IpAddr;

/// One piece of a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Text as it stands.
    Text(String),
    /// `*`: any number of any characters.
    Many,
    /// `?`: one character.
    One,
    /// `%name%` under the modifier `expand`, which a pipeline fills in.
    Placeholder(String),
}

/// Text with wildcards. Two pieces of text never stand side by side, nor two `*`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Pattern(pub Vec<Part>);

impl Pattern {
    /// Reads wildcards and what is escaped: `\*`, `\?`, `\\`; any other backslash is itself.
    pub fn parse(text: &str) -> Self {
        let mut pattern = Self::default();
        let mut literal = String::new();
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '\\' => match characters.peek() {
                    Some(&next @ ('*' | '?' | '\\')) => {
                        characters.next();
                        literal.push(next);
                    }
                    _ => literal.push('\\'),
                },
                '*' | '?' => {
                    pattern.push_text(&std::mem::take(&mut literal));
                    pattern.push(if character == '*' { Part::Many } else { Part::One });
                }
                _ => literal.push(character),
            }
        }
        pattern.push_text(&literal);
        pattern
    }

    /// Text without wildcards.
    pub fn literal(text: &str) -> Self {
        let mut pattern = Self::default();
        pattern.push_text(text);
        pattern
    }

    /// Adds text at the end.
    pub fn push_text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        match self.0.last_mut() {
            Some(Part::Text(last)) => last.push_str(text),
            _ => self.0.push(Part::Text(text.to_owned())),
        }
    }

    /// Adds a piece at the end.
    pub fn push(&mut self, part: Part) {
        match part {
            Part::Text(text) => self.push_text(&text),
            Part::Many if self.0.last() == Some(&Part::Many) => {}
            part => self.0.push(part),
        }
    }

    /// With `*` before and behind, as asked.
    pub fn surrounded(self, before: bool, behind: bool) -> Self {
        let mut pattern = Self::default();
        if before {
            pattern.push(Part::Many);
        }
        self.0.into_iter().for_each(|part| pattern.push(part));
        if behind {
            pattern.push(Part::Many);
        }
        pattern
    }

    /// The text, where there are no wildcards.
    pub fn as_literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Each piece of text changed, the wildcards kept.
    pub fn map_text(&self, mut change: impl FnMut(&str) -> String) -> Self {
        let mut pattern = Self::default();
        for part in &self.0 {
            match part {
                Part::Text(text) => pattern.push_text(&change(text)),
                other => pattern.push(other.clone()),
            }
        }
        pattern
    }

    /// The name of the first placeholder.
    pub fn placeholder(&self) -> Option<&str> {
        self.0.iter().find_map(|part| match part {
            Part::Placeholder(name) => Some(name.as_str()),
            _ => None,
        })
    }
}

/// Where the text of another field has to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextPosition {
    /// It is the whole.
    Whole,
    /// At the beginning.
    Start,
    /// At the end.
    End,
    /// Anywhere.
    Anywhere,
}

/// How a regular expression is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct RegexFlags {
    /// `i`: case does not matter.
    pub ignore_case: bool,
    /// `m`: `^` and `$` hold at line breaks.
    pub multi_line: bool,
    /// `s`: `.` takes line breaks.
    pub dot_all: bool,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// `gt`
    Greater,
    /// `gte`
    GreaterOrEqual,
    /// `lt`
    Less,
    /// `lte`
    LessOrEqual,
    /// `eq`
    Equal,
    /// `neq` of correlations.
    NotEqual,
}

impl Order {
    /// The order by its name in rules.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "gt" | ">" => Self::Greater,
            "gte" | ">=" => Self::GreaterOrEqual,
            "lt" | "<" => Self::Less,
            "lte" | "<=" => Self::LessOrEqual,
            "eq" | "=" | "==" => Self::Equal,
            "neq" | "!=" => Self::NotEqual,
            _ => return None,
        })
    }

    /// Whether `left` stands so to `right`.
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Equal => left == right,
            Self::NotEqual => left != right,
        }
    }
}

/// What one value of a rule asks of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// Text, compared without case unless `cased`.
    Text {
        /// What it has to be, as a whole.
        pattern: Pattern,
        /// Case matters.
        cased: bool,
    },
    /// A regular expression that has to match somewhere.
    Regex {
        /// As written.
        pattern: String,
        /// How to read it.
        flags: RegexFlags,
    },
    /// An address within a network.
    Network {
        /// Its first address.
        address: IpAddr,
        /// Bits that count.
        bits: u8,
    },
    /// A number, or text that says the same number.
    Number(f64),
    /// True or false, or text that says so.
    Bool(bool),
    /// Compared as numbers.
    Compare(Order, f64),
    /// Part of a time compared as a number.
    Time(TimePart, Order, f64),
    /// The field is not there or has no value.
    Null,
    /// The field is there, or is not.
    Exists(bool),
    /// The text of another field.
    Field {
        /// Its name.
        other: String,
        /// Where it has to stand.
        position: TextPosition,
        /// Case matters.
        cased: bool,
    },
}

#[cfg(test)]
mod tests {
    use super::{Part, Pattern};

    #[test]
    fn backslashes_escape_wildcards_and_themselves() {
        let text = |text: &str| Part::Text(text.to_owned());
        assert_eq!(Pattern::parse(r"a*b").0, [text("a"), Part::Many, text("b")]);
        assert_eq!(Pattern::parse(r"a\*b").0, [text("a*b")]);
        assert_eq!(Pattern::parse(r"a\\*").0, [text(r"a\"), Part::Many]);
        assert_eq!(Pattern::parse(r"\\\*").0, [text(r"\*")]);
        assert_eq!(Pattern::parse(r"C:\Windows\").0, [text(r"C:\Windows\")]);
        assert_eq!(Pattern::parse(r"\\\\srv\?x?").0, [text(r"\\srv?x"), Part::One]);
        assert_eq!(Pattern::parse("**").0, [Part::Many]);
        assert_eq!(Pattern::parse("").as_literal(), Some(""));
    }
}
