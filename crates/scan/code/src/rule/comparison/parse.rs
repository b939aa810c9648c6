//! Reads an expression: a lexer and one function per level of precedence, as in Python's grammar.

use super::super::regex::{Flags, Regex, RegexError};
use super::{BinaryOp, CompareOp, Expr, Function, UnaryOp, Value};

/// Nesting beyond which an expression is refused.
const MAX_DEPTH: usize = 48;
/// Bytes beyond which an expression is refused.
const MAX_LENGTH: usize = 64 * 1024;

/// Why an expression cannot be read. Offsets are bytes of the expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExprError {
    /// Something else is expected.
    #[error("`{token}` at byte {at} is not expected here")]
    Unexpected {
        /// What is there.
        token: String,
        /// Where.
        at: usize,
    },
    /// Ends too early.
    #[error("the expression ends too early")]
    End,
    /// A string has no end.
    #[error("the string at byte {0} is not closed")]
    OpenString(usize),
    /// A number is none, or too large.
    #[error("`{0}` is not a number")]
    Number(String),
    /// A name that means nothing here.
    #[error("`{0}` is not known; there are int, float, str, len, re.match, today and strptime")]
    Unknown(String),
    /// Too few or too many arguments.
    #[error("`{0}` takes another number of arguments")]
    Arguments(&'static str),
    /// The regular expression of `re.match` is not written out.
    #[error("the first argument of re.match has to be a string")]
    DynamicRegex,
    /// The regular expression of `re.match` is wrong.
    #[error(transparent)]
    Regex(#[from] RegexError),
    /// Too long or too deep.
    #[error("the expression is too long or nested too deeply")]
    TooLarge,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Value(Value),
    Metavariable(String),
    Name(String),
    Sign(&'static str),
}

const SIGNS: &[&str] = &[
    "**", "//", "<<", ">>", "<=", ">=", "==", "!=", "<", ">", "+", "-", "*", "/", "%", "&", "|", "^", "~",
    "(", ")", "[", "]", ",",
];

/// Reads an expression.
///
/// # Errors
/// See [`ExprError`].
pub fn parse(text: &str) -> Result<Expr, ExprError> {
    if text.len() > MAX_LENGTH {
        return Err(ExprError::TooLarge);
    }
    let mut parser = Parser { tokens: lex(text)?, next: 0, depth: 0 };
    let expression = parser.or()?;
    match parser.tokens.get(parser.next) {
        None => Ok(expression),
        Some(_) => Err(parser.unexpected()),
    }
}

fn lex(text: &str) -> Result<Vec<(Token, usize)>, ExprError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..)
        && let Some(first) = rest.chars().next()
    {
        if first.is_whitespace() || first == '\\' && rest.starts_with("\\\n") {
            at += first.len_utf8();
            continue;
        }
        let (token, length) = if let Some((string, length)) = string(rest, at)? {
            (Token::Value(Value::String(string)), length)
        } else if first.is_ascii_digit()
            || first == '.' && rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit)
        {
            number(rest)?
        } else if first.is_alphabetic() || matches!(first, '_' | '$') {
            let in_word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '.');
            let body = rest.strip_prefix("$...").or(rest.strip_prefix('$')).unwrap_or(rest);
            let head = rest.len() - body.len();
            let metavariable = head > 0;
            let length = body.find(|character| !in_word(character) || metavariable && character == '.');
            let length = head + length.unwrap_or(body.len());
            let word = rest.get(..length).unwrap_or_default().to_owned();
            let token = match word.as_str() {
                "$" | "$..." => return Err(ExprError::Unexpected { token: word, at }),
                "True" | "true" => Token::Value(Value::Bool(true)),
                "False" | "false" => Token::Value(Value::Bool(false)),
                "None" | "null" => Token::Value(Value::None),
                _ if metavariable => Token::Metavariable(word),
                _ => Token::Name(word),
            };
            (token, length)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(sign), sign.len())
        } else {
            return Err(ExprError::Unexpected { token: first.to_string(), at });
        };
        tokens.push((token, at));
        at += length;
    }
    Ok(tokens)
}

/// A string literal and its length.
fn string(text: &str, at: usize) -> Result<Option<(String, usize)>, ExprError> {
    let body = text.trim_start_matches(['r', 'R', 'b', 'B', 'u', 'U']);
    let prefix = text.len() - body.len();
    let Some(quote) = body.chars().next().filter(|first| prefix <= 2 && matches!(first, '\'' | '"')) else {
        return Ok(None);
    };
    let raw = text.get(..prefix).is_some_and(|prefix| prefix.contains(['r', 'R']));
    let triple = quote.to_string().repeat(3);
    let close = if body.starts_with(&triple) { triple } else { quote.to_string() };
    let mut found = String::new();
    let mut rest = body.get(close.len()..).unwrap_or_default();
    loop {
        if let Some(behind) = rest.strip_prefix(&close) {
            return Ok(Some((found, text.len() - behind.len())));
        }
        let mut characters = rest.chars();
        match (characters.next(), characters.clone().next()) {
            (Some('\\'), Some(next)) => {
                characters.next();
                match next {
                    _ if raw => found.extend(['\\', next]),
                    'n' => found.push('\n'),
                    't' => found.push('\t'),
                    'r' => found.push('\r'),
                    '0' => found.push('\0'),
                    '\n' => {}
                    '\\' | '\'' | '"' => found.push(next),
                    // As in Python, an unknown escape stays as it is: regular expressions rely on it.
                    _ => found.extend(['\\', next]),
                }
            }
            (Some(character), _) => found.push(character),
            (None, _) => return Err(ExprError::OpenString(at)),
        }
        rest = characters.as_str();
    }
}

fn number(text: &str) -> Result<(Token, usize), ExprError> {
    let mut length = 0;
    let mut previous = ' ';
    for character in text.chars() {
        let exponent_sign =
            matches!(character, '+' | '-') && matches!(previous, 'e' | 'E') && !text.starts_with("0x");
        if !(character.is_ascii_alphanumeric() || matches!(character, '.' | '_') || exponent_sign) {
            break;
        }
        length += 1;
        previous = character;
    }
    let word = text.get(..length).unwrap_or_default();
    let value = super::evaluate::integer(word, None).map(Value::Int);
    let value = value.or_else(|| word.replace('_', "").parse().ok().map(Value::Float));
    value.map(|value| (Token::Value(value), length)).ok_or_else(|| ExprError::Number(word.to_owned()))
}

struct Parser {
    tokens: Vec<(Token, usize)>,
    next: usize,
    depth: usize,
}

impl Parser {
    fn sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.tokens.get(self.next), Some((Token::Sign(found), _)) if *found == sign);
        self.next += usize::from(found);
        found
    }

    fn word(&mut self, word: &str) -> bool {
        let found = matches!(self.tokens.get(self.next), Some((Token::Name(found), _)) if found == word);
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), ExprError> {
        if self.sign(sign) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn unexpected(&self) -> ExprError {
        let Some((token, at)) = self.tokens.get(self.next) else { return ExprError::End };
        let token = match token {
            Token::Sign(sign) => (*sign).to_owned(),
            Token::Name(name) | Token::Metavariable(name) => name.clone(),
            Token::Value(value) => value.to_string(),
        };
        ExprError::Unexpected { token, at: *at }
    }

    /// Runs what may contain itself.
    fn deeper<T>(&mut self, run: impl FnOnce(&mut Self) -> Result<T, ExprError>) -> Result<T, ExprError> {
        if self.depth >= MAX_DEPTH {
            return Err(ExprError::TooLarge);
        }
        self.depth += 1;
        let result = run(self);
        self.depth -= 1;
        result
    }

    fn or(&mut self) -> Result<Expr, ExprError> {
        let first = self.and()?;
        let mut several = vec![first];
        while self.word("or") {
            several.push(self.and()?);
        }
        Ok(one_or(several, Expr::Or))
    }

    fn and(&mut self) -> Result<Expr, ExprError> {
        let first = self.not()?;
        let mut several = vec![first];
        while self.word("and") {
            several.push(self.not()?);
        }
        Ok(one_or(several, Expr::And))
    }

    fn not(&mut self) -> Result<Expr, ExprError> {
        if self.word("not") {
            let operand = self.deeper(Self::not)?;
            return Ok(Expr::Unary(UnaryOp::Not, Box::new(operand)));
        }
        let first = self.binary(0)?;
        let mut rest = Vec::new();
        while let Some(operator) = self.comparison()? {
            rest.push((operator, self.binary(0)?));
        }
        Ok(if rest.is_empty() { first } else { Expr::Compare(Box::new(first), rest) })
    }

    fn comparison(&mut self) -> Result<Option<CompareOp>, ExprError> {
        const SIGNS: &[(&str, CompareOp)] = &[
            ("==", CompareOp::Equal),
            ("!=", CompareOp::NotEqual),
            ("<=", CompareOp::LessEqual),
            (">=", CompareOp::GreaterEqual),
            ("<", CompareOp::Less),
            (">", CompareOp::Greater),
        ];
        if let Some((_, operator)) = SIGNS.iter().find(|(sign, _)| self.sign(sign)) {
            return Ok(Some(*operator));
        }
        if self.word("in") {
            return Ok(Some(CompareOp::In));
        }
        if self.word("is") {
            return Ok(Some(if self.word("not") { CompareOp::NotEqual } else { CompareOp::Equal }));
        }
        if self.word("not") {
            return if self.word("in") { Ok(Some(CompareOp::NotIn)) } else { Err(self.unexpected()) };
        }
        Ok(None)
    }

    /// The levels of operators that are left-associative, loosest first.
    fn binary(&mut self, level: usize) -> Result<Expr, ExprError> {
        const LEVELS: &[&[(&str, BinaryOp)]] = &[
            &[("|", BinaryOp::BitOr)],
            &[("^", BinaryOp::BitXor)],
            &[("&", BinaryOp::BitAnd)],
            &[("<<", BinaryOp::ShiftLeft), (">>", BinaryOp::ShiftRight)],
            &[("+", BinaryOp::Add), ("-", BinaryOp::Subtract)],
            &[
                ("*", BinaryOp::Multiply),
                ("//", BinaryOp::FloorDivide),
                ("/", BinaryOp::Divide),
                ("%", BinaryOp::Modulo),
            ],
        ];
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.binary(level + 1)?;
        let mut height = 0;
        while let Some((_, operator)) = operators.iter().find(|(sign, _)| self.sign(sign)) {
            // A chain leans to the left, so its length is its depth.
            height += 1;
            if height > MAX_DEPTH * 4 {
                return Err(ExprError::TooLarge);
            }
            let right = self.binary(level + 1)?;
            left = Expr::Binary(*operator, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expr, ExprError> {
        for (sign, operator) in [("-", UnaryOp::Minus), ("+", UnaryOp::Plus), ("~", UnaryOp::Invert)] {
            if self.sign(sign) {
                let operand = self.deeper(Self::unary)?;
                return Ok(Expr::Unary(operator, Box::new(operand)));
            }
        }
        let base = self.atom()?;
        if self.sign("**") {
            let exponent = self.deeper(Self::unary)?;
            return Ok(Expr::Binary(BinaryOp::Power, Box::new(base), Box::new(exponent)));
        }
        Ok(base)
    }

    fn atom(&mut self) -> Result<Expr, ExprError> {
        if self.sign("(") {
            let (mut several, comma) = self.deeper(|parser| parser.list(")"))?;
            return match several.pop() {
                Some(only) if several.is_empty() && !comma => Ok(only),
                Some(last) => {
                    several.push(last);
                    Ok(Expr::List(several))
                }
                None => Ok(Expr::List(several)),
            };
        }
        if self.sign("[") {
            return Ok(Expr::List(self.deeper(|parser| parser.list("]"))?.0));
        }
        let token = self.tokens.get(self.next).map(|(token, _)| token.clone()).ok_or(ExprError::End)?;
        let atom = match token {
            Token::Value(value) => Expr::Literal(value),
            Token::Metavariable(name) => Expr::Metavariable(name),
            Token::Name(name) => return self.call(&name),
            Token::Sign(_) => return Err(self.unexpected()),
        };
        self.next += 1;
        // Adjacent strings are one, as in Python.
        if let Expr::Literal(Value::String(mut text)) = atom {
            while let Some((Token::Value(Value::String(more)), _)) = self.tokens.get(self.next) {
                text.push_str(more);
                self.next += 1;
            }
            return Ok(Expr::Literal(Value::String(text)));
        }
        Ok(atom)
    }

    /// Expressions up to a closing sign; whether a comma came last or between.
    fn list(&mut self, close: &str) -> Result<(Vec<Expr>, bool), ExprError> {
        let mut several = Vec::new();
        let mut comma = false;
        while !self.sign(close) {
            several.push(self.or()?);
            if !self.sign(",") {
                self.expect(close)?;
                break;
            }
            comma = true;
        }
        Ok((several, comma))
    }

    fn call(&mut self, name: &str) -> Result<Expr, ExprError> {
        let (function, name, arguments) = match name {
            "int" => (Function::Int, "int", 1),
            "float" => (Function::Float, "float", 1),
            "str" => (Function::Str, "str", 1),
            "len" => (Function::Len, "len", 1),
            "re.match" => return self.matches(),
            "today" => (Function::Today, "today", 0),
            "strptime" => (Function::Strptime, "strptime", 1),
            "and" | "or" | "in" | "is" => return Err(self.unexpected()),
            _ => return Err(ExprError::Unknown(name.to_owned())),
        };
        self.next += 1;
        self.expect("(")?;
        let given = self.deeper(|parser| parser.list(")"))?.0;
        if given.len() == arguments {
            Ok(Expr::Call(function, given))
        } else {
            Err(ExprError::Arguments(name))
        }
    }
}

impl Parser {
    /// `re.match("regex", x)`; the regex has to be known before anything is matched.
    fn matches(&mut self) -> Result<Expr, ExprError> {
        self.next += 1;
        self.expect("(")?;
        let given = self.deeper(|parser| parser.list(")"))?.0;
        let Ok([regex, text]) = <[Expr; 2]>::try_from(given) else {
            return Err(ExprError::Arguments("re.match"));
        };
        let Expr::Literal(Value::String(regex)) = regex else { return Err(ExprError::DynamicRegex) };
        let flags = Flags { multi_line: false, anchored: true };
        Ok(Expr::Match(Regex::new(&regex, flags)?, Box::new(text)))
    }
}

fn one_or(mut several: Vec<Expr>, make: fn(Vec<Expr>) -> Expr) -> Expr {
    match several.pop() {
        Some(only) if several.is_empty() => only,
        Some(last) => {
            several.push(last);
            make(several)
        }
        None => make(several),
    }
}
