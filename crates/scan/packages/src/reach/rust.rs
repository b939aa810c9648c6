//! Rust: `use`, `extern crate` and paths, with test modules told apart.
//!
//! A crate needs no `use`: `serde_json::from_str(…)` reaches it from any expression. So every path's first part counts as a
//! crate unless the file binds that name to something else. See "Use declarations" and "Paths" in the reference.

#[cfg(test)]
mod tests;
mod text;

use self::text::{is_test_attribute, skip_char, skip_generics, skip_raw, skip_raw_text, skip_text};
use super::FileUse;
use super::collect::{Collector, ImportId, MAX_PARTS};
use super::lex::{
    WordFilter, byte, is_word, next_line, skip_nested_comment, skip_trivia, starts_word, word_end,
};
use bartizan_model::Language;
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
