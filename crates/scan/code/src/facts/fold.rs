//! Expressions over constants.
//!
//! Numbers are whole and of 64 bits; what does not fit is no constant. Strings with escapes are not computed on, because
//! the tree keeps them as written.

use super::Constant;
use crate::language::Language;
use crate::tree::{Symbol, Symbols};

/// The longest string that is computed, in bytes.
const LONGEST: usize = 4096;

/// A whole number as literals write it.
pub(super) fn integer(text: &str) -> Option<i64> {
    let text = text.trim_end_matches(['l', 'L', 'u', 'U']).replace('_', "");
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return i64::from_str_radix(hex, 16).ok();
    }
    text.parse().ok()
}

pub(super) struct Folder<'a> {
    pub(super) symbols: &'a mut Symbols,
    pub(super) language: Language,
}

impl Folder<'_> {
    fn int(&self, value: Constant) -> Option<i64> {
        match value {
            Constant::Number(text) => integer(self.symbols.text(text)),
            _ => None,
        }
    }

    fn number(&mut self, value: i64) -> Constant {
        Constant::Number(self.symbols.intern(&value.to_string()))
    }

    fn string(&mut self, text: &str) -> Constant {
        if text.len() > LONGEST { Constant::SomeString } else { Constant::String(self.symbols.intern(text)) }
    }

    /// The text of a string that can be computed on.
    fn plain(&self, value: Constant) -> Option<&str> {
        match value {
            Constant::String(text) => Some(self.symbols.text(text)).filter(|text| !text.contains('\\')),
            _ => None,
        }
    }

    /// What a value adds to a string that it is put into.
    fn piece(&self, value: Constant) -> Option<String> {
        Some(match value {
            Constant::String(text) => self.symbols.text(text).to_owned(),
            Constant::Number(text) => {
                let text = self.symbols.text(text);
                integer(text).map_or_else(|| text.to_owned(), |number| number.to_string())
            }
            Constant::Bool(value) if self.language != Language::Python => value.to_string(),
            Constant::Bool(value) => if value { "True" } else { "False" }.to_owned(),
            Constant::Null | Constant::SomeString => return None,
        })
    }

    /// Whether a value counts as true; `None` where languages differ.
    pub(super) fn truth(&self, value: Constant) -> Option<bool> {
        match value {
            Constant::Bool(value) => Some(value),
            Constant::Number(_) => match self.language {
                Language::Ruby => Some(true),
                _ => self.int(value).map(|number| number != 0),
            },
            Constant::Null => Some(false),
            Constant::String(text) => match self.language {
                Language::Python | Language::JavaScript | Language::TypeScript => Some(text != Symbol::EMPTY),
                _ => None,
            },
            Constant::SomeString => None,
        }
    }

    /// Pieces put together.
    pub(super) fn concatenate(&mut self, pieces: &[Constant]) -> Constant {
        let mut out = String::new();
        for piece in pieces {
            match self.piece(*piece) {
                Some(text) if out.len() + text.len() <= LONGEST => out.push_str(&text),
                _ => return Constant::SomeString,
            }
        }
        self.string(&out)
    }

    pub(super) fn unary(&mut self, operator: Symbol, value: Constant) -> Option<Constant> {
        match operator {
            Symbol::NOT => self.truth(value).map(|value| Constant::Bool(!value)),
            Symbol::SUB => {
                let number = self.int(value)?.checked_neg()?;
                Some(self.number(number))
            }
            Symbol::ADD => self.int(value).map(|_| value),
            _ => None,
        }
    }

    pub(super) fn binary(&mut self, operator: Symbol, left: Constant, right: Constant) -> Option<Constant> {
        use Constant::{Number, SomeString, String};
        let is_string = |value| matches!(value, String(_) | SomeString);
        if operator == Symbol::CONCAT
            || operator == Symbol::ADD && is_string(left) && is_string(right)
            || operator == Symbol::ADD
                && (is_string(left) || is_string(right))
                && matches!(
                    self.language,
                    Language::Java
                        | Language::JavaScript
                        | Language::TypeScript
                        | Language::CSharp
                        | Language::Kotlin
                        | Language::Scala
                )
        {
            return Some(self.concatenate(&[left, right]));
        }
        // Formatting and repetition of strings.
        if is_string(left) && matches!(operator, Symbol::REM | Symbol::MUL) {
            return Some(SomeString);
        }
        let operator_text = self.symbols.text(operator);
        let equality = match operator_text {
            "==" | "===" | "is" => Some(true),
            "!=" | "!==" | "<>" | "is not" => Some(false),
            _ => None,
        };
        if let Some(positive) = equality {
            return self.equal(left, right).map(|equal| Constant::Bool(equal == positive));
        }
        if let (Number(_), Number(_)) = (left, right) {
            return self.arithmetic(operator, left, right);
        }
        None
    }

    fn arithmetic(&mut self, operator: Symbol, left: Constant, right: Constant) -> Option<Constant> {
        let (a, b) = (self.int(left)?, self.int(right)?);
        let floors = matches!(self.language, Language::Python | Language::Ruby);
        let number = match operator {
            Symbol::LT => return Some(Constant::Bool(a < b)),
            Symbol::GT => return Some(Constant::Bool(a > b)),
            Symbol::LE => return Some(Constant::Bool(a <= b)),
            Symbol::GE => return Some(Constant::Bool(a >= b)),
            Symbol::ADD => a.checked_add(b)?,
            Symbol::SUB => a.checked_sub(b)?,
            Symbol::MUL => a.checked_mul(b)?,
            Symbol::FLOOR_DIV if floors => a.checked_div_euclid(b)?,
            Symbol::DIV => match self.language {
                Language::Python => return None,
                Language::JavaScript | Language::TypeScript | Language::Php => {
                    if a.checked_rem(b)? != 0 {
                        return None;
                    }
                    a.checked_div(b)?
                }
                Language::Ruby => a.checked_div_euclid(b)?,
                _ => a.checked_div(b)?,
            },
            Symbol::REM if floors => {
                let rest = a.checked_rem(b)?;
                if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest }
            }
            Symbol::REM => a.checked_rem(b)?,
            Symbol::SHL => a.checked_shl(u32::try_from(b).ok().filter(|bits| *bits < 32)?)?,
            Symbol::SHR => a.checked_shr(u32::try_from(b).ok()?)?,
            Symbol::BIT_AND => a & b,
            Symbol::BIT_OR => a | b,
            Symbol::BIT_XOR => a ^ b,
            _ => return None,
        };
        Some(self.number(number))
    }

    /// Whether two constants are equal; `None` where that takes more than their text.
    pub(super) fn equal(&self, left: Constant, right: Constant) -> Option<bool> {
        match (left, right) {
            (Constant::SomeString, _) | (_, Constant::SomeString) => None,
            (Constant::String(a), Constant::String(b)) => {
                if a == b {
                    Some(true)
                } else {
                    Some(self.plain(left)? == self.plain(right)?)
                }
            }
            (Constant::Number(_), Constant::Number(_)) => Some(self.int(left)? == self.int(right)?),
            (Constant::Bool(a), Constant::Bool(b)) => Some(a == b),
            (Constant::Null, Constant::Null) => Some(true),
            (Constant::Null, _) | (_, Constant::Null) => Some(false),
            _ => None,
        }
    }

    /// `"ABC"[1]`, `"ABC".charAt(1)`.
    pub(super) fn at(&mut self, text: Constant, index: Constant) -> Option<Constant> {
        let index = self.int(index)?;
        let text = self.plain(text)?;
        let count = text.chars().count() as i64;
        let wraps = matches!(self.language, Language::Python | Language::Ruby);
        let index = if index < 0 && wraps { index + count } else { index };
        let found = text.chars().nth(usize::try_from(index).ok()?)?.to_string();
        Some(self.string(&found))
    }

    /// Methods of strings that compute on constants alone.
    pub(super) fn method(
        &mut self,
        name: &str,
        object: Constant,
        arguments: &[Constant],
    ) -> Option<Constant> {
        match (name, arguments) {
            ("charAt" | "codePointAt", [index]) => self.at(object, *index),
            ("equals" | "Equals", [other]) => self.equal(object, *other).map(Constant::Bool),
            ("concat", [other]) => Some(self.concatenate(&[object, *other])),
            ("toString" | "to_s" | "trim" | "strip", []) => {
                let text = self.piece(object).filter(|text| !text.contains('\\'))?;
                let text = if matches!(name, "trim" | "strip") { text.trim().to_owned() } else { text };
                Some(self.string(&text))
            }
            ("toLowerCase" | "lower" | "ToLower" | "downcase" | "lowercase", []) => {
                let text = self.plain(object)?.to_lowercase();
                Some(self.string(&text))
            }
            ("toUpperCase" | "upper" | "ToUpper" | "upcase" | "uppercase", []) => {
                let text = self.plain(object)?.to_uppercase();
                Some(self.string(&text))
            }
            ("length" | "len" | "size", []) => {
                let count = self.plain(object)?.chars().count() as i64;
                Some(self.number(count))
            }
            ("startsWith" | "startswith" | "start_with?" | "HasPrefix", [part]) => {
                Some(Constant::Bool(self.plain(object)?.starts_with(self.plain(*part)?)))
            }
            ("endsWith" | "endswith" | "end_with?" | "HasSuffix", [part]) => {
                Some(Constant::Bool(self.plain(object)?.ends_with(self.plain(*part)?)))
            }
            ("contains" | "includes" | "Contains" | "include?", [part]) => {
                Some(Constant::Bool(self.plain(object)?.contains(self.plain(*part)?)))
            }
            ("isEmpty" | "is_empty" | "empty?", []) => Some(Constant::Bool(self.plain(object)?.is_empty())),
            ("substring" | "substr" | "slice", [from]) => {
                let from = usize::try_from(self.int(*from)?).ok()?;
                let rest: String = self.plain(object)?.chars().skip(from).collect();
                Some(self.string(&rest))
            }
            ("substring", [from, to]) => {
                let from = usize::try_from(self.int(*from)?).ok()?;
                let to = usize::try_from(self.int(*to)?).ok()?;
                let part: String =
                    self.plain(object)?.chars().skip(from).take(to.saturating_sub(from)).collect();
                Some(self.string(&part))
            }
            ("format" | "replace" | "join" | "repeat" | "encode" | "decode" | "getBytes", _)
                if matches!(object, Constant::String(_) | Constant::SomeString) =>
            {
                Some(Constant::SomeString)
            }
            _ => None,
        }
    }
}
