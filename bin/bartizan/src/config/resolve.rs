//! Lays defaults, file, environment and flags over each other.

use super::file::ConfigFile;
use super::table::{self, Kind, SETTINGS, Setting};
use crate::units;
use bartizan_model::Severity;
use clap::ArgMatches;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Nobody said anything.
    Default,
    /// A line of a file.
    File(PathBuf, usize),
    /// A variable.
    Env(String),
    /// A flag.
    Flag(&'static str),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path, line) => {
                write!(f, "{}:{line}", crate::plain::visible(&path.display().to_string()))
            }
            Self::Env(name) => f.write_str(name),
            Self::Flag(name) => write!(f, "--{name}"),
        }
    }
}

/// A setting's elements, each with its source. Empty: no value.
pub type Values = Vec<(String, Source)>;

/// What is wrong with a value outside the file.
#[derive(Debug, thiserror::Error)]
#[error("environment variable {name}: {reason}")]
pub struct EnvError {
    /// The variable.
    pub name: String,
    /// What is wrong.
    pub reason: String,
}

/// Values of all settings after layering.
#[derive(Clone, Debug)]
pub struct Layers {
    values: BTreeMap<&'static str, Values>,
    file: Option<ConfigFile>,
}

impl Layers {
    /// Lays `flags` over `env` over `file` over the defaults. `env` looks up a variable.
    ///
    /// # Errors
    /// A variable with a value that makes no sense.
    pub fn new(
        file: Option<ConfigFile>,
        env: &dyn Fn(&str) -> Option<String>,
        flags: &ArgMatches,
    ) -> Result<Self, EnvError> {
        let mut values = BTreeMap::new();
        for setting in SETTINGS {
            let mut layers: Vec<Values> = Vec::new();
            if !setting.default.is_empty() {
                layers.push(vec![(setting.default.to_owned(), Source::Default)]);
            }
            if let Some((file, raw)) =
                file.as_ref().and_then(|file| Some((file, file.values.get(setting.name)?)))
            {
                let source = Source::File(file.path.clone(), raw.line);
                layers
                    .push(raw.values.iter().map(|v| (in_folder(setting, v, file), source.clone())).collect());
            }
            let name = setting.env();
            if let Some(text) = env(&name) {
                layers.push(from_env(setting, &name, &text)?);
            }
            // Absent both when not given and when this command does not have the flag.
            if let Ok(Some(given)) = flags.try_get_many::<String>(setting.name) {
                layers.push(given.map(|value| (value.clone(), Source::Flag(setting.name))).collect());
            }
            let adds = matches!(setting.kind, Kind::List { adds: true, .. });
            let merged = if adds { layers.concat() } else { layers.pop().unwrap_or_default() };
            values.insert(setting.name, merged);
        }
        Ok(Self { values, file })
    }

    /// The elements of a setting.
    pub fn of(&self, name: &str) -> &[(String, Source)] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }

    /// The file that was read.
    pub fn file(&self) -> Option<&ConfigFile> {
        self.file.as_ref()
    }

    fn last(&self, name: &str) -> Option<&str> {
        self.of(name).last().map(|(text, _)| text.as_str())
    }

    fn flag(&self, name: &str) -> bool {
        self.last(name).and_then(|text| units::boolean(text).ok()).unwrap_or(false)
    }

    fn all(&self, name: &str) -> Vec<String> {
        self.of(name).iter().map(|(text, _)| text.clone()).collect()
    }

    /// Everything with its type. Values were checked when their layer was read.
    pub fn settings(&self) -> Settings {
        let size = |name| self.last(name).and_then(|text| units::size(text).ok());
        let count = |name| self.last(name).and_then(|text| units::count(text).ok());
        let defaults = bartizan_source::Options::default();
        Settings {
            history: self.flag("history"),
            since: self.last("since").map(str::to_owned),
            staged: self.flag("staged"),
            stdin_name: self.last("stdin-name").unwrap_or("stdin").to_owned(),
            no_ignore: self.flag("no-ignore"),
            exclude: self.all("exclude"),
            include_generated: self.flag("include-generated"),
            baseline: self.last("baseline").map(PathBuf::from),
            fail_on: self.last("fail-on").and_then(table::severity),
            min_confidence: self.last("min-confidence").and_then(|t| units::fraction(t).ok()).unwrap_or(0.5),
            only: self.all("only"),
            rules: self.all("rules").into_iter().map(PathBuf::from).collect(),
            no_builtin_rules: self.flag("no-builtin-rules"),
            exclude_rule: self.all("exclude-rule"),
            verify: self.flag("verify"),
            verify_endpoint: self
                .all("verify-endpoint")
                .iter()
                .filter_map(|text| text.split_once('='))
                .map(|(host, url)| (host.to_owned(), url.to_owned()))
                .collect(),
            db_dir: self.last("db-dir").map(PathBuf::from),
            vex: self.all("vex").into_iter().map(PathBuf::from).collect(),
            licence_allow: self.all("licence-allow"),
            licence_deny: self.all("licence-deny"),
            max_file_size: size("max-file-size").unwrap_or(defaults.max_file_size),
            max_archive_depth: count("max-archive-depth")
                .and_then(|n| u32::try_from(n).ok())
                .unwrap_or(defaults.max_archive_depth),
            max_archive_ratio: count("max-archive-ratio").unwrap_or(defaults.max_archive_ratio),
            max_archive_size: size("max-archive-size").unwrap_or(defaults.max_archive_size),
            max_time: self.last("max-time").and_then(|text| units::duration(text).ok()),
            max_code_time: self.last("max-code-time").and_then(|text| units::duration(text).ok()),
            max_rule_time: self.last("max-rule-time").and_then(|text| units::duration(text).ok()),
            max_code_memory: size("max-code-memory"),
            max_memory: size("max-memory").unwrap_or(512 << 20),
            threads: count("threads").and_then(|n| usize::try_from(n).ok()).unwrap_or(defaults.threads),
            no_cache: self.flag("no-cache"),
            cache_dir: self.last("cache-dir").map(PathBuf::from),
            format: self.all("format"),
            output: self.all("output"),
            color: self.last("color").unwrap_or("auto").to_owned(),
            quiet: self.flag("quiet"),
            verbose: self.flag("verbose"),
            show_secrets: self.flag("show-secrets"),
            pattern: None,
            lang: String::new(),
        }
    }
}

/// Settings in force, typed. Field names are those of the settings.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the table of settings documents each")]
pub struct Settings {
    pub history: bool,
    pub since: Option<String>,
    pub staged: bool,
    pub stdin_name: String,
    pub no_ignore: bool,
    pub exclude: Vec<String>,
    pub include_generated: bool,
    pub baseline: Option<PathBuf>,
    pub fail_on: Option<Severity>,
    pub min_confidence: f64,
    pub only: Vec<String>,
    pub pattern: Option<String>,
    pub lang: String,
    pub rules: Vec<PathBuf>,
    pub no_builtin_rules: bool,
    pub exclude_rule: Vec<String>,
    pub verify: bool,
    pub verify_endpoint: Vec<(String, String)>,
    pub db_dir: Option<PathBuf>,
    pub vex: Vec<PathBuf>,
    pub licence_allow: Vec<String>,
    pub licence_deny: Vec<String>,
    pub max_file_size: u64,
    pub max_code_time: Option<Duration>,
    pub max_rule_time: Option<Duration>,
    pub max_code_memory: Option<u64>,
    pub max_archive_depth: u32,
    pub max_archive_ratio: u64,
    pub max_archive_size: u64,
    pub max_time: Option<Duration>,
    pub max_memory: u64,
    pub threads: usize,
    pub no_cache: bool,
    pub cache_dir: Option<PathBuf>,
    pub format: Vec<String>,
    pub output: Vec<String>,
    pub color: String,
    pub quiet: bool,
    pub verbose: bool,
    pub show_secrets: bool,
}

fn from_env(setting: &Setting, name: &str, text: &str) -> Result<Values, EnvError> {
    let elements: Vec<String> = match setting.kind {
        Kind::List { .. } => split_list(text),
        _ => vec![text.to_owned()],
    };
    for element in &elements {
        setting.check(element).map_err(|reason| EnvError { name: name.to_owned(), reason })?;
    }
    Ok(elements.into_iter().map(|element| (element, Source::Env(name.to_owned()))).collect())
}

/// Elements between commas; commas in braces belong to a glob such as `*.{js,ts}`.
fn split_list(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                out.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = out.last_mut() {
            last.push(c);
        }
    }
    out.iter().map(|element| element.trim().to_owned()).filter(|element| !element.is_empty()).collect()
}

/// Paths in a file hang on the file's folder, wherever the program runs.
fn in_folder(setting: &Setting, value: &str, file: &ConfigFile) -> String {
    match setting.name {
        "baseline" | "rules" | "cache-dir" | "db-dir" | "vex" | "output" if value != "-" => {
            file.folder().join(value).to_string_lossy().into_owned()
        }
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::split_list;

    #[test]
    fn lists_split_at_commas_outside_braces() {
        assert_eq!(split_list("a, *.{js,ts},,b"), ["a", "*.{js,ts}", "b"]);
        assert!(split_list("").is_empty());
    }
}
