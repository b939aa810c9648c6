//! Taint rules, in the old syntax and the new.

use super::super::{
    Formula, LabelExpr, Propagator, Sanitizer, SideEffect, Sink, SinkRequires, Source, TaintSpec,
};
use super::formula::{self, NEW, OLD, optional_boolean};
use super::{Loader, Wrong, boolean, list, mapping, metavariable, required, string, strings, wrong};
use bartizan_yaml::Value;

/// The label of a source without one.
const DEFAULT_LABEL: &str = "__SOURCE__";

/// Keys of taint items beside those of the formula.
const KEYS: &[&str] = &[
    "by-side-effect",
    "control",
    "exact",
    "label",
    "requires",
    "at-exit",
    "not_conflicting",
    "not-conflicting",
    "from",
    "to",
    "replace-labels",
    "where",
];

impl Loader<'_> {
    pub(super) fn read_taint(&mut self, rule: Value<'_>) -> Result<TaintSpec, Wrong> {
        let (content, prefix) = match rule.get("taint") {
            Some(taint) => (taint, ""),
            None => (rule, "pattern-"),
        };
        mapping(content, "taint")?;
        let key = |name: &str| format!("{prefix}{name}");
        let mut taint = TaintSpec::default();
        for item in list(required(content, &key("sources"))?, &key("sources"))? {
            let formula = self.part(item, prefix)?;
            taint.sources.push(source(item, formula)?);
        }
        for item in list(required(content, &key("sinks"))?, &key("sinks"))? {
            let formula = self.part(item, prefix)?;
            taint.sinks.push(sink(item, formula)?);
        }
        if let Some(sanitizers) = content.get(&key("sanitizers")) {
            for item in list(sanitizers, &key("sanitizers"))? {
                let formula = self.part(item, prefix)?;
                taint.sanitizers.push(sanitizer(item, formula)?);
            }
        }
        if let Some(propagators) = content.get(&key("propagators")) {
            for item in list(propagators, &key("propagators"))? {
                let formula = self.part(item, prefix)?;
                taint.propagators.push(propagator(item, formula)?);
            }
        }
        for (list, name) in [(taint.sources.is_empty(), "sources"), (taint.sinks.is_empty(), "sinks")] {
            if list {
                let place = content.get(&key(name)).unwrap_or(content);
                return wrong(place, format!("`{}` is empty: the rule could never match", key(name)));
            }
        }
        Ok(taint)
    }

    /// The formula of one item.
    fn part(&mut self, item: Value<'_>, prefix: &str) -> Result<Formula, Wrong> {
        let old = !prefix.is_empty();
        if old && !item.is_mapping() {
            return wrong(
                item,
                format!("a source, sink, sanitizer or propagator is a mapping, this is {}", item.describe()),
            );
        }
        let operators = if old { OLD } else { NEW };
        for (key, _) in item.entries() {
            let name = key.as_str().unwrap_or_default();
            if !operators.contains(&name) && !KEYS.contains(&name) && !name.starts_with("x-") {
                self.warn(key.span(), format!("the key `{name}` means nothing here"));
            }
        }
        if old { formula::old_among(item) } else { formula::new_positive(item) }
    }
}

fn source(item: Value<'_>, formula: Formula) -> Result<Source, Wrong> {
    Ok(Source {
        formula,
        by_side_effect: side_effect(item, SideEffect::No)?,
        exact: optional_boolean(item, "exact")?,
        control: optional_boolean(item, "control")?,
        label: label(item)?.unwrap_or_else(|| DEFAULT_LABEL.to_owned()),
        requires: requires(item, LabelExpr::Constant(true))?,
        span: item.span(),
    })
}

fn sink(item: Value<'_>, formula: Formula) -> Result<Sink, Wrong> {
    let default = || LabelExpr::Label(DEFAULT_LABEL.to_owned());
    let requires = match item.get("requires") {
        Some(several) if several.is_sequence() => {
            let mut found = Vec::new();
            for one in several.items() {
                for (key, expression) in mapping(one, "an item of `requires`")? {
                    found.push((metavariable(key, "a key of `requires`")?, expression_of(expression)?));
                }
            }
            SinkRequires::Metavariables(found)
        }
        _ => SinkRequires::Labels(requires(item, default())?),
    };
    Ok(Sink {
        formula,
        requires,
        exact: item.get("exact").map_or(Ok(true), |exact| boolean(exact, "exact"))?,
        at_exit: optional_boolean(item, "at-exit")?,
        span: item.span(),
    })
}

fn sanitizer(item: Value<'_>, formula: Formula) -> Result<Sanitizer, Wrong> {
    Ok(Sanitizer {
        formula,
        by_side_effect: side_effect(item, SideEffect::No)?,
        exact: optional_boolean(item, "exact")?,
        not_conflicting: optional_boolean(item, "not_conflicting")?
            || optional_boolean(item, "not-conflicting")?,
        span: item.span(),
    })
}

fn propagator(item: Value<'_>, formula: Formula) -> Result<Propagator, Wrong> {
    Ok(Propagator {
        formula,
        from: metavariable(required(item, "from")?, "from")?,
        to: metavariable(required(item, "to")?, "to")?,
        by_side_effect: side_effect(item, SideEffect::Yes)?,
        label: label(item)?,
        requires: requires(item, LabelExpr::Constant(true))?,
        replace_labels: item
            .get("replace-labels")
            .map(|labels| strings(labels, "replace-labels"))
            .transpose()?,
        span: item.span(),
    })
}

fn side_effect(item: Value<'_>, default: SideEffect) -> Result<SideEffect, Wrong> {
    let Some(value) = item.get("by-side-effect") else { return Ok(default) };
    match (value.as_bool(), value.as_str()) {
        (Some(true), _) | (None, Some("true")) => Ok(SideEffect::Yes),
        (Some(false), _) | (None, Some("false")) => Ok(SideEffect::No),
        (None, Some("only")) => Ok(SideEffect::Only),
        _ => wrong(value, "`by-side-effect` has to be true, false or only"),
    }
}

fn label(item: Value<'_>) -> Result<Option<String>, Wrong> {
    let Some(value) = item.get("label") else { return Ok(None) };
    let text = string(value, "label")?;
    match text.parse() {
        Ok(LabelExpr::Label(label)) => Ok(Some(label)),
        _ => wrong(value, "a label consists of letters, digits and `_`"),
    }
}

fn requires(item: Value<'_>, default: LabelExpr) -> Result<LabelExpr, Wrong> {
    item.get("requires").map_or(Ok(default), expression_of)
}

fn expression_of(value: Value<'_>) -> Result<LabelExpr, Wrong> {
    match string(value, "requires")?.parse() {
        Ok(expression) => Ok(expression),
        Err(error) => wrong(value, format!("`requires`: {error}")),
    }
}
