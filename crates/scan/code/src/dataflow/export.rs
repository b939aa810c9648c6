//! Names by which other files know functions, and by which this file calls theirs.

use crate::facts::Facts;
use crate::language::{Language, Spec};
use crate::tree::{Kind, NodeId, Symbols, Tree};

/// The qualified names that a call may mean, most specific first; empty where it can mean nothing of another file.
pub(super) fn candidates(
    tree: &Tree,
    symbols: &Symbols,
    facts: &Facts,
    spec: &Spec,
    call: NodeId,
) -> Vec<String> {
    let Some(callee) = tree.child(call, 0) else { return Vec::new() };
    if let Some(path) = facts.qualified.get(&callee) {
        return vec![symbols.text(*path).to_owned()];
    }
    if facts.definitions.contains_key(&callee) {
        return Vec::new();
    }
    // Names of the same package or program need no import.
    let shares_names = !matches!(
        spec.language,
        Language::Python | Language::JavaScript | Language::TypeScript | Language::Rust
    );
    match tree.kind(callee) {
        Kind::Field => {
            let (Some(object), Some(name)) = (tree.child(callee, 0), tree.child(callee, 1)) else {
                return Vec::new();
            };
            let name = symbols.text(tree.symbol(name));
            if let Some(type_) = facts.types.get(&object) {
                return vec![format!("{}.{name}", symbols.text(*type_))];
            }
            let is_class = shares_names
                && tree.kind(object) == Kind::Name
                && !facts.definitions.contains_key(&object)
                && symbols.text(tree.symbol(object)).starts_with(char::is_uppercase);
            if is_class { vec![format!("{}.{name}", symbols.text(tree.symbol(object)))] } else { Vec::new() }
        }
        Kind::Name if shares_names => vec![symbols.text(tree.symbol(callee)).to_owned()],
        Kind::GenericType => match facts.types.get(&call) {
            Some(type_) => vec![symbols.text(*type_).to_owned()],
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}
