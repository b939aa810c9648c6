//! Comments in test targets that say what rules find on the next line.
//!
//! Form: the documentation of Semgrep, "Testing rules". `ruleid: a, b` and `ok: a` in any comment; an annotation is about the
//! next line that is no annotation itself.

use std::collections::BTreeSet;

/// What a comment expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Expect {
    /// `ruleid`: the rule finds something here.
    Found,
    /// `ok`: it does not.
    Clean,
    /// `todoruleid`: it should, and does not yet.
    TodoFound,
    /// `todook`: it should not, and does yet.
    TodoClean,
    /// `deepruleid`: found by dataflow across functions.
    DeepFound,
    /// `deepok`: dataflow across functions shows that it is none.
    DeepClean,
}

impl Expect {
    /// The word in the comment.
    pub fn word(self) -> &'static str {
        match self {
            Self::Found => "ruleid",
            Self::Clean => "ok",
            Self::TodoFound => "todoruleid",
            Self::TodoClean => "todook",
            Self::DeepFound => "deepruleid",
            Self::DeepClean => "deepok",
        }
    }
}

/// One expectation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Annotation {
    /// The line that it is about, from 1.
    pub line: u32,
    /// What is expected.
    pub expect: Expect,
    /// The rule's id, as written.
    pub rule: String,
}

/// All annotations of a target, in order of line.
pub fn annotations(source: &str) -> Vec<Annotation> {
    let lines: Vec<&str> = source.lines().collect();
    let own: Vec<Vec<(Expect, String)>> = lines.iter().map(|line| of_line(line)).collect();
    let mut out = BTreeSet::new();
    for (index, annotations) in own.iter().enumerate() {
        if annotations.is_empty() {
            continue;
        }
        // Annotations stack: all are about the first line after them.
        let about = (index + 1..lines.len()).find(|next| own[*next].is_empty()).unwrap_or(index + 1);
        for (expect, rule) in annotations {
            out.insert(Annotation { line: about as u32 + 1, expect: *expect, rule: rule.clone() });
        }
    }
    out.into_iter().collect()
}

const WORDS: [Expect; 6] = [
    Expect::TodoFound,
    Expect::DeepFound,
    Expect::Found,
    Expect::TodoClean,
    Expect::DeepClean,
    Expect::Clean,
];

fn of_line(line: &str) -> Vec<(Expect, String)> {
    let mut out = Vec::new();
    let Some(comment) = comment_start(line) else { return out };
    let text = &line[comment..];
    for expect in WORDS {
        let word = expect.word();
        let mut from = 0;
        while let Some(at) = text[from..].find(word).map(|at| at + from) {
            let end = at + word.len();
            from = end;
            let bounded = !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-');
            let Some(rest) = text[end..].trim_start().strip_prefix(':').filter(|_| bounded) else { continue };
            let rules = rest.trim_start_matches(' ');
            let ids = rules.split(|c: char| c == ',' || c.is_whitespace()).map(str::trim);
            let is_id = |id: &&str| {
                !id.is_empty()
                    && id.chars().all(|c| c.is_alphanumeric() || "._-/".contains(c))
                    && !id.starts_with("--")
            };
            // Words after the ids are prose, unless commas go on.
            let listed = rules.contains(',');
            let mut ids: Vec<&str> =
                ids.filter(|id| !id.is_empty()).take_while(|id| is_id(&id.trim())).collect();
            if !listed {
                ids.truncate(1);
            }
            out.extend(ids.into_iter().map(|id| (expect, id.trim_end_matches("-->").to_owned())));
        }
    }
    out.sort();
    out.dedup();
    out
}

/// Where a comment of any language starts: also behind code, where it is clearly one.
fn comment_start(line: &str) -> Option<usize> {
    ["#", "//", "/*", "<!--", "--", "(*", "*", "{/*", "%", ";", "{#", "'"]
        .iter()
        .filter_map(|mark| line.find(mark))
        .min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(source: &str) -> Vec<(u32, &'static str, String)> {
        annotations(source).into_iter().map(|a| (a.line, a.expect.word(), a.rule)).collect()
    }

    #[test]
    fn annotations_are_about_the_next_line_of_code() {
        assert_eq!(
            parsed("# ruleid: a, b\n# ok: c\nx\n// todook:d\ny\n/* deepruleid: e */\nz"),
            [
                (3, "ruleid", "a".to_owned()),
                (3, "ruleid", "b".to_owned()),
                (3, "ok", "c".to_owned()),
                (5, "todook", "d".to_owned()),
                (7, "deepruleid", "e".to_owned()),
            ]
        );
    }

    #[test]
    fn prose_is_none() {
        assert_eq!(parsed("# this is ok\nx"), []);
        assert_eq!(parsed("ok: a\nx"), []);
        assert_eq!(parsed("# ok: a because it is checked\nx"), [(2, "ok", "a".to_owned())]);
        assert_eq!(parsed("<!-- ruleid: a -->\nx"), [(2, "ruleid", "a".to_owned())]);
    }
}
