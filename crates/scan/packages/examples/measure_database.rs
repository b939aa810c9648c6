//! Measures compiling, opening and look-ups: `measure_database ARCHIVES DATABASE`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use bartizan_packages::database::{Database, Limits, import, status};
use bartizan_packages::{Ecosystem, SourceKind, merge};
use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [archives, folder] = arguments.as_slice() else {
        return Err("usage: measure_database ARCHIVES DATABASE".into());
    };
    let (archives, folder) = (Path::new(archives), Path::new(folder));

    let start = Instant::now();
    let report = import(archives, folder, &Limits::default())?;
    println!("compile: {:.0} ms, {} problems", start.elapsed().as_secs_f64() * 1e3, report.problems.len());
    for index in status(folder) {
        if let Ok(state) = index.state {
            println!(
                "  {}: {} records, {} packages, {} bytes",
                index.name, state.records, state.packages, state.bytes
            );
        }
    }

    let start = Instant::now();
    let database = Database::open(folder)?;
    println!("open and check: {:.2} ms", start.elapsed().as_secs_f64() * 1e3);

    let covered: Vec<Ecosystem> = database.ecosystems().map(|coverage| coverage.ecosystem).collect();
    let mut names: Vec<(Ecosystem, String)> = covered
        .iter()
        .flat_map(|ecosystem| database.packages(*ecosystem).map(|name| (*ecosystem, name.to_owned())))
        .collect();
    // One in two is a package that nothing is said about, as in a real project or better.
    names.extend(names.clone().into_iter().map(|(ecosystem, name)| (ecosystem, format!("{name}-x"))));
    let rounds = 20;
    let per = |what: &str, start: Instant| {
        let each = start.elapsed().as_secs_f64() * 1e6 / (names.len() * rounds) as f64;
        println!("{what}: {each:.2} us each, {} packages", names.len());
    };

    let (mut found, mut times) = (0, Vec::with_capacity(names.len() * rounds));
    let start = Instant::now();
    for _ in 0..rounds {
        for (ecosystem, name) in &names {
            let one = Instant::now();
            found += black_box(database.advisories(*ecosystem, None, name)?).len();
            times.push(one.elapsed().as_nanos());
        }
    }
    per("look-up with decoding", start);
    times.sort_unstable();
    let share = |part: usize| times.get(times.len() * part / 1000).copied().unwrap_or_default();
    println!(
        "  median {} ns, p99 {} ns, p99.9 {} ns; {} advisories",
        share(500),
        share(990),
        share(999),
        found / rounds
    );

    let start = Instant::now();
    for _ in 0..rounds {
        for (ecosystem, name) in &names {
            black_box(database.judge(*ecosystem, None, name, Some("1.2.3"), &SourceKind::Registry)?);
        }
    }
    per("look-up and matching", start);

    let start = Instant::now();
    let mut merged = 0;
    for _ in 0..rounds {
        for (ecosystem, name) in &names {
            let judged = database.judge(*ecosystem, None, name, Some("1.2.3"), &SourceKind::Registry)?;
            merged += black_box(merge::merge(*ecosystem, judged)?).len();
        }
    }
    per("the same with merging and texts of what matches", start);
    println!("  {} vulnerabilities", merged / rounds);
    Ok(())
}
