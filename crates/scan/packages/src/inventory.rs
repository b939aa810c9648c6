//! All packages of a scan, each version once, with every file that names it.

use crate::package::SourceKind;
use crate::project::{File, Place, shortest_ways};
use crate::purl;
use crate::reach::Index;
use crate::version::{Scheme, range::Requirement};
use crate::{Ecosystem, Package, Relation};
use bartizan_model::{Component, ComponentPlace, Noted, Scope, Usage};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Different wishes for one package that are looked at.
const MAX_WISHES: usize = 100;

/// One version of one package.
pub(crate) struct Entry {
    pub(crate) ecosystem: Ecosystem,
    pub(crate) release: Option<String>,
    /// The name that advisories of distributions go by, where it is not the package's own.
    pub(crate) advisory_name: Option<String>,
    /// The version that advisories of distributions speak of, where it is not the package's own.
    pub(crate) advisory_version: Option<String>,
    /// What manifests ask for that this version answers, as written; only where the project asks for it itself.
    pub(crate) requirements: BTreeSet<String>,
    pub(crate) source: SourceKind,
    /// In its publisher's words.
    pub(crate) deprecated: Option<String>,
    /// Every mention: what a finding can point at.
    pub(crate) mentions: Vec<Mention>,
    pub(crate) component: Component,
}

/// One line of one file that names a package.
#[derive(Clone, Debug)]
pub(crate) struct Mention {
    /// Number of the note.
    pub(crate) noted: usize,
    /// Number of the anchor in it.
    pub(crate) anchor: usize,
    /// The folder of the project that the file belongs to.
    pub(crate) place: Place,
}

type Key = (Ecosystem, Option<String>, String, Option<String>, Option<String>);

/// The packages of assembled files, sorted by package URL.
pub(crate) fn take(files: &[File<'_>], noted: &[Noted<'_>], reach: &Index<'_>) -> Vec<Entry> {
    let mut numbers: BTreeMap<Key, usize> = BTreeMap::new();
    let mut entries: Vec<Entry> = Vec::new();
    let mut edges: Vec<BTreeSet<usize>> = Vec::new();
    for file in files {
        // First the numbers of all, so that edges have ends.
        let own: Vec<Option<usize>> = file
            .manifest
            .packages
            .iter()
            .zip(&file.answered)
            .map(|(package, answered)| {
                if *answered || package.source == SourceKind::Path {
                    return None;
                }
                let next = entries.len();
                let number = *numbers.entry(key(package)).or_insert(next);
                if number == next {
                    entries.push(entry(package));
                    edges.push(BTreeSet::new());
                }
                Some(number)
            })
            .collect();
        let place = file.place();
        let ways = shortest_ways(&file.manifest);
        for (index, (package, number)) in file.manifest.packages.iter().zip(&own).enumerate() {
            let Some(number) = *number else { continue };
            let to =
                package.dependencies.iter().filter_map(|next| own.get(*next as usize).copied().flatten());
            edges[number].extend(to);
            let way = way(index, &ways, &own, &file.manifest.packages);
            let entry = &mut entries[number];
            entry.add(package, way.len());
            if let Some(region) =
                noted.get(file.noted).and_then(|note| note.anchors.get(*file.anchors.get(index)?))
            {
                let place = ComponentPlace { origin: file.origin.clone(), line: region.start_line };
                entry.component.places.push(place);
            }
            let shorter = entry.component.via.is_empty() || way.len() < entry.component.via.len();
            if shorter && !way.is_empty() {
                let via = way.iter().map(|number| entries[*number].component.purl.clone()).collect();
                entries[number].component.via = via;
            }
            let anchor = file.anchors.get(index).copied().unwrap_or(index);
            entries[number].mentions.push(Mention { noted: file.noted, anchor, place: place.clone() });
        }
    }
    let purls: Vec<String> = entries.iter().map(|entry| entry.component.purl.clone()).collect();
    let wishes = wishes(files);
    for (entry, to) in entries.iter_mut().zip(edges) {
        entry.requirements = answered_by(entry, &wishes);
        entry.component.dependencies = to.into_iter().map(|number| purls[number].clone()).collect();
        entry.component.dependencies.sort();
        entry.component.dependencies.dedup();
        entry.component.places.sort();
        entry.component.places.dedup();
        entry.component.usage = usage(entry, reach);
    }
    entries.sort_by(|a, b| a.component.purl.cmp(&b.component.purl));
    entries
}

/// What the project asks for, per package.
type Wishes<'a> = HashMap<(Ecosystem, &'a str), BTreeSet<&'a str>>;

fn wishes<'a>(files: &'a [File<'_>]) -> Wishes<'a> {
    let mut wishes = Wishes::new();
    for package in files.iter().flat_map(|file| &file.manifest.packages) {
        // A version alone is the least that NuGet and the very one that Maven takes: moving on always means to edit it.
        if package.relation == Relation::Transitive
            || matches!(package.ecosystem, Ecosystem::NuGet | Ecosystem::Maven)
        {
            continue;
        }
        if let Some(requirement) = package.requirement.as_deref().filter(|text| !text.trim().is_empty()) {
            wishes.entry((package.ecosystem, package.name.as_str())).or_default().insert(requirement);
        }
    }
    wishes
}

/// The wishes that a version answers: in a tree of many projects the others are somebody else's.
fn answered_by(entry: &Entry, wishes: &Wishes<'_>) -> BTreeSet<String> {
    let component = &entry.component;
    if component.direct != Some(true) {
        return BTreeSet::new();
    }
    let Some(asked) = wishes.get(&(entry.ecosystem, component.name.as_str())) else { return BTreeSet::new() };
    let version = component.version.as_deref().zip(Scheme::of(entry.ecosystem));
    let Some(version) = version.and_then(|(text, scheme)| scheme.parse(text)) else {
        return BTreeSet::new();
    };
    let answers =
        |text: &&&str| Requirement::parse(entry.ecosystem, text).is_some_and(|asked| asked.matches(&version));
    asked.iter().take(MAX_WISHES).filter(answers).map(|text| (*text).to_owned()).collect()
}

fn key(package: &Package) -> Key {
    let commit = match &package.source {
        SourceKind::Git { url, revision } => {
            Some(format!("{url} {}", revision.as_deref().unwrap_or_default()))
        }
        SourceKind::Url(url) => Some(url.clone()),
        SourceKind::Registry | SourceKind::Path => None,
    };
    (package.ecosystem, package.release.clone(), package.name.clone(), package.version.clone(), commit)
}

fn entry(package: &Package) -> Entry {
    let component = Component {
        purl: purl::of(package),
        ecosystem: match &package.release {
            Some(release) => format!("{}:{release}", package.ecosystem.osv()),
            None => package.ecosystem.osv().to_owned(),
        },
        name: package.name.clone(),
        version: package.version.clone(),
        scope: package.scope,
        direct: None,
        via: Vec::new(),
        dependencies: Vec::new(),
        licences: Vec::new(),
        hashes: Vec::new(),
        usage: Usage::Unknown,
        places: Vec::new(),
    };
    Entry {
        ecosystem: package.ecosystem,
        release: package.release.clone(),
        advisory_name: package.source_name.clone(),
        advisory_version: package.source_version.clone(),
        requirements: BTreeSet::new(),
        source: package.source.clone(),
        deprecated: None,
        mentions: Vec::new(),
        component,
    }
}

impl Entry {
    /// What one more file says of it.
    fn add(&mut self, package: &Package, way: usize) {
        let component = &mut self.component;
        component.scope = component.scope.min(package.scope);
        let direct = match package.relation {
            Relation::Direct => Some(true),
            Relation::Transitive => Some(false),
            Relation::Unknown => (way > 1).then_some(false),
        };
        component.direct = match (component.direct, direct) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (known, told) => known.or(told),
        };
        for (list, more) in
            [(&mut component.licences, &package.licences), (&mut component.hashes, &package.hashes)]
        {
            for text in more {
                if !list.contains(text) {
                    list.push(text.clone());
                }
            }
            list.sort();
        }
        if self.deprecated.is_none() {
            self.deprecated.clone_from(&package.deprecated);
        }
    }

    /// `name version`, for people.
    pub(crate) fn words(&self) -> String {
        match &self.component.version {
            Some(version) => format!("{} {version}", self.component.name),
            None => self.component.name.clone(),
        }
    }

    /// Whether what the manifests ask for allows a version; `None`: they tell nothing that is understood.
    pub(crate) fn allows(&self, version: &str) -> Option<bool> {
        let version = Scheme::of(self.ecosystem)?.parse(version)?;
        let allows =
            |text: &String| Requirement::parse(self.ecosystem, text).map(|asked| asked.matches(&version));
        self.requirements
            .iter()
            .map(allows)
            .try_fold(None, |all: Option<bool>, one| Some(Some(all.unwrap_or(true) && one?)))?
    }

    /// Whether it is only for tests and developers.
    pub(crate) fn is_development(&self) -> bool {
        self.component.scope == Scope::Development
    }
}

/// The entries from what the project asks for to the package at `index`, itself last; empty where no way is known.
fn way(index: usize, before: &[Option<usize>], own: &[Option<usize>], packages: &[Package]) -> Vec<usize> {
    let mut way = Vec::new();
    let mut at = Some(index);
    while let Some(index) = at {
        way.extend(own.get(index).copied().flatten());
        at = before.get(index).copied().flatten();
        if at.is_none()
            && packages[index].relation == Relation::Unknown
            && packages[index].source != SourceKind::Path
        {
            return Vec::new();
        }
        if way.len() > packages.len() {
            return Vec::new();
        }
    }
    way.reverse();
    way
}

/// Whether code uses it, over all projects that name it: what is nearest to use counts.
fn usage(entry: &Entry, reach: &Index<'_>) -> Usage {
    let component = &entry.component;
    let folders: BTreeSet<&str> =
        entry.mentions.iter().map(|mention| mention.place.folder.as_str()).collect();
    folders
        .into_iter()
        .take(64)
        .map(|folder| reach.usage(entry.ecosystem, &component.name, folder, &[], component.direct).usage)
        .min()
        .unwrap_or(Usage::Unknown)
}
