//! OSV records in, indexes out: one record at a time, so that an archive costs no more memory than its index.

use super::container;
use super::error::Error;
use super::limits::{Limits, record as limit};
use super::osv;
use super::report::{Compiled, Problem, Report};
use super::shape::{Group, encode};
use super::store::Builder;
use super::timestamp::Timestamp;
use crate::Ecosystem;
use crate::advisory::{Kind, Reference, Texts};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// The affected parts of a record: by package, then by release.
type Groups<'r> = BTreeMap<(Ecosystem, String), BTreeMap<Option<&'r str>, Vec<&'r osv::Affected>>>;

/// Takes in the records of one archive or folder.
pub(crate) struct Compiler<'l> {
    name: String,
    /// The ecosystem that the name of the archive speaks of.
    only: Option<Ecosystem>,
    limits: &'l Limits,
    builders: BTreeMap<Ecosystem, Builder>,
    /// Where each id stands: its number and when it was changed.
    seen: HashMap<String, (u32, Option<Timestamp>)>,
    count: u32,
    /// Records that speak of at least one known ecosystem.
    placed: u64,
    folder: std::path::PathBuf,
    report: Report,
}

impl<'l> Compiler<'l> {
    /// `name`: of the archive, such as `PyPI/all.zip`: a part of it may say which ecosystem it is of. `folder`: where the indexes
    /// go, and texts while compiling.
    pub(crate) fn new(name: &str, folder: &Path, limits: &'l Limits) -> Self {
        Self {
            name: name.to_owned(),
            only: ecosystem_of(name),
            limits,
            builders: BTreeMap::new(),
            seen: HashMap::new(),
            count: 0,
            placed: 0,
            folder: folder.to_owned(),
            report: Report::default(),
        }
    }

    /// Takes in one record. What is wrong with it is noted; it voids nothing else.
    ///
    /// # Errors
    /// Only when texts cannot be put aside.
    pub(crate) fn add(&mut self, member: &str, bytes: &[u8]) -> Result<(), Error> {
        match serde_json::from_slice::<osv::Record>(bytes) {
            Ok(record) => self.take(member, &record),
            Err(error) => {
                self.problem(member, format!("is no OSV record: {error}"));
                Ok(())
            }
        }
    }

    /// Notes what is wrong with a member.
    pub(crate) fn problem(&mut self, member: &str, reason: impl Into<String>) {
        self.report.problem(self.limits, Problem { at: clip(member, 200).to_owned(), reason: reason.into() });
    }

    fn take(&mut self, member: &str, record: &osv::Record) -> Result<(), Error> {
        let id = record.id.trim();
        if id.is_empty() || id.len() > 200 || id.chars().any(|c| c.is_control() || c.is_whitespace()) {
            self.problem(member, "has no usable id");
            return Ok(());
        }
        let time = |text: &Option<String>| text.as_deref().and_then(Timestamp::parse);
        // Some databases publish no time of change; then nothing newer is known than the publication.
        let modified = time(&record.modified).or_else(|| time(&record.published));
        if let Some((older, when)) = self.seen.get(id).copied() {
            self.problem(member, format!("{id} comes more than once; the latest counts"));
            if when > modified {
                return Ok(());
            }
            let mut was_placed = false;
            for builder in self.builders.values_mut() {
                was_placed |= builder.supersede(older);
            }
            self.placed -= u64::from(was_placed);
        }
        let number = self.count;
        self.count += 1;
        self.seen.insert(id.to_owned(), (number, modified));
        self.report_cuts(id, record);

        let folder = member.rsplit_once('/').and_then(|(folder, _)| ecosystem_of(folder));
        let groups = self.groups(id, record, folder);
        if groups.is_empty() {
            return Ok(());
        }
        self.placed += 1;
        let texts = texts(record);
        let mut texts_of: BTreeMap<Ecosystem, u32> = BTreeMap::new();
        for ((ecosystem, name), releases) in groups {
            let builder = match self.builders.entry(ecosystem) {
                std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
                std::collections::btree_map::Entry::Vacant(entry) => {
                    entry.insert(Builder::new(&self.folder)?)
                }
            };
            let text = match texts_of.get(&ecosystem) {
                Some(text) => *text,
                None => {
                    let text = builder.record(number, id, modified, record.withdrawn.is_some(), &texts)?;
                    texts_of.insert(ecosystem, text);
                    text
                }
            };
            for (release, affected) in releases {
                let group = Group { ecosystem, release, affected };
                let mut reasons = Vec::new();
                let encoded = encode(record, id, &group, &mut reasons);
                for reason in reasons {
                    self.report.problem(
                        self.limits,
                        Problem { at: id.to_owned(), reason: format!("{name}: {reason}") },
                    );
                }
                let Some((kind, bytes)) = encoded else { continue };
                builder.entry(text, &name, &bytes, kind == Kind::Malicious)?;
            }
        }
        Ok(())
    }

    /// The affected parts by package and release.
    fn groups<'r>(&mut self, id: &str, record: &'r osv::Record, folder: Option<Ecosystem>) -> Groups<'r> {
        let mut groups = Groups::new();
        let only = self.only.or(folder);
        for affected in &record.affected.items {
            let Some(package) = &affected.package else {
                self.report.without_package += 1;
                continue;
            };
            let Some((ecosystem, release)) = Ecosystem::from_osv(&package.ecosystem) else {
                self.report.unknown_ecosystem(clip(&package.ecosystem, 60));
                continue;
            };
            if only.is_some_and(|only| only != ecosystem) {
                continue;
            }
            let name = ecosystem.normalise_name(&package.name);
            if name.is_empty() || name.len() > limit::WORD {
                self.problem(id, "names a package by nothing, or by too much");
                continue;
            }
            let releases = groups.entry((ecosystem, name)).or_default();
            releases.entry(release).or_default().push(affected);
        }
        groups
    }

    fn report_cuts(&mut self, id: &str, record: &osv::Record) {
        let mut cuts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut cut = |what, dropped| {
            if dropped > 0 {
                *cuts.entry(what).or_default() += dropped;
            }
        };
        cut("aliases", record.aliases.dropped + record.upstream.dropped + record.related.dropped);
        cut("affected packages", record.affected.dropped);
        cut("references", record.references.dropped);
        cut("scores", record.severity.dropped);
        for affected in &record.affected.items {
            cut("ranges", affected.ranges.dropped);
            cut("versions", affected.versions.dropped);
            cut("events", affected.ranges.items.iter().map(|range| range.events.dropped).sum());
            let imports = &affected.ecosystem_specific.imports;
            cut(
                "imports",
                imports.dropped + imports.items.iter().map(|import| import.symbols.dropped).sum::<usize>(),
            );
        }
        for (what, dropped) in cuts {
            self.problem(id, format!("has too many {what}: {dropped} were left out"));
        }
    }

    /// Writes the indexes of the ecosystems that the archive is of.
    ///
    /// # Errors
    /// When nothing usable was in it, and when writing fails. Indexes that were written before stay written.
    pub(crate) fn finish(mut self, now: Timestamp) -> Result<Report, Error> {
        // An archive of one ecosystem names others in passing, where a record speaks of several. Those few must not replace what is
        // there: where every record speaks of the same ecosystem, the archive is of that one.
        let common = self.builders.values().filter(|builder| builder.live() == self.placed).count();
        let placed = self.placed;
        self.builders.retain(|_, builder| builder.entries() > 0 && (common == 0 || builder.live() == placed));
        if self.builders.is_empty() {
            return Err(Error::Empty { name: self.name });
        }
        container::prepare(&self.folder)?;
        for (ecosystem, builder) in std::mem::take(&mut self.builders) {
            let path = self.folder.join(super::file_name(ecosystem));
            let replaced = super::index::Index::open(&path, ecosystem).ok().map(|index| index.meta().records);
            let meta = builder.write(&path, ecosystem, now)?;
            self.report.compiled.push(Compiled {
                ecosystem,
                records: meta.records,
                packages: meta.packages,
                withdrawn: meta.withdrawn,
                malicious: meta.malicious,
                newest: meta.newest,
                bytes: std::fs::metadata(&path).map_or(0, |data| data.len()),
                replaced,
            });
        }
        Ok(self.report)
    }
}

/// The ecosystem that a path or address speaks of: a folder or file of its name (`…/PyPI/all.zip`, `PyPI.zip`).
fn ecosystem_of(path: &str) -> Option<Ecosystem> {
    let parts = path.rsplit(['/', '\\']);
    parts.take(3).find_map(|part| {
        let part = part.replace("%20", " ");
        let part = part.strip_suffix(".zip").unwrap_or(&part);
        let (ecosystem, release) = Ecosystem::from_osv(part)?;
        release.is_none().then_some(ecosystem)
    })
}

fn texts(record: &osv::Record) -> Texts {
    let references = record.references.items.iter().filter(|reference| reference.url.len() <= limit::WORD);
    Texts {
        summary: clip(record.summary.as_deref().unwrap_or_default().trim(), limit::SUMMARY).to_owned(),
        details: clip(record.details.as_deref().unwrap_or_default().trim(), limit::DETAILS).to_owned(),
        references: references
            .map(|reference| Reference {
                kind: clip(&reference.kind, 40).to_owned(),
                url: reference.url.clone(),
            })
            .collect(),
    }
}

/// At most so many bytes, cut between characters.
fn clip(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary(most)).unwrap_or(text)
}
