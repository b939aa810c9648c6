//! Events per second of one core: `throughput RULES-FOLDER EVENTS.ndjson [SECONDS]`.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a tool for those who work on the engine")]

use bartizan_detect::engine::{Engine, Evaluator};
use bartizan_detect::mapping;
use bartizan_detect::sigma::{Loaded, load};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

fn files(path: &Path, into: &mut Vec<PathBuf>) {
    if path.is_dir() {
        std::fs::read_dir(path).unwrap().for_each(|entry| files(&entry.unwrap().path(), into));
    } else if path.extension().is_some_and(|one| one == "yml" || one == "yaml") {
        into.push(path.to_owned());
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let started = Instant::now();
    let mut all = Vec::new();
    files(Path::new(&arguments[1]), &mut all);
    all.sort();
    let mut loaded = Loaded::default();
    for path in &all {
        loaded.append(load(&std::fs::read_to_string(path).unwrap(), &path.display().to_string()));
    }
    let count = loaded.rules.len();
    let (engine, errors) = Engine::new(loaded.rules, &loaded.filters, mapping::builtin().unwrap());
    println!("{count} rules in {:?}, {} errors", started.elapsed(), errors.len() + loaded.errors.len());
    let text = std::fs::read(&arguments[2]).unwrap();
    let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    let engine = Arc::new(engine);
    let mut evaluator = Evaluator::new(Arc::clone(&engine));
    let first = Instant::now();
    let mut matches: usize =
        lines.iter().map(|line| evaluator.evaluate(line, None).map_or(0, <[u32]>::len)).sum();
    println!("first pass: {matches} matches in {:?}", first.elapsed());
    let seconds: f64 = arguments.get(3).map_or(3.0, |one| one.parse().unwrap());
    let (begin, mut events) = (Instant::now(), 0_usize);
    while begin.elapsed().as_secs_f64() < seconds {
        matches = lines.iter().map(|line| evaluator.evaluate(line, None).map_or(0, <[u32]>::len)).sum();
        events += lines.len();
    }
    let taken = begin.elapsed().as_secs_f64();
    println!(
        "{events} events, {matches} matches per pass: {:.0} events/s, {:.0} MB/s",
        events as f64 / taken,
        text.len() as f64 * (events / lines.len()) as f64 / taken / 1e6
    );
}
