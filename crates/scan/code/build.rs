//! Packs `rules/code/**/*.yaml` into one list that the program carries.

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
    let folder = here.join("../../../rules/code");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut list = String::from("&[\n");
    for (language, path) in files(&folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = path.canonicalize().map_err(|e| format!("{}: {e}", path.display()))?;
        let text = text.to_str().ok_or_else(|| format!("{}: no UTF-8 path", text.display()))?;
        list.push_str(&format!(
            "    ({language:?}, {:?}, include_str!({text:?})),\n",
            format!("{language}/{name}")
        ));
    }
    list.push_str("]\n");
    let out = PathBuf::from(env::var("OUT_DIR").map_err(|e| e.to_string())?).join("rules.rs");
    fs::write(&out, list).map_err(|e| format!("{}: {e}", out.display()))
}

/// Rule files with the folder that they are in, sorted. Targets of tests have names with a further dot.
fn files(folder: &Path) -> Result<Vec<(String, PathBuf)>, String> {
    let read = |path: &Path| -> Result<Vec<PathBuf>, String> {
        let entries = fs::read_dir(path).map_err(|e| format!("{}: {e}", path.display()))?;
        Ok(entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect())
    };
    let mut out = Vec::new();
    for language in read(folder)?.into_iter().filter(|path| path.is_dir()) {
        let name = language.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for path in read(&language)? {
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if file.strip_suffix(".yaml").is_some_and(|stem| !stem.contains('.')) {
                out.push((name.clone(), path));
            }
        }
    }
    out.sort();
    Ok(out)
}
