//! XML.
//!
//! Declarations are elements too: `<?xml version="1.0"?>` has attributes, `<!DOCTYPE a [<!ENTITY b "c">]>` holds its name as
//! text and its entities as elements. A `CDATA` section is text.

use super::{Compiled, Language, Lower, Lowerer, PatternSyntax, Spec, Traits, markup};
use crate::tree::{Kind, NodeId, Symbol};
use Lower::{Leaf, With};
use tree_sitter::Node;

pub(super) static SPEC: Spec = Spec {
    language: Language::Xml,
    grammar: || tree_sitter_xml::LANGUAGE_XML.into(),
    lowering: &[&[
        ("document", With(document)),
        ("element", With(element)),
        ("EmptyElemTag", With(element)),
        ("Name", Leaf(Kind::Name)),
        ("Attribute", With(attribute)),
        ("PseudoAtt", With(attribute)),
        ("AttValue", With(markup::value)),
        ("PseudoAttValue", With(markup::value)),
        ("SystemLiteral", With(markup::value)),
        ("PubidLiteral", With(markup::value)),
        ("EntityValue", With(markup::value)),
        ("CharData", With(markup::text)),
        ("CData", With(markup::text)),
        ("CDSect", With(section)),
        ("EntityRef", With(markup::text)),
        ("CharRef", With(markup::text)),
        ("PEReference", With(reference)),
        ("XMLDecl", With(xml_declaration)),
        ("StyleSheetPI", With(instruction)),
        ("XmlModelPI", With(instruction)),
        ("PI", With(instruction)),
        ("doctypedecl", With(declaration)),
        ("GEDecl", With(declaration)),
        ("PEDecl", With(declaration)),
    ]],
    ignored_tokens: &["<!", "<?", "?>", ">", "="],
    pattern: PatternSyntax {
        contexts: &[
            ("", ""),
            ("", "<semgrep_w/>"),
            ("<semgrep_w ", "/>"),
            ("<!DOCTYPE semgrep_w [", "]><semgrep_w/>"),
            ("<semgrep_w>", "</semgrep_w>"),
        ],
        ellipsis: &[
            "semgrep_ellipsis",
            "semgrep_ellipsis=\"semgrep_ellipsis#\"",
            "%semgrep_ellipsis;",
            "[%semgrep_ellipsis;]",
        ],
        metavariable: &["mv__"],
        dedent: false,
        own_ellipsis: false,
    },
    traits: Traits { receivers: &[], ..Traits::COMMON },
    compiled: Compiled::new(),
};

/// Elements and text, without comments and white space.
fn content(l: &mut Lowerer<'_>, parts: &[Node<'_>]) -> Vec<NodeId> {
    let mut out = Vec::new();
    for part in parts {
        let blank =
            part.kind() == "CharData" && l.bytes(part.byte_range()).iter().all(u8::is_ascii_whitespace);
        if part.kind() != "Comment" && !blank {
            out.push(l.lower(*part));
        }
    }
    out
}

fn document(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut parts = Vec::new();
    for part in l.named(node) {
        match part.kind() {
            "prolog" => parts.extend(l.named(part)),
            _ => parts.push(part),
        }
    }
    let children = content(l, &parts);
    l.make(Kind::Program, node, Symbol::EMPTY, &children)
}

fn element(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    let tag = match parts.first() {
        Some(tag) if matches!(tag.kind(), "STag" | "EmptyElemTag") => *tag,
        _ if node.kind() == "EmptyElemTag" => node,
        _ => return l.other(node),
    };
    let heads = l.lower_named(tag);
    let Some((name, attributes)) = heads.split_first() else { return l.other(node) };
    let mut inside = None;
    if tag.kind() == "STag" {
        let close = parts.iter().find(|part| part.kind() == "ETag").map_or(node.end_byte(), Node::start_byte);
        let held: Vec<Node<'_>> = parts
            .iter()
            .skip(1)
            .filter(|part| part.kind() != "ETag")
            .flat_map(|part| if part.kind() == "content" { l.named(*part) } else { vec![*part] })
            .collect();
        inside = Some((tag.end_byte()..close, content(l, &held)));
    }
    markup::element(l, node, *name, attributes, inside, node.end_byte())
}

fn attribute(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.named(node);
    let name = l.optional(node, parts.first().copied());
    let value = l.optional(node, parts.get(1).copied());
    l.make(Kind::Attribute, node, Symbol::EMPTY, &[name, value])
}

fn section(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    match l.child_of_kind(node, "CData") {
        Some(text) => l.lower(text),
        None => markup::text_between(l, node, node.end_byte()..node.end_byte()),
    }
}

/// `%name;` is the name.
fn reference(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let name = l.child_of_kind(node, "Name").unwrap_or(node);
    markup::text(l, name)
}

/// `<?xml version="1.0" encoding="UTF-8"?>`.
fn xml_declaration(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut name = None;
    let mut word = None;
    let mut attributes = Vec::new();
    for part in l.all(node) {
        match part.kind() {
            "xml" => name = Some(l.leaf(Kind::Name, part)),
            "version" | "encoding" | "standalone" => word = Some(part),
            "VersionNum" | "EncName" | "yes" | "no" => {
                if let Some(word) = word.take() {
                    let children = [l.leaf(Kind::Name, word), l.leaf(Kind::String, part)];
                    let range = word.start_byte()..part.end_byte() + 1;
                    attributes.push(l.make_at(Kind::Attribute, 0, range, Symbol::EMPTY, &children));
                }
            }
            _ => {}
        }
    }
    let name = name.unwrap_or_else(|| l.missing(node));
    markup::element(l, node, name, &attributes, None, node.end_byte())
}

/// `<?target what is said to it?>`: attributes where the grammar tells them, else text.
fn instruction(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let parts = l.all(node);
    let Some(target) = parts.get(1) else { return l.other(node) };
    let name = l.leaf(Kind::Name, *target);
    let pairs: Vec<Node<'_>> = parts.iter().filter(|part| part.kind() == "PseudoAtt").copied().collect();
    let attributes = l.lower_list(&pairs);
    let mut inside = None;
    if node.kind() == "PI" {
        let range = target.end_byte()..node.end_byte().saturating_sub(2).max(target.end_byte());
        let said = !l.bytes(range.clone()).iter().all(u8::is_ascii_whitespace);
        let text = said.then(|| markup::text_between(l, node, range.clone()));
        inside = Some((range, text.into_iter().collect()));
    }
    markup::element(l, node, name, &attributes, inside, node.end_byte())
}

/// `<!WORD name …>`.
fn declaration(l: &mut Lowerer<'_>, node: Node<'_>) -> NodeId {
    let mut name = None;
    let mut held = Vec::new();
    for part in l.all(node) {
        match part.kind() {
            "DOCTYPE" | "ENTITY" => name = Some(part),
            "Name" => held.push(markup::text(l, part)),
            "%" => held.push(l.leaf(Kind::Token, part)),
            "Comment" => {}
            _ if part.is_named() || part.is_error() => held.push(l.lower(part)),
            _ => {}
        }
    }
    let Some(name) = name else { return l.other(node) };
    let inside = name.end_byte()..node.end_byte().saturating_sub(1).max(name.end_byte());
    let name = l.leaf(Kind::Name, name);
    markup::element(l, node, name, &[], Some((inside, held)), node.end_byte())
}

#[cfg(test)]
mod tests {
    use crate::language::{Language, parse};
    use crate::pattern::Pattern;
    use crate::tree::Symbols;

    fn sexp(source: &str) -> String {
        let mut symbols = Symbols::default();
        let spec = Language::Xml.spec_for("a.xml").unwrap();
        let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
        assert!(tree.errors.is_empty(), "{source}: {:?}", tree.errors);
        tree.to_sexp(tree.root, &symbols)
    }

    fn pattern(text: &str) -> String {
        let mut symbols = Symbols::default();
        let spec = Language::Xml.spec_for("a.xml").unwrap();
        let pattern =
            Pattern::compile(text, spec, &mut symbols).unwrap_or_else(|error| panic!("{text}: {error}"));
        pattern.roots().iter().map(|root| pattern.tree.to_sexp(*root, &symbols)).collect()
    }

    #[test]
    fn elements() {
        assert_eq!(
            sexp("<A b='1'>\n <!-- c --> <x:y z=\"&lt;\" /> t &amp;<![CDATA[ <u> ]]></A>\n"),
            "(Program (Element (Name \"A\") (Attribute (Name \"b\") (String \"1\")) (Block (Element (Name \"x:y\") (Attribute \
             (Name \"z\") (String \"&lt;\"))) (Text \"t\") (Text \"&amp;\") (Text \"<u>\"))))"
        );
    }

    #[test]
    fn declarations() {
        assert_eq!(
            sexp(
                "<?xml version=\"1.0\" encoding='UTF-8'?><!DOCTYPE d [<!ENTITY e SYSTEM \"file:///x\"><!ENTITY % f \
                 \"g\">]><?p q r?>\n<a/>"
            ),
            "(Program (Element (Name \"xml\") (Attribute (Name \"version\") (String \"1.0\")) (Attribute (Name \"encoding\") \
             (String \"UTF-8\"))) (Element (Name \"DOCTYPE\") (Block (Text \"d\") (Element (Name \"ENTITY\") (Block (Text \
             \"e\") (Other (Token \"SYSTEM\") (String \"file:///x\")))) (Element (Name \"ENTITY\") (Block (Token \"%\") (Text \
             \"f\") (String \"g\"))))) (Element (Name \"p\") (Block (Text \"q r\"))) (Element (Name \"a\")))"
        );
    }

    #[test]
    fn patterns() {
        for (text, wanted) in [
            (
                "<$T ... a:b=\"$V\" ... />",
                "(Element (Metavariable \"$T\") (Ellipsis \"...\") (Attribute (Name \"a:b\") (String \"$V\")) (Ellipsis \
                 \"...\"))",
            ),
            (
                "<a b=$V>...</a>",
                "(Element (Name \"a\") (Attribute (Name \"b\") (String \"$V\")) (Block (Ellipsis \"...\")))",
            ),
            ("a:b=\"...\"", "(Attribute (Name \"a:b\") (String \"...\"))"),
            ("<!DOCTYPE $X [...]>", "(Element (Name \"DOCTYPE\") (Block (Text \"$X\") (Ellipsis \"...\")))"),
            (
                "<!ENTITY $N SYSTEM \"...\">",
                "(Element (Name \"ENTITY\") (Block (Text \"$N\") (Other (Token \"SYSTEM\") (String \"...\"))))",
            ),
            ("<a>$...X</a>", "(Element (Name \"a\") (Block (MetavariableEllipsis \"$...X\")))"),
        ] {
            assert_eq!(pattern(text), wanted, "{text}");
        }
        for text in [
            "<activity ... />",
            "<activity ... android:exported=\"true\" ...>...</activity>",
            "<a ...>... <b ... /> ...</a>",
            "<a b=$V c=\"...\" $D=\"x\" />",
            "<?xml version=\"1.0\"?>",
            "<!DOCTYPE ...>",
            "<!DOCTYPE $X ...>",
            "<$T>$X</$T>",
            "<a/>\n<b/>",
        ] {
            assert!(!pattern(text).contains("Error"), "{text}");
        }
    }

    #[test]
    fn broken_and_deep_source_ends() {
        let spec = Language::Xml.spec_for("a.xml").unwrap();
        for source in ["<a b=", &"<b>".repeat(3000), "<<<>", "<!", "</a><p", "<a><b></a>", "plain"] {
            let mut symbols = Symbols::default();
            let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
            assert!(!tree.errors.is_empty() || tree.too_deep > 0, "{source}");
        }
    }
}
