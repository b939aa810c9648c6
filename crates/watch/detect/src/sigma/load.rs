//! From YAML to rules.

use super::detection;
use super::filter::FilterRules;
use super::rule::RuleError;
use super::value::Order;
use super::{
    Condition, Correlation, CorrelationKind, Detection, Filter, Level, LogSource, Rule, Status, Threshold,
    parse_condition, parse_timespan,
};
use bartizan_yaml::{self as yaml, Span, Value};
use std::collections::BTreeMap;

/// What a file holds.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The sound rules, in the order of the file.
    pub rules: Vec<Rule>,
    /// The sound correlations.
    pub correlations: Vec<Correlation>,
    /// The sound filters.
    pub filters: Vec<Filter>,
    /// What is wrong. A rule with an error is not among the rules.
    pub errors: Vec<RuleError>,
    /// What is odd but stops nothing.
    pub warnings: Vec<RuleError>,
}

impl Loaded {
    /// Takes in what another file holds.
    pub fn append(&mut self, mut other: Self) {
        self.rules.append(&mut other.rules);
        self.correlations.append(&mut other.correlations);
        self.filters.append(&mut other.filters);
        self.errors.append(&mut other.errors);
        self.warnings.append(&mut other.warnings);
    }
}

/// Reads one file. `file` is only a name, for errors.
pub fn load(text: &str, file: &str) -> Loaded {
    let tree = yaml::parse(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut loaded = Loaded::default();
    let mut global: Vec<Value<'_>> = Vec::new();
    let mut previous: Vec<Value<'_>> = Vec::new();
    let mut any = false;
    for document in tree.documents() {
        if document.is_null() {
            continue;
        }
        any = true;
        if !document.is_mapping() {
            let reason = format!("{} stands where a rule is expected", document.describe());
            loaded.errors.push(error(file, None, document.span(), reason));
            continue;
        }
        let mut layers = global.clone();
        match document.get("action").and_then(Value::as_str) {
            Some("global") => {
                global.push(document);
                continue;
            }
            Some("reset") => {
                global.clear();
                continue;
            }
            Some("repeat") => layers.clone_from(&previous),
            Some(other) => {
                let reason = format!("`action: {other}` is not known");
                loaded.errors.push(error(file, None, document.span(), reason));
                continue;
            }
            None => {}
        }
        layers.push(document);
        previous.clone_from(&layers);
        let document = Document { layers, file };
        document.read(&mut loaded);
    }
    for (key, span) in &tree.duplicates {
        loaded.warnings.push(error(file, None, *span, format!("`{key}` is given twice: the first counts")));
    }
    if let Some((reason, span)) = &tree.broken {
        loaded.errors.push(error(file, None, *span, reason.clone()));
    } else if !any {
        loaded.errors.push(error(
            file,
            None,
            Span { line: 1, column: 1, ..Span::default() },
            "the file is empty".to_owned(),
        ));
    }
    loaded
}

fn error(file: &str, rule: Option<&str>, span: Span, reason: String) -> RuleError {
    RuleError {
        file: file.to_owned(),
        rule: rule.map(str::to_owned),
        line: span.line,
        column: span.column,
        reason,
    }
}

type Wrong = (Span, String);

struct Document<'a> {
    /// What `action: global` gave, then the document itself, which goes before.
    layers: Vec<Value<'a>>,
    file: &'a str,
}

impl<'a> Document<'a> {
    fn get(&self, key: &str) -> Option<Value<'a>> {
        self.layers.iter().rev().find_map(|layer| layer.get(key))
    }

    fn span(&self) -> Span {
        self.layers.last().map(|layer| layer.span()).unwrap_or_default()
    }

    fn text(&self, key: &str) -> Option<String> {
        let value = self.get(key)?;
        value.scalar().filter(|_| !value.is_null()).map(|(text, _)| text.trim().to_owned())
    }

    fn texts(&self, key: &str) -> Vec<String> {
        self.get(key).map(list).unwrap_or_default()
    }

    fn read(&self, loaded: &mut Loaded) {
        let title = self.text("title").filter(|title| !title.is_empty());
        let named = title.clone().or_else(|| self.text("id"));
        let done = match title {
            None => Err((self.span(), "has no title".to_owned())),
            Some(title) if self.get("correlation").is_some() => {
                self.correlation(title).map(|one| loaded.correlations.push(one))
            }
            Some(title) if self.get("filter").is_some() => {
                self.filter(title).map(|one| loaded.filters.push(one))
            }
            Some(title) => self.rule(title).map(|one| loaded.rules.push(one)),
        };
        if let Err((span, reason)) = done {
            loaded.errors.push(error(self.file, named.as_deref(), span, reason));
        }
    }

    fn level(&self) -> Result<Level, Wrong> {
        let Some(value) = self.get("level").filter(|value| !value.is_null()) else {
            return Ok(Level::default());
        };
        let text = value.as_str().unwrap_or_default();
        Level::from_name(text).ok_or_else(|| (value.span(), format!("`{text}` is no level")))
    }

    fn status(&self) -> Option<Status> {
        self.get("status").and_then(Value::as_str).and_then(Status::from_name)
    }

    fn logsource(&self) -> Result<Option<LogSource>, Wrong> {
        let Some(value) = self.get("logsource") else { return Ok(None) };
        if !value.is_mapping() {
            return Err((value.span(), "`logsource` is a mapping".to_owned()));
        }
        let of = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_ascii_lowercase);
        Ok(Some(LogSource { category: of("category"), product: of("product"), service: of("service") }))
    }

    fn rule(&self, title: String) -> Result<Rule, Wrong> {
        let logsource = self.logsource()?.ok_or_else(|| (self.span(), "has no `logsource`".to_owned()))?;
        let mut detections = Vec::new();
        let mut conditions = Vec::new();
        let mut aggregation = None;
        let mut timeframe = None;
        let mut found = false;
        for layer in self.layers.iter().rev() {
            let Some(detection) = layer.get("detection") else { continue };
            found = true;
            if !detection.is_mapping() {
                return Err((detection.span(), "`detection` is a mapping".to_owned()));
            }
            for (key, value) in detection.entries() {
                let name = key.as_str().ok_or_else(|| (key.span(), "a part is named by text".to_owned()))?;
                match name {
                    "condition" if conditions.is_empty() => {
                        (conditions, aggregation) = read_conditions(value)?;
                    }
                    "condition" => {}
                    "timeframe" => {
                        let text = value.as_str().unwrap_or_default();
                        timeframe =
                            Some(parse_timespan(text).map_err(|wrong| (value.span(), wrong.to_string()))?);
                    }
                    _ if detections.iter().any(|(known, _)| known == name) => {}
                    _ => detections.push((name.to_owned(), detection::parse(value)?)),
                }
            }
        }
        if !found {
            return Err((self.span(), "has no `detection`".to_owned()));
        }
        if conditions.is_empty() {
            return Err((self.span(), "has no `condition`".to_owned()));
        }
        for condition in &conditions {
            check_names(condition, &detections).map_err(|reason| (self.span(), reason))?;
        }
        if aggregation.is_some() && timeframe.is_none() {
            return Err((self.span(), "counts without `timeframe`".to_owned()));
        }
        Ok(Rule {
            id: self.text("id"),
            name: self.text("name"),
            title,
            description: self.text("description"),
            status: self.status(),
            level: self.level()?,
            author: self.text("author"),
            tags: self.texts("tags"),
            references: self.texts("references"),
            false_positives: self.texts("falsepositives"),
            fields: self.texts("fields"),
            logsource,
            detections,
            conditions,
            aggregation,
            timeframe,
            file: self.file.to_owned(),
            span: self.span(),
        })
    }

    fn filter(&self, title: String) -> Result<Filter, Wrong> {
        let logsource = self.logsource()?.unwrap_or_default();
        let Some(body) = self.get("filter").filter(|body| body.is_mapping()) else {
            return Err((self.span(), "`filter` is a mapping".to_owned()));
        };
        let rules = match body.get("rules") {
            None => FilterRules::Any,
            Some(value) if value.as_str().is_some_and(|text| text.eq_ignore_ascii_case("any")) => {
                FilterRules::Any
            }
            Some(value) => FilterRules::Named(list(value)),
        };
        let mut detections = Vec::new();
        let mut condition = None;
        for (key, value) in body.entries() {
            match key.as_str() {
                Some("rules") => {}
                Some("condition") => {
                    let (mut conditions, aggregation) = read_conditions(value)?;
                    if aggregation.is_some() || conditions.len() != 1 {
                        return Err((
                            value.span(),
                            "a filter has one condition, without aggregation".to_owned(),
                        ));
                    }
                    condition = conditions.pop();
                }
                Some(name) => detections.push((name.to_owned(), detection::parse(value)?)),
                None => return Err((key.span(), "a part is named by text".to_owned())),
            }
        }
        let condition = condition.ok_or_else(|| (body.span(), "has no `condition`".to_owned()))?;
        check_names(&condition, &detections).map_err(|reason| (body.span(), reason))?;
        Ok(Filter {
            id: self.text("id"),
            title,
            logsource,
            rules,
            detections,
            condition,
            file: self.file.to_owned(),
            span: self.span(),
        })
    }

    fn correlation(&self, title: String) -> Result<Correlation, Wrong> {
        let Some(body) = self.get("correlation").filter(|body| body.is_mapping()) else {
            return Err((self.span(), "`correlation` is a mapping".to_owned()));
        };
        let kind_value = body.get("type").ok_or_else(|| (body.span(), "has no `type`".to_owned()))?;
        let kind_name = kind_value.as_str().unwrap_or_default();
        let kind = CorrelationKind::from_name(kind_name)
            .ok_or_else(|| (kind_value.span(), format!("`{kind_name}` is no type of correlation")))?;
        let timespan = body
            .get("timespan")
            .or_else(|| body.get("timeframe"))
            .ok_or_else(|| (body.span(), "has no `timespan`".to_owned()))?;
        let milliseconds = parse_timespan(timespan.as_str().unwrap_or_default())
            .map_err(|wrong| (timespan.span(), wrong.to_string()))?;
        let rules: Vec<(String, Span)> = match body.get("rules") {
            Some(value) if value.is_sequence() => {
                value.items().filter_map(|one| Some((one.as_str()?.to_owned(), one.span()))).collect()
            }
            Some(value) => value.as_str().map(|text| (text.to_owned(), value.span())).into_iter().collect(),
            None => Vec::new(),
        };
        if rules.is_empty() {
            return Err((body.span(), "names no `rules`".to_owned()));
        }
        let threshold = threshold(kind, body)?;
        let mut aliases = BTreeMap::new();
        for (name, fields) in body.get("aliases").map(Value::entries).unwrap_or_default() {
            let Some(name) = name.as_str() else { continue };
            let fields = fields.entries().into_iter();
            let fields = fields
                .filter_map(|(rule, field)| Some((rule.as_str()?.to_owned(), field.as_str()?.to_owned())));
            aliases.insert(name.to_owned(), fields.collect());
        }
        let generate = self.get("generate").or_else(|| body.get("generate")).and_then(Value::as_bool);
        Ok(Correlation {
            id: self.text("id"),
            name: self.text("name"),
            title,
            description: self.text("description"),
            status: self.status(),
            level: self.level()?,
            author: self.text("author"),
            tags: self.texts("tags"),
            references: self.texts("references"),
            false_positives: self.texts("falsepositives"),
            kind,
            rules,
            group_by: body.get("group-by").map(list).unwrap_or_default(),
            timespan: milliseconds,
            threshold,
            aliases,
            generate: generate.unwrap_or(false),
            file: self.file.to_owned(),
            span: self.span(),
        })
    }
}

fn threshold(kind: CorrelationKind, body: Value<'_>) -> Result<Threshold, Wrong> {
    let mut threshold = Threshold::default();
    match body.get("condition") {
        None if kind.is_temporal() => {}
        None => return Err((body.span(), "has no `condition`".to_owned())),
        Some(value) if value.is_mapping() => {
            for (key, given) in value.entries() {
                let name = key.as_str().unwrap_or_default();
                match name {
                    "field" => threshold.fields = list(given),
                    "percentile" => threshold.percentile = Some(number(given)?),
                    _ => {
                        let order = Order::from_name(name)
                            .filter(|_| name.chars().all(char::is_alphabetic))
                            .ok_or_else(|| (key.span(), format!("`{name}` is no comparison")))?;
                        threshold.comparisons.push((order, number(given)?));
                    }
                }
            }
        }
        Some(value) if kind.is_temporal() => {
            let text = value.as_str().unwrap_or_default();
            let (condition, aggregation) =
                parse_condition(text).map_err(|wrong| (value.span(), wrong.to_string()))?;
            if aggregation.is_some() {
                return Err((value.span(), "a correlation does not aggregate".to_owned()));
            }
            threshold.rules = Some(condition);
        }
        Some(value) => return Err((value.span(), "`condition` is a mapping".to_owned())),
    }
    if !kind.is_temporal() && threshold.comparisons.is_empty() {
        return Err((body.span(), "compares with nothing".to_owned()));
    }
    if kind.needs_field() && threshold.fields.is_empty() {
        return Err((body.span(), "needs `field` in its condition".to_owned()));
    }
    if kind == CorrelationKind::ValuePercentile
        && !threshold.percentile.is_some_and(|one| (0.0..=100.0).contains(&one))
    {
        return Err((body.span(), "needs `percentile` from 0 to 100 in its condition".to_owned()));
    }
    Ok(threshold)
}

fn number(value: Value<'_>) -> Result<f64, Wrong> {
    let text = value.scalar().map(|(text, _)| text).unwrap_or_default();
    text.parse::<f64>()
        .ok()
        .filter(|number| number.is_finite())
        .ok_or_else(|| (value.span(), format!("`{text}` is no number")))
}

fn list(value: Value<'_>) -> Vec<String> {
    if value.is_sequence() {
        return value.items().filter_map(|one| one.scalar().map(|(text, _)| text.to_owned())).collect();
    }
    value.as_str().map(|text| vec![text.to_owned()]).unwrap_or_default()
}

fn read_conditions(value: Value<'_>) -> Result<(Vec<Condition>, Option<super::Aggregation>), Wrong> {
    let written: Vec<Value<'_>> = if value.is_sequence() { value.items().collect() } else { vec![value] };
    let mut conditions = Vec::new();
    let mut aggregation = None;
    for one in &written {
        let text = one.as_str().unwrap_or_default();
        let (condition, counted) = parse_condition(text).map_err(|wrong| (one.span(), wrong.to_string()))?;
        if counted.is_some() && written.len() > 1 {
            return Err((one.span(), "one of several conditions cannot count".to_owned()));
        }
        aggregation = counted;
        conditions.push(condition);
    }
    Ok((conditions, aggregation))
}

/// Whether all parts that a condition names are there.
fn check_names(condition: &Condition, parts: &[(String, Detection)]) -> Result<(), String> {
    match condition {
        Condition::Part(name) if parts.iter().any(|(known, _)| known == name) => Ok(()),
        Condition::Part(name) => {
            Err(format!("the condition names `{name}`, which is no part of the detection"))
        }
        Condition::And(all) | Condition::Or(all) => all.iter().try_for_each(|one| check_names(one, parts)),
        Condition::Not(inner) => check_names(inner, parts),
        Condition::Some(_, selector) | Condition::All(selector) => {
            if parts.iter().any(|(name, _)| selector.takes(name)) {
                return Ok(());
            }
            Err(format!("no part of the detection is meant by {selector:?} in the condition"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sigma::Test;

    const RULE: &str = "title: T\nid: a\nlogsource: {product: Windows, category: process_creation}\ndetection:\n  \
        selection:\n    Image|endswith:\n      - '\\a.exe'\n      - '\\b.exe'\n    EventID: 1\n  keywords:\n    - one\n    \
        - two\n  condition: selection and not keywords\nlevel: HIGH\n";

    #[test]
    fn rules_are_read_with_their_parts() {
        let loaded = load(RULE, "r.yml");
        assert_eq!(loaded.errors, []);
        let rule = &loaded.rules[0];
        assert_eq!((rule.level, rule.logsource.product.as_deref()), (Level::High, Some("windows")));
        let Detection::All(items) = &rule.detections[0].1 else { panic!("{rule:?}") };
        let Detection::Item(item) = &items[1] else { panic!("{items:?}") };
        assert_eq!(item.values, [[Test::Number(1.0)]]);
        let Detection::Item(item) = &rule.detections[1].1 else { panic!("{rule:?}") };
        assert_eq!((item.field.as_ref(), item.values.len()), (None, 2));
    }

    #[test]
    fn mistakes_have_their_place_and_the_others_are_read() {
        let bad = RULE.replace("Image|endswith", "Image|endwith");
        let loaded = load(&format!("{bad}---\n{RULE}"), "r.yml");
        assert_eq!(loaded.rules.len(), 1);
        let wrong = &loaded.errors[0];
        assert_eq!((wrong.line, wrong.column, wrong.rule.as_deref()), (6, 5, Some("T")));
        assert_eq!(wrong.to_string(), "r.yml:6:5: rule \"T\": `endwith` is no modifier");
    }

    #[test]
    fn conditions_name_parts_that_exist() {
        for wrong in ["selection and nothing", "1 of filter_*", "selection and"] {
            let text = RULE.replace("selection and not keywords", wrong);
            assert_eq!(load(&text, "r.yml").errors.len(), 1, "{wrong}");
        }
    }

    #[test]
    fn global_documents_lend_to_those_behind() {
        let text = "action: global\ntitle: G\ndetection:\n  condition: selection\n---\nlogsource: {product: linux}\n\
            detection:\n  selection: {a: 1}\n---\nlogsource: {product: macos}\ndetection:\n  selection: {b: 1}\n";
        let loaded = load(text, "r.yml");
        assert_eq!((loaded.errors.len(), loaded.rules.len()), (0, 2));
        assert_eq!(loaded.rules[1].logsource.product.as_deref(), Some("macos"));
    }

    #[test]
    fn correlations_and_filters_are_read() {
        let text = "title: C\ncorrelation:\n  type: value_count\n  rules: [a, b]\n  group-by: [user]\n  timespan: 10m\n  \
            condition: {gte: 3, field: host}\n  aliases: {user: {a: x, b: y}}\ngenerate: true\n---\ntitle: F\nlogsource: \
            {product: windows}\nfilter:\n  rules: [a]\n  sel: {User: adm}\n  condition: not sel\n";
        let loaded = load(text, "r.yml");
        assert_eq!(loaded.errors, []);
        let one = &loaded.correlations[0];
        assert_eq!((one.timespan, one.generate, one.rules.len()), (600_000, true, 2));
        assert_eq!(one.aliases["user"]["b"], "y");
        assert!(loaded.filters[0].applies(
            [Some("a"), None, None],
            &LogSource { product: Some("windows".into()), ..LogSource::default() }
        ));
        for wrong in ["type: value_count", "timespan: 10m", "condition: {gte: 3, field: host}"] {
            let broken = text.replace(wrong, "x: 1");
            assert_eq!(load(&broken, "r.yml").errors.len(), 1, "{wrong}");
        }
    }
}
