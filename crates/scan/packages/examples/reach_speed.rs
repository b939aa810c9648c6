//! How fast source is read, and what packages folders of it import:
//! `cargo run --release -p bartizan-packages --example reach_speed FOLDER...`; with `--modules` first, each import as
//! `folder<TAB>language<TAB>module<TAB>test<TAB>names` instead; with `--usage ECOSYSTEM` first, the judgement of each package
//! that standard input names, as `folder<TAB>package` a line, with `<TAB>module#symbol…` behind where an advisory names some.
#![allow(clippy::print_stdout, missing_docs)]
use bartizan_model::Language;
use bartizan_packages::Ecosystem;
use bartizan_packages::reach::{Index, VulnerableSymbol, file_use};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

fn main() {
    let mut folders: Vec<String> = std::env::args().skip(1).collect();
    let modules = folders.first().is_some_and(|first| first == "--modules");
    if modules {
        folders.remove(0);
        folders.iter().for_each(|folder| print_modules(folder));
        return;
    }
    if folders.first().is_some_and(|first| first == "--usage") {
        print_usage(folders.get(1).map_or("", String::as_str));
        return;
    }
    let mut files = Vec::new();
    folders.iter().for_each(|folder| collect(Path::new(folder), &mut files));
    let mut by_language: BTreeMap<&str, (usize, usize, Duration)> = BTreeMap::new();
    let mut slowest = (Duration::ZERO, String::new());
    let mut all = Vec::new();
    for path in &files {
        let bytes = std::fs::read(path).unwrap_or_default();
        let language = Language::guess(path, &bytes);
        let started = Instant::now();
        let Some(found) = file_use(path, language, &bytes) else { continue };
        let took = started.elapsed();
        let entry = by_language.entry(language.as_str()).or_default();
        *entry = (entry.0 + 1, entry.1 + bytes.len(), entry.2 + took);
        if took > slowest.0 {
            slowest = (took, format!("{path} ({} bytes)", bytes.len()));
        }
        all.push((path.as_str(), found));
    }
    for (language, (count, bytes, time)) in by_language {
        let speed = bytes as f64 / time.as_secs_f64() / 1e6;
        println!("{language}: {count} files, {bytes} bytes, {time:?}, {speed:.0} MB/s");
    }
    println!("slowest: {:?} {}", slowest.0, slowest.1);
    println!("truncated: {}", all.iter().filter(|(_, found)| found.truncated).count());
    let started = Instant::now();
    let index = Index::new(all.iter().map(|(path, found)| (*path, found)));
    println!("index over {} files: {:?}", all.len(), started.elapsed());
    drop(index);
}

fn print_modules(folder: &str) {
    let mut files = Vec::new();
    collect(Path::new(folder), &mut files);
    let mut seen = BTreeSet::new();
    for path in &files {
        let bytes = std::fs::read(path).unwrap_or_default();
        let relative = path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/');
        let language = Language::guess(path, &bytes);
        let Some(found) = file_use(relative, language, &bytes) else { continue };
        for import in found.imports {
            let names: Vec<&str> = import.symbols.iter().map(|s| s.name.as_str()).collect();
            seen.insert((language.as_str(), import.module.clone(), import.test, names.join(" ")));
        }
    }
    for (language, module, test, names) in seen {
        println!("{folder}\t{language}\t{module}\t{test}\t{names}");
    }
}

fn print_usage(ecosystem: &str) {
    let Some((ecosystem, _)) = Ecosystem::from_osv(ecosystem) else {
        println!("no such ecosystem");
        return;
    };
    let mut asked: BTreeMap<String, Vec<(String, Vec<VulnerableSymbol>)>> = BTreeMap::new();
    for line in std::io::stdin().lines().map_while(Result::ok) {
        let mut fields = line.split('\t');
        let (Some(folder), Some(package)) = (fields.next(), fields.next()) else { continue };
        let symbols = fields.next().unwrap_or_default().split(' ').filter_map(|symbol| {
            symbol.split_once('#').map(|(module, symbol)| VulnerableSymbol::new(module, symbol))
        });
        asked.entry(folder.to_owned()).or_default().push((package.to_owned(), symbols.collect()));
    }
    for (folder, packages) in asked {
        let mut paths = Vec::new();
        collect(Path::new(&folder), &mut paths);
        let mut files = Vec::new();
        for path in &paths {
            let bytes = std::fs::read(path).unwrap_or_default();
            let relative = path.strip_prefix(&folder).unwrap_or(path).trim_start_matches('/');
            if let Some(found) = file_use(relative, Language::guess(path, &bytes), &bytes) {
                files.push((relative, found));
            }
        }
        let index = Index::new(files.iter().map(|(path, found)| (*path, found)));
        for (package, symbols) in packages {
            let judged = index.usage(ecosystem, &package, "", &symbols, Some(true));
            let first = judged.evidence.first().map(|e| format!("{}:{} {}", e.path, e.line, e.text));
            let (usage, reason) = (judged.usage, judged.reason);
            println!("{folder}\t{package}\t{usage:?}\t{reason}\t{}", first.unwrap_or_default());
        }
    }
}

fn collect(path: &Path, files: &mut Vec<String>) {
    let is_folder = path.symlink_metadata().is_ok_and(|meta| meta.is_dir());
    if is_folder {
        let mut entries: Vec<_> =
            std::fs::read_dir(path).into_iter().flatten().flatten().map(|e| e.path()).collect();
        entries.sort();
        entries.iter().for_each(|entry| collect(entry, files));
    } else {
        files.push(path.display().to_string());
    }
}
