//! Packs `rules/secrets/*.toml` into one compact file that the program carries.

#[path = "src/rule/file.rs"]
mod file;

use std::path::{Path, PathBuf};
use std::{env, fs, process};

fn main() {
    if let Err(message) = pack() {
        println!("cargo::error={message}");
        process::exit(1);
    }
}

fn pack() -> Result<(), String> {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(|e| e.to_string())?);
    let folder = here.join("../../../rules/secrets");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .map_err(|e| format!("{}: {e}", folder.display()))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    paths.sort();
    let mut files: Vec<(String, file::RuleFile)> = Vec::new();
    for path in paths {
        let mut parsed = parse(&path)?;
        // Fixtures are for tests, which read the folder itself.
        for rule in &mut parsed.rules {
            rule.matches.clear();
            rule.miss.clear();
            rule.sample.clear();
        }
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        files.push((stem, parsed));
    }
    let bytes = postcard::to_stdvec(&files).map_err(|e| e.to_string())?;
    let out = PathBuf::from(env::var("OUT_DIR").map_err(|e| e.to_string())?).join("rules.bin");
    fs::write(&out, bytes).map_err(|e| format!("{}: {e}", out.display()))
}

fn parse(path: &Path) -> Result<file::RuleFile, String> {
    let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    toml::from_str(&text).map_err(|e| format!("{}: {}", path.display(), e.to_string().replace('\n', " ")))
}
