//! `${name}` in values of a Maven project, put in from its properties and its own coordinates.

use std::collections::HashMap;

/// Names that are put in for one value, those inside put in values counted: properties may double themselves.
const MAX_STEPS: usize = 500;
/// Bytes of one value.
const MAX_LENGTH: usize = 4096;
/// Names inside the values of names.
const MAX_DEPTH: usize = 32;

/// What names mean for one project.
#[derive(Default)]
pub(super) struct Properties<'p> {
    /// Those of the project go before those of its parents.
    pub stated: HashMap<&'p str, &'p str>,
    /// `project.version` and its like.
    pub project: HashMap<&'static str, String>,
}

/// A value in which names were put in as far as they are known.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Filled {
    /// Names that are not known stay as they were written.
    pub text: String,
    /// The first name that is not known, or that means itself.
    pub unknown: Option<String>,
}

impl Properties<'_> {
    /// Puts in all that is known. Linear in the bounds above, cycles end.
    pub fn fill(&self, text: &str) -> Filled {
        let mut filled = Filled { text: String::new(), unknown: None };
        let mut steps = 0;
        self.put(text, &mut Vec::new(), &mut steps, &mut filled);
        filled.text = filled.text.trim().to_owned();
        filled
    }

    fn put<'s>(&'s self, text: &'s str, open: &mut Vec<&'s str>, steps: &mut usize, filled: &mut Filled) {
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            push(before, filled);
            let Some((name, tail)) = after.split_once('}') else {
                push("${", filled);
                rest = after;
                continue;
            };
            rest = tail;
            *steps += 1;
            let bounded = *steps <= MAX_STEPS && open.len() < MAX_DEPTH && filled.text.len() < MAX_LENGTH;
            match self.value(name).filter(|_| bounded && !open.contains(&name)) {
                Some(value) => {
                    open.push(name);
                    self.put(value, open, steps, filled);
                    open.pop();
                }
                None => {
                    filled.unknown.get_or_insert_with(|| name.chars().take(200).collect());
                    push("${", filled);
                    push(name, filled);
                    push("}", filled);
                }
            }
            if *steps > MAX_STEPS {
                return;
            }
        }
        push(rest, filled);
    }

    /// `project.version` may be written as `pom.version` and `version`, as older files do; Maven asks the project first for
    /// the first two, and properties first for the last.
    fn value(&self, name: &str) -> Option<&str> {
        let own = name.strip_prefix("project.").or_else(|| name.strip_prefix("pom."));
        let of_project = |name: &str| self.project.get(name).map(String::as_str);
        own.and_then(of_project).or_else(|| self.stated.get(name).copied()).or_else(|| of_project(name))
    }
}

fn push(text: &str, filled: &mut Filled) {
    let room = MAX_LENGTH.saturating_sub(filled.text.len());
    let text = match text.char_indices().find(|(at, char)| at + char.len_utf8() > room) {
        Some((end, _)) => text.get(..end).unwrap_or(""),
        None => text,
    };
    filled.text.push_str(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<'p>(stated: &[(&'p str, &'p str)]) -> Properties<'p> {
        let project = HashMap::from([("version", "7".to_owned())]);
        Properties { stated: stated.iter().copied().collect(), project }
    }

    #[test]
    fn names_are_put_in_through_one_another() {
        let properties = of(&[("a", "1.${b}"), ("b", "${project.version}"), ("version", "8")]);
        for (text, expected) in
            [("${a}-x", "1.7-x"), ("${pom.version}${version}", "78"), ("no ${", "no ${"), ("a${b", "a${b")]
        {
            assert_eq!(properties.fill(text), Filled { text: expected.to_owned(), unknown: None });
        }
        let missing = properties.fill("${a}.${gone}");
        assert_eq!((missing.text.as_str(), missing.unknown.as_deref()), ("1.7.${gone}", Some("gone")));
    }

    #[test]
    fn cycles_and_doubling_end() {
        let properties = of(&[("a", "${b}"), ("b", "x${a}")]);
        assert_eq!(properties.fill("${a}").unknown.as_deref(), Some("a"));
        let names: Vec<String> = (0..40).map(|at| format!("p{at}")).collect();
        let values: Vec<String> = (0..40).map(|at| format!("${{p{}}}${{p{}}}", at + 1, at + 1)).collect();
        let pairs: Vec<_> = names.iter().map(String::as_str).zip(values.iter().map(String::as_str)).collect();
        let filled = of(&pairs).fill("${p0}");
        assert!(filled.unknown.is_some() && filled.text.len() <= MAX_LENGTH + 16);
    }
}
