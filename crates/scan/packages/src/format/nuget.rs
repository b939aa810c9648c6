//! What the resolved files of NuGet share: one package in several frameworks is one package.

use super::collect::{Collector, Names};
use crate::{Ecosystem, Package};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::HashMap;

/// Packages of several frameworks put together by name and version; edges are drawn inside each framework.
#[derive(Default)]
pub(super) struct Merged<'a> {
    seen: HashMap<(String, Option<String>), u32>,
    graph: Option<Names>,
    needs: Vec<(u32, Vec<&'a str>)>,
}

impl<'a> Merged<'a> {
    /// Before the packages of a framework.
    pub fn start_graph(&mut self) {
        self.graph = Some(Names::of(Ecosystem::NuGet));
        self.needs.clear();
    }

    /// Takes a package with the names of what it asks for.
    pub fn add(&mut self, package: Package, needs: Vec<&'a str>, out: &mut Collector) -> Option<u32> {
        let key = (package.name.clone(), package.version.clone());
        let name = package.name.clone();
        let index = match self.seen.get(&key) {
            Some(index) => {
                if let Some(known) = out.get(*index) {
                    // Asked for in one framework is asked for; what is known goes before what is not.
                    known.relation = known.relation.min(package.relation);
                    known.scope = known.scope.min(package.scope);
                    known.requirement = known.requirement.take().or(package.requirement);
                    if known.hashes.is_empty() {
                        known.hashes = package.hashes;
                    }
                }
                *index
            }
            None => {
                let index = out.push(package)?;
                self.seen.insert(key, index);
                index
            }
        };
        if let Some(names) = &mut self.graph {
            names.insert(&name, index);
        }
        self.needs.push((index, needs));
        Some(index)
    }

    /// Behind the packages of a framework: draws the edges.
    pub fn end_graph(&mut self, out: &mut Collector) {
        let Some(names) = self.graph.take() else { return };
        for (from, needs) in self.needs.drain(..) {
            let Some(package) = out.get(from) else { continue };
            let found = needs.into_iter().filter_map(|name| names.get(name));
            package.dependencies.extend(found.filter(|to| *to != from));
        }
    }
}

/// `sha512:hex` from base64, with or without `sha512-` in front.
pub(super) fn sha512(text: &str) -> Option<String> {
    let bytes = STANDARD.decode(text.strip_prefix("sha512-").unwrap_or(text)).ok()?;
    if bytes.is_empty() {
        return None;
    }
    let mut out = String::with_capacity(7 + bytes.len() * 2);
    out.push_str("sha512:");
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            out.extend(char::from_digit(u32::from(digit), 16));
        }
    }
    Some(out)
}
