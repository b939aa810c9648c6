//! Dockerfile.
//!
//! An instruction is a definition named by its keyword; what it is given is a list of words. Options (`--chown=…`) and the name
//! of a stage (`AS x`) are modifiers, which a pattern may leave out.

use super::{
    Compiled, ELLIPSIS_NAME, Language, Lower, Lowerer, METAVARIABLE_MARK, PatternSyntax, Spec, Traits,
};
use crate::tree::{Kind, NodeId, Symbol};
use Lower::{All, With};
use tree_sitter::Node;

pub(super) static SPEC: Spec = Spec {
    language: Language::Dockerfile,
    grammar: || tree_sitter_containerfile::LANGUAGE.into(),
    lowering: &[&[
        ("source_file", All(Kind::Program)),
        ("add_instruction", With(instruction)),
        ("arg_instruction", With(instruction)),
        ("cmd_instruction", With(instruction)),
        ("copy_instruction", With(instruction)),
        ("cross_build_instruction", With(instruction)),
        ("entrypoint_instruction", With(instruction)),
        ("env_instruction", With(instruction)),
        ("expose_instruction", With(instruction)),
        ("from_instruction", With(instruction)),
        ("healthcheck_instruction", With(instruction)),
        ("label_instruction", With(instruction)),
        ("maintainer_instruction", With(instruction)),
        ("onbuild_instruction", With(instruction)),
        ("run_instruction", With(instruction)),
        ("shell_instruction", With(instruction)),
        ("stopsignal_instruction", With(instruction)),
        ("user_instruction", With(instruction)),
        ("volume_instruction", With(instruction)),
        ("workdir_instruction", With(instruction)),
        ("json_string_array", All(Kind::List)),
        ("json_string", With(quoted)),
        ("double_quoted_string", With(quoted)),
        ("single_quoted_string", With(quoted)),
        ("unquoted_string", With(word)),
        ("path", With(word)),
        ("expose_port", With(word)),
        ("image_spec", With(image)),
        ("image_name", With(word)),
        ("env_pair", With(pair)),
        ("arg_pair", With(pair)),
        ("label_pair", With(pair)),
    ]],
    ignored_tokens: &[],
    pattern: PatternSyntax {
        contexts: &[("", "\n"), ("FROM w\n", "\n")],
        ellipsis: &[
            "\"semgrep_ellipsis#\"",
            "semgrep_ellipsis",
            "MAINTAINER semgrep_ellipsis",
            "$semgrep_ellipsis",
        ],
        metavariable: &["mv__", "$mv__"],
        dedent: true,
        own_ellipsis: false,
    },
    traits: Traits { receivers: &[], ..Traits::COMMON },
    compiled: Compiled::new(),
};

/// A leaf for one word: in a pattern it may be a hole for any.
fn leaf(l: &mut Lowerer<'_>, range: std::ops::Range<usize>) -> NodeId {
    let text = l.slice(range.start, range.end).into_owned();
    let bare = text.trim_matches(['"', '$']);
    let is_name = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let hole = is_name(bare) && (bare.starts_with(METAVARIABLE_MARK) || bare.starts_with(ELLIPSIS_NAME));
    let symbol = l.intern(if hole { bare } else { &text });
    l.make_at(if hole { Kind::Name } else { Kind::String }, 0, range, symbol, &[])
}

fn word(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    leaf(l, node.byte_range())
}

fn quoted(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let range = l.inside_quotes(node);
    let text = l.slice(range.start, range.end).into_owned();
    l.leaf_of(Kind::String, node, &text)
}

/// The words of a shell command, across continued lines.
fn words(l: &mut Lowerer<'_>, node: Node<'_>, out: &mut Vec<NodeId>) {
    let text = l.text(node).into_owned();
    let mut at = 0;
    for part in text.split_inclusive(char::is_whitespace) {
        let trimmed = part.trim_end();
        if !trimmed.is_empty() && trimmed != "\\" {
            let start = node.start_byte() + at;
            out.push(leaf(l, start..start + trimmed.len()));
        }
        at += part.len();
    }
}

/// `name:tag@digest`
fn image(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut whole = l.field(node, "name");
    for (field, sign) in [("tag", ':'), ("digest", '@')] {
        if let Some(part) = node.child_by_field_name(field) {
            let mut range = part.byte_range();
            if l.text(part).starts_with(sign) {
                range.start += 1;
            }
            let end = range.end;
            let part = leaf(l, range);
            let symbol = l.intern(sign.encode_utf8(&mut [0; 4]));
            whole = l.make_at(Kind::Binary, node.kind_id(), node.start_byte()..end, symbol, &[whole, part]);
        }
    }
    whole
}

fn pair(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let children = l.lower_named(node);
    match children.as_slice() {
        [only] => *only,
        [key, value] => l.make(Kind::Pair, node, Symbol::EMPTY, &[*key, *value]),
        [key, rest @ ..] => {
            let value = l.make(Kind::List, node, Symbol::EMPTY, rest);
            l.make(Kind::Pair, node, Symbol::EMPTY, &[*key, value])
        }
        [] => leaf(l, node.byte_range()),
    }
}

fn instruction(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(keyword) = node.child(0) else { return l.other(node) };
    let upper = l.text(keyword).to_ascii_uppercase();
    let name = l.leaf_of(Kind::Name, keyword, &upper);
    let (mut modifiers, mut values) = (Vec::new(), Vec::new());
    for child in l.named(node) {
        match child.kind() {
            "param" | "mount_param" | "image_alias" => {
                let value = leaf(l, child.byte_range());
                modifiers.push(l.make(Kind::Decorator, child, Symbol::EMPTY, &[value]));
            }
            "shell_command" | "heredoc_block" => words(l, child, &mut values),
            "end_of_options" | "line_continuation" => {}
            _ => values.push(l.lower(child)),
        }
    }
    // What the grammar keeps no node for: `HEALTHCHECK NONE`, `MAINTAINER x`.
    if values.is_empty() && modifiers.is_empty() {
        let range = keyword.end_byte()..node.end_byte();
        let text = l.slice(range.start, range.end).into_owned();
        let inner = text.trim();
        if !inner.is_empty() {
            let start = range.start + text.len() - text.trim_start().len();
            values.push(leaf(l, start..start + inner.len()));
        }
    }
    // An instruction that no pattern asks for stands for any.
    let any = upper == "MAINTAINER"
        && values.first().is_some_and(|value| l.symbol_text(l.tree().symbol(*value)) == ELLIPSIS_NAME);
    if any {
        let missing = l.missing(node);
        let modifiers = l.make(Kind::Modifiers, keyword, Symbol::EMPTY, &[]);
        let symbol = l.intern(ELLIPSIS_NAME);
        let name = l.make(Kind::Name, keyword, symbol, &[]);
        return l.make(Kind::VariableDefinition, node, Symbol::EMPTY, &[modifiers, missing, name, missing]);
    }
    let modifiers =
        l.make_at(Kind::Modifiers, 0, node.start_byte()..node.start_byte(), Symbol::EMPTY, &modifiers);
    let type_ = l.missing(node);
    let value = match values.as_slice() {
        [only, ..] if upper == "FROM" => *only,
        _ => {
            let range = match (values.first(), values.last()) {
                (Some(first), Some(last)) => l.tree().range(*first).start..l.tree().range(*last).end,
                _ => node.end_byte()..node.end_byte(),
            };
            l.make_at(Kind::List, 0, range, Symbol::EMPTY, &values)
        }
    };
    let end = l.tree().range(value).end.max(keyword.end_byte());
    let range = node.start_byte()..node.end_byte().min(end.max(node.start_byte() + 1));
    let range = if modifiers_end(l, modifiers) > range.end { node.byte_range() } else { range };
    l.make_at(Kind::VariableDefinition, 0, range, Symbol::EMPTY, &[modifiers, type_, name, value])
}

fn modifiers_end(l: &Lowerer<'_>, modifiers: NodeId) -> usize {
    l.tree().children(modifiers).iter().map(|child| l.tree().range(*child).end).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use crate::language::{Language, parse};
    use crate::tree::Symbols;

    #[test]
    fn instructions() {
        let source = "FROM a/b:1 AS c\nRUN x -y \\\n  && z\nCOPY --chown=u . /d\nCMD [\"e\", \"f\"]\nENV G=h I=\"j k\"\nUSER root\n";
        let mut symbols = Symbols::default();
        let spec = Language::Dockerfile.spec_for("Dockerfile").unwrap();
        let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
        assert!(tree.errors.is_empty());
        assert_eq!(
            tree.to_sexp(tree.root, &symbols),
            "(Program (VariableDefinition (Modifiers (Decorator (String \"c\"))) _ (Name \"FROM\") (Binary \":\" (String \"a/b\") \
             (String \"1\"))) (VariableDefinition (Modifiers) _ (Name \"RUN\") (List (String \"x\") (String \"-y\") (String \
             \"&&\") (String \"z\"))) (VariableDefinition (Modifiers (Decorator (String \"--chown=u\"))) _ (Name \"COPY\") (List \
             (String \".\") (String \"/d\"))) (VariableDefinition (Modifiers) _ (Name \"CMD\") (List (List (String \"e\") (String \
             \"f\")))) (VariableDefinition (Modifiers) _ (Name \"ENV\") (List (Pair (String \"G\") (String \"h\")) (Pair (String \
             \"I\") (String \"j k\")))) (VariableDefinition (Modifiers) _ (Name \"USER\") (List (String \"root\"))))"
        );
    }

    #[test]
    fn broken_source_ends() {
        let spec = Language::Dockerfile.spec_for("Dockerfile").unwrap();
        for source in ["FROM", "RUN", "COPY [\"a", "\u{0}\u{fffd}", "RUN <<E\nx"] {
            let mut symbols = Symbols::default();
            parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
        }
    }
}
