//! Where rules look at values: sources, sinks, sanitizers and propagators at the nodes that are read.

use super::spec::SideEffect;
use super::state::Variable;
use super::trace::{StepKind, TraceId};
use super::value::{Origin, RuleSet, Taint, TaintSet, Value};
use super::walk::Walk;
use crate::language::Language;
use crate::tree::{Kind, NodeId, Symbol};

/// What covered a node and ends with it.
pub(super) struct Covering {
    cleaned: RuleSet,
    sources: usize,
    sinks: usize,
}

impl Walk<'_, '_> {
    /// Opens what covers a node and all within it.
    fn begin_covering(&mut self, id: NodeId) -> Option<Covering> {
        let a = &*self.a;
        let at = a.matches.nodes.get(&id)?;
        let before = Covering {
            cleaned: self.cleaned,
            sources: self.active_sources.len(),
            sinks: self.active_sinks.len(),
        };
        for index in &at.sanitizers {
            let sanitizer = &a.matches.sanitizers[*index as usize];
            if !sanitizer.exact && sanitizer.side != SideEffect::Only {
                self.cleaned = self.cleaned.or(sanitizer.rules);
            }
        }
        for index in &at.sources {
            let source = &a.matches.sources[*index as usize];
            if !source.exact
                && source.side != SideEffect::Only
                && !source.control
                && source.requires.is_none()
            {
                self.active_sources.push(*index);
            }
        }
        for index in &at.sinks {
            let sink = &a.matches.sinks[*index as usize];
            if !sink.exact && !sink.at_exit {
                self.active_sinks.push(*index);
            }
        }
        Some(before)
    }

    pub(super) fn end_covering(&mut self, before: Covering) {
        self.cleaned = before.cleaned;
        self.active_sources.truncate(before.sources);
        self.active_sinks.truncate(before.sinks);
    }

    /// A statement may be matched as a whole; those that have a value look at it themselves.
    pub(super) fn begin_statement(&mut self, id: NodeId) -> Option<Covering> {
        if self.a.matches.nodes.is_empty() || !is_statement(self.kind(id)) {
            return None;
        }
        let covering = self.begin_covering(id)?;
        let at = self.a.matches.nodes.get(&id)?;
        let controls: Vec<u32> = at.sources.clone();
        for index in controls {
            self.control_source(index);
        }
        Some(covering)
    }

    /// Sinks at a statement that ends a function, by the value that it ends it with.
    pub(super) fn sink_statement(&mut self, id: NodeId, value: &Value) {
        let Some(at) = self.a.matches.nodes.get(&id) else { return };
        let sinks = at.sinks.clone();
        let taint = self.state.deep(value);
        for sink in sinks {
            if !self.a.matches.sinks[sink as usize].at_exit {
                self.reach(sink, &taint);
            }
        }
    }

    fn control_source(&mut self, index: u32) {
        let source = &self.a.matches.sources[index as usize];
        if source.control {
            let taint = Taint::new(Origin::Source(index), source.label, source.rules, TraceId::START);
            self.state.control.add(&TaintSet::one(taint));
        }
    }

    /// Reads an expression.
    pub(super) fn eval(&mut self, id: NodeId) -> Value {
        if !self.a.spend(1) || self.dead {
            return Value::default();
        }
        let covering = self.begin_covering(id);
        self.inputs.clear();
        let mut value = self.expression(id);
        let inputs = std::mem::take(&mut self.inputs);
        if let Some(covering) = covering {
            value = self.observe(id, value, &inputs);
            if !self.active_sinks.is_empty() {
                self.sink_active(&value);
            }
            self.end_covering(covering);
        } else if !self.active_sinks.is_empty() || !self.active_sources.is_empty() {
            self.source_active(&mut value);
            value.taint = value.taint.without(self.cleaned);
            if self.is_base(id) {
                // Of `o` in `o.f`, only `o.f` is used.
                self.sink_active(&Value::of(value.taint.clone()));
            } else {
                self.sink_active(&value);
            }
        }
        if !self.cleaned.is_empty() {
            value = self.cleaned_value(value, self.cleaned);
        }
        if let Some((tails, wanted)) = self.wanted.last_mut()
            && tails.contains(&id)
        {
            wanted.add(&value);
        }
        value
    }

    /// Whether only a part of an expression's value is used by what is around it.
    fn is_base(&self, id: NodeId) -> bool {
        self.a.tree.parent(id).is_some_and(|parent| {
            matches!(self.kind(parent), Kind::Field | Kind::Index)
                && self.a.tree.child(parent, 0) == Some(id)
                && !self.a.tree.parent(parent).is_some_and(|call| {
                    self.kind(call) == Kind::Call && self.a.tree.child(call, 0) == Some(parent)
                })
        })
    }

    fn cleaned_value(&self, mut value: Value, rules: RuleSet) -> Value {
        if rules.is_empty() {
            return value;
        }
        if !value.objects.is_empty() {
            // The object itself is not cleaned, only what is seen of it here.
            value.taint = self.state.deep(&value);
            if rules == self.a.all_rules() {
                value.objects = super::value::Sorted::default();
            }
        }
        value.taint = value.taint.without(rules);
        value
    }

    fn source_active(&mut self, value: &mut Value) {
        for index in self.active_sources.clone() {
            let taint = self.fresh(index);
            value.taint.add(&TaintSet::one(taint));
        }
    }

    fn sink_active(&mut self, value: &Value) {
        let taint = self.state.deep(value).without(self.cleaned);
        if taint.is_empty() {
            return;
        }
        for sink in self.active_sinks.clone() {
            self.reach(sink, &taint);
        }
    }

    fn fresh(&self, index: u32) -> Taint {
        let source = &self.a.matches.sources[index as usize];
        Taint::new(Origin::Source(index), source.label, source.rules, TraceId::START)
    }

    /// What sources at a node add to a value that carries `present`.
    pub(super) fn sources_at(&self, id: NodeId, present: &TaintSet, declares: bool) -> TaintSet {
        let mut out = TaintSet::default();
        let Some(at) = self.a.matches.nodes.get(&id) else { return out };
        for index in &at.sources {
            let source = &self.a.matches.sources[*index as usize];
            if source.control || !declares && source.side == SideEffect::Only {
                continue;
            }
            let mut taint = self.fresh(*index);
            if let Some(requires) = &source.requires {
                let rules = source.rules.rules().filter(|rule| {
                    let labels = self.labels(*rule, present);
                    requires.holds(&|label| labels.contains(&label))
                });
                taint.live = rules.fold(RuleSet::EMPTY, |set, rule| set.or(RuleSet::one(rule)));
            }
            out.add(&TaintSet::one(taint));
        }
        out
    }

    pub(super) fn labels(&self, rule: u8, taint: &TaintSet) -> Vec<&str> {
        let labels = &self.a.matches.labels;
        let of_rule = taint.iter().filter(|taint| taint.live.has(rule));
        of_rule.filter_map(|taint| labels.get(taint.label() as usize)).map(String::as_str).collect()
    }

    pub(super) fn sanitizers_at(&self, id: NodeId) -> RuleSet {
        let Some(at) = self.a.matches.nodes.get(&id) else { return RuleSet::EMPTY };
        let rules = at.sanitizers.iter().map(|index| &self.a.matches.sanitizers[*index as usize]);
        rules
            .filter(|sanitizer| sanitizer.side != SideEffect::Only)
            .fold(RuleSet::EMPTY, |set, sanitizer| set.or(sanitizer.rules))
    }

    /// What the rules make of the value of a node that they match.
    fn observe(&mut self, id: NodeId, mut value: Value, inputs: &[Value]) -> Value {
        let Some(at) = self.a.matches.nodes.get(&id) else { return value };
        let (sources, sinks) = (at.sources.clone(), at.sinks.clone());
        let (sanitizers, propagators) = (at.sanitizers.clone(), at.propagators.clone());
        let (taken, given) = (at.taken.clone(), !at.given.is_empty());
        let present = self.state.deep(&value);
        self.source_active(&mut value);
        value.taint.add(&self.sources_at(id, &present, false));
        if given && let Some(more) = self.given.get(&id) {
            value.taint.add(&more.clone());
        }
        let cleaned = self.sanitizers_at(id).or(self.cleaned);
        value = self.cleaned_value(value, cleaned);
        for index in propagators {
            self.propagate(index, id, &mut value);
        }
        self.take(&taken, &value);
        for sink in sinks {
            let spec = &self.a.matches.sinks[sink as usize];
            if spec.at_exit {
                continue;
            }
            let taint = match self.kind(id) {
                Kind::Call | Kind::New | Kind::Macro if !spec.value => {
                    let mut taint = TaintSet::default();
                    for input in inputs {
                        taint.add(&self.state.deep(input));
                    }
                    taint
                }
                _ if self.is_followed(id) => value.taint.clone(),
                _ => self.state.deep(&value),
            };
            let taint = taint.without(cleaned);
            self.reach(sink, &taint);
        }
        self.side_effects(id, &sources, &sanitizers);
        value
    }

    /// Whether a node is a pointer that is followed in its place: what its target contains is not used there.
    fn is_followed(&self, id: NodeId) -> bool {
        let tree = self.a.tree;
        let Some(parent) = tree.parent(id) else { return false };
        matches!(self.a.spec.language, Language::C | Language::Cpp)
            && match tree.kind(parent) {
                Kind::Field | Kind::Index => tree.child(parent, 0) == Some(id),
                Kind::Unary => tree.symbol(parent) == Symbol::MUL,
                _ => false,
            }
    }

    /// Sources and sanitizers by side effect change the variable from here on.
    fn side_effects(&mut self, id: NodeId, sources: &[u32], sanitizers: &[u32]) {
        let mut more = TaintSet::default();
        for index in sources {
            let source = &self.a.matches.sources[*index as usize];
            if source.control {
                self.control_source(*index);
            } else if source.side != SideEffect::No {
                more.add(&TaintSet::one(self.fresh(*index)));
            }
        }
        let mut less = RuleSet::EMPTY;
        for index in sanitizers {
            let sanitizer = &self.a.matches.sanitizers[*index as usize];
            if sanitizer.side != SideEffect::No {
                less = less.or(sanitizer.rules);
            }
        }
        if more.is_empty() && less.is_empty() || !self.is_place(id) {
            return;
        }
        let mut value = self.read_place(id);
        if !less.is_empty() {
            value = self.cleaned_value(value, less);
        }
        value.taint.add(&more);
        self.write_place(id, &value);
    }

    /// Keeps what propagators take from a node, and gives it to those that come before.
    pub(super) fn take(&mut self, taken: &[u32], value: &Value) {
        for index in taken {
            let taint = self.state.deep(value);
            let passed = self.passed(*index, &taint);
            if passed.is_empty() {
                continue;
            }
            let to = self.a.matches.propagators[*index as usize].to;
            self.given.entry(to).or_default().add(&passed);
        }
    }

    /// The taint that a propagator lets through, as it comes out.
    fn passed(&self, index: u32, taint: &TaintSet) -> TaintSet {
        let propagator = &self.a.matches.propagators[index as usize];
        let rule = propagator.rule;
        if let Some(requires) = &propagator.spec.requires {
            let labels = self.labels(rule, taint);
            if !requires.holds(&|label| labels.contains(&label)) {
                return TaintSet::default();
            }
        }
        let replaced = |label: u16| {
            let text = self.a.matches.labels.get(label as usize).map_or("", String::as_str);
            propagator.spec.label.is_some()
                && propagator
                    .spec
                    .replace_labels
                    .as_ref()
                    .is_none_or(|labels| labels.iter().any(|l| l == text))
        };
        taint.map(|taint| {
            let live = taint.live.and(RuleSet::one(rule));
            let label = if replaced(taint.label()) { propagator.label } else { taint.label() };
            Some(Taint { live, ..*taint }.labelled(label))
        })
    }

    fn propagate(&mut self, index: u32, whole: NodeId, value: &mut Value) {
        let propagator = &self.a.matches.propagators[index as usize];
        let (from, to, lasting) = (propagator.from, propagator.to, propagator.spec.by_side_effect);
        let given = self.given.get(&to).cloned().unwrap_or_default();
        if given.is_empty() || from == to {
            return;
        }
        let given = self.step(&given, whole, StepKind::Through);
        if to == whole {
            value.taint.add(&given);
            return;
        }
        if lasting && self.is_place(to) {
            let mut target = self.read_place(to);
            target.taint.add(&given);
            self.write_place(to, &target);
        }
        // The receiver or an argument of the call is part of what it returns.
        if self.a.tree.ancestors(to).take(3).any(|above| above == whole)
            && matches!(self.kind(whole), Kind::Call | Kind::New)
        {
            value.taint.add(&given);
        }
    }

    /// Taint reaches a sink.
    pub(super) fn reach(&mut self, sink: u32, taint: &TaintSet) {
        let mut all = taint.clone();
        all.add(&self.state.control);
        let spec = &self.a.matches.sinks[sink as usize];
        let rule = RuleSet::one(spec.rule);
        let all = all.map(|taint| Some(Taint { live: taint.live.and(rule), ..*taint }));
        if all.is_empty() {
            return;
        }
        let mut sources = Vec::new();
        let mut open = false;
        for taint in all.iter() {
            match taint.origin() {
                Origin::Source(source) => sources.push((source, *taint)),
                Origin::Input { .. } => open = true,
            }
        }
        let labels = self.labels(spec.rule, &all);
        let holds = |requires: &super::spec::Requires| requires.holds(&|label| labels.contains(&label));
        let satisfied = spec.requires.as_ref().is_none_or(holds);
        if satisfied {
            let wanted = |label: u16| match &spec.requires {
                Some(requires) => {
                    let text = self.a.matches.labels.get(label as usize).map_or("", String::as_str);
                    requires.wants(text)
                }
                None => true,
            };
            let some_wanted = sources.iter().any(|(_, taint)| wanted(taint.label()));
            let found: Vec<(u32, TraceId)> = sources
                .iter()
                .filter(|(_, taint)| !some_wanted || wanted(taint.label()))
                .map(|(source, taint)| (*source, taint.trace))
                .collect();
            for (source, trace) in found {
                self.a.found(sink, source, trace);
            }
        }
        if open {
            // Where labels decide, the caller needs all of them.
            let keep_sources = self.a.matches.sinks[sink as usize].requires.is_some();
            let open = all.filter(|taint| keep_sources || !taint.is_source());
            self.out.add_sink(sink, &open);
        }
    }

    /// Sinks that look at what is tainted when a function ends.
    pub(super) fn sinks_at_exit(&mut self, at: NodeId) {
        if !self.a.has_exit_sinks {
            return;
        }
        let function = self.a.graph.functions[self.function as usize].node;
        let range = self.a.tree.node(at);
        let covering: Vec<u32> = (0..self.a.matches.sinks.len() as u32)
            .filter(|index| {
                let sink = &self.a.matches.sinks[*index as usize];
                let node = self.a.tree.node(sink.node);
                let function = self.a.tree.node(function);
                let covers = node.start <= range.start && range.end <= node.end;
                sink.at_exit && covers && function.start <= node.end && node.start <= function.end
            })
            .collect();
        for sink in covering {
            let mut taint = TaintSet::default();
            for (variable, value) in self.state.variables() {
                if matches!(variable, Variable::Defined(definition) if self.a.graph.owner(definition) == self.function)
                {
                    taint.add(&self.state.deep(value));
                }
            }
            let taint = taint.filter(Taint::is_source);
            let before = self.a.exit_node.replace(at);
            self.reach(sink, &taint);
            self.a.exit_node = before;
        }
    }
}

fn is_statement(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::If
            | Kind::While
            | Kind::DoWhile
            | Kind::For
            | Kind::ForEach
            | Kind::Switch
            | Kind::Try
            | Kind::With
            | Kind::Return
            | Kind::Throw
            | Kind::Block
            | Kind::Assert
            | Kind::Delete
            | Kind::Labeled
    )
}
