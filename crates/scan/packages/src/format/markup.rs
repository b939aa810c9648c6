//! XML as a bounded tree that knows where elements stand. Namespaces are dropped, declared entities are not expanded.

use crate::ParseError;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::ops::Range;

/// An element.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    /// Without a namespace's prefix.
    pub name: String,
    /// In the order of the file.
    pub attributes: Vec<(String, String)>,
    /// All text directly inside, trimmed.
    pub text: String,
    /// In the order of the file.
    pub children: Vec<Element>,
    /// Bytes of the file: the tag that opens it.
    pub span: Range<usize>,
}

impl Element {
    /// The value of an attribute; names are compared without regard to case, as MSBuild and NuGet do.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        Some(found.1.as_str())
    }

    /// The first child of a name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name.eq_ignore_ascii_case(name))
    }
}

/// Elements within elements beyond which a file is refused.
const MAX_DEPTH: usize = 64;
/// Elements of one file beyond which it is refused.
const MAX_ELEMENTS: usize = 2_000_000;

/// Reads a file with one outermost element.
///
/// # Errors
/// Where it is not UTF-8, not well-formed, or beyond a bound.
pub(super) fn parse(bytes: &[u8]) -> Result<Element, ParseError> {
    let text = super::lines::text(bytes)?;
    // The reader passes over a byte order mark without counting it.
    let plain = text.trim_start_matches('\u{feff}');
    let shift = text.len() - plain.len();
    let mut reader = Reader::from_str(plain);
    let at = |position: u64| shift + usize::try_from(position).unwrap_or(usize::MAX).min(plain.len());
    let fail = |position: u64, reason: String| ParseError::at(bytes, at(position), reason);
    let mut open: Vec<Element> = vec![Element::default()];
    let mut count = 0usize;
    loop {
        let before = reader.buffer_position();
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => return Err(fail(reader.error_position(), lower(&error.to_string()))),
        };
        match event {
            Event::Start(tag) | Event::Empty(tag) if count >= MAX_ELEMENTS || open.len() > MAX_DEPTH => {
                let name = tag.local_name().into_inner().to_owned();
                return Err(fail(before, format!("too many or too deep elements, at <{name}>")));
            }
            Event::Start(tag) => {
                count += 1;
                let element = element(&tag, at(before)..at(reader.buffer_position()))
                    .map_err(|reason| fail(before, reason))?;
                open.push(element);
            }
            Event::Empty(tag) => {
                count += 1;
                let element = element(&tag, at(before)..at(reader.buffer_position()))
                    .map_err(|reason| fail(before, reason))?;
                if let Some(parent) = open.last_mut() {
                    parent.children.push(element);
                }
            }
            Event::End(_) => {
                if open.len() > 1
                    && let Some(mut done) = open.pop()
                    && let Some(parent) = open.last_mut()
                {
                    done.text = done.text.trim().to_owned();
                    parent.children.push(done);
                }
            }
            Event::Text(text) => add(&mut open, &text),
            Event::CData(text) => add(&mut open, &text),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(char)) => add(&mut open, char.encode_utf8(&mut [0; 4])),
                _ => match quick_xml::escape::resolve_predefined_entity(&reference) {
                    Some(text) => add(&mut open, text),
                    None => add(&mut open, &format!("&{};", reference.as_ref())),
                },
            },
            Event::Eof => break,
            _ => {}
        }
    }
    if let Some(element) = open.get(1) {
        return Err(ParseError::at(bytes, element.span.start, format!("<{}> is not closed", element.name)));
    }
    let root = open.pop().and_then(|mut document| {
        let mut roots = document.children.drain(..);
        roots.next()
    });
    root.ok_or_else(|| ParseError::at(bytes, bytes.len(), "expected an element"))
}

fn add(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn element(tag: &BytesStart<'_>, span: Range<usize>) -> Result<Element, String> {
    let mut attributes = Vec::new();
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| lower(&error.to_string()))?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        let value = value.map_err(|error| lower(&error.to_string()))?;
        attributes.push((attribute.key.local_name().into_inner().to_owned(), value.into_owned()));
    }
    Ok(Element {
        name: tag.local_name().into_inner().to_owned(),
        attributes,
        text: String::new(),
        children: Vec::new(),
        span,
    })
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn elements_know_their_place_and_text() {
        let file = "\u{feff}<?xml version=\"1.0\"?>\n<a:root xmlns:a=\"u\">\n <b X='1 &lt; 2'> t&amp;u <![CDATA[<v>]]></b><c/></a:root>";
        let root = parse(file.as_bytes()).unwrap();
        assert_eq!(root.name, "root");
        let b = root.child("B").unwrap();
        assert_eq!((b.attribute("x"), b.text.as_str()), (Some("1 < 2"), "t&u <v>"));
        assert_eq!(&file[b.span.clone()], "<b X='1 &lt; 2'>");
        assert_eq!(&file[root.children[1].span.clone()], "<c/>");
    }

    #[test]
    fn broken_files_name_the_line() {
        assert_eq!(parse(b"<a>\n<b>\n</a>").unwrap_err().line, 3);
        assert_eq!(parse(b"\n<a>\n<b/>").unwrap_err().line, 2);
        assert_eq!(parse(b"").unwrap_err().reason, "expected an element");
        assert!(parse("<a>".repeat(100).as_bytes()).unwrap_err().reason.contains("too deep"));
    }
}
