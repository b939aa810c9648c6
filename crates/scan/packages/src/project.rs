//! Puts the files of a tree together: a lock file with the manifests that it answers, requirements with their constraints, poms
//! with their parents.
//!
//! Every file keeps its packages under their own numbers, so that a finding can point at the line; what another file says
//! better is marked as answered and passed over.

use crate::format::os_release;
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
    replace_in_go_workspaces(files);
    apply_distributions(files, &mut not_done);
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

/// What a `go.work` puts in the place of modules that its members require: its replacements, and the members themselves.
fn replace_in_go_workspaces(files: &mut [File<'_>]) {
    let modules: HashMap<Place, usize> = files
        .iter()
        .enumerate()
        .filter(|(_, file)| file.format == "go-mod")
        .map(|(index, file)| (file.place(), index))
        .collect();
    let workspaces: Vec<usize> = (0..files.len()).filter(|index| files[*index].format == "go-work").collect();
    for index in workspaces {
        let place = files[index].place();
        let manifest = &files[index].manifest;
        let members: Vec<usize> = manifest
            .links
            .iter()
            .filter(|link| link.kind == LinkKind::Member)
            .filter_map(|link| {
                modules.get(&Place { folder: place.join(&link.path)?, ..place.clone() }).copied()
            })
            .collect();
        let own: BTreeSet<String> =
            members.iter().filter_map(|member| files[*member].manifest.root.as_ref()?.name.clone()).collect();
        let replacements: HashMap<(String, Option<String>), Package> = manifest
            .managed
            .iter()
            .map(|package| ((package.name.clone(), package.requirement.clone()), package.clone()))
            .collect();
        for member in members {
            for package in &mut files[member].manifest.packages {
                if own.contains(&package.name) {
                    package.source = SourceKind::Path;
                    continue;
                }
                let exact = (package.name.clone(), package.requirement.clone());
                let any = (package.name.clone(), None);
                let Some(new) = replacements.get(&exact).or_else(|| replacements.get(&any)) else { continue };
                if new.source == SourceKind::Path {
                    package.source = SourceKind::Path;
                } else if let Some((_, name)) = new.qualifiers.iter().find(|(key, _)| key == "replaced-by") {
                    package.name = package.ecosystem.normalise_name(name);
                    package.version.clone_from(&new.version);
                }
            }
        }
    }
}

/// Lists of installed packages name no distribution; the system's `os-release` does.
fn apply_distributions(files: &mut [File<'_>], not_done: &mut Vec<NotDone>) {
    let mut systems: HashMap<Place, (String, Option<String>)> = HashMap::new();
    for file in files.iter().filter(|file| file.format == "os-release") {
        let Some(root) = os_release::root_of(file.origin.name()) else { continue };
        let property = |name: &str| {
            file.manifest.properties.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
        };
        let Some(id) = property(os_release::ID) else { continue };
        let place = Place { folder: root.to_owned(), ..file.place() };
        systems.entry(place).or_insert((id, property(os_release::VERSION_ID)));
    }
    for file in files.iter_mut() {
        let ends: &[&str] = match file.format.as_str() {
            "dpkg-status" => &["var/lib/dpkg", "var/lib/dpkg/status.d"],
            "apk-installed" => &["lib/apk/db", "usr/lib/apk/db"],
            _ => continue,
        };
        let place = file.place();
        // The longest way up first: `usr/lib/apk/db` ends in `lib/apk/db` too.
        let system = ends.iter().rev().find_map(|end| {
            let folder = crate::format::above(&place.folder, end)?.to_owned();
            systems.get(&Place { folder, ..place.clone() })
        });
        let Some((id, version)) = system else { continue };
        let is_apk = file.format == "apk-installed";
        let ecosystem = match id.as_str() {
            "debian" if !is_apk => Ecosystem::Debian,
            "ubuntu" if !is_apk => Ecosystem::Ubuntu,
            "alpine" if is_apk => Ecosystem::Alpine,
            "wolfi" if is_apk => Ecosystem::Wolfi,
            "chainguard" if is_apk => Ecosystem::Chainguard,
            _ => {
                let read_as = if is_apk { Ecosystem::Alpine } else { Ecosystem::Debian };
                let reason = format!(
                    "the system is `{id}`, of which no advisories are known: its packages were read as {read_as}'s"
                );
                not_done.push(unresolved(file.origin.display_path(), reason));
                continue;
            }
        };
        let release = version.as_deref().and_then(|version| release(ecosystem, version));
        for package in &mut file.manifest.packages {
            package.ecosystem = ecosystem;
            package.release.clone_from(&release);
        }
    }
}

/// A `VERSION_ID` as advisories name the release: `v3.18` for Alpine's `3.18.4`; none for distributions that roll.
fn release(ecosystem: Ecosystem, version: &str) -> Option<String> {
    match ecosystem {
        Ecosystem::Alpine => {
            let mut parts = version.split('.');
            let (major, minor) = (parts.next()?, parts.next()?);
            let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            // `3.21_alpha20240807` is edge, which has no number of its own.
            (number(major) && number(minor)).then(|| format!("v{major}.{minor}"))
        }
        Ecosystem::Wolfi | Ecosystem::Chainguard => None,
        _ => Some(version.to_owned()),
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

    /// Reads files as a scan does, and puts them together.
    fn assembled(origins: &[Origin], texts: &[&str]) -> (Vec<Manifest>, Vec<NotDone>) {
        let mut files: Vec<File<'_>> = origins
            .iter()
            .zip(texts)
            .map(|(origin, text)| {
                let format = crate::format::of(origin.name()).unwrap();
                let manifest = format.read(origin.name(), text.as_bytes()).unwrap();
                File::new(0, 0, origin, format.name.to_owned(), manifest)
            })
            .collect();
        let not_done = assemble(&mut files);
        (files.into_iter().map(|file| file.manifest).collect(), not_done)
    }

    #[test]
    fn a_go_workspace_replaces_in_its_members_alone() {
        let module = "module example.com/a\ngo 1.22\nrequire (\n\texample.com/x v1.0.0\n\texample.com/y v1.0.0\n\texample.com/b v0.0.0\n)\n";
        let (files, _) = assembled(
            &["go.work", "a/go.mod", "b/go.mod", "c/go.mod"].map(Origin::file),
            &[
                "go 1.22\nuse (\n\t./a\n\t./b\n)\nreplace example.com/x v1.0.0 => example.com/z v1.1.0\nreplace example.com/y v0.9.0 => ../y\n",
                module,
                "module example.com/b\ngo 1.22\n",
                module,
            ],
        );
        let told = |manifest: &Manifest| -> Vec<(String, Option<String>, bool)> {
            let packages = manifest.packages.iter().filter(|package| package.name != "stdlib");
            packages.map(|it| (it.name.clone(), it.version.clone(), it.source == SourceKind::Path)).collect()
        };
        let line =
            |name: &str, version: &str, own| (format!("example.com/{name}"), Some(version.to_owned()), own);
        assert_eq!(
            told(&files[1]),
            [line("z", "v1.1.0", false), line("y", "v1.0.0", false), line("b", "v0.0.0", true)]
        );
        assert_eq!(
            told(&files[3]),
            [line("x", "v1.0.0", false), line("y", "v1.0.0", false), line("b", "v0.0.0", false)]
        );
    }

    #[test]
    fn installed_packages_are_of_the_distribution_beside_them() {
        let dpkg = "Package: a\nStatus: install ok installed\nVersion: 1.0-1\n";
        let apk = "P:a\nV:1.0-r0\n\n";
        let (files, not_done) = assembled(
            &[
                "u/etc/os-release",
                "u/var/lib/dpkg/status",
                "l/usr/lib/os-release",
                "l/lib/apk/db/installed",
                "m/etc/os-release",
                "m/var/lib/dpkg/status",
                "n/var/lib/dpkg/status",
                "w/etc/os-release",
                "w/usr/lib/apk/db/installed",
            ]
            .map(Origin::file),
            &[
                "ID=ubuntu\nVERSION_ID=\"22.04\"\n",
                dpkg,
                "ID=alpine\nVERSION_ID=3.18.4\n",
                apk,
                "ID=mint\n",
                dpkg,
                dpkg,
                "ID=wolfi\nVERSION_ID=\"20230201\"\n",
                apk,
            ],
        );
        let told = |at: usize| (files[at].packages[0].ecosystem, files[at].packages[0].release.as_deref());
        assert_eq!(told(1), (Ecosystem::Ubuntu, Some("22.04")));
        assert_eq!(told(3), (Ecosystem::Alpine, Some("v3.18")));
        assert_eq!(told(5), (Ecosystem::Debian, None));
        assert_eq!(told(6), (Ecosystem::Debian, None), "another system's release is not its own");
        assert_eq!(told(8), (Ecosystem::Wolfi, None));
        assert_eq!(not_done.len(), 1);
        assert!(not_done[0].reason.contains("`mint`"));
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
