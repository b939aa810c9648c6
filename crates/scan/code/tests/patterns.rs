//! Patterns against source, through the public interface.

use bartizan_code::facts::Facts;
use bartizan_code::language::{Language, parse};
use bartizan_code::matching::{ByKind, File, Matcher, Options};
use bartizan_code::pattern::Pattern;
use bartizan_code::tree::Symbols;

/// The texts that a pattern matches.
fn matches(language: Language, pattern: &str, source: &str) -> Vec<String> {
    let spec = language.spec_for("").unwrap();
    let mut symbols = Symbols::default();
    let pattern = Pattern::compile(pattern, spec, &mut symbols).unwrap();
    let mut symbols = Symbols::over(symbols.freeze());
    let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
    let facts = Facts::default();
    let by_kind = ByKind::new(&tree);
    let file =
        File { source: source.as_bytes(), tree: &tree, symbols: &symbols, facts: &facts, by_kind: &by_kind };
    let found = Matcher::new(&pattern, &file, Options::default()).find();
    assert!(!found.cut);
    let mut ranges: Vec<(u32, u32)> = found.matches.iter().map(|m| (m.range.start, m.range.end)).collect();
    ranges.sort_unstable();
    ranges.dedup();
    ranges.into_iter().map(|(start, end)| source[start as usize..end as usize].to_owned()).collect()
}

fn python(pattern: &str, source: &str) -> Vec<String> {
    matches(Language::Python, pattern, source)
}

#[test]
fn calls_and_arguments() {
    let source = "f(1)\nf(1, 2)\nf(a, b, k=3)\ng(f(1))\nx.f(1)";
    assert_eq!(python("f(1)", source), ["f(1)", "f(1)"]);
    assert_eq!(python("f(1, ...)", source), ["f(1)", "f(1, 2)", "f(1)"]);
    assert_eq!(python("f(...)", source).len(), 4);
    assert_eq!(python("f(..., k=3)", source), ["f(a, b, k=3)"]);
    assert_eq!(python("f(..., k=$X, ...)", source), ["f(a, b, k=3)"]);
    assert_eq!(python("$F(1)", source), ["f(1)", "f(1)", "x.f(1)"]);
    assert_eq!(python("$X.f(...)", source), ["x.f(1)"]);
    assert_eq!(python("f($A, $A)", "f(x, x)\nf(x, y)"), ["f(x, x)"]);
    assert_eq!(python("f($...ARGS, 2)", source), ["f(1, 2)"]);
}

#[test]
fn strings_and_deep_expressions() {
    let source = "f('a')\nf(\"b\" + c)\nf(g(h('a')))\nf(f'x{y}')";
    assert_eq!(python("f(\"...\")", source), ["f('a')", "f(f'x{y}')"]);
    assert_eq!(python("f('a')", source), ["f('a')"]);
    assert_eq!(python("f('$S')", source), ["f('a')"]);
    assert_eq!(python("f(<... 'a' ...>)", source), ["f('a')", "f(g(h('a')))"]);
    assert_eq!(python("'=~/^b/'", source), ["\"b\""]);
    assert_eq!(python("f(f\"...{$X}...\")", source), ["f(f'x{y}')"]);
}

#[test]
fn statements_follow_each_other() {
    let source = "def a():\n  x = get()\n  y = 1\n  if y:\n    use(x)\n  use(y)\n\ndef b():\n  use(1)\n";
    assert_eq!(python("$X = get()\n...\nuse($X)", source), ["x = get()\n  y = 1\n  if y:\n    use(x)"]);
    assert_eq!(python("def $F(...):\n  ...\n  use($X)\n", source).len(), 2);
    assert_eq!(python("def $F(...):\n  use($X)\n", source), ["def b():\n  use(1)"]);
    assert_eq!(python("if $C:\n  ...", source), ["if y:\n    use(x)"]);
    assert_eq!(python("def $F(...): ...", source).len(), 2);
}

#[test]
fn partial_patterns() {
    let source = "import os\n@app.route('/')\ndef f(a, b=2):\n  pass\nclass A(B, C):\n  x = 1\n";
    assert_eq!(python("@app.route(...)\ndef $F(...): ...", source).len(), 1);
    assert_eq!(python("def $F(..., $B=2, ...): ...", source).len(), 1);
    assert_eq!(python("@$A.route(...)", source), ["@app.route('/')"]);
    assert_eq!(python("class $A(C): ...", source).len(), 1);
    assert_eq!(python("class $A(...): ...", source).len(), 1);
    assert_eq!(python("class $A(D): ...", source).len(), 0);
    assert_eq!(python("import os", source), ["import os"]);
    assert_eq!(python("def f(...)", source).len(), 1);
}

#[test]
fn equivalences() {
    assert_eq!(python("$X = $X + $Y", "a = a + 1\na += 1\na = b + 1"), ["a = a + 1", "a += 1"]);
    assert_eq!(python("$X += $Y", "a = a + 1\na += 1\na -= 1"), ["a = a + 1", "a += 1"]);
    assert_eq!(python("(a)", "f((a))"), ["(a)"]);
    assert_eq!(python("a.b. ... .c()", "a.b.c()\na.b.x().y.c()\nb.c()"), ["a.b.c()", "a.b.x().y.c()"]);
    assert_eq!(python("$X and $Y", "a and b\na or b"), ["a and b"]);
}
