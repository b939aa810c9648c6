//! Puts the files of a tree together: a lock file with the manifests that it answers, requirements with their constraints, poms
//! with their parents.
//!
//! Every file keeps its packages under their own numbers, so that a finding can point at the line; what another file says
//! better is marked as answered and passed over.

use crate::resolve::{cargo, maven};
use crate::{Ecosystem, Manifest, Package, Relation, Scope, SourceKind, package::LinkKind};
use bartizan_model::{NotDone, NotDoneKind, Origin};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One file that names packages.
pub(crate) struct File<'a> {
    /// Number of its note.
    pub(crate) noted: usize,
    /// Number of the target.
    pub(crate) target: usize,
    pub(crate) origin: &'a Origin,
    /// The format's name.
    pub(crate) format: String,
    pub(crate) manifest: Manifest,
    /// Per package: another file tells more of it.
    pub(crate) answered: Vec<bool>,
    /// Per package: which anchor of the note shows it.
    pub(crate) anchors: Vec<usize>,
    /// Per package: its version was settled by other files.
    settled: Vec<bool>,
}

impl<'a> File<'a> {
    pub(crate) fn new(
        noted: usize,
        target: usize,
        origin: &'a Origin,
        format: String,
        manifest: Manifest,
    ) -> Self {
        let count = manifest.packages.len();
        let (answered, anchors, settled) = (vec![false; count], (0..count).collect(), vec![false; count]);
        Self { noted, target, origin, format, manifest, answered, anchors, settled }
    }

    /// Takes what other files made of a package of this one: once in its place, and for another version once more beside it.
    fn settle(&mut self, package: Package) {
        let same =
            |(index, known): &(usize, &Package)| known.span == package.span && *index < self.settled.len();
        let Some((first, _)) = self.manifest.packages.iter().enumerate().find(same) else { return };
        let known = |known: &Package| {
            known.span == package.span && known.version == package.version && known.scope == package.scope
        };
        if !self.settled[first] {
            self.settled[first] = true;
            self.manifest.packages[first] = package;
        } else if !self.manifest.packages.iter().any(known) {
            self.manifest.packages.push(package);
            self.answered.push(false);
            self.anchors.push(self.anchors[first]);
            self.settled.push(true);
        }
    }

    /// Where the file's project is: target, archive members but the last, and folder.
    pub(crate) fn place(&self) -> Place {
        let (outer, inner) = match self.origin.members.split_last() {
            Some((last, outer)) => {
                (std::iter::once(&self.origin.path).chain(outer).cloned().collect(), last.as_str())
            }
            None => (Vec::new(), self.origin.path.as_str()),
        };
        Place { target: self.target, outer, folder: folder_of(inner).to_owned() }
    }

    fn file_name(&self) -> &str {
        let name = self.origin.name();
        name.rsplit('/').next().unwrap_or(name)
    }

    /// Whether it tells of a package that was unpacked there, rather than of a project.
    fn is_installed(&self) -> bool {
        let path = self.origin.display_path();
        path.contains("node_modules/") || path.contains(".dist-info/") || path.contains(".egg-info/")
    }

    fn ecosystem(&self) -> Option<Ecosystem> {
        self.manifest.packages.first().map(|package| package.ecosystem)
    }
}

/// A folder of a target.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    target: usize,
    /// For archives: the archive's path, then members that are archives.
    outer: Vec<String>,
    /// Without a slash at the end; empty for the root.
    pub(crate) folder: String,
}

impl Place {
    /// This folder, then each above it.
    fn upwards(&self) -> impl Iterator<Item = Self> {
        let mut next = Some(self.clone());
        std::iter::from_fn(move || {
            let here = next.take()?;
            if !here.folder.is_empty() {
                next = Some(Self { folder: folder_of(&here.folder).to_owned(), ..here.clone() });
            }
            Some(here)
        })
    }

    /// A path relative to this folder; `None`: it leads out of the target.
    fn join(&self, path: &str) -> Option<String> {
        let mut parts: Vec<&str> = self.folder.split('/').filter(|part| !part.is_empty()).collect();
        if path.starts_with('/') {
            return None;
        }
        for part in path.split(['/', '\\']) {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                part => parts.push(part),
            }
        }
        Some(parts.join("/"))
    }
}

/// The path without its last part.
pub(crate) fn folder_of(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..at])
}

/// Puts the files together. What belongs to a file and was not scanned is told.
pub(crate) fn assemble(files: &mut [File<'_>]) -> Vec<NotDone> {
    let mut not_done = Vec::new();
    answer_installed(files);
    inherit_from_workspaces(files);
    inherit_from_poms(files, &mut not_done);
    apply_constraints(files, &mut not_done);
    answer_sums(files);
    answer_wishes(files);
    not_done
}

/// What an unpacked package asks for is unpacked beside it, and tells of itself.
fn answer_installed(files: &mut [File<'_>]) {
    for file in files.iter_mut().filter(|file| file.is_installed()) {
        for (package, answered) in file.manifest.packages.iter().zip(&mut file.answered) {
            *answered |= package.version.is_none();
        }
    }
}

/// What members of a Cargo workspace take from the manifest of its root: `x.workspace = true`.
fn inherit_from_workspaces(files: &mut [File<'_>]) {
    let roots: HashMap<Place, usize> = files
        .iter()
        .enumerate()
        .filter(|(_, file)| file.format == "cargo-toml" && !file.manifest.managed.is_empty())
        .map(|(index, file)| (file.place(), index))
        .collect();
    for index in 0..files.len() {
        let file = &files[index];
        if file.format != "cargo-toml" || !file.manifest.packages.iter().any(|package| package.inherits) {
            continue;
        }
        let Some(root) = file.place().upwards().find_map(|place| roots.get(&place).copied()) else {
            continue;
        };
        // The manifest that holds the workspace had its own answered when it was read.
        if root != index {
            let mut member = std::mem::take(&mut files[index].manifest);
            cargo::inherit(&mut member, &files[root].manifest);
            files[index].manifest = member;
        }
    }
}

/// Versions and scopes that a pom has from its parents and bills of materials.
fn inherit_from_poms(files: &mut [File<'_>], not_done: &mut Vec<NotDone>) {
    let mut by_target: BTreeMap<(usize, Vec<String>), BTreeMap<String, usize>> = BTreeMap::new();
    for (index, file) in files.iter().enumerate().filter(|(_, file)| file.format == "maven-pom") {
        let Place { target, outer, .. } = file.place();
        by_target.entry((target, outer)).or_default().insert(file.origin.name().to_owned(), index);
    }
    for group in by_target.into_values() {
        let poms: BTreeMap<String, Manifest> =
            group.iter().map(|(path, index)| (path.clone(), files[*index].manifest.clone())).collect();
        for (path, project) in maven::resolve(&poms) {
            let Some(file) = group.get(&path).and_then(|index| files.get_mut(*index)) else { continue };
            let own = file.origin.display_path();
            not_done
                .extend(project.problems.into_iter().map(|problem| unresolved(own.clone(), problem.reason)));
            for asked in project.packages {
                if let Some(index) = group.get(&asked.declared_in) {
                    files[*index].settle(asked.package);
                }
            }
        }
    }
}

/// `-r` and `-c` of requirements: constraints pin versions and add nothing.
fn apply_constraints(files: &mut [File<'_>], not_done: &mut Vec<NotDone>) {
    let by_path: HashMap<(usize, Vec<String>, String), usize> = files
        .iter()
        .enumerate()
        .map(|(index, file)| {
            let place = file.place();
            ((place.target, place.outer, file.origin.name().to_owned()), index)
        })
        .collect();
    let mut constraints = BTreeSet::new();
    let mut included = BTreeSet::new();
    let mut pinned: Vec<(usize, usize)> = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let place = file.place();
        for link in &file.manifest.links {
            if !matches!(link.kind, LinkKind::Include | LinkKind::Constraint) || link.path.contains("://") {
                continue;
            }
            let wanted = place.join(&link.path);
            let found =
                wanted.clone().and_then(|path| by_path.get(&(place.target, place.outer.clone(), path)));
            match (found, link.kind) {
                (Some(&other), LinkKind::Include) => {
                    included.insert(other);
                }
                (Some(&other), _) => {
                    constraints.insert(other);
                    pinned.push((index, other));
                }
                (None, _) => {
                    let why =
                        if wanted.is_none() { "leads out of what is scanned" } else { "was not scanned" };
                    not_done.push(unresolved(file.origin.display_path(), format!("`{}` {why}", link.path)));
                }
            }
        }
    }
    for (index, other) in pinned {
        let versions: HashMap<String, String> = files[other]
            .manifest
            .packages
            .iter()
            .filter_map(|package| Some((package.name.clone(), package.version.clone()?)))
            .collect();
        for package in files[index].manifest.packages.iter_mut().filter(|package| package.version.is_none()) {
            package.version = versions.get(&package.name).cloned();
        }
    }
    for index in constraints.difference(&included) {
        files[*index].answered.fill(true);
    }
}

/// `go.sum` lists every version that was ever looked at: beside a `go.mod` it says nothing.
fn answer_sums(files: &mut [File<'_>]) {
    let modules: BTreeSet<Place> =
        files.iter().filter(|file| file.file_name() == "go.mod").map(File::place).collect();
    for file in files.iter_mut().filter(|file| file.file_name() == "go.sum") {
        if modules.contains(&file.place()) {
            file.answered.fill(true);
        }
    }
}

/// What manifests ask for, answered by the nearest lock file of their ecosystem, upwards.
fn answer_wishes(files: &mut [File<'_>]) {
    let mut locks: HashMap<(Place, Ecosystem), Vec<usize>> = HashMap::new();
    for (index, file) in files.iter().enumerate() {
        if file.manifest.resolved
            && !file.is_installed()
            && let Some(ecosystem) = file.ecosystem()
        {
            locks.entry((file.place(), ecosystem)).or_default().push(index);
        }
    }
    let mut asked: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, file) in files.iter().enumerate().filter(|(_, file)| !file.manifest.resolved) {
        let Some(ecosystem) = file.ecosystem().or_else(|| ecosystem_of(&file.format)) else { continue };
        let nearest = file.place().upwards().find_map(|place| locks.get(&(place, ecosystem)));
        for lock in nearest.into_iter().flatten() {
            asked.entry(*lock).or_default().push(index);
        }
    }
    for (lock, manifests) in asked {
        let mut answer = std::mem::take(&mut files[lock].manifest);
        let names: HashMap<String, Vec<usize>> = by_name(&answer);
        let wishes: Vec<&Manifest> = manifests.iter().map(|index| &files[*index].manifest).collect();
        if answer.packages.first().is_some_and(|package| package.ecosystem == Ecosystem::CratesIo) {
            cargo::assign_scopes(&mut answer, &wishes);
        } else {
            apply_wishes(&mut answer, &names, &wishes);
        }
        files[lock].manifest = answer;
        for index in manifests {
            let file = &mut files[index];
            for (package, answered) in file.manifest.packages.iter().zip(&mut file.answered) {
                *answered |= names.contains_key(&package.name);
            }
        }
    }
}

fn ecosystem_of(format: &str) -> Option<Ecosystem> {
    match format {
        "cargo-toml" => Some(Ecosystem::CratesIo),
        "package-json" => Some(Ecosystem::Npm),
        _ => None,
    }
}

fn by_name(manifest: &Manifest) -> HashMap<String, Vec<usize>> {
    let mut names: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, package) in manifest.packages.iter().enumerate() {
        names.entry(package.name.clone()).or_default().push(index);
    }
    names
}

/// Where a lock file does not tell which packages are asked for and what for, the manifests do.
fn apply_wishes(lock: &mut Manifest, names: &HashMap<String, Vec<usize>>, wishes: &[&Manifest]) {
    if lock.packages.iter().any(|package| package.relation != Relation::Unknown) {
        return;
    }
    let mut best: Vec<Option<Scope>> = vec![None; lock.packages.len()];
    let mut queue: BTreeMap<Scope, Vec<usize>> = BTreeMap::new();
    for wish in wishes.iter().flat_map(|manifest| &manifest.packages) {
        for &index in names.get(&wish.name).into_iter().flatten() {
            lock.packages[index].relation = Relation::Direct;
            queue.entry(wish.scope).or_default().push(index);
        }
    }
    if queue.is_empty() {
        return;
    }
    // Nearest to what runs first, so that each package is settled once.
    while let Some((scope, list)) = queue.pop_first() {
        for index in list {
            let Some(slot) = best.get_mut(index).filter(|slot| slot.is_none()) else { continue };
            *slot = Some(scope);
            let next = lock.packages[index].dependencies.iter().map(|next| *next as usize);
            queue.entry(scope).or_default().extend(next);
        }
    }
    let has_edges = lock.packages.iter().any(|package| !package.dependencies.is_empty());
    for (package, scope) in lock.packages.iter_mut().zip(best) {
        if package.relation == Relation::Unknown {
            package.relation = Relation::Transitive;
        }
        if let Some(scope) = scope.filter(|_| has_edges || package.relation == Relation::Direct) {
            package.scope = scope;
        }
    }
}

/// Per package of a manifest the one through which the shortest way from the project comes; `usize::MAX`: the project asks for
/// it itself, or nothing is known.
pub(crate) fn shortest_ways(manifest: &Manifest) -> Vec<Option<usize>> {
    let packages = &manifest.packages;
    let mut before: Vec<Option<usize>> = vec![None; packages.len()];
    let mut seen = vec![false; packages.len()];
    let is_root =
        |package: &Package| package.relation == Relation::Direct || package.source == SourceKind::Path;
    let mut wave: Vec<usize> = (0..packages.len()).filter(|index| is_root(&packages[*index])).collect();
    for index in &wave {
        seen[*index] = true;
    }
    while !wave.is_empty() {
        let mut next = Vec::new();
        for index in wave {
            for &to in &packages[index].dependencies {
                let to = to as usize;
                if let Some(seen) = seen.get_mut(to).filter(|seen| !**seen) {
                    *seen = true;
                    before[to] = Some(index);
                    next.push(to);
                }
            }
        }
        wave = next;
    }
    before
}

fn unresolved(path: String, reason: String) -> NotDone {
    NotDone { kind: NotDoneKind::Unresolved, path, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, dependencies: &[u32]) -> Package {
        Package { dependencies: dependencies.to_vec(), ..Package::new(Ecosystem::Npm, name, 0..1) }
    }

    fn file<'a>(origin: &'a Origin, resolved: bool, packages: Vec<Package>) -> File<'a> {
        File::new(0, 0, origin, "test".to_owned(), Manifest { resolved, packages, ..Manifest::default() })
    }

    #[test]
    fn a_lock_answers_the_manifests_below_it() {
        let (lock, near, far) = (Origin::file("a/lock"), Origin::file("a/b/c/wish"), Origin::file("z/wish"));
        let wish = |name: &str, scope| Package { scope, ..package(name, &[]) };
        let mut files = [
            file(
                &lock,
                true,
                vec![
                    package("run", &[1]),
                    package("deep", &[]),
                    package("test", &[1, 3]),
                    package("mock", &[]),
                ],
            ),
            file(
                &near,
                false,
                vec![
                    wish("run", Scope::Runtime),
                    wish("test", Scope::Development),
                    wish("gone", Scope::Runtime),
                ],
            ),
            file(&far, false, vec![wish("run", Scope::Runtime)]),
        ];
        assert!(assemble(&mut files).is_empty());
        assert_eq!(files[1].answered, [true, true, false]);
        assert_eq!(files[2].answered, [false], "no lock file above it");
        let told: Vec<_> =
            files[0].manifest.packages.iter().map(|package| (package.relation, package.scope)).collect();
        assert_eq!(
            told,
            [
                (Relation::Direct, Scope::Runtime),
                (Relation::Transitive, Scope::Runtime),
                (Relation::Direct, Scope::Development),
                (Relation::Transitive, Scope::Development),
            ]
        );
        assert_eq!(shortest_ways(&files[0].manifest), [None, Some(0), None, Some(2)]);
    }

    #[test]
    fn members_of_a_workspace_are_answered_under_the_name_that_its_root_gives() {
        let read =
            |path: &str, text: &str| crate::format::of(path).unwrap().read(path, text.as_bytes()).unwrap();
        let origins = ["Cargo.toml", "a/Cargo.toml", "Cargo.lock"].map(Origin::file);
        let texts = [
            "[workspace]\nmembers = [\"a\"]\n[workspace.dependencies]\nshort = { package = \"long-name\", version = \"1\" }\n",
            "[package]\nname = \"a\"\nversion = \"1.0.0\"\n[dev-dependencies]\nshort.workspace = true\n",
            "version = 4\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [\"long-name\"]\n\n[[package]]\n\
             name = \"long-name\"\nversion = \"1.2.3\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n",
        ];
        let mut files: Vec<File<'_>> = origins
            .iter()
            .zip(texts)
            .map(|(origin, text)| {
                let format = crate::format::of(&origin.path).unwrap().name.to_owned();
                File::new(0, 0, origin, format, read(&origin.path, text))
            })
            .collect();
        assemble(&mut files);
        assert_eq!(files[1].answered, [true]);
        let locked = files[2].manifest.packages.iter().find(|package| package.name == "long-name").unwrap();
        assert_eq!((locked.scope, locked.relation), (Scope::Development, Relation::Direct));
    }

    #[test]
    fn paths_that_lead_out_are_no_paths() {
        let place = Place { target: 0, outer: Vec::new(), folder: "a/b".to_owned() };
        assert_eq!(place.join("../c.txt").as_deref(), Some("a/c.txt"));
        assert_eq!(place.join("./c/d.txt").as_deref(), Some("a/b/c/d.txt"));
        assert_eq!(place.join("../../../c.txt"), None);
        assert_eq!(place.join("/etc/passwd"), None);
    }
}
