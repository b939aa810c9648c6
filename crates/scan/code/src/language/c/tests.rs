use crate::language::{Language, parse};
use crate::pattern::Pattern;
use crate::tree::{Symbols, Tree};

fn read(language: Language, source: &str, symbols: &mut Symbols) -> Tree {
    let spec = language.spec_for("a.c").unwrap();
    parse(spec, source.as_bytes(), symbols, || true).unwrap()
}

fn sexp(language: Language, source: &str) -> String {
    let mut symbols = Symbols::default();
    let tree = read(language, source, &mut symbols);
    assert!(tree.errors.is_empty(), "{source}");
    let children = tree.children(tree.root).to_vec();
    children.iter().map(|child| tree.to_sexp(*child, &symbols)).collect::<Vec<_>>().join(" ")
}

fn pattern(language: Language, text: &str) -> String {
    let mut symbols = Symbols::default();
    let pattern = Pattern::compile(text, language.spec_for("a.c").unwrap(), &mut symbols).unwrap();
    let roots = pattern.roots().iter();
    roots.map(|root| pattern.tree.to_sexp(*root, &symbols)).collect::<Vec<_>>().join(" ")
}

fn body(language: Language, statements: &str) -> String {
    let whole = sexp(language, &format!("void f(void) {{ {statements} }}"));
    let inside = whole.split_once("(Parameters) (Block ").unwrap().1;
    inside.trim_end_matches(')').to_owned()
}

#[test]
fn declarators_make_types() {
    assert_eq!(
        sexp(Language::C, "static const char *names[4], **p = NULL;"),
        "(Definitions (VariableDefinition (Modifiers (Token \"static\") (Token \"const\")) (WrappedType \"[]\" (WrappedType \
         \"*\" (Name \"char\")) (Number \"4\")) (Name \"names\") _) (VariableDefinition (Modifiers (Token \"static\") (Token \
         \"const\")) (WrappedType \"*\" (WrappedType \"*\" (Name \"char\"))) (Name \"p\") (Null \"null\")))"
    );
    assert_eq!(
        sexp(Language::C, "unsigned  int *f(struct s *x, ...);"),
        "(Function (Modifiers) (WrappedType \"*\" (Name \"unsigned int\")) (Name \"f\") (Parameters (Parameter (Modifiers) \
         (WrappedType \"*\" (Name \"s\")) (Name \"x\") _) (Parameter \"...\" (Modifiers) _ _ _)) _)"
    );
    assert_eq!(
        sexp(Language::C, "int (*call)(int) = g;"),
        "(VariableDefinition (Modifiers) (WrappedType \"*\" (Other (Name \"int\") (Parameters (Parameter (Modifiers) (Name \
         \"int\") _ _)))) (Name \"call\") (Name \"g\"))"
    );
}

#[test]
fn pointers_have_fields() {
    assert_eq!(body(Language::C, "p->a = (*p).a;"), {
        let field = "(Field \"->\" (Name \"p\") (Name \"a\"))";
        format!("(ExpressionStatement (Assign {field} {}", field.trim_end_matches(')'))
    });
}

#[test]
fn lists_are_opened() {
    assert_eq!(
        sexp(
            Language::C,
            "#include <a/b.h>\n#ifdef X\nint a;\n#else\nint b;\n#endif\nextern \"C\" { int c; }"
        ),
        "(Import (String \"a/b.h\") _) (VariableDefinition (Modifiers) (Name \"int\") (Name \"a\") _) (VariableDefinition \
         (Modifiers) (Name \"int\") (Name \"b\") _) (VariableDefinition (Modifiers) (Name \"int\") (Name \"c\") _)"
    );
}

#[test]
fn statements() {
    assert_eq!(
        body(Language::C, "for (int i = 0; i < sizeof x; i++) if (a) goto e; else do b(\"x\" \"y\"); while (c);"),
        "(For (VariableDefinition (Modifiers) (Name \"int\") (Name \"i\") (Number \"0\")) (Binary \"<\" (Name \"i\") (Call \
         (Name \"sizeof\") (Arguments (Name \"x\")))) (Postfix \"++\" (Name \"i\")) (If (Name \"a\") (Goto (Name \"e\")) \
         (DoWhile (ExpressionStatement (Call (Name \"b\") (Arguments (String \"xy\")))) (Name \"c"
            .trim_end_matches(')')
            .to_owned()
            + "\""
    );
    assert_eq!(
        body(Language::C, "switch (x) { case 'a': case 2: f(); break; default: ; }"),
        "(Switch (Name \"x\") (Case (Char \"a\") (Block)) (Case (Number \"2\") (Block (ExpressionStatement (Call (Name \
         \"f\") (Arguments))) (Break _))) (Case (Block (Empty"
    );
}

#[test]
fn classes_of_cpp() {
    assert_eq!(
        sexp(
            Language::Cpp,
            "namespace n { template <class T> class A : public B<T> { public: A(int x) : y(x) {} virtual ~A() = default; \
             int y; }; }"
        ),
        "(Other (Name \"n\") (Block (Class \"class\" (Modifiers) (Name \"A\") (Supers (GenericType (Name \"B\") \
         (TypeArguments (Name \"T\")))) (Block (Function (Modifiers) (Name \"A\") (Name \"A\") (Parameters (Parameter \
         (Modifiers) (Name \"int\") (Name \"x\") _)) (Block (ExpressionStatement (Assign (Name \"y\") (Name \"x\"))))) \
         (Function (Modifiers (Token \"virtual\")) (Name \"void\") (Name \"~A\") (Parameters) _) (VariableDefinition \
         (Modifiers) (Name \"int\") (Name \"y\") _)))))"
    );
    assert_eq!(
        sexp(Language::Cpp, "void A::run(const std::string &s) const { this->s = s; }"),
        "(Function (Modifiers (Token \"const\") (Parameters (Parameter (Modifiers) (Name \"A\") _ _))) (Name \"void\") (Name \
         \"run\") (Parameters (Parameter (Modifiers (Token \"const\")) (WrappedType \"&\" (Field (Name \"std\") (Name \
         \"string\"))) (Name \"s\") _)) (Block (ExpressionStatement (Assign (Field \"->\" (Name \"this\") (Name \"s\")) (Name \
         \"s\")))))"
    );
}

#[test]
fn expressions_of_cpp() {
    assert_eq!(
        body(Language::Cpp, "auto p = std::make_unique<A>(static_cast<int>(x), new int[3], R\"(a\\b)\");"),
        "(VariableDefinition (Modifiers) (Name \"auto\") (Name \"p\") (Call (GenericType (Field (Name \"std\") (Name \
         \"make_unique\")) (TypeArguments (Name \"A\"))) (Arguments (Cast \"static_cast\" (Name \"int\") (Name \"x\")) (New \
         (WrappedType \"[]\" (Name \"int\")) (Arguments (Number \"3\")) _) (String \"a\\\\b\""
    );
    assert_eq!(
        body(Language::Cpp, "string t(\"lit\"); T u(a, b); delete[] q; for (auto &[k, v] : m) f(k);"),
        "(VariableDefinition (Modifiers) (Name \"string\") (Name \"t\") (String \"lit\")) (VariableDefinition (Modifiers) \
         (Name \"T\") (Name \"u\") (New (Name \"T\") (Arguments (Name \"a\") (Name \"b\")) _)) (ExpressionStatement (Delete \
         \"[]\" (Name \"q\"))) (ForEach (Tuple (Name \"k\") (Name \"v\")) (Name \"m\") (ExpressionStatement (Call (Name \
         \"f\") (Arguments (Name \"k\")))) _"
    );
    assert_eq!(
        sexp(Language::Cpp, "using namespace std; using a::b; namespace fs = std::filesystem;"),
        "(ImportFrom (Name \"std\") (ImportedName (Name \"*\") _)) (ImportFrom (Name \"a\") (ImportedName (Name \"b\") _)) \
         (Import (Field (Name \"std\") (Name \"filesystem\")) (Name \"fs\"))"
    );
}

#[test]
fn patterns_are_read() {
    let both = [
        ("free($P);\n...\nuse($P);", "(Ellipsis \"...\") (ExpressionStatement (Call (Name \"use\")"),
        ("for (...) { ... }", "(For (Ellipsis \"...\") _ _ (Block (Ellipsis \"...\")))"),
        ("for ($I = 0; ...; ...) { ... }", "(Number \"0\")) (Ellipsis \"...\") (Ellipsis \"...\") (Block"),
        (
            "$T $F(..., char *$S, ...) { ... }",
            "(Metavariable \"$T\") (Metavariable \"$F\") (Parameters (Ellipsis \"...\")",
        ),
        ("int $F(...);", "(Parameters (Ellipsis \"...\")) _)"),
        ("$A * $B", "(Binary \"*\" (Metavariable \"$A\") (Metavariable \"$B\"))"),
        ("$T *$X = malloc($N);", "(VariableDefinition (Modifiers) (WrappedType \"*\" (Metavariable \"$T\"))"),
        ("char $B[$N];", "(WrappedType \"[]\" (Name \"char\") (Metavariable \"$N\")) (Metavariable \"$B\")"),
        (
            "(struct node *$P)->next",
            "(Field \"->\" (TypedMetavariable \"$P\" (Name \"node *\")) (Name \"next\"))",
        ),
        ("(char *) $X", "(Cast (WrappedType \"*\" (Name \"char\")) (Metavariable \"$X\"))"),
        ("#include <$X>", "(Import (String \"$X\") _)"),
        ("return ...;", "(Return (Ellipsis \"...\"))"),
        ("int $A[] = { ... };", "(List (Ellipsis \"...\"))"),
        ("case $X: ...", "(Case (Metavariable \"$X\") (Block (Ellipsis \"...\")))"),
        ("if (<... strlen($V) ...>) { ... }", "(If (Deep (Call (Name \"strlen\")"),
    ];
    for language in [Language::C, Language::Cpp] {
        for (text, part) in both {
            let read = pattern(language, text);
            assert!(read.contains(part), "{text}: {read}");
        }
    }
    for (text, part) in [
        (
            "class $C : public $B { ... };",
            "(Metavariable \"$C\") (Supers (Metavariable \"$B\")) (Block (Ellipsis \"...\"))",
        ),
        ("try { ... } catch (...) { ... }", "(Catch (Ellipsis \"...\") _ (Block (Ellipsis \"...\")))"),
        ("$T $C::$F(...) { ... }", "(Parameter (Modifiers) (Metavariable \"$C\") _ _)"),
        (
            "reinterpret_cast<$T>($X)",
            "(Cast \"reinterpret_cast\" (Metavariable \"$T\") (Metavariable \"$X\"))",
        ),
        ("new $T(...)", "(New (Metavariable \"$T\") (Arguments (Ellipsis \"...\")) _)"),
    ] {
        let read = pattern(Language::Cpp, text);
        assert!(read.contains(part), "{text}: {read}");
    }
}

#[test]
fn deep_nesting_and_broken_source_end() {
    let mut symbols = Symbols::default();
    for language in [Language::C, Language::Cpp] {
        for (open, close) in
            [("(", ")"), ("{", "}"), ("*", ""), ("#if A\n", "#endif\n"), ("if (x) ", ""), ("a[", "]")]
        {
            let deep = format!("int f() {{ {}x{}; }}", open.repeat(20_000), close.repeat(20_000));
            read(language, &deep, &mut symbols);
        }
        let stars = format!("int {}x; a{}b c;", "*".repeat(20_000), "::".repeat(20_000));
        read(language, &stars, &mut symbols);
        read(language, "int f( { x = = ; struct { class }; #if\n template <", &mut symbols);
    }
}
