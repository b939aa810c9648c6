//! CycloneDX bills of materials in XML, 1.0 to 1.7: the same facts as in JSON under the same names.

use super::Format;
use super::bom::{Bom, Part, cut, hash};
use super::lines::file_name;
use super::xml::{self, Element};
use crate::{Manifest, ParseError, Scope};

/// The format.
pub(super) const FORMAT: Format = Format { name: "cyclonedx-xml", matches, parse };

fn matches(path: &str) -> bool {
    let name = file_name(path).to_ascii_lowercase();
    name.ends_with(".cdx.xml")
        || matches!(name.as_str(), "bom.xml" | "cyclonedx.xml")
        || name.ends_with("-bom.xml")
        || (name.contains("sbom") && name.ends_with(".xml"))
}

fn parse(path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let document = xml::parse(bytes)?;
    let mut bom = Bom::new();
    let namespace = namespace(bytes);
    if document.name != "bom" || namespace.is_none() {
        let name = file_name(path).to_ascii_lowercase();
        let words = format!("<{}> is no bill of materials of CycloneDX", cut(&document.name));
        if name.ends_with(".cdx.xml") || name == "cyclonedx.xml" {
            return Err(ParseError::at(bytes, document.span.start, words));
        }
        bom.out.problem(document.span.start, words);
        return Ok(bom.finish());
    }
    let told = namespace.filter(|version| !matches!(*version, "1.0" | "1.1"));
    if let Some(version) = told {
        super::cyclonedx::version(&mut bom, Some((document.span.start, Some(version))));
    }
    if let Some(project) = document.child("metadata").and_then(|metadata| metadata.child("component")) {
        let group = named(project);
        bom.root(&part(project, &group));
        components(project, &mut bom);
    }
    components(&document, &mut bom);
    for from in document.child("dependencies").into_iter().flat_map(|list| list.all("dependency")) {
        let Some(reference) = from.attribute("ref") else { continue };
        for to in from.all("dependency").filter_map(|to| to.attribute("ref")) {
            bom.edge(reference, to, None);
        }
    }
    Ok(bom.finish())
}

/// The version that the namespace of the schema names: `http://cyclonedx.org/schema/bom/1.4`.
fn namespace(bytes: &[u8]) -> Option<&str> {
    const FRONT: &[u8] = b"cyclonedx.org/schema/bom/";
    // The outermost element stands near the start; comments before it may be long, but not endless.
    let head = bytes.get(..bytes.len().min(1 << 16))?;
    let rest = head.get(memchr::memmem::find(head, FRONT)? + FRONT.len()..)?;
    let length = rest.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').take(8).count();
    std::str::from_utf8(rest.get(..length)?).ok()
}

/// The components in an element's `components`, and those inside them.
fn components(parent: &Element<'_>, bom: &mut Bom) {
    let list = |element: &'_ Element<'_>| element.child("components").map(|list| list.children.len());
    if list(parent).is_none() {
        return;
    }
    let mut open: Vec<&Element<'_>> = Vec::new();
    push(parent, &mut open);
    while let Some(component) = open.pop() {
        let name = named(component);
        bom.part(part(component, &name));
        push(component, &mut open);
    }
}

fn push<'e, 'a>(parent: &'e Element<'a>, open: &mut Vec<&'e Element<'a>>) {
    let list = parent.child("components").map(|list| list.children.as_slice()).unwrap_or_default();
    open.extend(list.iter().rev().filter(|element| element.name == "component"));
}

fn named(component: &Element<'_>) -> String {
    component.text_of("name").unwrap_or_default().to_owned()
}

fn part<'a>(component: &'a Element<'_>, name: &'a str) -> Part<'a> {
    let line = component.child("purl").or_else(|| component.child("name")).unwrap_or(component);
    let scope = match component.text_of("scope") {
        Some("optional") => Some(Scope::Optional),
        Some("excluded") => Some(Scope::Development),
        Some("required") => Some(Scope::Runtime),
        _ => None,
    };
    let properties = component.child("properties").into_iter().flat_map(|list| list.all("property"));
    let told = properties
        .filter_map(|property| super::cyclonedx::property_scope(property.attribute("name")?, &property.text))
        .next();
    let hashes = component.child("hashes").into_iter().flat_map(|list| list.all("hash"));
    Part {
        reference: component.attribute("bom-ref"),
        name,
        version: component.text_of("version"),
        purl: component.text_of("purl"),
        cpe: component.text_of("cpe").is_some(),
        kind: component.attribute("type"),
        scope: told.or(scope),
        licences: licences(component),
        hashes: hashes.filter_map(|entry| hash(entry.attribute("alg")?, &entry.text)).collect(),
        span: line.span.clone(),
    }
}

fn licences(component: &Element<'_>) -> Vec<String> {
    let list = component.child("licenses").map(|list| list.children.as_slice()).unwrap_or_default();
    list.iter()
        .filter_map(|choice| match choice.name.as_ref() {
            "expression" => Some(choice.text.as_str()).filter(|text| !text.is_empty()),
            _ => choice.text_of("id").or_else(|| choice.text_of("name")),
        })
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::{Relation, Scope};

    const FILE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.4" version="1">
  <metadata><component type="application" bom-ref="app"><name>shop</name><version>3</version></component></metadata>
  <components>
    <component type="library" bom-ref="a">
      <group>org.example</group><name>a</name><version>1.0</version><scope>required</scope>
      <hashes><hash alg="SHA-1">00ff</hash></hashes>
      <licenses><license><id>Apache-2.0</id></license></licenses>
      <purl>pkg:maven/org.example/a@1.0?type=jar</purl>
      <components><component type="library" bom-ref="b"><name>b</name><scope>excluded</scope>
        <purl>pkg:maven/org.example/b@2.0?classifier=tests&amp;type=jar</purl></component></components>
    </component>
    <component type="file"><name>readme</name></component>
  </components>
  <dependencies><dependency ref="app"><dependency ref="a"/></dependency>
    <dependency ref="a"><dependency ref="b"/></dependency></dependencies>
</bom>"#;

    #[test]
    fn components_and_edges_are_read() {
        let manifest = parse("bom.xml", FILE.as_bytes()).unwrap();
        let told: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| (p.name.as_str(), p.scope, p.relation, p.dependencies.as_slice()))
            .collect();
        assert_eq!(
            told,
            [
                ("org.example:a", Scope::Runtime, Relation::Direct, &[1][..]),
                ("org.example:b", Scope::Development, Relation::Transitive, &[]),
            ]
        );
        assert_eq!(manifest.packages[0].licences, ["Apache-2.0"]);
        assert_eq!(manifest.packages[0].hashes, ["sha1:00ff"]);
        assert!(manifest.packages[0].qualifiers.is_empty());
        assert_eq!(manifest.packages[1].qualifiers, [("classifier".to_owned(), "tests".to_owned())]);
        assert!(FILE[manifest.packages[0].span.clone()].starts_with("<purl>pkg:maven/org.example/a"));
        assert_eq!(manifest.problems[0].reason, "the file `readme` has no package url");
        assert_eq!(manifest.root.unwrap().name.as_deref(), Some("shop"));
    }

    #[test]
    fn other_files_of_that_name_are_told() {
        assert!(parse("a.cdx.xml", b"<a/>").is_err());
        let manifest = parse("bom.xml", b"<project/>").unwrap();
        assert_eq!((manifest.packages.len(), manifest.problems.len()), (0, 1));
    }
}
