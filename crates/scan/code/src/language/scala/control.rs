//! Branches, loops and matches.

use super::super::Lowerer;
use super::super::tail::returning;
use super::{last, statement, statements};
use crate::tree::{Kind, NodeId, Symbol};
use tree_sitter::Node;

/// `{ case … }` where a function is wanted: what it is given is matched.
pub(super) fn cases(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let name = l.intern("case");
    let at = node.start_byte()..node.start_byte();
    let target = l.make_at(Kind::Name, 0, at.clone(), name, &[]);
    let slots = [l.empty(Kind::Modifiers, node), l.missing(node), target, l.missing(node)];
    let parameter = l.make_at(Kind::Parameter, 0, at.clone(), Symbol::EMPTY, &slots);
    let parameters = l.make_at(Kind::Parameters, 0, at.clone(), Symbol::EMPTY, &[parameter]);
    let mut children = vec![l.make_at(Kind::Name, 0, at, name, &[])];
    children.extend(l.lower_named(node));
    let switch = l.make(Kind::Switch, node, Symbol::EMPTY, &children);
    let body = l.make(Kind::Block, node, Symbol::EMPTY, &[switch]);
    let body = returning(l, body);
    l.make(Kind::Lambda, node, Symbol::EMPTY, &[parameters, body])
}

fn branch(l: &mut Lowerer<'_>, node: Node<'_>, field: &str) -> NodeId {
    match node.child_by_field_name(field) {
        Some(branch) => statement(l, branch),
        None => l.missing(node),
    }
}

/// The condition: a field that also holds the word behind it.
fn condition(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let condition = l.fields(node, "condition").into_iter().find(Node::is_named);
    match condition {
        Some(condition) if condition.kind() == "parenthesized_expression" => l.inner(condition),
        condition => l.optional(node, condition),
    }
}

pub(super) fn if_expression(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [condition(l, node), branch(l, node, "consequence"), branch(l, node, "alternative")];
    l.make(Kind::If, node, Symbol::EMPTY, &children)
}

pub(super) fn while_expression(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [condition(l, node), branch(l, node, "body")];
    l.make(Kind::While, node, Symbol::EMPTY, &children)
}

/// Each generator is a loop within the one before; what stands between is what the loop does. With `yield` all are parts of one
/// expression.
pub(super) fn for_expression(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let list = l.child_of_kind(node, "enumerators");
    let parts = list.map(|list| l.named(list)).unwrap_or_default();
    if l.child_of_kind(node, "yield").is_some() {
        let mut children = vec![l.field(node, "body")];
        for part in parts {
            children.push(enumerator(l, part));
        }
        let symbol = l.intern("{");
        return l.make(Kind::Comprehension, node, symbol, &children);
    }
    let mut inner = branch(l, node, "body");
    for (number, part) in parts.iter().enumerate().rev() {
        let made = enumerator(l, *part);
        let children = l.tree().children(made).to_vec();
        let range = if number == 0 { node.byte_range() } else { part.start_byte()..node.end_byte() };
        inner = match l.tree().kind(made) {
            Kind::Generator => {
                l.discard(made);
                let slots = [children[0], children[1], inner, l.missing(node)];
                l.make_at(Kind::ForEach, node.kind_id(), range, Symbol::EMPTY, &slots)
            }
            Kind::VariableDefinition => l.make_at(Kind::Block, 0, range, Symbol::EMPTY, &[made, inner]),
            _ => {
                let missing = l.missing(node);
                l.make_at(Kind::If, 0, range, Symbol::EMPTY, &[made, inner, missing])
            }
        };
    }
    inner
}

/// `p <- xs if c`, `p = x`, `if c`: a generator, a definition or a condition. A condition behind a generator is part of it.
fn enumerator(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    match parts.as_slice() {
        [guard] if guard.kind() == "guard" => l.field(*guard, "condition"),
        [target, source, ..] => {
            let target = l.lower(*target);
            let mut source = l.lower(*source);
            if l.all(node).iter().any(|token| token.kind() == "=") {
                let slots = [l.empty(Kind::Modifiers, node), l.missing(node), target, source];
                return l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &slots);
            }
            for guard in parts.iter().skip(2).filter(|part| part.kind() == "guard") {
                // As `xs.withFilter(c)`, which it stands for.
                let condition = l.field(*guard, "condition");
                let range = l.tree().range(source).start..guard.end_byte();
                source = l.make_at(Kind::Other, guard.kind_id(), range, Symbol::EMPTY, &[source, condition]);
            }
            l.make(Kind::Generator, node, Symbol::EMPTY, &[target, source])
        }
        _ => l.other(node),
    }
}

pub(super) fn match_expression(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = vec![l.field(node, "value")];
    if let Some(body) = node.child_by_field_name("body") {
        children.extend(l.lower_named(body));
    }
    l.make(Kind::Switch, node, Symbol::EMPTY, &children)
}

pub(super) fn case(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = Vec::new();
    let mut left: Vec<Node<'_>> = node.child_by_field_name("pattern").into_iter().collect();
    while let Some(pattern) = left.pop() {
        if pattern.kind() == "alternative_pattern" {
            let mut parts = l.named(pattern);
            parts.reverse();
            left.extend(parts);
        } else {
            children.push(l.lower(pattern));
        }
    }
    children.push(case_body(l, node));
    l.make(Kind::Case, node, Symbol::EMPTY, &children)
}

fn case_body(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts: Vec<Node<'_>> = l.fields(node, "body").into_iter().filter(Node::is_named).collect();
    let guard = l.child_of_kind(node, "guard");
    if let ([only], None) = (parts.as_slice(), guard)
        && matches!(only.kind(), "block" | "indented_block")
    {
        let body = l.lower(*only);
        if l.tree().kind(body) == Kind::Block {
            return body;
        }
        return l.make_at(Kind::Block, 0, only.byte_range(), Symbol::EMPTY, &[body]);
    }
    let range = match (parts.first(), parts.last()) {
        (Some(first), Some(last)) => first.start_byte()..last.end_byte(),
        _ => node.end_byte()..node.end_byte(),
    };
    let mut body = Vec::new();
    if let Some(guard) = guard {
        let condition = l.field(guard, "condition");
        body.push(l.make(Kind::Other, guard, Symbol::EMPTY, &[condition]));
    }
    body.extend(statements(l, &parts));
    l.make_at(Kind::Block, 0, range, Symbol::EMPTY, &body)
}

/// `T(p, q)` in a pattern.
pub(super) fn extractor(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = vec![l.field(node, "type")];
    for part in l.fields(node, "pattern").into_iter().filter(Node::is_named) {
        children.push(if part.kind() == "named_pattern" { last(l, part) } else { l.lower(part) });
    }
    l.make(Kind::Construct, node, Symbol::EMPTY, &children)
}

/// `x: T` in a pattern declares `x`.
pub(super) fn typed_pattern(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let slots =
        [l.empty(Kind::Modifiers, node), l.field(node, "type"), l.field(node, "pattern"), l.missing(node)];
    l.make(Kind::Parameter, node, Symbol::EMPTY, &slots)
}

/// `x @ p`
pub(super) fn capture(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "name"), l.field(node, "pattern")];
    l.make(Kind::Tuple, node, Symbol::EMPTY, &children)
}

/// `a :: b` in a pattern.
pub(super) fn infix_pattern(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "operator"), l.field(node, "left"), l.field(node, "right")];
    l.make(Kind::Construct, node, Symbol::EMPTY, &children)
}

pub(super) fn try_expression(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = vec![branch(l, node, "body")];
    let mut finally = None;
    for part in l.named(node) {
        match part.kind() {
            "catch_clause" => {
                let cases: Vec<Node<'_>> = match part.child_by_field_name("pattern") {
                    Some(_) => vec![part],
                    None => l.named(part).into_iter().flat_map(|body| l.named(body)).collect(),
                };
                for case in cases {
                    if case.child_by_field_name("pattern").is_some() {
                        children.push(catch(l, case));
                    }
                }
            }
            "finally_clause" => finally = l.named(part).last().copied(),
            _ => {}
        }
    }
    children.push(match finally {
        Some(finally) => statement(l, finally),
        None => l.missing(node),
    });
    children.push(l.missing(node));
    l.make(Kind::Try, node, Symbol::EMPTY, &children)
}

/// `case e: E =>` catches `E` as `e`, `case E(e) =>` what the extractor takes for one.
fn catch(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(pattern) = node.child_by_field_name("pattern") else { return l.other(node) };
    let (type_, target) = match pattern.kind() {
        "typed_pattern" => (l.field(pattern, "type"), l.field(pattern, "pattern")),
        "case_class_pattern" => {
            let parts: Vec<Node<'_>> =
                l.fields(pattern, "pattern").into_iter().filter(Node::is_named).collect();
            match parts.as_slice() {
                [only] => (l.field(pattern, "type"), l.lower(*only)),
                _ => (l.field(pattern, "type"), l.missing(pattern)),
            }
        }
        _ => (l.missing(pattern), l.lower(pattern)),
    };
    let body = case_body(l, node);
    l.make(Kind::Catch, node, Symbol::EMPTY, &[type_, target, body])
}

pub(super) fn return_expression(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let value = l.named(node).first().copied();
    let value = l.optional(node, value);
    l.make(Kind::Return, node, Symbol::EMPTY, &[value])
}
