//! What C++ adds to C.
//!
//! `a::b` is a field as `a.b` is. What a constructor sets before its body stands in the body. A method outside of its class
//! has the class among its modifiers, as the receiver of Go.

use super::super::{Compiled, Language, Lower, Lowerer, PatternSyntax, Spec, Traits};
use super::{SHARED, declaration, optional};
use crate::tree::{Kind, NodeId, Symbol};
use Lower::{All, Fields, Fixed, Inner, Leaf, With};
use tree_sitter::Node;

/// How many parts one qualified name may have.
const MAX_PARTS: usize = 100;

pub(in super::super) static SPEC: Spec = Spec {
    language: Language::Cpp,
    grammar: || tree_sitter_cpp::LANGUAGE.into(),
    lowering: &[SHARED, OWN],
    ignored_tokens: &["\n", "#endif"],
    pattern: PatternSyntax {
        contexts: &[
            ("void w() {\n", "\n}"),
            ("void w() {\nw = ", ";\n}"),
            ("void w() {\n", ";\n}"),
            ("", ""),
            ("class w {\n", "\n};"),
            ("", ";"),
            ("void w() {\n", " {}\n}"),
            ("class w {\n", " {}\n};"),
            ("void w() {\nswitch (w) {\n", "\n}\n}"),
            ("void w() {\ntry {} ", "\n}"),
            ("void w() {\n", " catch (...) {}\n}"),
            ("void w(", ");"),
            ("void w() { w = sizeof(", "); }"),
        ],
        ellipsis: &["semgrep_ellipsis;", "semgrep_ellipsis", "semgrep_ellipsis;;"],
        metavariable: &["mv__"],
        dedent: false,
        own_ellipsis: false,
    },
    traits: Traits { separator: "::", ..Traits::COMMON },
    compiled: Compiled::new(),
};

const OWN: &[(&str, Lower)] = &[
    ("namespace_identifier", Leaf(Kind::Name)),
    ("destructor_name", Leaf(Kind::Name)),
    ("operator_name", Leaf(Kind::Name)),
    ("this", Fixed(Kind::Name, Symbol::THIS)),
    ("auto", Leaf(Kind::Name)),
    ("placeholder_type_specifier", Leaf(Kind::Name)),
    ("raw_string_literal", With(raw_string)),
    ("user_defined_literal", With(first)),
    ("qualified_identifier", With(qualified)),
    ("nested_namespace_specifier", With(namespace_path)),
    ("template_type", Fields(Kind::GenericType, &["name", "arguments"])),
    ("template_function", Fields(Kind::GenericType, &["name", "arguments"])),
    ("template_method", Fields(Kind::GenericType, &["name", "arguments"])),
    ("template_argument_list", All(Kind::TypeArguments)),
    ("template_parameter_list", All(Kind::TypeParameters)),
    ("dependent_name", Inner),
    ("dependent_type", Inner),
    ("condition_clause", With(condition)),
    ("new_expression", With(new)),
    ("delete_expression", With(delete)),
    ("lambda_expression", With(lambda)),
    ("co_await_expression", Fields(Kind::Await, &["argument"])),
    ("co_return_statement", With(optional::<{ Kind::Return as u8 }>)),
    ("co_yield_statement", With(optional::<{ Kind::Yield as u8 }>)),
    ("parameter_pack_expansion", With(spread)),
    ("throw_statement", With(optional::<{ Kind::Throw as u8 }>)),
    ("try_statement", With(try_statement)),
    ("catch_clause", With(catch)),
    ("for_range_loop", With(for_range)),
    ("structured_binding_declarator", All(Kind::Tuple)),
    ("static_assert_declaration", All(Kind::Assert)),
    ("optional_parameter_declaration", With(declaration::parameter)),
    ("variadic_parameter_declaration", With(declaration::parameter)),
    ("class_specifier", With(declaration::class)),
    ("template_declaration", With(template)),
    ("using_declaration", With(using)),
    ("namespace_alias_definition", With(namespace_alias)),
    ("namespace_definition", With(namespace)),
];

fn condition(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    l.field(node, "value")
}

fn first(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let first = l.named(node).first().copied();
    l.optional(node, first)
}

fn raw_string(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let content = l.child_of_kind(node, "raw_string_content");
    let text = content.map(|content| l.text(content).into_owned()).unwrap_or_default();
    l.leaf_of(Kind::String, node, &text)
}

/// Fields from the left; type arguments of the last part are around the whole.
fn qualified(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut parts = Vec::new();
    let mut at = Some(node);
    while let Some(part) = at.take() {
        if parts.len() > MAX_PARTS {
            return l.leaf(Kind::Name, node);
        }
        if part.kind() == "qualified_identifier" {
            parts.extend(part.child_by_field_name("scope"));
            at = part.child_by_field_name("name");
        } else {
            parts.push(part);
        }
    }
    let Some((head, rest)) = parts.split_first() else { return l.other(node) };
    let mut object = l.lower(*head);
    for part in rest {
        let templated = part.kind().starts_with("template_") && part.child_by_field_name("name").is_some();
        let name = if templated { l.field(*part, "name") } else { l.lower(*part) };
        let range = node.start_byte()..l.tree().range(name).end;
        object = l.make_at(Kind::Field, node.kind_id(), range, Symbol::EMPTY, &[object, name]);
        if templated {
            let arguments = l.field(*part, "arguments");
            let range = node.start_byte()..part.end_byte();
            object = l.make_at(Kind::GenericType, part.kind_id(), range, Symbol::EMPTY, &[object, arguments]);
        }
    }
    object
}

fn namespace_path(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.lower_named(node);
    let Some((first, rest)) = parts.split_first() else { return l.other(node) };
    rest.iter().fold(*first, |object, name| {
        let range = node.start_byte()..l.tree().range(*name).end;
        l.make_at(Kind::Field, 0, range, Symbol::EMPTY, &[object, *name])
    })
}

/// The length of an array is its one argument.
fn new(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let element = l.field(node, "type");
    let body = l.missing(node);
    let Some(array) = node.child_by_field_name("declarator") else {
        let arguments = match node.child_by_field_name("arguments") {
            Some(list) => {
                let arguments = l.lower_named(list);
                l.make(Kind::Arguments, list, Symbol::EMPTY, &arguments)
            }
            None => l.make_at(Kind::Arguments, 0, node.end_byte()..node.end_byte(), Symbol::EMPTY, &[]),
        };
        return l.make(Kind::New, node, Symbol::EMPTY, &[element, arguments, body]);
    };
    let sign = l.intern("[]");
    let range = l.tree().range(element);
    let type_ = l.make_at(Kind::WrappedType, 0, range, sign, &[element]);
    let length = l.field(array, "length");
    let arguments = l.make(Kind::Arguments, array, Symbol::EMPTY, &[length]);
    l.make(Kind::New, node, Symbol::EMPTY, &[type_, arguments, body])
}

fn delete(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let symbol = if l.child_of_kind(node, "[").is_some() { l.intern("[]") } else { Symbol::EMPTY };
    let operands = l.lower_named(node);
    l.make(Kind::Delete, node, symbol, &operands)
}

fn lambda(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parameters = match node.child_by_field_name("declarator") {
        Some(declarator) => declaration::parameters(l, declarator),
        None => l.empty(Kind::Parameters, node),
    };
    let body = l.field(node, "body");
    l.make(Kind::Lambda, node, Symbol::EMPTY, &[parameters, body])
}

fn spread(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let inner = l.field(node, "pattern");
    l.make(Kind::Spread, node, Symbol::ELLIPSIS, &[inner])
}

fn try_statement(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut children = vec![l.field(node, "body")];
    let handlers: Vec<Node<'_>> =
        l.named(node).into_iter().filter(|child| child.kind() == "catch_clause").collect();
    children.extend(l.lower_list(&handlers));
    children.push(l.missing(node));
    children.push(l.missing(node));
    l.make(Kind::Try, node, Symbol::EMPTY, &children)
}

/// `catch (...)` has no type.
fn catch(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let list = node.child_by_field_name("parameters");
    let parameter = list.and_then(|list| l.named(list).first().copied());
    let (type_, target) = match parameter {
        Some(parameter) => {
            let parameter = l.lower(parameter);
            match *l.tree().children(parameter) {
                [_, type_, target, _] => {
                    l.discard(parameter);
                    (type_, target)
                }
                _ => (parameter, l.missing(node)),
            }
        }
        None => (l.missing(node), l.missing(node)),
    };
    let body = l.field(node, "body");
    l.make(Kind::Catch, node, Symbol::EMPTY, &[type_, target, body])
}

fn for_range(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut at = node.child_by_field_name("declarator");
    for _ in 0..MAX_PARTS {
        match at {
            Some(part)
                if part.kind().ends_with("_declarator") && part.kind() != "structured_binding_declarator" =>
            {
                at = l.named(part).last().copied();
            }
            _ => break,
        }
    }
    let target = l.optional(node, at);
    let (iterable, body, otherwise) = (l.field(node, "right"), l.field(node, "body"), l.missing(node));
    l.make(Kind::ForEach, node, Symbol::EMPTY, &[target, iterable, body, otherwise])
}

/// What is declared, from `template` on.
fn template(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let declared = l
        .named(node)
        .into_iter()
        .rfind(|child| !matches!(child.kind(), "template_parameter_list" | "requires_clause"));
    let Some(declared) = declared else { return l.other(node) };
    let id = l.lower(declared);
    let inside = l.tree_mut().node_mut(id);
    (inside.start, inside.end) = (node.start_byte() as u32, node.end_byte() as u32);
    id
}

/// `using namespace n;` imports all of it, `using n::x;` one name.
fn using(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(path) = l.named(node).last().copied() else { return l.other(node) };
    let all = l.child_of_kind(node, "namespace").is_some();
    let path_id = l.lower(path);
    let alias = l.missing(path);
    let (module, name) = if all {
        let end = path.end_byte()..path.end_byte();
        let star = l.make_at(Kind::Name, 0, end, Symbol::MUL, &[]);
        (path_id, star)
    } else {
        match (l.tree().kind(path_id), l.tree().children(path_id)) {
            (Kind::Field, &[module, name]) => {
                l.discard(path_id);
                (module, name)
            }
            _ => return l.other(node),
        }
    };
    let range = l.tree().range(name);
    let imported = l.make_at(Kind::ImportedName, 0, range, Symbol::EMPTY, &[name, alias]);
    let range = node.start_byte()..path.end_byte();
    l.make_at(Kind::ImportFrom, node.kind_id(), range, Symbol::EMPTY, &[module, imported])
}

fn namespace_alias(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let path = l.named(node).last().copied();
    let children = [l.optional(node, path), l.field(node, "name")];
    l.make(Kind::Import, node, Symbol::EMPTY, &children)
}

fn namespace(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "name"), l.field(node, "body")];
    l.make(Kind::Other, node, Symbol::EMPTY, &children)
}
