//! Expressions.

use super::super::tail::returning;
use super::super::{Lowerer, METAVARIABLE_MARK};
use super::{block, first, last, statements};
use crate::tree::{Kind, NodeId, Symbol};
use tree_sitter::Node;

pub(super) fn character(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let range = l.inside_quotes(node);
    let text = l.slice(range.start, range.end).into_owned();
    l.leaf_of(Kind::Char, node, &text)
}

pub(super) fn boolean(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let symbol = if l.text(node) == "true" { Symbol::TRUE } else { Symbol::FALSE };
    l.make(Kind::Bool, node, symbol, &[])
}

/// `s"a$b${c}"`. In patterns a metavariable in the text stands for an interpolation.
pub(super) fn interpolated(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let interpolator = node.child_by_field_name("interpolator");
    let symbol = match interpolator {
        Some(interpolator) => {
            let text = l.text(interpolator).into_owned();
            l.intern(&text)
        }
        None => Symbol::EMPTY,
    };
    let Some(string) = l.child_of_kind(node, "interpolated_string") else { return l.other(node) };
    let range = l.inside_quotes(string);
    let mut parts = Vec::new();
    let mut at = range.start;
    for child in l.named(string).into_iter().filter(|child| child.kind() == "interpolation") {
        text_parts(l, string, at..child.start_byte(), &mut parts);
        if let Some(value) = l.named(child).first().copied() {
            let inner = l.named(value);
            parts.push(match inner.as_slice() {
                [only] if value.kind() == "block" => l.lower(*only),
                _ => l.lower(value),
            });
        }
        at = child.end_byte();
    }
    text_parts(l, string, at..range.end, &mut parts);
    l.make(Kind::Template, node, symbol, &parts)
}

fn text_parts(l: &mut Lowerer<'_>, node: Node<'_>, range: std::ops::Range<usize>, parts: &mut Vec<NodeId>) {
    let text = l.slice(range.start, range.end).into_owned();
    let mut at = 0;
    let mut push = |l: &mut Lowerer<'_>, kind: Kind, start: usize, end: usize| {
        if let Some(part) = text.get(start..end).filter(|part| !part.is_empty()) {
            let symbol = l.intern(part);
            let range = range.start + start..range.start + end;
            parts.push(l.make_at(kind, node.kind_id(), range, symbol, &[]));
        }
    };
    while let Some(found) = text.get(at..).and_then(|rest| rest.find(METAVARIABLE_MARK)) {
        let start = at + found;
        let word = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
        let tail = text.as_bytes().get(start + METAVARIABLE_MARK.len()..).unwrap_or_default();
        let end = start + METAVARIABLE_MARK.len() + tail.iter().take_while(|byte| word(byte)).count();
        push(l, Kind::StringPart, at, start);
        push(l, Kind::Name, start, end);
        at = end;
    }
    push(l, Kind::StringPart, at, text.len());
}

/// Links of a chain that is looked down for an operator.
const MAX_CHAIN: usize = 500;

/// The operator that the grammar takes type arguments to belong to: `a == b.f[T](c)` is read as `(a == b.f)[T](c)`.
fn operator_below(base: Node<'_>) -> Option<Node<'_>> {
    let mut at = base;
    let mut typed = false;
    for _ in 0..MAX_CHAIN {
        at = match at.kind() {
            "generic_function" => {
                typed = true;
                at.child_by_field_name("function")?
            }
            "call_expression" => at.child_by_field_name("function")?,
            "field_expression" => at.child_by_field_name("value")?,
            "infix_expression" | "prefix_expression" if typed => return Some(at),
            _ => return None,
        };
    }
    None
}

/// Makes something of what stands before it: of `base`, or of the last operand of the operator that the grammar put there.
fn applied(
    l: &mut Lowerer<'_>,
    node: Node<'_>,
    base: Node<'_>,
    make: &mut dyn FnMut(&mut Lowerer<'_>, NodeId, usize) -> NodeId,
) -> NodeId {
    let id = l.lower(base);
    let operator = match node.kind() {
        "generic_function" if matches!(base.kind(), "infix_expression" | "prefix_expression") => Some(base),
        _ => operator_below(base),
    };
    match operator {
        Some(operator) => to_operand(l, id, operator, node.end_byte(), make),
        None => make(l, id, node.start_byte()),
    }
}

fn to_operand(
    l: &mut Lowerer<'_>,
    id: NodeId,
    operator: Node<'_>,
    end: usize,
    make: &mut dyn FnMut(&mut Lowerer<'_>, NodeId, usize) -> NodeId,
) -> NodeId {
    let node = *l.tree().node(id);
    let mut children = l.tree().children(id).to_vec();
    let infix = operator.kind() == "infix_expression";
    // A word between two operands is a call with the second as argument.
    if node.kind == Kind::Call
        && infix
        && let [_, arguments] = children[..]
    {
        let list = *l.tree().node(arguments);
        let mut values = l.tree().children(arguments).to_vec();
        let Some(last) = values.last_mut() else { return id };
        let start = l.tree().range(*last).start;
        *last = make(l, *last, start);
        l.discard(arguments);
        let range = list.start as usize..end;
        children[1] = l.make_at(Kind::Arguments, list.raw, range, Symbol::EMPTY, &values);
    } else {
        let Some(operand) = children.last_mut() else { return id };
        let field = if infix { operator.child_by_field_name("right") } else { None };
        let below = field.filter(|right| matches!(right.kind(), "infix_expression" | "prefix_expression"));
        let start = l.tree().range(*operand).start;
        *operand = match below {
            Some(below) => to_operand(l, *operand, below, end, make),
            None => make(l, *operand, start),
        };
    }
    l.discard(id);
    l.make_at(node.kind, node.raw, node.start as usize..end, node.symbol, &children)
}

pub(super) fn field(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(value) = node.child_by_field_name("value") else { return l.other(node) };
    applied(l, node, value, &mut |l, object, start| {
        let name = l.field(node, "field");
        l.make_at(Kind::Field, node.kind_id(), start..node.end_byte(), Symbol::EMPTY, &[object, name])
    })
}

/// `f[T]`; `x.asInstanceOf[T]` and `x.isInstanceOf[T]` are what they say.
pub(super) fn generic_function(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(function) = node.child_by_field_name("function") else { return l.other(node) };
    applied(l, node, function, &mut |l, function, start| {
        let types = l.field(node, "type_arguments");
        let range = start..node.end_byte();
        if let [object, name] = *l.tree().children(function)
            && l.tree().kind(function) == Kind::Field
            && let [type_] = *l.tree().children(types)
        {
            let kind = match l.symbol_text(l.tree().symbol(name)) {
                "asInstanceOf" => Some((Kind::Cast, [type_, object])),
                "isInstanceOf" => Some((Kind::TypeTest, [object, type_])),
                _ => None,
            };
            if let Some((kind, children)) = kind {
                for gone in [function, name, types] {
                    l.discard(gone);
                }
                return l.make_at(kind, node.kind_id(), range, Symbol::EMPTY, &children);
            }
        }
        l.make_at(Kind::GenericType, node.kind_id(), range, Symbol::EMPTY, &[function, types])
    })
}

/// What stands in braces behind a function is its only argument.
pub(super) fn call(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(function) = node.child_by_field_name("function") else { return l.other(node) };
    applied(l, node, function, &mut |l, callee, start| {
        let arguments = match node.child_by_field_name("arguments") {
            Some(list) if list.kind() == "arguments" => l.lower(list),
            Some(only) => {
                let braces = only.kind() != "colon_argument";
                let argument = if braces { l.lower(only) } else { colon_argument(l, only) };
                l.make(Kind::Arguments, only, Symbol::EMPTY, &[argument])
            }
            None => l.empty(Kind::Arguments, node),
        };
        let range = start..node.end_byte();
        l.make_at(Kind::Call, node.kind_id(), range, Symbol::EMPTY, &[callee, arguments])
    })
}

/// `f: x =>` with the body on the lines below.
fn colon_argument(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let starts = l.fields(node, "lambda_start");
    let Some(taken) = starts.iter().copied().find(Node::is_named) else { return last(l, node) };
    let parameters = lambda_parameters(l, taken, None);
    let body = last(l, node);
    let body = returning(l, body);
    l.make(Kind::Lambda, node, Symbol::EMPTY, &[parameters, body])
}

pub(super) fn arguments(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    let children: Vec<NodeId> = parts.into_iter().map(|part| argument(l, part)).collect();
    l.make(Kind::Arguments, node, Symbol::EMPTY, &children)
}

/// `name = value` in an argument list names a parameter.
fn argument(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let name = node.child_by_field_name("left").filter(|left| left.kind() == "identifier");
    match name {
        Some(name) if node.kind() == "assignment_expression" => {
            let children = [l.lower(name), l.field(node, "right")];
            l.make(Kind::KeywordArgument, node, Symbol::EMPTY, &children)
        }
        _ => l.lower(node),
    }
}

/// `xs: _*`
pub(super) fn spread(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let inner = first(l, node);
    l.make(Kind::Spread, node, Symbol::MUL, &[inner])
}

pub(super) fn instance(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let (mut type_, mut arguments, mut body) = (None, None, None);
    for part in l.named(node) {
        match part.kind() {
            "arguments" if arguments.is_none() => arguments = Some(part),
            "template_body" | "structural_type" => body = Some(part),
            "arguments" | "early_defs" | "end_marker" => {}
            _ => type_ = Some(part),
        }
    }
    // `new A(1)`, where the arguments belong to the type.
    if let Some(applied) = type_.filter(|type_| type_.kind() == "applied_constructor_type") {
        let parts = l.named(applied);
        type_ = parts.first().copied();
        arguments = arguments.or(parts.get(1).copied());
    }
    // `new A with B`.
    if let Some(base) = type_.and_then(|type_| type_.child_by_field_name("base")) {
        type_ = Some(base);
    }
    let type_ = l.optional(node, type_);
    let arguments = match arguments {
        Some(arguments) => l.lower(arguments),
        None => l.make_at(Kind::Arguments, 0, node.end_byte()..node.end_byte(), Symbol::EMPTY, &[]),
    };
    let body = match body {
        Some(body) => block(l, body),
        None => l.missing(node),
    };
    l.make(Kind::New, node, Symbol::EMPTY, &[type_, arguments, body])
}

/// `a op b`: a word is a method, `x += 1` an assignment, another sign an operator.
pub(super) fn infix(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let (Some(operator), Some(right)) =
        (node.child_by_field_name("operator"), node.child_by_field_name("right"))
    else {
        return l.other(node);
    };
    let left = l.field(node, "left");
    let text = l.text(operator).into_owned();
    if text.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '`') {
        let name = l.lower(operator);
        let range = node.start_byte()..operator.end_byte();
        let callee = l.make_at(Kind::Field, 0, range, Symbol::EMPTY, &[left, name]);
        let values = if right.kind() == "tuple_expression" { l.named(right) } else { vec![right] };
        let values = l.lower_list(&values);
        let arguments = l.make(Kind::Arguments, right, Symbol::EMPTY, &values);
        return l.make(Kind::Call, node, Symbol::EMPTY, &[callee, arguments]);
    }
    let right = l.lower(right);
    let compares = text.starts_with('=') || matches!(text.as_str(), "<=" | ">=" | "!=");
    if let Some(plain) = text.strip_suffix('=').filter(|plain| !plain.is_empty() && !compares) {
        let symbol = l.intern(plain);
        return l.make(Kind::AugmentedAssign, node, symbol, &[left, right]);
    }
    let symbol = l.intern(&text);
    l.make(Kind::Binary, node, symbol, &[left, right])
}

/// `xs toList`
pub(super) fn postfix(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    match children.as_slice() {
        [_, _] => l.make(Kind::Field, node, Symbol::EMPTY, &children),
        _ => l.other(node),
    }
}

pub(super) fn prefix(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operator = node.child(0).filter(|token| !token.is_named());
    let symbol = operator.map_or(Symbol::EMPTY, |operator| l.operator(operator));
    let operand = last(l, node);
    l.make(Kind::Unary, node, symbol, &[operand])
}

/// `x: T`; `x: _*` passes the elements of `x`.
pub(super) fn ascription(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let type_ = node.child_by_field_name("type");
    let value = first(l, node);
    if type_.is_some_and(|type_| type_.kind() == "repeated_parameter_type") {
        return l.make(Kind::Spread, node, Symbol::MUL, &[value]);
    }
    match type_ {
        Some(type_) => {
            let type_ = l.lower(type_);
            l.make(Kind::Cast, node, Symbol::EMPTY, &[type_, value])
        }
        None => value,
    }
}

fn parameter_of(l: &mut Lowerer<'_>, node: Node<'_>, type_: Option<Node<'_>>, name: NodeId) -> NodeId {
    let slots = [l.empty(Kind::Modifiers, node), l.optional(node, type_), name, l.missing(node)];
    l.make(Kind::Parameter, node, Symbol::EMPTY, &slots)
}

fn lambda_parameters(l: &mut Lowerer<'_>, taken: Node<'_>, type_: Option<Node<'_>>) -> NodeId {
    let names = if taken.kind() == "bindings" { l.named(taken) } else { vec![taken] };
    let mut children = Vec::new();
    for one in names {
        let name = match one.child_by_field_name("name") {
            Some(name) => l.lower(name),
            None if one.kind() == "binding" => l.make(Kind::Name, one, Symbol::UNDERSCORE, &[]),
            None => l.lower(one),
        };
        let type_ = one.child_by_field_name("type").or(type_);
        children.push(parameter_of(l, one, type_, name));
    }
    l.make(Kind::Parameters, taken, Symbol::EMPTY, &children)
}

pub(super) fn lambda(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let heads: Vec<Node<'_>> =
        l.fields(node, "parameters").into_iter().filter(|head| head.is_named()).collect();
    let Some((taken, types)) = heads.split_first() else { return l.other(node) };
    let parameters = lambda_parameters(l, *taken, types.first().copied());
    let head_end = heads.last().map_or(node.start_byte(), Node::end_byte);
    let body: Vec<Node<'_>> =
        l.named(node).into_iter().filter(|child| child.start_byte() >= head_end).collect();
    let body = match body.as_slice() {
        [only] if matches!(only.kind(), "block" | "indented_block") => l.lower(*only),
        parts => {
            let range = match (parts.first(), parts.last()) {
                (Some(first), Some(last)) => first.start_byte()..last.end_byte(),
                _ => node.end_byte()..node.end_byte(),
            };
            let statements = statements(l, parts);
            l.make_at(Kind::Block, 0, range, Symbol::EMPTY, &statements)
        }
    };
    let body = returning(l, body);
    l.make(Kind::Lambda, node, Symbol::EMPTY, &[parameters, body])
}
