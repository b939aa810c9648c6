//! Scala, 2 and 3.
//!
//! A definition begins at its first modifier, else at its name: the keyword is not part of its range, as in Semgrep. What a
//! body ends with is what it returns. `a op b` with a word is a call of the method `op`, with a sign a binary operator; all
//! parameter lists of a function are one. `{ case … }` is a lambda over a `match`; a guard is the first statement of its
//! branch. An interpolated string is a template, with the interpolator as symbol.

use super::tail::statement;
mod control;
mod declaration;
mod expression;
#[cfg(test)]
mod tests;

use super::{Compiled, Language, Lower, Lowerer, PatternSyntax, Spec, Traits};
use crate::tree::{Kind, NodeId, Symbol};
use Lower::{All, Fields, Fixed, Leaf, With};
use control::{
    capture, case, cases, extractor, for_expression, if_expression, infix_pattern, match_expression,
    return_expression, try_expression, typed_pattern, while_expression,
};
use declaration::{
    annotation, class, declaration, definition, extension, function, generic_type, import, package,
    type_within,
};
use expression::{
    arguments, ascription, boolean, call, character, field, generic_function, infix, instance, interpolated,
    lambda, postfix, prefix, spread,
};
use tree_sitter::Node;

pub(super) static SPEC: Spec = Spec {
    language: Language::Scala,
    grammar: || tree_sitter_scala::LANGUAGE.into(),
    lowering: &[&[
        ("compilation_unit", With(block)),
        ("block", With(block_expression)),
        ("indented_block", With(block_expression)),
        ("template_body", With(block)),
        ("with_template_body", With(block)),
        ("enum_body", With(block)),
        ("identifier", With(name)),
        ("operator_identifier", With(name)),
        ("type_identifier", With(name)),
        ("xml_name", Leaf(Kind::Name)),
        ("wildcard", Fixed(Kind::Name, Symbol::UNDERSCORE)),
        ("package_identifier", With(dotted)),
        ("stable_identifier", With(dotted)),
        ("stable_type_identifier", With(dotted)),
        ("string", Lower::String(Kind::String)),
        ("interpolated_string_expression", With(interpolated)),
        ("character_literal", With(character)),
        ("integer_literal", Leaf(Kind::Number)),
        ("floating_point_literal", Leaf(Kind::Number)),
        ("boolean_literal", With(boolean)),
        ("null_literal", Fixed(Kind::Null, Symbol::NULL)),
        ("unit", All(Kind::Tuple)),
        ("tuple_expression", All(Kind::Tuple)),
        ("tuple_pattern", All(Kind::Tuple)),
        ("tuple_type", All(Kind::Tuple)),
        ("identifiers", All(Kind::Tuple)),
        ("parenthesized_expression", Lower::Parenthesized),
        ("field_expression", With(field)),
        ("generic_function", With(generic_function)),
        ("call_expression", With(call)),
        ("arguments", With(arguments)),
        ("vararg", With(spread)),
        ("instance_expression", With(instance)),
        ("infix_expression", With(infix)),
        ("postfix_expression", With(postfix)),
        ("prefix_expression", With(prefix)),
        ("assignment_expression", Fields(Kind::Assign, &["left", "right"])),
        ("ascription_expression", With(ascription)),
        ("method_value", With(first)),
        ("lambda_expression", With(lambda)),
        ("case_block", With(cases)),
        ("indented_cases", With(cases)),
        ("if_expression", With(if_expression)),
        ("while_expression", With(while_expression)),
        ("do_while_expression", Fields(Kind::DoWhile, &["body", "condition"])),
        ("for_expression", With(for_expression)),
        ("match_expression", With(match_expression)),
        ("case_clause", With(case)),
        ("case_class_pattern", With(extractor)),
        ("typed_pattern", With(typed_pattern)),
        ("capture_pattern", With(capture)),
        ("infix_pattern", With(infix_pattern)),
        ("repeat_pattern", With(spread)),
        ("try_expression", With(try_expression)),
        ("throw_expression", All(Kind::Throw)),
        ("return_expression", With(return_expression)),
        ("generic_type", With(generic_type)),
        ("type_arguments", All(Kind::TypeArguments)),
        ("annotated_type", With(first)),
        ("applied_constructor_type", All(Kind::Call)),
        ("lazy_parameter_type", With(type_within)),
        ("repeated_parameter_type", With(type_within)),
        ("package_clause", With(package)),
        ("import_declaration", With(import)),
        ("annotation", With(annotation)),
        ("val_definition", With(definition)),
        ("var_definition", With(definition)),
        ("val_declaration", With(declaration)),
        ("var_declaration", With(declaration)),
        ("function_definition", With(function)),
        ("function_declaration", With(function)),
        ("class_definition", With(class)),
        ("trait_definition", With(class)),
        ("object_definition", With(class)),
        ("package_object", With(class)),
        ("enum_definition", With(class)),
        ("extension_definition", With(extension)),
    ]],
    ignored_tokens: &[],
    pattern: PatternSyntax {
        contexts: &[
            ("", ""),
            ("class W {", "}"),
            ("", " class W"),
            ("try {} ", ""),
            ("w match {", "}"),
            ("try {} catch {", "}"),
            ("if (w) w ", ""),
        ],
        ellipsis: &[
            ";semgrep_ellipsis;",
            "semgrep_ellipsis",
            "semgrep_ellipsis: semgrep_ellipsis",
            "semgrep_ellipsis <- semgrep_ellipsis",
            "case semgrep_ellipsis =>",
        ],
        metavariable: &["mv__"],
        dedent: false,
        own_ellipsis: false,
    },
    traits: Traits { test_suffixes: &["Test.scala", "Spec.scala", "Suite.scala"], ..Traits::COMMON },
    compiled: Compiled::new(),
};

fn block(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let kind = if node.kind() == "compilation_unit" { Kind::Program } else { Kind::Block };
    let parts = l.named(node);
    let children = statements(l, &parts);
    l.make(kind, node, Symbol::EMPTY, &children)
}

fn statements(l: &mut Lowerer<'_>, nodes: &[Node<'_>]) -> Vec<NodeId> {
    let told = nodes.iter().filter(|node| !matches!(node.kind(), "self_type" | "end_marker"));
    told.map(|node| statement(l, *node)).collect()
}

/// `{ x => … }` is a lambda.
fn block_expression(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    match parts.as_slice() {
        [only] if only.kind() == "lambda_expression" => {
            let lambda = l.lower(*only);
            let inside = l.tree_mut().node_mut(lambda);
            (inside.start, inside.end) = (node.start_byte() as u32, node.end_byte() as u32);
            lambda
        }
        _ => block(l, node),
    }
}

fn name(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let text = l.text(node);
    l.leaf_of(Kind::Name, node, text.trim_matches('`'))
}

fn dotted(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    path(l, &parts).unwrap_or_else(|| l.other(node))
}

fn path(l: &mut Lowerer<'_>, parts: &[Node<'_>]) -> Option<NodeId> {
    let (first, rest) = parts.split_first()?;
    let mut object = l.lower(*first);
    for part in rest {
        let name = l.lower(*part);
        let range = first.start_byte()..part.end_byte();
        object = l.make_at(Kind::Field, 0, range, Symbol::EMPTY, &[object, name]);
    }
    Some(object)
}

fn first(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    match l.named(node).first() {
        Some(first) => l.lower(*first),
        None => l.other(node),
    }
}

fn last(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    match l.named(node).last() {
        Some(last) => l.lower(*last),
        None => l.other(node),
    }
}
