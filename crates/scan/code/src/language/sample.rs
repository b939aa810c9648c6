//! Sources and patterns as text, for the tests of lowerings.

use super::{Language, parse};
use crate::pattern::Pattern;
use crate::tree::Symbols;

/// The tree of a source that has no mistakes.
pub(crate) fn sexp(language: Language, file: &str, source: &str) -> String {
    let mut symbols = Symbols::default();
    let spec = language.spec_for(file).unwrap();
    let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
    assert!(tree.errors.is_empty(), "{source}");
    tree.to_sexp(tree.root, &symbols)
}

/// The trees of a pattern's roots.
pub(crate) fn pattern(language: Language, file: &str, text: &str) -> String {
    let mut symbols = Symbols::default();
    let spec = language.spec_for(file).unwrap();
    let pattern = Pattern::compile(text, spec, &mut symbols).unwrap();
    let roots = pattern.roots().iter().map(|root| pattern.tree.to_sexp(*root, &symbols));
    roots.collect::<Vec<_>>().join(" ")
}
