//! Expressions and types.

use super::super::Lowerer;
use super::super::tail::returning;
use super::declaration::{body, parameter_of};
use super::{after, is_type, last, statements};
use crate::tree::{Kind, NodeId, Symbol};
use tree_sitter::Node;

pub(super) fn character(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let range = l.inside_quotes(node);
    let text = l.slice(range.start, range.end).into_owned();
    l.leaf_of(Kind::Char, node, &text)
}

/// The grammar reads `$name` as text where letters stand around it; it is found again in the text.
pub(super) fn string(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
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
pub(super) fn annotated(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
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

pub(super) fn navigation(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
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
pub(super) fn reference(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
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

pub(super) fn index(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    link(l, node, |l, node, start| {
        let children = l.lower_named(node);
        l.make_at(Kind::Index, node.kind_id(), start..node.end_byte(), Symbol::EMPTY, &children)
    })
}

/// A lambda behind the parentheses is the last argument, though the grammar may call it that of another call.
pub(super) fn call(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
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

pub(super) fn argument(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
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
pub(super) fn construction(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    l.make_at(Kind::Call, 0, node.byte_range(), Symbol::EMPTY, &children)
}

pub(super) fn spread(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    l.make(Kind::Spread, node, Symbol::MUL, &children)
}

pub(super) fn lambda(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
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
        let (modifiers, type_, default) = (l.empty(Kind::Modifiers, node), l.missing(node), l.missing(node));
        let slots = [modifiers, type_, target, default];
        let parameter = l.make_at(Kind::Parameter, 0, at.clone(), Symbol::EMPTY, &slots);
        l.make_at(Kind::Parameters, 0, at, Symbol::EMPTY, &[parameter])
    } else {
        l.missing(node)
    };
    let list = statements(l, &body);
    let range = match (body.first(), body.last()) {
        (Some(first), Some(last)) => first.start_byte()..last.end_byte(),
        _ => node.end_byte().saturating_sub(1)..node.end_byte(),
    };
    let block = l.make_at(Kind::Block, 0, range, Symbol::EMPTY, &list);
    let block = returning(l, block);
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

pub(super) fn anonymous_function(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let list = l.child_of_kind(node, "function_value_parameters");
    let parameters = l.optional(node, list);
    let body = body(l, node);
    l.make(Kind::Lambda, node, Symbol::EMPTY, &[parameters, body])
}

pub(super) fn object_literal(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let specifier = l
        .child_of_kind(node, "delegation_specifiers")
        .and_then(|list| l.named(list).first().copied())
        .and_then(|specifier| l.named(specifier).last().copied());
    let (type_, arguments) = match specifier {
        Some(made) if made.kind() == "constructor_invocation" => {
            let parts = l.named(made);
            (l.optional(made, parts.first().copied()), l.optional(made, parts.get(1).copied()))
        }
        Some(type_) => (l.lower(type_), l.empty(Kind::Arguments, node)),
        None => (l.missing(node), l.empty(Kind::Arguments, node)),
    };
    let body = l.child_of_kind(node, "class_body");
    let body = l.optional(node, body);
    l.make(Kind::New, node, Symbol::EMPTY, &[type_, arguments, body])
}

pub(super) fn unary(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
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

pub(super) fn binary(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
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
pub(super) fn infix(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    let [left, name, right] = parts.as_slice() else { return l.other(node) };
    let children = [l.lower(*left), l.leaf(Kind::Name, *name)];
    let range = node.start_byte()..name.end_byte();
    let callee = l.make_at(Kind::Field, 0, range, Symbol::EMPTY, &children);
    let argument = l.lower(*right);
    let arguments = l.make(Kind::Arguments, *right, Symbol::EMPTY, &[argument]);
    l.make(Kind::Call, node, Symbol::EMPTY, &[callee, arguments])
}

pub(super) fn type_test(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "left"), l.field(node, "right")];
    let test = l.make(Kind::TypeTest, node, Symbol::EMPTY, &children);
    if l.all(node).iter().any(|child| child.kind() == "!is") {
        return l.make(Kind::Unary, node, Symbol::NOT, &[test]);
    }
    test
}

pub(super) fn cast(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "right"), l.field(node, "left")];
    l.make(Kind::Cast, node, Symbol::EMPTY, &children)
}

pub(super) fn assignment(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
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
pub(super) fn user_type(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
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

pub(super) fn projection(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    match l.named(node).last() {
        Some(last) => l.lower(*last),
        None => l.leaf(Kind::Token, node),
    }
}
