//! Patterns: code with holes, as Semgrep's pattern syntax writes it.
//!
//! A pattern is source of the rule's language, with `$X`, `$...X`, `...`, `<... p ...>` and `($X : T)`. The grammars know
//! none of these, so [`Pattern::compile`] first writes names in their place, chooses what to put around the text until the
//! grammar reads it (`complete`), lowers the result like any source, and then turns those names into
//! [`Kind::Metavariable`] and the like (`holes`).
//!
//! Syntax: the documentation of Semgrep, "Pattern syntax".

mod complete;
mod guess;
mod holes;
mod text;

pub use text::{Piece, TextPattern};

use crate::language::{Language, Spec};
use crate::tree::{Kind, NewNode, NodeId, Symbol, Symbols, Tree};
use std::collections::HashMap;

/// Bytes of one pattern.
pub const MAX_LENGTH: usize = 64 * 1024;

/// A compiled pattern of one grammar.
#[derive(Debug)]
pub struct Pattern {
    /// Its nodes.
    pub tree: Tree,
    /// What it matches.
    pub root: Root,
    /// Of names and field chains without holes: the dotted text, which matches what imports explain.
    pub(crate) paths: HashMap<NodeId, Symbol, foldhash::fast::RandomState>,
    /// Of strings and names with holes in their text.
    pub(crate) texts: HashMap<NodeId, TextPattern, foldhash::fast::RandomState>,
    /// Text that a file must have as name or literal for the pattern to match.
    pub required: Vec<Symbol>,
    /// The metavariables that it binds, sorted.
    pub metavariables: Vec<Symbol>,
    /// The language that it is written in.
    pub(crate) language: Language,
}

/// What a pattern matches.
#[derive(Debug)]
pub enum Root {
    /// One construct.
    Node(NodeId),
    /// Statements that follow each other.
    Statements(Vec<NodeId>),
}

/// Why a pattern cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PatternError {
    /// Nothing but white space.
    #[error("the pattern is empty")]
    Empty,
    /// More than [`MAX_LENGTH`].
    #[error("the pattern is longer than {MAX_LENGTH} bytes")]
    TooLong,
    /// No way of completing it made the grammar read it.
    #[error("the pattern is no {language}: `{near}` cannot be read")]
    Syntax {
        /// The language.
        language: &'static str,
        /// The text at which reading stopped, cut short.
        near: String,
    },
}

/// A pattern as code of its language, with a name for each metavariable.
pub(crate) struct PatternCode {
    /// The code, with what the grammar needs around it.
    pub(crate) source: String,
    /// Where the pattern is in it.
    pub(crate) range: std::ops::Range<usize>,
    /// Metavariables, with their `$`, and the names that stand for them.
    pub(crate) holes: HashMap<String, String>,
}

/// Writes a pattern as code; `None` where it cannot be read, or where it asks for types or for what is anywhere within.
pub(crate) fn as_code(text: &str, spec: &'static Spec) -> Option<PatternCode> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    let completed = complete::complete(text, spec).ok()?;
    if !completed.typed.is_empty() || completed.source.contains(complete::DEEP_NAME) {
        return None;
    }
    let inside = completed.source.get(completed.range.clone())?;
    let start = completed.range.start + (inside.len() - inside.trim_start().len());
    let range = start..start + inside.trim().len();
    let mut holes = HashMap::new();
    for word in completed.source.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '$') {
        if let Some(name) = complete::metavariable_of(word, spec) {
            holes.insert(name, word.to_owned());
        }
    }
    Some(PatternCode { source: completed.source, range, holes })
}

impl Pattern {
    /// Compiles pattern text for one grammar.
    ///
    /// # Errors
    /// See [`PatternError`].
    pub fn compile(text: &str, spec: &'static Spec, symbols: &mut Symbols) -> Result<Self, PatternError> {
        if text.len() > MAX_LENGTH {
            return Err(PatternError::TooLong);
        }
        if text.trim().is_empty() {
            return Err(PatternError::Empty);
        }
        let spec = spec.for_patterns();
        match complete::complete(text, spec) {
            Ok(completed) => Ok(holes::finish(&completed, spec, symbols)),
            // Elements are read by one of TypeScript's grammars only.
            Err(error) if spec.language == Language::TypeScript => {
                let elements = Language::TypeScript.spec_for("a.tsx").ok_or(error.clone())?;
                complete::complete(text, elements).map_err(|_| error)?;
                Ok(Self::never())
            }
            // A rule for JavaScript and TypeScript may ask for what only the latter has: it never matches the former.
            Err(error) if spec.language == Language::JavaScript => {
                let typed = Language::TypeScript.spec_for("a.tsx").ok_or(error.clone())?;
                complete::complete(text, typed).map_err(|_| error)?;
                Ok(Self::never())
            }
            Err(error) => Err(error),
        }
    }

    /// A pattern that matches nothing.
    fn never() -> Self {
        let mut tree = Tree::default();
        let error = NewNode { kind: Kind::Error, raw: 0, symbol: Symbol::EMPTY, start: 0, end: 0 };
        let root = tree.add(error, &[]);
        Self {
            tree,
            root: Root::Node(root),
            paths: HashMap::default(),
            texts: HashMap::default(),
            required: Vec::new(),
            metavariables: Vec::new(),
            language: Language::JavaScript,
        }
    }

    /// The nodes at the top.
    pub fn roots(&self) -> &[NodeId] {
        match &self.root {
            Root::Node(id) => std::slice::from_ref(id),
            Root::Statements(list) => list,
        }
    }

    /// The kinds of node that a single root can match; `None`: any.
    pub fn target_kinds(&self) -> Option<Vec<Kind>> {
        let Root::Node(root) = self.root else { return Some(vec![Kind::Block, Kind::Program]) };
        let kinds = match self.tree.kind(root) {
            Kind::Metavariable
            | Kind::MetavariableEllipsis
            | Kind::Ellipsis
            | Kind::Deep
            | Kind::TypedMetavariable => {
                return None;
            }
            // What imports explain may be written as a name or as a field.
            Kind::Field | Kind::Name => vec![Kind::Field, Kind::Name],
            Kind::Assign => vec![Kind::Assign, Kind::VariableDefinition, Kind::AugmentedAssign],
            Kind::AugmentedAssign => vec![Kind::AugmentedAssign, Kind::Assign],
            Kind::VariableDefinition if self.language == Language::Hcl => {
                vec![Kind::VariableDefinition, Kind::Pair]
            }
            Kind::Dict if self.language == Language::Hcl => vec![Kind::Dict, Kind::Block],
            Kind::VariableDefinition => vec![Kind::VariableDefinition, Kind::Assign],
            Kind::ExpressionStatement => {
                vec![Kind::ExpressionStatement, Kind::VariableDefinition, Kind::Return]
            }
            Kind::For => vec![Kind::For, Kind::ForEach],
            Kind::While => vec![Kind::While, Kind::For, Kind::ForEach],
            Kind::Lambda => vec![Kind::Lambda, Kind::Function],
            Kind::Function => vec![Kind::Function, Kind::Lambda],
            Kind::Import | Kind::ImportFrom => vec![Kind::Import, Kind::ImportFrom],
            Kind::Dict => vec![Kind::Dict, Kind::Set, Kind::Comprehension],
            Kind::List => vec![Kind::List, Kind::Comprehension],
            // Constants may stand in the place of literals.
            kind if kind.is_literal() => return Some(literal_places(kind)),
            Kind::Template => vec![Kind::Template, Kind::String],
            kind => vec![kind],
        };
        Some(kinds)
    }
}

fn literal_places(kind: Kind) -> Vec<Kind> {
    let mut kinds = vec![kind, Kind::Name, Kind::Field, Kind::Binary, Kind::Template, Kind::Ternary];
    if kind == Kind::String {
        kinds.extend([Kind::StringPart, Kind::Char, Kind::Atom, Kind::Call]);
    }
    kinds
}
