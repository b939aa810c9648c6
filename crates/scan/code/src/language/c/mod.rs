//! C, and what C++ shares with it.
//!
//! `p->a` and `(*p).a` are both the field `a` of `p`, by `->`; a pattern with `.` matches these too. `sizeof x` is a call of `sizeof`. What a declarator says of a type is
//! put around the type: in `char *a[2]` the type of `a` is `[]` of `*` of `char`; an array's size is the second child of its
//! type. `#include` is an import of a string; the branches of `#if` stand one after the other in the list around them, as
//! does what `extern "C" { }` holds. Parentheses are not part of a construct's range.

mod cpp;
mod declaration;
mod linkage;

pub(super) use cpp::SPEC as CPP;
pub(super) use linkage::read_ranges;

use super::{Compiled, Language, Lower, Lowerer, PatternSyntax, Spec, Traits};
use crate::tree::{Kind, NodeId, Symbol};
use Lower::{All, Fields, Fixed, Inner, Leaf, With};
use tree_sitter::Node;

pub(super) static SPEC: Spec = Spec {
    language: Language::C,
    grammar: || tree_sitter_c::LANGUAGE.into(),
    lowering: &[SHARED],
    ignored_tokens: &["\n", "#endif"],
    pattern: PatternSyntax {
        contexts: &[
            ("void w() {\n", "\n}"),
            ("void w() {\nw = ", ";\n}"),
            ("void w() {\n", ";\n}"),
            ("void w() {\n", " {}\n}"),
            ("void w() {\nswitch (w) {\n", "\n}\n}"),
            ("struct w {\n", "\n};"),
            ("void w(", ");"),
            ("void w() { w = sizeof(", "); }"),
        ],
        ellipsis: &["semgrep_ellipsis;", "semgrep_ellipsis", "semgrep_ellipsis;;"],
        metavariable: &["mv__"],
        dedent: false,
        own_ellipsis: false,
    },
    traits: Traits { receivers: &[], ..Traits::COMMON },
    compiled: Compiled::new(),
};

const SHARED: &[(&str, Lower)] = &[
    ("translation_unit", With(program)),
    ("compound_statement", With(block)),
    ("declaration_list", With(block)),
    ("field_declaration_list", With(block)),
    ("identifier", Leaf(Kind::Name)),
    ("field_identifier", Leaf(Kind::Name)),
    ("type_identifier", Leaf(Kind::Name)),
    ("statement_identifier", Leaf(Kind::Name)),
    ("primitive_type", Leaf(Kind::Name)),
    ("sized_type_specifier", With(words)),
    ("string_literal", Lower::String(Kind::String)),
    ("concatenated_string", With(concatenated)),
    ("char_literal", With(character)),
    ("number_literal", Leaf(Kind::Number)),
    ("true", Fixed(Kind::Bool, Symbol::TRUE)),
    ("false", Fixed(Kind::Bool, Symbol::FALSE)),
    ("null", Fixed(Kind::Null, Symbol::NULL)),
    ("parenthesized_expression", Inner),
    ("extension_expression", Inner),
    ("field_expression", With(field)),
    ("subscript_expression", With(subscript)),
    ("call_expression", With(call)),
    ("argument_list", All(Kind::Arguments)),
    ("assignment_expression", With(assignment)),
    ("binary_expression", With(binary)),
    ("unary_expression", With(unary)),
    ("pointer_expression", With(unary)),
    ("update_expression", With(update)),
    ("conditional_expression", With(ternary)),
    ("cast_expression", With(cast)),
    ("sizeof_expression", With(keyword_call)),
    ("alignof_expression", With(keyword_call)),
    ("offsetof_expression", With(keyword_call)),
    ("compound_literal_expression", With(compound_literal)),
    ("initializer_list", All(Kind::List)),
    ("initializer_pair", With(initializer_pair)),
    ("field_designator", Inner),
    ("subscript_designator", Inner),
    ("expression_statement", With(expression_statement)),
    ("if_statement", With(if_statement)),
    ("else_clause", Inner),
    ("while_statement", Fields(Kind::While, &["condition", "body"])),
    ("do_statement", Fields(Kind::DoWhile, &["body", "condition"])),
    ("for_statement", Fields(Kind::For, &["initializer", "condition", "update", "body"])),
    ("switch_statement", With(switch)),
    ("case_statement", With(case)),
    ("return_statement", With(optional::<{ Kind::Return as u8 }>)),
    ("break_statement", With(optional::<{ Kind::Break as u8 }>)),
    ("continue_statement", With(optional::<{ Kind::Continue as u8 }>)),
    ("goto_statement", All(Kind::Goto)),
    ("labeled_statement", All(Kind::Labeled)),
    ("seh_try_statement", With(seh_try)),
    ("preproc_if", With(conditional)),
    ("preproc_ifdef", With(conditional)),
    ("preproc_elif", With(conditional)),
    ("preproc_elifdef", With(conditional)),
    ("preproc_include", With(include)),
    ("preproc_def", With(define)),
    ("declaration", With(declaration::declaration)),
    ("field_declaration", With(declaration::declaration)),
    ("type_descriptor", With(declaration::type_descriptor)),
    ("parameter_declaration", With(declaration::parameter)),
    ("function_definition", With(declaration::function)),
    ("struct_specifier", With(declaration::class)),
    ("union_specifier", With(declaration::class)),
    ("enum_specifier", With(declaration::enumeration)),
    ("enumerator", With(declaration::enumerator)),
    ("attribute_specifier", All(Kind::Decorator)),
];

fn program(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = statements(l, node);
    l.make(Kind::Program, node, Symbol::EMPTY, &children)
}

pub(super) fn block(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = statements(l, node);
    l.make(Kind::Block, node, Symbol::EMPTY, &children)
}

pub(super) fn statements(l: &mut Lowerer<'_>, node: Node<'_>) -> Vec<NodeId> {
    let items = items(l, node);
    l.lower_list(&items)
}

/// What stands in a list, with conditional parts of the preprocessor and `extern "C"` opened. Parts of a function that exclude
/// each other stay together.
pub(super) fn items<'t>(l: &Lowerer<'_>, node: Node<'t>) -> Vec<Node<'t>> {
    let in_function = matches!(node.kind(), "compound_statement" | "case_statement");
    open(l, l.named(node), in_function)
}

fn open<'t>(l: &Lowerer<'_>, nodes: Vec<Node<'t>>, in_function: bool) -> Vec<Node<'t>> {
    let mut out = Vec::new();
    let mut stack: Vec<Node<'t>> = nodes.into_iter().rev().collect();
    while let Some(item) = stack.pop() {
        match item.kind() {
            "preproc_if" | "preproc_ifdef" | "preproc_elif" | "preproc_elifdef" | "preproc_else" => {
                if in_function && item.child_by_field_name("alternative").is_some() {
                    out.push(item);
                    continue;
                }
                let head = head(item);
                let inside = l.named(item).into_iter().rev();
                stack.extend(inside.filter(|child| Some(child.id()) != head));
            }
            "linkage_specification" => match item.child_by_field_name("body") {
                Some(list) if list.kind() == "declaration_list" => {
                    stack.extend(l.named(list).into_iter().rev())
                }
                body => stack.extend(body),
            },
            // `public:` says nothing that rules ask for.
            "access_specifier" => {}
            _ => out.push(item),
        }
    }
    out
}

/// The condition of a part of the preprocessor, by its number.
fn head(part: Node<'_>) -> Option<usize> {
    let head = part.child_by_field_name("condition").or_else(|| part.child_by_field_name("name"));
    head.map(|head| head.id())
}

/// Parts that exclude each other are branches of a condition that is not said; what they declare is declared around them.
fn conditional(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let alternative = node.child_by_field_name("alternative");
    let head = head(node);
    let not = [head, alternative.map(|alternative| alternative.id())];
    let own: Vec<Node<'_>> =
        l.named(node).into_iter().filter(|child| !not.contains(&Some(child.id()))).collect();
    let own = open(l, own, true);
    let condition = l.missing(node);
    let own = l.lower_list(&own);
    let then = l.make(Kind::Definitions, node, Symbol::EMPTY, &own);
    let other = match alternative {
        Some(other) if other.kind() == "preproc_else" => {
            let items = open(l, l.named(other), true);
            let items = l.lower_list(&items);
            l.make(Kind::Definitions, other, Symbol::EMPTY, &items)
        }
        other => l.optional(node, other),
    };
    l.make(Kind::If, node, Symbol::EMPTY, &[condition, then, other])
}

/// `unsigned   int` as one name.
fn words(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let text = l.text(node).split_whitespace().collect::<Vec<_>>().join(" ");
    l.leaf_of(Kind::Name, node, &text)
}

fn character(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let range = l.inside_quotes(node);
    let text = l.slice(range.start, range.end).into_owned();
    l.leaf_of(Kind::Char, node, &text)
}

/// `"a" "b"`: one string; with a macro among the pieces its value is not known.
fn concatenated(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let pieces = l.named(node);
    if pieces.iter().all(|piece| piece.kind() == "string_literal") {
        let ranges: Vec<_> = pieces.iter().map(|piece| l.inside_quotes(*piece)).collect();
        let text: String = ranges.into_iter().map(|range| l.slice(range.start, range.end)).collect();
        return l.leaf_of(Kind::String, node, &text);
    }
    let pieces = l.lower_list(&pieces);
    let mut parts = Vec::new();
    for piece in pieces {
        if l.tree().kind(piece) == Kind::String {
            let (range, text) = (l.tree().range(piece), l.tree().symbol(piece));
            l.discard(piece);
            parts.push(l.make_at(Kind::StringPart, 0, range, text, &[]));
        } else {
            parts.push(piece);
        }
    }
    l.make(Kind::Template, node, Symbol::EMPTY, &parts)
}

/// A node whose range leaves out parentheses around its first and last operand.
pub(super) fn tight(
    l: &mut Lowerer<'_>,
    kind: Kind,
    node: Node<'_>,
    symbol: Symbol,
    children: &[NodeId],
) -> NodeId {
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

/// The object of `(*p).a` is `p`, as that of `p->a` is.
pub(super) fn field(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let object = l.field(node, "argument");
    let start = l.tree().range(object).start;
    let mut symbol = match node.child_by_field_name("operator") {
        Some(operator) if operator.kind() == "->" => l.intern("->"),
        _ => Symbol::EMPTY,
    };
    let object = match (l.tree().kind(object), l.tree().symbol(object), l.tree().child(object, 0)) {
        (Kind::Unary, Symbol::MUL, Some(pointer)) => {
            l.discard(object);
            symbol = l.intern("->");
            pointer
        }
        _ => object,
    };
    let name = l.field(node, "field");
    // `o.f<T>` is the field `f` with type arguments.
    if l.tree().kind(name) == Kind::GenericType
        && let [base, arguments] = *l.tree().children(name)
    {
        let end = l.tree().range(base).end;
        l.discard(name);
        let field = l.make_at(Kind::Field, node.kind_id(), start..end, symbol, &[object, base]);
        let range = start..node.end_byte();
        return l.make_at(Kind::GenericType, node.kind_id(), range, Symbol::EMPTY, &[field, arguments]);
    }
    l.make_at(Kind::Field, node.kind_id(), start..node.end_byte(), symbol, &[object, name])
}

fn subscript(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = vec![l.field(node, "argument")];
    match node.child_by_field_name("indices") {
        Some(indices) => children.extend(l.lower_named(indices)),
        None => children.push(l.field(node, "index")),
    }
    let start = children.first().map_or(node.start_byte(), |object| l.tree().range(*object).start);
    l.make_at(Kind::Index, node.kind_id(), start..node.end_byte(), Symbol::EMPTY, &children)
}

fn call(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let (callee, arguments) = (l.field(node, "function"), l.field(node, "arguments"));
    // `static_cast<T>(x)` and its kin.
    if l.tree().kind(callee) == Kind::GenericType
        && let [name, types] = *l.tree().children(callee)
        && l.symbol_text(l.tree().symbol(name)).ends_with("_cast")
        && let ([type_], [value]) = (l.tree().children(types), l.tree().children(arguments))
        && matches!(
            l.symbol_text(l.tree().symbol(name)),
            "static_cast" | "const_cast" | "dynamic_cast" | "reinterpret_cast"
        )
    {
        let (symbol, children) = (l.tree().symbol(name), [*type_, *value]);
        for wrapper in [callee, name, types, arguments] {
            l.discard(wrapper);
        }
        return l.make(Kind::Cast, node, symbol, &children);
    }
    tight(l, Kind::Call, node, Symbol::EMPTY, &[callee, arguments])
}

fn assignment(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "left"), l.field(node, "right")];
    let operator = node.child_by_field_name("operator").map(|operator| l.text(operator).into_owned());
    match operator.as_deref() {
        None | Some("=") => tight(l, Kind::Assign, node, Symbol::EMPTY, &children),
        Some(operator) => {
            let sign = match operator {
                "and_eq" => "&",
                "or_eq" => "|",
                "xor_eq" => "^",
                operator => operator.trim_end_matches('='),
            };
            let symbol = l.intern(sign);
            tight(l, Kind::AugmentedAssign, node, symbol, &children)
        }
    }
}

fn sign(l: &mut Lowerer<'_>, node: Node<'_>) -> Symbol {
    let Some(operator) = node.child_by_field_name("operator") else { return Symbol::EMPTY };
    match l.text(operator).as_ref() {
        "bitand" => Symbol::BIT_AND,
        "bitor" => Symbol::BIT_OR,
        "xor" => Symbol::BIT_XOR,
        "not_eq" => Symbol::NE,
        "compl" => l.intern("~"),
        _ => l.operator(operator),
    }
}

fn binary(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let symbol = sign(l, node);
    let children = [l.field(node, "left"), l.field(node, "right")];
    tight(l, Kind::Binary, node, symbol, &children)
}

fn unary(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let symbol = sign(l, node);
    let operand = l.field(node, "argument");
    tight(l, Kind::Unary, node, symbol, &[operand])
}

fn update(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let argument = node.child_by_field_name("argument");
    let prefix = argument.is_some_and(|argument| argument.start_byte() > node.start_byte());
    let operand = l.optional(node, argument);
    let symbol = sign(l, node);
    tight(l, if prefix { Kind::Unary } else { Kind::Postfix }, node, symbol, &[operand])
}

fn ternary(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let condition = l.field(node, "condition");
    // `a ?: b` has the condition's value.
    let then = match node.child_by_field_name("consequence") {
        Some(then) => l.lower(then),
        None => l.field(node, "condition"),
    };
    let other = l.field(node, "alternative");
    tight(l, Kind::Ternary, node, Symbol::EMPTY, &[condition, then, other])
}

fn cast(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "type"), l.field(node, "value")];
    tight(l, Kind::Cast, node, Symbol::EMPTY, &children)
}

/// `sizeof(x)`, `sizeof x`, `sizeof(T)`, `offsetof(T, m)`.
fn keyword_call(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(keyword) = node.child(0) else { return l.other(node) };
    let callee = l.leaf(Kind::Name, keyword);
    let operands = l.lower_named(node);
    let range = keyword.end_byte()..node.end_byte();
    let arguments = l.make_at(Kind::Arguments, 0, range, Symbol::EMPTY, &operands);
    l.make(Kind::Call, node, Symbol::EMPTY, &[callee, arguments])
}

fn compound_literal(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = vec![l.field(node, "type")];
    if let Some(value) = node.child_by_field_name("value") {
        children.extend(l.lower_named(value));
    }
    l.make(Kind::Construct, node, Symbol::EMPTY, &children)
}

fn initializer_pair(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let designators = l.fields(node, "designator");
    let keys = l.lower_list(&designators);
    let key = match keys.as_slice() {
        [only] => *only,
        _ => l.make(Kind::Tuple, node, Symbol::EMPTY, &keys),
    };
    let value = l.field(node, "value");
    l.make(Kind::Pair, node, Symbol::EMPTY, &[key, value])
}

fn expression_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    let kind = if children.is_empty() { Kind::Empty } else { Kind::ExpressionStatement };
    l.make(kind, node, Symbol::EMPTY, &children)
}

/// With an initializer before its condition the statement is a block of the two.
pub(super) fn with_initializer(l: &mut Lowerer<'_>, node: Node<'_>, statement: NodeId) -> NodeId {
    let initializer = node
        .child_by_field_name("condition")
        .and_then(|condition| condition.child_by_field_name("initializer"))
        .and_then(|initializer| l.named(initializer).first().copied());
    match initializer {
        Some(initializer) => {
            let first = l.lower(initializer);
            l.make(Kind::Block, node, Symbol::EMPTY, &[first, statement])
        }
        None => statement,
    }
}

fn if_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = ["condition", "consequence", "alternative"].map(|field| l.field(node, field));
    let statement = l.make(Kind::If, node, Symbol::EMPTY, &children);
    with_initializer(l, node, statement)
}

fn switch(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = vec![l.field(node, "condition")];
    if let Some(body) = node.child_by_field_name("body") {
        children.extend(statements(l, body));
    }
    let statement = l.make(Kind::Switch, node, Symbol::EMPTY, &children);
    with_initializer(l, node, statement)
}

fn case(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let value = node.child_by_field_name("value");
    let mut children: Vec<NodeId> = value.into_iter().map(|value| l.lower(value)).collect();
    let mut body = items(l, node);
    body.retain(|item| Some(item.id()) != value.map(|value| value.id()));
    let range = match (body.first(), body.last()) {
        (Some(first), Some(last)) => first.start_byte()..last.end_byte(),
        _ => node.end_byte()..node.end_byte(),
    };
    let body = l.lower_list(&body);
    children.push(l.make_at(Kind::Block, 0, range, Symbol::EMPTY, &body));
    l.make(Kind::Case, node, Symbol::EMPTY, &children)
}

pub(super) fn optional<const KIND: u8>(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
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

/// `__try` with its one handler.
fn seh_try(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = vec![l.field(node, "body")];
    if let Some(handler) = l.child_of_kind(node, "seh_except_clause") {
        let (filter, target) = (l.field(handler, "filter"), l.missing(handler));
        let body = l.field(handler, "body");
        children.push(l.make(Kind::Catch, handler, Symbol::EMPTY, &[filter, target, body]));
    }
    let finally = l.child_of_kind(node, "seh_finally_clause");
    let finally = finally.and_then(|clause| clause.child_by_field_name("body"));
    children.push(l.optional(node, finally));
    children.push(l.missing(node));
    l.make(Kind::Try, node, Symbol::EMPTY, &children)
}

/// The line's end is not part of it.
fn include(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(path) = node.child_by_field_name("path") else { return l.other(node) };
    let module = if path.kind() == "system_lib_string" {
        let text = l.text(path).trim_start_matches('<').trim_end_matches('>').to_owned();
        l.leaf_of(Kind::String, path, &text)
    } else {
        l.lower(path)
    };
    let alias = l.missing(node);
    let range = node.start_byte()..path.end_byte();
    l.make_at(Kind::Import, node.kind_id(), range, Symbol::EMPTY, &[module, alias])
}

/// `#define N …`, without the line's end.
fn define(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "name"), l.field(node, "value")];
    let end = l.tree().range(children[1]).end.max(l.tree().range(children[0]).end);
    l.make_at(Kind::Other, node.kind_id(), node.start_byte()..end, Symbol::EMPTY, &children)
}

#[cfg(test)]
mod tests;
