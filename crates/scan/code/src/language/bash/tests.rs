use crate::language::{Language, parse};
use crate::pattern::Pattern;
use crate::tree::Symbols;

fn sexp(source: &str) -> String {
    let mut symbols = Symbols::default();
    let spec = Language::Bash.spec_for("a.sh").unwrap();
    let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
    assert!(tree.errors.is_empty(), "{source}");
    let children = tree.children(tree.root).to_vec();
    children.iter().map(|child| tree.to_sexp(*child, &symbols)).collect::<Vec<_>>().join(" ")
}

fn pattern(text: &str) -> String {
    let mut symbols = Symbols::default();
    let pattern = Pattern::compile(text, Language::Bash.spec_for("a.sh").unwrap(), &mut symbols).unwrap();
    let roots = pattern.roots().iter();
    roots.map(|root| pattern.tree.to_sexp(*root, &symbols)).collect::<Vec<_>>().join(" ")
}

#[test]
fn words_and_variables() {
    assert_eq!(
        sexp("echo a \"b\" 'c' $d \"${e}\" \"f $1\" x\"$g\"/y 3"),
        "(Call (Name \"echo\") (Arguments (String \"a\") (String \"b\") (String \"c\") (Name \"$d\") (Template (Name \"$e\")) \
         (Template (StringPart \"f \") (Name \"$1\")) (Template (StringPart \"x\") (Template (Name \"$g\")) (StringPart \
         \"/y\")) (Number \"3\")))"
    );
    assert_eq!(
        sexp("read -r x; x=1; x+=a; export Y=$x; local z; unset z"),
        "(Call (Name \"read\") (Arguments (String \"-r\") (Name \"$x\"))) (Assign (Name \"$x\") (Number \"1\")) \
         (AugmentedAssign \"+\" (Name \"$x\") (String \"a\")) (Assign (Name \"$Y\") (Name \"$x\")) (Call (Name \"local\") \
         (Arguments (Name \"$z\"))) (Delete (Name \"$z\"))"
    );
}

#[test]
fn commands_within_commands() {
    let list = "(Call (Name \"ls\") (Arguments (Name \"$x\")))";
    let macro_ = format!("(Macro (Name \"$()\") (Arguments {list}))");
    assert_eq!(sexp("y=$(ls $x)"), format!("(Assign (Name \"$y\") {macro_})"));
    assert_eq!(sexp("y=`ls $x`"), format!("(Assign (Name \"$y\") {macro_})"));
    assert_eq!(
        sexp("A=1 ls $x 2>/dev/null | sh && ! true"),
        format!(
            "(Binary \"&&\" (Binary \"pipe\" {list} (Call (Name \"sh\") (Arguments))) (Unary \"!\" (Call (Name \"true\") \
             (Arguments))))"
        )
    );
}

#[test]
fn lines_are_commands_of_their_own() {
    assert_eq!(
        sexp("a | b | c\nd\ne x > f\n"),
        "(Definitions (Binary \"pipe\" (Binary \"pipe\" (Call (Name \"a\") (Arguments)) (Call (Name \"b\") (Arguments))) (Call \
         (Name \"c\") (Arguments))) (Call (Name \"d\") (Arguments)) (Call (Name \"e\") (Arguments (String \"x\"))))"
    );
    assert_eq!(sexp("a \\\n b"), "(Call (Name \"a\") (Arguments (String \"b\")))");
}

#[test]
fn statements() {
    assert_eq!(
        sexp("if [ -z \"$a\" ]; then b; elif c; then d; else e; fi"),
        "(If (Other (Unary \"-z\" (Template (Name \"$a\")))) (Block (Call (Name \"b\") (Arguments))) (If (Call (Name \"c\") \
         (Arguments)) (Block (Call (Name \"d\") (Arguments))) (Block (Call (Name \"e\") (Arguments)))))"
    );
    assert_eq!(
        sexp("for i in a $b; do c; done; until d; do e; done; case $f in g|h) i;; *) j;; esac"),
        "(ForEach (Name \"$i\") (List (String \"a\") (Name \"$b\")) (Block (Call (Name \"c\") (Arguments))) _) (While \"!\" \
         (Call (Name \"d\") (Arguments)) (Block (Call (Name \"e\") (Arguments)))) (Switch (Name \"$f\") (Case (String \"g\") \
         (String \"h\") (Block (Call (Name \"i\") (Arguments)))) (Case (Block (Call (Name \"j\") (Arguments)))))"
    );
    let function = sexp("f() { echo \"$1\"; }");
    assert!(function.starts_with(
        "(Function (Modifiers) _ (Name \"f\") (Parameters (Parameter (Modifiers) _ (Name \"$1\") _)"
    ));
    assert!(function.ends_with("(Block (Call (Name \"echo\") (Arguments (Template (Name \"$1\"))))))"));
}

#[test]
fn patterns_are_read() {
    for (text, expected) in [
        ("eval ...", "(Call (Name \"eval\") (Arguments (Ellipsis \"...\")))"),
        ("rm -rf $X", "(Call (Name \"rm\") (Arguments (String \"-rf\") (Metavariable \"$X\")))"),
        ("rm \"$X\"", "(Call (Name \"rm\") (Arguments (Template (Metavariable \"$X\"))))"),
        ("rm $x", "(Call (Name \"rm\") (Arguments (Name \"$x\")))"),
        ("echo \"...\"", "(Call (Name \"echo\") (Arguments (String \"...\")))"),
        (
            "curl ... | sh",
            "(Binary \"pipe\" (Call (Name \"curl\") (Arguments (Ellipsis \"...\"))) (Call (Name \"sh\") (Arguments)))",
        ),
        ("... | sh", "(Binary \"pipe\" (Ellipsis \"...\") (Call (Name \"sh\") (Arguments)))"),
        ("$X=$V", "(Assign (Metavariable \"$X\") (Metavariable \"$V\"))"),
        ("local $X=...", "(Assign (Metavariable \"$X\") (Ellipsis \"...\"))"),
        (
            "$(ls ...)",
            "(Macro (Name \"$()\") (Arguments (Call (Name \"ls\") (Arguments (Ellipsis \"...\")))))",
        ),
        ("$X=$(...)", "(Assign (Metavariable \"$X\") (Macro (Name \"$()\") (Arguments (Ellipsis \"...\"))))"),
        (
            "for $I in ...; do ... done",
            "(ForEach (Metavariable \"$I\") (Ellipsis \"...\") (Block (Ellipsis \"...\")) _)",
        ),
        ("while true; do ... done", "(While (Call (Name \"true\") (Arguments)) (Block (Ellipsis \"...\")))"),
        ("if ...; then ... fi", "(If (Ellipsis \"...\") (Block (Ellipsis \"...\")) _)"),
        ("$CMD ...", "(Call (Metavariable \"$CMD\") (Arguments (Ellipsis \"...\")))"),
        ("a\n...\nb", "(Call (Name \"a\") (Arguments)) (Ellipsis \"...\") (Call (Name \"b\") (Arguments))"),
        ("$A || $B", "(Binary \"||\" (Metavariable \"$A\") (Metavariable \"$B\"))"),
        ("[ -f $X ]", "(Other (Unary \"-f\" (Metavariable \"$X\")))"),
    ] {
        assert_eq!(pattern(text), expected, "{text}");
    }
    assert!(pattern("$F() { ... }").contains("(Metavariable \"$F\") (Parameters"));
    assert!(pattern("$F() { ... }").ends_with("(Block (Ellipsis \"...\")))"));
    assert!(pattern("case $X in ... esac").starts_with("(Switch (Metavariable \"$X\")"));
}

#[test]
fn deep_nesting_and_broken_source_end() {
    let mut symbols = Symbols::default();
    let spec = Language::Bash.spec_for("a.sh").unwrap();
    let mut read = |source: &str| drop(parse(spec, source.as_bytes(), &mut symbols, || true).unwrap());
    for (open, close) in
        [("$(", ")"), ("{ ", "; }"), ("a | ", ""), ("a && ", ""), ("\"$(", ")\""), ("! ", "")]
    {
        read(&format!("{}x{}", open.repeat(3_000), close.repeat(3_000)));
    }
    read(&format!("if a; then b; {} fi", "elif c; then d; ".repeat(3_000)));
    read("if ; then | ) $( \" case x in function {");
}
