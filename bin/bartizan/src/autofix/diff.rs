//! A unified diff between what a file was and what it becomes (POSIX, `diff`, "Diff -u Output Format").
//!
//! Changes are few and near to what they replace: the lines that both texts share at the ends of each changed stretch are
//! found, not the shortest script of all.

use std::io::{self, Write};
use std::ops::Range;

/// Unchanged lines around a change.
const CONTEXT: usize = 3;
/// Lines beyond which two stretches are told as one replacement rather than compared with each other.
const MAX_COMPARED: usize = 2000;

/// A stretch of old lines and the new ones in its place.
struct Stretch {
    old: Range<usize>,
    new: Range<usize>,
}

/// Writes the difference between two texts as `patch` reads it; nothing where there is none.
///
/// # Errors
/// What `out` says.
pub fn unified(name: &str, before: &[u8], after: &[u8], out: &mut dyn Write) -> io::Result<()> {
    let (old, new) = (lines(before), lines(after));
    let stretches = stretches(&old, &new);
    if stretches.is_empty() {
        return Ok(());
    }
    writeln!(out, "--- a/{name}\n+++ b/{name}")?;
    let mut at = 0;
    while at < stretches.len() {
        let mut end = at + 1;
        while end < stretches.len() && stretches[end].old.start - stretches[end - 1].old.end <= 2 * CONTEXT {
            end += 1;
        }
        hunk(&old, &new, &stretches[at..end], out)?;
        at = end;
    }
    Ok(())
}

fn hunk(old: &[&[u8]], new: &[&[u8]], stretches: &[Stretch], out: &mut dyn Write) -> io::Result<()> {
    let (Some(first), Some(last)) = (stretches.first(), stretches.last()) else { return Ok(()) };
    let lead = first.old.start.min(CONTEXT);
    let tail = (old.len() - last.old.end).min(CONTEXT);
    let old_range = first.old.start - lead..last.old.end + tail;
    let new_range = first.new.start - lead..last.new.end + tail;
    writeln!(out, "@@ -{} +{} @@", span(&old_range), span(&new_range))?;
    let mut at = old_range.start;
    for stretch in stretches {
        for line in &old[at..stretch.old.start] {
            write_line(b' ', line, out)?;
        }
        for line in &old[stretch.old.clone()] {
            write_line(b'-', line, out)?;
        }
        for line in &new[stretch.new.clone()] {
            write_line(b'+', line, out)?;
        }
        at = stretch.old.end;
    }
    for line in &old[at..old_range.end] {
        write_line(b' ', line, out)?;
    }
    Ok(())
}

/// Start from 1 and count; an empty range names the line before it.
fn span(range: &Range<usize>) -> String {
    match range.len() {
        0 => format!("{},0", range.start),
        1 => (range.start + 1).to_string(),
        count => format!("{},{count}", range.start + 1),
    }
}

fn write_line(mark: u8, line: &[u8], out: &mut dyn Write) -> io::Result<()> {
    out.write_all(&[mark])?;
    out.write_all(line)?;
    if line.ends_with(b"\n") { Ok(()) } else { out.write_all(b"\n\\ No newline at end of file\n") }
}

fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|byte| *byte == b'\n').collect()
}

fn stretches(old: &[&[u8]], new: &[&[u8]]) -> Vec<Stretch> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old_rest[..old_rest.len() - tail], &new_rest[..new_rest.len() - tail]);
    if old_rest.is_empty() && new_rest.is_empty() {
        return Vec::new();
    }
    if old_rest.len() > MAX_COMPARED || new_rest.len() > MAX_COMPARED {
        return vec![Stretch { old: head..old.len() - tail, new: head..new.len() - tail }];
    }
    common(old_rest, new_rest)
        .into_iter()
        .map(|Stretch { old, new }| Stretch {
            old: old.start + head..old.end + head,
            new: new.start + head..new.end + head,
        })
        .collect()
}

/// What is between the lines of a longest common subsequence.
fn common(old: &[&[u8]], new: &[&[u8]]) -> Vec<Stretch> {
    let width = new.len() + 1;
    // Length of the longest common subsequence of what is left, by place in both.
    let mut longest = vec![0_u16; (old.len() + 1) * width];
    for a in (0..old.len()).rev() {
        for b in (0..new.len()).rev() {
            longest[a * width + b] = if old[a] == new[b] {
                longest[(a + 1) * width + b + 1] + 1
            } else {
                longest[(a + 1) * width + b].max(longest[a * width + b + 1])
            };
        }
    }
    let mut out = Vec::new();
    let (mut a, mut b) = (0, 0);
    while a < old.len() || b < new.len() {
        let (from_a, from_b) = (a, b);
        while a < old.len() || b < new.len() {
            if a < old.len() && b < new.len() && old[a] == new[b] {
                break;
            }
            let skip_old = a < old.len()
                && (b == new.len() || longest[(a + 1) * width + b] >= longest[a * width + b + 1]);
            if skip_old { a += 1 } else { b += 1 }
        }
        if a > from_a || b > from_b {
            out.push(Stretch { old: from_a..a, new: from_b..b });
        }
        while a < old.len() && b < new.len() && old[a] == new[b] {
            (a, b) = (a + 1, b + 1);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::unified;
    use std::io::Write;
    use std::process::{Command, Stdio};

    fn diff(before: &str, after: &str) -> String {
        let mut out = Vec::new();
        unified("a.py", before.as_bytes(), after.as_bytes(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_line_is_shown_with_what_is_around_it() {
        assert_eq!(
            diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"),
            "--- a/a.py\n+++ b/a.py\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"
        );
        assert_eq!(diff("a\n", "a\n"), "");
    }

    #[test]
    fn a_missing_end_of_line_is_told() {
        assert_eq!(
            diff("a", "b"),
            "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n"
        );
    }

    #[test]
    fn git_makes_the_new_text_of_the_old() {
        let many: String = (0..60).map(|n| format!("line {n}\n")).collect();
        let cases = [
            ("a\nb\nc\n".to_owned(), "a\nc\n".to_owned()),
            ("a\nc\n".to_owned(), "a\nb1\nb2\nc\n".to_owned()),
            (many.clone(), many.replace("line 3\n", "").replace("line 40", "forty\nand one")),
            (many.clone(), many.replace("line 10\n", "x\ny\n").replace("line 14\n", "z\n")),
            ("x\n".to_owned(), "x\ny".to_owned()),
        ];
        for (before, after) in cases {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("a.py"), &before).unwrap();
            let mut child = Command::new("git")
                .args(["apply", "-"])
                .current_dir(folder.path())
                .env("GIT_CEILING_DIRECTORIES", folder.path())
                .stdin(Stdio::piped())
                .spawn()
                .unwrap();
            child.stdin.take().unwrap().write_all(diff(&before, &after).as_bytes()).unwrap();
            assert!(child.wait().unwrap().success(), "{}", diff(&before, &after));
            assert_eq!(std::fs::read_to_string(folder.path().join("a.py")).unwrap(), after);
        }
    }
}
