//! Files that name packages: whatever a file of any format holds, what is read of it is sound and travels.
#![no_main]

use bartizan_packages::Manifest;
use bartizan_packages::format::{BINARY_FORMATS, FORMATS, MAX_PROBLEMS, of};
use libfuzzer_sys::fuzz_target;

/// Names by which formats are found, so that those whose name tells something get one. Seeds in `fuzz/seeds` begin with the
/// place of theirs: new ones go to the end.
const PATHS: &[&str] = &[
    "a/package-lock.json", "node_modules/a/package.json", "package.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock",
    "requirements.txt", "Pipfile", "Pipfile.lock", "poetry.lock", "uv.lock", "pdm.lock", "pylock.toml", "pyproject.toml",
    "setup.cfg", "setup.py", "a-1.dist-info/METADATA", "environment.yml", "Cargo.lock", "Cargo.toml", "go.mod", "go.sum",
    "go.work", "vendor/modules.txt", "pom.xml", "META-INF/maven/g/a/pom.properties", "META-INF/MANIFEST.MF",
    "gradle.lockfile", "gradle/libs.versions.toml", "build.gradle", "gradle/verification-metadata.xml", "Gemfile",
    "Gemfile.lock", "a.gemspec", "composer.json", "composer.lock", "vendor/composer/installed.json", "packages.lock.json",
    "a.csproj", "Directory.Packages.props", "packages.config", "a.deps.json", "obj/project.assets.json", "pubspec.lock",
    "pubspec.yaml", "Package.resolved", "mix.lock", "rebar.lock", "a.cabal", "cabal.project.freeze", "stack.yaml.lock",
    "conan.lock", "conanfile.txt", ".github/workflows/a.yml", "renv.lock", "var/lib/dpkg/status", "lib/apk/db/installed",
    "bom.cdx.json", "bom.xml", "a.spdx.json", "a.spdx",
];

fuzz_target!(|input: (u8, &[u8])| {
    let (choice, bytes) = input;
    let path = PATHS[usize::from(choice) % PATHS.len()];
    let (path, format) = if choice == u8::MAX { ("program", BINARY_FORMATS.first()) } else { (path, of(path)) };
    assert!(FORMATS.len() > 50);
    let Some(format) = format else { panic!("no format reads {path:?}") };
    let Ok(manifest) = format.read(path, bytes) else { return };
    for package in manifest.packages.iter().chain(&manifest.managed) {
        assert!(package.span.start <= package.span.end && package.span.end <= bytes.len(), "{package:?}");
        assert!(!package.name.is_empty());
        assert!(package.dependencies.iter().all(|to| (*to as usize) < manifest.packages.len()));
    }
    // A list of its own from the reader of the syntax, one of the format, and what says that there are more.
    assert!(manifest.problems.len() <= 2 * MAX_PROBLEMS + 4, "{}", manifest.problems.len());
    assert!(manifest.problems.iter().all(|problem| problem.at <= bytes.len()));
    assert!(manifest.links.iter().all(|link| link.span.start <= link.span.end && link.span.end <= bytes.len()));
    let encoded = postcard::to_stdvec(&manifest).unwrap();
    assert_eq!(postcard::from_bytes::<Manifest>(&encoded).unwrap(), manifest);
});
