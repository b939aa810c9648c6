//! What an expression is worth, given what its metavariables stand for.
//!
//! As in Semgrep: whole numbers divide to whole numbers, both sides of `and` and `or` have to have a truth value, and what
//! has no value makes the whole expression have none. Beyond Semgrep: chains of comparisons, `len`, order and joining of
//! strings work as in Python.

use super::{BinaryOp, CompareOp, Expr, Function, UnaryOp};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

const SECONDS_PER_DAY: i64 = 86_400;
/// Bytes that a string, and items that a list may grow to.
const MAX_SIZE: usize = 1 << 20;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `None`.
    None,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// A string.
    String(String),
    /// A list.
    List(Vec<Self>),
    /// Code that is no constant, as text: equal to itself, and `str` makes a string of it.
    Code(String),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Bool(true) => f.write_str("True"),
            Self::Bool(false) => f.write_str("False"),
            Self::Int(number) => write!(f, "{number}"),
            Self::Float(number) => write!(f, "{number:?}"),
            Self::String(text) | Self::Code(text) => f.write_str(text),
            Self::List(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str("]")
            }
        }
    }
}

/// What metavariables stand for. Asked by [`Expr::evaluate`]; names come with their `$`.
pub trait Values {
    /// The code as written; none if it is not bound.
    fn text(&self, metavariable: &str) -> Option<Cow<'_, str>>;

    /// The value of what is a constant, a string without its quotes; none of anything else.
    fn constant(&self, metavariable: &str) -> Option<Value>;
}

/// How one metavariable is read: `metavariable`, `base` and `strip` of `metavariable-comparison`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading<'a> {
    /// The metavariable; for any other the rest is of no account.
    pub metavariable: Option<&'a str>,
    /// The base of its digits.
    pub base: Option<u32>,
    /// Whether quotes around it go.
    pub strip: bool,
}

/// Why an expression has no value. The condition then does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvalError {
    /// A metavariable stands for nothing.
    #[error("{0} is not bound")]
    Unbound(String),
    /// An operation on what it is not for.
    #[error("{0} does not work on these values")]
    Kind(&'static str),
    /// Too large a number, or division by zero.
    #[error("{0} has no result that is a number of 64 bits")]
    Arithmetic(&'static str),
    /// Not what the function reads.
    #[error("{0} cannot read `{1}`")]
    Unreadable(&'static str, String),
    /// A string or list grew too large.
    #[error("a value is larger than {MAX_SIZE}")]
    TooLarge,
    /// A regular expression took too long.
    #[error(transparent)]
    Regex(#[from] super::super::regex::RegexError),
}

impl Expr {
    /// Whether it is true. What is no truth value is not.
    ///
    /// # Errors
    /// See [`EvalError`].
    pub fn holds(&self, values: &dyn Values, reading: Reading<'_>) -> Result<bool, EvalError> {
        Ok(self.evaluate(values, reading)? == Value::Bool(true))
    }

    /// Its value.
    ///
    /// # Errors
    /// See [`EvalError`].
    pub fn evaluate(&self, values: &dyn Values, reading: Reading<'_>) -> Result<Value, EvalError> {
        let value = |expression: &Self| expression.evaluate(values, reading);
        let truth = |expression: &Self| match value(expression)? {
            Value::Bool(truth) => Ok(truth),
            _ => Err(EvalError::Kind("a truth value")),
        };
        match self {
            Self::Literal(literal) => Ok(literal.clone()),
            Self::Metavariable(name) => metavariable(name, values, reading),
            Self::List(items) => Ok(Value::List(items.iter().map(value).collect::<Result<_, _>>()?)),
            Self::Unary(UnaryOp::Not, operand) => Ok(Value::Bool(!truth(operand)?)),
            Self::Unary(operator, operand) => unary(*operator, value(operand)?),
            Self::Binary(operator, left, right) => binary(*operator, value(left)?, value(right)?),
            Self::And(all) => {
                all.iter().try_fold(true, |so_far, one| Ok(truth(one)? && so_far)).map(Value::Bool)
            }
            Self::Or(any) => {
                any.iter().try_fold(false, |so_far, one| Ok(truth(one)? || so_far)).map(Value::Bool)
            }
            Self::Compare(first, rest) => {
                let mut left = value(first)?;
                for (operator, operand) in rest {
                    let right = value(operand)?;
                    if !compare(*operator, &left, &right)? {
                        return Ok(Value::Bool(false));
                    }
                    left = right;
                }
                Ok(Value::Bool(true))
            }
            Self::Match(regex, operand) => match value(operand)? {
                Value::String(text) | Value::Code(text) => Ok(Value::Bool(regex.is_match(text.as_bytes())?)),
                _ => Err(EvalError::Kind("re.match")),
            },
            Self::Call(function, arguments) => match (function, arguments.as_slice()) {
                (Function::Today, _) => Ok(Value::Int(today())),
                (_, [argument]) => call(*function, value(argument)?),
                _ => Err(EvalError::Kind("the call")),
            },
        }
    }
}

fn metavariable(name: &str, values: &dyn Values, reading: Reading<'_>) -> Result<Value, EvalError> {
    let unbound = || EvalError::Unbound(name.to_owned());
    if reading.metavariable == Some(name) && (reading.base.is_some() || reading.strip) {
        let text = values.text(name).ok_or_else(unbound)?;
        let mut text = text.trim();
        if reading.strip {
            text = text.trim_matches(['\'', '"', '`']);
        }
        let number = integer(text, reading.base).map(Value::Int);
        let number =
            number.or_else(|| text.parse().ok().filter(|_| reading.base.is_none()).map(Value::Float));
        return number.ok_or_else(|| EvalError::Unreadable("the comparison", text.to_owned()));
    }
    match values.constant(name) {
        Some(value) => Ok(value),
        None => values.text(name).map(|text| Value::Code(text.into_owned())).ok_or_else(unbound),
    }
}

/// A whole number in a base, or with Python's prefix (`0x`, `0o`, `0b`, and `0` as in C), with `_` between digits.
pub(super) fn integer(text: &str, base: Option<u32>) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = digits.replace('_', "").to_ascii_lowercase();
    let prefixed = [("0x", 16), ("0o", 8), ("0b", 2)]
        .iter()
        .find_map(|(prefix, base)| Some((digits.strip_prefix(prefix)?, *base)));
    let (digits, base) = match (prefixed, base) {
        (Some((digits, own)), None) => (digits, own),
        (Some((digits, own)), Some(base)) if own == base => (digits, own),
        (_, Some(base)) => (digits.as_str(), base),
        (None, None) => match digits.strip_prefix('0').filter(|octal| !octal.is_empty()) {
            Some(octal) => (octal, 8),
            None => (digits.as_str(), 10),
        },
    };
    if !(2..=36).contains(&base) || !digits.starts_with(|first: char| first.is_ascii_alphanumeric()) {
        return None;
    }
    let number = i128::from_str_radix(digits, base).ok()?;
    i64::try_from(if negative { -number } else { number }).ok()
}

fn unary(operator: UnaryOp, value: Value) -> Result<Value, EvalError> {
    let too_large = EvalError::Arithmetic("the operator");
    match (operator, value) {
        (UnaryOp::Minus, Value::Int(number)) => number.checked_neg().map(Value::Int).ok_or(too_large),
        (UnaryOp::Minus, Value::Float(number)) => Ok(Value::Float(-number)),
        (UnaryOp::Plus, number @ (Value::Int(_) | Value::Float(_))) => Ok(number),
        (UnaryOp::Invert, Value::Int(number)) => Ok(Value::Int(!number)),
        _ => Err(EvalError::Kind("the operator")),
    }
}

fn binary(operator: BinaryOp, left: Value, right: Value) -> Result<Value, EvalError> {
    match (operator, left, right) {
        (_, Value::Int(left), Value::Int(right)) => {
            whole(operator, left, right).map(Value::Int).ok_or(EvalError::Arithmetic("the operator"))
        }
        (BinaryOp::Add, Value::String(mut left), Value::String(right)) => {
            if left.len() + right.len() > MAX_SIZE {
                return Err(EvalError::TooLarge);
            }
            left.push_str(&right);
            Ok(Value::String(left))
        }
        (BinaryOp::Add, Value::List(mut left), Value::List(right)) => {
            if left.len() + right.len() > MAX_SIZE {
                return Err(EvalError::TooLarge);
            }
            left.extend(right);
            Ok(Value::List(left))
        }
        (_, left, right) => match (number(&left), number(&right)) {
            (Some(left), Some(right)) => real(operator, left, right),
            _ => Err(EvalError::Kind("the operator")),
        },
    }
}

fn whole(operator: BinaryOp, left: i64, right: i64) -> Option<i64> {
    let shift = || u32::try_from(right).ok().filter(|&bits| bits < 64);
    match operator {
        BinaryOp::Add => left.checked_add(right),
        BinaryOp::Subtract => left.checked_sub(right),
        BinaryOp::Multiply => left.checked_mul(right),
        BinaryOp::Divide => left.checked_div(right),
        BinaryOp::FloorDivide => {
            let quotient = left.checked_div(right)?;
            Some(quotient - i64::from(left % right != 0 && (left < 0) != (right < 0)))
        }
        // As in Python, the remainder has the sign of the divisor.
        BinaryOp::Modulo => {
            let rest = left.checked_rem(right)?;
            Some(if rest != 0 && (rest < 0) != (right < 0) { rest + right } else { rest })
        }
        BinaryOp::Power => left.checked_pow(u32::try_from(right).ok()?),
        BinaryOp::BitAnd => Some(left & right),
        BinaryOp::BitOr => Some(left | right),
        BinaryOp::BitXor => Some(left ^ right),
        BinaryOp::ShiftLeft => left.checked_mul(1_i64.checked_shl(shift()?).filter(|&factor| factor > 0)?),
        BinaryOp::ShiftRight => left.checked_shr(shift()?),
    }
}

fn real(operator: BinaryOp, left: f64, right: f64) -> Result<Value, EvalError> {
    let result = match operator {
        BinaryOp::Add => left + right,
        BinaryOp::Subtract => left - right,
        BinaryOp::Multiply => left * right,
        BinaryOp::Divide => left / right,
        BinaryOp::FloorDivide => (left / right).floor(),
        BinaryOp::Modulo => left - right * (left / right).floor(),
        BinaryOp::Power => left.powf(right),
        _ => return Err(EvalError::Kind("the operator")),
    };
    if result.is_finite() { Ok(Value::Float(result)) } else { Err(EvalError::Arithmetic("the operator")) }
}

#[expect(clippy::cast_precision_loss, reason = "python compares with numbers that are near enough, too")]
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        _ => None,
    }
}

fn compare(operator: CompareOp, left: &Value, right: &Value) -> Result<bool, EvalError> {
    match operator {
        CompareOp::Equal => Ok(equal(left, right)),
        CompareOp::NotEqual => Ok(!equal(left, right)),
        CompareOp::In => contains(right, left),
        CompareOp::NotIn => contains(right, left).map(|found| !found),
        CompareOp::Less => order(left, right).map(Ordering::is_lt),
        CompareOp::LessEqual => order(left, right).map(Ordering::is_le),
        CompareOp::Greater => order(left, right).map(Ordering::is_gt),
        CompareOp::GreaterEqual => order(left, right).map(Ordering::is_ge),
    }
}

fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => left == right,
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        _ => match (number(left), number(right)) {
            (Some(left), Some(right)) => left == right,
            _ => left == right,
        },
    }
}

fn order(left: &Value, right: &Value) -> Result<Ordering, EvalError> {
    let ordering = match (left, right) {
        (Value::Int(left), Value::Int(right)) => Some(left.cmp(right)),
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        _ => number(left).zip(number(right)).and_then(|(left, right)| left.partial_cmp(&right)),
    };
    ordering.ok_or(EvalError::Kind("the comparison"))
}

fn contains(whole: &Value, part: &Value) -> Result<bool, EvalError> {
    match (whole, part) {
        (Value::List(items), part) => Ok(items.iter().any(|item| equal(item, part))),
        (Value::String(whole) | Value::Code(whole), Value::String(part) | Value::Code(part)) => {
            Ok(whole.contains(part.as_str()))
        }
        _ => Err(EvalError::Kind("in")),
    }
}

fn call(function: Function, argument: Value) -> Result<Value, EvalError> {
    match (function, argument) {
        (Function::Int, number @ Value::Int(_)) => Ok(number),
        (Function::Int, Value::Bool(truth)) => Ok(Value::Int(i64::from(truth))),
        (Function::Int, Value::Float(number)) => {
            // Both bounds are whole powers of two, which 64-bit floats hold exactly.
            let bound = 2_f64.powi(63);
            #[expect(
                clippy::cast_possible_truncation,
                reason = "within the bounds, and int() cuts off the fraction"
            )]
            let cut = number as i64;
            let fits = number >= -bound && number < bound;
            if fits { Ok(Value::Int(cut)) } else { Err(EvalError::Arithmetic("int")) }
        }
        (Function::Int, Value::String(text) | Value::Code(text)) => {
            integer(text.trim(), None).map(Value::Int).ok_or(EvalError::Unreadable("int", text))
        }
        (Function::Float, number @ Value::Float(_)) => Ok(number),
        (Function::Float, Value::String(text) | Value::Code(text)) => match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Value::Float(number)),
            _ => Err(EvalError::Unreadable("float", text)),
        },
        (Function::Float, value) => number(&value).map(Value::Float).ok_or(EvalError::Kind("float")),
        (Function::Str, value) => Ok(Value::String(value.to_string())),
        (Function::Len, Value::String(text)) => length(text.chars().count()),
        (Function::Len, Value::List(items)) => length(items.len()),
        (Function::Strptime, Value::String(text)) => {
            day(text.trim()).map(Value::Int).ok_or(EvalError::Unreadable("strptime", text))
        }
        (Function::Len, _) => Err(EvalError::Kind("len")),
        (Function::Int | Function::Strptime | Function::Today, _) => Err(EvalError::Kind("the function")),
    }
}

fn length(count: usize) -> Result<Value, EvalError> {
    i64::try_from(count).map(Value::Int).map_err(|_| EvalError::Arithmetic("len"))
}

fn today() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let seconds = i64::try_from(since).unwrap_or(i64::MAX);
    seconds - seconds % SECONDS_PER_DAY
}

/// Seconds since 1970 of a day such as `2024-01-31`.
fn day(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-').map(|part| {
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<i64>().ok()).flatten()
    });
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=9999).contains(&year) || !(1..=last).contains(&day) {
        return None;
    }
    // Days before the year, counting years from March so that the leap day comes last.
    let (shifted, from_march) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days =
        365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + (153 * from_march + 2) / 5 + day - 1;
    /// The same count for 1970-01-01.
    const EPOCH: i64 = 719_468;
    Some((days - EPOCH) * SECONDS_PER_DAY)
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use proptest::prelude::*;

    struct Fixed;

    impl Values for Fixed {
        fn text(&self, metavariable: &str) -> Option<Cow<'_, str>> {
            let text = match metavariable {
                "$X" => "5",
                "$S" => "'abc'",
                "$T" => "\"12\"",
                "$F" => "1.5",
                "$D" => "'2021-01-01'",
                "$B" => "True",
                "$N" => "some.name",
                "$HEX" => "\"0600\"",
                _ => return None,
            };
            Some(text.into())
        }

        fn constant(&self, metavariable: &str) -> Option<Value> {
            Some(match metavariable {
                "$X" => Value::Int(5),
                "$S" => Value::String("abc".to_owned()),
                "$T" => Value::String("12".to_owned()),
                "$F" => Value::Float(1.5),
                "$D" => Value::String("2021-01-01".to_owned()),
                "$B" => Value::Bool(true),
                _ => return None,
            })
        }
    }

    /// None where there is no value.
    fn holds(text: &str) -> Option<bool> {
        parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).holds(&Fixed, Reading::default()).ok()
    }

    #[test]
    fn expressions_hold_as_in_python() {
        let table: &[(&str, Option<bool>)] = &[
            ("$X == 5", Some(true)),
            ("5 == $X", Some(true)),
            ("$X == 5.0", Some(true)),
            ("$X == '5'", Some(false)),
            ("$X == 0x5", Some(true)),
            ("$X / 2 == 2", Some(true)),
            ("$X // 2 == 2", Some(true)),
            ("-7 // 2 == -4", Some(true)),
            ("-7 % 3 == 2", Some(true)),
            ("$F / 2 == 0.75", Some(true)),
            ("2 ** 3 ** 2 == 512", Some(true)),
            ("-2 ** 2 == -4", Some(true)),
            ("1 + 2 * 3 == 7", Some(true)),
            ("(1 + 2) * 3 == 9", Some(true)),
            ("10 - 3 - 2 == 5", Some(true)),
            ("1 << 4 | 1 == 17", Some(true)),
            ("$X & 4 == 4", Some(true)),
            ("~$X == -6", Some(true)),
            ("1 < $X < 9", Some(true)),
            ("1 < $X < 5", Some(false)),
            ("$X > 4 and not $X > 5", Some(true)),
            ("$X > 5 or $B", Some(true)),
            ("$X in [4, 5]", Some(true)),
            ("$X in (4, 6,)", Some(false)),
            ("$X not in [4, 5]", Some(false)),
            ("'b' in $S", Some(true)),
            ("$S == 'a' 'bc'", Some(true)),
            ("$S + 'd' == \"abcd\"", Some(true)),
            ("$S < 'b'", Some(true)),
            ("len($S) == 3", Some(true)),
            ("len([1, 2]) == 2", Some(true)),
            ("int($T) * 2 == 24", Some(true)),
            ("int('0x10') == 16", Some(true)),
            ("int(2.9) == 2", Some(true)),
            ("float($T) == 12", Some(true)),
            ("str($X) == '5'", Some(true)),
            ("str($F) == '1.5'", Some(true)),
            ("str($S) == 'abc'", Some(true)),
            ("str($N) == 'some.name'", Some(true)),
            ("$N == 'some.name'", Some(false)),
            ("re.match('a.*', $S)", Some(true)),
            ("re.match('b', $S)", Some(false)),
            ("re.match(r'\\w+\\.', str($N))", Some(true)),
            ("strptime($D) < today()", Some(true)),
            ("strptime('1970-01-02') == 86400", Some(true)),
            ("strptime('2000-02-29') == 951782400", Some(true)),
            ("strptime('2100-02-29') > 0", None),
            ("$B", Some(true)),
            ("$X", Some(false)),
            ("None == 1", Some(false)),
            ("$NONE == 1", None),
            ("$X == 5 or $NONE == 1", None),
            ("$S > 1", None),
            ("1 / 0 == 1", None),
            ("9223372036854775807 + 1 > 0", None),
            ("2 ** 100 > 1", None),
            ("re.match('5', $X)", None),
        ];
        for (text, expected) in table {
            assert_eq!(holds(text), *expected, "{text}");
        }
    }

    #[test]
    fn base_and_strip_apply_to_their_metavariable() {
        let value = |text: &str, reading| parse(text).unwrap().evaluate(&Fixed, reading).ok();
        let reading = Reading { metavariable: Some("$HEX"), base: Some(8), strip: true };
        assert_eq!(value("$HEX", reading), Some(Value::Int(0o600)));
        assert_eq!(value("$T", reading), Some(Value::String("12".to_owned())));
        let stripped = Reading { base: None, ..reading };
        assert_eq!(value("$HEX", stripped), Some(Value::Int(0o600)));
        assert_eq!(value("$HEX", Reading { strip: false, ..reading }), None);
    }

    #[test]
    fn mistakes_are_refused() {
        for text in [
            "",
            "$X ==",
            "$X = 5",
            "== 5",
            "(1",
            "[1",
            "1)",
            "'a",
            "foo($X)",
            "len()",
            "len(1, 2)",
            "0xzz",
            "$",
            "$X y",
            "re.match($S, 'a')",
            "re.match('(', $S)",
            "and",
            "1 not 2",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        for deep in ["(", "not ", "-", "[", "len("] {
            assert!(parse(&deep.repeat(5000)).is_err(), "{deep}");
        }
        assert!(parse(&format!("1{}", "+1".repeat(5000))).is_err());
    }

    proptest! {
        #[test]
        fn nothing_panics(pieces in prop::collection::vec(prop::sample::select(vec![
            "$X", "$S", "5", "1.5", "'a'", "(", ")", "[", "]", ",", "+", "-", "*", "/", "//", "%", "**", "<<", ">>", "<",
            "==", " in ", " not ", " and ", " or ", "len(", "int(", "str(", "9223372036854775807", "\\", "'", "é",
        ]), 0..14)) {
            if let Ok(expression) = parse(&pieces.concat()) {
                let _ = expression.evaluate(&Fixed, Reading::default());
            }
        }

        #[test]
        fn arbitrary_text_does_not_panic(text in ".{0,40}") {
            let _ = parse(&text);
        }
    }
}
