//! What is known of the forms of events: where fields lie, and which log sources an event belongs to.
//!
//! A mapping is a file in `rules/mappings/`. Paths are keys joined by `/`; `*` stands for any key.

use crate::sigma::{LogSource, RuleError};
use bartizan_yaml::{self as yaml, Value};
use std::collections::BTreeMap;

/// Includes of includes.
const MAX_INCLUDES: usize = 8;

/// One form of events.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// Its name: that of the file.
    pub name: String,
    /// Alternatives: an event has this form if all paths of one are there.
    pub recognise: Vec<Vec<String>>,
    /// Where fields are looked for that are not listed. The empty path is the event itself.
    pub roots: Vec<String>,
    /// Where listed fields lie.
    pub fields: BTreeMap<String, Vec<String>>,
    /// Further names under which a field may lie at the roots.
    pub aliases: BTreeMap<String, Vec<String>>,
    /// Log sources. An event belongs to each whose conditions hold.
    pub sources: Vec<MappedSource>,
    /// Where its time lies, the first that is there.
    pub time: Vec<String>,
    /// Where the name of its host lies, the first that is there.
    pub host: Vec<String>,
}

/// A log source that events of a form may belong to.
#[derive(Clone, Debug, Default)]
pub struct MappedSource {
    /// Fields and the values of which each has to have one; compared without case.
    pub when: Vec<(String, Vec<String>)>,
    /// What it is then.
    pub logsource: LogSource,
}

impl Mapping {
    /// All paths at which a field may lie.
    pub fn paths(&self, field: &str) -> Vec<Vec<String>> {
        if let Some(listed) = self.fields.get(field) {
            return listed.iter().map(|path| split(path)).collect();
        }
        let others = self.aliases.get(field).into_iter().flatten().map(String::as_str);
        let mut found = Vec::new();
        for name in std::iter::once(field).chain(others) {
            for root in &self.roots {
                let mut path = split(root);
                path.push(name.to_owned());
                found.push(path);
                if name.contains('.') {
                    let mut path = split(root);
                    path.extend(name.split('.').map(str::to_owned));
                    found.push(path);
                }
            }
        }
        found
    }
}

/// The keys of a path.
pub(crate) fn split(path: &str) -> Vec<String> {
    if path.is_empty() { Vec::new() } else { path.split('/').map(str::to_owned).collect() }
}

macro_rules! builtin {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../../../rules/mappings/", $name, ".yaml")))),*]
    };
}

/// The mappings that the program brings, by name. Those that recognise more come first; `json` takes what is left.
const BUILTIN: &[(&str, &str)] = builtin! {
    "windows-event" "winlogbeat" "windows-flat" "cloudtrail" "kubernetes-audit" "okta" "azure" "azure-risk" "gcp" "github"
    "falco" "docker-events" "m365" "bitbucket" "onelogin" "opencanary" "zeek" "auditd" "access-log" "syslog" "json"
    "windows" "windows-fields"
};

/// The mappings that the program brings.
///
/// # Errors
/// A mistake in one of them; tests hold that there is none.
pub fn builtin() -> Result<Vec<Mapping>, RuleError> {
    let mut found = Vec::new();
    for (name, text) in BUILTIN {
        let mapping = load(text, name, BUILTIN, MAX_INCLUDES)?;
        if !mapping.roots.is_empty() {
            found.push(mapping);
        }
    }
    Ok(found)
}

fn load(text: &str, name: &str, others: &[(&str, &str)], includes: usize) -> Result<Mapping, RuleError> {
    let tree = yaml::parse(text);
    let file = format!("{name}.yaml");
    let wrong = |span: yaml::Span, reason: String| RuleError {
        file: file.clone(),
        rule: None,
        line: span.line,
        column: span.column,
        reason,
    };
    if let Some((reason, span)) = &tree.broken {
        return Err(wrong(*span, reason.clone()));
    }
    let mut mapping = Mapping { name: name.to_owned(), ..Mapping::default() };
    let Some(document) = tree.documents().next() else { return Ok(mapping) };
    let mut base = LogSource::default();
    for (key, value) in document.entries() {
        match key.as_str().unwrap_or_default() {
            "product" => base.product = value.as_str().map(str::to_owned),
            "recognise" => mapping.recognise = value.items().map(texts).collect(),
            "roots" => mapping.roots = texts(value),
            "time" => mapping.time = texts(value),
            "host" => mapping.host = texts(value),
            "fields" => mapping.fields.extend(lists(value)),
            "aliases" => mapping.aliases.extend(lists(value)),
            "sources" => {
                for source in value.items() {
                    let of = |key: &str| source.get(key).and_then(Value::as_str).map(str::to_owned);
                    let when = source.get("when").map(lists).unwrap_or_default();
                    mapping.sources.push(MappedSource {
                        when: when.into_iter().collect(),
                        logsource: LogSource {
                            category: of("category"),
                            product: of("product").or_else(|| base.product.clone()),
                            service: of("service"),
                        },
                    });
                }
            }
            "include" => {
                for other in texts(value) {
                    let found = others.iter().find(|(name, _)| *name == other).filter(|_| includes > 0);
                    let (name, text) = found.ok_or_else(|| {
                        wrong(value.span(), format!("there is no mapping `{other}` to include"))
                    })?;
                    let included = load(text, name, others, includes - 1)?;
                    mapping.sources.extend(included.sources);
                    mapping.fields.extend(included.fields);
                    mapping.aliases.extend(included.aliases);
                }
            }
            other => return Err(wrong(key.span(), format!("`{other}` is no part of a mapping"))),
        }
    }
    Ok(mapping)
}

fn texts(value: Value<'_>) -> Vec<String> {
    if value.is_sequence() {
        return value.items().filter_map(|one| one.scalar().map(|(text, _)| text.to_owned())).collect();
    }
    value.scalar().map(|(text, _)| vec![text.to_owned()]).unwrap_or_default()
}

fn lists(value: Value<'_>) -> BTreeMap<String, Vec<String>> {
    let entries = value.entries().into_iter();
    entries.filter_map(|(key, value)| Some((key.as_str()?.to_owned(), texts(value)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_program_brings_is_sound() {
        let all = builtin().unwrap();
        let windows = all.iter().find(|one| one.name == "windows-event").unwrap();
        assert!(windows.sources.len() > 80);
        assert_eq!(windows.paths("Image").len(), 6);
        assert_eq!(windows.paths("Provider_Name").len(), 4);
        let cloud = all.iter().find(|one| one.name == "cloudtrail").unwrap();
        assert_eq!(
            cloud.paths("userIdentity.type"),
            [vec!["userIdentity.type"], vec!["userIdentity", "type"]]
        );
    }

    #[test]
    fn mistakes_have_their_place() {
        let wrong = load("roots: ['']\nrots: []\n", "x", &[], 1).unwrap_err();
        assert_eq!(wrong.to_string(), "x.yaml:2:1: `rots` is no part of a mapping");
        assert!(load("include: [x]\n", "x", &[("x", "include: [x]\n")], 3).is_err());
    }
}
