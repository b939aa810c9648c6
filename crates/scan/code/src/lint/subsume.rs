//! Whether one pattern matches all that another one does.
//!
//! The narrower pattern is taken as code in which each hole is a name of its own, and the wider one is matched against it.
//! What cannot be told so (types of metavariables, `<... ...>`, a metavariable that would have to take an ellipsis) counts as
//! not covered.

use crate::facts::Facts;
use crate::language::{ELLIPSIS_NAME, Spec, parse};
use crate::matching::{Bound, ByKind, File, Matcher, Options};
use crate::pattern::{Pattern, as_code};
use crate::search::bound_range;
use crate::tree::Symbols;
use std::sync::Arc;

/// Patterns of one list, compared with each other.
pub(super) struct Comparison {
    spec: &'static Spec,
    patterns: Vec<Option<Pattern>>,
    frozen: Arc<crate::tree::Frozen>,
}

impl Comparison {
    /// Takes patterns as text. What cannot be compiled covers nothing.
    pub(super) fn new(texts: &[&str], spec: &'static Spec) -> Self {
        let mut symbols = Symbols::default();
        let patterns = texts.iter().map(|text| Pattern::compile(text, spec, &mut symbols).ok()).collect();
        Self { spec, patterns, frozen: symbols.freeze() }
    }

    /// Which patterns, by number, match all that `narrow` does at the same range; for each the metavariables that it shares
    /// with `narrow` mean the same.
    pub(super) fn covering(&self, narrow: &str) -> Vec<usize> {
        let Some(code) = as_code(narrow, self.spec) else { return Vec::new() };
        let mut symbols = Symbols::over(Arc::clone(&self.frozen));
        let Ok(tree) = parse(self.spec, code.source.as_bytes(), &mut symbols, || true) else {
            return Vec::new();
        };
        let facts = Facts::of(&tree, &mut symbols, self.spec);
        let by_kind = ByKind::new(&tree);
        let file = File {
            source: code.source.as_bytes(),
            tree: &tree,
            symbols: &symbols,
            facts: &facts,
            by_kind: &by_kind,
        };
        let text_of = |bound: &Bound| {
            let range = bound_range(&file, bound)?;
            code.source.get(range.start as usize..range.end as usize)
        };
        let mut out = Vec::new();
        for (number, pattern) in self.patterns.iter().enumerate() {
            let Some(pattern) = pattern else { continue };
            let options = Options { constant_propagation: false, ..Options::default() };
            let covers = Matcher::new(pattern, &file, options).find().matches.iter().any(|found| {
                let at = found.range.start as usize..found.range.end as usize;
                at == code.range
                    && found.bindings.iter().all(|(name, bound)| {
                        let Some(text) = text_of(bound) else { return matches!(bound, Bound::Nodes(_)) };
                        let name = symbols.text(name);
                        match code.holes.get(name) {
                            Some(own) => text == own,
                            // An ellipsis may stand for nothing, or for more than one.
                            None => matches!(bound, Bound::Nodes(_)) || !is_ellipsis(text),
                        }
                    })
            });
            if covers {
                out.push(number);
            }
        }
        out
    }

    /// The metavariables of a pattern.
    pub(super) fn metavariables(&self, number: usize) -> Vec<String> {
        let symbols = Symbols::over(Arc::clone(&self.frozen));
        let pattern = self.patterns.get(number).and_then(Option::as_ref);
        let names = pattern.into_iter().flat_map(|pattern| &pattern.metavariables);
        names.map(|name| symbols.text(*name).to_owned()).collect()
    }
}

fn is_ellipsis(text: &str) -> bool {
    text.contains(ELLIPSIS_NAME) && text.chars().all(|c| c.is_alphanumeric() || "_$@# .;:=".contains(c))
}
