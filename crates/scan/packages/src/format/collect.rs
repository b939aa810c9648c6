//! Gathers what a file says, within bounds.

use super::MAX_PACKAGES;
use crate::package::Problem;
use crate::{Ecosystem, Manifest, Package, Relation};
use std::collections::HashMap;

/// Problems of one file beyond which the rest is only counted: a broken file of many lines needs no report of as many.
const MAX_PROBLEMS: usize = 100;

/// A manifest in the making.
pub(super) struct Collector {
    /// What was gathered so far. Packages and problems go in by [`Collector::push`] and [`Collector::problem`].
    pub manifest: Manifest,
    dropped_packages: usize,
    first_dropped: usize,
    dropped_problems: usize,
}

impl Collector {
    /// For a lock file or an inventory.
    pub fn resolved() -> Self {
        Self::new(true)
    }

    /// For a list of wishes.
    pub fn wishes() -> Self {
        Self::new(false)
    }

    fn new(resolved: bool) -> Self {
        Self {
            manifest: Manifest { resolved, ..Manifest::default() },
            dropped_packages: 0,
            first_dropped: 0,
            dropped_problems: 0,
        }
    }

    /// Takes a package; its index, or `None` where there are too many already.
    ///
    /// One without a name is a problem, an empty version none.
    pub fn push(&mut self, mut package: Package) -> Option<u32> {
        if package.name.is_empty() {
            self.problem(package.span.start, "a package without a name");
            return None;
        }
        package.version = package.version.filter(|version| !version.is_empty());
        if self.manifest.packages.len() >= MAX_PACKAGES {
            if self.dropped_packages == 0 {
                self.first_dropped = package.span.start;
            }
            self.dropped_packages += 1;
            return None;
        }
        let index = u32::try_from(self.manifest.packages.len()).ok()?;
        self.manifest.packages.push(package);
        Some(index)
    }

    /// The package of an index that [`Collector::push`] gave.
    pub fn get(&mut self, index: u32) -> Option<&mut Package> {
        self.manifest.packages.get_mut(usize::try_from(index).ok()?)
    }

    /// Notes what was not understood.
    pub fn problem(&mut self, at: usize, reason: impl Into<String>) {
        if self.manifest.problems.len() < MAX_PROBLEMS {
            self.manifest.problems.push(Problem { at, reason: reason.into() });
        } else {
            self.dropped_problems += 1;
        }
    }

    /// The manifest, with a word on what was left out; edges sorted, each once.
    pub fn finish(mut self) -> Manifest {
        for package in &mut self.manifest.packages {
            package.dependencies.sort_unstable();
            package.dependencies.dedup();
        }
        if self.dropped_packages > 0 {
            let reason =
                format!("{} packages beyond the first {MAX_PACKAGES} were left out", self.dropped_packages);
            self.manifest.problems.push(Problem { at: self.first_dropped, reason });
        }
        if self.dropped_problems > 0 {
            let reason = format!("{} further problems of this file are not listed", self.dropped_problems);
            let at = self.manifest.problems.last().map_or(0, |problem| problem.at);
            self.manifest.problems.push(Problem { at, reason });
        }
        self.manifest
    }
}

/// Which package a name means, for edges; names are compared as their registry does.
pub(super) struct Names {
    ecosystem: Ecosystem,
    by_name: HashMap<String, u32>,
}

impl Names {
    /// Of the names in an ecosystem.
    pub fn of(ecosystem: Ecosystem) -> Self {
        Self { ecosystem, by_name: HashMap::new() }
    }

    /// Gives a name to an index; the first holder keeps it.
    pub fn insert(&mut self, name: &str, index: u32) {
        self.by_name.entry(self.ecosystem.normalise_name(name)).or_insert(index);
    }

    /// The index behind a name.
    pub fn get(&self, name: &str) -> Option<u32> {
        self.by_name.get(&self.ecosystem.normalise_name(name)).copied()
    }
}

/// Direct for names that a project asks for, transitive for the rest.
pub(super) fn direct_if(asked: bool) -> Relation {
    if asked { Relation::Direct } else { Relation::Transitive }
}

#[cfg(test)]
mod tests {
    use super::{Collector, MAX_PROBLEMS};

    #[test]
    fn problems_beyond_the_bound_are_counted() {
        let mut collector = Collector::wishes();
        for at in 0..MAX_PROBLEMS + 5 {
            collector.problem(at, "no");
        }
        let manifest = collector.finish();
        assert_eq!(manifest.problems.len(), MAX_PROBLEMS + 1);
        assert_eq!(
            manifest.problems.last().map(|p| p.reason.as_str()),
            Some("5 further problems of this file are not listed")
        );
    }
}
