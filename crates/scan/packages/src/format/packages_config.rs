//! NuGet's older `packages.config`: `<package id version targetFramework developmentDependency />`, all of them resolved.

use super::Format;
use super::collect::Collector;
use super::lines::file_name;
use super::markup;
use crate::{Ecosystem, Manifest, Package, ParseError, Scope};

/// The format.
pub(super) const FORMAT: Format = Format { name: "packages-config", matches, parse };

fn matches(path: &str) -> bool {
    let name = file_name(path);
    // Also `packages.Project.config`.
    name.get(..9).is_some_and(|front| front.eq_ignore_ascii_case("packages."))
        && name.len() >= 15
        && name.get(name.len() - 7..).is_some_and(|end| end.eq_ignore_ascii_case(".config"))
}

fn parse(_path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let root = markup::parse(bytes)?;
    if !root.name.eq_ignore_ascii_case("packages") {
        return Err(ParseError::at(bytes, root.span.start, "expected <packages>"));
    }
    let mut out = Collector::resolved();
    for element in root.children.iter().filter(|child| child.name.eq_ignore_ascii_case("package")) {
        let (Some(id), Some(version)) = (element.attribute("id"), element.attribute("version")) else {
            out.problem(element.span.start, "a package without id or version");
            continue;
        };
        let mut package = Package::new(Ecosystem::NuGet, id, element.span.clone());
        package.version = Some(version.trim().to_owned());
        if element.attribute("developmentDependency").is_some_and(|flag| flag.eq_ignore_ascii_case("true")) {
            package.scope = Scope::Development;
        }
        out.push(package);
    }
    Ok(out.finish())
}

#[cfg(test)]
mod tests {
    use super::{matches, parse};
    use crate::Scope;

    #[test]
    fn packages_are_listed() {
        let file = "<?xml version=\"1.0\"?>\n<packages>\n  <package id=\"Newtonsoft.Json\" version=\"12.0.1\" targetFramework=\"net472\" />\n  <package id=\"StyleCop\" version=\"6.0\" developmentDependency=\"true\" />\n  <package id=\"x\" />\n</packages>";
        let manifest = parse("", file.as_bytes()).unwrap();
        assert_eq!(manifest.packages[0].name, "newtonsoft.json");
        assert_eq!(manifest.packages[0].version.as_deref(), Some("12.0.1"));
        assert_eq!(manifest.packages[1].scope, Scope::Development);
        assert_eq!((manifest.packages.len(), manifest.problems.len()), (2, 1));
        assert!(matches("a/packages.config") && matches("Packages.App.config") && !matches("packages.con"));
    }
}
