//! `pom.xml` and `*.pom`: what a Maven project asks for, as one file tells.
//!
//! Values keep `${…}` as written: properties, versions and scopes come down from parents and bills of materials, which
//! [`crate::resolve::maven`] puts together. Source: Maven's POM reference.

use super::collect::Collector;
use super::xml::{self, Element};
use super::{Format, lines};
use crate::package::{Link, LinkKind, Root};
use crate::{Ecosystem, Manifest, Package, ParseError, Relation, Scope, SourceKind};

/// `pom.xml`.
pub const FORMAT: Format = Format { name: "maven-pom", matches, parse };

fn matches(path: &str) -> bool {
    let name = lines::file_name(path);
    name == "pom.xml" || name.strip_suffix(".pom").is_some_and(|stem| !stem.is_empty())
}

/// The pom inside a jar tells of the jar: its packages are not in it, and so only its root counts.
fn is_inside_jar(path: &str) -> bool {
    path.starts_with("META-INF/maven/") || path.contains("/META-INF/maven/")
}

fn parse(path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let project = xml::parse(bytes)?;
    if project.name != "project" {
        return Err(ParseError::at(
            bytes,
            project.span.start,
            "no maven project: the outermost element is not `project`",
        ));
    }
    let mut out = Collector::wishes();
    let parent = project.child("parent");
    let inherited = |name: &str| {
        project.text_of(name).or_else(|| parent.and_then(|parent| parent.text_of(name))).map(str::to_owned)
    };
    let name = match (inherited("groupId"), project.text_of("artifactId")) {
        (Some(group), Some(artifact)) => Some(format!("{group}:{artifact}")),
        _ => {
            out.problem(project.span.start, "a project without groupId and artifactId");
            None
        }
    };
    let licences = project
        .child("licenses")
        .into_iter()
        .flat_map(|list| list.all("license"))
        .filter_map(|licence| licence.text_of("name").or_else(|| licence.text_of("url")))
        .map(str::to_owned)
        .collect();
    out.manifest.root = Some(Root { name, version: inherited("version"), licences });
    if is_inside_jar(path) {
        return Ok(out.finish());
    }
    if let Some(parent) = parent {
        link_parent(parent, &mut out);
    }
    section(&project, &mut out);
    let profiles = project.child("profiles").into_iter().flat_map(|profiles| profiles.all("profile"));
    for profile in profiles {
        let active = profile.child("activation").and_then(|it| it.text_of("activeByDefault"));
        if active == Some("true") {
            section(profile, &mut out);
        }
    }
    Ok(out.finish())
}

fn link_parent(parent: &Element<'_>, out: &mut Collector) {
    let Some(coordinates) = coordinates(parent) else {
        out.problem(parent.span.start, "a parent without groupId, artifactId and version");
        return;
    };
    // An empty relativePath says that the parent is in a repository.
    let path = match parent.child("relativePath") {
        Some(path) => path.text.clone(),
        None => "../pom.xml".to_owned(),
    };
    let span = parent.child("artifactId").map_or(&parent.span, |it| &it.span).clone();
    out.manifest.links.push(Link { kind: LinkKind::Parent, path, coordinates: Some(coordinates), span });
}

fn coordinates(element: &Element<'_>) -> Option<String> {
    let (group, artifact) = (element.text_of("groupId")?, element.text_of("artifactId")?);
    Some(format!("{group}:{artifact}:{}", element.text_of("version")?))
}

/// What a project and a profile hold alike.
fn section(element: &Element<'_>, out: &mut Collector) {
    for property in element.child("properties").into_iter().flat_map(|it| &it.children) {
        // A later definition replaces an earlier one, so that an active profile does.
        out.manifest.properties.push((property.name.to_string(), property.text.clone()));
    }
    for dependency in element.child("dependencies").into_iter().flat_map(|it| it.all("dependency")) {
        if let Some(mut package) = dependency_of(dependency, out) {
            package.relation = Relation::Direct;
            out.push(package);
        }
    }
    let managed = element.child("dependencyManagement").and_then(|it| it.child("dependencies"));
    for dependency in managed.into_iter().flat_map(|it| it.all("dependency")) {
        if dependency.text_of("scope") == Some("import") {
            match coordinates(dependency) {
                Some(coordinates) => out.manifest.links.push(Link {
                    kind: LinkKind::Import,
                    path: String::new(),
                    coordinates: Some(coordinates),
                    span: span_of(dependency),
                }),
                None => {
                    out.problem(dependency.span.start, "an import without groupId, artifactId and version")
                }
            }
        } else if let Some(package) = dependency_of(dependency, out) {
            out.manifest.managed.push(package);
        }
    }
    for module in element.child("modules").into_iter().flat_map(|it| it.all("module")) {
        out.manifest.links.push(Link {
            kind: LinkKind::Member,
            path: module.text.clone(),
            coordinates: None,
            span: module.span.clone(),
        });
    }
}

/// The line to look at: the version where it is stated, for it is what a fix changes; else the artifact.
fn span_of(dependency: &Element<'_>) -> std::ops::Range<usize> {
    let line = dependency.child("version").or_else(|| dependency.child("artifactId"));
    line.map_or(&dependency.span, |it| &it.span).clone()
}

fn dependency_of(dependency: &Element<'_>, out: &mut Collector) -> Option<Package> {
    let (Some(group), Some(artifact)) = (dependency.text_of("groupId"), dependency.text_of("artifactId"))
    else {
        out.problem(dependency.span.start, "a dependency without groupId and artifactId");
        return None;
    };
    let mut package = Package::new(Ecosystem::Maven, &format!("{group}:{artifact}"), span_of(dependency));
    if let Some(requirement) = dependency.text_of("version") {
        package.requirement = Some(requirement.to_owned());
        package.version = exact(requirement);
    }
    for key in ["type", "classifier"] {
        if let Some(value) = dependency.text_of(key).filter(|value| !(key == "type" && *value == "jar")) {
            package.qualifiers.push((key.to_owned(), value.to_owned()));
        }
    }
    let scope = dependency.text_of("scope");
    package.inherits = scope.is_none();
    if scope == Some("system") {
        package.source = SourceKind::Path;
    }
    package.scope = match scope {
        Some("test") => Scope::Development,
        Some("provided" | "system") => Scope::Build,
        _ if dependency.text_of("optional") == Some("true") => Scope::Optional,
        _ => Scope::Runtime,
    };
    Some(package)
}

/// The version that a requirement means where it is no range: `1.0` is asked for softly and taken unless a conflict moves it;
/// `[1.0]` is just that one.
pub(super) fn exact(requirement: &str) -> Option<String> {
    let inner =
        requirement.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(requirement).trim();
    let is_range = inner.contains(['[', ']', '(', ')', ',']);
    let is_open = inner.contains("${") || matches!(inner, "" | "LATEST" | "RELEASE");
    (!is_range && !is_open).then(|| inner.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const POM: &str = r#"<?xml version="1.0"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <parent>
    <groupId>com.example</groupId>
    <artifactId>parent</artifactId>
    <version>7</version>
  </parent>
  <artifactId>app</artifactId>
  <licenses><license><name>Apache-2.0</name></license></licenses>
  <properties><lib.version>1.2</lib.version></properties>
  <modules><module>core</module></modules>
  <dependencyManagement><dependencies>
    <dependency>
      <groupId>com.example</groupId>
      <artifactId>bom</artifactId>
      <version>${bom.version}</version>
      <type>pom</type>
      <scope>import</scope>
    </dependency>
    <dependency><groupId>a</groupId><artifactId>managed</artifactId><version>3</version></dependency>
  </dependencies></dependencyManagement>
  <dependencies>
    <dependency>
      <groupId>a</groupId>
      <artifactId>plain</artifactId>
      <version>1.0</version>
      <exclusions><exclusion><groupId>x</groupId><artifactId>y</artifactId></exclusion></exclusions>
    </dependency>
    <dependency><groupId>a</groupId><artifactId>open</artifactId><version>${lib.version}</version><optional>true</optional></dependency>
    <dependency><groupId>a</groupId><artifactId>tests</artifactId><version>[2]</version><type>test-jar</type><scope>test</scope></dependency>
    <dependency><groupId>a</groupId><artifactId>range</artifactId><version>[1,2)</version><scope>provided</scope></dependency>
    <dependency><artifactId>half</artifactId></dependency>
  </dependencies>
  <profiles>
    <profile><activation><activeByDefault>true</activeByDefault></activation>
      <dependencies><dependency><groupId>p</groupId><artifactId>on</artifactId></dependency></dependencies></profile>
    <profile><dependencies><dependency><groupId>p</groupId><artifactId>off</artifactId></dependency></dependencies></profile>
  </profiles>
</project>
"#;

    #[test]
    fn a_project_is_read_as_it_stands() {
        let manifest = parse("pom.xml", POM.as_bytes()).unwrap();
        let root = manifest.root.as_ref().unwrap();
        assert_eq!((root.name.as_deref(), root.version.as_deref()), (Some("com.example:app"), Some("7")));
        assert_eq!(root.licences, ["Apache-2.0"]);
        let all: Vec<_> =
            manifest.packages.iter().map(|it| (it.name.as_str(), it.version.as_deref(), it.scope)).collect();
        assert_eq!(
            all,
            [
                ("a:plain", Some("1.0"), Scope::Runtime),
                ("a:open", None, Scope::Optional),
                ("a:tests", Some("2"), Scope::Development),
                ("a:range", None, Scope::Build),
                ("p:on", None, Scope::Runtime),
            ]
        );
        assert_eq!(manifest.packages[1].requirement.as_deref(), Some("${lib.version}"));
        assert_eq!(manifest.packages[2].qualifiers, [("type".to_owned(), "test-jar".to_owned())]);
        assert_eq!(&POM[manifest.packages[0].span.clone()], "<version>1.0</version>");
        assert_eq!(manifest.managed[0].name, "a:managed");
        assert_eq!(manifest.properties, [("lib.version".to_owned(), "1.2".to_owned())]);
        let links: Vec<_> = manifest
            .links
            .iter()
            .map(|it| (it.kind, it.path.as_str(), it.coordinates.as_deref().unwrap_or("")))
            .collect();
        assert_eq!(
            links,
            [
                (LinkKind::Parent, "../pom.xml", "com.example:parent:7"),
                (LinkKind::Import, "", "com.example:bom:${bom.version}"),
                (LinkKind::Member, "core", ""),
            ]
        );
        assert_eq!(manifest.problems.len(), 1);
    }

    #[test]
    fn the_pom_in_a_jar_tells_of_the_jar_only() {
        let manifest = parse("META-INF/maven/com.example/app/pom.xml", POM.as_bytes()).unwrap();
        assert_eq!((manifest.packages.len(), manifest.root.is_some()), (0, true));
    }

    #[test]
    fn other_xml_is_an_error() {
        assert_eq!(parse("pom.xml", b"\n<settings/>").unwrap_err().line, 2);
        assert_eq!(parse("pom.xml", b"<project>\n<a></b>\n</project>").unwrap_err().line, 2);
    }
}
