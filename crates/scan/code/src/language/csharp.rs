//! C#.
//!
//! A property whose accessors have bodies is a definition followed by a function per accessor; one that is computed
//! (`=> …`) is a function. Type arguments of called methods are left out; those of types stay.

use super::{Compiled, Language, Lower, Lowerer, PatternSyntax, Spec, Traits};
use crate::tree::{Kind, NodeId, Symbol};
use Lower::{All, Fields, Fixed, Inner, Leaf, Operator, With};
use tree_sitter::Node;

pub(super) static SPEC: Spec = Spec {
    language: Language::CSharp,
    grammar: || tree_sitter_c_sharp::LANGUAGE.into(),
    lowering: &[&[
        ("compilation_unit", All(Kind::Program)),
        ("global_statement", Inner),
        ("block", All(Kind::Block)),
        ("declaration_list", All(Kind::Block)),
        ("enum_member_declaration_list", All(Kind::Block)),
        ("preproc_if", With(branch)),
        ("preproc_elif", With(branch)),
        ("preproc_else", With(branch)),
        ("namespace_declaration", With(namespace)),
        ("file_scoped_namespace_declaration", Fields(Kind::Package, &["name"])),
        ("using_directive", With(using)),
        ("identifier", Leaf(Kind::Name)),
        ("discard", Leaf(Kind::Name)),
        ("this", Fixed(Kind::Name, Symbol::THIS)),
        ("base", Fixed(Kind::Name, Symbol::SUPER)),
        ("predefined_type", Leaf(Kind::Name)),
        ("implicit_type", Leaf(Kind::Name)),
        ("string_literal", Lower::String(Kind::String)),
        ("verbatim_string_literal", Lower::String(Kind::String)),
        ("raw_string_literal", Lower::String(Kind::String)),
        ("interpolated_string_expression", With(template)),
        ("character_literal", With(character)),
        ("integer_literal", Leaf(Kind::Number)),
        ("real_literal", Leaf(Kind::Number)),
        ("boolean_literal", With(boolean)),
        ("null_literal", Fixed(Kind::Null, Symbol::NULL)),
        ("parenthesized_expression", Lower::Parenthesized),
        ("parenthesized_pattern", Inner),
        ("checked_expression", Inner),
        ("qualified_name", Fields(Kind::Field, &["qualifier", "name"])),
        ("alias_qualified_name", Fields(Kind::Field, &["alias", "name"])),
        ("member_access_expression", With(member)),
        ("conditional_access_expression", With(conditional_access)),
        ("element_access_expression", With(element)),
        ("invocation_expression", With(call)),
        ("argument_list", All(Kind::Arguments)),
        ("bracketed_argument_list", All(Kind::Arguments)),
        ("attribute_argument_list", All(Kind::Arguments)),
        ("argument", With(argument)),
        ("attribute_argument", With(argument)),
        ("declaration_expression", With(declared)),
        ("object_creation_expression", With(new)),
        ("implicit_object_creation_expression", With(new)),
        ("array_creation_expression", With(new_array)),
        ("implicit_array_creation_expression", Inner),
        ("anonymous_object_creation_expression", With(anonymous_object)),
        ("initializer_expression", With(initializer)),
        ("collection_expression", All(Kind::List)),
        ("collection_element", Inner),
        ("expression_element", Inner),
        ("spread_element", With(spread)),
        ("tuple_expression", All(Kind::Tuple)),
        ("tuple_pattern", All(Kind::Tuple)),
        ("tuple_type", All(Kind::Tuple)),
        ("parenthesized_variable_designation", All(Kind::Tuple)),
        ("assignment_expression", With(assignment)),
        ("binary_expression", Operator(Kind::Binary, &["left", "right"])),
        ("prefix_unary_expression", With(unary)),
        ("unary_expression", Operator(Kind::Unary, &["argument"])),
        ("postfix_unary_expression", With(unary)),
        ("conditional_expression", Fields(Kind::Ternary, &["condition", "consequence", "alternative"])),
        ("cast_expression", Fields(Kind::Cast, &["type", "value"])),
        ("as_expression", Fields(Kind::Cast, &["right", "left"])),
        ("is_expression", Fields(Kind::TypeTest, &["left", "right"])),
        ("is_pattern_expression", With(pattern_test)),
        ("constant_pattern", Inner),
        ("type_pattern", Inner),
        ("and_pattern", Operator(Kind::Binary, &["left", "right"])),
        ("or_pattern", Operator(Kind::Binary, &["left", "right"])),
        ("declaration_pattern", With(declared)),
        ("var_pattern", Inner),
        ("lambda_expression", With(lambda)),
        ("anonymous_method_expression", With(lambda)),
        ("await_expression", All(Kind::Await)),
        ("throw_expression", With(operand::<{ Kind::Throw as u8 }>)),
        ("typeof_expression", With(word_call)),
        ("sizeof_expression", With(word_call)),
        ("default_expression", With(word_call)),
        ("ref_expression", Inner),
        ("generic_name", With(generic_type)),
        ("type_argument_list", All(Kind::TypeArguments)),
        ("type_parameter_list", All(Kind::TypeParameters)),
        ("nullable_type", Inner),
        ("ref_type", Inner),
        ("scoped_type", Inner),
        ("array_type", With(array_type)),
        ("pointer_type", With(pointer_type)),
        ("expression_statement", All(Kind::ExpressionStatement)),
        ("empty_statement", Fixed(Kind::Empty, Symbol::EMPTY)),
        ("local_declaration_statement", With(declaration)),
        ("field_declaration", With(declaration)),
        ("event_field_declaration", With(declaration)),
        ("variable_declaration", With(declaration)),
        ("property_declaration", With(property)),
        ("enum_member_declaration", With(enum_member)),
        ("if_statement", Fields(Kind::If, &["condition", "consequence", "alternative"])),
        ("while_statement", Fields(Kind::While, &["condition", "body"])),
        ("do_statement", Fields(Kind::DoWhile, &["body", "condition"])),
        ("for_statement", Fields(Kind::For, &["initializer", "condition", "update", "body"])),
        ("foreach_statement", With(for_each)),
        ("switch_statement", With(switch)),
        ("switch_section", With(section)),
        ("switch_expression", With(switch_expression)),
        ("switch_expression_arm", With(arm)),
        ("try_statement", With(try_statement)),
        ("catch_clause", With(catch)),
        ("using_statement", With(using_statement)),
        ("lock_statement", All(Kind::With)),
        ("fixed_statement", All(Kind::With)),
        ("checked_statement", Inner),
        ("unsafe_statement", Inner),
        ("return_statement", With(operand::<{ Kind::Return as u8 }>)),
        ("throw_statement", With(operand::<{ Kind::Throw as u8 }>)),
        ("yield_statement", With(operand::<{ Kind::Yield as u8 }>)),
        ("break_statement", With(operand::<{ Kind::Break as u8 }>)),
        ("continue_statement", With(operand::<{ Kind::Continue as u8 }>)),
        ("goto_statement", All(Kind::Goto)),
        ("labeled_statement", All(Kind::Labeled)),
        ("method_declaration", With(method)),
        ("local_function_statement", With(method)),
        ("constructor_declaration", With(method)),
        ("destructor_declaration", With(method)),
        ("operator_declaration", With(method)),
        ("conversion_operator_declaration", With(method)),
        ("indexer_declaration", With(method)),
        ("delegate_declaration", With(method)),
        ("accessor_declaration", With(accessor)),
        ("arrow_expression_clause", Inner),
        ("parameter", With(parameter)),
        ("attribute", With(attribute)),
        ("class_declaration", With(class)),
        ("struct_declaration", With(class)),
        ("interface_declaration", With(class)),
        ("record_declaration", With(class)),
        ("enum_declaration", With(class)),
    ]],
    ignored_tokens: &[],
    pattern: PatternSyntax {
        contexts: &[
            ("", ""),
            ("", ";"),
            ("object w = ", ";"),
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
            "semgrep_ellipsis semgrep_ellipsis;",
            "semgrep_ellipsis semgrep_ellipsis",
            "semgrep_ellipsis=semgrep_ellipsis",
        ],
        metavariable: &["mv__"],
        dedent: false,
        own_ellipsis: false,
    },
    traits: Traits { test_suffixes: &["Test.cs", "Tests.cs"], ..Traits::COMMON },
    compiled: Compiled::new(),
};

fn character(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let range = l.inside_quotes(node);
    let text = l.slice(range.start, range.end).into_owned();
    l.leaf_of(Kind::Char, node, &text)
}

fn boolean(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let symbol = if l.text(node) == "true" { Symbol::TRUE } else { Symbol::FALSE };
    l.make(Kind::Bool, node, symbol, &[])
}

/// `$"a {b:x}"`
fn template(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut parts = Vec::new();
    let mut interpolates = false;
    for child in l.named(node) {
        match child.kind() {
            "interpolation" => {
                interpolates = true;
                let named = l.named(child);
                let value = named.into_iter().find(|part| !part.kind().starts_with("interpolation_"));
                parts.push(l.optional(child, value));
            }
            "string_content" | "escape_sequence" => parts.push(l.leaf(Kind::StringPart, child)),
            _ => {}
        }
    }
    if interpolates {
        return l.make(Kind::Template, node, Symbol::EMPTY, &parts);
    }
    let range = l.inside_quotes(node);
    let text = l.slice(range.start, range.end).into_owned();
    l.leaf_of(Kind::String, node, &text)
}

/// Whatever the preprocessor chooses is there.
fn branch(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let condition = node.child_by_field_name("condition").map(|condition| condition.id());
    let parts: Vec<Node<'_>> =
        l.named(node).into_iter().filter(|child| Some(child.id()) != condition).collect();
    let children = l.lower_list(&parts);
    l.make(Kind::Definitions, node, Symbol::EMPTY, &children)
}

/// `namespace A { … }`: its members behind the name.
fn namespace(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let name = l.field(node, "name");
    let range = l.tree().range(name);
    let mut members = vec![l.make_at(Kind::Package, 0, range, Symbol::EMPTY, &[name])];
    if let Some(body) = node.child_by_field_name("body") {
        members.extend(l.lower_named(body));
    }
    l.make(Kind::Block, node, Symbol::EMPTY, &members)
}

fn using(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let alias = node.child_by_field_name("name");
    let named = l.named(node);
    let Some(module) = named.iter().rfind(|child| alias.is_none_or(|alias| alias.id() != child.id())) else {
        return l.other(node);
    };
    let module = l.lower(*module);
    let is_static = l.child_of_kind(node, "static");
    if let Some(word) = is_static {
        let all = l.leaf_of(Kind::Name, word, "*");
        let alias = l.missing(word);
        let name = l.make(Kind::ImportedName, word, Symbol::EMPTY, &[all, alias]);
        return l.make(Kind::ImportFrom, node, Symbol::EMPTY, &[module, name]);
    }
    let alias = l.optional(node, alias);
    l.make(Kind::Import, node, Symbol::EMPTY, &[module, alias])
}

/// The name of a member, without type arguments.
fn member_name(l: &mut Lowerer<'_>, node: Option<Node<'_>>, parent: Node<'_>) -> NodeId {
    match node {
        Some(name) if name.kind() == "generic_name" => {
            let simple = l.child_of_kind(name, "identifier");
            l.optional(name, simple)
        }
        name => l.optional(parent, name),
    }
}

fn member(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let object = l.field(node, "expression");
    let name = member_name(l, node.child_by_field_name("name"), node);
    l.make(Kind::Field, node, Symbol::EMPTY, &[object, name])
}

/// `a?.b`, `a?[0]`
fn conditional_access(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let object = l.field(node, "condition");
    let binding = l.named(node).into_iter().find(|child| child.kind().ends_with("_binding_expression"));
    match binding {
        Some(binding) if binding.kind() == "member_binding_expression" => {
            let name = member_name(l, binding.child_by_field_name("name"), binding);
            l.make(Kind::Field, node, Symbol::EMPTY, &[object, name])
        }
        Some(binding) => {
            let mut children = vec![object];
            children.extend(l.lower_named(binding));
            l.make(Kind::Index, node, Symbol::EMPTY, &children)
        }
        None => l.other(node),
    }
}

fn element(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = vec![l.field(node, "expression")];
    if let Some(subscript) = node.child_by_field_name("subscript") {
        children.extend(l.lower_named(subscript));
    }
    l.make(Kind::Index, node, Symbol::EMPTY, &children)
}

fn call(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let function = node.child_by_field_name("function");
    let callee = match function {
        Some(name) if name.kind() == "generic_name" => member_name(l, Some(name), node),
        function => l.optional(node, function),
    };
    let arguments = l.field(node, "arguments");
    l.make(Kind::Call, node, Symbol::EMPTY, &[callee, arguments])
}

/// `name: x`, `ref x`, `out var x`, and the value alone.
fn argument(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let name = node.child_by_field_name("name");
    let named = l.named(node);
    let value = named.iter().rfind(|child| name.is_none_or(|name| name.id() != child.id())).copied();
    let value = l.optional(node, value);
    match name {
        Some(name) => {
            let name = l.lower(name);
            l.make(Kind::KeywordArgument, node, Symbol::EMPTY, &[name, value])
        }
        None => value,
    }
}

/// `T x` where it stands within an expression or a pattern.
fn declared(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = l.empty(Kind::Modifiers, node);
    let children = [words, l.field(node, "type"), l.field(node, "name"), l.missing(node)];
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &children)
}

fn no_arguments(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    l.make_at(Kind::Arguments, 0, node.end_byte()..node.end_byte(), Symbol::EMPTY, &[])
}

fn new(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let type_ = l.field(node, "type");
    let arguments = match l.child_of_kind(node, "argument_list") {
        Some(list) => l.lower(list),
        None => no_arguments(l, node),
    };
    let body = l.child_of_kind(node, "initializer_expression");
    let body = l.optional(node, body);
    l.make(Kind::New, node, Symbol::EMPTY, &[type_, arguments, body])
}

/// `new T[n]` and `new T[] {a}`: dimensions are arguments, the elements the body.
fn new_array(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let type_ = l.field(node, "type");
    let rank = node.child_by_field_name("type").and_then(|type_| type_.child_by_field_name("rank"));
    let sizes = rank.map(|rank| l.lower_named(rank)).unwrap_or_default();
    let range = rank.map_or(node.end_byte()..node.end_byte(), |rank| rank.byte_range());
    let arguments = l.make_at(Kind::Arguments, 0, range, Symbol::EMPTY, &sizes);
    let body = l.child_of_kind(node, "initializer_expression");
    let body = l.optional(node, body);
    l.make(Kind::New, node, Symbol::EMPTY, &[type_, arguments, body])
}

/// `{ A = 1, B = 2 }` sets fields; anything else lists elements.
fn initializer(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let elements = l.named(node);
    let sets = |element: &Node<'_>| element.kind() == "assignment_expression";
    if !elements.iter().any(sets) {
        let children = l.lower_list(&elements);
        return l.make(Kind::List, node, Symbol::EMPTY, &children);
    }
    let entries: Vec<NodeId> = elements
        .into_iter()
        .map(|element| {
            if !sets(&element) {
                return l.lower(element);
            }
            let children = [l.field(element, "left"), l.field(element, "right")];
            l.make(Kind::Pair, element, Symbol::EMPTY, &children)
        })
        .collect();
    l.make(Kind::Dict, node, Symbol::EMPTY, &entries)
}

/// `new { A = x, b.C }`
fn anonymous_object(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut entries = Vec::new();
    let mut key = None;
    let mut is_value = false;
    for child in l.all(node) {
        match child.kind() {
            "=" => is_value = true,
            "," | "}" => {
                if let Some(only) = key.take() {
                    entries.push(l.lower(only));
                }
                is_value = false;
            }
            _ if !child.is_named() => {}
            _ => match key.take().filter(|_| is_value) {
                Some(name) => {
                    let range = name.start_byte()..child.end_byte();
                    let children = [l.lower(name), l.lower(child)];
                    entries.push(l.make_at(Kind::Pair, 0, range, Symbol::EMPTY, &children));
                }
                None => key = Some(child),
            },
        }
    }
    l.make(Kind::Dict, node, Symbol::EMPTY, &entries)
}

fn spread(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    let symbol = l.intern("..");
    l.make(Kind::Spread, node, symbol, &children)
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

/// `!a`, `a++`; `a!` says only that it is not null.
fn unary(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operand = l.named(node).first().copied();
    let prefix = operand.is_some_and(|operand| operand.start_byte() > node.start_byte());
    let token = l.all(node).into_iter().find(|child| !child.is_named());
    let Some(token) = token else { return l.inner(node) };
    let symbol = l.operator(token);
    let operand = l.optional(node, operand);
    if !prefix && l.symbol_text(symbol) == "!" {
        return operand;
    }
    l.make(if prefix { Kind::Unary } else { Kind::Postfix }, node, symbol, &[operand])
}

/// `x is T`, `x is T y`, `x is null`
fn pattern_test(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let expression = l.field(node, "expression");
    let Some(pattern) = node.child_by_field_name("pattern") else { return expression };
    let children = match pattern.kind() {
        "declaration_pattern" => {
            let mut children = vec![expression, l.field(pattern, "type")];
            if let Some(name) = pattern.child_by_field_name("name") {
                children.push(l.lower(name));
            }
            children
        }
        _ => vec![expression, l.lower(pattern)],
    };
    l.make(Kind::TypeTest, node, Symbol::EMPTY, &children)
}

fn lambda(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parameters = match node.child_by_field_name("parameters") {
        Some(list) if list.kind() == "parameter_list" => parameters(l, list),
        Some(name) => {
            let words = l.empty(Kind::Modifiers, name);
            let (type_, default) = (l.missing(name), l.missing(name));
            let target = l.leaf(Kind::Name, name);
            let only = l.make(Kind::Parameter, name, Symbol::EMPTY, &[words, type_, target, default]);
            l.make(Kind::Parameters, name, Symbol::EMPTY, &[only])
        }
        None => no_parameters(l, node),
    };
    let body = node.child_by_field_name("body").or_else(|| l.child_of_kind(node, "block"));
    let body = l.optional(node, body);
    l.make(Kind::Lambda, node, Symbol::EMPTY, &[parameters, body])
}

/// `typeof(T)`, `sizeof(T)`, `default(T)`
fn word_call(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(word) = node.child(0) else { return l.other(node) };
    let callee = l.leaf(Kind::Name, word);
    let operands = l.lower_named(node);
    let arguments = l.make(Kind::Arguments, node, Symbol::EMPTY, &operands);
    l.make(Kind::Call, node, Symbol::EMPTY, &[callee, arguments])
}

fn generic_type(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    l.make(Kind::GenericType, node, Symbol::EMPTY, &children)
}

fn wrapped(l: &mut Lowerer<'_>, node: Node<'_>, sign: &str) -> NodeId {
    let element = l.field(node, "type");
    let symbol = l.intern(sign);
    l.make(Kind::WrappedType, node, symbol, &[element])
}

fn array_type(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    wrapped(l, node, "[]")
}

fn pointer_type(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    wrapped(l, node, "*")
}

fn attribute(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let name = l.field(node, "name");
    let expression = match l.child_of_kind(node, "attribute_argument_list") {
        Some(arguments) => {
            let arguments = l.lower(arguments);
            l.make(Kind::Call, node, Symbol::EMPTY, &[name, arguments])
        }
        None => name,
    };
    l.make(Kind::Decorator, node, Symbol::EMPTY, &[expression])
}

fn modifiers(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = Vec::new();
    let (mut start, mut end) = (node.start_byte(), node.start_byte());
    for child in l.all(node) {
        match child.kind() {
            "attribute_list" => {
                for attribute in l.named(child) {
                    if attribute.kind() == "attribute" {
                        children.push(l.lower(attribute));
                    }
                }
            }
            "modifier" => children.push(l.leaf(Kind::Token, child)),
            _ => continue,
        }
        if end == node.start_byte() {
            start = child.start_byte();
        }
        end = child.end_byte();
    }
    l.make_at(Kind::Modifiers, 0, start..end, Symbol::EMPTY, &children)
}

/// Fields, local variables, and the declarations of `for` and `using`.
fn declaration(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let inner = match node.kind() {
        "variable_declaration" => Some(node),
        _ => l.child_of_kind(node, "variable_declaration"),
    };
    let Some(inner) = inner else { return l.other(node) };
    let declarators: Vec<Node<'_>> =
        l.named(inner).into_iter().filter(|child| child.kind() == "variable_declarator").collect();
    let mut definitions = Vec::new();
    for declarator in &declarators {
        let words = modifiers(l, node);
        let type_ = l.field(inner, "type");
        let parts = l.named(*declarator);
        let (target, value) = match parts.as_slice() {
            [target, .., value] => (l.lower(*target), l.lower(*value)),
            [target] => (l.lower(*target), l.missing(*declarator)),
            [] => (l.missing(*declarator), l.missing(*declarator)),
        };
        let range = if declarators.len() == 1 { node.byte_range() } else { declarator.byte_range() };
        let children = [words, type_, target, value];
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

fn property(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = modifiers(l, node);
    let (type_, name) = (l.field(node, "type"), l.field(node, "name"));
    let value = node.child_by_field_name("value");
    if let Some(body) = value.filter(|value| value.kind() == "arrow_expression_clause") {
        let (none, body) = (no_parameters(l, node), l.lower(body));
        return l.make(Kind::Function, node, Symbol::EMPTY, &[words, type_, name, none, body]);
    }
    let value = l.optional(node, value);
    let definition = l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &[words, type_, name, value]);
    let accessors = node.child_by_field_name("accessors").map(|list| l.named(list)).unwrap_or_default();
    let with_body: Vec<Node<'_>> =
        accessors.into_iter().filter(|child| child.child_by_field_name("body").is_some()).collect();
    if with_body.is_empty() {
        return definition;
    }
    let mut all = vec![definition];
    all.extend(l.lower_list(&with_body));
    l.make(Kind::Definitions, node, Symbol::EMPTY, &all)
}

/// `get { … }` and `set { … }`, which is given `value`.
fn accessor(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = modifiers(l, node);
    let type_ = l.missing(node);
    let Some(word) = node.child_by_field_name("name") else { return l.other(node) };
    let name = l.leaf(Kind::Name, word);
    let parameters = if matches!(word.kind(), "set" | "init") {
        let none = l.empty(Kind::Modifiers, word);
        let (type_, default) = (l.missing(word), l.missing(word));
        let target = l.leaf_of(Kind::Name, word, "value");
        let only = l.make(Kind::Parameter, word, Symbol::EMPTY, &[none, type_, target, default]);
        l.make(Kind::Parameters, word, Symbol::EMPTY, &[only])
    } else {
        no_parameters(l, node)
    };
    let body = l.field(node, "body");
    l.make(Kind::Function, node, Symbol::EMPTY, &[words, type_, name, parameters, body])
}

fn enum_member(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = modifiers(l, node);
    let children = [words, l.missing(node), l.field(node, "name"), l.field(node, "value")];
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &children)
}

fn for_each(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let target = match (node.child_by_field_name("type"), node.child_by_field_name("left")) {
        (Some(type_), Some(left)) => {
            let words = l.empty(Kind::Modifiers, type_);
            let range = type_.start_byte()..left.end_byte();
            let children = [words, l.lower(type_), l.lower(left), l.missing(left)];
            l.make_at(Kind::VariableDefinition, 0, range, Symbol::EMPTY, &children)
        }
        (_, left) => l.optional(node, left),
    };
    let children = [target, l.field(node, "right"), l.field(node, "body"), l.missing(node)];
    l.make(Kind::ForEach, node, Symbol::EMPTY, &children)
}

fn switch(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = vec![l.field(node, "value")];
    if let Some(body) = node.child_by_field_name("body") {
        children.extend(l.lower_named(body));
    }
    l.make(Kind::Switch, node, Symbol::EMPTY, &children)
}

/// `case a: case b: …` and `default: …`
fn section(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = Vec::new();
    let mut statements = Vec::new();
    let mut in_label = false;
    for child in l.all(node) {
        match child.kind() {
            "case" | "default" => in_label = true,
            ":" => in_label = false,
            _ if !child.is_named() => {}
            "when_clause" => {}
            _ if in_label => children.push(l.lower(child)),
            _ => statements.push(child),
        }
    }
    children.push(body_of(l, node, &statements));
    l.make(Kind::Case, node, Symbol::EMPTY, &children)
}

fn body_of(l: &mut Lowerer<'_>, node: Node<'_>, statements: &[Node<'_>]) -> NodeId {
    match statements {
        [only] if only.kind() == "block" => l.lower(*only),
        _ => {
            let start = statements.first().map_or(node.end_byte(), Node::start_byte);
            let lowered = l.lower_list(statements);
            l.make_at(Kind::Block, 0, start..node.end_byte(), Symbol::EMPTY, &lowered)
        }
    }
}

fn switch_expression(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    l.make(Kind::Switch, node, Symbol::EMPTY, &children)
}

/// `pattern when condition => value`
fn arm(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts: Vec<Node<'_>> =
        l.named(node).into_iter().filter(|child| child.kind() != "when_clause").collect();
    let mut children = Vec::new();
    let Some((value, patterns)) = parts.split_last() else { return l.other(node) };
    children.extend(l.lower_list(patterns));
    children.push(body_of(l, node, &[*value]));
    l.make(Kind::Case, node, Symbol::EMPTY, &children)
}

fn try_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = vec![l.field(node, "body")];
    let mut finally = None;
    for child in l.named(node) {
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

fn catch(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let (type_, name) = match l.child_of_kind(node, "catch_declaration") {
        Some(declaration) => (l.field(declaration, "type"), l.field(declaration, "name")),
        None => (l.missing(node), l.missing(node)),
    };
    let body = l.field(node, "body");
    l.make(Kind::Catch, node, Symbol::EMPTY, &[type_, name, body])
}

fn using_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = l.lower_named(node);
    if let Some(body) = children.pop() {
        let body = if l.tree().kind(body) == Kind::Block {
            body
        } else {
            let range = l.tree().range(body);
            l.make_at(Kind::Block, 0, range, Symbol::EMPTY, &[body])
        };
        children.push(body);
    }
    l.make(Kind::With, node, Symbol::EMPTY, &children)
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
    l.make(kind, node, Symbol::EMPTY, &[operand])
}

fn method(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = modifiers(l, node);
    let returns = node.child_by_field_name("returns").or_else(|| node.child_by_field_name("type"));
    let returns = l.optional(node, returns);
    let name = node.child_by_field_name("name").or_else(|| node.child_by_field_name("operator"));
    let name = match name {
        Some(name) => l.leaf(Kind::Name, name),
        None => l.missing(node),
    };
    let parameters = match node.child_by_field_name("parameters") {
        Some(list) => parameters(l, list),
        None => no_parameters(l, node),
    };
    let body = node.child_by_field_name("body").or_else(|| node.child_by_field_name("value"));
    let mut body = l.optional(node, body);
    // `: base(x)` runs before the body.
    if let Some(before) = l.child_of_kind(node, "constructor_initializer") {
        let word = l.all(before).into_iter().find(|child| matches!(child.kind(), "base" | "this"));
        let symbol =
            if word.is_some_and(|word| word.kind() == "this") { Symbol::THIS } else { Symbol::SUPER };
        let callee = l.make(Kind::Name, word.unwrap_or(before), symbol, &[]);
        let arguments = match l.child_of_kind(before, "argument_list") {
            Some(list) => l.lower(list),
            None => no_arguments(l, before),
        };
        let call = l.make(Kind::Call, before, Symbol::EMPTY, &[callee, arguments]);
        let mut statements = vec![l.make(Kind::ExpressionStatement, before, Symbol::EMPTY, &[call])];
        let range = l.tree().range(body);
        match l.tree().kind(body) {
            Kind::Block => statements.extend_from_slice(l.tree().children(body)),
            Kind::Missing => {}
            _ => statements.push(body),
        }
        body = l.make_at(Kind::Block, 0, range, Symbol::EMPTY, &statements);
    }
    l.make(Kind::Function, node, Symbol::EMPTY, &[words, returns, name, parameters, body])
}

fn no_parameters(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    l.empty(Kind::Parameters, node)
}

fn parameters(l: &mut Lowerer<'_>, list: Node<'_>) -> NodeId {
    let named = l.named(list);
    let mut children: Vec<NodeId> = Vec::new();
    for child in named {
        if child.kind() == "parameter" {
            children.push(l.lower(child));
        }
    }
    // `params T[] x` stands in the list itself.
    if let Some(name) = list.child_by_field_name("name") {
        let words = l.empty(Kind::Modifiers, name);
        let type_ = l.field(list, "type");
        let (target, default) = (l.lower(name), l.missing(name));
        let start = list.child_by_field_name("type").map_or(name.start_byte(), |type_| type_.start_byte());
        let slots = [words, type_, target, default];
        let rest =
            l.make_at(Kind::Parameter, list.kind_id(), start..name.end_byte(), Symbol::ELLIPSIS, &slots);
        children.push(rest);
    }
    l.make(Kind::Parameters, list, Symbol::EMPTY, &children)
}

fn parameter(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = modifiers(l, node);
    let name = node.child_by_field_name("name");
    let default =
        name.and_then(|name| l.named(node).into_iter().find(|child| child.start_byte() >= name.end_byte()));
    let children = [words, l.field(node, "type"), l.optional(node, name), l.optional(node, default)];
    l.make(Kind::Parameter, node, Symbol::EMPTY, &children)
}

fn class(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = modifiers(l, node);
    let name = l.field(node, "name");
    let mut supers = Vec::new();
    if let Some(list) = l.child_of_kind(node, "base_list") {
        for base in l.named(list) {
            match base.kind() {
                "argument_list" => {}
                "primary_constructor_base_type" => supers.push(l.field(base, "type")),
                _ => supers.push(l.lower(base)),
            }
        }
    }
    let supers = l.make_at(Kind::Supers, 0, node.start_byte()..node.start_byte(), Symbol::EMPTY, &supers);
    let mut body = match node.child_by_field_name("body") {
        Some(body) => l.lower(body),
        None => l.make_at(Kind::Block, 0, node.end_byte()..node.end_byte(), Symbol::EMPTY, &[]),
    };
    if let Some(list) = l.child_of_kind(node, "parameter_list") {
        // What a primary constructor takes are fields.
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
    let keyword = node.kind().split('_').next().unwrap_or("class");
    let symbol = l.intern(keyword);
    l.make(Kind::Class, node, symbol, &[words, name, supers, body])
}

#[cfg(test)]
mod tests {
    use crate::language::{Language, parse};
    use crate::tree::Symbols;

    fn sexp(source: &str) -> String {
        let mut symbols = Symbols::default();
        let spec = Language::CSharp.spec_for("A.cs").unwrap();
        let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
        assert!(tree.errors.is_empty(), "{source}");
        tree.to_sexp(tree.root, &symbols)
    }

    #[test]
    fn statements_and_expressions() {
        assert_eq!(
            sexp("var s = r?.Query[\"a\"] + $\"x{b:N}\";"),
            "(Program (VariableDefinition (Modifiers) (Name \"var\") (Name \"s\") (Binary \"+\" (Index (Field (Name \"r\") (Name \
             \"Query\")) (String \"a\")) (Template (StringPart \"x\") (Name \"b\")))))"
        );
        assert_eq!(
            sexp("var p = new P(1) { A = x }; f(ref a, out var b, c: 1);"),
            "(Program (VariableDefinition (Modifiers) (Name \"var\") (Name \"p\") (New (Name \"P\") (Arguments (Number \"1\")) \
             (Dict (Pair (Name \"A\") (Name \"x\"))))) (ExpressionStatement (Call (Name \"f\") (Arguments (Name \"a\") \
             (VariableDefinition (Modifiers) (Name \"var\") (Name \"b\") _) (KeywordArgument (Name \"c\") (Number \"1\"))))))"
        );
        assert_eq!(
            sexp("switch (a) { case 1: case 2: f(); break; default: g(); break; }"),
            "(Program (Switch (Name \"a\") (Case (Number \"1\") (Block)) (Case (Number \"2\") (Block (ExpressionStatement (Call \
             (Name \"f\") (Arguments))) (Break _))) (Case (Block (ExpressionStatement (Call (Name \"g\") (Arguments))) (Break \
             _)))))"
        );
        assert_eq!(
            sexp("using (var a = b) { } try { } catch (X e) when (q) { } finally { }"),
            "(Program (With (VariableDefinition (Modifiers) (Name \"var\") (Name \"a\") (Name \"b\")) (Block)) (Try (Block) \
             (Catch (Name \"X\") (Name \"e\") (Block)) (Block) _))"
        );
    }

    #[test]
    fn definitions() {
        assert_eq!(
            sexp(
                "using A.B; namespace N { [Route(\"/\")] public class C : D { public string P { get; set; } C(int x) : base(x) {} \
                 T? M<T>([Q] string? q = null, params int[] r) => q; } }"
            ),
            "(Program (Import (Field (Name \"A\") (Name \"B\")) _) (Block (Package (Name \"N\")) (Class \"class\" (Modifiers \
             (Decorator (Call (Name \"Route\") (Arguments (String \"/\")))) (Token \"public\")) (Name \"C\") (Supers (Name \
             \"D\")) (Block (VariableDefinition (Modifiers (Token \"public\")) (Name \"string\") (Name \"P\") _) (Function \
             (Modifiers) _ (Name \"C\") (Parameters (Parameter (Modifiers) (Name \"int\") (Name \"x\") _)) (Block \
             (ExpressionStatement (Call (Name \"super\") (Arguments (Name \"x\")))))) (Function (Modifiers) (Name \"T\") (Name \
             \"M\") (Parameters (Parameter (Modifiers (Decorator (Name \"Q\"))) (Name \"string\") (Name \"q\") (Null \"null\")) \
             (Parameter \"...\" (Modifiers) (WrappedType \"[]\" (Name \"int\")) (Name \"r\") _)) (Name \"q\"))))))"
        );
    }

    #[test]
    fn broken_and_deep_source_ends() {
        let spec = Language::CSharp.spec_for("A.cs").unwrap();
        for source in ["class {{{ )", &"(".repeat(3000), &"a?.b[".repeat(2000), "\u{0}\u{fffd} $\"{"] {
            let mut symbols = Symbols::default();
            let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
            assert!(!tree.errors.is_empty() || tree.too_deep > 0);
        }
    }
}
