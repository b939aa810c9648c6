//! Prints what files say together: `cargo LOCK MANIFEST…`, `maven FOLDER`, or `file PATH…`.
//!
//! Lines are `ecosystem, name, version, scope, relation, source`, with tabs; problems go to standard error. For comparing with
//! the ecosystems' own tools: see `tools/resolve_oracle_*.py`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example's output")]

use bartizan_packages::resolve::{cargo, maven};
use bartizan_packages::{Manifest, Package, SourceKind, format};
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((kind, files)) if kind == "cargo" => lock(files),
        Some((kind, folders)) if kind == "maven" => poms(folders),
        Some((kind, files)) if kind == "file" => {
            for path in files {
                print(path, &read(path)?);
            }
            Ok(())
        }
        _ => Err("use: cargo LOCK MANIFEST… | maven FOLDER | file PATH…".into()),
    }
}

fn read(path: &str) -> Result<Manifest> {
    let bytes = fs::read(path).map_err(|error| format!("{path}: {error}"))?;
    let format = match format::of(path).or_else(|| format::of_head(&bytes).first()) {
        Some(format) => format,
        None => return Err(format!("{path}: no format").into()),
    };
    (format.parse)(path, &bytes).map_err(|error| format!("{path}: {error}").into())
}

fn lock(files: &[String]) -> Result<()> {
    let Some((lock, manifests)) = files.split_first() else { return Err("no lock file".into()) };
    let mut manifest = read(lock)?;
    let members = manifests.iter().map(|path| read(path)).collect::<Result<Vec<_>>>()?;
    cargo::assign_scopes(&mut manifest, &members.iter().collect::<Vec<_>>());
    print(lock, &manifest);
    Ok(())
}

fn poms(folders: &[String]) -> Result<()> {
    let mut all = BTreeMap::new();
    for folder in folders {
        walk(Path::new(folder), Path::new(folder), &mut all)?;
    }
    for (path, project) in maven::resolve(&all) {
        println!("# {path}\t{}", project.root.version.as_deref().unwrap_or("?"));
        for asked in &project.packages {
            line(&asked.package);
        }
        for problem in &project.problems {
            eprintln!("{path}: {}", problem.reason);
        }
    }
    Ok(())
}

fn walk(root: &Path, folder: &Path, all: &mut BTreeMap<String, Manifest>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && !path.is_symlink() {
            walk(root, &path, all)?;
        }
        let name = path.strip_prefix(root)?.to_string_lossy().into_owned();
        if path.is_file() && (name.ends_with("pom.xml") || name.ends_with(".pom")) {
            match read(&path.to_string_lossy()) {
                Ok(manifest) => {
                    all.insert(name, manifest);
                }
                Err(error) => eprintln!("{error}"),
            }
        }
    }
    Ok(())
}

fn print(path: &str, manifest: &Manifest) {
    for package in &manifest.packages {
        line(package);
    }
    for problem in &manifest.problems {
        eprintln!("{path}: at byte {}: {}", problem.at, problem.reason);
    }
}

fn line(package: &Package) {
    let source = match &package.source {
        SourceKind::Registry => "registry",
        SourceKind::Git { .. } => "git",
        SourceKind::Path => "path",
        SourceKind::Url(_) => "url",
    };
    let kind =
        |key: &str| package.qualifiers.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value);
    println!(
        "{}\t{}\t{}\t{:?}\t{:?}\t{source}\t{}\t{}",
        package.ecosystem,
        package.name,
        package.version.as_deref().or(package.requirement.as_deref()).unwrap_or("?"),
        package.scope,
        package.relation,
        kind("type"),
        kind("classifier"),
    );
}
