//! Turns the names that stand for holes into holes.

use super::complete::{Completed, DEEP_NAME, TYPED_MARK, as_written, metavariable_of};
use super::{Pattern, Root, TextPattern};
use crate::language::{ELLIPSIS_NAME, Language, Spec, parse};
use crate::tree::{Kind, NewNode, Node, NodeId, Symbol, Symbols, Tree};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

struct Copy<'a> {
    from: &'a Tree,
    to: Tree,
    spec: &'static Spec,
    symbols: &'a mut Symbols,
    completed: &'a Completed,
    range: Range<u32>,
    texts: HashMap<NodeId, TextPattern, foldhash::fast::RandomState>,
}

pub(super) fn finish(completed: &Completed, spec: &'static Spec, symbols: &mut Symbols) -> Pattern {
    let mut scratch = Symbols::default();
    // Text of the completed source must not be numbered among what rules mention.
    let tree = parse(spec, completed.source.as_bytes(), &mut scratch, || true).unwrap_or_default();
    let inside = trimmed(completed);
    let tops = if tree.is_empty() { Vec::new() } else { tops(&tree, &inside, completed.terminated) };
    let statements = tops.len() > 1;
    let mut copy = Copy {
        from: &tree,
        to: Tree::default(),
        spec,
        symbols,
        completed,
        range: inside,
        texts: HashMap::default(),
    };
    let mut roots: Vec<NodeId> = tops.into_iter().map(|id| copy.node(id, &scratch)).collect();
    // One key, or one item, is meant wherever it stands.
    if spec.language == Language::Yaml
        && let [only] = roots.as_slice()
        && let [inner] = *copy.to.children(*only)
        && matches!(copy.to.kind(*only), Kind::Dict | Kind::List)
        && completed.source[..].trim_start().starts_with(|c| c != '{' && c != '[')
    {
        roots = vec![inner];
    }
    let root = match roots.as_slice() {
        // A lone annotation is meant, and not the list that it is in.
        [only] if copy.to.kind(*only) == Kind::Modifiers && copy.to.children(*only).len() == 1 => {
            Root::Node(copy.to.children(*only)[0])
        }
        [only] => Root::Node(*only),
        [] => Root::Node(copy.add(Kind::Error, NewNode::EMPTY, &[])),
        _ if statements => Root::Statements(std::mem::take(&mut roots)),
        _ => Root::Node(roots[0]),
    };
    let Copy { to, texts, .. } = copy;
    let mut pattern = Pattern {
        tree: to,
        root,
        paths: HashMap::default(),
        texts,
        required: Vec::new(),
        metavariables: Vec::new(),
        language: spec.language,
    };
    name_paths(&mut pattern, symbols);
    collect(&mut pattern, symbols);
    pattern
}

fn trimmed(completed: &Completed) -> Range<u32> {
    let text = &completed.source[completed.range.clone()];
    let start = completed.range.start + (text.len() - text.trim_start().len());
    let end = completed.range.end - (text.len() - text.trim_end().len());
    start as u32..end as u32
}

/// The outermost nodes that the pattern's text makes.
fn tops(tree: &Tree, range: &Range<u32>, terminated: bool) -> Vec<NodeId> {
    let mut found = Vec::new();
    outermost(tree, tree.root, range, &mut found);
    if let [only] = found.as_slice()
        && tree.kind(*only) == Kind::ExpressionStatement
        && !terminated
        && let Some(inner) = tree.child(*only, 0)
    {
        return vec![inner];
    }
    found
}

fn outermost(tree: &Tree, id: NodeId, range: &Range<u32>, found: &mut Vec<NodeId>) {
    let node = tree.node(id);
    if node.kind == Kind::Missing || node.end <= range.start || node.start >= range.end {
        return;
    }
    let visible = |child: &&NodeId| {
        let child = tree.node(**child);
        child.kind != Kind::Missing
            && child.start < child.end
            && child.end > range.start
            && child.start < range.end
    };
    let starts = node.start >= range.start && node.kind != Kind::Program;
    let inner: Vec<NodeId> = tree.children(id).iter().filter(visible).copied().collect();
    let sticks_out = node.end > range.end;
    // A word such as `return` is of the pattern, even if the `;` is of the context.
    let says = matches!(
        node.kind,
        Kind::Return
            | Kind::Throw
            | Kind::Assert
            | Kind::Delete
            | Kind::Yield
            | Kind::Goto
            | Kind::Defer
            | Kind::Spawn
    );
    if starts && (!sticks_out || inner.len() != 1 || says) && !(sticks_out && node.kind == Kind::Block) {
        found.push(id);
        return;
    }
    for child in inner {
        outermost(tree, child, range, found);
    }
}

impl NewNode {
    pub(super) const EMPTY: Self =
        Self { kind: Kind::Missing, raw: 0, symbol: Symbol::EMPTY, start: 0, end: 0 };
}

impl Copy<'_> {
    fn add(&mut self, kind: Kind, like: NewNode, children: &[NodeId]) -> NodeId {
        self.to.add(NewNode { kind, ..like }, children)
    }

    fn node(&mut self, id: NodeId, scratch: &Symbols) -> NodeId {
        let node = *self.from.node(id);
        // What the context supplied is not said by the pattern.
        if node.start >= self.range.end && node.start < node.end {
            return self.add(Kind::Missing, NewNode::EMPTY, &[]);
        }
        let text = scratch.text(node.symbol);
        let like = NewNode {
            kind: node.kind,
            raw: node.raw,
            symbol: Symbol::EMPTY,
            start: node.start,
            end: node.end,
        };
        if self.from.children(id).is_empty() {
            return self.leaf(&node, text, like);
        }
        if node.kind == Kind::Call
            && let Some(callee) = self.from.child(id, 0)
            && self.from.kind(callee) == Kind::Name
            && scratch.text(self.from.symbol(callee)) == DEEP_NAME
            && let Some(arguments) = self.from.child(id, 1)
            && let Some(inner) = self.from.child(arguments, 0)
        {
            let inner = self.node(inner, scratch);
            return self.add(Kind::Deep, like, &[inner]);
        }
        let symbol = self.symbols.intern(text);
        let mut children: Vec<NodeId> =
            self.from.children(id).to_vec().into_iter().map(|child| self.node(child, scratch)).collect();
        if node.kind == Kind::Block {
            // What stands for `...` may be written with a `;` too many.
            let holds = children.iter().any(|child| self.to.kind(*child) == Kind::Ellipsis);
            children.retain(|child| !holds || self.to.kind(*child) != Kind::Empty);
        }
        if let Some(hole) = self.wrapper(node.kind, &children) {
            return hole;
        }
        // `"$X"`, where `$X` in quotes is the language's own interpolation.
        if node.kind == Kind::Template
            && self.spec.language != Language::Bash
            && let [only] = children.as_slice()
            && let hole = *self.to.node(*only)
            && hole.kind == Kind::Metavariable
            && (hole.start, hole.end) == (node.start + 1, node.end - 1)
        {
            let name = self.symbols.text(hole.symbol).to_owned();
            let id = self.add(Kind::String, NewNode { symbol: hole.symbol, ..like }, &[]);
            if let Some(text) = TextPattern::parse(&name, true, self.symbols) {
                self.texts.insert(id, text);
            }
            return id;
        }
        // `a ... b` within text is one list without a hole's wrapper.
        self.add(node.kind, NewNode { symbol, ..like }, &children)
    }

    /// The hole that `children` are but a wrapper of: `...;` is no expression statement, `...` no parameter.
    fn wrapper(&self, kind: Kind, children: &[NodeId]) -> Option<NodeId> {
        let wraps = matches!(
            kind,
            Kind::ExpressionStatement
                | Kind::Parameter
                | Kind::KeywordArgument
                | Kind::Pair
                | Kind::VariableDefinition
                | Kind::Definitions
                | Kind::ImportedName
                | Kind::Import
                | Kind::Attribute
                | Kind::Function
                | Kind::Labeled
                | Kind::Case
                | Kind::Generator
                | Kind::Other
                | Kind::GenericType
                | Kind::Spread
                | Kind::WrappedType
        );
        if !wraps {
            return None;
        }
        // Go gives names that lack a type that of the next: `..., x T`.
        if kind == Kind::Parameter
            && let Some(name) = children.get(2)
            && self.to.kind(*name) == Kind::Ellipsis
        {
            return Some(*name);
        }
        let told = |child: &&NodeId| {
            let empty = matches!(
                self.to.kind(**child),
                Kind::Modifiers | Kind::Parameters | Kind::Arguments | Kind::Block
            ) && self.to.children(**child).is_empty();
            !empty && self.to.kind(**child) != Kind::Missing
        };
        let said: Vec<&NodeId> = children.iter().filter(told).collect();
        let first = **said.first()?;
        let is = |id: &&NodeId, wanted: Kind| self.to.kind(**id) == wanted;
        if said.iter().all(|id| is(id, Kind::Ellipsis)) {
            return Some(first);
        }
        if said.iter().all(|id| is(id, Kind::Ellipsis) || is(id, Kind::MetavariableEllipsis))
            && kind != Kind::Pair
        {
            return said.iter().find(|id| is(id, Kind::MetavariableEllipsis)).map(|id| **id);
        }
        // A metavariable as a statement is any statement.
        (kind == Kind::ExpressionStatement && said.len() == 1 && is(&said[0], Kind::Metavariable))
            .then_some(first)
    }

    fn leaf(&mut self, node: &Node, text: &str, like: NewNode) -> NodeId {
        let spec = self.spec;
        // Only where nothing but a string may stand is `...` written as one, and then with a number.
        let numbered = |text: &str| {
            let number = text.strip_prefix(ELLIPSIS_NAME);
            number
                .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
        };
        // `...` between tags is all that an element holds.
        let content = matches!(node.kind, Kind::Text | Kind::StringPart)
            && as_written(text, spec).trim_end_matches(';') == "...";
        if node.kind == Kind::Ellipsis || node.kind == Kind::String && numbered(text) || content {
            return self.add(Kind::Ellipsis, NewNode { symbol: Symbol::ELLIPSIS, ..like }, &[]);
        }
        if node.kind == Kind::Text
            && let Some(name) = text.strip_prefix(ELLIPSIS_NAME).and_then(|rest| rest.strip_prefix('_'))
            && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        {
            let symbol = self.symbols.intern(&format!("$...{name}"));
            return self.add(Kind::MetavariableEllipsis, NewNode { symbol, ..like }, &[]);
        }
        let bare = text.trim_start_matches(['$', '@', '#']);
        if let Some(number) = bare.strip_prefix(TYPED_MARK)
            && let Some((name, kind)) =
                number.parse().ok().and_then(|number: usize| self.completed.typed.get(number)).cloned()
        {
            let symbol = self.symbols.intern(&name);
            let type_ = self.type_of(&kind);
            return self.add(Kind::TypedMetavariable, NewNode { symbol, ..like }, &[type_]);
        }
        let string =
            matches!(node.kind, Kind::String | Kind::StringPart | Kind::Char | Kind::Regex | Kind::Text);
        if !string && let Some(rest) = bare.strip_prefix(ELLIPSIS_NAME) {
            let name = rest.trim_start_matches('_');
            if name.is_empty() || name.bytes().all(|byte| byte.is_ascii_digit()) {
                return self.add(Kind::Ellipsis, NewNode { symbol: Symbol::ELLIPSIS, ..like }, &[]);
            }
            let symbol = self.symbols.intern(&format!("$...{name}"));
            return self.add(Kind::MetavariableEllipsis, NewNode { symbol, ..like }, &[]);
        }
        if !string && let Some(name) = metavariable_of(text, spec).or_else(|| metavariable_of(bare, spec)) {
            let symbol = self.symbols.intern(&name);
            return self.add(Kind::Metavariable, NewNode { symbol, ..like }, &[]);
        }
        let written = as_written(text, spec);
        let symbol = self.symbols.intern(&written);
        let id = self.add(node.kind, NewNode { symbol, ..like }, &[]);
        // A name of PHP and of shells has a sigil of its own, which is no hole.
        if (string || written != text)
            && let Some(pattern) = TextPattern::parse(&written, string, self.symbols)
        {
            self.texts.insert(id, pattern);
        }
        id
    }

    /// A type in a typed metavariable: dotted names become a path, the rest stays text.
    fn type_of(&mut self, text: &str) -> NodeId {
        let mut plain: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for word in ["const ", "final ", "struct "] {
            if let Some(rest) = plain.strip_prefix(word) {
                plain = rest.to_owned();
            }
        }
        let symbol = self.symbols.intern(&plain);
        let kind = if plain.starts_with('$') && !plain.contains(['.', '<', '[']) {
            Kind::Metavariable
        } else {
            Kind::Name
        };
        self.add(kind, NewNode { symbol, ..NewNode::EMPTY }, &[])
    }
}

/// Gives names and field chains without holes their dotted text.
fn name_paths(pattern: &mut Pattern, symbols: &mut Symbols) {
    for id in pattern.tree.ids() {
        let symbol = match pattern.tree.kind(id) {
            Kind::Name if !pattern.texts.contains_key(&id) => Some(pattern.tree.symbol(id)),
            Kind::Field => {
                let part =
                    |slot| pattern.tree.child(id, slot).and_then(|child| pattern.paths.get(&child)).copied();
                match (part(0), part(1)) {
                    (Some(object), Some(name)) => {
                        let text = format!("{}.{}", symbols.text(object), symbols.text(name));
                        Some(symbols.intern(&text))
                    }
                    _ => None,
                }
            }
            _ => None,
        };
        if let Some(symbol) = symbol {
            pattern.paths.insert(id, symbol);
        }
    }
}

/// Fills in what a file must have, and which metavariables there are.
fn collect(pattern: &mut Pattern, symbols: &Symbols) {
    let mut required = BTreeSet::new();
    let mut metavariables = BTreeSet::new();
    for root in pattern.roots() {
        for id in pattern.tree.descendants(*root) {
            let node = pattern.tree.node(id);
            match node.kind {
                Kind::Metavariable | Kind::MetavariableEllipsis | Kind::TypedMetavariable => {
                    metavariables.insert(node.symbol);
                }
                // `import x from "m"` takes a name that is not written.
                // Nor are names of HTML written as they are compared.
                Kind::Name
                    if pattern.language != Language::Html
                        && pattern.paths.contains_key(&id)
                        && must_stand(pattern, id)
                        && symbols.text(node.symbol) != "default" =>
                {
                    required.insert(node.symbol);
                }
                _ => {}
            }
            if let Some(text) = pattern.texts.get(&id) {
                metavariables.extend(text.holes());
            }
        }
    }
    pattern.required = required.into_iter().collect();
    pattern.metavariables = metavariables.into_iter().collect();
}

/// Whether a name of a pattern stands as such in each file that it matches. The front of a dotted path may be explained by an
/// import of everything, a type may be implied, and a receiver may be called otherwise.
fn must_stand(pattern: &Pattern, id: NodeId) -> bool {
    let tree = &pattern.tree;
    let symbol = tree.symbol(id);
    if symbol == Symbol::SELF || symbol == Symbol::THIS {
        return false;
    }
    let mut child = id;
    for parent in tree.ancestors(id) {
        match tree.kind(parent) {
            Kind::Field if tree.child(parent, 0) == Some(child) && pattern.paths.contains_key(&parent) => {
                return false;
            }
            Kind::TypedMetavariable => return false,
            _ => {}
        }
        child = parent;
    }
    true
}
