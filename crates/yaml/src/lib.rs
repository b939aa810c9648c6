//! YAML as a bounded tree in which every node knows its place.
//!
//! Built from the events of `saphyr-parser` without recursion. An alias refers to the node it names, nothing is copied; the
//! size and depth that the tree would have if written out are bounded, so whoever walks it is safe.

use saphyr_parser::{Event, Marker, Parser, ScalarStyle};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// Bytes beyond which a file is refused.
const MAX_BYTES: usize = 32 * 1024 * 1024;
/// Levels of nesting, aliases written out, beyond which a file is refused.
const MAX_DEPTH: u32 = 80;
/// Nodes, aliases written out, beyond which a file is refused.
const MAX_NODES: u64 = 4_000_000;

/// A place in a file: lines and columns count from 1, columns in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Line of the first character.
    pub line: u32,
    /// Column of the first character.
    pub column: u32,
    /// Line of the end.
    pub end_line: u32,
    /// Column just after the end.
    pub end_column: u32,
}

/// The documents of one file.
#[derive(Debug, Default)]
pub struct Tree<'a> {
    nodes: Vec<Node<'a>>,
    roots: Vec<u32>,
    /// Keys that are given twice, with their place.
    pub duplicates: Vec<(String, Span)>,
    /// Why the rest could not be read.
    pub broken: Option<(String, Span)>,
}

#[derive(Debug)]
struct Node<'a> {
    kind: Kind<'a>,
    span: Span,
    weight: u64,
    height: u32,
}

#[derive(Debug)]
enum Kind<'a> {
    Scalar { text: Cow<'a, str>, plain: bool },
    Sequence(Box<[u32]>),
    Mapping(Box<[(u32, u32)]>),
}

/// A node of the tree.
#[derive(Clone, Copy, Debug)]
pub struct Value<'t> {
    tree: &'t Tree<'t>,
    id: u32,
}

impl Tree<'_> {
    /// All documents in order.
    pub fn documents(&self) -> impl Iterator<Item = Value<'_>> {
        self.roots.iter().map(|&id| Value { tree: self, id })
    }
}

impl<'t> Value<'t> {
    fn node(self) -> Option<&'t Node<'t>> {
        self.tree.nodes.get(self.id as usize)
    }

    fn kind(self) -> Option<&'t Kind<'t>> {
        self.node().map(|node| &node.kind)
    }

    /// Where it stands.
    pub fn span(self) -> Span {
        self.node().map(|node| node.span).unwrap_or_default()
    }

    /// Whether it is a plain `null`, `~` or nothing.
    pub fn is_null(self) -> bool {
        matches!(self.kind(), Some(Kind::Scalar { text, plain: true }) if matches!(&**text, "" | "~" | "null" | "Null" | "NULL"))
    }

    /// The text of a scalar that is not null.
    pub fn as_str(self) -> Option<&'t str> {
        match self.kind()? {
            Kind::Scalar { text, .. } if !self.is_null() => Some(text),
            _ => None,
        }
    }

    /// Plain `true` or `false`.
    pub fn as_bool(self) -> Option<bool> {
        match self.kind()? {
            Kind::Scalar { text, plain: true } => match &**text {
                "true" | "True" | "TRUE" => Some(true),
                "false" | "False" | "FALSE" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// A plain whole number.
    pub fn as_int(self) -> Option<i64> {
        match self.kind()? {
            Kind::Scalar { text, plain: true } => text.parse().ok(),
            _ => None,
        }
    }

    /// Whether it is a mapping.
    pub fn is_mapping(self) -> bool {
        matches!(self.kind(), Some(Kind::Mapping(_)))
    }

    /// Whether it is a sequence.
    pub fn is_sequence(self) -> bool {
        matches!(self.kind(), Some(Kind::Sequence(_)))
    }

    /// What it is, for messages.
    pub fn describe(self) -> &'static str {
        match self.kind() {
            Some(Kind::Mapping(_)) => "a mapping",
            Some(Kind::Sequence(_)) => "a list",
            Some(Kind::Scalar { .. }) if !self.is_null() => "a string or number",
            _ => "nothing",
        }
    }

    /// The items of a sequence; none of anything else.
    pub fn items(self) -> impl Iterator<Item = Value<'t>> {
        let ids: &[u32] = match self.kind() {
            Some(Kind::Sequence(ids)) => ids,
            _ => &[],
        };
        ids.iter().map(move |&id| Value { tree: self.tree, id })
    }

    /// Keys and values of a mapping; what it merges (`<<`) comes last, without the keys that it has itself.
    pub fn entries(self) -> Vec<(Value<'t>, Value<'t>)> {
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        self.collect(&mut found, &mut seen, MAX_DEPTH);
        found
    }

    fn collect(self, found: &mut Vec<(Value<'t>, Value<'t>)>, seen: &mut HashSet<&'t str>, depth: u32) {
        let (Some(Kind::Mapping(pairs)), Some(below)) = (self.kind(), depth.checked_sub(1)) else { return };
        let mut merged = Vec::new();
        for &(key, value) in pairs {
            let (key, value) = (Value { tree: self.tree, id: key }, Value { tree: self.tree, id: value });
            match key.as_str() {
                Some("<<") if key.is_plain() => merged.push(value),
                Some(name) if !seen.insert(name) => {}
                _ => found.push((key, value)),
            }
        }
        for value in merged {
            value.collect(found, seen, below);
            value.items().for_each(|one| one.collect(found, seen, below));
        }
    }

    fn is_plain(self) -> bool {
        matches!(self.kind(), Some(Kind::Scalar { plain: true, .. }))
    }

    /// The value of a key.
    pub fn get(self, key: &str) -> Option<Value<'t>> {
        self.entries().into_iter().find(|(name, _)| name.as_str() == Some(key)).map(|(_, value)| value)
    }

    /// As JSON; scalars by the core schema of YAML 1.2.
    pub fn to_json(self) -> serde_json::Value {
        use serde_json::Value as Json;
        match self.kind() {
            Some(Kind::Mapping(_)) => {
                let pairs = self.entries().into_iter();
                Json::Object(pairs.map(|(key, value)| (key.key_text(), value.to_json())).collect())
            }
            Some(Kind::Sequence(_)) => Json::Array(self.items().map(Self::to_json).collect()),
            Some(Kind::Scalar { text, plain: true }) if !self.is_null() => plain_json(text),
            Some(Kind::Scalar { text, plain: false }) => Json::String(text.clone().into_owned()),
            _ => Json::Null,
        }
    }

    /// The text of a scalar even where it is null or empty, and whether it stands without quotes.
    pub fn scalar(self) -> Option<(&'t str, bool)> {
        match self.kind()? {
            Kind::Scalar { text, plain } => Some((text, *plain)),
            _ => None,
        }
    }

    fn key_text(self) -> String {
        match self.kind() {
            Some(Kind::Scalar { text, .. }) => text.clone().into_owned(),
            _ => self.to_json().to_string(),
        }
    }
}

fn plain_json(text: &str) -> serde_json::Value {
    use serde_json::Value as Json;
    match text {
        "true" | "True" | "TRUE" => return Json::Bool(true),
        "false" | "False" | "FALSE" => return Json::Bool(false),
        _ => {}
    }
    if let Ok(number) = text.parse::<i64>() {
        return Json::from(number);
    }
    // `inf`, `nan` and the like are words in YAML unless they start with a dot.
    let is_number = text
        .starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '+' | '.'))
        && text.contains(|character: char| character.is_ascii_digit());
    match text.parse::<f64>().ok().filter(|_| is_number).and_then(serde_json::Number::from_f64) {
        Some(number) => Json::Number(number),
        None => Json::String(text.to_owned()),
    }
}

/// Parses YAML 1.2. Never fails as a whole: what was complete before a mistake is in the tree, the mistake is told.
pub fn parse(text: &str) -> Tree<'_> {
    let mut builder = Builder::default();
    if text.len() > MAX_BYTES {
        builder.tree.broken = Some((format!("larger than {} MiB", MAX_BYTES >> 20), Span::default()));
        return builder.tree;
    }
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let done = match event {
            Ok((event, span)) => {
                let span = place(&span.start, &span.end);
                builder.event(event, span).map_err(|reason| (reason, span))
            }
            Err(error) => Err((format!("not yaml: {}", error.info()), place(error.marker(), error.marker()))),
        };
        if let Err(broken) = done {
            builder.tree.broken = Some(broken);
            builder.abandon();
            break;
        }
    }
    builder.tree
}

fn place(start: &Marker, end: &Marker) -> Span {
    let line = |marker: &Marker| u32::try_from(marker.line()).unwrap_or(u32::MAX);
    let column = |marker: &Marker| u32::try_from(marker.col()).unwrap_or(u32::MAX).saturating_add(1);
    Span { line: line(start), column: column(start), end_line: line(end), end_column: column(end) }
}

struct Open {
    anchor: usize,
    mapping: bool,
    span: Span,
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
    fn event(&mut self, event: Event<'a>, span: Span) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                // `!!str 1` is a string although it is written plainly.
                let plain = style == ScalarStyle::Plain && tag.is_none_or(|tag| tag.suffix != "str");
                self.put(Kind::Scalar { text, plain }, span, (1, 1), anchor)
            }
            Event::Alias(anchor) => {
                let id = self.anchors.get(&anchor).copied();
                match id.and_then(|id| Some((id, self.tree.nodes.get(id as usize)?))) {
                    Some((id, node)) => self.attach(id, node.weight, node.height),
                    None => Err("an alias to nothing, or to what it is part of".to_owned()),
                }
            }
            Event::SequenceStart(anchor, _) => self.start(anchor, false, span),
            Event::MappingStart(anchor, _) => self.start(anchor, true, span),
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::DocumentStart(_) => {
                self.anchors.clear();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn start(&mut self, anchor: usize, mapping: bool, span: Span) -> Result<(), String> {
        if self.open.len() >= MAX_DEPTH as usize {
            return Err(format!("nested deeper than {MAX_DEPTH} levels"));
        }
        self.open.push(Open { anchor, mapping, span, children: Vec::new() });
        Ok(())
    }

    fn end(&mut self, end: Span) -> Result<(), String> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let span = Span { end_line: end.end_line, end_column: end.end_column, ..open.span };
        let of = |tree: &Tree<'_>, id: &u32| {
            tree.nodes.get(*id as usize).map_or((0, 0), |node| (node.weight, node.height))
        };
        let below = open.children.iter().map(|id| of(&self.tree, id));
        let (weight, height) = below.fold((1_u64, 0_u32), |(sum, most), (weight, height)| {
            (sum.saturating_add(weight), most.max(height))
        });
        let kind = if open.mapping {
            let pairs = open.children.chunks_exact(2);
            let pairs: Box<[(u32, u32)]> =
                pairs.filter_map(|pair| Some((*pair.first()?, *pair.last()?))).collect();
            self.find_duplicates(&pairs);
            Kind::Mapping(pairs)
        } else {
            Kind::Sequence(open.children.into_boxed_slice())
        };
        self.put(kind, span, (weight, height.saturating_add(1)), open.anchor)
    }

    fn find_duplicates(&mut self, pairs: &[(u32, u32)]) {
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        for (key, _) in pairs {
            let Some(node) = self.tree.nodes.get(*key as usize) else { continue };
            if let Kind::Scalar { text, .. } = &node.kind
                && text != "<<"
                && !seen.insert(&**text)
            {
                found.push((text.clone().into_owned(), node.span));
            }
        }
        self.tree.duplicates.append(&mut found);
    }

    fn put(&mut self, kind: Kind<'a>, span: Span, size: (u64, u32), anchor: usize) -> Result<(), String> {
        let id = u32::try_from(self.tree.nodes.len()).map_err(|_| "too large".to_owned())?;
        let (weight, height) = size;
        self.tree.nodes.push(Node { kind, span, weight, height });
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
        // Each node is counted once where it stands, and whole where an alias repeats it.
        self.total = self.total.saturating_add(1);
        self.attach_counted(id, height)
    }

    fn attach(&mut self, id: u32, weight: u64, height: u32) -> Result<(), String> {
        self.total = self.total.saturating_add(weight);
        self.attach_counted(id, height)
    }

    fn attach_counted(&mut self, id: u32, height: u32) -> Result<(), String> {
        if self.total > MAX_NODES {
            return Err(format!("more than {MAX_NODES} values, aliases written out"));
        }
        if self.open.len() as u64 + u64::from(height) > u64::from(MAX_DEPTH) {
            return Err(format!("nested deeper than {MAX_DEPTH} levels, aliases written out"));
        }
        match self.open.last_mut() {
            Some(open) => open.children.push(id),
            None => self.tree.roots.push(id),
        }
        Ok(())
    }

    /// Closes what is open where the text broke off, so that the rules before it are kept.
    fn abandon(&mut self) {
        while let Some(mut open) = self.open.pop() {
            if open.mapping && open.children.len() % 2 == 1 {
                open.children.pop();
            }
            // The innermost values may be cut short: a rule that ends early is not what was written.
            let keep = self.open.len() <= 1;
            if !keep {
                // The key of what is dropped stays without a value and is removed by the parent.
                continue;
            }
            let span = open.span;
            self.open.push(open);
            if self.end(span).is_err() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> serde_json::Value {
        parse(text).documents().next().map(Value::to_json).unwrap_or_default()
    }

    #[test]
    fn scalars_have_their_types() {
        let text = "a: 1\nb: '1'\nc: true\nd: null\ne: 1.5\nf: nan\ng: -3\nh: !!str 2\ni: 1.2.3\nj: yes\n";
        let expected = serde_json::json!({"a": 1, "b": "1", "c": true, "d": null, "e": 1.5, "f": "nan", "g": -3,
            "h": "2", "i": "1.2.3", "j": "yes"});
        assert_eq!(json(text), expected);
    }

    #[test]
    fn merged_keys_give_way_to_own_ones() {
        let text = "x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nz:\n  <<: [*x, *y]\n  a: 9\nw:\n  <<: *y\n";
        assert_eq!(json(text)["z"], serde_json::json!({"a": 9, "b": 2, "c": 4}));
        assert_eq!(json(text)["w"], serde_json::json!({"b": 3, "c": 4}));
    }

    #[test]
    fn repetition_by_aliases_is_bounded() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..10 {
            let alias = format!("*a{}", level - 1);
            text.push_str(&format!("a{level}: &a{level} [{}]\n", [alias.as_str(); 10].join(", ")));
        }
        let tree = parse(&text);
        let (reason, span) = tree.broken.as_ref().unwrap();
        assert!(reason.contains("aliases written out"), "{reason}");
        assert!(span.line > 3 && span.line < 9, "{span:?}");
        assert!(parse("a: &a [*a]").broken.is_some());
    }

    #[test]
    fn depth_is_bounded() {
        assert!(parse(&"[".repeat(100)).broken.is_some());
        assert!(parse(&format!("{}{}", "[".repeat(60), "]".repeat(60))).broken.is_none());
    }

    #[test]
    fn duplicates_have_a_place() {
        let tree = parse("a: 1\nb:\n  c: 1\n  c: 2\n");
        assert_eq!(tree.duplicates.len(), 1);
        assert_eq!((tree.duplicates[0].1.line, tree.duplicates[0].1.column), (4, 3));
    }
}
