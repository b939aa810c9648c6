//! Imports, requires, templates and slashes of JavaScript.

use super::super::{FileUse, file_use};
use bartizan_model::Language;

fn read(text: &str) -> FileUse {
    file_use("src/main.ts", Language::TypeScript, text.as_bytes()).unwrap()
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
fn import_statements() {
    check("import 'side-effect'", &[("side-effect", &[])]);
    check("import _ from 'lodash'\n_.template(x)\n", &[("lodash", &["template"])]);
    check("import * as _ from \"lodash\";_?.merge(x)", &[("lodash", &["merge"])]);
    check(
        "import d, {a as b, default as c, type T} from '@s/p/q'\nb.e(); c.f()",
        &[("@s/p/q", &["T", "a", "a.e", "f"])],
    );
    check(
        "import type {T} from 'm'; import type from 'n'; import type U from 'o'",
        &[("m", &["T"]), ("n", &[]), ("o", &[])],
    );
    check("import x = require('m')\nx.y", &[("m", &["y"])]);
    check("import{a}from'm'", &[("m", &["a"])]);
    check("import {\n a, // why\n b,\n} /* c */ from 'm'", &[("m", &["a", "b"])]);
    check("export {a, b as c} from 'm'; export type {T} from 'n'", &[("m", &["a", "b"]), ("n", &["T"])]);
    assert!(read("export * from 'm'").imports[0].wildcard);
    assert!(read("export * as n from 'm'").imports[0].wildcard);
}

#[test]
fn require_and_others() {
    check("const x = require('m'), y = require(`n`)\nx.f(); y.g", &[("m", &["f"]), ("n", &["g"])]);
    check("const {f, g: h} = require('m')\nh.i()", &[("m", &["f", "g", "g.i"])]);
    check("var t = require('m').f\nt.u", &[("m", &["f", "f.u"])]);
    check("const m = await import('m')\nm.f()", &[("m", &["f"])]);
    check("require.resolve('m'); require.cache", &[("m", &[])]);
    check("var a = __importStar(require('m'));a.b()", &[("m", &["b"])]);
    check("define('x', ['m', './n', \"o\", 'exports'], function (m) {})", &[("m", &[]), ("o", &[])]);
    check("x = new Worker(require(\n 'm'))", &[("m", &[])]);
}

#[test]
fn not_packages() {
    check(
        "import a from './a'; import b from '../b'; require('/c'); import '@/d'; import '~/e'; import '#f'",
        &[],
    );
    check(
        "import fs from 'fs'; import p from 'node:path'; import 'data:x'; import('https://h.example/x.js')",
        &[],
    );
    check("// import 'a'\n/* import 'b' */ x = \"import 'c'\"; y = 'require(\"d\")'", &[]);
    check("x.require('a'); x.import('b'); y = {import: 1, from: 'c'}; import.meta.env", &[]);
    check("`import 'a' ${b} import 'c'`", &[]);
    check("x = /import 'a'/; y = /['\"`]/; z = /[/]'/", &[]);
}

#[test]
fn templates_and_slashes() {
    check("`a ${`b ${require('m')} `} '`; import 'n'", &[("m", &[]), ("n", &[])]);
    check("`${{a: {}}}`; import 'n'", &[("n", &[])]);
    check("x = a / b; y = '/'; import 'n'", &[("n", &[])]);
    check("x = (a) / 2; y = b[0] / 3 / 'c'; import 'n'", &[("n", &[])]);
    check("return /'/.test(x)\nimport 'n'", &[("n", &[])]);
    check("x = \"a\\\"\"; y = 'b\\\\'; import 'n'", &[("n", &[])]);
    check("<p>Don't `do</p>\nimport 'n'", &[("n", &[])]);
    check("x /* not closed\nimport 'n'", &[("n", &[])]);
    check("<a>{x}</a>; import 'n'", &[("n", &[])]);
}

#[test]
fn dynamic() {
    assert_eq!(read("\nrequire(name)").dynamic, Some(2));
    assert_eq!(read("import(`./a/${b}`)").dynamic, None);
    assert_eq!(read("import(`${b}/a`)").dynamic, Some(1));
    assert_eq!(read("require('a' + b)").dynamic, Some(1));
    assert_eq!(read("require('./a' + b)").dynamic, None);
    assert_eq!(read("function require(x) {}").dynamic, None);
    assert_eq!(read("require('m')").dynamic, None);
}

#[test]
fn component_files() {
    let text = "<template><p>it's</p></template>\n<script setup lang=\"ts\">\nimport {a} from 'm'\n</script>\n<style>`</style>\n<script>require('n')</script>";
    let found = file_use("src/App.vue", Language::Html, text.as_bytes()).unwrap();
    let modules: Vec<_> = found.imports.iter().map(|i| (i.module.as_str(), i.line)).collect();
    assert_eq!(modules, [("m", 3), ("n", 6)]);
    assert_eq!(file_use("src/index.html", Language::Html, text.as_bytes()), None);
}

#[test]
fn calls() {
    let found = read("a.before(); import x from 'm'\nb.close(); x.open(); plain()");
    assert_eq!(found.calls.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["close"]);
}
