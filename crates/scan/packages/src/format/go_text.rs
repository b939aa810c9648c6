//! The words of `go.mod` and `go.work`: directives of one line or in blocks.
//!
//! Source: the Go modules reference, "go.mod files", lexical elements and grammar.

use super::collect::Collector;
use super::lines::{self, Line};
use crate::{Ecosystem, Package};
use std::borrow::Cow;
use std::ops::Range;

/// One directive: `require a v1 // indirect`, alone or from a block.
pub(super) struct Directive<'a> {
    /// `require`, `replace`, …
    pub verb: &'a str,
    /// What follows it, unquoted.
    pub words: Vec<Cow<'a, str>>,
    /// What follows `//` on the same line.
    pub comment: &'a str,
    /// Bytes of the file from the first to the last visible character of the line.
    pub span: Range<usize>,
}

impl Directive<'_> {
    /// A word by its place; empty where there is none.
    pub fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| word.as_ref())
    }
}

/// The directives of a file, in order. What breaks the grammar becomes a problem.
pub(super) fn directives<'a>(text: &'a str, out: &mut Collector) -> Vec<Directive<'a>> {
    let mut found = Vec::new();
    let mut block: Option<(&str, usize)> = None;
    for line in lines::lines(text) {
        let (words, comment) = match split(line) {
            Ok(split) => split,
            Err(reason) => {
                out.problem(line.span().start, reason);
                continue;
            }
        };
        let span = line.span();
        let Some((first, rest)) = words.split_first() else { continue };
        if lines::is_conflict_mark(line.text) {
            out.problem(span.start, lines::CONFLICT);
            continue;
        }
        match block {
            Some(_) if first == ")" => block = None,
            Some((verb, _)) => found.push(Directive { verb, words, comment, span }),
            None => {
                let Cow::Borrowed(verb) = *first else {
                    out.problem(span.start, "a directive cannot be quoted");
                    continue;
                };
                match rest {
                    [open] if open == "(" => block = Some((verb, span.start)),
                    [open, close] if open == "(" && close == ")" => {}
                    _ => found.push(Directive { verb, words: rest.to_vec(), comment, span }),
                }
            }
        }
    }
    if let Some((verb, at)) = block {
        out.problem(at, format!("the block of `{verb}` is not closed"));
    }
    found
}

type Words<'a> = (Vec<Cow<'a, str>>, &'a str);

fn split(line: Line<'_>) -> Result<Words<'_>, &'static str> {
    let mut words = Vec::new();
    let mut rest = line.text.trim_start();
    while let Some(first) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("//") {
            return Ok((words, comment.trim()));
        }
        let end = match first {
            '"' => {
                let (text, end) = quoted(rest)?;
                words.push(text);
                end
            }
            '`' => {
                let inner = rest.get(1..).unwrap_or("");
                let end = inner.find('`').ok_or("a quoted word is not closed")?;
                words.push(Cow::Borrowed(inner.get(..end).unwrap_or("")));
                end + 2
            }
            '(' | ')' | ',' | '[' | ']' => {
                words.push(Cow::Borrowed(rest.get(..1).unwrap_or("")));
                1
            }
            _ => {
                let end = rest.find([' ', '\t', '(', ')', ',', '[', ']']).unwrap_or(rest.len());
                // A comment may follow a word without a blank; `//` inside a path is no comment after a colon.
                let end = match rest.get(..end).and_then(|word| word.find("//")) {
                    Some(at) if at > 0 => at,
                    _ => end,
                };
                words.push(Cow::Borrowed(rest.get(..end).unwrap_or("")));
                end
            }
        };
        rest = rest.get(end..).unwrap_or("").trim_start();
    }
    Ok((words, ""))
}

/// A word in double quotes and its length with them.
fn quoted(text: &str) -> Result<(Cow<'_, str>, usize), &'static str> {
    let inner = text.get(1..).unwrap_or("");
    let end = inner.find(['"', '\\']).ok_or("a quoted word is not closed")?;
    if inner.as_bytes().get(end) == Some(&b'"') {
        return Ok((Cow::Borrowed(inner.get(..end).unwrap_or("")), end + 2));
    }
    let mut out = String::new();
    let mut chars = inner.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return Ok((Cow::Owned(out), at + 2)),
            '\\' => out.extend(chars.next().map(|(_, char)| char)),
            _ => out.push(char),
        }
    }
    Err("a quoted word is not closed")
}

/// Whether a replacement or a used module is a path rather than a module.
pub(super) fn is_path(word: &str) -> bool {
    let drive = word.as_bytes().get(1) == Some(&b':');
    word.starts_with("./")
        || word.starts_with("../")
        || word.starts_with(['/', '\\'])
        || drive
        || word == "."
        || word == ".."
        || word.starts_with(".\\")
        || word.starts_with("..\\")
}

/// The standard library, which the `go` and `toolchain` lines ask for; a file without either says nothing of it.
///
/// A toolchain is one version. So is a `go` line with a patch number: Go 1.21 and later take at least that one. `go 1.20` is
/// a wish only.
pub(super) fn standard_library(directives: &[Directive<'_>]) -> Option<Package> {
    let of = |verb: &str| directives.iter().rev().find(|it| it.verb == verb && !it.words.is_empty());
    let toolchain = of("toolchain").filter(|it| it.word(0).starts_with("go"));
    let line = toolchain.or_else(|| of("go"))?;
    let word = line.word(0);
    // Toolchains may carry a suffix of whoever built them: go1.21.3-custom.
    let version = word.strip_prefix("go").unwrap_or(word).split('-').next().unwrap_or(word);
    let mut package = Package::new(Ecosystem::Go, STANDARD_LIBRARY, line.span.clone());
    package.requirement = Some(word.to_owned());
    package.relation = crate::Relation::Direct;
    if version.split('.').count() >= 3 {
        package.version = Some(version.to_owned());
    }
    Some(package)
}

/// The name under which OSV keeps what is wrong with Go's own packages.
pub(super) const STANDARD_LIBRARY: &str = "stdlib";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<(String, Vec<String>, String)>, usize) {
        let mut out = Collector::wishes();
        let all = directives(text, &mut out)
            .into_iter()
            .map(|it| {
                let words = it.words.iter().map(|word| word.to_string()).collect();
                (it.verb.to_owned(), words, it.comment.to_owned())
            })
            .collect();
        (all, out.finish().problems.len())
    }

    #[test]
    fn lines_and_blocks_are_one() {
        let (all, problems) = read(
            "require a v1 // indirect\nrequire (\n\t\"b\\\"c\" v2\n\t`d e` v3//x\n)\nexclude ()\nretract [v1, v2]\n",
        );
        assert_eq!(problems, 0);
        let all: Vec<_> =
            all.iter().map(|(verb, words, comment)| format!("{verb} {words:?} {comment}")).collect();
        assert_eq!(
            all,
            [
                r#"require ["a", "v1"] indirect"#,
                r#"require ["b\"c", "v2"] "#,
                r#"require ["d e", "v3"] x"#,
                r#"retract ["[", "v1", ",", "v2", "]"] "#,
            ]
        );
    }

    #[test]
    fn what_is_not_closed_is_told() {
        assert_eq!(read("require (\n a v1\n").1, 1);
        assert_eq!(
            read("require \"a v1\nrequire b v2\n"),
            (vec![("require".into(), vec!["b".into(), "v2".into()], String::new())], 1)
        );
    }
}
