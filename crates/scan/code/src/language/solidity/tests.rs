use crate::language::{Language, parse, sample};
use crate::tree::Symbols;

fn sexp(source: &str) -> String {
    sample::sexp(Language::Solidity, "a.sol", source)
}

/// What stands in a function.
fn within(statements: &str) -> String {
    let whole = sexp(&format!("function f() {{ {statements} }}"));
    let inner = whole.strip_prefix("(Program (Function (Modifiers) _ (Name \"f\") (Parameters) (Block ");
    inner.and_then(|inner| inner.strip_suffix(")))")).unwrap_or(&whole).to_owned()
}

#[test]
fn what_stands_behind_an_operand_belongs_to_it() {
    assert_eq!(
        within("z = a + b.c(1);"),
        "(ExpressionStatement (Assign (Name \"z\") (Binary \"+\" (Name \"a\") (Call (Field (Name \"b\") (Name \"c\")) \
         (Arguments (Number \"1\"))))))"
    );
    assert_eq!(
        within("!a.b(1)[2].c;"),
        "(ExpressionStatement (Unary \"!\" (Field (Index (Call (Field (Name \"a\") (Name \"b\")) (Arguments (Number \
         \"1\"))) (Number \"2\")) (Name \"c\"))))"
    );
    assert_eq!(
        within("(a + b).c();"),
        "(ExpressionStatement (Call (Field (Binary \"+\" (Name \"a\") (Name \"b\")) (Name \"c\")) (Arguments)))"
    );
}

#[test]
fn calls_and_strings() {
    assert_eq!(
        within("(bool a, , bytes memory b) = t.call{value: 1 ether}(\"x\" \"y\");"),
        "(VariableDefinition (Modifiers) (Token) (Tuple (Name \"a\") (Empty) (Name \"b\")) (Call (Construct (Field (Name \
         \"t\") (Name \"call\")) (Pair (Name \"value\") (Number \"1 ether\"))) (Arguments (String \"xy\"))))"
    );
    assert_eq!(
        within("payable(t).transfer(uint8(n)); g({a: 1});"),
        "(ExpressionStatement (Call (Field (Call (Name \"payable\") (Arguments (Name \"t\"))) (Name \"transfer\")) (Arguments \
         (Call (Name \"uint8\") (Arguments (Name \"n\")))))) (ExpressionStatement (Call (Name \"g\") (Arguments \
         (KeywordArgument (Name \"a\") (Number \"1\")))))"
    );
    assert_eq!(
        within("revert(\"no\"); revert Denied(a); emit E(a);"),
        "(ExpressionStatement (Call (Name \"revert\") (Arguments (String \"no\")))) (Throw (Call (Name \"Denied\") (Arguments \
         (Name \"a\")))) (ExpressionStatement (Unary \"emit\" (Call (Name \"E\") (Arguments (Name \"a\")))))"
    );
}

#[test]
fn control_flow() {
    assert_eq!(
        within(
            "for (uint i = 0; i < n; i++) { } try c.m() returns (uint v) { g(v); } catch Error(string memory w) { h(w); }"
        ),
        "(For (VariableDefinition (Modifiers) (Name \"uint\") (Name \"i\") (Number \"0\")) (Binary \"<\" (Name \"i\") (Name \
         \"n\")) (Postfix \"++\" (Name \"i\")) (Block)) (Try (Block (VariableDefinition (Modifiers) _ (Name \"v\") (Call \
         (Field (Name \"c\") (Name \"m\")) (Arguments))) (ExpressionStatement (Call (Name \"g\") (Arguments (Name \"v\"))))) \
         (Catch (Name \"Error\") (Name \"w\") (Block (ExpressionStatement (Call (Name \"h\") (Arguments (Name \"w\")))))) _ _)"
    );
    assert_eq!(
        within("assembly { let x := mload(0x40) sstore(0, x) }"),
        "(With (Name \"assembly\") (Block (VariableDefinition (Modifiers) _ (Name \"x\") (Call (Name \"mload\") (Arguments (Number \
         \"0x40\")))) (ExpressionStatement (Call (Name \"sstore\") (Arguments (Number \"0\") (Name \"x\"))))))"
    );
}

#[test]
fn declarations() {
    assert_eq!(
        sexp(
            "import {A as B} from \"x\"; contract C is D, E(1) { mapping(address => uint) public m; function f(uint[] memory x) external only(1) returns (bool) { } function g() external; }"
        ),
        "(Program (ImportFrom (String \"x\") (ImportedName (Name \"A\") (Name \"B\"))) (Class \"contract\" (Modifiers) (Name \"C\") \
         (Supers (Name \"D\") (Call (Name \"E\") (Arguments (Number \"1\")))) (Block (VariableDefinition (Modifiers (Token \
         \"public\")) (GenericType (Name \"mapping\") (TypeArguments (Name \"address\") (Name \"uint\"))) (Name \"m\") _) \
         (Function (Modifiers (Token \"external\") (Decorator (Call (Name \"only\") (Arguments (Number \"1\"))))) (Name \
         \"bool\") (Name \"f\") (Parameters (Parameter (Modifiers (Token \"memory\")) (WrappedType \"[]\" (Name \"uint\")) \
         (Name \"x\") _)) (Block)) (Function (Modifiers (Token \"external\") (Token \";\")) _ (Name \"g\") (Parameters) _))))"
    );
}

#[test]
fn broken_and_deep_source_ends() {
    let mut symbols = Symbols::default();
    let spec = Language::Solidity.spec_for("a.sol").unwrap();
    for source in [
        "contract C { function f( } }".to_owned(),
        format!("function f() {{ x = {}a{}; }}", "(".repeat(3000), ")".repeat(3000)),
        format!("function f() {{ x = {}a; }}", "!".repeat(5000)),
        format!("function f() {{ x = a{}; }}", ".b(1)".repeat(3000)),
    ] {
        parse(spec, source.as_bytes(), &mut symbols, || true).unwrap();
    }
}
