//! JavaScript and TypeScript: `import`, `export … from`, `require`, `import(…)`, `define([…])`.
//!
//! The hard part is what a slash or a back quote starts. A slash is a regular expression where an expression may begin,
//! judged by what stands before it; a template's holes are code again. See "ECMAScript Language: Lexical Grammar",
//! and JSX, whose text may hold lone quotes: a string that its line does not close is not one.

#[cfg(test)]
mod tests;

use super::FileUse;
use super::collect::{Collector, ImportId};
use super::lex::{
    WordFilter, byte, is_word, next_line, plain_string, rest, skip_string, skip_trivia, starts_word, word_end,
};
use super::names::npm;
use bartizan_model::Language;
use memchr::{memchr, memchr3, memmem};
use std::collections::HashMap;

/// Templates within each other; deeper ones are read as plain text.
const MAX_TEMPLATES: usize = 64;
/// Names that one statement binds.
const MAX_NAMES: usize = 512;
/// Parts of a member chain.
const MAX_CHAIN: usize = 4;
/// Unclosed comments and templates after which none is looked for any more.
const MAX_UNCLOSED: u32 = 4;

/// Words after which an expression begins, so that a slash starts a regular expression.
const BEFORE_EXPRESSION: &[&[u8]] = &[
    b"return",
    b"typeof",
    b"case",
    b"in",
    b"of",
    b"do",
    b"else",
    b"void",
    b"delete",
    b"throw",
    b"new",
    b"instanceof",
    b"yield",
    b"await",
];

/// Reads one file.
pub fn scan(language: Language, text: &[u8], is_test: bool) -> FileUse {
    let mut scanner = Scanner::new(language, text, is_test);
    scanner.run();
    scanner.out.finish(|_| true)
}

/// Reads the scripts of a component file.
pub fn scan_component(text: &[u8], is_test: bool) -> FileUse {
    let mut scanner = Scanner::new(Language::JavaScript, text, is_test);
    let mut at = 0;
    while let Some(n) = rest(text, at).and_then(|rest| memmem::find(rest, b"<script")) {
        let tag = at + n;
        let Some(open) = memchr(b'>', &text[tag..]) else { break };
        let start = tag + open + 1;
        let end = memmem::find(&text[start..], b"</script").map_or(text.len(), |n| start + n);
        scanner.text = &text[..end];
        scanner.at = start;
        scanner.holes.clear();
        scanner.run();
        at = end;
    }
    scanner.out.finish(|_| true)
}

/// What a local name stands for: the module, or something in it.
struct Local<'a> {
    import: ImportId,
    symbol: Option<&'a [u8]>,
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
    out: Collector<'a>,
    words: WordFilter,
    locals: HashMap<&'a [u8], Local<'a>>,
    /// For each open template hole: braces open within it.
    holes: Vec<usize>,
    /// An expression may begin here.
    expression: bool,
    unclosed: u32,
    /// Up to here no regular expression is looked for: one that seemed to begin was not closed on this line, and looking
    /// again from each slash would not be linear.
    no_regex_until: usize,
}

impl<'a> Scanner<'a> {
    fn new(language: Language, text: &'a [u8], is_test: bool) -> Self {
        let mut words = WordFilter::new(&[
            b"import",
            b"export",
            b"require",
            b"_require",
            b"__require",
            b"define",
            b"mock",
            b"unstable_mockModule",
        ]);
        BEFORE_EXPRESSION.iter().for_each(|word| words.add(word));
        Self {
            text,
            at: 0,
            out: Collector::new(text, language, is_test, "."),
            words,
            locals: HashMap::new(),
            holes: Vec::new(),
            expression: true,
            unclosed: 0,
            no_regex_until: 0,
        }
    }

    fn run(&mut self) {
        let text = self.text;
        if self.at == 0 && text.starts_with(b"#!") {
            self.at = next_line(text, 0);
        }
        while let Some(&b) = text.get(self.at) {
            match b {
                _ if starts_word(b) => self.word(),
                b' ' | b'\n' | b'\t' | b'\r' => self.at += 1,
                b'"' | b'\'' => {
                    self.at = skip_string(text, self.at + 1, b);
                    self.expression = false;
                }
                b'`' => {
                    self.at += 1;
                    self.template();
                }
                b'/' => self.slash(),
                b'{' => {
                    if let Some(open) = self.holes.last_mut() {
                        *open += 1;
                    }
                    self.at += 1;
                    self.expression = true;
                }
                b'}' => {
                    self.at += 1;
                    self.expression = true;
                    match self.holes.last_mut() {
                        Some(0) => {
                            self.holes.pop();
                            self.template();
                        }
                        Some(open) => *open -= 1,
                        None => {}
                    }
                }
                _ if is_word(b) => {
                    self.at = word_end(text, self.at);
                    self.expression = false;
                }
                _ => {
                    self.expression = !matches!(b, b')' | b']');
                    self.at += 1;
                }
            }
        }
    }

    /// The text of a template from here to its next hole or its end.
    fn template(&mut self) {
        let text = self.text;
        let start = self.at;
        let mut at = start;
        while let Some(n) = rest(text, at).and_then(|rest| memchr3(b'`', b'\\', b'$', rest)) {
            at += n;
            match text[at] {
                b'`' => {
                    self.at = at + 1;
                    self.expression = false;
                    return;
                }
                b'$' if byte(text, at + 1) == b'{' && self.holes.len() < MAX_TEMPLATES => {
                    self.holes.push(0);
                    self.at = at + 2;
                    self.expression = true;
                    return;
                }
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        // Not closed: a lone back quote in JSX text or in what was taken for code.
        self.unclosed += 1;
        self.at = if self.unclosed <= MAX_UNCLOSED { start } else { text.len() };
        if self.unclosed > MAX_UNCLOSED {
            self.out.truncate();
        }
    }

    /// A comment, a regular expression or a division.
    fn slash(&mut self) {
        let text = self.text;
        match byte(text, self.at + 1) {
            b'/' => self.at = next_line(text, self.at),
            b'*' => {
                let after = self.at + 2;
                match rest(text, after).and_then(|rest| memmem::find(rest, b"*/")) {
                    Some(n) => self.at = after + n + 2,
                    // Every later `/*` would search to the end again.
                    None => {
                        self.unclosed += 1;
                        self.at = if self.unclosed <= MAX_UNCLOSED { after } else { text.len() };
                        if self.unclosed > MAX_UNCLOSED {
                            self.out.truncate();
                        }
                    }
                }
            }
            _ if self.expression && self.at >= self.no_regex_until => {
                match skip_regex(text, self.at + 1) {
                    Ok(end) => self.at = end,
                    Err(line_end) => {
                        self.no_regex_until = line_end;
                        self.at += 1;
                    }
                }
                self.expression = false;
            }
            _ => {
                self.at += 1;
                self.expression = true;
            }
        }
    }

    fn word(&mut self) {
        let text = self.text;
        let start = self.at;
        let end = word_end(text, start);
        let word = &text[start..end];
        self.at = end;
        self.expression = false;
        // `...name` spreads, `.name` is a member.
        let member = start > 0 && text[start - 1] == b'.' && !(start > 1 && text[start - 2] == b'.');
        if self.words.may_hold(word) && (!member || matches!(word, b"mock" | b"unstable_mockModule")) {
            match word {
                b"import" => return self.import(start),
                b"export" => return self.export(start),
                b"require" | b"__require" | b"_require" => return self.require(start),
                b"define" => return self.define(start),
                b"mock" | b"unstable_mockModule" if member => return self.mock(start),
                _ if BEFORE_EXPRESSION.contains(&word) => self.expression = true,
                _ if !member && self.locals.contains_key(word) => return self.reference(start, word),
                _ => {}
            }
        }
        if member && byte(text, end) == b'(' && !self.out.is_empty() {
            self.out.call(word, start, false);
        }
    }

    /// A statement, a call, or `import.meta`.
    fn import(&mut self, start: usize) {
        let next = self.trivia();
        match next {
            b'(' => return self.load(start, self.at + 1),
            b'.' => return,
            b'"' | b'\'' => {
                self.module_at(start);
                return;
            }
            _ => {}
        }
        // An import stands at the start of a statement; `{ import: 1 }` and `import = 2` do not go on like one.
        let mut names: Vec<Binding<'a>> = Vec::new();
        let mut is_type = false;
        loop {
            match self.trivia() {
                b'{' => {
                    self.at += 1;
                    self.named(&mut names, b"as");
                }
                b'*' => {
                    self.at += 1;
                    self.trivia();
                    if self.take_word() != b"as" {
                        return;
                    }
                    self.trivia();
                    let local = self.take_word();
                    names.push(Binding { local, symbol: None });
                }
                b',' => self.at += 1,
                // `import x = require("m")`
                b'=' if names.len() == 1 => return,
                b if starts_word(b) => {
                    let place = self.at;
                    let word = self.take_word();
                    match word {
                        b"from" if !names.is_empty() || is_type => break,
                        b"type" | b"typeof" if names.is_empty() => {
                            // `import type from "m"` binds the name `type`.
                            let after = self.at;
                            self.trivia();
                            let binds = word_at(self.text, self.at) == b"from";
                            self.at = after;
                            if binds {
                                names.push(Binding { local: word, symbol: None });
                            }
                            is_type = true;
                        }
                        _ => {
                            if !names.is_empty() {
                                // Not an import: what was passed over is read again.
                                self.at = place;
                                return;
                            }
                            // The default export is the module itself for those that were written for `require`.
                            names.push(Binding { local: word, symbol: None });
                        }
                    }
                }
                _ => return,
            }
            if names.len() > MAX_NAMES {
                self.out.truncate();
                return;
            }
        }
        if matches!(self.trivia(), b'"' | b'\'')
            && let Some(import) = self.module_at(start)
        {
            self.bind_all(import, names, start);
        }
    }

    /// `export { a } from "m"`, `export * from "m"`, `export * as n from "m"`
    fn export(&mut self, start: usize) {
        let mut names = Vec::new();
        let mut all = false;
        let word_end = self.at;
        let next = self.trivia();
        // `export type { T } from`
        let next = if word_at(self.text, self.at) == b"type" {
            self.at += 4;
            self.trivia()
        } else {
            next
        };
        match next {
            b'{' => {
                self.at += 1;
                self.named(&mut names, b"as");
            }
            b'*' => {
                self.at += 1;
                all = true;
                self.trivia();
                if word_at(self.text, self.at) == b"as" {
                    self.at += 2;
                    self.trivia();
                    self.take_word();
                }
            }
            _ => {
                self.at = word_end;
                return;
            }
        }
        self.trivia();
        if word_at(self.text, self.at) != b"from" {
            return;
        }
        self.at += 4;
        if !matches!(self.trivia(), b'"' | b'\'') {
            return;
        }
        let Some(import) = self.module_at(start) else { return };
        if all {
            self.out.wildcard(import);
        }
        for name in names {
            if let Some(symbol) = name.symbol {
                self.out.symbol(import, &[symbol], start);
            }
        }
    }

    /// `require("m")`, `require.resolve("m")`
    fn require(&mut self, start: usize) {
        if byte(self.text, self.at) == b'.' {
            let member = word_at(self.text, self.at + 1);
            if member != b"resolve" {
                return;
            }
            self.at += 8;
        }
        if self.trivia() == b'(' && !before(self.text, start).ends_with(b"function") {
            self.load(start, self.at + 1);
        }
    }

    /// The argument of `require(` or `import(`, what it is bound to and what is reached through it.
    fn load(&mut self, start: usize, argument: usize) {
        self.at = argument;
        let quote = self.trivia();
        let Some(import) = (match quote {
            b'"' | b'\'' | b'`' => match plain_string(self.text, self.at) {
                Some((name, end)) if !(quote == b'`' && memmem::find(name, b"${").is_some()) => {
                    self.at = end;
                    self.expression = false;
                    if !matches!(self.trivia(), b')' | b',') {
                        // `require("./x/" + name)`: of a relative path it stays within the project.
                        if !name.starts_with(b".") {
                            self.out.dynamic(start);
                        }
                        return;
                    }
                    let whole = byte(self.text, self.at) == b')';
                    self.at += usize::from(whole);
                    self.module(name, start)
                }
                _ => {
                    if byte(self.text, self.at + 1) != b'.' {
                        self.out.dynamic(start);
                    }
                    return;
                }
            },
            // A definition (`function require(`, `require() {`), or a call that loads nothing.
            b')' => return,
            _ => {
                self.out.dynamic(start);
                return;
            }
        }) else {
            return;
        };
        // What is reached at once: `require("m").f`.
        let mut symbol = None;
        if byte(self.text, self.at) == b'.' && starts_word(byte(self.text, self.at + 1)) {
            let word = word_at(self.text, self.at + 1);
            if word == b"then" {
                return;
            }
            self.out.symbol(import, &[word], self.at);
            self.at += 1 + word.len();
            symbol = Some(word);
        }
        self.bind_target(start, import, symbol);
    }

    /// What stands before `= require("m")`: a name or a pattern. At most one line's worth is looked at.
    fn bind_target(&mut self, start: usize, import: ImportId, symbol: Option<&'a [u8]>) {
        let text = self.text;
        let mut head = before(text, start);
        for word in [&b"await"[..], b"(", b"__importStar", b"__importDefault", b"_interopRequireDefault"] {
            head = head.strip_suffix(word).map_or(head, <[u8]>::trim_ascii_end);
        }
        let head = head.strip_suffix(b"(").map_or(head, <[u8]>::trim_ascii_end);
        let Some(head) = head.strip_suffix(b"=") else { return };
        let head = head.trim_ascii_end();
        if head.ends_with(b"}") {
            let head = &head[head.len().saturating_sub(2048)..];
            let Some(open) = memchr::memrchr(b'{', head) else { return };
            let offset = head.as_ptr() as usize - text.as_ptr() as usize + open + 1;
            let resume = self.at;
            self.at = offset;
            let mut names = Vec::new();
            self.named(&mut names, b":");
            self.at = resume;
            self.bind_all(import, names, start);
            return;
        }
        let length = head.iter().rev().take_while(|b| is_word(**b)).count();
        let name = &head[head.len() - length..];
        // A member (`exports.a = require(…)`) is not a local name.
        if !name.is_empty() && !head[..head.len() - length].ends_with(b".") {
            self.bind(name, Local { import, symbol });
        }
    }

    /// AMD: `define("name", ["a", "b"], function (a, b) {…})`
    fn define(&mut self, start: usize) {
        if self.trivia() != b'(' {
            return;
        }
        let resume = self.at;
        self.at += 1;
        if matches!(self.trivia(), b'"' | b'\'') {
            let Some((_, end)) = plain_string(self.text, self.at) else { return };
            self.at = end;
            if self.trivia() != b',' {
                self.at = resume;
                return;
            }
            self.at += 1;
            self.trivia();
        }
        if byte(self.text, self.at) != b'[' {
            self.at = resume;
            return;
        }
        self.at += 1;
        for _ in 0..MAX_NAMES {
            match self.trivia() {
                b'"' | b'\'' => {
                    let Some((name, end)) = plain_string(self.text, self.at) else { return };
                    self.at = end;
                    // The loader's own three.
                    if !matches!(name, b"exports" | b"module" | b"require") {
                        self.module(name, start);
                    }
                }
                b',' => self.at += 1,
                _ => return,
            }
        }
    }

    /// `jest.mock("m")` and `vi.mock("m")` stand in tests only; they tell that the module is used there.
    fn mock(&mut self, start: usize) {
        if self.trivia() != b'(' {
            return;
        }
        self.at += 1;
        if matches!(self.trivia(), b'"' | b'\'')
            && let Some((name, end)) = plain_string(self.text, self.at)
        {
            self.at = end;
            if npm::package_of(name).is_some() {
                self.out.import(name, start, true);
            }
        }
    }

    /// `a, b as c, default as d, type e }` with `as` or `:` between name and local name, from after the brace.
    fn named(&mut self, names: &mut Vec<Binding<'a>>, between: &[u8]) {
        while names.len() <= MAX_NAMES {
            match self.trivia() {
                b'}' => {
                    self.at += 1;
                    return;
                }
                b',' => self.at += 1,
                // `{ a = 1 }` has a default value, `"a-b" as c` a name that is a string.
                b'"' | b'\'' => self.at = skip_string(self.text, self.at + 1, byte(self.text, self.at)),
                b if starts_word(b) => {
                    let mut symbol = self.take_word();
                    let mut local = symbol;
                    let mut next = self.trivia();
                    if symbol == b"type" && starts_word(next) && word_at(self.text, self.at) != b"as" {
                        symbol = self.take_word();
                        local = symbol;
                        next = self.trivia();
                    }
                    if between == b":" && next == b':' {
                        self.at += 1;
                        self.trivia();
                        local = self.take_word();
                    } else if between == b"as" && word_at(self.text, self.at) == b"as" {
                        self.at += 2;
                        self.trivia();
                        local = self.take_word();
                    }
                    let symbol = (symbol != b"default").then_some(symbol);
                    names.push(Binding { local, symbol });
                }
                _ => return,
            }
        }
    }

    /// The module whose string starts here.
    fn module_at(&mut self, start: usize) -> Option<ImportId> {
        let (name, end) = plain_string(self.text, self.at)?;
        self.at = end;
        self.expression = false;
        self.module(name, start)
    }

    fn module(&mut self, name: &[u8], at: usize) -> Option<ImportId> {
        // Loaders of bundlers stand before the module: `style-loader!./a.css`; a query behind: `./a.svg?raw`.
        let name = name.rsplit(|b| *b == b'!').next().unwrap_or(name);
        let name = name.split(|b| *b == b'?').next().unwrap_or(name);
        npm::package_of(name)?;
        self.out.import(name, at, false)
    }

    fn bind_all(&mut self, import: ImportId, names: Vec<Binding<'a>>, at: usize) {
        for name in names {
            if let Some(symbol) = name.symbol {
                self.out.symbol(import, &[symbol], at);
            }
            self.bind(name.local, Local { import, symbol: name.symbol });
        }
    }

    fn bind(&mut self, name: &'a [u8], local: Local<'a>) {
        if !name.is_empty() {
            self.words.add(name);
            self.locals.insert(name, local);
        }
    }

    /// `ns.f`, `f.g(…)`
    fn reference(&mut self, start: usize, word: &'a [u8]) {
        let text = self.text;
        let mut chain: [&'a [u8]; MAX_CHAIN] = [b""; MAX_CHAIN];
        let mut length = 0;
        let Some(local) = self.locals.get(word) else { return };
        let (import, symbol) = (local.import, local.symbol);
        if let Some(symbol) = symbol {
            chain[0] = symbol;
            length = 1;
        }
        let named = length;
        while length < MAX_CHAIN {
            let at = match byte(text, self.at) {
                b'.' => self.at + 1,
                b'?' if byte(text, self.at + 1) == b'.' => self.at + 2,
                _ => break,
            };
            let part = word_at(text, at);
            if part.is_empty() {
                break;
            }
            chain[length] = part;
            length += 1;
            self.at = at + part.len();
        }
        if length > named {
            self.out.symbol(import, &chain[..length], start);
        }
    }

    /// Past blanks and comments; the byte there.
    fn trivia(&mut self) -> u8 {
        self.at = skip_trivia(self.text, self.at, false);
        byte(self.text, self.at)
    }

    fn take_word(&mut self) -> &'a [u8] {
        let word = word_at(self.text, self.at);
        self.at += word.len();
        word
    }
}

/// A name that a statement binds.
struct Binding<'a> {
    local: &'a [u8],
    /// What of the module; `None` for all of it.
    symbol: Option<&'a [u8]>,
}

/// The name at `at`; empty where none starts.
fn word_at(text: &[u8], at: usize) -> &[u8] {
    if starts_word(byte(text, at)) { &text[at..word_end(text, at)] } else { b"" }
}

/// What stands before `at`, without blanks at its end; a bounded part of it.
fn before(text: &[u8], at: usize) -> &[u8] {
    text[at.saturating_sub(4096)..at].trim_ascii_end()
}

/// Past a regular expression whose text starts at `at`; the end of the line where that does not close it: it was none.
fn skip_regex(text: &[u8], at: usize) -> Result<usize, usize> {
    let mut here = at;
    let mut in_class = false;
    while here < text.len() {
        match text[here] {
            b'\\' => here += 1,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'/' if !in_class => return Ok(word_end(text, here + 1)),
            b'\n' => return Err(here),
            _ => {}
        }
        here += 1;
    }
    Err(text.len())
}
