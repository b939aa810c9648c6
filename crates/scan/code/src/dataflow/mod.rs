//! Taint analysis: what flows from the sources of rules into their sinks.
//!
//! All rules are followed at once: a value carries for each source the set of rules for which nothing has sanitized it.
//! Each function is read along its control flow ([`walk`]) with variables and objects ([`state`]); what it does with its
//! inputs becomes a [`summary`], which stands for it where it is called ([`apply`]). Functions are read callees first
//! ([`graph`]).
//!
//! [`analyse`] does one file. It first reads each function alone (shallow: calls pass on what they are given), then with
//! calls looked into (deep). What only the first finds is listed as disproved.

mod analysis;
mod apply;
mod call;
mod export;
mod expression;
mod graph;
mod guard;
mod library;
mod matches;
mod observe;
mod place;
mod spec;
mod state;
mod summary;
mod trace;
mod value;
mod walk;

#[cfg(test)]
mod tests;

pub use spec::{
    PropagatorMatch, Requires, SanitizerMatch, SideEffect, SinkMatch, SourceMatch, TaintMatches, TaintOptions,
};
pub use trace::StepKind;

use crate::facts::{Facts, Map};
use crate::language::Spec;
use crate::tree::{Kind, NodeId, Symbols, Tree};
use analysis::{Analysis, Found, Mode, Shared};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

/// How far had to be looked for a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Depth {
    /// Within one function.
    Shallow,
    /// Through calls.
    Deep,
}

/// Something that happened to a value on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What.
    pub kind: StepKind,
    /// The bytes of where: the target of an assignment, or the call.
    pub range: Range<u32>,
}

/// A flow from a source into a sink of one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaintFinding {
    /// The rule, by [`TaintMatches::rule`].
    pub rule: u32,
    /// The sink, as index into [`TaintMatches::sinks`].
    pub sink: u32,
    /// The source, as index into [`TaintMatches::sources`].
    pub source: u32,
    /// The bytes of the sink.
    pub sink_range: Range<u32>,
    /// The bytes of the source.
    pub source_range: Range<u32>,
    /// What happened between, in order; at most 64 steps.
    pub steps: Vec<Step>,
    /// How far had to be looked.
    pub depth: Depth,
}

/// A flow that looking at each function alone shows, and looking through calls proves impossible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disproved {
    /// The flow.
    pub finding: TaintFinding,
    /// Why it is impossible.
    pub reason: String,
}

/// What an analysis could not see, or left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Calls to what is not known: taint passes through them.
    pub unresolved: u32,
    /// Constructs that have no meaning here: taint passes through them.
    pub skipped: u32,
    /// Loops that still changed after the last round allowed.
    pub loops_cut: u32,
    /// Groups of recursive functions that still changed after the last round allowed.
    pub recursion_cut: u32,
    /// Matches whose bytes belong to no node.
    pub lost_matches: u32,
    /// Whether the steps allowed for a file were used up.
    pub out_of_steps: bool,
    /// Whether the caller stopped the analysis.
    pub out_of_time: bool,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.unresolved += other.unresolved;
        self.skipped += other.skipped;
        self.loops_cut += other.loops_cut;
        self.recursion_cut += other.recursion_cut;
        self.lost_matches += other.lost_matches;
        self.out_of_steps |= other.out_of_steps;
        self.out_of_time |= other.out_of_time;
    }
}

/// The flows of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFlow {
    /// In order of rule, sink and source.
    pub findings: Vec<TaintFinding>,
    /// In the same order.
    pub disproved: Vec<Disproved>,
    /// What was left out.
    pub counts: Counts,
}

/// What is analysed.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The file.
    pub tree: &'a Tree,
    /// Its names.
    pub symbols: &'a Symbols,
    /// What they mean.
    pub facts: &'a Facts,
    /// Its language.
    pub spec: &'a Spec,
}

/// Finds the flows of one file for all rules. `proceed` is asked now and then; when it says no, what was found until then
/// is returned and [`Counts::out_of_time`] says so.
pub fn analyse(input: Input<'_>, matches: &[TaintMatches], proceed: &dyn Fn() -> bool) -> FileFlow {
    let Input { tree, symbols, facts, spec } = input;
    let mut out = FileFlow::default();
    if tree.root == NodeId::NONE || matches.is_empty() {
        return out;
    }
    let shared = Shared {
        tree,
        symbols,
        facts,
        spec,
        graph: Rc::new(graph::Graph::new(tree, symbols, facts, spec)),
        assigned: Rc::new(assignments(tree, facts)),
        proceed,
    };
    for round in matches.chunks(value::RuleSet::CAPACITY) {
        analyse_round(&shared, round, &mut out);
    }
    let place =
        |finding: &TaintFinding| (finding.rule, finding.sink_range.start, finding.sink, finding.source);
    out.findings.sort_by_key(place);
    out.disproved.sort_by_key(|disproved| place(&disproved.finding));
    out
}

fn analyse_round(shared: &Shared<'_>, matches: &[TaintMatches], out: &mut FileFlow) {
    let mut shallow = Analysis::new(shared, matches, Mode::Shallow);
    // Alone, only a function with both a source and a sink can hold a flow.
    let wanted = with_both_ends(&shallow);
    shallow.run(|function| wanted.contains(&function));
    let mut deep = Analysis::new(shared, matches, Mode::Deep);
    deep.run(|_| true);
    deep.conclude_shared();
    let shallow_findings = collect(&shallow, matches);
    let mut deep_findings = collect(&deep, matches);
    for (key, finding) in shallow_findings {
        match deep_findings.get_mut(&key) {
            Some(found) => *found = finding,
            // What was not looked at to the end proves nothing.
            None if deep.stopped => {
                deep_findings.insert(key, finding);
            }
            None => {
                let reason = reason(&shallow, &finding);
                out.disproved.push(Disproved { finding, reason });
            }
        }
    }
    out.findings.extend(deep_findings.into_values());
    out.counts.add(deep.counts);
}

/// Functions with a source and a sink of the same rule, themselves or in lambdas within; and those lambdas.
fn with_both_ends(analysis: &Analysis<'_>) -> BTreeSet<u32> {
    let graph = &analysis.graph;
    let count = graph.functions.len();
    let mut sources = vec![value::RuleSet::EMPTY; count];
    let mut sinks = vec![value::RuleSet::EMPTY; count];
    let named = |node: NodeId| {
        let mut function = graph.owner(node);
        if graph.by_node.contains_key(&node) && !analysis.tree.kind(node).is_function() {
            function = 0;
        }
        let mut chain = vec![function];
        // A lambda is read with the function around it.
        while graph.functions[function as usize].name == crate::tree::Symbol::EMPTY && function != 0 {
            function = graph.functions[function as usize].outer;
            chain.push(function);
        }
        chain
    };
    for source in &analysis.matches.sources {
        // A source may stand for the whole function that it is.
        let own = graph.by_node.get(&source.node).copied();
        for function in named(source.node).into_iter().chain(own) {
            sources[function as usize] = sources[function as usize].or(source.rules);
        }
    }
    for sink in &analysis.matches.sinks {
        let own = graph.by_node.get(&sink.node).copied();
        for function in named(sink.node).into_iter().chain(own) {
            sinks[function as usize] = sinks[function as usize].or(value::RuleSet::one(sink.rule));
        }
    }
    // Sinks that are more than one function are in all of them.
    let wide = analysis.matches.sinks.iter().any(|sink| sink.at_exit || !sink.exact);
    let is_wanted = |function: u32| {
        let index = function as usize;
        !sources[index].and(sinks[index]).is_empty() || wide && !sources[index].is_empty()
    };
    let mut out: BTreeSet<u32> = (0..count as u32).filter(|function| is_wanted(*function)).collect();
    for (index, function) in graph.functions.iter().enumerate().skip(1) {
        if function.name == crate::tree::Symbol::EMPTY && out.contains(&function.outer) {
            out.insert(index as u32);
        }
    }
    out
}

type Key = (u32, u32, u32);

fn collect(analysis: &Analysis<'_>, matches: &[TaintMatches]) -> BTreeMap<Key, TaintFinding> {
    let mut out = BTreeMap::new();
    for ((sink, source), found) in &analysis.findings {
        let Found { trace, depth, exit, .. } = *found;
        let sink = &analysis.matches.sinks[*sink as usize];
        let source = &analysis.matches.sources[*source as usize];
        let Some((_, number)) = source.numbers.iter().find(|(rule, _)| *rule == sink.rule) else { continue };
        let Some(rule) = matches.get(usize::from(sink.rule)) else { continue };
        let steps = analysis.traces.steps(trace).into_iter().map(|(node, kind)| {
            let node = analysis.tree.node(node);
            Step { kind, range: node.start..node.end }
        });
        let sink_range = match exit {
            Some(exit) => {
                let node = analysis.tree.node(exit);
                node.start..node.end
            }
            None => rule.sinks.get(sink.number as usize).map(|sink| sink.range.clone()).unwrap_or_default(),
        };
        let source_range =
            rule.sources.get(*number as usize).map(|source| source.range.clone()).unwrap_or_default();
        let finding = TaintFinding {
            rule: rule.rule,
            sink: sink.number,
            source: *number,
            sink_range,
            source_range,
            steps: steps.collect(),
            depth,
        };
        out.entry((rule.rule, sink.number, *number)).or_insert(finding);
    }
    out
}

/// Why a flow that passes calls is impossible: the first call on it is known now.
fn reason(shallow: &Analysis<'_>, finding: &TaintFinding) -> String {
    let source = finding.steps.iter().find(|step| step.kind == StepKind::Through);
    let call = source.and_then(|step| {
        shallow.tree.ids().find(|id| {
            let node = shallow.tree.node(*id);
            matches!(node.kind, Kind::Call | Kind::New)
                && (node.start, node.end) == (step.range.start, step.range.end)
        })
    });
    let name =
        call.and_then(|call| shallow.tree.child(call, 0)).map(|callee| match shallow.tree.kind(callee) {
            Kind::Field => shallow.tree.child(callee, 1).map_or("", |name| shallow.text(name)),
            _ => shallow.text(callee),
        });
    match name.filter(|name| !name.is_empty()) {
        Some(name) => format!("`{name}` or a call after it does not pass the value on"),
        None => "a call on the way does not return, or leaves the value clean".to_owned(),
    }
}

fn assignments(tree: &Tree, facts: &Facts) -> Map<NodeId, u32> {
    let mut out: Map<NodeId, u32> = Map::default();
    for id in tree.ids() {
        let target = match tree.kind(id) {
            Kind::Assign | Kind::AugmentedAssign | Kind::ForEach | Kind::Generator => tree.child(id, 0),
            Kind::VariableDefinition if tree.present(id, 3).is_some() => tree.present(id, 2),
            Kind::Parameter => tree.child(id, 2),
            _ => None,
        };
        let Some(target) = target else { continue };
        let mut names = Vec::new();
        crate::facts::pattern_names(tree, target, &mut names);
        for name in names {
            if let Some(definition) = facts.definitions.get(&name) {
                *out.entry(*definition).or_default() += 1;
            }
        }
    }
    out
}
