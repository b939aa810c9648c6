//! Gradle's lock files: `gradle.lockfile`, `buildscript-gradle.lockfile`, and one file per configuration in
//! `gradle/dependency-locks/` as older versions write them.
//!
//! Source: the Gradle user manual, "Locking Versions".

use super::collect::Collector;
use super::{Format, lines};
use crate::{Ecosystem, Manifest, Package, ParseError, Scope};

/// Lock files of Gradle.
pub const FORMAT: Format = Format { name: "gradle-lock", matches, parse };

fn matches(path: &str) -> bool {
    let name = lines::file_name(path);
    name == "gradle.lockfile"
        || name == "buildscript-gradle.lockfile"
        || (name.ends_with(".lockfile") && one_configuration(path).is_some())
}

/// The configuration that a file in the old place is about.
fn one_configuration(path: &str) -> Option<&str> {
    let (folder, name) = path.rsplit_once('/')?;
    let inside = folder == "gradle/dependency-locks" || folder.ends_with("/gradle/dependency-locks");
    name.strip_suffix(".lockfile").filter(|_| inside)
}

fn parse(path: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let text = lines::text(bytes)?;
    let mut out = Collector::resolved();
    let fixed = match lines::file_name(path) {
        "buildscript-gradle.lockfile" => Some("classpath"),
        _ => one_configuration(path),
    };
    let mut understood = 0usize;
    for line in lines::lines(text) {
        let trimmed = line.text.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let (coordinates, configurations) = trimmed.split_once('=').unwrap_or((trimmed, ""));
        if coordinates == "empty" {
            understood += 1;
            continue;
        }
        let mut parts = coordinates.split(':');
        let (Some(group), Some(artifact), Some(version), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            let conflict = lines::is_conflict_mark(line.text);
            out.problem(
                line.span().start,
                if conflict { lines::CONFLICT } else { "not `group:artifact:version`" },
            );
            continue;
        };
        if [group, artifact, version].iter().any(|part| part.is_empty() || part.contains(char::is_whitespace))
        {
            out.problem(line.span().start, "not `group:artifact:version`");
            continue;
        }
        understood += 1;
        let mut package = Package::new(Ecosystem::Maven, &format!("{group}:{artifact}"), line.span());
        package.version = Some(version.to_owned());
        let stated = configurations.split(',').map(str::trim).filter(|name| !name.is_empty());
        package.scope = stated.chain(fixed).map(scope_of).min().unwrap_or(Scope::Runtime);
        out.push(package);
    }
    if understood == 0
        && let Some(problem) = out.manifest.problems.first()
    {
        return Err(ParseError::at(bytes, problem.at, problem.reason.clone()));
    }
    Ok(out.finish())
}

/// Parts of configuration names that only tools of the build have.
const TOOLS: [&str; 20] = [
    "annotationprocessor",
    "antlr",
    "checkstyle",
    "codenarc",
    "compileclasspath",
    "compileonly",
    "compilerclasspath",
    "compilerplugin",
    "detekt",
    "errorprone",
    "jacoco",
    "kapt",
    "kotlincompiler",
    "ksp",
    "ktlint",
    "pmd",
    "provided",
    "spotbugs",
    "spotless",
    "zinc",
];

/// What a configuration is for, by Gradle's names and those of well-known plugins. One of unknown name may be part of what runs.
pub(super) fn scope_of(configuration: &str) -> Scope {
    let name = configuration.to_ascii_lowercase();
    if name.contains("test") || name.starts_with("jmh") || name == "developmentonly" {
        Scope::Development
    } else if name == "classpath" || TOOLS.iter().any(|tool| name.contains(tool)) {
        Scope::Build
    } else {
        Scope::Runtime
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configurations_tell_what_a_package_is_for() {
        let text = "# This is a Gradle generated file for dependency locking.\ncom.a:run:1.0=compileClasspath,runtimeClasspath\n\
                    com.a:only:2.0=compileClasspath\ncom.a:test:3.0=testCompileClasspath,testRuntimeClasspath\n\
                    com.a:processor:4.0=annotationProcessor,testAnnotationProcessor\nempty=archives\n";
        let manifest = parse("app/gradle.lockfile", text.as_bytes()).unwrap();
        let all: Vec<_> =
            manifest.packages.iter().map(|it| (it.name.as_str(), it.version.as_deref(), it.scope)).collect();
        assert_eq!(
            all,
            [
                ("com.a:run", Some("1.0"), Scope::Runtime),
                ("com.a:only", Some("2.0"), Scope::Build),
                ("com.a:test", Some("3.0"), Scope::Development),
                ("com.a:processor", Some("4.0"), Scope::Build),
            ]
        );
        assert_eq!(&text[manifest.packages[1].span.clone()], "com.a:only:2.0=compileClasspath");
    }

    #[test]
    fn files_about_one_configuration_are_read() {
        let text = b"com.a:b:1.0\n";
        for (path, scope) in [
            ("buildscript-gradle.lockfile", Scope::Build),
            ("x/gradle/dependency-locks/testRuntimeClasspath.lockfile", Scope::Development),
            ("gradle/dependency-locks/runtimeClasspath.lockfile", Scope::Runtime),
        ] {
            assert!(matches(path));
            assert_eq!(parse(path, text).unwrap().packages[0].scope, scope);
        }
        assert!(!matches("Podfile.lockfile"));
    }

    #[test]
    fn broken_lines_are_told() {
        assert_eq!(parse("gradle.lockfile", b"# x\nnothing\n").unwrap_err().line, 2);
        let manifest = parse("gradle.lockfile", b"a:b:1\n>>>>>>> other\na:b\n").unwrap();
        assert_eq!((manifest.packages.len(), manifest.problems.len()), (1, 2));
    }
}
