//! Records of `key: value` lines with a blank line between them, as package managers of distributions keep them.

use super::lines::byte_lines;
use std::borrow::Cow;
use std::ops::Range;

/// A field of a record.
pub(super) struct Field<'a> {
    /// Before the colon.
    pub key: &'a [u8],
    /// Behind it, with continued lines; what is not UTF-8 is replaced.
    pub value: Cow<'a, str>,
    /// Bytes of its first line.
    pub span: Range<usize>,
}

/// A line that is no field, by its first byte.
pub(super) struct BadLine(pub usize);

/// Bytes of one value beyond which continued lines are left out: lists of dependencies stay far below.
const MAX_VALUE: usize = 256 * 1024;

/// Calls `record` with the fields of each record, of those keys that are `wanted`. A line that begins with a blank belongs to
/// the field before it.
pub(super) fn records<'a>(
    bytes: &'a [u8],
    wanted: impl Fn(&[u8]) -> bool,
    mut record: impl FnMut(&[Field<'a>]),
    mut bad: impl FnMut(BadLine),
) {
    let mut fields: Vec<Field<'a>> = Vec::new();
    let mut keep = false;
    for (start, line) in byte_lines(bytes) {
        if line.iter().all(u8::is_ascii_whitespace) {
            if !fields.is_empty() {
                record(&fields);
                fields.clear();
            }
            keep = false;
        } else if line.first().is_some_and(|byte| matches!(byte, b' ' | b'\t')) {
            if let Some(field) = fields.last_mut().filter(|field| keep && field.value.len() < MAX_VALUE) {
                let value = field.value.to_mut();
                value.push(' ');
                value.push_str(String::from_utf8_lossy(line).trim());
            }
        } else {
            keep = false;
            match memchr::memchr(b':', line)
                .and_then(|colon| Some((line.get(..colon)?, line.get(colon + 1..)?)))
            {
                Some((key, value)) if wanted(key) => {
                    keep = true;
                    let value = String::from_utf8_lossy(value.trim_ascii());
                    fields.push(Field { key, value, span: start..start + line.len() });
                }
                Some(_) => {}
                None => bad(BadLine(start)),
            }
        }
    }
    if !fields.is_empty() {
        record(&fields);
    }
}
