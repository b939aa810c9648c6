//! Compares versions as lines of `scheme<TAB>a<TAB>b` on standard input ask, and prints `<`, `=`, `>`, or `?` where one
//! of them is no version of the scheme. `tools/version_oracle.py` holds the answers against each ecosystem's own.

use bartizan_packages::version::Scheme;
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
        let Some(scheme) = Scheme::from_word(scheme) else {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("no such scheme: {scheme:?}")));
        };
        let sign = match scheme.compare(a, b) {
            Some(Ordering::Less) => "<",
            Some(Ordering::Equal) => "=",
            Some(Ordering::Greater) => ">",
            None => "?",
        };
        writeln!(out, "{sign}")?;
    }
    out.flush()
}
