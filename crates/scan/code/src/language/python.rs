//! Python.

use super::{Compiled, Language, Lower, Lowerer, PatternSyntax, Spec, Traits};
use crate::tree::{Kind, NodeId, Symbol};
use Lower::{All, Fields, Fixed, Inner, Leaf, Operator, With};
use tree_sitter::Node;

pub(super) static SPEC: Spec = Spec {
    language: Language::Python,
    grammar: || tree_sitter_python::LANGUAGE.into(),
    lowering: &[&[
        ("module", All(Kind::Program)),
        ("block", All(Kind::Block)),
        ("identifier", Leaf(Kind::Name)),
        ("string", Lower::String(Kind::String)),
        ("concatenated_string", With(concatenated)),
        ("integer", Leaf(Kind::Number)),
        ("float", Leaf(Kind::Number)),
        ("true", Fixed(Kind::Bool, Symbol::TRUE)),
        ("false", Fixed(Kind::Bool, Symbol::FALSE)),
        ("none", Fixed(Kind::Null, Symbol::NULL)),
        ("ellipsis", Fixed(Kind::Ellipsis, Symbol::ELLIPSIS)),
        ("parenthesized_expression", Lower::Parenthesized),
        ("attribute", Fields(Kind::Field, &["object", "attribute"])),
        ("subscript", With(subscript)),
        ("slice", With(slice)),
        ("call", With(call)),
        ("argument_list", All(Kind::Arguments)),
        ("keyword_argument", Fields(Kind::KeywordArgument, &["name", "value"])),
        ("list_splat", With(spread)),
        ("dictionary_splat", With(spread)),
        ("list_splat_pattern", With(spread)),
        ("dictionary_splat_pattern", With(spread)),
        ("parenthesized_list_splat", Inner),
        ("binary_operator", Operator(Kind::Binary, &["left", "right"])),
        ("boolean_operator", Operator(Kind::Binary, &["left", "right"])),
        ("comparison_operator", With(comparison)),
        ("unary_operator", With(unary)),
        ("not_operator", With(not)),
        ("conditional_expression", With(ternary)),
        ("named_expression", Fields(Kind::Assign, &["name", "value"])),
        ("lambda", With(lambda)),
        ("lambda_parameters", All(Kind::Parameters)),
        ("list", All(Kind::List)),
        ("tuple", All(Kind::Tuple)),
        ("set", All(Kind::Set)),
        ("dictionary", All(Kind::Dict)),
        ("pair", Fields(Kind::Pair, &["key", "value"])),
        ("pattern_list", All(Kind::Tuple)),
        ("tuple_pattern", All(Kind::Tuple)),
        ("list_pattern", All(Kind::List)),
        ("expression_list", All(Kind::Tuple)),
        ("list_comprehension", With(comprehension)),
        ("set_comprehension", With(comprehension)),
        ("dictionary_comprehension", With(comprehension)),
        ("generator_expression", With(comprehension)),
        ("for_in_clause", Fields(Kind::Generator, &["left", "right"])),
        ("if_clause", Inner),
        ("await", All(Kind::Await)),
        ("yield", With(yields)),
        ("type", Inner),
        ("generic_type", With(generic_type)),
        ("type_parameter", All(Kind::TypeArguments)),
        ("expression_statement", With(expression_statement)),
        ("assignment", With(assignment)),
        ("augmented_assignment", With(augmented)),
        ("return_statement", With(optional_operand::<{ Kind::Return as u8 }>)),
        ("raise_statement", With(optional_operand::<{ Kind::Throw as u8 }>)),
        ("assert_statement", All(Kind::Assert)),
        ("delete_statement", With(delete)),
        ("pass_statement", Fixed(Kind::Empty, Symbol::EMPTY)),
        ("break_statement", With(jump::<{ Kind::Break as u8 }>)),
        ("continue_statement", With(jump::<{ Kind::Continue as u8 }>)),
        ("global_statement", All(Kind::Global)),
        ("nonlocal_statement", All(Kind::Global)),
        ("if_statement", With(if_statement)),
        ("while_statement", Fields(Kind::While, &["condition", "body"])),
        ("for_statement", With(for_statement)),
        ("else_clause", With(else_clause)),
        ("try_statement", With(try_statement)),
        ("except_clause", With(except)),
        ("finally_clause", With(finally)),
        ("with_statement", With(with_statement)),
        ("match_statement", With(match_statement)),
        ("case_clause", With(case)),
        ("case_pattern", Inner),
        ("import_statement", With(import)),
        ("import_from_statement", With(import_from)),
        ("future_import_statement", With(import_from)),
        ("dotted_name", With(dotted)),
        ("relative_import", Leaf(Kind::Name)),
        ("function_definition", With(function)),
        ("decorated_definition", With(decorated)),
        ("decorator", All(Kind::Decorator)),
        ("parameters", All(Kind::Parameters)),
        ("default_parameter", With(parameter)),
        ("typed_parameter", With(parameter)),
        ("typed_default_parameter", With(parameter)),
        ("class_definition", With(class)),
    ]],
    ignored_tokens: &[],
    pattern: PatternSyntax {
        contexts: &[
            ("", ""),
            ("", "\n  pass"),
            ("", ":\n  pass"),
            ("", "\ndef __wrapped__(): pass"),
            ("try: pass\n", ""),
        ],
        ellipsis: &[
            "semgrep_ellipsis",
            "semgrep_ellipsis=semgrep_ellipsis",
            "semgrep_ellipsis: semgrep_ellipsis",
        ],
        metavariable: &["mv__"],
        dedent: true,
        own_ellipsis: false,
    },
    traits: Traits {
        assignment_declares: true,
        receivers: &["self", "cls"],
        explicit_receiver: true,
        test_suffixes: &["_test.py"],
        ..Traits::COMMON
    },
    compiled: Compiled::new(),
};

/// `"a" "b"`: one string where no piece interpolates.
fn concatenated(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let pieces = l.lower_named(node);
    if pieces.iter().all(|piece| l.tree().kind(*piece) == Kind::String) {
        let text: String =
            pieces.iter().map(|piece| l.symbol_text(l.tree().symbol(*piece)).to_owned()).collect();
        return l.leaf_of(Kind::String, node, &text);
    }
    let mut parts = Vec::new();
    for piece in pieces {
        if l.tree().kind(piece) == Kind::Template {
            parts.extend_from_slice(l.tree().children(piece));
        } else {
            let text = l.tree().symbol(piece);
            let range = l.tree().range(piece);
            parts.push(l.make_at(Kind::StringPart, 0, range, text, &[]));
        }
    }
    l.make(Kind::Template, node, Symbol::EMPTY, &parts)
}

fn subscript(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = vec![l.field(node, "value")];
    let indices = l.fields(node, "subscript");
    match indices.as_slice() {
        [_] => children.extend(l.lower_list(&indices)),
        _ => {
            let parts = l.lower_list(&indices);
            let range = indices.first().map_or(node.start_byte(), Node::start_byte)
                ..indices.last().map_or(node.end_byte(), Node::end_byte);
            children.push(l.make_at(Kind::Tuple, 0, range, Symbol::EMPTY, &parts));
        }
    }
    l.make(Kind::Index, node, Symbol::EMPTY, &children)
}

fn slice(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut slots: [Option<Node<'_>>; 3] = [None; 3];
    let mut at = 0;
    for child in l.all(node) {
        if child.kind() == ":" {
            at = (at + 1).min(2);
        } else {
            slots[at] = Some(child);
        }
    }
    let children = slots.map(|slot| l.optional(node, slot));
    l.make(Kind::Slice, node, Symbol::EMPTY, &children)
}

fn call(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let callee = l.field(node, "function");
    let arguments = match node.child_by_field_name("arguments") {
        // `f(x for x in y)` has the generator in the place of the list.
        Some(arguments) if arguments.kind() == "generator_expression" => {
            let generator = l.lower(arguments);
            l.make(Kind::Arguments, arguments, Symbol::EMPTY, &[generator])
        }
        arguments => l.optional(node, arguments),
    };
    l.make(Kind::Call, node, Symbol::EMPTY, &[callee, arguments])
}

fn spread(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let symbol = if node.kind().starts_with("dictionary") { Symbol::POWER } else { Symbol::MUL };
    let children = l.lower_named(node);
    l.make(Kind::Spread, node, symbol, &children)
}

/// `a < b` is binary; `a < b < c` is `a < b && b < c` with the middle shared, which a tree cannot say: it stays a chain.
fn comparison(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operands = l.named(node);
    let operators = l.fields(node, "operators");
    if let ([left, right], [operator, rest @ ..]) = (operands.as_slice(), operators.as_slice()) {
        let mut symbol = l.operator(*operator);
        for word in rest {
            let text = format!("{} {}", l.symbol_text(symbol), l.text(*word));
            symbol = l.intern(&text);
        }
        let (left, right) = (l.lower(*left), l.lower(*right));
        return l.make(Kind::Binary, node, symbol, &[left, right]);
    }
    l.other(node)
}

fn unary(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operand = l.field(node, "argument");
    let symbol = node.child_by_field_name("operator").map_or(Symbol::EMPTY, |operator| l.operator(operator));
    l.make(Kind::Unary, node, symbol, &[operand])
}

fn not(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operand = l.field(node, "argument");
    l.make(Kind::Unary, node, Symbol::NOT, &[operand])
}

fn ternary(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    match l.lower_named(node).as_slice() {
        [then, condition, other] => {
            let children = [*condition, *then, *other];
            l.make(Kind::Ternary, node, Symbol::EMPTY, &children)
        }
        children => l.make(Kind::Other, node, Symbol::EMPTY, children),
    }
}

fn lambda(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parameters = match node.child_by_field_name("parameters") {
        Some(parameters) => parameters_of(l, parameters),
        None => l.empty(Kind::Parameters, node),
    };
    let body = l.field(node, "body");
    l.make(Kind::Lambda, node, Symbol::EMPTY, &[parameters, body])
}

fn comprehension(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let bracket = match node.kind() {
        "list_comprehension" => "[",
        "generator_expression" => "(",
        _ => "{",
    };
    let symbol = l.intern(bracket);
    let children = l.lower_named(node);
    l.make(Kind::Comprehension, node, symbol, &children)
}

fn yields(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operand = l.named(node).first().copied();
    let operand = l.optional(node, operand);
    l.make(Kind::Yield, node, Symbol::EMPTY, &[operand])
}

fn generic_type(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    l.make(Kind::GenericType, node, Symbol::EMPTY, &children)
}

/// An assignment or a lone call is one named child; `a, b` are several.
fn expression_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.named(node);
    match children.as_slice() {
        [only] => {
            let inner = l.lower(*only);
            if l.tree().kind(inner) == Kind::VariableDefinition {
                return inner;
            }
            l.make(Kind::ExpressionStatement, node, Symbol::EMPTY, &[inner])
        }
        _ => {
            let parts = l.lower_list(&children);
            let tuple = l.make(Kind::Tuple, node, Symbol::EMPTY, &parts);
            l.make(Kind::ExpressionStatement, node, Symbol::EMPTY, &[tuple])
        }
    }
}

fn assignment(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let target = l.field(node, "left");
    if node.child_by_field_name("type").is_none() {
        let value = l.field(node, "right");
        return l.make(Kind::Assign, node, Symbol::EMPTY, &[target, value]);
    }
    let modifiers = l.empty(Kind::Modifiers, node);
    let type_ = l.field(node, "type");
    let value = l.field(node, "right");
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &[modifiers, type_, target, value])
}

fn augmented(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let target = l.field(node, "left");
    let value = l.field(node, "right");
    let operator = node.child_by_field_name("operator").map(|operator| l.text(operator).into_owned());
    let symbol = l.intern(operator.unwrap_or_default().trim_end_matches('='));
    l.make(Kind::AugmentedAssign, node, symbol, &[target, value])
}

fn kind_of<const KIND: u8>() -> Kind {
    match KIND {
        k if k == Kind::Return as u8 => Kind::Return,
        k if k == Kind::Throw as u8 => Kind::Throw,
        k if k == Kind::Break as u8 => Kind::Break,
        _ => Kind::Continue,
    }
}

fn optional_operand<const KIND: u8>(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operands = l.lower_named(node);
    let operand = match operands.as_slice() {
        [] => l.missing(node),
        [first, ..] => *first,
    };
    l.make(kind_of::<KIND>(), node, Symbol::EMPTY, &[operand])
}

fn jump<const KIND: u8>(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let label = l.missing(node);
    l.make(kind_of::<KIND>(), node, Symbol::EMPTY, &[label])
}

fn delete(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operands = l.lower_named(node);
    let operands = match operands.as_slice() {
        [tuple] if l.tree().kind(*tuple) == Kind::Tuple => l.tree().children(*tuple).to_vec(),
        _ => operands,
    };
    l.make(Kind::Delete, node, Symbol::EMPTY, &operands)
}

/// `elif` is an `if` in the place of `else`.
fn if_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let condition = l.field(node, "condition");
    let then = l.field(node, "consequence");
    let alternatives = l.fields(node, "alternative");
    let mut otherwise = None;
    for alternative in alternatives.into_iter().rev() {
        otherwise = Some(if alternative.kind() == "elif_clause" {
            let condition = l.field(alternative, "condition");
            let then = l.field(alternative, "consequence");
            let other = match otherwise {
                Some(other) => other,
                None => l.missing(alternative),
            };
            // It goes on to the end of the whole.
            let range = alternative.start_byte()..node.end_byte();
            l.make_at(Kind::If, alternative.kind_id(), range, Symbol::EMPTY, &[condition, then, other])
        } else {
            l.lower(alternative)
        });
    }
    let otherwise = match otherwise {
        Some(otherwise) => otherwise,
        None => l.missing(node),
    };
    l.make(Kind::If, node, Symbol::EMPTY, &[condition, then, otherwise])
}

fn else_clause(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    l.field(node, "body")
}

fn for_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = ["left", "right", "body", "alternative"].map(|field| l.field(node, field));
    l.make(Kind::ForEach, node, Symbol::EMPTY, &children)
}

fn try_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = vec![l.field(node, "body")];
    let (mut finally, mut otherwise) = (None, None);
    for child in l.named(node).into_iter().skip(1) {
        match child.kind() {
            "finally_clause" => finally = Some(child),
            "else_clause" => otherwise = Some(child),
            _ => children.push(l.lower(child)),
        }
    }
    children.push(l.optional(node, finally));
    children.push(l.optional(node, otherwise));
    l.make(Kind::Try, node, Symbol::EMPTY, &children)
}

/// `except T as x:` holds an `as_pattern`; older `except T, x:` several expressions.
fn except(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.named(node);
    let Some((block, head)) = children.split_last() else { return l.other(node) };
    let (mut type_, mut target) = (None, None);
    for child in head {
        if child.kind() == "as_pattern" {
            let parts = l.named(*child);
            type_ = parts.first().copied();
            target = child.child_by_field_name("alias");
        } else if type_.is_none() {
            type_ = Some(*child);
        } else {
            target = Some(*child);
        }
    }
    let target = match target {
        Some(target) if target.kind() == "as_pattern_target" => l.inner(target),
        target => l.optional(node, target),
    };
    let type_ = l.optional(node, type_);
    let block = l.lower(*block);
    l.make(Kind::Catch, node, Symbol::EMPTY, &[type_, target, block])
}

fn finally(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    match l.named(node).last() {
        Some(block) => l.lower(*block),
        None => l.missing(node),
    }
}

fn with_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = Vec::new();
    if let Some(clause) = l.child_of_kind(node, "with_clause") {
        for item in l.named(clause) {
            let value = item.child_by_field_name("value").unwrap_or(item);
            if value.kind() == "as_pattern" {
                let parts = l.named(value);
                let expression = l.optional(value, parts.first().copied());
                let target = match value.child_by_field_name("alias") {
                    Some(alias) => l.inner(alias),
                    None => l.missing(value),
                };
                children.push(l.make(Kind::Assign, value, Symbol::EMPTY, &[target, expression]));
            } else {
                children.push(l.lower(value));
            }
        }
    }
    children.push(l.field(node, "body"));
    l.make(Kind::With, node, Symbol::EMPTY, &children)
}

fn match_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let subjects = l.fields(node, "subject");
    let mut lowered = l.lower_list(&subjects);
    let subject = match lowered.as_slice() {
        [only] => *only,
        _ => l.make(Kind::Tuple, node, Symbol::EMPTY, &lowered),
    };
    lowered.clear();
    lowered.push(subject);
    if let Some(body) = node.child_by_field_name("body") {
        lowered.extend(l.lower_named(body));
    }
    l.make(Kind::Switch, node, Symbol::EMPTY, &lowered)
}

fn case(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    l.make(Kind::Case, node, Symbol::EMPTY, &children)
}

fn import(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut imports = Vec::new();
    for name in l.fields(node, "name") {
        let (module, alias) = aliased(l, name);
        imports.push(l.make(Kind::Import, node, Symbol::EMPTY, &[module, alias]));
    }
    match imports.as_slice() {
        [only] => *only,
        _ => l.make(Kind::Definitions, node, Symbol::EMPTY, &imports),
    }
}

fn aliased(l: &mut Lowerer<'_>, name: Node<'_>) -> (NodeId, NodeId) {
    if name.kind() == "aliased_import" {
        (l.field(name, "name"), l.field(name, "alias"))
    } else {
        (l.lower(name), l.missing(name))
    }
}

fn import_from(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let module = match node.child_by_field_name("module_name") {
        Some(module) => l.lower(module),
        None => l.leaf_of(Kind::Name, node, "__future__"),
    };
    let mut children = vec![module];
    for name in l.fields(node, "name") {
        let (imported, alias) = aliased(l, name);
        children.push(l.make(Kind::ImportedName, name, Symbol::EMPTY, &[imported, alias]));
    }
    if let Some(star) = l.child_of_kind(node, "wildcard_import") {
        let all = l.leaf_of(Kind::Name, star, "*");
        let alias = l.missing(star);
        children.push(l.make(Kind::ImportedName, star, Symbol::EMPTY, &[all, alias]));
    }
    l.make(Kind::ImportFrom, node, Symbol::EMPTY, &children)
}

/// `a.b.c` in an import or decorator, as nested fields.
fn dotted(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut parts = l.named(node).into_iter();
    let Some(first) = parts.next() else { return l.leaf(Kind::Name, node) };
    let mut object = l.lower(first);
    for part in parts {
        let name = l.lower(part);
        object =
            l.make_at(Kind::Field, 0, node.start_byte()..part.end_byte(), Symbol::EMPTY, &[object, name]);
    }
    object
}

fn function(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let modifiers = modifiers(l, node, &[]);
    definition(l, node, node, modifiers)
}

/// `async` and decorators.
fn modifiers(l: &mut Lowerer<'_>, node: Node<'_>, decorators: &[Node<'_>]) -> NodeId {
    let mut list = l.lower_list(decorators);
    if let Some(word) = node.child(0).filter(|child| child.kind() == "async") {
        list.push(l.leaf(Kind::Token, word));
    }
    let start = decorators.first().map_or(node.start_byte(), Node::start_byte);
    let end = decorators.last().map_or(start, Node::end_byte);
    l.make_at(Kind::Modifiers, 0, start..end, Symbol::EMPTY, &list)
}

fn definition(l: &mut Lowerer<'_>, whole: Node<'_>, node: Node<'_>, modifiers: NodeId) -> NodeId {
    if node.kind() == "class_definition" {
        let name = l.field(node, "name");
        let supers = match node.child_by_field_name("superclasses") {
            Some(supers) => {
                let children = l.lower_named(supers);
                l.make(Kind::Supers, supers, Symbol::EMPTY, &children)
            }
            None => l.empty(Kind::Supers, node),
        };
        let body = l.field(node, "body");
        let symbol = l.intern("class");
        return l.make(Kind::Class, whole, symbol, &[modifiers, name, supers, body]);
    }
    let returns = l.field(node, "return_type");
    let name = l.field(node, "name");
    let parameters = match node.child_by_field_name("parameters") {
        Some(parameters) => parameters_of(l, parameters),
        None => l.missing(node),
    };
    let body = l.field(node, "body");
    l.make(Kind::Function, whole, Symbol::EMPTY, &[modifiers, returns, name, parameters, body])
}

/// Every parameter as [`Kind::Parameter`], also plain names.
fn parameters_of(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children: Vec<NodeId> = l.named(node).into_iter().map(|child| parameter(l, child)).collect();
    l.make(Kind::Parameters, node, Symbol::EMPTY, &children)
}

fn parameter(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let modifiers = l.empty(Kind::Modifiers, node);
    let type_ = l.field(node, "type");
    let default = l.field(node, "value");
    let named = match node.kind() {
        "default_parameter" | "typed_default_parameter" => node.child_by_field_name("name").unwrap_or(node),
        "typed_parameter" => node.named_child(0).unwrap_or(node),
        "keyword_separator" | "positional_separator" => return l.leaf(Kind::Token, node),
        _ => node,
    };
    let (symbol, target) = match named.kind() {
        "list_splat_pattern" => (Symbol::MUL, l.inner(named)),
        "dictionary_splat_pattern" => (Symbol::POWER, l.inner(named)),
        _ => (Symbol::EMPTY, l.lower(named)),
    };
    l.make(Kind::Parameter, node, symbol, &[modifiers, type_, target, default])
}

fn decorated(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let decorators: Vec<Node<'_>> =
        l.named(node).into_iter().filter(|child| child.kind() == "decorator").collect();
    let Some(inner) = node.child_by_field_name("definition") else { return l.other(node) };
    let modifiers = modifiers(l, inner, &decorators);
    definition(l, node, inner, modifiers)
}

fn class(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let modifiers = modifiers(l, node, &[]);
    definition(l, node, node, modifiers)
}

#[cfg(test)]
mod tests {
    use crate::language::{Language, parse};
    use crate::tree::Symbols;

    fn sexp(source: &str) -> String {
        let mut symbols = Symbols::default();
        let spec = Language::Python.spec_for("a.py").unwrap();
        let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
        tree.to_sexp(tree.root, &symbols)
    }

    #[test]
    fn expressions() {
        assert_eq!(
            sexp("x = f(a.b, k='v', *r)"),
            "(Program (ExpressionStatement (Assign (Name \"x\") (Call (Name \"f\") (Arguments (Field (Name \"a\") \
             (Name \"b\")) (KeywordArgument (Name \"k\") (String \"v\")) (Spread \"*\" (Name \"r\")))))))"
        );
        assert_eq!(
            sexp("f\"a{b}c\""),
            "(Program (ExpressionStatement (Template (StringPart \"a\") (Name \"b\") (StringPart \"c\"))))"
        );
        assert_eq!(sexp("''"), "(Program (ExpressionStatement (String)))");
        assert_eq!(sexp("'''a'b'''"), "(Program (ExpressionStatement (String \"a'b\")))");
        assert_eq!(
            sexp("a is not b"),
            "(Program (ExpressionStatement (Binary \"is not\" (Name \"a\") (Name \"b\"))))"
        );
    }

    #[test]
    fn definitions() {
        assert_eq!(
            sexp("@d(1)\nasync def f(a, b: int = 2, *c): return a"),
            "(Program (Function (Modifiers (Decorator (Call (Name \"d\") (Arguments (Number \"1\")))) (Token \"async\")) _ \
             (Name \"f\") (Parameters (Parameter (Modifiers) _ (Name \"a\") _) (Parameter (Modifiers) (Name \"int\") \
             (Name \"b\") (Number \"2\")) (Parameter \"*\" (Modifiers) _ (Name \"c\") _)) (Block (Return (Name \"a\")))))"
        );
        assert_eq!(
            sexp("from a.b import c as d, e\nimport x.y as z"),
            "(Program (ImportFrom (Field (Name \"a\") (Name \"b\")) (ImportedName (Name \"c\") (Name \"d\")) \
             (ImportedName (Name \"e\") _)) (Import (Field (Name \"x\") (Name \"y\")) (Name \"z\")))"
        );
    }

    #[test]
    fn deep_nesting_and_broken_source_end() {
        let deep = format!("{}x{}", "(".repeat(50_000), ")".repeat(50_000));
        sexp(&deep);
        sexp("def f(:\n  x = = 3\n class");
    }
}
