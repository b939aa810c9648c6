use crate::language::{Language, parse};
use crate::pattern::Pattern;
use crate::tree::Symbols;

fn sexp(source: &str) -> String {
    let mut symbols = Symbols::default();
    let spec = Language::Rust.spec_for("a.rs").unwrap();
    let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
    assert!(tree.errors.is_empty(), "{source}");
    let children = tree.children(tree.root).to_vec();
    children.iter().map(|child| tree.to_sexp(*child, &symbols)).collect::<Vec<_>>().join(" ")
}

fn body(statements: &str) -> String {
    let whole = sexp(&format!("fn f() {{ {statements} }}"));
    whole.split_once("(Parameters) (Block ").unwrap().1.strip_suffix("))").unwrap().to_owned()
}

fn pattern(text: &str) -> String {
    let mut symbols = Symbols::default();
    let pattern = Pattern::compile(text, Language::Rust.spec_for("a.rs").unwrap(), &mut symbols).unwrap();
    let roots = pattern.roots().iter();
    roots.map(|root| pattern.tree.to_sexp(*root, &symbols)).collect::<Vec<_>>().join(" ")
}

#[test]
fn expressions() {
    assert_eq!(
        body("(a::b)(x?, &mut y[0]).c::<u32>();"),
        "(ExpressionStatement (Call (GenericType (Field (Call (Field (Name \"a\") (Name \"b\")) (Arguments (Postfix \"?\" \
         (Name \"x\")) (Unary \"&\" (Index (Name \"y\") (Number \"0\"))))) (Name \"c\")) (TypeArguments (Name \"u32\"))) \
         (Arguments)))"
    );
    assert_eq!(
        body("let mut v: &str = S { a, b: 1, ..c };"),
        "(VariableDefinition (Modifiers (Token \"let\") (Token \"mut\")) (WrappedType \"&\" (Name \"str\")) (Name \"v\") \
         (Construct (Name \"S\") (Name \"a\") (Pair (Name \"b\") (Number \"1\")) (Spread \"..\" (Name \"c\"))))"
    );
    assert_eq!(
        body("f(|x, _: u8| x.await, 0..n, [1; 2], r#\"q\"#, 'c');"),
        "(ExpressionStatement (Call (Name \"f\") (Arguments (Lambda (Parameters (Parameter (Modifiers) _ (Name \"x\") _) \
         (Parameter (Modifiers) (Name \"u8\") (Name \"_\") _)) (Await (Name \"x\"))) (Binary \"..\" (Number \"0\") (Name \
         \"n\")) (List (Number \"1\")) (String \"q\") (Char \"c\"))))"
    );
}

#[test]
fn macros_have_arguments() {
    assert_eq!(
        body("format!(\"a {x:?} {{}} {0}\", y.z, k = 1);"),
        "(ExpressionStatement (Macro (Name \"format\") (Arguments (Template (StringPart \"a \") (Name \"x\") (StringPart \" \
         {{}} {0}\")) (Field (Name \"y\") (Name \"z\")) (KeywordArgument (Name \"k\") (Number \"1\")))))"
    );
    assert_eq!(
        body("vec![a, vec![b; 3]]; html! { <b> };"),
        "(ExpressionStatement (Macro (Name \"vec\") (Arguments (Name \"a\") (Macro (Name \"vec\") (Arguments (Name \
         \"b\")))))) (ExpressionStatement (Macro (Name \"html\") (Arguments (Name \"b\"))))"
    );
}

#[test]
fn ends_of_functions_are_returned() {
    assert_eq!(
        body("a(); if b { c } else { match d { 1 | 2 => e, _ => return g, } }"),
        "(ExpressionStatement (Call (Name \"a\") (Arguments))) (If (Name \"b\") (Block (Return (Name \"c\"))) (Block (Switch \
         (Name \"d\") (Case (Number \"1\") (Number \"2\") (Block (Return (Name \"e\")))) (Case (Name \"_\") (Block (Return \
         (Name \"g\")))))))"
    );
    assert_eq!(body("a;"), "(ExpressionStatement (Name \"a\"))");
}

#[test]
fn statements() {
    assert_eq!(
        body("'l: while let Some(x) = it.next() { break 'l; } let Ok(y) = z else { return };"),
        "(Labeled (Name \"l\") (While (VariableDefinition (Modifiers) _ (Construct (Name \"Some\") (Tuple (Name \"x\"))) (Call \
         (Field (Name \"it\") (Name \"next\")) (Arguments))) (Block (Break (Name \"l\"))))) (Definitions (VariableDefinition \
         (Modifiers (Token \"let\")) _ (Construct (Name \"Ok\") (Tuple (Name \"y\"))) (Name \"z\")) (If (Token) (Block (Return \
         _)) _))"
    );
}

#[test]
fn items() {
    assert_eq!(
        sexp(
            "#[get(\"/\")] pub async fn f<T>(Path(p): Path<T>, &self) -> i32 { 1 } impl T for S<u8> { fn m(&mut self) {} } \
             #[derive(A)] struct P(u8);"
        ),
        "(Function (Modifiers (Decorator (Call (Name \"get\") (Arguments (String \"/\")))) (Token \"pub\") (Token \"async\")) \
         (Name \"i32\") (Name \"f\") (Parameters (Parameter (Modifiers) (GenericType (Name \"Path\") (TypeArguments (Name \
         \"T\"))) (Construct (Name \"Path\") (Tuple (Name \"p\"))) _) (Parameter (Modifiers) _ (Name \"self\") _)) (Block \
         (Return (Number \"1\")))) (Class \"impl\" (Modifiers) (Name \"S\") (Supers (Name \"T\")) (Block (Function (Modifiers) \
         _ (Name \"m\") (Parameters (Parameter (Modifiers) _ (Name \"self\") _)) (Block)))) (Class \"struct\" (Modifiers \
         (Decorator (Call (Name \"derive\") (Arguments (Name \"A\"))))) (Name \"P\") (Supers) (Block (VariableDefinition \
         (Modifiers) (Name \"u8\") (Name \"0\") _)))"
    );
    assert_eq!(
        sexp("use md5; use a::b as c; use std::{io::*, fs::{self, File}};"),
        "(Import (Name \"md5\") _) (ImportFrom (Name \"a\") (ImportedName (Name \"b\") (Name \"c\"))) (Definitions (ImportFrom \
         (Field (Name \"std\") (Name \"io\")) (ImportedName (Name \"*\") _)) (ImportFrom (Field (Name \"std\") (Name \"fs\")) \
         (ImportedName (Name \"self\") _) (ImportedName (Name \"File\") _)))"
    );
}

#[test]
fn patterns_are_read() {
    for (text, part) in [
        (
            "Command::new($X). ... .spawn()",
            "(Field (Call (Field (Name \"Command\") (Name \"new\")) (Arguments (Metavariable",
        ),
        ("$X.unwrap()", "(Call (Field (Metavariable \"$X\") (Name \"unwrap\")) (Arguments))"),
        ("$V.parse::<$T>()", "(TypeArguments (Metavariable \"$T\"))"),
        (
            "let $X = $V;",
            "(VariableDefinition (Modifiers (Token \"let\")) _ (Metavariable \"$X\") (Metavariable \"$V\"))",
        ),
        ("unsafe { ... }", "(Block (Ellipsis \"...\"))"),
        (
            "if $C { ... } else { ... }",
            "(If (Metavariable \"$C\") (Block (Ellipsis \"...\")) (Block (Ellipsis \"...\")))",
        ),
        (
            "fn $F(..., $X: &str, ...) -> $R { ... }",
            "(Parameters (Ellipsis \"...\") (Parameter (Modifiers) (WrappedType",
        ),
        (
            "async fn $F(Path($X): Path<$T>) { ... }",
            "(Construct (Name \"Path\") (Tuple (Metavariable \"$X\")))",
        ),
        ("struct $S { ... }", "(Metavariable \"$S\") (Supers) (Block (Ellipsis \"...\"))"),
        ("S { a: 1, ... }", "(Pair (Name \"a\") (Number \"1\")) (Ellipsis \"...\"))"),
        ("match $N { ... }", "(Switch (Metavariable \"$N\") (Ellipsis \"...\"))"),
        (
            "format!(\"...\", $X)",
            "(Macro (Name \"format\") (Arguments (String \"...\") (Metavariable \"$X\")))",
        ),
        ("vec![...]", "(Macro (Name \"vec\") (Arguments (Ellipsis \"...\")))"),
        ("for $I in $A..$B { ... }", "(Binary \"..\" (Metavariable \"$A\") (Metavariable \"$B\"))"),
        ("use std::process::$X;", "(ImportedName (Metavariable \"$X\") _)"),
        (
            "let $X = f();\n...\n$X.g();",
            "(Ellipsis \"...\") (ExpressionStatement (Call (Field (Metavariable \"$X\")",
        ),
        ("return Ok($X);", "(Return (Call (Name \"Ok\") (Arguments (Metavariable \"$X\"))))"),
        (
            "impl $T for $S { ... }",
            "(Class \"impl\" (Modifiers) (Metavariable \"$S\") (Supers (Metavariable \"$T\"))",
        ),
        ("#[get(...)]", "(Decorator (Call (Name \"get\") (Arguments (Ellipsis \"...\"))))"),
        ("$X?", "(Postfix \"?\" (Metavariable \"$X\"))"),
    ] {
        let read = pattern(text);
        assert!(read.contains(part), "{text}: {read}");
    }
}

#[test]
fn deep_nesting_and_broken_source_end() {
    let mut symbols = Symbols::default();
    let spec = Language::Rust.spec_for("a.rs").unwrap();
    let mut read = |source: &str| drop(parse(spec, source.as_bytes(), &mut symbols, || true).unwrap());
    for (open, close) in
        [("(", ")"), ("{", "}"), ("&", ""), ("m!(", ")"), ("a::{", "}"), ("|x| ", ""), ("x?.", "")]
    {
        read(&format!("fn f() {{ {}x{}; }}", open.repeat(5_000), close.repeat(5_000)));
    }
    read(&format!("use {}a{};", "a::{".repeat(5_000), "}".repeat(5_000)));
    read("fn f( { let = ; match { => } #[ impl for struct");
}
