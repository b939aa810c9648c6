//! HTML. Names of elements and attributes are small letters, however they are written.
//!
//! The document type is an element too. What a script or a style holds is its text.

use super::{
    Compiled, ELLIPSIS_NAME, Language, Lower, Lowerer, METAVARIABLE_MARK, PatternSyntax, Spec, Traits, markup,
};
use crate::tree::{Kind, NodeId, Symbol};
use Lower::With;
use tree_sitter::Node;

pub(super) static SPEC: Spec = Spec {
    language: Language::Html,
    grammar: || tree_sitter_html::LANGUAGE.into(),
    lowering: &[&[
        ("document", With(document)),
        ("doctype", With(doctype)),
        ("element", With(element)),
        ("script_element", With(element)),
        ("style_element", With(element)),
        ("tag_name", With(name)),
        ("attribute_name", With(name)),
        ("attribute", With(attribute)),
        ("attribute_value", With(markup::value)),
        ("quoted_attribute_value", With(markup::value)),
        ("text", With(markup::text)),
        ("raw_text", With(markup::text)),
        ("entity", With(markup::text)),
    ]],
    ignored_tokens: &[],
    pattern: PatternSyntax {
        contexts: &[("<semgrep-w ", ">"), ("", "")],
        ellipsis: &["semgrep_ellipsis"],
        metavariable: &["mv__"],
        dedent: false,
        own_ellipsis: false,
    },
    traits: Traits { receivers: &[], ..Traits::COMMON },
    compiled: Compiled::new(),
};

/// Names of elements have no `_`: in them, patterns write their marks with `-`.
const TAG_MARK: &str = "mv--";

fn name(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let text = l.text(node).into_owned();
    let capital = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
    let hole = text.strip_prefix(TAG_MARK).filter(|rest| rest.bytes().all(capital));
    let text = match hole {
        Some(rest) => format!("{METAVARIABLE_MARK}{}", rest.replace('-', "_")),
        None if text.starts_with(METAVARIABLE_MARK) || text.starts_with(ELLIPSIS_NAME) => text,
        None => text.to_ascii_lowercase(),
    };
    l.leaf_of(Kind::Name, node, &text)
}

/// Elements and text, without end tags that end nothing and empty scripts.
fn content(l: &mut Lowerer<'_>, parts: Vec<Node<'_>>) -> Vec<NodeId> {
    let says = |part: &Node<'_>| match part.kind() {
        "erroneous_end_tag" => false,
        "raw_text" => !l.bytes(part.byte_range()).iter().all(u8::is_ascii_whitespace),
        _ => true,
    };
    let parts: Vec<Node<'_>> = parts.into_iter().filter(says).collect();
    l.lower_list(&parts)
}

fn document(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    let children = content(l, parts);
    l.make(Kind::Program, node, Symbol::EMPTY, &children)
}

fn doctype(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let Some(word) = l.child_of_kind(node, "doctype") else { return l.other(node) };
    let name = name(l, word);
    let inside = word.end_byte()..node.end_byte().saturating_sub(1).max(word.end_byte());
    let text = markup::text_between(l, node, inside.clone());
    markup::element(l, node, name, &[], Some((inside, vec![text])), node.end_byte())
}

fn element(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut parts = l.named(node);
    let starts = parts.first().is_some_and(|tag| matches!(tag.kind(), "start_tag" | "self_closing_tag"));
    if !starts {
        return l.other(node);
    }
    let tag = parts.remove(0);
    let close = parts.pop_if(|last| last.kind() == "end_tag");
    let mut heads = l.named(tag);
    if heads.is_empty() {
        return l.other(node);
    }
    let name = l.lower(heads.remove(0));
    let attributes = l.lower_list(&heads);
    if tag.kind() == "self_closing_tag" {
        return markup::element(l, node, name, &attributes, None, node.end_byte());
    }
    let content = content(l, parts);
    // The grammar counts the space up to the next tag as part of an element that has no end tag.
    let last = content.last().map_or(tag.end_byte(), |last| l.tree().range(*last).end);
    let (inside, end) = match close {
        Some(close) => (tag.end_byte()..close.start_byte(), close.end_byte()),
        None => (tag.end_byte()..last, last),
    };
    markup::element(l, node, name, &attributes, Some((inside, content)), end)
}

fn attribute(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    let name = l.optional(node, parts.first().copied());
    let value = l.optional(node, parts.get(1).copied());
    l.make(Kind::Attribute, node, Symbol::EMPTY, &[name, value])
}

#[cfg(test)]
mod tests {
    use crate::language::{Language, parse};
    use crate::pattern::Pattern;
    use crate::tree::Symbols;

    fn sexp(source: &str) -> String {
        let mut symbols = Symbols::default();
        let spec = Language::Html.spec_for("a.html").unwrap();
        let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
        assert!(tree.errors.is_empty(), "{source}: {:?}", tree.errors);
        tree.to_sexp(tree.root, &symbols)
    }

    fn pattern(text: &str) -> String {
        let mut symbols = Symbols::default();
        let spec = Language::Html.spec_for("a.html").unwrap();
        let pattern =
            Pattern::compile(text, spec, &mut symbols).unwrap_or_else(|error| panic!("{text}: {error}"));
        pattern.roots().iter().map(|root| pattern.tree.to_sexp(*root, &symbols)).collect()
    }

    #[test]
    fn documents() {
        assert_eq!(
            sexp("<!doctype HTML><A Href='x' b=c d>t &amp; <b>u</b></A><br> <script>\n f(1 < 2)\n</script>"),
            "(Program (Element (Name \"doctype\") (Block (Text \"HTML\"))) (Element (Name \"a\") (Attribute (Name \"href\") \
             (String \"x\")) (Attribute (Name \"b\") (String \"c\")) (Attribute (Name \"d\") _) (Block (Text \"t\") (Text \
             \"&amp;\") (Element (Name \"b\") (Block (Text \"u\"))))) (Element (Name \"br\") (Block)) (Element (Name \
             \"script\") (Block (Text \"f(1 < 2)\"))))"
        );
    }

    #[test]
    fn elements_without_end_tag_end_with_what_they_hold() {
        let mut symbols = Symbols::default();
        let spec = Language::Html.spec_for("a.html").unwrap();
        let source = "<ul><li>a\n<li><br>\n</ul>";
        let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
        let texts: Vec<&str> = tree
            .ids()
            .filter(|id| tree.kind(*id) == crate::tree::Kind::Element)
            .map(|id| &source[tree.range(id)])
            .collect();
        assert!(
            texts.contains(&"<li>a") && texts.contains(&"<li><br>") && texts.contains(&"<br>"),
            "{texts:?}"
        );
    }

    #[test]
    fn patterns() {
        for (text, wanted) in [
            (
                "<$TAG_1 ... $A=\"...\">...</$TAG_1>",
                "(Element (Metavariable \"$TAG_1\") (Ellipsis \"...\") (Attribute (Metavariable \"$A\") (String \"...\")) (Block \
                 (Ellipsis \"...\")))",
            ),
            (
                "<script src=$S>$X</script>",
                "(Element (Name \"script\") (Attribute (Name \"src\") (String \"$S\")) (Block (Text \"$X\")))",
            ),
            ("href=\"=~/^http:/\"", "(Attribute (Name \"href\") (String \"=~/^http:/\"))"),
            ("<img ...>", "(Element (Name \"img\") (Ellipsis \"...\") (Block))"),
            ("<div>$...X</div>", "(Element (Name \"div\") (Block (MetavariableEllipsis \"$...X\")))"),
        ] {
            assert_eq!(pattern(text), wanted, "{text}");
        }
        for text in [
            "<a ...>...</a>",
            "<a href=\"...\" ...>...</a>",
            "<a href=$H target=\"_blank\">$T</a>",
            "<form ... method=\"post\" ...>...<input ... type=\"file\" ...>...</form>",
            "<!DOCTYPE html>",
            "<html ...>...</html>",
            "<input type=\"$T\" ... disabled />",
            "<$T $ON_EVENT=\"...$X...\">...</$T>",
            "<p>one <b>two</b> ...</p>",
            "<style>...</style>",
        ] {
            assert!(!pattern(text).contains("Error"), "{text}");
        }
    }

    #[test]
    fn broken_and_deep_source_ends() {
        let spec = Language::Html.spec_for("a.html").unwrap();
        for source in ["<a b=", &"<b>".repeat(3000), "<<<>", "<!", "</a><p", "<script>", "<a ='"] {
            let mut symbols = Symbols::default();
            let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
            let silent = source.contains("script");
            assert!(!tree.errors.is_empty() || tree.too_deep > 0 || silent, "{source}");
        }
    }
}
