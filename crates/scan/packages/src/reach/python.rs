//! Python: `import`, `from … import`, `importlib`, and what is reached through the names that they bind.
//!
//! `import` is a keyword, so the word outside strings and comments is always a statement; brackets and indentation need no
//! attention. See "The import statement" in the language reference.

use super::FileUse;
use super::collect::{Collector, ImportId, MAX_PARTS};
use super::lex::{
    WordFilter, byte, is_word, next_line, plain_string, rest, skip_string, skip_triple, starts_word, word_end,
};
use super::names::python::is_standard;
use bartizan_model::Language;
use std::collections::HashMap;

/// Functions that load a module by name.
const LOADERS: &[&[u8]] = &[b"import_module", b"__import__", b"find_spec", b"load_module", b"importorskip"];
/// Parts of a dotted name after which the rest does not matter.
const MAX_DOTTED: usize = 16;

/// Reads one file.
pub fn scan(text: &[u8], is_test: bool) -> FileUse {
    let mut scanner = Scanner {
        text,
        at: 0,
        out: Collector::new(text, Language::Python, is_test, "."),
        words: WordFilter::new(&[b"import", b"from", b"cimport"]),
        locals: HashMap::new(),
        star: false,
    };
    LOADERS.iter().for_each(|word| scanner.words.add(word));
    scanner.run();
    scanner.out.finish(|_| true)
}

/// What a local name stands for.
struct Local<'a> {
    import: ImportId,
    /// `import a.b` binds `a`: these parts after it lead to the module.
    path: Vec<&'a [u8]>,
    /// `from m import f` binds a name of the module: it stands before what is reached through it.
    symbol: Option<&'a [u8]>,
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
    out: Collector<'a>,
    words: WordFilter,
    locals: HashMap<&'a [u8], Vec<Local<'a>>>,
    star: bool,
}

impl<'a> Scanner<'a> {
    fn run(&mut self) {
        while let Some(&b) = self.text.get(self.at) {
            match b {
                b'#' => self.at = next_line(self.text, self.at),
                b'"' | b'\'' => self.at = skip_any_string(self.text, self.at),
                _ if starts_word(b) => self.word(),
                // A digit starts no name, and what follows it (`1e5`, `0x1f`) is none either.
                _ if is_word(b) => self.at = word_end(self.text, self.at),
                _ => self.at += 1,
            }
        }
    }

    fn word(&mut self) {
        let start = self.at;
        let end = word_end(self.text, start);
        let word = &self.text[start..end];
        self.at = end;
        let member = start > 0 && self.text[start - 1] == b'.';
        if self.words.may_hold(word) {
            match word {
                b"import" | b"cimport" if !member => return self.import(start),
                b"from" if !member => return self.from(start),
                _ if LOADERS.contains(&word) && byte(self.text, end) == b'(' => return self.loader(start),
                _ if !member && self.locals.contains_key(word) => return self.reference(start, word),
                _ => {}
            }
        }
        if byte(self.text, end) == b'(' && (member || self.star) && !self.out.is_empty() {
            self.out.call(word, start, false);
        }
    }

    /// `import a.b as c, d`
    fn import(&mut self, at: usize) {
        loop {
            self.blanks();
            let start = self.at;
            let parts = self.dotted();
            if parts.is_empty() {
                return;
            }
            let module = self.text[start..self.at].trim_ascii_end();
            let alias = self.alias();
            if !parts.first().is_some_and(|first| is_standard(first))
                && let Some(import) = self.out.import(&without_space(module), at, false)
            {
                match alias {
                    Some(name) => self.bind(name, Local { import, path: Vec::new(), symbol: None }),
                    None => {
                        let path = parts[1..].to_vec();
                        self.bind(parts[0], Local { import, path, symbol: None });
                    }
                }
            }
            self.blanks();
            if byte(self.text, self.at) != b',' {
                return;
            }
            self.at += 1;
        }
    }

    /// `from a.b import c as d, e`, `from a import (…)`, `from a import *`
    fn from(&mut self, at: usize) {
        self.blanks();
        let start = self.at;
        let relative = byte(self.text, self.at) == b'.';
        while byte(self.text, self.at) == b'.' {
            self.at += 1;
            self.blanks();
        }
        // `from . import x` has no name before `import`.
        let parts = if word_at(self.text, self.at) == b"import" { Vec::new() } else { self.dotted() };
        let module = self.text[start..self.at].trim_ascii_end();
        self.blanks();
        if !matches!(word_at(self.text, self.at), b"import" | b"cimport") {
            return; // `yield from x`, `raise x from y`
        }
        self.at = word_end(self.text, self.at);
        let foreign = !relative && !parts.first().is_some_and(|first| is_standard(first));
        let import = if foreign { self.out.import(&without_space(module), at, false) } else { None };
        self.blanks();
        let in_brackets = byte(self.text, self.at) == b'(';
        if in_brackets {
            self.at += 1;
        }
        loop {
            if in_brackets {
                self.space()
            } else {
                self.blanks()
            }
            if byte(self.text, self.at) == b'*' {
                if let Some(import) = import {
                    self.out.wildcard(import);
                    self.star = true;
                }
                self.at += 1;
                return;
            }
            let start = self.at;
            let name = word_at(self.text, start);
            if name.is_empty() {
                return;
            }
            self.at = start + name.len();
            if in_brackets {
                self.space();
            }
            let alias = self.alias();
            if let Some(import) = import {
                self.out.symbol(import, &[name], start);
                // A loader under its own name is known as such already.
                self.bind(alias.unwrap_or(name), Local { import, path: Vec::new(), symbol: Some(name) });
            }
            if in_brackets {
                self.space()
            } else {
                self.blanks()
            }
            if byte(self.text, self.at) != b',' {
                return;
            }
            self.at += 1;
        }
    }

    /// `importlib.import_module("a.b")`; with anything but a plain string the module is not known.
    fn loader(&mut self, at: usize) {
        // The definition of a function of that name loads nothing.
        let before = self.text[..at].trim_ascii_end();
        if before.ends_with(b"def") {
            return;
        }
        self.at += 1;
        self.space();
        match byte(self.text, self.at) {
            b'"' | b'\'' => {
                let Some((name, end)) = plain_string(self.text, self.at) else { return };
                self.at = end;
                let root = name.split(|b| *b == b'.').next().unwrap_or_default();
                let is_name = name.iter().all(|b| is_word(*b) || *b == b'.');
                self.space();
                let whole = matches!(byte(self.text, self.at), b')' | b',');
                if !whole {
                    self.out.dynamic(at); // "prefix." + name
                } else if is_name && !root.is_empty() && !is_standard(root) {
                    self.out.import(name, at, false);
                }
            }
            b')' => {}
            _ => self.out.dynamic(at),
        }
    }

    /// A local name that an import bound: `yaml.load`, `g(…)`.
    fn reference(&mut self, start: usize, word: &'a [u8]) {
        let mut parts: Vec<&'a [u8]> = Vec::new();
        while parts.len() < MAX_PARTS + MAX_DOTTED && byte(self.text, self.at) == b'.' {
            let next = word_at(self.text, self.at + 1);
            if next.is_empty() {
                break;
            }
            parts.push(next);
            self.at += 1 + next.len();
        }
        let Some(locals) = self.locals.get(word) else { return };
        // Of `import a.b` and `import a.b.c` the one that leads farthest is meant.
        let best =
            locals.iter().filter(|local| parts.starts_with(&local.path)).max_by_key(|local| local.path.len());
        let Some(local) = best else {
            // `import a.b` binds `a`, and its own names are reached through it as well.
            if let Some(last) = parts.last() {
                self.out.call(last, start, false);
            }
            return;
        };
        let import = local.import;
        let symbol = local.symbol;
        let reached = &parts[local.path.len()..];
        let named: Vec<&[u8]> = symbol.into_iter().chain(reached.iter().copied()).collect();
        if !named.is_empty() {
            self.out.symbol(import, &named, start);
        }
    }

    fn bind(&mut self, name: &'a [u8], local: Local<'a>) {
        self.words.add(name);
        let bound = self.locals.entry(name).or_default();
        // One name bound often is a namespace package: a few dozen at most in any real file.
        if bound.len() < 64 && !bound.iter().any(|l| l.import == local.import && l.symbol == local.symbol) {
            bound.push(local);
        }
    }

    /// `as name`, if it stands here.
    fn alias(&mut self) -> Option<&'a [u8]> {
        self.blanks();
        if word_at(self.text, self.at) != b"as" {
            return None;
        }
        self.at += 2;
        self.space();
        let name = word_at(self.text, self.at);
        self.at += name.len();
        (!name.is_empty()).then_some(name)
    }

    /// `a.b.c`
    fn dotted(&mut self) -> Vec<&'a [u8]> {
        let mut parts = Vec::new();
        while parts.len() < MAX_DOTTED {
            let part = word_at(self.text, self.at);
            if part.is_empty() {
                break;
            }
            parts.push(part);
            self.at += part.len();
            let before = self.at;
            self.blanks();
            if byte(self.text, self.at) != b'.' {
                self.at = before;
                break;
            }
            self.at += 1;
            self.blanks();
        }
        parts
    }

    /// Past blanks and joined lines.
    fn blanks(&mut self) {
        loop {
            match (byte(self.text, self.at), byte(self.text, self.at + 1)) {
                (b' ' | b'\t' | b'\x0c', _) => self.at += 1,
                (b'\\', b'\n') => self.at += 2,
                (b'\\', b'\r') if byte(self.text, self.at + 2) == b'\n' => self.at += 3,
                _ => return,
            }
        }
    }

    /// Past blanks, lines and comments, as within brackets.
    fn space(&mut self) {
        loop {
            self.blanks();
            match byte(self.text, self.at) {
                b'\n' | b'\r' => self.at += 1,
                b'#' => self.at = next_line(self.text, self.at),
                _ => return,
            }
        }
    }
}

/// The name at `at`; empty where none starts.
fn word_at(text: &[u8], at: usize) -> &[u8] {
    if starts_word(byte(text, at)) { &text[at..word_end(text, at)] } else { b"" }
}

/// A dotted name without the blanks that may stand around its dots.
fn without_space(module: &[u8]) -> Vec<u8> {
    module.iter().copied().filter(|b| is_word(*b) || *b == b'.').collect()
}

/// Past a string that starts at `at`. Raw strings end where others do: there too a backslash keeps a quote from ending it.
fn skip_any_string(text: &[u8], at: usize) -> usize {
    let quote = text[at];
    if rest(text, at).is_some_and(|rest| rest.starts_with(&[quote; 3])) {
        return skip_triple(text, at + 3, quote, true);
    }
    skip_string(text, at + 1, quote)
}

#[cfg(test)]
mod tests {
    use super::super::{FileUse, file_use};
    use bartizan_model::Language;

    fn read(text: &str) -> FileUse {
        file_use("app/main.py", Language::Python, text.as_bytes()).unwrap()
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
    fn imports_and_what_is_reached_through_them() {
        check("import yaml\nyaml.load(x)\nyaml.load(y)\n", &[("yaml", &["load"])]);
        check(
            "import yaml as y, numpy as np\ny.load(np.array)\n",
            &[("numpy", &["array"]), ("yaml", &["load"])],
        );
        check("from yaml import load as l, dump\nl(x)\n", &[("yaml", &["dump", "load"])]);
        check("from PIL import Image\nImage.open(f)\n", &[("PIL", &["Image", "Image.open"])]);
        check(
            "import google.cloud.storage\nc = google.cloud.storage.Client()\n",
            &[("google.cloud.storage", &["Client"])],
        );
        check("import a.b, a.b.c\na.b.c.d()\na.b.e()\n", &[("a.b", &["e"]), ("a.b.c", &["d"])]);
        check("if x: import yaml; yaml.load(y)", &[("yaml", &["load"])]);
        check("def f():\n\timport requests\n\treturn requests.get\n", &[("requests", &["get"])]);
        check("import a \\\n  . b as c\nc.d", &[("a.b", &["d"])]);
        check("from m import (  # why\n  f, # x\n  g as h,\n)\nh.i()\n", &[("m", &["f", "g", "g.i"])]);
    }

    #[test]
    fn no_imports() {
        check("import os, sys\nfrom os.path import join\n", &[]);
        check("from . import a\nfrom .b import c\nfrom .. import d\nfrom...e import f\n", &[]);
        check("# import yaml\nx = 'import yaml'\ny = \"\"\"\nimport yaml\n\"\"\"\n", &[]);
        check("x = r'\\\\'; y = '''\nimport a'''\n", &[]);
        check("def g():\n  yield from yaml\n  raise a from b\n", &[]);
        check("'''it's \\''' import yaml '''\n", &[]);
        check("importer = reimport = x.import_\n", &[]);
        check("s = 'a\\\nimport yaml'\n", &[]);
    }

    #[test]
    fn strings_end_where_python_ends_them() {
        check("x = ''\nimport yaml\n", &[("yaml", &[])]);
        check("x = '''a''' ; import yaml\n", &[("yaml", &[])]);
        check("x = \"it's\"\nimport yaml\n", &[("yaml", &[])]);
        check("x = f'{a}' '\\\\'\nimport yaml\n", &[("yaml", &[])]);
        check("x = 'not closed\nimport yaml\n", &[("yaml", &[])]);
    }

    #[test]
    fn loaders() {
        check("import importlib\nm = importlib.import_module('yaml.cyaml')\n", &[("yaml.cyaml", &[])]);
        check("__import__(\"yaml\")\n", &[("yaml", &[])]);
        check("importlib.import_module('.x', package=p)\n", &[]);
        assert_eq!(read("\nimportlib.import_module(name)\n").dynamic, Some(2));
        assert_eq!(read("import_module(f'a.{b}')\n").dynamic, Some(1));
        assert_eq!(read("import_module('a.' + b)\n").dynamic, Some(1));
        assert_eq!(read("def import_module(name): pass\n").dynamic, None);
        assert_eq!(read("import yaml\n").dynamic, None);
    }

    #[test]
    fn wildcards_and_calls() {
        let found = read("from yaml import *\nx = load(y)\nz.close()\n");
        assert!(found.imports[0].wildcard);
        assert_eq!(found.calls.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["close", "load"]);
        let found = read("import yaml\nx = load(y)\nz.\\\n  close()\n(z).shut()\n");
        assert_eq!(found.calls.iter().map(|c| (c.name.as_str(), c.line)).collect::<Vec<_>>(), [("shut", 5)]);
    }

    #[test]
    fn lines() {
        let found = read("\n\nimport yaml\n\nyaml.load\n");
        assert_eq!((found.imports[0].line, found.imports[0].symbols[0].line), (3, 5));
    }
}
