//! Asks a database about one version of a package.
//!
//! `look_up DATABASE ECOSYSTEM NAME VERSION` prints the vulnerabilities and the step out; `look_up DATABASE import PATH` makes a
//! database; `look_up DATABASE list` reads lines `ECOSYSTEM NAME VERSION` from standard input and prints the ids of each that matches.
#![expect(clippy::print_stdout, reason = "an example prints")]

use bartizan_packages::database::{Database, Limits, import};
use bartizan_packages::matching::Verdict;
use bartizan_packages::{Ecosystem, SourceKind, merge, upgrade};
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [folder, "import", path] => {
            let report = import(Path::new(path), Path::new(folder), &Limits::default())?;
            println!("{report:#?}");
        }
        [folder, "list"] => {
            let database = Database::open(Path::new(folder))?;
            for line in std::io::stdin().lines() {
                list(&database, &line?)?;
            }
        }
        [folder, ecosystem, name, version] => {
            let (ecosystem, release) = Ecosystem::from_osv(ecosystem).ok_or("unknown ecosystem")?;
            one(&Database::open(Path::new(folder))?, ecosystem, release, name, version)?;
        }
        _ => return Err("usage: look_up DATABASE ECOSYSTEM NAME VERSION | look_up DATABASE import PATH | look_up DATABASE list".into()),
    }
    Ok(())
}

fn one(
    database: &Database,
    ecosystem: Ecosystem,
    release: Option<&str>,
    name: &str,
    version: &str,
) -> Result<(), Box<dyn Error>> {
    let judged = database.judge(ecosystem, release, name, Some(version), &SourceKind::Registry)?;
    for found in merge::merge(ecosystem, judged)? {
        let severity = found.severity.map_or("unrated", |severity| severity.as_str());
        println!("{} {severity} {:?} {}\n  {:?}", found.id, found.ids, found.summary, found.verdict);
        for cve in found.cves() {
            if let Some(kev) = database.known_exploited(cve)? {
                println!("  known exploited since {}, to be mended until {}", kev.added, kev.due);
            }
        }
    }
    let advisories = database.advisories(ecosystem, release, name)?;
    println!("{:?}", upgrade::advise(ecosystem, version, &advisories, &[]));
    Ok(())
}

fn list(database: &Database, line: &str) -> Result<(), Box<dyn Error>> {
    let mut words = line.split_whitespace();
    let (Some(ecosystem), Some(name), Some(version)) = (words.next(), words.next(), words.next()) else {
        return Ok(());
    };
    let (ecosystem, release) = Ecosystem::from_osv(ecosystem).ok_or("unknown ecosystem")?;
    for (advisory, verdict) in
        database.judge(ecosystem, release, name, Some(version), &SourceKind::Registry)?
    {
        let word = match verdict {
            Verdict::Affected(_) => "affected",
            Verdict::Unknown(_) => "unknown",
            Verdict::NotAffected => continue,
        };
        println!("{ecosystem} {name} {version} {} {word}", advisory.id);
    }
    Ok(())
}
