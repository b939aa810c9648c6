//! XML as a tree of elements that know where they stand.
//!
//! Small on purpose: names without prefix, attributes, text. Entities that a document defines itself are not expanded, so that
//! neither outside files nor expansion bombs matter.

use crate::ParseError;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;
use std::ops::Range;

/// Elements inside elements beyond which a document is refused.
pub const MAX_DEPTH: usize = 200;
/// Elements of one document beyond which it is refused.
pub const MAX_ELEMENTS: usize = 1_000_000;

/// An element.
#[derive(Debug, Default)]
pub struct Element<'a> {
    /// Without prefix.
    pub name: Cow<'a, str>,
    /// Name without prefix, and value.
    pub attributes: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// The elements in it, in order.
    pub children: Vec<Element<'a>>,
    /// Its own text, trimmed.
    pub text: String,
    /// Bytes of the file of its opening tag or, where it holds text only, of all of it.
    pub span: Range<usize>,
}

impl<'a> Element<'a> {
    /// The first element in it of a name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All elements in it of a name.
    pub fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Element<'a>> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first element in it of a name; `None` where that is empty.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str()).filter(|text| !text.is_empty())
    }

    /// An attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_ref())
    }
}

/// The outermost element of a document.
///
/// # Errors
/// Where it is no XML, is not UTF-8, or is too deep or too large, with the line.
pub fn parse(bytes: &[u8]) -> Result<Element<'_>, ParseError> {
    let text = super::text(bytes)?;
    let shift = bytes.len() - text.len();
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element<'_>> = Vec::new();
    let mut count = 0usize;
    let mut root = None;
    loop {
        let start = shift + position(reader.buffer_position());
        let event = reader.read_event().map_err(|error| {
            ParseError::at(bytes, shift + position(reader.error_position()), error.to_string().to_lowercase())
        })?;
        let end = shift + position(reader.buffer_position());
        let (tag, empty) = match event {
            Event::Start(tag) => (tag, false),
            Event::Empty(tag) => (tag, true),
            Event::End(_) => {
                if let Some(mut element) = open.pop() {
                    element.text = element.text.trim().to_owned();
                    if element.children.is_empty() {
                        element.span.end = end;
                    }
                    close(element, &mut open, &mut root);
                }
                continue;
            }
            Event::Text(words) => {
                push(&mut open, &words.into_inner());
                continue;
            }
            Event::CData(words) => {
                push(&mut open, &words.into_inner());
                continue;
            }
            Event::GeneralRef(entity) => {
                match entity.resolve_char_ref() {
                    Ok(Some(char)) => push(&mut open, char.encode_utf8(&mut [0; 4])),
                    _ => {
                        let name = entity.into_inner();
                        match resolve_predefined_entity(&name) {
                            Some(text) => push(&mut open, text),
                            None => push(&mut open, &format!("&{name};")),
                        }
                    }
                }
                continue;
            }
            Event::Eof => break,
            _ => continue,
        };
        count += 1;
        if count > MAX_ELEMENTS {
            return Err(ParseError::at(bytes, start, format!("more than {MAX_ELEMENTS} elements")));
        }
        if open.len() >= MAX_DEPTH {
            return Err(ParseError::at(bytes, start, format!("elements nested deeper than {MAX_DEPTH}")));
        }
        let element = element_of(&tag, start..end);
        if empty { close(element, &mut open, &mut root) } else { open.push(element) }
    }
    match (open.first(), root) {
        (None, Some(root)) => Ok(root),
        (Some(element), _) => {
            Err(ParseError::at(bytes, element.span.start, format!("`{}` is not closed", element.name)))
        }
        (None, None) => Err(ParseError::at(bytes, 0, "no xml")),
    }
}

fn position(at: u64) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

fn push(open: &mut [Element<'_>], words: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(words);
    }
}

fn close<'a>(element: Element<'a>, open: &mut [Element<'a>], root: &mut Option<Element<'a>>) {
    match open.last_mut() {
        Some(parent) => parent.children.push(element),
        None => {
            root.get_or_insert(element);
        }
    }
}

fn element_of<'a>(tag: &BytesStart<'_>, span: Range<usize>) -> Element<'a> {
    let name = Cow::Owned(tag.local_name().as_ref().to_owned());
    // Attributes that break the grammar are left out: the formats read here keep what matters in text.
    let attributes = tag
        .attributes()
        .flatten()
        .map(|it| {
            let value = match it.normalized_value(quick_xml::XmlVersion::Implicit1_0) {
                Ok(value) => value.into_owned(),
                Err(_) => it.value.clone().into_owned(),
            };
            (Cow::Owned(it.key.local_name().as_ref().to_owned()), Cow::Owned(value))
        })
        .collect();
    Element { name, attributes, span, ..Element::default() }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use proptest::prelude::*;

    #[test]
    fn elements_know_their_text_and_place() {
        let source = "\u{feff}<?xml version=\"1.0\"?>\n<a xmlns:x=\"u\" k='1 &lt; 2'>\n <x:b> te&amp;xt<!-- no --><![CDATA[ <c>]]> </x:b>\n <d/>\n</a>\n";
        let root = parse(source.as_bytes()).unwrap();
        assert_eq!((root.name.as_ref(), root.attribute("k")), ("a", Some("1 < 2")));
        assert_eq!(root.text_of("b"), Some("te&xt <c>"));
        let span = root.child("b").unwrap().span.clone();
        assert!(source[span.clone()].starts_with("<x:b>") && source[span].ends_with("</x:b>"));
        assert_eq!(&source[root.child("d").unwrap().span.clone()], "<d/>");
        assert_eq!(root.text_of("d"), None);
    }

    #[test]
    fn errors_name_the_line() {
        for (source, line) in [("<a>\n<b>\n</a>", 3), ("\n<a>\n", 2), ("", 1), ("<a>\n<b", 2)] {
            assert_eq!(parse(source.as_bytes()).unwrap_err().line, line, "{source:?}");
        }
        assert!(parse("<a>".repeat(300).as_bytes()).unwrap_err().reason.contains("deeper"));
    }

    #[test]
    fn entities_of_the_document_are_not_expanded() {
        let root = parse(b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>").unwrap();
        assert_eq!(root.text, "&x;");
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "[<>/a-c=\"'&;!\\[\\]\\-? \\n]{0,80}") {
            let _ = parse(text.as_bytes());
        }
    }
}
