//! The languages: how each is recognised, parsed and lowered to the generic tree.
//!
//! A language is one file with one [`Spec`]: its grammar, a table that says what each grammar rule becomes, and how a
//! pattern that is no whole program is completed. The table is data; what does not fit it is a function.

mod errors;
mod lower;
mod registry;

mod bash;
mod c;
mod csharp;
mod dockerfile;
mod go;
mod hcl;
mod html;
mod java;
mod javascript;
mod json;
mod kotlin;
mod markup;
mod php;
mod python;
mod ruby;
mod rust;
#[cfg(test)]
mod sample;
mod scala;
mod solidity;
mod swift;
mod tail;
mod xml;
mod yaml;

pub use lower::{Lower, Lowerer};
pub use registry::{Compiled, Language};

use crate::tree::{Symbols, Tree};
use std::borrow::Cow;

/// What there is to know of one grammar.
pub struct Spec {
    /// The language that the grammar is for.
    pub language: Language,
    /// The grammar.
    pub grammar: fn() -> tree_sitter::Language,
    /// What becomes of grammar rules, by name. What is not listed becomes [`Kind::Other`](crate::tree::Kind::Other).
    /// Several tables where dialects share one.
    pub lowering: &'static [&'static [(&'static str, Lower)]],
    /// Anonymous tokens without meaning for a match, beyond brackets and separators.
    pub ignored_tokens: &'static [&'static str],
    /// How a pattern in this language is made to parse.
    pub pattern: PatternSyntax,
    /// What dataflow and name resolution need to know.
    pub traits: Traits,
    /// What is made of the above once.
    pub compiled: Compiled,
}

impl std::fmt::Debug for Spec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Spec").field(&self.language).finish()
    }
}

impl Spec {
    /// The grammar that patterns are written in: for most languages their own.
    pub fn for_patterns(&'static self) -> &'static Self {
        match self.language {
            Language::Json => &json::PATTERNS,
            _ => self,
        }
    }
}

/// How pattern text becomes text that the grammar reads.
pub struct PatternSyntax {
    /// Text put around a pattern, tried in order until one parses. `("", "")` should come first where a pattern may be a
    /// whole file.
    pub contexts: &'static [(&'static str, &'static str)],
    /// What stands for `...`, tried in order at each place. `#` is replaced by a number; each contains
    /// [`ELLIPSIS_NAME`].
    pub ellipsis: &'static [&'static str],
    /// What stands for `$X`, tried in order: a prefix that makes a name of it. Each ends with [`METAVARIABLE_MARK`].
    pub metavariable: &'static [&'static str],
    /// Whether a pattern is indented text whose margin has to go.
    pub dedent: bool,
    /// Whether `...` directly before or after a name is the language's own (spread, variadic) and stays.
    pub own_ellipsis: bool,
}

/// The name that stands for `...` while a pattern is parsed.
pub const ELLIPSIS_NAME: &str = "semgrep_ellipsis";
/// Ends the prefix of the name that stands for a metavariable while a pattern is parsed.
pub const METAVARIABLE_MARK: &str = "mv__";

/// Facts of a language that matching and dataflow ask for.
#[derive(Clone, Copy, Debug)]
pub struct Traits {
    /// Assignment to a name declares it (Python, Ruby, PHP, Bash).
    pub assignment_declares: bool,
    /// Names of the receiver within a method.
    pub receivers: &'static [&'static str],
    /// The receiver is the first parameter (Python, Rust `self`).
    pub explicit_receiver: bool,
    /// Names compare without regard to case (PHP functions).
    pub case_insensitive_names: bool,
    /// Suffixes of test files, such as `_test.go`.
    pub test_suffixes: &'static [&'static str],
    /// What separates the parts of a qualified name in source: `.`, `::`, `\`.
    pub separator: &'static str,
}

impl Traits {
    /// Most languages.
    pub const COMMON: Self = Self {
        assignment_declares: false,
        receivers: &["this"],
        explicit_receiver: false,
        case_insensitive_names: false,
        test_suffixes: &[],
        separator: ".",
    };
}

/// Why there is no tree.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// Offsets are 32 bits.
    #[error("longer than 4 GiB")]
    TooLong,
    /// The grammar refused to work, or its time was up.
    #[error("the parser gave up")]
    GaveUp,
}

/// The source as the grammar is given it: byte for byte as long as it is.
pub(crate) fn readable<'s>(spec: &Spec, source: &'s [u8]) -> Cow<'s, [u8]> {
    match spec.language {
        Language::Kotlin => Cow::Owned(kotlin::readable(source)),
        _ => Cow::Borrowed(source),
    }
}

/// How many names of a tree are words that cannot be names: a grammar may take `(a) fun f()` for a call of `fun`.
pub(crate) fn misread(spec: &Spec, source: &[u8], tree: &tree_sitter::Tree) -> u32 {
    let words: &[&str] = match spec.language {
        Language::Kotlin => &[
            "class",
            "fun",
            "object",
            "interface",
            "val",
            "var",
            "if",
            "else",
            "for",
            "while",
            "try",
            "when",
            "return",
            "throw",
            "package",
            "typealias",
        ],
        Language::Scala => &[
            "class", "def", "object", "trait", "val", "var", "if", "else", "for", "while", "try", "catch",
            "return", "throw", "package", "import",
        ],
        Language::Solidity => &[
            "return",
            "constructor",
            "emit",
            "delete",
            "new",
            "if",
            "else",
            "for",
            "while",
            "do",
            "try",
            "catch",
            "modifier",
            "event",
            "struct",
            "enum",
            "contract",
            "function",
            "import",
            "using",
        ],
        Language::Swift => &[
            "class", "func", "struct", "enum", "protocol", "let", "var", "if", "else", "for", "while", "do",
            "catch", "return", "throw", "guard", "switch", "import", "break", "continue",
        ],
        _ => return 0,
    };
    let mut count = 0;
    let mut stack = vec![tree.root_node()];
    while let Some(node) = stack.pop() {
        if matches!(node.kind(), "identifier" | "simple_identifier") {
            let text = source.get(node.byte_range()).unwrap_or_default();
            count += u32::from(words.iter().any(|word| word.as_bytes() == text));
        }
        let mut cursor = node.walk();
        stack.extend(node.named_children(&mut cursor));
    }
    count
}

/// Parses `source` and lowers it.
///
/// # Errors
/// See [`ParseError`]. Source with mistakes is no error: see [`Tree::errors`].
pub fn parse(
    spec: &'static Spec,
    source: &[u8],
    symbols: &mut Symbols,
    mut proceed: impl FnMut() -> bool,
) -> Result<Tree, ParseError> {
    if u32::try_from(source.len()).is_err() {
        return Err(ParseError::TooLong);
    }
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&registry::table(spec).language).map_err(|_| ParseError::GaveUp)?;
    if matches!(spec.language, Language::C | Language::Cpp) {
        let ranges = c::read_ranges(source, spec.language == Language::C);
        parser.set_included_ranges(&ranges).map_err(|_| ParseError::GaveUp)?;
    }
    let mut stop = |_: &tree_sitter::ParseState| {
        if proceed() { std::ops::ControlFlow::Continue(()) } else { std::ops::ControlFlow::Break(()) }
    };
    let readable = readable(spec, source);
    let mut read = |offset: usize, _| readable.get(offset..).unwrap_or_default();
    let options = tree_sitter::ParseOptions::new().progress_callback(&mut stop);
    let parsed = parser.parse_with_options(&mut read, None, Some(options)).ok_or(ParseError::GaveUp)?;
    Ok(lower::lower(spec, source, &parsed, symbols))
}
