//! Prints how a pattern is read: `cargo run -p bartizan-code --example pattern -- FILE-NAME PATTERN`.

use bartizan_code::language::Language;
use bartizan_code::pattern::Pattern;
use bartizan_code::tree::Symbols;
use std::io::Write as _;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (path, text) = (arguments.next().ok_or("name a file")?, arguments.next().ok_or("give a pattern")?);
    let spec =
        Language::of_file(&path, b"").and_then(|language| language.spec_for(&path)).ok_or("no language")?;
    let mut symbols = Symbols::default();
    let pattern = Pattern::compile(&text, spec, &mut symbols)?;
    let mut out = std::io::stdout().lock();
    for root in pattern.roots() {
        writeln!(out, "{}", pattern.tree.to_sexp(*root, &symbols))?;
    }
    let required: Vec<&str> = pattern.required.iter().map(|symbol| symbols.text(*symbol)).collect();
    writeln!(out, "requires {required:?}")?;
    Ok(())
}
