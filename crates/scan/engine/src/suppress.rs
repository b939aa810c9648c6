//! Findings that may stand, by an entry of `bartizan.toml`.

use crate::date;
use crate::rules::covers;
use bartizan_model::{Fingerprint, NotDone, NotDoneKind, Origin, Status};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde::{Deserialize, Serialize};

/// One entry, `[[suppress]]`:
///
/// ```toml
/// [[suppress]]
/// rule = "secrets/github"         # id, front of one up to a `/`, or `*`
/// path = "tests/fixtures/**"      # optional
/// owner = "platform team"
/// reason = "revoked; kept to test the parser"
/// expires = "2027-01-31"          # optional; the last day on which it holds
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Suppression {
    /// A rule's id, the front of one up to a `/`, or `*` for all.
    pub rule: String,
    /// Only in these files, as a glob on the path relative to the target's root. `*` stays within a folder, `**` does
    /// not; without a `/` it is tried on names in every folder; a folder's name holds for all that is in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Only this finding, or this place of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<Fingerprint>,
    /// Who answers for it.
    pub owner: String,
    /// Why it may stand.
    pub reason: String,
    /// The last day on which it holds, as `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
}

/// What is wrong with an entry.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SuppressionError {
    /// A field that must say something is empty.
    #[error("suppression of `{rule}`: `{field}` is empty")]
    Empty {
        /// The entry's rule.
        rule: String,
        /// The field.
        field: &'static str,
    },
    /// The expiry is no date.
    #[error("suppression of `{rule}`: expires `{date}` is no date: expected YYYY-MM-DD")]
    Date {
        /// The entry's rule.
        rule: String,
        /// As written.
        date: String,
    },
    /// The path is no valid glob.
    #[error("suppression of `{rule}`: path `{glob}`: {error}")]
    Glob {
        /// The entry's rule.
        rule: String,
        /// As written.
        glob: String,
        /// What is wrong.
        error: globset::Error,
    },
}

/// Entries, checked and ready to match.
pub(crate) struct Suppressions<'a> {
    entries: Vec<Entry<'a>>,
}

struct Entry<'a> {
    written: &'a Suppression,
    path: Option<GlobSet>,
    expired: bool,
    used: bool,
}

impl<'a> Suppressions<'a> {
    pub(crate) fn new(written: &'a [Suppression], today: &str) -> Result<Self, SuppressionError> {
        let entries = written.iter().map(|entry| compile(entry, today)).collect::<Result<_, _>>()?;
        Ok(Self { entries })
    }

    /// The status of a place that an entry covers. All that cover it count as used; the first speaks.
    pub(crate) fn status(
        &mut self,
        rule: &str,
        origin: &Origin,
        finding: Fingerprint,
        place: Fingerprint,
    ) -> Option<Status> {
        let mut status = None;
        let path = if self.entries.is_empty() { String::new() } else { origin.display_path() };
        for entry in self.entries.iter_mut().filter(|entry| !entry.expired) {
            let Suppression { rule: pattern, fingerprint, owner, reason, .. } = entry.written;
            let matches = covers(pattern, rule)
                && fingerprint.is_none_or(|named| named == finding || named == place)
                && entry.path.as_ref().is_none_or(|glob| glob.is_match(&path) || glob.is_match(&origin.path));
            if matches {
                entry.used = true;
                status.get_or_insert_with(|| Status::Suppressed {
                    by: format!("bartizan.toml ({owner})"),
                    reason: reason.clone(),
                });
            }
        }
        status
    }

    /// Entries that have expired and, after a whole scan, those that covered nothing.
    pub(crate) fn stale(&self, whole: bool) -> impl Iterator<Item = NotDone> + '_ {
        self.entries.iter().filter_map(move |entry| {
            let Suppression { rule, path, fingerprint, owner, expires, .. } = entry.written;
            let why = match expires {
                Some(day) if entry.expired => format!("expired after {day}"),
                _ if whole && !entry.used => "matches no finding".to_owned(),
                _ => return None,
            };
            let which = fingerprint.map(|named| format!(", fingerprint {named}")).unwrap_or_default();
            Some(NotDone {
                kind: NotDoneKind::StaleSuppression,
                path: path.clone().unwrap_or_else(|| "bartizan.toml".to_owned()),
                reason: format!("suppression of `{rule}`{which} (owner {owner}): {why}"),
            })
        })
    }
}

fn compile<'a>(written: &'a Suppression, today: &str) -> Result<Entry<'a>, SuppressionError> {
    let rule = || written.rule.clone();
    for (field, text) in [("rule", &written.rule), ("owner", &written.owner), ("reason", &written.reason)] {
        if text.trim().is_empty() {
            return Err(SuppressionError::Empty { rule: rule(), field });
        }
    }
    if let Some(date) = written.expires.as_ref().filter(|date| !date::is_valid(date)) {
        return Err(SuppressionError::Date { rule: rule(), date: date.clone() });
    }
    let path = match &written.path {
        None => None,
        Some(glob) if glob.trim_matches('/').is_empty() => {
            return Err(SuppressionError::Empty { rule: rule(), field: "path" });
        }
        Some(glob) => Some(globs(glob).map_err(|error| SuppressionError::Glob {
            rule: rule(),
            glob: glob.clone(),
            error,
        })?),
    };
    let expired = written.expires.as_deref().is_some_and(|day| day < today);
    Ok(Entry { written, path, expired, used: false })
}

fn globs(written: &str) -> Result<GlobSet, globset::Error> {
    let inner = written.trim_end_matches('/');
    let anchored = match inner.strip_prefix('/') {
        Some(rest) => rest.to_owned(),
        None if inner.contains('/') => inner.to_owned(),
        None => format!("**/{inner}"),
    };
    let mut set = GlobSetBuilder::new();
    for glob in [anchored.clone(), format!("{anchored}/**")] {
        set.add(GlobBuilder::new(&glob).literal_separator(true).build()?);
    }
    set.build()
}

#[cfg(test)]
mod tests {
    use super::globs;

    #[test]
    fn globs_hold_for_folders_and_for_names_anywhere() {
        let matches = |glob: &str, path: &str| globs(glob).unwrap().is_match(path);
        for (glob, path) in [
            ("tests", "tests/a/b.py"),
            ("tests/", "x/tests/a"),
            ("*.pem", "a/b/c.pem"),
            ("*.pem", "c.pem"),
            ("/tests", "tests/a"),
            ("a/*.py", "a/b.py"),
            ("a/**/c.py", "a/b/b/c.py"),
            ("a/**", "a/b"),
        ] {
            assert!(matches(glob, path), "{glob} {path}");
        }
        for (glob, path) in
            [("/tests", "x/tests/a"), ("a/*.py", "a/b/c.py"), ("tests", "mytests/a"), ("a/b", "x/a/b")]
        {
            assert!(!matches(glob, path), "{glob} {path}");
        }
    }
}
