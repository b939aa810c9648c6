//! POSIX shells and Bash.
//!
//! A command is a call; its words are strings, so `echo a`, `echo "a"` and `echo 'a'` are alike. A variable is a name with its
//! `$`, also where it is assigned (`x=1`, `read x`), so it is told from a command or function of the same name. `"$x"` is a
//! template of the one variable, `$x` the bare name. `local`, `export` and the like are the assignments in them. A function
//! has the parameters `$1` to `$5`. Redirections and the variables set for one command are left out, unless what they name is
//! computed.

use super::{
    Compiled, ELLIPSIS_NAME, Language, Lower, Lowerer, METAVARIABLE_MARK, PatternSyntax, Spec, Traits,
};
use crate::tree::{Kind, NodeId, Symbol};
use Lower::{All, Inner, Leaf, With};
use tree_sitter::Node;

/// How many commands of one pipeline are told apart.
const MAX_PIPE: usize = 100;

/// How many parameters a function has.
const PARAMETERS: u32 = 5;

pub(super) static SPEC: Spec = Spec {
    language: Language::Bash,
    grammar: || tree_sitter_bash::LANGUAGE.into(),
    lowering: &[&[
        ("program", All(Kind::Program)),
        ("compound_statement", All(Kind::Block)),
        ("do_group", All(Kind::Block)),
        ("subshell", All(Kind::Block)),
        ("word", With(word)),
        ("variable_name", With(variable)),
        ("special_variable_name", With(variable)),
        ("number", With(number)),
        ("string", With(string)),
        ("raw_string", Lower::String(Kind::String)),
        ("ansi_c_string", Lower::String(Kind::String)),
        ("translated_string", Inner),
        ("concatenation", With(concatenation)),
        ("simple_expansion", With(expansion)),
        ("expansion", With(expansion)),
        ("arithmetic_expansion", Inner),
        ("parenthesized_expression", Lower::Parenthesized),
        ("command_substitution", With(substitution)),
        ("process_substitution", With(substitution)),
        ("subscript", With(subscript)),
        ("array", All(Kind::List)),
        ("regex", Leaf(Kind::Regex)),
        ("extglob_pattern", Leaf(Kind::String)),
        ("command", With(command)),
        ("command_name", Inner),
        ("pipeline", With(pipeline)),
        ("list", With(list)),
        ("negated_command", With(negated)),
        ("redirected_statement", With(redirected)),
        ("test_command", All(Kind::Other)),
        ("binary_expression", With(binary)),
        ("unary_expression", With(unary)),
        ("postfix_expression", With(unary)),
        ("ternary_expression", With(ternary)),
        ("variable_assignment", With(assignment)),
        ("variable_assignments", All(Kind::Definitions)),
        ("declaration_command", With(declaration)),
        ("unset_command", All(Kind::Delete)),
        ("if_statement", With(if_statement)),
        ("else_clause", All(Kind::Block)),
        ("while_statement", With(while_statement)),
        ("for_statement", With(for_statement)),
        ("c_style_for_statement", With(counted)),
        ("case_statement", With(switch)),
        ("case_item", With(case)),
        ("function_definition", With(function)),
    ]],
    ignored_tokens: &["$(", "`", "((", "))", "[[", "]]", "<(", ">(", "\n", ";;"],
    pattern: PatternSyntax {
        contexts: &[("", "\n"), ("case w in\n", "\nesac\n"), ("if w; then w\n", "\nfi\n")],
        ellipsis: &["semgrep_ellipsis", "semgrep_ellipsis;", "semgrep_ellipsis) semgrep_ellipsis;;"],
        metavariable: &["mv__", "$mv__"],
        dedent: true,
        own_ellipsis: false,
    },
    traits: Traits { assignment_declares: true, receivers: &[], ..Traits::COMMON },
    compiled: Compiled::new(),
};

/// Whether text is a hole of a pattern.
fn is_hole(text: &str) -> bool {
    let rest = match text.strip_prefix(METAVARIABLE_MARK) {
        Some(rest) => rest,
        None => return text.starts_with(ELLIPSIS_NAME),
    };
    !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

fn word(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let kind = if is_hole(&l.text(node)) { Kind::Name } else { Kind::String };
    l.leaf(kind, node)
}

fn number(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    if node.named_child_count() == 0 { l.leaf(Kind::Number, node) } else { l.other(node) }
}

/// A variable by its name; the name of a hole is that of the hole.
fn variable(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let text = l.text(node).into_owned();
    named(l, node, &text)
}

fn named(l: &mut Lowerer<'_>, node: Node<'_>, name: &str) -> NodeId {
    if is_hole(name) {
        return l.leaf_of(Kind::Name, node, name);
    }
    l.leaf_of(Kind::Name, node, &format!("${name}"))
}

fn string(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let range = node.start_byte() + 1..node.end_byte().saturating_sub(1).max(node.start_byte() + 1);
    let text = l.slice(range.start, range.end).into_owned();
    let inner: Vec<Node<'_>> =
        l.named(node).into_iter().filter(|child| child.kind() != "string_content").collect();
    if inner.is_empty() {
        if text.starts_with(METAVARIABLE_MARK) && is_hole(&text) {
            // `"$X"` of a pattern is a quoted expansion.
            let symbol = l.intern(&text);
            let name = l.make_at(Kind::Name, 0, range, symbol, &[]);
            return l.make(Kind::Template, node, Symbol::EMPTY, &[name]);
        }
        return l.leaf_of(Kind::String, node, &text);
    }
    let mut parts = Vec::new();
    let mut at = range.start;
    for child in inner {
        text_part(l, at..child.start_byte(), &mut parts);
        parts.push(l.lower(child));
        at = child.end_byte();
    }
    text_part(l, at..range.end, &mut parts);
    l.make(Kind::Template, node, Symbol::EMPTY, &parts)
}

fn text_part(l: &mut Lowerer<'_>, range: std::ops::Range<usize>, parts: &mut Vec<NodeId>) {
    if range.start < range.end {
        let text = l.slice(range.start, range.end).into_owned();
        let symbol = l.intern(&text);
        parts.push(l.make_at(Kind::StringPart, 0, range, symbol, &[]));
    }
}

/// Pieces without space between them: one string, or a template where any is quoted or computed.
fn concatenation(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let pieces = l.named(node);
    let plain = |piece: &Node<'_>| matches!(piece.kind(), "word" | "number" | "brace_expression");
    if pieces.iter().all(plain) {
        return l.leaf(Kind::String, node);
    }
    let mut parts = Vec::new();
    for piece in pieces {
        if plain(&piece) && !is_hole(&l.text(piece)) {
            parts.push(l.leaf(Kind::StringPart, piece));
        } else {
            parts.push(l.lower(piece));
        }
    }
    l.make(Kind::Template, node, Symbol::EMPTY, &parts)
}

/// `$x` and `${x}` are the variable, `${x[0]}` its element; what else is done to it stays as written.
fn expansion(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let inner = l.named(node);
    let operated = l.all(node).into_iter().any(|child| {
        !child.is_named() && !matches!(child.kind(), "$" | "${" | "}") && !child.kind().trim().is_empty()
    });
    match inner.as_slice() {
        [only] if !operated => match only.kind() {
            "variable_name" | "special_variable_name" => {
                let name = l.text(*only).into_owned();
                named(l, node, &name)
            }
            _ => l.lower(*only),
        },
        _ => l.other(node),
    }
}

/// The commands as arguments of a macro, whose value is what they print.
fn substitution(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let at = node.start_byte()..node.start_byte();
    let name = l.intern(if node.kind() == "command_substitution" { "$()" } else { "<()" });
    let name = l.make_at(Kind::Name, 0, at, name, &[]);
    let inside = match (node.child(0), node.child_count().checked_sub(1).and_then(|last| node.child(last))) {
        (Some(open), Some(close)) => open.end_byte()..close.start_byte().max(open.end_byte()),
        _ => node.byte_range(),
    };
    let statements = l.lower_named(node);
    let arguments = l.make_at(Kind::Arguments, 0, inside, Symbol::EMPTY, &statements);
    l.make(Kind::Macro, node, Symbol::EMPTY, &[name, arguments])
}

fn subscript(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "name"), l.field(node, "index")];
    l.make(Kind::Index, node, Symbol::EMPTY, &children)
}

/// Commands that write the variables which their words name.
fn names_variables(command: &str) -> bool {
    matches!(command, "read" | "mapfile" | "readarray" | "getopts")
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn command(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(name) = node.child_by_field_name("name") else { return l.other(node) };
    let text = l.text(name).into_owned();
    let plain = name.named_child(0).is_none_or(|inner| inner.kind() == "word");
    let callee = if plain { l.leaf_of(Kind::Name, name, &text) } else { l.lower(name) };
    let words: Vec<Node<'_>> =
        l.fields(node, "argument").into_iter().filter(|argument| argument.is_named()).collect();
    let bare = is_hole(&text) || l.tree().kind(callee) == Kind::Macro;
    if words.is_empty() && bare {
        return callee;
    }
    // The grammar may read the lines behind a pipeline as words of its last command where one of them is redirected.
    let ends_line = |left: &Node<'_>, right: &Node<'_>| {
        let between = l.slice(left.end_byte(), right.start_byte());
        between.contains('\n') && !between.contains('\\')
    };
    let mut lines: Vec<Vec<Node<'_>>> = vec![Vec::new()];
    for (index, word) in words.iter().enumerate() {
        let before = if index == 0 { Some(&name) } else { words.get(index - 1) };
        if before.is_some_and(|before| ends_line(before, word)) {
            lines.push(Vec::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push(*word);
        }
    }
    let mut calls = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let mut words = line.iter().copied();
        let (callee, start) = if index == 0 {
            (callee, node.start_byte())
        } else {
            let Some(name) = words.next() else { continue };
            let text = l.text(name).into_owned();
            let callee =
                if name.kind() == "word" { l.leaf_of(Kind::Name, name, &text) } else { l.lower(name) };
            (callee, name.start_byte())
        };
        let words: Vec<Node<'_>> = words.collect();
        calls.push(call(l, node, callee, start, &words));
    }
    match calls.as_slice() {
        [only] => *only,
        _ => l.make(Kind::Definitions, node, Symbol::EMPTY, &calls),
    }
}

fn call(l: &mut Lowerer<'_>, node: Node<'_>, callee: NodeId, start: usize, words: &[Node<'_>]) -> NodeId {
    let mut arguments = Vec::new();
    for word in words {
        let text = l.text(*word).into_owned();
        let variable = word.kind() == "word" && names_variables(l.symbol_text(l.tree().symbol(callee)));
        if variable && is_identifier(&text) {
            arguments.push(named(l, *word, &text));
        } else {
            arguments.push(l.lower(*word));
        }
    }
    let end = words.last().map_or(l.tree().range(callee).end, Node::end_byte);
    let first = words.first().map_or(end, Node::start_byte);
    let arguments = l.make_at(Kind::Arguments, 0, first..end, Symbol::EMPTY, &arguments);
    l.make_at(Kind::Call, node.kind_id(), start..end.max(start), Symbol::EMPTY, &[callee, arguments])
}

/// The operands of an operator, without what was read as part of the last one but stands on lines of its own.
fn operands(l: &mut Lowerer<'_>, node: Node<'_>) -> (Vec<NodeId>, Vec<NodeId>) {
    let mut parts = l.lower_named(node);
    let mut behind = Vec::new();
    if let Some(last) = parts.last_mut()
        && l.tree().kind(*last) == Kind::Definitions
        && let Some((first, rest)) = l.tree().children(*last).split_first()
    {
        behind = rest.to_vec();
        let first = *first;
        l.discard(*last);
        *last = first;
    }
    (parts, behind)
}

fn followed(l: &mut Lowerer<'_>, node: Node<'_>, first: NodeId, behind: &[NodeId]) -> NodeId {
    if behind.is_empty() {
        return first;
    }
    let mut all = vec![first];
    all.extend_from_slice(behind);
    l.make(Kind::Definitions, node, Symbol::EMPTY, &all)
}

/// An operator of its own: `|` between numbers may be turned around.
fn pipeline(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let (read, behind) = operands(l, node);
    let symbol = l.intern("pipe");
    let mut parts = Vec::new();
    for part in read {
        open_pipe(l, part, symbol, &mut parts);
    }
    let Some((first, rest)) = parts.split_first() else { return l.other(node) };
    if rest.len() > MAX_PIPE {
        return l.make(Kind::Other, node, Symbol::EMPTY, &parts);
    }
    let all = rest.iter().fold(*first, |left, right| {
        let range = node.start_byte()..l.tree().range(*right).end;
        l.make_at(Kind::Binary, node.kind_id(), range, symbol, &[left, *right])
    });
    followed(l, node, all, &behind)
}

/// The commands of a pipeline within one, which groups from the right where a line behind it is redirected.
fn open_pipe(l: &mut Lowerer<'_>, id: NodeId, symbol: Symbol, out: &mut Vec<NodeId>) {
    let mut at = id;
    let mut right = Vec::new();
    while l.tree().kind(at) == Kind::Binary
        && l.tree().symbol(at) == symbol
        && let [left, last] = *l.tree().children(at)
    {
        l.discard(at);
        right.push(last);
        at = left;
    }
    out.push(at);
    out.extend(right.into_iter().rev());
}

fn list(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let (parts, behind) = operands(l, node);
    let operator = l.all(node).into_iter().find(|child| matches!(child.kind(), "&&" | "||"));
    let all = match (parts.as_slice(), operator) {
        ([_, right], Some(operator)) => {
            let symbol = l.operator(operator);
            let range = node.start_byte()..l.tree().range(*right).end;
            l.make_at(Kind::Binary, node.kind_id(), range, symbol, &parts)
        }
        _ => l.make(Kind::Other, node, Symbol::EMPTY, &parts),
    };
    followed(l, node, all, &behind)
}

fn negated(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operand = l.named(node).last().copied();
    let operand = l.optional(node, operand);
    l.make(Kind::Unary, node, Symbol::NOT, &[operand])
}

/// The command; behind it, in a list of statements, what computes the names of its files or its input.
fn redirected(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let body = node.child_by_field_name("body");
    let in_list = node.parent().is_some_and(|parent| {
        !matches!(parent.kind(), "pipeline" | "list" | "negated_command" | "redirected_statement")
    });
    let mut parts: Vec<NodeId> = body.into_iter().map(|body| l.lower(body)).collect();
    if in_list || parts.is_empty() {
        for redirect in l.named(node) {
            if Some(redirect.id()) != body.map(|body| body.id()) && is_computed(l, redirect) {
                parts.push(l.other(redirect));
            }
        }
    }
    match parts.as_slice() {
        [only] => *only,
        _ => l.make(Kind::Definitions, node, Symbol::EMPTY, &parts),
    }
}

fn is_computed(l: &Lowerer<'_>, redirect: Node<'_>) -> bool {
    let mut stack = vec![(redirect, 0)];
    while let Some((node, depth)) = stack.pop() {
        if node.kind().ends_with("expansion") || node.kind().ends_with("substitution") {
            return true;
        }
        if depth < 3 {
            stack.extend(l.named(node).into_iter().map(|child| (child, depth + 1)));
        }
    }
    false
}

fn binary(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operator = node.child_by_field_name("operator");
    let (left, right) = (l.field(node, "left"), l.field(node, "right"));
    match operator.map(|operator| l.text(operator).into_owned()).as_deref() {
        // `=` within a test compares.
        Some("=") => l.make(Kind::Binary, node, Symbol::EQ, &[left, right]),
        Some(text) if text.ends_with('=') && !matches!(text, "==" | "!=" | "<=" | ">=") => {
            let symbol = l.intern(text.trim_end_matches('='));
            l.make(Kind::AugmentedAssign, node, symbol, &[left, right])
        }
        Some(text) => {
            let symbol = l.intern(text);
            l.make(Kind::Binary, node, symbol, &[left, right])
        }
        None => l.other(node),
    }
}

fn unary(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operator = node.child_by_field_name("operator");
    let symbol = operator.map_or(Symbol::EMPTY, |operator| l.operator(operator));
    let operand = l.named(node).into_iter().find(|child| Some(child.id()) != operator.map(|op| op.id()));
    let operand = l.optional(node, operand);
    let kind = if node.kind() == "postfix_expression" { Kind::Postfix } else { Kind::Unary };
    l.make(kind, node, symbol, &[operand])
}

fn ternary(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = ["condition", "consequence", "alternative"].map(|field| l.field(node, field));
    l.make(Kind::Ternary, node, Symbol::EMPTY, &children)
}

fn assignment(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let target = l.field(node, "name");
    let value = match node.child_by_field_name("value") {
        Some(value) => l.lower(value),
        None => {
            let end = node.end_byte()..node.end_byte();
            l.make_at(Kind::String, 0, end, Symbol::EMPTY, &[])
        }
    };
    if l.child_of_kind(node, "+=").is_some() {
        return l.make(Kind::AugmentedAssign, node, Symbol::ADD, &[target, value]);
    }
    l.make(Kind::Assign, node, Symbol::EMPTY, &[target, value])
}

/// Without an assignment it is a call.
fn declaration(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    let assignments: Vec<Node<'_>> =
        parts.iter().copied().filter(|part| part.kind() == "variable_assignment").collect();
    let lowered = l.lower_list(&assignments);
    if let [only] = lowered.as_slice() {
        return *only;
    }
    if !lowered.is_empty() {
        return l.make(Kind::Definitions, node, Symbol::EMPTY, &lowered);
    }
    let Some(keyword) = node.child(0) else { return l.other(node) };
    let callee = l.leaf(Kind::Name, keyword);
    let words = l.lower_list(&parts);
    let start = parts.first().map_or(node.end_byte(), Node::start_byte);
    let arguments = l.make_at(Kind::Arguments, 0, start..node.end_byte(), Symbol::EMPTY, &words);
    l.make(Kind::Call, node, Symbol::EMPTY, &[callee, arguments])
}

/// Several statements as a block; one alone is itself.
fn condition(l: &mut Lowerer<'_>, node: Node<'_>, nodes: &[Node<'_>]) -> NodeId {
    match nodes {
        [only] => l.lower(*only),
        [] => l.missing(node),
        nodes => body(l, node, nodes),
    }
}

fn body(l: &mut Lowerer<'_>, node: Node<'_>, nodes: &[Node<'_>]) -> NodeId {
    let range = match (nodes.first(), nodes.last()) {
        (Some(first), Some(last)) => first.start_byte()..last.end_byte(),
        _ => node.end_byte()..node.end_byte(),
    };
    let statements = l.lower_list(nodes);
    l.make_at(Kind::Block, 0, range, Symbol::EMPTY, &statements)
}

/// Condition and body of an `if` or `elif`: what stands before `then`, and what behind it.
fn branch<'t>(l: &Lowerer<'_>, node: Node<'t>) -> (Vec<Node<'t>>, Vec<Node<'t>>) {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    let mut then = false;
    for child in l.all(node) {
        if child.kind() == "then" {
            then = true;
        } else if child.is_named() && !matches!(child.kind(), "elif_clause" | "else_clause") {
            if then { after.push(child) } else { before.push(child) }
        }
    }
    (before, after)
}

/// `elif` is an `if` in the place of `else`.
fn if_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut otherwise = None;
    let clauses: Vec<Node<'_>> = l
        .named(node)
        .into_iter()
        .filter(|child| matches!(child.kind(), "elif_clause" | "else_clause"))
        .collect();
    // What is nested deeper than trees may be is left out.
    for clause in clauses.into_iter().rev().take(200) {
        otherwise = Some(if clause.kind() == "elif_clause" {
            let (head, then) = branch(l, clause);
            let children = [
                condition(l, clause, &head),
                body(l, clause, &then),
                match otherwise {
                    Some(other) => other,
                    None => l.missing(clause),
                },
            ];
            let range = clause.start_byte()..node.end_byte();
            l.make_at(Kind::If, clause.kind_id(), range, Symbol::EMPTY, &children)
        } else {
            l.lower(clause)
        });
    }
    let (head, then) = branch(l, node);
    let children = [
        condition(l, node, &head),
        body(l, node, &then),
        match otherwise {
            Some(other) => other,
            None => l.missing(node),
        },
    ];
    l.make(Kind::If, node, Symbol::EMPTY, &children)
}

fn while_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let until = node.child(0).is_some_and(|word| word.kind() == "until");
    let heads: Vec<Node<'_>> =
        l.fields(node, "condition").into_iter().filter(|child| child.is_named()).collect();
    let children = [condition(l, node, &heads), l.field(node, "body")];
    l.make(Kind::While, node, if until { Symbol::NOT } else { Symbol::EMPTY }, &children)
}

/// Without a list it goes over the arguments.
fn for_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let target = l.field(node, "variable");
    let values = l.fields(node, "value");
    let iterable = match values.as_slice() {
        [only] => l.lower(*only),
        [] => {
            let symbol = l.intern("$@");
            let at = l.tree().range(target).end;
            l.make_at(Kind::Name, 0, at..at, symbol, &[])
        }
        values => {
            let range = values[0].start_byte()..values[values.len() - 1].end_byte();
            let values = l.lower_list(values);
            l.make_at(Kind::List, 0, range, Symbol::EMPTY, &values)
        }
    };
    let (body, otherwise) = (l.field(node, "body"), l.missing(node));
    l.make(Kind::ForEach, node, Symbol::EMPTY, &[target, iterable, body, otherwise])
}

fn counted(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = Vec::new();
    for field in ["initializer", "condition", "update"] {
        let part = l.fields(node, field).into_iter().find(|child| child.is_named());
        children.push(l.optional(node, part));
    }
    children.push(l.field(node, "body"));
    l.make(Kind::For, node, Symbol::EMPTY, &children)
}

fn switch(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = vec![l.field(node, "value")];
    let items: Vec<Node<'_>> =
        l.named(node).into_iter().filter(|child| child.kind() == "case_item").collect();
    children.extend(l.lower_list(&items));
    l.make(Kind::Switch, node, Symbol::EMPTY, &children)
}

/// `*` is the default.
fn case(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let values = l.fields(node, "value");
    if values.first().is_some_and(|value| l.text(*value).starts_with(ELLIPSIS_NAME)) {
        return l.lower(values[0]);
    }
    let statements: Vec<Node<'_>> = l
        .named(node)
        .into_iter()
        .filter(|child| values.iter().all(|value| value.id() != child.id()))
        .collect();
    let default = values.iter().any(|value| l.text(*value) == "*");
    let mut children = if default { Vec::new() } else { l.lower_list(&values) };
    children.push(body(l, node, &statements));
    l.make(Kind::Case, node, Symbol::EMPTY, &children)
}

fn function(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let at = node.child_by_field_name("name").map_or(node.start_byte(), |name| name.end_byte());
    let empty = |l: &mut Lowerer<'_>, kind| l.make_at(kind, 0, at..at, Symbol::EMPTY, &[]);
    let mut parameters = Vec::new();
    for number in 1..=PARAMETERS {
        let symbol = l.intern(&format!("${number}"));
        let target = l.make_at(Kind::Name, 0, at..at, symbol, &[]);
        let slots = [empty(l, Kind::Modifiers), empty(l, Kind::Missing), target, empty(l, Kind::Missing)];
        parameters.push(l.make_at(Kind::Parameter, 0, at..at, Symbol::EMPTY, &slots));
    }
    let parameters = l.make_at(Kind::Parameters, 0, at..at, Symbol::EMPTY, &parameters);
    let name = node.child_by_field_name("name").map(|name| l.leaf(Kind::Name, name));
    let name = name.unwrap_or_else(|| empty(l, Kind::Missing));
    let body = match node.child_by_field_name("body") {
        Some(inner) if matches!(inner.kind(), "compound_statement" | "subshell") => l.lower(inner),
        Some(inner) => body(l, node, &[inner]),
        None => l.missing(node),
    };
    let children = [empty(l, Kind::Modifiers), empty(l, Kind::Missing), name, parameters, body];
    l.make(Kind::Function, node, Symbol::EMPTY, &children)
}

#[cfg(test)]
mod tests;
