//! All files of a scan together, and what they tell of a package.

use super::names::{Family, Modules, maven, npm, python};
use super::symbol::VulnerableSymbol;
use super::{FileUse, Import, paths};
use crate::Ecosystem;
use bartizan_model::Usage;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;

/// Places that a judgement names at most.
const MAX_EVIDENCE: usize = 5;
/// Imports of one package that are searched for an advisory's names at most, and names of one package.
const MAX_SEARCHED: usize = 20_000;

/// Whether code uses a package, and why that is thought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The state.
    pub usage: Usage,
    /// In a few words, lower case.
    pub reason: String,
    /// Where it shows, in the order of paths; at most five.
    pub evidence: Vec<Evidence>,
}

/// A place that shows use of a package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// The file.
    pub path: String,
    /// Line, from 1.
    pub line: u32,
    /// What stands there, in words: `` uses `load` of `yaml` ``.
    pub text: String,
}

/// What all files of a scan use, ready to be asked.
///
/// ```
/// use bartizan_model::{Language, Usage};
/// use bartizan_packages::Ecosystem;
/// use bartizan_packages::reach::{Index, file_use};
///
/// let file = file_use("app/main.py", Language::Python, b"import yaml\n").unwrap();
/// let index = Index::new([("app/main.py", &file)].into_iter());
/// let judged = index.usage(Ecosystem::PyPi, "PyYAML", "", &[], Some(true));
/// assert_eq!(judged.usage, Usage::Imported);
/// assert_eq!((judged.evidence[0].path.as_str(), judged.evidence[0].line), ("app/main.py", 1));
/// ```
pub struct Index<'a> {
    files: Vec<File<'a>>,
    /// Of each family, where each module is imported. In Python modules are in lower case: guesses are made without case.
    imports: BTreeMap<(Family, String), Vec<Place>>,
    /// Of each family, in the order of files: whether it is test code, and what keeps "not seen" from being said.
    read: HashMap<Family, Vec<Read>>,
    /// Names told from outside: packages under other names, and what installed metadata says.
    told: HashMap<(Ecosystem, String), Vec<String>>,
    /// Go modules of the project, so that an import goes to the longest that fits.
    go_modules: BTreeSet<String>,
}

struct File<'a> {
    path: &'a str,
    used: &'a FileUse,
}

#[derive(Clone, Copy)]
struct Place {
    file: usize,
    import: usize,
}

struct Read {
    file: usize,
    /// Line and words of what might import anything.
    doubt: Option<(u32, String)>,
}

impl<'a> Index<'a> {
    /// From files with their paths, as many and in whatever order. Copies of others' code in the tree (`node_modules`, `vendor`,
    /// virtual environments) are left out.
    pub fn new(files: impl Iterator<Item = (&'a str, &'a FileUse)>) -> Self {
        let mut files: Vec<File<'a>> = files
            .filter(|(path, _)| !paths::is_foreign(path))
            .map(|(path, used)| File { path, used })
            .collect();
        files.sort_unstable_by_key(|file| file.path);
        files.dedup_by_key(|file| file.path);
        let own = own_python_modules(&files);
        let mut imports: BTreeMap<(Family, String), Vec<Place>> = BTreeMap::new();
        let mut read: HashMap<Family, Vec<Read>> = HashMap::new();
        for (number, file) in files.iter().enumerate() {
            let Some(family) = Family::of_language(file.used.language) else { continue };
            for (import, found) in file.used.imports.iter().enumerate() {
                let module = match family {
                    Family::Python => found.module.to_lowercase(),
                    _ => found.module.clone(),
                };
                imports.entry((family, module)).or_default().push(Place { file: number, import });
            }
            if !file.used.is_test {
                read.entry(family)
                    .or_default()
                    .push(Read { file: number, doubt: doubt(family, file.used, &own) });
            }
        }
        Self { files, imports, read, told: HashMap::new(), go_modules: BTreeSet::new() }
    }

    /// A module by which a package is imported in this project: a renamed dependency of Cargo or npm, or what the installed
    /// metadata of a Python distribution lists as top level. May be called several times for one package.
    pub fn tell(&mut self, ecosystem: Ecosystem, package: &str, module: &str) {
        let module = match ecosystem {
            Ecosystem::CratesIo => module.replace('-', "_"),
            _ => module.to_owned(),
        };
        self.told.entry((ecosystem, ecosystem.normalise_name(package))).or_default().push(module);
    }

    /// A Go module that the project has. An import belongs to the longest module that fits, so all of them should be told.
    pub fn tell_go_module(&mut self, module: &str) {
        self.go_modules.insert(module.to_owned());
    }

    /// Whether the code below a folder (`""` for all) uses a package.
    ///
    /// `direct` tells whether the project asks for the package itself. Where it does not, or that is not known, missing imports
    /// prove nothing: another package may use it.
    pub fn usage(
        &self,
        ecosystem: Ecosystem,
        package: &str,
        project_folder: &str,
        vulnerable: &[VulnerableSymbol],
        direct: Option<bool>,
    ) -> Judgement {
        let Some(family) = Family::of_ecosystem(ecosystem) else {
            return unknown("the languages that import it are not analysed");
        };
        let name = ecosystem.normalise_name(package);
        let range = self.folder(project_folder);
        let (places, certain) = self.places(ecosystem, family, &name, &range);
        let (run, tested): (Vec<Place>, Vec<Place>) =
            places.into_iter().partition(|place| self.import(place).is_some_and(|import| !import.test));
        if !run.is_empty() {
            let used = self.used(family, &run, vulnerable);
            return if used.is_empty() {
                let reason = match vulnerable {
                    [] => "code imports it".to_owned(),
                    _ => "code imports it; none of the names in the advisory was seen".to_owned(),
                };
                Judgement { usage: Usage::Imported, reason, evidence: self.imported(&run) }
            } else {
                let reason = "code uses what the advisory names".to_owned();
                Judgement { usage: Usage::Used, reason, evidence: used }
            };
        }
        let mut judged = self.not_imported(ecosystem, family, &name, &range, certain, direct);
        if !tested.is_empty() && judged.evidence.is_empty() {
            judged.reason.push_str("; tests import it");
            judged.evidence = self.imported(&tested);
        }
        judged
    }

    /// No code that is not a test imports it: whether that tells something.
    fn not_imported(
        &self,
        ecosystem: Ecosystem,
        family: Family,
        name: &str,
        range: &Range<usize>,
        certain: bool,
        direct: Option<bool>,
    ) -> Judgement {
        let read = self.read.get(&family).map(Vec::as_slice).unwrap_or_default();
        let from = read.partition_point(|read| read.file < range.start);
        let to = read.partition_point(|read| read.file < range.end);
        let read = &read[from..to];
        if read.is_empty() {
            return unknown(&format!("no {} source was read", family.word()));
        }
        match direct {
            Some(true) => {}
            Some(false) => return unknown("another package brings it in"),
            None => return unknown("no file tells whether the project asks for it itself"),
        }
        let by_name = match ecosystem {
            Ecosystem::PyPi => python::is_loaded_by_name(name),
            Ecosystem::Npm => npm::is_loaded_by_name(name),
            Ecosystem::Maven => maven::is_loaded_by_name(name),
            _ => false,
        };
        if by_name {
            return unknown("packages of its kind are used without an import");
        }
        if !certain {
            return unknown("under which names code imports it is not known");
        }
        if let Some((read, (line, text))) =
            read.iter().find_map(|read| read.doubt.as_ref().map(|doubt| (read, doubt)))
        {
            let path = self.files[read.file].path.to_owned();
            let evidence = vec![Evidence { path, line: *line, text: text.clone() }];
            return Judgement { evidence, ..unknown("some code may import anything") };
        }
        let reason = format!("no import in {} {} files", read.len(), family.word());
        Judgement { usage: Usage::NotSeen, reason, evidence: Vec::new() }
    }

    /// Where the package is imported, and whether its modules' names are known for certain.
    fn places(
        &self,
        ecosystem: Ecosystem,
        family: Family,
        name: &str,
        range: &Range<usize>,
    ) -> (Vec<Place>, bool) {
        let told = self.told.get(&(ecosystem, name.to_owned()));
        let modules = match (family, told) {
            // A renamed dependency has no other name; npm's and Python's own names hold beside what is told.
            (Family::Rust, Some(names)) => Modules { names: names.clone(), certain: true },
            (Family::Rust, None) => Modules { names: vec![name.replace('-', "_")], certain: true },
            (Family::Python, Some(names)) => Modules { names: names.clone(), certain: true },
            (Family::Python, None) => python::modules(name),
            (Family::JavaScript | Family::Go | Family::Jvm, _) => {
                let known = match family {
                    Family::Jvm => maven::modules(name),
                    _ => Some(Modules { names: vec![name.to_owned()], certain: true }),
                };
                let mut modules = known.unwrap_or(Modules { names: Vec::new(), certain: false });
                modules.names.extend(told.into_iter().flatten().cloned());
                modules
            }
        };
        let mut places = Vec::new();
        for module in &modules.names {
            self.below(family, module, range, &mut places);
        }
        if family == Family::Jvm
            && modules.names.is_empty()
            && let Some(guess) = maven::Guess::new(name)
        {
            self.walk(family, &guess.prefix, range, |module| guess.matches(module), &mut places);
        }
        places.sort_unstable_by_key(|place| (place.file, place.import));
        places.dedup_by_key(|place| (place.file, place.import));
        (places, modules.certain)
    }

    /// Imports of a module, of what lies below it, and in Python of its parent with its name.
    fn below(&self, family: Family, module: &str, range: &Range<usize>, places: &mut Vec<Place>) {
        // The standard library's packages have no dot in their first part; OSV calls their module `stdlib`.
        if family == Family::Go && module == "stdlib" {
            let standard = |import: &str| !import.split('/').next().unwrap_or(import).contains('.');
            return self.walk(family, "", range, standard, places);
        }
        let lower;
        let module = match family {
            Family::Python => {
                lower = module.to_lowercase();
                lower.as_str()
            }
            _ => module,
        };
        let separator = family.separator();
        let inside = |import: &str| {
            let Some(rest) = import.strip_prefix(module) else { return false };
            if rest.is_empty() {
                return true;
            }
            if !rest.starts_with(separator) || family == Family::Rust {
                return false;
            }
            family != Family::Go || self.is_of_go_module(import, module, rest)
        };
        self.walk(family, module, range, inside, places);
        if family == Family::Python {
            // `from google.cloud import storage`
            for (at, _) in module.match_indices('.') {
                let (parent, child) = (&module[..at], &module[at + 1..]);
                let Some(found) = self.imports.get(&(family, parent.to_owned())) else { continue };
                places.extend(within(found, range).iter().filter(|place| {
                    self.import(place).is_some_and(|import| {
                        import.symbols.iter().any(|symbol| {
                            let symbol = symbol.name.to_lowercase();
                            symbol == child
                                || symbol.strip_prefix(child).is_some_and(|rest| rest.starts_with('.'))
                        })
                    })
                }));
            }
        }
    }

    /// Imports whose module starts with a text and pleases `wanted`.
    fn walk(
        &self,
        family: Family,
        prefix: &str,
        range: &Range<usize>,
        wanted: impl Fn(&str) -> bool,
        places: &mut Vec<Place>,
    ) {
        let from = (family, prefix.to_owned());
        for ((_, module), found) in self
            .imports
            .range(from..)
            .take_while(|((f, module), _)| *f == family && module.starts_with(prefix))
        {
            if wanted(module) {
                places.extend(within(found, range));
            }
        }
    }

    /// Whether an import below a module's path belongs to that module and to no longer one.
    fn is_of_go_module(&self, import: &str, module: &str, rest: &str) -> bool {
        let next = rest[1..].split('/').next().unwrap_or_default();
        let is_major = next
            .strip_prefix('v')
            .is_some_and(|n| n != "0" && n != "1" && !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
        // A folder `v2` is a module of its own where it is one; in old modules without that it is a folder.
        if is_major && (self.go_modules.is_empty() || self.go_modules.contains(&format!("{module}/{next}"))) {
            return false;
        }
        let longer = import.match_indices('/').map(|(at, _)| at).chain([import.len()]);
        !longer.filter(|at| *at > module.len()).any(|at| self.go_modules.contains(&import[..at]))
    }

    fn used(&self, family: Family, places: &[Place], vulnerable: &[VulnerableSymbol]) -> Vec<Evidence> {
        let mut evidence = Vec::new();
        let mut searched = 0;
        for place in places {
            let Some(import) = self.import(place) else { continue };
            let file = &self.files[place.file];
            for symbol in vulnerable {
                searched += 1;
                if let Some((line, text)) = symbol.used(family, file.used, import) {
                    evidence.push(Evidence { path: file.path.to_owned(), line, text });
                }
                if evidence.len() >= MAX_EVIDENCE || searched >= MAX_SEARCHED {
                    evidence.sort();
                    evidence.dedup();
                    if evidence.len() >= MAX_EVIDENCE || searched >= MAX_SEARCHED {
                        return evidence;
                    }
                }
            }
        }
        evidence.sort();
        evidence.dedup();
        evidence
    }

    fn imported(&self, places: &[Place]) -> Vec<Evidence> {
        let mut evidence: Vec<Evidence> = places
            .iter()
            .take(MAX_EVIDENCE)
            .filter_map(|place| {
                let import = self.import(place)?;
                let text = format!("imports `{}`", import.module);
                Some(Evidence { path: self.files[place.file].path.to_owned(), line: import.line, text })
            })
            .collect();
        evidence.sort();
        evidence
    }

    fn import(&self, place: &Place) -> Option<&'a Import> {
        self.files.get(place.file)?.used.imports.get(place.import)
    }

    /// The files below a folder: they stand together, because paths are in order.
    fn folder(&self, folder: &str) -> Range<usize> {
        let folder = folder.trim_end_matches('/');
        if folder.is_empty() || folder == "." {
            return 0..self.files.len();
        }
        let prefix = format!("{folder}/");
        let from = self.files.partition_point(|file| file.path < prefix.as_str());
        let length = self.files[from..].partition_point(|file| file.path.starts_with(&prefix));
        from..from + length
    }
}

/// The places in files of a range; places are in the order of files.
fn within<'p>(places: &'p [Place], range: &Range<usize>) -> &'p [Place] {
    let from = places.partition_point(|place| place.file < range.start);
    let to = places.partition_point(|place| place.file < range.end);
    &places[from..to]
}

fn unknown(reason: &str) -> Judgement {
    Judgement { usage: Usage::Unknown, reason: reason.to_owned(), evidence: Vec::new() }
}

/// What in a file might import a package without naming it.
///
/// A wildcard import of somebody else's Python module can bring other packages' modules in. In the other languages what a
/// wildcard brings in are names of that package, and each use of another package names it.
fn doubt(family: Family, used: &FileUse, own: &HashSet<&str>) -> Option<(u32, String)> {
    if let Some(line) = used.dynamic {
        return Some((line, "loads a module whose name is computed".to_owned()));
    }
    if used.truncated {
        return Some((1, "more imports than are gathered from one file".to_owned()));
    }
    let foreign = |import: &&Import| {
        let root = import.module.split('.').next().unwrap_or_default();
        family == Family::Python && import.wildcard && !import.test && !own.contains(root)
    };
    let import = used.imports.iter().find(foreign)?;
    Some((import.line, format!("imports everything of `{}`", import.module)))
}

/// Names of folders and files with Python source: modules of the project itself.
fn own_python_modules<'a>(files: &[File<'a>]) -> HashSet<&'a str> {
    let python = files.iter().filter(|file| Family::of_language(file.used.language) == Some(Family::Python));
    python.flat_map(|file| file.path.split('/')).map(|part| part.split('.').next().unwrap_or(part)).collect()
}
