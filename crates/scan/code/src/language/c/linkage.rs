//! `#ifdef __cplusplus`, `extern "C" {`, `#endif` and the same with `}`: braces that pair across conditional parts.
//!
//! The grammar reads conditional parts in place, so a brace that opens in one of them and closes in another would make an
//! error of all that is between. These parts say nothing about the code in them; they are left out of what is read. In C,
//! all that only C++ reads is left out.

use std::ops::Range;
use tree_sitter::Point;

/// Lines of a part with a brace.
const MAX_LINES: usize = 8;
/// Lines of a part that only C++ reads.
const MAX_LINES_OF_CPP: usize = 4000;

/// The source without these parts, for the parser; empty where there are none.
pub(in super::super) fn read_ranges(source: &[u8], is_c: bool) -> Vec<tree_sitter::Range> {
    let skipped = parts(source, is_c);
    if skipped.is_empty() {
        return Vec::new();
    }
    let mut out = Vec::new();
    let mut at = Place::default();
    for part in skipped.iter().chain([&(source.len()..source.len())]) {
        let start = at;
        at.advance(source, part.start);
        if start.byte < at.byte {
            out.push(tree_sitter::Range {
                start_byte: start.byte,
                end_byte: at.byte,
                start_point: start.point,
                end_point: at.point,
            });
        }
        at.advance(source, part.end);
    }
    out
}

#[derive(Clone, Copy, Default)]
struct Place {
    byte: usize,
    point: Point,
}

impl Place {
    fn advance(&mut self, source: &[u8], to: usize) {
        let passed = source.get(self.byte..to).unwrap_or_default();
        match memchr::memrchr(b'\n', passed) {
            Some(last) => {
                self.point.row += memchr::memchr_iter(b'\n', passed).count();
                self.point.column = passed.len() - last - 1;
            }
            None => self.point.column += passed.len(),
        }
        self.byte = to;
    }
}

/// From the `#` of `#if` to the end of `#endif`.
fn parts(source: &[u8], is_c: bool) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut end = 0;
    for at in memchr::memmem::find_iter(source, b"__cplusplus") {
        if at < end {
            continue;
        }
        let start = memchr::memrchr(b'\n', &source[..at]).map_or(0, |newline| newline + 1);
        if let Some(close) =
            part_end(source, start).or_else(|| if is_c { end_of_cpp(source, start) } else { None })
        {
            out.push(start..close);
            end = close;
        }
    }
    out
}

fn part_end(source: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    let mut linkage = false;
    for number in 0..MAX_LINES {
        let rest = source.get(at..)?;
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = std::str::from_utf8(&rest[..length]).ok()?.trim();
        let directive = line.strip_prefix('#').map(str::trim_start);
        match directive {
            Some(text) if number == 0 => {
                let condition = text.strip_prefix("if")?;
                if condition.contains(['!', '&', '|']) || text.starts_with("ifndef") {
                    return None;
                }
            }
            Some(text) => return (text.starts_with("endif") && linkage).then_some(at + length),
            None if number == 0 => return None,
            None => {
                let code = line.split("/*").next().unwrap_or(line).split("//").next().unwrap_or(line).trim();
                match code {
                    "" => {}
                    "}" => linkage = true,
                    _ => {
                        let words: String = code.split_whitespace().collect();
                        if words != "extern\"C\"{" && words != "extern\"C\"" && words != "{" {
                            return None;
                        }
                        linkage = true;
                    }
                }
            }
        }
        at += length + 1;
    }
    None
}

/// The end of a part without `#else`, whatever it holds.
fn end_of_cpp(source: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    let mut depth = 0usize;
    for number in 0..MAX_LINES_OF_CPP {
        let rest = source.get(at..)?;
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = rest[..length].trim_ascii();
        if let Some(directive) = line.strip_prefix(b"#").map(<[u8]>::trim_ascii_start) {
            if number == 0 {
                // Exactly `#ifdef __cplusplus` or `#if defined(__cplusplus)`.
                let words: Vec<u8> = directive.iter().copied().filter(|b| !b" \t()\r".contains(b)).collect();
                if words != b"ifdef__cplusplus" && words != b"ifdefined__cplusplus" {
                    return None;
                }
                depth = 1;
            } else if directive.starts_with(b"if") {
                depth += 1;
            } else if directive.starts_with(b"endif") {
                depth -= 1;
                if depth == 0 {
                    return Some(at + length);
                }
            } else if directive.starts_with(b"el") && depth == 1 {
                return None;
            }
        } else if number == 0 {
            return None;
        }
        at += length + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_of_linkage_are_left_out() {
        let source = b"int a;\n#ifdef __cplusplus\nextern \"C\" {\n#endif\nint b;\n#if defined(__cplusplus)\n} /* end */\n#endif\nint c;";
        let kept: Vec<&str> = read_ranges(source, false)
            .iter()
            .map(|range| std::str::from_utf8(&source[range.start_byte..range.end_byte]).unwrap())
            .collect();
        assert_eq!(kept, ["int a;\n", "\nint b;\n", "\nint c;"]);
        assert_eq!(read_ranges(source, false)[1].start_point, Point { row: 3, column: 6 });
        for whole in [
            "#ifdef __cplusplus\nclass A {};\n#endif\n",
            "int __cplusplus;\n",
            "#ifndef __cplusplus\n}\n#endif",
            "",
        ] {
            assert!(read_ranges(whole.as_bytes(), false).is_empty(), "{whole}");
        }
    }
    #[test]
    fn c_does_not_read_what_is_for_cpp() {
        let kept = |source: &str| -> usize {
            read_ranges(source.as_bytes(), true).iter().map(|range| range.end_byte - range.start_byte).sum()
        };
        assert_eq!(
            kept("#if defined(__cplusplus)\nclass A {\n#if X\n#endif\n};\n#endif\nint a;"),
            "\nint a;".len()
        );
        // What follows `#else` is for C.
        assert_eq!(kept("#ifdef __cplusplus\nclass A;\n#else\nint a;\n#endif\n"), 0);
        assert!(read_ranges(b"#ifdef __cplusplus\nclass A;\n", true).is_empty());
    }
}
