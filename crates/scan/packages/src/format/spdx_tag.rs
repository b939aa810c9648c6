//! SPDX 2.2 and 2.3 documents as lines of tag and value. A value in `<text>` may go over many lines.

use super::Format;
use super::bom::{Bom, cut, hash};
use super::lines::{Line, file_name, lines, text};
use super::spdx::{Element, Facts, manifest, version};
use crate::{Manifest, ParseError};
use std::borrow::Cow;

/// The format.
pub(super) const FORMAT: Format = Format { name: "spdx", matches, parse };

fn matches(path: &str) -> bool {
    let name = file_name(path).to_ascii_lowercase();
    name.ends_with(".spdx") || name.ends_with(".spdx.tag")
}

/// What the lines that follow belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Document,
    Package,
    /// Files, snippets, annotations: nothing about packages.
    Other,
}

fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let text = text(bytes)?;
    let mut bom = Bom::new();
    let mut facts = Facts::default();
    let mut section = Section::Document;
    let mut told = None;
    let mut licence: Option<Cow<'_, str>> = None;
    let mut all = lines(text);
    while let Some(line) = all.next() {
        let plain = line.text.trim();
        if plain.is_empty() || plain.starts_with('#') {
            continue;
        }
        let Some((tag, value)) = plain.split_once(':') else {
            bom.out.problem(line.start, "expected a tag, a colon and a value");
            continue;
        };
        let value = whole(value.trim(), &line, &mut all)
            .ok_or_else(|| ParseError::at(bytes, line.start, "`<text>` is not closed"))?;
        match tag.trim() {
            "SPDXVersion" => told = Some((line.start, value)),
            "PackageName" => {
                section = Section::Package;
                facts.elements.push(Element { name: value, span: line.span(), ..Element::default() });
            }
            "FileName" | "SnippetSPDXID" | "SnippetSPDXIdentifier" => section = Section::Other,
            "LicenseID" => {
                section = Section::Other;
                licence = Some(value);
            }
            "LicenseName" => {
                if let Some(id) = licence.take() {
                    facts.extracted.insert(id, value);
                }
            }
            "DocumentDescribes" => facts.described.push(value),
            "Relationship" => {
                let mut words = value.split_whitespace().map(|word| Cow::Owned(word.to_owned()));
                match (words.next(), words.next(), words.next()) {
                    (Some(from), Some(kind), Some(to)) => facts.relationships.push((from, kind, to)),
                    _ => bom.out.problem(line.start, "expected two elements and what is between them"),
                }
            }
            tag if section == Section::Package => {
                if let Some(element) = facts.elements.last_mut() {
                    package(element, tag, value, &line);
                }
            }
            _ => {}
        }
    }
    match &told {
        Some((at, value)) => version(&mut bom, Some(value), *at),
        None if facts.elements.is_empty() => {
            let first = text.lines().next().unwrap_or_default();
            return Err(ParseError { line: 1, reason: format!("no SPDX tags: `{}`", cut(first)) });
        }
        None => version(&mut bom, None, 0),
    }
    Ok(manifest(facts, bom))
}

/// The value of a tag, with the lines that follow where `<text>` goes on; `None` where that has no end.
fn whole<'a>(
    value: &'a str,
    line: &Line<'a>,
    rest: &mut impl Iterator<Item = Line<'a>>,
) -> Option<Cow<'a, str>> {
    let Some(begun) = value.strip_prefix("<text>") else { return Some(Cow::Borrowed(value)) };
    if let Some(text) = begun.split("</text>").next().filter(|text| text.len() < begun.len()) {
        return Some(Cow::Borrowed(text.trim()));
    }
    debug_assert!(line.text.contains("<text>"));
    let mut all = begun.to_owned();
    for line in rest {
        all.push('\n');
        match line.text.split_once("</text>") {
            Some((last, _)) => {
                all.push_str(last);
                return Some(Cow::Owned(all.trim().to_owned()));
            }
            None => all.push_str(line.text),
        }
    }
    None
}

fn package<'a>(element: &mut Element<'a>, tag: &str, value: Cow<'a, str>, line: &Line<'_>) {
    match tag {
        "SPDXID" => element.id = value,
        "PackageVersion" => element.version = Some(value),
        "PackageLicenseConcluded" => element.concluded = Some(value),
        "PackageLicenseDeclared" => element.declared = Some(value),
        "PackageComment" => element.comment = Some(value),
        "PrimaryPackagePurpose" => element.purpose = Some(value),
        "PackageChecksum" => {
            element.hashes.extend(value.split_once(':').and_then(|(name, sum)| hash(name, sum)));
        }
        "ExternalRef" => {
            let mut words = value.split_whitespace().skip(1);
            match (words.next(), words.next()) {
                (Some("purl"), Some(purl)) if element.purl.is_none() => {
                    element.purl = Some(Cow::Owned(purl.to_owned()));
                    element.span = line.span();
                }
                (Some("cpe22Type" | "cpe23Type"), _) => element.cpe = true,
                _ => {}
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::{Relation, Scope};

    const FILE: &str = "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: shop\n
# the project
PackageName: shop\nSPDXID: SPDXRef-root\nPackageVersion: 3
PackageName: a\nSPDXID: SPDXRef-a\nPackageVersion: 1.0\nPackageChecksum: SHA1: 00FF
PackageLicenseConcluded: LicenseRef-1\nPackageDescription: <text>Over
PackageName: two lines</text>\nExternalRef: PACKAGE-MANAGER purl pkg:gem/a@1.0\nFileName: ./x\nSPDXID: SPDXRef-x
PackageName: b\nSPDXID: SPDXRef-b\nExternalRef: PACKAGE-MANAGER purl pkg:gem/b@2.0
PackageName: c\nSPDXID: SPDXRef-c
LicenseID: LicenseRef-1\nExtractedText: <text>Do\nwhat</text>\nLicenseName: Own words
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-root\nRelationship: SPDXRef-root DEPENDS_ON SPDXRef-a
Relationship: SPDXRef-b DEV_DEPENDENCY_OF SPDXRef-a\nno tag\n";

    #[test]
    fn packages_and_relationships_are_read() {
        let manifest = parse("a.spdx", FILE.as_bytes()).unwrap();
        let told: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| {
                (
                    p.name.as_str(),
                    p.version.as_deref().unwrap(),
                    p.scope,
                    p.relation,
                    p.dependencies.as_slice(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("a", "1.0", Scope::Runtime, Relation::Direct, &[1][..]),
                ("b", "2.0", Scope::Development, Relation::Transitive, &[]),
            ]
        );
        assert_eq!(
            (manifest.packages[0].licences[0].as_str(), manifest.packages[0].hashes[0].as_str()),
            ("Own words", "sha1:00ff")
        );
        assert_eq!(
            &FILE[manifest.packages[1].span.clone()],
            "ExternalRef: PACKAGE-MANAGER purl pkg:gem/b@2.0"
        );
        let reasons: Vec<_> = manifest.problems.iter().map(|problem| problem.reason.as_str()).collect();
        assert_eq!(reasons, ["expected a tag, a colon and a value", "the package `c` has no package url"]);
        assert_eq!(manifest.root.unwrap().version.as_deref(), Some("3"));
    }

    #[test]
    fn other_files_are_refused() {
        assert!(parse("a.spdx", b"MIT").is_err());
        assert_eq!(parse("a.spdx", b"SPDXVersion: SPDX-2.3\nPackageName: <text>a\n").unwrap_err().line, 2);
    }
}
