//! Files of Rust, Go and the JVM that somebody broke: never a panic, always in time, and what is said of them holds.

use bartizan_packages::{Manifest, format};
use proptest::prelude::*;
use std::time::{Duration, Instant};

const SEEDS: [(&str, &str); 13] = [
    (
        "Cargo.lock",
        "version = 3\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n \"log 0.4.20 (registry+https://github.com/rust-lang/crates.io-index)\",\n \"rand\",\n]\n[[package]]\nname = \"log\"\nversion = \"0.4.20\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"b5e6\"\n[[package]]\nname = \"rand\"\nversion = \"0.8.5\"\nsource = \"git+https://host.example/rand?branch=main#01ab\"\n[metadata]\n\"checksum rand 0.8.5 (git+https://host.example/rand)\" = \"00\"\n",
    ),
    (
        "Cargo.toml",
        "[package]\nname = \"app\"\nversion.workspace = true\nlicense = \"MIT/Apache-2.0\"\n[workspace]\nmembers = [\"a/*\"]\n[workspace.dependencies]\nx = { version = \"=1.2.3\", package = \"y\" }\n[dependencies]\nx.workspace = true\nz = { git = \"https://u:p@host.example/z\", rev = \"1\", optional = true }\n[target.'cfg(unix)'.dev-dependencies]\nq = \"1\"\n[patch.crates-io]\nq = { path = \"q\" }\n",
    ),
    (
        "go.mod",
        "module example.com/a\n\ngo 1.21.3\ntoolchain go1.22.1\nrequire (\n\tb v1.0.0 // indirect\n\t\"c\" v2.0.0+incompatible\n)\nreplace b => ../b\nreplace c v2.0.0+incompatible => d v1.1.0\nexclude c v1.0.0\nretract [v1.0.0, v1.2.0] // x\n",
    ),
    (
        "go.sum",
        "a v1.0.0 h1:aa=\na v1.0.0/go.mod h1:aa=\na v1.2.0-rc.1 h1:aa=\nb v0.0.0-20200101000000-abcdefabcdef h1:aa=\n",
    ),
    ("go.work", "go 1.22\nuse (\n\t./a\n\t`../b`\n)\nreplace x v1.0.0 => y v1.1.0\n"),
    (
        "vendor/modules.txt",
        "# a v1.0.0\n## explicit; go 1.17\na\na/b\n# c v1.0.0 => d v1.1.0\nd\n# e v1.0.0 => ../e\ne\n",
    ),
    (
        "pom.xml",
        "<?xml version=\"1.0\"?>\n<project>\n<parent><groupId>g</groupId><artifactId>p</artifactId><version>1</version></parent>\n<artifactId>a</artifactId>\n<properties><v>1</v></properties>\n<dependencyManagement><dependencies><dependency><groupId>g</groupId><artifactId>bom</artifactId><version>${v}</version><type>pom</type><scope>import</scope></dependency></dependencies></dependencyManagement>\n<dependencies><dependency><groupId>g</groupId><artifactId>d&amp;<![CDATA[x]]></artifactId><version>[1,2)</version><optional>true</optional></dependency></dependencies>\n<!-- c --><modules><module>m</module></modules>\n</project>\n",
    ),
    ("META-INF/maven/g/a/pom.properties", "#x\nversion=1.0\ngroupId=g\nartifactId=a\n"),
    (
        "META-INF/MANIFEST.MF",
        "Manifest-Version: 1.0\r\nBundle-SymbolicName: org.example.a-b;singleton:=true\r\nImplementation-Title: a\r\n -b\r\nImplementation-Version: 1.0\r\n\r\nName: x\r\n",
    ),
    (
        "gradle.lockfile",
        "# c\na:b:1.0=compileClasspath,runtimeClasspath\nc:d:2.0=testRuntimeClasspath\nempty=x\n",
    ),
    (
        "gradle/libs.versions.toml",
        "[versions]\na = \"1\"\nr = { strictly = \"[1,2)\" }\n[libraries]\nx = \"g:x:1\"\ny = { module = \"g:y\", version.ref = \"a\" }\nz = { group = \"g\", name = \"z\", version = { prefer = \"1\" } }\n[plugins]\np = { id = \"p\", version.ref = \"r\" }\n",
    ),
    (
        "build.gradle.kts",
        "dependencies {\n implementation(\"g:a:1.0\")\n testImplementation(group = \"g\", name = \"b\", version = \"2\")\n api platform('g:c:$v') // x\n /* y */ kapt \"\"\"g:d:1@zip\"\"\"\n}\n",
    ),
    (
        "gradle/verification-metadata.xml",
        "<verification-metadata><components><component group=\"g\" name=\"a\" version=\"1\"><artifact name=\"a.jar\"><sha256 value=\"00\"/></artifact></component></components></verification-metadata>\n",
    ),
];

/// One way to break a file; numbers are taken modulo its length.
#[derive(Clone, Debug)]
enum Change {
    Set(usize, u8),
    Insert(usize, Vec<u8>),
    Remove(usize, usize),
    Repeat(usize, usize, usize),
    Cut(usize),
}

fn change() -> impl Strategy<Value = Change> {
    let marks = prop::sample::select(vec![
        b"\n".to_vec(),
        b"\"".to_vec(),
        b"'".to_vec(),
        b"(".to_vec(),
        b"[".to_vec(),
        b"{".to_vec(),
        b"<a>".to_vec(),
        b"</".to_vec(),
        b"&x;".to_vec(),
        b"${v}".to_vec(),
        b"=>".to_vec(),
        b"//".to_vec(),
        b"\xff".to_vec(),
        "ä".as_bytes().to_vec(),
        b"=".to_vec(),
        b"<<<<<<< HEAD\n".to_vec(),
        b"\xef\xbb\xbf".to_vec(),
        b"\0".to_vec(),
    ]);
    prop_oneof![
        (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        (any::<usize>(), marks).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (any::<usize>(), 1usize..40).prop_map(|(at, size)| Change::Remove(at, size)),
        (any::<usize>(), 1usize..60, 1usize..20)
            .prop_map(|(at, size, times)| Change::Repeat(at, size, times)),
        any::<usize>().prop_map(Change::Cut),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: Change) {
    let length = bytes.len();
    if length == 0 {
        return;
    }
    match change {
        Change::Set(at, byte) => bytes[at % length] = byte,
        Change::Insert(at, new) => {
            let at = at % length;
            bytes.splice(at..at, new);
        }
        Change::Remove(at, size) => {
            let at = at % length;
            bytes.drain(at..(at + size).min(length));
        }
        Change::Repeat(at, size, times) => {
            let at = at % length;
            let part = bytes[at..(at + size).min(length)].repeat(times);
            bytes.splice(at..at, part);
        }
        Change::Cut(at) => bytes.truncate(at % length),
    }
}

/// What a reader of a manifest relies on.
fn check(bytes: &[u8], manifest: &Manifest) {
    let end = bytes.len();
    for package in manifest.packages.iter().chain(&manifest.managed) {
        assert!(package.span.start <= package.span.end && package.span.end <= end, "{package:?}");
        assert!(package.version.as_deref() != Some(""), "{package:?}");
    }
    for package in &manifest.packages {
        assert!(package.dependencies.iter().all(|index| (*index as usize) < manifest.packages.len()));
    }
    for link in &manifest.links {
        assert!(link.span.start <= link.span.end && link.span.end <= end, "{link:?}");
    }
    assert!(manifest.problems.len() <= 101 && manifest.problems.iter().all(|problem| problem.at <= end));
}

fn read(path: &str, bytes: &[u8]) {
    let found = format::of(path).unwrap();
    match (found.parse)(path, bytes) {
        Ok(manifest) => check(bytes, &manifest),
        Err(error) => {
            let lines = bytes.iter().filter(|byte| **byte == b'\n').count() + 1;
            assert!(error.line as usize <= lines && error.line > 0 && !error.reason.is_empty(), "{error}");
        }
    }
}

#[test]
fn seeds_are_read_without_problems() {
    for (path, text) in SEEDS {
        let manifest = (format::of(path).unwrap().parse)(path, text.as_bytes()).unwrap();
        check(text.as_bytes(), &manifest);
        assert!(!manifest.packages.is_empty(), "{path}");
    }
}

#[test]
fn long_repetitions_take_linear_time() {
    for (path, text) in SEEDS {
        for part in [
            "\n",
            "(",
            "[",
            "{",
            "<a>",
            "\"",
            "'",
            "a=1\n",
            "[[package]]\n",
            "${",
            "// ",
            " ",
            "a b\n",
            "a.",
            "\u{feff}",
        ] {
            let mut bytes = text.as_bytes().to_vec();
            bytes.extend_from_slice(part.repeat(400_000 / part.len()).as_bytes());
            let start = Instant::now();
            read(path, &bytes);
            assert!(start.elapsed() < Duration::from_secs(10), "{path} with {part:?}: {:?}", start.elapsed());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn broken_files_are_told_or_read(
        seed in 0..SEEDS.len(),
        changes in prop::collection::vec(change(), 1..6),
    ) {
        let (path, text) = SEEDS[seed];
        let mut bytes = text.as_bytes().to_vec();
        for change in changes {
            apply(&mut bytes, change);
        }
        read(path, &bytes);
    }
}
