//! Makes pattern text into text that the grammar reads.

use super::{PatternError, guess};
use crate::language::{ELLIPSIS_NAME, Language, METAVARIABLE_MARK, Spec, misread, readable};
use std::ops::Range;

/// The name that stands for `<... ...>`.
pub(super) const DEEP_NAME: &str = "semgrep_deep";
/// Before the number of a typed metavariable.
pub(super) const TYPED_MARK: &str = "semgrep_typed_";

/// How often one pattern may be parsed while a way is sought.
const MAX_PARSES: usize = 400;

/// A pattern in a form that the grammar reads.
pub(super) struct Completed {
    /// The whole text.
    pub(super) source: String,
    /// Where the pattern is in it.
    pub(super) range: Range<usize>,
    /// Typed metavariables by number: name and type.
    pub(super) typed: Vec<(String, String)>,
    /// Whether the pattern's text ends with `;`.
    pub(super) terminated: bool,
}

/// A piece of pattern text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    Text(&'t str),
    Ellipsis,
    /// Without `$`.
    Metavariable(&'t str),
    /// `$...X`, without `$...`.
    MetavariableEllipsis(&'t str),
    DeepStart,
    DeepEnd,
    Typed(usize),
}

pub(super) fn complete(text: &str, spec: &'static Spec) -> Result<Completed, PatternError> {
    let text = if spec.pattern.dedent { dedent(text) } else { text.trim().to_owned() };
    let (pieces, typed) = split(&text, spec);
    let terminated = text.trim_end().ends_with(';');
    let mut search = Search::new(spec, &pieces);
    let mut best: Option<(u32, String, Range<usize>)> = None;
    for prefix in spec.pattern.metavariable {
        for context in spec.pattern.contexts {
            let (score, source, range) = search.try_context(prefix, context);
            if best.as_ref().is_none_or(|(least, ..)| score < *least) {
                best = Some((score, source, range));
            }
            if score == 0 {
                break;
            }
        }
        if best.as_ref().is_some_and(|(score, ..)| *score == 0) {
            break;
        }
    }
    match best {
        // A token that the grammar supplied itself (a missing `;`) does no harm.
        Some((score, source, range)) if score < ERROR => Ok(Completed { source, range, typed, terminated }),
        _ => {
            let near: String = text.trim().chars().take(60).collect();
            Err(PatternError::Syntax { language: spec.language.title(), near })
        }
    }
}

/// What one unreadable node counts; a supplied token counts 1.
const ERROR: u32 = 100;

struct Search<'p> {
    spec: &'static Spec,
    pieces: &'p [Piece<'p>],
    parser: tree_sitter::Parser,
    parses: usize,
}

impl<'p> Search<'p> {
    fn new(spec: &'static Spec, pieces: &'p [Piece<'p>]) -> Self {
        let mut parser = tree_sitter::Parser::new();
        // A grammar of another version than the library's reads nothing, which ends as an error of syntax.
        let _ = parser.set_language(&(spec.grammar)());
        Self { spec, pieces, parser, parses: 0 }
    }

    fn try_context(&mut self, prefix: &str, context: &(&str, &str)) -> (u32, String, Range<usize>) {
        let places = self
            .pieces
            .iter()
            .filter(|piece| matches!(piece, Piece::Ellipsis | Piece::MetavariableEllipsis(_)))
            .count();
        let mut choice = self.first_guess(places);
        let (mut source, mut range) = self.write(prefix, context, &choice);
        let mut score = self.score(&source, &range);
        let quoted = guess::quoted(self.pieces);
        // What one list is made of is usually written alike; what is in quotes is no part of it.
        for option in 1..self.spec.pattern.ellipsis.len() {
            if score == 0 || places < 2 || self.has_statement_guess() {
                break;
            }
            let alike: Vec<usize> = quoted.iter().map(|quoted| if *quoted { 0 } else { option }).collect();
            let (candidate, at) = self.write(prefix, context, &alike);
            let new = self.score(&candidate, &at);
            if new < score {
                (source, range, score, choice) = (candidate, at, new, alike);
            }
        }
        for _ in 0..4 {
            let before = score;
            for place in 0..places {
                for option in 0..self.spec.pattern.ellipsis.len() {
                    if score == 0 || option == choice[place] {
                        continue;
                    }
                    let old = std::mem::replace(&mut choice[place], option);
                    let (candidate, at) = self.write(prefix, context, &choice);
                    let new = self.score(&candidate, &at);
                    if new < score {
                        (source, range, score) = (candidate, at, new);
                    } else {
                        choice[place] = old;
                    }
                }
            }
            if score == 0 || score == before {
                break;
            }
        }
        (score, source, range)
    }

    /// Whether `...` reads as another thing when it lacks its `;`: a type before a name.
    fn has_statement_guess(&self) -> bool {
        self.spec.pattern.ellipsis.first().is_some_and(|option| option.ends_with(';'))
    }

    /// Where a statement may begin, `...` is a statement; elsewhere it is an expression, which is the second option.
    fn guess_statements(&self, places: usize) -> Vec<usize> {
        let mut choice = Vec::with_capacity(places);
        let mut open = Vec::new();
        let mut before = '{';
        for piece in self.pieces {
            match piece {
                Piece::Text(text) => {
                    for letter in text.chars().filter(|letter| !letter.is_whitespace()) {
                        match letter {
                            '(' | '[' | '{' => open.push(letter),
                            ')' | ']' | '}' => drop(open.pop()),
                            _ => {}
                        }
                        before = letter;
                    }
                }
                Piece::Ellipsis | Piece::MetavariableEllipsis(_) => {
                    let begins = matches!(before, '{' | '}' | ';' | ')' | ':');
                    let statement = begins && open.last().is_none_or(|bracket| *bracket == '{');
                    choice.push(usize::from(!statement));
                    before = if statement { ';' } else { 'x' };
                }
                Piece::DeepStart => {
                    open.push('(');
                    before = '(';
                }
                Piece::DeepEnd => {
                    open.pop();
                    before = 'x';
                }
                Piece::Metavariable(_) | Piece::Typed(_) => before = 'x',
            }
        }
        choice
    }

    /// Within braces of a language whose entries are pairs, `...` is a pair; within those of a class it is a member, where the
    /// language has a text for it.
    fn first_guess(&self, places: usize) -> Vec<usize> {
        if self.has_statement_guess() {
            return self.guess_statements(places);
        }
        match self.spec.language {
            Language::Xml => return guess::in_tags(self.pieces),
            Language::Yaml => return guess::in_lines(self.pieces),
            // Braces hold statements, and entries stand in brackets.
            Language::Swift => return vec![0; places],
            _ => {}
        }
        let options = self.spec.pattern.ellipsis;
        let pair = options.iter().position(|option| option.contains(": "));
        let member = options.iter().position(|option| option.ends_with("();"));
        let mut choice = vec![0usize; places];
        if pair.is_none() && member.is_none() {
            return choice;
        }
        let mut open = Vec::new();
        let mut place = 0;
        let mut class = false;
        for piece in self.pieces {
            match piece {
                Piece::Text(text) => {
                    for word in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
                        let name = word.trim_end_matches(|c: char| !c.is_alphanumeric());
                        class |= matches!(name, "class" | "interface" | "trait" | "enum");
                        for byte in word[name.len()..].bytes() {
                            match byte {
                                b'{' => open.push(if class { b'c' } else { byte }),
                                b'(' | b'[' => open.push(byte),
                                b')' | b']' | b'}' => drop(open.pop()),
                                _ => {}
                            }
                            class &= !matches!(byte, b'{' | b'}' | b';');
                        }
                    }
                }
                Piece::Ellipsis | Piece::MetavariableEllipsis(_) => {
                    let guess = match open.last() {
                        Some(b'c') => member.or(pair),
                        Some(b'{') => pair,
                        _ => None,
                    };
                    if let (Some(guess), Some(choice)) = (guess, choice.get_mut(place)) {
                        *choice = guess;
                    }
                    place += 1;
                }
                _ => {}
            }
        }
        choice
    }

    fn write(
        &self,
        prefix: &str,
        (before, after): &(&str, &str),
        choice: &[usize],
    ) -> (String, Range<usize>) {
        let mut out = (*before).to_owned();
        let start = out.len();
        let mut place = 0;
        for piece in self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Metavariable(name) => {
                    let hole = format!("{prefix}{name}");
                    match self.spec.language {
                        // Names of elements have no `_`, which the lowering knows.
                        Language::Html if out.ends_with('<') || out.ends_with("</") => {
                            out.push_str(&hole.replace('_', "-"));
                        }
                        // Values always have quotes.
                        Language::Xml if out.ends_with('=') => out.push_str(&format!("\"{hole}\"")),
                        _ => out.push_str(&hole),
                    }
                }
                Piece::Ellipsis => {
                    let option = choice.get(place).copied().unwrap_or_default();
                    out.push_str(&self.spec.pattern.ellipsis[option].replace('#', &place.to_string()));
                    place += 1;
                }
                Piece::MetavariableEllipsis(name) => {
                    let option = choice.get(place).copied().unwrap_or_default();
                    let written = self.spec.pattern.ellipsis[option].replace('#', &place.to_string());
                    out.push_str(&written.replace(ELLIPSIS_NAME, &format!("{ELLIPSIS_NAME}_{name}")));
                    place += 1;
                }
                Piece::DeepStart => {
                    out.push_str(DEEP_NAME);
                    out.push('(');
                }
                Piece::DeepEnd => out.push(')'),
                Piece::Typed(number) => {
                    // A variable of PHP and its like needs its sigil.
                    if prefix.starts_with('$') {
                        out.push('$');
                    }
                    out.push_str(TYPED_MARK);
                    out.push_str(&number.to_string());
                }
            }
        }
        let end = out.len();
        out.push_str(after);
        (out, start..end)
    }

    fn score(&mut self, source: &str, range: &Range<usize>) -> u32 {
        if self.parses >= MAX_PARSES {
            return u32::MAX;
        }
        self.parses += 1;
        let Some(tree) = self.parser.parse(readable(self.spec, source.as_bytes()), None) else {
            return u32::MAX;
        };
        let root = tree.root_node();
        let mut score = ERROR * misread(self.spec, source.as_bytes(), &tree);
        if !root.has_error() {
            return score;
        }
        let mut stack = vec![root];
        while let Some(node) = stack.pop() {
            if node.is_missing() {
                score += 1;
            } else if node.is_error() {
                let inside = node.start_byte() < range.end && node.end_byte() > range.start;
                score += ERROR + if inside { (node.end_byte() - node.start_byte()) as u32 } else { 0 };
            }
            if node.has_error() {
                let mut cursor = node.walk();
                stack.extend(node.children(&mut cursor));
            }
        }
        score
    }
}

/// Takes the margin off all lines.
fn dedent(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let margin = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or_default();
    let cut: Vec<&str> = lines.iter().map(|line| line.get(margin..).unwrap_or_default().trim_end()).collect();
    cut.join("\n").trim_matches('\n').to_owned()
}

fn split<'t>(text: &'t str, spec: &Spec) -> (Vec<Piece<'t>>, Vec<(String, String)>) {
    let bytes = text.as_bytes();
    let mut pieces = Vec::new();
    let mut typed = Vec::new();
    let mut plain = 0;
    let mut at = 0;
    let mut deep = 0usize;
    while at < bytes.len() {
        let rest = &text[at..];
        let (piece, length) = if let Some((name, kind, length)) = typed_metavariable(text, at, spec) {
            typed.push((format!("${name}"), kind));
            (Piece::Typed(typed.len() - 1), length)
        } else if let Some(name) = rest.strip_prefix("$...").and_then(metavariable_name) {
            (Piece::MetavariableEllipsis(name), 4 + name.len())
        } else if let Some(name) = rest
            .strip_prefix('$')
            .and_then(metavariable_name)
            // `$0` is what a closure of Swift takes.
            .filter(|name| {
                spec.language != Language::Swift || !name.starts_with(|c: char| c.is_ascii_digit())
            })
        {
            (Piece::Metavariable(name), 1 + name.len())
        } else if rest.starts_with("<...") {
            deep += 1;
            (Piece::DeepStart, 4)
        } else if deep > 0 && rest.starts_with("...>") {
            deep -= 1;
            (Piece::DeepEnd, 4)
        } else if rest.starts_with("...") && !is_own_ellipsis(text, at, spec) {
            (Piece::Ellipsis, 3)
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        };
        if plain < at {
            pieces.push(Piece::Text(&text[plain..at]));
        }
        pieces.push(piece);
        at += length;
        plain = at;
    }
    if plain < text.len() {
        pieces.push(Piece::Text(&text[plain..]));
    }
    (pieces, typed)
}

/// `X`, `FOO_1`, `_`, `1`: capital letters, digits and underscores, not followed by a small letter.
/// Variables of PHP that look like metavariables, and are none.
const SUPERGLOBALS: [&str; 9] =
    ["GLOBALS", "_SERVER", "_GET", "_POST", "_FILES", "_COOKIE", "_SESSION", "_REQUEST", "_ENV"];

fn metavariable_name(rest: &str) -> Option<&str> {
    let length = rest
        .bytes()
        .take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
        .count();
    let name = &rest[..length];
    if SUPERGLOBALS.contains(&name) {
        return None;
    }
    let follows = rest.as_bytes().get(length);
    let ends = follows.is_none_or(|byte| !byte.is_ascii_lowercase());
    (length > 0 && ends).then_some(name)
}

/// Whether `...` belongs to a name next to it: `...rest`, `String... args`, `args...`.
fn is_own_ellipsis(text: &str, at: usize, spec: &Spec) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$';
    let before = at.checked_sub(1).and_then(|before| text.as_bytes().get(before)).copied();
    let after = text.as_bytes().get(at + 3).copied();
    spec.pattern.own_ellipsis
        && (after.is_some_and(word) || before.is_some_and(|byte| word(byte) || byte == b']' || byte == b'>'))
}

/// `($X : T)` or `(T $X)` at `at`: name without `$`, type, length.
fn typed_metavariable(text: &str, at: usize, spec: &Spec) -> Option<(String, String, usize)> {
    let rest = text.get(at..)?;
    let inside = rest.strip_prefix('(')?;
    let close = closing(inside)?;
    let inside_text = inside.get(..close)?.trim();
    let length = close + 2;
    if let Some(tail) = inside_text.strip_prefix('$')
        && let Some(name) = metavariable_name(tail)
    {
        let kind = tail[name.len()..].trim_start().strip_prefix(':')?;
        if kind.starts_with([':', '=']) || !is_type(kind.trim()) {
            return None;
        }
        // A parameter list and not a parenthesised expression where a name stands before it.
        if follows_name(text, at) {
            return None;
        }
        return Some((name.to_owned(), kind.trim().to_owned(), length));
    }
    let (kind, name) = inside_text.rsplit_once('$')?;
    let name_only = metavariable_name(name)?;
    let kind = kind.trim_end();
    let arrow = rest[length..].trim_start();
    if name_only.len() != name.len()
        || kind.is_empty()
        || !is_type(kind)
        // A list of declarations, not the arguments of a type.
        || kind.contains(',') && !kind.contains(['<', '['])
        || follows_name(text, at)
        // The head of a lambda, but in C a field behind a pointer.
        || arrow.starts_with("->") && !matches!(spec.language, Language::C | Language::Cpp)
        || arrow.starts_with("=>")
    {
        return None;
    }
    Some((name_only.to_owned(), kind.to_owned(), length))
}

fn closing(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate().take(200) {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(at),
            b')' => depth -= 1,
            b'\n' | b';' => return None,
            _ => {}
        }
    }
    None
}

/// Whether text can be a type: names, dots, brackets, stars, no operators.
fn is_type(text: &str) -> bool {
    const WORDS: &[&str] =
        &["return", "new", "in", "of", "and", "or", "not", "await", "yield", "throw", "typeof", "else"];
    !text.is_empty()
        && text.chars().all(|c| c.is_alphanumeric() || "_$.<>[]*&?:,| \\".contains(c))
        && text.chars().any(|c| c.is_alphabetic())
        && !text.contains(" : ")
        && !text.contains("...")
        && !text.split_whitespace().any(|word| WORDS.contains(&word))
}

/// Whether what stands before makes the parenthesis an argument list, a parameter list or a head (`if (…)`).
fn follows_name(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end();
    let word_start =
        before.rfind(|c: char| !c.is_alphanumeric() && c != '_' && c != '$').map_or(0, |at| at + 1);
    let word = &before[word_start..];
    const OPERATORS: &[&str] = &[
        "return", "in", "of", "and", "or", "not", "await", "yield", "throw", "case", "else", "typeof", "new",
        "print",
    ];
    if word.is_empty() {
        let heads = before.ends_with([')', ']', '>']) || before.ends_with("init?");
        return heads && !before.ends_with("=>") && !before.ends_with("->");
    }
    !OPERATORS.contains(&word)
}

/// The metavariable that a name stands for, with `$`; `None` for plain names.
pub(super) fn metavariable_of(name: &str, spec: &Spec) -> Option<String> {
    let found = spec.pattern.metavariable.iter().find_map(|prefix| name.strip_prefix(prefix))?;
    Some(format!("${found}"))
        .filter(|name| metavariable_name(&name[1..]).is_some_and(|part| part.len() + 1 == name.len()))
}

/// Text in which marks stand, as it was written in the pattern.
pub(super) fn as_written(text: &str, spec: &Spec) -> String {
    let mut out = text.to_owned();
    for prefix in spec.pattern.metavariable {
        if out.contains(METAVARIABLE_MARK) {
            out = out.replace(prefix, "$");
        }
    }
    if out.contains(ELLIPSIS_NAME) {
        // The longest first: it may hold another.
        let mut options = spec.pattern.ellipsis.to_vec();
        options.sort_by_key(|option| std::cmp::Reverse(option.len()));
        for option in options {
            if !option.contains('#') {
                out = out.replace(option, "...");
            }
        }
        out = out.replace(ELLIPSIS_NAME, "...");
    }
    if out.contains(DEEP_NAME) {
        out = out.replace(DEEP_NAME, "<...");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<Piece<'_>> {
        split(text, Language::Python.spec_for("a.py").unwrap()).0
    }

    #[test]
    fn holes_are_found() {
        assert_eq!(
            pieces("f($X, ..., $...REST)"),
            [
                Piece::Text("f("),
                Piece::Metavariable("X"),
                Piece::Text(", "),
                Piece::Ellipsis,
                Piece::Text(", "),
                Piece::MetavariableEllipsis("REST"),
                Piece::Text(")")
            ]
        );
        assert_eq!(
            pieces("<... $X ...>"),
            [Piece::DeepStart, Piece::Text(" "), Piece::Metavariable("X"), Piece::Text(" "), Piece::DeepEnd]
        );
        assert_eq!(pieces("$x + $Xy"), [Piece::Text("$x + $Xy")]);
        assert_eq!(pieces("($X : int).f()"), [Piece::Typed(0), Piece::Text(".f()")]);
        assert_eq!(pieces("x = (String $X)"), [Piece::Text("x = "), Piece::Typed(0)]);
        assert_eq!(pieces("f(String $X)").len(), 3, "a parameter");
    }

    #[test]
    fn margins_go() {
        assert_eq!(dedent("\n    a\n      b\n\n    c\n"), "a\n  b\n\nc");
    }
}
