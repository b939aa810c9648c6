//! Kotlin.
//!
//! What the grammar calls expressions (`if`, `when`, `try`, `return`) are the statements of the generic tree wherever they
//! stand. `null`, `true`, `break` and their like are identifiers to the grammar. The value of a lambda's last expression is
//! what it returns, and a lambda that speaks of `it` has a parameter of that name. What a class takes in its head are its
//! first members. `?.` is a field with that symbol, so that a pattern with `.` means both.

mod declaration;
mod expression;
#[cfg(test)]
mod tests;

use super::tail::statement;
use super::{Compiled, Language, Lower, Lowerer, PatternSyntax, Spec, Traits};
use crate::tree::{Kind, NodeId, Symbol};
use Lower::{All, Fixed, Leaf, With};
use declaration::{
    annotation, class, definition, enum_entry, function, import, parameters, property, qualified, variable,
};
use expression::{
    annotated, anonymous_function, argument, assignment, binary, call, cast, character, construction, index,
    infix, lambda, navigation, object_literal, projection, reference, spread, string, type_test, unary,
    user_type,
};
use tree_sitter::Node;

pub(super) static SPEC: Spec = Spec {
    language: Language::Kotlin,
    grammar: || tree_sitter_kotlin_ng::LANGUAGE.into(),
    lowering: &[&[
        ("source_file", With(program)),
        ("block", With(block)),
        ("class_body", All(Kind::Block)),
        ("enum_class_body", All(Kind::Block)),
        ("identifier", With(identifier)),
        ("this_expression", Fixed(Kind::Name, Symbol::THIS)),
        ("super_expression", Fixed(Kind::Name, Symbol::SUPER)),
        ("string_literal", With(string)),
        ("multiline_string_literal", With(string)),
        ("character_literal", With(character)),
        ("number_literal", Leaf(Kind::Number)),
        ("float_literal", Leaf(Kind::Number)),
        ("parenthesized_expression", Lower::Parenthesized),
        ("annotated_expression", With(annotated)),
        ("labeled_expression", With(last)),
        ("collection_literal", All(Kind::List)),
        ("navigation_expression", With(navigation)),
        ("callable_reference", With(reference)),
        ("index_expression", With(index)),
        ("call_expression", With(call)),
        ("value_arguments", All(Kind::Arguments)),
        ("value_argument", With(argument)),
        ("constructor_invocation", With(construction)),
        ("spread_expression", With(spread)),
        ("annotated_lambda", With(last)),
        ("lambda_literal", With(lambda)),
        ("anonymous_function", With(anonymous_function)),
        ("object_literal", With(object_literal)),
        ("unary_expression", With(unary)),
        ("binary_expression", With(binary)),
        ("range_expression", With(binary)),
        ("in_expression", With(binary)),
        ("infix_expression", With(infix)),
        ("is_expression", With(type_test)),
        ("as_expression", With(cast)),
        ("assignment", With(assignment)),
        ("user_type", With(user_type)),
        ("nullable_type", With(last)),
        ("parenthesized_type", With(last)),
        ("type_arguments", All(Kind::TypeArguments)),
        ("type_projection", With(projection)),
        ("type_parameters", All(Kind::TypeParameters)),
        ("if_expression", With(if_expression)),
        ("when_expression", With(when)),
        ("when_entry", With(entry)),
        ("try_expression", With(try_expression)),
        ("catch_block", With(catch)),
        ("for_statement", With(for_statement)),
        ("while_statement", With(while_statement)),
        ("do_while_statement", With(while_statement)),
        ("return_expression", With(return_expression)),
        ("throw_expression", All(Kind::Throw)),
        ("package_header", All(Kind::Package)),
        ("import", With(import)),
        ("qualified_identifier", With(qualified)),
        ("annotation", With(annotation)),
        ("file_annotation", With(annotation)),
        ("function_declaration", With(function)),
        ("secondary_constructor", With(function)),
        ("function_value_parameters", With(parameters)),
        ("class_declaration", With(class)),
        ("object_declaration", With(class)),
        ("companion_object", With(class)),
        ("anonymous_initializer", With(last)),
        ("enum_entry", With(enum_entry)),
        ("property_declaration", With(property)),
        ("variable_declaration", With(variable)),
        ("multi_variable_declaration", All(Kind::Tuple)),
    ]],
    ignored_tokens: &[],
    pattern: PatternSyntax {
        contexts: &[
            ("", ""),
            ("class W {", "}"),
            ("", " class W"),
            ("try {} ", ""),
            ("", " catch (e: E) {}"),
            ("if (w) {} ", ""),
            ("when (w) {", "}"),
        ],
        ellipsis: &[
            "semgrep_ellipsis",
            "semgrep_ellipsis: semgrep_ellipsis",
            "semgrep_ellipsis;",
            ";semgrep_ellipsis;",
            "fun semgrep_ellipsis();",
            "semgrep_ellipsis -> {};",
        ],
        metavariable: &["mv__"],
        dedent: false,
        own_ellipsis: false,
    },
    traits: Traits { test_suffixes: &["Test.kt", "Tests.kt", "Spec.kt"], ..Traits::COMMON },
    compiled: Compiled::new(),
};

/// The grammar wants a line's end or a `;` behind the last member of a class. White space before `}` becomes one, which means
/// nothing anywhere else; but not behind `//`, where a line's end would end the comment.
pub(super) fn readable(source: &[u8]) -> Vec<u8> {
    let mut out = source.to_vec();
    let mut comment = false;
    for (at, pair) in source.windows(2).enumerate() {
        match pair {
            [b'\n', _] => comment = false,
            b"//" => comment = true,
            [b' ' | b'\t', b'}'] if !comment => {
                if let Some(byte) = out.get_mut(at) {
                    *byte = b'\n';
                }
            }
            _ => {}
        }
    }
    out
}

fn program(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = statements(l, &l.named(node));
    l.make(Kind::Program, node, Symbol::EMPTY, &children)
}

fn block(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = statements(l, &l.named(node));
    l.make(Kind::Block, node, Symbol::EMPTY, &children)
}

fn statements(l: &mut Lowerer<'_>, nodes: &[Node<'_>]) -> Vec<NodeId> {
    nodes.iter().map(|node| statement(l, *node)).collect()
}

/// The grammar takes words that are literals or jumps for names.
fn identifier(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let text = l.text(node);
    match text.as_ref() {
        "true" => l.make(Kind::Bool, node, Symbol::TRUE, &[]),
        "false" => l.make(Kind::Bool, node, Symbol::FALSE, &[]),
        "null" => l.make(Kind::Null, node, Symbol::NULL, &[]),
        word @ ("break" | "continue") => {
            let kind = if word == "break" { Kind::Break } else { Kind::Continue };
            let label = l.missing(node);
            l.make(kind, node, Symbol::EMPTY, &[label])
        }
        text => l.leaf_of(Kind::Name, node, text.trim_matches('`')),
    }
}

/// What is behind annotations, labels and brackets.
fn last(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    match l.named(node).last() {
        Some(last) => l.lower(*last),
        None => l.other(node),
    }
}

/// The first child, named or not, behind a token.
fn after<'t>(l: &Lowerer<'_>, node: Node<'t>, token: &str) -> Option<Node<'t>> {
    let mut children = l.all(node).into_iter().skip_while(|child| child.kind() != token);
    children.next()?;
    children.next()
}

/// Whether a node of the grammar is a type.
fn is_type(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "user_type"
            | "nullable_type"
            | "function_type"
            | "non_nullable_type"
            | "parenthesized_type"
            | "dynamic"
    )
}

/// The branches of an `if` are told apart by what stands before them.
fn if_expression(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let condition = l.field(node, "condition");
    let (mut then, mut other) = (None, None);
    let mut behind = false;
    let children = l.all(node).into_iter().skip_while(|child| child.kind() != ")").skip(1);
    for child in children {
        match child.kind() {
            "else" => behind = true,
            ";" => {}
            _ if behind => other = Some(child),
            _ => then = Some(child),
        }
    }
    let [then, other] = [then, other].map(|branch| match branch {
        Some(branch) => statement(l, branch),
        None => l.missing(node),
    });
    l.make(Kind::If, node, Symbol::EMPTY, &[condition, then, other])
}

fn when(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = Vec::new();
    let subject = l.child_of_kind(node, "when_subject");
    children.push(match subject {
        Some(subject) => match l.child_of_kind(subject, "variable_declaration") {
            Some(name) => {
                let value = l.named(subject).last().copied();
                definition(l, subject, name, value)
            }
            None => last(l, subject),
        },
        None => l.missing(node),
    });
    let entries: Vec<Node<'_>> =
        l.named(node).into_iter().filter(|child| child.kind() != "when_subject").collect();
    children.extend(l.lower_list(&entries));
    l.make(Kind::Switch, node, Symbol::EMPTY, &children)
}

fn entry(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    let Some((body, conditions)) = parts.split_last() else { return l.other(node) };
    let mut children = l.lower_list(conditions);
    children.push(if body.kind() == "block" {
        l.lower(*body)
    } else {
        let inner = statement(l, *body);
        l.make_at(Kind::Block, 0, body.byte_range(), Symbol::EMPTY, &[inner])
    });
    l.make(Kind::Case, node, Symbol::EMPTY, &children)
}

fn try_expression(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = Vec::new();
    let mut finally = None;
    for child in l.named(node) {
        match child.kind() {
            "finally_block" => finally = l.named(child).last().copied(),
            _ => children.push(l.lower(child)),
        }
    }
    children.push(l.optional(node, finally));
    children.push(l.missing(node));
    l.make(Kind::Try, node, Symbol::EMPTY, &children)
}

fn catch(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    let find = |wanted: fn(Node<'_>) -> bool| parts.iter().copied().find(|part| wanted(*part));
    let type_ = find(is_type);
    let name = find(|part| part.kind() == "identifier");
    let body = find(|part| part.kind() == "block");
    let children = [l.optional(node, type_), l.optional(node, name), l.optional(node, body)];
    l.make(Kind::Catch, node, Symbol::EMPTY, &children)
}

/// What a loop does: the last child behind the parenthesis that ends its head.
fn loop_body(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let body = if node.kind() == "do_while_statement" { after(l, node, "do") } else { after(l, node, ")") };
    match body {
        Some(body) if body.is_named() => statement(l, body),
        _ => l.missing(node),
    }
}

fn for_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let target = l.named(node).into_iter().find(|child| child.kind().ends_with("variable_declaration"));
    let iterable = after(l, node, "in");
    let children =
        [l.optional(node, target), l.optional(node, iterable), loop_body(l, node), l.missing(node)];
    l.make(Kind::ForEach, node, Symbol::EMPTY, &children)
}

fn while_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let (condition, body) = (l.field(node, "condition"), loop_body(l, node));
    if node.kind() == "do_while_statement" {
        return l.make(Kind::DoWhile, node, Symbol::EMPTY, &[body, condition]);
    }
    l.make(Kind::While, node, Symbol::EMPTY, &[condition, body])
}

fn return_expression(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let label = node.child_by_field_name("label");
    let value = l.named(node).into_iter().find(|child| Some(*child) != label);
    let value = l.optional(node, value);
    l.make(Kind::Return, node, Symbol::EMPTY, &[value])
}
