//! PHP, with the HTML around it.
//!
//! Variables keep their `$`, properties lose it where they are declared, as they have none where they are read. `echo`,
//! `print`, `exit`, `include` and their like are calls of that name; `<?= x ?>` is a call of `echo`; backticks are a call of
//! `shell_exec`. Qualified names are paths of their parts.

use super::{Compiled, Language, Lower, Lowerer, PatternSyntax, Spec, Traits};
use crate::tree::{Kind, NodeId, Symbol};
use Lower::{All, Fields, Fixed, Inner, Leaf, With};
use tree_sitter::Node;

pub(super) static SPEC: Spec = Spec {
    language: Language::Php,
    grammar: || tree_sitter_php::LANGUAGE_PHP.into(),
    lowering: &[&[
        ("program", With(block::<{ Kind::Program as u8 }>)),
        ("compound_statement", With(block::<{ Kind::Block as u8 }>)),
        ("colon_block", With(block::<{ Kind::Block as u8 }>)),
        ("declaration_list", With(block::<{ Kind::Block as u8 }>)),
        ("enum_declaration_list", With(block::<{ Kind::Block as u8 }>)),
        ("text", Fixed(Kind::Empty, Symbol::EMPTY)),
        ("text_interpolation", Fixed(Kind::Empty, Symbol::EMPTY)),
        ("php_tag", Fixed(Kind::Empty, Symbol::EMPTY)),
        ("php_end_tag", Fixed(Kind::Empty, Symbol::EMPTY)),
        ("empty_statement", Fixed(Kind::Empty, Symbol::EMPTY)),
        ("name", Leaf(Kind::Name)),
        ("relative_scope", Leaf(Kind::Name)),
        ("variable_name", Leaf(Kind::Name)),
        ("primitive_type", Leaf(Kind::Name)),
        ("bottom_type", Leaf(Kind::Name)),
        ("cast_type", Leaf(Kind::Name)),
        ("qualified_name", With(path)),
        ("relative_name", With(path)),
        ("namespace_name", With(path)),
        ("named_type", Inner),
        ("optional_type", Inner),
        ("string", Lower::String(Kind::String)),
        ("encapsed_string", With(encapsed)),
        ("heredoc", With(here_document)),
        ("nowdoc", With(here_document)),
        ("shell_command_expression", With(shell_command)),
        ("integer", Leaf(Kind::Number)),
        ("float", Leaf(Kind::Number)),
        ("boolean", With(boolean)),
        ("null", Fixed(Kind::Null, Symbol::NULL)),
        ("parenthesized_expression", Lower::Parenthesized),
        ("error_suppression_expression", Inner),
        ("by_ref", Inner),
        ("member_access_expression", Fields(Kind::Field, &["object", "name"])),
        ("nullsafe_member_access_expression", Fields(Kind::Field, &["object", "name"])),
        ("scoped_property_access_expression", With(static_property)),
        ("class_constant_access_expression", All(Kind::Field)),
        ("member_call_expression", With(method_call)),
        ("nullsafe_member_call_expression", With(method_call)),
        ("scoped_call_expression", With(method_call)),
        ("function_call_expression", Fields(Kind::Call, &["function", "arguments"])),
        ("arguments", All(Kind::Arguments)),
        ("argument", With(argument)),
        ("variadic_unpacking", With(spread)),
        ("variadic_placeholder", Fixed(Kind::Ellipsis, Symbol::ELLIPSIS)),
        ("object_creation_expression", With(new)),
        ("subscript_expression", All(Kind::Index)),
        ("array_creation_expression", With(array)),
        ("list_literal", With(array)),
        ("array_element_initializer", With(array_element)),
        ("pair", With(array_element)),
        ("assignment_expression", Fields(Kind::Assign, &["left", "right"])),
        ("reference_assignment_expression", Fields(Kind::Assign, &["left", "right"])),
        ("augmented_assignment_expression", With(augmented)),
        ("binary_expression", With(binary)),
        ("unary_op_expression", With(unary)),
        ("update_expression", With(update)),
        ("conditional_expression", With(conditional)),
        ("cast_expression", Fields(Kind::Cast, &["type", "value"])),
        ("anonymous_function", With(lambda)),
        ("arrow_function", With(lambda)),
        ("print_intrinsic", With(word_call)),
        ("include_expression", With(word_call)),
        ("include_once_expression", With(word_call)),
        ("require_expression", With(word_call)),
        ("require_once_expression", With(word_call)),
        ("clone_expression", With(word_call)),
        ("echo_statement", With(word_statement)),
        ("exit_statement", With(word_statement)),
        ("unset_statement", All(Kind::Delete)),
        ("throw_expression", With(operand::<{ Kind::Throw as u8 }>)),
        ("yield_expression", With(operand::<{ Kind::Yield as u8 }>)),
        ("return_statement", With(operand::<{ Kind::Return as u8 }>)),
        ("break_statement", With(operand::<{ Kind::Break as u8 }>)),
        ("continue_statement", With(operand::<{ Kind::Continue as u8 }>)),
        ("goto_statement", All(Kind::Goto)),
        ("expression_statement", All(Kind::ExpressionStatement)),
        ("global_declaration", All(Kind::Global)),
        ("function_static_declaration", With(static_variables)),
        ("if_statement", With(if_statement)),
        ("else_clause", Fields(Kind::Block, &["body"])),
        ("while_statement", Fields(Kind::While, &["condition", "body"])),
        ("do_statement", Fields(Kind::DoWhile, &["body", "condition"])),
        ("for_statement", With(for_statement)),
        ("foreach_statement", With(for_each)),
        ("switch_statement", With(switch)),
        ("match_expression", With(switch)),
        ("case_statement", With(case)),
        ("default_statement", With(case)),
        ("match_conditional_expression", With(arm)),
        ("match_default_expression", With(arm)),
        ("try_statement", With(try_statement)),
        ("catch_clause", With(catch)),
        ("namespace_definition", With(namespace)),
        ("namespace_use_declaration", With(uses)),
        ("function_definition", With(function)),
        ("method_declaration", With(function)),
        ("formal_parameters", All(Kind::Parameters)),
        ("simple_parameter", With(parameter)),
        ("variadic_parameter", With(parameter)),
        ("property_promotion_parameter", With(parameter)),
        ("property_declaration", With(properties)),
        ("const_declaration", With(constants)),
        ("enum_case", With(enum_case)),
        ("class_declaration", With(class)),
        ("interface_declaration", With(class)),
        ("trait_declaration", With(class)),
        ("enum_declaration", With(class)),
        ("attribute", With(attribute)),
    ]],
    ignored_tokens: &["$"],
    pattern: PatternSyntax {
        contexts: &[
            ("<?php ", ""),
            ("<?php ", ";"),
            ("<?php class W {", "}"),
            ("<?php ", " {}"),
            ("<?php class W { ", " {} }"),
            ("<?php ", " class W {}"),
            ("<?php class W { ", " function w() {} }"),
            ("<?php try {} ", ""),
            ("<?php try { } catch (E $e) {} ", ""),
            ("<?php if ($w) {} ", ""),
            ("<?php switch ($w) {", "}"),
        ],
        ellipsis: &[
            "semgrep_ellipsis",
            "semgrep_ellipsis;",
            "$semgrep_ellipsis",
            "function semgrep_ellipsis();",
            "semgrep_ellipsis => semgrep_ellipsis",
        ],
        metavariable: &["$mv__", "mv__"],
        dedent: false,
        own_ellipsis: true,
    },
    traits: Traits {
        assignment_declares: true,
        receivers: &["$this"],
        case_insensitive_names: true,
        test_suffixes: &["Test.php"],
        separator: "\\",
        ..Traits::COMMON
    },
    compiled: Compiled::new(),
};

/// Statements without the marks between PHP and HTML; what follows `<?=` is echoed.
fn block<const KIND: u8>(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = Vec::new();
    let mut echoes = false;
    let mut cursor = node.walk();
    for child in node.named_children(&mut cursor) {
        match child.kind() {
            "php_tag" => echoes = l.text(child) == "<?=",
            "text_interpolation" => {
                let tag = l.named(child).into_iter().rfind(|part| part.kind() == "php_tag");
                echoes = tag.is_some_and(|tag| l.text(tag) == "<?=");
            }
            "text" | "php_end_tag" | "comment" => {}
            "expression_statement" if echoes => {
                let word = l.leaf_of(Kind::Name, child, "echo");
                children.push(call_statement(l, child, word));
                echoes = false;
            }
            _ => children.push(l.lower(child)),
        }
    }
    let kind = if KIND == Kind::Program as u8 { Kind::Program } else { Kind::Block };
    l.make(kind, node, Symbol::EMPTY, &children)
}

/// The parts of `\A\B\c`.
fn path(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let text = l.text(node).into_owned();
    let start = node.start_byte();
    let mut whole: Option<(NodeId, usize)> = None;
    let mut at = 0;
    for part in text.split('\\') {
        let range = start + at..start + at + part.len();
        at += part.len() + 1;
        if part.is_empty() {
            continue;
        }
        let symbol = l.intern(part);
        let name = l.make_at(Kind::Name, 0, range.clone(), symbol, &[]);
        whole = Some(match whole {
            Some((object, from)) => (
                l.make_at(Kind::Field, node.kind_id(), from..range.end, Symbol::EMPTY, &[object, name]),
                from,
            ),
            None => (name, start),
        });
    }
    whole.map_or_else(|| l.leaf(Kind::Name, node), |(id, _)| id)
}

/// Text and interpolations; without the latter a plain string.
fn pieces(l: &mut Lowerer<'_>, node: Node<'_>, body: Node<'_>) -> NodeId {
    let parts = l.named(body);
    let is_text =
        |part: &Node<'_>| matches!(part.kind(), "string_content" | "escape_sequence" | "nowdoc_string");
    if parts.iter().all(is_text) {
        let range = if node.id() == body.id() { l.inside_quotes(node) } else { body.byte_range() };
        let text = l.slice(range.start, range.end).into_owned();
        return l.leaf_of(Kind::String, node, &text);
    }
    let children: Vec<NodeId> = parts
        .into_iter()
        .map(|part| if is_text(&part) { l.leaf(Kind::StringPart, part) } else { l.lower(part) })
        .collect();
    l.make(Kind::Template, node, Symbol::EMPTY, &children)
}

fn encapsed(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    pieces(l, node, node)
}

fn here_document(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    match node.child_by_field_name("value") {
        Some(body) => pieces(l, node, body),
        None => l.make(Kind::String, node, Symbol::EMPTY, &[]),
    }
}

fn shell_command(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut command = pieces(l, node, node);
    // In a pattern: any command.
    if l.symbol_text(l.tree().symbol(command)) == "..." {
        command = l.make(Kind::Ellipsis, node, Symbol::ELLIPSIS, &[]);
    }
    let (start, end) = (node.start_byte(), node.end_byte());
    let inside = start + 1..end.saturating_sub(1).max(start + 1);
    let place = l.tree_mut().node_mut(command);
    (place.start, place.end) = (inside.start as u32, inside.end as u32);
    let arguments = l.make_at(Kind::Arguments, 0, inside, Symbol::EMPTY, &[command]);
    let symbol = l.intern("shell_exec");
    let callee = l.make_at(Kind::Name, 0, start..start + 1, symbol, &[]);
    l.make(Kind::Call, node, Symbol::EMPTY, &[callee, arguments])
}

fn boolean(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let is_true = l.text(node).eq_ignore_ascii_case("true");
    l.make(Kind::Bool, node, if is_true { Symbol::TRUE } else { Symbol::FALSE }, &[])
}

/// A variable without its `$`: the name of a property.
fn plain_name(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let text = l.text(node).trim_start_matches('$').to_owned();
    l.leaf_of(Kind::Name, node, &text)
}

/// `A::$b`
fn static_property(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let scope = l.field(node, "scope");
    let name = match node.child_by_field_name("name") {
        Some(name) if name.kind() == "variable_name" => plain_name(l, name),
        name => l.optional(node, name),
    };
    l.make(Kind::Field, node, Symbol::EMPTY, &[scope, name])
}

fn method_call(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let object = node.child_by_field_name("object").or_else(|| node.child_by_field_name("scope"));
    let object = l.optional(node, object);
    let name = l.field(node, "name");
    let range = node.start_byte()..l.tree().range(name).end;
    let callee = l.make_at(Kind::Field, 0, range, Symbol::EMPTY, &[object, name]);
    let arguments = l.field(node, "arguments");
    l.make(Kind::Call, node, Symbol::EMPTY, &[callee, arguments])
}

fn argument(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let name = node.child_by_field_name("name");
    let skipped = |child: &Node<'_>| {
        child.kind() == "reference_modifier" || name.is_some_and(|name| name.id() == child.id())
    };
    let value = l.named(node).into_iter().rfind(|child| !skipped(child));
    let value = l.optional(node, value);
    match name {
        Some(name) => {
            let name = l.lower(name);
            l.make(Kind::KeywordArgument, node, Symbol::EMPTY, &[name, value])
        }
        None => value,
    }
}

fn spread(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    l.make(Kind::Spread, node, Symbol::ELLIPSIS, &children)
}

fn no_arguments(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    l.make_at(Kind::Arguments, 0, node.end_byte()..node.end_byte(), Symbol::EMPTY, &[])
}

fn new(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let anonymous = l.child_of_kind(node, "anonymous_class");
    let holder = anonymous.unwrap_or(node);
    let arguments = match l.child_of_kind(holder, "arguments") {
        Some(list) => l.lower(list),
        None => no_arguments(l, node),
    };
    let (type_, body) = match anonymous {
        Some(class) => (l.missing(class), class.child_by_field_name("body")),
        None => {
            let type_ = l.named(node).into_iter().find(|child| child.kind() != "arguments");
            (l.optional(node, type_), None)
        }
    };
    let body = l.optional(node, body);
    l.make(Kind::New, node, Symbol::EMPTY, &[type_, arguments, body])
}

/// With keys a dictionary, else a list.
fn array(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    let keyed = children.iter().any(|child| l.tree().kind(*child) == Kind::Pair);
    l.make(if keyed { Kind::Dict } else { Kind::List }, node, Symbol::EMPTY, &children)
}

fn array_element(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    match l.named(node).as_slice() {
        [key, value] => {
            let children = [l.lower(*key), l.lower(*value)];
            l.make(Kind::Pair, node, Symbol::EMPTY, &children)
        }
        _ => l.inner(node),
    }
}

fn augmented(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let (target, value) = (l.field(node, "left"), l.field(node, "right"));
    let operator = node.child_by_field_name("operator").map(|operator| l.text(operator).into_owned());
    let symbol = l.intern(operator.as_deref().unwrap_or_default().trim_end_matches('='));
    l.make(Kind::AugmentedAssign, node, symbol, &[target, value])
}

fn binary(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "left"), l.field(node, "right")];
    let operator = node.child_by_field_name("operator");
    if operator.is_some_and(|operator| l.text(operator).eq_ignore_ascii_case("instanceof")) {
        return l.make(Kind::TypeTest, node, Symbol::EMPTY, &children);
    }
    let symbol = operator.map_or(Symbol::EMPTY, |operator| l.operator(operator));
    l.make(Kind::Binary, node, symbol, &children)
}

fn unary(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operator = node.child_by_field_name("operator").or_else(|| node.child(0));
    let operand = node.child_by_field_name("argument").or_else(|| l.named(node).first().copied());
    let symbol = operator.map_or(Symbol::EMPTY, |operator| l.operator(operator));
    let operand = l.optional(node, operand);
    l.make(Kind::Unary, node, symbol, &[operand])
}

fn update(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operand = l.field(node, "argument");
    let prefix = l.tree().range(operand).start > node.start_byte();
    let symbol = if l.text(node).contains("++") { Symbol::INCREMENT } else { Symbol::DECREMENT };
    l.make(if prefix { Kind::Unary } else { Kind::Postfix }, node, symbol, &[operand])
}

/// `a ?: b` gives `a` where that is true.
fn conditional(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let condition = l.field(node, "condition");
    let then = match node.child_by_field_name("body") {
        Some(body) => l.lower(body),
        None => l.field(node, "condition"),
    };
    let otherwise = l.field(node, "alternative");
    l.make(Kind::Ternary, node, Symbol::EMPTY, &[condition, then, otherwise])
}

fn lambda(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "parameters"), l.field(node, "body")];
    l.make(Kind::Lambda, node, Symbol::EMPTY, &children)
}

/// The operands of `echo a, b`, one after the other.
fn operands<'t>(l: &Lowerer<'_>, node: Node<'t>, out: &mut Vec<Node<'t>>) {
    for child in l.named(node) {
        if child.kind() == "sequence_expression" && out.len() < 10_000 {
            operands(l, child, out);
        } else {
            out.push(child);
        }
    }
}

fn call_of(l: &mut Lowerer<'_>, node: Node<'_>, callee: NodeId) -> NodeId {
    let mut list = Vec::new();
    operands(l, node, &mut list);
    // `include("a")` has the parentheses of its operand.
    let lowered = l.lower_list(&list);
    let range = match (list.first(), list.last()) {
        (Some(first), Some(last)) => first.start_byte()..last.end_byte(),
        _ => node.end_byte()..node.end_byte(),
    };
    let arguments = l.make_at(Kind::Arguments, 0, range, Symbol::EMPTY, &lowered);
    l.make(Kind::Call, node, Symbol::EMPTY, &[callee, arguments])
}

fn word(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    match node.child(0) {
        Some(word) => {
            let text = l.text(word).to_ascii_lowercase();
            l.leaf_of(Kind::Name, word, &text)
        }
        None => l.missing(node),
    }
}

fn word_call(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let callee = word(l, node);
    call_of(l, node, callee)
}

fn call_statement(l: &mut Lowerer<'_>, node: Node<'_>, callee: NodeId) -> NodeId {
    let call = call_of(l, node, callee);
    l.make(Kind::ExpressionStatement, node, Symbol::EMPTY, &[call])
}

fn word_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let callee = word(l, node);
    call_statement(l, node, callee)
}

fn operand<const KIND: u8>(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let kind = match KIND {
        k if k == Kind::Return as u8 => Kind::Return,
        k if k == Kind::Throw as u8 => Kind::Throw,
        k if k == Kind::Yield as u8 => Kind::Yield,
        k if k == Kind::Break as u8 => Kind::Break,
        _ => Kind::Continue,
    };
    let operand = l.named(node).first().copied();
    let operand = l.optional(node, operand);
    l.make(kind, node, Symbol::EMPTY, &[operand])
}

fn if_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut otherwise = l.missing(node);
    for clause in l.fields(node, "alternative").into_iter().rev() {
        otherwise = if clause.kind() == "else_clause" {
            l.field(clause, "body")
        } else {
            let children = [l.field(clause, "condition"), l.field(clause, "body"), otherwise];
            let end = l.tree().range(otherwise).end.max(clause.end_byte());
            l.make_at(Kind::If, clause.kind_id(), clause.start_byte()..end, Symbol::EMPTY, &children)
        };
    }
    let children = [l.field(node, "condition"), l.field(node, "body"), otherwise];
    l.make(Kind::If, node, Symbol::EMPTY, &children)
}

fn body_of(l: &mut Lowerer<'_>, node: Node<'_>, statements: &[Node<'_>]) -> NodeId {
    match statements {
        [only] if matches!(only.kind(), "compound_statement" | "colon_block") => l.lower(*only),
        _ => {
            let start = statements.first().map_or(node.end_byte(), Node::start_byte);
            let lowered = l.lower_list(statements);
            l.make_at(Kind::Block, 0, start..node.end_byte(), Symbol::EMPTY, &lowered)
        }
    }
}

fn for_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let bodies = l.fields(node, "body");
    let head = [l.field(node, "initialize"), l.field(node, "condition"), l.field(node, "update")];
    let body = body_of(l, node, &bodies);
    l.make(Kind::For, node, Symbol::EMPTY, &[head[0], head[1], head[2], body])
}

/// `foreach ($list as $key => $value)`: both are one tuple.
fn for_each(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let body = node.child_by_field_name("body");
    let parts: Vec<Node<'_>> =
        l.named(node).into_iter().filter(|child| body.is_none_or(|body| body.id() != child.id())).collect();
    let [iterable, target, ..] = parts.as_slice() else { return l.other(node) };
    let iterable = l.lower(*iterable);
    let target = if target.kind() == "pair" {
        let children = l.lower_named(*target);
        l.make(Kind::Tuple, *target, Symbol::EMPTY, &children)
    } else {
        l.lower(*target)
    };
    let children = [target, iterable, l.optional(node, body), l.missing(node)];
    l.make(Kind::ForEach, node, Symbol::EMPTY, &children)
}

fn switch(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = vec![l.field(node, "condition")];
    if let Some(body) = node.child_by_field_name("body") {
        children.extend(l.lower_named(body));
    }
    l.make(Kind::Switch, node, Symbol::EMPTY, &children)
}

fn case(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let value = node.child_by_field_name("value");
    let statements: Vec<Node<'_>> = l
        .named(node)
        .into_iter()
        .filter(|child| value.is_none_or(|value| value.id() != child.id()))
        .collect();
    let mut children = Vec::new();
    if let Some(value) = value {
        children.push(l.lower(value));
    }
    children.push(body_of(l, node, &statements));
    l.make(Kind::Case, node, Symbol::EMPTY, &children)
}

/// `a, b => value` of a `match`.
fn arm(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = Vec::new();
    if let Some(list) = node.child_by_field_name("conditional_expressions") {
        children.extend(l.lower_named(list));
    }
    let value = node.child_by_field_name("return_expression");
    children.push(match value {
        Some(value) => body_of(l, node, &[value]),
        None => l.missing(node),
    });
    l.make(Kind::Case, node, Symbol::EMPTY, &children)
}

fn try_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = vec![l.field(node, "body")];
    let mut finally = None;
    for child in l.named(node) {
        match child.kind() {
            "catch_clause" => children.push(l.lower(child)),
            "finally_clause" => finally = child.child_by_field_name("body"),
            _ => {}
        }
    }
    children.push(l.optional(node, finally));
    children.push(l.missing(node));
    l.make(Kind::Try, node, Symbol::EMPTY, &children)
}

fn catch(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let type_ = match node.child_by_field_name("type") {
        Some(list) => l.inner(list),
        None => l.missing(node),
    };
    let children = [type_, l.field(node, "name"), l.field(node, "body")];
    l.make(Kind::Catch, node, Symbol::EMPTY, &children)
}

/// With a body, the name stands before its members.
fn namespace(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let name = l.field(node, "name");
    let Some(body) = node.child_by_field_name("body") else {
        return l.make(Kind::Package, node, Symbol::EMPTY, &[name]);
    };
    let range = l.tree().range(name);
    let package = l.make_at(Kind::Package, 0, range, Symbol::EMPTY, &[name]);
    let body = l.lower(body);
    let mut members = vec![package];
    members.extend_from_slice(l.tree().children(body));
    l.make(Kind::Block, node, Symbol::EMPTY, &members)
}

fn uses(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let prefix = l.child_of_kind(node, "namespace_name");
    let holder = node.child_by_field_name("body").unwrap_or(node);
    let clauses: Vec<Node<'_>> =
        l.named(holder).into_iter().filter(|child| child.kind() == "namespace_use_clause").collect();
    let only = clauses.len() == 1 && prefix.is_none();
    let mut imports = Vec::new();
    for clause in clauses {
        let alias = clause.child_by_field_name("alias");
        let named = l.named(clause);
        let name = named.into_iter().find(|child| alias.is_none_or(|alias| alias.id() != child.id()));
        let mut module = l.optional(clause, name);
        if let Some(prefix) = prefix {
            let object = l.lower(prefix);
            let range = l.tree().range(object).start..l.tree().range(module).end;
            module = l.make_at(Kind::Field, 0, range, Symbol::EMPTY, &[object, module]);
        }
        let alias = l.optional(clause, alias);
        let place = if only { node } else { clause };
        imports.push(l.make(Kind::Import, place, Symbol::EMPTY, &[module, alias]));
    }
    match imports.as_slice() {
        [one] => *one,
        _ => l.make(Kind::Definitions, node, Symbol::EMPTY, &imports),
    }
}

fn modifiers(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = Vec::new();
    let (mut start, mut end) = (node.start_byte(), node.start_byte());
    for child in l.named(node) {
        match child.kind() {
            "attribute_list" => {
                for group in l.named(child) {
                    children.extend(l.lower_named(group));
                }
            }
            kind if kind.ends_with("_modifier") && kind != "reference_modifier" => {
                children.push(l.leaf(Kind::Token, child));
            }
            _ => continue,
        }
        if end == node.start_byte() {
            start = child.start_byte();
        }
        end = child.end_byte();
    }
    l.make_at(Kind::Modifiers, 0, start..end, Symbol::EMPTY, &children)
}

fn attribute(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parameters = node.child_by_field_name("parameters");
    let name = l.named(node).into_iter().find(|child| parameters.is_none_or(|list| list.id() != child.id()));
    let name = l.optional(node, name);
    let expression = match parameters {
        Some(list) => {
            let arguments = l.lower(list);
            l.make(Kind::Call, node, Symbol::EMPTY, &[name, arguments])
        }
        None => name,
    };
    l.make(Kind::Decorator, node, Symbol::EMPTY, &[expression])
}

fn function(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = modifiers(l, node);
    let children = [
        words,
        l.field(node, "return_type"),
        l.field(node, "name"),
        l.field(node, "parameters"),
        l.field(node, "body"),
    ];
    l.make(Kind::Function, node, Symbol::EMPTY, &children)
}

fn parameter(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = modifiers(l, node);
    let by_reference = l.child_of_kind(node, "reference_modifier").is_some();
    let symbol = match node.kind() {
        "variadic_parameter" => Symbol::ELLIPSIS,
        _ if by_reference => l.intern("&"),
        _ => Symbol::EMPTY,
    };
    let children = [words, l.field(node, "type"), l.field(node, "name"), l.field(node, "default_value")];
    l.make(Kind::Parameter, node, symbol, &children)
}

/// Declarations of one statement: alone, or several.
fn definitions(l: &mut Lowerer<'_>, node: Node<'_>, all: &[NodeId]) -> NodeId {
    match all {
        [only] => {
            let range = node.byte_range();
            let inside = l.tree_mut().node_mut(*only);
            (inside.start, inside.end) = (range.start as u32, range.end as u32);
            *only
        }
        _ => l.make(Kind::Definitions, node, Symbol::EMPTY, all),
    }
}

fn properties(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut all = Vec::new();
    for element in l.named(node).into_iter().filter(|child| child.kind() == "property_element") {
        let words = modifiers(l, node);
        let type_ = l.field(node, "type");
        let name = match element.child_by_field_name("name") {
            Some(name) => plain_name(l, name),
            None => l.missing(element),
        };
        let children = [words, type_, name, l.field(element, "default_value")];
        all.push(l.make(Kind::VariableDefinition, element, Symbol::EMPTY, &children));
    }
    definitions(l, node, &all)
}

fn constants(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut all = Vec::new();
    for element in l.named(node).into_iter().filter(|child| child.kind() == "const_element") {
        let mut words = modifiers(l, node);
        let word = l.leaf_of(Kind::Token, node, "const");
        let mut tokens = l.tree().children(words).to_vec();
        tokens.push(word);
        let range = l.tree().range(words);
        words = l.make_at(Kind::Modifiers, 0, range, Symbol::EMPTY, &tokens);
        let parts = l.named(element);
        let (name, value) = (parts.first().copied(), parts.get(1).copied());
        let children = [words, l.field(node, "type"), l.optional(element, name), l.optional(element, value)];
        all.push(l.make(Kind::VariableDefinition, element, Symbol::EMPTY, &children));
    }
    definitions(l, node, &all)
}

fn static_variables(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut all = Vec::new();
    for element in l.named(node) {
        let word = l.leaf_of(Kind::Token, node, "static");
        let words =
            l.make_at(Kind::Modifiers, 0, node.start_byte()..node.start_byte() + 6, Symbol::EMPTY, &[word]);
        let children = [words, l.missing(element), l.field(element, "name"), l.field(element, "value")];
        all.push(l.make(Kind::VariableDefinition, element, Symbol::EMPTY, &children));
    }
    definitions(l, node, &all)
}

fn enum_case(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = modifiers(l, node);
    let children = [words, l.missing(node), l.field(node, "name"), l.field(node, "value")];
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &children)
}

fn class(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = modifiers(l, node);
    let name = l.field(node, "name");
    let mut supers = Vec::new();
    for child in l.named(node) {
        if matches!(child.kind(), "base_clause" | "class_interface_clause") {
            supers.extend(l.lower_named(child));
        }
    }
    let supers = l.make_at(Kind::Supers, 0, node.start_byte()..node.start_byte(), Symbol::EMPTY, &supers);
    let body = l.field(node, "body");
    let keyword = node.kind().split('_').next().unwrap_or("class");
    let symbol = l.intern(keyword);
    l.make(Kind::Class, node, symbol, &[words, name, supers, body])
}

#[cfg(test)]
mod tests {
    use crate::language::{Language, parse};
    use crate::tree::Symbols;

    fn sexp(source: &str) -> String {
        let mut symbols = Symbols::default();
        let spec = Language::Php.spec_for("a.php").unwrap();
        let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
        assert!(tree.errors.is_empty(), "{source}");
        tree.to_sexp(tree.root, &symbols)
    }

    #[test]
    fn statements_and_expressions() {
        assert_eq!(
            sexp("<?php $s = $_GET['a'] . \"x$b{$c->d}\";"),
            "(Program (ExpressionStatement (Assign (Name \"$s\") (Binary \".\" (Index (Name \"$_GET\") (String \"a\")) (Template \
             (StringPart \"x\") (Name \"$b\") (Field (Name \"$c\") (Name \"d\")))))))"
        );
        assert_eq!(
            sexp("<b><?= $x ?></b><?php echo 1, f(...$y); include 'a.php';"),
            "(Program (ExpressionStatement (Call (Name \"echo\") (Arguments (Name \"$x\")))) (ExpressionStatement (Call (Name \
             \"echo\") (Arguments (Number \"1\") (Call (Name \"f\") (Arguments (Spread \"...\" (Name \"$y\"))))))) \
             (ExpressionStatement (Call (Name \"include\") (Arguments (String \"a.php\")))))"
        );
        assert_eq!(
            sexp("<?php A\\B::c($x ?: 1); $a->b?->c(d: 2); new E(['k' => 1, 2]);"),
            "(Program (ExpressionStatement (Call (Field (Field (Name \"A\") (Name \"B\")) (Name \"c\")) (Arguments (Ternary (Name \
             \"$x\") (Name \"$x\") (Number \"1\"))))) (ExpressionStatement (Call (Field (Field (Name \"$a\") (Name \"b\")) (Name \
             \"c\")) (Arguments (KeywordArgument (Name \"d\") (Number \"2\"))))) (ExpressionStatement (New (Name \"E\") (Arguments \
             (Dict (Pair (String \"k\") (Number \"1\")) (Number \"2\"))) _)))"
        );
        assert_eq!(
            sexp("<?php if ($a): f(); elseif ($b): g(); else: h(); endif; foreach ($x as $k => $v) {}"),
            "(Program (If (Name \"$a\") (Block (ExpressionStatement (Call (Name \"f\") (Arguments)))) (If (Name \"$b\") (Block \
             (ExpressionStatement (Call (Name \"g\") (Arguments)))) (Block (ExpressionStatement (Call (Name \"h\") \
             (Arguments)))))) (ForEach (Tuple (Name \"$k\") (Name \"$v\")) (Name \"$x\") (Block) _))"
        );
    }

    #[test]
    fn definitions() {
        assert_eq!(
            sexp(
                "<?php namespace A; use B\\C as D; class E extends F implements G { private ?int $p = 1; const Q = 2; #[R('/')] \
                 public function m(string $s = 'a', &...$t): D { return fn($u) => $u; } }"
            ),
            "(Program (Package (Name \"A\")) (Import (Field (Name \"B\") (Name \"C\")) (Name \"D\")) (Class \"class\" (Modifiers) \
             (Name \"E\") (Supers (Name \"F\") (Name \"G\")) (Block (VariableDefinition (Modifiers (Token \"private\")) (Name \
             \"int\") (Name \"p\") (Number \"1\")) (VariableDefinition (Modifiers (Token \"const\")) _ (Name \"Q\") (Number \
             \"2\")) (Function (Modifiers (Decorator (Call (Name \"R\") (Arguments (String \"/\")))) (Token \"public\")) (Name \
             \"D\") (Name \"m\") (Parameters (Parameter (Modifiers) (Name \"string\") (Name \"$s\") (String \"a\")) (Parameter \
             \"...\" (Modifiers) _ (Name \"$t\") _)) (Block (Return (Lambda (Parameters (Parameter (Modifiers) _ (Name \"$u\") \
             _)) (Name \"$u\"))))))))"
        );
    }

    #[test]
    fn broken_and_deep_source_ends() {
        let spec = Language::Php.spec_for("a.php").unwrap();
        for source in
            ["<?php class {{{ )", &format!("<?php {}", "(".repeat(3000)), "<?php \"{$a[", "<?php <<<X\n"]
        {
            let mut symbols = Symbols::default();
            let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
            assert!(!tree.errors.is_empty() || tree.too_deep > 0, "{source}");
        }
    }
}
