//! `*.gemspec`: a gem's own name, and what it asks for by `add_dependency` with literal names.

use super::Format;
use super::collect::Collector;
use super::lines::{file_name, text};
use super::ruby::{Statement, requirement, statements};
use crate::package::Root;
use crate::{Ecosystem, Manifest, Package, ParseError, Relation, Scope};
use std::collections::HashSet;

/// The format.
pub(super) const FORMAT: Format = Format { name: "gemspec", matches, parse };

fn matches(path: &str) -> bool {
    file_name(path).ends_with(".gemspec")
}

fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let text = text(bytes)?;
    let mut out = Collector::wishes();
    let mut root = Root::default();
    let mut seen = HashSet::new();
    for statement in statements(text) {
        let Statement::Call(call) = statement else { continue };
        let Some((_, word)) = call.method.rsplit_once('.') else { continue };
        let first = call.arguments.first().filter(|argument| argument.key.is_none());
        match word {
            "name" => root.name = first.and_then(|argument| argument.values.first().cloned()),
            "version" => root.version = first.and_then(|argument| argument.values.first().cloned()),
            "license" | "licenses" => {
                root.licences = first.map(|argument| argument.values.clone()).unwrap_or_default();
            }
            "add_dependency" | "add_runtime_dependency" | "add_development_dependency" => {
                let Some([name]) = first.map(|argument| argument.values.as_slice()) else {
                    out.problem(call.span.start, "a dependency with a computed name is not known");
                    continue;
                };
                // RubyGems writes a second branch for its own oldest versions, where all count as runtime.
                if !seen.insert(name.clone()) {
                    continue;
                }
                let mut package = Package::new(Ecosystem::RubyGems, name, call.span.clone());
                let rest = call.arguments.get(1..).unwrap_or_default();
                // A computed version leaves both unknown.
                if rest.iter().all(|argument| argument.literal) {
                    let asked: Vec<String> = rest.iter().flat_map(|a| a.values.clone()).collect();
                    (package.requirement, package.version) = requirement(&asked);
                }
                package.relation = Relation::Direct;
                if word == "add_development_dependency" {
                    package.scope = Scope::Development;
                }
                out.push(package);
            }
            _ => {}
        }
    }
    if root != Root::default() {
        out.manifest.root = Some(root);
    }
    Ok(out.finish())
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::Scope;

    #[test]
    fn dependencies_with_literal_names_are_wishes() {
        let file = r#"
Gem::Specification.new do |spec|
  spec.name = "own"
  spec.version = Own::VERSION
  spec.licenses = ["MIT", "Ruby"]
  spec.add_dependency "rack", ">= 2", "< 4"
  spec.add_runtime_dependency(%q<json>.freeze, ["~> 2.0"])
  spec.add_runtime_dependency("thor".freeze, ["~> 1.0".freeze])
  spec.add_development_dependency 'rspec', '3.12.0'
  spec.add_dependency 'rspec', '3.12.0'
end
"#;
        let manifest = parse("own.gemspec", file.as_bytes()).unwrap();
        let root = manifest.root.unwrap();
        assert_eq!((root.name.as_deref(), root.version), (Some("own"), None));
        assert_eq!(root.licences, ["MIT", "Ruby"]);
        let told: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| (p.name.as_str(), p.requirement.as_deref(), p.version.as_deref(), p.scope))
            .collect();
        assert_eq!(
            told,
            [
                ("rack", Some(">= 2, < 4"), None, Scope::Runtime),
                ("json", Some("~> 2.0"), None, Scope::Runtime),
                ("thor", Some("~> 1.0"), None, Scope::Runtime),
                ("rspec", Some("3.12.0"), Some("3.12.0"), Scope::Development),
            ]
        );
    }
}
