//! Go.
//!
//! A statement with an initializer (`if x := f(); x`) is a block of the initializer and the statement. The receiver of a
//! method stands among its modifiers, as [`Kind::Parameters`].

use super::{Compiled, ELLIPSIS_NAME, Language, Lower, Lowerer, PatternSyntax, Spec, Traits};
use crate::tree::{Kind, NodeId, Symbol};
use Lower::{All, Fields, Fixed, Inner, Leaf, Operator, With};
use tree_sitter::Node;

pub(super) static SPEC: Spec = Spec {
    language: Language::Go,
    grammar: || tree_sitter_go::LANGUAGE.into(),
    lowering: &[&[
        ("source_file", All(Kind::Program)),
        ("block", With(block)),
        ("identifier", Leaf(Kind::Name)),
        ("field_identifier", Leaf(Kind::Name)),
        ("package_identifier", Leaf(Kind::Name)),
        ("type_identifier", Leaf(Kind::Name)),
        ("label_name", Leaf(Kind::Name)),
        ("blank_identifier", Leaf(Kind::Name)),
        ("dot", Leaf(Kind::Name)),
        ("iota", Leaf(Kind::Name)),
        ("interpreted_string_literal", Lower::String(Kind::String)),
        ("raw_string_literal", Lower::String(Kind::String)),
        ("rune_literal", Leaf(Kind::Char)),
        ("int_literal", Leaf(Kind::Number)),
        ("float_literal", Leaf(Kind::Number)),
        ("imaginary_literal", Leaf(Kind::Number)),
        ("true", Fixed(Kind::Bool, Symbol::TRUE)),
        ("false", Fixed(Kind::Bool, Symbol::FALSE)),
        ("nil", Fixed(Kind::Null, Symbol::NULL)),
        ("parenthesized_expression", Lower::Parenthesized),
        ("parenthesized_type", Inner),
        ("selector_expression", Fields(Kind::Field, &["operand", "field"])),
        ("qualified_type", Fields(Kind::Field, &["package", "name"])),
        ("index_expression", Fields(Kind::Index, &["operand", "index"])),
        ("slice_expression", With(slice)),
        ("call_expression", Fields(Kind::Call, &["function", "arguments"])),
        ("argument_list", All(Kind::Arguments)),
        ("variadic_argument", With(spread)),
        ("composite_literal", With(composite)),
        ("literal_value", All(Kind::List)),
        ("literal_element", Inner),
        ("keyed_element", Fields(Kind::Pair, &["key", "value"])),
        ("type_conversion_expression", With(conversion)),
        ("type_assertion_expression", Fields(Kind::Cast, &["type", "operand"])),
        ("binary_expression", Operator(Kind::Binary, &["left", "right"])),
        ("unary_expression", Operator(Kind::Unary, &["operand"])),
        ("func_literal", With(lambda)),
        ("expression_list", With(list)),
        ("pointer_type", With(wrapped)),
        ("slice_type", With(wrapped)),
        ("array_type", With(wrapped)),
        ("generic_type", Fields(Kind::GenericType, &["type", "type_arguments"])),
        ("type_arguments", All(Kind::TypeArguments)),
        ("type_elem", Inner),
        ("expression_statement", All(Kind::ExpressionStatement)),
        ("assignment_statement", With(assignment)),
        ("short_var_declaration", With(short)),
        ("var_declaration", With(variables)),
        ("const_declaration", With(variables)),
        ("inc_statement", With(count)),
        ("dec_statement", With(count)),
        ("send_statement", With(send)),
        ("receive_statement", With(receive)),
        ("return_statement", With(optional::<{ Kind::Return as u8 }>)),
        ("break_statement", With(optional::<{ Kind::Break as u8 }>)),
        ("continue_statement", With(optional::<{ Kind::Continue as u8 }>)),
        ("goto_statement", All(Kind::Goto)),
        ("fallthrough_statement", Leaf(Kind::Token)),
        ("labeled_statement", All(Kind::Labeled)),
        ("empty_statement", Fixed(Kind::Empty, Symbol::EMPTY)),
        ("go_statement", All(Kind::Spawn)),
        ("defer_statement", All(Kind::Defer)),
        ("if_statement", With(if_statement)),
        ("for_statement", With(for_statement)),
        ("expression_switch_statement", With(switch)),
        ("type_switch_statement", With(switch)),
        ("select_statement", With(switch)),
        ("expression_case", With(case)),
        ("type_case", With(case)),
        ("communication_case", With(case)),
        ("default_case", With(case)),
        ("package_clause", All(Kind::Package)),
        ("import_declaration", With(imports)),
        ("import_spec", Fields(Kind::Import, &["path", "name"])),
        ("function_declaration", With(function)),
        ("method_declaration", With(function)),
        ("method_elem", With(function)),
        ("type_declaration", With(types)),
        ("type_spec", With(type_spec)),
        ("field_declaration", With(field)),
    ]],
    ignored_tokens: &["\n"],
    pattern: PatternSyntax {
        contexts: &[
            ("", ""),
            ("func w() {\n", "\n}"),
            ("", " {}"),
            ("type w struct {\n", "\n}"),
            ("func w() { switch w {\n", "\n} }"),
            ("var w ", ""),
        ],
        ellipsis: &[
            "semgrep_ellipsis",
            "semgrep_ellipsis;",
            "semgrep_ellipsis()",
            "\"semgrep_ellipsis#\"",
            "case semgrep_ellipsis:",
        ],
        metavariable: &["mv__"],
        dedent: false,
        own_ellipsis: true,
    },
    traits: Traits { receivers: &[], test_suffixes: &["_test.go"], ..Traits::COMMON },
    compiled: Compiled::new(),
};

fn block(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let statements = statements(l, node);
    l.make(Kind::Block, node, Symbol::EMPTY, &statements)
}

/// The statements directly within a node, and those of its statement lists.
fn statements(l: &mut Lowerer<'_>, node: Node<'_>) -> Vec<NodeId> {
    let mut out = Vec::new();
    for child in l.named(node) {
        if child.kind() == "statement_list" {
            out.extend(l.lower_named(child));
        } else {
            out.push(l.lower(child));
        }
    }
    out
}

fn list(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    match children.as_slice() {
        [only] => *only,
        _ => l.make(Kind::Tuple, node, Symbol::EMPTY, &children),
    }
}

fn slice(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let object = l.field(node, "operand");
    let parts = ["start", "end", "capacity"].map(|field| l.field(node, field));
    let slice = l.make(Kind::Slice, node, Symbol::EMPTY, &parts);
    l.make(Kind::Index, node, Symbol::EMPTY, &[object, slice])
}

fn spread(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    l.make(Kind::Spread, node, Symbol::ELLIPSIS, &children)
}

fn composite(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = vec![l.field(node, "type")];
    if let Some(body) = node.child_by_field_name("body") {
        children.extend(l.lower_named(body));
    }
    l.make(Kind::Construct, node, Symbol::EMPTY, &children)
}

/// `a.B(x)` may be a call or a conversion, which only types could tell: it is a call.
fn conversion(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let named = node
        .child_by_field_name("type")
        .is_some_and(|type_| matches!(type_.kind(), "qualified_type" | "type_identifier" | "generic_type"));
    let (type_, operand) = (l.field(node, "type"), l.field(node, "operand"));
    if !named {
        return l.make(Kind::Cast, node, Symbol::EMPTY, &[type_, operand]);
    }
    let range = l.tree().range(type_).end..node.end_byte();
    let arguments = l.make_at(Kind::Arguments, 0, range, Symbol::EMPTY, &[operand]);
    l.make(Kind::Call, node, Symbol::EMPTY, &[type_, arguments])
}

fn lambda(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parameters = parameters(l, node, "parameters");
    let body = l.field(node, "body");
    l.make(Kind::Lambda, node, Symbol::EMPTY, &[parameters, body])
}

fn wrapped(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let symbol = if node.kind() == "pointer_type" { Symbol::MUL } else { l.intern("[]") };
    let inner = node.child_by_field_name("element").or_else(|| l.named(node).first().copied());
    let inner = l.optional(node, inner);
    l.make(Kind::WrappedType, node, symbol, &[inner])
}

fn assignment(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let (target, value) = (l.field(node, "left"), l.field(node, "right"));
    let operator = node.child_by_field_name("operator").map(|operator| l.text(operator).into_owned());
    let inner = match operator.as_deref() {
        None | Some("=") => l.make(Kind::Assign, node, Symbol::EMPTY, &[target, value]),
        Some(operator) => {
            let symbol = l.intern(operator.trim_end_matches('='));
            l.make(Kind::AugmentedAssign, node, symbol, &[target, value])
        }
    };
    l.make(Kind::ExpressionStatement, node, Symbol::EMPTY, &[inner])
}

fn short(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = l.empty(Kind::Modifiers, node);
    let type_ = l.missing(node);
    let (target, value) = (l.field(node, "left"), l.field(node, "right"));
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &[words, type_, target, value])
}

fn variables(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut specs = Vec::new();
    for child in l.named(node) {
        if child.kind() == "var_spec_list" { specs.extend(l.named(child)) } else { specs.push(child) }
    }
    let keyword = if node.kind() == "const_declaration" { "const" } else { "var" };
    let mut definitions = Vec::new();
    for spec in &specs {
        let range = spec.byte_range();
        let symbol = l.intern(keyword);
        let start = node.start_byte();
        let token = l.make_at(Kind::Token, 0, start..start + keyword.len(), symbol, &[]);
        let words = l.make_at(Kind::Modifiers, 0, start..start + keyword.len(), Symbol::EMPTY, &[token]);
        let type_ = l.field(*spec, "type");
        let names: Vec<Node<'_>> =
            l.fields(*spec, "name").into_iter().filter(|name| name.kind() == "identifier").collect();
        let targets = l.lower_list(&names);
        let target = match targets.as_slice() {
            [only] => *only,
            _ => l.make(Kind::Tuple, *spec, Symbol::EMPTY, &targets),
        };
        let value = l.field(*spec, "value");
        let children = [words, type_, target, value];
        definitions.push(l.make_at(
            Kind::VariableDefinition,
            spec.kind_id(),
            range,
            Symbol::EMPTY,
            &children,
        ));
    }
    match definitions.as_slice() {
        [only] => *only,
        _ => l.make(Kind::Definitions, node, Symbol::EMPTY, &definitions),
    }
}

fn count(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operand = l.named(node).first().copied();
    let operand = l.optional(node, operand);
    let symbol = if node.kind() == "inc_statement" { Symbol::INCREMENT } else { Symbol::DECREMENT };
    let inner = l.make(Kind::Postfix, node, symbol, &[operand]);
    l.make(Kind::ExpressionStatement, node, Symbol::EMPTY, &[inner])
}

fn send(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "channel"), l.field(node, "value")];
    let inner = l.make(Kind::Binary, node, Symbol::SEND, &children);
    l.make(Kind::ExpressionStatement, node, Symbol::EMPTY, &[inner])
}

fn receive(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    if node.child_by_field_name("left").is_none() {
        let value = l.field(node, "right");
        return l.make(Kind::ExpressionStatement, node, Symbol::EMPTY, &[value]);
    }
    short(l, node)
}

fn optional<const KIND: u8>(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let kind = match KIND {
        k if k == Kind::Return as u8 => Kind::Return,
        k if k == Kind::Break as u8 => Kind::Break,
        _ => Kind::Continue,
    };
    let operand = l.named(node).first().copied();
    let operand = l.optional(node, operand);
    l.make(kind, node, Symbol::EMPTY, &[operand])
}

/// A statement, or a block of its initializer and it.
fn with_initializer(l: &mut Lowerer<'_>, node: Node<'_>, statement: NodeId) -> NodeId {
    match node.child_by_field_name("initializer") {
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

fn for_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let head = l.named(node).into_iter().find(|child| child.kind() != "block");
    let Some(head) = head else {
        let condition = l.missing(node);
        let body = l.field(node, "body");
        return l.make(Kind::While, node, Symbol::EMPTY, &[condition, body]);
    };
    match head.kind() {
        "for_clause" => {
            let mut children =
                ["initializer", "condition", "update"].map(|field| l.field(head, field)).to_vec();
            children.push(l.field(node, "body"));
            l.make(Kind::For, node, Symbol::EMPTY, &children)
        }
        "range_clause" => {
            let (target, iterable) = (l.field(head, "left"), l.field(head, "right"));
            let (body, otherwise) = (l.field(node, "body"), l.missing(node));
            l.make(Kind::ForEach, node, Symbol::EMPTY, &[target, iterable, body, otherwise])
        }
        _ => {
            let (condition, body) = (l.lower(head), l.field(node, "body"));
            l.make(Kind::While, node, Symbol::EMPTY, &[condition, body])
        }
    }
}

fn switch(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut subject = l.field(node, "value");
    if let Some(alias) = node.child_by_field_name("alias") {
        let target = l.lower(alias);
        let range = alias.start_byte()..l.tree().range(subject).end;
        subject = l.make_at(Kind::Assign, 0, range, Symbol::EMPTY, &[target, subject]);
    }
    let mut children = vec![subject];
    let cases: Vec<Node<'_>> =
        l.named(node).into_iter().filter(|child| child.kind().ends_with("_case")).collect();
    children.extend(l.lower_list(&cases));
    let statement = l.make(Kind::Switch, node, Symbol::EMPTY, &children);
    with_initializer(l, node, statement)
}

fn case(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = Vec::new();
    for value in l.fields(node, "value") {
        children.extend(l.lower_named(value));
    }
    let types: Vec<Node<'_>> = l.fields(node, "type").into_iter().filter(|child| child.is_named()).collect();
    children.extend(l.lower_list(&types));
    if let Some(communication) = node.child_by_field_name("communication") {
        children.push(l.lower(communication));
    }
    let lists: Vec<Node<'_>> =
        l.named(node).into_iter().filter(|child| child.kind() == "statement_list").collect();
    let start = lists.first().map_or(node.end_byte(), Node::start_byte);
    let mut body = Vec::new();
    for list in lists {
        body.extend(l.lower_named(list));
    }
    children.push(l.make_at(Kind::Block, 0, start..node.end_byte(), Symbol::EMPTY, &body));
    l.make(Kind::Case, node, Symbol::EMPTY, &children)
}

fn imports(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut specs = Vec::new();
    for child in l.named(node) {
        if child.kind() == "import_spec_list" { specs.extend(l.named(child)) } else { specs.push(child) }
    }
    if let [only] = specs.as_slice() {
        let children = [l.field(*only, "path"), l.field(*only, "name")];
        return l.make(Kind::Import, node, Symbol::EMPTY, &children);
    }
    let imports = l.lower_list(&specs);
    l.make(Kind::Definitions, node, Symbol::EMPTY, &imports)
}

fn function(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = match node.child_by_field_name("receiver") {
        Some(receiver) => {
            let list = parameters(l, node, "receiver");
            l.make(Kind::Modifiers, receiver, Symbol::EMPTY, &[list])
        }
        None => l.empty(Kind::Modifiers, node),
    };
    let returns = match node.child_by_field_name("result") {
        Some(result) if result.kind() == "parameter_list" => parameters(l, node, "result"),
        result => l.optional(node, result),
    };
    let name = l.field(node, "name");
    let parameters = parameters(l, node, "parameters");
    let body = l.field(node, "body");
    l.make(Kind::Function, node, Symbol::EMPTY, &[words, returns, name, parameters, body])
}

/// `a, b int` is two parameters.
fn parameters(l: &mut Lowerer<'_>, node: Node<'_>, field: &str) -> NodeId {
    let Some(list) = node.child_by_field_name(field) else { return l.missing(node) };
    let mut out = Vec::new();
    for declaration in l.named(list) {
        if !declaration.kind().ends_with("parameter_declaration") {
            out.push(l.lower(declaration));
            continue;
        }
        let symbol =
            if declaration.kind().starts_with("variadic") { Symbol::ELLIPSIS } else { Symbol::EMPTY };
        let names = l.fields(declaration, "name");
        let several = names.len() > 1;
        let slots: Vec<Option<Node<'_>>> =
            if names.is_empty() { vec![None] } else { names.into_iter().map(Some).collect() };
        for name in slots {
            let words = l.empty(Kind::Modifiers, declaration);
            let type_ = l.field(declaration, "type");
            let target = l.optional(declaration, name);
            let default = l.missing(declaration);
            let range = match name {
                Some(name) if several => name.byte_range(),
                _ => declaration.byte_range(),
            };
            let children = [words, type_, target, default];
            out.push(l.make_at(Kind::Parameter, declaration.kind_id(), range, symbol, &children));
        }
    }
    l.make(Kind::Parameters, list, Symbol::EMPTY, &out)
}

fn types(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let specs = l.lower_named(node);
    match specs.as_slice() {
        [only] => *only,
        _ => l.make(Kind::Definitions, node, Symbol::EMPTY, &specs),
    }
}

/// Structs and interfaces are classes; other types stay as they are.
fn type_spec(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(type_) = node.child_by_field_name("type") else { return l.other(node) };
    let (keyword, members) = match type_.kind() {
        "struct_type" => {
            let list = l.child_of_kind(type_, "field_declaration_list");
            ("struct", list.map(|list| l.named(list)).unwrap_or_default())
        }
        "interface_type" => ("interface", l.named(type_)),
        _ => return l.other(node),
    };
    let words = l.empty(Kind::Modifiers, node);
    let name = l.field(node, "name");
    // An embedded type is inherited from.
    let (embedded, members): (Vec<Node<'_>>, Vec<Node<'_>>) = members.into_iter().partition(|member| {
        let unnamed = member.kind() == "type_elem"
            || member.kind() == "field_declaration" && member.child_by_field_name("name").is_none();
        // `...` of a pattern is any member.
        unnamed && !l.text(*member).starts_with(ELLIPSIS_NAME)
    });
    let embedded: Vec<NodeId> = embedded
        .into_iter()
        .map(|member| match member.child_by_field_name("type") {
            Some(type_) => l.lower(type_),
            None => l.inner(member),
        })
        .collect();
    let supers = l.make_at(Kind::Supers, 0, type_.start_byte()..type_.start_byte(), Symbol::EMPTY, &embedded);
    let members = l.lower_list(&members);
    let body = l.make(Kind::Block, type_, Symbol::EMPTY, &members);
    let symbol = l.intern(keyword);
    l.make(Kind::Class, node, symbol, &[words, name, supers, body])
}

fn field(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = l.empty(Kind::Modifiers, node);
    let type_ = l.field(node, "type");
    let names = l.fields(node, "name");
    let names = l.lower_list(&names);
    let target = match names.as_slice() {
        [] => l.missing(node),
        [only] => *only,
        _ => l.make(Kind::Tuple, node, Symbol::EMPTY, &names),
    };
    let value = l.missing(node);
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &[words, type_, target, value])
}

#[cfg(test)]
mod tests {
    use crate::language::{Language, parse};
    use crate::tree::Symbols;

    fn sexp(source: &str) -> String {
        let mut symbols = Symbols::default();
        let spec = Language::Go.spec_for("a.go").unwrap();
        let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
        assert!(tree.errors.is_empty(), "{source}");
        tree.to_sexp(tree.root, &symbols)
    }

    #[test]
    fn definitions() {
        assert_eq!(
            sexp("package m\nimport x \"a/b\"\nfunc (s *S) f(a, b int, c ...string) error { return nil }"),
            "(Program (Package (Name \"m\")) (Import (String \"a/b\") (Name \"x\")) (Function (Modifiers (Parameters \
             (Parameter (Modifiers) (WrappedType \"*\" (Name \"S\")) (Name \"s\") _))) (Name \"error\") (Name \"f\") \
             (Parameters (Parameter (Modifiers) (Name \"int\") (Name \"a\") _) (Parameter (Modifiers) (Name \"int\") (Name \
             \"b\") _) (Parameter \"...\" (Modifiers) (Name \"string\") (Name \"c\") _)) (Block (Return (Null \"null\")))))"
        );
    }

    #[test]
    fn statements() {
        assert_eq!(
            sexp("if v, err := f(x...); err != nil { y.z = T{A: `q`} }"),
            "(Program (Block (VariableDefinition (Modifiers) _ (Tuple (Name \"v\") (Name \"err\")) (Call (Name \"f\") \
             (Arguments (Spread \"...\" (Name \"x\"))))) (If (Binary \"!=\" (Name \"err\") (Null \"null\")) (Block \
             (ExpressionStatement (Assign (Field (Name \"y\") (Name \"z\")) (Construct (Name \"T\") (Pair (Name \"A\") \
             (String \"q\")))))) _)))"
        );
        assert_eq!(
            sexp("for i, x := range y { go z(x[1:2]) }"),
            "(Program (ForEach (Tuple (Name \"i\") (Name \"x\")) (Name \"y\") (Block (Spawn (Call (Name \"z\") (Arguments \
             (Index (Name \"x\") (Slice (Number \"1\") (Number \"2\") _)))))) _))"
        );
    }
}
