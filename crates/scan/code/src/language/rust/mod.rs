//! Rust.
//!
//! `a::b` is a field as `a.b` is. What a function's last expression is worth is returned, also out of the branches of an `if`
//! or `match` that ends it. A macro's tokens are read again as expressions where they are some; names captured in a format
//! string make a template of it. An `impl` is a class of the type's name. A `let` begins at its pattern, a function behind its
//! visibility, and parentheses are not part of a construct's range, as in Semgrep.

mod item;
mod macros;
mod pattern;

use super::{Compiled, Language, Lower, Lowerer, PatternSyntax, Spec, Traits};
use crate::tree::{Kind, NodeId, Symbol};
use Lower::{All, Fields, Inner, Leaf, With};
use tree_sitter::Node;

/// How many branches within each other are looked through for what a function returns.
const MAX_TAIL: u32 = 50;

pub(super) static SPEC: Spec = Spec {
    language: Language::Rust,
    grammar: || tree_sitter_rust::LANGUAGE.into(),
    lowering: &[&[
        ("source_file", With(program)),
        ("block", With(block)),
        ("declaration_list", With(block)),
        ("field_declaration_list", With(block)),
        ("enum_variant_list", With(block)),
        ("identifier", Leaf(Kind::Name)),
        ("field_identifier", Leaf(Kind::Name)),
        ("shorthand_field_identifier", Leaf(Kind::Name)),
        ("type_identifier", Leaf(Kind::Name)),
        ("primitive_type", Leaf(Kind::Name)),
        ("self", Leaf(Kind::Name)),
        ("super", Leaf(Kind::Name)),
        ("crate", Leaf(Kind::Name)),
        ("metavariable", Leaf(Kind::Name)),
        ("lifetime", Leaf(Kind::Name)),
        ("string_literal", Lower::String(Kind::String)),
        ("raw_string_literal", Lower::String(Kind::String)),
        ("char_literal", With(character)),
        ("integer_literal", Leaf(Kind::Number)),
        ("float_literal", Leaf(Kind::Number)),
        ("boolean_literal", Leaf(Kind::Bool)),
        ("negative_literal", With(unary)),
        ("parenthesized_expression", Inner),
        ("scoped_identifier", With(scoped)),
        ("scoped_type_identifier", With(scoped)),
        ("field_expression", With(field)),
        ("index_expression", With(tight::<{ Kind::Index as u8 }>)),
        ("call_expression", With(call)),
        ("generic_function", Fields(Kind::GenericType, &["function", "type_arguments"])),
        ("arguments", All(Kind::Arguments)),
        ("macro_invocation", With(macros::invocation)),
        ("token_tree", With(macros::tokens)),
        ("assignment_expression", With(assignment)),
        ("compound_assignment_expr", With(assignment)),
        ("binary_expression", With(binary)),
        ("unary_expression", With(unary)),
        ("reference_expression", With(reference)),
        ("try_expression", With(question)),
        ("await_expression", With(tight::<{ Kind::Await as u8 }>)),
        ("type_cast_expression", With(cast)),
        ("range_expression", With(range)),
        ("array_expression", With(array)),
        ("tuple_expression", All(Kind::Tuple)),
        ("unit_expression", All(Kind::Tuple)),
        ("struct_expression", With(construct)),
        ("field_initializer", Fields(Kind::Pair, &["field", "value"])),
        ("shorthand_field_initializer", Inner),
        ("base_field_initializer", With(base)),
        ("closure_expression", With(closure)),
        ("return_expression", With(optional::<{ Kind::Return as u8 }>)),
        ("yield_expression", With(optional::<{ Kind::Yield as u8 }>)),
        ("break_expression", With(jump)),
        ("continue_expression", With(jump)),
        ("label", Inner),
        ("if_expression", With(if_expression)),
        ("else_clause", Inner),
        ("let_condition", With(let_condition)),
        ("let_chain", With(let_chain)),
        ("match_expression", With(pattern::match_expression)),
        ("match_arm", With(pattern::arm)),
        ("while_expression", With(looped)),
        ("loop_expression", With(looped)),
        ("for_expression", With(looped)),
        ("expression_statement", With(expression_statement)),
        ("empty_statement", All(Kind::Empty)),
        ("let_declaration", With(let_declaration)),
        ("const_item", With(item::constant)),
        ("static_item", With(item::constant)),
        ("tuple_pattern", All(Kind::Tuple)),
        ("slice_pattern", All(Kind::List)),
        ("tuple_struct_pattern", With(pattern::tuple_struct)),
        ("struct_pattern", With(pattern::struct_pattern)),
        ("field_pattern", With(pattern::field_pattern)),
        ("mut_pattern", With(last)),
        ("ref_pattern", With(last)),
        ("reference_pattern", With(last)),
        ("generic_type", Fields(Kind::GenericType, &["type", "type_arguments"])),
        ("generic_type_with_turbofish", Fields(Kind::GenericType, &["type", "type_arguments"])),
        ("generic_pattern", All(Kind::GenericType)),
        ("type_arguments", With(item::type_arguments)),
        ("type_parameters", All(Kind::TypeParameters)),
        ("reference_type", With(item::wrapped)),
        ("pointer_type", With(item::wrapped)),
        ("array_type", With(item::wrapped)),
        ("tuple_type", All(Kind::Tuple)),
        ("unit_type", All(Kind::Tuple)),
        ("use_declaration", With(item::uses)),
        ("extern_crate_declaration", Fields(Kind::Import, &["name", "alias"])),
        ("function_item", With(item::bare)),
        ("function_signature_item", With(item::bare)),
        ("parameters", With(item::parameters)),
        ("struct_item", With(item::bare)),
        ("union_item", With(item::bare)),
        ("enum_item", With(item::bare)),
        ("trait_item", With(item::bare)),
        ("impl_item", With(item::bare)),
        ("enum_variant", With(item::variant)),
        ("field_declaration", With(item::member)),
        ("attribute", With(item::attribute)),
    ]],
    ignored_tokens: &["'"],
    pattern: PatternSyntax {
        contexts: &[
            ("", ""),
            // What ends a function's body is returned: a pattern must not stand there.
            ("fn w() {\n", "\nw}"),
            ("fn w() {\nlet w = ", ";\n}"),
            ("fn w() {\n", ";\nw}"),
            ("", " {}"),
            ("", " fn w() {}"),
            ("fn w() { match w {\n", "\n} }"),
            ("fn w() { match w {\n", " => {} } }"),
            ("impl w {\n", "\n}"),
            ("struct w {\n", "\n}"),
            ("fn w(w: ", ") {}"),
            ("fn w(", ") {}"),
        ],
        ellipsis: &[
            "semgrep_ellipsis;",
            "semgrep_ellipsis",
            "semgrep_ellipsis: semgrep_ellipsis",
            "semgrep_ellipsis => semgrep_ellipsis,",
            "fn semgrep_ellipsis();",
        ],
        metavariable: &["mv__"],
        dedent: false,
        own_ellipsis: false,
    },
    traits: Traits { receivers: &["self"], explicit_receiver: true, separator: "::", ..Traits::COMMON },
    compiled: Compiled::new(),
};

fn program(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = item::statements(l, node);
    l.make(Kind::Program, node, Symbol::EMPTY, &children)
}

fn block(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = item::statements(l, node);
    l.make(Kind::Block, node, Symbol::EMPTY, &children)
}

fn character(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let range = l.inside_quotes(node);
    let text = l.slice(range.start, range.end).into_owned();
    l.leaf_of(Kind::Char, node, &text)
}

fn last(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let last = l.named(node).last().copied();
    l.optional(node, last)
}

/// `a::b`; `::a` is `a`.
fn scoped(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let name = l.field(node, "name");
    match node.child_by_field_name("path") {
        Some(path) => {
            let path = l.lower(path);
            l.make(Kind::Field, node, Symbol::EMPTY, &[path, name])
        }
        None => name,
    }
}

/// A node whose range begins and ends with its first and last operand, without parentheses around these.
fn around(l: &mut Lowerer<'_>, kind: Kind, node: Node<'_>, symbol: Symbol, children: &[NodeId]) -> NodeId {
    let mut range = node.byte_range();
    let operand = |child: Option<Node<'_>>| child.is_some_and(|child| child.is_named());
    if operand(node.child(0))
        && let Some(first) = children.first()
    {
        range.start = l.tree().range(*first).start;
    }
    let last = node.child_count().checked_sub(1).and_then(|last| node.child(last));
    if operand(last)
        && let Some(last) = children.last()
    {
        range.end = l.tree().range(*last).end.max(range.start);
    }
    l.make_at(kind, node.kind_id(), range, symbol, children)
}

fn tight<const KIND: u8>(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let kind = if KIND == Kind::Index as u8 { Kind::Index } else { Kind::Await };
    let children = l.lower_named(node);
    around(l, kind, node, Symbol::EMPTY, &children)
}

fn field(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let (object, name) = (l.field(node, "value"), l.field(node, "field"));
    // The number of a tuple's field is its name.
    if l.tree().kind(name) == Kind::Number {
        l.tree_mut().node_mut(name).kind = Kind::Name;
    }
    around(l, Kind::Field, node, Symbol::EMPTY, &[object, name])
}

fn call(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "function"), l.field(node, "arguments")];
    let start = l.tree().range(children[0]).start;
    l.make_at(Kind::Call, node.kind_id(), start..node.end_byte(), Symbol::EMPTY, &children)
}

fn assignment(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "left"), l.field(node, "right")];
    match node.child_by_field_name("operator").map(|operator| l.text(operator).into_owned()) {
        None => around(l, Kind::Assign, node, Symbol::EMPTY, &children),
        Some(operator) => {
            let symbol = l.intern(operator.trim_end_matches('='));
            around(l, Kind::AugmentedAssign, node, symbol, &children)
        }
    }
}

fn binary(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "left"), l.field(node, "right")];
    let operator = node.child_by_field_name("operator");
    let symbol = operator.map_or(Symbol::EMPTY, |operator| l.operator(operator));
    around(l, Kind::Binary, node, symbol, &children)
}

fn unary(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let symbol = node.child(0).map_or(Symbol::EMPTY, |operator| l.operator(operator));
    let operand = last(l, node);
    around(l, Kind::Unary, node, symbol, &[operand])
}

fn reference(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operand = l.field(node, "value");
    around(l, Kind::Unary, node, Symbol::BIT_AND, &[operand])
}

fn question(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operand = last(l, node);
    let symbol = l.intern("?");
    around(l, Kind::Postfix, node, symbol, &[operand])
}

fn cast(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "type"), l.field(node, "value")];
    l.make(Kind::Cast, node, Symbol::EMPTY, &children)
}

/// A range with both ends is an operator.
fn range(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let ends = l.lower_named(node);
    if let ([_, _], Some(operator)) = (ends.as_slice(), node.child(1)) {
        let symbol = l.operator(operator);
        return around(l, Kind::Binary, node, symbol, &ends);
    }
    let token = l.all(node).into_iter().find(|child| !child.is_named());
    let symbol = token.map_or(Symbol::EMPTY, |token| l.operator(token));
    l.make(Kind::Unary, node, symbol, &ends)
}

/// `[x; n]` holds `x`.
fn array(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let length = node.child_by_field_name("length").map(|length| length.id());
    let elements: Vec<Node<'_>> = l
        .named(node)
        .into_iter()
        .filter(|child| Some(child.id()) != length && child.kind() != "attribute_item")
        .collect();
    let elements = l.lower_list(&elements);
    l.make(Kind::List, node, Symbol::EMPTY, &elements)
}

fn construct(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = vec![l.field(node, "name")];
    if let Some(body) = node.child_by_field_name("body") {
        children.extend(l.lower_named(body));
    }
    l.make(Kind::Construct, node, Symbol::EMPTY, &children)
}

fn base(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    let symbol = l.intern("..");
    l.make(Kind::Spread, node, symbol, &children)
}

fn closure(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parameters = match node.child_by_field_name("parameters") {
        Some(list) => item::parameters(l, list),
        None => l.missing(node),
    };
    let body = match node.child_by_field_name("body") {
        Some(body) => l.lower(body),
        None => l.missing(node),
    };
    let body = returning(l, body, 0);
    l.make(Kind::Lambda, node, Symbol::EMPTY, &[parameters, body])
}

fn optional<const KIND: u8>(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let kind = if KIND == Kind::Return as u8 { Kind::Return } else { Kind::Yield };
    let operand = l.named(node).first().copied();
    let operand = l.optional(node, operand);
    l.make(kind, node, Symbol::EMPTY, &[operand])
}

/// The value that a `break` gives its loop is read before.
fn jump(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let kind = if node.kind() == "break_expression" { Kind::Break } else { Kind::Continue };
    let (labels, values): (Vec<Node<'_>>, Vec<Node<'_>>) =
        l.named(node).into_iter().partition(|child| child.kind() == "label");
    let label = l.optional(node, labels.first().copied());
    let jump = l.make(kind, node, Symbol::EMPTY, &[label]);
    match values.first() {
        Some(value) => {
            let value = l.lower(*value);
            l.make(Kind::Block, node, Symbol::EMPTY, &[value, jump])
        }
        None => jump,
    }
}

fn if_expression(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = ["condition", "consequence", "alternative"].map(|field| l.field(node, field));
    l.make(Kind::If, node, Symbol::EMPTY, &children)
}

/// `let P = v` as a condition declares what the pattern names.
fn let_condition(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let modifiers = item::no_modifiers(l, node);
    let type_ = l.missing(node);
    let children = [modifiers, type_, pattern::field(l, node, "pattern"), l.field(node, "value")];
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &children)
}

fn let_chain(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.lower_named(node);
    let Some((first, rest)) = parts.split_first() else { return l.other(node) };
    // A balanced tree would say the same; what is nested deeper than trees may be was cut before.
    rest.iter().take(100).fold(*first, |left, right| {
        let range = node.start_byte()..l.tree().range(*right).end;
        l.make_at(Kind::Binary, node.kind_id(), range, Symbol::AND, &[left, *right])
    })
}

/// Loops, and the label before one.
fn looped(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let label = l.child_of_kind(node, "label");
    let keyword = l.all(node).into_iter().find(|child| matches!(child.kind(), "while" | "loop" | "for"));
    let start = keyword.map_or(node.start_byte(), |keyword| keyword.start_byte());
    let body = l.field(node, "body");
    let (kind, children) = match node.kind() {
        "while_expression" => (Kind::While, vec![l.field(node, "condition"), body]),
        "loop_expression" => (Kind::While, vec![l.missing(node), body]),
        _ => {
            let otherwise = l.missing(node);
            (Kind::ForEach, vec![pattern::field(l, node, "pattern"), l.field(node, "value"), body, otherwise])
        }
    };
    let statement = l.make_at(kind, node.kind_id(), start..node.end_byte(), Symbol::EMPTY, &children);
    match label {
        Some(label) => {
            let name = l.lower(label);
            l.make(Kind::Labeled, node, Symbol::EMPTY, &[name, statement])
        }
        None => statement,
    }
}

/// Constructs that are statements in the generic tree.
fn is_statement(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::If
            | Kind::While
            | Kind::ForEach
            | Kind::Switch
            | Kind::Block
            | Kind::Return
            | Kind::Break
            | Kind::Continue
            | Kind::Labeled
            | Kind::Ellipsis
            | Kind::Missing
    )
}

fn expression_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let inner = last(l, node);
    if is_statement(l.tree().kind(inner)) {
        return inner;
    }
    l.make(Kind::ExpressionStatement, node, Symbol::EMPTY, &[inner])
}

/// It begins at its pattern. What `else` does stands behind it, as a branch of an unknown condition.
fn let_declaration(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mutable = l.child_of_kind(node, "mutable_specifier");
    let start = mutable
        .or_else(|| node.child_by_field_name("pattern"))
        .map_or(node.start_byte(), |first| first.start_byte());
    let keyword = node.child(0).filter(|word| word.kind() == "let");
    let words: Vec<NodeId> =
        keyword.into_iter().chain(mutable).map(|word| l.leaf(Kind::Token, word)).collect();
    let end = mutable.map_or(start, |word| word.end_byte());
    let modifiers = l.make_at(Kind::Modifiers, 0, node.start_byte()..end, Symbol::EMPTY, &words);
    let children =
        [modifiers, l.field(node, "type"), pattern::field(l, node, "pattern"), l.field(node, "value")];
    let range = start..node.end_byte();
    let definition =
        l.make_at(Kind::VariableDefinition, node.kind_id(), range.clone(), Symbol::EMPTY, &children);
    let Some(other) = node.child_by_field_name("alternative") else { return definition };
    let otherwise = l.lower(other);
    let condition = l.empty(Kind::Token, other);
    let missing = l.missing(other);
    let branch = l.make_at(Kind::If, 0, other.byte_range(), Symbol::EMPTY, &[condition, otherwise, missing]);
    l.make_at(Kind::Definitions, node.kind_id(), range, Symbol::EMPTY, &[definition, branch])
}

/// Makes what a function's body is worth what it returns: `id`, or a node in its place.
pub(super) fn returning(l: &mut Lowerer<'_>, id: NodeId, depth: u32) -> NodeId {
    let node = *l.tree().node(id);
    let children = l.tree().children(id).to_vec();
    if depth > MAX_TAIL {
        return id;
    }
    let rebuilt = match node.kind {
        Kind::Block => {
            let Some((last, _)) = children.split_last() else { return id };
            let tail = returning(l, *last, depth + 1);
            let mut children = children.clone();
            if let Some(slot) = children.last_mut() {
                *slot = tail;
            }
            children
        }
        Kind::If if depth > 0 => {
            let [condition, then, other] = children[..] else { return id };
            vec![condition, returning(l, then, depth + 1), returning(l, other, depth + 1)]
        }
        Kind::Switch if depth > 0 => {
            let Some((subject, cases)) = children.split_first() else { return id };
            let mut rebuilt = vec![*subject];
            rebuilt.extend(cases.iter().map(|case| returning(l, *case, depth + 1)));
            rebuilt
        }
        Kind::Case => {
            let mut children = children.clone();
            if let Some(slot) = children.last_mut() {
                *slot = returning(l, *slot, depth + 1);
            }
            children
        }
        // What is done at last in any case is worth nothing.
        Kind::Try if depth > 0 && children.len() >= 3 => {
            let last = children.len() - 2;
            let part = |(index, child): (usize, &NodeId)| match index {
                index if index == last => *child,
                _ => returning(l, *child, depth + 1),
            };
            children.iter().enumerate().map(part).collect()
        }
        Kind::Catch if depth > 0 => {
            let [type_, target, body] = children[..] else { return id };
            vec![type_, target, returning(l, body, depth + 1)]
        }
        kind if depth > 0 && returns(l, id, kind) => {
            // An expression that a `;` ends is worth nothing.
            let value = if kind == Kind::ExpressionStatement { children.first().copied() } else { Some(id) };
            let Some(value) = value else { return id };
            if kind == Kind::ExpressionStatement {
                l.discard(id);
            }
            let range = l.tree().range(value);
            return l.make_at(Kind::Return, 0, range, Symbol::EMPTY, &[value]);
        }
        _ => return id,
    };
    if rebuilt == children {
        return id;
    }
    let range = node.start as usize..node.end as usize;
    // The old node has no place in the tree any more.
    l.discard(id);
    l.make_at(node.kind, node.raw, range, node.symbol, &rebuilt)
}

/// Whether a construct at the end of a function's body is what it returns. A statement without `;` has no node of the grammar.
fn returns(l: &Lowerer<'_>, id: NodeId, kind: Kind) -> bool {
    let tree = l.tree();
    let ellipsis = |id: NodeId| l.symbol_text(tree.symbol(id)).starts_with(super::ELLIPSIS_NAME);
    if kind == Kind::ExpressionStatement {
        return tree.node(id).raw == 0 && !tree.child(id, 0).is_some_and(ellipsis);
    }
    is_value(kind) && !ellipsis(id)
}

/// Expressions that are no statements of the generic tree.
fn is_value(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Name
            | Kind::String
            | Kind::Template
            | Kind::Number
            | Kind::Char
            | Kind::Bool
            | Kind::Field
            | Kind::Index
            | Kind::Call
            | Kind::Macro
            | Kind::Binary
            | Kind::Unary
            | Kind::Postfix
            | Kind::Await
            | Kind::Cast
            | Kind::List
            | Kind::Tuple
            | Kind::Construct
            | Kind::Lambda
            | Kind::GenericType
            | Kind::Other
            | Kind::Assign
            | Kind::AugmentedAssign
    )
}

#[cfg(test)]
mod tests;
