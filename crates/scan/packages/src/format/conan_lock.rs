//! Conan's `conan.lock`: since Conan 2 lists of references, before it a graph of numbered nodes.

use super::Format;
use super::collect::Collector;
use super::conanfile::reference;
use super::json::{Object, Value, parse_object};
use super::lines::file_name;
use crate::{Ecosystem, Manifest, Package, ParseError, Relation, Scope};
use std::collections::HashMap;

/// The format.
pub(super) const FORMAT: Format = Format { name: "conan-lock", matches, parse };

fn matches(path: &str) -> bool {
    file_name(path) == "conan.lock"
}

fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let (root, problems) = parse_object(bytes)?;
    let mut out = Collector::resolved();
    out.manifest.problems = problems;
    if let Some(nodes) = root.object("graph_lock").and_then(|graph| graph.object("nodes")) {
        graph(nodes, &mut out);
        return Ok(out.finish());
    }
    let lists = [
        ("requires", Scope::Runtime),
        ("build_requires", Scope::Build),
        ("python_requires", Scope::Build),
        ("config_requires", Scope::Build),
    ];
    if !lists.iter().any(|(key, _)| root.get(key).is_some()) {
        return Err(ParseError::at(bytes, 0, "expected `requires`, or `graph_lock` with `nodes`"));
    }
    for (key, scope) in lists {
        let Some((key, list)) = root.entry(key) else { continue };
        for item in list.as_array().unwrap_or_default() {
            // Written as text; with information about a package as a list whose first item is the text.
            let text = item.as_text().or_else(|| item.as_array()?.first()?.as_text());
            match text.and_then(|text| Some((text, reference(&text.text)?))) {
                Some((text, found)) => {
                    let mut package = Package::new(Ecosystem::Conan, found.name, text.span.clone());
                    package.version = Some(found.version.to_owned());
                    package.scope = scope;
                    out.push(package);
                }
                None => out.problem(
                    text.map_or(key.span.start, |text| text.span.start),
                    "expected a reference, as in `zlib/1.3.1#revision`",
                ),
            }
        }
    }
    Ok(out.finish())
}

/// Version 1: `"1": {"ref": "zlib/1.3.1#revision", "requires": ["2"], "build_requires": ["3"], "context": "host"}`.
fn graph(nodes: &Object<'_>, out: &mut Collector) {
    let mut indices: HashMap<&str, u32> = HashMap::new();
    let mut edges: Vec<(Option<u32>, &str)> = Vec::new();
    for (id, node) in &nodes.entries {
        let Some(node) = node.as_object() else {
            out.problem(id.span.start, "expected an object that describes a node");
            continue;
        };
        let text = node.get("ref").and_then(Value::as_text);
        let found = text.and_then(|text| Some((text, reference(&text.text)?)));
        // The project's own node tells the path of its file, or has no reference.
        let consumer = id.text == "0" || node.get("path").is_some() || text.is_none();
        let index = match found {
            _ if consumer => None,
            Some((text, found)) => {
                let mut package = Package::new(Ecosystem::Conan, found.name, text.span.clone());
                package.version = Some(found.version.to_owned());
                package.relation = Relation::Transitive;
                if node.str("context") == Some("build") {
                    package.scope = Scope::Build;
                }
                match out.push(package) {
                    Some(index) => Some(index),
                    None => continue,
                }
            }
            None => {
                out.problem(id.span.start, "expected a reference, as in `zlib/1.3.1#revision`");
                continue;
            }
        };
        if let Some(index) = index {
            indices.insert(&id.text, index);
        }
        for key in ["requires", "build_requires"] {
            edges.extend(node.array(key).iter().filter_map(Value::as_str).map(|to| (index, to)));
        }
    }
    for (from, to) in edges {
        let Some(to) = indices.get(to).copied() else { continue };
        match from {
            Some(from) => {
                if let Some(package) = out.get(from) {
                    package.dependencies.push(to);
                }
            }
            None => {
                if let Some(package) = out.get(to) {
                    package.relation = Relation::Direct;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::{Relation, Scope};

    #[test]
    fn lists_are_read() {
        let file = r#"{"version": "0.5", "requires": ["zlib/1.2.13#97d5%1700000000.5", "poco/1.9.4@acme/stable", "bad"],
            "build_requires": ["cmake/3.27.0#1"], "python_requires": [], "config_requires": []}"#;
        let manifest = parse("conan.lock", file.as_bytes()).unwrap();
        let told: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| (p.name.as_str(), p.version.as_deref().unwrap(), p.scope))
            .collect();
        assert_eq!(
            told,
            [
                ("zlib", "1.2.13", Scope::Runtime),
                ("poco", "1.9.4", Scope::Runtime),
                ("cmake", "3.27.0", Scope::Build)
            ]
        );
        assert_eq!(manifest.problems[0].at, file.find("bad\"").unwrap());
        assert!(parse("", b"{}").is_err());
    }

    #[test]
    fn the_graph_is_read() {
        let file = r#"{"graph_lock": {"nodes": {
            "0": {"ref": "own/1.0", "path": "conanfile.txt", "requires": ["1"]},
            "1": {"ref": "poco/1.9.4#r", "requires": ["2"], "build_requires": ["3"], "context": "host"},
            "2": {"ref": "zlib/1.2.11", "context": "host"},
            "3": {"ref": "cmake/3.27.0", "context": "build"}}}, "version": "0.4"}"#;
        let manifest = parse("conan.lock", file.as_bytes()).unwrap();
        let told: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| (p.name.as_str(), p.relation, p.scope, p.dependencies.as_slice()))
            .collect();
        assert_eq!(
            told,
            [
                ("poco", Relation::Direct, Scope::Runtime, &[1, 2][..]),
                ("zlib", Relation::Transitive, Scope::Runtime, &[]),
                ("cmake", Relation::Transitive, Scope::Build, &[]),
            ]
        );
    }
}
