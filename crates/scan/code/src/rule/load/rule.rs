//! A rule around its formula.

use super::super::options::OptionProblem;
use super::super::regex::Flags;
use super::super::version::{COMPATIBLE_WITH, Version};
use super::super::{
    ExtractSpec, FixRegex, JoinOn, JoinOperator, JoinRef, JoinSpec, Metadata, Mode, Options, Paths, Rule,
    Transform,
};
use super::formula::{self, OLD};
use super::{Loader, Wrong, list, mapping, metavariable, required, string, strings, wrong};
use crate::language::Language;
use bartizan_model::Severity;
use bartizan_yaml::Value;

/// Languages that Semgrep reads and this engine does not.
const FOREIGN: &[&str] = &[
    "apex",
    "cairo",
    "circom",
    "clojure",
    "dart",
    "elixir",
    "ex",
    "gosu",
    "hack",
    "jsonnet",
    "julia",
    "lisp",
    "lua",
    "move_on_aptos",
    "move_on_sui",
    "ocaml",
    "ql",
    "r",
    "scheme",
    "promql",
    "proto",
    "protobuf",
    "proto3",
    "vue",
];

/// Keys of a rule; those of the formula are apart.
const KEYS: &[&str] = &[
    "id",
    "languages",
    "message",
    "severity",
    "metadata",
    "paths",
    "options",
    "fix",
    "fix-regex",
    "min-version",
    "max-version",
    "version",
    "mode",
    "match",
    "taint",
    "pattern-sources",
    "pattern-sinks",
    "pattern-sanitizers",
    "pattern-propagators",
    "join",
    "extract",
    "dest-language",
    "dest-rules",
    "transform",
    "reduce",
    "equivalences",
    "validators",
];

impl Loader<'_> {
    /// `in_join`: a part of a join rule needs neither message nor severity.
    pub(super) fn read_rule(&mut self, value: Value<'_>, in_join: bool) -> Result<Rule, Wrong> {
        let entries = mapping(value, "an item of `rules`")?;
        let id = id(required(value, "id")?)?;
        version(value)?;
        for (key, _) in &entries {
            let name = key.as_str().unwrap_or_default();
            if !KEYS.contains(&name) && !OLD.contains(&name) && !name.starts_with("x-") {
                self.warn(key.span(), format!("the key `{name}` means nothing in a rule"));
            }
        }
        let mode = match value.get("mode") {
            None if value.get("taint").is_some() => "taint",
            None => "search",
            Some(mode) => match string(mode, "mode")? {
                "search" if value.get("taint").is_some() => "taint",
                known @ ("search" | "taint" | "extract" | "join") => known,
                other => {
                    return wrong(
                        mode,
                        format!("`mode` has to be search, taint, extract or join, not `{other}`"),
                    );
                }
            },
        };
        let bare = in_join || mode == "extract";
        let message = match value.get("message") {
            Some(message) => string(message, "message")?.to_owned(),
            None if bare => String::new(),
            None => return wrong(value, "`message` is missing"),
        };
        let severity = match value.get("severity") {
            Some(severity) => read_severity(severity)?,
            None if bare => Severity::Info,
            None => return wrong(value, "`severity` is missing"),
        };
        let languages = match value.get("languages") {
            None if mode == "join" => Vec::new(),
            _ => self.languages(required(value, "languages")?)?,
        };
        let options = self.options(value)?;
        let mode = match mode {
            "taint" => Mode::Taint(self.read_taint(value)?),
            "extract" => Mode::Extract(extract(value)?),
            "join" => Mode::Join(self.join(required(value, "join")?, in_join)?),
            _ => Mode::Search(search(value)?),
        };
        let rule = Rule {
            id,
            languages,
            message,
            severity,
            metadata: metadata(value)?,
            paths: self.paths(value)?,
            options,
            fix: value.get("fix").map(|fix| string_or_empty(fix, "fix")).transpose()?,
            fix_regex: value.get("fix-regex").map(fix_regex).transpose()?,
            mode,
            span: value.span(),
        };
        self.check_regex_only(&rule);
        Ok(rule)
    }

    fn languages(&mut self, value: Value<'_>) -> Result<Vec<Language>, Wrong> {
        let mut languages = Vec::new();
        let mut foreign = Vec::new();
        for item in list(value, "languages")? {
            let name = string(item, "languages")?;
            match Language::from_name(name) {
                Some(language) if languages.contains(&language) => {}
                Some(language) => languages.push(language),
                None if FOREIGN.contains(&name) => foreign.push((item.span(), name.to_owned())),
                None => return wrong(item, format!("the language `{name}` is not known")),
            }
        }
        if let (true, Some((_, name))) = (languages.is_empty(), foreign.first()) {
            return wrong(value, format!("this engine does not read the language `{name}`"));
        }
        for (span, name) in foreign {
            self.warn(
                span,
                format!("this engine does not read the language `{name}`; the rule runs on the others"),
            );
        }
        if languages.is_empty() { wrong(value, "`languages` is empty") } else { Ok(languages) }
    }

    fn options(&mut self, rule: Value<'_>) -> Result<Options, Wrong> {
        let mut options = Options::default();
        let Some(value) = rule.get("options").filter(|value| !value.is_null()) else { return Ok(options) };
        for (key, value) in mapping(value, "options")? {
            let name = string(key, "options")?;
            match options.set(name, value) {
                Ok(()) => {}
                Err(OptionProblem::Unknown) => {
                    self.warn(key.span(), format!("the option `{name}` is not known"))
                }
                Err(OptionProblem::Wrong(expected)) => {
                    return wrong(value, format!("the option `{name}` has to be {expected}"));
                }
            }
        }
        Ok(options)
    }

    fn paths(&mut self, rule: Value<'_>) -> Result<Paths, Wrong> {
        let mut paths = Paths::default();
        let Some(value) = rule.get("paths").filter(|value| !value.is_null()) else { return Ok(paths) };
        for (key, value) in mapping(value, "paths")? {
            match key.as_str() {
                Some(name @ "include") => paths.include = strings(value, name)?,
                Some(name @ "exclude") => paths.exclude = strings(value, name)?,
                _ => return wrong(key, "`paths` holds `include` and `exclude` alone"),
            }
        }
        Ok(paths)
    }

    fn join(&mut self, value: Value<'_>, in_join: bool) -> Result<JoinSpec, Wrong> {
        if in_join {
            return wrong(value, "a join cannot be part of a join");
        }
        mapping(value, "join")?;
        let mut join = JoinSpec { refs: Vec::new(), rules: Vec::new(), referred: Vec::new(), on: Vec::new() };
        for item in value.get("refs").map_or(Ok(Vec::new()), |refs| list(refs, "refs"))? {
            let mut renames = Vec::new();
            for rename in item.get("renames").map_or(Ok(Vec::new()), |renames| list(renames, "renames"))? {
                let side = |key| metavariable(required(rename, key)?, key);
                renames.push((side("from")?, side("to")?));
            }
            let rule = string(required(item, "rule")?, "rule")?.to_owned();
            let alias = item.get("as").map(|alias| string(alias, "as").map(str::to_owned)).transpose()?;
            join.refs.push(JoinRef { rule, renames, alias });
        }
        for item in value.get("rules").map_or(Ok(Vec::new()), |rules| list(rules, "rules"))? {
            join.rules.push(self.read_rule(item, true)?);
        }
        for item in list(required(value, "on")?, "on")? {
            join.on.push(join_on(item)?);
        }
        if join.on.is_empty() || join.refs.is_empty() && join.rules.is_empty() {
            return wrong(value, "a join needs `refs` or `rules`, and conditions in `on`");
        }
        Ok(join)
    }

    fn check_regex_only(&mut self, rule: &Rule) {
        let Some((pattern, _)) = rule.patterns().into_iter().find(|(_, language)| language.is_none()) else {
            return;
        };
        if rule.languages == [Language::Regex] {
            let reason = "a rule for `regex` matches by `pattern-regex` alone; this pattern never matches";
            self.warn(pattern.span, reason.to_owned());
        }
    }
}

fn id(value: Value<'_>) -> Result<String, Wrong> {
    let text = string(value, "id")?;
    let sound = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '-');
    if !text.is_empty() && text.chars().all(sound) {
        return Ok(text.to_owned());
    }
    wrong(value, "an id consists of letters, digits, `.`, `_` and `-`")
}

fn version(rule: Value<'_>) -> Result<(), Wrong> {
    for key in ["min-version", "max-version"] {
        let Some(value) = rule.get(key) else { continue };
        let version: Version = match string(value, key)?.parse() {
            Ok(version) => version,
            Err(error) => return wrong(value, format!("`{key}`: {error}")),
        };
        if key == "min-version" && version > COMPATIBLE_WITH {
            return wrong(
                value,
                format!(
                    "the rule needs version {version} of semgrep or later; this engine reads rules of {COMPATIBLE_WITH}"
                ),
            );
        }
        if key == "max-version" && version < COMPATIBLE_WITH {
            return wrong(
                value,
                format!(
                    "the rule is for version {version} of semgrep and earlier; this engine reads rules of {COMPATIBLE_WITH}"
                ),
            );
        }
    }
    Ok(())
}

fn read_severity(value: Value<'_>) -> Result<Severity, Wrong> {
    Ok(match string(value, "severity")? {
        "CRITICAL" => Severity::Critical,
        "ERROR" | "HIGH" => Severity::High,
        "WARNING" | "MEDIUM" => Severity::Medium,
        "LOW" => Severity::Low,
        "INFO" | "INVENTORY" | "EXPERIMENT" => Severity::Info,
        other => {
            let known = "CRITICAL, HIGH, MEDIUM, LOW, ERROR, WARNING and INFO";
            return wrong(value, format!("`severity` is one of {known}, not `{other}`"));
        }
    })
}

fn metadata(rule: Value<'_>) -> Result<Metadata, Wrong> {
    match rule.get("metadata").filter(|value| !value.is_null()) {
        None => Ok(Metadata::default()),
        Some(value) => mapping(value, "metadata").map(|_| Metadata(value.to_json())),
    }
}

/// `fix: ""` and `fix:` remove the match.
fn string_or_empty(value: Value<'_>, what: &str) -> Result<String, Wrong> {
    if value.is_null() { Ok(String::new()) } else { string(value, what).map(str::to_owned) }
}

fn fix_regex(value: Value<'_>) -> Result<FixRegex, Wrong> {
    mapping(value, "fix-regex")?;
    let count = match value.get("count") {
        None => None,
        Some(count) => match count.as_int().and_then(|count| u32::try_from(count).ok()) {
            Some(count) => Some(count).filter(|&count| count > 0),
            None => return wrong(count, "`count` has to be a number that is not negative"),
        },
    };
    let replacement = value.get("replacement");
    let Some(replacement) = replacement else { return wrong(value, "`replacement` is missing") };
    Ok(FixRegex {
        regex: formula::regex(
            required(value, "regex")?,
            "regex",
            Flags { multi_line: true, anchored: false },
        )?,
        replacement: string_or_empty(replacement, "replacement")?,
        count,
    })
}

fn search(rule: Value<'_>) -> Result<super::super::Formula, Wrong> {
    match rule.get("match") {
        None => formula::old_among(rule),
        Some(value) => match rule
            .entries()
            .into_iter()
            .find(|(key, _)| key.as_str().is_some_and(|key| OLD.contains(&key)))
        {
            Some((key, _)) => wrong(key, "a rule has either `match` or a pattern of the old syntax"),
            None => formula::new_positive(value),
        },
    }
}

fn extract(rule: Value<'_>) -> Result<ExtractSpec, Wrong> {
    let destination = required(rule, "dest-language")?;
    let name = string(destination, "dest-language")?;
    let Some(language) = Language::from_name(name) else {
        return wrong(destination, format!("the language `{name}` is not known"));
    };
    let transform = match rule.get("transform") {
        None => Transform::None,
        Some(value) => match value.as_str() {
            Some("no_transform") => Transform::None,
            Some("unquote_string") => Transform::UnquoteString,
            Some("concat_json_string_array") => Transform::ConcatJsonStrings,
            _ => {
                return wrong(
                    value,
                    "`transform` has to be no_transform, unquote_string or concat_json_string_array",
                );
            }
        },
    };
    let concatenate = match rule.get("reduce") {
        None => false,
        Some(value) => match value.as_str() {
            Some("separate") => false,
            Some("concat") => true,
            _ => return wrong(value, "`reduce` has to be separate or concat"),
        },
    };
    let rules = |key: &str| {
        let found = rule.get("dest-rules").and_then(|rules| rules.get(key));
        found.map_or(Ok(Vec::new()), |found| strings(found, key))
    };
    Ok(ExtractSpec {
        formula: search(rule)?,
        metavariable: metavariable(required(rule, "extract")?, "extract")?,
        language,
        transform,
        concatenate,
        include_rules: rules("include")?,
        exclude_rules: rules("exclude")?,
    })
}

/// `left.$X == right.$Y`.
fn join_on(value: Value<'_>) -> Result<JoinOn, Wrong> {
    let words: Vec<&str> = string(value, "on")?.split_whitespace().collect();
    let expected = "a condition of a join is such as `a.$X == b.$Y`, with ==, !=, <, >, ~ or -->";
    let [left, operator, right] = words.as_slice() else { return wrong(value, expected) };
    let side = |text: &str| {
        let (rule, name) = match (text.strip_suffix(".path"), text.split_once(".$")) {
            (Some(rule), _) => (rule, "path".to_owned()),
            (None, Some((rule, name))) if !name.is_empty() => (rule, format!("${name}")),
            _ => return wrong(value, expected),
        };
        if rule.is_empty() { wrong(value, expected) } else { Ok((rule.to_owned(), name)) }
    };
    let operator = match *operator {
        "==" => JoinOperator::Equal,
        "!=" => JoinOperator::NotEqual,
        "<" | "~" => JoinOperator::Within,
        ">" => JoinOperator::Contains,
        "-->" => JoinOperator::Reaches,
        _ => return wrong(value, expected),
    };
    Ok(JoinOn { left: side(left)?, operator, right: side(right)? })
}
