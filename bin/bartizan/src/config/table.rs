//! The table of settings.

use crate::report::Format;
use crate::units;
use bartizan_model::Severity;
use std::str::FromStr;

/// One setting: a flag, an environment variable and a key of the configuration file.
#[derive(Debug)]
pub struct Setting {
    /// Long flag without dashes, and key in the file.
    pub name: &'static str,
    /// Table of the file, and heading of the help page.
    pub section: &'static str,
    /// What values look like.
    pub kind: Kind,
    /// As a user would write it; empty: none.
    pub default: &'static str,
    /// One line of help.
    pub help: &'static str,
    /// Why the key is refused in a file that was found rather than named: such a file belongs to what is scanned.
    pub distrusted: Option<&'static str>,
}

/// What a setting's values look like.
#[derive(Debug)]
pub enum Kind {
    /// `true` or `false`; the bare flag is `true`.
    Flag,
    /// One value.
    One {
        /// For help.
        value: &'static str,
        /// Tells what is wrong with a value.
        check: fn(&str) -> Result<(), String>,
    },
    /// One of these words.
    Word(&'static [&'static str]),
    /// Several values; those of all layers add up, or the uppermost layer's alone count.
    List {
        /// For help.
        value: &'static str,
        /// Tells what is wrong with an element.
        check: fn(&str) -> Result<(), String>,
        /// Whether layers add up.
        adds: bool,
    },
}

impl Setting {
    /// `BARTIZAN_MAX_FILE_SIZE`.
    pub fn env(&self) -> String {
        format!("BARTIZAN_{}", self.name.to_ascii_uppercase().replace('-', "_"))
    }

    /// `scan.max-file-size`.
    pub fn key(&self) -> String {
        format!("{}.{}", self.section, self.name)
    }

    /// What is wrong with `text` as one value of the setting, if anything.
    ///
    /// # Errors
    /// A sentence for the user.
    pub fn check(&self, text: &str) -> Result<(), String> {
        match &self.kind {
            Kind::Flag => units::boolean(text).map(|_| ()),
            Kind::One { check, .. } | Kind::List { check, .. } => check(text),
            Kind::Word(words) if words.contains(&text) => Ok(()),
            Kind::Word(words) => {
                let hint = crate::suggest::nearest(text, words).map(|w| format!("; did you mean `{w}`?"));
                Err(format!("`{text}` is none of {}{}", words.join(", "), hint.unwrap_or_default()))
            }
        }
    }
}

/// The setting of that name.
pub fn find(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

/// The detectors there are.
pub const DETECTORS: &[&str] = &["code", "packages", "secrets"];

fn detector(text: &str) -> Result<(), String> {
    if DETECTORS.contains(&text) {
        Ok(())
    } else {
        Err(format!("`{text}` is no detector: there is {}", DETECTORS.join(", ")))
    }
}

fn filled(text: &str) -> Result<(), String> {
    if text.trim().is_empty() { Err("it is empty".to_owned()) } else { Ok(()) }
}

fn size(text: &str) -> Result<(), String> {
    units::size(text).map(|_| ())
}

fn duration(text: &str) -> Result<(), String> {
    if text == "none" { Ok(()) } else { units::duration(text).map(|_| ()) }
}

fn fraction(text: &str) -> Result<(), String> {
    units::fraction(text).map(|_| ())
}

fn small(text: &str) -> Result<(), String> {
    match units::count(text)? {
        0..=64 => Ok(()),
        _ => Err(format!("`{text}` is more than 64")),
    }
}

fn threads(text: &str) -> Result<(), String> {
    match units::count(text)? {
        1..=1024 => Ok(()),
        _ => Err(format!("`{text}` is no number from 1 to 1024")),
    }
}

fn ratio(text: &str) -> Result<(), String> {
    match units::count(text)? {
        0 => Err("0 would open no archive: use --max-archive-depth 0 for that".to_owned()),
        _ => Ok(()),
    }
}

/// `HOST=URL`.
pub fn endpoint(text: &str) -> Result<(), String> {
    match text.split_once('=') {
        Some((host, url))
            if !host.is_empty()
                && !host.contains('/')
                && (url.starts_with("http://") || url.starts_with("https://")) =>
        {
            Ok(())
        }
        _ => Err(format!(
            "`{text}` is no endpoint: expected one such as `api.github.com=http://127.0.0.1:8080`"
        )),
    }
}

/// `FORMAT` or `FORMAT=FILE`.
fn format(text: &str) -> Result<(), String> {
    let (word, file) = text.split_once('=').map_or((text, None), |(word, file)| (word, Some(file)));
    Format::from_str(word)?;
    if file == Some("") { Err(format!("`{text}` names no file")) } else { Ok(()) }
}

/// Words of severities, and `none` for a scan that no finding fails.
const FAIL_ON: &[&str] = &["critical", "high", "medium", "low", "info", "none"];

/// The severity of a word of `--fail-on`; none for `none`.
pub fn severity(word: &str) -> Option<Severity> {
    word.parse().ok()
}

const fn flag(section: &'static str, name: &'static str, help: &'static str) -> Setting {
    Setting { name, section, kind: Kind::Flag, default: "false", help, distrusted: None }
}

const fn one(
    section: &'static str,
    name: &'static str,
    value: &'static str,
    check: fn(&str) -> Result<(), String>,
    default: &'static str,
    help: &'static str,
) -> Setting {
    Setting { name, section, kind: Kind::One { value, check }, default, help, distrusted: None }
}

const fn list(
    section: &'static str,
    name: &'static str,
    value: &'static str,
    check: fn(&str) -> Result<(), String>,
    adds: bool,
    help: &'static str,
) -> Setting {
    Setting { name, section, kind: Kind::List { value, check, adds }, default: "", help, distrusted: None }
}

const fn distrusted(setting: Setting, why: &'static str) -> Setting {
    Setting { distrusted: Some(why), ..setting }
}

const SENDS: &str = "it would let a repository under scan send secrets out";
const SHOWS: &str = "it would let a repository under scan put secrets into reports";
const HIDES: &str = "it would let a repository under scan bring its own advisories";
const WRITES: &str = "it would let a repository under scan choose where files are written";

/// Every setting, in the order of the help page.
pub static SETTINGS: &[Setting] = &[
    flag("scan", "history", "Scan the git history: every blob of every branch and tag once"),
    one("scan", "since", "REV", filled, "", "Scan only what commits after REV brought in; also a range A..B"),
    flag("scan", "staged", "Scan the staged changes only, as a pre-commit hook wants"),
    one(
        "scan",
        "stdin-name",
        "NAME",
        filled,
        "stdin",
        "File name that standard input is taken for, to tell its language",
    ),
    flag("scan", "no-ignore", "Scan files that .gitignore leaves out too"),
    list("scan", "exclude", "GLOB", filled, true, "Leave files out, in .gitignore syntax; repeatable"),
    flag("scan", "include-generated", "Scan generated and minified files too"),
    one("scan", "baseline", "FILE", filled, "", "Known findings, which do not fail the scan"),
    Setting {
        name: "fail-on",
        section: "scan",
        kind: Kind::Word(FAIL_ON),
        default: "low",
        help: "Exit with 1 when a new finding is of this severity or worse",
        distrusted: None,
    },
    one("scan", "min-confidence", "0..1", fraction, "0.5", "Leave out findings that are less certain"),
    list("scan", "only", "DETECTOR", detector, false, "Run only these detectors; repeatable"),
    list(
        "secrets",
        "rules",
        "FILE",
        filled,
        true,
        "Add rules from a file or folder: secrets in TOML (ours or gitleaks'), code in Semgrep's YAML; repeatable",
    ),
    flag("secrets", "no-builtin-rules", "Run only the rules that --rules names"),
    list("secrets", "exclude-rule", "ID", filled, true, "Leave a rule out, or all under ID/; repeatable"),
    distrusted(
        flag("secrets", "verify", "Ask providers whether found secrets work; sends each to its own provider"),
        SENDS,
    ),
    distrusted(
        list(
            "secrets",
            "verify-endpoint",
            "HOST=URL",
            endpoint,
            true,
            "Ask URL in place of HOST; repeatable",
        ),
        SENDS,
    ),
    distrusted(
        one(
            "packages",
            "db-dir",
            "DIR",
            filled,
            "",
            "Where the advisory database is [default: the user's data folder]",
        ),
        HIDES,
    ),
    list(
        "packages",
        "vex",
        "FILE",
        filled,
        true,
        "Statements on what is not affected, as OpenVEX or CycloneDX; repeatable",
    ),
    list(
        "packages",
        "licence-allow",
        "LICENCE",
        filled,
        false,
        "Licences that packages may have: SPDX ids, GPL-*, unknown; repeatable",
    ),
    list(
        "packages",
        "licence-deny",
        "LICENCE",
        filled,
        false,
        "Licences that they must not have; repeatable",
    ),
    one("limits", "max-file-size", "SIZE", size, "10MiB", "Leave out larger files"),
    one("limits", "max-archive-depth", "N", small, "3", "Archives inside archives; 0 leaves archives closed"),
    one(
        "limits",
        "max-archive-ratio",
        "N",
        ratio,
        "200",
        "Bytes that may come out of an archive per byte in it",
    ),
    one("limits", "max-archive-size", "SIZE", size, "1GiB", "Bytes that may come out of one archive in all"),
    one(
        "limits",
        "max-time",
        "DURATION",
        duration,
        "none",
        "Stop after this time, say what is left, exit with 3",
    ),
    one("limits", "max-code-time", "DURATION", duration, "30s", "Time for code analysis of one file"),
    one(
        "limits",
        "max-rule-time",
        "DURATION",
        duration,
        "10s",
        "Time for the patterns of one code rule in one file",
    ),
    one("limits", "max-code-memory", "SIZE", size, "1GiB", "Memory for code analysis of one file"),
    one("limits", "max-memory", "SIZE", size, "512MiB", "Memory that file contents may take"),
    one("limits", "threads", "N", threads, "", "Threads [default: one per core]"),
    flag("cache", "no-cache", "Neither use nor write the result cache"),
    distrusted(
        one(
            "cache",
            "cache-dir",
            "DIR",
            filled,
            "",
            "Where the result cache is [default: the user's cache folder]",
        ),
        WRITES,
    ),
    list(
        "output",
        "format",
        "FORMAT[=FILE]",
        format,
        false,
        "Output format; repeatable, each with an --output of its own",
    ),
    distrusted(
        list(
            "output",
            "output",
            "FILE",
            filled,
            false,
            "Write the format before it to FILE; - is standard output",
        ),
        WRITES,
    ),
    Setting {
        name: "color",
        section: "output",
        kind: Kind::Word(&["auto", "always", "never"]),
        default: "auto",
        help: "Colour; auto means on terminals unless NO_COLOR is set",
        distrusted: None,
    },
    flag("output", "quiet", "No progress and no closing line on standard error"),
    flag("output", "verbose", "List known and suppressed findings, all places and all that was not done"),
    distrusted(flag("output", "show-secrets", "Show secrets in clear in every report"), SHOWS),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_defaults_valid() {
        let names: BTreeSet<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
        assert_eq!(names.len(), SETTINGS.len());
        for setting in SETTINGS.iter().filter(|setting| !setting.default.is_empty()) {
            assert_eq!(setting.check(setting.default), Ok(()), "{}", setting.name);
        }
    }

    #[test]
    fn endpoints_name_host_and_url() {
        assert!(endpoint("api.github.com=http://127.0.0.1:1").is_ok());
        for text in ["", "x", "=http://h", "a/b=http://h", "h=ftp://h"] {
            assert!(endpoint(text).is_err(), "{text}");
        }
    }
}
