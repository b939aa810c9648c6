//! Taint analysis: what flows from the sources of rules into their sinks.
//!
//! All rules are followed at once: a value carries for each source the set of rules for which nothing has sanitized it.
//! Each function is read along its control flow (`walk`) with variables and objects (`state`); what it does with its
//! inputs becomes a `summary`, which stands for it where it is called (`apply`). Functions are read callees first
//! (`graph`).
//!
//! [`analyse`] does one file; [`conclude`] puts the summaries of many together. The first reads each function alone (shallow: calls pass on what they are given), then with
//! calls looked into (deep). What only the first finds is listed as disproved.

mod analysis;
mod apply;
mod call;
mod control;
mod export;
mod expression;
mod finish;
mod graph;
mod guard;
mod library;
mod matches;
mod observe;
mod place;
mod program;
mod resolve;
mod spec;
mod state;
mod summary;
mod trace;
mod value;
mod walk;

#[cfg(test)]
mod program_tests;
#[cfg(test)]
mod system_tests;
#[cfg(test)]
mod tests;

pub use export::{
    ArgumentName, ClassSummary, ExternalCall, FileSummary, Flow, FlowOrigin, FunctionSummary, PartName,
    RulePlace, Rules, SinkPlace,
};
pub use program::{Conclusion, CrossFinding, FileStep, conclude};

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
    pub(crate) fn add(&mut self, other: Self) {
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
    /// What other files need to know, where that was asked for.
    pub summary: Option<FileSummary>,
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
    run(input, matches, false, proceed)
}

/// As [`analyse`], and says in [`FileFlow::summary`] what other files need to know, for [`conclude`]. Rules that have any
/// match in the file have to be among `matches`, also if it is but a sanitizer; there may be none at all.
pub fn summarize(input: Input<'_>, matches: &[TaintMatches], proceed: &dyn Fn() -> bool) -> FileFlow {
    run(input, matches, true, proceed)
}

/// As [`analyse`], but looks at each function alone and takes every call for unknown.
pub fn analyse_functions(input: Input<'_>, matches: &[TaintMatches], proceed: &dyn Fn() -> bool) -> FileFlow {
    let mut out = FileFlow::default();
    let both: Vec<TaintMatches> = matches.iter().filter(|rule| has_both_ends(rule)).cloned().collect();
    if input.tree.root == NodeId::NONE || both.is_empty() {
        return out;
    }
    let shared = shared(input, proceed);
    for round in both.chunks(value::RuleSet::CAPACITY) {
        let mut shallow = Analysis::new(&shared, round, Mode::Shallow);
        let wanted = with_both_ends(&shallow);
        shallow.run(|function| wanted.contains(&function));
        out.findings.extend(collect(&shallow, round).into_values());
        out.counts.add(shallow.counts);
    }
    out.findings.sort_by_key(place);
    out
}

fn place(finding: &TaintFinding) -> (u32, u32, u32, u32) {
    (finding.rule, finding.sink_range.start, finding.sink, finding.source)
}

fn shared<'a>(input: Input<'a>, proceed: &'a dyn Fn() -> bool) -> Shared<'a> {
    let Input { tree, symbols, facts, spec } = input;
    Shared {
        tree,
        symbols,
        facts,
        spec,
        graph: Rc::new(graph::Graph::new(tree, symbols, facts, spec)),
        assigned: Rc::new(assignments(tree, facts)),
        external: Rc::new(externals(input)),
        proceed,
    }
}

fn run(input: Input<'_>, matches: &[TaintMatches], summarize: bool, proceed: &dyn Fn() -> bool) -> FileFlow {
    let mut out = FileFlow::default();
    // Within one file, a rule needs both ends.
    let both: Vec<TaintMatches>;
    let matches = if summarize || matches.iter().all(has_both_ends) {
        matches
    } else {
        both = matches.iter().filter(|rule| has_both_ends(rule)).cloned().collect();
        &both
    };
    if input.tree.root == NodeId::NONE || matches.is_empty() && !summarize {
        return out;
    }
    let shared = shared(input, proceed);
    let mut summary = summarize.then(|| FileSummary::of(input));
    let mut rounds: Vec<&[TaintMatches]> = matches.chunks(value::RuleSet::CAPACITY).collect();
    if rounds.is_empty() {
        rounds.push(&[]);
    }
    for (number, round) in rounds.iter().enumerate() {
        let deep = analyse_round(&shared, round, summarize, &mut out);
        if let Some(summary) = &mut summary {
            let rules = |round: &[TaintMatches]| round.iter().map(|rule| rule.rule).collect::<Vec<u32>>();
            let others: Vec<u32> = rounds.iter().skip(1).flat_map(|round| rules(round)).collect();
            summary.add(&deep, round, number == 0, &others);
        }
    }
    if let Some(mut summary) = summary {
        summary.known = out.findings.iter().map(|found| (found.rule, found.sink, found.source)).collect();
        summary.known.sort_unstable();
        out.summary = Some(summary);
    }
    out.findings.sort_by_key(place);
    out.disproved.sort_by_key(|disproved| place(&disproved.finding));
    out
}

fn has_both_ends(rule: &TaintMatches) -> bool {
    !rule.sources.is_empty() && !rule.sinks.is_empty()
}

fn analyse_round<'a>(
    shared: &Shared<'a>,
    matches: &[TaintMatches],
    summarize: bool,
    out: &mut FileFlow,
) -> Analysis<'a> {
    let mut shallow = Analysis::new(shared, matches, Mode::Shallow);
    // Alone, only a function with both a source and a sink can hold a flow.
    let wanted = with_both_ends(&shallow);
    shallow.run(|function| wanted.contains(&function));
    let mut deep = Analysis::new(shared, matches, Mode::Deep);
    let reached = if summarize { None } else { Some(reachable(&deep)) };
    deep.run(|function| reached.as_ref().is_none_or(|reached| reached.contains(&function)));
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
    deep
}

/// Calls that another file may define.
fn externals(input: Input<'_>) -> crate::facts::Set<NodeId> {
    let Input { tree, symbols, facts, spec } = input;
    let calls = tree.ids().filter(|id| matches!(tree.kind(*id), Kind::Call | Kind::New));
    calls.filter(|id| !export::candidates(tree, symbols, facts, spec, *id).is_empty()).collect()
}

/// Functions that can have a part in a flow: those with a source or sink, their callers, and what all of these call.
fn reachable(analysis: &Analysis<'_>) -> BTreeSet<u32> {
    let graph = &analysis.graph;
    let count = graph.functions.len();
    let mut callers: Vec<Vec<u32>> = vec![Vec::new(); count];
    for (caller, callees) in graph.calls.iter().enumerate() {
        for callee in callees {
            callers[*callee as usize].push(caller as u32);
        }
    }
    // What stands within a function is read with it.
    for (index, function) in graph.functions.iter().enumerate().skip(1) {
        callers[index].push(function.outer);
    }
    let spread = |from: Vec<u32>, edges: &[Vec<u32>]| {
        let mut seen: BTreeSet<u32> = from.iter().copied().collect();
        let mut queue = from;
        while let Some(at) = queue.pop() {
            queue.extend(edges[at as usize].iter().copied().filter(|next| seen.insert(*next)));
        }
        seen
    };
    let sources = analysis.matches.sources.iter().map(|source| source.node);
    let sinks = analysis.matches.sinks.iter().map(|sink| sink.node);
    let ends = sources
        .chain(sinks)
        .flat_map(|node| graph.by_node.get(&node).copied().into_iter().chain([graph.owner(node)]));
    let mut ends: Vec<u32> = ends.collect();
    ends.sort_unstable();
    ends.dedup();
    let above = spread(ends, &callers);
    let mut nested = graph.calls.clone();
    for (index, function) in graph.functions.iter().enumerate().skip(1) {
        // Functions of the module are there to be called; closures belong to what is around them.
        if function.outer != 0 || function.name == crate::tree::Symbol::EMPTY {
            nested[function.outer as usize].push(index as u32);
        }
    }
    spread(above.into_iter().collect(), &nested)
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
