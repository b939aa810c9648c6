//! Imports, paths, scopes and test code of Rust.

use super::super::{FileUse, file_use};
use bartizan_model::Language;

fn read(text: &str) -> FileUse {
    file_use("src/lib.rs", Language::Rust, text.as_bytes()).unwrap()
}

fn check(text: &str, expected: &[(&str, &[&str])]) {
    let found = read(text);
    let found: Vec<(&str, Vec<&str>)> = found
        .imports
        .iter()
        .map(|i| (i.module.as_str(), i.symbols.iter().map(|s| s.name.as_str()).collect()))
        .collect();
    let expected: Vec<(&str, Vec<&str>)> = expected.iter().map(|(m, s)| (*m, s.to_vec())).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn use_trees() {
    check("use serde_json::from_str;", &[("serde_json", &["from_str"])]);
    check(
        "use a::{b, c::{self, d as e, f::*}, g};\nfn x() { e::h(); c::i() }",
        &[("a", &["b", "c", "c::d", "c::d::h", "c::i", "g"])],
    );
    check("pub(crate) use a::b as _;", &[("a", &["b"])]);
    check("use {a::b, c as d};\nfn x() { d::e() }", &[("a", &["b"]), ("c", &["e"])]);
    check("use ::a::b; use r#try::c;", &[("a", &["b"]), ("try", &["c"])]);
    assert!(read("use a::prelude::*;").imports[0].wildcard);
}

#[test]
fn paths_need_no_use() {
    check("fn x() { serde_json::de::from_str(\"\") }", &[("serde_json", &["de::from_str"])]);
    check("#[tokio::main]\nasync fn main() {}", &[("tokio", &["main"])]);
    check("fn x(a: &::log::Level) -> anyhow::Result<()> {}", &[("anyhow", &["Result"]), ("log", &["Level"])]);
    check("let v = smallvec::SmallVec::<[u8; 4]>::new();", &[("smallvec", &["SmallVec::new"])]);
    check(
        "use smallvec::SmallVec;\nfn x() { SmallVec::insert_many(v) }",
        &[("smallvec", &["SmallVec", "SmallVec::insert_many"])],
    );
    check("#[serde(with = \"hex::serde\")] struct A;", &[("hex", &["serde"])]);
    check("#[serde(with = \"::hex::serde\")] struct A;", &[("hex", &["serde"])]);
    check("#[serde(serialize_with = \"serde_bytes\")] struct A;", &[("serde_bytes", &[])]);
    check("extern crate foo as bar;\nfn x() { bar::y() }", &[("foo", &["y"])]);
    assert!(read("#[macro_use]\nextern crate log;").imports[0].wildcard);
}

#[test]
fn own_names_are_no_crates() {
    check("mod a; use crate::b; use std::fmt;\nfn x() { a::y(); b::z(); fmt::w(); Self::v(); T::u() }", &[]);
    check("fn x() { late::y() }\nmod late {}", &[]);
    check("mod log { pub use log::debug; }\nfn f() { log::debug!() }", &[("log", &["debug"])]);
    check("mod log {} mod tests { use super::*; fn f() { log::x() } }", &[]);
    check("use crate::log; mod a { use log::x; }", &[("log", &["x"])]);
    check("#[cfg(a)] pub use log; #[cfg(not(a))] pub mod log {}", &[("log", &[])]);
    check("macro_rules! m { ($t:ident) => { $t::a(); $crate::b() } }", &[]);
    check("enum E {} use E::*; use self::c::d; fn x() { <T as U>::v(); d::e() }", &[]);
    check("extern \"C\" { fn f(); }", &[]);
}

#[test]
fn strings_comments_and_lifetimes() {
    check("/* /* a::b() */ c::d() */ e::f();", &[("e", &["f"])]);
    check("let s = \"a::b \\\" c::d\"; // e::f\ng::h();", &[("g", &["h"])]);
    check("let s = r#\"a\" b::c\"#; d::e();", &[("d", &["e"])]);
    check("let s = br\"\\\"; d::e();", &[("d", &["e"])]);
    check(
        "fn f<'a>(x: &'a str) { let c = '\"'; let d = '\\''; let e = '\u{e9}'; g::h(); }",
        &[("g", &["h"])],
    );
    check("let b = b'\"'; let c = '\\u{1F600}'; let d = b'\\\\'; g::h();", &[("g", &["h"])]);
}

#[test]
fn test_code_is_told_apart() {
    let tests = |text: &str| -> Vec<(String, bool)> {
        read(text).imports.into_iter().map(|i| (i.module, i.test)).collect()
    };
    let apart = |text: &str| assert_eq!(tests(text), [("a".into(), false), ("b".into(), true)], "{text}");
    apart("use a::x;\n#[cfg(test)]\nmod tests { use super::*; fn y() { if z {} b::y() } }\n");
    apart("#[cfg(test)]\nmod tests { use b::y; }\nuse a::x;");
    apart("#[cfg(test)] use b::y;\nuse a::x;");
    apart("#[cfg(all(test, unix))]\npub fn f<A, B>(x: [u8; 3]) { b::y() }\nfn g() { a::x() }");
    apart("#[tokio::test]\nasync fn f() { }\nfn g() { a::x() }".replace("tokio", "b").as_str());
    apart("struct S { #[cfg(test)] f: b::T, g: a::U }");
    assert_eq!(tests("#![cfg(test)]\nfn f() {}\nuse b::y;"), [("b".into(), true)]);
    assert_eq!(tests("#[cfg(not(test))]\nuse a::y;"), [("a".into(), false)]);
    assert_eq!(tests("#[cfg(feature = \"test\")]\nuse a::y;"), [("a".into(), false)]);
    assert_eq!(tests("#[cfg(any(test, feature = \"x\"))]\nuse a::y;"), [("a".into(), false)]);
    let calls = read("use a::V;\nfn f() { v.push(1) }\n#[test]\nfn g() { v.pop::<u8>() }\n").calls;
    let calls: Vec<_> = calls.iter().map(|c| (c.name.as_str(), c.test, c.line)).collect();
    assert_eq!(calls, [("pop", true, 4), ("push", false, 2)]);
}
