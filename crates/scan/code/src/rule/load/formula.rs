//! Formulas, in the old syntax and the new.

use super::super::comparison;
use super::super::regex::{Flags, Regex};
use super::super::{
    Analysis, Analyzer, And, ComparisonCondition, Condition, EntropyMode, Formula, NameCondition,
    PatternCondition, PatternText, RegexCondition, RegexLeaf, TypeCondition,
};
use super::{Wrong, boolean, list, mapping, metavariable, required, string, strings, wrong};
use crate::language::Language;
use bartizan_yaml::Value;

/// Keys of the old syntax that hold a formula by themselves.
pub(super) const OLD: &[&str] = &["pattern", "patterns", "pattern-either", "pattern-regex"];
/// Keys of the new syntax that hold a formula.
pub(super) const NEW: &[&str] = &["pattern", "regex", "all", "any", "not", "inside", "anywhere"];

const NEGATED_IN_OR: &str = "nothing can be negated in a choice: there is nothing to take away from";
const NO_POSITIVE: &str = "there has to be something that matches, not only negations and conditions";

/// The formula among the entries of a mapping that may also hold other keys.
pub(super) fn old_among(value: Value<'_>) -> Result<Formula, Wrong> {
    let found: Vec<_> = value.entries().into_iter().filter(|(key, _)| is_one_of(*key, OLD)).collect();
    match found.as_slice() {
        [(key, content)] => old_operator(*key, *content, true),
        [] => wrong(value, "one of `pattern`, `patterns`, `pattern-either` and `pattern-regex` is expected"),
        [_, (key, _), ..] => wrong(
            *key,
            "only one of `pattern`, `patterns`, `pattern-either` and `pattern-regex` can be given",
        ),
    }
}

fn is_one_of(key: Value<'_>, names: &[&str]) -> bool {
    key.as_str().is_some_and(|key| names.contains(&key))
}

fn leaf(value: Value<'_>, what: &str) -> Result<Formula, Wrong> {
    // `pattern: 1` is a number in YAML; Semgrep refuses it, and so a rule written here works there.
    if value.as_bool().is_some() || value.as_int().is_some() {
        return wrong(value, format!("`{what}` has to be a string: put it in quotes"));
    }
    let text = string(value, what)?;
    if text.trim().is_empty() {
        return wrong(value, format!("`{what}` is empty"));
    }
    Ok(Formula::Leaf(PatternText { text: text.to_owned(), span: value.span() }))
}

fn regex_leaf(value: Value<'_>, what: &str) -> Result<Formula, Wrong> {
    let regex = regex(value, what, Flags { multi_line: true, anchored: false })?;
    Ok(Formula::Regex(RegexLeaf { regex, span: value.span() }))
}

pub(super) fn regex(value: Value<'_>, what: &str, flags: Flags) -> Result<Regex, Wrong> {
    match Regex::new(string(value, what)?, flags) {
        Ok(regex) => Ok(regex),
        Err(error) => wrong(value, format!("`{what}`: {error}")),
    }
}

/// A formula under a key of the old syntax. `positive`: it has to match something by itself.
fn old_operator(key: Value<'_>, content: Value<'_>, positive: bool) -> Result<Formula, Wrong> {
    let name = key.as_str().unwrap_or_default();
    match name {
        "pattern" => leaf(content, name),
        "pattern-regex" => regex_leaf(content, name),
        "pattern-not-regex" => Ok(Formula::Not(Box::new(regex_leaf(content, name)?))),
        "pattern-not" => Ok(Formula::Not(Box::new(old_nested(content, name)?))),
        "pattern-inside" => Ok(Formula::Inside(Box::new(old_nested(content, name)?))),
        "pattern-not-inside" => {
            Ok(Formula::Not(Box::new(Formula::Inside(Box::new(old_nested(content, name)?)))))
        }
        "semgrep-internal-pattern-anywhere" | "pattern-anywhere" => {
            Ok(Formula::Anywhere(Box::new(old_nested(content, name)?)))
        }
        "pattern-either" => {
            let mut several = Vec::new();
            for item in list(content, name)? {
                let (key, content) = single(item)?;
                let one = old_operator(key, content, true)?;
                if matches!(one, Formula::Not(_)) {
                    return wrong(key, NEGATED_IN_OR);
                }
                several.push(one);
            }
            Ok(Formula::Or(several))
        }
        "patterns" => {
            let mut and = And { span: content.span(), ..And::default() };
            for item in list(content, name)? {
                let (key, content) = single(item)?;
                match old_condition(key, content, &mut and)? {
                    true => {}
                    false => join(&mut and, old_operator(key, content, true)?),
                }
            }
            closed(and, content, positive)
        }
        "pattern-where-python" => {
            wrong(key, "`pattern-where-python` is no longer supported, by Semgrep neither")
        }
        _ => wrong(key, format!("`{name}` is not an operator on patterns")),
    }
}

/// What is under `pattern-inside` and the like: a pattern, or a mapping with one operator.
fn old_nested(value: Value<'_>, what: &str) -> Result<Formula, Wrong> {
    if value.is_mapping() {
        let (key, content) = single(value)?;
        return match old_operator(key, content, true)? {
            Formula::Not(_) => wrong(key, format!("`{what}` cannot hold a negation")),
            formula => Ok(formula),
        };
    }
    leaf(value, what)
}

fn single(item: Value<'_>) -> Result<(Value<'_>, Value<'_>), Wrong> {
    match mapping(item, "an item of this list")?.as_slice() {
        [only] => Ok(*only),
        [_, (key, _), ..] => wrong(*key, "a list item holds one key: is a hyphen missing before this one?"),
        [] => wrong(item, "the list item is empty"),
    }
}

fn join(and: &mut And, formula: Formula) {
    match formula {
        Formula::Inside(inner) => and.insides.push(*inner),
        Formula::Not(inner) => match *inner {
            Formula::Inside(inner) => and.not_insides.push(*inner),
            inner => and.negatives.push(inner),
        },
        other => and.positives.push(other),
    }
}

/// An `and` without anything positive can only narrow down what it is given.
fn closed(and: And, value: Value<'_>, positive: bool) -> Result<Formula, Wrong> {
    if positive && and.positives.is_empty() && and.insides.is_empty() {
        return wrong(value, NO_POSITIVE);
    }
    Ok(Formula::And(Box::new(and)))
}

/// Whether it was a condition, or a focus.
fn old_condition(key: Value<'_>, content: Value<'_>, and: &mut And) -> Result<bool, Wrong> {
    let name = key.as_str().unwrap_or_default();
    let condition = match name {
        "focus-metavariable" => {
            and.focus.push(focus(content)?);
            return Ok(true);
        }
        "metavariable-regex" => regex_condition(content)?,
        "metavariable-pattern" => {
            let found: Vec<_> =
                content.entries().into_iter().filter(|(key, _)| is_one_of(*key, OLD)).collect();
            let formula = match found.as_slice() {
                // Negations alone are fine: what they take away from is what the metavariable stands for.
                [(key, inner)] => old_operator(*key, *inner, false)?,
                _ => old_among(content)?,
            };
            pattern_condition(content, formula)?
        }
        "metavariable-comparison" => comparison_condition(content, required(content, "comparison")?)?,
        "metavariable-analysis" => analysis(content)?,
        "metavariable-type" => type_condition(content)?,
        "metavariable-name" | "semgrep-internal-metavariable-name" => name_condition(content)?,
        _ => return Ok(false),
    };
    and.conditions.push(condition);
    Ok(true)
}

fn focus(value: Value<'_>) -> Result<Vec<String>, Wrong> {
    if value.is_sequence() {
        return value.items().map(|item| metavariable(item, "focus-metavariable")).collect();
    }
    Ok(vec![metavariable(value, "focus-metavariable")?])
}

fn regex_condition(value: Value<'_>) -> Result<Condition, Wrong> {
    let flags = Flags { multi_line: false, anchored: true };
    Ok(Condition::Regex(RegexCondition {
        metavariable: metavariable(required(value, "metavariable")?, "metavariable")?,
        regex: regex(required(value, "regex")?, "regex", flags)?,
        constant_propagation: optional_boolean(value, "constant-propagation")?,
        span: value.span(),
    }))
}

pub(super) fn optional_boolean(value: Value<'_>, key: &str) -> Result<bool, Wrong> {
    value.get(key).map_or(Ok(false), |found| boolean(found, key))
}

fn pattern_condition(value: Value<'_>, formula: Formula) -> Result<Condition, Wrong> {
    Ok(Condition::Pattern(PatternCondition {
        metavariable: metavariable(required(value, "metavariable")?, "metavariable")?,
        language: language(value)?,
        formula,
        span: value.span(),
    }))
}

fn language(value: Value<'_>) -> Result<Option<Language>, Wrong> {
    let Some(found) = value.get("language") else { return Ok(None) };
    let name = string(found, "language")?;
    match Language::from_name(name) {
        Some(language) => Ok(Some(language)),
        None => wrong(found, format!("the language `{name}` is not known")),
    }
}

fn comparison_condition(value: Value<'_>, expression: Value<'_>) -> Result<Condition, Wrong> {
    let parsed = match comparison::parse(string(expression, "comparison")?) {
        Ok(parsed) => parsed,
        Err(error) => return wrong(expression, format!("`comparison`: {error}")),
    };
    let base = match value.get("base") {
        None => None,
        Some(base) => match base
            .as_int()
            .and_then(|base| u32::try_from(base).ok())
            .filter(|base| (2..=36).contains(base))
        {
            Some(number) => Some(number),
            None => return wrong(base, "`base` has to be a number from 2 to 36"),
        },
    };
    let metavariable =
        value.get("metavariable").map(|found| metavariable(found, "metavariable")).transpose()?;
    let strip = optional_boolean(value, "strip")?;
    // Without the name, the only metavariable of the expression is meant.
    let metavariable = metavariable.or_else(|| match parsed.metavariables().as_slice() {
        [only] => Some((*only).to_owned()),
        _ => None,
    });
    Ok(Condition::Comparison(ComparisonCondition {
        metavariable,
        expression: parsed,
        base,
        strip,
        span: value.span(),
    }))
}

fn analysis(value: Value<'_>) -> Result<Condition, Wrong> {
    let analyzer = required(value, "analyzer")?;
    let kind = if analyzer.is_mapping() { required(analyzer, "kind")? } else { analyzer };
    let mode = match analyzer.get("mode") {
        None => EntropyMode::Default,
        Some(mode) => match mode.as_str() {
            Some("lax") => EntropyMode::Lax,
            Some("default") => EntropyMode::Default,
            Some("strict") => EntropyMode::Strict,
            _ => return wrong(mode, "`mode` has to be lax, default or strict"),
        },
    };
    let analyzer = match kind.as_str() {
        Some("entropy") => Analyzer::Entropy,
        Some("entropy_v2") => Analyzer::EntropyV2(mode),
        Some("redos") => Analyzer::Redos,
        _ => return wrong(kind, "the analyzer has to be entropy, entropy_v2 or redos"),
    };
    let metavariable = metavariable(required(value, "metavariable")?, "metavariable")?;
    Ok(Condition::Analysis(Analysis { metavariable, analyzer, span: value.span() }))
}

fn type_condition(value: Value<'_>) -> Result<Condition, Wrong> {
    let one = |item: Value<'_>| Ok(PatternText { text: string(item, "type")?.to_owned(), span: item.span() });
    let types = match (value.get("type"), value.get("types")) {
        (Some(only), None) => vec![one(only)?],
        (None, Some(several)) => list(several, "types")?.into_iter().map(one).collect::<Result<_, _>>()?,
        _ => return wrong(value, "either `type` or `types` is expected"),
    };
    Ok(Condition::Type(TypeCondition {
        metavariable: metavariable(required(value, "metavariable")?, "metavariable")?,
        types,
        language: language(value)?,
        span: value.span(),
    }))
}

fn name_condition(value: Value<'_>) -> Result<Condition, Wrong> {
    let several = |one: &str, many: &str| match (value.get(one), value.get(many)) {
        (Some(only), None) => Ok(vec![string(only, one)?.to_owned()]),
        (None, Some(list)) => strings(list, many),
        (None, None) => Ok(Vec::new()),
        (Some(only), Some(_)) => wrong(only, format!("only one of `{one}` and `{many}` can be given")),
    };
    let condition = NameCondition {
        metavariable: metavariable(required(value, "metavariable")?, "metavariable")?,
        kind: value.get("kind").map(|kind| string(kind, "kind").map(str::to_owned)).transpose()?,
        modules: several("module", "modules")?,
        names: several("fqn", "fqns")?,
        span: value.span(),
    };
    if condition.kind.is_none() && condition.modules.is_empty() && condition.names.is_empty() {
        return wrong(value, "`module`, `modules` or `kind` is missing");
    }
    Ok(Condition::Name(condition))
}

/// A formula of the new syntax; other keys than operators and `where` are the caller's.
pub(super) fn new(value: Value<'_>) -> Result<Formula, Wrong> {
    if !value.is_mapping() {
        return leaf(value, "pattern");
    }
    let found: Vec<_> = value.entries().into_iter().filter(|(key, _)| is_one_of(*key, NEW)).collect();
    let (key, content) = match found.as_slice() {
        [only] => *only,
        [] => {
            return wrong(
                value,
                "one of `pattern`, `regex`, `all`, `any`, `not`, `inside` and `anywhere` is expected",
            );
        }
        [_, (key, _), ..] => return wrong(*key, "a formula holds one operator"),
    };
    let name = key.as_str().unwrap_or_default();
    let formula = match name {
        "pattern" => leaf(content, name)?,
        "regex" => regex_leaf(content, name)?,
        "not" => Formula::Not(Box::new(new(content)?)),
        "inside" => Formula::Inside(Box::new(new(content)?)),
        "anywhere" => Formula::Anywhere(Box::new(new(content)?)),
        "any" => {
            let mut several = Vec::new();
            for item in list(content, name)? {
                match new(item)? {
                    Formula::Not(_) => return wrong(item, NEGATED_IN_OR),
                    one => several.push(one),
                }
            }
            Formula::Or(several)
        }
        _ => {
            let mut and = And { span: content.span(), ..And::default() };
            for item in list(content, name)? {
                join(&mut and, new(item)?);
            }
            closed(and, content, true)?
        }
    };
    let Some(conditions) = value.get("where") else { return Ok(formula) };
    if matches!(formula, Formula::Not(_)) {
        return wrong(conditions, "a negation cannot have conditions: it binds no metavariables");
    }
    let mut and = match formula {
        Formula::And(and) => *and,
        other => {
            let mut and = And { span: value.span(), ..And::default() };
            join(&mut and, other);
            and
        }
    };
    for item in list(conditions, "where")? {
        new_condition(item, &mut and)?;
    }
    Ok(Formula::And(Box::new(and)))
}

fn new_condition(value: Value<'_>, and: &mut And) -> Result<(), Wrong> {
    mapping(value, "an item of `where`")?;
    if let Some(metavariables) = value.get("focus") {
        and.focus.push(focus(metavariables)?);
        return Ok(());
    }
    let condition = if let Some(expression) = value.get("comparison") {
        comparison_condition(value, expression)?
    } else if value.get("metavariable").is_none() {
        return wrong(value, "`focus`, `comparison` or `metavariable` is expected");
    } else if value.get("analyzer").is_some() {
        analysis(value)?
    } else if value.get("type").is_some() || value.get("types").is_some() {
        type_condition(value)?
    } else if ["module", "modules", "kind", "fqn", "fqns"].iter().any(|key| value.get(key).is_some()) {
        name_condition(value)?
    } else if value.get("regex").is_some() && value.get("where").is_none() && value.get("language").is_none()
    {
        regex_condition(value)?
    } else {
        pattern_condition(value, new(value)?)?
    };
    and.conditions.push(condition);
    Ok(())
}

/// A formula that stands for matches, of the new syntax.
pub(super) fn new_positive(value: Value<'_>) -> Result<Formula, Wrong> {
    match new(value)? {
        Formula::Not(_) => wrong(value, NO_POSITIVE),
        formula => Ok(formula),
    }
}
