//! HCL, the language of Terraform.
//!
//! A block is its keyword, its labels and a [`Kind::Block`], matched by the grammar's rule; an attribute is a definition.

use super::{Compiled, Language, Lower, Lowerer, PatternSyntax, Spec, Traits};
use crate::tree::{Kind, NodeId, Symbol};
use Lower::{All, Fixed, Inner, Leaf, With};
use tree_sitter::Node;

pub(super) static SPEC: Spec = Spec {
    language: Language::Hcl,
    grammar: || tree_sitter_hcl::LANGUAGE.into(),
    lowering: &[&[
        ("config_file", With(file)),
        ("body", All(Kind::Block)),
        ("block", With(block)),
        ("attribute", With(attribute)),
        ("identifier", Leaf(Kind::Name)),
        ("variable_expr", Inner),
        ("literal_value", Inner),
        ("collection_value", Inner),
        ("template_expr", Inner),
        ("operation", With(whole_operation)),
        ("expression", With(expression)),
        ("numeric_lit", Leaf(Kind::Number)),
        ("bool_lit", With(boolean)),
        ("null_lit", Fixed(Kind::Null, Symbol::NULL)),
        ("string_lit", With(template)),
        ("quoted_template", With(template)),
        ("heredoc_template", With(template)),
        ("tuple", With(tuple)),
        ("object", With(object)),
        ("object_elem", Lower::Fields(Kind::Pair, &["key", "val"])),
        ("function_call", With(call)),
        ("function_arguments", All(Kind::Arguments)),
        ("conditional", All(Kind::Ternary)),
    ]],
    ignored_tokens: &[],
    pattern: PatternSyntax {
        contexts: &[("", ""), ("semgrep_w = ", ""), ("semgrep_w {\n", "\n}")],
        ellipsis: &["semgrep_ellipsis", "semgrep_ellipsis = semgrep_ellipsis\n"],
        metavariable: &["mv__"],
        dedent: false,
        own_ellipsis: true,
    },
    traits: Traits { receivers: &[], ..Traits::COMMON },
    compiled: Compiled::new(),
};

fn file(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = match l.named(node).as_slice() {
        [body] if body.kind() == "body" => l.lower_named(*body),
        parts => l.lower_list(parts),
    };
    l.make(Kind::Program, node, Symbol::EMPTY, &children)
}

fn block(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = Vec::new();
    let mut body = None;
    for child in l.named(node) {
        match child.kind() {
            "block_start" | "block_end" => {}
            "body" => body = Some(l.lower(child)),
            _ => children.push(l.lower(child)),
        }
    }
    let start = l.child_of_kind(node, "block_start").map_or(node.end_byte(), |start| start.start_byte());
    let statements = body.map(|body| l.tree().children(body).to_vec()).unwrap_or_default();
    if let Some(body) = body {
        l.discard(body);
    }
    children.push(l.make_at(Kind::Block, 0, start..node.end_byte(), Symbol::EMPTY, &statements));
    l.make(Kind::Other, node, Symbol::EMPTY, &children)
}

fn attribute(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = l.empty(Kind::Modifiers, node);
    let type_ = l.missing(node);
    match l.named(node).as_slice() {
        [name, value, ..] => {
            let children = [words, type_, l.lower(*name), l.lower(*value)];
            l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &children)
        }
        _ => l.other(node),
    }
}

/// A value and what is read from it: `a.b[0].*.c`.
fn chain(l: &mut Lowerer<'_>, parts: &[Node<'_>], node: Node<'_>) -> NodeId {
    let Some((first, rest)) = parts.split_first() else { return l.missing(node) };
    if first.kind() == "operation" && !rest.is_empty() {
        return operation(l, *first, rest);
    }
    let mut value = l.lower(*first);
    for part in rest {
        let range = first.start_byte()..part.end_byte();
        let inner = l.named(*part);
        value = match (part.kind(), inner.as_slice()) {
            ("get_attr", [name]) => {
                let name = l.lower(*name);
                l.make_at(Kind::Field, 0, range, Symbol::EMPTY, &[value, name])
            }
            ("index", [index]) => {
                let mut children = vec![value];
                match index.kind() {
                    "legacy_index" => children.push(l.leaf(Kind::Number, *index)),
                    _ => children.extend(l.lower_named(*index)),
                }
                l.make_at(Kind::Index, 0, range, Symbol::EMPTY, &children)
            }
            _ => {
                let other = l.other(*part);
                l.make_at(Kind::Index, 0, range, Symbol::EMPTY, &[value, other])
            }
        };
    }
    value
}

fn expression(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    chain(l, &parts, node)
}

fn boolean(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let symbol = if l.text(node) == "true" { Symbol::TRUE } else { Symbol::FALSE };
    l.make(Kind::Bool, node, symbol, &[])
}

/// Text with `${…}` in it, or without.
fn template(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut parts = Vec::new();
    for child in l.named(node) {
        match child.kind() {
            "template_literal" => parts.push(l.leaf(Kind::StringPart, child)),
            "template_interpolation" => {
                let value = l.child_of_kind(child, "expression");
                parts.push(l.optional(child, value));
            }
            "template_directive" => parts.push(l.other(child)),
            _ => {}
        }
    }
    let plain = parts.iter().all(|part| l.tree().kind(*part) == Kind::StringPart);
    if !plain {
        return l.make(Kind::Template, node, Symbol::EMPTY, &parts);
    }
    let text: String = parts.iter().map(|part| l.symbol_text(l.tree().symbol(*part))).collect();
    for part in parts {
        l.discard(part);
    }
    l.leaf_of(Kind::String, node, &text)
}

fn between(l: &mut Lowerer<'_>, node: Node<'_>, kind: Kind) -> NodeId {
    let marks = ["tuple_start", "tuple_end", "object_start", "object_end"];
    let parts: Vec<Node<'_>> =
        l.named(node).into_iter().filter(|child| !marks.contains(&child.kind())).collect();
    let children = l.lower_list(&parts);
    l.make(kind, node, Symbol::EMPTY, &children)
}

fn tuple(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    between(l, node, Kind::List)
}

fn object(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    between(l, node, Kind::Dict)
}

fn call(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let name = l.child_of_kind(node, "identifier");
    let callee = l.optional(node, name);
    let arguments = match l.child_of_kind(node, "function_arguments") {
        Some(list) => l.lower(list),
        None => l.make_at(Kind::Arguments, 0, node.end_byte()..node.end_byte(), Symbol::EMPTY, &[]),
    };
    l.make(Kind::Call, node, Symbol::EMPTY, &[callee, arguments])
}

/// The grammar reads what follows an operation as read from its result; it is read from its last operand.
fn operation(l: &mut Lowerer<'_>, node: Node<'_>, tail: &[Node<'_>]) -> NodeId {
    let named = l.named(node);
    let [inner] = named.as_slice() else { return l.other(node) };
    let all = l.all(*inner);
    let sign = |part: &Node<'_>| !part.is_named() && !matches!(part.kind(), "(" | ")");
    let Some(at) = all.iter().position(sign) else { return l.other(node) };
    let operator = l.operator(all[at]);
    let operand = |part: &&Node<'_>| part.is_named();
    let left: Vec<Node<'_>> = all[..at].iter().filter(operand).copied().collect();
    let right: Vec<Node<'_>> = all[at + 1..].iter().filter(operand).chain(tail).copied().collect();
    let end = right.last().map_or(node.end_byte(), Node::end_byte).max(node.end_byte());
    let mut children = Vec::with_capacity(2);
    if inner.kind() == "binary_operation" {
        children.push(chain(l, &left, node));
    }
    children.push(chain(l, &right, node));
    let kind = if children.len() == 2 { Kind::Binary } else { Kind::Unary };
    l.make_at(kind, inner.kind_id(), node.start_byte()..end, operator, &children)
}

fn whole_operation(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    operation(l, node, &[])
}

#[cfg(test)]
mod tests {
    use crate::language::{Language, parse};
    use crate::tree::Symbols;

    #[test]
    fn blocks_and_expressions() {
        let source = "resource \"a\" \"b\" {\n  c = \"${var.d[0]}-e\"\n  f = [1, true]\n  g { h = !x.i && (1 + 2) * 3 > y(z) ? 1 : null }\n}\n";
        let mut symbols = Symbols::default();
        let spec = Language::Hcl.spec_for("a.tf").unwrap();
        let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
        assert!(tree.errors.is_empty());
        assert_eq!(
            tree.to_sexp(tree.root, &symbols),
            "(Program (Other (Name \"resource\") (String \"a\") (String \"b\") (Block (VariableDefinition (Modifiers) _ (Name \"c\") \
             (Template (Index (Field (Name \"var\") (Name \"d\")) (Number \"0\")) (StringPart \"-e\"))) (VariableDefinition \
             (Modifiers) _ (Name \"f\") (List (Number \"1\") (Bool \"true\"))) (Other (Name \"g\") (Block (VariableDefinition \
             (Modifiers) _ (Name \"h\") (Ternary (Binary \"&&\" (Unary \"!\" (Field (Name \"x\") (Name \"i\"))) (Binary \">\" (Binary \"*\" (Binary \"+\" (Number \"1\") (Number \"2\")) (Number \"3\")) (Call (Name \"y\") (Arguments (Name \"z\"))))) (Number \"1\") (Null \"null\"))))))))"
        );
    }

    #[test]
    fn broken_and_deep_source_ends() {
        let spec = Language::Hcl.spec_for("a.tf").unwrap();
        for source in ["a \"b\" { = ", &format!("a = {}", "[".repeat(3000)), "a = \"${b["] {
            let mut symbols = Symbols::default();
            let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
            assert!(!tree.errors.is_empty() || tree.too_deep > 0, "{source}");
        }
    }
}
