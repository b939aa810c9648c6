//! The detector: notes what each file says and uses, and concludes once all were seen.

use crate::database::Database;
use crate::findings::{self, Judge};
use crate::format::cargo_toml;
use crate::project::{self, File, folder_of};
use crate::reach::{self, FileUse, Index};
use crate::{Ecosystem, Manifest, format, inventory, licence, vex};
use bartizan_model::{
    Blob, Conclusion, Detector, Inspection, NotDone, NotDoneKind, Note, Noted, Origin, RuleInfo,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Raised when formats or scanners come to other notes for equal files.
const VERSION: u8 = 2;

/// What is looked at to tell a program from other files without a known name.
const HEAD: usize = 1 << 10;

/// What packages are held against.
#[derive(Default)]
pub struct Options {
    /// Advisories; `None`: packages are listed and nothing is said about them.
    pub database: Option<Database>,
    /// What the makers of a product, or its users, have found out about holes in it.
    pub vex: vex::Statements,
    /// Which licences are wanted.
    pub licences: licence::Policy,
    /// Rules to leave out: ids, or the front of ids up to a `/`.
    pub exclude: Vec<String>,
}

/// Finds known holes in the packages that a project takes in.
pub struct PackagesDetector {
    options: Options,
    rules: Vec<RuleInfo>,
}

/// What a note holds.
#[derive(Serialize, Deserialize)]
enum Noting {
    /// A file that names packages.
    Manifest {
        format: String,
        manifest: Manifest,
        /// Lines of the manifest's problems.
        lines: Vec<u32>,
    },
    /// A file that should have named packages.
    Broken { format: String, line: u32, reason: String },
    /// Source code.
    Source(FileUse),
}

impl PackagesDetector {
    /// With these options.
    pub fn new(options: Options) -> Self {
        let excluded = |id: &str| is_excluded(&options.exclude, id);
        let rules = findings::rules().into_iter().filter(|rule| !excluded(&rule.id)).collect();
        Self { options, rules }
    }

    /// Says what could not be held against advisories.
    fn without_advisories(&self, used: &BTreeMap<Ecosystem, usize>, not_done: &mut Vec<NotDone>) {
        let mut add = |path: &str, reason: String| {
            not_done.push(NotDone { kind: NotDoneKind::NoAdvisories, path: path.to_owned(), reason });
        };
        let total: usize = used.values().sum();
        match &self.options.database {
            _ if total == 0 => {}
            Some(database) if database.ecosystems().next().is_some() => {
                for (ecosystem, count) in used.iter().filter(|(ecosystem, _)| !database.covers(**ecosystem)) {
                    let reason = format!(
                        "{count} packages were only listed: the advisory database has nothing on this ecosystem \
                         (`bartizan db update {}`)",
                        ecosystem.osv()
                    );
                    add(ecosystem.osv(), reason);
                }
            }
            _ => add(
                "",
                format!(
                    "{total} packages were only listed: there is no advisory database yet (`bartizan db update`, or \
                     `bartizan db import PATH`)"
                ),
            ),
        }
    }
}

fn is_excluded(exclude: &[String], id: &str) -> bool {
    exclude.iter().any(|front| {
        id.strip_prefix(front.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

impl Detector for PackagesDetector {
    fn name(&self) -> &'static str {
        "packages"
    }

    fn rules(&self) -> &[RuleInfo] {
        &self.rules
    }

    /// Notes do not depend on advisories or policies, so new ones leave the cache as it is.
    fn rule_set_hash(&self) -> [u8; 32] {
        *blake3::hash(&[b"packages notes ", &[VERSION][..]].concat()).as_bytes()
    }

    /// Old lock files of a history are nobody's dependencies.
    fn wants(&self, blob: &Blob<'_>) -> bool {
        blob.origin.object.is_none()
    }

    fn wants_binary(&self, origin: &Origin, head: &[u8]) -> bool {
        origin.object.is_none() && !format::of_head(head).is_empty()
    }

    fn inspect(&self, blob: &Blob<'_>) -> Inspection {
        let path = blob.origin.name();
        let format = format::of(path).or_else(|| {
            let head = &blob.bytes[..blob.bytes.len().min(HEAD)];
            format::of_head(head).first()
        });
        let (noting, anchors) = match format {
            Some(format) => match format.read(path, blob.bytes) {
                Ok(manifest) => {
                    let anchors: Vec<_> =
                        manifest.packages.iter().map(|package| package.span.clone()).collect();
                    if manifest == Manifest::default() {
                        return Inspection::default();
                    }
                    let lines = lines(blob.bytes, manifest.problems.iter().map(|problem| problem.at));
                    (Noting::Manifest { format: format.name.to_owned(), manifest, lines }, anchors)
                }
                Err(error) => {
                    let format = format.name.to_owned();
                    (Noting::Broken { format, line: error.line, reason: error.reason }, Vec::new())
                }
            },
            None => match reach::file_use(path, blob.language, blob.bytes) {
                Some(used) => (Noting::Source(used), Vec::new()),
                None => return Inspection::default(),
            },
        };
        // Plain data, which always encodes.
        let note = postcard::to_stdvec(&noting).ok().map(|bytes| Note { bytes, anchors });
        Inspection { note, ..Inspection::default() }
    }

    fn conclude(&self, noted: &[Noted<'_>], _complete: bool) -> Conclusion {
        let mut files = Vec::new();
        let mut sources = Vec::new();
        let mut not_done = Vec::new();
        for (number, note) in noted.iter().enumerate() {
            let path = note.origin.display_path();
            match postcard::from_bytes(note.bytes) {
                Ok(Noting::Manifest { format, manifest, lines }) => {
                    for (problem, line) in manifest.problems.iter().zip(lines) {
                        let path = format!("{path}:{line}");
                        let reason = problem.reason.clone();
                        not_done.push(NotDone { kind: NotDoneKind::Unresolved, path, reason });
                    }
                    files.push(File::new(number, note.target, note.origin, format, manifest));
                }
                Ok(Noting::Broken { format, line, reason }) => {
                    let reason = format!("no {format} file: {reason}");
                    not_done.push(NotDone {
                        kind: NotDoneKind::Broken,
                        path: format!("{path}:{line}"),
                        reason,
                    });
                }
                Ok(Noting::Source(used)) => sources.push((path, used)),
                Err(error) => {
                    let reason = format!("a note could not be read back: {error}");
                    not_done.push(NotDone { kind: NotDoneKind::Broken, path, reason });
                }
            }
        }
        if files.is_empty() {
            return Conclusion { not_done, ..Conclusion::default() };
        }
        not_done.extend(project::assemble(&mut files));
        let mut reach = Index::new(sources.iter().map(|(path, used)| (path.as_str(), used)));
        tell_names(&mut reach, &files);

        let entries = inventory::take(&files, noted, &reach);
        let mut used: BTreeMap<Ecosystem, usize> = BTreeMap::new();
        for entry in &entries {
            *used.entry(entry.ecosystem).or_default() += 1;
        }
        self.without_advisories(&used, &mut not_done);
        not_done.extend(open_versions(&files));
        let judge = Judge {
            database: self.options.database.as_ref(),
            reach: &reach,
            vex: &self.options.vex,
            licences: &self.options.licences,
        };
        let mut found = judge.judge(&entries);
        not_done.append(&mut found.not_done);
        found.hits.retain(|hit| !is_excluded(&self.options.exclude, &hit.rule));
        let rules = found.rules.into_values().filter(|rule| !is_excluded(&self.options.exclude, &rule.id));
        Conclusion {
            rules: rules.collect(),
            detections: found.hits,
            components: entries.into_iter().map(|entry| entry.component).collect(),
            not_done,
        }
    }
}

/// Lines, from 1, of places in the order of the file or not.
fn lines(bytes: &[u8], places: impl Iterator<Item = usize>) -> Vec<u32> {
    let newlines: Vec<usize> = memchr::memchr_iter(b'\n', bytes).collect();
    places
        .map(|at| u32::try_from(newlines.partition_point(|newline| *newline < at) + 1).unwrap_or(u32::MAX))
        .collect()
}

/// Names under which code imports packages, as far as files tell.
fn tell_names(reach: &mut Index<'_>, files: &[File<'_>]) {
    let mut renamed: BTreeSet<(Ecosystem, &str)> = BTreeSet::new();
    let mut names: BTreeSet<(Ecosystem, &str, &str)> = BTreeSet::new();
    for file in files {
        for package in &file.manifest.packages {
            match package.ecosystem {
                Ecosystem::Go => reach.tell_go_module(&package.name),
                Ecosystem::CratesIo | Ecosystem::Npm if !file.manifest.resolved => {
                    let key = package.qualifiers.iter().find(|(name, _)| name == cargo_toml::KEY);
                    if key.is_some() {
                        renamed.insert((package.ecosystem, &package.name));
                    }
                    let name = key.map_or(&package.name, |(_, key)| key);
                    names.insert((package.ecosystem, &package.name, name));
                }
                _ => {}
            }
        }
    }
    // What one member renames another may ask for by its own name.
    for (ecosystem, package, name) in names {
        if renamed.contains(&(ecosystem, package)) {
            reach.tell(ecosystem, package, name);
        }
    }
}

/// Says, once per file, how many packages have no exact version.
fn open_versions(files: &[File<'_>]) -> Vec<NotDone> {
    let mut told = Vec::new();
    let locked: BTreeSet<&str> =
        files.iter().filter(|file| file.manifest.resolved).map(|file| folder_of(&file.origin.path)).collect();
    for file in files {
        let open = file.manifest.packages.iter().zip(&file.answered).filter(|(package, answered)| {
            !**answered && package.version.is_none() && package.source == crate::SourceKind::Registry
        });
        let count = open.count();
        if count > 0 {
            let advice = if locked.contains(folder_of(&file.origin.path)) {
                "the lock file beside it does not have them"
            } else {
                "a lock file would tell"
            };
            let packages =
                if count == 1 { "1 package has".to_owned() } else { format!("{count} packages have") };
            let reason =
                format!("{packages} no exact version, so no advisory could be held against them: {advice}");
            told.push(NotDone { kind: NotDoneKind::Unresolved, path: file.origin.display_path(), reason });
        }
    }
    told
}
