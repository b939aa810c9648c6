//! Swift as generic trees, and patterns in it.

use crate::language::{Language, parse, sample};
use crate::tree::Symbols;

fn sexp(source: &str) -> String {
    sample::sexp(Language::Swift, "a.swift", source)
}

fn pattern(text: &str) -> String {
    sample::pattern(Language::Swift, "a.swift", text)
}

#[test]
fn expressions() {
    for (source, expected) in [
        (
            "a?.f(1, k: \"x\") { $0.y }",
            "(ExpressionStatement (Call (Field (Name \"a\") (Name \"f\")) (Arguments (Number \"1\") (KeywordArgument \
             (Name \"k\") (String \"x\")) (Lambda (Parameters (Parameter (Modifiers) _ (Name \"$0\") _)) (Block (Return \
             (Field (Name \"$0\") (Name \"y\"))))))))",
        ),
        (
            "f(\"a\\(b) \\(c, privacy: .d)\", #\"e\\#(g)\"#)",
            "(ExpressionStatement (Call (Name \"f\") (Arguments (Template (StringPart \"a\") (Name \"b\") (StringPart \" \
             \") (Name \"c\") (KeywordArgument (Name \"privacy\") (Field _ (Name \"d\")))) (Template (StringPart \"e\") \
             (Name \"g\")))))",
        ),
        (
            "x = !a.b()! || -c.d > 1",
            "(ExpressionStatement (Assign (Name \"x\") (Binary \"||\" (Unary \"!\" (Postfix \"!\" (Call (Field (Name \
             \"a\") (Name \"b\")) (Arguments)))) (Binary \">\" (Unary \"-\" (Field (Name \"c\") (Name \"d\"))) (Number \
             \"1\")))))",
        ),
        (
            "m[\"k\"] += (a, b: c).0",
            "(ExpressionStatement (AugmentedAssign \"+\" (Index (Name \"m\") (String \"k\")) (Field (Tuple (Name \"a\") \
             (KeywordArgument (Name \"b\") (Name \"c\"))) (Name \"0\"))))",
        ),
        (
            "A<B.C>(x: [1: nil], [])",
            "(ExpressionStatement (Call (GenericType (Name \"A\") (TypeArguments (Field (Name \"B\") (Name \"C\")))) \
             (Arguments (KeywordArgument (Name \"x\") (Dict (Pair (Number \"1\") (Null \"null\")))) (List))))",
        ),
        (
            "(x as? T) ?? (try await f(&y))",
            "(ExpressionStatement (Binary \"??\" (Cast (Name \"T\") (Name \"x\")) (Unary \"try\" (Await (Call (Name \
             \"f\") (Arguments (Unary \"&\" (Name \"y\"))))))))",
        ),
        ("#selector(f)", "(Macro (Name \"selector\") (Arguments (Name \"f\")))"),
    ] {
        assert_eq!(sexp(source), format!("(Program {expected})"), "{source}");
    }
}

#[test]
fn conditions() {
    assert_eq!(
        sexp("if let a, case .b(let c) = d, e is F { } else if !a { }"),
        "(Program (If (Binary \"&&\" (Binary \"&&\" (VariableDefinition (Modifiers (Token \"let\")) _ (Name \"a\") (Name \
         \"a\")) (VariableDefinition (Modifiers (Token \"case\")) _ (Call (Field _ (Name \"b\")) (Arguments \
         (VariableDefinition (Modifiers (Token \"let\")) _ (Name \"c\") _))) (Name \"d\"))) (TypeTest (Name \"e\") (Name \
         \"F\"))) (Block) (If (Unary \"!\" (Name \"a\")) (Block) _)))"
    );
    assert_eq!(
        sexp("func f() { guard let a: T = b else { return }\nrepeat { break } while a\nwhile true { } }"),
        "(Program (Function (Modifiers) _ (Name \"f\") (Parameters) (Block (If (Unary \"!\" (VariableDefinition \
         (Modifiers (Token \"let\")) (Name \"T\") (Name \"a\") (Name \"b\"))) (Block (Return _)) _) (DoWhile (Block \
         (Break _)) (Name \"a\")) (While (Bool \"true\") (Block)))))"
    );
}

#[test]
fn statements() {
    assert_eq!(
        sexp("switch a { case 1, .b where c: f()\ncase let x as T: g()\ndefault: h() }"),
        "(Program (Switch (Name \"a\") (Case (Number \"1\") (Field _ (Name \"b\")) (Block (ExpressionStatement (Name \
         \"c\")) (ExpressionStatement (Call (Name \"f\") (Arguments))))) (Case (Cast (Name \"T\") (VariableDefinition \
         (Modifiers (Token \"let\")) _ (Name \"x\") _)) (Block (ExpressionStatement (Call (Name \"g\") (Arguments))))) \
         (Case (Block (ExpressionStatement (Call (Name \"h\") (Arguments)))))))"
    );
    assert_eq!(
        sexp(
            "do { try f() } catch let e as E { } catch { defer { g() } }\nouter: for (a, _) in b where a { }"
        ),
        "(Program (Try (Block (ExpressionStatement (Unary \"try\" (Call (Name \"f\") (Arguments))))) (Catch (Name \"E\") \
         (Name \"e\") (Block)) (Catch _ _ (Block (Defer (Block (ExpressionStatement (Call (Name \"g\") (Arguments))))))) _ \
         _) (Labeled (Name \"outer\") (ForEach (Tuple (Name \"a\") (Name \"_\")) (Name \"b\") (Block (ExpressionStatement \
         (Name \"a\"))) _)))"
    );
    assert_eq!(
        sexp("let a = 1, b: T? = nil\nthrow x"),
        "(Program (Definitions (VariableDefinition (Modifiers (Token \"let\")) _ (Name \"a\") (Number \"1\")) \
         (VariableDefinition (Modifiers (Token \"let\")) (Name \"T\") (Name \"b\") (Null \"null\"))) (Throw (Name \"x\")))"
    );
    assert_eq!(
        sexp("f { [weak self, q = p] (x: T) -> U in g(x) }"),
        "(Program (ExpressionStatement (Call (Name \"f\") (Arguments (Lambda (Parameters (Parameter (Modifiers) (Name \
         \"T\") (Name \"x\") _)) (Block (VariableDefinition (Modifiers) _ (Name \"q\") (Name \"p\")) (ExpressionStatement \
         (Call (Name \"g\") (Arguments (Name \"x\"))))))))))"
    );
}

#[test]
fn definitions() {
    assert_eq!(
        sexp(
            "import A.B\n@objc(n) public final class C<T>: D, E {\n/* c */\ndeinit { }\nlet x = 1\n}\nenum F { case a(T), b }"
        ),
        "(Program (Import (Field (Name \"A\") (Name \"B\")) _) (Class \"class\" (Modifiers (Decorator (Call (Name \"objc\") \
         (Arguments (Name \"n\")))) (Token \"public\") (Token \"final\")) (Name \"C\") (Supers (Name \"D\") (Name \"E\")) \
         (Block (Function (Modifiers) _ (Name \"deinit\") (Parameters) (Block)) (VariableDefinition (Modifiers (Token \
         \"let\")) _ (Name \"x\") (Number \"1\")))) (Class \"class\" (Modifiers (Token \"enum\")) (Name \"F\") (Supers) \
         (Block (Definitions (VariableDefinition (Modifiers (Token \"case\")) (Other (Name \"T\")) (Name \"a\") _) \
         (VariableDefinition (Modifiers (Token \"case\")) _ (Name \"b\") _)))))"
    );
    assert_eq!(
        sexp("class func f(_ a: inout [T], to b: T... = 1) async throws -> U { a }"),
        "(Program (Function (Modifiers (Token \"class\") (Token \"async\") (Token \"throws\")) (Name \"U\") (Name \"f\") \
         (Parameters (Parameter (Modifiers (Name \"_\") (Token \"inout\")) (WrappedType \"[]\" (Name \"T\")) (Name \"a\") \
         _) (Parameter \"...\" (Modifiers (Name \"to\")) (Name \"T\") (Name \"b\") (Number \"1\"))) (Block (Return (Name \
         \"a\")))))"
    );
    assert_eq!(
        sexp("protocol P { var a: T { get }\nfunc f() }\nvar b: T { get { c } set { d = newValue } }"),
        "(Program (Class \"protocol\" (Modifiers) (Name \"P\") (Supers) (Block (VariableDefinition (Modifiers (Token \
         \"var\")) (Name \"T\") (Name \"a\") _) (Function (Modifiers) _ (Name \"f\") (Parameters) _))) (Definitions \
         (VariableDefinition (Modifiers (Token \"var\")) (Name \"T\") (Name \"b\") (Lambda _ (Block (Return (Name \
         \"c\"))))) (Other (Lambda (Parameters (Parameter (Modifiers) _ (Name \"newValue\") _)) (Block \
         (ExpressionStatement (Assign (Name \"d\") (Name \"newValue\"))))))))"
    );
}

#[test]
fn patterns_are_read() {
    for (text, part) in [
        ("$X.exec(...)", "(Call (Field (Metavariable \"$X\") (Name \"exec\")) (Arguments (Ellipsis"),
        ("let $X: $T = $V", "(Metavariable \"$T\") (Metavariable \"$X\") (Metavariable \"$V\")"),
        (
            "class $C: $B { ... }",
            "(Metavariable \"$C\") (Supers (Metavariable \"$B\")) (Block (Ellipsis \"...\"))",
        ),
        ("class $C { ... func $F(...) { ... } ... }", "(Block (Ellipsis \"...\") (Function"),
        ("enum $E { ... }", "(Metavariable \"$E\") (Supers) (Block (Ellipsis \"...\"))"),
        ("protocol $P { ... }", "(Metavariable \"$P\") (Supers) (Block (Ellipsis \"...\")))"),
        (
            "func $F(..., $Q: String, ...) -> $R { ... }",
            "(Metavariable \"$R\") (Metavariable \"$F\") (Parameters (Ellipsis \"...\") (Parameter (Modifiers) (Name",
        ),
        ("func $F(...)", "(Metavariable \"$F\") (Parameters (Ellipsis \"...\")) _)"),
        (
            "init?($X: String) { ... }",
            "(Name \"init\") (Parameters (Parameter (Modifiers) (Name \"String\") (Meta",
        ),
        ("@$A(...) func $F(...) { ... }", "(Modifiers (Decorator (Call (Metavariable \"$A\")"),
        ("@$A(...)", "(Decorator (Call (Metavariable \"$A\") (Arguments (Ellipsis \"...\"))))"),
        ("switch $X { ... }", "(Switch (Metavariable \"$X\") (Ellipsis \"...\"))"),
        ("case .some(let $X): ...", "(Metavariable \"$X\") _))) (Block (Ellipsis \"...\")))"),
        ("$L.map { $W in ... }", "(Parameter (Modifiers) _ (Metavariable \"$W\") _)) (Block (Ellipsis"),
        ("$L.map { use($0) }", "(Arguments (Name \"$0\"))"),
        (
            "if let $X = $Y { ... } else { ... }",
            "(Metavariable \"$X\") (Metavariable \"$Y\")) (Block (Ellipsis",
        ),
        ("guard let $X = $Y else { ... }", "(If (Unary \"!\" (VariableDefinition"),
        ("($X: Cipher).seal(...)", "(Field (TypedMetavariable \"$X\" (Name \"Cipher\")) (Name \"seal\"))"),
        ("f(<... $X ...>)", "(Arguments (Deep (Metavariable \"$X\")))"),
        ("f($...REST)", "(Arguments (MetavariableEllipsis \"$...REST\"))"),
        ("f($K: $V)", "(KeywordArgument (Metavariable \"$K\") (Metavariable \"$V\"))"),
        ("[\"a\": $V, ...]", "(Dict (Pair (String \"a\") (Metavariable \"$V\")) (Ellipsis \"...\"))"),
        ("let $X = f()\n...\n$X.g()", "(Ellipsis \"...\") (ExpressionStatement (Call"),
        ("catch let $E as $T { ... }", "(Catch (Metavariable \"$T\") (Metavariable \"$E\")"),
        ("do { ... } catch { ... }", "(Try (Block (Ellipsis \"...\")) (Catch _ _ (Block (Ellipsis"),
        ("return $X", "(Return (Metavariable \"$X\"))"),
        ("break", "(Break _)"),
        ("\"...\\($X)...\"", "(Template (Ellipsis \"...\") (Metavariable \"$X\") (Ellipsis \"...\"))"),
        ("import $X", "(Import (Metavariable \"$X\") _)"),
    ] {
        let read = pattern(text);
        assert!(read.contains(part), "{text}: {read}");
    }
}

#[test]
fn broken_and_deep_source_ends() {
    let spec = Language::Swift.spec_for("a.swift").unwrap();
    for source in [
        "class {{{ )",
        &"(".repeat(3000),
        &format!("x{}", "?.b[0]".repeat(3000)),
        &format!("{}x", "- ".repeat(3000)),
        &format!("if x {}", ", x".repeat(3000)),
        &format!("{}x", "a { ".repeat(2000)),
        "\u{0}\u{fffd} \"\\(",
    ] {
        let mut symbols = Symbols::default();
        let tree = parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
        assert!(!tree.errors.is_empty() || tree.too_deep > 0, "{:.20}", source);
    }
}
