//! JavaScript with JSX, TypeScript and TSX.

use super::{Compiled, Language, Lower, Lowerer, PatternSyntax, Spec, Traits};
use crate::tree::{Kind, NodeId, Symbol};
use Lower::{All, Fields, Fixed, Inner, Leaf, Operator, With};
use tree_sitter::Node;

pub(super) static SPEC: Spec = Spec {
    language: Language::JavaScript,
    grammar: || tree_sitter_javascript::LANGUAGE.into(),
    lowering: &[COMMON, SCRIPT],
    ignored_tokens: &[],
    pattern: PATTERN,
    traits: TRAITS,
    compiled: Compiled::new(),
};

pub(super) static TYPESCRIPT: Spec = Spec {
    language: Language::TypeScript,
    grammar: || tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
    lowering: &[COMMON, TYPED],
    ignored_tokens: &[],
    pattern: PATTERN,
    traits: TRAITS,
    compiled: Compiled::new(),
};

pub(super) static TSX: Spec = Spec {
    language: Language::TypeScript,
    grammar: || tree_sitter_typescript::LANGUAGE_TSX.into(),
    lowering: &[COMMON, TYPED, ELEMENTS],
    ignored_tokens: &[],
    pattern: PATTERN,
    traits: TRAITS,
    compiled: Compiled::new(),
};

const PATTERN: PatternSyntax = PatternSyntax {
    // A value first: `{a: 1}` is meant as an object and not as a block with a label.
    contexts: &[
        ("(w = ", ")"),
        ("", ""),
        ("", " {}"),
        ("class W {", "}"),
        ("class W {", " m() {} }"),
        ("", " class W {}"),
        ("switch (w) {", "}"),
        ("try {} ", ""),
        ("", " finally {}"),
        ("if (w) {} ", ""),
    ],
    ellipsis: &[
        "semgrep_ellipsis",
        "semgrep_ellipsis;",
        "{semgrep_ellipsis}",
        "semgrep_ellipsis;;",
        "case semgrep_ellipsis:",
    ],
    metavariable: &["mv__"],
    dedent: false,
    own_ellipsis: true,
};

const TRAITS: Traits =
    Traits { test_suffixes: &[".test.js", ".test.ts", ".spec.js", ".spec.ts"], ..Traits::COMMON };

pub(super) const COMMON: &[(&str, Lower)] = &[
    ("program", All(Kind::Program)),
    ("statement_block", All(Kind::Block)),
    ("identifier", Leaf(Kind::Name)),
    ("property_identifier", Leaf(Kind::Name)),
    ("private_property_identifier", Leaf(Kind::Name)),
    ("statement_identifier", Leaf(Kind::Name)),
    ("shorthand_property_identifier", With(shorthand)),
    ("shorthand_property_identifier_pattern", With(shorthand)),
    ("this", Fixed(Kind::Name, Symbol::THIS)),
    ("super", Fixed(Kind::Name, Symbol::SUPER)),
    ("import", Leaf(Kind::Name)),
    ("string", Lower::String(Kind::String)),
    ("template_string", Lower::String(Kind::String)),
    ("number", Leaf(Kind::Number)),
    ("regex", With(regex)),
    ("true", Fixed(Kind::Bool, Symbol::TRUE)),
    ("false", Fixed(Kind::Bool, Symbol::FALSE)),
    ("null", Fixed(Kind::Null, Symbol::NULL)),
    ("undefined", With(undefined)),
    ("parenthesized_expression", Lower::Parenthesized),
    ("member_expression", Fields(Kind::Field, &["object", "property"])),
    ("subscript_expression", Fields(Kind::Index, &["object", "index"])),
    ("call_expression", With(call)),
    ("new_expression", With(new)),
    ("arguments", All(Kind::Arguments)),
    ("spread_element", With(spread)),
    ("rest_pattern", With(spread)),
    ("assignment_expression", Fields(Kind::Assign, &["left", "right"])),
    ("augmented_assignment_expression", With(augmented)),
    ("assignment_pattern", Fields(Kind::Assign, &["left", "right"])),
    ("object_assignment_pattern", Fields(Kind::Assign, &["left", "right"])),
    ("binary_expression", Operator(Kind::Binary, &["left", "right"])),
    ("unary_expression", With(unary)),
    ("update_expression", With(update)),
    ("ternary_expression", Fields(Kind::Ternary, &["condition", "consequence", "alternative"])),
    ("await_expression", All(Kind::Await)),
    ("yield_expression", With(yields)),
    ("array", All(Kind::List)),
    ("array_pattern", All(Kind::List)),
    ("object", All(Kind::Dict)),
    ("object_pattern", All(Kind::Dict)),
    ("pair", Fields(Kind::Pair, &["key", "value"])),
    ("pair_pattern", Fields(Kind::Pair, &["key", "value"])),
    ("computed_property_name", Inner),
    ("arrow_function", With(lambda)),
    ("function_expression", With(function_expression)),
    ("generator_function", With(function_expression)),
    ("function_declaration", With(function)),
    ("generator_function_declaration", With(function)),
    ("method_definition", With(function)),
    ("class", With(class)),
    ("class_declaration", With(class)),
    ("class_body", With(class_body)),
    ("decorator", All(Kind::Decorator)),
    ("class_static_block", Fields(Kind::Block, &["body"])),
    ("expression_statement", With(expression_statement)),
    ("lexical_declaration", With(declaration)),
    ("variable_declaration", With(declaration)),
    ("if_statement", Fields(Kind::If, &["condition", "consequence", "alternative"])),
    ("else_clause", Inner),
    ("while_statement", Fields(Kind::While, &["condition", "body"])),
    ("do_statement", With(do_while)),
    ("debugger_statement", With(debugger)),
    ("for_statement", With(for_loop)),
    ("for_in_statement", Operator(Kind::ForEach, &["left", "right", "body", "else"])),
    ("switch_statement", With(switch)),
    ("switch_case", With(case)),
    ("switch_default", With(case)),
    ("try_statement", With(try_statement)),
    ("catch_clause", With(catch)),
    ("finally_clause", Fields(Kind::Block, &["body"])),
    ("return_statement", With(operand::<{ Kind::Return as u8 }>)),
    ("throw_statement", With(operand::<{ Kind::Throw as u8 }>)),
    ("break_statement", Fields(Kind::Break, &["label"])),
    ("continue_statement", Fields(Kind::Continue, &["label"])),
    ("labeled_statement", Fields(Kind::Labeled, &["label", "body"])),
    ("with_statement", Fields(Kind::With, &["object", "body"])),
    ("empty_statement", Fixed(Kind::Empty, Symbol::EMPTY)),
    ("import_statement", With(import)),
    ("import_specifier", Fields(Kind::ImportedName, &["name", "alias"])),
    ("export_statement", With(export)),
];

pub(super) const SCRIPT: &[(&str, Lower)] = &[
    ("field_definition", With(field)),
    ("jsx_element", With(element)),
    ("jsx_self_closing_element", With(element)),
    ("jsx_attribute", With(attribute)),
    ("jsx_expression", Inner),
    ("jsx_text", With(text)),
    ("jsx_namespace_name", Leaf(Kind::Name)),
];

const ELEMENTS: &[(&str, Lower)] = &[
    ("jsx_element", With(element)),
    ("jsx_self_closing_element", With(element)),
    ("jsx_attribute", With(attribute)),
    ("jsx_expression", Inner),
    ("jsx_text", With(text)),
    ("jsx_namespace_name", Leaf(Kind::Name)),
];

const TYPED: &[(&str, Lower)] = &[
    ("public_field_definition", With(field)),
    ("type_identifier", Leaf(Kind::Name)),
    ("predefined_type", Leaf(Kind::Name)),
    ("nested_identifier", Fields(Kind::Field, &["object", "property"])),
    ("nested_type_identifier", Fields(Kind::Field, &["module", "name"])),
    ("generic_type", Fields(Kind::GenericType, &["name", "type_arguments"])),
    ("type_arguments", All(Kind::TypeArguments)),
    ("type_annotation", Inner),
    ("array_type", With(array_type)),
    ("parenthesized_type", Inner),
    ("as_expression", With(cast)),
    ("satisfies_expression", With(first)),
    ("non_null_expression", Inner),
    ("instantiation_expression", With(first)),
    ("abstract_class_declaration", With(class)),
    ("interface_declaration", With(class)),
    ("interface_body", With(class_body)),
    ("internal_module", With(module)),
    ("module", With(module)),
    ("function_signature", With(function)),
    ("method_signature", With(function)),
    ("abstract_method_signature", With(function)),
    ("type_parameters", All(Kind::TypeParameters)),
    ("ambient_declaration", With(last)),
];

fn shorthand(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let key = l.leaf(Kind::Name, node);
    let value = l.leaf(Kind::Name, node);
    l.make(Kind::Pair, node, Symbol::EMPTY, &[key, value])
}

fn regex(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let pattern = node.child_by_field_name("pattern").map(|pattern| l.text(pattern).into_owned());
    l.leaf_of(Kind::Regex, node, &pattern.unwrap_or_default())
}

fn undefined(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    l.leaf(Kind::Name, node)
}

fn call(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let callee = l.field(node, "function");
    let arguments = match node.child_by_field_name("arguments") {
        Some(template) if template.kind() == "template_string" => {
            let template = l.lower(template);
            let range = l.tree().range(template);
            l.make_at(Kind::Arguments, 0, range, Symbol::EMPTY, &[template])
        }
        arguments => l.optional(node, arguments),
    };
    l.make(Kind::Call, node, Symbol::EMPTY, &[callee, arguments])
}

fn new(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let type_ = l.field(node, "constructor");
    let arguments = match node.child_by_field_name("arguments") {
        Some(arguments) => l.lower(arguments),
        None => l.make_at(Kind::Arguments, 0, node.end_byte()..node.end_byte(), Symbol::EMPTY, &[]),
    };
    let body = l.missing(node);
    l.make(Kind::New, node, Symbol::EMPTY, &[type_, arguments, body])
}

fn spread(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    l.make(Kind::Spread, node, Symbol::ELLIPSIS, &children)
}

fn augmented(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let (target, value) = (l.field(node, "left"), l.field(node, "right"));
    let operator = node.child_by_field_name("operator").map(|operator| l.text(operator).into_owned());
    let symbol = l.intern(operator.unwrap_or_default().trim_end_matches('='));
    l.make(Kind::AugmentedAssign, node, symbol, &[target, value])
}

fn unary(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operand = l.field(node, "argument");
    let symbol = node.child_by_field_name("operator").map_or(Symbol::EMPTY, |operator| l.operator(operator));
    if l.symbol_text(symbol) == "delete" {
        return l.make(Kind::Delete, node, Symbol::EMPTY, &[operand]);
    }
    l.make(Kind::Unary, node, symbol, &[operand])
}

fn update(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operand = l.field(node, "argument");
    let operator = node.child_by_field_name("operator");
    let symbol = operator.map_or(Symbol::EMPTY, |operator| l.operator(operator));
    let prefix = operator.is_some_and(|operator| operator.start_byte() == node.start_byte());
    l.make(if prefix { Kind::Unary } else { Kind::Postfix }, node, symbol, &[operand])
}

fn kind_of<const KIND: u8>() -> Kind {
    if KIND == Kind::Return as u8 { Kind::Return } else { Kind::Throw }
}

fn operand<const KIND: u8>(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operand = l.named(node).first().copied();
    let operand = l.optional(node, operand);
    l.make(kind_of::<KIND>(), node, Symbol::EMPTY, &[operand])
}

fn yields(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let operand = l.named(node).first().copied();
    let operand = l.optional(node, operand);
    l.make(Kind::Yield, node, Symbol::EMPTY, &[operand])
}

fn lambda(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parameters = parameters(l, node);
    let body = l.field(node, "body");
    l.make(Kind::Lambda, node, Symbol::EMPTY, &[parameters, body])
}

/// `function (a) {}` is a lambda as `a => {}` is; with a name it is a function.
fn function_expression(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    if node.child_by_field_name("name").is_some() { function(l, node) } else { lambda(l, node) }
}

fn parameters(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    if let Some(single) = node.child_by_field_name("parameter") {
        let only = parameter(l, single);
        return l.make(Kind::Parameters, single, Symbol::EMPTY, &[only]);
    }
    let Some(list) = node.child_by_field_name("parameters") else { return l.missing(node) };
    let children: Vec<NodeId> = l.named(list).into_iter().map(|child| parameter(l, child)).collect();
    l.make(Kind::Parameters, list, Symbol::EMPTY, &children)
}

fn parameter(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = words(l, node);
    let (target, default) = match node.kind() {
        "assignment_pattern" => (node.child_by_field_name("left"), node.child_by_field_name("right")),
        "required_parameter" | "optional_parameter" => (
            node.child_by_field_name("pattern").or_else(|| node.child_by_field_name("name")),
            node.child_by_field_name("value"),
        ),
        _ => (Some(node), None),
    };
    let rest = target.is_some_and(|target| target.kind() == "rest_pattern");
    let type_ = l.field(node, "type");
    let target = match target {
        Some(target) if rest => l.inner(target),
        target => l.optional(node, target),
    };
    let default = l.optional(node, default);
    let symbol = if rest { Symbol::ELLIPSIS } else { Symbol::EMPTY };
    l.make(Kind::Parameter, node, symbol, &[words, type_, target, default])
}

/// Keywords and decorators that stand before what they are about.
fn words(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut list = Vec::new();
    let (mut start, mut end) = (node.start_byte(), node.start_byte());
    for child in l.all(node) {
        let id = match child.kind() {
            "decorator" => l.lower(child),
            "accessibility_modifier"
            | "override_modifier"
            | "async"
            | "static"
            | "get"
            | "set"
            | "readonly"
            | "abstract"
            | "const"
            | "let"
            | "var"
            | "*"
            | "declare"
            | "export"
            | "static get"
            | "accessor" => l.leaf(Kind::Token, child),
            _ => continue,
        };
        if list.is_empty() {
            start = child.start_byte();
        }
        end = child.end_byte();
        list.push(id);
    }
    l.make_at(Kind::Modifiers, 0, start..end.max(start), Symbol::EMPTY, &list)
}

fn function(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = words(l, node);
    let returns = l.field(node, "return_type");
    let name = l.field(node, "name");
    let parameters = parameters(l, node);
    let body = l.field(node, "body");
    l.make(Kind::Function, node, Symbol::EMPTY, &[words, returns, name, parameters, body])
}

fn class(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = words(l, node);
    let name = l.field(node, "name");
    let mut supers = Vec::new();
    for child in l.named(node) {
        match child.kind() {
            // JavaScript has the expression itself here, TypeScript clauses.
            "class_heritage" => {
                for clause in l.named(child) {
                    match clause.kind() {
                        "extends_clause" => {
                            let values = l.fields(clause, "value");
                            supers.extend(l.lower_list(&values));
                        }
                        "implements_clause" => supers.extend(l.lower_named(clause)),
                        _ => supers.push(l.lower(clause)),
                    }
                }
            }
            "extends_type_clause" => supers.extend(l.lower_named(child)),
            _ => {}
        }
    }
    let supers = l.make_at(Kind::Supers, 0, node.start_byte()..node.start_byte(), Symbol::EMPTY, &supers);
    let body = l.field(node, "body");
    let keyword = if node.kind() == "interface_declaration" { "interface" } else { "class" };
    let symbol = l.intern(keyword);
    l.make(Kind::Class, node, symbol, &[words, name, supers, body])
}

/// Decorators of methods stand beside them in TypeScript.
fn class_body(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut members = Vec::new();
    let mut decorators: Vec<Node<'_>> = Vec::new();
    for child in l.named(node) {
        if child.kind() == "decorator" {
            decorators.push(child);
            continue;
        }
        let member = l.lower(child);
        if !decorators.is_empty()
            && matches!(l.tree().kind(member), Kind::Function | Kind::VariableDefinition)
        {
            let mut slots = l.tree().children(member).to_vec();
            let mut list = l.lower_list(&decorators);
            list.extend(slots.first().map(|words| l.tree().children(*words).to_vec()).unwrap_or_default());
            let range = decorators[0].start_byte()..decorators[decorators.len() - 1].end_byte();
            slots[0] = l.make_at(Kind::Modifiers, 0, range, Symbol::EMPTY, &list);
            let (kind, symbol) = (l.tree().kind(member), l.tree().symbol(member));
            let whole = decorators[0].start_byte()..child.end_byte();
            members.push(l.make_at(kind, child.kind_id(), whole, symbol, &slots));
        } else {
            members.push(member);
        }
        decorators.clear();
    }
    members.extend(l.lower_list(&decorators));
    l.make(Kind::Block, node, Symbol::EMPTY, &members)
}

fn field(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = words(l, node);
    let type_ = l.field(node, "type");
    let name = match node.child_by_field_name("property").or_else(|| node.child_by_field_name("name")) {
        Some(name) => l.lower(name),
        None => l.missing(node),
    };
    let value = l.field(node, "value");
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &[words, type_, name, value])
}

fn expression_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    match children.as_slice() {
        // A namespace is read as an expression.
        [only] if matches!(l.tree().kind(*only), Kind::Class) => *only,
        _ => l.make(Kind::ExpressionStatement, node, Symbol::EMPTY, &children),
    }
}

fn declaration(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let declarators: Vec<Node<'_>> =
        l.named(node).into_iter().filter(|child| child.kind() == "variable_declarator").collect();
    let mut definitions = Vec::new();
    for declarator in &declarators {
        let words = words(l, node);
        let type_ = l.field(*declarator, "type");
        let name = l.field(*declarator, "name");
        let value = l.field(*declarator, "value");
        let range = if declarators.len() == 1 { l.unterminated(node) } else { declarator.byte_range() };
        definitions.push(l.make_at(
            Kind::VariableDefinition,
            declarator.kind_id(),
            range,
            Symbol::EMPTY,
            &[words, type_, name, value],
        ));
    }
    match definitions.as_slice() {
        [only] => *only,
        _ => l.make(Kind::Definitions, node, Symbol::EMPTY, &definitions),
    }
}

fn do_while(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let (body, condition) = (l.field(node, "body"), l.field(node, "condition"));
    let id = l.make(Kind::DoWhile, node, Symbol::EMPTY, &[body, condition]);
    l.cut_terminator(id, node);
    id
}

fn debugger(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let id = l.other(node);
    l.cut_terminator(id, node);
    id
}

/// An empty part of the head is left out.
fn for_loop(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = ["initializer", "condition", "increment", "body"].map(|name| {
        let part = node.child_by_field_name(name);
        l.optional(node, part.filter(|part| name == "body" || part.kind() != "empty_statement"))
    });
    l.make(Kind::For, node, Symbol::EMPTY, &parts)
}

fn switch(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = vec![l.field(node, "value")];
    if let Some(body) = node.child_by_field_name("body") {
        children.extend(l.lower_named(body));
    }
    l.make(Kind::Switch, node, Symbol::EMPTY, &children)
}

fn case(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = Vec::new();
    if let Some(value) = node.child_by_field_name("value") {
        children.push(l.lower(value));
    }
    let body = l.fields(node, "body");
    let statements = l.lower_list(&body);
    let start = body.first().map_or(node.end_byte(), Node::start_byte);
    children.push(l.make_at(Kind::Block, 0, start..node.end_byte(), Symbol::EMPTY, &statements));
    l.make(Kind::Case, node, Symbol::EMPTY, &children)
}

fn try_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = vec![l.field(node, "body")];
    if let Some(handler) = node.child_by_field_name("handler") {
        children.push(l.lower(handler));
    }
    children.push(match node.child_by_field_name("finalizer") {
        Some(finalizer) => l.field(finalizer, "body"),
        None => l.missing(node),
    });
    children.push(l.missing(node));
    l.make(Kind::Try, node, Symbol::EMPTY, &children)
}

fn catch(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let type_ = l.field(node, "type");
    let target = l.field(node, "parameter");
    let body = l.field(node, "body");
    l.make(Kind::Catch, node, Symbol::EMPTY, &[type_, target, body])
}

fn import(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let id = whole_import(l, node);
    l.cut_terminator(id, node);
    id
}

fn whole_import(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let module = l.field(node, "source");
    let Some(clause) = l.child_of_kind(node, "import_clause") else {
        // `import x = require('m')` holds a clause of its own.
        if let Some(require) = l.child_of_kind(node, "import_require_clause") {
            let module = l.field(require, "source");
            let alias = l.named(require).first().copied();
            let alias = l.optional(node, alias);
            return l.make(Kind::Import, node, Symbol::EMPTY, &[module, alias]);
        }
        let alias = l.missing(node);
        return l.make(Kind::Import, node, Symbol::EMPTY, &[module, alias]);
    };
    let parts = l.named(clause);
    if let [only] = parts.as_slice()
        && only.kind() == "namespace_import"
    {
        let alias = l.inner(*only);
        return l.make(Kind::Import, node, Symbol::EMPTY, &[module, alias]);
    }
    let mut children = vec![module];
    for part in parts {
        match part.kind() {
            "named_imports" => children.extend(l.lower_named(part)),
            "namespace_import" => {
                let all = l.leaf_of(Kind::Name, part, "*");
                let alias = l.inner(part);
                children.push(l.make(Kind::ImportedName, part, Symbol::EMPTY, &[all, alias]));
            }
            _ => {
                let name = l.leaf_of(Kind::Name, part, "default");
                let alias = l.lower(part);
                children.push(l.make(Kind::ImportedName, part, Symbol::EMPTY, &[name, alias]));
            }
        }
    }
    l.make(Kind::ImportFrom, node, Symbol::EMPTY, &children)
}

/// What is exported stands for itself.
fn export(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    if let Some(declaration) = node.child_by_field_name("declaration") {
        let id = l.lower(declaration);
        let decorators = l.fields(node, "decorator");
        // Decorators of an exported class stand before the word.
        if l.tree().kind(id) == Kind::Class
            && !decorators.is_empty()
            && let Some(words) = l.tree().child(id, 0)
        {
            let mut list = l.lower_list(&decorators);
            list.extend_from_slice(l.tree().children(words));
            let range = node.start_byte()..l.tree().range(words).end.max(node.start_byte());
            let words = l.make_at(Kind::Modifiers, 0, range, Symbol::EMPTY, &list);
            let mut slots = l.tree().children(id).to_vec();
            slots[0] = words;
            let symbol = l.tree().symbol(id);
            l.discard(id);
            return l.make_at(Kind::Class, declaration.kind_id(), node.byte_range(), symbol, &slots);
        }
        return id;
    }
    if let Some(value) = node.child_by_field_name("value") {
        let value = l.lower(value);
        if l.tree().kind(value).is_function() || l.tree().kind(value) == Kind::Class {
            return value;
        }
        return l.make(Kind::ExpressionStatement, node, Symbol::EMPTY, &[value]);
    }
    l.other(node)
}

fn element(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let open = node.child_by_field_name("open_tag").unwrap_or(node);
    let mut children = vec![l.field(open, "name")];
    let attributes = l.fields(open, "attribute");
    children.extend(l.lower_list(&attributes));
    if open.id() != node.id() {
        let inside: Vec<Node<'_>> = l
            .named(node)
            .into_iter()
            .filter(|child| !matches!(child.kind(), "jsx_opening_element" | "jsx_closing_element"))
            .filter(|child| child.kind() != "jsx_text" || !l.text(*child).trim().is_empty())
            .collect();
        let content = l.lower_list(&inside);
        let end = node.child_by_field_name("close_tag").map_or(node.end_byte(), |tag| tag.start_byte());
        children.push(l.make_at(Kind::Block, 0, open.end_byte()..end, Symbol::EMPTY, &content));
    }
    l.make(Kind::Element, node, Symbol::EMPTY, &children)
}

fn attribute(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    let name = l.optional(node, parts.first().copied());
    let value = l.optional(node, parts.get(1).copied());
    l.make(Kind::Attribute, node, Symbol::EMPTY, &[name, value])
}

fn text(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let text = l.text(node).trim().to_owned();
    l.leaf_of(Kind::Text, node, &text)
}

fn array_type(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    let symbol = l.intern("[]");
    l.make(Kind::WrappedType, node, symbol, &children)
}

fn cast(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    let expression = l.optional(node, parts.first().copied());
    let type_ = l.optional(node, parts.get(1).copied());
    l.make(Kind::Cast, node, Symbol::EMPTY, &[type_, expression])
}

fn first(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let first = l.named(node).first().copied();
    l.optional(node, first)
}

fn last(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let last = l.named(node).last().copied();
    l.optional(node, last)
}

fn module(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = words(l, node);
    let name = l.field(node, "name");
    let supers = l.empty(Kind::Supers, node);
    let body = l.field(node, "body");
    let symbol = l.intern("namespace");
    l.make(Kind::Class, node, symbol, &[words, name, supers, body])
}

#[cfg(test)]
mod tests {
    use crate::language::{Language, parse};
    use crate::tree::Symbols;

    fn sexp(path: &str, source: &str) -> String {
        let mut symbols = Symbols::default();
        let spec = Language::of_file(path, b"").and_then(|language| language.spec_for(path)).unwrap();
        let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
        assert!(tree.errors.is_empty(), "{source}");
        tree.to_sexp(tree.root, &symbols)
    }

    #[test]
    fn expressions() {
        assert_eq!(
            sexp("a.js", "x?.f(`a${b}`, ...c)"),
            "(Program (ExpressionStatement (Call (Field (Name \"x\") (Name \"f\")) (Arguments (Template (StringPart \"a\") \
             (Name \"b\")) (Spread \"...\" (Name \"c\"))))))"
        );
        assert_eq!(
            sexp("a.js", "const {a, b: c} = require('m')"),
            "(Program (VariableDefinition (Modifiers (Token \"const\")) _ (Dict (Pair (Name \"a\") (Name \"a\")) (Pair \
             (Name \"b\") (Name \"c\"))) (Call (Name \"require\") (Arguments (String \"m\")))))"
        );
        assert_eq!(
            sexp("a.jsx", "x = <a href={u} b>t</a>"),
            "(Program (ExpressionStatement (Assign (Name \"x\") (Element (Name \"a\") (Attribute (Name \"href\") (Name \
             \"u\")) (Attribute (Name \"b\") _) (Block (Text \"t\"))))))"
        );
    }

    #[test]
    fn definitions() {
        assert_eq!(
            sexp(
                "a.ts",
                "class A extends B { @G() private m(@Q('x') q: string = 'd', ...r): T<U> { return q as any } }"
            ),
            "(Program (Class \"class\" (Modifiers) (Name \"A\") (Supers (Name \"B\")) (Block (Function (Modifiers \
             (Decorator (Call (Name \"G\") (Arguments))) (Token \"private\")) (GenericType (Name \"T\") (TypeArguments \
             (Name \"U\"))) (Name \"m\") (Parameters (Parameter (Modifiers (Decorator (Call (Name \"Q\") (Arguments \
             (String \"x\"))))) (Name \"string\") (Name \"q\") (String \"d\")) (Parameter \"...\" (Modifiers) _ (Name \
             \"r\") _)) (Block (Return (Cast (Name \"any\") (Name \"q\"))))))))"
        );
        assert_eq!(
            sexp("a.ts", "import d, {a as b} from 'm'; import * as n from 'k'"),
            "(Program (ImportFrom (String \"m\") (ImportedName (Name \"default\") (Name \"d\")) (ImportedName (Name \"a\") \
             (Name \"b\"))) (Import (String \"k\") (Name \"n\")))"
        );
    }

    #[test]
    fn statements() {
        assert_eq!(
            sexp("a.js", "try { f() } catch (e) { } finally { g }"),
            "(Program (Try (Block (ExpressionStatement (Call (Name \"f\") (Arguments)))) (Catch _ (Name \"e\") (Block)) \
             (Block (ExpressionStatement (Name \"g\"))) _))"
        );
        assert_eq!(
            sexp("a.js", "for (const x of y) z; switch (a) { case 1: b; default: }"),
            "(Program (ForEach \"of\" (Name \"x\") (Name \"y\") (ExpressionStatement (Name \"z\")) _) (Switch (Name \"a\") (Case \
             (Number \"1\") (Block (ExpressionStatement (Name \"b\")))) (Case (Block))))"
        );
    }
}
