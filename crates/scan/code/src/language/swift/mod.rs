//! Swift.
//!
//! A definition of a function begins at its first modifier, else at its name: the keyword is not part of its range, as in
//! Semgrep. `struct`, `class`, `actor` and `extension` are one thing to match, an `enum` is one of them with a word of its
//! own, a `protocol` is another. `a?.b` is `a.b`, `T?` is `T`, and all forms of `try` and `as` are alike. What an `if`, a
//! `guard` or a `while` asks is one condition, joined by `&&`; what it binds is a definition in it. `guard c else { … }` is
//! `if !c { … }`. What a property computes is a closure as its value; the label of a parameter is a name among its modifiers.

mod closure;
mod condition;
mod declaration;
mod expression;
mod literal;
mod pattern;
mod property;
mod statement;
#[cfg(test)]
mod tests;

use super::tail::statement;
use super::{Compiled, Language, Lower, Lowerer, PatternSyntax, Spec, Traits};
use crate::tree::{Kind, NodeId, Symbol};
use Lower::{All, Fixed, Inner, Leaf, With};
use closure::lambda;
use condition::{guard, if_statement, repeat_statement, while_statement};
use declaration::{attribute, class, enum_entry, function, import, initializer, subscript};
use expression::{
    assignment, await_expression, binary, call, cast, coalescing, constructor, last_expression, macro_call,
    navigation, open_end, open_start, postfix, prefix, range, selector, ternary, try_expression, tuple,
    type_test,
};
use literal::{array_type, boolean, dictionary, regex, string, tuple_type, user_type};
use pattern::pattern;
use property::{property, requirement};
use statement::{do_statement, entry, for_statement, switch, throw_or_jump};
use tree_sitter::Node;

pub(super) static SPEC: Spec = Spec {
    language: Language::Swift,
    grammar: || tree_sitter_swift::LANGUAGE.into(),
    lowering: &[&[
        ("source_file", With(program)),
        ("comment", Leaf(Kind::Comment)),
        ("multiline_comment", Leaf(Kind::Comment)),
        ("directive", Leaf(Kind::Comment)),
        ("simple_identifier", With(name)),
        ("type_identifier", With(name)),
        ("identifier", With(qualified)),
        ("self_expression", Fixed(Kind::Name, Symbol::SELF)),
        ("super_expression", Fixed(Kind::Name, Symbol::SUPER)),
        ("wildcard_pattern", Fixed(Kind::Name, Symbol::UNDERSCORE)),
        ("line_string_literal", With(string)),
        ("multi_line_string_literal", With(string)),
        ("raw_string_literal", With(string)),
        ("regex_literal", With(regex)),
        ("integer_literal", Leaf(Kind::Number)),
        ("hex_literal", Leaf(Kind::Number)),
        ("oct_literal", Leaf(Kind::Number)),
        ("bin_literal", Leaf(Kind::Number)),
        ("real_literal", Leaf(Kind::Number)),
        ("boolean_literal", With(boolean)),
        ("nil_literal", Fixed(Kind::Null, Symbol::NULL)),
        ("array_literal", All(Kind::List)),
        ("dictionary_literal", With(dictionary)),
        ("tuple_expression", With(tuple)),
        ("navigation_expression", With(navigation)),
        ("call_expression", With(call)),
        ("constructor_expression", With(constructor)),
        ("macro_invocation", With(macro_call)),
        ("selector_expression", With(selector)),
        ("lambda_literal", With(lambda)),
        ("prefix_expression", With(prefix)),
        ("postfix_expression", With(postfix)),
        ("open_start_range_expression", With(open_start)),
        ("open_end_range_expression", With(open_end)),
        ("multiplicative_expression", With(binary)),
        ("additive_expression", With(binary)),
        ("infix_expression", With(binary)),
        ("comparison_expression", With(binary)),
        ("equality_expression", With(binary)),
        ("conjunction_expression", With(binary)),
        ("disjunction_expression", With(binary)),
        ("bitwise_operation", With(binary)),
        ("range_expression", With(range)),
        ("nil_coalescing_expression", With(coalescing)),
        ("check_expression", With(type_test)),
        ("as_expression", With(cast)),
        ("ternary_expression", With(ternary)),
        ("assignment", With(assignment)),
        ("directly_assignable_expression", With(last_expression)),
        ("try_expression", With(try_expression)),
        ("await_expression", With(await_expression)),
        ("consume_expression", With(last_expression)),
        ("unsafe_expression", With(last_expression)),
        ("value_parameter_pack", With(last_expression)),
        ("value_pack_expansion", With(last_expression)),
        ("interpolated_expression", With(expression::argument)),
        ("value_argument", With(expression::argument)),
        ("user_type", With(user_type)),
        ("optional_type", With(first)),
        ("opaque_type", Inner),
        ("existential_type", Inner),
        ("array_type", With(array_type)),
        ("tuple_type", With(tuple_type)),
        ("tuple_type_item", With(last_expression)),
        ("type_annotation", With(annotated)),
        ("type_arguments", All(Kind::TypeArguments)),
        ("type_parameters", All(Kind::TypeParameters)),
        ("pattern", With(pattern)),
        ("switch_pattern", Inner),
        ("if_statement", With(if_statement)),
        ("guard_statement", With(guard)),
        ("while_statement", With(while_statement)),
        ("repeat_while_statement", With(repeat_statement)),
        ("for_statement", With(for_statement)),
        ("switch_statement", With(switch)),
        ("switch_entry", With(entry)),
        ("do_statement", With(do_statement)),
        ("control_transfer_statement", With(throw_or_jump)),
        ("import_declaration", With(import)),
        ("attribute", With(attribute)),
        ("property_declaration", With(property)),
        ("protocol_property_declaration", With(requirement)),
        ("function_declaration", With(function)),
        ("protocol_function_declaration", With(function)),
        ("init_declaration", With(initializer)),
        ("deinit_declaration", With(initializer)),
        ("subscript_declaration", With(subscript)),
        ("class_declaration", With(class)),
        ("protocol_declaration", With(class)),
        ("enum_entry", With(enum_entry)),
    ]],
    ignored_tokens: &[],
    pattern: PatternSyntax {
        contexts: &[
            ("", ""),
            ("func w() {\n", "\n}"),
            ("class W {\n", "\n}"),
            ("protocol W {\n", "\n}"),
            ("", " class W {}"),
            ("switch w {\n", "\n}"),
            ("do {} ", ""),
            ("if w {} ", ""),
        ],
        ellipsis: &[
            "semgrep_ellipsis",
            "semgrep_ellipsis: semgrep_ellipsis",
            "\nfunc semgrep_ellipsis() {}\n",
            "case semgrep_ellipsis: semgrep_ellipsis\n",
            "case semgrep_ellipsis;",
        ],
        metavariable: &["mv__"],
        dedent: false,
        own_ellipsis: false,
    },
    traits: Traits {
        receivers: &["self"],
        test_suffixes: &["Test.swift", "Tests.swift", "Spec.swift"],
        ..Traits::COMMON
    },
    compiled: Compiled::new(),
};

fn program(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = statements(l, &told(l, node));
    l.make(Kind::Program, node, Symbol::EMPTY, &children)
}

/// Named children that are code: no comments, which the grammar takes for members of a class, nor `#if`.
fn told<'t>(l: &Lowerer<'_>, node: Node<'t>) -> Vec<Node<'t>> {
    let mut parts = l.named(node);
    parts.retain(|part| match part.kind() {
        "comment" | "multiline_comment" | "directive" | "shebang_line" => false,
        // The grammar gives a body that a protocol cannot have the name of what it is the body of.
        "protocol_function_declaration" => l.child_of_kind(*part, "func").is_some(),
        _ => true,
    });
    parts
}

fn statements(l: &mut Lowerer<'_>, nodes: &[Node<'_>]) -> Vec<NodeId> {
    let mut made = Vec::with_capacity(nodes.len());
    let (mut label, mut throws): (Option<Node<'_>>, Option<Node<'_>>) = (None, None);
    for node in nodes {
        match node.kind() {
            "statement_label" => label = Some(*node),
            // Outside of functions, the word and what is thrown have no node of their own.
            "throw_keyword" => throws = Some(*node),
            _ => {}
        }
        if matches!(node.kind(), "statement_label" | "throw_keyword") {
            continue;
        }
        let id = match throws.take() {
            Some(word) => {
                let thrown = l.lower(*node);
                let range = word.start_byte()..node.end_byte();
                l.make_at(Kind::Throw, word.kind_id(), range, Symbol::EMPTY, &[thrown])
            }
            None => statement(l, *node),
        };
        made.push(match label.take() {
            Some(label) => {
                let text = l.text(label);
                let name = l.leaf_of(Kind::Name, label, text.trim_end_matches(':'));
                let range = label.start_byte()..node.end_byte();
                l.make_at(Kind::Labeled, label.kind_id(), range, Symbol::EMPTY, &[name, id])
            }
            None => id,
        });
    }
    made
}

/// What stands in the first braces among `parts`, of which there may be none; `before` stands first in it.
fn block_of(l: &mut Lowerer<'_>, node: Node<'_>, parts: &[Node<'_>], before: &[NodeId]) -> NodeId {
    let Some(open) = parts.iter().position(|part| part.kind() == "{") else { return l.missing(node) };
    let inside = &parts[open..];
    let start = inside[0].start_byte();
    let close = inside.iter().position(|part| part.kind() == "}");
    let end = close.map_or(node.end_byte(), |close| inside[close].end_byte());
    let mut children = before.to_vec();
    for part in inside.iter().take(close.unwrap_or(inside.len())).filter(|part| part.is_named()) {
        if part.kind() == "statements" {
            let list = told(l, *part);
            children.extend(statements(l, &list));
        } else {
            children.push(statement(l, *part));
        }
    }
    l.make_at(Kind::Block, node.kind_id(), start..end, Symbol::EMPTY, &children)
}

fn name(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let text = l.text(node);
    match text.as_ref() {
        "self" => l.make(Kind::Name, node, Symbol::SELF, &[]),
        text => l.leaf_of(Kind::Name, node, text.trim_matches('`')),
    }
}

fn qualified(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    let Some((first, rest)) = parts.split_first() else { return l.leaf(Kind::Name, node) };
    let mut object = l.lower(*first);
    for part in rest {
        let name = l.lower(*part);
        let range = node.start_byte()..part.end_byte();
        object = l.make_at(Kind::Field, 0, range, Symbol::EMPTY, &[object, name]);
    }
    object
}

fn first(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    match l.named(node).first() {
        Some(first) => l.lower(*first),
        None => l.other(node),
    }
}

/// `: T`
fn annotated(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    match type_within(l, node) {
        Some(type_) => l.lower(type_),
        None => l.other(node),
    }
}

/// The last named child that is a type and no word before one.
fn type_within<'t>(l: &Lowerer<'_>, node: Node<'t>) -> Option<Node<'t>> {
    l.named(node).into_iter().rfind(|part| !is_type_word(*part))
}

fn is_type_word(node: Node<'_>) -> bool {
    matches!(node.kind(), "parameter_modifiers" | "type_modifiers" | "attribute")
}

/// The type behind a token of `parts`.
fn type_behind<'t>(parts: &[Node<'t>], token: &str) -> Option<Node<'t>> {
    let at = parts.iter().position(|part| part.kind() == token)?;
    parts.iter().skip(at + 1).find(|part| part.is_named() && !is_type_word(**part)).copied()
}
