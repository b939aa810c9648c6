//! YAML as a bounded tree that knows where things stand.
//!
//! Built from the events of `saphyr-parser` without recursion. An alias refers to the one node it names, so nothing is
//! copied; since a reader may walk the tree, the size it would have if written out is counted and bounded.

use super::note;
use crate::ParseError;
use crate::package::Problem;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// Levels of nesting beyond which a file is refused.
const MAX_DEPTH: usize = 64;

/// Nodes, aliases written out, beyond which a file is refused.
const MAX_NODES: u64 = 20_000_000;

/// Written-out size of what one alias may stand for.
const MAX_ALIAS: u64 = 100_000;

/// The documents of one file.
#[derive(Debug, Default)]
pub struct Tree<'a> {
    nodes: Vec<Node<'a>>,
    roots: Vec<u32>,
    /// Aliases left out, duplicate keys.
    pub problems: Vec<Problem>,
}

#[derive(Debug)]
struct Node<'a> {
    kind: Kind<'a>,
    span: Range<usize>,
    /// Nodes below and itself, aliases written out.
    weight: u64,
}

#[derive(Debug)]
enum Kind<'a> {
    Scalar {
        text: Cow<'a, str>,
        plain: bool,
    },
    Sequence(Box<[u32]>),
    /// Keys and values in turn.
    Mapping(Box<[u32]>),
}

/// A node of the tree.
#[derive(Clone, Copy, Debug)]
pub struct Value<'t> {
    tree: &'t Tree<'t>,
    id: u32,
}

impl<'a> Tree<'a> {
    /// The first document, if there is any.
    pub fn root(&self) -> Option<Value<'_>> {
        self.documents().next()
    }

    /// All documents in order.
    pub fn documents(&self) -> impl Iterator<Item = Value<'_>> {
        self.roots.iter().map(|&id| Value { tree: self, id })
    }
}

impl<'t> Value<'t> {
    fn node(self) -> Option<&'t Node<'t>> {
        self.tree.nodes.get(self.id as usize)
    }

    /// The text of a scalar; a plain `null`, `~` or nothing is none.
    pub fn as_str(self) -> Option<&'t str> {
        match &self.node()?.kind {
            Kind::Scalar { text, plain: true } if is_null(text) => None,
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Whether it is a plain `true`.
    pub fn is_true(self) -> bool {
        matches!(self.node().map(|node| &node.kind), Some(Kind::Scalar { text, plain: true }) if text == "true")
    }

    /// Whether it is a mapping.
    pub fn is_mapping(self) -> bool {
        matches!(self.node().map(|node| &node.kind), Some(Kind::Mapping(_)))
    }

    /// Whether it is a sequence.
    pub fn is_sequence(self) -> bool {
        matches!(self.node().map(|node| &node.kind), Some(Kind::Sequence(_)))
    }

    /// The items of a sequence; none of anything else.
    pub fn items(self) -> impl Iterator<Item = Value<'t>> {
        let ids: &[u32] = match self.node().map(|node| &node.kind) {
            Some(Kind::Sequence(ids)) => ids,
            _ => &[],
        };
        ids.iter().map(move |&id| Value { tree: self.tree, id })
    }

    /// Keys and values of a mapping in the order of the file; none of anything else.
    pub fn entries(self) -> impl Iterator<Item = (Value<'t>, Value<'t>)> {
        let ids: &[u32] = match self.node().map(|node| &node.kind) {
            Some(Kind::Mapping(ids)) => ids,
            _ => &[],
        };
        let value = move |id: &u32| Value { tree: self.tree, id: *id };
        ids.chunks_exact(2).filter_map(move |pair| Some((value(pair.first()?), value(pair.last()?))))
    }

    /// The value of a key; of equal keys the last. Looks at every entry: for many look-ups in a large mapping make a map of
    /// your own.
    pub fn get(self, key: &str) -> Option<Value<'t>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// As [`Value::get`], with the key.
    pub fn entry(self, key: &str) -> Option<(Value<'t>, Value<'t>)> {
        self.entries().filter(|(name, _)| name.as_str() == Some(key)).last()
    }

    /// The string at a key.
    pub fn str(self, key: &str) -> Option<&'t str> {
        self.get(key)?.as_str()
    }

    /// Bytes of the file: the text of a scalar, the first byte of anything else.
    pub fn span(self) -> Range<usize> {
        self.node().map_or(0..0, |node| node.span.clone())
    }
}

fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// Parses YAML 1.2. Duplicate keys are told; the last counts in [`Value::get`].
///
/// # Errors
/// Where the text is not UTF-8, not YAML, deeper than 64 levels, or larger than 20 million nodes with aliases written out.
pub fn parse(bytes: &[u8]) -> Result<Tree<'_>, ParseError> {
    let text = super::text(bytes)?;
    let places = Places::new(bytes, text);
    let mut builder = Builder::default();
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| {
            let offset = places.byte(error.marker());
            ParseError::at(bytes, offset, error.info().to_lowercase())
        })?;
        let span = places.byte(&span.start)..places.byte(&span.end);
        let at = span.start;
        builder.event(event, span).map_err(|reason| ParseError::at(bytes, at, reason))?;
    }
    Ok(builder.tree)
}

/// A container that is still open.
struct Open {
    anchor: usize,
    mapping: bool,
    at: usize,
    children: Vec<u32>,
}

#[derive(Default)]
struct Builder<'a> {
    tree: Tree<'a>,
    open: Vec<Open>,
    anchors: HashMap<usize, u32>,
    total: u64,
}

impl<'a> Builder<'a> {
    fn event(&mut self, event: Event<'a>, span: Range<usize>) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let plain = style == ScalarStyle::Plain;
                self.put(Kind::Scalar { text, plain }, span, 1, anchor)
            }
            Event::Alias(anchor) => {
                let known = self.anchors.get(&anchor).copied();
                let weight = known.and_then(|id| self.tree.nodes.get(id as usize)).map(|node| node.weight);
                match (known, weight) {
                    (Some(id), Some(weight)) if weight <= MAX_ALIAS => self.attach(id, weight),
                    _ => {
                        let reason = "the alias stands for too much, or for itself; it is left out";
                        note(&mut self.tree.problems, span.start, reason);
                        self.put(Kind::Scalar { text: Cow::Borrowed(""), plain: true }, span, 1, 0)
                    }
                }
            }
            Event::SequenceStart(anchor, _) => self.start(anchor, false, span.start),
            Event::MappingStart(anchor, _) => self.start(anchor, true, span.start),
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::DocumentStart(_) => {
                self.anchors.clear();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn start(&mut self, anchor: usize, mapping: bool, at: usize) -> Result<(), String> {
        if self.open.len() >= MAX_DEPTH {
            return Err(format!("nested deeper than {MAX_DEPTH} levels"));
        }
        self.open.push(Open { anchor, mapping, at, children: Vec::new() });
        Ok(())
    }

    fn end(&mut self) -> Result<(), String> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let weights = open.children.iter().filter_map(|&id| self.tree.nodes.get(id as usize));
        let weight = weights.fold(1_u64, |sum, node| sum.saturating_add(node.weight));
        let children = open.children.into_boxed_slice();
        let kind = if open.mapping {
            self.tell_duplicates(&children);
            Kind::Mapping(children)
        } else {
            Kind::Sequence(children)
        };
        // The children are in the total already.
        self.total = self.total.saturating_sub(weight - 1);
        self.put(kind, open.at..open.at, weight, open.anchor)
    }

    fn tell_duplicates(&mut self, children: &[u32]) {
        let Tree { nodes, problems, .. } = &mut self.tree;
        let keys = children.iter().step_by(2).filter_map(|&id| nodes.get(id as usize));
        let names = keys.filter_map(|node| match &node.kind {
            Kind::Scalar { text, .. } => Some((text.as_ref(), node.span.start)),
            _ => None,
        });
        const SMALL: usize = 16;
        let mut twice = Vec::new();
        if children.len() <= 2 * SMALL {
            let mut seen: [&str; SMALL] = [""; SMALL];
            for (count, (name, at)) in names.enumerate() {
                if seen.iter().take(count).any(|known| *known == name) {
                    twice.push(at);
                }
                if let Some(slot) = seen.get_mut(count) {
                    *slot = name;
                }
            }
        } else {
            let mut seen = std::collections::HashSet::new();
            twice.extend(names.filter(|(name, _)| !seen.insert(*name)).map(|(_, at)| at));
        }
        for at in twice {
            note(problems, at, "the key stands twice; the last one counts");
        }
    }

    fn put(&mut self, kind: Kind<'a>, span: Range<usize>, weight: u64, anchor: usize) -> Result<(), String> {
        let id = u32::try_from(self.tree.nodes.len()).map_err(|_| "too many nodes".to_owned())?;
        self.tree.nodes.push(Node { kind, span, weight });
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
        self.attach(id, weight)
    }

    fn attach(&mut self, id: u32, weight: u64) -> Result<(), String> {
        self.total = self.total.saturating_add(weight);
        if self.total > MAX_NODES {
            return Err(format!("more than {MAX_NODES} nodes"));
        }
        match self.open.last_mut() {
            Some(open) => open.children.push(id),
            None => self.tree.roots.push(id),
        }
        Ok(())
    }
}

/// From the parser's places, which count characters, to bytes.
struct Places {
    /// What stands before the text: a byte order mark.
    shift: usize,
    /// Byte of every 64th character; empty where all are single bytes.
    table: Vec<usize>,
    text: Vec<u8>,
    length: usize,
}

/// Characters from one entry of the table to the next.
const STEP: usize = 64;

impl Places {
    fn new(bytes: &[u8], text: &str) -> Self {
        let shift = bytes.len() - text.len();
        if text.is_ascii() {
            return Self { shift, table: Vec::new(), text: Vec::new(), length: text.len() };
        }
        let table = text.char_indices().step_by(STEP).map(|(at, _)| at).collect();
        Self { shift, table, text: text.as_bytes().to_vec(), length: text.len() }
    }

    fn byte(&self, marker: &Marker) -> usize {
        let index = marker.index();
        if self.table.is_empty() {
            return self.shift + index.min(self.length);
        }
        let Some(&near) = self.table.get(index / STEP) else { return self.shift + self.length };
        let rest = self.text.get(near..).unwrap_or_default();
        // Bytes that begin a character; the one wanted is `index % STEP` beginnings on.
        let starts = rest.iter().enumerate().filter(|(_, byte)| (**byte & 0xC0) != 0x80);
        let offset = starts.map(|(at, _)| at).nth(index % STEP).unwrap_or(rest.len());
        self.shift + near + offset
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

    #[test]
    fn values_know_their_place_also_behind_wide_characters() {
        let wide = "ä".repeat(200);
        let source = format!("# {wide}\na: {wide}\nlist:\n  - x: 'q'\n  - y\n");
        let tree = parse(source.as_bytes()).unwrap();
        let root = tree.root().unwrap();
        assert_eq!(root.str("a"), Some(wide.as_str()));
        let mut items = root.get("list").unwrap().items();
        let (key, value) = items.next().unwrap().entry("x").unwrap();
        assert_eq!(&source[key.span()], "x");
        assert_eq!(value.as_str(), Some("q"));
        assert_eq!(&source[items.next().unwrap().span()], "y");
    }

    #[test]
    fn null_is_not_text_and_quoted_null_is() {
        let tree = parse(b"a: ~\nb: 'null'\nc: true\nd: 'true'\n").unwrap();
        let root = tree.root().unwrap();
        assert_eq!((root.str("a"), root.str("b")), (None, Some("null")));
        assert!(root.get("c").unwrap().is_true());
        assert!(!root.get("d").unwrap().is_true());
    }

    #[test]
    fn aliases_are_followed_within_bounds() {
        let tree = parse(b"a: &x {n: 1}\nb: *x\n").unwrap();
        assert_eq!(tree.root().unwrap().get("b").unwrap().str("n"), Some("1"));
        let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for level in 1..30 {
            let alias = format!("*a{},", level - 1).repeat(10);
            bomb.push_str(&format!("a{level}: &a{level} [{alias}]\n"));
        }
        match parse(bomb.as_bytes()) {
            Ok(tree) => assert!(!tree.problems.is_empty()),
            Err(error) => assert!(error.reason.contains("nodes")),
        }
    }

    #[test]
    fn errors_name_the_line_and_duplicates_are_told() {
        assert_eq!(parse(b"a: 1\nb: [1\nc: {\n").unwrap_err().line, 3);
        let tree = parse(b"a: 1\na: 2\n").unwrap();
        assert_eq!(tree.root().unwrap().str("a"), Some("2"));
        assert_eq!(tree.problems.len(), 1);
        assert_eq!(tree.problems[0].at, 5);
        assert!(parse("[".repeat(100_000).as_bytes()).is_err());
    }

    #[test]
    fn hostile_shapes_take_bounded_time() {
        let shapes = [
            "[".repeat(200_000),
            "{a: ".repeat(200_000),
            "- ".repeat(200_000),
            "? ".repeat(200_000),
            "a: &a b\n".repeat(50_000),
            "k: v\n".repeat(100_000),
            "a b c ".repeat(100_000),
            "\"a".repeat(100_000),
            "!a ".repeat(100_000),
            "[a, ".repeat(50) + &"b, ".repeat(100_000),
        ];
        for shape in shapes {
            let start = Instant::now();
            let _ = parse(shape.as_bytes());
            assert!(start.elapsed() < Duration::from_secs(10), "{}", &shape[..20]);
        }
    }

    proptest! {
        #[test]
        fn any_yaml_like_text_is_read_without_panic(text in "[a-c:\\-?\\[\\]{}&*!|>'\"%@`#, \\n\\tä]{0,60}") {
            if let Ok(tree) = parse(text.as_bytes()) {
                for document in tree.documents() {
                    prop_assert!(document.span().end <= text.len());
                }
            }
        }
    }
}
