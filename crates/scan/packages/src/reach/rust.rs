//! Rust: `use`, `extern crate` and paths, with test modules told apart.
//!
//! A crate needs no `use`: `serde_json::from_str(…)` reaches it from any expression. So every path's first part counts as a
//! crate unless the file binds that name to something else. See "Use declarations" and "Paths" in the reference.

use super::FileUse;
use super::collect::{Collector, ImportId, MAX_PARTS};
use super::lex::{
    WordFilter, byte, is_word, next_line, skip_nested_comment, skip_trivia, starts_word, word_end,
};
use bartizan_model::Language;
use memchr::memmem;
use std::collections::{HashMap, HashSet};

/// Crates and words that a path may start with and that are not packages.
const OWN: &[&[u8]] =
    &[b"crate", b"self", b"super", b"Self", b"std", b"core", b"alloc", b"proc_macro", b"test"];
/// Words before a brace or semicolon of the same item.
const ITEMS: &[&[u8]] = &[
    b"mod",
    b"fn",
    b"use",
    b"impl",
    b"struct",
    b"enum",
    b"const",
    b"static",
    b"trait",
    b"type",
    b"extern",
    b"pub",
    b"unsafe",
    b"async",
    b"macro_rules",
    b"union",
    b"crate",
    b"macro",
];
/// Attribute keys whose string is a path (serde's).
const PATH_KEYS: &[&[u8]] = &[b"with", b"serialize_with", b"deserialize_with"];
/// Names bound to something else, of one file.
const MAX_LOCALS: usize = 4096;
/// Braces within each other in a `use`, and modules that take over the names of those around them.
const MAX_NESTING: usize = 32;
/// Bytes of generic arguments between two parts of a path.
const MAX_GENERICS: usize = 256;

/// Reads one file.
pub fn scan(text: &[u8], is_test: bool) -> FileUse {
    let mut scanner = Scanner {
        text,
        at: 0,
        out: Collector::new(text, Language::Rust, is_test, "::"),
        words: WordFilter::new(&[
            b"use",
            b"extern",
            b"mod",
            b"b",
            b"r",
            b"br",
            b"c",
            b"cr",
            b"with",
            b"serialize_with",
            b"deserialize_with",
        ]),
        locals: HashMap::new(),
        scopes: vec![Scope::default()],
        open: Vec::new(),
        crates: HashSet::new(),
        glob: false,
        depth: 0,
        brackets: 0,
        pending: Pending::No,
        test_until: None,
    };
    scanner.run();
    // A module may be declared after its first use, so that its name was taken for a crate's.
    let Scanner { out, scopes, crates, .. } = scanner;
    let mut kept: HashSet<&[u8]> = HashSet::new();
    for (name, scope) in crates {
        if scope.is_none_or(|scope| !is_module(&scopes, scope, name)) {
            kept.insert(name);
        }
    }
    out.finish(|import| kept.contains(import.module.as_bytes()))
}

/// The names that one module of the file declares as modules below it.
#[derive(Default)]
struct Scope<'a> {
    modules: HashSet<&'a [u8]>,
    /// The module around it; the file itself has none.
    parent: Option<usize>,
    /// `use super::*`: the parent's names are in scope.
    inherits: bool,
}

/// Whether a name is a module where it is used.
fn is_module(scopes: &[Scope<'_>], mut scope: usize, name: &[u8]) -> bool {
    for _ in 0..MAX_NESTING {
        let Some(here) = scopes.get(scope) else { return false };
        if here.modules.contains(name) {
            return true;
        }
        match here.parent {
            Some(parent) if here.inherits => scope = parent,
            _ => return false,
        }
    }
    false
}

/// What a name stands for.
enum Local<'a> {
    /// A path within a crate.
    Crate(ImportName<'a>, Vec<&'a [u8]>),
    /// Something of the project's own or of the standard library.
    Own,
}

/// The crate by name: test and other code import it apart.
type ImportName<'a> = &'a [u8];

/// An attribute made the next item test code.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pending {
    No,
    /// The attribute was read, the item not yet. Both carry the depth of brackets around them.
    Item(usize),
    /// Within the item's head.
    Head(usize),
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
    out: Collector<'a>,
    words: WordFilter,
    /// What names stand for, in the module of that number.
    locals: HashMap<(usize, &'a [u8]), Local<'a>>,
    /// All modules of the file, the file itself first.
    scopes: Vec<Scope<'a>>,
    /// The inline modules around this place: their number, and the braces around them.
    open: Vec<(usize, usize)>,
    /// Names taken for crates, with the module in which each is used; `None` where it can be nothing else.
    crates: HashSet<(&'a [u8], Option<usize>)>,
    glob: bool,
    /// Open braces.
    depth: usize,
    /// Open parentheses and brackets.
    brackets: usize,
    pending: Pending,
    /// Test code goes until the braces are as deep as this again.
    test_until: Option<usize>,
}

impl<'a> Scanner<'a> {
    fn run(&mut self) {
        let text = self.text;
        if text.starts_with(b"#!/") {
            self.at = next_line(text, 0);
        }
        while let Some(&b) = text.get(self.at) {
            match b {
                b'/' => match byte(text, self.at + 1) {
                    b'/' => self.at = next_line(text, self.at),
                    b'*' => self.at = skip_nested_comment(text, self.at + 2),
                    _ => self.at += 1,
                },
                b'"' => self.at = skip_text(text, self.at + 1),
                b'\'' => self.at = skip_char(text, self.at),
                _ if starts_word(b) => self.word(),
                _ if is_word(b) => self.at = word_end(text, self.at),
                b' ' | b'\n' => self.at += 1,
                _ => self.mark(b),
            }
        }
    }

    fn mark(&mut self, b: u8) {
        match b {
            b'{' => {
                if self.pending != Pending::No && self.test_until.is_none() {
                    self.test_until = Some(self.depth);
                }
                self.pending = Pending::No;
                self.depth += 1;
            }
            b'}' => {
                self.depth = self.depth.saturating_sub(1);
                if self.test_until == Some(self.depth) {
                    self.test_until = None;
                }
                if self.open.last().is_some_and(|(_, depth)| *depth == self.depth) {
                    self.open.pop();
                }
                self.pending = Pending::No;
            }
            b'(' | b'[' => self.brackets += 1,
            b')' | b']' => {
                self.brackets = self.brackets.saturating_sub(1);
                self.end_item(self.brackets + 1);
            }
            // `[u8; 3]` in a head does not end it.
            b';' => self.end_item(self.brackets),
            // After a field, a variant or an argument; in a head it stands between generic parameters.
            b',' if matches!(self.pending, Pending::Item(_)) => self.end_item(self.brackets),
            b'#' => return self.attribute(),
            _ => {}
        }
        self.at += 1;
    }

    /// What was test code ends, unless it began at fewer brackets than these.
    fn end_item(&mut self, brackets: usize) {
        if let Pending::Item(began) | Pending::Head(began) = self.pending
            && brackets <= began
        {
            self.pending = Pending::No;
        }
    }

    /// `#[cfg(test)]`, `#[test]`, `#![cfg(test)]`: what follows is test code. The content is read on as code.
    fn attribute(&mut self) {
        let inner = byte(self.text, self.at + 1) == b'!';
        let open = self.at + 1 + usize::from(inner);
        self.at = open;
        if byte(self.text, open) != b'[' {
            return;
        }
        let content = self.text.get(open + 1..).unwrap_or_default();
        let content = &content[..content.len().min(256)];
        let content = memchr::memchr(b']', content).map_or(content, |end| &content[..end]);
        if !is_test_attribute(content) {
            return;
        }
        if inner {
            // At the top it goes for the whole file: no brace is that deep.
            let until = self.depth.checked_sub(1).unwrap_or(usize::MAX);
            self.test_until.get_or_insert(until);
        } else {
            self.pending = Pending::Item(self.brackets);
        }
    }

    fn in_test(&self) -> bool {
        self.test_until.is_some() || self.pending != Pending::No
    }

    fn word(&mut self) {
        let text = self.text;
        let start = self.at;
        let end = word_end(text, start);
        let word = &text[start..end];
        self.at = end;
        if let Pending::Item(brackets) = self.pending
            && brackets == self.brackets
            && ITEMS.contains(&word)
        {
            self.pending = Pending::Head(brackets);
        }
        let before = if start > 0 { text[start - 1] } else { 0 };
        if self.words.may_hold(word) {
            match word {
                b"use" if before != b'.' => return self.use_tree(start),
                b"extern" => return self.extern_crate(start),
                b"mod" => return self.module(),
                b"b" | b"r" | b"br" | b"c" | b"cr" if self.literal(word) => return,
                _ if PATH_KEYS.contains(&word) => return self.path_in_string(start),
                _ => {}
            }
        }
        let next = byte(text, end);
        if before == b'.' {
            let is_call =
                next == b'(' || (next == b':' && byte(text, end + 1) == b':' && byte(text, end + 2) == b'<');
            // `..name` is a range or the rest of a struct.
            if is_call && !(start > 1 && text[start - 2] == b'.') {
                self.out.call(word, start, self.in_test());
            }
            return;
        }
        if next == b':' && byte(text, end + 1) == b':' {
            self.path(start, word, before);
        } else if next == b'(' && self.glob {
            self.out.call(word, start, self.in_test());
        }
    }

    /// A path in an expression, a type or an attribute.
    fn path(&mut self, start: usize, first: &'a [u8], before: u8) {
        let (parts, end) = self.path_parts(self.at, MAX_PARTS);
        self.at = end;
        let global = before == b':' && start >= 2 && self.text[start - 2] == b':';
        if global {
            // Not global but after `<T as Trait>::`.
            let before = if start >= 3 { self.text[start - 3] } else { b' ' };
            if before == b'>' || is_word(before) {
                return;
            }
        }
        self.refer(first, &parts, start, global);
    }

    fn refer(&mut self, first: &'a [u8], parts: &[&'a [u8]], at: usize, global: bool) {
        let local = if global { None } else { self.local(first) };
        let mut certain = global;
        let (name, mut named) = match local {
            Some(Local::Own) => return,
            Some(Local::Crate(name, path)) => {
                certain = true;
                (*name, path.clone())
            }
            None if OWN.contains(&first) || (!global && self.is_module(first)) => return,
            None if first.starts_with(b"$") => return, // of a macro
            // Types, generic parameters and enums are written in capitals, crates are not.
            None if first.iter().any(u8::is_ascii_uppercase) => {
                // `Type::method` of a type that a wildcard brought.
                if let (true, Some(last)) = (self.glob, parts.last()) {
                    self.out.call(last, at, self.in_test());
                }
                return;
            }
            None => (first, Vec::new()),
        };
        named.extend(parts.iter().copied());
        if named.is_empty() {
            return;
        }
        if let Some(import) = self.import(name, at, certain) {
            self.out.symbol(import, &named, at);
        }
    }

    /// A crate is used. `certain` where the name can be nothing else.
    fn import(&mut self, name: &'a [u8], at: usize, certain: bool) -> Option<ImportId> {
        let test = self.in_test();
        let import = self.out.import(name, at, test)?;
        self.crates.insert((name, (!certain).then(|| self.scope())));
        Some(import)
    }

    /// The parts after the first: `::b::<T>::c`, and where they end.
    fn path_parts(&self, mut at: usize, most: usize) -> (Vec<&'a [u8]>, usize) {
        let text = self.text;
        let mut parts = Vec::new();
        while parts.len() < most && byte(text, at) == b':' && byte(text, at + 1) == b':' {
            let mut next = at + 2;
            if byte(text, next) == b'<' {
                match skip_generics(text, next) {
                    Some(end) if byte(text, end) == b':' && byte(text, end + 1) == b':' => next = end + 2,
                    _ => break,
                }
            }
            next = skip_raw(text, next);
            if !starts_word(byte(text, next)) {
                break;
            }
            at = word_end(text, next);
            parts.push(&text[next..at]);
            // `Vec<T>::new` without the colons stands in types only; nothing is reached after it.
        }
        (parts, at)
    }

    /// `use a::{b, c::{self, d as e}, f::*};`
    fn use_tree(&mut self, start: usize) {
        let text = self.text;
        // Lengths of the prefix before each open brace.
        let mut opened: Vec<usize> = Vec::new();
        let mut prefix: Vec<&'a [u8]> = Vec::new();
        let mut length = 0;
        let mut leaf = false;
        let mut place = start;
        loop {
            self.at = skip_trivia(text, self.at, true);
            let b = byte(text, self.at);
            match b {
                b'*' => {
                    self.at += 1;
                    self.leaf(&prefix, None, true, place);
                    leaf = false;
                    prefix.truncate(length);
                }
                b'{' if opened.len() < MAX_NESTING => {
                    self.at += 1;
                    opened.push(length);
                    length = prefix.len();
                    leaf = false;
                }
                b',' | b'}' | b';' => {
                    if leaf {
                        self.leaf(&prefix, None, false, place);
                    }
                    leaf = false;
                    prefix.truncate(length);
                    if b == b';' {
                        self.pending = Pending::No;
                        self.at += 1;
                        return;
                    }
                    if b == b'}' {
                        match opened.pop() {
                            Some(before) => length = before,
                            None => return, // of an enclosing block: the statement is broken
                        }
                        prefix.truncate(length);
                    }
                    self.at += 1;
                }
                b':' => self.at += 1,
                _ if starts_word(b) => {
                    self.at = skip_raw(text, self.at);
                    let end = word_end(text, self.at);
                    let word = &text[self.at..end];
                    if !leaf {
                        place = self.at;
                    }
                    self.at = end;
                    if word == b"as" && leaf {
                        self.at = skip_trivia(text, self.at, true);
                        let end = word_end(text, self.at);
                        let alias = &text[self.at..end];
                        self.at = end;
                        self.leaf(&prefix, Some(alias), false, place);
                        leaf = false;
                        prefix.truncate(length);
                    } else {
                        if prefix.len() < MAX_PARTS * 2 {
                            prefix.push(word);
                        }
                        leaf = true;
                    }
                }
                // `use<'a>` of a return type, a macro's `$crate`, or the end of the file.
                _ => return,
            }
        }
    }

    /// One name that a `use` binds.
    fn leaf(&mut self, path: &[&'a [u8]], alias: Option<&'a [u8]>, glob: bool, at: usize) {
        let mut path = path;
        if let [before @ .., b"self"] = path
            && !before.is_empty()
        {
            path = before;
        }
        let (Some(first), Some(last)) = (path.first().copied(), path.last().copied()) else { return };
        let bound = alias.unwrap_or(last);
        // `use serde_json;` binds the crate under its own name.
        let same_crate = path.len() == 1 && bound == first;
        // `use name;` of a module beside it would be for nothing.
        let certain = path.len() == 1 && !glob;
        let target = match self.local(first) {
            Some(Local::Own) => None,
            Some(Local::Crate(name, before)) => {
                let mut named = before.clone();
                named.extend(path[1..].iter().copied());
                Some((*name, named))
            }
            None if OWN.contains(&first) || (!certain && self.is_module(first)) => None,
            None if first.iter().any(u8::is_ascii_uppercase) => None, // `use Enum::*`
            None => Some((first, path[1..].to_vec())),
        };
        let Some((name, named)) = target else {
            if glob && path == [b"super"] {
                let scope = self.scope();
                if let Some(scope) = self.scopes.get_mut(scope) {
                    scope.inherits = true;
                }
            }
            if !glob && !same_crate {
                self.bind(bound, Local::Own);
            }
            return;
        };
        let Some(import) = self.import(name, at, certain) else { return };
        if glob {
            self.out.wildcard(import);
            self.glob = true;
            return;
        }
        if !named.is_empty() {
            self.out.symbol(import, &named, at);
        }
        if !same_crate && bound != b"_" {
            self.bind(bound, Local::Crate(name, named));
        }
    }

    fn bind(&mut self, name: &'a [u8], local: Local<'a>) {
        if self.locals.len() < MAX_LOCALS {
            let scope = self.scope();
            self.locals.insert((scope, name), local);
        } else {
            self.out.truncate();
        }
    }

    /// `extern crate a as b;`, not `extern "C" fn`.
    fn extern_crate(&mut self, start: usize) {
        let text = self.text;
        let at = skip_trivia(text, self.at, true);
        let end = word_end(text, at);
        if &text[at..end] != b"crate" {
            return;
        }
        let at = skip_raw(text, skip_trivia(text, end, true));
        let end = word_end(text, at);
        let name = &text[at..end];
        self.at = end;
        if name.is_empty() || OWN.contains(&name) {
            return;
        }
        let Some(import) = self.import(name, start, true) else { return };
        // `#[macro_use]` brings macros into scope bare.
        let head = text[..start].trim_ascii_end();
        let head = head.strip_suffix(b"pub").map_or(head, <[u8]>::trim_ascii_end);
        if head.ends_with(b"#[macro_use]") {
            self.out.wildcard(import);
        }
        let at = skip_trivia(text, end, true);
        let word = &text[at..word_end(text, at)];
        if word == b"as" {
            let at = skip_trivia(text, at + 2, true);
            let alias = &text[at..word_end(text, at)];
            self.at = at + alias.len();
            if alias != b"_" && !alias.is_empty() {
                self.bind(alias, Local::Crate(name, Vec::new()));
            }
        }
    }

    /// `mod name;` or `mod name {`: paths that start with it are the project's own.
    fn module(&mut self) {
        let at = skip_raw(self.text, skip_trivia(self.text, self.at, true));
        let name = &self.text[at..word_end(self.text, at)];
        if name.is_empty() {
            return;
        }
        if self.scopes.len() > MAX_LOCALS {
            self.out.truncate();
            return;
        }
        self.at = at + name.len();
        let parent = self.scope();
        if let Some(scope) = self.scopes.get_mut(parent) {
            scope.modules.insert(name);
        }
        if byte(self.text, skip_trivia(self.text, self.at, true)) == b'{' {
            self.open.push((self.scopes.len(), self.depth));
            self.scopes.push(Scope { parent: Some(parent), ..Scope::default() });
        }
    }

    /// The number of the module around this place.
    fn scope(&self) -> usize {
        self.open.last().map_or(0, |(number, _)| *number)
    }

    /// What a name stands for here, by a `use` in this module or in those whose names it takes over.
    fn local(&self, name: &'a [u8]) -> Option<&Local<'a>> {
        let mut scope = self.scope();
        for _ in 0..MAX_NESTING {
            if let Some(local) = self.locals.get(&(scope, name)) {
                return Some(local);
            }
            match self.scopes.get(scope) {
                Some(Scope { parent: Some(parent), inherits: true, .. }) => scope = *parent,
                _ => return None,
            }
        }
        None
    }

    fn is_module(&self, name: &[u8]) -> bool {
        is_module(&self.scopes, self.scope(), name)
    }

    /// Past a literal with a prefix, or a raw name; false where the word is a plain name.
    fn literal(&mut self, prefix: &[u8]) -> bool {
        let text = self.text;
        let raw = prefix.ends_with(b"r");
        match byte(text, self.at) {
            b'"' if raw => self.at = skip_raw_text(text, self.at),
            b'"' => self.at = skip_text(text, self.at + 1),
            b'#' if raw => {
                let hashes = text[self.at..].iter().take_while(|b| **b == b'#').count();
                if byte(text, self.at + hashes) != b'"' {
                    // r#name: the name follows and is read as such.
                    self.at += hashes;
                    return true;
                }
                self.at = skip_raw_text(text, self.at);
            }
            b'\'' if prefix == b"b" => self.at = skip_char(text, self.at),
            _ => return false,
        }
        true
    }

    /// `#[serde(with = "a::b")]`
    fn path_in_string(&mut self, start: usize) {
        let at = skip_trivia(self.text, self.at, true);
        if byte(self.text, at) != b'=' {
            return;
        }
        let quote = skip_trivia(self.text, at + 1, true);
        let global = byte(self.text, quote + 1) == b':' && byte(self.text, quote + 2) == b':';
        let at = quote + 1 + if global { 2 } else { 0 };
        if byte(self.text, quote) != b'"' || !starts_word(byte(self.text, at)) {
            return;
        }
        let end = word_end(self.text, at);
        let first = &self.text[at..end];
        let (parts, end) = self.path_parts(end, MAX_PARTS);
        if byte(self.text, end) == b'"' {
            self.at = end + 1;
            if parts.is_empty() && self.local(first).is_none() {
                if !OWN.contains(&first) && !self.is_module(first) {
                    self.import(first, start, false);
                }
            } else {
                self.refer(first, &parts, start, global);
            }
        }
    }
}

/// Whether what stands in an attribute's brackets makes its item test code.
fn is_test_attribute(content: &[u8]) -> bool {
    let head = content.trim_ascii();
    let name_end = head.iter().position(|b| !is_word(*b) && *b != b':').unwrap_or(head.len());
    let name = &head[..name_end];
    if name == b"test" || name.ends_with(b"::test") || name == b"bench" {
        return true;
    }
    if name != b"cfg" {
        return false;
    }
    let mut from = 0;
    while let Some(n) = content.get(from..).and_then(|rest| memmem::find(rest, b"test")) {
        let at = from + n;
        let goes_on = is_word(byte(content, at + 4));
        let alone = !goes_on && at.checked_sub(1).is_none_or(|before| !is_word(content[before]));
        let quoted = at > 0 && content[at - 1] == b'"';
        let negated = memmem::find(&content[..at], b"not(").is_some();
        // `any(test, feature = "x")` is compiled for others as well.
        let one_of = memmem::find(&content[..at], b"any(").is_some();
        if alone && !quoted && !negated && !one_of {
            return true;
        }
        from = at + 4;
    }
    false
}

/// Past a string whose content starts at `at`; lines are part of it.
fn skip_text(text: &[u8], mut at: usize) -> usize {
    while let Some(n) = text.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += n;
        if text[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    text.len()
}

/// Past a raw string at its hashes or its quote.
fn skip_raw_text(text: &[u8], at: usize) -> usize {
    let hashes = text[at..].iter().take_while(|b| **b == b'#').count().min(255);
    let mut from = at + hashes + 1;
    while let Some(n) = text.get(from..).and_then(|rest| memchr::memchr(b'"', rest)) {
        from += n + 1;
        let behind = &text[from..];
        if behind.len() >= hashes && behind[..hashes].iter().all(|b| *b == b'#') {
            return from + hashes;
        }
    }
    text.len()
}

/// Past a character, or past the quote of a lifetime.
fn skip_char(text: &[u8], at: usize) -> usize {
    match byte(text, at + 1) {
        b'\\' => {
            // The longest is '\u{10ffff}'; underscores may stand between.
            let rest = text.get(at + 3..).unwrap_or_default();
            let rest = &rest[..rest.len().min(24)];
            memchr::memchr(b'\'', rest).map_or(at + 2, |n| at + n + 4)
        }
        0..=0x7f if byte(text, at + 2) == b'\'' => at + 3,
        0x80.. => {
            let rest = text.get(at + 2..).unwrap_or_default();
            let rest = &rest[..rest.len().min(4)];
            memchr::memchr(b'\'', rest).map_or(at + 1, |n| at + n + 3)
        }
        _ => at + 1,
    }
}

/// Past `r#` before a name.
fn skip_raw(text: &[u8], at: usize) -> usize {
    if byte(text, at) == b'r' && byte(text, at + 1) == b'#' { at + 2 } else { at }
}

/// Past `<…>`, where it ends soon.
fn skip_generics(text: &[u8], at: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (offset, b) in text.get(at..)?.iter().take(MAX_GENERICS).enumerate() {
        match b {
            b'<' => depth += 1,
            b'>' if offset > 0 && text[at + offset - 1] == b'-' => {}
            b'>' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + offset + 1);
                }
            }
            b'"' | b'{' | b'}' => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::{FileUse, file_use};
    use bartizan_model::Language;

    fn read(text: &str) -> FileUse {
        file_use("src/lib.rs", Language::Rust, text.as_bytes()).unwrap()
    }

    fn check(text: &str, expected: &[(&str, &[&str])]) {
        let found = read(text);
        let found: Vec<(&str, Vec<&str>)> = found
            .imports
            .iter()
            .map(|i| (i.module.as_str(), i.symbols.iter().map(|s| s.name.as_str()).collect()))
            .collect();
        let expected: Vec<(&str, Vec<&str>)> = expected.iter().map(|(m, s)| (*m, s.to_vec())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn use_trees() {
        check("use serde_json::from_str;", &[("serde_json", &["from_str"])]);
        check(
            "use a::{b, c::{self, d as e, f::*}, g};\nfn x() { e::h(); c::i() }",
            &[("a", &["b", "c", "c::d", "c::d::h", "c::i", "g"])],
        );
        check("pub(crate) use a::b as _;", &[("a", &["b"])]);
        check("use {a::b, c as d};\nfn x() { d::e() }", &[("a", &["b"]), ("c", &["e"])]);
        check("use ::a::b; use r#try::c;", &[("a", &["b"]), ("try", &["c"])]);
        assert!(read("use a::prelude::*;").imports[0].wildcard);
    }

    #[test]
    fn paths_need_no_use() {
        check("fn x() { serde_json::de::from_str(\"\") }", &[("serde_json", &["de::from_str"])]);
        check("#[tokio::main]\nasync fn main() {}", &[("tokio", &["main"])]);
        check(
            "fn x(a: &::log::Level) -> anyhow::Result<()> {}",
            &[("anyhow", &["Result"]), ("log", &["Level"])],
        );
        check("let v = smallvec::SmallVec::<[u8; 4]>::new();", &[("smallvec", &["SmallVec::new"])]);
        check(
            "use smallvec::SmallVec;\nfn x() { SmallVec::insert_many(v) }",
            &[("smallvec", &["SmallVec", "SmallVec::insert_many"])],
        );
        check("#[serde(with = \"hex::serde\")] struct A;", &[("hex", &["serde"])]);
        check("#[serde(with = \"::hex::serde\")] struct A;", &[("hex", &["serde"])]);
        check("#[serde(serialize_with = \"serde_bytes\")] struct A;", &[("serde_bytes", &[])]);
        check("extern crate foo as bar;\nfn x() { bar::y() }", &[("foo", &["y"])]);
        assert!(read("#[macro_use]\nextern crate log;").imports[0].wildcard);
    }

    #[test]
    fn own_names_are_no_crates() {
        check(
            "mod a; use crate::b; use std::fmt;\nfn x() { a::y(); b::z(); fmt::w(); Self::v(); T::u() }",
            &[],
        );
        check("fn x() { late::y() }\nmod late {}", &[]);
        check("mod log { pub use log::debug; }\nfn f() { log::debug!() }", &[("log", &["debug"])]);
        check("mod log {} mod tests { use super::*; fn f() { log::x() } }", &[]);
        check("use crate::log; mod a { use log::x; }", &[("log", &["x"])]);
        check("#[cfg(a)] pub use log; #[cfg(not(a))] pub mod log {}", &[("log", &[])]);
        check("macro_rules! m { ($t:ident) => { $t::a(); $crate::b() } }", &[]);
        check("enum E {} use E::*; use self::c::d; fn x() { <T as U>::v(); d::e() }", &[]);
        check("extern \"C\" { fn f(); }", &[]);
    }

    #[test]
    fn strings_comments_and_lifetimes() {
        check("/* /* a::b() */ c::d() */ e::f();", &[("e", &["f"])]);
        check("let s = \"a::b \\\" c::d\"; // e::f\ng::h();", &[("g", &["h"])]);
        check("let s = r#\"a\" b::c\"#; d::e();", &[("d", &["e"])]);
        check("let s = br\"\\\"; d::e();", &[("d", &["e"])]);
        check(
            "fn f<'a>(x: &'a str) { let c = '\"'; let d = '\\''; let e = '\u{e9}'; g::h(); }",
            &[("g", &["h"])],
        );
        check("let b = b'\"'; let c = '\\u{1F600}'; let d = b'\\\\'; g::h();", &[("g", &["h"])]);
    }

    #[test]
    fn test_code_is_told_apart() {
        let tests = |text: &str| -> Vec<(String, bool)> {
            read(text).imports.into_iter().map(|i| (i.module, i.test)).collect()
        };
        let apart = |text: &str| assert_eq!(tests(text), [("a".into(), false), ("b".into(), true)], "{text}");
        apart("use a::x;\n#[cfg(test)]\nmod tests { use super::*; fn y() { if z {} b::y() } }\n");
        apart("#[cfg(test)]\nmod tests { use b::y; }\nuse a::x;");
        apart("#[cfg(test)] use b::y;\nuse a::x;");
        apart("#[cfg(all(test, unix))]\npub fn f<A, B>(x: [u8; 3]) { b::y() }\nfn g() { a::x() }");
        apart("#[tokio::test]\nasync fn f() { }\nfn g() { a::x() }".replace("tokio", "b").as_str());
        apart("struct S { #[cfg(test)] f: b::T, g: a::U }");
        assert_eq!(tests("#![cfg(test)]\nfn f() {}\nuse b::y;"), [("b".into(), true)]);
        assert_eq!(tests("#[cfg(not(test))]\nuse a::y;"), [("a".into(), false)]);
        assert_eq!(tests("#[cfg(feature = \"test\")]\nuse a::y;"), [("a".into(), false)]);
        assert_eq!(tests("#[cfg(any(test, feature = \"x\"))]\nuse a::y;"), [("a".into(), false)]);
        let calls = read("use a::V;\nfn f() { v.push(1) }\n#[test]\nfn g() { v.pop::<u8>() }\n").calls;
        let calls: Vec<_> = calls.iter().map(|c| (c.name.as_str(), c.test, c.line)).collect();
        assert_eq!(calls, [("pop", true, 4), ("push", false, 2)]);
    }
}
