//! Solidity.
//!
//! The grammar wraps every expression, statement and type in a node of that name; here they stand for what is in them. What
//! makes a function besides its name (`modifier`, `constructor`, `fallback`, `receive`) is a function, with the word among its
//! modifiers. A modifier that a function invokes is a decorator. `to.call{value: x}("")` calls what is made of `to.call` and
//! its options. Inline assembly is a block behind the word, its instructions are calls.

mod assembly;
mod declaration;
#[cfg(test)]
mod tests;

use super::{Compiled, Language, Lower, Lowerer, PatternSyntax, Spec, Traits};
use crate::tree::{Kind, NodeId, Symbol};
use Lower::{All, Fields, Fixed, Inner, Leaf, Operator, With};
use declaration::{
    class, definition, enum_body, enum_value, function, import, parameter, path, returned, type_name,
    using_alias, variable,
};
use tree_sitter::Node;

pub(super) static SPEC: Spec = Spec {
    language: Language::Solidity,
    grammar: || tree_sitter_solidity::LANGUAGE.into(),
    lowering: &[&[
        ("source_file", All(Kind::Program)),
        ("statement", Inner),
        ("expression", Inner),
        ("identifier", Leaf(Kind::Name)),
        ("primitive_type", With(primitive)),
        ("user_defined_type", With(path)),
        ("type_name", With(type_name)),
        ("type_alias", With(path)),
        ("using_alias", With(using_alias)),
        ("string_literal", With(string)),
        ("unicode_string_literal", With(string)),
        ("hex_string_literal", With(string)),
        ("string", Lower::String(Kind::String)),
        ("number_literal", Leaf(Kind::Number)),
        ("boolean_literal", Inner),
        ("true", Fixed(Kind::Bool, Symbol::TRUE)),
        ("false", Fixed(Kind::Bool, Symbol::FALSE)),
        ("parenthesized_expression", Lower::Parenthesized),
        ("tuple_expression", With(tuple)),
        ("inline_array_expression", All(Kind::List)),
        ("member_expression", With(member)),
        ("array_access", With(index)),
        ("slice_access", With(slice)),
        ("call_expression", With(call)),
        ("type_cast_expression", With(call)),
        ("payable_conversion_expression", With(call)),
        ("meta_type_expression", With(call)),
        ("call_struct_argument", Fields(Kind::KeywordArgument, &["name", "value"])),
        ("struct_expression", With(options)),
        ("struct_field_assignment", Fields(Kind::Pair, &["name", "value"])),
        ("new_expression", With(new)),
        ("assignment_expression", Fields(Kind::Assign, &["left", "right"])),
        ("augmented_assignment_expression", With(augmented)),
        ("binary_expression", Operator(Kind::Binary, &["left", "right"])),
        ("unary_expression", Operator(Kind::Unary, &["argument"])),
        ("update_expression", With(update)),
        ("ternary_expression", With(ternary)),
        ("block_statement", With(block)),
        ("function_body", All(Kind::Block)),
        ("expression_statement", All(Kind::ExpressionStatement)),
        ("variable_declaration_statement", With(variable)),
        ("if_statement", With(if_statement)),
        ("for_statement", With(for_statement)),
        ("while_statement", Fields(Kind::While, &["condition", "body"])),
        ("do_while_statement", With(do_while)),
        ("try_statement", With(try_statement)),
        ("catch_clause", With(catch)),
        ("return_statement", With(return_statement)),
        ("break_statement", With(jump::<true>)),
        ("continue_statement", With(jump::<false>)),
        ("emit_statement", With(emit)),
        ("revert_statement", With(revert)),
        ("assembly_statement", With(assembly::statement)),
        ("yul_block", All(Kind::Block)),
        ("yul_function_call", With(assembly::call)),
        ("yul_assignment", With(assembly::assignment)),
        ("yul_variable_declaration", With(assembly::variable)),
        ("yul_if_statement", With(assembly::condition)),
        ("yul_path", With(path)),
        ("yul_identifier", Leaf(Kind::Name)),
        ("yul_evm_builtin", Leaf(Kind::Name)),
        ("yul_decimal_number", Leaf(Kind::Number)),
        ("yul_hex_number", Leaf(Kind::Number)),
        ("yul_string_literal", Inner),
        ("import_directive", With(import)),
        ("contract_declaration", With(class)),
        ("interface_declaration", With(class)),
        ("library_declaration", With(class)),
        ("struct_declaration", With(class)),
        ("enum_declaration", With(class)),
        ("contract_body", All(Kind::Block)),
        ("struct_body", All(Kind::Block)),
        ("enum_body", With(enum_body)),
        ("enum_value", With(enum_value)),
        ("struct_member", With(definition)),
        ("state_variable_declaration", With(definition)),
        ("constant_variable_declaration", With(definition)),
        ("function_definition", With(function)),
        ("modifier_definition", With(function)),
        ("constructor_definition", With(function)),
        ("fallback_receive_definition", With(function)),
        ("return_type_definition", With(returned)),
        ("parameter", With(parameter)),
        ("return_parameter", With(parameter)),
        ("event_parameter", With(parameter)),
        ("error_parameter", With(parameter)),
    ]],
    ignored_tokens: &[],
    pattern: PatternSyntax {
        contexts: &[
            ("", ""),
            ("contract W {", "}"),
            ("function w() {", ";}"),
            ("function w() {", "}"),
            ("", " {}"),
            ("contract W {", " {} }"),
            ("function w() { try w() {} ", "}"),
            ("function w() { if (w) {} ", "}"),
        ],
        ellipsis: &[
            "semgrep_ellipsis",
            "semgrep_ellipsis;",
            "semgrep_ellipsis semgrep_ellipsis",
            "semgrep_ellipsis semgrep_ellipsis;",
            "semgrep_ellipsis;semgrep_ellipsis;",
            "semgrep_ellipsis: semgrep_ellipsis",
        ],
        metavariable: &["mv__"],
        dedent: false,
        own_ellipsis: false,
    },
    traits: Traits { test_suffixes: &[".t.sol"], ..Traits::COMMON },
    compiled: Compiled::new(),
};

/// `address payable` is a type of its own, whatever stands between the words.
fn primitive(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let text = l.text(node).split_whitespace().collect::<Vec<_>>().join(" ");
    l.leaf_of(Kind::Name, node, &text)
}

/// Strings side by side are one.
fn string(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let pieces = l.named(node);
    match pieces.as_slice() {
        [] => l.string(node, Kind::String),
        [only] => {
            let range = l.inside_quotes(*only);
            let text = l.slice(range.start, range.end).into_owned();
            l.leaf_of(Kind::String, node, &text)
        }
        several => {
            let mut text = String::new();
            for piece in several {
                let range = l.inside_quotes(*piece);
                text.push_str(&l.slice(range.start, range.end));
            }
            l.leaf_of(Kind::String, node, &text)
        }
    }
}

/// `(a, , b)`: what is left out is nothing.
fn tuple(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut elements = Vec::new();
    let mut empty = true;
    for child in l.all(node) {
        match child.kind() {
            "(" => {}
            "," | ")" => {
                if empty && (child.kind() == "," || !elements.is_empty()) {
                    elements.push(nothing(l, child));
                }
                empty = true;
            }
            _ => {
                elements.push(l.lower(child));
                empty = false;
            }
        }
    }
    l.make(Kind::Tuple, node, Symbol::EMPTY, &elements)
}

/// Nothing, where an element may stand: only nothing matches it.
fn nothing(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    l.empty(Kind::Empty, node)
}

/// A node behind an operand: its kind, its symbol, and the children behind the first.
struct Behind {
    kind: Kind,
    symbol: Symbol,
    raw: u16,
    end: usize,
    rest: Vec<NodeId>,
}

impl Behind {
    fn new(kind: Kind, node: Node<'_>, rest: Vec<NodeId>) -> Self {
        Self { kind, symbol: Symbol::EMPTY, raw: node.kind_id(), end: node.end_byte(), rest }
    }
}

/// Puts a member, an index or arguments behind what they belong to. To the grammar `a + b.c()` calls a member of the sum and
/// `!a.b()` one of the negation: the last operand is what is meant, unless parentheses say otherwise.
fn put_behind(l: &mut Lowerer<'_>, base: NodeId, behind: &Behind) -> NodeId {
    let node = *l.tree().node(base);
    let mut children = l.tree().children(base).to_vec();
    let binds_less = matches!(
        node.kind,
        Kind::Unary | Kind::Binary | Kind::Ternary | Kind::Assign | Kind::AugmentedAssign
    );
    if let Some(last) = children.last_mut().filter(|last| binds_less && l.tree().node(**last).end == node.end)
    {
        *last = put_behind(l, *last, behind);
        let rebuilt = l.make_at(node.kind, node.raw, node.start as usize..behind.end, node.symbol, &children);
        l.discard(base);
        return rebuilt;
    }
    let mut all = vec![base];
    all.extend_from_slice(&behind.rest);
    l.make_at(behind.kind, behind.raw, node.start as usize..behind.end, behind.symbol, &all)
}

fn member(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let base = l.field(node, "object");
    let name = l.field(node, "property");
    put_behind(l, base, &Behind::new(Kind::Field, node, vec![name]))
}

fn index(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let base = l.field(node, "base");
    let index = l.field(node, "index");
    put_behind(l, base, &Behind::new(Kind::Index, node, vec![index]))
}

fn slice(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let base = l.field(node, "base");
    let bounds = [l.field(node, "from"), l.field(node, "to"), l.missing(node)];
    let slice = l.make(Kind::Slice, node, Symbol::EMPTY, &bounds);
    put_behind(l, base, &Behind::new(Kind::Index, node, vec![slice]))
}

/// The arguments that stand in a node, from `(` to `)`. Named ones come in braces.
fn arguments(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut list = Vec::new();
    let mut holders = vec![node];
    if let Some(inner) = l.child_of_kind(node, "revert_arguments") {
        holders.push(inner);
    }
    let mut start = node.end_byte();
    let mut end = start;
    for holder in holders {
        for child in l.all(holder) {
            match child.kind() {
                "(" => start = start.min(child.start_byte()),
                ")" => end = child.end_byte(),
                "call_argument" => list.extend(l.lower_named(child)),
                "type_name" if node.kind() == "meta_type_expression" => list.push(l.lower(child)),
                _ => {}
            }
        }
    }
    l.make_at(Kind::Arguments, 0, start..end.max(start), Symbol::EMPTY, &list)
}

fn call(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let callee = match node.child_by_field_name("function").or_else(|| node.child(0)) {
        Some(callee) if callee.is_named() => l.lower(callee),
        // `payable` and `type` are words of the grammar.
        Some(word) => l.leaf(Kind::Name, word),
        None => return l.other(node),
    };
    let arguments = arguments(l, node);
    put_behind(l, callee, &Behind::new(Kind::Call, node, vec![arguments]))
}

fn options(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let base = l.field(node, "type");
    let mut children = Vec::new();
    for child in l.named(node) {
        if child.kind() == "struct_field_assignment" {
            children.push(l.lower(child));
        }
    }
    put_behind(l, base, &Behind::new(Kind::Construct, node, children))
}

fn new(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "name"), arguments(l, node), l.missing(node)];
    l.make(Kind::New, node, Symbol::EMPTY, &children)
}

fn augmented(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "left"), l.field(node, "right")];
    let operator = l.all(node).into_iter().find(|child| !child.is_named());
    let operator = operator.map(|operator| l.text(operator).into_owned()).unwrap_or_default();
    let symbol = l.intern(operator.trim_end_matches('='));
    l.make(Kind::AugmentedAssign, node, symbol, &children)
}

fn update(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operand = node.child_by_field_name("argument");
    let prefix = operand.is_some_and(|operand| operand.start_byte() > node.start_byte());
    let operand = l.optional(node, operand);
    let decrement = node.child_by_field_name("operator").is_some_and(|operator| operator.kind() == "--");
    let symbol = if decrement { Symbol::DECREMENT } else { Symbol::INCREMENT };
    if prefix {
        return l.make(Kind::Unary, node, symbol, &[operand]);
    }
    put_behind(l, operand, &Behind { symbol, ..Behind::new(Kind::Postfix, node, Vec::new()) })
}

fn ternary(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    if children.len() == 3 { l.make(Kind::Ternary, node, Symbol::EMPTY, &children) } else { l.other(node) }
}

fn block(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let statements: Vec<Node<'_>> =
        l.named(node).into_iter().filter(|child| child.kind() != "unchecked").collect();
    let children = l.lower_list(&statements);
    l.make(Kind::Block, node, Symbol::EMPTY, &children)
}

fn if_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let condition = l.field(node, "condition");
    let branches = l.fields(node, "body");
    let then = l.optional(node, branches.first().copied());
    let other = l.optional(node, branches.get(1).copied());
    l.make(Kind::If, node, Symbol::EMPTY, &[condition, then, other])
}

/// The parts of the head are statements to the grammar; only the first is one.
fn for_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut part = |field: &str, unwrap: bool| {
        let found = node.child_by_field_name(field).filter(|part| part.is_named());
        match found {
            Some(part) if unwrap && part.kind() == "expression_statement" => l.inner(part),
            found => l.optional(node, found),
        }
    };
    let children =
        [part("initial", true), part("condition", true), part("update", false), part("body", false)];
    l.make(Kind::For, node, Symbol::EMPTY, &children)
}

fn do_while(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "body"), l.field(node, "condition")];
    l.make(Kind::DoWhile, node, Symbol::EMPTY, &children)
}

/// `try c.f() returns (uint x) { … }`: what is tried is the first statement, and declares what it returns.
fn try_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut statements = Vec::new();
    if let Some(attempt) = node.child_by_field_name("attempt") {
        let value = l.lower(attempt);
        let names: Vec<Node<'_>> = l
            .named(node)
            .into_iter()
            .filter(|child| child.kind() == "parameter")
            .filter_map(|parameter| parameter.child_by_field_name("name"))
            .collect();
        let target = match names.as_slice() {
            [] => None,
            [only] => Some(l.lower(*only)),
            several => {
                let names = l.lower_list(several);
                Some(l.make_at(Kind::Tuple, 0, attempt.byte_range(), Symbol::EMPTY, &names))
            }
        };
        statements.push(match target {
            Some(target) => {
                let words = l.empty(Kind::Modifiers, attempt);
                let children = [words, l.missing(attempt), target, value];
                l.make_at(Kind::VariableDefinition, 0, attempt.byte_range(), Symbol::EMPTY, &children)
            }
            None => l.make_at(Kind::ExpressionStatement, 0, attempt.byte_range(), Symbol::EMPTY, &[value]),
        });
    }
    let body = l.field(node, "body");
    statements.extend_from_slice(l.tree().children(body));
    let range = l.tree().range(body);
    let body = l.make_at(Kind::Block, 0, range, Symbol::EMPTY, &statements);
    let mut children = vec![body];
    for child in l.named(node) {
        if child.kind() == "catch_clause" {
            children.push(l.lower(child));
        }
    }
    children.push(l.missing(node));
    children.push(l.missing(node));
    l.make(Kind::Try, node, Symbol::EMPTY, &children)
}

fn catch(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let kind = l.child_of_kind(node, "identifier");
    let name = l.child_of_kind(node, "parameter").and_then(|parameter| parameter.child_by_field_name("name"));
    let children = [l.optional(node, kind), l.optional(node, name), l.field(node, "body")];
    l.make(Kind::Catch, node, Symbol::EMPTY, &children)
}

fn return_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let value = l.named(node).first().copied();
    let value = l.optional(node, value);
    l.make(Kind::Return, node, Symbol::EMPTY, &[value])
}

fn jump<const BREAK: bool>(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let label = l.missing(node);
    l.make(if BREAK { Kind::Break } else { Kind::Continue }, node, Symbol::EMPTY, &[label])
}

/// `emit E(a)`: a call behind a word.
fn emit(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let name = l.field(node, "name");
    let arguments = arguments(l, node);
    let range = l.tree().range(name).start..l.unterminated(node).end;
    let call = l.make_at(Kind::Call, 0, range, Symbol::EMPTY, &[name, arguments]);
    let symbol = l.intern("emit");
    let range = l.unterminated(node);
    let unary = l.make_at(Kind::Unary, 0, range, symbol, &[call]);
    l.make(Kind::ExpressionStatement, node, Symbol::EMPTY, &[unary])
}

/// `revert("why")` is a call, `revert Error(a)` throws what its call makes.
fn revert(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let arguments = arguments(l, node);
    let end = l.unterminated(node).end;
    let word = node.child(0).unwrap_or(node);
    match node.child_by_field_name("error") {
        Some(error) if l.child_of_kind(node, "revert_arguments").is_some() => {
            let error = l.lower(error);
            let range = l.tree().range(error).start..end;
            let call = l.make_at(Kind::Call, 0, range, Symbol::EMPTY, &[error, arguments]);
            l.make(Kind::Throw, node, Symbol::EMPTY, &[call])
        }
        Some(error) => {
            let value = l.lower(error);
            if l.text(error).starts_with('(') {
                // `revert("why")`: the grammar takes the argument for an expression in parentheses.
                let name = l.leaf(Kind::Name, word);
                let range = word.end_byte()..end;
                let arguments = l.make_at(Kind::Arguments, 0, range, Symbol::EMPTY, &[value]);
                let call =
                    l.make_at(Kind::Call, 0, node.start_byte()..end, Symbol::EMPTY, &[name, arguments]);
                return l.make(Kind::ExpressionStatement, node, Symbol::EMPTY, &[call]);
            }
            l.make(Kind::Throw, node, Symbol::EMPTY, &[value])
        }
        None => {
            let name = l.leaf(Kind::Name, word);
            let call = l.make_at(Kind::Call, 0, node.start_byte()..end, Symbol::EMPTY, &[name, arguments]);
            l.make(Kind::ExpressionStatement, node, Symbol::EMPTY, &[call])
        }
    }
}
