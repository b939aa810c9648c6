//! The unit of scanning: bytes, and where they came from.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Bytes handed to every detector, read once.
#[derive(Clone, Copy, Debug)]
pub struct Blob<'a> {
    /// The content. Arbitrary bytes: may be no UTF-8, may be empty.
    pub bytes: &'a [u8],
    /// Where they came from.
    pub origin: &'a Origin,
    /// A guess from name and first line.
    pub language: Language,
}

/// Where a blob came from, in a form that is the same on every machine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Origin {
    /// Path with `/` as separator: for a target below the working folder relative to the latter, for a git history relative
    /// to the repository, else relative to the target's root; `-` for standard input. Bytes that are not UTF-8
    /// are replaced.
    pub path: String,
    /// For a member of an archive: the path inside it, one entry per level of nesting; else empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
    /// For a blob of a git history: its object id in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
}

impl Origin {
    /// A plain file.
    pub fn file(path: impl Into<String>) -> Self {
        Self { path: path.into(), members: Vec::new(), object: None }
    }

    /// The path to show: archive members are joined with `!`, as in `lib/a.jar!/config/app.properties`.
    pub fn display_path(&self) -> String {
        let mut text = self.path.clone();
        for member in &self.members {
            text.push_str("!/");
            text.push_str(member);
        }
        text
    }

    /// The innermost path: what tells language and kind of file.
    pub fn name(&self) -> &str {
        self.members.last().unwrap_or(&self.path)
    }
}

/// A commit that carried a blob.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CommitInfo {
    /// Commit id in hexadecimal.
    pub id: String,
    /// Author as `Name <mail>`; bytes that are not UTF-8 are replaced.
    pub author: String,
    /// Author date, RFC 3339 in UTC.
    pub date: String,
    /// The path that the blob had in this commit.
    pub path: String,
}

macro_rules! languages {
    ($($name:ident $word:literal [$($ext:literal)*],)*) => {
        /// The language of a blob, as far as its name and first line tell.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        #[expect(missing_docs, reason = "each variant is the language of that name")]
        pub enum Language { $($name,)* Unknown }

        impl Language {
            /// The word used in output.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* Self::Unknown => "unknown" }
            }

            fn from_extension(extension: &str) -> Self {
                match extension { $($($ext)|* => Self::$name,)* _ => Self::Unknown }
            }
        }
    };
}

languages! {
    Bash "bash" ["sh" "bash" "zsh" "ksh" "fish"],
    Batch "batch" ["bat" "cmd"],
    C "c" ["c" "h"],
    Clojure "clojure" ["clj" "cljs" "cljc" "edn"],
    Cpp "cpp" ["cc" "cpp" "cxx" "hpp" "hh" "hxx" "ino"],
    CSharp "csharp" ["cs" "csx"],
    Css "css" ["css" "scss" "sass" "less"],
    Csv "csv" ["csv" "tsv"],
    Dart "dart" ["dart"],
    Diff "diff" ["diff" "patch"],
    Dockerfile "dockerfile" ["dockerfile"],
    Elixir "elixir" ["ex" "exs"],
    Erlang "erlang" ["erl" "hrl"],
    Go "go" ["go"],
    Gradle "gradle" ["gradle"],
    Groovy "groovy" ["groovy" "jenkinsfile"],
    Haskell "haskell" ["hs" "lhs"],
    Hcl "hcl" ["tf" "hcl" "tfvars" "nomad"],
    Html "html" ["html" "htm" "xhtml" "vue" "svelte" "erb" "ejs" "hbs" "mustache" "jsp" "twig" "jinja" "j2"],
    Ini "ini" ["ini" "cfg" "conf" "cnf" "properties" "env" "netrc" "npmrc" "pypirc" "editorconfig" "service"],
    Java "java" ["java"],
    JavaScript "javascript" ["js" "mjs" "cjs" "jsx"],
    Json "json" ["json" "jsonc" "json5" "jsonl" "ndjson" "tfstate" "webmanifest" "geojson"],
    Julia "julia" ["jl"],
    Kotlin "kotlin" ["kt" "kts"],
    Log "log" ["log"],
    Lua "lua" ["lua"],
    Make "make" ["mk" "makefile" "gnumakefile"],
    Markdown "markdown" ["md" "markdown" "mdx" "rst" "adoc" "txt" "org"],
    Nix "nix" ["nix"],
    Notebook "notebook" ["ipynb"],
    ObjectiveC "objective-c" ["m" "mm"],
    Perl "perl" ["pl" "pm" "t"],
    Php "php" ["php" "phtml" "inc"],
    PowerShell "powershell" ["ps1" "psm1" "psd1"],
    Python "python" ["py" "pyi" "pyw" "pyx"],
    R "r" ["r" "rmd"],
    Ruby "ruby" ["rb" "rake" "gemspec" "gemfile" "rakefile"],
    Rust "rust" ["rs"],
    Scala "scala" ["scala" "sc" "sbt"],
    Solidity "solidity" ["sol"],
    Sql "sql" ["sql" "ddl"],
    Swift "swift" ["swift"],
    Toml "toml" ["toml"],
    TypeScript "typescript" ["ts" "tsx" "mts" "cts"],
    Xml "xml" ["xml" "xsd" "plist" "csproj" "config" "svg" "xsl" "xslt" "wsdl" "resx" "storyboard"],
    Yaml "yaml" ["yaml" "yml"],
}

impl Language {
    /// Guesses from the file's name, then from a `#!` line.
    pub fn guess(name: &str, bytes: &[u8]) -> Self {
        let base = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
        let extension = base.rsplit('.').next().unwrap_or(&base);
        let by_name = Self::from_extension(extension);
        if by_name != Self::Unknown {
            return by_name;
        }
        if base.starts_with("dockerfile") || base.starts_with("containerfile") {
            return Self::Dockerfile;
        }
        if base.starts_with(".env") {
            return Self::Ini;
        }
        let Some(first) = bytes.strip_prefix(b"#!").and_then(|rest| rest.split(|&b| b == b'\n').next())
        else {
            return Self::Unknown;
        };
        let line = String::from_utf8_lossy(&first[..first.len().min(128)]).into_owned();
        for (word, language) in [
            ("python", Self::Python),
            ("node", Self::JavaScript),
            ("ruby", Self::Ruby),
            ("perl", Self::Perl),
            ("php", Self::Php),
            ("sh", Self::Bash),
        ] {
            if line.contains(word) {
                return language;
            }
        }
        Self::Unknown
    }

    /// Whether values in this language stand unquoted, as in `key: value` or `KEY=value`.
    pub fn has_bare_values(self) -> bool {
        matches!(
            self,
            Self::Bash
                | Self::Batch
                | Self::Csv
                | Self::Diff
                | Self::Dockerfile
                | Self::Ini
                | Self::Log
                | Self::Make
                | Self::Markdown
                | Self::Unknown
                | Self::Yaml
        )
    }
}

/// A shared origin: history blobs and archive members repeat theirs in every detection.
pub type SharedOrigin = Arc<Origin>;
