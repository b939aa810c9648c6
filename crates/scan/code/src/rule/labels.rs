//! Boolean expressions over taint labels: `A and not (B or C)`.

use std::fmt;
use std::str::FromStr;

/// Nesting beyond which an expression is refused.
const MAX_DEPTH: usize = 64;
/// Bytes beyond which an expression is refused.
const MAX_LENGTH: usize = 16 * 1024;

/// A condition on the labels of a taint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabelExpr {
    /// Always so, or never.
    Constant(bool),
    /// The label is there.
    Label(String),
    /// It is not so.
    Not(Box<Self>),
    /// All are so.
    And(Vec<Self>),
    /// One is so.
    Or(Vec<Self>),
}

/// Why an expression over labels cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LabelError {
    /// Ends too early.
    #[error("the expression ends where a label is expected")]
    End,
    /// Something else is expected.
    #[error("`{0}` is not expected here")]
    Unexpected(String),
    /// Too long or too deep.
    #[error("the expression is too long or nested too deeply")]
    TooLarge,
}

impl LabelExpr {
    /// Whether it holds of the labels that `has` knows.
    pub fn holds(&self, has: &dyn Fn(&str) -> bool) -> bool {
        match self {
            Self::Constant(value) => *value,
            Self::Label(label) => has(label),
            Self::Not(inner) => !inner.holds(has),
            Self::And(all) => all.iter().all(|one| one.holds(has)),
            Self::Or(any) => any.iter().any(|one| one.holds(has)),
        }
    }

    /// Every label that it names, in order, with repetition.
    pub fn labels(&self) -> Vec<&str> {
        let mut found = Vec::new();
        let mut todo = vec![self];
        while let Some(next) = todo.pop() {
            match next {
                Self::Constant(_) => {}
                Self::Label(label) => found.push(label.as_str()),
                Self::Not(inner) => todo.push(inner),
                Self::And(several) | Self::Or(several) => todo.extend(several.iter().rev()),
            }
        }
        found
    }
}

impl fmt::Display for LabelExpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, several: &[Self], word: &str| {
            several.iter().enumerate().try_for_each(|(index, one)| {
                let joint = if index == 0 { "" } else { word };
                match one {
                    Self::And(_) | Self::Or(_) => write!(f, "{joint}({one})"),
                    _ => write!(f, "{joint}{one}"),
                }
            })
        };
        match self {
            Self::Constant(true) => f.write_str("True"),
            Self::Constant(false) => f.write_str("False"),
            Self::Label(label) => f.write_str(label),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::And(several) => list(f, several, " and "),
            Self::Or(several) => list(f, several, " or "),
        }
    }
}

impl FromStr for LabelExpr {
    type Err = LabelError;

    fn from_str(text: &str) -> Result<Self, LabelError> {
        if text.len() > MAX_LENGTH {
            return Err(LabelError::TooLarge);
        }
        let mut parser = Parser { rest: text };
        let expression = parser.or(0)?;
        match parser.peek()? {
            None => Ok(expression),
            Some(token) => Err(LabelError::Unexpected(token.to_owned())),
        }
    }
}

struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn peek(&mut self) -> Result<Option<&'a str>, LabelError> {
        self.rest = self.rest.trim_start();
        let Some(first) = self.rest.chars().next() else { return Ok(None) };
        let in_word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '$' | '.');
        let length = if in_word(first) {
            self.rest.find(|character| !in_word(character)).unwrap_or(self.rest.len())
        } else {
            first.len_utf8()
        };
        Ok(self.rest.get(..length))
    }

    fn take(&mut self, expected: &str) -> Result<bool, LabelError> {
        let found = self.peek()? == Some(expected);
        if found {
            self.rest = self.rest.get(expected.len()..).unwrap_or_default();
        }
        Ok(found)
    }

    fn or(&mut self, depth: usize) -> Result<LabelExpr, LabelError> {
        let mut several = vec![self.and(depth)?];
        while self.take("or")? {
            several.push(self.and(depth)?);
        }
        Ok(one_or(several, LabelExpr::Or))
    }

    fn and(&mut self, depth: usize) -> Result<LabelExpr, LabelError> {
        let mut several = vec![self.not(depth)?];
        while self.take("and")? {
            several.push(self.not(depth)?);
        }
        Ok(one_or(several, LabelExpr::And))
    }

    fn not(&mut self, depth: usize) -> Result<LabelExpr, LabelError> {
        if depth > MAX_DEPTH {
            return Err(LabelError::TooLarge);
        }
        if self.take("not")? {
            return Ok(LabelExpr::Not(Box::new(self.not(depth + 1)?)));
        }
        if self.take("(")? {
            let inner = self.or(depth + 1)?;
            return if self.take(")")? { Ok(inner) } else { Err(self.unexpected()) };
        }
        let Some(word) = self.peek()? else { return Err(LabelError::End) };
        let is_label = word.starts_with(|first: char| first.is_alphabetic() || first == '_');
        if !is_label || matches!(word, "and" | "or") {
            return Err(self.unexpected());
        }
        self.take(word)?;
        Ok(match word {
            "True" | "true" => LabelExpr::Constant(true),
            "False" | "false" => LabelExpr::Constant(false),
            _ => LabelExpr::Label(word.to_owned()),
        })
    }

    fn unexpected(&mut self) -> LabelError {
        match self.peek() {
            Ok(Some(token)) => LabelError::Unexpected(token.to_owned()),
            _ => LabelError::End,
        }
    }
}

fn one_or(mut several: Vec<LabelExpr>, make: fn(Vec<LabelExpr>) -> LabelExpr) -> LabelExpr {
    match several.pop() {
        Some(only) if several.is_empty() => only,
        Some(last) => {
            several.push(last);
            make(several)
        }
        None => make(several),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_hold_as_they_read() {
        let table: &[(&str, &[&str], bool)] = &[
            ("A", &["A"], true),
            ("A", &["B"], false),
            ("not A", &["B"], true),
            ("A and B", &["A"], false),
            ("A and not B", &["A"], true),
            ("A or B and C", &["A"], true),
            ("(A or B) and C", &["A"], false),
            ("not (A or B)", &[], true),
            ("not not A", &["A"], true),
            ("True", &[], true),
            ("A and False", &["A"], false),
        ];
        for (text, labels, expected) in table {
            let expression: LabelExpr = text.parse().unwrap();
            assert_eq!(expression.holds(&|label| labels.contains(&label)), *expected, "{text} of {labels:?}");
            let again: LabelExpr = expression.to_string().parse().unwrap();
            assert_eq!(again.holds(&|label| labels.contains(&label)), *expected, "{text} printed");
        }
    }

    #[test]
    fn mistakes_are_named() {
        let table: &[(&str, LabelError)] = &[
            ("", LabelError::End),
            ("A and", LabelError::End),
            ("(A", LabelError::End),
            ("A B", LabelError::Unexpected("B".to_owned())),
            ("A && B", LabelError::Unexpected("&".to_owned())),
            ("or A", LabelError::Unexpected("or".to_owned())),
        ];
        for (text, error) in table {
            assert_eq!(text.parse::<LabelExpr>().as_ref(), Err(error), "{text}");
        }
        assert_eq!("(".repeat(1000).parse::<LabelExpr>(), Err(LabelError::TooLarge));
    }
}
