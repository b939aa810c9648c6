//! Items: functions, types, imports. Attributes stand before an item in the list around it.

use super::super::Lowerer;
use super::{pattern, returning};
use crate::tree::{Kind, NodeId, Symbol};
use tree_sitter::Node;

/// How many names one `use` may bring in.
const MAX_USES: usize = 1000;

/// The statements of a list, with attributes given to the item behind them.
pub(super) fn statements(l: &mut Lowerer<'_>, node: Node<'_>) -> Vec<NodeId> {
    let mut out = Vec::new();
    let mut attributes = Vec::new();
    for child in l.named(node) {
        match child.kind() {
            "attribute_item" => attributes.push(child),
            "inner_attribute_item" | "label" => {}
            _ => {
                let one = item(l, child, &attributes);
                out.push(if node.kind() == "block" { statement(l, one) } else { one });
                attributes.clear();
            }
        }
    }
    // Attributes alone are what a pattern may be.
    for attribute in attributes {
        out.push(decorator(l, attribute));
    }
    out
}

/// A block's last expression as a statement, which no rule of the grammar made.
fn statement(l: &mut Lowerer<'_>, id: NodeId) -> NodeId {
    if !super::is_value(l.tree().kind(id)) {
        return id;
    }
    let range = l.tree().range(id);
    l.make_at(Kind::ExpressionStatement, 0, range, Symbol::EMPTY, &[id])
}

fn item(l: &mut Lowerer<'_>, node: Node<'_>, attributes: &[Node<'_>]) -> NodeId {
    match node.kind() {
        "function_item" | "function_signature_item" => function(l, node, attributes),
        "struct_item" | "union_item" | "enum_item" | "trait_item" | "impl_item" => class(l, node, attributes),
        _ => l.lower(node),
    }
}

/// An item without attributes.
pub(super) fn bare(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    item(l, node, &[])
}

fn decorator(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let inner = l.child_of_kind(node, "attribute");
    let inner = l.optional(node, inner);
    l.make(Kind::Decorator, node, Symbol::EMPTY, &[inner])
}

/// `name`, `name(…)` as a call, `name = value` as an assignment.
pub(super) fn attribute(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let name = l.named(node).first().copied();
    let name = l.optional(node, name);
    if let Some(tokens) = node.child_by_field_name("arguments") {
        let arguments = super::macros::arguments(l, tokens, false);
        return l.make(Kind::Call, node, Symbol::EMPTY, &[name, arguments]);
    }
    match node.child_by_field_name("value") {
        Some(value) => {
            let value = l.lower(value);
            l.make(Kind::Assign, node, Symbol::EMPTY, &[name, value])
        }
        None => name,
    }
}

pub(super) fn no_modifiers(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    l.empty(Kind::Modifiers, node)
}

/// Attributes, visibility and words.
fn modifiers(l: &mut Lowerer<'_>, node: Node<'_>, attributes: &[Node<'_>]) -> NodeId {
    let mut list: Vec<NodeId> = attributes.iter().map(|attribute| decorator(l, *attribute)).collect();
    for child in l.all(node) {
        match child.kind() {
            "visibility_modifier" => list.push(l.leaf_of(Kind::Token, child, "pub")),
            "function_modifiers" => {
                for word in l.all(child) {
                    list.push(l.leaf(Kind::Token, word));
                }
            }
            "const" | "static" | "unsafe" | "mutable_specifier" => list.push(l.leaf(Kind::Token, child)),
            _ => {}
        }
    }
    let start = attributes.first().map_or(node.start_byte(), Node::start_byte);
    let end = list.last().map_or(start, |last| l.tree().range(*last).end);
    l.make_at(Kind::Modifiers, 0, start..end.max(start), Symbol::EMPTY, &list)
}

/// From the first attribute, else from behind the visibility.
fn range(l: &Lowerer<'_>, node: Node<'_>, attributes: &[Node<'_>]) -> std::ops::Range<usize> {
    let behind = || l.all(node).into_iter().find(|child| child.kind() != "visibility_modifier");
    let start = match attributes.first() {
        Some(first) => first.start_byte(),
        None => behind().map_or(node.start_byte(), |first| first.start_byte()),
    };
    start..node.end_byte()
}

fn function(l: &mut Lowerer<'_>, node: Node<'_>, attributes: &[Node<'_>]) -> NodeId {
    let words = modifiers(l, node, attributes);
    let (type_, name) = (l.field(node, "return_type"), l.field(node, "name"));
    let parameters = l.field(node, "parameters");
    let body = l.field(node, "body");
    let body = returning(l, body, 0);
    let children = [words, type_, name, parameters, body];
    let range = range(l, node, attributes);
    l.make_at(Kind::Function, node.kind_id(), range, Symbol::EMPTY, &children)
}

pub(super) fn parameters(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut out = Vec::new();
    for child in l.all(node) {
        if child.kind() == "attribute_item" || !child.is_named() && child.kind() != "_" {
            continue;
        }
        out.push(parameter(l, child));
    }
    l.make(Kind::Parameters, node, Symbol::EMPTY, &out)
}

fn parameter(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = no_modifiers(l, node);
    let default = l.missing(node);
    let (type_, target, symbol) = match node.kind() {
        "parameter" => (l.field(node, "type"), pattern::field(l, node, "pattern"), Symbol::EMPTY),
        "self_parameter" => {
            let name = l.child_of_kind(node, "self");
            (l.missing(node), l.optional(node, name), Symbol::EMPTY)
        }
        "variadic_parameter" => (l.missing(node), pattern::field(l, node, "pattern"), Symbol::ELLIPSIS),
        "_" => (l.missing(node), l.leaf(Kind::Name, node), Symbol::EMPTY),
        _ => (l.missing(node), l.lower(node), Symbol::EMPTY),
    };
    l.make(Kind::Parameter, node, symbol, &[words, type_, target, default])
}

/// The keyword is the symbol; an `impl` has the type as name and the trait as what it inherits from.
fn class(l: &mut Lowerer<'_>, node: Node<'_>, attributes: &[Node<'_>]) -> NodeId {
    let words = modifiers(l, node, attributes);
    let keyword = node.kind().trim_end_matches("_item");
    let mut parents = Vec::new();
    let name = if keyword == "impl" {
        parents.extend(node.child_by_field_name("trait"));
        match node.child_by_field_name("type") {
            Some(type_) if type_.kind() == "generic_type" => l.field(type_, "type"),
            type_ => l.optional(node, type_),
        }
    } else {
        if let Some(bounds) = node.child_by_field_name("bounds") {
            parents.extend(l.named(bounds).into_iter().filter(|bound| bound.kind() != "lifetime"));
        }
        l.field(node, "name")
    };
    let place = parents.first().map_or(node.start_byte()..node.start_byte(), Node::byte_range);
    let parents = l.lower_list(&parents);
    let supers = l.make_at(Kind::Supers, 0, place, Symbol::EMPTY, &parents);
    let body = match node.child_by_field_name("body") {
        Some(list) if list.kind() == "ordered_field_declaration_list" => ordered(l, list),
        Some(body) => l.lower(body),
        None => l.make_at(Kind::Block, 0, node.end_byte()..node.end_byte(), Symbol::EMPTY, &[]),
    };
    let symbol = l.intern(keyword);
    let range = range(l, node, attributes);
    l.make_at(Kind::Class, node.kind_id(), range, symbol, &[words, name, supers, body])
}

/// Fields that have numbers for names.
fn ordered(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut members = Vec::new();
    for (number, type_) in l.fields(node, "type").into_iter().enumerate() {
        let words = no_modifiers(l, type_);
        let name = l.leaf_of(Kind::Name, type_, &number.to_string());
        let children = [words, l.lower(type_), name, l.missing(type_)];
        members.push(l.make(Kind::VariableDefinition, type_, Symbol::EMPTY, &children));
    }
    l.make(Kind::Block, node, Symbol::EMPTY, &members)
}

pub(super) fn variant(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = no_modifiers(l, node);
    let type_ = match node.child_by_field_name("body") {
        Some(list) if list.kind() == "ordered_field_declaration_list" => ordered(l, list),
        body => l.optional(node, body),
    };
    let children = [words, type_, l.field(node, "name"), l.field(node, "value")];
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &children)
}

pub(super) fn member(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = modifiers(l, node, &[]);
    let children = [words, l.field(node, "type"), l.field(node, "name"), l.missing(node)];
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &children)
}

pub(super) fn constant(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let words = modifiers(l, node, &[]);
    let children = [words, l.field(node, "type"), l.field(node, "name"), l.field(node, "value")];
    let range = range(l, node, &[]);
    l.make_at(Kind::VariableDefinition, node.kind_id(), range, Symbol::EMPTY, &children)
}

/// Lifetimes are left out.
pub(super) fn type_arguments(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let types: Vec<Node<'_>> = l.named(node).into_iter().filter(|child| child.kind() != "lifetime").collect();
    let types = l.lower_list(&types);
    l.make(Kind::TypeArguments, node, Symbol::EMPTY, &types)
}

/// References, pointers, arrays and slices; an array's length is the second child.
pub(super) fn wrapped(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mutable = l.child_of_kind(node, "mutable_specifier").is_some();
    let (sign, field) = match node.kind() {
        "reference_type" if mutable => ("&mut", "type"),
        "reference_type" => ("&", "type"),
        "pointer_type" => ("*", "type"),
        _ => ("[]", "element"),
    };
    let mut children = vec![l.field(node, field)];
    if let Some(length) = node.child_by_field_name("length") {
        children.push(l.lower(length));
    }
    let symbol = l.intern(sign);
    l.make(Kind::WrappedType, node, symbol, &children)
}

/// One name of a `use`: the path before it, its name and its alias.
struct Used<'t> {
    path: Vec<Node<'t>>,
    name: Option<Node<'t>>,
    alias: Option<Node<'t>>,
    whole: Node<'t>,
}

/// `use a::{b, c::d as e};` is an import of names from `a` and one from `a::c`.
pub(super) fn uses(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(argument) = node.child_by_field_name("argument") else { return l.other(node) };
    let mut found: Vec<Used<'_>> = Vec::new();
    let mut stack: Vec<(Node<'_>, Vec<Node<'_>>)> = vec![(argument, Vec::new())];
    while let Some((tree, path)) = stack.pop() {
        if found.len() >= MAX_USES || path.len() > MAX_USES {
            return l.other(node);
        }
        match tree.kind() {
            "use_list" => stack.extend(l.named(tree).into_iter().rev().map(|part| (part, path.clone()))),
            "scoped_use_list" => {
                let mut path = path;
                path.extend(tree.child_by_field_name("path"));
                stack.extend(tree.child_by_field_name("list").map(|list| (list, path)));
            }
            "use_wildcard" => {
                let mut path = path;
                path.extend(l.named(tree).first().copied());
                found.push(Used { path, name: None, alias: None, whole: tree });
            }
            "use_as_clause" => {
                let alias = tree.child_by_field_name("alias");
                if let Some(inner) = tree.child_by_field_name("path") {
                    found.push(used(inner, path, alias, tree));
                }
            }
            _ => found.push(used(tree, path, None, tree)),
        }
    }
    let only = found.len() == 1;
    let mut imports = Vec::new();
    let mut group: Option<(Vec<usize>, NodeId, Vec<NodeId>)> = None;
    for one in found {
        let key: Vec<usize> = one.path.iter().map(Node::id).collect();
        if one.path.is_empty() {
            // A whole crate.
            let name = l.optional(node, one.name);
            let alias = l.optional(node, one.alias);
            imports.push(l.make_at(
                Kind::Import,
                0,
                node.start_byte()..one.whole.end_byte(),
                Symbol::EMPTY,
                &[name, alias],
            ));
            continue;
        }
        if group.as_ref().is_none_or(|(known, ..)| *known != key) {
            close(l, node, group.take(), only, &mut imports);
            let module = join(l, &one.path);
            group = Some((key, module, Vec::new()));
        }
        let name = match one.name {
            Some(name) => l.lower(name),
            None => l.leaf_of(Kind::Name, one.whole, "*"),
        };
        let alias = l.optional(one.whole, one.alias);
        let imported = l.make(Kind::ImportedName, one.whole, Symbol::EMPTY, &[name, alias]);
        if let Some((_, _, names)) = &mut group {
            names.push(imported);
        }
    }
    close(l, node, group.take(), only, &mut imports);
    match imports.as_slice() {
        [only] => *only,
        _ => l.make(Kind::Definitions, node, Symbol::EMPTY, &imports),
    }
}

fn used<'t>(inner: Node<'t>, path: Vec<Node<'t>>, alias: Option<Node<'t>>, whole: Node<'t>) -> Used<'t> {
    let mut path = path;
    let name = if inner.kind() == "scoped_identifier" {
        path.extend(inner.child_by_field_name("path"));
        inner.child_by_field_name("name")
    } else {
        Some(inner)
    };
    Used { path, name, alias, whole }
}

/// The path's parts, which may be paths themselves, as one.
fn join(l: &mut Lowerer<'_>, path: &[Node<'_>]) -> NodeId {
    let mut names = Vec::new();
    for part in path.iter().take(100) {
        let mut parts = Vec::new();
        let mut at = Some(*part);
        while let Some(node) = at.take().filter(|_| parts.len() < 100) {
            if node.kind() == "scoped_identifier" {
                parts.extend(node.child_by_field_name("name"));
                at = node.child_by_field_name("path");
            } else {
                parts.push(node);
            }
        }
        names.extend(parts.into_iter().rev());
    }
    let Some((first, rest)) = names.split_first() else {
        return l.make_at(Kind::Missing, 0, 0..0, Symbol::EMPTY, &[]);
    };
    let start = first.start_byte();
    let mut object = l.lower(*first);
    for name in rest.iter().take(200) {
        let name_id = l.lower(*name);
        object = l.make_at(Kind::Field, 0, start..name.end_byte(), Symbol::EMPTY, &[object, name_id]);
    }
    object
}

fn close(
    l: &mut Lowerer<'_>,
    node: Node<'_>,
    group: Option<(Vec<usize>, NodeId, Vec<NodeId>)>,
    only: bool,
    imports: &mut Vec<NodeId>,
) {
    let Some((_, module, names)) = group else { return };
    let end = match names.last() {
        Some(last) if only => l.tree().range(*last).end,
        _ => node.end_byte(),
    };
    let mut children = vec![module];
    children.extend(names);
    imports.push(l.make_at(
        Kind::ImportFrom,
        node.kind_id(),
        node.start_byte()..end,
        Symbol::EMPTY,
        &children,
    ));
}
