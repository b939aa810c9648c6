//! Broken and hostile files: every format answers in bounded time, with spans inside the file, and without a panic.

use bartizan_packages::format::{self, Format};
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// One honest file of each kind, which the mutations start from.
const FILES: &[(&str, &str)] = &[
    (
        "Gemfile.lock",
        "GIT\n  remote: https://github.com/x/y.git\n  revision: 0a\n  specs:\n    y (1.0)\n      rack (>= 2)\n\nGEM\n  remote: https://rubygems.org/\n  specs:\n    nokogiri (1.15.0-x86_64-linux)\n      racc (~> 1.4)\n    racc (1.6.2)\n    rack (2.2.7)\n\nDEPENDENCIES\n  y!\n  rack (~> 2)\n\nCHECKSUMS\n  rack (2.2.7) sha256=ab\n",
    ),
    (
        "Gemfile",
        "source 'https://rubygems.org'\ngem 'rails', '~> 7.0', '>= 7.0.4'\ngroup :test, :development do\n  gem 'rspec', require: false if ENV['X']\nend\ngem 'a', git: 'https://u:p@h.example/a', ref: 'b'\n",
    ),
    (
        "own.gemspec",
        "Gem::Specification.new do |s|\n  s.name = 'own'.freeze\n  s.add_dependency(%q<json>.freeze, ['~> 2.0'])\nend\n",
    ),
    (
        "composer.lock",
        r#"{"packages": [{"name": "a/b", "version": "v1.0", "require": {"c/d": "1"}, "license": ["MIT"], "abandoned": true}], "packages-dev": [{"name": "c/d", "version": "2", "dist": {"type": "zip", "shasum": "ab"}}]}"#,
    ),
    (
        "composer.json",
        r#"{"name": "a/b", "require": {"php": ">=8", "c/d": "^1.0"}, "require-dev": {"e/f": "1.2.3"}}"#,
    ),
    (
        "vendor/composer/installed.json",
        r#"{"packages": [{"name": "a/b", "version": "1.0"}], "dev-package-names": []}"#,
    ),
    (
        "packages.lock.json",
        r#"{"version": 1, "dependencies": {"net8.0": {"A": {"type": "Direct", "requested": "[1.0, )", "resolved": "1.0", "contentHash": "AAEC", "dependencies": {"B": "1"}}, "B": {"type": "Transitive", "resolved": "1"}}}}"#,
    ),
    (
        "App.csproj",
        "<Project Sdk=\"x\"><PropertyGroup><V>1.0</V></PropertyGroup><Import Project=\"..\\a.props\" /><ItemGroup><PackageReference Include=\"A\" Version=\"$(V)\" /><PackageReference Include=\"B;C\"><Version>[1,2)</Version><PrivateAssets>all</PrivateAssets></PackageReference></ItemGroup></Project>",
    ),
    (
        "Directory.Packages.props",
        "<Project><ItemGroup><PackageVersion Include=\"A\" Version=\"1.0\" /></ItemGroup></Project>",
    ),
    (
        "packages.config",
        "<packages>\n  <package id=\"A\" version=\"1.0\" targetFramework=\"net48\" />\n</packages>",
    ),
    (
        "App.deps.json",
        r#"{"targets": {"n": {"App/1.0": {"dependencies": {"A": "1.0"}}, "A/1.0": {}}}, "libraries": {"App/1.0": {"type": "project"}, "A/1.0": {"type": "package", "sha512": "sha512-AAEC"}}}"#,
    ),
    (
        "obj/project.assets.json",
        r#"{"version": 3, "targets": {"net8.0": {"A/1.0": {"type": "package", "dependencies": {"B": "1"}}, "B/2.0": {}}}, "libraries": {"A/1.0": {"type": "package"}}, "projectFileDependencyGroups": {"net8.0": ["A >= 1.0.0"]}, "project": {"version": "1.0"}}"#,
    ),
    (
        "pubspec.lock",
        "packages:\n  async:\n    dependency: transitive\n    description:\n      name: async\n      url: \"https://pub.dev\"\n    source: hosted\n    version: \"2.11.0\"\n  own:\n    dependency: \"direct main\"\n    description: {path: ., url: 'https://h.example/x'}\n    source: git\n    version: \"1.0.0\"\n",
    ),
    (
        "pubspec.yaml",
        "name: own\ndependencies:\n  http: ^1.1.0\n  x:\n    git: {url: 'https://h.example/x', ref: main}\n",
    ),
    (
        "Package.resolved",
        r#"{"pins": [{"identity": "a", "kind": "remoteSourceControl", "location": "git@github.com:x/a.git", "state": {"branch": "main", "revision": "def"}}], "version": 2}"#,
    ),
    (
        "mix.lock",
        "%{\n  \"cowboy\": {:hex, :cowboy, \"2.9.0\", \"865d\", [:make], [{:cowlib, \"2.11.0\", [hex: :cowlib]}], \"hexpm\", \"2C\"},\n  \"cowlib\": {:hex, :cowlib, \"2.11.0\", \"0b\", [:make], [], \"hexpm\", \"2b\"},\n  \"f\": {:git, \"https://h.example/f.git\", \"01\", [branch: \"main\"]},\n}\n",
    ),
    (
        "rebar.lock",
        "{\"1.2.0\",\n[{<<\"a\">>,{pkg,<<\"a\">>,<<\"2.9.0\">>},1},\n {<<\"f\">>,{git,\"https://h.example/f\",{ref,\"01\"}},0}]}.\n[\n{pkg_hash_ext,[{<<\"a\">>, <<\"26\">>}]}\n].\n",
    ),
    (
        "cabal.project.freeze",
        "constraints: any.aeson ==2.0.3.0,\n             aeson -cffi,\n             any.base ==4.16.3.0\n",
    ),
    (
        "own.cabal",
        "name: own\nversion: 0.1\nlibrary\n  build-depends: base >=4 && <5, aeson ==2.0.3.0\n    , x:{a, b} ^>= 1\ntest-suite t\n  build-tool-depends: hspec:hspec == 2.*\n",
    ),
    (
        "stack.yaml.lock",
        "packages:\n- completed:\n    hackage: acme-0.3@sha256:2ba6,613\n  original:\n    hackage: acme-0.3\n- completed:\n    commit: '01'\n    git: https://h.example/y.git\n    name: y\n    version: 1.0.0\n",
    ),
    (
        "conan.lock",
        r#"{"graph_lock": {"nodes": {"0": {"path": "conanfile.txt", "requires": ["1"]}, "1": {"ref": "zlib/1.2.11#r", "context": "host"}}}, "requires": ["zlib/1.2.11#r%1"]}"#,
    ),
    ("conanfile.txt", "[requires]\nzlib/1.3.1\nfmt/[>=9 <11]@a/b\n[tool_requires]\ncmake/3.27.0\n"),
    (
        ".github/workflows/ci.yml",
        "on: push\njobs:\n  a:\n    uses: x/y/.github/workflows/z.yml@v1.0.0\n  b:\n    steps:\n      - uses: actions/checkout@8f152de45cc393bb48ce5d89d36b731f54556e65 # v4.0.2\n      - uses: 'docker://a'\n",
    ),
    (
        "renv.lock",
        r#"{"R": {"Version": "4"}, "Packages": {"a": {"Package": "a", "Version": "1.0", "Source": "Repository", "Requirements": ["b"]}, "b": {"Version": "2", "Source": "GitHub", "RemoteSha": "01"}}}"#,
    ),
    (
        "var/lib/dpkg/status",
        "Package: libc6\nStatus: install ok installed\nSource: glibc (2.36-9)\nVersion: 2.36-9+b1\nDepends: a | libgcc-s1 (>= 1),\n b\n\nPackage: libgcc-s1\nVersion: 1\nProvides: b (= 1)\n",
    ),
    (
        "lib/apk/db/installed",
        "P:musl\nV:1.2.4-r1\no:musl\nL:MIT\np:so:libc.so.1=1\n\nP:u\nV:1-r0\no:musl\nD:so:libc.so.1 !x musl>=1\n",
    ),
];

/// What tends to upset parsers.
const SPLINTERS: &[&str] = &[
    "\"",
    "'",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "<",
    ">",
    ",",
    ":",
    "\n",
    "\r\n",
    "\t",
    "%{",
    "<<",
    "<![CDATA[",
    "<!--",
    "&x;",
    "&#0;",
    "#",
    "\\",
    "|",
    "@",
    "- ",
    "  ",
    "? ",
    "*a",
    "&a ",
    "!!",
    "null",
    "\u{feff}",
    "\u{0}",
    "ä",
    "\u{1F600}",
    "<<<<<<< HEAD\n",
    "=======\n",
    "$(",
    "$(V)",
    "do",
    "end\n",
    "if ",
    "==",
    "=>",
    "1e999",
];

fn format_of(path: &str) -> &'static Format {
    format::of(path).unwrap_or_else(|| panic!("no format for {path}"))
}

/// Parses, and checks what holds of every answer.
fn check(path: &str, bytes: &[u8]) {
    let start = Instant::now();
    let result = (format_of(path).parse)(path, bytes);
    assert!(start.elapsed() < Duration::from_secs(5), "{path} took {:?}", start.elapsed());
    match result {
        Ok(manifest) => {
            let count = u32::try_from(manifest.packages.len()).unwrap();
            for package in &manifest.packages {
                assert!(package.span.start <= package.span.end, "{path}: {package:?}");
                assert!(package.span.end <= bytes.len(), "{path}: {package:?}");
                assert!(package.dependencies.iter().all(|to| *to < count), "{path}: {package:?}");
            }
            for problem in &manifest.problems {
                assert!(problem.at <= bytes.len(), "{path}: {problem:?}");
            }
        }
        Err(error) => {
            let lines = bytes.iter().filter(|byte| **byte == b'\n').count() + 1;
            let line = usize::try_from(error.line).unwrap();
            assert!((1..=lines + 1).contains(&line), "{path}: {error} of {lines} lines");
        }
    }
}

#[test]
fn honest_files_are_understood_whole() {
    for (path, text) in FILES {
        let parsed = (format_of(path).parse)(path, text.as_bytes());
        let manifest = parsed.unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(!manifest.packages.is_empty(), "{path}");
        assert!(manifest.problems.is_empty(), "{path}: {:?}", manifest.problems);
        check(path, text.as_bytes());
    }
}

#[test]
fn files_cut_off_anywhere_are_answered() {
    for (path, text) in FILES {
        for end in 0..text.len() {
            check(path, &text.as_bytes()[..end]);
        }
    }
}

#[test]
fn empty_files_and_foreign_files_are_answered() {
    for (path, _) in FILES {
        for (_, foreign) in FILES {
            check(path, foreign.as_bytes());
        }
        for bytes in [&b""[..], b"\n", b"\xff\xfe\x00", b"\xef\xbb\xbf", b"\0\0\0\0"] {
            check(path, bytes);
        }
    }
}

#[test]
fn what_is_said_thousands_of_times_takes_time_in_proportion() {
    for (path, text) in FILES {
        let front = text.get(..text.len() / 2).unwrap_or("");
        for piece in text.split_inclusive('\n').chain(text.split_inclusive(['{', '[', '<', ','])).take(12) {
            let many = piece.repeat(60_000 / piece.len());
            check(path, many.as_bytes());
            check(path, format!("{front}{many}").as_bytes());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn mutated_files_are_answered(
        file in 0..FILES.len(),
        changes in proptest::collection::vec(
            (any::<prop::sample::Index>(), 0..4u8, 0..SPLINTERS.len(), 0..20u8), 1..6),
    ) {
        let (path, text) = FILES[file];
        let mut bytes = text.as_bytes().to_vec();
        for (place, kind, splinter, length) in changes {
            let at = place.index(bytes.len() + 1);
            let end = (at + usize::from(length)).min(bytes.len());
            match kind {
                0 => drop(bytes.drain(at..end)),
                1 => drop(bytes.splice(at..at, SPLINTERS[splinter].bytes())),
                2 => {
                    let copy = bytes[at..end].to_vec();
                    bytes.splice(at..at, copy);
                }
                _ => {
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte = byte.wrapping_add(length * 13 + 1);
                    }
                }
            }
        }
        check(path, &bytes);
    }
}
