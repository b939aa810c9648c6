//! Kotlin as generic trees, and patterns in it.

use crate::language::{Language, parse, sample};
use crate::tree::Symbols;

fn sexp(source: &str) -> String {
    sample::sexp(Language::Kotlin, "A.kt", source)
}

fn pattern(text: &str) -> String {
    sample::pattern(Language::Kotlin, "A.kt", text)
}

#[test]
fn expressions() {
    for (source, expected) in [
        (
            "a?.f(1, k = \"x\", *r) { it.y }",
            "(ExpressionStatement (Call (Field \"?.\" (Name \"a\") (Name \"f\")) (Arguments (Number \"1\") \
             (KeywordArgument (Name \"k\") (String \"x\")) (Spread \"*\" (Name \"r\")) (Lambda (Parameters (Parameter \
             (Modifiers) _ (Name \"it\") _)) (Block (Return (Field (Name \"it\") (Name \"y\"))))))))",
        ),
        (
            "f(\"a$b${c.d}\\$e\")",
            "(ExpressionStatement (Call (Name \"f\") (Arguments (Template (StringPart \"a\") (Name \"b\") (Field (Name \
             \"c\") (Name \"d\")) (StringPart \"\\\\$e\")))))",
        ),
        (
            "x = !a.b()!! || -c.d > 1",
            "(ExpressionStatement (Assign (Name \"x\") (Binary \"||\" (Unary \"!\" (Postfix \"!!\" (Call (Field (Name \
             \"a\") (Name \"b\")) (Arguments)))) (Binary \">\" (Unary \"-\" (Field (Name \"c\") (Name \"d\"))) (Number \
             \"1\")))))",
        ),
        (
            "f<a.B>(x)",
            "(ExpressionStatement (Call (GenericType (Name \"f\") (TypeArguments (Field (Name \"a\") (Name \"B\")))) \
             (Arguments (Name \"x\"))))",
        ),
        (
            "a to b",
            "(ExpressionStatement (Call (Field (Name \"a\") (Name \"to\")) (Arguments (Name \"b\"))))",
        ),
        (
            "x as T ?: null",
            "(ExpressionStatement (Binary \"??\" (Cast (Name \"T\") (Name \"x\")) (Null \"null\")))",
        ),
    ] {
        assert_eq!(sexp(source), format!("(Program {expected})"), "{source}");
    }
}

#[test]
fn statements() {
    assert_eq!(
        sexp("when (a) { is B, 1 -> f(); else -> { g() } }"),
        "(Program (Switch (Name \"a\") (Case (Other (Token \"is\") (Name \"B\")) (Number \"1\") (Block \
         (ExpressionStatement (Call (Name \"f\") (Arguments))))) (Case (Block (ExpressionStatement (Call (Name \"g\") \
         (Arguments)))))))"
    );
    assert_eq!(
        sexp("try { f() } catch (e: E) { } finally { g() }\nfor ((a, b) in c) break\ndo { } while (x)"),
        "(Program (Try (Block (ExpressionStatement (Call (Name \"f\") (Arguments)))) (Catch (Name \"E\") (Name \"e\") \
         (Block)) (Block (ExpressionStatement (Call (Name \"g\") (Arguments)))) _) (ForEach (Tuple (Name \"a\") (Name \
         \"b\")) (Name \"c\") (Break _) _) (DoWhile (Block) (Name \"x\")))"
    );
    assert_eq!(
        sexp("val s: String? = if (a) return@f 1 else throw x"),
        "(Program (VariableDefinition (Modifiers (Token \"val\")) (Name \"String\") (Name \"s\") (If (Name \"a\") \
         (Return (Number \"1\")) (Throw (Name \"x\")))))"
    );
}

#[test]
fn definitions() {
    assert_eq!(
        sexp(
            "package a.b\nimport c.D as E\nimport f.*\n@Q(1) open class C<T>(val x: Int) : B(x), I { fun m() = x }"
        ),
        "(Program (Package (Field (Name \"a\") (Name \"b\"))) (Import (Field (Name \"c\") (Name \"D\")) (Name \"E\")) \
         (ImportFrom (Name \"f\") (ImportedName (Name \"*\") _)) (Class \"class\" (Modifiers (Decorator (Call (Name \"Q\") \
         (Arguments (Number \"1\")))) (Token \"open\")) (Name \"C\") (Supers (Call (Name \"B\") (Arguments (Name \"x\"))) \
         (Name \"I\")) (Block (VariableDefinition (Modifiers (Token \"val\")) (Name \"Int\") (Name \"x\") _) (Function \"=\" \
         (Modifiers) _ (Name \"m\") (Parameters) (Name \"x\")))))"
    );
    assert_eq!(
        sexp("private fun List<T>.f(@Q a: String = \"\", vararg b: Int): R { return a }"),
        "(Program (Function (Modifiers (Token \"private\") (Parameters (Parameter (Modifiers) (GenericType (Name \"List\") \
         (TypeArguments (Name \"T\"))) (Name \"this\") _))) (Name \"R\") (Name \"f\") (Parameters (Parameter (Modifiers \
         (Decorator (Name \"Q\"))) (Name \"String\") (Name \"a\") (String)) (Parameter \"...\" (Modifiers (Token \
         \"vararg\")) (Name \"Int\") (Name \"b\") _)) (Block (Return (Name \"a\")))))"
    );
}

#[test]
fn patterns_are_read() {
    for (text, part) in [
        ("$X.exec(...)", "(Call (Field (Metavariable \"$X\") (Name \"exec\")) (Arguments (Ellipsis"),
        ("val $X: $T = $V", "(Metavariable \"$T\") (Metavariable \"$X\") (Metavariable \"$V\")"),
        ("class $C(...) : $B(...) { ... }", "(Metavariable \"$C\") (Supers (Call (Metavariable \"$B\")"),
        (
            "fun $F(..., $Q: String, ...): $R { ... }",
            "(Parameters (Ellipsis \"...\") (Parameter (Modifiers) (Name",
        ),
        ("fun $F(...) = $E", "(Parameters (Ellipsis \"...\")) (Metavariable \"$E\"))"),
        ("@$A(...) fun $F(...) { ... }", "(Modifiers (Decorator (Call (Metavariable \"$A\")"),
        ("@$A(...)", "(Decorator (Call (Metavariable \"$A\") (Arguments (Ellipsis \"...\"))))"),
        ("companion object { ... }", "(Class \"object\" (Modifiers (Token \"companion\"))"),
        ("when ($X) { ... }", "(Switch (Metavariable \"$X\") (Ellipsis \"...\"))"),
        ("$X -> ...", "(Case (Metavariable \"$X\") (Block (Ellipsis \"...\")))"),
        ("$L.map { $W -> ... }", "(Parameter (Modifiers) _ (Metavariable \"$W\") _)) (Block (Ellipsis"),
        ("$L.apply { ... }", "(Arguments (Lambda _ (Block (Ellipsis \"...\"))))"),
        ("if (!$X.ok()) { ... }", "(If (Unary \"!\" (Call (Field (Metavariable \"$X\")"),
        ("($X: Cipher).init(...)", "(Field (TypedMetavariable \"$X\" (Name \"Cipher\")) (Name \"init\"))"),
        ("f(<... $X ...>)", "(Arguments (Deep (Metavariable \"$X\")))"),
        ("f($...REST)", "(Arguments (MetavariableEllipsis \"$...REST\"))"),
        ("f($K = $V)", "(KeywordArgument (Metavariable \"$K\") (Metavariable \"$V\"))"),
        ("val $X = f()\n...\n$X.g()", "(Ellipsis \"...\") (ExpressionStatement (Call"),
        ("catch ($E: $T) { ... }", "(Catch (Metavariable \"$T\") (Metavariable \"$E\")"),
        ("object : $T(...) { ... }", "(New (Metavariable \"$T\") (Arguments (Ellipsis \"...\"))"),
        (
            "import $X.io.File",
            "(Import (Field (Field (Metavariable \"$X\") (Name \"io\")) (Name \"File\")) _)",
        ),
    ] {
        let read = pattern(text);
        assert!(read.contains(part), "{text}: {read}");
    }
}

#[test]
fn broken_and_deep_source_ends() {
    let spec = Language::Kotlin.spec_for("A.kt").unwrap();
    for source in [
        "class {{{ )",
        &"(".repeat(3000),
        &format!("x{}", "?.b[0]".repeat(3000)),
        &format!("{}x", "!".repeat(3000)),
        &format!("{}x", "a { ".repeat(2000)),
        "\u{0}\u{fffd} \"${",
    ] {
        let mut symbols = Symbols::default();
        let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
        assert!(!tree.errors.is_empty() || tree.too_deep > 0);
    }
}
