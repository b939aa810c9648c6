//! `gradle/verification-metadata.xml`: checksums of every artifact that a Gradle build may fetch.
//!
//! It names plugins of the build and what earlier builds used as well, and so counts as needed to build only. Components of which
//! nothing but descriptions (`.pom`, `.module`) was fetched are parents and bills of materials, not parts. Source: the Gradle
//! user manual, "Verifying Dependencies".

use super::collect::Collector;
use super::{Format, lines, xml};
use crate::{Ecosystem, Manifest, Package, ParseError, Scope};

/// Verification metadata.
pub const FORMAT: Format = Format { name: "gradle-verification", matches, parse };

fn matches(path: &str) -> bool {
    lines::file_name(path) == "verification-metadata.xml"
}

fn parse(_: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let root = xml::parse(bytes)?;
    if root.name != "verification-metadata" {
        return Err(ParseError::at(bytes, root.span.start, "no verification metadata"));
    }
    let mut out = Collector::resolved();
    for component in root.child("components").into_iter().flat_map(|it| it.all("component")) {
        let (Some(group), Some(name), Some(version)) =
            (component.attribute("group"), component.attribute("name"), component.attribute("version"))
        else {
            out.problem(component.span.start, "a component without group, name and version");
            continue;
        };
        let mut package = Package::new(Ecosystem::Maven, &format!("{group}:{name}"), component.span.clone());
        package.version = Some(version.to_owned());
        package.scope = Scope::Build;
        let mut is_part = false;
        for artifact in component.all("artifact") {
            let file = artifact.attribute("name").unwrap_or("");
            if file.ends_with(".pom") || file.ends_with(".module") {
                continue;
            }
            is_part = true;
            for sum in &artifact.children {
                let value = sum.attribute("value").unwrap_or("");
                if !value.is_empty()
                    && value.bytes().all(|byte| byte.is_ascii_hexdigit())
                    && sum.name != "pgp"
                {
                    package.hashes.push(format!("{}:{value}", sum.name));
                }
            }
        }
        if is_part {
            out.push(package);
        }
    }
    Ok(out.finish())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn artifacts_are_parts_and_descriptions_are_not() {
        let text = r#"<?xml version="1.0"?>
<verification-metadata>
  <components>
    <component group="com.a" name="lib" version="1.0">
      <artifact name="lib-1.0.jar"><sha256 value="00ff" origin="Generated"/></artifact>
      <artifact name="lib-1.0.pom"><sha256 value="11ff"/></artifact>
    </component>
    <component group="com.a" name="parent" version="1.0"><artifact name="parent-1.0.pom"/></component>
    <component name="half"/>
  </components>
</verification-metadata>
"#;
        let manifest = parse("", text.as_bytes()).unwrap();
        assert_eq!((manifest.packages.len(), manifest.problems.len()), (1, 1));
        let package = &manifest.packages[0];
        assert_eq!(
            (package.name.as_str(), package.hashes.as_slice()),
            ("com.a:lib", ["sha256:00ff".to_owned()].as_slice())
        );
        assert!(text[package.span.clone()].starts_with("<component group=\"com.a\" name=\"lib\""));
        assert_eq!(parse("", b"\n<a/>").unwrap_err().line, 2);
    }
}
