//! Kotlin.
//!
//! What the grammar calls expressions (`if`, `when`, `try`, `return`) are the statements of the generic tree wherever they
//! stand. `null`, `true`, `break` and their like are identifiers to the grammar. The value of a lambda's last expression is
//! what it returns, and a lambda that speaks of `it` has a parameter of that name. What a class takes in its head are its
//! first members. `?.` is a field with that symbol, so that a pattern with `.` means both.

use super::{Compiled, ELLIPSIS_NAME, Language, Lower, Lowerer, PatternSyntax, Spec, Traits};
use crate::tree::{Kind, NodeId, Symbol};
use Lower::{All, Fixed, Leaf, With};
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

/// An expression that stands as a statement is wrapped; declarations and control flow are statements by themselves.
fn statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let id = l.lower(node);
    if !is_value(l.tree().kind(id)) {
        return id;
    }
    l.make_at(Kind::ExpressionStatement, 0, node.byte_range(), Symbol::EMPTY, &[id])
}

/// Whether a node is an expression, and no statement of the generic tree.
fn is_value(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Name
            | Kind::String
            | Kind::Template
            | Kind::Number
            | Kind::Char
            | Kind::Bool
            | Kind::Null
            | Kind::Field
            | Kind::Index
            | Kind::Call
            | Kind::New
            | Kind::Assign
            | Kind::AugmentedAssign
            | Kind::Binary
            | Kind::Unary
            | Kind::Postfix
            | Kind::Lambda
            | Kind::List
            | Kind::Cast
            | Kind::TypeTest
            | Kind::Spread
            | Kind::Tuple
    )
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

fn character(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let range = l.inside_quotes(node);
    let text = l.slice(range.start, range.end).into_owned();
    l.leaf_of(Kind::Char, node, &text)
}

/// The grammar reads `$name` as text where letters stand around it; it is found again in the text.
fn string(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let range = l.inside_quotes(node);
    let raw = node.kind() == "multiline_string_literal";
    let mut parts = Vec::new();
    let mut at = range.start;
    for child in l.named(node).into_iter().filter(|child| child.kind() == "interpolation") {
        text_parts(l, node, at..child.start_byte(), raw, &mut parts);
        parts.push(last(l, child));
        at = child.end_byte();
    }
    text_parts(l, node, at..range.end, raw, &mut parts);
    match parts.as_slice() {
        [] => l.make(Kind::String, node, Symbol::EMPTY, &[]),
        [only] if l.tree().kind(*only) == Kind::StringPart => {
            let symbol = l.tree().symbol(*only);
            l.discard(*only);
            l.make(Kind::String, node, symbol, &[])
        }
        _ => l.make(Kind::Template, node, Symbol::EMPTY, &parts),
    }
}

fn text_parts(
    l: &mut Lowerer<'_>,
    node: Node<'_>,
    range: std::ops::Range<usize>,
    raw: bool,
    parts: &mut Vec<NodeId>,
) {
    let text = l.slice(range.start, range.end).into_owned();
    let bytes = text.as_bytes();
    let (mut plain, mut at) = (0, 0);
    while at < bytes.len() {
        if bytes[at] == b'\\' && !raw {
            at += 2;
            continue;
        }
        let word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
        let tail = bytes.get(at + 1..).unwrap_or_default();
        let length = tail.iter().take_while(|byte| word(byte)).count();
        if bytes[at] != b'$' || length == 0 || tail.first().is_some_and(u8::is_ascii_digit) {
            at += 1;
            continue;
        }
        text_part(l, node, range.start, &text, plain..at, parts);
        let end = at + 1 + length;
        let name = text.get(at + 1..end).unwrap_or_default();
        let symbol = if name == "this" { Symbol::THIS } else { l.intern(name) };
        parts.push(l.make_at(Kind::Name, 0, range.start + at + 1..range.start + end, symbol, &[]));
        (plain, at) = (end, end);
    }
    text_part(l, node, range.start, &text, plain..text.len(), parts);
}

fn text_part(
    l: &mut Lowerer<'_>,
    node: Node<'_>,
    start: usize,
    text: &str,
    range: std::ops::Range<usize>,
    parts: &mut Vec<NodeId>,
) {
    if let Some(text) = text.get(range.clone()).filter(|text| !text.is_empty()) {
        let symbol = l.intern(text);
        let range = start + range.start..start + range.end;
        parts.push(l.make_at(Kind::StringPart, node.kind_id(), range, symbol, &[]));
    }
}

/// What is behind annotations, labels and brackets.
fn last(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    match l.named(node).last() {
        Some(last) => l.lower(*last),
        None => l.other(node),
    }
}

/// A list of nothing at the start of `node`.
fn empty(l: &mut Lowerer<'_>, kind: Kind, node: Node<'_>) -> NodeId {
    l.make_at(kind, 0, node.start_byte()..node.start_byte(), Symbol::EMPTY, &[])
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

/// Links of a chain that begins with a prefix operator.
const MAX_CHAIN: usize = 500;

/// The prefix operator at the head of a chain: the grammar reads `!a.b()` as `(!a).b()`.
fn operator_at_head<'t>(node: Node<'t>) -> Option<Node<'t>> {
    let mut at = node;
    for _ in 0..MAX_CHAIN {
        at = at.named_child(0)?;
        match at.kind() {
            "unary_expression" if is_prefix(at) => return Some(at),
            kind if is_link(kind) => {}
            _ => return None,
        }
    }
    None
}

fn is_link(kind: &str) -> bool {
    matches!(kind, "navigation_expression" | "call_expression" | "index_expression" | "unary_expression")
}

fn is_prefix(node: Node<'_>) -> bool {
    node.child_by_field_name("operator").is_some_and(|operator| operator.start_byte() == node.start_byte())
}

/// Whether a node is what a link of a chain begins with.
fn is_within_chain(node: Node<'_>) -> bool {
    node.parent().is_some_and(|parent| {
        is_link(parent.kind())
            && parent.named_child(0) == Some(node)
            && !(parent.kind() == "unary_expression" && is_prefix(parent))
    })
}

/// One link of a chain; an operator before the chain is applied to all of it.
fn link(
    l: &mut Lowerer<'_>,
    node: Node<'_>,
    make: fn(&mut Lowerer<'_>, Node<'_>, usize) -> NodeId,
) -> NodeId {
    let Some(head) = operator_at_head(node) else { return make(l, node, node.start_byte()) };
    let operand = head.child_by_field_name("argument").unwrap_or(head);
    let made = make(l, node, operand.start_byte());
    if is_within_chain(node) {
        return made;
    }
    let symbol = match head.child_by_field_name("operator") {
        Some(operator) => l.operator(operator),
        None => Symbol::EMPTY,
    };
    l.make(Kind::Unary, node, symbol, &[made])
}

/// `@A(x)` with nothing behind it is read as an annotation without arguments, and an expression.
fn annotated(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    let [annotation, value] = parts.as_slice() else { return l.other(node) };
    let plain = l.named(*annotation).last().copied().filter(|name| name.kind() == "user_type");
    if let Some(plain) = plain
        && value.kind() == "parenthesized_expression"
        && annotation.end_byte() == value.start_byte()
    {
        let callee = l.lower(plain);
        let values = l.lower_named(*value);
        let arguments = l.make(Kind::Arguments, *value, Symbol::EMPTY, &values);
        let range = plain.start_byte()..value.end_byte();
        let call = l.make_at(Kind::Call, 0, range, Symbol::EMPTY, &[callee, arguments]);
        return l.make(Kind::Decorator, node, Symbol::EMPTY, &[call]);
    }
    l.lower(*value)
}

fn navigation(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    link(l, node, |l, node, start| {
        let parts = l.named(node);
        let [object, name] = parts.as_slice() else { return l.other(node) };
        let safe = l.all(node).iter().any(|child| child.kind() == "?.");
        let symbol = if safe { l.intern("?.") } else { Symbol::EMPTY };
        let children = [l.lower(*object), l.lower(*name)];
        l.make_at(Kind::Field, node.kind_id(), start..node.end_byte(), symbol, &children)
    })
}

/// `A::b` reads the method `b` of `A`, `::b` the function.
fn reference(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(name) = after(l, node, "::") else { return l.other(node) };
    let receiver = l.all(node).into_iter().find(|child| is_type(*child));
    match receiver {
        Some(receiver) => {
            let object = l.lower(receiver);
            let name = l.leaf(Kind::Name, name);
            l.make(Kind::Field, node, Symbol::EMPTY, &[object, name])
        }
        None => l.leaf(Kind::Name, name),
    }
}

fn index(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    link(l, node, |l, node, start| {
        let children = l.lower_named(node);
        l.make_at(Kind::Index, node.kind_id(), start..node.end_byte(), Symbol::EMPTY, &children)
    })
}

/// A lambda behind the parentheses is the last argument, though the grammar may call it that of another call.
fn call(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    link(l, node, call_from)
}

fn call_from(l: &mut Lowerer<'_>, node: Node<'_>, from: usize) -> NodeId {
    let mut parts = l.named(node);
    if let [first, lambda] = parts.as_slice()
        && first.kind() == "call_expression"
        && lambda.kind() == "annotated_lambda"
    {
        let mut inner = l.named(*first);
        if inner.last().is_some_and(|last| last.kind() == "value_arguments") {
            inner.push(*lambda);
            parts = inner;
        }
    }
    let Some((first, rest)) = parts.split_first() else { return l.other(node) };
    let mut callee = l.lower(*first);
    let mut arguments = Vec::new();
    let mut start = None;
    for part in rest {
        match part.kind() {
            "type_arguments" => {
                let types = l.lower(*part);
                let range = l.tree().range(callee).start..part.end_byte();
                callee = l.make_at(Kind::GenericType, 0, range, Symbol::EMPTY, &[callee, types]);
            }
            "value_arguments" => {
                start.get_or_insert(part.start_byte());
                arguments.extend(l.lower_named(*part));
            }
            _ => {
                start.get_or_insert(part.start_byte());
                arguments.push(l.lower(*part));
            }
        }
    }
    let range = start.unwrap_or(node.end_byte())..node.end_byte();
    let arguments = l.make_at(Kind::Arguments, 0, range, Symbol::EMPTY, &arguments);
    l.make_at(Kind::Call, node.kind_id(), from..node.end_byte(), Symbol::EMPTY, &[callee, arguments])
}

fn argument(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    let all = l.all(node);
    let Some(value) = parts.last() else { return l.other(node) };
    let mut lowered = l.lower(*value);
    if let Some(star) = all.iter().find(|child| child.kind() == "*") {
        let range = star.start_byte()..node.end_byte();
        lowered = l.make_at(Kind::Spread, 0, range, Symbol::MUL, &[lowered]);
    }
    match (parts.as_slice(), all.iter().any(|child| child.kind() == "=")) {
        ([name, _], true) => {
            let name = l.leaf(Kind::Name, *name);
            l.make(Kind::KeywordArgument, node, Symbol::EMPTY, &[name, lowered])
        }
        _ => lowered,
    }
}

/// `T(…)` of an annotation or of what a class inherits from.
fn construction(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    l.make_at(Kind::Call, 0, node.byte_range(), Symbol::EMPTY, &children)
}

fn spread(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    l.make(Kind::Spread, node, Symbol::MUL, &children)
}

fn parameter_of(l: &mut Lowerer<'_>, node: Node<'_>, slots: [Option<NodeId>; 4]) -> NodeId {
    let [modifiers, type_, target, default] = slots;
    let modifiers = match modifiers {
        Some(modifiers) => modifiers,
        None => empty(l, Kind::Modifiers, node),
    };
    let rest = [type_, target, default].map(|slot| match slot {
        Some(slot) => slot,
        None => l.missing(node),
    });
    l.make(Kind::Parameter, node, Symbol::EMPTY, &[modifiers, rest[0], rest[1], rest[2]])
}

fn lambda(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut body = l.named(node);
    let parameters = if body.first().is_some_and(|first| first.kind() == "lambda_parameters") {
        let list = body.remove(0);
        let children: Vec<NodeId> = l
            .named(list)
            .into_iter()
            .map(|child| {
                let type_ = l.named(child).into_iter().find(|part| is_type(*part));
                let type_ =
                    type_.filter(|_| child.kind() == "variable_declaration").map(|part| l.lower(part));
                let target = l.lower(child);
                parameter_of(l, child, [None, type_, Some(target), None])
            })
            .collect();
        l.make(Kind::Parameters, list, Symbol::EMPTY, &children)
    } else if speaks_of_it(l, node) {
        let name = l.intern("it");
        let at = node.start_byte()..node.start_byte();
        let target = l.make_at(Kind::Name, 0, at.clone(), name, &[]);
        let (modifiers, type_, default) = (empty(l, Kind::Modifiers, node), l.missing(node), l.missing(node));
        let slots = [modifiers, type_, target, default];
        let parameter = l.make_at(Kind::Parameter, 0, at.clone(), Symbol::EMPTY, &slots);
        l.make_at(Kind::Parameters, 0, at, Symbol::EMPTY, &[parameter])
    } else {
        l.missing(node)
    };
    let mut list = Vec::new();
    if let Some((last, rest)) = body.split_last() {
        list = statements(l, rest);
        let value = l.lower(*last);
        let kind = l.tree().kind(value);
        let ellipsis = l.symbol_text(l.tree().symbol(value)).starts_with(ELLIPSIS_NAME);
        let works = matches!(kind, Kind::Assign | Kind::AugmentedAssign);
        let valued = is_value(kind) || matches!(kind, Kind::If | Kind::Switch | Kind::Try);
        list.push(if ellipsis || works {
            l.make_at(Kind::ExpressionStatement, 0, last.byte_range(), Symbol::EMPTY, &[value])
        } else if valued {
            l.make_at(Kind::Return, 0, last.byte_range(), Symbol::EMPTY, &[value])
        } else {
            value
        });
    }
    let range = match (body.first(), body.last()) {
        (Some(first), Some(last)) => first.start_byte()..last.end_byte(),
        _ => node.end_byte().saturating_sub(1)..node.end_byte(),
    };
    let block = l.make_at(Kind::Block, 0, range, Symbol::EMPTY, &list);
    l.make(Kind::Lambda, node, Symbol::EMPTY, &[parameters, block])
}

/// Words of one lambda that are looked at for `it`.
const MAX_WORDS: usize = 4_000;

/// Whether a lambda without parameters uses the one that it has all the same.
fn speaks_of_it(l: &Lowerer<'_>, node: Node<'_>) -> bool {
    let mut stack = l.named(node);
    let mut seen = 0;
    while let Some(node) = stack.pop() {
        seen += 1;
        if seen > MAX_WORDS {
            return false;
        }
        match node.kind() {
            "identifier" if l.text(node) == "it" => return true,
            // Its `it` is its own.
            "lambda_literal" => {}
            // A name behind a dot or before `=` is none of ours, but a name `it` there is rarer than the use.
            _ => stack.extend(l.named(node)),
        }
    }
    false
}

fn anonymous_function(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let list = l.child_of_kind(node, "function_value_parameters");
    let parameters = l.optional(node, list);
    let body = body(l, node);
    l.make(Kind::Lambda, node, Symbol::EMPTY, &[parameters, body])
}

/// The block of a function, or the expression behind `=`.
fn body(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    match l.child_of_kind(node, "function_body").or_else(|| l.child_of_kind(node, "block")) {
        Some(body) if body.kind() == "block" => l.lower(body),
        Some(body) => last(l, body),
        None => l.missing(node),
    }
}

fn object_literal(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let specifier = l
        .child_of_kind(node, "delegation_specifiers")
        .and_then(|list| l.named(list).first().copied())
        .and_then(|specifier| l.named(specifier).last().copied());
    let (type_, arguments) = match specifier {
        Some(made) if made.kind() == "constructor_invocation" => {
            let parts = l.named(made);
            (l.optional(made, parts.first().copied()), l.optional(made, parts.get(1).copied()))
        }
        Some(type_) => (l.lower(type_), empty(l, Kind::Arguments, node)),
        None => (l.missing(node), empty(l, Kind::Arguments, node)),
    };
    let body = l.child_of_kind(node, "class_body");
    let body = l.optional(node, body);
    l.make(Kind::New, node, Symbol::EMPTY, &[type_, arguments, body])
}

fn unary(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(operator) = node.child_by_field_name("operator") else { return l.other(node) };
    if is_prefix(node) {
        let symbol = l.operator(operator);
        let operand = l.field(node, "argument");
        if is_within_chain(node) {
            return operand;
        }
        return l.make(Kind::Unary, node, symbol, &[operand]);
    }
    link(l, node, |l, node, start| {
        let operand = l.field(node, "argument");
        let operator = node.child_by_field_name("operator");
        let symbol = operator.map_or(Symbol::EMPTY, |operator| l.operator(operator));
        l.make_at(Kind::Postfix, node.kind_id(), start..node.end_byte(), symbol, &[operand])
    })
}

/// How many names of a tree are words that cannot be names: the grammar takes `(a) fun f()` for a call of `fun`.
pub(super) fn misread(source: &[u8], root: Node<'_>) -> u32 {
    let mut count = 0;
    let mut stack = vec![root];
    while let Some(node) = stack.pop() {
        if node.kind() == "identifier" {
            let text = source.get(node.byte_range()).unwrap_or_default();
            count += u32::from(matches!(
                text,
                b"class"
                    | b"fun"
                    | b"object"
                    | b"interface"
                    | b"val"
                    | b"var"
                    | b"if"
                    | b"else"
                    | b"for"
                    | b"while"
                    | b"try"
                    | b"when"
                    | b"return"
                    | b"throw"
                    | b"package"
                    | b"typealias"
            ));
        }
        let mut cursor = node.walk();
        stack.extend(node.named_children(&mut cursor));
    }
    count
}

fn binary(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    let [left, right] = parts.as_slice() else { return l.other(node) };
    let operator = l.all(node).into_iter().find(|child| !child.is_named());
    // `f<T>(x)`, taken for comparisons.
    if operator.is_some_and(|operator| operator.kind() == ">")
        && right.kind() == "parenthesized_expression"
        && left.kind() == "binary_expression"
        && let [callee, type_] = l.named(*left).as_slice()
        && let Some(less) = l.child_of_kind(*left, "<")
    {
        let (callee, type_) = (l.lower(*callee), l.lower(*type_));
        let range = less.start_byte()..right.start_byte();
        let types = l.make_at(Kind::TypeArguments, 0, range, Symbol::EMPTY, &[type_]);
        let range = node.start_byte()..right.start_byte();
        let callee = l.make_at(Kind::GenericType, 0, range, Symbol::EMPTY, &[callee, types]);
        let values = l.lower_named(*right);
        let arguments = l.make(Kind::Arguments, *right, Symbol::EMPTY, &values);
        return l.make(Kind::Call, node, Symbol::EMPTY, &[callee, arguments]);
    }
    let symbol = match operator.map(|operator| l.text(operator)).as_deref() {
        Some("?:") => Symbol::COALESCE,
        Some("!in") => Symbol::NOT_IN,
        Some(text) => l.intern(text),
        None => Symbol::EMPTY,
    };
    let children = [l.lower(*left), l.lower(*right)];
    l.make(Kind::Binary, node, symbol, &children)
}

/// `a f b` calls the method `f`.
fn infix(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    let [left, name, right] = parts.as_slice() else { return l.other(node) };
    let children = [l.lower(*left), l.leaf(Kind::Name, *name)];
    let range = node.start_byte()..name.end_byte();
    let callee = l.make_at(Kind::Field, 0, range, Symbol::EMPTY, &children);
    let argument = l.lower(*right);
    let arguments = l.make(Kind::Arguments, *right, Symbol::EMPTY, &[argument]);
    l.make(Kind::Call, node, Symbol::EMPTY, &[callee, arguments])
}

fn type_test(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "left"), l.field(node, "right")];
    let test = l.make(Kind::TypeTest, node, Symbol::EMPTY, &children);
    if l.all(node).iter().any(|child| child.kind() == "!is") {
        return l.make(Kind::Unary, node, Symbol::NOT, &[test]);
    }
    test
}

fn cast(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "right"), l.field(node, "left")];
    l.make(Kind::Cast, node, Symbol::EMPTY, &children)
}

fn assignment(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "left"), l.field(node, "right")];
    let operator = node.child_by_field_name("operator").map(|operator| l.text(operator).into_owned());
    match operator.as_deref() {
        None | Some("=") => l.make(Kind::Assign, node, Symbol::EMPTY, &children),
        Some(operator) => {
            let symbol = l.intern(operator.trim_end_matches('='));
            l.make(Kind::AugmentedAssign, node, symbol, &children)
        }
    }
}

/// `a.B<C>.D`
fn user_type(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut made: Option<NodeId> = None;
    for part in l.named(node) {
        let lowered = match part.kind() {
            "identifier" => l.leaf(Kind::Name, part),
            "type_arguments" => l.lower(part),
            _ => continue,
        };
        made = Some(match made {
            None => lowered,
            Some(before) => {
                let kind = if part.kind() == "identifier" { Kind::Field } else { Kind::GenericType };
                let range = l.tree().range(before).start..part.end_byte();
                l.make_at(kind, 0, range, Symbol::EMPTY, &[before, lowered])
            }
        });
    }
    match made {
        Some(made) => made,
        None => l.other(node),
    }
}

fn projection(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    match l.named(node).last() {
        Some(last) => l.lower(*last),
        None => l.leaf(Kind::Token, node),
    }
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

fn qualified(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut parts = l.named(node).into_iter();
    let Some(first) = parts.next() else { return l.leaf(Kind::Name, node) };
    let mut object = l.leaf(Kind::Name, first);
    for part in parts {
        let name = l.leaf(Kind::Name, part);
        let range = node.start_byte()..part.end_byte();
        object = l.make_at(Kind::Field, 0, range, Symbol::EMPTY, &[object, name]);
    }
    object
}

fn import(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    let Some(module) = parts.first() else { return l.other(node) };
    let module = l.lower(*module);
    if let Some(star) = l.child_of_kind(node, "*") {
        let all = l.leaf(Kind::Name, star);
        let alias = l.missing(star);
        let name = l.make(Kind::ImportedName, star, Symbol::EMPTY, &[all, alias]);
        return l.make(Kind::ImportFrom, node, Symbol::EMPTY, &[module, name]);
    }
    let alias = l.optional(node, parts.get(1).copied());
    l.make(Kind::Import, node, Symbol::EMPTY, &[module, alias])
}

/// `@A(…)`; of several in brackets the first.
fn annotation(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let named = l.named(node).into_iter().find(|child| child.kind() != "use_site_target");
    let Some(named) = named else { return l.other(node) };
    let expression = l.lower(named);
    l.make(Kind::Decorator, node, Symbol::EMPTY, &[expression])
}

/// The annotations and words before a declaration, and those of `words` behind them.
fn modifiers(l: &mut Lowerer<'_>, node: Node<'_>, words: &[Node<'_>]) -> NodeId {
    let mut list = Vec::new();
    let mut end = node.start_byte();
    for part in l.named(node) {
        if !matches!(part.kind(), "modifiers" | "parameter_modifiers" | "annotation") {
            continue;
        }
        let entries = if part.kind() == "annotation" { vec![part] } else { l.all(part) };
        for entry in entries {
            if entry.kind() != "annotation" {
                list.push(l.leaf(Kind::Token, entry));
                continue;
            }
            let several = l.named(entry).into_iter().filter(|child| child.kind() != "use_site_target");
            let several: Vec<Node<'_>> = several.collect();
            if several.len() < 2 {
                list.push(l.lower(entry));
                continue;
            }
            for one in several {
                let expression = l.lower(one);
                list.push(l.make(Kind::Decorator, one, Symbol::EMPTY, &[expression]));
            }
        }
        end = end.max(part.end_byte());
    }
    for word in words {
        list.push(l.leaf(Kind::Token, *word));
        end = end.max(word.end_byte());
    }
    l.make_at(Kind::Modifiers, 0, node.start_byte()..end, Symbol::EMPTY, &list)
}

/// A function, method or constructor. What it extends stands among its modifiers, as a parameter `this`.
fn function(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut words = modifiers(l, node, &[]);
    let list = l.child_of_kind(node, "function_value_parameters");
    let name = match node.child_by_field_name("name") {
        Some(name) => l.leaf(Kind::Name, name),
        None => match l.child_of_kind(node, "constructor") {
            Some(word) => l.make(Kind::Name, word, Symbol::CONSTRUCTOR, &[]),
            None => l.missing(node),
        },
    };
    let head = list.map_or(node.end_byte(), |list| list.start_byte());
    let types: Vec<Node<'_>> = l.all(node).into_iter().filter(|child| is_type(*child)).collect();
    if let Some(receiver) = types.iter().find(|type_| type_.end_byte() <= head) {
        let type_ = l.lower(*receiver);
        let this = l.make(Kind::Name, *receiver, Symbol::THIS, &[]);
        let parameter = parameter_of(l, *receiver, [None, Some(type_), Some(this), None]);
        let parameters = l.make(Kind::Parameters, *receiver, Symbol::EMPTY, &[parameter]);
        let mut list = l.tree().children(words).to_vec();
        list.push(parameters);
        let range = l.tree().range(words).start..receiver.end_byte();
        l.discard(words);
        words = l.make_at(Kind::Modifiers, 0, range, Symbol::EMPTY, &list);
    }
    let returns = types.iter().find(|type_| type_.start_byte() >= head).copied();
    let returns = l.optional(node, returns);
    let parameters = match list {
        Some(list) => l.lower(list),
        None => empty(l, Kind::Parameters, node),
    };
    let mut body = body(l, node);
    // `: super(x)` runs before the body.
    if let Some(before) = l.child_of_kind(node, "constructor_delegation_call") {
        let word = l.all(before).into_iter().find(|child| matches!(child.kind(), "this" | "super"));
        let symbol =
            if word.is_some_and(|word| word.kind() == "this") { Symbol::THIS } else { Symbol::SUPER };
        let callee = l.make(Kind::Name, word.unwrap_or(before), symbol, &[]);
        let arguments = match l.child_of_kind(before, "value_arguments") {
            Some(list) => l.lower(list),
            None => empty(l, Kind::Arguments, before),
        };
        let call = l.make(Kind::Call, before, Symbol::EMPTY, &[callee, arguments]);
        let mut statements = vec![l.make(Kind::ExpressionStatement, before, Symbol::EMPTY, &[call])];
        let range = l.tree().range(body);
        statements.extend_from_slice(l.tree().children(body));
        l.discard(body);
        body = l.make_at(Kind::Block, 0, range, Symbol::EMPTY, &statements);
    }
    l.make(Kind::Function, node, Symbol::EMPTY, &[words, returns, name, parameters, body])
}

/// Modifiers stand before a parameter, its default behind it.
fn parameters(l: &mut Lowerer<'_>, list: Node<'_>) -> NodeId {
    let mut children = Vec::new();
    let parts = l.named(list);
    for (at, part) in parts.iter().enumerate() {
        if part.kind() != "parameter" {
            continue;
        }
        let before = at.checked_sub(1).and_then(|at| parts.get(at)).copied();
        let before = before.filter(|part| part.kind() == "parameter_modifiers");
        let behind = parts.get(at + 1).copied();
        let behind = behind.filter(|part| !matches!(part.kind(), "parameter" | "parameter_modifiers"));
        let mut words = Vec::new();
        let mut rest = false;
        if let Some(before) = before {
            for word in l.all(before) {
                rest |= l.text(word) == "vararg";
                words.push(if word.kind() == "annotation" {
                    l.lower(word)
                } else {
                    l.leaf(Kind::Token, word)
                });
            }
        }
        let start = before.unwrap_or(*part).start_byte();
        let end = before.map_or(start, |before| before.end_byte());
        let words = l.make_at(Kind::Modifiers, 0, start..end, Symbol::EMPTY, &words);
        let type_ = l.all(*part).into_iter().find(|child| is_type(*child));
        let name = l.child_of_kind(*part, "identifier");
        let slots = [words, l.optional(*part, type_), l.optional(*part, name), l.optional(*part, behind)];
        let symbol = if rest { Symbol::ELLIPSIS } else { Symbol::EMPTY };
        let end = behind.unwrap_or(*part).end_byte();
        children.push(l.make_at(Kind::Parameter, part.kind_id(), start..end, symbol, &slots));
    }
    l.make(Kind::Parameters, list, Symbol::EMPTY, &children)
}

fn class(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let companion = l.child_of_kind(node, "companion");
    let words = modifiers(l, node, companion.as_slice());
    let name = l.field(node, "name");
    let mut supers = Vec::new();
    let list = l.child_of_kind(node, "delegation_specifiers");
    for specifier in list.map(|list| l.named(list)).unwrap_or_default() {
        let inherited = l.named(specifier).into_iter().find(|child| child.kind() != "annotation");
        if let Some(inherited) = inherited {
            let first = l.named(inherited).first().copied();
            let delegated = first.filter(|_| inherited.kind() == "explicit_delegation");
            supers.push(l.lower(delegated.unwrap_or(inherited)));
        }
    }
    let range = list.map_or(node.start_byte()..node.start_byte(), |list| list.start_byte()..list.end_byte());
    let supers = l.make_at(Kind::Supers, 0, range, Symbol::EMPTY, &supers);
    let body = l.child_of_kind(node, "class_body").or_else(|| l.child_of_kind(node, "enum_class_body"));
    let fields = l
        .child_of_kind(node, "primary_constructor")
        .and_then(|constructor| l.child_of_kind(constructor, "class_parameters"));
    let mut members = Vec::new();
    for field in fields.map(|list| l.named(list)).unwrap_or_default() {
        members.push(class_parameter(l, field));
    }
    let range = match body {
        Some(body) => {
            members.extend(l.lower_named(body));
            body.byte_range()
        }
        None => fields.map_or(node.end_byte()..node.end_byte(), |list| list.byte_range()),
    };
    let body = l.make_at(Kind::Block, 0, range, Symbol::EMPTY, &members);
    let keyword = match node.kind() {
        "class_declaration" if l.child_of_kind(node, "interface").is_some() => "interface",
        "class_declaration" => "class",
        _ => "object",
    };
    let symbol = l.intern(keyword);
    l.make(Kind::Class, node, symbol, &[words, name, supers, body])
}

fn class_parameter(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let word = l.all(node).into_iter().find(|child| matches!(child.kind(), "val" | "var"));
    let words = modifiers(l, node, word.as_slice());
    let type_ = l.all(node).into_iter().find(|child| is_type(*child));
    let name = l.child_of_kind(node, "identifier");
    let value = after(l, node, "=");
    let slots = [words, l.optional(node, type_), l.optional(node, name), l.optional(node, value)];
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &slots)
}

/// `A(1) { … }` is a field whose value is made.
fn enum_entry(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = modifiers(l, node, &[]);
    let name = l.child_of_kind(node, "identifier");
    let (arguments, body) = (l.child_of_kind(node, "value_arguments"), l.child_of_kind(node, "class_body"));
    let value = if arguments.is_some() || body.is_some() {
        let type_ = l.missing(node);
        let arguments = match arguments {
            Some(arguments) => l.lower(arguments),
            None => empty(l, Kind::Arguments, node),
        };
        let body = l.optional(node, body);
        l.make(Kind::New, node, Symbol::EMPTY, &[type_, arguments, body])
    } else {
        l.missing(node)
    };
    let slots = [words, l.missing(node), l.optional(node, name), value];
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &slots)
}

/// The name of a variable; its type has a slot elsewhere.
fn variable(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let name = l.child_of_kind(node, "identifier");
    match name {
        Some(name) => l.lower(name),
        None => l.other(node),
    }
}

/// A definition of `declared` within `node`.
fn definition(l: &mut Lowerer<'_>, node: Node<'_>, declared: Node<'_>, value: Option<Node<'_>>) -> NodeId {
    let word = l.all(node).into_iter().find(|child| matches!(child.kind(), "val" | "var"));
    let words = modifiers(l, node, word.as_slice());
    let type_ = l.all(declared).into_iter().find(|child| is_type(*child));
    let slots = [words, l.optional(node, type_), l.lower(declared), l.optional(node, value)];
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &slots)
}

/// Functions that read and write a property are defined with it.
fn property(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let declared = l.named(node).into_iter().find(|child| child.kind().ends_with("variable_declaration"));
    let Some(declared) = declared else { return l.other(node) };
    let value = after(l, node, "=")
        .or_else(|| l.child_of_kind(node, "property_delegate").and_then(|by| l.named(by).last().copied()));
    let definition = definition(l, node, declared, value);
    let mut all = vec![definition];
    for accessor in l.named(node) {
        if !matches!(accessor.kind(), "getter" | "setter")
            || l.child_of_kind(accessor, "function_body").is_none()
        {
            continue;
        }
        let words = modifiers(l, accessor, &[]);
        let word = l.all(accessor).into_iter().find(|child| matches!(child.kind(), "get" | "set"));
        let name = match word {
            Some(word) => l.leaf(Kind::Name, word),
            None => l.missing(accessor),
        };
        let parameters = match l.child_of_kind(accessor, "identifier") {
            Some(taken) => {
                let target = l.lower(taken);
                let parameter = parameter_of(l, taken, [None, None, Some(target), None]);
                l.make(Kind::Parameters, taken, Symbol::EMPTY, &[parameter])
            }
            None => empty(l, Kind::Parameters, accessor),
        };
        let (returns, body) = (l.missing(accessor), body(l, accessor));
        all.push(l.make(Kind::Function, accessor, Symbol::EMPTY, &[words, returns, name, parameters, body]));
    }
    match all.as_slice() {
        [only] => *only,
        _ => l.make(Kind::Definitions, node, Symbol::EMPTY, &all),
    }
}
