//! Messages and fixes with what metavariables stand for put in.

use std::borrow::Cow;

/// What metavariables stand for, as text. Names come with their `$`.
pub trait Lookup {
    /// The code as written. For `$...ARGS`, all of it from the first item to the last.
    fn text(&self, metavariable: &str) -> Option<Cow<'_, str>>;

    /// For `value($X)`: the constant that the code is known to be, without quotes; else none.
    fn value(&self, metavariable: &str) -> Option<Cow<'_, str>>;
}

/// Bytes beyond which the result is cut, at the end of a replacement.
const MAX_LENGTH: usize = 64 * 1024;

/// Puts in `$X`, `$...ARGS`, `$1` and `value($X)`. What stands for nothing stays as it is. What is put in is not looked at
/// again. The result is cut behind 64 KiB.
pub fn interpolate(text: &str, lookup: &dyn Lookup) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, from) = (rest.get(..at).unwrap_or_default(), rest.get(at..).unwrap_or_default());
        out.push_str(before);
        if out.len() > MAX_LENGTH {
            break;
        }
        let name = name_at(from);
        let behind = from.get(name.len()..).unwrap_or_default();
        if let Some(head) = out.strip_suffix("value(")
            && let Some(behind) = behind.strip_prefix(')')
            && !head.ends_with(|character: char| character.is_alphanumeric() || character == '_')
            && before.ends_with("value(")
            && let Some(value) = lookup.value(name).or_else(|| lookup.text(name))
        {
            out.truncate(head.len());
            out.push_str(&value);
            rest = behind;
            continue;
        }
        // `$XS` is `$X` before a plain S if only that is bound: the longest name that is bound counts.
        match longest_bound(name, lookup) {
            Some((length, text)) => {
                out.push_str(&text);
                rest = from.get(length..).unwrap_or_default();
            }
            None => {
                let length = name.len().max(1);
                out.push_str(from.get(..length).unwrap_or_default());
                rest = from.get(length..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    let mut end = out.len().min(MAX_LENGTH);
    while !out.is_char_boundary(end) {
        end -= 1;
    }
    out.truncate(end);
    out
}

/// `$X`, `$...X` or `$1` at the start; empty where there is no name.
fn name_at(text: &str) -> &str {
    let body = text.strip_prefix("$...").or_else(|| text.strip_prefix('$')).unwrap_or_default();
    let head = text.len() - body.len();
    let in_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let length = body.find(|character| !in_name(character)).unwrap_or(body.len());
    if length == 0 { "" } else { text.get(..head + length).unwrap_or_default() }
}

fn longest_bound<'l>(name: &str, lookup: &'l dyn Lookup) -> Option<(usize, Cow<'l, str>)> {
    /// Names longer than this are not metavariables; keeps hostile messages linear.
    const MAX_NAME: usize = 128;
    let shortest = if name.starts_with("$...") { 5 } else { 2 };
    let longest = name.len().min(MAX_NAME);
    (shortest..=longest).rev().find_map(|length| {
        let text = lookup.text(name.get(..length)?)?;
        Some((length, text))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed;

    impl Lookup for Fixed {
        fn text(&self, metavariable: &str) -> Option<Cow<'_, str>> {
            let text = match metavariable {
                "$X" => "f(\"$Y\")",
                "$Y" => "y",
                "$...ARGS" => "a, b",
                "$1" => "one",
                "$NAME" => "NAME_OF",
                _ => return None,
            };
            Some(text.into())
        }

        fn value(&self, metavariable: &str) -> Option<Cow<'_, str>> {
            (metavariable == "$NAME").then_some("resolved".into())
        }
    }

    #[test]
    fn names_are_replaced_once() {
        let table = [
            ("$X and $Y.", "f(\"$Y\") and y."),
            ("($...ARGS)", "(a, b)"),
            ("$1$1 $2", "oneone $2"),
            ("value($NAME) is $NAME", "resolved is NAME_OF"),
            ("value($Y) myvalue($NAME) value($Z)", "y myvalue(NAME_OF) value($Z)"),
            ("costs $5, $ and $... é$", "costs $5, $ and $... é$"),
            ("$YS", "yS"),
            ("", ""),
        ];
        for (text, expected) in table {
            assert_eq!(interpolate(text, &Fixed), expected, "{text}");
        }
    }

    #[test]
    fn the_result_is_bounded() {
        assert!(interpolate(&"$X".repeat(100_000), &Fixed).len() <= MAX_LENGTH);
        assert!(interpolate(&"é".repeat(100_000), &Fixed).len() <= MAX_LENGTH);
    }
}
