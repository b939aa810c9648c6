//! Prints what the detector finds below folders, with the secrets in clear, for work on rules:
//! `cargo run --release -p bartizan-secrets --example inspect FOLDER...`
#![allow(clippy::print_stdout, missing_docs)]
use bartizan_model::{Blob, Detector, Language, Origin};
use std::path::Path;

fn main() {
    let started = std::time::Instant::now();
    let (detector, problems) = bartizan_secrets::SecretsDetector::new(&Default::default());
    problems.iter().for_each(|problem| println!("{problem}"));
    let ready = started.elapsed();
    let mut files = Vec::new();
    std::env::args().skip(1).for_each(|path| collect(Path::new(&path), &mut files));
    let blobs: Vec<_> =
        files.iter().map(|path| (path.clone(), std::fs::read(path).unwrap_or_default())).collect();
    let started = std::time::Instant::now();
    let mut bytes = 0;
    for (path, content) in &blobs {
        if content[..content.len().min(8000)].contains(&0) {
            continue;
        }
        bytes += content.len();
        let origin = Origin::file(path);
        let blob = Blob { bytes: content, origin: &origin, language: Language::guess(path, content) };
        for found in detector.inspect(&blob).detections {
            let secret = found
                .secret
                .as_ref()
                .map(|s| String::from_utf8_lossy(s.expose()).into_owned())
                .unwrap_or_default();
            let line = content[..found.span.start].iter().filter(|b| **b == b'\n').count() + 1;
            println!(
                "{:.2} {} {path}:{line} {secret:.100?} {}",
                found.confidence.get(),
                found.rule,
                found.reason
            );
        }
    }
    println!(
        "# {} files, {bytes} bytes, ready in {ready:?}, scanned in {:?}",
        blobs.len(),
        started.elapsed()
    );
}

fn collect(path: &Path, files: &mut Vec<String>) {
    if path.is_dir() {
        let mut entries: Vec<_> =
            std::fs::read_dir(path).into_iter().flatten().flatten().map(|e| e.path()).collect();
        entries.sort();
        entries.iter().for_each(|entry| collect(entry, files));
    } else {
        files.push(path.display().to_string());
    }
}
