//! The part of Ruby in which gems are asked for: calls with literal arguments, as `Gemfile` and `*.gemspec` write them.
//!
//! Nothing is run. A call whose first argument is not a plain literal has no known name, which callers report.

use super::lines::{Line, lines};
use std::ops::Range;

/// One call: `gem "rack", "~> 2.0", require: false do`.
#[derive(Debug)]
pub(super) struct Call<'a> {
    /// What is called, with its receiver: `gem`, `spec.add_dependency`.
    pub method: &'a str,
    /// Bytes of the file from the method to the end of its line.
    pub span: Range<usize>,
    /// What stands behind the method, over several lines where arguments go on.
    pub arguments: Vec<Argument>,
    /// Whether a block follows.
    pub block: bool,
}

/// An argument of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Argument {
    /// The key of `key: value` and `:key => value`.
    pub key: Option<String>,
    /// The literals inside: one for a string or symbol, several for a list of them, none where it is computed.
    pub values: Vec<String>,
    /// Whether all of it is literal.
    pub literal: bool,
}

/// A statement of interest.
#[derive(Debug)]
pub(super) enum Statement<'a> {
    /// A call, or what looks like one.
    Call(Call<'a>),
    /// Something that opens a block: `if`, `def`, or a line that ends with `do`.
    Open,
    /// `end`.
    End,
}

/// Characters of one statement beyond which the following lines are no longer added to it.
const MAX_STATEMENT: usize = 16 * 1024;

/// Statements of a file, line by line; `=begin` to `=end` and what follows `__END__` is left out.
pub(super) fn statements(text: &str) -> Vec<Statement<'_>> {
    let mut out = Vec::new();
    let mut all = lines(text);
    let mut in_comment = false;
    while let Some(line) = all.next() {
        if in_comment || line.text.starts_with("=begin") {
            in_comment = !line.text.starts_with("=end");
            continue;
        }
        if line.text.trim_end() == "__END__" {
            break;
        }
        let code = without_comment(line.text).trim();
        if code.is_empty() {
            continue;
        }
        let word = code.split(|char: char| !(char.is_alphanumeric() || char == '_')).next().unwrap_or("");
        match word {
            "end" => {
                out.push(Statement::End);
                continue;
            }
            "if" | "unless" | "case" | "begin" | "while" | "until" | "def" | "class" | "module" | "for" => {
                if !code.ends_with("end") {
                    out.push(Statement::Open);
                }
                continue;
            }
            _ => {}
        }
        let (method, mut rest) = method_of(code);
        let mut whole = String::new();
        // Arguments go on where a line ends with a comma or an open bracket.
        if method.is_some() && goes_on(rest) {
            whole.push_str(rest);
            while goes_on(&whole) && whole.len() < MAX_STATEMENT {
                let Some(next) = all.next() else { break };
                whole.push(' ');
                whole.push_str(without_comment(next.text).trim());
            }
            rest = &whole;
        }
        let rest = without_modifier(rest.trim());
        let block = opens_block(rest);
        match method {
            Some(method) => out.push(Statement::Call(Call {
                method,
                span: span_from(line, method),
                arguments: arguments(block.map_or(rest, |at| rest.get(..at).unwrap_or(rest))),
                block: block.is_some(),
            })),
            None if block.is_some() => out.push(Statement::Open),
            None => {}
        }
    }
    out
}

fn span_from(line: Line<'_>, method: &str) -> Range<usize> {
    line.span_of(method).start..line.span().end
}

/// Where ` do` or ` do |x|` starts at the end of a statement.
fn opens_block(rest: &str) -> Option<usize> {
    let plain = match rest.strip_suffix('|') {
        Some(front) => front.get(..front.rfind('|')?)?.trim_end(),
        None => rest,
    };
    let front = plain.strip_suffix("do")?;
    (front.is_empty() || front.ends_with([' ', ')', '\t'])).then_some(front.len())
}

fn goes_on(rest: &str) -> bool {
    let rest = rest.trim_end();
    rest.ends_with([',', '(', '[', '{', '\\'])
}

/// The called method with its receiver, and what follows it.
fn method_of(code: &str) -> (Option<&str>, &str) {
    let end = code
        .find(|char: char| !(char.is_ascii_alphanumeric() || matches!(char, '_' | '.' | '?' | '!')))
        .unwrap_or(code.len());
    let (method, rest) = code.split_at(end);
    let starts = method.chars().next().is_some_and(|char| char.is_ascii_lowercase() || char == '_');
    if !starts { (None, code) } else { (Some(method), rest) }
}

/// A line up to a `#` that stands in no string.
fn without_comment(line: &str) -> &str {
    let mut quote = None;
    let mut escaped = false;
    for (at, char) in line.char_indices() {
        if escaped {
            escaped = false;
            continue;
        }
        match (quote, char) {
            (Some(_), '\\') => escaped = true,
            (Some(open), _) if open == char => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(char),
            (None, '#') => return line.get(..at).unwrap_or(line),
            (None, _) => {}
        }
    }
    line
}

/// A call without the `if …` or `unless …` behind it: whether it happens is not known, what it names is.
fn without_modifier(rest: &str) -> &str {
    let mut quote = None;
    let mut escaped = false;
    for (at, char) in rest.char_indices() {
        if escaped {
            escaped = false;
            continue;
        }
        match (quote, char) {
            (Some(_), '\\') => escaped = true,
            (Some(open), _) if open == char => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(char),
            (None, ' ') => {
                let Some((front, back)) = rest.split_at_checked(at) else { break };
                if back.starts_with(" if ") || back.starts_with(" unless ") {
                    return front.trim_end();
                }
            }
            (None, _) => {}
        }
    }
    rest
}

/// Splits arguments at commas that stand in no bracket and no string. `= x` counts as one argument, so that assignments are
/// read like calls.
fn arguments(rest: &str) -> Vec<Argument> {
    let rest = rest.trim();
    let rest = match rest.strip_prefix('=') {
        Some(value) if !value.starts_with(['=', '~', '>']) => value.trim(),
        _ => rest,
    };
    let rest = match (rest.strip_prefix('('), rest.strip_suffix(')')) {
        (Some(_), Some(_)) => rest.get(1..rest.len() - 1).unwrap_or(rest),
        _ => rest,
    };
    let mut out = Vec::new();
    let (mut depth, mut quote, mut escaped, mut start) = (0usize, None, false, 0);
    for (at, char) in rest.char_indices() {
        if escaped {
            escaped = false;
            continue;
        }
        match (quote, char) {
            (Some(_), '\\') => escaped = true,
            (Some(open), _) if open == char => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(char),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                out.extend(rest.get(start..at).and_then(argument));
                start = at + 1;
            }
            _ => {}
        }
    }
    out.extend(rest.get(start..).and_then(argument));
    out
}

fn argument(text: &str) -> Option<Argument> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let (key, value) = keyed(text);
    let (values, literal) = match literals(value) {
        Some(values) => (values, true),
        None => (Vec::new(), false),
    };
    Some(Argument { key, values, literal })
}

/// `key: value`, `:key => value`, `"key" => value`.
fn keyed(text: &str) -> (Option<String>, &str) {
    if let Some((key, value)) = text.split_once("=>") {
        let key = key.trim();
        if let Some(name) = key.strip_prefix(':').filter(|name| is_word(name)) {
            return (Some(name.to_owned()), value.trim());
        }
        if let Some(name) = quoted(key) {
            return (Some(name), value.trim());
        }
    }
    if let Some((key, value)) = text.split_once(':')
        && is_word(key)
        && !value.starts_with(':')
    {
        return (Some(key.to_owned()), value.trim());
    }
    (None, text)
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|char| char.is_ascii_alphanumeric() || char == '_')
}

/// A string, symbol, `true`, `%w[…]`, `%i[…]` or a list of these; `None` for everything computed.
fn literals(value: &str) -> Option<Vec<String>> {
    let value = value.trim();
    let value = value.strip_suffix(".freeze").unwrap_or(value);
    if let Some(text) = quoted(value) {
        return Some(vec![text]);
    }
    if let Some(symbol) = value.strip_prefix(':') {
        let name = quoted(symbol).or_else(|| is_word(symbol).then(|| symbol.to_owned()))?;
        return Some(vec![name]);
    }
    if matches!(value, "true" | "false" | "nil") {
        return Some(vec![value.to_owned()]);
    }
    for (open, close) in [("%w[", ']'), ("%i[", ']'), ("%w(", ')'), ("%i(", ')'), ("%w{", '}')] {
        if let Some(words) = value.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)) {
            return Some(words.split_whitespace().map(str::to_owned).collect());
        }
    }
    let inner = value.strip_prefix('[')?.strip_suffix(']')?;
    inner
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| {
            let part = part.strip_suffix(".freeze").unwrap_or(part);
            match part.strip_prefix(':') {
                Some(symbol) => is_word(symbol).then(|| symbol.to_owned()),
                None => quoted(part),
            }
        })
        .collect()
}

/// A whole string without interpolation; escapes of quotes and backslashes are undone.
fn quoted(value: &str) -> Option<String> {
    // What RubyGems writes into installed gemspecs.
    if let Some(inner) = value.strip_prefix("%q<").and_then(|rest| rest.strip_suffix('>')) {
        return (!inner.contains(['<', '>'])).then(|| inner.to_owned());
    }
    let open = value.chars().next().filter(|char| matches!(char, '"' | '\''))?;
    let inner = value.strip_prefix(open)?.strip_suffix(open)?;
    if open == '"' && inner.contains("#{") {
        return None;
    }
    let mut out = String::with_capacity(inner.len());
    let mut escaped = false;
    for char in inner.chars() {
        match char {
            '\\' if !escaped => escaped = true,
            char if char == open && !escaped => return None,
            char => {
                escaped = false;
                out.push(char);
            }
        }
    }
    (!escaped).then_some(out)
}

/// What is asked for as a person would read it: `~> 1.2, >= 1.2.3`; and the version, where exactly one fits.
///
/// A bare version and `= version` fit one only (`Gem::Requirement`).
pub(super) fn requirement(values: &[String]) -> (Option<String>, Option<String>) {
    if values.is_empty() {
        return (None, None);
    }
    let exact = match values {
        [one] => {
            let bare = one.strip_prefix('=').unwrap_or(one).trim();
            bare.starts_with(|char: char| char.is_ascii_digit()).then(|| bare.to_owned())
        }
        _ => None,
    };
    (Some(values.join(", ")), exact)
}

#[cfg(test)]
mod tests {
    use super::{Argument, Statement, requirement, statements};

    fn one(code: &str) -> Vec<Argument> {
        match statements(code).pop() {
            Some(Statement::Call(call)) => call.arguments,
            other => panic!("no call in {code}: {other:?}"),
        }
    }

    #[test]
    fn arguments_are_read_as_literals_or_not_at_all() {
        let found = one("gem 'a', \"~> 1.0\", require: false, :git => 'x#y', groups: [:test, :dev] # note");
        let told: Vec<_> = found.iter().map(|a| (a.key.as_deref(), a.values.join("|"))).collect();
        assert_eq!(
            told,
            [
                (None, "a".into()),
                (None, "~> 1.0".into()),
                (Some("require"), "false".into()),
                (Some("git"), "x#y".into()),
                (Some("groups"), "test|dev".into())
            ]
        );
        assert!(!one("gem \"a#{b}\"")[0].literal);
        assert!(!one("gem NAME")[0].literal);
        assert_eq!(one("gem 'a if b' unless x")[0].values, ["a if b"]);
        assert_eq!(one("s.licenses = %w[MIT Ruby]")[0].values, ["MIT", "Ruby"]);
        assert_eq!(one("gem('a',\n  # note\n  '1.0')").len(), 2);
    }

    #[test]
    fn blocks_open_and_close() {
        let all = statements("group :a do\n  if x\n  end\nend\nsource 'u' do |s|\nend\n");
        let shape: String = all
            .iter()
            .map(|statement| match statement {
                Statement::Call(call) if call.block => 'C',
                Statement::Call(_) => 'c',
                Statement::Open => 'o',
                Statement::End => 'e',
            })
            .collect();
        assert_eq!(shape, "CoeeCe");
    }

    #[test]
    fn only_one_bare_version_is_exact() {
        let one = |text: &str| requirement(&[text.to_owned()]).1;
        assert_eq!(one("1.2.3").as_deref(), Some("1.2.3"));
        assert_eq!(one("= 1.2.3").as_deref(), Some("1.2.3"));
        assert_eq!(one("~> 1.2"), None);
        assert_eq!(requirement(&["1.0".into(), "< 2".into()]), (Some("1.0, < 2".into()), None));
    }
}
