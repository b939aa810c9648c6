//! Which packages the source code uses, as far as it shows.
//!
//! Two steps, apart so that another analysis can stand in for the first: [`file_use`] reads one file and tells what it
//! imports and which names it reaches through that; [`Index`] puts all files of a scan together and judges a package.
//!
//! The scanners here are lexers, not parsers: they know comments, strings and import statements exactly, and everything
//! else only as names. They run over every source file of a tree, so each is one pass, in linear time and without
//! recursion. What cannot be known from names alone (a module whose name is computed, a value whose type is not visible)
//! is told as such: [`FileUse::dynamic`], [`FileUse::truncated`] and [`Usage::Unknown`](bartizan_model::Usage::Unknown).

mod collect;
mod go;
mod index;
mod javascript;
mod jvm;
mod lex;
mod names;
mod paths;
mod python;
mod rust;
mod symbol;

pub use index::{Evidence, Index, Judgement};
pub use symbol::VulnerableSymbol;

use bartizan_model::Language;
use serde::{Deserialize, Serialize};

/// Bytes that one [`FileUse`] takes at most, encoded by postcard.
pub const MAX_ENCODED: usize = 64 * 1024;

/// What one source file uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileUse {
    /// The language; component files of Vue and Svelte count as JavaScript.
    pub language: Language,
    /// The whole file is test code, by its path or by its first line.
    pub is_test: bool,
    /// What it imports, sorted by module. The language's own library and the file's own project are left out where
    /// names tell; Go's standard library stays, because advisories speak of it.
    pub imports: Vec<Import>,
    /// Names that are called on values (`.name(`), and after a wildcard import also bare names that are called; sorted.
    pub calls: Vec<Call>,
    /// Line of the first place that loads a module whose name is computed.
    pub dynamic: Option<u32>,
    /// A bound was reached: what is told is true, but not all.
    pub truncated: bool,
}

impl FileUse {
    /// A file that uses nothing yet.
    pub fn new(language: Language, is_test: bool) -> Self {
        Self { language, is_test, imports: Vec::new(), calls: Vec::new(), dynamic: None, truncated: false }
    }
}

impl Default for FileUse {
    fn default() -> Self {
        Self::new(Language::Unknown, false)
    }
}

/// A module that a file imports.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Import {
    /// As the language names it: `yaml`, `lodash/fp`, `golang.org/x/text/language`, `org.apache.logging.log4j.core`; in
    /// Rust the crate alone.
    pub module: String,
    /// Only test code imports it here: a test module within the file, or a file of tests.
    pub test: bool,
    /// Everything in it is brought into scope, so that its names appear bare.
    pub wildcard: bool,
    /// Line of the first import, from 1.
    pub line: u32,
    /// Names used through it; sorted, each once.
    pub symbols: Vec<Symbol>,
}

/// A name used through an import.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Symbol {
    /// Relative to the module, with the language's separator: `load`, `Decoder.Decode`, `de::from_str`.
    pub name: String,
    /// Line where it was first seen, from 1.
    pub line: u32,
}

/// A name that is called, without telling on what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Call {
    /// The name alone.
    pub name: String,
    /// The call stands in test code.
    pub test: bool,
    /// Line where it was first seen, from 1.
    pub line: u32,
}

/// What one file uses, from its bytes alone; `None` where its language is not analysed.
///
/// The path tells whether the file is a test, and in HTML's language whether it is a component file with a script.
/// Bytes that are not valid UTF-8 do no harm: names with such bytes are told with replacement characters.
///
/// ```
/// use bartizan_model::Language;
///
/// let found = bartizan_packages::reach::file_use("app/load.py", Language::Python, b"import yaml as y\ny.load(x)\n");
/// let import = &found.unwrap().imports[0];
/// assert_eq!((import.module.as_str(), import.symbols[0].name.as_str()), ("yaml", "load"));
/// ```
pub fn file_use(path: &str, language: Language, bytes: &[u8]) -> Option<FileUse> {
    let is_test = paths::is_test(path, language);
    Some(match language {
        Language::Python => python::scan(bytes, is_test),
        Language::JavaScript | Language::TypeScript => javascript::scan(language, bytes, is_test),
        Language::Html if path.ends_with(".vue") || path.ends_with(".svelte") => {
            javascript::scan_component(bytes, is_test)
        }
        Language::Go => go::scan(bytes, is_test),
        Language::Rust => rust::scan(bytes, is_test),
        Language::Java | Language::Kotlin => jvm::scan(language, bytes, is_test),
        _ => return None,
    })
}
