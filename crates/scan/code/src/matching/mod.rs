//! Matches patterns against a file's tree.
//!
//! [`Matcher::find`] gives all ways in which a pattern matches. The heart, `Matcher::node`, is written with continuations:
//! a step that can succeed in several ways calls what is left to do for each, so that `...` backtracks without copying
//! bindings. The work of one pattern on one file is bounded; what is cut off is reported.

mod bindings;
mod equal;
mod list;
mod node;
mod statement;

pub use bindings::{Bindings, Bound};
pub use equal::{bound_text, same, same_bound};
pub use node::is_type;

use crate::facts::Facts;
use crate::language::Language;
use crate::pattern::{Pattern, Root};
use crate::tree::{Kind, NodeId, Symbol, Symbols, Tree};
use std::cell::Cell;
use std::ops::Range;

/// Steps that one pattern may take in one file.
const MAX_STEPS: u64 = 4_000_000;
/// Matches of one pattern in one file.
const MAX_MATCHES: usize = 100_000;

/// A file as matching sees it.
pub struct File<'a> {
    /// Its source.
    pub source: &'a [u8],
    /// Its tree.
    pub tree: &'a Tree,
    /// Its text by number.
    pub symbols: &'a Symbols,
    /// What its names mean.
    pub facts: &'a Facts,
    /// Nodes by kind, in order of the source.
    pub by_kind: &'a ByKind,
}

/// The nodes of a tree by kind.
#[derive(Debug)]
pub struct ByKind {
    lists: Vec<Vec<NodeId>>,
}

impl ByKind {
    /// Sorts the nodes of `tree`.
    pub fn new(tree: &Tree) -> Self {
        let mut lists = vec![Vec::new(); Kind::COUNT];
        for id in tree.ids() {
            lists[tree.kind(id) as usize].push(id);
        }
        Self { lists }
    }

    /// Nodes of one kind.
    pub fn of(&self, kind: Kind) -> &[NodeId] {
        &self.lists[kind as usize]
    }
}

/// Which equivalences hold; see the rule option of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Options {
    /// Names with a constant value match its literal.
    pub constant_propagation: bool,
    /// A definition with a value matches an assignment pattern.
    pub vardef_assign: bool,
    /// `&&`, `||` and bit operators match in any grouping.
    pub ac_matching: bool,
    /// `&&` and `||` match in any order.
    pub commutative_boolop: bool,
    /// Expression statements of a pattern match within the statement's expression.
    pub implicit_deep_exprstmt: bool,
    /// An anonymous function assigned to a name matches a function pattern.
    pub arrow_is_function: bool,
    /// `let` matches `var`.
    pub let_is_var: bool,
    /// Decorators match as expressions do, in JavaScript also what is written as `x.y` alone.
    pub attr_expr: bool,
    /// Names with a known expression match it.
    pub symbolic_propagation: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            constant_propagation: true,
            vardef_assign: true,
            ac_matching: true,
            commutative_boolop: false,
            implicit_deep_exprstmt: true,
            arrow_is_function: true,
            let_is_var: true,
            attr_expr: true,
            symbolic_propagation: false,
        }
    }
}

/// One way in which a pattern matches.
#[derive(Clone, Debug)]
pub struct Match {
    /// Bytes of the source.
    pub range: Range<u32>,
    /// The construct; the first of several statements.
    pub node: NodeId,
    /// What the metavariables took.
    pub bindings: Bindings,
}

/// All matches of a pattern.
#[derive(Debug, Default)]
pub struct Found {
    /// In order of the tree.
    pub matches: Vec<Match>,
    /// A bound was hit: there may be more.
    pub cut: bool,
}

/// Matches one pattern in one file.
pub struct Matcher<'a> {
    pub(crate) pattern: &'a Pattern,
    pub(crate) file: &'a File<'a>,
    pub(crate) options: Options,
    steps: Cell<u64>,
}

/// What is left to do; `true` ends the search.
pub(crate) type Rest<'r> = &'r mut dyn FnMut(&mut Bindings) -> bool;

impl<'a> Matcher<'a> {
    /// A matcher.
    pub fn new(pattern: &'a Pattern, file: &'a File<'a>, options: Options) -> Self {
        Self { pattern, file, options, steps: Cell::new(0) }
    }

    /// All matches, each with its bindings; equal ones once.
    pub fn find(&self) -> Found {
        let mut found = Found::default();
        match &self.pattern.root {
            Root::Node(root) => self.find_node(*root, &mut found),
            Root::Statements(list) => self.find_statements(list, &mut found),
        }
        found.cut |= self.spent();
        found
    }

    /// Whether the pattern matches exactly the node, with `bindings` already made; all ways to do so.
    pub fn matches_at(&self, node: NodeId, bindings: &Bindings) -> Vec<Bindings> {
        let mut found = Vec::new();
        let mut bindings = bindings.clone();
        if let Root::Node(root) = self.pattern.root {
            self.node(root, node, &mut bindings, &mut |bindings| {
                found.push(bindings.clone());
                found.len() >= 16
            });
        }
        found
    }

    fn find_node(&self, root: NodeId, found: &mut Found) {
        let lists: Vec<&[NodeId]> = match self.pattern.target_kinds() {
            Some(kinds) => {
                let mut kinds = kinds;
                if self.options.symbolic_propagation {
                    kinds.push(Kind::Name);
                }
                kinds.sort_unstable();
                kinds.dedup();
                kinds.into_iter().map(|kind| self.file.by_kind.of(kind)).collect()
            }
            None => self.file.by_kind.lists.iter().map(Vec::as_slice).collect(),
        };
        for id in lists.into_iter().flatten() {
            if !self.is_construct(root, *id) {
                continue;
            }
            self.collect(*id, root, found);
            if found.matches.len() >= MAX_MATCHES || self.spent() {
                found.cut = true;
                return;
            }
        }
    }

    fn collect(&self, id: NodeId, root: NodeId, found: &mut Found) {
        let first = found.matches.len();
        let mut bindings = Bindings::default();
        self.node(root, id, &mut bindings, &mut |bindings| {
            let known = found.matches[first..].iter().any(|known| known.bindings.equal(bindings));
            if !known {
                found.matches.push(Match {
                    range: self.extent(root, id),
                    node: id,
                    bindings: bindings.clone(),
                });
            }
            found.matches.len() - first >= 64
        });
    }

    /// What of a construct the pattern speaks of: of a declaration that it knows as an assignment, not the words before.
    fn extent(&self, root: NodeId, id: NodeId) -> Range<u32> {
        let tree = self.file.tree;
        let node = tree.node(id);
        if node.kind == Kind::VariableDefinition
            && matches!(self.pattern.language, Language::Kotlin | Language::Scala | Language::Swift)
            && self.pattern.tree.kind(root) == Kind::Assign
            && let Some(target) = tree.present(id, 2)
        {
            return tree.node(target).start..node.end;
        }
        if node.kind == Kind::VariableDefinition
            && matches!(self.pattern.language, Language::JavaScript | Language::TypeScript | Language::Java)
        {
            let parts = tree.children(id);
            let said = |part: &&NodeId| {
                tree.kind(**part) != Kind::Missing && tree.node(**part).start < tree.node(**part).end
            };
            let from =
                if self.pattern.tree.kind(root) == Kind::Assign { parts.get(2..) } else { Some(parts) };
            let start = from.unwrap_or_default().iter().filter(said).map(|part| tree.node(*part).start).min();
            return start.unwrap_or(node.start)..node.end;
        }
        node.start..node.end
    }

    /// Whether a node can be a match by itself: not a slot, a list or a piece that no pattern can mean.
    fn is_construct(&self, root: NodeId, id: NodeId) -> bool {
        let any = matches!(
            self.pattern.tree.kind(root),
            Kind::Metavariable
                | Kind::Ellipsis
                | Kind::Deep
                | Kind::TypedMetavariable
                | Kind::MetavariableEllipsis
        );
        if !any {
            // A chain of `&&` is one expression.
            let tree = self.file.tree;
            let chained = |parent: NodeId| {
                tree.kind(parent) == Kind::Binary
                    && tree.symbol(parent) == tree.symbol(id)
                    && matches!(tree.symbol(id), Symbol::AND | Symbol::OR)
            };
            return !(tree.kind(id) == Kind::Binary && tree.parent(id).is_some_and(chained));
        }
        !matches!(
            self.file.tree.kind(id),
            Kind::Missing
                | Kind::Arguments
                | Kind::Parameters
                | Kind::Modifiers
                | Kind::Supers
                | Kind::Token
                | Kind::Error
                | Kind::Program
                | Kind::Comment
                | Kind::StringPart
        )
    }

    fn find_statements(&self, list: &[NodeId], found: &mut Found) {
        for kind in [Kind::Block, Kind::Program] {
            for block in self.file.by_kind.of(kind) {
                let statements = self.statements_of(*block);
                for start in 0..statements.len() {
                    self.collect_statements(list, &statements[start..], found);
                    if found.matches.len() >= MAX_MATCHES || self.spent() {
                        found.cut = true;
                        return;
                    }
                }
            }
        }
    }

    fn collect_statements(&self, list: &[NodeId], statements: &[NodeId], found: &mut Found) {
        let Some(first) = statements.first() else { return };
        let before = found.matches.len();
        let mut bindings = Bindings::default();
        let tree = self.file.tree;
        self.sequence(list, statements, &mut bindings, &mut |bindings, end| {
            let range = tree.node(*first).start..end.max(tree.node(*first).end);
            let known = found.matches[before..]
                .iter()
                .any(|known| known.range == range && known.bindings.equal(bindings));
            if !known {
                found.matches.push(Match { range, node: *first, bindings: bindings.clone() });
            }
            found.matches.len() - before >= 64
        });
    }

    /// Counts a step; whether the budget still holds.
    pub(crate) fn step(&self) -> bool {
        self.steps.set(self.steps.get() + 1);
        !self.spent()
    }

    pub(crate) fn spent(&self) -> bool {
        self.steps.get() > MAX_STEPS
    }

    /// The text of a symbol of the pattern or the file.
    pub(crate) fn text(&self, symbol: Symbol) -> &'a str {
        self.file.symbols.text(symbol)
    }
}
