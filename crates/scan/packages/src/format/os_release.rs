//! Which distribution a system is: `etc/os-release` and `usr/lib/os-release`.
//!
//! Lines of `KEY=value` with the quotes of a shell (os-release(5)). Only `ID` and `VERSION_ID` are kept, as properties: lists of
//! installed packages do not say themselves which distribution they belong to.

use super::Format;
use super::collect::Collector;
use super::lines::{lines, text};
use crate::{Manifest, ParseError};

/// The format.
pub(super) const FORMAT: Format = Format { name: "os-release", matches, parse };

/// The property that names the distribution.
pub(crate) const ID: &str = "ID";
/// The property that names its release; rolling distributions may have none.
pub(crate) const VERSION_ID: &str = "VERSION_ID";

/// Longer values name no distribution.
const LONGEST: usize = 100;

fn matches(path: &str) -> bool {
    root_of(path).is_some()
}

/// The folder of the system that a file of this path describes, without a slash at its end.
pub(crate) fn root_of(path: &str) -> Option<&str> {
    ["etc/os-release", "usr/lib/os-release"].iter().find_map(|end| super::above(path, end))
}

fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let mut out = Collector::wishes();
    for line in lines(text(bytes)?) {
        let code = line.text.trim();
        let Some((key, value)) = code.split_once('=').filter(|_| !code.starts_with('#')) else { continue };
        if key != ID && key != VERSION_ID {
            continue;
        }
        match unquoted(value).filter(|value| !value.is_empty() && value.len() <= LONGEST) {
            Some(value) => {
                // Of several, a shell keeps the last.
                out.manifest.properties.retain(|(known, _)| known != key);
                out.manifest.properties.push((key.to_owned(), value));
            }
            None => out.problem(line.span().start, format!("`{key}` has no value that a shell would read")),
        }
    }
    Ok(out.finish())
}

/// The value as a shell reads it; `None` where quotes do not close.
fn unquoted(value: &str) -> Option<String> {
    match value.chars().next() {
        Some('\'') => value.strip_prefix('\'')?.strip_suffix('\'').map(str::to_owned),
        Some('"') => {
            let mut out = String::new();
            let mut chars = value.chars().skip(1);
            loop {
                match chars.next()? {
                    '"' => return chars.next().is_none().then_some(out),
                    '\\' => out.push(chars.next()?),
                    char => out.push(char),
                }
            }
        }
        _ => Some(value.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{parse, root_of};

    #[test]
    fn identity_and_release_are_read() {
        let told = |text: &str| parse("", text.as_bytes()).unwrap().properties;
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(
            told("# ID=no\nNAME=\"X \\\"y\\\"\"\nID=debian\nVERSION_ID=\"12\"\r\n"),
            [pair("ID", "debian"), pair("VERSION_ID", "12")]
        );
        assert_eq!(told("ID='a'\nID=\"b\"\n"), [pair("ID", "b")]);
        let broken = parse("", b"ID=\"open\nVERSION_ID=\n").unwrap();
        assert_eq!((broken.problems.len(), broken.properties.len()), (2, 0));
    }

    #[test]
    fn the_root_is_above_the_file() {
        assert_eq!(root_of("etc/os-release"), Some(""));
        assert_eq!(root_of("a/b/usr/lib/os-release"), Some("a/b"));
        assert_eq!(root_of("petc/os-release"), None);
    }
}
