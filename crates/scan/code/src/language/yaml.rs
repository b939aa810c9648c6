//! YAML. A mapping is a [`Kind::Dict`], a sequence a [`Kind::List`]; anchors and tags are left out.

use super::{
    Compiled, ELLIPSIS_NAME, Language, Lower, Lowerer, METAVARIABLE_MARK, PatternSyntax, Spec, Traits,
};
use crate::tree::{Kind, NodeId, Symbol};
use Lower::{All, Fields, Fixed, Inner, Leaf, With};
use tree_sitter::Node;

pub(super) static SPEC: Spec = Spec {
    language: Language::Yaml,
    grammar: || tree_sitter_yaml::LANGUAGE.into(),
    lowering: &[&[
        ("stream", With(stream)),
        ("block_node", With(node)),
        ("flow_node", With(node)),
        ("block_mapping", With(mapping)),
        ("flow_mapping", All(Kind::Dict)),
        ("block_mapping_pair", With(pair)),
        ("flow_pair", Fields(Kind::Pair, &["key", "value"])),
        ("block_sequence", With(sequence)),
        ("flow_sequence", All(Kind::List)),
        ("block_sequence_item", With(item)),
        ("plain_scalar", Inner),
        ("string_scalar", With(text)),
        ("timestamp_scalar", Leaf(Kind::String)),
        ("double_quote_scalar", With(quoted)),
        ("single_quote_scalar", With(quoted)),
        ("block_scalar", With(block_scalar)),
        ("integer_scalar", Leaf(Kind::Number)),
        ("float_scalar", Leaf(Kind::Number)),
        ("boolean_scalar", With(boolean)),
        ("null_scalar", Fixed(Kind::Null, Symbol::NULL)),
        ("alias", Leaf(Kind::Name)),
    ]],
    ignored_tokens: &["-", "?", ":", "---", "...", "|", ">"],
    pattern: PatternSyntax {
        contexts: &[("", "")],
        ellipsis: &["semgrep_ellipsis", "semgrep_ellipsis: semgrep_ellipsis", "- semgrep_ellipsis"],
        metavariable: &["mv__"],
        dedent: true,
        own_ellipsis: false,
    },
    traits: Traits { receivers: &[], ..Traits::COMMON },
    compiled: Compiled::new(),
};

/// The values of all documents.
fn stream(l: &mut Lowerer<'_>, root: Node<'_>) -> NodeId {
    let mut children = Vec::new();
    for document in l.named(root) {
        for value in l.named(document) {
            if value.kind().ends_with("_node") {
                children.push(l.lower(value));
            } else if value.is_error() {
                l.lower(value);
            }
        }
    }
    l.make(Kind::Program, root, Symbol::EMPTY, &children)
}

/// A value without its anchor and tag. Collections end where their last entry does, not at the line's end.
fn node(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let value = l.named(node).into_iter().find(|child| !matches!(child.kind(), "anchor" | "tag"));
    match value {
        Some(value) => l.lower(value),
        None => l.make(Kind::Null, node, Symbol::NULL, &[]),
    }
}

/// Lines of entries, which end with the last of them: the grammar counts empty lines behind them too.
fn lines(l: &mut Lowerer<'_>, node: Node<'_>, kind: Kind, children: &[NodeId]) -> NodeId {
    let last = children.iter().rfind(|child| l.tree().kind(**child) != Kind::Missing);
    let end = last.map_or(node.end_byte(), |last| l.tree().range(*last).end);
    l.make_at(kind, node.kind_id(), node.start_byte()..end.max(node.start_byte()), Symbol::EMPTY, children)
}

fn mapping(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    lines(l, node, Kind::Dict, &children)
}

fn sequence(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    lines(l, node, Kind::List, &children)
}

fn pair(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "key"), l.field(node, "value")];
    if l.tree().kind(children[1]) == Kind::Missing {
        return l.make(Kind::Pair, node, Symbol::EMPTY, &children);
    }
    lines(l, node, Kind::Pair, &children)
}

fn item(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    match l.named(node).first() {
        Some(value) => l.lower(*value),
        None => l.make(Kind::Null, node, Symbol::NULL, &[]),
    }
}

/// Plain text; in a pattern it may be a hole, which stands for any value.
fn text(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let text = l.text(node);
    let hole = text.starts_with(METAVARIABLE_MARK) || text.starts_with(ELLIPSIS_NAME);
    l.leaf(if hole { Kind::Name } else { Kind::String }, node)
}

fn quoted(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let range = l.inside_quotes(node);
    let text = l.slice(range.start, range.end).into_owned();
    l.leaf_of(Kind::String, node, &text)
}

/// The lines behind `|` or `>`, without their margin.
fn block_scalar(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let text = l.text(node).into_owned();
    let lines: Vec<&str> = text.lines().skip(1).collect();
    let filled = lines.iter().filter(|line| !line.trim().is_empty());
    let margin = filled.map(|line| line.len() - line.trim_start_matches(' ').len()).min().unwrap_or(0);
    let lines: Vec<&str> = lines.iter().map(|line| line.get(margin..).unwrap_or_default()).collect();
    // Empty lines behind it are no part of what is shown as the text.
    let range = node.start_byte()..node.start_byte() + l.text(node).trim_end().len();
    let symbol = l.intern(&lines.join("\n"));
    l.make_at(Kind::String, node.kind_id(), range, symbol, &[])
}

fn boolean(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let is_true = l.text(node).eq_ignore_ascii_case("true");
    l.make(Kind::Bool, node, if is_true { Symbol::TRUE } else { Symbol::FALSE }, &[])
}

#[cfg(test)]
mod tests {
    use crate::language::{Language, parse};
    use crate::tree::Symbols;

    #[test]
    fn documents() {
        let source = "a: &x 1\nb: [y, \"z\", !t {c: true}]\nd:\n  - e: |\n      f\n      g\n---\nh: *x\ni:\n";
        let mut symbols = Symbols::default();
        let spec = Language::Yaml.spec_for("a.yaml").unwrap();
        let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
        assert!(tree.errors.is_empty());
        assert_eq!(
            tree.to_sexp(tree.root, &symbols),
            "(Program (Dict (Pair (String \"a\") (Number \"1\")) (Pair (String \"b\") (List (String \"y\") (String \"z\") (Dict \
             (Pair (String \"c\") (Bool \"true\"))))) (Pair (String \"d\") (List (Dict (Pair (String \"e\") (String \
             \"f\\ng\")))))) (Dict (Pair (String \"h\") (Name \"*x\")) (Pair (String \"i\") _)))"
        );
    }

    #[test]
    fn broken_and_deep_source_ends() {
        let spec = Language::Yaml.spec_for("a.yaml").unwrap();
        for source in ["a: [", &"[".repeat(3000), "a: b: c: {", "\t- x"] {
            let mut symbols = Symbols::default();
            let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
            assert!(!tree.errors.is_empty() || tree.too_deep > 0, "{source}");
        }
    }
}
