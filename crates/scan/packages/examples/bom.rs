//! Reads a bill of materials, lists what is in it, and writes it anew: for comparison with other programs.
//!
//! `bom FILE [OUTPUT]`: lists `purl<TAB>scope<TAB>relation` and edges; with OUTPUT writes `OUTPUT.cdx.json` and `OUTPUT.spdx.json`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for people")]

use bartizan_model::{Component, Usage};
use bartizan_packages::sbom::{Document, cyclonedx, spdx};
use bartizan_packages::{Manifest, Relation, format, purl};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("usage: bom FILE [OUTPUT]")?;
    let bytes = std::fs::read(&file)?;
    let format = format::of(&file).ok_or("no name of a known format")?;
    let manifest = (format.parse)(&file, &bytes)?;
    for problem in &manifest.problems {
        eprintln!("{}: {}", problem.at, problem.reason);
    }
    let purls: Vec<String> = manifest.packages.iter().map(purl::of).collect();
    for (package, purl) in manifest.packages.iter().zip(&purls) {
        println!("{purl}\t{:?}\t{:?}", package.scope, package.relation);
        for to in &package.dependencies {
            if let Some(to) = purls.get(*to as usize) {
                println!("{purl} -> {to}");
            }
        }
    }
    if let Some(output) = arguments.next() {
        let root = manifest.root.clone().unwrap_or_default();
        let document = Document {
            name: root.name.unwrap_or_else(|| "project".to_owned()),
            version: root.version,
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            timestamp: "2026-01-01T00:00:00Z".to_owned(),
        };
        let components = components(&manifest, &purls);
        std::fs::write(format!("{output}.cdx.json"), cyclonedx::write(&document, &components, &[]))?;
        std::fs::write(format!("{output}.spdx.json"), spdx::write(&document, &components))?;
    }
    Ok(())
}

fn components(manifest: &Manifest, purls: &[String]) -> Vec<Component> {
    let parts = manifest.packages.iter().zip(purls);
    parts
        .map(|(package, purl)| Component {
            purl: purl.clone(),
            ecosystem: package.ecosystem.to_string(),
            name: package.name.clone(),
            version: package.version.clone(),
            scope: package.scope,
            direct: match package.relation {
                Relation::Direct => Some(true),
                Relation::Transitive => Some(false),
                Relation::Unknown => None,
            },
            via: Vec::new(),
            dependencies: package
                .dependencies
                .iter()
                .filter_map(|to| purls.get(*to as usize).cloned())
                .collect(),
            licences: package.licences.clone(),
            hashes: package.hashes.clone(),
            usage: Usage::Unknown,
            places: Vec::new(),
        })
        .collect()
}
