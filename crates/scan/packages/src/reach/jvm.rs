//! Java and Kotlin: imports, names written in full, and classes loaded by name.
//!
//! An import names a class; by convention the first part that starts with a capital is the class, what stands before it is
//! the package. See "Import Declarations" (JLS 7.5) and "Packages and imports" of the Kotlin specification.

use super::FileUse;
use super::collect::{Collector, ImportId, MAX_PARTS};
use super::lex::{
    WordFilter, byte, is_word, next_line, plain_string, skip_blanks, skip_block_comment, skip_nested_comment,
    skip_string, skip_triple, skip_trivia, starts_word, word_end,
};
use bartizan_model::Language;
use std::collections::HashMap;

/// Parts of a name that are looked at.
const MAX_DOTTED: usize = 16;
/// First parts of names written in full, without an import: the top-level domains under which packages are.
const DOMAINS: &[&[u8]] = &[
    b"org", b"com", b"net", b"io", b"de", b"dev", b"ch", b"fr", b"edu", b"jakarta", b"javax", b"me", b"cn",
    b"eu",
];
/// Methods that load a class by name.
const LOADERS: &[&[u8]] = &[b"forName", b"loadClass", b"findClass"];

/// Reads one file.
pub fn scan(language: Language, text: &[u8], is_test: bool) -> FileUse {
    let mut words = WordFilter::new(&[b"import", b"package"]);
    DOMAINS.iter().chain(LOADERS).for_each(|word| words.add(word));
    let kotlin = language == Language::Kotlin;
    let mut scanner = Scanner {
        text,
        at: 0,
        out: Collector::new(text, language, is_test, "."),
        words,
        locals: HashMap::new(),
        kotlin,
        wildcard: false,
        package: Vec::new(),
    };
    scanner.run();
    let own = String::from_utf8_lossy(&scanner.package).into_owned();
    // The file's own package needs no import; where it is imported, it is the project's own.
    scanner.out.finish(|import| import.module != own)
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
    out: Collector<'a>,
    words: WordFilter,
    /// A class's simple name: its package and its name there.
    locals: HashMap<&'a [u8], (ImportId, Vec<&'a [u8]>)>,
    kotlin: bool,
    wildcard: bool,
    package: Vec<u8>,
}

impl<'a> Scanner<'a> {
    fn run(&mut self) {
        let text = self.text;
        while let Some(&b) = text.get(self.at) {
            match b {
                b'/' => match byte(text, self.at + 1) {
                    b'/' => self.at = next_line(text, self.at),
                    b'*' if self.kotlin => self.at = skip_nested_comment(text, self.at + 2),
                    b'*' => self.at = skip_block_comment(text, self.at + 2),
                    _ => self.at += 1,
                },
                b'"' if text[self.at..].starts_with(b"\"\"\"") => {
                    // Kotlin's raw strings know no escapes, Java's text blocks do.
                    self.at = skip_triple(text, self.at + 3, b'"', !self.kotlin);
                }
                b'"' | b'\'' => self.at = skip_string(text, self.at + 1, b),
                // Kotlin's names in back quotes may hold anything.
                b'`' if self.kotlin => self.at = skip_string(text, self.at + 1, b),
                _ if starts_word(b) => self.word(),
                _ if is_word(b) => self.at = word_end(text, self.at),
                _ => self.at += 1,
            }
        }
    }

    fn word(&mut self) {
        let text = self.text;
        let start = self.at;
        let end = word_end(text, start);
        let word = &text[start..end];
        self.at = end;
        let member = start > 0 && text[start - 1] == b'.';
        if self.words.may_hold(word) {
            match word {
                b"import" if !member => return self.import(start),
                b"package" if !member => {
                    self.at = skip_trivia(text, self.at, self.kotlin);
                    self.package = self.dotted().join(&b'.');
                    return;
                }
                _ if LOADERS.contains(&word) && byte(text, end) == b'(' => return self.loader(start),
                _ if member => {}
                _ if self.locals.contains_key(word) => return self.reference(start, word),
                _ if byte(text, end) == b'.' && DOMAINS.contains(&word) => return self.full_name(start),
                _ => {}
            }
        }
        // `Type::method` is a method reference.
        let reference = start > 1 && text[start - 1] == b':' && text[start - 2] == b':';
        let called = byte(text, end) == b'(' && (member || self.wildcard);
        if (called || reference) && !self.out.is_empty() {
            self.out.call(word, start, false);
        }
    }

    /// `import a.b.C;`, `import static a.b.C.m;`, `import a.b.*;`, `import a.b.C as D`
    fn import(&mut self, start: usize) {
        self.at = skip_blanks(self.text, self.at);
        let mut parts = self.dotted();
        let is_static = parts.len() == 1 && parts[0] == b"static";
        if is_static {
            self.at = skip_blanks(self.text, self.at);
            parts = self.dotted();
        }
        let star = byte(self.text, self.at) == b'.' && byte(self.text, self.at + 1) == b'*';
        let star = star || byte(self.text, self.at) == b'*';
        if parts.is_empty() || is_own_library(&parts) || (parts.len() < 2 && !star) {
            return;
        }
        let (mut package, mut name) = split_class(&parts);
        // Kotlin imports functions of a package as well: the last part of a name in lower case.
        if name.is_empty() && !star {
            (package, name) = parts.split_at(parts.len() - 1);
        }
        let Some(import) = self.out.import(&package.join(&b'.'), start, false) else { return };
        if star {
            // `import static a.b.C.*` brings in what C has.
            self.out.wildcard(import);
            self.wildcard = true;
        }
        if let Some(last) = name.last() {
            self.out.symbol(import, name, start);
            let mut local = *last;
            let at = skip_blanks(self.text, self.at);
            if self.kotlin && self.text[at..].starts_with(b"as ") {
                let at = skip_blanks(self.text, at + 3);
                local = &self.text[at..word_end(self.text, at)];
                self.at = at + local.len();
            }
            if !star && !local.is_empty() {
                self.words.add(local);
                self.locals.insert(local, (import, name.to_vec()));
            }
        }
    }

    /// `Class.member`, `Class.Inner.member`
    fn reference(&mut self, start: usize, word: &[u8]) {
        let Some((import, name)) = self.locals.get(word) else { return };
        let (import, mut named) = (*import, name.clone());
        let before = named.len();
        while named.len() < MAX_PARTS {
            let at = match (byte(self.text, self.at), byte(self.text, self.at + 1)) {
                (b'.', _) => self.at + 1,
                (b':', b':') => self.at + 2,
                _ => break,
            };
            let end = word_end(self.text, at);
            let part = &self.text[at..end];
            if !part.first().is_some_and(|b| starts_word(*b)) || part == b"class" || part == b"this" {
                break;
            }
            named.push(part);
            self.at = end;
        }
        if named.len() > before {
            self.out.symbol(import, &named, start);
        }
    }

    /// `org.example.Class` in code.
    fn full_name(&mut self, start: usize) {
        self.at = start;
        let parts = self.dotted();
        let (package, name) = split_class(&parts);
        if package.len() < 2 || name.is_empty() || is_own_library(&parts) {
            return;
        }
        if let Some(import) = self.out.import(&package.join(&b'.'), start, false) {
            self.out.symbol(import, name, start);
        }
    }

    /// `Class.forName("a.b.C")`
    fn loader(&mut self, start: usize) {
        let text = self.text;
        self.at = skip_trivia(text, self.at + 1, self.kotlin);
        if byte(text, self.at) != b'"' {
            // A definition has a type and a name there, a call a name or an expression; only the former declares.
            let first_end = word_end(text, self.at);
            let second = skip_blanks(text, first_end);
            let declares = second > first_end && starts_word(byte(text, second));
            let declares = declares || (self.kotlin && byte(text, second) == b':');
            if !declares && byte(text, self.at) != b')' {
                self.out.dynamic(start);
            }
            return;
        }
        let Some((name, end)) = plain_string(text, self.at) else { return };
        self.at = end;
        let end = skip_trivia(text, end, self.kotlin);
        if !matches!(byte(text, end), b')' | b',') {
            self.out.dynamic(start);
            return;
        }
        let parts: Vec<&[u8]> = name.split(|b| *b == b'.').collect();
        let is_name = parts.iter().all(|part| !part.is_empty() && part.iter().all(|b| is_word(*b)));
        let (package, class) = split_class(&parts);
        if is_name
            && !package.is_empty()
            && !is_own_library(&parts)
            && let Some(import) = self.out.import(&package.join(&b'.'), start, false)
        {
            self.out.symbol(import, class, start);
        }
    }

    /// `a.b.C`
    fn dotted(&mut self) -> Vec<&'a [u8]> {
        let mut parts = Vec::new();
        loop {
            let quoted = self.kotlin && byte(self.text, self.at) == b'`';
            let start = self.at + usize::from(quoted);
            if !starts_word(byte(self.text, start)) {
                return parts;
            }
            let end = word_end(self.text, start);
            parts.push(&self.text[start..end]);
            self.at = end + usize::from(quoted && byte(self.text, end) == b'`');
            let next = self.at + 1;
            let goes_on = byte(self.text, self.at) == b'.'
                && (starts_word(byte(self.text, next)) || (self.kotlin && byte(self.text, next) == b'`'));
            if !goes_on || parts.len() >= MAX_DOTTED {
                return parts;
            }
            self.at += 1;
        }
    }
}

/// Package and class of a full name.
fn split_class<'p, 'a>(parts: &'p [&'a [u8]]) -> (&'p [&'a [u8]], &'p [&'a [u8]]) {
    let class = parts.iter().position(|part| part.first().is_some_and(u8::is_ascii_uppercase));
    parts.split_at(class.unwrap_or(parts.len()))
}

/// Whether the name is of the platform's library. `javax` holds both it and packages of their own.
fn is_own_library(parts: &[&[u8]]) -> bool {
    match parts {
        [b"java", ..] | [b"sun", ..] | [b"jdk", ..] | [b"android", ..] => true,
        [b"com", b"sun", b"net" | b"tools" | b"jdi" | b"management" | b"nio", ..] => true,
        // kotlinx is a set of packages, the library itself is not.
        [b"kotlin", ..] => true,
        [b"org", b"w3c" | b"xml", ..] => true,
        [b"javax", second, ..] => matches!(
            *second,
            b"crypto"
                | b"imageio"
                | b"lang"
                | b"management"
                | b"naming"
                | b"net"
                | b"print"
                | b"script"
                | b"security"
                | b"sound"
                | b"sql"
                | b"swing"
                | b"tools"
                | b"xml"
                | b"accessibility"
                | b"rmi"
        ),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FileUse, file_use};
    use bartizan_model::Language;

    fn read(text: &str, language: Language) -> FileUse {
        file_use("src/main/a/B", language, text.as_bytes()).unwrap()
    }

    fn check_in(language: Language, text: &str, expected: &[(&str, &[&str])]) {
        let found = read(text, language);
        let found: Vec<(&str, Vec<&str>)> = found
            .imports
            .iter()
            .map(|i| (i.module.as_str(), i.symbols.iter().map(|s| s.name.as_str()).collect()))
            .collect();
        let expected: Vec<(&str, Vec<&str>)> = expected.iter().map(|(m, s)| (*m, s.to_vec())).collect();
        assert_eq!(found, expected, "{text}");
    }

    fn java(text: &str, expected: &[(&str, &[&str])]) {
        check_in(Language::Java, text, expected);
    }

    fn kotlin(text: &str, expected: &[(&str, &[&str])]) {
        check_in(Language::Kotlin, text, expected);
    }

    #[test]
    fn java_imports() {
        java(
            "import org.yaml.snakeyaml.Yaml;\nYaml y; y.load(Yaml.dump(x));",
            &[("org.yaml.snakeyaml", &["Yaml", "Yaml.dump"])],
        );
        java(
            "import static a.b.C.m; import a.b.C.D;\nm(); D.e(); D::f;",
            &[("a.b", &["C.D", "C.D.e", "C.D.f", "C.m"])],
        );
        assert!(read("import a.b.*;", Language::Java).imports[0].wildcard);
        assert!(read("import static a.b.C.*;", Language::Java).imports[0].wildcard);
        java("import java.util.List; import javax.crypto.Cipher;", &[]);
        java("import javax.inject.Inject;", &[("javax.inject", &["Inject"])]);
        java("package a.b; import a.b.C; import a.b.d.E;", &[("a.b.d", &["E"])]);
    }

    #[test]
    fn names_in_full_and_reflection() {
        java("var y = new org.yaml.snakeyaml.Yaml();", &[("org.yaml.snakeyaml", &["Yaml"])]);
        java("Class.forName(\"org.h2.Driver\");", &[("org.h2", &["Driver"])]);
        assert_eq!(read("\nClass.forName(name);", Language::Java).dynamic, Some(2));
        assert_eq!(read("Class.forName(\"org.x.\" + name);", Language::Java).dynamic, Some(1));
        assert_eq!(read("Class<?> loadClass(String name) {", Language::Java).dynamic, None);
        assert_eq!(read("fun findClass(name: String) {", Language::Kotlin).dynamic, None);
    }

    #[test]
    fn comments_and_strings() {
        java("// import a.b.C;\n/* import a.b.D; /* */ String s = \"import a.b.E;\";", &[]);
        java(
            "String s = \"\"\"\n import a.b.C; \\\"\"\" import a.b.D;\n\"\"\"; char c = '\"'; import a.b.E;",
            &[("a.b", &["E"])],
        );
        kotlin("/* /* */ import a.b.C */ val s = \"\"\"\\\"\"\"\nimport a.b.D", &[("a.b", &["D"])]);
        kotlin("val s = \"\"\"a \"quoted\"\"\"\"\nimport a.b.D", &[("a.b", &["D"])]);
    }

    #[test]
    fn kotlin_imports() {
        kotlin("import a.b.C as D\nD.e()", &[("a.b", &["C", "C.e"])]);
        kotlin(
            "import io.ktor.server.routing.get\nimport a.`in`.C\nget(\"/\")",
            &[("a.in", &["C"]), ("io.ktor.server.routing", &["get"])],
        );
        kotlin("import kotlin.math.max", &[]);
    }

    #[test]
    fn calls() {
        let found = read("import a.b.*;\nx.load(); dump(); list.map(Foo::bar);", Language::Java);
        let calls: Vec<_> = found.calls.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(calls, ["bar", "dump", "load", "map"]);
    }
}
