//! All languages by name, and their tables by grammar number.

use super::{
    Lower, Spec, bash, c, csharp, dockerfile, go, hcl, html, java, javascript, json, kotlin, php, python,
    ruby, rust, scala, solidity, swift, xml, yaml,
};
use std::collections::HashMap;
use std::sync::OnceLock;

macro_rules! languages {
    ($($(#[$doc:meta])* $name:ident = [$($alias:literal)*] $title:literal [$($extension:literal)*],)*) => {
        /// A language that rules can be written for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Language { $($(#[$doc])* $name),* }

        impl Language {
            /// All languages.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The language that a rule names.
            pub fn from_name(name: &str) -> Option<Self> {
                match name.to_ascii_lowercase().as_str() { $($($alias)|* => Some(Self::$name),)* _ => None }
            }

            /// The first of its names in rules.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => [$($alias),*][0]),* }
            }

            /// As people write it.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title),* }
            }

            /// Endings of its files, without the dot.
            pub fn extensions(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($extension),*]),* }
            }
        }
    };
}

languages! {
    /// POSIX shells.
    Bash = ["bash" "sh"] "Bash" ["bash" "sh"],
    /// C.
    C = ["c"] "C" ["c" "h"],
    /// C++.
    Cpp = ["cpp" "c++"] "C++" ["cc" "cpp" "cxx" "c++" "hpp" "hh" "hxx" "h" "h++" "C" "H"],
    /// C#.
    CSharp = ["csharp" "c#"] "C#" ["cs"],
    /// Dockerfile and Containerfile.
    Dockerfile = ["dockerfile" "docker"] "Dockerfile" ["dockerfile" "Dockerfile"],
    /// Text without a grammar.
    Generic = ["generic" "spacegrep" "aliengrep"] "generic" [],
    /// Go.
    Go = ["go" "golang"] "Go" ["go"],
    /// HashiCorp configuration language.
    Hcl = ["terraform" "tf" "hcl"] "Terraform" ["tf" "hcl" "tfvars"],
    /// HTML.
    Html = ["html"] "HTML" ["html" "htm"],
    /// Java.
    Java = ["java"] "Java" ["java"],
    /// JavaScript with JSX.
    JavaScript = ["javascript" "js"] "JavaScript" ["js" "jsx" "cjs" "mjs"],
    /// JSON.
    Json = ["json"] "JSON" ["json" "ipynb"],
    /// Kotlin.
    Kotlin = ["kotlin" "kt"] "Kotlin" ["kt" "kts" "ktm"],
    /// PHP.
    Php = ["php"] "PHP" ["php" "tpl" "phtml"],
    /// Python.
    Python = ["python" "python3" "python2" "py"] "Python" ["py" "pyi"],
    /// Any text, by regular expressions alone.
    Regex = ["regex" "none"] "regex" [],
    /// Ruby.
    Ruby = ["ruby" "rb"] "Ruby" ["rb"],
    /// Rust.
    Rust = ["rust" "rs"] "Rust" ["rs"],
    /// Scala.
    Scala = ["scala"] "Scala" ["scala"],
    /// Solidity.
    Solidity = ["solidity" "sol"] "Solidity" ["sol"],
    /// Swift.
    Swift = ["swift"] "Swift" ["swift"],
    /// TypeScript with TSX.
    TypeScript = ["typescript" "ts"] "TypeScript" ["ts" "tsx" "mts" "cts"],
    /// XML.
    Xml = ["xml"] "XML" ["xml"],
    /// YAML.
    Yaml = ["yaml"] "YAML" ["yml" "yaml"],
}

impl Language {
    /// The grammars that read this language: more than one where dialects need their own. Empty without a grammar.
    pub fn specs(self) -> &'static [&'static Spec] {
        match self {
            Self::CSharp => const { &[&csharp::SPEC] },
            Self::Bash => const { &[&bash::SPEC] },
            Self::C => const { &[&c::SPEC] },
            Self::Cpp => const { &[&c::CPP] },
            Self::Dockerfile => const { &[&dockerfile::SPEC] },
            Self::Go => const { &[&go::SPEC] },
            Self::Hcl => const { &[&hcl::SPEC] },
            Self::Html => const { &[&html::SPEC] },
            Self::Java => const { &[&java::SPEC] },
            Self::JavaScript => const { &[&javascript::SPEC] },
            Self::TypeScript => const { &[&javascript::TYPESCRIPT, &javascript::TSX] },
            Self::Json => const { &[&json::SPEC] },
            Self::Xml => const { &[&xml::SPEC] },
            Self::Kotlin => const { &[&kotlin::SPEC] },
            Self::Yaml => const { &[&yaml::SPEC] },
            Self::Php => const { &[&php::SPEC] },
            Self::Python => const { &[&python::SPEC] },
            Self::Ruby => const { &[&ruby::SPEC] },
            Self::Rust => const { &[&rust::SPEC] },
            Self::Scala => const { &[&scala::SPEC] },
            Self::Solidity => const { &[&solidity::SPEC] },
            Self::Swift => const { &[&swift::SPEC] },
            Self::Generic | Self::Regex => &[],
        }
    }

    /// The grammar for a file of this language.
    pub fn spec_for(self, path: &str) -> Option<&'static Spec> {
        let number = usize::from(self == Self::TypeScript && path.ends_with(".tsx"));
        self.specs().get(number).copied()
    }

    /// All languages that rules for a file may be written for: a C header is one of C++ too.
    pub fn all_of_file(path: &str, first_line: &[u8]) -> Vec<Self> {
        let name = path.rsplit(['/', '\\', '!']).next().unwrap_or(path);
        let Some(first) = Self::of_file(path, first_line) else { return Vec::new() };
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let mut all: Vec<Self> =
            Self::ALL.iter().copied().filter(|language| language.extensions().contains(&extension)).collect();
        if !all.contains(&first) {
            all.push(first);
        }
        all
    }

    /// The language of a file, by its name and, for files without ending, its first line.
    pub fn of_file(path: &str, first_line: &[u8]) -> Option<Self> {
        let name = path.rsplit(['/', '\\', '!']).next().unwrap_or(path);
        let lower = name.to_ascii_lowercase();
        if lower.starts_with("dockerfile") || lower.starts_with("containerfile") {
            return Some(Self::Dockerfile);
        }
        if let Some((_, extension)) = name.rsplit_once('.') {
            let exact = |language: &&Self| language.extensions().contains(&extension);
            return Self::ALL.iter().find(exact).copied();
        }
        let line = std::str::from_utf8(first_line).ok()?.strip_prefix("#!")?;
        let mut words = line.split_whitespace();
        let program = words.next()?.rsplit('/').next()?;
        let program = if program == "env" { words.find(|word| !word.starts_with('-'))? } else { program };
        match program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.') {
            "bash" | "sh" | "dash" | "ksh" | "zsh" => Some(Self::Bash),
            "python" => Some(Self::Python),
            "node" | "nodejs" => Some(Self::JavaScript),
            "ruby" => Some(Self::Ruby),
            "php" => Some(Self::Php),
            _ => None,
        }
    }
}

/// A [`Spec`]'s grammar and its lowering by the grammar's numbers, made when it is first used.
pub struct Compiled(OnceLock<Table>);

impl Compiled {
    /// Not made yet.
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }
}

impl Default for Compiled {
    fn default() -> Self {
        Self::new()
    }
}

pub(super) struct Table {
    pub(super) language: tree_sitter::Language,
    by_id: Vec<Option<Lower>>,
}

impl Table {
    pub(super) fn get(&self, kind: u16) -> Option<Lower> {
        self.by_id.get(kind as usize).copied().flatten()
    }
}

/// The table of a spec.
pub(super) fn table(spec: &'static Spec) -> &'static Table {
    spec.compiled.0.get_or_init(|| make(spec))
}

fn make(spec: &'static Spec) -> Table {
    let language = (spec.grammar)();
    let by_name: HashMap<&str, Lower> = spec.lowering.iter().copied().flatten().copied().collect();
    let count = u16::try_from(language.node_kind_count()).unwrap_or(u16::MAX);
    let by_id = (0..count)
        .map(|id| {
            let name = language.node_kind_for_id(id)?;
            // Keywords share the names of rules (`lambda`): the named node is meant where there is one.
            let meant = language.node_kind_is_named(id) || language.id_for_node_kind(name, true) == 0;
            by_name.get(name).copied().filter(|_| meant)
        })
        .collect();
    Table { language, by_id }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_name_rules_that_the_grammar_has() {
        for spec in Language::ALL.iter().flat_map(|language| language.specs()) {
            let language = (spec.grammar)();
            for (rule, _) in spec.lowering.iter().copied().flatten() {
                let known = [true, false].iter().any(|named| language.id_for_node_kind(rule, *named) != 0);
                assert!(known, "{}: the grammar has no rule `{rule}`", spec.language.title());
            }
        }
    }

    #[test]
    fn files_have_a_language() {
        for (path, line, language) in [
            ("a/b.py", "", Some(Language::Python)),
            ("x.tsx", "", Some(Language::TypeScript)),
            ("run", "#!/usr/bin/env -S python3.12 -u", Some(Language::Python)),
            ("run", "#!/bin/sh", Some(Language::Bash)),
            ("run", "plain", None),
            ("Dockerfile.prod", "", Some(Language::Dockerfile)),
            ("a.unknown", "#!/bin/sh", None),
        ] {
            assert_eq!(Language::of_file(path, line.as_bytes()), language, "{path}");
        }
    }
}
