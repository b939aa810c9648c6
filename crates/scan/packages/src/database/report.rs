//! What an import did and what it could not use.

use super::limits::Limits;
use super::timestamp::Timestamp;
use crate::Ecosystem;
use std::collections::BTreeMap;

/// The outcome of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Indexes of advisories that were written.
    pub compiled: Vec<Compiled>,
    /// The KEV catalogue, if one was written.
    pub kev: Option<TableWritten>,
    /// The EPSS table, if one was written.
    pub epss: Option<TableWritten>,
    /// What was left out, with the reason. At most [`Limits::problems`]; more are in [`Report::more_problems`].
    pub problems: Vec<Problem>,
    /// How many problems there were beyond.
    pub more_problems: u64,
    /// Affected parts of ecosystems that this program does not know, by their name.
    pub unknown: BTreeMap<String, u64>,
    /// Affected parts that name no package, such as those about a repository only.
    pub without_package: u64,
}

/// An index of advisories that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiled {
    /// Of which ecosystem.
    pub ecosystem: Ecosystem,
    /// Records in it.
    pub records: u64,
    /// Packages that they speak of.
    pub packages: u64,
    /// Records among them that were withdrawn.
    pub withdrawn: u64,
    /// Records among them about malicious packages.
    pub malicious: u64,
    /// The latest change of a record.
    pub newest: Option<Timestamp>,
    /// Size of the file.
    pub bytes: u64,
    /// Records in the index that was replaced.
    pub replaced: Option<u64>,
}

/// A table by CVE number that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableWritten {
    /// Its rows.
    pub rows: u64,
    /// The publisher's words for this issue of it: a version, a date.
    pub edition: String,
}

/// Something that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The id of the record, or the name of the file.
    pub at: String,
    /// In lower case.
    pub reason: String,
}

impl Report {
    pub(crate) fn problem(&mut self, limits: &Limits, problem: Problem) {
        if self.problems.len() < limits.problems {
            self.problems.push(problem);
        } else {
            self.more_problems += 1;
        }
    }

    pub(crate) fn unknown_ecosystem(&mut self, name: &str) {
        // A hostile archive can make up names without end.
        let name = if self.unknown.len() < 100 || self.unknown.contains_key(name) { name } else { "others" };
        *self.unknown.entry(name.to_owned()).or_default() += 1;
    }

    /// Adds another part's outcome.
    pub(crate) fn absorb(&mut self, limits: &Limits, other: Self) {
        self.compiled.extend(other.compiled);
        self.kev = other.kev.or(self.kev.take());
        self.epss = other.epss.or(self.epss.take());
        for problem in other.problems {
            self.problem(limits, problem);
        }
        self.more_problems += other.more_problems;
        self.without_package += other.without_package;
        for (name, count) in other.unknown {
            *self.unknown.entry(name).or_default() += count;
        }
    }
}
