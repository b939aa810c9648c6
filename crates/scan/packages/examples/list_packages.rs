//! Lists the packages that files name, one per line: ecosystem, name, version, scope, relation, line, by tabs. For comparing with
//! each ecosystem's own tool (`tools/resolve_oracle.py`).

use bartizan_packages::format;
use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut out = std::io::stdout().lock();
    let mut failed = false;
    for path in std::env::args().skip(1) {
        let Some(format) = format::of(&path) else {
            let _ = writeln!(std::io::stderr(), "{path}: no format");
            failed = true;
            continue;
        };
        let parsed = std::fs::read(&path).map_err(|error| error.to_string());
        match parsed.and_then(|bytes| {
            let manifest = (format.parse)(&path, &bytes).map_err(|error| error.to_string())?;
            Ok((bytes, manifest))
        }) {
            Ok((bytes, manifest)) => {
                for problem in &manifest.problems {
                    let line = line(&bytes, problem.at);
                    let _ = writeln!(std::io::stderr(), "{path}:{line}: {}", problem.reason);
                }
                for package in &manifest.packages {
                    let version = package.version.as_deref().unwrap_or("");
                    let scope = format!("{:?}", package.scope).to_lowercase();
                    let relation = format!("{:?}", package.relation).to_lowercase();
                    let line = line(&bytes, package.span.start);
                    let ecosystem = package.ecosystem;
                    let _ = writeln!(
                        out,
                        "{ecosystem}\t{}\t{version}\t{scope}\t{relation}\t{line}",
                        package.name
                    );
                }
            }
            Err(error) => {
                let _ = writeln!(std::io::stderr(), "{path}: {error}");
                failed = true;
            }
        }
    }
    if failed { ExitCode::from(3) } else { ExitCode::SUCCESS }
}

fn line(bytes: &[u8], at: usize) -> usize {
    bytes.iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}
