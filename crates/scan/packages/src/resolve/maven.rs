//! Maven projects put together from all their poms: parents, properties, managed versions and bills of materials, as far as
//! local files tell.
//!
//! What is not among the files (a parent or bill of materials in a repository) is named by a problem and leaves versions open;
//! nothing is fetched. Source: Maven's POM reference and "Introduction to the Dependency Mechanism"; the order of steps is that
//! of Maven's model builder: inherit, put in properties, import, manage.

use super::properties::Properties;
use crate::format;
use crate::package::{Link, LinkKind, Problem, Root};
use crate::{Manifest, Package, Scope};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

/// Parents of parents beyond which the rest is left out.
const MAX_PARENTS: usize = 64;
/// Bills of materials that import one another beyond which the rest is left out.
const MAX_IMPORTS: usize = 32;
/// Entries of all files that are looked at in all: some seconds of work. Beyond it projects keep what they state themselves.
const MAX_WORK: usize = 30_000_000;

/// One pom with all that local files say of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// Its coordinates, with names put in.
    pub root: Root,
    /// What it asks for itself, then what its parents ask for in its name.
    pub packages: Vec<Asked>,
    /// What could not be told, at bytes of this pom.
    pub problems: Vec<Problem>,
}

/// A package that a project asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// With version and scope as managed; its span is in the file that declares it.
    pub package: Package,
    /// The pom that declares it: the project's own or that of a parent.
    pub declared_in: String,
}

/// Puts together the poms of a tree, given by path with `/` as separator. One project per pom.
pub fn resolve(poms: &BTreeMap<String, Manifest>) -> BTreeMap<String, Project> {
    let mut resolver = Resolver::new(poms);
    poms.keys().map(|path| (path.clone(), resolver.project(path))).collect()
}

/// The key by which Maven manages a dependency: `group:artifact:type[:classifier]`.
fn key_of(name: &str, package: &Package) -> String {
    let qualifier =
        |key: &str| package.qualifiers.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
    let kind = qualifier("type").unwrap_or("jar");
    match qualifier("classifier") {
        Some(classifier) => format!("{name}:{kind}:{classifier}"),
        None => format!("{name}:{kind}"),
    }
}

fn is_open(text: &str) -> bool {
    text.contains("${")
}

/// A managed dependency with names put in.
#[derive(Clone)]
struct Managed {
    requirement: Option<String>,
    unknown: Option<String>,
    scope: Option<Scope>,
}

/// Managed dependencies whose names hold `${…}`, by key with names put in: the first and the last that mean it, each with the
/// distance of the parent that states it.
type Open<'p> = HashMap<String, [(usize, &'p Package); 2]>;

/// One file and what it lays down by key, as far as keys are plain.
struct Layer<'p> {
    path: &'p str,
    manifest: &'p Manifest,
    managed: HashMap<String, &'p Package>,
    /// With `${…}` in their names.
    open: Vec<&'p Package>,
}

/// A pom with its parents, nearest first.
struct Lineage<'p> {
    layers: Vec<Rc<Layer<'p>>>,
    properties: Properties<'p>,
    /// The parent that is not among the files.
    missing: Option<&'p Link>,
    problems: Vec<Problem>,
}

impl Lineage<'_> {
    /// Whether any of the files imports a bill of materials.
    ///
    /// Of managed dependencies that are spelled differently and mean the same, as `${project.groupId}:a` and `g:a`, Maven takes
    /// the first (of the project itself) where nothing is imported, and the last (of the farthest parent) where something is.
    fn imports(&self) -> bool {
        let mut links = self.layers.iter().flat_map(|layer| &layer.manifest.links);
        links.any(|link| link.kind == LinkKind::Import)
    }
}

/// All that a bill of materials lays down, by key.
#[derive(Default)]
struct Bill {
    managed: HashMap<String, Managed>,
    /// Bills and parents that are not among the files.
    missing: Vec<String>,
}

struct Resolver<'p> {
    poms: &'p BTreeMap<String, Manifest>,
    /// Paths by `group:artifact` as written.
    by_name: HashMap<&'p str, Vec<&'p str>>,
    /// Paths by `group:artifact:version` with names put in.
    by_coordinates: HashMap<String, &'p str>,
    layers: HashMap<&'p str, Rc<Layer<'p>>>,
    bills: HashMap<&'p str, Rc<Bill>>,
    work: usize,
}

impl<'p> Resolver<'p> {
    fn new(poms: &'p BTreeMap<String, Manifest>) -> Self {
        let mut by_name: HashMap<_, Vec<_>> = HashMap::new();
        for (path, manifest) in poms {
            if let Some(name) = manifest.root.as_ref().and_then(|root| root.name.as_deref()) {
                by_name.entry(name).or_default().push(path.as_str());
            }
        }
        let mut resolver = Self {
            poms,
            by_name,
            by_coordinates: HashMap::new(),
            layers: HashMap::new(),
            bills: HashMap::new(),
            work: 0,
        };
        for path in poms.keys() {
            let lineage = resolver.lineage(path);
            let root = root_of(&lineage);
            if let (Some(name), Some(version)) = (root.name, root.version) {
                resolver.by_coordinates.entry(format!("{name}:{version}")).or_insert(path);
            }
        }
        resolver
    }

    /// Counts work; `false` once there was too much.
    fn may(&mut self, work: usize) -> bool {
        self.work = self.work.saturating_add(work);
        self.work <= MAX_WORK
    }

    fn layer(&mut self, path: &'p str) -> Option<Rc<Layer<'p>>> {
        if let Some(layer) = self.layers.get(path) {
            return Some(Rc::clone(layer));
        }
        let manifest = self.poms.get(path)?;
        let mut layer = Layer { path, manifest, managed: HashMap::new(), open: Vec::new() };
        for package in &manifest.managed {
            let open_qualifier = package.qualifiers.iter().any(|(_, value)| is_open(value));
            if is_open(&package.name) || open_qualifier {
                layer.open.push(package);
            } else {
                // Of two that manage the same, Maven takes the first and warns.
                layer.managed.entry(key_of(&package.name, package)).or_insert(package);
            }
        }
        let layer = Rc::new(layer);
        self.layers.insert(path, Rc::clone(&layer));
        Some(layer)
    }

    /// The pom at a path with its parents.
    fn lineage(&mut self, path: &'p str) -> Lineage<'p> {
        let mut lineage = Lineage {
            layers: Vec::new(),
            properties: Properties::default(),
            missing: None,
            problems: Vec::new(),
        };
        let mut next = Some(path);
        let mut first_link: Option<&'p Link> = None;
        while let Some(path) = next.take() {
            let Some(layer) = self.layer(path) else { break };
            let manifest = layer.manifest;
            if !self.may(1 + manifest.properties.len()) {
                break;
            }
            // Later ones of a file replace earlier ones; those of a child stand before those of a parent.
            for (name, value) in manifest.properties.iter().rev() {
                lineage.properties.stated.entry(name).or_insert(value);
            }
            lineage.layers.push(layer);
            let Some(link) = manifest.links.iter().find(|link| link.kind == LinkKind::Parent) else { break };
            let at = first_link.get_or_insert(link).span.start;
            let Some(parent) = self.parent(path, link) else {
                lineage.missing = Some(link);
                break;
            };
            if lineage.layers.iter().any(|layer| layer.path == parent) {
                let reason = format!("the parents of this project are a cycle through {parent}");
                lineage.problems.push(Problem { at, reason });
                break;
            }
            if lineage.layers.len() >= MAX_PARENTS {
                let reason = format!("more than {MAX_PARENTS} parents: the rest is left out");
                lineage.problems.push(Problem { at, reason });
                break;
            }
            next = Some(parent);
        }
        lineage.properties.project = coordinates_of(&lineage, first_link);
        lineage
    }

    /// Where a parent is: at its path if the pom there has its coordinates, else wherever a pom has them.
    fn parent(&self, child: &str, link: &Link) -> Option<&'p str> {
        let coordinates = link.coordinates.as_deref()?;
        let (name, version) = coordinates.rsplit_once(':')?;
        let fits = |path: &str| {
            let root = self.poms.get(path).and_then(|manifest| manifest.root.as_ref());
            root.is_some_and(|root| {
                let stated = root.version.as_deref().unwrap_or("");
                root.name.as_deref() == Some(name)
                    && (stated == version || is_open(stated) || is_open(version))
            })
        };
        let key = |path: &str| self.poms.get_key_value(path).map(|(path, _)| path.as_str());
        let folder = child.rsplit_once('/').map_or("", |(folder, _)| folder);
        if let Some(joined) = join(folder, &link.path).filter(|_| !link.path.is_empty()) {
            let inside = if joined.is_empty() { "pom.xml".to_owned() } else { format!("{joined}/pom.xml") };
            for candidate in [joined, inside] {
                if let Some(path) = key(&candidate).filter(|path| fits(path)) {
                    return Some(path);
                }
            }
        }
        // Bounded, for a tree may hold a million poms of one name.
        self.by_name.get(name)?.iter().take(1000).copied().find(|path| *path != child && fits(path))
    }

    fn project(&mut self, path: &'p str) -> Project {
        let lineage = self.lineage(path);
        let mut project = Project { root: root_of(&lineage), ..Project::default() };
        project.problems.extend(lineage.problems.iter().cloned());
        let top = lineage.layers.first().and_then(|layer| {
            layer.manifest.links.iter().find(|link| link.kind == LinkKind::Parent).map(|link| link.span.start)
        });
        let parent_at = top.unwrap_or(0);
        let mut missing = Vec::new();
        if let Some(link) = lineage.missing {
            let coordinates = link.coordinates.as_deref().unwrap_or("");
            missing.push(format!("parent {coordinates}"));
            let reason = format!(
                "parent {coordinates} is not among the files: what it asks for and lays down is not known"
            );
            project.problems.push(Problem { at: parent_at, reason });
        }
        let bills = self.imports(path, &lineage, &mut Vec::new(), &mut missing);
        let open = self.open_managed(&lineage);
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (depth, layer) in lineage.layers.iter().enumerate() {
            if !self.may(layer.manifest.packages.len()) {
                let reason =
                    "too many poms with too many entries: what parents ask for is left out".to_owned();
                project.problems.push(Problem { at: parent_at, reason });
                break;
            }
            for package in &layer.manifest.packages {
                let at = if depth == 0 { package.span.start } else { parent_at };
                // A child's dependency takes the place of its parent's; of two in one file the last counts.
                let raw = key_of(&package.name, package);
                let slot = match seen.get(&raw).copied() {
                    Some(slot)
                        if project.packages.get(slot).is_some_and(|it| it.declared_in == layer.path) =>
                    {
                        Some(slot)
                    }
                    Some(_) => continue,
                    None => None,
                };
                let mut package = package.clone();
                let reason = settle(&mut package, &lineage, &open, &bills, &missing);
                if let Some(reason) = reason {
                    project.problems.push(Problem { at, reason });
                }
                let asked = Asked { package, declared_in: layer.path.to_owned() };
                match slot.and_then(|slot| project.packages.get_mut(slot)) {
                    Some(place) => *place = asked,
                    None => {
                        seen.insert(raw, project.packages.len());
                        project.packages.push(asked);
                    }
                }
            }
        }
        project
    }

    /// Managed dependencies of a lineage whose names hold `${…}`, by key with names put in.
    fn open_managed(&mut self, lineage: &Lineage<'p>) -> Open<'p> {
        let mut found = Open::new();
        let mut seen = HashSet::new();
        for (depth, layer) in lineage.layers.iter().enumerate() {
            if !self.may(layer.open.len()) {
                break;
            }
            for package in layer.open.iter().copied().filter(|it| seen.insert(key_of(&it.name, it))) {
                let here = (depth, package);
                let key = filled_key(package, &lineage.properties);
                found.entry(key).and_modify(|[_, last]| *last = here).or_insert([here, here]);
            }
        }
        found
    }

    /// The bills of materials that a lineage imports, in the order in which they count.
    fn imports(
        &mut self,
        path: &'p str,
        lineage: &Lineage<'p>,
        stack: &mut Vec<&'p str>,
        missing: &mut Vec<String>,
    ) -> Vec<Rc<Bill>> {
        let mut bills = Vec::new();
        stack.push(path);
        for layer in &lineage.layers {
            for link in layer.manifest.links.iter().filter(|link| link.kind == LinkKind::Import) {
                if !self.may(1) {
                    break;
                }
                let coordinates = lineage.properties.fill(link.coordinates.as_deref().unwrap_or("")).text;
                let found = self.by_coordinates.get(&coordinates).copied();
                let Some(target) =
                    found.filter(|target| !stack.contains(target) && stack.len() < MAX_IMPORTS)
                else {
                    let reason =
                        if found.is_some() { "cyclic or too deep import" } else { "bill of materials" };
                    if missing.len() < MAX_IMPORTS {
                        missing.push(format!("{reason} {coordinates}"));
                    }
                    continue;
                };
                let bill = self.bill(target, stack);
                missing.extend(bill.missing.iter().take(MAX_IMPORTS.saturating_sub(missing.len())).cloned());
                bills.push(bill);
            }
        }
        stack.pop();
        bills
    }

    /// All that a bill of materials lays down: its own and its parents' entries, then its imports'.
    fn bill(&mut self, path: &'p str, stack: &mut Vec<&'p str>) -> Rc<Bill> {
        if let Some(bill) = self.bills.get(path) {
            return Rc::clone(bill);
        }
        let lineage = self.lineage(path);
        let mut bill = Bill::default();
        if let Some(link) = lineage.missing {
            bill.missing.push(format!("parent {}", link.coordinates.as_deref().unwrap_or("")));
        }
        let last_counts = lineage.imports();
        let mut seen = HashSet::new();
        for layer in &lineage.layers {
            if !self.may(layer.manifest.managed.len()) {
                break;
            }
            for package in layer.manifest.managed.iter().filter(|it| seen.insert(key_of(&it.name, it))) {
                let key = filled_key(package, &lineage.properties);
                let entry = managed(package, &lineage.properties);
                if last_counts {
                    bill.managed.insert(key, entry);
                } else {
                    bill.managed.entry(key).or_insert(entry);
                }
            }
        }
        let mut missing = std::mem::take(&mut bill.missing);
        for import in self.imports(path, &lineage, stack, &mut missing) {
            if !self.may(import.managed.len()) {
                break;
            }
            for (key, entry) in &import.managed {
                bill.managed.entry(key.clone()).or_insert_with(|| entry.clone());
            }
        }
        bill.missing = missing;
        let bill = Rc::new(bill);
        self.bills.insert(path, Rc::clone(&bill));
        bill
    }
}

fn filled_key(package: &Package, properties: &Properties<'_>) -> String {
    properties.fill(&key_of(&package.name, package)).text
}

fn managed(package: &Package, properties: &Properties<'_>) -> Managed {
    let filled = package.requirement.as_deref().map(|requirement| properties.fill(requirement));
    let (requirement, unknown) = match filled {
        Some(filled) => (Some(filled.text), filled.unknown),
        None => (None, None),
    };
    Managed { requirement, unknown, scope: (!package.inherits).then_some(package.scope) }
}

/// Gives a dependency its version and scope. The reason why it has no version, where it has none.
fn settle(
    package: &mut Package,
    lineage: &Lineage<'_>,
    open: &Open<'_>,
    bills: &[Rc<Bill>],
    missing: &[String],
) -> Option<String> {
    let properties = &lineage.properties;
    package.name = properties.fill(&package.name).text;
    for (_, value) in &mut package.qualifiers {
        *value = properties.fill(value).text;
    }
    let key = key_of(&package.name, package);
    let plain = lineage.layers.iter().enumerate();
    let plain = plain.filter_map(|(depth, layer)| Some((depth, *layer.managed.get(&key)?))).next();
    let all = plain.into_iter().chain(open.get(&key).into_iter().flatten().copied());
    let place = |(depth, package): &(usize, &Package)| (*depth, package.span.start);
    let own = if lineage.imports() { all.max_by_key(place) } else { all.min_by_key(place) };
    let own = own.map(|(_, package)| managed(package, properties));
    let rule = own.or_else(|| bills.iter().find_map(|bill| bill.managed.get(&key).cloned()));
    let mut unknown = None;
    match (&package.requirement, &rule) {
        (Some(requirement), _) => {
            let filled = properties.fill(requirement);
            package.requirement = Some(filled.text);
            unknown = filled.unknown;
        }
        (None, Some(rule)) => {
            package.requirement.clone_from(&rule.requirement);
            unknown.clone_from(&rule.unknown);
        }
        (None, None) => {}
    }
    // Whether a dependency is optional is not managed, and stays under a managed scope that runs.
    if let Some(scope) = rule.and_then(|rule| rule.scope).filter(|_| package.inherits)
        && matches!(scope, Scope::Build | Scope::Development)
    {
        package.scope = scope;
    }
    package.version = package.requirement.as_deref().and_then(format::maven_exact);
    if package.version.is_some() {
        return None;
    }
    let absent = if missing.is_empty() {
        String::new()
    } else {
        format!("; not among the files: {}", missing.join(", "))
    };
    let name = &package.name;
    match (&package.requirement, unknown) {
        (_, Some(unknown)) => {
            Some(format!("no file says what ${{{unknown}}} is, the version of {name}{absent}"))
        }
        (None, None) => Some(format!("no file states the version of {name}{absent}")),
        // A range is a wish that was understood.
        (Some(_), None) => None,
    }
}

fn root_of(lineage: &Lineage<'_>) -> Root {
    let Some(root) = lineage.layers.first().and_then(|layer| layer.manifest.root.as_ref()) else {
        return Root::default();
    };
    let fill = |text: &String| lineage.properties.fill(text).text;
    // Licences are inherited as a whole where a project states none.
    let licences = lineage
        .layers
        .iter()
        .filter_map(|layer| layer.manifest.root.as_ref())
        .map(|root| &root.licences)
        .find(|licences| !licences.is_empty());
    Root {
        name: root.name.as_ref().map(fill),
        version: root.version.as_ref().map(fill),
        licences: licences.cloned().unwrap_or_default(),
    }
}

fn coordinates_of(lineage: &Lineage<'_>, parent: Option<&Link>) -> HashMap<&'static str, String> {
    let mut out = HashMap::new();
    let root = lineage.layers.first().and_then(|layer| layer.manifest.root.as_ref());
    if let Some((group, artifact)) =
        root.and_then(|root| root.name.as_deref()).and_then(|name| name.split_once(':'))
    {
        out.insert("groupId", group.to_owned());
        out.insert("artifactId", artifact.to_owned());
    }
    if let Some(version) = root.and_then(|root| root.version.clone()) {
        out.insert("version", version);
    }
    let parent = parent.and_then(|link| link.coordinates.as_deref());
    if let Some((name, version)) = parent.and_then(|it| it.rsplit_once(':'))
        && let Some((group, artifact)) = name.split_once(':')
    {
        out.insert("parent.groupId", group.to_owned());
        out.insert("parent.artifactId", artifact.to_owned());
        out.insert("parent.version", version.to_owned());
    }
    out
}

/// A path below the root of the tree; `None` where it leads out.
fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
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

#[cfg(test)]
#[path = "maven_tests.rs"]
mod tests;
