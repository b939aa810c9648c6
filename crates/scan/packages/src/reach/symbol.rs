//! Whether a name that an advisory speaks of is used by a file.

use super::names::Family;
use super::{FileUse, Import};
use serde::{Deserialize, Serialize};

/// A function, method or type that an advisory names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct VulnerableSymbol {
    /// The module as the language names it: Go's import path, Rust's crate, Python's module. Empty: the package as a whole.
    pub module: String,
    /// Relative to the module: `Parse`, `Tag.Parse`, `SmallVec::insert_many`. Empty: whatever is in the module.
    pub symbol: String,
}

/// Methods that so many types have that their name alone tells nothing.
const COMMON_METHODS: &[&str] = &[
    "add",
    "all",
    "any",
    "append",
    "apply",
    "as_bytes",
    "as_mut",
    "as_ptr",
    "as_ref",
    "as_slice",
    "as_str",
    "borrow",
    "build",
    "call",
    "capacity",
    "clear",
    "clone",
    "close",
    "cmp",
    "collect",
    "contains",
    "copy",
    "count",
    "create",
    "default",
    "delete",
    "deref",
    "drain",
    "drop",
    "end",
    "entry",
    "eq",
    "exec",
    "execute",
    "extend",
    "fetch",
    "filter",
    "find",
    "finish",
    "first",
    "flush",
    "fmt",
    "format",
    "free",
    "from",
    "get",
    "get_mut",
    "handle",
    "has",
    "hash",
    "init",
    "insert",
    "into",
    "into_inner",
    "into_iter",
    "is_empty",
    "iter",
    "iter_mut",
    "join",
    "keys",
    "last",
    "len",
    "length",
    "load",
    "lock",
    "log",
    "map",
    "match",
    "name",
    "new",
    "next",
    "open",
    "parse",
    "path",
    "poll",
    "pop",
    "push",
    "put",
    "read",
    "recv",
    "remove",
    "render",
    "replace",
    "reserve",
    "reset",
    "resize",
    "run",
    "send",
    "set",
    "size",
    "sort",
    "split",
    "start",
    "stop",
    "store",
    "swap",
    "take",
    "test",
    "to_owned",
    "to_string",
    "to_vec",
    "truncate",
    "try_from",
    "try_into",
    "unwrap",
    "update",
    "values",
    "verify",
    "wait",
    "with_capacity",
    "write",
    "zip",
    "decode",
    "encode",
    "encrypt",
    "decrypt",
    "validate",
    "process",
    "toString",
    "equals",
];

impl VulnerableSymbol {
    /// From a full path as RUSTSEC's `affects.functions` has it: `smallvec::SmallVec::insert_many`. Type arguments and what
    /// stands in an impl's angle brackets are left out.
    pub fn from_rust_path(path: &str) -> Self {
        let mut depth = 0usize;
        let plain: String = path
            .chars()
            .filter(|c| {
                match c {
                    '<' => depth += 1,
                    '>' => {
                        depth = depth.saturating_sub(1);
                        return false;
                    }
                    _ => {}
                }
                depth == 0
            })
            .collect();
        let mut parts = plain.split("::").map(str::trim).filter(|part| !part.is_empty());
        let module = parts.next().unwrap_or_default().to_owned();
        Self { module, symbol: parts.collect::<Vec<_>>().join("::") }
    }

    /// Of a module as OSV's Go records name it in `ecosystem_specific.imports`.
    pub fn new(module: impl Into<String>, symbol: impl Into<String>) -> Self {
        Self { module: module.into(), symbol: symbol.into() }
    }

    /// Whether the file uses it through this import of its package; then the line and the words that say so.
    pub(super) fn used(&self, family: Family, file: &FileUse, import: &Import) -> Option<(u32, String)> {
        let wanted: Vec<&str> = split(&self.symbol);
        let Some(last) = wanted.last() else {
            let inside = is_or_below(&import.module, &self.module, family);
            return inside
                .then(|| (import.line, format!("imports `{}`, which the advisory names", import.module)));
        };
        // In Go the package is the unit; the others reach a name by several modules.
        if family == Family::Go && import.module != self.module {
            return None;
        }
        for symbol in &import.symbols {
            if self.is_named_by(family, &wanted, &import.module, &symbol.name) {
                return Some((symbol.line, format!("uses `{}` of `{}`", symbol.name, import.module)));
            }
        }
        let owner = wanted.len().checked_sub(2).map(|at| wanted[at]).filter(|owner| is_type(family, owner));
        let sees_owner = owner
            .is_some_and(|owner| import.symbols.iter().any(|symbol| split(&symbol.name).contains(&owner)));
        // A destructor is not called by name: having the type is using it.
        if family == Family::Rust && *last == "drop" && sees_owner {
            return Some((import.line, format!("uses the type of `{}`", self.symbol)));
        }
        let first = file.calls.partition_point(|call| call.name.as_str() < *last);
        let named = file.calls[first..].iter().take_while(|call| call.name == *last);
        let call = named.into_iter().find(|call| call.test == import.test)?;
        let likely = match owner {
            // A value's type is not known; a common name wants the type, or in Go its constructor, in sight.
            Some(_) => {
                sees_owner
                    || !is_common(last)
                    || (family == Family::Go && import.symbols.iter().any(|s| constructs(&s.name, owner)))
            }
            // A function is called bare or on a value only after a wildcard import.
            None => import.wildcard,
        };
        likely.then(|| {
            (call.line, format!("calls `{last}`, by name, in a file that imports `{}`", import.module))
        })
    }

    /// Whether a name used in code is this one. Code may reach it by a shorter way, through a re-export, so modules of the
    /// one must be found in order among those of the other.
    fn is_named_by(&self, family: Family, wanted: &[&str], module: &str, used: &str) -> bool {
        let used = split(used);
        // Whole names, where modules are told: `foo` + `de::from_str`.
        let mut wanted_full: Vec<&str> = Vec::new();
        let mut used_full: Vec<&str> = Vec::new();
        if matches!(family, Family::Python | Family::Jvm) && !self.module.is_empty() {
            wanted_full.extend(split(&self.module));
            used_full.extend(split(module));
        }
        wanted_full.extend(wanted);
        used_full.extend(used);
        // What is reached through the wanted name (`Tag` and then `Tag.x`) is use of it as well.
        let Some(last) = wanted.last() else { return false };
        let Some(position) = used_full.iter().rposition(|part| part == last) else { return false };
        let used_head = &used_full[..position];
        let wanted_head = &wanted_full[..wanted_full.len() - 1];
        let owner = wanted.len().checked_sub(2).map(|at| wanted[at]).filter(|owner| is_type(family, owner));
        if let Some(owner) = owner {
            return used_head.last() == Some(&owner);
        }
        // A method of some type is not the function of that name.
        if family != Family::Python && used_head.last().is_some_and(|part| is_type(family, part)) {
            return false;
        }
        is_subsequence(used_head, wanted_head) || is_subsequence(wanted_head, used_head)
    }
}

/// Whether a constructor of the type is named: `NewDecoder` for `Decoder`.
fn constructs(name: &str, owner: Option<&str>) -> bool {
    owner.is_some_and(|owner| name.strip_prefix("New").is_some_and(|rest| rest.starts_with(owner)))
}

fn is_common(method: &str) -> bool {
    let lower = method.to_ascii_lowercase();
    COMMON_METHODS.contains(&method) || COMMON_METHODS.contains(&lower.as_str())
}

/// Whether a part of a name is a type: by convention in capitals; in Go whatever stands before a method is one.
fn is_type(family: Family, part: &str) -> bool {
    family == Family::Go || part.chars().next().is_some_and(char::is_uppercase)
}

fn split(name: &str) -> Vec<&str> {
    name.split(['.', ':']).filter(|part| !part.is_empty()).collect()
}

fn is_or_below(module: &str, root: &str, family: Family) -> bool {
    if root.is_empty() || module == root {
        return true;
    }
    family != Family::Go && module.strip_prefix(root).is_some_and(|rest| rest.starts_with(family.separator()))
}

fn is_subsequence(short: &[&str], long: &[&str]) -> bool {
    let mut long = long.iter();
    short.iter().all(|part| long.any(|other| other == part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rust_paths() {
        for (path, module, symbol) in [
            ("smallvec::SmallVec::insert_many", "smallvec", "SmallVec::insert_many"),
            (
                "crayon::utils::object_pool::ObjectPool<H,T>::free",
                "crayon",
                "utils::object_pool::ObjectPool::free",
            ),
            (
                "diesel::deserialize::FromSql::<Text,Sqlite>::from_sql",
                "diesel",
                "deserialize::FromSql::from_sql",
            ),
            ("prost_types::Timestamp::Into<SystemTime>", "prost_types", "Timestamp::Into"),
            ("", "", ""),
        ] {
            assert_eq!(
                VulnerableSymbol::from_rust_path(path),
                VulnerableSymbol::new(module, symbol),
                "{path}"
            );
        }
    }

    fn named(family: Family, module: &str, symbol: &str, used_module: &str, used: &str) -> bool {
        let wanted = VulnerableSymbol::new(module, symbol);
        wanted.is_named_by(family, &split(symbol), used_module, used)
    }

    #[test]
    fn names_reached_by_other_ways() {
        assert!(named(Family::Rust, "a", "ser::parse", "a", "ser::parse"));
        assert!(named(Family::Rust, "a", "ser::parse", "a", "parse"), "a re-export at the root");
        assert!(!named(Family::Rust, "a", "ser::parse", "a", "de::parse"));
        assert!(named(Family::Rust, "a", "b::T::f", "a", "T::f"));
        assert!(!named(Family::Rust, "a", "b::T::f", "a", "U::f"));
        assert!(!named(Family::Rust, "a", "f", "a", "T::f"));
        assert!(named(Family::Go, "x.org/a", "Tag.Parse", "x.org/a", "Tag.Parse"));
        assert!(!named(Family::Go, "x.org/a", "Tag.Parse", "x.org/a", "Parse"));
        assert!(named(Family::Python, "a.b", "f", "a.b", "f"));
        assert!(named(Family::Python, "a.b", "f", "a", "b.f"));
        assert!(!named(Family::Python, "a.b", "f", "a.c", "f"));
        assert!(named(Family::Python, "a.b", "C.f", "a.b", "C.f"));
    }
}
