//! Prints a file's generic tree and what its names mean: `cargo run -p bartizan-code --example dump -- FILE`.

use bartizan_code::facts::Facts;
use bartizan_code::language::{Language, parse};
use bartizan_code::tree::{Kind, Symbols};
use std::io::Write as _;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("name a file")?;
    let source = std::fs::read(&path)?;
    let spec =
        Language::of_file(&path, b"").and_then(|language| language.spec_for(&path)).ok_or("no language")?;
    let mut symbols = Symbols::default();
    let tree = parse(spec, &source, &mut symbols, || true)?;
    let facts = Facts::of(&tree, &mut symbols, spec);
    let mut out = std::io::stdout().lock();
    for child in tree.children(tree.root) {
        writeln!(out, "{}", tree.to_sexp(*child, &symbols))?;
    }
    for id in tree.ids() {
        let node = tree.node(id);
        if node.kind == Kind::Missing {
            continue;
        }
        let text = String::from_utf8_lossy(&source[tree.range(id)]).into_owned();
        let name = |symbol: Option<&bartizan_code::tree::Symbol>| {
            symbol.map(|symbol| symbols.text(*symbol).to_owned())
        };
        let told = (name(facts.qualified.get(&id)), name(facts.types.get(&id)), facts.constants.get(&id));
        if told.0.is_some() || told.1.is_some() || told.2.is_some() {
            writeln!(out, "{:?} {text:?}: {told:?}", node.kind)?;
        }
    }
    writeln!(out, "unread: {:?}", tree.errors)?;
    Ok(())
}
