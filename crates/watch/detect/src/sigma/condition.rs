//! Conditions: which parts of a detection have to hold.
//!
//! `not` binds tighter than `and`, which binds tighter than `or` (specification, "Condition").

use super::value::Order;

/// Levels of nesting beyond which a condition is refused.
const MAX_DEPTH: usize = 64;
/// Bytes beyond which a condition is refused.
const MAX_BYTES: usize = 64 * 1024;

/// Which parts `1 of` and `all of` mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// `them`: all but those whose name begins with `_`.
    Them,
    /// A name with `*`.
    Names(String),
}

impl Selector {
    /// Whether the part of that name is meant.
    pub fn takes(&self, name: &str) -> bool {
        match self {
            Self::Them => !name.starts_with('_'),
            Self::Names(pattern) => glob(pattern.as_bytes(), name.as_bytes()),
        }
    }
}

fn glob(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut seen, mut retry) = (0, 0, None);
    loop {
        match pattern.get(at) {
            Some(b'*') => {
                retry = Some((at, seen));
                at += 1;
            }
            Some(byte) if name.get(seen) == Some(byte) => {
                at += 1;
                seen += 1;
            }
            None if seen == name.len() => return true,
            _ => match retry {
                Some((star, from)) if from < name.len() => {
                    retry = Some((star, from + 1));
                    at = star + 1;
                    seen = from + 1;
                }
                _ => return false,
            },
        }
    }
}

/// What has to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The part of that name.
    Part(String),
    /// All of them.
    And(Vec<Condition>),
    /// One of them.
    Or(Vec<Condition>),
    /// Not that.
    Not(Box<Condition>),
    /// At least so many of the parts.
    Some(u32, Selector),
    /// All of the parts.
    All(Selector),
}

/// What an aggregation computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// How many events, or how many different values of a field.
    Count,
    /// Their sum.
    Sum,
    /// Their mean.
    Average,
}

/// A comparison with a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// How.
    pub order: Order,
    /// With what.
    pub value: f64,
}

/// The part behind `|` in conditions of older rules: `count(field) by group > 5`.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregation {
    /// What is computed.
    pub function: Function,
    /// Of which field.
    pub field: Option<String>,
    /// Apart for each value of this field.
    pub group_by: Option<String>,
    /// When it counts.
    pub comparison: Comparison,
}

/// What is no condition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConditionError {
    /// It breaks off.
    #[error("the condition ends where {0} was expected")]
    Ends(&'static str),
    /// Something else stands there.
    #[error("`{found}` stands in the condition where {expected} was expected")]
    Unexpected {
        /// What stands there.
        found: String,
        /// What would be right.
        expected: &'static str,
    },
    /// Deeper or longer than is read.
    #[error("the condition is nested deeper than {MAX_DEPTH} levels or longer than {} KiB", MAX_BYTES >> 10)]
    TooLarge,
    /// Aggregations that correlations do not know either.
    #[error("the aggregation `{0}` is not supported: write a correlation")]
    Aggregation(String),
}

/// Reads a condition, and the aggregation behind it.
///
/// # Errors
/// What is no condition.
pub fn parse_condition(text: &str) -> Result<(Condition, Option<Aggregation>), ConditionError> {
    if text.len() > MAX_BYTES {
        return Err(ConditionError::TooLarge);
    }
    let mut parser = Parser { tokens: tokens(text), at: 0 };
    let condition = parser.or(0)?;
    let aggregation = match parser.next() {
        None => None,
        Some("|") => Some(parser.aggregation(text)?),
        Some(found) => return Err(unexpected(found, "`and`, `or` or the end")),
    };
    Ok((condition, aggregation))
}

fn unexpected(found: &str, expected: &'static str) -> ConditionError {
    ConditionError::Unexpected { found: found.to_owned(), expected }
}

fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '(' | ')' | '|' | ',' => 1,
            '<' | '>' | '=' | '!' => {
                rest.find(|one| !matches!(one, '<' | '>' | '=' | '!')).unwrap_or(rest.len())
            }
            _ => rest
                .find(|one: char| {
                    one.is_whitespace() || matches!(one, '(' | ')' | '|' | ',' | '<' | '>' | '=' | '!')
                })
                .unwrap_or(rest.len()),
        };
        let (token, behind) = rest.split_at(length);
        tokens.push(token);
        rest = behind.trim_start();
    }
    tokens
}

struct Parser<'a> {
    tokens: Vec<&'a str>,
    at: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.tokens.get(self.at).copied()
    }

    fn next(&mut self) -> Option<&'a str> {
        let token = self.peek();
        self.at += 1;
        token
    }

    fn take(&mut self, word: &str) -> bool {
        let is = self.peek().is_some_and(|token| token.eq_ignore_ascii_case(word));
        self.at += usize::from(is);
        is
    }

    fn or(&mut self, depth: usize) -> Result<Condition, ConditionError> {
        let mut all = vec![self.and(depth)?];
        while self.take("or") {
            all.push(self.and(depth)?);
        }
        Ok(if all.len() > 1 { Condition::Or(all) } else { all.remove(0) })
    }

    fn and(&mut self, depth: usize) -> Result<Condition, ConditionError> {
        let mut all = vec![self.not(depth)?];
        while self.take("and") {
            all.push(self.not(depth)?);
        }
        Ok(if all.len() > 1 { Condition::And(all) } else { all.remove(0) })
    }

    fn not(&mut self, depth: usize) -> Result<Condition, ConditionError> {
        if depth > MAX_DEPTH {
            return Err(ConditionError::TooLarge);
        }
        if self.take("not") {
            return Ok(Condition::Not(Box::new(self.not(depth + 1)?)));
        }
        self.primary(depth)
    }

    fn primary(&mut self, depth: usize) -> Result<Condition, ConditionError> {
        let Some(token) = self.next() else { return Err(ConditionError::Ends("a name")) };
        if token == "(" {
            let inner = self.or(depth + 1)?;
            return match self.next() {
                Some(")") => Ok(inner),
                Some(found) => Err(unexpected(found, "`)`")),
                None => Err(ConditionError::Ends("`)`")),
            };
        }
        let quantifier = match token.to_ascii_lowercase().as_str() {
            "all" => Some(None),
            "any" => Some(Some(1)),
            digits => digits.parse::<u32>().ok().filter(|&count| count > 0).map(Some),
        };
        if let Some(count) = quantifier
            && self.take("of")
        {
            let selector = match self.next() {
                Some(name) if name.eq_ignore_ascii_case("them") => Selector::Them,
                Some(name) if is_name(name) => Selector::Names(name.to_owned()),
                Some(found) => return Err(unexpected(found, "`them` or a name")),
                None => return Err(ConditionError::Ends("`them` or a name")),
            };
            return Ok(count.map_or_else(
                || Condition::All(selector.clone()),
                |count| Condition::Some(count, selector.clone()),
            ));
        }
        let is_word = ["and", "or", "of", "them"].iter().any(|word| token.eq_ignore_ascii_case(word));
        if is_word || !is_name(token) {
            return Err(unexpected(token, "a name"));
        }
        Ok(Condition::Part(token.to_owned()))
    }

    fn aggregation(&mut self, whole: &str) -> Result<Aggregation, ConditionError> {
        let unsupported =
            || ConditionError::Aggregation(whole.rsplit('|').next().unwrap_or(whole).trim().to_owned());
        let function = match self.next().map(str::to_ascii_lowercase).as_deref() {
            Some("count") => Function::Count,
            Some("sum") => Function::Sum,
            Some("avg") => Function::Average,
            _ => return Err(unsupported()),
        };
        if self.next() != Some("(") {
            return Err(unsupported());
        }
        let mut field = None;
        match self.next() {
            Some(")") => {}
            Some(name) => {
                field = Some(name.to_owned());
                if self.next() != Some(")") {
                    return Err(unsupported());
                }
            }
            None => return Err(ConditionError::Ends("`)`")),
        }
        if field.is_none() && function != Function::Count {
            return Err(unsupported());
        }
        let group_by = if self.take("by") { self.next().map(str::to_owned) } else { None };
        let order = self.next().and_then(Order::from_name).ok_or_else(unsupported)?;
        let value = self.next().and_then(|number| number.parse().ok()).ok_or_else(unsupported)?;
        match self.next() {
            None => Ok(Aggregation { function, field, group_by, comparison: Comparison { order, value } }),
            Some(found) => Err(unexpected(found, "the end")),
        }
    }
}

fn is_name(token: &str) -> bool {
    token.chars().all(|one| one.is_alphanumeric() || matches!(one, '_' | '-' | '*' | '.' | ':' | '$'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Condition {
        parse_condition(text).unwrap().0
    }

    fn part(name: &str) -> Condition {
        Condition::Part(name.to_owned())
    }

    #[test]
    fn not_binds_tighter_than_and_than_or() {
        let expected = Condition::Or(vec![
            part("a"),
            Condition::And(vec![part("b"), Condition::Not(Box::new(part("c")))]),
        ]);
        assert_eq!(parse("a or b AND not c"), expected);
        assert_eq!(
            parse("(a or b) and c"),
            Condition::And(vec![Condition::Or(vec![part("a"), part("b")]), part("c")])
        );
    }

    #[test]
    fn quantifiers_take_patterns() {
        assert_eq!(parse("1 of sel*"), Condition::Some(1, Selector::Names("sel*".to_owned())));
        assert_eq!(parse("all of them"), Condition::All(Selector::Them));
        assert_eq!(parse("any of filter_*"), Condition::Some(1, Selector::Names("filter_*".to_owned())));
        assert!(Selector::Names("*_x_*".to_owned()).takes("a_x_b"));
        assert!(!Selector::Names("a*b".to_owned()).takes("abc"));
        assert!(!Selector::Them.takes("_hidden"));
    }

    #[test]
    fn aggregations_of_old_rules_are_read() {
        let (_, found) = parse_condition("selection | count(user) by src_ip >= 10").unwrap();
        let found = found.unwrap();
        assert_eq!((found.function, found.field.as_deref()), (Function::Count, Some("user")));
        assert_eq!((found.group_by.as_deref(), found.comparison.value), (Some("src_ip"), 10.0));
        assert!(parse_condition("a | near b").is_err());
        assert!(parse_condition("a | count() by x > many").is_err());
    }

    #[test]
    fn what_is_no_condition_is_refused() {
        for wrong in ["", "and", "a and", "(a", "a b", "a)", "not", "1 of", "a or or b", "a $ b % c"] {
            assert!(parse_condition(wrong).is_err(), "{wrong}");
        }
        assert_eq!(parse_condition(&"(".repeat(1000)), Err(ConditionError::TooLarge));
        assert_eq!(parse_condition(&"not ".repeat(1000)), Err(ConditionError::TooLarge));
    }
}
