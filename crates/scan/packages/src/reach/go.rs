//! Go: import declarations and selectors of package names.
//!
//! Imports stand before every other declaration, so a file without any is done after its head. See "Import declarations"
//! and "Lexical elements" in the language specification.

use super::FileUse;
use super::collect::{Collector, ImportId};
use super::lex::{
    WordFilter, byte, is_word, next_line, rest, skip_block_comment, skip_string, skip_trivia, starts_word,
    word_end,
};
use bartizan_model::Language;
use memchr::memchr;
use std::collections::HashMap;

/// Reads one file.
pub fn scan(text: &[u8], is_test: bool) -> FileUse {
    let mut scanner = Scanner {
        text,
        at: 0,
        out: Collector::new(text, Language::Go, is_test, "."),
        words: WordFilter::new(&[]),
        locals: HashMap::new(),
        guessed: Vec::new(),
        dot: false,
    };
    scanner.head();
    if !scanner.out.is_empty() {
        scanner.body();
    }
    scanner.out.finish(|_| true)
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
    out: Collector<'a>,
    words: WordFilter,
    locals: HashMap<Vec<u8>, ImportId>,
    /// Imports whose package name is only guessed from the path.
    guessed: Vec<ImportId>,
    dot: bool,
}

impl<'a> Scanner<'a> {
    /// The package clause and the imports.
    fn head(&mut self) {
        if self.text.starts_with(b"\xef\xbb\xbf") {
            self.at = 3;
        }
        loop {
            self.trivia();
            match self.word() {
                b"package" => {
                    self.trivia();
                    self.at = word_end(self.text, self.at);
                }
                b"import" => self.import(),
                b"" if byte(self.text, self.at) == b';' => self.at += 1,
                _ => return,
            }
        }
    }

    fn import(&mut self) {
        self.trivia();
        if byte(self.text, self.at) != b'(' {
            self.spec();
            return;
        }
        self.at += 1;
        loop {
            self.trivia();
            match byte(self.text, self.at) {
                b';' => self.at += 1,
                b')' => {
                    self.at += 1;
                    return;
                }
                _ => {
                    if !self.spec() {
                        return;
                    }
                }
            }
        }
    }

    /// `name "path"`; false where none stands here.
    fn spec(&mut self) -> bool {
        let start = self.at;
        let name = match byte(self.text, self.at) {
            b'.' => {
                self.at += 1;
                &b"."[..]
            }
            _ => self.word(),
        };
        self.trivia();
        let quote = byte(self.text, self.at);
        if !matches!(quote, b'"' | b'`') {
            return false;
        }
        let Some(content) = rest(self.text, self.at + 1) else { return false };
        let Some(end) = memchr(quote, content) else { return false };
        let path = &content[..end];
        self.at += end + 2;
        // `C` is cgo's, a path with a dot in front is relative.
        if path == b"C" || path.starts_with(b".") {
            return true;
        }
        let Some(import) = self.out.import(path, start, false) else { return true };
        match name {
            b"_" => {}
            b"." => {
                self.out.wildcard(import);
                self.dot = true;
            }
            b"" => {
                for name in package_names(path) {
                    self.words.add(&name);
                    self.locals.insert(name, import);
                }
                self.guessed.push(import);
            }
            _ => {
                self.words.add(name);
                self.locals.insert(name.to_vec(), import);
            }
        }
        true
    }

    fn body(&mut self) {
        let text = self.text;
        while let Some(&b) = text.get(self.at) {
            match b {
                b'/' => match byte(text, self.at + 1) {
                    b'/' => self.at = next_line(text, self.at),
                    b'*' => self.at = skip_block_comment(text, self.at + 2),
                    _ => self.at += 1,
                },
                b'"' | b'\'' => self.at = skip_string(text, self.at + 1, b),
                b'`' => {
                    let content = rest(text, self.at + 1).unwrap_or_default();
                    self.at = memchr(b'`', content).map_or(text.len(), |n| self.at + n + 2);
                }
                _ if starts_word(b) => self.name(),
                _ if is_word(b) => self.at = word_end(text, self.at),
                _ => self.at += 1,
            }
        }
        // Go allows no unused import: where no guess of its name is used, it has another, and its functions appear as calls.
        for import in &self.guessed {
            if self.out.is_unused(*import) {
                self.out.wildcard(*import);
            }
        }
    }

    fn name(&mut self) {
        let start = self.at;
        let end = word_end(self.text, start);
        let word = &self.text[start..end];
        self.at = end;
        // `...pkg.Type` of the last parameter is no member.
        let member = self.text[..start].ends_with(b".") && !self.text[..start].ends_with(b"..");
        let next = byte(self.text, end);
        if next == b'.'
            && !member
            && self.words.may_hold(word)
            && let Some(import) = self.locals.get(word).copied()
        {
            let first = end + 1;
            let first_end = word_end(self.text, first);
            if first_end > first && starts_word(self.text[first]) {
                self.at = first_end;
                self.selector(import, start, first, first_end);
            }
            return;
        }
        if next == b'(' && (member || self.dot) {
            self.out.call(word, start, false);
        }
    }

    /// `pkg.Name`, and `pkg.Type.Method` as a method expression has it.
    fn selector(&mut self, import: ImportId, start: usize, first: usize, first_end: usize) {
        let name = &self.text[first..first_end];
        if byte(self.text, first_end) == b'.' {
            let second_end = word_end(self.text, first_end + 1);
            let second = &self.text[first_end + 1..second_end];
            if second.first().is_some_and(|b| starts_word(*b)) {
                self.out.symbol(import, &[name, second], start);
                // The member is read again, as the call that it may be.
                return;
            }
        }
        self.out.symbol(import, &[name], start);
    }

    fn trivia(&mut self) {
        self.at = skip_trivia(self.text, self.at, false);
    }

    fn word(&mut self) -> &'a [u8] {
        let start = self.at;
        if starts_word(byte(self.text, start)) {
            self.at = word_end(self.text, start);
        }
        &self.text[start..self.at]
    }
}

/// Names that the package at a path may have. Convention is the last part; a major version, `go-` before and `.v3` or
/// `-go` behind are not part of it.
fn package_names(path: &[u8]) -> Vec<Vec<u8>> {
    let mut parts = path.rsplit(|b| *b == b'/');
    let mut last = parts.next().unwrap_or_default();
    let is_major = last.len() > 1 && last[0] == b'v' && last[1..].iter().all(u8::is_ascii_digit);
    let mut names = Vec::new();
    if is_major {
        names.push(last.to_vec());
        last = parts.next().unwrap_or(last);
    }
    // gopkg.in/yaml.v3
    if let Some(dot) = last.windows(2).rposition(|pair| pair == b".v") {
        last = &last[..dot];
    }
    names.push(last.to_vec());
    for affix in [&b"go-"[..], b"go.", b"golang-"] {
        names.extend(last.strip_prefix(affix).map(<[u8]>::to_vec));
    }
    for affix in [&b"-go"[..], b".go", b"-golang"] {
        names.extend(last.strip_suffix(affix).map(<[u8]>::to_vec));
    }
    for index in 0..names.len() {
        if names[index].contains(&b'-') {
            let parts: Vec<&[u8]> = names[index].split(|b| *b == b'-').collect();
            let more =
                [parts.concat(), parts.join(&b'_'), parts.last().map(|p| p.to_vec()).unwrap_or_default()];
            names.extend(more);
        }
    }
    names.retain(|name| !name.is_empty() && name.iter().all(|b| is_word(*b)));
    names
}

#[cfg(test)]
mod tests {
    use super::super::{FileUse, file_use};
    use bartizan_model::Language;

    fn read(text: &str) -> FileUse {
        file_use("net/dial.go", Language::Go, text.as_bytes()).unwrap()
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
    fn imports_and_selectors() {
        check(
            "package a\nimport \"golang.org/x/text/language\"\nfunc f() { language.Parse(\"x\") }\n",
            &[("golang.org/x/text/language", &["Parse"])],
        );
        check(
            "// c\n/* d */ package a; import (\n  l \"m.org/x\" // e\n  _ \"m.org/y\"\n  `m.org/z`\n)\nvar v = l.T{z.A, z.B.C}\n",
            &[("m.org/x", &["T"]), ("m.org/y", &[]), ("m.org/z", &["A", "B.C"])],
        );
        check("package a\nimport \"C\"\nimport \"./b\"\n", &[]);
        check(
            "package a\nimport \"net/http\"\nimport \"x.org/b\"\nfunc f() { http.Get(b.X) }",
            &[("net/http", &["Get"]), ("x.org/b", &["X"])],
        );
    }

    #[test]
    fn names_that_differ_from_the_path() {
        for (path, name) in [
            ("gopkg.in/yaml.v3", "yaml"),
            ("github.com/mattn/go-sqlite3", "sqlite3"),
            ("github.com/dgrijalva/jwt-go/v4", "jwt"),
            ("github.com/a/b/v2", "b"),
            ("k8s.io/api/core/v1", "v1"),
            ("github.com/a/go-b-c", "bc"),
            ("github.com/a/b.go", "b"),
        ] {
            check(&format!("package a\nimport \"{path}\"\nvar v = {name}.F()\n"), &[(path, &["F"])]);
        }
        let found = read("package a\nimport \"x.org/odd\"\nvar v = other.Parse()\n");
        assert!(found.imports[0].wildcard);
        assert_eq!(found.calls[0].name, "Parse");
    }

    #[test]
    fn strings_and_comments_hide_nothing_and_show_nothing() {
        check(
            "package a\nimport \"x.org/b\"\nvar s = \"b.No\" + `b.No \\` + string('\\'') // b.No\n/* b.No */ var t = b.Yes\n",
            &[("x.org/b", &["Yes"])],
        );
        check("package a\nimport \"x.org/b\"\nfunc f(a ...b.T) {}\n", &[("x.org/b", &["T"])]);
        check("package a\nvar s = `\nimport \"x.org/b\"\n`\n", &[]);
        check("package a\nimport \"x.org/b\"\nvar s = v.b.No(b.Yes)\n", &[("x.org/b", &["Yes"])]);
    }

    #[test]
    fn calls_and_dot_imports() {
        let found = read("package a\nimport . \"x.org/b\"\nfunc f() { Parse(x.Decode()) }\n");
        assert!(found.imports[0].wildcard);
        let calls: Vec<&str> = found.calls.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(calls, ["Decode", "Parse", "f"]);
    }

    #[test]
    fn unclosed_things_end() {
        for text in
            ["package", "package a\nimport (", "package a\nimport \"x", "package a\nimport (\"x.org/a\"\n'"]
        {
            read(text);
        }
    }
}
