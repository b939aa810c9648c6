//! Scala as generic trees, and patterns in it.

use crate::language::{Language, parse, sample};
use crate::tree::Symbols;

fn sexp(source: &str) -> String {
    sample::sexp(Language::Scala, "A.scala", source)
}

fn pattern(text: &str) -> String {
    sample::pattern(Language::Scala, "A.scala", text)
}

#[test]
fn expressions() {
    for (source, expected) in [
        (
            "a.f(1, k = \"x\", r: _*)(b)",
            "(ExpressionStatement (Call (Call (Field (Name \"a\") (Name \"f\")) (Arguments (Number \"1\") (KeywordArgument (Name \"k\") (String \"x\")) (Spread \"*\" (Name \"r\")))) (Arguments (Name \"b\"))))",
        ),
        (
            "f(s\"a$b${c.d}\")",
            "(ExpressionStatement (Call (Name \"f\") (Arguments (Template \"s\" (StringPart \"a\") (Name \"b\") (Field (Name \"c\") (Name \"d\"))))))",
        ),
        (
            "x = !a.b && y map f",
            "(ExpressionStatement (Assign (Name \"x\") (Call (Field (Binary \"&&\" (Unary \"!\" (Field (Name \"a\") (Name \"b\"))) (Name \"y\")) (Name \"map\")) (Arguments (Name \"f\")))))",
        ),
        (
            "n += a.asInstanceOf[T]",
            "(ExpressionStatement (AugmentedAssign \"+\" (Name \"n\") (Cast (Name \"T\") (Name \"a\"))))",
        ),
        (
            "xs.map { x => f(x); g }",
            "(ExpressionStatement (Call (Field (Name \"xs\") (Name \"map\")) (Arguments (Lambda (Parameters (Parameter (Modifiers) _ (Name \"x\") _)) (Block (ExpressionStatement (Call (Name \"f\") (Arguments (Name \"x\")))) (Return (Name \"g\")))))))",
        ),
        (
            "new a.B[C](1) { val d = 2 }",
            "(ExpressionStatement (New (GenericType (Field (Name \"a\") (Name \"B\")) (TypeArguments (Name \"C\"))) (Arguments (Number \"1\")) (Block (VariableDefinition (Modifiers (Token \"val\")) _ (Name \"d\") (Number \"2\")))))",
        ),
    ] {
        assert_eq!(sexp(source), format!("(Program {expected})"), "{source}");
    }
}

#[test]
fn statements() {
    assert_eq!(
        sexp("a match { case s: S => f(s); case 1 | 2 if b => c; case T(x, _) => }"),
        "(Program (Switch (Name \"a\") (Case (Parameter (Modifiers) (Name \"S\") (Name \"s\") _) (Block (ExpressionStatement (Call (Name \"f\") (Arguments (Name \"s\")))))) (Case (Number \"1\") (Number \"2\") (Block (Other (Name \"b\")) (ExpressionStatement (Name \"c\")))) (Case (Construct (Name \"T\") (Name \"x\") (Name \"_\")) (Block))))"
    );
    assert_eq!(
        sexp("for { a <- b; c = a; d <- c } f(d)"),
        "(Program (ForEach (Name \"a\") (Name \"b\") (Block (VariableDefinition (Modifiers) _ (Name \"c\") (Name \"a\")) (ForEach (Name \"d\") (Name \"c\") (ExpressionStatement (Call (Name \"f\") (Arguments (Name \"d\")))) _)) _))"
    );
    assert_eq!(
        sexp("try f() catch { case e: E => g(e); case NonFatal(x) => } finally h()"),
        "(Program (Try (ExpressionStatement (Call (Name \"f\") (Arguments))) (Catch (Name \"E\") (Name \"e\") (Block (ExpressionStatement (Call (Name \"g\") (Arguments (Name \"e\")))))) (Catch (Name \"NonFatal\") (Name \"x\") (Block)) (ExpressionStatement (Call (Name \"h\") (Arguments))) _))"
    );
}

#[test]
fn definitions() {
    assert_eq!(
        sexp(
            "import a.{B, C => D}\nimport e.F\n@Q(1) final class G(val x: Int) extends H(x) with I { lazy val y = x }"
        ),
        "(Program (Definitions (ImportFrom (Name \"a\") (ImportedName (Name \"B\") _)) (ImportFrom (Name \"a\") (ImportedName (Name \"C\") (Name \"D\")))) (Import (Field (Name \"e\") (Name \"F\")) _) (Class \"class\" (Modifiers (Decorator (Call (Name \"Q\") (Arguments (Number \"1\")))) (Token \"final\")) (Name \"G\") (Supers (Call (Name \"H\") (Arguments (Name \"x\"))) (Name \"I\")) (Block (VariableDefinition (Modifiers (Token \"val\")) (Name \"Int\") (Name \"x\") _) (VariableDefinition (Modifiers (Token \"lazy\") (Token \"val\")) _ (Name \"y\") (Name \"x\")))))"
    );
    assert_eq!(
        sexp("def f(a: A = b, c: C*)(implicit d: D): E = if (a) c else { g; h }\ndef k: Unit"),
        "(Program (Function (Modifiers) (Name \"E\") (Name \"f\") (Parameters (Parameter (Modifiers) (Name \"A\") (Name \"a\") (Name \"b\")) (Parameter \"...\" (Modifiers) (Name \"C\") (Name \"c\") _) (Parameter (Modifiers) (Name \"D\") (Name \"d\") _)) (Block (If (Name \"a\") (Return (Name \"c\")) (Block (ExpressionStatement (Name \"g\")) (Return (Name \"h\")))))) (Function (Modifiers) (Name \"Unit\") (Name \"k\") (Parameters) _))"
    );
}

#[test]
fn patterns_are_read() {
    for (text, part) in [
        ("$X.exec(...)", "(Call (Field (Metavariable \"$X\") (Name \"exec\")) (Arguments (Ellipsis"),
        ("val $X: $T = $V", "(Metavariable \"$T\") (Metavariable \"$X\") (Metavariable \"$V\")"),
        (
            "class $C(...) extends $B(...) { ... }",
            "(Metavariable \"$C\") (Supers (Call (Metavariable \"$B\")",
        ),
        (
            "object $O { ... }",
            "(Class \"object\" (Modifiers) (Metavariable \"$O\") (Supers) (Block (Ellipsis",
        ),
        (
            "def $F(..., $Q: String, ...): $R = { ... }",
            "(Parameters (Ellipsis \"...\") (Parameter (Modifiers) (Name",
        ),
        ("def $F(...) = $E", "(Parameters (Ellipsis \"...\")) (Metavariable \"$E\"))"),
        (
            "def f() = { ... run($X) ... }",
            "(Block (Ellipsis \"...\") (ExpressionStatement (Call (Name \"run\")",
        ),
        ("@$A(...)", "(Decorator (Call (Metavariable \"$A\") (Arguments (Ellipsis \"...\"))))"),
        ("$X match { ... }", "(Switch (Metavariable \"$X\") (Ellipsis \"...\"))"),
        ("case $X => ...", "(Case (Metavariable \"$X\") (Block (Ellipsis \"...\")))"),
        ("for ($I <- $L) { ... }", "(ForEach (Metavariable \"$I\") (Metavariable \"$L\") (Block"),
        ("for { ... } yield $E", "(Comprehension \"{\" (Metavariable \"$E\") (Ellipsis \"...\"))"),
        ("s\"...$X...\"", "(Template \"s\" (Ellipsis \"...\") (Metavariable \"$X\") (Ellipsis \"...\"))"),
        ("foo { $X => ... }", "(Parameter (Modifiers) _ (Metavariable \"$X\") _)) (Block (Ellipsis"),
        ("new $T(...)", "(New (Metavariable \"$T\") (Arguments (Ellipsis \"...\")) _)"),
        ("($X: Cipher).init(...)", "(Field (TypedMetavariable \"$X\" (Name \"Cipher\")) (Name \"init\"))"),
        ("f(<... $X ...>)", "(Arguments (Deep (Metavariable \"$X\")))"),
        ("f($...REST)", "(Arguments (MetavariableEllipsis \"$...REST\"))"),
        ("f($K = $V)", "(KeywordArgument (Metavariable \"$K\") (Metavariable \"$V\"))"),
        ("val $X = f()\n...\n$X.g()", "(Ellipsis \"...\") (ExpressionStatement (Call"),
        ("try { ... } catch { case $E: T => ... }", "(Catch (Name \"T\") (Metavariable \"$E\") (Block"),
        ("import $X._", "(ImportFrom (Metavariable \"$X\") (ImportedName (Name \"*\") _))"),
    ] {
        let read = pattern(text);
        assert!(read.contains(part), "{text}: {read}");
    }
}

#[test]
fn broken_and_deep_source_ends() {
    let spec = Language::Scala.spec_for("A.scala").unwrap();
    for source in [
        "class {{{ )",
        &"(".repeat(3000),
        &format!("x{}", ".b(0)".repeat(3000)),
        &format!("{}x", "a { ".repeat(2000)),
        "\u{0}\u{fffd} s\"${",
    ] {
        let mut symbols = Symbols::default();
        let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
        assert!(!tree.errors.is_empty() || tree.too_deep > 0);
    }
}
