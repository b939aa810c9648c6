//! Definitions, imports, types.

use super::super::tail::returning;
use super::super::{Lowerer, METAVARIABLE_MARK};
use super::{last, path, statements};
use crate::tree::{Kind, NodeId, Symbol};
use tree_sitter::Node;

pub(super) fn generic_type(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = [l.field(node, "type"), l.field(node, "type_arguments")];
    l.make(Kind::GenericType, node, Symbol::EMPTY, &children)
}

/// `=> T` and `T*` as `T`.
pub(super) fn type_within(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    match l.fields(node, "type").into_iter().find(Node::is_named) {
        Some(type_) => l.lower(type_),
        None => last(l, node),
    }
}

pub(super) fn package(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(body) = node.child_by_field_name("body") else {
        let name = l.field(node, "name");
        return l.make(Kind::Package, node, Symbol::EMPTY, &[name]);
    };
    let name = l.field(node, "name");
    let range = node.start_byte()..body.start_byte();
    let mut children = vec![l.make_at(Kind::Package, node.kind_id(), range, Symbol::EMPTY, &[name])];
    let parts = l.named(body);
    children.extend(statements(l, &parts));
    l.make(Kind::Block, node, Symbol::EMPTY, &children)
}

/// Each name of an import is one of its own.
pub(super) fn import(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut all = Vec::new();
    let mut parts: Vec<Node<'_>> = Vec::new();
    let children = l.all(node);
    let mut cursor = node.walk();
    let fields: Vec<bool> = node
        .children(&mut cursor)
        .enumerate()
        .filter(|(_, child)| !l.is_comment(*child))
        .map(|(at, _)| node.field_name_for_child(at as u32) == Some("path"))
        .collect();
    for (child, is_path) in children.into_iter().zip(fields) {
        match child.kind() {
            "," => import_path(l, node, &mut parts, &mut all),
            _ if child.is_named() && is_path => parts.push(child),
            "namespace_selectors" => {
                let selectors = l.named(child);
                import_names(l, node, &parts, &selectors, &mut all);
                parts.clear();
            }
            _ if child.is_named() => {
                import_names(l, node, &parts, &[child], &mut all);
                parts.clear();
            }
            _ => {}
        }
    }
    import_path(l, node, &mut parts, &mut all);
    match all.as_slice() {
        [] => l.other(node),
        [only] => *only,
        _ => l.make(Kind::Definitions, node, Symbol::EMPTY, &all),
    }
}

/// `import a.b.C`
fn import_path(l: &mut Lowerer<'_>, node: Node<'_>, parts: &mut Vec<Node<'_>>, all: &mut Vec<NodeId>) {
    let end = parts.last().map_or(node.end_byte(), Node::end_byte);
    if let Some(module) = path(l, parts) {
        let alias = l.missing(node);
        let range = node.start_byte()..end;
        all.push(l.make_at(Kind::Import, node.kind_id(), range, Symbol::EMPTY, &[module, alias]));
    }
    parts.clear();
}

fn import_names(
    l: &mut Lowerer<'_>,
    node: Node<'_>,
    parts: &[Node<'_>],
    names: &[Node<'_>],
    all: &mut Vec<NodeId>,
) {
    for name in names {
        let Some(module) = path(l, parts) else { return };
        let (imported, alias) = match name.kind() {
            "arrow_renamed_identifier" | "as_renamed_identifier" => {
                (l.field(*name, "name"), l.field(*name, "alias"))
            }
            "namespace_wildcard" => {
                let all = l.intern("*");
                (l.make(Kind::Name, *name, all, &[]), l.missing(*name))
            }
            _ => (l.lower(*name), l.missing(*name)),
        };
        let one = l.make(Kind::ImportedName, *name, Symbol::EMPTY, &[imported, alias]);
        let range = node.start_byte()..name.end_byte();
        all.push(l.make_at(Kind::ImportFrom, node.kind_id(), range, Symbol::EMPTY, &[module, one]));
    }
}

pub(super) fn annotation(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut expression = l.field(node, "name");
    for list in l.fields(node, "arguments") {
        let arguments = l.lower(list);
        let range = l.tree().range(expression).start..list.end_byte();
        expression = l.make_at(Kind::Call, 0, range, Symbol::EMPTY, &[expression, arguments]);
    }
    l.make(Kind::Decorator, node, Symbol::EMPTY, &[expression])
}

/// Annotations and words before a definition, with the word that says what it is; and where the definition begins.
fn modifiers(l: &mut Lowerer<'_>, node: Node<'_>, keywords: &[&str]) -> (NodeId, usize) {
    let mut list = Vec::new();
    let mut start = None;
    let mut end = node.start_byte();
    for part in l.all(node) {
        match part.kind() {
            "annotation" => list.push(l.lower(part)),
            "modifiers" => {
                for word in l.all(part) {
                    list.push(l.leaf(Kind::Token, word));
                }
            }
            "case" => list.push(l.leaf(Kind::Token, part)),
            word if keywords.contains(&word) => {
                list.push(l.leaf(Kind::Token, part));
                end = part.end_byte();
                break;
            }
            _ if part.is_named() => break,
            _ => continue,
        }
        start.get_or_insert(part.start_byte());
        end = part.end_byte();
    }
    let id = l.make_at(Kind::Modifiers, 0, node.start_byte()..end, Symbol::EMPTY, &list);
    let named = node.child_by_field_name("name").or_else(|| node.child_by_field_name("pattern"));
    (id, start.or(named.map(|name| name.start_byte())).unwrap_or(node.start_byte()))
}

/// The end of a definition, without a marker such as `end f`.
fn end_of(l: &Lowerer<'_>, node: Node<'_>) -> usize {
    let last = l.all(node).into_iter().rfind(|child| child.kind() != "end_marker");
    last.map_or(node.end_byte(), |last| last.end_byte())
}

pub(super) fn definition(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let (words, start) = modifiers(l, node, &["val", "var"]);
    let slots = [words, l.field(node, "type"), l.field(node, "pattern"), l.field(node, "value")];
    let range = start..end_of(l, node);
    l.make_at(Kind::VariableDefinition, node.kind_id(), range, Symbol::EMPTY, &slots)
}

pub(super) fn declaration(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut all = Vec::new();
    for name in l.fields(node, "name").into_iter().filter(Node::is_named) {
        let (words, start) = modifiers(l, node, &["val", "var"]);
        let slots = [words, l.field(node, "type"), l.lower(name), l.missing(node)];
        let range = start..node.end_byte();
        all.push(l.make_at(Kind::VariableDefinition, node.kind_id(), range, Symbol::EMPTY, &slots));
    }
    match all.as_slice() {
        [only] => *only,
        _ => l.make(Kind::Definitions, node, Symbol::EMPTY, &all),
    }
}

pub(super) fn function(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let (words, start) = modifiers(l, node, &[]);
    let returns = l.field(node, "return_type");
    let name = l.field(node, "name");
    let lists: Vec<Node<'_>> =
        l.fields(node, "parameters").into_iter().filter(|list| list.kind() == "parameters").collect();
    let mut taken = Vec::new();
    for list in &lists {
        for part in l.named(*list).into_iter().filter(|part| part.kind() == "parameter") {
            taken.push(parameter(l, part));
        }
    }
    let range = match (lists.first(), lists.last()) {
        (Some(first), Some(last)) => first.start_byte()..last.end_byte(),
        _ => start..start,
    };
    let parameters = l.make_at(Kind::Parameters, 0, range, Symbol::EMPTY, &taken);
    let body = match node.child_by_field_name("body") {
        Some(body) => {
            let inner = l.lower(body);
            let hole = l.tree().kind(inner) == Kind::Name
                && l.symbol_text(l.tree().symbol(inner)).contains(METAVARIABLE_MARK);
            if hole || l.tree().kind(inner) == Kind::Block {
                returning(l, inner)
            } else {
                let value = returning(l, inner);
                l.make_at(Kind::Block, 0, body.byte_range(), Symbol::EMPTY, &[value])
            }
        }
        None => l.missing(node),
    };
    let range = start..end_of(l, node);
    let slots = [words, returns, name, parameters, body];
    l.make_at(Kind::Function, node.kind_id(), range, Symbol::EMPTY, &slots)
}

pub(super) fn parameter(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut list = Vec::new();
    for part in l.named(node) {
        if part.kind() == "annotation" {
            list.push(l.lower(part));
        } else if part.kind().ends_with("_modifier") {
            list.push(l.leaf(Kind::Token, part));
        }
    }
    let words = l.make_at(Kind::Modifiers, 0, node.start_byte()..node.start_byte(), Symbol::EMPTY, &list);
    let type_ = parameter_type(l, node);
    let rest = type_.is_some_and(|type_| type_.kind() == "repeated_parameter_type");
    let slots = [words, l.optional(node, type_), l.field(node, "name"), l.field(node, "default_value")];
    l.make(Kind::Parameter, node, if rest { Symbol::ELLIPSIS } else { Symbol::EMPTY }, &slots)
}

fn parameter_type<'t>(l: &Lowerer<'_>, node: Node<'t>) -> Option<Node<'t>> {
    l.fields(node, "type").into_iter().find(Node::is_named)
}

pub(super) fn class(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let (words, start) = modifiers(l, node, &[]);
    let name = l.field(node, "name");
    let mut supers: Vec<NodeId> = Vec::new();
    let clause = node.child_by_field_name("extend");
    for part in clause.map(|clause| l.named(clause)).unwrap_or_default() {
        match (part.kind(), supers.last().copied()) {
            ("arguments", Some(before)) => {
                let arguments = l.lower(part);
                let range = l.tree().range(before).start..part.end_byte();
                supers.pop();
                supers.push(l.make_at(Kind::Call, 0, range, Symbol::EMPTY, &[before, arguments]));
            }
            ("compound_type", _) => {
                for inherited in l.named(part) {
                    if inherited.kind() != "refinement" {
                        supers.push(l.lower(inherited));
                    }
                }
            }
            _ => supers.push(l.lower(part)),
        }
    }
    let range = clause.map_or(node.start_byte()..node.start_byte(), |clause| clause.byte_range());
    let supers = l.make_at(Kind::Supers, 0, range, Symbol::EMPTY, &supers);
    let mut members = Vec::new();
    for list in l.fields(node, "class_parameters") {
        for field in l.named(list).into_iter().filter(|field| field.kind() == "class_parameter") {
            members.push(class_parameter(l, field));
        }
    }
    let body = l.fields(node, "body").into_iter().find(Node::is_named);
    let range = match body {
        Some(body) => {
            for part in l.named(body) {
                if part.kind() == "enum_case_definitions" {
                    members.extend(enum_cases(l, part));
                } else {
                    members.extend(statements(l, &[part]));
                }
            }
            body.byte_range()
        }
        None => {
            let head = l.fields(node, "class_parameters").last().map(Node::byte_range);
            head.unwrap_or(node.end_byte()..node.end_byte())
        }
    };
    let body = l.make_at(Kind::Block, 0, range, Symbol::EMPTY, &members);
    let keyword = match node.kind() {
        "trait_definition" => "trait",
        "object_definition" | "package_object" => "object",
        "enum_definition" => "enum",
        _ => "class",
    };
    let symbol = l.intern(keyword);
    let range = start..end_of(l, node);
    l.make_at(Kind::Class, node.kind_id(), range, symbol, &[words, name, supers, body])
}

fn class_parameter(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let (words, _) = modifiers(l, node, &["val", "var"]);
    let type_ = parameter_type(l, node);
    let slots = [words, l.optional(node, type_), l.field(node, "name"), l.field(node, "default_value")];
    l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &slots)
}

fn enum_cases(l: &mut Lowerer<'_>, node: Node<'_>) -> Vec<NodeId> {
    let mut out = Vec::new();
    for part in l.named(node).into_iter().filter(|part| part.kind().ends_with("_enum_case")) {
        let slots = [l.empty(Kind::Modifiers, part), l.missing(part), l.field(part, "name"), l.missing(part)];
        out.push(l.make(Kind::VariableDefinition, part, Symbol::EMPTY, &slots));
    }
    out
}

/// The functions that it adds, among their neighbours.
pub(super) fn extension(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let body: Vec<Node<'_>> = l.fields(node, "body").into_iter().filter(Node::is_named).collect();
    let functions = statements(l, &body);
    l.make(Kind::Definitions, node, Symbol::EMPTY, &functions)
}
