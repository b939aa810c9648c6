//! `build.gradle` and `build.gradle.kts`: coordinates that are written out in dependency blocks.
//!
//! A build script is a program and is not run: literals behind the name of a configuration are taken, in both languages'
//! spellings. Names that are put together from variables are told as problems. Source: the Gradle user manual, "Declaring
//! Dependencies".

use super::collect::Collector;
use super::gradle_catalog::exact;
use super::gradle_lock::scope_of;
use super::{Format, lines};
use crate::{Ecosystem, Manifest, Package, ParseError, Relation, SourceKind};
use std::ops::Range;

/// Build scripts of Gradle.
pub const FORMAT: Format = Format { name: "gradle-script", matches, parse };

fn matches(path: &str) -> bool {
    let name = lines::file_name(path);
    name.ends_with(".gradle") || name.ends_with(".gradle.kts")
}

fn parse(_: &str, bytes: &[u8]) -> Result<Manifest, ParseError> {
    let text = lines::text(bytes)?;
    let mut out = Collector::wishes();
    let tokens = tokens(text);
    for (at, token) in tokens.iter().enumerate() {
        let Kind::Word = token.kind else { continue };
        if is_configuration(token.text)
            && at.checked_sub(1).and_then(|it| tokens.get(it)).is_none_or(|it| it.text != ".")
        {
            declaration(token.text, tokens.get(at + 1..).unwrap_or_default(), &mut out);
        }
    }
    Ok(out.finish())
}

/// Names that end in one of these take dependencies, by convention of the Java, Kotlin and Android plugins.
const ENDINGS: [&str; 11] = [
    "implementation",
    "api",
    "compileonly",
    "runtimeonly",
    "annotationprocessor",
    "compileonlyapi",
    "classpath",
    "developmentonly",
    "kapt",
    "ksp",
    "coreLibraryDesugaring",
];
/// Names of the time before Gradle 7.
const OLD: [&str; 6] = ["compile", "runtime", "testCompile", "testRuntime", "provided", "providedCompile"];

fn is_configuration(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    OLD.contains(&word) || ENDINGS.iter().any(|ending| lower.ends_with(&ending.to_ascii_lowercase()))
}

/// Words that stand around coordinates and change nothing about them.
const WRAPPERS: [&str; 5] =
    ["platform", "enforcedPlatform", "testFixtures", "enforced", "dependencies.create"];
/// Tokens of one declaration that are looked at.
const MAX_TOKENS: usize = 64;

fn declaration(configuration: &str, tokens: &[Token<'_>], out: &mut Collector) {
    let mut rest = tokens.get(..tokens.len().min(MAX_TOKENS)).unwrap_or_default();
    while let [first, tail @ ..] = rest
        && (first.text == "(" || WRAPPERS.contains(&first.text) || first.text == "[")
    {
        rest = tail;
    }
    // A list of literals: `implementation 'a:b:1', 'a:c:2'`.
    let mut any = false;
    while let [Token { kind: Kind::Text { open }, text, span }, tail @ ..] = rest {
        if text.contains(':') {
            literal(configuration, text, *open, span, out);
            any = true;
        }
        match tail {
            [comma, next @ ..] if comma.text == "," => rest = next,
            _ => return,
        }
    }
    if !any {
        map(configuration, rest, out);
    }
}

/// `'group:name:version:classifier@type'`.
fn literal(configuration: &str, text: &str, open: bool, span: &Range<usize>, out: &mut Collector) {
    let (text, extension) = text.split_once('@').unwrap_or((text, ""));
    let mut parts = text.split(':');
    let (group, name) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    // `':project'` is a path of the build itself.
    if group.is_empty() || name.is_empty() {
        return;
    }
    let (version, classifier) = (parts.next(), parts.next());
    add(configuration, [Some(group), Some(name), version, classifier, Some(extension)], open, span, out);
}

/// `group: 'g', name: 'n', version: 'v'`, with `=` in Kotlin.
fn map(configuration: &str, tokens: &[Token<'_>], out: &mut Collector) {
    let keys = ["group", "name", "version", "classifier", "ext"];
    let mut values: [Option<&str>; 5] = [None; 5];
    let mut open = false;
    let mut span: Option<Range<usize>> = None;
    let mut rest = tokens;
    while let [key, sign, value, tail @ ..] = rest {
        let (Some(slot), true) = (keys.iter().position(|it| *it == key.text), matches!(sign.text, ":" | "="))
        else {
            break;
        };
        match value.kind {
            Kind::Text { open: variable } => {
                open |= variable;
                values[slot] = Some(value.text);
            }
            _ if slot == 2 => open = true,
            _ => return,
        }
        span = Some(span.map_or(key.span.start, |span| span.start)..value.span.end);
        match tail {
            [comma, next @ ..] if comma.text == "," => rest = next,
            _ => break,
        }
    }
    if let Some(span) = span {
        add(configuration, values, open, &span, out);
    }
}

fn add(
    configuration: &str,
    [group, name, version, classifier, extension]: [Option<&str>; 5],
    open: bool,
    span: &Range<usize>,
    out: &mut Collector,
) {
    let (Some(group), Some(name)) = (group, name) else { return };
    let is_name = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    if !is_name(group) || !is_name(name) {
        if open {
            out.problem(span.start, "a dependency whose name is put together by the script");
        }
        return;
    }
    let mut package = Package::new(Ecosystem::Maven, &format!("{group}:{name}"), span.clone());
    package.relation = Relation::Direct;
    package.scope = scope_of(configuration);
    package.source = SourceKind::Registry;
    if let Some(version) = version.filter(|version| !version.is_empty()) {
        package.requirement = Some(version.to_owned());
        package.version = if version.contains('$') { None } else { exact(version) };
    }
    package.inherits = package.version.is_none();
    if open && package.version.is_none() {
        out.problem(span.start, "a version that the script computes");
    }
    for (key, value) in [("type", extension), ("classifier", classifier)] {
        if let Some(value) = value.filter(|value| !value.is_empty() && *value != "jar") {
            package.qualifiers.push((key.to_owned(), value.to_owned()));
        }
    }
    out.push(package);
}

enum Kind {
    Word,
    /// Between quotes; open where a variable stands in it.
    Text {
        open: bool,
    },
    Sign,
}

struct Token<'a> {
    kind: Kind,
    text: &'a str,
    span: Range<usize>,
}

/// Words, quoted texts and signs, without comments. Ends of lines are nothing: a declaration may go over several.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let bytes = text.as_bytes();
    let mut all = Vec::new();
    let mut at = 0;
    let find = |from: usize, needle: &[u8]| {
        bytes.get(from..).and_then(|rest| memchr::memmem::find(rest, needle)).map(|found| from + found)
    };
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        let next = bytes.get(at + 1).copied();
        match byte {
            b'/' if next == Some(b'/') => at = find(at, b"\n").unwrap_or(bytes.len()),
            b'/' if next == Some(b'*') => at = find(at + 2, b"*/").map_or(bytes.len(), |end| end + 2),
            b'\'' | b'"' => {
                let triple = bytes.get(at..at + 3) == Some(&[byte; 3]);
                let (from, end, after) = if triple {
                    let end = find(at + 3, &[byte; 3]).unwrap_or(bytes.len());
                    (at + 3, end, end + 3)
                } else {
                    let end = end_of_quote(bytes, at + 1, byte);
                    (at + 1, end, end + 1)
                };
                let inner = text.get(from.min(end)..end).unwrap_or("");
                let open = byte == b'"' && inner.contains('$');
                all.push(Token {
                    kind: Kind::Text { open },
                    text: inner,
                    span: start..after.min(bytes.len()),
                });
                at = after;
            }
            _ if byte.is_ascii_alphanumeric() || byte == b'_' => {
                while bytes.get(at).is_some_and(|it| it.is_ascii_alphanumeric() || *it == b'_') {
                    at += 1;
                }
                all.push(Token {
                    kind: Kind::Word,
                    text: text.get(start..at).unwrap_or(""),
                    span: start..at,
                });
            }
            _ => {
                at += 1;
                if byte.is_ascii_punctuation() {
                    all.push(Token {
                        kind: Kind::Sign,
                        text: text.get(start..at).unwrap_or(""),
                        span: start..at,
                    });
                }
            }
        }
    }
    all
}

/// Where a text in single signs ends: at its sign or, so that one stray quote costs one line, at the end of the line.
fn end_of_quote(bytes: &[u8], mut at: usize, quote: u8) -> usize {
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'\n' => return at,
            _ if byte == quote => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scope;
    use proptest::prelude::*;

    fn read(text: &str) -> (Vec<String>, usize) {
        let manifest = parse("build.gradle", text.as_bytes()).unwrap();
        let all = manifest
            .packages
            .iter()
            .map(|it| format!("{}@{} {:?}", it.name, it.version.as_deref().unwrap_or("?"), it.scope))
            .collect();
        (all, manifest.problems.len())
    }

    #[test]
    fn literals_of_both_languages_are_read() {
        let (all, problems) = read(
            r#"
plugins { id 'java' version '1' }
dependencies {
    implementation 'com.a:plain:1.0'
    api("com.a:kotlin:2.0") { exclude(group = "x") }
    testImplementation group: 'com.a', name: 'map', version: '3.0'
    compileOnly(group = "com.a", name = "kmap", version = "4.0")
    implementation platform('com.a:bom:5.0')
    implementation(enforcedPlatform("com.a:bom2:5.1"))
    runtimeOnly 'com.a:one:1', 'com.a:two:2'
    implementation "com.a:computed:$version"
    implementation 'com.a:range:[1,2)'
    implementation 'com.a:dynamic:1.+'
    implementation 'com.a:classified:1.0:jdk8@zip'
    implementation project(':core')
    implementation libs.something
    implementation files('libs/a.jar')
    kapt "com.a:kapt:1"
    // implementation 'com.a:commented:1'
    /* implementation 'com.a:commented:1' */
    classpath 'com.a:gradle:7'
    implementation "com.$x:y:1"
}
"#,
        );
        assert_eq!(
            all,
            [
                "com.a:plain@1.0 Runtime",
                "com.a:kotlin@2.0 Runtime",
                "com.a:map@3.0 Development",
                "com.a:kmap@4.0 Build",
                "com.a:bom@5.0 Runtime",
                "com.a:bom2@5.1 Runtime",
                "com.a:one@1 Runtime",
                "com.a:two@2 Runtime",
                "com.a:computed@? Runtime",
                "com.a:range@? Runtime",
                "com.a:dynamic@? Runtime",
                "com.a:classified@1.0 Runtime",
                "com.a:kapt@1 Build",
                "com.a:gradle@7 Build",
            ]
        );
        assert_eq!(problems, 2);
    }

    #[test]
    fn places_are_those_of_the_coordinates() {
        let text = "dependencies {\n  implementation 'com.a:b:1'\n}\n";
        let manifest = parse("build.gradle", text.as_bytes()).unwrap();
        let package = &manifest.packages[0];
        assert_eq!((&text[package.span.clone()], package.scope), ("'com.a:b:1'", Scope::Runtime));
    }

    proptest! {
        #[test]
        fn any_script_is_read_without_panic(text in "(implementation|api|'|\"|:|a|\\$|\\\\|/\\*|//|\n| |\\(|,|group|=|ä){0,60}") {
            let _ = parse("build.gradle", text.as_bytes());
        }
    }
}
