//! What SPDX 2.2 and 2.3 documents say, whichever way they are written: packages, and relationships between them
//! (SPDX 2.3, chapters 7 and 11).

use super::bom::{Bom, Part, scope_of};
use crate::{Manifest, Scope};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Relationships and packages of one file beyond which the rest is left out.
const MAX_ENTRIES: usize = 2_000_000;

/// A package as a document tells it.
#[derive(Debug, Default)]
pub(super) struct Element<'a> {
    /// `SPDXRef-...`.
    pub id: Cow<'a, str>,
    pub name: Cow<'a, str>,
    pub version: Option<Cow<'a, str>>,
    pub purl: Option<Cow<'a, str>>,
    pub cpe: bool,
    /// What the authors of the document found.
    pub concluded: Option<Cow<'a, str>>,
    /// What the authors of the package say.
    pub declared: Option<Cow<'a, str>>,
    /// As `algorithm:hex`.
    pub hashes: Vec<String>,
    /// `LIBRARY`, `OPERATING-SYSTEM`.
    pub purpose: Option<Cow<'a, str>>,
    /// Free words.
    pub comment: Option<Cow<'a, str>>,
    pub span: Range<usize>,
}

/// A document as far as packages go.
#[derive(Debug, Default)]
pub(super) struct Facts<'a> {
    pub elements: Vec<Element<'a>>,
    /// What the document is about.
    pub described: Vec<Cow<'a, str>>,
    /// From, kind, to.
    pub relationships: Vec<(Cow<'a, str>, Cow<'a, str>, Cow<'a, str>)>,
    /// Names of licences of the document's own, by their `LicenseRef-...`.
    pub extracted: HashMap<Cow<'a, str>, Cow<'a, str>>,
}

/// Notes a version of SPDX that is not known.
pub(super) fn version(bom: &mut Bom, told: Option<&str>, at: usize) {
    match told {
        Some("SPDX-2.0" | "SPDX-2.1" | "SPDX-2.2" | "SPDX-2.3") => {}
        Some(version) => {
            let words = format!("version `{}` of SPDX is not known: read as 2.3", super::bom::cut(version));
            bom.out.problem(at, words);
        }
        None => bom.out.problem(at, "does not tell the version of SPDX: read as 2.3"),
    }
}

/// The manifest of a document.
pub(super) fn manifest(mut facts: Facts<'_>, mut bom: Bom) -> Manifest {
    for (list, words) in [
        (facts.relationships.len(), "relationships"),
        (facts.elements.len(), "packages"),
        (facts.described.len(), "described elements"),
    ] {
        if list > MAX_ENTRIES {
            bom.out.problem(0, format!("{words} beyond the first {MAX_ENTRIES} were left out"));
        }
    }
    facts.relationships.truncate(MAX_ENTRIES);
    facts.elements.truncate(MAX_ENTRIES);
    facts.described.truncate(MAX_ENTRIES);
    let mut described: HashSet<&str> = facts.described.iter().map(AsRef::as_ref).collect();
    for (from, kind, to) in &facts.relationships {
        match kind.as_ref() {
            "DESCRIBES" if from == "SPDXRef-DOCUMENT" => described.insert(to),
            "DESCRIBED_BY" if to == "SPDXRef-DOCUMENT" => described.insert(from),
            _ => false,
        };
    }
    // Of several described packages none is the project.
    let mut roots = facts.elements.iter().filter(|element| described.contains(element.id.as_ref()));
    let root = match (roots.next(), roots.next()) {
        (Some(root), None) => Some(root.id.as_ref()),
        _ => None,
    };
    for element in &facts.elements {
        let part = part(element, &facts.extracted);
        if root == Some(element.id.as_ref()) { bom.root(&part) } else { bom.part(part) }
    }
    for (from, kind, to) in &facts.relationships {
        let Some((forward, scope)) = dependency(kind) else { continue };
        let (from, to) = if forward { (from, to) } else { (to, from) };
        bom.edge(from, to, scope);
    }
    bom.finish()
}

/// Whether a kind of relationship says that the first asks for the second (`false`: the other way round), and what for.
fn dependency(kind: &str) -> Option<(bool, Option<Scope>)> {
    Some(match kind {
        "DEPENDS_ON" => (true, None),
        "DEPENDENCY_OF" => (false, None),
        "RUNTIME_DEPENDENCY_OF" => (false, Some(Scope::Runtime)),
        "OPTIONAL_DEPENDENCY_OF" => (false, Some(Scope::Optional)),
        "BUILD_DEPENDENCY_OF" | "PROVIDED_DEPENDENCY_OF" => (false, Some(Scope::Build)),
        "DEV_DEPENDENCY_OF" | "TEST_DEPENDENCY_OF" => (false, Some(Scope::Development)),
        _ => return None,
    })
}

fn part<'a>(element: &'a Element<'_>, extracted: &HashMap<Cow<'_, str>, Cow<'_, str>>) -> Part<'a> {
    let told = |text: &'a Option<Cow<'_, str>>| {
        text.as_deref().filter(|text| !matches!(*text, "" | "NOASSERTION" | "NONE"))
    };
    let licence = told(&element.concluded).or_else(|| told(&element.declared));
    let licence = licence.map(|text| extracted.get(text).map_or(text, AsRef::as_ref).to_owned());
    let scope = element.comment.as_deref().and_then(|text| scope_of(text.strip_prefix("bartizan:scope=")?));
    let system =
        element.purpose.as_deref().filter(|purpose| purpose.eq_ignore_ascii_case("OPERATING-SYSTEM"));
    Part {
        reference: Some(element.id.as_ref()).filter(|id| !id.is_empty()),
        name: &element.name,
        version: told(&element.version),
        purl: element.purl.as_deref(),
        cpe: element.cpe,
        kind: system.map(|_| "operating-system"),
        scope,
        licences: licence.into_iter().collect(),
        hashes: element.hashes.clone(),
        span: element.span.clone(),
    }
}
