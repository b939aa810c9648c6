//! From the name of a package to the names under which code imports it. One file per ecosystem whose names differ.

pub mod maven;
pub mod npm;
pub mod python;

use crate::Ecosystem;
use bartizan_model::Language;

/// Languages that import from the same packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    Python,
    JavaScript,
    Go,
    Rust,
    Jvm,
}

impl Family {
    /// Whose packages these are; `None` where the languages that import them are not analysed.
    pub fn of_ecosystem(ecosystem: Ecosystem) -> Option<Self> {
        Some(match ecosystem {
            Ecosystem::PyPi => Self::Python,
            Ecosystem::Npm => Self::JavaScript,
            Ecosystem::Go => Self::Go,
            Ecosystem::CratesIo => Self::Rust,
            Ecosystem::Maven => Self::Jvm,
            _ => return None,
        })
    }

    /// Whose source this is.
    pub fn of_language(language: Language) -> Option<Self> {
        Some(match language {
            Language::Python => Self::Python,
            Language::JavaScript | Language::TypeScript => Self::JavaScript,
            Language::Go => Self::Go,
            Language::Rust => Self::Rust,
            Language::Java | Language::Kotlin => Self::Jvm,
            _ => return None,
        })
    }

    /// As people call it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Python => "Python",
            Self::JavaScript => "JavaScript",
            Self::Go => "Go",
            Self::Rust => "Rust",
            Self::Jvm => "Java",
        }
    }

    /// What stands between the parts of a module.
    pub fn separator(self) -> char {
        match self {
            Self::Python | Self::Jvm => '.',
            Self::JavaScript | Self::Go => '/',
            Self::Rust => ':',
        }
    }
}

/// The modules by which a package may be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modules {
    /// Module names; what lies below them counts too.
    pub names: Vec<String>,
    /// The names are known, not guessed: their absence tells something.
    pub certain: bool,
}
