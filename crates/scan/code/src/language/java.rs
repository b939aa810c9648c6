//! Java.

use super::{Compiled, Language, Lower, Lowerer, PatternSyntax, Spec, Traits};
use crate::tree::{Kind, NodeId, Symbol};
use Lower::{All, Fields, Fixed, Inner, Leaf, Operator, With};
use tree_sitter::Node;

pub(super) static SPEC: Spec = Spec {
    language: Language::Java,
    grammar: || tree_sitter_java::LANGUAGE.into(),
    lowering: &[&[
        ("program", All(Kind::Program)),
        ("block", All(Kind::Block)),
        ("constructor_body", All(Kind::Block)),
        ("class_body", With(class_body)),
        ("interface_body", With(class_body)),
        ("annotation_type_body", With(class_body)),
        ("enum_body", With(enum_body)),
        ("identifier", Leaf(Kind::Name)),
        ("type_identifier", Leaf(Kind::Name)),
        ("this", Fixed(Kind::Name, Symbol::THIS)),
        ("super", Fixed(Kind::Name, Symbol::SUPER)),
        ("integral_type", Leaf(Kind::Name)),
        ("floating_point_type", Leaf(Kind::Name)),
        ("boolean_type", Leaf(Kind::Name)),
        ("void_type", Leaf(Kind::Name)),
        ("string_literal", Lower::String(Kind::String)),
        ("character_literal", With(character)),
        ("decimal_integer_literal", Leaf(Kind::Number)),
        ("hex_integer_literal", Leaf(Kind::Number)),
        ("octal_integer_literal", Leaf(Kind::Number)),
        ("binary_integer_literal", Leaf(Kind::Number)),
        ("decimal_floating_point_literal", Leaf(Kind::Number)),
        ("hex_floating_point_literal", Leaf(Kind::Number)),
        ("true", Fixed(Kind::Bool, Symbol::TRUE)),
        ("false", Fixed(Kind::Bool, Symbol::FALSE)),
        ("null_literal", Fixed(Kind::Null, Symbol::NULL)),
        ("parenthesized_expression", Lower::Parenthesized),
        ("scoped_identifier", Fields(Kind::Field, &["scope", "name"])),
        ("scoped_type_identifier", With(scoped_type)),
        ("field_access", Fields(Kind::Field, &["object", "field"])),
        ("array_access", Fields(Kind::Index, &["array", "index"])),
        ("method_invocation", With(call)),
        ("explicit_constructor_invocation", With(constructor_call)),
        ("argument_list", All(Kind::Arguments)),
        ("annotation_argument_list", All(Kind::Arguments)),
        ("element_value_pair", Fields(Kind::KeywordArgument, &["key", "value"])),
        ("element_value_array_initializer", All(Kind::List)),
        ("array_initializer", All(Kind::List)),
        ("object_creation_expression", With(new)),
        ("array_creation_expression", With(new_array)),
        ("class_literal", With(class_literal)),
        ("assignment_expression", With(assignment)),
        ("binary_expression", Operator(Kind::Binary, &["left", "right"])),
        ("unary_expression", Operator(Kind::Unary, &["operand"])),
        ("update_expression", With(update)),
        ("ternary_expression", Fields(Kind::Ternary, &["condition", "consequence", "alternative"])),
        ("cast_expression", Fields(Kind::Cast, &["type", "value"])),
        ("instanceof_expression", With(type_test)),
        ("lambda_expression", With(lambda)),
        ("method_reference", With(method_reference)),
        ("generic_type", With(generic_type)),
        ("type_arguments", All(Kind::TypeArguments)),
        ("type_parameters", All(Kind::TypeParameters)),
        ("array_type", With(array_type)),
        ("annotation", With(annotation)),
        ("marker_annotation", With(annotation)),
        ("expression_statement", All(Kind::ExpressionStatement)),
        ("local_variable_declaration", With(declaration)),
        ("field_declaration", With(declaration)),
        ("constant_declaration", With(declaration)),
        ("if_statement", With(if_statement)),
        ("while_statement", Fields(Kind::While, &["condition", "body"])),
        ("do_statement", With(do_while)),
        ("for_statement", Fields(Kind::For, &["init", "condition", "update", "body"])),
        ("enhanced_for_statement", Fields(Kind::ForEach, &["name", "value", "body", "else"])),
        ("switch_expression", With(switch)),
        ("switch_block_statement_group", With(case)),
        ("switch_rule", With(case)),
        ("try_statement", With(try_statement)),
        ("try_with_resources_statement", With(try_statement)),
        ("resource", With(resource)),
        ("catch_clause", With(catch)),
        ("catch_type", Inner),
        ("return_statement", With(operand::<{ Kind::Return as u8 }>)),
        ("throw_statement", With(operand::<{ Kind::Throw as u8 }>)),
        ("yield_statement", With(operand::<{ Kind::Yield as u8 }>)),
        ("break_statement", With(operand::<{ Kind::Break as u8 }>)),
        ("continue_statement", With(operand::<{ Kind::Continue as u8 }>)),
        ("labeled_statement", All(Kind::Labeled)),
        ("synchronized_statement", All(Kind::With)),
        ("assert_statement", All(Kind::Assert)),
        ("package_declaration", With(package)),
        ("import_declaration", With(import)),
        ("method_declaration", With(method)),
        ("constructor_declaration", With(method)),
        ("compact_constructor_declaration", With(method)),
        ("annotation_type_element_declaration", With(method)),
        ("static_initializer", Inner),
        ("class_declaration", With(class)),
        ("interface_declaration", With(class)),
        ("enum_declaration", With(class)),
        ("record_declaration", With(class)),
        ("annotation_type_declaration", With(class)),
        ("enum_constant", With(enum_constant)),
    ]],
    ignored_tokens: &[],
    pattern: PatternSyntax {
        contexts: &[
            ("", ""),
            ("", ";"),
            ("class W {", "}"),
            ("", " {}"),
            ("", " class W {}"),
            ("class W { void w() {", "}}"),
            ("class W { ", " void w() {} }"),
            ("class W { void w() { try {} ", " }}"),
            ("class W { void w() { ", " catch (E e) {} }}"),
            ("class W { void w() { switch (w) {", "} }}"),
            ("class W { void w() { if (w) {} ", "}}"),
        ],
        ellipsis: &[
            "semgrep_ellipsis",
            "semgrep_ellipsis;",
            "semgrep_ellipsis semgrep_ellipsis",
            "semgrep_ellipsis semgrep_ellipsis;",
            "semgrep_ellipsis;;",
            "semgrep_ellipsis=semgrep_ellipsis",
            "case semgrep_ellipsis:",
        ],
        metavariable: &["mv__"],
        dedent: false,
        own_ellipsis: true,
    },
    traits: Traits { test_suffixes: &["Test.java", "Tests.java", "IT.java"], ..Traits::COMMON },
    compiled: Compiled::new(),
};

fn character(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let range = l.inside_quotes(node);
    let text = l.slice(range.start, range.end).into_owned();
    l.leaf_of(Kind::Char, node, &text)
}

/// `a.B` as a type, also with type arguments on the way.
fn scoped_type(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts: Vec<Node<'_>> =
        l.named(node).into_iter().filter(|child| !child.kind().ends_with("annotation")).collect();
    match parts.as_slice() {
        [scope, name] => {
            let children = [l.lower(*scope), l.lower(*name)];
            l.make(Kind::Field, node, Symbol::EMPTY, &children)
        }
        _ => l.other(node),
    }
}

fn call(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let name = l.field(node, "name");
    let callee = match node.child_by_field_name("object") {
        Some(object) => {
            let start = object.start_byte();
            let object = l.lower(object);
            let end = l.tree().range(name).end;
            l.make_at(Kind::Field, 0, start..end, Symbol::EMPTY, &[object, name])
        }
        None => name,
    };
    let arguments = l.field(node, "arguments");
    l.make(Kind::Call, node, Symbol::EMPTY, &[callee, arguments])
}

fn constructor_call(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let callee = l.field(node, "constructor");
    let arguments = l.field(node, "arguments");
    let call = l.make(Kind::Call, node, Symbol::EMPTY, &[callee, arguments]);
    l.make(Kind::ExpressionStatement, node, Symbol::EMPTY, &[call])
}

fn new(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let type_ = l.field(node, "type");
    let arguments = l.field(node, "arguments");
    let body = l.child_of_kind(node, "class_body");
    let body = l.optional(node, body);
    l.make(Kind::New, node, Symbol::EMPTY, &[type_, arguments, body])
}

/// `new T[n]` and `new T[] {a}`: dimensions are arguments, the elements the body.
fn new_array(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let element = l.field(node, "type");
    let array = l.intern("[]");
    let range = l.tree().range(element);
    let type_ = l.make_at(Kind::WrappedType, 0, range, array, &[element]);
    let dimensions: Vec<Node<'_>> =
        l.fields(node, "dimensions").into_iter().filter(|child| child.kind() == "dimensions_expr").collect();
    let sizes: Vec<NodeId> = dimensions.iter().map(|size| l.inner(*size)).collect();
    let (start, end) = match (dimensions.first(), dimensions.last()) {
        (Some(first), Some(last)) => (first.start_byte(), last.end_byte()),
        _ => (node.end_byte(), node.end_byte()),
    };
    let arguments = l.make_at(Kind::Arguments, 0, start..end, Symbol::EMPTY, &sizes);
    let body = l.field(node, "value");
    l.make(Kind::New, node, Symbol::EMPTY, &[type_, arguments, body])
}

fn class_literal(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let type_ = l.named(node).first().copied();
    let type_ = l.optional(node, type_);
    let word = l.intern("class");
    let name = l.make_at(Kind::Name, 0, node.end_byte().saturating_sub(5)..node.end_byte(), word, &[]);
    l.make(Kind::Field, node, Symbol::EMPTY, &[type_, name])
}

fn assignment(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let (target, value) = (l.field(node, "left"), l.field(node, "right"));
    let operator = node.child_by_field_name("operator").map(|operator| l.text(operator).into_owned());
    match operator.as_deref() {
        None | Some("=") => l.make(Kind::Assign, node, Symbol::EMPTY, &[target, value]),
        Some(operator) => {
            let symbol = l.intern(operator.trim_end_matches('='));
            l.make(Kind::AugmentedAssign, node, symbol, &[target, value])
        }
    }
}

fn update(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operand = l.named(node).first().copied();
    let prefix = operand.is_some_and(|operand| operand.start_byte() > node.start_byte());
    let operand = l.optional(node, operand);
    let text = l.text(node).into_owned();
    let symbol = if text.contains("++") { Symbol::INCREMENT } else { Symbol::DECREMENT };
    l.make(if prefix { Kind::Unary } else { Kind::Postfix }, node, symbol, &[operand])
}

/// With a name for the converted value the third child is that name.
fn type_test(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = vec![l.field(node, "left")];
    match node.child_by_field_name("pattern") {
        Some(pattern) => children.push(l.lower(pattern)),
        None => children.push(l.field(node, "right")),
    }
    if let Some(name) = node.child_by_field_name("name") {
        children.push(l.lower(name));
    }
    l.make(Kind::TypeTest, node, Symbol::EMPTY, &children)
}

fn lambda(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parameters = match node.child_by_field_name("parameters") {
        Some(list) if list.kind() == "formal_parameters" => parameters(l, list),
        Some(list) => {
            let names = if list.kind() == "identifier" { vec![list] } else { l.named(list) };
            let children: Vec<NodeId> = names
                .into_iter()
                .map(|name| {
                    let modifiers = l.empty(Kind::Modifiers, name);
                    let (type_, target, default) = (l.missing(name), l.lower(name), l.missing(name));
                    l.make(Kind::Parameter, name, Symbol::EMPTY, &[modifiers, type_, target, default])
                })
                .collect();
            l.make(Kind::Parameters, list, Symbol::EMPTY, &children)
        }
        None => l.missing(node),
    };
    let body = l.field(node, "body");
    l.make(Kind::Lambda, node, Symbol::EMPTY, &[parameters, body])
}

/// `A::b` reads the method `b` of `A`.
fn method_reference(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    let colons = l.intern("::");
    match parts.as_slice() {
        [object, name] => {
            let children = [l.lower(*object), l.lower(*name)];
            l.make(Kind::Field, node, colons, &children)
        }
        [object] => {
            let object = l.lower(*object);
            let new = l.intern("new");
            let name = l.make_at(Kind::Name, 0, node.end_byte().saturating_sub(3)..node.end_byte(), new, &[]);
            l.make(Kind::Field, node, Symbol::EMPTY, &[object, name])
        }
        _ => l.other(node),
    }
}

fn generic_type(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    l.make(Kind::GenericType, node, Symbol::EMPTY, &children)
}

fn array_type(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let element = l.field(node, "element");
    let symbol = l.intern("[]");
    l.make(Kind::WrappedType, node, symbol, &[element])
}

fn annotation(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let name = l.field(node, "name");
    let expression = match node.child_by_field_name("arguments") {
        Some(arguments) => {
            let arguments = l.lower(arguments);
            let range = l.tree().range(name).start..node.end_byte();
            l.make_at(Kind::Call, 0, range, Symbol::EMPTY, &[name, arguments])
        }
        None => name,
    };
    l.make(Kind::Decorator, node, Symbol::EMPTY, &[expression])
}

fn modifiers(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(list) = l.child_of_kind(node, "modifiers") else { return l.empty(Kind::Modifiers, node) };
    let children: Vec<NodeId> = l
        .all(list)
        .into_iter()
        .map(|child| if child.is_named() { l.lower(child) } else { l.leaf(Kind::Token, child) })
        .collect();
    l.make(Kind::Modifiers, list, Symbol::EMPTY, &children)
}

fn declaration(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let declarators = l.fields(node, "declarator");
    let mut definitions = Vec::new();
    for declarator in &declarators {
        let words = modifiers(l, node);
        let type_ = l.field(node, "type");
        let (name, value) = (l.field(*declarator, "name"), l.field(*declarator, "value"));
        let range = match declarators.len() {
            1 if node.kind() == "local_variable_declaration" => node.byte_range(),
            1 => l.unterminated(node),
            _ => declarator.byte_range(),
        };
        let children = [words, type_, name, value];
        definitions.push(l.make_at(
            Kind::VariableDefinition,
            node.kind_id(),
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

fn switch(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = vec![l.field(node, "condition")];
    if let Some(body) = node.child_by_field_name("body") {
        children.extend(l.lower_named(body));
    }
    l.make(Kind::Switch, node, Symbol::EMPTY, &children)
}

/// `case a, b:` with statements, and `case a -> …`.
fn case(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let (labels, body): (Vec<Node<'_>>, Vec<Node<'_>>) =
        l.named(node).into_iter().partition(|child| child.kind() == "switch_label");
    let mut children = Vec::new();
    for label in labels {
        children.extend(l.lower_named(label));
    }
    let block = match body.as_slice() {
        [only] if only.kind() == "block" => l.lower(*only),
        _ => {
            let statements = l.lower_list(&body);
            let start = body.first().map_or(node.end_byte(), Node::start_byte);
            l.make_at(Kind::Block, 0, start..node.end_byte(), Symbol::EMPTY, &statements)
        }
    };
    children.push(block);
    l.make(Kind::Case, node, Symbol::EMPTY, &children)
}

/// Resources are a [`Kind::With`]; where handlers follow, it is the body of the `try`.
fn try_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut body = l.field(node, "body");
    let named = l.named(node);
    let handled = named.iter().any(|child| matches!(child.kind(), "catch_clause" | "finally_clause"));
    if let Some(resources) = node.child_by_field_name("resources") {
        let mut parts = l.lower_named(resources);
        parts.push(body);
        let range = resources.start_byte()..l.tree().range(body).end;
        if !handled {
            return l.make(Kind::With, node, Symbol::EMPTY, &parts);
        }
        let with = l.make_at(Kind::With, node.kind_id(), range.clone(), Symbol::EMPTY, &parts);
        body = l.make_at(Kind::Block, 0, range, Symbol::EMPTY, &[with]);
    }
    let mut children = vec![body];
    let mut finally = None;
    for child in named {
        match child.kind() {
            "catch_clause" => children.push(l.lower(child)),
            "finally_clause" => finally = l.named(child).last().copied(),
            _ => {}
        }
    }
    children.push(l.optional(node, finally));
    children.push(l.missing(node));
    l.make(Kind::Try, node, Symbol::EMPTY, &children)
}

fn resource(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    if node.child_by_field_name("value").is_none() {
        return l.inner(node);
    }
    let words = modifiers(l, node);
    let children = [words, l.field(node, "type"), l.field(node, "name"), l.field(node, "value")];
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &children)
}

fn catch(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let (type_, name) = match l.child_of_kind(node, "catch_formal_parameter") {
        Some(parameter) => {
            let type_ = l.child_of_kind(parameter, "catch_type");
            (l.optional(parameter, type_), l.field(parameter, "name"))
        }
        None => (l.missing(node), l.missing(node)),
    };
    let body = l.field(node, "body");
    l.make(Kind::Catch, node, Symbol::EMPTY, &[type_, name, body])
}

fn operand<const KIND: u8>(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let kind = match KIND {
        k if k == Kind::Return as u8 => Kind::Return,
        k if k == Kind::Throw as u8 => Kind::Throw,
        k if k == Kind::Yield as u8 => Kind::Yield,
        k if k == Kind::Break as u8 => Kind::Break,
        _ => Kind::Continue,
    };
    let operand = l.named(node).first().copied();
    let operand = l.optional(node, operand);
    let id = l.make(kind, node, Symbol::EMPTY, &[operand]);
    l.cut_terminator(id, node);
    id
}

/// Ends where its last part does.
fn if_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = ["condition", "consequence", "alternative"].map(|field| l.field(node, field));
    let end = parts.iter().map(|part| l.tree().range(*part).end).max().unwrap_or(node.end_byte());
    l.make_at(Kind::If, node.kind_id(), node.start_byte()..end, Symbol::EMPTY, &parts)
}

fn do_while(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let (body, condition) = (l.field(node, "body"), l.field(node, "condition"));
    let id = l.make(Kind::DoWhile, node, Symbol::EMPTY, &[body, condition]);
    l.cut_terminator(id, node);
    id
}

fn package(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let name = l.named(node).into_iter().find(|child| !child.kind().ends_with("annotation"));
    let name = l.optional(node, name);
    l.make(Kind::Package, node, Symbol::EMPTY, &[name])
}

fn import(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let id = whole_import(l, node);
    l.cut_terminator(id, node);
    id
}

fn whole_import(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    let Some(first) = parts.first() else { return l.other(node) };
    let module = l.lower(*first);
    if let Some(star) = parts.get(1) {
        let all = l.leaf(Kind::Name, *star);
        let alias = l.missing(*star);
        let name = l.make(Kind::ImportedName, *star, Symbol::EMPTY, &[all, alias]);
        return l.make(Kind::ImportFrom, node, Symbol::EMPTY, &[module, name]);
    }
    let alias = l.missing(node);
    l.make(Kind::Import, node, Symbol::EMPTY, &[module, alias])
}

fn method(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut words = modifiers(l, node);
    // What it throws is said of a method as modifiers are: one of several may be asked for.
    if let Some(throws) = l.child_of_kind(node, "throws") {
        let mut list = l.tree().children(words).to_vec();
        list.extend(l.lower_named(throws));
        let range = l.tree().range(words);
        words = l.make_at(Kind::Modifiers, 0, range, Symbol::EMPTY, &list);
    }
    let returns = l.field(node, "type");
    let name = l.field(node, "name");
    let parameters = match node.child_by_field_name("parameters") {
        Some(list) => parameters(l, list),
        None => l.empty(Kind::Parameters, node),
    };
    let body = l.field(node, "body");
    l.make(Kind::Function, node, Symbol::EMPTY, &[words, returns, name, parameters, body])
}

fn parameters(l: &mut Lowerer<'_>, list: Node<'_>) -> NodeId {
    let parameters: Vec<Node<'_>> =
        l.named(list).into_iter().filter(|child| child.kind() != "receiver_parameter").collect();
    let children: Vec<NodeId> = parameters.into_iter().map(|child| parameter(l, child)).collect();
    l.make(Kind::Parameters, list, Symbol::EMPTY, &children)
}

fn parameter(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = modifiers(l, node);
    let default = l.missing(node);
    if node.kind() == "spread_parameter" {
        let type_ = l
            .named(node)
            .into_iter()
            .find(|child| !matches!(child.kind(), "modifiers" | "variable_declarator"));
        let type_ = l.optional(node, type_);
        let name =
            l.child_of_kind(node, "variable_declarator").and_then(|name| name.child_by_field_name("name"));
        let name = l.optional(node, name);
        return l.make(Kind::Parameter, node, Symbol::ELLIPSIS, &[words, type_, name, default]);
    }
    let (type_, name) = (l.field(node, "type"), l.field(node, "name"));
    l.make(Kind::Parameter, node, Symbol::EMPTY, &[words, type_, name, default])
}

fn class(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = modifiers(l, node);
    let name = l.field(node, "name");
    let mut supers = Vec::new();
    for child in l.named(node) {
        match child.kind() {
            "superclass" => supers.extend(l.lower_named(child)),
            "super_interfaces" | "extends_interfaces" => {
                for list in l.named(child) {
                    supers.extend(l.lower_named(list));
                }
            }
            _ => {}
        }
    }
    let supers = l.make_at(Kind::Supers, 0, node.start_byte()..node.start_byte(), Symbol::EMPTY, &supers);
    let mut body = l.field(node, "body");
    if node.kind() == "record_declaration"
        && let Some(list) = node.child_by_field_name("parameters")
    {
        // The components of a record are its fields.
        let components = parameters(l, list);
        let mut members: Vec<NodeId> = Vec::new();
        for component in l.tree().children(components).to_vec() {
            let slots = l.tree().children(component).to_vec();
            let range = l.tree().range(component);
            members.push(l.make_at(Kind::VariableDefinition, 0, range, Symbol::EMPTY, &slots));
        }
        members.extend_from_slice(l.tree().children(body));
        let range = l.tree().range(body);
        body = l.make_at(Kind::Block, 0, range, Symbol::EMPTY, &members);
    }
    let keyword = match node.kind() {
        "interface_declaration" => "interface",
        "enum_declaration" => "enum",
        "record_declaration" => "record",
        "annotation_type_declaration" => "@interface",
        _ => "class",
    };
    let symbol = l.intern(keyword);
    l.make(Kind::Class, node, symbol, &[words, name, supers, body])
}

fn class_body(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let members = l.lower_named(node);
    l.make(Kind::Block, node, Symbol::EMPTY, &members)
}

fn enum_body(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut members = Vec::new();
    for child in l.named(node) {
        if child.kind() == "enum_body_declarations" {
            members.extend(l.lower_named(child));
        } else {
            members.push(l.lower(child));
        }
    }
    l.make(Kind::Block, node, Symbol::EMPTY, &members)
}

/// `A(1) { … }` is a field whose value is made.
fn enum_constant(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = modifiers(l, node);
    let type_ = l.missing(node);
    let name = l.field(node, "name");
    let value =
        if node.child_by_field_name("arguments").is_some() || node.child_by_field_name("body").is_some() {
            let missing = l.missing(node);
            let arguments = match node.child_by_field_name("arguments") {
                Some(arguments) => l.lower(arguments),
                None => l.make_at(Kind::Arguments, 0, node.end_byte()..node.end_byte(), Symbol::EMPTY, &[]),
            };
            let body = l.field(node, "body");
            l.make(Kind::New, node, Symbol::EMPTY, &[missing, arguments, body])
        } else {
            l.missing(node)
        };
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &[words, type_, name, value])
}

#[cfg(test)]
mod tests {
    use crate::language::{Language, parse};
    use crate::tree::Symbols;

    fn sexp(source: &str) -> String {
        let mut symbols = Symbols::default();
        let spec = Language::Java.spec_for("A.java").unwrap();
        let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
        assert!(tree.errors.is_empty(), "{source}");
        tree.to_sexp(tree.root, &symbols)
    }

    #[test]
    fn statements_and_expressions() {
        assert_eq!(
            sexp("String s = r.get(\"a\")[0] + (b ? 'c' : new D(1));"),
            "(Program (VariableDefinition (Modifiers) (Name \"String\") (Name \"s\") (Binary \"+\" (Index (Call (Field (Name \
             \"r\") (Name \"get\")) (Arguments (String \"a\"))) (Number \"0\")) (Ternary (Name \"b\") (Char \"c\") (New (Name \
             \"D\") (Arguments (Number \"1\")) _)))))"
        );
        assert_eq!(
            sexp("switch (a) { case 'x': f(); break; default: g(); }"),
            "(Program (Switch (Name \"a\") (Case (Char \"x\") (Block (ExpressionStatement (Call (Name \
             \"f\") (Arguments))) (Break _))) (Case (Block (ExpressionStatement (Call (Name \"g\") (Arguments)))))))"
        );
        assert_eq!(
            sexp("try (A a = b()) { } catch (X | Y e) { } finally { }"),
            "(Program (Try (Block (With (VariableDefinition (Modifiers) (Name \"A\") (Name \"a\") (Call (Name \"b\") \
             (Arguments))) (Block))) (Catch (Other (Name \"X\") (Token \"|\") (Name \"Y\")) (Name \"e\") (Block)) (Block) _))"
        );
    }

    #[test]
    fn definitions() {
        assert_eq!(
            sexp(
                "import a.b.C; class A<T> extends B implements I { @G(\"/\") public List<T> m(@Q final int q, String... r) { return x -> x; } }"
            ),
            "(Program (Import (Field (Field (Name \"a\") (Name \"b\")) (Name \"C\")) _) (Class \"class\" (Modifiers) (Name \
             \"A\") (Supers (Name \"B\") (Name \"I\")) (Block (Function (Modifiers (Decorator (Call (Name \"G\") (Arguments \
             (String \"/\")))) (Token \"public\")) (GenericType (Name \"List\") (TypeArguments (Name \"T\"))) (Name \"m\") \
             (Parameters (Parameter (Modifiers (Decorator (Name \"Q\")) (Token \"final\")) (Name \"int\") (Name \"q\") _) \
             (Parameter \"...\" (Modifiers) (Name \"String\") (Name \"r\") _)) (Block (Return (Lambda (Parameters (Parameter \
             (Modifiers) _ (Name \"x\") _)) (Name \"x\"))))))))"
        );
    }
}
