//! Ruby.
//!
//! Variables keep their marks (`@x`, `$x`). A method called without arguments or parentheses reads a field; with a block, the
//! block is the last argument. Keyword arguments have names; `:a` and the `a` of `a: 1` are the same atom. What a method
//! ends with is what it returns.

use super::rust::returning;
use super::{Compiled, Language, Lower, Lowerer, PatternSyntax, Spec, Traits};
use crate::tree::{Kind, NodeId, Symbol};
use Lower::{All, Fields, Fixed, Inner, Leaf, Operator, With};
use tree_sitter::Node;

pub(super) static SPEC: Spec = Spec {
    language: Language::Ruby,
    grammar: || tree_sitter_ruby::LANGUAGE.into(),
    lowering: &[&[
        ("program", With(statements::<{ Kind::Program as u8 }>)),
        ("then", With(statements::<{ Kind::Block as u8 }>)),
        ("do", With(statements::<{ Kind::Block as u8 }>)),
        ("else", With(statements::<{ Kind::Block as u8 }>)),
        ("ensure", With(statements::<{ Kind::Block as u8 }>)),
        ("block_body", With(statements::<{ Kind::Block as u8 }>)),
        ("begin_block", With(statements::<{ Kind::Block as u8 }>)),
        ("end_block", With(statements::<{ Kind::Block as u8 }>)),
        ("body_statement", With(body)),
        ("begin", With(begin)),
        ("parenthesized_statements", With(parenthesized)),
        ("empty_statement", Fixed(Kind::Empty, Symbol::EMPTY)),
        ("identifier", Leaf(Kind::Name)),
        ("constant", Leaf(Kind::Name)),
        ("instance_variable", Leaf(Kind::Name)),
        ("class_variable", Leaf(Kind::Name)),
        ("global_variable", Leaf(Kind::Name)),
        ("operator", Leaf(Kind::Name)),
        ("setter", Leaf(Kind::Name)),
        ("file", Leaf(Kind::Name)),
        ("line", Leaf(Kind::Name)),
        ("self", Fixed(Kind::Name, Symbol::SELF)),
        ("super", Fixed(Kind::Name, Symbol::SUPER)),
        ("string", With(string)),
        ("bare_string", With(string)),
        ("chained_string", With(chained)),
        ("heredoc_beginning", With(here_document)),
        ("subshell", With(subshell)),
        ("regex", With(regex)),
        ("string_array", All(Kind::List)),
        ("symbol_array", All(Kind::List)),
        ("simple_symbol", With(atom)),
        ("hash_key_symbol", With(atom)),
        ("bare_symbol", With(atom)),
        ("delimited_symbol", With(atom)),
        ("character", With(character)),
        ("integer", Leaf(Kind::Number)),
        ("float", Leaf(Kind::Number)),
        ("rational", Leaf(Kind::Number)),
        ("complex", Leaf(Kind::Number)),
        ("true", Fixed(Kind::Bool, Symbol::TRUE)),
        ("false", Fixed(Kind::Bool, Symbol::FALSE)),
        ("nil", Fixed(Kind::Null, Symbol::NULL)),
        ("array", All(Kind::List)),
        ("right_assignment_list", All(Kind::List)),
        ("left_assignment_list", All(Kind::Tuple)),
        ("destructured_left_assignment", All(Kind::Tuple)),
        ("destructured_parameter", All(Kind::Tuple)),
        ("rest_assignment", With(spread)),
        ("hash", All(Kind::Dict)),
        ("pair", With(pair)),
        ("element_reference", With(element)),
        ("scope_resolution", With(scope)),
        ("call", With(call)),
        ("argument_list", With(arguments)),
        ("splat_argument", With(spread)),
        ("hash_splat_argument", With(spread)),
        ("block_argument", With(spread)),
        ("block", With(lambda)),
        ("do_block", With(lambda)),
        ("lambda", With(lambda)),
        ("assignment", Fields(Kind::Assign, &["left", "right"])),
        ("operator_assignment", With(augmented)),
        ("binary", Operator(Kind::Binary, &["left", "right"])),
        ("range", Operator(Kind::Binary, &["begin", "end"])),
        ("unary", Operator(Kind::Unary, &["operand"])),
        ("conditional", Fields(Kind::Ternary, &["condition", "consequence", "alternative"])),
        ("if", With(conditional)),
        ("unless", With(conditional)),
        ("elsif", With(conditional)),
        ("if_modifier", With(modified)),
        ("unless_modifier", With(modified)),
        ("while", With(while_loop)),
        ("until", With(while_loop)),
        ("while_modifier", With(while_loop)),
        ("until_modifier", With(while_loop)),
        ("for", With(for_each)),
        ("in", Inner),
        ("case", With(case)),
        ("case_match", With(case)),
        ("when", With(when)),
        ("in_clause", With(when)),
        ("pattern", Inner),
        ("rescue", With(rescue)),
        ("rescue_modifier", With(rescue_modifier)),
        ("exception_variable", Inner),
        ("return", With(operand::<{ Kind::Return as u8 }>)),
        ("break", With(operand::<{ Kind::Break as u8 }>)),
        ("next", With(operand::<{ Kind::Continue as u8 }>)),
        ("yield", With(operand::<{ Kind::Yield as u8 }>)),
        ("method", With(method)),
        ("singleton_method", With(method)),
        ("method_parameters", With(parameters)),
        ("block_parameters", With(parameters)),
        ("lambda_parameters", With(parameters)),
        ("class", With(class)),
        ("module", With(class)),
        ("singleton_class", Fields(Kind::Block, &["body"])),
        ("superclass", Inner),
    ]],
    ignored_tokens: &["end", "then", "do"],
    pattern: PatternSyntax {
        contexts: &[
            ("", ""),
            ("class W\n", "\nend"),
            ("", "\nend"),
            ("begin\n", "\nend"),
            ("case w\n", "\nend"),
            ("if w\n", "\nend"),
        ],
        ellipsis: &["semgrep_ellipsis", "semgrep_ellipsis: semgrep_ellipsis"],
        metavariable: &["mv__", "Mv__"],
        dedent: false,
        own_ellipsis: false,
    },
    traits: Traits {
        assignment_declares: true,
        receivers: &["self"],
        test_suffixes: &["_spec.rb", "_test.rb"],
        separator: "::",
        ..Traits::COMMON
    },
    compiled: Compiled::new(),
};

/// Expressions that stand where statements do are statements.
fn statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let id = l.lower(node);
    let is_statement = matches!(
        l.tree().kind(id),
        Kind::If
            | Kind::While
            | Kind::DoWhile
            | Kind::ForEach
            | Kind::Switch
            | Kind::Try
            | Kind::Block
            | Kind::Function
            | Kind::Class
            | Kind::Return
            | Kind::Break
            | Kind::Continue
            | Kind::Empty
            | Kind::Error
            | Kind::Missing
            | Kind::Delete
    );
    if is_statement {
        return id;
    }
    let range = l.tree().range(id);
    l.make_at(Kind::ExpressionStatement, 0, range, Symbol::EMPTY, &[id])
}

fn list(l: &mut Lowerer<'_>, nodes: &[Node<'_>]) -> Vec<NodeId> {
    nodes.iter().map(|child| statement(l, *child)).collect()
}

fn statements<const KIND: u8>(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let nodes = l.named(node);
    let children = list(l, &nodes);
    let kind = if KIND == Kind::Program as u8 { Kind::Program } else { Kind::Block };
    l.make(kind, node, Symbol::EMPTY, &children)
}

/// Statements with what handles their exceptions, if there is any.
fn guarded(l: &mut Lowerer<'_>, node: Node<'_>) -> Vec<NodeId> {
    let named = l.named(node);
    let is_part = |child: &Node<'_>| matches!(child.kind(), "rescue" | "ensure" | "else");
    let (parts, nodes): (Vec<Node<'_>>, Vec<Node<'_>>) = named.into_iter().partition(is_part);
    let children = list(l, &nodes);
    if parts.is_empty() {
        return children;
    }
    let range = match (nodes.first(), nodes.last()) {
        (Some(first), Some(last)) => first.start_byte()..last.end_byte(),
        _ => node.start_byte()..node.start_byte(),
    };
    let mut slots = vec![l.make_at(Kind::Block, 0, range, Symbol::EMPTY, &children)];
    let (mut finally, mut otherwise) = (None, None);
    for part in parts {
        match part.kind() {
            "rescue" => slots.push(l.lower(part)),
            "ensure" => finally = Some(part),
            _ => otherwise = Some(part),
        }
    }
    slots.push(l.optional(node, finally));
    slots.push(l.optional(node, otherwise));
    vec![l.make(Kind::Try, node, Symbol::EMPTY, &slots)]
}

fn body(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = guarded(l, node);
    l.make(Kind::Block, node, Symbol::EMPTY, &children)
}

fn begin(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = guarded(l, node);
    match children.as_slice() {
        [only] if l.tree().kind(*only) == Kind::Try => *only,
        _ => l.make(Kind::Block, node, Symbol::EMPTY, &children),
    }
}

fn parenthesized(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    match l.named(node).as_slice() {
        [only] => {
            let inner = l.lower(*only);
            let inside = l.tree_mut().node_mut(inner);
            (inside.start, inside.end) = (node.start_byte() as u32, node.end_byte() as u32);
            inner
        }
        nodes => {
            let children = list(l, nodes);
            l.make(Kind::Block, node, Symbol::EMPTY, &children)
        }
    }
}

/// The text and the interpolations of `node`.
fn pieces(l: &mut Lowerer<'_>, node: Node<'_>) -> Vec<NodeId> {
    let mut parts = Vec::new();
    for child in l.named(node) {
        if child.kind() == "interpolation" {
            let inner = l.named(child);
            parts.push(match inner.as_slice() {
                [only] => l.lower(*only),
                nodes => {
                    let children = list(l, nodes);
                    l.make(Kind::Block, child, Symbol::EMPTY, &children)
                }
            });
        } else if child.kind() != "heredoc_end" {
            parts.push(l.leaf(Kind::StringPart, child));
        }
    }
    parts
}

/// A leaf of `kind` with all text, or a template.
fn text(l: &mut Lowerer<'_>, node: Node<'_>, from: Node<'_>, kind: Kind) -> NodeId {
    let parts = pieces(l, from);
    let plain = parts.iter().all(|part| l.tree().kind(*part) == Kind::StringPart);
    if !plain {
        return l.make(Kind::Template, node, Symbol::EMPTY, &parts);
    }
    let text: String = parts.iter().map(|part| l.symbol_text(l.tree().symbol(*part))).collect();
    for part in parts {
        l.discard(part);
    }
    l.leaf_of(kind, node, &text)
}

fn string(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    text(l, node, node, Kind::String)
}

/// `"a" "b#{c}"` is one string.
fn chained(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut parts = Vec::new();
    for piece in l.named(node) {
        parts.extend(pieces(l, piece));
    }
    l.make(Kind::Template, node, Symbol::EMPTY, &parts)
}

fn regex(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    text(l, node, node, Kind::Regex)
}

/// The body of `<<~NAME` stands after the line: next to some construct around it.
fn here_document(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let name = l.text(node).trim_matches(|c: char| "<~-'\"`".contains(c)).to_owned();
    let mut around = Some(node);
    while let Some(at) = around {
        let mut next = at.next_sibling();
        while let Some(sibling) = next {
            if sibling.kind() == "heredoc_body" {
                let end = l.child_of_kind(sibling, "heredoc_end");
                if end.is_some_and(|end| l.text(end).trim() == name) {
                    return text(l, node, sibling, Kind::String);
                }
            }
            next = sibling.next_sibling();
        }
        around = at.parent();
    }
    l.make(Kind::String, node, Symbol::EMPTY, &[])
}

/// A command in backticks is a call of that name.
fn subshell(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut command = text(l, node, node, Kind::String);
    // In a pattern: any command.
    if l.symbol_text(l.tree().symbol(command)) == "..." {
        command = l.make(Kind::Ellipsis, node, Symbol::ELLIPSIS, &[]);
    }
    let (start, end) = (node.start_byte(), node.end_byte());
    let inside = start + 1..end.saturating_sub(1).max(start + 1);
    let place = l.tree_mut().node_mut(command);
    (place.start, place.end) = (inside.start as u32, inside.end as u32);
    let arguments = l.make_at(Kind::Arguments, 0, inside, Symbol::EMPTY, &[command]);
    let symbol = l.intern("`");
    let callee = l.make_at(Kind::Name, 0, start..start + 1, symbol, &[]);
    l.make(Kind::Call, node, Symbol::EMPTY, &[callee, arguments])
}

fn atom(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    if matches!(node.kind(), "delimited_symbol" | "bare_symbol") {
        return text(l, node, node, Kind::Atom);
    }
    let text = l.text(node).trim_matches(':').to_owned();
    l.leaf_of(Kind::Atom, node, &text)
}

fn character(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let text = l.text(node).trim_start_matches('?').to_owned();
    l.leaf_of(Kind::Char, node, &text)
}

/// `a: 1` and `:a => 1`; `a:` alone is given the variable of that name.
fn pair(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let key = l.field(node, "key");
    let value = match (node.child_by_field_name("value"), node.child_by_field_name("key")) {
        (Some(value), _) => l.lower(value),
        (None, Some(key)) => {
            let text = l.text(key).trim_matches(':').to_owned();
            l.leaf_of(Kind::Name, key, &text)
        }
        _ => l.missing(node),
    };
    l.make(Kind::Pair, node, Symbol::EMPTY, &[key, value])
}

fn element(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    l.make(Kind::Index, node, Symbol::EMPTY, &children)
}

/// `A::B`; `::A` is `A`.
fn scope(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let name = l.field(node, "name");
    match node.child_by_field_name("scope") {
        Some(scope) => {
            let scope = l.lower(scope);
            l.make(Kind::Field, node, Symbol::EMPTY, &[scope, name])
        }
        None => name,
    }
}

fn call(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let receiver = node.child_by_field_name("receiver");
    let method = node.child_by_field_name("method");
    let callee = match (receiver, method) {
        (Some(receiver), Some(method)) => {
            let start = receiver.start_byte();
            let object = l.lower(receiver);
            let name = match method.kind() {
                "super" => l.leaf(Kind::Name, method),
                _ => l.lower(method),
            };
            l.make_at(Kind::Field, 0, start..method.end_byte(), Symbol::EMPTY, &[object, name])
        }
        (Some(only), None) | (None, Some(only)) => l.lower(only),
        (None, None) => return l.other(node),
    };
    let given = node.child_by_field_name("arguments");
    let block = node.child_by_field_name("block");
    // `x.()` and `x&.()` have no name, and are calls.
    if given.is_none() && block.is_none() && method.is_some() {
        return callee;
    }
    let mut list = match given {
        Some(given) => {
            let arguments = l.lower(given);
            l.discard(arguments);
            l.tree().children(arguments).to_vec()
        }
        None => Vec::new(),
    };
    let start = given.or(block).map_or(node.end_byte(), |first| first.start_byte());
    if let Some(block) = block {
        list.push(l.lower(block));
    }
    let arguments = l.make_at(Kind::Arguments, 0, start..node.end_byte(), Symbol::EMPTY, &list);
    l.make(Kind::Call, node, Symbol::EMPTY, &[callee, arguments])
}

/// `key: value` among arguments is a keyword argument.
fn arguments(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = Vec::new();
    for child in l.named(node) {
        let key = child.child_by_field_name("key").filter(|_| child.kind() == "pair");
        match key.filter(|key| key.kind() == "hash_key_symbol") {
            Some(key) => {
                let lowered = pair(l, child);
                let value = l.tree().child(lowered, 1);
                let value = value.unwrap_or(lowered);
                let text = l.text(key).trim_matches(':').to_owned();
                let name = l.leaf_of(Kind::Name, key, &text);
                l.discard(lowered);
                children.push(l.make(Kind::KeywordArgument, child, Symbol::EMPTY, &[name, value]));
            }
            None => children.push(l.lower(child)),
        }
    }
    l.make(Kind::Arguments, node, Symbol::EMPTY, &children)
}

fn spread(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let sign = node.child(0).map(|sign| l.text(sign).into_owned()).unwrap_or_default();
    let symbol = l.intern(&sign);
    let children = l.lower_named(node);
    l.make(Kind::Spread, node, symbol, &children)
}

fn no_parameters(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    l.empty(Kind::Parameters, node)
}

fn lambda(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parameters = match node.child_by_field_name("parameters") {
        Some(list) => l.lower(list),
        None => no_parameters(l, node),
    };
    let mut holder = node;
    if node.kind() == "lambda"
        && let Some(block) = node.child_by_field_name("body")
    {
        holder = block;
    }
    let body = match holder.child_by_field_name("body") {
        Some(body) => {
            let body = l.lower(body);
            returning(l, body, 0)
        }
        None => l.make_at(Kind::Block, 0, node.end_byte()..node.end_byte(), Symbol::EMPTY, &[]),
    };
    l.make(Kind::Lambda, node, Symbol::EMPTY, &[parameters, body])
}

fn augmented(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let (target, value) = (l.field(node, "left"), l.field(node, "right"));
    let operator = node.child_by_field_name("operator").map(|operator| l.text(operator).into_owned());
    let symbol = l.intern(operator.as_deref().unwrap_or_default().trim_end_matches('='));
    l.make(Kind::AugmentedAssign, node, symbol, &[target, value])
}

fn negated(l: &mut Lowerer<'_>, condition: NodeId) -> NodeId {
    let range = l.tree().range(condition);
    l.make_at(Kind::Unary, 0, range, Symbol::NOT, &[condition])
}

fn empty_block(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    l.make_at(Kind::Block, 0, node.end_byte()..node.end_byte(), Symbol::EMPTY, &[])
}

fn conditional(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut condition = l.field(node, "condition");
    if node.kind() == "unless" {
        condition = negated(l, condition);
    }
    let then = match node.child_by_field_name("consequence") {
        Some(then) => l.lower(then),
        None => empty_block(l, node),
    };
    let otherwise = l.field(node, "alternative");
    l.make(Kind::If, node, Symbol::EMPTY, &[condition, then, otherwise])
}

fn one_statement(l: &mut Lowerer<'_>, node: Node<'_>, field: &str) -> NodeId {
    match node.child_by_field_name(field) {
        Some(body) => {
            let inner = statement(l, body);
            l.make_at(Kind::Block, 0, body.byte_range(), Symbol::EMPTY, &[inner])
        }
        None => empty_block(l, node),
    }
}

/// `x if y`
fn modified(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut condition = l.field(node, "condition");
    if node.kind() == "unless_modifier" {
        condition = negated(l, condition);
    }
    let children = [condition, one_statement(l, node, "body"), l.missing(node)];
    l.make(Kind::If, node, Symbol::EMPTY, &children)
}

fn while_loop(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let condition = l.field(node, "condition");
    let body = match node.kind() {
        "while_modifier" | "until_modifier" => one_statement(l, node, "body"),
        _ => l.field(node, "body"),
    };
    let symbol = if node.kind().starts_with("until") { Symbol::NOT } else { Symbol::EMPTY };
    l.make(Kind::While, node, symbol, &[condition, body])
}

fn for_each(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "pattern"), l.field(node, "value"), l.field(node, "body"), l.missing(node)];
    l.make(Kind::ForEach, node, Symbol::EMPTY, &children)
}

fn case(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let value = node.child_by_field_name("value");
    let mut children = vec![l.optional(node, value)];
    for child in l.named(node) {
        if value.is_some_and(|value| value.id() == child.id()) {
            continue;
        }
        let lowered = l.lower(child);
        children.push(match child.kind() {
            "else" => l.make(Kind::Case, child, Symbol::EMPTY, &[lowered]),
            _ => lowered,
        });
    }
    l.make(Kind::Switch, node, Symbol::EMPTY, &children)
}

fn when(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let patterns = l.fields(node, "pattern");
    let mut children = l.lower_list(&patterns);
    children.push(match node.child_by_field_name("body") {
        Some(body) => l.lower(body),
        None => empty_block(l, node),
    });
    l.make(Kind::Case, node, Symbol::EMPTY, &children)
}

fn rescue(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let type_ = match node.child_by_field_name("exceptions") {
        Some(list) => l.inner(list),
        None => l.missing(node),
    };
    let target = l.field(node, "variable");
    let body = match node.child_by_field_name("body") {
        Some(body) => l.lower(body),
        None => empty_block(l, node),
    };
    l.make(Kind::Catch, node, Symbol::EMPTY, &[type_, target, body])
}

/// `a rescue b` is one or the other.
fn rescue_modifier(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "body"), l.field(node, "handler")];
    let symbol = l.intern("rescue");
    l.make(Kind::Binary, node, symbol, &children)
}

fn operand<const KIND: u8>(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let kind = match KIND {
        k if k == Kind::Return as u8 => Kind::Return,
        k if k == Kind::Yield as u8 => Kind::Yield,
        k if k == Kind::Break as u8 => Kind::Break,
        _ => Kind::Continue,
    };
    let operands = l.child_of_kind(node, "argument_list").map(|list| l.named(list)).unwrap_or_default();
    let operand = match operands.as_slice() {
        [] => l.missing(node),
        [only] => l.lower(*only),
        several => {
            let children = l.lower_list(several);
            l.make(Kind::List, node, Symbol::EMPTY, &children)
        }
    };
    l.make(kind, node, Symbol::EMPTY, &[operand])
}

/// Of `def self.name`, the object is a modifier.
fn method(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut words = Vec::new();
    if let Some(object) = node.child_by_field_name("object") {
        words.push(l.leaf(Kind::Token, object));
    }
    let range = node.start_byte()..node.start_byte();
    let words = l.make_at(Kind::Modifiers, 0, range, Symbol::EMPTY, &words);
    let returns = l.missing(node);
    let name = match node.child_by_field_name("name") {
        Some(name) => l.leaf(Kind::Name, name),
        None => l.missing(node),
    };
    let parameters = match node.child_by_field_name("parameters") {
        Some(list) => l.lower(list),
        None => no_parameters(l, node),
    };
    let body = match node.child_by_field_name("body") {
        Some(body) if body.kind() == "body_statement" => l.lower(body),
        Some(_) => one_statement(l, node, "body"),
        None => empty_block(l, node),
    };
    let body = returning(l, body, 0);
    l.make(Kind::Function, node, Symbol::EMPTY, &[words, returns, name, parameters, body])
}

fn parameters(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children: Vec<NodeId> = l.named(node).into_iter().map(|child| parameter(l, child)).collect();
    l.make(Kind::Parameters, node, Symbol::EMPTY, &children)
}

fn parameter(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let sign = match node.kind() {
        "splat_parameter" => "*",
        "hash_splat_parameter" => "**",
        "block_parameter" => "&",
        "forward_parameter" => "...",
        _ => "",
    };
    let symbol = l.intern(sign);
    let words = l.empty(Kind::Modifiers, node);
    let type_ = l.missing(node);
    let target = match node.kind() {
        "identifier" | "destructured_parameter" => l.lower(node),
        _ => l.field(node, "name"),
    };
    let default = l.field(node, "value");
    l.make(Kind::Parameter, node, symbol, &[words, type_, target, default])
}

fn class(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = l.empty(Kind::Modifiers, node);
    let name = l.field(node, "name");
    let parent = node.child_by_field_name("superclass");
    let range = parent.map_or(node.start_byte()..node.start_byte(), |parent| parent.byte_range());
    let supers: Vec<NodeId> = parent.map(|parent| l.lower(parent)).into_iter().collect();
    let supers = l.make_at(Kind::Supers, 0, range, Symbol::EMPTY, &supers);
    let body = match node.child_by_field_name("body") {
        Some(body) => l.lower(body),
        None => empty_block(l, node),
    };
    let symbol = l.intern(node.kind());
    l.make(Kind::Class, node, symbol, &[words, name, supers, body])
}

#[cfg(test)]
mod tests {
    use crate::language::{Language, parse};
    use crate::tree::Symbols;

    fn sexp(source: &str) -> String {
        let mut symbols = Symbols::default();
        let spec = Language::Ruby.spec_for("a.rb").unwrap();
        let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
        assert!(tree.errors.is_empty(), "{source}");
        tree.to_sexp(tree.root, &symbols)
    }

    #[test]
    fn calls_and_strings() {
        assert_eq!(
            sexp("User.where(\"a = #{params[:a]}\", limit: 1, :b => 2).first"),
            "(Program (ExpressionStatement (Field (Call (Field (Name \"User\") (Name \"where\")) (Arguments (Template (StringPart \
             \"a = \") (Index (Name \"params\") (Atom \"a\"))) (KeywordArgument (Name \"limit\") (Number \"1\")) (Pair (Atom \
             \"b\") (Number \"2\")))) (Name \"first\"))))"
        );
        assert_eq!(
            sexp("list.each do |x, *y| puts x end"),
            "(Program (ExpressionStatement (Call (Field (Name \"list\") (Name \"each\")) (Arguments (Lambda (Parameters (Parameter \
             (Modifiers) _ (Name \"x\") _) (Parameter \"*\" (Modifiers) _ (Name \"y\") _)) (Block (Return (Call (Name \"puts\") \
             (Arguments (Name \"x\"))))))))))"
        );
        assert_eq!(
            sexp("run(<<~SQL, 1)\n  a #{b}\nSQL\n"),
            "(Program (ExpressionStatement (Call (Name \"run\") (Arguments (Template (StringPart \"\\n  a \") (Name \"b\") (StringPart \
             \"\\n\")) (Number \"1\")))))"
        );
    }

    #[test]
    fn statements_and_definitions() {
        assert_eq!(
            sexp(
                "class A < B::C\n  def self.m(a, b: 1, &c)\n    return 2 if a\n    a ||= @d\n  rescue X => e\n    e\n  end\nend"
            ),
            "(Program (Class \"class\" (Modifiers) (Name \"A\") (Supers (Field (Name \"B\") (Name \"C\"))) (Block (Function \
             (Modifiers (Token \"self\")) _ (Name \"m\") (Parameters (Parameter (Modifiers) _ (Name \"a\") _) (Parameter (Modifiers) \
             _ (Name \"b\") (Number \"1\")) (Parameter \"&\" (Modifiers) _ (Name \"c\") _)) (Block (Try (Block (If (Name \"a\") \
             (Block (Return (Number \"2\"))) _) (Return (AugmentedAssign \"||\" (Name \"a\") (Name \"@d\")))) (Catch (Name \"X\") \
             (Name \"e\") (Block (Return (Name \"e\")))) _ _))))))"
        );
        assert_eq!(
            sexp("case a\nwhen 1, 2 then b\nelse c\nend\nunless d then f end"),
            "(Program (Switch (Name \"a\") (Case (Number \"1\") (Number \"2\") (Block (ExpressionStatement (Name \"b\")))) (Case \
             (Block (ExpressionStatement (Name \"c\"))))) (If (Unary \"!\" (Name \"d\")) (Block (ExpressionStatement (Name \
             \"f\"))) _))"
        );
    }

    #[test]
    fn broken_and_deep_source_ends() {
        let spec = Language::Ruby.spec_for("a.rb").unwrap();
        for source in ["class {{{ )", &"(".repeat(3000), "\"#{a[", "f(<<~X, (("] {
            let mut symbols = Symbols::default();
            let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
            assert!(!tree.errors.is_empty() || tree.too_deep > 0, "{source}");
        }
    }
}
