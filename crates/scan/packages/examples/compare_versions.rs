//! Compares versions as lines of `scheme<TAB>a<TAB>b` on standard input ask, and prints `<`, `=`, `>`, or `?` where one
//! of them is no version of the scheme. A line of `in:ecosystem<TAB>requirement<TAB>version` asks whether a version is
//! within a requirement: `y`, `n`, or `?` where one of them is not understood.
//!
//! `tools/version_oracle.py` holds the answers against each ecosystem's own.

use bartizan_packages::Ecosystem;
use bartizan_packages::version::Scheme;
use bartizan_packages::version::range::Requirement;
use std::cmp::Ordering;
use std::io::{self, BufRead, Write};

fn main() -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line = line?;
        let mut fields = line.split('\t');
        let (Some(scheme), Some(a), Some(b), None) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("not three fields: {line:?}")));
        };
        let answer = match scheme.strip_prefix("in:") {
            Some(ecosystem) => within(ecosystem, a, b),
            None => order(scheme, a, b),
        };
        let Some(answer) = answer else {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("no such scheme: {scheme:?}")));
        };
        writeln!(out, "{answer}")?;
    }
    out.flush()
}

fn order(scheme: &str, a: &str, b: &str) -> Option<&'static str> {
    Some(match Scheme::from_word(scheme)?.compare(a, b) {
        Some(Ordering::Less) => "<",
        Some(Ordering::Equal) => "=",
        Some(Ordering::Greater) => ">",
        None => "?",
    })
}

fn within(ecosystem: &str, requirement: &str, version: &str) -> Option<&'static str> {
    let (ecosystem, _) = Ecosystem::from_osv(ecosystem)?;
    let version = Scheme::of(ecosystem)?.parse(version);
    Some(match (Requirement::parse(ecosystem, requirement), version) {
        (Some(requirement), Some(version)) if requirement.matches(&version) => "y",
        (Some(_), Some(_)) => "n",
        _ => "?",
    })
}
