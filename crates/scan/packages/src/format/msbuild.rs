//! .NET projects: `PackageReference` in `*.csproj`, `*.fsproj`, `*.vbproj`, `*.props` and `*.targets`, and `PackageVersion` in
//! `Directory.Packages.props`.
//!
//! A bare version is the lowest that is allowed, and NuGet takes the lowest that fits for what a project asks for itself
//! (NuGet documentation, "Dependency resolution", direct dependency wins): it is read as the version. Properties are put in
//! where this file gives them; conditions are not decided, every branch counts.

use super::Format;
use super::collect::Collector;
use super::lines::file_name;
use super::markup::{self, Element};
use crate::package::{Link, LinkKind};
use crate::{Ecosystem, Manifest, Package, ParseError, Relation, Scope};
use std::collections::HashMap;

/// The format.
pub(super) const FORMAT: Format = Format { name: "msbuild", matches, parse };

fn matches(path: &str) -> bool {
    let name = file_name(path).to_ascii_lowercase();
    [".csproj", ".fsproj", ".vbproj"].iter().any(|end| name.ends_with(end))
        || matches!(
            name.as_str(),
            "directory.packages.props"
                | "directory.build.props"
                | "directory.build.targets"
                | "packages.props"
        )
}

fn parse(path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let root = markup::parse(bytes)?;
    if !root.name.eq_ignore_ascii_case("Project") {
        return Err(ParseError::at(bytes, root.span.start, "expected <Project>"));
    }
    let central = file_name(path).eq_ignore_ascii_case("directory.packages.props");
    let mut file = File { out: Collector::wishes(), properties: HashMap::new(), tests: false, central };
    file.collect_properties(&root, 0);
    file.items(&root, 0);
    let File { mut out, properties, tests, .. } = file;
    if tests {
        for package in &mut out.manifest.packages {
            package.scope = Scope::Development;
        }
    }
    let mut properties: Vec<_> = properties.into_values().collect();
    properties.sort();
    out.manifest.properties = properties;
    Ok(out.finish())
}

struct File {
    out: Collector,
    /// By lower-case name: the name as written, and its value.
    properties: HashMap<String, (String, String)>,
    tests: bool,
    central: bool,
}

/// Groups within `Choose` and `When` beyond which nothing is read; the tree is bounded as well.
const MAX_DEPTH: usize = 16;
/// Bytes of a value, after properties were put in: many packages may share one.
const MAX_VALUE: usize = 256;
/// Properties of one file beyond which further ones are not put in.
const MAX_PROPERTIES: usize = 10_000;

impl File {
    fn collect_properties(&mut self, element: &Element, depth: usize) {
        for child in &element.children {
            if child.name.eq_ignore_ascii_case("PropertyGroup") {
                for property in &child.children {
                    if self.properties.len() >= MAX_PROPERTIES {
                        let reason = format!("properties beyond the first {MAX_PROPERTIES} are not used");
                        self.out.problem(property.span.start, reason);
                        return;
                    }
                    if property.text.len() > MAX_VALUE {
                        continue;
                    }
                    let value = self.expand(&property.text);
                    if property.name.eq_ignore_ascii_case("IsTestProject") {
                        self.tests |= value.eq_ignore_ascii_case("true");
                    }
                    let key = property.name.to_ascii_lowercase();
                    self.properties.insert(key, (property.name.clone(), value));
                }
            } else if depth < MAX_DEPTH && is_branch(child) {
                self.collect_properties(child, depth + 1);
            }
        }
    }

    fn items(&mut self, element: &Element, depth: usize) {
        for child in &element.children {
            match child.name.to_ascii_lowercase().as_str() {
                "itemgroup" => child.children.iter().for_each(|item| self.item(item)),
                "import" => self.link(child, "Project", LinkKind::Parent),
                _ if depth < MAX_DEPTH && is_branch(child) => self.items(child, depth + 1),
                _ => {}
            }
        }
    }

    fn item(&mut self, item: &Element) {
        match item.name.to_ascii_lowercase().as_str() {
            "packagereference" | "globalpackagereference" => self.package(item),
            "packageversion" if self.central => self.package(item),
            "projectreference" => self.link(item, "Include", LinkKind::Member),
            _ => {}
        }
    }

    fn package(&mut self, item: &Element) {
        if item.attribute("Remove").is_some() {
            return;
        }
        let Some(names) = item.attribute("Include").or_else(|| item.attribute("Update")) else {
            self.out.problem(item.span.start, format!("a {} without a name", item.name));
            return;
        };
        let metadata = |name: &str| {
            let inner = item.child(name).map(|child| child.text.as_str());
            item.attribute(name).or(inner).map(str::trim).filter(|value| !value.is_empty())
        };
        let asked = metadata("VersionOverride").or_else(|| metadata("Version"));
        let asked = match asked {
            Some(version) if version.len() > MAX_VALUE => {
                self.out.problem(item.span.start, "the version is too long to be one");
                None
            }
            asked => asked.map(|version| self.expand(version)),
        };
        let private = metadata("PrivateAssets").is_some_and(|assets| assets.eq_ignore_ascii_case("all"));
        // What the installer writes for development dependencies, and what packages of analysers and build steps want.
        let scope = if private { Scope::Build } else { Scope::Runtime };
        for name in names.split(';').map(str::trim).filter(|name| !name.is_empty()) {
            let name = self.expand(name);
            if name.contains("$(") {
                self.out.problem(item.span.start, "a package with a computed name is not known");
                continue;
            }
            // The package that makes a project one of tests.
            if !self.central && name.eq_ignore_ascii_case("Microsoft.NET.Test.Sdk") {
                self.tests = true;
            }
            let mut package = Package::new(Ecosystem::NuGet, &name, item.span.clone());
            package.version = asked.as_deref().and_then(lowest);
            package.requirement = asked.clone();
            package.scope = scope;
            // A central version becomes a dependency only where a project refers to it.
            package.relation = if self.central { Relation::Unknown } else { Relation::Direct };
            self.out.push(package);
        }
    }

    fn link(&mut self, item: &Element, attribute: &str, kind: LinkKind) {
        let Some(path) = item.attribute(attribute) else { return };
        // `$(MSBuildThisFileDirectory)` is the file's own folder; others are known to MSBuild only.
        let path = path.replace("$(MSBuildThisFileDirectory)", "").replace('\\', "/");
        if path.contains("$(") || path.is_empty() {
            return;
        }
        self.out.manifest.links.push(Link { kind, path, coordinates: None, span: item.span.clone() });
    }

    /// Puts in what this file says of `$(Name)`; what it does not say stays as it is.
    fn expand(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text.trim();
        while let Some((front, back)) = rest.split_once("$(") {
            out.push_str(front);
            let Some((name, after)) = back.split_once(')') else {
                out.push_str("$(");
                rest = back;
                continue;
            };
            match self.properties.get(&name.to_ascii_lowercase()) {
                Some((_, value)) if out.len() + value.len() <= MAX_VALUE => out.push_str(value),
                _ => {
                    out.push_str("$(");
                    out.push_str(name);
                    out.push(')');
                }
            }
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

fn is_branch(element: &Element) -> bool {
    ["Choose", "When", "Otherwise", "ImportGroup"].iter().any(|name| element.name.eq_ignore_ascii_case(name))
}

/// The version that a bare version or `[version]` leads to; none for ranges and floating versions (NuGet documentation,
/// "Version ranges").
fn lowest(asked: &str) -> Option<String> {
    let inner = asked.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(asked).trim();
    let plain = inner.starts_with(|char: char| char.is_ascii_digit())
        && !inner.contains(['*', ',', '[', ']', '(', ')', '$', ' ', '|']);
    plain.then(|| inner.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{lowest, parse};
    use crate::Scope;
    use crate::package::LinkKind;

    const PROJECT: &str = r#"<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><Json>13.0.1</Json><Both>[$(Json)]</Both></PropertyGroup>
  <Import Project="..\common.props" />
  <ItemGroup Condition="'$(X)' == 'y'">
    <PackageReference Include="Newtonsoft.Json" Version="$(Both)" />
    <PackageReference Include="Serilog">
      <Version>[2.0, 3.0)</Version>
    </PackageReference>
    <PackageReference Include="StyleCop.Analyzers" Version="1.1.118" PrivateAssets="all" />
    <PackageReference Include="Central" />
    <PackageReference Update="Other" Version="$(Unknown)" />
    <PackageReference Remove="Gone" />
    <PackageReference Version="1" />
    <ProjectReference Include="..\Lib\Lib.csproj" />
  </ItemGroup>
</Project>"#;

    #[test]
    fn references_are_wishes_with_properties_put_in() {
        let manifest = parse("src/App.csproj", PROJECT.as_bytes()).unwrap();
        let told: Vec<_> = manifest
            .packages
            .iter()
            .map(|p| (p.name.as_str(), p.requirement.as_deref(), p.version.as_deref(), p.scope))
            .collect();
        assert_eq!(
            told,
            [
                ("newtonsoft.json", Some("[13.0.1]"), Some("13.0.1"), Scope::Runtime),
                ("serilog", Some("[2.0, 3.0)"), None, Scope::Runtime),
                ("stylecop.analyzers", Some("1.1.118"), Some("1.1.118"), Scope::Build),
                ("central", None, None, Scope::Runtime),
                ("other", Some("$(Unknown)"), None, Scope::Runtime),
            ]
        );
        assert_eq!(manifest.problems.len(), 1);
        let links: Vec<_> = manifest.links.iter().map(|link| (link.kind, link.path.as_str())).collect();
        assert_eq!(links, [(LinkKind::Parent, "../common.props"), (LinkKind::Member, "../Lib/Lib.csproj")]);
        assert_eq!(manifest.properties[1], ("Json".to_owned(), "13.0.1".to_owned()));
        assert!(!manifest.resolved);
    }

    #[test]
    fn tests_and_central_versions() {
        let tests = r#"<Project><ItemGroup><PackageReference Include="Microsoft.NET.Test.Sdk" Version="17.0.0"/><PackageReference Include="Moq" Version="4.*"/></ItemGroup></Project>"#;
        let manifest = parse("T.csproj", tests.as_bytes()).unwrap();
        assert!(manifest.packages.iter().all(|package| package.scope == Scope::Development));
        assert_eq!(manifest.packages[1].version, None);
        let central =
            r#"<Project><ItemGroup><PackageVersion Include="A" Version="1.0"/></ItemGroup></Project>"#;
        assert_eq!(parse("Directory.Packages.props", central.as_bytes()).unwrap().packages.len(), 1);
        assert_eq!(parse("x.csproj", b"<a/>").unwrap_err().reason, "expected <Project>");
    }

    #[test]
    fn only_one_version_is_a_version() {
        assert_eq!(lowest("1.2.3-beta.1").as_deref(), Some("1.2.3-beta.1"));
        for range in ["1.*", "(1.0,)", "[1.0,2.0)", "*", "$(V)"] {
            assert_eq!(lowest(range), None, "{range}");
        }
    }
}
