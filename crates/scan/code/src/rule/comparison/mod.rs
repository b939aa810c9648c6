//! The expressions of `metavariable-comparison`: a part of Python's.
//!
//! Literals, metavariables, arithmetic and bits, chains of comparisons, `and`, `or`, `not`, `in`, lists, `re.match` and the
//! functions of [`Function`]. [`parse`] reads one, [`Expr::evaluate`] gives its [`Value`].

mod evaluate;
mod parse;

pub use evaluate::{EvalError, Reading, Value, Values};
pub use parse::{ExprError, parse};

use super::regex::Regex;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A number, string or truth value, or `None`.
    Literal(Value),
    /// `$X`, with its `$`.
    Metavariable(String),
    /// `[…]` or `(…, …)`.
    List(Vec<Self>),
    /// `-x`, `+x`, `~x`, `not x`.
    Unary(UnaryOp, Box<Self>),
    /// Arithmetic and bits.
    Binary(BinaryOp, Box<Self>, Box<Self>),
    /// `a < b <= c`: the first operand, then each operator with the next.
    Compare(Box<Self>, Vec<(CompareOp, Self)>),
    /// All are true.
    And(Vec<Self>),
    /// One is true.
    Or(Vec<Self>),
    /// A function's value.
    Call(Function, Vec<Self>),
    /// `re.match("regex", x)`: whether the regex matches from the start of a string.
    Match(Regex, Box<Self>),
}

/// An operator before its operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the operators of Python")]
pub enum UnaryOp {
    Minus,
    Plus,
    Invert,
    Not,
}

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the operators of Python")]
pub enum BinaryOp {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Modulo,
    Power,
    BitAnd,
    BitOr,
    BitXor,
    ShiftLeft,
    ShiftRight,
}

/// An operator that compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the operators of Python")]
pub enum CompareOp {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    NotIn,
}

/// What can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// `int(x)`: of a string in decimal, or with Python's prefix.
    Int,
    /// `float(x)`.
    Float,
    /// `str(x)`: of code, its text.
    Str,
    /// `len(x)`: characters of a string, items of a list.
    Len,
    /// `today()`: seconds since 1970 of the start of this day, in UTC.
    Today,
    /// `strptime("2024-01-31")`: seconds since 1970 of that day, in UTC.
    Strptime,
}

impl Expr {
    /// The metavariables, in order, without repetition.
    pub fn metavariables(&self) -> Vec<&str> {
        let mut found: Vec<&str> = Vec::new();
        let mut todo = vec![self];
        while let Some(next) = todo.pop() {
            match next {
                Self::Literal(_) => {}
                Self::Metavariable(name) => {
                    if !found.contains(&name.as_str()) {
                        found.push(name);
                    }
                }
                Self::Unary(_, one) | Self::Match(_, one) => todo.push(one),
                Self::Binary(_, left, right) => todo.extend([&**right, &**left]),
                Self::Compare(first, rest) => {
                    todo.extend(rest.iter().rev().map(|(_, operand)| operand));
                    todo.push(first);
                }
                Self::List(several) | Self::And(several) | Self::Or(several) | Self::Call(_, several) => {
                    todo.extend(several.iter().rev());
                }
            }
        }
        found
    }
}
