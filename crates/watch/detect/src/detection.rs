//! Rules and correlations together: what a program needs to turn events into alerts.

use crate::correlate::{Correlator, Limits, Observation};
use crate::engine::{Engine, Evaluator};
use crate::json::JsonError;
use crate::mapping::Mapping;
use crate::sigma::{Correlation, Loaded, RuleError};
use crate::time::Timestamp;
use bartizan_model::EventRef;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Compiled rules and the correlations over them. Does not change; threads share it.
#[derive(Debug)]
pub struct Detection {
    engine: Arc<Engine>,
    correlations: Vec<Correlation>,
    /// For each rule that a correlation listens to: the fields that its matches bring.
    brings: BTreeMap<u32, Vec<u32>>,
}

/// What one event met.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// Numbers of the rules, in their order.
    pub rules: Vec<u32>,
    /// When the event happened, as it says itself.
    pub time: Option<Timestamp>,
    /// The host that it names.
    pub host: Option<String>,
    /// For each of `rules` that a correlation listens to: the values of the fields that it needs.
    pub values: Vec<(u32, Vec<Option<Box<str>>>)>,
}

impl Detection {
    /// Compiles what was loaded. Returns the rules and correlations that cannot be used too.
    pub fn new(loaded: Loaded, mappings: Vec<Mapping>) -> (Self, Vec<RuleError>) {
        let Loaded { rules, correlations, filters, mut errors, .. } = loaded;
        let mut fields: Vec<String> = Vec::new();
        for correlation in &correlations {
            fields.extend(correlation.group_by.iter().cloned());
            fields.extend(correlation.threshold.fields.iter().cloned());
            fields.extend(correlation.aliases.values().flat_map(|names| names.values().cloned()));
        }
        for aggregation in rules.iter().filter_map(|rule| rule.aggregation.as_ref()) {
            fields.extend(aggregation.field.iter().chain(&aggregation.group_by).cloned());
        }
        let (engine, mut unusable) = Engine::with_fields(rules, &filters, mappings, &fields);
        errors.append(&mut unusable);
        let (correlator, mut unusable) =
            Correlator::new(correlations.clone(), engine.rules(), Limits::default());
        errors.append(&mut unusable);
        let mut brings = BTreeMap::new();
        for rule in 0..engine.rules().len() as u32 {
            if let Some(names) = correlator.fields_of(rule) {
                brings.insert(rule, names.iter().filter_map(|name| engine.field(name)).collect());
            }
        }
        (Self { engine: Arc::new(engine), correlations, brings }, errors)
    }

    /// The compiled rules.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// A fresh correlator over the rules.
    pub fn correlator(&self, limits: Limits) -> Correlator {
        Correlator::new(self.correlations.clone(), self.engine.rules(), limits).0
    }

    /// A judge for one thread.
    pub fn judge(self: &Arc<Self>) -> Judge {
        Judge { evaluator: Evaluator::new(Arc::clone(&self.engine)), detection: Arc::clone(self) }
    }
}

/// Holds events against the rules, one at a time.
#[derive(Debug)]
pub struct Judge {
    evaluator: Evaluator,
    detection: Arc<Detection>,
}

impl Judge {
    /// What the event meets; none where it meets no rule.
    ///
    /// # Errors
    /// What is no JSON object.
    pub fn judge(&mut self, event: EventRef<'_>) -> Result<Option<Verdict>, JsonError> {
        let rules = self.evaluator.evaluate(event.json, event.format)?;
        if rules.is_empty() {
            return Ok(None);
        }
        let rules = rules.to_vec();
        let mut values = Vec::new();
        for &rule in &rules {
            let Some(fields) = self.detection.brings.get(&rule) else { continue };
            let brought = fields
                .iter()
                .map(|&field| self.evaluator.field(event.json, field).map(|text| Box::from(text.as_ref())));
            values.push((rule, brought.collect()));
        }
        let time = self.evaluator.time(event.json);
        let host = self.evaluator.host(event.json);
        Ok(Some(Verdict { rules, time, host, values }))
    }
}

impl Verdict {
    /// What correlators see of it. `event`: what the caller knows the event by; `now` stands in for the time of an event that has none.
    pub fn observations(&self, event: u64, now: Timestamp) -> impl Iterator<Item = Observation> + '_ {
        let time = self.time.unwrap_or(now);
        self.values.iter().map(move |(rule, values)| Observation {
            rule: *rule,
            time,
            event,
            values: values.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping;
    use crate::sigma::load;

    #[test]
    fn matches_bring_what_correlations_need() {
        let text = "title: A\nname: a\nlogsource: {product: aws}\ndetection: {s: {eventName: X}, condition: s}\n---\ntitle: C\n\
            correlation:\n  type: value_count\n  rules: [a]\n  group-by: [userIdentity.arn]\n  timespan: 1m\n  condition: \
            {field: sourceIPAddress, gte: 2}\n";
        let (detection, errors) = Detection::new(load(text, "t.yml"), mapping::builtin().unwrap());
        assert_eq!(errors, []);
        let detection = Arc::new(detection);
        let mut judge = detection.judge();
        let json =
            br#"{"eventVersion":"1","eventSource":"s","eventName":"X","eventTime":"2026-01-02T03:04:05Z",
            "userIdentity":{"arn":"me"},"sourceIPAddress":"192.0.2.1"}"#;
        let event = EventRef { json, format: None, source: "f", record: 1 };
        let verdict = judge.judge(event).unwrap().unwrap();
        assert_eq!(verdict.values, [(0, vec![Some("me".into()), Some("192.0.2.1".into())])]);
        assert_eq!(verdict.time, Timestamp::parse("2026-01-02T03:04:05Z"));
        let other = EventRef { json: br#"{"eventName":"X"}"#, ..event };
        assert_eq!(judge.judge(other).unwrap(), None);
    }
}
