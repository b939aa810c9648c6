//! JSON. Patterns are read as JavaScript, in which `$X` may stand for a value.

use super::{Compiled, Language, Lower, Lowerer, PatternSyntax, Spec, Traits, javascript};
use crate::tree::{Kind, NodeId, Symbol};
use Lower::{All, Fields, Fixed, Leaf, With};
use tree_sitter::Node;

pub(super) static SPEC: Spec = Spec {
    language: Language::Json,
    grammar: || tree_sitter_json::LANGUAGE.into(),
    lowering: &[&[
        ("document", All(Kind::Program)),
        ("object", All(Kind::Dict)),
        ("pair", Fields(Kind::Pair, &["key", "value"])),
        ("array", All(Kind::List)),
        ("string", Lower::String(Kind::String)),
        ("number", Leaf(Kind::Number)),
        ("true", Fixed(Kind::Bool, Symbol::TRUE)),
        ("false", Fixed(Kind::Bool, Symbol::FALSE)),
        ("null", Fixed(Kind::Null, Symbol::NULL)),
    ]],
    ignored_tokens: &[],
    pattern: PATTERN,
    traits: TRAITS,
    compiled: Compiled::new(),
};

/// How patterns are read.
pub(super) static PATTERNS: Spec = Spec {
    language: Language::Json,
    grammar: || tree_sitter_javascript::LANGUAGE.into(),
    lowering: &[javascript::COMMON, javascript::SCRIPT, &[("unary_expression", With(signed))]],
    ignored_tokens: &[],
    pattern: PATTERN,
    traits: TRAITS,
    compiled: Compiled::new(),
};

const PATTERN: PatternSyntax = PatternSyntax {
    contexts: &[("[", "]"), ("[{", "}]")],
    ellipsis: &["semgrep_ellipsis", "semgrep_ellipsis: semgrep_ellipsis"],
    metavariable: &["mv__"],
    dedent: false,
    own_ellipsis: false,
};

/// `-1` is one number.
fn signed(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let is_number = node.child_by_field_name("argument").is_some_and(|value| value.kind() == "number");
    if is_number { l.leaf(Kind::Number, node) } else { l.other(node) }
}

const TRAITS: Traits = Traits { receivers: &[], ..Traits::COMMON };

#[cfg(test)]
mod tests {
    use crate::language::{Language, parse};
    use crate::tree::Symbols;

    #[test]
    fn documents() {
        let mut symbols = Symbols::default();
        let spec = Language::Json.spec_for("a.json").unwrap();
        let source = r#"{"a": [1, "b\n", true, null], "c": {"d": -1.5e3}}"#;
        let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
        assert!(tree.errors.is_empty());
        assert_eq!(
            tree.to_sexp(tree.root, &symbols),
            "(Program (Dict (Pair (String \"a\") (List (Number \"1\") (String \"b\\\\n\") (Bool \"true\") (Null \"null\"))) (Pair \
             (String \"c\") (Dict (Pair (String \"d\") (Number \"-1.5e3\"))))))"
        );
    }

    #[test]
    fn broken_and_deep_source_ends() {
        let spec = Language::Json.spec_for("a.json").unwrap();
        for source in ["{\"a\": [", &"[".repeat(3000), "{a}"] {
            let mut symbols = Symbols::default();
            let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
            assert!(!tree.errors.is_empty() || tree.too_deep > 0, "{source}");
        }
    }
}
