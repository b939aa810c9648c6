//! Rules as they are run: after this, nothing can be missing.

use super::file::{RuleFile, RuleText, VerifyText};
use crate::checksum::{Algorithm, Checksum, Encoding};
use crate::structure::Structure;
use crate::text;
use bartizan_model::{Cwe, RuleInfo, Severity};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use regex_automata::meta::Regex;
use regex_automata::util::syntax;
use regex_syntax::hir::literal::{ExtractKind, Extractor};
use regex_syntax::hir::{Class, Hir, HirKind};
use std::sync::OnceLock;

/// A compiled rule. Its expression is compiled when first needed: a scan meets few of them.
pub struct Rule {
    /// What reports show.
    pub info: RuleInfo,
    /// What selects it.
    pub selector: Selector,
    /// Whether the match must stand alone.
    pub boundary: bool,
    /// Token bytes besides letters, digits and `_` that must not follow.
    pub tail: Vec<u8>,
    /// Checksum inside the token.
    pub checksum: Option<Checksum>,
    /// What the secret decodes to.
    pub structure: Option<Structure>,
    /// Least entropy of the secret, bits per byte.
    pub entropy: f64,
    /// Whether obvious placeholders are dropped.
    pub placeholders: bool,
    /// 0 to 1.
    pub confidence: f64,
    /// How to ask the provider.
    pub verify: Option<VerifyText>,
    /// Longest match in bytes, if bounded.
    pub longest: Option<usize>,
    /// Everything that decides, as text: for the rule-set hash.
    pub canonical: String,
    /// Number of the group that is the secret, for imported rules; else the group `secret` or the whole match.
    pub secret_group: Option<usize>,
    /// What is allowed although it matches, for imported rules.
    pub allow: Vec<Allow>,
    paths: Option<GlobSet>,
    skip_paths: Option<GlobSet>,
    pattern: String,
    regex: OnceLock<Option<Regex>>,
}

/// What makes the scanner look at a rule.
pub enum Selector {
    /// One of these stands in every match.
    Literals {
        /// The bytes.
        literals: Vec<Vec<u8>>,
        /// Whether case is ignored.
        ignore_case: bool,
        /// Whether every match starts with one of them, so that the expression is tried at one position only.
        leading: bool,
    },
    /// One of these words stands near by.
    Near(Near),
    /// One of these words stands anywhere in the text, case ignored; none: every text. For imported rules.
    Anywhere(Vec<String>),
}

/// Conditions of a rule whose format alone says too little.
pub struct Near {
    /// Lower case.
    pub words: Vec<String>,
    /// Squashed lower case; one must be in the key unless a word is.
    pub keys: Vec<String>,
    /// Whether the rule itself names the keys: it then goes before others of its provider.
    pub own_keys: bool,
}

/// An exception of an imported rule.
pub struct Allow {
    /// What the expressions are tried on.
    pub target: AllowTarget,
    /// Any that matches allows.
    pub regexes: Vec<Regex>,
    /// Lower case; any that the secret contains allows.
    pub stopwords: Vec<String>,
}

/// What an exception looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowTarget {
    /// The secret.
    Secret,
    /// The whole match.
    Match,
    /// The line.
    Line,
}

/// Key words that speak of a secret, squashed.
const USUAL_KEYS: &[&str] = &[
    "secret",
    "token",
    "key",
    "password",
    "passwd",
    "pwd",
    "pass",
    "auth",
    "credential",
    "bearer",
    "apikey",
    "apitoken",
    "access",
    "pat",
    "sid",
    "license",
    "licence",
];

impl Rule {
    /// Compiles `text` of `file`; `stem` is the file's name without ending.
    ///
    /// # Errors
    /// In words for the rule's author.
    pub fn compile(stem: &str, file: &RuleFile, text: &RuleText) -> Result<Self, String> {
        let severity: Severity = text.severity.parse()?;
        let hir = regex_syntax::ParserBuilder::new()
            .utf8(false)
            .unicode(false)
            .build()
            .parse(&text.pattern)
            .map_err(|error| format!("pattern: {}", error.to_string().lines().last().unwrap_or_default()))?;
        if hir.properties().minimum_len() == Some(0) || hir.properties().minimum_len().is_none() {
            return Err("pattern: matches the empty text".to_owned());
        }
        let near: Vec<String> = text.near.iter().map(|word| word.to_ascii_lowercase()).collect();
        let selector = if !text.literals.is_empty() {
            if let Some(short) =
                text.literals.iter().find(|l| l.len() < crate::prefilter::Prefilter::MIN_LITERAL)
            {
                return Err(format!("literal `{short}` is shorter than 3 bytes"));
            }
            let literals: Vec<Vec<u8>> = text.literals.iter().map(|l| l.clone().into_bytes()).collect();
            let leading = starts_with_literal(&hir, &literals, text.ignore_case);
            Selector::Literals { literals, ignore_case: text.ignore_case, leading }
        } else if near.is_empty() {
            return Err("needs `literals` or `near`".to_owned());
        } else {
            if let Some(short) =
                near.iter().find(|word| word.len() < crate::prefilter::Prefilter::MIN_LITERAL)
            {
                return Err(format!("near word `{short}` is shorter than 3 bytes"));
            }
            let keys = if text.keys.is_empty() {
                USUAL_KEYS.iter().map(|&key| key.to_owned()).collect()
            } else {
                text.keys.iter().map(|key| text::squashed(key.as_bytes())).collect()
            };
            Selector::Near(Near { words: near, keys, own_keys: !text.keys.is_empty() })
        };
        let is_near = matches!(selector, Selector::Near(_));
        let checksum = text.checksum.as_ref().map(|sum| compile_checksum(sum, &text.pattern)).transpose()?;
        let structure = text.structure.as_deref().map(Structure::parse).transpose()?;
        let confidence = text.confidence.unwrap_or(match (is_near, &checksum) {
            (true, None) => 0.8,
            (false, None) => 0.95,
            (_, Some(_)) => 0.99,
        });
        let opens = text.opens.clone().unwrap_or_default();
        let revoke = text.revoke.clone().or_else(|| file.revoke.clone());
        let info = RuleInfo {
            id: format!("secrets/{stem}/{}", text.name),
            title: text.title.clone(),
            description: if opens.is_empty() {
                format!("A credential of {}.", file.provider)
            } else {
                format!("Opens: {}.", opens.trim_end_matches('.'))
            },
            remediation: match revoke {
                Some(how) => format!(
                    "Revoke it ({}), replace it, and keep the new one out of the code: an environment variable or a secret store.",
                    how.trim_end_matches('.')
                ),
                None => "Revoke it at the provider, replace it, and keep the new one out of the code: an environment variable or a secret store.".to_owned(),
            },
            severity,
            docs: text.docs.clone().or_else(|| file.docs.clone()),
            cwe: vec![Cwe::HARD_CODED_CREDENTIALS],
            tags: vec!["secrets".to_owned(), file.category.clone()],
        };
        Ok(Self {
            info,
            selector,
            boundary: text.boundary,
            tail: last_class_extras(&hir),
            checksum,
            structure,
            entropy: text.entropy.unwrap_or(if is_near { 3.0 } else { 2.5 }),
            placeholders: text.placeholders,
            confidence,
            verify: text.verify.clone(),
            longest: hir.properties().maximum_len(),
            canonical: format!("{text:?}"),
            secret_group: None,
            allow: Vec::new(),
            paths: globs(&text.paths)?,
            skip_paths: globs(&text.skip_paths)?,
            pattern: text.pattern.clone(),
            regex: OnceLock::new(),
        })
    }

    /// Whether the rule runs on that path.
    pub fn runs_on(&self, path: &str) -> bool {
        self.paths.as_ref().is_none_or(|globs| globs.is_match(path))
            && self.skip_paths.as_ref().is_none_or(|globs| !globs.is_match(path))
    }

    /// Whether the rule is on a format that many providers share, such as JSON Web Tokens.
    pub fn is_generic(&self) -> bool {
        self.info.tags.iter().any(|tag| tag == "generic")
    }

    /// Whether the rule is limited to some paths.
    pub fn is_path_bound(&self) -> bool {
        self.paths.is_some()
    }

    /// Whether an exception of the rule holds for the match.
    pub fn is_allowed(&self, text: &[u8], whole: &std::ops::Range<usize>, secret: &[u8]) -> bool {
        self.allow.iter().any(|allow| {
            let target = match allow.target {
                AllowTarget::Secret => secret,
                AllowTarget::Match => &text[whole.clone()],
                AllowTarget::Line => &text[text::line_around(text, whole.start, 1000)],
            };
            allow.regexes.iter().any(|regex| regex.is_match(target))
                || allow.stopwords.iter().any(|word| text::contains_ignore_case(secret, word.as_bytes()))
        })
    }

    /// How many first bytes of `secret` only tell its kind.
    pub fn public_prefix(&self, secret: &[u8]) -> usize {
        match &self.selector {
            Selector::Literals { literals, ignore_case: false, leading: true } => {
                literals.iter().filter(|literal| secret.starts_with(literal)).map(Vec::len).max().unwrap_or(0)
            }
            _ => 0,
        }
    }

    /// The expression. `None` when it is too large to compile, which [`Rule::compile_now`] tells.
    pub fn regex(&self) -> Option<&Regex> {
        self.regex.get_or_init(|| build(&self.pattern).ok()).as_ref()
    }

    /// Compiles the expression now.
    ///
    /// # Errors
    /// When it exceeds the size limit.
    pub fn compile_now(&self) -> Result<(), String> {
        build(&self.pattern).map(drop)
    }
}

/// Bytes that one expression may take compiled.
const REGEX_LIMIT: usize = 4 << 20;

pub(super) fn build(pattern: &str) -> Result<Regex, String> {
    Regex::builder()
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .configure(
            Regex::config()
                .utf8_empty(false)
                .nfa_size_limit(Some(REGEX_LIMIT))
                .onepass_size_limit(Some(REGEX_LIMIT / 4))
                .hybrid_cache_capacity(1 << 20),
        )
        .build(pattern)
        .map_err(|error| format!("pattern: {error}"))
}

fn compile_checksum(text: &super::file::ChecksumText, pattern: &str) -> Result<Checksum, String> {
    let algorithm = Algorithm::parse(&text.algorithm)
        .ok_or_else(|| format!("checksum: unknown algorithm `{}`", text.algorithm))?;
    let word = text.encoding.as_deref().unwrap_or("hex");
    let encoding = Encoding::parse(word).ok_or_else(|| format!("checksum: unknown encoding `{word}`"))?;
    let within = text.within.clone().unwrap_or_default();
    let digits = matches!(algorithm, Algorithm::Luhn | Algorithm::Mod97);
    for group in [Some(&text.of), (!digits).then_some(&within)].into_iter().flatten() {
        if !pattern.contains(&format!("<{group}>")) {
            return Err(format!("checksum: the pattern has no group `{group}`"));
        }
    }
    Ok(Checksum { algorithm, of: text.of.clone(), within, encoding })
}

fn globs(patterns: &[String]) -> Result<Option<GlobSet>, String> {
    if patterns.is_empty() {
        return Ok(None);
    }
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        // A glob without a folder means the file anywhere, as in `.gitignore`.
        let anywhere = if pattern.contains('/') { pattern.clone() } else { format!("**/{pattern}") };
        let glob = GlobBuilder::new(&anywhere)
            .case_insensitive(true)
            .literal_separator(true)
            .build()
            .map_err(|error| format!("path `{pattern}`: {}", error.kind()))?;
        set.add(glob);
    }
    set.build().map(Some).map_err(|error| error.to_string())
}

fn starts_with_literal(hir: &Hir, literals: &[Vec<u8>], ignore_case: bool) -> bool {
    let mut extractor = Extractor::new();
    extractor.kind(ExtractKind::Prefix).limit_total(500).limit_class(12);
    let prefixes = extractor.extract(hir);
    prefixes.literals().is_some_and(|prefixes| {
        !prefixes.is_empty()
            && prefixes.iter().all(|prefix| {
                literals.iter().any(|literal| {
                    prefix.as_bytes().get(..literal.len()).is_some_and(|head| {
                        if ignore_case {
                            head.eq_ignore_ascii_case(literal)
                        } else {
                            head == literal.as_slice()
                        }
                    })
                })
            })
    })
}

/// Which of `-`, `+`, `/`, `.`, `=` the last class of the pattern has: a token over that alphabet goes on there. The
/// dot is left out on purpose, for it ends sentences.
fn last_class_extras(hir: &Hir) -> Vec<u8> {
    fn last(hir: &Hir) -> Option<&Class> {
        match hir.kind() {
            HirKind::Class(class) => Some(class),
            HirKind::Repetition(repetition) => last(&repetition.sub),
            HirKind::Capture(capture) => last(&capture.sub),
            HirKind::Concat(parts) => parts.last().and_then(last),
            HirKind::Alternation(parts) => parts.iter().find_map(last),
            _ => None,
        }
    }
    let Some(class) = last(hir) else { return Vec::new() };
    let has = |byte: u8| match class {
        Class::Bytes(bytes) => bytes.iter().any(|range| (range.start()..=range.end()).contains(&byte)),
        Class::Unicode(chars) => {
            chars.iter().any(|range| (range.start()..=range.end()).contains(&(byte as char)))
        }
    };
    [b'-', b'+', b'/'].into_iter().filter(|&byte| has(byte)).collect()
}
