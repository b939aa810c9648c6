//! What several matches mean together.
//!
//! Matches are put into the order of their own times as far as they come within the allowed lateness; windows slide over those
//! times, never over the clock. Per group a window keeps what its kind needs and no more. A group raises once when its
//! condition begins to hold, and again only after it has failed or a whole timespan has passed.

mod window;

use crate::sigma::{
    Aggregation, Comparison, Condition, Correlation, CorrelationKind, Function, Rule, RuleError, Selector,
    Threshold,
};
use crate::time::Timestamp;
use foldhash::{HashMap, HashMapExt};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use window::Window;

/// Correlations of correlations.
const MAX_CHAIN: usize = 16;

/// Bounds on what is kept.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Groups of one correlation; the one that was quiet longest gives way.
    pub groups: usize,
    /// Matches of one group.
    pub entries: usize,
    /// Matches that wait for earlier ones.
    pub waiting: usize,
    /// How late a match may come, in milliseconds.
    pub lateness: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { groups: 100_000, entries: 10_000, waiting: 1_000_000, lateness: 60_000 }
    }
}

/// What was left out because a bound was hit, and what came too late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Groups that gave way.
    pub groups_dropped: u64,
    /// Matches that gave way within a group.
    pub entries_dropped: u64,
    /// Matches later than allowed: they are counted at the time that was reached.
    pub late: u64,
    /// Matches without the fields that the correlation groups by.
    pub ungrouped: u64,
}

/// A correlation that holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Raised {
    /// Its number among [`Correlator::correlations`].
    pub correlation: usize,
    /// The time of the match that completed it.
    pub time: Timestamp,
    /// The time of the first match that counts.
    pub since: Timestamp,
    /// Names and values of the group.
    pub group: Vec<(String, String)>,
    /// The number that was compared, or how many rules matched.
    pub value: f64,
    /// The events that count, the newest last, as far as they are kept: what [`Observation::event`] said.
    pub events: Vec<u64>,
}

/// A match of a rule as a correlation sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// The rule's number.
    pub rule: u32,
    /// When the event happened.
    pub time: Timestamp,
    /// What the caller knows the event by.
    pub event: u64,
    /// Values of the fields that [`Correlator::fields_of`] names for the rule, in that order.
    pub values: Vec<Option<Box<str>>>,
}

#[derive(Debug)]
struct Spec {
    correlation: Correlation,
    /// What it listens to: rules and correlations, in the order of its list.
    inputs: Vec<Input>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Input {
    Rule(u32),
    Correlation(usize),
}

/// Holds matches against correlations.
#[derive(Debug)]
pub struct Correlator {
    specs: Vec<Spec>,
    limits: Limits,
    /// For each rule that is listened to: its fields by name.
    fields: BTreeMap<u32, Vec<String>>,
    /// For each input the correlations that listen, and at which place of their lists.
    listeners: HashMap<Input, Vec<(usize, usize)>>,
    /// Rules that raise no alerts of their own.
    silent: Vec<u32>,
    /// For each correlation whether it raises none of its own, as it only feeds others.
    feeds_only: Vec<bool>,
    states: Vec<HashMap<Box<[Box<str>]>, Window>>,
    waiting: BTreeMap<(Timestamp, u64), Observation>,
    sequence: u64,
    newest: Timestamp,
    done: Timestamp,
    counts: Counts,
}

impl Correlator {
    /// Correlations over rules. Returns those that cannot be used too.
    pub fn new(correlations: Vec<Correlation>, rules: &[Rule], limits: Limits) -> (Self, Vec<RuleError>) {
        let mut errors = Vec::new();
        let mut all = correlations;
        all.extend(rules.iter().filter_map(from_aggregation));
        let mut specs: Vec<Spec> = Vec::new();
        // Correlations of correlations come behind those that they name.
        for _ in 0..=MAX_CHAIN {
            let (ready, later): (Vec<_>, Vec<_>) = all
                .into_iter()
                .partition(|one| one.rules.iter().all(|(name, _)| resolve(name, rules, &specs).is_some()));
            all = later;
            if ready.is_empty() {
                break;
            }
            for correlation in ready {
                let named = correlation.rules.iter();
                let inputs = named.filter_map(|(name, _)| resolve(name, rules, &specs)).collect();
                specs.push(Spec { correlation, inputs });
            }
        }
        for correlation in all {
            let missing = correlation.rules.iter().find(|(name, _)| resolve(name, rules, &specs).is_none());
            let Some((name, span)) = missing else { continue };
            errors.push(RuleError {
                file: correlation.file.clone(),
                rule: Some(correlation.title.clone()),
                line: span.line,
                column: span.column,
                reason: format!("there is no usable rule `{name}`, or it waits for this one"),
            });
        }
        let mut correlator = Self {
            states: specs.iter().map(|_| HashMap::new()).collect(),
            limits,
            fields: BTreeMap::new(),
            listeners: HashMap::new(),
            silent: Vec::new(),
            feeds_only: vec![false; specs.len()],
            waiting: BTreeMap::new(),
            sequence: 0,
            newest: Timestamp(i64::MIN),
            done: Timestamp(i64::MIN),
            counts: Counts::default(),
            specs,
        };
        correlator.listen(rules);
        (correlator, errors)
    }

    fn listen(&mut self, rules: &[Rule]) {
        let mut generates: HashMap<u32, bool> = HashMap::new();
        let mut generating: HashMap<usize, bool> = HashMap::new();
        for (number, spec) in self.specs.iter().enumerate() {
            for (place, input) in spec.inputs.iter().enumerate() {
                self.listeners.entry(*input).or_default().push((number, place));
                let rule = match *input {
                    Input::Rule(rule) => rule,
                    Input::Correlation(inner) => {
                        *generating.entry(inner).or_default() |= spec.correlation.generate;
                        continue;
                    }
                };
                let own = generates.entry(rule).or_default();
                *own |= spec.correlation.generate;
                let Some(named) = rules.get(rule as usize) else { continue };
                let fields = self.fields.entry(rule).or_default();
                let groups =
                    spec.correlation.group_by.iter().map(|name| field_of(&spec.correlation, name, named));
                for field in groups.chain(spec.correlation.threshold.fields.iter().map(String::as_str)) {
                    if !fields.iter().any(|known| known == field) {
                        fields.push(field.to_owned());
                    }
                }
            }
        }
        for (inner, own) in generating {
            if let Some(feeds_only) = self.feeds_only.get_mut(inner) {
                *feeds_only = !own;
            }
        }
        self.silent = generates.into_iter().filter(|(_, own)| !own).map(|(rule, _)| rule).collect();
        self.silent.sort_unstable();
    }

    /// The correlations, in the order of their numbers.
    pub fn correlations(&self) -> impl Iterator<Item = &Correlation> {
        self.specs.iter().map(|spec| &spec.correlation)
    }

    /// The correlation with a number.
    pub fn correlation(&self, number: usize) -> Option<&Correlation> {
        self.specs.get(number).map(|spec| &spec.correlation)
    }

    /// The fields that a match of the rule has to bring; none where nothing listens to it.
    pub fn fields_of(&self, rule: u32) -> Option<&[String]> {
        self.fields.get(&rule).map(Vec::as_slice)
    }

    /// Whether a match of the rule is an alert by itself.
    pub fn is_alert(&self, rule: u32) -> bool {
        self.silent.binary_search(&rule).is_err()
    }

    /// What was left out so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Takes a match. What it completes is raised by [`Correlator::advance`].
    pub fn observe(&mut self, mut observation: Observation) {
        if observation.time < self.done {
            self.counts.late += 1;
            observation.time = self.done;
        }
        self.newest = self.newest.max(observation.time);
        self.sequence += 1;
        self.waiting.insert((observation.time, self.sequence), observation);
    }

    /// Handles the matches that nothing allowed can come before any more.
    pub fn advance(&mut self, raised: &mut Vec<Raised>) {
        let safe = Timestamp(self.newest.0.saturating_sub(self.limits.lateness));
        while let Some((&(time, _), _)) = self.waiting.first_key_value() {
            if time > safe && self.waiting.len() <= self.limits.waiting {
                break;
            }
            let Some((_, observation)) = self.waiting.pop_first() else { break };
            self.handle(&observation, raised);
        }
    }

    /// Handles all matches that wait: nothing more will come.
    pub fn finish(&mut self, raised: &mut Vec<Raised>) {
        while let Some((_, observation)) = self.waiting.pop_first() {
            self.handle(&observation, raised);
        }
    }

    fn handle(&mut self, observation: &Observation, raised: &mut Vec<Raised>) {
        self.done = self.done.max(observation.time);
        let mut queue: Vec<(Input, Seen<'_>)> =
            vec![(Input::Rule(observation.rule), Seen::Rule(observation))];
        let mut at = 0;
        // Feeding changes everything but who listens.
        let listeners = std::mem::take(&mut self.listeners);
        while let Some((input, seen)) = queue.get(at).cloned() {
            at += 1;
            for &(number, place) in listeners.get(&input).into_iter().flatten() {
                let Some(one) = self.feed(number, place, &seen, observation) else { continue };
                queue.push((Input::Correlation(number), Seen::Group(one.group.clone())));
                if self.feeds_only.get(number) != Some(&true) {
                    raised.push(one);
                }
            }
        }
        self.listeners = listeners;
    }

    fn feed(&mut self, number: usize, place: usize, seen: &Seen<'_>, from: &Observation) -> Option<Raised> {
        let spec = self.specs.get(number)?;
        let names = self.fields.get(&from.rule).map(Vec::as_slice).unwrap_or_default();
        let value = |name: &str| -> Option<&str> {
            match seen {
                Seen::Rule(observation) => {
                    let at = names.iter().position(|known| known == name)?;
                    observation.values.get(at)?.as_deref()
                }
                Seen::Group(group) => {
                    group.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
                }
            }
        };
        let input_name = spec.correlation.rules.get(place).map(|(name, _)| name.as_str()).unwrap_or_default();
        let mut key: Vec<Box<str>> = Vec::with_capacity(spec.correlation.group_by.len());
        for name in &spec.correlation.group_by {
            let field = spec.correlation.aliases.get(name).and_then(|fields| fields.get(input_name));
            let Some(found) = value(field.map_or(name.as_str(), String::as_str)) else {
                self.counts.ungrouped += 1;
                return None;
            };
            key.push(found.into());
        }
        let mut of_fields: Option<Box<str>> = None;
        if spec.correlation.kind.needs_field() {
            let mut all = Vec::new();
            for name in &spec.correlation.threshold.fields {
                all.push(value(name)?);
            }
            of_fields = Some(all.join("\u{1f}").into());
        }
        let state = self.states.get_mut(number)?;
        let key: Box<[Box<str>]> = key.into();
        if !state.contains_key(&key) {
            if state.len() >= self.limits.groups {
                forget(state, &spec.correlation, from.time, &mut self.counts);
            }
            state.insert(key.clone(), Window::new(&spec.correlation));
        }
        let window = state.get_mut(&key)?;
        let entry =
            window::Entry { time: from.time, event: from.event, place: place as u32, value: of_fields };
        let held =
            window.add(entry, &spec.correlation, self.limits.entries, &mut self.counts.entries_dropped)?;
        let names = spec.correlation.group_by.iter().cloned();
        Some(Raised {
            correlation: number,
            time: from.time,
            since: held.since,
            group: names.zip(key.iter().map(|value| value.clone().into_string())).collect(),
            value: held.value,
            events: held.events,
        })
    }
}

#[derive(Clone)]
enum Seen<'a> {
    Rule(&'a Observation),
    Group(Vec<(String, String)>),
}

/// Makes room: groups whose window has passed go, else the quietest tenth.
fn forget(
    state: &mut HashMap<Box<[Box<str>]>, Window>,
    correlation: &Correlation,
    now: Timestamp,
    counts: &mut Counts,
) {
    let before = state.len();
    state.retain(|_, window| window.newest().0 >= now.0.saturating_sub(correlation.timespan));
    if state.len() < before {
        return;
    }
    let mut times: Vec<i64> = state.values().map(|window| window.newest().0).collect();
    let tenth = times.len() / 10;
    let (_, &mut limit, _) = times.select_nth_unstable(tenth);
    state.retain(|_, window| window.newest().0 > limit);
    counts.groups_dropped += (before - state.len()) as u64;
}

fn resolve(name: &str, rules: &[Rule], specs: &[Spec]) -> Option<Input> {
    let is = |id: &Option<String>, named: &Option<String>, title: &str| {
        id.as_deref() == Some(name) || named.as_deref() == Some(name) || title == name
    };
    let rule = rules.iter().position(|rule| is(&rule.id, &rule.name, &rule.title));
    if let Some(rule) = rule {
        return Some(Input::Rule(rule as u32));
    }
    let known = specs
        .iter()
        .position(|spec| is(&spec.correlation.id, &spec.correlation.name, &spec.correlation.title));
    known.map(Input::Correlation)
}

/// The field that a name of `group-by` is in a rule.
fn field_of<'a>(correlation: &'a Correlation, name: &'a str, rule: &Rule) -> &'a str {
    let aliases = correlation.aliases.get(name);
    let keys = [rule.id.as_deref(), rule.name.as_deref(), Some(rule.title.as_str())];
    let found = aliases.and_then(|fields| keys.into_iter().flatten().find_map(|key| fields.get(key)));
    found.map_or(name, String::as_str)
}

/// What an older rule counts, as a correlation of itself.
fn from_aggregation(rule: &Rule) -> Option<Correlation> {
    let Aggregation { function, field, group_by, comparison } = rule.aggregation.as_ref()?;
    let kind = match (function, field) {
        (Function::Count, None) => CorrelationKind::EventCount,
        (Function::Count, Some(_)) => CorrelationKind::ValueCount,
        (Function::Sum, _) => CorrelationKind::ValueSum,
        (Function::Average, _) => CorrelationKind::ValueAvg,
    };
    let Comparison { order, value } = *comparison;
    Some(Correlation {
        id: rule.id.clone(),
        name: rule.name.clone(),
        title: rule.title.clone(),
        description: rule.description.clone(),
        status: rule.status,
        level: rule.level,
        author: rule.author.clone(),
        tags: rule.tags.clone(),
        references: rule.references.clone(),
        false_positives: rule.false_positives.clone(),
        kind,
        rules: vec![(rule.key().to_owned(), rule.span)],
        group_by: group_by.iter().cloned().collect(),
        timespan: rule.timeframe?,
        threshold: Threshold {
            comparisons: vec![(order, value)],
            fields: field.iter().cloned().collect(),
            ..Threshold::default()
        },
        aliases: BTreeMap::new(),
        generate: false,
        file: rule.file.clone(),
        span: rule.span,
    })
}

/// Whether a condition over rules holds, given which of them matched.
fn holds(
    condition: &Condition,
    names: &[(String, bartizan_yaml::Span)],
    seen: &dyn Fn(usize) -> bool,
) -> bool {
    let selected = |selector: &Selector| -> Vec<usize> {
        let all = names.iter().enumerate();
        all.filter(|(_, (name, _))| selector.takes(name)).map(|(at, _)| at).collect()
    };
    match condition {
        Condition::Part(name) => names.iter().position(|(known, _)| known == name).is_some_and(seen),
        Condition::And(all) => all.iter().all(|one| holds(one, names, seen)),
        Condition::Or(all) => all.iter().any(|one| holds(one, names, seen)),
        Condition::Not(inner) => !holds(inner, names, seen),
        Condition::All(selector) => selected(selector).into_iter().all(seen),
        Condition::Some(count, selector) => {
            selected(selector).into_iter().filter(|&at| seen(at)).count() >= *count as usize
        }
    }
}

#[cfg(test)]
mod tests;
