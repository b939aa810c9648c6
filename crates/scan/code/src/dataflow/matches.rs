//! Matches by the nodes they are at.

use super::spec::{PropagatorMatch, Requires, SideEffect, TaintMatches, TaintOptions};
use super::value::RuleSet;
use crate::facts::Map;
use crate::tree::{Kind, NodeId, Tree};
use std::ops::Range;

/// Sources of several rules at one place that differ in nothing else.
pub(super) struct Source {
    pub(super) node: NodeId,
    pub(super) label: u16,
    pub(super) requires: Option<Requires>,
    pub(super) side: SideEffect,
    pub(super) exact: bool,
    pub(super) control: bool,
    pub(super) rules: RuleSet,
    /// Per rule, its own number of the match.
    pub(super) numbers: Vec<(u8, u32)>,
}

pub(super) struct Sink {
    pub(super) node: NodeId,
    pub(super) requires: Option<Requires>,
    pub(super) at_exit: bool,
    pub(super) exact: bool,
    pub(super) value: bool,
    pub(super) rule: u8,
    pub(super) number: u32,
}

pub(super) struct Sanitizer {
    pub(super) side: SideEffect,
    pub(super) exact: bool,
    pub(super) rules: RuleSet,
}

pub(super) struct Propagator {
    pub(super) from: NodeId,
    pub(super) to: NodeId,
    pub(super) rule: u8,
    pub(super) label: u16,
    pub(super) spec: PropagatorMatch,
}

/// What is at one node, as indices.
#[derive(Default)]
pub(super) struct At {
    pub(super) sources: Vec<u32>,
    pub(super) sinks: Vec<u32>,
    pub(super) sanitizers: Vec<u32>,
    pub(super) propagators: Vec<u32>,
    /// Propagators that take from here.
    pub(super) taken: Vec<u32>,
    /// Propagators that give here.
    pub(super) given: Vec<u32>,
}

/// Rules by option.
#[derive(Default)]
pub(super) struct Options {
    pub(super) safe_functions: RuleSet,
    pub(super) safe_indexes: RuleSet,
    pub(super) safe_comparisons: RuleSet,
    pub(super) safe_booleans: RuleSet,
    pub(super) safe_numbers: RuleSet,
    pub(super) only_assignments: RuleSet,
}

/// The matches of up to [`RuleSet::CAPACITY`] rules.
#[derive(Default)]
pub(super) struct Matches {
    /// By local number: the caller's.
    pub(super) rules: Vec<u32>,
    pub(super) options: Options,
    pub(super) labels: Vec<String>,
    pub(super) sources: Vec<Source>,
    pub(super) sinks: Vec<Sink>,
    pub(super) sanitizers: Vec<Sanitizer>,
    pub(super) propagators: Vec<Propagator>,
    pub(super) nodes: Map<NodeId, At>,
    /// Matches whose bytes belong to no node.
    pub(super) lost: u32,
}

impl Matches {
    pub(super) fn new(tree: &Tree, matches: &[TaintMatches]) -> Self {
        let mut out = Self { labels: vec![String::new()], ..Self::default() };
        for (local, rule) in matches.iter().enumerate().take(RuleSet::CAPACITY) {
            out.add_rule(tree, local as u8, rule);
        }
        out
    }

    fn add_rule(&mut self, tree: &Tree, local: u8, rule: &TaintMatches) {
        self.rules.push(rule.rule);
        self.options.set(rule.options, RuleSet::one(local));
        let mut ends: Vec<&Range<u32>> = rule.sources.iter().map(|source| &source.range).collect();
        ends.extend(rule.sinks.iter().map(|sink| &sink.range));
        ends.sort_unstable_by_key(|range| (range.start, range.end));
        for (number, source) in rule.sources.iter().enumerate() {
            let label = self.label(source.label.as_deref());
            for node in self.nodes_of(tree, &source.range) {
                let same = |known: &Source| {
                    known.label == label
                        && known.requires == source.requires
                        && (known.side, known.exact, known.control)
                            == (source.by_side_effect, source.exact, source.control)
                };
                let at = self.nodes.entry(node).or_default();
                let known = at.sources.iter().copied().find(|index| same(&self.sources[*index as usize]));
                let index = match known {
                    Some(known) => known as usize,
                    None => {
                        at.sources.push(self.sources.len() as u32);
                        self.sources.push(Source {
                            node,
                            label,
                            requires: source.requires.clone(),
                            side: source.by_side_effect,
                            exact: source.exact,
                            control: source.control,
                            rules: RuleSet::EMPTY,
                            numbers: Vec::new(),
                        });
                        self.sources.len() - 1
                    }
                };
                let known = &mut self.sources[index];
                known.rules = known.rules.or(RuleSet::one(local));
                known.numbers.push((local, number as u32));
            }
        }
        for (number, sink) in rule.sinks.iter().enumerate() {
            for node in self.nodes_of(tree, &sink.range) {
                self.nodes.entry(node).or_default().sinks.push(self.sinks.len() as u32);
                self.sinks.push(Sink {
                    node,
                    requires: sink.requires.clone(),
                    at_exit: sink.at_exit,
                    exact: sink.exact,
                    value: sink.value,
                    rule: local,
                    number: number as u32,
                });
            }
        }
        for sanitizer in &rule.sanitizers {
            let range = &sanitizer.range;
            let conflicts = || {
                ends.binary_search_by_key(&(range.start, range.end), |range| (range.start, range.end)).is_ok()
            };
            if sanitizer.not_conflicting && conflicts() {
                continue;
            }
            for node in self.nodes_of(tree, range) {
                let at = self.nodes.entry(node).or_default();
                let known = at.sanitizers.iter().find(|index| {
                    let known = &self.sanitizers[**index as usize];
                    (known.side, known.exact) == (sanitizer.by_side_effect, sanitizer.exact)
                });
                if let Some(known) = known {
                    let known = &mut self.sanitizers[*known as usize];
                    known.rules = known.rules.or(RuleSet::one(local));
                    continue;
                }
                at.sanitizers.push(self.sanitizers.len() as u32);
                self.sanitizers.push(Sanitizer {
                    side: sanitizer.by_side_effect,
                    exact: sanitizer.exact,
                    rules: RuleSet::one(local),
                });
            }
        }
        for propagator in &rule.propagators {
            let label = self.label(propagator.label.as_deref());
            let whole = self.nodes_of(tree, &propagator.range);
            let from = self.nodes_of(tree, &propagator.from);
            let to = self.nodes_of(tree, &propagator.to);
            let (Some(node), Some(from), Some(to)) = (whole.last(), from.last(), to.last()) else { continue };
            let index = self.propagators.len() as u32;
            self.nodes.entry(*node).or_default().propagators.push(index);
            self.nodes.entry(*from).or_default().taken.push(index);
            self.nodes.entry(*to).or_default().given.push(index);
            self.propagators.push(Propagator {
                from: *from,
                to: *to,
                rule: local,
                label,
                spec: propagator.clone(),
            });
        }
    }

    fn label(&mut self, label: Option<&str>) -> u16 {
        let label = label.unwrap_or_default();
        let known = self.labels.iter().position(|known| known == label);
        known.unwrap_or_else(|| {
            self.labels.push(label.to_owned());
            self.labels.len() - 1
        }) as u16
    }

    fn nodes_of(&mut self, tree: &Tree, range: &Range<u32>) -> Vec<NodeId> {
        let nodes = nodes_of(tree, range);
        if nodes.is_empty() {
            self.lost += 1;
        }
        nodes
    }
}

impl Options {
    fn set(&mut self, options: TaintOptions, rule: RuleSet) {
        for (on, set) in [
            (options.assume_safe_functions, &mut self.safe_functions),
            (options.assume_safe_indexes, &mut self.safe_indexes),
            (options.assume_safe_comparisons, &mut self.safe_comparisons),
            (options.assume_safe_booleans, &mut self.safe_booleans),
            (options.assume_safe_numbers, &mut self.safe_numbers),
            (options.only_propagate_through_assignments, &mut self.only_assignments),
        ] {
            if on {
                *set = set.or(rule);
            }
        }
    }
}

/// The innermost node of exactly these bytes; else the nodes that make them up; else the leaf around them.
fn nodes_of(tree: &Tree, range: &Range<u32>) -> Vec<NodeId> {
    if tree.root == NodeId::NONE || range.start > range.end {
        return Vec::new();
    }
    let mut at = tree.root;
    loop {
        let holds = |id: &&NodeId| {
            let node = tree.node(**id);
            node.kind != Kind::Missing
                && node.start <= range.start
                && range.end <= node.end
                && node.start < node.end
        };
        match tree.children(at).iter().find(holds) {
            Some(child) => at = *child,
            None => break,
        }
    }
    let node = tree.node(at);
    if node.start >= range.start && node.end <= range.end {
        return vec![expression(tree, at)];
    }
    let parts: Vec<NodeId> = tree
        .children(at)
        .iter()
        .copied()
        .filter(|id| {
            let node = tree.node(*id);
            node.start < node.end && range.start <= node.start && node.end <= range.end
        })
        .collect();
    if !parts.is_empty() {
        return parts.into_iter().map(|part| expression(tree, part)).collect();
    }
    if tree.children(at).is_empty() { vec![at] } else { Vec::new() }
}

/// A statement that is but an expression stands for it, and so does a call of a shell that is but the command's name.
fn expression(tree: &Tree, id: NodeId) -> NodeId {
    if let Some(call) = tree.parent(id)
        && tree.kind(call) == Kind::Call
        && tree.child(call, 0) == Some(id)
        && tree.range(call) == tree.range(id)
    {
        return call;
    }
    match tree.kind(id) {
        Kind::ExpressionStatement => tree.child(id, 0).unwrap_or(id),
        _ => id,
    }
}
