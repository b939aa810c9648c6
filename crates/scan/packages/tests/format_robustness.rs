//! Every format, fed with damaged files: no panic, places inside the file, edges inside the list, bounded time.

use bartizan_packages::format::{FORMATS, of};
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// A path and a small good file of each format.
const GOOD: &[(&str, &str)] = &[
    (
        "package-lock.json",
        r#"{"lockfileVersion":3,"packages":{"":{"dependencies":{"a":"^1"}},"node_modules/a":{"version":"1.0.0","dependencies":{"b":"1"}},
"node_modules/a/node_modules/b":{"version":"1.0.0","integrity":"sha512-AA=="}}}"#,
    ),
    (
        "npm-shrinkwrap.json",
        r#"{"lockfileVersion":1,"dependencies":{"a":{"version":"1.0.0","requires":{"b":"1"},"dependencies":{"b":{"version":"1.0.0"}}}}}"#,
    ),
    (
        "package.json",
        r#"{"name":"r","dependencies":{"a":"1.0.0","b":"npm:c@^1","g":"u/r#v1"},"workspaces":["x/*"]}"#,
    ),
    (
        "node_modules/a/package.json",
        r#"{"name":"a","version":"1.0.0","license":"MIT","dependencies":{"b":"^1"}}"#,
    ),
    (
        "bun.lock",
        "{\n\"lockfileVersion\": 1, // c\n\"workspaces\": {\"\": {\"dependencies\": {\"a\": \"1\",},},},\n\"packages\": {\"a\": [\"a@1.0.0\", \"\", {\"dependencies\": {\"b\": \"1\"}}, \"sha512-AA==\"], \"a/b\": [\"b@1.0.0\"],},}",
    ),
    (
        "yarn.lock",
        "# yarn lockfile v1\n\na@^1, a@^1.1:\n  version \"1.1.0\"\n  dependencies:\n    b \"^2\"\n\nb@^2:\n  version \"2.0.0\"\n",
    ),
    (
        "x/yarn.lock",
        "__metadata:\n  version: 8\n\n\"a@npm:^1\":\n  version: 1.0.0\n  resolution: \"a@npm:1.0.0\"\n  dependencies:\n    b: ^2\n",
    ),
    (
        "pnpm-lock.yaml",
        "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a: {specifier: ^1, version: 1.0.0(p@2.0.0)}\npackages:\n  a@1.0.0:\n    resolution: {integrity: sha512-AA==}\nsnapshots:\n  a@1.0.0(p@2.0.0):\n    dependencies: {p: 2.0.0}\n",
    ),
    (
        "x/pnpm-lock.yaml",
        "lockfileVersion: 5.4\nspecifiers: {a: ^1}\ndependencies: {a: 1.0.0_p@2.0.0}\npackages:\n  /a/1.0.0_p@2.0.0:\n    dev: false\n  /@s/b/2.0.0: {}\n",
    ),
    (
        "requirements.txt",
        "-r b.txt\na==1.0 \\\n  --hash=sha256:ab\nb>=1; python_version < '3'\n-e git+https://h.example/c.git@v1#egg=c\n",
    ),
    ("Pipfile", "[packages]\na = '*'\nb = {version = '==1', git = 'https://h.example/b'}\n"),
    ("Pipfile.lock", r#"{"_meta":{},"default":{"a":{"version":"==1.0","hashes":["sha256:ab"]}}}"#),
    (
        "poetry.lock",
        "[[package]]\nname = \"a\"\nversion = \"1.0\"\nfiles = [{file = \"x\", hash = \"sha256:ab\"}]\n[package.dependencies]\nb = \"*\"\n",
    ),
    (
        "uv.lock",
        "version = 1\n[[package]]\nname = \"r\"\nsource = { editable = \".\" }\ndependencies = [{ name = \"a\" }]\n[[package]]\nname = \"a\"\nversion = \"1.0\"\n",
    ),
    (
        "pdm.lock",
        "[[package]]\nname = \"a\"\nversion = \"1.0\"\ngroups = [\"default\"]\ndependencies = [\"b>=1\"]\n",
    ),
    (
        "pylock.toml",
        "lock-version = '1.0'\n[[packages]]\nname = \"a\"\nversion = \"1.0\"\ndependencies = [{name = \"a\"}]\n",
    ),
    (
        "pyproject.toml",
        "[project]\nname = 'r'\ndependencies = ['a==1', 'b>2; x']\n[tool.poetry.dependencies]\nc = {version = '1.0', optional = true}\n",
    ),
    ("setup.cfg", "[metadata]\nname = r\n[options]\ninstall_requires =\n  a>=1\n  b\n"),
    ("setup.py", "setup(install_requires=['a>=1', \"b\", x])\n"),
    ("a.dist-info/METADATA", "Name: a\nVersion: 1.0\nLicense: MIT\nRequires-Dist: b>=1\n\ntext\n"),
    ("environment.yml", "dependencies:\n  - python\n  - pip:\n    - a==1.0\n"),
];

fn check(path: &str, bytes: &[u8]) {
    let format = of(path).unwrap();
    let Ok(manifest) = (format.parse)(path, bytes) else { return };
    for package in &manifest.packages {
        assert!(
            package.span.start <= package.span.end && package.span.end <= bytes.len(),
            "{path}: {package:?}"
        );
        assert!(package.dependencies.iter().all(|id| (*id as usize) < manifest.packages.len()), "{path}");
    }
    assert!(manifest.links.iter().all(|link| link.span.end <= bytes.len()), "{path}");
    assert!(manifest.problems.iter().all(|problem| problem.at <= bytes.len()), "{path}");
}

#[test]
fn good_files_give_packages_and_no_problem() {
    for (path, text) in GOOD {
        let manifest = (of(path).unwrap().parse)(path, text.as_bytes()).unwrap();
        assert!(!manifest.packages.is_empty(), "{path}");
        let expected = usize::from(*path == "setup.py");
        assert_eq!(manifest.problems.len(), expected, "{path}: {:?}", manifest.problems);
        check(path, text.as_bytes());
    }
}

#[test]
fn each_format_has_a_file_here() {
    let ours = [
        "conda",
        "bun",
        "package",
        "pdm",
        "pip",
        "pnpm",
        "poetry",
        "pylock",
        "pyproject",
        "python",
        "requirements",
        "setup",
        "uv",
        "yarn",
    ];
    for format in FORMATS.iter().filter(|format| ours.iter().any(|prefix| format.name.starts_with(prefix))) {
        let known = GOOD.iter().any(|(path, _)| of(path).is_some_and(|found| found.name == format.name));
        assert!(
            known || format.name == "packages-lock" || format.name == "packages-config",
            "{}",
            format.name
        );
    }
}

#[test]
fn every_cut_is_survived() {
    for (path, text) in GOOD {
        for end in 0..text.len() {
            check(path, &text.as_bytes()[..end]);
        }
    }
}

#[test]
fn large_files_take_linear_time() {
    let mut lock = String::from(r#"{"lockfileVersion":3,"packages":{"#);
    for index in 0..50_000 {
        lock.push_str(&format!(
            "\"node_modules/p{index}\":{{\"version\":\"1.0.0\",\"dependencies\":{{\"p{}\":\"1\"}}}},\n",
            index + 1
        ));
    }
    lock.push_str("\"node_modules/z\":{\"version\":\"1\"}}}");
    let mut yarn = String::new();
    let mut uv = String::new();
    let mut pnpm = String::from("lockfileVersion: '9.0'\npackages:\n");
    for index in 0..20_000 {
        yarn.push_str(&format!(
            "p{index}@^1:\n  version \"1.0.0\"\n  dependencies:\n    p{} \"^1\"\n\n",
            index + 1
        ));
        uv.push_str(&format!(
            "[[package]]\nname = \"a\"\nversion = \"{index}\"\ndependencies = [{{ name = \"a\" }}]\n"
        ));
        pnpm.push_str(&format!("  p{index}@1.0.0:\n    resolution: {{integrity: sha512-AA==}}\n"));
    }
    for (path, text) in
        [("package-lock.json", lock), ("yarn.lock", yarn), ("uv.lock", uv), ("pnpm-lock.yaml", pnpm)]
    {
        let start = Instant::now();
        let manifest = (of(path).unwrap().parse)(path, text.as_bytes()).unwrap();
        assert!(manifest.packages.len() >= 20_000, "{path}");
        assert!(start.elapsed() < Duration::from_secs(20), "{path} took {:?}", start.elapsed());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn damaged_files_are_read_without_panic(
        which in 0..GOOD.len(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), 0..5_u8, any::<u8>()), 1..6),
    ) {
        let (path, text) = GOOD[which];
        let mut bytes = text.as_bytes().to_vec();
        for (place, kind, byte) in changes {
            let at = place.index(bytes.len().max(1)).min(bytes.len().saturating_sub(1));
            match kind {
                0 if !bytes.is_empty() => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 if !bytes.is_empty() => { bytes.remove(at); }
                3 => {
                    let token = [&b"\""[..], b"{", b"]", b"\n", b"@", b"\\", b"/", b"\xc3\xa4"][usize::from(byte % 8)];
                    bytes.splice(at..at, token.iter().copied());
                }
                _ => {
                    let end = (at + usize::from(byte)).min(bytes.len());
                    let part = bytes[at..end].to_vec();
                    bytes.splice(at..at, part);
                }
            }
        }
        let start = Instant::now();
        check(path, &bytes);
        prop_assert!(start.elapsed() < Duration::from_secs(5));
    }
}
