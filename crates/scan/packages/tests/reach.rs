//! What source code uses: judgement over several files, bounds, and hostile input.

use bartizan_model::{Language, Usage};
use bartizan_packages::Ecosystem;
use bartizan_packages::reach::{FileUse, Index, Judgement, MAX_ENCODED, VulnerableSymbol, file_use};
use proptest::prelude::*;

const LANGUAGES: [Language; 7] = [
    Language::Python,
    Language::JavaScript,
    Language::TypeScript,
    Language::Go,
    Language::Rust,
    Language::Java,
    Language::Kotlin,
];

struct Project(Vec<(&'static str, FileUse)>);

impl Project {
    fn new(files: &[(&'static str, &str)]) -> Self {
        let read = |path: &'static str, text: &str| {
            let language = Language::guess(path, text.as_bytes());
            (path, file_use(path, language, text.as_bytes()).expect(path))
        };
        Self(files.iter().map(|(path, text)| read(path, text)).collect())
    }

    fn index(&self) -> Index<'_> {
        Index::new(self.0.iter().map(|(path, used)| (*path, used)))
    }

    fn ask(&self, ecosystem: Ecosystem, package: &str, symbols: &[VulnerableSymbol]) -> Judgement {
        self.index().usage(ecosystem, package, "", symbols, Some(true))
    }
}

fn usage(ecosystem: Ecosystem, package: &str, files: &[(&'static str, &str)]) -> Usage {
    Project::new(files).ask(ecosystem, package, &[]).usage
}

fn uses(
    ecosystem: Ecosystem,
    package: &str,
    symbol: VulnerableSymbol,
    files: &[(&'static str, &str)],
) -> Usage {
    Project::new(files).ask(ecosystem, package, &[symbol]).usage
}

#[test]
fn python_packages_are_found_by_their_modules() {
    let pypi = |package, text| usage(Ecosystem::PyPi, package, &[("app/main.py", text)]);
    assert_eq!(pypi("PyYAML", "import yaml"), Usage::Imported);
    assert_eq!(pypi("Pillow", "from PIL import Image"), Usage::Imported);
    assert_eq!(pypi("google-cloud-storage", "from google.cloud import storage"), Usage::Imported);
    assert_eq!(pypi("google-cloud-storage", "import google.cloud.storage"), Usage::Imported);
    assert_eq!(pypi("google-cloud-storage", "from google.cloud import bigquery"), Usage::NotSeen);
    assert_eq!(pypi("requests", "import requests_oauthlib"), Usage::NotSeen);
    assert_eq!(pypi("requests", "import yaml"), Usage::NotSeen);
    assert_eq!(pypi("acme-thing", "import acme_thing.sub"), Usage::Imported, "a guess that is seen is right");
    assert_eq!(pypi("acme-thing", "import other"), Usage::Unknown, "a guess that is not seen tells nothing");
    assert_eq!(pypi("gunicorn", "import yaml"), Usage::Unknown, "a server is started, not imported");
}

#[test]
fn what_is_not_seen_is_doubted_where_code_may_import_anything() {
    let pypi = |text| usage(Ecosystem::PyPi, "requests", &[("app/main.py", text), ("app/util.py", "")]);
    assert_eq!(pypi("import os"), Usage::NotSeen);
    assert_eq!(pypi("import importlib\nimportlib.import_module(name)"), Usage::Unknown);
    assert_eq!(pypi("from pylab import *"), Usage::Unknown);
    assert_eq!(pypi("from app.util import *"), Usage::NotSeen, "the project's own module is read as well");
    let npm = |text| usage(Ecosystem::Npm, "lodash", &[("src/a.js", text)]);
    assert_eq!(npm("x"), Usage::NotSeen);
    assert_eq!(npm("require(name)"), Usage::Unknown);
    assert_eq!(npm("export * from './b'"), Usage::NotSeen);
    let found = Project::new(&[("src/a.js", "\nrequire(name)")]).ask(Ecosystem::Npm, "lodash", &[]);
    assert_eq!((found.evidence[0].path.as_str(), found.evidence[0].line), ("src/a.js", 2));
}

#[test]
fn transitive_packages_are_unknown_unless_imported() {
    let project = Project::new(&[("src/a.js", "import a from 'a'")]);
    let index = project.index();
    let ask = |package, direct| index.usage(Ecosystem::Npm, package, "", &[], direct).usage;
    assert_eq!(ask("a", Some(false)), Usage::Imported);
    assert_eq!(ask("b", Some(false)), Usage::Unknown);
    assert_eq!(ask("b", None), Usage::Unknown);
    assert_eq!(ask("b", Some(true)), Usage::NotSeen);
}

#[test]
fn tests_do_not_count_and_are_told() {
    let found = Project::new(&[("src/a.ts", ""), ("src/a.spec.ts", "import x from 'x'")]).ask(
        Ecosystem::Npm,
        "x",
        &[],
    );
    assert_eq!(found.usage, Usage::NotSeen);
    assert!(found.reason.ends_with("tests import it"), "{}", found.reason);
    assert_eq!(found.evidence[0].path, "src/a.spec.ts");
    let only_tests = &[("src/a.spec.ts", "import x from 'x'")];
    assert_eq!(usage(Ecosystem::Npm, "x", only_tests), Usage::Unknown, "no code was read");
    let within = &[("src/lib.rs", "#[cfg(test)]\nmod tests { use x::y; }")];
    assert_eq!(usage(Ecosystem::CratesIo, "x", within), Usage::NotSeen);
}

#[test]
fn folders_are_projects() {
    let project = Project::new(&[
        ("a/src/main.js", "import x from 'x'"),
        ("a-b/main.js", ""),
        ("b/main.js", "import y from 'y'"),
        ("b/node_modules/y/index.js", "require('z')"),
    ]);
    let index = project.index();
    let ask = |package, folder| index.usage(Ecosystem::Npm, package, folder, &[], Some(true)).usage;
    assert_eq!(ask("x", "a"), Usage::Imported);
    assert_eq!(ask("x", "a/"), Usage::Imported);
    assert_eq!(ask("x", "b"), Usage::NotSeen);
    assert_eq!(ask("x", "."), Usage::Imported);
    assert_eq!(ask("x", "c"), Usage::Unknown);
    assert_eq!(ask("z", "b"), Usage::NotSeen, "an installed copy is not the project's code");
}

#[test]
fn names_from_outside() {
    let project = Project::new(&[
        ("src/lib.rs", "use yaml::load;"),
        ("a.py", "import odd"),
        ("a.js", "import 'alias'"),
    ]);
    let mut index = project.index();
    let ask = |index: &Index, ecosystem, name| index.usage(ecosystem, name, "", &[], Some(true)).usage;
    assert_eq!(ask(&index, Ecosystem::CratesIo, "serde-yaml"), Usage::NotSeen);
    assert_eq!(ask(&index, Ecosystem::PyPi, "acme"), Usage::Unknown);
    index.tell(Ecosystem::CratesIo, "serde-yaml", "yaml");
    index.tell(Ecosystem::PyPi, "Acme", "odd");
    index.tell(Ecosystem::PyPi, "other", "other_module");
    index.tell(Ecosystem::Npm, "real", "alias");
    assert_eq!(ask(&index, Ecosystem::CratesIo, "serde-yaml"), Usage::Imported);
    assert_eq!(ask(&index, Ecosystem::PyPi, "acme"), Usage::Imported);
    assert_eq!(ask(&index, Ecosystem::PyPi, "other"), Usage::NotSeen, "installed metadata is certain");
    assert_eq!(ask(&index, Ecosystem::Npm, "real"), Usage::Imported);
}

#[test]
fn go_imports_belong_to_the_longest_module() {
    let text = "package a\nimport (\n\"x.org/a/b/c\"\n\"x.org/d/v2/e\"\n\"net/http\"\n)\n";
    let project = Project::new(&[("a.go", text)]);
    let mut index = project.index();
    let ask = |index: &Index, name| index.usage(Ecosystem::Go, name, "", &[], Some(true)).usage;
    assert_eq!(ask(&index, "x.org/a"), Usage::Imported);
    assert_eq!(ask(&index, "x.org/d/v2"), Usage::Imported);
    assert_eq!(ask(&index, "x.org/d"), Usage::NotSeen);
    assert_eq!(ask(&index, "x.org/aa"), Usage::NotSeen);
    assert_eq!(ask(&index, "stdlib"), Usage::Imported);
    for module in ["x.org/a", "x.org/a/b", "x.org/d"] {
        index.tell_go_module(module);
    }
    assert_eq!(ask(&index, "x.org/a"), Usage::NotSeen);
    assert_eq!(ask(&index, "x.org/a/b"), Usage::Imported);
    assert_eq!(ask(&index, "x.org/d"), Usage::Imported, "there is no module x.org/d/v2");
}

#[test]
fn go_functions() {
    let parse = || VulnerableSymbol::new("golang.org/x/text/language", "Parse");
    fn go(symbol: VulnerableSymbol, text: &str) -> Usage {
        uses(Ecosystem::Go, "golang.org/x/text", symbol, &[("a.go", text)])
    }
    let head = "package a\nimport \"golang.org/x/text/language\"\n";
    assert_eq!(go(parse(), &format!("{head}var t = language.Parse(x)")), Usage::Used);
    assert_eq!(go(parse(), &format!("{head}var t = language.Make(x)")), Usage::Imported);
    assert_eq!(
        go(parse(), "package a\nimport \"golang.org/x/text/width\"\nvar t = width.Parse"),
        Usage::Imported
    );
    assert_eq!(
        go(parse(), "package a\nimport \"golang.org/x/text/language\"\n// language.Parse"),
        Usage::Imported
    );
    let method = || VulnerableSymbol::new("golang.org/x/text/language", "Matcher.MatchStrings");
    assert_eq!(
        go(method(), &format!("{head}var t = language.NewMatcher(x); t.MatchStrings(y)")),
        Usage::Used
    );
    assert_eq!(go(method(), &format!("{head}var t = language.NewMatcher(x); t.Match(y)")), Usage::Imported);
    let all = VulnerableSymbol::new("golang.org/x/text/language", "");
    assert_eq!(go(all.clone(), head), Usage::Used);
    assert_eq!(go(all, "package a\nimport \"golang.org/x/text/width\"\n"), Usage::Imported);
    let tested = &[
        ("a_test.go", "package a\nimport \"golang.org/x/text/language\"\nvar t = language.Parse(x)"),
        ("b.go", head),
    ];
    assert_eq!(uses(Ecosystem::Go, "golang.org/x/text", parse(), tested), Usage::Imported);
}

#[test]
fn rust_functions() {
    let insert = || VulnerableSymbol::from_rust_path("smallvec::SmallVec::insert_many");
    let rust = |text| uses(Ecosystem::CratesIo, "smallvec", insert(), &[("src/lib.rs", text)]);
    assert_eq!(rust("use smallvec::SmallVec;\nfn f() { v.insert_many(0, x) }"), Usage::Used);
    assert_eq!(rust("use smallvec::smallvec;\nfn f() { v.insert_many(0, x) }"), Usage::Used);
    assert_eq!(rust("fn f() { smallvec::SmallVec::<[u8; 4]>::insert_many(v, 0, x) }"), Usage::Used);
    assert_eq!(rust("use smallvec::SmallVec;\nfn f() { v.push(0) }"), Usage::Imported);
    assert_eq!(rust("fn f() { v.insert_many(0, x) }"), Usage::NotSeen);
    assert_eq!(rust("use smallvec::SmallVec;\n#[test]\nfn f() { v.insert_many(0, x) }"), Usage::Imported);
    let read = VulnerableSymbol::from_rust_path("a::Reader::read");
    let files = &[("src/lib.rs", "use a::Writer;\nfn f() { x.read(y) }")];
    assert_eq!(
        uses(Ecosystem::CratesIo, "a", read.clone(), files),
        Usage::Imported,
        "a common name alone tells nothing"
    );
    let files = &[("src/lib.rs", "use a::Reader;\nfn f() { x.read(y) }")];
    assert_eq!(uses(Ecosystem::CratesIo, "a", read, files), Usage::Used);
    let files = &[("src/lib.rs", "use a::prelude::*;\nfn f() { parse_all(y) }")];
    let parse = VulnerableSymbol::from_rust_path("a::parse_all");
    assert_eq!(uses(Ecosystem::CratesIo, "a", parse, files), Usage::Used);
}

#[test]
fn java_packages() {
    let maven = |package, text| usage(Ecosystem::Maven, package, &[("src/main/java/A.java", text)]);
    assert_eq!(maven("com.google.code.gson:gson", "import com.google.gson.Gson;"), Usage::Imported);
    assert_eq!(maven("com.google.code.gson:gson", "import java.util.List;"), Usage::NotSeen);
    assert_eq!(
        maven("org.apache.logging.log4j:log4j-core", "import org.apache.logging.log4j.Logger;"),
        Usage::Imported,
        "the api's code runs in the core"
    );
    assert_eq!(maven("org.apache.logging.log4j:log4j-core", "import a.b.C;"), Usage::Unknown);
    assert_eq!(maven("org.acme.tools:tools-text", "import org.acme.tools.text.T;"), Usage::Imported);
    assert_eq!(maven("org.acme.tools:tools-text", "import org.acme.tools.xml.T;"), Usage::Unknown);
    assert_eq!(maven("com.google.code.gson:gson", "Class.forName(x);"), Usage::Unknown);
}

#[test]
fn other_ecosystems_and_empty_trees_are_unknown() {
    let project = Project::new(&[]);
    assert_eq!(project.ask(Ecosystem::RubyGems, "rails", &[]).usage, Usage::Unknown);
    assert_eq!(project.ask(Ecosystem::Npm, "lodash", &[]).usage, Usage::Unknown);
    assert_eq!(file_use("a.rb", Language::Ruby, b"require 'x'"), None);
}

/// What a file tells fits in its bound, and says when it is cut.
#[test]
fn output_is_bounded() {
    for (language, make) in [
        (
            Language::Python,
            (|n| format!("import mod{n}\nmod{n}.name{n}\nx.call{n}()\n")) as fn(usize) -> String,
        ),
        (Language::JavaScript, |n| format!("import x{n} from 'mod{n}'; x{n}.name{n}(); y.call{n}()\n")),
        (Language::Go, |n| format!("import \"x.org/mod{n}\"\n")),
        (Language::Rust, |n| format!("use mod{n}::name{n}; fn f() {{ y.call{n}() }}\n")),
        (Language::Java, |n| format!("import org.mod{n}.Name{n}; y.call{n}();\n")),
    ] {
        let text: String = (0..20_000).map(make).collect();
        let found = file_use("src/a", language, text.as_bytes()).unwrap();
        let encoded = postcard::to_stdvec(&found).unwrap().len();
        assert!(found.truncated && !found.imports.is_empty(), "{language:?}");
        assert!(encoded <= MAX_ENCODED, "{language:?}: {encoded}");
        assert!(encoded > MAX_ENCODED / 4, "{language:?}: {encoded} uses little of the bound");
    }
}

/// Text that makes a scanner look far ahead at each step must not make it quadratic.
#[test]
fn time_is_linear() {
    const PIECES: &[&str] = &[
        "`",
        "`${",
        "/*",
        "/",
        "=/[",
        "'",
        "\"",
        "\"\"\"",
        "'''",
        "r#\"",
        "r###\"",
        "b'",
        "'a",
        "import ",
        "import {",
        "from a import (",
        "use a::{",
        "use a::b,",
        "require(",
        "require('m')",
        "{a}=require('m');",
        "a.",
        "a::",
        "a::<",
        "#[cfg(test)]",
        "<!--",
        "(",
        "{",
        "}",
        "\\",
        "\n",
        "define(['",
        "define(",
        "export {",
        "import(",
        "importlib.import_module(",
        "org.",
        "Class.forName(",
        "mod a;",
        "x.y(",
        "$",
        "\\\n",
        "/* /* */",
        "import a as b,",
        "async ",
        "export",
        "import type ",
    ];
    for language in LANGUAGES {
        for piece in PIECES {
            let text = piece.repeat(200_000 / piece.len());
            let started = std::time::Instant::now();
            assert!(file_use("src/a", language, text.as_bytes()).is_some());
            let took = started.elapsed();
            // Quadratic work on this text takes minutes; an unoptimised build on a busy machine a fraction of a second.
            assert!(took.as_secs() < 3, "{language:?} {piece:?}: {took:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for language in LANGUAGES {
            let found = file_use("src/a", language, &bytes).unwrap();
            prop_assert!(postcard::to_stdvec(&found).unwrap().len() <= MAX_ENCODED);
        }
        file_use("src/a.vue", Language::Html, &bytes);
    }

    /// Tokens that mean something, in any order.
    #[test]
    fn any_tokens_are_read(tokens in prop::collection::vec(prop::sample::select(vec![
        "import", "from", "as", "use", "mod", "extern", "crate", "require", "export", "package", "(", ")", "{", "}", "[", "]", "<", ">",
        "'", "\"", "`", "${", "/*", "*/", "//", "#", "!", "\n", " ", ".", "::", ",", ";", "=", "*", "\\", "a", "b.c", "r#", "b'", "self",
        "#[cfg(test)]", "define", "import_module", "forName", "type", "default", "é", "\"\"\"", "static", "<script>", "</script>", "0",
    ]), 0..60)) {
        let text = tokens.concat();
        let lines = text.lines().count().max(1) as u32 + 1;
        for language in LANGUAGES {
            let found = file_use("src/a", language, text.as_bytes()).unwrap();
            prop_assert!(found.imports.is_sorted() && found.calls.is_sorted());
            for import in &found.imports {
                prop_assert!(import.line >= 1 && import.line <= lines);
                prop_assert!(!import.module.is_empty());
                prop_assert!(import.symbols.iter().all(|s| !s.name.is_empty() && s.line <= lines));
            }
        }
        file_use("src/a.svelte", Language::Html, text.as_bytes());
    }

    /// What stands in a comment or a string changes nothing.
    #[test]
    fn comments_hide_imports(word in "[a-z]{1,8}") {
        for (language, before, after) in [
            (Language::Python, "# import ", "\n"),
            (Language::Python, "'''\nimport ", "\n'''\n"),
            (Language::JavaScript, "/* require('", "') */"),
            (Language::JavaScript, "`require('", "')`"),
            (Language::Go, "package a\n/*\nimport \"", "\" */"),
            (Language::Rust, "/* /* */ use ", "::x; */"),
            (Language::Rust, "const A: &str = r#\"\"use ", "::x;\"#;"),
            (Language::Java, "/* import a.", ".C; */"),
            (Language::Kotlin, "/* /* */ import a.", ".C */"),
        ] {
            let text = format!("{before}{word}{after}");
            let found = file_use("src/a", language, text.as_bytes()).unwrap();
            prop_assert!(found.imports.is_empty(), "{}: {:?}", text, found.imports);
        }
    }
}
