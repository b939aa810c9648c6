//! `META-INF/MANIFEST.MF` of a jar: a name and a version where nothing better tells.
//!
//! A manifest has no coordinates of Maven. They are taken only where two statements of the file agree on them: a vendor id that
//! is a group, or a bundle name that is made of group and artifact. Everything else is told as a problem, not guessed. Source:
//! the JAR file specification, "JAR Manifest", and the naming of bundles by the Maven bundle plugin.

use super::collect::Collector;
use super::{Format, lines};
use crate::{Ecosystem, Manifest, Package, ParseError};
use std::collections::HashMap;
use std::ops::Range;

/// `MANIFEST.MF`.
pub const FORMAT: Format = Format { name: "jar-manifest", matches, parse };

/// Bytes of the main section beyond which it is refused.
const MAX_SECTION: usize = 4 << 20;

fn matches(path: &str) -> bool {
    path == "META-INF/MANIFEST.MF" || path.ends_with("/META-INF/MANIFEST.MF")
}

fn parse(_: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let mut out = Collector::resolved();
    let section = Section::read(bytes)?;
    let version = ["Implementation-Version", "Bundle-Version"].iter().find_map(|key| section.get(key));
    let symbolic = section.get("Bundle-SymbolicName").map(|(name, span)| (first_of(name), span));
    let title = section.get("Implementation-Title").or_else(|| section.get("Extension-Name"));
    let Some((version, span)) = version.filter(|(version, _)| is_version(version)) else {
        return Ok(out.finish());
    };
    let vendor = section.get("Implementation-Vendor-Id").map(|(id, _)| id).filter(|id| is_id(id));
    let name = match (vendor, &title, &symbolic) {
        (Some(group), Some((title, _)), _) if is_id(title) => Some((group.to_owned(), (*title).to_owned())),
        (_, Some((title, _)), Some((symbolic, _))) => {
            group_of(symbolic, title).map(|it| (it, (*title).to_owned()))
        }
        (_, _, Some((symbolic, _))) => split(symbolic),
        _ => None,
    };
    match (name, symbolic.or(title)) {
        (Some((group, artifact)), _) => {
            let mut package = Package::new(Ecosystem::Maven, &format!("{group}:{artifact}"), span);
            package.version = Some(version.to_owned());
            out.push(package);
        }
        (None, Some((said, at))) => {
            let said: String = said.chars().filter(|char| !char.is_control()).take(80).collect();
            out.problem(
                at.start,
                format!("says `{said}` {version}, but not of which group: no package can be told"),
            );
        }
        (None, None) => {}
    }
    Ok(out.finish())
}

/// The main section: attributes up to the first empty line. Names are without case.
struct Section {
    attributes: HashMap<String, (String, Range<usize>)>,
}

impl Section {
    fn read(bytes: &[u8]) -> Result<Self, ParseError> {
        let mut attributes = HashMap::new();
        let mut last: Option<(String, Vec<u8>, Range<usize>)> = None;
        let mut size = 0usize;
        let mut keep = |attribute: Option<(String, Vec<u8>, Range<usize>)>| {
            if let Some((key, value, span)) = attribute {
                let value = String::from_utf8_lossy(&value).trim().to_owned();
                attributes.entry(key).or_insert((value, span));
            }
        };
        for (start, line) in lines::byte_lines(bytes) {
            size += line.len();
            if size > MAX_SECTION {
                return Err(ParseError::at(bytes, start, "the main section is too large"));
            }
            if line.is_empty() {
                break;
            }
            // A line holds 72 bytes; what is longer goes on after a blank.
            if let Some(rest) = line.strip_prefix(b" ") {
                match last.as_mut() {
                    Some((_, value, _)) => value.extend_from_slice(rest),
                    None => return Err(ParseError::at(bytes, start, "a line goes on that did not begin")),
                }
                continue;
            }
            let Some(colon) = memchr::memchr(b':', line) else {
                return Err(ParseError::at(bytes, start, "not `name: value`"));
            };
            keep(last.take());
            let key = String::from_utf8_lossy(line.get(..colon).unwrap_or_default()).to_lowercase();
            let value = line.get(colon + 1..).unwrap_or_default().to_vec();
            last = Some((key, value, start..start + line.len()));
        }
        keep(last);
        Ok(Self { attributes })
    }

    fn get(&self, key: &str) -> Option<(&str, Range<usize>)> {
        let (value, span) = self.attributes.get(&key.to_lowercase())?;
        (!value.is_empty()).then(|| (value.as_str(), span.clone()))
    }
}

/// A bundle name without its directives: `org.example.a;singleton:=true`.
fn first_of(name: &str) -> &str {
    name.split(';').next().unwrap_or(name).trim()
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
}

fn is_version(text: &str) -> bool {
    text.starts_with(|char: char| char.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_+".contains(&byte))
}

/// The group of a bundle name that ends in an artifact: `org.example.thing` and `thing`; where the group ends in the artifact's
/// name, the bundle is named as the group is.
fn group_of(symbolic: &str, artifact: &str) -> Option<String> {
    if !is_id(artifact) || !is_id(symbolic) {
        return None;
    }
    let group = symbolic.strip_suffix(artifact)?.strip_suffix('.')?;
    if !group.contains('.') {
        return None;
    }
    // `com.google.guava` and `guava` are com.google.guava:guava; artifacts with a `-` are added to their group instead.
    Some(if artifact.contains('-') { group.to_owned() } else { symbolic.to_owned() })
}

/// Group and artifact of a bundle name whose last part can only be an artifact, for groups hold no `-` by custom.
fn split(symbolic: &str) -> Option<(String, String)> {
    let (group, artifact) = symbolic.rsplit_once('.')?;
    let plain = is_id(symbolic) && group.contains('.') && !group.contains('-') && artifact.contains('-');
    plain.then(|| (group.to_owned(), artifact.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> (Vec<String>, usize) {
        let manifest = parse("", text.as_bytes()).unwrap();
        let all = manifest
            .packages
            .iter()
            .map(|it| format!("{}@{}", it.name, it.version.as_deref().unwrap_or("")))
            .collect();
        (all, manifest.problems.len())
    }

    #[test]
    fn coordinates_are_taken_where_two_statements_agree() {
        for (text, expected) in [
            (
                "Manifest-Version: 1.0\r\nImplementation-Title: spring-core\r\nImplementation-Vendor-Id: org.spring\r\n framework\r\nImplementation-Version: 5.3.1\r\n\r\nName: x\r\n",
                "org.springframework:spring-core@5.3.1",
            ),
            (
                "Bundle-SymbolicName: com.fasterxml.jackson.core.jackson-databind;singleton:=true\nBundle-Version: 2.9.8\n",
                "com.fasterxml.jackson.core:jackson-databind@2.9.8",
            ),
            (
                "bundle-symbolicname: com.google.guava\nImplementation-Title: guava\nBundle-Version: 31.0.0.jre\n",
                "com.google.guava:guava@31.0.0.jre",
            ),
        ] {
            assert_eq!(name(text), (vec![expected.to_owned()], 0), "{text}");
        }
    }

    #[test]
    fn nothing_is_guessed() {
        assert_eq!(
            name("Bundle-SymbolicName: org.apache.commons.lang3\nBundle-Version: 3.9.0\n"),
            (vec![], 1)
        );
        assert_eq!(name("Implementation-Title: Some Product\nImplementation-Version: 1.0\n"), (vec![], 1));
        assert_eq!(name("Manifest-Version: 1.0\nCreated-By: x\n"), (vec![], 0));
        assert_eq!(name("Implementation-Title: a\nImplementation-Version: ${v}\n"), (vec![], 0));
    }

    #[test]
    fn broken_lines_are_errors() {
        assert_eq!(parse("", b" x\n").unwrap_err().line, 1);
        assert_eq!(parse("", b"A: b\nnothing\n").unwrap_err().line, 2);
    }
}
