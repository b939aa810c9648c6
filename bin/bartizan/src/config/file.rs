//! Reads `bartizan.toml`: raw values with the line of each, and the suppressions.
//!
//! An unknown key is an error, for a mistyped limit that silently does nothing is worse than no limit. Keys that could
//! hurt whoever scans (send secrets, write files) are obeyed only from a file that the user named: one that was found
//! lies in the tree under scan and may be hostile.

use super::table::{self, Kind, SETTINGS, Setting};
use crate::{plain, suggest};
use bartizan_engine::Suppression;
use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The file's name.
pub const NAME: &str = "bartizan.toml";
/// Larger is no configuration.
const MAX_BYTES: u64 = 1 << 20;

/// How a file came to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// The user named it.
    Named,
    /// It was found above the target.
    Found,
}

/// What is wrong with a configuration file.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be read.
    #[error("{}: cannot be read: {reason}", plain::visible(&path.display().to_string()))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's word.
        reason: String,
    },
    /// Something in it is wrong.
    #[error("{place}: {reason}\n{excerpt}")]
    Wrong {
        /// `bartizan.toml:3:1`.
        place: String,
        /// What, and what to do.
        reason: String,
        /// The line with a caret.
        excerpt: String,
    },
}

/// A value as written: elements as text, the line of the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    /// One element, or several for a list.
    pub values: Vec<String>,
    /// Line of the key, from 1.
    pub line: usize,
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct ConfigFile {
    /// Where it is.
    pub path: PathBuf,
    /// Values by name of their setting.
    pub values: BTreeMap<&'static str, Raw>,
    /// What may stand.
    pub suppressions: Vec<Suppression>,
}

impl ConfigFile {
    /// Looks for [`NAME`] in `start` and the folders above it.
    pub fn find(start: &Path) -> Option<PathBuf> {
        let start = start.canonicalize().ok()?;
        let folder = if start.is_dir() { start.as_path() } else { start.parent()? };
        folder.ancestors().map(|folder| folder.join(NAME)).find(|path| path.is_file())
    }

    /// Reads the file at `path`.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn read(path: &Path, trust: Trust) -> Result<Self, FileError> {
        let unreadable = |reason: String| FileError::Unreadable { path: path.to_owned(), reason };
        let size = fs::metadata(path).map_err(|error| unreadable(error.to_string()))?.len();
        if size > MAX_BYTES {
            return Err(unreadable("larger than 1 MiB".to_owned()));
        }
        let text = fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
        Self::parse(path, &text, trust)
    }

    /// As [`ConfigFile::read`], on text.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn parse(path: &Path, text: &str, trust: Trust) -> Result<Self, FileError> {
        let parser = Parser { path, text, trust };
        let root = DeTable::parse(text).map_err(|error| {
            let reason = error.message().lines().collect::<Vec<_>>().join(": ");
            parser.wrong(error.span().unwrap_or(0..0), &reason)
        })?;
        let mut out = Self { path: path.to_owned(), values: BTreeMap::new(), suppressions: Vec::new() };
        for (key, value) in in_order(root.get_ref()) {
            let name: &str = key.get_ref();
            if name == "suppress" {
                out.suppressions = parser.suppressions(value)?;
            } else if SETTINGS.iter().any(|setting| setting.section == name) {
                parser.section(name, value, &mut out.values)?;
            } else {
                return Err(parser.unknown_top(key));
            }
        }
        Ok(out)
    }

    /// Paths in a file are relative to its folder.
    pub fn folder(&self) -> &Path {
        self.path.parent().unwrap_or_else(|| Path::new("."))
    }
}

struct Parser<'a> {
    path: &'a Path,
    text: &'a str,
    trust: Trust,
}

impl Parser<'_> {
    fn section(
        &self,
        section: &str,
        value: &Spanned<DeValue<'_>>,
        out: &mut BTreeMap<&'static str, Raw>,
    ) -> Result<(), FileError> {
        let Some(entries) = value.get_ref().as_table() else {
            return Err(self.wrong(value.span(), &format!("`{section}` is a table: write `[{section}]`")));
        };
        for (key, value) in in_order(entries) {
            let name: &str = key.get_ref();
            let Some(setting) = SETTINGS.iter().find(|s| s.section == section && s.name == name) else {
                return Err(self.unknown_key(section, key));
            };
            if let (Trust::Found, Some(why)) = (self.trust, setting.distrusted) {
                let reason = format!(
                    "`{}` is not obeyed in a file that was found by itself: {why}; use --{}, {}, or name the file with --config",
                    setting.key(),
                    setting.name,
                    setting.env()
                );
                return Err(self.wrong(key.span(), &reason));
            }
            let values = self.values(setting, value)?;
            let line = self.position(key.span().start).0;
            out.insert(setting.name, Raw { values, line });
        }
        Ok(())
    }

    fn values(&self, setting: &Setting, value: &Spanned<DeValue<'_>>) -> Result<Vec<String>, FileError> {
        let elements: Vec<&Spanned<DeValue<'_>>> = match (&setting.kind, value.get_ref()) {
            (Kind::List { .. }, DeValue::Array(array)) => array.iter().collect(),
            _ => vec![value],
        };
        let mut out = Vec::with_capacity(elements.len());
        for element in elements {
            let text = match (&setting.kind, element.get_ref()) {
                (Kind::Flag, DeValue::Boolean(value)) => value.to_string(),
                (Kind::Flag, _) => {
                    return Err(
                        self.wrong(element.span(), &format!("`{}` is `true` or `false`", setting.name))
                    );
                }
                (_, DeValue::String(text)) => text.to_string(),
                (Kind::One { .. }, DeValue::Integer(number)) if number.radix() == 10 => {
                    number.as_str().to_owned()
                }
                (Kind::One { .. }, DeValue::Float(number)) => number.as_str().to_owned(),
                (Kind::List { .. }, _) => {
                    let reason = format!("`{}` is a list of texts, such as [\"one\", \"two\"]", setting.name);
                    return Err(self.wrong(element.span(), &reason));
                }
                _ => {
                    return Err(
                        self.wrong(element.span(), &format!("`{}` is a text in quotes", setting.name))
                    );
                }
            };
            setting
                .check(&text)
                .map_err(|reason| self.wrong(element.span(), &format!("`{}`: {reason}", setting.name)))?;
            // A format may name a file, and then it writes one.
            if self.trust == Trust::Found && setting.name == "format" && text.contains('=') {
                let reason = "a file for `format` is not obeyed in a configuration that was found by itself: it would let a \
                              repository under scan choose where files are written; use --format or --config";
                return Err(self.wrong(element.span(), reason));
            }
            out.push(text);
        }
        Ok(out)
    }

    fn suppressions(&self, value: &Spanned<DeValue<'_>>) -> Result<Vec<Suppression>, FileError> {
        const FIELDS: [&str; 6] = ["rule", "path", "fingerprint", "owner", "reason", "expires"];
        let Some(entries) = value.get_ref().as_array() else {
            return Err(self.wrong(value.span(), "`suppress` is a list of tables: write `[[suppress]]`"));
        };
        let mut out = Vec::with_capacity(entries.len());
        for entry in entries.iter() {
            let Some(fields) = entry.get_ref().as_table() else {
                return Err(self.wrong(entry.span(), "`suppress` is a list of tables: write `[[suppress]]`"));
            };
            let mut texts = toml::Table::new();
            for (key, value) in in_order(fields) {
                let name: &str = key.get_ref();
                if !FIELDS.contains(&name) {
                    return Err(self.wrong(key.span(), &unknown("key", name, "[[suppress]]", &FIELDS)));
                }
                let text = match value.get_ref() {
                    DeValue::String(text) => text.to_string(),
                    DeValue::Datetime(date) => date.to_string(),
                    _ => return Err(self.wrong(value.span(), &format!("`{name}` is a text in quotes"))),
                };
                if name == "fingerprint" && bartizan_model::Fingerprint::parse(&text).is_none() {
                    return Err(self.wrong(
                        value.span(),
                        "a fingerprint has 32 hexadecimal digits: reports show it as `id`",
                    ));
                }
                if name == "expires" && !is_date(&text) {
                    let reason = format!("`{text}` is no date: expected YYYY-MM-DD");
                    return Err(self.wrong(value.span(), &reason));
                }
                texts.insert(name.to_owned(), toml::Value::String(text));
            }
            for field in ["rule", "owner", "reason"] {
                if !texts.contains_key(field) {
                    return Err(self.wrong(entry.span(), &format!("an entry of `suppress` needs `{field}`")));
                }
            }
            let entry = toml::Value::Table(texts)
                .try_into()
                .map_err(|error: toml::de::Error| self.wrong(entry.span(), error.message()))?;
            out.push(entry);
        }
        Ok(out)
    }

    fn unknown_top(&self, key: &Spanned<std::borrow::Cow<'_, str>>) -> FileError {
        let name: &str = key.get_ref();
        if let Some(setting) = table::find(name) {
            let reason = format!("`{name}` belongs under `[{}]`", setting.section);
            return self.wrong(key.span(), &reason);
        }
        let mut sections: Vec<&str> = SETTINGS.iter().map(|setting| setting.section).collect();
        sections.dedup();
        sections.push("suppress");
        self.wrong(key.span(), &unknown("table", name, "this file", &sections))
    }

    fn unknown_key(&self, section: &str, key: &Spanned<std::borrow::Cow<'_, str>>) -> FileError {
        let name: &str = key.get_ref();
        if let Some(setting) = table::find(name) {
            let reason = format!("`{name}` belongs under `[{}]`, not `[{section}]`", setting.section);
            return self.wrong(key.span(), &reason);
        }
        let here: Vec<&str> = SETTINGS.iter().filter(|s| s.section == section).map(|s| s.name).collect();
        if suggest::nearest(name, &here).is_none() {
            let all: Vec<&str> = SETTINGS.iter().map(|s| s.name).collect();
            if let Some(near) = suggest::nearest(name, &all).and_then(table::find) {
                let reason = format!(
                    "unknown key `{name}` in `[{section}]`; did you mean `{}` under `[{}]`?",
                    near.name, near.section
                );
                return self.wrong(key.span(), &reason);
            }
        }
        self.wrong(key.span(), &unknown("key", name, &format!("[{section}]"), &here))
    }

    fn wrong(&self, span: Range<usize>, reason: &str) -> FileError {
        let (line, column) = self.position(span.start);
        let path = self.path.display().to_string();
        FileError::Wrong {
            place: plain::visible(&format!("{path}:{line}:{column}")).into_owned(),
            reason: plain::visible(reason).into_owned(),
            excerpt: self.excerpt(span, line, column),
        }
    }

    /// Line and column, in characters from 1, of a byte.
    fn position(&self, byte: usize) -> (usize, usize) {
        let before = self.text.get(..byte).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }

    fn excerpt(&self, span: Range<usize>, line: usize, column: usize) -> String {
        let written = self.text.lines().nth(line - 1).unwrap_or_default();
        let shown = written.replace('\t', " ");
        let line_end = self
            .text
            .get(span.start..)
            .and_then(|rest| rest.find('\n'))
            .map_or(self.text.len(), |n| span.start + n);
        let marked = self.text.get(span.start..span.end.min(line_end)).map_or(1, plain::width).max(1);
        let before: String = shown.chars().take(column - 1).collect();
        let gutter = " ".repeat(line.to_string().len());
        format!(
            "  {line} | {}\n  {gutter} | {}{}",
            plain::visible(&shown),
            " ".repeat(plain::width(&plain::visible(&before))),
            "^".repeat(marked)
        )
    }
}

/// TOML's own dates are RFC 3339's, which is what the engine wants too.
fn is_date(text: &str) -> bool {
    text.parse::<toml::value::Datetime>().is_ok_and(|date| date.date.is_some() && date.time.is_none())
}

/// Entries as they stand in the file, so that the first thing wrong is the first that a reader meets.
fn in_order<'a, 'i>(
    table: &'a DeTable<'i>,
) -> Vec<(&'a Spanned<std::borrow::Cow<'i, str>>, &'a Spanned<DeValue<'i>>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

fn unknown(what: &str, name: &str, place: &str, known: &[&str]) -> String {
    match suggest::nearest(name, known) {
        Some(near) => format!("unknown {what} `{name}` in {place}; did you mean `{near}`?"),
        None => format!("unknown {what} `{name}` in {place}: expected one of {}", known.join(", ")),
    }
}
