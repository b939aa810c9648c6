//! From the names that calls use to functions of other files.
//!
//! What a name means depends on the language: a path of a module file (Python, JavaScript, Go) or a package and class
//! (Java and its kin); for the rest, a name that only one file of the program has.

use super::export::{ArgumentName, FileSummary, FunctionSummary};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// A function, by file and place in its summary.
pub(super) type FunctionId = (u32, u32);

/// The most functions that one call may mean.
const MOST: usize = 8;

/// What a call means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) function: FunctionId,
    /// Whether the call makes the object that the function is given as receiver.
    pub(super) makes: bool,
}

type Known<'s> = HashMap<(&'s str, &'s str, &'s str), Rc<[Target]>, foldhash::fast::RandomState>;

/// Functions by name.
pub(super) struct Index<'s> {
    files: &'s [(&'s str, &'s FileSummary)],
    by_name: BTreeMap<(&'s str, &'s str), Vec<FunctionId>>,
    constructors: BTreeMap<(&'s str, &'s str), Vec<FunctionId>>,
    /// What importing a file as a whole gives, by the name of its module.
    defaults: BTreeMap<(&'s str, &'s str), Vec<FunctionId>>,
    /// The last part of each file's module.
    modules: Vec<&'s str>,
    /// What candidates mean, by language, directory of the call, and name.
    known: RefCell<Known<'s>>,
    /// Simple names of classes that inherit from one of that simple name.
    children: BTreeMap<(&'s str, &'s str), Vec<&'s str>>,
    parents: BTreeMap<(&'s str, &'s str), Vec<&'s str>>,
}

fn simple(name: &str) -> &str {
    name.rsplit(['.', '/', ':', '\\']).next().unwrap_or(name)
}

/// Endings that an import may write out.
const ENDINGS: [&str; 6] = ["js", "ts", "mjs", "cjs", "jsx", "tsx"];

/// What imports call a file: its name, or that of its folder for the file that stands for the folder.
fn module(path: &str) -> &str {
    let stem = stem(path);
    let whole = stem.strip_suffix("/__init__").or_else(|| stem.strip_suffix("/index")).unwrap_or(stem);
    whole.rsplit(['/', '.']).next().unwrap_or(whole)
}

/// The last part of a module's name as imports write it.
fn last_of_module(name: &str) -> &str {
    let last = simple(name);
    match name.strip_suffix(last).and_then(|rest| rest.strip_suffix('.')) {
        Some(rest) if ENDINGS.contains(&last) => simple(rest),
        _ => last,
    }
}

/// A path without its ending.
fn stem(path: &str) -> &str {
    match path.rsplit_once('.') {
        Some((stem, ending)) if !ending.contains('/') => stem,
        _ => path,
    }
}

fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}

/// A path relative to a directory, without `.` and `..`.
fn join(directory: &str, relative: &str) -> String {
    let mut parts: Vec<&str> = directory.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Whether the last parts of `long` are `short`.
fn ends_with_parts(long: &str, short: &str, separator: char) -> bool {
    long == short
        || long.strip_suffix(short).is_some_and(|rest| rest.ends_with(separator)) && !short.is_empty()
}

impl<'s> Index<'s> {
    pub(super) fn new(files: &'s [(&'s str, &'s FileSummary)]) -> Self {
        let mut out = Self {
            files,
            by_name: BTreeMap::new(),
            constructors: BTreeMap::new(),
            defaults: BTreeMap::new(),
            modules: files.iter().map(|(path, _)| module(path)).collect(),
            known: RefCell::default(),
            children: BTreeMap::new(),
            parents: BTreeMap::new(),
        };
        for (number, (_, file)) in files.iter().enumerate() {
            let language = file.language.as_str();
            for (index, function) in file.functions.iter().enumerate() {
                let id = (number as u32, index as u32);
                if !function.name.is_empty() {
                    out.by_name.entry((language, &function.name)).or_default().push(id);
                }
                if function.is_constructor {
                    out.constructors.entry((language, &function.class)).or_default().push(id);
                }
                if function.is_default {
                    out.defaults.entry((language, out.modules[number])).or_default().push(id);
                }
            }
            for class in &file.classes {
                for parent in &class.supers {
                    let parent = simple(parent);
                    out.children.entry((language, parent)).or_default().push(&class.name);
                    out.parents.entry((language, &class.name)).or_default().push(parent);
                }
            }
        }
        out
    }

    pub(super) fn function(&self, id: FunctionId) -> Option<&'s FunctionSummary> {
        self.files.get(id.0 as usize)?.1.functions.get(id.1 as usize)
    }

    /// The functions that a call of a file may mean, in a fixed order.
    pub(super) fn targets(&self, file: u32, call: u32) -> Vec<Target> {
        let Some((path, summary)) = self.files.get(file as usize) else { return Vec::new() };
        let Some(call) = summary.calls.get(call as usize) else { return Vec::new() };
        for candidate in &call.candidates {
            let found = self.named(path, summary, candidate);
            if !found.is_empty() {
                return found.to_vec();
            }
        }
        Vec::new()
    }

    fn named(&self, path: &'s str, summary: &'s FileSummary, candidate: &'s str) -> Rc<[Target]> {
        let key = (summary.language.as_str(), directory(path), candidate);
        if let Some(known) = self.known.borrow().get(&key) {
            return Rc::clone(known);
        }
        let mut found = self.look_up(path, summary, candidate);
        found.truncate(MOST);
        let found: Rc<[Target]> = found.into();
        self.known.borrow_mut().insert(key, Rc::clone(&found));
        found
    }

    fn look_up(&self, path: &'s str, summary: &'s FileSummary, candidate: &'s str) -> Vec<Target> {
        let language = summary.language.as_str();
        let name = simple(candidate);
        let qualifier = candidate.strip_suffix(name).unwrap_or("").trim_end_matches(['.', '/', ':', '\\']);
        let class = simple(qualifier);
        let mut out = Vec::new();
        // `Class.method` and what overrides or bequeaths it.
        let family = self.family(language, class);
        let of_name = self.by_name.get(&(language, name)).map_or(&[][..], Vec::as_slice);
        let module = last_of_module(candidate);
        let defaults = self.defaults.get(&(language, module)).map_or(&[][..], Vec::as_slice);
        let of_modules = matches!(language, "python" | "javascript" | "typescript") && !class.is_empty();
        let module_of_name = last_of_module(qualifier);
        for id in of_name.iter().chain(defaults) {
            let (Some(function), Some((own_path, own))) = (self.function(*id), self.files.get(id.0 as usize))
            else {
                continue;
            };
            let fits = if function.class.is_empty() {
                let elsewhere = of_modules && self.modules.get(id.0 as usize) != Some(&module_of_name);
                (!elsewhere || function.is_default)
                    && self.fits(path, summary, own_path, own, candidate, "", function)
            } else {
                let related = family.contains(&function.class.as_str());
                let direct = function.class == class;
                related
                    && (!direct
                        || self.fits(path, summary, own_path, own, candidate, &function.class, function))
            };
            if fits && out.iter().all(|known: &Target| known.function != *id) {
                out.push(Target { function: *id, makes: false });
            }
        }
        if out.is_empty() {
            for id in self.constructors.get(&(language, name)).map_or(&[][..], Vec::as_slice) {
                let (Some(function), Some((own_path, own))) =
                    (self.function(*id), self.files.get(id.0 as usize))
                else {
                    continue;
                };
                if self.fits(path, summary, own_path, own, candidate, &function.class, function) {
                    out.push(Target { function: *id, makes: true });
                }
            }
        }
        out
    }

    /// A class, what inherits from it, and what it inherits from.
    fn family(&self, language: &'s str, class: &'s str) -> Vec<&'s str> {
        let mut out = vec![class];
        for edges in [&self.children, &self.parents] {
            let mut queue = vec![class];
            while let Some(at) = queue.pop() {
                for next in edges.get(&(language, at)).into_iter().flatten() {
                    if !out.contains(next) && out.len() < 64 {
                        out.push(next);
                        queue.push(next);
                    }
                }
            }
        }
        out
    }

    /// Whether a function of another file (`class`: of that class) is what a candidate of a file names.
    #[expect(clippy::too_many_arguments, reason = "two sides of one comparison")]
    fn fits(
        &self,
        path: &str,
        summary: &FileSummary,
        own_path: &str,
        own: &FileSummary,
        candidate: &str,
        class: &str,
        function: &FunctionSummary,
    ) -> bool {
        let member = match (class.is_empty(), function.is_constructor && !candidate.ends_with(&function.name))
        {
            (true, _) => function.name.clone(),
            (false, true) => class.to_owned(),
            (false, false) => format!("{class}.{}", function.name),
        };
        match summary.language.as_str() {
            "python" => python_fits(path, own_path, candidate, &member),
            "javascript" | "typescript" => {
                javascript_fits(path, own_path, candidate, &member, function.is_default)
            }
            "go" => go_fits(path, own_path, candidate, &member),
            "java" | "kotlin" | "scala" | "csharp" => {
                let full =
                    if own.package.is_empty() { member.clone() } else { format!("{}.{member}", own.package) };
                // An interface's method is inherited: its class part may be another of the family.
                full == candidate || ends_with_parts(&full, candidate, '.') && !is_qualified(candidate)
            }
            _ => {
                let tail = candidate.rsplit(['/', '\\']).next().unwrap_or(candidate).replace("::", ".");
                ends_with_parts(&tail, &member, '.') || ends_with_parts(&member, &tail, '.')
            }
        }
    }
}

/// Whether a name starts with a package.
fn is_qualified(name: &str) -> bool {
    name.contains('.') && name.starts_with(char::is_lowercase)
}

fn python_fits(path: &str, own_path: &str, candidate: &str, member: &str) -> bool {
    let module = stem(own_path).replace('/', ".");
    let module = module.strip_suffix(".__init__").unwrap_or(&module);
    let full = format!("{module}.{member}");
    let dots = candidate.bytes().take_while(|byte| *byte == b'.').count();
    if dots == 0 {
        return ends_with_parts(&full, candidate, '.');
    }
    let mut base = directory(path);
    for _ in 1..dots {
        base = directory(base);
    }
    let rest = candidate.trim_start_matches('.');
    let wanted = if base.is_empty() { rest.to_owned() } else { format!("{}.{rest}", base.replace('/', ".")) };
    full == wanted
}

fn javascript_fits(path: &str, own_path: &str, candidate: &str, member: &str, is_default: bool) -> bool {
    let own = stem(own_path);
    let own = own.strip_suffix("/index").unwrap_or(own);
    let relative = candidate.starts_with('.');
    let wanted = if relative {
        join(directory(path), candidate)
    } else {
        candidate.trim_start_matches(['@', '~', '/']).to_owned()
    };
    let same = |full: &str| if relative { full == wanted } else { ends_with_parts(full, &wanted, '/') };
    // The module may be written with its ending.
    let with_ending = |rest: &str| {
        let endings = ["", ".js", ".ts", ".mjs", ".cjs", ".jsx", ".tsx"];
        endings.iter().any(|ending| same(&format!("{own}{ending}{rest}")))
    };
    with_ending(&format!(".{member}")) || is_default && with_ending("")
}

fn go_fits(path: &str, own_path: &str, candidate: &str, member: &str) -> bool {
    let own = directory(own_path);
    let Some(package) = candidate.strip_suffix(member).and_then(|rest| rest.strip_suffix('.')) else {
        return candidate == member && own == directory(path);
    };
    ends_with_parts(package, own, '/')
        || ends_with_parts(own, package, '/')
        || package.rsplit('/').next() == own.rsplit('/').next() && package.contains('/')
        || !package.contains('/') && own.rsplit('/').next() == Some(package)
}

/// Which parameter of a function an argument lands in; `None` for the receiver.
pub(super) fn parameter(function: &FunctionSummary, argument: &ArgumentName) -> Option<u16> {
    match argument {
        ArgumentName::This => None,
        ArgumentName::Position(index) => Some(*index),
        ArgumentName::Keyword(name) => {
            function.parameters.iter().position(|parameter| parameter == name).map(|index| index as u16)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_found_by_path() {
        assert!(python_fits("app/views.py", "app/util/db.py", ".util.db.run", "run"));
        assert!(python_fits("app/views.py", "src/app/util.py", "app.util.Box.get", "Box.get"));
        assert!(!python_fits("app/views.py", "lib/util.py", "app.util.run", "run"));
        assert!(javascript_fits("src/a/x.js", "src/b/y.js", "../b/y.run", "run", false));
        assert!(javascript_fits("src/a/x.ts", "src/b/index.ts", "../b", "run", true));
        assert!(javascript_fits("src/a/x.js", "src/a/y.js", "./y.js.run", "run", false));
        assert!(!javascript_fits("src/a/x.js", "src/c/y.js", "../b/y.run", "run", false));
        assert!(go_fits("cmd/main.go", "internal/db/q.go", "example.com/app/internal/db.Run", "Run"));
        assert!(go_fits("cmd/main.go", "cmd/other.go", "helper", "helper"));
        assert!(!go_fits("cmd/main.go", "pkg/other.go", "helper", "helper"));
    }
}
